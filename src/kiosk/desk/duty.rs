// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of duty, and what the eye's answer does there.

use super::{Awaited, Desk};
use contract::{CameraState, DetaineeId, DutyAnswer, EventId, Stamp, Swap, Text};
use services::duty::{self, Ask, Deed};
use services::reasons;
use services::scene::{DutyDone, DutyPage, DutyTouch, Place, Touch};
use services::{Actor, Refusal, session};

/// How long 已签到 stays, in seconds.
const DONE_S: i64 = 6;

impl Desk {
    /// A touch without a meaning at this place is none.
    pub(super) fn duty_touched(&mut self, page: DutyPage, touch: Touch, now: &Stamp) {
        use DutyPage as Page;
        let next = match (page, touch) {
            (Page::Today, Touch::Duty(DutyTouch::Mine)) => Page::MineWho,
            (Page::Today, Touch::Duty(DutyTouch::Week)) => Page::Week,
            (Page::Today, Touch::Duty(DutyTouch::Swap)) => Page::SwapWho,
            (Page::Today, Touch::Duty(DutyTouch::Unwell)) => Page::UnwellWho,
            (Page::Today, Touch::Person(detainee)) => match self.asked_of(detainee, now) {
                Some(Ask::HandOver) => Page::Remark(detainee),
                Some(ask) => self.way_for(detainee, ask.deed(Text::default()), now),
                None => return self.refuse(duty::Refusal::NotYourTurn),
            },
            (Page::MineWho, Touch::Person(detainee)) => Page::Mine(detainee),
            (Page::UnwellWho, Touch::Person(detainee)) => {
                if self.act(Actor::Anyone, duty::Intent::Unwell { detainee }, now).is_none() {
                    return;
                }
                self.done(detainee, DutyDone::Called)
            }
            (Page::Remark(detainee), Touch::Reason(id)) => match reasons::duty_remark(&id) {
                Some(remark) => self.way_for(detainee, Deed::HandOver { remark }, now),
                None => return,
            },
            (Page::SwapWho, Touch::Person(detainee)) => Page::SwapOwn(detainee),
            (Page::SwapOwn(first), Touch::Duty(DutyTouch::Turn { turn, .. })) => {
                Page::SwapOther { first, first_turn: turn }
            }
            (
                Page::SwapOther { first, first_turn },
                Touch::Duty(DutyTouch::Turn { turn: second_turn, detainee: second }),
            ) => {
                let swap = Swap { first, first_turn, second, second_turn };
                self.way_for(first, Deed::Swap(swap), now)
            }
            (Page::Face { detainee, deed }, Touch::UsePin) => Page::Pin { detainee, deed },
            (Page::Face { detainee, deed } | Page::Pin { detainee, deed }, Touch::UseOfficer) => {
                self.awaits_officer = Some(Awaited::Duty(detainee, deed));
                self.place = Place::Officer;
                return;
            }
            (Page::Pin { detainee, deed }, Touch::Pin(digits)) => {
                let Some(pin) = self.parsed(&digits) else { return };
                let intent = duty::Intent::EnterPin { detainee, deed: deed.clone(), pin };
                if self.act(Actor::Anyone, intent, now).is_none() {
                    return;
                }
                self.after(detainee, deed, now)
            }
            (Page::Reason { detainee, deed }, Touch::Reason(id)) => {
                let Some(reason) = reasons::check_reason(&id) else { return };
                let intent = duty::Intent::Check { detainee, deed: deed.clone(), reason };
                if self.act(self.session.actor(), intent, now).is_none() {
                    return;
                }
                self.session.leave();
                self.after(detainee, deed, now)
            }
            (Page::Matters, Touch::Duty(DutyTouch::Matter(subject))) => Page::Matter(subject),
            (Page::Matter(subject), Touch::Duty(DutyTouch::Answer(answer))) => {
                self.answer_duty(subject, answer, Text::default(), now);
                return;
            }
            (Page::Matter(subject), Touch::Reason(id)) => {
                if let Some(note) = reasons::duty_note(&id) {
                    self.answer_duty(subject, DutyAnswer::Confirmed, note, now);
                }
                return;
            }
            _ => return,
        };
        self.place = Place::Duty(next);
    }

    fn answer_duty(&mut self, subject: EventId, answer: DutyAnswer, note: Text<200>, now: &Stamp) {
        let intent = duty::Intent::Answer { subject, answer, note };
        if self.act(self.session.actor(), intent, now).is_some() {
            self.place = Place::Duty(DutyPage::Matters);
        }
    }

