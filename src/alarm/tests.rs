// SPDX-License-Identifier: GPL-3.0-only
//! The whole process beside a simulated panel, without a platform.

use super::*;
use contract::PanicForm;
use device::sim::{Clock as SimClock, Panel as SimPanel};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const WITHIN: Duration = Duration::from_secs(10);

struct World {
    dir: tempfile::TempDir,
    panel: SimPanel,
    clock: SimClock,
    running: Option<Running>,
}

impl World {
    fn new() -> Self {
        let (panel, clock) = (SimPanel::new(), SimClock::at(1_795_312_800_000));
        let mut world = Self { dir: tempfile::tempdir().unwrap(), panel, clock, running: None };
        world.power_on();
        world
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("kiosk")
    }

    fn power_on(&mut self) {
        let panel = Panel {
            key: Some(Box::new(self.panel.clone())),
            relay: Some(Box::new(self.panel.relay())),
            siren: Some(Box::new(self.panel.siren())),
        };
        let clock = Arc::new(self.clock.clone());
        self.running = Some(start(&self.data(), clock, panel, |_| {}).unwrap());
    }

    fn power_cut(&mut self) {
        self.running.take().unwrap().stop();
        self.clock.reboot();
        let (mut relay, mut siren) = (self.panel.relay(), self.panel.siren());
        device::Output::set(&mut relay, false).unwrap();
        device::Output::set(&mut siren, false).unwrap();
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }
}

fn states(client: &Client) -> Receiver<Option<State>> {
    let (said, heard) = channel();
    client.listen(move |state| {
        said.send(state).ok();
    });
    heard
}

fn until(heard: &Receiver<Option<State>>, fits: impl Fn(State) -> bool) -> State {
    let end = Instant::now() + WITHIN;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if let Some(state) = heard.recv_timeout(left).expect("the state comes")
            && fits(state)
        {
            return state;
        }
    }
}

fn wait(what: &str, happened: impl Fn() -> bool) {
    let end = Instant::now() + WITHIN;
    while !happened() {
        assert!(Instant::now() < end, "it never happened that {what}");
        std::thread::yield_now();
    }
}

/// How many events no platform has.
fn waiting(data: &Path) -> usize {
    backlog(data).unwrap().iter().map(|batch| batch.events.len()).sum()
}

#[test]
fn the_key_closes_the_relay_first_and_is_kept_without_platform_or_window() {
    let world = World::new();
    world.panel.press_key();
    wait("the relay closes", || world.panel.relay_is_closed());
    wait("the siren sounds", || world.panel.siren_sounds());
    wait("the press is on the disk", || waiting(&world.data()) > 0);
    // Held on, it is one press.
    let heard = states(&world.running().client());
    assert_eq!(until(&heard, |state| state.alarm.is_some()).alarm.unwrap().presses, 1);
}

#[test]
fn a_call_nobody_answered_sounds_again_after_the_power_was_gone() {
    let mut world = World::new();
    world.running().client().give(Command::Raise { form: PanicForm::Open });
    wait("the press is on the disk", || waiting(&world.data()) > 0);
    world.power_cut();
    assert!(!world.panel.relay_is_closed());
    world.power_on();
    wait("the relay closes again", || world.panel.relay_is_closed());
    let heard = states(&world.running().client());
    let shown = until(&heard, |state| state.alarm.is_some()).alarm.unwrap();
    assert!(shown.saved && shown.uploaded_ms.is_none());
    assert_eq!(waiting(&world.data()), 1, "it is the same call");
}

#[test]
fn a_broken_relay_is_tried_again_and_keeps_no_alarm_from_being_kept() {
    let world = World::new();
    world.panel.break_outputs(true);
    world.running().client().give(Command::Raise { form: PanicForm::Open });
    wait("the press is on the disk", || waiting(&world.data()) > 0);
    world.panel.break_outputs(false);
    world.clock.advance(2_000);
    wait("the relay closes", || world.panel.relay_is_closed());
}

#[test]
fn a_window_speaks_to_it_by_the_socket_and_finds_it_again() {
    let mut world = World::new();
    serve(world.running(), &world.data()).unwrap();
    let (late, came_late) = channel();
    let client = connect(&world.data(), || {}, move |command| late.send(command).unwrap());
    let heard = states(&client);
    until(&heard, |state| state.alarm.is_none());
    client.give(Command::Raise { form: PanicForm::Open });
    until(&heard, |state| state.alarm.is_some_and(|alarm| alarm.saved));
    client.give(Command::Fine);
    until(&heard, |state| state.alarm.is_some_and(|alarm| alarm.fine_ms.is_some()));
    // A second process is told that there is one.
    let clock: Arc<dyn Clock> = Arc::new(world.clock.clone());
    let none = || Panel { key: None, relay: None, siren: None };
    assert!(matches!(start(&world.data(), clock, none(), |_| {}), Err(AlarmFault::Taken)));
    assert!(came_late.try_recv().is_err());
    // What is asked while it is gone is told to be late, and done when it is back.
    world.power_cut();
    let attended = Command::Attended { officer: contract::OfficerId::fresh() };
    client.give(attended);
    assert_eq!(came_late.recv_timeout(WITHIN).unwrap(), attended);
    world.power_on();
    serve(world.running(), &world.data()).unwrap();
    until(&heard, |state| state.alarm.is_some_and(|alarm| alarm.attended_ms.is_some()));
    wait("the relay opens", || !world.panel.relay_is_closed());
}

#[test]
fn what_is_no_command_ends_nothing() {
    use std::io::Write;
    let world = World::new();
    serve(world.running(), &world.data()).unwrap();
    let mut stream = std::os::unix::net::UnixStream::connect(world.data().join(SOCKET_FILE)).unwrap();
    stream.write_all(b"{}\nnonsense\n{\"number\":1,\"command\":{\"ask\":\"cancel\"}}\n").unwrap();
    stream.write_all(&[b'x'; 100_000]).ok();
    let client = connect(&world.data(), || {}, |_| {});
    let heard = states(&client);
    until(&heard, |_| true);
    client.give(Command::Raise { form: PanicForm::Open });
    until(&heard, |state| state.alarm.is_some());
}
