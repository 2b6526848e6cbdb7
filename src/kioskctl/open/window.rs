// SPDX-License-Identifier: GPL-3.0-only
//! What an office asks the platform from here: HTTPS with no redirect and no proxy, plain HTTP to this machine only.
//! Every request has a time-out and every answer a limit.

use contract::{ComplaintList, OfficeSession, OfficeSignIn, PostedWord, Signed};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

const TIME_OUT: Duration = Duration::from_secs(30);
/// Largest part of a list, in bytes.
const LIST_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most parts of a list.
const PARTS_MAX: usize = 10_000;

/// Why the platform did not do it.
#[derive(Debug, thiserror::Error)]
pub enum PlatformFailure {
    #[error("use {0} as the platform's address: https://host:port, or http:// on this machine")]
    Address(String),
    #[error("read the roots {path}")]
    Roots { path: PathBuf, source: std::io::Error },
    #[error("set TLS up")]
    Tls(#[from] rustls::Error),
    #[error("reach the platform")]
    Unreachable(#[from] reqwest::Error),
    #[error("be answered by the platform: status {status} {code}")]
    Refused { status: u16, code: String },
    #[error("read a list that is too long")]
    Long,
    #[error("understand the platform's answer")]
    Answer(#[from] serde_json::Error),
}

/// The platform's desk, signed in.
pub struct Platform {
    client: Client,
    base: Url,
    token: Zeroizing<String>,
}

impl Platform {
    /// Signs in as somebody of the office.
    ///
    /// # Errors
    /// See [`PlatformFailure`].
    pub async fn sign_in(
        address: &str,
        roots: Option<&Path>,
        who: &OfficeSignIn,
    ) -> Result<Self, PlatformFailure> {
        let base = base(address).ok_or_else(|| PlatformFailure::Address(address.to_owned()))?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls(roots)?)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIME_OUT)
            .build()?;
        let mut platform = Self { client, base, token: Zeroizing::default() };
        let sent = platform.client.post(platform.at("login")).json(who);
        let session: OfficeSession = serde_json::from_slice(&answer(sent).await?)?;
        platform.token = session.token;
        Ok(platform)
    }

    /// Everything that was sealed to the office, part by part.
    ///
    /// # Errors
    /// See [`PlatformFailure`].
    pub async fn list(&self) -> Result<ComplaintList, PlatformFailure> {
        let mut whole = self.part(0).await?;
        for _ in 0..PARTS_MAX {
            let part = self.part(whole.rev).await?;
            if part.rev <= whole.rev {
                return Ok(whole);
            }
            let is_newer = |id| part.entries.iter().any(|entry| entry.envelope.id == id);
            whole.entries.retain(|entry| !is_newer(entry.envelope.id));
            whole.entries.extend(part.entries);
            whole.others.extend(part.others);
            (whole.rev, whole.now_ms, whole.keys, whole.terminals) =
                (part.rev, part.now_ms, part.keys, part.terminals);
        }
        Err(PlatformFailure::Long)
    }

    async fn part(&self, since: u64) -> Result<ComplaintList, PlatformFailure> {
        let address = format!("{}?since={since}&wait=0", self.at("complaints"));
        let asked = self.client.get(address).bearer_auth(self.token.as_str());
        Ok(serde_json::from_slice(&answer(asked).await?)?)
    }

    /// Hands a word of the office over.
    ///
    /// # Errors
    /// See [`PlatformFailure`].
    pub async fn word(&self, word: &PostedWord) -> Result<(), PlatformFailure> {
        let sent = self.client.post(self.at("complaints/words")).bearer_auth(self.token.as_str());
        answer(sent.json(word)).await.map(|_| ())
    }

    /// States the office's keys.
    ///
    /// # Errors
    /// See [`PlatformFailure`].
    pub async fn keys(&self, statement: &Signed) -> Result<(), PlatformFailure> {
        let sent = self.client.put(self.at("keys")).bearer_auth(self.token.as_str());
        answer(sent.json(statement)).await.map(|_| ())
    }

    fn at(&self, path: &str) -> String {
        format!("{}office/v1/{path}", self.base)
    }
}

async fn answer(asked: RequestBuilder) -> Result<Vec<u8>, PlatformFailure> {
    let mut answer = asked.send().await?;
    let status = answer.status();
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await? {
        if bytes.len() + part.len() > LIST_BYTES_MAX {
            return Err(PlatformFailure::Long);
        }
        bytes.extend_from_slice(&part);
    }
    if matches!(status, StatusCode::OK | StatusCode::NO_CONTENT) {
        return Ok(bytes);
    }
    let code = serde_json::from_slice::<contract::Problem>(&bytes).map(|problem| problem.code.to_string());
    Err(PlatformFailure::Refused { status: status.as_u16(), code: code.unwrap_or_default() })
}

fn base(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let here = match url.host_str()? {
        "localhost" | "[::1]" => true,
        host => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
    };
    let fits = url.scheme() == "https" || (url.scheme() == "http" && here);
    (fits && url.path() == "/" && url.username().is_empty() && url.query().is_none()).then_some(url)
}

fn tls(roots: Option<&Path>) -> Result<ClientConfig, PlatformFailure> {
    let mut trusted = RootCertStore::empty();
    match roots {
        None => {
            trusted.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        }
        Some(path) => {
            let pem = std::fs::read(path)
                .map_err(|source| PlatformFailure::Roots { path: path.to_owned(), source })?;
            let found = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
            trusted.add_parsable_certificates(found);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(trusted).with_no_client_auth())
}
