// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印: read to the end, signed or not agreed to, and at the desk as it was on the screen.

use super::pages::Pages;
use crate::world::{Setup, World};
use contract::{DocumentKind, Facility, FacilityKind, Member, Terminal, TerminalId};
use platform::DocumentDraft;
use services::document::DocumentView;
use services::scene::{DocumentPage, Place};
use slint::ComponentHandle as _;
use uuid::Uuid;

const SIGNER: usize = 0;
const CELLMATE: usize = 1;
const TEXT: &str = "第一条 您有权委托辩护人；经济困难的可以申请法律援助，也可以约见值班律师。\n\
    第二条 您有权向驻所检察官反映情况，信件加密，任何人不得扣押。\n\
    第三条 您有权申请看病，病情危急可以随时报警。\n\
    第四条 您应当遵守法律法规和监室规定。\n\
    第五条 签名只表示您已经看过，不表示放弃任何权利。";

fn draft(text: &str) -> DocumentDraft<'_> {
    DocumentDraft { kind: DocumentKind::Rights, title: "权利义务告知书", text, print: false }
}

impl World {
    fn asks_to_sign(&self, person: usize) -> Uuid {
        let asked = self.platform().platform.ask_document(self.person(person).id, draft(TEXT), "李民警");
        self.block_on(asked).unwrap().unwrap()
    }

    /// From Home to the list of one's own documents, by PIN.
    fn opens_documents(&self, person: usize) {
        self.touch("tile-my-record");
        self.touch("documents");
        self.until("it is asked whose", |world| world.is_at_document(|page| *page == DocumentPage::Who));
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.until("the list is shown", |world| world.is_at_document(|page| *page == DocumentPage::List));
    }

    fn is_at_document(&self, page: impl Fn(&DocumentPage) -> bool) -> bool {
        self.scene().is_some_and(|scene| matches!(&scene.place, Place::Document(at) if page(at)))
    }

    fn own_documents(&self) -> Vec<DocumentView> {
        self.scene().map(|scene| scene.documents.own).unwrap_or_default()
    }

    /// Opens the first of the list.
    fn opens_first(&self) {
        let first = self.first("choice-document-");
        self.touch(&first);
        self.until("it is opened", |world| {
            world.is_at_document(|page| matches!(page, DocumentPage::Read(_)))
        });
    }

    /// Turns the pages to the last.
    fn reads_on(&self) {
        for _ in 0..50 {
            let at = self.reading();
            let parts = self.own_documents().first().map_or(0, |held| held.parts.len());
            if at + 1 >= parts {
                return;
            }
            self.touch("more");
            self.until("the page is turned", |world| world.reading() == at + 1);
        }
        panic!("a text without an end");
    }

    fn reading(&self) -> usize {
        match self.scene().map(|scene| scene.place) {
            Some(Place::Document(DocumentPage::Read(reading))) => reading.part,
            _ => 0,
        }
    }

    fn can_sign(&self) -> bool {
        ui::testing::find(self.window(), "next").is_some_and(|next| next.accessible_enabled() != Some(false))
    }

    /// Draws a name and confirms it.
    fn writes_the_name(&self) {
        self.touch("next");
        self.until("the field is shown", |world| {
            world.is_at_document(|page| matches!(page, DocumentPage::Sign(_)))
        });
        assert!(!self.can_sign(), "nothing is drawn yet");
        let page = self.window().global::<ui::Documents<'_>>();
        for at in 0..20_u16 {
            page.invoke_drawn(100.0 + 20.0 * f32::from(at), 500.0, at == 0);
        }
        page.invoke_drawn(900.0, 900.0, true);
        self.look();
        self.touch("undo");
        self.touch("next");
        self.until("it is read back", |world| {
            world.is_at_document(|page| matches!(page, DocumentPage::ReadBack { .. }))
        });
        assert!(self.sees("signed"));
        self.touch("next");
        self.until_sees("document-sent");
    }
}

