// SPDX-License-Identifier: GPL-3.0-only
//! 看病: what cells say to the clinic and what the clinic says to them, handed through.
//!
//! The platform holds cell, time, urgency and deadline of a report, and has no key to what it says. Promises: an event
//! counts once, however often it comes; a terminal adds to its own reports and to no others; a danger rings with the
//! control room. Limits: [`ENTRIES_EACH_MAX`] entries of a terminal in the clinic's list and
//! [`ENTRIES_MAX`] in all, [`LETTERS_MAX`] letters and [`NOTICES_MAX`] open notices of a terminal, notices of
//! [`NOTICE_MS_MAX`], sealed texts of [`SEALED_TEXT_MAX`].

use crate::alarms::{self, AlarmKind};
use crate::effects::Effect;
use crate::feed;
use crate::listener::told;
use crate::roll_calls::policy;
use crate::tables::care::{self as rows, NewEntry};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, desk, devices, feed as truth, tasks};
use crate::tasks::TaskKind;
use crate::{Core, Fault};
use contract::{
    CareDanger, CareKeyMade, CareList, CareNeed, CareNotice, CareNudged, CarePerson, CareReported, CareSaid,
    CareState, CareTerminal, Collection, Danger, DetaineeId, Member, Office, Post, PostedLetter,
    PostedNotice, SealRecipient, Sealed, TerminalId,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// Most entries of one terminal in the clinic's list, and of all together.
const ENTRIES_EACH_MAX: usize = 200;
const ENTRIES_MAX: usize = 2_000;
/// Most letters of one terminal in its feed, and most own copies in the clinic's list.
const LETTERS_MAX: i64 = 2_000;
const OWN_LETTERS_MAX: usize = 2_000;
/// Most open notices of one terminal, and in the clinic's list.
const NOTICES_MAX: i64 = 100;
pub(crate) const NOTICES_LISTED_MAX: usize = 2_000;
/// Longest a notice may last, in milliseconds: 90 days, then a doctor looks again.
const NOTICE_MS_MAX: i64 = 90 * DAY_MS;
/// Longest sealed text, in bytes: 16 KiB in base64 with its heads.
pub(crate) const SEALED_TEXT_MAX: usize = 32 * 1024;
/// A closed report is listed this long, and a word about no report, in milliseconds.
pub(crate) const CLOSED_MS: i64 = 7 * DAY_MS;
const WORDS_MS: i64 = 30 * DAY_MS;
/// How often notices are looked for whose time is over, and how many are ended then.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(5);
const ENDED_MAX: usize = 100;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const SEAL_HEAD: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// Who is in danger of what, as the board shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InDanger {
    /// Name and badge number; none where nobody said, or it is nobody of the cell.
    pub(crate) person: Option<(String, String)>,
    pub(crate) dangers: Vec<Danger>,
}

/// Why something of the clinic's window is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Terminal,
    /// The terminal made no such report.
    Report,
    /// The letter's number is another terminal's.
    Letter,
    /// No such notice is open at this terminal.
    Notice,
    /// The person is not of the cell, nothing is needed, nobody may see it, or the time is over or too long.
    NoticeUnsound,
    /// Not an age file, or too long.
    Sealed,
    Full,
}

/// 病情反映 came: it waits for the doctor, until the policy of its cell says.
pub(crate) async fn reported(
    conn: &mut Conn,
    origin: &Origin,
    reported: &CareReported,
) -> Result<Effect, Fault> {
    if !is_sealed(&reported.sealed) {
        return Ok(Effect::Parked("not_sealed"));
    }
    let lasts_ms = policy(conn, origin.terminal).await?.care.due_ms(reported.urgency);
    let due_ms = origin.received_ms.saturating_add(lasts_ms);
    let asks = Some((reported.urgency, due_ms));
    let entry = NewEntry { asks, report: None, at: reported.at, sealed: &reported.sealed };
    if rows::put_entry(conn, origin, &entry).await? {
        let subject = origin.event.to_string();
        tasks::open_until(conn, TaskKind::CareReport, &subject, origin.terminal, origin.now_ms, due_ms)
            .await?;
        rows::touch(conn).await?;
    }
    Ok(Effect::Done { news: false })
}

