// SPDX-License-Identifier: GPL-3.0-only
//! The rules of the codebase that a machine can check. What each forbids stands beside it.

use std::path::PathBuf;

/// Longest source file without a stated reason, in lines.
const LINES_MAX: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..").canonicalize().unwrap()
}

/// Every file below `dir` whose name ends so, with its path from the root and its text.
fn files(dir: &str, endings: &[&str]) -> Vec<(String, String)> {
    let (root, mut found, mut dirs) = (root(), Vec::new(), vec![root().join(dir)]);
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with(".git") && !name.starts_with("target") {
                    dirs.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn is_test(name: &str) -> bool {
    name.starts_with("tests/")
        || name.ends_with("tests.rs")
        || name.contains("tests/")
        || name.ends_with("world.rs")
}

/// The part of a file before its `#[cfg(test)]` module.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn every_source_file_names_its_licence() {
    let files = files("", &[".rs", ".slint", ".sql"]);
    let bare = files
        .iter()
        .filter(|(_, text)| !text.lines().next().is_some_and(|line| line.contains("GPL-3.0-only")));
    none("files without a licence line", &bare.map(|(name, _)| name.clone()).collect::<Vec<_>>());
}

#[test]
fn every_module_says_what_it_promises() {
    let silent = files("src", &[".rs"]).into_iter().filter(|(name, text)| {
        !is_test(name)
            && !text.lines().take(4).any(|line| line.starts_with("//!"))
            && !name.ends_with("build.rs")
    });
    none("modules without a first word", &silent.map(|(name, _)| name).collect::<Vec<_>>());
}

#[test]
fn only_screens_the_window_and_the_pages_name_slint() {
    let named = files("src", &[".rs"]).into_iter().filter(|(name, text)| {
        let may = name.starts_with("src/kiosk/")
            || name.contains("/screen")
            || name == "src/reader/main.rs"
            || is_test(name);
        !may && (text.contains("slint::") || text.contains("ui::"))
    });
    none("Slint outside screen.rs, ui and kiosk", &named.map(|(name, _)| name).collect::<Vec<_>>());
}

#[test]
fn only_tables_and_the_store_contain_sql() {
    let words = ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "];
    let sql = files("src", &[".rs"]).into_iter().filter(|(name, text)| {
        let may = name.starts_with("src/store/") || name.contains("tables") || is_test(name);
        !may && product(text)
            .lines()
            .any(|line| !line.trim_start().starts_with("//") && words.iter().any(|w| line.contains(w)))
    });
    none("SQL outside tables.rs and store", &sql.map(|(name, _)| name).collect::<Vec<_>>());
}

#[test]
fn rules_read_no_clock_file_socket_or_chance() {
    let forbidden = [
        "SystemTime",
        "Instant::now",
        "std::fs",
        "std::net",
        "std::env",
        "thread::",
        "rand::",
        "new_v4()",
        "now_v7()",
    ];
    let mut found = Vec::new();
    for (name, text) in files("src/services", &[".rs"]) {
        if is_test(&name) || name.contains("/screen") {
            continue;
        }
        for word in forbidden {
            if product(&text).contains(word) {
                found.push(format!("{name}: {word}"));
            }
        }
    }
    none("rules that look at the world", &found);
}

#[test]
fn crates_depend_only_as_the_map_says() {
    let may: &[(&str, &[&str])] = &[
        ("src/contract", &[]),
        ("src/store", &["contract"]),
        ("i18n", &[]),
        ("ui", &["i18n"]),
        ("src/services", &["contract", "store", "i18n", "ui"]),
        ("src/sync", &["contract"]),
        ("src/device", &["contract"]),
        ("src/alarm", &["contract", "sync", "device"]),
        ("src/media", &["contract", "device"]),
        ("src/face", &["contract", "device"]),
        ("src/platform", &["contract", "i18n"]),
        ("src/office", &["contract"]),
        ("src/reader", &["contract", "i18n", "office", "ui"]),
        ("src/kioskctl", &["contract", "store", "sync", "device", "alarm", "face", "office"]),
    ];
    let ours = [
        "contract", "store", "i18n", "ui", "services", "sync", "device", "alarm", "media", "face", "kiosk",
        "platform", "office", "reader", "kioskctl",
    ];
    let mut found = Vec::new();
    for (folder, allowed) in may {
        let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let normal = manifest.split("[dependencies]").nth(1).unwrap_or("").split("\n[").next().unwrap_or("");
        for line in normal.lines() {
            let name = line.split(['.', ' ']).next().unwrap_or("");
            if ours.contains(&name) && !allowed.contains(&name) {
                found.push(format!("{folder} -> {name}"));
            }
        }
    }
    none("dependencies against the map", &found);
}

#[test]
fn every_service_has_the_same_files() {
    let mut missing = Vec::new();
    for service in [
        "alarm",
        "care",
        "cell",
        "complaint",
        "device",
        "document",
        "duty",
        "public_notice",
        "request",
        "roll_call",
        "session",
    ] {
        for file in [
            format!("src/services/{service}/mod.rs"),
            format!("src/services/{service}/tables.rs"),
            format!("src/services/{service}/tables/0001.sql"),
            format!("src/services/{service}/screen.rs"),
            format!("src/services/{service}/tests.rs"),
            format!("src/contract/{service}.rs"),
            format!("i18n/zh-CN/{}.ftl", words(service)),
            format!("i18n/en/{}.ftl", words(service)),
        ] {
            if !root().join(&file).exists() {
                missing.push(file);
            }
        }
    }
    none("files a service lacks", &missing);
}

/// The cell's words are those of its pages.
fn words(service: &str) -> &str {
    if service == "cell" { "home" } else { service }
}

#[test]
fn no_file_is_long_without_a_reason() {
    let long = files("", &[".rs", ".slint"]).into_iter().filter(|(name, text)| {
        let generated = name == "ui/text.slint" || name == "ui/text.rs";
        !generated && text.lines().count() > LINES_MAX && !text.contains("//! Long on purpose:")
    });
    none(
        "long files",
        &long.map(|(name, text)| format!("{name}: {}", text.lines().count())).collect::<Vec<_>>(),
    );
}

#[test]
fn every_touchable_thing_has_an_id_a_role_and_a_label() {
    let mut found = Vec::new();
    for (name, text) in files("ui", &[".slint"]) {
        for (at, _) in text.match_indices("Press {") {
            let component = text[..at].rfind("component ").unwrap_or(0);
            let body = &text[component..(at + 400).min(text.len())];
            let whole = body.contains("accessible-role") && body.contains("accessible-label");
            if !whole && !name.ends_with("press.slint") {
                found.push(format!("{name}, near line {}", text[..at].lines().count()));
            }
        }
    }
    none("touchable things without role or label", &found);
}

#[test]
fn pages_show_no_text_of_their_own() {
    let mut found = Vec::new();
    for (name, text) in files("ui", &[".slint"]) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if code.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
                found.push(format!("{name}:{}", number + 1));
            }
        }
    }
    none("text outside i18n", &found);
}

#[test]
fn no_model_or_photo_is_in_the_tree() {
    let found: Vec<_> = files_named(&["onnx", "bin", "jpg", "jpeg"]);
    none("data that belongs to the site", &found);
}

fn files_named(endings: &[&str]) -> Vec<String> {
    let (root, mut found, mut dirs) = (root(), Vec::new(), vec![root()]);
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with(".git") && !path.ends_with("target") && !path.ends_with("local") {
                    dirs.push(path);
                }
            } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
                found.push(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}
