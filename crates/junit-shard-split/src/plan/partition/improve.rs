//! Search around a good plan: the heaviest shard is divided anew together with one or a few others, completely where
//! they hold few units and over a changing choice of units where they hold many.

#![warn(clippy::disallowed_methods)]

use super::budget::{Choices, Nodes};
use super::exact::{self, Fit};
use super::packing::Packing;
use super::two_way;

/// The fewest units of a pair that are divided at once; milliseconds need no more.
const FIRST_FREE: usize = 14;

/// How many of the lightest shards are tried with the heaviest before groups are.
const PARTNERS: usize = 12;

/// The most units of a group of three or more shards that is packed anew.
const GROUP_UNITS: usize = 40;

/// The nodes for one group; most groups that help are found with a fraction of it.
const GROUP_NODES: u64 = 20_000;

/// How many groups are tried between two rounds of pairs.
const GROUPS: usize = 6;

/// Lowers the makespan towards `goal` until it is reached or the nodes are used. The makespan never rises.
pub(super) fn improve(packing: &mut Packing<'_>, goal: u64, nodes: &mut Nodes) {
    if packing.shards.len() < 2 {
        return;
    }
    let mut choices = Choices::new();
    let mut free = FIRST_FREE;
    while nodes.spend(packing.shards.len()) {
        let heaviest = packing.heaviest();
        if packing.load(heaviest) <= goal {
            return;
        }
        if pairs(packing, heaviest, goal, free, nodes, &mut choices)
            || groups(packing, heaviest, goal, nodes, &mut choices)
        {
            continue;
        }
        // Nothing near helps: other pairs are mixed, which costs nothing and opens new neighbourhoods.
        for _ in 0..packing.shards.len().min(8) {
            mix(packing, heaviest, nodes, &mut choices);
        }
        free = (free + 2).min(two_way::MAX_FREE - 4);
    }
}

/// Divides the heaviest shard and one of the lightest anew; true when the greater load of the two got smaller.
fn pairs(
    packing: &mut Packing<'_>,
    heaviest: usize,
    goal: u64,
    free: usize,
    nodes: &mut Nodes,
    choices: &mut Choices,
) -> bool {
    let mut others: Vec<usize> = (0..packing.shards.len()).filter(|&other| other != heaviest).collect();
    let partners = others.len().min(PARTNERS);
    if partners < others.len() {
        others.select_nth_unstable_by_key(partners, |&other| (packing.load(other), other));
        others.truncate(partners);
    }
    others.sort_unstable_by_key(|&other| (packing.load(other), other));
    for other in others {
        let total = packing.load(heaviest) + packing.load(other);
        if total.div_ceil(2) >= packing.load(heaviest) {
            break;
        }
        let tolerance = if total <= 2 * goal { 2 * goal - total } else { total % 2 };
        let limit = packing.load(heaviest) - 1;
        if divide(packing, heaviest, other, free, Aim { twice_target: total, tolerance, limit }, nodes, choices) {
            return true;
        }
        if nodes.left() == 0 {
            return false;
        }
    }
    false
}

/// What dividing a pair aims at.
struct Aim {
    /// Twice the wanted load of the first shard.
    twice_target: u64,
    /// How far twice the load may be from it to end the search early.
    tolerance: u64,
    /// Both loads must be at most this, or nothing changes.
    limit: u64,
}

fn divide(
    packing: &mut Packing<'_>,
    a: usize,
    b: usize,
    free: usize,
    aim: Aim,
    nodes: &mut Nodes,
    choices: &mut Choices,
) -> bool {
    let held = packing.shards[a].units.len() + packing.shards[b].units.len();
    let total = packing.load(a) + packing.load(b);
    let options = if held > two_way::MAX_FREE && choices.below(4) > 0 {
        twins(packing, a, b, free, &aim, choices)
    } else {
        singles(packing, a, b, free.min(held), choices)
    };
    if !nodes.spend(two_way::cost(options.len()) + held) {
        return false;
    }
    let weights = packing.weights;
    let steps: Vec<u64> = options.iter().map(|option| option.step(weights)).collect();
    let lowered: u64 = options.iter().map(|option| option.in_a(weights) - option.least(weights)).sum();
    let fixed = packing.load(a) - lowered;
    let (subset, sum) = two_way::nearest(&steps, fixed, aim.twice_target, aim.tolerance);
    let load = fixed + sum;
    if load.max(total - load) > aim.limit {
        return false;
    }
    let mut to_a = Vec::new();
    let mut to_b = Vec::new();
    for (bit, option) in options.iter().enumerate() {
        let added = subset & (1 << bit) != 0;
        match (added, option.heavy_in_a) {
            (true, false) => {
                to_a.push(option.heavy);
                to_b.extend(option.light);
            }
            (false, true) => {
                to_b.push(option.heavy);
                to_a.extend(option.light);
            }
            _ => {}
        }
    }
    trade(packing, a, b, &mut to_a, &mut to_b);
    true
}

