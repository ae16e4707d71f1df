//! Each renderer over the same samples, and each limit at its border.

use super::{bitbucket, github, gitlab, json, junit, sample, sarif, terminal};
use crate::limits;
use crate::report::{Finding, Level, Output, Report, Verdict};
use proptest::prelude::*;

#[test]
fn samples_in_every_form() {
    for (name, report) in [("full", sample::full()), ("pass", sample::pass())] {
        insta::assert_snapshot!(format!("terminal_{name}"), terminal::render(&report, false));
        insta::assert_snapshot!(format!("github_annotations_{name}"), github::annotations(&report).join("\n"));
        insta::assert_snapshot!(format!("github_summary_{name}"), github::summary(&report, 0));
        insta::assert_snapshot!(format!("junit_{name}"), junit::render(&report));
        insta::assert_snapshot!(format!("gitlab_dotenv_{name}"), gitlab::dotenv(&report).0);
        insta::assert_snapshot!(format!("gitlab_code_quality_{name}"), pretty(&gitlab::code_quality(&report)));
        insta::assert_snapshot!(format!("bitbucket_report_{name}"), pretty(&bitbucket::insights_report(&report)));
        let posts = serde_json::Value::Array(bitbucket::insights_annotations(&report));
        insta::assert_snapshot!(format!("bitbucket_annotations_{name}"), pretty(&posts));
        insta::assert_snapshot!(format!("json_{name}"), json::text(&report));
        insta::assert_snapshot!(format!("sarif_{name}"), pretty(&sarif::render(&report)));
    }
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn with_findings(count: usize, level: Level) -> Report {
    let mut report = Report::new("sample-tool", "1.2.3", Verdict::Fail, "no");
    report.findings =
        (0..count).map(|i| Finding::new("broken", level, format!("m{i}")).at(format!("f{i:05}"), Some(1))).collect();
    report
}

#[test]
fn github_annotations_at_the_limit() {
    let limit = limits::GITHUB_ANNOTATIONS_PER_LEVEL;
    for (count, lines) in [(limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
        let shown = github::annotations(&with_findings(count, Level::Warning));
        assert_eq!(shown.len(), lines, "{count}");
        assert_eq!(shown.last().unwrap().contains("2 more not shown"), count > limit, "{count}");
    }
}

#[test]
fn three_levels_stay_within_what_a_job_shows() {
    const { assert!(3 * limits::GITHUB_ANNOTATIONS_PER_LEVEL <= limits::GITHUB_ANNOTATIONS_PER_JOB) }
}

#[test]
fn the_summary_is_cut_at_the_limit_and_says_so() {
    let one = github::summary(&with_findings(1, Level::Error), 0).len();
    let two = github::summary(&with_findings(2, Level::Error), 0).len();
    let used = limits::GITHUB_STEP_SUMMARY_BYTES - two;
    for (used, whole) in [(used - 1, true), (used, true), (used + 1, false)] {
        let text = github::summary(&with_findings(2, Level::Error), used);
        assert_eq!(!text.contains("not shown"), whole, "{used}");
        assert!(used + text.len() <= limits::GITHUB_STEP_SUMMARY_BYTES || text.is_empty());
    }
    assert!(two > one);
}

#[test]
fn many_findings_do_not_bury_the_sections() {
    let mut report = with_findings(60, Level::Error);
    report.sections = sample::full().sections;
    let text = github::summary(&report, 0);
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(at(" m49 ") < at("### Shards") && at("### Shards") < at("### 10 more findings"));
    assert!(at("### 10 more findings") < at(" m50 "));
}

#[test]
fn outputs_are_cut_at_a_line_and_named() {
    let line = "tests/a_test.php\n";
    let lines = (limits::GITHUB_OUTPUTS_UTF16_BYTES / 2 - "files".len()) / line.len();
    let exact = |extra: usize| {
        let mut value = line.repeat(lines);
        value.truncate(value.len() - 1);
        let rest = limits::GITHUB_OUTPUTS_UTF16_BYTES / 2 - "files".len() - value.len();
        value.push_str(&"x".repeat(rest + extra));
        vec![Output { name: "files", value }]
    };
    assert_eq!(github::outputs(&exact(0)).1, Vec::<&str>::new());
    let (cut, names) = github::outputs(&exact(1));
    assert_eq!(names, ["files"]);
    assert!(line.repeat(lines).starts_with(&cut[0].value) && cut[0].value.ends_with(".php"));
}

#[test]
fn a_heredoc_survives_its_own_delimiter() {
    let output = Output { name: "files", value: "a\nEND\nb".into() };
    assert!(!github::delimiter_is_safe(&output.value, "END"));
    assert_eq!(github::output_entry(&output, "END2"), "files<<END2\na\nEND\nb\nEND2\n");
    assert_eq!(github::output_entry(&Output { name: "count", value: "3".into() }, "END"), "count=3\n");
}

#[test]
fn bitbucket_posts_at_most_a_hundred_and_a_thousand() {
    for (count, posts, last) in
        [(99, 1, 99), (100, 1, 100), (101, 2, 1), (999, 10, 99), (1000, 10, 100), (1001, 10, 100)]
    {
        let report = with_findings(count, Level::Error);
        let bodies = bitbucket::insights_annotations(&report);
        assert_eq!(bodies.len(), posts, "{count}");
        assert_eq!(bodies.last().unwrap().as_array().unwrap().len(), last, "{count}");
        let details = bitbucket::insights_report(&report)["details"].as_str().unwrap().to_owned();
        assert_eq!(details.contains("1 annotations not shown"), count == 1001, "{count}");
    }
}

#[test]
fn gitlab_dotenv_at_the_limit() {
    let with = |bytes: usize| {
        let mut report = sample::pass();
        report.set_output("files-path", "x".repeat(bytes - "FILES_PATH=\n".len()));
        gitlab::dotenv(&report)
    };
    assert_eq!(with(limits::GITLAB_DOTENV_BYTES - 1).1, Vec::<&str>::new());
    assert_eq!(with(limits::GITLAB_DOTENV_BYTES).1, Vec::<&str>::new());
    assert_eq!(with(limits::GITLAB_DOTENV_BYTES + 1).1, ["files-path"]);
}

#[test]
fn sarif_holds_as_many_results_as_github_shows_and_counts_the_rest() {
    let limit = limits::GITHUB_SARIF_RESULTS_SHOWN;
    for (count, shown) in [(limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
        let log = sarif::render(&with_findings(count, Level::Error));
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), shown, "{count}");
        let notes = run["invocations"][0]["toolExecutionNotifications"].to_string();
        assert_eq!(notes.contains("1 more results not shown"), count > limit, "{count}: {notes}");
    }
}

#[test]
fn sarif_stays_below_the_size_that_github_takes_however_long_the_messages() {
    let mut report = with_findings(200, Level::Error);
    for finding in &mut report.findings {
        finding.message = "m".repeat(100_000);
    }
    let log = sarif::render(&report);
    assert!(log.to_string().len() <= limits::GITHUB_SARIF_GZIP_BYTES);
    let results = log["runs"][0]["results"].as_array().unwrap().len();
    assert!((50..200).contains(&results), "{results}");
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains(&format!("{} more results not shown", 200 - results)), "{notes}");
}

