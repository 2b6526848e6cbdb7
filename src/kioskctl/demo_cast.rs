// SPDX-License-Identifier: GPL-3.0-only
//! Who of a folder of photos can play: each is enrolled and counted in a rehearsal, by the same simulated camera and the
//! same gates and thresholds the kiosk uses, once with every frame and once with few, as on a busy machine. Who fails
//! one of them does not play. People with two photos come first: who has one is counted on the photo that was enrolled.
//! Nothing of it is kept but the names of the photos and where the faces are.

use contract::FacePolicy;
use device::FrameSource;
use device::sim::{Command, FolderError, Head, Pace, PhotoCamera, PhotoCameraHandle, Turn};
use face::{
    Check, Enrolment, EnrolmentProgress, Look, Match, ModelFault, Models, Observation, Progress,
    RuntimeFault, Template, View,
};
use image::RgbImage;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Most people looked at, and most photos of each.
const PEOPLE_MAX: usize = 60;
const PHOTOS_MAX: usize = 4;
/// Frames a view of an enrolment, or a whole check, may take in a rehearsal: from left to right a head turns in thirty,
/// and some must be steady.
const FRAMES_MAX: u32 = 50;
/// Of how many frames one is looked at: by a kiosk that keeps up with the camera, and by one that is kept busy.
const STRIDES: [u32; 2] = [5, 1];
/// How far a person may turn, as a share of the whole: the most that the photo bears is not known before.
const SHARES: [f32; 3] = [0.65, 0.8, 0.55];
/// Turns a check may ask for.
const TURNS: u32 = 3;
/// Who is not found within this is not waited for.
const REHEARSAL_MAX: Duration = Duration::from_secs(90);
/// What a frame of the rehearsal stands for, as at the kiosk.
const FRAME: Duration = Duration::from_millis(66);
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

/// Finds up to `parts_max` people who can play, none of them too like another: first those who are recognised on another
/// photo, then those who have but one. Takes seconds of computing, and ends early with whom it has when `stop` becomes
/// true or the time is over.
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
    let (mut parts, mut templates) = (Vec::new(), Vec::new());
    let mut reserve = Vec::new();
    for names in people_of(photos) {
        // Enough who can, or too late to look for others.
        let enough = parts.len() == parts_max || parts.len() + reserve.len() >= 2 * parts_max;
        if enough || stop.load(Ordering::Acquire) || Instant::now() > until {
            break;
        }
        match stage.rehearse(&names, &templates)? {
            Some((part, template)) if part.enrol.photo == part.call.photo => reserve.push((part, template)),
            Some((part, template)) => {
                parts.push(part);
                templates.push(template);
            }
            None => {}
        }
    }
    for (part, template) in reserve {
        let too_alike =
            |other: &Template| other.mean().cosine(template.mean()) >= stage.policy.enrolment.too_alike_min;
        if parts.len() < parts_max && !templates.iter().any(too_alike) {
            parts.push(part);
            templates.push(template);
        }
    }
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

