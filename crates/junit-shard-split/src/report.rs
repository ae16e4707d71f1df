//! What was decided and done, for people and for later steps. PURE.
#![warn(clippy::disallowed_methods)]

use crate::args::numbers::seconds;
use crate::plan::estimate::Basis;
use crate::plan::lock::{PlanFile, Receipt};
use crate::plan::partition::{Choice, Limit};
use crate::plan::results::place::Repository;
use crate::plan::results::{RunResults, summary};
use crate::plan::shard::Taken;
use crate::plan::store::{Recorded, Store};
use crate::plan::timing::{Explanation, Outcome, Timings};
use crate::plan::verify::{self, Evidence, Verification};
use crate::plan::{Decision, Observation, TooFewKnown};
use kit_report::{Block, Finding, Level, Report, Section, Table, Verdict};
use serde_json::{Value, json};

/// Names of unknown tests that one message lists; the JSON report has all.
const NAMES_IN_A_MESSAGE: usize = 5;

/// An empty report of this tool with its verdict in the outputs.
pub fn new(verdict: Verdict, headline: impl Into<String>) -> Report {
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, verdict, headline);
    report.set_output("verdict", verdict.as_str());
    report
}

/// Exit 4: too few tests have timings.
pub fn too_few_known(too_few: &TooFewKnown, observed: &Observation) -> Report {
    let headline = format!(
        "only {} of {} tests have timings, and min-known asks for {}; run `explain` to see why, or lower min-known",
        too_few.known,
        too_few.total,
        percent(too_few.min_known_ppm)
    );
    let mut report = new(Verdict::Unproven, headline.clone());
    report.findings = observed.findings.clone();
    let names = some_names(&too_few.unknown);
    report.findings.push(Finding::new("too-few-known", Level::Error, format!("{headline}. Without timings: {names}")));
    report.body.insert("unknown".into(), json!(too_few.unknown));
    report
}

