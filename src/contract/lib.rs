// SPDX-License-Identifier: GPL-3.0-only
//! What cell and platform say to each other: events upward, updates downward, and the words both are made of.
//!
//! Nothing here touches a file, a socket or a clock. Text from outside is cleaned while it is read ([`Text`]), numbers
//! are checked, lists have limits; what does not fit is an error of that one item, never of the page around it.

mod alarm;
mod appointment;
mod blob;
mod bundle;
mod care;
mod cell;
mod complaint;
mod content;
mod custody;
mod device;
mod digest;
mod document;
mod duty;
mod envelope;
mod face;
mod feed;
mod ids;
mod keys;
mod media;
mod money;
mod named;
mod office;
mod openapi;
mod policy;
mod post;
mod proof;
mod public_notice;
mod request;
mod roll_call;
mod sealed;
mod session;
mod settings;
mod shop;
mod text;
mod time;
mod wire;

pub use alarm::{
    ALARM_ANSWERS_MAX, AlarmAnswer, AlarmAnswers, AlarmRaised, CameraState, CameraStateChanged, CaseChange,
    CaseChanged, PanicAttended, PanicFine, PanicForm, PanicRaised, PanicSource,
};
pub use appointment::{
    APPOINTMENT_SLOTS_MAX, AppointmentRequested, AppointmentSaid, AppointmentSlot, AppointmentState,
    AppointmentStatus, AppointmentWith, AppointmentWord,
};
pub use blob::{BLOB_BYTES_MAX, BLOB_PART_BYTES_MAX, BlobState, TUS_PART, TUS_VERSION};
pub use bundle::{BUNDLE_BYTES_MAX, Bundle, BundleAnswer, BundleError, SignedBundle};
pub use care::{
    CARE_LIST_MAX, CareAnswer, CareCheck, CareDanger, CareDocument, CareKeyMade, CareNeed, CareNotice,
    CareNudged, CareRecord, CareReported, CareSaid, CareState, Danger, DayPart, Dose, Letter, Medicine,
    Reading, SEVERITY_MAX, STROKE_POINTS_MAX, Said, Since, Slot, SlotKind, Strokes, Symptom, SymptomReport,
    ToCell, ToClinic, Urgency, Visit,
};
pub use cell::{
    CardDigest, Direction, Facility, FacilityKind, IdentityCheck, Member, Movement, OFFICERS_MAX, Officer,
    OfficerRole, OneLeft, Out, OutReason, PinVerifier, ROSTER_MAX, SCHEDULE_MAX, ScheduleEntry, ScheduleKind,
    Terminal,
};
pub use complaint::{
    About, AnswerFigures, COMPLAINT_WORDS_MAX, Complaint, ComplaintCount, ComplaintSealed, ComplaintStatus,
    FIGURES_COUNT_MIN, FigureKind, FigureLine, Mark, Matter, OFFICE_WORDS_MAX, OfficeAnswer,
    OfficeAnswerError, OfficeCount, OfficeStage, OfficeWord, RECEIPT_CODE_LEN, ReceiptCode, ToOffice, Topic,
};
pub use content::{ChainError, KeyChain, KeyStatement, STATEMENTS_MAX};
pub use custody::{Custody, DayCount, Finding, InCustody, Place, Seen, SeenDevice, SeenHead};
pub use device::{DeviceHealth, DeviceTrouble, DeviceTroubled, LaneState};
pub use digest::{Digest, HexBytes, HexError};
pub use document::{
    DOCUMENT_ANSWERS_MAX, DOCUMENT_PARAGRAPHS_MAX, DOCUMENT_VERSION_MAX, DOCUMENTS_EACH_MAX, Document,
    DocumentAnswer, DocumentDeclined, DocumentKind, DocumentSigned, Print,
};
pub use duty::{
    DutyAnswer, DutyAnswered, DutyConfirmed, DutyGap, DutyHandedOver, DutyOfficerChecked, DutySignedOn,
    DutySwapAsked, DutyUnwell, GapKind, ROTA_DAYS_MAX, Rota, SHIFT_PEOPLE_MAX, SHIFTS_MAX, Shift, Steward,
    Swap, Turn,
};
pub use envelope::{BLOBS_MAX, BODY_BYTES_MAX, Blob, Envelope, EnvelopeError, Lane};
pub use face::{EnrolmentPolicy, FacePolicy, Gates};
pub use feed::{Collection, FEED_ITEMS_MAX, FeedItem, FeedOp, FeedPage, LaneHead, Update, UpdateError};
pub use ids::{
    BatchId, BootId, BundleId, CallId, DetaineeId, DeviceId, EventId, OfficerId, ShiftId, TerminalId,
};
pub use keys::{KeyError, PublicKey, Signed, SignedError, SigningKey};
pub use media::{MEDIA_BYTES_MAX, MEDIA_MAX, MEDIA_PART_BYTES_MAX, MediaItem};
pub use money::{
    ACCOUNT_LIST_MAX, Account, Bought, Diet, DisputeReason, FamilyStatement, Fen, FreezeObjected, Frozen,
    LineDisputed, LineKind, Objection, ObjectionAnswer, Owed, STATEMENT_PAGE_LINES, SpendingLimit,
    StatementLine, StatementPage, statement_code,
};
pub use office::{
    Arrangement, CareEntry, CareList, CarePerson, CareTerminal, ComplaintEntry, ComplaintList,
    ComplaintTerminal, Office, OfficeKeys, OfficeSession, OfficeSignIn, OwnLetter, PostedLetter,
    PostedNotice, PostedWord,
};
pub use openapi::openapi;
pub use policy::{
    AlarmPolicy, AppointmentPolicy, CarePolicy, ComplaintPolicy, DutyPolicy, Policy, RollCallPolicy,
    SessionPolicy, ShopPolicy,
};
pub use post::Post;
pub use proof::{PROOF_MS_MAX, ProofDoubt, ProofError, Proven, TerminalProof};
pub use public_notice::{NOTICE_PARAGRAPHS_MAX, NoticeTopic, PUBLIC_NOTICES_MAX, PublicNotice};
pub use request::{CallMade, ITEM_KINDS, ItemKind, ItemRequested, RequestState, RequestStatus};
pub use roll_call::{
    CheckReason, ExtraPerson, How, Line, LinePlace, Outcome, Phase, RollCallProgress, RollCallResult,
    RollCallSupplement, RollCallTask, Total,
};
pub use sealed::{SEAL_RECIPIENTS_MAX, SEALED_BYTES_MAX, SealKey, SealRecipient, Sealed, SealedError};
pub use session::{ErasureCause, PinIssued, TemplateErased, TemplateMade};
pub use settings::{PolicyFault, Range, SETTINGS, Setting, Source, Unit};
pub use shop::{
    CATALOGUE_MAX, CatalogueItem, Goods, ORDER_COUNT_MAX, ORDER_LINES_MAX, OrderCancelled, OrderCheck,
    OrderLine, OrderLineStatus, OrderPlaced, OrderReceived, OrderRefused, OrderState, OrderStatus, OrderStep,
    PRICE_MAX, PeriodMax, ReceivedLine, Shelf,
};
pub use text::Text;
pub use time::{Stamp, Trust};
pub use wire::{
    Batch, BatchReply, EVENTS_MAX, EnrolReply, EnrolRequest, Flow, PROTOCOL_VERSION, Problem, RenewRequest,
    Verdict, VerdictFor, WAIT_S_MAX,
};

