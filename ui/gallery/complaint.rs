// SPDX-License-Identifier: GPL-3.0-only
//! The pages of 投诉与约见. Nobody in it exists.

use super::{Words, choices_of_people, list};
use crate::{Choice, Complaint, ComplaintStep, Fact, MainWindow, Nav, Page, Picture, ReceiptStep, Sign};
use slint::{ComponentHandle, ModelRc, SharedString};

const PRINT: &str = "3F2A 91BC 77D0 04E1 5A6B C8F9 1122 D3E4";

fn page<'a>(window: &'a MainWindow, step: ComplaintStep) -> Complaint<'a> {
    window.global::<Nav<'_>>().set_page(Page::Complaint);
    let page = window.global::<Complaint<'_>>();
    page.set_can_go_back(true);
    page.set_step(step);
    page
}

fn choice(id: &str, sign: Sign, title: SharedString) -> Choice {
    super::choice(id, sign, title, SharedString::default())
}

fn of(words: &Words, office: &str) -> SharedString {
    words.put("complaint-office", [("office", office)])
}

fn offices(words: &Words) -> ModelRc<Choice> {
    let line = |office: &str, sign, detail: &str| Choice {
        detail: words.say(detail),
        ..choice(&format!("office-{office}"), sign, of(words, office))
    };
    list(vec![
        line("procurator", Sign::Hearing, "complaint-office-sealed"),
        line("director", Sign::House, "complaint-office-sealed"),
        line("supervising_officer", Sign::Officer, "complaint-office-closed"),
        line("superior", Sign::Notices, "complaint-office-closed"),
    ])
}

pub(super) fn menu(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Menu);
    page.set_can_go_back(false);
    page.set_question(words.say("complaint-menu"));
    page.set_hint(words.say("complaint-menu-hint"));
    page.set_choices(offices(words));
    let other = |id: &str, sign| Choice {
        detail: words.say(&format!("complaint-{id}-detail")),
        ..choice(id, sign, words.say(&format!("complaint-{id}")))
    };
    page.set_ways(list(vec![other("see", Sign::Talk), other("status", Sign::Record)]));
}

pub(super) fn closed(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Choose);
    page.set_question(words.put("complaint-closed", [("office", &of(words, "procurator"))]));
    page.set_hint(words.say("complaint-closed-never"));
    let others = ["complaint-closed-box", "complaint-closed-meet", "complaint-closed-report"];
    page.set_notes(list(others.map(|id| words.say(id)).to_vec()));
}

pub(super) fn name(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Choose);
    page.set_question(words.say("complaint-name"));
    let way = |id: &str, sign| Choice {
        detail: words.say(&format!("complaint-{id}-detail")),
        ..choice(id, sign, words.say(&format!("complaint-{id}")))
    };
    page.set_choices(list(vec![way("named", Sign::Person), way("unnamed", Sign::Hide)]));
    page.set_notes(list(vec![
        words.say("complaint-name-room"),
        words.say("complaint-name-power"),
        words.put("complaint-name-key", [("fingerprint", PRINT)]),
    ]));
}

pub(super) fn who(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Who);
    page.set_question(words.say("complaint-who"));
    page.set_hint(words.say("complaint-who-detail"));
    page.set_people(choices_of_people(words, SharedString::default(), SharedString::default()));
}

pub(super) fn pin(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Pin);
    page.set_question(words.say("complaint-pin"));
    page.set_hint(words.say("complaint-pin-detail"));
}

fn asked(window: &MainWindow, words: &Words, question: &str, number: i32) {
    let page = page(window, ComplaintStep::Pictures);
    page.set_private(true);
    page.set_question(words.say(&format!("complaint-{question}-question")));
    page.set_hint(words.say(&format!("complaint-{question}-hint")));
    page.set_number(number);
    page.set_number_words(words.put("complaint-step", [("number", &number.to_string()), ("numbers", "3")]));
    page.set_next(words.say("complaint-next"));
    page.set_can_go_on(true);
}

fn pictures(words: &Words, what: &str, all: &[(&str, Sign)], on: &[&str]) -> ModelRc<Picture> {
    let picture = |(name, sign): &(&str, Sign)| Picture {
        id: format!("{what}-{name}").into(),
        sign: *sign,
        title: words.put(&format!("complaint-{what}"), [(what, name)]),
        on: on.contains(name),
    };
    list(all.iter().map(picture).collect())
}

