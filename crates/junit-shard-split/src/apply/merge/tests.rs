use super::*;
use crate::observe::junit::{Case, Detail, Flow, Suite, SuiteKind, Visitor};
use crate::observe::results::Collection;
use crate::observe::results::case::Ending;
use crate::plan::results::{Outcome, RunResults};
use proptest::prelude::*;

fn merge(reports: &[(&str, &str, Option<u32>)]) -> (RunResults, String) {
    let mut collection = Collection::new(3);
    for (number, (path, text, group)) in reports.iter().enumerate() {
        let mut collector = collection.collector(u32::try_from(number).unwrap(), path, *group);
        junit::read(text.as_bytes(), &Limits::default(), &mut collector).unwrap();
        collection.commit(collector);
    }
    let (results, outline) = collection.finish();
    let mut open = |path: &str| -> io::Result<Box<dyn Read>> {
        let (_, text, _) = reports.iter().find(|(name, _, _)| *name == path).unwrap();
        Ok(Box::new(io::Cursor::new(text.as_bytes().to_vec())))
    };
    let merged = write(&outline, &Limits::default(), &mut open, "merged.xml", Vec::new()).unwrap();
    (results, String::from_utf8(merged).unwrap())
}

fn merged(text: &str) -> String {
    merge(&[("r.xml", text, None)]).1
}

/// The part between the root's tags.
fn inside(merged: &str) -> &str {
    let begin = merged.find("\n  <").map_or(merged.len(), |at| at + 1);
    merged[begin..].trim_end().trim_end_matches("</testsuites>").trim_end()
}

#[test]
fn everything_is_kept_in_one_level_of_suites() {
    let text = merged(
        r#"<testsuites name="run" time="9"><testsuite name="outer" tests="7" time="3" timestamp="T" id="4" hostname="h">
        <properties><property name="k" value="v&quot;&lt;"/></properties>
        <testcase name="a" classname="C" filepath="x/a.rb" lineno="3" time="1,000.5" assertions="2"><properties><property name="p">text</property></properties>
          <failure message="m&#10;n" type="T">a &lt; b ]]&gt; <![CDATA[<c>]]></failure><system-out>out &amp; about</system-out></testcase>
        <testsuite name="inner" file="f"><testcase classname="only"/></testsuite>
        <system-err>late</system-err></testsuite></testsuites>"#,
    );
    assert_eq!(
        text,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" skipped="0" time="1000.500">
  <testsuite name="outer" tests="1" failures="1" errors="0" skipped="0" time="1000.500" timestamp="T" hostname="h">
    <properties>
      <property name="k" value="v&quot;&lt;"/>
    </properties>
    <testcase name="a" classname="C" file="x/a.rb" line="3" time="1000.500" assertions="2">
      <properties>
        <property name="p" value="text"/>
      </properties>
      <failure message="m&#10;n" type="T">a &lt; b ]]&gt; &lt;c&gt;</failure>
      <system-out>out &amp; about</system-out>
    </testcase>
  </testsuite>
  <testsuite name="outer &gt; inner" tests="1" failures="0" errors="0" skipped="0" time="0.000" file="f">
    <testcase name="only" classname="only" time="0.000"/>
  </testsuite>
  <testsuite name="outer" tests="0" failures="0" errors="0" skipped="0" time="0.000" timestamp="T" hostname="h">
    <system-err>late</system-err>
  </testsuite>
</testsuites>
"#
    );
    assert_eq!(merged(&text), text);
}

#[test]
fn retries_become_one_case_in_surefires_order() {
    let text = merged(
        r#"<testsuite name="s">
        <testcase name="t" time="1"><failure message="m1" type="A">trace 1</failure><system-out>log 1</system-out></testcase>
        <testcase name="u"><error message="e1"/></testcase>
        <testcase name="t" time="2"><error message="m2">trace 2</error></testcase>
        <testcase name="t" time="3"><system-out>log 3</system-out></testcase>
        <testcase name="u"><failure message="e2">last</failure><system-err>log u</system-err></testcase>
        </testsuite>"#,
    );
    assert_eq!(
        inside(&text),
        r#"  <testsuite name="s" tests="2" failures="1" errors="0" skipped="0" time="6.000">
    <testcase name="t" time="3.000">
      <flakyFailure message="m1" type="A"><stackTrace>trace 1
--- system-out ---
log 1</stackTrace></flakyFailure>
      <flakyError message="m2"><stackTrace>trace 2</stackTrace></flakyError>
      <system-out>log 3</system-out>
    </testcase>
    <testcase name="u" time="0.000">
      <failure message="e2">last</failure>
      <rerunError message="e1"><stackTrace/></rerunError>
      <system-err>log u</system-err>
    </testcase>
  </testsuite>"#
    );
    assert_eq!(merged(&text), text);
}

