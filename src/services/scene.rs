// SPDX-License-Identifier: GPL-3.0-only
//! What the terminal shows, as plain data: where the screen is ([`Place`]), what the services say, what a touch means
//! ([`Touch`]). The kiosk's loop makes a [`Scene`]; each service's `screen.rs` puts its part into its page.

mod care_pages;
mod complaint_pages;
mod document_pages;
mod notice_pages;
mod shop_pages;

pub use care_pages::{CarePage, CareTouch};
pub use complaint_pages::{ComplaintPage, ComplaintTouch, Held, Wish};
pub use document_pages::{DocumentPage, DocumentTouch};
pub use notice_pages::{NoticePage, NoticeTouch};
pub use shop_pages::{ShopPage, ShopTouch, Wrong};

use crate::{
    Refusal, alarm, care, cell, complaint, device, document, duty, public_notice, request, roll_call,
    session, shop,
};
use contract::{
    AlarmPolicy, CameraState, DetaineeId, DutyAnswer, EventId, IdentityCheck, ItemKind, OfficerId, OutReason,
    ReceivedLine, RollCallTask, Shelf, Stamp, Turn,
};

/// Everything on the screen at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub now: Stamp,
    pub place: Place,
    pub link: Link,
    pub cell: cell::View,
    /// The running or last roll call; whole names only while an officer is at the screen.
    pub roll_call: Option<roll_call::View>,
    pub next_task: Option<RollCallTask>,
    pub who: session::Who,
    pub officers: Vec<session::OfficerLine>,
    /// The cell's people, for pages that ask who.
    pub people: Vec<PersonLine>,
    /// Only of the person whose session it is.
    pub record: Option<session::Record>,
    pub alarm: Option<alarm::Status>,
    /// What the cell asked for.
    pub requests: request::View,
    /// What the alarm's control does, by policy.
    pub alarm_policy: AlarmPolicy,
    pub eye: Eye,
    /// Only while the terminal's own page is shown.
    pub device: Option<device::View>,
    /// Whole names only while an officer is at the screen.
    pub duty: duty::View,
    /// Only while a page of care is shown, and a person's own only to them.
    pub care: care::View,
    /// Who waits for the shop; the rest only while its pages are shown, and a person's own only to them.
    pub shop: shop::View,
    /// Whoever is claimed or known was also known by their face.
    pub by_face: bool,
    /// Seconds of a turn at the shop that are left, while others wait.
    pub turn_left_s: Option<u32>,
    /// Only while a page of complaints is shown.
    pub complaint: complaint::View,
    /// How many documents wait for whoever is known; their own only while those pages are shown.
    pub documents: document::View,
    /// What is posted for everybody; read whole only while those pages are shown.
    pub notices: public_notice::View,
    /// Why the last touch was not carried out.
    pub refusal: Option<Refusal>,
    /// The disk failed; nothing of the last touch was kept.
    pub fault: bool,
    pub flash: Option<Flash>,
    /// Nobody has touched a person's page for a while.
    pub idle: Idle,
    /// Nothing may sound: the quiet hours of policy.
    pub quiet: bool,
}

/// A person as pages that ask "who" show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    pub id: DetaineeId,
    /// Masked unless an officer is at the screen.
    pub name: String,
    pub initial: String,
    pub badge_number: String,
    pub out: Option<contract::Out>,
    pub enrolled: bool,
    pub has_pin: bool,
}

/// The network, in the words the screen has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Online,
    /// Everything is kept here and sent later.
    Offline,
    /// Not enrolled at a platform yet.
    NotEnrolled,
    /// The platform refuses this terminal.
    Refused,
}

/// What the camera does right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eye {
    pub camera: CameraState,
    /// The face models are installed and sound.
    pub models: bool,
    pub guide: Option<Guide>,
}

/// What the person before the camera is asked for, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guide {
    /// 请看这里.
    ComeBefore,
    Closer,
    Back,
    ToTheMiddle,
    OneAtATime,
    MoreLight,
    LessLight,
    HoldStill,
    LookHere,
    HeadUpright,
    /// 请摘下口罩、帽子.
    Uncover,
    /// Good; keep still.
    Holding,
    TurnLeft,
    TurnRight,
    LookUp,
    LookAhead,
    /// This try did not match; one more.
    TryAgain,
}

