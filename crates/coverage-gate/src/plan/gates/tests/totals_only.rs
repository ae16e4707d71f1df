//! Files of which reports say how many lines ran, and not which.

use super::super::super::coverage::FileCoverage;
use super::super::super::coverage::stated::{Kind, Stated};
use super::super::super::testing::coverage;
use super::*;

/// `covered` of `coverable` lines by a report's word, and branch arms.
fn stated(report: &str, lines: (u64, u64), arms: (u64, u64)) -> FileCoverage {
    let mut stated = Stated::default();
    stated.reports.push(report.into());
    stated.set(Kind::Lines, lines.into());
    stated.set(Kind::Branches, arms.into());
    FileCoverage { stated: Some(Box::new(stated)), ..FileCoverage::default() }
}

fn shop(files: &[(&str, FileCoverage)]) -> Files<String> {
    files.iter().map(|(path, file)| ((*path).to_owned(), file.clone())).collect()
}

#[test]
fn totals_serve_totals() {
    let files = shop(&[("src/a.js", stated("s.json", (7, 10), (1, 4))), ("src/b.js", coverage("+1 -2"))]);
    let none = Files::new();
    let baseline = Baseline::from(&judged(&Thresholds::default(), &evidence(&files, &none)), &files, None);
    assert!(baseline.files[0].lines.is_none() && baseline.files[1].lines.is_some());
    let baseline = Baseline::parse(&baseline.to_text(), "b.json").unwrap();
    let ratchet = Ratchet::parse("# coverage-gate ratchet 1 by file: x\n3/10 src/a.js\n1/2 src/b.js\n", "r").unwrap();
    let mut known = evidence(&files, &none);
    (known.baseline, known.ratchet) = (Some(Ok(&baseline)), Some(Ok(&ratchet)));
    let wanted = |total: &str, file: &str| {
        with(|gates| {
            (gates.min_total, gates.min_file) = (Some(percent(total)), Some(percent(file)));
            gates.min_branches = Some(percent("25"));
            gates.directories = vec![Part::directory("src", percent(total))];
            (gates.max_drop, gates.ratchet) = (Some(percent("0")), true);
        })
    };
    let judgement = judged(&wanted("66.6", "50"), &known);
    assert_eq!(judgement.verdict, GateVerdict::Pass, "{:?}", judgement.gates);
    assert_eq!(judgement.totals.lines, Some((8, 12).into()));
    assert!(judgement.files[0].totals_only && !judgement.files[1].totals_only);
    let failing: Vec<GateKind> = judged(&wanted("66.7", "60"), &known)
        .gates
        .iter()
        .filter(|gate| gate.verdict == GateVerdict::Fail)
        .map(|gate| gate.gate)
        .collect();
    assert_eq!(failing, [GateKind::Total, GateKind::File, GateKind::Directory]);

    let worse = shop(&[("src/a.js", stated("s.json", (6, 10), (1, 4))), ("src/b.js", coverage("+1 -2"))]);
    let mut later = evidence(&worse, &none);
    (later.baseline, later.ratchet) = (known.baseline.clone(), known.ratchet.clone());
    let gates = judged(&wanted("0", "0"), &later).gates;
    for kind in [GateKind::Drop, GateKind::Ratchet] {
        assert!(gates.iter().any(|gate| gate.gate == kind && gate.verdict == GateVerdict::Fail), "{kind:?} {gates:?}");
    }
}

#[test]
fn totals_prove_nothing_of_a_change() {
    let none = Files::new();
    for lines in [(10, 10), (0, 0), (3, 10)] {
        let files = shop(&[("src/a.js", stated("cov/s.json", lines, (0, 0))), ("src/b.js", coverage("+1"))]);
        for change in [Change::Added, Change::Modified, Change::Copied, Change::Renamed] {
            let diff = diff(vec![changed("src/a.js", change, vec![hunk(1, &[], 1, &["call();"])])]);
            let mut known = evidence(&files, &none);
            known.diff = Some(Ok(&diff));
            let judgement = judged(&with(|gates| gates.min_patch = Some(percent("0"))), &known);
            let (verdict, why) = only(&judgement);
            assert_eq!(
                (verdict, judgement.verdict),
                (GateVerdict::Unproven, GateVerdict::Unproven),
                "{change:?} {why}"
            );
            assert!(why.contains("(cov/s.json)") && why.contains("`coverage-final.json`"), "{why}");
            assert_eq!(judgement.patch.as_ref().unwrap().missing, ["src/a.js"]);
            let judgement = judged(&with(|gates| gates.min_new_file = Some(percent("0"))), &known);
            let new = matches!(change, Change::Added | Change::Copied);
            assert_eq!(only(&judgement).0, if new { GateVerdict::Unproven } else { GateVerdict::NotApplicable });
        }
    }
}

