// SPDX-License-Identifier: GPL-3.0-only
//! Words nobody recorded, spoken by the program `espeak-ng` where it is installed.
//!
//! The words go in by its standard input, never by its arguments: those are for every process to read. It gets a few
//! seconds and is killed then; a missing or broken program is silence, and a tone takes its place.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Clip;
use super::voices::VOICE_BYTES_MAX;

const PROGRAM: &str = "espeak-ng";
/// Words a minute: slower than its own 175, for those who hear badly or are frightened.
const WORDS_PER_MINUTE: &str = "150";
/// Longest text, in bytes.
const WORDS_BYTES_MAX: usize = 2_000;
/// How long it may take to speak.
const PATIENCE: Duration = Duration::from_secs(5);
/// A WAV file's head as the program writes it: one channel of 16 bits. Its lengths are wrong, because it writes to a
/// pipe.
const HEAD_BYTES: usize = 44;

/// Why words are not spoken.
#[derive(Debug, thiserror::Error)]
pub(super) enum SpeechError {
    #[error("run {PROGRAM}")]
    Run(#[from] std::io::Error),
    #[error("wait for {PROGRAM}")]
    Slow,
    #[error("find the sound in what {PROGRAM} wrote")]
    NoSound,
}

/// The speaking program, if there is one.
#[derive(Debug, Default)]
pub(super) struct Speech(Option<PathBuf>);

impl Speech {
    /// Looks for the program where programs are.
    pub(super) fn find() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self(std::env::split_paths(&path).map(|dir| dir.join(PROGRAM)).find(|program| program.is_file()))
    }

    /// Whether `language` can be spoken.
    pub(super) fn speaks(&self, language: &str) -> bool {
        self.0.is_some() && voice(language).is_some()
    }

    /// The words as sound; nothing where the language has no voice.
    ///
    /// # Errors
    /// The program does not run, is too slow, or writes no sound.
    pub(super) fn say(&self, language: &str, words: &str) -> Result<Option<Clip>, SpeechError> {
        let (Some(program), Some(voice)) = (&self.0, voice(language)) else { return Ok(None) };
        let mut running = Running(start(program, voice)?);
        let words = words.get(..words.floor_char_boundary(WORDS_BYTES_MAX)).unwrap_or_default();
        if let Some(mut ears) = running.0.stdin.take() {
            ears.write_all(words.as_bytes())?;
        }
        let Some(mut mouth) = running.0.stdout.take() else { return Err(SpeechError::NoSound) };
        let sound = read_until(&mut mouth, Instant::now() + PATIENCE)?;
        clip(&sound).map(Some).ok_or(SpeechError::NoSound)
    }
}

/// The program's name for the voice of a language.
fn voice(language: &str) -> Option<&'static str> {
    match language {
        "zh-CN" => Some("cmn"),
        "en" => Some("en"),
        _ => None,
    }
}

fn start(program: &Path, voice: &str) -> std::io::Result<Child> {
    Command::new(program)
        .args(["-v", voice, "-s", WORDS_PER_MINUTE, "--stdin", "--stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// Killed and waited for when nobody listens any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn read_until(mouth: &mut std::process::ChildStdout, deadline: Instant) -> Result<Vec<u8>, SpeechError> {
    let mut sound = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).map_err(|_error| SpeechError::Slow)?;
        let ready = poll(&mut [PollFd::new(&*mouth, PollFlags::IN)], Some(&left));
        if ready.map_err(std::io::Error::from)? == 0 {
            return Err(SpeechError::Slow);
        }
        let count = mouth.read(&mut chunk)?;
        sound.extend_from_slice(&chunk[..count]);
        if count == 0 || sound.len() as u64 > VOICE_BYTES_MAX {
            return Ok(sound);
        }
    }
}

fn clip(wav: &[u8]) -> Option<Clip> {
    let (head, data) = wav.split_at_checked(HEAD_BYTES)?;
    let word = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
    // Format 1 of one channel, and a sample of 2 bytes.
    let known = head.starts_with(b"RIFF") && word(20)? == 0x0001_0001 && word(32)? == 0x0010_0002;
    let samples: Vec<f32> = data
        .chunks_exact(2)
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / f32::from(i16::MAX))
        .collect();
    (known && !samples.is_empty()).then_some(Clip { channels: 1, rate_hz: word(24)?, samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech() -> Option<Speech> {
        let speech = Speech::find();
        if speech.0.is_none() {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{PROGRAM} is required here");
            eprintln!("skipped: {PROGRAM} is not installed");
            return None;
        }
        Some(speech)
    }

    #[test]
    fn words_are_spoken_in_the_languages_of_the_terminal() {
        let Some(speech) = speech() else { return };
        for (language, words) in [("zh-CN", "请 1 2 0 3 号到屏幕前"), ("en", "Please come to the screen")]
        {
            let clip = speech.say(language, words).unwrap().unwrap();
            let seconds = clip.samples.len() as f32 / clip.rate_hz as f32;
            assert!((0.8..10.0).contains(&seconds), "{language} {seconds}");
            assert!(clip.samples.iter().any(|sample| sample.abs() > 0.1), "{language} is silent");
        }
    }

    #[test]
    fn longer_words_take_longer_and_without_an_end_are_cut() {
        let Some(speech) = speech() else { return };
        let length = |words: &str| speech.say("en", words).unwrap().unwrap().samples.len();
        assert!(length("one two three four five six") > length("one"));
        assert!(speech.say("en", &"é".repeat(100_000)).unwrap().is_some());
    }

    #[test]
    fn a_language_without_a_voice_is_not_spoken() {
        let speech = Speech(Some(PathBuf::from("/nowhere")));
        assert!(!speech.speaks("bo"));
        assert!(speech.say("bo", "x").unwrap().is_none());
        assert!(Speech(None).say("en", "x").unwrap().is_none());
    }

    #[test]
    fn a_program_that_says_nothing_or_nonsense_is_an_error() {
        let named = |program: &str| Speech(Some(PathBuf::from(program))).say("en", "x");
        assert!(matches!(named("/nowhere"), Err(SpeechError::Run(_))));
        assert!(named("/bin/false").is_err());
        assert_eq!(clip(&[7; 100]), None);
        assert_eq!(clip(b"RIFF"), None);
    }
}
