// SPDX-License-Identifier: GPL-3.0-only
//! A platform with verbs: it keeps the contract unless a test tells it to misbehave. TLS 1.3 with client certificates on
//! loopback; its wall clock stands still at [`SERVER_MS`].

use crate::{blobs, media};
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use contract::{
    Batch, BatchId, BatchReply, DeviceId, Digest, EnrolReply, EnrolRequest, EventId, FeedItem, FeedOp,
    FeedPage, Flow, KeyChain, KeyStatement, Lane, Problem, Signed, SigningKey, TerminalId, Verdict,
    VerdictFor,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CertifiedIssuer, IsCa, KeyPair,
    PKCS_ECDSA_P256_SHA256,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{PrivateKeyDer, UnixTime};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// 2026-12-01, milliseconds since 1970 UTC.
pub(crate) const SERVER_MS: i64 = 1_796_083_200_000;
/// The one-time code that enrols.
pub(crate) const CODE: &str = "K7MQ-2XDP";
/// No test waits longer for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Items in one page of the feed.
const PAGE_ITEMS: usize = 3;

/// How the platform treats requests for events and feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    #[default]
    Honest,
    /// Another machine answers 200 with a login page.
    Html,
    /// Another machine sends the terminal elsewhere.
    Redirect,
    /// Everything is signed with a key the terminal does not know.
    Forged,
    /// Feed pages are made for another terminal.
    Foreign,
    /// Replies are for another batch.
    OtherBatch,
    /// Verdicts are for other content of the same events.
    OtherContent,
    /// Each request gets this status.
    Status(u16),
}

pub(crate) struct FakePlatform {
    pub(crate) address: String,
    pub(crate) root_pem: String,
    shared: Arc<Shared>,
    server: tokio::task::JoinHandle<()>,
}

pub(crate) struct Shared {
    authority: CertifiedIssuer<'static, KeyPair>,
    /// Content keys, each following the one before.
    content: [SigningKey; 3],
    stranger: SigningKey,
    state: Mutex<Seen>,
    changed: watch::Sender<u64>,
}

/// What happened so far, and what is to happen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) mood: Mood,
    /// Batches that reached the handler, answered or not.
    pub(crate) requests: u32,
    pub(crate) batches: Vec<Vec<EventId>>,
    pub(crate) effects: HashMap<EventId, u32>,
    pub(crate) heads: BTreeMap<Lane, (u64, Digest)>,
    pub(crate) poison: HashSet<EventId>,
    pub(crate) events_max: Option<usize>,
    pub(crate) elsewhere: u32,
    /// Lanes whose events are to come again later.
    pub(crate) later: HashSet<Lane>,
    pub(crate) connections: Vec<AbortHandle>,
    drop_replies: u32,
    held: HashSet<Lane>,
    /// What came of each blob; those that are not taken; how many bytes more come before the connection breaks.
    pub(crate) blobs: HashMap<String, Vec<u8>>,
    pub(crate) refused: HashSet<Digest>,
    pub(crate) breaks_after: Option<usize>,
    /// Files that terminals may have, and how many answers come before the connection breaks.
    pub(crate) files: HashMap<String, Vec<u8>>,
    pub(crate) answers_left: Option<u32>,
    pub(crate) ranges: Vec<String>,
    /// Parts that reached the handler: where each began.
    pub(crate) parts: Vec<u64>,
    /// How often it gave its word on a blob, and whether the word is signed for something else.
    pub(crate) words: u32,
    pub(crate) forged_word: bool,
    /// Which content key signs, which is the newest, and whether a stranger speaks for it.
    pub(crate) signs: usize,
    pub(crate) newest: usize,
    pub(crate) forged_chain: bool,
    /// What terminals said they know, in the order they asked.
    pub(crate) known: Vec<usize>,
    pub(crate) device: Option<DeviceId>,
    items: Vec<FeedItem>,
    digests: HashMap<u64, Digest>,
    /// The cursors asked for so far.
    pub(crate) feed_requests: Vec<u64>,
}

