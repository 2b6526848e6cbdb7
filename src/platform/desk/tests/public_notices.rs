// SPDX-License-Identifier: GPL-3.0-only
//! 公示, from the desk to every terminal.

use super::*;
use contract::{Collection, NoticeTopic, PUBLIC_NOTICES_MAX, PublicNotice, TerminalId};

on_both! {
    a_notice_is_posted_on_every_terminal_and_taken_down_from_every_one,
    a_terminal_hung_up_later_has_what_is_posted_and_nothing_that_is_over,
    what_cannot_be_read_is_not_posted_and_the_board_has_an_end,
    who_may_not_post_does_not_see_the_page,
}

/// 菜谱; 一 and 二, with an empty line between.
const TITLE: &str = "%E8%8F%9C%E8%B0%B1";
const TEXT: &str = "%E4%B8%80%0A%0A%E4%BA%8C";

impl World {
    async fn posted_at(&self, terminal: TerminalId) -> Vec<PublicNotice> {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        let items = crate::tables::feed::all(&mut read, terminal, Collection::PublicNotice).await.unwrap();
        items.into_iter().map(|item| serde_json::from_value(item.body).unwrap()).collect()
    }

    async fn posts(&self, more: &[(&str, &str)]) -> String {
        self.types(TITLE, TEXT, more).await
    }

    async fn types(&self, title: &str, text: &str, more: &[(&str, &str)]) -> String {
        let mut browser = Browser::signed_in(self, "supervisor").await;
        let fields = [&[("topic", "food"), ("title", title), ("text", text)], more].concat();
        browser.press("/public-notices", "/public-notices", &fields).await.location
    }
}

async fn a_notice_is_posted_on_every_terminal_and_taken_down_from_every_one(on: On) {
    let world = World::new(on).await;
    let second = world.cell("306室").await;
    assert_eq!(world.posts(&[("urgent", "yes")]).await, "/public-notices?said=done");
    for terminal in [world.terminal(), second] {
        let posted = world.posted_at(terminal).await;
        assert_eq!(posted.len(), 1);
        assert_eq!(
            (posted[0].title.as_str(), posted[0].topic, posted[0].urgent),
            ("菜谱", NoticeTopic::Food, true)
        );
        assert_eq!(posted[0].paragraphs, ["一".into(), "二".into()], "a paragraph a line");
    }
    let id = world.posted_at(second).await[0].notice.to_string();
    let mut browser = Browser::signed_in(&world, "director").await;
    assert!(has(&browser.get("/public-notices").await.text, &format!("notice-{id}")));
    browser.press("/public-notices", "/public-notices/down", &[("notice", &id)]).await;
    for terminal in [world.terminal(), second] {
        assert!(world.posted_at(terminal).await.is_empty());
    }
    let audit = browser.get("/audit").await.text;
    assert!(audit.contains("发布公示") && audit.contains("撤下公示"));
}

async fn a_terminal_hung_up_later_has_what_is_posted_and_nothing_that_is_over(on: On) {
    let world = World::new(on).await;
    world.posts(&[]).await;
    world.posts(&[("until", "2100-01-01")]).await;
    let later = world.cell("306室").await;
    assert_eq!(world.posted_at(later).await.len(), 2);
}

async fn what_cannot_be_read_is_not_posted_and_the_board_has_an_end(on: On) {
    let world = World::new(on).await;
    let long = "a".repeat(501);
    for (title, text, until) in
        [("+", TEXT, ""), (TITLE, "%0A", ""), (TITLE, &long, ""), (TITLE, TEXT, "2001-01-01")]
    {
        let said = world.types(title, text, &[("until", until)]).await;
        assert_eq!(said, "/public-notices?said=unposted", "{title} {text} {until}");
    }
    for _ in 0..PUBLIC_NOTICES_MAX {
        let draft = crate::NoticeDraft {
            topic: NoticeTopic::Rules,
            title: "监规",
            text: "第一条",
            urgent: false,
            until_ms: None,
        };
        world.running.platform.post_notice(draft, "周民警").await.unwrap().unwrap();
    }
    assert_eq!(world.posts(&[]).await, "/public-notices?said=unposted");
    assert_eq!(world.posted_at(world.terminal()).await.len(), PUBLIC_NOTICES_MAX);
}

async fn who_may_not_post_does_not_see_the_page(on: On) {
    let world = World::new(on).await;
    for post in ["duty", "doctor", "shop", "it", "auditor"] {
        let page = Browser::signed_in(&world, post).await.get("/public-notices").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{post}");
    }
}
