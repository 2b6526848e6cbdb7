// SPDX-License-Identifier: GPL-3.0-only
//! Tones and spoken prompts.
//!
//! Asking never blocks and never fails: a thread of its own opens the card, decodes and plays. Without a card there
//! is silence, told by [`Sound::audible`] and by [`Heard`], so that the page shows in light what cannot be heard; the
//! card is looked for again when there is something to play, at most every ten seconds. What comes too fast replaces
//! what waits. Plays only, never records.

mod card;
mod speech;
mod tones;
mod voices;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use device::since_boot;

use card::Card;
use speech::Speech;
use voices::Voices;

/// Pause between two tries to open a card.
const REOPEN: Duration = Duration::from_secs(10);
/// Questions that may wait for the thread; further ones are dropped.
const ASKS_MAX: usize = 16;
/// Share of the volume left at night.
const QUIET_SHARE: f32 = 0.25;
/// Volume until told otherwise.
const VOLUME: f32 = 0.7;

/// What a tone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Something begins: roll call is announced.
    Announce,
    /// The person called is asked to come.
    YourTurn,
    /// It worked.
    Done,
    /// It did not work, another way is offered. Sounds like no failure: everybody hears it.
    NextWay,
    /// Please look here.
    Attention,
    /// The alarm's siren, once up and down.
    Siren,
}

/// What of a prompt can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The words.
    Voice,
    /// A tone in their place: nobody has recorded them, and the terminal has no voice for the language.
    Tone,
    /// Nothing: there is no sound card.
    Nothing,
}

/// The ear's end. Clones speak to the same card.
#[derive(Clone)]
pub struct Sound {
    asks: SyncSender<Ask>,
    health: Arc<Health>,
    voices: Arc<Voices>,
    speech: Arc<Speech>,
}

/// Words to be heard.
#[derive(Clone, Copy, Debug)]
pub struct Prompt<'a> {
    /// The language's code.
    pub language: &'a str,
    /// The id of the text, by which a recording is found.
    pub id: &'a str,
    /// The text itself, spoken by the terminal where nobody recorded it.
    pub words: &'a str,
    /// The tone in its place where it cannot be spoken.
    pub cue: Cue,
}

#[derive(Default)]
struct Health {
    open: AtomicBool,
    lost: Lost,
}

/// Set by an open card when it is gone.
type Lost = Arc<AtomicBool>;

/// Sound as samples: interleaved, −1 to 1.
#[derive(Clone, Debug, PartialEq)]
struct Clip {
    channels: u16,
    rate_hz: u32,
    samples: Vec<f32>,
}

/// Something that makes clips audible.
trait Speaker {
    /// Plays after what is playing; replaces what waits when that is too much.
    fn play(&mut self, clip: Clip, volume: f32);
    fn set_volume(&mut self, volume: f32);
}

type Open = Box<dyn FnMut(&Lost) -> Option<Box<dyn Speaker>> + Send>;

enum Ask {
    Cue(Cue),
    Voice(PathBuf, Cue),
    Words {
        language: String,
        words: String,
        cue: Cue,
    },
    Volume(f32),
    Quiet(bool),
    #[cfg(test)]
    Settle(SyncSender<()>),
}

impl Sound {
    /// Starts the thread that opens the default card. Never fails; without a card there is silence.
    pub fn open() -> Self {
        Self::with(Box::new(|lost| Some(Box::new(Card::open(lost)?))), since_boot, Speech::find())
    }

    /// Takes spoken prompts from `<dir>/<language>/<prompt>.wav` or `.ogg`. Without the folder there are tones.
    #[must_use]
    pub fn with_voices(self, dir: &Path) -> Self {
        Self { voices: Arc::new(Voices::open(dir)), ..self }
    }

    /// Whether a card is open.
    pub fn audible(&self) -> bool {
        self.health.is_good()
    }

    pub fn play(&self, cue: Cue) {
        self.ask(Ask::Cue(cue));
    }

    /// Speaks: a recording, else the terminal's own voice, else a tone. The page shows the words either way.
    pub fn speak(&self, prompt: Prompt<'_>) -> Heard {
        let Prompt { language, id, words, cue } = prompt;
        let (ask, heard) = if let Some(path) = self.voices.find(language, id) {
            (Ask::Voice(path.to_owned(), cue), Heard::Voice)
        } else if self.speech.speaks(language) {
            (Ask::Words { language: language.to_owned(), words: words.to_owned(), cue }, Heard::Voice)
        } else {
            (Ask::Cue(cue), Heard::Tone)
        };
        self.ask(ask);
        if self.audible() { heard } else { Heard::Nothing }
    }

    /// From 0 (silent) to 1; other values are taken to the nearer end.
    pub fn set_volume(&self, volume: f32) {
        self.ask(Ask::Volume(volume));
    }

