// SPDX-License-Identifier: GPL-3.0-only
//! Care (看病): symptom reports and what follows them.
//!
//! What a person says of their health is sealed on the terminal to the clinic's keys ([`ToClinic`]); what the clinic
//! answers is signed by the clinic and sealed to the terminal ([`ToCell`]). Officers and the platform see a cell, a time
//! and an urgency. Two things are open by purpose, and the person is told so before: a danger ([`CareDanger`]), and a
//! notice the doctor releases to named posts, without a diagnosis ([`CareNotice`]).

use crate::named::named;
use crate::{DetaineeId, EventId, OfficerId, Post, SealRecipient, Sealed, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most of a kind in one list: slots, medicines, doses, readings, strokes.
pub const CARE_LIST_MAX: usize = 100;
/// Most points of one signature, all strokes together.
pub const STROKE_POINTS_MAX: usize = 1_000;
/// The worst there is on the faces: 0 is nothing.
pub const SEVERITY_MAX: u8 = 10;

/// 病情反映, as everybody on its way sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareReported {
    pub at: Stamp,
    pub urgency: Urgency,
    /// A [`ToClinic::Report`].
    pub sealed: Sealed,
}

/// What a person says later: to a report, a dose, a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareSaid {
    pub at: Stamp,
    /// The report it is about, if it is about one.
    #[serde(default)]
    pub report: Option<EventId>,
    /// A [`ToClinic::Said`].
    pub sealed: Sealed,
}

/// 催办: the person asks where the answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareNudged {
    pub at: Stamp,
    pub report: EventId,
}

/// A danger question was answered with yes: somebody is called at once. Whoever comes sees who and which danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareDanger {
    pub at: Stamp,
    /// None where nobody said whom it is about.
    #[serde(default)]
    pub detainee: Option<DetaineeId>,
    pub dangers: Vec<Danger>,
}

/// Whom the clinic seals its answers to: this terminal's key. Its other half never leaves the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareKeyMade {
    pub at: Stamp,
    pub recipient: SealRecipient,
}

/// How soon somebody of the clinic should look. It follows from what the person said and from nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 一般.
    Routine,
    /// 尽快: severe by the person's own word.
    Soon,
    /// 危急: a danger question was answered with yes.
    Danger,
}

named!(Urgency {
    Routine => "routine",
    Soon => "soon",
    Danger => "danger",
});

/// What is sealed to the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClinic {
    Report(SymptomReport),
    Said { detainee: DetaineeId, said: Said },
}

/// 病情反映.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymptomReport {
    /// Who is ill; none where nobody said.
    #[serde(default)]
    pub detainee: Option<DetaineeId>,
    /// 替别人报: somebody else of the cell says it, for one who cannot. It opens no record.
    #[serde(default)]
    pub for_other: bool,
    pub check: CareCheck,
    pub symptoms: Vec<Symptom>,
    /// None: could not say.
    #[serde(default)]
    pub since: Option<Since>,
    /// 0 to [`SEVERITY_MAX`], as pointed at; none: could not say.
    #[serde(default)]
    pub severity: Option<u8>,
    #[serde(default)]
    pub dangers: Vec<Danger>,
    /// When it would suit; empty: any time.
    #[serde(default)]
    pub prefers: Vec<DayPart>,
    /// What sensors of the terminal measured: never a number nobody measured. Empty: 未测得.
    #[serde(default)]
    pub readings: Vec<Reading>,
}

/// How the terminal knows who reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum CareCheck {
    Pin,
    Officer {
        officer: OfficerId,
    },
    /// Nobody was asked, or could not say: a report is never refused for it.
    #[default]
    None,
}

/// Where it hurts or what is wrong, each by its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symptom {
    /// 头.
    Head,
    /// 胸口.
    Chest,
    /// 咳嗽、气短.
    Cough,
    /// 肚子、吃喝.
    Belly,
    /// 腰腿、关节.
    Joints,
    /// 发烧、发冷.
    Fever,
    /// 心里难受.
    Mind,
    /// 别的.
    Other,
}

named!(Symptom {
    Head => "head",
    Chest => "chest",
    Cough => "cough",
    Belly => "belly",
    Joints => "joints",
    Fever => "fever",
    Mind => "mind",
    Other => "other",
});

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// 刚才.
    Now,
    /// 今天.
    Today,
    /// 昨天.
    Yesterday,
    /// 好几天.
    Days,
    /// 一个多星期.
    Weeks,
    /// 老毛病.
    Long,
}

named!(Since {
    Now => "now",
    Today => "today",
    Yesterday => "yesterday",
    Days => "days",
    Weeks => "weeks",
    Long => "long",
});

/// What makes it red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// 胸口痛、压着.
    ChestPain,
    /// 喘不上气.
    Breath,
    /// 出血止不住.
    Bleeding,
    /// 晕倒过、叫不醒.
    Fainting,
    /// 想伤害自己.
    SelfHarm,
}

named!(Danger {
    ChestPain => "chest_pain",
    Breath => "breath",
    Bleeding => "bleeding",
    Fainting => "fainting",
    SelfHarm => "self_harm",
});

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// 上午.
    Morning,
    /// 下午.
    Afternoon,
    /// 晚上.
    Evening,
}

named!(DayPart {
    Morning => "morning",
    Afternoon => "afternoon",
    Evening => "evening",
});

