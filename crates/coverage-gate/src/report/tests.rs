//! Everything printed over the same judgements, what must hold of it whatever comes from outside, and each limit.

use super::sample::{self, context, failing, file, gate, lines, patch_file, range, reporting, share, unproven};
use super::{Context, codes, comment, html, ranges_around, report};
use crate::plan::first_policy::FirstPolicy;
use crate::plan::judgement::{GateKind, GateVerdict, Judgement, Place, Unproven};
use kit_report::limits::GITHUB_COMMENT_CHARS;
use kit_report::render::{bitbucket, github, json, terminal};
use kit_report::{Level, Verdict};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn samples() -> [(&'static str, Judgement, Context); 3] {
    [
        ("failing", failing(), context()),
        ("reporting", reporting(), Context::default()),
        ("unproven", unproven(), Context { likely_path_map: Some("/app/=".into()), ..Context::default() }),
    ]
}

#[test]
fn samples_in_every_form() {
    for (name, judgement, context) in samples() {
        let report = report(&judgement, &context);
        insta::assert_snapshot!(format!("terminal_{name}"), terminal::render(&report, false));
        insta::assert_snapshot!(format!("summary_{name}"), github::summary(&report, 0));
        insta::assert_snapshot!(format!("annotations_{name}"), github::annotations(&report).join("\n"));
        let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap();
        insta::assert_snapshot!(format!("json_{name}"), json::text(&report));
        insta::assert_snapshot!(format!("insights_{name}"), pretty(&bitbucket::insights_report(&report)));
        insta::assert_snapshot!(format!("comment_{name}"), comment::comment(&judgement, &context));
        insta::assert_snapshot!(format!("artifact_{name}"), comment::artifact(&context));
        let page = html::page(&judgement, &sample::sources(), &context);
        let (_, body) = page.split_once("<body>").unwrap();
        insta::assert_snapshot!(format!("page_{name}"), body);
    }
}

#[test]
fn a_project_starts_with_what_it_has() {
    let first = FirstPolicy {
        total: 6666,
        unit: "lines",
        exclude: vec!["bin/*.php".to_owned()],
        ratchet: "coverage-ratchet.txt".to_owned(),
    };
    let paths = ["coverage-gate.toml".to_owned(), "coverage-ratchet.txt".to_owned()];
    let report = super::started(&reporting(), &first, &paths);
    insta::assert_snapshot!("terminal_started", terminal::render(&report, false));
}

#[test]
fn annotations_on_bitbucket_are_on_the_lines_of_the_source_commit() {
    let posts = bitbucket::insights_annotations(&report(&failing(), &context()));
    let all: Vec<&serde_json::Value> = posts.iter().flat_map(|post| post.as_array().unwrap()).collect();
    let uncovered = all.iter().find(|one| one["summary"].as_str().unwrap().contains("did not run")).unwrap();
    // The merge has a line more above.
    assert_eq!((&uncovered["line"], &uncovered["path"]), (&40.into(), &"src/Order.php".into()));
    assert!(uncovered["summary"].as_str().unwrap().starts_with("lines 40-41: "), "{uncovered}");
}

#[test]
fn the_verdict_is_never_better_than_the_judgement() {
    for (verdict, expected) in [
        (GateVerdict::Pass, Verdict::Pass),
        (GateVerdict::NotApplicable, Verdict::Pass),
        (GateVerdict::Fail, Verdict::Fail),
        (GateVerdict::Unproven, Verdict::Unproven),
    ] {
        let judgement = Judgement { verdict, ..reporting() };
        let report = report(&judgement, &Context::default());
        assert_eq!(report.verdict, expected);
        assert_eq!(report.outputs[0].value, expected.as_str());
        let comment = comment::comment(&judgement, &Context::default());
        assert_eq!(comment.contains("passed"), expected == Verdict::Pass, "{comment}");
        let page = html::page(&judgement, &BTreeMap::new(), &Context::default());
        assert_eq!(page.contains("badge pass\">"), expected == Verdict::Pass);
    }
}

#[test]
fn a_share_just_below_its_threshold_is_never_shown_at_it() {
    let mut judgement = reporting();
    judgement.verdict = GateVerdict::Fail;
    judgement.totals = lines(4003, 5004);
    judgement.gates = vec![gate(GateKind::Total, None, "80%", share(4003, 5004), GateVerdict::Fail)];
    let report = report(&judgement, &Context::default());
    for text in [
        terminal::render(&report, false),
        comment::comment(&judgement, &Context::default()),
        html::page(&judgement, &BTreeMap::new(), &Context::default()),
        format!("{:?}", report.outputs),
        bitbucket::insights_report(&report).to_string(),
    ] {
        assert!(text.contains("79.99") || text.contains("79\\.99"), "{text}");
        assert!(!text.contains("80.0") && !text.contains("80\\.0"), "{text}");
    }
}

#[test]
fn every_code_is_described_once_and_every_gate_has_two() {
    let described: BTreeSet<&str> = codes::RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(described.len(), codes::RULES.len());
    for kind in [
        GateKind::Total,
        GateKind::Patch,
        GateKind::Drop,
        GateKind::Branches,
        GateKind::Functions,
        GateKind::Statements,
        GateKind::File,
        GateKind::NewFile,
        GateKind::Directory,
        GateKind::Component,
        GateKind::Ratchet,
    ] {
        assert!(described.contains(codes::failed(kind)) && described.contains(codes::unproven(kind)), "{kind:?}");
    }
    for (_, judgement, context) in samples() {
        for finding in report(&judgement, &Context { notices: Vec::new(), ..context }).findings {
            assert!(described.contains(finding.code), "{}", finding.code);
        }
    }
}

#[test]
fn a_gate_that_only_reports_is_no_error_and_stands_in_no_headline() {
    let mut judgement = failing();
    judgement.verdict = GateVerdict::Pass;
    judgement.gates.iter_mut().for_each(|gate| gate.report_only = true);
    let report = report(&judgement, &Context::default());
    assert!(report.findings.iter().all(|finding| finding.level != Level::Error));
    assert!(!report.headline.contains("would pass"), "{}", report.headline);
}

#[test]
fn what_counts_as_missed_twice_is_said_once() {
    let mut judgement = failing();
    let files = &mut judgement.patch.as_mut().unwrap().files;
    files[1].partial = vec![range(41, 41), range(50, 50)];
    let report = report(&judgement, &Context::default());
    let partial: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.code == "partial-lines")
        .map(|finding| finding.location.as_ref().unwrap().place())
        .collect();
    assert_eq!(partial, ["src/Order.php:50"]);
}

