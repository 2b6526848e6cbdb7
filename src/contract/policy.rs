// SPDX-License-Identifier: GPL-3.0-only
//! What a site may set. Ranges, units, sources and who may change a value: `settings.rs`.

use crate::{FacePolicy, FacilityKind, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All of it, versioned by the feed's revision.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Policy {
    pub roll_call: RollCallPolicy,
    pub session: SessionPolicy,
    pub face: FacePolicy,
    pub alarm: AlarmPolicy,
    pub duty: DutyPolicy,
    pub care: CarePolicy,
    pub shop: ShopPolicy,
    pub complaint: ComplaintPolicy,
    pub appointment: AppointmentPolicy,
}

/// 点名.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RollCallPolicy {
    /// Seconds between the announcement and the first name.
    pub announce_s: u32,
    /// Seconds one person is waited for before the next is called; the skipped are called again.
    pub person_s: u32,
    /// Failed tries at the camera before the next way is offered.
    pub tries_max: u8,
    /// How often the unresolved are called: 2 is the open round and one more.
    pub rounds: u8,
    /// Two officers sign.
    pub two_officers: bool,
    /// People walk up in any order and are searched for within this cell's roster.
    pub any_order: bool,
    /// The site's legal assessment of searching (1:N); without one `any_order` has no effect.
    pub any_order_assessment: Text<200>,
    /// Minutes after midnight, facility time, between which nothing sounds.
    pub quiet_from_min: u16,
    pub quiet_to_min: u16,
}

impl Default for RollCallPolicy {
    fn default() -> Self {
        Self {
            announce_s: 60,
            person_s: 30,
            tries_max: 3,
            rounds: 2,
            two_officers: false,
            any_order: false,
            any_order_assessment: Text::default(),
            quiet_from_min: 22 * 60,
            quiet_to_min: 6 * 60,
        }
    }
}

impl RollCallPolicy {
    /// Whether people may walk up in any order: the site wants it and has recorded its assessment.
    pub fn searches(&self) -> bool {
        self.any_order && !self.any_order_assessment.is_empty()
    }
}

/// 值班.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DutyPolicy {
    /// Fewest people on duty at a time.
    pub people_min: u8,
    /// Seconds before a turn begins from which its people may sign on, and before its end from which it is handed over.
    pub sign_on_before_s: u32,
    /// Seconds too few may be on duty until it is a gap: at the beginning, and whenever one is taken out.
    pub sign_on_within_s: u32,
    /// Seconds between two confirmations, at least and at most; each is drawn.
    pub confirm_every_s_min: u32,
    pub confirm_every_s_max: u32,
    /// Seconds a confirmation may be answered.
    pub confirm_window_s: u32,
    /// Seconds from the limit to the voice, and from there to the control room. Together never above 30.
    pub light_s: u32,
    pub voice_s: u32,
    /// Minutes after midnight, facility time, of the night; no voice is heard in it unless policy allows one.
    pub night_from_min: u16,
    pub night_to_min: u16,
    pub night_voice: bool,
}

impl Default for DutyPolicy {
    fn default() -> Self {
        Self {
            people_min: 2,
            sign_on_before_s: 300,
            sign_on_within_s: 120,
            confirm_every_s_min: 1_200,
            confirm_every_s_max: 2_400,
            confirm_window_s: 120,
            light_s: 10,
            voice_s: 10,
            night_from_min: 22 * 60,
            night_to_min: 6 * 60,
            night_voice: false,
        }
    }
}

/// Who stands at the screen, and how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SessionPolicy {
    /// Seconds without touch until an officer's session ends.
    pub officer_idle_s: u32,
    /// Seconds without touch until a private page is blurred, asked about, cleared.
    pub blur_s: u32,
    pub ask_s: u32,
    pub clear_s: u32,
    /// Wrong PINs before waiting starts.
    pub pin_tries_max: u8,
    /// The first wait in seconds; doubles with each further wrong PIN.
    pub pin_wait_s: u32,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self { officer_idle_s: 120, blur_s: 20, ask_s: 60, clear_s: 90, pin_tries_max: 5, pin_wait_s: 30 }
    }
}

/// 一键报警.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AlarmPolicy {
    /// Seconds without an answer until the next post is called.
    pub next_post_s: u32,
    /// Seconds without an answer until the director on duty is called.
    pub director_s: u32,
    /// Seconds the siren sounds after each press; zero is none.
    pub siren_s: u32,
    /// A corner of the screen, held, raises an alarm that nothing in the cell shows.
    pub silent: bool,
}

impl Default for AlarmPolicy {
    fn default() -> Self {
        Self { next_post_s: 30, director_s: 90, siren_s: 180, silent: false }
    }
}

/// 看病: how long the clinic may take until an answer is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CarePolicy {
    /// Hours for a report of each urgency.
    pub routine_h: u32,
    pub soon_h: u32,
    /// Minutes for one with a danger; somebody is called at once besides.
    pub danger_min: u32,
}

impl Default for CarePolicy {
    fn default() -> Self {
        Self { routine_h: 24, soon_h: 4, danger_min: 30 }
    }
}

impl CarePolicy {
    /// How long an answer may take, in milliseconds.
    pub fn due_ms(&self, urgency: crate::Urgency) -> i64 {
        let minutes = match urgency {
            crate::Urgency::Routine => i64::from(self.routine_h) * 60,
            crate::Urgency::Soon => i64::from(self.soon_h) * 60,
            crate::Urgency::Danger => i64::from(self.danger_min),
        };
        minutes * 60_000
    }
}

