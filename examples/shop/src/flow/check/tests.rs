use proptest::prelude::*;
use serde_json::json;

use super::*;

fn response() -> Response {
    Response {
        status: 201,
        headers: vec![
            ("location".to_owned(), "/orders/7".to_owned()),
            ("content-type".to_owned(), "application/json".to_owned()),
        ],
        body: json!({ "id": 7, "name": "shelf", "items": [1, 2.0], "voucher": null }).to_string(),
        landed_on: None,
    }
}

fn text(text: &str) -> Template {
    Template::parse(text).unwrap()
}

/// The message of the check against the response, or "" when it is met.
fn message(check_kind: Check) -> String {
    let values = Values { named: [("id".to_owned(), "7".to_owned())].into(), repeat: 1, round: 1 };
    let unmet = check(&[Expectation { line: 9, check: check_kind }], &response(), &values);
    assert!(unmet.iter().all(|mismatch| mismatch.line == 9));
    unmet.into_iter().map(|mismatch| mismatch.message).collect()
}

#[test]
fn what_is_so_is_accepted() {
    let met = [
        Check::Success,
        Check::Status(vec![200, 201]),
        Check::Location(text("/orders/${id}")),
        Check::BodyContains(text("shelf")),
        Check::BodyLacks(text("lamp")),
        Check::Header("Content-Type".to_owned(), text("application/json")),
        Check::HeaderContains("CONTENT-TYPE".to_owned(), text("json")),
        Check::HeaderAbsent("ETag".to_owned()),
        Check::Json("/id".to_owned(), json!(7)),
        Check::Json("/items".to_owned(), json!([1.0, 2])),
        Check::Json(String::new(), json!({ "id": 7, "name": "shelf", "items": [1, 2], "voucher": null })),
        Check::JsonLength("/items".to_owned(), 2),
        Check::JsonLength("/name".to_owned(), 5),
        Check::JsonLength(String::new(), 4),
        Check::JsonAbsent("/voucher".to_owned()),
        Check::JsonAbsent("/nothing/here".to_owned()),
    ];
    for check_kind in met {
        assert_eq!(message(check_kind.clone()), "", "{check_kind:?}");
    }
}

#[test]
fn what_is_not_so_is_explained() {
    let unmet = [
        (Check::Status(vec![200, 204]), "expected 200 or 204, got 201"),
        (Check::Location(text("/orders/8")), "expected \"/orders/8\", got Some(\"/orders/7\")"),
        (Check::BodyContains(text("lamp")), "expected to contain \"lamp\", got \"{"),
        (Check::BodyLacks(text("shelf")), "expected not to contain"),
        (Check::Header("Content-Type".to_owned(), text("text/html")), "header Content-Type: expected \"text/html\""),
        (Check::HeaderContains("Vary".to_owned(), text("x")), "got None"),
        (Check::HeaderAbsent("Location".to_owned()), "expected none"),
        (Check::Json("/id".to_owned(), json!("7")), "expected \"7\", got 7"),
        (Check::Json("/items/5".to_owned(), json!(1)), "got nothing"),
        (Check::JsonLength("/items".to_owned(), 3), "expected length 3, got 2"),
        (Check::JsonLength("/id".to_owned(), 3), "expected length 3, got 7"),
        (Check::JsonAbsent("/id".to_owned()), "expected nothing, got 7"),
    ];
    for (check_kind, wanted) in unmet {
        let got = message(check_kind);
        assert!(got.contains(wanted), "{got:?} lacks {wanted:?}");
    }
}

#[test]
fn the_page_that_redirects_led_to_counts_before_the_header() {
    let landed = Response { landed_on: Some("/basket".to_owned()), ..response() };
    let expectations = [Expectation { line: 1, check: Check::Location(text("/basket")) }];
    assert_eq!(check(&expectations, &landed, &Values::default()), []);
}

#[test]
fn a_body_that_is_no_json_is_said_to_be_none() {
    let html = Response { status: 500, body: "<html>".repeat(100), ..Response::default() };
    let expectations = [
        Expectation { line: 1, check: Check::Success },
        Expectation { line: 2, check: Check::Json("/id".to_owned(), json!(1)) },
    ];
    let unmet = check(&expectations, &html, &Values::default());
    assert_eq!(unmet.iter().map(|mismatch| mismatch.line).collect::<Vec<_>>(), [1, 2]);
    assert!(unmet[0].message.contains("expected 200 to 299, got 500") && unmet[0].message.contains('…'));
    assert!(unmet[1].message.contains("no JSON"));
}

proptest! {
    #[test]
    fn any_body_is_checked_without_panic(body in ".{0,300}", pointer in "(/[a-z0-9~]{0,3}){0,3}") {
        let response = Response { status: 200, body, ..Response::default() };
        let expectations = [
            Expectation { line: 1, check: Check::BodyContains(text("ü")) },
            Expectation { line: 2, check: Check::JsonLength(pointer, 1) },
        ];
        for mismatch in check(&expectations, &response, &Values::default()) {
            prop_assert!(!mismatch.message.contains('\n'));
        }
    }
}
