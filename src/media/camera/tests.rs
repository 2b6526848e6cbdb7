// SPDX-License-Identifier: GPL-3.0-only
//! The camera process from outside. The child is this very test program, started again with a role.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use device::sim::{self, HEIGHT, WIDTH};
use device::{CameraFault, Frame, FrameSource};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, test_kill_process};

use super::child::Desk;
use super::ring::{AT_NEWEST, AT_SIZE, HEADER_WORDS};
use super::{CameraProcess, CameraSpec, ControlError, serve};

/// Says which role the program started again plays, and with which photos.
const ROLE: &str = "CAMERA_TEST_ROLE";
const PHOTOS: &str = "CAMERA_TEST_PHOTOS";
/// What a parent played by a child says before the camera's process id.
const PID_IS: &str = "camera process is ";
/// Longer than any step should take on a busy machine; nothing waits so long when all is well.
const PATIENCE: Duration = Duration::from_secs(40);
const NO_WAIT: Duration = Duration::ZERO;

/// Not a test of its own: what the program started again runs.
#[test]
fn camera_child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let photos = std::env::var_os(PHOTOS).unwrap_or_default();
    match role.as_str() {
        "photos" => {
            serve(&CameraSpec::Photos(photos.into()));
            std::process::exit(10);
        }
        "absurd" => {
            let desk = Desk::join().expect("a parent");
            let ring = desk.ring();
            ring.words()[HEADER_WORDS + AT_SIZE].store(u64::MAX, Ordering::Relaxed);
            ring.words()[HEADER_WORDS].store(6, Ordering::Relaxed);
            ring.words()[AT_NEWEST].store(3, Ordering::Release);
            desk.bell();
            loop {
                std::thread::park();
            }
        }
        "silent" => loop {
            std::thread::park();
        },
        "gone" => std::process::exit(i32::from(super::ring::code_of(CameraFault::Unplugged))),
        "parent" => {
            let clock = sim::Clock::at(0);
            let mut camera = camera("photos", Path::new(&photos), &clock);
            camera.next(PATIENCE).expect("a frame");
            let pid = camera.pid().expect("a process");
            writeln!(std::io::stdout().lock(), "\n{PID_IS}{pid}").expect("somebody listens");
            loop {
                std::thread::park();
            }
        }
        _ => panic!("no such role"),
    }
}

fn again(role: &'static str, photos: &Path) -> Program {
    let mut program = Program::new(std::env::current_exe().expect("this program"));
    program.args(["--exact", "camera::tests::camera_child", "--nocapture"]);
    program.env(ROLE, role).env(PHOTOS, photos);
    program
}

fn camera(role: &'static str, photos: &Path, clock: &sim::Clock) -> CameraProcess {
    let photos = photos.to_owned();
    CameraProcess::with(move || again(role, &photos), true, Arc::new(clock.clone()))
}

/// Two photos, told apart by their grey: 60 and 180.
fn photos() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, grey) in [("a.png", 60), ("b.png", 180)] {
        image::RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([grey; 3]))
            .save(dir.path().join(name))
            .expect("a photo");
    }
    dir
}

fn grey(frame: &Frame) -> u64 {
    frame.rgb().iter().map(|&v| u64::from(v)).sum::<u64>() / frame.rgb().len() as u64
}

/// Asks until a frame satisfies, through the faults of a camera starting again.
fn frame_with(camera: &mut CameraProcess, clock: &sim::Clock, wanted: impl Fn(&Frame) -> bool) -> Frame {
    for _ in 0..600 {
        match camera.next(PATIENCE) {
            Ok(frame) if wanted(&frame) => return frame,
            Ok(_) => {}
            Err(_) => clock.advance(1_000),
        }
    }
    panic!("no such frame came");
}

fn fault_of(camera: &mut CameraProcess, timeout: Duration) -> CameraFault {
    (0..600).find_map(|_| camera.next(timeout).err()).expect("frames end")
}

fn is_gone(pid: u32) -> bool {
    test_kill_process(id(pid)).is_err()
}

fn id(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("a process id")
}

#[test]
fn frames_arrive_from_another_process() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    let first = camera.next(PATIENCE).expect("a frame");
    let second = camera.next(PATIENCE).expect("a frame");
    assert_eq!((first.width(), first.height()), (WIDTH, HEIGHT));
    assert!(grey(&first).abs_diff(60) <= 2);
    assert!(second.seq > first.seq && second.taken > first.taken && second.rgb() != first.rgb());
    assert!(camera.pid().is_some_and(|pid| pid != std::process::id()));
}

#[test]
fn verbs_reach_the_camera_in_the_other_process() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    assert!(matches!(camera.control("cover"), Err(ControlError::Down)));
    camera.next(PATIENCE).expect("a frame");
    camera.control("show b").expect("reaches it");
    frame_with(&mut camera, &clock, |frame| grey(frame) > 170);
    let remote = camera.remote();
    std::thread::spawn(move || remote.control("cover").expect("reaches it")).join().expect("no panic");
    frame_with(&mut camera, &clock, |frame| grey(frame) < 10);
    assert!(matches!(camera.control("jump"), Err(ControlError::Command(_))));
}

