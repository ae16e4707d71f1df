//! The partition of weighted units over shards: the smallest makespan that a counted search finds, what is proven of it,
//! and as few moves from the plan before as a stated tolerance allows. Pure integers in, pure integers out: the same
//! request gives the same plan on every machine.

#![warn(clippy::disallowed_methods)]

mod bound;
mod budget;
mod choose;
mod exact;
mod exchange;
mod improve;
mod lpt;
mod packing;
mod relabel;
mod solve;
mod spread;
mod stable;
mod two_way;

#[cfg(test)]
mod tests;

pub use budget::Budget;
pub use choose::{Alternative, Choice, Limit, choose_shards};

use budget::Nodes;
use packing::Packing;

/// The most shards a caller should ask for: twice the 5,000-odd jobs that any host starts for one pipeline, and few
/// enough for the planner's lists, which are linear in it. Arguments above it are refused where they are read.
pub const MAX_SHARDS: usize = 10_000;

/// The default tolerance of a repair, and that of spreading unknown units: 1 % above the lower bound.
pub const DEFAULT_STAY_WITHIN_PPM: u64 = 10_000;

/// What is to be planned. Unit `i` is entry `i` of every slice; callers sort units by name, so that an index is an
/// identity that doesn't depend on the order of their input.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Weight of each unit in microseconds. 0 is a unit without cost; such units are dealt evenly by count.
    pub weights_us: &'a [u64],
    /// Number of shards, `1..=MAX_SHARDS`; 0 counts as 1.
    pub shards: usize,
    /// The shard of each unit in the plan before; `None`, or an entry that is missing, is a new unit. Shards from
    /// `shards` on are gone: their units have to move. Empty: there is no plan before.
    pub previous: &'a [Option<usize>],
    /// True for units whose weight is an estimate; missing entries are known.
    pub unknown: &'a [bool],
    /// How far above the lower bound a repaired makespan may stay, in millionths of the bound.
    pub stay_within_ppm: u64,
    /// The limit of the search.
    pub budget: Budget,
}

/// What is proven of a makespan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It equals a bound that follows from counting (mean, longest unit, pigeonhole sums): nothing is better.
    EqualsBound,
    /// The complete search ended: nothing is better, though counting alone doesn't show it.
    Optimal,
    /// At most this far above the optimum, in millionths of the proven lower bound, rounded up.
    WithinGap {
        /// Millionths, at least 1.
        gap_ppm: u64,
    },
}

/// A plan: which unit runs on which shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The shard of each unit, `0..shards`, in the order of the request.
    pub shard_of: Vec<usize>,
    /// The sum of the weights on each shard in microseconds, at most `u64::MAX`.
    pub loads_us: Vec<u64>,
    /// The greatest load in microseconds.
    pub makespan_us: u64,
    /// The greatest proven lower bound of the makespan in microseconds, for any plan of these units.
    pub lower_bound_us: u64,
    /// What is proven of `makespan_us`.
    pub proof: Proof,
    /// Nodes that the search used; a last step may pass the budget by its own size.
    pub nodes_used: u64,
    /// Units that had a shard in the plan before and are on another one now.
    pub moved: usize,
    /// True when no repair of the plan before reached the tolerance, so that this is a new plan, numbered so that most
    /// units stay.
    pub replanned: bool,
}

/// Plans `request`. Never fails: no units, more shards than units and weights up to `u64::MAX` all give a plan. The work
/// is `O(n log n + n log k)` plus at most the budget.
pub fn partition(request: &Request<'_>) -> Partition {
    let shards = request.shards.max(1);
    let mut nodes = Nodes::new(request.budget);
    let ranked = Ranked::new(request, shards);
    let mut planned = if ranked.home.iter().any(Option::is_some) {
        keep_or_replan(&ranked, shards, request.stay_within_ppm, &mut nodes)
    } else {
        let fresh = plan_fresh(&ranked, shards, &mut nodes);
        Planned { shard_of: ranked.by_unit(&fresh.packing), lower_bound: fresh.lower_bound, replanned: false }
    };
    place_weightless(request, shards, &mut planned.shard_of);
    describe(request, shards, &ranked, planned, &nodes)
}

