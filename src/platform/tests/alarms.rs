// SPDX-License-Identifier: GPL-3.0-only
//! An alarm from the press in the cell to the officer's note.

use super::*;
use crate::AlarmReport;
use crate::alarms::{Deed, escalate};
use contract::{
    CallMade, CameraState, CameraStateChanged, CaseChange, CaseChanged, ItemKind, ItemRequested,
    PanicAttended, PanicFine, PanicForm, PanicRaised, PanicSource, RequestState, Update,
};

on_both! {
    a_press_is_answered_step_by_step_and_each_is_heard_in_the_cell,
    presses_join_and_one_after_the_arrival_asks_for_an_answer_again,
    what_is_fine_ends_nothing_and_an_officer_at_the_terminal_answers,
    what_nobody_answers_is_called_out_further_by_the_cells_policy,
    the_second_way_joins_the_call_that_is_open,
    a_camera_that_sees_again_is_marked_and_a_new_loss_is_a_new_alarm,
    an_opened_terminal_is_an_alarm_of_lower_rank,
    a_calm_call_is_answered_down_the_feed,
    a_word_about_an_alarm_that_is_not_there_is_parked,
    a_request_of_another_cell_is_not_told,
}

impl World {
    async fn alarm(&self) -> AlarmReport {
        self.running.platform.alarms().await.unwrap().remove(0)
    }

    async fn act(&self, alarm: &AlarmReport, deed: Deed<'_>) -> bool {
        self.running.platform.answer_alarm(alarm, deed, "周民警").await.unwrap()
    }
}

fn press(kiosk: &Kiosk, form: PanicForm, joins: Option<EventId>) -> Event {
    Event::PanicRaised(PanicRaised { at: kiosk.stamp(), form, source: PanicSource::Key, joins })
}

async fn a_press_is_answered_step_by_step_and_each_is_heard_in_the_cell(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let id = kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    let alarm = world.alarm().await;
    assert_eq!((alarm.alarm, alarm.kind, alarm.presses), (id, "panic", 1));
    let mut heard = kiosk.alarms(0, 0).await.unwrap();
    let told = |heard: &contract::AlarmAnswers| {
        let answer = heard.alarms[0];
        let steps = [answer.acknowledged_ms, answer.coming_ms, answer.arrived_ms, answer.closed_ms];
        steps.iter().filter(|step| step.is_some()).count()
    };
    assert_eq!(told(&heard), 0);
    let deeds = [Deed::Acknowledge, Deed::Send("李民警"), Deed::Arrive, Deed::Close("无人受伤")];
    for (at, deed) in deeds.into_iter().enumerate() {
        // The question is held until there is something to say.
        let (asked, done) = tokio::join!(kiosk.alarms(heard.rev, 30), world.act(&alarm, deed));
        assert!(done);
        heard = asked.unwrap();
        assert_eq!(told(&heard), at + 1);
    }
    assert!(!world.act(&alarm, Deed::Acknowledge).await, "what is closed is closed");
    world.pass_ms(25 * 60 * 60_000);
    assert!(kiosk.alarms(0, 0).await.unwrap().alarms.is_empty(), "and is not told for ever");
}

async fn presses_join_and_one_after_the_arrival_asks_for_an_answer_again(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let id = kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    world.act(&world.alarm().await, Deed::Acknowledge).await;
    kiosk.say(&press(&kiosk, PanicForm::Open, Some(id))).await;
    let alarm = world.alarm().await;
    assert!(alarm.presses == 2 && alarm.is_acknowledged, "they are on their way");
    world.act(&alarm, Deed::Arrive).await;
    kiosk.say(&press(&kiosk, PanicForm::Open, Some(id))).await;
    let alarm = world.alarm().await;
    assert!(alarm.presses == 3 && !alarm.is_acknowledged && !alarm.has_arrived);
    world.act(&alarm, Deed::Close("好")).await;
    kiosk.say(&press(&kiosk, PanicForm::Open, Some(id))).await;
    let alarms = world.running.platform.alarms().await.unwrap();
    assert!(alarms.len() == 1 && !alarms[0].is_closed, "whoever presses did not hear of its end");
}

async fn what_is_fine_ends_nothing_and_an_officer_at_the_terminal_answers(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let alarm = kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    kiosk.say(&Event::PanicFine(PanicFine { at: kiosk.stamp(), alarm })).await;
    let report = world.alarm().await;
    assert!(report.is_fine && !report.is_acknowledged && !report.is_closed);
    let officer = world.seeded.officers[0].id;
    kiosk.say(&Event::PanicAttended(PanicAttended { at: kiosk.stamp(), alarm, officer })).await;
    let report = world.alarm().await;
    assert!(report.is_acknowledged && report.has_arrived && !report.is_closed);
}

