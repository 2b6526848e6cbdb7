// SPDX-License-Identifier: GPL-3.0-only
//! Requests to the gateway and their answers as they came, judged by nobody yet.
//!
//! TLS 1.3, only the given roots, no proxy, no redirect followed, a time-out on each request, a limit on each answer.

use super::Miss;
use contract::{Digest, PROTOCOL_VERSION, Problem};
use reqwest::{Client, Method, Url, Version, header};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(10);
/// For a whole request; a held feed request adds what it was asked to wait.
const REQUEST: Duration = Duration::from_secs(30);

/// Why no connection can be set up.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("use the certificates")]
    Tls(#[from] rustls::Error),
    #[error("make an HTTP client")]
    Client(#[from] reqwest::Error),
    #[error("read a certificate as PEM")]
    Pem,
}

/// A way in, with or without a certificate.
pub(crate) struct Door {
    client: Client,
    gateway: Url,
}

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) version: Version,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// The certificate to show, PEM, and the key it is for, PKCS #8.
pub(crate) type Own<'a> = Option<(&'a str, &'a [u8])>;

impl Door {
    pub(crate) fn new(
        gateway: &Url,
        roots: &[CertificateDer<'static>],
        own: Own<'_>,
    ) -> Result<Self, DoorError> {
        let mut pinned = RootCertStore::empty();
        for root in roots {
            pinned.add(root.clone())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(pinned);
        let mut config = match own {
            Some((chain, pkcs8)) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pkcs8.to_vec()));
                config.with_client_auth_cert(certificates(chain)?, key)?
            }
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = Client::builder()
            .tls_backend_preconfigured(config)
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .build()?;
        Ok(Self { client, gateway: gateway.clone() })
    }

    /// Asks with whatever is given. `version` is the protocol's header.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        version: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Answer, reqwest::Error> {
        let json = ("content-type", "application/json".to_owned());
        let json = if body.is_empty() { Vec::new() } else { vec![json] };
        self.exchange(method, path, version, &json, body).await
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        version: Option<&str>,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, reqwest::Error> {
        let mut url = self.gateway.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        let mut request = self.client.request(method, url).timeout(REQUEST);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        if let Some(version) = version {
            request = request.header("Kiosk-Protocol", version);
        }
        let mut response = request.send().await?;
        let (status, version) = (response.status().as_u16(), response.version());
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, version, headers, body })
    }

    /// A request as the protocol has it.
    pub(crate) async fn post(&self, path: &str, message: &impl Serialize) -> Result<Answer, Miss> {
        self.send(path, written(message)?).await
    }

    /// A body as it is.
    pub(crate) async fn send(&self, path: &str, body: Vec<u8>) -> Result<Answer, Miss> {
        self.ask(Method::POST, path, Some(PROTOCOL_VERSION), body).await.map_err(no_answer)
    }

    /// A request that speaks by its headers.
    pub(crate) async fn with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Miss> {
        self.exchange(method, path, Some(PROTOCOL_VERSION), headers, body).await.map_err(no_answer)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Miss> {
        self.ask(Method::GET, path, Some(PROTOCOL_VERSION), Vec::new()).await.map_err(no_answer)
    }
}

impl Answer {
    /// The message within a signed answer, whether its signature holds or not: that is a check of its own, and the
    /// others shall see beyond it.
    pub(crate) fn message<T: DeserializeOwned>(&self) -> Result<(T, Digest), Miss> {
        #[derive(serde::Deserialize)]
        struct Payload {
            payload: String,
        }
        if self.status != 200 {
            return Err(Miss::Broken(format!("the answer is {}", self.told())));
        }
        let unreadable = |error| Miss::Broken(format!("the answer cannot be read: {}", place(&error)));
        let Payload { payload } = serde_json::from_slice(&self.body).map_err(unreadable)?;
        let message = serde_json::from_str(&payload).map_err(unreadable)?;
        Ok((message, Digest::of(payload.as_bytes())))
    }

    /// An answer that is not signed as a whole.
    pub(crate) fn plain<T: DeserializeOwned>(&self) -> Result<T, Miss> {
        let unreadable = |error| Miss::Broken(format!("the answer cannot be read: {}", place(&error)));
        serde_json::from_slice(&self.body).map_err(unreadable)
    }

    /// A header's text; none where there is no such header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the request was refused for what it was, not by an accident.
    pub(crate) fn refused(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Status and code, no more: a body may hold anything.
    pub(crate) fn told(&self) -> String {
        let problem: Option<Problem> = serde_json::from_slice(&self.body).ok();
        match problem {
            Some(problem) => format!("{} {}", self.status, problem.code.as_str()),
            None => self.status.to_string(),
        }
    }
}

/// Where reading failed, without what stood there.
pub(crate) fn place(error: &serde_json::Error) -> String {
    format!("{:?} error in line {} column {}", error.classify(), error.line(), error.column())
}

pub(crate) fn no_answer(error: reqwest::Error) -> Miss {
    Miss::Broken(format!("no answer: {}", crate::say::chain(&error)))
}

pub(crate) fn written(message: &impl Serialize) -> Result<Vec<u8>, Miss> {
    serde_json::to_vec(message)
        .map_err(|error| Miss::Untested(format!("the request cannot be written: {error}")))
}

/// Every certificate of a PEM text.
pub(crate) fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, DoorError> {
    use rustls_pki_types::pem::PemObject;
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(|_| DoorError::Pem)
}