/// The units that weigh something, heaviest first, in multiples of their common divisor.
struct Ranked {
    /// The unit of each rank; equal weights stay in the order of the units.
    units: Vec<usize>,
    weights: Vec<u64>,
    unknown: Vec<bool>,
    home: Vec<Option<usize>>,
    divisor: u64,
    /// Number of units in the request.
    count: usize,
}

impl Ranked {
    fn new(request: &Request<'_>, shards: usize) -> Self {
        let count = request.weights_us.len();
        // The sum of all weights stays below 2^62, so that no sum or difference of loads can overflow.
        let heaviest = (u64::MAX / 4) / (count.max(1) as u64);
        let mut ranks: Vec<(u64, usize)> = request
            .weights_us
            .iter()
            .enumerate()
            .filter(|&(_, &weight)| weight > 0)
            .map(|(unit, &weight)| (weight.min(heaviest), unit))
            .collect();
        ranks.sort_unstable_by_key(|&(weight, unit)| (std::cmp::Reverse(weight), unit));
        let units: Vec<usize> = ranks.iter().map(|&(_, unit)| unit).collect();
        let mut weights: Vec<u64> = ranks.into_iter().map(|(weight, _)| weight).collect();
        let divisor = bound::common_divisor(&weights);
        for weight in &mut weights {
            *weight /= divisor;
        }
        let unknown = units.iter().map(|&unit| is_unknown(request, unit)).collect();
        let home = units.iter().map(|&unit| home(request, unit, shards)).collect();
        Self { units, weights, unknown, home, divisor, count }
    }

    /// The shard of every unit; those without weight have none yet.
    fn by_unit(&self, packing: &Packing<'_>) -> Vec<Option<usize>> {
        let mut shard_of = vec![None; self.count];
        for (shard, held) in packing.shards.iter().enumerate() {
            for &rank in &held.units {
                shard_of[self.units[rank]] = Some(shard);
            }
        }
        shard_of
    }
}

fn is_unknown(request: &Request<'_>, unit: usize) -> bool {
    request.unknown.get(unit).copied().unwrap_or(false)
}

fn home(request: &Request<'_>, unit: usize, shards: usize) -> Option<usize> {
    request.previous.get(unit).copied().flatten().filter(|&shard| shard < shards)
}

/// A plan by unit, before the weightless units are dealt; the bound counts in common divisors.
struct Planned {
    shard_of: Vec<Option<usize>>,
    lower_bound: u64,
    replanned: bool,
}

fn plan_fresh<'r>(ranked: &'r Ranked, shards: usize, nodes: &mut Nodes) -> solve::Solved<'r> {
    if ranked.unknown.contains(&true) {
        spread::solve_spread(&ranked.weights, &ranked.unknown, shards, DEFAULT_STAY_WITHIN_PPM, nodes)
    } else {
        solve::solve(&ranked.weights, shards, 0, nodes)
    }
}

