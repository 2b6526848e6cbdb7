// SPDX-License-Identifier: GPL-3.0-only
//! Orders, line by line, and what of them went back.

use super::roll_calls::Origin;
use super::{Conn, Found, column, json, parsed};
use crate::Fault;
use contract::{
    DetaineeId, EventId, Fen, Goods, OrderLineStatus, OrderState, OrderStatus, OrderStep, TerminalId, Text,
};
use sqlx::Row;

/// An order as it stands.
#[derive(Debug, Clone)]
pub(crate) struct OrderRow {
    pub(crate) event: EventId,
    /// Where it was placed.
    pub(crate) terminal: TerminalId,
    pub(crate) detainee: DetaineeId,
    pub(crate) received_ms: i64,
    pub(crate) kit: bool,
    pub(crate) state: OrderState,
    pub(crate) steps: Vec<OrderStep>,
    pub(crate) words: Text<200>,
    pub(crate) lines: Vec<LineRow>,
}

/// One thing of an order.
#[derive(Debug, Clone)]
pub(crate) struct LineRow {
    pub(crate) sku: Text<32>,
    pub(crate) name: Text<48>,
    pub(crate) unit: Text<24>,
    pub(crate) picture: Goods,
    pub(crate) price: Fen,
    pub(crate) ordered: u32,
    pub(crate) approved: Option<u32>,
    pub(crate) delivered: Option<u32>,
    pub(crate) good: Option<u32>,
    pub(crate) missing: u32,
    pub(crate) wrong: u32,
    pub(crate) damaged: u32,
    /// How many are paid for; of free things, how many are given.
    pub(crate) charged: u32,
}

impl OrderRow {
    /// What is paid for; free things cost nothing.
    pub(crate) fn charged(&self) -> Result<Fen, Fault> {
        let fen = self.lines.iter().map(|line| line.price.times(line.charged));
        fen.collect::<Option<Vec<_>>>().and_then(Fen::sum).ok_or(Fault::Stored("order"))
    }

    /// As its terminal gets it.
    pub(crate) fn status(&self) -> Result<OrderStatus, Fault> {
        let line = |line: &LineRow| OrderLineStatus {
            sku: line.sku.clone(),
            name: line.name.clone(),
            unit: line.unit.clone(),
            picture: line.picture,
            price: line.price,
            ordered: line.ordered,
            approved: line.approved,
            delivered: line.delivered,
            received: line.good,
            charged: line.charged,
        };
        Ok(OrderStatus {
            order: self.event,
            detainee: self.detainee,
            state: self.state,
            steps: self.steps.clone(),
            lines: self.lines.iter().map(line).collect(),
            charged: self.charged()?,
            words: self.words.clone(),
        })
    }
}

/// Keeps a new order; false where one of its id is there.
pub(crate) async fn add(
    conn: &mut Conn,
    origin: &Origin,
    order: &OrderRow,
    counted_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO shop_order (event, device, terminal, detainee, counted_ms, received_ms, kit, state, steps, words) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') ON CONFLICT (event) DO NOTHING",
    )
    .bind(order.event.to_string())
    .bind(origin.device.to_string())
    .bind(origin.terminal.to_string())
    .bind(order.detainee.to_string())
    .bind(counted_ms)
    .bind(order.received_ms)
    .bind(i64::from(order.kit))
    .bind(order.state.name())
    .bind(serde_json::to_string(&order.steps)?)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for (place, line) in (1_i64..).zip(&order.lines) {
        sqlx::query(
            "INSERT INTO shop_order_line (event, place, sku, name, unit, picture, price_fen, ordered, missing, wrong, \
             damaged, charged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $8)",
        )
        .bind(order.event.to_string())
        .bind(place)
        .bind(line.sku.as_str())
        .bind(line.name.as_str())
        .bind(line.unit.as_str())
        .bind(line.picture.name())
        .bind(line.price.0)
        .bind(i64::from(line.ordered))
        .execute(&mut *conn)
        .await?;
    }
    Ok(true)
}

