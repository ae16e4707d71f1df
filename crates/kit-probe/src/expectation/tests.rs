use super::*;
use crate::event::MissKind;
use proptest::prelude::*;

fn answer<'a>(status: u16, headers: &'a [(String, Vec<u8>)], body: &'a [u8], phases: &'a Phases) -> Answer<'a> {
    Answer { status: Some(status), headers, body, final_url: "https://a.example/", certificates: &[], phases, now_s: 0 }
}

fn one(expect: &Expectations, status: u16, body: &str) -> Vec<(MissKind, String, String)> {
    let phases = Phases { total_us: 300_050, ..Phases::default() };
    let headers = [("x-one".to_owned(), b"1".to_vec()), ("x-one".to_owned(), b"2".to_vec())];
    let found = misses(expect, &answer(status, &headers, body.as_bytes(), &phases));
    found.into_iter().map(|miss| (miss.kind, miss.expected, miss.got)).collect()
}

fn version(expected: &str, place: VersionPlace, body: &str) -> (Option<String>, Option<String>) {
    let headers = [("x-version".to_owned(), b" abc1234 ".to_vec())];
    let expected = VersionExpectation::new(expected, place).unwrap();
    let (found, miss) = version_of(&expected, &answer(200, &headers, body.as_bytes(), &Phases::default()));
    (found, miss.map(|miss| miss.got))
}

#[test]
fn statuses_are_read() {
    let set = |text: &str| StatusSet::parse(text).unwrap();
    assert_eq!(set("200"), BTreeSet::from([200]));
    assert_eq!(set(" 200, 204,300-302").into_iter().collect::<Vec<_>>(), [200, 204, 300, 301, 302]);
    assert_eq!((set("2xx").len(), set("0-255").len()), (100, 256));
    for text in ["", "200,", "abc", "300-200", "-", "200-", "1000", "9xx", "+20", "20 0"] {
        assert!(StatusSet::parse(text).is_err(), "{text}");
    }
}

#[test]
fn times_sizes_and_percentiles_are_read() {
    assert_eq!(parse_duration_us("500ms"), Ok(500_000));
    assert_eq!(parse_duration_us("30s"), Ok(30_000_000));
    assert_eq!((parse_duration_us("5m"), parse_duration_us("1h")), (Ok(300_000_000), Ok(3_600_000_000)));
    for text in ["", "5", "s", "-1s", "1.5s", "1h30m", "99999999999999999999s", "18446744073709551615h", "٣s"] {
        assert!(parse_duration_us(text).is_err(), "{text}");
    }
    assert_eq!(parse_size_bounds("100-64KiB"), Ok((Some(100), Some(65536))));
    assert_eq!((parse_size_bounds("1-"), parse_size_bounds("-5")), (Ok((Some(1), None)), Ok((None, Some(5)))));
    assert_eq!(parse_size_bounds("7"), Ok((Some(7), Some(7))));
    for text in ["", "-", "5-2", "x", "1XB", "99999999999GiB99"] {
        assert!(parse_size_bounds(text).is_err(), "{text}");
    }
    for text in ["p95=300ms", "95:300ms", "P95.0 = 300ms"] {
        let percentile = parse_percentile(text).unwrap();
        assert_eq!((percentile.per_mille, percentile.max_us), (950, 300_000), "{text}");
    }
    assert_eq!(parse_percentile("99.9=1s").unwrap().per_mille, 999);
    for text in ["p0=1s", "p100.1=1s", "p95", "p95=", "p99.95=1s", "p-5=1s", "=1s"] {
        assert!(parse_percentile(text).is_err(), "{text}");
    }
}

#[test]
fn headers_are_read_and_compared() {
    let expect =
        |text: &str| Expectations { headers: vec![HeaderExpectation::parse(text).unwrap()], ..Expectations::default() };
    assert_eq!(one(&expect("X-One"), 200, ""), []);
    assert_eq!(one(&expect("X-One: ^2$"), 200, ""), [], "one of several values is enough");
    let missed = one(&expect("X-One: ^3$"), 200, "");
    assert_eq!(missed, [(MissKind::Header, "header X-One that matches `^3$`".into(), "`1` and `2`".into())]);
    assert_eq!(one(&expect("X-Two"), 200, "")[0].2, "no such header");
    for text in ["", "a b", "X-One:", "X-One: (", "X\nY: a"] {
        assert!(HeaderExpectation::parse(text).is_err(), "{text}");
    }
}

