// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印: what people are asked to sign, and what they said to it.
//!
//! Promises: a text is kept as it was asked and never changed; another text is another version, asked anew; an answer counts
//! for the version whose digest it names, once, also when that version is not asked any more; the person's own terminal
//! is told, wherever they are. Whoever does not agree waits for an officer to talk with them, and nothing else follows.
//! Refuses: an answer to a text the platform does not have, which is parked and kept. Limits:
//! [`DOCUMENT_PARAGRAPHS_MAX`] paragraphs of [`PARAGRAPH_MAX`] characters, [`DOCUMENTS_EACH_MAX`] versions a person.

use crate::accounts::belonged;
use crate::effects::Effect;
use crate::tables::documents::{self as rows, AnswerRow, DocumentRow, Mark, Said};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, accounts, tasks};
use crate::tasks::TaskKind;
use crate::{Fault, Platform, feed};
use contract::{
    Collection, DOCUMENT_PARAGRAPHS_MAX, DOCUMENT_VERSION_MAX, DOCUMENTS_EACH_MAX, DetaineeId, Document,
    DocumentAnswer, DocumentDeclined, DocumentKind, DocumentSigned, EventId, TerminalId, Text,
};
use uuid::Uuid;

/// Longest paragraph and title, in characters.
pub(crate) const PARAGRAPH_MAX: usize = 500;
pub(crate) const TITLE_MAX: usize = 64;

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Unknown,
    /// Done before, or there is nothing to do it to.
    State,
    /// Nothing to read, or beyond the limits.
    Unsound,
    /// The person has too many.
    Full,
}

/// What is to be read, as it was typed: a paragraph a line.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    pub kind: DocumentKind,
    pub title: &'a str,
    pub text: &'a str,
    /// A 捺印 is wanted too.
    pub print: bool,
}

impl Draft<'_> {
    /// As a version of a document; none where there is nothing to read or too much. Nothing is cut.
    fn document(&self, document: Uuid, version: u32, detainee: DetaineeId, now_ms: i64) -> Option<Document> {
        let lines = self.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let fits = |text: &str, max: usize| text.chars().count() <= max;
        let paragraphs: Vec<&str> = lines.take(DOCUMENT_PARAGRAPHS_MAX + 1).collect();
        if !fits(self.title.trim(), TITLE_MAX) || !paragraphs.iter().all(|line| fits(line, PARAGRAPH_MAX)) {
            return None;
        }
        let made = Document {
            document,
            version,
            detainee,
            kind: self.kind,
            title: Text::new(self.title.trim()),
            paragraphs: paragraphs.into_iter().map(Text::new).collect(),
            asked_ms: now_ms,
            print: self.print,
            open: true,
            answers: Vec::new(),
        };
        made.is_sound().then_some(made)
    }
}

/// Asks somebody to sign; the document's number.
pub(crate) async fn ask(
    conn: &mut Conn,
    detainee: DetaineeId,
    draft: Draft<'_>,
    by: &str,
    now_ms: i64,
) -> Result<Result<Uuid, Refusal>, Fault> {
    if accounts::get(conn, detainee).await?.is_none_or(|row| row.terminal.is_none()) {
        return Ok(Err(Refusal::Unknown));
    }
    if told_of(conn, detainee).await? >= DOCUMENTS_EACH_MAX {
        return Ok(Err(Refusal::Full));
    }
    let document = Uuid::now_v7();
    let Some(first) = draft.document(document, 1, detainee, now_ms) else {
        return Ok(Err(Refusal::Unsound));
    };
    rows::add(conn, &first, by).await?;
    tell(conn, document, 1, now_ms).await?;
    Ok(Ok(document))
}

/// Another text in the place of the newest: it is asked anew, and what was said to the one before stays there.
pub(crate) async fn change(
    conn: &mut Conn,
    document: Uuid,
    draft: Draft<'_>,
    by: &str,
    now_ms: i64,
) -> Result<Result<u32, Refusal>, Fault> {
    let Some(before) = rows::versions(conn, document).await?.into_iter().next() else {
        return Ok(Err(Refusal::Unknown));
    };
    let (version, detainee) = (before.document.version, before.document.detainee);
    if version >= DOCUMENT_VERSION_MAX || told_of(conn, detainee).await? >= DOCUMENTS_EACH_MAX {
        return Ok(Err(Refusal::Full));
    }
    let Some(next) = draft.document(document, version + 1, detainee, now_ms) else {
        return Ok(Err(Refusal::Unsound));
    };
    rows::close(conn, document, version, now_ms).await?;
    rows::add(conn, &next, by).await?;
    tell(conn, document, version, now_ms).await?;
    tell(conn, document, version + 1, now_ms).await?;
    Ok(Ok(version + 1))
}

