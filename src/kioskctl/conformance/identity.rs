// SPDX-License-Identifier: GPL-3.0-only
//! Who is let in, with which certificate and which version of the protocol, and how a certificate is renewed.

use super::bench::{Bench, fits_key};
use super::door::{Answer, Door, DoorError, written};
use super::terminal::{Newcomer, TerminalError, pair, signing_request};
use super::{Miss, Seen, hold};
use contract::{DeviceId, Digest, EnrolReply, Lane, PROTOCOL_VERSION, RenewRequest};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, SanType};
use reqwest::{Method, Version};

/// No version of the protocol.
const OTHER_VERSION: &str = "999";
/// All the protocol has.
const ROUTES: [(&str, &str); 8] = [
    ("POST", "/v1/events"),
    ("GET", "/v1/feed"),
    ("GET", "/v1/alarms"),
    ("GET", "/v1/blobs/00"),
    ("GET", "/v1/media/00"),
    ("GET", "/v1/keys"),
    ("POST", "/v1/enrol"),
    ("POST", "/v1/renew"),
];

pub(crate) async fn certificate_needed(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let batch = written(&line.batch(&[&event]))?;
    let renewal = RenewRequest { csr_pem: request(&bench.a.pkcs8, bench.a.device)? };
    let (blob, file) = (format!("/v1/blobs/{}", Digest::ZERO), format!("/v1/media/{}", Digest::ZERO));
    for (method, path, body) in [
        (Method::POST, "/v1/events", batch),
        (Method::GET, "/v1/feed?since=0&wait=0", Vec::new()),
        (Method::GET, "/v1/alarms?since=0&wait=0", Vec::new()),
        (Method::GET, &blob, Vec::new()),
        (Method::GET, &file, Vec::new()),
        (Method::POST, "/v1/renew", written(&renewal)?),
    ] {
        let answer = bench.stranger.ask(method, path, Some(PROTOCOL_VERSION), body).await;
        shut_out(answer, &format!("{path} without a certificate"))?;
    }
    Ok(())
}

pub(crate) async fn certificate_foreign(bench: &Bench) -> Seen {
    let a = &bench.a;
    let failed = |error: rcgen::Error| Miss::Untested(format!("failed to make a certificate: {error}"));
    let chain = foreign(&a.pkcs8, a.device).map_err(failed)?;
    let door = Door::new(&bench.gateway, &bench.roots, Some((&chain, &a.pkcs8))).map_err(unusable)?;
    let answer = door.ask(Method::GET, "/v1/feed?since=0&wait=0", Some(PROTOCOL_VERSION), Vec::new()).await;
    shut_out(answer, "a certificate of another authority")?;
    // A network that is gone looks like a refusal.
    let own = a.page_answer(0, 0).await?;
    hold(own.status == 200, || format!("the terminal's own certificate is answered {}", own.told()))
}

/// 401, 403, or no connection at all.
fn shut_out(answer: Result<Answer, reqwest::Error>, what: &str) -> Seen {
    match answer {
        Ok(answer) => {
            hold(matches!(answer.status, 401 | 403), || format!("{what} is answered {}", answer.told()))
        }
        Err(error) => hold(!error.is_timeout(), || format!("{what} gets no answer in time")),
    }
}

/// A certificate for the terminal's own key and number, by an authority nobody knows.
fn foreign(pkcs8: &[u8], device: DeviceId) -> Result<String, rcgen::Error> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = DistinguishedName::new();
    authority.distinguished_name.push(DnType::CommonName, "facility root");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = Issuer::new(authority, KeyPair::generate()?);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, device.to_string());
    params.subject_alt_names = vec![SanType::URI(format!("urn:uuid:{device}").try_into()?)];
    Ok(params.signed_by(&pair(pkcs8)?, &issuer)?.pem())
}