pub(super) fn about(window: &MainWindow, words: &Words) {
    asked(window, words, "about", 1);
    let page = window.global::<Complaint<'_>>();
    let all = [
        ("officer", Sign::Officer),
        ("cellmate", Sign::People),
        ("medical", Sign::Clinic),
        ("case_organ", Sign::Interrogation),
        ("facility", Sign::House),
        ("other", Sign::More),
    ];
    page.set_pictures(pictures(words, "about", &all, &["cellmate"]));
    page.set_columns(3);
    page.set_ways(list(vec![choice("talk", Sign::None, words.say("complaint-talk"))]));
}

pub(super) fn topics(window: &MainWindow, words: &Words) {
    asked(window, words, "topic", 2);
    let page = window.global::<Complaint<'_>>();
    let all = [
        ("violence", Sign::Bleeding),
        ("threats", Sign::Warning),
        ("sexual", Sign::NotSeen),
        ("restraints", Sign::Lock),
        ("interrogation", Sign::Interrogation),
        ("custody_expiry", Sign::Calendar),
        ("lawyer", Sign::Lawyer),
        ("family", Sign::Family),
        ("medical", Sign::Care),
        ("living", Sign::Meal),
        ("money", Sign::Shop),
        ("other", Sign::More),
    ];
    page.set_pictures(pictures(words, "topic", &all, &["threats", "money"]));
    page.set_columns(4);
}

pub(super) fn words(window: &MainWindow, words: &Words) {
    asked(window, words, "words", 3);
    let page = window.global::<Complaint<'_>>();
    page.set_next(SharedString::default());
    page.set_ways(list(vec![choice("no-words", Sign::None, words.say("complaint-no-words"))]));
    page.set_step(ComplaintStep::Words);
}

pub(super) fn read_back(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::ReadBack);
    page.set_private(true);
    page.set_question(words.say("complaint-read-back"));
    page.set_hint(words.say("complaint-read-back-hint"));
    let line = |title: &str, value: SharedString| Fact {
        id: SharedString::default(),
        title: words.say(title),
        value,
        done: true,
    };
    let topics = ["threats", "money"].map(|one| words.put("complaint-topic", [("topic", one)]).to_string());
    page.set_lines(list(vec![
        line("complaint-line-office", of(words, "procurator")),
        line("complaint-line-writer", "王**".into()),
        line("complaint-line-about", words.put("complaint-about", [("about", "cellmate")])),
        line("complaint-line-topics", topics.join("、").into()),
        line("complaint-line-words", words.say("complaint-not-said")),
    ]));
    let title = words.say("complaint-meeting");
    page.set_pictures(list(vec![Picture { id: "meeting".into(), sign: Sign::Talk, title, on: true }]));
    page.set_ways(list(vec![choice("elsewhere", Sign::None, words.say("complaint-elsewhere"))]));
    page.set_next(words.say("complaint-send"));
    page.set_can_go_on(true);
}

pub(super) fn not_arranged(window: &MainWindow, words: &Words) {
    read_back(window, words);
    window.global::<Complaint<'_>>().set_problem(words.say("refused-complaint-not-arranged"));
}

pub(super) fn receipt(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Receipt);
    page.set_private(true);
    page.set_can_go_back(false);
    page.set_question(words.say("complaint-sent"));
    page.set_hint(words.say("complaint-sent-hint"));
    page.set_big("3815 2047".into());
    page.set_big_detail(words.say("complaint-sent-keep"));
    page.set_notes(list(vec![words.say("complaint-sent-why"), words.say("complaint-sent-lost")]));
    page.set_next(words.say("complaint-kept"));
    page.set_can_go_on(true);
}

pub(super) fn code(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Code);
    page.set_question(words.say("complaint-code"));
    page.set_hint(words.say("complaint-code-detail"));
}

