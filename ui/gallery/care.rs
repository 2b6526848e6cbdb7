// SPDX-License-Identifier: GPL-3.0-only
//! The pages of 看病. Nobody in it exists.

use super::{Words, choice, choices_of_people, list};
use crate::{Care, CareStep, Choice, Fact, MainWindow, Nav, Page, Picture, Point, ReceiptStep, Sign};
use slint::{ComponentHandle, ModelRc, SharedString};

fn picture(id: &str, sign: Sign, title: SharedString, on: bool) -> Picture {
    Picture { id: id.into(), sign, title, on }
}

fn named(words: &Words, text: &str, argument: &str, of: &[(&str, Sign)], on: &[&str]) -> ModelRc<Picture> {
    let picture = |(name, sign): &(&str, Sign)| {
        picture(&format!("{argument}-{name}"), *sign, words.put(text, [(argument, name)]), on.contains(name))
    };
    list(of.iter().map(picture).collect())
}

fn page<'a>(window: &'a MainWindow, step: CareStep) -> Care<'a> {
    window.global::<Nav<'_>>().set_page(Page::Care);
    let page = window.global::<Care<'_>>();
    page.set_step(step);
    page
}

fn asked(window: &MainWindow, words: &Words, question: &str, hint: &str, number: i32) {
    let page = page(window, CareStep::Pictures);
    page.set_question(words.say(question));
    page.set_hint(words.say(hint));
    page.set_number(number);
    page.set_number_words(words.put("care-step", [("number", &number.to_string()), ("numbers", "4")]));
}

pub(super) fn menu(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Menu);
    page.set_pictures(list(vec![
        picture("me", Sign::Care, words.say("care-me"), false),
        picture("other", Sign::People, words.say("care-other"), false),
        picture("mine", Sign::Record, words.say("care-mine"), false),
    ]));
    page.set_hint(words.say("care-menu-hint"));
}

pub(super) fn menu_without_clinic(window: &MainWindow, words: &Words) {
    menu(window, words);
    window.global::<Care<'_>>().set_notes(list(vec![words.say("care-no-clinic")]));
}

pub(super) fn who(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Who);
    page.set_question(words.say("care-who-other"));
    page.set_hint(words.say("care-who-other-detail"));
    page.set_people(choices_of_people(words, SharedString::default(), SharedString::default()));
    page.set_unsure(words.say("care-nobody"));
}

pub(super) fn pin(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Pin);
    page.set_question(words.say("care-pin"));
    page.set_hint(words.say("care-pin-detail"));
    page.set_unsure(words.say("care-unchecked"));
}

pub(super) fn place(window: &MainWindow, words: &Words) {
    asked(window, words, "care-where", "care-where-hint", 1);
    let page = window.global::<Care<'_>>();
    let all = [
        ("head", Sign::Head),
        ("chest", Sign::Chest),
        ("cough", Sign::Breath),
        ("belly", Sign::Belly),
        ("joints", Sign::Joints),
        ("fever", Sign::Fever),
        ("mind", Sign::Mind),
        ("other", Sign::More),
    ];
    page.set_pictures(named(words, "care-symptom", "symptom", &all, &["head"]));
    page.set_columns(4);
    page.set_several(true);
    page.set_next(words.say("care-next"));
    page.set_can_go_on(true);
}

pub(super) fn since(window: &MainWindow, words: &Words) {
    asked(window, words, "care-since", "care-since-hint", 2);
    let page = window.global::<Care<'_>>();
    let all = [
        ("now", Sign::Clock),
        ("today", Sign::Sun),
        ("yesterday", Sign::Evening),
        ("days", Sign::Calendar),
        ("weeks", Sign::Calendar),
        ("long", Sign::History),
    ];
    page.set_pictures(named(words, "care-since-when", "since", &all, &[]));
    page.set_unsure(words.say("care-unsure"));
}

pub(super) fn severity(window: &MainWindow, words: &Words) {
    asked(window, words, "care-severity", "care-severity-hint", 3);
    let page = window.global::<Care<'_>>();
    let all = [
        ("f0", Sign::Face0),
        ("f2", Sign::Face2),
        ("f4", Sign::Face4),
        ("f6", Sign::Face6),
        ("f8", Sign::Face8),
        ("f10", Sign::Face10),
    ];
    page.set_pictures(named(words, "care-face", "face", &all, &[]));
    page.set_unsure(words.say("care-unsure"));
}

