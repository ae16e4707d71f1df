//! The planner as a whole; each step has its own tests beside it.

use super::*;
use proptest::prelude::*;

mod choosing;
mod repairing;

/// Weights like those of real suites: log-normal with sigma 1.2 and a median of 1.5 s, in multiples of `grain_us`.
pub(super) fn log_normal(units: usize, seed: u64, grain_us: u64) -> Vec<u64> {
    let mut choices = budget::Choices::seeded(seed);
    let mut unit = move || (choices.below(1 << 53) as f64 + 1.0) / (1u64 << 53) as f64;
    let mut weight = || {
        let normal = (-2.0 * unit().ln()).sqrt() * (std::f64::consts::TAU * unit()).cos();
        let grains = 1_500_000.0 * (1.2 * normal).exp() / grain_us as f64;
        (grains.round() as u64).max(1) * grain_us
    };
    (0..units).map(|_| weight()).collect()
}

pub(super) fn request<'a>(weights_us: &'a [u64], shards: usize) -> Request<'a> {
    Request {
        weights_us,
        shards,
        previous: &[],
        unknown: &[],
        stay_within_ppm: DEFAULT_STAY_WITHIN_PPM,
        budget: Budget { nodes: 300_000 },
    }
}

/// What holds for every plan of every request.
pub(super) fn check(request: &Request<'_>, plan: &Partition) {
    let shards = request.shards.max(1);
    assert_eq!(plan.shard_of.len(), request.weights_us.len());
    assert_eq!(plan.loads_us.len(), shards);
    let mut loads = vec![0u64; shards];
    for (&shard, &weight) in plan.shard_of.iter().zip(request.weights_us) {
        loads[shard] = loads[shard].saturating_add(weight);
    }
    assert_eq!(plan.loads_us, loads);
    assert_eq!(plan.makespan_us, loads.into_iter().max().unwrap_or(0));
    assert!(plan.lower_bound_us <= plan.makespan_us);
    match plan.proof {
        Proof::EqualsBound | Proof::Optimal => assert_eq!(plan.lower_bound_us, plan.makespan_us),
        Proof::WithinGap { gap_ppm } => {
            let allowed = u128::from(plan.lower_bound_us) * (1_000_000 + u128::from(gap_ppm));
            assert!(gap_ppm > 0 && u128::from(plan.makespan_us) * 1_000_000 <= allowed);
        }
    }
    let old = |unit: usize| request.previous.get(unit).copied().flatten();
    let moved = (0..plan.shard_of.len()).filter(|&unit| old(unit).is_some_and(|shard| shard != plan.shard_of[unit]));
    assert_eq!(plan.moved, moved.count());
}

/// The optimum by trying everything: each unit on each used shard or the first unused one.
pub(super) fn optimum(weights: &[u64], shards: usize) -> u64 {
    fn place(weights: &[u64], loads: &mut Vec<u64>, shards: usize, best: &mut u64) {
        let Some((&weight, rest)) = weights.split_first() else {
            *best = (*best).min(loads.iter().copied().max().unwrap_or(0));
            return;
        };
        for shard in 0..loads.len() {
            loads[shard] += weight;
            place(rest, loads, shards, best);
            loads[shard] -= weight;
        }
        if loads.len() < shards {
            loads.push(weight);
            place(rest, loads, shards, best);
            loads.pop();
        }
    }
    let mut best = u64::MAX;
    place(weights, &mut Vec::new(), shards, &mut best);
    best
}

#[test]
fn no_units_give_empty_shards() {
    let plan = partition(&request(&[], 3));
    check(&request(&[], 3), &plan);
    assert_eq!(plan.loads_us, [0, 0, 0]);
    assert_eq!((plan.proof, plan.moved), (Proof::EqualsBound, 0));
}

#[test]
fn no_shards_count_as_one() {
    let plan = partition(&request(&[4, 5], 0));
    assert_eq!((plan.shard_of, plan.loads_us), (vec![0, 0], vec![9]));
}

#[test]
fn more_shards_than_units_give_each_unit_its_own() {
    let request = request(&[3, 9, 5], MAX_SHARDS);
    let plan = partition(&request);
    check(&request, &plan);
    assert_eq!((plan.makespan_us, plan.proof), (9, Proof::EqualsBound));
    let mut used = plan.shard_of.clone();
    used.sort_unstable();
    used.dedup();
    assert_eq!(used.len(), 3);
}

