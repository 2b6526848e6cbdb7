// SPDX-License-Identifier: GPL-3.0-only
//! 投诉: what cells seal to an office, handed through, and what the office says to it.
//!
//! The platform holds terminal, office, size and hour of a sealed thing and has no key to it. Promises: an office gets
//! everything that was sealed to it, as it came, with the chain it lies in, and nothing of another office's content; what
//! it says goes to the terminal it is for only if the office itself signed it. A mark of a PIN is kept, listed and
//! answered like a complaint: here nobody can tell them apart. Refuses, by having no way to: deleting (the
//! database itself refuses), holding back, asking for a person. What is sealed to the procurator opens no task of anybody here. Limits: [`ITEMS_MAX`] changes in
//! one list (the next is asked for with its number), [`OFFICE_WORDS_MAX`] words to one event.

use crate::care::{is_sealed, members};
use crate::effects::Effect;
use crate::listener::told;
use crate::roll_calls::{facility, policy};
use crate::tables::complaints::{self as rows, Addressed, ItemRow};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, care as care_rows, desk, devices, events, tasks};
use crate::tasks::TaskKind;
use crate::{Core, Fault, feed};
use contract::{
    CarePerson, Collection, ComplaintCount, ComplaintEntry, ComplaintList, ComplaintSealed, ComplaintStatus,
    ComplaintTerminal, Digest, Envelope, Event, Member, OFFICE_WORDS_MAX, Office, OfficeKeys, OfficeStage,
    OfficeWord, Post, PostedWord, TerminalId, Verdict,
};
use std::time::Duration;
use tokio::time::Instant;

/// Most changes in one list.
const ITEMS_MAX: usize = 500;
const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Why a word of an office is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing of this number and text is sealed to this office.
    Event,
    /// The office did not sign it, or its answer is not the one it names.
    Word,
    /// Not an age file, or too long.
    Sealed,
    Full,
}

/// A time as far as the desk may know when a complaint came.
pub(crate) fn hour_of(ms: i64) -> i64 {
    ms - ms.rem_euclid(HOUR_MS)
}

/// Something was sealed to an office.
pub(crate) async fn sealed(
    conn: &mut Conn,
    origin: &Origin,
    sealed: &ComplaintSealed,
) -> Result<Effect, Fault> {
    if !Office::COMPLAINTS.contains(&sealed.office) {
        return Ok(Effect::Parked("office"));
    }
    if !is_sealed(&sealed.sealed) {
        return Ok(Effect::Parked("not_sealed"));
    }
    let hour_ms = hour_of(origin.received_ms);
    let addressed = addressed(conn, origin.terminal, sealed, hour_ms).await?;
    if origin.again {
        rows::address(conn, origin.device, origin.event, &addressed).await?;
    }
    if let Some(post) = waits_for(sealed.office) {
        let subject = origin.event.to_string();
        let place = (subject.as_str(), origin.terminal);
        tasks::open_for(conn, (TaskKind::Complaint, post), place, hour_ms, addressed.due_ms).await?;
    }
    Ok(Effect::Done { news: false })
}

/// A day's count came; the office compares it.
pub(crate) fn counted(count: &ComplaintCount) -> Effect {
    let once = |office: Office| count.counts.iter().filter(|of| of.office == office).count() <= 1;
    let sound = count.counts.iter().all(|of| Office::COMPLAINTS.contains(&of.office) && once(of.office));
    if sound { Effect::Done { news: false } } else { Effect::Parked("count") }
}

/// Whose task a sealed thing is. The procurator's and the superior organ's are nobody's here.
fn waits_for(office: Office) -> Option<Post> {
    match office {
        Office::Director => Some(Post::Director),
        Office::SupervisingOfficer => Some(Post::SupervisingOfficer),
        Office::Procurator | Office::Superior | Office::Clinic => None,
    }
}

