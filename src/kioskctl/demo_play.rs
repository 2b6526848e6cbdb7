// SPDX-License-Identifier: GPL-3.0-only
//! Plays one whole roll call by itself: the hands of an officer and of everybody in the cell, at the same window, card
//! reader and camera a person uses. Up to six people are counted by photo where there are photos and models, the others
//! by PIN and by an officer's check. Every wait has a limit; nothing is pressed that is not on the screen.

use crate::demo::{Demo, DemoError, Detainee, Officer, Seeded};
use crate::demo_cast::{self, Part};
use crate::demo_dock::{Dock, DockError, Seen};
use crate::demo_enrol::{FOLLOW_EVERY, Person, empty, enrol_faces};
use crate::say::{chain, say};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// What is touched and looked for, by accessible id.
pub(crate) mod ids {
    pub(crate) const PAGE_ENROL: &str = "enrol";
    pub(crate) const PAGE_ROLL_CALL: &str = "roll-call";
    pub(crate) const PAGE_REVIEW: &str = "review";
    pub(crate) const MENU_ENROL: &str = "choice-enrol";
    pub(crate) const MENU_REVIEW: &str = "choice-review";
    pub(crate) const LEAVE: &str = "leave";
    pub(crate) const BACK: &str = "back";
    /// With the person's id behind it.
    pub(crate) const PERSON: &str = "person-";
    /// With the digit behind it.
    pub(crate) const KEY: &str = "key-";
    pub(crate) const KEY_ENTER: &str = "key-enter";
    pub(crate) const CONSENT: &str = "agreed";
    pub(crate) const MIRROR: &str = "mirror";
    pub(crate) const FINISHED: &str = "finished";
    pub(crate) const TRY_AGAIN: &str = "try-again";
    pub(crate) const ANSWER: &str = "answer";
    /// Why another way is offered, below the people.
    pub(crate) const NOTE: &str = "note";
    pub(crate) const SECOND_ROUND: &str = "second-round";
    pub(crate) const USE_PIN: &str = "use-pin";
    pub(crate) const USE_OFFICER: &str = "use-officer";
    /// With the person's id behind it.
    pub(crate) const HERE: &str = "here-";
    /// Reasons, after [`HERE`].
    pub(crate) const CHOICE: &str = "choice-";
    pub(crate) const QUESTION: &str = "question";
    pub(crate) const SIGN: &str = "sign";
    pub(crate) const SIGN_CONFIRMED: &str = "sign-confirmed";
    pub(crate) const RECEIPT: &str = "receipt-number";
}

/// Most people counted by photo.
const BY_PHOTO_MAX: usize = 6;
/// The next touch is answered within this.
pub(crate) const SOON: Duration = Duration::from_secs(15);
/// The kiosk's window and its dock are there within this.
const START_MAX: Duration = Duration::from_secs(60);
/// The word on the tile of the person called, and what the note says when the tries are used up.
const CALLED: &str = "正在点";
const NOT_RECOGNISED: &str = "没有认出来";
/// From asking for a roll call to its first name; a first one is announced three minutes after the facility was made.
const OPEN_MAX: Duration = Duration::from_secs(300);
/// From the first name to the last.
const CALLING_MAX: Duration = Duration::from_secs(600);
/// From the signature to the desk.
const DELIVERY_MAX: Duration = Duration::from_secs(120);
const TITLE: &str = "示范点名";

/// Why the play stopped.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    #[error(transparent)]
    Dock(#[from] DockError),
    #[error("ask the desk")]
    Desk(#[source] Box<DemoError>),
    #[error("see the desk show {what} in time")]
    Late { what: &'static str },
    #[error("find {what} in what was seeded")]
    Seeded { what: &'static str },
}

/// Who and what plays.
pub(crate) struct Facility<'a> {
    pub(crate) demo: &'a Demo,
    pub(crate) seeded: &'a Seeded,
    /// Who is counted by photo.
    pub(crate) parts: &'a [Part],
}

/// A roll call as the desk shows it.
#[derive(Debug, Clone, Deserialize)]
struct Call {
    terminal: String,
    call: String,
    state: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Deserialize)]
struct Line {
    place: String,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Deserialize)]
