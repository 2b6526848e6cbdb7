// SPDX-License-Identifier: GPL-3.0-only
//! A platform with its listeners: the gateway for terminals, the desk for officers, figures for a monitoring system.

use crate::metrics::{self, Side};
use crate::rounds::rounds;
use crate::{Adapters, Clock, Database, Fault, Platform, desk, feed, gateway, listener};
use crate::{accounts, adapters, alarms, care, figures};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Where and as what a platform runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Keys lie here, and the tables unless `database` names another place. Processes that share a database share the
    /// keys: the same directory, or a copy of it.
    pub data: PathBuf,
    pub database: Database,
    /// Port 0 takes a free one.
    pub gateway: SocketAddr,
    /// Plain HTTP: a loopback address, or one behind a TLS proxy of the site.
    pub desk: SocketAddr,
    /// Figures as text, at `/metrics`; a loopback address, since nobody signs in there. None: not at all.
    pub metrics: Option<SocketAddr>,
    /// Names and addresses terminals know the gateway by, beside `localhost` and `127.0.0.1`.
    pub names: Vec<String>,
    pub clock: Clock,
    pub totp: Totp,
    /// Other systems of the site that are told of alarms.
    pub adapters: Adapters,
}

/// Whether a password alone opens the desk. Who has enrolled is asked for a code in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Totp {
    /// Everyone but the demo's users enrols at the first sign-in.
    #[default]
    Required,
    /// Nobody is made to: for tests, and a desk that is not served.
    Optional,
}

impl Config {
    /// On free loopback ports, by the system's clock, with the tables in a file.
    pub fn loopback(data: impl Into<PathBuf>) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            data: data.into(),
            database: Database::file(),
            gateway: any,
            desk: any,
            metrics: None,
            names: Vec::new(),
            clock: Clock::system(),
            totp: Totp::Optional,
            adapters: Adapters::default(),
        }
    }
}

/// A running platform. Dropped without [`Running::stop`], it ends by itself when the last clone of its [`Platform`]
/// goes.
pub struct Running {
    pub platform: Platform,
    pub gateway_addr: SocketAddr,
    pub desk_addr: SocketAddr,
    pub metrics_addr: Option<SocketAddr>,
    listeners: Vec<JoinHandle<()>>,
}

/// Opens the data directory and listens.
///
/// # Errors
/// See [`Platform::open`]; or an address is taken, or the figures' is not a loopback one.
pub async fn start(config: Config) -> Result<Running, Fault> {
    if config.metrics.is_some_and(|addr| !addr.ip().is_loopback()) {
        return Err(Fault::Refused("serve metrics beyond this machine"));
    }
    let platform =
        Platform::open_for(&config.data, &config.database, config.clock.clone(), config.totp).await?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(config.names);
    let tls = TlsAcceptor::from(platform.core.authority.tls(&names, &config.clock)?);
    let (gateway, gateway_addr) = listen(config.gateway).await?;
    let (desk, desk_addr) = listen(config.desk).await?;
    let core = || Arc::clone(&platform.core);
    let serve = |listener, tls, router, side| {
        tokio::spawn(listener::serve(listener, tls, router, (core(), side), platform.core.stop.clone()))
    };
    let watch = feed::Watch::begin(core()).await?;
    let mut listeners = vec![
        tokio::spawn(watch.run()),
        tokio::spawn(rounds(
            core(),
            alarms::LOOK_EVERY,
            "alarms are not called out further",
            alarms::escalate,
        )),
        tokio::spawn(rounds(core(), care::LOOK_EVERY, "notices of the clinic do not end", care::end_over)),
        tokio::spawn(rounds(
            core(),
            accounts::LOOK_EVERY,
            "terminals are not told of accounts and stocks",
            accounts::tell_stale,
        )),
        tokio::spawn(rounds(
            core(),
            figures::LOOK_EVERY,
            "the figures of answers are not released",
            figures::release_due,
        )),
        serve(gateway, Some(tls), gateway::router(core()), Side::Gateway),
        serve(desk, None, desk::router(core()), Side::Desk),
    ];
    listeners.extend(adapters::start(&core(), &config.adapters)?);
    let mut metrics_addr = None;
    if let Some(addr) = config.metrics {
        let (listener, addr) = listen(addr).await?;
        listeners.push(serve(listener, None, metrics::router(core()), Side::Metrics));
        metrics_addr = Some(addr);
    }
    tracing::info!(%gateway_addr, %desk_addr, ?metrics_addr, "the platform listens");
    Ok(Running { platform, gateway_addr, desk_addr, metrics_addr, listeners })
}

impl Running {
    /// Ends the listeners, lets running requests finish, and closes the tables.
    pub async fn stop(self) {
        self.platform.stopping.send_replace(true);
        for listener in self.listeners {
            if listener.await.is_err() {
                tracing::error!("a listener ended by a panic");
            }
        }
        self.platform.core.tables.close().await;
    }
}

async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), Fault> {
    let fault = |source| Fault::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(fault)?;
    let bound = listener.local_addr().map_err(fault)?;
    Ok((listener, bound))
}
