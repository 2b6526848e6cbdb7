// SPDX-License-Identifier: GPL-3.0-only
//! The window of a complaint office against the desk's listener, and what everybody else at the desk sees.

use super::office::{MINUTE_MS, Window, refusal, refused, signing, told as feed_of};
use super::*;
use crate::desk::routes;
use crate::tests::complaints::{Desk, WORDS, complaint, mark, told};
use contract::{
    Collection, ComplaintList, ComplaintStatus, Digest, EventId, OFFICE_WORDS_MAX, Office, OfficeAnswer,
    OfficeKeys, OfficeStage, OfficeWord, PostedWord, SealKey, Sealed, Signed, SigningKey, Text,
};
use reqwest::Method;
use std::sync::{Arc, Mutex};

on_both! {
    an_office_sees_its_own_and_every_other_post_is_refused,
    an_office_states_its_own_keys_and_nobody_slips_others_in,
    a_receipt_and_an_answer_go_to_the_cell_they_are_for,
    a_word_that_is_not_the_offices_own_goes_nowhere,
    a_word_is_said_once_and_not_without_end,
    the_desk_sees_office_size_and_hour_and_nothing_else,
    a_task_of_an_office_is_answered_by_its_receipt,
}

const OFFICES: [(&str, Office); 4] = [
    ("procurator", Office::Procurator),
    ("director", Office::Director),
    ("supervisor", Office::SupervisingOfficer),
    ("superior", Office::Superior),
];

impl Window {
    async fn complaints(&self) -> ComplaintList {
        self.get("/complaints").await.json().await.unwrap()
    }

    async fn post_word(&self, posted: &PostedWord) -> (u16, String) {
        refusal(self.send(Method::POST, "/complaints/words", posted).await).await
    }

    async fn states(&self, desk: &Desk) {
        assert_eq!(self.put_keys(&desk.keys.sign(&desk.signing).unwrap()).await.0, 204);
    }
}

/// A world in which every office has stated its keys, with the window and keys of each.
async fn arranged(on: On) -> (World, Vec<(Window, Desk)>) {
    let world = World::new(on).await;
    let mut offices = Vec::new();
    for (name, office) in OFFICES {
        let (window, desk) = (Window::signed_in_as(&world, name).await, Desk::new(office));
        let another = Desk::new(office.next().unwrap_or(Office::Director));
        let slipped_in = window.put_keys(&another.keys.sign(&another.signing).unwrap()).await;
        assert_eq!(slipped_in, refused(409, "keys_unfollowed"), "another office's first keys");
        window.states(&desk).await;
        offices.push((window, desk));
    }
    (world, offices)
}

/// One complaint to an office; what was sealed, and the key that opens its answers.
async fn written(world: &World, kiosk: &mut Kiosk, desk: &Desk, number: u64) -> (EventId, Digest, SealKey) {
    let answers = SealKey::generate();
    let event = desk.seal(kiosk, &complaint(number, world.seeded.detainees[0].id, &answers));
    let Event::ComplaintSealed(sealed) = &event else { panic!("sealed") };
    let digest = sealed.digest();
    (kiosk.say(&event).await, digest, answers)
}

fn word(desk: &Desk, (event, sealed): (EventId, Digest), stage: OfficeStage, by: &SigningKey) -> PostedWord {
    let word = OfficeWord { office: desk.keys.office, event, sealed, at_ms: 5, stage };
    PostedWord { event, word: word.sign(by).unwrap(), answer: None, own: None }
}

fn answered(desk: &Desk, about: (EventId, Digest), to: &SealKey) -> PostedWord {
    let answer = OfficeAnswer {
        office: desk.keys.office,
        event: about.0,
        at_ms: 6,
        words: Text::new("明天上午来谈"),
        meeting_ms: Some(7),
    };
    let sealed = answer.seal(&desk.signing, &to.recipient()).unwrap();
    let stage = OfficeStage::Answered { answer: Digest::of(sealed.as_str().as_bytes()) };
    let own = answer.seal(&desk.signing, &desk.duty.recipient()).unwrap();
    PostedWord { answer: Some(sealed), own: Some(own), ..word(desk, about, stage, &desk.signing) }
}

