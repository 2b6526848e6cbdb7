// SPDX-License-Identifier: GPL-3.0-only
//! The developer dock: a Unix socket that drives the simulated devices and the finger, one JSON line a verb. Not in
//! release images: it exists only with the `dev` features and only where `--dock` names a socket.

use contract::Trust;
use device::sim::{CardSlot, Jumpable};
use kiosk::Running;
use media::camera::CameraRemote;
use serde::{Deserialize, Serialize};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, Weak};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};
use sync::Cut;
use ui::{MainWindow, Nav};

/// How long a touch lasts when nothing is said.
const TOUCH_MS: u64 = 80;
/// Longest line taken.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// How long the window may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(5);
const UNANSWERED: &str = "the window does not answer";
/// Longest time pauses are looked for.
const PAUSES_MS_MAX: u64 = 5_000;
/// How often the window's thread should come by while pauses are looked for.
const PAUSE_STEP: Duration = Duration::from_millis(2);
/// A camera's picture: each of these times has one pause that counts, the longest.
const PICTURE: Duration = Duration::from_millis(50);

/// What the verbs move.
pub(crate) struct Devices<'a> {
    pub(crate) running: &'a Running,
    pub(crate) slot: CardSlot,
    pub(crate) clock: Jumpable,
    pub(crate) camera: Option<CameraRemote>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
enum Verb {
    /// A finger on the element with this accessible id.
    Touch {
        id: String,
        #[serde(default)]
        ms: Option<u64>,
    },
    Card {
        number: String,
    },
    Camera {
        line: String,
    },
    Network {
        up: bool,
    },
    Clock {
        jump_ms: i64,
    },
    /// What is on the screen.
    See,
    /// How long the window's thread was away at most in each picture's time, for so long.
    Pauses {
        ms: u64,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Done { ok: bool },
    Refused { ok: bool, why: String },
    Seen { ok: bool, page: String, ids: Vec<String>, labels: Vec<String> },
    Paused { ok: bool, worst_us: Vec<u64> },
}

#[derive(Clone)]
struct Hand {
    window: Weak<MainWindow>,
    slot: CardSlot,
    clock: Jumpable,
    camera: Option<CameraRemote>,
    cut: Cut,
}

/// Listens at `path`.
///
/// # Errors
/// The socket cannot be made.
pub(crate) fn open(path: &Path, window: &MainWindow, devices: Devices<'_>) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    let Devices { running, slot, clock, camera } = devices;
    let hand = Hand { window: window.as_weak(), slot, clock, camera, cut: running.cut.clone() };
    std::thread::Builder::new().name("dock".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let hand = hand.clone();
            let served =
                std::thread::Builder::new().name("dock".to_owned()).spawn(move || hand.serve(stream));
            if let Err(error) = served {
                tracing::warn!(%error, "the dock cannot serve");
            }
        }
    })?;
    Ok(())
}