#[test]
fn a_sarif_notification_is_an_error_only_when_there_is_no_answer() {
    for (verdict, level) in [(Verdict::Fail, "warning"), (Verdict::Unproven, "error"), (Verdict::Error, "error")] {
        let mut report = Report::new("sample-tool", "1.2.3", verdict, "no");
        report.findings = vec![Finding::new("broken", Level::Error, "m")];
        let invocation = sarif::render(&report)["runs"][0]["invocations"][0].clone();
        assert_eq!(invocation["toolExecutionNotifications"][0]["level"], level, "{verdict:?}");
        assert_eq!(invocation["executionSuccessful"], level == "warning", "{verdict:?}");
    }
}

#[test]
fn a_range_is_a_range_only_when_it_has_two_ends() {
    let at = |line, end| Finding::new("broken", Level::Error, "m").at("p", line).to_line(end).location.unwrap();
    assert_eq!(at(Some(3), 5).place(), "p:3-5");
    assert_eq!(at(Some(3), 3).place(), "p:3");
    assert_eq!(at(Some(3), 2).place(), "p:3");
    assert_eq!(at(None, 2).place(), "p");
    assert_eq!(at(Some(3), 2).end_line, None);
}

#[test]
fn only_so_many_figures_stand_on_the_card() {
    let mut report = sample::full();
    let datum = report.insights.data[0].clone();
    report.insights.data = vec![datum; limits::BITBUCKET_REPORT_DATA + 1];
    let data = bitbucket::insights_report(&report)["data"].as_array().unwrap().len();
    assert_eq!(data, limits::BITBUCKET_REPORT_DATA);
}

proptest! {
    #[test]
    fn bitbucket_summaries_are_never_empty_nor_too_long(message in "\\PC{0,500}", extra in 0usize..3) {
        let message = if extra == 0 { message } else { "é".repeat(limits::BITBUCKET_SUMMARY_CHARS - 2 + extra) };
        let mut report = sample::pass();
        report.findings = vec![Finding::new("broken", Level::Error, message).at("p", None)];
        let posts = bitbucket::insights_annotations(&report);
        let summary = posts[0][0]["summary"].as_str().unwrap().to_owned();
        prop_assert!((1..=limits::BITBUCKET_SUMMARY_CHARS).contains(&summary.chars().count()));
    }

    #[test]
    fn a_strangers_text_starts_no_command(message in "(::|##\\[|\n|\r|.){0,9}", path in "(::|,|%|\n|.){0,9}") {
        let mut report = sample::pass();
        report.headline = message.clone();
        report.findings = vec![Finding::new("broken", Level::Error, message).at(path, Some(1))];
        for line in terminal::render(&report, false).split(['\n', '\r']) {
            prop_assert!(!line.trim_start().starts_with("::") && !line.contains("##["));
        }
        let annotations = github::annotations(&report);
        prop_assert_eq!(annotations.len(), 1);
        let sarif = sarif::render(&report).to_string();
        prop_assert!(!sarif.contains("](") && !sarif.contains(['\n', '\r']));
        prop_assert!(annotations[0].starts_with("::error file="));
        prop_assert!(!annotations[0].contains(['\n', '\r']) && !annotations[0].contains("##["));
    }
}
