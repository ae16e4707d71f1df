//! `shop e2e` as CI runs it: exit codes, output and report.

use std::fs;

use crate::{e2e, shop, suite_dir};

/// Exit code, standard output, standard error and JUnit report of a run with these arguments and variables.
fn run(args: &[&str], vars: &[(&str, &str)]) -> (i32, String, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("junit.xml");
    let output = e2e(&[&["--junit", report.to_str().unwrap()], args].concat(), vars);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let xml = fs::read_to_string(&report).unwrap_or_default();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr), xml)
}

#[test]
fn a_passing_file_is_a_suite_and_its_scenarios_are_cases() {
    let (code, _, _, xml) = run(&["ops/methods.toml"], &[]);
    assert_eq!(code, 0);
    assert!(
        xml.contains("<testsuites name=\"shop e2e\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\""),
        "{xml}"
    );
    let path = suite_dir().join("ops/methods.toml").display().to_string();
    let case =
        format!("<testcase classname=\"ops.methods\" name=\"HEAD has no body\" file=\"{path}\" line=\"3\" time=\"0.");
    assert!(xml.contains(&case), "{xml}");
}

#[test]
fn a_broken_checkout_fails_with_the_line_of_the_expectation_and_skips_what_follows() {
    let (code, out, _, xml) = run(&["checkout/guest.toml", "ops/methods.toml"], &[("SHOP_BREAK", "checkout")]);
    assert_eq!(code, 1);
    let text = fs::read_to_string(suite_dir().join("checkout/guest.toml")).unwrap();
    let checkout = text.lines().position(|line| line == "path = \"/api/checkout\"").unwrap();
    let line = checkout + text.lines().skip(checkout).position(|line| line.starts_with("expect.status")).unwrap() + 1;
    assert!(out.contains(&format!("checkout/guest.toml:{line}: A visitor buys without an account: POST /api/checkout: status: expected 201, got 500")), "{out}");
    assert!(out.contains("2 files: 1 passed (0 flaky), 1 failed; "), "{out}");
    assert!(xml.contains("tests=\"6\" failures=\"1\" errors=\"0\" skipped=\"2\""), "{xml}");
    assert!(xml.contains("checkout_broken"), "{xml}");
}

#[test]
fn every_file_of_the_checkout_folder_that_buys_fails_when_the_checkout_is_broken() {
    let (code, out, _, _) =
        run(&["checkout/cards.toml", "checkout/load.toml", "checkout/rush.toml"], &[("SHOP_BREAK", "checkout")]);
    assert_eq!(code, 1);
    assert!(out.contains("3 files: 0 passed (0 flaky), 3 failed; "), "{out}");
}

#[test]
fn a_flaky_file_fails_once_and_passes_with_a_retry() {
    let flaky = [("SHOP_FLAKY", "1")];
    let (code, out, _, _) = run(&["catalogue/recommendations.toml"], &flaky);
    assert_eq!(code, 1, "{out}");
    let (code, out, _, xml) = run(&["--retries", "1", "catalogue/recommendations.toml"], &flaky);
    assert_eq!(code, 0, "{out}");
    assert!(out.starts_with("flaky ") && out.contains("1 files: 1 passed (1 flaky), 0 failed; "), "{out}");
    assert_eq!(xml.matches("name=\"Five products are recommended\"").count(), 2, "{xml}");
    assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"0\""), "{xml}");
}

#[test]
fn a_file_that_passes_is_not_run_again() {
    let (code, out, _, xml) = run(&["--retries", "2", "ops/methods.toml"], &[]);
    assert_eq!((code, xml.matches("<testcase").count()), (0, 3), "{out}");
}

#[test]
fn each_attempt_is_a_new_visitor_with_a_value_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("flow.toml");
    let text = r#"
name = "Registers, then asks what fails once"
[[step]]
path = "/api/account"
expect.status = 401
[[step]]
method = "POST"
path = "/api/accounts"
json = { email = "again-${run}@customer.example", password = "correct horse" }
expect.status = 201
[[step]]
path = "/api/recommendations"
"#;
    fs::write(&flow, text).unwrap();
    let (code, out, _, _) = run(&["--retries", "1", flow.to_str().unwrap()], &[("SHOP_FLAKY", "1")]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn bad_input_is_refused_before_the_first_request() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.toml");
    fs::write(&bad, "name = \"x\"\n[[step]]\npath = \"/\"\nsleep_s = 1\n").unwrap();
    let bad = bad.to_str().unwrap();
    let (code, out, err, xml) = run(&["ops/methods.toml", bad], &[]);
    assert_eq!((code, out.as_str(), xml.as_str()), (2, "", ""));
    assert!(err.starts_with(&format!("shop: {bad}:4: unknown field `sleep_s`")) && err.lines().count() == 1, "{err}");
    for args in
        [vec!["none.toml"], vec!["ops/methods.toml", "ops/methods.toml"], vec!["--base-url", "https://shop.example"]]
    {
        let (code, _, err, _) = run(&args, &[]);
        assert_eq!((code, err.lines().count()), (2, 1), "{err}");
    }
}

#[test]
fn a_shop_that_is_not_there_is_the_worlds_fault() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (code, _, err, xml) = run(&["--base-url", &format!("http://127.0.0.1:{port}"), "ops/methods.toml"], &[]);
    assert_eq!((code, xml.as_str()), (3, ""));
    assert!(err.contains("can't connect") && err.lines().count() == 1, "{err}");
}

#[test]
fn an_empty_list_passes_with_an_empty_report() {
    let mut command = shop();
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("junit.xml");
    command.args(["e2e", "--files-from", "-", "--junit"]).arg(&report);
    assert_eq!(command.output().unwrap().status.code(), Some(0));
    let xml = fs::read_to_string(report).unwrap();
    assert!(xml.contains("<testsuites name=\"shop e2e\" tests=\"0\""), "{xml}");
}

#[test]
fn files_pass_in_the_reverse_order_too() {
    let files = [
        "orders/privacy.toml",
        "orders/cancel.toml",
        "checkout/stock.toml",
        "checkout/guest.toml",
        "basket/limits.toml",
    ];
    let (code, out, _, _) = run(&files, &[]);
    assert_eq!(code, 0, "{out}");
}
