// SPDX-License-Identifier: GPL-3.0-only
//! Tells a site's other systems of every step of an alarm: cameras turn, doors are watched, a wall shows. The terminal
//! commands no door, and neither does this.
//!
//! Each message is a [`Signed`] for the purpose `"alarm-step"`, by the content key, over an [`AlarmStep`]: whoever
//! hears it checks the signature and counts the numbers. Promises: every step, in order, at least once, across restarts
//! and outages on either side; the number tells a repetition. It names nobody. An adapter that is new begins with what
//! comes next. Two kinds: a webhook (`POST`, any 2xx is an answer), and MQTT 3.1.1 (QoS 1, topic
//! `kiosk/alarms/<terminal>`). Limits: plain HTTP and MQTT to this machine or behind a proxy of the site; HTTPS with
//! the roots the site names. Where several processes serve one database, one of them is given the adapters.

use crate::fault::chain;
use crate::listener::told;
use crate::tables::alarms::{self as rows, StepRow};
use crate::tables::devices;
use crate::{Core, Fault};
use contract::{EventId, Signed, TerminalId};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Steps told between two looks at how far it is.
const STEPS_MAX: usize = 100;
/// Longest one message may take.
const TELL: Duration = Duration::from_secs(5);
/// Before the next try after one that failed.
const AGAIN: Duration = Duration::from_secs(2);
/// Largest MQTT packet, in bytes.
const PACKET_BYTES_MAX: usize = 16 * 1024;

/// Whom to tell.
#[derive(Debug, Clone, Default)]
pub struct Adapters {
    /// `http://127.0.0.1:…` or `https://…`.
    pub webhook: Option<Url>,
    /// PEM: the roots the webhook's certificate may come from; needed for HTTPS.
    pub webhook_roots: Option<PathBuf>,
    /// Host and port of a broker.
    pub mqtt: Option<(String, u16)>,
}

/// One step of one alarm.
#[derive(Debug, Clone, Serialize)]
struct AlarmStep {
    /// Rises by one with every step of the facility.
    number: u64,
    alarm: EventId,
    terminal: TerminalId,
    block: String,
    cell: String,
    kind: &'static str,
    /// 1 help is needed now, 2 something is done to a terminal, 3 a calm call.
    rank: i64,
    step: String,
    at_ms: i64,
}

