// SPDX-License-Identifier: GPL-3.0-only
//! The platform over loopback: real TLS, real tables, a clock that stands.

mod accounts;
mod adapters;
mod alarms;
mod arrival;
mod blobs;
mod books;
pub(crate) mod care;
mod commit;
pub(crate) mod complaints;
mod content;
pub(crate) mod duty;
mod effects;
mod enrolment;
mod figures;
mod gateway;
mod hostile;
mod killed;
mod media;
mod metrics;
mod on;
mod raw;
mod several;
pub(crate) mod shop;
mod slow;
mod verdicts;

pub(crate) use on::{On, Place, on_both};

use crate::demo::{self, Seed, Seeded};
use crate::{Clock, Config, Running, Totp};
use contract::{
    Batch, BatchId, BatchReply, BootId, DeviceId, Digest, EnrolReply, EnrolRequest, Envelope, Event, EventId,
    FeedPage, HexBytes, Lane, Problem, PublicKey, RenewRequest, Signed, SigningKey, Stamp, TerminalId, Trust,
    Verdict,
};
use rcgen::{CertificateParams, KeyPair};
use reqwest::StatusCode;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 22 November 2026, 10:45 in Beijing.
pub(crate) const NOW_MS: i64 = 1_795_315_500_000;

/// A platform with the demo facility.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) seeded: Seeded,
    wall_ms: Arc<AtomicI64>,
    place: Place,
}

impl World {
    pub(crate) async fn new(on: On) -> Self {
        let place = Place::new(on).await;
        let wall_ms = Arc::new(AtomicI64::new(NOW_MS));
        let running = start(&place, &wall_ms).await;
        let seeded = demo::seed(&running.platform, Seed::default()).await.unwrap();
        Self { running, seeded, wall_ms, place }
    }

    /// One as it is on its first day: no facility, no users, and a password alone is not enough.
    pub(crate) async fn empty(on: On) -> Self {
        let place = Place::new(on).await;
        let wall_ms = Arc::new(AtomicI64::new(NOW_MS));
        let (clock, database) = (Clock::set_by(Arc::clone(&wall_ms)), place.database.clone());
        let config = Config { clock, database, totp: Totp::Required, ..Config::loopback(place.data()) };
        let running = crate::start(config).await.unwrap();
        let seeded = Seeded {
            terminal: TerminalId::fresh(),
            block: String::new(),
            cell: String::new(),
            new_secrets: false,
            roll_call: false,
            detainees: Vec::new(),
            officers: Vec::new(),
            desk_users: Vec::new(),
        };
        Self { running, seeded, wall_ms, place }
    }

    /// One at whose desk a password alone is not enough.
    pub(crate) async fn strict(on: On) -> Self {
        let mut world = Self::new(on).await;
        let (clock, database) = (Clock::set_by(Arc::clone(&world.wall_ms)), world.place.database.clone());
        let config = Config { clock, database, totp: Totp::Required, ..Config::loopback(world.place.data()) };
        world.running = crate::start(config).await.unwrap();
        world
    }

    /// The platform is started again, with what lies on its disk.
    pub(crate) async fn restart(&mut self) {
        let before = std::mem::replace(&mut self.running, start(&self.place, &self.wall_ms).await);
        before.stop().await;
    }

    /// A terminal that goes on with the platform as it was started again, with this certificate.
    pub(crate) fn again(&self, mut kiosk: Kiosk, certificate_pem: &str) -> Kiosk {
        kiosk.gateway = format!("https://{}", self.running.gateway_addr);
        kiosk.use_certificate(self, certificate_pem);
        kiosk
    }

    /// Another platform over the same tables and keys, as a second process would be one.
    pub(crate) async fn beside(&self) -> Running {
        start(&self.place, &self.wall_ms).await
    }

    /// Whether any of these words lies anywhere on the platform's disk, or in what its database gives away.
    pub(crate) async fn holds(&self, words: &[&str]) -> Option<String> {
        let mut found = files_hold(self.place.data(), words);
        if self.place.database.is_shared() {
            let mut read = self.running.platform.core.tables.read().await.unwrap();
            for table in
                ["event", "complaint_item", "complaint_word", "task_due", "feed", "desk_audit", "notice"]
            {
                found = found.or(complaints::table_holds(&mut read, table, words).await);
            }
        }
        found
    }

