//! Where the branch arms, functions and statements are that would do.

use super::super::super::coverage::FileCoverage;
use super::super::super::coverage::items::ItemId;
use super::super::super::testing::coverage;
use super::*;

/// `+1 -2 +2`: a function on line 1 that ran, and of two on line 2 one.
fn functions(text: &str) -> FileCoverage {
    let mut file = coverage("+1");
    for (number, part) in (0..).zip(text.split_whitespace()) {
        file.functions.push(part[1..].parse().unwrap(), ItemId::Number(number), part.starts_with('+'));
    }
    file.statements = file.functions.clone();
    file.finish();
    file
}

fn places(gate: &Gate) -> String {
    let advice = gate.advice.as_ref().unwrap();
    let place = |place: &super::super::super::judgement::Place| {
        let share = place.share.unwrap();
        format!("{}:{} {}/{}", place.path, place.lines.first, share.covered, share.coverable)
    };
    format!("{:?} {}", advice.needed, advice.places.iter().map(place).collect::<Vec<_>>().join(", "))
}

#[test]
fn arms_of_changed_files_come_first_and_then_the_most_on_a_line() {
    let mut arms = files(&[("src/a.js", "~1 ~2"), ("src/b.js", "~1 +2"), ("src/c.js", "+1")]);
    for (covered, arms_of) in [(1, 5), (2, 4)] {
        let line = LineArms::exact(10 + covered, covered, arms_of);
        arms.get_mut("src/c.js").unwrap().arm_counts.push(line);
    }
    let none = Files::new();
    let diff = diff(vec![added("src/b.js", 2, &["call();"])]);
    let mut known = evidence(&arms, &none);
    known.diff = Some(Ok(&diff));
    // 6 of 15 arms ran; 60 % are 9.
    let judgement = judged(&with(|gates| gates.min_branches = Some(percent("60"))), &known);
    assert_eq!(places(&judgement.gates[0]), "Branches(3) src/b.js:1 1/2, src/c.js:11 1/5");
    known.diff = None;
    let judgement = judged(&with(|gates| gates.min_branches = Some(percent("80"))), &known);
    assert_eq!(places(&judgement.gates[0]), "Branches(6) src/c.js:11 1/5, src/c.js:12 2/4");
}

#[test]
fn functions_and_statements_are_named_by_line() {
    let known: Files<String> = [("b.js", "+1 -2 +2 -9"), ("a.js", "-3")]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), functions(text)))
        .collect();
    let none = Files::new();
    let thresholds =
        with(|gates| (gates.min_functions, gates.min_statements) = (Some(percent("61")), Some(percent("80"))));
    let judgement = judged(&thresholds, &evidence(&known, &none));
    assert_eq!(places(&judgement.gates[0]), "Functions(2) a.js:3 0/1, b.js:2 1/2");
    assert_eq!(places(&judgement.gates[1]), "Statements(2) a.js:3 0/1, b.js:2 1/2");
    let passing = with(|gates| gates.min_functions = Some(percent("40")));
    assert_eq!(judged(&passing, &evidence(&known, &none)).gates[0].advice, None);
}

/// Go's lines are made up from blocks, and all the same they are what a baseline and a ratchet know.
#[test]
fn lines_of_go_are_advised_where_lines_are_compared() {
    let block = |line, hit| Block { from: (line, 1), to: (line + 1, 2), statements: 2, hit };
    let go = |covered: u32| -> Files<String> {
        let mut file = coverage(
            &(1..=8).map(|line| format!("{}{line} ", if line <= covered { '+' } else { '-' })).collect::<String>(),
        );
        [1, 3, 5, 7].into_iter().for_each(|line| file.blocks.push(block(line, line < covered)));
        file.finish();
        Files::from([("a/b.go".to_owned(), file)])
    };
    let (before, now, none) = (go(8), go(4), Files::new());
    let baseline = Baseline::from(&judged(&Thresholds::default(), &evidence(&before, &none)), &before, None);
    let ratchet = Ratchet::parse("# coverage-gate ratchet 1 by file: x\n0/8 a/b.go\n", "r").unwrap();
    let mut known = evidence(&now, &none);
    known.reports = vec![report(ReportFormat::Go)];
    (known.baseline, known.ratchet) = (Some(Ok(&baseline)), Some(Ok(&ratchet)));
    let thresholds = with(|gates| {
        (gates.max_drop, gates.ratchet) = (Some(percent("25")), true);
        (gates.min_total, gates.min_statements) = (Some(percent("75")), Some(percent("75")));
    });
    let judgement = judged(&thresholds, &known);
    let advice = |kind| {
        let gate = judgement.gates.iter().find(|gate| gate.gate == kind).unwrap();
        let advice = gate.advice.as_ref().unwrap();
        let lines: Vec<(u32, u32)> = advice.places.iter().map(|place| (place.lines.first, place.lines.last)).collect();
        (advice.needed, lines)
    };
    assert_eq!(advice(GateKind::Drop), (Needed::Lines(2), vec![(5, 6)]));
    assert_eq!(advice(GateKind::Ratchet), (Needed::Lines(4), vec![(5, 8)]));
    assert_eq!(advice(GateKind::Total), (Needed::Lines(2), vec![(5, 6)]));
    assert_eq!(advice(GateKind::Statements), (Needed::Statements(2), vec![(5, 5)]));
}
