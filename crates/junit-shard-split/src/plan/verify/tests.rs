mod attempts;

use super::*;
use crate::plan::lock::{Attempt, LOCK_SCHEMA, PlannedShard, UnitKind};
use crate::plan::results::{Outcome, TestName, TestResult, Totals};
use proptest::prelude::*;

fn plan(shards: &[&[&str]]) -> PlanFile {
    PlanFile {
        schema: LOCK_SCHEMA,
        digest: "sha256:1".to_owned(),
        inputs: String::new(),
        tree: None,
        unit: UnitKind::File,
        shards: shards
            .iter()
            .enumerate()
            .map(|(shard, units)| PlannedShard {
                shard,
                predicted_us: 0,
                units: units.iter().map(|unit| (*unit).to_owned()).collect(),
            })
            .collect(),
        lower_bound_us: 0,
        makespan_us: 0,
        proof: String::new(),
        estimated: Vec::new(),
    }
}

fn receipt(plan: &PlanFile, shard: usize) -> ReceiptFile {
    ReceiptFile {
        path: format!("receipts/{shard}.json"),
        receipt: Receipt {
            schema: LOCK_SCHEMA,
            shard,
            shards: plan.shards.len(),
            digest: plan.digest.clone(),
            units: plan.shards[shard].units.clone(),
            exit_code: Some(0),
            signal: None,
            ran: true,
            duration_ms: 1500,
            started_ms: 1_000,
            attempt: None,
        },
    }
}

fn report(path: &str, units: &[&str]) -> ReportEvidence {
    ReportEvidence {
        path: path.to_owned(),
        units: units.iter().map(|unit| SeenUnit { unit: (*unit).to_owned(), cases: 2 }).collect(),
        unattributed: 0,
    }
}

fn passed(tests: u64) -> RunResults {
    RunResults { reports: 1, totals: Totals { tests, ..Totals::default() }, ..RunResults::default() }
}

/// Everything as it should be: one receipt for each shard and one report for each shard that has units.
fn green(plan: &PlanFile) -> Evidence {
    Evidence {
        receipts: (0..plan.shards.len()).map(|shard| receipt(plan, shard)).collect(),
        reports: plan
            .shards
            .iter()
            .filter(|shard| !shard.units.is_empty())
            .map(|shard| {
                let units: Vec<&str> = shard.units.iter().map(String::as_str).collect();
                report(&format!("reports/{}.xml", shard.shard), &units)
            })
            .collect(),
        set_aside: Vec::new(),
        results: passed(10),
        reports_only: false,
    }
}

fn codes(verification: &Verification) -> Vec<&'static str> {
    verification.findings.iter().map(|finding| finding.code).collect()
}

const ABC: &[&[&str]] = &[&["a.py", "b.py"], &["c.py"], &[]];

fn judged(change: impl FnOnce(&mut PlanFile, &mut Evidence)) -> Verification {
    let mut plan = plan(ABC);
    let mut evidence = green(&plan);
    change(&mut plan, &mut evidence);
    verify(&plan, &evidence, &Repository::default())
}

#[track_caller]
fn assert_judged(
    verdict: Verdict,
    expected: &[&str],
    change: impl FnOnce(&mut PlanFile, &mut Evidence),
) -> Verification {
    let verification = judged(change);
    assert_eq!((verification.verdict, codes(&verification)), (verdict, expected.to_vec()), "{verification:#?}");
    verification
}

#[test]
fn a_green_run_passes() {
    let verification = assert_judged(Verdict::Pass, &[], |_, _| ());
    assert_eq!(
        verification.headline,
        "each of 3 planned on 3 shards ran once; 10 tests: 10 passed, in 0.000 s of test time"
    );
    assert_eq!(
        (verification.shards[0].planned, verification.shards[0].seen, verification.shards[0].receipts),
        (2, 2, 1)
    );
    let Block::Table(table) = &section(&verification).blocks[0] else { panic!("no table") };
    assert_eq!(table.rows[1], ["1", "1", "1", "1", "0", "1.500"]);
}

#[test]
fn a_test_that_failed_fails() {
    let test = |outcome| TestResult {
        name: TestName { name: "t".to_owned(), ..TestName::default() },
        outcome,
        attempts: 1,
        time_ns: 0,
        report: "r.xml".to_owned(),
        report_line: 1,
        message: String::new(),
        place: None,
    };
    assert_judged(Verdict::Fail, &["test-failed", "test-error"], |_, evidence| {
        evidence.results.totals.failures = 1;
        evidence.results.totals.errors = 1;
        evidence.results.failed = vec![test(Outcome::Failed), test(Outcome::Error)];
    });
    // Failures that are counted and not named fail too.
    assert_judged(Verdict::Fail, &["test-failed"], |_, evidence| evidence.results.totals.errors = 3);
    assert_judged(Verdict::Pass, &["test-flaky"], |_, evidence| {
        evidence.results.totals.flaky = 1;
        evidence.results.flaky = vec![test(Outcome::Passed)];
    });
}

