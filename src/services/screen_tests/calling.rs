// SPDX-License-Identifier: GPL-3.0-only
//! Roll call as the cell finds it.

use super::*;

#[test]
fn nobody_loses_their_tile_while_the_call_goes_on() {
    let scene = calling();
    let window = zh(&scene);
    let words = [
        "人脸",
        "人脸",
        "密码",
        "会见",
        "人脸",
        "再点",
        "未点到",
        "正在点",
        "等候",
        "民警",
        "待核验",
        "密码",
    ];
    for (person, word) in scene.people.iter().zip(words) {
        let tile = says(&window, &format!("person-{}", person.id));
        assert!(tile.starts_with(&person.initial) && tile.ends_with(word), "{tile}");
    }
    assert_eq!(says(&window, "called-name"), "王**");
    assert_eq!(says(&window, "count"), "应到 11 · 实到 6");
    assert_eq!(says(&window, "mirror"), "请靠近一点");
    let waiting = scene.people[8].id;
    assert_eq!(touched(&scene, &format!("person-{waiting}")), [Touch::Person(waiting)]);
    for index in [0, 3, 7] {
        let id = scene.people[index].id;
        assert!(!testing::click(&window, &format!("person-{id}")), "{index} has no turn to take");
    }
}

#[test]
fn the_cells_page_masks_names_even_with_an_officer_before_it() {
    let mut scene = review();
    for page in [RollCallPage::Follow, RollCallPage::ChooseSelf, RollCallPage::Pin(scene.people[7].id)] {
        scene.place = Place::RollCall(page);
        call(&mut scene).phase = Phase::Open;
        let said = read_all(&zh(&scene));
        assert!(NAMES.iter().all(|name| !said.contains(name)), "{said}");
    }
}

#[test]
fn whoever_may_not_use_the_camera_is_told_why_and_not_mirrored() {
    let mut scene = calling();
    let current = |scene: &mut Scene, tries| {
        let call = call(scene);
        let current = call.current.as_mut().unwrap();
        (current.face, current.tries) = (false, tries);
    };
    current(&mut scene, 3);
    assert!(says(&zh(&scene), "note").starts_with("没有认出来"));
    current(&mut scene, 0);
    let window = zh(&scene);
    assert!(says(&window, "note").contains("不需要理由"), "a choice needs no reason and gets no comment");
    assert!(!window.global::<ui::Camera<'_>>().get_working());
    call(&mut scene).lines[7].enrolled = false;
    assert!(says(&zh(&scene), "note").starts_with("未登记人脸"));
    scene.eye.camera = CameraState::Covered;
    let window = zh(&scene);
    assert_eq!(says(&window, "note"), "摄像头被挡住");
    assert!(says(&window, "mirror").contains("民警核验"));
}

#[test]
fn a_touch_out_of_turn_is_answered_where_the_eye_is() {
    let mut scene = calling();
    scene.refusal = Some(Refusal::RollCall(roll_call::Refusal::NotYourTurn));
    let window = zh(&scene);
    assert_eq!(says(&window, "note"), "还没有叫到");
    assert!(testing::find(&window, "notice").is_none());
    call(&mut scene).phase = Phase::Announced;
    assert_eq!(says(&zh(&scene), "notice"), "还没有叫到");
}

#[test]
fn every_phase_and_flash_has_its_page() {
    let mut scene = calling();
    call(&mut scene).phase = Phase::Announced;
    call(&mut scene).opens_in_s = Some(45);
    assert_eq!(says(&zh(&scene), "countdown"), "0:45");
    call(&mut scene).phase = Phase::SecondRound;
    assert!(testing::find(&zh(&scene), "second-round").is_some());
    scene.flash = Some(Flash::Seen { name: "王**".to_owned() });
    assert_eq!(says(&zh(&scene), "answer"), "王** 点到");
    scene.flash = Some(Flash::ForOfficer { name: "王**".to_owned() });
    assert!(says(&zh(&scene), "answer").starts_with("等民警核验"));
    scene.flash = None;
    call(&mut scene).phase = Phase::Review;
    let window = zh(&scene);
    assert!(says(&window, "answer").contains("4 人等民警核验"));
    assert!(testing::find(&window, "officer").is_some(), "an officer without a card has a way");
    for phase in [Phase::Confirmed, Phase::Delivered] {
        call(&mut scene).phase = phase;
        assert!(says(&zh(&scene), "answer").starts_with("点名结束"));
    }
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left() {
    let mut scene = calling();
    scene.place = Place::RollCall(RollCallPage::Pin(scene.people[7].id));
    scene.refusal = Some(Refusal::Session(session::Refusal::WrongPin { tries_left: 2 }));
    assert_eq!(says(&zh(&scene), "pin-problem"), "密码不对，还可以试 2 次");
    assert_eq!(says(&shown(&scene, Lang::En), "pin-problem"), "Wrong PIN. 2 more tries");
}

#[test]
fn a_short_or_a_long_pin_can_be_handed_over() {
    let mut scene = calling();
    scene.place = Place::RollCall(RollCallPage::Pin(scene.people[7].id));
    for digits in ["2580", "25802580"] {
        let (window, touches) = touchable(&scene);
        for digit in digits.chars() {
            assert!(testing::click(&window, &format!("key-{digit}")));
        }
        assert!(testing::click(&window, "key-enter"));
        assert_eq!(touches.take(), [Touch::Pin(zeroize::Zeroizing::new(digits.to_owned()))]);
    }
}
