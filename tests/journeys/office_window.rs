// SPDX-License-Identifier: GPL-3.0-only
//! The procurator's window over the real platform and a real cell: listed, opened, answered, proven, verified, locked.
//! With `READER_PICTURES=folder` its pages are written there, for looking at.

use crate::world::{Setup, World};
use contract::{Arrangement, Office, OfficeKeys, OfficeSignIn, SealKey, Seen};
use i18n::Lang;
use reader::desk::{Desk, Done, IDLE_MS_MAX, Job, Now, Touch};
use reader::keys::Keys;
use reader::platform::{Address, Answer, Ask, Http, Platform};
use reader::screen::Screen;
use reader::view::view;
use services::scene::{ComplaintPage, Place};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use ui::{ReaderWindow, testing};
use zeroize::Zeroizing;

const PASSPHRASE: &str = "谁也猜不到的一句很长的话";
const DAY_MS: i64 = 86_400_000;

/// The window, its desk and the network, on one thread.
struct Seat<'a> {
    world: &'a World,
    window: ReaderWindow,
    desk: RefCell<Desk>,
    screen: Rc<Screen>,
    touches: Rc<RefCell<VecDeque<Touch>>>,
    held: RefCell<Vec<Job>>,
    http: Http,
    file: PathBuf,
    password: String,
}

impl<'a> Seat<'a> {
    /// An office whose keys are stated, before anybody sits down.
    fn of(world: &'a World, office: Office, name: &str) -> Self {
        let file = world.kiosk_dir().with_file_name("office.age");
        let keys = Keys::make(&file, office, PASSPHRASE, 4).unwrap();
        let http = Http::new(None).unwrap();
        let address = format!("http://{}", world.platform().desk_addr);
        let user = world.seeded.desk_users.iter().find(|user| user.name == name).unwrap();
        let to = Address::parse(&address).unwrap();
        let who = OfficeSignIn {
            name: name.to_owned(),
            password: Zeroizing::new(user.password.clone()),
            code: String::new(),
        };
        let Answer::Session(session) = world.block_on(http.ask(&to, Ask::SignIn(who))).unwrap() else {
            panic!("not let in")
        };
        let now_ms = device::Clock::now(&world.clock).wall_ms;
        let stated = OfficeKeys {
            office,
            recipients: vec![keys.recipient(), SealKey::generate().recipient()],
            signing: keys.signing.public(),
            made_ms: now_ms,
            arrangement: Some(Arrangement {
                from_ms: now_ms - DAY_MS,
                until_ms: now_ms + 30 * DAY_MS,
                retention_days: 365,
            }),
        };
        let statement = stated.sign(&keys.signing).unwrap();
        world.block_on(http.ask(&to, Ask::Keys { token: session.token, statement })).unwrap();
        let window = testing::open_reader(1280, 800, Lang::ZhCn);
        let touches: Rc<RefCell<VecDeque<Touch>>> = Rc::default();
        let line = Rc::clone(&touches);
        let screen = Screen::join(&window, move |touch| line.borrow_mut().push_back(touch));
        let now = Now { mono_ms: 0, wall_ms: now_ms };
        let password = user.password.clone();
        let desk = RefCell::new(Desk::new(address, file.clone(), now));
        let held = RefCell::default();
        let seat = Self { world, window, desk, screen, touches, held, http, file, password };
        seat.pump();
        seat
    }

    fn now(&self) -> Now {
        let now = device::Clock::now(&self.world.clock);
        Now { mono_ms: now.mono_ms, wall_ms: now.wall_ms }
    }

    fn sign_in(&self) {
        self.fill_in("name", "procurator");
        self.fill_in("password", &self.password);
        self.fill_in("passphrase", PASSPHRASE);
        self.click("enter");
    }

    fn click(&self, id: &str) {
        assert!(testing::click(&self.window, id), "{id} cannot be touched: {}", self.words());
        self.pump();
    }

    fn fill_in(&self, id: &str, text: &str) {
        assert!(testing::fill_in(&self.window, id, text), "{id} cannot be filled in: {}", self.words());
        self.pump();
    }

    fn label(&self, id: &str) -> String {
        testing::label(&self.window, id).unwrap_or_default()
    }

