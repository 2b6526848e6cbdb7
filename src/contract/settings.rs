// SPDX-License-Identifier: GPL-3.0-only
//! The policy as one table: key, range, unit, where the value comes from, who may change it.
//!
//! [`Policy`] is what services read; a row here is what a desk shows and what any platform may send. The start value of
//! a row is the one in `Policy::default()`. A test keeps rows and fields one to one, so a new field without its row does
//! not build green.

use crate::{Policy, Post};
use serde_json::Value;

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Minutes,
    Hours,
    /// Minutes after midnight, facility time.
    MinuteOfDay,
    Times,
    People,
    Frames,
    /// Likeness of two embeddings, 1 is the same.
    Cosine,
    /// Part of a whole, or a place between two landmarks.
    Share,
    Pixels,
    Degrees,
    Ratio,
    /// Brightness of a pixel, 0 to 255.
    Brightness,
    /// Variance of the Laplacian.
    Variance,
    Yuan,
    /// Yes or no.
    Switch,
    /// Words.
    Text,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// A whole number, both ends included.
    Whole(u32, u32),
    /// A number, both ends included.
    Number(f32, f32),
    Switch,
    /// At most so many characters.
    Text(usize),
}

/// Where a start value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A rule of law, named.
    Rule(&'static str),
    /// Measured by the makers on photos from the web; a site begins from here.
    Measured,
    /// The site's own choice.
    Site,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Path of the field in [`Policy`], dots between.
    pub key: &'static str,
    pub unit: Unit,
    pub range: Range,
    pub source: Source,
    /// The posts that may change it.
    pub by: &'static [Post],
}

/// Why a value is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("accept the policy: {key} is out of bounds")]
pub struct PolicyFault {
    pub key: &'static str,
}

/// What changes how people are counted or recognised is the director's.
const DIRECTOR: &[Post] = &[Post::Director];
/// What changes how long a screen waits may be set by whoever runs the terminals.
const RUNNING: &[Post] = &[Post::Director, Post::It];

/// How fast the clinic answers is for those who answer for it.
const CLINIC: &[Post] = &[Post::Director, Post::Doctor];

/// When the shop is open and how fast it is.
const SHOP: &[Post] = &[Post::Director, Post::Shop];
/// What may be spent, and how fast the books are answered for.
const FINANCE: &[Post] = &[Post::Director, Post::Finance];

/// Lowest cosine a site may accept as a match: at 0.33 one stranger in a thousand is taken for the person.
const MATCH_FLOOR: f32 = 0.33;
/// Last minute of a day.
const DAY_END_MIN: u32 = 24 * 60 - 1;
/// Most votes, tries or seconds a policy may ask of a person at the camera.
const PATIENCE_MAX: u32 = 60;
const PATIENCE: Range = Range::Whole(1, PATIENCE_MAX);
const SHARE: Range = Range::Number(0.0, 1.0);
const BRIGHTNESS: Range = Range::Number(0.0, 255.0);

const fn whole(key: &'static str, unit: Unit, min: u32, max: u32, by: &'static [Post]) -> Setting {
    Setting { key, unit, range: Range::Whole(min, max), source: Source::Site, by }
}

const fn switch(key: &'static str) -> Setting {
    Setting { key, unit: Unit::Switch, range: Range::Switch, source: Source::Site, by: DIRECTOR }
}

const fn measured(key: &'static str, unit: Unit, range: Range) -> Setting {
    Setting { key, unit, range, source: Source::Measured, by: DIRECTOR }
}

