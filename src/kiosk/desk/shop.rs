// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of the shop (购物), and whose turn it is.

use super::Desk;
use contract::{DetaineeId, EventId, Policy, ReceivedLine, Shelf, Stamp};
use services::scene::{Place, ProvePage, ShopPage, ShopTouch, Then, Touch, Wrong};
use services::shop::{self, Intent};
use services::{Actor, Refusal, session};

impl Desk {
    /// A touch without a meaning at this place is none.
    pub(super) fn shop_touched(&mut self, page: ShopPage, touch: Touch, now: &Stamp) {
        let next = match (&page, &touch) {
            (ShopPage::Who { buys }, Touch::Person(detainee)) => {
                return self.stands_there(*detainee, *buys, now);
            }
            (ShopPage::Queue { .. }, Touch::Person(detainee)) => {
                self.act(Actor::Anyone, Intent::Wait(*detainee), now);
                None
            }
            (ShopPage::ReadBack(shelf), Touch::Confirmed) => return self.prove_again(Then::Order(*shelf)),
            (ShopPage::Kit, Touch::Confirmed) => return self.prove_again(Then::Kit),
            (ShopPage::Receive { order, lines }, Touch::Confirmed) => {
                return self.prove_again(Then::Receive { order: *order, lines: lines.clone() });
            }
            (_, Touch::Shop(touch)) if page.is_own() => self.own_shop(&page, touch, now),
            (_, Touch::Shop(touch)) => self.open_shop(&page, touch, now),
            _ => None,
        };
        if let Some(next) = next {
            self.place = Place::Shop(next);
        }
    }

    /// What anybody may do.
    fn open_shop(&mut self, page: &ShopPage, touch: &ShopTouch, now: &Stamp) -> Option<ShopPage> {
        use ShopPage as Page;
        Some(match (page, touch) {
            (Page::Front, ShopTouch::Browse) => Page::Browse(Shelf::Washing),
            (Page::Front, ShopTouch::Buy) => Page::Who { buys: true },
            (Page::Front, ShopTouch::Mine) => Page::Who { buys: false },
            (Page::Front, ShopTouch::Queue) => Page::Queue { from: None },
            (Page::Browse(_), ShopTouch::Shelf(shelf)) => Page::Browse(*shelf),
            (Page::Browse(shelf), ShopTouch::Item(sku)) => Page::Look { shelf: *shelf, sku: sku.clone() },
            (Page::Turn(detainee), ShopTouch::Wait) => {
                self.act(Actor::Anyone, Intent::Wait(*detainee), now)?;
                Page::Front
            }
            _ => return None,
        })
    }