/// A version is asked no more. What was signed stays signed.
pub(crate) async fn withdraw(
    conn: &mut Conn,
    (document, version): (Uuid, u32),
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let Some(row) = rows::get(conn, document, version).await? else { return Ok(Err(Refusal::Unknown)) };
    let answers = rows::answers(conn, document, version).await?;
    if row.closed_ms.is_some() || answers.iter().any(|answer| answer.said.is_signed()) {
        return Ok(Err(Refusal::State));
    }
    rows::close(conn, document, version, now_ms).await?;
    tell(conn, document, version, now_ms).await?;
    Ok(Ok(()))
}

/// An officer took an answer, saw to the 捺印, or talked with the person.
pub(crate) async fn mark(
    conn: &mut Conn,
    (document, version): (Uuid, u32),
    (event, mark): (EventId, Mark),
    by: &str,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let Some(row) = rows::get(conn, document, version).await? else { return Ok(Err(Refusal::Unknown)) };
    let answers = rows::answers(conn, document, version).await?;
    let Some(answer) = answers.into_iter().find(|answer| answer.event == event) else {
        return Ok(Err(Refusal::Unknown));
    };
    let fits = match mark {
        Mark::Received => true,
        Mark::Print => row.document.print && answer.said.is_signed(),
        Mark::Talked => !answer.said.is_signed(),
    };
    if !fits || !rows::mark(conn, event, mark, by, now_ms).await? {
        return Ok(Err(Refusal::State));
    }
    if mark == Mark::Talked {
        close_task(conn, &answer, "talked", now_ms).await?;
    }
    tell(conn, document, version, now_ms).await?;
    Ok(Ok(()))
}

/// 签名 came.
pub(crate) async fn signed(conn: &mut Conn, origin: &Origin, said: &DocumentSigned) -> Result<Effect, Fault> {
    let place = (said.document, said.version);
    if let Some(parked) = misfit(conn, origin, place, (said.detainee, said.digest, said.at)).await? {
        return Ok(parked);
    }
    if !said.is_sound() {
        return Ok(Effect::Parked("unsigned"));
    }
    take(conn, origin, place, Said::Signed(said.clone())).await
}

/// 不同意 came.
pub(crate) async fn declined(
    conn: &mut Conn,
    origin: &Origin,
    said: &DocumentDeclined,
) -> Result<Effect, Fault> {
    let place = (said.document, said.version);
    if let Some(parked) = misfit(conn, origin, place, (said.detainee, said.digest, said.at)).await? {
        return Ok(parked);
    }
    take(conn, origin, place, Said::Declined(said.clone())).await
}

/// Why an answer does not fit what was asked; it is kept for a person to look at.
async fn misfit(
    conn: &mut Conn,
    origin: &Origin,
    (document, version): (Uuid, u32),
    (detainee, digest, at): (DetaineeId, contract::Digest, contract::Stamp),
) -> Result<Option<Effect>, Fault> {
    if !belonged(conn, origin, detainee, at).await? {
        return Ok(Some(Effect::Parked("not_of_this_cell")));
    }
    let row = rows::get(conn, document, version).await?;
    let Some(row) = row.filter(|row| row.document.detainee == detainee) else {
        return Ok(Some(Effect::Parked("document_unknown")));
    };
    Ok((row.digest != digest).then_some(Effect::Parked("text_differs")))
}

/// Keeps an answer, once; a no after a signature is none.
async fn take(
    conn: &mut Conn,
    origin: &Origin,
    (document, version): (Uuid, u32),
    said: Said,
) -> Result<Effect, Fault> {
    let before = rows::answers(conn, document, version).await?;
    if before.iter().any(|answer| answer.event == origin.event) {
        return Ok(Effect::Done { news: false });
    }
    let over = before.iter().any(|answer| answer.said.is_signed());
    if over || !rows::answer(conn, origin, &said).await? {
        // The terminal is told what stands.
        return Ok(Effect::Rejected("answered"));
    }
    if said.is_signed() {
        for answer in &before {
            close_task(conn, answer, "signed", origin.now_ms).await?;
        }
    } else {
        let subject = Document::key_of(document, version);
        tasks::open(conn, TaskKind::DocumentDeclined, &subject, origin.terminal, origin.now_ms).await?;
    }
    tell(conn, document, version, origin.now_ms).await?;
    Ok(Effect::Done { news: true })
}

