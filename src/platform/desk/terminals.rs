// SPDX-License-Identifier: GPL-3.0-only
//! The terminals: each with its devices, how far each lane is heard, how clock and certificate stand.
//!
//! What a clock is off is judged by the newest events alone, and only by one whose time the platform had confirmed; the
//! time an event waited is in it. Version and what still waits in the cell are as the terminal last told.

use super::layout::{self, Tab};
use super::lists::heads;
use super::live::camera_text;
use super::login::Officer;
use super::rights::Right;
use super::words::Words;
use super::{Shared, Wrong};
use crate::Fault;
use crate::tables::Conn;
use crate::tables::devices::{self, DeviceRow, TerminalRow};
use crate::tables::events::{self, Standing};
use axum::extract::State;
use contract::{DeviceHealth, Lane, PROTOCOL_VERSION, Trust};
use maud::{Markup, html};

/// A certificate with less than this left is told of. A terminal renews from half-life on: one that comes this near
/// has failed to for months.
const CERTIFICATE_NEAR_MS: i64 = 30 * 86_400_000;

/// A terminal with what belongs to it.
struct Place {
    terminal: TerminalRow,
    two_officers: bool,
    devices: Vec<Device>,
}

/// A device with how far it is heard.
struct Device {
    row: DeviceRow,
    lanes: Vec<Standing>,
    /// As it last told, and when that came.
    health: Option<(DeviceHealth, i64)>,
    events: u64,
    forks: u64,
}

/// How a device's clock stands to the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offset {
    /// Nothing was heard.
    None,
    /// The newest event's time was not confirmed; of an earlier one that was, if any, the difference.
    Unsynced(Option<i64>),
    /// The newest event's time less that of its receipt, in milliseconds.
    Synced(i64),
}

/// How long a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certificate {
    Good,
    /// It ends in so many days.
    Near(i64),
    Ended,
}

fn certificate(not_after_ms: i64, now_ms: i64) -> Certificate {
    match not_after_ms.saturating_sub(now_ms) {
        left if left < 0 => Certificate::Ended,
        left if left < CERTIFICATE_NEAR_MS => Certificate::Near(left / 86_400_000),
        _ => Certificate::Good,
    }
}

fn offset(lanes: &[Standing]) -> Offset {
    let newest = |synced: bool| {
        // A complaint tells its hour alone.
        let heads = lanes.iter().filter(|lane| lane.lane != Lane::Complaint).filter_map(|lane| lane.newest);
        heads
            .filter(|(_, trust, _)| !synced || *trust == Trust::Synced)
            .max_by_key(|(_, _, received)| *received)
    };
    let off = |(wall_ms, _, received_ms): (i64, Trust, i64)| wall_ms.saturating_sub(received_ms);
    match newest(false) {
        None => Offset::None,
        Some(head @ (_, Trust::Synced, _)) => Offset::Synced(off(head)),
        Some((_, Trust::Estimated | Trust::Unsynced, _)) => Offset::Unsynced(newest(true).map(off)),
    }
}

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let places = places(&mut read).await?;
    drop(read);
    let title = words.t("desk-nav-terminals");
    let body = html! {
        h1 { (title) }
        @if places.is_empty() { p id="terminals-empty" { (words.t("desk-live-empty")) } }
        @for place in &places { (place_card(words, &officer, place, now_ms)) }
    };
    Ok(layout::page(words, Some(&officer), Tab::Terminals, &title, &body))
}

async fn places(conn: &mut Conn) -> Result<Vec<Place>, Fault> {
    let held = devices::devices(conn).await?;
    let mut places = Vec::new();
    for terminal in devices::terminals(conn).await? {
        let two_officers = crate::roll_calls::policy(conn, terminal.id).await?.roll_call.two_officers;
        let mut of_place = Vec::new();
        for device in held.iter().filter(|device| device.terminal == terminal.id) {
            let lanes = events::standing(conn, device.id).await?;
            let (events, forks) = events::counts(conn, device.id).await?;
            let health = devices::health(conn, device.id).await?;
            of_place.push(Device { row: device.clone(), lanes, health, events, forks });
        }
        places.push(Place { terminal, two_officers, devices: of_place });
    }
    Ok(places)
}