#[test]
fn how_the_command_ended() {
    assert_judged(Verdict::Fail, &["runner-failed"], |_, evidence| evidence.receipts[1].receipt.exit_code = Some(2));
    assert_judged(Verdict::Fail, &["runner-failed"], |_, evidence| {
        evidence.receipts[1].receipt.exit_code = None;
        evidence.receipts[1].receipt.signal = Some(9);
    });
    assert_judged(Verdict::Unproven, &["exit-code-missing"], |_, evidence| {
        evidence.receipts[1].receipt.exit_code = None
    });
    assert_judged(Verdict::Unproven, &["exit-code-missing"], |_, evidence| evidence.receipts[1].receipt.ran = false);
    // An empty shard starts no command.
    assert_judged(Verdict::Pass, &[], |_, evidence| evidence.receipts[2].receipt.exit_code = None);
    assert_judged(Verdict::Fail, &["runner-failed"], |_, evidence| evidence.receipts[2].receipt.exit_code = Some(1));
}

#[test]
fn receipts_that_are_missing_or_of_another_plan() {
    assert_judged(Verdict::Unproven, &["receipt-missing"], |_, evidence| drop(evidence.receipts.remove(1)));
    assert_judged(Verdict::Unproven, &["receipt-missing"], |_, evidence| drop(evidence.receipts.remove(2)));
    assert_judged(Verdict::Fail, &["digest-differs", "receipt-missing"], |_, evidence| {
        evidence.receipts[1].receipt.digest = "sha256:2".to_owned();
    });
    assert_judged(
        Verdict::Fail,
        &[
            "digest-differs",
            "digest-differs",
            "digest-differs",
            "receipt-missing",
            "receipt-missing",
            "receipt-missing",
        ],
        |plan, _| {
            plan.digest = "sha256:other".to_owned();
        },
    );
    assert_judged(Verdict::Fail, &["receipt-out-of-range", "receipt-missing"], |_, evidence| {
        evidence.receipts[2].receipt.shard = 3;
    });
    assert_judged(Verdict::Fail, &["receipt-out-of-range", "receipt-missing"], |_, evidence| {
        evidence.receipts[0].receipt.shards = 2;
    });
    let verification = assert_judged(Verdict::Fail, &["receipt-differs"], |_, evidence| {
        evidence.receipts[0].receipt.units.pop();
    });
    assert!(verification.findings[0].message.contains("it lacks `b.py`"), "{}", verification.findings[0].message);
    assert_judged(Verdict::Fail, &["receipt-differs", "unit-doubled"], |_, evidence| {
        evidence.receipts[1].receipt.units.push("a.py".to_owned());
    });
    assert_judged(Verdict::Fail, &["receipt-differs"], |_, evidence| {
        evidence.receipts[1].receipt.units.push("c.py".to_owned());
    });
}

#[test]
fn units_that_are_in_no_report() {
    let verification = assert_judged(Verdict::Fail, &["unit-lost"], |_, evidence| {
        evidence.reports[0].units.retain(|seen| seen.unit != "b.py");
    });
    assert_eq!(verification.missing, ["b.py"]);
    assert_eq!(verification.findings[0].location.as_ref().map(|place| place.path.as_str()), Some("b.py"));
    assert_judged(Verdict::Fail, &["unit-lost"], |_, evidence| evidence.reports[0].units[1].cases = 0);
    let verification = assert_judged(Verdict::Unproven, &["unit-unproven"], |_, evidence| {
        evidence.reports[0].units.retain(|seen| seen.unit != "b.py");
        evidence.reports[1].unattributed = 4;
    });
    assert!(verification.findings[0].message.contains("4 report entries"));
    assert_judged(Verdict::Pass, &[], |_, evidence| evidence.reports[1].unattributed = 4);
    let verification =
        assert_judged(Verdict::Unproven, &["report-missing"], |_, evidence| drop(evidence.reports.remove(1)));
    assert_eq!(verification.missing, ["c.py"]);
    assert_judged(Verdict::Unproven, &["report-missing", "report-missing", "nothing-to-judge"], |_, evidence| {
        evidence.reports.clear();
        evidence.results = RunResults::default();
    });
    // Both are told, and the failure decides.
    assert_judged(Verdict::Fail, &["unit-lost", "report-missing"], |_, evidence| {
        evidence.reports.remove(1);
        evidence.reports[0].units.pop();
    });
}