/// Everything in the lane of complaints has a place in the offices' lists, whatever became of it: a chain with a hole
/// would look like one that was robbed.
pub(crate) async fn kept(
    conn: &mut Conn,
    envelope: &Envelope,
    terminal: TerminalId,
    verdict: &Verdict,
    now_ms: i64,
) -> Result<(), Fault> {
    let hour_ms = hour_of(now_ms);
    let had_effect = matches!(verdict, Verdict::Accepted | Verdict::Duplicate);
    let addressed = match Event::decode(&envelope.kind, &envelope.body).ok().filter(|_| had_effect) {
        Some(Event::ComplaintSealed(sealed)) => Some(addressed(conn, terminal, &sealed, hour_ms).await?),
        Some(_) | None => None,
    };
    rows::put(conn, envelope, terminal, addressed.as_ref(), hour_ms).await
}

async fn addressed(
    conn: &mut Conn,
    terminal: TerminalId,
    sealed: &ComplaintSealed,
    hour_ms: i64,
) -> Result<Addressed, Fault> {
    let clocks = policy(conn, terminal).await?.complaint;
    let kind = facility(conn, terminal).await?.map(|facility| facility.kind).unwrap_or_default();
    Ok(Addressed {
        office: sealed.office,
        sealed: sealed.digest(),
        due_ms: hour_ms.saturating_add(clocks.receive_ms(kind)),
        answer_due_ms: hour_ms.saturating_add(clocks.answer_ms()),
    })
}

/// What an office has not seen yet, held back up to `wait` while there is nothing.
pub(crate) async fn list(
    core: &Core,
    office: Office,
    since: u64,
    wait: Duration,
) -> Result<ComplaintList, Fault> {
    let until = Instant::now() + wait;
    let mut bell = core.bells.complaints.ear();
    let mut stop = core.stop.clone();
    loop {
        bell.mark_unchanged();
        let mut read = core.tables.read().await?;
        let rev = rows::rev(&mut read).await?;
        if rev != since || Instant::now() >= until || *stop.borrow() {
            // A platform that was restored has fewer: everything is asked for again.
            let since = if since > rev { 0 } else { since };
            return after(&mut read, office, since, rev, core.clock.now_ms()).await;
        }
        drop(read);
        tokio::select! {
            _ = bell.changed() => {}
            () = tokio::time::sleep_until(until) => {}
            () = told(&mut stop) => {}
        }
    }
}

async fn after(
    conn: &mut Conn,
    office: Office,
    since: u64,
    rev: u64,
    now_ms: i64,
) -> Result<ComplaintList, Fault> {
    let keys = care_rows::keys(conn, office).await?;
    let retention = keys.as_ref().and_then(|(_, _, keys)| keys.arrangement).map(|it| it.retention_days);
    let kept_since_ms = retention.map_or(i64::MIN, |days| now_ms.saturating_sub(i64::from(days) * DAY_MS));
    let items = rows::since(conn, since, ITEMS_MAX).await?;
    let rev = if items.len() == ITEMS_MAX { items.last().map_or(rev, |item| item.rev) } else { rev };
    let (mut entries, mut others) = (Vec::new(), Vec::new());
    for item in items {
        let Some(kept) = events::kept(conn, item.key, item.seq).await? else {
            return Err(Fault::Stored("complaint"));
        };
        if item.office == Some(office) && item.hour_ms >= kept_since_ms {
            let words = rows::words(conn, item.key.device, item.event).await?;
            entries.push(ComplaintEntry {
                envelope: kept.envelope,
                received_ms: item.hour_ms,
                words,
                own: item.own,
                receive_due_ms: item.due_ms,
                answer_due_ms: item.answer_due_ms,
            });
        } else if item.office.is_none() && kept.envelope.withheld.is_none() {
            others.push(kept.envelope);
        } else {
            others.push(without_body(kept.envelope));
        }
    }
    entries.sort_by_key(|entry| place(&entry.envelope));
    others.sort_by_key(place);
    let terminals = terminals(conn).await?;
    Ok(ComplaintList {
        rev,
        now_ms,
        keys: keys.map(|(_, statement, _)| statement),
        terminals,
        entries,
        others,
    })
}

fn without_body(envelope: Envelope) -> Envelope {
    if envelope.withheld.is_some() { envelope } else { envelope.without_body() }
}

