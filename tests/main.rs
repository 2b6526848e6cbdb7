// SPDX-License-Identifier: GPL-3.0-only
//! Stories through the whole terminal, by touch, with simulated devices and the real platform over mutual TLS; and the
//! rules of this codebase as tests. One binary; each test is its own process.

/// As in the program itself: what was said is overwritten when it is given back.
#[global_allocator]
static HEAP: kiosk::memory::Wiping = kiosk::memory::Wiping;

mod desk;
mod journeys;
mod outage;
mod screens;
mod tidy;
mod walks;
mod world;
