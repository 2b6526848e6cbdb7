// SPDX-License-Identifier: GPL-3.0-only
//! One file per phase: what may happen in it and what ends it.
//!
//! ```text
//! announced ──time or officer──▶ open ──all called──▶ second round ──all called──▶ review ──officer signs──▶ confirmed
//!                                  ▲────────────────────── count again ───────────────┘
//! ```
//! Delivered is not stored: it is confirmed with the platform's verdict.

pub(super) mod announced;
pub(super) mod calling;
pub(super) mod confirmed;
pub(super) mod review;
