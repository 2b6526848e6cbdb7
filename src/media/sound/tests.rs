// SPDX-License-Identifier: GPL-3.0-only
//! Sound from outside, with cards that write down what they are asked to play.

use std::fs;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Mutex, PoisonError};

use super::*;

/// What a card was asked to play, and how loud it is set.
#[derive(Clone, Default)]
struct Heardbook(Arc<Mutex<(Vec<Clip>, f32)>>);

impl Heardbook {
    fn with<T>(&self, f: impl FnOnce(&mut (Vec<Clip>, f32)) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn clips(&self) -> Vec<Clip> {
        self.with(|book| std::mem::take(&mut book.0))
    }

    fn volume(&self) -> f32 {
        self.with(|book| book.1)
    }
}

impl Speaker for Heardbook {
    fn play(&mut self, clip: Clip, volume: f32) {
        self.with(|book| {
            book.0.push(clip);
            book.1 = volume;
        });
    }

    fn set_volume(&mut self, volume: f32) {
        self.with(|book| book.1 = volume);
    }
}

fn good_card() -> (Sound, Heardbook) {
    let book = Heardbook::default();
    let card = book.clone();
    let sound =
        Sound::with(Box::new(move |_| Some(Box::new(card.clone()))), || Duration::ZERO, Speech::default());
    sound.settle();
    (sound, book)
}

fn prompt<'a>(language: &'a str, id: &'a str, cue: Cue) -> Prompt<'a> {
    Prompt { language, id, words: "one", cue }
}

/// A mono WAV file of 16-bit samples at 8 kHz.
fn wav(samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|v| v.to_le_bytes()).collect();
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    for (half, word) in
        [(1u16, None), (1, None), (0, Some(8_000u32)), (0, Some(16_000)), (2, None), (16, None)]
    {
        match word {
            Some(word) => file.extend(word.to_le_bytes()),
            None => file.extend(half.to_le_bytes()),
        }
    }
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

fn voices(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    dir
}

#[test]
fn a_cue_is_played() {
    let (sound, book) = good_card();
    sound.play(Cue::Done);
    sound.settle();
    assert!(sound.audible());
    assert_eq!(book.clips(), [tones::clip(Cue::Done)]);
}

#[test]
fn a_recorded_prompt_is_spoken() {
    let dir = voices(&[("zh-CN/roll_call-open.wav", wav(&[0, 16_384, -16_384, 0]))]);
    let (sound, book) = good_card();
    let sound = sound.with_voices(dir.path());
    assert_eq!(sound.speak(prompt("zh-CN", "roll_call-open", Cue::Announce)), Heard::Voice);
    sound.settle();
    let clips = book.clips();
    assert_eq!((clips[0].channels, clips[0].rate_hz), (1, 8_000));
    assert!(clips[0].samples.iter().zip([0.0, 0.5, -0.5, 0.0]).all(|(v, wanted)| (v - wanted).abs() < 1e-3));
}

#[test]
fn a_prompt_nobody_recorded_is_a_tone() {
    let dir = voices(&[("zh-CN/roll_call-open.wav", wav(&[1]))]);
    let (sound, book) = good_card();
    let sound = sound.with_voices(dir.path());
    for (language, id) in [("en", "roll_call-open"), ("zh-CN", "other"), ("..", "x"), ("", "")] {
        assert_eq!(sound.speak(prompt(language, id, Cue::YourTurn)), Heard::Tone);
    }
    sound.settle();
    assert_eq!(book.clips(), vec![tones::clip(Cue::YourTurn); 4]);
}

#[test]
fn a_bad_recording_is_a_tone_and_no_panic() {
    let whole = wav(&[1; 64]);
    let dir = voices(&[
        ("en/empty.wav", Vec::new()),
        ("en/header-only.wav", whole[..44].to_vec()),
        ("en/half-a-header.wav", whole[..20].to_vec()),
        ("en/text.ogg", b"this is no sound".to_vec()),
        ("en/long.wav", vec![0; voices::VOICE_BYTES_MAX as usize + 1]),
    ]);
    let (sound, book) = good_card();
    let sound = sound.with_voices(dir.path());
    for id in ["empty", "header-only", "half-a-header", "text", "long"] {
        for _ in 0..2 {
            sound.speak(prompt("en", id, Cue::NextWay));
            sound.settle();
            assert_eq!(book.clips(), [tones::clip(Cue::NextWay)], "{id}");
        }
    }
}

#[test]
fn a_recording_that_vanished_is_a_tone() {
    let dir = voices(&[("en/a.wav", wav(&[1]))]);
    let (sound, book) = good_card();
    let sound = sound.with_voices(dir.path());
    drop(dir);
    sound.speak(prompt("en", "a", Cue::Done));
    sound.settle();
    assert_eq!(book.clips(), [tones::clip(Cue::Done)]);
}

#[test]
fn night_is_softer_and_volume_keeps_its_limits() {
    let (sound, book) = good_card();
    for (volume, quiet, loudness) in [
        (0.8, false, 0.8),
        (0.8, true, 0.2),
        (9.0, true, 0.25),
        (9.0, false, 1.0),
        (-1.0, false, 0.0),
        (f32::NAN, false, 0.0),
    ] {
        sound.set_volume(volume);
        sound.quiet(quiet);
        sound.settle();
        assert!((book.volume() - loudness).abs() < 1e-6, "{volume} {quiet} gave {}", book.volume());
    }
}

#[test]
fn without_a_card_there_is_silence_and_a_try_every_ten_seconds() {
    static NOW_S: AtomicU64 = AtomicU64::new(100);
    static TRIES: AtomicUsize = AtomicUsize::new(0);
    let no_card = Box::new(|_: &Lost| {
        TRIES.fetch_add(1, Ordering::Relaxed);
        None
    });
    let sound =
        Sound::with(no_card, || Duration::from_secs(NOW_S.load(Ordering::Relaxed)), Speech::default());
    let tries_at = |now_s| {
        NOW_S.store(now_s, Ordering::Relaxed);
        for _ in 0..3 {
            assert_eq!(sound.speak(prompt("en", "x", Cue::Done)), Heard::Nothing);
            sound.play(Cue::Attention);
        }
        sound.settle();
        assert!(!sound.audible());
        TRIES.load(Ordering::Relaxed)
    };
    assert_eq!(tries_at(100), 1);
    assert_eq!(tries_at(109), 1);
    assert_eq!(tries_at(110), 2);
    assert_eq!(tries_at(119), 2);
    assert_eq!(tries_at(500), 3);
}

#[test]
fn a_card_pulled_out_is_noticed_and_opened_again() {
    static NOW_S: AtomicU64 = AtomicU64::new(0);
    let book = Heardbook::default();
    let card = book.clone();
    let flag = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&flag);
    let open = Box::new(move |lost: &Lost| {
        *kept.lock().expect("no panic") = Some(Arc::clone(lost));
        Some(Box::new(card.clone()) as Box<dyn Speaker>)
    });
    let sound = Sound::with(open, || Duration::from_secs(NOW_S.load(Ordering::Relaxed)), Speech::default());
    sound.settle();
    flag.lock().expect("no panic").as_ref().expect("opened").store(true, Ordering::Release);
    assert!(!sound.audible());
    sound.play(Cue::Done);
    sound.settle();
    assert_eq!(book.clips(), []);
    NOW_S.store(10, Ordering::Relaxed);
    sound.play(Cue::Done);
    sound.settle();
    assert!(sound.audible());
    assert_eq!(book.clips().len(), 1);
}