#[test]
fn statuses_bodies_sizes_and_times_are_compared() {
    let expect = Expectations {
        status: StatusSet::parse("200,204,300-399").unwrap(),
        body_contains: vec!["UP (1)".to_owned()],
        body_matches: vec![pattern("^U.").unwrap()],
        min_body_bytes: Some(5),
        max_latency_us: Some(300_000),
        final_url: Some(text_pattern("/home$").unwrap()),
        ..Expectations::default()
    };
    let missed = one(&expect, 503, "DOWN");
    let kinds: Vec<MissKind> = missed.iter().map(|miss| miss.0).collect();
    use MissKind::{Body, BodySize, Latency, Status, Url};
    assert_eq!(kinds, [Status, Body, Body, BodySize, Url, Latency]);
    assert_eq!((missed[0].1.as_str(), missed[0].2.as_str()), ("status 200, 204 or 300-399", "status 503"));
    assert_eq!((missed[5].1.as_str(), missed[5].2.as_str()), ("an answer within 300 ms", "300.1 ms"));
    let fine = Expectations { max_latency_us: Some(300_050), final_url: None, ..expect };
    assert_eq!(one(&fine, 204, "UP (1)"), []);
}

#[test]
fn json_is_compared() {
    let differs = |text: &str, body: &str| {
        let json = vec![JsonExpectation::parse(text).unwrap()];
        one(&Expectations { json, ..Expectations::default() }, 200, body).pop().map(|miss| miss.2)
    };
    let body =
        r#"{"status":"UP","on":true,"n":3,"big":9007199254740993,"checks":[{"s":"UP","k":"a"},{"s":"DOWN","k":"b"}]}"#;
    for text in [
        "$.status",
        "$.status == UP",
        "$.status == \"UP\"",
        "$.on == true",
        "$.n == 3",
        "$.n==3.0",
        "$.big == 9007199254740993",
        "$.checks[0].s == UP",
        "$.checks[?@.k == 'a'].s == UP",
        "$..k",
        "$[\"a == b\", 'on'] == true",
    ] {
        assert_eq!(differs(text, body), None, "{text}");
    }
    assert_eq!(differs("$.status == DOWN", body).as_deref(), Some("\"UP\""));
    assert_eq!(differs("$.on == \"true\"", body).as_deref(), Some("true"));
    assert_eq!(differs("$.big == 9007199254740992", body).as_deref(), Some("9007199254740993"));
    assert_eq!(differs("$.checks[*].s == UP", body).as_deref(), Some("\"DOWN\" as value 2 of 2"));
    assert_eq!(differs("$.none", body).as_deref(), Some("nothing at this path"));
    assert_eq!(differs("$.none == 1", body).as_deref(), Some("nothing at this path"));
    assert_eq!(differs("$.a", "").as_deref(), Some("an empty body"));
    assert!(differs("$.a", "<html>").unwrap().starts_with("a body that is no JSON"));
    assert!(differs("$.a", &"[".repeat(100_000)).is_some());
}

#[test]
fn bad_json_paths_are_refused_with_their_place() {
    let why = |text: &str| JsonExpectation::parse(text).unwrap_err().why;
    assert!(why("status").contains("column 1"), "{}", why("status"));
    assert!(why("$.a[").contains("column 5"), "{}", why("$.a["));
    assert!(why("$.a = 5").contains("column"), "{}", why("$.a = 5"));
    assert!(why("$.a ==").contains("no value"));
    assert!(why("$..a..b").contains("twice"));
    assert!(why("$.a == 123456789012345678901").contains("digits"));
    assert!(why("$.a == 0.1234567890123456789").contains("digits"));
    assert!(why(&format!("$.{}", "a".repeat(2000))).contains("longer"));
}

