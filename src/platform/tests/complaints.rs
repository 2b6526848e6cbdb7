// SPDX-License-Identifier: GPL-3.0-only
//! 投诉: what the platform keeps of a sealed thing, and what it cannot. The offices' window is in
//! `desk/tests/complaints.rs`.

use super::*;
use crate::complaints;
use contract::{
    Arrangement, Complaint, ComplaintCount, ComplaintList, ComplaintSealed, DetaineeId, Mark, Matter, Office,
    OfficeCount, OfficeKeys, PinVerifier, SealKey, Sealed, Text, ToOffice, Topic,
};
use sqlx::{AssertSqlSafe, Row};
use std::time::Duration;

on_both! {
    a_sealed_thing_is_kept_with_its_office_size_and_hour_and_no_word_of_it,
    nobody_here_can_tell_a_mark_from_a_complaint,
    what_is_for_the_procurator_is_nobodys_task,
    what_does_not_fit_is_parked_and_leaves_no_hole_in_the_chain,
    an_office_gets_its_own_with_the_whole_chain_and_nothing_of_another,
    what_comes_again_in_a_new_epoch_is_listed_there_too,
    a_list_is_held_until_something_comes_also_at_another_platform,
    a_long_list_comes_in_parts_and_none_is_left_out,
    what_the_retention_let_go_is_without_its_body,
    the_database_itself_removes_nothing_of_a_complaint,
}

const HOUR_MS: i64 = 60 * 60_000;
const FAR_MS: i64 = NOW_MS + 365 * 24 * HOUR_MS;
pub(crate) const WORDS: &str = "他们打我，请检察官来谈";

/// An office with its keys: duty, deputy, and what it signs with.
pub(crate) struct Desk {
    pub(crate) duty: SealKey,
    pub(crate) signing: SigningKey,
    pub(crate) keys: OfficeKeys,
}

impl Desk {
    pub(crate) fn new(office: Office) -> Self {
        let (duty, deputy) = (SealKey::generate(), SealKey::generate());
        let signing = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        let arrangement = Some(Arrangement { from_ms: 0, until_ms: FAR_MS, retention_days: 30 });
        let recipients = vec![duty.recipient(), deputy.recipient()];
        let keys = OfficeKeys { office, recipients, signing: signing.public(), made_ms: 1, arrangement };
        Self { duty, signing, keys }
    }

    pub(crate) fn seal(&self, kiosk: &Kiosk, told: &ToOffice) -> Event {
        Event::ComplaintSealed(ComplaintSealed::seal(told, &self.keys, &kiosk.stamp()).unwrap())
    }
}

pub(crate) fn complaint(number: u64, writer: DetaineeId, answer_to: &SealKey) -> ToOffice {
    let code = PinVerifier {
        salt: HexBytes(vec![1; 16]),
        hash: HexBytes(vec![2; 32]),
        memory_kib: 19 * 1024,
        passes: 2,
    };
    let complaint = Complaint {
        writer: Some(writer),
        about: Vec::new(),
        topics: vec![Topic::Violence],
        words: Text::new(WORDS),
        meeting: true,
        talk: false,
        at_ms: NOW_MS,
        answer_to: answer_to.recipient(),
        code,
    };
    ToOffice { number, matter: Matter::Complaint(complaint) }
}

pub(crate) fn mark(number: u64, detainee: DetaineeId, quiet: bool) -> ToOffice {
    ToOffice { number, matter: Matter::Mark(Mark { detainee, quiet, hour_ms: NOW_MS }) }
}

pub(crate) fn count(kiosk: &Kiosk, counts: &[(Office, u64)]) -> Event {
    let counts = counts.iter().map(|(office, sent)| OfficeCount { office: *office, sent: *sent }).collect();
    Event::ComplaintCount(ComplaintCount { at: kiosk.stamp().to_the_hour(), day: 20_779, counts })
}

/// The first of these words in a table of PostgreSQL, whose files a test cannot read.
pub(crate) async fn table_holds(
    conn: &mut crate::tables::Conn,
    table: &str,
    words: &[&str],
) -> Option<String> {
    let sql = AssertSqlSafe(format!("SELECT CAST(it AS TEXT) AS line FROM {table} AS it"));
    let lines = sqlx::query(sql).fetch_all(conn).await.unwrap();
    let lines: Vec<String> = lines.iter().map(|row| row.get("line")).collect();
    let found = words.iter().find(|word| lines.iter().any(|line| line.contains(**word)));
    found.map(|word| format!("{word} in {table}"))
}