    pub(crate) fn pass_ms(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::AcqRel);
    }

    pub(crate) fn terminal(&self) -> TerminalId {
        self.seeded.terminal
    }

    /// A client that trusts this platform alone, with or without a certificate.
    pub(crate) fn client(&self, own: Option<(&str, &[u8])>) -> reqwest::Client {
        let client = reqwest::Client::builder().tls_backend_preconfigured(self.tls(own, b"h2")).no_proxy();
        client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
    }

    /// TLS as such a client speaks it, for this protocol inside.
    fn tls(&self, own: Option<(&str, &[u8])>, inside: &[u8]) -> rustls::ClientConfig {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.running.platform.root_pem().as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let clock = Arc::new(Clock::set_by(Arc::clone(&self.wall_ms)));
        let config = rustls::ClientConfig::builder_with_details(provider, clock)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match own {
            Some((chain, pkcs8)) => {
                let chain =
                    CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<_, _>>().unwrap();
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pkcs8.to_vec()));
                config.with_client_auth_cert(chain, key).unwrap()
            }
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = vec![inside.to_vec()];
        config
    }

    /// A terminal that was never here.
    pub(crate) fn newcomer(&self) -> Kiosk {
        let pkcs8 = SigningKey::generate().unwrap();
        Kiosk {
            device: DeviceId::fresh(),
            key: SigningKey::open(&pkcs8).unwrap(),
            client: self.client(None),
            pkcs8,
            gateway: format!("https://{}", self.running.gateway_addr),
            content_key: self.running.platform.content_key(),
            epoch: 1,
            boot: BootId::fresh(),
            heads: HashMap::new(),
            certificate_pem: String::new(),
        }
    }

    /// A terminal enrolled at the demo's cell.
    pub(crate) async fn kiosk(&self) -> Kiosk {
        self.kiosk_at(self.terminal()).await
    }

    pub(crate) async fn kiosk_at(&self, terminal: TerminalId) -> Kiosk {
        let mut kiosk = self.newcomer();
        let code = self.running.platform.enrolment_code(terminal).await.unwrap();
        let reply = kiosk.enrol(&code).await.unwrap();
        assert_eq!(reply.terminal, terminal);
        kiosk.use_certificate(self, &reply.certificate_pem);
        kiosk
    }
}

