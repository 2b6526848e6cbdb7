// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl demo`: a whole facility on one machine, made of the same programs a site runs.
//!
//! It seeds and starts the reference platform as its own process, enrols the kiosk with a one-time code as an installer
//! would, and opens the kiosk's window; without a display it makes a virtual one. Ctrl-C, or the end of any part, ends
//! everything it started. A second start goes on with the same data; `--forget` removes it. Its cards, PINs and
//! passwords are of made-up people and are kept in a file, because the platform shows them only once.

use crate::demo_cast::Part;
use crate::demo_display::Display;
use crate::demo_eyes::Eyes;
use crate::demo_play;
use crate::demo_processes::{ProcessError, Processes};
use crate::enrol;
use crate::models;
use crate::say::say;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

/// The window's size, in pixels.
const SIZE: &str = "1280x800";
/// Where the platform listens when nobody else does.
const GATEWAY: &str = "127.0.0.1:8443";
const DESK: &str = "127.0.0.1:8080";
const ANY: &str = "127.0.0.1:0";
const PLATFORM_START_MAX: Duration = Duration::from_secs(30);
/// A folder without this file is none of ours and is never removed.
const MARK: &str = "demo.lock";
const SECRETS: &str = "secrets.json";
const PORTS: &str = "ports.json";

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where everything of the demo lies.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// A folder of photos as the camera, in place of a webcam.
    #[arg(long)]
    pub camera: Option<PathBuf>,
    /// Where the face models are.
    #[arg(long, env = "KIOSK_MODELS")]
    pub models: Option<PathBuf>,
    #[arg(long)]
    pub full_screen: bool,
    /// Play one whole roll call and print what the desk received. Photos come from --camera or KIOSK_PHOTOS.
    #[arg(long)]
    pub play: bool,
    /// Remove everything of the demo.
    #[arg(long, conflicts_with_all = ["play", "full_screen", "camera"])]
    pub forget: bool,
}

