// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印, from the desk to the cell and back.

use super::*;
use crate::tests::shop::{rejected, verdict_on};
use contract::{
    Collection, DetaineeId, Document, DocumentDeclined, DocumentSigned, OrderCheck, Print, Strokes,
    TerminalId, Text, Verdict,
};

on_both! {
    a_document_is_sent_read_signed_and_received,
    an_answer_to_another_text_is_kept_and_does_not_count,
    a_version_is_answered_once_and_a_no_may_be_followed_by_a_signature,
    a_changed_text_is_asked_anew_and_the_old_signature_stays,
    a_print_that_is_wanted_waits_until_an_officer_saw_to_it,
    a_document_follows_its_person,
    what_cannot_be_sent_is_refused_and_only_those_who_may_see_it,
    a_long_text_is_taken_whole_and_leaves_as_a_pdf,
}

const TEXT: &str = "第一条 您有权委托辩护人。\n\n第二条 您有权见驻所检察官。";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl World {
    /// Asks the first person of the cell to sign, at the desk.
    async fn asks(&self, print: bool) -> Document {
        let person = self.seeded.detainees[0].id;
        let mut officer = Browser::signed_in(self, "supervisor").await;
        let (to, text, title) = (person.to_string(), encoded(TEXT), encoded("权利义务告知书"));
        let mut fields =
            vec![("detainee", to.as_str()), ("kind", "rights"), ("title", &title), ("text", &text)];
        if print {
            fields.push(("print", "yes"));
        }
        let page = officer.press("/documents", "/documents", &fields).await;
        assert_eq!(page.location, "/documents?said=done");
        self.documents(self.terminal()).await.into_iter().next_back().unwrap()
    }

    /// What a terminal is told of documents.
    async fn documents(&self, terminal: TerminalId) -> Vec<Document> {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        let items = crate::tables::feed::all(&mut read, terminal, Collection::Document).await.unwrap();
        items.into_iter().map(|item| serde_json::from_value(item.body).unwrap()).collect()
    }

    async fn told_one(&self, document: &Document) -> Option<Document> {
        let all = self.documents(self.terminal()).await;
        all.into_iter().find(|told| told.key() == document.key())
    }

    async fn does_to(&self, document: &Document, fields: &[(&str, &str)]) -> Page {
        let address = format!("/documents/{}", document.key());
        Browser::signed_in(self, "supervisor").await.press(&address, &address, fields).await
    }
}

fn signs(kiosk: &Kiosk, of: &Document) -> Event {
    Event::DocumentSigned(DocumentSigned {
        at: kiosk.stamp(),
        detainee: of.detainee,
        document: of.document,
        version: of.version,
        digest: of.digest(),
        heard: false,
        strokes: Strokes(vec![vec![(10, 20), (500, 700)], vec![(900, 900)]]),
        print: Print::of(of),
        check: OrderCheck::FaceAndPin,
    })
}

fn declines(kiosk: &Kiosk, of: &Document) -> Event {
    Event::DocumentDeclined(DocumentDeclined {
        at: kiosk.stamp(),
        detainee: of.detainee,
        document: of.document,
        version: of.version,
        digest: of.digest(),
        why: "写的和事实不符".into(),
        words: Text::new("qian bu gou"),
        check: OrderCheck::Pin,
    })
}

async fn verdict_of(kiosk: &mut Kiosk, says: fn(&Kiosk, &Document) -> Event, of: &Document) -> Verdict {
    let event = says(kiosk, of);
    verdict_on(kiosk, &event).await
}

async fn a_document_is_sent_read_signed_and_received(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let document = world.asks(false).await;
    assert_eq!(document.paragraphs.len(), 2);
    assert!(document.open && document.answers.is_empty());
    let event = kiosk.say(&signs(&kiosk, &document)).await;
    let told = world.told_one(&document).await.unwrap();
    assert!(!told.open);
    assert_eq!((told.answers[0].event, told.answers[0].signed), (event, true));
    assert_eq!(told.answers[0].received_ms, None, "nobody said so");
    assert_eq!(told.digest(), document.digest());
    let mut officer = Browser::signed_in(&world, "supervisor").await;
    let page = officer.get(&format!("/documents/{}", document.key())).await;
    assert_eq!(element(&page.text, "digest"), document.digest().to_string());
    assert!(page.text.contains("<polyline points=\"10,7 500,252 500,252\"") && page.text.contains("第二条"));
    let event = event.to_string();
    world.does_to(&document, &[("deed", "receive"), ("event", &event)]).await;
    assert!(world.told_one(&document).await.unwrap().answers[0].received_ms.is_some());
    let again = world.does_to(&document, &[("deed", "receive"), ("event", &event)]).await;
    assert!(again.location.ends_with("said=state"));
    let audit = Browser::signed_in(&world, "director").await.get("/audit").await.text;
    for line in ["发出文书", "签收文书", &document.key()] {
        assert!(audit.contains(line), "{line}");
    }
}

