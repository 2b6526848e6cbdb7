// SPDX-License-Identifier: GPL-3.0-only
//! What is heard when the scene changes. Each sound has its twin on the screen; without a sound card, and in the quiet
//! hours, only the twin remains.

use contract::{CallId, DetaineeId, Phase};
use media::sound::{Cue, Sound};
use services::scene::{Flash, Scene};
use std::sync::{Mutex, PoisonError};

/// The language prompts are spoken in.
const PROMPT_LANG: &str = "zh-CN";

pub(crate) struct Ear {
    sound: Option<Sound>,
    last: Mutex<Heard>,
}

/// What the last scene was about, as far as it can be heard.
#[derive(Clone, PartialEq, Default)]
struct Heard {
    call: Option<(CallId, Phase)>,
    current: Option<DetaineeId>,
    seen: bool,
    for_officer: bool,
    alarm: bool,
}

impl Ear {
    pub(crate) fn new(sound: Option<Sound>) -> Self {
        Self { sound, last: Mutex::default() }
    }

    /// Sounds what is new in this scene.
    pub(crate) fn hear(&self, scene: &Scene) {
        let Some(sound) = &self.sound else { return };
        let call = scene.roll_call.as_ref();
        let heard = Heard {
            call: call.map(|call| (call.call, call.phase)),
            current: call.and_then(|call| call.current.as_ref()).map(|current| current.detainee),
            seen: matches!(scene.flash, Some(Flash::Seen { .. })),
            for_officer: matches!(scene.flash, Some(Flash::ForOfficer { .. })),
            alarm: scene.alarm.is_some(),
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let cue = if heard.alarm && !last.alarm {
            Some((Cue::Attention, "alarm-raised"))
        } else if heard.seen && !last.seen {
            Some((Cue::Done, "roll-call-seen"))
        } else if heard.for_officer && !last.for_officer {
            Some((Cue::NextWay, "roll-call-for-officer"))
        } else if heard.call != last.call && matches!(heard.call, Some((_, Phase::Announced))) {
            Some((Cue::Announce, "roll-call-announced"))
        } else if heard.current.is_some() && heard.current != last.current {
            Some((Cue::YourTurn, "roll-call-your-turn"))
        } else {
            None
        };
        *last = heard;
        sound.quiet(scene.quiet);
        if let Some((cue, prompt)) = cue {
            sound.speak(PROMPT_LANG, prompt, cue);
        }
    }
}
