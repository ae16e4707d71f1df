//! Which new shard takes which old number, so that as many units as possible stay where they were.

#![warn(clippy::disallowed_methods)]

/// Above this number of shards the assignment is greedy: the complete one is cubic (128 shards: 2 M steps).
const MAX_COMPLETE: usize = 128;

/// The label of each of `shards` new shards, given pairs (new shard, old shard), one a unit that had a shard; old shards
/// from `shards` on are gone and ignored. Most units stay: exactly so up to `MAX_COMPLETE` shards, greedily above.
pub(super) fn labels(shards: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut kept: Vec<(usize, usize)> = pairs.filter(|&(_, old)| old < shards).collect();
    kept.sort_unstable();
    let mut overlaps: Vec<(u64, usize, usize)> = Vec::new();
    for (new, old) in kept {
        match overlaps.last_mut() {
            Some(last) if (last.1, last.2) == (new, old) => last.0 += 1,
            _ => overlaps.push((1, new, old)),
        }
    }
    if shards <= MAX_COMPLETE { complete(shards, &overlaps) } else { greedy(shards, overlaps) }
}

fn greedy(shards: usize, mut overlaps: Vec<(u64, usize, usize)>) -> Vec<usize> {
    overlaps.sort_unstable_by_key(|&(count, new, old)| (std::cmp::Reverse(count), new, old));
    let mut label_of = vec![None; shards];
    let mut taken = vec![false; shards];
    for (_, new, old) in overlaps {
        if label_of[new].is_none() && !taken[old] {
            label_of[new] = Some(old);
            taken[old] = true;
        }
    }
    let mut free = (0..shards).filter(|&old| !taken[old]).collect::<Vec<_>>().into_iter();
    label_of.into_iter().map(|label| label.or_else(|| free.next()).unwrap_or(0)).collect()
}

/// The assignment problem by shortest augmenting paths (Kuhn 1955, Jonker and Volgenant 1987), with costs = -overlap.
fn complete(shards: usize, overlaps: &[(u64, usize, usize)]) -> Vec<usize> {
    let mut cost = vec![0i64; shards * shards];
    for &(count, new, old) in overlaps {
        cost[new * shards + old] = -(count as i64);
    }
    // Row and column 0 are the source of each path, so real ones start at 1.
    let (mut row_price, mut column_price) = (vec![0i64; shards + 1], vec![0i64; shards + 1]);
    let mut row_at = vec![0usize; shards + 1];
    for row in 1..=shards {
        row_at[0] = row;
        let mut column = 0;
        let mut slack = vec![i64::MAX; shards + 1];
        let mut came_from = vec![0usize; shards + 1];
        let mut seen = vec![false; shards + 1];
        while row_at[column] != 0 {
            seen[column] = true;
            let current = row_at[column];
            let (mut delta, mut next) = (i64::MAX, 0);
            for j in (1..=shards).filter(|&j| !seen[j]) {
                let reduced = cost[(current - 1) * shards + j - 1] - row_price[current] - column_price[j];
                if reduced < slack[j] {
                    slack[j] = reduced;
                    came_from[j] = column;
                }
                if slack[j] < delta {
                    (delta, next) = (slack[j], j);
                }
            }
            for j in 0..=shards {
                if seen[j] {
                    row_price[row_at[j]] += delta;
                    column_price[j] -= delta;
                } else if slack[j] != i64::MAX {
                    slack[j] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_at[column] = row_at[came_from[column]];
            column = came_from[column];
        }
    }
    let mut label_of = vec![0; shards];
    for column in 1..=shards {
        label_of[row_at[column] - 1] = column - 1;
    }
    label_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stays(labels: &[usize], pairs: &[(usize, usize)]) -> usize {
        pairs.iter().filter(|&&(new, old)| labels[new] == old).count()
    }

    /// The most units that any numbering keeps.
    fn most(shards: usize, pairs: &[(usize, usize)], labels: &mut Vec<usize>) -> usize {
        if labels.len() == shards {
            return stays(labels, pairs);
        }
        let mut best = 0;
        for label in 0..shards {
            if !labels.contains(&label) {
                labels.push(label);
                best = best.max(most(shards, pairs, labels));
                labels.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_numbering_keeps_more(shards in 1usize..6, raw in proptest::collection::vec((0usize..5, 0usize..8), 0..40)) {
            let pairs: Vec<(usize, usize)> = raw.into_iter().map(|(new, old)| (new % shards, old)).collect();
            let found = labels(shards, pairs.iter().copied());
            let mut sorted = found.clone();
            sorted.sort_unstable();
            prop_assert!(sorted.into_iter().eq(0..shards), "every number once");
            prop_assert_eq!(stays(&found, &pairs), most(shards, &pairs, &mut Vec::new()));
        }
    }

    #[test]
    fn many_shards_are_numbered_greedily() {
        let shards = MAX_COMPLETE + 1;
        let pairs = (0..shards).map(|new| (new, (new + 5) % shards));
        let expected: Vec<usize> = (0..shards).map(|new| (new + 5) % shards).collect();
        assert_eq!(labels(shards, pairs), expected);
        assert!(labels(shards, std::iter::empty()).into_iter().eq(0..shards));
    }
}
