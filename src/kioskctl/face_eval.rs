// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl face-eval`: how well the face models tell pairs of photos of one person from pairs of two.
//!
//! Still photos: the largest face counts and no live gates apply. Definitions, over the pairs whose photos both gave a
//! face: a pair is accepted at threshold t when its cosine is at least t; FAR(t) is the share of different pairs
//! accepted, FRR(t) the share of same pairs not accepted. "FRR at FAR ≤ x" is taken at the smallest threshold with
//! FAR(t) ≤ x. The EER is the mean of FAR and FRR where they are nearest, its threshold the middle of where that is.
//! With n different pairs, FAR is known to 1/n only, and "none in n" still allows about 3/n.

use std::{path::PathBuf, process::ExitCode};

use crate::{
    face_photos::{Failures, Gallery, MeasureFault, columns},
    say::say,
};

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where the face models are.
    #[arg(long, env = "KIOSK_MODELS")]
    pub models: PathBuf,
    /// Where the photos are.
    #[arg(long, env = "KIOSK_PHOTOS")]
    pub photos: PathBuf,
    /// A list with the columns file1, file2 and same (0, 1, true or false).
    #[arg(long)]
    pub pairs: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What was measured. A rate is absent when there is no pair to measure it on.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Report {
    /// Pairs measured.
    pub n: usize,
    pub n_same: usize,
    pub n_different: usize,
    /// Pairs left out because a photo gave no face.
    pub n_not_acquired: usize,
    pub eer: Option<f64>,
    pub eer_threshold: Option<f32>,
    #[serde(rename = "frr_at_far_1e-2")]
    pub frr_at_far_1e2: Option<f64>,
    #[serde(rename = "threshold_at_far_1e-2")]
    pub threshold_at_far_1e2: Option<f32>,
    #[serde(rename = "frr_at_far_1e-3")]
    pub frr_at_far_1e3: Option<f64>,
    #[serde(rename = "threshold_at_far_1e-3")]
    pub threshold_at_far_1e3: Option<f32>,
    pub frr_at_zero_far: Option<f64>,
    pub threshold_at_zero_far: Option<f32>,
    /// At the threshold the terminal starts with.
    pub policy_threshold: f32,
    pub frr_at_policy: Option<f64>,
    pub far_at_policy: Option<f64>,
    pub failures_to_acquire: Failures,
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
    let rows = columns(&args.pairs, ["file1", "file2", "same"])?;
    let gallery =
        Gallery::embed(&args.models, &args.photos, rows.iter().flat_map(|[one, other, _]| [one, other]))?;
    let mut scores = Scores::default();
    let mut not_acquired = 0;
    for (row, [one, other, same]) in rows.iter().enumerate() {
        let same = match same.to_ascii_lowercase().as_str() {
            "1" | "true" => true,
            "0" | "false" => false,
            other => {
                let what = format!("same is {other:?}, not 0, 1, true or false");
                return Err(MeasureFault::Row { path: args.pairs.clone(), row: row + 2, what });
            }
        };
        match (gallery.of(one), gallery.of(other)) {
            (Some(one), Some(other)) => scores.add(same, one.cosine(other)),
            (Some(_) | None, _) => not_acquired += 1,
        }
    }
    Ok(scores.sorted().report(not_acquired, gallery.failures(), gallery.model_hash))
}

/// Cosines of same and different pairs.
#[derive(Default)]
struct Scores {
    same: Vec<f32>,
    different: Vec<f32>,
}

impl Scores {
    fn add(&mut self, same: bool, score: f32) {
        if same { self.same.push(score) } else { self.different.push(score) }
    }

    fn sorted(mut self) -> Self {
        self.same.sort_by(f32::total_cmp);
        self.different.sort_by(f32::total_cmp);
        self
    }

    fn frr(&self, threshold: f32) -> Option<f64> {
        let refused = self.same.partition_point(|score| *score < threshold);
        (!self.same.is_empty()).then(|| refused as f64 / self.same.len() as f64)
    }

    fn far(&self, threshold: f32) -> Option<f64> {
        let refused = self.different.partition_point(|score| *score < threshold);
        let accepted = self.different.len() - refused;
        (!self.different.is_empty()).then(|| accepted as f64 / self.different.len() as f64)
    }

    /// The smallest threshold with FAR at most `far`, and the FRR there.
    fn at_far(&self, far: f64) -> Option<(f32, f64)> {
        let accepted_max = (far * self.different.len() as f64 + 1e-9) as usize;
        let last = self.different.len().checked_sub(accepted_max + 1);
        let threshold = match last {
            Some(last) => self.different[last].next_up(),
            None if self.different.is_empty() => return None,
            None => -1.0,
        };
        self.frr(threshold).map(|frr| (threshold, frr))
    }