/// One thing that can be one way or the other: a unit that is in A or in B, or two of similar weight, one in each, that
/// keep or change places.
#[derive(Debug, Clone, Copy)]
struct Either {
    heavy: usize,
    light: Option<usize>,
    heavy_in_a: bool,
}

impl Either {
    fn least(&self, weights: &[u64]) -> u64 {
        self.light.map_or(0, |light| weights[light])
    }

    /// How much more A holds with the heavy unit than without it.
    fn step(&self, weights: &[u64]) -> u64 {
        weights[self.heavy] - self.least(weights)
    }

    fn in_a(&self, weights: &[u64]) -> u64 {
        if self.heavy_in_a { weights[self.heavy] } else { self.least(weights) }
    }
}

/// `free` random units of both shards.
fn singles(packing: &Packing<'_>, a: usize, b: usize, free: usize, choices: &mut Choices) -> Vec<Either> {
    let single = |heavy_in_a| move |&heavy: &usize| Either { heavy, light: None, heavy_in_a };
    let mut units: Vec<Either> = packing.shards[a].units.iter().map(single(true)).collect();
    units.extend(packing.shards[b].units.iter().map(single(false)));
    sample(&mut units, free, choices);
    units
}

/// Up to `free` pairs of neighbours in weight, one of each shard. Their differences are small, so that a few of them make
/// every load near the present one: the finest steps that two shards with many units allow.
fn twins(packing: &Packing<'_>, a: usize, b: usize, free: usize, aim: &Aim, choices: &mut Choices) -> Vec<Either> {
    let weights = packing.weights;
    let (units_a, units_b) = (&packing.shards[a].units, &packing.shards[b].units);
    let (mut i, mut j) = (0, 0);
    let mut before: Option<(usize, bool)> = None;
    let mut pairs: Vec<(u64, Either)> = Vec::new();
    while i < units_a.len() || j < units_b.len() {
        let from_a = j == units_b.len() || (i < units_a.len() && units_a[i] < units_b[j]);
        let rank = if from_a { units_a[i] } else { units_b[j] };
        if from_a {
            i += 1;
        } else {
            j += 1;
        }
        match before {
            Some((heavy, heavy_in_a)) if heavy_in_a != from_a && weights[heavy] > weights[rank] => {
                pairs.push((weights[heavy] - weights[rank], Either { heavy, light: Some(rank), heavy_in_a }));
                before = None;
            }
            _ => before = Some((rank, from_a)),
        }
    }
    pairs.sort_unstable_by_key(|&(step, pair)| (step, pair.heavy));
    // Enough of the finest to choose from, and enough that together they can make the whole way.
    let way = (2 * packing.load(a)).abs_diff(aim.twice_target);
    let mut reach = 0u64;
    let pool = pairs.iter().take_while(|(step, _)| {
        let short = reach < 2 * way;
        reach += step;
        short
    });
    let pool = pool.count().max(2 * free).min(pairs.len());
    let mut options: Vec<Either> = pairs.into_iter().take(pool).map(|(_, pair)| pair).collect();
    sample(&mut options, free, choices);
    options
}

/// Keeps `count` random items: the start of a partial shuffle.
fn sample<T>(items: &mut Vec<T>, count: usize, choices: &mut Choices) {
    if count < items.len() {
        for place in 0..count {
            let other = place + choices.index(items.len() - place);
            items.swap(place, other);
        }
        items.truncate(count);
    }
}

/// Moves `to_a` from B to A and `to_b` from A to B.
fn trade(packing: &mut Packing<'_>, a: usize, b: usize, to_a: &mut [usize], to_b: &mut [usize]) {
    to_a.sort_unstable();
    to_b.sort_unstable();
    for (shard, leaving, coming) in [(a, &*to_b, &*to_a), (b, &*to_a, &*to_b)] {
        let mut units = packing.shards[shard].units.clone();
        units.retain(|rank| leaving.binary_search(rank).is_err());
        units.extend_from_slice(coming);
        packing.replace(shard, units);
    }
}

/// Packs the heaviest shard and two or more others anew; true when the greatest load of them got smaller.
fn groups(packing: &mut Packing<'_>, heaviest: usize, goal: u64, nodes: &mut Nodes, choices: &mut Choices) -> bool {
    // Pinned loads make shards unequal, which the complete search doesn't know.
    if packing.pinned || packing.shards.len() < 3 {
        return false;
    }
    for _ in 0..GROUPS {
        let group = choose_group(packing, heaviest, choices);
        if group.len() < 3 {
            return false;
        }
        if repack(packing, &group, goal, nodes) {
            return true;
        }
        if nodes.left() == 0 {
            return false;
        }
    }
    false
}

/// The heaviest shard and random others, as long as they hold at most `GROUP_UNITS` units.
fn choose_group(packing: &Packing<'_>, heaviest: usize, choices: &mut Choices) -> Vec<usize> {
    let shards = packing.shards.len();
    let size = 3 + choices.index(4);
    let mut group = vec![heaviest];
    let mut units = packing.shards[heaviest].units.len();
    for _ in 0..size * 3 {
        let other = choices.index(shards);
        let more = packing.shards[other].units.len();
        if group.len() < size && !group.contains(&other) && units + more <= GROUP_UNITS {
            group.push(other);
            units += more;
        }
    }
    group
}

