// SPDX-License-Identifier: GPL-3.0-only
//! The default sound card through rodio.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rodio::buffer::SamplesBuffer;
use rodio::cpal::{Error, ErrorKind};
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};

use super::{Clip, Lost, Speaker};

/// Clips that may wait behind the one playing; then the newest replaces them all.
const WAITING_MAX: usize = 3;

pub(super) struct Card {
    player: Player,
    // Dropped after the player that plays through it.
    _sink: MixerDeviceSink,
}

impl Card {
    /// Opens the default card; nothing when there is none. `lost` is set when it is gone.
    pub(super) fn open(lost: &Lost) -> Option<Self> {
        let lost = Arc::clone(lost);
        let on_error = move |error: Error| {
            if is_lost(error.kind()) {
                tracing::warn!(%error, "sound card lost");
                lost.store(true, Ordering::Release);
            }
        };
        let opened = DeviceSinkBuilder::from_default_device()
            .and_then(|builder| builder.with_error_callback(on_error).open_stream());
        match opened {
            Ok(mut sink) => {
                sink.log_on_drop(false);
                tracing::info!("sound card opened");
                Some(Self { player: Player::connect_new(sink.mixer()), _sink: sink })
            }
            Err(error) => {
                tracing::info!(%error, "no sound card");
                None
            }
        }
    }
}

impl Speaker for Card {
    fn play(&mut self, clip: Clip, volume: f32) {
        let (Some(channels), Some(rate)) = (NonZero::new(clip.channels), NonZero::new(clip.rate_hz)) else {
            return;
        };
        if self.player.len() > WAITING_MAX {
            self.player.clear();
            self.player.play();
        }
        self.player.set_volume(volume);
        self.player.append(SamplesBuffer::new(channels, rate, clip.samples));
    }

    fn set_volume(&mut self, volume: f32) {
        self.player.set_volume(volume);
    }
}

/// A missed deadline is a click, and a refused priority nothing at all; anything else is the end of the stream.
fn is_lost(kind: ErrorKind) -> bool {
    !matches!(kind, ErrorKind::Xrun | ErrorKind::RealtimeDenied)
}
