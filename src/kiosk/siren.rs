// SPDX-License-Identifier: GPL-3.0-only
//! The siren of a terminal whose board has none: the loudspeaker.

use device::{Output, OutputFault};
use media::sound::{Cue, Sound};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// From one sweep to the next.
const SWEEP: Duration = Duration::from_millis(700);

/// Sounds for as long as it is on.
pub(crate) struct SoundSiren(Sender<bool>);

impl SoundSiren {
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(sound: Sound) -> std::io::Result<Self> {
        let (switch, switched) = channel();
        std::thread::Builder::new().name("siren".to_owned()).spawn(move || {
            let mut on = false;
            loop {
                match switched.recv_timeout(SWEEP) {
                    Ok(to) => on = to,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                if on {
                    sound.play(Cue::Siren);
                }
            }
        })?;
        Ok(Self(switch))
    }
}

impl Output for SoundSiren {
    fn set(&mut self, on: bool) -> Result<(), OutputFault> {
        self.0.send(on).map_err(|gone| OutputFault(Box::new(gone)))
    }
}
