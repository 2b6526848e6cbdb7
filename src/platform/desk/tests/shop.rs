// SPDX-License-Identifier: GPL-3.0-only
//! The shop and finance at the desk: what each page shows and does, and to whom it does not.

use super::*;
use crate::StatementFile;
use crate::tests::shop::{order, thing};
use contract::{
    CatalogueItem, Collection, DetaineeId, DisputeReason, EventId, Fen, LineDisputed, OrderState,
    StatementPage,
};

on_both! {
    an_order_goes_through_the_shops_page_from_placing_to_delivery,
    the_list_for_picking_has_what_was_approved_cell_by_cell,
    things_are_put_changed_and_taken_out_and_a_stock_typed_late_is_a_difference,
    money_comes_and_goes_on_a_persons_page_and_the_audit_holds_no_amount,
    an_adjustment_of_finance_is_decided_by_the_director,
    a_dispute_is_answered_where_the_task_leads,
    a_family_statement_is_signed_and_a_changed_one_is_found,
    a_family_statement_is_set_on_paper_with_the_glyphs_it_needs_alone,
    nobody_but_finance_sees_a_balance_and_nobody_but_the_shop_an_order,
}

struct Ready {
    world: World,
    kiosk: Kiosk,
    person: DetaineeId,
}

/// A person with ¥123.45 that appears nowhere else, and two things.
async fn ready(on: On) -> Ready {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    world.put_thing(&CatalogueItem { stock: Some(10), ..thing("T1", 350) }).await;
    world.put_thing(&thing("T2", 200)).await;
    let person = world.person(world.terminal(), 12_345).await;
    Ready { world, kiosk, person }
}

impl Ready {
    async fn order(&mut self) -> String {
        let placed = order(self.kiosk.stamp(), self.person, &[("T1", 2), ("T2", 1)], 900);
        self.kiosk.say(&Event::OrderPlaced(placed)).await.to_string()
    }

    async fn actions(&self) -> Vec<(String, String)> {
        let mut read = self.world.running.platform.core.tables.read().await.unwrap();
        let lines = crate::tables::audit::newest(&mut read, 200).await.unwrap();
        let lines = lines.into_iter().filter(|line| !matches!(line.action.as_str(), "view" | "sign_in"));
        lines.map(|line| (line.action, line.object)).collect()
    }
}

async fn deed(browser: &mut Browser, order: &str, deed: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("order", order), ("deed", deed)], more].concat();
    let page = browser.press("/shop", "/shop", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    page.location
}

async fn an_order_goes_through_the_shops_page_from_placing_to_delivery(on: On) {
    let mut ready = ready(on).await;
    let order = ready.order().await;
    let mut shop = Browser::signed_in(&ready.world, "shop").await;
    let home = shop.get("/").await.text;
    assert!(home.contains("订单等审批") && home.contains(&format!("/shop#order-{order}")));
    let page = shop.get("/shop").await.text;
    assert!(has(&page, &format!("order-{order}")) && page.contains("冯十五") && page.contains("305室"));
    let number = order.parse::<EventId>().unwrap().number();
    assert!(page.contains(&number), "the number on the person's receipt");
    assert!(has(&page, &format!("approve-{order}")) && !has(&page, &format!("pack-{order}")));
    assert!(!page.contains("123.45"), "no balance");
    let more = [("count-0", "1"), ("count-1", "1"), ("words", "")];
    assert!(deed(&mut shop, &order, "approve", &more).await.contains("said=words"));
    assert!(has(&shop.get("/shop?said=words").await.text, "refused"));
    let more = [("count-0", "1"), ("count-1", "1"), ("words", "%E6%AF%8F%E4%BA%BA%E4%B8%80%E5%9D%97")];
    assert!(deed(&mut shop, &order, "approve", &more).await.contains("said=done"));
    assert!(shop.get("/shop").await.text.contains("每人一块"));
    assert!(deed(&mut shop, &order, "deliver", &more).await.contains("said=state"));
    assert!(deed(&mut shop, &order, "pack", &[]).await.contains("said=done"));
    assert!(deed(&mut shop, &order, "deliver", &more).await.contains("said=done"));
    let actions: Vec<String> = ready.actions().await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["order_deliver", "order_pack", "order_approve"]);
    let key = order.parse::<contract::EventId>().unwrap();
    let told: contract::OrderStatus =
        ready.world.told(ready.world.terminal(), Collection::Order, &key.to_string()).await.unwrap();
    assert_eq!((told.state, told.charged), (OrderState::Delivered, Fen(550)));
    assert!(!shop.get("/shop?lang=en").await.text.contains('⟨'));
}