async fn status(kiosk: &Kiosk, event: EventId) -> Option<ComplaintStatus> {
    let items = feed_of(kiosk, Collection::Complaint).await;
    let item = items.into_iter().find(|item| item.key == event.to_string())?;
    Some(serde_json::from_value(item.body).unwrap())
}

async fn an_office_sees_its_own_and_every_other_post_is_refused(on: On) {
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    for (_, desk) in &offices {
        written(&world, &mut kiosk, desk, 1).await;
    }
    for (window, desk) in &offices {
        let list = window.complaints().await;
        assert_eq!(list.entries.len(), 1);
        assert_eq!(told(&list.entries[0].envelope, desk).number, 1);
        assert_eq!(list.others.iter().filter(|other| other.body.is_empty()).count(), 3);
        assert_eq!(OfficeKeys::open(list.keys.as_ref().unwrap(), None).unwrap(), desk.keys);
    }
    let clinic = Window::signed_in(&world).await;
    assert_eq!(refusal(clinic.get("/complaints").await).await, refused(403, "forbidden"));
    let any = word(&offices[0].1, (EventId::fresh(), Digest::ZERO), OfficeStage::Received, &signing());
    assert_eq!(clinic.post_word(&any).await, refused(403, "forbidden"));
    for name in ["duty", "control", "it", "auditor"] {
        let mut window = Window::new(&world);
        let right = password(&world, name);
        assert_eq!(window.sign_in(name, &right, "").await, refused(403, "forbidden"), "{name}");
        assert_eq!(refusal(window.get("/complaints").await).await, refused(401, "signed_out"), "{name}");
        assert_eq!(window.post_word(&any).await, refused(401, "signed_out"), "{name}");
    }
}

/// Whatever a post may do, there is no way to take a complaint away, or to ask for one person's.
#[test]
fn there_is_no_way_to_delete_or_to_ask_for_a_person() {
    let all = routes::all();
    let of_complaints: Vec<_> = all
        .iter()
        .filter(|route| route.path.contains("complaint"))
        .map(|route| (route.method.clone(), route.path))
        .collect();
    let expected = [
        (Method::GET, "/complaints"),
        (Method::GET, "/complaints.csv"),
        (Method::GET, "/office/v1/complaints"),
        (Method::POST, "/office/v1/complaints/words"),
    ];
    assert_eq!(of_complaints, expected);
    assert!(all.iter().all(|route| route.method != Method::DELETE));
}

async fn an_office_states_its_own_keys_and_nobody_slips_others_in(on: On) {
    let (world, offices) = arranged(on).await;
    let kiosk = world.kiosk().await;
    let [(procurator, own), (director, _), ..] = offices.as_slice() else { panic!("offices") };
    let followed = refused(409, "keys_unfollowed");
    // Another's signature, another office's window, one reader alone, an earlier statement.
    let slipped_in = Desk::new(Office::Procurator);
    assert_eq!(procurator.put_keys(&slipped_in.keys.sign(&slipped_in.signing).unwrap()).await, followed);
    let next = OfficeKeys { made_ms: 2, ..own.keys.clone() };
    assert_eq!(director.put_keys(&next.sign(&own.signing).unwrap()).await, followed);
    let alone = OfficeKeys { recipients: next.recipients[..1].to_vec(), ..next.clone() };
    assert_eq!(procurator.put_keys(&alone.sign(&own.signing).unwrap()).await, followed);
    // An arrangement that ended is told like any other statement: by it the terminals know.
    let ended = OfficeKeys { arrangement: None, ..next };
    let statement = ended.sign(&own.signing).unwrap();
    assert_eq!(procurator.put_keys(&statement).await.0, 204);
    assert_eq!(procurator.put_keys(&own.keys.sign(&own.signing).unwrap()).await, followed);
    let later = world.kiosk_at(world.other_cell().await).await;
    for kiosk in [kiosk, later] {
        let items = feed_of(&kiosk, Collection::Office).await;
        let mut keys: Vec<&str> = items.iter().map(|item| item.key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["director", "procurator", "superior", "supervising_officer"]);
        let item = items.iter().find(|item| item.key == "procurator").unwrap();
        let told: Signed = serde_json::from_value(item.body.clone()).unwrap();
        assert_eq!(told, statement);
        assert!(!OfficeKeys::open(&told, Some(&own.keys)).unwrap().is_arranged(0), "not offered any more");
    }
}