    /// An officer who was asked to look at somebody is known now.
    pub(super) fn officer_came(&mut self) -> bool {
        match self.awaits_officer.take() {
            // Why did they look?
            Some(Awaited::Duty(detainee, deed)) => {
                self.place = Place::Duty(DutyPage::Reason { detainee, deed });
            }
            Some(Awaited::Care(detainee)) => self.officer_came_for_care(detainee),
            None => return false,
        }
        true
    }

    /// The eye knew whoever stands there.
    pub(super) fn matched_on_duty(&mut self, seen: duty::Intent, now: &Stamp) {
        let Place::Duty(DutyPage::Face { detainee, deed }) = self.place.clone() else { return };
        self.session.touch(now);
        if self.act(Actor::Machine, seen, now).is_some() {
            let next = self.after(detainee, deed, now);
            self.place = Place::Duty(next);
        } else {
            self.place = Place::Duty(DutyPage::Today);
        }
    }

    pub(super) fn not_matched_on_duty(&mut self, now: &Stamp) {
        let Place::Duty(DutyPage::Face { detainee, deed }) = self.place.clone() else { return };
        self.session.touch(now);
        self.act(Actor::Machine, duty::Intent::NotMatched { detainee }, now);
        if !self.face_may_be_used(detainee, now) {
            self.place = Place::Duty(DutyPage::Pin { detainee, deed });
        }
    }

    /// Where the page of duty goes by itself: back after a receipt, home when nobody is there, away from an officer's
    /// page without an officer.
    pub(super) fn follow_duty(&mut self, page: &DutyPage, officer: bool, clear_s: u32, now: &Stamp) {
        let idle_s = self.session.idle_s(now);
        let for_officers = matches!(page, DutyPage::Matters | DutyPage::Matter(_) | DutyPage::Reason { .. });
        if for_officers && !officer || idle_s >= i64::from(clear_s) && *page != DutyPage::Today {
            self.place = Place::Home;
        } else if matches!(page, DutyPage::Done { .. }) && idle_s >= DONE_S {
            self.place = Place::Duty(DutyPage::Today);
        }
    }

    /// After a deed: a swap goes on with the second of two, everything else has its receipt.
    fn after(&mut self, detainee: DetaineeId, deed: Deed, now: &Stamp) -> DutyPage {
        match deed {
            Deed::SignOn => self.done(detainee, DutyDone::SignedOn),
            Deed::Confirm => self.done(detainee, DutyDone::Confirmed),
            Deed::HandOver { .. } => self.done(detainee, DutyDone::HandedOver),
            Deed::Swap(swap) if detainee == swap.first => self.way_for(swap.second, Deed::Swap(swap), now),
            Deed::Swap(_) => self.done(detainee, DutyDone::SwapAsked),
        }
    }

    fn done(&mut self, detainee: DetaineeId, what: DutyDone) -> DutyPage {
        DutyPage::Done { name: self.masked(detainee), what }
    }

    /// The camera where it can be used, else the PIN page, which also leads to an officer.
    fn way_for(&mut self, detainee: DetaineeId, deed: Deed, now: &Stamp) -> DutyPage {
        if self.face_may_be_used(detainee, now) {
            DutyPage::Face { detainee, deed }
        } else {
            DutyPage::Pin { detainee, deed }
        }
    }

    fn face_may_be_used(&mut self, detainee: DetaineeId, now: &Stamp) -> bool {
        let camera = self.eye.camera == CameraState::Working && self.eye.models;
        let view = self.duty_view(now);
        let people = view.turns.iter().flat_map(|turn| &turn.people);
        let known: Vec<bool> =
            people.filter(|person| person.detainee == detainee).map(|person| person.face).collect();
        let face = if known.is_empty() {
            self.store.read(|read| session::has_template(read, detainee)).unwrap_or(false)
        } else {
            known.contains(&true)
        };
        camera && face
    }

    fn asked_of(&mut self, detainee: DetaineeId, now: &Stamp) -> Option<Ask> {
        let view = self.duty_view(now);
        let mut people = view.turns.iter().flat_map(|turn| &turn.people);
        people.find_map(|person| person.ask.filter(|_| person.detainee == detainee))
    }

    fn duty_view(&mut self, now: &Stamp) -> duty::View {
        let viewer = services::roll_call::Viewer::Cell;
        self.store.read(|read| duty::view(read, viewer, now)).unwrap_or_default()
    }

    fn refuse(&mut self, refusal: duty::Refusal) {
        self.refusal = Some(Refusal::Duty(refusal));
    }
}
