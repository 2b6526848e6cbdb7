// SPDX-License-Identifier: GPL-3.0-only
//! 约见, from the request to the person's word that it took place.

use super::office::{MINUTE_MS, told as feed_of};
use super::*;
use contract::{
    AppointmentRequested, AppointmentSaid, AppointmentState, AppointmentStatus, AppointmentWith,
    AppointmentWord, Collection, DetaineeId, EventId, Verdict,
};

on_both! {
    a_request_waits_for_one_post_by_the_laws_hours,
    times_are_offered_one_is_chosen_and_the_person_says_it_took_place,
    a_no_has_words_and_ends_it,
    another_time_is_asked_for_and_the_task_is_there_again,
    the_lawyers_hours_run_from_the_lawyers_own_request,
    what_a_person_says_changes_their_own_request_alone_and_once,
}

const HOUR_MS: i64 = 60 * MINUTE_MS;

fn asks(world: &World, kiosk: &Kiosk, with: AppointmentWith) -> Event {
    let detainee = world.seeded.detainees[0].id;
    Event::AppointmentRequested(AppointmentRequested { at: kiosk.stamp(), detainee, with })
}

fn says(detainee: DetaineeId, kiosk: &Kiosk, request: EventId, said: AppointmentWord) -> Event {
    Event::AppointmentSaid(AppointmentSaid { at: kiosk.stamp(), detainee, request, said })
}

async fn status(kiosk: &Kiosk, request: EventId) -> Option<AppointmentStatus> {
    let items = feed_of(kiosk, Collection::Appointment).await;
    let item = items.into_iter().rev().find(|item| item.key == request.to_string())?;
    Some(serde_json::from_value(item.body).unwrap())
}

async fn does(world: &World, name: &str, request: EventId, more: &[(&str, &str)]) -> StatusCode {
    let (terminal, request) = (world.terminal().to_string(), request.to_string());
    let mut fields = vec![("terminal", terminal.as_str()), ("request", request.as_str())];
    fields.extend_from_slice(more);
    Browser::signed_in(world, name).await.press("/", "/appointments", &fields).await.status
}

async fn waits(world: &World, name: &str, kind: &str) -> usize {
    let page = Browser::signed_in(world, name).await.get("/").await.text;
    page.matches(&format!("data-kind=\"{kind}\"")).count()
}

async fn a_request_waits_for_one_post_by_the_laws_hours(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    for (with, name) in [
        (AppointmentWith::LegalAid, "supervisor"),
        (AppointmentWith::Director, "director"),
        (AppointmentWith::Counsellor, "doctor"),
    ] {
        let request = kiosk.say(&asks(&world, &kiosk, with)).await;
        assert!(status(&kiosk, request).await.is_none(), "accepted only when somebody accepts");
        for other in ["supervisor", "director", "doctor", "duty"] {
            let mut browser = Browser::signed_in(&world, other).await;
            let page = browser.get("/appointments").await.text;
            let may = other == name || (other == "duty" && name == "supervisor");
            assert_eq!(has(&page, &format!("appointment-{request}")), may, "{other} {with:?}");
            let done = does(&world, other, request, &[("deed", "lawyer"), ("at1", "2027-01-01T10:00")]).await;
            let expected = if may { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::FORBIDDEN };
            assert_eq!(done, expected, "{other} {with:?}");
        }
        assert_eq!(waits(&world, name, "appointment").await, 1, "{name}");
    }
    assert_eq!(waits(&world, "duty", "appointment").await, 0, "it is one post's task");
    world.pass_ms(24 * HOUR_MS);
    let page = Browser::signed_in(&world, "supervisor").await.get("/appointments").await.text;
    assert!(page.contains("已超时") && page.contains("王建国"));
    let page = Browser::signed_in(&world, "director").await.get("/appointments").await.text;
    assert!(!page.contains("已超时"), "the site's own hours are longer");
    for name in ["it", "auditor", "control", "procurator"] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get("/appointments").await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let english = Browser::signed_in(&world, "doctor").await.get("/appointments?lang=en").await.text;
    assert!(english.contains("Counsellor") && !english.contains('⟨'));
}