use serde::{Deserialize, Serialize};

/// A fact of the cell. Closed: the compiler names every place that must know a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Event {
    AlarmRaised(AlarmRaised),
    CameraStateChanged(CameraStateChanged),
    RollCallResult(RollCallResult),
    RollCallSupplement(RollCallSupplement),
    RollCallProgress(RollCallProgress),
    Movement(Movement),
    OneLeft(OneLeft),
    PinIssued(PinIssued),
    TemplateMade(TemplateMade),
    TemplateErased(TemplateErased),
    DeviceTroubled(DeviceTroubled),
    DeviceHealth(DeviceHealth),
    PanicRaised(PanicRaised),
    PanicFine(PanicFine),
    PanicAttended(PanicAttended),
    CaseChanged(CaseChanged),
    CallMade(CallMade),
    ItemRequested(ItemRequested),
    DutySignedOn(DutySignedOn),
    DutyConfirmed(DutyConfirmed),
    DutyHandedOver(DutyHandedOver),
    DutySwapAsked(DutySwapAsked),
    DutyUnwell(DutyUnwell),
    DutyGap(DutyGap),
    DutyOfficerChecked(DutyOfficerChecked),
    CareReported(CareReported),
    CareSaid(CareSaid),
    CareNudged(CareNudged),
    CareDanger(CareDanger),
    CareKeyMade(CareKeyMade),
    OrderPlaced(OrderPlaced),
    OrderCancelled(OrderCancelled),
    OrderReceived(OrderReceived),
    LineDisputed(LineDisputed),
    FreezeObjected(FreezeObjected),
    ComplaintSealed(ComplaintSealed),
    ComplaintCount(ComplaintCount),
    AppointmentRequested(AppointmentRequested),
    AppointmentSaid(AppointmentSaid),
    DocumentSigned(DocumentSigned),
    DocumentDeclined(DocumentDeclined),
}