impl FakePlatform {
    /// Serves, with a certificate that counts from the first day of `year`.
    pub(crate) async fn start(year: i32) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let root_pem = authority.pem();
        let tls = tls(&authority, year);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let key = || SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        let shared = Arc::new(Shared {
            authority,
            content: [key(), key(), key()],
            stranger: key(),
            state: Mutex::new(Seen::default()),
            changed: watch::Sender::new(0),
        });
        let server = tokio::spawn(serve(listener, tls, Arc::clone(&shared)));
        Self { address, root_pem, shared, server }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.state.lock().unwrap()
    }

    /// From here on requests are treated in this way.
    pub(crate) fn mood(&self, mood: Mood) {
        self.seen().mood = mood;
        self.shared.tell();
    }

    /// The next `count` batches are taken and the connection dies before the reply.
    pub(crate) fn drop_replies(&self, count: u32) {
        self.seen().drop_replies = count;
    }

    /// Batches of `lane` are not answered until [`Self::release`].
    pub(crate) fn hold(&self, lane: Lane) {
        self.seen().held.insert(lane);
    }

    pub(crate) fn release(&self, lane: Lane) {
        self.seen().held.remove(&lane);
        self.shared.tell();
    }

    /// A new truth for the feed.
    pub(crate) fn put(&self, key: &str) {
        let mut seen = self.seen();
        let cursor = seen.items.len() as u64 + 1;
        let collection = "schedule".to_owned();
        let body = serde_json::json!({ "minute": 1, "kind": "other", "title": key });
        seen.items.push(FeedItem {
            cursor,
            collection,
            key: key.to_owned(),
            rev: cursor,
            op: FeedOp::Put,
            body,
        });
        drop(seen);
        self.shared.tell();
    }

    /// The platform was restored and does not know which pages it sent.
    pub(crate) fn forget_pages(&self) {
        let mut seen = self.seen();
        let strange: Vec<u64> = seen.digests.keys().copied().collect();
        for cursor in strange {
            seen.digests.insert(cursor, Digest([9; 32]));
        }
    }

    /// Waits until `what` holds.
    pub(crate) async fn until(&self, what: impl Fn(&Seen) -> bool) {
        self.shared.until(what).await;
    }
}

impl Drop for FakePlatform {
    fn drop(&mut self) {
        self.server.abort();
        for connection in &self.seen().connections {
            connection.abort();
        }
    }
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, Seen> {
        self.state.lock().unwrap()
    }

