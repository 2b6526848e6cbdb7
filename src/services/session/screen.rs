// SPDX-License-Identifier: GPL-3.0-only
//! Who stands at the screen: the officer's card, PIN and menu; face enrolment; PINs given; a person's own record.
//!
//! An officer's own name is masked wherever the cell can read it, except where officers choose themselves.

pub(crate) mod prove;

use super::{OfficerLine, Record, Refusal, Second, TemplateUse, Who};
use crate::cell;
use crate::cell::screen::{find, name, tile};
use crate::scene::{
    DocumentTouch, EnrolPage, EnrolRefusal, Idle, Menu, PersonLine, PinIssuePage, Place, RecordPage, Scene,
    Touch,
};
use crate::screen::{Phrases, fill, of_id, pin, pin_waits, pressed, problem, said, signed_in};
use contract::{CameraState, OfficerRole, Phase};
use slint::{ComponentHandle, SharedString};
use ui::{
    Choice, EnrolStep, MainWindow, MyRecordStep, OfficerStep, Person, PinIssueStep, RecordLine, Sign, Tone,
};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let officer = window.global::<ui::Officer<'_>>();
    officer.on_pin_entered(said(touched, pin));
    officer.on_lost_card(pressed(touched, Touch::LostCard));
    officer.on_officer_chosen(said(touched, of_id(Touch::OfficerChosen)));
    officer.on_menu_chosen(said(touched, |id| {
        Menu::ALL.into_iter().find(|entry| entry.name() == id).map(Touch::Menu)
    }));
    officer.on_back(pressed(touched, Touch::Back));
    officer.on_leave(pressed(touched, Touch::Leave));
    let enrol = window.global::<ui::Enrol<'_>>();
    enrol.on_person_chosen(said(touched, of_id(Touch::Person)));
    enrol.on_agreed(pressed(touched, Touch::Agreed));
    enrol.on_try_again(pressed(touched, Touch::TryAgain));
    enrol.on_erase(pressed(touched, Touch::Erase));
    enrol.on_back(pressed(touched, Touch::Back));
    enrol.on_leave(pressed(touched, Touch::Leave));
    let issue = window.global::<ui::PinIssue<'_>>();
    issue.on_person_chosen(said(touched, of_id(Touch::Person)));
    issue.on_pin_entered(said(touched, pin));
    issue.on_back(pressed(touched, Touch::Back));
    issue.on_leave(pressed(touched, Touch::Leave));
    let record = window.global::<ui::MyRecord<'_>>();
    record.on_person_chosen(said(touched, of_id(Touch::Person)));
    record.on_pin_entered(said(touched, pin));
    record.on_use_face(pressed(touched, Touch::UseFace));
    record.on_use_pin(pressed(touched, Touch::UsePin));
    record.on_documents(pressed(touched, Touch::Document(DocumentTouch::Open)));
    record.on_hide(pressed(touched, Touch::Hide));
    record.on_show(pressed(touched, Touch::Show));
    record.on_back(pressed(touched, Touch::Back));
    record.on_finished(pressed(touched, Touch::Finished));
}

pub(crate) fn show_officer(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Officer<'_>>();
    page.set_signed_in(signed_in(scene, say));
    page.set_problem(problem(scene, say));
    page.set_waiting(pin_waits(scene));
    let awaited = awaited(scene);
    page.set_can_be_vouched_for(awaited.may_ask_another);
    page.set_heading(say.text(awaited.heading));
    page.set_detail(awaited.detail.map_or_else(SharedString::default, |detail| say.text(detail)));
    page.set_name(awaited.whose.map_or_else(SharedString::default, |name| cell::masked(name).into()));
    match awaited.step {
        OfficerStep::ChooseSelf => {
            let officers = scene.officers.iter().map(|officer| officer_choice(officer, say)).collect();
            fill(page.get_officers(), officers, |rows| page.set_officers(rows));
        }
        OfficerStep::Menu => {
            let menu = scene.menu().map(|entry| menu_choice(entry, scene, say)).collect();
            fill(page.get_menu(), menu, |rows| page.set_menu(rows));
        }
        OfficerStep::Card | OfficerStep::Pin => {}
    }
    page.set_step(awaited.step);
}