    /// What only whoever is known may do.
    fn own_shop(&mut self, page: &ShopPage, touch: &ShopTouch, now: &Stamp) -> Option<ShopPage> {
        use ShopPage as Page;
        let actor = self.session.actor();
        Some(match (page, touch) {
            (Page::Shelf(shelf), ShopTouch::Queue) => Page::Queue { from: Some(*shelf) },
            (Page::Shelf(_), ShopTouch::Shelf(shelf)) => Page::Shelf(*shelf),
            (Page::Shelf(shelf), ShopTouch::Item(sku)) => Page::Item { shelf: *shelf, sku: sku.clone() },
            (Page::Shelf(shelf) | Page::Item { shelf, .. }, ShopTouch::Cart) => Page::Cart(*shelf),
            (Page::Shelf(_) | Page::Sent(_), ShopTouch::Mine) => Page::Mine,
            (Page::Item { sku, .. }, ShopTouch::More | ShopTouch::Less) => {
                let held = self.in_cart(sku, now);
                let count =
                    if *touch == ShopTouch::More { held.saturating_add(1) } else { held.saturating_sub(1) };
                self.act(actor, Intent::Put { sku: sku.clone(), count }, now)?;
                page.clone()
            }
            (Page::Cart(shelf), ShopTouch::Item(sku)) => Page::Item { shelf: *shelf, sku: sku.clone() },
            (Page::Cart(_), ShopTouch::Remove(sku)) => {
                self.act(actor, Intent::Put { sku: sku.clone(), count: 0 }, now)?;
                page.clone()
            }
            (Page::Cart(shelf), ShopTouch::Checkout) => Page::ReadBack(*shelf),
            (Page::Mine, ShopTouch::Buy) => return self.goes_shopping(now),
            (Page::Mine, ShopTouch::Kit) => Page::Kit,
            (Page::Mine, ShopTouch::Orders) => Page::Orders,
            (Page::Mine, ShopTouch::Statement) => Page::Statement { skip: 0 },
            (Page::Mine, ShopTouch::Owed) => Page::Owed,
            (Page::Orders, ShopTouch::One(order)) => Page::One(*order),
            (Page::One(order), ShopTouch::Cancel) => {
                self.act(actor, Intent::Cancel { order: *order }, now)?;
                page.clone()
            }
            (Page::One(order) | Page::Sent(order), ShopTouch::Again) => {
                self.act(actor, Intent::Again { order: *order }, now)?;
                let next = self.goes_shopping(now)?;
                if let Page::Shelf(shelf) = next { Page::Cart(shelf) } else { next }
            }
            (Page::One(order), ShopTouch::Receive) => self.receive(*order, now)?,
            (Page::Receive { order, lines }, ShopTouch::Problem(line)) => {
                Page::Problem { order: *order, lines: lines.clone(), line: *line }
            }
            (Page::Problem { order, lines, line }, ShopTouch::Is(wrong)) => {
                Page::Problem { order: *order, lines: one_wrong(lines, *line, Some(*wrong)), line: *line }
            }
            (Page::Problem { order, lines, line }, ShopTouch::AllGood) => {
                Page::Problem { order: *order, lines: one_wrong(lines, *line, None), line: *line }
            }
            (Page::Statement { skip }, ShopTouch::Older) => {
                Page::Statement { skip: skip.saturating_add(shop::STATEMENT_LINES) }
            }
            (Page::Statement { skip }, ShopTouch::Newer) => {
                Page::Statement { skip: skip.saturating_sub(shop::STATEMENT_LINES) }
            }
            (Page::Statement { .. }, ShopTouch::Line(line)) => Page::Line(*line),
            // At once: what is wrong with it can be said afterwards, or never.
            (Page::Statement { .. } | Page::Line(_), ShopTouch::Dispute(line)) => {
                self.act(actor, Intent::Dispute { line: *line, why: None }, now)?;
                Page::Line(*line)
            }
            (Page::Line(line), ShopTouch::Why(why)) => {
                self.act(actor, Intent::Dispute { line: *line, why: Some(*why) }, now)?;
                page.clone()
            }
            (Page::Owed, ShopTouch::Object) => {
                self.act(actor, Intent::Object, now)?;
                page.clone()
            }
            _ => return None,
        })
    }

    /// Somebody tapped their tile: to the account at once, to the goods when nobody is before them.
    fn stands_there(&mut self, detainee: DetaineeId, buys: bool, now: &Stamp) {
        if !buys {
            return self.prove(detainee, Then::Account, now);
        }
        if self.turns(now).before(detainee).is_some() {
            self.place = Place::Shop(ShopPage::Turn(detainee));
            return;
        }
        self.act(Actor::Anyone, Intent::Came(detainee), now);
        self.prove(detainee, Then::Shop, now);
    }

    /// From the own account to the goods, when nobody waits.
    fn goes_shopping(&mut self, now: &Stamp) -> Option<ShopPage> {
        let Actor::Detainee(detainee) = self.session.actor() else { return None };
        if self.turns(now).before(detainee).is_some() {
            self.session.leave();
            return Some(ShopPage::Turn(detainee));
        }
        self.act(Actor::Anyone, Intent::Begins(detainee), now);
        self.shops_since.get_or_insert(*now);
        Some(ShopPage::Shelf(Shelf::Washing))
    }

