// SPDX-License-Identifier: GPL-3.0-only
//! 公示 on the screen: what is posted, one of them part by part, and how long answers take.

use crate::cell::count;
use crate::scene::{NoticePage, NoticeTouch, Place, Scene, Touch};
use crate::screen::{Phrases, fill, pressed, said};
use crate::spoken::Spoken;
use contract::{FigureKind, FigureLine, NoticeTopic, PublicNotice};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use ui::{Choice, Fact, MainWindow, NoticeStep, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::PublicNotices<'_>>();
    page.on_chosen(said(touched, touch));
    page.on_back(pressed(touched, Touch::Back));
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Notices(at) = scene.place else { return };
    empty(window);
    match at {
        NoticePage::List => list(window, scene, say),
        NoticePage::Read { notice, part } => {
            if let Some((notice, parts)) = scene.notices.of(notice) {
                read(window, notice, (&parts, part), say);
            }
        }
        NoticePage::Figures => figures(window, scene, say),
    }
}

/// Nothing of another page stays behind.
pub(crate) fn forget(window: &MainWindow) {
    empty(window);
    window.global::<ui::PublicNotices<'_>>().set_step(NoticeStep::List);
}

/// What the tile on Home says: the newest urgent one, else what there is to read.
pub(crate) fn tile(scene: &Scene, say: &Phrases<'_>) -> (SharedString, bool) {
    match &scene.notices.urgent {
        Some(notice) => (notice.title.as_str().into(), true),
        None => (say.text("notice-tile-state"), false),
    }
}

/// What is posted, and the part of one that is shown.
pub(crate) fn spoken(at: NoticePage, scene: &Scene, words: &Catalogue) -> Option<Spoken> {
    match at {
        NoticePage::List => {
            let id = "notice-list";
            let titles = scene.notices.posted.iter().map(|one| one.title.to_string());
            let all: Vec<String> = std::iter::once(words.text(id).into_owned()).chain(titles).collect();
            Some(Spoken { id, words: all.join(". ") })
        }
        NoticePage::Read { notice, part } => {
            let (notice, parts) = scene.notices.of(notice)?;
            let shown = parts.get(part)?.replace('\n', " ");
            let title = (part == 0).then(|| notice.title.to_string());
            let all: Vec<String> =
                title.into_iter().chain([numbered(part, parts.len(), words), shown]).collect();
            Some(Spoken { id: "document-part", words: all.join(". ") })
        }
        NoticePage::Figures => {
            let id = "notice-figures-hint";
            let lines = scene.notices.figures.iter().flat_map(|figures| &figures.lines);
            let lines = lines.map(|line| format!("{}: {}", what(line.what, words), told(line, words)));
            let all: Vec<String> = std::iter::once(words.text(id).into_owned()).chain(lines).collect();
            Some(Spoken { id, words: all.join(". ") })
        }
    }
}

fn list(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::PublicNotices<'_>>();
    page.set_question(say.text("notice-list"));
    page.set_hint(say.text("notice-list-hint"));
    page.set_empty(say.text("notice-none"));
    let mut choices: Vec<Choice> = scene.notices.posted.iter().map(|one| line(one, say)).collect();
    if scene.notices.figures.is_some() {
        choices.push(Choice {
            id: "figures".into(),
            sign: Sign::Clock,
            title: say.text("notice-figures"),
            detail: say.text("notice-figures-hint"),
            enabled: true,
        });
    }
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    page.set_step(NoticeStep::List);
}

fn line(notice: &PublicNotice, say: &Phrases<'_>) -> Choice {
    let topic = say.format("notice-topic", &[("topic", notice.topic.name().into())]);
    let args = [("topic", topic.as_str().into()), ("time", say.date(notice.posted_ms).into())];
    Choice {
        id: format!("notice-{}", notice.notice).into(),
        sign: if notice.urgent { Sign::Warning } else { sign(notice.topic) },
        title: notice.title.as_str().into(),
        detail: say.format(if notice.urgent { "notice-line-urgent" } else { "notice-line" }, &args),
        enabled: true,
    }
}

fn read(window: &MainWindow, notice: &PublicNotice, (parts, part): (&[String], usize), say: &Phrases<'_>) {
    let page = window.global::<ui::PublicNotices<'_>>();
    page.set_question(notice.title.as_str().into());
    let args = [("time", say.date(notice.posted_ms).into())];
    page.set_hint(say.format("notice-posted", &args));
    page.set_part(parts.get(part).map_or_else(SharedString::default, |part| part.as_str().into()));
    page.set_part_number(numbered(part, parts.len(), say.words).into());
    page.set_can_previous(part > 0);
    page.set_can_next(part + 1 < parts.len());
    page.set_step(NoticeStep::Read);
}

fn figures(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::PublicNotices<'_>>();
    page.set_question(say.text("notice-figures"));
    let Some(figures) = &scene.notices.figures else { return };
    let args = [("from", say.date(figures.from_ms).into()), ("until", say.date(figures.until_ms - 1).into())];
    page.set_hint(say.format("notice-figures-of", &args));
    let fact = |line: &FigureLine| Fact {
        id: SharedString::default(),
        title: what(line.what, say.words).into(),
        value: told(line, say.words).into(),
        done: true,
    };
    fill(page.get_lines(), figures.lines.iter().map(fact).collect(), |rows| page.set_lines(rows));
    page.set_step(NoticeStep::Figures);
}

/// What a figure is about, as the page of that thing calls it.
fn what(kind: FigureKind, words: &Catalogue) -> String {
    match kind {
        FigureKind::Complaint(office) => {
            words.format("complaint-office", &[("office", office.name().into())])
        }
        FigureKind::Appointment(with) => words.format("complaint-with", &[("with", with.name().into())]),
        FigureKind::SymptomReport => words.text("notice-figure-care").into_owned(),
    }
}

fn told(line: &FigureLine, words: &Catalogue) -> String {
    let mut told = vec![words.format("notice-figure-count", &[("count", line.count.into())])];
    told.extend(line.median_h.map(|hours| words.format("notice-figure-median", &[("hours", hours.into())])));
    told.extend(
        line.overdue.map(|overdue| words.format("notice-figure-overdue", &[("count", overdue.into())])),
    );
    told.join(" · ")
}

fn numbered(part: usize, parts: usize, words: &Catalogue) -> String {
    words.format("document-part", &[("number", count(part + 1).into()), ("count", count(parts).into())])
}

fn sign(topic: NoticeTopic) -> Sign {
    match topic {
        NoticeTopic::Rules | NoticeTopic::Other => Sign::Notices,
        NoticeTopic::Rights | NoticeTopic::Law => Sign::Paper,
        NoticeTopic::Food => Sign::Meal,
        NoticeTopic::Prices => Sign::Shop,
        NoticeTopic::Schedule => Sign::Clock,
        NoticeTopic::CivilCell => Sign::House,
    }
}

fn empty(window: &MainWindow) {
    let page = window.global::<ui::PublicNotices<'_>>();
    page.set_question(SharedString::default());
    page.set_hint(SharedString::default());
    page.set_part(SharedString::default());
    page.set_part_number(SharedString::default());
    fill(page.get_choices(), Vec::new(), |rows| page.set_choices(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
}

fn touch(id: &str) -> Option<Touch> {
    Some(Touch::Notice(match id {
        "next" => NoticeTouch::Next,
        "previous" => NoticeTouch::Previous,
        "figures" => NoticeTouch::Figures,
        _ => NoticeTouch::One(id.strip_prefix("notice-")?.parse().ok()?),
    }))
}