    /// The equal error rate and its threshold.
    fn eer(&self) -> Option<(f64, f32)> {
        let thresholds = self.same.iter().chain(&self.different).flat_map(|score| [*score, score.next_up()]);
        let mut nearest: Option<(f64, f64, f32, f32)> = None;
        let mut thresholds: Vec<f32> = thresholds.collect();
        thresholds.sort_by(f32::total_cmp);
        for threshold in thresholds {
            let (far, frr) = (self.far(threshold)?, self.frr(threshold)?);
            let (apart, mean) = ((far - frr).abs(), (far + frr) / 2.0);
            nearest = match nearest {
                Some((before, _, _, _)) if apart < before => Some((apart, mean, threshold, threshold)),
                Some((before, eer, from, _)) if apart == before && mean == eer => {
                    Some((before, eer, from, threshold))
                }
                None => Some((apart, mean, threshold, threshold)),
                kept => kept,
            };
        }
        nearest.map(|(_, eer, from, to)| (eer, from + (to - from) / 2.0))
    }

    fn report(&self, n_not_acquired: usize, failures_to_acquire: Failures, model_hash: String) -> Report {
        let (eer, hundredth, thousandth, zero) =
            (self.eer(), self.at_far(1e-2), self.at_far(1e-3), self.at_far(0.0));
        let policy_threshold = face::FacePolicy::default().match_min;
        Report {
            n: self.same.len() + self.different.len(),
            n_same: self.same.len(),
            n_different: self.different.len(),
            n_not_acquired,
            eer: eer.map(|(rate, _)| rate),
            eer_threshold: eer.map(|(_, threshold)| threshold),
            frr_at_far_1e2: hundredth.map(|(_, rate)| rate),
            threshold_at_far_1e2: hundredth.map(|(threshold, _)| threshold),
            frr_at_far_1e3: thousandth.map(|(_, rate)| rate),
            threshold_at_far_1e3: thousandth.map(|(threshold, _)| threshold),
            frr_at_zero_far: zero.map(|(_, rate)| rate),
            threshold_at_zero_far: zero.map(|(threshold, _)| threshold),
            policy_threshold,
            frr_at_policy: self.frr(policy_threshold),
            far_at_policy: self.far(policy_threshold),
            failures_to_acquire,
            model_hash,
        }
    }
}

impl Report {
    fn table(&self) -> String {
        let rate = |rate: Option<f64>| rate.map_or(String::from("-"), |rate| format!("{:.4}", rate));
        let at = |threshold: Option<f32>| threshold.map_or(String::from("-"), |at| format!("{at:.4}"));
        let mut lines = vec![
            format!("pairs                {} ({} same, {} different)", self.n, self.n_same, self.n_different),
            format!("left out             {} (a photo gave no face)", self.n_not_acquired),
            format!("EER                  {} at {}", rate(self.eer), at(self.eer_threshold)),
            format!(
                "FRR at FAR <= 1e-2   {} at {}",
                rate(self.frr_at_far_1e2),
                at(self.threshold_at_far_1e2)
            ),
            format!(
                "FRR at FAR <= 1e-3   {} at {}",
                rate(self.frr_at_far_1e3),
                at(self.threshold_at_far_1e3)
            ),
            format!(
                "FRR at FAR = 0       {} at {}",
                rate(self.frr_at_zero_far),
                at(self.threshold_at_zero_far)
            ),
            format!(
                "FRR, FAR at {:.2}     {}, {}",
                self.policy_threshold,
                rate(self.frr_at_policy),
                rate(self.far_at_policy)
            ),
            format!(
                "failures to acquire  {} of {}",
                self.failures_to_acquire.count, self.failures_to_acquire.of
            ),
            format!("model hash           {}", self.model_hash),
        ];
        lines.extend(self.failures_to_acquire.files.iter().map(|file| format!("  no face in {file}")));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(same: &[f32], different: &[f32]) -> Scores {
        Scores { same: same.to_vec(), different: different.to_vec() }.sorted()
    }

    #[test]
    fn separated_scores_have_no_error_and_the_middle_as_threshold() {
        let scores = scores(&[0.6, 0.8, 0.9], &[0.0, 0.1, 0.2]);
        let (eer, threshold) = scores.eer().unwrap();
        assert_eq!(eer, 0.0);
        assert!((threshold - 0.4).abs() < 1e-6);
        assert_eq!(scores.at_far(0.0), Some((0.2_f32.next_up(), 0.0)));
    }

    #[test]
    fn the_threshold_is_the_smallest_that_keeps_the_far() {
        let different: Vec<f32> = (0..100).map(|score| score as f32 / 100.0).collect();
        let scores = scores(&[0.5, 0.985, 0.985, 2.0], &different);
        let (threshold, frr) = scores.at_far(1e-2).unwrap();
        assert_eq!((threshold, frr), (0.98_f32.next_up(), 0.25));
        assert_eq!(scores.far(threshold), Some(0.01));
        assert_eq!(scores.at_far(1e-3).unwrap(), (0.99_f32.next_up(), 0.75));
        assert_eq!(scores.at_far(1e-3), scores.at_far(0.0));
    }

    #[test]
    fn overlapping_scores_meet_at_the_equal_error() {
        let (eer, threshold) = scores(&[0.2, 0.6, 0.7, 0.8], &[0.0, 0.1, 0.3, 0.65]).eer().unwrap();
        assert_eq!(eer, 0.25);
        assert!(threshold > 0.3 && threshold <= 0.6);
    }

    #[test]
    fn without_different_pairs_there_is_no_rate() {
        let scores = scores(&[0.5], &[]);
        assert_eq!((scores.eer(), scores.at_far(0.01), scores.far(0.5)), (None, None, None));
    }
}
