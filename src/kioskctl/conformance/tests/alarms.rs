// SPDX-License-Identifier: GPL-3.0-only
//! The small platform's alarms: none is ever answered, but each is told.

use super::fixture::{Answered, Core, Peer};
use super::wrong::Broken;
use crate::conformance::line::now_ms;
use axum::Extension;
use axum::extract::{Query, State};
use contract::{AlarmAnswer, AlarmAnswers};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    since: u64,
    wait: u64,
}

pub(super) async fn serve(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Query(asked): Query<Asked>,
) -> Answered {
    let device = core.caller(&peer)?;
    let until = Instant::now() + Duration::from_secs(asked.wait);
    let alarms = loop {
        let told: Vec<_> = {
            let tables = core.tables();
            let all = tables.alarms.iter();
            all.filter(|(of, _)| *of == device.id || core.is(Broken::AlarmsOfAll))
                .map(|(_, id)| *id)
                .collect()
        };
        let news = told.len() as u64 != asked.since && !core.is(Broken::AlarmsWaitOn);
        if news || core.is(Broken::AlarmsWaitNot) || Instant::now() >= until {
            break told;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let rev = alarms.len() as u64;
    let answer = |alarm| AlarmAnswer {
        alarm,
        acknowledged_ms: None,
        coming_ms: None,
        arrived_ms: None,
        closed_ms: None,
    };
    let alarms = alarms.into_iter().rev().map(answer).collect();
    let answers = AlarmAnswers { device: device.id, rev, alarms, server_ms: now_ms() };
    Ok(core.signed("alarms", &answers, core.is(Broken::AlarmsUnsigned)).0)
}
