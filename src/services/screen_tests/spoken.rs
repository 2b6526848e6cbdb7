// SPDX-License-Identifier: GPL-3.0-only
//! The terminal as it is heard.

use super::*;
use crate::spoken::{Moment, News, read};

fn words() -> &'static Catalogue {
    Catalogue::of(Lang::ZhCn)
}

#[test]
fn whoever_is_called_is_named_by_number_and_told_what_to_do() {
    let mut scene = calling();
    let call = call(&mut scene);
    let current = call.current.as_mut().unwrap();
    (current.badge_number, current.face) = ("1203".to_owned(), true);
    let before = Moment::default();
    assert_eq!(Moment::of(&scene).news_since(&before), Some(News::Turn));
    assert_eq!(Moment::of(&scene).news_since(&Moment::of(&scene)), None);
    let told = News::Turn.told(&scene, words());
    assert_eq!(told.words.replace(['\u{2068}', '\u{2069}'], ""), "请 1 2 0 3 号，到屏幕前，看镜头。");
    super::call(&mut scene).current.as_mut().unwrap().face = false;
    assert_eq!(News::Turn.told(&scene, words()).id, "spoken-turn-other");
}

#[test]
fn an_alarm_is_told_before_everything_else() {
    let mut scene = calling();
    scene.alarm = Some(raised());
    assert_eq!(Moment::of(&scene).news_since(&Moment::default()), Some(News::Alarm));
}

#[test]
fn no_name_is_ever_said_and_private_pages_have_no_words() {
    let mut scene = review();
    assert_eq!(read(&scene, words()), None);
    scene.place = Place::MyRecord(RecordPage::List);
    assert_eq!(read(&scene, words()), None);
    for place in [Place::Home, Place::RollCall(RollCallPage::Follow)] {
        scene.place = place;
        let spoken = read(&scene, words()).unwrap().words;
        assert!(!spoken.is_empty());
        assert!(NAMES.iter().all(|name| !spoken.contains(name)), "{spoken}");
    }
}

#[test]
fn home_tells_the_time_and_what_comes_next() {
    let spoken = read(&quiet(), words()).unwrap().words;
    assert!(spoken.contains("10:32"), "{spoken}");
    assert!(spoken.contains("报警"), "{spoken}");
}

#[test]
fn too_few_on_duty_is_said_low_once_and_not_where_policy_forbids_a_voice() {
    let mut scene = quiet();
    let before = Moment::of(&scene);
    scene.duty.step = crate::duty::Step::Light;
    scene.duty.voice = true;
    assert_eq!(Moment::of(&scene).news_since(&before), None, "first the light alone");
    scene.duty.step = crate::duty::Step::Voice;
    let said = Moment::of(&scene);
    assert_eq!(said.news_since(&before), Some(News::DutyShort));
    scene.duty.step = crate::duty::Step::Told;
    assert_eq!(Moment::of(&scene).news_since(&said), None);
    scene.duty.voice = false;
    assert_eq!(Moment::of(&scene).news_since(&before), None);
}