pub(super) fn status(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Status);
    page.set_private(true);
    page.set_question(words.put("complaint-state", [("office", &of(words, "director"))]));
    page.set_hint(words.put("complaint-state-made", [("time", "11月20日 10:00")]));
    let step = |done, title: SharedString, detail: &str| ReceiptStep { done, title, detail: detail.into() };
    page.set_steps(list(vec![
        step(true, words.say("complaint-step-saved"), "11月20日 10:00"),
        step(true, words.say("complaint-step-uploaded"), "11月20日 10:12"),
        step(false, words.put("complaint-step-receive-overdue", [("time", "11月21日 11:00")]), ""),
        step(false, words.put("complaint-step-answer-due", [("time", "11月27日 11:00")]), ""),
    ]));
    page.set_ways(list(vec![choice("withdraw", Sign::None, words.say("complaint-withdraw"))]));
    let to = of(words, "procurator");
    page.set_notes(list(vec![words.put("complaint-escalate-to", [("office", &to)])]));
    page.set_next(words.say("complaint-escalate"));
    page.set_can_go_on(true);
}

pub(super) fn answer(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Answer);
    page.set_private(true);
    page.set_question(words.put("complaint-answer-title", [("office", &of(words, "procurator"))]));
    page.set_hint(words.put("complaint-answer-at", [("time", "11月22日 09:10")]));
    page.set_big("您反映的情况已经查实，正在处理。明天上午我来监区见您。".into());
    page.set_big_detail(words.put("complaint-answer-meeting", [("time", "11月23日 09:30")]));
    let ways = ["did-not", "took-place"];
    let way = |id: &str| choice(id, Sign::None, words.say(&format!("complaint-{id}")));
    page.set_ways(list(ways.map(way).to_vec()));
}

pub(super) fn sure(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Sure);
    page.set_private(true);
    page.set_question(words.say("complaint-withdraw-sure"));
    page.set_hint(words.say("complaint-withdraw-sure-hint"));
    page.set_next(words.say("complaint-withdraw-now"));
    page.set_can_go_on(true);
}

pub(super) fn shielded(window: &MainWindow, words: &Words) {
    answer(window, words);
    let page = window.global::<Complaint<'_>>();
    page.set_big(SharedString::default());
    page.set_shielded(true);
}

pub(super) fn see_mine(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Choose);
    page.set_private(true);
    page.set_question(words.say("complaint-see-mine"));
    page.set_hint(words.say("complaint-see-mine-hint"));
    let line = |with: &str, state: &str, sign| {
        let stands = words.put("complaint-see-state", [("state", state)]);
        Choice {
            detail: format!("11月22日 10:32  {stands}").into(),
            ..choice(&format!("see-{with}"), sign, words.put("complaint-with", [("with", with)]))
        }
    };
    page.set_choices(list(vec![
        line("legal_aid", "forwarded", Sign::Help),
        line("director", "booked", Sign::House),
    ]));
    page.set_next(words.say("complaint-see-new"));
    page.set_can_go_on(true);
}

pub(super) fn see_whom(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Choose);
    page.set_private(true);
    page.set_question(words.say("complaint-see-whom"));
    page.set_hint(words.say("complaint-see-whom-hint"));
    let line = |with: &str, sign| {
        choice(&format!("with-{with}"), sign, words.put("complaint-with", [("with", with)]))
    };
    page.set_choices(list(vec![
        line("supervising_officer", Sign::Officer),
        line("director", Sign::House),
        line("defence_lawyer", Sign::Lawyer),
        line("duty_lawyer", Sign::Lawyer),
        line("legal_aid", Sign::Help),
        line("doctor", Sign::Clinic),
        line("counsellor", Sign::Mind),
    ]));
}

pub(super) fn see_one(window: &MainWindow, words: &Words) {
    let page = page(window, ComplaintStep::Status);
    page.set_private(true);
    let whom = words.put("complaint-with", [("with", "legal_aid")]);
    page.set_question(words.put("complaint-see-one", [("whom", &whom)]));
    let step = |done, title: SharedString, detail: &str| ReceiptStep { done, title, detail: detail.into() };
    page.set_steps(list(vec![
        step(true, words.say("complaint-step-saved"), "11月22日 10:32"),
        step(true, words.say("complaint-step-uploaded"), "11月22日 10:32"),
        step(false, words.put("complaint-see-forward-due", [("time", "11月23日 10:32")]), ""),
    ]));
    page.set_ways(list(vec![choice("see-withdraw", Sign::None, words.say("complaint-see-withdraw"))]));
}
