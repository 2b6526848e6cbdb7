// SPDX-License-Identifier: GPL-3.0-only
//! 账户: whose account is told to which terminal, and what it says.
//!
//! An account follows its person, not a cell. Promises: somebody who is put into a cell has an account from then on, and
//! their new terminal is told it, the whole statement and the orders that are open or recent; the old one loses them; who
//! is in no cell keeps their account, and finance is told to settle it. Refuses nothing: what may be booked is `books`'.
//!
//! A word that a cell said of a person who left it meanwhile counts if they were of the cell when it was said, by a time
//! the platform confirmed, and not longer than [`LATE_MS`] ago: nothing said in time is lost because of a move, and a
//! terminal has no say over people who are gone.

use crate::books::Side;
use crate::roll_calls::policy;
use crate::tables::accounts::{self as rows, AccountRow, ObjectionRow};
use crate::tables::roll_calls::Origin;
use crate::tables::{
    Conn, books as book_rows, devices, feed as truth, goods as goods_rows, orders as order_rows, tasks,
};
use crate::tasks::TaskKind;
use crate::{Core, Fault, feed, goods, orders};
use contract::{
    ACCOUNT_LIST_MAX, Account, Bought, Collection, DetaineeId, Fen, Objection, STATEMENT_PAGE_LINES,
    ShopPolicy, SpendingLimit, Stamp, StatementLine, StatementPage, TerminalId, Text, Trust,
};
use i18n::{Catalogue, Lang};
use jiff::Timestamp;
use jiff::tz::Offset;
use std::time::Duration;

/// How long after somebody left a cell its words of before still count, in milliseconds: thirty days, a long outage.
const LATE_MS: i64 = 30 * DAY_MS;
/// Orders that are over are told this long, in milliseconds, and at most so many.
const ORDERS_TOLD_MS: i64 = 90 * DAY_MS;
const ORDERS_TOLD_MAX: usize = 200;
/// How often is looked for accounts and stocks to be told, and how many accounts at a time.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(2);
const ACCOUNTS_EACH: usize = 50;
/// Longest period of a thing's own limit, in days.
const PERIOD_DAYS_MAX: i64 = 366;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Somebody was put into a cell: a new account, or an old one that follows them.
pub(crate) async fn came(
    conn: &mut Conn,
    terminal: TerminalId,
    detainee: DetaineeId,
    now_ms: i64,
) -> Result<(), Fault> {
    match rows::get(conn, detainee).await? {
        None => rows::add(conn, detainee, terminal).await?,
        Some(row) if row.terminal == Some(terminal) => return Ok(()),
        Some(row) => {
            if let Some(before) = row.terminal {
                untell(conn, before, detainee, now_ms).await?;
            }
            if row.released_ms.is_some() {
                rows::set_released(conn, detainee, None).await?;
            }
            rows::set_terminal(conn, detainee, Some(terminal)).await?;
            let subject = detainee.to_string();
            tasks::close(conn, &[TaskKind::Payout], &subject, row.last_terminal, "moved", now_ms).await?;
        }
    }
    tell_all(conn, detainee, now_ms).await
}

/// Somebody was taken out of a cell. Who is of another one belongs there; who is of none waits for finance.
pub(crate) async fn left(
    conn: &mut Conn,
    terminal: TerminalId,
    detainee: DetaineeId,
    now_ms: i64,
) -> Result<(), Fault> {
    let Some(row) = rows::get(conn, detainee).await? else { return Ok(()) };
    if row.terminal != Some(terminal) {
        return Ok(());
    }
    untell(conn, terminal, detainee, now_ms).await?;
    let other = truth::holder(conn, Collection::Member, &detainee.to_string()).await?;
    rows::set_terminal(conn, detainee, other).await?;
    match other {
        Some(_) => tell_all(conn, detainee, now_ms).await,
        None => tasks::open(conn, TaskKind::Payout, &detainee.to_string(), terminal, now_ms).await,
    }
}

