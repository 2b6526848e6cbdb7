// SPDX-License-Identifier: GPL-3.0-only
//! A clinic with its keys, a cell with its terminal's key, and a platform that hands sealed things through.

use contract::{
    CareCheck, CareEntry, CareList, CarePerson, CareTerminal, Danger, DetaineeId, DeviceId, EventId,
    OfficeKeys, OfficeSession, OwnLetter, PostedLetter, PostedNotice, Reading, Said, SealKey, Sealed, Signed,
    SigningKey, Since, Symptom, SymptomReport, TerminalId, ToCell, ToClinic, Trust, Urgency,
};
use reader::desk::{Desk, Done, Job, Now, Touch};
use reader::keys::Keys;
use reader::platform::{Address, Answer, Ask, Failure, Platform};
use reader::screen::Screen;
use reader::view::view;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;
use ui::{ReaderWindow, testing};
use uuid::Uuid;
use zeroize::Zeroizing;

/// 11月22日 10:32 at UTC+8.
pub(crate) const NOW_MS: i64 = 1_795_314_720_000;
pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const PASSPHRASE: &str = "谁也猜不到的一句很长的话";

pub(crate) fn signing() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

/// A cell, its people, and the terminal's own key.
pub(crate) struct Cell {
    pub(crate) terminal: TerminalId,
    pub(crate) key: SealKey,
    pub(crate) people: Vec<DetaineeId>,
    name: &'static str,
    names: &'static [&'static str],
}

