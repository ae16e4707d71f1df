//! Plans that start from the plan before.

use super::*;

fn before(plan: &Partition) -> Vec<Option<usize>> {
    plan.shard_of.iter().map(|&shard| Some(shard)).collect()
}

/// Each weight times 1 plus a normal error of `percent`, at least a twentieth.
fn disturbed(weights: &[u64], percent: f64, seed: u64) -> Vec<u64> {
    let mut choices = budget::Choices::seeded(seed);
    let mut unit = move || (choices.below(1 << 53) as f64 + 1.0) / (1u64 << 53) as f64;
    let mut factor = || {
        let normal = (-2.0 * unit().ln()).sqrt() * (std::f64::consts::TAU * unit()).cos();
        (1.0 + normal * percent / 100.0).max(0.05)
    };
    weights.iter().map(|&weight| (weight as f64 / 1000.0 * factor()).round() as u64 * 1000).collect()
}

fn within(plan: &Partition, ppm: u64) -> bool {
    u128::from(plan.makespan_us) * 1_000_000 <= u128::from(plan.lower_bound_us) * u128::from(1_000_000 + ppm)
}

#[test]
fn the_same_timings_move_nothing() {
    // The last one has an optimum that is further above the bound than the tolerance.
    let sets = [(log_normal(300, 1, 1000), 8), (log_normal(24, 2, 1), 8), (vec![11, 11, 5, 5, 4], 2)];
    for (weights, shards) in sets {
        let first = partition(&request(&weights, shards));
        for stay_within_ppm in [DEFAULT_STAY_WITHIN_PPM, 0] {
            let previous = before(&first);
            let again = Request { previous: &previous, stay_within_ppm, ..request(&weights, shards) };
            let plan = partition(&again);
            check(&again, &plan);
            assert_eq!((plan.moved, plan.replanned), (0, false));
            assert_eq!(plan.shard_of, first.shard_of);
        }
    }
}

#[test]
fn noise_of_10_percent_moves_2_percent_at_most() {
    for (units, shards) in [(500, 16), (1122, 8)] {
        let weights = log_normal(units, 1, 1000);
        let previous = before(&partition(&request(&weights, shards)));
        let mut moved = 0;
        for seed in 1..=5 {
            let weights = disturbed(&weights, 10.0, seed);
            let again = Request { previous: &previous, ..request(&weights, shards) };
            let plan = partition(&again);
            check(&again, &plan);
            assert!(within(&plan, DEFAULT_STAY_WITHIN_PPM) && !plan.replanned);
            moved += plan.moved;
        }
        assert!(moved > 0, "the noise must call for moves");
        assert!(moved * 100 <= units * 5 * 2, "{moved} of 5 times {units}");
    }
}

#[test]
fn new_units_fill_up_and_nothing_else_moves() {
    let weights = log_normal(1000, 2, 1000);
    let mut previous = before(&partition(&request(&weights, 8)));
    for unit in (0..1000).step_by(50) {
        previous[unit] = None;
    }
    let again = Request { previous: &previous, ..request(&weights, 8) };
    let plan = partition(&again);
    check(&again, &plan);
    assert_eq!((plan.moved, plan.replanned), (0, false));
    assert!(within(&plan, DEFAULT_STAY_WITHIN_PPM));
}

#[test]
fn new_unknown_units_are_spread() {
    let weights = log_normal(400, 2, 1000);
    let mut previous = before(&partition(&request(&weights, 8)));
    let unknown: Vec<bool> = (0..400).map(|unit| unit % 25 == 0).collect();
    for (unit, shard) in previous.iter_mut().enumerate() {
        *shard = shard.filter(|_| !unknown[unit]);
    }
    let again = Request { previous: &previous, unknown: &unknown, stay_within_ppm: 200_000, ..request(&weights, 8) };
    let plan = partition(&again);
    let mut counts = [0; 8];
    for unit in (0..400).filter(|&unit| unknown[unit]) {
        counts[plan.shard_of[unit]] += 1;
    }
    assert_eq!(counts, [2; 8]);
}

#[test]
fn a_shard_that_is_gone_moves_its_units_and_few_others() {
    let weights = log_normal(600, 4, 1000);
    let previous = before(&partition(&request(&weights, 8)));
    let gone = previous.iter().filter(|shard| **shard == Some(7)).count();
    let again = Request { previous: &previous, ..request(&weights, 7) };
    let plan = partition(&again);
    check(&again, &plan);
    assert!(plan.moved <= gone + 8, "{} moved, {gone} had to", plan.moved);
    assert!(!plan.replanned && within(&plan, DEFAULT_STAY_WITHIN_PPM));
}

#[test]
fn a_new_shard_takes_from_the_others_only() {
    let weights = log_normal(600, 4, 1000);
    let previous = before(&partition(&request(&weights, 8)));
    let again = Request { previous: &previous, ..request(&weights, 9) };
    let plan = partition(&again);
    check(&again, &plan);
    assert!(!plan.replanned && within(&plan, DEFAULT_STAY_WITHIN_PPM));
    let share = weights.len() / 9;
    assert!(plan.moved <= share, "{} moved, a ninth is {share}", plan.moved);
}

#[test]
fn a_new_plan_keeps_the_numbers_that_keep_most_units() {
    // Without nodes no repair is possible, so the plan is made anew; only the numbers can be kept.
    let nothing = Budget { nodes: 0 };
    let weights = log_normal(60, 1, 1000);
    let first = partition(&Request { budget: nothing, ..request(&weights, 5) });
    let mut previous: Vec<Option<usize>> = first.shard_of.iter().map(|&shard| Some((shard + 2) % 5)).collect();
    let longest = (0..60).max_by_key(|&unit| weights[unit]).unwrap();
    let other = previous[longest].map(|shard| (shard + 1) % 5);
    previous[longest] = other;
    let again = Request { previous: &previous, budget: nothing, stay_within_ppm: 0, ..request(&weights, 5) };
    let plan = partition(&again);
    check(&again, &plan);
    assert!(plan.replanned);
    assert_eq!(plan.moved, 1);
}

#[test]
fn weightless_units_stay() {
    let previous = [Some(1), Some(1), Some(1), Some(0), None, None];
    let again = Request { previous: &previous, ..request(&[0, 0, 5, 5, 0, 0], 2) };
    let plan = partition(&again);
    assert_eq!(plan.shard_of, [1, 1, 1, 0, 0, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_repair_keeps_the_tolerance(
        weights in proptest::collection::vec(1u64..5_000, 1..80),
        previous in proptest::collection::vec(proptest::option::of(0usize..6), 0..80),
        shards in 1usize..6,
        stay_within_ppm in 0u64..50_000,
    ) {
        let fresh = partition(&Request { budget: Budget { nodes: 20_000 }, ..request(&weights, shards) });
        let again = Request { previous: &previous, stay_within_ppm, budget: Budget { nodes: 20_000 }, ..request(&weights, shards) };
        let plan = partition(&again);
        check(&again, &plan);
        // Above the tolerance over the bound only where a plan from nothing is, too.
        let most = plan.lower_bound_us.max(fresh.makespan_us);
        let most = spread::with_slack(most, stay_within_ppm);
        prop_assert!(plan.makespan_us <= most, "{} above {}", plan.makespan_us, most);
    }
}