/// Something measured, with its unit in words: `36.8 ℃`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub what: Text<32>,
    pub value: Text<32>,
    /// Wall time, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// What a person says later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// One of the offered times suits; also in the place of another accepted before.
    Accept { slot: u32 },
    /// None suits: another time is asked for.
    OtherTime { prefers: Vec<DayPart> },
    /// Not needed any more.
    Cancel,
    /// 拒绝: no treatment, with the reason. It can be taken back by a new report at any time.
    Refuse { why: Text<200> },
    /// It is worse, or something came to it.
    Worse { symptoms: Vec<Symptom>, severity: Option<u8> },
    /// 服药: a dose that was given is confirmed, or was not taken.
    Dose { dose: Uuid, taken: bool, why: Text<200> },
    /// A document was read and signed, or is not agreed to.
    Sign { document: Uuid, agreed: bool, why: Text<200>, strokes: Strokes },
}

/// A signature, as drawn: strokes of points from 0 to 1000 across the field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Strokes(pub Vec<Vec<(u16, u16)>>);

impl Strokes {
    /// Whether anything was drawn, and not more than is kept.
    pub fn is_sound(&self) -> bool {
        let points: usize = self.0.iter().map(Vec::len).sum();
        (1..=STROKE_POINTS_MAX).contains(&points)
            && self.0.iter().flatten().all(|(x, y)| *x <= 1_000 && *y <= 1_000)
    }
}

/// What is sealed to the terminal: the JSON text of the payload of a [`crate::Signed`] for the purpose `"care"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToCell {
    /// The letter's own number, and the key of its item in the feed: another letter's content does not fit in its place.
    pub letter: Uuid,
    pub detainee: DetaineeId,
    pub at_ms: i64,
    pub content: Letter,
}

impl ToCell {
    /// What a letter is signed for, and the office's own copy of it.
    pub const PURPOSE: &str = "care";
}

/// What the clinic writes to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    Answer(CareAnswer),
    Record(CareRecord),
    Document(CareDocument),
}

/// The newest word on a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareAnswer {
    pub report: EventId,
    pub state: CareState,
    #[serde(default)]
    pub words: Text<500>,
    #[serde(default)]
    pub slots: Vec<Slot>,
    /// The number of the slot that is agreed.
    #[serde(default)]
    pub booked: Option<u32>,
}

/// Where a report stands, by the clinic's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CareState {
    /// 医生已签收: opened.
    Opened,
    /// 已答复.
    Answered,
    /// 已办结.
    Closed,
}

named!(CareState {
    Opened => "opened",
    Answered => "answered",
    Closed => "closed",
});

/// A time that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub slot: u32,
    pub from_ms: i64,
    pub kind: SlotKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// 到医务室.
    Clinic,
    /// 医生来监室巡诊.
    Round,
    /// 远程会诊.
    Remote,
}

named!(SlotKind {
    Clinic => "clinic",
    Round => "round",
    Remote => "remote",
});

/// A person's own record as the clinic shares it; the newer replaces the older.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CareRecord {
    pub visits: Vec<Visit>,
    /// 用药.
    pub medicines: Vec<Medicine>,
    /// 服药: what was handed out, and is to be confirmed.
    pub doses: Vec<Dose>,
    /// As the platform sent them: none is made up, none is left out.
    pub readings: Vec<Reading>,
}

/// 就诊.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub at_ms: i64,
    pub words: Text<200>,
}

/// One line of the medication plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medicine {
    pub name: Text<64>,
    /// How much and when, in words.
    pub how: Text<100>,
}

/// A dose that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dose {
    pub dose: Uuid,
    pub medicine: Text<64>,
    pub at_ms: i64,
}

/// 健康文书: read, or heard, and signed or not agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareDocument {
    pub document: Uuid,
    pub title: Text<64>,
    pub paragraphs: Vec<Text<500>>,
}

/// 照护提示: what a doctor lets named posts know, without a diagnosis. The person sees it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CareNotice {
    pub notice: Uuid,
    pub detainee: DetaineeId,
    pub needs: Vec<CareNeed>,
    /// Who may see it.
    pub posts: Vec<Post>,
    pub at_ms: i64,
    /// When it ends by itself.
    pub until_ms: i64,
}

/// What somebody needs, in words an officer can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CareNeed {
    /// 需要留意.
    Watch,
    /// 病号饭.
    Diet,
    /// 不安排值班.
    NoDuty,
    /// 需要休息.
    Rest,
    /// 带到医务室.
    BringToClinic,
}

named!(CareNeed {
    Watch => "watch",
    Diet => "diet",
    NoDuty => "no_duty",
    Rest => "rest",
    BringToClinic => "bring_to_clinic",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for danger in Danger::ALL {
            assert_eq!(serde_json::to_value(danger).unwrap(), danger.name());
        }
        for symptom in Symptom::ALL {
            assert_eq!(serde_json::to_value(symptom).unwrap(), symptom.name());
            assert_eq!(Symptom::of(symptom.name()), Some(symptom));
        }
        for need in CareNeed::ALL {
            assert_eq!(serde_json::to_value(need).unwrap(), need.name());
        }
        for urgency in Urgency::ALL {
            assert_eq!(serde_json::to_value(urgency).unwrap(), urgency.name());
        }
        for state in CareState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }

    #[test]
    fn a_signature_has_points_and_a_limit() {
        assert!(!Strokes::default().is_sound());
        assert!(!Strokes(vec![Vec::new()]).is_sound());
        assert!(Strokes(vec![vec![(0, 1_000)]]).is_sound());
        assert!(!Strokes(vec![vec![(0, 1_001)]]).is_sound());
        assert!(!Strokes(vec![vec![(1, 1); STROKE_POINTS_MAX + 1]]).is_sound());
    }
}
