// SPDX-License-Identifier: GPL-3.0-only
//! Enrolment: the terminal's own key, a signing request, a one-time code, and a certificate back.
//!
//! Only the root handed over by the installer is trusted, and the reply is kept only when its certificate is for this
//! terminal's key. Each way to fail is told apart, because an installer stands in front of it with a code that is good
//! for a quarter of an hour. Enrolling again replaces an earlier enrolment; keys and number stay.

use crate::connect::{SetupError, address, client, tls};
use crate::identity::{Identity, IdentityError, certificates};
use crate::transport::{Failure, TimeOuts, read};
use crate::trusted_time::{TrustedTime, WallClock};
use contract::{EnrolReply, EnrolRequest, PROTOCOL_VERSION, Problem};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use reqwest::{StatusCode, header};
use rustls_pki_types::PrivatePkcs8KeyDer;
use std::path::Path;

/// Largest answer to an enrolment, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Why a terminal was not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error("use the terminal's identity")]
    Identity(#[source] IdentityError),
    #[error("use the root certificate")]
    Root(#[source] IdentityError),
    #[error("set up a connection")]
    Setup(#[source] SetupError),
    #[error("make a signing request")]
    Request(#[source] rcgen::Error),
    #[error("write the request")]
    Write(#[source] serde_json::Error),
    #[error("send the request")]
    Unreachable(#[source] Failure),
    #[error("trust the platform, its certificate is not from the root that was given")]
    Untrusted(#[source] Failure),
    #[error("trust the platform's certificate at the time of this machine's clock")]
    Clock(#[source] Failure),
    #[error("use the code, it is not one of an enrolment or was used")]
    Code,
    #[error("use the code, its time is over")]
    Expired,
    #[error("try the code, there were too many wrong ones; wait a minute")]
    Later,
    #[error("enrol this device, it is enrolled at another place")]
    Elsewhere,
    #[error("speak a version the platform understands")]
    Version,
    #[error("enrol, the platform answered {status} {code}")]
    Refused { status: u16, code: String },
    #[error("understand the platform's answer")]
    Answer(#[source] serde_json::Error),
    #[error("use the platform's answer")]
    Reply(#[source] IdentityError),
}

/// Enrols the terminal whose identity lies in `dir` with the platform at `gateway`, `https://host:port`.
///
/// # Errors
/// See [`EnrolError`]; what was enrolled before stays as it was.
pub async fn enrol(
    dir: &Path,
    gateway: &str,
    root_pem: &str,
    code: &str,
    wall: WallClock,
) -> Result<Identity, EnrolError> {
    let mut url = address(gateway).map_err(EnrolError::Setup)?;
    url.set_path("/v1/enrol");
    let roots = certificates(root_pem).map_err(EnrolError::Root)?;
    if roots.is_empty() {
        return Err(EnrolError::Root(IdentityError::Enrolment { what: "it holds no certificate" }));
    }
    let identity = Identity::open_or_make(dir).map_err(EnrolError::Identity)?;
    let time = TrustedTime::new(wall, identity.last_signed_ms());
    let tls = tls(&roots, None, time).map_err(EnrolError::Setup)?;
    let time_outs = TimeOuts::ORDINARY;
    let client = client(tls, time_outs.connect).map_err(EnrolError::Setup)?;

    let request = EnrolRequest {
        code: code.trim().to_owned(),
        device: identity.device(),
        csr_pem: signing_request(&identity).map_err(EnrolError::Request)?,
        device_key: identity.signing_key().public(),
    };
    let request = client
        .post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("Kiosk-Protocol", PROTOCOL_VERSION)
        .timeout(time_outs.batch)
        .body(serde_json::to_vec(&request).map_err(EnrolError::Write)?);
    let mut response = request.send().await.map_err(|error| EnrolError::of(Failure::of(error)))?;
    let status = response.status();
    let answer = read(&mut response, ANSWER_BYTES_MAX).await.map_err(EnrolError::of)?;
    if status != StatusCode::OK {
        return Err(EnrolError::refused(status, &answer));
    }
    let reply: EnrolReply = serde_json::from_slice(&answer).map_err(EnrolError::Answer)?;
    identity.keep(gateway.trim_end_matches('/'), reply).map_err(EnrolError::Reply)?;
    Ok(identity)
}

impl EnrolError {
    fn of(failure: Failure) -> Self {
        match &failure {
            Failure::Clock(_) => Self::Clock(failure),
            Failure::Untrusted(_) => Self::Untrusted(failure),
            Failure::Cut
            | Failure::TimedOut
            | Failure::Unreachable(_)
            | Failure::OwnCertificate(_)
            | Failure::Status { .. }
            | Failure::Long { .. }
            | Failure::NoMessage
            | Failure::Unsigned(_)
            | Failure::Unfit { .. }
            | Failure::Batch(_) => Self::Unreachable(failure),
        }
    }

    fn refused(status: StatusCode, answer: &[u8]) -> Self {
        let problem: Option<Problem> = serde_json::from_slice(answer).ok();
        let code = problem.map(|problem| problem.code.as_str().to_owned()).unwrap_or_default();
        match (status.as_u16(), code.as_str()) {
            (_, "enrol_code") => Self::Code,
            (_, "enrol_expired") => Self::Expired,
            (_, "enrol_device") => Self::Elsewhere,
            (426, _) => Self::Version,
            (429, _) => Self::Later,
            (status, _) => Self::Refused { status, code },
        }
    }
}

/// PKCS #10 for the device's own key. The platform chooses the names in the certificate.
pub(crate) fn signing_request(identity: &Identity) -> Result<String, rcgen::Error> {
    let pkcs8 = PrivatePkcs8KeyDer::from(identity.pkcs8());
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, identity.device().to_string());
    params.serialize_request(&key)?.pem()
}