fn place(envelope: &Envelope) -> (contract::DeviceId, u32, u64) {
    (envelope.device, envelope.epoch, envelope.seq)
}

/// Every device that ever sent something from here, one that was replaced too: what it sent has to be proven.
async fn terminals(conn: &mut Conn) -> Result<Vec<ComplaintTerminal>, Fault> {
    let held = devices::devices(conn).await?;
    let mut terminals = Vec::new();
    for row in devices::terminals(conn).await? {
        let person = |member: Member| CarePerson {
            detainee: member.id,
            name: member.name.as_str().into(),
            badge_number: member.badge_number.as_str().into(),
        };
        let people: Vec<_> = members(conn, row.id).await?.into_iter().map(person).collect();
        for device in held.iter().filter(|device| device.terminal == row.id) {
            terminals.push(ComplaintTerminal {
                device: device.id,
                terminal: row.id,
                block: row.block.as_str().into(),
                cell: row.cell.as_str().into(),
                utc_offset_min: row.utc_offset_min,
                device_key: device.key.clone(),
                people: people.clone(),
            });
        }
    }
    Ok(terminals)
}

/// Hands a word of an office on; the terminal it is for. The same word again changes nothing.
pub(crate) async fn post_word(
    conn: &mut Conn,
    office: Office,
    posted: &PostedWord,
    by: &str,
    now_ms: i64,
) -> Result<Result<TerminalId, Refusal>, Fault> {
    let Some((_, _, keys)) = care_rows::keys(conn, office).await? else { return Ok(Err(Refusal::Word)) };
    let Some(word) = own_word(posted, &keys) else { return Ok(Err(Refusal::Word)) };
    if posted.answer.iter().chain(&posted.own).any(|sealed| !is_sealed(sealed)) {
        return Ok(Err(Refusal::Sealed));
    }
    let Some(item) = rows::addressed(conn, office, posted.event, word.sealed).await? else {
        return Ok(Err(Refusal::Event));
    };
    let mut words = rows::words(conn, item.key.device, item.event).await?;
    if words.contains(&posted.word) {
        return Ok(Ok(item.terminal));
    }
    if words.len() >= OFFICE_WORDS_MAX {
        return Ok(Err(Refusal::Full));
    }
    let event = (item.key.device, item.event);
    rows::put_word(conn, event, (words.len(), &posted.word), by, now_ms).await?;
    let answer = posted.answer.as_ref().map(|answer| (answer, posted.own.as_ref()));
    rows::settle(conn, event, answer, now_ms).await?;
    words.push(posted.word.clone());
    tell(conn, &item, words, posted, now_ms).await?;
    let subject = item.event.to_string();
    tasks::close(conn, &[TaskKind::Complaint], &subject, item.terminal, "received", now_ms).await?;
    desk::audit(conn, by, "complaint_word", office.name(), now_ms).await?;
    Ok(Ok(item.terminal))
}

/// The word, if the office itself signed it and it says what comes with it.
fn own_word(posted: &PostedWord, keys: &OfficeKeys) -> Option<OfficeWord> {
    let word = OfficeWord::open(&posted.word, keys).ok()?;
    let fits = match word.stage {
        OfficeStage::Answered { answer } => {
            posted.answer.as_ref().is_some_and(|sealed| Digest::of(sealed.as_str().as_bytes()) == answer)
        }
        OfficeStage::Received | OfficeStage::Withdrawn | OfficeStage::Closed => {
            posted.answer.is_none() && posted.own.is_none()
        }
    };
    (fits && word.event == posted.event).then_some(word)
}

async fn tell(
    conn: &mut Conn,
    item: &ItemRow,
    words: Vec<contract::Signed>,
    posted: &PostedWord,
    now_ms: i64,
) -> Result<(), Fault> {
    let answer = posted.answer.clone().or_else(|| item.answer.clone());
    let status = ComplaintStatus { words, answer };
    let key = item.event.to_string();
    feed::put(conn, item.terminal, Collection::Complaint, &key, &status, now_ms).await
}