async fn the_list_for_picking_has_what_was_approved_cell_by_cell(on: On) {
    let mut ready = ready(on).await;
    let order = ready.order().await;
    let mut shop = Browser::signed_in(&ready.world, "shop").await;
    assert!(has(&shop.get("/picks").await.text, "picks-empty"));
    let more = [("count-0", "2"), ("count-1", "0"), ("words", "x")];
    deed(&mut shop, &order, "approve", &more).await;
    let page = shop.get("/picks").await.text;
    assert!(page.contains("三监区 305室") && page.contains("冯十五") && page.contains("T1"));
    assert!(!page.contains("T2"), "what was not approved is not picked");
}

async fn things_are_put_changed_and_taken_out_and_a_stock_typed_late_is_a_difference(on: On) {
    let mut ready = ready(on).await;
    let mut shop = Browser::signed_in(&ready.world, "shop").await;
    let new = [
        ("sku", "N1"),
        ("name", "Soap"),
        ("unit", "one"),
        ("shelf", "washing"),
        ("picture", "soap"),
        ("price", "3.50"),
        ("stock", "7"),
        ("order_max", "5"),
        ("diet-halal", "1"),
        ("days", "7"),
        ("period", "3"),
        ("until", "2026-12-31"),
    ];
    assert!(shop.press("/goods", "/goods", &new).await.location.contains("said=done"));
    let item: CatalogueItem =
        ready.world.told(ready.world.terminal(), Collection::Catalogue, "N1").await.unwrap();
    assert_eq!((item.price, item.price_rev, item.stock), (Fen(350), 1, Some(7)));
    assert!(item.until_ms.is_some() && item.period.is_some() && item.suits == [contract::Diet::Halal]);
    for (name, value) in
        [("price", "-1"), ("price", "x"), ("order_max", "0"), ("shelf", "none"), ("sku", "a b")]
    {
        let mut wrong = new.to_vec();
        wrong.retain(|(field, _)| *field != name);
        wrong.push((name, value));
        let page = shop.press("/goods", "/goods", &wrong).await;
        assert!(
            page.status == StatusCode::UNPROCESSABLE_ENTITY || page.location.contains("unsound"),
            "{name}"
        );
    }
    // Two were ordered between the page and the form: five more are twelve and not fifteen.
    ready.order().await;
    let more = [
        ("sku", "T1"),
        ("name", "Soap"),
        ("unit", "one"),
        ("shelf", "washing"),
        ("picture", "soap"),
        ("price", "4"),
        ("stock", "15"),
        ("stock_was", "10"),
        ("order_max", "5"),
    ];
    shop.press("/goods", "/goods", &more).await;
    assert_eq!(ready.world.stock("T1").await, Some(13));
    let page = shop.get("/goods").await.text;
    assert!(page.contains("原价 ¥3.50"));
    shop.press("/goods", "/goods/withdraw", &[("sku", "N1")]).await;
    assert!(!has(&shop.get("/goods").await.text, "goods-N1"));
    let actions: Vec<(String, String)> = ready.actions().await;
    assert_eq!(actions[0], ("goods_withdraw".to_owned(), "N1".to_owned()));
    assert!(!shop.get("/goods?lang=en").await.text.contains('⟨'));
}

