// SPDX-License-Identifier: GPL-3.0-only
//! A cell for the rules' tests: a real store, a clock that is told the time, people with PINs.

use crate::pin::Pin;
use crate::{Actor, Done, Intent, MIGRATIONS, Refusal, Stop, act, apply, tick};
use argon2::{Algorithm, Argon2, Params, Version};
use contract::{
    BootId, CallId, CardDigest, DetaineeId, DeviceId, Digest, Event, FeedItem, FeedOp, FeedPage, Flow,
    HexBytes, Lane, Member, Officer, OfficerId, OfficerRole, PinVerifier, Policy, RollCallTask, SigningKey,
    Stamp, Text, Trust,
};
use serde::Serialize;
use std::sync::Arc;
use store::{Config, Fault, Keys, PAGES_MAX, Read, Store, Write};

/// 10:00 on some day, UTC.
pub(crate) const TEN_O_CLOCK_MS: i64 = 1_795_255_200_000;

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) now: Stamp,
    pub(crate) people: Vec<DetaineeId>,
    pub(crate) officers: Vec<OfficerId>,
    rev: u64,
    device: DeviceId,
    signing: Arc<SigningKey>,
    dir: tempfile::TempDir,
}

impl World {
    /// A cell of `people` with the PINs 2001, 2002, …; two officers with cards CARD1, CARD2 and PINs 7301, 7302.
    pub(crate) fn new(people: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let device = DeviceId::fresh();
        let signing = Arc::new(SigningKey::open(&SigningKey::generate().unwrap()).unwrap());
        let store = open(&dir, device, &signing);
        let now =
            Stamp { boot: BootId::fresh(), mono_ms: 1_000, wall_ms: TEN_O_CLOCK_MS, trust: Trust::Synced };
        let mut world =
            Self { store, now, people: Vec::new(), officers: Vec::new(), rev: 0, device, signing, dir };
        for n in 1..=people {
            let member = world.member(n);
            world.people.push(member.id);
            world.put("member", &member.id.to_string(), &member);
        }
        for n in 1..=2 {
            let officer = officer(n);
            world.officers.push(officer.id);
            world.put("officer", &officer.id.to_string(), &officer);
        }
        world
    }

    pub(crate) fn member(&self, n: usize) -> Member {
        Member {
            id: DetaineeId::fresh(),
            name: Text::new("王小明"),
            badge_number: Text::new(&format!("03{n:02}")),
            out: None,
            exempt: None,
            face_off: false,
            pin: Some(verifier(&format!("200{n}"))),
        }
    }

    /// The platform says something.
    pub(crate) fn put<T: Serialize>(&mut self, collection: &str, key: &str, body: &T) {
        self.feed(collection, key, FeedOp::Put, serde_json::to_value(body).unwrap());
    }

    pub(crate) fn delete(&mut self, collection: &str, key: &str) {
        self.feed(collection, key, FeedOp::Del, serde_json::Value::Null);
    }

    pub(crate) fn feed(&mut self, collection: &str, key: &str, op: FeedOp, body: serde_json::Value) {
        self.rev += 1;
        let item = FeedItem {
            cursor: self.rev,
            collection: collection.to_owned(),
            key: key.to_owned(),
            rev: self.rev,
            op,
            body,
        };
        let (from, to) = (self.rev - 1, self.rev);
        self.page(from.max(1), to.max(1), vec![item], false);
    }

    /// A page of the feed.
    pub(crate) fn page(&mut self, from: u64, to: u64, items: Vec<FeedItem>, end: bool) {
        let (device, server_ms, now) = (self.device, self.now.wall_ms, self.now);
        let page = FeedPage {
            device,
            from,
            to,
            prev: Digest::ZERO,
            items,
            server_ms,
            end,
            heads: None,
            newest_key: None,
        };
        self.store.write(|tx| apply(tx, &page, &now)).unwrap();
    }

    pub(crate) fn policy(&mut self, change: impl FnOnce(&mut Policy)) {
        let mut policy = self.read(crate::policy).1;
        change(&mut policy);
        self.put("policy", "policy", &policy);
    }