/// Something was said later. What it is about is asked when it is read: a word is not held back for its report.
pub(crate) async fn said(conn: &mut Conn, origin: &Origin, said: &CareSaid) -> Result<Effect, Fault> {
    if !is_sealed(&said.sealed) {
        return Ok(Effect::Parked("not_sealed"));
    }
    let entry = NewEntry { asks: None, report: said.report, at: said.at, sealed: &said.sealed };
    if rows::put_entry(conn, origin, &entry).await? {
        rows::touch(conn).await?;
    }
    Ok(Effect::Done { news: false })
}

/// 催办.
pub(crate) async fn nudged(conn: &mut Conn, origin: &Origin, nudged: &CareNudged) -> Result<Effect, Fault> {
    if !rows::is_report(conn, origin.terminal, nudged.report).await? {
        return Ok(Effect::Parked("report_unknown"));
    }
    if rows::nudge(conn, origin, nudged.report).await? {
        rows::touch(conn).await?;
    }
    Ok(Effect::Done { news: false })
}

/// A danger: the board rings, whoever it is about. `member` is that person, if they are of the cell.
pub(crate) async fn danger(
    conn: &mut Conn,
    origin: &Origin,
    danger: &CareDanger,
    member: Option<&Member>,
) -> Result<(), Fault> {
    let dangers = Danger::ALL.into_iter().filter(|one| danger.dangers.contains(one)).collect();
    let person =
        member.map(|member| (member.name.as_str().to_owned(), member.badge_number.as_str().to_owned()));
    let detail = serde_json::to_string(&InDanger { person, dangers })?;
    alarms::raise(conn, origin, AlarmKind::Danger, &detail, danger.at).await
}

/// A terminal told whom answers to its cell are sealed to.
pub(crate) async fn key_made(conn: &mut Conn, origin: &Origin, made: &CareKeyMade) -> Result<Effect, Fault> {
    if made.recipient.as_str().parse::<SealRecipient>().is_err() {
        return Ok(Effect::Parked("recipient"));
    }
    let device = devices::device(conn, origin.device).await?;
    // A bundle brings words of a device whose place another took: its key opens nothing in the cell any more.
    let in_service = device.is_some_and(|device| device.revoked_ms.is_none());
    if in_service && rows::put_recipient(conn, origin, &made.recipient).await? {
        rows::touch(conn).await?;
    }
    Ok(Effect::Done { news: false })
}

/// Whether a text is sealed at all: what is not must not be kept as if it were.
pub(crate) fn is_sealed(sealed: &Sealed) -> bool {
    let text = sealed.as_str();
    text.len() <= SEALED_TEXT_MAX && text.starts_with(SEAL_HEAD) && !text.contains('\0')
}

/// Everything the clinic works with, held back up to `wait` while it is as the window has it.
pub(crate) async fn list(core: &Core, since: u64, wait: Duration) -> Result<CareList, Fault> {
    let until = Instant::now() + wait;
    let mut bell = core.bells.care.ear();
    let mut stop = core.stop.clone();
    loop {
        bell.mark_unchanged();
        let mut read = core.tables.read().await?;
        let rev = rows::rev(&mut read).await?;
        if rev != since || Instant::now() >= until || *stop.borrow() {
            return everything(&mut read, rev, core.clock.now_ms()).await;
        }
        drop(read);
        tokio::select! {
            _ = bell.changed() => {}
            () = tokio::time::sleep_until(until) => {}
            () = told(&mut stop) => {}
        }
    }
}