#[test]
fn other_gates_that_fail_are_named_in_the_headline() {
    let mut judgement = failing();
    for gate in &mut judgement.gates {
        gate.report_only = false;
    }
    judgement.gates.push(gate(GateKind::Directory, Some("src"), "99%", share(1, 2), GateVerdict::Fail));
    assert_eq!(
        report(&judgement, &Context::default()).headline,
        "patch 92.30 % (24 of 26 lines, minimum 95%), total 81.47 %; failed: file src/Cart/Cart.php and 1 more gate; \
         1 more line in src/Order.php:41-42 would pass"
    );
}

#[test]
fn ranges_are_widened_and_joined() {
    let ranges = [range(2, 2), range(9, 10), range(20, 20), range(u32::MAX, u32::MAX)];
    assert_eq!(ranges_around(&ranges, 3), [range(1, 13), range(17, 23), range(u32::MAX - 3, u32::MAX)]);
}

/// Thousands of everything, each with a name as long as a path can be.
fn huge(files: usize) -> Judgement {
    let mut judgement = failing();
    let name = |number: usize| format!("{number:05}/{}", "@é<".repeat(1000));
    let patch = judgement.patch.as_mut().unwrap();
    patch.files = (0..files).map(|n| patch_file(&name(n), share(1, 2), vec![range(1, 1); 50])).collect();
    patch.missing = (0..files).map(name).collect();
    judgement.files = (0..files).map(|n| file(&name(n), 1, 2)).collect();
    judgement.gates =
        (0..files).map(|n| gate(GateKind::File, Some(&name(n)), "80%", share(1, 2), GateVerdict::Fail)).collect();
    judgement
}

#[test]
fn a_comment_fits_and_says_what_it_leaves_out() {
    let mut judgement = huge(300);
    judgement.unproven = vec![Unproven { code: "no-file-matched", what: "x".repeat(100_000), path: None }; 20];
    let mut context = context();
    context.base = Some("@a".repeat(50_000));
    context.policy = Some("&".repeat(50_000));
    let text = comment::comment(&judgement, &context);
    assert!(text.chars().count() <= GITHUB_COMMENT_CHARS, "{}", text.chars().count());
    assert!(text.starts_with(comment::MARKER) && text.ends_with("</sub>\n"));
    assert!(text.contains("more gates not shown") && text.contains("more reasons not shown"));
    assert!(text.contains("more changed files not shown"), "{text}");
}

