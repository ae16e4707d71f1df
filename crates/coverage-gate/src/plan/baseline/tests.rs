use super::super::judge::{Rules, judge};
use super::super::testing::{evidence, files, unmatched};
use super::super::thresholds::{MissingBaseline, Thresholds};
use super::*;
use proptest::prelude::*;

fn taken(partial: PartialLines) -> Baseline {
    let files = files(&[("src/b.php", "+1 +2 -4 ~5"), ("src/a.php", "-7"), ("none.php", "")]);
    let unmatched = unmatched(&[("/usr/x.php", "+1 -2")]);
    let thresholds = Thresholds::default();
    let rules = Rules { thresholds: &thresholds, partial, missing_baseline: MissingBaseline::Unproven };
    let judgement = judge(&rules, &evidence(&files, &unmatched));
    Baseline::from(&judgement, &files, Some("1a2b3c4d"))
}

#[test]
fn written_and_read_again() {
    let baseline = taken(PartialLines::Miss);
    let text = baseline.to_text();
    assert_eq!(
        text,
        "{\"coverage-gate-baseline\":1,\"commit\":\"1a2b3c4d\",\"partial-lines\":\"miss\",\n\
         \"totals\":{\"lines\":{\"covered\":3,\"coverable\":7},\"branches\":{\"covered\":1,\"coverable\":2}},\n\
         \"files\":[\n\
         {\"path\":\"/usr/x.php\",\"matched\":false,\"totals\":{\"lines\":{\"covered\":1,\"coverable\":2}}},\n\
         {\"path\":\"none.php\",\"covered\":\"\",\"uncovered\":\"\",\"totals\":{}},\n\
         {\"path\":\"src/a.php\",\"covered\":\"\",\"uncovered\":\"7\",\"totals\":{\"lines\":{\"covered\":0,\"coverable\":1}}},\n\
         {\"path\":\"src/b.php\",\"covered\":\"1-2\",\"uncovered\":\"4-5\",\"totals\":{\"lines\":{\"covered\":2,\"coverable\":4},\"branches\":{\"covered\":1,\"coverable\":2}}}\n\
         ]}\n"
    );
    assert_eq!(Baseline::parse(&text, "b"), Ok(baseline.clone()));
    let lines = baseline.files[3].lines.as_ref().unwrap();
    assert_eq!([1, 3, 4, 5, 6].map(|line| lines.state(line)), [Some(true), None, Some(false), Some(false), None]);
    assert_eq!(lines.share(), (2, 4).into());
}

#[test]
fn a_report_is_a_baseline() {
    let text = r#"{"schema":1,"tool":"coverage-gate","version":"9.9.9","verdict":"pass","findings":[{"code":"x"}],
        "totals":{"lines":{"covered":5,"coverable":9}},
        "files":[{"path":"a.php","matched":true,"lines":{"covered":5,"coverable":9},"functions":{"covered":1,"coverable":1}}]}"#;
    let baseline = Baseline::parse(text, "r.json").unwrap();
    assert_eq!(baseline.totals.lines, Some((5, 9).into()));
    assert_eq!(baseline.files[0].totals.lines, Some((5, 9).into()));
    assert!(!baseline.has_lines() && baseline.partial.is_none());
}

#[test]
fn what_is_no_baseline_is_refused() {
    let own = |rest: &str| format!("{{\"coverage-gate-baseline\":1,\"totals\":{{}}{rest}}}");
    let file = |rest: &str| own(&format!(",\"files\":[{{\"path\":\"a\"{rest}}}]"));
    for (text, what) in [
        (String::new(), "empty"),
        ("{}".to_owned(), "it is no baseline"),
        ("[1".to_owned(), "it is no baseline"),
        ("{\"coverage-gate-baseline\":2,\"totals\":{}}".to_owned(), "version 2"),
        ("{\"coverage-gate-baseline\":1}".to_owned(), "no totals"),
        ("{\"tool\":\"junit-shard-split\",\"schema\":1,\"totals\":{}}".to_owned(), "it is no baseline"),
        ("{\"tool\":\"coverage-gate\",\"schema\":9,\"totals\":{}}".to_owned(), "schema"),
        (own(",\"partial-lines\":\"half\""), "neither hit nor miss"),
        (own(",\"commit\":\"main\""), "no commit"),
        (file(",\"covered\":\"1-3\",\"uncovered\":\"3\""), "line 3 is both"),
        (file(",\"covered\":\"3-1\""), "no range"),
        (file(",\"totals\":{\"lines\":{\"covered\":3,\"coverable\":2}}"), "3 of 2"),
        (file(",\"totals\":{\"lines\":{\"covered\":3,\"coverable\":9999999999999999}}"), "more than there can be"),
        (file(",\"totals\":{\"lines\":{\"covered\":-3,\"coverable\":2}}"), "it is no baseline"),
        (own(",\"files\":[{\"path\":\"a\"},{\"path\":\"a\"}]"), "twice"),
    ] {
        match Baseline::parse(&text, "b.json") {
            Err(Error::File { path, what: said, .. }) => {
                assert_eq!(path, "b.json");
                assert!(said.contains(what), "{text}: {said}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let broken = Baseline::parse("{\"coverage-gate-baseline\":1,\n\"totals\":nonsense}", "b").unwrap_err();
    assert!(matches!(broken, Error::File { line: Some(2), .. }), "{broken:?}");
    let deep = format!("{{\"x\":{}", "[".repeat(100_000));
    assert!(Baseline::parse(&deep, "b").is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|\\{\"coverage-gate-baseline\":1,\"totals\":\\{\\},\"files\":\\[(\\{\"path\":\"a\",\"covered\":\"[-0-9,]{0,9}\"\\}){0,2}\\]\\}") {
        if let Ok(baseline) = Baseline::parse(&text, "b") {
            prop_assert_eq!(Baseline::parse(&baseline.to_text(), "b"), Ok(baseline));
        }
    }
}
