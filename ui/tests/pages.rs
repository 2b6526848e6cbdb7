// SPDX-License-Identifier: GPL-3.0-only
//! Every page, in every language and text size: what stands on it can be reached, touched and read.
#![cfg(feature = "dev")]

use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use i18n::{Catalogue, Lang};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{Color, ComponentHandle, LogicalPosition, PhysicalSize};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use ui::{Alarm, Home, Look, MainWindow, MyRecord, PinIssue, Review, Theme, gallery, testing};

/// 12 mm on a screen of 10 inches, in logical pixels.
const TARGET_MIN: f32 = 71.5;
/// Layouts round.
const SLACK: f32 = 1.0;
const CONTRAST_MIN: f64 = 7.0;

fn scene(window: &MainWindow, name: &str, lang: Lang) {
    let scene = gallery::SCENES.iter().find(|scene| scene.name == name).expect("a scene of that name");
    ui::set_lang(window, lang);
    gallery::fill(window, scene, Catalogue::of(lang));
}

fn open(name: &str) -> MainWindow {
    let window = testing::open(1280, 800);
    scene(&window, name, Lang::ZhCn);
    window
}

/// What a finger may touch: it has an id, a role that acts, and is not switched off.
fn controls(window: &MainWindow) -> Vec<ElementHandle> {
    testing::all(window)
        .into_iter()
        .filter(|e| e.accessible_enabled() != Some(false))
        .filter(|e| e.accessible_role() == Some(AccessibleRole::Button) || name(e).starts_with("person-"))
        .collect()
}

fn name(element: &ElementHandle) -> String {
    element.accessible_id().unwrap_or_default().to_string()
}

fn every_scene(check: impl Fn(&MainWindow, &str)) {
    for lang in Lang::all() {
        for scale in ui::TEXT_SCALES {
            for scene in gallery::SCENES {
                let window = testing::open(1280, 800);
                window.global::<Theme<'_>>().set_text_scale(scale);
                ui::set_lang(&window, *lang);
                gallery::fill(&window, scene, Catalogue::of(*lang));
                check(&window, &format!("{} {} at {scale}", scene.name, lang.code()));
            }
        }
    }
}

#[test]
fn every_control_is_named_large_enough_and_on_the_screen() {
    let wrong = RefCell::new(Vec::new());
    every_scene(|window, place| {
        for control in controls(window) {
            let (id, at, size) = (name(&control), control.absolute_position(), control.size());
            let labelled = control.accessible_label().is_some_and(|label| !label.is_empty());
            let large = size.width >= TARGET_MIN && size.height >= TARGET_MIN;
            let on_screen = at.x >= -SLACK
                && at.y >= -SLACK
                && at.x + size.width <= 1280.0 + SLACK
                && at.y + size.height <= 800.0 + SLACK;
            if id.is_empty() || !labelled || !large || !on_screen {
                wrong.borrow_mut().push(format!("{place}: {id:?}, labelled: {labelled}, {at:?}, {size:?}"));
            }
        }
    });
    assert!(wrong.borrow().is_empty(), "{:#?}", wrong.borrow());
}

#[test]
fn no_two_controls_lie_on_each_other() {
    let wrong = RefCell::new(Vec::new());
    every_scene(|window, place| {
        // What an overlay covers cannot be touched.
        if place.starts_with("alarm-") || place.starts_with("still-there") {
            return;
        }
        let controls = controls(window);
        for (i, one) in controls.iter().enumerate() {
            for other in &controls[i + 1..] {
                let (a, b) = (one.absolute_position(), other.absolute_position());
                let apart = a.x + one.size().width <= b.x + SLACK
                    || b.x + other.size().width <= a.x + SLACK
                    || a.y + one.size().height <= b.y + SLACK
                    || b.y + other.size().height <= a.y + SLACK;
                if !apart {
                    wrong.borrow_mut().push(format!("{place}: {} lies on {}", name(one), name(other)));
                }
            }
        }
    });
    assert!(wrong.borrow().is_empty(), "{:#?}", wrong.borrow());
}

