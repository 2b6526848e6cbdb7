// SPDX-License-Identifier: GPL-3.0-only
//! The desk as an officer has it: its pages in a real browser, beside the kiosk they speak of.

use crate::world::{Setup, World};
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use url::Url;

/// How long something may take to appear on a page; the live page asks every two seconds.
const APPEARS: Duration = Duration::from_secs(30);
/// How long the browser may take to go.
const LEAVES: Duration = Duration::from_secs(10);

/// Keep the browser to itself and to loopback.
const FLAGS: [&str; 10] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// Of all that can be filled in, what has no label.
const UNLABELLED: &str = "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(field => !field.labels.length || !field.labels[0].textContent.trim()).map(field => field.outerHTML)";

#[test]
fn an_officer_starts_a_roll_call_in_the_browser_and_sees_it_signed() {
    let Some(browser) = Browser::open() else { return };
    let world = World::new(Setup::default());
    let desk = format!("http://{}", world.platform().desk_addr);
    let terminal = world.seeded.terminal;
    let user = world.seeded.desk_users.iter().find(|user| user.role == "duty_officer").expect("seeded");
    let state = |name: &str| format!("#state-{terminal}[data-state={name}]");

    browser.goto(&format!("{desk}/"));
    assert_eq!(browser.path(), "/login");
    browser.is_well_made();
    browser.sign_in(&user.name, "not the password");
    assert_eq!(browser.attr("#login-wrong", "role"), "alert");
    assert_eq!(browser.path(), "/login");
    // A refused password is a 401, which the browser itself writes down.
    let refused = browser.complaints();
    assert!(matches!(&refused[..], [one] if one.contains("401")), "{refused:?}");

    browser.sign_in(&user.name, &user.password);
    assert!(browser.text("#who").starts_with(&user.name));
    let cell = format!("#cell-{terminal}");
    assert!(browser.text(&cell).starts_with(&format!("{} {}", world.seeded.block, world.seeded.cell)));
    browser.is_well_made();

    browser.select("#start-title", "desk-title-noon");
    browser.click("#start-submit");
    assert_eq!(browser.attr("#said", "role"), "status");
    browser.run("window.sameDocument = true");
    world.until("the roll call is announced", |world| {
        world.scene().is_some_and(|scene| scene.roll_call.is_some())
    });
    browser.see(&state("announced"));
    assert!(browser.text(&cell).contains("午点名"));
    let link = format!("{cell} h3 a");
    let call = browser.attr(&link, "id");

    let first = world.called().id;
    browser.see(&state("open"));
    browser.see(&format!("#line-{first}[data-place=called]"));
    world.answer_by_pin();
    browser.see(&format!("#line-{first}[data-place=present]"));
    world.all_answer_by_pin();
    browser.see(&state("review"));
    assert_eq!(browser.count("#live tr[data-place=present]"), world.seeded.detainees.len());
    world.officer_in(0);
    world.sign();
    browser.see(&state("received"));
    assert_eq!(browser.run("return window.sameDocument"), json!(true), "the page was live, not loaded again");
    let number = call.strip_prefix("call-").expect("an id of a roll call");
    assert_eq!(browser.text(&format!("#total-present-{number}")), "12");
    assert_eq!(browser.text(&format!("#total-not-seen-{number}")), "0");

    browser.click(&link);
    browser.see("#state[data-state=received]");
    let report = world.received(number.parse().expect("an id"));
    let signed_hash = report.signed_hash.expect("a signed result").to_string();
    assert_eq!(browser.text("#signature"), format!("验证通过 {signed_hash}"));
    assert_eq!(browser.text("#signed-by"), world.seeded.officers[0].name);
    assert_eq!(browser.count("#lines tbody tr[data-place=present]"), world.seeded.detainees.len());
    browser.is_well_made();

    browser.click("nav a[href='/history']");
    let row = browser.text(&format!("#{call}[data-state=received]"));
    assert!(row.contains("午点名"), "{row}");
    browser.is_well_made();

    browser.click("#logout");
    browser.see("#login-name");
    for page in ["/", "/history", &format!("/roll-calls/{terminal}/{number}")] {
        browser.goto(&format!("{desk}{page}"));
        assert_eq!(browser.path(), "/login", "{page} after signing out");
    }
    browser.is_well_made();
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the console: {complaints:?}");
}