/// Whether a photo is recognised, turned as far as it is.
enum Known {
    Always,
    /// Turned as asked it was not; another share may do.
    NotSo,
    /// Not even looking ahead.
    Never,
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
    fn rehearse(
        &mut self,
        names: &[String],
        others: &[Template],
    ) -> Result<Option<(Part, Template)>, RuntimeFault> {
        let mut alone = None;
        for first in names {
            let Some(enrol) = self.find(first)? else { continue };
            let Some((enrol, template)) = self.enrols(enrol, others)? else { continue };
            for second in names.iter().filter(|name| *name != first) {
                let Some(call) = self.find(second)? else { continue };
                if let Some(call) = self.recognises(call, &template)? {
                    return Ok(Some((Part { enrol, call }, template)));
                }
            }
            if alone.is_none()
                && let Some(call) = self.recognises(enrol.clone(), &template)?
            {
                alone = Some((Part { enrol, call }, template));
            }
        }
        Ok(alone)
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

    /// Looks at one of `stride` frames.
    fn look(&mut self, stride: u32, look: Look) -> Result<Option<Observation>, RuntimeFault> {
        let frame = (0..stride).map(|_| self.camera.next(Duration::ZERO)).last();
        let Some(Ok(frame)) = frame else { return Ok(None) };
        self.models.observe(&frame, look, &self.policy).map(Some)
    }

    /// Enrols it at every pace, turned as far as it takes.
    fn enrols(
        &mut self,
        portrait: Portrait,
        others: &[Template],
    ) -> Result<Option<(Portrait, Template)>, RuntimeFault> {
        for share in SHARES {
            let portrait = Portrait { share, ..portrait.clone() };
            let mut template = None;
            for stride in STRIDES {
                match self.enrol(&portrait, others, stride)? {
                    Ok(taken) => template = Some(taken),
                    // Another turn would not help.
                    Err(View::Front) => return Ok(None),
                    Err(View::Left | View::Right) => {
                        template = None;
                        break;
                    }
                }
            }
            if let Some(template) = template {
                return Ok(Some((portrait, template)));
            }
        }
        Ok(None)
    }

    /// The template, or the view it failed at.
    fn enrol(
        &mut self,
        portrait: &Portrait,
        others: &[Template],
        stride: u32,
    ) -> Result<Result<Template, View>, RuntimeFault> {
        if !self.stand(portrait) {
            return Ok(Err(View::Front));
        }
        let model = self.models.model_hash().clone();
        let mut enrolment = Enrolment::new(self.policy.clone(), &model, others);
        let (mut at, mut frames) = (View::Front, 0);
        while frames < FRAMES_MAX {
            frames += stride;
            let Some(seen) = self.look(stride, enrolment.look())? else { continue };
            let view = match enrolment.feed(&seen) {
                EnrolmentProgress::Guide { view, .. }
                | EnrolmentProgress::Ask(view)
                | EnrolmentProgress::Hold { view, .. } => view,
                EnrolmentProgress::SomeoneElse(_) | EnrolmentProgress::TooAlike { .. } => return Ok(Err(at)),
                EnrolmentProgress::Done { .. } => return Ok(enrolment.into_template().ok_or(at)),
            };
            if view != at {
                (at, frames) = (view, 0);
                self.turn(
                    portrait,
                    match view {
                        View::Front => Turn::Ahead,
                        View::Left => Turn::Left,
                        View::Right => Turn::Right,
                    },
                );
            }
        }
        Ok(Err(at))
    }

    fn turn(&self, portrait: &Portrait, turn: Turn) {
        // A turn breaks nothing that could be told.
        let _ = self.hand.obey(&portrait.turned(turn));
    }

    /// Turned as far as it takes to be known at every pace and, where a turn is asked for, with any.
    fn recognises(
        &mut self,
        portrait: Portrait,
        template: &Template,
    ) -> Result<Option<Portrait>, RuntimeFault> {
        for share in SHARES {
            let portrait = Portrait { share, ..portrait.clone() };
            match self.is_recognised_always(&portrait, template)? {
                Known::Always => return Ok(Some(portrait)),
                Known::NotSo => {}
                Known::Never => return Ok(None),
            }
        }
        Ok(None)
    }

    fn is_recognised_always(
        &mut self,
        portrait: &Portrait,
        template: &Template,
    ) -> Result<Known, RuntimeFault> {
        let mut turned = false;
        for stride in STRIDES {
            for draw in 0..TURNS {
                match self.is_recognised(portrait, template, stride, draw)? {
                    (Some(found), _) if !found.challenged => break,
                    (Some(_), _) => turned = true,
                    (None, asked) => return Ok(if turned || asked { Known::NotSo } else { Known::Never }),
                }
            }
        }
        Ok(Known::Always)
    }

    /// The match, and whether a turn was asked for.
    fn is_recognised(
        &mut self,
        portrait: &Portrait,
        template: &Template,
        stride: u32,
        draw: u32,
    ) -> Result<(Option<Match>, bool), RuntimeFault> {
        if !self.stand(portrait) {
            return Ok((None, false));
        }
        let mut asked = false;
        let mut check = Check::person(self.policy.clone(), template, Box::new(move || draw));
        for step in (0..FRAMES_MAX).step_by(stride as usize) {
            let Some(seen) = self.look(stride, check.look())? else { continue };
            match check.feed(&seen, FRAME * step) {
                Progress::Guide(_) | Progress::Hold { .. } => {}
                Progress::Challenge(turn) => {
                    asked = true;
                    self.turn(
                        portrait,
                        match turn {
                            face::Turn::Left => Turn::Left,
                            face::Turn::Right => Turn::Right,
                            face::Turn::Up => Turn::Up,
                        },
                    );
                }
                Progress::Match(found) => return Ok((Some(found), asked)),
                Progress::Again { .. } | Progress::NoMatch { .. } | Progress::NotOnRoster { .. } => {
                    return Ok((None, asked));
                }
            }
        }
        Ok((None, asked))
    }
}

/// Photos by the part of their name before the last dash, people with several first.
fn people_of(dir: &Path) -> Vec<Vec<String>> {
    let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let person = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
        if let Some((person, _)) = person {
            people.entry(person.to_owned()).or_default().push(name.clone());
        }
    }
    let (several, one): (Vec<_>, Vec<_>) = people.into_values().partition(|names| names.len() > 1);
    several
        .into_iter()
        .chain(one)
        .take(PEOPLE_MAX)
        .map(|mut names| {
            names.sort();
            names.truncate(PHOTOS_MAX);
            names
        })
        .collect()
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
        assert!(parts.iter().all(|part| !part.enrol.photo.is_empty()));
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
