// SPDX-License-Identifier: GPL-3.0-only
//! The program that uses the store while its disk fails. It is this very test program, started again with a role, and
//! says each thing on its output only after the store said it: what it acknowledged, what it lost, what is wrong.

use crate::Chance;
use contract::{
    AlarmRaised, Batch, BatchReply, BootId, CallId, CameraState, CameraStateChanged, DetaineeId, DeviceId,
    Direction, Event, EventId, Flow, IdentityCheck, Lane, LinePlace, Movement, OfficerId, OutReason, Phase,
    PinIssued, RollCallProgress, SigningKey, Stamp, TemplateMade, Total, Trust, Verdict, VerdictFor,
};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Config, Delivery, Fault, Keys, Opened, PAGES_MAX, Read, Store};
use uuid::Uuid;

pub(crate) const ROLE: &str = "FAULTS_ROLE";
pub(crate) const HOME: &str = "FAULTS_HOME";
pub(crate) const SEED: &str = "FAULTS_SEED";
/// Leads each line that is meant for the test; the test program prints others of its own.
pub(crate) const SAYS: &str = "store: ";
/// Transactions of [`Role::Script`].
pub(crate) const SCRIPT_LENGTH: usize = 12;

/// What the program does with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Checks what is known, then writes until something fails.
    Write,
    /// The same without a sync at each commit.
    WriteUnsynced,
    /// Writes a fixed number of transactions, whether they fail or not.
    Script,
    /// The same, and closes.
    ScriptAndClose,
    /// Checks what is known, goes on a little and closes.
    Check,
    /// Writes until there is no room.
    Fill,
    /// The same, then gives the ballast back and raises an alarm.
    FillAndGiveBack,
    /// Raises an alarm, giving the ballast back for it where it must.
    Alarm,
}

impl Role {
    const ALL: [Self; 8] = [
        Self::Write,
        Self::WriteUnsynced,
        Self::Script,
        Self::ScriptAndClose,
        Self::Check,
        Self::Fill,
        Self::FillAndGiveBack,
        Self::Alarm,
    ];

    fn is_script(self) -> bool {
        matches!(self, Self::Script | Self::ScriptAndClose)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::WriteUnsynced => "write unsynced",
            Self::Script => "script",
            Self::Check => "check",
            Self::ScriptAndClose => "script and close",
            Self::Fill => "fill",
            Self::FillAndGiveBack => "fill and give back",
            Self::Alarm => "alarm",
        }
    }
}

pub(crate) fn key_file(home: &Path) -> PathBuf {
    home.join("key")
}

pub(crate) fn known_file(home: &Path) -> PathBuf {
    home.join("known")
}

pub(crate) fn store_folder(home: &Path) -> PathBuf {
    home.join("store")
}

/// Not a test of its own: what the program started again runs.
#[test]
fn writer_child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let role = Role::ALL.into_iter().find(|known| known.name() == role).expect("a known role");
    let home = PathBuf::from(std::env::var_os(HOME).expect("a home"));
    let seed = std::env::var(SEED).expect("a seed").parse().expect("a number");
    if let Err(fault) = play(role, &home, Chance::new(seed)) {
        say(&format!("stopped {}", chain_of(&fault)));
    }
    // Nothing is closed behind a failure: the power is gone.
    std::process::exit(0);
}

fn play(role: Role, home: &Path, mut chance: Chance) -> Result<(), Fault> {
    let signing = key(home);
    let key = signing.public();
    let (mut store, opened) = Store::open(config(&store_folder(home), signing))?;
    if opened != Opened::Sound {
        say(&format!("wrong opened as {opened:?}"));
    }
    let pages = if role.is_script() { 8 } else { [1000, 20][chance.below(2) as usize] };
    store.read(|read| Ok::<_, Fault>(read.sql().pragma_update(None, "wal_autocheckpoint", pages)?))?;
    match role {
        Role::Write => {
            check(&mut store, home, &key)?;
            loop {
                step(&mut store, &mut chance)?;
            }
        }
        Role::WriteUnsynced => {
            sync_no_more(&mut store)?;
            check(&mut store, home, &key)?;
            loop {
                step(&mut store, &mut chance)?;
            }
        }
        Role::Check => {
            check(&mut store, home, &key)?;
            for _ in 0..3 {
                send(&mut store, &[event(&mut chance)])?;
            }
        }
        Role::Script | Role::ScriptAndClose => {
            for _ in 0..SCRIPT_LENGTH {
                if let Err(fault) = step(&mut store, &mut chance) {
                    say(&format!("failed {}", chain_of(&fault)));
                }
            }
        }
        Role::Fill | Role::FillAndGiveBack => {
            fill(&mut store, || event(&mut chance));
            fill(&mut store, alarm);
            if role == Role::FillAndGiveBack {
                give_back(&mut store);
            }
        }
        Role::Alarm => {
            if send(&mut store, &[alarm()]).is_err() {
                give_back(&mut store);
            }
        }
    }
    if matches!(role, Role::Script | Role::Fill) {
        // The power goes while the store is open.
        std::process::exit(0);
    }
    Ok(())
}

