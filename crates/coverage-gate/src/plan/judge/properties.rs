use super::super::advice::MAX_PLACES;
use super::super::baseline::Baseline;
use super::super::coverage::FileCoverage;
use super::super::diff::{Change, ChangedFile, Hunk};
use super::super::judgement::{Gate, GateKind, Needed};
use super::super::ratchet::RatchetBy;
use super::super::report_format::ReportFormat;
use super::super::testing::{coverage, diff, evidence, report, unmatched};
use super::super::thresholds::{Part, Percent};
use super::*;
use proptest::prelude::*;

const PATHS: [&str; 5] = ["src/a.php", "src/b.php", "lib/c.php", "lib/deep/d.php", "tests/e.php"];
const LINES: u32 = 14;

/// Everything that a judgement is made of.
#[derive(Debug, Clone)]
struct World {
    files: Files<String>,
    diff: Diff,
    baseline: Baseline,
    ratchet: Ratchet,
    thresholds: Thresholds,
    partial: PartialLines,
}

impl World {
    fn judged(&self, files: &Files<String>) -> Judgement {
        let none = unmatched(&[("/usr/lib/x.php", "+1 -2")]);
        let mut known = evidence(files, &none);
        known.diff = Some(Ok(&self.diff));
        known.baseline = Some(Ok(&self.baseline));
        known.ratchet = Some(Ok(&self.ratchet));
        let rules =
            Rules { thresholds: &self.thresholds, partial: self.partial, missing_baseline: MissingBaseline::Unproven };
        judge(&rules, &known)
    }
}

fn any_file() -> impl Strategy<Value = FileCoverage> {
    prop::collection::vec(prop::sample::select(vec!["", "+", "+", "-", "~"]), LINES as usize).prop_map(|states| {
        let lines = states.iter().enumerate().filter(|(_, state)| !state.is_empty());
        coverage(&lines.map(|(at, state)| format!("{state}{} ", at + 1)).collect::<String>())
    })
}

fn any_files() -> impl Strategy<Value = Files<String>> {
    let paths = prop::sample::subsequence(PATHS.to_vec(), 1..=PATHS.len());
    paths.prop_flat_map(|paths| {
        let count = paths.len();
        (Just(paths), prop::collection::vec(any_file(), count))
            .prop_map(|(paths, files)| paths.into_iter().map(str::to_owned).zip(files).collect())
    })
}

fn any_hunk() -> impl Strategy<Value = Hunk> {
    let lines =
        || prop::collection::vec(prop::sample::select(vec!["", "}", "$a = computeSomethingLong();", "b();"]), 0..5);
    (1..LINES, lines(), 1..LINES, lines()).prop_map(|(old_first, old, new_first, new)| Hunk {
        old_first,
        old: old.into_iter().map(str::to_owned).collect(),
        new_first,
        new: new.into_iter().map(str::to_owned).collect(),
    })
}

fn any_diff() -> impl Strategy<Value = Diff> {
    let paths: Vec<&str> = PATHS.into_iter().chain(["src/unknown.php", "README.md"]).collect();
    let change = || prop::sample::select(vec![Change::Added, Change::Modified, Change::Modified, Change::Deleted]);
    let file = move |path: &'static str| {
        (change(), prop::collection::vec(any_hunk(), 0..3)).prop_map(move |(change, hunks)| ChangedFile {
            path: path.to_owned(),
            old_path: None,
            change,
            hunks,
        })
    };
    prop::sample::subsequence(paths, 0..4)
        .prop_flat_map(move |paths| paths.into_iter().map(file).collect::<Vec<_>>())
        .prop_map(diff)
}

fn any_thresholds() -> impl Strategy<Value = Thresholds> {
    let percent = || (0u64..=100).prop_map(|digits| Percent { digits, decimals: 0 });
    (prop::collection::vec(percent(), 9), 0u64..=30).prop_map(|(min, drop)| Thresholds {
        min_total: Some(min[0]),
        min_patch: Some(min[1]),
        max_drop: Some(Percent { digits: drop, decimals: 0 }),
        min_branches: Some(min[2]),
        min_file: Some(min[3]),
        min_new_file: Some(min[4]),
        directories: vec![Part::directory("src", min[5])],
        components: vec![Part {
            name: "library".to_owned(),
            globs: vec!["lib/**".to_owned()],
            min: Some(min[6]),
            min_patch: Some(min[7]),
        }],
        ratchet: true,
        ..Thresholds::default()
    })
}

fn any_world() -> impl Strategy<Value = World> {
    let partial = prop::sample::select(vec![PartialLines::Hit, PartialLines::Miss]);
    let by = prop::sample::select(vec![RatchetBy::File, RatchetBy::Directory]);
    (any_files(), any_files(), any_diff(), any_thresholds(), partial, by).prop_map(
        |(files, before, diff, thresholds, partial, by)| {
            let none = Files::new();
            let plain = Thresholds::default();
            let rules = Rules { thresholds: &plain, partial, missing_baseline: MissingBaseline::Unproven };
            let judgement = judge(&rules, &evidence(&before, &none));
            let baseline = Baseline::from(&judgement, &before, None);
            let ratchet = Ratchet::from(&judgement.files, by);
            World { files, diff, baseline, ratchet, thresholds, partial }
        },
    )
}

/// The same file with a line that ran, with all of its arms.
fn with_line(file: &FileCoverage, line: u32) -> FileCoverage {
    let mut file = file.clone();
    file.lines.push(line, true);
    let arms: Vec<_> = file.arms.iter().filter(|(at, ..)| *at == line).map(|(_, id, _)| numbered(id)).collect();
    for id in arms {
        file.arms.push(line, super::super::coverage::items::ItemId::Number(id), true);
    }
    // Pushing lines out of order needs sorting, and so do arms.
    let mut fresh = FileCoverage::default();
    file.lines.finish();
    fresh.lines = file.lines;
    fresh.arms = file.arms;
    fresh.finish();
    fresh
}

