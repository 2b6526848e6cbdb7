// SPDX-License-Identifier: GPL-3.0-only
//! Whoever is root reads this process: what was written to an office is not there once the page is left. The marker is
//! typed letter by letter and held inverted, so that the test itself does not hold what it looks for.

use crate::world::{Setup, World};
use contract::{Arrangement, FeedOp, Office, OfficeKeys, SealKey, SigningKey};
use services::scene::{ComplaintPage, Place};
use std::io::{Read, Seek, SeekFrom};

const LETTERS: usize = 16;
const CHUNK: usize = 1024 * 1024;

/// What was typed, inverted.
struct Marker(Vec<u8>);

impl Marker {
    fn new() -> Self {
        let bytes = uuid::Uuid::new_v4().into_bytes();
        Self(bytes.iter().take(LETTERS).map(|byte| !(b'a' + byte % 26)).collect())
    }

    fn is_at(&self, bytes: &[u8], step: usize) -> bool {
        let at = |number: usize| bytes.get(number * step).map(|byte| !byte);
        let gap = |number: usize| step == 1 || bytes.get(number * step + 1) == Some(&0);
        (0..self.0.len()).all(|number| at(number) == Some(self.0[number]) && gap(number))
    }

    /// How often it stands in this process's memory, as UTF-8 and as UTF-16.
    fn count(&self) -> usize {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
        let mut chunk = vec![0; CHUNK + 2 * LETTERS];
        let mut found = 0;
        for line in maps.lines().filter(|line| line.contains(" rw") && !line.ends_with("[vvar]")) {
            let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
            let bound = |text| u64::from_str_radix(text, 16).unwrap();
            let (mut at, end) = (bound(from), bound(to));
            // The buffer would find what it was filled with.
            let own = chunk.as_ptr() as u64;
            while at < end {
                let len = usize::try_from((end - at).min(chunk.len() as u64)).unwrap();
                memory.seek(SeekFrom::Start(at)).unwrap();
                if memory.read_exact(&mut chunk[..len]).is_err() {
                    at += 4096;
                    continue;
                }
                let first = !self.0[0];
                for (offset, _) in chunk[..len].iter().enumerate().filter(|(_, byte)| **byte == first) {
                    let place = at + offset as u64;
                    let is_own = (own..own + chunk.len() as u64).contains(&place);
                    let here = &chunk[offset..len];
                    if !is_own && (self.is_at(here, 1) || self.is_at(here, 2)) {
                        found += 1;
                    }
                }
                at += if len > 2 * LETTERS { (len - 2 * LETTERS) as u64 } else { len as u64 };
                if len < chunk.len() {
                    break;
                }
            }
        }
        chunk.fill(0);
        found
    }
}

/// The procurator's keys come down.
fn opens(world: &World) {
    let signing = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
    let now_ms = device::Clock::now(&world.clock).wall_ms;
    let keys = OfficeKeys {
        office: Office::Procurator,
        recipients: (0..2).map(|_| SealKey::generate().recipient()).collect(),
        signing: signing.public(),
        made_ms: now_ms,
        arrangement: Some(Arrangement {
            from_ms: now_ms - 86_400_000,
            until_ms: now_ms + 86_400_000,
            retention_days: 365,
        }),
    };
    let body = serde_json::to_value(keys.sign(&signing).unwrap()).unwrap();
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    world.set_policy(|policy| policy.complaint.delay_min = 0);
    world.block_on(platform.put_raw(terminal, "office", "procurator", FeedOp::Put, &body)).unwrap();
    world.touch("tile-complaints");
    world.touch("choice-office-procurator");
    world.until_sees("choice-unnamed");
}

#[test]
fn invariant_14_after_the_page_is_left_the_memory_holds_nothing_of_what_was_written() {
    let world = World::new(Setup::default());
    opens(&world);
    let marker = Marker::new();
    assert_eq!(marker.count(), 0);
    for id in ["choice-unnamed", "choice-about-officer", "next", "choice-topic-violence", "next"] {
        world.touch(id);
    }
    for letter in &marker.0 {
        world.touch(&format!("type-{}", char::from(!letter)));
    }
    world.touch("type-done");
    world.until_sees("way-elsewhere");
    assert!(marker.count() > 0, "it is on the screen: where it is, it is found");
    world.touch("next");
    world.until_sees("receipt-code");
    assert!(
        world.scene().is_some_and(|scene| matches!(scene.place, Place::Complaint(ComplaintPage::Sent(_))))
    );
    world.touch("next");
    world.until_sees("tile-complaints");
    world.seconds_pass(5);
    for _ in 0..50 {
        world.look();
    }
    let left = marker.count();
    assert_eq!(left, 0, "it still stands {left} times in memory");
}
