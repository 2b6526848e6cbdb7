// SPDX-License-Identifier: GPL-3.0-only
//! Home, the alarm over it, and movements.

use super::*;

#[test]
fn home_shows_the_day_and_eight_services_of_which_those_that_are_built_are_open() {
    let window = zh(&quiet());
    assert_eq!(says(&window, "clock"), "10:32");
    assert_eq!(says(&window, "page-title"), "三监区 305室");
    assert_eq!(says(&window, "link"), "已连接");
    assert_eq!(says(&window, "schedule-0"), "10:45 晨间点名, 还有 13 分钟");
    assert_eq!(says(&window, "schedule-1"), "09:00 学习, 监规");
    assert_eq!(says(&window, "schedule-2"), "11:30 午餐, 米饭 炖白菜 鸡蛋", "the same roll call stands once");
    let ids = ["care", "shop", "complaints", "education", "my-record", "duty", "requests", "notices"];
    let services = window.global::<ui::Home<'_>>().get_services();
    assert!(services.iter().map(|service| service.id).eq(ids));
    for id in ids {
        let tile = testing::find(&window, &format!("tile-{id}")).unwrap();
        let open = ["care", "shop", "complaints", "my-record", "duty", "requests", "notices"].contains(&id);
        assert_eq!(tile.accessible_enabled(), Some(open), "{id}");
        assert_eq!(says(&window, &format!("tile-{id}")).ends_with("尚未开通"), !open, "{id}");
    }
    assert!(testing::find(&window, "clock-unverified").is_none());
    assert!(testing::find(&window, "missing").is_none());
}

#[test]
fn a_clock_nobody_confirmed_carries_a_mark() {
    for trust in [Trust::Estimated, Trust::Unsynced] {
        let mut scene = quiet();
        scene.now.trust = trust;
        assert!(testing::find(&zh(&scene), "clock-unverified").is_some());
    }
    let mut scene = quiet();
    scene.cell.utc_offset_min = None;
    let window = zh(&scene);
    assert!(testing::find(&window, "clock-unverified").is_some());
    assert_eq!(says(&window, "clock"), "", "no time of day is invented");
}

