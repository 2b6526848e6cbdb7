// SPDX-License-Identifier: GPL-3.0-only
//! What officers do, sorted: the business an action belongs to, how it ended, and how the lines of the audit hang
//! together. A line removed, changed or put in between breaks the chain of hashes; lines removed from the end show by
//! the count. Whoever could rewrite everything leaves a whole chain: a site keeps the last hash elsewhere.

use crate::Fault;
use contract::Digest;
use serde::Serialize;

/// What an action is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Business {
    SignIn,
    RollCall,
    Movement,
    Identity,
    Notice,
    Alarm,
    Request,
    Parked,
    Terminal,
    Policy,
    User,
    Audit,
    Task,
    Duty,
    Care,
    Shop,
    Books,
    Complaint,
    Appointment,
    Document,
    PublicNotice,
    Other,
}

impl Business {
    pub(crate) const ALL: [Self; 22] = [
        Self::SignIn,
        Self::RollCall,
        Self::Movement,
        Self::Identity,
        Self::Notice,
        Self::Alarm,
        Self::Request,
        Self::Parked,
        Self::Terminal,
        Self::Policy,
        Self::User,
        Self::Audit,
        Self::Task,
        Self::Duty,
        Self::Care,
        Self::Shop,
        Self::Books,
        Self::Complaint,
        Self::Appointment,
        Self::Document,
        Self::PublicNotice,
        Self::Other,
    ];

    /// The name in tables and text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::RollCall => "roll_call",
            Self::Movement => "movement",
            Self::Identity => "identity",
            Self::Notice => "notice",
            Self::Alarm => "alarm",
            Self::Request => "request",
            Self::Parked => "parked",
            Self::Terminal => "terminal",
            Self::Policy => "policy",
            Self::User => "user",
            Self::Audit => "audit",
            Self::Task => "task",
            Self::Duty => "duty",
            Self::Care => "care",
            Self::Shop => "shop",
            Self::Books => "books",
            Self::Complaint => "complaint",
            Self::Appointment => "appointment",
            Self::Document => "document",
            Self::PublicNotice => "public_notice",
            Self::Other => "other",
        }
    }

    /// The business of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|business| business.name() == name)
    }

    /// The business an action at the desk is part of.
    pub(crate) fn of_action(action: &str) -> Self {
        match action {
            "sign_in" | "sign_in_wrong" | "sign_out" | "code_wrong" | "enrol_wrong" | "totp_enrol"
            | "recovery" => Self::SignIn,
            "start" | "cancel" => Self::RollCall,
            "see" => Self::Notice,
            "alarm_acknowledge" | "alarm_send" | "alarm_arrive" | "alarm_close" => Self::Alarm,
            "request_accepted" | "request_done" | "request_declined" => Self::Request,
            "replay" | "replay_refused" => Self::Parked,
            "revoke" | "code" => Self::Terminal,
            "policy" => Self::Policy,
            "user_add" | "user_password" | "totp_reset" => Self::User,
            "view" | "export" => Self::Audit,
            "task_done" => Self::Task,
            "duty_answer" | "rota" => Self::Duty,
            "care_letter" | "care_letter_back" | "care_notice" | "care_notice_end" | "care_keys" => {
                Self::Care
            }
            "goods_put" | "goods_withdraw" | "order_approve" | "order_decline" | "order_pack"
            | "order_deliver" | "order_settle" | "order_take_back" => Self::Shop,
            "money_deposit" | "money_owe" | "money_deduct" | "account_freeze" | "account_unfreeze"
            | "account_rules" | "account_release" | "adjustment_propose" | "adjustment_accept"
            | "adjustment_refuse" | "objection_decline" | "statement_out" => Self::Books,
            "complaint_word" | "complaint_keys" => Self::Complaint,
            "appointment_accept"
            | "appointment_forward"
            | "appointment_lawyer"
            | "appointment_offer"
            | "appointment_decline"
            | "appointment_done" => Self::Appointment,
            "document_ask" | "document_change" | "document_withdraw" | "document_receive"
            | "document_print" | "document_talked" | "document_out" => Self::Document,
            "notice_post" | "notice_down" => Self::PublicNotice,
            _ => Self::Other,
        }
    }
}

/// How an action at the desk ended. What is not among the refused was done.
pub(crate) fn result(action: &str) -> &'static str {
    match action {
        "sign_in_wrong" | "code_wrong" | "enrol_wrong" | "replay_refused" => "refused",
        "view" => "shown",
        _ => "done",
    }
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) number: i64,
    pub(crate) at_ms: i64,
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) business: String,
    pub(crate) action: String,
    /// A terminal, device, event, call, user or address.
    pub(crate) object: String,
    pub(crate) terminal: String,
    /// Block and cell, as they were called then.
    pub(crate) place: String,
    pub(crate) result: String,
}

impl Line {
    /// The hash of this line after one with that hash.
    pub(crate) fn hash(&self, before: Digest) -> Result<Digest, Fault> {
        Ok(Digest::of(&serde_json::to_vec(&(before.to_string(), self))?))
    }
}

/// What a look through the audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditCheck {
    /// So many lines, each after the one before, and the last one's hash.
    Whole { lines: i64, last: String },
    /// The first line that is missing, or is not as it was written.
    Broken { number: i64, why: &'static str },
}

impl std::fmt::Display for AuditCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole { lines, last } => write!(f, "{lines} lines, unbroken\nlast hash  {last}"),
            Self::Broken { number, why } => write!(f, "broken at line {number}: {why}"),
        }
    }
}

/// Walks along the lines in their order.
pub(crate) struct Walk {
    number: i64,
    hash: Digest,
    chained: bool,
}

impl Walk {
    pub(crate) fn begin() -> Self {
        Self { number: 0, hash: Digest::ZERO, chained: false }
    }

    pub(crate) fn hash(&self) -> Digest {
        self.hash
    }

    pub(crate) fn number(&self) -> i64 {
        self.number
    }

    /// Takes the next line with its hash as it is kept; the break, if there is one.
    pub(crate) fn step(&mut self, line: &Line, kept: &str) -> Result<Option<AuditCheck>, Fault> {
        self.number += 1;
        let broken = |why| Ok(Some(AuditCheck::Broken { number: self.number, why }));
        if line.number != self.number {
            return broken("it is missing");
        }
        let hash = line.hash(self.hash)?;
        match (kept.is_empty(), self.chained) {
            // From before there was a chain; the first line of the chain is over it.
            (true, false) => {}
            (true, true) => return broken("it has no hash"),
            (false, _) if kept == hash.to_string() => self.chained = true,
            (false, _) => return broken("it, or one before the chain began, is not as it was written"),
        }
        self.hash = hash;
        Ok(None)
    }

    /// The end, where `counted` lines were written.
    pub(crate) fn end(self, counted: i64) -> AuditCheck {
        if counted == self.number {
            AuditCheck::Whole { lines: self.number, last: self.hash.to_string() }
        } else {
            AuditCheck::Broken { number: self.number + 1, why: "it is missing" }
        }
    }
}