#[test]
fn what_surefire_wrote_stays() {
    let text = r#"  <testsuite name="s" tests="2" failures="1" errors="0" skipped="0" time="0.000">
    <testcase name="t" time="0.000">
      <flakyFailure message="m" type="A" time="0.1"><stackTrace>trace</stackTrace></flakyFailure>
    </testcase>
    <testcase name="u" time="0.000">
      <failure message="m">trace</failure>
      <rerunFailure message="n"><stackTrace>trace</stackTrace></rerunFailure>
    </testcase>
  </testsuite>"#;
    assert_eq!(inside(&merged(text)), text);
}

#[test]
fn attempts_of_a_group_end_up_in_the_deciding_report() {
    let first = r#"<testsuite name="s"><testcase name="a"><failure message="m1"/></testcase><testcase name="a"><failure message="m2"/></testcase>
        <testcase name="b"/></testsuite>"#;
    let second = r#"<testsuite name="s" hostname="second"><testcase name="a"/><testcase name="b"/></testsuite>"#;
    let (results, text) = merge(&[("1.xml", first, Some(0)), ("2.xml", second, Some(0))]);
    assert_eq!((results.totals.tests, results.totals.flaky), (2, 1));
    assert_eq!(
        inside(&text),
        r#"  <testsuite name="s" tests="2" failures="0" errors="0" skipped="0" time="0.000" hostname="second">
    <testcase name="a" time="0.000">
      <flakyFailure message="m1"><stackTrace/></flakyFailure>
      <flakyFailure message="m2"><stackTrace/></flakyFailure>
    </testcase>
    <testcase name="b" time="0.000"/>
  </testsuite>"#
    );
    assert_eq!(merged(&text), text);
}

#[test]
fn failures_that_readers_would_not_see_become_visible() {
    let text = merged(
        r#"<testsuites><testcase name="loose"/><testsuite name="s"><failure message="setup">trace</failure>
        <testcase name="a" status="failed"/><testcase name="b" status="notrun"/><testcase name="c"><rerunError/></testcase></testsuite></testsuites>"#,
    );
    assert_eq!(
        inside(&text),
        r#"  <testsuite name="(unnamed suite)" tests="1" failures="0" errors="0" skipped="0" time="0.000">
    <testcase name="loose" time="0.000"/>
  </testsuite>
  <testsuite name="s" tests="4" failures="2" errors="1" skipped="1" time="0.000">
    <testcase name="failed outside of its tests" time="0.000">
      <failure message="setup">trace</failure>
    </testcase>
    <testcase name="a" time="0.000" status="failed">
      <failure message="the report gives no more than the status"/>
    </testcase>
    <testcase name="b" time="0.000" status="notrun">
      <skipped message="the report gives no more than the status"/>
    </testcase>
    <testcase name="c" time="0.000">
      <rerunError><stackTrace/></rerunError>
      <error message="the report gives no more than the status"/>
    </testcase>
  </testsuite>"#
    );
    assert_eq!(merged(&text), text);
}

#[test]
fn odd_reports_give_well_formed_xml() {
    for text in [
        "<testsuites/>",
        "<testsuite/>",
        "<testsuite name=\"\"><testsuite/></testsuite>",
        "<testsuite name=\"a\u{1}\" x:y=\"1\" y=\"2\" _=\"\"><testcase name=\"&#x1b;[31m\"><failure>\u{c}\r\n\r</failure></testcase></testsuite>",
        "<testsuite><testcase/><testcase><failure/></testcase></testsuite><testsuite><testcase/></testsuite>",
        "<testsuite><skipped/><rerunFailure/><system-out/><properties/></testsuite>",
        "<testsuite><testcase><system-out><![CDATA[]]></system-out></testcase><system-err><![CDATA[]]></system-err></testsuite>",
        // What is folded away between two blocks of properties leaves no trace.
        "<testsuite><properties><property name=\"a\"/></properties><testcase><failure/><properties><property name=\"b\"/></properties></testcase><properties><property name=\"c\"/></properties><testcase/></testsuite>",
    ] {
        let once = merged(text);
        assert_eq!(merged(&once), once, "{text}");
    }
}

