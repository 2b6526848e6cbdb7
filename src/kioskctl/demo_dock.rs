// SPDX-License-Identifier: GPL-3.0-only
//! The kiosk's developer dock from outside: one JSON line asks, one answers. A hand that touches, a card, a camera.

use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout, timeout_at};

/// The kiosk answers at once, unless something is wrong.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// How often the screen is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a finger stays.
const TOUCH: Duration = Duration::from_millis(80);
/// Longest answer, in bytes.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Why the dock cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DockError {
    #[error("reach the kiosk's dock")]
    Reach(#[source] std::io::Error),
    #[error("find the kiosk's dock in time")]
    Absent,
    #[error("hear an answer from the dock")]
    Answer(#[source] std::io::Error),
    #[error("understand the dock")]
    Words(#[source] serde_json::Error),
    #[error("{verb} at the dock: {why}")]
    Refused { verb: String, why: String },
    #[error("see {what} in time; on the screen is {page}: {ids}")]
    Unseen { what: String, page: String, ids: String },
}

/// What is on the screen.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Seen {
    pub(crate) page: String,
    pub(crate) ids: Vec<String>,
    /// What each of the ids says.
    #[serde(default)]
    pub(crate) labels: Vec<String>,
}

impl Seen {
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|seen| seen == id)
    }

    pub(crate) fn label(&self, id: &str) -> Option<&str> {
        let place = self.ids.iter().position(|seen| seen == id)?;
        self.labels.get(place).map(String::as_str)
    }

    /// The first thing whose id begins with `start`.
    pub(crate) fn first(&self, start: &str) -> Option<&str> {
        self.ids.iter().map(String::as_str).find(|id| id.starts_with(start))
    }
}

pub(crate) struct Dock {
    hear: BufReader<OwnedReadHalf>,
    say: OwnedWriteHalf,
}

impl Dock {
    /// Connects as soon as the kiosk listens.
    pub(crate) async fn connect(socket: &Path, in_time: Duration) -> Result<Self, DockError> {
        let until = Instant::now() + in_time;
        let mut tick = interval(LOOK_EVERY);
        loop {
            timeout_at(until, tick.tick()).await.map_err(|_| DockError::Absent)?;
            match UnixStream::connect(socket).await {
                Ok(stream) => {
                    let (hear, say) = stream.into_split();
                    return Ok(Self { hear: BufReader::new(hear), say });
                }
                Err(error) if Instant::now() > until => return Err(DockError::Reach(error)),
                Err(_) => {}
            }
        }
    }

    pub(crate) async fn touch(&mut self, id: &str) -> Result<(), DockError> {
        self.ask(json!({ "verb": "touch", "id": id, "ms": TOUCH.as_millis() as u64 })).await?;
        // The finger is lifted before the next thing happens.
        tokio::time::sleep(2 * TOUCH).await;
        Ok(())
    }

    pub(crate) async fn card(&mut self, number: &str) -> Result<(), DockError> {
        self.ask(json!({ "verb": "card", "number": number })).await.map(drop)
    }

    pub(crate) async fn camera(&mut self, line: &str) -> Result<(), DockError> {
        self.ask(json!({ "verb": "camera", "line": line })).await.map(drop)
    }

    pub(crate) async fn see(&mut self) -> Result<Seen, DockError> {
        let answer = self.ask(json!({ "verb": "see" })).await?;
        serde_json::from_value(answer).map_err(DockError::Words)
    }

    /// Looks at the screen until `wanted` finds what it looks for.
    pub(crate) async fn until<T>(
        &mut self,
        what: &str,
        in_time: Duration,
        wanted: impl Fn(&Seen) -> Option<T>,
    ) -> Result<T, DockError> {
        let until = Instant::now() + in_time;
        let mut tick = interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let seen = self.see().await?;
            if let Some(found) = wanted(&seen) {
                return Ok(found);
            }
            if Instant::now() > until {
                let Seen { page, ids, .. } = seen;
                return Err(DockError::Unseen {
                    what: what.to_owned(),
                    page,
                    ids: ids.iter().filter(|id| !id.is_empty()).cloned().collect::<Vec<_>>().join(" "),
                });
            }
        }
    }

    async fn ask(&mut self, request: Value) -> Result<Value, DockError> {
        let verb = request["verb"].as_str().unwrap_or_default().to_owned();
        let mut line = request.to_string();
        line.push('\n');
        let exchange = async {
            self.say.write_all(line.as_bytes()).await?;
            let mut answer = String::new();
            (&mut self.hear).take(ANSWER_BYTES_MAX).read_line(&mut answer).await?;
            Ok(answer)
        };
        let silent = |_| DockError::Answer(std::io::ErrorKind::TimedOut.into());
        let answer = timeout(ANSWER_MAX, exchange).await.map_err(silent)?.map_err(DockError::Answer)?;
        let answer: Value = serde_json::from_str(&answer).map_err(DockError::Words)?;
        if answer["ok"] == true {
            return Ok(answer);
        }
        let why = answer["why"].as_str().unwrap_or("no reason given").to_owned();
        Err(DockError::Refused { verb, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers each line with the next of `answers`, and gives back what was asked.
    async fn dock(
        answers: &'static [&'static str],
    ) -> (Dock, tokio::task::JoinHandle<Vec<String>>, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("dock");
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        let asked = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (hear, mut say) = stream.into_split();
            let mut lines = BufReader::new(hear).lines();
            let mut asked = Vec::new();
            for answer in answers {
                asked.push(lines.next_line().await.unwrap().unwrap());
                say.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
            }
            asked
        });
        (Dock::connect(&socket, ANSWER_MAX).await.unwrap(), asked, dir)
    }

    #[tokio::test]
    async fn a_touch_is_one_line_and_a_refusal_says_why() {
        let (mut dock, asked, _dir) =
            dock(&[r#"{"ok":true}"#, r#"{"ok":false,"why":"there is no such thing"}"#]).await;
        dock.touch("sign").await.unwrap();
        let refused = dock.card("1").await.unwrap_err();
        assert_eq!(refused.to_string(), "card at the dock: there is no such thing");
        let lines = asked.await.unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&lines[0]).unwrap(),
            json!({ "verb": "touch", "id": "sign", "ms": 80 })
        );
    }

    #[tokio::test]
    async fn it_looks_until_it_sees() {
        let (mut dock, _asked, _dir) = dock(&[
            r#"{"ok":true,"page":"home","ids":["officer"]}"#,
            r#"{"ok":true,"page":"officer","ids":["choice-review","leave"]}"#,
        ])
        .await;
        let found = dock.until("the menu", ANSWER_MAX, |seen| seen.first("choice-").map(str::to_owned)).await;
        assert_eq!(found.unwrap(), "choice-review");
    }

    #[tokio::test]
    async fn what_never_comes_ends_with_what_is_there() {
        let (mut dock, _asked, _dir) = dock(&[r#"{"ok":true,"page":"home","ids":["officer"]}"#]).await;
        let unseen = dock.until("the moon", Duration::ZERO, |seen| seen.has("moon").then_some(())).await;
        assert!(unseen.unwrap_err().to_string().contains("home: officer"));
    }
}
