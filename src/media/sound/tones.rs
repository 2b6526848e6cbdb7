// SPDX-License-Identifier: GPL-3.0-only
//! The tones: soft, short, told apart by their melody, made of sines with a gentle start and a fading end.

use std::f32::consts::TAU;

use super::{Clip, Cue};

const RATE_HZ: u32 = 44_100;
/// Loudest sample of a tone.
const PEAK: f32 = 0.35;
/// From silence to full, in seconds: long enough not to click.
const ATTACK_S: f32 = 0.02;
/// Times a note fades by e over its length.
const FADE: f32 = 4.0;
/// Silence at the end of a note, as a share of it, into which the last fade falls.
const RELEASE_SHARE: f32 = 0.15;

/// A pitch in hertz, of the equal temperament on 440, and a length in seconds.
type Note = (f32, f32);

const C5: f32 = 523.25;
const D5: f32 = 587.33;
const E5: f32 = 659.26;
const G5: f32 = 783.99;
const A5: f32 = 880.0;
const C6: f32 = 1046.5;

pub(super) fn clip(cue: Cue) -> Clip {
    let notes: &[Note] = match cue {
        Cue::Announce => &[(G5, 0.35), (E5, 0.35), (C5, 0.7)],
        Cue::YourTurn => &[(C5, 0.2), (G5, 0.45)],
        Cue::Done => &[(G5, 0.12), (C6, 0.4)],
        Cue::NextWay => &[(E5, 0.2), (D5, 0.4)],
        Cue::Attention => &[(A5, 0.18), (A5, 0.18), (A5, 0.3)],
        Cue::Siren => &[(A5, 0.35), (E5, 0.35)],
    };
    Clip { channels: 1, rate_hz: RATE_HZ, samples: notes.iter().flat_map(|&note| samples(note)).collect() }
}

fn samples((hz, length_s): Note) -> impl Iterator<Item = f32> {
    let count = (length_s * RATE_HZ as f32) as u32;
    let release_s = length_s * RELEASE_SHARE;
    (0..count).map(move |i| {
        let at_s = i as f32 / RATE_HZ as f32;
        let attack = (at_s / ATTACK_S).min(1.0);
        let release = ((length_s - at_s) / release_s).min(1.0);
        let fade = (-FADE * at_s / length_s).exp();
        // A little of the octave makes a sine less piercing.
        let wave = 0.85 * (TAU * hz * at_s).sin() + 0.15 * (TAU * 2.0 * hz * at_s).sin();
        PEAK * attack * release * fade * wave
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUES: [Cue; 6] =
        [Cue::Announce, Cue::YourTurn, Cue::Done, Cue::NextWay, Cue::Attention, Cue::Siren];

    #[test]
    fn tones_are_short_soft_and_do_not_click() {
        for cue in CUES {
            let clip = clip(cue);
            let length_s = clip.samples.len() as f32 / clip.rate_hz as f32;
            assert!((0.3..1.5).contains(&length_s), "{cue:?} lasts {length_s} s");
            let peak = clip.samples.iter().fold(0.0f32, |peak, v| peak.max(v.abs()));
            assert!((0.1..=PEAK).contains(&peak), "{cue:?} peaks at {peak}");
            let step = clip.samples.windows(2).fold(0.0f32, |step, v| step.max((v[1] - v[0]).abs()));
            assert!(step < 0.06, "{cue:?} steps by {step}");
            assert!(clip.samples.last().is_some_and(|v| v.abs() < 0.01), "{cue:?} breaks off");
        }
    }

    #[test]
    fn every_cue_has_its_own_melody() {
        for (i, one) in CUES.iter().enumerate() {
            for other in &CUES[i + 1..] {
                assert!(clip(*one) != clip(*other), "{one:?} and {other:?}");
            }
        }
    }
}
