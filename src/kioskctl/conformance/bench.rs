// SPDX-License-Identifier: GPL-3.0-only
//! What a run works with: one or two test terminals, and what was seen while they were enrolled.

use super::door::{Answer, Door, DoorError, certificates, place};
use super::line::Line;
use super::terminal::{Newcomer, Terminal, TerminalError, certified, signing_request};
use super::{Miss, Seen, hold};
use contract::{EnrolReply, Lane};
use reqwest::Url;
use rustls_pki_types::CertificateDer;
use std::sync::atomic::{AtomicU32, Ordering};

/// Life of a device's certificate, in days; a day more for a beginning set back.
const CERTIFICATE_DAYS_MAX: i64 = 181;

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    #[error("use {0:?} as the platform's address, it must be https://host:port")]
    Address(String),
    #[error("find a certificate in the root file")]
    Root,
    #[error("set up a connection")]
    Door(#[from] DoorError),
    #[error("make a test terminal")]
    Terminal(#[from] TerminalError),
    #[error("reach the platform")]
    Unreachable(#[source] reqwest::Error),
    #[error("enrol a test terminal with the first code, the platform answered {0}")]
    Refused(String),
    #[error("read the platform's answer to an enrolment, {0}")]
    Answer(String),
    #[error("find a one-time code")]
    NoCode,
    #[error("keep two test terminals apart, both codes are of one place")]
    OnePlace,
}

/// The test terminals and what they have in common.
pub(crate) struct Bench {
    pub(crate) gateway: Url,
    pub(crate) roots: Vec<CertificateDer<'static>>,
    /// Without a certificate.
    pub(crate) stranger: Door,
    pub(crate) a: Terminal,
    b: Result<Terminal, Miss>,
    /// What the enrolment of the terminals showed.
    pub(crate) enrolment: Seen,
    pub(crate) wrong_code: Seen,
    pub(crate) code_twice: Seen,
    pub(crate) other_key: Seen,
    /// Whether it may raise an alarm.
    pub(crate) may_press: bool,
    epoch: AtomicU32,
}

impl Bench {
    /// Enrols the test terminals.
    ///
    /// # Errors
    /// See [`BenchError`].
    pub(crate) async fn open(
        url: &str,
        root_pem: &str,
        codes: &[String],
        may_press: bool,
    ) -> Result<Self, BenchError> {
        let gateway = address(url)?;
        let roots = certificates(root_pem)?;
        if roots.is_empty() {
            return Err(BenchError::Root);
        }
        let code = codes.first().ok_or(BenchError::NoCode)?;
        let stranger = Door::new(&gateway, &roots, None)?;
        let enrolling = Enrolling { gateway: &gateway, roots: &roots, stranger: &stranger };

        let wrong_code =
            enrolling.refuses(&Newcomer::new()?.request(&mistyped(code))?, "a wrong code").await?;
        let (mut a, enrolment) = enrolling.first(code).await?;
        let again = Newcomer::new()?;
        let answer = enrolling.ask(&again.request(code)?).await?;
        let code_twice = refusal(&answer, "a used code");
        // It may have put the first out of service: the second goes on in its place.
        if answer.status == 200 {
            let (reply, pkcs8) = (read(&answer)?, again.pkcs8.clone());
            a = again.enrolled(&gateway, &roots, &reply, pkcs8)?;
        }
        let (b, other_key) = match codes.get(1) {
            Some(code) => enrolling.second(code).await?,
            None => {
                let why = Miss::Untested("it needs a second --code, of another place".to_owned());
                (Err(why.clone()), Err(why))
            }
        };
        if b.as_ref().is_ok_and(|b| b.place == a.place) {
            return Err(BenchError::OnePlace);
        }
        let epoch = AtomicU32::new(0);
        Ok(Self {
            gateway,
            roots,
            stranger,
            a,
            b,
            enrolment,
            wrong_code,
            code_twice,
            other_key,
            may_press,
            epoch,
        })
    }

    /// The terminal of another place.
    pub(crate) fn b(&self) -> Result<&Terminal, Miss> {
        self.b.as_ref().map_err(Clone::clone)
    }

    /// A lane of the first terminal in an epoch that was never used.
    pub(crate) fn line(&self, lane: Lane) -> Line<'_> {
        Line::new(&self.a, self.epoch.fetch_add(1, Ordering::Relaxed) + 1, lane)
    }
}

struct Enrolling<'a> {
    gateway: &'a Url,
    roots: &'a [CertificateDer<'static>],
    stranger: &'a Door,
}

