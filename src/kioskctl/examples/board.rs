// SPDX-License-Identifier: GPL-3.0-only
//! From the press to the board of alarms, as JSON:
//! `cargo run -q --release -p kioskctl --example board -- FOLDER [TERMINALS]`.
//!
//! Many terminals, each with its feed and its alarm's own lane and connection, over TLS on loopback and in one process
//! with the reference platform; and a desk at which the control room is signed in and asks for the board as its script
//! does. One after the other, terminals chosen by chance raise an alarm: shown is when the board's answer that holds it
//! was read. Aim: the p99 is within a second.

mod terminals;

use contract::{Event, EventId, PanicForm, PanicRaised, PanicSource, Post};
use platform::AlarmDeed;
use platform::demo::{FirstCall, Seed};
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use ring::rand::{SecureRandom, SystemRandom};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::Setup;
use terminals::{Beast, Failure, enrolled, now, percentile, reached, wall};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const TERMINALS: usize = 300;
/// Most alarms of a run; no terminal raises two.
const ALARMS_MAX: usize = 150;
/// The longest pause before the next alarm, so that none begins in step with the board's question.
const PAUSE_MAX: Duration = Duration::from_millis(255);
/// No alarm takes longer to the board.
const SHOWN_MAX: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().map(PathBuf::from).ok_or("give a folder on the disk to measure")?;
    let count = args.next().map_or(Ok(TERMINALS), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let running = platform::start(platform::Config::loopback(folder.path().join("platform"))).await?;
    let seed = Seed { first_call: FirstCall::Never, ..Seed::default() };
    let seeded = platform::demo::seed(&running.platform, seed).await?;
    let user = seeded.desk_users.iter().find(|user| user.role == Post::ControlRoom.name());
    let user = user.ok_or("the demo seeds no control room")?;

    let mut cells = Vec::with_capacity(count);
    for n in 0..count {
        let identity = enrolled(&running, folder.path(), n).await?;
        let (cell, alarms) = (Arc::new(Beast::new(&identity)), Arc::new(Beast::new(&identity)));
        let setup = Setup::new(wall());
        let wake = setup.wake.clone();
        let tasks = [
            sync::start(Arc::clone(&identity), Arc::clone(&cell), Setup::new(wall())),
            sync::start_alarm(identity, Arc::clone(&alarms), setup),
        ];
        cells.push((tasks, cell, alarms, wake));
    }
    reached(|| cells.iter().all(|(_, cell, ..)| cell.is_online())).await?;

    let desk = Desk::signed_in(format!("http://{}", running.desk_addr), &user.name, &user.password).await?;
    let (answers, mut board) = unbounded_channel();
    let following = tokio::spawn(async move {
        // Without further answers the run ends by its time-out, and says so.
        desk.follow(&answers).await.map_err(|failure| failure.to_string())
    });
    let mut shown = Vec::new();
    let mut waiting: Vec<usize> = (0..count).collect();
    while shown.len() < ALARMS_MAX.min(count) {
        tokio::time::sleep(PAUSE_MAX * u32::from(byte()?) / 255).await;
        let drawn = usize::from(byte()?) << 8 | usize::from(byte()?);
        let (.., alarms, wake) = &cells[waiting.swap_remove(drawn % waiting.len())];
        let raised =
            PanicRaised { at: now(), form: PanicForm::Open, source: PanicSource::Screen, joins: None };
        let begun = Instant::now();
        let id = alarms.raise(&Event::PanicRaised(raised))?;
        wake.ring();
        let seen = tokio::time::timeout(SHOWN_MAX, until_shown(&mut board, id)).await??;
        shown.push(seen.saturating_duration_since(begun));
        // The control room closes it, so that the board does not grow.
        let open = running.platform.alarms().await?.into_iter().find(|alarm| alarm.alarm == id);
        let open = open.ok_or("the alarm on the board is no alarm")?;
        running.platform.answer_alarm(&open, AlarmDeed::Close("bench"), &user.name).await?;
    }
    following.abort();

    shown.sort_unstable();
    let mut taken: Vec<Duration> = cells.iter().filter_map(|(_, _, alarms, _)| alarms.kept().took).collect();
    taken.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let report = serde_json::json!({
        "terminals": count,
        "alarms": shown.len(),
        "shown_p50_ms": ms(percentile(&shown, 50)),
        "shown_p99_ms": ms(percentile(&shown, 99)),
        "shown_max_ms": ms(percentile(&shown, 100)),
        "taken_p99_ms": ms(percentile(&taken, 99)),
    });
    for (tasks, ..) in cells {
        for tasks in tasks {
            tasks.stop().await;
        }
    }
    running.stop().await;
    #[expect(clippy::print_stdout, reason = "the report")]
    {
        println!("{report}");
    }
    Ok(())
}

/// When an answer of the board held this alarm.
async fn until_shown(
    board: &mut UnboundedReceiver<(Instant, String)>,
    id: EventId,
) -> Result<Instant, Failure> {
    let card = format!("id=\"alarm-{id}\"");
    loop {
        let (at, text) = board.recv().await.ok_or("the board stopped answering")?;
        if text.contains(&card) {
            return Ok(at);
        }
    }
}

fn byte() -> Result<u8, Failure> {
    let mut byte = [0];
    SystemRandom::new().fill(&mut byte).map_err(|_| "the system gives no random numbers")?;
    Ok(byte[0])
}

/// A browser at which somebody is signed in.
struct Desk {
    client: reqwest::Client,
    address: String,
    cookie: String,
}

impl Desk {
    async fn signed_in(address: String, name: &str, password: &str) -> Result<Self, Failure> {
        // Refused where it is installed already, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
        let form = client.get(format!("{address}/login")).send().await?;
        let before = cookie(&form, "desk_before")?;
        let form = form.text().await?;
        let csrf = between(&form, "name=\"csrf\" value=\"", "\"").ok_or("no token in the form")?;
        let sign_in = client
            .post(format!("{address}/login"))
            .header(COOKIE, before)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("csrf={csrf}&name={name}&password={password}"));
        let cookie = cookie(&sign_in.send().await?, "desk")?;
        Ok(Self { client, address, cookie })
    }

    /// Asks for the board as its script does: at once again, from the newest step seen.
    async fn follow(&self, answers: &UnboundedSender<(Instant, String)>) -> Result<(), Failure> {
        let mut seen = String::from("0");
        loop {
            let address = format!("{}/alarms?part=board&since={seen}", self.address);
            let answer = self.client.get(address).header(COOKIE, &self.cookie).send().await?;
            let text = answer.error_for_status()?.text().await?;
            seen = between(&text, "data-seen=\"", "\"").ok_or("no board in the answer")?.to_owned();
            answers.send((Instant::now(), text))?;
        }
    }
}

/// The cookie an answer sets, as it is sent back.
fn cookie(answer: &reqwest::Response, name: &str) -> Result<String, Failure> {
    let sets = answer.headers().get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
    let pairs = sets.filter_map(|set| set.split(';').next());
    let found = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
    found.map(|(key, value)| format!("{key}={value}")).ok_or_else(|| format!("no cookie {name}").into())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}
