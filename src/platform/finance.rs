// SPDX-License-Identifier: GPL-3.0-only
//! What finance does with a person's account: money in, instalments, freeze, limits, adjustments, answers, settling.
//!
//! Promises: an adjustment is proposed by one person and decided by another of another post; an objection is answered once,
//! with words, and stays on its line; who is paid out has nothing left and nothing open. Refuses: an answer without words,
//! a freeze without a reason and a reference.

use crate::books::{self, House, Short, Side, Transfer, Why};
use crate::tables::accounts::{self as rows, AdjustmentRow};
use crate::tables::{Conn, books as book_rows, tasks};
use crate::tasks::TaskKind;
use crate::{Fault, accounts, shop};
use contract::{DetaineeId, Diet, EventId, Fen, Frozen, LineKind, ObjectionAnswer, Owed, Post, Text};
use uuid::Uuid;

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Unknown,
    /// None, below zero, or more than is booked at once.
    Amount,
    /// The account does not hold so much.
    Short,
    /// A word, a reason or a reference is missing.
    Words,
    /// It was answered, decided or lifted.
    Over,
    /// One's own proposal, or a post that may not decide it.
    Own,
}

type Done = Result<Result<(), Refusal>, Fault>;

/// Somebody's word on money, with what stands behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) words: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) by: &'a str,
}

/// 存入.
pub(crate) async fn deposit(
    conn: &mut Conn,
    detainee: DetaineeId,
    amount: Fen,
    said: Said<'_>,
    now_ms: i64,
) -> Done {
    let sides = (Side::House(House::Cash), Side::Person(detainee));
    book(conn, detainee, sides, (amount, LineKind::Deposit), said, now_ms).await
}

/// Writes down what is owed (应扣款项); nothing is taken yet.
pub(crate) async fn owe(
    conn: &mut Conn,
    detainee: DetaineeId,
    total: Fen,
    said: Said<'_>,
    now_ms: i64,
) -> Done {
    if !is_amount(total) {
        return Ok(Err(Refusal::Amount));
    }
    if said.words.is_empty() || said.reference.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    if rows::get(conn, detainee).await?.is_none() {
        return Ok(Err(Refusal::Unknown));
    }
    let owed =
        Owed { why: Text::new(said.words), reference: Text::new(said.reference), total, paid: Fen::ZERO };
    rows::add_owed(conn, Uuid::now_v7(), detainee, &owed, now_ms).await?;
    accounts::tell(conn, detainee, now_ms).await?;
    Ok(Ok(()))
}

/// 扣款: an instalment of what is owed.
pub(crate) async fn deduct(
    conn: &mut Conn,
    detainee: DetaineeId,
    (owed, amount): (Uuid, Fen),
    by: &str,
    now_ms: i64,
) -> Done {
    if !is_amount(amount) {
        return Ok(Err(Refusal::Amount));
    }
    let all = rows::owed(conn, detainee, contract::ACCOUNT_LIST_MAX).await?;
    let Some((_, of)) = all.into_iter().find(|(id, _)| *id == owed) else { return Ok(Err(Refusal::Unknown)) };
    if !rows::pay_owed(conn, owed, detainee, amount).await? {
        return Ok(Err(Refusal::Amount));
    }
    let said = Said { words: of.why.as_str(), reference: of.reference.as_str(), by };
    let sides = (Side::Person(detainee), Side::House(House::Creditors));
    book(conn, detainee, sides, (amount, LineKind::Deduction), said, now_ms).await
}

/// 冻结, with a reason and who to ask.
pub(crate) async fn freeze(conn: &mut Conn, detainee: DetaineeId, said: Said<'_>, now_ms: i64) -> Done {
    if said.words.is_empty() || said.reference.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    let Some(account) = rows::get(conn, detainee).await? else { return Ok(Err(Refusal::Unknown)) };
    if account.frozen.is_some() {
        return Ok(Err(Refusal::Over));
    }
    let frozen = Frozen {
        since_ms: now_ms,
        why: Text::new(said.words),
        reference: Text::new(said.reference),
        objection: None,
    };
    rows::set_frozen(conn, detainee, Some(&frozen)).await?;
    accounts::tell(conn, detainee, now_ms).await?;
    Ok(Ok(()))
}

