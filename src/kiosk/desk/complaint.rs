// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of 投诉与约见. What was written and what was opened is in the place alone, and gone
//! with it.

use super::Desk;
use contract::{ReceiptCode, Stamp};
use services::complaint::{self, Draft, Intent};
use services::scene::{ComplaintPage, ComplaintTouch, Held, Place, Touch, Wish};
use services::session::{self, Who};
use services::{Actor, Refusal};

impl Desk {
    /// A touch without a meaning at this place is none.
    pub(super) fn complaint_touched(&mut self, page: ComplaintPage, touch: Touch, now: &Stamp) {
        use ComplaintPage as Page;
        use ComplaintTouch as Finger;
        let next = match (page, touch) {
            (Page::Menu, Touch::Complaint(Finger::To(office))) => {
                if self.is_arranged(office, now) {
                    Page::Name(office)
                } else {
                    Page::Closed(office)
                }
            }
            (Page::Menu, Touch::Complaint(Finger::Status)) => Page::Code,
            (Page::Menu | Page::Proof { .. }, Touch::Complaint(Finger::Proof)) => {
                match self.store.read(|read| read.proof(now)) {
                    Ok(text) => Page::Proof { text, at_ms: now.wall_ms },
                    Err(fault) => return self.failed(&fault),
                }
            }
            (Page::Menu, Touch::Complaint(Finger::See)) => Page::SeeWho,
            (Page::SeeWho, Touch::Person(detainee)) => {
                self.session.claim(detainee, now);
                Page::SeePin
            }
            (Page::SeePin, Touch::Pin(digits)) => {
                if !self.proven(&digits, now) {
                    return;
                }
                Page::SeeMine
            }
            (Page::Name(office), Touch::Complaint(Finger::Named)) => Page::Who(office),
            (Page::Name(office), Touch::Complaint(Finger::Unnamed)) => Page::Write(Draft::to(office, None)),
            (Page::Who(office), Touch::Person(detainee)) => {
                self.session.claim(detainee, now);
                Page::Pin(office)
            }
            (Page::Pin(office), Touch::Pin(digits)) => {
                if !self.proven(&digits, now) {
                    return;
                }
                let Actor::Detainee(writer) = self.session.actor() else { return };
                Page::Write(Draft::to(office, Some(writer)))
            }
            (Page::Write(draft), Touch::Complaint(Finger::Answer(answer))) => {
                Page::Write(draft.answered(answer))
            }
            (Page::Write(draft), Touch::Complaint(Finger::Next)) => Page::Write(draft.next()),
            (Page::Write(draft), Touch::Complaint(Finger::Elsewhere)) => Page::Elsewhere(draft),
            (Page::Elsewhere(draft), Touch::Complaint(Finger::To(office)))
                if self.is_arranged(office, now) =>
            {
                Page::Write(Draft { office, ..draft })
            }
            (Page::Write(draft), Touch::Confirmed) => match self.send(draft, now) {
                Some(held) => Page::Sent(held),
                None => return,
            },
            (Page::Sent(_), Touch::Complaint(Finger::Kept)) => return self.leave(),
            (Page::Code, Touch::Complaint(Finger::Code(digits))) => match self.find(&digits, now) {
                Some(held) => Page::Status(held),
                None => return,
            },
            (page, touch) if page.is_own() => match self.appointment_touched(page, touch, now) {
                Some(next) => next,
                None => return,
            },
            (page, touch) if page.about().is_some() => match self.held_touched(page, touch, now) {
                Some(next) => next,
                None => return,
            },
            _ => return,
        };
        self.place = Place::Complaint(next);
    }

