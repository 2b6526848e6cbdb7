// SPDX-License-Identifier: GPL-3.0-only
//! Decides over several frames whether the person before the camera is who is expected.
//!
//! A pure machine: frames come in as [`Observation`]s, time and chance are given, nothing is kept but embeddings of the
//! running try. A match needs several well-seen frames in a row that agree; where liveness is in doubt, an
//! unpredictable turn of the head comes on top. It never lowers a threshold, never decides by one frame, counts no
//! frame twice, and ends: a try has a time limit, tries have a number. In a one-to-one check it does not say who else
//! it might be.

use std::{collections::VecDeque, time::Duration};

use crate::{
    embed::Embedding,
    observe::{Look, Observation},
    policy::{FacePolicy, Gates},
    quality::{Gate, Pose},
    search::Candidate,
    template::Template,
};

/// Wrong turns forgiven in one challenge, because left and right are easily mixed up; each draws another turn.
const WRONG_TURNS_MAX: u32 = 1;
/// Frames in a row that make a wrong turn: on its way round a head passes through others.
const WRONG_TURN_FRAMES: u32 = 3;
/// How far aside the nose may be while the head counts as turned up.
const UP_YAW_MAX: f32 = 0.10;

/// Where the random turns come from.
pub type Draw = Box<dyn FnMut() -> u32 + Send>;

/// A turn of the head, from the person's own point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Left,
    Right,
    Up,
}

/// Where the check stands after a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The frame cannot be used; tell the person this.
    Guide(Gate),
    /// Frames collected, of how many at most.
    Hold { votes: u32, of: u32 },
    /// Ask the person to turn the head.
    Challenge(Turn),
    /// This try ended; the next begins with the next frame.
    Again { why: Miss, tries_left: u32 },
    /// It is the person at `index` of the templates. Final.
    Match(Match),
    /// The tries are used up; offer the next way. Final. `best` is the best cosine of any frame.
    NoMatch { best: Option<f32>, why: Miss },
    /// Among a roster: in every try it was clearly nobody of it. Final.
    NotOnRoster { best: Option<f32> },
}

/// A match and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Place among the templates given.
    pub index: usize,
    /// Mean cosine of the frames that agreed.
    pub score: f32,
    /// Median live share; `None` when no liveness model is there.
    pub liveness: Option<f32>,
    /// Whether the head was turned as asked.
    pub challenged: bool,
    /// Frames that agreed.
    pub frames: u32,
    /// Tries used, this one included.
    pub tries: u32,
}

/// Why a try did not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Miss {
    /// No frame was good enough.
    NotSeen,
    /// Clearly someone else.
    SomeoneElse,
    /// Too unlike for a match, too like for a stranger, or not steady.
    Unsure,
    /// The person matched, but the head was not turned as asked.
    NotLive,
}

/// One check of one person before the camera.
pub struct Check {
    policy: FacePolicy,
    templates: Vec<Embedding>,
    among: Among,
    draw: Draw,
    phase: Phase,
    last_seq: Option<u64>,
    progress: Progress,
    misses: Vec<Miss>,
    best: Option<f32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Among {
    Person,
    Roster,
}

enum Phase {
    /// No face yet: a try's clock starts with the first.
    Waiting,
    Looking(Try),
    Challenged(Challenge),
    Over,
}

struct Try {
    since: Duration,
    votes: VecDeque<Vote>,
}

struct Vote {
    embedding: Embedding,
    says: Says,
    liveness: Option<f32>,
    pitch: Option<f32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Says {
    Yes { index: usize, score: f32 },
    No,
    Nothing,
}

struct Challenge {
    since: Duration,
    turn: Turn,
    /// Which way the last frames faced, and how many of them.
    facing: (Option<Turn>, u32),
    wrong: u32,
    face: Embedding,
    /// Pitch at which the person looks into the camera.
    level: f32,
    found: Match,
}

impl Check {
    /// A check whether it is the person of `template`.
    pub fn person(policy: FacePolicy, template: &Template, draw: Draw) -> Self {
        Self::new(policy, std::slice::from_ref(template), Among::Person, draw)
    }

    /// A check which person of the roster it is; a match also needs the margin to the second best.
    pub fn roster(policy: FacePolicy, templates: &[Template], draw: Draw) -> Self {
        Self::new(policy, templates, Among::Roster, draw)
    }

    fn new(policy: FacePolicy, templates: &[Template], among: Among, draw: Draw) -> Self {
        let templates = templates.iter().map(|template| template.mean().clone()).collect();
        let progress = Progress::Guide(Gate::NoFace);
        let phase = Phase::Waiting;
        Self {
            policy,
            templates,
            among,
            draw,
            phase,
            last_seq: None,
            progress,
            misses: Vec::new(),
            best: None,
        }
    }

