// SPDX-License-Identifier: GPL-3.0-only
//! Asks who answered an alarm, for as long as one waits for more: the platform holds the question until it knows
//! something newer. While no alarm is open nothing is asked.

use crate::AlarmBox;
use crate::route::Route;
use crate::switch::Wake;
use contract::AlarmAnswers;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Whether an alarm is open is looked at this often even when no bell rang.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// An answer without news that comes sooner was not held back.
const ASK_MIN: Duration = Duration::from_secs(1);

pub(crate) struct Answers<B> {
    route: Arc<Route>,
    alarms: Arc<B>,
    /// Held so that the bell outlives its ringers.
    _bell: Wake,
    wake: watch::Receiver<u64>,
    /// How long the platform may hold a request, in seconds.
    wait_s: u32,
}

impl<B: AlarmBox> Answers<B> {
    pub(crate) fn new(route: Arc<Route>, alarms: Arc<B>, bell: &Wake, wait_s: u32) -> Self {
        Self { route, alarms, _bell: bell.clone(), wake: bell.ear(), wait_s }
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self) {
        let route = Arc::clone(&self.route);
        loop {
            self.wake.mark_unchanged();
            let Some(since) = self.alarms.awaited().await else {
                if !self.rest(LOOK_EVERY).await {
                    return;
                }
                continue;
            };
            let Some(pass) = route.enter().await else { return };
            let wait_s = if pass.is_probe() { 0 } else { self.wait_s };
            let asked = Instant::now();
            let Ok(heard) = pass.alarms(since, wait_s).await else { continue };
            if is_news(&heard.message, since) {
                self.alarms.answered(heard.message).await;
            } else if asked.elapsed() < ASK_MIN && wait_s > 0 && !self.rest(ASK_MIN).await {
                return;
            }
        }
    }

    /// Waits for the bell or a time; false when the task shall end.
    async fn rest(&mut self, longest: Duration) -> bool {
        tokio::select! {
            _ = self.wake.changed() => {}
            () = tokio::time::sleep(longest) => {}
            () = self.route.stop().told() => {}
        }
        !self.route.stop().is_told()
    }
}

/// A platform restored from a backup begins its revisions lower: what it says then is news as well.
fn is_news(answers: &AlarmAnswers, since: u64) -> bool {
    answers.rev != since
}
