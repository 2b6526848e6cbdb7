// SPDX-License-Identifier: GPL-3.0-only
//! The pages of 购物, and the one on which somebody shows who they are. Nobody in it exists.

use super::{Words, camera, choices_of_people, list};
use crate::{
    Choice, Fact, Good, MainWindow, MoneyRow, Nav, Page, Picture, Prove, ReceiptStep, Shop, ShopStep, Sign,
};
use slint::{ComponentHandle, ModelRc, SharedString};

fn page<'a>(window: &'a MainWindow, step: ShopStep, own: bool) -> Shop<'a> {
    window.global::<Nav<'_>>().set_page(Page::Shop);
    let page = window.global::<Shop<'_>>();
    page.set_step(step);
    page.set_own(own);
    page
}

fn picture(id: &str, sign: Sign, title: SharedString, on: bool) -> Picture {
    Picture { id: id.into(), sign, title, on }
}

fn way(id: &str, title: SharedString) -> Choice {
    Choice { id: id.into(), sign: Sign::None, title, detail: SharedString::default(), enabled: true }
}

fn fact(title: SharedString, value: impl Into<SharedString>) -> Fact {
    Fact { id: SharedString::default(), title, value: value.into(), done: true }
}

fn next(page: &Shop<'_>, word: SharedString) {
    page.set_next(word);
    page.set_can_go_on(true);
}

pub(super) fn front(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Front, false);
    page.set_pictures(list(vec![
        picture("browse", Sign::Bag, words.say("shop-browse"), false),
        picture("buy", Sign::Cart, words.say("shop-buy"), false),
        picture("mine", Sign::Wallet, words.say("shop-mine"), false),
    ]));
    page.set_notes(list(vec![
        words
            .put("shop-closed", [("days", &words.say("shop-every-day")), ("from", "08:00"), ("to", "20:00")]),
        words.put("shop-called", [("name", "王**"), ("count", "2")]),
    ]));
    page.set_hint(words.say("shop-front-hint"));
}

pub(super) fn who(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Who, false);
    page.set_question(words.say("shop-who"));
    page.set_hint(words.say("shop-who-hint"));
    page.set_people(choices_of_people(words, SharedString::default(), words.say("pin-has-none")));
}

pub(super) fn queue(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Who, false);
    page.set_question(words.say("shop-queue-who"));
    page.set_hint(words.say("shop-queue-hint"));
    page.set_people(choices_of_people(
        words,
        SharedString::default(),
        words.put("shop-place", [("place", "1")]),
    ));
}

pub(super) fn turn(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Turn, false);
    page.set_big(words.count("shop-before", "count", 2));
    page.set_big_detail(words.say("shop-turn-detail"));
    next(&page, words.say("shop-turn-wait"));
}

fn shelves(words: &Words, on: &str) -> ModelRc<Picture> {
    let all = [
        ("washing", Sign::Soap),
        ("daily", Sign::House),
        ("food", Sign::Meal),
        ("drink", Sign::Drink),
        ("clothing", Sign::Shirt),
        ("paper", Sign::Notebook),
    ];
    let shelf = |(name, sign): (&str, Sign)| {
        picture(&format!("shelf-{name}"), sign, words.put("shop-shelf", [("shelf", name)]), name == on)
    };
    list(all.into_iter().map(shelf).collect())
}

fn goods(words: &Words, counts: [i32; 6]) -> ModelRc<Good> {
    let all = [
        ("S1", Sign::Soap, "肥皂", "一块", "¥3.50", SharedString::default()),
        ("S2", Sign::Teeth, "牙刷牙膏套装", "一套", "¥8.80", words.put("shop-dearer", [("before", "¥8.00")])),
        ("S3", Sign::Shampoo, "洗发水", "200 毫升", "¥15.00", words.put("shop-few", [("count", "3")])),
        ("S4", Sign::Towel, "毛巾", "一条", "¥9.90", SharedString::default()),
        ("S5", Sign::Roll, "卫生纸", "四卷", "¥12.00", words.say("shop-sold-out")),
        ("S6", Sign::Pads, "卫生巾", "十片", "¥10.50", SharedString::default()),
        ("S7", Sign::Bag, "洗衣粉", "500 克", "¥6.00", SharedString::default()),
    ];
    let good =
        |(i, (id, sign, name, unit, price, word)): (usize, (&str, Sign, &str, &str, &str, SharedString))| {
            Good {
                id: id.into(),
                sign,
                name: name.into(),
                unit: unit.into(),
                price: price.into(),
                word,
                count: counts.get(i).copied().unwrap_or_default(),
            }
        };
    list(all.into_iter().enumerate().map(good).collect())
}

