// SPDX-License-Identifier: GPL-3.0-only
//! Somebody shows who they are before what belongs to them is opened: the face, then the PIN. A face that is not known is
//! never held against anybody: the PIN is asked for all the same.

use super::Desk;
use contract::{CameraState, DetaineeId, OrderCheck, Shelf, Stamp};
use services::scene::{CarePage, DocumentPage, Place, ProvePage, RecordPage, ShopPage, Then, Touch, Way};
use services::session;
use services::{Actor, Done, cell, shop};

impl Desk {
    /// Asks for the face, where it can be; else for the PIN.
    pub(super) fn prove(&mut self, detainee: DetaineeId, then: Then, now: &Stamp) {
        self.session.claim(detainee, now);
        let way = if self.face_can_be_asked(detainee) { Way::Face { tries: 0 } } else { Way::Pin };
        self.place = Place::Prove(ProvePage { detainee, way, then });
    }

    /// Asks whoever is known for the PIN once more.
    pub(super) fn prove_again(&mut self, then: Then) {
        let Actor::Detainee(detainee) = self.session.actor() else { return };
        self.place = Place::Prove(ProvePage { detainee, way: Way::Pin, then });
    }

    /// A touch without a meaning at this place is none.
    pub(super) fn prove_touched(&mut self, page: ProvePage, touch: Touch, now: &Stamp) {
        if touch == Touch::UsePin {
            self.place = Place::Prove(ProvePage { way: Way::Pin, ..page });
        } else if let (Touch::Pin(digits), Way::Pin) = (touch, page.way) {
            let Some(pin) = self.parsed(&digits) else { return };
            if self.identify(|session, tx| session.pin(tx, &pin, now)) {
                self.has_proven(page, now);
            }
        }
    }

    /// The eye knew whoever stands there; the PIN is still asked for.
    pub(super) fn proven_by_face(&mut self, page: ProvePage, seen: DetaineeId, now: &Stamp) {
        if seen != page.detainee || page.way == Way::Pin {
            return;
        }
        self.session.touch(now);
        self.session.by_face = true;
        self.eye.guide = None;
        self.write(|tx| session::template_used(tx, seen, true, now));
        self.place = Place::Prove(ProvePage { way: Way::Pin, ..page });
    }

    pub(super) fn not_proven_by_face(&mut self, page: ProvePage, now: &Stamp) {
        let Way::Face { tries } = page.way else { return };
        self.session.touch(now);
        self.write(|tx| session::template_used(tx, page.detainee, false, now));
        let tries_max = self.store.read(services::policy).map(|(_, policy)| policy.roll_call.tries_max);
        let tries = tries.saturating_add(1);
        let way = if tries >= tries_max.unwrap_or_default() { Way::Pin } else { Way::Face { tries } };
        self.place = Place::Prove(ProvePage { way, ..page });
    }

    /// Gone back without having shown it: who was known before stays so.
    pub(super) fn not_proven(&mut self, page: ProvePage) {
        self.refusal = None;
        self.place = match page.then {
            Then::Shop | Then::Account => {
                self.session.leave();
                Place::Shop(ShopPage::Who { buys: page.then == Then::Shop })
            }
            Then::Order(shelf) => Place::Shop(ShopPage::ReadBack(shelf)),
            Then::Kit => Place::Shop(ShopPage::Kit),
            Then::Receive { order, lines } => Place::Shop(ShopPage::Receive { order, lines }),
            Then::Record => {
                self.session.leave();
                Place::MyRecord(RecordPage::People)
            }
            Then::Care => {
                self.session.leave();
                Place::Care(CarePage::MineWho)
            }
            Then::Documents => {
                self.session.leave();
                Place::Document(DocumentPage::Who)
            }
        };
    }

    fn has_proven(&mut self, page: ProvePage, now: &Stamp) {
        let check = if self.session.by_face { OrderCheck::FaceAndPin } else { OrderCheck::Pin };
        let actor = self.session.actor();
        let sent = |done: Option<Done>, else_at: ShopPage| match done {
            Some(done) => Place::Shop(done.receipt.map_or(ShopPage::Mine, ShopPage::Sent)),
            // Why not stands on the page that asked.
            None => Place::Shop(else_at),
        };
        self.place = match page.then {
            Then::Shop => {
                self.act(Actor::Anyone, shop::Intent::Begins(page.detainee), now);
                self.shops_since = Some(*now);
                Place::Shop(ShopPage::Shelf(Shelf::Washing))
            }
            Then::Account => Place::Shop(ShopPage::Mine),
            Then::Documents => Place::Document(DocumentPage::List),
            Then::Order(shelf) => {
                sent(self.act(actor, shop::Intent::Order { check }, now), ShopPage::ReadBack(shelf))
            }
            Then::Kit => sent(self.act(actor, shop::Intent::TakeKit { check }, now), ShopPage::Kit),
            Then::Receive { order, lines } => {
                let intent = shop::Intent::Receive { order, lines: lines.clone(), check };
                Place::Shop(match self.act(actor, intent, now) {
                    Some(_) => ShopPage::One(order),
                    None => ShopPage::Receive { order, lines },
                })
            }
            Then::Record => Place::MyRecord(RecordPage::List),
            Then::Care => Place::Care(CarePage::Mine),
        };
    }

    /// A camera that works, models, a template, and nothing that speaks against using it for this person.
    pub(super) fn face_can_be_asked(&mut self, detainee: DetaineeId) -> bool {
        let sees = self.eye.camera == CameraState::Working && self.eye.models;
        let people = self.store.read(cell::roster).unwrap_or_default();
        let off = people.iter().any(|person| person.member.id == detainee && person.member.face_off);
        sees && !off && self.store.read(|read| session::has_template(read, detainee)).unwrap_or(false)
    }
}
