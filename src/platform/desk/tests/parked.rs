// SPDX-License-Identifier: GPL-3.0-only
//! Parked events at the desk: seen by everyone, tried again by who may, with one effect.

use super::*;
use crate::tables::events::LaneKey;
use crate::tables::{feed, parked as rows};
use contract::{
    Collection, Direction, Envelope, How, IdentityCheck, Lane, Line, Movement, OneLeft, OutReason, Outcome,
    RollCallSupplement, Verdict,
};

on_both! {
    a_parked_event_is_tried_again_until_it_has_its_effect_and_then_no_more,
    many_who_try_at_once_have_one_effect (flavor = "multi_thread", worker_threads = 4),
    a_wrong_signature_and_a_withheld_body_are_evidence_and_nothing_makes_them_more,
    bytes_that_changed_on_the_platform_have_no_effect,
    who_may_not_try_again_sees_the_list_without_a_button,
    a_movement_tried_again_is_recorded_and_undoes_no_later_one,
    an_alarm_that_contradicts_rang_and_cannot_ring_again_by_hand,
    what_stands_nowhere_is_not_found_and_every_reason_has_words,
}

async fn sent(kiosk: &Kiosk, event: &Envelope) -> Verdict {
    kiosk.send(std::slice::from_ref(event)).await.unwrap().verdicts.remove(0).verdict
}

/// Sends an event that is expected to be parked.
async fn park(kiosk: &Kiosk, event: &Envelope, code: &str) {
    assert_eq!(sent(kiosk, event).await, Verdict::Parked { code: code.into() });
}

async fn press(browser: &mut Browser, event: &Envelope) -> Page {
    let token = token_of(&browser.get("/parked").await.text);
    again(browser, event, &token).await
}

async fn again(browser: &mut Browser, event: &Envelope, token: &str) -> Page {
    let (device, epoch, seq) = (event.device.to_string(), event.epoch.to_string(), event.seq.to_string());
    let fields = [
        ("csrf", token),
        ("device", device.as_str()),
        ("epoch", epoch.as_str()),
        ("lane", event.lane.name()),
        ("seq", seq.as_str()),
    ];
    browser.post("/parked/replay", &fields).await
}

fn key(event: &Envelope) -> LaneKey {
    LaneKey { device: event.device, epoch: event.epoch, lane: event.lane }
}

async fn state(world: &World, event: &Envelope) -> rows::ParkedState {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    rows::state(&mut read, key(event), event.seq).await.unwrap().unwrap()
}

async fn audited(world: &World, action: &str) -> usize {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let lines = crate::tables::audit::newest(&mut read, 200).await.unwrap();
    lines.iter().filter(|line| line.action == action).count()
}

/// A late arrival told of before its result.
async fn early_supplement(world: &World, kiosk: &mut Kiosk) -> (Envelope, Event) {
    let call = call_of(world).await;
    let result = world.result(kiosk, call);
    let line = Line { outcome: Outcome::Present(How::Pin { chosen: false }), ..result.lines[3].clone() };
    let supplement = RollCallSupplement { call, line, officer: world.seeded.officers[0].id };
    let early = kiosk.event(&Event::RollCallSupplement(supplement));
    park(kiosk, &early, "supplement_without_result").await;
    (early, Event::RollCallResult(result))
}

fn movement(world: &World, kiosk: &Kiosk, direction: Direction) -> Movement {
    Movement {
        detainee: world.seeded.detainees[4].id,
        direction,
        reason: OutReason::Interrogation,
        at: kiosk.stamp(),
        left_ms: None,
        checked: IdentityCheck::Officer,
        officer: world.seeded.officers[1].id,
        remaining: 11,
    }
}

/// A take-out of someone the platform had not in the cell then, and has since.
async fn early_movement(world: &World, kiosk: &mut Kiosk) -> Envelope {
    let platform = &world.running.platform;
    let person = world.seeded.detainees[4].id;
    let member = platform.members(world.terminal()).await.unwrap();
    let member = member.into_iter().find(|member| member.id == person).unwrap();
    platform.remove_member(world.terminal(), person).await.unwrap();
    let event = kiosk.event(&Event::Movement(movement(world, kiosk, Direction::TakeOut)));
    park(kiosk, &event, "not_of_this_cell").await;
    platform.put_member(world.terminal(), &member).await.unwrap();
    event
}