async fn what_nobody_answers_is_called_out_further_by_the_cells_policy(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let core = &world.running.platform.core;
    kiosk.say(&press(&kiosk, PanicForm::Silent, None)).await;
    let first = world.alarm().await.alarm;
    for (pass_s, level) in [(29, 0), (1, 1), (59, 1), (1, 2), (600, 2)] {
        world.pass_ms(pass_s * 1000);
        // Whoever goes on pressing does not put the next post off.
        kiosk.say(&press(&kiosk, PanicForm::Silent, Some(first))).await;
        escalate(core).await.unwrap();
        assert_eq!(world.alarm().await.level, level, "after {pass_s} more seconds");
    }
    assert!(!escalate(core).await.unwrap(), "once");
    let second = kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    let answered = world.running.platform.alarms().await.unwrap();
    world.act(answered.iter().find(|one| one.alarm == second).unwrap(), Deed::Acknowledge).await;
    world.pass_ms(60 * 60_000);
    assert!(!escalate(core).await.unwrap(), "what is answered calls nobody");
}

async fn the_second_way_joins_the_call_that_is_open(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    kiosk.say(&Event::AlarmRaised(contract::AlarmRaised { at: kiosk.stamp() })).await;
    let alarms = world.running.platform.alarms().await.unwrap();
    assert_eq!((alarms.len(), alarms[0].presses), (1, 2));
}

async fn a_camera_that_sees_again_is_marked_and_a_new_loss_is_a_new_alarm(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let states = [CameraState::Covered, CameraState::Stalled, CameraState::Working, CameraState::Missing];
    for state in states {
        kiosk.say(&Event::CameraStateChanged(CameraStateChanged { at: kiosk.stamp(), state })).await;
    }
    let alarms = world.running.platform.alarms().await.unwrap();
    let seen: Vec<_> = alarms.iter().map(|one| (one.kind, one.presses, one.is_over, one.is_closed)).collect();
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&("camera", 2, true, false)) && seen.contains(&("camera", 1, false, false)));
}

async fn an_opened_terminal_is_an_alarm_of_lower_rank(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    for change in [CaseChange::OnBattery, CaseChange::Opened, CaseChange::Closed] {
        kiosk.say(&Event::CaseChanged(CaseChanged { at: kiosk.stamp(), change })).await;
    }
    kiosk.say(&press(&kiosk, PanicForm::Open, None)).await;
    let alarms = world.running.platform.alarms().await.unwrap();
    assert_eq!(alarms[0].kind, "panic", "help that is needed stands first");
    let mut lower: Vec<_> = alarms[1..].iter().map(|one| (one.kind, one.is_over)).collect();
    lower.sort_unstable();
    assert_eq!(lower, [("opened", true), ("power", false)]);
}

async fn a_calm_call_is_answered_down_the_feed(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = kiosk.say(&Event::CallMade(CallMade { at: kiosk.stamp() })).await;
    let alarm = world.alarm().await;
    assert_eq!(alarm.kind, "call");
    for (deed, state) in
        [(Deed::Acknowledge, RequestState::Accepted), (Deed::Close("已回应"), RequestState::Done)]
    {
        world.act(&alarm, deed).await;
        let (page, _) = kiosk.feed(0, 0).await.unwrap();
        let told = page.items.iter().rfind(|item| item.collection == "request").unwrap();
        let Update::Request(status) = Update::decode(told).unwrap() else { panic!("a request's status") };
        assert_eq!((status.request, status.state), (call, state));
    }
}

async fn a_word_about_an_alarm_that_is_not_there_is_parked(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let fine = Event::PanicFine(PanicFine { at: kiosk.stamp(), alarm: EventId::in_order() });
    let event = kiosk.event(&fine);
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "alarm_unknown".into() });
    // A press that joins one the platform never had is a call of its own.
    kiosk.say(&press(&kiosk, PanicForm::Open, Some(EventId::in_order()))).await;
    assert_eq!(world.alarm().await.presses, 1);
}

async fn a_request_of_another_cell_is_not_told(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let item = ItemKind::Water;
    let event = kiosk.say(&Event::ItemRequested(ItemRequested { at: kiosk.stamp(), item })).await;
    let core = &world.running.platform.core;
    let mut write = core.tables.write().await.unwrap();
    use crate::tables::requests;
    let state = RequestState::Declined;
    let told = requests::answer(&mut write, DeviceId::fresh(), event, state, "周", "无", 1).await.unwrap();
    assert_eq!(told, None, "the event of another device");
    let told = requests::answer(&mut write, kiosk.device, event, state, "周", "无", 1).await.unwrap();
    assert_eq!(told, Some(world.terminal()));
    let again = requests::answer(&mut write, kiosk.device, event, RequestState::Done, "周", "", 2).await;
    assert_eq!(again.unwrap(), None, "what is declined is over");
    write.commit().await.unwrap();
}
