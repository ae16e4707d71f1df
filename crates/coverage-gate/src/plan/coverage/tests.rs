use super::arm_counts::LineArms;
use super::blocks::Block;
use super::items::{ItemId, Items};
use super::stated::{Kind, Stated};
use super::totals::PartialLines;
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn items() -> impl Strategy<Value = Items> {
    let id = prop_oneof![(0..3u32).prop_map(Ok), vec(any::<u8>(), 0..2).prop_map(Err)];
    vec((0..200u32, id, any::<bool>()), 0..12).prop_map(|pushed| {
        let mut items = Items::default();
        for (line, id, hit) in &pushed {
            let id = match id {
                Ok(number) => ItemId::Number(*number),
                Err(text) => ItemId::Text(text),
            };
            items.push(*line, id, *hit);
        }
        items
    })
}

/// Totals by one report's word, of no kind or of some.
fn stated() -> impl Strategy<Value = Option<Box<Stated>>> {
    let shares = vec((any::<bool>(), 0..3u64, 0..3u64), 4);
    (any::<bool>(), 0..9u32, shares).prop_map(|(any, report, shares)| {
        let mut stated = Stated::default();
        stated.reports.push(format!("{report}.json").into());
        for (kind, (set, covered, more)) in
            [Kind::Lines, Kind::Branches, Kind::Functions, Kind::Statements].iter().zip(shares)
        {
            if set {
                stated.set(*kind, (covered, covered + more).into());
            }
        }
        any.then(|| Box::new(stated))
    })
}

fn file() -> impl Strategy<Value = FileCoverage> {
    let lines = vec((1..300u32, any::<bool>()), 0..20);
    let counts = vec((1..10u32, 0..4u32, 0..4u32), 0..6);
    let blocks = vec((1..10u32, 0..3u32, any::<bool>()), 0..6);
    let all = (lines, counts, blocks, (items(), items(), items(), items()), stated());
    all.prop_map(|(lines, counts, blocks, items, stated)| {
        let mut file = FileCoverage { arms: items.0, functions: items.1, ..FileCoverage::default() };
        (file.statements, file.line_instances) = (items.2, items.3);
        lines.iter().for_each(|(line, hit)| file.lines.push(*line, *hit));
        counts.iter().for_each(|(line, covered, arms)| file.arm_counts.push(LineArms::exact(*line, *covered, *arms)));
        for (line, length, hit) in blocks {
            file.blocks.push(Block { from: (line, 1), to: (line + length, 2), statements: 1, hit });
        }
        file.stated = stated;
        file.finish();
        file
    })
}

fn united(a: &FileCoverage, b: &FileCoverage, runs: Runs) -> FileCoverage {
    let mut united = a.clone();
    united.unite(b.clone(), runs);
    united
}

proptest! {
    #[test]
    fn uniting_is_commutative_and_associative(a in file(), b in file(), c in file(), same in any::<bool>()) {
        let runs = if same { Runs::Same } else { Runs::Different };
        prop_assert_eq!(united(&a, &b, runs), united(&b, &a, runs));
        let left = united(&united(&a, &b, runs), &c, runs);
        prop_assert_eq!(&left, &united(&a, &united(&b, &c, runs), runs));
        prop_assert_eq!(united(&left, &FileCoverage::default(), runs), united(&FileCoverage::default(), &left, runs));
    }

    /// But for upper bounds of counted arms in different runs: there, half and half may be the whole.
    #[test]
    fn uniting_is_idempotent(a in file()) {
        prop_assert_eq!(&united(&a, &a, Runs::Same), &a);
        let mut twice = united(&a, &a, Runs::Different);
        let lower = |file: &FileCoverage| -> Vec<_> {
            file.arm_counts.iter().map(|line| (line.line, line.covered, line.arms)).collect()
        };
        prop_assert_eq!(lower(&twice), lower(&a));
        twice.arm_counts = a.arm_counts.clone();
        prop_assert!(!twice.contradicted(Kind::Lines));
        prop_assert_eq!(twice, a);
    }

    #[test]
    fn uniting_never_takes_away(a in file(), b in file()) {
        let both = united(&a, &b, Runs::Different);
        for (line, covered) in a.lines.iter() {
            prop_assert!(both.lines.state(line).is_some_and(|now| now >= covered));
        }
        for mode in [PartialLines::Hit, PartialLines::Miss] {
            let share = both.totals(mode).branches.unwrap_or_default();
            prop_assert!(share.covered <= share.covered_at_most.unwrap_or(share.covered));
            prop_assert!(share.covered_at_most.unwrap_or(share.covered) <= share.coverable);
        }
    }

    #[test]
    fn finishing_for_good_and_for_the_next_file_are_the_same(a in file(), b in file()) {
        let mut kept = a.clone();
        kept.lines.push(7, true);
        kept.arms.push(7, ItemId::Number(9), true);
        let mut finished = kept.clone();
        finished.finish();
        prop_assert_eq!(kept.take_finished(), finished);
        prop_assert_eq!(&kept, &FileCoverage::default());
        kept.unite(b.clone(), Runs::Same);
        prop_assert_eq!(kept, b);
    }
}
