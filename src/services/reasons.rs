// SPDX-License-Identifier: GPL-3.0-only
//! The reasons an officer may choose, by the id of their button. What is stored and sent is the Chinese text, whatever
//! language the screen speaks: the desk reads it. An unknown id is no reason.

use contract::{CheckReason, OutReason, Text};
use i18n::{Catalogue, Lang};

/// Why an officer looked himself, in the order of the buttons.
pub const CHECK: [CheckReason; 7] = [
    CheckReason::Asked,
    CheckReason::FaceChanged,
    CheckReason::NotEnrolled,
    CheckReason::CameraDown,
    CheckReason::InBed,
    CheckReason::NotRecognised,
    CheckReason::ForgotPin,
];

/// Why someone was not seen (未点到): the ids of buttons and of texts.
pub const NOT_SEEN: [&str; 4] =
    ["not-seen-not-in-cell", "not-seen-moved", "not-seen-released", "not-seen-being-looked-for"];

/// Who somebody not on the roster is: the ids of buttons and of texts.
pub const EXTRA: [&str; 4] = ["extra-moved-in", "extra-admitted", "extra-wrong-cell", "extra-worker"];

/// How a turn on duty was: the ids of buttons and of texts.
pub const DUTY_REMARK: [&str; 6] = [
    "duty-remark-well",
    "duty-remark-unwell",
    "duty-remark-dispute",
    "duty-remark-broken",
    "duty-remark-noise",
    "duty-remark-officer",
];

/// What an officer did about a gap, a handover, a call for help: the ids of buttons and of texts.
pub const DUTY_NOTE: [&str; 4] =
    ["duty-note-seen", "duty-note-replaced", "duty-note-doctor", "duty-note-talked"];

/// Why somebody wants no treatment: the ids of buttons and of texts.
pub const CARE_REFUSAL: [&str; 4] =
    ["care-refuse-better", "care-refuse-not-wanted", "care-refuse-doctor", "care-refuse-unsaid"];

/// Why a dose was not taken: the ids of buttons and of texts.
pub const CARE_NOT_TAKEN: [&str; 4] =
    ["care-dose-not-given", "care-dose-unwell", "care-dose-not-wanted", "care-dose-wrong"];

/// Why somebody does not agree to a document: the ids of buttons and of texts.
pub const CARE_DISAGREEMENT: [&str; 4] =
    ["care-disagree-wrong", "care-disagree-unclear", "care-disagree-hurt", "care-disagree-unsaid"];

/// Why somebody does not sign a document (签名捺印): the ids of buttons and of texts.
pub const DOCUMENT_DECLINE: [&str; 6] = [
    "document-decline-wrong",
    "document-decline-missing",
    "document-decline-unclear",
    "document-decline-advice",
    "document-decline-pressed",
    "document-decline-unsaid",
];

/// A reason as it came from the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The id of a button.
    Listed(String),
    /// An officer's own words.
    Typed(String),
}

impl Given {
    /// Why an officer looked himself.
    pub fn check(&self) -> Option<CheckReason> {
        match self {
            Self::Listed(id) => check_reason(id),
            Self::Typed(words) => Some(CheckReason::Typed(Text::new(words))),
        }
    }

    /// Why someone was not seen, as it is stored.
    pub fn not_seen(&self) -> Option<Text<200>> {
        match self {
            Self::Listed(id) => not_seen_reason(id),
            Self::Typed(words) => Some(Text::new(words)),
        }
    }

    /// Who somebody not on the roster is, as it is stored.
    pub fn extra(&self) -> Option<Text<200>> {
        match self {
            Self::Listed(id) => extra_note(id),
            Self::Typed(words) => Some(Text::new(words)),
        }
    }
}

