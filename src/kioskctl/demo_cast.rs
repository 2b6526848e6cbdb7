// SPDX-License-Identifier: GPL-3.0-only
//! Who of a folder of photos can play: each is enrolled and counted in a rehearsal, by the same simulated camera and the
//! same gates and thresholds the kiosk uses. People with two photos come first: who has one is counted on the photo that
//! was enrolled; and who is taken for alive comes before who is asked to turn. Nothing of it is kept but the names of the
//! photos and where the faces are.

use contract::FacePolicy;
use device::FrameSource;
use device::sim::{Command, FolderError, Head, Pace, PhotoCamera, PhotoCameraHandle, Turn};
use face::{
    Check, Enrolment, EnrolmentProgress, Look, Match, ModelFault, Models, Observation, Progress,
    RuntimeFault, Template, View,
};
use image::RgbImage;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Most people looked at, and most photos of each.
const PEOPLE_MAX: usize = 60;
const PHOTOS_MAX: usize = 4;
/// Frames looked at of someone who stands still, in a view of an enrolment or before a verdict of a check.
const FRAMES_MAX: u32 = 12;
/// Frames in which a head has turned from one side to the other; nobody is looked at meanwhile.
const TURN_FRAMES: u32 = 42;
/// How far a person may turn, as a share of the whole: the most that the photo bears is not known before.
const SHARES: [f32; 2] = [0.65, 0.8];
/// Who is not found within this is not waited for.
const REHEARSAL_MAX: Duration = Duration::from_secs(90);
/// What a frame of the rehearsal stands for, as at the kiosk.
const FRAME: Duration = Duration::from_millis(50);
/// The photo on which nobody is.
pub(crate) const EMPTY_PHOTO: &str = "nobody.png";
/// An empty wall as wide and high as a camera's frame, and its grey above and below.
const WALL_SIDE: (u32, u32) = (640, 480);
const WALL_TOP: f32 = 190.0;
const WALL_FOOT: f32 = 110.0;
/// Moves the simulated camera; any number would do.
const SEED: u64 = 1;

/// Why nobody can be cast.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CastError {
    #[error("use the folder of photos")]
    Photos(#[from] FolderError),
    #[error("use the models")]
    Models(#[from] ModelFault),
    #[error("look at a photo")]
    Look(#[from] RuntimeFault),
}

/// Two photos of one person, or one twice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) enrol: Portrait,
    pub(crate) call: Portrait,
}

/// A photo by name, where its face is, which the camera turns, and how far.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Portrait {
    pub(crate) photo: String,
    pub(crate) head: Head,
    /// How far it is turned to a side, as a share of the whole.
    pub(crate) share: f32,
}

impl Portrait {
    /// What the camera is told when the person turns.
    pub(crate) fn turned(&self, turn: Turn) -> Command {
        match turn {
            Turn::Left | Turn::Right => Command::TurnPartly(turn, self.share),
            Turn::Ahead | Turn::Up => Command::Turn(turn),
        }
    }
}

/// Finds up to `parts_max` people who can play, none of them too like another. Takes seconds of computing, and ends early
/// with whom it has when `stop` becomes true or the time is over.
///
/// # Errors
/// The folder or the models cannot be used.
pub(crate) fn cast(
    models: &Path,
    photos: &Path,
    parts_max: usize,
    stop: &AtomicBool,
) -> Result<Vec<Part>, CastError> {
    let mut stage = Stage::open(models, photos)?;
    let until = Instant::now() + REHEARSAL_MAX;
    let (mut parts, mut reserve, mut templates) = (Vec::new(), Vec::new(), Vec::new());
    for names in people_of(photos) {
        if parts.len() == parts_max || stop.load(Ordering::Acquire) || Instant::now() > until {
            break;
        }
        if let Some(Rehearsed { part, template, alive }) = stage.rehearse(&names, &templates)? {
            templates.push(template);
            if alive { &mut parts } else { &mut reserve }.push(part);
        }
    }
    parts.extend(reserve);
    parts.truncate(parts_max);
    Ok(parts)
}

/// Makes `dir` the camera's folder: links to the photos of `parts`, and one of an empty wall.
pub(crate) fn set_stage(dir: &Path, photos: &Path, parts: &[Part]) -> std::io::Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    std::fs::create_dir_all(dir)?;
    let photos = photos.canonicalize()?;
    let names: BTreeSet<&str> =
        parts.iter().flat_map(|part| [part.enrol.photo.as_str(), part.call.photo.as_str()]).collect();
    for name in names.into_iter().filter(|name| *name != EMPTY_PHOTO) {
        std::os::unix::fs::symlink(photos.join(name), dir.join(name))?;
    }
    // Lit from above: an even grey would be a covered lens.
    let wall = RgbImage::from_fn(WALL_SIDE.0, WALL_SIDE.1, |_, y| {
        let grey = WALL_TOP - ((WALL_TOP - WALL_FOOT) * y as f32 / WALL_SIDE.1 as f32);
        image::Rgb([grey as u8; 3])
    });
    wall.save(dir.join(EMPTY_PHOTO)).map_err(std::io::Error::other)
}

