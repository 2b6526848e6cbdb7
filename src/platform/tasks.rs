// SPDX-License-Identifier: GPL-3.0-only
//! 待办: what waits for a post, until when, and what answers it.
//!
//! A task is opened by what happened and closed by the action that answers it, with its result. A roll call's is there
//! from its end on, if no result came by then: it needs no clock that ticks. Nothing is escalated: whoever sees that a
//! task is overdue says so to somebody.

use crate::replay;
use crate::tables::roll_calls::NoticeKind;
use contract::Post;

const MINUTE_MS: i64 = 60_000;
/// Time to answer, in milliseconds; a site's own choice.
const ALARM_MS: i64 = MINUTE_MS;
const ONE_LEFT_MS: i64 = 10 * MINUTE_MS;
const TAMPER_MS: i64 = 5 * MINUTE_MS;
const CALL_MS: i64 = 10 * MINUTE_MS;
const CAMERA_MS: i64 = 60 * MINUTE_MS;
const TROUBLE_MS: i64 = 4 * 60 * MINUTE_MS;
const PARKED_MS: i64 = 24 * 60 * MINUTE_MS;
const DUTY_MS: i64 = 10 * MINUTE_MS;
const HANDOVER_MS: i64 = 24 * 60 * MINUTE_MS;
const ROLL_CALL_MS: i64 = 15 * MINUTE_MS;
const TALK_MS: i64 = 24 * 60 * MINUTE_MS;
/// Adjustments and settling; of the others the policy of a cell says it.
const SHOP_MS: i64 = 72 * 60 * MINUTE_MS;
/// Only where nothing else is said: the policy of a cell says it.
const POLICY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A roll call that began at the last moment is over after this.
const ROLL_CALL_RUNS_MS: i64 = 30 * MINUTE_MS;

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Alarm,
    OneLeft,
    Camera,
    Tamper,
    /// 报告: somebody of the cell wants to speak to the control room.
    Call,
    Trouble,
    /// To be tried again.
    Parked,
    /// To be looked at: it never can have an effect.
    Evidence,
    /// No result came by its end.
    RollCall,
    /// Too few on duty; closed by whoever answers for the cell.
    DutyGap,
    /// Somebody on duty asked for an officer.
    DutyUnwell,
    /// Two people want to swap.
    DutySwap,
    DutyHandover,
    /// 病情反映 without an answer of the clinic.
    CareReport,
    /// A danger to somebody's health: somebody has to go there.
    Danger,
    /// An order to be approved.
    OrderApproval,
    /// Things that were brought and nobody signed for.
    OrderSignature,
    /// Something was missing, wrong or damaged.
    OrderDifference,
    /// A line of a statement that somebody disputes.
    LineDispute,
    /// A freeze that somebody objects to.
    FreezeObjection,
    /// 更正 that somebody else has to decide.
    Adjustment,
    /// 出所结清: somebody is of no cell any more.
    Payout,
    /// Something sealed to the post's own office that its window has not opened. Never the procurator's.
    Complaint,
    /// 约见 that was not passed on, offered a time or declined.
    Appointment,
    /// A lawyer's own request to meet somebody who asked for them.
    LawyerMeeting,
    /// Somebody does not agree to a document: an officer talks with them.
    DocumentDeclined,
}

impl TaskKind {
    pub(crate) const ALL: [Self; 26] = [
        Self::Alarm,
        Self::OneLeft,
        Self::Camera,
        Self::Tamper,
        Self::Call,
        Self::Trouble,
        Self::Parked,
        Self::Evidence,
        Self::RollCall,
        Self::DutyGap,
        Self::DutyUnwell,
        Self::DutySwap,
        Self::DutyHandover,
        Self::CareReport,
        Self::Danger,
        Self::OrderApproval,
        Self::OrderSignature,
        Self::OrderDifference,
        Self::LineDispute,
        Self::FreezeObjection,
        Self::Adjustment,
        Self::Payout,
        Self::Complaint,
        Self::Appointment,
        Self::LawyerMeeting,
        Self::DocumentDeclined,
    ];

