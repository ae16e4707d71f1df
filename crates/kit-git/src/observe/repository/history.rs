//! Merge bases, as git finds them (`paint_down_to_common` in its commit-reach.c), but never guessed: where the clone's
//! history ends before the answer is certain, the answer is that.

use super::objects::RawCommit;
use super::{MergeBase, Repository, short};
use crate::error::Error;
use gix_hash::ObjectId;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// Commits that are walked through before the walk is given up. The largest public histories have two million.
const MAX_COMMITS: usize = 20_000_000;
/// Common ancestors that are compared with each other; criss-cross merges make two.
const MAX_CANDIDATES: usize = 16;

/// Reached from the first commit.
const FIRST: u8 = 1;
/// Reached from the second commit.
const SECOND: u8 = 2;
/// An ancestor of a common ancestor: no better answer lies behind it.
const STALE: u8 = 4;
/// Already among the candidates.
const CANDIDATE: u8 = 8;

/// A commit that waits, the newest first; the id makes the order the same everywhere.
type Waiting = (i64, ObjectId);

impl Repository {
    /// The merge base of two commits, named as for [`Repository::resolve`].
    /// A clone that is cut off between them gives [`MergeBase::Shallow`]: a better base could lie behind the cut, and a
    /// worse one would put lines of others into the change.
    /// Errors: a name that is not there.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<MergeBase, Error> {
        let (first, second) = (self.commit_id(a)?, self.commit_id(b)?);
        self.merge_base_of(first, second)
    }

    fn merge_base_of(&self, first: ObjectId, second: ObjectId) -> Result<MergeBase, Error> {
        if first == second {
            return Ok(MergeBase::At(first.to_string()));
        }
        let mut walk = Walk::new(self, first, second)?;
        if let Some(ancestor) = walk.run()? {
            return Ok(MergeBase::At(ancestor.to_string()));
        }
        // A cut that only one side reaches hides history that the other side may share.
        let hidden = walk.cuts.iter().find(|(child, _)| walk.flags.get(child).is_some_and(|flags| !is_common(*flags)));
        if let Some((_, missing)) = hidden {
            return Ok(MergeBase::Shallow { missing: missing.to_string() });
        }
        let mut bases: Vec<Waiting> = walk
            .candidates
            .iter()
            .filter(|(_, id)| walk.flags.get(id).is_some_and(|flags| flags & STALE == 0))
            .copied()
            .collect();
        bases.sort_unstable_by(|a, b| b.cmp(a));
        bases.truncate(MAX_CANDIDATES);
        self.keep_best(&mut bases)?;
        let Some((_, best)) = bases.first() else { return Ok(MergeBase::Unrelated) };
        if bases.len() > 1 {
            self.notice(format!(
                "{} and {} have {} merge bases after criss-cross merges; {}, the newest, is taken",
                short(&first.to_string()),
                short(&second.to_string()),
                bases.len(),
                short(&best.to_string())
            ));
        }
        Ok(MergeBase::At(best.to_string()))
    }

    /// Drops candidates that are ancestors of others, which clocks that go wrong leave behind.
    fn keep_best(&self, bases: &mut Vec<Waiting>) -> Result<(), Error> {
        if bases.len() < 2 {
            return Ok(());
        }
        let mut worse = BTreeSet::new();
        for (index, (_, one)) in bases.iter().enumerate() {
            for (_, other) in bases.iter().skip(index + 1) {
                if worse.contains(one) || worse.contains(other) {
                    continue;
                }
                match Walk::new(self, *one, *other)?.run()? {
                    Some(ancestor) if ancestor == *one => worse.insert(*one),
                    Some(ancestor) if ancestor == *other => worse.insert(*other),
                    _ => false,
                };
            }
        }
        bases.retain(|(_, id)| !worse.contains(id));
        Ok(())
    }

    /// Whether `ancestor` is reachable from `descendant`, as far as this clone's history tells.
    pub(crate) fn is_ancestor(&self, ancestor: &str, descendant: &str) -> Result<bool, Error> {
        let (ancestor, descendant) = (self.commit_id(ancestor)?, self.commit_id(descendant)?);
        Ok(ancestor == descendant || Walk::new(self, ancestor, descendant)?.run()? == Some(ancestor))
    }
}