/// A person who can play.
struct Rehearsed {
    part: Part,
    template: Template,
    /// Nobody asked the photo to turn.
    alive: bool,
}

struct Stage {
    models: Models,
    camera: PhotoCamera,
    hand: PhotoCameraHandle,
    policy: FacePolicy,
}

impl Stage {
    fn open(models: &Path, photos: &Path) -> Result<Self, CastError> {
        let models = Models::load(models)?;
        let camera = PhotoCamera::open_at(photos, SEED, Pace::AT_ONCE)?;
        let hand = camera.handle();
        Ok(Self { models, camera, hand, policy: FacePolicy::default() })
    }

    /// The first of a person's photos that can be enrolled, with the first other one it is recognised on, else itself.
    fn rehearse(&mut self, names: &[String], others: &[Template]) -> Result<Option<Rehearsed>, RuntimeFault> {
        for first in names {
            let Some(found) = self.find(first)? else { continue };
            let Some((enrol, template)) = self.enrols(&found, others)? else { continue };
            let others = names.iter().filter(|name| *name != first);
            for name in others.chain([first]) {
                let Some(call) = self.find(name)? else { continue };
                let call = Portrait { share: enrol.share, ..call };
                if let Some(alive) = self.recognises(&call, &template)? {
                    return Ok(Some(Rehearsed { part: Part { enrol, call }, template, alive }));
                }
            }
        }
        Ok(None)
    }

    /// A photo and where its face is; none without one.
    fn find(&mut self, photo: &str) -> Result<Option<Portrait>, RuntimeFault> {
        if self.hand.show(photo).is_err() {
            return Ok(None);
        }
        let Ok(frame) = self.camera.next(Duration::ZERO) else { return Ok(None) };
        let Some(area) = self.models.observe(&frame, Look::Front, &self.policy)?.area else {
            return Ok(None);
        };
        let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
        let head = Head { x, y, height: area.height };
        Ok(Some(Portrait { photo: photo.to_owned(), head, share: 1.0 }))
    }

    /// Puts a portrait before the camera, looking ahead.
    fn stand(&self, portrait: &Portrait) -> bool {
        let shown = self.hand.show(&portrait.photo).is_ok();
        self.hand.aim(portrait.head);
        shown
    }

    fn look(&mut self, look: Look) -> Result<Option<Observation>, RuntimeFault> {
        let Ok(frame) = self.camera.next(Duration::ZERO) else { return Ok(None) };
        self.models.observe(&frame, look, &self.policy).map(Some)
    }

    /// Turns the head, and waits until it has turned.
    fn turn(&mut self, portrait: &Portrait, turn: Turn) {
        // A turn breaks nothing that could be told.
        let _ = self.hand.obey(&portrait.turned(turn));
        for _ in 0..TURN_FRAMES {
            drop(self.camera.next(Duration::ZERO));
        }
    }

    /// Enrols it, turned as far as it takes.
    fn enrols(
        &mut self,
        portrait: &Portrait,
        others: &[Template],
    ) -> Result<Option<(Portrait, Template)>, RuntimeFault> {
        for share in SHARES {
            let portrait = Portrait { share, ..portrait.clone() };
            match self.enrol(&portrait, others)? {
                Ok(template) => return Ok(Some((portrait, template))),
                // Another turn would not help.
                Err(View::Front) => return Ok(None),
                Err(View::Left | View::Right) => {}
            }
        }
        Ok(None)
    }

    /// The template, or the view it failed at.
    fn enrol(
        &mut self,
        portrait: &Portrait,
        others: &[Template],
    ) -> Result<Result<Template, View>, RuntimeFault> {
        if !self.stand(portrait) {
            return Ok(Err(View::Front));
        }
        let model = self.models.model_hash().clone();
        let mut enrolment = Enrolment::new(self.policy.clone(), &model, others);
        let (mut at, mut frames) = (View::Front, 0);
        while frames < FRAMES_MAX {
            frames += 1;
            let Some(seen) = self.look(enrolment.look())? else { continue };
            let view = match enrolment.feed(&seen) {
                EnrolmentProgress::Guide { view, .. }
                | EnrolmentProgress::Ask(view)
                | EnrolmentProgress::Hold { view, .. } => view,
                EnrolmentProgress::SomeoneElse(_) | EnrolmentProgress::TooAlike { .. } => return Ok(Err(at)),
                EnrolmentProgress::Done { .. } => return Ok(enrolment.into_template().ok_or(at)),
            };
            if view != at {
                (at, frames) = (view, 0);
                let turn = match view {
                    View::Front => Turn::Ahead,
                    View::Left => Turn::Left,
                    View::Right => Turn::Right,
                };
                self.turn(portrait, turn);
            }
        }
        Ok(Err(at))
    }