async fn everything(conn: &mut Conn, rev: u64, now_ms: i64) -> Result<CareList, Fault> {
    let recipients = rows::recipients(conn).await?;
    let mut terminals = Vec::new();
    for row in devices::terminals(conn).await? {
        let person = |member: Member| CarePerson {
            detainee: member.id,
            name: member.name.as_str().into(),
            badge_number: member.badge_number.as_str().into(),
        };
        let recipient = recipients.iter().find(|(terminal, _)| *terminal == row.id);
        terminals.push(CareTerminal {
            terminal: row.id,
            block: row.block.as_str().into(),
            cell: row.cell.as_str().into(),
            utc_offset_min: row.utc_offset_min,
            recipient: recipient.map(|(_, recipient)| recipient.clone()),
            people: members(conn, row.id).await?.into_iter().map(person).collect(),
        });
    }
    let since = (now_ms.saturating_sub(CLOSED_MS), now_ms.saturating_sub(WORDS_MS));
    let notices = rows::notices(conn, NOTICES_LISTED_MAX).await?;
    Ok(CareList {
        rev,
        now_ms,
        keys: rows::keys(conn, Office::Clinic).await?.map(|(_, statement, _)| statement),
        terminals,
        entries: rows::entries(conn, since, ENTRIES_EACH_MAX, ENTRIES_MAX).await?,
        letters: rows::letters(conn, OWN_LETTERS_MAX).await?,
        notices: notices.into_iter().map(|(_, notice)| notice).filter(|it| now_ms < it.until_ms).collect(),
    })
}

/// The people of a terminal's cell.
pub(crate) async fn members(conn: &mut Conn, terminal: TerminalId) -> Result<Vec<Member>, Fault> {
    let items = truth::all(conn, terminal, Collection::Member).await?;
    let member = |item: contract::FeedItem| serde_json::from_value(item.body);
    items.into_iter().map(member).collect::<Result<_, _>>().map_err(|_| Fault::Stored("member"))
}

async fn is_of_cell(conn: &mut Conn, terminal: TerminalId, detainee: DetaineeId) -> Result<bool, Fault> {
    Ok(members(conn, terminal).await?.iter().any(|member| member.id == detainee))
}

/// Hands a letter to a terminal, or takes it back; keeps the clinic's own copy and where the report stands.
pub(crate) async fn post_letter(
    conn: &mut Conn,
    posted: &PostedLetter,
    by: &str,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let terminal = posted.terminal;
    if posted.cell.iter().chain(&posted.own).any(|sealed| !is_sealed(sealed)) {
        return Ok(Err(Refusal::Sealed));
    }
    if devices::terminal(conn, terminal).await?.is_none() {
        return Ok(Err(Refusal::Terminal));
    }
    let held = rows::letter(conn, posted.letter).await?;
    if held.is_some_and(|(of, _)| of != terminal) {
        return Ok(Err(Refusal::Letter));
    }
    let is_there = held.is_some_and(|(_, is_there)| is_there);
    if posted.cell.is_some() && !is_there && rows::posted(conn, terminal).await? >= LETTERS_MAX {
        return Ok(Err(Refusal::Full));
    }
    if let Some((report, state)) = posted.report {
        if !rows::set_state(conn, terminal, report, state, now_ms).await? {
            return Ok(Err(Refusal::Report));
        }
        // Whoever has only opened a report has not answered it.
        if state != CareState::Opened {
            let kinds = [TaskKind::CareReport];
            tasks::close(conn, &kinds, &report.to_string(), terminal, state.name(), now_ms).await?;
        }
    }
    let key = posted.letter.to_string();
    let action = match &posted.cell {
        Some(sealed) => {
            feed::put(conn, terminal, Collection::Care, &key, sealed, now_ms).await?;
            "care_letter"
        }
        None => {
            if is_there {
                feed::remove(conn, terminal, Collection::Care, &key, now_ms).await?;
            }
            "care_letter_back"
        }
    };
    let is_posted = posted.cell.is_some();
    if is_posted || held.is_some() {
        let own = posted.own.as_ref().filter(|_| is_posted);
        rows::put_letter(conn, (posted.letter, terminal), own, is_posted, by, now_ms).await?;
        desk::audit(conn, by, action, &format!("{terminal} {key}"), now_ms).await?;
    }
    rows::touch(conn).await?;
    Ok(Ok(()))
}

