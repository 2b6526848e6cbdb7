// SPDX-License-Identifier: GPL-3.0-only
//! What the platform says of documents. A text may be here before its person is.

use super::tables;
use crate::Taken;
use contract::{DOCUMENTS_EACH_MAX, DetaineeId, Document};
use store::{Fault, Write};
use uuid::Uuid;

/// The platform brought a version of a text, or took it back. One that was answered here stays readable: it is its
/// person's copy.
///
/// # Errors
/// The disk fails.
pub fn apply(
    tx: &Write<'_>,
    (document, version): (Uuid, u32),
    body: Option<&Document>,
) -> Result<Taken, Fault> {
    let Some(body) = body else {
        match tables::text(tx, document, version)? {
            Some(held) if tables::is_answered(tx, document, version)? => {
                tables::put_text(tx, &Document { open: false, ..held })?;
            }
            Some(_) | None => tables::delete_text(tx, document, version)?,
        }
        return Ok(Taken::Yes);
    };
    if (body.document, body.version) != (document, version) || !body.is_sound() {
        return Ok(Taken::SetAside("a document out of place"));
    }
    let is_new = tables::text(tx, document, version)?.is_none();
    if is_new && tables::texts_kept(tx, body.detainee)? >= DOCUMENTS_EACH_MAX {
        return Ok(Taken::SetAside("too many documents"));
    }
    tables::put_text(tx, body)?;
    Ok(Taken::Yes)
}

/// Somebody left the cell: nothing of theirs stays here. What has not gone out yet goes all the same.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tables::delete_person(tx, detainee)
}