    fn has(&self, id: &str) -> bool {
        testing::find(&self.window, id).is_some()
    }

    fn words(&self) -> String {
        let all = testing::all(&self.window).into_iter();
        let words = all.flat_map(|one| [one.accessible_label(), one.accessible_value()]).flatten();
        words.map(|word| word.to_string()).collect::<Vec<_>>().join("\n")
    }

    /// What was held is asked again.
    fn news(&self) {
        let held: Vec<Job> = self.held.borrow_mut().drain(..).collect();
        held.into_iter().for_each(|job| self.run(job));
        self.pump();
    }

    fn pump(&self) {
        loop {
            let Some(touch) = self.touches.borrow_mut().pop_front() else { break };
            let jobs = self.desk.borrow_mut().touch(touch, self.now());
            self.take(jobs);
        }
        self.show(Lang::ZhCn);
    }

    fn show(&self, lang: Lang) {
        self.screen.show(view(&self.desk.borrow(), lang, self.now()));
        testing::elapsed(20);
    }

    fn take(&self, jobs: Vec<Job>) {
        for job in jobs {
            match job {
                Job::Ask { ask: Ask::Complaints { wait_s: 1.., .. }, .. }
                | Job::Ask { after_ms: 1.., .. } => {
                    self.held.borrow_mut().push(job);
                }
                Job::Ask { .. } | Job::OpenKeys { .. } | Job::KeepSeen { .. } => self.run(job),
            }
        }
    }

    fn run(&self, job: Job) {
        let done = match job {
            Job::OpenKeys { path, passphrase, turn } => reader::run::open_keys(&path, &passphrase, turn),
            Job::KeepSeen { keys, seen } => reader::run::keep_seen(&keys, &seen),
            Job::Ask { to, mut ask, about, turn, .. } => {
                if let Ask::Complaints { wait_s, .. } = &mut ask {
                    *wait_s = 0;
                }
                Done::Asked { outcome: self.world.block_on(self.http.ask(&to, ask)), about, turn }
            }
        };
        let jobs = self.desk.borrow_mut().done(done, self.now());
        self.take(jobs);
    }

    /// No text is missing and every control can be reached, in each language; a picture where one is wanted.
    fn check(&self, name: &str) {
        for lang in [Lang::En, Lang::ZhCn] {
            ui::install_reader_texts(&self.window, lang);
            self.show(lang);
            let picture = testing::snapshot(&self.window);
            assert_eq!(i18n::missing(), 0, "{name}");
            for element in testing::all(&self.window) {
                let (id, at, size) = (element.accessible_id(), element.absolute_position(), element.size());
                let label = element.accessible_label().unwrap_or_default();
                assert!(!label.contains('⟨'), "{name}: {label}");
                if testing::is_control(&element) && size.width >= 1.0 {
                    assert!(id.is_some_and(|id| !id.is_empty()) && !label.is_empty(), "{name}: {label}");
                    assert!(at.x >= -1.0 && at.x + size.width <= 1281.0, "{name}: {label} {}", at.x);
                    assert!(at.y >= -1.0 && at.y + size.height <= 801.0, "{name}: {label} {}", at.y);
                }
            }
            if let Some(folder) = std::env::var_os("READER_PICTURES") {
                let path = PathBuf::from(folder).join(format!("office-{name}-{}.png", lang.code()));
                let (width, height) = (picture.width(), picture.height());
                image::save_buffer(path, picture.as_bytes(), width, height, image::ColorType::Rgba8).unwrap();
            }
        }
    }
}