/// What the officer's page waits for.
struct Awaited<'a> {
    step: OfficerStep,
    heading: &'static str,
    detail: Option<&'static str>,
    /// Whose PIN.
    whose: Option<&'a str>,
    may_ask_another: bool,
}

fn awaited(scene: &Scene) -> Awaited<'_> {
    let card = Awaited {
        step: OfficerStep::Card,
        heading: "officer-title",
        detail: Some("officer-present-card-detail"),
        whose: None,
        may_ask_another: true,
    };
    if scene.place == Place::OfficerChoose {
        return Awaited { step: OfficerStep::ChooseSelf, detail: Some("officer-choose-detail"), ..card };
    }
    let pin = Awaited { step: OfficerStep::Pin, detail: None, ..card };
    let vouched = Awaited {
        heading: "officer-second",
        detail: Some("officer-vouch-detail"),
        may_ask_another: false,
        ..card
    };
    match &scene.who {
        Who::Nobody | Who::Claimed(_) | Who::Detainee(_) => card,
        Who::CardShown(officer) => Awaited { whose: Some(&officer.name), ..pin },
        Who::WithoutCard(_) => vouched,
        Who::Voucher { voucher, .. } => {
            Awaited { step: OfficerStep::Pin, detail: None, whose: Some(&voucher.name), ..vouched }
        }
        Who::Officer { second: Second::CardShown(second), .. } => Awaited {
            heading: "review-sign-second",
            whose: Some(&second.name),
            may_ask_another: false,
            ..pin
        },
        Who::Officer { second: Second::None | Second::Confirmed(_), .. } => {
            Awaited { step: OfficerStep::Menu, detail: None, may_ask_another: false, ..card }
        }
    }
}

fn officer_choice(officer: &OfficerLine, say: &Phrases<'_>) -> Choice {
    let role = match officer.role {
        OfficerRole::DutyOfficer => "duty_officer",
        OfficerRole::SupervisingOfficer => "supervising_officer",
        OfficerRole::Director => "director",
    };
    Choice {
        id: officer.id.to_string().into(),
        sign: Sign::Officer,
        title: officer.name.as_str().into(),
        detail: say.format("officer-role", &[("role", role.into())]),
        enabled: true,
    }
}

fn menu_choice(entry: Menu, scene: &Scene, say: &Phrases<'_>) -> Choice {
    let count = |text: &str, name: &str, n: usize| say.format(text, &[(name, cell::count(n).into())]);
    let expected = scene.cell.assigned.saturating_sub(scene.cell.out);
    let call = scene.roll_call.as_ref();
    let (sign, title, detail) = match entry {
        Menu::Begin => {
            (Sign::RollCall, "officer-menu-start", count("officer-menu-start-state", "expected", expected))
        }
        Menu::OpenNow => {
            (Sign::RollCall, "officer-menu-open-now", count("officer-menu-start-state", "expected", expected))
        }
        Menu::Review => match call.map(|call| (call.phase, call.unresolved)) {
            Some((Phase::Confirmed | Phase::Delivered, _)) => {
                (Sign::AddPerson, "officer-menu-late", say.text("officer-menu-late-state"))
            }
            Some((Phase::Announced | Phase::Open | Phase::SecondRound | Phase::Review, unresolved)) => (
                Sign::RollCall,
                "officer-menu-review",
                say.format("officer-menu-review-state", &[("count", unresolved.into())]),
            ),
            None => (Sign::RollCall, "officer-menu-review", say.text("officer-menu-review-none")),
        },
        Menu::Movement => (
            Sign::Out,
            "officer-menu-movement",
            count("officer-menu-movement-state", "count", scene.cell.out),
        ),
        Menu::Enrol => {
            let open = scene.people.iter().filter(|person| !person.enrolled).count();
            let detail = match open {
                0 => say.text("officer-menu-enrol-done"),
                open => count("officer-menu-enrol-state", "count", open),
            };
            (Sign::Face, "officer-menu-enrol", detail)
        }
        Menu::PinIssue => {
            let open = scene.people.iter().filter(|person| !person.has_pin).count();
            let detail = match open {
                0 => say.text("officer-menu-pin-done"),
                open => count("officer-menu-pin-state", "count", open),
            };
            (Sign::Pin, "officer-menu-pin", detail)
        }
        Menu::Attended => (Sign::Alarm, "officer-menu-attended", say.text("officer-menu-attended-state")),
        Menu::Duty => {
            let open = scene.duty.matters.iter().filter(|matter| matter.answer.is_none()).count();
            let detail = match open {
                0 => say.text("duty-menu-none"),
                open => count("duty-menu-state", "count", open),
            };
            (Sign::Duty, "duty-menu", detail)
        }
        Menu::Device => (Sign::Requests, "officer-menu-device", say.text("officer-menu-device-state")),
    };
    Choice { id: entry.name().into(), sign, title: say.text(title), detail, enabled: true }
}

