// SPDX-License-Identifier: GPL-3.0-only
//! The small platform's content keys: the one that signs, and one that is staged.

use super::fixture::{Answered, Core, Peer};
use super::wrong::Broken;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use contract::{Digest, KeyChain, KeyStatement, SigningKey};
use std::sync::{Arc, LazyLock};

/// Signs next, on each of them.
static STAGED: LazyLock<SigningKey> = LazyLock::new(key);

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    known: Digest,
}

fn key() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

pub(super) async fn serve(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Query(asked): Query<Asked>,
) -> Answered {
    core.caller(&peer)?;
    if asked.known == STAGED.public().digest() {
        return Ok(axum::Json(KeyChain { statements: Vec::new() }).into_response());
    }
    if asked.known != core.content.public().digest() {
        return Err(StatusCode::NOT_FOUND);
    }
    let stranger = key();
    let speaks = if core.is(Broken::StrangerSpeaksForKeys) { &stranger } else { &core.content };
    let said = KeyStatement::seal(speaks, STAGED.public(), 1).unwrap();
    Ok(axum::Json(KeyChain { statements: vec![said] }).into_response())
}