fn place_card(words: Words, officer: &Officer, place: &Place, now_ms: i64) -> Markup {
    let terminal = &place.terminal;
    let heading = format!("heading-{}", terminal.id);
    html! {
        section.card id={ "terminal-" (terminal.id) } aria-labelledby=(heading) {
            h2 id=(heading) { (terminal.block) " " (terminal.cell) }
            dl.facts {
                dt { (words.t("desk-terminal")) } dd { code { (terminal.id) } }
                dt { (words.t("desk-camera")) }
                dd {
                    @match terminal.camera {
                        Some(state) => (words.t(camera_text(state))),
                        None => (words.t("desk-none")),
                    }
                    @if let Some(ms) = terminal.camera_ms { " · " (words.at(ms, terminal.utc_offset_min)) }
                }
                dt { (words.t("desk-two-officers")) }
                dd id={ "two-officers-" (terminal.id) } {
                    (words.t(if place.two_officers { "desk-yes" } else { "desk-no" }))
                }
            }
            p { a id={ "policy-" (terminal.id) } href={ "/policy/" (terminal.id) } { (words.t("desk-policy")) } }
            @if place.devices.is_empty() { p { (words.t("desk-no-device")) } }
            @for device in &place.devices { (device_part(words, officer, terminal, device, now_ms)) }
            (manage(words, officer, place))
        }
    }
}

fn device_part(
    words: Words,
    officer: &Officer,
    terminal: &TerminalRow,
    held: &Device,
    now_ms: i64,
) -> Markup {
    let Device { row: device, lanes, health, events, forks } = held;
    let at = |ms: i64| words.at(ms, terminal.utc_offset_min);
    html! {
        h3 { (words.t("desk-device")) }
        dl.facts id={ "device-" (device.id) } {
            dt { (words.t("desk-device-id")) } dd { code { (device.id) } }
            dt { (words.t("desk-device-state")) }
            dd {
                @match device.revoked_ms {
                    Some(ms) => (words.f("desk-device-revoked", &[("time", at(ms).into())])),
                    None => (words.t("desk-device-in-service")),
                }
            }
            dt { (words.t("desk-device-seen")) }
            dd id={ "seen-" (device.id) } {
                @match device.seen_ms {
                    Some(ms) => { (at(ms)) " · " (ago(words, ms, now_ms)) },
                    None => (words.t("desk-none")),
                }
            }
            // Another version is turned away before anything is read.
            @if device.seen_ms.is_some() {
                dt { (words.t("desk-device-protocol")) } dd { (PROTOCOL_VERSION) }
            }
            @if let Some((health, received_ms)) = health { (health_facts(words, health, ago(words, *received_ms, now_ms))) }
            dt { (words.t("desk-device-clock")) }
            dd id={ "clock-" (device.id) } { (offset_text(words, offset(lanes))) }
            dt { (words.t("desk-device-enrolled")) } dd { (at(device.enrolled_ms)) }
            dt { (words.t("desk-device-certificate")) }
            dd id={ "certificate-" (device.id) } {
                (words.day(device.not_after_ms, terminal.utc_offset_min))
                @if device.revoked_ms.is_none() { (certificate_warning(words, device, now_ms)) }
            }
            dt { (words.t("desk-device-events")) } dd { (events) }
            dt { (words.t("desk-device-forks")) } dd { (forks) }
        }
        @if !lanes.is_empty() { (lane_table(words, lanes, now_ms)) }
        @if device.revoked_ms.is_none() && officer.may(Right::ManageTerminals) {
            form method="post" action="/terminals/revoke" {
                (layout::token(officer))
                input type="hidden" name="device" value=(device.id);
                button.danger id={ "revoke-" (device.id) } type="submit" { (words.t("desk-revoke")) }
            }
        }
    }
}

/// What the terminal told of itself `when`.
fn health_facts(words: Words, health: &DeviceHealth, when: String) -> Markup {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX).into();
    html! {
        dt { (words.t("desk-device-told")) } dd { (when) }
        dt { (words.t("desk-device-version")) } dd { (health.version.as_str()) }
        dt { (words.t("desk-device-models")) }
        dd { (words.t(if health.models { "desk-yes" } else { "desk-no" })) }
        @if let Some(behind_ms) = health.clock_behind_ms {
            dt { (words.t("desk-device-own-clock")) }
            dd { (words.f("desk-device-behind", &[("seconds", (behind_ms / 1000).into())])) }
        }
        @for lane in health.lanes.iter().filter(|lane| lane.waiting > 0 || lane.kept > 0) {
            dt { (words.f("desk-device-waits", &[("lane", lane.lane.name().into())])) }
            dd {
                (words.f("desk-device-waiting", &[("count", count(lane.waiting)), ("kept", count(lane.kept)),
                    ("span", words.span(i64::try_from(lane.oldest_s).unwrap_or(i64::MAX).saturating_mul(1000)).into())]))
            }
        }
    }
}

