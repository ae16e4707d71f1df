use super::*;
use crate::observe::junit::{self, Limits};
use crate::plan::results::place::Place;
use crate::plan::results::{MAX_LISTED, Outcome, Totals};

fn collect(reports: &[(&str, &str, Option<u32>)]) -> (RunResults, Outline) {
    let mut collection = Collection::new(3);
    for (number, (path, text, group)) in reports.iter().enumerate() {
        let mut collector = collection.collector(u32::try_from(number).unwrap(), path, *group);
        match junit::read(text.as_bytes(), &Limits::default(), &mut collector) {
            Ok(_) => collection.commit(collector),
            Err(error) => assert_eq!(*path, "broken.xml", "{error}"),
        }
    }
    collection.finish()
}

fn of(text: &str) -> RunResults {
    collect(&[("r.xml", text, None)]).0
}

fn counts(totals: &Totals) -> [u64; 5] {
    [totals.tests, totals.failures, totals.errors, totals.skipped, totals.flaky]
}

fn names(tests: &[crate::plan::results::TestResult]) -> Vec<String> {
    tests.iter().map(|test| format!("{} {:?} x{}", test.name.title(), test.outcome, test.attempts)).collect()
}

#[test]
fn outcomes_of_every_kind() {
    let results = of(r#"<testsuite name="s">
        <testcase name="passed" time="1.5"/>
        <testcase name="failed" time="2"><failure message="no"/></testcase>
        <testcase name="broke"><error>boom
            at tests/a.py:7: x</error></testcase>
        <testcase name="both"><error/><failure/></testcase>
        <testcase name="skipped"><skipped/></testcase>
        <testcase name="notrun" status="notrun"/>
        <testcase name="status" status="Failed"/>
        <testcase name="fine" status="run"/>
        <testcase name="out"><system-out>x</system-out></testcase>
        </testsuite>"#);
    assert_eq!(counts(&results.totals), [9, 3, 1, 2, 0]);
    assert_eq!(results.totals.passed(), 3);
    assert_eq!(results.totals.time_ns, 3_500_000_000);
    assert_eq!(
        names(&results.failed),
        ["s > failed Failed x1", "s > broke Error x1", "s > both Failed x1", "s > status Failed x1"]
    );
    assert_eq!(results.failed[0].message, "no");
    assert_eq!(results.failed[1].message, "boom");
    assert_eq!(results.failed[1].place, Some(Place::new("tests/a.py", Some(7))));
    assert_eq!((results.failed[1].report.as_str(), results.failed[1].report_line), ("r.xml", 4));
    assert_eq!(names(&results.slowest), ["s > failed Failed x1", "s > passed Passed x1"]);
}

#[test]
fn surefire_tells_its_retries_itself() {
    let results = of(r#"<testsuite name="s">
        <testcase name="flaky" classname="C" time="0.1"><flakyFailure message="m1"><stackTrace>at C.t(CTest.java:9)</stackTrace>
            </flakyFailure><flakyError message="m2"/></testcase>
        <testcase name="dead"><failure message="f1"/><rerunFailure message="f2"/><rerunFailure/></testcase>
        <testcase name="odd"><rerunError message="e"/></testcase>
        </testsuite>"#);
    assert_eq!(counts(&results.totals), [3, 1, 1, 0, 1]);
    assert_eq!(names(&results.flaky), ["C > flaky Passed x3"]);
    assert_eq!(results.flaky[0].message, "m1");
    assert_eq!(results.flaky[0].place, Some(Place::new("CTest.java", Some(9))));
    assert_eq!(names(&results.failed), ["s > dead Failed x3", "s > odd Error x2"]);
    assert_eq!(results.failed[0].message, "f1");
}

#[test]
fn repeated_cases_are_retries_when_only_the_last_passed() {
    let results = of(r#"<testsuites><testsuite name="s">
        <testcase name="a" time="1"><failure message="first"/></testcase>
        <testcase name="other"/>
        <testcase name="a" time="9"><error message="second"/></testcase>
        <testcase name="a" time="2"/>
        <testcase name="b"><failure message="b1"/></testcase>
        <testcase name="b"><error message="b2"/></testcase>
        </testsuite></testsuites>"#);
    assert_eq!(counts(&results.totals), [3, 0, 1, 0, 1]);
    assert_eq!(names(&results.flaky), ["s > a Passed x3"]);
    assert_eq!(results.flaky[0].message, "first");
    assert_eq!(results.flaky[0].time_ns, 2_000_000_000);
    assert_eq!(results.flaky[0].report_line, 5);
    assert_eq!(names(&results.failed), ["s > b Error x2"]);
    assert_eq!(results.totals.time_ns, 12_000_000_000, "attempts took their time too");
    assert_eq!(names(&results.slowest), ["s > a Passed x1"], "the slow attempt is no test of its own");
}

#[test]
fn tests_that_only_share_a_name_stay_apart() {
    for text in [
        // The same describe block in two files, without file attributes.
        r#"<a><testsuite name="login"><testcase name="works"><failure/></testcase></testsuite>
           <testsuite name="login"><testcase name="works"/></testsuite></a>"#,
        // Generated tests: the failure is no attempt at what passed before it.
        r#"<a><testsuite name="s"><testcase name="t"/><testcase name="t"><failure/></testcase></testsuite></a>"#,
        r#"<a><testsuite name="s"><testcase name="t"><failure/></testcase><testcase name="t"/><testcase name="t"/></testsuite></a>"#,
        // Two tests on two lines, in two files or classes.
        r#"<a><testsuite name="s"><testcase name="t" line="1"><failure/></testcase><testcase name="t" line="2"/></testsuite></a>"#,
        r#"<a><testsuite name="s"><testcase name="t" file="x"><failure/></testcase><testcase name="t" file="y"/></testsuite></a>"#,
        r#"<a><testsuite name="s"><testcase name="t" classname="x"><failure/></testcase><testcase name="t"/></testsuite></a>"#,
    ] {
        let results = of(&text.replace("<a>", "<testsuites>").replace("</a>", "</testsuites>"));
        assert_eq!((results.totals.failures, results.totals.flaky), (1, 0), "{text}");
        assert!(results.totals.tests >= 2, "{text}");
    }
}

#[test]
fn reports_are_folded_only_within_a_group() {
    let first = r#"<testsuite name="s"><testcase name="a"><failure message="m"/></testcase><testcase name="b"/>
        <testcase name="c"><failure/></testcase></testsuite>"#;
    let second = r#"<testsuite name="s"><testcase name="a" time="1"/><testcase name="b"/>
        <testcase name="c"><failure/></testcase></testsuite>"#;
    let (apart, _) = collect(&[("1.xml", first, None), ("2.xml", second, None)]);
    assert_eq!(counts(&apart.totals), [6, 3, 0, 0, 0]);
    let (other, _) = collect(&[("1.xml", first, Some(0)), ("2.xml", second, Some(1))]);
    assert_eq!(counts(&other.totals), [6, 3, 0, 0, 0]);
    let (folded, outline) = collect(&[("1.xml", first, Some(0)), ("2.xml", second, Some(0))]);
    assert_eq!(counts(&folded.totals), [3, 1, 0, 0, 1]);
    assert_eq!(names(&folded.flaky), ["s > a Passed x2"]);
    assert_eq!((folded.flaky[0].message.as_str(), folded.flaky[0].report.as_str()), ("m", "2.xml"));
    assert_eq!(names(&folded.failed), ["s > c Failed x2"]);
    assert!(!outline.reports[0].segments[0].is_written, "nothing of the first attempt is left");
    let (reverse, _) = collect(&[("2.xml", second, Some(0)), ("1.xml", first, Some(0))]);
    assert_eq!(counts(&reverse.totals), [3, 2, 0, 0, 0], "the last attempt decides");
}

#[test]
fn a_group_ignores_skips_and_leaves_tests_that_share_a_name() {
    let first = r#"<testsuite name="s"><testcase name="t"/><testcase name="t"><failure/></testcase>
        <testcase name="u"><failure/></testcase></testsuite>"#;
    let second = r#"<testsuite name="s"><testcase name="t"/><testcase name="t"/>
        <testcase name="u"><skipped/></testcase></testsuite>"#;
    let (results, _) = collect(&[("1.xml", first, Some(0)), ("2.xml", second, Some(0))]);
    assert_eq!(counts(&results.totals), [5, 2, 0, 0, 0]);
    assert_eq!(names(&results.failed), ["s > t Failed x1", "s > u Failed x2"]);
}

#[test]
fn retries_in_a_report_and_across_reports_add_up() {
    let first = r#"<testsuite name="s"><testcase name="t"><failure message="m"/></testcase><testcase name="t"><failure/></testcase></testsuite>"#;
    let second = r#"<testsuite name="s"><testcase name="t"><failure/></testcase><testcase name="t"/></testsuite>"#;
    let (results, _) = collect(&[("1.xml", first, Some(7)), ("2.xml", second, Some(7))]);
    assert_eq!(counts(&results.totals), [1, 0, 0, 0, 1]);
    assert_eq!(names(&results.flaky), ["s > t Passed x4"]);
    assert_eq!(results.flaky[0].message, "m");
}

#[test]
fn a_suite_that_fails_itself_is_a_failed_test() {
    let results = of(
        r#"<testsuites><testsuite name="s"><testcase name="a"/><error message="setup broke">at tests/s.php:3</error>
        <system-out>x</system-out></testsuite></testsuites>"#,
    );
    assert_eq!(counts(&results.totals), [2, 0, 1, 0, 0]);
    assert_eq!(names(&results.failed), ["s > failed outside of its tests Error x1"]);
    assert_eq!(results.failed[0].place, Some(Place::new("tests/s.php", Some(3))));
}

#[test]
fn places_come_from_the_failure_then_its_text_then_the_test() {
    let place = |case: &str| of(&format!("<testsuite>{case}</testsuite>")).failed[0].place.clone();
    let at = |file: &str, line: u64| Some(Place::new(file, Some(line)));
    assert_eq!(
        place(r#"<testcase file="t.rb" line="3"><failure file="h.rb" line="5">t.rb:4</failure></testcase>"#),
        at("h.rb", 5)
    );
    assert_eq!(
        place(r#"<testcase file="./t.rb" line="3"><failure line="5">t.rb:4</failure></testcase>"#),
        at("t.rb", 5)
    );
    assert_eq!(place(r#"<testcase file="t.rb" line="3"><failure>lib.rb:9 t.rb:4</failure></testcase>"#), at("t.rb", 4));
    assert_eq!(place(r#"<testcase file="t.rb" line="3"><failure>lib.rb:9</failure></testcase>"#), at("t.rb", 3));
    assert_eq!(place(r#"<testcase file="t.rb" line="3"><failure message="t.rb:8"/></testcase>"#), at("t.rb", 8));
    assert_eq!(place(r#"<testcase><failure>lib.rb:9</failure></testcase>"#), at("lib.rb", 9));
    assert_eq!(place(r#"<testcase file="t.rb"><failure>no</failure></testcase>"#), Some(Place::new("t.rb", None)));
    assert_eq!(place(r#"<testcase><failure>no</failure></testcase>"#), None);
}

#[test]
fn nested_suites_become_flat_and_their_times_count_once() {
    let (results, outline) = collect(&[(
        "r.xml",
        r#"<testsuites name="run" time="99"><testsuite name="outer" time="10"><testcase name="a" time="1"/>
            <testsuite name="inner" time="4"><testcase name="b" time="3"/></testsuite>
            <testcase name="c" time="2"/></testsuite><testsuite name="bare" time="0.5"/></testsuites>"#,
        None,
    )]);
    let times: Vec<u64> =
        outline.reports[0].segments.iter().map(|segment| segment.totals.time_ns / 1_000_000).collect();
    // outer: 1 of its own case and 10 - 1 - 4 - 2 beside; inner: 3 + 1; the rest of outer: 2; bare: 0.5.
    assert_eq!(times, [4000, 4000, 2000, 500]);
    assert_eq!(results.totals.time_ns, 10_500_000_000);
    assert_eq!(results.slowest[0].name.suite, "outer > inner");
}

#[test]
fn a_report_that_breaks_off_counts_with_nothing() {
    let good = r#"<testsuite name="s"><testcase name="a"/></testsuite>"#;
    let cut = r#"<testsuite name="s"><testcase name="b"><failure/></testcase><testcase"#;
    let (results, outline) = collect(&[("1.xml", good, None), ("broken.xml", cut, None), ("2.xml", good, None)]);
    assert_eq!(counts(&results.totals), [2, 0, 0, 0, 0]);
    assert!(results.failed.is_empty());
    assert_eq!(outline.reports.iter().map(|report| report.path.as_str()).collect::<Vec<_>>(), ["1.xml", "2.xml"]);
}

#[test]
fn what_is_listed_is_bounded_and_what_is_counted_is_not() {
    let mut text = String::from("<testsuite name=\"s\">");
    for number in 0..MAX_LISTED + 5 {
        text.push_str(&format!("<testcase name=\"t{number}\"><failure/></testcase>"));
    }
    text.push_str("</testsuite>");
    let results = of(&text);
    assert_eq!(results.totals.failures, MAX_LISTED as u64 + 5);
    assert_eq!(results.failed.len(), MAX_LISTED);
    assert_eq!(results.failed[0].name.name, "t0");
}

#[test]
fn the_slowest_are_the_same_whatever_came_first() {
    let cases: Vec<String> = (0..300).map(|n| format!("<testcase name=\"t{n}\" time=\"{}\"/>", n % 150)).collect();
    let suite = |cases: &[String]| format!("<testsuite name=\"s\">{}</testsuite>", cases.concat());
    let (one, _) = collect(&[("a", &suite(&cases), None)]);
    let (two, _) = collect(&[("a", &suite(&cases[..150]), None), ("b", &suite(&cases[150..]), None)]);
    let titles = |results: &RunResults| results.slowest.iter().map(|test| test.name.name.clone()).collect::<Vec<_>>();
    assert_eq!(titles(&one), ["t149", "t299", "t148"]);
    assert_eq!(titles(&one), titles(&two));
    assert_eq!(one.slowest[0].outcome, Outcome::Passed);
}

#[test]
fn the_order_of_reading_changes_nothing() {
    let mut text = String::from("<testsuite name=\"s\">");
    for number in 0..MAX_LISTED {
        text.push_str(&format!("<testcase name=\"t{number}\" time=\"{}\"><failure/></testcase>", number % 7));
    }
    text.push_str("<testcase name=\"t1\"/></testsuite>");
    let of = |order: [u32; 3]| {
        let mut collection = Collection::new(3);
        for number in order {
            let mut collector = collection.collector(number, &format!("{number}.xml"), None);
            junit::read(text.as_bytes(), &Limits::default(), &mut collector).unwrap();
            collection.commit(collector);
        }
        collection.finish().0
    };
    let (one, other) = (of([0, 1, 2]), of([2, 0, 1]));
    assert_eq!(one.failed.len(), MAX_LISTED);
    assert_eq!(one.slowest.len(), 3);
    // Thousands of tests are not printed when they differ.
    assert!(one == other);
}

#[test]
fn slow_attempts_do_not_push_slow_tests_out() {
    let case = |name: usize, time: usize, inside: &str| {
        format!("<testcase name=\"t{name}\" time=\"{time}\">{inside}</testcase>")
    };
    let mut text = String::from("<testsuites>");
    for suite in 0..10 {
        text.push_str("<testsuite name=\"s\">");
        (0..50).for_each(|name| text.push_str(&(case(name, 1000, "<failure/>") + &case(name, suite + 1, ""))));
        text.push_str("</testsuite>");
    }
    text.push_str("</testsuites>");
    let results = of(&text);
    let times: Vec<u64> = results.slowest.iter().map(|test| test.time_ns / 1_000_000_000).collect();
    assert_eq!(times, [10, 10, 10]);
}
