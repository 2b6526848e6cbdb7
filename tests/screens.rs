// SPDX-License-Identifier: GPL-3.0-only
//! Golden pictures: each page in each language at both sizes, compared with those in `assets/pictures`, which the README
//! shows. `make screenshots` draws them anew; look at them before they are committed.
//!
//! Fonts decide: the pictures hold for the Debian packages of `.ci/setup`.

use i18n::{Catalogue, Lang};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageFormat, RgbImage};
use slint::{Rgba8Pixel, SharedPixelBuffer};
use std::path::{Path, PathBuf};
use ui::{gallery, testing};

/// The design size, and the same layout on a large panel.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];
/// Largest difference of a channel that is the same colour to the eye.
const CHANNEL_MAX: u8 = 8;
/// Pixels that may differ more than that: edges of letters after a font's small update.
const PIXELS_MAX: usize = 400;
fn golden(page: &str) {
    let scene = gallery::SCENES.iter().find(|scene| scene.name == page).expect("the gallery has the page");
    for lang in Lang::all() {
        for (width, height) in SIZES {
            let window = testing::open(width, height);
            ui::set_lang(&window, *lang);
            gallery::fill(&window, scene, Catalogue::of(*lang));
            testing::elapsed(1_000);
            compare(&path(*lang, page, width), &testing::snapshot(&window));
        }
    }
}

fn path(lang: Lang, page: &str, width: u32) -> PathBuf {
    let pictures = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../assets/pictures");
    pictures.join(lang.code()).join(format!("{page}-{width}.png"))
}

fn compare(path: &Path, drawn: &SharedPixelBuffer<Rgba8Pixel>) {
    let rgb = drawn.as_slice().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    let drawn = RgbImage::from_raw(drawn.width(), drawn.height(), rgb).expect("the snapshot's own size");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);
        drawn.write_with_encoder(encoder).unwrap();
        return;
    }
    let golden = image::open(path).map(image::DynamicImage::into_rgb8);
    let differs = golden.as_ref().map_or(usize::MAX, |golden| difference(golden, &drawn));
    if differs > PIXELS_MAX {
        let actual = path.with_extension("actual.png");
        drawn.save_with_format(&actual, ImageFormat::Png).unwrap();
        panic!("{} differs in {differs} pixels; see {}", path.display(), actual.display());
    }
}

fn difference(a: &RgbImage, b: &RgbImage) -> usize {
    if a.dimensions() != b.dimensions() {
        return usize::MAX;
    }
    let far = |(a, b): (&image::Rgb<u8>, &image::Rgb<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > CHANNEL_MAX)
    };
    a.pixels().zip(b.pixels()).filter(|pair| far(*pair)).count()
}

macro_rules! goldens {
    ($($test:ident: $page:expr,)+) => { $(
        #[test]
        fn $test() {
            golden($page);
        }
    )+ };
}

// One picture a page.
goldens! {
    golden_home: "home",
    golden_roll_call_announced: "roll-call-announced",
    golden_roll_call_calling: "roll-call-calling",
    golden_roll_call_pin: "roll-call-pin",
    golden_officer_card: "officer-card",
    golden_officer_menu: "officer-menu",
    golden_review_table: "review-table",
    golden_review_read_back: "review-read-back",
    golden_review_receipt: "review-receipt",
    golden_movement_people: "movement-people",
    golden_enrol_mirror: "enrol-mirror",
    golden_pin_issue_first: "pin-issue-first",
    golden_device: "device",
    golden_my_record_list: "my-record-list",
    golden_duty_today: "duty-today",
    golden_duty_short: "duty-short",
    golden_duty_week: "duty-week",
    golden_duty_remark: "duty-remark",
    golden_duty_matters: "duty-matters",
    golden_duty_mirror: "duty-mirror",
    golden_document_read: "document-read",
    golden_document_signed: "document-signed",
    golden_notice_list: "notice-list",
    golden_alarm_large: "alarm-large",
    golden_requests: "requests",
    golden_care_where: "care-where",
    golden_care_dangers: "care-dangers",
    golden_care_red: "care-red",
    golden_care_read_back: "care-read-back",
    golden_care_receipt: "care-receipt",
    golden_care_detail: "care-detail",
    golden_shop_shelf: "shop-shelf",
    golden_shop_read_back: "shop-read-back",
    golden_shop_order: "shop-order",
    golden_shop_statement: "shop-statement",
    golden_prove_pin: "prove-pin",
}