/// Shown for a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flash {
    /// Seen and counted: the masked name.
    Seen { name: String },
    /// Left to the officer.
    ForOfficer { name: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    Touched,
    /// The page shows nothing until touched.
    Blurred,
    /// Asked whether somebody is still there; the page clears in so many seconds.
    Asked {
        clears_in_s: u32,
    },
}

/// Where the screen is. Kept in memory: a restart begins at Home, or at the roll call that runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Home,
    RollCall(RollCallPage),
    /// Card, PIN, or the officer's menu: what `who` says.
    Officer,
    /// An officer without a card says who they are.
    OfficerChoose,
    Review(ReviewPage),
    Movement(MovementPage),
    Enrol(EnrolPage),
    PinIssue(PinIssuePage),
    MyRecord(RecordPage),
    /// How the terminal is doing.
    Device,
    /// 申领报修.
    Requests,
    Duty(DutyPage),
    Care(CarePage),
    Shop(ShopPage),
    /// Somebody shows who they are, on their way to what belongs to them.
    Prove(ProvePage),
    /// 投诉与约见.
    Complaint(ComplaintPage),
    /// 签名捺印.
    Document(DocumentPage),
    /// 公示.
    Notices(NoticePage),
}

/// The face, then the PIN; the PIN alone where there is no camera, no template, no match, or the person chose so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvePage {
    pub detainee: DetaineeId,
    pub way: Way,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// After so many tries that did not match.
    Face {
        tries: u8,
    },
    Pin,
}