pub(super) fn dangers(window: &MainWindow, words: &Words) {
    asked(window, words, "care-dangers", "care-dangers-hint", 4);
    let page = window.global::<Care<'_>>();
    let danger = |name: &str, sign| {
        picture(&format!("danger-{name}"), sign, words.put("care-danger", [("danger", name)]), false)
    };
    page.set_pictures(list(vec![
        danger("chest_pain", Sign::Chest),
        danger("breath", Sign::Breath),
        danger("bleeding", Sign::Bleeding),
        danger("fainting", Sign::Fainting),
        danger("self_harm", Sign::Mind),
        picture("danger-none", Sign::NoneOfThem, words.say("care-no-danger"), false),
    ]));
}

pub(super) fn red(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Red);
    page.set_big(words.say("care-called"));
    let danger = words.put("care-danger", [("danger", "chest_pain")]);
    page.set_big_detail(words.put("care-called-who", [("name", "王**"), ("danger", &danger)]));
    page.set_hint(words.say("care-called-alarm"));
    page.set_notes(list(vec![words.put("care-called-sent", [("time", "10:32")])]));
    page.set_next(words.say("care-go-on"));
    page.set_can_go_on(true);
}

fn line(title: SharedString, value: SharedString) -> Fact {
    Fact { id: SharedString::default(), title, value, done: true }
}

fn parts(window: &MainWindow, words: &Words) {
    let all = [("morning", Sign::Morning), ("afternoon", Sign::Sun), ("evening", Sign::Evening)];
    window.global::<Care<'_>>().set_pictures(named(words, "care-part", "part", &all, &["morning"]));
}

pub(super) fn read_back(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::ReadBack);
    page.set_question(words.say("care-read-back"));
    page.set_hint(words.say("care-read-back-hint"));
    let symptoms = ["head", "fever"].map(|one| words.put("care-symptom", [("symptom", one)]).to_string());
    page.set_lines(list(vec![
        line(words.say("care-line-where"), symptoms.join("、").into()),
        line(words.say("care-line-since"), words.put("care-since-when", [("since", "weeks")])),
        line(words.say("care-line-severity"), words.put("care-face", [("face", "f6")])),
        line(words.say("care-line-dangers"), words.say("care-none")),
        line(words.say("care-line-who"), words.put("care-for-other", [("name", "王**")])),
        line(words.say("care-line-temperature"), words.say("care-not-measured")),
    ]));
    parts(window, words);
    page.set_next(words.say("care-send"));
    page.set_can_go_on(true);
}

pub(super) fn receipt(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Receipt);
    page.set_big(words.say("care-sent"));
    let urgency = words.put("care-urgency", [("urgency", "routine")]);
    let args = [("number", "17"), ("time", "11月22日 10:32"), ("urgency", urgency.as_str())];
    page.set_big_detail(words.put("care-sent-number", args));
    let step = |done, title: SharedString, detail: &str| ReceiptStep { done, title, detail: detail.into() };
    page.set_steps(list(vec![
        step(true, words.say("care-step-saved"), "11月22日 10:32"),
        step(true, words.say("care-step-uploaded"), "11月22日 10:32"),
        step(
            false,
            words.put("care-step-due", [("time", "11月23日 10:32")]),
            &words.put("care-waited", [("span", "1 分钟")]),
        ),
    ]));
}

pub(super) fn mine(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Mine);
    let report = |number: i32, time: &str, symptom: &str, state: &str| {
        let symptoms = words.put("care-symptom", [("symptom", symptom)]);
        let title = words.put("care-report-title", [("time", time), ("symptoms", &symptoms)]);
        choice(&format!("report-{number}"), Sign::Care, title, words.say(state))
    };
    page.set_choices(list(vec![
        report(17, "11月22日 10:32", "joints", "care-step-answered"),
        report(12, "11月18日 06:10", "belly", "care-state-closed"),
    ]));
    let needs = words.put("care-need", [("need", "rest")]);
    let posts = words.put("care-post", [("post", "supervising_officer")]);
    let notice = [("posts", posts.as_str()), ("needs", needs.as_str()), ("time", "11月24日 10:00")];
    page.set_notes(list(vec![words.put("care-notice", notice)]));
}

