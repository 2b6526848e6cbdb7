// SPDX-License-Identifier: GPL-3.0-only
//! Who stands at the screen right now. In memory only: a restart ends every session.

use super::{OfficerLine, Refusal, Subject, officer_of_card, officers, prove};
use crate::pin::{Pin, Secret};
use crate::{Actor, complaint, policy};
use contract::{DetaineeId, OfficerId, Stamp};
use store::{Fault, Write};

/// The person the terminal deals with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// A card was shown; its PIN is awaited.
    CardShown(OfficerLine),
    /// An officer without card or PIN; another officer's card is awaited.
    WithoutCard(OfficerLine),
    /// That other officer's card was shown; their PIN is awaited.
    Voucher {
        officer: OfficerLine,
        voucher: OfficerLine,
    },
    Officer {
        officer: OfficerLine,
        vouched_by: Option<OfficerId>,
        second: Second,
    },
    /// Claimed a tile; the PIN is awaited.
    Claimed(DetaineeId),
    Detainee(DetaineeId),
}

/// The second signature, where policy asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Second {
    None,
    CardShown(OfficerLine),
    Confirmed(OfficerLine),
}

/// The session and when the screen was last touched.
#[derive(Debug, Clone)]
pub struct Session {
    pub who: Who,
    /// Whoever is claimed or known was also known by their face.
    pub by_face: bool,
    /// Of the detainee whose session it is: opens what they locked.
    secret: Option<Secret>,
    touched: Option<Stamp>,
}

impl Default for Session {
    fn default() -> Self {
        Self { who: Who::Nobody, by_face: false, secret: None, touched: None }
    }
}

impl Session {
    pub fn actor(&self) -> Actor {
        match &self.who {
            Who::Officer { officer, .. } => Actor::Officer(officer.id),
            Who::Detainee(detainee) => Actor::Detainee(*detainee),
            Who::Nobody | Who::CardShown(_) | Who::WithoutCard(_) | Who::Voucher { .. } | Who::Claimed(_) => {
                Actor::Anyone
            }
        }
    }

    /// The screen was touched.
    pub fn touch(&mut self, now: &Stamp) {
        self.touched = Some(*now);
    }

    /// Seconds since the last touch.
    pub fn idle_s(&self, now: &Stamp) -> i64 {
        self.touched.map_or(0, |touched| now.since_ms(&touched) / 1000)
    }

    /// What the detainee's PIN opens, while the session lasts.
    pub fn secret(&self) -> Option<&Secret> {
        match self.who {
            Who::Detainee(_) => self.secret.as_ref(),
            Who::Nobody
            | Who::CardShown(_)
            | Who::WithoutCard(_)
            | Who::Voucher { .. }
            | Who::Officer { .. }
            | Who::Claimed(_) => None,
        }
    }

    /// Ends the session; when the screen was touched stays known.
    pub fn leave(&mut self) {
        self.who = Who::Nobody;
        self.by_face = false;
        self.secret = None;
    }

    /// Ends it when nobody touched the screen for as long as policy says. Returns whether it ended.
    pub fn expire(&mut self, policy: &contract::SessionPolicy, now: &Stamp) -> bool {
        let limit = match self.who {
            Who::Nobody => return false,
            Who::Claimed(_) | Who::Detainee(_) => policy.clear_s,
            Who::CardShown(_) | Who::WithoutCard(_) | Who::Voucher { .. } | Who::Officer { .. } => {
                policy.officer_idle_s
            }
        };
        let ended = self.idle_s(now) >= i64::from(limit);
        if ended {
            self.leave();
        }
        ended
    }

    /// A card was put on the reader. It ends a detainee's session at once.
    ///
    /// # Errors
    /// The disk fails.
    pub fn card(&mut self, tx: &Write<'_>, card: &str, now: &Stamp) -> Result<Result<(), Refusal>, Fault> {
        self.touch(now);
        let Some(shown) = officer_of_card(tx, card)? else { return Ok(Err(Refusal::UnknownCard)) };
        self.who = match std::mem::replace(&mut self.who, Who::Nobody) {
            Who::WithoutCard(officer) | Who::Voucher { officer, .. } => {
                if officer.id == shown.id {
                    Who::CardShown(shown)
                } else {
                    Who::Voucher { officer, voucher: shown }
                }
            }
            Who::Officer { officer, vouched_by, .. }
                if officer.id != shown.id && policy(tx)?.1.roll_call.two_officers =>
            {
                Who::Officer { officer, vouched_by, second: Second::CardShown(shown) }
            }
            same @ Who::Officer { .. } if matches!(&same, Who::Officer { officer, .. } if officer.id == shown.id) => {
                same
            }
            Who::Nobody | Who::CardShown(_) | Who::Officer { .. } | Who::Claimed(_) | Who::Detainee(_) => {
                Who::CardShown(shown)
            }
        };
        Ok(Ok(()))
    }

    /// An officer has no card at hand or forgot the PIN: another officer must vouch.
    ///
    /// # Errors
    /// The disk fails.
    pub fn without_card(
        &mut self,
        tx: &Write<'_>,
        officer: OfficerId,
        now: &Stamp,
    ) -> Result<Result<(), Refusal>, Fault> {
        self.touch(now);
        let Some(officer) = officers(tx)?.into_iter().find(|o| o.id == officer) else {
            return Ok(Err(Refusal::UnknownOfficer));
        };
        self.who = Who::WithoutCard(officer);
        Ok(Ok(()))
    }

    /// A detainee tapped their tile; the PIN comes next.
    pub fn claim(&mut self, detainee: DetaineeId, now: &Stamp) {
        self.touch(now);
        self.by_face = false;
        self.who = Who::Claimed(detainee);
    }

    /// A PIN was entered for whoever is awaited. A wrong one is counted in this transaction: the caller keeps it.
    ///
    /// # Errors
    /// The disk fails.
    pub fn pin(&mut self, tx: &Write<'_>, pin: &Pin, now: &Stamp) -> Result<Result<(), Refusal>, Fault> {
        self.touch(now);
        let limits = policy(tx)?.1.session;
        let (subject, next) = match &self.who {
            Who::CardShown(officer) => (
                Subject::Officer(officer.id),
                Who::Officer { officer: officer.clone(), vouched_by: None, second: Second::None },
            ),
            Who::Voucher { officer, voucher } => (
                Subject::Officer(voucher.id),
                Who::Officer { officer: officer.clone(), vouched_by: Some(voucher.id), second: Second::None },
            ),
            Who::Officer { officer, vouched_by, second: Second::CardShown(second) } => (
                Subject::Officer(second.id),
                Who::Officer {
                    officer: officer.clone(),
                    vouched_by: *vouched_by,
                    second: Second::Confirmed(second.clone()),
                },
            ),
            // Whoever is known already proves it once more, before something counts.
            Who::Claimed(detainee) | Who::Detainee(detainee) => {
                (Subject::Detainee(*detainee), Who::Detainee(*detainee))
            }
            Who::Nobody | Who::WithoutCard(_) | Who::Officer { .. } => {
                return Ok(Err(Refusal::NoPin));
            }
        };
        let proof = match prove(tx, subject, pin, &limits, now)? {
            Ok(proof) => proof,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.secret = None;
        if let Subject::Detainee(detainee) = subject {
            complaint::mark(tx, detainee, proof.quiet, now)?;
            self.secret = Some(proof.secret);
        }
        self.who = next;
        Ok(Ok(()))
    }
}