pub(crate) fn show_enrol(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Enrol(at) = &scene.place else { return };
    let page = window.global::<ui::Enrol<'_>>();
    page.set_signed_in(signed_in(scene, say));
    let (step, whom) = match *at {
        EnrolPage::People => {
            let word = |person: &PersonLine| (person.enrolled, "enrol-has", "enrol-has-none");
            fill(page.get_people(), people(scene, word, say), |rows| page.set_people(rows));
            (EnrolStep::People, None)
        }
        EnrolPage::Consent(detainee) => {
            page.set_has_template(find(scene, detainee).is_some_and(|person| person.enrolled));
            (EnrolStep::Consent, Some(detainee))
        }
        EnrolPage::Mirror { detainee, view } => {
            page.set_view(view.into());
            (EnrolStep::Mirror, Some(detainee))
        }
        EnrolPage::Done(detainee) => (EnrolStep::Done, Some(detainee)),
        EnrolPage::Refused { detainee, why } => {
            let (what, then) = enrol_refusal(why);
            page.set_refused(say.text(what));
            page.set_refused_detail(say.text(then));
            page.set_can_try_again(match why {
                EnrolRefusal::TooAlike => false,
                EnrolRefusal::NotOnePerson | EnrolRefusal::TookTooLong => true,
                EnrolRefusal::NoCamera => scene.eye.camera == CameraState::Working,
            });
            (EnrolStep::Refused, Some(detainee))
        }
    };
    page.set_name(whom.map_or_else(SharedString::default, |whom| name(scene, whom)));
    page.set_step(step);
}

pub(crate) fn forget_enrol(window: &MainWindow) {
    let page = window.global::<ui::Enrol<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    page.set_name(SharedString::default());
}

/// What was refused, and what remains.
fn enrol_refusal(why: EnrolRefusal) -> (&'static str, &'static str) {
    match why {
        EnrolRefusal::TooAlike => ("enrol-too-alike", "enrol-too-alike-detail"),
        EnrolRefusal::NotOnePerson => ("enrol-no-quality", "enrol-not-one-person-detail"),
        EnrolRefusal::TookTooLong => ("enrol-no-quality", "enrol-too-long-detail"),
        EnrolRefusal::NoCamera => ("enrol-no-quality", "enrol-no-camera-detail"),
    }
}

pub(crate) fn show_pin_issue(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::PinIssue(at) = &scene.place else { return };
    let page = window.global::<ui::PinIssue<'_>>();
    page.set_signed_in(signed_in(scene, say));
    let (step, whom) = match at {
        PinIssuePage::People => {
            let word = |person: &PersonLine| (person.has_pin, "pin-has", "pin-has-none");
            fill(page.get_people(), people(scene, word, say), |rows| page.set_people(rows));
            (PinIssueStep::People, None)
        }
        PinIssuePage::First(detainee) | PinIssuePage::Differed(detainee) => {
            (PinIssueStep::First, Some(*detainee))
        }
        PinIssuePage::Again(detainee, _) => (PinIssueStep::Again, Some(*detainee)),
        PinIssuePage::Quiet(detainee, _) | PinIssuePage::QuietDiffered(detainee, _) => {
            (PinIssueStep::Quiet, Some(*detainee))
        }
        PinIssuePage::QuietAgain { detainee, .. } => (PinIssueStep::QuietAgain, Some(*detainee)),
        PinIssuePage::Done(detainee) => (PinIssueStep::Done, Some(*detainee)),
    };
    page.set_problem(match at {
        PinIssuePage::Differed(_) | PinIssuePage::QuietDiffered(..) if scene.refusal.is_none() => {
            say.text("pin-issue-differs")
        }
        PinIssuePage::People
        | PinIssuePage::First(_)
        | PinIssuePage::Again(..)
        | PinIssuePage::Differed(_)
        | PinIssuePage::Quiet(..)
        | PinIssuePage::QuietAgain { .. }
        | PinIssuePage::QuietDiffered(..)
        | PinIssuePage::Done(_) => problem(scene, say),
    });
    page.set_name(whom.map_or_else(SharedString::default, |whom| name(scene, whom)));
    page.set_step(step);
}

