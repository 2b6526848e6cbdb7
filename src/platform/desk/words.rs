// SPDX-License-Identifier: GPL-3.0-only
//! Texts, times and states in the reader's language.

use super::Wrong;
use super::login::Posted;
use contract::{Lane, Stamp, Trust};
use i18n::{Arg, Catalogue, Lang};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// China has one time zone; a page that is about no single cell uses it.
pub(super) const OFFSET_MIN: i16 = 480;

/// A language with its texts.
#[derive(Clone, Copy)]
pub(super) struct Words(&'static Catalogue);

impl Words {
    pub(super) fn of(lang: Lang) -> Self {
        Self(Catalogue::of(lang))
    }

    pub(super) fn lang(self) -> Lang {
        self.0.lang()
    }

    /// A text.
    pub(super) fn t(self, id: &str) -> String {
        self.0.text(id).into_owned()
    }

    /// A text with its arguments.
    pub(super) fn f(self, id: &str, args: &[(&str, Arg)]) -> String {
        self.0.format(id, args)
    }

    /// `11月22日 10:47:52` on a clock `offset_min` ahead of UTC; a dash for a time no calendar has.
    pub(super) fn at(self, ms: i64, offset_min: i16) -> String {
        civil(ms, offset_min).map_or_else(
            || self.t("desk-none"),
            |at| {
                let day = self.0.date(at.date());
                format!("{day} {}", self.0.time_s(at.time()))
            },
        )
    }

    /// `2027-05-21`, for what lies in another year; the same in every language.
    pub(super) fn day(self, ms: i64, offset_min: i16) -> String {
        civil(ms, offset_min).map_or_else(|| self.t("desk-none"), |at| at.date().to_string())
    }

    /// `10:47:52`.
    pub(super) fn clock(self, ms: i64, offset_min: i16) -> String {
        civil(ms, offset_min).map_or_else(|| self.t("desk-none"), |at| self.0.time_s(at.time()))
    }

    /// A length of time in the largest unit that says it in whole numbers: `3 分钟`.
    pub(super) fn span(self, ms: i64) -> String {
        let (id, count) = match ms / 1000 {
            s if s < 120 => ("desk-span-seconds", s),
            s if s < 120 * 60 => ("desk-span-minutes", s / 60),
            s if s < 48 * 3600 => ("desk-span-hours", s / 3600),
            s => ("desk-span-days", s / 86_400),
        };
        self.f(id, &[("count", count.into())])
    }

    /// A lane's name.
    pub(super) fn lane(self, lane: Lane) -> String {
        self.f("desk-lane-name", &[("lane", lane.name().into())])
    }

    /// A post by its name in tables.
    pub(super) fn post(self, name: &str) -> String {
        self.chosen("desk-post", "post", name)
    }

    /// A business by its name in tables.
    pub(super) fn business(self, name: &str) -> String {
        self.chosen("desk-business", "business", name)
    }

    /// How something ended, by its name in tables.
    pub(super) fn result(self, name: &str) -> String {
        self.chosen("desk-result", "result", name)
    }

    /// A dash where a line says nothing.
    fn chosen(self, id: &str, what: &str, name: &str) -> String {
        if name.is_empty() { self.t("desk-none") } else { self.f(id, &[(what, name.into())]) }
    }

    /// A terminal's time, marked where the platform's clock had not confirmed it.
    pub(super) fn stamp(self, at: &Stamp, offset_min: i16) -> String {
        let time = self.clock(at.wall_ms, offset_min);
        match at.trust {
            Trust::Synced => time,
            Trust::Estimated | Trust::Unsynced => self.f("desk-time-unverified", &[("time", time.into())]),
        }
    }
}

/// A time for machines, as `datetime` of a `time` element; empty where no calendar has it.
pub(super) fn machine(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default()
}

fn civil(ms: i64, offset_min: i16) -> Option<DateTime> {
    let offset = Offset::from_seconds(i32::from(offset_min) * 60).ok()?;
    Some(offset.to_datetime(Timestamp::from_millisecond(ms).ok()?))
}

/// The beginning of a day that may be typed into a form, wall time in milliseconds.
pub(super) fn day_ms(posted: &Posted, name: &str) -> Result<Option<i64>, Wrong> {
    match posted.text(name).map_or("", str::trim) {
        "" => Ok(None),
        text => {
            let date: Date = text.parse().map_err(|_| Wrong::Form)?;
            let offset = Offset::from_seconds(i32::from(OFFSET_MIN) * 60).map_err(|_| Wrong::Form)?;
            let at = offset.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| Wrong::Form)?;
            Ok(Some(at.as_millisecond()))
        }
    }
}
