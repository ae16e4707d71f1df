//! The number of shards.

use super::*;

const BUDGET: Budget = Budget { nodes: 50_000 };

#[test]
fn the_fewest_shards_within_the_target() {
    let weights = [10; 12];
    let choice = choose_shards(&weights, 5, 35, 20, BUDGET);
    assert_eq!((choice.shards, choice.predicted_us, choice.reached()), (4, 35, true));
    assert_eq!(choice.one_fewer, Some(Alternative { shards: 3, predicted_us: 45 }));
    assert_eq!(choice.one_more, Some(Alternative { shards: 5, predicted_us: 35 }));
}

#[test]
fn one_shard_has_none_fewer_and_the_maximum_none_more() {
    let choice = choose_shards(&[10, 20], 0, 30, 1, BUDGET);
    assert_eq!((choice.shards, choice.one_fewer, choice.one_more, choice.limit), (1, None, None, None));
    let nothing = choose_shards(&[], 7, 7, 9, BUDGET);
    assert_eq!((nothing.shards, nothing.predicted_us, nothing.limit), (1, 7, None));
}

#[test]
fn the_longest_unit_is_named_and_no_shard_stands_idle() {
    let choice = choose_shards(&[10, 90, 30, 30, 30], 5, 50, 20, BUDGET);
    assert_eq!((choice.shards, choice.predicted_us), (3, 95));
    assert_eq!(choice.limit, Some(Limit::LongestUnit { unit: 1, weight_us: 90 }));
}

#[test]
fn too_few_shards_are_said_to_be_the_limit() {
    let choice = choose_shards(&[10; 12], 0, 20, 4, BUDGET);
    assert_eq!((choice.shards, choice.predicted_us, choice.limit), (4, 30, Some(Limit::MaxShards)));
    assert_eq!(choice.one_more, None);
}

#[test]
fn a_setup_as_long_as_the_target_is_the_limit() {
    assert_eq!(choose_shards(&[], 8, 7, 3, BUDGET).limit, Some(Limit::Setup));
    for setup_us in [20, 21] {
        let choice = choose_shards(&[1, 1], setup_us, 20, 8, BUDGET);
        assert_eq!((choice.shards, choice.limit), (2, Some(Limit::Setup)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_choice_is_what_plans_give(
        weights in any_weights(30),
        setup_us in 0u64..1000,
        target_us in prop_oneof![0u64..100_000, 0u64..50_000_000, any::<u64>()],
        max in 0usize..40,
    ) {
        let choice = choose_shards(&weights, setup_us, target_us, max, BUDGET);
        prop_assert!((1..=max.max(1)).contains(&choice.shards));
        prop_assert_eq!(choice.reached(), choice.predicted_us <= target_us);
        if let (true, Some(fewer)) = (choice.reached(), choice.one_fewer) {
            prop_assert!(fewer.predicted_us > target_us);
        }
        if weights.iter().all(|&weight| weight < 1 << 50) {
            let plan = partition(&Request { budget: BUDGET, ..request(&weights, choice.shards) });
            prop_assert_eq!(plan.makespan_us + setup_us, choice.predicted_us);
        }
    }
}