#[test]
fn an_id_is_given_once_on_a_screen() {
    every_scene(|window, place| {
        let mut seen = BTreeSet::new();
        for element in testing::all(window) {
            let id = name(&element);
            assert!(id.is_empty() || seen.insert(id.clone()), "{place}: {id} twice");
        }
    });
}

#[test]
fn the_alarm_and_the_call_stand_at_one_place_on_every_screen() {
    let places = RefCell::new(BTreeSet::new());
    every_scene(|window, place| {
        for id in ["alarm", "report"] {
            let element = testing::find(window, id).unwrap_or_else(|| panic!("{place}: no {id}"));
            let at = element.absolute_position();
            places.borrow_mut().insert((id, at.x as i32, at.y as i32));
        }
    });
    assert_eq!(places.borrow().len(), 2, "{places:?}");
}

#[test]
fn no_text_is_missing_on_any_page() {
    every_scene(|window, place| {
        testing::snapshot(window);
        assert_eq!(i18n::missing(), 0, "{place}");
        for element in testing::all(window) {
            let label = element.accessible_label().unwrap_or_default();
            assert!(!label.contains('⟨'), "{place}: {label}");
        }
    });
}

#[test]
fn changing_the_language_changes_what_is_read_out() {
    let window = open("home");
    assert_eq!(testing::label(&window, "report").as_deref(), Some("报告, 呼叫巡控室"));
    ui::set_lang(&window, Lang::En);
    assert_eq!(testing::label(&window, "report").as_deref(), Some("Call, Control room"));
}

#[test]
fn the_alarm_is_raised_by_holding_for_a_second_and_not_before() {
    let window = open("home");
    let raised = Rc::new(Cell::new(0));
    let count = raised.clone();
    window.global::<Alarm<'_>>().on_raised(move || count.set(count.get() + 1));
    assert!(testing::press_and_hold(&window, "alarm", 900));
    assert_eq!(raised.get(), 0);
    assert_eq!(
        testing::label(&window, "toast").as_deref(),
        Some("按住 1 秒"),
        "a hold too short is answered"
    );
    assert!(testing::press_and_hold(&window, "alarm", 1100));
    assert_eq!(raised.get(), 1);
    assert!(testing::press_and_hold(&window, "alarm", 5000));
    assert_eq!(raised.get(), 2, "a long hold raises once");
}

#[test]
fn the_alarm_holds_while_the_finger_rolls_off_it() {
    let window = open("home");
    let raised = Rc::new(Cell::new(0));
    let count = raised.clone();
    window.global::<Alarm<'_>>().on_raised(move || count.set(count.get() + 1));
    let alarm = testing::find(&window, "alarm").expect("the alarm");
    let (button, position) = (PointerEventButton::Left, testing::middle(&alarm));
    let off = LogicalPosition::new(position.x, 500.0);
    window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
    testing::elapsed(500);
    window.window().dispatch_event(WindowEvent::PointerMoved { position: off });
    testing::elapsed(600);
    window.window().dispatch_event(WindowEvent::PointerReleased { position: off, button });
    assert_eq!(raised.get(), 1);
}

#[test]
fn a_finger_may_roll_over_the_edge_but_not_slide_away() {
    let window = open("home");
    let opened = Rc::new(RefCell::new(Vec::new()));
    let list = opened.clone();
    window.global::<Home<'_>>().on_open(move |id| list.borrow_mut().push(id.to_string()));
    let tile = testing::find(&window, "tile-record").expect("the tile");
    let (at, size) = (tile.absolute_position(), tile.size());
    let roll = |end: f32| {
        let button = PointerEventButton::Left;
        let position = LogicalPosition::new(at.x + 20.0, at.y + size.height - 10.0);
        let end = LogicalPosition::new(position.x, at.y + size.height + end);
        window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
        testing::elapsed(3000);
        window.window().dispatch_event(WindowEvent::PointerMoved { position: end });
        window.window().dispatch_event(WindowEvent::PointerReleased { position: end, button });
    };
    roll(15.0);
    assert_eq!(*opened.borrow(), ["record"]);
    roll(80.0);
    assert_eq!(opened.borrow().len(), 1);
}

