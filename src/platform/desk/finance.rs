// SPDX-License-Identifier: GPL-3.0-only
//! 财务, at the desk: everybody's account, one person's statement with all that can be done to it, what people object to,
//! the books as a whole. An adjustment is proposed here and decided on a page of another post.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::money::{self, Asked, REFERENCE_MAX, WORDS_MAX, amount, field, form, yuan};
use super::statement_pdf::{self, Whose};
use super::words::{OFFSET_MIN, Words, machine};
use super::{Desk, Shared, Wrong, goods};
use crate::books::{self, StatementCheck};
use crate::finance::{self, Refusal, Said};
use crate::reports::Names;
use crate::tables::accounts::{self as rows, AccountRow, AdjustmentRow, ObjectionRow};
use crate::tables::{Conn, desk as desk_rows, devices};
use crate::{Fault, accounts, statements};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contract::{Account, DetaineeId, EventId, FamilyStatement, Fen, Owed, Signed, StatementLine};
use maud::{Markup, html};
use uuid::Uuid;

/// The newest lines of a statement that are shown; all of them leave as a file.
const LINES_MAX: u64 = 200;

/// Somebody with their account, for the list.
struct Person {
    row: AccountRow,
    balance: Fen,
    name: String,
    badge_number: String,
    place: String,
}

