// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about alarms.

use contract::{CameraState, EventId, Stamp};
use store::{Fault, Read, Write};
use uuid::Uuid;

pub(super) fn set_raised(tx: &Write<'_>, event: EventId, raised: &Stamp) -> Result<(), Fault> {
    let raised = crate::json(raised)?;
    tx.sql().execute("UPDATE alarm_state SET event = ?1, raised = ?2", (event.0.as_bytes(), raised))?;
    Ok(())
}

pub(super) fn raised(read: &Read<'_>) -> Result<Option<(EventId, Stamp)>, Fault> {
    let row: (Option<[u8; 16]>, Option<String>) =
        read.sql()
            .query_row("SELECT event, raised FROM alarm_state", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(event), Some(raised)) = row else { return Ok(None) };
    Ok(Some((EventId(Uuid::from_bytes(event)), crate::from_json(&raised, "stamp")?)))
}

pub(super) fn set_camera(tx: &Write<'_>, state: CameraState) -> Result<(), Fault> {
    tx.sql().execute("UPDATE alarm_state SET camera = ?1", [crate::json(&state)?])?;
    Ok(())
}

pub(super) fn camera(read: &Read<'_>) -> Result<Option<CameraState>, Fault> {
    let camera: Option<String> =
        read.sql().query_row("SELECT camera FROM alarm_state", [], |row| row.get(0))?;
    camera.map(|camera| crate::from_json(&camera, "camera state")).transpose()
}