/// Releases a notice under a number of its own, or ends one; the notice as the terminal gets it.
pub(crate) async fn post_notice(
    conn: &mut Conn,
    posted: &PostedNotice,
    by: &str,
    now_ms: i64,
) -> Result<Result<CareNotice, Refusal>, Fault> {
    let terminal = posted.terminal;
    if devices::terminal(conn, terminal).await?.is_none() {
        return Ok(Err(Refusal::Terminal));
    }
    if posted.ends {
        let Some(notice) = end(conn, (posted.notice.notice, terminal), by, now_ms).await? else {
            return Ok(Err(Refusal::Notice));
        };
        let object = format!("{terminal} {}", notice.notice);
        desk::audit(conn, by, "care_notice_end", &object, now_ms).await?;
        return Ok(Ok(notice));
    }
    let asked = &posted.notice;
    let notice = CareNotice {
        notice: Uuid::now_v7(),
        needs: CareNeed::ALL.into_iter().filter(|need| asked.needs.contains(need)).collect(),
        posts: Post::ALL.into_iter().filter(|post| asked.posts.contains(post)).collect(),
        at_ms: now_ms,
        ..*asked
    };
    let lasts_ms = notice.until_ms.saturating_sub(now_ms);
    let sound =
        !notice.needs.is_empty() && !notice.posts.is_empty() && (1..=NOTICE_MS_MAX).contains(&lasts_ms);
    if !sound || !is_of_cell(conn, terminal, notice.detainee).await? {
        return Ok(Err(Refusal::NoticeUnsound));
    }
    if rows::open_notices(conn, terminal).await? >= NOTICES_MAX {
        return Ok(Err(Refusal::Full));
    }
    rows::put_notice(conn, terminal, &notice, by).await?;
    let key = notice.notice.to_string();
    feed::put(conn, terminal, Collection::CareNotice, &key, &notice, now_ms).await?;
    desk::audit(conn, by, "care_notice", &format!("{terminal} {key}"), now_ms).await?;
    rows::touch(conn).await?;
    Ok(Ok(notice))
}

async fn end(
    conn: &mut Conn,
    (notice, terminal): (Uuid, TerminalId),
    by: &str,
    now_ms: i64,
) -> Result<Option<CareNotice>, Fault> {
    let Some(ended) = rows::end_notice(conn, (notice, terminal), by, now_ms).await? else { return Ok(None) };
    feed::remove(conn, terminal, Collection::CareNotice, &notice.to_string(), now_ms).await?;
    rows::touch(conn).await?;
    Ok(Some(ended))
}

/// Ends what a cell was let know of somebody who is not of it any more.
pub(crate) async fn left(
    conn: &mut Conn,
    terminal: TerminalId,
    detainee: DetaineeId,
    now_ms: i64,
) -> Result<(), Fault> {
    for (of, notice) in rows::notices(conn, NOTICES_LISTED_MAX).await? {
        if of == terminal && notice.detainee == detainee {
            end(conn, (notice.notice, terminal), "", now_ms).await?;
        }
    }
    Ok(())
}

/// Ends what is over; how many.
pub(crate) async fn end_over(core: &Core) -> Result<usize, Fault> {
    let now_ms = core.clock.now_ms();
    let mut read = core.tables.read().await?;
    let over = rows::over(&mut read, now_ms, ENDED_MAX).await?;
    drop(read);
    let mut ended = 0;
    for (notice, terminal) in over {
        let mut write = core.tables.write().await?;
        // Another process may have ended it since it was read.
        if end(&mut write, (notice, terminal), "", now_ms).await?.is_some() {
            write.commit().await?;
            core.bells.ring(terminal);
            core.bells.care.ring();
            ended += 1;
        }
    }
    Ok(ended)
}