pub(super) fn browse(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Shelf, false);
    page.set_shelves(shelves(words, "washing"));
    page.set_goods(goods(words, [0; 6]));
}

pub(super) fn shelf(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Shelf, true);
    page.set_shelves(shelves(words, "washing"));
    page.set_goods(goods(words, [2, 0, 1, 0, 0, 0]));
    page.set_notes(list(vec![words.put("shop-not-for-me", [("count", "4")])]));
    page.set_turn_left(words.put("shop-turn-left", [("span", &words.0.span(128))]));
    page.set_ways(list(vec![way("mine", words.say("shop-mine-short"))]));
    next(&page, words.put("shop-cart-button", [("count", "3"), ("total", "¥22.00")]));
}

fn item_lines(words: &Words) -> ModelRc<Fact> {
    list(vec![
        fact(words.say("shop-line-stock"), words.put("shop-left", [("count", "3")])),
        fact(words.say("shop-line-order-max"), words.put("shop-pieces", [("count", "2")])),
        fact(words.say("shop-line-period"), words.put("shop-period", [("days", "30"), ("count", "2")])),
        fact(
            words.say("shop-line-price"),
            words.put("shop-was", [("time", "2026-11-01"), ("before", "¥14.00")]),
        ),
    ])
}

pub(super) fn look(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Item, false);
    page.set_sign(Sign::Shampoo);
    page.set_question("洗发水".into());
    page.set_big("¥15.00".into());
    page.set_big_detail("200 毫升".into());
    page.set_lines(item_lines(words));
}

pub(super) fn item(window: &MainWindow, words: &Words) {
    look(window, words);
    let page = page(window, ShopStep::Item, true);
    page.set_count(1);
    page.set_can_more(true);
    page.set_ways(list(vec![way("back", words.say("shop-go-on"))]));
    next(&page, words.put("shop-cart-button", [("count", "3"), ("total", "¥22.00")]));
}

fn row(
    id: &str,
    title: &str,
    detail: SharedString,
    amount: &str,
    word: SharedString,
    button: SharedString,
) -> MoneyRow {
    MoneyRow { id: id.into(), title: title.into(), detail, amount: amount.into(), word, button }
}

fn cart_rows(words: &Words, button: SharedString) -> ModelRc<MoneyRow> {
    let times = |price: &str, count: &str| words.put("shop-times", [("price", price), ("count", count)]);
    let none = SharedString::default;
    list(vec![
        row("remove-S1", "肥皂", times("¥3.50", "2"), "¥7.00", none(), button.clone()),
        row("remove-S3", "洗发水", times("¥15.00", "1"), "¥15.00", none(), button.clone()),
        row("remove-B1", "全麦面包", times("", "1"), "", words.say("refused-shop-not-offered"), button),
    ])
}

fn sum(page: &Shop<'_>, words: &Words) {
    page.set_hint(words.say("shop-total"));
    page.set_big("¥22.00".into());
    let args =
        [("balance", "¥86.40"), ("time", "11月22日 10:31"), ("remains", "¥64.40"), ("limit", "¥578.00")];
    page.set_big_detail(words.put("shop-remains", args));
}

pub(super) fn cart(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Rows, true);
    page.set_rows(cart_rows(words, words.say("shop-remove")));
    sum(&page, words);
    page.set_notes(list(vec![words.say("shop-warn-offline")]));
    next(&page, words.say("shop-checkout"));
}

pub(super) fn read_back(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::ReadBack, true);
    page.set_question(words.say("shop-read-back"));
    page.set_rows(cart_rows(words, SharedString::default()));
    sum(&page, words);
    next(&page, words.say("shop-order"));
}

fn steps(words: &Words) -> ModelRc<ReceiptStep> {
    let step = |title: &str, detail: &str| ReceiptStep {
        done: !detail.is_empty(),
        title: words.say(title),
        detail: detail.into(),
    };
    list(vec![
        step("shop-step-saved", "11月22日 10:32"),
        step("shop-step-uploaded", "11月22日 10:32"),
        step("shop-state-placed", ""),
        step("shop-state-approved", ""),
        step("shop-state-packed", ""),
    ])
}