pub(super) fn detail(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Detail);
    page.set_big("先休息，明天上午来看一下".into());
    page.set_lines(list(vec![
        line(words.say("care-line-where"), words.put("care-symptom", [("symptom", "joints")])),
        line(words.say("care-step-saved"), "11月22日 10:32".into()),
        line(words.say("care-step-uploaded"), "11月22日 10:32".into()),
        line(words.say("care-step-answered"), "11月22日 11:05".into()),
    ]));
    let slot = |number: i32, kind: &str, time: &str| {
        let kind = words.put("care-slot", [("kind", kind)]);
        let detail = words.put("care-slot-take", [("kind", kind.as_str())]);
        choice(&format!("slot-{number}"), Sign::Calendar, time.into(), detail)
    };
    let way = |id: &str, title: &str| choice(id, Sign::None, words.say(title), SharedString::default());
    page.set_choices(list(vec![slot(1, "clinic", "11月23日 09:30"), slot(2, "remote", "11月23日 15:00")]));
    page.set_ways(list(vec![
        way("other-time", "care-other-time"),
        way("nudge", "care-nudge"),
        way("cancel", "care-cancel"),
        way("refuse", "care-refuse"),
    ]));
}

pub(super) fn record(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Lines);
    page.set_lines(list(vec![
        line(words.say("care-medicine"), "布洛芬缓释胶囊 · 一日两次，饭后".into()),
        line("血压".into(), "132/84 mmHg · 11月22日 08:10".into()),
        line(words.put("care-visit", [("time", "11月18日 09:40")]), "腰肌劳损，热敷".into()),
    ]));
}

pub(super) fn doses(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Doses);
    let dose = |number: i32, value: SharedString, done| Fact {
        id: number.to_string().into(),
        title: "布洛芬缓释胶囊".into(),
        value,
        done,
    };
    let told = format!("11月22日 08:10 · {}", words.say("care-dose-taken"));
    page.set_lines(list(vec![dose(2, "11月22日 12:10".into(), false), dose(1, told.into(), true)]));
}

pub(super) fn why(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Choose);
    page.set_question(words.say("care-disagree-question"));
    page.set_hint(words.say("care-disagree-hint"));
    let ids = ["care-disagree-wrong", "care-disagree-unclear", "care-disagree-hurt", "care-disagree-unsaid"];
    let choices = ids
        .map(|id| Choice { enabled: true, ..choice(id, Sign::None, words.say(id), SharedString::default()) });
    page.set_choices(list(choices.to_vec()));
}

pub(super) fn document(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Document);
    page.set_question("入所健康检查记录".into());
    let part = "入所时间 2026年11月10日。体温 36.5 ℃，血压 128/80 mmHg。左前臂有旧疤痕一处，长约三厘米，\
        已愈合。自述有腰痛史，无药物过敏。以上情况由驻所医生当面检查，本人在场。如有不符，请点“不同意”，\
        并选择原因，原因会原样存入记录，不影响任何待遇。";
    page.set_lines(list(vec![line(SharedString::default(), part.into()); 2]));
    page.set_unsure(words.say("care-disagree"));
    page.set_next(words.say("care-sign"));
    page.set_can_go_on(true);
}

pub(super) fn sign(window: &MainWindow, words: &Words) {
    let page = page(window, CareStep::Sign);
    page.set_question("入所健康检查记录".into());
    let wave = (0..200_u16).map(|at| {
        let at = f32::from(at);
        Point { x: 300.0 + 2.0 * at, y: 500.0 + 180.0 * (at / 9.0).sin() }
    });
    page.set_points(list(wave.collect()));
    page.set_next(words.say("care-sign-done"));
    page.set_can_go_on(true);
}

pub(super) fn shielded(window: &MainWindow, words: &Words) {
    place(window, words);
    window.global::<Care<'_>>().set_shielded(true);
}
