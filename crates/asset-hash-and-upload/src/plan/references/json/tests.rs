//! The scanner beside serde_json, which is the second opinion on what JSON is.

use super::*;
use proptest::prelude::*;

/// Every string of the text: steps as `/name/0`, span, meaning.
fn all(text: &str) -> Result<Vec<(String, Range<usize>, String)>, Unreadable> {
    let mut found = Vec::new();
    strings(text.as_bytes(), &mut |path, string| {
        let mut steps = String::new();
        for step in path {
            steps.push('/');
            match step {
                Step::Member { name, .. } => steps.push_str(name),
                Step::Element { index } => steps.push_str(&index.to_string()),
            }
        }
        found.push((steps, string.span.clone(), string.decoded().into_owned()));
    })?;
    Ok(found)
}

/// The strings of a value, by serde_json's reading.
fn of_value(value: &serde_json::Value, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::String(string) => out.push((path.to_owned(), string.clone())),
        serde_json::Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, element)| of_value(element, &format!("{path}/{index}"), out));
        }
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(name, member)| of_value(member, &format!("{path}/{name}"), out));
        }
        _ => {}
    }
}

#[test]
fn strings_come_with_their_steps_spans_and_meanings() {
    let text =
        "\u{feff}{\"a\": [1, \"x\", {\"b\\u0063\": \"\\/\\u00e9\\ud83d\\ude00\\n\"}], \"d\": -1.5e+3, \"e\": \"\"}\n";
    let found = all(text).unwrap();
    let shown: Vec<(&str, &str, &str)> =
        found.iter().map(|(path, span, meaning)| (path.as_str(), &text[span.clone()], meaning.as_str())).collect();
    assert_eq!(shown, [("/a/1", "x", "x"), ("/a/2/bc", "\\/\\u00e9\\ud83d\\ude00\\n", "/é😀\n"), ("/e", "", "")]);
}

#[test]
fn a_member_has_its_own_span() {
    let text = r#"{"k\u0065y": "v"}"#;
    let mut seen = Vec::new();
    strings(text.as_bytes(), &mut |path, _| seen.extend(path.to_vec())).unwrap();
    let [Step::Member { name, span }] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((name.as_ref(), &text[span.clone()]), ("key", r"k\u0065y"));
    assert!(seen[0].is("key") && !seen[0].is("k") && !seen[0].is_element());
}

#[test]
fn half_a_pair_is_replaced() {
    for (text, meaning) in [
        (r#""\ud800""#, "\u{fffd}"),
        (r#""\udc00x""#, "\u{fffd}x"),
        (r#""\ud800\u0041""#, "\u{fffd}A"),
        (r#""\ud800\ud800\udc00""#, "\u{fffd}\u{10000}"),
        (r#""\u0041\u0042""#, "AB"),
    ] {
        assert_eq!(all(text).unwrap()[0].2, meaning, "{text}");
    }
}

#[test]
fn what_is_not_json_is_told_with_its_line() {
    for (text, line) in [
        ("", 1),
        ("\n\n{", 3),
        ("{\"a\"\n1}", 2),
        ("[1,]", 1),
        ("{\"a\":1,}", 1),
        ("[01]", 1),
        ("[1.]", 1),
        ("[+1]", 1),
        ("\"\t\"", 1),
        ("\"\u{1f}\"", 1),
        ("\"\\x\"", 1),
        ("\"\\u12g4\"", 1),
        ("{'a':1}", 1),
        ("// a\n1", 1),
        ("1\n2", 2),
        ("tru", 1),
        ("[\n\"", 2),
    ] {
        let error = all(text).unwrap_err();
        assert_eq!(error.line, line, "{text:?}: {error}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
    }
    assert_eq!(strings(b"\n\"\xff\"", &mut |_, _| ()).unwrap_err().line, 2);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(all(&nested(DEPTH_LIMIT)).is_ok());
    assert!(all(&nested(DEPTH_LIMIT + 1)).unwrap_err().what.contains("128"));
    assert!(all(&"[".repeat(1_000_000)).is_err());
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec(("[a-z\"\\\\é\u{1}]{0,4}", inner), 0..5)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_gives_the_strings_that_serde_json_gives(value in value(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let mut expected = Vec::new();
        of_value(&value, "", &mut expected);
        let found = all(&text).unwrap();
        for (_, span, meaning) in &found {
            let quoted = &text[span.start - 1..span.end + 1];
            prop_assert_eq!(&serde_json::from_str::<String>(quoted).unwrap(), meaning);
        }
        let found: Vec<_> = found.into_iter().map(|(path, _, meaning)| (path, meaning)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_serde_json_refuses_is_refused_and_the_other_way_round(text in "[\\[\\]{}\",:\\\\u0-2a.eE+ \n-]{0,12}") {
        // serde_json refuses halves of surrogate pairs and numbers beyond f64, which JSON's grammar allows.
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let range = theirs.as_ref().is_err_and(|err| err.to_string().contains("out of range"));
        prop_assert!(range || all(&text).is_ok() == theirs.is_ok(), "{text:?}: {theirs:?}");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = strings(&bytes, &mut |_, string| drop(string.decoded()));
    }
}