    /// On the pages of whoever asked to see somebody.
    fn appointment_touched(
        &mut self,
        page: ComplaintPage,
        touch: Touch,
        now: &Stamp,
    ) -> Option<ComplaintPage> {
        use ComplaintPage as Page;
        use ComplaintTouch as Finger;
        Some(match (page, touch) {
            (Page::SeeMine, Touch::Complaint(Finger::SeeNew)) => Page::SeeWhom,
            (Page::SeeMine, Touch::Complaint(Finger::SeeOne(request))) => Page::SeeOne(request),
            (Page::SeeWhom, Touch::Complaint(Finger::With(with))) => Page::SeeSure(with),
            (Page::SeeSure(with), Touch::Confirmed) => {
                self.act(self.session.actor(), Intent::See(with), now)?;
                Page::SeeMine
            }
            (Page::SeeOne(request), Touch::Complaint(Finger::Slots)) => Page::SeeSlots(request),
            (Page::SeeOne(request) | Page::SeeSlots(request), Touch::Complaint(Finger::Say(said))) => {
                self.act(self.session.actor(), Intent::SeeSaid { request, said }, now)?;
                Page::SeeOne(request)
            }
            _ => return None,
        })
    }

    /// On the pages of whoever gave a code.
    fn held_touched(&mut self, page: ComplaintPage, touch: Touch, now: &Stamp) -> Option<ComplaintPage> {
        use ComplaintPage as Page;
        use ComplaintTouch as Finger;
        Some(match (page, touch) {
            (Page::Status(held), Touch::Complaint(Finger::Escalate)) => {
                self.act(self.session.actor(), Intent::Escalate(held.event), now)?;
                Page::Status(held)
            }
            (Page::Status(held), Touch::Complaint(Finger::OpenAnswer)) => self.wished(held, Wish::Open)?,
            (Page::Status(held), Touch::Complaint(Finger::Withdraw)) => Page::Withdraw(held),
            (Page::Withdraw(held), Touch::Confirmed) => self.wished(held, Wish::Withdraw)?,
            (Page::ProveWho(held, wish), Touch::Person(detainee)) => {
                self.session.claim(detainee, now);
                Page::ProvePin(held, wish)
            }
            (Page::ProvePin(held, wish), Touch::Pin(digits)) => {
                if !self.proven(&digits, now) {
                    return None;
                }
                if !self.is_writer(&held)? {
                    // Somebody else's PIN: their session ends here.
                    self.session.leave();
                    self.refusal = Some(Refusal::Complaint(complaint::Refusal::NotYours));
                    return Some(Page::ProveWho(held, wish));
                }
                self.granted(held, wish)?
            }
            (Page::WithdrawSure(held), Touch::Confirmed) => {
                let secret = self.session.secret().cloned();
                let intent = Intent::Withdraw { event: held.event, code: held.code.clone(), secret };
                self.act(self.session.actor(), intent, now)?;
                Page::Status(held)
            }
            (Page::Answer(held, _), Touch::Complaint(Finger::TookPlace(took_place))) => {
                let intent = Intent::Meeting { event: held.event, code: held.code.clone(), took_place };
                self.act(self.session.actor(), intent, now)?;
                Page::Status(held)
            }
            _ => return None,
        })
    }

    /// Where the pages go by themselves: home when nobody is there, away from a named page without its person. A roll call
    /// waits for whoever is writing, as long as they go on.
    pub(super) fn follow_complaint(
        &mut self,
        page: &ComplaintPage,
        calling: bool,
        limits: &contract::SessionPolicy,
        now: &Stamp,
    ) {
        let idle_s = self.session.idle_s(now);
        let known = self.session.actor() != Actor::Anyone || matches!(self.session.who, Who::Claimed(_));
        let named = match page {
            ComplaintPage::Pin(_)
            | ComplaintPage::ProvePin(..)
            | ComplaintPage::SeePin
            | ComplaintPage::SeeMine
            | ComplaintPage::SeeWhom
            | ComplaintPage::SeeSure(_)
            | ComplaintPage::SeeOne(_)
            | ComplaintPage::SeeSlots(_) => true,
            ComplaintPage::Write(draft) | ComplaintPage::Elsewhere(draft) => draft.writer.is_some(),
            ComplaintPage::Menu
            | ComplaintPage::Closed(_)
            | ComplaintPage::Name(_)
            | ComplaintPage::Who(_)
            | ComplaintPage::Proof { .. }
            | ComplaintPage::Sent(_)
            | ComplaintPage::Code
            | ComplaintPage::Status(_)
            | ComplaintPage::ProveWho(..)
            | ComplaintPage::Answer(..)
            | ComplaintPage::Withdraw(_)
            | ComplaintPage::WithdrawSure(_)
            | ComplaintPage::SeeWho => false,
        };
        if named && !known
            || idle_s >= i64::from(limits.clear_s)
            || calling && (!page.is_private() || idle_s >= i64::from(limits.blur_s))
        {
            self.leave();
        }
    }