/// A way out.
enum Way {
    Webhook(Url, reqwest::Client),
    Mqtt(AsyncClient, Box<EventLoop>),
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("send it")]
    Http(#[from] reqwest::Error),
    #[error("hand it to the broker")]
    Client(#[from] rumqttc::ClientError),
    #[error("speak to the broker")]
    Broker(#[from] rumqttc::ConnectionError),
    #[error("get an answer in time")]
    Late,
}

/// Starts what is configured; each runs until the platform ends.
pub(crate) fn start(
    core: &Arc<Core>,
    adapters: &Adapters,
) -> Result<Vec<tokio::task::JoinHandle<()>>, Fault> {
    let mut ways = Vec::new();
    if let Some(url) = &adapters.webhook {
        ways.push(("webhook", Way::Webhook(url.clone(), client(url, adapters)?)));
    }
    if let Some((host, port)) = &adapters.mqtt {
        let mut options = MqttOptions::new("kiosk-platform", host, *port);
        options.set_max_packet_size(PACKET_BYTES_MAX, PACKET_BYTES_MAX);
        let (client, events) = AsyncClient::new(options, STEPS_MAX);
        ways.push(("mqtt", Way::Mqtt(client, Box::new(events))));
    }
    Ok(ways.into_iter().map(|(name, way)| tokio::spawn(run(Arc::clone(core), name, way))).collect())
}

fn client(url: &Url, adapters: &Adapters) -> Result<reqwest::Client, Fault> {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(path) = &adapters.webhook_roots {
        let fault = |source| Fault::File { path: path.clone(), source };
        let pem = std::fs::read(path).map_err(fault)?;
        for root in CertificateDer::pem_slice_iter(&pem) {
            let root = root.map_err(|_| Fault::Refused("read the roots of the webhook"))?;
            roots.add(root).map_err(|_| Fault::Refused("use the roots of the webhook"))?;
        }
    }
    let is_near =
        url.host_str().is_some_and(|host| host == "localhost" || host == "127.0.0.1" || host == "[::1]");
    match url.scheme() {
        "http" if is_near => {}
        "https" if !roots.is_empty() => {}
        _ => return Err(Fault::Refused("tell a webhook over plain HTTP, or over HTTPS without its roots")),
    }
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Fault::Refused("set up TLS for the webhook"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TELL)
        .build()
        .map_err(|_| Fault::Refused("set up the webhook"))
}

async fn run(core: Arc<Core>, name: &'static str, mut way: Way) {
    let mut bell = core.bells.alarms.ear();
    let mut stop = core.stop.clone();
    let mut failing = false;
    loop {
        bell.mark_unchanged();
        let outcome = tell_waiting(&core, name, &mut way).await;
        let failed = match &outcome {
            Ok(()) => None,
            Err(Wrong::Tables(fault)) => Some(chain(fault)),
            Err(Wrong::Untold(untold)) => Some(chain(untold)),
        };
        if let Some(inside) = &failed
            && !failing
        {
            tracing::error!(adapter = name, inside, "an adapter is not told of alarms");
        }
        failing = failed.is_some();
        tokio::select! {
            () = tokio::time::sleep(AGAIN), if failing => {}
            _ = bell.changed(), if !failing => {}
            () = told(&mut stop) => return,
        }
    }
}

enum Wrong {
    Tables(Fault),
    Untold(Untold),
}

impl<T: Into<Fault>> From<T> for Wrong {
    fn from(fault: T) -> Self {
        Self::Tables(fault.into())
    }
}

/// Tells everything after the last step the adapter took.
async fn tell_waiting(core: &Core, name: &'static str, way: &mut Way) -> Result<(), Wrong> {
    loop {
        let mut read = core.tables.read().await?;
        let newest = rows::newest(&mut read).await?;
        let after = rows::told(&mut read, name).await?;
        let steps = rows::steps(&mut read, after.unwrap_or(newest), STEPS_MAX).await?;
        let terminals = devices::terminals(&mut read).await?;
        drop(read);
        let whole = steps.len() < STEPS_MAX;
        if after.is_none() {
            keep(core, name, newest).await?;
        }
        for step in steps {
            let place = terminals.iter().find(|row| row.id == step.terminal);
            let (block, cell) = place.map(|row| (row.block.clone(), row.cell.clone())).unwrap_or_default();
            let number = step.number;
            let terminal = step.terminal;
            let message = Signed::seal("alarm-step", &said(step, block, cell), &core.authority.content)
                .map_err(Fault::from)?;
            let message = serde_json::to_vec(&message).map_err(Fault::from)?;
            way.tell(terminal, message).await.map_err(Wrong::Untold)?;
            keep(core, name, number).await?;
        }
        if whole {
            return Ok(());
        }
    }
}

async fn keep(core: &Core, name: &'static str, number: u64) -> Result<(), Fault> {
    let mut write = core.tables.write().await?;
    rows::set_told(&mut write, name, number).await?;
    write.commit().await?;
    Ok(())
}

fn said(row: StepRow, block: String, cell: String) -> AlarmStep {
    AlarmStep {
        number: row.number,
        alarm: row.alarm,
        terminal: row.terminal,
        block,
        cell,
        kind: row.kind.name(),
        rank: row.kind.rank(),
        step: row.step,
        at_ms: row.at_ms,
    }
}

impl Way {
    /// Tells one message and waits until it is taken.
    async fn tell(&mut self, terminal: TerminalId, message: Vec<u8>) -> Result<(), Untold> {
        match self {
            Self::Webhook(url, client) => {
                let request =
                    client.post(url.clone()).header("content-type", "application/json").body(message);
                request.send().await?.error_for_status()?;
                Ok(())
            }
            Self::Mqtt(client, events) => {
                let topic = format!("kiosk/alarms/{terminal}");
                let taken = async {
                    client.publish(topic, QoS::AtLeastOnce, false, message).await?;
                    loop {
                        if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
                            return Ok(());
                        }
                    }
                };
                tokio::time::timeout(TELL, taken).await.map_err(|_| Untold::Late)?
            }
        }
    }
}