impl Hand {
    fn serve(&self, stream: UnixStream) {
        let Ok(mut say) = stream.try_clone() else { return };
        let mut hear = BufReader::new(stream);
        loop {
            let mut line = String::new();
            match std::io::Read::take(&mut hear, LINE_BYTES_MAX).read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let answer = match serde_json::from_str(&line) {
                Ok(verb) => self.obey(verb).unwrap_or_else(|why| Answer::Refused { ok: false, why }),
                Err(error) => Answer::Refused { ok: false, why: error.to_string() },
            };
            let Ok(mut text) = serde_json::to_string(&answer) else { return };
            text.push('\n');
            if say.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn obey(&self, verb: Verb) -> Result<Answer, String> {
        match verb {
            Verb::Card { number } if !self.slot.insert(&number) => return Err("no card number".to_owned()),
            Verb::Card { .. } => {}
            Verb::Camera { line } => match &self.camera {
                Some(camera) => camera.control(&line).map_err(|error| error.to_string())?,
                None => return Err("no camera".to_owned()),
            },
            Verb::Network { up: true } => self.cut.mend(),
            Verb::Network { up: false } => self.cut.cut(),
            Verb::Clock { jump_ms } => self.clock.jump(jump_ms, Trust::Unsynced),
            Verb::Touch { id, ms } => return self.in_window(move |window| touch(window, &id, ms)),
            Verb::See => return self.in_window(|window| Ok(see(window))),
            Verb::Pauses { ms } => return self.pauses(Duration::from_millis(ms.min(PAUSES_MS_MAX))),
        }
        Ok(Answer::Done { ok: true })
    }

    fn pauses(&self, length: Duration) -> Result<Answer, String> {
        let (reply, answer) = channel();
        let asked = slint::invoke_from_event_loop(move || {
            let begun = Instant::now();
            Pauses { begun, last: begun, length, worst_us: Vec::new(), reply }.look();
        });
        asked.map_err(|error| error.to_string())?;
        let worst_us = answer.recv_timeout(length + ANSWER_MAX).map_err(|_| UNANSWERED.to_owned())?;
        Ok(Answer::Paused { ok: true, worst_us })
    }

    fn in_window(
        &self,
        verb: impl FnOnce(&MainWindow) -> Result<Answer, String> + Send + 'static,
    ) -> Result<Answer, String> {
        let (reply, answer) = channel();
        let asked = self.window.upgrade_in_event_loop(move |window| {
            reply.send(verb(&window)).ok();
        });
        asked.map_err(|error| error.to_string())?;
        answer.recv_timeout(ANSWER_MAX).map_err(|_| UNANSWERED.to_owned())?
    }
}

/// A timer that wants to ring at every step finds out for how long drawing, input or anything else kept it from it.
struct Pauses {
    begun: Instant,
    last: Instant,
    length: Duration,
    /// The longest of each picture's time, in microseconds.
    worst_us: Vec<u64>,
    reply: Sender<Vec<u64>>,
}

impl Pauses {
    fn look(mut self) {
        slint::Timer::single_shot(PAUSE_STEP, move || {
            let now = Instant::now();
            let pause = u64::try_from((now - self.last).as_micros()).unwrap_or(u64::MAX);
            let picture = ((now - self.begun).as_micros() / PICTURE.as_micros()) as usize;
            // A pause over several pictures is one in each of them.
            self.worst_us.resize(self.worst_us.len().max(picture + 1), pause);
            self.worst_us[picture] = pause.max(self.worst_us[picture]);
            self.last = now;
            if now - self.begun < self.length {
                self.look();
            } else {
                self.reply.send(self.worst_us).ok();
            }
        });
    }
}

fn touch(window: &MainWindow, id: &str, ms: Option<u64>) -> Result<Answer, String> {
    let element = ui::testing::find(window, id).ok_or_else(|| format!("nothing has the id {id}"))?;
    if element.accessible_enabled() == Some(false) {
        return Err(format!("{id} cannot be touched now"));
    }
    let (position, button) = (ui::testing::middle(&element), PointerEventButton::Left);
    window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
    let weak = window.as_weak();
    slint::Timer::single_shot(Duration::from_millis(ms.unwrap_or(TOUCH_MS)), move || {
        if let Some(window) = weak.upgrade() {
            window.window().dispatch_event(WindowEvent::PointerReleased { position, button });
            window.window().dispatch_event(WindowEvent::PointerExited);
        }
    });
    Ok(Answer::Done { ok: true })
}

fn see(window: &MainWindow) -> Answer {
    let shown = ui::testing::all(window);
    let text = |text: Option<slint::SharedString>| text.map(|text| text.to_string()).unwrap_or_default();
    Answer::Seen {
        ok: true,
        page: format!("{:?}", window.global::<Nav<'_>>().get_page())
            .chars()
            .flat_map(|c| if c.is_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] })
            .collect::<String>()
            .trim_start_matches('-')
            .to_owned(),
        ids: shown.iter().map(|element| text(element.accessible_id())).collect(),
        labels: shown.iter().map(|element| text(element.accessible_label())).collect(),
    }
}
