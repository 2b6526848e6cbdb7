// SPDX-License-Identifier: GPL-3.0-only
//! Money (账户): amounts in fen, a person's account as the platform states it, and the lines of its statement.
//!
//! The platform keeps the books; a terminal shows what they said and when. Each line carries a hash over itself and the
//! line before, so that the statement a person sees and the one their family holds can be compared by one short code.

use crate::digest::Hasher;
use crate::named::named;
use crate::{DetaineeId, Digest, EventId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// Lines in one item of the feed.
pub const STATEMENT_PAGE_LINES: usize = 100;
/// Most things bought in a period, debts and diets an account names, each.
pub const ACCOUNT_LIST_MAX: usize = 100;

/// An amount in fen (分): 100 are ¥1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub const ZERO: Self = Self(0);

    /// None where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// None where it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many of it; none where it does not fit.
    pub fn times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// All of them together; none where it does not fit.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

/// A person's account, as the platform's books had it at [`Account::as_of_ms`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    pub detainee: DetaineeId,
    /// Wall time of the platform, milliseconds since 1970 UTC.
    pub as_of_ms: i64,
    pub balance: Fen,
    /// How many lines the statement has, and the hash of the last; zero where it has none.
    pub lines: u64,
    pub head: Digest,
    /// What may be spent in a period.
    pub limit: SpendingLimit,
    #[serde(default)]
    pub frozen: Option<Frozen>,
    /// 处遇级别: what of the catalogue is open to this person.
    #[serde(default)]
    pub level: u8,
    /// What this person may eat, by the clinic's or their own word.
    #[serde(default)]
    pub diets: Vec<Diet>,
    /// What was ordered in the period of each thing's own limit.
    #[serde(default)]
    pub bought: Vec<Bought>,
    /// 应扣款项: what is still to be paid off.
    #[serde(default)]
    pub owed: Vec<Owed>,
    /// 入所生活用品: the free things of a new arrival may still be taken.
    #[serde(default)]
    pub kit: bool,
}

/// 消费限额 of a period; what was not delivered counts no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpendingLimit {
    pub from_ms: i64,
    pub until_ms: i64,
    pub most: Fen,
    pub spent: Fen,
    /// The festival that raised it, if one did.
    #[serde(default)]
    pub festival: Text<32>,
}

impl SpendingLimit {
    /// What may still be spent.
    pub fn left(&self) -> Fen {
        self.most.minus(self.spent).unwrap_or_default().max(Fen::ZERO)
    }
}

/// 账户冻结: nothing can be bought; the free kit can be taken, and every line disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Frozen {
    pub since_ms: i64,
    pub why: Text<200>,
    /// The decision's reference, and who to ask.
    pub reference: Text<64>,
    /// Where the person's objection stands; none before there is one.
    #[serde(default)]
    pub objection: Option<Objection>,
}

/// What was said against a line or a freeze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Objection {
    /// The event that said it.
    pub event: EventId,
    pub at_ms: i64,
    /// None while nobody answered.
    #[serde(default)]
    pub answer: Option<ObjectionAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectionAnswer {
    pub at_ms: i64,
    /// The books were put right by a new line, or the freeze was lifted.
    pub upheld: bool,
    pub words: Text<200>,
}

/// 饮食: what somebody keeps to. A food that does not name it among what it suits is not for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Diet {
    /// 清真.
    Halal,
    /// 素食.
    Vegetarian,
    /// 低糖.
    LowSugar,
    /// 低盐.
    LowSalt,
}

named!(Diet {
    Halal => "halal",
    Vegetarian => "vegetarian",
    LowSugar => "low_sugar",
    LowSalt => "low_salt",
});

/// How many of a thing were ordered within its own period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bought {
    pub sku: Text<32>,
    pub count: u32,
}

/// A sum that is paid off in parts: a damage, an advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Owed {
    pub why: Text<100>,
    pub reference: Text<64>,
    pub total: Fen,
    pub paid: Fen,
}