async fn times_are_offered_one_is_chosen_and_the_person_says_it_took_place(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = world.seeded.detainees[0].id;
    let request = kiosk.say(&asks(&world, &kiosk, AppointmentWith::Director)).await;
    assert_eq!(does(&world, "director", request, &[("deed", "accept")]).await, StatusCode::SEE_OTHER);
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Accepted);
    assert_eq!(waits(&world, "director", "appointment").await, 1, "accepted is not answered");
    let past = [("deed", "offer"), ("at1", "2026-11-22T10:00")];
    assert_eq!(does(&world, "director", request, &past).await, StatusCode::UNPROCESSABLE_ENTITY);
    let times = [("deed", "offer"), ("at1", "2026-11-23T10:00"), ("at2", "2026-11-23T15:00"), ("at3", "")];
    assert_eq!(does(&world, "director", request, &times).await, StatusCode::SEE_OTHER);
    let offered = status(&kiosk, request).await.unwrap();
    assert_eq!((offered.state, offered.slots.len()), (AppointmentState::Offered, 2));
    assert_eq!(offered.slots[1].from_ms - offered.slots[0].from_ms, 5 * HOUR_MS);
    assert_eq!(offered.slots[0].from_ms, 1_795_399_200_000, "on the cell's clock");
    assert_eq!(waits(&world, "director", "appointment").await, 0);
    assert_eq!(does(&world, "director", request, &[("deed", "done")]).await, StatusCode::SEE_OTHER);
    assert!(
        !Browser::signed_in(&world, "director").await.get("/appointments").await.text.contains("等本人确认")
    );

    let slot = offered.slots[1].slot;
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::Accept { slot: slot + 9 })).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Offered, "no such time");
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::Accept { slot })).await;
    let booked = status(&kiosk, request).await.unwrap();
    assert_eq!((booked.state, booked.booked), (AppointmentState::Booked, Some(slot)));
    assert_eq!(does(&world, "director", request, &[("deed", "done")]).await, StatusCode::SEE_OTHER);
    let page = Browser::signed_in(&world, "director").await.get("/appointments").await.text;
    assert!(page.contains("等本人确认") && page.contains("已约定"));
    assert_eq!(
        status(&kiosk, request).await.unwrap().state,
        AppointmentState::Booked,
        "an officer's word is not the person's"
    );
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::TookPlace)).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::TookPlace);
    let audit = Browser::signed_in(&world, "director").await.get("/audit").await.text;
    assert!(audit.contains("提供约见时间") && audit.contains("记为已见面") && !audit.contains("⟨"));
}

async fn a_no_has_words_and_ends_it(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let request = kiosk.say(&asks(&world, &kiosk, AppointmentWith::Doctor)).await;
    let silent = [("deed", "decline"), ("words", " ")];
    assert_eq!(does(&world, "doctor", request, &silent).await, StatusCode::UNPROCESSABLE_ENTITY);
    let no = [("deed", "decline"), ("words", "请先填病情反映")];
    assert_eq!(does(&world, "doctor", request, &no).await, StatusCode::SEE_OTHER);
    let told = status(&kiosk, request).await.unwrap();
    assert_eq!((told.state, told.words.as_str()), (AppointmentState::Declined, "请先填病情反映"));
    assert_eq!(waits(&world, "doctor", "appointment").await, 0);
    does(&world, "doctor", request, &[("deed", "accept")]).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Declined, "it is over");
}

