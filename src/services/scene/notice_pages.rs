// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen may be in 公示, and what a finger does there.

use uuid::Uuid;

/// 公示: open to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticePage {
    List,
    /// A part of one, from 0.
    Read {
        notice: Uuid,
        part: usize,
    },
    /// How long answers take here.
    Figures,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeTouch {
    Open,
    One(Uuid),
    Next,
    Previous,
    Figures,
}
