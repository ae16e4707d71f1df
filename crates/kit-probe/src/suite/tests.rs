use super::reading::keys;
use super::*;
use proptest::prelude::*;

const WHOLE: &str = r#"name = "shop"
[variables]
user = "ann"
count = 3
password = { env = "SHOP_PASSWORD", secret = true }
region = { env = "REGION", default = "eu" }

[[step]]
name = "log in"
tags = ["basket", "login"]
post = "/login?region={{region}}"
headers = { X-Trace = "t-{{user}}" }
form = { user = "{{user}}", password = "{{password}}" }
expect = { status = [200, "300-303"], header = ["Content-Type: json", "X-Id"], size = "1-" }
capture = { ticket = { json = "$.ticket", secret = true }, id = { body = "id=(\\d+)" }, sid = { cookie = "sid" } }

[[step]]
name = "add"
tags = ["basket"]
method = "put"
path = "/basket/{{id}}"
json = { count = 3, of = ["{{ticket}}"], more = { a = true } }
redirects = 2
[step.expect]
status = "2xx"
body = "{{user}}'s"
matches = ["^a", "{{id}} items"]
json = [{ path = "$.total", equals = 7 }, { path = "$.owner", equals = "{{user}}" }, "$.open == true"]
url = "/basket/{{id}}$"
max-latency = "500ms"

[[step]]
name = "price"
tags = ["price"]
get = "/price"
"#;

fn why(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn step(text: &str) -> String {
    format!("[[step]]\nname = \"a\"\n{text}\n")
}

#[test]
fn a_suite_is_read() {
    let mut suite = parse(WHOLE).unwrap();
    assert_eq!((suite.name.as_str(), suite.steps.len()), ("shop", 3));
    assert_eq!(suite.variables["count"], "3");
    let (login, add) = (&suite.steps[0], &suite.steps[1]);
    assert_eq!((login.method.as_str(), login.line), ("POST", 8));
    assert_eq!(login.expect.status.len(), 5);
    assert_eq!(login.captures.iter().filter(|capture| capture.secret).count(), 2);
    assert_eq!((add.method.as_str(), add.path.as_str(), add.redirects), ("PUT", "/basket/{{id}}", 2));
    assert_eq!(add.expect.max_latency_us, Some(500_000));
    assert_eq!(suite.steps[2].expect.status, BTreeSet::from([200]), "200 where nothing is said");

    let values = BTreeMap::from([("user".to_owned(), "ann".to_owned()), ("id".to_owned(), "7.5".to_owned())]);
    let expect = add.expectations(&values).unwrap();
    assert_eq!(expect.body_contains, ["ann's"]);
    assert_eq!(expect.body_matches[1].as_str(), "7\\.5 items", "a value in a pattern stands for itself");
    assert_eq!(expect.json.len(), 3);
    assert!(expect.final_url.unwrap().is_match("https://a/basket/7.5"));

    let missing = suite.resolve(|_| None).unwrap_err();
    assert_eq!(missing.line, Some(5));
    assert!(suite.resolve(|_| Some(String::new())).is_err(), "an empty secret is none");
    suite.resolve(|name| (name == "SHOP_PASSWORD").then(|| "s3cret".to_owned())).unwrap();
    assert_eq!(suite.variables["region"], "eu");
    assert_eq!(suite.secret_values(), ["s3cret"]);
}

#[test]
fn tags_choose_steps_and_what_they_need() {
    let kept = |tags: &[&str]| {
        let mut suite = parse(WHOLE).unwrap();
        suite.select(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())?;
        Ok::<_, SuiteError>(suite.steps.into_iter().map(|step| step.name).collect::<Vec<_>>())
    };
    assert_eq!(kept(&[]).unwrap().len(), 3);
    assert_eq!(kept(&["price"]).unwrap(), ["price"]);
    assert_eq!(kept(&["login", "price"]).unwrap(), ["log in", "price"]);
    assert!(kept(&["none"]).is_err());
    let mut suite = parse(
        "[[step]]\nname = \"a\"\nget = \"/\"\ncapture = { x = { header = \"x\" } }\n[[step]]\nname = \"b\"\nget = \"/\"\ntags = [\"always\"]\n\
         [[step]]\nname = \"c\"\nget = \"/\"\n[[step]]\nname = \"d\"\nget = \"/{{x}}\"\ntags = \"t\"\n",
    )
    .unwrap();
    suite.select(&["t".to_owned()]).unwrap();
    let names: Vec<&str> = suite.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "d"]);
}

