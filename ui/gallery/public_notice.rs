// SPDX-License-Identifier: GPL-3.0-only
//! The pages of 公示. Nobody in it exists.

use super::{Words, choice, list};
use crate::{Fact, MainWindow, Nav, NoticeStep, Page, PublicNotices, Sign};
use slint::{ComponentHandle, SharedString};

const PART: &str = "周一：早 馒头、稀饭、咸菜；午 米饭、白菜炖豆腐、鸡蛋；晚 面条、萝卜炒肉。\n\
    周二：早 花卷、豆浆；午 米饭、土豆烧鸡、青菜；晚 馒头、冬瓜汤。\n\
    回民灶、病号饭请向民警提出，同样不另收钱。";

fn page<'a>(window: &'a MainWindow, step: NoticeStep) -> PublicNotices<'a> {
    window.global::<Nav<'_>>().set_page(Page::PublicNotices);
    let page = window.global::<PublicNotices<'_>>();
    page.set_step(step);
    page
}

pub(super) fn board(window: &MainWindow, words: &Words) {
    let page = page(window, NoticeStep::List);
    page.set_question(words.say("notice-list"));
    page.set_hint(words.say("notice-list-hint"));
    let line = |id: &str, sign, title: &str, topic: &str, urgent: bool| {
        let topic = words.put("notice-topic", [("topic", topic)]);
        let args = [("topic", topic.as_str()), ("time", "11月22日")];
        let detail = words.put(if urgent { "notice-line-urgent" } else { "notice-line" }, args);
        choice(id, sign, title.into(), detail)
    };
    page.set_choices(list(vec![
        line("1", Sign::Warning, "今晚十点到十二点停水", "other", true),
        line("2", Sign::Meal, "本周菜谱和伙食标准", "food", false),
        line("3", Sign::Paper, "权利义务告知", "rights", false),
        line("4", Sign::Shop, "商品价格调整", "prices", false),
        line("5", Sign::House, "上月文明监室评比：本监室总分 86", "civil_cell", false),
        choice("figures", Sign::Clock, words.say("notice-figures"), words.say("notice-figures-hint")),
    ]));
}

pub(super) fn read(window: &MainWindow, words: &Words) {
    let page = page(window, NoticeStep::Read);
    page.set_question("本周菜谱和伙食标准".into());
    page.set_hint(words.put("notice-posted", [("time", "11月22日")]));
    page.set_part(PART.into());
    page.set_part_number(words.put("document-part", [("number", "1"), ("count", "3")]));
    page.set_can_previous(false);
    page.set_can_next(true);
}

pub(super) fn figures(window: &MainWindow, words: &Words) {
    let page = page(window, NoticeStep::Figures);
    page.set_question(words.say("notice-figures"));
    page.set_hint(words.put("notice-figures-of", [("from", "10月1日"), ("until", "10月31日")]));
    let fact = |title: SharedString, count: &str, hours: &str, overdue: &str| {
        let told = [
            words.put("notice-figure-count", [("count", count)]),
            words.put("notice-figure-median", [("hours", hours)]),
            words.put("notice-figure-overdue", [("count", overdue)]),
        ];
        let value = told.map(|one| one.to_string()).join(" · ");
        Fact { id: SharedString::default(), title, value: value.into(), done: true }
    };
    page.set_lines(list(vec![
        fact(words.put("complaint-office", [("office", "procurator")]), "12", "52", "0"),
        fact(words.put("complaint-office", [("office", "director")]), "8", "30", "1"),
        fact(words.put("complaint-with", [("with", "defence_lawyer")]), "21", "40", "2"),
        fact(words.say("notice-figure-care"), "64", "9", "0"),
    ]));
}
