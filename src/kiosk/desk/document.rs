// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of documents (签名捺印).

use super::Desk;
use contract::{OrderCheck, SessionPolicy, Stamp, Text};
use services::document::{self, DocumentView, Intent, Reading, Refusal};
use services::scene::{DocumentPage, DocumentTouch, Place, Then, Touch};
use services::{Actor, reasons, session};
use uuid::Uuid;

impl Desk {
    /// From a person's own information to the documents: whoever is known needs no second PIN, unless there is a face to
    /// be asked for.
    pub(super) fn documents_wanted(&mut self, now: &Stamp) {
        let Actor::Detainee(detainee) = self.session.actor() else {
            self.place = Place::Document(DocumentPage::Who);
            return;
        };
        if !self.session.by_face && self.face_can_be_asked(detainee) {
            return self.prove(detainee, Then::Documents, now);
        }
        self.place = Place::Document(DocumentPage::List);
    }

    /// A touch without a meaning at this place is none.
    pub(super) fn document_touched(&mut self, page: DocumentPage, touch: Touch, now: &Stamp) {
        if let (DocumentPage::Who, Touch::Person(detainee)) = (&page, &touch) {
            return self.prove(*detainee, Then::Documents, now);
        }
        let next = match (page, touch) {
            (page, Touch::Document(touch)) if page.is_own() => self.document_page(page, touch),
            (DocumentPage::Aloud(reading), Touch::Confirmed) => {
                Some(DocumentPage::Read(Reading { aloud: true, ..reading }))
            }
            (DocumentPage::ReadBack { reading, strokes }, Touch::Confirmed) => {
                let check = self.check();
                self.answers(reading, Intent::Sign { reading, strokes, check }, now)
            }
            (DocumentPage::Why(reading), Touch::Reason(why)) => {
                let known = reasons::document_decline(&why).is_some();
                known.then(|| DocumentPage::No { reading, why, words: String::new() })
            }
            (DocumentPage::Words { reading, why }, Touch::ReasonTyped(words)) => {
                Some(DocumentPage::No { reading, why, words: Text::<200>::new(&words).to_string() })
            }
            (DocumentPage::No { reading, why, words }, Touch::Confirmed) => {
                let why = reasons::document_decline(&why).unwrap_or_default();
                let (words, check) = (Text::new(&words), self.check());
                self.answers(reading, Intent::Decline { reading, why, words, check }, now)
            }
            _ => None,
        };
        if let Some(next) = next {
            self.place = Place::Document(next);
        }
    }

    /// From page to page of whoever is known.
    fn document_page(&mut self, page: DocumentPage, touch: DocumentTouch) -> Option<DocumentPage> {
        use DocumentPage as Page;
        Some(match (page, touch) {
            (Page::List, DocumentTouch::One { document, version }) => {
                Page::Read(Reading::of(&self.held(document, version)?.document))
            }
            (Page::Sent { .. }, DocumentTouch::Open) => Page::List,
            (Page::Read(reading), DocumentTouch::Next) => {
                Page::Read(reading.on(self.held_of(&reading)?.parts.len()))
            }
            (Page::Read(reading), DocumentTouch::Previous) => Page::Read(reading.back()),
            (Page::Read(reading), DocumentTouch::Listen) => Page::Aloud(reading),
            (Page::Read(reading), DocumentTouch::Told) if reading.aloud => Page::Read(reading.told()),
            (Page::Read(reading), DocumentTouch::Sign) => {
                let held = self.held_of(&reading)?;
                if !held.may_sign() || !reading.is_whole(held.parts.len()) {
                    return None;
                }
                Page::Sign(reading)
            }
            (Page::Read(reading), DocumentTouch::Decline) if self.held_of(&reading)?.may_decline() => {
                Page::Why(reading)
            }
            (Page::Read(reading), DocumentTouch::Receipt) if self.held_of(&reading)?.stands().is_some() => {
                Page::Sent { document: reading.document, version: reading.version }
            }
            (Page::Sign(reading), DocumentTouch::Signed(strokes)) => {
                if !strokes.is_sound() {
                    self.refusal = Some(services::Refusal::Document(Refusal::NotSigned));
                    return None;
                }
                Page::ReadBack { reading, strokes }
            }
            (Page::No { reading, why, .. }, DocumentTouch::AddWords) => Page::Words { reading, why },
            _ => return None,
        })
    }

    /// Says it; why it was not taken stands on the page where it is read anew.
    fn answers(&mut self, reading: Reading, intent: Intent, now: &Stamp) -> Option<DocumentPage> {
        let done = self.act(self.session.actor(), intent, now);
        // The disk failed: what was confirmed is still there to be confirmed again.
        if done.is_none() && self.refusal.is_none() {
            return None;
        }
        Some(match done {
            Some(_) => DocumentPage::Sent { document: reading.document, version: reading.version },
            None => DocumentPage::List,
        })
    }

    /// Where the pages of documents go by themselves: home when nobody is there or a roll call begins; away from a
    /// person's page without the person; back to the list from a text that is not asked any more, with the word why.
    pub(super) fn follow_document(
        &mut self,
        page: &DocumentPage,
        calling: bool,
        limits: &SessionPolicy,
        now: &Stamp,
    ) {
        let known = matches!(self.session.who, session::Who::Detainee(_));
        let gone = self.session.idle_s(now) >= i64::from(limits.clear_s);
        if calling || gone || page.is_own() && !known {
            return self.leave();
        }
        let Some(reading) = page.reading() else { return };
        let own = self.own_documents();
        let held = own.iter().find(|held| is(held, reading.document, reading.version));
        let same = held.filter(|held| held.document.digest() == reading.digest);
        let stays = same.is_some_and(|held| {
            // One's own copy is read at any time.
            let reads = matches!(page, DocumentPage::Read(_) | DocumentPage::Aloud(_));
            held.may_sign() || reads && held.stands().is_some()
        });
        if stays {
            return;
        }
        let newer = own.iter().any(|held| {
            held.document.document == reading.document && held.document.version >= reading.version
        });
        let answered = same.is_some_and(|held| held.signed().is_some());
        self.refusal = Some(services::Refusal::Document(match (answered, newer) {
            (true, _) => Refusal::Already,
            (false, true) if same.is_none_or(|held| !held.newest) => Refusal::Changed,
            (false, _) => Refusal::Closed,
        }));
        self.place = Place::Document(DocumentPage::List);
    }

    fn check(&self) -> OrderCheck {
        if self.session.by_face { OrderCheck::FaceAndPin } else { OrderCheck::Pin }
    }

    fn held_of(&mut self, reading: &Reading) -> Option<DocumentView> {
        self.held(reading.document, reading.version)
    }

    fn held(&mut self, document: Uuid, version: u32) -> Option<DocumentView> {
        self.own_documents().into_iter().find(|held| is(held, document, version))
    }

    fn own_documents(&mut self) -> Vec<DocumentView> {
        let Actor::Detainee(viewer) = self.session.actor() else { return Vec::new() };
        let view = self.store.read(|read| document::view(read, Some(viewer), true));
        view.map(|view| view.own).unwrap_or_default()
    }
}

fn is(held: &DocumentView, document: Uuid, version: u32) -> bool {
    (held.document.document, held.document.version) == (document, version)
}
