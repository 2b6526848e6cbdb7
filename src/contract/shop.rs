// SPDX-License-Identifier: GPL-3.0-only
//! The shop (购物): what there is, what a person orders, and what becomes of it.
//!
//! An order says what was on the screen: things, counts, the prices' revisions, the total. The platform recomputes all of
//! it and either takes the money and the order together, or refuses with a code of [`OrderRefused`] and takes nothing.
//! What was ordered, approved, delivered and charged stand side by side in [`OrderStatus`], line by line.

use crate::money::{Diet, Fen};
use crate::named::named;
use crate::{DetaineeId, EventId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most different things in one order.
pub const ORDER_LINES_MAX: usize = 20;
/// Most of one thing in one order.
pub const ORDER_COUNT_MAX: u32 = 99;
/// Most things in a catalogue.
pub const CATALOGUE_MAX: usize = 2_000;
/// Highest price of one thing: ¥10 000.
pub const PRICE_MAX: Fen = Fen(1_000_000);

/// A thing that can be ordered; its key in the feed is its `sku`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogueItem {
    /// 货号.
    pub sku: Text<32>,
    pub name: Text<48>,
    /// What one of it is: 一块, 500 毫升.
    pub unit: Text<24>,
    pub shelf: Shelf,
    pub picture: Goods,
    pub price: Fen,
    /// Rises with each change of the price.
    pub price_rev: u32,
    /// The price before the last change, and when that was: a price does not rise unseen.
    #[serde(default)]
    pub price_before: Option<Fen>,
    #[serde(default)]
    pub price_since_ms: i64,
    /// How many there are, where it is counted. None: enough.
    #[serde(default)]
    pub stock: Option<u32>,
    /// Most of it in one order.
    pub order_max: u32,
    /// Most of it in so many days by one person.
    #[serde(default)]
    pub period: Option<PeriodMax>,
    /// Lowest 处遇级别 it is open to.
    #[serde(default)]
    pub level_min: u8,
    /// What it suits, if it is food or drink.
    #[serde(default)]
    pub suits: Vec<Diet>,
    /// Offered between these times only: things of a festival.
    #[serde(default)]
    pub from_ms: Option<i64>,
    #[serde(default)]
    pub until_ms: Option<i64>,
    /// 入所生活用品: how many of it are in the free kit of a new arrival; zero is none.
    #[serde(default)]
    pub in_kit: u32,
}

impl CatalogueItem {
    /// Whether it is offered at this time.
    pub fn is_offered(&self, now_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| from <= now_ms) && self.until_ms.is_none_or(|until| now_ms < until)
    }

    /// Whether it is for somebody who keeps to these.
    pub fn suits_all(&self, diets: &[Diet]) -> bool {
        !self.shelf.is_eaten() || diets.iter().all(|diet| self.suits.contains(diet))
    }

    /// Whether its numbers make sense.
    pub fn is_sound(&self) -> bool {
        let counted = (1..=ORDER_COUNT_MAX).contains(&self.order_max);
        let period = self.period.is_none_or(|period| (1..=366).contains(&period.days));
        let priced = (Fen::ZERO..=PRICE_MAX).contains(&self.price);
        !self.sku.is_empty() && !self.name.is_empty() && counted && period && priced
    }
}

/// Most of a thing in so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodMax {
    pub days: u16,
    pub count: u32,
}

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// 洗漱.
    Washing,
    /// 日用.
    Daily,
    /// 吃的.
    Food,
    /// 喝的.
    Drink,
    /// 衣物.
    Clothing,
    /// 纸笔书.
    Paper,
}

named!(Shelf {
    Washing => "washing",
    Daily => "daily",
    Food => "food",
    Drink => "drink",
    Clothing => "clothing",
    Paper => "paper",
});

impl Shelf {
    /// Whether a diet matters there.
    pub fn is_eaten(self) -> bool {
        match self {
            Self::Food | Self::Drink => true,
            Self::Washing | Self::Daily | Self::Clothing | Self::Paper => false,
        }
    }
}