fn repack(packing: &mut Packing<'_>, group: &[usize], goal: u64, nodes: &mut Nodes) -> bool {
    let total: u64 = group.iter().map(|&shard| packing.load(shard)).sum();
    let top = group.iter().map(|&shard| packing.load(shard)).max().unwrap_or(0);
    let least = goal.max(total.div_ceil(group.len() as u64));
    if least >= top {
        return false;
    }
    let mut ranks: Vec<usize> = group.iter().flat_map(|&shard| packing.shards[shard].units.iter().copied()).collect();
    ranks.sort_unstable();
    let weights: Vec<u64> = ranks.iter().map(|&rank| packing.weights[rank]).collect();
    // A great step first, then the smallest that counts.
    for capacity in [least + (top - 1 - least) / 4, top - 1] {
        let found = nodes.within(GROUP_NODES, |part| exact::fit(&weights, group.len(), capacity, part));
        let Fit::Found(shard_of) = found else { continue };
        let mut sides = vec![Vec::new(); group.len()];
        for (place, &side) in shard_of.iter().enumerate() {
            sides[side].push(ranks[place]);
        }
        for (&shard, side) in group.iter().zip(sides) {
            packing.replace(shard, side);
        }
        return true;
    }
    false
}

/// Divides two shards other than the heaviest differently, within the makespan.
fn mix(packing: &mut Packing<'_>, heaviest: usize, nodes: &mut Nodes, choices: &mut Choices) {
    let shards = packing.shards.len();
    let (a, b) = (choices.index(shards), choices.index(shards));
    if a == b || a == heaviest || b == heaviest {
        return;
    }
    let limit = packing.load(heaviest) - 1;
    let total = packing.load(a) + packing.load(b);
    if total.div_ceil(2) > limit {
        return;
    }
    let least = total.saturating_sub(limit);
    let target = least + choices.below(limit.min(total) - least + 1);
    let aim = Aim { twice_target: 2 * target, tolerance: 0, limit };
    divide(packing, a, b, FIRST_FREE, aim, nodes, choices);
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::super::tests::log_normal;
    use super::super::{bound, lpt};
    use super::*;

    fn start(weights: &mut [u64], shards: usize) -> Packing<'_> {
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let mut packing = Packing::empty(weights, shards);
        lpt::place(&mut packing, 0..weights.len());
        packing
    }

    #[test]
    fn pairs_of_many_units_are_brought_to_the_bound() {
        let mut weights = log_normal(400, 5, 1);
        let mut packing = start(&mut weights, 4);
        let goal = bound::lower_bound(packing.weights, 4);
        assert!(packing.makespan() > goal, "longest first must leave something to do");
        improve(&mut packing, goal, &mut Nodes::new(Budget { nodes: 400_000 }));
        assert_eq!(packing.makespan(), goal);
    }

    #[test]
    fn three_shards_are_packed_anew_where_no_two_help() {
        // 22, 20 and 21: the first and any other one can't be divided better, all three can have 21.
        let weights = [14, 13, 12, 7, 6, 5, 4, 2];
        let mut packing = Packing::empty(&weights, 3);
        for (rank, shard) in [2, 1, 0, 1, 0, 2, 0, 2].into_iter().enumerate() {
            packing.append(shard, rank);
        }
        let (mut choices, mut nodes) = (Choices::new(), Nodes::new(Budget { nodes: 100_000 }));
        assert!(!pairs(&mut packing.clone(), 0, 21, FIRST_FREE, &mut nodes, &mut choices));
        assert!(groups(&mut packing, 0, 21, &mut nodes, &mut choices));
        assert_eq!(packing.makespan(), 21);
        // Shards with pinned loads are not alike, so the complete search must keep away from them.
        packing.shards[0].load += 2;
        packing.pinned = true;
        assert!(!groups(&mut packing, 0, 21, &mut nodes, &mut choices));
    }

    #[test]
    fn every_unit_stays_somewhere_and_pinned_loads_stay_where_they_are() {
        let mut weights = log_normal(42, 6, 1);
        let mut packing = start(&mut weights, 6);
        packing.pinned = true;
        for (shard, pinned) in [(0, 5_000_000), (3, 1_234_567)] {
            packing.shards[shard].load += pinned;
        }
        let before = packing.makespan();
        improve(&mut packing, 0, &mut Nodes::new(Budget { nodes: 100_000 }));
        assert!(packing.makespan() < before);
        let mut all: Vec<usize> = packing.shards.iter().flat_map(|shard| shard.units.clone()).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..42));
        for (index, shard) in packing.shards.iter().enumerate() {
            let pinned = match index {
                0 => 5_000_000,
                3 => 1_234_567,
                _ => 0,
            };
            let sum: u64 = shard.units.iter().map(|&rank| packing.weights[rank]).sum();
            assert_eq!(shard.load, sum + pinned);
        }
    }
}