#[test]
fn a_service_that_is_not_open_cannot_be_touched_and_a_missed_touch_is_answered() {
    let window = open("home");
    window.global::<Home<'_>>().on_open(|id| panic!("{id} opened"));
    assert!(!testing::click(&window, "tile-education"));
    assert!(testing::label(&window, "toast").is_none_or(|label| label.is_empty()));
    testing::touch_at(&window, LogicalPosition::new(640.0, 100.0), 50);
    assert_eq!(testing::label(&window, "toast").as_deref(), Some("请点一下有框的地方"));
    testing::elapsed(2500);
    assert!(testing::find(&window, "toast").is_none_or(|toast| toast.size().width == 0.0 || !shown(&window)));
}

/// Whether the dark band of a toast is drawn.
fn shown(window: &MainWindow) -> bool {
    let picture = testing::snapshot(window);
    let at = 640 + 650 * picture.width() as usize;
    picture.as_slice()[at].r < 60
}

#[test]
fn a_pin_is_handed_over_whole_and_forgotten() {
    let window = open("pin-issue-first");
    let entered = Rc::new(RefCell::new(Vec::new()));
    let list = entered.clone();
    window.global::<PinIssue<'_>>().on_pin_entered(move |pin| list.borrow_mut().push(pin.to_string()));
    for digit in ["4", "7", "1", "0", "2"] {
        assert!(testing::click(&window, &format!("key-{digit}")));
    }
    assert!(testing::click(&window, "key-clear"));
    for digit in ["4", "7", "1", "0", "2", "9"] {
        assert!(testing::click(&window, &format!("key-{digit}")));
    }
    assert_eq!(testing::label(&window, "pin-count").as_deref(), Some("6"));
    assert!(testing::click(&window, "key-enter"));
    assert_eq!(*entered.borrow(), ["471029"]);
    assert_eq!(testing::label(&window, "pin-count").as_deref(), Some("0"));
    assert!(!testing::click(&window, "key-enter"), "nothing is entered");
}

#[test]
fn a_picture_stands_for_its_digit() {
    let window = open("pin-issue-first");
    let entered = Rc::new(RefCell::new(Vec::new()));
    let list = entered.clone();
    window.global::<PinIssue<'_>>().on_pin_entered(move |pin| list.borrow_mut().push(pin.to_string()));
    assert!(testing::click(&window, "pin-style"));
    assert_eq!(testing::label(&window, "key-5").as_deref(), Some("星星"));
    assert_eq!(testing::label(&window, "key-0").as_deref(), Some("雨伞"));
    for digit in [5, 9, 0, 2, 5, 6] {
        assert!(testing::click(&window, &format!("key-{digit}")));
    }
    assert!(testing::click(&window, "key-enter"));
    assert_eq!(*entered.borrow(), ["590256"]);
}

#[test]
fn a_long_list_turns_its_pages_and_goes_back() {
    let window = open("my-record-list");
    let first = testing::label(&window, "record-0").expect("a line");
    assert!(!testing::click(&window, "previous"), "the first page has none before it");
    assert!(testing::click(&window, "more"));
    assert_ne!(testing::label(&window, "record-0").expect("a line"), first);
    assert!(testing::click(&window, "previous"));
    assert_eq!(testing::label(&window, "record-0").expect("a line"), first);
}

#[test]
fn a_shielded_record_shows_nothing_of_it() {
    let window = open("my-record-list");
    assert!(testing::find(&window, "record-0").is_some());
    window.global::<MyRecord<'_>>().set_shielded(true);
    assert!(testing::find(&window, "record-0").is_none());
    let shown = Rc::new(Cell::new(false));
    let seen = shown.clone();
    window.global::<MyRecord<'_>>().on_show(move || seen.set(true));
    assert!(testing::click(&window, "show"));
    assert!(shown.get());
}

#[test]
fn an_unresolved_line_carries_its_two_answers_and_the_others_none() {
    let window = open("review-table");
    let answers = Rc::new(RefCell::new(Vec::new()));
    let (here, not_here) = (answers.clone(), answers.clone());
    let review = window.global::<Review<'_>>();
    review.on_here(move |id| here.borrow_mut().push(format!("here {id}")));
    review.on_not_here(move |id| not_here.borrow_mut().push(format!("not here {id}")));
    assert!(testing::click(&window, "here-6"));
    assert!(testing::click(&window, "not-here-10"));
    assert_eq!(*answers.borrow(), ["here 6", "not here 10"]);
    assert!(testing::find(&window, "here-1").is_none());
    assert!(!testing::click(&window, "sign"), "not while lines are unresolved");
}