pub(crate) async fn version(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let batch = written(&line.batch(&[&event]))?;
    for (sent, what) in [(None, "no version"), (Some(OTHER_VERSION), "an unknown version")] {
        for (method, path, body) in [
            (Method::POST, "/v1/events", batch.clone()),
            (Method::GET, "/v1/feed?since=0&wait=0", Vec::new()),
        ] {
            let answer = bench.a.door.ask(method, path, sent, body).await.map_err(super::door::no_answer)?;
            hold(answer.status == 426, || format!("{path} with {what} is answered {}", answer.told()))?;
        }
    }
    Ok(())
}

pub(crate) async fn http2(bench: &Bench) -> Seen {
    let answer = bench.a.page_answer(0, 0).await?;
    hold(answer.version == Version::HTTP_2, || format!("the gateway speaks {:?}", answer.version))
}

pub(crate) async fn no_redirect(bench: &Bench) -> Seen {
    let other = [("GET", "/v1/"), ("GET", "/v1/events/"), ("GET", "/v1/nothing"), ("GET", "/")];
    for (method, path) in ROUTES.into_iter().chain(other) {
        for door in [&bench.stranger, &bench.a.door] {
            let method = if method == "GET" { Method::GET } else { Method::POST };
            let answer = door.ask(method, path, Some(PROTOCOL_VERSION), Vec::new()).await;
            let answer = answer.map_err(super::door::no_answer)?;
            hold(!(300..400).contains(&answer.status), || format!("{path} is answered {}", answer.status))?;
        }
    }
    Ok(())
}

pub(crate) async fn renewal(bench: &Bench) -> Seen {
    let a = &bench.a;
    let request = RenewRequest { csr_pem: request(&a.pkcs8, a.device)? };
    let answer = a.door.post("/v1/renew", &request).await?;
    a.signed(&answer, "renew")?;
    let (reply, _): (EnrolReply, Digest) = answer.message()?;
    fits_key(&reply, &key_of(&a.pkcs8)?)?;
    hold(reply.terminal == a.place, || "the renewed certificate is for another terminal".to_owned())?;
    let own = Some((reply.certificate_pem.as_str(), a.pkcs8.as_slice()));
    let door = Door::new(&bench.gateway, &bench.roots, own).map_err(unusable)?;
    let page = door.get("/v1/feed?since=0&wait=0").await?;
    hold(page.status == 200, || format!("with the renewed certificate the feed is answered {}", page.told()))
}

pub(crate) async fn renewal_other_key(bench: &Bench) -> Seen {
    let failed = |error: TerminalError| Miss::Untested(crate::say::chain(&error));
    let other = Newcomer::new().map_err(failed)?;
    let request = RenewRequest { csr_pem: request(&other.pkcs8, bench.a.device)? };
    let answer = bench.a.door.post("/v1/renew", &request).await?;
    hold(answer.refused(), || format!("a renewal for another key is answered {}", answer.told()))
}

/// Only the platform's own people can put a terminal out of service.
pub(crate) async fn revoked(bench: &Bench) -> Seen {
    let answer = bench.a.page_answer(0, 0).await?;
    hold(answer.status == 200, || format!("a terminal in service is answered {}", answer.told()))?;
    Err(Miss::Untested(
        "the protocol has no way to say it: revoke a terminal at the desk and look".to_owned(),
    ))
}

fn request(pkcs8: &[u8], device: DeviceId) -> Result<String, Miss> {
    signing_request(pkcs8, device)
        .map_err(|error| Miss::Untested(format!("failed to make a signing request: {error}")))
}

fn key_of(pkcs8: &[u8]) -> Result<contract::PublicKey, Miss> {
    let key = contract::SigningKey::open(pkcs8);
    key.map(|key| key.public()).map_err(|error| Miss::Untested(format!("failed to {error}")))
}

fn unusable(error: DoorError) -> Miss {
    Miss::Broken(format!("the certificate cannot be used: {}", crate::say::chain(&error)))
}
