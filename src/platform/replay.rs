// SPDX-License-Identifier: GPL-3.0-only
//! A parked event tried again, because a person at the desk asked for it.
//!
//! Promises: the effect, the mark and whatever the caller adds stand or fall together; an event has its effect once,
//! however often and by how many at once it is tried; the bytes are those that came, checked against the device's
//! signature again; the first verdict stays. A try without success changes nothing. Refuses: what only
//! can be evidence, see [`evidence`]. A later report of the same person is not undone by an earlier one tried again.

use crate::Fault;
use crate::effects::{self, Effect};
use crate::fault::chain;
use crate::ingest;
use crate::tables::events::{self, LaneKey};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, devices, parked, tasks};
use crate::tasks::TaskKind;
use contract::{Event, TerminalId};
use sqlx::Acquire;

/// Why an event has no effect this time either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No parked event stands there.
    Unknown,
    /// It had its effect, by an earlier try.
    Done,
    /// It never can have one, for this reason.
    Never(String),
    /// Not as things stand, for this reason.
    Failed(&'static str),
}

/// Whose feed has to be read again, if any.
pub(crate) type News = Option<TerminalId>;

/// Whether an event parked for this reason is evidence only: it is not provably the device's, its body is not here, or
/// it contradicts what is held.
pub(crate) fn evidence(code: &str) -> bool {
    matches!(code, "signature" | "withheld" | "size" | "seq" | "chain" | "id" | "frozen")
}

/// Has the effect of the parked event at this place, inside the caller's transaction.
pub(crate) async fn again(
    conn: &mut Conn,
    key: LaneKey,
    seq: u64,
    by: &str,
    now_ms: i64,
) -> Result<Result<News, Refusal>, Fault> {
    let Some(state) = parked::state(conn, key, seq).await? else { return Ok(Err(Refusal::Unknown)) };
    if state.evidence || evidence(&state.code) {
        return Ok(Err(Refusal::Never(state.code)));
    }
    let mut point = conn.begin().await?;
    if !parked::claim(&mut point, key, seq, by, now_ms).await? {
        point.rollback().await?;
        return Ok(Err(Refusal::Done));
    }
    match effect(&mut point, key, seq, now_ms).await? {
        Ok(news) => {
            point.commit().await?;
            Ok(Ok(news))
        }
        Err(refusal) => {
            point.rollback().await?;
            Ok(Err(refusal))
        }
    }
}

async fn effect(
    conn: &mut Conn,
    key: LaneKey,
    seq: u64,
    now_ms: i64,
) -> Result<Result<News, Refusal>, Fault> {
    let Some(kept) = events::kept(conn, key, seq).await? else { return Ok(Err(Refusal::Unknown)) };
    let device = devices::device(conn, key.device).await?.ok_or(Fault::Stored("device"))?;
    let understood = match ingest::understand(&kept.envelope, &device) {
        Ok(understood) => understood,
        Err(code) if evidence(code) => return Ok(Err(Refusal::Never(code.to_owned()))),
        Err(code) => return Ok(Err(Refusal::Failed(code))),
    };
    let origin = Origin {
        device: device.id,
        terminal: device.terminal,
        event: kept.envelope.id,
        hash: kept.envelope.hash(),
        epoch: key.epoch,
        seq,
        received_ms: kept.received_ms,
        now_ms,
        again: true,
    };
    let done = applied(conn, &origin, &understood, kept.envelope.time).await;
    if done.is_ok() {
        tasks::close(
            conn,
            &[TaskKind::Parked],
            &origin.event.to_string(),
            origin.terminal,
            "replayed",
            now_ms,
        )
        .await?;
    }
    Ok(done)
}

/// A fault of the effect alone is a reason like others: the caller takes everything back.
async fn applied(
    conn: &mut Conn,
    origin: &Origin,
    event: &Event,
    at: contract::Stamp,
) -> Result<News, Refusal> {
    match effects::apply(conn, origin, event, at).await {
        Ok(Effect::Done { news }) => Ok(news.then_some(origin.terminal)),
        Ok(Effect::Parked(code) | Effect::Rejected(code)) => Err(Refusal::Failed(code)),
        Err(fault) => {
            tracing::error!(
                inside = chain(&fault),
                kind = event.kind(),
                "an event tried again had no effect"
            );
            Err(Refusal::Failed("effect"))
        }
    }
}
