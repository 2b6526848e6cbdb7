// SPDX-License-Identifier: GPL-3.0-only
//! The window without a screen: found by accessible id, touched, held, drawn, with a clock that only a test moves.
//!
//! The one place that knows the toolkit's test backend, which has no stable interface. One platform per thread.

use crate::{MainWindow, ReaderWindow, fit};
use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementRoot as _, TestingBackend, TestingBackendOptions, mock_elapsed_time,
};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, PhysicalSize, Rgba8Pixel, SharedPixelBuffer};
use std::time::Duration;

/// Makes this thread's windows headless, drawn by the software renderer. Once per thread; later calls do nothing.
pub fn init() {
    let options =
        TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    // Refused where this thread has a platform: the one of an earlier call.
    slint::platform::set_platform(Box::new(TestingBackend::new(options))).ok();
}

/// A window of that many physical pixels, shown.
pub fn open(width: u32, height: u32) -> MainWindow {
    init();
    let window = MainWindow::new().expect("the test backend makes windows");
    crate::install_texts(&window);
    window.window().set_size(PhysicalSize::new(width, height));
    window.show().expect("the test backend shows windows");
    fit(window.window(), PhysicalSize::new(width, height));
    window
}

/// An office's window of that many physical pixels, shown.
pub fn open_reader(width: u32, height: u32, lang: i18n::Lang) -> ReaderWindow {
    init();
    let window = ReaderWindow::new().expect("the test backend makes windows");
    crate::install_reader_texts(&window, lang);
    window.window().set_size(PhysicalSize::new(width, height));
    window.show().expect("the test backend shows windows");
    window
}

/// Types over what is in the field with this accessible id; false where there is none, or it takes nothing.
pub fn fill_in(window: &impl ComponentHandle, id: &str, text: &str) -> bool {
    let field = find(window, id).filter(|element| element.accessible_enabled() != Some(false));
    field.map(|field| field.set_accessible_value(text)).is_some()
}

/// The element with this accessible id, where it is on the screen.
pub fn find(window: &impl ComponentHandle, id: &str) -> Option<ElementHandle> {
    all(window).into_iter().find(|element| element.accessible_id().is_some_and(|found| found == id))
}

/// Every element that tells assistive technology about itself.
pub fn all(window: &impl ComponentHandle) -> Vec<ElementHandle> {
    window
        .root_element()
        .query_descendants()
        .match_predicate(|element| element.accessible_role().is_some())
        .find_all()
}

/// Whether a finger may touch it: a button, or the tile of a person, that is not switched off.
pub fn is_control(element: &ElementHandle) -> bool {
    let is_tile = element.accessible_id().is_some_and(|id| id.starts_with("person-"));
    (is_tile || element.accessible_role() == Some(AccessibleRole::Button))
        && element.accessible_enabled() != Some(false)
}

/// The label of the element with this id.
pub fn label(window: &impl ComponentHandle, id: &str) -> Option<String> {
    find(window, id).and_then(|element| element.accessible_label()).map(|label| label.to_string())
}

/// Touches the middle of the element for a tenth of a second; false where there is none, or it cannot be touched.
pub fn click(window: &impl ComponentHandle, id: &str) -> bool {
    press_and_hold(window, id, 100)
}

/// Puts a finger on the middle of the element for `ms`.
pub fn press_and_hold(window: &impl ComponentHandle, id: &str, ms: u64) -> bool {
    let Some(position) =
        find(window, id).filter(|e| e.accessible_enabled() != Some(false)).map(|e| middle(&e))
    else {
        return false;
    };
    touch_at(window, position, ms);
    true
}

/// Puts a finger there for `ms`.
pub fn touch_at(window: &impl ComponentHandle, position: LogicalPosition, ms: u64) {
    let button = PointerEventButton::Left;
    window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
    elapsed(ms);
    window.window().dispatch_event(WindowEvent::PointerReleased { position, button });
    window.window().dispatch_event(WindowEvent::PointerExited);
}

/// Where the middle of an element is.
pub fn middle(element: &ElementHandle) -> LogicalPosition {
    let (at, size) = (element.absolute_position(), element.size());
    LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
}

/// Lets `ms` pass for timers and animations.
pub fn elapsed(ms: u64) {
    mock_elapsed_time(Duration::from_millis(ms));
}

/// What the screen shows.
pub fn snapshot(window: &impl ComponentHandle) -> SharedPixelBuffer<Rgba8Pixel> {
    window.window().take_snapshot().expect("the software renderer draws")
}