#[test]
fn a_page_fits_and_says_what_it_leaves_out() {
    let judgement = huge(200);
    let patch = judgement.patch.as_ref().unwrap();
    let source = "if (\"<&>\") { } // \"\n".repeat(500);
    let sources: BTreeMap<String, String> =
        patch.files.iter().map(|file| (file.path.clone(), source.clone())).collect();
    let changed = super::lines::ChangedLines { changed: vec![range(1, 500)], ..Default::default() };
    let lines = patch.files.iter().map(|file| (file.path.clone(), changed.clone())).collect();
    let context = Context { lines, ..context() };
    let page = html::page(&judgement, &sources, &context);
    assert!(page.len() <= html::PAGE_BYTES, "{}", page.len());
    assert!(page.contains("more files not shown: the page is full") && page.ends_with("</html>\n"));
}

#[test]
fn the_summary_of_thousands_is_short() {
    let report = report(&huge(300), &context());
    let sections: usize = report.sections.iter().map(|section| kit_report::markdown::section(section).len()).sum();
    assert!(sections < 300_000, "{sections}");
}

/// Text that tries everything.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("::error::x"),
        Just("\n"),
        Just("\r\n"),
        Just("##[group]"),
        Just("<script>alert(1)</script>"),
        Just("<img src=x onerror=y>"),
        Just("@octocat"),
        Just("@org/team"),
        Just("#12"),
        Just("GH-12"),
        Just("octo/repo#3"),
        Just("https://evil.example/x"),
        Just("www.evil.example"),
        Just("[a](http://b)"),
        Just("![a](b)"),
        Just("`"),
        Just("```"),
        Just("|"),
        Just("*"),
        Just("_"),
        Just("-->"),
        Just("<!--"),
        Just("&"),
        Just("\\"),
        Just("\""),
        Just("'"),
        Just("</td>"),
        Just("</pre>"),
        Just("</details>"),
        Just("\u{202e}"),
        Just("{0}"),
        Just("]("),
        Just("a@b.example"),
        Just("icon@2x.png"),
        Just(" "),
        Just("é"),
        Just("src/a.php"),
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// The failing sample, with strangers' text wherever a stranger can put some.
fn with(text: &str) -> (Judgement, Context, BTreeMap<String, String>) {
    let mut judgement = failing();
    let mut context = context();
    let patch = judgement.patch.as_mut().unwrap();
    patch.between = text.to_owned();
    patch.files[0].path = text.to_owned();
    patch.files[0].uncovered = vec![range(3, 4)];
    patch.files[1].old_path = Some(text.to_owned());
    patch.missing = vec![text.to_owned()];
    for gate in &mut judgement.gates {
        gate.verdict = GateVerdict::Fail;
        gate.subject = Some(text.to_owned());
        gate.why = text.to_owned();
        if let Some(advice) = &mut gate.advice {
            advice.places = vec![Place { path: text.to_owned(), lines: range(1, 2), share: None }; 3];
        }
    }
    judgement.files[0].path = text.to_owned();
    judgement.files[1].path = format!("{text}/x.php");
    judgement.reports[0].path = text.to_owned();
    judgement.left_reports = vec![text.to_owned()];
    judgement.unproven = vec![Unproven { code: "no-file-matched", what: text.to_owned(), path: Some(text.to_owned()) }];
    context.base = Some(text.to_owned());
    context.policy = Some(text.to_owned());
    context.ratchet = Some(text.to_owned());
    context.baseline = Some(text.to_owned());
    context.likely_path_map = Some(text.to_owned());
    context.lying[0].path = text.to_owned();
    context.disagreements[0].differing[0].0 = text.to_owned();
    let lines = context.lines.remove("src/Order.php").unwrap();
    context.lines.insert(text.to_owned(), lines);
    context.written.comment = Some(text.to_owned());
    context.head_sha = Some(text.to_owned());
    let sources = BTreeMap::from([(text.to_owned(), format!("{text}\n").repeat(50))]);
    (judgement, context, sources)
}

