// SPDX-License-Identifier: GPL-3.0-only
//! Dates, times of day and spans as people read them: `11月22日 星期日`, `10:32`, `1 分 20 秒`.
//!
//! Takes civil values; whoever knows the facility's clock makes them.

use crate::Catalogue;
use jiff::civil::{Date, DateTime, Time};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;

/// `¥12.50`, `−¥3.50`, of so many fen; the same in every language.
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", fen / 100, fen % 100)
}

impl Catalogue {
    /// `10:32`, the same in every language.
    pub fn time(&self, time: Time) -> String {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// `10:47:52`.
    pub fn time_s(&self, time: Time) -> String {
        format!("{}:{:02}", self.time(time), time.second())
    }

    /// `11月22日 星期日`.
    pub fn date(&self, date: Date) -> String {
        self.format(
            "date",
            &[
                ("month", i64::from(date.month()).into()),
                ("day", i64::from(date.day()).into()),
                ("weekday", i64::from(date.weekday().to_monday_one_offset()).into()),
            ],
        )
    }

    /// `11月22日 10:32`.
    pub fn date_time(&self, at: DateTime) -> String {
        self.format(
            "date-time",
            &[
                ("month", i64::from(at.month()).into()),
                ("day", i64::from(at.day()).into()),
                ("time", self.time(at.time()).into()),
            ],
        )
    }

    /// A span of seconds in its two largest units: `1 分 20 秒`, `23 小时 59 分`. Negative counts as none.
    pub fn span(&self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        if seconds < MINUTE_S {
            self.format("span-s", &[("seconds", seconds.into())])
        } else if seconds < HOUR_S {
            let (minutes, rest) = (seconds / MINUTE_S, seconds % MINUTE_S);
            self.format("span-min-s", &[("minutes", minutes.into()), ("seconds", rest.into())])
        } else {
            let (hours, rest) = (seconds / HOUR_S, seconds % HOUR_S / MINUTE_S);
            self.format("span-h-min", &[("hours", hours.into()), ("minutes", rest.into())])
        }
    }

    /// `0:45`, `1:20`: a countdown in figures, for the large display.
    pub fn countdown(&self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        format!("{}:{:02}", seconds / MINUTE_S, seconds % MINUTE_S)
    }
}