/// Lifts a freeze. What was said against it is answered by that.
pub(crate) async fn unfreeze(conn: &mut Conn, detainee: DetaineeId, said: Said<'_>, now_ms: i64) -> Done {
    let Some(account) = rows::get(conn, detainee).await? else { return Ok(Err(Refusal::Unknown)) };
    let Some(frozen) = account.frozen else { return Ok(Err(Refusal::Over)) };
    if said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    for against in rows::objections(conn, detainee, (0, 0)).await? {
        if against.since_ms == frozen.since_ms && against.objection.answer.is_none() {
            close_objection(conn, against.event, true, said, now_ms).await?;
        }
    }
    rows::set_frozen(conn, detainee, None).await?;
    accounts::tell(conn, detainee, now_ms).await?;
    Ok(Ok(()))
}

/// 处遇级别, diets, and a limit of one's own.
pub(crate) async fn set_rules(
    conn: &mut Conn,
    detainee: DetaineeId,
    (level, diets, month): (u8, &[Diet], Option<Fen>),
    now_ms: i64,
) -> Done {
    if rows::get(conn, detainee).await?.is_none() {
        return Ok(Err(Refusal::Unknown));
    }
    if month.is_some_and(|month| month < Fen::ZERO || month > books::AMOUNT_MAX) {
        return Ok(Err(Refusal::Amount));
    }
    rows::set_rules(conn, detainee, level, diets, month).await?;
    accounts::tell(conn, detainee, now_ms).await?;
    Ok(Ok(()))
}

/// Proposes 更正: so much more, or less. Nothing is booked before somebody else decides.
pub(crate) async fn propose(
    conn: &mut Conn,
    detainee: DetaineeId,
    (amount, objection): (Fen, Option<EventId>),
    said: Said<'_>,
    now_ms: i64,
) -> Done {
    if !is_amount(Fen(amount.0.saturating_abs())) {
        return Ok(Err(Refusal::Amount));
    }
    if said.words.is_empty() || said.reference.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    let Some(account) = rows::get(conn, detainee).await? else { return Ok(Err(Refusal::Unknown)) };
    if let Some(event) = objection {
        let against = rows::objection(conn, event).await?;
        let fits = against.is_some_and(|against| {
            against.detainee == detainee && against.line > 0 && against.objection.answer.is_none()
        });
        let waits = rows::proposals(conn, PROPOSALS_MAX).await?;
        if !fits || waits.iter().any(|one| one.objection == objection) {
            return Ok(Err(Refusal::Over));
        }
    }
    if rows::proposals(conn, PROPOSALS_MAX).await?.len() >= PROPOSALS_MAX {
        return Ok(Err(Refusal::Over));
    }
    let row = AdjustmentRow {
        id: Uuid::now_v7(),
        detainee,
        amount,
        words: said.words.to_owned(),
        reference: said.reference.to_owned(),
        objection,
        proposed_ms: now_ms,
        proposed_by: said.by.to_owned(),
    };
    rows::propose(conn, &row).await?;
    tasks::open(conn, TaskKind::Adjustment, &row.id.to_string(), account.last_terminal, now_ms).await?;
    Ok(Ok(()))
}

/// Decides what somebody else proposed; accepted, it is booked, and the objection it answers is upheld.
pub(crate) async fn decide(
    conn: &mut Conn,
    id: Uuid,
    accepted: bool,
    (by, post): (&str, Post),
    now_ms: i64,
) -> Done {
    let all = rows::proposals(conn, PROPOSALS_MAX).await?;
    let Some(row) = all.into_iter().find(|row| row.id == id) else { return Ok(Err(Refusal::Unknown)) };
    // The post that proposes does not decide.
    if post == Post::Finance || !rows::decide(conn, id, accepted, by, now_ms).await? {
        return Ok(Err(Refusal::Own));
    }
    let account = rows::get(conn, row.detainee).await?.ok_or(Fault::Unknown("account"))?;
    if accepted {
        let said = Said { words: &row.words, reference: &row.reference, by };
        let (person, house) = (Side::Person(row.detainee), Side::House(House::Adjustments));
        let sides = if row.amount < Fen::ZERO { (person, house) } else { (house, person) };
        let amount = (Fen(row.amount.0.saturating_abs()), LineKind::Adjustment);
        if let Err(refusal) = book(conn, row.detainee, sides, amount, said, now_ms).await? {
            return Ok(Err(refusal));
        }
        if let Some(event) = row.objection {
            close_objection(conn, event, true, said, now_ms).await?;
        }
    }
    let result = if accepted { "accepted" } else { "refused" };
    tasks::close(conn, &[TaskKind::Adjustment], &id.to_string(), account.last_terminal, result, now_ms)
        .await?;
    Ok(Ok(()))
}

