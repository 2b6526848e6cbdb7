// SPDX-License-Identifier: GPL-3.0-only
//! Plays one whole roll call by itself: the hands of an officer and of everybody in the cell, at the same window, card
//! reader and camera a person uses. Up to six people are counted by photo where there are photos and models, the others
//! by PIN and by an officer's check. Every wait has a limit; nothing is pressed that is not on the screen.

use crate::demo::{Demo, DemoError, Detainee, Officer, Seeded};
use crate::demo_cast::{self, Part, Portrait};
use crate::demo_dock::{Dock, DockError, Seen};
use crate::say::{chain, say};
use device::sim::{Command, Turn};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// What is touched and looked for, by accessible id.
mod ids {
    pub(super) const PAGE_ENROL: &str = "enrol";
    pub(super) const PAGE_ROLL_CALL: &str = "roll-call";
    pub(super) const PAGE_REVIEW: &str = "review";
    pub(super) const MENU_ENROL: &str = "choice-enrol";
    pub(super) const MENU_REVIEW: &str = "choice-review";
    pub(super) const LEAVE: &str = "leave";
    pub(super) const BACK: &str = "back";
    /// With the person's id behind it.
    pub(super) const PERSON: &str = "person-";
    /// With the digit behind it.
    pub(super) const KEY: &str = "key-";
    pub(super) const KEY_ENTER: &str = "key-enter";
    pub(super) const CONSENT: &str = "agreed";
    pub(super) const MIRROR: &str = "mirror";
    pub(super) const FINISHED: &str = "finished";
    pub(super) const USE_PIN: &str = "use-pin";
    pub(super) const USE_OFFICER: &str = "use-officer";
    /// With the person's id behind it.
    pub(super) const HERE: &str = "here-";
    /// Reasons, after [`HERE`].
    pub(super) const CHOICE: &str = "choice-";
    pub(super) const QUESTION: &str = "question";
    pub(super) const SIGN: &str = "sign";
    pub(super) const SIGN_CONFIRMED: &str = "sign-confirmed";
    pub(super) const RECEIPT: &str = "receipt-number";
}

/// Most people counted by photo.
const BY_PHOTO_MAX: usize = 6;
/// The next touch is answered within this.
const SOON: Duration = Duration::from_secs(15);
/// The kiosk's window and its dock are there within this.
const START_MAX: Duration = Duration::from_secs(60);
/// The three views of one person.
const ENROL_MAX: Duration = Duration::from_secs(60);
/// How often a person looks at what the mirror says.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);
const AHEAD: &str = "ahead";
/// What the mirror says in the window's first language, and the camera's word for what a person then does.
const GUIDANCE: [(&str, &str); 4] = [("向左", "left"), ("向右", "right"), ("抬头", "up"), ("正对", AHEAD)];
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
    detainee: String,
    place: String,
}

impl Call {
    fn called(&self) -> Option<&str> {
        self.lines.iter().find(|line| line.place == "called").map(|line| line.detainee.as_str())
    }

