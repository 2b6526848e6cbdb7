// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl face-identify`: how well a face is found among the people of a cell.
//!
//! Protocol. People with at least two photos that gave a face can be enrolled. For each of several rosters, people are
//! drawn by a fixed random sequence until the roster is full, or all are in. Of each enrolled person, up to three
//! photos, drawn too, make the template (their renormalised mean, as at the terminal), at least one is left to search
//! with. Mated searches: every left photo of an enrolled person in the whole roster. Non-mated searches: every photo of
//! a person outside the roster, and every left photo of an enrolled person in the roster without that person. A person
//! is named when the best cosine and its margin to the second reach the terminal's start values. Rank-1 is the share
//! of mated searches whose best is the person; TPIR the share that name the person; FPIR the share of non-mated
//! searches that name anybody. Searches of one photo in several rosters are not independent. A person in brackets, or
//! without a name, is no label.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use face::{Candidate, Embedding, FacePolicy};

use crate::{
    face_photos::{Failures, Gallery, MeasureFault, columns},
    say::say,
};

/// Photos that make a template, as many as the terminal takes views.
const ENROLMENT_PHOTOS_MAX: usize = 3;

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where the face models are.
    #[arg(long, env = "KIOSK_MODELS")]
    pub models: PathBuf,
    /// Where the photos are.
    #[arg(long, env = "KIOSK_PHOTOS")]
    pub photos: PathBuf,
    /// A list with the columns file and person.
    #[arg(long)]
    pub labels: PathBuf,
    /// People in a roster.
    #[arg(long, default_value_t = 20)]
    pub roster: usize,
    /// Rosters drawn.
    #[arg(long, default_value_t = 20)]
    pub rosters: usize,
    /// Begins the random sequence.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What was measured. A rate is absent when there was no such search.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Report {
    /// People with enough photos to be enrolled, and all people.
    pub people_enrollable: usize,
    pub people: usize,
    /// People in each roster, and rosters.
    pub roster: usize,
    pub rosters: usize,
    pub seed: u64,
    pub threshold: f32,
    pub margin: f32,
    pub mated_searches: usize,
    pub rank1_hits: usize,
    pub true_identifications: usize,
    /// Mated searches that named another person of the roster.
    pub wrong_identifications: usize,
    pub non_mated_searches: usize,
    /// Of the non-mated searches, those of people never in that roster.
    pub outsider_searches: usize,
    pub false_identifications: usize,
    pub rank1: Option<f64>,
    pub tpir: Option<f64>,
    pub fpir: Option<f64>,
    pub failures_to_acquire: Option<Failures>,
    pub model_hash: String,
}