/// Where to, once it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// To the goods.
    Shop,
    /// To the own account.
    Account,
    /// To the own documents.
    Documents,
    /// The order from this shelf's cart is placed; the PIN once more.
    Order(Shelf),
    Kit,
    Receive {
        order: EventId,
        lines: Vec<ReceivedLine>,
    },
    /// To what is stored about the face.
    Record,
    /// To the own reports and what the clinic answered.
    Care,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollCallPage {
    /// Whatever the phase is.
    Follow,
    /// Who enters a PIN in any order, or taps their tile, says first who they are.
    ChooseSelf,
    Pin(DetaineeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPage {
    Table,
    Present(DetaineeId),
    NotSeen(DetaineeId),
    Extra,
    Recount,
    ReadBack,
    Receipt,
    Late,
    LateReason(DetaineeId),
}

/// A movement on its way through the questions; `reason` is none on a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementPage {
    People,
    Reason(DetaineeId),
    Check { detainee: DetaineeId, reason: Option<OutReason> },
    Mirror { detainee: DetaineeId, reason: Option<OutReason> },
    Pin { detainee: DetaineeId, reason: Option<OutReason> },
    ReadBack { detainee: DetaineeId, reason: Option<OutReason>, checked: IdentityCheck },
    Done { detainee: DetaineeId, reason: Option<OutReason> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolPage {
    People,
    Consent(DetaineeId),
    /// `view`: 1 front, 2 left, 3 right.
    Mirror {
        detainee: DetaineeId,
        view: u8,
    },
    Done(DetaineeId),
    Refused {
        detainee: DetaineeId,
        why: EnrolRefusal,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolRefusal {
    /// Too like somebody else of the cell: other ways are used for this person.
    TooAlike,
    /// The three pictures do not agree.
    NotOnePerson,
    TookTooLong,
    NoCamera,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinIssuePage {
    People,
    First(DetaineeId),
    Again(DetaineeId, crate::pin::Pin),
    /// The two were not the same.
    Differed(DetaineeId),
    /// The quiet PIN follows.
    Quiet(DetaineeId, crate::pin::Pin),
    QuietAgain {
        detainee: DetaineeId,
        pin: crate::pin::Pin,
        quiet: crate::pin::Pin,
    },
    QuietDiffered(DetaineeId, crate::pin::Pin),
    Done(DetaineeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordPage {
    People,
    List,
}

/// Duty: what anyone may look at, what somebody does after having shown who they are, and what an officer answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyPage {
    Today,
    MineWho,
    Mine(DetaineeId),
    Week,
    /// How the turn was, before it is handed over.
    Remark(DetaineeId),
    Face {
        detainee: DetaineeId,
        deed: duty::Deed,
    },
    Pin {
        detainee: DetaineeId,
        deed: duty::Deed,
    },
    /// Why the officer looked himself.
    Reason {
        detainee: DetaineeId,
        deed: duty::Deed,
    },
    UnwellWho,
    SwapWho,
    SwapOwn(DetaineeId),
    SwapOther {
        first: DetaineeId,
        first_turn: Turn,
    },
    Done {
        name: String,
        what: DutyDone,
    },
    /// What waits for an officer.
    Matters,
    Matter(EventId),
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DutyDone {
    SignedOn,
    Confirmed,
    HandedOver,
    SwapAsked,
    Called,
}

/// The officer's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    Begin,
    OpenNow,
    Review,
    Movement,
    Enrol,
    PinIssue,
    Device,
    /// 民警已到场: the officer came for the alarm.
    Attended,
    Duty,
}

impl Menu {
    pub const ALL: [Self; 9] = [
        Self::Attended,
        Self::Begin,
        Self::OpenNow,
        Self::Review,
        Self::Movement,
        Self::Enrol,
        Self::PinIssue,
        Self::Device,
        Self::Duty,
    ];

    /// The id of its button.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::OpenNow => "open-now",
            Self::Review => "review",
            Self::Movement => "movement",
            Self::Enrol => "enrol",
            Self::PinIssue => "pin-issue",
            Self::Device => "device",
            Self::Attended => "attended",
            Self::Duty => "duty",
        }
    }
}

/// What a finger did. What it means depends on the place.
#[derive(Debug, Clone, PartialEq)]
pub enum Touch {
    /// Anywhere: somebody is there.
    Any,
    Stay,
    FaultSeen,
    /// The alarm was held: its process has it already, this ends whatever a person had on the screen.
    AlarmRaised,
    /// 报告.
    Report,
    /// 申领报修 is opened.
    Requests,
    Item(ItemKind),
    MyRecord,
    RollCall,
    Officer,
    UsePin,
    UseOfficer,
    UseFace,
    Person(DetaineeId),
    /// Digits as entered.
    Pin(zeroize::Zeroizing<String>),
    Finished,
    LostCard,
    OfficerChosen(OfficerId),
    Menu(Menu),
    Here(DetaineeId),
    NotHere(DetaineeId),
    /// One of the offered reasons, by its id; see each page's list.
    Reason(String),
    ReasonTyped(String),
    Recount,
    ExtraFound,
    /// The extra person at this place of the list was noted by mistake.
    ExtraRemoved(usize),
    Sign,
    LateWanted,
    Check(IdentityCheck),
    Confirmed,
    Another,
    Agreed,
    TryAgain,
    Erase,
    Hide,
    Show,
    Back,
    Leave,
    Duty(DutyTouch),
    Care(CareTouch),
    Shop(ShopTouch),
    Complaint(ComplaintTouch),
    Document(DocumentTouch),
    Notice(NoticeTouch),
}

/// A finger on the pages of duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyTouch {
    Open,
    Mine,
    Week,
    Swap,
    Unwell,
    /// Somebody's turn, to be swapped.
    Turn {
        turn: Turn,
        detainee: DetaineeId,
    },
    Matter(EventId),
    Answer(DutyAnswer),
}

/// Whether something may be touched: a refusal is known before the touch.
impl Scene {
    /// Which entries the officer's menu offers now.
    pub fn menu(&self) -> impl Iterator<Item = Menu> + '_ {
        use contract::Phase;
        let phase = self.roll_call.as_ref().map(|call| call.phase);
        Menu::ALL.into_iter().filter(move |entry| match entry {
            Menu::Begin => matches!(phase, None | Some(Phase::Confirmed | Phase::Delivered)),
            Menu::OpenNow => phase == Some(Phase::Announced),
            Menu::Review => !matches!(phase, None | Some(Phase::Announced)),
            Menu::Attended => self.alarm.as_ref().is_some_and(alarm::Status::waits_for_an_officer),
            Menu::Movement | Menu::PinIssue | Menu::Device | Menu::Duty => true,
            Menu::Enrol => self.eye.models,
        })
    }
}
