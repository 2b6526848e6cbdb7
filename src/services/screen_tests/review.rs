// SPDX-License-Identifier: GPL-3.0-only
//! Roll call as the officer finds it.

use super::*;

#[test]
fn the_review_shows_the_unresolved_first_and_why() {
    let mut scene = review();
    call(&mut scene).strangers = 2;
    let window = zh(&scene);
    let lines = window.global::<ui::Review<'_>>().get_lines();
    let how: Vec<String> = lines.iter().take(5).map(|line| format!("{} {}", line.name, line.how)).collect();
    assert_eq!(how[0], "孙立平 没有认出来");
    assert_eq!(how[3], "张伟 没有认出来");
    assert_eq!(how[4], " 名单外的人站到屏前 2 次");
    assert_eq!(says(&window, "present-of-expected"), "6 / 11");
    assert_eq!(says(&window, "by-face"), "人脸 3");
    assert_eq!(says(&window, "sign"), "确认并签名, 先处理 4 人");
    assert!(!testing::click(&window, "sign"));
    let sun = scene.people[5].id;
    assert_eq!(touched(&scene, &format!("here-{sun}")), [Touch::Here(sun)]);
    assert_eq!(touched(&scene, &format!("not-here-{sun}")), [Touch::NotHere(sun)]);
}

#[test]
fn an_unresolved_line_says_only_what_is_certain() {
    let mut scene = review();
    let mut how = |change: fn(&mut LineView)| {
        let line = &mut call(&mut scene).lines[0];
        (line.tries, line.asked, line.enrolled, line.exempt) = (0, false, true, None);
        change(line);
        let window = zh(&scene);
        window.global::<ui::Review<'_>>().get_lines().row_data(0).unwrap().how.to_string()
    };
    assert_eq!(how(|_| {}), "没有到屏前");
    assert_eq!(how(|line| line.tries = 3), "没有认出来");
    assert_eq!(how(|line| line.asked = true), "本人要求民警核验");
    assert_eq!(how(|line| line.enrolled = false), "未登记人脸");
    assert_eq!(how(|line| line.exempt = Some("卧床".to_owned())), "免点 卧床");
}

#[test]
fn a_stored_reason_is_read_in_the_language_of_the_screen() {
    let window = shown(&review(), Lang::En);
    let lines = window.global::<ui::Review<'_>>().get_lines();
    assert!(lines.iter().any(|line| line.how == "Not seen: Transferred; roster is late"));
}

#[test]
fn a_refusal_without_a_place_on_the_page_is_said_above_the_foot() {
    let mut scene = review();
    scene.refusal = Some(Refusal::RollCall(roll_call::Refusal::IsOut));
    assert_eq!(says(&zh(&scene), "notice"), "已经带出");
}

#[test]
fn the_second_officer_is_asked_for_before_the_signature() {
    let mut scene = review();
    scene.place = Place::Review(ReviewPage::ReadBack);
    call(&mut scene).unresolved = 0;
    call(&mut scene).two_officers = true;
    assert!(!testing::click(&zh(&scene), "sign-confirmed"));
    scene.who = Who::Officer {
        officer: officer("周建国"),
        vouched_by: None,
        second: Second::Confirmed(officer("吴敏")),
    };
    assert_eq!(says(&zh(&scene), "first-signature"), "吴** 已签名");
    assert_eq!(touched(&scene, "sign-confirmed"), [Touch::Confirmed]);
}

#[test]
fn uploaded_is_said_only_with_the_platforms_yes() {
    let code = Text::new("unknown_call");
    let delivered = |verdict| Delivery::Delivered { at_ms: NOW_MS, verdict };
    let cases = [
        (Delivery::Saved, "发送中 等平台回执", false),
        (Delivery::Kept, "没有上传成功 内容还在本机，请告诉管理员", false),
        (delivered(Verdict::Accepted), "已上传平台 10:32 ", true),
        (delivered(Verdict::Duplicate), "已上传平台 10:32 ", true),
        (delivered(Verdict::Parked { code: code.clone() }), "已上传平台 10:32 平台等人工处理", true),
        (delivered(Verdict::Rejected { code }), "平台没有接受 10:32 内容还在本机，请告诉管理员", false),
        (delivered(Verdict::Retry { after_s: 5 }), "发送中 等平台回执", false),
        (delivered(Verdict::Fork), "没有上传成功 内容还在本机，请告诉管理员", false),
    ];
    for (delivery, words, done) in cases {
        let mut scene = review();
        scene.place = Place::Review(ReviewPage::Receipt);
        call(&mut scene).phase = Phase::Confirmed;
        call(&mut scene).delivery = Some(delivery);
        let window = zh(&scene);
        assert_eq!(says(&window, "receipt-0"), "已保存 10:30 断电也不会丢");
        assert_eq!(says(&window, "receipt-1"), words);
        let steps = window.global::<ui::Review<'_>>().get_receipt();
        assert_eq!(steps.row_data(1).unwrap().done, done, "{words}");
    }
    for link in [Link::Offline, Link::NotEnrolled, Link::Refused] {
        let mut scene = review();
        scene.place = Place::Review(ReviewPage::Receipt);
        scene.link = link;
        call(&mut scene).delivery = Some(Delivery::Saved);
        assert!(says(&zh(&scene), "receipt-1").starts_with("上传平台"));
    }
}

#[test]
fn an_extra_person_noted_by_mistake_can_be_taken_back_until_signed() {
    let mut scene = review();
    let extra =
        ExtraPerson { at: scene.now, officer: officer("周建国").id, note: Text::new("走错监室") };
    call(&mut scene).extra = vec![extra];
    assert_eq!(touched(&scene, "remove-extra-0"), [Touch::ExtraRemoved(0)]);
    call(&mut scene).phase = Phase::Confirmed;
    assert!(testing::find(&zh(&scene), "remove-extra-0").is_none());
}
