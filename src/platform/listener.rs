// SPDX-License-Identifier: GPL-3.0-only
//! Accepts connections, with or without TLS, and serves a router on them until told to stop.
//!
//! A connection that does not finish its handshake or the head of a request in time, or on HTTP/2 does not answer, is
//! closed; no more than [`CONNECTIONS_MAX`] are open at once. At the end each connection finishes the request it is
//! serving.

use crate::Core;
use crate::ca::CertificateOf;
use crate::gateway::Peer;
use crate::metrics::Side;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Most open connections of one listener.
const CONNECTIONS_MAX: usize = 1024;
/// Time for a TLS handshake, and for the head of a request.
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
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
        let held = core.metrics.connection(side);
        connections.spawn(async move {
            connection(stream, tls, router, stop).await;
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
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let Some(tls) = tls else {
        return requests(stream, router, stop).await;
    };
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let peer = Peer(certificate.and_then(|der| CertificateOf::read(der)).map(Arc::new));
            requests(stream, router.layer(axum::Extension(peer)), stop).await;
        }
        Ok(Err(error)) => tracing::warn!(%error, "a TLS handshake failed"),
        Err(_) => tracing::warn!("a TLS handshake took too long"),
    }
}

async fn requests<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(router);
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
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