fn key(home: &Path) -> Arc<SigningKey> {
    Arc::new(SigningKey::open(&std::fs::read(key_file(home)).unwrap()).unwrap())
}

fn config(dir: &Path, signing: Arc<SigningKey>) -> Config<'_> {
    let keys = Keys::from_storage_key(&[7; 32]).unwrap();
    Config { dir, device: DeviceId(Uuid::nil()), signing, keys, services: &[], pages_max: PAGES_MAX }
}

/// What the test knows of each event.
fn known(home: &Path) -> Vec<(String, EventId)> {
    let text = std::fs::read_to_string(known_file(home)).unwrap();
    let mut known = Vec::new();
    for line in text.lines() {
        let (word, ids) = line.split_once(' ').unwrap();
        let ids = ids.split(' ').filter(|id| !id.is_empty());
        known.extend(ids.map(|id| (word.to_owned(), EventId(Uuid::parse_str(id).unwrap()))));
    }
    known
}

/// The store's own connection, switched to what it must not be: the log is synced before a checkpoint only. The store
/// has no such switch; the statement leaves its transaction, because SQLite does not listen inside one.
fn sync_no_more(store: &mut Store) -> Result<(), Fault> {
    store.read(|read| {
        Ok::<_, Fault>(read.sql().execute_batch("COMMIT; PRAGMA synchronous = NORMAL; BEGIN")?)
    })?;
    let level: i64 = store
        .read(|read| Ok::<_, Fault>(read.sql().pragma_query_value(None, "synchronous", |row| row.get(0))?))?;
    assert_eq!(level, 1, "NORMAL");
    Ok(())
}

/// One transaction: some events, or the platform's verdict for some.
fn step(store: &mut Store, chance: &mut Chance) -> Result<(), Fault> {
    if chance.one_in(8) {
        return settle(store, Lane::STORED[chance.below(Lane::STORED.len() as u64) as usize]);
    }
    let events: Vec<Event> = (0..=chance.below(3)).map(|_| event(chance)).collect();
    send(store, &events)
}

