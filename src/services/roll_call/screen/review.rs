// SPDX-License-Identifier: GPL-3.0-only
//! Roll call as the officer reviews it: the table, the reasons, the numbers read back, the receipt, late arrivals.
//!
//! The receipt says "uploaded" only with the platform's verdict, and says so when the verdict is no.

use crate::alarm::screen::camera_problem;
use crate::cell;
use crate::cell::screen::name;
use crate::reasons;
use crate::roll_call::{LineView, Place as Stands, View};
use crate::scene::{Link, Place, ReviewPage, Scene, Touch};
use crate::screen::{Phrases, fill, of_id, pressed, said, signed_in};
use crate::session::{OfficerLine, Second, Who};
use contract::{CheckReason, DetaineeId, ExtraPerson, FacilityKind, How, OfficerId, Outcome, Phase, Verdict};
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{Choice, Line, MainWindow, Person, ReceiptStep, ReviewStep, Sign, Tone};

/// How the id of an extra person's line begins; its place in the list follows.
const EXTRA: &str = "extra-";

pub(super) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Review<'_>>();
    page.on_here(said(touched, of_id(Touch::Here)));
    page.on_not_here(said(touched, of_id(Touch::NotHere)));
    page.on_reason_chosen(said(touched, |id| is_listed(id).then(|| Touch::Reason(id.to_owned()))));
    page.on_reason_typed(said(touched, |words| Some(Touch::ReasonTyped(words.to_owned()))));
    page.on_recount(pressed(touched, Touch::Recount));
    page.on_recount_confirmed(pressed(touched, Touch::Confirmed));
    page.on_extra_found(pressed(touched, Touch::ExtraFound));
    page.on_extra_removed(said(touched, |id| {
        id.strip_prefix(EXTRA).and_then(|index| index.parse().ok()).map(Touch::ExtraRemoved)
    }));
    page.on_sign(pressed(touched, Touch::Sign));
    page.on_sign_confirmed(pressed(touched, Touch::Confirmed));
    page.on_late_wanted(pressed(touched, Touch::LateWanted));
    page.on_late_chosen(said(touched, of_id(Touch::Person)));
    page.on_back(pressed(touched, Touch::Back));
    page.on_leave(pressed(touched, Touch::Leave));
}

fn is_listed(id: &str) -> bool {
    let (check, not_seen, extra) =
        (reasons::check_reason(id), reasons::not_seen_reason(id), reasons::extra_note(id));
    check.is_some() || not_seen.is_some() || extra.is_some()
}

pub(crate) fn show_review(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let (Place::Review(at), Some(call)) = (&scene.place, &scene.roll_call) else { return };
    let page = window.global::<ui::Review<'_>>();
    page.set_title(say.format("review-title", &[("cell", scene.cell.cell.as_str().into())]));
    page.set_subtitle(subtitle(call, say));
    page.set_signed_in(signed_in(scene, say));
    numbers(window, scene, call, say);
    match *at {
        ReviewPage::Table => {
            fill(page.get_lines(), lines(scene, call, say), |rows| page.set_lines(rows));
            page.set_step(ReviewStep::Table);
        }
        ReviewPage::Present(detainee) => ask(window, asked("check-ask", scene, detainee, say), checks(say)),
        ReviewPage::LateReason(detainee) => {
            ask(window, asked("check-ask", scene, detainee, say), checks(say));
        }
        ReviewPage::NotSeen(detainee) => {
            let reasons = listed(&reasons::NOT_SEEN, Sign::NotSeen, say);
            ask(window, asked("not-seen-ask", scene, detainee, say), reasons);
        }
        ReviewPage::Extra => {
            ask(window, say.text("review-extra-ask"), listed(&reasons::EXTRA, Sign::AddPerson, say));
        }
        ReviewPage::Recount => page.set_step(ReviewStep::Recount),
        ReviewPage::ReadBack => {
            page.set_first_signature(second_officer(scene).map_or_else(SharedString::default, |second| {
                say.format("review-signed-by", &[("name", cell::masked(&second.name).into())])
            }));
            page.set_step(ReviewStep::ReadBack);
        }
        ReviewPage::Receipt => {
            page.set_number(call.call.number().into());
            let steps = receipt(call, scene.link, say);
            fill(page.get_receipt(), steps, |rows| page.set_receipt(rows));
            page.set_step(ReviewStep::Receipt);
        }
        ReviewPage::Late => {
            let people = call.lines.iter().filter(|line| may_come_late(line));
            let people = people.map(|line| late(line, say)).collect();
            fill(page.get_late_people(), people, |rows| page.set_late_people(rows));
            page.set_step(ReviewStep::Late);
        }
    }
}

