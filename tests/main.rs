// SPDX-License-Identifier: GPL-3.0-only
//! Stories through the whole terminal, by touch, with simulated devices and the real platform over mutual TLS; and the
//! rules of this codebase as tests. One binary; each test is its own process.

mod desk;
mod journeys;
mod outage;
mod screens;
mod tidy;
mod walks;
mod world;