/// Writes where an order and its lines stand.
pub(crate) async fn update(conn: &mut Conn, order: &OrderRow) -> Result<(), Fault> {
    sqlx::query("UPDATE shop_order SET state = $1, steps = $2, words = $3 WHERE event = $4")
        .bind(order.state.name())
        .bind(serde_json::to_string(&order.steps)?)
        .bind(order.words.as_str())
        .bind(order.event.to_string())
        .execute(&mut *conn)
        .await?;
    for line in &order.lines {
        sqlx::query(
            "UPDATE shop_order_line SET approved = $1, delivered = $2, good = $3, missing = $4, wrong = $5, damaged = $6, \
             charged = $7 WHERE event = $8 AND sku = $9",
        )
        .bind(line.approved.map(i64::from))
        .bind(line.delivered.map(i64::from))
        .bind(line.good.map(i64::from))
        .bind(i64::from(line.missing))
        .bind(i64::from(line.wrong))
        .bind(i64::from(line.damaged))
        .bind(i64::from(line.charged))
        .bind(order.event.to_string())
        .bind(line.sku.as_str())
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Writes that so many of a line went back; fails where some went back for the same cause.
pub(crate) async fn add_return(
    conn: &mut Conn,
    order: EventId,
    (sku, cause, count): (&str, &str, u32),
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query("INSERT INTO shop_return (event, sku, cause, count, at_ms) VALUES ($1, $2, $3, $4, $5)")
        .bind(order.to_string())
        .bind(sku)
        .bind(cause)
        .bind(i64::from(count))
        .bind(now_ms)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether some of a line went back for this cause.
pub(crate) async fn went_back(
    conn: &mut Conn,
    order: EventId,
    sku: &str,
    cause: &str,
) -> Result<bool, Fault> {
    let row = sqlx::query("SELECT 1 FROM shop_return WHERE event = $1 AND sku = $2 AND cause = $3")
        .bind(order.to_string())
        .bind(sku)
        .bind(cause)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn get(conn: &mut Conn, event: EventId) -> Result<Option<OrderRow>, Fault> {
    let row = sqlx::query("SELECT * FROM shop_order WHERE event = $1")
        .bind(event.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    whole(conn, &row).await.map(Some)
}

/// A person's orders of these states, or that came since, oldest first.
pub(crate) async fn of_person(
    conn: &mut Conn,
    detainee: DetaineeId,
    since_ms: i64,
    limit: usize,
) -> Result<Vec<OrderRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM shop_order WHERE detainee = $1 AND (received_ms >= $2 OR state IN ('placed', 'approved', 'packed', \
         'delivered')) ORDER BY received_ms DESC, event DESC LIMIT $3",
    )
    .bind(detainee.to_string())
    .bind(since_ms)
    .bind(column(limit as u64)?)
    .fetch_all(&mut *conn)
    .await?;
    let mut orders = wholes(conn, &rows).await?;
    orders.reverse();
    Ok(orders)
}

/// A person's orders that are not over, with those that something was missing of, oldest first.
pub(crate) async fn unsettled(conn: &mut Conn, detainee: DetaineeId) -> Result<Vec<OrderRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM shop_order WHERE detainee = $1 \
         AND state IN ('placed', 'approved', 'packed', 'delivered', 'received') ORDER BY received_ms, event",
    )
    .bind(detainee.to_string())
    .fetch_all(&mut *conn)
    .await?;
    wholes(conn, &rows).await
}

/// Orders of a state, oldest first.
pub(crate) async fn in_state(
    conn: &mut Conn,
    state: OrderState,
    limit: usize,
) -> Result<Vec<OrderRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM shop_order WHERE state = $1 ORDER BY received_ms, event LIMIT $2")
        .bind(state.name())
        .bind(column(limit as u64)?)
        .fetch_all(&mut *conn)
        .await?;
    wholes(conn, &rows).await
}

