// SPDX-License-Identifier: GPL-3.0-only
//! The narrow path: a terminal that was off while its certificate ended is still known by it for a while.
//!
//! TLS lets such a certificate in; the gateway answers it on `/v1/renew` alone.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;

/// How long after its end a certificate may still be renewed, in days.
pub(crate) const LATE_DAYS: u64 = 90;
const LATE: Duration = Duration::from_secs(LATE_DAYS * 86_400);

/// Verifies as `inner` does, but for certificates that ended less than [`LATE_DAYS`] ago.
#[derive(Debug)]
pub(crate) struct Late(pub(crate) Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Late {
    fn offer_client_auth(&self) -> bool {
        self.0.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.0.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match self.0.verify_client_cert(end_entity, intermediates, now) {
            Err(Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            )) => {
                let then = Duration::from_secs(now.as_secs()).saturating_sub(LATE);
                self.0.verify_client_cert(end_entity, intermediates, UnixTime::since_unix_epoch(then))
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
