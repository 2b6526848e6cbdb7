// SPDX-License-Identifier: GPL-3.0-only
//! Home, the alarm over it, and movements.

use super::*;

#[test]
fn home_shows_the_day_and_eight_services_of_which_two_are_open() {
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
        assert_eq!(tile.accessible_enabled(), Some(matches!(id, "my-record" | "duty")), "{id}");
        assert_eq!(
            says(&window, &format!("tile-{id}")).ends_with("尚未开通"),
            !matches!(id, "my-record" | "duty"),
            "{id}"
        );
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

#[test]
fn the_alarm_says_where_it_has_got_to_and_covers_nothing_once_small() {
    let mut scene = quiet();
    scene.alarm = Some(alarm::View { raised: stamp(0), delivery: Delivery::Saved });
    assert_eq!(says(&zh(&scene), "alarm-state"), "报警已触发 10:32, 正在发送, 平台还没有收到，本机一直在发");
    scene.link = Link::Offline;
    assert!(says(&zh(&scene), "alarm-state").ends_with("请同时按墙上报警"));
    let delivered = |verdict| Delivery::Delivered { at_ms: NOW_MS, verdict };
    scene.alarm = Some(alarm::View { raised: stamp(0), delivery: delivered(Verdict::Accepted) });
    assert!(says(&zh(&scene), "alarm-state").contains("已上传平台 10:32"));
    scene.alarm = Some(alarm::View {
        raised: stamp(0),
        delivery: delivered(Verdict::Rejected { code: Text::new("x") }),
    });
    assert!(says(&zh(&scene), "alarm-state").contains("平台没有接收"));
    scene.alarm_small = true;
    let window = zh(&scene);
    assert!(testing::find(&window, "alarm-state").is_none());
    assert_eq!(window.global::<ui::Alarm<'_>>().get_state(), "平台没有接收");
    assert_eq!(touched(&scene, "officer"), [Touch::Officer]);
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
