// SPDX-License-Identifier: GPL-3.0-only
//! The pages' side of the texts, `ui/text.slint` and `ui/text.rs`: generated here, committed, compared by a test.
//!
//! `UPDATE_GOLDEN=1 cargo nextest run -p i18n` writes them again.

use crate::{Catalogue, Lang};
use std::fmt::Write as _;
use std::path::PathBuf;

const SLINT_HEAD: &str = "\
// SPDX-License-Identifier: GPL-3.0-only
// Generated from i18n/zh-CN/*.ftl by a test of the crate i18n; written again with UPDATE_GOLDEN=1.

// Every text without arguments.
export enum TextId {
";

const SLINT_TAIL: &str = "}

export global Tr {
    // The code of the language; every text on the screen depends on it.
    in property <string> lang: \"zh-CN\";
    // Written from right to left.
    in property <bool> rtl;

    pure callback lookup(TextId, string) -> string;

    public pure function text(id: TextId) -> string {
        return root.lookup(id, root.lang);
    }
}
";

const RUST_HEAD: &str = "\
// SPDX-License-Identifier: GPL-3.0-only
//! Generated from `i18n/zh-CN/*.ftl` by a test of the crate `i18n`; written again with `UPDATE_GOLDEN=1`.

use crate::TextId;

/// The id of a text in the catalogue.
pub fn text_id_to_ftl(id: TextId) -> &'static str {
    match id {
";

const RUST_TAIL: &str = "    }
}
";

fn plain_ids() -> impl Iterator<Item = &'static str> {
    let source = Catalogue::of(Lang::ZhCn);
    // The desk is the platform's: its texts are in no page of the terminal.
    let own = source.ids().filter(|id| !id.starts_with("desk-"));
    own.filter(|id| source.arguments(id).is_some_and(|names| names.is_empty()))
}

/// `roll-call-what-1` is `RollCallWhat1` in Rust.
fn pascal(id: &str) -> String {
    id.split('-')
        .map(|part| {
            let mut chars = part.chars();
            chars
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
                .unwrap_or_default()
        })
        .collect()
}

fn slint() -> String {
    let mut out = SLINT_HEAD.to_owned();
    for id in plain_ids() {
        writeln!(out, "    {id},").expect("a string takes everything");
    }
    out + SLINT_TAIL
}

fn rust() -> String {
    let mut out = RUST_HEAD.to_owned();
    for id in plain_ids() {
        writeln!(out, "        TextId::{} => \"{id}\",", pascal(id)).expect("a string takes everything");
    }
    out + RUST_TAIL
}

#[test]
fn the_pages_know_every_text_without_arguments() {
    for (name, wanted) in [("text.slint", slint()), ("text.rs", rust())] {
        let path = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../ui").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &wanted).expect("write the generated file");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == wanted, "ui/{name} is stale: run UPDATE_GOLDEN=1 cargo nextest run -p i18n");
    }
}
