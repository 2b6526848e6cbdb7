// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use contract::{BootId, DeviceId, Trust};

struct World {
    calls: Calls,
    now: Stamp,
    rev: u64,
}

impl World {
    fn new() -> Self {
        let now = Stamp { boot: BootId::fresh(), mono_ms: 1_000, wall_ms: 1_000, trust: Trust::Synced };
        Self { calls: Calls::of(&[], None, &now), now, rev: 0 }
    }

    fn pass(&mut self, ms: i64) {
        self.now.mono_ms += ms;
        self.now.wall_ms += ms;
    }

    /// Presses; the id of the event if one was made.
    fn press(&mut self, form: PanicForm) -> Option<EventId> {
        let raised = self.calls.press(form, PanicSource::Screen, &self.now)?;
        Some(self.told(Event::PanicRaised(raised)))
    }

    fn told(&mut self, event: Event) -> EventId {
        let id = EventId::in_order();
        self.calls.learn(id, &event);
        id
    }

    fn answer(&mut self, alarm: EventId, change: impl FnOnce(&mut AlarmAnswer)) {
        let mut answer =
            AlarmAnswer { alarm, acknowledged_ms: None, coming_ms: None, arrived_ms: None, closed_ms: None };
        change(&mut answer);
        self.rev += 1;
        let answers =
            AlarmAnswers { device: DeviceId::fresh(), rev: self.rev, alarms: vec![answer], server_ms: 0 };
        self.calls.answered(&answers, &self.now);
    }

    fn officer_comes(&mut self) {
        for attended in self.calls.attended(OfficerId::fresh(), &self.now) {
            self.told(Event::PanicAttended(attended));
        }
    }

    fn shown(&self) -> Option<Shown> {
        self.calls.shown(true, &self.now)
    }

    fn sounds(&self) -> (bool, bool) {
        (self.calls.relay(), self.calls.siren(&self.now))
    }
}

#[test]
fn a_press_closes_the_relay_and_sounds_until_the_control_room_answers() {
    let mut world = World::new();
    assert_eq!((world.sounds(), world.shown()), ((false, false), None));
    let id = world.press(PanicForm::Open).unwrap();
    assert_eq!(world.sounds(), (true, true));
    world.answer(id, |answer| answer.acknowledged_ms = Some(5));
    assert_eq!(world.sounds(), (false, false));
    assert_eq!(world.shown().unwrap().acknowledged_ms, Some(5));
}

#[test]
fn the_siren_is_silent_after_its_time_and_the_relay_stays_closed() {
    let mut world = World::new();
    world.calls.set_siren_s(30);
    world.press(PanicForm::Open);
    world.pass(29_999);
    assert_eq!(world.sounds(), (true, true));
    world.pass(1);
    assert_eq!(world.sounds(), (true, false));
}

#[test]
fn presses_join_the_open_call_and_none_is_dropped() {
    let mut world = World::new();
    let first = world.press(PanicForm::Open).unwrap();
    world.pass(1_000);
    assert!(world.press(PanicForm::Open).is_none(), "told together with what follows");
    assert!(world.calls.due(&world.now).is_none());
    world.pass(REPEAT_MS);
    let together = world.calls.due(&world.now).unwrap();
    assert_eq!(together.joins, Some(first));
    world.told(Event::PanicRaised(together));
    assert!(world.calls.due(&world.now).is_none());
    world.pass(REPEAT_MS);
    assert!(world.press(PanicForm::Open).is_some());
    assert_eq!(world.shown().unwrap().presses, 3);
}

#[test]
fn nobody_in_the_cell_ends_a_call() {
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    let fine = world.calls.fine(&world.now).unwrap();
    world.told(Event::PanicFine(fine));
    assert_eq!(world.sounds(), (true, true));
    assert!(world.shown().unwrap().fine_ms.is_some() && world.shown().unwrap().closed_ms.is_none());
    assert!(world.calls.fine(&world.now).is_none(), "said once");
    assert_eq!(world.calls.awaited(&world.now), Some(0));
    world.answer(id, |answer| answer.closed_ms = Some(9));
    world.pass(CLOSED_SHOWN_MS);
    assert_eq!(world.calls.awaited(&world.now), None);
}

#[test]
fn an_officer_at_the_terminal_stops_the_siren_without_network() {
    let mut world = World::new();
    world.press(PanicForm::Open);
    world.officer_comes();
    assert_eq!(world.sounds(), (false, false));
    assert!(world.shown().unwrap().attended_ms.is_some());
    assert!(world.calls.attended(OfficerId::fresh(), &world.now).is_empty(), "once is enough");
}

#[test]
fn a_press_after_somebody_was_there_is_a_new_cry() {
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    world.officer_comes();
    world.pass(REPEAT_MS);
    world.press(PanicForm::Open);
    assert_eq!(world.sounds(), (true, true));
    world.answer(id, |answer| answer.arrived_ms = Some(9));
    assert_eq!(world.sounds(), (false, false));
    world.pass(60_000);
    world.press(PanicForm::Open);
    assert_eq!(world.sounds(), (true, true));
}

#[test]
fn a_press_while_they_are_on_their_way_does_not_undo_their_answer() {
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    world.answer(id, |answer| answer.acknowledged_ms = Some(5));
    world.pass(REPEAT_MS);
    world.press(PanicForm::Open);
    assert_eq!(world.shown().unwrap().acknowledged_ms, Some(5));
}

#[test]
fn a_silent_call_neither_sounds_nor_shows() {
    let mut world = World::new();
    assert!(world.press(PanicForm::Silent).is_some());
    assert_eq!((world.sounds(), world.shown()), ((false, false), None));
    assert_eq!(world.calls.awaited(&world.now), Some(0));
    let open = world.press(PanicForm::Open);
    assert!(open.is_some() && world.shown().is_some(), "an open one beside it is a call of its own");
}

#[test]
fn a_closed_call_is_shown_for_a_while_and_the_next_press_is_a_new_one() {
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    world.answer(id, |answer| answer.closed_ms = Some(9));
    assert_eq!(world.shown().unwrap().closed_ms, Some(9));
    let raised = world.calls.press(PanicForm::Open, PanicSource::Key, &world.now).unwrap();
    assert_eq!(raised.joins, None);
    world.pass(CLOSED_SHOWN_MS);
    assert_eq!(world.shown(), None);
}

#[test]
fn an_end_that_crosses_a_press_does_not_silence_it() {
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    world.pass(1_000);
    assert!(world.press(PanicForm::Open).is_none(), "it is not told yet");
    world.answer(id, |answer| answer.closed_ms = Some(9));
    assert_eq!(world.sounds(), (true, true));
    // One that was told already: the platform opens it again, and is still asked.
    let mut world = World::new();
    let id = world.press(PanicForm::Open).unwrap();
    world.answer(id, |answer| answer.closed_ms = Some(9));
    assert_eq!((world.sounds(), world.calls.awaited(&world.now)), ((false, false), Some(1)));
    world.answer(id, |_| {});
    assert_eq!(world.sounds(), (true, true));
}