#[test]
fn a_hanging_card_holds_nobody_up() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let open = Box::new(move |_: &Lost| {
        assert!(held.recv().is_err(), "held until the test is over");
        None
    });
    let sound = Sound::with(open, || Duration::ZERO, Speech::default());
    for _ in 0..10 * ASKS_MAX {
        sound.play(Cue::Attention);
    }
    assert!(!sound.audible());
    drop(hold);
}

#[test]
fn this_machines_card_or_its_absence_is_settled_quickly() {
    let start = since_boot();
    let sound = Sound::open();
    sound.play(Cue::Done);
    let asked = since_boot() - start;
    sound.settle();
    let settled = since_boot() - start;
    eprintln!("audible: {}, asked in {asked:?}, settled in {settled:?}", sound.audible());
    assert!(asked < Duration::from_secs(1) && settled < Duration::from_secs(10));
}

/// Set when this program was started again to play into an ALSA card that swallows everything.
const SWALLOW: &str = "SOUND_TEST_SWALLOW";

/// Not a test of its own: what the program started again runs.
#[test]
fn a_card_that_swallows() {
    let Some(dir) = std::env::var_os(SWALLOW) else { return };
    let sound = Sound::open().with_voices(Path::new(&dir));
    sound.settle();
    assert!(sound.audible());
    assert_eq!(sound.speak(prompt("en", "a", Cue::Done)), Heard::Voice);
    for _ in 0..10 {
        sound.play(Cue::Announce);
    }
    sound.quiet(true);
    sound.settle();
    assert!(sound.audible());
}

#[test]
fn rodio_plays_to_a_card() {
    let dir =
        voices(&[("en/a.wav", wav(&[1; 800])), ("asound.conf", b"pcm.!default { type null }\n".to_vec())]);
    let ended = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "sound::tests::a_card_that_swallows", "--nocapture"])
        .env(SWALLOW, dir.path())
        .env("ALSA_CONFIG_PATH", dir.path().join("asound.conf"))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn words_nobody_recorded_are_spoken_where_there_is_a_voice() {
    let speech = Speech::find();
    if !speech.speaks("en") {
        eprintln!("skipped: there is no voice");
        return;
    }
    let book = Heardbook::default();
    let card = book.clone();
    let sound = Sound::with(Box::new(move |_| Some(Box::new(card.clone()))), || Duration::ZERO, speech);
    sound.settle();
    assert_eq!(sound.speak(prompt("en", "x", Cue::Done)), Heard::Voice);
    assert_eq!(sound.speak(prompt("bo", "x", Cue::Done)), Heard::Tone);
    sound.settle();
    let clips = book.clips();
    assert!(clips[0].samples.len() > 4_000, "a word");
    assert_eq!(clips[1], tones::clip(Cue::Done));
}