    /// Softer at night. Never silent: that is what volume 0 is for.
    pub fn quiet(&self, quiet: bool) {
        self.ask(Ask::Quiet(quiet));
    }

    fn with(open: Open, now: fn() -> Duration, speech: Speech) -> Self {
        let (asks, waiting) = sync_channel(ASKS_MAX);
        let health = Arc::new(Health::default());
        let shared = Arc::clone(&health);
        let speech = Arc::new(speech);
        let voice = Arc::clone(&speech);
        let run = move || Booth::new(open, now, shared, voice).run(&waiting);
        if let Err(error) = std::thread::Builder::new().name("sound".into()).spawn(run) {
            tracing::error!(%error, "no thread for sound");
        }
        Self { asks, health, voices: Arc::default(), speech }
    }

    /// A full queue means that the card hangs or the caller babbles; neither is worth waiting for.
    fn ask(&self, ask: Ask) {
        drop(self.asks.try_send(ask));
    }

    /// Waits until everything asked so far is done.
    #[cfg(test)]
    fn settle(&self) {
        let (done, wait) = sync_channel(1);
        self.asks.send(Ask::Settle(done)).expect("the thread lives");
        wait.recv().expect("the thread lives");
    }
}

/// The thread's side.
struct Booth {
    open: Open,
    now: fn() -> Duration,
    health: Arc<Health>,
    speech: Arc<Speech>,
    speaker: Option<Box<dyn Speaker>>,
    next_try: Duration,
    /// Voice files already complained about.
    bad: Vec<PathBuf>,
    volume: f32,
    quiet: bool,
}

impl Health {
    fn is_good(&self) -> bool {
        self.open.load(Ordering::Acquire) && !self.lost.load(Ordering::Acquire)
    }
}

impl Booth {
    fn new(open: Open, now: fn() -> Duration, health: Arc<Health>, speech: Arc<Speech>) -> Self {
        Self {
            open,
            now,
            health,
            speech,
            speaker: None,
            next_try: Duration::ZERO,
            bad: Vec::new(),
            volume: VOLUME,
            quiet: false,
        }
    }

    fn run(mut self, asks: &Receiver<Ask>) {
        self.ready();
        while let Ok(ask) = asks.recv() {
            match ask {
                Ask::Cue(cue) => self.play(|_| tones::clip(cue)),
                Ask::Voice(path, cue) => {
                    self.play(|booth| booth.voice(&path).unwrap_or_else(|| tones::clip(cue)));
                }
                Ask::Words { language, words, cue } => {
                    self.play(|booth| booth.spoken(&language, &words).unwrap_or_else(|| tones::clip(cue)));
                }
                Ask::Volume(volume) => {
                    self.volume = if volume.is_nan() { 0.0 } else { volume.clamp(0.0, 1.0) };
                    self.apply_volume();
                }
                Ask::Quiet(quiet) => {
                    self.quiet = quiet;
                    self.apply_volume();
                }
                #[cfg(test)]
                Ask::Settle(done) => done.send(()).expect("somebody waits"),
            }
        }
    }

    fn play(&mut self, clip: impl FnOnce(&mut Self) -> Clip) {
        if !self.ready() {
            return;
        }
        let (clip, volume) = (clip(self), self.loudness());
        if let Some(speaker) = &mut self.speaker {
            speaker.play(clip, volume);
        }
    }

    /// Whether there is a card, opened now if it is time to try.
    fn ready(&mut self) -> bool {
        if self.health.is_good() {
            return true;
        }
        self.health.open.store(false, Ordering::Release);
        self.speaker = None;
        let now = (self.now)();
        if now < self.next_try {
            return false;
        }
        self.next_try = now.saturating_add(REOPEN);
        self.health.lost.store(false, Ordering::Release);
        self.speaker = (self.open)(&self.health.lost);
        self.health.open.store(self.speaker.is_some(), Ordering::Release);
        self.speaker.is_some()
    }

    fn voice(&mut self, path: &Path) -> Option<Clip> {
        match voices::decode(path) {
            Ok(clip) => Some(clip),
            Err(error) => {
                if !self.bad.iter().any(|bad| bad == path) {
                    tracing::error!(path = %path.display(), error = &error as &dyn std::error::Error, "voice unusable");
                    self.bad.push(path.to_owned());
                }
                None
            }
        }
    }

    fn spoken(&self, language: &str, words: &str) -> Option<Clip> {
        self.speech.say(language, words).unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "not spoken");
            None
        })
    }

    fn apply_volume(&mut self) {
        let volume = self.loudness();
        if let Some(speaker) = &mut self.speaker {
            speaker.set_volume(volume);
        }
    }

    fn loudness(&self) -> f32 {
        self.volume * if self.quiet { QUIET_SHARE } else { 1.0 }
    }
}

#[cfg(test)]
mod tests;