    /// How the next frame is to be looked at.
    pub fn look(&self) -> Look {
        match self.phase {
            Phase::Waiting | Phase::Looking(_) | Phase::Over => Look::Front,
            Phase::Challenged(_) => Look::Turned,
        }
    }

    /// Whether the last answer was final.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    /// Takes what the frame of `now` showed. A frame number seen just before only moves the clock.
    pub fn feed(&mut self, seen: &Observation, now: Duration) -> Progress {
        if self.last_seq.replace(seen.seq) == Some(seen.seq) {
            return self.wait(now);
        }
        self.progress = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Over => self.progress,
            Phase::Waiting if seen.faces == 0 => {
                self.phase = Phase::Waiting;
                Progress::Guide(seen.gate.unwrap_or(Gate::NoFace))
            }
            Phase::Waiting => self.look_at(Try { since: now, votes: VecDeque::new() }, seen, now),
            Phase::Looking(running) => self.look_at(running, seen, now),
            Phase::Challenged(challenge) => self.answer(challenge, seen, now),
        };
        self.progress
    }

    /// Says that no new frame came until `now`: only time limits move.
    pub fn wait(&mut self, now: Duration) -> Progress {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Looking(running) if self.is_late(&running, now) => {
                self.progress = self.miss(running.why_missed());
            }
            Phase::Challenged(challenge) if self.is_unanswered(&challenge, now) => {
                self.progress = self.miss(Miss::NotLive);
            }
            same @ (Phase::Over | Phase::Waiting | Phase::Looking(_) | Phase::Challenged(_)) => {
                self.phase = same
            }
        }
        self.progress
    }

    fn look_at(&mut self, mut running: Try, seen: &Observation, now: Duration) -> Progress {
        if self.is_late(&running, now) {
            return self.miss(running.why_missed());
        }
        let (None, Some(embedding)) = (seen.gate, &seen.embedding) else {
            self.phase = Phase::Looking(running);
            return Progress::Guide(seen.gate.unwrap_or(Gate::NoFace));
        };
        let steady = running
            .votes
            .back()
            .is_none_or(|before| before.embedding.cosine(embedding) >= self.policy.agreement_min);
        if !steady {
            running.votes.clear();
        }
        if running.votes.len() == self.policy.votes_window as usize {
            running.votes.pop_front();
        }
        let says = self.says(embedding);
        let pitch = seen.pose.map(|pose| pose.pitch);
        running.votes.push_back(Vote { embedding: embedding.clone(), says, liveness: seen.liveness, pitch });
        self.decide(running, now)
    }

    fn decide(&mut self, running: Try, now: Duration) -> Progress {
        let votes = running.votes.len() as u32;
        let full = votes == self.policy.votes_window;
        if let Some(mut found) = running.agreed(self.policy.votes_min) {
            found.tries = self.misses.len() as u32 + 1;
            let live = found.liveness.map(|share| share >= self.policy.live_min);
            match live.unwrap_or(!self.policy.challenge_when_unknown) {
                true => return Progress::Match(found),
                false if full => return self.challenge(&running, found, now),
                false => {}
            }
        } else if full && running.votes.iter().all(|vote| vote.says == Says::No) {
            return self.miss(Miss::SomeoneElse);
        }
        self.phase = Phase::Looking(running);
        Progress::Hold { votes, of: self.policy.votes_window }
    }

    fn challenge(&mut self, running: &Try, found: Match, now: Duration) -> Progress {
        let level = median(running.votes.iter().filter_map(|vote| vote.pitch).collect());
        let (Some(last), Some(level)) = (running.votes.back(), level) else {
            return self.miss(Miss::NotSeen);
        };
        let turn = self.drawn(&[Turn::Left, Turn::Right, Turn::Up]);
        let face = last.embedding.clone();
        let facing = (None, 0);
        self.phase = Phase::Challenged(Challenge { since: now, turn, facing, wrong: 0, face, level, found });
        Progress::Challenge(turn)
    }

