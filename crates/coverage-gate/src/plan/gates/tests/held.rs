use super::*;

fn ratchet_of(reported: &[(&str, &str)], by: RatchetBy) -> Ratchet {
    let (files, none) = (files(reported), Files::new());
    let judgement = judged(&Thresholds::default(), &evidence(&files, &none));
    Ratchet::parse(&Ratchet::from(&judgement.files, by).to_text(), "r").unwrap()
}

fn run(now: &[(&str, &str)], ratchet: &Ratchet, diff: Option<&Diff>, tracked: &[&str], exclude: &[&str]) -> Judgement {
    let (files, none) = (files(now), Files::<ReportedPath>::new());
    let tracked: Vec<String> = tracked.iter().map(|path| (*path).to_owned()).collect();
    let mut known = evidence(&files, &none);
    known.ratchet = Some(Ok(ratchet));
    known.diff = diff.map(Ok);
    known.tracked = &tracked;
    let thresholds = with(|gates| {
        gates.ratchet = true;
        gates.exclude = exclude.iter().map(|glob| (*glob).to_owned()).collect();
    });
    judged(&thresholds, &known)
}

#[test]
fn it_fails_when_the_share_fell_and_uncovered_rose() {
    let held = ratchet_of(&[("a.php", "+1 +2 -3"), ("b.php", "+1 -2")], RatchetBy::File);
    for (now, verdict) in [
        ("+1 +2 -3", GateVerdict::Pass),
        ("+1 -3", GateVerdict::Pass),
        ("+1 +2 +3 +4 -5 -6", GateVerdict::Pass),
        ("+1 -2 -3", GateVerdict::Fail),
    ] {
        let judgement = run(&[("a.php", now), ("b.php", "+1 -2")], &held, None, &[], &[]);
        assert_eq!(only(&judgement).0, verdict, "{now}: {:?}", judgement.gates);
    }
    let judgement = run(&[("a.php", "+1 -2 -3"), ("b.php", "-1 -2 -3")], &held, None, &[], &[]);
    let gate = &judgement.gates[0];
    assert_eq!(gate.why, "`b.php` has 3 of 3 lines uncovered, and had 1 of 2; 1 other path got worse too");
    assert_eq!((gate.value, gate.before), (Some((0, 3).into()), Some((1, 2).into())));
    assert_eq!(gate.advice.as_ref().map(|advice| advice.needed), Some(Needed::Lines(2)));
}

#[test]
fn new_gone_and_renamed_files() {
    let held = ratchet_of(&[("a.php", "+1"), ("b.php", "+1 -2")], RatchetBy::File);
    let judgement = run(&[("a.php", "+1"), ("new.php", "-1 -2")], &held, None, &["a.php", "new.php"], &[]);
    assert_eq!(judgement.verdict, GateVerdict::Pass, "b.php is gone, new.php owes nothing here");
    let mut renamed = changed("c.php", Change::Renamed, vec![]);
    renamed.old_path = Some("b.php".to_owned());
    let renamed = diff(vec![renamed]);
    let worse = [("a.php", "+1"), ("c.php", "-1 -2")];
    assert_eq!(run(&worse, &held, Some(&renamed), &["a.php", "c.php"], &[]).verdict, GateVerdict::Fail);
    assert_eq!(run(&worse, &held, None, &["a.php", "c.php"], &[]).verdict, GateVerdict::Pass);
}

#[test]
fn what_left_the_reports_and_not_the_repository_is_unproven() {
    for by in [RatchetBy::File, RatchetBy::Directory] {
        let held = ratchet_of(&[("x/a.php", "+1"), ("y/b.php", "+1 -2")], by);
        let now = [("x/a.php", "+1")];
        for tracked in [&["x/a.php", "y/b.php"][..], &[]] {
            let judgement = run(&now, &held, None, tracked, &[]);
            assert_eq!(only(&judgement).0, GateVerdict::Unproven, "{by:?} {tracked:?}");
        }
        assert_eq!(run(&now, &held, None, &["x/a.php", "y/b.php"], &["y/**"]).verdict, GateVerdict::Pass, "{by:?}");
        assert_eq!(run(&now, &held, None, &["x/a.php", "y/readme.md"], &[]).verdict, GateVerdict::Pass, "{by:?}");
        let without_lines = run(&[("x/a.php", "+1"), ("y/b.php", "")], &held, None, &["x/a.php", "y/b.php"], &[]);
        assert_eq!(without_lines.verdict, GateVerdict::Pass, "{by:?}");
    }
}

