use proptest::prelude::*;
use serde_json::json;

use super::*;

const WHOLE: &str = r#"name = "Basket and checkout"

[vars]
sku = "SH-0001"

[[step]]
scenario = "Put into the basket"
method = "POST"
path = "/api/basket/items"
json = { sku = "${sku}", quantity = 2 }
capture = { basket_id = { json = "/id" } }

[step.expect]
status = [200, 201]
json = { "/items/0/sku" = "${sku}" }
json_length = { "/items" = 1 }

[[step]]
path = "/api/basket"
query = { fresh = "${basket_id}" }
repeat = 3
expect.json."/id" = "${basket_id}"

[[step]]
scenario = "Somebody else"
fresh_session = true
follow_redirects = 2
path = "/basket/${repeat}"
expect.body_lacks = ["${basket_id}"]
"#;

/// The error of the flow file in `text`, printed.
fn error(text: &str) -> String {
    let printed = parse("e2e/x.toml", text).unwrap_err().to_string();
    assert!(!printed.contains('\n'), "{printed}");
    printed
}

/// The error of a flow whose one step, from line 3 on, is `step`.
fn step_error(step: &str) -> String {
    error(&format!("name = \"x\"\n[[step]]\n{step}\n"))
}

#[test]
fn a_whole_file_is_read() {
    let flow = parse("e2e/x.toml", WHOLE).unwrap();
    assert_eq!(flow.name, "Basket and checkout");
    let names: Vec<_> =
        flow.scenarios.iter().map(|scenario| (scenario.name.as_str(), scenario.line, scenario.steps.len())).collect();
    assert_eq!(names, [("Put into the basket", 6, 2), ("Somebody else", 24, 1)]);
    let [post, get] = flow.scenarios[0].steps.as_slice() else { panic!("two steps") };
    assert_eq!(post.name, "POST /api/basket/items");
    assert_eq!(post.body, Body::Json(json!({ "sku": "${sku}", "quantity": 2 })));
    assert_eq!(
        post.captures,
        [Capture { line: 11, name: "basket_id".to_owned(), source: Source::Json("/id".to_owned()) }]
    );
    let lines: Vec<_> = post.expectations.iter().map(|expectation| expectation.line).collect();
    assert_eq!(lines, [14, 15, 16]);
    assert_eq!(
        (get.repeat, get.timeout_ms, get.expectations[0].check.clone()),
        (3, DEFAULT_TIMEOUT_MS, Check::Success)
    );
    assert_eq!((get.expectations[0].line, get.expectations[1].line), (18, 22));
    assert!(flow.scenarios[1].steps[0].fresh_session);
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    assert!(error("name = \"x\"\n[[step]\n").starts_with("e2e/x.toml:2: "));
    assert!(error("name = \"x\"\n\npath =\n").starts_with("e2e/x.toml:3: "));
    assert!(error("").contains("missing field `name`"));
}

#[test]
fn unknown_and_missing_fields_are_refused_with_their_line() {
    assert!(step_error("path = \"/\"\nsleep_ms = 3").starts_with("e2e/x.toml:4: unknown field `sleep_ms`"));
    assert!(step_error("method = \"GET\"").starts_with("e2e/x.toml:2: missing field `path`"));
    assert!(step_error("path = \"/\"\nexpect.stauts = 200").starts_with("e2e/x.toml:4: unknown field `stauts`"));
    assert_eq!(error("name = \"x\""), "e2e/x.toml:1: the flow has no [[step]]");
}