fn is_common(flags: u8) -> bool {
    flags & (FIRST | SECOND) == FIRST | SECOND
}

/// One walk from two commits back to where they meet.
struct Walk<'r> {
    repository: &'r Repository,
    first: ObjectId,
    second: ObjectId,
    flags: HashMap<ObjectId, u8>,
    /// What waits, each once.
    queue: BinaryHeap<Waiting>,
    /// The parents of what waits.
    parents: HashMap<ObjectId, Vec<ObjectId>>,
    /// How many that wait are not stale.
    fresh: usize,
    candidates: Vec<Waiting>,
    /// Commits with a parent that this clone does not have, and that parent, in the order met.
    cuts: Vec<(ObjectId, ObjectId)>,
}

impl<'r> Walk<'r> {
    fn new(repository: &'r Repository, first: ObjectId, second: ObjectId) -> Result<Self, Error> {
        let mut walk = Walk {
            repository,
            first,
            second,
            flags: HashMap::new(),
            queue: BinaryHeap::new(),
            parents: HashMap::new(),
            fresh: 0,
            candidates: Vec::new(),
            cuts: Vec::new(),
        };
        for (id, flag) in [(first, FIRST), (second, SECOND)] {
            let commit = repository.commit(&id)?;
            walk.flags.insert(id, flag);
            walk.wait(id, commit, flag);
        }
        Ok(walk)
    }

    fn wait(&mut self, id: ObjectId, commit: RawCommit, flags: u8) {
        self.fresh += usize::from(flags & STALE == 0);
        self.queue.push((commit.time_s, id));
        self.parents.insert(id, commit.parents);
    }

    /// Walks until nothing that waits can lead to a better common ancestor. Gives the one of the two commits that is an
    /// ancestor of the other, when it is: that is certain, whatever the clone lacks.
    fn run(&mut self) -> Result<Option<ObjectId>, Error> {
        while self.fresh > 0 {
            let Some((time_s, id)) = self.queue.pop() else { break };
            let flags = self.flags.get(&id).copied().unwrap_or_default();
            self.fresh -= usize::from(flags & STALE == 0);
            let mut inherited = flags & (FIRST | SECOND | STALE);
            if is_common(flags) {
                if flags & (STALE | CANDIDATE) == 0 {
                    self.flags.insert(id, flags | CANDIDATE);
                    self.candidates.push((time_s, id));
                }
                inherited |= STALE;
            }
            for parent in self.parents.remove(&id).unwrap_or_default() {
                self.paint(id, parent, inherited)?;
                let flags = self.flags.get(&parent).copied().unwrap_or_default();
                if is_common(flags) && (parent == self.first || parent == self.second) {
                    return Ok(Some(parent));
                }
            }
        }
        Ok(None)
    }

    /// Hands what reaches a commit on to one of its parents, which waits again when that is news.
    fn paint(&mut self, child: ObjectId, parent: ObjectId, inherited: u8) -> Result<(), Error> {
        let known = self.flags.get(&parent).copied();
        let old = known.unwrap_or_default();
        let new = old | inherited;
        if known.is_some() && new == old {
            return Ok(());
        }
        if self.parents.contains_key(&parent) {
            self.fresh -= usize::from(old & STALE == 0 && new & STALE != 0);
        } else if let Some(commit) = self.repository.try_commit(&parent)? {
            if self.flags.len() >= MAX_COMMITS {
                return Err(Error::input(
                    "the repository's history is longer than what is read here; give a nearer --base",
                ));
            }
            self.wait(parent, commit, new);
        } else {
            self.cuts.push((child, parent));
            return Ok(());
        }
        self.flags.insert(parent, new);
        Ok(())
    }
}