    pub(crate) fn task(&mut self, opens_in_s: i64) -> CallId {
        let opens_ms = self.now.wall_ms + opens_in_s * 1000;
        let task = RollCallTask {
            call: CallId::fresh(),
            title: Text::new("晨间点名"),
            opens_ms,
            expires_ms: opens_ms + 3_600_000,
            cancelled: false,
        };
        self.put("roll_call_task", &task.call.to_string(), &task);
        task.call
    }

    /// Time passes in seconds, one tick each.
    pub(crate) fn pass(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.now.mono_ms += 1000;
            self.now.wall_ms += 1000;
            let now = self.now;
            self.store.write(|tx| tick(tx, &now)).unwrap();
        }
    }

    pub(crate) fn act(&mut self, actor: Actor, intent: impl Into<Intent>) -> Result<Done, Refusal> {
        let (intent, now) = (intent.into(), self.now);
        match self.store.write(|tx| act(tx, actor, &intent, &now)) {
            Ok(done) => match done.refused {
                Some(refusal) => Err(refusal),
                None => Ok(done),
            },
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Failed(fault)) => panic!("the disk failed: {fault}"),
        }
    }

    pub(crate) fn officer(&self) -> Actor {
        Actor::Officer(self.officers[0])
    }

    pub(crate) fn read<T>(&mut self, question: impl FnOnce(&Read<'_>) -> Result<T, Fault>) -> T {
        self.store.read(question).unwrap()
    }

    pub(crate) fn write<T>(&mut self, change: impl FnOnce(&Write<'_>) -> Result<T, Fault>) -> T {
        self.store.write(change).unwrap()
    }

    /// The power goes, and comes back after a minute.
    pub(crate) fn power_cut(&mut self) {
        self.store = open(&self.dir, self.device, &self.signing);
        self.now = Stamp {
            boot: BootId::fresh(),
            mono_ms: 1_000,
            wall_ms: self.now.wall_ms + 60_000,
            trust: Trust::Unsynced,
        };
    }

    /// Every file of the store, by name.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files =
            std::fs::read_dir(self.dir.path()).unwrap().flatten().filter(|entry| entry.path().is_file());
        files
            .map(|entry| {
                (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
            })
            .collect()
    }

    /// What waits to be sent in a lane.
    pub(crate) fn sent(&mut self, lane: Lane) -> Vec<Event> {
        let batch = self.read(|read| read.next_batch(lane, Flow::default()));
        let events = batch.map(|batch| batch.events).unwrap_or_default();
        events.iter().map(|event| Event::decode(&event.kind, &event.body).unwrap()).collect()
    }
}

fn open(dir: &tempfile::TempDir, device: DeviceId, signing: &Arc<SigningKey>) -> Store {
    let keys = Keys::from_storage_key(&[7; 32]).unwrap();
    let config = Config {
        dir: dir.path(),
        device,
        signing: Arc::clone(signing),
        keys,
        services: MIGRATIONS,
        pages_max: PAGES_MAX,
    };
    Store::open(config).unwrap().0
}

pub(crate) fn officer(n: usize) -> Officer {
    let salt = HexBytes(vec![9; 16]);
    Officer {
        id: OfficerId::fresh(),
        name: Text::new(&format!("周民警{n}")),
        role: OfficerRole::DutyOfficer,
        card: CardDigest { digest: CardDigest::digest_of(&salt, &format!("CARD{n}")), salt },
        pin: verifier(&format!("730{n}")),
    }
}

/// Cheap on purpose: the costs are the platform's to choose.
fn verifier(digits: &str) -> PinVerifier {
    let (salt, mut hash) = (vec![5; 16], vec![0; 32]);
    let params = Params::new(64, 1, 1, Some(32)).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(digits.as_bytes(), &salt, &mut hash)
        .unwrap();
    PinVerifier { salt: HexBytes(salt), hash: HexBytes(hash), memory_kib: 64, passes: 1 }
}

pub(crate) fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}