#[test]
fn values_out_of_range_are_refused_with_their_line() {
    for (step, message) in [
        ("method = \"FETCH\"\npath = \"/\"", "e2e/x.toml:3: \"FETCH\" is not a method"),
        ("path = \"basket\"", "e2e/x.toml:3: the path begins with one `/`"),
        ("path = \"//other.example/\"", "e2e/x.toml:3: the path begins with one `/`"),
        ("path = \"/\"\nrepeat = 0", "e2e/x.toml:4: repeat is 1 to 10000"),
        ("path = \"/\"\nrounds = 0", "e2e/x.toml:4: rounds is 1 to 10000"),
        ("path = \"/\"\n[[step]]\npath = \"/\"\nrounds = 2", "e2e/x.toml:6: rounds stands only in the first step"),
        ("path = \"/\"\nrepeat = -1", "e2e/x.toml:4: invalid value"),
        ("path = \"/\"\nfollow_redirects = 21", "e2e/x.toml:4: follow_redirects is 0 to 20"),
        ("path = \"/\"\ntimeout_ms = 60001", "e2e/x.toml:4: timeout_ms is 1 to 60000"),
        ("path = \"/\"\nexpect.status = 99", "e2e/x.toml:4: a status is 100 to 599"),
        ("path = \"/\"\nexpect.status = []", "e2e/x.toml:4: a status is 100 to 599"),
        ("path = \"/\"\nexpect.status = \"ok\"", "e2e/x.toml:4: a status is a number or a list of numbers"),
        ("path = \"/\"\nexpect.json = { \"$.id\" = 1 }", "e2e/x.toml:4: \"$.id\" is not a JSON Pointer"),
        ("path = \"/\"\nheaders = { \"a b\" = \"c\" }", "e2e/x.toml:4: \"a b\" is not a header name"),
        (
            "path = \"/\"\nheaders = { Content-Length = \"3\" }",
            "e2e/x.toml:4: the header \"Content-Length\" is set by the client",
        ),
        ("path = \"/\"\nbody = \"x\"", "e2e/x.toml:2: a GET request has no body"),
        (
            "method = \"PUT\"\npath = \"/\"\nbody = \"x\"\njson = 1",
            "e2e/x.toml:2: a step has one of form, json and body",
        ),
        ("method = \"PUT\"\npath = \"/\"\njson = { day = 2026-11-22 }", "e2e/x.toml:5: JSON has no dates"),
        ("path = \"/\"\ncapture.a = {}", "e2e/x.toml:4: a capture has one of json, header and between"),
        ("path = \"/\"\ncapture.a = { between = [\"\", \"x\"] }", "e2e/x.toml:4: between has two texts"),
        ("path = \"/\"\ncapture.run = { header = \"x\" }", "e2e/x.toml:4: \"run\" is a built-in value"),
        ("path = \"/\"\ncapture.A = { header = \"x\" }", "e2e/x.toml:4: \"A\" is not a name"),
        ("path = \"/\"\nscenario = \"\"", "e2e/x.toml:4: a name has 1 to 200 characters"),
    ] {
        let printed = step_error(step);
        assert!(printed.starts_with(message), "{printed:?} is not {message:?}");
    }
}

#[test]
fn a_value_must_be_captured_before_it_is_used() {
    let printed = step_error("path = \"/${id}\"\ncapture.id = { header = \"x\" }");
    assert_eq!(printed, "e2e/x.toml:3: `${id}` is not in [vars] and no earlier step captures it");
    let later = "path = \"/\"\n[[step]]\nmethod = \"POST\"\npath = \"/\"\njson = { a = [{ b = \"${id}\" }] }";
    assert!(step_error(later).starts_with("e2e/x.toml:7: `${id}` is not in [vars]"));
    let printed =
        error("name = \"x\"\nvars.id = \"1\"\n[[step]]\npath = \"/${id}\"\ncapture.id = { header = \"x\" }\n");
    assert_eq!(printed, "e2e/x.toml:5: \"id\" is a constant of [vars] already");
}

#[test]
fn two_scenarios_of_one_name_are_refused() {
    let printed = step_error("path = \"/\"\n[[step]]\nscenario = \"x\"\npath = \"/\"");
    assert!(printed.starts_with("e2e/x.toml:4: there are two scenarios \"x\""), "{printed}");
}

#[test]
fn limits_hold_at_their_edge() {
    let steps = |count: usize, repeat: u32| {
        format!("name = \"x\"\n{}", format!("[[step]]\npath = \"/\"\nrepeat = {repeat}\n").repeat(count))
    };
    assert!(parse("x", &steps(MAX_STEPS, 1)).is_ok());
    assert!(error(&steps(MAX_STEPS + 1, 1)).contains("more than 1000"));
    assert!(parse("x", &steps(10, MAX_REPEAT)).is_ok());
    assert!(error(&steps(11, MAX_REPEAT)).contains("more than 100000 requests"));
    assert!(step_error("path = \"/\"\nrounds = 101\nrepeat = 1000").contains("more than 100000 requests"));
    let filler = "#".repeat(usize::try_from(MAX_FILE_BYTES).unwrap());
    assert!(error(&format!("{filler}\n")).contains("more than 262144"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_change_of_a_file_is_read_or_refused_on_one_line(at in 0..WHOLE.len(), with in "[\\PC\n]{0,6}", cut in 0..20_usize) {
        let end = (at + cut).min(WHOLE.len());
        let text = format!("{}{with}{}", &WHOLE[..at], &WHOLE[end..]);
        if let Err(refused) = parse("x", &text) {
            prop_assert!(!refused.to_string().contains('\n'));
            prop_assert!(refused.line >= 1 && refused.line as usize <= text.lines().count() + 1);
        }
    }
}