struct Outcome {
    how: Option<String>,
}

impl Call {
    fn is_calling(&self) -> bool {
        ["open", "second_round"].contains(&self.state.as_str())
    }

    fn by_face(&self) -> usize {
        let is_face =
            |line: &&Line| line.outcome.as_ref().and_then(|outcome| outcome.how.as_deref()) == Some("face");
        self.lines.iter().filter(is_face).count()
    }

    /// Nobody is called any more.
    fn all_called(&self) -> bool {
        let still = |line: &Line| ["waiting", "called", "call_again"].contains(&line.place.as_str());
        !self.lines.is_empty() && !self.lines.iter().any(still)
    }
}

/// How someone is counted.
enum Way<'a> {
    Photo(&'a Part),
    Pin,
    Officer,
}

/// Plays it, and returns when the desk holds the signed result.
///
/// # Errors
/// See [`PlayError`].
pub(crate) async fn play(socket: &Path, facility: &Facility<'_>) -> Result<(), PlayError> {
    let mut dock = Dock::connect(socket, START_MAX).await?;
    dock.until("the window", START_MAX, |seen| (!seen.page.is_empty()).then_some(())).await?;
    let [officer, ..] = facility.seeded.officers.as_slice() else {
        return Err(PlayError::Seeded { what: "an officer" });
    };
    let before = newest(facility).await?.map(|call| call.call);
    let faces = enrol_faces(&mut dock, facility, officer).await?;
    let call = begin(facility, before).await?;
    be_counted(&mut dock, facility, &call, &faces).await?;
    review(&mut dock, officer).await?;
    let received = |call: &Call| call.state == "received";
    let received = desk(facility, &call, "the signed result", DELIVERY_MAX, received).await?;
    say(format_args!(
        "\n{} enrolled, {} counted by photo; everybody else by PIN or the officer's check",
        faces.len(),
        received.by_face()
    ));
    Ok(())
}