/// The member's revision in the feed, and whether they are out.
async fn member(world: &World) -> (u64, bool) {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let id = world.seeded.detainees[4].id.to_string();
    let item = feed::get(&mut read, world.terminal(), Collection::Member, &id).await.unwrap().unwrap();
    let member: Member = serde_json::from_value(item.body).unwrap();
    (item.rev, member.out.is_some())
}

async fn a_parked_event_is_tried_again_until_it_has_its_effect_and_then_no_more(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (early, result) = early_supplement(&world, &mut kiosk).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let page = browser.get("/parked").await.text;
    assert!(page.contains("data-count=\"1\"") && page.contains("补点的那次点名还没有结果"));
    assert!(page.contains("roll_call.supplement/1") && page.contains("在平台"));
    assert!(has(&browser.get("/notices").await.text, "notices-parked"));

    let failed = press(&mut browser, &early).await;
    assert_eq!(failed.status, StatusCode::CONFLICT);
    assert!(element(&failed.text, "wrong").contains("补点的那次点名还没有结果"));
    assert_eq!(state(&world, &early).await.replayed, None);
    assert_eq!((audited(&world, "replay").await, audited(&world, "replay_refused").await), (0, 1));
    let supplements = async || world.running.platform.results().await.unwrap()[0].supplements.len();
    assert_eq!(supplements().await, 0);

    kiosk.say(&result).await;
    world.pass_ms(60_000);
    let done = press(&mut browser, &early).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/parked?said=replayed"));
    assert_eq!((supplements().await, audited(&world, "replay").await), (1, 1));
    let (at, by) = state(&world, &early).await.replayed.unwrap();
    assert_eq!((at, by.as_str()), (crate::tests::NOW_MS + 60_000, "director"));
    let page = browser.get(&done.location).await.text;
    assert!(has(&page, "said") && has(&page, &format!("replayed-{}", early.id)));
    assert!(page.contains("data-count=\"0\"") && !has(&page, &format!("replay-{}", early.id)));
    assert!(!has(&browser.get("/notices").await.text, "notices-parked"));

    let second = press(&mut browser, &early).await;
    assert_eq!((second.status, supplements().await), (StatusCode::CONFLICT, 1));
    assert!(element(&second.text, "wrong").contains("此前已经执行"));
    park(&kiosk, &early, "supplement_without_result").await;
}

async fn many_who_try_at_once_have_one_effect(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let token = token_of(&browser.get("/parked").await.text);
    for round in 1..=4 {
        let event = early_movement(&world, &mut kiosk).await;
        let mut read = world.running.platform.core.tables.read().await.unwrap();
        let newest = crate::tables::feed::newest(&mut read).await.unwrap();
        drop(read);
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (mut browser, event, token) = (browser.clone(), event.clone(), token.clone());
            tries.spawn(async move { again(&mut browser, &event, &token).await });
        }
        let pages = tries.join_all().await;
        let done = pages.iter().filter(|page| page.status == StatusCode::SEE_OTHER).count();
        let before = pages.iter().filter(|page| page.text.contains("此前已经执行")).count();
        assert_eq!((done, before), (1, 5), "round {round}");
        assert_eq!(world.running.platform.movements(world.terminal()).await.unwrap().len(), round);
        assert_eq!(member(&world).await, (newest + 1, true), "the feed is told once");
        assert_eq!(audited(&world, "replay").await, round);
    }
}

async fn a_wrong_signature_and_a_withheld_body_are_evidence_and_nothing_makes_them_more(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let one_left = Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 });
    let withheld = kiosk.event(&one_left).without_body();
    park(&kiosk, &withheld, "withheld").await;
    let mut forged = kiosk.event(&one_left);
    forged.time.wall_ms += 1;
    park(&kiosk, &forged, "signature").await;

    let mut browser = Browser::signed_in(&world, "director").await;
    let page = browser.get("/parked").await.text;
    assert!(page.contains("data-count=\"0\"") && page.contains("留在终端") && page.contains("签名不对"));
    for event in [&withheld, &forged] {
        assert!(has(&page, &format!("never-{}", event.id)) && !has(&page, &format!("replay-{}", event.id)));
        let refused = press(&mut browser, event).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(element(&refused.text, "wrong").starts_with("这条上报只作证据"));
    }

    let mut write = world.running.platform.core.tables.write().await.unwrap();
    sqlx::query("UPDATE parked SET evidence = 0, code = 'kind'").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    let refused = press(&mut browser, &forged).await;
    assert!(element(&refused.text, "wrong").contains("签名不对"), "the bytes are checked again");
    let refused = press(&mut browser, &withheld).await;
    assert!(element(&refused.text, "wrong").contains("内容留在终端"));
    assert_eq!(state(&world, &forged).await.replayed, None);
    let notices = world.running.platform.notices().await.unwrap();
    assert!(notices.iter().all(|notice| notice.kind == crate::NoticeKind::Parked));
}

