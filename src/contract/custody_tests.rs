// SPDX-License-Identifier: GPL-3.0-only
//! Each way to rob an office of something, and the number by which it finds out.

use super::*;
use crate::{
    Arrangement, BootId, ComplaintCount, ComplaintEntry, ComplaintSealed, ComplaintTerminal, DetaineeId,
    Lane, Mark, Matter, OfficeCount, OfficeKeys, SigningKey, Stamp, TerminalId, Trust,
};

pub(crate) const NOW_MS: i64 = 1_795_315_500_000;

pub(crate) fn signing() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

/// A terminal with its chain, and an office that reads.
pub(crate) struct Story {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    duty: SealKey,
    keys: OfficeKeys,
    pub(crate) sent: Vec<Envelope>,
    pub(crate) seen: Seen,
    at_ms: i64,
}

impl Story {
    /// Three things for the procurator, one for another office in between, and the day's count.
    pub(crate) fn new() -> Self {
        let (duty, deputy) = (SealKey::generate(), SealKey::generate());
        let keys = OfficeKeys {
            office: Office::Procurator,
            recipients: vec![duty.recipient(), deputy.recipient()],
            signing: signing().public(),
            made_ms: 1,
            arrangement: Some(Arrangement { from_ms: 0, until_ms: i64::MAX, retention_days: 30 }),
        };
        let device = DeviceId::fresh();
        let mut story = Self {
            device,
            key: signing(),
            duty,
            keys,
            sent: Vec::new(),
            seen: Seen::default(),
            at_ms: NOW_MS,
        };
        story.mark(Office::Procurator, 1);
        story.mark(Office::Director, 1);
        story.mark(Office::Procurator, 2);
        story.mark(Office::Procurator, 3);
        story.count(3);
        story
    }

    fn mark(&mut self, office: Office, number: u64) {
        let mark = Mark { detainee: DetaineeId::fresh(), quiet: number == 2, hour_ms: NOW_MS };
        let told = ToOffice { number, matter: Matter::Mark(mark) };
        let keys = OfficeKeys { office, ..self.keys.clone() };
        let sealed = ComplaintSealed::seal(&told, &keys, &self.now()).unwrap();
        self.send(&Event::ComplaintSealed(sealed));
    }

    fn count(&mut self, sent: u64) {
        let counts = vec![OfficeCount { office: Office::Procurator, sent }];
        self.send(&Event::ComplaintCount(ComplaintCount { at: self.now(), day: 20_000, counts }));
    }

    fn now(&self) -> Stamp {
        let at = Stamp { boot: BootId::fresh(), mono_ms: 0, wall_ms: self.at_ms, trust: Trust::Synced };
        at.to_the_hour()
    }

    fn send(&mut self, event: &Event) {
        let mut envelope = Envelope {
            device: self.device,
            epoch: 1,
            lane: Lane::Complaint,
            seq: self.sent.len() as u64 + 1,
            id: EventId::fresh(),
            kind: event.kind().to_owned(),
            time: self.now(),
            prev: self.sent.last().map_or(Digest::ZERO, Envelope::hash),
            body: event.body().unwrap(),
            withheld: None,
            blobs: Vec::new(),
            signature: crate::HexBytes::default(),
        };
        envelope.sign(&self.key).unwrap();
        self.sent.push(envelope);
    }

    /// The list as an honest platform makes it of these.
    pub(crate) fn list(&self, sent: &[Envelope]) -> ComplaintList {
        let is_own = |envelope: &Envelope| {
            matches!(Event::decode(&envelope.kind, &envelope.body),
                Ok(Event::ComplaintSealed(sealed)) if sealed.office == Office::Procurator)
        };
        let entry = |envelope: Envelope| ComplaintEntry {
            envelope,
            received_ms: NOW_MS,
            words: Vec::new(),
            own: None,
            receive_due_ms: None,
            answer_due_ms: None,
        };
        let (own, others): (Vec<_>, Vec<_>) = sent.iter().cloned().partition(is_own);
        let others = others
            .into_iter()
            .map(|envelope| if envelope.kind == SEALED_KIND { envelope.without_body() } else { envelope });
        ComplaintList {
            rev: 1,
            now_ms: NOW_MS,
            keys: None,
            terminals: vec![ComplaintTerminal {
                device: self.device,
                terminal: TerminalId::fresh(),
                block: "三监区".into(),
                cell: "305室".into(),
                utc_offset_min: 480,
                device_key: self.key.public(),
                people: Vec::new(),
            }],
            entries: own.into_iter().map(entry).collect(),
            others: others.collect(),
        }
    }

    pub(crate) fn look(&mut self, list: &ComplaintList) -> Custody {
        Custody::look(list, Office::Procurator, &[&self.duty], Some(30), &mut self.seen)
    }