fn numbered(id: super::super::coverage::items::ItemId<'_>) -> u32 {
    match id {
        super::super::coverage::items::ItemId::Number(number) => number,
        super::super::coverage::items::ItemId::Text(_) => 0,
    }
}

/// How good a verdict is.
fn rank(verdict: GateVerdict) -> u8 {
    match verdict {
        GateVerdict::Fail => 0,
        GateVerdict::Unproven => 1,
        GateVerdict::Pass | GateVerdict::NotApplicable => 2,
    }
}

/// The worst verdict of a kind and subject; files that stopped failing have no gate any more.
fn of<'j>(judgement: &'j Judgement, gate: &Gate) -> Option<&'j Gate> {
    judgement.gates.iter().find(|other| other.gate == gate.gate && other.subject == gate.subject)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_covered_line_more_never_lowers_a_verdict(world in any_world(), which in 0usize..9, line in 1..=LINES) {
        let before = world.judged(&world.files);
        let mut files = world.files.clone();
        let at = which % files.len();
        let file = files.values_mut().nth(at).unwrap();
        *file = with_line(file, line);
        let after = world.judged(&files);
        prop_assert!(rank(after.verdict) >= rank(before.verdict), "{:?} became {:?}", before.verdict, after.verdict);
        for gate in &after.gates {
            let earlier = of(&before, gate).map_or(2, |before| rank(before.verdict));
            prop_assert!(rank(gate.verdict) >= earlier, "{:?} was {:?}", gate, of(&before, gate));
        }
    }

    #[test]
    fn the_order_of_reports_and_changes_does_not_matter(world in any_world(), turn in 0usize..5) {
        let none = Files::new();
        let run = |diff: &Diff, turn: usize| {
            let mut known = evidence(&world.files, &none);
            known.reports = (0..3).map(|at| ReadReport { path: format!("r{at}"), ..report(ReportFormat::Lcov) }).collect();
            known.reports.rotate_left(turn % 3);
            known.diff = Some(Ok(diff));
            known.baseline = Some(Ok(&world.baseline));
            known.ratchet = Some(Ok(&world.ratchet));
            let rules = Rules {
                thresholds: &world.thresholds,
                partial: world.partial,
                missing_baseline: MissingBaseline::Unproven,
            };
            judge(&rules, &known)
        };
        let mut turned = world.diff.clone();
        if !turned.files.is_empty() {
            let by = turn % turned.files.len();
            turned.files.rotate_left(by);
        }
        prop_assert_eq!(run(&world.diff, 0), run(&turned, turn));
    }

    #[test]
    fn advice_passes_when_it_is_followed(world in any_world()) {
        let before = world.judged(&world.files);
        for gate in before.gates.iter().filter(|gate| gate.verdict == GateVerdict::Fail) {
            // What is measured outside of the repository can't be covered by anybody here.
            let Some(advice) = &gate.advice else { panic!("{gate:?} has no advice") };
            prop_assert!(advice.places.len() <= MAX_PLACES && !advice.places.is_empty());
            let Needed::Lines(needed) = advice.needed else {
                let Needed::Branches(needed) = advice.needed else { panic!("{gate:?}") };
                let open = advice.places.iter().filter_map(|place| place.share).map(|share| share.uncovered());
                prop_assert!(open.sum::<u64>() >= needed || advice.places.len() == MAX_PLACES, "{:?}", gate);
                continue;
            };
            let mut files = world.files.clone();
            let mut covered = 0;
            for place in &advice.places {
                let Some(file) = files.get_mut(&place.path) else { continue };
                let states = super::super::measured::states(file, world.partial);
                let inside: Vec<u32> = states
                    .filter(|(line, covered)| !covered && (place.lines.first..=place.lines.last).contains(line))
                    .map(|(line, _)| line)
                    .collect();
                covered += inside.len() as u64;
                for line in inside {
                    *file = with_line(file, line);
                }
            }
            if advice.places.iter().any(|place| !world.files.contains_key(&place.path)) {
                continue;
            }
            if advice.places.len() == MAX_PLACES && covered < needed {
                continue;
            }
            let after = world.judged(&files);
            let others = gate.gate == GateKind::Ratchet && gate.why.contains("got worse too");
            let passes = of(&after, gate).is_none_or(|after| after.verdict != GateVerdict::Fail);
            prop_assert!(passes || others, "{:?} was followed by {:?}", gate, of(&after, gate));
            prop_assert_eq!(covered, needed, "{:?} is as few lines as it says", gate);
        }
    }

    #[test]
    fn a_tightened_ratchet_passes_on_the_same_files(world in any_world()) {
        let today = world.judged(&world.files);
        let tight = World { ratchet: world.ratchet.tightened(&today.files), ..world.clone() };
        let judgement = tight.judged(&world.files);
        let of_ratchet = |judgement: &Judgement| {
            judgement.gates.iter().find(|gate| gate.gate == GateKind::Ratchet).map(|gate| gate.verdict)
        };
        if of_ratchet(&today) != Some(GateVerdict::Fail) && !tight.ratchet.entries.is_empty() {
            prop_assert_eq!(of_ratchet(&judgement), Some(GateVerdict::Pass));
        }
        let fresh = World { ratchet: Ratchet::from(&today.files, world.ratchet.by), ..world.clone() };
        if !fresh.ratchet.entries.is_empty() {
            prop_assert_eq!(of_ratchet(&fresh.judged(&world.files)), Some(GateVerdict::Pass));
        }
    }
}