/// A part of a statement: lines one after another. Its key in the feed is [`StatementPage::key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StatementPage {
    /// At most [`STATEMENT_PAGE_LINES`], the numbers without a gap.
    pub lines: Vec<StatementLine>,
}

impl StatementPage {
    /// The key of the page that holds the line of this number.
    pub fn key(detainee: DetaineeId, line: u64) -> String {
        let lines = STATEMENT_PAGE_LINES as u64;
        format!("{detainee}/{}", line.saturating_sub(1) / lines * lines + 1)
    }

    /// Whose page this is, and the number of its first line.
    pub fn read_key(key: &str) -> Option<(DetaineeId, u64)> {
        let (detainee, first) = key.split_once('/')?;
        let (detainee, first) = (DetaineeId::from_str(detainee).ok()?, first.parse().ok()?);
        (Self::key(detainee, first) == key).then_some((detainee, first))
    }
}

/// One line of a statement. It is never changed: what was wrong is put right by a further line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StatementLine {
    /// From 1, without a gap.
    pub number: u64,
    pub at_ms: i64,
    pub kind: LineKind,
    /// What came (positive) or went.
    pub amount: Fen,
    /// What the account held after it.
    pub balance: Fen,
    pub words: Text<100>,
    /// What paper or decision stands behind it.
    pub reference: Text<64>,
    #[serde(default)]
    pub order: Option<EventId>,
    /// See [`StatementLine::hashed`].
    pub hash: Digest,
    /// What the person said against it. It is no part of the hash.
    #[serde(default)]
    pub objection: Option<Objection>,
}

/// Why money came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// 存入.
    Deposit,
    /// 购物: an order was taken, and its price with it.
    Order,
    /// 退回: what was not approved, cancelled or not delivered.
    Returned,
    /// 退款: what was paid for and put right later.
    Refund,
    /// 扣款: an instalment of what is owed.
    Deduction,
    /// 更正.
    Adjustment,
    /// 出所结清.
    Payout,
}

named!(LineKind {
    Deposit => "deposit",
    Order => "order",
    Returned => "returned",
    Refund => "refund",
    Deduction => "deduction",
    Adjustment => "adjustment",
    Payout => "payout",
});

impl StatementLine {
    /// The line with its hash: SHA-256 over "kiosk-statement1", the person, the hash of the line before (zero for the
    /// first), number, time, kind, amount, balance, words, reference and order, each with its length before it. An order
    /// that is none is empty.
    #[must_use]
    pub fn hashed(mut self, detainee: DetaineeId, before: Digest) -> Self {
        let mut h = Hasher::new();
        h.field(b"kiosk-statement1");
        h.field(detainee.0.as_bytes());
        h.field(&before.0);
        h.field(&self.number.to_be_bytes());
        h.field(&self.at_ms.to_be_bytes());
        h.field(self.kind.name().as_bytes());
        h.field(&self.amount.0.to_be_bytes());
        h.field(&self.balance.0.to_be_bytes());
        h.field(self.words.as_str().as_bytes());
        h.field(self.reference.as_str().as_bytes());
        h.field(self.order.as_ref().map_or(&[], |order| order.0.as_bytes().as_slice()));
        self.hash = h.finish();
        self
    }
}

/// The short code by which two copies of a statement are compared: eight digits of the last line's hash, in two groups.
pub fn statement_code(head: Digest) -> String {
    let number = u64::from_be_bytes(head.0[..8].try_into().unwrap_or_default()) % 100_000_000;
    format!("{:04} {:04}", number / 10_000, number % 10_000)
}

/// A person says that a line is not right. It is marked from then on, until it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineDisputed {
    pub at: Stamp,
    pub detainee: DetaineeId,
    /// The line's number and hash: what was on the screen.
    pub line: u64,
    pub hash: Digest,
    /// Said at the same touch or later; the later word counts.
    #[serde(default)]
    pub why: Option<DisputeReason>,
}

