// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about the terminal itself.

use contract::Stamp;
use store::{Fault, Read, Write};

pub(super) fn set_told(tx: &Write<'_>, told: &Stamp) -> Result<(), Fault> {
    tx.sql().execute("UPDATE device_state SET told = ?1", [crate::json(told)?])?;
    Ok(())
}

pub(super) fn told(read: &Read<'_>) -> Result<Option<Stamp>, Fault> {
    let told: Option<String> = read.sql().query_row("SELECT told FROM device_state", [], |row| row.get(0))?;
    told.map(|told| crate::from_json(&told, "stamp")).transpose()
}