    fn answer(&mut self, mut challenge: Challenge, seen: &Observation, now: Duration) -> Progress {
        if self.is_unanswered(&challenge, now) {
            return self.miss(Miss::NotLive);
        }
        let same = seen
            .embedding
            .as_ref()
            .is_some_and(|face| face.cosine(&challenge.face) >= self.policy.turned_agreement_min);
        let (None, true, Some(pose)) = (seen.gate, same, &seen.pose) else {
            let turn = challenge.turn;
            self.phase = Phase::Challenged(challenge);
            return match seen.gate {
                Some(gate) if gate < Gate::Tilted => Progress::Guide(gate),
                Some(_) | None => Progress::Challenge(turn),
            };
        };
        let facing = facing(pose, challenge.level, &self.policy.gates);
        if facing == Some(challenge.turn) {
            return Progress::Match(Match { challenged: true, ..challenge.found });
        }
        let frames = if challenge.facing.0 == facing { challenge.facing.1 + 1 } else { 1 };
        challenge.facing = (facing, frames);
        if let Some(wrong) = facing
            && frames == WRONG_TURN_FRAMES
        {
            if challenge.wrong == WRONG_TURNS_MAX {
                return self.miss(Miss::NotLive);
            }
            challenge.wrong += 1;
            let others: Vec<Turn> =
                [Turn::Left, Turn::Right, Turn::Up].into_iter().filter(|turn| *turn != wrong).collect();
            challenge.turn = self.drawn(&others);
        }
        let turn = challenge.turn;
        self.phase = Phase::Challenged(challenge);
        Progress::Challenge(turn)
    }

    fn says(&mut self, face: &Embedding) -> Says {
        let Some(nearest) = Candidate::nearest(&self.templates, face) else {
            return Says::No;
        };
        self.best = Some(self.best.map_or(nearest.score, |before| before.max(nearest.score)));
        let yes = match self.among {
            Among::Person => nearest.score >= self.policy.match_min,
            Among::Roster => nearest.is_identified(&self.policy),
        };
        if yes {
            Says::Yes { index: nearest.index, score: nearest.score }
        } else if nearest.score < self.policy.doubt_min {
            Says::No
        } else {
            Says::Nothing
        }
    }

    fn miss(&mut self, why: Miss) -> Progress {
        self.misses.push(why);
        let tries_left = self.policy.tries_max.saturating_sub(self.misses.len() as u32);
        if tries_left > 0 {
            self.phase = Phase::Waiting;
            return Progress::Again { why, tries_left };
        }
        self.phase = Phase::Over;
        let stranger = self.misses.iter().all(|miss| *miss == Miss::SomeoneElse);
        match self.among {
            Among::Roster if stranger => Progress::NotOnRoster { best: self.best },
            Among::Roster | Among::Person => Progress::NoMatch { best: self.best, why },
        }
    }

    fn drawn(&mut self, turns: &[Turn]) -> Turn {
        turns[(self.draw)() as usize % turns.len()]
    }

    fn is_late(&self, running: &Try, now: Duration) -> bool {
        now.saturating_sub(running.since) >= Duration::from_secs(self.policy.try_s_max.into())
    }

    fn is_unanswered(&self, challenge: &Challenge, now: Duration) -> bool {
        now.saturating_sub(challenge.since) >= Duration::from_secs(self.policy.challenge_s_max.into())
    }
}

impl Try {
    /// The match `votes_min` or more frames agree on.
    fn agreed(&self, votes_min: u32) -> Option<Match> {
        self.votes.iter().find_map(|vote| {
            let Says::Yes { index, .. } = vote.says else {
                return None;
            };
            let scores: Vec<f32> = self.votes.iter().filter_map(|vote| vote.says.score_of(index)).collect();
            let frames = scores.len() as u32;
            (frames >= votes_min).then(|| Match {
                index,
                score: scores.iter().sum::<f32>() / frames as f32,
                liveness: median(self.votes.iter().filter_map(|vote| vote.liveness).collect()),
                challenged: false,
                frames,
                tries: 0,
            })
        })
    }

    fn why_missed(&self) -> Miss {
        if self.votes.is_empty() {
            Miss::NotSeen
        } else if self.votes.iter().all(|vote| vote.says == Says::No) {
            Miss::SomeoneElse
        } else {
            Miss::Unsure
        }
    }
}

impl Says {
    fn score_of(self, person: usize) -> Option<f32> {
        match self {
            Says::Yes { index, score } if index == person => Some(score),
            Says::Yes { .. } | Says::No | Says::Nothing => None,
        }
    }
}

/// Which way the head is turned far enough to count, if it is; `level` is the pitch of looking into the camera.
fn facing(pose: &Pose, level: f32, gates: &Gates) -> Option<Turn> {
    if pose.yaw >= gates.turned_yaw_min {
        Some(Turn::Left)
    } else if pose.yaw <= -gates.turned_yaw_min {
        Some(Turn::Right)
    } else {
        let up = level - pose.pitch >= gates.turned_up_min;
        (up && pose.yaw.abs() <= UP_YAW_MAX).then_some(Turn::Up)
    }
}

fn median(mut shares: Vec<f32>) -> Option<f32> {
    shares.sort_by(f32::total_cmp);
    shares.get(shares.len() / 2).copied()
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
