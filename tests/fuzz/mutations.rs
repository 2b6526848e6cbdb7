// SPDX-License-Identifier: GPL-3.0-only
//! The patches that `make mutations` applies still apply, and each names its test.

use crate::here;
use std::process::Command;

#[test]
fn every_mutation_applies_and_names_its_test() {
    let root = here().join("../..").canonicalize().unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("tests/mutations")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "patch") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let (package, test) =
            first.strip_prefix("Test: ").and_then(|rest| rest.split_once(' ')).expect(first);
        let own = test.rsplit("::").next().unwrap();
        let found = Command::new("grep")
            .args(["-rqE", &format!("fn {own}\\b"), "src", "tests"])
            .current_dir(&root)
            .status()
            .unwrap();
        assert!(found.success(), "{path:?} names {own} of {package}, which is no test");
        let fits =
            Command::new("git").args(["apply", "--check"]).arg(&path).current_dir(&root).output().unwrap();
        assert!(fits.status.success(), "{path:?}: {}", String::from_utf8_lossy(&fits.stderr));
        names.push(path);
    }
    assert!(names.len() >= 7, "{names:?}");
}
