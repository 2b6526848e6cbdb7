// SPDX-License-Identifier: GPL-3.0-only
//! Who stands at the screen, and a person's own record.

use super::*;

#[test]
fn while_one_must_wait_the_pad_takes_nothing_and_says_how_long() {
    let wait = Some(Refusal::Session(session::Refusal::Wait { seconds: 28 }));
    let (mut in_call, mut at_card, mut own) = (calling(), quiet(), quiet());
    in_call.place = Place::RollCall(RollCallPage::Pin(in_call.people[7].id));
    at_card.place = Place::Officer;
    at_card.who = Who::CardShown(officer("周建国"));
    own.place = Place::Prove(ProvePage { detainee: own.people[7].id, way: Way::Pin, then: Then::Record });
    for mut scene in [in_call, at_card, own] {
        assert!(testing::click(&zh(&scene), "key-1"));
        scene.refusal = wait;
        let window = zh(&scene);
        assert!(says(&window, "pin-problem").contains("28"));
        assert!(!testing::click(&window, "key-1"));
        assert!(testing::find(&window, "notice").is_none(), "said once");
    }
}

#[test]
fn an_officer_is_led_from_card_to_menu() {
    let mut scene = quiet();
    scene.place = Place::Officer;
    scene.refusal = Some(Refusal::Session(session::Refusal::UnknownCard));
    let window = zh(&scene);
    assert_eq!(says(&window, "problem"), "这张卡不属于本监区");
    assert!(testing::find(&window, "lost-card").is_some());
    scene.refusal = None;
    scene.who = Who::CardShown(officer("周建国"));
    assert_eq!(says(&zh(&scene), "officer-name"), "周**");
    scene.who = Who::WithoutCard(officer("周建国"));
    let window = zh(&scene);
    assert_eq!(says(&window, "page-title"), "请另一位民警确认身份");
    assert!(testing::find(&window, "lost-card").is_none());
    scene.who = Who::Voucher { officer: officer("周建国"), voucher: officer("吴敏") };
    assert_eq!(says(&zh(&scene), "officer-name"), "吴**");
    scene.place = Place::OfficerChoose;
    scene.officers = vec![officer("周建国"), officer("周海")];
    let chosen = scene.officers[1].id;
    assert_eq!(touched(&scene, &format!("choice-{chosen}")), [Touch::OfficerChosen(chosen)]);
    scene.place = Place::Officer;
    scene.who = signed_in();
    let window = zh(&scene);
    assert_eq!(says(&window, "signed-in"), "民警 周** 已登录");
    let menu = window.global::<ui::Officer<'_>>().get_menu();
    assert!(menu.iter().map(|entry| entry.id).eq(scene.menu().map(Menu::name)));
    assert_eq!(touched(&scene, "choice-movement"), [Touch::Menu(Menu::Movement)]);
}

#[test]
fn a_person_reads_their_own_record_and_a_page_left_behind_keeps_nothing() {
    let mut scene = quiet();
    scene.place = Place::MyRecord(RecordPage::List);
    scene.who = Who::Detainee(scene.people[7].id);
    let used = |minutes, matched| TemplateUse { at: stamp(minutes), matched };
    scene.record =
        Some(Record { made: Some(stamp(60)), uses: vec![used(1, true), used(2, false), used(90, true)] });
    let window = zh(&scene);
    assert_eq!(says(&window, "record-0"), "点名使用, 11月22日 10:31");
    assert_eq!(says(&window, "record-1"), "点名使用，没有认出来, 11月22日 10:30");
    assert_eq!(says(&window, "record-2"), "登记, 11月22日 09:32");
    scene.idle = Idle::Asked { clears_in_s: 30 };
    show(&window, &scene, Catalogue::of(Lang::ZhCn));
    assert!(testing::find(&window, "record-0").is_none());
    assert!(window.global::<ui::Nav<'_>>().get_still_there().contains("30"));
    show(&window, &quiet(), Catalogue::of(Lang::ZhCn));
    assert_eq!(window.global::<ui::MyRecord<'_>>().get_lines().row_count(), 0);
    show(&window, &review(), Catalogue::of(Lang::ZhCn));
    assert!(window.global::<ui::Review<'_>>().get_lines().row_count() > 0);
    show(&window, &quiet(), Catalogue::of(Lang::ZhCn));
    assert_eq!(window.global::<ui::Review<'_>>().get_lines().row_count(), 0);
}