    fn is_calling(&self) -> bool {
        ["open", "second_round"].contains(&self.state.as_str())
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
    desk(facility, &call, "the signed result", DELIVERY_MAX, received).await.map(drop)
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
        Ok(Ok(parts)) => parts,
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

/// Enrols the faces that were cast; fewer, or none, where the kiosk has no models or camera.
async fn enrol_faces<'a>(
    dock: &mut Dock,
    facility: &Facility<'a>,
    officer: &Officer,
) -> Result<BTreeMap<&'a str, &'a Part>, PlayError> {
    let mut enrolled = BTreeMap::new();
    if facility.parts.is_empty() {
        return Ok(enrolled);
    }
    sign_in(dock, officer, ids::MENU_ENROL).await?;
    for (person, part) in facility.seeded.detainees.iter().zip(facility.parts) {
        let tile = format!("{}{}", ids::PERSON, person.id);
        if !choose(dock, &tile).await? {
            break;
        }
        if enrol_one(dock, part).await? {
            say(format_args!("{}  is enrolled", person.badge_number));
            enrolled.insert(person.id.as_str(), part);
        } else {
            say(format_args!("{}  could not be enrolled", person.badge_number));
        }
    }
    leave(dock).await?;
    Ok(enrolled)
}

async fn leave(dock: &mut Dock) -> Result<(), PlayError> {
    if dock.see().await?.has(ids::LEAVE) {
        dock.touch(ids::LEAVE).await?;
    }
    Ok(())
}

/// Through the menu, where it is shown, to the person's tile; not when a roll call has begun.
async fn choose(dock: &mut Dock, tile: &str) -> Result<bool, PlayError> {
    let steps = [ids::CONSENT, tile, ids::MENU_ENROL];
    let mut touched = String::new();
    loop {
        let next = dock.until("the people to enrol, or a roll call", SOON, |seen| {
            let step = steps.into_iter().find(|id| seen.has(id) && *id != touched);
            (step.is_some() || seen.page == ids::PAGE_ROLL_CALL).then_some(step)
        });
        match next.await? {
            Some(ids::CONSENT) => return Ok(true),
            Some(id) => {
                dock.touch(id).await?;
                id.clone_into(&mut touched);
            }
            None => return Ok(false),
        }
    }
}

/// Consent, three views, done; whether it was.
async fn enrol_one(dock: &mut Dock, part: &Part) -> Result<bool, PlayError> {
    let mut person = Person::show(dock, &part.enrol).await?;
    dock.touch(ids::CONSENT).await?;
    dock.until("the mirror", SOON, |seen| seen.has(ids::MIRROR).then_some(())).await?;
    let until = Instant::now() + ENROL_MAX;
    let mut tick = tokio::time::interval(FOLLOW_EVERY);
    while person.follow(dock).await? && Instant::now() < until {
        tick.tick().await;
    }
    let seen = dock.see().await?;
    let done = seen.has(ids::FINISHED);
    let away = if done { ids::FINISHED } else { ids::BACK };
    if seen.page == ids::PAGE_ENROL && seen.has(away) {
        dock.touch(away).await?;
    }
    Ok(done)
}

/// Someone before the camera who turns the head as the mirror says.
struct Person {
    turned: &'static str,
}

impl Person {
    async fn show(dock: &mut Dock, portrait: &Portrait) -> Result<Self, PlayError> {
        let head = portrait.head;
        for verb in [Command::Turn(Turn::Ahead), Command::Show(portrait.photo.clone()), Command::Aim(head)] {
            dock.camera(&verb.to_string()).await?;
        }
        Ok(Self { turned: AHEAD })
    }

    /// Does what the mirror says; false when there is no mirror.
    async fn follow(&mut self, dock: &mut Dock) -> Result<bool, PlayError> {
        let seen = dock.see().await?;
        let Some(guidance) = seen.label(ids::MIRROR) else { return Ok(false) };
        let wanted = GUIDANCE.into_iter().find(|(words, _)| guidance.contains(words));
        if let Some((_, turn)) = wanted.filter(|(_, turn)| *turn != self.turned) {
            dock.camera(&format!("turn {turn}")).await?;
            self.turned = turn;
        }
        Ok(true)
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

/// Each person who is called does what they do.
async fn be_counted(
    dock: &mut Dock,
    facility: &Facility<'_>,
    call: &Call,
    faces: &BTreeMap<&str, &Part>,
) -> Result<(), PlayError> {
    let until = Instant::now() + CALLING_MAX;
    let mut answered: Vec<(String, String)> = Vec::new();
    let mut before: Option<Person> = None;
    let mut tick = tokio::time::interval(LOOK_EVERY);
    while Instant::now() < until {
        tick.tick().await;
        if let Some(person) = &mut before {
            person.follow(dock).await?;
        }
        let Some(now) = newest(facility).await?.filter(|now| now.call == call.call) else { continue };
        if now.all_called() || !now.is_calling() {
            return Ok(());
        }
        let Some(called) = now.called() else { continue };
        let turn = (called.to_owned(), now.state.clone());
        if answered.contains(&turn) {
            continue;
        }
        let place = facility.seeded.detainees.iter().position(|person| person.id == called);
        let place = place.ok_or(PlayError::Seeded { what: "the person called" })?;
        let person = &facility.seeded.detainees[place];
        let again = answered.iter().any(|(earlier, _)| earlier == called);
        let way = match faces.get(called) {
            Some(part) if !again => Way::Photo(part),
            None if place % 3 == 2 => Way::Officer,
            Some(_) | None => Way::Pin,
        };
        before = answer(dock, person, way).await?;
        answered.push(turn);
    }
    Err(PlayError::Late { what: "everybody called" })
}

/// What the person called does; whoever stands before the camera stays there.
async fn answer(dock: &mut Dock, person: &Detainee, way: Way<'_>) -> Result<Option<Person>, PlayError> {
    match way {
        Way::Photo(part) => {
            say(format_args!("{}  stands before the camera", person.badge_number));
            return Person::show(dock, &part.call).await.map(Some);
        }
        Way::Pin => {
            say(format_args!("{}  enters a PIN", person.badge_number));
            press(dock, ids::USE_PIN).await?;
            enter(dock, &person.pin).await?;
        }
        Way::Officer => {
            say(format_args!("{}  asks for the officer", person.badge_number));
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
async fn sign_in(dock: &mut Dock, officer: &Officer, wanted: &str) -> Result<(), PlayError> {
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
        let line = |place: &str| Line { detainee: "x".to_owned(), place: place.to_owned() };
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
