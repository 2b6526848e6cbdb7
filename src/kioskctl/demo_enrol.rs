// SPDX-License-Identifier: GPL-3.0-only
//! Faces are enrolled in the play, and people stand before the camera: they do what the mirror says. A face that cannot
//! be enrolled is told with the kiosk's own words, and its owner is counted otherwise.

use crate::demo::Officer;
use crate::demo_cast::{EMPTY_PHOTO, Part, Portrait};
use crate::demo_dock::{Dock, Seen};
use crate::demo_play::{Facility, PlayError, SOON, ids, sign_in};
use crate::say::say;
use device::sim::{Command, Turn};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The three views of one person.
const ENROL_MAX: Duration = Duration::from_secs(60);
/// How often someone tries to be enrolled.
const ENROL_TRIES: u32 = 3;
/// How often a person looks at what the mirror says.
pub(crate) const FOLLOW_EVERY: Duration = Duration::from_millis(200);
/// What the mirror says in the window's first language, and how a person then turns.
const GUIDANCE: [(&str, Turn); 5] = [
    ("向左", Turn::Left),
    ("向右", Turn::Right),
    ("抬头", Turn::Up),
    ("正对", Turn::Ahead),
    ("看这里", Turn::Ahead),
];

/// Enrols the faces that were cast; fewer, or none, where the kiosk has no models or camera.
pub(crate) async fn enrol_faces<'a>(
    dock: &mut Dock,
    facility: &Facility<'a>,
    officer: &Officer,
) -> Result<BTreeMap<&'a str, &'a Part>, PlayError> {
    let mut enrolled = BTreeMap::new();
    if facility.parts.is_empty() {
        return Ok(enrolled);
    }
    say(format_args!("the officer {} enrols faces", officer.name));
    sign_in(dock, officer, ids::MENU_ENROL).await?;
    for (person, part) in facility.seeded.detainees.iter().zip(facility.parts) {
        let tile = format!("{}{}", ids::PERSON, person.id);
        if !choose(dock, &tile).await? {
            say("the roll call begins: nobody more is enrolled");
            break;
        }
        let who = format!("{}  {}", person.badge_number, person.name);
        match enrol_one(dock, part).await? {
            Ok(()) => {
                say(format_args!("{who}  is enrolled: {}", part.enrol.photo));
                enrolled.insert(person.id.as_str(), part);
            }
            Err(words) => say(format_args!("{who}  could not be enrolled: {words}")),
        }
    }
    empty(dock).await?;
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

/// Consent, three views, done; else the last words of the page.
async fn enrol_one(dock: &mut Dock, part: &Part) -> Result<Result<(), String>, PlayError> {
    let mut words = String::new();
    let mut begin = ids::CONSENT;
    for _ in 0..ENROL_TRIES {
        let mut person = Person::show(dock, &part.enrol).await?;
        dock.touch(begin).await?;
        dock.until("the mirror", SOON, |seen| seen.has(ids::MIRROR).then_some(())).await?;
        let until = Instant::now() + ENROL_MAX;
        let mut tick = tokio::time::interval(FOLLOW_EVERY);
        let seen = loop {
            tick.tick().await;
            let seen = dock.see().await?;
            if !person.follow(dock, &seen).await? || Instant::now() > until {
                break seen;
            }
        };
        if seen.has(ids::FINISHED) {
            dock.touch(ids::FINISHED).await?;
            return Ok(Ok(()));
        }
        let said = seen.label(ids::ANSWER).or(seen.label(ids::MIRROR)).unwrap_or(&seen.page);
        said.trim().clone_into(&mut words);
        begin = ids::TRY_AGAIN;
        if !seen.has(begin) {
            break;
        }
    }
    let seen = dock.see().await?;
    if seen.page == ids::PAGE_ENROL && seen.has(ids::BACK) {
        dock.touch(ids::BACK).await?;
    }
    Ok(Err(words))
}

/// Someone before the camera who turns the head as the mirror says.
pub(crate) struct Person<'a> {
    portrait: &'a Portrait,
    turned: Turn,
}

impl<'a> Person<'a> {
    pub(crate) async fn show(dock: &mut Dock, portrait: &'a Portrait) -> Result<Self, PlayError> {
        for verb in [Command::Show(portrait.photo.clone()), Command::Aim(portrait.head)] {
            dock.camera(&verb.to_string()).await?;
        }
        Ok(Self { portrait, turned: Turn::Ahead })
    }

    /// Does what the mirror says; false when there is no mirror.
    pub(crate) async fn follow(&mut self, dock: &mut Dock, seen: &Seen) -> Result<bool, PlayError> {
        let Some(guidance) = seen.label(ids::MIRROR) else { return Ok(false) };
        let wanted = GUIDANCE.into_iter().find(|(words, _)| guidance.contains(words));
        if let Some((_, turn)) = wanted.filter(|(_, turn)| *turn != self.turned) {
            dock.camera(&self.portrait.turned(turn).to_string()).await?;
            self.turned = turn;
        }
        Ok(true)
    }
}

/// Nobody stands before the camera.
pub(crate) async fn empty(dock: &mut Dock) -> Result<(), PlayError> {
    Ok(dock.camera(&Command::Show(EMPTY_PHOTO.to_owned()).to_string()).await?)
}
