// SPDX-License-Identifier: GPL-3.0-only
//! The pages: looks, never rules.
//!
//! One data global and one component per page; whoever fills them decides what is shown and what may be touched.
//! Nothing is read from disk and nothing waits here. Limit: designed for 1280×800 logical pixels, landscape.

mod text;

#[cfg(feature = "dev")]
pub mod gallery;
#[cfg(feature = "dev")]
pub mod testing;

pub use text::text_id_to_ftl;

slint::include_modules!();

use i18n::{Catalogue, Lang};
use slint::{ComponentHandle, LogicalSize, PhysicalSize, SharedString};

/// The design size in logical pixels.
pub const DESIGN_WIDTH: f32 = 1280.0;
pub const DESIGN_HEIGHT: f32 = 800.0;

/// The steps of the text size button.
pub const TEXT_SCALES: [f32; 3] = [1.0, 1.25, 1.5];

/// Lets the pages look their texts up; shows them in the default language.
pub fn install_texts(window: &MainWindow) {
    window.global::<Tr<'_>>().on_lookup(look_up);
    set_lang(window, Lang::default());
}

/// The same for an office's window, in `lang`.
pub fn install_reader_texts(window: &ReaderWindow, lang: Lang) {
    let tr = window.global::<Tr<'_>>();
    tr.on_lookup(look_up);
    tr.set_rtl(lang.rtl());
    tr.set_lang(lang.code().into());
}

fn look_up(id: TextId, code: SharedString) -> SharedString {
    let lang = Lang::from_code(&code).unwrap_or_default();
    SharedString::from(Catalogue::of(lang).text(text_id_to_ftl(id)).as_ref())
}

/// Changes every text the pages look up; what was filled in from outside is for the caller to fill again.
pub fn set_lang(window: &MainWindow, lang: Lang) {
    window.global::<Bar<'_>>().set_language(lang.own_name().into());
    let tr = window.global::<Tr<'_>>();
    tr.set_rtl(lang.rtl());
    tr.set_lang(lang.code().into());
}

/// The scale factor at which the design fits a screen of that many pixels.
pub fn scale_for(size: PhysicalSize) -> f32 {
    (size.width as f32 / DESIGN_WIDTH).min(size.height as f32 / DESIGN_HEIGHT).max(0.25)
}

/// Draws the window at `size`, larger on a larger screen; called when the screen's size is known or changes.
pub fn fit(window: &slint::Window, size: PhysicalSize) {
    let scale_factor = scale_for(size);
    window.dispatch_event(slint::platform::WindowEvent::ScaleFactorChanged { scale_factor });
    let size = LogicalSize::new(size.width as f32 / scale_factor, size.height as f32 / scale_factor);
    window.dispatch_event(slint::platform::WindowEvent::Resized { size });
}
