// SPDX-License-Identifier: GPL-3.0-only
//! `kiosk`: the terminal. `kiosk camera` is its camera process, started by itself.

#[cfg(feature = "dev")]
mod dock;

use clap::{Parser, Subcommand};
use device::{FrameSource, SystemClock};
use kiosk::{Devices, Places};
use media::camera::{CameraProcess, CameraSpec};
use slint::{ComponentHandle, PhysicalSize};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Parser)]
#[command(about = "In-cell terminal", args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    process: Option<Process>,
    /// Folder of identity and store.
    #[arg(long, env = "KIOSK_DATA", default_value = "/var/lib/kiosk")]
    data: PathBuf,
    /// Folder of the face models.
    #[arg(long, env = "KIOSK_MODELS")]
    models: Option<PathBuf>,
    /// The camera: `first`, `none`, a number of /dev/video, or a folder of photos.
    #[arg(long, default_value = "first")]
    camera: String,
    /// The window's size in pixels; the whole screen without it.
    #[arg(long, value_parser = size)]
    size: Option<(u32, u32)>,
    /// Folder of spoken prompts, `<language>/<prompt>.wav`.
    #[arg(long)]
    voices: Option<PathBuf>,
    /// Socket of the developer dock.
    #[cfg(feature = "dev")]
    #[arg(long)]
    dock: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Process {
    /// The camera's own process; not for people.
    #[command(hide = true, disable_help_flag = true)]
    Camera {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("KIOSK_LOG").unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    if let Some(Process::Camera { args }) = args.process {
        return match media::camera::parse(args) {
            Ok(spec) => media::camera::serve(&spec),
            Err(error) => failed(&error),
        };
    }
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error.as_ref()),
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    tracing::error!(error, "the terminal cannot run");
    ExitCode::FAILURE
}

fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let camera = camera_spec(&args.camera);
    let camera = match camera {
        Some(spec) => Some(CameraProcess::spawn(&std::env::current_exe()?, &spec)),
        None => None,
    };
    #[cfg(feature = "dev")]
    let remote = camera.as_ref().map(CameraProcess::remote);
    let sound = media::sound::Sound::open();
    let sound = match &args.voices {
        Some(voices) => sound.with_voices(voices),
        None => sound,
    };
    let mut devices = Devices {
        clock: Arc::new(SystemClock::new()),
        camera: camera.map(|camera| Box::new(camera) as Box<dyn FrameSource>),
        cards: None,
        sound: Some(sound),
    };
    #[cfg(feature = "dev")]
    let (slot, clock) = {
        let slot = device::sim::CardSlot::new();
        let clock = device::sim::Jumpable::new(Arc::clone(&devices.clock));
        devices.clock = Arc::new(clock.clone());
        devices.cards = Some(Box::new(slot.clone()));
        (slot, clock)
    };

    let window = ui::MainWindow::new()?;
    if let Some((width, height)) = args.size {
        let size = PhysicalSize::new(width, height);
        window.window().set_size(size);
        ui::fit(window.window(), size);
    } else {
        window.window().set_fullscreen(true);
    }
    let woken = Arc::new(AtomicBool::new(false));
    let wake = move || {
        // One wake is enough for everything that waits.
        if !woken.swap(true, Ordering::AcqRel) {
            let woken = Arc::clone(&woken);
            slint::invoke_from_event_loop(move || {
                woken.store(false, Ordering::Release);
                SCREEN.with_borrow(|screen| {
                    if let Some(screen) = screen {
                        screen.pump();
                    }
                });
            })
            .ok();
        }
    };
    let places = Places { data: args.data, models: args.models };
    let running = kiosk::start(window.clone_strong(), places, devices, |_| {}, wake)?;
    SCREEN.set(Some(running.screen.clone()));
    #[cfg(feature = "dev")]
    if let Some(path) = args.dock {
        dock::open(&path, &window, dock::Devices { running: &running, slot, clock, camera: remote })?;
    }
    window.show()?;
    slint::run_event_loop_until_quit()?;
    SCREEN.set(None);
    running.stop();
    Ok(())
}

thread_local! {
    /// The window's thread finds its screen here when it is woken.
    static SCREEN: std::cell::RefCell<Option<std::rc::Rc<kiosk::screen::Screen>>> = const { std::cell::RefCell::new(None) };
}

fn camera_spec(text: &str) -> Option<CameraSpec> {
    match text {
        "none" => None,
        "first" => Some(CameraSpec::First),
        other => Some(other.parse().map_or_else(|_| CameraSpec::Photos(other.into()), CameraSpec::Device)),
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    parsed
        .filter(|(w, h)| (320..=7680).contains(w) && (200..=4320).contains(h))
        .ok_or_else(|| "WIDTHxHEIGHT".to_owned())
}
