// SPDX-License-Identifier: GPL-3.0-only
//! What an office can prove of its complaints, alone: with its keys, a list, and what it saw before.
//!
//! Trusts nothing of a list but what the terminals signed. A thing that was removed, changed, moved or held back by
//! whoever carries the list is named by its number: in the lane (the chain), under the seal (no gap), by the day's count,
//! and by what was there the last time. Cannot tell: what a terminal never sent, and a device key that was another's from
//! the first list on; its fingerprint is compared with the terminal's own.

use crate::{
    ComplaintList, DeviceId, Digest, Envelope, Event, EventId, Office, PublicKey, SealKey, ToOffice,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const DAY_MS: i64 = 86_400_000;
/// The kind of what is sealed to an office; whose it is cannot be seen without its body.
const SEALED_KIND: &str = "complaint.sealed/1";
/// Most single numbers named of one terminal; a count beyond what can be would name them without end.
const MISSING_MAX: usize = 10_000;

/// What an office keeps between two looks: whose signature is whose, and how far each lane went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seen {
    pub devices: Vec<SeenDevice>,
    pub heads: Vec<SeenHead>,
}

/// A terminal's device, as it was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenDevice {
    pub device: DeviceId,
    pub key: PublicKey,
}

/// The last event of a lane that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenHead {
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
    pub hash: Digest,
}

/// Where something lies: a terminal's device, its epoch, and its number in the lane of complaints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
}

impl Place {
    fn of(envelope: &Envelope) -> Self {
        Self { device: envelope.device, epoch: envelope.epoch, seq: envelope.seq }
    }
}

/// Something that was sealed to this office and that its device signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InCustody {
    pub place: Place,
    pub event: EventId,
    /// What the office's words name.
    pub sealed: Digest,
    pub told: ToOffice,
}

/// One day's count of one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub device: DeviceId,
    pub epoch: u32,
    /// Days since 1970-01-01, facility time.
    pub day: i64,
    pub sent: u64,
}

/// Something is not as it must be. What is named was kept back, changed or lost on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The device's key is not the one it had, or none is told.
    Key { device: DeviceId },
    /// Its device did not sign it as it stands.
    Signature(Place),
    /// Nothing of the lane lies here.
    Gap(Place),
    /// It does not follow from the one before.
    Chain(Place),
    /// This was here the last time, and is not, or is another.
    Gone(Place),
    /// No key of this office opens it.
    Closed(Place),
    /// Nothing with this number under its seal was handed over.
    Missing { device: DeviceId, epoch: u32, number: u64 },
}

/// What a look through a list found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Custody {
    /// By device, epoch and number.
    pub items: Vec<InCustody>,
    pub counts: Vec<DayCount>,
    /// None: everything is here.
    pub findings: Vec<Finding>,
}

impl Custody {
    /// Looks through everything an office was handed. `retention_days` is that of its arrangement: older things may have
    /// lost their bodies. Takes what it found into `seen`, but for what contradicts it.
    pub fn look(
        list: &ComplaintList,
        office: Office,
        keys: &[&SealKey],
        retention_days: Option<u32>,
        seen: &mut Seen,
    ) -> Self {
        let mut custody = Self::default();
        let known = custody.devices(list, seen);
        let mut lanes: BTreeMap<(DeviceId, u32), BTreeMap<u64, &Envelope>> = BTreeMap::new();
        for envelope in list.entries.iter().map(|entry| &entry.envelope).chain(&list.others) {
            lanes.entry((envelope.device, envelope.epoch)).or_default().insert(envelope.seq, envelope);
        }
        for ((device, epoch), lane) in &lanes {
            if let Some(key) = known.get(device) {
                custody.chain(lane, key, seen);
            }
            custody.open(lane, office, keys);
            let since_ms = retention_days.map(|days| list.now_ms.saturating_sub(i64::from(days) * DAY_MS));
            custody.numbers((*device, *epoch), lane, since_ms);
        }
        // A lane that is not in the list at all.
        for head in &seen.heads {
            if !lanes.contains_key(&(head.device, head.epoch)) {
                custody.findings.push(Finding::Gone(Place {
                    device: head.device,
                    epoch: head.epoch,
                    seq: head.seq,
                }));
            }
        }
        custody
    }