    fn is_arranged(&mut self, office: contract::Office, now: &Stamp) -> bool {
        let view = self
            .store
            .read(|read| complaint::view(read, None, &ComplaintPage::Menu, now))
            .unwrap_or_default();
        view.offices.iter().any(|line| {
            line.office == office && matches!(line.state, complaint::OfficeState::Arranged { .. })
        })
    }

    fn proven(&mut self, digits: &str, now: &Stamp) -> bool {
        let Some(pin) = self.parsed(digits) else { return false };
        self.identify(|session, tx| session.pin(tx, &pin, now))
    }

    fn send(&mut self, draft: Draft, now: &Stamp) -> Option<Held> {
        let code = match self.store.read(|read| complaint::fresh_code(read.keys())) {
            Ok(code) => code,
            Err(fault) => {
                self.failed(&fault);
                return None;
            }
        };
        let secret = self.session.secret().cloned();
        let intent = Intent::Send { draft, code: code.clone(), secret };
        let event = self.act(self.session.actor(), intent, now)?.receipt?;
        // The next page shows the code to whoever stands there; it needs no session.
        self.session.leave();
        Some(Held { event, code })
    }

    fn find(&mut self, digits: &str, now: &Stamp) -> Option<Held> {
        let Some(code) = ReceiptCode::parse(digits) else {
            self.refusal = Some(Refusal::Session(session::Refusal::NoPin));
            return None;
        };
        let event = match self.write(|tx| complaint::find(tx, &code, now))? {
            Ok(event) => event,
            Err(refusal) => {
                self.refusal = Some(Refusal::Session(refusal));
                return None;
            }
        };
        Some(Held { event, code })
    }

    /// What was wished, at once where the code alone is enough; else the PIN is asked for.
    fn wished(&mut self, held: Held, wish: Wish) -> Option<ComplaintPage> {
        self.session.leave();
        if self.is_writer(&held)? {
            self.granted(held, wish)
        } else {
            Some(ComplaintPage::ProveWho(held, wish))
        }
    }

    fn granted(&mut self, held: Held, wish: Wish) -> Option<ComplaintPage> {
        Some(match wish {
            Wish::Withdraw => ComplaintPage::WithdrawSure(held),
            Wish::Open => {
                let secret = self.session.secret().cloned();
                let answer =
                    self.store.read(|read| complaint::answer(read, held.event, &held.code, secret.as_ref()));
                match answer {
                    Ok(Some(answer)) => ComplaintPage::Answer(held, Box::new(answer)),
                    Ok(None) => {
                        self.refusal = Some(Refusal::Complaint(complaint::Refusal::NoAnswer));
                        ComplaintPage::Status(held)
                    }
                    Err(fault) => {
                        self.failed(&fault);
                        return None;
                    }
                }
            }
        })
    }

    fn is_writer(&mut self, held: &Held) -> Option<bool> {
        let secret = self.session.secret().cloned();
        match self.store.read(|read| complaint::is_writer(read, held.event, &held.code, secret.as_ref())) {
            Ok(is_writer) => Some(is_writer),
            Err(fault) => {
                self.failed(&fault);
                None
            }
        }
    }
}
