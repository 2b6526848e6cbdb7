// SPDX-License-Identifier: GPL-3.0-only
//! A small platform that keeps the protocol from memory, but for the one thing it is told to break.

use super::blobs::{self, Held};
use super::wrong::Broken;
use super::{alarms, keys, media};
use crate::conformance::line::now_ms;
use crate::conformance::terminal::certified;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use contract::{
    Batch, BatchId, BatchReply, DeviceId, Digest, EVENTS_MAX, EnrolReply, EnrolRequest, Envelope, Event,
    EventId, FeedItem, FeedOp, FeedPage, Flow, KINDS, Lane, LaneHead, PublicKey, RenewRequest, Signed,
    SigningKey, TerminalId, Verdict, VerdictFor,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rcgen::{
    CertificateParams, CertificateSigningRequestParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::RootCertStore;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// As sent, in bytes.
const REQUEST_BYTES_MAX: usize = 640 * 1024;

pub(super) struct Fixture {
    pub(super) url: String,
    pub(super) root_pem: String,
    pub(super) codes: [String; 2],
}

pub(super) struct Core {
    broken: Option<Broken>,
    pub(super) issuer: Issuer<'static, KeyPair>,
    root_pem: String,
    pub(super) content: SigningKey,
    tables: Mutex<Tables>,
}

#[derive(Default)]
pub(super) struct Tables {
    codes: HashMap<String, TerminalId>,
    pub(super) devices: HashMap<DeviceId, Device>,
    lanes: BTreeMap<(DeviceId, u32, Lane), Row>,
    ids: HashMap<(DeviceId, u32, EventId), Digest>,
    pages: HashMap<(DeviceId, u64), Digest>,
    /// In the order they came.
    pub(super) alarms: Vec<(DeviceId, EventId)>,
    /// Named by an event that was taken.
    pub(super) blobs: HashMap<(DeviceId, Digest), Held>,
    requests: u32,
}

#[derive(Clone)]
pub(super) struct Device {
    pub(super) id: DeviceId,
    pub(super) place: TerminalId,
    /// Signs events.
    key: PublicKey,
    /// Of its certificate.
    tls: PublicKey,
}

#[derive(Default)]
struct Row {
    places: Vec<(Digest, Verdict)>,
    frozen: bool,
    gap: bool,
}

impl Row {
    fn head(&self) -> Digest {
        self.places.last().map_or(Digest::ZERO, |place| place.0)
    }
}

#[derive(Clone)]
pub(super) struct Peer(Option<PublicKey>);

pub(super) async fn start(broken: Option<Broken>) -> Fixture {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = params.self_signed(&key).unwrap();
    let codes = ["AAAAAAAAAA".to_owned(), "BBBBBBBBBB".to_owned()];
    let core = Arc::new(Core {
        broken,
        issuer: Issuer::new(params, key),
        root_pem: root.pem(),
        content: SigningKey::open(&SigningKey::generate().unwrap()).unwrap(),
        tables: Mutex::default(),
    });
    let given = codes.iter().map(|code| (code.clone(), TerminalId::fresh()));
    core.tables().codes = given.collect();
    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    let tls = TlsAcceptor::from(Arc::new(core.tls(roots)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let root_pem = core.root_pem.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (tls, router) = (tls.clone(), router(Arc::clone(&core)));
            tokio::spawn(async move {
                stream.set_nodelay(true).unwrap();
                let Ok(stream) = tls.accept(stream).await else { return };
                let leaf = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let peer = Peer(leaf.and_then(|leaf| Some(certified(leaf)?.0)));
                let service = TowerToHyperService::new(router.layer(Extension(peer)));
                let builder = Builder::new(TokioExecutor::new());
                let _ended = builder.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Fixture { url, root_pem, codes }
}

fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/v1/events", post(events))
        .route("/v1/feed", get(feed))
        .route("/v1/alarms", get(alarms::serve))
        .route(
            "/v1/blobs/{sha256}",
            get(blobs::state).head(blobs::offset).post(blobs::begin).patch(blobs::append),
        )
        .route("/v1/media/{sha256}", get(media::serve))
        .route("/v1/keys", get(keys::serve))
        .route("/v1/enrol", post(enrol))
        .route("/v1/renew", post(renew))
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(Arc::clone(&core), version))
        .with_state(core)
}

async fn version(State(core): State<Arc<Core>>, request: Request, next: Next) -> Response {
    let right = request.headers().get("kiosk-protocol").is_some_and(|version| version == "1");
    if right || core.is(Broken::AnyVersion) {
        next.run(request).await
    } else {
        StatusCode::UPGRADE_REQUIRED.into_response()
    }
}

async fn nothing(State(core): State<Arc<Core>>) -> Response {
    if core.is(Broken::Redirects) {
        return Redirect::to("/login").into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

async fn read(body: Body) -> Result<Bytes, StatusCode> {
    axum::body::to_bytes(body, REQUEST_BYTES_MAX).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, StatusCode> {
    serde_json::from_slice(bytes).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)
}

pub(super) type Answered = Result<Response, StatusCode>;

async fn enrol(State(core): State<Arc<Core>>, body: Body) -> Answered {
    let bytes = read(body).await;
    if core.is(Broken::HostileSizeServed) && bytes.is_err() {
        return Ok(StatusCode::OK.into_response());
    }
    let request: EnrolRequest = parse(&bytes?)?;
    let (pem, tls) = core.certificate(&request.csr_pem).ok_or(StatusCode::UNPROCESSABLE_ENTITY)?;
    if tls != request.device_key && !core.is(Broken::OtherKeyEnrolled) {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut tables = core.tables();
    let place = tables.codes.get(&request.code).copied();
    let place = match place {
        Some(place) => place,
        None if core.is(Broken::WrongCodeTaken) && !request.code.contains("AAAAAAAAAA") => {
            TerminalId::fresh()
        }
        None => return Err(StatusCode::FORBIDDEN),
    };
    if !core.is(Broken::CodeTwice) {
        tables.codes.remove(&request.code);
    }
    let device = Device { id: request.device, place, key: request.device_key, tls };
    tables.devices.insert(device.id, device);
    Ok(axum::Json(core.enrol_reply(place, pem)).into_response())
}

async fn renew(State(core): State<Arc<Core>>, Extension(peer): Extension<Peer>, body: Body) -> Answered {
    let device = core.caller(&peer)?;
    let request: RenewRequest = parse(&read(body).await?)?;
    let (pem, tls) = core.certificate(&request.csr_pem).ok_or(StatusCode::UNPROCESSABLE_ENTITY)?;
    if tls != device.tls && !core.is(Broken::OtherKeyRenewed) {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let reply = core.enrol_reply(device.place, pem);
    Ok(core.signed("renew", &reply, core.is(Broken::RenewalUnsigned)).0)
}

async fn events(State(core): State<Arc<Core>>, Extension(peer): Extension<Peer>, body: Body) -> Answered {
    let device = core.caller(&peer)?;
    let bytes = match read(body).await {
        Err(_) if core.is(Broken::LargeUnsaid) => return Err(StatusCode::BAD_REQUEST),
        read => read?,
    };
    let batch: Batch = match parse(&bytes) {
        Err(_) if core.is(Broken::HostileTextFails) => return Err(StatusCode::INTERNAL_SERVER_ERROR),
        parsed => parsed?,
    };
    if batch.events.len() > EVENTS_MAX && !core.is(Broken::ManyTaken) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let whose = |id: DeviceId| id == device.id || core.is(Broken::WritesAsAnother);
    let fits =
        |event: &Envelope| whose(event.device) && event.lane == batch.lane && event.epoch == batch.epoch;
    if !whose(batch.device) || !batch.events.iter().all(fits) {
        return Err(StatusCode::FORBIDDEN);
    }
    let mut tables = core.tables();
    let signer = tables.devices.get(&batch.device).cloned().unwrap_or(device);
    let mut verdicts = Vec::new();
    for event in &batch.events {
        let verdict = core.judge(&mut tables, &signer.key, event);
        verdicts.push(VerdictFor { id: event.id, seq: event.seq, hash: event.hash(), verdict });
    }
    let row = tables.lanes.entry((batch.device, batch.epoch, batch.lane)).or_default();
    let (mut acked_seq, mut head) = (row.places.len() as u64, row.head());
    if let Some(last) = verdicts.last().filter(|last| matches!(last.verdict, Verdict::Retry { .. }))
        && core.is(Broken::RetryAdvances)
        && acked_seq > 0
    {
        (acked_seq, head) = (last.seq, last.hash);
    }
    if core.is(Broken::HeadsShared) && batch.lane == Lane::Alarm {
        let orders = tables.lanes.get(&(batch.device, batch.epoch, Lane::Order));
        acked_seq = acked_seq.max(orders.map_or(0, |row| row.places.len() as u64));
    }
    if core.is(Broken::VerdictForAnother) {
        verdicts.iter_mut().for_each(|verdict| verdict.hash = Digest::ZERO);
    }
    let mut flow = Flow::default();
    if core.is(Broken::FlowNothing) {
        flow.events_max = 0;
    }
    let reply = BatchReply {
        batch: if core.is(Broken::OtherBatchNamed) { BatchId::fresh() } else { batch.batch },
        device: batch.device,
        lane: batch.lane,
        acked_seq,
        head,
        verdicts,
        server_ms: now_ms() + if core.is(Broken::ClockAhead) { 86_400_000 } else { 0 },
        flow,
        reconnect_window_s: 30,
    };
    Ok(core.signed("reply", &reply, core.is(Broken::ReplyUnsigned)).0)
}

#[derive(serde::Deserialize)]
struct Asked {
    since: u64,
    wait: u64,
    device: Option<DeviceId>,
}

async fn feed(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Query(asked): Query<Asked>,
) -> Answered {
    let mut device = core.caller(&peer)?;
    let since = asked.since;
    if let Some(other) = asked.device.filter(|_| core.is(Broken::ReadsAnother)) {
        device = core.tables().devices.get(&other).cloned().ok_or(StatusCode::NOT_FOUND)?;
    }
    let mut items = core.items(&device);
    items.retain(|item| item.cursor > since);
    // Two to a page, so that pages have something to follow.
    items.truncate(2);
    if core.tables().counted() && core.is(Broken::FeedForgets) && since == 0 {
        items.pop();
    }
    if items.is_empty() && asked.wait > 0 && !core.is(Broken::WaitsNot) {
        tokio::time::sleep(Duration::from_secs(asked.wait)).await;
    }
    let mut tables = core.tables();
    let known = tables.pages.get(&(device.id, since)).copied();
    let prev = match known {
        Some(prev) => prev,
        None if since == 0 => Digest::ZERO,
        None if core.is(Broken::AbsurdServed) => {
            items = core.items(&device);
            Digest::ZERO
        }
        None => return Err(StatusCode::GONE),
    };
    if core.is(Broken::CursorsFall) {
        items.reverse();
    }
    let to = items.iter().map(|item| item.cursor).max().unwrap_or(since);
    let heads =
        tables.lanes.iter().filter(|((of, ..), _)| *of == device.id).map(|((_, epoch, lane), row)| {
            LaneHead { epoch: *epoch, lane: *lane, acked_seq: row.places.len() as u64 }
        });
    let heads = (asked.wait == 0 && !core.is(Broken::HeadsUntold)).then(|| heads.collect());
    let prev = if core.is(Broken::PagesLoose) && since > 0 { Digest::of(b"any") } else { prev };
    let (server_ms, newest_key) = (now_ms(), None);
    let page =
        FeedPage { device: device.id, from: since, to, prev, items, server_ms, end: true, heads, newest_key };
    let (response, digest) = core.signed("feed", &page, core.is(Broken::FeedUnsigned));
    if to > since {
        tables.pages.insert((device.id, to), digest);
    }
    Ok(response)
}

impl Tables {
    fn take(&mut self, event: &Envelope) {
        if event.lane == Lane::Panic {
            self.alarms.push((event.device, event.id));
        }
        for blob in &event.blobs {
            self.blobs.entry((event.device, blob.sha256)).or_insert_with(|| Held::named(blob.len));
        }
    }

    /// Whether this is every second request.
    fn counted(&mut self) -> bool {
        self.requests += 1;
        self.requests.is_multiple_of(2)
    }
}

impl Core {
    pub(super) fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap()
    }

    pub(super) fn caller(&self, peer: &Peer) -> Result<Device, StatusCode> {
        let tables = self.tables();
        match &peer.0 {
            Some(key) => tables.devices.values().find(|device| device.tls == *key).cloned(),
            None if self.is(Broken::NoCertificateNeeded) => tables.devices.values().next().cloned(),
            None => return Err(StatusCode::UNAUTHORIZED),
        }
        .ok_or(StatusCode::FORBIDDEN)
    }

    fn judge(&self, tables: &mut Tables, key: &PublicKey, event: &Envelope) -> Verdict {
        let place = (event.device, event.epoch, event.lane);
        let gap_beside = tables.lanes.iter().any(|((device, epoch, lane), row)| {
            (*device, *epoch) == (event.device, event.epoch) && *lane != event.lane && row.gap
        });
        let hash = event.hash();
        let same_id = tables.ids.get(&(event.device, event.epoch, event.id)).copied();
        let row = tables.lanes.entry(place).or_default();
        let held =
            usize::try_from(event.seq).unwrap().checked_sub(1).and_then(|at| row.places.get(at)).cloned();
        let retry = Verdict::Retry { after_s: 1 };
        if gap_beside && self.is(Broken::LanesShareGap) {
            return retry;
        }
        if row.frozen {
            return Verdict::Fork;
        }
        let fork = |row: &mut Row| {
            if event.lane == Lane::Alarm && !self.is(Broken::AlarmFreezes) {
                return Verdict::Parked { code: "fork".into() };
            }
            row.frozen = !self.is(Broken::ForkGoesOn);
            Verdict::Fork
        };
        match held {
            Some((same, Verdict::Accepted)) if same == hash => {
                return if self.is(Broken::AcceptedTwice) { Verdict::Accepted } else { Verdict::Duplicate };
            }
            Some((same, first)) if same == hash => return first,
            Some(_) if self.is(Broken::NumberOverwritten) => return Verdict::Accepted,
            Some(_) => return fork(row),
            None => {}
        }
        if event.seq > row.places.len() as u64 + 1 {
            row.gap = true;
            return if self.is(Broken::GapTaken) { Verdict::Accepted } else { retry };
        }
        if event.prev != row.head() && !self.is(Broken::ChainUnread) {
            return fork(row);
        }
        if same_id.is_some() && !self.is(Broken::IdTakenAgain) {
            return fork(row);
        }
        let verdict = self.understood(key, event);
        if !matches!(verdict, Verdict::Retry { .. }) {
            row.places.push((hash, verdict.clone()));
            tables.ids.insert((event.device, event.epoch, event.id), hash);
        }
        if verdict == Verdict::Accepted {
            tables.take(event);
        }
        verdict
    }

    fn understood(&self, key: &PublicKey, event: &Envelope) -> Verdict {
        let parked = |code: &str| Verdict::Parked { code: code.into() };
        let retry_if = |broken, code| {
            if self.is(broken) { Verdict::Retry { after_s: 1 } } else { parked(code) }
        };
        if event.check(key).is_err() && !self.is(Broken::SignatureUnread) {
            return parked("signature");
        }
        if event.withheld.is_some() {
            return retry_if(Broken::WithheldRefused, "withheld");
        }
        if !KINDS.iter().any(|(kind, _)| *kind == event.kind) {
            return retry_if(Broken::UnknownKindRetried, "kind");
        }
        if Event::decode(&event.kind, &event.body).is_err() {
            return retry_if(Broken::UnreadableBodyRetried, "body");
        }
        if event.lane == Lane::Alarm && self.is(Broken::AcceptsNothing) {
            parked("later")
        } else {
            Verdict::Accepted
        }
    }

    /// The certificate for a request, and whose key it is.
    fn certificate(&self, csr_pem: &str) -> Option<(String, PublicKey)> {
        let request = CertificateSigningRequestParams::from_pem(csr_pem).ok()?;
        let mut params = CertificateParams::default();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let days = if self.is(Broken::CertificateForYears) { 4000 } else { 180 };
        params.not_before = (std::time::UNIX_EPOCH + Duration::from_millis(now_ms() as u64)).into();
        params.not_after = params.not_before + Duration::from_secs(days * 86_400);
        let request = CertificateSigningRequestParams { params, public_key: request.public_key };
        let certificate = request.signed_by(&self.issuer).ok()?;
        Some((certificate.pem(), certified(certificate.der())?.0))
    }

    fn enrol_reply(&self, terminal: TerminalId, certificate_pem: String) -> EnrolReply {
        EnrolReply {
            terminal,
            certificate_pem,
            roots_pem: self.root_pem.clone(),
            content_key: self.content.public(),
            bundle_key: None,
            server_ms: now_ms(),
        }
    }

    pub(super) fn signed<T: Serialize>(
        &self,
        purpose: &str,
        message: &T,
        wrongly: bool,
    ) -> (Response, Digest) {
        let purpose = if wrongly { "any" } else { purpose };
        let signed = Signed::seal(purpose, message, &self.content).unwrap();
        let digest = signed.digest();
        (axum::Json(signed).into_response(), digest)
    }

    fn items(&self, device: &Device) -> Vec<FeedItem> {
        let item = |cursor, collection: &str, key: &str, rev, body| FeedItem {
            cursor,
            collection: collection.to_owned(),
            key: key.to_owned(),
            rev,
            op: FeedOp::Put,
            body,
        };
        let lower = if self.is(Broken::RevisionsFall) { 6 } else { 8 };
        vec![
            item(3, "terminal", "", 1, serde_json::json!({ "terminal": device.place })),
            item(4, "policy", "", 7, serde_json::json!({})),
            item(9, "schedule", "a", 1, serde_json::json!({})),
            item(12, "policy", "", lower, serde_json::json!({})),
            item(14, "media", "film", 1, serde_json::to_value(media::item(device)).unwrap()),
        ]
    }
}