/// Every event's name on the wire with its version, and the lane it travels in.
pub const KINDS: [(&str, Lane); 41] = [
    ("alarm.raised/1", Lane::Alarm),
    ("alarm.camera/1", Lane::Alarm),
    ("roll_call.result/1", Lane::RollCall),
    ("roll_call.supplement/1", Lane::RollCall),
    ("roll_call.progress/1", Lane::Progress),
    ("cell.movement/1", Lane::RollCall),
    ("cell.one_left/1", Lane::RollCall),
    ("session.pin_issued/1", Lane::Order),
    ("session.template_made/1", Lane::Order),
    ("session.template_erased/1", Lane::Order),
    ("device.trouble/1", Lane::Alarm),
    ("device.health/1", Lane::Progress),
    ("panic.raised/1", Lane::Panic),
    ("panic.fine/1", Lane::Panic),
    ("panic.attended/1", Lane::Panic),
    ("device.case/1", Lane::Alarm),
    ("request.call/1", Lane::Alarm),
    ("request.item/1", Lane::Order),
    ("duty.sign_on/1", Lane::RollCall),
    ("duty.confirm/1", Lane::RollCall),
    ("duty.handover/1", Lane::RollCall),
    ("duty.swap/1", Lane::RollCall),
    ("duty.unwell/1", Lane::Alarm),
    ("duty.gap/1", Lane::Alarm),
    ("duty.officer_check/1", Lane::RollCall),
    ("care.report/1", Lane::Care),
    ("care.said/1", Lane::Care),
    ("care.nudge/1", Lane::Care),
    ("care.danger/1", Lane::Alarm),
    ("care.key/1", Lane::Care),
    ("shop.order/1", Lane::Order),
    ("shop.cancel/1", Lane::Order),
    ("shop.received/1", Lane::Order),
    ("shop.dispute/1", Lane::Order),
    ("shop.freeze_objected/1", Lane::Order),
    ("complaint.sealed/1", Lane::Complaint),
    ("complaint.count/1", Lane::Complaint),
    ("appointment.request/1", Lane::Order),
    ("appointment.said/1", Lane::Order),
    ("document.signed/1", Lane::Order),
    ("document.declined/1", Lane::Order),
];