pub(super) async fn list(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut people = Vec::new();
    for (row, balance) in rows::all(&mut read, ROWS_MAX * 10).await? {
        people.push(person(&mut read, row, balance).await?);
    }
    let mut objections = Vec::new();
    let mut names = Names::default();
    for said in rows::unanswered(&mut read, ROWS_MAX).await? {
        let (name, badge_number) = names.of(&mut read, said.detainee.to_string()).await?;
        let from = said.line.max(1);
        let line = accounts::lines_of(&mut read, said.detainee, from, 1).await?.pop();
        objections.push((said, format!("{badge_number} {name}"), line));
    }
    drop(read);
    people.sort_by_key(|one| (one.row.terminal.is_some(), one.place.clone(), one.badge_number.clone()));
    let title = words.t("desk-nav-accounts");
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        p { a id="books" href="/books" { (words.t("desk-books")) } }
        @if !objections.is_empty() {
            section.card aria-labelledby="objections-heading" {
                h2 id="objections-heading" { (words.t("desk-objections")) }
                @for (said, who, line) in &objections { (objection(words, &officer, said, who, line.as_ref())) }
            }
        }
        div.wide {
            table id="accounts" {
                caption { (words.t("desk-accounts-caption")) }
                (heads(words, &["desk-cell", "desk-badge", "desk-person", "desk-account-balance", "desk-account-state"]))
                tbody {
                    @for one in &people {
                        tr id={ "account-" (one.row.detainee) } {
                            td { (one.place) }
                            td { (one.badge_number) }
                            th scope="row" { a href={ "/accounts/" (one.row.detainee) } { (one.name) } }
                            td { (yuan(words, one.balance)) }
                            td { (state(words, &one.row)) }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Accounts, &title, &body))
}

async fn person(conn: &mut Conn, row: AccountRow, balance: Fen) -> Result<Person, Fault> {
    let (name, badge_number) = Names::default().of(conn, row.detainee.to_string()).await?;
    let place = match row.terminal {
        Some(terminal) => devices::terminal(conn, terminal).await?,
        None => None,
    };
    let place = place.map(|row| format!("{} {}", row.block, row.cell)).unwrap_or_default();
    Ok(Person { row, balance, name, badge_number, place })
}

fn state(words: Words, row: &AccountRow) -> String {
    let id = match (row.released_ms, row.terminal, &row.frozen) {
        (Some(_), _, _) => "desk-account-released",
        (None, None, _) => "desk-account-left",
        (None, Some(_), Some(_)) => "desk-account-frozen",
        (None, Some(_), None) => "desk-account-open",
    };
    words.t(id)
}

fn objection(
    words: Words,
    officer: &Officer,
    said: &ObjectionRow,
    who: &str,
    line: Option<&StatementLine>,
) -> Markup {
    let id = said.event.to_string();
    let fields = html! {
        input type="hidden" name="objection" value=(id);
        (field((&format!("answer-words-{id}"), "words"), &words.t("desk-answer-words"), WORDS_MAX, true))
    };
    html! {
        article id={ "objection-" (id) } {
            p {
                a href={ "/accounts/" (said.detainee) } { (who) } " · " (words.at(said.received_ms, OFFSET_MIN)) " · "
                @if said.line == 0 { (words.t("desk-objection-freeze")) }
                @else {
                    (words.f("desk-objection-line", &[("line", i64::try_from(said.line).unwrap_or(i64::MAX).into())]))
                    @if let Some(line) = line { " · " (kind(words, line)) " " (yuan(words, line.amount)) " " (line.words) }
                }
                @if let Some(why) = said.why {
                    " · " strong { (words.f("desk-dispute-why", &[("why", why.name().into())])) }
                }
            }
            (form(officer, ("/objections", "decline"), (&format!("decline-{id}"), &words.t("desk-objection-decline")), &fields))
            @if said.line > 0 {
                @let fields = html! {
                    input type="hidden" name="objection" value=(id);
                    (proposal_fields(words, &id))
                };
                (form(officer, (&format!("/accounts/{}", said.detainee), "propose"),
                    (&format!("uphold-{id}"), &words.t("desk-objection-uphold")), &fields))
            }
        }
    }
}

fn kind(words: Words, line: &StatementLine) -> String {
    words.f("desk-line-kind", &[("kind", line.kind.name().into())])
}

/// Answers what was said without a change of the books.
pub(super) async fn answer(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let event: EventId = posted.get("objection")?;
    let words = money::short(&posted, "words", WORDS_MAX)?;
    let (now_ms, by) = (desk.core.clock.now_ms(), posted.officer.name.as_str());
    let said = Said { words, reference: "", by };
    let mut write = desk.core.tables.write().await?;
    let told = match finance::decline_objection(&mut write, event, said, now_ms).await? {
        Ok(()) => {
            desk_rows::audit(&mut write, by, "objection_decline", &event.to_string(), now_ms).await?;
            write.commit().await?;
            "done"
        }
        Err(refusal) => code(refusal)?,
    };
    Ok(money::back("/accounts", told, ""))
}

fn code(refusal: Refusal) -> Result<&'static str, Wrong> {
    match refusal {
        Refusal::Unknown => Err(Wrong::NotFound),
        Refusal::Amount => Ok("amount"),
        Refusal::Short => Ok("short"),
        Refusal::Words => Ok("words"),
        Refusal::Over => Ok("over"),
        Refusal::Own => Ok("own"),
    }
}

pub(super) async fn account(
    State(desk): Shared,
    Path(detainee): Path<String>,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let detainee: DetaineeId = detainee.parse().map_err(|_| Wrong::NotFound)?;
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let row = rows::get(&mut read, detainee).await?.ok_or(Wrong::NotFound)?;
    let account = accounts::account(&mut read, &row, now_ms).await?;
    let first = account.lines.saturating_sub(LINES_MAX) + 1;
    let lines = accounts::lines_of(&mut read, detainee, first, LINES_MAX as usize).await?;
    let owed = rows::owed(&mut read, detainee, contract::ACCOUNT_LIST_MAX).await?;
    let waits = rows::proposals(&mut read, finance::PROPOSALS_MAX).await?;
    let waits: Vec<AdjustmentRow> = waits.into_iter().filter(|one| one.detainee == detainee).collect();
    let one = person(&mut read, row, account.balance).await?;
    let check = books::check_statement(&mut read, detainee).await?;
    drop(read);
    let title = format!("{} {}", one.badge_number, one.name);
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        section.card { (facts(words, &one, &account)) (checked(words, check)) (statements(words, detainee)) }
        section.card aria-labelledby="deeds-heading" {
            h2 id="deeds-heading" { (words.t("desk-account-deeds")) }
            (deeds(words, &officer, &one, &account, &owed))
            @for one in &waits {
                p.wait { (words.f("desk-adjustment-waits", &[("amount", yuan(words, one.amount).into()), ("words", one.words.as_str().into())])) }
            }
        }
        (statement(words, &lines))
    };
    Ok(layout::page(words, Some(&officer), Tab::Accounts, &title, &body))
}

fn facts(words: Words, one: &Person, account: &Account) -> Markup {
    html! {
        dl.facts {
            dt { (words.t("desk-cell")) } dd { (one.place) " " (state(words, &one.row)) }
            dt { (words.t("desk-account-balance")) } dd id="balance" { (yuan(words, account.balance)) }
            dt { (words.t("desk-account-limit")) } dd {
                (yuan(words, account.limit.spent)) " / " (yuan(words, account.limit.most)) " " (account.limit.festival)
            }
            @if let Some(frozen) = &account.frozen {
                dt { (words.t("desk-account-frozen")) } dd { (words.at(frozen.since_ms, OFFSET_MIN)) " · " (frozen.why) " · " (frozen.reference) }
            }
            @for owed in &account.owed {
                dt { (words.t("desk-account-owed")) }
                dd { (owed.why) " · " (owed.reference) " · " (yuan(words, owed.paid)) " / " (yuan(words, owed.total)) }
            }
            dt { (words.t("desk-statement-code")) } dd { code id="statement-code" { (contract::statement_code(account.head)) } }
        }
    }
}

fn checked(words: Words, check: StatementCheck) -> Markup {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    match check {
        StatementCheck::Whole { lines } => html! {
            p.done id="statement-whole" { (words.f("desk-statement-whole", &[("count", count(lines).into())])) }
        },
        StatementCheck::Broken { line } | StatementCheck::End { line } => html! {
            p.wrong id="statement-broken" role="alert" { (words.f("desk-statement-broken", &[("line", count(line).into())])) }
        },
    }
}

fn statements(words: Words, detainee: DetaineeId) -> Markup {
    html! {
        p { a id="statement-json" href={ "/accounts/" (detainee) "/statement.json" } { (words.t("desk-statement-json")) }
            " · " a id="statement-pdf" href={ "/accounts/" (detainee) "/statement.pdf" } { (words.t("desk-statement-pdf")) } }
    }
}

fn proposal_fields(words: Words, own: &str) -> Markup {
    html! {
        (field((&format!("propose-amount-{own}"), "amount"), &words.t("desk-adjustment-amount"), 12, true))
        (field((&format!("propose-words-{own}"), "words"), &words.t("desk-account-why"), WORDS_MAX, true))
        (field((&format!("propose-reference-{own}"), "reference"), &words.t("desk-account-reference"), REFERENCE_MAX, true))
    }
}

fn deeds(words: Words, officer: &Officer, one: &Person, account: &Account, owed: &[(Uuid, Owed)]) -> Markup {
    let address = format!("/accounts/{}", one.row.detainee);
    let text = |deed: &str| words.f("desk-account-deed", &[("deed", deed.into())]);
    let said = |deed: &str, required: bool| {
        html! {
            (field((&format!("{deed}-words"), "words"), &words.t("desk-account-why"), WORDS_MAX, required))
            (field((&format!("{deed}-reference"), "reference"), &words.t("desk-account-reference"), REFERENCE_MAX, required))
        }
    };
    let money =
        |deed: &str| field((&format!("{deed}-amount"), "amount"), &words.t("desk-account-amount"), 12, true);
    let of = |deed: &str, fields: Markup| form(officer, (&address, deed), (deed, &text(deed)), &fields);
    let month = one.row.month.map(money::plain).unwrap_or_default();
    html! {
        (of("deposit", html! { (money("deposit")) (said("deposit", false)) }))
        (of("owe", html! { (money("owe")) (said("owe", true)) }))
        @for (id, owed) in owed {
            (form(officer, (&address, "deduct"), (&format!("deduct-{id}"), &text("deduct")), &html! {
                input type="hidden" name="owed" value=(id);
                p { (owed.why) }
                (field((&format!("deduct-amount-{id}"), "amount"), &words.t("desk-account-amount"), 12, true))
            }))
        }
        @if account.frozen.is_some() { (of("unfreeze", said("unfreeze", true))) }
        @else { (of("freeze", said("freeze", true))) }
        (of("rules", html! {
            div {
                label for="rules-level" { (words.t("desk-account-level")) }
                input id="rules-level" name="level" type="number" min="0" max="255" value=(account.level) required;
            }
            div {
                label for="rules-month" { (words.t("desk-account-month")) }
                input id="rules-month" name="month" type="text" maxlength="12" value=(month);
            }
            fieldset { legend { (words.t("desk-account-diets")) } (goods::diets(words, "account", &account.diets)) }
        }))
        (of("propose", proposal_fields(words, "account")))
        @if one.row.released_ms.is_none() && one.row.terminal.is_none() { (of("release", said("release", true))) }
    }
}

fn statement(words: Words, lines: &[StatementLine]) -> Markup {
    html! {
        div.wide {
            table id="statement" {
                caption { (words.t("desk-statement")) }
                (heads(words, &["desk-line-number", "desk-time", "desk-line-what", "desk-account-amount", "desk-account-balance",
                    "desk-account-why", "desk-account-reference", "desk-objections"]))
                tbody {
                    @for line in lines.iter().rev() {
                        tr id={ "line-" (line.number) } class=[line.objection.as_ref().is_some_and(|said| said.answer.is_none()).then_some("alarm")] {
                            td { (line.number) }
                            td { time datetime=(machine(line.at_ms)) { (words.at(line.at_ms, OFFSET_MIN)) } }
                            th scope="row" { (kind(words, line)) }
                            td { (yuan(words, line.amount)) }
                            td { (yuan(words, line.balance)) }
                            td { (line.words) }
                            td { (line.reference) }
                            td {
                                @match line.objection.as_ref().map(|said| &said.answer) {
                                    None => {},
                                    Some(None) => (words.t("desk-objection-waits")),
                                    Some(Some(answer)) => {
                                        (words.t(if answer.upheld { "desk-objection-upheld" } else { "desk-objection-declined" }))
                                        " · " (answer.words)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The whole statement as a signed file; that it left is in the audit first.
pub(super) async fn json(
    State(desk): Shared,
    Path(detainee): Path<String>,
    officer: Officer,
) -> Result<Response, Wrong> {
    let (statement, signed) = given_out(&desk, &officer, &detainee).await?;
    let kind = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.json\"", statement.statement)),
    ];
    Ok((kind, serde_json::to_vec_pretty(&signed).map_err(Fault::from)?).into_response())
}

/// The same on paper.
pub(super) async fn pdf(
    State(desk): Shared,
    Path(detainee): Path<String>,
    words: Words,
    officer: Officer,
) -> Result<Response, Wrong> {
    let (statement, signed) = given_out(&desk, &officer, &detainee).await?;
    let mut read = desk.core.tables.read().await?;
    let (name, badge_number) = Names::default().of(&mut read, statement.account.detainee.to_string()).await?;
    drop(read);
    let kind = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.pdf\"", statement.statement)),
    ];
    let set = tokio::task::spawn_blocking(move || {
        let whose = Whose { name: &name, badge_number: &badge_number };
        statement_pdf::make(words, &whose, &statement, &signed)
    });
    Ok((kind, set.await.map_err(|_| Fault::Worker)??).into_response())
}

async fn given_out(
    desk: &Desk,
    officer: &Officer,
    detainee: &str,
) -> Result<(FamilyStatement, Signed), Wrong> {
    let detainee: DetaineeId = detainee.parse().map_err(|_| Wrong::NotFound)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    rows::get(&mut write, detainee).await?.ok_or(Wrong::NotFound)?;
    // What does not hold together is signed for nobody.
    let found = statements::family(&mut write, &desk.core, detainee).await?.ok_or(Wrong::Fault)?;
    desk_rows::audit(&mut write, &officer.name, "statement_out", &detainee.to_string(), now_ms).await?;
    write.commit().await?;
    Ok(found)
}

/// The deed, its way to the cell and its line in the audit are one transaction. The audit holds no amounts.
pub(super) async fn act(
    State(desk): Shared,
    Path(detainee): Path<String>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let detainee: DetaineeId = detainee.parse().map_err(|_| Wrong::NotFound)?;
    let (now_ms, by) = (desk.core.clock.now_ms(), posted.officer.name.as_str());
    let said = Said {
        words: money::short(&posted, "words", WORDS_MAX)?,
        reference: money::short(&posted, "reference", REFERENCE_MAX)?,
        by,
    };
    let mut write = desk.core.tables.write().await?;
    let (action, done) = match posted.text("deed") {
        Some("deposit") => {
            let fen = amount(&posted, "amount")?;
            ("money_deposit", finance::deposit(&mut write, detainee, fen, said, now_ms).await?)
        }
        Some("owe") => {
            let fen = amount(&posted, "amount")?;
            ("money_owe", finance::owe(&mut write, detainee, fen, said, now_ms).await?)
        }
        Some("deduct") => {
            let part = (posted.get("owed")?, amount(&posted, "amount")?);
            ("money_deduct", finance::deduct(&mut write, detainee, part, by, now_ms).await?)
        }
        Some("freeze") => ("account_freeze", finance::freeze(&mut write, detainee, said, now_ms).await?),
        Some("unfreeze") => {
            ("account_unfreeze", finance::unfreeze(&mut write, detainee, said, now_ms).await?)
        }
        Some("rules") => {
            let month = match posted.text("month").map_or("", str::trim) {
                "" => None,
                _ => Some(amount(&posted, "month")?),
            };
            let diets = goods::chosen_diets(&posted);
            let rules = (posted.get("level")?, diets.as_slice(), month);
            ("account_rules", finance::set_rules(&mut write, detainee, rules, now_ms).await?)
        }
        Some("propose") => {
            let objection = match posted.text("objection") {
                Some(_) => Some(posted.get("objection")?),
                None => None,
            };
            let asked = (amount(&posted, "amount")?, objection);
            ("adjustment_propose", finance::propose(&mut write, detainee, asked, said, now_ms).await?)
        }
        Some("release") => {
            let row = rows::get(&mut write, detainee).await?.ok_or(Wrong::NotFound)?;
            if row.terminal.is_some() {
                return Err(Wrong::Form);
            }
            ("account_release", finance::release(&mut write, detainee, said, now_ms).await?)
        }
        Some(_) | None => return Err(Wrong::Form),
    };
    let told = match done {
        Ok(()) => {
            desk_rows::audit(&mut write, by, action, &detainee.to_string(), now_ms).await?;
            write.commit().await?;
            "done"
        }
        Err(refusal) => code(refusal)?,
    };
    Ok(money::back(&format!("/accounts/{detainee}"), told, ""))
}
