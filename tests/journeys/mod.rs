// SPDX-License-Identifier: GPL-3.0-only
//! What happens to people, from the first touch to what the desk receives.

mod alarm;
mod by_face;
mod care;
mod complaint;
mod devices;
mod document;
mod duty;
mod duty_desk;
mod memory;
mod office_window;
mod officer;
mod pages;
mod public_notice;
mod requests;
mod roll_call;
mod shop;