    /// Where the pages of the shop go by themselves: home when nobody is there or a roll call begins; away from a
    /// person's page without the person; on to the next of the list when a turn is over.
    pub(super) fn follow_shop(&mut self, calling: bool, policy: &Policy, now: &Stamp) {
        let known =
            self.session.actor() != Actor::Anyone || matches!(self.session.who, session::Who::Claimed(_));
        let needs_somebody = matches!(&self.place, Place::Prove(_))
            || matches!(&self.place, Place::Shop(page) if page.is_own());
        let gone = self.session.idle_s(now) >= i64::from(policy.session.clear_s);
        if calling || gone || needs_somebody && !known {
            return self.leave();
        }
        let shopping = matches!(&self.place, Place::Shop(page) if page.is_shopping())
            || matches!(&self.place, Place::Prove(ProvePage { then: Then::Order(_), .. }));
        let over = self
            .shops_since
            .is_some_and(|since| now.since_ms(&since) / 1000 >= i64::from(policy.shop.turn_s));
        if shopping && over && !self.turns(now).waiting.is_empty() {
            self.leave();
            self.place = Place::Shop(ShopPage::Front);
            self.refusal = Some(Refusal::Shop(shop::Refusal::TurnOver));
        }
    }

    /// Calls the first of the list while the screen is free, and nobody while it is not.
    pub(super) fn call_turns(&mut self, now: &Stamp) {
        let turns = self.turns(now);
        if turns.waiting.is_empty() {
            return;
        }
        // Whoever was called is proving who they are.
        if matches!(&self.place, Place::Prove(ProvePage { then: Then::Shop, .. })) {
            return;
        }
        let open = matches!(&self.place, Place::Shop(page) if !page.is_own());
        let free = self.session.actor() == Actor::Anyone && (self.place == Place::Home || open);
        if free && turns.called.is_none() {
            self.act(Actor::Machine, Intent::CallNext, now);
        } else if !free && turns.called.is_some() {
            self.act(Actor::Machine, Intent::HoldCall, now);
        }
    }

    fn turns(&mut self, now: &Stamp) -> shop::Turns {
        self.store.read(|read| shop::view(read, None, None, now)).map(|view| view.turns).unwrap_or_default()
    }

    fn in_cart(&mut self, sku: &str, now: &Stamp) -> u32 {
        let Some(own) = self.own_of_shop(&ShopPage::Cart(Shelf::Washing), now) else { return 0 };
        own.cart.lines.iter().find(|line| line.sku == sku).map_or(0, |line| line.count)
    }

    fn receive(&mut self, order: EventId, now: &Stamp) -> Option<ShopPage> {
        let own = self.own_of_shop(&ShopPage::Orders, now)?;
        let held = own.orders.iter().find(|held| held.event == order)?;
        held.waits_for_signature().then(|| ShopPage::receive(order, &held.lines))
    }

    fn own_of_shop(&mut self, page: &ShopPage, now: &Stamp) -> Option<shop::Own> {
        let Actor::Detainee(viewer) = self.session.actor() else { return None };
        self.store.read(|read| shop::view(read, Some(viewer), Some(page), now)).ok()?.own
    }
}

/// One more of the line is wrong in this way, as long as there are good ones; or all of it is good again.
fn one_wrong(lines: &[ReceivedLine], at: usize, wrong: Option<Wrong>) -> Vec<ReceivedLine> {
    let mut lines = lines.to_vec();
    let Some(line) = lines.get_mut(at) else { return lines };
    match wrong {
        None => {
            line.good += line.missing + line.wrong + line.damaged;
            (line.missing, line.wrong, line.damaged) = (0, 0, 0);
        }
        Some(wrong) if line.good > 0 => {
            line.good -= 1;
            match wrong {
                Wrong::Missing => line.missing += 1,
                Wrong::Wrong => line.wrong += 1,
                Wrong::Damaged => line.damaged += 1,
            }
        }
        Some(_) => {}
    }
    lines
}
