// SPDX-License-Identifier: GPL-3.0-only
//! What the platform looks after by itself, unasked, until it ends.

use crate::listener::told;
use crate::{Core, Fault, fault::chain};
use std::sync::Arc;
use std::time::Duration;

/// Looks this often until the platform ends. A look that fails is logged as `unable`, and the next one comes all the same.
pub(crate) async fn rounds<T>(
    core: Arc<Core>,
    every: Duration,
    unable: &'static str,
    look: impl AsyncFn(&Core) -> Result<T, Fault>,
) {
    let mut stop = core.stop.clone();
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = told(&mut stop) => return,
        }
        if let Err(fault) = look(&core).await {
            tracing::error!(inside = chain(&fault), "{unable}");
        }
    }
}
