// SPDX-License-Identifier: GPL-3.0-only
//! The content key, and what leads on from it.

use super::bench::Bench;
use super::{Seen, hold};
use crate::say::chain;
use contract::{Digest, KeyChain};

/// From the key pinned at enrolment to the newest, whose own chain is empty; a strange key leads nowhere.
pub(crate) async fn content_keys(bench: &Bench) -> Seen {
    let a = &bench.a;
    let (page, _) = a.page(0, 0).await?;
    let ask = async |known: Digest| a.door.get(&format!("/v1/keys?known={known}")).await;
    let answer = ask(a.content_key.digest()).await?;
    hold(answer.status == 200, || format!("/v1/keys is answered {}", answer.told()))?;
    let statements: KeyChain = answer.plain()?;
    let keys = match statements.follow(&a.content_key) {
        Ok(keys) => keys,
        Err(error) => return hold(false, || format!("a terminal fails to {}", chain(&error))),
    };
    let newest = keys.last().unwrap_or(&a.content_key).digest();
    hold(page.newest_key.is_none_or(|told| told == newest), || {
        "newest_key of a page is not where the chain leads".to_owned()
    })?;
    let end: KeyChain = ask(newest).await?.plain()?;
    hold(end.statements.is_empty(), || "something leads on from the newest key".to_owned())?;
    let strange = ask(Digest::of(b"no key")).await?;
    hold(strange.refused(), || format!("a key that never was is answered {}", strange.told()))
}