/// Finds who of the photos can play; nobody without photos or models.
pub(crate) async fn cast(models: Option<&Path>, photos: Option<&Path>) -> Vec<Part> {
    let (Some(photos), Some(models)) = (photos, models) else {
        say("no photos or no models: everybody is counted by PIN or by the officer");
        return Vec::new();
    };
    say("rehearsing with the photos …");
    let (photos, models) = (photos.to_owned(), models.to_owned());
    let stop = StopOnDrop::default();
    let told = Arc::clone(&stop.0);
    let rehearsal = move || demo_cast::cast(&models, &photos, BY_PHOTO_MAX, &told);
    match tokio::task::spawn_blocking(rehearsal).await {
        Ok(Ok(parts)) => {
            say(format_args!("{} people of the photos can play, {BY_PHOTO_MAX} are wanted", parts.len()));
            parts
        }
        Ok(Err(error)) => {
            say(format_args!("no photo can be used: failed to {}", chain(&error)));
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

/// Nobody waits for a rehearsal that is not wanted any more.
#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Asks for a roll call, or takes the one that was asked for when the facility was made, and waits for the first name.
async fn begin(facility: &Facility<'_>, before: Option<String>) -> Result<Call, PlayError> {
    let asked = facility
        .demo
        .platform_says("roll-call", &["--cell", &facility.seeded.terminal, "--title", TITLE])
        .await;
    match asked {
        Ok(_) => {}
        Err(DemoError::Platform { .. }) => say("a roll call is on its way already"),
        Err(error) => return Err(PlayError::Desk(Box::new(error))),
    }
    say("waiting for the roll call to open …");
    let until = Instant::now() + OPEN_MAX;
    let mut tick = tokio::time::interval(LOOK_EVERY);
    while Instant::now() < until {
        tick.tick().await;
        let fresh = |call: &Call| before.as_deref() != Some(call.call.as_str()) || call.state != "received";
        if let Some(call) = newest(facility).await?.filter(|call| fresh(call) && call.is_calling()) {
            return Ok(call);
        }
    }
    Err(PlayError::Late { what: "an open roll call" })
}

/// How often the desk is asked.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Each person who is called does what they do. The window says who is called, the desk when it is over.
async fn be_counted(
    dock: &mut Dock,
    facility: &Facility<'_>,
    call: &Call,
    faces: &BTreeMap<&str, &Part>,
) -> Result<(), PlayError> {
    let until = Instant::now() + CALLING_MAX;
    let mut answered: Vec<(&str, bool)> = Vec::new();
    let mut before: Option<(&Detainee, Person<'_>)> = None;
    let mut ask = tokio::time::interval(LOOK_EVERY);
    let mut look = tokio::time::interval(FOLLOW_EVERY);
    ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < until {
        tokio::select! {
            _ = ask.tick() => {
                let now = newest(facility).await?.filter(|now| now.call == call.call);
                if now.is_some_and(|now| now.all_called() || !now.is_calling()) {
                    return step_back(dock, &mut before).await;
                }
            }
            _ = look.tick() => {
                let seen = dock.see().await?;
                let Some(person) = called(&seen, &facility.seeded.detainees) else {
                    // Counted, or left to the officer.
                    if seen.has(ids::ANSWER) {
                        step_back(dock, &mut before).await?;
                    }
                    continue;
                };
                let turn = (person.id.as_str(), seen.has(ids::SECOND_ROUND));
                if !answered.contains(&turn) {
                    answered.push(turn);
                    step_back(dock, &mut before).await?;
                    before = answer(dock, person, way(facility, person, faces)).await?.map(|shown| (person, shown));
                } else if let Some((at, shown)) = &mut before
                    && at.id == person.id
                {
                    if seen.label(ids::NOTE).is_some_and(|note| note.contains(NOT_RECOGNISED)) {
                        before = None;
                        answer(dock, person, Way::Pin).await?;
                    } else {
                        shown.follow(dock, &seen).await?;
                    }
                }
            }
        }
    }
    Err(PlayError::Late { what: "everybody called" })
}

fn way<'a>(facility: &Facility<'_>, person: &Detainee, faces: &BTreeMap<&str, &'a Part>) -> Way<'a> {
    let place = facility.seeded.detainees.iter().position(|other| other.id == person.id);
    match faces.get(person.id.as_str()) {
        Some(part) => Way::Photo(part),
        None if place.is_some_and(|place| place % 3 == 2) => Way::Officer,
        None => Way::Pin,
    }
}

/// Who is called, as the window shows it.
fn called<'a>(seen: &Seen, people: &'a [Detainee]) -> Option<&'a Detainee> {
    if seen.page != ids::PAGE_ROLL_CALL {
        return None;
    }
    people.iter().find(|person| {
        let tile = format!("{}{}", ids::PERSON, person.id);
        seen.label(&tile).is_some_and(|label| label.contains(CALLED))
    })
}

/// Nobody stands before the camera.
async fn step_back(dock: &mut Dock, before: &mut Option<(&Detainee, Person<'_>)>) -> Result<(), PlayError> {
    if before.take().is_some() {
        empty(dock).await?;
    }
    Ok(())
}

/// What the person called does; who stands before the camera stays there.
async fn answer<'a>(
    dock: &mut Dock,
    person: &Detainee,
    way: Way<'a>,
) -> Result<Option<Person<'a>>, PlayError> {
    let who = format!("{}  {}", person.badge_number, person.name);
    match way {
        Way::Photo(part) => {
            say(format_args!("{who}  stands before the camera: {}", part.call.photo));
            return Person::show(dock, &part.call).await.map(Some);
        }
        Way::Pin => {
            say(format_args!("{who}  enters a PIN"));
            press(dock, ids::USE_PIN).await?;
            enter(dock, &person.pin).await?;
        }
        Way::Officer => {
            say(format_args!("{who}  asks for the officer"));
            press(dock, ids::USE_OFFICER).await?;
        }
    }
    Ok(None)
}

/// The officer comes, looks at whoever is left, and signs.
async fn review(dock: &mut Dock, officer: &Officer) -> Result<(), PlayError> {
    say("the officer reviews and signs");
    sign_in(dock, officer, ids::MENU_REVIEW).await?;
    if dock.see().await?.has(ids::MENU_REVIEW) {
        dock.touch(ids::MENU_REVIEW).await?;
    }
    loop {
        let next = dock.until("the table", SOON, |seen| {
            let on_table = seen.page == ids::PAGE_REVIEW && seen.has(ids::SIGN) && !seen.has(ids::QUESTION);
            on_table.then(|| seen.first(ids::HERE).map(str::to_owned))
        });
        let Some(here) = next.await? else { break };
        dock.touch(&here).await?;
        let reason =
            dock.until("the reasons", SOON, |seen| seen.first(ids::CHOICE).map(str::to_owned)).await?;
        dock.touch(&reason).await?;
        dock.until("the table", SOON, |seen| (!seen.has(ids::QUESTION)).then_some(())).await?;
    }
    press(dock, ids::SIGN).await?;
    press(dock, ids::SIGN_CONFIRMED).await?;
    dock.until("the receipt", SOON, |seen| seen.has(ids::RECEIPT).then_some(())).await?;
    Ok(())
}

/// Card and PIN, up to the menu entry `wanted` or the review the menu was skipped for.
pub(crate) async fn sign_in(dock: &mut Dock, officer: &Officer, wanted: &str) -> Result<(), PlayError> {
    dock.card(&officer.card).await?;
    enter(dock, &officer.pin).await?;
    let there = |seen: &Seen| {
        let skipped = wanted == ids::MENU_REVIEW && seen.page == ids::PAGE_REVIEW;
        (seen.has(wanted) || skipped).then_some(())
    };
    Ok(dock.until("the officer's menu", SOON, there).await?)
}

async fn press(dock: &mut Dock, id: &str) -> Result<(), PlayError> {
    dock.until(id, SOON, |seen| seen.has(id).then_some(())).await?;
    Ok(dock.touch(id).await?)
}

async fn enter(dock: &mut Dock, pin: &str) -> Result<(), PlayError> {
    dock.until("the keys", SOON, |seen| seen.has(ids::KEY_ENTER).then_some(())).await?;
    for digit in pin.chars() {
        dock.touch(&format!("{}{digit}", ids::KEY)).await?;
    }
    Ok(dock.touch(ids::KEY_ENTER).await?)
}

/// Waits until the desk shows `call` as `wanted`.
async fn desk(
    facility: &Facility<'_>,
    call: &Call,
    what: &'static str,
    in_time: Duration,
    wanted: impl Fn(&Call) -> bool,
) -> Result<Call, PlayError> {
    let until = Instant::now() + in_time;
    let mut tick = tokio::time::interval(LOOK_EVERY);
    while Instant::now() < until {
        tick.tick().await;
        if let Some(now) = newest(facility).await?.filter(|now| now.call == call.call && wanted(now)) {
            return Ok(now);
        }
    }
    Err(PlayError::Late { what })
}

/// The newest roll call of the demo's cell.
async fn newest(facility: &Facility<'_>) -> Result<Option<Call>, PlayError> {
    let calls: Vec<Call> = facility
        .demo
        .ask_platform("results", &["--json"])
        .await
        .map_err(|error| PlayError::Desk(Box::new(error)))?;
    Ok(calls.into_iter().find(|call| call.terminal == facility.seeded.terminal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calling_is_over_when_nobody_waits() {
        let line = |place: &str| Line { place: place.to_owned(), outcome: None };
        let call = |places: &[&str]| Call {
            terminal: String::new(),
            call: String::new(),
            state: "open".to_owned(),
            lines: places.iter().map(|place| line(place)).collect(),
        };
        assert!(!call(&[]).all_called());
        assert!(!call(&["present", "call_again"]).all_called());
        assert!(call(&["present", "for_officer", "out"]).all_called());
    }
}