pub(crate) fn forget_review(window: &MainWindow) {
    let page = window.global::<ui::Review<'_>>();
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
    fill(page.get_late_people(), Vec::new(), |rows| page.set_late_people(rows));
    page.set_question(SharedString::default());
}

/// 10:45 晨间点名 第二轮后.
fn subtitle(call: &View, say: &Phrases<'_>) -> SharedString {
    let time = say.time(call.opened.wall_ms);
    let head = say.format("review-subtitle", &[("time", time.into()), ("title", call.title.as_str().into())]);
    let round = say.format("review-after-round", &[("round", u32::from(call.round).into())]);
    match call.phase {
        Phase::Review | Phase::Confirmed | Phase::Delivered => format!("{head} {round}").into(),
        Phase::Announced | Phase::Open | Phase::SecondRound => head,
    }
}

fn numbers(window: &MainWindow, scene: &Scene, call: &View, say: &Phrases<'_>) {
    let page = window.global::<ui::Review<'_>>();
    let kind = match scene.cell.kind {
        FacilityKind::DetentionCentre => "detention_centre",
        FacilityKind::LockUp => "lock_up",
        FacilityKind::DrugRehabilitation => "drug_rehabilitation",
    };
    let by_face = call.lines.iter().filter(|line| is_by_face(line)).count();
    let by_face = cell::count(by_face);
    let total = call.total;
    page.set_assigned_word(say.format("assigned", &[("kind", kind.into())]));
    page.set_assigned(shown(total.assigned));
    page.set_expected(shown(total.expected));
    page.set_present(shown(total.present));
    page.set_out(shown(total.out));
    page.set_by_face(shown(by_face));
    page.set_by_other(shown(total.present.saturating_sub(by_face)));
    page.set_not_seen(shown(total.not_seen));
    page.set_extra(shown(total.extra));
    page.set_unresolved(shown(call.unresolved));
    let why_not = why_not_signed(scene, call, say);
    page.set_can_sign(why_not.is_empty() && !matches!(call.phase, Phase::Confirmed | Phase::Delivered));
    page.set_why_not(why_not);
}