async fn list(world: &World, office: Office, since: u64) -> ComplaintList {
    complaints::list(&world.running.platform.core, office, since, Duration::ZERO).await.unwrap()
}

async fn state_keys(world: &World, desk: &Desk) {
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    let statement = desk.keys.sign(&desk.signing).unwrap();
    let put = crate::offices::put_keys(&mut write, desk.keys.office, &statement, "t", NOW_MS).await;
    put.unwrap().unwrap();
    write.commit().await.unwrap();
}

async fn tasks(world: &World) -> Vec<(String, i64, i64)> {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let sql = "SELECT post, opened_ms, due_ms FROM task_due WHERE kind = 'complaint' ORDER BY post";
    let rows = sqlx::query(sql).fetch_all(&mut *read).await.unwrap();
    rows.iter().map(|row| (row.get("post"), row.get("opened_ms"), row.get("due_ms"))).collect()
}

/// What is kept of each sealed thing but its numbers and its sealed text.
async fn kept(world: &World) -> Vec<(String, Option<String>, i64, i64, i64, i64)> {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let sql = "SELECT event.kind AS kind, office, size, hour_ms, event.received_ms AS came_ms, event.wall_ms AS wall_ms \
         FROM complaint_item JOIN event ON event.device = complaint_item.device \
         AND event.epoch = complaint_item.epoch AND event.seq = complaint_item.seq AND event.lane = 'complaint' \
         ORDER BY complaint_item.seq";
    let rows = sqlx::query(sql).fetch_all(&mut *read).await.unwrap();
    let row = |row: &crate::tables::Found| {
        (
            row.get("kind"),
            row.get("office"),
            row.get("size"),
            row.get("hour_ms"),
            row.get("came_ms"),
            row.get("wall_ms"),
        )
    };
    rows.iter().map(row).collect()
}

impl Kiosk {
    /// The next event of this lane: a terminal says the hour alone in it.
    fn hourly(&mut self, event: &Event) -> Envelope {
        let mut envelope = self.event(event);
        envelope.time = envelope.time.to_the_hour();
        self.seal_again(&mut envelope);
        envelope
    }

    async fn complain(&mut self, event: &Event) -> Envelope {
        let envelope = self.hourly(event);
        assert_eq!(self.verdict(&envelope).await, Verdict::Accepted);
        envelope
    }
}

async fn a_sealed_thing_is_kept_with_its_office_size_and_hour_and_no_word_of_it(on: On) {
    let world = World::new(on).await;
    let (procurator, answers) = (Desk::new(Office::Procurator), SealKey::generate());
    let mut kiosk = world.kiosk().await;
    let writer = world.seeded.detainees[0].id;
    kiosk.complain(&procurator.seal(&kiosk, &complaint(1, writer, &answers))).await;
    let hour_ms = NOW_MS - NOW_MS.rem_euclid(HOUR_MS);
    assert_ne!(hour_ms, NOW_MS);
    let expected =
        ("complaint.sealed/1".into(), Some("procurator".into()), 8 * 1024, hour_ms, hour_ms, hour_ms);
    assert_eq!(kept(&world).await, [expected]);
    let found = world.holds(&[WORDS, "violence", answers.recipient().as_str(), "answer_to"]).await;
    assert_eq!(found, None);
}