/// Repairs the plan before; if the lower bound is out of its reach, a new plan shows what can be had, and is taken only
/// when no repair comes within the tolerance of that either.
fn keep_or_replan(ranked: &Ranked, shards: usize, within_ppm: u64, nodes: &mut Nodes) -> Planned {
    let before = stable::Before { home: &ranked.home, unknown: &ranked.unknown };
    let lower_bound = bound::lower_bound(&ranked.weights, shards);
    let limit = spread::with_slack(lower_bound, within_ppm);
    let repaired = nodes.within(nodes.left() / 8, |part| stable::repair(&ranked.weights, &before, shards, limit, part));
    if let Some(packing) = repaired {
        return Planned { shard_of: ranked.by_unit(&packing), lower_bound, replanned: false };
    }
    // A plan made from nothing gets the whole budget of a first plan, whatever the repair has used: the same units
    // must always give the same plan, or a plan would not be within the tolerance of itself.
    let mut again = Nodes::new(Budget { nodes: nodes.limit() });
    let fresh = plan_fresh(ranked, shards, &mut again);
    nodes.spend_u64(again.used());
    let reachable = spread::with_slack(fresh.packing.makespan(), within_ppm).max(limit);
    let mut again = Nodes::new(Budget { nodes: nodes.limit() / 8 });
    let repaired = stable::repair(&ranked.weights, &before, shards, reachable, &mut again);
    nodes.spend_u64(again.used());
    if let Some(packing) = repaired {
        return Planned { shard_of: ranked.by_unit(&packing), lower_bound: fresh.lower_bound, replanned: false };
    }
    let mut shard_of = ranked.by_unit(&fresh.packing);
    let pairs = ranked.units.iter().zip(&ranked.home).filter_map(|(&unit, &old)| Some((shard_of[unit]?, old?)));
    let labels = relabel::labels(shards, pairs);
    for shard in shard_of.iter_mut().flatten() {
        *shard = labels[*shard];
    }
    Planned { shard_of, lower_bound: fresh.lower_bound, replanned: true }
}

/// Units that weigh nothing stay where they were; new ones go where the fewest of their kind (unknown or known) are.
fn place_weightless(request: &Request<'_>, shards: usize, shard_of: &mut [Option<usize>]) {
    let mut loads = vec![0u64; shards];
    let mut unknown = vec![0usize; shards];
    let mut weightless = vec![0usize; shards];
    let mut homeless = [Vec::new(), Vec::new()];
    for (unit, &weight) in request.weights_us.iter().enumerate() {
        if weight == 0 {
            shard_of[unit] = home(request, unit, shards);
        }
        match shard_of[unit] {
            Some(shard) => {
                loads[shard] = loads[shard].saturating_add(weight);
                unknown[shard] += usize::from(is_unknown(request, unit));
                weightless[shard] += usize::from(weight == 0 && !is_unknown(request, unit));
            }
            None => homeless[usize::from(is_unknown(request, unit))].push(unit),
        }
    }
    for (units, counts) in homeless.into_iter().zip([&mut weightless, &mut unknown]) {
        let dealt = spread::deal(units.len(), counts, &loads);
        for (unit, shard) in units.into_iter().zip(dealt) {
            shard_of[unit] = Some(shard);
        }
    }
}

fn describe(request: &Request<'_>, shards: usize, ranked: &Ranked, planned: Planned, nodes: &Nodes) -> Partition {
    let shard_of: Vec<usize> = planned.shard_of.into_iter().map(|shard| shard.unwrap_or(0)).collect();
    let mut loads_us = vec![0u64; shards];
    let mut moved = 0;
    for (unit, &shard) in shard_of.iter().enumerate() {
        loads_us[shard] = loads_us[shard].saturating_add(request.weights_us[unit]);
        let before = request.previous.get(unit).copied().flatten();
        moved += usize::from(before.is_some_and(|old| old != shard));
    }
    let makespan_us = loads_us.iter().copied().max().unwrap_or(0);
    let lower_bound_us = planned.lower_bound.saturating_mul(ranked.divisor);
    let counted_us = bound::lower_bound(&ranked.weights, shards).saturating_mul(ranked.divisor);
    let proof = match makespan_us {
        reached if reached <= counted_us => Proof::EqualsBound,
        reached if reached <= lower_bound_us => Proof::Optimal,
        _ => Proof::WithinGap { gap_ppm: gap_ppm(makespan_us, lower_bound_us) },
    };
    Partition {
        shard_of,
        loads_us,
        makespan_us,
        lower_bound_us,
        proof,
        nodes_used: nodes.used(),
        moved,
        replanned: planned.replanned,
    }
}

/// How far `makespan` is above `lower_bound` in millionths of the bound, rounded up.
fn gap_ppm(makespan: u64, lower_bound: u64) -> u64 {
    let above = u128::from(makespan.saturating_sub(lower_bound)) * 1_000_000;
    u64::try_from(above.div_ceil(u128::from(lower_bound.max(1)))).unwrap_or(u64::MAX)
}