async fn an_answer_to_another_text_is_kept_and_does_not_count(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let document = world.asks(false).await;
    let parked = |code: &str| Verdict::Parked { code: code.into() };
    let other = Document { title: "别的".into(), ..document.clone() };
    assert_eq!(verdict_of(&mut kiosk, signs, &other).await, parked("text_differs"));
    assert_eq!(verdict_of(&mut kiosk, declines, &other).await, parked("text_differs"));
    let later = Document { version: 2, ..document.clone() };
    assert_eq!(verdict_of(&mut kiosk, signs, &later).await, parked("document_unknown"));
    let neighbour = Document { detainee: world.seeded.detainees[1].id, ..document.clone() };
    assert_eq!(verdict_of(&mut kiosk, signs, &neighbour).await, parked("document_unknown"));
    let stranger = Document { detainee: DetaineeId::fresh(), ..document.clone() };
    assert_eq!(verdict_of(&mut kiosk, signs, &stranger).await, parked("not_of_this_cell"));
    let Event::DocumentSigned(empty) = signs(&kiosk, &document) else { panic!("signed") };
    let empty = Event::DocumentSigned(DocumentSigned { strokes: Strokes::default(), ..empty });
    assert_eq!(verdict_on(&mut kiosk, &empty).await, parked("unsigned"));
    assert!(world.told_one(&document).await.unwrap().answers.is_empty());
    let page = Browser::signed_in(&world, "director").await.get("/parked").await.text;
    assert!(page.contains("签名的正文与平台的不一致"));
}

async fn a_version_is_answered_once_and_a_no_may_be_followed_by_a_signature(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let document = world.asks(false).await;
    let no = kiosk.say(&declines(&kiosk, &document)).await;
    let told = world.told_one(&document).await.unwrap();
    assert!(told.open, "it can be signed later");
    assert_eq!(told.answers[0].words.as_str(), "qian bu gou");
    let waits = |page: &str| page.matches("data-kind=\"document_declined\"").count();
    let mut officer = Browser::signed_in(&world, "supervisor").await;
    assert_eq!(waits(&officer.get("/").await.text), 1, "somebody is to talk with them");
    assert_eq!(verdict_of(&mut kiosk, declines, &document).await, rejected("answered"));
    world.does_to(&document, &[("deed", "talked"), ("event", &no.to_string())]).await;
    assert_eq!(waits(&officer.get("/").await.text), 0);
    kiosk.say(&signs(&kiosk, &document)).await;
    for late in [signs as fn(&Kiosk, &Document) -> Event, declines] {
        assert_eq!(verdict_of(&mut kiosk, late, &document).await, rejected("answered"));
    }
    let told = world.told_one(&document).await.unwrap();
    assert!(!told.open && told.answers.iter().map(|one| one.signed).eq([false, true]));
}

async fn a_changed_text_is_asked_anew_and_the_old_signature_stays(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = world.asks(false).await;
    let text = encoded("第一条 改过了。");
    let change = [("deed", "change"), ("kind", "rights"), ("title", "Rights"), ("text", text.as_str())];
    let page = world.does_to(&first, &change).await;
    assert!(page.location.contains("-2?said=done"), "{}", page.location);
    assert!(world.told_one(&first).await.is_none(), "nobody answered it, and it is asked no more");
    // It was signed before the new text came: the signature is the old text's.
    kiosk.say(&signs(&kiosk, &first)).await;
    let all = world.documents(world.terminal()).await;
    let (old, new) = (all.iter().find(|one| one.version == 1), all.iter().find(|one| one.version == 2));
    assert!(old.is_some_and(|old| !old.open && old.answers.len() == 1));
    let new = new.unwrap();
    assert!(new.open && new.answers.is_empty());
    assert_ne!(new.digest(), first.digest());
    kiosk.say(&signs(&kiosk, new)).await;
    // What is signed is not taken back; what is asked can be.
    assert!(world.does_to(new, &[("deed", "withdraw")]).await.location.ends_with("said=state"));
    let asked = world.asks(false).await;
    world.does_to(&asked, &[("deed", "withdraw")]).await;
    assert!(world.told_one(&asked).await.is_none());
}