/// What a person spent on orders that count in this time. Free things cost nothing.
pub(crate) async fn spent(
    conn: &mut Conn,
    detainee: DetaineeId,
    from_ms: i64,
    until_ms: i64,
) -> Result<Fen, Fault> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(price_fen * charged), 0) AS BIGINT) AS spent FROM shop_order \
         JOIN shop_order_line ON shop_order_line.event = shop_order.event \
         WHERE detainee = $1 AND counted_ms >= $2 AND counted_ms < $3",
    )
    .bind(detainee.to_string())
    .bind(from_ms)
    .bind(until_ms)
    .fetch_one(conn)
    .await?;
    Ok(Fen(row.try_get("spent")?))
}

/// What a person has of orders that count after this time: thing, when it counts, how many. Free things are not among it.
pub(crate) async fn bought(
    conn: &mut Conn,
    detainee: DetaineeId,
    after_ms: i64,
) -> Result<Vec<(Text<32>, i64, u32)>, Fault> {
    let rows = sqlx::query(
        "SELECT sku, counted_ms, charged FROM shop_order \
         JOIN shop_order_line ON shop_order_line.event = shop_order.event \
         WHERE detainee = $1 AND counted_ms > $2 AND kit = 0 AND charged > 0 ORDER BY sku",
    )
    .bind(detainee.to_string())
    .bind(after_ms)
    .fetch_all(conn)
    .await?;
    let one = |row: &Found| {
        let charged =
            u32::try_from(row.try_get::<i64, _>("charged")?).map_err(|_| Fault::Stored("charged"))?;
        Ok((Text::from(row.try_get::<&str, _>("sku")?), row.try_get("counted_ms")?, charged))
    };
    rows.iter().map(one).collect()
}

async fn wholes(conn: &mut Conn, rows: &[Found]) -> Result<Vec<OrderRow>, Fault> {
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        orders.push(whole(conn, row).await?);
    }
    Ok(orders)
}

async fn whole(conn: &mut Conn, row: &Found) -> Result<OrderRow, Fault> {
    let event: EventId = parsed(row, "event")?;
    let lines = sqlx::query("SELECT * FROM shop_order_line WHERE event = $1 ORDER BY place")
        .bind(event.to_string())
        .fetch_all(conn)
        .await?;
    Ok(OrderRow {
        event,
        terminal: parsed(row, "terminal")?,
        detainee: parsed(row, "detainee")?,
        received_ms: row.try_get("received_ms")?,
        kit: row.try_get::<i64, _>("kit")? != 0,
        state: OrderState::of(row.try_get("state")?).ok_or(Fault::Stored("state"))?,
        steps: json(row, "steps")?,
        words: Text::from(row.try_get::<&str, _>("words")?),
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
    })
}

fn line(row: &Found) -> Result<LineRow, Fault> {
    let number = |name: &'static str| -> Result<u32, Fault> {
        u32::try_from(row.try_get::<i64, _>(name)?).map_err(|_| Fault::Stored(name))
    };
    let maybe = |name: &'static str| -> Result<Option<u32>, Fault> {
        let found: Option<i64> = row.try_get(name)?;
        found.map(|found| u32::try_from(found).map_err(|_| Fault::Stored(name))).transpose()
    };
    Ok(LineRow {
        sku: Text::from(row.try_get::<&str, _>("sku")?),
        name: Text::from(row.try_get::<&str, _>("name")?),
        unit: Text::from(row.try_get::<&str, _>("unit")?),
        picture: Goods::of(row.try_get("picture")?).ok_or(Fault::Stored("picture"))?,
        price: Fen(row.try_get("price_fen")?),
        ordered: number("ordered")?,
        approved: maybe("approved")?,
        delivered: maybe("delivered")?,
        good: maybe("good")?,
        missing: number("missing")?,
        wrong: number("wrong")?,
        damaged: number("damaged")?,
        charged: number("charged")?,
    })
}
