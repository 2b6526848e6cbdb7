// SPDX-License-Identifier: GPL-3.0-only
//! Makes the scene and shows it when something of it changed.

use super::Desk;
use contract::{SessionPolicy, Stamp};
use services::roll_call::{self, Viewer};
use services::scene::{CarePage, DocumentPage, Idle, Link, PersonLine, Place, Scene};
use services::{
    Actor, alarm, care, cell, complaint, device, document, duty, public_notice, request, session, shop,
};
use store::{Fault, Read};

impl Desk {
    pub(super) fn show(&mut self, now: Stamp) {
        let scene = match self.scene(now) {
            Ok(scene) => scene,
            Err(fault) => {
                self.failed(&fault);
                // The last good picture stays, with the word that something failed.
                let Some(last) = self.shown.clone() else { return };
                Scene { fault: true, ..last }
            }
        };
        let same = self.shown.as_ref().is_some_and(|shown| {
            // While people are called the page counts seconds; else only the minute shows.
            let step_ms = if matches!(scene.place, Place::RollCall(_)) { 1_000 } else { 60_000 };
            let time = |scene: &Scene| (scene.now.wall_ms.div_euclid(step_ms), scene.now.trust);
            time(shown) == time(&scene) && Scene { now: shown.now, ..scene.clone() } == *shown
        });
        if !same {
            self.shown = Some(scene.clone());
            (self.outputs.scene)(scene);
        }
    }

    fn scene(&mut self, now: Stamp) -> Result<Scene, Fault> {
        let actor = self.session.actor();
        let (place, who) = (self.place.clone(), self.session.who.clone());
        let (link, eye, alarm) = (self.link, self.eye, self.alarm);
        let (refusal, fault) = (self.refusal, self.fault);
        let flash = self.flash.as_ref().map(|(flash, _)| flash.clone());
        let (facts, enrolled) = (self.facts(), self.enrolled);
        let (commits, batches, settled) = (self.commits, self.batches, self.settled);
        let by_face = self.session.by_face;
        let (idle_s, hidden) = (self.session.idle_s(&now), self.hidden);
        let shops_s = self.shops_since.map(|since| now.since_ms(&since) / 1000);
        self.store.read(|read| {
            let (_, policy) = services::policy(read)?;
            let viewer = match actor {
                Actor::Officer(officer) => Viewer::Officer(officer),
                Actor::Anyone | Actor::Detainee(_) | Actor::Machine => Viewer::Cell,
            };
            let own = match actor {
                Actor::Detainee(detainee) => Some(detainee),
                Actor::Anyone | Actor::Officer(_) | Actor::Machine => None,
            };
            let cell = cell::view(read, &now)?;
            let minute = cell::minute_of_day(&now, cell.utc_offset_min.unwrap_or_default());
            let quiet =
                cell::is_within(minute, policy.roll_call.quiet_from_min, policy.roll_call.quiet_to_min);
            let shop_page = if let Place::Shop(page) = &place { Some(page) } else { None };
            let shop = shop::view(read, own, shop_page, &now)?;
            Ok(Scene {
                now,
                link,
                roll_call: roll_call::view(read, viewer, &now)?,
                next_task: roll_call::next_task(read, &now)?,
                officers: if matches!(place, Place::OfficerChoose | Place::Review(_)) {
                    session::officers(read)?
                } else {
                    Vec::new()
                },
                people: people(read, viewer)?,
                record: match actor {
                    Actor::Detainee(detainee) => Some(session::record(read, detainee)?),
                    Actor::Anyone | Actor::Officer(_) | Actor::Machine => None,
                },
                alarm: match alarm {
                    Some(alarm) => Some(alarm),
                    None => alarm::view(read, link == Link::Online, &now)?,
                },
                requests: request::view(read)?,
                alarm_policy: policy.alarm.clone(),
                device: if place == Place::Device {
                    let lanes = device::lanes(read, &now)?;
                    Some(device::View { facts, place: enrolled, lanes, commits, batches, settled })
                } else {
                    None
                },
                duty: duty::view(read, viewer, &now)?,
                care: if let Place::Care(page) = &place {
                    care::view(read, own, page)?
                } else {
                    care::View::default()
                },
                turn_left_s: shops_s.filter(|_| !shop.turns.waiting.is_empty()).map(|passed_s| {
                    policy.shop.turn_s.saturating_sub(u32::try_from(passed_s).unwrap_or(u32::MAX))
                }),
                by_face,
                shop,
                complaint: if let Place::Complaint(page) = &place {
                    complaint::view(read, own, page, &now)?
                } else {
                    complaint::View::default()
                },
                notices: public_notice::view(read, matches!(place, Place::Notices(_)), &now)?,
                documents: {
                    let opened = matches!(&place, Place::Document(page) if page.is_own());
                    document::view(read, own, opened)?
                },
                eye,
                refusal,
                fault,
                flash,
                idle: if hidden { Idle::Blurred } else { idle(&who, &place, &policy.session, idle_s) },
                quiet,
                cell,
                place,
                who,
            })
        })
    }
}

fn people(read: &Read<'_>, viewer: Viewer) -> Result<Vec<PersonLine>, Fault> {
    let mut lines = Vec::new();
    for person in cell::roster(read)? {
        let full = person.member.name.as_str();
        lines.push(PersonLine {
            id: person.member.id,
            name: match viewer {
                Viewer::Cell => person.masked_name(),
                Viewer::Officer(_) => full.to_owned(),
            },
            initial: full.chars().take(1).collect(),
            badge_number: person.member.badge_number.as_str().to_owned(),
            out: person.out.clone(),
            enrolled: session::has_template(read, person.member.id)?,
            has_pin: session::has_pin(read, person.member.id)?,
        });
    }
    Ok(lines)
}

/// Only a person's own pages blur and ask, and what they write of their health or to an office; an officer's session just ends.
fn idle(who: &session::Who, place: &Place, policy: &SessionPolicy, idle_s: i64) -> Idle {
    let writing = match place {
        Place::Care(page) => matches!(page, CarePage::Report(_) | CarePage::Red(..)),
        Place::Complaint(page) => page.is_private(),
        Place::Home
        | Place::RollCall(_)
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
        | Place::Prove(_)
        | Place::Document(_)
        | Place::Notices(_)
        | Place::Duty(_) => false,
    };
    if !writing && !matches!(who, session::Who::Detainee(_)) {
        return Idle::Touched;
    }
    // Who reads a page of large words does not touch it for a while.
    let reads = matches!(place, Place::Document(DocumentPage::Read(_)));
    let idle_s = u32::try_from(idle_s).unwrap_or(u32::MAX);
    if idle_s >= policy.ask_s {
        Idle::Asked { clears_in_s: policy.clear_s.saturating_sub(idle_s) }
    } else if idle_s >= policy.blur_s && !reads {
        Idle::Blurred
    } else {
        Idle::Touched
    }
}