    pub(crate) fn tell(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    async fn until(&self, what: impl Fn(&Seen) -> bool) {
        let mut changed = self.changed.subscribe();
        let reached = async {
            while !what(&self.state()) {
                changed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("the platform sees it in time");
    }

    pub(crate) fn content(&self) -> &SigningKey {
        &self.content[self.state().signs]
    }

    pub(crate) fn sign<T: serde::Serialize>(&self, purpose: &str, message: &T) -> Response {
        let forged = self.state().mood == Mood::Forged;
        let key = if forged { &self.stranger } else { self.content() };
        Json(Signed::seal(purpose, message, key).unwrap()).into_response()
    }

    /// The answer of a mood that does not look at the request.
    fn aside(&self) -> Option<Response> {
        match self.state().mood {
            Mood::Html => Some(axum::response::Html("<h1>network login</h1>").into_response()),
            Mood::Redirect => {
                let to = [(header::LOCATION, "/elsewhere")];
                Some((StatusCode::TEMPORARY_REDIRECT, to).into_response())
            }
            Mood::Status(status) => Some(StatusCode::from_u16(status).unwrap().into_response()),
            Mood::Honest | Mood::Forged | Mood::Foreign | Mood::OtherBatch | Mood::OtherContent => None,
        }
    }
}

/// Whether the terminal showed a certificate.
#[derive(Clone, Copy)]
struct Known(bool);

async fn serve(listener: tokio::net::TcpListener, tls: Arc<ServerConfig>, shared: Arc<Shared>) {
    let acceptor = tokio_rustls::TlsAcceptor::from(tls);
    let router = Router::new()
        .route("/v1/enrol", post(enrol))
        .route("/v1/events", post(events))
        .route("/v1/feed", get(feed))
        .route("/v1/keys", get(keys))
        .route("/v1/media/{sha256}", get(media::serve))
        .route(
            "/v1/blobs/{sha256}",
            get(blobs::state).head(blobs::offset).post(blobs::begin).patch(blobs::part),
        )
        .route("/elsewhere", get(elsewhere).post(elsewhere))
        .with_state(Arc::clone(&shared));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, router) = (acceptor.clone(), router.clone());
        let serving = tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let known = Known(stream.get_ref().1.peer_certificates().is_some());
            let service = TowerToHyperService::new(router.layer(Extension(known)));
            let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
        shared.state().connections.push(serving.abort_handle());
    }
}

async fn enrol(State(shared): State<Arc<Shared>>, Json(request): Json<EnrolRequest>) -> Response {
    let no = |status: StatusCode, code: &str| {
        (status, Json(Problem { code: code.into(), message: "no".into() })).into_response()
    };
    match request.code.as_str() {
        CODE => {}
        "EXPIRED" => return no(StatusCode::FORBIDDEN, "enrol_expired"),
        "OFTEN" => return no(StatusCode::TOO_MANY_REQUESTS, "enrol_later"),
        _ => return no(StatusCode::FORBIDDEN, "enrol_code"),
    }
    shared.state().device = Some(request.device);
    let mut csr = CertificateSigningRequestParams::from_pem(&request.csr_pem).unwrap();
    csr.params.not_before = rcgen::date_time_ymd(2026, 10, 1);
    csr.params.not_after = rcgen::date_time_ymd(2027, 6, 1);
    let certificate = csr.signed_by(&shared.authority).unwrap();
    Json(EnrolReply {
        terminal: TerminalId::fresh(),
        certificate_pem: certificate.pem() + &shared.authority.pem(),
        roots_pem: shared.authority.pem(),
        content_key: shared.content().public(),
        bundle_key: None,
        server_ms: SERVER_MS,
    })
    .into_response()
}

async fn events(
    State(shared): State<Arc<Shared>>,
    Extension(Known(known)): Extension<Known>,
    headers: HeaderMap,
    Json(batch): Json<Batch>,
) -> Response {
    assert_eq!(headers.get("kiosk-protocol").unwrap(), "1");
    if !known {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    shared.state().requests += 1;
    shared.tell();
    if let Some(response) = shared.aside() {
        return response;
    }
    shared.until(|seen| !seen.held.contains(&batch.lane)).await;
    if let Some(status) = too_much(&shared.state(), &batch) {
        return status.into_response();
    }
    let mut reply = take(&mut shared.state(), &batch);
    shared.tell();
    let cut = {
        let mut seen = shared.state();
        let cut = seen.drop_replies > 0;
        seen.drop_replies = seen.drop_replies.saturating_sub(1);
        if cut {
            seen.connections.drain(..).for_each(|connection| connection.abort());
        }
        cut
    };
    if cut {
        std::future::pending::<()>().await;
    }
    match shared.state().mood {
        Mood::OtherBatch => reply.batch = BatchId::fresh(),
        Mood::OtherContent => {
            reply.verdicts.iter_mut().for_each(|verdict| verdict.hash = Digest::of(b"other"))
        }
        Mood::Honest | Mood::Html | Mood::Redirect | Mood::Forged | Mood::Foreign | Mood::Status(_) => {}
    }
    shared.sign("reply", &reply)
}

fn too_much(seen: &Seen, batch: &Batch) -> Option<StatusCode> {
    if seen.events_max.is_some_and(|max| batch.events.len() > max) {
        return Some(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let poisoned = batch.events.iter().any(|event| seen.poison.contains(&event.id));
    poisoned.then_some(StatusCode::UNPROCESSABLE_ENTITY)
}

fn take(seen: &mut Seen, batch: &Batch) -> BatchReply {
    seen.batches.push(batch.events.iter().map(|event| event.id).collect());
    let mut verdicts = Vec::new();
    for event in &batch.events {
        let (seq, head) = seen.heads.entry(batch.lane).or_insert((0, Digest::ZERO));
        let skipped = event.seq.saturating_sub(*seq + 1) as usize;
        let verdict = if seen.later.contains(&batch.lane) {
            Verdict::Retry { after_s: 0 }
        } else if event.seq <= *seq {
            Verdict::Duplicate
        } else if skipped > seen.poison.len() {
            Verdict::Retry { after_s: 0 }
        } else {
            (*seq, *head) = (event.seq, event.hash());
            *seen.effects.entry(event.id).or_default() += 1;
            Verdict::Accepted
        };
        verdicts.push(VerdictFor { id: event.id, seq: event.seq, hash: event.hash(), verdict });
    }
    let (acked_seq, head) = seen.heads.get(&batch.lane).copied().unwrap_or((0, Digest::ZERO));
    BatchReply {
        batch: batch.batch,
        device: batch.device,
        lane: batch.lane,
        acked_seq,
        head,
        verdicts,
        server_ms: SERVER_MS,
        flow: Flow::default(),
        reconnect_window_s: 0,
    }
}

#[derive(serde::Deserialize)]
struct Since {
    since: u64,
    wait: u64,
}

async fn feed(
    State(shared): State<Arc<Shared>>,
    Extension(Known(known)): Extension<Known>,
    Query(ask): Query<Since>,
) -> Response {
    if !known {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    shared.state().feed_requests.push(ask.since);
    shared.tell();
    let news = shared.until(|seen| seen.items.len() as u64 > ask.since || seen.mood != Mood::Honest);
    // Nothing new in time is an empty page.
    let _ = tokio::time::timeout(Duration::from_secs(ask.wait), news).await;
    if let Some(response) = shared.aside() {
        return response;
    }
    let mood = shared.state().mood;
    let page = {
        let seen = shared.state();
        let items: Vec<FeedItem> =
            seen.items.iter().skip(ask.since as usize).take(PAGE_ITEMS).cloned().collect();
        FeedPage {
            device: if mood == Mood::Foreign { DeviceId::fresh() } else { seen.device.unwrap() },
            from: ask.since,
            to: ask.since + items.len() as u64,
            prev: seen.digests.get(&ask.since).copied().unwrap_or(Digest::ZERO),
            items,
            server_ms: SERVER_MS,
            end: true,
            heads: None,
            newest_key: (ask.wait == 0).then(|| shared.content[seen.newest].public().digest()),
        }
    };
    let signed = Signed::seal("feed", &page, shared.content()).unwrap();
    if page.to > page.from && !matches!(mood, Mood::Foreign | Mood::Forged) {
        shared.state().digests.insert(page.to, signed.digest());
    }
    if mood == Mood::Forged { shared.sign("feed", &page) } else { Json(signed).into_response() }
}

async fn keys(State(shared): State<Arc<Shared>>, Query(ask): Query<HashMap<String, String>>) -> Response {
    let known = shared.content.iter().position(|key| key.public().digest().to_string() == ask["known"]);
    let Some(known) = known else { return StatusCode::NOT_FOUND.into_response() };
    let (newest, forged) = {
        let mut seen = shared.state();
        seen.known.push(known);
        (seen.newest, seen.forged_chain)
    };
    shared.tell();
    let says = |at: usize| {
        let key = if forged { &shared.stranger } else { &shared.content[at] };
        KeyStatement::seal(key, shared.content[at + 1].public(), SERVER_MS).unwrap()
    };
    Json(KeyChain { statements: (known..newest).map(says).collect() }).into_response()
}

async fn elsewhere(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.state().elsewhere += 1;
    StatusCode::OK
}

#[derive(Debug)]
struct StandingClock;

impl rustls::time_provider::TimeProvider for StandingClock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(SERVER_MS as u64)))
    }
}

fn tls(authority: &CertifiedIssuer<'static, KeyPair>, year: i32) -> Arc<ServerConfig> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + 2, 1, 1);
    let certificate = params.signed_by(&key, authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let check = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()
        .unwrap();
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(StandingClock))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(check)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Arc::new(config)
}
