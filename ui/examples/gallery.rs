// SPDX-License-Identifier: GPL-3.0-only
//! Draws every scene of the gallery into PNG files: `GALLERY_DIR=… cargo run -p ui --example gallery [filter]`.
//!
//! `GALLERY_LANGS` (zh-CN,en), `GALLERY_SIZES` (1280x800,1920x1080), `GALLERY_SCALES` (1) and `GALLERY_LOOK` (day)
//! choose what is drawn; each is a list with commas, but for the look.

use i18n::{Catalogue, Lang};
use slint::ComponentHandle;
use std::error::Error;
use std::path::PathBuf;
use ui::{Look, Theme, gallery, testing};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::var("GALLERY_DIR").map_err(|_| "set GALLERY_DIR to a folder")?);
    let filter = std::env::args().nth(1).unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    for size in list("GALLERY_SIZES", "1280x800,1920x1080") {
        let (width, height) = size.split_once('x').ok_or("a size is WIDTHxHEIGHT")?;
        let (width, height) = (width.parse()?, height.parse()?);
        for code in list("GALLERY_LANGS", "zh-CN,en") {
            let lang = Lang::from_code(&code).ok_or("no such language")?;
            for scale in list("GALLERY_SCALES", "1") {
                for scene in gallery::SCENES.iter().filter(|scene| scene.name.contains(&filter)) {
                    let window = testing::open(width, height);
                    ui::set_lang(&window, lang);
                    window.global::<Theme<'_>>().set_text_scale(scale.parse()?);
                    window.global::<Theme<'_>>().set_look(look());
                    gallery::fill(&window, scene, Catalogue::of(lang));
                    let picture = testing::snapshot(&window);
                    let name = format!("{}-{size}-{scale}-{}.png", scene.name, lang.code());
                    image::save_buffer(
                        folder.join(name),
                        picture.as_bytes(),
                        picture.width(),
                        picture.height(),
                        image::ColorType::Rgba8,
                    )?;
                }
            }
        }
    }
    Ok(())
}

fn list(name: &str, start: &str) -> Vec<String> {
    let text = std::env::var(name).unwrap_or_else(|_| start.to_owned());
    text.split(',').map(str::to_owned).collect()
}

fn look() -> Look {
    match std::env::var("GALLERY_LOOK").as_deref() {
        Ok("night") => Look::Night,
        Ok("contrast") => Look::Contrast,
        _ => Look::Day,
    }
}