/// 购物: when the shop is open, how long a turn at the screen lasts, what may be spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ShopPolicy {
    /// Days of the week, 1 is Monday: `"12345"`.
    pub days: Text<7>,
    /// Minutes after midnight, facility time, between which orders are taken. Looking is always open.
    pub open_from_min: u16,
    pub open_to_min: u16,
    /// Seconds of a person's turn while others wait; nobody's turn ends while nobody does.
    pub turn_s: u32,
    /// Seconds the next of the list is waited for.
    pub call_s: u32,
    /// Yuan one person may spend in a calendar month, unless their account says otherwise.
    pub month_yuan: u32,
    /// Yuan more in the months of a festival, and which those are: `"1 2 10"`.
    pub festival_yuan: u32,
    pub festival_months: Text<32>,
    /// Hours until an order that waits is overdue: to be approved; to be signed for once it is there.
    pub approve_h: u32,
    pub sign_h: u32,
    /// Hours until an answer to a disputed line or a freeze is overdue.
    pub dispute_h: u32,
}

impl Default for ShopPolicy {
    fn default() -> Self {
        Self {
            days: "1234567".into(),
            open_from_min: 8 * 60,
            open_to_min: 20 * 60,
            turn_s: 300,
            call_s: 30,
            month_yuan: 800,
            festival_yuan: 200,
            festival_months: Text::default(),
            approve_h: 24,
            sign_h: 24,
            dispute_h: 72,
        }
    }
}

/// 投诉: the clocks that run for the writer, and how complaints leave. No rule sets hours for an answer; 看守所条例 §46
/// says promptly (及时), so both clocks of a detention centre are the site's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ComplaintPolicy {
    /// Hours within which a 拘留所 must have passed it on: 拘留所条例 §29 (24 hours; to pass on, not to answer). It takes
    /// the place of `receive_h` there.
    pub forward_lock_up_h: u32,
    /// Hours without the office's receipt until the writer is told.
    pub receive_h: u32,
    /// Hours without an answer until it is overdue.
    pub answer_h: u32,
    /// How many a day, of the whole terminal, go at once; of those that follow one an hour. The first never waits.
    pub free_per_day: u32,
    /// Longest random wait before the complaint lane goes up, in minutes: who was at the screen just then does not show.
    pub delay_min: u32,
    /// The marks of PINs go to the director as well.
    pub marks_to_director: bool,
}

impl Default for ComplaintPolicy {
    fn default() -> Self {
        Self {
            forward_lock_up_h: 24,
            receive_h: 24,
            answer_h: 168,
            free_per_day: 20,
            delay_min: 15,
            marks_to_director: false,
        }
    }
}

impl ShopPolicy {
    /// Whether orders are taken at this minute of the day, on this day of the week (1 is Monday).
    pub fn is_open(&self, weekday: u8, minute: u16) -> bool {
        let day = self.days.as_str().bytes().any(|day| day == b'0' + weekday);
        day && (self.open_from_min..self.open_to_min).contains(&minute)
    }

    /// The months of a festival, 1 is January.
    pub fn festival_months(&self) -> impl Iterator<Item = u8> + '_ {
        self.festival_months.as_str().split_whitespace().filter_map(|month| month.parse().ok())
    }

    /// Whether days and months are what their fields say.
    pub(crate) fn is_sound(&self) -> bool {
        let days = self.days.as_str().bytes().all(|day| (b'1'..=b'7').contains(&day));
        let all = self.festival_months.as_str().split_whitespace().count();
        days && all == self.festival_months().filter(|month| (1..=12).contains(month)).count()
    }
}

impl ComplaintPolicy {
    /// How long the office's receipt may take, in milliseconds.
    pub fn receive_ms(&self, kind: FacilityKind) -> i64 {
        let hours = match kind {
            FacilityKind::LockUp => self.forward_lock_up_h.min(self.receive_h),
            FacilityKind::DetentionCentre | FacilityKind::DrugRehabilitation => self.receive_h,
        };
        i64::from(hours) * 3_600_000
    }

    /// How long the answer may take, in milliseconds.
    pub fn answer_ms(&self) -> i64 {
        i64::from(self.answer_h) * 3_600_000
    }
}

/// 约见: hours until a request must have been passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AppointmentPolicy {
    /// 法律援助法 §39: passed on to the legal aid body within 24 hours.
    pub legal_aid_h: u32,
    /// 公安机关办理刑事案件程序规定 §49: the duty lawyer is told within 24 hours.
    pub duty_lawyer_h: u32,
    /// 刑事诉讼法 §39, 程序规定 §53: hours from the lawyer's own valid request to the meeting, not from the tap.
    pub lawyer_meeting_h: u32,
    /// Until the defence lawyer is told that they are asked for: the site's own.
    pub defence_lawyer_h: u32,
    /// Until an officer, the doctor or the counsellor has an answer: the site's own.
    pub staff_h: u32,
}

impl Default for AppointmentPolicy {
    fn default() -> Self {
        Self { legal_aid_h: 24, duty_lawyer_h: 24, lawyer_meeting_h: 48, defence_lawyer_h: 24, staff_h: 72 }
    }
}
