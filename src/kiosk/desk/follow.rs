// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen goes by itself: to a roll call that runs, away from a session that ended.

use super::Desk;
use crate::eye::{Order, Task};
use contract::{DetaineeId, Phase, Stamp};
use services::roll_call::{self, Viewer, Wanted};
use services::scene::{
    DutyPage, EnrolPage, MovementPage, Place, ProvePage, RecordPage, ReviewPage, RollCallPage, Way,
};
use services::{Actor, cell, session};

/// How long the receipt of a roll call stays on the cell's screen, in seconds.
const DELIVERED_S: i64 = 30;

impl Desk {
    /// Ends what is over and goes where the cell must look.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only the places named here are ever left by themselves"
    )]
    pub(super) fn follow(&mut self, now: &Stamp) {
        let policy = self.store.read(services::policy).map(|(_, policy)| policy).unwrap_or_default();
        if self.session.expire(&policy.session, now) {
            self.refusal = None;
            self.place = Place::Home;
        }
        let officer = matches!(self.session.actor(), Actor::Officer(_));
        let call = self.store.read(|read| roll_call::view(read, Viewer::Cell, now)).unwrap_or_default();
        let phase = call.as_ref().map(|call| call.phase);
        let calling = matches!(phase, Some(Phase::Open | Phase::SecondRound));
        let called = calling || phase == Some(Phase::Announced);
        let (idle_s, clear_s) = (self.session.idle_s(now), i64::from(policy.session.clear_s));
        if !matches!(self.place, Place::Officer | Place::OfficerChoose) {
            self.awaits_officer = None;
        }
        if let Place::Duty(page) = self.place.clone() {
            if calling {
                self.leave();
            } else {
                return self.follow_duty(&page, officer, policy.session.clear_s, now);
            }
        }
        if let Place::Care(page) = self.place.clone() {
            self.follow_care(&page, calling, &policy.session, now);
            if let Place::Care(_) = self.place {
                return;
            }
        }
        if matches!(self.place, Place::Shop(_) | Place::Prove(_)) {
            self.follow_shop(calling, &policy, now);
        }
        self.call_turns(now);
        if let Place::Complaint(page) = self.place.clone() {
            self.follow_complaint(&page, calling, &policy.session, now);
            if let Place::Complaint(_) = self.place {
                return;
            }
        }
        if let Place::Notices(page) = self.place {
            self.follow_notice(page, now);
        }
        if let Place::Document(page) = self.place.clone() {
            self.follow_document(&page, calling, &policy.session, now);
            if let Place::Document(_) = self.place {
                return;
            }
        }
        let place = match &self.place {
            Place::Home if called => Place::RollCall(RollCallPage::Follow),
            Place::Requests | Place::Notices(_) if calling => Place::RollCall(RollCallPage::Follow),
            Place::Requests | Place::Notices(_) | Place::MyRecord(RecordPage::People)
                if !calling && idle_s >= clear_s =>
            {
                Place::Home
            }
            // Nobody is known there: who asked for an officer and went away hides no roll call.
            Place::Officer | Place::OfficerChoose
                if self.session.who == session::Who::Nobody
                    && idle_s >= if called { i64::from(policy.session.blur_s) } else { clear_s } =>
            {
                Place::Home
            }
            Place::MyRecord(_) if calling => {
                self.session.leave();
                Place::RollCall(RollCallPage::Follow)
            }
            Place::MyRecord(RecordPage::List) if self.session.actor() == Actor::Anyone => Place::Home,
            Place::RollCall(RollCallPage::Pin(detainee)) => {
                let open = call.as_ref().is_some_and(|call| {
                    calling
                        && call.lines.iter().any(|line| line.detainee == *detainee && line.outcome.is_none())
                        && (call.any_order || call.current.as_ref().is_some_and(|c| c.detainee == *detainee))
                });
                if open { return } else { Place::RollCall(RollCallPage::Follow) }
            }
            Place::RollCall(RollCallPage::ChooseSelf) if !calling => Place::RollCall(RollCallPage::Follow),
            Place::RollCall(RollCallPage::Follow) => match (&call, phase) {
                (None, _) => Place::Home,
                (Some(call), Some(Phase::Confirmed | Phase::Delivered))
                    if now.since_ms(&call.since) / 1000 >= DELIVERED_S =>
                {
                    Place::Home
                }
                _ => return,
            },
            Place::Review(_) | Place::Movement(_) | Place::Enrol(_) | Place::PinIssue(_) | Place::Device
                if !officer =>
            {
                Place::Home
            }
            Place::Review(page) if *page != ReviewPage::Late && call.is_none() => Place::Officer,
            _ => return,
        };
        self.place = place;
    }

    /// Tells the eye whom to look for, when that changed.
    pub(super) fn order(&mut self) {
        let task = self.task().unwrap_or_else(|fault| {
            self.failed(&fault);
            Task::Idle
        });
        if task.same_as(&self.ordered.task) {
            return;
        }
        self.eye.guide = None;
        let policy = self.store.read(services::policy).map(|(_, policy)| policy).unwrap_or_default();
        self.ordered = Order {
            number: self.ordered.number + 1,
            task,
            tries_max: policy.roll_call.tries_max,
            policy: policy.face,
        };
        (self.outputs.order)(self.ordered.clone());
    }

    fn task(&mut self) -> Result<Task, store::Fault> {
        let place = self.place.clone();
        self.store.read(|read| {
            let templates = || session::templates(read);
            let one = |detainee: DetaineeId| -> Result<Task, store::Fault> {
                let template = templates()?.into_iter().find(|template| template.detainee == detainee);
                Ok(template.map_or(Task::Preview, Task::One))
            };
            Ok(match place {
                Place::RollCall(RollCallPage::Follow) => match roll_call::wanted(read)? {
                    Some(Wanted::One(detainee)) => one(detainee)?,
                    Some(Wanted::Any(people)) => {
                        Task::Any(templates()?.into_iter().filter(|t| people.contains(&t.detainee)).collect())
                    }
                    None => Task::Preview,
                },
                Place::Movement(MovementPage::Mirror { detainee, .. }) => one(detainee)?,
                Place::Enrol(EnrolPage::Mirror { detainee, .. }) => Task::Enrol {
                    detainee,
                    others: templates()?.into_iter().filter(|t| t.detainee != detainee).collect(),
                },
                Place::RollCall(_)
                | Place::Home
                | Place::Officer
                | Place::OfficerChoose
                | Place::Review(_)
                | Place::Movement(_)
                | Place::Enrol(_)
                | Place::PinIssue(_)
                | Place::MyRecord(_)
                | Place::Device
                | Place::Requests
                | Place::Shop(_)
                | Place::Document(_)
                | Place::Notices(_)
                | Place::Prove(ProvePage { way: Way::Pin, .. }) => Task::Idle,
                Place::Prove(ProvePage { detainee, way: Way::Face { .. }, .. }) => one(detainee)?,
                Place::Duty(DutyPage::Face { detainee, .. }) => one(detainee)?,
                Place::Duty(DutyPage::Pin { .. }) => Task::Preview,
                Place::Duty(_) | Place::Care(_) => Task::Idle,
                // Nobody is looked at who complains, named or unnamed.
                Place::Complaint(_) => Task::Closed,
            })
        })
    }

    /// Who is called.
    pub(super) fn current(&mut self) -> Option<DetaineeId> {
        let now = self.clock.now();
        let call = self.store.read(|read| roll_call::view(read, Viewer::Cell, &now)).ok().flatten()?;
        call.current.map(|current| current.detainee)
    }

    pub(super) fn in_review(&mut self) -> bool {
        let now = self.clock.now();
        let call = self.store.read(|read| roll_call::view(read, Viewer::Cell, &now)).ok().flatten();
        call.is_some_and(|call| call.phase == Phase::Review)
    }

    pub(super) fn masked(&mut self, detainee: DetaineeId) -> String {
        let people = self.store.read(cell::roster).unwrap_or_default();
        people.iter().find(|p| p.member.id == detainee).map_or_else(String::new, cell::Person::masked_name)
    }

    pub(super) fn is_out(&mut self, detainee: DetaineeId) -> bool {
        let people = self.store.read(cell::roster).unwrap_or_default();
        people.iter().any(|p| p.member.id == detainee && p.out.is_some())
    }
}
