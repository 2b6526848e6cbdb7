// SPDX-License-Identifier: GPL-3.0-only
//! What the platform says of the shop and the books. Nothing is asked of the order in which it comes: an account may be
//! here before its person is.

use super::tables;
use crate::Taken;
use contract::{
    ACCOUNT_LIST_MAX, CATALOGUE_MAX, DetaineeId, Digest, ORDER_LINES_MAX, OrderStatus, STATEMENT_PAGE_LINES,
    StatementLine, Update,
};
use store::{Fault, Write};

/// The platform brought something of the shop.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update) -> Result<Taken, Fault> {
    match update {
        Update::Catalogue { sku, item: Some(item) } => {
            if item.sku.as_str() != sku || !item.is_sound() {
                return Ok(Taken::SetAside("a thing whose numbers make no sense"));
            }
            if tables::items_kept(tx)? >= CATALOGUE_MAX && tables::item(tx, sku)?.is_none() {
                return Ok(Taken::SetAside("too many things"));
            }
            tables::put_item(tx, item)?;
        }
        Update::Catalogue { sku, item: None } => tables::delete_item(tx, sku)?,
        Update::Account { detainee, account: Some(account) } => {
            if account.detainee != *detainee {
                return Ok(Taken::SetAside("an account out of place"));
            }
            if [account.bought.len(), account.owed.len(), account.diets.len()]
                .into_iter()
                .any(|len| len > ACCOUNT_LIST_MAX)
            {
                return Ok(Taken::SetAside("an account with too long a list"));
            }
            tables::put_account(tx, account)?;
        }
        Update::Account { detainee, account: None } => tables::delete_account(tx, *detainee)?,
        Update::Statement { detainee, first, page } => {
            let lines = page.as_ref().map_or(&[][..], |page| &page.lines);
            if lines.len() > STATEMENT_PAGE_LINES {
                return Ok(Taken::SetAside("a part of a statement out of place"));
            }
            if !follows(tx, *detainee, *first, lines)? {
                tracing::error!("a statement whose lines do not follow one another");
                return Ok(Taken::SetAside("a statement whose lines do not follow one another"));
            }
            tables::put_lines(tx, *detainee, *first, lines)?;
        }
        Update::Order { order, status: Some(status) } => {
            if status.order != *order || status.lines.len() > ORDER_LINES_MAX || !is_whole(status) {
                return Ok(Taken::SetAside("an order out of place"));
            }
            tables::put_status(tx, status)?;
        }
        Update::Order { order, status: None } => tables::delete_order(tx, *order)?,
        Update::Facility(_)
        | Update::Terminal(_)
        | Update::Member(_)
        | Update::MemberGone(_)
        | Update::Officer(_)
        | Update::OfficerGone(_)
        | Update::Schedule { .. }
        | Update::RollCallTask(_)
        | Update::Policy(_)
        | Update::Request(_)
        | Update::RequestGone(_)
        | Update::Media { .. }
        | Update::Rota { .. }
        | Update::DutyAnswer(_)
        | Update::Office(_)
        | Update::Care { .. }
        | Update::CareNotice { .. }
        | Update::Complaint { .. }
        | Update::Appointment(_)
        | Update::AppointmentGone(_)
        | Update::AnswerFigures(_)
        | Update::Document { .. }
        | Update::PublicNotice { .. } => return Ok(Taken::SetAside("not of the shop")),
    }
    Ok(Taken::Yes)
}

/// Somebody left the cell: nothing of their money stays here. What has not gone out yet goes all the same.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tables::delete_account(tx, detainee)?;
    tables::delete_person(tx, detainee)
}

/// Whether the numbers rise by one from `first` and each line's hash follows from the one before, as far as that is here.
fn follows(tx: &Write<'_>, detainee: DetaineeId, first: u64, lines: &[StatementLine]) -> Result<bool, Fault> {
    let mut before = match first.checked_sub(1) {
        None => return Ok(false),
        Some(0) => Some(Digest::ZERO),
        Some(number) => tables::line(tx, detainee, number)?.map(|line| line.hash),
    };
    for (number, line) in (first..).zip(lines) {
        let sound = before.is_none_or(|before| line.clone().hashed(detainee, before).hash == line.hash);
        if line.number != number || !sound {
            return Ok(false);
        }
        before = Some(line.hash);
    }
    Ok(true)
}

/// Whether its last step is where it stands.
fn is_whole(status: &OrderStatus) -> bool {
    status.steps.last().is_some_and(|step| step.state == status.state)
}