pub(crate) fn forget_pin_issue(window: &MainWindow) {
    let page = window.global::<ui::PinIssue<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    page.set_name(SharedString::default());
}

/// The cell's people, each with whether they have something: (so, the word for it, the word for not).
fn people(
    scene: &Scene,
    word: impl Fn(&PersonLine) -> (bool, &'static str, &'static str),
    say: &Phrases<'_>,
) -> Vec<Person> {
    let shown = |person: &PersonLine| {
        let (so, yes, no) = word(person);
        Person {
            word: say.text(if so { yes } else { no }),
            sign: if so { Sign::Done } else { Sign::None },
            tone: if so { Tone::Done } else { Tone::Plain },
            ..tile(person, say)
        }
    };
    scene.people.iter().map(shown).collect()
}

pub(crate) fn show_my_record(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::MyRecord(at) = scene.place else { return };
    let page = window.global::<ui::MyRecord<'_>>();
    page.set_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
    page.set_can_use_face(false);
    let claim = if at == RecordPage::People {
        scene.people.iter().map(|person| claimable(person, say)).collect()
    } else {
        Vec::new()
    };
    fill(page.get_people(), claim, |rows| page.set_people(rows));
    let record = scene.record.as_ref().filter(|_| at == RecordPage::List);
    let lines = record.map_or_else(Vec::new, |record| record_lines(record, say));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_empty(say.text("record-none"));
    page.set_shielded(scene.idle != Idle::Touched);
    let waiting = scene.documents.waiting;
    page.set_waiting(if at == RecordPage::List && waiting > 0 {
        say.format("document-waiting", &[("count", crate::cell::count(waiting).into())])
    } else {
        SharedString::default()
    });
    page.set_step(match at {
        RecordPage::People => MyRecordStep::Claim,
        RecordPage::Pin => MyRecordStep::Pin,
        RecordPage::List => MyRecordStep::List,
    });
}

pub(crate) fn forget_my_record(window: &MainWindow) {
    let page = window.global::<ui::MyRecord<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
}

/// Opened by PIN only, so who has none cannot open theirs here.
pub(crate) fn claimable(person: &PersonLine, say: &Phrases<'_>) -> Person {
    let word = if person.has_pin { SharedString::default() } else { say.text("pin-has-none") };
    Person { word, enabled: person.has_pin, ..tile(person, say) }
}

/// Newest first; the making stands where it happened.
fn record_lines(record: &Record, say: &Phrases<'_>) -> Vec<RecordLine> {
    let line = |sign, title, wall_ms| RecordLine {
        sign,
        title: say.text(title),
        when: say.date_time(wall_ms).into(),
    };
    let used = |used: &TemplateUse| match used.matched {
        true => line(Sign::RollCall, "record-used", used.at.wall_ms),
        false => line(Sign::RollCall, "record-used-not-matched", used.at.wall_ms),
    };
    let mut lines: Vec<RecordLine> = record.uses.iter().map(used).collect();
    if let Some(made) = record.made {
        let later = record.uses.iter().take_while(|used| used.at.wall_ms > made.wall_ms).count();
        lines.insert(later, line(Sign::Face, "record-made", made.wall_ms));
    }
    lines
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    match refusal {
        Refusal::NotOfThisCell => say.text("movement-not-of-this-cell"),
        Refusal::UnknownCard => say.text("officer-unknown-card"),
        Refusal::UnknownOfficer => say.text("officer-unknown"),
        Refusal::NoPin => say.text("pin-none"),
        Refusal::ObviousPin => say.text("pin-issue-easy"),
        Refusal::SamePin => say.text("pin-issue-same"),
        Refusal::WrongPin { tries_left } => {
            say.format("pin-wrong", &[("left", u32::from(tries_left).into())])
        }
        Refusal::Wait { seconds } => say.format("pin-wait", &[("seconds", seconds.into())]),
        Refusal::NoTemplate => say.text("enrol-has-none"),
    }
}