#[test]
fn home_says_what_is_missing() {
    let mut scene = quiet();
    scene.eye = Eye { camera: CameraState::Missing, models: false, guide: None };
    scene.link = Link::NotEnrolled;
    scene.next_task = None;
    scene.cell.day.clear();
    let said = read_all(&zh(&scene));
    for words in ["摄像头不能用", "没有人脸模型", "尚未在平台登记", "平台还没有发来"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
}

fn with_alarm(alarm: Option<&alarm::Status>, small: bool) -> MainWindow {
    let scene = quiet();
    let window = zh(&scene);
    show_alarm(&window, alarm, small, Some(&scene), Catalogue::of(Lang::ZhCn));
    window
}

#[test]
fn the_alarm_says_each_step_only_when_it_is_true() {
    let mut alarm = raised();
    let state = |alarm: &alarm::Status| says(&with_alarm(Some(alarm), false), "alarm-state");
    assert_eq!(state(&alarm), "报警已触发 10:32, 正在发送, 平台还没有收到，本机一直在发");
    alarm.reached = false;
    assert!(state(&alarm).ends_with("请同时按墙上报警"));
    let done = |alarm: &alarm::Status| {
        let window = with_alarm(Some(alarm), false);
        let steps = window.global::<ui::Alarm<'_>>().get_steps();
        steps.iter().filter(|step| step.done).count()
    };
    assert_eq!(done(&alarm), 1);
    alarm.uploaded_ms = Some(NOW_MS);
    assert!(state(&alarm).contains("已上传平台"));
    alarm.acknowledged_ms = Some(NOW_MS);
    assert!(state(&alarm).contains("巡控室已接警"));
    alarm.coming_ms = Some(NOW_MS);
    assert!(state(&alarm).contains("民警正在赶来"));
    assert_eq!(done(&alarm), 4);
    alarm.attended_ms = Some(NOW_MS);
    assert!(state(&alarm).contains("民警已到场"));
    alarm.closed_ms = Some(NOW_MS);
    assert!(state(&alarm).contains("已处置"));
    assert_eq!(done(&alarm), 5);
    let unsaved = alarm::Status { saved: false, presses: 3, ..raised() };
    let window = with_alarm(Some(&unsaved), false);
    assert!(says(&window, "alarm-step-0").contains("没能保存"));
    assert!(says(&window, "alarm-state").contains("按了 3 次"));
}

#[test]
fn i_am_fine_is_offered_once_and_ends_nothing() {
    let fine = |alarm: &alarm::Status| testing::find(&with_alarm(Some(alarm), false), "alarm-fine").is_some();
    assert!(fine(&raised()));
    let said = alarm::Status { fine_ms: Some(NOW_MS), ..raised() };
    assert!(!fine(&said));
    assert!(says(&with_alarm(Some(&said), false), "alarm-state").contains("仍会有民警来看"));
    assert!(!fine(&alarm::Status { second_way: true, ..raised() }), "the second way knows of no such fact");
}

#[test]
fn put_away_it_stands_on_its_button_and_covers_nothing() {
    let refused = alarm::Status { refused: true, ..raised() };
    let window = with_alarm(Some(&refused), true);
    assert!(testing::find(&window, "alarm-state").is_none());
    assert_eq!(window.global::<ui::Alarm<'_>>().get_state(), "平台没有接收");
    let window = with_alarm(None, false);
    assert!(testing::find(&window, "alarm-state").is_none());
    assert_eq!(window.global::<ui::Alarm<'_>>().get_state(), "");
}

#[test]
fn the_alarm_is_shown_before_there_is_any_scene() {
    let window = testing::open(1280, 800);
    ui::install_texts(&window);
    show_alarm(&window, Some(&raised()), false, None, Catalogue::of(Lang::ZhCn));
    assert!(says(&window, "alarm-state").contains("报警已触发 10:32"));
}

#[test]
fn what_was_asked_for_says_where_it_has_got_to() {
    let mut scene = quiet();
    scene.place = Place::Requests;
    let asked = |status| crate::request::Asked { made: stamp(5), delivery: Delivery::Saved, status };
    let declined = contract::RequestStatus {
        request: contract::EventId::in_order(),
        state: contract::RequestState::Declined,
        at_ms: NOW_MS,
        words: Text::new("明天统一发放"),
    };
    scene.requests.items = vec![
        (contract::ItemKind::Water, Some(asked(None))),
        (contract::ItemKind::Pen, Some(asked(Some(declined)))),
        (contract::ItemKind::Light, None),
    ];
    assert!(says(&zh(&scene), "choice-water").contains("已保存"));
    assert!(says(&zh(&scene), "choice-pen").contains("明天统一发放"));
    assert_eq!(touched(&scene, "choice-light"), [Touch::Item(contract::ItemKind::Light)]);
    assert_eq!(touched(&scene, "report"), [Touch::Report]);
}

#[test]
fn a_movement_is_read_back_in_full() {
    let mut scene = review();
    let (wang, liu) = (scene.people[7].id, scene.people[3].id);
    let reason = Some(OutReason::Hearing);
    let checked = IdentityCheck::Pin;
    scene.place = Place::Movement(MovementPage::People);
    assert!(says(&zh(&scene), &format!("person-{liu}")).ends_with("律师会见 10:05"));
    scene.place = Place::Movement(MovementPage::Reason(wang));
    assert_eq!(touched(&scene, "choice-hearing"), [Touch::Reason("hearing".to_owned())]);
    scene.people[7].has_pin = false;
    scene.place = Place::Movement(MovementPage::Check { detainee: wang, reason });
    let window = zh(&scene);
    assert!(!testing::click(&window, "choice-pin"), "there is none to enter");
    assert_eq!(touched(&scene, "choice-officer"), [Touch::Check(IdentityCheck::Officer)]);
    scene.place = Place::Movement(MovementPage::ReadBack { detainee: wang, reason, checked });
    assert_eq!(says(&zh(&scene), "read-back"), "带出 王小明 开庭，密码");
    scene.place = Place::Movement(MovementPage::ReadBack { detainee: liu, reason: None, checked });
    assert_eq!(says(&zh(&scene), "read-back"), "带回 刘志强 律师会见，10:05 带出，密码");
    scene.place = Place::Movement(MovementPage::Done { detainee: wang, reason });
    scene.cell.out = 11;
    let window = zh(&scene);
    assert_eq!(says(&window, "expected"), "应到 1 人");
    assert!(says(&window, "one-left").ends_with("巡控室会收到提醒"));
}
