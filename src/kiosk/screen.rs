// SPDX-License-Identifier: GPL-3.0-only
//! The window's side: the newest scene and the newest picture wait in a [`Mailbox`]; the window's thread takes them when
//! it is woken. Language and text size live here, because they are looks, and go back to the start at the end of a visit.
//!
//! The alarm goes from the finger to its own process and from there to the screen: the desk, its store and its disk have
//! no part in it.

use alarm::Command;
use contract::PanicForm;
use device::Frame;
use i18n::{Catalogue, Lang};
use media::sound::Sound;
use services::alarm::Status;
use services::scene::{Idle, Place, Scene, Touch};
use slint::{ComponentHandle, Rgb8Pixel, SharedPixelBuffer};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ui::{Bar, Camera, MainWindow, TEXT_SCALES, Theme};

/// What waits for the window. Each newest replaces the one before.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<Mail>>);

#[derive(Default)]
struct Mail {
    scene: Option<Scene>,
    picture: Option<SharedPixelBuffer<Rgb8Pixel>>,
    alarm: Option<Option<Status>>,
    store_closed: bool,
}

impl Mailbox {
    pub fn put_scene(&self, scene: Scene) {
        self.lock().scene = Some(scene);
    }

    /// Takes a frame as the mirror shows it: left and right as in a mirror.
    pub fn put_frame(&self, frame: &Frame) {
        let mut picture = SharedPixelBuffer::<Rgb8Pixel>::new(frame.width(), frame.height());
        let width = frame.width() as usize;
        let rows = picture.make_mut_slice().chunks_exact_mut(width).zip(frame.rgb().chunks_exact(width * 3));
        for (to, from) in rows {
            for (to, from) in to.iter_mut().rev().zip(from.chunks_exact(3)) {
                *to = Rgb8Pixel { r: from[0], g: from[1], b: from[2] };
            }
        }
        self.lock().picture = Some(picture);
    }

    pub fn put_alarm(&self, alarm: Option<Status>) {
        self.lock().alarm = Some(alarm);
    }