/// Answers what was said against a line or a freeze without a change of the books.
pub(crate) async fn decline_objection(conn: &mut Conn, event: EventId, said: Said<'_>, now_ms: i64) -> Done {
    if said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    let waits = rows::proposals(conn, PROPOSALS_MAX).await?;
    if waits.iter().any(|one| one.objection == Some(event)) {
        return Ok(Err(Refusal::Over));
    }
    let done = close_objection(conn, event, false, said, now_ms).await?;
    Ok(if done { Ok(()) } else { Err(Refusal::Over) })
}

/// 出所结清: what is not delivered goes back to the account, and all of it is paid out.
pub(crate) async fn release(conn: &mut Conn, detainee: DetaineeId, said: Said<'_>, now_ms: i64) -> Done {
    let Some(account) = rows::get(conn, detainee).await? else { return Ok(Err(Refusal::Unknown)) };
    if account.released_ms.is_some() {
        return Ok(Err(Refusal::Over));
    }
    if said.reference.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    shop::close_all(conn, detainee, said.by, now_ms).await?;
    let person = Side::Person(detainee);
    let held = book_rows::balance(conn, person).await?.ok_or(Fault::Unknown("account"))?;
    rows::set_frozen(conn, detainee, None).await?;
    rows::set_released(conn, detainee, Some(now_ms)).await?;
    let subject = detainee.to_string();
    tasks::close(conn, &[TaskKind::Payout], &subject, account.last_terminal, "paid", now_ms).await?;
    if held == Fen::ZERO {
        accounts::tell(conn, detainee, now_ms).await?;
        return Ok(Ok(()));
    }
    let sides = (person, Side::House(House::Cash));
    book(conn, detainee, sides, (held, LineKind::Payout), said, now_ms).await
}

/// Most proposals that wait.
pub(crate) const PROPOSALS_MAX: usize = 500;

fn is_amount(amount: Fen) -> bool {
    amount > Fen::ZERO && amount <= books::AMOUNT_MAX
}

async fn book(
    conn: &mut Conn,
    detainee: DetaineeId,
    (from, to): (Side, Side),
    (amount, kind): (Fen, LineKind),
    said: Said<'_>,
    now_ms: i64,
) -> Done {
    if !is_amount(amount) {
        return Ok(Err(Refusal::Amount));
    }
    let Some(account) = rows::get(conn, detainee).await? else { return Ok(Err(Refusal::Unknown)) };
    let Said { words, reference, by } = said;
    let transfer = Transfer { from, to, amount, why: Why::Line(kind), words, reference, order: None, by };
    match books::transfer(conn, &transfer, now_ms).await? {
        Err(Short) => Ok(Err(Refusal::Short)),
        Ok(()) => {
            accounts::tell_since(conn, detainee, account.lines, now_ms).await?;
            Ok(Ok(()))
        }
    }
}

/// Answers an objection where it stands; false where it is answered.
async fn close_objection(
    conn: &mut Conn,
    event: EventId,
    upheld: bool,
    said: Said<'_>,
    now_ms: i64,
) -> Result<bool, Fault> {
    let Some(against) = rows::objection(conn, event).await? else { return Ok(false) };
    let answer = ObjectionAnswer { at_ms: now_ms, upheld, words: Text::new(said.words) };
    if !rows::answer_objection(conn, event, &answer, said.by).await? {
        return Ok(false);
    }
    let result = if upheld { "upheld" } else { "declined" };
    let kinds = [TaskKind::LineDispute, TaskKind::FreezeObjection];
    tasks::close(conn, &kinds, &event.to_string(), against.terminal, result, now_ms).await?;
    if against.line == 0 {
        accounts::tell(conn, against.detainee, now_ms).await?;
    } else {
        accounts::tell_line(conn, against.detainee, against.line, now_ms).await?;
    }
    Ok(true)
}