impl Cell {
    pub(crate) fn new(name: &'static str, names: &'static [&'static str]) -> Self {
        let people = names.iter().map(|_| DetaineeId::fresh()).collect();
        Self { terminal: TerminalId::fresh(), key: SealKey::generate(), people, name, names }
    }

    pub(crate) fn listed(&self) -> CareTerminal {
        let people = self.people.iter().zip(self.names).enumerate();
        CareTerminal {
            terminal: self.terminal,
            block: "三监区".into(),
            cell: self.name.into(),
            utc_offset_min: 480,
            recipient: Some(self.key.recipient()),
            people: people
                .map(|(at, (detainee, name))| CarePerson {
                    detainee: *detainee,
                    name: (*name).into(),
                    badge_number: format!("03{:02}", at + 1).as_str().into(),
                })
                .collect(),
        }
    }
}

pub(crate) fn symptoms(detainee: Option<DetaineeId>) -> SymptomReport {
    SymptomReport {
        detainee,
        for_other: false,
        check: CareCheck::Pin,
        symptoms: vec![Symptom::Head, Symptom::Fever],
        since: Some(Since::Yesterday),
        severity: Some(7),
        dangers: Vec::new(),
        prefers: Vec::new(),
        readings: Vec::new(),
    }
}

/// What a terminal would send, `ago` minutes before now.
pub(crate) fn entry(
    cell: &Cell,
    to: &SealKey,
    content: &ToClinic,
    urgency: Option<Urgency>,
    ago: i64,
) -> CareEntry {
    let at_ms = NOW_MS - ago * MINUTE_MS;
    CareEntry {
        device: DeviceId::fresh(),
        event: EventId::fresh(),
        terminal: cell.terminal,
        report: None,
        urgency,
        at_ms,
        trust: Trust::Synced,
        received_ms: at_ms,
        due_ms: Some(at_ms + 120 * MINUTE_MS),
        nudges: 0,
        nudged_ms: None,
        state: None,
        sealed: Sealed::seal(content, &[to.recipient()]).unwrap(),
    }
}

pub(crate) fn report(cell: &Cell, to: &SealKey, who: usize, urgency: Urgency, ago: i64) -> CareEntry {
    let mut report = symptoms(Some(cell.people[who]));
    if urgency == Urgency::Danger {
        report.dangers = vec![Danger::ChestPain];
        report.severity = Some(10);
        report.readings = vec![Reading { what: "体温".into(), value: "38.6 ℃".into(), at_ms: NOW_MS }];
    }
    entry(cell, to, &ToClinic::Report(report), Some(urgency), ago)
}

pub(crate) fn said(
    cell: &Cell,
    to: &SealKey,
    of: &CareEntry,
    detainee: DetaineeId,
    said: Said,
    ago: i64,
) -> CareEntry {
    let entry = entry(cell, to, &ToClinic::Said { detainee, said }, None, ago);
    CareEntry { report: Some(of.event), due_ms: None, ..entry }
}

/// What the platform hands on and what it was given.
pub(crate) struct State {
    pub(crate) list: CareList,
    pub(crate) letters: Vec<PostedLetter>,
    pub(crate) notices: Vec<PostedNotice>,
    pub(crate) statement: Option<Signed>,
    /// The network is gone.
    pub(crate) down: bool,
}

/// A platform without a socket.
pub(crate) struct Made(pub(crate) Mutex<State>);

impl Made {
    #[expect(clippy::unwrap_in_result, reason = "a poisoned lock is a failed test")]
    fn answer(&self, ask: Ask) -> Result<Answer, Failure> {
        let mut state = self.0.lock().unwrap();
        if state.down {
            return Err(Failure::TimedOut);
        }
        match ask {
            Ask::SignIn(sign_in) if sign_in.password.as_str() == "right" => {
                Ok(Answer::Session(OfficeSession { token: Zeroizing::new("token".to_owned()) }))
            }
            Ask::SignIn(_) => Err(Failure::Session),
            Ask::List { .. } => Ok(Answer::List(Some(Box::new(state.list.clone())))),
            Ask::Keys { statement, .. } => {
                state.list.keys = Some(statement.clone());
                state.statement = Some(statement);
                Ok(Answer::Taken)
            }
            Ask::Complaints { .. } | Ask::Word { .. } => Err(Failure::Status(403)),
            Ask::Letter { letter, .. } => {
                let posted = *letter;
                state.list.rev += 1;
                if let Some((event, now)) = posted.report
                    && let Some(entry) = state.list.entries.iter_mut().find(|entry| entry.event == event)
                {
                    entry.state = Some(now);
                }
                state.list.letters.retain(|own| own.letter != posted.letter);
                if let Some(sealed) = posted.own.clone() {
                    let (letter, terminal) = (posted.letter, posted.terminal);
                    state.list.letters.push(OwnLetter { letter, terminal, at_ms: NOW_MS, sealed });
                }
                state.letters.push(posted);
                Ok(Answer::Taken)
            }
            Ask::Notice { notice, .. } => {
                state.list.notices.retain(|one| one.notice != notice.notice.notice);
                if !notice.ends {
                    state.list.notices.push(notice.notice.clone());
                }
                state.notices.push(notice);
                Ok(Answer::Taken)
            }
        }
    }
}

impl Platform for Made {
    async fn ask(&self, _: &Address, ask: Ask) -> Result<Answer, Failure> {
        std::future::ready(()).await;
        self.answer(ask)
    }
}

/// The window, the desk and the platform on one thread.
pub(crate) struct World {
    pub(crate) window: ReaderWindow,
    pub(crate) desk: RefCell<Desk>,
    pub(crate) platform: Made,
    pub(crate) keys: Keys,
    pub(crate) cells: Vec<Cell>,
    pub(crate) now: RefCell<Now>,
    screen: Rc<Screen>,
    touches: Rc<RefCell<VecDeque<Touch>>>,
    /// Questions that are held until something happens.
    held: RefCell<Vec<Job>>,
    pub(crate) lang: i18n::Lang,
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::in_language(i18n::Lang::ZhCn)
    }

