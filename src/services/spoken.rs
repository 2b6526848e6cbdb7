// SPDX-License-Identifier: GPL-3.0-only
//! What is said aloud: to the whole cell when something new happens ([`Moment::news_since`]), and to whoever presses
//! the button that reads a page ([`read`]). Nobody's name is said; numbers are what tiles show to everybody.

use crate::scene::{Flash, Place, Scene};
use crate::screen::Phrases;
use crate::{care, complaint, document, duty, public_notice, shop};
use contract::{CallId, DetaineeId, Phase};
use i18n::Catalogue;

/// A sentence or a few, and the id of their text, by which a recording is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    pub id: &'static str,
    pub words: String,
}

/// What the cell is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Alarm,
    Seen,
    ForOfficer,
    Announced,
    /// Somebody is called.
    Turn,
    /// People walk up in any order.
    AnyOrder,
    SecondRound,
    Review,
    Confirmed,
    /// Whoever is on duty is asked to confirm.
    DutyConfirm,
    /// Too few are on duty: a low voice, where policy allows one at this hour.
    DutyShort,
}

/// A scene as far as it can be heard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moment {
    call: Option<(CallId, Phase)>,
    current: Option<DetaineeId>,
    seen: bool,
    for_officer: bool,
    alarm: bool,
    duty_asks: bool,
    duty_short: bool,
}

impl Moment {
    pub fn of(scene: &Scene) -> Self {
        let call = scene.roll_call.as_ref();
        Self {
            call: call.map(|call| (call.call, call.phase)),
            current: call.and_then(|call| call.current.as_ref()).map(|current| current.detainee),
            seen: matches!(scene.flash, Some(Flash::Seen { .. })),
            for_officer: matches!(scene.flash, Some(Flash::ForOfficer { .. })),
            alarm: scene.alarm.is_some(),
            duty_asks: scene.duty.asks && scene.duty.voice,
            duty_short: scene.duty.step >= duty::Step::Voice && scene.duty.voice,
        }
    }

    /// The most important thing that is new since `before`, if any is.
    pub fn news_since(&self, before: &Self) -> Option<News> {
        if self.alarm && !before.alarm {
            Some(News::Alarm)
        } else if self.seen && !before.seen {
            Some(News::Seen)
        } else if self.for_officer && !before.for_officer {
            Some(News::ForOfficer)
        } else if self.current.is_some() && self.current != before.current {
            Some(News::Turn)
        } else if self.call != before.call {
            self.call.and_then(|(_, phase)| match phase {
                Phase::Announced => Some(News::Announced),
                Phase::Open => Some(News::AnyOrder),
                Phase::SecondRound => Some(News::SecondRound),
                Phase::Review => Some(News::Review),
                Phase::Confirmed => Some(News::Confirmed),
                Phase::Delivered => None,
            })
        } else if self.duty_short && !before.duty_short {
            Some(News::DutyShort)
        } else if self.duty_asks && !before.duty_asks {
            Some(News::DutyConfirm)
        } else {
            None
        }
    }
}

impl News {
    fn id(self) -> &'static str {
        match self {
            Self::Alarm => "spoken-alarm",
            Self::Seen => "spoken-seen",
            Self::ForOfficer => "spoken-for-officer",
            Self::Announced => "spoken-announced",
            Self::Turn => "spoken-turn-face",
            Self::AnyOrder => "spoken-any-order",
            Self::SecondRound => "spoken-second-round",
            Self::Review => "spoken-review",
            Self::Confirmed => "spoken-confirmed",
            Self::DutyConfirm => "spoken-duty-confirm",
            Self::DutyShort => "spoken-duty-short",
        }
    }

    /// The news in words.
    pub fn told(self, scene: &Scene, words: &Catalogue) -> Spoken {
        let called = scene.roll_call.as_ref().and_then(|call| call.current.as_ref());
        let id = match called {
            Some(current) if self == Self::Turn && !current.face => "spoken-turn-other",
            _ => self.id(),
        };
        let badge = called.map_or_else(String::new, |current| digits(&current.badge_number));
        Spoken { id, words: words.format(id, &[("badge", badge.into())]) }
    }
}

/// What the page says, for those who do not read it. Only pages everybody in the cell may hear have words,
/// and a document whose person wants it so.
pub fn read(scene: &Scene, words: &Catalogue) -> Option<Spoken> {
    match scene.place {
        Place::Home => Some(home(scene, words)),
        Place::RollCall(_) => {
            let call = scene.roll_call.as_ref()?;
            let news = match call.phase {
                Phase::Announced => News::Announced,
                Phase::Open | Phase::SecondRound if call.current.is_some() => News::Turn,
                Phase::Open => News::AnyOrder,
                Phase::SecondRound => News::SecondRound,
                Phase::Review => News::Review,
                Phase::Confirmed | Phase::Delivered => News::Confirmed,
            };
            Some(news.told(scene, words))
        }
        Place::Requests => Some(requests(scene, words)),
        Place::Officer
        | Place::OfficerChoose
        | Place::Review(_)
        | Place::Movement(_)
        | Place::Enrol(_)
        | Place::PinIssue(_)
        | Place::MyRecord(_)
        | Place::Device => None,
        Place::Duty(_) => Some(how_duty_works(words)),
        Place::Care(ref page) => care::screen::spoken(page, words),
        Place::Shop(ref page) => shop::screen::spoken(page, words),
        Place::Prove(_) => None,
        Place::Complaint(ref page) => complaint::screen::spoken(page, words),
        Place::Notices(page) => public_notice::screen::spoken(page, scene, words),
        Place::Document(ref page) => document::screen::spoken(page, scene, words),
    }
}

fn home(scene: &Scene, words: &Catalogue) -> Spoken {
    let id = "spoken-home";
    let say = Phrases::of(scene, words);
    let expected = crate::cell::count(scene.cell.assigned.saturating_sub(scene.cell.out));
    let now = [("time", say.time(scene.now.wall_ms).into()), ("expected", expected.into())];
    let mut parts = vec![words.format(id, &now)];
    if let Some(next) = scene.cell.day.iter().find(|line| line.begins_in_min.is_some()) {
        let time = format!("{:02}:{:02}", next.minute / 60, next.minute % 60);
        let next = [("time", time.into()), ("title", next.title.as_str().into())];
        parts.push(words.format("spoken-next", &next));
    }
    parts.push(words.text("spoken-home-how").into_owned());
    Spoken { id, words: parts.join(" ") }
}

fn requests(scene: &Scene, words: &Catalogue) -> Spoken {
    let id = "request-what";
    let items = scene.requests.items.iter();
    let items = items.map(|(item, _)| words.format("request-item", &[("item", item.name().into())]));
    let parts: Vec<String> = std::iter::once(words.text(id).into_owned()).chain(items).collect();
    Spoken { id, words: parts.join(", ") }
}

fn how_duty_works(words: &Catalogue) -> Spoken {
    let id = "spoken-duty";
    Spoken { id, words: words.text(id).into_owned() }
}

/// Digits apart, so that a number is not read as thousands.
fn digits(number: &str) -> String {
    let mut apart = String::with_capacity(2 * number.len());
    for c in number.chars() {
        apart.push(c);
        apart.push(' ');
    }
    apart.truncate(apart.trim_end().len());
    apart
}