fn send(store: &mut Store, events: &[Event]) -> Result<(), Fault> {
    let ids = store.write(|tx| {
        let ids: Vec<EventId> = events.iter().map(|event| tx.send(event, &NOW)).collect::<Result<_, _>>()?;
        say(&format!("try {}", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")));
        Ok::<_, Fault>(ids)
    })?;
    for id in ids {
        say(&format!("sent {id}"));
    }
    Ok(())
}

fn settle(store: &mut Store, lane: Lane) -> Result<(), Fault> {
    let flow = Flow { events_max: 5, ..Flow::default() };
    let Some(batch) = store.read(|read| read.next_batch(lane, flow))? else { return Ok(()) };
    for id in store.write(|tx| tx.settle(&accepted(&batch), "signed", &NOW))? {
        say(&format!("settled {id}"));
    }
    Ok(())
}

fn accepted(batch: &Batch) -> BatchReply {
    let last = batch.events.last().unwrap();
    let verdict = |event: &contract::Envelope| VerdictFor {
        id: event.id,
        seq: event.seq,
        hash: event.hash(),
        verdict: Verdict::Accepted,
    };
    BatchReply {
        batch: batch.batch,
        device: batch.device,
        lane: batch.lane,
        acked_seq: last.seq,
        head: last.hash(),
        verdicts: batch.events.iter().map(verdict).collect(),
        server_ms: 0,
        flow: Flow::default(),
        reconnect_window_s: 1,
    }
}

/// Writes one kind of event until the store refuses, which must be for want of room.
fn fill(store: &mut Store, event: impl FnMut() -> Event) {
    let mut event = event;
    loop {
        if let Err(fault) = send(store, &[event()]) {
            let word = if fault.is_full() { "failed" } else { "wrong not said to be full:" };
            return say(&format!("{word} {}", chain_of(&fault)));
        }
    }
}

/// The ballast goes, and an alarm must find room.
fn give_back(store: &mut Store) {
    if !store.drop_ballast() {
        say("wrong no ballast to give back");
    }
    if let Err(fault) = send(store, &[alarm()]) {
        say(&format!("wrong no alarm after the ballast was given back: {}", chain_of(&fault)));
    }
}

/// Whether all that is known is there, and whole.
fn check(store: &mut Store, home: &Path, key: &contract::PublicKey) -> Result<(), Fault> {
    let mut there = BTreeSet::new();
    for (word, id) in known(home) {
        let delivery = store.read(|read| read.delivery(id))?;
        match (word.as_str(), &delivery) {
            ("together", found) => {
                there.insert(found.is_some());
            }
            ("refused", Some(_)) => say(&format!("kept {id}")),
            ("refused", None) | ("sent", Some(_)) | (_, Some(Delivery::Delivered { .. })) => {}
            _ => say(&format!("lost {id}")),
        }
    }
    if there.len() == 2 {
        say("wrong only a part of a transaction was kept");
    }
    store.read(whole)?;
    for lane in Lane::STORED {
        for event in
            store.read(|read| read.next_batch(lane, Flow::default()))?.into_iter().flat_map(|b| b.events)
        {
            if event.check(key).is_err() {
                say(&format!("wrong {} {} is not as it was signed", lane.name(), event.seq));
            }
        }
    }
    say("checked");
    Ok(())
}

/// Numbers without a gap, each row chained to the one before, each lane's head its last row.
fn whole(read: &Read<'_>) -> Result<(), Fault> {
    let mut statement = read.sql().prepare(
        "SELECT o.epoch, o.lane, o.seq, o.prev, o.hash, h.seq, h.hash FROM outbox o
         LEFT JOIN lane_head h ON h.epoch = o.epoch AND h.lane = o.lane ORDER BY o.epoch, o.lane, o.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut before: Option<Row> = None;
    while let Some(row) = rows.next()? {
        let row = Row {
            lane: (row.get(0)?, row.get(1)?),
            seq: row.get(2)?,
            prev: row.get(3)?,
            hash: row.get(4)?,
            head: (row.get(5)?, row.get(6)?),
        };
        let follows = before.as_ref().filter(|before| before.lane == row.lane);
        if (row.seq, row.prev) != follows.map_or((1, [0; 32]), |before| (before.seq + 1, before.hash)) {
            say(&format!("wrong {:?} {} does not follow", row.lane, row.seq));
        }
        if let Some(last) = before.filter(|before| before.lane != row.lane) {
            last.is_head();
        }
        before = Some(row);
    }
    before.iter().for_each(Row::is_head);
    Ok(())
}

struct Row {
    lane: (u32, String),
    seq: u64,
    prev: [u8; 32],
    hash: [u8; 32],
    head: (u64, [u8; 32]),
}

impl Row {
    fn is_head(&self) {
        if self.head != (self.seq, self.hash) {
            say(&format!("wrong the head of {:?} is not its last row", self.lane));
        }
    }
}

const NOW: Stamp = Stamp { boot: BootId(Uuid::nil()), mono_ms: 1, wall_ms: 2, trust: Trust::Synced };

fn alarm() -> Event {
    Event::AlarmRaised(AlarmRaised { at: NOW })
}

/// Of four lanes, from a hundred bytes to twenty thousand.
fn event(chance: &mut Chance) -> Event {
    let (detainee, officer) = (DetaineeId::fresh(), OfficerId::fresh());
    match chance.below(6) {
        0 => alarm(),
        1 => Event::CameraStateChanged(CameraStateChanged { at: NOW, state: CameraState::Covered }),
        2 => Event::PinIssued(PinIssued { detainee, officer, at: NOW }),
        3 => Event::TemplateMade(TemplateMade { detainee, officer, at: NOW, model: "a model".into() }),
        4 => Event::Movement(Movement {
            detainee,
            direction: Direction::TakeOut,
            reason: OutReason::Clinic,
            at: NOW,
            left_ms: None,
            checked: IdentityCheck::Officer,
            officer,
            remaining: 3,
        }),
        _ => Event::RollCallProgress(RollCallProgress {
            call: CallId::fresh(),
            title: "a roll call".into(),
            phase: Phase::Open,
            total: Total::default(),
            unresolved: 1,
            lines: (0..chance.below(400)).map(|_| (DetaineeId::fresh(), LinePlace::Called)).collect(),
        }),
    }
}

fn say(what: &str) {
    // The test program may have begun a line.
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{SAYS}{}", what.replace('\n', " ")).expect("somebody listens");
    out.flush().expect("somebody listens");
}

fn chain_of(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