/// Why the demo does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("find a home for the demo's data: give --data")]
    Home,
    #[error("use {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("start a second demo on {path}, one is running")]
    Running { path: PathBuf },
    #[error("remove {path}, it is not a demo's")]
    Foreign { path: PathBuf },
    #[error("find {program} next to kioskctl: build the whole workspace")]
    Program { program: PathBuf },
    #[error(transparent)]
    Process(#[from] ProcessError),
    #[error("run platform {verb}: {words}")]
    Platform { verb: &'static str, words: String },
    #[error("understand what platform {verb} said")]
    Words { verb: &'static str, source: serde_json::Error },
    #[error("enrol the kiosk")]
    Enrol(#[source] enrol::Failure),
    #[error("look at the kiosk's identity")]
    Identity(#[source] sync::IdentityError),
    #[error("wait for signals")]
    Signal(#[source] std::io::Error),
    #[error("keep {name} running; its last words:\n{words}")]
    Ended { name: &'static str, words: String },
    #[error("play a roll call")]
    Play(#[source] demo_play::PlayError),
}

/// What the platform seeded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Seeded {
    pub(crate) terminal: String,
    pub(crate) block: String,
    pub(crate) cell: String,
    pub(crate) new_secrets: bool,
    pub(crate) detainees: Vec<Detainee>,
    pub(crate) officers: Vec<Officer>,
    pub(crate) desk_users: Vec<DeskUser>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Detainee {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) badge_number: String,
    pub(crate) pin: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Officer {
    pub(crate) name: String,
    pub(crate) role: contract::OfficerRole,
    pub(crate) card: String,
    pub(crate) pin: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeskUser {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// Where the platform listens, as it says when it does.
#[derive(Debug, Clone, Deserialize)]
struct Bound {
    gateway: String,
    desk: String,
    root: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Ports {
    gateway: SocketAddr,
    desk: SocketAddr,
}

/// A demo's folder and programs.
pub(crate) struct Demo {
    data: PathBuf,
    platform: PathBuf,
    kiosk: PathBuf,
    socket: SocketDir,
    /// Held as long as the demo runs.
    _lock: File,
}

/// Runs the demo until Ctrl-C, or forgets it.
///
/// # Errors
/// See [`DemoError`]. Everything that was started has ended by then.
pub async fn run(args: Args) -> Result<ExitCode, DemoError> {
    let beside_models = || models::default_dir().map(|dir| dir.with_file_name("demo"));
    let data = args.data.clone().or_else(beside_models).ok_or(DemoError::Home)?;
    if args.forget {
        return forget(&data);
    }
    let demo = Demo::open(data)?;
    let mut processes = Processes::new(&demo.data.join("log"));
    let outcome = tokio::select! {
        outcome = demo.run(&args, &mut processes) => outcome,
        signal = told_to_end() => signal.map(|()| ExitCode::SUCCESS),
    };
    say("ending everything that was started …");
    processes.stop().await;
    outcome
}

impl Demo {
    fn open(data: PathBuf) -> Result<Self, DemoError> {
        make_private_dir(&data)?;
        let lock = lock(&data)?;
        let platform = beside("platform")?;
        let kiosk = beside("kiosk")?;
        Ok(Self { data, platform, kiosk, socket: SocketDir::new()?, _lock: lock })
    }

    async fn run(&self, args: &Args, processes: &mut Processes) -> Result<ExitCode, DemoError> {
        let (photos, models) = (photos(args), args.models.clone().or_else(models::default_dir));
        // Before the facility is seeded, as its first roll call does not wait.
        let parts = match args.play {
            true => demo_play::cast(models.as_deref(), photos.as_deref()).await,
            false => Vec::new(),
        };
        let eyes = Eyes::open(&self.data, photos, models, &parts)?;
        let seeded = self.seed(args.play).await?;
        let bound = self.start_platform(processes).await?;
        self.enrol(&bound, &seeded).await?;
        let display = Display::find(processes, SIZE).await?;
        let dock = self.start_kiosk(args, &eyes, &display, processes)?;
        tell(&seeded, &bound, &eyes, &display);
        tokio::select! {
            ended = processes.one_ended() => Err(DemoError::Ended {
                name: ended.name,
                words: format!(
                    "{}\n({})",
                    processes.last_lines(ended.name),
                    ended.status.map_or("gone".to_owned(), |status| status.to_string())
                ),
            }),
            played = self.play(&dock, &seeded, &parts), if args.play => played,
        }
    }

    /// Seeds the facility and keeps what is shown only once. A play asks for its own roll call.
    async fn seed(&self, play: bool) -> Result<Seeded, DemoError> {
        let path = self.data.join(SECRETS);
        let kept: Option<Seeded> =
            std::fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let mut seed = vec!["--json"];
        if play {
            seed.extend(["--first-call", "never"]);
        }
        if kept.is_none() {
            seed.push("--new-secrets");
        }
        let seeded: Seeded = self.ask_platform("seed-demo", &seed).await?;
        match kept {
            Some(kept) if !seeded.new_secrets && kept.terminal == seeded.terminal => Ok(kept),
            Some(_) | None => {
                let text = serde_json::to_vec_pretty(&seeded)
                    .map_err(|source| DemoError::Words { verb: "seed-demo", source })?;
                write_private(&path, &text)?;
                Ok(seeded)
            }
        }
    }

    async fn start_platform(&self, processes: &mut Processes) -> Result<Bound, DemoError> {
        let path = self.data.join(PORTS);
        let kept: Option<Ports> =
            std::fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let (gateway, desk) = kept.map_or_else(
            || (GATEWAY.to_owned(), DESK.to_owned()),
            |ports| (ports.gateway.to_string(), ports.desk.to_string()),
        );
        let mut serve = Processes::command(&self.platform);
        serve.arg("serve").arg("--data").arg(self.data.join("platform"));
        serve.args(["--gateway", free_or_any(&gateway), "--desk", free_or_any(&desk)]);
        let bound = |line: &str| serde_json::from_str::<Bound>(line).ok();
        let heard = processes.start_and_hear("platform", serve, PLATFORM_START_MAX, bound).await;
        let bound = heard.map_err(|error| match error {
            ProcessError::Silent { name } => DemoError::Ended { name, words: processes.last_lines(name) },
            ProcessError::Start { .. } | ProcessError::Log { .. } => error.into(),
        })?;
        let address = |url: &str| url.rsplit('/').next().and_then(|address| address.parse().ok());
        if let (Some(gateway), Some(desk)) = (address(&bound.gateway), address(&bound.desk)) {
            let text = serde_json::to_vec(&Ports { gateway, desk })
                .map_err(|source| DemoError::Words { verb: "serve", source })?;
            write_private(&path, &text)?;
        }
        Ok(bound)
    }

    /// Enrols the kiosk unless it is enrolled with this very platform.
    async fn enrol(&self, bound: &Bound, seeded: &Seeded) -> Result<(), DemoError> {
        let kiosk = self.data.join("kiosk");
        let identity = sync::Identity::open_or_make(&kiosk).map_err(DemoError::Identity)?;
        let root = std::fs::read_to_string(&bound.root)
            .map_err(|source| DemoError::File { path: bound.root.clone(), source })?;
        let enrolled = identity.enrolment().map_err(DemoError::Identity)?;
        if enrolled.is_some_and(|held| held.gateway == bound.gateway && held.roots_pem.trim() == root.trim())
        {
            return Ok(());
        }
        #[derive(Deserialize)]
        struct Code {
            code: String,
        }
        let Code { code } = self.ask_platform("enrol-code", &["--cell", &seeded.terminal, "--json"]).await?;
        let args =
            enrol::Args { data: kiosk, platform: bound.gateway.clone(), root: bound.root.clone(), code };
        enrol::enrol(&args).await.map(drop).map_err(DemoError::Enrol)
    }

    /// Returns where the developer dock listens.
    fn start_kiosk(
        &self,
        args: &Args,
        eyes: &Eyes,
        display: &Display,
        processes: &mut Processes,
    ) -> Result<PathBuf, DemoError> {
        let dock = self.socket.0.join("dock");
        let mut kiosk = Processes::command(&self.kiosk);
        kiosk.arg("--data").arg(self.data.join("kiosk")).arg("--dock").arg(&dock);
        // Without a size the kiosk takes the whole screen.
        if !args.full_screen {
            kiosk.args(["--size", SIZE]);
        }
        if let Some(camera) = &eyes.camera {
            kiosk.arg("--camera").arg(camera);
        }
        match &eyes.models {
            Some(models) => kiosk.arg("--models").arg(models),
            None => kiosk.env_remove("KIOSK_MODELS"),
        };
        display.tell(&mut kiosk);
        processes.start("kiosk", kiosk)?;
        Ok(dock)
    }

    async fn play(&self, dock: &Path, seeded: &Seeded, parts: &[Part]) -> Result<ExitCode, DemoError> {
        let facility = demo_play::Facility { demo: self, seeded, parts };
        demo_play::play(dock, &facility).await.map_err(DemoError::Play)?;
        say("\nWhat the desk received:");
        say(self.platform_says("results", &[]).await?.trim_end());
        Ok(ExitCode::SUCCESS)
    }

    /// Runs `platform VERB --data … ARGS` and returns what it printed.
    pub(crate) async fn platform_says(&self, verb: &'static str, args: &[&str]) -> Result<String, DemoError> {
        let mut command = Command::new(&self.platform);
        command.arg(verb).arg("--data").arg(self.data.join("platform")).args(args).kill_on_drop(true);
        let failed = |words: String| DemoError::Platform { verb, words };
        let output = command.output().await.map_err(|error| failed(error.to_string()))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
        }
    }

    pub(crate) async fn ask_platform<T: serde::de::DeserializeOwned>(
        &self,
        verb: &'static str,
        args: &[&str],
    ) -> Result<T, DemoError> {
        let text = self.platform_says(verb, args).await?;
        serde_json::from_str(&text).map_err(|source| DemoError::Words { verb, source })
    }
}

/// A folder for the dock's socket, gone afterwards. A socket's path may be no longer than 107 bytes, which a data folder
/// often is.
struct SocketDir(PathBuf);

impl SocketDir {
    fn new() -> Result<Self, DemoError> {
        let own = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_dir());
        let path =
            own.unwrap_or_else(std::env::temp_dir).join(format!("cell-terminal-{}", std::process::id()));
        let wrong = |source| DemoError::File { path: path.clone(), source };
        // Whatever lies there already is not ours.
        DirBuilder::new().mode(0o700).create(&path).map_err(wrong)?;
        Ok(Self(path))
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "failed to remove the dock's folder");
        }
    }
}

/// The folder that is the camera, in place of a webcam.
fn photos(args: &Args) -> Option<PathBuf> {
    let for_play = || std::env::var_os("KIOSK_PHOTOS").map(PathBuf::from).filter(|_| args.play);
    args.camera.clone().or_else(for_play)
}

/// Everything a newcomer needs, once.
fn tell(seeded: &Seeded, bound: &Bound, eyes: &Eyes, display: &Display) {
    say(format_args!("{} {}", seeded.block, seeded.cell));
    for person in &seeded.detainees {
        say(format_args!("  detainee    {}  {}\tPIN {}", person.badge_number, person.name, person.pin));
    }
    for officer in &seeded.officers {
        let role = match officer.role {
            contract::OfficerRole::DutyOfficer => "值班民警",
            contract::OfficerRole::SupervisingOfficer => "管教民警",
            contract::OfficerRole::Director => "所领导",
        };
        say(format_args!("  {role}\t{}\tcard {}  PIN {}", officer.name, officer.card, officer.pin));
    }
    for user in &seeded.desk_users {
        say(format_args!("  desk        {}\tpassword {}", user.name, user.password));
    }
    say(format_args!("\nDesk          {}", bound.desk));
    say(format_args!("Kiosk         {}", display.words()));
    say(format_args!("Camera        {}", eyes.camera_words()));
    say(format_args!("Face models   {}", eyes.models_words()));
    say("Ctrl-C        ends everything; the next start goes on with the same data\n");
}

fn forget(data: &Path) -> Result<ExitCode, DemoError> {
    if !data.exists() {
        say("there is no demo to forget");
        return Ok(ExitCode::SUCCESS);
    }
    if !data.join(MARK).exists() {
        return Err(DemoError::Foreign { path: data.to_owned() });
    }
    let lock = lock(data)?;
    std::fs::remove_dir_all(data).map_err(|source| DemoError::File { path: data.to_owned(), source })?;
    drop(lock);
    say(format_args!("forgot {}", data.display()));
    Ok(ExitCode::SUCCESS)
}

async fn told_to_end() -> Result<(), DemoError> {
    let on = |kind| signal(kind).map_err(DemoError::Signal);
    let (mut interrupt, mut terminate, mut hang_up) =
        (on(SignalKind::interrupt())?, on(SignalKind::terminate())?, on(SignalKind::hangup())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// `address` when nobody listens there, else any free port.
fn free_or_any(address: &str) -> &str {
    if TcpListener::bind(address).is_ok() { address } else { ANY }
}

/// A program next to this one.
fn beside(name: &str) -> Result<PathBuf, DemoError> {
    let own =
        std::env::current_exe().map_err(|source| DemoError::File { path: "kioskctl".into(), source })?;
    let program = own.with_file_name(name);
    if program.is_file() { Ok(program) } else { Err(DemoError::Program { program }) }
}

fn lock(data: &Path) -> Result<File, DemoError> {
    let path = data.join(MARK);
    let wrong = |source| DemoError::File { path: path.clone(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(wrong)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(DemoError::Running { path: data.to_owned() }),
        Err(error) => Err(wrong(error.into())),
    }
}

fn make_private_dir(path: &Path) -> Result<(), DemoError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| DemoError::File { path: path.to_owned(), source })
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    let wrong = |source| DemoError::File { path: path.to_owned(), source };
    let partial = path.with_extension("partial");
    let mut options = OpenOptions::new();
    let mut file =
        options.create(true).write(true).truncate(true).mode(0o600).open(&partial).map_err(wrong)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(wrong)?;
    std::fs::rename(&partial, path).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demo_that_does_not_run_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("demo");
        forget(&data).unwrap();
        make_private_dir(&data).unwrap();
        std::fs::write(data.join("photo.jpg"), "mine").unwrap();
        assert!(matches!(forget(&data), Err(DemoError::Foreign { .. })));
        assert!(data.join("photo.jpg").exists());

        let running = lock(&data).unwrap();
        assert!(matches!(forget(&data), Err(DemoError::Running { .. })));
        assert!(matches!(lock(&data), Err(DemoError::Running { .. })));
        drop(running);
        forget(&data).unwrap();
        assert!(!data.exists());
    }

    #[test]
    fn a_taken_port_is_left_to_whoever_has_it() {
        let taken = TcpListener::bind(ANY).unwrap();
        let address = taken.local_addr().unwrap().to_string();
        assert_eq!(free_or_any(&address), ANY);
        drop(taken);
        assert_eq!(free_or_any(&address), address);
    }

    #[test]
    fn secrets_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(SECRETS);
        write_private(&path, b"{}").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