#[test]
fn a_large_document_is_not_walked_for_each_of_its_values() {
    let body = format!("[{}1]", "1,".repeat(3000));
    let expect =
        |text: &str| Expectations { json: vec![JsonExpectation::parse(text).unwrap()], ..Expectations::default() };
    assert!(one(&expect("$[?count($..*) > 1]"), 200, &body)[0].2.contains("more than 2000"));
    assert_eq!(one(&expect("$[?@ == 1]"), 200, &body), []);
}

#[test]
fn patterns_have_bounds() {
    assert!(pattern("(a").unwrap_err().why.contains("not valid"));
    assert!(pattern(r"(\w{1000}){1000}").unwrap_err().why.contains("compiled"));
    assert!(pattern(&"a".repeat(5000)).unwrap_err().why.contains("longer"));
    assert!(pattern(r"(?-u)\xff").unwrap().is_match(b"\xff"));
    // Backtracking engines never come back from this one.
    assert!(!pattern("(a*)*b").unwrap().is_match(&vec![b'a'; 100_000]));
}

#[test]
fn the_certificate_that_ends_first_counts() {
    let certificate = |subject: &str, ends_s| Certificate { subject: subject.to_owned(), begins_s: 0, ends_s };
    let days = |chain: &[Certificate], least| {
        let phases = Phases::default();
        let answer = Answer { certificates: chain, now_s: 1000, ..answer(200, &[], b"", &phases) };
        let expect = Expectations { certificate_days: Some(least), ..Expectations::default() };
        misses(&expect, &answer).pop().map(|miss| miss.got)
    };
    let chain = [certificate("app", 1000 + 90 * 86_400), certificate("Some CA", 1000 + 5 * 86_400 - 1)];
    assert_eq!(days(&chain, 4), None);
    assert_eq!(days(&chain, 5).as_deref(), Some("4 days left on `Some CA` (2 of the chain)"));
    assert_eq!(days(&[certificate("app", 999)], 0).as_deref(), Some("over for 0 days on `app` (the server's own)"));
    assert_eq!(days(&[], 0).as_deref(), Some("no certificate"));
}