#[test]
fn units_that_ran_twice() {
    // Every worker ran everything.
    let everything = ["a.py", "b.py", "c.py"];
    let verification = assert_judged(Verdict::Fail, &["unit-doubled"; 3], |_, evidence| {
        evidence.reports = vec![report("reports/0.xml", &everything), report("reports/1.xml", &everything)];
    });
    assert_eq!(verification.doubled, everything);
    let verification = assert_judged(Verdict::Fail, &["unit-doubled"], |_, evidence| {
        evidence.reports[1].units.push(SeenUnit { unit: "a.py".to_owned(), cases: 1 });
    });
    assert_eq!(verification.doubled, ["a.py"]);
    // One report for each file, in the artifact of each shard, with the receipts.
    assert_judged(Verdict::Fail, &["unit-doubled"], |_, evidence| {
        for shard in 0..3 {
            evidence.receipts[shard].path = format!("shard-{shard}/receipt.json");
        }
        evidence.reports = vec![
            report("shard-0/a.xml", &["a.py"]),
            report("shard-0/b.xml", &["b.py"]),
            report("shard-1/c.xml", &["c.py"]),
            report("shard-2/a.xml", &["a.py"]),
        ];
    });
    // The same without receipts: as many folders as shards.
    assert_judged(Verdict::Fail, &["unit-doubled"; 3], |_, evidence| {
        evidence.reports_only = true;
        evidence.receipts.clear();
        evidence.reports = (0..3)
            .flat_map(|shard| everything.map(|unit| report(&format!("artifacts/{shard}/{unit}.xml"), &[unit])))
            .collect();
    });
    assert_judged(Verdict::Fail, &["unit-doubled"], |plan, evidence| {
        plan.shards[1].units.push("a.py".to_owned());
        evidence.receipts.clear();
        evidence.reports_only = true;
    });
}

#[test]
fn several_reports_of_one_shard_are_no_double_run() {
    assert_judged(Verdict::Pass, &["unit-in-several-reports"], |_, evidence| {
        evidence.reports.push(report("reports/0-retry.xml", &["a.py"]));
    });
    // One merged report of all shards is as good as theirs.
    assert_judged(Verdict::Pass, &[], |_, evidence| {
        evidence.reports = vec![report("merged.xml", &["a.py", "b.py", "c.py", "a.py"])];
    });
    assert_judged(Verdict::Pass, &[], |_, evidence| {
        evidence.reports =
            vec![report("x/a.xml", &["a.py"]), report("x/b.xml", &["b.py"]), report("x/c.xml", &["c.py"])];
    });
}

#[test]
fn units_that_nobody_planned_are_named() {
    let verification = assert_judged(Verdict::Pass, &["unit-not-planned"], |_, evidence| {
        evidence.reports[1].units.push(SeenUnit { unit: "new.py".to_owned(), cases: 1 });
    });
    assert!(verification.findings[0].message.contains("`new.py`"));
    assert_eq!(verification.findings[0].level, Level::Warning);
}

#[test]
fn reports_alone() {
    assert_judged(Verdict::Pass, &[], |_, evidence| {
        evidence.reports_only = true;
        evidence.receipts.clear();
    });
    assert_judged(Verdict::Fail, &["runner-failed"], |_, evidence| {
        evidence.reports_only = true;
        evidence.receipts.truncate(1);
        evidence.receipts[0].receipt.exit_code = Some(1);
    });
    assert_judged(Verdict::Unproven, &["report-missing"], |_, evidence| {
        evidence.reports_only = true;
        evidence.receipts.clear();
        evidence.reports.remove(1);
    });
}

#[test]
fn nothing_is_never_a_pass() {
    assert_judged(Verdict::Unproven, &["nothing-to-judge"], |plan, evidence| {
        for shard in &mut plan.shards {
            shard.units.clear();
        }
        *evidence = green(plan);
    });
    assert_judged(Verdict::Unproven, &["nothing-to-judge"], |plan, evidence| {
        plan.shards.clear();
        *evidence = green(plan);
    });
    assert_judged(Verdict::Unproven, &["nothing-to-judge"], |_, evidence| evidence.results = RunResults::default());
}