/// Whether what a cell said of a person at this time is about somebody who was of it.
pub(crate) async fn belonged(
    conn: &mut Conn,
    origin: &Origin,
    detainee: DetaineeId,
    at: Stamp,
) -> Result<bool, Fault> {
    let key = detainee.to_string();
    if truth::get(conn, origin.terminal, Collection::Member, &key).await?.is_none() {
        return Ok(false);
    }
    let Some(left_ms) = truth::deleted_ms(conn, origin.terminal, Collection::Member, &key).await? else {
        return Ok(true);
    };
    let late = origin.received_ms.saturating_sub(left_ms) > LATE_MS;
    Ok(is_trusted(at) && at.wall_ms < left_ms && !late)
}

/// The time limits count an event by: its own as far as it can be trusted, else when it came.
pub(crate) fn counted_ms(at: Stamp, received_ms: i64) -> i64 {
    let age_ms = received_ms.saturating_sub(at.wall_ms);
    if is_trusted(at) && (0..=LATE_MS).contains(&age_ms) { at.wall_ms } else { received_ms }
}

fn is_trusted(at: Stamp) -> bool {
    match at.trust {
        Trust::Synced | Trust::Estimated => true,
        Trust::Unsynced => false,
    }
}

/// Tells the terminal of a person what their account holds.
pub(crate) async fn tell(conn: &mut Conn, detainee: DetaineeId, now_ms: i64) -> Result<(), Fault> {
    let Some(row) = rows::get(conn, detainee).await? else { return Err(Fault::Unknown("account")) };
    let Some(terminal) = row.terminal else { return Ok(()) };
    let account = account(conn, &row, now_ms).await?;
    feed::put(conn, terminal, Collection::Account, &detainee.to_string(), &account, now_ms).await?;
    // What counts by days changes at some moment between.
    let until_ms = account.limit.until_ms.min(now_ms.saturating_add(DAY_MS));
    rows::set_told(conn, detainee, until_ms).await
}

/// Tells the page of a statement that holds the line of this number.
pub(crate) async fn tell_line(
    conn: &mut Conn,
    detainee: DetaineeId,
    line: u64,
    now_ms: i64,
) -> Result<(), Fault> {
    let row = rows::get(conn, detainee).await?;
    let Some(terminal) = row.and_then(|row| row.terminal) else { return Ok(()) };
    let lines = STATEMENT_PAGE_LINES as u64;
    let first = line.saturating_sub(1) / lines * lines + 1;
    let page = StatementPage { lines: lines_of(conn, detainee, first, STATEMENT_PAGE_LINES).await? };
    let key = StatementPage::key(detainee, line);
    feed::put(conn, terminal, Collection::Statement, &key, &page, now_ms).await
}

/// Tells what changed when lines were added after this one: the account and the pages they are on.
pub(crate) async fn tell_since(
    conn: &mut Conn,
    detainee: DetaineeId,
    line: u64,
    now_ms: i64,
) -> Result<(), Fault> {
    let row = rows::get(conn, detainee).await?.ok_or(Fault::Unknown("account"))?;
    let mut next = line + 1;
    while next <= row.lines {
        tell_line(conn, detainee, next, now_ms).await?;
        let lines = STATEMENT_PAGE_LINES as u64;
        next = ((next - 1) / lines + 1) * lines + 1;
    }
    tell(conn, detainee, now_ms).await
}

/// Tells everything of a person: where they are is new.
async fn tell_all(conn: &mut Conn, detainee: DetaineeId, now_ms: i64) -> Result<(), Fault> {
    tell_since(conn, detainee, 0, now_ms).await?;
    let since_ms = now_ms.saturating_sub(ORDERS_TOLD_MS);
    for order in order_rows::of_person(conn, detainee, since_ms, ORDERS_TOLD_MAX).await? {
        orders::tell(conn, &order, now_ms).await?;
    }
    Ok(())
}

