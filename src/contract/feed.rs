// SPDX-License-Identifier: GPL-3.0-only
//! The platform's truth on its way down: items with a rising revision, in signed pages that follow one another.

use crate::{
    Account, AnswerFigures, AppointmentStatus, CareNotice, CatalogueItem, ComplaintStatus, DetaineeId,
    DeviceId, Digest, Document, DutyAnswered, EventId, Facility, Lane, MediaItem, Member, Officer, OfficerId,
    OrderStatus, Policy, PublicNotice, RequestStatus, RollCallTask, Rota, ScheduleEntry, Sealed, Signed,
    StatementPage, Terminal,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most items in one page.
pub const FEED_ITEMS_MAX: usize = 500;
/// Largest body of one item, in bytes.
const ITEM_BYTES_MAX: usize = 64 * 1024;

/// What an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    Facility,
    Terminal,
    Member,
    Officer,
    Schedule,
    RollCallTask,
    Policy,
    Request,
    Media,
    Rota,
    DutyAnswer,
    /// The keys of an office.
    Office,
    /// A letter of the clinic to somebody of the cell.
    Care,
    CareNotice,
    /// The shop's catalogue, by 货号.
    Catalogue,
    /// The account of somebody of the cell.
    Account,
    /// A part of their statement.
    Statement,
    /// Where an order stands.
    Order,
    /// What an office said to a complaint; its key is the event.
    Complaint,
    /// Where a request to see somebody stands; its key is the event.
    Appointment,
    /// How long answers take here. One item.
    AnswerFigures,
    /// A document somebody of the cell is asked to sign; its key is [`Document::key`].
    Document,
    /// 公示, for everybody to read; its key is the notice's id.
    PublicNotice,
}

impl Collection {
    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Terminal => "terminal",
            Self::Member => "member",
            Self::Officer => "officer",
            Self::Schedule => "schedule",
            Self::RollCallTask => "roll_call_task",
            Self::Policy => "policy",
            Self::Request => "request",
            Self::Media => "media",
            Self::Rota => "rota",
            Self::DutyAnswer => "duty_answer",
            Self::Office => "office",
            Self::Care => "care",
            Self::CareNotice => "care_notice",
            Self::Catalogue => "catalogue",
            Self::Account => "account",
            Self::Statement => "statement",
            Self::Order => "order",
            Self::Complaint => "complaint",
            Self::Appointment => "appointment",
            Self::AnswerFigures => "answer_figures",
            Self::Document => "document",
            Self::PublicNotice => "public_notice",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedOp {
    Put,
    Del,
}

/// One piece of truth. A lower `rev` than the one held is ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedItem {
    pub cursor: u64,
    /// A name of [`Collection`], as text: an unknown one is set aside, not an error of the page.
    pub collection: String,
    pub key: String,
    pub rev: u64,
    pub op: FeedOp,
    #[serde(default)]
    pub body: serde_json::Value,
}

/// Items after `from` up to `to`, signed by the content key for the purpose `"feed"`. `GET /v1/feed?since=&wait=`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedPage {
    pub device: DeviceId,
    pub from: u64,
    pub to: u64,
    /// The digest of the page before; zero for the first. A page of another cell or day does not fit.
    pub prev: Digest,
    pub items: Vec<FeedItem>,
    pub server_ms: i64,
    /// Nothing more waits after this page: whatever a reading from the beginning has not named by now is no more.
    #[serde(default)]
    pub end: bool,
    /// How far the platform holds each lane of this terminal, where it was asked without waiting: after a loss. A lane
    /// that is not named is held not at all. A platform restored from a backup shows less here than it acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<Vec<LaneHead>>,
    /// What the newest content key is called, where the page was asked for without waiting. A terminal that does not know
    /// it asks for the statements that lead there, before the platform signs with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_key: Option<Digest>,
}

/// How far the platform holds a lane of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneHead {
    pub epoch: u32,
    pub lane: Lane,
    /// The highest number of a gap-free run.
    pub acked_seq: u64,
}

/// An item understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    Facility(Facility),
    Terminal(Terminal),
    Member(Member),
    MemberGone(DetaineeId),
    Officer(Officer),
    OfficerGone(OfficerId),
    Schedule {
        key: String,
        entry: Option<ScheduleEntry>,
    },
    RollCallTask(RollCallTask),
    Policy(Box<Policy>),
    Request(RequestStatus),
    RequestGone(EventId),
    Media {
        key: String,
        item: Option<MediaItem>,
    },
    Rota {
        key: String,
        rota: Option<Rota>,
    },
    DutyAnswer(DutyAnswered),
    Office(Signed),
    Care {
        letter: Uuid,
        sealed: Option<Sealed>,
    },
    CareNotice {
        notice: Uuid,
        body: Option<CareNotice>,
    },
    Catalogue {
        sku: String,
        item: Option<CatalogueItem>,
    },
    Account {
        detainee: DetaineeId,
        account: Option<Box<Account>>,
    },
    /// `first` is the number of its first line.
    Statement {
        detainee: DetaineeId,
        first: u64,
        page: Option<StatementPage>,
    },
    Order {
        order: EventId,
        status: Option<OrderStatus>,
    },
    Complaint {
        event: EventId,
        status: Option<ComplaintStatus>,
    },
    Appointment(AppointmentStatus),
    AppointmentGone(EventId),
    AnswerFigures(Option<AnswerFigures>),
    Document {
        document: Uuid,
        version: u32,
        body: Option<Box<Document>>,
    },
    PublicNotice {
        notice: Uuid,
        body: Option<PublicNotice>,
    },
}

