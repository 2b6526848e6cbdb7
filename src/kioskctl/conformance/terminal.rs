// SPDX-License-Identifier: GPL-3.0-only
//! A test terminal: keys made for this run, a certificate for a code, and what it asks.

use super::door::{Answer, Door, DoorError, place};
use super::{Miss, hold};
use contract::{
    BatchReply, DeviceId, Digest, EnrolReply, EnrolRequest, Envelope, FEED_ITEMS_MAX, FeedPage, HexBytes,
    KeyError, PublicKey, Signed, SigningKey, TerminalId, Verdict,
};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use reqwest::Url;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// More pages than a test terminal's feed has.
const PAGES_MAX: usize = 200;

/// Why a test terminal cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    #[error("make a key")]
    Key(#[from] KeyError),
    #[error("make a signing request")]
    Request(#[from] rcgen::Error),
    #[error("use the certificate")]
    Door(#[from] DoorError),
}

/// A key, and the number it goes by.
pub(crate) struct Newcomer {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) pkcs8: Vec<u8>,
}

/// An enrolled test terminal.
pub(crate) struct Terminal {
    pub(crate) device: DeviceId,
    /// The place it was enrolled at.
    pub(crate) place: TerminalId,
    pub(crate) key: SigningKey,
    /// Of the key its certificate is for.
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) content_key: PublicKey,
    pub(crate) door: Door,
}

impl Newcomer {
    pub(crate) fn new() -> Result<Self, TerminalError> {
        let pkcs8 = SigningKey::generate()?;
        Ok(Self { device: DeviceId::fresh(), key: SigningKey::open(&pkcs8)?, pkcs8 })
    }

    pub(crate) fn request(&self, code: &str) -> Result<EnrolRequest, TerminalError> {
        Ok(EnrolRequest {
            code: code.trim().to_owned(),
            device: self.device,
            csr_pem: signing_request(&self.pkcs8, self.device)?,
            device_key: self.key.public(),
        })
    }

    /// Goes in with what the platform gave; `pkcs8` is the key its certificate is for.
    pub(crate) fn enrolled(
        self,
        gateway: &Url,
        roots: &[CertificateDer<'static>],
        reply: &EnrolReply,
        pkcs8: Vec<u8>,
    ) -> Result<Terminal, TerminalError> {
        let door = Door::new(gateway, roots, Some((&reply.certificate_pem, &pkcs8)))?;
        let Self { device, key, .. } = self;
        let (place, content_key) = (reply.terminal, reply.content_key.clone());
        Ok(Terminal { device, place, key, pkcs8, content_key, door })
    }
}

impl Terminal {
    /// The page after `since`, with its digest.
    pub(crate) async fn page(&self, since: u64, wait_s: u32) -> Result<(FeedPage, Digest), Miss> {
        self.page_answer(since, wait_s).await?.message()
    }

    pub(crate) async fn page_answer(&self, since: u64, wait_s: u32) -> Result<Answer, Miss> {
        self.door.get(&format!("/v1/feed?since={since}&wait={wait_s}")).await
    }

    /// Every page from the beginning, the last one empty, each with its digest.
    pub(crate) async fn walk(&self) -> Result<Vec<(FeedPage, Digest)>, Miss> {
        let mut pages: Vec<(FeedPage, Digest)> = Vec::new();
        let mut since = 0;
        while pages.len() < PAGES_MAX {
            let (page, digest) = self.page(since, 0).await?;
            hold(page.items.len() <= FEED_ITEMS_MAX, || format!("a page has {} items", page.items.len()))?;
            let (to, last) = (page.to, page.items.is_empty());
            pages.push((page, digest));
            if last {
                return Ok(pages);
            }
            hold(to > since, || format!("a page with items leads from {since} to {to}"))?;
            since = to;
        }
        Err(Miss::Broken(format!("the feed has no end after {PAGES_MAX} pages")))
    }

    /// Whether an answer is signed by the content key for `purpose`.
    pub(crate) fn signed(&self, answer: &Answer, purpose: &str) -> Result<(), Miss> {
        hold(answer.status == 200, || format!("the answer is {}", answer.told()))?;
        let signed: Signed = serde_json::from_slice(&answer.body)
            .map_err(|error| Miss::Broken(format!("the answer is no signed message: {}", place(&error))))?;
        let opened: Result<serde_json::Value, _> = signed.open(purpose, &self.content_key);
        hold(opened.is_ok(), || {
            format!("no signature of the content key for the purpose {purpose:?} is on the answer")
        })
    }
}

/// The verdict on an event.
pub(crate) fn verdict<'a>(reply: &'a BatchReply, event: &Envelope) -> Result<&'a Verdict, Miss> {
    let found = reply.verdicts.iter().find(|verdict| verdict.seq == event.seq);
    let missing = || Miss::Broken(format!("there is no verdict on number {}", event.seq));
    found.map(|found| &found.verdict).ok_or_else(missing)
}

/// Whether the platform took the event into its custody, whatever it made of it.
pub(crate) fn custody(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Accepted | Verdict::Duplicate | Verdict::Parked { .. } | Verdict::Rejected { .. } => true,
        Verdict::Retry { .. } | Verdict::Fork => false,
    }
}

/// A verdict's name, as on the wire.
pub(crate) fn name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Duplicate => "duplicate",
        Verdict::Parked { .. } => "parked",
        Verdict::Rejected { .. } => "rejected",
        Verdict::Retry { .. } => "retry",
        Verdict::Fork => "fork",
    }
}

/// PKCS #10 of a key.
pub(crate) fn signing_request(pkcs8: &[u8], device: DeviceId) -> Result<String, rcgen::Error> {
    let key = pair(pkcs8)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, device.to_string());
    params.serialize_request(&key)?.pem()
}

pub(crate) fn pair(pkcs8: &[u8]) -> Result<KeyPair, rcgen::Error> {
    KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8), &PKCS_ECDSA_P256_SHA256)
}

/// The key a certificate is for, and its life in days. None where it cannot be read.
pub(crate) fn certified(der: &[u8]) -> Option<(PublicKey, i64)> {
    use x509_parser::prelude::{FromDer, X509Certificate};
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let key = certificate.public_key().subject_public_key.data.to_vec();
    let validity = certificate.validity();
    let life_s = validity.not_after.timestamp().saturating_sub(validity.not_before.timestamp());
    Some((PublicKey(HexBytes(key)), life_s / 86_400))
}