    fn findings(&mut self, sent: &[Envelope]) -> Vec<Finding> {
        let list = self.list(sent);
        self.look(&list).findings
    }

    fn place(&self, seq: u64) -> Place {
        Place { device: self.device, epoch: 1, seq }
    }

    fn missing(&self, number: u64) -> Finding {
        Finding::Missing { device: self.device, epoch: 1, number }
    }
}

#[test]
fn where_nothing_is_missing_nothing_is_found() {
    let mut story = Story::new();
    for _ in 0..2 {
        let list = story.list(&story.sent.clone());
        let custody = story.look(&list);
        assert_eq!(custody.findings, []);
        let numbers: Vec<u64> = custody.items.iter().map(|item| item.told.number).collect();
        assert_eq!((numbers, custody.counts[0].sent), (vec![1, 2, 3], 3));
    }
}

#[test]
fn one_that_was_removed_is_named_in_the_chain_and_under_the_seal() {
    let mut story = Story::new();
    let mut sent = story.sent.clone();
    sent.remove(2);
    assert_eq!(story.findings(&sent), [Finding::Gap(story.place(3)), story.missing(2)]);
}

#[test]
fn the_last_that_was_removed_is_named_by_the_days_count() {
    let mut story = Story::new();
    let mut sent = story.sent.clone();
    sent.remove(3);
    assert_eq!(story.findings(&sent), [Finding::Gap(story.place(4)), story.missing(3)]);
}

#[test]
fn an_end_that_was_cut_off_is_known_from_the_look_before() {
    let mut story = Story::new();
    assert_eq!(story.findings(&story.sent.clone()), []);
    let cut = story.sent[..3].to_vec();
    assert_eq!(story.findings(&cut), [Finding::Gone(story.place(5))]);
    assert_eq!(story.findings(&[]), [Finding::Gone(story.place(5))]);
    assert_eq!(story.findings(&story.sent.clone()), [], "it came back");
}

#[test]
fn two_that_changed_places_are_named() {
    let mut story = Story::new();
    let mut sent = story.sent.clone();
    (sent[0].seq, sent[2].seq) = (3, 1);
    let findings = story.findings(&sent);
    for seq in [1, 3] {
        assert!(findings.contains(&Finding::Signature(story.place(seq))), "{findings:?}");
        assert!(findings.contains(&Finding::Chain(story.place(seq))), "{findings:?}");
    }
}

#[test]
fn another_in_its_place_is_not_its_devices() {
    let mut story = Story::new();
    let mut forged = Story::new();
    forged.device = story.device;
    let mut sent = story.sent.clone();
    sent[2].body = forged.sent[2].body.clone();
    assert!(story.findings(&sent).contains(&Finding::Signature(story.place(3))));
}

#[test]
fn a_body_held_back_as_if_it_were_old_is_missing() {
    let mut story = Story::new();
    let mut list = story.list(&story.sent.clone());
    let held_back = list.entries.remove(0).envelope.without_body();
    list.others.push(held_back);
    assert_eq!(story.look(&list).findings, [story.missing(1)]);
    let mut old = Story::new();
    old.sent.clear();
    old.at_ms = NOW_MS - 31 * DAY_MS;
    old.mark(Office::Procurator, 1);
    old.at_ms = NOW_MS;
    old.mark(Office::Procurator, 2);
    let mut list = old.list(&old.sent.clone());
    let let_go = list.entries.remove(0).envelope.without_body();
    list.others.push(let_go);
    assert_eq!(old.look(&list).findings, [], "the retention let it go");
    list.others.clear();
    let gone = old.look(&list).findings;
    assert_eq!(gone, [Finding::Gap(old.place(1)), old.missing(1)]);
}

#[test]
fn a_device_key_that_changed_is_told_and_the_first_one_counts() {
    let mut story = Story::new();
    assert_eq!(story.findings(&story.sent.clone()), []);
    let mut list = story.list(&story.sent.clone());
    list.terminals[0].device_key = signing().public();
    assert_eq!(story.look(&list).findings, [Finding::Key { device: story.device }]);
    list.terminals.clear();
    let mut fresh = Seen::default();
    let found = Custody::look(&list, Office::Procurator, &[&story.duty], None, &mut fresh).findings;
    assert_eq!(found, [Finding::Key { device: story.device }]);
}

#[test]
fn what_no_key_opens_is_told() {
    let mut story = Story::new();
    story.duty = SealKey::generate();
    let findings = story.findings(&story.sent.clone());
    let closed = [1, 3, 4].map(|seq| Finding::Closed(story.place(seq)));
    assert!(closed.iter().all(|finding| findings.contains(finding)));
}