#[test]
fn a_report_that_changes_between_the_passes_is_noticed() {
    let before = r#"<testsuite name="s"><testcase name="a"/></testsuite>"#;
    let mut collection = Collection::new(0);
    let mut collector = collection.collector(0, "r.xml", None);
    junit::read(before.as_bytes(), &Limits::default(), &mut collector).unwrap();
    collection.commit(collector);
    let (_, outline) = collection.finish();
    let error_of = |text: &'static str| {
        let mut open = |_: &str| -> io::Result<Box<dyn Read>> { Ok(Box::new(text.as_bytes())) };
        write(&outline, &Limits::default(), &mut open, "merged.xml", Vec::new()).err().map(|error| error.to_string())
    };
    assert_eq!(error_of(before), None);
    for after in [
        r#"<testsuite name="s"></testsuite>"#,
        r#"<testsuite name="s"><testcase name="a"/><testcase name="b"/></testsuite>"#,
        r#"<testsuites><testsuite name="s"><testcase name="a"/></testsuite><testsuite name="t"/></testsuites>"#,
    ] {
        assert!(error_of(after).is_some_and(|error| error.contains("changed")), "{after}");
    }
    assert!(error_of("<testsuite>").is_some_and(|error| error.starts_with("r.xml: line 1")));
    let mut gone = |_: &str| -> io::Result<Box<dyn Read>> { Err(io::ErrorKind::NotFound.into()) };
    let error = write(&outline, &Limits::default(), &mut gone, "merged.xml", Vec::new()).unwrap_err();
    assert!(matches!(error, MergeError::Open { .. }), "{error}");
}

#[test]
fn an_output_that_fails_is_told_as_such() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("disk full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let text = format!("<testsuite>{}</testsuite>", "<testcase name=\"a long enough name\"/>".repeat(20_000));
    let mut collection = Collection::new(0);
    let mut collector = collection.collector(0, "r.xml", None);
    junit::read(text.as_bytes(), &Limits::default(), &mut collector).unwrap();
    collection.commit(collector);
    let (_, outline) = collection.finish();
    let mut open = |_: &str| -> io::Result<Box<dyn Read>> { Ok(Box::new(io::Cursor::new(text.clone()))) };
    let Err(error) = write(&outline, &Limits::default(), &mut open, "m.xml", Full) else {
        panic!("written to nowhere")
    };
    assert_eq!(error.to_string(), "cannot write m.xml: disk full");
}

/// What a reader sees in a merged report: suites with their counters, and cases.
#[derive(Debug, Default)]
struct Seen {
    root: Vec<u64>,
    declared: Vec<Vec<u64>>,
    counted: Vec<Vec<u64>>,
    cases: Vec<(String, String, Outcome, u32, u64)>,
    suite: String,
    case: Option<(String, Ending, u64)>,
}

impl Seen {
    fn of(text: &str) -> Self {
        let mut seen = Seen::default();
        junit::read(text.as_bytes(), &Limits::default(), &mut seen).unwrap();
        seen.cases.sort();
        seen
    }
}

impl Visitor for Seen {
    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
        let counters: Vec<u64> = ["tests", "failures", "errors", "skipped"]
            .iter()
            .filter_map(|name| suite.attributes.iter().find(|(found, _)| found == name)?.1.parse().ok())
            .collect();
        match suite.kind {
            SuiteKind::Suites => self.root = counters,
            SuiteKind::Suite => {
                self.suite = suite.name.clone().unwrap_or_default().into_owned();
                self.declared.push(counters);
                self.counted.push(vec![0; 4]);
            }
        }
        Ok(())
    }

    fn suite_end(&mut self) -> Flow {
        Ok(())
    }

    fn case_start(&mut self, case: &Case<'_>) -> Flow {
        let name = case.name.clone().unwrap_or_default().into_owned();
        self.case = Some((name, Ending::of(case), case.time_ns.unwrap_or(u64::MAX)));
        Ok(())
    }

    fn case_end(&mut self) -> Flow {
        let (name, ending, time_ns) = self.case.take().unwrap();
        assert_eq!(ending.missing(), None, "each outcome has its element");
        let outcome = ending.outcome();
        let counted = self.counted.last_mut().unwrap();
        counted[0] += 1;
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed => counted[1] += 1,
            Outcome::Error => counted[2] += 1,
            Outcome::Skipped => counted[3] += 1,
        }
        self.cases.push((self.suite.clone(), name, outcome, ending.attempts(), time_ns));
        Ok(())
    }

    fn detail_start(&mut self, detail: &Detail<'_>) -> Flow {
        if let Some((_, ending, _)) = &mut self.case {
            ending.add(detail);
        }
        Ok(())
    }
}

/// A case as XML: few names, so that they repeat; all kinds of details.
fn any_case() -> impl Strategy<Value = String> {
    let detail = prop_oneof![
        6 => Just(String::new()),
        3 => Just("<failure message=\"m\" type=\"T\">a &lt; b\r\n</failure>".to_owned()),
        1 => Just("<error/>".to_owned()),
        1 => Just("<skipped/>".to_owned()),
        1 => Just("<flakyFailure message=\"f\"><stackTrace>x</stackTrace>\n</flakyFailure>".to_owned()),
        1 => Just("<failure/><rerunError/>".to_owned()),
        1 => Just("<rerunFailure>r</rerunFailure>".to_owned()),
        1 => Just("<properties><property name=\"a\" value=\"b\"/></properties><system-out>&amp;o</system-out>".to_owned()),
    ];
    let output = prop_oneof![4 => Just(""), 1 => Just("<system-err>err\u{1b}</system-err>")];
    (0..3_u8, 0..2_u8, detail, output, 0..5_000_u32, any::<bool>()).prop_map(
        |(name, class, detail, output, ms, timed)| {
            let time = if timed { format!(" time=\"{}.{:03}\"", ms / 1000, ms % 1000) } else { String::new() };
            let class = if class == 0 { String::new() } else { " classname=\"C &gt; d\"".to_owned() };
            format!("<testcase name=\"t{name}\"{class}{time} status=\"run\">{detail}{output}</testcase>")
        },
    )
}

