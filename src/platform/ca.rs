// SPDX-License-Identifier: GPL-3.0-only
//! The facility's own certificate authority and the content key, as files only their owner may read.
//!
//! Every key is P-256. The root signs the platform's certificate and one certificate per device; nothing else trusts
//! it. The content key signs replies and the feed: a stolen TLS key cannot speak for the platform. The keys lie in
//! files here; a site keeps the root in an HSM or offline and gives the platform an intermediate.

use crate::content::{self, Chain};
use crate::late::Late;
use crate::roots::{FORMER, NEXT_KEY, NEXT_PEM};
use crate::{Clock, Fault};
use contract::{DeviceId, Digest, PublicKey, SealKey, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    SanType, SerialNumber,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Life of the root, in days.
const ROOT_DAYS: i64 = 3650;
/// Life of the platform's own certificate, in days; made anew at each start.
const SERVER_DAYS: i64 = 398;
/// Life of a device's certificate, in days.
pub(crate) const DEVICE_DAYS: i64 = 180;
/// A certificate is valid from a day before it was made, for a terminal whose clock is slow.
const BACKDATED_DAYS: i64 = 1;
/// Length of a serial number, in bytes.
const SERIAL_BYTES: usize = 16;
/// A device's name in its certificate is a URI of this form.
const DEVICE_URI: &str = "urn:uuid:";
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The keys and what they sign.
pub(crate) struct Authority {
    root_pem: String,
    /// The one that signs next, once it is staged: terminals pin it too.
    next_pem: Option<String>,
    /// Those that signed before: their certificates are good until they end.
    former_pem: Vec<String>,
    issuer: Issuer<'static, KeyPair>,
    pub(crate) content: SigningKey,
    /// What leads terminals to the newest content key.
    pub(crate) chain: Chain,
    /// Opens what terminals send by hand.
    pub(crate) bundle: SealKey,
}

/// A certificate made for a device.
pub(crate) struct DeviceCertificate {
    /// The certificate, then its issuer.
    pub(crate) pem: String,
    pub(crate) not_after_ms: i64,
}

impl Authority {
    /// Makes the directory of the keys, for its owner alone.
    pub(crate) fn make_dir(dir: &Path) -> Result<(), Fault> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(|source| Fault::File { path: dir.to_owned(), source })
    }

    /// Opens the keys in `dir`, or makes them. The caller keeps others from making them at the same time.
    pub(crate) fn open(dir: &Path, clock: &Clock) -> Result<Self, Fault> {
        let (root_path, key_path) = (dir.join("root.pem"), dir.join("root.key"));
        let next_path = dir.join(NEXT_PEM);
        if next_path.exists() && !dir.join(NEXT_KEY).exists() {
            // The power went between the two halves of a switch.
            std::fs::rename(&next_path, &root_path)
                .map_err(|source| Fault::File { path: next_path.clone(), source })?;
        }
        if !root_path.exists() {
            let (pem, key) = make_root(clock)?;
            write_private(&key_path, key.as_bytes())?;
            write_private(&root_path, pem.as_bytes())?;
        }
        let next_pem = if next_path.exists() { Some(read(&next_path)?) } else { None };
        let former_pem = former(dir)?.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        let root_pem = read(&root_path)?;
        let key = KeyPair::from_pem(&read(&key_path)?)?;
        let issuer = Issuer::from_ca_cert_pem(&root_pem, key)?;
        let content_path = dir.join(content::KEY);
        if !content_path.exists() {
            content::make_key(&content_path)?;
        }
        let content = content::read_key(&content_path)?;
        let staged_path = dir.join(content::NEXT);
        let staged =
            if staged_path.exists() { Some(content::read_key(&staged_path)?.public()) } else { None };
        let chain = Chain::open(dir, &content.public(), staged.as_ref())?;
        let bundle_path = dir.join("bundle.key");
        if !bundle_path.exists() {
            write_private(&bundle_path, SealKey::generate().secret().as_bytes())?;
        }
        let bundle = read(&bundle_path)?.parse().map_err(|_| Fault::Stored("bundle key"))?;
        Ok(Self { root_pem, next_pem, former_pem, issuer, content, chain, bundle })
    }

    /// The root a terminal pins, PEM.
    pub(crate) fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// What a terminal pins: the root that signs, and the one that signs next.
    pub(crate) fn roots_pem(&self) -> String {
        [Some(&self.root_pem), self.next_pem.as_ref()].into_iter().flatten().map(String::as_str).collect()
    }

    /// SHA-256 over the root's DER, as an installer compares it.
    pub(crate) fn root_fingerprint(&self) -> Result<Digest, Fault> {
        fingerprint_of(&self.root_pem)
    }

    /// SHA-256 over what terminals know the platform by: the root and the content key.
    pub(crate) fn fingerprint(&self) -> Result<Digest, Fault> {
        Ok(known_by(self.root_fingerprint()?, &self.content.public()))
    }

    /// The same, once the staged content key signs.
    pub(crate) fn staged_fingerprint(&self) -> Result<Digest, Fault> {
        Ok(known_by(self.root_fingerprint()?, self.chain.newest()))
    }

    /// Makes the certificate a device asked for. The request's own names and uses are not taken over.
    ///
    /// # Errors
    /// `Ok(None)` where the request is not one of `device_key`, or not on P-256.
    pub(crate) fn device_certificate(
        &self,
        csr_pem: &str,
        device: DeviceId,
        device_key: &PublicKey,
        now_ms: i64,
    ) -> Result<Option<DeviceCertificate>, Fault> {
        let Ok(request) = CertificateSigningRequestParams::from_pem(csr_pem) else { return Ok(None) };
        let key = &request.public_key;
        if key.algorithm() != &PKCS_ECDSA_P256_SHA256 || key.der_bytes() != device_key.0.0 {
            return Ok(None);
        }
        let mut params = params(&device.to_string(), now_ms, DEVICE_DAYS)?;
        let uri = format!("{DEVICE_URI}{device}").try_into()?;
        params.subject_alt_names = vec![SanType::URI(uri)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let not_after_ms = params.not_after.unix_timestamp() * 1000;
        let request = CertificateSigningRequestParams { params, public_key: request.public_key };
        let certificate = request.signed_by(&self.issuer)?;
        Ok(Some(DeviceCertificate { pem: certificate.pem() + &self.root_pem, not_after_ms }))
    }

    /// TLS 1.3 with a fresh certificate of the platform for `names`. A client certificate is asked for, and checked
    /// when given; which route needs one is the gateway's business.
    pub(crate) fn tls(&self, names: &[String], clock: &Clock) -> Result<Arc<ServerConfig>, Fault> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = params("platform", clock.now_ms(), SERVER_DAYS)?;
        params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer)?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        for pem in std::iter::once(&self.root_pem).chain(&self.next_pem).chain(&self.former_pem) {
            roots.add(der_of(pem)?)?;
        }
        let check = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()?;
        let private =
            PrivateKeyDer::try_from(key.serialize_der()).map_err(|_| Fault::Stored("server key"))?;
        let mut config = ServerConfig::builder_with_details(provider, Arc::new(clock.clone()))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(Arc::new(Late(check)))
            .with_single_cert(vec![certificate.der().clone()], private)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Who a verified client certificate belongs to, until when, and with which key.
pub(crate) struct CertificateOf {
    pub(crate) device: DeviceId,
    pub(crate) not_after_ms: i64,
    pub(crate) key: PublicKey,
}

impl CertificateOf {
    /// Reads a certificate that TLS has verified. None where it names no device.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        let device = names.value.general_names.iter().find_map(|name| {
            let GeneralName::URI(uri) = name else { return None };
            uri.strip_prefix(DEVICE_URI)?.parse().ok()
        })?;
        Some(Self {
            device,
            not_after_ms: certificate.validity().not_after.timestamp().saturating_mul(1000),
            key: PublicKey(contract::HexBytes(certificate.public_key().subject_public_key.data.to_vec())),
        })
    }
}