/// Takes everything of a person away from a terminal.
async fn untell(
    conn: &mut Conn,
    terminal: TerminalId,
    detainee: DetaineeId,
    now_ms: i64,
) -> Result<(), Fault> {
    let key = detainee.to_string();
    for collection in [Collection::Account, Collection::Statement] {
        for key in truth::keys(conn, terminal, collection, &key).await? {
            feed::remove(conn, terminal, collection, &key, now_ms).await?;
        }
    }
    for item in truth::all(conn, terminal, Collection::Order).await? {
        if item.body.get("detainee").and_then(serde_json::Value::as_str) == Some(&key) {
            feed::remove(conn, terminal, Collection::Order, &item.key, now_ms).await?;
        }
    }
    Ok(())
}

/// An account as its person sees it.
pub(crate) async fn account(conn: &mut Conn, row: &AccountRow, now_ms: i64) -> Result<Account, Fault> {
    let detainee = row.detainee;
    let balance = book_rows::balance(conn, Side::Person(detainee)).await?;
    let frozen = match row.frozen.clone() {
        Some(frozen) => {
            let objection = freeze_objection(conn, detainee, frozen.since_ms).await?;
            Some(contract::Frozen { objection, ..frozen })
        }
        None => None,
    };
    let bought = bought(conn, detainee, now_ms).await?;
    let owed = rows::owed(conn, detainee, ACCOUNT_LIST_MAX).await?;
    Ok(Account {
        detainee,
        as_of_ms: now_ms,
        balance: balance.ok_or(Fault::Unknown("account"))?,
        lines: row.lines,
        head: row.head,
        limit: limit(conn, row, now_ms).await?,
        frozen,
        level: row.level,
        diets: row.diets.clone(),
        bought,
        owed: owed.into_iter().map(|(_, owed)| owed).collect(),
        kit: row.kit,
    })
}

/// What a person has of things that have a limit of so many days, as far as it is within those days.
pub(crate) async fn bought(conn: &mut Conn, detainee: DetaineeId, at_ms: i64) -> Result<Vec<Bought>, Fault> {
    let longest_ms = at_ms.saturating_sub(PERIOD_DAYS_MAX * DAY_MS);
    let mut all: Vec<Bought> = Vec::new();
    let mut after: Option<(Text<32>, Option<i64>)> = None;
    for (sku, counted_ms, count) in order_rows::bought(conn, detainee, longest_ms).await? {
        if after.as_ref().is_none_or(|(of, _)| *of != sku) {
            let period = goods_rows::known(conn, sku.as_str()).await?.and_then(|item| item.period);
            let after_ms = period.map(|period| at_ms.saturating_sub(i64::from(period.days) * DAY_MS));
            after = Some((sku.clone(), after_ms));
        }
        if after.as_ref().and_then(|(_, after_ms)| *after_ms).is_none_or(|after_ms| counted_ms <= after_ms) {
            continue;
        }
        match all.iter_mut().find(|one| one.sku == sku) {
            Some(one) => one.count = one.count.saturating_add(count),
            None => all.push(Bought { sku, count }),
        }
    }
    all.truncate(ACCOUNT_LIST_MAX);
    Ok(all)
}

/// 消费限额 of the month this time is in, by the clock of the person's cell.
pub(crate) async fn limit(conn: &mut Conn, row: &AccountRow, at_ms: i64) -> Result<SpendingLimit, Fault> {
    let terminal = row.terminal.unwrap_or(row.last_terminal);
    let policy = policy(conn, terminal).await?.shop;
    let place = devices::terminal(conn, terminal).await?;
    let month =
        Month::of(at_ms, place.map_or(0, |place| place.utc_offset_min)).ok_or(Fault::Stored("time"))?;
    let is_festival = policy.festival_yuan > 0 && policy.festival_months().any(|one| one == month.month);
    let festival = if is_festival {
        Catalogue::of(Lang::ZhCn).text("desk-festival").into_owned()
    } else {
        String::new()
    };
    Ok(SpendingLimit {
        from_ms: month.from_ms,
        until_ms: month.until_ms,
        most: most(&policy, row.month, is_festival).ok_or(Fault::Stored("limit"))?,
        spent: order_rows::spent(conn, row.detainee, month.from_ms, month.until_ms).await?,
        festival: Text::new(&festival),
    })
}

