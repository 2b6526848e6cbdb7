// SPDX-License-Identifier: GPL-3.0-only
//! 报告 and 申领报修: the calm call of the control room, and what the cell needs.
//!
//! Both are the cell's, not a person's: they name nobody. Their status comes down the feed, keyed by the event.

use crate::{EventId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 报告: the cell asks the control room to come to speak, without an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallMade {
    pub at: Stamp,
}

/// 申领报修: something is needed, or broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemRequested {
    pub at: Stamp,
    pub item: ItemKind,
}

/// What is asked for, each by its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 笔.
    Pen,
    /// 纸.
    Paper,
    /// 饮水.
    Water,
    /// 卫生纸.
    ToiletPaper,
    /// 被褥.
    Bedding,
    /// 灯 broken.
    Light,
    /// 厕所、水管 broken.
    Plumbing,
    /// Something else broken.
    Repair,
}

/// Every kind, in the order they are offered.
pub const ITEM_KINDS: [ItemKind; 8] = [
    ItemKind::Water,
    ItemKind::ToiletPaper,
    ItemKind::Bedding,
    ItemKind::Pen,
    ItemKind::Paper,
    ItemKind::Light,
    ItemKind::Plumbing,
    ItemKind::Repair,
];

impl ItemKind {
    /// The name on the wire, in tables and in text ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pen => "pen",
            Self::Paper => "paper",
            Self::Water => "water",
            Self::ToiletPaper => "toilet_paper",
            Self::Bedding => "bedding",
            Self::Light => "light",
            Self::Plumbing => "plumbing",
            Self::Repair => "repair",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        ITEM_KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// 已受理.
    Accepted,
    /// 已办结.
    Done,
    /// 不能办理, with words.
    Declined,
}

/// The platform's word on a request, keyed by its event. The terminal forgets it when it is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestStatus {
    pub request: EventId,
    pub state: RequestState,
    pub at_ms: i64,
    #[serde(default)]
    pub words: Text<200>,
}