#[test]
fn a_real_camera_takes_no_verbs() {
    let camera = CameraProcess::spawn(Path::new("/nowhere"), &CameraSpec::First);
    assert!(matches!(camera.control("cover"), Err(ControlError::Real)));
}

#[test]
fn a_hung_camera_is_killed_after_a_second_and_started_again() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    camera.next(PATIENCE).expect("a frame");
    camera.control("show b").expect("reaches it");
    frame_with(&mut camera, &clock, |frame| grey(frame) > 170);
    let hung = camera.pid().expect("a process");
    camera.control("stall").expect("reaches it");
    assert_eq!(fault_of(&mut camera, Duration::from_secs(1)), CameraFault::Stalled);
    assert_eq!(camera.pid(), Some(hung), "not a second by its clock");
    clock.advance(1_000);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    assert_eq!(camera.pid(), None);
    assert!(is_gone(hung));
    clock.advance(999);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    assert_eq!(camera.pid(), None, "a second's pause");
    clock.advance(1);
    let frame = camera.next(PATIENCE).expect("a frame");
    assert!(grey(&frame) > 170, "the photo asked for before");
    assert!(camera.pid().is_some_and(|pid| pid != hung));
}

#[test]
fn an_unplugged_camera_says_so_and_comes_back() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    let before = camera.next(PATIENCE).expect("a frame").seq;
    camera.control("unplug").expect("reaches it");
    assert_eq!(fault_of(&mut camera, PATIENCE), CameraFault::Unplugged);
    camera.control("plug-in").expect("reaches it");
    assert!(frame_with(&mut camera, &clock, |_| true).seq > before);
}

#[test]
fn a_camera_process_that_never_delivers_is_given_up_after_its_start() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("silent", dir.path(), &clock);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    let silent = camera.pid().expect("a process");
    clock.advance(4_999);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    assert_eq!(camera.pid(), Some(silent));
    clock.advance(1);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    assert!(is_gone(silent));
}

#[test]
fn the_pause_before_a_restart_doubles_up_to_ten_seconds() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("silent", dir.path(), &clock);
    for pause_ms in [1_000, 2_000, 4_000, 8_000, 10_000, 10_000] {
        assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
        assert!(camera.pid().is_some());
        clock.advance(5_000);
        assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
        clock.advance(pause_ms - 1);
        assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
        assert_eq!(camera.pid(), None, "{pause_ms}");
        clock.advance(1);
    }
}

#[test]
fn a_child_that_writes_nonsense_is_refused() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("absurd", dir.path(), &clock);
    assert_eq!(camera.next(PATIENCE).err(), Some(CameraFault::Broken));
    assert_eq!(camera.pid(), None);
}

#[test]
fn an_exit_code_tells_what_became_of_the_camera() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut gone = camera("gone", dir.path(), &clock);
    assert_eq!(gone.next(PATIENCE).err(), Some(CameraFault::Unplugged));
    assert_eq!(gone.next(NO_WAIT).err(), Some(CameraFault::Unplugged), "until a frame comes");
    let empty = tempfile::tempdir().expect("a folder");
    let mut missing = camera("photos", empty.path(), &clock);
    assert_eq!(missing.next(PATIENCE).err(), Some(CameraFault::Missing));
}

#[test]
fn a_program_that_does_not_exist_is_a_broken_camera() {
    let mut camera = CameraProcess::spawn(Path::new("/nowhere/kiosk"), &CameraSpec::First);
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Broken));
}

#[test]
fn a_dropped_camera_leaves_no_process() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    camera.next(PATIENCE).expect("a frame");
    let pid = camera.pid().expect("a process");
    drop(camera);
    assert!(is_gone(pid));
}

#[test]
fn a_camera_process_dies_with_its_parent() {
    let dir = photos();
    let mut parent = again("parent", dir.path()).stdout(Stdio::piped()).spawn().expect("a parent");
    let said = BufReader::new(parent.stdout.take().expect("its output"));
    let pid = said
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix(PID_IS)?.parse().ok())
        .expect("the camera's process");
    let ended = pidfd_open(id(pid), PidfdFlags::empty()).expect("it lives");
    kill_process(id(parent.id()), Signal::KILL).expect("killed");
    parent.wait().expect("it ends");
    let mut watched = [rustix::event::PollFd::new(&ended, rustix::event::PollFlags::IN)];
    let limit = rustix::event::Timespec::try_from(PATIENCE).expect("a time");
    assert_eq!(rustix::event::poll(&mut watched, Some(&limit)), Ok(1), "it still lives");
}

#[test]
fn a_camera_at_rest_gives_a_picture_now_and_then_and_wakes_at_once() {
    let (dir, clock) = (photos(), sim::Clock::at(0));
    let mut camera = camera("photos", dir.path(), &clock);
    camera.rest(true);
    let taken = |camera: &mut CameraProcess| camera.next(PATIENCE).expect("a frame").taken;
    taken(&mut camera);
    let (first, second) = (taken(&mut camera), taken(&mut camera));
    assert!(second - first >= Duration::from_millis(300), "{:?}", second - first);
    camera.rest(false);
    let awake: Vec<Duration> = (0..10).map(|_| taken(&mut camera)).collect();
    let least = awake.windows(2).map(|pair| pair[1] - pair[0]).min().expect("pairs");
    assert!(least < Duration::from_millis(300), "{least:?}");
}
