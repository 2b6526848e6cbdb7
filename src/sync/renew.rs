// SPDX-License-Identifier: GPL-3.0-only
//! Renews this terminal's certificate from the half of its life on.
//!
//! Each terminal begins at a moment of its own, so that those enrolled on one day do not come on one day. A failed
//! renewal stops nothing and is tried again. A terminal whose certificate ended while it was off renews it by the
//! platform's narrow path before anything else is taken from it.

use crate::Why;
use crate::enrol::signing_request;
use crate::identity::{Identity, Validity};
use crate::link::LinkState;
use crate::route::Route;
use crate::trusted_time::TrustedTime;
use contract::RenewRequest;
use std::sync::Arc;
use std::time::Duration;

pub(crate) struct Renewer {
    pub(crate) identity: Arc<Identity>,
    pub(crate) time: TrustedTime,
    /// The route the request goes by, and another that has to take the new certificate up.
    pub(crate) ordinary: Arc<Route>,
    pub(crate) alarm: Arc<Route>,
    /// How often the certificate is looked at.
    pub(crate) look_every: Duration,
}

impl Renewer {
    /// Runs until told to stop.
    pub(crate) async fn run(self) {
        loop {
            if self.is_due() && self.renew().await.is_none() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(self.look_every) => {}
                () = self.ordinary.stop().told() => return,
            }
        }
    }

    fn is_due(&self) -> bool {
        let Ok(Some(enrolment)) = self.identity.enrolment() else { return false };
        let share = self.identity.device().0.as_bytes()[0];
        let late = self.ordinary.state() == LinkState::Refused(Why::Certificate);
        late || enrolment.validity().is_ok_and(|validity| self.time.now_ms() >= due_ms(validity, share))
    }

    /// None when the task shall end.
    async fn renew(&self) -> Option<()> {
        let csr_pem = match signing_request(&self.identity) {
            Ok(csr_pem) => csr_pem,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "failed to ask for a certificate");
                return Some(());
            }
        };
        let pass = self.ordinary.enter().await?;
        // Why it failed is told where answers are judged.
        let Ok(reply) = pass.renew(&RenewRequest { csr_pem }).await else { return Some(()) };
        match self.identity.renew(reply) {
            Ok(()) => {
                tracing::info!("the certificate was renewed");
                self.ordinary.begin_anew();
                self.alarm.begin_anew();
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "failed to use the new certificate"
                );
            }
        }
        Some(())
    }
}

/// When to begin: after half of the life and a part, `share` of 255, of a further eighth.
fn due_ms(validity: Validity, share: u8) -> i64 {
    let life_ms = validity.until_ms.saturating_sub(validity.from_ms).max(0);
    validity.from_ms.saturating_add(life_ms / 2).saturating_add(life_ms / 8 / 255 * i64::from(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewal_begins_between_half_and_five_eighths_of_the_life() {
        let validity = Validity { from_ms: 1_000_000, until_ms: 9_000_000 };
        assert_eq!(due_ms(validity, 0), 5_000_000);
        let last = due_ms(validity, 255);
        assert!((5_990_000..=6_000_000).contains(&last), "{last}");
    }
}
