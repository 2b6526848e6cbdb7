// SPDX-License-Identifier: GPL-3.0-only
//! `kiosk`: the terminal. `kiosk alarm` is the alarm's own process, `kiosk camera` the camera's.

#[cfg(feature = "dev")]
mod dock;
mod siren;

use clap::{Parser, Subcommand};
use device::gpio::{GpioCase, GpioContact, GpioOutput, Line};
use device::{CaseSensor, FrameSource, Output, PanicKey, SystemClock};
use kiosk::desk::Input;
use kiosk::{Devices, Places};
use media::camera::{CameraProcess, CameraSpec};
use slint::{ComponentHandle, PhysicalSize};
use std::error::Error;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// What was said is overwritten when it is given back.
#[global_allocator]
static HEAP: kiosk::memory::Wiping = kiosk::memory::Wiping;

/// An alarm process that ends is started again after this.
const ALARM_AGAIN: Duration = Duration::from_millis(500);

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
    /// Who runs the alarm's process: this one, or the system.
    #[arg(long, value_enum, default_value_t = AlarmBy::Own)]
    alarm: AlarmBy,
    /// The line of the case's switch, CHIP:OFFSET; closed is a closed case.
    #[arg(long)]
    case_line: Option<Line>,
    /// The line of the power supply's signal; active is mains power.
    #[arg(long)]
    mains_line: Option<Line>,
    /// Folder of spoken prompts, `<language>/<prompt>.wav`.
    #[arg(long)]
    voices: Option<PathBuf>,
    /// Socket of the developer dock.
    #[cfg(feature = "dev")]
    #[arg(long)]
    dock: Option<PathBuf>,
}

/// Who runs the alarm's process.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AlarmBy {
    /// The window starts it, and it ends with the window: for a desk.
    Own,
    /// A service of the system, which outlives the window: for a cell.
    System,
}

#[derive(Subcommand)]
enum Process {
    /// The alarm: hardware key, relay, siren, its own file and connection.
    Alarm {
        /// Folder of identity and file.
        #[arg(long, env = "KIOSK_DATA", default_value = "/var/lib/kiosk")]
        data: PathBuf,
        /// The hardware key's line, CHIP:OFFSET; `!` before it: active low.
        #[arg(long)]
        key_line: Option<Line>,
        /// The relay's line, to the panel on the wall.
        #[arg(long)]
        relay_line: Option<Line>,
        /// The siren's line; the loudspeaker without it.
        #[arg(long)]
        siren_line: Option<Line>,
        /// End when whoever started it ends.
        #[arg(long)]
        with_parent: bool,
    },
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
    // A terminal that cannot forbid them works all the same.
    if let Err(error) = kiosk::memory::forbid_dumps() {
        tracing::error!(error = &error as &dyn Error, "dumps of this process cannot be forbidden");
    }
    let outcome = match args.process {
        Some(Process::Camera { args }) => {
            return match media::camera::parse(args) {
                Ok(spec) => media::camera::serve(&spec),
                Err(error) => failed(&error),
            };
        }
        Some(Process::Alarm { data, key_line, relay_line, siren_line, with_parent }) => {
            run_alarm(&data, key_line.as_ref(), relay_line.as_ref(), siren_line.as_ref(), with_parent)
        }
        None => run(args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error.as_ref()),
    }
}