/// Every setting of a site, by page and importance.
pub const SETTINGS: &[Setting] = &[
    whole("roll_call.announce_s", Unit::Seconds, 0, 600, DIRECTOR),
    whole("roll_call.person_s", Unit::Seconds, 10, 900, DIRECTOR),
    whole("roll_call.tries_max", Unit::Times, 1, 5, DIRECTOR),
    whole("roll_call.rounds", Unit::Times, 1, 5, DIRECTOR),
    switch("roll_call.two_officers"),
    Setting { source: Source::Rule("个人信息保护法 §55"), ..switch("roll_call.any_order") },
    Setting {
        key: "roll_call.any_order_assessment",
        unit: Unit::Text,
        range: Range::Text(200),
        source: Source::Rule("个人信息保护法 §55–56"),
        by: DIRECTOR,
    },
    whole("roll_call.quiet_from_min", Unit::MinuteOfDay, 0, DAY_END_MIN, DIRECTOR),
    whole("roll_call.quiet_to_min", Unit::MinuteOfDay, 0, DAY_END_MIN, DIRECTOR),
    whole("session.officer_idle_s", Unit::Seconds, 30, 3_600, RUNNING),
    whole("session.blur_s", Unit::Seconds, 5, 300, RUNNING),
    whole("session.ask_s", Unit::Seconds, 10, 600, RUNNING),
    whole("session.clear_s", Unit::Seconds, 15, 900, RUNNING),
    whole("session.pin_tries_max", Unit::Times, 1, 10, DIRECTOR),
    whole("session.pin_wait_s", Unit::Seconds, 10, 3_600, DIRECTOR),
    whole("duty.people_min", Unit::People, 1, 8, DIRECTOR),
    whole("duty.sign_on_before_s", Unit::Seconds, 60, 1_800, DIRECTOR),
    whole("duty.sign_on_within_s", Unit::Seconds, 10, 900, DIRECTOR),
    whole("duty.confirm_every_s_min", Unit::Seconds, 300, 7_200, DIRECTOR),
    whole("duty.confirm_every_s_max", Unit::Seconds, 300, 7_200, DIRECTOR),
    whole("duty.confirm_window_s", Unit::Seconds, 30, 900, DIRECTOR),
    whole("duty.light_s", Unit::Seconds, 0, 14, DIRECTOR),
    whole("duty.voice_s", Unit::Seconds, 0, 14, DIRECTOR),
    whole("duty.night_from_min", Unit::MinuteOfDay, 0, DAY_END_MIN, DIRECTOR),
    whole("duty.night_to_min", Unit::MinuteOfDay, 0, DAY_END_MIN, DIRECTOR),
    switch("duty.night_voice"),
    measured("face.match_min", Unit::Cosine, Range::Number(MATCH_FLOOR, 1.0)),
    measured("face.margin_min", Unit::Cosine, SHARE),
    measured("face.doubt_min", Unit::Cosine, SHARE),
    measured("face.votes_min", Unit::Frames, PATIENCE),
    measured("face.votes_window", Unit::Frames, PATIENCE),
    measured("face.agreement_min", Unit::Cosine, SHARE),
    measured("face.live_min", Unit::Share, SHARE),
    Setting { source: Source::Site, ..switch("face.challenge_when_unknown") },
    measured("face.try_s_max", Unit::Seconds, PATIENCE),
    measured("face.tries_max", Unit::Times, PATIENCE),
    measured("face.challenge_s_max", Unit::Seconds, PATIENCE),
    measured("face.turned_agreement_min", Unit::Cosine, Range::Number(0.25, 1.0)),
    measured("face.gates.other_score_min", Unit::Share, Range::Number(0.1, 1.0)),
    measured("face.gates.score_min", Unit::Share, SHARE),
    measured("face.gates.alone_area_ratio", Unit::Ratio, Range::Number(1.0, 100.0)),
    measured("face.gates.eye_distance_px_min", Unit::Pixels, Range::Number(12.0, 400.0)),
    measured("face.gates.face_height_max", Unit::Share, SHARE),
    measured("face.gates.off_centre_max", Unit::Share, SHARE),
    measured("face.gates.luma_min", Unit::Brightness, BRIGHTNESS),
    measured("face.gates.luma_max", Unit::Brightness, BRIGHTNESS),
    measured("face.gates.contrast_min", Unit::Brightness, BRIGHTNESS),
    measured("face.gates.dark_share_max", Unit::Share, SHARE),
    measured("face.gates.bright_share_max", Unit::Share, SHARE),
    measured("face.gates.roll_deg_max", Unit::Degrees, Range::Number(0.0, 90.0)),
    measured("face.gates.yaw_max", Unit::Share, SHARE),
    measured("face.gates.pitch_min", Unit::Share, SHARE),
    measured("face.gates.pitch_max", Unit::Share, SHARE),
    measured("face.gates.sharpness_min", Unit::Variance, Range::Number(0.0, 10_000.0)),
    measured("face.gates.turned_yaw_min", Unit::Share, SHARE),
    measured("face.gates.turned_up_min", Unit::Share, Range::Number(0.04, 1.0)),
    measured("face.gates.turned_off_centre_max", Unit::Share, SHARE),
    measured("face.enrolment.frames_per_view", Unit::Frames, PATIENCE),
    measured("face.enrolment.eye_distance_px_min", Unit::Pixels, Range::Number(12.0, 400.0)),
    measured("face.enrolment.side_yaw_min", Unit::Share, SHARE),
    measured("face.enrolment.side_yaw_max", Unit::Share, SHARE),
    measured("face.enrolment.views_agreement_min", Unit::Cosine, Range::Number(MATCH_FLOOR, 1.0)),
    measured("face.enrolment.too_alike_min", Unit::Cosine, SHARE),
    whole("alarm.next_post_s", Unit::Seconds, 10, 600, DIRECTOR),
    whole("alarm.director_s", Unit::Seconds, 20, 1_800, DIRECTOR),
    whole("alarm.siren_s", Unit::Seconds, 0, 3_600, DIRECTOR),
    switch("alarm.silent"),
    whole("care.routine_h", Unit::Hours, 1, 168, CLINIC),
    whole("care.soon_h", Unit::Hours, 1, 48, CLINIC),
    whole("care.danger_min", Unit::Minutes, 5, 240, CLINIC),
    Setting { key: "shop.days", unit: Unit::Text, range: Range::Text(7), source: Source::Site, by: SHOP },
    whole("shop.open_from_min", Unit::MinuteOfDay, 0, DAY_END_MIN, SHOP),
    whole("shop.open_to_min", Unit::MinuteOfDay, 0, DAY_END_MIN, SHOP),
    whole("shop.turn_s", Unit::Seconds, 120, 1_800, SHOP),
    whole("shop.call_s", Unit::Seconds, 20, 300, SHOP),
    whole("shop.month_yuan", Unit::Yuan, 0, 100_000, FINANCE),
    whole("shop.festival_yuan", Unit::Yuan, 0, 100_000, FINANCE),
    Setting {
        key: "shop.festival_months",
        unit: Unit::Text,
        range: Range::Text(32),
        source: Source::Site,
        by: FINANCE,
    },
    whole("shop.approve_h", Unit::Hours, 1, 168, SHOP),
    whole("shop.sign_h", Unit::Hours, 1, 168, SHOP),
    whole("shop.dispute_h", Unit::Hours, 1, 720, FINANCE),
    Setting {
        source: Source::Rule("拘留所条例 §29"),
        ..whole("complaint.forward_lock_up_h", Unit::Hours, 1, 24, DIRECTOR)
    },
    whole("complaint.receive_h", Unit::Hours, 1, 168, DIRECTOR),
    whole("complaint.answer_h", Unit::Hours, 24, 720, DIRECTOR),
    whole("complaint.free_per_day", Unit::Times, 1, 100, DIRECTOR),
    whole("complaint.delay_min", Unit::Minutes, 0, 15, DIRECTOR),
    switch("complaint.marks_to_director"),
    Setting {
        source: Source::Rule("法律援助法 §39"),
        ..whole("appointment.legal_aid_h", Unit::Hours, 1, 24, DIRECTOR)
    },
    Setting {
        source: Source::Rule("公安机关办理刑事案件程序规定 §49"),
        ..whole("appointment.duty_lawyer_h", Unit::Hours, 1, 24, DIRECTOR)
    },
    Setting {
        source: Source::Rule("刑事诉讼法 §39"),
        ..whole("appointment.lawyer_meeting_h", Unit::Hours, 1, 48, DIRECTOR)
    },
    whole("appointment.defence_lawyer_h", Unit::Hours, 1, 72, DIRECTOR),
    whole("appointment.staff_h", Unit::Hours, 1, 168, DIRECTOR),
];