/// What the GitHub runner takes for a command.
fn has_command(text: &str) -> bool {
    text.split(['\n', '\r']).any(|line| line.trim_start().starts_with("::") || line.contains("##["))
}

/// Whether a text has tags other than these.
fn has_other_tags(text: &str, own: &[&str]) -> Option<String> {
    let tags = text.match_indices('<').map(|(at, _)| &text[at..]);
    tags.filter(|tag| !own.iter().any(|own| tag.starts_with(own))).map(|tag| tag.chars().take(40).collect()).next()
}

const MARKDOWN_TAGS: &[&str] = &[
    "<code>",
    "</code>",
    "<br>",
    "<pre>",
    "</pre>",
    "<details>",
    "<summary>",
    "</summary>",
    "</details>",
    "<sub>",
    "</sub>",
    "<!-- -->",
    comment::MARKER,
];

const PAGE_TAGS: &[&str] = &[
    "<main>",
    "</main>",
    "</body>",
    "</html>",
    "<h1>Coverage of the change ",
    "</h1>",
    "<h2>",
    "</h2>",
    "<p>",
    "</p>",
    "<p class=\"faint\">",
    "<p class=\"legend faint\">",
    "<span class=\"",
    "<span>",
    "</span>",
    "<b>",
    "</b>",
    "<i style=\"width:",
    "</i>",
    "<div class=\"",
    "</div>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<br>",
    "<table class=\"",
    "</table>",
    "<tr>",
    "<tr class=\"",
    "</tr>",
    "<th>",
    "<th class=\"figure\">",
    "</th>",
    "<td>",
    "<td class=\"",
    "<td colspan=\"4\">",
    "</td>",
    "<a href=\"#f",
    "</a>",
    "<code>",
    "</code>",
    "<section class=\"file\" id=\"f",
    "</section>",
    "<header>",
    "</header>",
];

/// Without what stands between two tags.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let before = parts.next().unwrap_or_default().to_owned();
    parts.fold(before, |out, part| out + part.split_once(close).unwrap().1)
}

fn markdown_is_harmless(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!has_command(text), "{text}");
    let tag = has_other_tags(text, MARKDOWN_TAGS);
    prop_assert!(tag.is_none(), "{tag:?} in {text}");
    // No Markdown is read in `<pre>`, and no reference is looked for in code either.
    // So that the sign of an entity is not taken for the sign of a reference, and what is escaped for what is not.
    let text = &without(text, "<pre>", "</pre>").replace("&#", "&").replace("\\:", "");
    prop_assert!(!text.contains('@') && !text.contains("&64;o") && !text.contains("&64;b"), "{text}");
    // A backslash or an entity is between these wherever they come from outside.
    for sign in ["](", "://", "www.", "![", "#12", "#3", "```"] {
        prop_assert!(!text.contains(sign), "{sign} in {text}");
    }
    prop_assert!(!without(text, "<code>", "</code>").contains("GH-12"), "{text}");
    Ok(())
}

proptest! {
    #[test]
    fn a_strangers_text_is_text_in_every_form(text in hostile()) {
        let (judgement, context, sources) = with(&text);
        let report = report(&judgement, &context);
        let shown = terminal::render(&report, false);
        prop_assert!(!has_command(&shown), "{shown}");
        for annotation in github::annotations(&report) {
            prop_assert!(!annotation.contains(['\n', '\r']) && !annotation.contains("##["));
            prop_assert!(annotation.starts_with("::error ") || annotation.starts_with("::warning ") || annotation.starts_with("::notice "));
        }
        markdown_is_harmless(&github::summary(&report, 0))?;
        markdown_is_harmless(&comment::comment(&judgement, &context))?;
        let artifact: serde_json::Value = serde_json::from_str(&comment::artifact(&context)).unwrap();
        prop_assert!(artifact["head_sha"].is_null());
        prop_assert!(!artifact["comment_path"].as_str().unwrap().contains(['/', '\\']));
        let page = html::page(&judgement, &sources, &context);
        let (_, body) = page.split_once("<body>\n").unwrap();
        prop_assert!(!has_command(body), "{body}");
        let tag = has_other_tags(body, PAGE_TAGS);
        prop_assert!(tag.is_none(), "{tag:?}");
        let turned = body.contains('\u{202e}');
        prop_assert!(!turned);
    }
}