/// The id of a reason's button; a typed one has its own words.
pub fn check_reason_id(reason: &CheckReason) -> &'static str {
    match reason {
        CheckReason::Asked => "asked",
        CheckReason::FaceChanged => "face_changed",
        CheckReason::NotEnrolled => "not_enrolled",
        CheckReason::CameraDown => "camera_down",
        CheckReason::InBed => "in_bed",
        CheckReason::NotRecognised => "not_recognised",
        CheckReason::ForgotPin => "forgot_pin",
        CheckReason::Typed(_) => "typed",
    }
}

/// Why an officer looked himself.
pub fn check_reason(id: &str) -> Option<CheckReason> {
    CHECK.into_iter().find(|reason| check_reason_id(reason) == id)
}

/// Why someone was not seen, as it is stored.
pub fn not_seen_reason(id: &str) -> Option<Text<200>> {
    stored(&NOT_SEEN, id)
}

/// Who somebody not on the roster is, as it is stored.
pub fn extra_note(id: &str) -> Option<Text<200>> {
    stored(&EXTRA, id)
}

/// How a turn was, as it is stored.
pub fn duty_remark(id: &str) -> Option<Text<200>> {
    stored(&DUTY_REMARK, id)
}

/// What an officer did, as it is stored.
pub fn duty_note(id: &str) -> Option<Text<200>> {
    stored(&DUTY_NOTE, id)
}

/// Why somebody wants no treatment, as it is stored.
pub fn care_refusal(id: &str) -> Option<Text<200>> {
    stored(&CARE_REFUSAL, id)
}

/// Why a dose was not taken, as it is stored.
pub fn care_not_taken(id: &str) -> Option<Text<200>> {
    stored(&CARE_NOT_TAKEN, id)
}

/// Why somebody does not agree to a document, as it is stored.
pub fn care_disagreement(id: &str) -> Option<Text<200>> {
    stored(&CARE_DISAGREEMENT, id)
}

/// Why somebody does not sign a document, as it is stored.
pub fn document_decline(id: &str) -> Option<Text<200>> {
    stored(&DOCUMENT_DECLINE, id)
}

/// Why someone is taken out.
pub fn out_reason(id: &str) -> Option<OutReason> {
    OutReason::ALL.into_iter().find(|reason| reason.name() == id)
}

/// A stored reason in the words of the screen; a typed one as it was typed.
pub fn in_words(stored: &str, words: &Catalogue) -> String {
    let source = Catalogue::of(Lang::ZhCn);
    let id = NOT_SEEN
        .into_iter()
        .chain(EXTRA)
        .chain(DUTY_REMARK)
        .chain(DOCUMENT_DECLINE)
        .find(|id| source.text(id) == stored);
    id.map_or_else(|| stored.to_owned(), |id| words.text(id).into_owned())
}

fn stored(ids: &[&str], id: &str) -> Option<Text<200>> {
    ids.contains(&id).then(|| Text::new(&Catalogue::of(Lang::ZhCn).text(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_leads_to_its_reason_and_nothing_else_does() {
        for reason in CHECK {
            assert_eq!(check_reason(check_reason_id(&reason)), Some(reason));
        }
        for reason in OutReason::ALL {
            assert_eq!(out_reason(reason.name()), Some(reason));
        }
        for id in ["", "typed", "extra", "not-seen-ask", "王小明"] {
            assert_eq!(check_reason(id), None);
            assert_eq!(not_seen_reason(id), None);
            assert_eq!(extra_note(id), None);
            assert_eq!(out_reason(id), None);
        }
        assert_eq!(not_seen_reason("extra-worker"), None);
    }

    #[test]
    fn the_desk_reads_chinese_and_the_screen_its_own_language() {
        let stored = not_seen_reason("not-seen-moved").unwrap();
        assert_eq!(stored.as_str(), "已调监室，名单未更新");
        assert_eq!(in_words(stored.as_str(), Catalogue::of(Lang::En)), "Transferred; roster is late");
        assert_eq!(in_words("wc", Catalogue::of(Lang::En)), "wc");
    }
}