/// Measures and prints.
///
/// # Errors
/// See [`MeasureFault`].
pub fn run(args: &Args) -> Result<ExitCode, MeasureFault> {
    let report = measure(args)?;
    if args.json {
        say(serde_json::to_string_pretty(&report)?);
    } else {
        say(report.table());
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(args: &Args) -> Result<Report, MeasureFault> {
    let rows: Vec<[String; 2]> = columns(&args.labels, ["file", "person"])?
        .into_iter()
        .filter(|[_, person]| !person.is_empty() && !person.starts_with('('))
        .collect();
    let gallery = Gallery::embed(&args.models, &args.photos, rows.iter().map(|[file, _]| file))?;
    let mut people: BTreeMap<&str, Vec<&Embedding>> = BTreeMap::new();
    for [file, person] in &rows {
        people.entry(person).or_default().extend(gallery.of(file));
    }
    let photos: Vec<Vec<&Embedding>> = people.into_values().collect();
    let report = search(&photos, args, &FacePolicy::default());
    Ok(Report { failures_to_acquire: Some(gallery.failures()), model_hash: gallery.model_hash, ..report })
}

fn search(people: &[Vec<&Embedding>], args: &Args, policy: &FacePolicy) -> Report {
    let (enrollable, single): (Vec<usize>, Vec<usize>) =
        (0..people.len()).partition(|at| people[*at].len() >= 2);
    let mut counts = Report {
        people_enrollable: enrollable.len(),
        people: people.len(),
        roster: args.roster.min(enrollable.len()),
        rosters: args.rosters,
        seed: args.seed,
        threshold: policy.match_min,
        margin: policy.margin_min,
        ..Report::default()
    };
    let mut draw = Draw(args.seed);
    for _ in 0..args.rosters {
        let mut drawn = enrollable.clone();
        draw.shuffle(&mut drawn);
        let (inside, outside) = drawn.split_at(counts.roster);
        let mut roster = Roster::default();
        for &person in inside {
            roster.enrol(&people[person], &mut draw);
        }
        for &person in outside.iter().chain(&single) {
            for photo in &people[person] {
                counts.outsider_searches += 1;
                counts.non_mated(&roster.templates, photo, policy);
            }
        }
        roster.search_each(&mut counts, policy);
    }
    counts.rated()
}

#[derive(Default)]
struct Roster<'a> {
    templates: Vec<Embedding>,
    left: Vec<Vec<&'a Embedding>>,
}

impl<'a> Roster<'a> {
    fn enrol(&mut self, photos: &[&'a Embedding], draw: &mut Draw) {
        let mut photos = photos.to_vec();
        draw.shuffle(&mut photos);
        let left = photos.split_off(ENROLMENT_PHOTOS_MAX.min(photos.len() - 1));
        if let Some(template) = Embedding::mean(photos) {
            self.templates.push(template);
            self.left.push(left);
        }
    }

    fn search_each(&self, counts: &mut Report, policy: &FacePolicy) {
        for (person, left) in self.left.iter().enumerate() {
            let others = || self.templates[..person].iter().chain(&self.templates[person + 1..]);
            for photo in left {
                counts.mated(&self.templates, person, photo, policy);
                counts.non_mated(others(), photo, policy);
            }
        }
    }
}

impl Report {
    fn mated(&mut self, templates: &[Embedding], person: usize, photo: &Embedding, policy: &FacePolicy) {
        self.mated_searches += 1;
        let Some(nearest) = Candidate::nearest(templates, photo) else {
            return;
        };
        let (right, named) = (nearest.index == person, nearest.is_identified(policy));
        self.rank1_hits += usize::from(right);
        self.true_identifications += usize::from(right && named);
        self.wrong_identifications += usize::from(!right && named);
    }

    fn non_mated<'a>(
        &mut self,
        templates: impl IntoIterator<Item = &'a Embedding>,
        photo: &Embedding,
        policy: &FacePolicy,
    ) {
        self.non_mated_searches += 1;
        let named = Candidate::nearest(templates, photo).is_some_and(|nearest| nearest.is_identified(policy));
        self.false_identifications += usize::from(named);
    }

    fn rated(self) -> Self {
        let rate = |hits: usize, of: usize| (of > 0).then(|| hits as f64 / of as f64);
        Self {
            rank1: rate(self.rank1_hits, self.mated_searches),
            tpir: rate(self.true_identifications, self.mated_searches),
            fpir: rate(self.false_identifications, self.non_mated_searches),
            ..self
        }
    }

    fn table(&self) -> String {
        let rate = |rate: Option<f64>| rate.map_or(String::from("-"), |rate| format!("{rate:.4}"));
        let mut lines = vec![
            format!("people               {} ({} enrollable)", self.people, self.people_enrollable),
            format!("rosters              {} of {} people, seed {}", self.rosters, self.roster, self.seed),
            format!("threshold, margin    {:.2}, {:.2}", self.threshold, self.margin),
            format!(
                "rank-1               {} ({} of {})",
                rate(self.rank1),
                self.rank1_hits,
                self.mated_searches
            ),
            format!(
                "TPIR                 {} ({} of {}, {} named another)",
                rate(self.tpir),
                self.true_identifications,
                self.mated_searches,
                self.wrong_identifications
            ),
            format!(
                "FPIR                 {} ({} of {}, {} by outsiders)",
                rate(self.fpir),
                self.false_identifications,
                self.non_mated_searches,
                self.outsider_searches
            ),
            format!("model hash           {}", self.model_hash),
        ];
        if let Some(failures) = &self.failures_to_acquire {
            lines.push(format!("failures to acquire  {} of {}", failures.count, failures.of));
            lines.extend(failures.files.iter().map(|file| format!("  no face in {file}")));
        }
        lines.join("\n")
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine and release.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(roster: usize) -> Args {
        let path = PathBuf::new();
        Args {
            models: path.clone(),
            photos: path.clone(),
            labels: path,
            roster,
            rosters: 3,
            seed: 7,
            json: false,
        }
    }

    /// A photo of person `person`, all at right angles to other people's.
    fn photo(person: usize, other: f32) -> Embedding {
        let mut values = vec![0.0; 64];
        values[person] = 1.0;
        values[63] = other;
        Embedding::normalised(values).unwrap()
    }

    #[test]
    fn distinct_people_are_all_named_and_strangers_never() {
        let photos: Vec<Vec<Embedding>> =
            (0..30).map(|person| (0..4).map(|shot| photo(person, shot as f32 / 20.0)).collect()).collect();
        let people: Vec<Vec<&Embedding>> = photos.iter().map(|person| person.iter().collect()).collect();
        let report = search(&people, &args(20), &FacePolicy::default());
        assert_eq!((report.roster, report.mated_searches, report.non_mated_searches), (20, 60, 180));
        assert_eq!((report.rank1, report.tpir, report.fpir), (Some(1.0), Some(1.0), Some(0.0)));
        assert_eq!(
            report,
            search(&people, &args(20), &FacePolicy::default()),
            "the same seed, the same rosters"
        );
    }

    #[test]
    fn one_person_under_two_names_is_never_named_for_lack_of_margin() {
        let photos: Vec<Vec<Embedding>> = (0..2).map(|_| (0..2).map(|_| photo(5, 0.0)).collect()).collect();
        let people: Vec<Vec<&Embedding>> = photos.iter().map(|person| person.iter().collect()).collect();
        let report = search(&people, &args(20), &FacePolicy::default());
        assert_eq!((report.true_identifications, report.wrong_identifications), (0, 0));
        assert_eq!(report.fpir, Some(1.0), "without the other name it is named wrongly");
    }

    #[test]
    fn people_with_one_photo_only_search() {
        let (one, other) = (photo(1, 0.0), photo(2, 0.0));
        let report = search(&[vec![&one], vec![&other]], &args(20), &FacePolicy::default());
        assert_eq!((report.roster, report.mated_searches, report.outsider_searches), (0, 0, 6));
        assert_eq!((report.rank1, report.fpir), (None, Some(0.0)));
    }
}
