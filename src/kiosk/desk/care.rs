// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of care (看病).

use super::{Awaited, Desk};
use contract::{CareCheck, DetaineeId, EventId, Said, Stamp, Strokes};
use services::care::{self, Answer, Draft, Intent};
use services::reasons;
use services::scene::{CarePage, CareTouch, Place, Then, Touch};
use services::{Actor, session};
use uuid::Uuid;

impl Desk {
    /// A touch without a meaning at this place is none.
    pub(super) fn care_touched(&mut self, page: CarePage, touch: Touch, now: &Stamp) {
        use CarePage as Page;
        let next = match (page, touch) {
            (Page::Menu, Touch::Care(CareTouch::ForMe)) => Page::Who { for_other: false },
            (Page::Menu, Touch::Care(CareTouch::ForOther)) => Page::Who { for_other: true },
            (Page::Menu, Touch::Care(CareTouch::Mine)) => Page::MineWho,
            (Page::Who { for_other: false }, Touch::Person(detainee)) => {
                self.session.claim(detainee, now);
                Page::Check(detainee)
            }
            (Page::Who { for_other: true }, Touch::Person(detainee)) => {
                Page::Report(Draft::about(Some(detainee), true, CareCheck::None))
            }
            (Page::Who { for_other }, Touch::Care(CareTouch::Nobody)) => {
                Page::Report(Draft::about(None, for_other, CareCheck::None))
            }
            (Page::Check(detainee), Touch::Pin(digits)) => {
                let Some(pin) = self.parsed(&digits) else { return };
                if !self.identify(|session, tx| session.pin(tx, &pin, now)) {
                    return;
                }
                let left = self.store.read(|read| care::draft_of(read, detainee, now)).unwrap_or_default();
                Page::Report(left.unwrap_or_else(|| Draft::about(Some(detainee), false, CareCheck::Pin)))
            }
            (Page::Check(detainee), Touch::Care(CareTouch::Unchecked)) => {
                self.session.leave();
                Page::Report(Draft::about(Some(detainee), false, CareCheck::None))
            }
            (Page::Check(detainee), Touch::UseOfficer) => {
                self.awaits_officer = Some(Awaited::Care(detainee));
                self.session.leave();
                self.place = Place::Officer;
                return;
            }
            (Page::Report(draft), Touch::Care(CareTouch::Answer(Answer::Danger(danger)))) => {
                self.danger(draft, danger, now)
            }
            (Page::Report(draft), Touch::Care(CareTouch::Answer(answer))) => {
                self.keep(draft.answered(answer), now)
            }
            (Page::Report(draft), Touch::Care(CareTouch::Next)) if draft.is_whole() => {
                let at = draft.at.after();
                self.keep(Draft { at, ..draft }, now)
            }
            (Page::Red(draft, _), Touch::Care(CareTouch::GoOn)) => Page::Report(draft),
            (Page::Report(draft), Touch::Confirmed) => {
                if self.act(self.session.actor(), Intent::Send(draft), now).is_none() {
                    return;
                }
                match self.store.read(care::last) {
                    Ok(Some(number)) => Page::Sent(number),
                    Ok(None) | Err(_) => Page::Menu,
                }
            }
            (Page::MineWho, Touch::Person(detainee)) => {
                self.prove(detainee, Then::Care, now);
                return;
            }
            (page, touch) if page.is_own() => match self.own_care_touched(page, touch, now) {
                Some(next) => next,
                None => return,
            },
            _ => return,
        };
        self.place = Place::Care(next);
    }