#[test]
fn mistakes_are_told_with_line_and_key() {
    let cases: [(String, &str); 30] = [
        (String::new(), "[[step]]"),
        ("step = []".into(), "line 1: `step` is an empty list"),
        ("step = 5".into(), "`step` must be a list"),
        ("stepp = 5".into(), "`stepp`"),
        ("a = [".into(), "line 1"),
        (step(""), "get ="),
        (step("get = \"/\"\nbodi = \"x\""), "line 4: `step` does not know the key `bodi`"),
        (step("get = \"/\"\npost = \"/\""), "one method"),
        (step("get = \"/\"\npath = \"/\""), "one method"),
        (step("method = \"GET\""), "needs `path`"),
        (step("get = \"x\""), "begins with one `/`"),
        (step("get = \"//other.example/\""), "begins with one `/`"),
        (step("get = \"/a/../b\""), "`..`"),
        (step("get = \"/%2e%2E/b\""), "`..`"),
        (step("get = \"/{{a\""), "`}}`"),
        (step("get = \"/{{a b}}\""), "no name"),
        (step("get = \"/{{a}}\""), "line 1: the step `a` uses `{{a}}`"),
        (step("get = \"/\"\nheaders = { X = \"a\\r\\nY: b\" }"), "line ends"),
        (step("get = \"/\"\nheaders = { Content-Length = \"5\" }"), "Content-Length"),
        (step("get = \"/\"\nheaders = { x = \"1\", X = \"2\" }"), "twice"),
        (step("get = \"/\"\nbody = \"x\"\nform = {}"), "one of `body`"),
        (step("get = \"/\"\nredirects = 300"), "redirects"),
        (step("get = \"/\"\n[step.expect]\nstatus = 2000"), "line 5: `status`"),
        (step("get = \"/\"\n[step.expect]\nmatches = \"(\""), "line 5: `matches`"),
        (step("get = \"/\"\n[step.expect]\njson = [{ path = \"$.\" }]"), "line 5: `json`"),
        (step("get = \"/\"\n[step.expect]\nbody = \"\""), "empty"),
        (step("get = \"/\"\n[step.expect]\nbody = []"), "empty list"),
        (step("get = \"/\"\ncapture = { x = { json = \"$.a\", header = \"b\" } }"), "one of json, body"),
        (step("head = \"/\"\n[step.expect]\nbody = \"x\""), "HEAD"),
        (format!("{}{}", step("get = \"/\""), step("get = \"/\"")), "line 4: the step `a` stands in line 1 already"),
    ];
    for (text, told) in cases {
        let why = why(&text);
        assert!(why.contains(told), "{text}\n{why}");
    }
    let shadowed = format!("[variables]\nx = 1\n{}", step("get = \"/\"\ncapture = { x = { header = \"a\" } }"));
    assert!(why(&shadowed).contains("variable as well"));
    let own = step("get = \"/{{x}}\"\ncapture = { x = { header = \"a\" } }");
    assert!(why(&own).contains("no earlier step"), "a step can't use what it captures itself");
}