fn certificate_warning(words: Words, device: &DeviceRow, now_ms: i64) -> Markup {
    let text = match certificate(device.not_after_ms, now_ms) {
        Certificate::Good => return html! {},
        Certificate::Near(days) => words.f("desk-certificate-near", &[("days", days.into())]),
        Certificate::Ended => words.t("desk-certificate-ended"),
    };
    html! { " · " strong.wait id={ "certificate-warning-" (device.id) } { (text) } }
}

fn lane_table(words: Words, lanes: &[Standing], now_ms: i64) -> Markup {
    html! {
        div.wide {
            table {
                caption { (words.t("desk-lanes")) }
                (heads(words, &["desk-lane-epoch", "desk-lane", "desk-lane-acked", "desk-lane-parked",
                    "desk-lane-newest", "desk-lane-head"]))
                tbody {
                    @for lane in lanes {
                        tr {
                            td { (lane.epoch) }
                            th scope="row" {
                                (words.lane(lane.lane))
                                @if lane.row.frozen { " · " (words.t("desk-lane-frozen")) }
                            }
                            td { (lane.row.acked_seq) }
                            td {
                                @if lane.parked > 0 { a href="/parked" { (lane.parked) } }
                                @else { (lane.parked) }
                            }
                            td {
                                @match lane.newest {
                                    Some((_, _, received_ms)) => (ago(words, received_ms, now_ms)),
                                    None => (words.t("desk-none")),
                                }
                            }
                            td { code { (lane.row.head) } }
                        }
                    }
                }
            }
        }
    }
}

fn offset_text(words: Words, offset: Offset) -> String {
    let difference = |ms: i64| {
        let id = if ms > 0 { "desk-device-clock-after" } else { "desk-device-clock-before" };
        words.f(id, &[("span", words.span(ms.saturating_abs()).into())])
    };
    match offset {
        Offset::None => words.t("desk-none"),
        Offset::Synced(ms) => difference(ms),
        Offset::Unsynced(None) => words.t("desk-device-clock-unsynced"),
        Offset::Unsynced(Some(ms)) => {
            words.f("desk-device-clock-unsynced-before", &[("difference", difference(ms).into())])
        }
    }
}

fn ago(words: Words, ms: i64, now_ms: i64) -> String {
    words.f("desk-ago", &[("span", words.span(now_ms.saturating_sub(ms).max(0)).into())])
}

fn manage(words: Words, officer: &Officer, place: &Place) -> Markup {
    let terminal = place.terminal.id;
    html! {
        @if officer.may(Right::ManageTerminals) {
            form.row method="post" action="/terminals/code" {
                (layout::token(officer))
                input type="hidden" name="terminal" value=(terminal);
                button.plain id={ "make-code-" (terminal) } type="submit" { (words.t("desk-make-code")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::events::LaneRow;
    use contract::Digest;

    fn lane(newest: Option<(i64, Trust, i64)>) -> Standing {
        let row = LaneRow { acked_seq: 1, head: Digest::ZERO, frozen: false };
        Standing { epoch: 1, lane: Lane::Order, row, parked: 0, newest }
    }

    #[test]
    fn a_clock_is_judged_by_the_newest_event_and_only_if_the_platform_had_confirmed_it() {
        use Trust::{Estimated, Synced, Unsynced};
        assert_eq!(offset(&[]), Offset::None);
        assert_eq!(offset(&[lane(None)]), Offset::None);
        let older = lane(Some((900, Synced, 1000)));
        let ahead = lane(Some((2300, Synced, 2000)));
        assert_eq!(offset(&[older.clone(), ahead]), Offset::Synced(300));
        for trust in [Estimated, Unsynced] {
            let wild = lane(Some((0, trust, 2000)));
            assert_eq!(offset(&[wild.clone(), older.clone()]), Offset::Unsynced(Some(-100)));
            assert_eq!(offset(&[wild]), Offset::Unsynced(None));
        }
    }

    #[test]
    fn a_certificate_near_its_end_is_told_of_and_one_that_ended_too() {
        let day = 86_400_000;
        assert_eq!(certificate(180 * day, 0), Certificate::Good);
        assert_eq!(certificate(30 * day, 0), Certificate::Good);
        assert_eq!(certificate(30 * day - 1, 0), Certificate::Near(29));
        assert_eq!(certificate(0, 0), Certificate::Near(0));
        assert_eq!(certificate(0, 1), Certificate::Ended);
    }
}
