// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen may be in the shop (购物), and what a finger does there.

use contract::{DetaineeId, DisputeReason, EventId, OrderLineStatus, ReceivedLine, Shelf};

/// 购物: what anybody may look at, and what belongs to whoever proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopPage {
    Front,
    /// The goods, for whoever looks.
    Browse(Shelf),
    Look {
        shelf: Shelf,
        sku: String,
    },
    /// Whose turn, whose account.
    Who {
        buys: bool,
    },
    /// Others are before this person.
    Turn(DetaineeId),
    /// Who wants to shop next; come from the goods, while somebody shops.
    Queue {
        from: Option<Shelf>,
    },
    Shelf(Shelf),
    Item {
        shelf: Shelf,
        sku: String,
    },
    /// The cart, and the shelf that was come from.
    Cart(Shelf),
    ReadBack(Shelf),
    /// 入所生活用品.
    Kit,
    /// The receipt of an order.
    Sent(EventId),
    Mine,
    Orders,
    One(EventId),
    /// What came is ticked, line by line.
    Receive {
        order: EventId,
        lines: Vec<ReceivedLine>,
    },
    /// What is wrong with the line at this place.
    Problem {
        order: EventId,
        lines: Vec<ReceivedLine>,
        line: usize,
    },
    /// From the newest on, after so many lines.
    Statement {
        skip: u64,
    },
    Line(u64),
    /// 应扣款项, and the freeze.
    Owed,
}

impl ShopPage {
    /// Whether it shows what belongs to the person who proved who they are.
    pub fn is_own(&self) -> bool {
        match self {
            Self::Front
            | Self::Browse(_)
            | Self::Look { .. }
            | Self::Who { .. }
            | Self::Turn(_)
            | Self::Queue { .. } => false,
            Self::Shelf(_)
            | Self::Item { .. }
            | Self::Cart(_)
            | Self::ReadBack(_)
            | Self::Kit
            | Self::Sent(_)
            | Self::Mine
            | Self::Orders
            | Self::One(_)
            | Self::Receive { .. }
            | Self::Problem { .. }
            | Self::Statement { .. }
            | Self::Line(_)
            | Self::Owed => true,
        }
    }

    /// Whether somebody shops there, while others may wait.
    pub fn is_shopping(&self) -> bool {
        matches!(self, Self::Shelf(_) | Self::Item { .. } | Self::Cart(_) | Self::ReadBack(_) | Self::Kit)
    }

    /// The page it was come from.
    pub fn back(&self) -> Option<Self> {
        Some(match self {
            Self::Front | Self::Shelf(_) | Self::Mine => return None,
            Self::Queue { from: Some(shelf) } => Self::Shelf(*shelf),
            Self::Browse(_) | Self::Who { .. } | Self::Turn(_) | Self::Queue { from: None } => Self::Front,
            Self::Look { shelf, .. } => Self::Browse(*shelf),
            Self::Item { shelf, .. } | Self::Cart(shelf) => Self::Shelf(*shelf),
            Self::ReadBack(shelf) => Self::Cart(*shelf),
            Self::Kit | Self::Sent(_) | Self::Orders | Self::Statement { .. } | Self::Owed => Self::Mine,
            Self::One(_) => Self::Orders,
            Self::Receive { order, .. } => Self::One(*order),
            Self::Problem { order, lines, .. } => Self::Receive { order: *order, lines: lines.clone() },
            Self::Line(_) => Self::Statement { skip: 0 },
        })
    }

    /// Everything of an order that came, as good until somebody says otherwise.
    pub fn receive(order: EventId, lines: &[OrderLineStatus]) -> Self {
        let line = |line: &OrderLineStatus| ReceivedLine {
            sku: line.sku.clone(),
            good: line.delivered.unwrap_or(line.ordered),
            missing: 0,
            wrong: 0,
            damaged: 0,
        };
        Self::Receive { order, lines: lines.iter().map(line).collect() }
    }
}

/// What is wrong with what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    Wrong,
    Damaged,
}

/// A finger on the pages of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopTouch {
    Open,
    Browse,
    Buy,
    Mine,
    Shelf(Shelf),
    Item(String),
    More,
    Less,
    Cart,
    Remove(String),
    /// On to the page that reads back.
    Checkout,
    Kit,
    Orders,
    One(EventId),
    Cancel,
    Again,
    Receive,
    /// A line is ticked, or something is wrong with it.
    Problem(usize),
    /// So many of the line are missing, wrong or damaged: one more with each touch.
    Is(Wrong),
    AllGood,
    Statement,
    Older,
    Newer,
    Dispute(u64),
    Line(u64),
    Why(DisputeReason),
    Owed,
    Object,
    /// 我要排队.
    Wait,
    /// Others get in line.
    Queue,
}
