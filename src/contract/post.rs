// SPDX-License-Identifier: GPL-3.0-only
//! The posts of a facility. What each may do at the desk is the platform's matrix; what each may set is
//! [`crate::SETTINGS`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A post somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// 值班民警.
    DutyOfficer,
    /// 管教民警: answers for the people of some cells.
    SupervisingOfficer,
    /// 巡控室.
    ControlRoom,
    /// 所领导.
    Director,
    /// 驻所医生.
    Doctor,
    /// 购物: stock, picking, delivery.
    Shop,
    /// 财务: ledger and statements.
    Finance,
    /// 驻所检察.
    Procurator,
    /// 信息员: terminals, no personal data.
    It,
    /// 审计: reads what officers did.
    Auditor,
    /// 上级机关: above the facility; its own complaints, in its window.
    Superior,
}

impl Post {
    pub const ALL: [Self; 11] = [
        Self::DutyOfficer,
        Self::SupervisingOfficer,
        Self::ControlRoom,
        Self::Director,
        Self::Doctor,
        Self::Shop,
        Self::Finance,
        Self::Procurator,
        Self::It,
        Self::Auditor,
        Self::Superior,
    ];

    /// The name on the wire, in tables and in text ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::DutyOfficer => "duty_officer",
            Self::SupervisingOfficer => "supervising_officer",
            Self::ControlRoom => "control_room",
            Self::Director => "director",
            Self::Doctor => "doctor",
            Self::Shop => "shop",
            Self::Finance => "finance",
            Self::Procurator => "procurator",
            Self::It => "it",
            Self::Auditor => "auditor",
            Self::Superior => "superior",
        }
    }

    /// The post of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_one_on_the_wire() {
        for post in Post::ALL {
            assert_eq!(serde_json::to_value(post).unwrap(), post.name());
            assert_eq!(Post::of(post.name()), Some(post));
        }
    }
}