impl Enrolling<'_> {
    async fn ask(&self, request: &contract::EnrolRequest) -> Result<Answer, BenchError> {
        let body = serde_json::to_vec(request).map_err(|error| BenchError::Answer(place(&error)))?;
        let asked = self.stranger.ask(reqwest::Method::POST, "/v1/enrol", Some("1"), body);
        asked.await.map_err(BenchError::Unreachable)
    }

    async fn refuses(&self, request: &contract::EnrolRequest, what: &str) -> Result<Seen, BenchError> {
        Ok(refusal(&self.ask(request).await?, what))
    }

    async fn first(&self, code: &str) -> Result<(Terminal, Seen), BenchError> {
        let newcomer = Newcomer::new()?;
        let answer = self.ask(&newcomer.request(code)?).await?;
        if answer.status != 200 {
            return Err(BenchError::Refused(answer.told()));
        }
        let reply = read(&answer)?;
        let seen = fits(&reply, &newcomer);
        let pkcs8 = newcomer.pkcs8.clone();
        Ok((newcomer.enrolled(self.gateway, self.roots, &reply, pkcs8)?, seen))
    }

    /// With a request that names one key and is signed by another, and then with a right one.
    async fn second(&self, code: &str) -> Result<(Result<Terminal, Miss>, Seen), BenchError> {
        let (newcomer, other) = (Newcomer::new()?, Newcomer::new()?);
        let right = newcomer.request(code)?;
        let csr_pem = signing_request(&other.pkcs8, newcomer.device).map_err(TerminalError::from)?;
        let answer = self.ask(&contract::EnrolRequest { csr_pem, ..right.clone() }).await?;
        let other_key = refusal(&answer, "a signing request of another key");
        // A platform that takes it has used the code up: the terminal goes on with the key it was certified for.
        if answer.status == 200 {
            let reply = read(&answer)?;
            let of = |newcomer: &Newcomer| {
                let leaf = certificates(&reply.certificate_pem).ok()?.into_iter().next()?;
                Some(certified(&leaf)?.0 == newcomer.key.public())
            };
            let pkcs8 = if of(&other) == Some(true) { other.pkcs8 } else { newcomer.pkcs8.clone() };
            return Ok((Ok(newcomer.enrolled(self.gateway, self.roots, &reply, pkcs8)?), other_key));
        }
        let answer = self.ask(&right).await?;
        if answer.status != 200 {
            let why = format!("the platform refused the second code: {}", answer.told());
            return Ok((Err(Miss::Untested(why)), other_key));
        }
        let (reply, pkcs8) = (read(&answer)?, newcomer.pkcs8.clone());
        if fits(&reply, &newcomer).is_err() {
            let why = "the platform's answer to the second enrolment cannot be used".to_owned();
            return Ok((Err(Miss::Untested(why)), other_key));
        }
        Ok((Ok(newcomer.enrolled(self.gateway, self.roots, &reply, pkcs8)?), other_key))
    }
}

fn read(answer: &Answer) -> Result<EnrolReply, BenchError> {
    serde_json::from_slice(&answer.body).map_err(|error| BenchError::Answer(place(&error)))
}

/// Whether an enrolment's reply lets the terminal work: its own certificate, for no longer than is allowed, the roots
/// and the content key.
pub(crate) fn fits(reply: &EnrolReply, newcomer: &Newcomer) -> Seen {
    fits_key(reply, &newcomer.key.public())
}

pub(crate) fn fits_key(reply: &EnrolReply, key: &contract::PublicKey) -> Seen {
    let leaf = certificates(&reply.certificate_pem).ok().and_then(|chain| chain.into_iter().next());
    let certified = leaf.and_then(|leaf| certified(&leaf));
    let (of, days) =
        certified.ok_or_else(|| Miss::Broken("certificate_pem holds no certificate".to_owned()))?;
    hold(of == *key, || "the certificate is for another key".to_owned())?;
    hold((1..=CERTIFICATE_DAYS_MAX).contains(&days), || format!("the certificate counts for {days} days"))?;
    let roots = certificates(&reply.roots_pem).unwrap_or_default();
    hold(!roots.is_empty(), || "roots_pem holds no certificate".to_owned())?;
    let point = &reply.content_key.0.0;
    hold(point.len() == 65, || format!("content_key has {} bytes, a P-256 point has 65", point.len()))
}

fn refusal(answer: &Answer, what: &str) -> Seen {
    hold(answer.refused(), || format!("{what} is answered {}", answer.told()))
}

/// The code with another last letter.
fn mistyped(code: &str) -> String {
    let mut letters: Vec<char> = code.trim().chars().collect();
    let last = letters.pop();
    letters.push(if last == Some('7') { '8' } else { '7' });
    letters.into_iter().collect()
}

fn address(text: &str) -> Result<Url, BenchError> {
    let wrong = || BenchError::Address(text.to_owned());
    let url = Url::parse(text).map_err(|_| wrong())?;
    let plain = url.scheme() == "https"
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && matches!(url.path(), "" | "/")
        && url.query().is_none();
    if plain { Ok(url) } else { Err(wrong()) }
}