pub(super) fn sent(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Receipt, true);
    page.set_sign(Sign::DoneCircle);
    page.set_big(words.put("shop-sent", [("number", "3F2A-91BC"), ("total", "¥22.00")]));
    page.set_big_detail(words.say("shop-sent-detail"));
    page.set_steps(steps(words));
    page.set_ways(list(vec![way("mine", words.say("shop-mine-short"))]));
}

pub(super) fn refused(window: &MainWindow, words: &Words) {
    sent(window, words);
    let page = window.global::<Shop<'_>>();
    page.set_sign(Sign::Warning);
    page.set_big(words.say("shop-refused"));
    page.set_big_detail(words.put("shop-refused-why", [("why", "price_changed")]));
    page.set_notes(list(vec![words.say("shop-refused-nothing")]));
}

pub(super) fn mine(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Mine, true);
    page.set_hint(words.put("shop-balance-of", [("time", "11月22日 10:31")]));
    page.set_big("¥86.40".into());
    let limit = [("most", "¥800.00"), ("left", "¥578.00"), ("time", "2026-12-01")];
    page.set_big_detail(words.put("shop-limit", limit));
    page.set_notes(list(vec![
        words.say("shop-frozen-short"),
        words.put("shop-pending", [("total", "¥22.00")]),
    ]));
    let choice = |id: &str, sign, title: &str, detail: SharedString| Choice {
        id: id.into(),
        sign,
        title: words.say(title),
        detail,
        enabled: true,
    };
    page.set_choices(list(vec![
        choice("kit", Sign::Kit, "shop-kit", words.say("shop-free")),
        choice("buy", Sign::Cart, "shop-buy", SharedString::default()),
        choice("orders", Sign::Delivered, "shop-orders", words.put("shop-orders-to-sign", [("count", "1")])),
        choice("statement", Sign::Money, "shop-statement", words.put("shop-lines-count", [("count", "37")])),
        choice("owed", Sign::Warning, "shop-owed", SharedString::default()),
    ]));
}

pub(super) fn orders(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Choose, true);
    let order = |id: &str, sign, time: &str, total: &str, state: SharedString| Choice {
        id: format!("order-{id}").into(),
        sign,
        title: words.put("shop-order-title", [("time", time), ("total", total)]),
        detail: state,
        enabled: true,
    };
    page.set_choices(list(vec![
        order("1", Sign::Bag, "11月22日 10:32", "¥22.00", words.say("shop-step-uploaded")),
        order("2", Sign::Delivered, "11月20日 09:10", "¥31.50", words.say("shop-state-delivered")),
        order("3", Sign::Bag, "11月15日 16:44", "¥8.80", words.put("shop-refused-why", [("why", "stock")])),
    ]));
}

pub(super) fn order(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Detail, true);
    page.set_question(words.put("shop-order-number", [("number", "3F2A-91BC")]));
    page.set_hint(words.say("shop-state-delivered"));
    page.set_big(words.say("shop-differs"));
    let counts = |ordered: &str, approved: &str, delivered: &str| {
        format!(
            "{} · {} · {}",
            words.put("shop-ordered", [("count", ordered)]),
            words.put("shop-approved", [("count", approved)]),
            words.put("shop-delivered", [("count", delivered)])
        )
    };
    page.set_lines(list(vec![
        fact("肥皂".into(), counts("2", "2", "2")),
        fact(words.put("shop-line-differs", [("name", "洗发水")]), counts("2", "1", "1")),
        fact(words.say("shop-charged"), "¥22.00"),
        fact(words.say("shop-step-saved"), "11月20日 09:10"),
        fact(words.say("shop-state-placed"), "11月20日 09:10"),
        fact(words.say("shop-state-approved"), "11月20日 11:02"),
        fact(words.say("shop-state-packed"), "11月21日 15:30"),
        fact(words.say("shop-state-delivered"), "11月22日 10:05"),
    ]));
    page.set_ways(list(vec![way("again", words.say("shop-again"))]));
    next(&page, words.say("shop-receive"));
}

pub(super) fn receive(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Rows, true);
    page.set_question(words.say("shop-receive-question"));
    let good = |count: &str| words.put("shop-good", [("count", count)]);
    let problem = || words.say("shop-problem");
    let missing = words.put("shop-missing-count", [("count", "1")]);
    page.set_rows(list(vec![
        row("problem-0", "肥皂", "一块".into(), &good("2"), SharedString::default(), problem()),
        row("problem-1", "洗发水", "200 毫升".into(), &good("0"), missing, problem()),
        row("problem-2", "牙刷牙膏套装", "一套".into(), &good("1"), SharedString::default(), problem()),
    ]));
    next(&page, words.say("shop-sign"));
}