#[test]
fn versions_are_compared() {
    const SHA: &str = "1234567890abcdef1234567890abcdef12345678";
    let body = |expected: &str, body: &str| version(expected, VersionPlace::Body, body);
    assert_eq!(body("v1.2.3", " v1.2.3\n"), (Some("v1.2.3".into()), None));
    assert_eq!(body(SHA, "1234567\n").1, None, "digits alone abbreviate a whole id");
    assert_eq!(body("ABCDEF1", "abcdef1234").1, None);
    assert_eq!(body("123456", SHA).1.as_deref(), Some(format!("version {SHA}").as_str()));
    assert!(body("20261123", "2026112").1.is_some(), "build numbers are no abbreviations");
    assert!(body("20261123", "20261123a").1.is_some());
    assert!(body("v1.2.3", "v1.2.30").1.is_some());
    assert!(body("abcdef1", "abcdef2").1.is_some());
    assert_eq!(body("v1", ""), (None, Some("an empty text".into())));
    assert!(body("v1", "v1\nv2").1.is_some());
    let (found, got) = body(SHA, &format!(r#"{{"build":{{"sha":"{SHA}"}}}}"#));
    assert_eq!(found, None);
    assert!(got.unwrap().contains("--version-json '$.build.sha'"));
    assert!(body("v1", r#"{"x":1}"#).1.unwrap().contains("--version-json"));
    let json = |path: &str, body: &str| version("v1", VersionPlace::Json(JsonPath::parse(path).unwrap()), body);
    assert_eq!(json("$.v", r#"{"v":"v1"}"#), (Some("v1".into()), None));
    assert_eq!(json("$.v", r#"{"v":"v2"}"#), (Some("v2".into()), Some("version v2".into())));
    assert_eq!(json("$.v", "{}"), (None, Some("nothing at this path (`$.v`)".into())));
    assert!(json("$[*]", r#"["v1","v1"]"#).1.unwrap().contains("2 values"));
    assert_eq!(version("abc1234", VersionPlace::Header("X-Version".into()), "").1, None);
    assert!(version("abc1234", VersionPlace::Header("X-None".into()), "").1.is_some());
    assert!(VersionExpectation::new(" ", VersionPlace::Body).is_err());
}

#[test]
fn the_beginning_of_a_body_is_bounded() {
    assert_eq!(body_start(b" \n"), None);
    assert_eq!(body_start(b"a\r\nb\xff\x1b[31m").unwrap(), "a  b\u{fffd}\u{1b}[31m");
    assert_eq!(body_start("é".repeat(1000).as_bytes()).unwrap().chars().count(), BODY_START_CHARS + 1);
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}|\\$[\\.\\[\\]\\?@='a\\*0-9 ()&|]{0,30}|[0-9a-z%=:p.,-]{0,12}") {
        let _ = StatusSet::parse(&text);
        let _ = HeaderExpectation::parse(&text);
        let _ = parse_duration_us(&text);
        let _ = parse_size_bounds(&text);
        let _ = parse_percentile(&text);
        let _ = pattern(&text);
        if let Ok(json) = JsonExpectation::parse(&text) {
            let expect = Expectations { json: vec![json], ..Expectations::default() };
            one(&expect, 200, r#"{"a":[1,{"a":"b"},[2,null]],"b":{"a":1.5}}"#);
        }
    }

    #[test]
    fn misses_are_short_and_on_one_line(body in prop::collection::vec(any::<u8>(), 0..2000), text in "\\PC{1,400}") {
        let expect = Expectations {
            status: BTreeSet::from([999]),
            body_contains: vec![format!("{text}\n\u{1}")],
            json: vec![JsonExpectation::parse("$.a == 5").unwrap()],
            certificate_days: Some(1),
            ..Expectations::default()
        };
        let phases = Phases::default();
        let answer = answer(1, &[], &body, &phases);
        for place in [VersionPlace::Body, VersionPlace::Json(JsonPath::parse("$").unwrap())] {
            let expected = VersionExpectation::new("v", place).unwrap();
            let (found, miss) = version_of(&expected, &answer);
            prop_assert!(found.is_none_or(|found| found.chars().count() <= MAX_TEXT_CHARS));
            for miss in misses(&expect, &answer).into_iter().chain(miss) {
                for text in [miss.expected, miss.got] {
                    prop_assert!(text.chars().count() <= MAX_TEXT_CHARS);
                    prop_assert!(!text.contains(['\n', '\r']));
                }
            }
        }
    }
}

#[test]
fn a_fraction_is_no_version() {
    let got = |expected: &str, body: &str| {
        version(expected, VersionPlace::Json(JsonPath::parse("$.version").unwrap()), body).1
    };
    assert_eq!(got("1.10", r#"{"version":"1.10"}"#), None);
    assert_eq!(got("17", r#"{"version":17}"#), None);
    assert!(got("1.1", r#"{"version":1.10}"#).unwrap().contains("have it sent as a string"));
}

#[test]
fn an_empty_pattern_is_a_variable_that_is_not_set() {
    assert!(pattern("").is_err() && text_pattern("").is_err());
    // `"$ONE $OTHER"`
    assert!(pattern(" ").is_err() && pattern("\\s").is_ok());
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text_and_compression_is_named() {
    let json =
        Expectations { json: vec![JsonExpectation::parse("$.status == UP").unwrap()], ..Expectations::default() };
    assert_eq!(one(&json, 200, "\u{feff}{\"status\":\"UP\"}"), []);
    assert_eq!(version("1.2", VersionPlace::Body, "\u{feff}1.2\n"), (Some("1.2".to_owned()), None));
    let headers = [("content-encoding".to_owned(), b"gzip".to_vec())];
    let text = Expectations { body_contains: vec!["UP".to_owned()], ..json };
    let found = misses(&text, &answer(200, &headers, b"\x1f\x8b", &Phases::default()));
    assert!(found.len() == 2 && found.iter().all(|miss| miss.got.contains("compressed (gzip)")), "{found:?}");
}
