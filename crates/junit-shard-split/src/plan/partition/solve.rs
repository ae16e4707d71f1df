//! A plan from nothing: cheap steps first, each one only when the makespan is still above its goal.

#![warn(clippy::disallowed_methods)]

use super::budget::Nodes;
use super::packing::Packing;
use super::{bound, exact, exchange, improve, lpt};

/// Within a millionth of the bound (a tenth of a millisecond in 100 s) only an eighth of the nodes is worth spending.
const NEAR: u64 = 1_000_000;

/// A plan and what is proven of it.
#[derive(Debug)]
pub(super) struct Solved<'w> {
    pub(super) packing: Packing<'w>,
    /// The greatest proven lower bound of any plan of these weights.
    pub(super) lower_bound: u64,
}

/// Plans `weights` (descending, positive, sum below 2^62) over `shards` (at least 1). Ends at the first plan whose
/// makespan is at most `enough` or equals a lower bound; `enough` 0 asks for the best plan within the nodes.
pub(super) fn solve<'w>(weights: &'w [u64], shards: usize, enough: u64, nodes: &mut Nodes) -> Solved<'w> {
    let mut lower_bound = bound::lower_bound(weights, shards);
    let mut goal = lower_bound.max(enough);
    let mut packing = Packing::empty(weights, shards);
    lpt::place(&mut packing, 0..weights.len());
    if packing.makespan() > goal {
        nodes.within(nodes.left() / 4, |part| exchange::descend(&mut packing, goal, part));
    }
    // Few units are proven soon by the complete search, many never are.
    let first_part = if weights.len() <= exact::MAX_UNITS { 128 } else { 4 };
    if packing.makespan() > goal {
        nodes.within(nodes.left() / first_part, |part| improve::improve(&mut packing, goal, part));
    }
    if packing.makespan() > goal && weights.len() <= exact::MAX_UNITS {
        let makespan = packing.makespan();
        let narrowed =
            nodes.within(nodes.left() / 2, |part| exact::narrow(weights, shards, lower_bound, makespan, part));
        lower_bound = narrowed.lower_bound;
        goal = goal.max(lower_bound);
        if let Some(shard_of) = narrowed.shard_of {
            packing = Packing::empty(weights, shards);
            for (rank, shard) in shard_of.into_iter().enumerate() {
                packing.append(shard, rank);
            }
        }
    }
    if packing.makespan() > goal {
        let near = packing.makespan() - lower_bound <= lower_bound / NEAR;
        let share = if near { nodes.left() / 8 } else { nodes.left() };
        nodes.within(share, |part| improve::improve(&mut packing, goal, part));
    }
    Solved { packing, lower_bound }
}
