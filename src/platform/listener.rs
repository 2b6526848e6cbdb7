// SPDX-License-Identifier: GPL-3.0-only
//! Accepts connections, with or without TLS, and serves a router on them until told to stop.
//!
//! A connection that does not finish its handshake, begin a first request or send the head of one in time, or on HTTP/2
//! does not answer, is closed; no more than [`CONNECTIONS_MAX`] are open at once, with [`STREAMS_MAX`] requests each, and
//! behind TLS no more of one peer than `share` grants. At the end each connection finishes the request it is serving.

use crate::Core;
use crate::ca::CertificateOf;
use crate::gateway::Peer;
use crate::metrics::Side;
use crate::share::{NAMELESS, Nameless, Seat, Shares};
use axum::Router;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Most open connections of one listener.
const CONNECTIONS_MAX: usize = 1024;
/// Time for a TLS handshake, then for the first request to begin, and for the head of each.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A peer on HTTP/2 that does not answer is gone after the two together.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// Most requests at a time on one connection: a feed, a batch, an alarm, and room.
const STREAMS_MAX: u32 = 16;
/// Connections that have not ended by themselves are cut after this.
const FAREWELL: Duration = Duration::from_secs(3);
/// After a failed accept (no file handles left), so as not to spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop` holds.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    counted: (Arc<Core>, Side),
    mut stop: watch::Receiver<bool>,
) {
    let (core, side) = counted;
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let shares = Arc::new(Shares::default());
    let mut connections = JoinSet::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told(&mut stop) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told(&mut stop) => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let secure = match &tls {
            None => None,
            Some(tls) => match shares.nameless(from.ip()) {
                Some(nameless) => Some((tls.clone(), nameless)),
                None => {
                    tracing::debug!("an address has too many connections without a name");
                    continue;
                }
            },
        };
        let (shares, router, stop) = (Arc::clone(&shares), router.clone(), stop.clone());
        let held = core.metrics.connection(side);
        connections.spawn(async move {
            connection(stream, secure, &shares, router, stop).await;
            drop((place, held));
        });
    }
    drop(listener);
    let ended =
        tokio::time::timeout(FAREWELL, async { while connections.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        connections.shutdown().await;
    }
}

/// Waits until the end is announced, or whoever would announce it is gone.
pub(crate) async fn told(stop: &mut watch::Receiver<bool>) {
    let _ended = stop.wait_for(|stopping| *stopping).await.is_ok();
}

async fn connection(
    stream: TcpStream,
    secure: Option<(TlsAcceptor, Nameless)>,
    shares: &Arc<Shares>,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let Some((tls, nameless)) = secure else {
        return requests(stream, router, Guest::Plain, stop).await;
    };
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let certificate = certificate.and_then(|der| CertificateOf::read(der)).map(Arc::new);
            let (guest, share, _place) = match &certificate {
                Some(certificate) => {
                    drop(nameless);
                    let seat = shares.seat(certificate.device);
                    let share = seat.share();
                    (Guest::Device(seat), Some(share), None)
                }
                None => (Guest::Nameless, None, Some(nameless)),
            };
            let peer = Peer { certificate, share };
            requests(stream, router.layer(axum::Extension(peer)), guest, stop).await;
        }
        Ok(Err(error)) => tracing::warn!(%error, "a TLS handshake failed"),
        Err(_) => tracing::warn!("a TLS handshake took too long"),
    }
}

/// Who has a connection.
enum Guest {
    /// Whoever the site lets reach a plain listener.
    Plain,
    Nameless,
    Device(Seat),
}

impl Guest {
    /// Waits until the connection has had its time, or its place is another's.
    async fn is_out(&self) -> &'static str {
        match self {
            Self::Plain => std::future::pending().await,
            Self::Nameless => {
                tokio::time::sleep(NAMELESS).await;
                "it has no certificate"
            }
            Self::Device(seat) => {
                seat.is_cut().await;
                "the device has newer ones"
            }
        }
    }
}

async fn requests<S>(stream: S, router: Router, guest: Guest, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let first = Arc::new(Notify::new());
    let begun = Arc::clone(&first);
    let service = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        begun.notify_one();
        service.call(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HANDSHAKE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE_EVERY)
        .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .max_concurrent_streams(STREAMS_MAX);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // What is spoken is told from the first bytes, and neither they nor the greeting of HTTP/2 have a time of their own.
    let cut = async {
        match tokio::time::timeout(HANDSHAKE, first.notified()).await {
            Ok(()) => guest.is_out().await,
            Err(_) => "no request began in time",
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        why = cut => {
            tracing::debug!(why, "a connection is cut");
            Ok(())
        }
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
