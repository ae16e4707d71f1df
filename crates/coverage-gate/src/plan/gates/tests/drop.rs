use super::*;

fn baseline_of(reported: &[(&str, &str)], commit: Option<&str>) -> Baseline {
    let (files, none) = (files(reported), Files::new());
    let judgement = judged(&Thresholds::default(), &evidence(&files, &none));
    let taken = Baseline::from(&judgement, &files, commit);
    Baseline::parse(&taken.to_text(), "b").unwrap()
}

/// A baseline as the report of `--json` has it: without line numbers.
fn report_of(reported: &[(&str, &str)]) -> Baseline {
    let mut baseline = baseline_of(reported, None);
    baseline.partial = None;
    baseline.files.iter_mut().for_each(|file| file.lines = None);
    baseline
}

struct Run<'r> {
    now: &'r [(&'r str, &'r str)],
    diff: Option<Diff>,
    tracked: &'r [&'r str],
    max: &'r str,
    exclude: &'r [&'r str],
    base_commit: Option<&'r str>,
}

const PLAIN: Run<'static> = Run { now: &[], diff: None, tracked: &[], max: "0", exclude: &[], base_commit: None };

fn run(case: &Run<'_>, baseline: &Baseline) -> Judgement {
    let (files, none) = (files(case.now), Files::<ReportedPath>::new());
    let tracked: Vec<String> = case.tracked.iter().map(|path| (*path).to_owned()).collect();
    let mut known = evidence(&files, &none);
    known.diff = case.diff.as_ref().map(Ok);
    known.tracked = &tracked;
    known.baseline = Some(Ok(baseline));
    known.base_commit = case.base_commit;
    let thresholds = with(|gates| {
        gates.max_drop = Some(percent(case.max));
        gates.exclude = case.exclude.iter().map(|glob| (*glob).to_owned()).collect();
    });
    judged(&thresholds, &known)
}

#[test]
fn a_drop_within_what_is_allowed_passes() {
    let before = baseline_of(&[("a.php", "+1 +2 +3 +4 -5")], None);
    for (now, max, verdict) in [
        ("+1 +2 +3 +4 -5", "0", GateVerdict::Pass),
        ("+1 +2 +3 -4 -5", "19.999999999", GateVerdict::Fail),
        ("+1 +2 +3 -4 -5", "20", GateVerdict::Pass),
        ("+1 +2 +3 +4 +5", "0", GateVerdict::Pass),
    ] {
        let judgement = run(&Run { now: &[("a.php", now)], max, ..PLAIN }, &before);
        assert_eq!(only(&judgement).0, verdict, "{now} {max}: {:?}", judgement.gates);
    }
    let judgement = run(&Run { now: &[("a.php", "+1 +2 +3 -4 -5")], max: "0.5", ..PLAIN }, &before);
    let gate = &judgement.gates[0];
    assert_eq!((gate.value, gate.before), (Some((3, 5).into()), Some((4, 5).into())));
    assert_eq!(
        gate.why,
        "60.00 % (3 of 5) of lines are covered, down 20.00 points: 80.00 % (4 of 5) were; 0.5 points may be lost; removed \
         code could not be taken out, as the change is not known"
    );
    assert_eq!(gate.threshold, "0.5 points");
    assert_eq!(gate.advice.as_ref().map(|advice| advice.needed), Some(Needed::Lines(1)));
}

#[test]
fn removing_covered_code_is_no_drop() {
    // Half of the covered code goes: 4 of 5 becomes 2 of 3.
    let before = baseline_of(&[("a.php", "+1 +2 +3 +4 -5")], Some("1234567"));
    let removing = || diff(vec![changed("a.php", Change::Modified, vec![hunk(3, &["x", "y"], 2, &[])])]);
    let case = Run { now: &[("a.php", "+1 +2 -3")], diff: Some(removing()), ..PLAIN };
    let judgement = run(&case, &before);
    assert_eq!((only(&judgement).0, judgement.gates[0].before), (GateVerdict::Pass, Some((2, 3).into())));
    assert!(only(&judgement).1.contains("80.00 % (4 of 5) were, or 66.66 % (2 of 3) without the removed code"));
    // The same without a diff is a drop, and so it is when the baseline is of another commit than the diff.
    let judgement = run(&Run { diff: None, ..case }, &before);
    assert_eq!(judgement.verdict, GateVerdict::Fail);
    let of_commit =
        |commit| Run { now: &[("a.php", "+1 +2 -3")], diff: Some(removing()), base_commit: Some(commit), ..PLAIN };
    assert_eq!(run(&of_commit("1234567890abcdef"), &before).verdict, GateVerdict::Pass);
    let other = run(&of_commit("aaaaaaa890abcdef"), &before);
    assert_eq!(other.verdict, GateVerdict::Fail);
    assert!(only(&other).1.contains("of another commit"));
    assert_eq!(run(&of_commit("1234567"), &report_of(&[("a.php", "+1 +2 +3 +4 -5")])).verdict, GateVerdict::Fail);
}

#[test]
fn rewriting_uncovered_code_raises_nothing() {
    let before = baseline_of(&[("a.php", "+1 +2 +3 +4 -5")], None);
    let rewriting = diff(vec![changed("a.php", Change::Modified, vec![hunk(5, &["x"], 5, &["y"])])]);
    let judgement = run(&Run { now: &[("a.php", "+1 +2 +3 +4 -5")], diff: Some(rewriting), ..PLAIN }, &before);
    assert_eq!((only(&judgement).0, judgement.gates[0].before), (GateVerdict::Pass, Some((4, 5).into())));
}