fn any_suite() -> impl Strategy<Value = String> {
    let item = prop_oneof![
        8 => any_case(),
        1 => Just("<system-out>suite</system-out>".to_owned()),
        1 => Just("<properties><property name=\"k\">v</property></properties>".to_owned()),
        1 => Just("<error message=\"of the suite\">x</error>".to_owned()),
    ];
    let leaf = (0..4_u8, proptest::collection::vec(item, 0..8), proptest::option::of(0..60_u32)).prop_map(suite_of);
    leaf.prop_recursive(3, 12, 4, |inner| {
        let item = prop_oneof![any_case(), inner];
        (0..4_u8, proptest::collection::vec(item, 0..5), proptest::option::of(0..60_u32)).prop_map(suite_of)
    })
}

fn suite_of((name, items, time): (u8, Vec<String>, Option<u32>)) -> String {
    let name = ["", " name=\"\"", " name=\"s &amp; t\" hostname=\"h\" id=\"1\"", " name=\"u\" tests=\"99\""]
        [usize::from(name)];
    let time = time.map(|time| format!(" time=\"{time}\"")).unwrap_or_default();
    format!("<testsuite{name}{time}>{}</testsuite>", items.concat())
}

fn whole(suites: &[String]) -> String {
    format!("<testsuites>{}</testsuites>", suites.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn merging_again_changes_nothing(suites in proptest::collection::vec(any_suite(), 1..5)) {
        let (results, once) = merge(&[("r.xml", &whole(&suites), None)]);
        let (again, twice) = merge(&[("merged.xml", &once, None)]);
        prop_assert_eq!(&twice, &once);
        prop_assert_eq!(again.totals, results.totals);
    }

    #[test]
    fn merging_the_parts_is_merging_the_whole(
        suites in proptest::collection::vec((any_suite(), 0..3_usize), 1..6),
    ) {
        let all: Vec<String> = suites.iter().map(|(suite, _)| suite.clone()).collect();
        let parts: Vec<String> = (0..3)
            .map(|part| whole(&suites.iter().filter(|(_, of)| *of == part).map(|(suite, _)| suite.clone()).collect::<Vec<_>>()))
            .collect();
        let (of_whole, whole) = merge(&[("r.xml", &whole(&all), None)]);
        let (of_parts, parts) =
            merge(&[("0.xml", &parts[0], None), ("1.xml", &parts[1], None), ("2.xml", &parts[2], None)]);
        prop_assert_eq!(of_parts.totals, of_whole.totals);
        prop_assert_eq!(Seen::of(&parts).cases, Seen::of(&whole).cases);
        prop_assert_eq!(Seen::of(&parts).root, Seen::of(&whole).root);
    }

    #[test]
    fn totals_are_those_of_the_cases(
        suites in proptest::collection::vec(any_suite(), 1..4),
        more in proptest::collection::vec(any_suite(), 1..4),
        grouped: bool,
    ) {
        let group = grouped.then_some(1);
        let (results, text) = merge(&[("1.xml", &whole(&suites), group), ("2.xml", &whole(&more), group)]);
        let seen = Seen::of(&text);
        prop_assert_eq!(&seen.declared, &seen.counted);
        let sums: Vec<u64> = (0..4).map(|of| seen.counted.iter().map(|counts| counts[of]).sum()).collect();
        prop_assert_eq!(&seen.root, &sums);
        let totals = &results.totals;
        prop_assert_eq!(sums, vec![totals.tests, totals.failures, totals.errors, totals.skipped]);
        let flaky = seen.cases.iter().filter(|case| case.2 == Outcome::Passed && case.3 > 1).count() as u64;
        prop_assert_eq!(flaky, totals.flaky);
        prop_assert_eq!(merge(&[("m.xml", &text, None)]).1, text);
    }

    #[test]
    fn seconds_are_exact(ns: u64) {
        let text = seconds(ns);
        let (whole, fraction) = text.split_once('.').unwrap();
        prop_assert!((3..=9).contains(&fraction.len()));
        let read = whole.parse::<u64>().unwrap() * 1_000_000_000 + format!("{fraction:0<9}").parse::<u64>().unwrap();
        prop_assert_eq!(read, ns);
    }
}