#[test]
fn the_procurator_lists_opens_answers_and_proves_in_their_window() {
    let world = World::new(Setup::default());
    let seat = Seat::of(&world, Office::Procurator, "procurator");
    world.set_policy(|policy| policy.complaint.delay_min = 0);
    world.touch("tile-complaints");
    world.until("the office is arranged", |world| world.procurator().0);
    let code = world.writes_named(0);
    let uploaded = |world: &World| {
        world.about().is_some_and(|sent| matches!(sent.delivery, Some(store::Delivery::Delivered { .. })))
    };
    let event = world.looks_up(&code).event;
    world.until("it is uploaded", uploaded);
    world.touch("leave");
    world.days_pass(3);
    world.seconds_pass(60);

    // Listed: late with its deadline, and nothing of its content before it is opened.
    seat.check("sign-in");
    seat.sign_in();
    seat.news();
    let item = format!("item-{event}");
    assert!(
        seat.label(&item).contains("逾期：应在") && seat.label(&item).contains("未打开"),
        "{}",
        seat.words()
    );
    assert!(!seat.words().contains("helpmexy") && !seat.words().contains("王建国"));
    seat.check("list");

    // Opened: that is the receipt, which the writer sees.
    seat.click(&item);
    assert!(seat.label("said").contains("helpmexy") && seat.words().contains("王建国"));
    seat.news();
    assert!(seat.label(&item).contains("已签收"), "{}", seat.label(&item));
    world.looks_up(&code);
    world.until("the receipt is here", |world| {
        world.about().is_some_and(|sent| sent.heard.received_ms.is_some())
    });
    world.touch("leave");

    // Answered with a meeting; a time that cannot be read is refused and the words stay.
    seat.fill_in("answer-words", "已经收到。检察官来当面听你说，来之前不要和别人讲。");
    seat.fill_in("meeting-date", "99-99");
    seat.fill_in("meeting-time", "10:00");
    seat.click("send-answer");
    assert!(seat.label("notice").contains("时间看不懂"), "{}", seat.label("notice"));
    seat.check("open");
    seat.fill_in("meeting-date", "11-27");
    seat.fill_in("meeting-time", "10:00");
    seat.click("send-answer");
    seat.news();
    assert!(seat.label(&item).contains("已答复") && !seat.label(&item).contains("逾期"));
    seat.check("answered");
    world.looks_up(&code);
    world.until("the answer is here", |world| world.about().is_some_and(|sent| sent.has_answer));
    world.touch("leave");
    seat.click("tab-meetings");
    assert!(seat.label(&format!("meeting-{event}")).contains("还没到时间"), "{}", seat.words());
    seat.check("meetings");

    // Proven, and the terminal verified by the code on its own screen.
    seat.click("tab-custody");
    assert!(seat.label("whole").contains("一件不少"), "{}", seat.words());
    world.touch("tile-complaints");
    world.touch("choice-proof");
    world.until_sees("proof-code");
    let Some(Place::Complaint(ComplaintPage::Proof { text, .. })) = world.scene().map(|scene| scene.place)
    else {
        panic!("no code")
    };
    world.touch("leave");
    seat.news();
    seat.fill_in("code-text", &text);
    seat.click("verify");
    assert!(seat.label("verdict").contains("305室"), "{}", seat.label("verdict"));
    assert!(seat.label("verdict-0").contains("平台已认收"), "no doubt: {}", seat.label("verdict-0"));
    seat.check("custody");
    seat.fill_in("code-text", &text.replace("KIOSK1:", "KIOSK1:00"));
    seat.click("verify");
    assert!(!seat.label("verdict").contains("305室"), "{}", seat.label("verdict"));

    // Locked: nothing can be read. What was seen is kept, and what is gone since then is named.
    world.seconds_pass(IDLE_MS_MAX / 1000 + 1);
    seat.desk.borrow_mut().tick(seat.now());
    seat.pump();
    assert!(!seat.desk.borrow().is_open());
    for gone in ["helpmexy", "王建国", "检察官来", "305"] {
        assert!(!seat.words().contains(gone), "{gone}");
    }
    let mut beside = seat.file.clone().into_os_string();
    beside.push(".seen");
    let mut seen: Seen = serde_json::from_slice(&std::fs::read(&beside).unwrap()).unwrap();
    seen.heads[0].seq += 100;
    std::fs::write(&beside, serde_json::to_vec(&seen).unwrap()).unwrap();
    seat.fill_in("passphrase", PASSPHRASE);
    seat.click("enter");
    seat.news();
    seat.click("tab-custody");
    assert!(seat.label("finding-0").contains("上次看到"), "{}", seat.words());
    seat.check("custody-wrong");
    // A damaged record is no first look.
    seat.click("lock");
    std::fs::write(&beside, "{").unwrap();
    seat.fill_in("passphrase", PASSPHRASE);
    seat.click("enter");
    assert!(seat.label("sign-in-fault").contains(".seen") && !seat.has("tab-custody"));
}