/// A new root: certificate and key, PEM.
pub(crate) fn make_root(clock: &Clock) -> Result<(String, String), Fault> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    Ok((root_params(clock)?.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// The certificates of former roots in `dir`, in the order they signed.
pub(crate) fn former(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let wrong = |source| Fault::File { path: dir.to_owned(), source };
    let mut found = Vec::new();
    for entry in dir.read_dir().map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(FORMER) && path.extension().is_some_and(|end| end == "pem") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// SHA-256 over the DER of a certificate.
pub(crate) fn fingerprint_of(pem: &str) -> Result<Digest, Fault> {
    Ok(Digest::of(&der_of(pem)?))
}

/// SHA-256 over a root and the content key: what terminals know a platform by.
pub(crate) fn known_by(root: Digest, content: &PublicKey) -> Digest {
    Digest::of(&[root.0.as_slice(), &content.0.0].concat())
}

/// When a root was made, milliseconds since 1970 UTC.
pub(crate) fn not_before_ms(pem: &str) -> Result<i64, Fault> {
    use x509_parser::prelude::{FromDer, X509Certificate};
    let der = der_of(pem)?;
    let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| Fault::Stored("root"))?;
    let begins_ms = certificate.validity().not_before.timestamp().saturating_mul(1000);
    Ok(begins_ms.saturating_add(BACKDATED_DAYS * DAY_MS))
}

fn der_of(pem: &str) -> Result<CertificateDer<'static>, Fault> {
    CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| Fault::Stored("root"))
}

fn root_params(clock: &Clock) -> Result<CertificateParams, Fault> {
    let mut params = params("facility root", clock.now_ms(), ROOT_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn params(name: &str, now_ms: i64, days: i64) -> Result<CertificateParams, Fault> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(&crate::secrets::random::<SERIAL_BYTES>()?));
    params.not_before = date(now_ms.saturating_sub(BACKDATED_DAYS * DAY_MS), params.not_before);
    params.not_after = date(now_ms.saturating_add(days * DAY_MS), params.not_after);
    Ok(params)
}

/// `ms` as the type rcgen takes; `like` gives that type its name.
fn date<T: From<std::time::SystemTime>>(ms: i64, _like: T) -> T {
    let since = std::time::Duration::from_millis(u64::try_from(ms).unwrap_or(0));
    (std::time::UNIX_EPOCH + since).into()
}

pub(crate) fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|source| Fault::File { path: path.to_owned(), source })
}

/// Writes a file for its owner alone, whole or not at all.
pub(crate) fn write_private(path: &PathBuf, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |source| Fault::File { path: path.clone(), source };
    let partial = path.with_extension("partial");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)
        .map_err(fault)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fault)?;
    std::fs::rename(&partial, path).map_err(fault)
}