fn shown(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn is_by_face(line: &LineView) -> bool {
    matches!(line.outcome, Some(Outcome::Present(How::Face { .. })))
}

/// The unresolved, then who is not on the roster, then everybody else: as the view sorts them.
fn lines(scene: &Scene, call: &View, say: &Phrases<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = call.lines.iter().map(|line| line_of(line, scene, say)).collect();
    let open = call.lines.iter().take_while(|line| line.outcome.is_none()).count();
    let open_count = !matches!(call.phase, Phase::Confirmed | Phase::Delivered);
    let extra = call.extra.iter().enumerate();
    let extra = extra.map(|(index, extra)| Line { removable: open_count, ..extra_line(index, extra, say) });
    let strangers = (call.strangers > 0).then(|| Line {
        id: "strangers".into(),
        how: say.format("line-strangers", &[("count", call.strangers.into())]),
        sign: Sign::Warning,
        tone: Tone::Wait,
        ..Line::default()
    });
    let beside: Vec<Line> = strangers.into_iter().chain(extra).collect();
    lines.splice(open..open, beside);
    lines
}

fn extra_line(index: usize, extra: &ExtraPerson, say: &Phrases<'_>) -> Line {
    let note = reasons::in_words(extra.note.as_str(), say.words);
    Line {
        id: format!("{EXTRA}{index}").into(),
        how: say.format("line-extra", &[("note", note.into())]),
        when: say.time_s(extra.at.wall_ms).into(),
        sign: Sign::AddPerson,
        tone: Tone::Wait,
        ..Line::default()
    }
}

fn line_of(line: &LineView, scene: &Scene, say: &Phrases<'_>) -> Line {
    let (how, sign, tone) = match &line.outcome {
        None => (unresolved(line, scene, say), Sign::Warning, Tone::Wait),
        Some(_) if line.late => (say.text("line-late"), Sign::Done, Tone::Done),
        Some(Outcome::Present(how)) => (present(how, say), Sign::Done, Tone::Done),
        Some(Outcome::Out { out_reason, since_ms, .. }) => {
            let reason = cell::screen::out_reason(*out_reason, say);
            let time = say.time(*since_ms);
            let how = [("reason", reason.as_str().into()), ("time", time.into())];
            (say.format("line-out", &how), Sign::Out, Tone::Quiet)
        }
        Some(Outcome::NotSeen { reason, .. }) => {
            let reason = reasons::in_words(reason.as_str(), say.words);
            (say.format("line-not-seen", &[("reason", reason.into())]), Sign::NotSeen, Tone::Wait)
        }
    };
    Line {
        id: line.detainee.to_string().into(),
        name: line.name.as_str().into(),
        sign,
        tone,
        how,
        when: when(line, scene, say),
        unresolved: line.outcome.is_none(),
        removable: false,
    }
}

fn present(how: &How, say: &Phrases<'_>) -> SharedString {
    match how {
        How::Face { .. } => say.text("line-face"),
        How::Pin { chosen: true } => say.text("line-pin-chosen"),
        How::Pin { chosen: false } => say.text("line-pin"),
        How::OfficerCheck { reason, .. } => {
            let words = match reason {
                CheckReason::Typed(words) => words.as_str().to_owned(),
                CheckReason::Asked
                | CheckReason::FaceChanged
                | CheckReason::NotEnrolled
                | CheckReason::CameraDown
                | CheckReason::InBed
                | CheckReason::NotRecognised
                | CheckReason::ForgotPin => check_reason(reason, say).to_string(),
            };
            say.format("line-officer", &[("reason", words.into())])
        }
    }
}

fn check_reason(reason: &CheckReason, say: &Phrases<'_>) -> SharedString {
    say.format("check-reason", &[("reason", reasons::check_reason_id(reason).into())])
}

/// Why nothing is known of this person yet: what is certain, never more.
fn unresolved(line: &LineView, scene: &Scene, say: &Phrases<'_>) -> SharedString {
    if line.called {
        say.text("chip-called")
    } else if let Some(why) = &line.exempt {
        say.format("line-unresolved-exempt", &[("note", why.as_str().into())])
    } else if line.tries > 0 {
        say.text("line-unresolved-tries")
    } else if line.asked {
        say.text("line-unresolved-asked")
    } else if !line.enrolled {
        say.text("line-unresolved-not-enrolled")
    } else if camera_problem(scene.eye).is_some() {
        say.text("line-unresolved-camera")
    } else {
        match line.place {
            Stands::Waiting | Stands::Resolved => say.text("chip-waiting"),
            Stands::CallAgain | Stands::ForOfficer => say.text("line-unresolved-absent"),
        }
    }
}

/// Who recorded that someone is out; else when the line was decided.
fn when(line: &LineView, scene: &Scene, say: &Phrases<'_>) -> SharedString {
    let known = |id: &OfficerId| scene.officers.iter().find(|officer| officer.id == *id);
    match &line.outcome {
        Some(Outcome::Out { officer: Some(officer), .. }) if known(officer).is_some() => {
            let name = known(officer).map_or_else(String::new, |officer| cell::masked(&officer.name));
            say.format("officer", &[("name", name.into())])
        }
        // The time of leaving stands beside the reason.
        Some(Outcome::Out { .. }) | None => SharedString::default(),
        Some(Outcome::Present(_) | Outcome::NotSeen { .. }) => {
            line.at.map_or_else(SharedString::default, |at| say.time_s(at.wall_ms).into())
        }
    }
}

fn ask(window: &MainWindow, question: SharedString, reasons: Vec<Choice>) {
    let page = window.global::<ui::Review<'_>>();
    page.set_question(question);
    fill(page.get_reasons(), reasons, |rows| page.set_reasons(rows));
    page.set_step(ReviewStep::Reason);
}

fn asked(text: &str, scene: &Scene, detainee: DetaineeId, say: &Phrases<'_>) -> SharedString {
    say.format(text, &[("name", name(scene, detainee).as_str().into())])
}

/// Why an officer looked himself, as buttons.
pub(crate) fn checks(say: &Phrases<'_>) -> Vec<Choice> {
    let choice = |reason: CheckReason| Choice {
        id: reasons::check_reason_id(&reason).into(),
        title: check_reason(&reason, say),
        enabled: true,
        ..Choice::default()
    };
    reasons::CHECK.into_iter().map(choice).collect()
}

fn listed(ids: &[&str], sign: Sign, say: &Phrases<'_>) -> Vec<Choice> {
    let choice = |id: &&str| Choice {
        id: (*id).into(),
        sign,
        title: say.text(id),
        enabled: true,
        ..Choice::default()
    };
    ids.iter().map(choice).collect()
}

/// What is missing before it can be signed: at the table the lines, before the signature the second officer.
fn why_not_signed(scene: &Scene, call: &View, say: &Phrases<'_>) -> SharedString {
    let alone = call.two_officers && second_officer(scene).is_none();
    if call.unresolved > 0 {
        say.format("review-sign-why-lines", &[("count", call.unresolved.into())])
    } else if alone && scene.place == Place::Review(ReviewPage::ReadBack) {
        say.text("review-sign-second-detail")
    } else {
        SharedString::default()
    }
}

fn second_officer(scene: &Scene) -> Option<&OfficerLine> {
    match &scene.who {
        Who::Officer { second: Second::Confirmed(second), .. } => Some(second),
        Who::Officer { second: Second::None | Second::CardShown(_), .. }
        | Who::Nobody
        | Who::CardShown(_)
        | Who::WithoutCard(_)
        | Who::Voucher { .. }
        | Who::Claimed(_)
        | Who::Detainee(_) => None,
    }
}

/// What has happened to the signed count, and what has not yet.
fn receipt(call: &View, link: Link, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |done, title, detail| ReceiptStep { done, title, detail: say.text(detail) };
    let saved = step(true, say.at("delivery-saved-at", call.since.wall_ms), "delivery-saved-help");
    let waiting = || match link {
        Link::Online => step(false, say.text("delivery-sending"), "delivery-online-help"),
        Link::Offline => step(false, say.text("delivery-upload"), "delivery-waiting-help"),
        Link::NotEnrolled => step(false, say.text("delivery-upload"), "missing-platform"),
        Link::Refused => step(false, say.text("delivery-upload"), "delivery-refused-help"),
    };
    let uploaded = match &call.delivery {
        None | Some(Delivery::Saved) => waiting(),
        Some(Delivery::Kept) => step(false, say.text("delivery-kept"), "delivery-kept-help"),
        Some(Delivery::Delivered { at_ms, verdict }) => match verdict {
            Verdict::Accepted | Verdict::Duplicate => ReceiptStep {
                done: true,
                title: say.at("delivery-uploaded-at", *at_ms),
                detail: SharedString::default(),
            },
            Verdict::Parked { .. } => {
                step(true, say.at("delivery-uploaded-at", *at_ms), "delivery-parked-help")
            }
            Verdict::Rejected { .. } => {
                step(false, say.at("delivery-rejected-at", *at_ms), "delivery-kept-help")
            }
            Verdict::Retry { .. } => waiting(),
            Verdict::Fork => step(false, say.text("delivery-kept"), "delivery-kept-help"),
        },
    };
    vec![saved, uploaded]
}

/// Whoever the signed count has as not seen, once; who was out comes back by 带回.
fn may_come_late(line: &LineView) -> bool {
    !line.late && matches!(line.outcome, Some(Outcome::NotSeen { .. }))
}

fn late(line: &LineView, say: &Phrases<'_>) -> Person {
    Person {
        id: line.detainee.to_string().into(),
        name: line.name.as_str().into(),
        badge: say.format("badge", &[("number", line.badge_number.as_str().into())]),
        enabled: true,
        ..super::seen(line, say)
    }
}