#[test]
fn a_document_is_read_to_its_end_signed_and_received_at_the_desk() {
    let world = World::new(Setup::default());
    world.asks_to_sign(SIGNER);
    // A gentle word after somebody is known.
    world.touch("tile-my-record");
    world.touch_person(world.person(SIGNER).id);
    world.pin(&world.person(SIGNER).pin.clone());
    world.reads("documents", "有 1 份等您看");
    world.touch("documents");
    world.until("the list is shown", |world| world.is_at_document(|page| *page == DocumentPage::List));
    world.opens_first();
    assert!(world.own_documents()[0].parts.len() > 1);
    assert!(!world.can_sign(), "the end was not shown yet");
    world.reads_on();
    world.until("it can be signed", World::can_sign);
    world.writes_the_name();
    world.until("the platform has it", |world| {
        world.own_documents().iter().any(|held| held.signed().is_some_and(|one| one.uploaded_ms().is_some()))
    });
    assert_eq!(world.own_documents()[0].signed().unwrap().received_ms(), None);
    let held = world.own_documents().remove(0);
    let address = format!("/documents/{}", held.document.key());
    let mut officer = Pages::signed_in(&world, "supervisor");
    let page = officer.get(&address);
    assert!(page.contains(&held.document.digest().to_string()) && page.contains("<polyline points="));
    assert!(!page.contains("900,324"), "the stroke that was taken back is not there");
    let event = held.signed().unwrap().event.to_string();
    officer.post(&address, &page, &[("deed", "receive"), ("event", &event)]);
    world.reads("receipt-2", "民警已签收");
    world.until("it is ticked", |world| world.own_documents()[0].signed().unwrap().received_ms().is_some());
    // One's own copy, at any time.
    world.touch("next");
    world.until("the list is shown", |world| world.is_at_document(|page| *page == DocumentPage::List));
    world.opens_first();
    world.reads("document-part", "第一条");
    assert!(!world.sees("next"), "signed is signed");
    world.touch("leave");
    world.until("the screen is clear", |world| world.own_documents().is_empty());
}

#[test]
fn who_does_not_agree_says_why_is_told_what_follows_and_may_sign_later() {
    let world = World::new(Setup::default());
    world.asks_to_sign(SIGNER);
    world.opens_documents(SIGNER);
    world.opens_first();
    world.touch("way-decline");
    world.touch("choice-document-decline-unclear");
    world.until("it is read back", |world| {
        world.is_at_document(|page| matches!(page, DocumentPage::No { .. }))
    });
    world.reads("note-0", "没有别的后果");
    world.touch("way-words");
    for key in ["type-q", "type-a"] {
        world.touch(key);
    }
    world.touch("type-done");
    world.until("the words stand there", |world| {
        world.is_at_document(|page| matches!(page, DocumentPage::No { words, .. } if words == "qa"))
    });
    world.touch("next");
    world.until_sees("document-sent");
    world.reads("note-1", "民警会来和您谈一谈");
    world.until("the platform has it", |world| {
        world.own_documents()[0].declined().is_some_and(|one| one.uploaded_ms().is_some())
    });
    let mut officer = Pages::signed_in(&world, "supervisor");
    assert!(officer.get("/").contains("data-kind=\"document_declined\""));
    let page = officer.get(&format!("/documents/{}", world.own_documents()[0].document.key()));
    assert!(page.contains("看不懂") && page.contains("qa"));
    // Later.
    world.touch("leave");
    world.until("home is shown", |world| world.sees("tile-my-record"));
    world.opens_documents(SIGNER);
    world.opens_first();
    assert!(!world.sees("way-decline"), "a no is said once");
    world.reads_on();
    world.writes_the_name();
    world.until("both are at the platform", |world| {
        let answers = &world.own_documents()[0].answers;
        answers.len() == 2 && answers.iter().all(|one| one.told.is_some())
    });
    assert!(!officer.get("/").contains("data-kind=\"document_declined\""));
}

#[test]
fn a_text_that_changes_while_it_is_read_is_asked_anew_and_nothing_is_signed() {
    let world = World::new(Setup::default());
    let document = world.asks_to_sign(SIGNER);
    world.opens_documents(SIGNER);
    world.opens_first();
    world.reads_on();
    world.until("it can be signed", World::can_sign);
    world.touch("next");
    world.until("the field is shown", |world| {
        world.is_at_document(|page| matches!(page, DocumentPage::Sign(_)))
    });
    let changed = world.platform().platform.change_document(document, draft("第一条 改过了。"), "李民警");
    assert_eq!(world.block_on(changed).unwrap(), Ok(2));
    world.until("back to the list", |world| world.is_at_document(|page| *page == DocumentPage::List));
    world.reads("notice", "那一版没有签");
    world.until("the new one is asked", |world| {
        let own = world.own_documents();
        own.len() == 1 && own[0].document.version == 2 && own[0].answers.is_empty()
    });
    world.opens_first();
    world.reads("document-part", "改过了");
    world.until("it can be signed", World::can_sign);
    world.writes_the_name();
    world.until("the platform has it", |world| world.own_documents()[0].document.answers.len() == 1);
    assert_eq!(world.own_documents()[0].document.version, 2);
}