/// The picture of a thing: every terminal has these, whatever the catalogue says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// 肥皂.
    Soap,
    /// 牙刷、牙膏.
    Teeth,
    /// 洗发水、沐浴露.
    Shampoo,
    /// 毛巾.
    Towel,
    /// 卫生纸.
    Tissue,
    /// 卫生巾.
    Pads,
    /// 杯子、碗.
    Cup,
    /// 饼干、面包.
    Bread,
    /// 方便面.
    Noodles,
    /// 水果.
    Fruit,
    /// 零食、糖.
    Sweets,
    /// 肉、蛋、咸菜.
    Meal,
    /// 水.
    Water,
    /// 牛奶、茶、饮料.
    Drink,
    /// 衣服.
    Shirt,
    /// 袜子、鞋.
    Shoes,
    /// 本子、信纸.
    Notebook,
    /// 笔.
    Pen,
    /// 书.
    Book,
    /// 邮票、信封.
    Stamp,
    /// 别的.
    Other,
}

named!(Goods {
    Soap => "soap",
    Teeth => "teeth",
    Shampoo => "shampoo",
    Towel => "towel",
    Tissue => "tissue",
    Pads => "pads",
    Cup => "cup",
    Bread => "bread",
    Noodles => "noodles",
    Fruit => "fruit",
    Sweets => "sweets",
    Meal => "meal",
    Water => "water",
    Drink => "drink",
    Shirt => "shirt",
    Shoes => "shoes",
    Notebook => "notebook",
    Pen => "pen",
    Book => "book",
    Stamp => "stamp",
    Other => "other",
});

/// 下单.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPlaced {
    pub at: Stamp,
    pub detainee: DetaineeId,
    /// At least one, at most [`ORDER_LINES_MAX`], no thing twice.
    pub lines: Vec<OrderLine>,
    /// What the person saw and confirmed.
    pub shown_total: Fen,
    /// 入所生活用品: the free things; they cost nothing, once per arrival.
    #[serde(default)]
    pub kit: bool,
    pub check: OrderCheck,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    pub sku: Text<32>,
    pub count: u32,
    pub price_rev: u32,
}

/// How the terminal knew who ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderCheck {
    /// The face and the PIN.
    FaceAndPin,
    /// The PIN alone: no camera, no template, no match, or the person chose so.
    Pin,
}

/// Why the platform does not take an order: the code of its verdict. Nothing was charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderRefused {
    /// A price is another than the person saw.
    PriceChanged,
    /// There are not so many.
    Stock,
    /// The balance does not reach.
    Balance,
    /// Above the limit of the period.
    Limit,
    /// More of one thing than one person may have.
    CountLimit,
    /// Not offered, or not to this person: level, diet, festival.
    NotOffered,
    /// 账户冻结.
    Frozen,
    /// The kit was taken before, or is not for this person.
    Kit,
    /// Not of this cell any more.
    NotHere,
    /// The order makes no sense.
    Unsound,
}

named!(OrderRefused {
    PriceChanged => "price_changed",
    Stock => "stock",
    Balance => "balance",
    Limit => "limit",
    CountLimit => "count_limit",
    NotOffered => "not_offered",
    Frozen => "frozen",
    Kit => "kit",
    NotHere => "not_here",
    Unsound => "unsound",
});

/// 取消: before it is packed it is gone and the money back; later the platform answers with the order's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCancelled {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub order: EventId,
}

/// 签收: line by line what is there and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderReceived {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub order: EventId,
    pub lines: Vec<ReceivedLine>,
    pub check: OrderCheck,
}

/// What came of one thing; together they are what was delivered, by the officer's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedLine {
    pub sku: Text<32>,
    pub good: u32,
    /// 缺少.
    #[serde(default)]
    pub missing: u32,
    /// 错误.
    #[serde(default)]
    pub wrong: u32,
    /// 损坏.
    #[serde(default)]
    pub damaged: u32,
}

/// Where an order stands, keyed by the event that placed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderStatus {
    pub order: EventId,
    pub detainee: DetaineeId,
    pub state: OrderState,
    /// When each state came, in order; the last is `state`.
    pub steps: Vec<OrderStep>,
    pub lines: Vec<OrderLineStatus>,
    /// What the account paid for it so far, returns taken off.
    pub charged: Fen,
    /// What the shop says: why not, why less.
    #[serde(default)]
    pub words: Text<200>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderStep {
    pub state: OrderState,
    pub at_ms: i64,
}

/// 申请 → 审批 → 配货 → 送达 → 签收.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// 已申请: the platform has it, and the money for it.
    Placed,
    /// 已审批, with the approved counts.
    Approved,
    /// 不予批准; the money is back.
    Declined,
    /// 已配货.
    Packed,
    /// 已送达, to be signed for.
    Delivered,
    /// 已签收.
    Received,
    /// 已取消; the money is back.
    Cancelled,
    /// 已办结: what was missing or damaged is settled.
    Settled,
}