/// A line that cannot be had is said in the log and missed; the alarm works without it.
fn run_alarm(
    data: &Path,
    key: Option<&Line>,
    relay: Option<&Line>,
    siren: Option<&Line>,
    with_parent: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    if with_parent {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
    }
    let output = |line: Option<&Line>| {
        let opened = GpioOutput::open(line?);
        let opened = opened.inspect_err(|error| tracing::error!(error = error as &dyn Error, "no output"));
        opened.ok().map(|output| Box::new(output) as Box<dyn Output>)
    };
    let key = key.and_then(|line| {
        let opened = GpioContact::open(line);
        let opened = opened.inspect_err(|error| tracing::error!(error = error as &dyn Error, "no key"));
        opened.ok().map(|key| Box::new(key) as Box<dyn PanicKey>)
    });
    let siren = match output(siren) {
        Some(siren) => siren,
        None => Box::new(siren::SoundSiren::new(media::sound::Sound::open())?),
    };
    let panel = alarm::Panel { key, relay: output(relay), siren: Some(siren) };
    let running = match alarm::start(data, Arc::new(SystemClock::new()), panel, |_| {}) {
        // Whoever has it serves the window as well.
        Err(alarm::AlarmFault::Taken) => return Ok(()),
        started => started?,
    };
    alarm::serve(&running, data)?;
    let ended = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    ended.block_on(async {
        let mut told = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = told.recv() => Ok::<_, std::io::Error>(()),
            stopped = tokio::signal::ctrl_c() => stopped,
        }
    })?;
    running.stop();
    Ok(())
}

/// Reaches the alarm's process, and runs one where that is this program's to do.
fn reach_alarm(data: &Path, by: AlarmBy, late: Sender<()>) -> alarm::Client {
    let (program, folder) = (std::env::current_exe(), data.to_owned());
    let mut child: Option<(Child, Instant)> = None;
    let lost = move || {
        if by == AlarmBy::System {
            return;
        }
        if let Some((running, since)) = &mut child {
            let ended = !matches!(running.try_wait(), Ok(None));
            if !ended || since.elapsed() < ALARM_AGAIN {
                return;
            }
        }
        let Ok(program) = &program else { return };
        // In a group of its own: Ctrl-C is for the window, which takes it along.
        let started = std::process::Command::new(program)
            .args(["alarm", "--with-parent", "--data"])
            .arg(&folder)
            .process_group(0)
            .spawn();
        match started {
            Ok(started) => child = Some((started, Instant::now())),
            Err(error) => tracing::error!(error = &error as &dyn Error, "the alarm's process does not start"),
        }
    };
    let late = move |command| {
        if matches!(command, alarm::Command::Raise { .. }) {
            late.send(()).ok();
        }
    };
    alarm::connect(data, lost, late)
}

fn failed(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    tracing::error!(error, "the terminal cannot run");
    ExitCode::FAILURE
}

fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    // The alarm first: it waits for nothing that follows.
    let (late, came_late) = channel();
    let alarm = reach_alarm(&args.data, args.alarm, late);
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
        case: case(args.case_line.as_ref(), args.mains_line.as_ref()),
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
    // The alarm's control is on the screen before anything else is opened.
    ui::install_texts(&window);
    window.show()?;
    let running = kiosk::start(window.clone_strong(), places, devices, alarm, |_| {}, wake)?;
    SCREEN.set(Some(running.screen.clone()));
    let inputs = running.inputs();
    std::thread::Builder::new()
        .name("alarm-late".to_owned())
        .spawn(move || while came_late.recv().is_ok() && inputs.send(Input::AlarmLate).is_ok() {})?;
    #[cfg(feature = "dev")]
    if let Some(path) = args.dock {
        dock::open(&path, &window, dock::Devices { running: &running, slot, clock, camera: remote })?;
    }
    slint::run_event_loop_until_quit()?;
    SCREEN.set(None);
    running.stop();
    Ok(())
}

thread_local! {
    /// The window's thread finds its screen here when it is woken.
    static SCREEN: std::cell::RefCell<Option<std::rc::Rc<kiosk::screen::Screen>>> = const { std::cell::RefCell::new(None) };
}

fn case(lid: Option<&Line>, mains: Option<&Line>) -> Option<Box<dyn CaseSensor>> {
    if lid.is_none() && mains.is_none() {
        return None;
    }
    let opened = GpioCase::open(lid, mains);
    let opened = opened.inspect_err(|error| tracing::error!(error = error as &dyn Error, "no case sensor"));
    opened.ok().map(|case| Box::new(case) as Box<dyn CaseSensor>)
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