/// Chromium, driven through its driver; both end with it, also where a test fails.
struct Browser {
    runtime: tokio::runtime::Runtime,
    client: Option<Client>,
    driver: Driver,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// None, said aloud, where there is no browser; where `CI=true` there has to be one.
    fn open() -> Option<Self> {
        let Some(driver) = Driver::start() else {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "chromium and chromedriver are required here"
            );
            eprintln!("skipped: chromium and chromedriver are not installed");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).into();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        // Chromium refuses its sandbox to root, as whom containers run.
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            flags.push("--no-sandbox".to_owned());
        }
        let Value::Object(wanted) = json!({
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        }) else {
            unreachable!("an object is written above")
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut browser = Self { runtime, client: None, driver, _profile: profile };
        let address = format!("http://127.0.0.1:{}", browser.driver.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(wanted).connect(&address);
        browser.client = Some(browser.runtime.block_on(connecting).unwrap());
        Some(browser)
    }

    /// Does one thing with the browser.
    fn with<T>(&self, what: &str, act: impl AsyncFnOnce(&Client) -> Result<T, CmdError>) -> T {
        let client = self.client.as_ref().expect("open until dropped");
        let done = self.runtime.block_on(act(client));
        done.unwrap_or_else(|error| panic!("the browser cannot {what}: {error}"))
    }

    fn goto(&self, address: &str) {
        self.with(address, async |client| client.goto(address).await);
    }

    fn path(&self) -> String {
        self.with("say where it is", async |client| client.current_url().await).path().to_owned()
    }

    /// Waits until something is there.
    fn see(&self, css: &str) {
        self.with(css, async |client| find(client, css).await.map(drop));
    }

    fn text(&self, css: &str) -> String {
        self.with(css, async |client| find(client, css).await?.text().await)
    }

    fn attr(&self, css: &str, name: &str) -> String {
        let value = self.with(css, async |client| find(client, css).await?.attr(name).await);
        value.unwrap_or_else(|| panic!("{css} has no {name}"))
    }

    fn count(&self, css: &str) -> usize {
        self.with(css, async |client| client.find_all(Locator::Css(css)).await).len()
    }

    fn click(&self, css: &str) {
        self.with(css, async |client| find(client, css).await?.click().await);
    }

    fn fill(&self, css: &str, text: &str) {
        self.with(css, async |client| find(client, css).await?.send_keys(text).await);
    }

    fn select(&self, css: &str, value: &str) {
        self.with(css, async |client| find(client, css).await?.select_by_value(value).await);
    }

    fn run(&self, script: &str) -> Value {
        self.with(script, async |client| client.execute(script, Vec::new()).await)
    }

    fn sign_in(&self, name: &str, password: &str) {
        self.fill("#login-name", name);
        self.fill("#login-password", password);
        self.click("#login-submit");
    }

    /// The page has a title and a language, and a label for each field.
    fn is_well_made(&self) {
        let title = self.with("give the title", async |client| client.title().await);
        assert!(title.ends_with("监室终端工作台") && title.contains(" · "), "{title}");
        assert_eq!(self.attr("html", "lang"), "zh-CN");
        assert_eq!(self.run(UNLABELLED), json!([]), "fields without a label on {}", self.path());
    }

    /// What the console has got since it was last asked, but for what is only told.
    fn complaints(&self) -> Vec<String> {
        let log = self.with("give the console", async |client| client.issue_cmd(Console).await);
        let lines = log.as_array().expect("a list of lines");
        let complaints = lines.iter().filter(|line| line["level"] == "SEVERE" || line["level"] == "WARNING");
        complaints.map(|line| line["message"].to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let closing = async { tokio::time::timeout(LEAVES, client.close()).await };
            self.runtime.block_on(closing).ok();
        }
    }
}

async fn find(client: &Client, css: &str) -> Result<fantoccini::elements::Element, CmdError> {
    client.wait().at_most(APPEARS).for_element(Locator::Css(css)).await
}

/// Chromium's driver on a port of its own choice.
struct Driver {
    child: Child,
    port: u16,
    /// Kept: a driver that cannot write ends.
    said: BufReader<ChildStdout>,
}

impl Driver {
    fn start() -> Option<Self> {
        let there =
            |name: &str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
        if !there("chromium") || !there("chromedriver") {
            return None;
        }
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().expect("piped above"));
        let mut driver = Self { child, port: 0, said };
        let port =
            |line: String| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok();
        driver.port = driver
            .said
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(port)
            .expect("the driver names its port");
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The lines of the browser's console, which the driver gives beyond the standard.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
