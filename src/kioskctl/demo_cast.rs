// SPDX-License-Identifier: GPL-3.0-only
//! Who of a folder of photos can play: each is enrolled and counted once in a rehearsal, by the same simulated camera
//! and the same face check the kiosk uses. A person without a portrait that can be enrolled, or whose other portrait is
//! not recognised, does not play. Nothing of it is kept but the names of the two photos.

use contract::FacePolicy;
use device::FrameSource;
use device::sim::{FolderError, Head, Pace, PhotoCamera, PhotoCameraHandle, Turn};
use face::{
    Check, Enrolment, EnrolmentProgress, Look, ModelFault, Models, Progress, RuntimeFault, Template, View,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Most people looked at, and most photos of each.
const PEOPLE_MAX: usize = 60;
const PHOTOS_MAX: usize = 4;
/// Frames a view of an enrolment, or a whole check, may take in a rehearsal: a head turns in five, three must be steady.
const FRAMES_MAX: u32 = 16;
/// What a frame of the rehearsal stands for, as at the kiosk.
const FRAME: Duration = Duration::from_millis(66);
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

/// Two photos of one person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) enrol: Portrait,
    pub(crate) call: Portrait,
}

/// A photo by name, and where its face is: the camera turns that.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Portrait {
    pub(crate) photo: String,
    pub(crate) head: Head,
}

/// Finds up to `parts_max` people who can play, none of them too like another. Takes seconds of computing, and ends
/// early with whom it has when `stop` becomes true.
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
    let mut parts = Vec::new();
    let mut templates = Vec::new();
    for names in people_of(photos) {
        if parts.len() == parts_max || stop.load(Ordering::Acquire) {
            break;
        }
        if let Some((part, template)) = stage.rehearse(&names, &templates)? {
            parts.push(part);
            templates.push(template);
        }
    }
    Ok(parts)
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

    /// The first of a person's photos that can be enrolled with the first other one it is recognised on.
    fn rehearse(
        &mut self,
        names: &[String],
        others: &[Template],
    ) -> Result<Option<(Part, Template)>, RuntimeFault> {
        for first in names {
            let Some(enrol) = self.show(first)? else { continue };
            let Some(template) = self.enrol(others)? else { continue };
            for second in names.iter().filter(|name| *name != first) {
                let Some(call) = self.show(second)? else { continue };
                if self.is_recognised(&template)? {
                    return Ok(Some((Part { enrol, call }, template)));
                }
            }
        }
        Ok(None)
    }

    /// Puts a photo before the camera, looking ahead; none without a face.
    fn show(&mut self, photo: &str) -> Result<Option<Portrait>, RuntimeFault> {
        self.hand.turn(Turn::Ahead);
        if self.hand.show(photo).is_err() {
            return Ok(None);
        }
        let Ok(frame) = self.camera.next(Duration::ZERO) else { return Ok(None) };
        let Some(area) = self.models.observe(&frame, Look::Front, &self.policy)?.area else {
            return Ok(None);
        };
        let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
        let head = Head { x, y, height: area.height };
        self.hand.aim(head);
        Ok(Some(Portrait { photo: photo.to_owned(), head }))
    }

    fn enrol(&mut self, others: &[Template]) -> Result<Option<Template>, RuntimeFault> {
        let model = self.models.model_hash().clone();
        let mut enrolment = Enrolment::new(self.policy.clone(), &model, others);
        let (mut at, mut frames) = (View::Front, 0);
        while frames < FRAMES_MAX {
            frames += 1;
            let Ok(frame) = self.camera.next(Duration::ZERO) else { continue };
            let seen = self.models.observe(&frame, enrolment.look(), &self.policy)?;
            let view = match enrolment.feed(&seen) {
                EnrolmentProgress::Guide { view, .. }
                | EnrolmentProgress::Ask(view)
                | EnrolmentProgress::Hold { view, .. } => view,
                EnrolmentProgress::SomeoneElse(_) | EnrolmentProgress::TooAlike { .. } => return Ok(None),
                EnrolmentProgress::Done { .. } => return Ok(enrolment.into_template()),
            };
            if view != at {
                (at, frames) = (view, 0);
                self.hand.turn(match view {
                    View::Front => Turn::Ahead,
                    View::Left => Turn::Left,
                    View::Right => Turn::Right,
                });
            }
        }
        Ok(None)
    }

    fn is_recognised(&mut self, template: &Template) -> Result<bool, RuntimeFault> {
        let mut check = Check::person(self.policy.clone(), template, Box::new(|| 0));
        for step in 0..FRAMES_MAX {
            let Ok(frame) = self.camera.next(Duration::ZERO) else { continue };
            let seen = self.models.observe(&frame, check.look(), &self.policy)?;
            match check.feed(&seen, FRAME * step) {
                Progress::Guide(_) | Progress::Hold { .. } => {}
                Progress::Challenge(turn) => self.hand.turn(match turn {
                    face::Turn::Left => Turn::Left,
                    face::Turn::Right => Turn::Right,
                    face::Turn::Up => Turn::Up,
                }),
                Progress::Match(_) => return Ok(true),
                Progress::Again { .. } | Progress::NoMatch { .. } | Progress::NotOnRoster { .. } => {
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }
}

/// Photos by the part of their name before the last dash, those of people with two or more.
fn people_of(dir: &Path) -> Vec<Vec<String>> {
    let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let person = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
        if let Some((person, _)) = person {
            people.entry(person.to_owned()).or_default().push(name.clone());
        }
    }
    let several = people.into_values().filter(|names| names.len() > 1).take(PEOPLE_MAX);
    several
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
    fn a_person_needs_two_photos_to_play() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a-1.jpg", "a-2.jpg", "b-1.jpg", "notes.txt", "c-d-2.png", "c-d-1.png"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!(people_of(dir.path()), [["a-1.jpg", "a-2.jpg"], ["c-d-1.png", "c-d-2.png"]]);
        assert!(people_of(Path::new("/nowhere")).is_empty());
    }

    #[test]
    fn two_people_of_the_photos_can_play() {
        let (Some(models), Some(photos)) = (folder("KIOSK_MODELS"), folder("KIOSK_PHOTOS")) else { return };
        let parts = cast(&models, &photos, 2, &AtomicBool::new(false)).unwrap();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.enrol != part.call));
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