async fn bytes_that_changed_on_the_platform_have_no_effect(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = early_movement(&world, &mut kiosk).await;
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    sqlx::query("UPDATE event SET body = REPLACE(body, 'interrogation', 'hearing') WHERE seq = $1")
        .bind(i64::try_from(event.seq).unwrap())
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let mut browser = Browser::signed_in(&world, "director").await;
    assert_eq!(press(&mut browser, &event).await.status, StatusCode::CONFLICT);
    assert!(world.running.platform.movements(world.terminal()).await.unwrap().is_empty());
}

async fn who_may_not_try_again_sees_the_list_without_a_button(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = early_movement(&world, &mut kiosk).await;
    for name in ["duty", "control"] {
        let mut browser = Browser::signed_in(&world, name).await;
        let page = browser.get("/parked").await.text;
        assert!(has(&page, &format!("parked-{}", event.id)) && !page.contains("/parked/replay"), "{name}");
        assert_eq!(press(&mut browser, &event).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let mut director = Browser::signed_in(&world, "director").await;
    assert_eq!(again(&mut director, &event, "0").await.status, StatusCode::FORBIDDEN, "another token");
    assert_eq!((state(&world, &event).await.replayed, audited(&world, "replay").await), (None, 0));
}

async fn a_movement_tried_again_is_recorded_and_undoes_no_later_one(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = early_movement(&world, &mut kiosk).await;
    kiosk.say(&Event::Movement(movement(&world, &kiosk, Direction::Return))).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    assert_eq!(press(&mut browser, &event).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.running.platform.movements(world.terminal()).await.unwrap().len(), 2);
    assert!(!member(&world).await.1, "the person is back");
}

async fn an_alarm_that_contradicts_rang_and_cannot_ring_again_by_hand(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let alarm = Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() });
    let first = kiosk.event(&alarm);
    assert_eq!(sent(&kiosk, &first).await, Verdict::Accepted);
    let mut lost = world.kiosk().await;
    let _never_sent = lost.event(&alarm);
    let mut second = lost.event(&alarm);
    second.seq = 1;
    // Chained to an event the platform never saw, and signed for another number.
    park(&lost, &second, "chain").await;
    let mut browser = Browser::signed_in(&world, "director").await;
    assert!(has(&browser.get("/parked").await.text, &format!("never-{}", second.id)));
    assert_eq!(press(&mut browser, &second).await.status, StatusCode::CONFLICT);
}

async fn what_stands_nowhere_is_not_found_and_every_reason_has_words(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = early_movement(&world, &mut kiosk).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let nowhere = Envelope { seq: 99, ..event.clone() };
    assert_eq!(press(&mut browser, &nowhere).await.status, StatusCode::NOT_FOUND);
    let other_lane = Envelope { lane: Lane::Care, ..event.clone() };
    assert_eq!(press(&mut browser, &other_lane).await.status, StatusCode::NOT_FOUND);

    for lang in ["zh-CN", "en"] {
        browser.get(&format!("/?lang={lang}")).await;
        for code in [
            "signature",
            "withheld",
            "size",
            "kind",
            "body",
            "lane",
            "not_of_this_cell",
            "second_result",
            "supplement_without_result",
            "total",
            "too_many_lines",
            "effect",
            "seq",
            "chain",
            "id",
        ] {
            let mut write = world.running.platform.core.tables.write().await.unwrap();
            sqlx::query("UPDATE parked SET code = $1").bind(code).execute(&mut *write).await.unwrap();
            write.commit().await.unwrap();
            let page = browser.get("/parked").await.text;
            assert!(!page.contains(&format!("<td>{code}</td>")), "{code} has words in {lang}");
            assert!(!page.contains('⟨'), "{code}, {lang}");
        }
    }
}