#[test]
fn a_typed_reason_comes_as_it_was_typed() {
    let window = open("review-reason");
    let typed = Rc::new(RefCell::new(String::new()));
    let out = typed.clone();
    window.global::<Review<'_>>().on_reason_typed(move |words| *out.borrow_mut() = words.to_string());
    assert!(testing::click(&window, "type-reason"));
    for key in ["b", "e", "d", "space", "7"] {
        assert!(testing::click(&window, &format!("type-{key}")), "{key}");
    }
    assert!(testing::click(&window, "type-done"));
    assert_eq!(*typed.borrow(), "bed 7");
}

#[test]
fn a_larger_screen_shows_the_same_larger() {
    for (width, height, scale) in [(1280, 800, 1.0), (1920, 1080, 1.35), (1024, 768, 0.8), (1920, 1200, 1.5)]
    {
        assert_eq!(ui::scale_for(PhysicalSize::new(width, height)), scale);
    }
    let window = testing::open(1920, 1080);
    scene(&window, "home", Lang::ZhCn);
    let alarm = testing::find(&window, "alarm").expect("the alarm");
    assert!((alarm.absolute_position().y - 680.0).abs() < 1.0, "logical pixels stay those of the design");
    assert_eq!(testing::snapshot(&window).width(), 1920);
}

#[test]
fn words_stand_out_from_what_they_stand_on() {
    let window = testing::open(1280, 800);
    let theme = window.global::<Theme<'_>>();
    for look in [Look::Day, Look::Night, Look::Contrast] {
        theme.set_look(look);
        let pairs = [
            ("text on card", theme.get_text(), theme.get_card()),
            ("text on ground", theme.get_text(), theme.get_ground()),
            ("quiet on card", theme.get_quiet(), theme.get_card()),
            ("quiet on ground", theme.get_quiet(), theme.get_ground()),
            ("quiet on off", theme.get_quiet(), theme.get_off()),
            ("action on card", theme.get_action(), theme.get_card()),
            ("action on soft", theme.get_action(), theme.get_action_soft()),
            ("on action", theme.get_on_action(), theme.get_action()),
            ("done on soft", theme.get_done(), theme.get_done_soft()),
            ("done on ground", theme.get_done(), theme.get_ground()),
            ("wait on soft", theme.get_wait(), theme.get_wait_soft()),
            ("wait on card", theme.get_wait(), theme.get_card()),
            ("wait on ground", theme.get_wait(), theme.get_ground()),
            ("on danger", theme.get_on_danger(), theme.get_danger()),
        ];
        for (name, ink, ground) in pairs {
            let ratio = contrast(ink, ground);
            assert!(ratio >= CONTRAST_MIN, "{name} in {look:?}: {ratio:.2}");
        }
    }
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: Color, other: Color) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG 2.2, "relative luminance".
fn luminance(color: Color) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue())
}

#[test]
fn what_is_drawn_stands_where_the_finger_was() {
    for (page, id) in [("document-sign", "signature"), ("document-read-back", "signed")] {
        let window = open(page);
        let ink = window.global::<Theme<'_>>().get_text();
        let field = testing::find(&window, id).expect("the field");
        let (at, size) = (field.absolute_position(), field.size());
        let picture = testing::snapshot(&window);
        // The wave of the gallery goes from 0.3 to 0.7 of the field.
        let inked = |share: f32| {
            let column = at.x + share * size.width;
            (0..size.height as u32).any(|row| {
                let place = (at.y as u32 + row) * picture.width() + column as u32;
                let pixel = picture.as_slice()[place as usize];
                Color::from_rgb_u8(pixel.r, pixel.g, pixel.b) == ink
            })
        };
        assert!([0.35, 0.45, 0.55, 0.65].into_iter().all(inked), "{page}: nothing is drawn");
        assert!(![0.1, 0.25, 0.75, 0.9].into_iter().any(inked), "{page}: drawn elsewhere");
    }
}