async fn money_comes_and_goes_on_a_persons_page_and_the_audit_holds_no_amount(on: On) {
    let ready = ready(on).await;
    let mut finance = Browser::signed_in(&ready.world, "finance").await;
    let address = format!("/accounts/{}", ready.person);
    let list = finance.get("/accounts").await.text;
    assert!(list.contains("¥123.45") && list.contains(&address));
    let reason = [("words", "why"), ("reference", "No-1")];
    let mut act = async |deed: &str, more: &[(&str, &str)]| {
        let fields = [&[("deed", deed)], more, &reason].concat();
        finance.press(&address, &address, &fields).await.location
    };
    assert!(act("deposit", &[("amount", "100.05")]).await.contains("said=done"));
    assert!(act("owe", &[("amount", "50")]).await.contains("said=done"));
    assert!(act("freeze", &[]).await.contains("said=done"));
    assert!(act("freeze", &[]).await.contains("said=over"));
    assert!(act("unfreeze", &[]).await.contains("said=done"));
    let rules = [("level", "2"), ("month", "120.00"), ("diet-halal", "1")];
    assert!(act("rules", &rules).await.contains("said=done"));
    let page = finance.get(&address).await.text;
    assert!(has(&page, "statement-whole") && page.contains("¥223.50") && page.contains("¥120.00"));
    let owed = page.split("id=\"deduct-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let owed = owed.trim_start_matches("amount-").to_owned();
    let part = [("deed", "deduct"), ("owed", owed.as_str()), ("amount", "20")];
    assert!(finance.press(&address, &address, &part).await.location.contains("said=done"));
    let books = finance.get("/books").await.text;
    assert!(has(&books, "books-whole") && books.contains("data-total=\"0\""));
    assert!(element(&books, "house-creditors").contains("¥50.00"), "20 here and 30 of the demo");
    let home = finance.press(&address, &address, &[("deed", "release"), ("reference", "x")]).await;
    assert_eq!(home.status, StatusCode::UNPROCESSABLE_ENTITY, "who is in a cell is not settled");
    ready.world.running.platform.remove_member(ready.world.terminal(), ready.person).await.unwrap();
    let paid = [("deed", "release"), ("words", "out"), ("reference", "No-2")];
    assert!(finance.press(&address, &address, &paid).await.location.contains("said=done"));
    assert_eq!(ready.world.balance(ready.person).await, 0);
    let actions = ready.actions().await;
    let names: Vec<&str> = actions.iter().rev().map(|(action, _)| action.as_str()).collect();
    assert_eq!(
        names,
        [
            "money_deposit",
            "money_owe",
            "account_freeze",
            "account_unfreeze",
            "account_rules",
            "money_deduct",
            "account_release"
        ]
    );
    assert!(actions.iter().all(|(_, object)| *object == ready.person.to_string()));
    for path in [address.as_str(), "/accounts", "/books"] {
        assert!(!finance.get(&format!("{path}?lang=en")).await.text.contains('⟨'), "{path}");
    }
}

async fn an_adjustment_of_finance_is_decided_by_the_director(on: On) {
    let ready = ready(on).await;
    let mut finance = Browser::signed_in(&ready.world, "finance").await;
    let address = format!("/accounts/{}", ready.person);
    let asked = [("deed", "propose"), ("amount", "-23.45"), ("words", "why"), ("reference", "No-7")];
    assert!(finance.press(&address, &address, &asked).await.location.contains("said=done"));
    assert_eq!(ready.world.balance(ready.person).await, 12_345);
    assert_eq!(finance.get("/adjustments").await.status, StatusCode::FORBIDDEN);
    let mut director = Browser::signed_in(&ready.world, "director").await;
    assert!(director.get("/").await.text.contains("账目更正等复核"));
    let page = director.get("/adjustments").await.text;
    assert!(page.contains("¥-23.45") && page.contains("冯十五") && page.contains("No-7"));
    let id = page.split("id=\"adjustment-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("adjustment", id.as_str()), ("deed", "accept")];
    assert!(director.press("/adjustments", "/adjustments", &fields).await.location.contains("said=done"));
    assert!(director.press("/adjustments", "/adjustments", &fields).await.location.contains("said=over"));
    assert_eq!(ready.world.balance(ready.person).await, 10_000);
    let actions: Vec<String> = ready.actions().await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["adjustment_accept", "adjustment_propose"]);
    assert!(!director.get("/adjustments?lang=en").await.text.contains('⟨'));
}

async fn a_dispute_is_answered_where_the_task_leads(on: On) {
    let mut ready = ready(on).await;
    let key = StatementPage::key(ready.person, 1);
    let page: StatementPage =
        ready.world.told(ready.world.terminal(), Collection::Statement, &key).await.unwrap();
    let (at, detainee) = (ready.kiosk.stamp(), ready.person);
    let hash = page.lines[0].hash;
    let said = LineDisputed { at, detainee, line: 1, hash, why: Some(DisputeReason::NotMine) };
    let event = ready.kiosk.say(&Event::LineDisputed(said)).await.to_string();
    let mut finance = Browser::signed_in(&ready.world, "finance").await;
    assert!(finance.get("/").await.text.contains(&format!("/accounts#objection-{event}")));
    let page = finance.get("/accounts").await.text;
    assert!(has(&page, &format!("objection-{event}")) && page.contains("不是本人买的"));
    let fields = [("objection", event.as_str()), ("deed", "decline"), ("words", "")];
    assert!(finance.press("/accounts", "/objections", &fields).await.location.contains("said=words"));
    let fields = [("objection", event.as_str()), ("deed", "decline"), ("words", "paper")];
    assert!(finance.press("/accounts", "/objections", &fields).await.location.contains("said=done"));
    assert!(!has(&finance.get("/accounts").await.text, &format!("objection-{event}")));
    assert!(finance.get(&format!("/accounts/{detainee}")).await.text.contains("异议不成立 · paper"));
}

async fn a_family_statement_is_signed_and_a_changed_one_is_found(on: On) {
    let mut ready = ready(on).await;
    ready.order().await;
    let mut finance = Browser::signed_in(&ready.world, "finance").await;
    let page = finance.get(&format!("/accounts/{}", ready.person)).await.text;
    let code = element(&page, "statement-code");
    let file = finance.get(&format!("/accounts/{}/statement.json", ready.person)).await;
    assert_eq!(file.status, StatusCode::OK);
    let platform = &ready.world.running.platform;
    let StatementFile::Whole { lines, balance, code: found, .. } =
        platform.check_statement(file.text.as_bytes()).unwrap()
    else {
        panic!("it is whole")
    };
    assert!((lines, balance) == (2, Fen(11_445)) && code.contains(&found));
    let changed = file.text.replace("11445", "91445");
    assert_ne!(changed, file.text);
    assert_eq!(platform.check_statement(changed.as_bytes()).unwrap(), StatementFile::Foreign);
    assert_eq!(ready.actions().await[0], ("statement_out".to_owned(), ready.person.to_string()));
    let mut director = Browser::signed_in(&ready.world, "director").await;
    let refused = director.get(&format!("/accounts/{}/statement.json", ready.person)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

async fn a_family_statement_is_set_on_paper_with_the_glyphs_it_needs_alone(on: On) {
    let ready = ready(on).await;
    for _ in 0..60 {
        ready.world.deposit(ready.person, 100).await;
    }
    let mut finance = Browser::signed_in(&ready.world, "finance").await;
    let address = format!("{}/accounts/{}/statement.pdf", finance.desk, ready.person);
    let file = finance.client.get(address).header(COOKIE, finance.cookie()).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    let bytes = file.bytes().await.unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 400_000, "{} bytes", bytes.len());
    if let Some(path) = std::env::var_os("SHOW_PDF") {
        std::fs::write(path, &bytes).unwrap();
    }
    let all = String::from_utf8_lossy(&bytes);
    assert!(all.matches("/Type /Page\n").count() + all.matches("/Type/Page/").count() >= 2, "two pages");
    assert_eq!(ready.actions().await[0].0, "statement_out");
    assert_eq!(
        finance.get(&format!("/accounts/{}", DetaineeId::fresh())).await.status,
        StatusCode::NOT_FOUND
    );
}

async fn nobody_but_finance_sees_a_balance_and_nobody_but_the_shop_an_order(on: On) {
    let mut ready = ready(on).await;
    let order = ready.order().await;
    for name in ["duty", "control", "director", "it", "auditor", "supervisor", "doctor", "shop"] {
        let mut browser = Browser::signed_in(&ready.world, name).await;
        for path in ["/accounts", "/books", "/objections"] {
            let status = browser.get(path).await.status;
            assert!(
                matches!(status, StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED),
                "{name} {path}"
            );
        }
        for path in ["/", "/parked", "/notices", "/audit", "/ledger", "/shop", "/adjustments"] {
            let text = browser.get(path).await.text;
            assert!(!text.contains("114.45"), "{name} {path}: the balance");
            assert_eq!(
                text.contains(&order),
                name == "shop" && matches!(path, "/" | "/shop"),
                "{name} {path}"
            );
        }
        if name != "shop" {
            assert_eq!(browser.get("/shop").await.status, StatusCode::FORBIDDEN, "{name}");
        }
    }
}