    /// There is nothing to show yet but the alarm.
    pub fn put_store_closed(&self) {
        self.lock().store_closed = true;
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window with what it shows.
pub struct Screen {
    window: MainWindow,
    mailbox: Mailbox,
    sound: Option<Sound>,
    lang: Cell<Lang>,
    shown: RefCell<Option<Scene>>,
    client: Option<alarm::Client>,
    alarm: Cell<Option<Status>>,
    /// The alarm's page was put away: it stands on its button.
    alarm_small: Cell<bool>,
}

impl Screen {
    /// Connects the window's touches to `touched`. Pages are read aloud by `sound`, if there is one.
    pub fn new(
        window: MainWindow,
        mailbox: Mailbox,
        sound: Option<Sound>,
        client: Option<alarm::Client>,
        touched: impl Fn(Touch) + Clone + 'static,
    ) -> Rc<Self> {
        ui::install_texts(&window);
        services::screen::wire(&window, touched.clone());
        let screen = Rc::new(Self {
            window,
            mailbox,
            sound,
            lang: Cell::new(Lang::default()),
            shown: RefCell::new(None),
            client,
            alarm: Cell::new(None),
            alarm_small: Cell::new(false),
        });
        screen.wire_alarm(touched);
        let bar = screen.window.global::<Bar<'_>>();
        let weak = Rc::downgrade(&screen);
        bar.on_next_language(move || {
            if let Some(screen) = weak.upgrade() {
                screen.next_language();
            }
        });
        let weak = Rc::downgrade(&screen);
        bar.on_read_aloud(move || {
            if let Some(screen) = weak.upgrade() {
                screen.read_aloud();
            }
        });
        let weak = Rc::downgrade(&screen);
        bar.on_next_text_size(move || {
            if let Some(screen) = weak.upgrade() {
                screen.next_text_size();
            }
        });
        screen
    }

    pub fn window(&self) -> &MainWindow {
        &self.window
    }

    /// The scene on the screen.
    pub fn scene(&self) -> Option<Scene> {
        self.shown.borrow().clone()
    }

    /// Shows what waits. Returns the scene when there was a new one.
    pub fn pump(&self) -> Option<Scene> {
        let Mail { scene, picture, alarm, store_closed } = std::mem::take(&mut *self.mailbox.lock());
        if let Some(picture) = picture {
            self.window.global::<Camera<'_>>().set_frame(slint::Image::from_rgb8(picture));
        }
        if let Some(alarm) = alarm {
            // A further press shows it again.
            let pressed = alarm
                .is_some_and(|alarm| self.alarm.get().is_none_or(|before| before.presses < alarm.presses));
            self.alarm.set(alarm);
            if pressed {
                self.alarm_small.set(false);
            }
            self.show_alarm(self.shown.borrow().as_ref());
        }
        if store_closed && scene.is_none() {
            let words = Catalogue::of(self.lang.get()).text("fault-store");
            self.window.global::<ui::Nav<'_>>().set_fault(words.as_ref().into());
        }
        let scene = scene?;
        if self.visit_ended(&scene) {
            self.set_lang(Lang::default());
            self.set_text_scale(TEXT_SCALES[0]);
        }
        self.show(&scene);
        *self.shown.borrow_mut() = Some(scene.clone());
        Some(scene)
    }

    /// A person's own page was left: the next person starts with the facility's language and size.
    fn visit_ended(&self, scene: &Scene) -> bool {
        let before = self.shown.borrow();
        let own = |place: &Place| {
            matches!(place, Place::MyRecord(_) | Place::Care(_) | Place::Complaint(_) | Place::Document(_))
        };
        scene.place == Place::Home
            && scene.idle == Idle::Touched
            && before.as_ref().is_some_and(|before| own(&before.place))
    }

    pub fn set_lang(&self, lang: Lang) {
        self.lang.set(lang);
        ui::set_lang(&self.window, lang);
        if let Some(scene) = &*self.shown.borrow() {
            self.show(scene);
        }
    }

    /// What a finger does to the alarm, straight to its process.
    fn wire_alarm(self: &Rc<Self>, touched: impl Fn(Touch) + 'static) {
        let page = self.window.global::<ui::Alarm<'_>>();
        let weak = Rc::downgrade(self);
        page.on_raised(move || {
            if let Some(screen) = weak.upgrade() {
                screen.alarm_small.set(false);
                screen.ask(Command::Raise { form: PanicForm::Open });
                touched(Touch::AlarmRaised);
            }
        });
        let weak = Rc::downgrade(self);
        page.on_raised_silently(move || {
            if let Some(screen) = weak.upgrade() {
                screen.ask(Command::Raise { form: PanicForm::Silent });
            }
        });
        let weak = Rc::downgrade(self);
        page.on_fine(move || {
            if let Some(screen) = weak.upgrade() {
                screen.ask(Command::Fine);
            }
        });
        let weak = Rc::downgrade(self);
        page.on_made_small(move || {
            if let Some(screen) = weak.upgrade() {
                screen.alarm_small.set(true);
                screen.show_alarm(screen.shown.borrow().as_ref());
            }
        });
    }

    fn ask(&self, command: Command) {
        if let Some(client) = &self.client {
            client.give(command);
        }
    }

    /// The process's own word first; the second way's only where there is none.
    fn show_alarm(&self, scene: Option<&Scene>) {
        let alarm = self.alarm.get().or(scene.and_then(|scene| scene.alarm));
        let words = Catalogue::of(self.lang.get());
        services::screen::show_alarm(&self.window, alarm.as_ref(), self.alarm_small.get(), scene, words);
    }

    fn show(&self, scene: &Scene) {
        services::screen::show(&self.window, scene, Catalogue::of(self.lang.get()));
        self.show_alarm(Some(scene));
        let siren_s = scene.alarm_policy.siren_s;
        if self.shown.borrow().as_ref().is_none_or(|before| before.alarm_policy.siren_s != siren_s) {
            self.ask(Command::SirenFor { siren_s });
        }
        let audible = self.sound.as_ref().is_some_and(Sound::audible);
        self.window.global::<Bar<'_>>().set_sound(audible && !scene.quiet);
    }

    fn read_aloud(&self) {
        if let (Some(sound), Some(scene)) = (&self.sound, &*self.shown.borrow()) {
            crate::ear::read_aloud(sound, scene, self.lang.get());
        }
    }

    fn next_language(&self) {
        let all = Lang::all();
        let at = all.iter().position(|lang| *lang == self.lang.get()).unwrap_or(0);
        self.set_lang(all[(at + 1) % all.len()]);
    }

    fn next_text_size(&self) {
        let now = self.window.global::<Theme<'_>>().get_text_scale();
        let at = TEXT_SCALES.iter().position(|scale| (scale - now).abs() < 0.01).unwrap_or(0);
        self.set_text_scale(TEXT_SCALES[(at + 1) % TEXT_SCALES.len()]);
    }

    fn set_text_scale(&self, scale: f32) {
        self.window.global::<Theme<'_>>().set_text_scale(scale);
    }
}