/// What is wrong with a line, each by its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeReason {
    /// 不是我买的.
    NotMine,
    /// 金额不对.
    Amount,
    /// 没收到东西.
    NotReceived,
    /// 扣了两次.
    Twice,
    /// 别的.
    Other,
}

named!(DisputeReason {
    NotMine => "not_mine",
    Amount => "amount",
    NotReceived => "not_received",
    Twice => "twice",
    Other => "other",
});

/// A person objects to their account being frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreezeObjected {
    pub at: Stamp,
    pub detainee: DetaineeId,
    /// [`Frozen::since_ms`] of what was on the screen.
    pub since_ms: i64,
}

/// What the family gets, and who leaves: the whole statement, signed by the platform for the purpose `"statement"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FamilyStatement {
    pub statement: Uuid,
    pub facility: Text<64>,
    pub account: Account,
    pub lines: Vec<StatementLine>,
}

impl FamilyStatement {
    /// What it is signed for.
    pub const PURPOSE: &str = "statement";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64) -> StatementLine {
        StatementLine {
            number,
            at_ms: 5,
            kind: LineKind::Deposit,
            amount: Fen(100),
            balance: Fen(100),
            words: "存入".into(),
            reference: Text::default(),
            order: None,
            hash: Digest::ZERO,
            objection: None,
        }
    }

    #[test]
    fn money_that_does_not_fit_is_none() {
        assert_eq!(Fen(3).times(4), Some(Fen(12)));
        assert_eq!(Fen(i64::MAX).plus(Fen(1)), None);
        assert_eq!(Fen(i64::MIN).minus(Fen(1)), None);
        assert_eq!(Fen(i64::MAX).times(2), None);
        assert_eq!(Fen::sum([Fen(1), Fen(2)]), Some(Fen(3)));
        assert_eq!(Fen::sum([Fen(i64::MAX), Fen(1)]), None);
    }

    #[test]
    fn a_page_is_named_by_its_person_and_first_line() {
        let who = DetaineeId::fresh();
        assert_eq!(StatementPage::key(who, 1), format!("{who}/1"));
        assert_eq!(StatementPage::key(who, 100), format!("{who}/1"));
        assert_eq!(StatementPage::key(who, 101), format!("{who}/101"));
        assert_eq!(StatementPage::read_key(&StatementPage::key(who, 250)), Some((who, 201)));
        assert_eq!(StatementPage::read_key(&format!("{who}/2")), None);
        assert!(StatementPage::key(who, u64::MAX).len() <= 64);
    }

    #[test]
    fn whatever_a_line_says_is_in_its_hash_and_an_objection_is_not() {
        let who = DetaineeId::fresh();
        let hash = |line: StatementLine| line.hashed(who, Digest::ZERO).hash;
        let before = hash(line(1));
        let said = Objection { event: EventId::fresh(), at_ms: 1, answer: None };
        assert_eq!(hash(StatementLine { objection: Some(said), ..line(1) }), before);
        let others = [
            hash(line(2)),
            hash(StatementLine { at_ms: 6, ..line(1) }),
            hash(StatementLine { kind: LineKind::Refund, ..line(1) }),
            hash(StatementLine { amount: Fen(-100), ..line(1) }),
            hash(StatementLine { balance: Fen(0), ..line(1) }),
            hash(StatementLine { words: "".into(), reference: "存入".into(), ..line(1) }),
            hash(StatementLine { order: Some(EventId::fresh()), ..line(1) }),
            line(1).hashed(who, before).hash,
            line(1).hashed(DetaineeId::fresh(), Digest::ZERO).hash,
        ];
        assert!(others.iter().all(|other| *other != before));
    }

    #[test]
    fn the_code_has_eight_digits() {
        assert_eq!(statement_code(Digest::ZERO), "0000 0000");
        assert_eq!(statement_code(Digest::of(b"1")).len(), 9);
    }
}