async fn nobody_here_can_tell_a_mark_from_a_complaint(on: On) {
    let world = World::new(on).await;
    let director = Desk::new(Office::Director);
    let mut kiosk = world.kiosk().await;
    let writer = world.seeded.detainees[0].id;
    for told in [complaint(1, writer, &SealKey::generate()), mark(2, writer, false), mark(3, writer, true)] {
        kiosk.complain(&director.seal(&kiosk, &told)).await;
    }
    let kept = kept(&world).await;
    assert!(kept.len() == 3 && kept.iter().all(|row| *row == kept[0]), "{kept:?}");
    let tasks = tasks(&world).await;
    assert!(tasks.len() == 3 && tasks.iter().all(|task| *task == tasks[0]), "{tasks:?}");
    let list = list(&world, Office::Director, 0).await;
    let numbers: Vec<u64> =
        list.entries.iter().map(|entry| told(&entry.envelope, &director).number).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

/// What an office reads in an envelope.
pub(crate) fn told(envelope: &Envelope, desk: &Desk) -> ToOffice {
    let Event::ComplaintSealed(sealed) = Event::decode(&envelope.kind, &envelope.body).unwrap() else {
        panic!("not sealed")
    };
    sealed.sealed.open(&desk.duty).unwrap()
}

async fn what_is_for_the_procurator_is_nobodys_task(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut policy = world.running.platform.policy(world.terminal()).await.unwrap();
    policy.complaint.receive_h = 5;
    world.running.platform.put_policy(world.terminal(), &policy).await.unwrap();
    let writer = world.seeded.detainees[0].id;
    for office in Office::COMPLAINTS {
        let told = complaint(1, writer, &SealKey::generate());
        kiosk.complain(&Desk::new(office).seal(&kiosk, &told)).await;
    }
    let hour_ms = complaints::hour_of(NOW_MS);
    let task = |post: &str| (post.to_owned(), hour_ms, hour_ms + 5 * HOUR_MS);
    assert_eq!(tasks(&world).await, [task("director"), task("supervising_officer")]);
}

async fn what_does_not_fit_is_parked_and_leaves_no_hole_in_the_chain(on: On) {
    let world = World::new(on).await;
    let (desk, mut kiosk) = (Desk::new(Office::Procurator), world.kiosk().await);
    let writer = world.seeded.detainees[0].id;
    let told = complaint(1, writer, &SealKey::generate());
    let sound = ComplaintSealed::seal(&told, &desk.keys, &kiosk.stamp()).unwrap();
    let (mut open, mut clinic) = (sound.clone(), sound.clone());
    open.sealed = Sealed::from(WORDS.to_owned());
    clinic.office = Office::Clinic;
    let twice = count(&kiosk, &[(Office::Procurator, 1), (Office::Procurator, 2)]);
    for (event, code) in [
        (Event::ComplaintSealed(open), "not_sealed"),
        (Event::ComplaintSealed(clinic), "office"),
        (twice, "count"),
    ] {
        let envelope = kiosk.hourly(&event);
        assert_eq!(kiosk.verdict(&envelope).await, Verdict::Parked { code: code.into() });
    }
    kiosk.complain(&Event::ComplaintSealed(sound)).await;
    let list = list(&world, Office::Procurator, 0).await;
    let places = |all: &[Envelope]| all.iter().map(|envelope| envelope.seq).collect::<Vec<_>>();
    assert_eq!(places(&list.others), [1, 2, 3]);
    assert_eq!(list.entries.iter().map(|entry| entry.envelope.seq).collect::<Vec<_>>(), [4]);
}

async fn an_office_gets_its_own_with_the_whole_chain_and_nothing_of_another(on: On) {
    let world = World::new(on).await;
    let (procurator, director) = (Desk::new(Office::Procurator), Desk::new(Office::Director));
    let mut kiosk = world.kiosk().await;
    let writer = world.seeded.detainees[0].id;
    let mut sent = Vec::new();
    for (desk, number) in [(&procurator, 1), (&director, 1), (&procurator, 2)] {
        let told = complaint(number, writer, &SealKey::generate());
        sent.push(kiosk.complain(&desk.seal(&kiosk, &told)).await);
    }
    sent.push(kiosk.complain(&count(&kiosk, &[(Office::Procurator, 2), (Office::Director, 1)])).await);
    let list = list(&world, Office::Procurator, 0).await;
    let bodies = |envelope: &Envelope| !envelope.body.is_empty();
    assert_eq!(
        list.entries.iter().map(|entry| entry.envelope.clone()).collect::<Vec<_>>(),
        [&sent[0], &sent[2]].map(Clone::clone)
    );
    assert_eq!(
        list.others.iter().map(bodies).collect::<Vec<_>>(),
        [false, true],
        "the director's is not here"
    );
    assert!(list.entries.iter().all(|entry| entry.received_ms == complaints::hour_of(NOW_MS)));
    let mut chain: Vec<&Envelope> =
        list.entries.iter().map(|entry| &entry.envelope).chain(&list.others).collect();
    chain.sort_by_key(|envelope| envelope.seq);
    let mut prev = Digest::ZERO;
    for (seq, envelope) in (1..).zip(chain) {
        assert_eq!((envelope.seq, envelope.prev), (seq, prev));
        envelope.check(&list.terminals[0].device_key).unwrap();
        prev = envelope.hash();
    }
    assert_eq!(prev, sent[3].hash());
    let text = serde_json::to_string(&list).unwrap();
    let Event::ComplaintSealed(other) = Event::decode(&sent[1].kind, &sent[1].body).unwrap() else {
        panic!()
    };
    assert!(!text.contains(other.sealed.as_str().lines().nth(3).unwrap()));
}

async fn what_comes_again_in_a_new_epoch_is_listed_there_too(on: On) {
    let world = World::new(on).await;
    let (desk, mut kiosk) = (Desk::new(Office::Director), world.kiosk().await);
    let told = complaint(1, world.seeded.detainees[0].id, &SealKey::generate());
    let mut again = kiosk.complain(&desk.seal(&kiosk, &told)).await;
    kiosk.epoch = 2;
    again.epoch = 2;
    again.sign(&kiosk.key).unwrap();
    assert_eq!(kiosk.verdict(&again).await, Verdict::Duplicate);
    let list = list(&world, Office::Director, 0).await;
    let places: Vec<_> =
        list.entries.iter().map(|entry| (entry.envelope.epoch, entry.envelope.seq)).collect();
    assert_eq!(places, [(1, 1), (2, 1)]);
    assert_eq!(tasks(&world).await.len(), 1);
}

async fn a_list_is_held_until_something_comes_also_at_another_platform(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let (desk, mut kiosk) = (Desk::new(Office::Procurator), world.kiosk().await);
    let rev = list(&world, Office::Procurator, 0).await.rev;
    let told = complaint(1, world.seeded.detainees[0].id, &SealKey::generate());
    let event = desk.seal(&kiosk, &told);
    let hour = Duration::from_secs(3600);
    let here = complaints::list(&world.running.platform.core, Office::Procurator, rev, hour);
    let there = complaints::list(&beside.platform.core, Office::Procurator, rev, hour);
    let (here, there, _) = tokio::join!(here, there, kiosk.complain(&event));
    assert_eq!((here.unwrap().entries.len(), there.unwrap().entries.len()), (1, 1));
}

async fn a_long_list_comes_in_parts_and_none_is_left_out(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut sent = 0;
    while sent < 501 {
        let zero = count(&kiosk, &[]);
        let batch: Vec<_> = (0..100).map(|_| kiosk.hourly(&zero)).collect();
        kiosk.send(&batch).await.unwrap();
        sent += batch.len();
    }
    let (mut since, mut found) = (0, 0);
    loop {
        let part = list(&world, Office::Procurator, since).await;
        if part.rev == since {
            break;
        }
        assert!(part.others.len() <= 500);
        found += part.others.len();
        since = part.rev;
    }
    assert_eq!(found, sent);
}

async fn what_the_retention_let_go_is_without_its_body(on: On) {
    let world = World::new(on).await;
    let (desk, mut kiosk) = (Desk::new(Office::Procurator), world.kiosk().await);
    state_keys(&world, &desk).await;
    let told = complaint(1, world.seeded.detainees[0].id, &SealKey::generate());
    kiosk.complain(&desk.seal(&kiosk, &told)).await;
    assert_eq!(list(&world, Office::Procurator, 0).await.entries.len(), 1);
    world.pass_ms(31 * 24 * HOUR_MS);
    let list = list(&world, Office::Procurator, 0).await;
    assert!(list.entries.is_empty() && list.others.len() == 1 && list.others[0].body.is_empty());
}

async fn the_database_itself_removes_nothing_of_a_complaint(on: On) {
    let world = World::new(on).await;
    let (desk, mut kiosk) = (Desk::new(Office::Procurator), world.kiosk().await);
    let told = complaint(1, world.seeded.detainees[0].id, &SealKey::generate());
    kiosk.complain(&desk.seal(&kiosk, &told)).await;
    for sql in [
        "DELETE FROM complaint_item",
        "DELETE FROM event WHERE lane = 'complaint'",
        "UPDATE event SET body = '' WHERE lane = 'complaint'",
    ] {
        let mut write = world.running.platform.core.tables.write().await.unwrap();
        assert!(sqlx::raw_sql(sql).execute(&mut *write).await.is_err(), "{sql}");
    }
    assert_eq!(list(&world, Office::Procurator, 0).await.entries.len(), 1);
}