    /// Whose signature counts: the key first seen of each device.
    fn devices(&mut self, list: &ComplaintList, seen: &mut Seen) -> BTreeMap<DeviceId, PublicKey> {
        for terminal in &list.terminals {
            match seen.devices.iter().find(|of| of.device == terminal.device) {
                Some(of) if of.key == terminal.device_key => {}
                Some(_) => self.findings.push(Finding::Key { device: terminal.device }),
                None => seen
                    .devices
                    .push(SeenDevice { device: terminal.device, key: terminal.device_key.clone() }),
            }
        }
        let known: BTreeMap<_, _> = seen.devices.iter().map(|of| (of.device, of.key.clone())).collect();
        let all = list.entries.iter().map(|entry| &entry.envelope).chain(&list.others);
        let unknown: BTreeSet<DeviceId> =
            all.map(|of| of.device).filter(|device| !known.contains_key(device)).collect();
        self.findings.extend(unknown.into_iter().map(|device| Finding::Key { device }));
        known
    }

    /// Each follows from the one before, from the first on, as its device signed it; what was seen is there still.
    fn chain(&mut self, lane: &BTreeMap<u64, &Envelope>, key: &PublicKey, seen: &mut Seen) {
        let (mut next, mut head) = (1, Some(Digest::ZERO));
        for (seq, envelope) in lane {
            let place = Place::of(envelope);
            for missing in (next..*seq).take(MISSING_MAX) {
                self.findings.push(Finding::Gap(Place { seq: missing, ..place }));
            }
            if *seq != next {
                head = None;
            }
            if envelope.check(key).is_err() {
                self.findings.push(Finding::Signature(place));
            }
            if head.is_some_and(|head| head != envelope.prev) {
                self.findings.push(Finding::Chain(place));
            }
            next = seq.saturating_add(1);
            head = Some(envelope.hash());
        }
        let Some((seq, last)) = lane.last_key_value() else { return };
        let newest = SeenHead { device: last.device, epoch: last.epoch, seq: *seq, hash: last.hash() };
        match seen.heads.iter_mut().find(|of| of.device == last.device && of.epoch == last.epoch) {
            None => seen.heads.push(newest),
            Some(of) if lane.get(&of.seq).is_some_and(|held| held.hash() == of.hash) => *of = newest,
            Some(of) => {
                let place = Place { device: of.device, epoch: of.epoch, seq: of.seq };
                self.findings.push(Finding::Gone(place));
            }
        }
    }

    fn open(&mut self, lane: &BTreeMap<u64, &Envelope>, office: Office, keys: &[&SealKey]) {
        for envelope in lane.values().filter(|envelope| !envelope.body.is_empty()) {
            match Event::decode(&envelope.kind, &envelope.body) {
                Ok(Event::ComplaintSealed(sealed)) if sealed.office == office => {
                    let place = Place::of(envelope);
                    match keys.iter().find_map(|key| sealed.sealed.open::<ToOffice>(key).ok()) {
                        Some(told) => {
                            let (event, sealed) = (envelope.id, sealed.digest());
                            self.items.push(InCustody { place, event, sealed, told });
                        }
                        None => self.findings.push(Finding::Closed(place)),
                    }
                }
                Ok(Event::ComplaintCount(count)) => {
                    let sent = count.counts.iter().find(|of| of.office == office).map(|of| of.sent);
                    let of = |sent| DayCount {
                        device: envelope.device,
                        epoch: envelope.epoch,
                        day: count.day,
                        sent,
                    };
                    self.counts.extend(sent.map(of));
                }
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Names the numbers that are not here, up to the highest that was seen or counted. The lowest may have lost their
    /// bodies by the retention: no more of them than lie there without, and old enough.
    fn numbers(
        &mut self,
        (device, epoch): (DeviceId, u32),
        lane: &BTreeMap<u64, &Envelope>,
        since_ms: Option<i64>,
    ) {
        let of = |item: &&InCustody| item.place.device == device && item.place.epoch == epoch;
        let held: BTreeSet<u64> = self.items.iter().filter(of).map(|item| item.told.number).collect();
        let counted = self.counts.iter().filter(|of| of.device == device && of.epoch == epoch);
        let last = counted.map(|of| of.sent).chain(held.last().copied()).max().unwrap_or_default();
        let is_old = |envelope: &&&Envelope| {
            envelope.kind == SEALED_KIND
                && envelope.body.is_empty()
                && since_ms.is_some_and(|since_ms| envelope.time.wall_ms < since_ms)
        };
        let mut let_go = lane.values().filter(is_old).count();
        let first = held.first().copied().unwrap_or(u64::MAX);
        let missing = (1..=last).filter(|number| !held.contains(number)).take(MISSING_MAX);
        for number in missing {
            if number < first && let_go > 0 {
                let_go -= 1;
            } else {
                self.findings.push(Finding::Missing { device, epoch, number });
            }
        }
    }
}

#[cfg(test)]
#[path = "custody_tests.rs"]
pub(crate) mod tests;