pub(super) fn problem(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Pictures, true);
    page.set_question(words.put("shop-problem-question", [("name", "洗发水")]));
    page.set_hint(words.say("shop-problem-hint"));
    page.set_big(words.put("shop-good", [("count", "2")]));
    page.set_pictures(list(vec![
        picture("missing", Sign::Missing, words.say("shop-missing"), true),
        picture("wrong", Sign::Swapped, words.say("shop-wrong"), false),
        picture("damaged", Sign::Damaged, words.say("shop-damaged"), false),
    ]));
    page.set_ways(list(vec![way("good", words.say("shop-all-good"))]));
    next(&page, words.say("shop-problem-done"));
}

pub(super) fn statement(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Statement, true);
    page.set_big(words.put("shop-balance", [("balance", "¥86.40")]));
    page.set_big_detail(words.put("shop-statement-of", [("time", "11月22日 10:31"), ("code", "4182 0937")]));
    let kind = |kind: &str| words.put("shop-line-kind", [("kind", kind)]);
    let detail =
        |time: &str, balance: &str| words.put("shop-line-detail", [("time", time), ("balance", balance)]);
    let dispute = || words.say("shop-dispute");
    let none = SharedString::default;
    page.set_rows(list(vec![
        row(
            "dispute-37",
            &format!("{} 3F2A-91BC", kind("order")),
            detail("11月20日 09:10", "¥86.40"),
            "−¥31.50",
            none(),
            dispute(),
        ),
        row(
            "dispute-36",
            &format!("{} · 家属汇款", kind("deposit")),
            detail("11月18日 14:20", "¥117.90"),
            "+¥100.00",
            none(),
            dispute(),
        ),
        row(
            "line-35",
            &format!("{} · 损坏水杯第 2 期", kind("deduction")),
            detail("11月15日 08:00", "¥17.90"),
            "−¥5.00",
            words.say("shop-line-marked"),
            words.say("shop-see"),
        ),
        row(
            "dispute-34",
            &format!("{} 77AA-0C21", kind("returned")),
            detail("11月12日 10:00", "¥22.90"),
            "+¥8.80",
            none(),
            dispute(),
        ),
    ]));
    page.set_can_older(true);
}

pub(super) fn line(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Pictures, true);
    page.set_question(
        format!("{} · 损坏水杯第 2 期 −¥5.00", words.put("shop-line-kind", [("kind", "deduction")])).into(),
    );
    page.set_hint(words.say("shop-why-hint"));
    let why = |name: &str, sign| {
        picture(&format!("why-{name}"), sign, words.put("shop-why", [("why", name)]), false)
    };
    page.set_pictures(list(vec![
        why("not_mine", Sign::NotSeen),
        why("amount", Sign::Price),
        why("not_received", Sign::Missing),
        why("twice", Sign::Twice),
        why("other", Sign::More),
    ]));
    next(&page, words.say("shop-why-later"));
}

pub(super) fn owed(window: &MainWindow, words: &Words) {
    let page = page(window, ShopStep::Detail, true);
    page.set_question(words.say("shop-owed"));
    page.set_big(words.put("shop-frozen", [("why", "办案机关要求，等待核对汇款来源")]));
    page.set_lines(list(vec![
        fact(words.say("shop-frozen-since"), "11月19日 09:00"),
        fact(words.say("shop-line-reference"), "冻字〔2026〕118号，财务室"),
        fact("损坏水杯".into(), words.put("shop-owed-paid", [("paid", "¥10.00"), ("total", "¥15.00")])),
    ]));
    next(&page, words.say("shop-object"));
}

pub(super) fn shielded(window: &MainWindow, words: &Words) {
    mine(window, words);
    window.global::<Shop<'_>>().set_shielded(true);
}

pub(super) fn prove_face(window: &MainWindow, words: &Words) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::Prove);
    let page = window.global::<Prove<'_>>();
    page.set_title(words.say("prove-shop"));
    page.set_face(true);
    page.set_name("王**".into());
    page.set_hint(words.say("prove-face-hint"));
}

pub(super) fn prove_pin(window: &MainWindow, words: &Words) {
    window.global::<Nav<'_>>().set_page(Page::Prove);
    let page = window.global::<Prove<'_>>();
    page.set_title(words.say("prove-order"));
    page.set_face(false);
    page.set_face_known(true);
    page.set_name("王**".into());
    page.set_hint(words.say("prove-face-known"));
}