/// Why an item is set aside. It is kept as it came, and the rest of its page counts.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    #[error("understand the collection of a feed item")]
    Collection,
    #[error("read the key of a {0} item")]
    Key(&'static str),
    #[error("read the body of a {collection} item")]
    Body { collection: &'static str, source: serde_json::Error },
    #[error("take a {collection} item, {what}")]
    Limit { collection: &'static str, what: &'static str },
    #[error("delete a {0} item, which cannot be deleted")]
    Delete(&'static str),
}

impl Update {
    /// Understands one item.
    ///
    /// # Errors
    /// See [`UpdateError`]; the caller sets the item aside and goes on.
    pub fn decode(item: &FeedItem) -> Result<Self, UpdateError> {
        let collection: Collection =
            serde_json::from_value(item.collection.clone().into()).map_err(|_| UpdateError::Collection)?;
        let name = collection.name();
        if item.key.len() > 64 {
            return Err(UpdateError::Key(name));
        }
        let gone = item.op == FeedOp::Del;
        let fixed =
            |update: Result<Self, UpdateError>| if gone { Err(UpdateError::Delete(name)) } else { update };
        match collection {
            Collection::Facility => fixed(body(item, name).map(Self::Facility)),
            Collection::Terminal => fixed(body(item, name).map(Self::Terminal)),
            Collection::Policy => fixed(body(item, name).map(Self::Policy)),
            Collection::RollCallTask => fixed(body(item, name).map(Self::RollCallTask)),
            Collection::Media if gone => Ok(Self::Media { key: item.key.clone(), item: None }),
            Collection::Media => {
                body(item, name).map(|media| Self::Media { key: item.key.clone(), item: Some(media) })
            }
            Collection::DutyAnswer => fixed(body(item, name).map(Self::DutyAnswer)),
            Collection::Office => fixed(body(item, name).map(Self::Office)),
            Collection::Care => {
                let letter = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                Ok(Self::Care { letter, sealed: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::CareNotice => {
                let notice = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                Ok(Self::CareNotice { notice, body: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::Catalogue => {
                let sku = item.key.clone();
                Ok(Self::Catalogue { sku, item: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::Account => {
                let detainee = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                let account = if gone { None } else { Some(body(item, name)?) };
                Ok(Self::Account { detainee, account })
            }
            Collection::Statement => {
                let (detainee, first) = StatementPage::read_key(&item.key).ok_or(UpdateError::Key(name))?;
                let page = if gone { None } else { Some(body(item, name)?) };
                Ok(Self::Statement { detainee, first, page })
            }
            Collection::Order => {
                let order = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                Ok(Self::Order { order, status: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::Complaint => {
                let event = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                Ok(Self::Complaint { event, status: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::Appointment if gone => {
                item.key.parse().map(Self::AppointmentGone).map_err(|_| UpdateError::Key(name))
            }
            Collection::Appointment => body(item, name).map(Self::Appointment),
            Collection::AnswerFigures => {
                Ok(Self::AnswerFigures(if gone { None } else { Some(body(item, name)?) }))
            }
            Collection::Document => {
                let (document, version) = Document::read_key(&item.key).ok_or(UpdateError::Key(name))?;
                Ok(Self::Document {
                    document,
                    version,
                    body: if gone { None } else { Some(body(item, name)?) },
                })
            }
            Collection::PublicNotice => {
                let notice = item.key.parse().map_err(|_| UpdateError::Key(name))?;
                Ok(Self::PublicNotice { notice, body: if gone { None } else { Some(body(item, name)?) } })
            }
            Collection::Rota => {
                let rota = if gone { None } else { Some(body(item, name)?) };
                Ok(Self::Rota { key: item.key.clone(), rota })
            }
            Collection::Member if gone => {
                item.key.parse().map(Self::MemberGone).map_err(|_| UpdateError::Key(name))
            }
            Collection::Member => body(item, name).map(Self::Member),
            Collection::Officer if gone => {
                item.key.parse().map(Self::OfficerGone).map_err(|_| UpdateError::Key(name))
            }
            Collection::Officer => body(item, name).map(Self::Officer),
            Collection::Request if gone => {
                item.key.parse().map(Self::RequestGone).map_err(|_| UpdateError::Key(name))
            }
            Collection::Request => body(item, name).map(Self::Request),
            Collection::Schedule => {
                let entry = if gone { None } else { Some(body(item, name)?) };
                Ok(Self::Schedule { key: item.key.clone(), entry })
            }
        }
    }
}

fn body<T: DeserializeOwned>(item: &FeedItem, collection: &'static str) -> Result<T, UpdateError> {
    let text = item.body.to_string();
    if text.len() > ITEM_BYTES_MAX {
        return Err(UpdateError::Limit { collection, what: "its body is too large" });
    }
    serde_json::from_str(&text).map_err(|source| UpdateError::Body { collection, source })
}