/// Everything the platform logs on this thread, from here on.
fn logged() -> (Arc<Mutex<Vec<u8>>>, tracing::subscriber::DefaultGuard) {
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Arc::<Mutex<Vec<u8>>>::default();
    let to = Arc::clone(&log);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || Log(Arc::clone(&to)))
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

async fn a_receipt_and_an_answer_go_to_the_cell_they_are_for(on: On) {
    let (log, _guard) = logged();
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    let other = world.kiosk_at(world.other_cell().await).await;
    let (window, desk) = &offices[0];
    let (event, sealed, answers) = written(&world, &mut kiosk, desk, 1).await;
    assert!(status(&kiosk, event).await.is_none(), "the platform's custody is its verdict, and nothing else");
    let received = word(desk, (event, sealed), OfficeStage::Received, &desk.signing);
    assert_eq!(window.post_word(&received).await.0, 204);
    let told = status(&kiosk, event).await.unwrap();
    assert_eq!((told.words.len(), &told.answer), (1, &None));
    let answer = answered(desk, (event, sealed), &answers);
    let since = format!("/complaints?since={}&wait=20", window.complaints().await.rev);
    let (list, posted) = tokio::join!(window.get(&since), window.post_word(&answer));
    assert_eq!(posted.0, 204);
    let list: ComplaintList = list.json().await.unwrap();
    assert_eq!(list.entries[0].words.len(), 2, "the question was held until then");
    let told = status(&kiosk, event).await.unwrap();
    assert_eq!(told.words, [received.word.clone(), answer.word.clone()]);
    let signed: Signed = told.answer.unwrap().open(&answers).unwrap();
    let said: OfficeAnswer = signed.open(OfficeAnswer::PURPOSE, &desk.signing.public()).unwrap();
    assert_eq!(said.words.as_str(), "明天上午来谈");
    assert!(status(&other, event).await.is_none());
    let entry = window.complaints().await.entries.remove(0);
    assert_eq!((entry.words, entry.own), (vec![received.word, answer.word], answer.own));
    let found = world.holds(&[WORDS, "明天上午来谈", "meeting_ms"]).await;
    assert_eq!(found, None);
    let log = String::from_utf8_lossy(&log.lock().unwrap()).into_owned();
    assert!(log.contains("the platform listens"));
    for secret in [WORDS, "明天上午来谈", "AGE ENCRYPTED", &event.to_string()] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    let audit = Browser::signed_in(&world, "director").await.get("/audit").await.text;
    assert!(audit.contains("收件单位签收或答复") && !audit.contains(&event.to_string()));
}

async fn a_word_that_is_not_the_offices_own_goes_nowhere(on: On) {
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    let [(procurator, own), (director, theirs), ..] = offices.as_slice() else { panic!("offices") };
    let (event, sealed, answers) = written(&world, &mut kiosk, own, 1).await;
    let unsound = refused(422, "word_unsound");
    let received = word(own, (event, sealed), OfficeStage::Received, &own.signing);
    let forged = word(own, (event, sealed), OfficeStage::Received, &signing());
    assert_eq!(procurator.post_word(&forged).await, unsound);
    assert_eq!(director.post_word(&received).await, unsound, "another office's word");
    let theirs = word(theirs, (event, sealed), OfficeStage::Received, &theirs.signing);
    assert_eq!(director.post_word(&theirs).await, refused(404, "event_unknown"));
    let other_text = word(own, (event, Digest::of(b"other")), OfficeStage::Received, &own.signing);
    assert_eq!(procurator.post_word(&other_text).await, refused(404, "event_unknown"));
    let elsewhere = PostedWord { event: EventId::fresh(), ..received.clone() };
    assert_eq!(procurator.post_word(&elsewhere).await, unsound);
    let answer = answered(own, (event, sealed), &answers);
    let none = PostedWord { answer: None, ..answer.clone() };
    let another = PostedWord { answer: answered(own, (event, sealed), &answers).answer, ..answer.clone() };
    let with_receipt = PostedWord { answer: answer.answer.clone(), ..received };
    for posted in [none, another, with_receipt] {
        assert_eq!(procurator.post_word(&posted).await, unsound);
    }
    let open = PostedWord { own: Some(Sealed::from("明天上午来谈".to_owned())), ..answer };
    assert_eq!(procurator.post_word(&open).await, refused(422, "not_sealed"));
    assert!(status(&kiosk, event).await.is_none());
}

