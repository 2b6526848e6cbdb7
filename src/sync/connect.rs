// SPDX-License-Identifier: GPL-3.0-only
//! Setting a connection up: TLS 1.3 with the pinned roots alone, HTTP/2 kept alive, no proxy, no redirect.

use crate::identity::IdentityError;
use crate::trusted_time::TrustedTime;
use reqwest::{Client, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use std::time::Duration;

/// HTTP/2 pings: how often, and how long one may stay unanswered. A dead connection never says so by itself.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// An unused connection is closed after this.
const POOL_IDLE: Duration = Duration::from_secs(30);

/// Why no connection can be set up from the identity.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("use {0:?} as the platform's address")]
    Address(String),
    #[error("use the certificates")]
    Tls(#[source] rustls::Error),
    #[error("make an HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Reads `https://host:port`; a path, a user or another scheme is refused.
pub(crate) fn address(text: &str) -> Result<Url, SetupError> {
    let wrong = || SetupError::Address(text.to_owned());
    let url = Url::parse(text).map_err(|_| wrong())?;
    let plain = url.scheme() == "https"
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && matches!(url.path(), "" | "/")
        && url.query().is_none();
    if plain { Ok(url) } else { Err(wrong()) }
}

/// TLS 1.3 towards one of `roots`, checked at the trusted time.
pub(crate) fn tls(
    roots: &[CertificateDer<'static>],
    own: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    time: TrustedTime,
) -> Result<ClientConfig, SetupError> {
    let mut pinned = RootCertStore::empty();
    for root in roots {
        pinned.add(root.clone()).map_err(SetupError::Tls)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(time))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(SetupError::Tls)?
        .with_root_certificates(pinned);
    let mut config = match own {
        Some((chain, key)) => config.with_client_auth_cert(chain, key).map_err(SetupError::Tls)?,
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

pub(crate) fn client(tls: ClientConfig, connect: Duration) -> Result<Client, SetupError> {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect)
        .pool_idle_timeout(POOL_IDLE)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEP_ALIVE_EVERY)
        .http2_keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .build()
        .map_err(SetupError::Client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_https_address_is_taken() {
        assert!(address("https://platform.example:8443").is_ok());
        assert!(address("https://127.0.0.1:8443/").is_ok());
        for wrong in
            ["http://127.0.0.1", "https://u@host", "https://host/path", "https://host?x=1", "host:1", ""]
        {
            assert!(matches!(address(wrong), Err(SetupError::Address(_))), "{wrong}");
        }
    }
}