/// The first of these words in any file below a folder.
fn files_hold(folder: &std::path::Path, words: &[&str]) -> Option<String> {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = if path.is_dir() {
            files_hold(&path, words)
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let holds = |word: &&&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
            words.iter().find(holds).map(|word| format!("{word} in {}", path.display()))
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

async fn start(place: &Place, wall_ms: &Arc<AtomicI64>) -> Running {
    let (clock, database) = (Clock::set_by(Arc::clone(wall_ms)), place.database.clone());
    let metrics = Some(([127, 0, 0, 1], 0).into());
    crate::start(Config { clock, database, metrics, ..Config::loopback(place.data()) }).await.unwrap()
}

/// The wire's view of a terminal.
pub(crate) struct Kiosk {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    pkcs8: Vec<u8>,
    client: reqwest::Client,
    gateway: String,
    content_key: PublicKey,
    epoch: u32,
    boot: BootId,
    heads: HashMap<Lane, (u64, Digest)>,
    certificate_pem: String,
}

/// A refused request.
pub(crate) type Refused = (StatusCode, String);

impl Kiosk {
    fn request(&self) -> EnrolRequest {
        let pair = KeyPair::try_from(self.pkcs8.as_slice()).unwrap();
        let csr = CertificateParams::default().serialize_request(&pair).unwrap();
        EnrolRequest {
            code: String::new(),
            device: self.device,
            csr_pem: csr.pem().unwrap(),
            device_key: self.key.public(),
        }
    }

    async fn enrol(&self, code: &str) -> Result<EnrolReply, Refused> {
        self.ask_enrol(&EnrolRequest { code: code.to_owned(), ..self.request() }).await
    }

    async fn ask_enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Refused> {
        let sent = self.client.post(format!("{}/v1/enrol", self.gateway)).header("Kiosk-Protocol", "1");
        answer(sent.json(request).send().await.unwrap()).await
    }

    async fn renew(&self, request: &RenewRequest) -> Result<EnrolReply, Refused> {
        let sent = self.client.post(format!("{}/v1/renew", self.gateway)).header("Kiosk-Protocol", "1");
        let signed: Signed = answer(sent.json(request).send().await.unwrap()).await?;
        Ok(signed.open("renew", &self.content_key).unwrap())
    }

    /// Speaks with this certificate from here on, over a new connection.
    fn use_certificate(&mut self, world: &World, pem: &str) {
        self.certificate_pem = pem.to_owned();
        self.client = world.client(Some((pem, &self.pkcs8)));
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { boot: self.boot, mono_ms: 1000, wall_ms: NOW_MS, trust: Trust::Synced }
    }

    /// The next event of its lane.
    pub(crate) fn event(&mut self, event: &Event) -> Envelope {
        self.body(event.lane(), event.kind(), &event.body().unwrap())
    }

    /// Signs an event again that was changed, as the newest of its lane.
    pub(crate) fn seal_again(&mut self, envelope: &mut Envelope) {
        envelope.sign(&self.key).unwrap();
        self.heads.insert(envelope.lane, (envelope.seq, envelope.hash()));
    }

    fn body(&mut self, lane: Lane, kind: &str, body: &str) -> Envelope {
        let (seq, prev) = self.heads.get(&lane).copied().unwrap_or((0, Digest::ZERO));
        let envelope = self.envelope(lane, seq + 1, prev, kind, body);
        self.heads.insert(lane, (seq + 1, envelope.hash()));
        envelope
    }

    fn envelope(&self, lane: Lane, seq: u64, prev: Digest, kind: &str, body: &str) -> Envelope {
        let mut envelope = Envelope {
            device: self.device,
            epoch: self.epoch,
            lane,
            seq,
            id: EventId::in_order(),
            kind: kind.to_owned(),
            time: self.stamp(),
            prev,
            body: body.to_owned(),
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        envelope.sign(&self.key).unwrap();
        envelope
    }

    fn batch(&self, events: &[Envelope]) -> Batch {
        Batch {
            batch: BatchId::fresh(),
            device: self.device,
            epoch: self.epoch,
            lane: events.first().map_or(Lane::RollCall, |event| event.lane),
            events: events.to_vec(),
        }
    }

    pub(crate) async fn send(&self, events: &[Envelope]) -> Result<BatchReply, Refused> {
        let batch = self.batch(events);
        let reply = self.send_batch(&batch).await?;
        assert_eq!((reply.batch, reply.device, reply.lane), (batch.batch, batch.device, batch.lane));
        for (event, verdict) in events.iter().zip(&reply.verdicts) {
            assert_eq!((event.id, event.seq, event.hash()), (verdict.id, verdict.seq, verdict.hash));
        }
        assert_eq!(events.len(), reply.verdicts.len());
        Ok(reply)
    }

    async fn send_batch(&self, batch: &Batch) -> Result<BatchReply, Refused> {
        self.send_text(serde_json::to_string(batch).unwrap()).await
    }

    async fn send_text(&self, text: String) -> Result<BatchReply, Refused> {
        let sent = self.client.post(format!("{}/v1/events", self.gateway)).header("Kiosk-Protocol", "1");
        let signed: Signed = answer(sent.body(text).send().await.unwrap()).await?;
        Ok(signed.open("reply", &self.content_key).unwrap())
    }

    /// Says one thing and expects it to be taken.
    pub(crate) async fn say(&mut self, event: &Event) -> EventId {
        let envelope = self.event(event);
        let verdict = self.verdict(&envelope).await;
        assert_eq!(verdict, Verdict::Accepted);
        envelope.id
    }

    pub(crate) async fn verdict(&self, event: &Envelope) -> Verdict {
        self.send(std::slice::from_ref(event)).await.unwrap().verdicts.remove(0).verdict
    }

    /// What became of this terminal's alarms.
    async fn alarms(&self, since: u64, wait_s: u32) -> Result<contract::AlarmAnswers, Refused> {
        let address = format!("{}/v1/alarms?since={since}&wait={wait_s}", self.gateway);
        let sent = self.client.get(address).header("Kiosk-Protocol", "1");
        let signed: Signed = answer(sent.send().await.unwrap()).await?;
        Ok(signed.open("alarms", &self.content_key).unwrap())
    }

    pub(crate) async fn feed(&self, since: u64, wait_s: u32) -> Result<(FeedPage, Digest), Refused> {
        let address = format!("{}/v1/feed?since={since}&wait={wait_s}", self.gateway);
        let sent = self.client.get(address).header("Kiosk-Protocol", "1");
        let signed: Signed = answer(sent.send().await.unwrap()).await?;
        Ok((signed.open("feed", &self.content_key).unwrap(), signed.digest()))
    }
}

async fn answer<T: serde::de::DeserializeOwned>(response: reqwest::Response) -> Result<T, Refused> {
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(response.json().await.unwrap());
    }
    let problem: Problem = response.json().await.unwrap();
    Err((status, problem.code.as_str().to_owned()))
}

fn refused<T>(result: Result<T, Refused>) -> (u16, String) {
    let (status, code) = result.map(|_| ()).unwrap_err();
    (status.as_u16(), code)
}