    /// Whether it is counted, and then whether without being asked to turn; who is asked must know left and right.
    fn recognises(&mut self, portrait: &Portrait, template: &Template) -> Result<Option<bool>, RuntimeFault> {
        for draw in [0, 1] {
            match self.check(portrait, template, draw)? {
                Some(found) if !found.challenged => return Ok(Some(true)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(false))
    }

    /// `draw` says which turn a challenge asks for.
    fn check(
        &mut self,
        portrait: &Portrait,
        template: &Template,
        draw: u32,
    ) -> Result<Option<Match>, RuntimeFault> {
        if !self.stand(portrait) {
            return Ok(None);
        }
        let mut check = Check::person(self.policy.clone(), template, Box::new(move || draw));
        let (mut frames, mut time, mut turned) = (0, Duration::ZERO, None);
        while frames < FRAMES_MAX {
            frames += 1;
            time += FRAME;
            let Some(seen) = self.look(check.look())? else { continue };
            match check.feed(&seen, time) {
                Progress::Challenge(asked) if turned != Some(asked) => {
                    (turned, frames) = (Some(asked), 0);
                    let turn = match asked {
                        face::Turn::Left => Turn::Left,
                        face::Turn::Right => Turn::Right,
                        face::Turn::Up => Turn::Up,
                    };
                    self.turn(portrait, turn);
                }
                Progress::Guide(_) | Progress::Hold { .. } | Progress::Challenge(_) => {}
                Progress::Match(found) => return Ok(Some(found)),
                Progress::Again { .. } | Progress::NoMatch { .. } | Progress::NotOnRoster { .. } => {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }
}

/// Photos by the part of their name before the last dash; people with several first, then those whose photos are large:
/// more of the room is in them, and that is what the liveness models look at.
fn people_of(dir: &Path) -> Vec<Vec<String>> {
    let mut people: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let person = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
        if let Some((person, _)) = person {
            let bytes = entry.metadata().map_or(0, |file| file.len());
            people.entry(person.to_owned()).or_default().push((bytes, name.clone()));
        }
    }
    let mut people: Vec<_> = people.into_values().collect();
    for photos in &mut people {
        photos.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        photos.truncate(PHOTOS_MAX);
    }
    people.sort_by_key(|photos| {
        (photos.len() == 1, Reverse(photos.iter().map(|(bytes, _)| *bytes).max().unwrap_or(0)))
    });
    people.truncate(PEOPLE_MAX);
    people.into_iter().map(|photos| photos.into_iter().map(|(_, name)| name).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face_photos::folder;

    #[test]
    fn people_with_several_photos_come_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a-1.jpg", "a-2.jpg", "b-1.jpg", "notes.txt", "c-d-2.png", "c-d-1.png"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let people = people_of(dir.path());
        assert_eq!(people[..2], [["a-1.jpg", "a-2.jpg"], ["c-d-1.png", "c-d-2.png"]]);
        assert_eq!(people[2..], [["b-1.jpg"]]);
        assert!(people_of(Path::new("/nowhere")).is_empty());
    }

    #[test]
    fn two_people_of_the_photos_can_play() {
        let (Some(models), Some(photos)) = (folder("KIOSK_MODELS"), folder("KIOSK_PHOTOS")) else { return };
        let parts = cast(&models, &photos, 2, &AtomicBool::new(false)).unwrap();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().any(|part| part.enrol.photo != part.call.photo));
    }

    #[test]
    fn a_rehearsal_that_is_stopped_casts_nobody_more() {
        let (Some(models), Some(photos)) = (folder("KIOSK_MODELS"), folder("KIOSK_PHOTOS")) else { return };
        assert_eq!(cast(&models, &photos, 2, &AtomicBool::new(true)).unwrap(), []);
    }

    #[test]
    fn a_folder_without_photos_casts_nobody() {
        let Some(models) = folder("KIOSK_MODELS") else { return };
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(cast(&models, dir.path(), 1, &AtomicBool::new(false)), Err(CastError::Photos(_))));
    }
}