fn any_plan() -> impl Strategy<Value = PlanFile> {
    proptest::collection::vec(0..5_usize, 1..12).prop_map(|shard_of| {
        let mut shards = vec![Vec::new(); 5];
        for (unit, shard) in shard_of.iter().enumerate() {
            shards[*shard].push(format!("tests/u{unit:02}.py"));
        }
        let borrowed: Vec<Vec<&str>> = shards.iter().map(|units| units.iter().map(String::as_str).collect()).collect();
        plan(&borrowed.iter().map(Vec::as_slice).collect::<Vec<_>>())
    })
}

/// One thing goes wrong. False when the plan has nothing that could go wrong so.
fn corrupt(plan: &PlanFile, evidence: &mut Evidence, kind: usize, at: usize) -> bool {
    let receipts = evidence.receipts.len();
    let receipt = &mut evidence.receipts[at % receipts];
    let is_empty = receipt.receipt.units.is_empty();
    let report_at = at % evidence.reports.len();
    match kind {
        0 => drop(evidence.receipts.remove(at % receipts)),
        1 => receipt.receipt.digest.push('0'),
        2 => receipt.receipt.shard += receipts,
        3 => receipt.receipt.shards += 1,
        4 if !is_empty => drop(receipt.receipt.units.pop()),
        5 => receipt.receipt.units.push("tests/more.py".to_owned()),
        6 => receipt.receipt.exit_code = Some(1),
        7 if !is_empty => receipt.receipt.exit_code = None,
        8 => receipt.receipt.signal = Some(15),
        9 if !is_empty => receipt.receipt.ran = false,
        10 => drop(evidence.reports.remove(report_at)),
        11 => drop(evidence.reports[report_at].units.pop()),
        12 => evidence.reports[report_at].units[0].cases = 0,
        13 => {
            evidence.reports[report_at].units.remove(0);
            evidence.reports[report_at].unattributed = 1;
        }
        14 if evidence.reports.len() > 1 => {
            let unit = evidence.reports[(report_at + 1) % evidence.reports.len()].units[0].clone();
            evidence.reports[report_at].units.push(unit);
        }
        15 => evidence.results.totals.failures = 1,
        16 => evidence.results.totals.errors = 1,
        17 => evidence.results = RunResults::default(),
        18 => evidence.receipts.clear(),
        19 => evidence.reports.clear(),
        20 => receipt.receipt.shard = (receipt.receipt.shard + 1) % receipts,
        21 if plan.shards.iter().filter(|shard| !shard.units.is_empty()).count() > 1 => {
            // An artifact of the same path replaced another one.
            let other = evidence.reports[(report_at + 1) % evidence.reports.len()].clone();
            evidence.reports[report_at] = other;
        }
        // The shard ran twice in one attempt, or again and failed.
        22 => {
            let mut twin = receipt.clone();
            twin.receipt.started_ms += 1;
            twin.path = format!("twins/{receipts}.json");
            evidence.receipts.push(twin);
        }
        23 => {
            receipt.receipt.attempt = Some(Attempt { job: "test".to_owned(), number: 1 });
            let mut failed = attempts::again(receipt, "test", 2, 1);
            failed.path = format!("attempts/{receipts}.json");
            evidence.receipts.push(failed);
        }
        _ => return false,
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_single_corruption_of_a_green_run_is_green(plan in any_plan(), kind in 0..24_usize, at in 0..100_usize) {
        let mut evidence = green(&plan);
        prop_assert_eq!(verify(&plan, &evidence, &Repository::default()).verdict, Verdict::Pass);
        if corrupt(&plan, &mut evidence, kind, at) {
            let verification = verify(&plan, &evidence, &Repository::default());
            prop_assert_ne!(verification.verdict, Verdict::Pass, "{:?}", evidence);
            prop_assert!(verification.findings.iter().any(|finding| finding.level == Level::Error));
            prop_assert!(!verification.headline.contains("nothing to judge") || kind == 17, "{}", verification.headline);
        }
    }

    #[test]
    fn the_order_of_the_evidence_changes_nothing(plan in any_plan(), kinds in proptest::collection::vec((0..24_usize, 0..100_usize), 0..3)) {
        let mut evidence = green(&plan);
        for (kind, at) in kinds {
            if evidence.receipts.is_empty() || evidence.reports.iter().any(|report| report.units.is_empty()) || evidence.reports.is_empty() {
                break;
            }
            corrupt(&plan, &mut evidence, kind, at);
        }
        let mut reversed = evidence.clone();
        reversed.receipts.reverse();
        reversed.reports.reverse();
        for report in &mut reversed.reports {
            report.units.reverse();
        }
        prop_assert_eq!(verify(&plan, &evidence, &Repository::default()), verify(&plan, &reversed, &Repository::default()));
    }
}
