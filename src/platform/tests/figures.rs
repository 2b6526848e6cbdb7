// SPDX-License-Identifier: GPL-3.0-only
//! How long answers take: what is told, when, and that nobody can be counted out of it.

use super::complaints::{Desk, complaint};
use super::*;
use crate::figures::{self, Fact, SETTLED_MS, figures, period, release_due};
use contract::{
    AnswerFigures, AppointmentRequested, AppointmentWith, Collection, FIGURES_COUNT_MIN, FigureKind, Office,
    SealKey,
};
use proptest::prelude::*;

on_both! {
    a_month_is_told_once_when_it_is_settled_and_never_changes,
    a_later_terminal_gets_them_too,
}

const HOUR_MS: i64 = 60 * 60_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// 1 December 2026 and 1 November 2026, midnight in Beijing.
const DECEMBER_MS: i64 = 1_796_054_400_000;
const NOVEMBER_MS: i64 = DECEMBER_MS - 30 * DAY_MS;

fn kinds() -> impl Strategy<Value = FigureKind> {
    prop_oneof![
        Just(FigureKind::Complaint(Office::Procurator)),
        Just(FigureKind::Complaint(Office::Director)),
        Just(FigureKind::Appointment(AppointmentWith::LegalAid)),
        Just(FigureKind::SymptomReport),
    ]
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (kinds(), prop::option::of(0..400 * HOUR_MS), any::<bool>());
    prop::collection::vec(fact, 0..40).prop_map(|facts| {
        let fact = |(what, waited_ms, late): (FigureKind, Option<i64>, bool)| Fact {
            what,
            waited_ms,
            overdue: late || waited_ms.is_none(),
        };
        facts.into_iter().map(fact).collect()
    })
}

/// How many somebody who reads a line can say something of: none, or enough.
fn hides(number: u32) -> bool {
    number == 0 || number >= FIGURES_COUNT_MIN
}

proptest! {
    #[test]
    fn no_figure_counts_few_and_none_follows_from_a_difference(facts in facts()) {
        let told = figures((0, 1), &facts);
        for line in &told.lines {
            let of: Vec<&Fact> = facts.iter().filter(|fact| fact.what == line.what).collect();
            prop_assert_eq!(line.count as usize, of.len());
            prop_assert!(line.count >= FIGURES_COUNT_MIN);
            if let Some(overdue) = line.overdue {
                prop_assert_eq!(overdue as usize, of.iter().filter(|fact| fact.overdue).count());
                prop_assert!(hides(overdue) && hides(line.count - overdue), "{:?}", line);
            }
            let answered = of.iter().filter(|fact| fact.waited_ms.is_some()).count();
            prop_assert_eq!(line.median_h.is_some(), answered >= FIGURES_COUNT_MIN as usize);
        }
        for kind in [FigureKind::Complaint(Office::Procurator), FigureKind::SymptomReport] {
            let count = facts.iter().filter(|fact| fact.what == kind).count();
            let is_told = told.lines.iter().any(|line| line.what == kind);
            prop_assert_eq!(is_told, count >= FIGURES_COUNT_MIN as usize);
        }
    }

    /// Whoever reads every release learns each event's month and no smaller part of time.
    #[test]
    fn months_are_whole_do_not_overlap_and_are_settled(now_ms in 0..4_000_000_000_000_i64, later_ms in 0..90 * DAY_MS) {
        let (from_ms, until_ms) = period(now_ms).unwrap();
        prop_assert!(until_ms - from_ms >= 28 * DAY_MS && until_ms - from_ms <= 31 * DAY_MS);
        prop_assert!(until_ms + SETTLED_MS <= now_ms);
        let later = period(now_ms + later_ms).unwrap();
        prop_assert!(later == (from_ms, until_ms) || later.0 >= until_ms);
    }
}

