// SPDX-License-Identifier: GPL-3.0-only
//! What terminals told of that officers did, for 电子台账.

use super::{Conn, Found, column};
use crate::Fault;
use sqlx::Row;

/// Kinds that are not the name of an event.
pub(crate) const RESULT: &str = "result";
pub(crate) const SUPPLEMENT: &str = "supplement";

/// One thing a terminal told of.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// [`RESULT`], [`SUPPLEMENT`], or an event's kind.
    pub(crate) kind: String,
    /// The call or the event.
    pub(crate) object: String,
    pub(crate) place: String,
    pub(crate) body: String,
}

/// What came since `from_ms`, the newest of each kind. Sets `cut` where there may be more. What an officer did before
/// that and the terminal told later is here too.
pub(crate) async fn acts(
    conn: &mut Conn,
    from_ms: i64,
    limit: usize,
    cut: &mut bool,
) -> Result<Vec<Act>, Fault> {
    let queries = [
        "SELECT 'result' AS kind, call AS object, block, cell, result AS body FROM roll_call \
         JOIN terminal ON terminal.id = roll_call.terminal WHERE result_ms >= $1 ORDER BY result_ms DESC LIMIT $2",
        "SELECT 'supplement' AS kind, call AS object, block, cell, body FROM supplement \
         JOIN terminal ON terminal.id = supplement.terminal WHERE received_ms >= $1 \
         ORDER BY received_ms DESC LIMIT $2",
        "SELECT 'cell.movement/1' AS kind, event AS object, block, cell, body FROM movement \
         JOIN terminal ON terminal.id = movement.terminal WHERE received_ms >= $1 \
         ORDER BY received_ms DESC LIMIT $2",
        "SELECT 'duty.' || kind || '/1' AS kind, event AS object, block, cell, body FROM duty_fact \
         JOIN terminal ON terminal.id = duty_fact.terminal WHERE received_ms >= $1 \
         ORDER BY received_ms DESC LIMIT $2",
        "SELECT kind, event AS object, block, cell, body FROM person_fact \
         JOIN terminal ON terminal.id = person_fact.terminal WHERE received_ms >= $1 \
         ORDER BY received_ms DESC LIMIT $2",
        "SELECT event.kind, event.id AS object, block, cell, event.body FROM event \
         JOIN device ON device.id = event.device JOIN terminal ON terminal.id = device.terminal \
         WHERE event.kind = 'panic.attended/1' AND received_ms >= $1 ORDER BY received_ms DESC LIMIT $2",
    ];
    let mut acts = Vec::new();
    for query in queries {
        let rows = sqlx::query(query).bind(from_ms).bind(column(limit as u64)?).fetch_all(&mut *conn).await?;
        *cut |= rows.len() == limit;
        for row in &rows {
            acts.push(act(row)?);
        }
    }
    Ok(acts)
}

fn act(row: &Found) -> Result<Act, Fault> {
    let (block, cell): (&str, &str) = (row.try_get("block")?, row.try_get("cell")?);
    Ok(Act {
        kind: row.try_get("kind")?,
        object: row.try_get("object")?,
        place: format!("{block} {cell}"),
        body: row.try_get("body")?,
    })
}