#[test]
fn weightless_units_are_dealt_evenly() {
    let weights = [0, 0, 7, 0, 0, 0, 7, 0, 0, 7, 0];
    let plan = partition(&request(&weights, 4));
    check(&request(&weights, 4), &plan);
    let mut counts = [0; 4];
    for (unit, &shard) in plan.shard_of.iter().enumerate() {
        counts[shard] += usize::from(weights[unit] == 0);
    }
    assert_eq!(counts.iter().sum::<usize>(), 8);
    assert_eq!(counts, [2, 2, 2, 2]);
}

#[test]
fn absurd_weights_saturate() {
    for weights in [vec![u64::MAX; 5], vec![u64::MAX, 1, u64::MAX - 1, 0, 2]] {
        let plan = partition(&request(&weights, 2));
        check(&request(&weights, 2), &plan);
        assert_eq!(plan.makespan_us, u64::MAX);
    }
}

#[test]
fn a_common_divisor_rounds_the_bound_to_a_reachable_load() {
    // 5 units of 2 over 2 shards: the mean is 5, but no shard can hold an odd load.
    let plan = partition(&request(&[2; 5], 2));
    assert_eq!((plan.makespan_us, plan.proof), (6, Proof::EqualsBound));
}

#[test]
fn a_complete_search_proves_what_counting_does_not() {
    // The sum of 36 over 2 shards is 18 each, but no subset has 18 or 19.
    let weights = [11, 11, 5, 5, 4];
    let plan = partition(&request(&weights, 2));
    assert_eq!(plan.makespan_us, optimum(&weights, 2));
    assert_eq!((plan.makespan_us, plan.lower_bound_us, plan.proof), (20, 20, Proof::Optimal));
}

#[test]
fn realistic_sets_reach_the_bound() {
    for (units, shards) in [(230, 4), (313, 8), (500, 16), (1122, 32)] {
        for seed in 1..=2 {
            let weights = log_normal(units, seed, 1000);
            let plan = partition(&request(&weights, shards));
            check(&request(&weights, shards), &plan);
            assert_eq!(plan.proof, Proof::EqualsBound, "{units} units, {shards} shards, seed {seed}");
        }
    }
}

#[test]
fn few_units_a_shard_are_optimal_or_within_100_ppm() {
    for (units, shards) in [(12, 4), (24, 8), (94, 8), (200, 16)] {
        for seed in 1..=2 {
            let weights = log_normal(units, seed, 1);
            let plan = partition(&request(&weights, shards));
            check(&request(&weights, shards), &plan);
            let near = matches!(plan.proof, Proof::WithinGap { gap_ppm } if gap_ppm <= 100);
            let proven = matches!(plan.proof, Proof::EqualsBound | Proof::Optimal);
            assert!(near || proven, "{units} units, {shards} shards, seed {seed}: {:?}", plan.proof);
        }
    }
}

#[test]
fn many_units_cost_few_nodes() {
    let weights = log_normal(5000, 1, 1000);
    let plan = partition(&request(&weights, 16));
    assert_eq!(plan.proof, Proof::EqualsBound);
    assert!(plan.nodes_used <= 50_000, "{} nodes", plan.nodes_used);
}

#[test]
fn many_units_of_microseconds_cost_few_nodes() {
    let weights = log_normal(1122, 1, 1);
    let plan = partition(&request(&weights, 8));
    assert_eq!(plan.proof, Proof::EqualsBound);
    assert!(plan.nodes_used <= 100_000, "{} nodes", plan.nodes_used);
}

#[test]
fn the_budget_is_kept_and_zero_still_plans() {
    let weights: Vec<u64> = (0..96).map(|unit| 1_000_003 + unit * unit * 977 % 900_001).collect();
    for nodes in [0, 1000, 100_000] {
        let request = Request { budget: Budget { nodes }, ..request(&weights, 32) };
        let plan = partition(&request);
        check(&request, &plan);
        // The last step is counted when it has begun: a division of a pair is the largest.
        assert!(plan.nodes_used <= nodes + 100_000, "{} of {nodes}", plan.nodes_used);
    }
}