async fn a_word_is_said_once_and_not_without_end(on: On) {
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    let (window, desk) = &offices[0];
    let (event, sealed, answers) = written(&world, &mut kiosk, desk, 1).await;
    let received = word(desk, (event, sealed), OfficeStage::Received, &desk.signing);
    for _ in 0..2 {
        assert_eq!(window.post_word(&received).await.0, 204);
    }
    assert_eq!(status(&kiosk, event).await.unwrap().words.len(), 1);
    for _ in 1..OFFICE_WORDS_MAX {
        assert_eq!(window.post_word(&answered(desk, (event, sealed), &answers)).await.0, 204);
    }
    assert_eq!(window.post_word(&answered(desk, (event, sealed), &answers)).await, refused(409, "full"));
}

async fn the_desk_sees_office_size_and_hour_and_nothing_else(on: On) {
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    let (event, sealed, _) = written(&world, &mut kiosk, &offices[0].1, 1).await;
    kiosk.say(&offices[0].1.seal(&kiosk, &mark(2, world.seeded.detainees[0].id, true))).await;
    written(&world, &mut kiosk, &offices[1].1, 1).await;
    let received = word(&offices[0].1, (event, sealed), OfficeStage::Received, &offices[0].1.signing);
    offices[0].0.post_word(&received).await;
    for name in ["director", "procurator", "it"] {
        let mut browser = Browser::signed_in(&world, name).await;
        for path in ["/complaints", "/complaints.csv"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{name} {path}");
            assert!(page.text.contains("驻所检察室") && page.text.contains("8 KiB"), "{name} {path}");
            let main = page.text.split("<main").last().unwrap();
            let secrets = [
                "王建国",
                "305室",
                "三监区",
                "AGE ENCRYPTED",
                "10:45",
                "02:45",
                "签收",
                &event.to_string(),
                &sealed.to_string(),
                &kiosk.device.to_string(),
                &world.terminal().to_string(),
                &world.seeded.detainees[0].id.to_string(),
            ];
            for secret in secrets {
                assert!(!main.contains(secret), "{name} {path} {secret}");
            }
        }
        let csv = browser.get("/complaints.csv").await.text;
        assert_eq!(
            csv.lines().filter(|line| line.contains("驻所检察室")).count(),
            1,
            "a mark is not told apart"
        );
        assert!(csv.contains("驻所检察室,8 KiB,2"), "{csv}");
        for path in ["/", "/notices", "/parked", "/terminals", "/audit"] {
            let page = browser.get(path).await.text;
            assert!(!page.contains("AGE ENCRYPTED") && !page.contains(&event.to_string()), "{name} {path}");
        }
        assert!(!browser.get("/complaints?lang=en").await.text.contains('⟨'));
    }
    for name in ["duty", "supervisor", "control", "doctor", "auditor"] {
        let mut browser = Browser::signed_in(&world, name).await;
        for path in ["/complaints", "/complaints.csv", "/figures"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
    }
}

async fn a_task_of_an_office_is_answered_by_its_receipt(on: On) {
    let (world, offices) = arranged(on).await;
    let mut kiosk = world.kiosk().await;
    let desk = &offices[1].1;
    let (event, sealed, _) = written(&world, &mut kiosk, desk, 1).await;
    written(&world, &mut kiosk, &offices[0].1, 1).await;
    world.pass_ms(25 * 60 * MINUTE_MS);
    let waiting = async |name: &str| {
        let page = Browser::signed_in(&world, name).await.get("/").await.text;
        page.matches("data-kind=\"complaint\"").count()
    };
    assert_eq!(waiting("director").await, 1);
    for name in ["supervisor", "duty", "control", "procurator", "doctor"] {
        assert_eq!(waiting(name).await, 0, "{name}");
    }
    // The session of before has ended meanwhile.
    let window = Window::signed_in_as(&world, "director").await;
    let received = word(desk, (event, sealed), OfficeStage::Received, &desk.signing);
    assert_eq!(window.post_word(&received).await.0, 204);
    assert_eq!(waiting("director").await, 0);
}
