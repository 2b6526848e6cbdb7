// SPDX-License-Identifier: GPL-3.0-only
//! 密码发放: the officer chooses the person, the person enters both PINs, each twice.

use super::Desk;
use contract::Stamp;
use services::Refusal;
use services::pin::Pin;
use services::scene::{PinIssuePage, Place, Touch};
use services::session;

impl Desk {
    pub(super) fn pin_issue_touched(&mut self, page: PinIssuePage, touch: Touch, now: &Stamp) {
        let next = match (page, touch) {
            (PinIssuePage::People, Touch::Person(detainee)) => PinIssuePage::First(detainee),
            (PinIssuePage::First(detainee) | PinIssuePage::Differed(detainee), Touch::Pin(digits)) => {
                let Some(pin) = self.parsed(&digits) else { return };
                if pin.is_obvious() {
                    self.refusal = Some(Refusal::Session(session::Refusal::ObviousPin));
                    return;
                }
                PinIssuePage::Again(detainee, pin)
            }
            (PinIssuePage::Again(detainee, first), Touch::Pin(digits)) => {
                if Pin::parse(&digits).as_ref() == Some(&first) {
                    PinIssuePage::Quiet(detainee, first)
                } else {
                    PinIssuePage::Differed(detainee)
                }
            }
            (
                PinIssuePage::Quiet(detainee, pin) | PinIssuePage::QuietDiffered(detainee, pin),
                Touch::Pin(digits),
            ) => {
                let Some(quiet) = self.parsed(&digits) else { return };
                let why = match () {
                    () if quiet.is_obvious() => Some(session::Refusal::ObviousPin),
                    () if quiet == pin => Some(session::Refusal::SamePin),
                    () => None,
                };
                if let Some(why) = why {
                    self.refusal = Some(Refusal::Session(why));
                    return;
                }
                PinIssuePage::QuietAgain { detainee, pin, quiet }
            }
            (PinIssuePage::QuietAgain { detainee, pin, quiet }, Touch::Pin(digits)) => {
                if Pin::parse(&digits).as_ref() == Some(&quiet) {
                    let intent = session::Intent::IssuePin { detainee, pin, quiet };
                    if self.act(self.session.actor(), intent, now).is_none() {
                        return;
                    }
                    PinIssuePage::Done(detainee)
                } else {
                    PinIssuePage::QuietDiffered(detainee, pin)
                }
            }
            (PinIssuePage::Done(_), Touch::Another) => PinIssuePage::People,
            _ => return,
        };
        self.place = Place::PinIssue(next);
    }
}
