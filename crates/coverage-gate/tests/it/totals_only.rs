//! Reports that hold totals and no lines, through the program.

use crate::git::{START_S, git_bytes};
use kit_test::cli::{Cli, Ran};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// A repository with `src/order.js` and `src/price.js`, of which the last commit changed the first.
struct Shop(TempDir);

impl Shop {
    fn new() -> Self {
        let shop = Shop(TempDir::new().unwrap());
        git_bytes(shop.at(), &["init", "--quiet", "--initial-branch=main"], START_S);
        shop.write("src/order.js", "one();\n");
        shop.write("src/price.js", "two();\n");
        shop.commit();
        shop.write("src/order.js", "one();\nthree();\n");
        shop.commit();
        shop
    }

    fn at(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn commit(&self) {
        git_bytes(self.at(), &["add", "--all"], START_S);
        git_bytes(self.at(), &["commit", "--quiet", "--message=change"], START_S);
    }

    /// A `coverage-summary.json` of a container, with the covered of ten lines of each file.
    fn summary(&self, name: &str, order: u64, price: u64) {
        let totals = |covered: u64, total: u64| {
            let of = |covered: u64, total: u64| json!({"total": total, "covered": covered, "skipped": 0, "pct": 1.5});
            json!({"lines": of(covered, total), "statements": of(covered, total), "functions": of(1, 2),
                "branches": {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"}})
        };
        let report = json!({"total": totals(order + price, 20), "/app/src/order.js": totals(order, 10),
            "/app/src/price.js": totals(price, 10)});
        self.write(name, &report.to_string());
    }

    fn run(&self, arguments: &[&str]) -> (Ran, Value) {
        let all = [arguments, &["--json", "out.json"]].concat();
        let ran = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), self.at()).args(all).run();
        let report = std::fs::read(self.at().join("out.json")).unwrap();
        (ran, serde_json::from_slice(&report).unwrap())
    }
}

#[test]
fn a_summary_serves_totals_and_proves_nothing_of_a_change() {
    let shop = Shop::new();
    shop.summary("coverage/coverage-summary.json", 9, 7);
    let whole = ["--reports", "coverage/coverage-summary.json", "--min-total", "80", "--min-file", "70"];
    let (ran, report) = shop.run(&[&whole[..], &["--min-functions", "50", "--expect-reports", "1"]].concat());
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(report["totals"]["lines"], json!({"covered": 16, "coverable": 20}));
    assert_eq!(report["totals"].get("branches"), None);
    let file = json!({"path": "src/order.js", "matched": true, "totals_only": true,
        "lines": {"covered": 9, "coverable": 10}, "functions": {"covered": 1, "coverable": 2},
        "statements": {"covered": 9, "coverable": 10}});
    assert_eq!(report["files"][0], file, "found below the container's /app");
    assert_eq!(shop.run(&["--reports", "coverage/coverage-summary.json", "--min-total", "80.1"]).0.exit, 1);

    for gate in ["--min-patch", "--min-new-file"] {
        let (ran, report) = shop.run(&[&whole[..], &["--base", "HEAD^1", gate, "1"]].concat());
        let expected = if gate == "--min-patch" { 4 } else { 0 };
        assert_eq!(ran.exit, expected, "{gate}: no file is new: {}", ran.stderr);
        assert_eq!(report["patch"]["missing"], json!(["src/order.js"]));
    }
    let (_, report) = shop.run(&[&whole[..], &["--base", "HEAD^1", "--min-patch", "1"]].concat());
    for word in ["src/order.js", "coverage/coverage-summary.json", "coverage-final.json", "--summary-only"] {
        assert!(report["headline"].as_str().unwrap().contains(word), "{word}: {report}");
    }
}

#[test]
fn lines_of_another_report_count_and_the_summary_is_checked_against_them() {
    let shop = Shop::new();
    shop.summary("summary.json", 9, 7);
    shop.write("lcov.info", "TN:\nSF:src/order.js\nDA:1,1\nDA:2,0\nend_of_record\n");
    let both = ["--reports", "summary.json", "lcov.info", "--base", "HEAD^1", "--min-patch", "50"];
    let (ran, report) = shop.run(&both);
    assert_eq!((ran.exit, &report["patch"]["lines"]), (1, &json!({"covered": 0, "coverable": 1})), "{}", ran.stderr);
    assert_eq!(report["totals"]["lines"], json!({"covered": 8, "coverable": 12}));
    let lie = "`src/order.js` has 9 of 10 lines by this report's totals and 1 of 2 by records; the records count";
    let lies = report["findings"].as_array().unwrap().iter().filter(|finding| finding["message"] == lie);
    assert_eq!(lies.map(|finding| &finding["path"]).collect::<Vec<_>>(), ["summary.json"]);
    assert_eq!(shop.run(&[&both[..], &["--expect-reports", "2"]].concat()).0.exit, 1, "a proven no");
    let expected = ["--reports", "summary.json", "lcov.info", "--expect-reports", "2"];
    assert_eq!(shop.run(&expected).0.exit, 4, "a summary stands in for no shard");
}

#[test]
fn summaries_that_differ_are_unproven_in_any_order() {
    let shop = Shop::new();
    shop.summary("one.json", 9, 7);
    shop.summary("two.json", 9, 8);
    let total = |reports: &[&str]| shop.run(&[&["--min-total", "99", "--reports"], reports].concat());
    let (ran, report) = total(&["one.json", "two.json"]);
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    let what = report["unproven"][0]["what"].as_str().unwrap();
    assert!(what.contains("`src/price.js` (the first in one.json and two.json)"), "{what}");
    assert_eq!(total(&["two.json", "one.json"]).1["unproven"], report["unproven"]);
    assert_eq!(
        shop.run(&["--reports", "*.json", "--exclude", "src/price.js", "--min-total", "90"]).0.exit,
        2,
        "out.json"
    );
    assert_eq!(shop.run(&["--reports", "one.json", "two.json", "--exclude", "src/price.js"]).0.exit, 0);
}

#[test]
fn a_summary_of_nothing_or_of_elsewhere_proves_nothing() {
    let shop = Shop::new();
    shop.write("none.json", r#"{"total": {"lines": {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"}}}"#);
    let (ran, report) = shop.run(&["--reports", "none.json"]);
    assert_eq!((ran.exit, &report["unproven"][0]["code"]), (4, &json!("no-coverable-lines")), "{}", ran.stderr);
    shop.write("other.json", r#"{"/x/y.js": {"statements": {"total": 2, "covered": 2, "pct": 100}, "lines": {"total": 2, "covered": 2, "pct": 100}}}"#);
    let (ran, report) = shop.run(&["--reports", "other.json"]);
    assert_eq!((ran.exit, &report["unproven"][0]["code"]), (4, &json!("no-file-matched")), "{}", ran.stderr);
    let renamed = r#"{"/x/out/order.js": {"statements": {"total": 2, "covered": 2, "pct": 100}, "lines": {"total": 2, "covered": 2, "pct": 100}}}"#;
    shop.write("renamed.json", renamed);
    let (_, report) = shop.run(&["--reports", "renamed.json"]);
    assert!(report["unproven"][0]["what"].as_str().unwrap().contains("`--path-map /x/out=src`"), "{report}");
    assert_eq!(shop.run(&["--reports", "renamed.json", "--path-map", "/x/out=src"]).0.exit, 0);
    shop.write("bad.json", r#"{"/x/y.js": {"statements": {"total": 2, "covered": 3, "pct": 100}, "lines": {"total": 2, "covered": 2, "pct": 100}}}"#);
    let (ran, _) = shop.run(&["--reports", "bad.json"]);
    assert!(
        ran.exit == 2 && ran.stderr.contains("bad.json") && ran.stderr.contains("`/x/y.js`.statements"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_export_of_llvm_with_totals_alone_is_read() {
    let shop = Shop::new();
    let count = |count: u64, covered: u64| json!({"count": count, "covered": covered, "percent": 12.5});
    let summary =
        json!({"lines": count(7, 6), "functions": count(2, 2), "regions": count(11, 10), "branches": count(4, 1)});
    let report = json!({"data": [{"files": [{"filename": "/src/src/order.js", "summary": summary}], "totals": summary}],
        "type": "llvm.coverage.json.export", "version": "3.1.0"});
    shop.write("llvm.json", &report.to_string());
    let (ran, report) = shop.run(&["--reports", "llvm.json", "--min-total", "85", "--base", "HEAD^1"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(report["totals"]["lines"], json!({"covered": 6, "coverable": 7}));
    assert_eq!(report["totals"].get("statements"), None, "regions are none");
    assert!(
        report["findings"].as_array().unwrap().iter().all(|finding| finding["code"] != "totals-disagree"),
        "{report}"
    );
    let miss = ["--reports", "llvm.json", "--partial-lines", "miss"];
    assert_eq!(shop.run(&miss).0.exit, 4);
}