#[test]
fn the_middle_is_in_whole_hours_begun_ones_counted() {
    let fact =
        |waited_ms| Fact { what: FigureKind::SymptomReport, waited_ms: Some(waited_ms), overdue: false };
    let facts = [1, HOUR_MS, HOUR_MS + 1, 3 * HOUR_MS, 90 * HOUR_MS].map(fact);
    let line = figures((0, 1), &facts).lines[0];
    assert_eq!((line.count, line.median_h, line.overdue), (5, Some(2), Some(0)));
    assert!(figures((0, 1), &facts[..4]).lines.is_empty());
}

#[test]
fn a_month_is_due_thirty_days_after_its_end() {
    let november = Some((NOVEMBER_MS, DECEMBER_MS));
    assert_eq!(period(DECEMBER_MS + SETTLED_MS), november);
    assert_ne!(period(DECEMBER_MS + SETTLED_MS - 1), november);
}

async fn told(kiosk: &Kiosk) -> Vec<AnswerFigures> {
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let items = page.items.into_iter().filter(|item| item.collection == Collection::AnswerFigures.name());
    items.map(|item| serde_json::from_value(item.body).unwrap()).collect()
}

/// Five people of the cell ask for legal aid, and one complaint waits for the procurator.
async fn november(world: &World, kiosk: &mut Kiosk) {
    let desk = Desk::new(Office::Procurator);
    for person in world.seeded.detainees.iter().take(5) {
        let (at, with) = (kiosk.stamp(), AppointmentWith::LegalAid);
        kiosk.say(&Event::AppointmentRequested(AppointmentRequested { at, detainee: person.id, with })).await;
    }
    let told = complaint(1, world.seeded.detainees[0].id, &SealKey::generate());
    kiosk.say(&desk.seal(kiosk, &told)).await;
}

async fn a_month_is_told_once_when_it_is_settled_and_never_changes(on: On) {
    let world = World::new(on).await;
    let core = &world.running.platform.core;
    let mut kiosk = world.kiosk().await;
    november(&world, &mut kiosk).await;
    assert!(release_due(core).await.unwrap(), "September, of which nothing is known");
    assert!(told(&kiosk).await[0].lines.is_empty());
    world.pass_ms(DECEMBER_MS + SETTLED_MS - 1 - NOW_MS);
    release_due(core).await.unwrap();
    assert!(told(&kiosk).await[0].lines.is_empty());
    world.pass_ms(1);
    assert!(release_due(core).await.unwrap());
    let november = told(&kiosk).await;
    assert_eq!((november[0].from_ms, november[0].until_ms), (NOVEMBER_MS, DECEMBER_MS));
    let [line] = november[0].lines.as_slice() else { panic!("{november:?}") };
    assert_eq!(line.what, FigureKind::Appointment(AppointmentWith::LegalAid));
    assert_eq!((line.count, line.median_h, line.overdue), (5, None, Some(5)));
    // What is answered, or comes in by hand, after that changes nothing of it.
    let mut write = core.tables.write().await.unwrap();
    for sql in [
        "UPDATE appointment SET answered_ms = received_ms",
        "UPDATE complaint_item SET answered_ms = hour_ms, received_ms = hour_ms",
    ] {
        sqlx::query(sql).execute(&mut *write).await.unwrap();
    }
    write.commit().await.unwrap();
    assert!(!release_due(core).await.unwrap());
    world.pass_ms(DAY_MS);
    assert!(!release_due(core).await.unwrap());
    assert_eq!(told(&kiosk).await, november);
}

async fn a_later_terminal_gets_them_too(on: On) {
    let world = World::new(on).await;
    let core = &world.running.platform.core;
    release_due(core).await.unwrap();
    let later = world.kiosk_at(world.other_cell().await).await;
    assert_eq!(told(&later).await.len(), 1);
    let mut read = core.tables.read().await.unwrap();
    assert_eq!(crate::tables::figures::released(&mut read, 9).await.unwrap(), told(&later).await);
    drop(read);
    let mut write = core.tables.write().await.unwrap();
    figures::tell(&mut write, world.terminal(), NOW_MS).await.unwrap();
}