    /// The name in tables and text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::OneLeft => "one_left",
            Self::Camera => "camera",
            Self::Tamper => "tamper",
            Self::Call => "call",
            Self::Trouble => "trouble",
            Self::Parked => "parked",
            Self::Evidence => "evidence",
            Self::RollCall => "roll_call",
            Self::DutyGap => "duty_gap",
            Self::DutyUnwell => "duty_unwell",
            Self::DutySwap => "duty_swap",
            Self::DutyHandover => "duty_handover",
            Self::CareReport => "care_report",
            Self::Danger => "danger",
            Self::OrderApproval => "order_approval",
            Self::OrderSignature => "order_signature",
            Self::OrderDifference => "order_difference",
            Self::LineDispute => "line_dispute",
            Self::FreezeObjection => "freeze_objection",
            Self::Adjustment => "adjustment",
            Self::Payout => "payout",
            Self::Complaint => "complaint",
            Self::Appointment => "appointment",
            Self::LawyerMeeting => "lawyer_meeting",
            Self::DocumentDeclined => "document_declined",
        }
    }

    /// The kind of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind a notice opens; none where nobody has to do anything.
    pub(crate) fn of_notice(notice: NoticeKind, detail: &str) -> Option<Self> {
        match notice {
            NoticeKind::OneLeft => Some(Self::OneLeft),
            NoticeKind::Trouble | NoticeKind::Fork => Some(Self::Trouble),
            NoticeKind::Parked if replay::evidence(detail) => Some(Self::Evidence),
            NoticeKind::Parked => Some(Self::Parked),
            // Those have alarms with tasks of their own.
            NoticeKind::Alarm | NoticeKind::Camera | NoticeKind::Replaced => None,
        }
    }

    /// Whose it is, where nothing else is said when it is opened.
    pub(crate) fn post(self) -> Post {
        match self {
            Self::Alarm
            | Self::OneLeft
            | Self::Tamper
            | Self::Call
            | Self::DutyGap
            | Self::DutyUnwell
            | Self::Danger => Post::ControlRoom,
            Self::DutySwap
            | Self::DutyHandover
            | Self::Complaint
            | Self::Appointment
            | Self::LawyerMeeting
            | Self::DocumentDeclined => Post::SupervisingOfficer,
            Self::Camera | Self::Trouble => Post::It,
            Self::Parked | Self::Evidence | Self::Adjustment => Post::Director,
            Self::RollCall => Post::DutyOfficer,
            Self::CareReport => Post::Doctor,
            Self::OrderApproval | Self::OrderSignature | Self::OrderDifference => Post::Shop,
            Self::LineDispute | Self::FreezeObjection | Self::Payout => Post::Finance,
        }
    }

    /// How long its post has, in milliseconds.
    pub(crate) fn due_ms(self) -> i64 {
        match self {
            Self::Alarm | Self::Danger => ALARM_MS,
            Self::CareReport | Self::Complaint | Self::Appointment | Self::LawyerMeeting => POLICY_MS,
            Self::OneLeft => ONE_LEFT_MS,
            Self::Tamper => TAMPER_MS,
            Self::Call => CALL_MS,
            Self::Camera => CAMERA_MS,
            Self::Trouble => TROUBLE_MS,
            Self::Parked | Self::Evidence => PARKED_MS,
            Self::RollCall => ROLL_CALL_MS,
            Self::DutyGap | Self::DutyUnwell => DUTY_MS,
            Self::DutySwap | Self::DutyHandover => HANDOVER_MS,
            Self::DocumentDeclined => TALK_MS,
            Self::OrderApproval
            | Self::OrderSignature
            | Self::OrderDifference
            | Self::LineDispute
            | Self::FreezeObjection
            | Self::Adjustment
            | Self::Payout => SHOP_MS,
        }
    }

    /// Whether marking the notice as seen answers it.
    pub(crate) fn is_answered_by_seeing(self) -> bool {
        match self {
            Self::OneLeft | Self::Trouble | Self::Evidence => true,
            Self::Alarm
            | Self::Camera
            | Self::Tamper
            | Self::Call
            | Self::Parked
            | Self::RollCall
            | Self::DutyGap
            | Self::DutyUnwell
            | Self::DutySwap
            | Self::DutyHandover
            | Self::CareReport
            | Self::Danger
            | Self::OrderApproval
            | Self::OrderSignature
            | Self::OrderDifference
            | Self::LineDispute
            | Self::FreezeObjection
            | Self::Adjustment
            | Self::Payout
            | Self::Complaint
            | Self::Appointment
            | Self::LawyerMeeting
            | Self::DocumentDeclined => false,
        }
    }
}

/// When a roll call that has to begin by `expires_ms` is over.
pub(crate) fn end_of_roll_call(expires_ms: i64) -> i64 {
    expires_ms.saturating_add(ROLL_CALL_RUNS_MS)
}
