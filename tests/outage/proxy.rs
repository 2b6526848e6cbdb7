// SPDX-License-Identifier: GPL-3.0-only
//! A bad network: a relay on loopback that cuts connections after so many bytes, swallows what is sent, or leads
//! elsewhere.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fair,
    /// Cut when so many bytes have gone both ways together.
    CutAfter(u64),
    /// Taken, and nothing ever comes through.
    BlackHole,
}

#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    to: Mutex<SocketAddr>,
    weather: Mutex<Weather>,
    /// Bytes of all connections, both ways.
    carried: AtomicU64,
    open: Mutex<Vec<JoinHandle<()>>>,
}

impl Proxy {
    pub(crate) async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to: Mutex::new(to),
            weather: Mutex::new(Weather::Fair),
            carried: AtomicU64::new(0),
            open: Mutex::default(),
        });
        let relay = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let carried = tokio::spawn(carry(stream, Arc::clone(&relay)));
                relay.open.lock().unwrap().push(carried);
            }
        });
        Self { addr, shared }
    }

    /// From here on; open connections are cut.
    pub(crate) fn weather(&self, weather: Weather) {
        *self.shared.weather.lock().unwrap() = weather;
        for connection in self.shared.open.lock().unwrap().drain(..) {
            connection.abort();
        }
    }

    /// Leads to another address.
    pub(crate) fn lead_to(&self, to: SocketAddr) {
        *self.shared.to.lock().unwrap() = to;
    }

    /// Bytes carried so far.
    pub(crate) fn carried(&self) -> u64 {
        self.shared.carried.load(Ordering::Acquire)
    }
}

async fn carry(stream: TcpStream, shared: Arc<Shared>) {
    let weather = *shared.weather.lock().unwrap();
    if weather == Weather::BlackHole {
        return std::future::pending().await;
    }
    let to = *shared.to.lock().unwrap();
    let Ok(onward) = TcpStream::connect(to).await else { return };
    stream.set_nodelay(true).unwrap();
    onward.set_nodelay(true).unwrap();
    let limit = match weather {
        Weather::CutAfter(bytes) => bytes,
        Weather::Fair | Weather::BlackHole => u64::MAX,
    };
    let left = AtomicU64::new(limit);
    let ((from_here, to_here), (from_there, to_there)) = (stream.into_split(), onward.into_split());
    tokio::select! {
        () = pour(from_here, to_there, &left, &shared) => {}
        () = pour(from_there, to_here, &left, &shared) => {}
    }
}

/// Carries bytes until one end closes or the limit is reached.
async fn pour(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: &AtomicU64, shared: &Shared) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let before = left.load(Ordering::Acquire);
        let through = before.min(count as u64);
        left.store(before - through, Ordering::Release);
        shared.carried.fetch_add(through, Ordering::AcqRel);
        if to.write_all(&bytes[..through as usize]).await.is_err() || through < count as u64 {
            return;
        }
    }
}