fn most(policy: &ShopPolicy, own: Option<Fen>, is_festival: bool) -> Option<Fen> {
    let month = own.map_or_else(|| Fen(100).times(policy.month_yuan), Some)?;
    if is_festival { month.plus(Fen(100).times(policy.festival_yuan)?) } else { Some(month) }
}

/// A calendar month.
struct Month {
    from_ms: i64,
    until_ms: i64,
    /// 1 is January.
    month: u8,
}

impl Month {
    /// The month of a time, on a clock so far ahead of UTC.
    fn of(at_ms: i64, offset_min: i16) -> Option<Self> {
        let offset = Offset::from_seconds(i32::from(offset_min) * 60).ok()?;
        let first = offset.to_datetime(Timestamp::from_millisecond(at_ms).ok()?).date().first_of_month();
        let next = first.last_of_month().tomorrow().ok()?;
        let ms = |date: jiff::civil::Date| {
            offset.to_timestamp(date.at(0, 0, 0, 0)).ok().map(|at| at.as_millisecond())
        };
        let month = u8::try_from(first.month()).ok()?;
        Some(Self { from_ms: ms(first)?, until_ms: ms(next)?, month })
    }
}

/// Lines of a statement, with what was said against them.
pub(crate) async fn lines_of(
    conn: &mut Conn,
    detainee: DetaineeId,
    first: u64,
    limit: usize,
) -> Result<Vec<StatementLine>, Fault> {
    let mut lines = book_rows::lines(conn, detainee, first, limit).await?;
    let Some(last) = lines.last().map(|line| line.number) else { return Ok(lines) };
    for said in rows::objections(conn, detainee, (first, last)).await? {
        if let Some(line) = lines.iter_mut().find(|line| line.number == said.line) {
            line.objection = Some(newer(line.objection.take(), said));
        }
    }
    Ok(lines)
}

/// What was said against the freeze of this time.
async fn freeze_objection(
    conn: &mut Conn,
    detainee: DetaineeId,
    since_ms: i64,
) -> Result<Option<Objection>, Fault> {
    let said = rows::objections(conn, detainee, (0, 0)).await?;
    let of_this = said.into_iter().filter(|said| said.since_ms == since_ms);
    Ok(of_this.fold(None, |before, said| Some(newer(before, said))))
}

/// Of two objections to the same thing the later one, or the one that still waits.
fn newer(before: Option<Objection>, said: ObjectionRow) -> Objection {
    match before {
        Some(before) if before.answer.is_none() && said.objection.answer.is_some() => before,
        Some(_) | None => said.objection,
    }
}

/// Tells what is not told; how much. Terminals hear of it as of what another process wrote.
pub(crate) async fn tell_stale(core: &Core) -> Result<usize, Fault> {
    let now_ms = core.clock.now_ms();
    let mut read = core.tables.read().await?;
    let waits = !rows::stale(&mut read, now_ms, 1).await?.is_empty() || goods::waits(&mut read).await?;
    drop(read);
    if !waits {
        return Ok(0);
    }
    let mut write = core.tables.write().await?;
    let stale = rows::stale(&mut write, now_ms, ACCOUNTS_EACH).await?;
    for detainee in &stale {
        tell(&mut write, *detainee, now_ms).await?;
    }
    let goods = goods::tell_stocks(&mut write, now_ms).await?;
    write.commit().await?;
    Ok(stale.len() + goods)
}