async fn a_print_that_is_wanted_waits_until_an_officer_saw_to_it(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let document = world.asks(true).await;
    let mut officer = Browser::signed_in(&world, "duty").await;
    let event = kiosk.say(&signs(&kiosk, &document)).await.to_string();
    assert!(officer.get("/documents").await.text.contains("id=\"prints\""));
    world.does_to(&document, &[("deed", "print"), ("event", &event)]).await;
    assert!(!officer.get("/documents").await.text.contains("id=\"prints\""));
    assert!(world.told_one(&document).await.unwrap().answers[0].print_ms.is_some());
    let plain = world.asks(false).await;
    let event = kiosk.say(&signs(&kiosk, &plain)).await.to_string();
    let none = world.does_to(&plain, &[("deed", "print"), ("event", &event)]).await;
    assert!(none.location.ends_with("said=state"), "none was wanted");
}

async fn a_document_follows_its_person(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (signed, open) = (world.asks(false).await, world.asks(false).await);
    kiosk.say(&signs(&kiosk, &signed)).await;
    let next = world.cell("306室").await;
    let person = world.seeded.detainees[0].id;
    let member = Member { id: person, ..crate::tests::shop::member() };
    world.running.platform.put_member(next, &member).await.unwrap();
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    assert!(world.documents(world.terminal()).await.is_empty());
    let there = world.documents(next).await;
    assert_eq!(there.len(), 2);
    assert!(there.iter().any(|one| one.key() == signed.key() && one.answers.len() == 1));
    let mut other = world.kiosk_at(next).await;
    other.say(&signs(&other, &open)).await;
    assert!(world.documents(next).await.iter().all(|one| !one.open));
    // Of no cell any more: nothing of theirs is anywhere.
    world.running.platform.remove_member(next, person).await.unwrap();
    assert!(world.documents(next).await.is_empty());
}

async fn what_cannot_be_sent_is_refused_and_only_those_who_may_see_it(on: On) {
    let world = World::new(on).await;
    let document = world.asks(false).await;
    let person = document.detainee.to_string();
    let mut officer = Browser::signed_in(&world, "supervisor").await;
    let long = encoded(&"长".repeat(501));
    let many = "a%0A".repeat(31);
    let gone = DetaineeId::fresh().to_string();
    for (to, text) in [(&person, ""), (&person, long.as_str()), (&person, many.as_str()), (&gone, "abc")] {
        let fields = [("detainee", to.as_str()), ("kind", "other"), ("title", "T"), ("text", text)];
        let page = officer.press("/documents", "/documents", &fields).await;
        assert_eq!(page.location, "/documents?said=unsound");
    }
    assert_eq!(world.documents(world.terminal()).await.len(), 1);
    let address = format!("/documents/{}", document.key());
    for name in ["doctor", "it", "auditor", "shop", "finance", "procurator", "control"] {
        let mut other = Browser::signed_in(&world, name).await;
        assert!(!other.get("/").await.text.contains("href=\"/documents\""), "{name}");
        for page in ["/documents", &address, &format!("{address}/paper.pdf")] {
            assert_eq!(other.get(page).await.status, StatusCode::FORBIDDEN, "{name} {page}");
        }
    }
    assert_eq!(officer.get("/documents/x-1").await.status, StatusCode::NOT_FOUND);
    let audit = Browser::signed_in(&world, "director").await.get("/audit").await.text;
    assert!(audit.contains("/documents"), "a look is in the audit");
}

async fn a_long_text_is_taken_whole_and_leaves_as_a_pdf(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut officer = Browser::signed_in(&world, "supervisor").await;
    let person = world.seeded.detainees[0].id.to_string();
    let text = vec![encoded(&"国".repeat(500)); 30].join("%0A");
    let fields = [("detainee", person.as_str()), ("kind", "health"), ("title", "T"), ("text", text.as_str())];
    let page = officer.press("/documents?template=health", "/documents", &fields).await;
    assert_eq!(page.location, "/documents?said=done");
    let document = world.documents(world.terminal()).await.remove(0);
    assert_eq!(document.paragraphs.len(), 30);
    assert!(document.paragraphs.iter().all(|one| one.as_str().chars().count() == 500));
    kiosk.say(&signs(&kiosk, &document)).await;
    let address = format!("{}/documents/{}/paper.pdf", officer.desk, document.key());
    let got = officer.client.get(address).header(COOKIE, officer.cookie()).send().await.unwrap();
    let bytes = got.bytes().await.unwrap();
    assert!(bytes.starts_with(b"%PDF") && bytes.len() > 2_000, "{}", bytes.len());
}
