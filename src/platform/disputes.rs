// SPDX-License-Identifier: GPL-3.0-only
//! 异议: what people say against a line of their statement, or against a freeze.
//!
//! Promises: a line that was disputed is marked until finance answered, and finance has a task with a deadline; the reason
//! may be said later; after an answer the same line can be disputed again. Nothing is booked by it.

use crate::Fault;
use crate::accounts::{self, belonged};
use crate::effects::Effect;
use crate::roll_calls::policy;
use crate::tables::accounts as rows;
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, books as book_rows, tasks};
use crate::tasks::TaskKind;
use contract::{FreezeObjected, LineDisputed};

const HOUR_MS: i64 = 60 * 60 * 1000;
const NEWS: Effect = Effect::Done { news: true };

pub(crate) async fn line(conn: &mut Conn, origin: &Origin, said: &LineDisputed) -> Result<Effect, Fault> {
    if rows::get(conn, said.detainee).await?.is_none()
        || !belonged(conn, origin, said.detainee, said.at).await?
    {
        return Ok(Effect::Parked("not_of_this_cell"));
    }
    let line = match said.line {
        0 => None,
        number => book_rows::lines(conn, said.detainee, number, 1).await?.pop(),
    };
    if line.is_none_or(|line| line.number != said.line || line.hash != said.hash) {
        return Ok(Effect::Parked("line_unknown"));
    }
    let before = rows::objections(conn, said.detainee, (said.line, said.line)).await?;
    match before.iter().find(|before| before.objection.answer.is_none()) {
        Some(open) => {
            if let Some(why) = said.why {
                rows::set_why(conn, open.event, why).await?;
            }
        }
        None => {
            let place = (said.line, 0, said.at.wall_ms);
            if rows::add_objection(conn, origin, said.detainee, place, said.why).await? {
                wait(conn, origin, TaskKind::LineDispute).await?;
            }
        }
    }
    accounts::tell_line(conn, said.detainee, said.line, origin.now_ms).await?;
    Ok(NEWS)
}

/// Against a freeze. One that was lifted meanwhile needs no answer; the word is kept.
pub(crate) async fn freeze(conn: &mut Conn, origin: &Origin, said: &FreezeObjected) -> Result<Effect, Fault> {
    let Some(account) = rows::get(conn, said.detainee).await? else {
        return Ok(Effect::Parked("not_of_this_cell"));
    };
    if !belonged(conn, origin, said.detainee, said.at).await? {
        return Ok(Effect::Parked("not_of_this_cell"));
    }
    let is_open = account.frozen.is_some_and(|frozen| frozen.since_ms == said.since_ms);
    let before = rows::objections(conn, said.detainee, (0, 0)).await?;
    let waits = before.iter().any(|one| one.since_ms == said.since_ms && one.objection.answer.is_none());
    if !waits {
        let place = (0, said.since_ms, said.at.wall_ms);
        let is_new = rows::add_objection(conn, origin, said.detainee, place, None).await?;
        if is_new && is_open {
            wait(conn, origin, TaskKind::FreezeObjection).await?;
        }
    }
    accounts::tell(conn, said.detainee, origin.now_ms).await?;
    Ok(NEWS)
}

async fn wait(conn: &mut Conn, origin: &Origin, kind: TaskKind) -> Result<(), Fault> {
    let hours = policy(conn, origin.terminal).await?.shop.dispute_h;
    let due_ms = origin.now_ms.saturating_add(i64::from(hours) * HOUR_MS);
    tasks::open_until(conn, kind, &origin.event.to_string(), origin.terminal, origin.now_ms, due_ms).await
}