async fn another_time_is_asked_for_and_the_task_is_there_again(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = world.seeded.detainees[0].id;
    let request = kiosk.say(&asks(&world, &kiosk, AppointmentWith::SupervisingOfficer)).await;
    let times = [("deed", "offer"), ("at1", "2026-11-23T10:00")];
    does(&world, "supervisor", request, &times).await;
    let slot = status(&kiosk, request).await.unwrap().slots[0].slot;
    assert_eq!(waits(&world, "supervisor", "appointment").await, 0);
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::OtherTime)).await;
    assert!(status(&kiosk, request).await.unwrap().slots.is_empty());
    assert_eq!(waits(&world, "supervisor", "appointment").await, 1);
    world.pass_ms(MINUTE_MS);
    does(&world, "supervisor", request, &times).await;
    let again = status(&kiosk, request).await.unwrap();
    assert_ne!(again.slots[0].slot, slot, "what was on its way to the first means the first");
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::Accept { slot })).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Offered);
    let accept = AppointmentWord::Accept { slot: again.slots[0].slot };
    kiosk.say(&says(person, &kiosk, request, accept)).await;
    does(&world, "supervisor", request, &[("deed", "done")]).await;
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::DidNotTakePlace)).await;
    assert_eq!(waits(&world, "supervisor", "appointment").await, 1, "nobody came: it is open again");
    let page = Browser::signed_in(&world, "supervisor").await.get("/appointments").await.text;
    assert!(!page.contains("等本人确认"));
}

async fn the_lawyers_hours_run_from_the_lawyers_own_request(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let request = kiosk.say(&asks(&world, &kiosk, AppointmentWith::DefenceLawyer)).await;
    does(&world, "duty", request, &[("deed", "forward"), ("words", "已转告律师")]).await;
    let told = status(&kiosk, request).await.unwrap();
    assert_eq!(told.state, AppointmentState::Forwarded);
    assert!(told.forwarded_ms.is_some() && told.lawyer_asked_ms.is_none());
    assert_eq!(waits(&world, "supervisor", "appointment").await, 0);
    assert_eq!(waits(&world, "supervisor", "lawyer_meeting").await, 0);
    // 09:00 in the cell; it is 10:45.
    does(&world, "supervisor", request, &[("deed", "lawyer"), ("at1", "2026-11-22T09:00")]).await;
    let told = status(&kiosk, request).await.unwrap();
    assert_eq!((told.state, told.lawyer_asked_ms), (AppointmentState::Forwarded, Some(1_795_309_200_000)));
    assert_eq!(waits(&world, "supervisor", "lawyer_meeting").await, 1);
    world.pass_ms(46 * HOUR_MS + 14 * MINUTE_MS);
    let late = async || Browser::signed_in(&world, "supervisor").await.get("/").await.text.contains("已超时");
    assert!(!late().await);
    world.pass_ms(MINUTE_MS);
    assert!(late().await, "48 hours from what the lawyer said");
}

async fn what_a_person_says_changes_their_own_request_alone_and_once(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut elsewhere = world.kiosk_at(world.other_cell().await).await;
    let (person, other) = (world.seeded.detainees[0].id, world.seeded.detainees[1].id);
    let request = kiosk.say(&asks(&world, &kiosk, AppointmentWith::Director)).await;
    let unknown = Verdict::Parked { code: "request_unknown".into() };
    let said = kiosk.event(&says(other, &kiosk, request, AppointmentWord::Withdrawn));
    assert_eq!(kiosk.verdict(&said).await, unknown);
    let said = elsewhere.event(&says(person, &elsewhere, request, AppointmentWord::Withdrawn));
    assert_eq!(elsewhere.verdict(&said).await, unknown);
    let stranger = AppointmentRequested {
        at: kiosk.stamp(),
        detainee: DetaineeId::fresh(),
        with: AppointmentWith::Director,
    };
    let asked = kiosk.event(&Event::AppointmentRequested(stranger));
    assert_eq!(kiosk.verdict(&asked).await, Verdict::Parked { code: "not_of_this_cell".into() });
    assert!(status(&kiosk, request).await.is_none());
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::Withdrawn)).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Withdrawn);
    assert_eq!(waits(&world, "director", "appointment").await, 0);
    kiosk.say(&says(person, &kiosk, request, AppointmentWord::TookPlace)).await;
    assert_eq!(status(&kiosk, request).await.unwrap().state, AppointmentState::Withdrawn, "it is over");
}