impl Setting {
    /// The row of this key.
    pub fn of(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Whether somebody of this post may change it.
    pub fn may_be_set_by(&self, post: Post) -> bool {
        self.by.contains(&post)
    }

    /// Its value in `policy`, as it is typed.
    pub fn read(&self, policy: &Policy) -> String {
        match (
            serde_json::to_value(policy).ok().as_ref().and_then(|all| all.pointer(&self.pointer())),
            self.range,
        ) {
            // Written from a number of half the width, whose shortest form is the one that was typed.
            (Some(Value::Number(number)), Range::Number(..)) => {
                number.as_f64().map_or_else(String::new, |number| (number as f32).to_string())
            }
            (Some(Value::String(text)), _) => text.clone(),
            (Some(value), _) => value.to_string(),
            (None, _) => String::new(),
        }
    }

    /// `policy` with this value as it was typed.
    ///
    /// # Errors
    /// The text is no value of this row, or the policy as a whole would make no sense.
    pub fn write(&self, policy: &Policy, typed: &str) -> Result<Policy, PolicyFault> {
        let fault = PolicyFault { key: self.key };
        let typed = typed.trim();
        let value = match self.range {
            Range::Whole(..) => typed.parse::<u32>().ok().map(Value::from),
            Range::Number(..) => {
                typed.parse::<f32>().ok().filter(|number| number.is_finite()).map(Value::from)
            }
            Range::Switch => typed.parse::<bool>().ok().map(Value::from),
            Range::Text(_) => Some(Value::from(typed)),
        };
        let (Some(value), Ok(mut all)) = (value, serde_json::to_value(policy)) else { return Err(fault) };
        let Some(place) = all.pointer_mut(&self.pointer()) else { return Err(fault) };
        *place = value;
        if !self.holds(&all) {
            return Err(fault);
        }
        serde_json::from_value::<Policy>(all).map_err(|_| fault)?.checked()
    }

    fn pointer(&self) -> String {
        format!("/{}", self.key.replace('.', "/"))
    }

    /// Whether the value in a policy as JSON is within the row's range.
    fn holds(&self, all: &Value) -> bool {
        match (self.range, all.pointer(&self.pointer())) {
            (Range::Whole(min, max), Some(value)) => {
                value.as_u64().is_some_and(|value| (u64::from(min)..=u64::from(max)).contains(&value))
            }
            // What is no number as JSON (NaN) is null here and refused.
            (Range::Number(min, max), Some(value)) => {
                value.as_f64().is_some_and(|value| (min..=max).contains(&(value as f32)))
            }
            (Range::Switch, Some(value)) => value.is_boolean(),
            (Range::Text(max), Some(value)) => value.as_str().is_some_and(|text| text.chars().count() <= max),
            (_, None) => false,
        }
    }
}

impl Policy {
    /// The policy, if every value is within its row and the values make sense together.
    ///
    /// # Errors
    /// [`PolicyFault`] names the first value out of bounds.
    pub fn checked(self) -> Result<Self, PolicyFault> {
        let all = serde_json::to_value(&self).map_err(|_| PolicyFault { key: SETTINGS[0].key })?;
        if let Some(setting) = SETTINGS.iter().find(|setting| !setting.holds(&all)) {
            return Err(PolicyFault { key: setting.key });
        }
        let (face, session, duty) = (&self.face, &self.session, &self.duty);
        let (gates, enrolment) = (&face.gates, &face.enrolment);
        let together = [
            ("duty.confirm_every_s_max", duty.confirm_every_s_min <= duty.confirm_every_s_max),
            ("duty.confirm_window_s", duty.confirm_window_s < duty.confirm_every_s_min),
            ("session.ask_s", session.blur_s <= session.ask_s),
            ("session.clear_s", session.ask_s <= session.clear_s),
            ("care.routine_h", self.care.soon_h <= self.care.routine_h),
            ("shop.open_to_min", self.shop.open_from_min <= self.shop.open_to_min),
            ("shop.days", self.shop.is_sound()),
            ("alarm.director_s", self.alarm.next_post_s <= self.alarm.director_s),
            ("face.doubt_min", face.doubt_min <= face.match_min),
            ("face.votes_min", face.votes_min <= face.votes_window),
            ("face.gates.other_score_min", gates.other_score_min <= gates.score_min),
            ("face.gates.luma_min", gates.luma_min <= gates.luma_max),
            ("face.gates.pitch_min", gates.pitch_min <= gates.pitch_max),
            ("face.gates.turned_yaw_min", gates.yaw_max <= gates.turned_yaw_min),
            ("face.enrolment.side_yaw_min", enrolment.side_yaw_min <= enrolment.side_yaw_max),
            ("face.enrolment.too_alike_min", enrolment.too_alike_min <= face.match_min),
        ];
        match together.into_iter().find(|(_, kept)| !kept) {
            Some((key, _)) => Err(PolicyFault { key }),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FacePolicy;
    use std::collections::BTreeSet;

    fn leaves(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        let Some(fields) = value.as_object() else {
            found.insert(path.to_owned());
            return;
        };
        for (name, value) in fields {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            leaves(value, &path, found);
        }
    }

    #[test]
    fn rows_and_fields_are_one_to_one() {
        let mut fields = BTreeSet::new();
        leaves(&serde_json::to_value(Policy::default()).unwrap(), "", &mut fields);
        let rows: BTreeSet<String> = SETTINGS.iter().map(|setting| setting.key.to_owned()).collect();
        assert_eq!(rows, fields);
        assert_eq!(rows.len(), SETTINGS.len(), "a key stands twice");
        assert!(SETTINGS.iter().all(|setting| !setting.by.is_empty()));
    }

    #[test]
    fn the_start_values_are_within_bounds_and_survive_being_typed() {
        let start = Policy::default().checked().unwrap();
        for setting in SETTINGS {
            assert_eq!(setting.write(&start, &setting.read(&start)).unwrap(), start, "{}", setting.key);
        }
    }

    #[test]
    fn each_end_of_a_range_holds_and_what_lies_beyond_does_not() {
        let start = serde_json::to_value(Policy::default()).unwrap();
        for setting in SETTINGS {
            let with = |value: Value| {
                let mut all = start.clone();
                *all.pointer_mut(&setting.pointer()).unwrap() = value;
                setting.holds(&all)
            };
            match setting.range {
                Range::Whole(min, max) => {
                    assert!(
                        with(min.into()) && with(max.into()) && !with((max + 1).into()),
                        "{}",
                        setting.key
                    );
                    assert!(min == 0 || !with((min - 1).into()), "{}", setting.key);
                }
                Range::Number(min, max) => {
                    assert!(with(min.into()) && with(max.into()), "{}", setting.key);
                    assert!(!with((min - 0.01).into()) && !with((max + 0.01).into()), "{}", setting.key);
                }
                Range::Switch => assert!(with(true.into()) && !with(2.into()), "{}", setting.key),
                Range::Text(max) => {
                    let text = |chars: usize| Value::from("字".repeat(chars));
                    assert!(with(text(max)) && !with(text(max + 1)), "{}", setting.key);
                }
            }
        }
    }

    #[test]
    fn nobody_can_lower_the_match_below_the_floor() {
        let with = |face| Policy { face, ..Policy::default() }.checked();
        let lowered = FacePolicy { match_min: 0.2, doubt_min: 0.1, ..FacePolicy::default() };
        assert_eq!(with(lowered), Err(PolicyFault { key: "face.match_min" }));
        let nonsense = FacePolicy { match_min: f32::NAN, ..FacePolicy::default() };
        assert_eq!(with(nonsense), Err(PolicyFault { key: "face.match_min" }));
    }

    #[test]
    fn too_few_on_duty_is_told_within_thirty_seconds_of_the_limit_whatever_a_site_sets() {
        let most = |key: &str| match Setting::of(key).unwrap().range {
            Range::Whole(_, max) => max,
            Range::Number(..) | Range::Switch | Range::Text(_) => panic!("{key} counts seconds"),
        };
        assert!(most("duty.light_s") + most("duty.voice_s") < 30);
    }

    #[test]
    fn values_that_contradict_each_other_are_refused() {
        let start = Policy::default();
        let set = |key: &str, typed: &str| Setting::of(key).unwrap().write(&start, typed);
        assert_eq!(set("session.blur_s", "120"), Err(PolicyFault { key: "session.ask_s" }));
        assert_eq!(set("face.doubt_min", "0.9"), Err(PolicyFault { key: "face.doubt_min" }));
        for (key, typed) in
            [("roll_call.rounds", "-1"), ("face.live_min", "NaN"), ("roll_call.two_officers", "ja")]
        {
            assert_eq!(set(key, typed), Err(PolicyFault { key: Setting::of(key).unwrap().key }));
        }
        assert_eq!(set("roll_call.person_s", " 45 ").unwrap().roll_call.person_s, 45);
    }
}