    /// On the pages of whoever proved who they are.
    fn own_care_touched(&mut self, page: CarePage, touch: Touch, now: &Stamp) -> Option<CarePage> {
        use CarePage as Page;
        Some(match (page, touch) {
            (Page::Mine, Touch::Care(CareTouch::One(number))) => Page::One(number),
            (Page::Mine, Touch::Care(CareTouch::Record)) => Page::Record,
            (Page::Mine, Touch::Care(CareTouch::Doses)) => Page::Doses,
            (Page::Mine, Touch::Care(CareTouch::Documents)) => Page::Documents,
            (Page::One(number), Touch::Care(CareTouch::Nudge)) => {
                let report = self.report(number)?;
                self.act(self.session.actor(), Intent::Nudge(report), now)?;
                Page::One(number)
            }
            (Page::One(number), Touch::Care(CareTouch::Accept(slot))) => {
                self.say_of(number, Said::Accept { slot }, now)?
            }
            (Page::One(number), Touch::Care(CareTouch::Cancel)) => self.say_of(number, Said::Cancel, now)?,
            (Page::One(report), Touch::Care(CareTouch::OtherTime)) => {
                Page::OtherTime { report, prefers: Vec::new() }
            }
            (
                Page::OtherTime { report, mut prefers },
                Touch::Care(CareTouch::Answer(Answer::Prefer(part))),
            ) => {
                care::toggle(&mut prefers, part);
                Page::OtherTime { report, prefers }
            }
            (Page::OtherTime { report, prefers }, Touch::Confirmed) => {
                self.say_of(report, Said::OtherTime { prefers }, now)?
            }
            (Page::One(number), Touch::Care(CareTouch::Refuse)) => Page::RefuseWhy(number),
            (Page::RefuseWhy(number), Touch::Reason(id)) => {
                let why = reasons::care_refusal(&id)?;
                self.say_of(number, Said::Refuse { why }, now)?
            }
            (Page::Doses, Touch::Care(CareTouch::Dose { dose, taken: true })) => {
                self.say(None, Said::Dose { dose, taken: true, why: Default::default() }, now)?;
                Page::Doses
            }
            (Page::Doses, Touch::Care(CareTouch::Dose { dose, taken: false })) => Page::NotTakenWhy(dose),
            (Page::NotTakenWhy(dose), Touch::Reason(id)) => {
                let why = reasons::care_not_taken(&id)?;
                self.say(None, Said::Dose { dose, taken: false, why }, now)?;
                Page::Doses
            }
            (Page::Documents, Touch::Care(CareTouch::Document(document))) => Page::Document(document),
            (Page::Document(document), Touch::Care(CareTouch::Sign)) => Page::Sign(document),
            (Page::Document(document), Touch::Care(CareTouch::Disagree)) => Page::DisagreeWhy(document),
            (Page::Sign(document), Touch::Care(CareTouch::Signed(strokes))) => {
                self.sign(document, true, Default::default(), strokes, now)?
            }
            (Page::DisagreeWhy(document), Touch::Reason(id)) => {
                let why = reasons::care_disagreement(&id)?;
                self.sign(document, false, why, Strokes::default(), now)?
            }
            _ => return None,
        })
    }

    /// An officer who was asked to look is known now: whoever stands there is whom they say.
    pub(super) fn officer_came_for_care(&mut self, detainee: DetaineeId) {
        let Actor::Officer(officer) = self.session.actor() else { return };
        self.session.leave();
        let check = CareCheck::Officer { officer };
        self.place = Place::Care(CarePage::Report(Draft::about(Some(detainee), false, check)));
    }

    /// Where the pages of care go by themselves: home when nobody is there, away from a person's page without the
    /// person. A roll call waits for whoever is writing, as long as they go on.
    pub(super) fn follow_care(
        &mut self,
        page: &CarePage,
        calling: bool,
        limits: &contract::SessionPolicy,
        now: &Stamp,
    ) {
        let idle_s = self.session.idle_s(now);
        let known =
            self.session.actor() != Actor::Anyone || matches!(self.session.who, session::Who::Claimed(_));
        let writing = matches!(page, CarePage::Report(_) | CarePage::Red(..) | CarePage::Sent(_));
        if (page.is_own() || matches!(page, CarePage::Check(_))) && !known
            || idle_s >= i64::from(limits.clear_s)
            || calling && (!writing || idle_s >= i64::from(limits.blur_s))
        {
            self.leave();
        }
    }

    fn danger(&mut self, draft: Draft, danger: contract::Danger, now: &Stamp) -> CarePage {
        if draft.dangers.contains(&danger) {
            return CarePage::Report(draft);
        }
        let intent = Intent::Danger { detainee: draft.detainee, danger };
        // Not kept: the disk failed, which is said; the question stays open.
        let Some(called) = self.act(Actor::Anyone, intent, now) else { return CarePage::Report(draft) };
        let draft = draft.answered(Answer::Danger(danger));
        self.keep(draft.clone(), now);
        CarePage::Red(draft, called.receipt)
    }

    /// Goes on with the draft, kept for whoever proved who they are.
    fn keep(&mut self, draft: Draft, now: &Stamp) -> CarePage {
        if draft.check == CareCheck::Pin {
            self.act(self.session.actor(), Intent::Keep(draft.clone()), now);
        }
        CarePage::Report(draft)
    }

    fn sign(
        &mut self,
        document: Uuid,
        agreed: bool,
        why: contract::Text<200>,
        strokes: Strokes,
        now: &Stamp,
    ) -> Option<CarePage> {
        self.say(None, Said::Sign { document, agreed, why, strokes }, now)?;
        Some(CarePage::Documents)
    }

    fn say_of(&mut self, number: i64, said: Said, now: &Stamp) -> Option<CarePage> {
        let report = self.report(number)?;
        self.say(Some(report), said, now)?;
        Some(CarePage::One(number))
    }

    fn say(&mut self, report: Option<EventId>, said: Said, now: &Stamp) -> Option<()> {
        self.act(self.session.actor(), Intent::Say { report, said }, now).map(|_| ())
    }

    /// The event of my report of this number.
    fn report(&mut self, number: i64) -> Option<EventId> {
        let Actor::Detainee(viewer) = self.session.actor() else { return None };
        let view = self.store.read(|read| care::view(read, Some(viewer), &CarePage::Mine)).ok()?;
        view.own?.reports.iter().find(|report| report.sent.number == number)?.event
    }
}