async fn close_task(conn: &mut Conn, answer: &AnswerRow, result: &str, now_ms: i64) -> Result<(), Fault> {
    let subject = Document::key_of(answer.document, answer.version);
    let kinds = [TaskKind::DocumentDeclined];
    tasks::close(conn, &kinds, &subject, answer.terminal, result, now_ms).await.map(|_| ())
}

/// Tells everything of a person to the terminal they came to, and the one they left nothing any more.
pub(crate) async fn moved(
    conn: &mut Conn,
    detainee: DetaineeId,
    (from, to): (Option<TerminalId>, Option<TerminalId>),
    now_ms: i64,
) -> Result<(), Fault> {
    if from == to {
        return Ok(());
    }
    for row in rows::of(conn, detainee).await? {
        let body = as_told(conn, row.clone()).await?;
        if let Some(from) = from.filter(|_| body.is_some()) {
            feed::remove(conn, from, Collection::Document, &row.document.key(), now_ms).await?;
        }
        if let (Some(to), Some(body)) = (to, &body) {
            feed::put(conn, to, Collection::Document, &body.key(), body, now_ms).await?;
        }
    }
    Ok(())
}

/// Where a person is.
pub(crate) async fn terminal_of(conn: &mut Conn, detainee: DetaineeId) -> Result<Option<TerminalId>, Fault> {
    Ok(accounts::get(conn, detainee).await?.and_then(|row| row.terminal))
}

/// Tells a version to the terminal of its person.
async fn tell(conn: &mut Conn, document: Uuid, version: u32, now_ms: i64) -> Result<(), Fault> {
    let Some(row) = rows::get(conn, document, version).await? else { return Ok(()) };
    let Some(terminal) = terminal_of(conn, row.document.detainee).await? else { return Ok(()) };
    let key = row.document.key();
    match as_told(conn, row).await? {
        Some(body) => feed::put(conn, terminal, Collection::Document, &key, &body, now_ms).await,
        None => feed::remove(conn, terminal, Collection::Document, &key, now_ms).await,
    }
}

/// A version with what was said to it; none of one that nobody answered and that is not asked any more.
async fn as_told(conn: &mut Conn, row: DocumentRow) -> Result<Option<Document>, Fault> {
    let answers = rows::answers(conn, row.document.document, row.document.version).await?;
    if row.closed_ms.is_some() && answers.is_empty() {
        return Ok(None);
    }
    let is_signed = answers.iter().any(|answer| answer.said.is_signed());
    let answers = answers.into_iter().map(answer_told).collect();
    Ok(Some(Document { open: row.closed_ms.is_none() && !is_signed, answers, ..row.document }))
}

fn answer_told(row: AnswerRow) -> DocumentAnswer {
    let (why, words) = match &row.said {
        Said::Signed(_) => Default::default(),
        Said::Declined(declined) => (declined.why.clone(), declined.words.clone()),
    };
    DocumentAnswer {
        event: row.event,
        signed: row.said.is_signed(),
        at_ms: row.at_ms,
        uploaded_ms: row.uploaded_ms,
        received_ms: row.received.map(|(ms, _)| ms),
        print_ms: row.print.map(|(ms, _)| ms),
        why,
        words,
    }
}

/// How many versions a person's terminal is told of.
async fn told_of(conn: &mut Conn, detainee: DetaineeId) -> Result<usize, Fault> {
    let mut told = 0;
    for row in rows::of(conn, detainee).await? {
        told += usize::from(as_told(conn, row).await?.is_some());
    }
    Ok(told)
}

impl Platform {
    /// Asks somebody to sign a document; its number.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn ask_document(
        &self,
        detainee: DetaineeId,
        draft: Draft<'_>,
        by: &str,
    ) -> Result<Result<Uuid, Refusal>, Fault> {
        let mut write = self.core.tables.write().await?;
        let done = ask(&mut write, detainee, draft, by, self.now_ms()).await?;
        self.rings(write, detainee).await?;
        Ok(done)
    }

    /// Asks anew with another text; its version.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn change_document(
        &self,
        document: Uuid,
        draft: Draft<'_>,
        by: &str,
    ) -> Result<Result<u32, Refusal>, Fault> {
        let mut write = self.core.tables.write().await?;
        let done = change(&mut write, document, draft, by, self.now_ms()).await?;
        let of = rows::versions(&mut write, document).await?.into_iter().next();
        if let Some(row) = of {
            self.rings(write, row.document.detainee).await?;
        }
        Ok(done)
    }

    async fn rings(&self, mut write: crate::tables::Write, detainee: DetaineeId) -> Result<(), Fault> {
        let terminal = terminal_of(&mut write, detainee).await?;
        write.commit().await?;
        if let Some(terminal) = terminal {
            self.core.bells.ring(terminal);
        }
        Ok(())
    }
}
