//! The flow files, without running them.

use std::collections::BTreeSet;
use std::fs;

use shop::flow::parse::parse;

use crate::{e2e, suite_dir};

/// Path below the suite folder and text of each flow file, as the program lists them.
fn files() -> Vec<(String, String)> {
    let output = e2e(&["--list"], &[]);
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).unwrap();
    let prefix = format!("{}/", suite_dir().display());
    let read = |path: &str| (path.strip_prefix(&prefix).unwrap().to_owned(), fs::read_to_string(path).unwrap());
    listed.lines().map(read).collect()
}

#[test]
fn there_are_enough_files_in_several_folders_and_all_can_be_read() {
    let files = files();
    assert!(files.len() >= 64, "{}", files.len());
    let folders: BTreeSet<&str> = files.iter().map(|(path, _)| path.split_once('/').unwrap().0).collect();
    assert!(folders.len() >= 5, "{folders:?}");
    let mut names = BTreeSet::new();
    for (path, text) in &files {
        let flow = parse(path, text).unwrap_or_else(|error| panic!("{error}"));
        assert!(names.insert(flow.name.clone()), "{path}: another file is named {:?}", flow.name);
    }
}

#[test]
fn the_list_is_sorted() {
    let paths: Vec<String> = files().into_iter().map(|(path, _)| path).collect();
    assert!(paths.is_sorted());
}

/// Flows run in any order and on any worker, so that none may rely on the stock that another one leaves.
#[test]
fn no_two_files_buy_or_stock_the_same_product() {
    let mut owners: Vec<(String, String)> = Vec::new();
    for (path, text) in files() {
        // These two are refused, so that they change no stock.
        let is_refused = ["catalogue/sold-out.toml", "admin/access.toml"].contains(&path.as_str());
        let changes_stock =
            ["\"/api/checkout\"", "\"/checkout\"", "\"/api/admin/stock/"].iter().any(|route| text.contains(route));
        if is_refused || !changes_stock {
            continue;
        }
        for after in text.split("SH-").skip(1) {
            // Of a template such as `SH-17${round:2}` the digits before the variable name a whole range.
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            if digits == "9999" {
                continue;
            }
            for (other, owner) in &owners {
                let overlaps = other.starts_with(&digits) || digits.starts_with(other.as_str());
                assert!(!overlaps || *owner == path, "{path} and {owner} both change the stock of SH-{digits}");
            }
            owners.push((digits, path.clone()));
        }
    }
    assert!(owners.len() > 20, "{owners:?}");
}