named!(OrderState {
    Placed => "placed",
    Approved => "approved",
    Declined => "declined",
    Packed => "packed",
    Delivered => "delivered",
    Received => "received",
    Cancelled => "cancelled",
    Settled => "settled",
});

/// One thing of an order: the four counts that must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLineStatus {
    pub sku: Text<32>,
    /// As it was called when it was ordered.
    pub name: Text<48>,
    pub unit: Text<24>,
    pub picture: Goods,
    pub price: Fen,
    pub ordered: u32,
    #[serde(default)]
    pub approved: Option<u32>,
    #[serde(default)]
    pub delivered: Option<u32>,
    /// What the person signed for as good.
    #[serde(default)]
    pub received: Option<u32>,
    /// What is paid for now.
    pub charged: u32,
}

impl OrderLineStatus {
    /// Whether ordered, approved, delivered, received and charged are not all the same, as far as they are known.
    pub fn differs(&self) -> bool {
        [self.approved, self.delivered, self.received]
            .into_iter()
            .flatten()
            .chain([self.charged])
            .any(|count| count != self.ordered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soap() -> CatalogueItem {
        CatalogueItem {
            sku: "S1".into(),
            name: "肥皂".into(),
            unit: "一块".into(),
            shelf: Shelf::Washing,
            picture: Goods::Soap,
            price: Fen(350),
            price_rev: 1,
            price_before: None,
            price_since_ms: 0,
            stock: None,
            order_max: 5,
            period: None,
            level_min: 0,
            suits: Vec::new(),
            from_ms: None,
            until_ms: None,
            in_kit: 0,
        }
    }

    #[test]
    fn names_are_those_on_the_wire() {
        for goods in Goods::ALL {
            assert_eq!(serde_json::to_value(goods).unwrap(), goods.name());
        }
        for shelf in Shelf::ALL {
            assert_eq!(serde_json::to_value(shelf).unwrap(), shelf.name());
        }
        for state in OrderState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
        for code in OrderRefused::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
            assert_eq!(OrderRefused::of(code.name()), Some(code));
        }
    }

    #[test]
    fn a_diet_matters_for_what_is_eaten() {
        assert!(soap().suits_all(&[Diet::Halal]));
        let bread = CatalogueItem { shelf: Shelf::Food, suits: vec![Diet::Halal], ..soap() };
        assert!(bread.suits_all(&[]) && bread.suits_all(&[Diet::Halal]));
        assert!(!bread.suits_all(&[Diet::Halal, Diet::LowSalt]));
    }

    #[test]
    fn a_thing_of_a_festival_has_its_time() {
        let item = CatalogueItem { from_ms: Some(10), until_ms: Some(20), ..soap() };
        assert_eq!([9, 10, 19, 20].map(|now| item.is_offered(now)), [false, true, true, false]);
    }

    #[test]
    fn numbers_without_sense_are_seen() {
        assert!(soap().is_sound());
        for unsound in [
            CatalogueItem { sku: Text::default(), ..soap() },
            CatalogueItem { price: Fen(-1), ..soap() },
            CatalogueItem { price: Fen(PRICE_MAX.0 + 1), ..soap() },
            CatalogueItem { order_max: 0, ..soap() },
            CatalogueItem { period: Some(PeriodMax { days: 0, count: 1 }), ..soap() },
        ] {
            assert!(!unsound.is_sound());
        }
    }

    #[test]
    fn a_difference_is_seen_as_soon_as_one_count_is_another() {
        let line = OrderLineStatus {
            sku: "S1".into(),
            name: "肥皂".into(),
            unit: "一块".into(),
            picture: Goods::Soap,
            price: Fen(350),
            ordered: 2,
            approved: None,
            delivered: None,
            received: None,
            charged: 2,
        };
        assert!(!line.differs());
        assert!(OrderLineStatus { charged: 1, ..line.clone() }.differs());
        assert!(OrderLineStatus { approved: Some(1), ..line.clone() }.differs());
        assert!(!OrderLineStatus { delivered: Some(2), received: Some(2), ..line.clone() }.differs());
        assert!(OrderLineStatus { received: Some(1), ..line }.differs());
    }
}