#[test]
fn moved_code_is_not_removed() {
    let text = lines(4);
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let before = [("a.php", "+1 +2 +3 +4"), ("b.php", "-1")];
    let moving =
        || diff(vec![changed("a.php", Change::Deleted, vec![hunk(1, &text, 0, &[])]), added("b.php", 2, &text)]);
    let covered =
        run(&Run { now: &[("b.php", "-1 +2 +3 +4 +5")], diff: Some(moving()), ..PLAIN }, &baseline_of(&before, None));
    assert_eq!(covered.verdict, GateVerdict::Pass);
    for baseline in [baseline_of(&before, None), report_of(&before)] {
        let lost = run(&Run { now: &[("b.php", "-1 -2 -3 -4 -5")], diff: Some(moving()), ..PLAIN }, &baseline);
        assert_eq!(lost.verdict, GateVerdict::Fail, "its tests were lost with the move");
    }
}

#[test]
fn deleted_files_leave_the_baseline_even_without_line_numbers() {
    let before = [("a.php", "+1 +2 +3"), ("b.php", "+1 -2")];
    let deleting = || diff(vec![changed("a.php", Change::Deleted, vec![hunk(1, &["x", "y", "z"], 0, &[])])]);
    for baseline in [baseline_of(&before, None), report_of(&before)] {
        let by_diff = run(&Run { now: &[("b.php", "+1 -2")], diff: Some(deleting()), ..PLAIN }, &baseline);
        let by_git = run(&Run { now: &[("b.php", "+1 -2")], tracked: &["b.php"], ..PLAIN }, &baseline);
        for judgement in [by_diff, by_git] {
            assert_eq!((only(&judgement).0, judgement.gates[0].before), (GateVerdict::Pass, Some((1, 2).into())));
        }
    }
}

#[test]
fn a_file_that_left_the_reports_and_not_the_repository_is_unproven() {
    let before = baseline_of(&[("a.php", "+1"), ("b.php", "-1 -2")], None);
    let now: &[(&str, &str)] = &[("a.php", "+1")];
    for tracked in [&["a.php", "b.php"][..], &[]] {
        let judgement = run(&Run { now, tracked, ..PLAIN }, &before);
        assert_eq!(only(&judgement).0, GateVerdict::Unproven);
        assert!(only(&judgement).1.starts_with("1 file that the baseline measured is in no report now: `b.php`"));
    }
    let excluded = run(&Run { now, tracked: &["a.php", "b.php"], exclude: &["b.php"], ..PLAIN }, &before);
    assert_eq!((only(&excluded).0, excluded.gates[0].before), (GateVerdict::Pass, Some((1, 1).into())));
    let mut renamed = changed("c.php", Change::Renamed, vec![]);
    renamed.old_path = Some("b.php".to_owned());
    let renamed = diff(vec![renamed]);
    let judgement = run(&Run { now: &[("a.php", "+1"), ("c.php", "-1 -2")], diff: Some(renamed), ..PLAIN }, &before);
    assert_eq!(judgement.verdict, GateVerdict::Pass);
}

#[test]
fn a_missing_baseline_is_unproven_or_skipped_if_asked() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    let thresholds = with(|gates| gates.max_drop = Some(percent("1")));
    let absent = Unproven { code: "baseline-missing", what: "no such file".to_owned(), path: None };
    for (baseline, what) in [(None, "give `--baseline`"), (Some(Err(absent)), "no such file")] {
        let mut known = evidence(&files, &none);
        known.baseline = baseline;
        for (missing_baseline, verdict) in
            [(MissingBaseline::Unproven, GateVerdict::Unproven), (MissingBaseline::Skip, GateVerdict::NotApplicable)]
        {
            let rules = Rules { thresholds: &thresholds, partial: PartialLines::Hit, missing_baseline };
            let judgement = judge(&rules, &known);
            assert_eq!(only(&judgement).0, verdict);
            assert!(only(&judgement).1.contains(what));
        }
    }
}

#[test]
fn a_baseline_of_nothing_or_of_another_kind_proves_nothing() {
    let now: &[(&str, &str)] = &[("a.php", "+1")];
    let empty = run(&Run { now, ..PLAIN }, &Baseline::default());
    assert_eq!(only(&empty), (GateVerdict::Unproven, "the baseline holds no lines to compare".to_owned()));
    let mut other = baseline_of(&[("a.php", "+1")], None);
    other.partial = Some(PartialLines::Miss);
    assert!(only(&run(&Run { now, ..PLAIN }, &other)).1.contains("partial lines"));
}

#[test]
fn hostile_counts_overflow_nothing() {
    let huge = "{\"coverage-gate-baseline\":1,\"totals\":{},\"files\":[{\"path\":\"a\",\"totals\":{\"lines\":\
                {\"covered\":281474976710655,\"coverable\":281474976710656}}},{\"path\":\"b\",\"covered\":\"1-99999999\"}]}";
    let judgement = run(&Run { now: &[("a", "+1"), ("b", "-1")], ..PLAIN }, &Baseline::parse(huge, "b").unwrap());
    assert_eq!(judgement.verdict, GateVerdict::Fail);
}

#[test]
fn totals_alone_can_be_compared() {
    let totals = "{\"coverage-gate-baseline\":1,\"totals\":{\"lines\":{\"covered\":1,\"coverable\":2}}}";
    let before = Baseline::parse(totals, "b").unwrap();
    for (now, verdict) in [("+1 -2", GateVerdict::Pass), ("+1 -2 -3", GateVerdict::Fail)] {
        assert_eq!(run(&Run { now: &[("a", now)], ..PLAIN }, &before).verdict, verdict);
    }
    assert_eq!(Share::from((1, 2)), before.totals.lines.unwrap());
}
