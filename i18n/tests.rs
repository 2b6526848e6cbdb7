// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use jiff::civil::{date, time};

fn catalogues() -> impl Iterator<Item = &'static Catalogue> {
    Lang::all().iter().map(|lang| Catalogue::of(*lang))
}

#[test]
fn every_file_parses_whole() {
    for lang in Lang::all() {
        for (name, source) in files::of(*lang) {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{}/{name}.ftl: {errors:?}", lang.code());
            }
        }
    }
}

#[test]
fn an_id_stands_once_in_a_language() {
    for lang in Lang::all() {
        let mut seen = BTreeSet::new();
        for (name, source) in files::of(*lang) {
            let resource = FluentResource::try_new((*source).to_owned()).expect("parses");
            for entry in resource.entries() {
                if let ast::Entry::Message(message) = entry {
                    assert!(
                        seen.insert(message.id.name.to_owned()),
                        "{}/{name}.ftl: {} again",
                        lang.code(),
                        message.id.name
                    );
                }
            }
        }
    }
}

#[test]
fn every_language_has_the_same_ids_in_the_same_files_with_the_same_arguments() {
    let source = Catalogue::of(Lang::ZhCn);
    for catalogue in catalogues() {
        assert_eq!(source.arguments, catalogue.arguments, "{} differs from zh-CN", catalogue.lang().code());
        let names = |lang| files::of(lang).iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(Lang::ZhCn), names(catalogue.lang()));
    }
}

#[test]
fn every_file_of_the_folder_is_in_the_table() {
    for lang in Lang::all() {
        let folder =
            std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join(lang.code());
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of a language")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        found.sort();
        let mut listed: Vec<String> =
            files::of(*lang).iter().map(|(name, _)| format!("{name}.ftl")).collect();
        listed.sort();
        assert_eq!(found, listed);
    }
}

#[test]
fn a_select_offers_the_same_choices_in_every_language() {
    for word in ["interrogation", "hearing", "hospital", "lawyer_meeting", "clinic", "family_visit", "talk"] {
        for catalogue in catalogues() {
            let text = catalogue.format("out-reason", &[("reason", word.into())]);
            let other = catalogue.format("out-reason", &[("reason", "unheard_of".into())]);
            assert_ne!(text, other, "{word} in {}", catalogue.lang().code());
        }
    }
}

#[test]
fn the_people_are_called_as_the_kind_of_facility_calls_them() {
    let say = |kind: &str| Catalogue::of(Lang::ZhCn).format("detainees", &[("kind", kind.into())]);
    assert_eq!(say("detention_centre"), "在押人员");
    assert_eq!(say("lock_up"), "被拘留人员");
    assert_eq!(say("drug_rehabilitation"), "戒毒人员");
}

#[test]
fn a_date_and_a_span_read_as_people_say_them() {
    let zh = Catalogue::of(Lang::ZhCn);
    let en = Catalogue::of(Lang::En);
    assert_eq!(zh.date(date(2026, 11, 22)), "11月22日 星期日");
    assert_eq!(en.date(date(2026, 11, 22)), "Sun 22 Nov");
    assert_eq!(zh.date_time(date(2026, 1, 5).at(9, 5, 0, 0)), "1月5日 09:05");
    assert_eq!(zh.time_s(time(0, 7, 9, 0)), "00:07:09");
    assert_eq!(zh.span(80), "1 分 20 秒");
    assert_eq!(zh.span(23 * 3600 + 59 * 60 + 30), "23 小时 59 分");
    assert_eq!(en.span(61), "1 min 1 s");
    assert_eq!(zh.span(-5), "0 秒");
    assert_eq!(zh.countdown(80), "1:20");
}

#[test]
fn english_counts_one_apart() {
    let en = Catalogue::of(Lang::En);
    assert_eq!(en.format("in-minutes", &[("minutes", 1_i64.into())]), "in 1 minute");
    assert_eq!(en.format("in-minutes", &[("minutes", 13_i64.into())]), "in 13 minutes");
}

#[test]
fn an_unknown_id_is_shown_and_counted() {
    let before = missing();
    assert_eq!(Catalogue::of(Lang::En).text("no-such-text"), "⟨no-such-text⟩");
    assert_eq!(Catalogue::of(Lang::En).format("no-such-text", &[]), "⟨no-such-text⟩");
    assert!(missing() >= before + 2);
}

#[test]
fn overrides_are_taken_out_of_an_argument_and_right_to_left_is_isolated() {
    let zh = Catalogue::of(Lang::ZhCn);
    let say = |name: &str| zh.format("officer-signed-in", &[("name", name.into())]);
    assert_eq!(say("\u{202e}周\u{7}**"), "民警 周** 已登录");
    assert!(say("ئالىم").contains("\u{2068}ئالىم\u{2069}"));
    assert!(say(&"长".repeat(5000)).chars().count() < ARGUMENT_CHARS_MAX + 20);
}

/// Said by parts that stand in the plan: the control room's answer to an alarm or a call, a repaired store, the name
/// of the people by kind of facility, the other uses of a face in one's own record. A text leaves this list with its
/// first use.
const LATER: &[&str] = &[
    "alarm-answered",
    "alarm-answered-detail",
    "alarm-ended",
    "alarm-saved",
    "detainees",
    "home-schedule-late",
    "missing-repaired",
    "movement-one-left-known",
    "record-erased",
    "record-used-movement",
    "record-used-record",
    "report-answered",
    "report-calling",
    "report-kept",
    "report-sent-at",
    "safe-mode",
];

/// Every source file of these kinds, but for this one, what is generated and what only draws samples.
fn sources(kinds: &[&str]) -> Vec<String> {
    let root = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let mut folders: Vec<_> = ["src", "ui", "tests", "i18n"].iter().map(|name| root.join(name)).collect();
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let of_kind = path.extension().is_some_and(|kind| kinds.iter().any(|wanted| kind == *wanted));
            if path.is_dir() {
                folders.push(path);
            } else if of_kind
                && !["text.slint", "text.rs", "gallery.rs"].contains(&name.as_str())
                && path != this_file()
            {
                sources.push(std::fs::read_to_string(&path).expect("a source file is text"));
            }
        }
    }
    sources
}

fn this_file() -> std::path::PathBuf {
    std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("..")
        .join("i18n")
        .join("tests.rs")
}

#[test]
fn no_text_is_unused() {
    let rust = sources(&["rs"]).concat();
    let slint = sources(&["slint"]).concat();
    let on_pages: BTreeSet<&str> = slint
        .split("TextId.")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next())
        .collect();
    let unused: Vec<&str> = Catalogue::of(Lang::ZhCn)
        .ids()
        .filter(|id| !on_pages.contains(id) && !rust.contains(&format!("\"{id}\"")) && !LATER.contains(id))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn no_unknown_text_is_asked_for() {
    let known = Catalogue::of(Lang::ZhCn);
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for source in sources(&["rs"]) {
        for call in [".text(\"", ".format(\"", ".at(\""] {
            for rest in source.split(call).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                // A single word may be another type's: a column, a field.
                let ours = id.contains('-') && id.chars().all(letter) && id != "no-such-text";
                assert!(!ours || known.arguments(id).is_some(), "{id} is asked for");
            }
        }
    }
}