impl Event {
    /// The name on the wire, `service.fact/version`.
    pub fn kind(&self) -> &'static str {
        self.place().0
    }

    /// The lane it travels in.
    pub fn lane(&self) -> Lane {
        self.place().1
    }

    fn place(&self) -> (&'static str, Lane) {
        KINDS[match self {
            Self::AlarmRaised(_) => 0,
            Self::CameraStateChanged(_) => 1,
            Self::RollCallResult(_) => 2,
            Self::RollCallSupplement(_) => 3,
            Self::RollCallProgress(_) => 4,
            Self::Movement(_) => 5,
            Self::OneLeft(_) => 6,
            Self::PinIssued(_) => 7,
            Self::TemplateMade(_) => 8,
            Self::TemplateErased(_) => 9,
            Self::DeviceTroubled(_) => 10,
            Self::DeviceHealth(_) => 11,
            Self::PanicRaised(_) => 12,
            Self::PanicFine(_) => 13,
            Self::PanicAttended(_) => 14,
            Self::CaseChanged(_) => 15,
            Self::CallMade(_) => 16,
            Self::ItemRequested(_) => 17,
            Self::DutySignedOn(_) => 18,
            Self::DutyConfirmed(_) => 19,
            Self::DutyHandedOver(_) => 20,
            Self::DutySwapAsked(_) => 21,
            Self::DutyUnwell(_) => 22,
            Self::DutyGap(_) => 23,
            Self::DutyOfficerChecked(_) => 24,
            Self::CareReported(_) => 25,
            Self::CareSaid(_) => 26,
            Self::CareNudged(_) => 27,
            Self::CareDanger(_) => 28,
            Self::CareKeyMade(_) => 29,
            Self::OrderPlaced(_) => 30,
            Self::OrderCancelled(_) => 31,
            Self::OrderReceived(_) => 32,
            Self::LineDisputed(_) => 33,
            Self::FreezeObjected(_) => 34,
            Self::ComplaintSealed(_) => 35,
            Self::ComplaintCount(_) => 36,
            Self::AppointmentRequested(_) => 37,
            Self::AppointmentSaid(_) => 38,
            Self::DocumentSigned(_) => 39,
            Self::DocumentDeclined(_) => 40,
        }]
    }

    /// The bytes that are stored, hashed and sent unchanged.
    ///
    /// # Errors
    /// Only when a number is not finite.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a body by its kind.
    ///
    /// # Errors
    /// An unknown kind, or a body that is not of that kind.
    pub fn decode(kind: &str, body: &str) -> Result<Self, EnvelopeError> {
        let wrong = |source| EnvelopeError::Body { kind: kind.to_owned(), source };
        Ok(match kind {
            "alarm.raised/1" => Self::AlarmRaised(serde_json::from_str(body).map_err(wrong)?),
            "alarm.camera/1" => Self::CameraStateChanged(serde_json::from_str(body).map_err(wrong)?),
            "roll_call.result/1" => Self::RollCallResult(serde_json::from_str(body).map_err(wrong)?),
            "roll_call.supplement/1" => Self::RollCallSupplement(serde_json::from_str(body).map_err(wrong)?),
            "roll_call.progress/1" => Self::RollCallProgress(serde_json::from_str(body).map_err(wrong)?),
            "cell.movement/1" => Self::Movement(serde_json::from_str(body).map_err(wrong)?),
            "cell.one_left/1" => Self::OneLeft(serde_json::from_str(body).map_err(wrong)?),
            "session.pin_issued/1" => Self::PinIssued(serde_json::from_str(body).map_err(wrong)?),
            "session.template_made/1" => Self::TemplateMade(serde_json::from_str(body).map_err(wrong)?),
            "session.template_erased/1" => Self::TemplateErased(serde_json::from_str(body).map_err(wrong)?),
            "device.trouble/1" => Self::DeviceTroubled(serde_json::from_str(body).map_err(wrong)?),
            "device.health/1" => Self::DeviceHealth(serde_json::from_str(body).map_err(wrong)?),
            "panic.raised/1" => Self::PanicRaised(serde_json::from_str(body).map_err(wrong)?),
            "panic.fine/1" => Self::PanicFine(serde_json::from_str(body).map_err(wrong)?),
            "panic.attended/1" => Self::PanicAttended(serde_json::from_str(body).map_err(wrong)?),
            "device.case/1" => Self::CaseChanged(serde_json::from_str(body).map_err(wrong)?),
            "request.call/1" => Self::CallMade(serde_json::from_str(body).map_err(wrong)?),
            "request.item/1" => Self::ItemRequested(serde_json::from_str(body).map_err(wrong)?),
            "duty.sign_on/1" => Self::DutySignedOn(serde_json::from_str(body).map_err(wrong)?),
            "duty.confirm/1" => Self::DutyConfirmed(serde_json::from_str(body).map_err(wrong)?),
            "duty.handover/1" => Self::DutyHandedOver(serde_json::from_str(body).map_err(wrong)?),
            "duty.swap/1" => Self::DutySwapAsked(serde_json::from_str(body).map_err(wrong)?),
            "duty.unwell/1" => Self::DutyUnwell(serde_json::from_str(body).map_err(wrong)?),
            "duty.gap/1" => Self::DutyGap(serde_json::from_str(body).map_err(wrong)?),
            "duty.officer_check/1" => Self::DutyOfficerChecked(serde_json::from_str(body).map_err(wrong)?),
            "care.report/1" => Self::CareReported(serde_json::from_str(body).map_err(wrong)?),
            "care.said/1" => Self::CareSaid(serde_json::from_str(body).map_err(wrong)?),
            "care.nudge/1" => Self::CareNudged(serde_json::from_str(body).map_err(wrong)?),
            "care.danger/1" => Self::CareDanger(serde_json::from_str(body).map_err(wrong)?),
            "care.key/1" => Self::CareKeyMade(serde_json::from_str(body).map_err(wrong)?),
            "shop.order/1" => Self::OrderPlaced(serde_json::from_str(body).map_err(wrong)?),
            "shop.cancel/1" => Self::OrderCancelled(serde_json::from_str(body).map_err(wrong)?),
            "shop.received/1" => Self::OrderReceived(serde_json::from_str(body).map_err(wrong)?),
            "shop.dispute/1" => Self::LineDisputed(serde_json::from_str(body).map_err(wrong)?),
            "shop.freeze_objected/1" => Self::FreezeObjected(serde_json::from_str(body).map_err(wrong)?),
            "complaint.sealed/1" => Self::ComplaintSealed(serde_json::from_str(body).map_err(wrong)?),
            "complaint.count/1" => Self::ComplaintCount(serde_json::from_str(body).map_err(wrong)?),
            "appointment.request/1" => Self::AppointmentRequested(serde_json::from_str(body).map_err(wrong)?),
            "appointment.said/1" => Self::AppointmentSaid(serde_json::from_str(body).map_err(wrong)?),
            "document.signed/1" => Self::DocumentSigned(serde_json::from_str(body).map_err(wrong)?),
            "document.declined/1" => Self::DocumentDeclined(serde_json::from_str(body).map_err(wrong)?),
            unknown => return Err(EnvelopeError::Kind { kind: unknown.to_owned() }),
        })
    }
}