#[test]
fn lines_that_another_report_knows_count() {
    let mut both = coverage("+1 -2");
    both.unite(stated("s.json", (9, 10), (3, 4)), crate::plan::coverage::Runs::Different);
    let (files, none) = (shop(&[("src/a.js", both)]), Files::new());
    let diff = diff(vec![added("src/a.js", 2, &["call();"])]);
    let mut known = evidence(&files, &none);
    known.diff = Some(Ok(&diff));
    let judgement = judged(&with(|gates| gates.min_patch = Some(percent("1"))), &known);
    assert_eq!(judgement.verdict, GateVerdict::Fail);
    assert_eq!(judgement.totals.lines, Some((1, 2).into()));
    assert_eq!(judgement.totals.branches.map(|branches| branches.lower()), Some((3, 4).into()), "no report knows arms");
    assert!(!judgement.files[0].totals_only);

    let mut arms = coverage("~1 -2");
    arms.unite(stated("s.json", (2, 2), (9, 10)), crate::plan::coverage::Runs::Different);
    let totals = arms.totals(PartialLines::Hit);
    assert_eq!(totals.branches.map(|branches| branches.lower()), Some((1, 2).into()), "it may be of another run");
}

#[test]
fn totals_that_differ_prove_nothing() {
    let mut file = stated("one.json", (7, 10), (1, 4));
    file.unite(stated("two.json", (7, 10), (1, 4)), crate::plan::coverage::Runs::Different);
    let none = Files::new();
    let once = shop(&[("src/a.js", file.clone())]);
    let passing = with(|gates| gates.min_total = Some(percent("70")));
    assert_eq!(judged(&passing, &evidence(&once, &none)).verdict, GateVerdict::Pass, "the same is taken once");

    file.unite(stated("three.json", (8, 10), (1, 4)), crate::plan::coverage::Runs::Different);
    let files = shop(&[("src/a.js", file.clone())]);
    let all = with(|gates| {
        (gates.min_total, gates.min_file) = (Some(percent("90")), Some(percent("90")));
        gates.directories = vec![Part::directory("src", percent("90"))];
        gates.min_branches = Some(percent("25"));
    });
    let judgement = judged(&all, &evidence(&files, &none));
    assert_eq!(judgement.verdict, GateVerdict::Unproven, "{:?}", judgement.gates);
    let what = &judgement.unproven[0].what;
    assert!(what.contains("`src/a.js`") && what.contains("one.json and three.json and two.json"), "{what}");
    let exclude = Thresholds { exclude: vec!["src/a.js".to_owned()], ..Thresholds::default() };
    let codes: Vec<&str> = judged(&exclude, &evidence(&files, &none)).unproven.iter().map(|un| un.code).collect();
    assert_eq!(codes, ["no-coverable-lines"]);

    let mut arms = coverage("+1");
    arms.unite(stated("one.json", (1, 1), (1, 4)), crate::plan::coverage::Runs::Different);
    arms.unite(stated("two.json", (1, 1), (2, 4)), crate::plan::coverage::Runs::Different);
    let files = shop(&[("src/a.js", arms)]);
    let judgement = judged(&with(|gates| gates.min_branches = Some(percent("0"))), &evidence(&files, &none));
    assert_eq!((only(&judgement).0, judgement.unproven.len()), (GateVerdict::Unproven, 0));
    assert_eq!(judgement.totals.branches.and_then(|branches| branches.covered_at_most), Some(4));
    assert_eq!(judged(&Thresholds::default(), &evidence(&files, &none)).verdict, GateVerdict::Pass);
}

#[test]
fn totals_know_no_partial_lines() {
    let none = Files::new();
    let verdict = |arms, partial| {
        let files = shop(&[("src/a.js", stated("s.json", (7, 10), arms))]);
        let thresholds = Thresholds::default();
        let rules = Rules { thresholds: &thresholds, partial, missing_baseline: MissingBaseline::Unproven };
        judge(&rules, &evidence(&files, &none)).verdict
    };
    assert_eq!(verdict((1, 2), PartialLines::Hit), GateVerdict::Pass);
    assert_eq!(verdict((1, 2), PartialLines::Miss), GateVerdict::Unproven);
    assert_eq!(verdict((2, 2), PartialLines::Miss), GateVerdict::Pass, "all arms ran, so no line is partial");
}
