// SPDX-License-Identifier: GPL-3.0-only
//! The siren of a terminal whose board has none: the loudspeaker.

use device::{Output, OutputFault};
use media::sound::{Cue, Sound};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// From one sweep to the next.
const SWEEP: Duration = Duration::from_millis(700);

/// Sounds for as long as it is on.
pub(crate) struct SoundSiren(Arc<AtomicBool>);

impl SoundSiren {
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(sound: Sound) -> std::io::Result<Self> {
        let on = Arc::new(AtomicBool::new(false));
        let is_on = Arc::downgrade(&on);
        std::thread::Builder::new().name("siren".to_owned()).spawn(move || {
            while let Some(on) = is_on.upgrade() {
                if on.load(Ordering::Acquire) {
                    sound.play(Cue::Siren);
                }
                drop(on);
                std::thread::sleep(SWEEP);
            }
        })?;
        Ok(Self(on))
    }
}

impl Output for SoundSiren {
    fn set(&mut self, on: bool) -> Result<(), OutputFault> {
        self.0.store(on, Ordering::Release);
        Ok(())
    }
}