    pub(crate) fn in_language(lang: i18n::Lang) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clinic.age");
        let keys = Keys::make(&file, contract::Office::Clinic, PASSPHRASE, 4).unwrap();
        let cells = vec![
            Cell::new("305室", &["王小明", "李志强", "赵大海", "巴特尔·阿拉坦苏和", "孙立"]),
            Cell::new("306室", &["周文", "吴勇", "郑凯"]),
        ];
        let handed_out = OfficeKeys {
            office: contract::Office::Clinic,
            recipients: vec![keys.recipient()],
            signing: keys.signing.public(),
            made_ms: 1,
            arrangement: None,
        };
        let list = CareList {
            rev: 1,
            now_ms: NOW_MS,
            keys: Some(handed_out.sign(&keys.signing).unwrap()),
            terminals: cells.iter().map(Cell::listed).collect(),
            entries: Vec::new(),
            letters: Vec::new(),
            notices: Vec::new(),
        };
        let state = State { list, letters: Vec::new(), notices: Vec::new(), statement: None, down: false };
        let window = testing::open_reader(1280, 800, lang);
        let touches: Rc<RefCell<VecDeque<Touch>>> = Rc::default();
        let line = Rc::clone(&touches);
        let screen = Screen::join(&window, move |touch| line.borrow_mut().push_back(touch));
        let now = Now { mono_ms: 0, wall_ms: NOW_MS };
        let world = Self {
            window,
            desk: RefCell::new(Desk::new("https://platform.example".to_owned(), file.clone(), now)),
            platform: Made(Mutex::new(state)),
            keys,
            cells,
            now: RefCell::new(now),
            screen,
            touches,
            held: RefCell::default(),
            lang,
            file,
            _folder: folder,
        };
        world.pump();
        world
    }

    pub(crate) fn list(&self, change: impl FnOnce(&mut CareList)) {
        let mut state = self.platform.0.lock().unwrap();
        state.list.rev += 1;
        change(&mut state.list);
    }

    pub(crate) fn down(&self, down: bool) {
        self.platform.0.lock().unwrap().down = down;
    }

    pub(crate) fn letters(&self) -> Vec<PostedLetter> {
        self.platform.0.lock().unwrap().letters.clone()
    }

    /// Signs in and unlocks, as a person does.
    pub(crate) fn sign_in(&self) {
        for (field, text) in [("name", "yisheng"), ("password", "right"), ("passphrase", PASSPHRASE)] {
            assert!(testing::fill_in(&self.window, field, text), "{field}");
        }
        assert!(!self.file.as_os_str().is_empty());
        self.click("enter");
    }

    pub(crate) fn click(&self, id: &str) {
        assert!(testing::click(&self.window, id), "{id} cannot be touched");
        self.pump();
    }

    pub(crate) fn fill_in(&self, id: &str, text: &str) {
        assert!(testing::fill_in(&self.window, id, text), "{id} cannot be filled in");
        self.pump();
    }

    pub(crate) fn label(&self, id: &str) -> String {
        testing::label(&self.window, id).unwrap_or_default()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        testing::find(&self.window, id).is_some()
    }

    /// Everything that can be read on the screen.
    pub(crate) fn words(&self) -> String {
        let all = testing::all(&self.window).into_iter();
        let words = all.flat_map(|one| [one.accessible_label(), one.accessible_value()]).flatten();
        words.map(|word| word.to_string()).collect::<Vec<_>>().join("\n")
    }

    /// The held questions are answered: something is newer, or the time to ask again has come.
    pub(crate) fn news(&self) {
        let held: Vec<Job> = self.held.borrow_mut().drain(..).collect();
        for job in held {
            self.run(job);
        }
        self.pump();
    }

    pub(crate) fn pass(&self, ms: i64) {
        let mut now = self.now.borrow_mut();
        now.mono_ms += ms;
        now.wall_ms += ms;
        self.desk.borrow_mut().tick(*now);
        drop(now);
        self.pump();
    }

    pub(crate) fn pump(&self) {
        loop {
            let Some(touch) = self.touches.borrow_mut().pop_front() else { break };
            let jobs = self.desk.borrow_mut().touch(touch, *self.now.borrow());
            self.take(jobs);
        }
        self.screen.show(view(&self.desk.borrow(), self.lang, *self.now.borrow()));
        testing::elapsed(20);
    }

    fn take(&self, jobs: Vec<Job>) {
        for job in jobs {
            match job {
                Job::Ask { ask: Ask::List { wait_s: 1.., .. }, .. } | Job::Ask { after_ms: 1.., .. } => {
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
            Job::Ask { ask, about, turn, .. } => {
                Done::Asked { outcome: self.platform.answer(ask), about, turn }
            }
        };
        let jobs = self.desk.borrow_mut().done(done, *self.now.borrow());
        self.take(jobs);
    }
}

/// What the terminal reads: sealed to it, signed by the clinic, of this number.
pub(crate) fn read(posted: &PostedLetter, cell: &Cell, keys: &Keys) -> ToCell {
    assert_eq!(posted.terminal, cell.terminal);
    let signed: Signed = posted.cell.as_ref().unwrap().open(&cell.key).unwrap();
    let letter: ToCell = signed.open("care", &keys.signing.public()).unwrap();
    assert_eq!(letter.letter, posted.letter);
    letter
}

pub(crate) fn own(content: &ToCell, cell: &Cell, keys: &Keys) -> OwnLetter {
    let signed = Signed::seal(ToCell::PURPOSE, content, &keys.signing).unwrap();
    let sealed = Sealed::seal(&signed, &[keys.recipient()]).unwrap();
    OwnLetter { letter: content.letter, terminal: cell.terminal, at_ms: content.at_ms, sealed }
}

pub(crate) fn fresh() -> Uuid {
    Uuid::new_v4()
}