#[test]
fn a_file_that_leaves_a_directory_s_reports_is_missed() {
    let held = ratchet_of(&[("x/a.php", "+1 -2"), ("x/b.php", "+1 -2"), ("y/c.php", "+1")], RatchetBy::Directory);
    assert_eq!(held.files, [("x/".to_owned(), 2), ("y/".to_owned(), 1)].into());
    let now = [("x/a.php", "+1 -2"), ("y/c.php", "+1")];
    let tracked = ["x/a.php", "x/b.php", "x/b_test.md", "y/c.php"];
    let (verdict, why) = only(&run(&now, &held, None, &tracked, &[]));
    assert_eq!(verdict, GateVerdict::Unproven, "less is uncovered, and nothing is better");
    assert!(why.starts_with("`x/` has 1 measured file less than the ratchet says; in no report: `x/b.php`;"), "{why}");
    assert_eq!(only(&run(&now, &held, None, &[], &[])).0, GateVerdict::Unproven, "nobody knows what is tracked");
    assert_eq!(only(&run(&now, &held, None, &["x/a.php", "y/c.php"], &[])).0, GateVerdict::Pass, "it is gone");
    assert_eq!(only(&run(&now, &held, None, &tracked, &["x/b.php"])).0, GateVerdict::Pass, "it needs no coverage");
    let empty = [("x/a.php", "+1 -2"), ("x/b.php", ""), ("y/c.php", "+1")];
    assert_eq!(only(&run(&empty, &held, None, &tracked, &[])).0, GateVerdict::Pass, "it is measured");
    let silent = Ratchet { files: Default::default(), ..held.clone() };
    assert_eq!(only(&run(&now, &silent, None, &tracked, &[])).0, GateVerdict::Pass, "as before there were numbers");

    // One file goes by the change itself, and another was never measured.
    let tracked = ["x/a.php", "x/never.php", "y/c.php"];
    let deleted = diff(vec![changed("x/b.php", Change::Deleted, vec![])]);
    assert_eq!(only(&run(&now, &held, Some(&deleted), &tracked, &[])).0, GateVerdict::Pass);
    assert_eq!(only(&run(&now, &held, None, &tracked, &[])).0, GateVerdict::Unproven);
    let added = diff(vec![changed("x/never.php", Change::Added, vec![])]);
    assert_eq!(only(&run(&now, &held, Some(&added), &tracked, &[])).0, GateVerdict::Pass, "it was not there before");
}

#[test]
fn a_directory_answers_for_its_new_files() {
    let held = ratchet_of(&[("x/a.php", "+1 -2"), ("x/y/b.php", "+1")], RatchetBy::Directory);
    let judgement = run(&[("x/a.php", "+1 -2"), ("x/new.php", "-1"), ("x/y/b.php", "+1")], &held, None, &[], &[]);
    let gate = &judgement.gates[0];
    assert_eq!(gate.why, "`x/` has 2 of 3 lines uncovered, and had 1 of 2");
    assert_eq!(places(gate), [("x/a.php".to_owned(), 2, 2)]);
}

#[test]
fn a_ratchet_that_fits_nothing_proves_nothing() {
    let now = [("a.php", "-1")];
    for reported in [&[("app/a.php", "+1")][..], &[]] {
        let judgement = run(&now, &ratchet_of(reported, RatchetBy::File), None, &["a.php"], &[]);
        assert_eq!(only(&judgement).0, GateVerdict::Unproven);
    }
    let (files, none) = (files(&now), Files::new());
    let thresholds = with(|gates| gates.ratchet = true);
    assert!(only(&judged(&thresholds, &evidence(&files, &none))).1.contains("coverage-gate init"));
}

#[test]
fn today_held_against_today_passes() {
    let now = [("a.php", "+1 -2"), ("x/b.php", "-1"), ("c.php", "")];
    for by in [RatchetBy::File, RatchetBy::Directory] {
        let held = ratchet_of(&now, by);
        assert_eq!(run(&now, &held, None, &["a.php", "c.php", "x/b.php"], &[]).verdict, GateVerdict::Pass);
    }
}