fn percent(ppm: u64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn some_names(names: &[String]) -> String {
    let shown = names.iter().take(NAMES_IN_A_MESSAGE).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES_IN_A_MESSAGE) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `plan`.
pub fn planned(decision: &Decision, observed: &Observation, path: Option<&str>) -> Report {
    let plan = &decision.plan;
    let mut report = new(Verdict::Pass, plan_headline(plan, decision.basis));
    report.findings = findings(decision, observed);
    report.sections.push(shards_section(plan, decision.basis));
    if let Some(choice) = &decision.choice {
        report.sections.push(choice_section(choice));
    }
    report.set_output("shards", plan.shards.len().to_string());
    report.set_output("digest", plan.digest.clone());
    report.set_output("predicted-s", seconds(plan.makespan_us));
    let indexes: Vec<usize> = plan.shards.iter().map(|shard| shard.shard).collect();
    report.set_output("matrix", json!({ "shard": indexes }).to_string());
    if let Some(path) = path {
        report.set_output("plan-path", path);
    }
    body(&mut report, plan, Some((decision, observed)));
    report
}

fn plan_headline(plan: &PlanFile, basis: Basis) -> String {
    let units: usize = plan.shards.iter().map(|shard| shard.units.len()).sum();
    let shards = plan.shards.len();
    match basis {
        Basis::Timings => {
            format!("{units} tests in {shards} shards, the longest {} s; {}", seconds(plan.makespan_us), plan.proof)
        }
        Basis::Size => format!("{units} tests in {shards} shards by file size: no timings"),
        Basis::Count => format!("{units} tests in {shards} shards by count: neither timings nor files"),
    }
}

fn findings(decision: &Decision, observed: &Observation) -> Vec<Finding> {
    let mut findings = observed.findings.clone();
    let (known, total) = decision.known;
    match decision.basis {
        Basis::Timings if known < total => {
            let names = some_names(&decision.plan.estimated);
            let message =
                format!("{} of {total} tests have no timings; their time is estimated: {names}", total - known);
            findings.push(Finding::new("tests-estimated", Level::Notice, message));
        }
        Basis::Timings => {}
        Basis::Size | Basis::Count => {
            let by = if decision.basis == Basis::Size { "file size" } else { "count" };
            let message = format!(
                "NO TIMINGS: split by {by}. Keep the JUnit reports of this run (`record` or an artifact) and pass them as `timings`, and the next split will be balanced"
            );
            findings.push(Finding::new("no-timings", Level::Warning, message));
        }
    }
    if decision.replanned {
        let message = "the previous plan could not be kept within the tolerance; this is a new one";
        findings.push(Finding::new("replanned", Level::Notice, message));
    }
    if !decision.split_files.is_empty() {
        let message =
            format!("split by test, since they take longer than a fair shard: {}", some_names(&decision.split_files));
        findings.push(Finding::new("files-split", Level::Notice, message));
    }
    findings
}

fn shards_section(plan: &PlanFile, basis: Basis) -> Section {
    let rows = plan.shards.iter().map(|shard| {
        let predicted = if basis == Basis::Timings { seconds(shard.predicted_us) } else { "-".to_owned() };
        let first = shard.units.first().cloned().unwrap_or_else(|| "(empty)".to_owned());
        vec![shard.shard.to_string(), shard.units.len().to_string(), predicted, first]
    });
    let table = Table { columns: vec!["shard", "tests", "predicted s", "first test"], rows: rows.collect() };
    Section { title: "Shards".to_owned(), blocks: vec![Block::Table(table)] }
}

fn choice_section(choice: &Choice) -> Section {
    let mut text = format!(
        "{} shards: {} s{}",
        choice.shards,
        seconds(choice.predicted_us),
        if choice.reached() { "" } else { " (the target cannot be reached)" }
    );
    for (word, alternative) in [("one fewer", &choice.one_fewer), ("one more", &choice.one_more)] {
        if let Some(alternative) = alternative {
            text.push_str(&format!("\n{word}, {}: {} s", alternative.shards, seconds(alternative.predicted_us)));
        }
    }
    match choice.limit {
        None => {}
        Some(Limit::Setup) => text.push_str("\nsetup alone takes as long as the target"),
        Some(Limit::LongestUnit { weight_us, .. }) => {
            let longest = seconds(weight_us);
            text.push_str(&format!(
                "\nthe longest test takes {longest} s by itself; split it, or use split-slow-files"
            ));
        }
        Some(Limit::MaxShards) => text.push_str("\nmore shards would help, but max-shards is reached"),
    }
    Section { title: "Number of shards".to_owned(), blocks: vec![Block::Text(text)] }
}

/// `shard`.
pub fn taken(taken: &Taken) -> Report {
    let shard = &taken.plan.shards[taken.shard];
    let basis = taken.made.as_ref().map_or(Basis::Timings, |(decision, _)| decision.basis);
    let predicted = match basis {
        Basis::Timings if taken.plan.makespan_us == 0 => "without prediction".to_owned(),
        Basis::Timings => format!(
            "{} s of {} s for the longest; {}",
            seconds(shard.predicted_us),
            seconds(taken.plan.makespan_us),
            taken.plan.proof
        ),
        Basis::Size => "split by file size: no timings".to_owned(),
        Basis::Count => "split by count: neither timings nor files".to_owned(),
    };
    let headline =
        format!("shard {} of {}: {} tests, {predicted}", taken.shard, taken.plan.shards.len(), shard.units.len());
    let mut report = new(Verdict::Pass, headline);
    if let Some((decision, observed)) = &taken.made {
        report.findings = findings(decision, observed);
    }
    report
        .findings
        .extend(taken.runner.notices.iter().map(|notice| Finding::new("runner", Level::Notice, notice.clone())));
    shard_outputs(&mut report, taken);
    body(&mut report, &taken.plan, taken.made.as_ref().map(|(decision, observed)| (decision, observed)));
    report
}

fn shard_outputs(report: &mut Report, taken: &Taken) {
    let files = &taken.files;
    let shard = &taken.plan.shards[taken.shard];
    report.set_output("files", shard.units.join("\n"));
    report.set_output("files-path", files.list.clone());
    report.set_output("args-file", files.args.clone());
    report.set_output("empty", shard.units.is_empty().to_string());
    report.set_output("count", shard.units.len().to_string());
    report.set_output("shard", taken.shard.to_string());
    report.set_output("shards", taken.plan.shards.len().to_string());
    report.set_output("predicted-s", seconds(shard.predicted_us));
    report.set_output("digest", taken.plan.digest.clone());
    report.body.insert("shard".into(), json!(taken.shard));
    report.body.insert("units".into(), json!(shard.units));
}

/// `run`.
pub fn ran(taken: &Taken, receipt: &Receipt) -> Report {
    let mut report = self::taken(taken);
    let how = match (receipt.exit_code, receipt.signal) {
        (Some(0), _) if receipt.units.is_empty() => "it was empty".to_owned(),
        (Some(0), _) => "the command passed".to_owned(),
        (Some(code), _) => format!("the command ended with exit code {code}"),
        (None, Some(signal)) => format!("the command was ended by signal {signal}"),
        (None, None) => "the command was stopped".to_owned(),
    };
    let verdict = if receipt.exit_code == Some(0) { Verdict::Pass } else { Verdict::Fail };
    let took = seconds(receipt.duration_ms.saturating_mul(1000));
    report.verdict = verdict;
    report.headline = format!("{}; {how} after {took} s", report.headline);
    report.set_output("verdict", verdict.as_str());
    report.body.insert("receipt".into(), json!(receipt));
    report
}

/// The tool's part of the JSON report of `plan`, `shard` and `run`.
fn body(report: &mut Report, plan: &PlanFile, made: Option<(&Decision, &Observation)>) {
    report.body.insert("plan".into(), json!(plan));
    let Some((decision, observed)) = made else { return };
    report.body.insert("basis".into(), json!(decision.basis));
    report.body.insert("known".into(), json!(decision.known.0));
    report.body.insert("total".into(), json!(decision.known.1));
    report.body.insert("moved".into(), json!(decision.moved));
    report.body.insert("reports".into(), json!(observed.reports));
    report.body.insert("unmatched_entries".into(), json!(observed.unmatched));
    let choice = decision.choice.as_ref().map(|choice| {
        let other = |alternative: &Option<crate::plan::partition::Alternative>| -> Value {
            alternative.as_ref().map_or(Value::Null, |a| json!({ "shards": a.shards, "predicted_us": a.predicted_us }))
        };
        json!({
            "shards": choice.shards,
            "predicted_us": choice.predicted_us,
            "reached": choice.reached(),
            "one_fewer": other(&choice.one_fewer),
            "one_more": other(&choice.one_more),
        })
    });
    if let Some(choice) = choice {
        report.body.insert("choice".into(), choice);
    }
}

/// Files, and unmatched entries, that the terminal lists; the JSON report has all.
const ROWS_SHOWN: usize = 40;

/// `explain`. `odd` is what reading the reports brought up.
pub fn explained(explanation: &Explanation, reports: usize, odd: Vec<Finding>, traps: &[&str]) -> Report {
    let unmatched: Vec<_> = explanation.entries.iter().filter(|entry| entry.matched.is_none()).collect();
    let unknown: Vec<_> = explanation.files.iter().filter(|file| file.total_ns.is_none()).collect();
    let headline = format!(
        "{} of {} tests have timings; {} of {} report entries match none",
        explanation.files.len() - unknown.len(),
        explanation.files.len(),
        unmatched.len(),
        explanation.entries.len()
    );
    let mut report = new(Verdict::Pass, headline);
    report.findings = odd;
    report.findings.extend(unmatched.iter().map(|entry| {
        let message = entry.message.clone().unwrap_or_default();
        let line = u32::try_from(entry.line).ok();
        let name = entry.classname.clone().unwrap_or_else(|| entry.first_case.clone());
        Finding::new("entry-unmatched", Level::Warning, format!("`{name}`: {message}")).at(entry.report.clone(), line)
    }));
    report.findings.extend(unknown.iter().map(|file| {
        let why = file.reason.clone().unwrap_or_default();
        Finding::new("test-unknown", Level::Warning, format!("`{}` has no time: {why}", file.file))
    }));
    report.findings.extend(traps.iter().map(|trap| Finding::new("runner-trap", Level::Notice, *trap)));
    let by_rule = explanation.entries.iter().filter_map(|entry| entry.rule.as_deref());
    let mut rules: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for rule in by_rule {
        *rules.entry(rule).or_default() += 1;
    }
    let rows = rules.iter().map(|(rule, count)| vec![(*rule).to_owned(), count.to_string()]).collect();
    report.sections.push(Section {
        title: "Rules that matched".to_owned(),
        blocks: vec![Block::Table(Table { columns: vec!["rule", "entries"], rows })],
    });
    report.sections.push(files_section(explanation));
    report.body.insert("entries".into(), with_seconds(json!(explanation.entries), "time_ns"));
    report.body.insert("files".into(), with_seconds(json!(explanation.files), "total_ns"));
    report.body.insert("reports".into(), json!(reports));
    report
}

fn files_section(explanation: &Explanation) -> Section {
    let mut files: Vec<_> = explanation.files.iter().collect();
    files.sort_by_key(|file| (std::cmp::Reverse(file.total_ns), &file.file));
    let rows = files.iter().take(ROWS_SHOWN).map(|file| {
        let time = file.total_ns.map_or_else(|| file.reason.clone().unwrap_or_default(), |ns| seconds(ns / 1000));
        vec![time, file.cases.to_string(), file.file.clone()]
    });
    let mut blocks = vec![Block::Table(Table { columns: vec!["seconds", "cases", "test"], rows: rows.collect() })];
    if files.len() > ROWS_SHOWN {
        blocks.push(Block::Text(format!("{} more tests not shown; --json has them all", files.len() - ROWS_SHOWN)));
    }
    Section { title: "Tests".to_owned(), blocks }
}

/// Adds `seconds` to each object of a list, for people; the exact number stays beside it.
fn with_seconds(mut list: Value, of: &str) -> Value {
    for object in list.as_array_mut().into_iter().flatten() {
        let ns = object[of].as_u64();
        object["seconds"] = ns.map_or(Value::Null, |ns| json!(ns as f64 / 1e9));
    }
    list
}

/// `record`.
pub fn recorded(
    path: &str,
    store: &Store,
    recorded: Recorded,
    gone: &[String],
    mut findings: Vec<Finding>,
    matched: &Timings,
) -> Report {
    let unmatched = matched.matches.iter().filter(|found| matches!(found.outcome, Outcome::Unmatched(_))).count();
    if unmatched > 0 {
        let message = format!("{unmatched} report entries match no test file; `explain` says why");
        findings.push(Finding::new("entries-unmatched", Level::Warning, message));
    }
    let headline = format!(
        "{path} knows {} files: {} new, {} updated, {} as before, {} gone",
        store.count(),
        recorded.new,
        recorded.updated,
        recorded.unchanged,
        gone.len()
    );
    let mut report = new(Verdict::Pass, headline);
    report.findings = findings;
    report.body.insert("new".into(), json!(recorded.new));
    report.body.insert("updated".into(), json!(recorded.updated));
    report.body.insert("unchanged".into(), json!(recorded.unchanged));
    report.body.insert("gone".into(), json!(gone));
    report.body.insert("files".into(), json!(store.count()));
    report
}

/// `merge`. Failed tests are findings, but the verdict on them is `verify`'s.
pub fn merged(results: &RunResults, repository: &Repository, out: Option<&str>, odd: Vec<Finding>) -> Report {
    let mut report = new(Verdict::Pass, summary::headline(&results.totals));
    report.findings = odd;
    report.findings.extend(summary::findings(results, repository));
    report.sections = summary::sections(results, repository);
    if let Some(out) = out {
        report.set_output("merged-path", out);
    }
    totals(&mut report, results);
    report
}

/// `verify`.
pub fn verified(
    verification: &Verification,
    evidence: &Evidence,
    repository: &Repository,
    plan: &PlanFile,
    odd: Vec<Finding>,
) -> Report {
    let mut report = new(verification.verdict, verification.headline.clone());
    report.on_commit = true;
    report.findings = odd;
    report.findings.extend(verification.findings.iter().cloned());
    report.sections.push(verify::section(verification));
    report.sections.extend(summary::sections(&evidence.results, repository));
    report.set_output("shards", plan.shards.len().to_string());
    report.set_output("digest", plan.digest.clone());
    totals(&mut report, &evidence.results);
    let set_aside: Vec<&str> = evidence.set_aside.iter().map(|(path, _)| path.as_str()).collect();
    report.body.insert("set_aside".into(), json!(set_aside));
    report.body.insert("missing".into(), json!(verification.missing));
    report.body.insert("doubled".into(), json!(verification.doubled));
    report
}

fn totals(report: &mut Report, results: &RunResults) {
    let totals = &results.totals;
    report.set_output("total", totals.tests.to_string());
    report.set_output("failed", totals.bad().to_string());
    report.set_output("flaky", totals.flaky.to_string());
    let counts = json!({
        "tests": totals.tests,
        "failures": totals.failures,
        "errors": totals.errors,
        "skipped": totals.skipped,
        "flaky": totals.flaky,
    });
    report.body.insert("tests".into(), counts);
    report.body.insert("reports".into(), json!(results.reports));
}