#[test]
fn without_network_a_signature_is_kept_outlives_a_power_cut_and_goes_up_once() {
    let mut world = World::new(Setup::default());
    world.asks_to_sign(SIGNER);
    world.opens_documents(SIGNER);
    world.first("choice-document-");
    world.cut_network();
    world.until("the line is known to be down", |world| {
        world.scene().is_some_and(|scene| scene.link == services::scene::Link::Offline)
    });
    world.opens_first();
    world.reads_on();
    world.writes_the_name();
    world.reads("receipt-0", "已保存");
    assert_eq!(world.own_documents()[0].signed().unwrap().uploaded_ms(), None);
    world.power_cut_and_on();
    world.opens_documents(SIGNER);
    assert!(world.own_documents()[0].signed().is_some(), "saved is saved");
    world.mend_network();
    world.until("the platform has it", |world| world.own_documents()[0].document.answers.len() == 1);
    let held = world.own_documents().remove(0);
    assert_eq!(held.answers.len(), 1, "once");
    let page = Pages::signed_in(&world, "supervisor").get(&format!("/documents/{}", held.document.key()));
    assert_eq!(page.matches("<article").count(), 1);
}

#[test]
fn a_cellmate_sees_nothing_of_it_and_cannot_open_it() {
    let world = World::new(Setup::default());
    world.asks_to_sign(SIGNER);
    world.opens_documents(SIGNER);
    world.first("choice-document-");
    world.touch("leave");
    world.until("home is shown", |world| world.sees("tile-my-record"));
    world.opens_documents(CELLMATE);
    world.until_sees("empty");
    assert!(world.own_documents().is_empty());
    world.touch("leave");
    world.until("home is shown", |world| world.sees("tile-my-record"));
    // The other's tile, with one's own PIN.
    world.touch("tile-my-record");
    world.touch("documents");
    world.until("it is asked whose", |world| world.is_at_document(|page| *page == DocumentPage::Who));
    world.touch_person(world.person(SIGNER).id);
    world.pin(&world.person(CELLMATE).pin.clone());
    world.until("it is refused", |world| world.scene().is_some_and(|scene| scene.refusal.is_some()));
    assert!(world.own_documents().is_empty());
    assert!(world.is_at_document(|_| false) || matches!(world.scene().unwrap().place, Place::Prove(_)));
    // Nobody's hint is seen before somebody is known.
    world.touch("leave");
    world.until("home is shown", |world| world.sees("tile-my-record"));
    world.touch("tile-my-record");
    world.until_sees("documents");
    assert!(!ui::testing::label(world.window(), "documents").unwrap().contains('1'));
}

#[test]
fn a_document_follows_its_person_to_another_cell_and_back() {
    let world = World::new(Setup::default());
    let (platform, here) = (&world.platform().platform, world.seeded.terminal);
    let person = world.person(SIGNER).id;
    world.asks_to_sign(SIGNER);
    world.opens_documents(SIGNER);
    world.first("choice-document-");
    world.touch("leave");
    let there = TerminalId::fresh();
    let place =
        Terminal { terminal: there, block: "三监区".into(), cell: "306室".into(), utc_offset_min: 480 };
    let facility = Facility { name: "示范看守所".into(), kind: FacilityKind::DetentionCentre };
    world.block_on(platform.put_terminal(&place, &facility)).unwrap();
    let members = world.block_on(platform.members(here)).unwrap();
    let member: Member = members.into_iter().find(|member| member.id == person).unwrap();
    world.block_on(platform.put_member(there, &member)).unwrap();
    world.block_on(platform.remove_member(here, person)).unwrap();
    world.until("they left", |world| world.scene().is_some_and(|scene| scene.people.len() == 11));
    // Something is asked while they are there.
    world.asks_to_sign(SIGNER);
    world.block_on(platform.put_member(here, &member)).unwrap();
    world.block_on(platform.remove_member(there, person)).unwrap();
    world.until("they are back", |world| world.scene().is_some_and(|scene| scene.people.len() == 12));
    world.opens_documents(SIGNER);
    world.until("both are here", |world| world.own_documents().len() == 2);
    world.opens_first();
    world.reads_on();
    world.writes_the_name();
    world.until("the platform has it", |world| {
        world.own_documents().iter().any(|held| held.document.answers.len() == 1)
    });
}
