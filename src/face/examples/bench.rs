// SPDX-License-Identifier: GPL-3.0-only
//! CPU time of each stage of a gated frame, as JSON: `cargo run -q --release -p face --example bench`.
//!
//! Reads KIOSK_MODELS and KIOSK_PHOTOS. Times are of the process's CPU clock, because the engine works in a thread of
//! its own; median and least of the rounds in milliseconds. The frame is a photo on a 640 × 480 picture.

use std::{io::Write as _, path::PathBuf, time::Duration};

use device::Frame;
use face::{FacePolicy, Gate, Look, Models, covered, photo};
use rustix::time::{ClockId, clock_gettime};

const ROUNDS: usize = 60;
const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).ok_or(format!("{name} is not set"));
    let before = cpu_ms();
    let mut models = Models::load(&folder("KIOSK_MODELS")?)?;
    let load_ms = cpu_ms() - before;
    let frame = on_camera(&photo::read(&folder("KIOSK_PHOTOS")?.join("obama-1.jpg"), HEIGHT)?)?;
    let policy = FacePolicy::default();
    // Nothing passes this gate, so only finding and gating is left.
    let mut closed = policy.clone();
    closed.gates.score_min = 1.0;

    let seen = models.observe(&frame, Look::Front, &policy)?;
    if seen.gate.is_some() || seen.embedding.is_none() {
        return Err(format!("the frame does not pass: {:?}", seen.gate).into());
    }
    let (mut detect, mut turned, mut gated, mut cover) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        detect.push(timed(|| {
            models.observe(&frame, Look::Front, &closed).map(|seen| seen.gate == Some(Gate::Hidden))
        })?);
        turned.push(timed(|| models.observe(&frame, Look::Turned, &policy).map(|seen| seen.gate.is_none()))?);
        gated.push(timed(|| models.observe(&frame, Look::Front, &policy).map(|seen| seen.gate.is_none()))?);
        cover.push(timed(|| Ok::<_, std::io::Error>(!covered(&frame)))?);
    }
    let stage = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        serde_json::json!({ "median_ms": times[times.len() / 2], "least_ms": times[0] })
    };
    let report = serde_json::json!({
        "model_hash": models.model_hash().as_str(),
        "liveness": models.knows_liveness(),
        "rounds": ROUNDS,
        "load_ms": load_ms,
        "covered": stage(cover),
        "detect_and_gate": stage(detect),
        "detect_and_embed": stage(turned),
        "gated_frame": stage(gated),
    });
    writeln!(std::io::stdout().lock(), "{report:#}")?;
    Ok(())
}

/// The photo in the middle of a camera's frame.
fn on_camera(photo: &Frame) -> Result<Frame, Box<dyn std::error::Error>> {
    let mut rgb = vec![128; (WIDTH * HEIGHT * 3) as usize];
    let left = ((WIDTH - photo.width()) / 2) as usize;
    for (row, pixels) in photo.rgb().chunks_exact(photo.width() as usize * 3).enumerate() {
        let at = (row * WIDTH as usize + left) * 3;
        rgb[at..at + pixels.len()].copy_from_slice(pixels);
    }
    Ok(Frame::new(WIDTH, HEIGHT, rgb, 1, Duration::ZERO)?)
}

fn timed<E: std::error::Error + 'static>(
    stage: impl FnOnce() -> Result<bool, E>,
) -> Result<f64, Box<dyn std::error::Error>>
where
    Box<dyn std::error::Error>: From<E>,
{
    let before = cpu_ms();
    if !stage()? {
        return Err("a stage did not do its work".into());
    }
    Ok(cpu_ms() - before)
}

fn cpu_ms() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}
