// SPDX-License-Identifier: GPL-3.0-only
//! What the view says, in the window's language; times by the clock of the terminal they are about.

use contract::{CareNeed, Danger, DayPart, Post, SlotKind, Symptom};
use i18n::{Arg, Catalogue, Lang};
use jiff::{Timestamp, civil, tz};

/// The texts of one language.
pub(crate) struct Words(&'static Catalogue);

impl Words {
    pub(crate) fn of(lang: Lang) -> Self {
        Self(Catalogue::of(lang))
    }

    pub(crate) fn say(&self, id: &str) -> String {
        self.0.text(id).into_owned()
    }

    pub(crate) fn put<const N: usize>(&self, id: &str, args: [(&str, &str); N]) -> String {
        self.0.format(id, &args.map(|(name, value)| (name, Arg::from(value))))
    }

    pub(crate) fn count(&self, id: &str, name: &str, number: i64) -> String {
        self.0.format(id, &[(name, Arg::from(number))])
    }

    pub(crate) fn span(&self, ms: i64) -> String {
        // By the minute: a list that changes every second cannot be read.
        self.0.span(ms.max(0) / 60_000 * 60)
    }

    /// `11月22日 10:32`.
    pub(crate) fn date_time(&self, ms: i64, offset_min: i16) -> String {
        self.0.date_time(at(ms, offset_min))
    }

    /// `10:32`.
    pub(crate) fn time(&self, ms: i64, offset_min: i16) -> String {
        self.0.time(at(ms, offset_min).time())
    }

    /// `11-22`, of a day since 1970.
    pub(crate) fn month_day(&self, day: i64) -> String {
        let date = at(day.saturating_mul(86_400_000), 0).date();
        format!("{:02}-{:02}", date.month(), date.day())
    }

    pub(crate) fn symptoms(&self, symptoms: &[Symptom]) -> String {
        self.list(symptoms.iter().map(|one| self.put("reader-symptom", [("symptom", one.name())])))
    }

    pub(crate) fn dangers(&self, dangers: &[Danger]) -> String {
        self.list(dangers.iter().map(|one| self.put("reader-danger", [("danger", one.name())])))
    }

    pub(crate) fn parts(&self, parts: &[DayPart]) -> String {
        if parts.is_empty() {
            return self.say("reader-any-time");
        }
        self.list(parts.iter().map(|one| self.put("reader-day-part", [("part", one.name())])))
    }

    pub(crate) fn needs(&self, needs: &[CareNeed]) -> String {
        self.list(needs.iter().map(|one| self.put("reader-need", [("need", one.name())])))
    }

    pub(crate) fn posts(&self, posts: &[Post]) -> String {
        self.list(posts.iter().map(|one| self.put("reader-post", [("post", one.name())])))
    }

    pub(crate) fn slot(&self, from_ms: i64, kind: SlotKind, offset_min: i16) -> String {
        let time = self.date_time(from_ms, offset_min);
        self.put("reader-slot", [("time", &time), ("kind", kind.name())])
    }

    pub(crate) fn list(&self, items: impl Iterator<Item = String>) -> String {
        let between = match self.0.lang() {
            Lang::ZhCn => "、",
            Lang::En => ", ",
        };
        items.collect::<Vec<_>>().join(between)
    }
}

fn at(ms: i64, offset_min: i16) -> civil::DateTime {
    let offset = tz::Offset::from_seconds(i32::from(offset_min) * 60).unwrap_or(tz::Offset::UTC);
    offset.to_datetime(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
}