#[test]
fn unknown_units_are_spread() {
    for (units, shards) in [(1122, 16), (94, 8)] {
        let weights = log_normal(units, 3, 1000);
        let unknown: Vec<bool> = (0..units).map(|unit| unit % 10 == 3).collect();
        let request = Request { unknown: &unknown, ..request(&weights, shards) };
        let plan = partition(&request);
        check(&request, &plan);
        let mut counts = vec![0; shards];
        for (unit, &shard) in plan.shard_of.iter().enumerate() {
            counts[shard] += usize::from(unknown[unit]);
        }
        let fair = unknown.iter().filter(|&&unknown| unknown).count().div_ceil(shards);
        assert_eq!(counts.iter().copied().max(), Some(fair), "{counts:?}");
        assert!(plan.makespan_us <= plan.lower_bound_us + plan.lower_bound_us / 100);
    }
}

#[test]
fn unknown_weightless_units_are_spread_too() {
    let unknown = [true, true, false, true, true, false];
    let request = Request { unknown: &unknown, ..request(&[0, 0, 0, 0, 8, 0], 2) };
    let plan = partition(&request);
    let on_first = (0..6).filter(|&unit| unknown[unit] && plan.shard_of[unit] == 0).count();
    assert_eq!(on_first, 2);
}

/// Weights of every size, with many duplicates, zeros and now and then the absurd.
pub(super) fn any_weights(most: usize) -> impl Strategy<Value = Vec<u64>> {
    let weight = prop_oneof![
        2 => Just(0u64),
        8 => 0u64..20,
        8 => 0u64..5_000_000,
        4 => (0u64..5000).prop_map(|ms| ms * 1000),
        1 => any::<u64>(),
    ];
    proptest::collection::vec(weight, 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_request_gives_a_true_plan(
        weights in any_weights(60),
        unknown in proptest::collection::vec(any::<bool>(), 0..60),
        previous in proptest::collection::vec(proptest::option::of(0usize..12), 0..60),
        shards in 0usize..12,
        stay_within_ppm in prop_oneof![Just(0u64), 0u64..100_000, any::<u64>()],
    ) {
        let budget = Budget { nodes: 5_000 };
        let request = Request { weights_us: &weights, shards, previous: &previous, unknown: &unknown, stay_within_ppm, budget };
        let plan = partition(&request);
        check(&request, &plan);
        prop_assert_eq!(partition(&request), plan);
    }

    #[test]
    fn never_worse_than_longest_first(weights in proptest::collection::vec(1u64..10_000, 1..60), shards in 1usize..12) {
        let plan = partition(&Request { budget: Budget { nodes: 5_000 }, ..request(&weights, shards) });
        let mut descending = weights.clone();
        descending.sort_unstable_by(|a, b| b.cmp(a));
        let mut longest_first = Packing::empty(&descending, shards);
        lpt::place(&mut longest_first, 0..descending.len());
        prop_assert!(plan.makespan_us <= longest_first.makespan());
    }

    #[test]
    fn small_plans_are_optimal_and_the_bound_is_one(
        weights in proptest::collection::vec(prop_oneof![0u64..12, 1u64..3000], 0..10),
        shards in 1usize..5,
    ) {
        let plan = partition(&request(&weights, shards));
        check(&request(&weights, shards), &plan);
        let best = if weights.is_empty() { 0 } else { optimum(&weights, shards) };
        prop_assert!(plan.lower_bound_us <= best);
        prop_assert_eq!(plan.makespan_us, best);
        let proven = !matches!(plan.proof, Proof::WithinGap { .. });
        prop_assert!(proven);
    }

    #[test]
    fn other_names_for_the_same_units_give_the_same_plan(
        weights in proptest::collection::hash_set(1u64..1_000_000, 1..40),
        shards in 1usize..8,
        turn in 0usize..40,
    ) {
        // Distinct weights identify the units, so that the order of the input can't matter.
        let mut weights: Vec<u64> = weights.into_iter().collect();
        weights.sort_unstable();
        let mut turned = weights.clone();
        turned.rotate_left(turn % weights.len());
        let budget = Budget { nodes: 5_000 };
        let (a, b) = (
            partition(&Request { budget, ..request(&weights, shards) }),
            partition(&Request { budget, ..request(&turned, shards) }),
        );
        let mut back = b.shard_of.clone();
        back.rotate_right(turn % weights.len());
        prop_assert_eq!(a.shard_of, back);
    }
}