#[test]
fn values_are_encoded_where_they_go() {
    let values = BTreeMap::from(
        [("v", "a b/ü?&=\"#"), ("nl", "a\r\nX: y"), ("dots", ".."), ("next", "/orders/5?x=1"), ("dot", ".")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let path = |text: &str| template::path(text, &values);
    assert_eq!(path("/p/{{v}}?q={{ v }}").unwrap(), "/p/a%20b%2F%C3%BC%3F%26%3D%22%23?q=a%20b%2F%C3%BC%3F%26%3D%22%23");
    assert_eq!(path("{{next}}").unwrap(), "/orders/5?x=1");
    assert!(path("/{{dots}}/x").is_err() && path("/{{dot}}{{dot}}").is_err() && path("{{nl}}").is_err());
    assert_eq!(path("/x?d={{dots}}").unwrap(), "/x?d=..");
    assert!(template::header("t {{nl}}", &values).is_err());
    assert!(path("/{{none}}").unwrap_err().contains("no value"));
    let json = template::json(&serde_json::json!({"a": ["{{v}}", 1]}), &values).unwrap();
    assert_eq!(json.to_string(), r##"{"a":["a b/ü?&=\"#",1]}"##);
}

#[test]
fn the_schema_has_the_parser_s_keys() {
    let text = include_str!("../../../../schemas/smoke-suite.schema.json");
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    for (pointer, keys) in [
        ("", keys::FILE),
        ("/$defs/variable", keys::VARIABLE),
        ("/$defs/step", keys::STEP),
        ("/$defs/expect", keys::EXPECT),
        ("/$defs/json", keys::EXPECT_JSON),
        ("/$defs/capture", keys::CAPTURE),
    ] {
        let table = schema.pointer(pointer).unwrap();
        assert_eq!(table["additionalProperties"], serde_json::Value::Bool(false), "{pointer}");
        let found: BTreeSet<&str> = table["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(found, keys.iter().copied().collect(), "{pointer}");
    }
    assert_eq!(schema.pointer("/properties/step/maxItems").unwrap(), MAX_STEPS);
}

proptest! {
    /// Whatever a variable or a server's value holds, a header stays one line, and a path one path.
    #[test]
    fn templates_never_add_lines(value in "(\\PC|[\r\n\t\u{0}\u{7f}{}/?#.%\\\\]){0,20}") {
        let values = BTreeMap::from([("v".to_owned(), value)]);
        if let Ok(header) = template::header("a {{v}} b", &values) {
            prop_assert!(!header.contains(['\r', '\n', '\0']));
        }
        for text in ["/a/{{v}}/b?c={{v}}", "{{v}}"] {
            if let Ok(path) = template::path(text, &values) {
                prop_assert!(!path.contains(|char: char| char.is_control()));
            }
        }
        let path = template::path("/a/{{v}}/b", &values);
        if let Ok(path) = path {
            prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic()));
            let url = url::Url::parse(&format!("http://a.example{path}")).unwrap();
            prop_assert_eq!(url.path(), path.as_str());
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }

    #[test]
    fn a_spoilt_suite_is_read_or_refused(
        spoilt in prop::collection::vec((0usize..WHOLE.len(), 0usize..30, "(\\PC|[\n\"{}=\\[\\]]){0,4}"), 1..4)
    ) {
        let mut text = WHOLE.to_owned();
        for (at, length, with) in spoilt {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + length).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, &with);
        }
        if let Ok(mut suite) = parse(&text) {
            let _ = suite.resolve(|_| Some("x".to_owned()));
            let _ = suite.select(&["basket".to_owned()]);
            prop_assert!(!suite.steps.is_empty());
            for step in &suite.steps {
                let _ = step.expectations(&suite.variables);
            }
        } else {
            let err = parse(&text).unwrap_err();
            prop_assert!(!err.why.contains('\n'));
        }
    }
}

#[test]
fn tables_are_bounded() {
    let many: String = (0..1001).map(|number| format!("a{number} = {{ env = \"A\" }}\n")).collect();
    let text = format!("[variables]\n{many}[[step]]\nname = \"a\"\nget = \"/\"\n");
    assert_eq!(parse(&text).unwrap_err().why, "`variables` has 1001 keys; at most 1000 are allowed");
    let headers: String = (0..1001).map(|number| format!("x{number} = \"\", ")).collect();
    let text = format!("[[step]]\nname = \"a\"\nget = \"/\"\nheaders = {{ {headers} }}\n");
    assert!(parse(&text).unwrap_err().why.contains("at most 1000"));
}

#[test]
fn deep_nesting_ends_no_stack() {
    let depth = 100_000;
    for value in ["[".repeat(depth), "{a=".repeat(depth), format!("{}1{}", "[".repeat(60), "]".repeat(60))] {
        let _ = parse(&step(&format!("get = \"/\"\njson = {value}")));
    }
    let dotted = "a.".repeat(depth);
    let _ = parse(&step(&format!("get = \"/\"\njson.{dotted}b = 1")));
    let _ = parse(&format!("{}\n[step.json.{dotted}b]\nc = 1", step("get = \"/\"")));
}

#[test]
fn a_variable_whose_name_says_so_is_a_secret() {
    let text = "[variables]\nshop_password = \"hunter22\"\nuser = \"annabelle\"\ntoken = \"1\"\n\
                api_token = { env = \"T\" }\n[[step]]\nname = \"a\"\nget = \"/\"\n";
    let mut suite = parse(text).unwrap();
    suite.resolve(|_| Some("from-outside".to_owned())).unwrap();
    assert_eq!(suite.secret_values(), ["from-outside", "hunter22"]);
}
