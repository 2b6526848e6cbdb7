// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means at the place it was made.

use super::Desk;
use contract::{CameraState, DetaineeId, IdentityCheck, Stamp, Text};
use i18n::{Catalogue, Lang};
use services::pin::Pin;
use services::roll_call::{self, Decision};
use services::scene::{
    CarePage, CareTouch, ComplaintPage, ComplaintTouch, DocumentPage, DocumentTouch, DutyPage, DutyTouch,
    EnrolPage, EnrolRefusal, Flash, Menu, MovementPage, NoticePage, NoticeTouch, PinIssuePage, Place,
    RecordPage, ReviewPage, RollCallPage, ShopPage, ShopTouch, Then, Touch,
};
use services::session::{self, Second, Subject, TemplateBytes, Who};
use services::{Actor, Refusal, cell, reasons, request};

impl Desk {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a touch without a meaning at this place is none, whatever touches are added"
    )]
    pub(super) fn touched(&mut self, touch: Touch, now: &Stamp) {
        self.session.touch(now);
        if !matches!(touch, Touch::Any) {
            self.refusal = None;
        }
        match touch {
            Touch::Any | Touch::Stay => {}
            Touch::Show => self.hidden = false,
            Touch::Hide => self.hidden = true,
            Touch::FaultSeen => self.fault = false,
            // Nobody's page stays open behind it; a roll call goes on.
            Touch::AlarmRaised if matches!(self.place, Place::RollCall(_)) => {}
            Touch::AlarmRaised => self.leave(),
            Touch::Report => {
                self.act(Actor::Anyone, request::Intent::Call, now);
            }
            Touch::Leave | Touch::Finished => self.leave(),
            Touch::Back => self.back(),
            touch => match self.place.clone() {
                Place::Complaint(page) => self.complaint_touched(page, touch, now),
                Place::Document(page) => self.document_touched(page, touch, now),
                Place::Notices(page) => {
                    if let Touch::Notice(touch) = touch {
                        self.notice_touched(page, touch, now);
                    }
                }
                Place::Home => self.home_touched(&touch),
                Place::RollCall(page) => self.roll_call_touched(page, touch, now),
                Place::Officer | Place::OfficerChoose => self.officer_touched(touch, now),
                Place::Review(page) => self.review_touched(page, touch, now),
                Place::Movement(page) => self.movement_touched(page, touch, now),
                Place::Enrol(page) => self.enrol_touched(page, &touch, now),
                Place::PinIssue(page) => self.pin_issue_touched(page, touch, now),
                Place::MyRecord(page) => self.record_touched(page, touch, now),
                Place::Device => {}
                Place::Requests => {
                    if let Touch::Item(item) = touch {
                        self.act(Actor::Anyone, request::Intent::Item(item), now);
                    }
                }
                Place::Duty(page) => self.duty_touched(page, touch, now),
                Place::Care(page) => self.care_touched(page, touch, now),
                Place::Shop(page) => self.shop_touched(page, touch, now),
                Place::Prove(page) => self.prove_touched(page, touch, now),
            },
        }
    }

    /// Ends the session and clears the screen.
    pub(super) fn leave(&mut self) {
        self.session.leave();
        self.refusal = None;
        self.hidden = false;
        self.awaits_officer = None;
        self.shops_since = None;
        self.place = Place::Home;
    }

    fn back(&mut self) {
        self.place = match &self.place {
            Place::Home | Place::RollCall(_) => Place::RollCall(RollCallPage::Follow),
            Place::Officer | Place::MyRecord(_) | Place::Requests | Place::Duty(DutyPage::Today) => {
                return self.leave();
            }
            Place::Duty(DutyPage::Matter(_)) => Place::Duty(DutyPage::Matters),
            Place::Duty(DutyPage::Matters) => Place::Officer,
            Place::Duty(DutyPage::SwapOther { first, .. }) => Place::Duty(DutyPage::SwapOwn(*first)),
            Place::Duty(_) => Place::Duty(DutyPage::Today),
            Place::Care(page) => match page.back() {
                Some(CarePage::Menu) => {
                    // The next may be somebody else.
                    self.session.leave();
                    Place::Care(CarePage::Menu)
                }
                Some(page) => Place::Care(page),
                None => return self.leave(),
            },
            Place::Shop(page) => match page.back() {
                Some(page) => Place::Shop(page),
                None => return self.leave(),
            },
            Place::Prove(page) => return self.not_proven(page.clone()),
            Place::Complaint(page) => match page.back() {
                Some(ComplaintPage::Menu) => {
                    self.session.leave();
                    Place::Complaint(ComplaintPage::Menu)
                }
                Some(page) => Place::Complaint(page),
                None => return self.leave(),
            },
            Place::Notices(NoticePage::List) => return self.leave(),
            Place::Notices(_) => Place::Notices(NoticePage::List),
            Place::Document(DocumentPage::Who) => Place::MyRecord(RecordPage::People),
            Place::Document(page) => match page.back() {
                Some(page) => Place::Document(page),
                None => return self.leave(),
            },
            Place::OfficerChoose => Place::Officer,
            Place::Review(ReviewPage::Table | ReviewPage::Receipt) => Place::Officer,
            Place::Review(ReviewPage::Late) => Place::Review(ReviewPage::Receipt),
            Place::Review(ReviewPage::LateReason(_)) => Place::Review(ReviewPage::Late),
            Place::Review(_) => Place::Review(ReviewPage::Table),
            Place::Movement(MovementPage::People)
            | Place::Enrol(EnrolPage::People)
            | Place::PinIssue(PinIssuePage::People)
            | Place::Device => Place::Officer,
            Place::Movement(_) => Place::Movement(MovementPage::People),
            Place::Enrol(_) => Place::Enrol(EnrolPage::People),
            Place::PinIssue(_) => Place::PinIssue(PinIssuePage::People),
        };
    }

    fn home_touched(&mut self, touch: &Touch) {
        if *touch == Touch::MyRecord {
            self.place = Place::MyRecord(RecordPage::People);
        } else if *touch == Touch::RollCall {
            self.place = Place::RollCall(RollCallPage::Follow);
        } else if *touch == Touch::Notice(NoticeTouch::Open) {
            self.place = Place::Notices(NoticePage::List);
        } else if *touch == Touch::Requests {
            self.place = Place::Requests;
        } else if *touch == Touch::Duty(DutyTouch::Open) {
            self.place = Place::Duty(DutyPage::Today);
        } else if *touch == Touch::Care(CareTouch::Open) {
            self.place = Place::Care(CarePage::Menu);
        } else if *touch == Touch::Shop(ShopTouch::Open) {
            self.place = Place::Shop(ShopPage::Front);
        } else if *touch == Touch::Complaint(ComplaintTouch::Open) {
            self.place = Place::Complaint(ComplaintPage::Menu);
        } else if *touch == Touch::Officer {
            self.place = Place::Officer;
        }
    }

    fn roll_call_touched(&mut self, page: RollCallPage, touch: Touch, now: &Stamp) {
        let current = self.current();
        match (touch, page) {
            (Touch::Officer, _) => self.place = Place::Officer,
            (Touch::UsePin, _) => match current {
                Some(detainee) => {
                    if self.act(Actor::Anyone, roll_call::Intent::AskPin { detainee }, now).is_some() {
                        self.place = Place::RollCall(RollCallPage::Pin(detainee));
                    }
                }
                None => self.place = Place::RollCall(RollCallPage::ChooseSelf),
            },
            (Touch::UseOfficer, RollCallPage::Pin(detainee)) => self.ask_officer(detainee, now),
            (Touch::UseOfficer, RollCallPage::Follow | RollCallPage::ChooseSelf) => match current {
                Some(detainee) => self.ask_officer(detainee, now),
                None => self.place = Place::Officer,
            },
            (Touch::UseFace, _) => self.place = Place::RollCall(RollCallPage::Follow),
            (Touch::Person(detainee), RollCallPage::ChooseSelf) => {
                self.place = Place::RollCall(RollCallPage::Pin(detainee));
            }
            (Touch::Person(detainee), RollCallPage::Follow | RollCallPage::Pin(_)) => {
                if self.act(Actor::Anyone, roll_call::Intent::CallMe { detainee }, now).is_some() {
                    self.place = Place::RollCall(RollCallPage::Follow);
                }
            }
            (Touch::Pin(digits), RollCallPage::Pin(detainee)) => {
                let Some(pin) = self.parsed(&digits) else { return };
                if self.act(Actor::Anyone, roll_call::Intent::EnterPin { detainee, pin }, now).is_some() {
                    let name = self.masked(detainee);
                    self.flash(Flash::Seen { name }, now);
                    self.place = Place::RollCall(RollCallPage::Follow);
                }
            }
            (_, RollCallPage::Follow | RollCallPage::ChooseSelf | RollCallPage::Pin(_)) => {}
        }
    }

    fn ask_officer(&mut self, detainee: DetaineeId, now: &Stamp) {
        if self.act(Actor::Anyone, roll_call::Intent::AskOfficer { detainee }, now).is_some() {
            let name = self.masked(detainee);
            self.flash(Flash::ForOfficer { name }, now);
            self.place = Place::RollCall(RollCallPage::Follow);
        }
    }

    fn officer_touched(&mut self, touch: Touch, now: &Stamp) {
        if let Touch::LostCard = touch {
            self.place = Place::OfficerChoose;
        } else if let Touch::OfficerChosen(officer) = touch {
            if self.identify(|session, tx| session.without_card(tx, officer, now)) {
                self.place = Place::Officer;
            }
        } else if let Touch::Pin(digits) = touch {
            let Some(pin) = self.parsed(&digits) else { return };
            let signs = self.awaits_second_pin();
            if self.identify(|session, tx| session.pin(tx, &pin, now)) {
                if self.officer_came() {
                    return;
                }
                self.place = if signs {
                    Place::Review(ReviewPage::ReadBack)
                } else if self.in_review() {
                    Place::Review(ReviewPage::Table)
                } else {
                    Place::Officer
                };
            }
        } else if let Touch::Menu(entry) = touch {
            self.menu_touched(entry, now);
        }
    }

    fn menu_touched(&mut self, entry: Menu, now: &Stamp) {
        let actor = self.session.actor();
        match entry {
            Menu::Begin => {
                // The title is read by officers at the desk: the facility's language.
                let title = Text::new(&Catalogue::of(Lang::ZhCn).text("roll-call-ad-hoc"));
                if self.act(actor, roll_call::Intent::Begin { title }, now).is_some() {
                    self.leave();
                }
            }
            Menu::OpenNow => {
                if self.act(actor, roll_call::Intent::OpenNow, now).is_some() {
                    self.leave();
                }
            }
            Menu::Review => self.place = Place::Review(ReviewPage::Table),
            Menu::Movement => self.place = Place::Movement(MovementPage::People),
            Menu::Enrol => self.place = Place::Enrol(EnrolPage::People),
            Menu::PinIssue => self.place = Place::PinIssue(PinIssuePage::People),
            Menu::Attended => {
                if let Actor::Officer(officer) = self.session.actor() {
                    (self.outputs.attended)(officer);
                }
            }
            Menu::Duty => self.place = Place::Duty(DutyPage::Matters),
            Menu::Device => {
                self.enrolled = (self.outputs.enrolled)();
                self.place = Place::Device;
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a touch without a meaning at this place is none, whatever touches are added"
    )]
    fn review_touched(&mut self, page: ReviewPage, touch: Touch, now: &Stamp) {
        let actor = self.session.actor();
        match touch {
            Touch::Here(detainee) => self.place = Place::Review(ReviewPage::Present(detainee)),
            Touch::NotHere(detainee) => self.place = Place::Review(ReviewPage::NotSeen(detainee)),
            Touch::Recount => self.place = Place::Review(ReviewPage::Recount),
            Touch::ExtraFound => self.place = Place::Review(ReviewPage::Extra),
            Touch::ExtraRemoved(index) => {
                self.act(actor, roll_call::Intent::RemoveExtra { index }, now);
            }
            Touch::LateWanted => self.place = Place::Review(ReviewPage::Late),
            Touch::Person(detainee) if page == ReviewPage::Late => {
                self.place = Place::Review(ReviewPage::LateReason(detainee));
            }
            Touch::Sign => self.sign_wanted(actor, now),
            Touch::Reason(id) => self.reason_given(page, reasons::Given::Listed(id), now),
            Touch::ReasonTyped(words) => self.reason_given(page, reasons::Given::Typed(words), now),
            Touch::Confirmed if page == ReviewPage::Recount => self.count_again(actor, now),
            Touch::Confirmed if page == ReviewPage::ReadBack => {
                let second = match &self.session.who {
                    Who::Officer { second: Second::Confirmed(second), .. } => Some(second.id),
                    _ => None,
                };
                if self.act(actor, roll_call::Intent::Sign { second }, now).is_some() {
                    self.place = Place::Review(ReviewPage::Receipt);
                }
            }
            _ => {}
        }
    }

    /// Calling that still runs ends here: the officer goes on to sign.
    fn sign_wanted(&mut self, actor: Actor, now: &Stamp) {
        if self.in_review() || self.act(actor, roll_call::Intent::Review, now).is_some() {
            self.place = Place::Review(ReviewPage::ReadBack);
        }
    }

    fn count_again(&mut self, actor: Actor, now: &Stamp) {
        if self.act(actor, roll_call::Intent::CountAgain, now).is_some() {
            self.leave();
        }
    }

    fn reason_given(&mut self, page: ReviewPage, given: reasons::Given, now: &Stamp) {
        let actor = self.session.actor();
        let intent = match page {
            ReviewPage::Present(detainee) => given
                .check()
                .map(|reason| roll_call::Intent::Decide { detainee, decision: Decision::Present(reason) }),
            ReviewPage::NotSeen(detainee) => given
                .not_seen()
                .map(|reason| roll_call::Intent::Decide { detainee, decision: Decision::NotSeen(reason) }),
            ReviewPage::Extra => given.extra().map(|note| roll_call::Intent::AddExtra { note }),
            ReviewPage::LateReason(detainee) => {
                given.check().map(|reason| roll_call::Intent::Late { detainee, reason })
            }
            ReviewPage::Table
            | ReviewPage::Recount
            | ReviewPage::ReadBack
            | ReviewPage::Receipt
            | ReviewPage::Late => None,
        };
        let Some(intent) = intent else { return };
        if self.act(actor, intent, now).is_some() {
            let late = matches!(page, ReviewPage::LateReason(_));
            self.place = Place::Review(if late { ReviewPage::Receipt } else { ReviewPage::Table });
        }
    }

    fn movement_touched(&mut self, page: MovementPage, touch: Touch, now: &Stamp) {
        use MovementPage as Page;
        let next = match (page, touch) {
            (Page::People, Touch::Person(detainee)) => {
                if self.is_out(detainee) {
                    Page::Check { detainee, reason: None }
                } else {
                    Page::Reason(detainee)
                }
            }
            (Page::Reason(detainee), Touch::Reason(id)) => match reasons::out_reason(&id) {
                Some(reason) => Page::Check { detainee, reason: Some(reason) },
                None => return,
            },
            (Page::Check { detainee, reason }, Touch::Check(check)) => match check {
                IdentityCheck::Face => Page::Mirror { detainee, reason },
                IdentityCheck::Pin => Page::Pin { detainee, reason },
                IdentityCheck::Officer => Page::ReadBack { detainee, reason, checked: check },
            },
            (Page::Pin { detainee, reason }, Touch::Pin(digits)) => {
                let Some(pin) = self.parsed(&digits) else { return };
                let subject = Subject::Detainee(detainee);
                let right = self.identify(|_, tx| {
                    let limits = services::policy(tx)?.1.session;
                    session::try_pin(tx, subject, &pin, &limits, now)
                });
                if !right {
                    return;
                }
                Page::ReadBack { detainee, reason, checked: IdentityCheck::Pin }
            }
            (Page::ReadBack { detainee, reason, checked }, Touch::Confirmed) => {
                let intent = match reason {
                    Some(reason) => cell::Intent::TakeOut { detainee, reason, checked },
                    None => cell::Intent::Return { detainee, checked },
                };
                if self.act(self.session.actor(), intent, now).is_none() {
                    return;
                }
                Page::Done { detainee, reason }
            }
            (Page::Done { .. }, Touch::Another) => Page::People,
            _ => return,
        };
        self.place = Place::Movement(next);
    }

    fn enrol_touched(&mut self, page: EnrolPage, touch: &Touch, now: &Stamp) {
        let next = match (page, touch) {
            (EnrolPage::People, Touch::Person(detainee)) => EnrolPage::Consent(*detainee),
            (
                EnrolPage::Consent(detainee) | EnrolPage::Refused { detainee, .. },
                Touch::Agreed | Touch::TryAgain,
            ) => {
                if self.eye.camera == CameraState::Working {
                    EnrolPage::Mirror { detainee, view: 1 }
                } else {
                    EnrolPage::Refused { detainee, why: EnrolRefusal::NoCamera }
                }
            }
            (EnrolPage::Consent(detainee), Touch::Erase) => {
                if self.act(self.session.actor(), session::Intent::EraseTemplate { detainee }, now).is_none()
                {
                    return;
                }
                EnrolPage::People
            }
            (EnrolPage::Done(_), Touch::Another) => EnrolPage::People,
            _ => return,
        };
        self.place = Place::Enrol(next);
    }

    fn record_touched(&mut self, page: RecordPage, touch: Touch, now: &Stamp) {
        if touch == Touch::Document(DocumentTouch::Open) {
            self.documents_wanted(now);
        } else if let (RecordPage::People, Touch::Person(detainee)) = (page, touch) {
            self.prove(detainee, Then::Record, now);
        }
    }

    /// A PIN of the right shape; else the person is told it is wrong, and nothing is counted.
    pub(super) fn parsed(&mut self, digits: &str) -> Option<Pin> {
        let pin = Pin::parse(digits);
        if pin.is_none() {
            self.refusal = Some(Refusal::Session(session::Refusal::NoPin));
        }
        pin
    }

    pub(super) fn awaits_second_pin(&self) -> bool {
        matches!(self.session.who, Who::Officer { second: Second::CardShown(_), .. })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a touch without a meaning at this place is none, whatever touches are added"
    )]
    pub(super) fn matched(&mut self, detainee: DetaineeId, seen: roll_call::Intent, now: &Stamp) {
        self.eye.guide = None;
        match self.place {
            Place::Movement(MovementPage::Mirror { detainee: wanted, reason }) if wanted == detainee => {
                let checked = IdentityCheck::Face;
                self.place = Place::Movement(MovementPage::ReadBack { detainee, reason, checked });
            }
            _ => {
                if self.act(Actor::Machine, seen, now).is_some() {
                    let name = self.masked(detainee);
                    self.flash(Flash::Seen { name }, now);
                }
            }
        }
    }

    pub(super) fn not_matched(&mut self, detainee: DetaineeId, now: &Stamp) {
        if let Place::Prove(page) = self.place.clone() {
            self.not_proven_by_face(page, now);
        } else if let Place::Duty(_) = self.place {
            self.not_matched_on_duty(now);
        } else if let Place::Movement(MovementPage::Mirror { reason, .. }) = self.place {
            self.place = Place::Movement(MovementPage::Check { detainee, reason });
            self.refusal = Some(Refusal::Cell(cell::Refusal::NotRecognised));
        } else {
            self.act(Actor::Machine, roll_call::Intent::NotMatched { detainee }, now);
        }
    }

    pub(super) fn enrol_view(&mut self, view: u8) {
        if let Place::Enrol(EnrolPage::Mirror { detainee, .. }) = self.place {
            self.place = Place::Enrol(EnrolPage::Mirror { detainee, view });
        }
    }

    pub(super) fn enrolled(&mut self, template: TemplateBytes, model: Text<64>, now: &Stamp) {
        let Place::Enrol(EnrolPage::Mirror { detainee, .. }) = self.place else { return };
        let intent = session::Intent::KeepTemplate { detainee, template, model };
        if self.act(self.session.actor(), intent, now).is_some() {
            self.place = Place::Enrol(EnrolPage::Done(detainee));
        }
    }

    pub(super) fn enrol_refused(&mut self, why: EnrolRefusal) {
        if let Place::Enrol(EnrolPage::Mirror { detainee, .. }) = self.place {
            self.place = Place::Enrol(EnrolPage::Refused { detainee, why });
        }
    }
}
