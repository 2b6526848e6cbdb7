// SPDX-License-Identifier: GPL-3.0-only
//! What is plugged in, as the system lists it.

use super::Check;
use std::path::Path;

/// Most names listed of one kind.
const NAMES_MAX: usize = 8;

pub(super) fn cameras(dev: &Path) -> Check {
    const NAME: &str = "camera";
    let found =
        names(dev, |name| name.strip_prefix("video").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())));
    if found.is_empty() {
        return Check::missing(NAME, "none plugged in: roll call runs on PIN and officer's check");
    }
    let closed = found.iter().find(|name| std::fs::File::open(dev.join(name)).is_err());
    match closed {
        Some(name) => Check::fail(NAME, format!("{name} may not be opened by this user (group video?)")),
        None => Check::pass(NAME, found.join(" ")),
    }
}

/// Readers that type look like keyboards; others speak through pcscd.
pub(super) fn card_readers(by_id: &Path, pcscd: &Path) -> Check {
    const NAME: &str = "card reader";
    let mut found = names(by_id, |name| name.ends_with("-event-kbd"));
    if pcscd.exists() {
        found.push("pcscd".to_owned());
    }
    if found.is_empty() {
        return Check::missing(NAME, "no USB reader and no pcscd: officers cannot sign in by card");
    }
    Check::pass(NAME, format!("{} (a keyboard looks the same)", found.join(" ")))
}

pub(super) fn sound(cards: &Path) -> Check {
    const NAME: &str = "sound";
    let listed = std::fs::read_to_string(cards).unwrap_or_default();
    let cards = listed.lines().filter_map(|line| line.split_once("]: ")).map(|(_, card)| card.trim());
    let cards: Vec<&str> = cards.take(NAMES_MAX).collect();
    if cards.is_empty() {
        return Check::missing(NAME, "no sound card: every sound is also shown");
    }
    Check::pass(NAME, cards.join(", "))
}

fn names(dir: &Path, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| wanted(name))
        .take(NAMES_MAX)
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;

    #[test]
    fn cameras_are_the_numbered_video_devices() {
        let dev = tempfile::tempdir().unwrap();
        assert_eq!(cameras(dev.path()).state, State::Missing);
        for name in ["video0", "video1", "videoish", "null"] {
            std::fs::write(dev.path().join(name), "").unwrap();
        }
        assert_eq!(cameras(dev.path()), Check::pass("camera", "video0 video1"));
    }

    #[test]
    fn a_reader_is_a_keyboard_or_a_daemon() {
        let dir = tempfile::tempdir().unwrap();
        let (by_id, pcscd) = (dir.path().join("by-id"), dir.path().join("pcscd.comm"));
        assert_eq!(card_readers(&by_id, &pcscd).state, State::Missing);
        std::fs::write(&pcscd, "").unwrap();
        assert_eq!(card_readers(&by_id, &pcscd).state, State::Pass);
    }

    #[test]
    fn no_sound_card_is_missing_and_no_failure() {
        let dir = tempfile::tempdir().unwrap();
        let cards = dir.path().join("cards");
        std::fs::write(&cards, "--- no soundcards ---\n").unwrap();
        assert_eq!(sound(&cards).state, State::Missing);
        std::fs::write(&cards, " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n   HDA Intel\n").unwrap();
        assert_eq!(sound(&cards), Check::pass("sound", "HDA-Intel - HDA Intel PCH"));
    }
}
