//! Names of commits: gitrevisions(7), <https://git-scm.com/docs/gitrevisions>, as far as a base needs them.

use super::objects::damaged;
use super::{Repository, short};
use crate::error::Error;
use gix_hash::{ObjectId, Prefix};
use gix_ref::Target;
use std::collections::HashSet;

/// The longest name, in bytes.
const MAX_NAME_BYTES: usize = 1024;
/// Symbolic refs that are followed: git's own limit (SYMREF_MAXDEPTH in refs.h), which ends a circle of them.
const MAX_SYMBOLIC: usize = 5;
/// Steps of `^` and `~` in one name.
const MAX_STEPS: usize = 100_000;
/// Refs that are listed in a message.
const NAMES_SHOWN: usize = 12;
/// Refs that are looked at for that.
const NAMES_READ: usize = 20_000;
/// The longest FETCH_HEAD whose first line is read, in bytes.
const FETCH_HEAD_BYTES: u64 = 4096;

impl Repository {
    /// The id of the commit that a name means: a branch, `origin/x`, a tag (of any kind), a full ref, a whole or shortened
    /// id, `HEAD`, `@`, `FETCH_HEAD`, each with `^`, `^2`, `~3` behind. `None` when there is no such commit here.
    /// Errors: a shortened id of several commits, a parent that this clone does not have, a name of no commit.
    pub fn resolve(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.resolve_id(name)?.map(|id| id.to_string()))
    }

    /// Like [`Repository::resolve`], and it must be there. Error: exit 2, with the refs that are.
    pub(super) fn commit_id(&self, name: &str) -> Result<ObjectId, Error> {
        self.resolve_id(name)?.ok_or_else(|| self.unknown(name))
    }

    /// The message for a name that is not here, with those that are.
    pub(crate) fn unknown(&self, name: &str) -> Error {
        let names = self.branches();
        let shown = names.get(..NAMES_SHOWN).unwrap_or(&names).join(", ");
        let more = names.len().saturating_sub(NAMES_SHOWN);
        let there = match (names.is_empty(), more) {
            (true, _) => "it has no branches".to_owned(),
            (false, 0) => format!("it has {shown}"),
            (false, more) => format!("it has {shown} and {more} more"),
        };
        let kind = if self.is_shallow() { "shallow clone" } else { "repository" };
        Error::input(format!("there is no commit `{name}` in this {kind}: {there}"))
    }

    fn resolve_id(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains("@{") || name.contains(':') {
            return Ok(None);
        }
        let (base, steps) = name.split_at(name.find(['^', '~']).unwrap_or(name.len()));
        let Some(id) = self.base_id(if base == "@" { "HEAD" } else { base })? else { return Ok(None) };
        let Some(id) = self.peel(id, base)? else { return Ok(None) };
        self.walk(id, steps, name)
    }

    /// What stands before any `^` and `~`; not yet peeled.
    fn base_id(&self, base: &str) -> Result<Option<ObjectId>, Error> {
        let hex = base.to_ascii_lowercase();
        if let Ok(id) = ObjectId::from_hex(hex.as_bytes()) {
            return Ok(Some(id).filter(|id| id.kind() == self.hash()));
        }
        if base == "FETCH_HEAD" {
            return Ok(self.fetch_head());
        }
        if let Some(id) = self.ref_id(base)? {
            return Ok(Some(id));
        }
        let Ok(prefix) = Prefix::from_hex(&hex) else { return Ok(None) };
        let mut candidates = HashSet::new();
        self.objects
            .lookup_prefix(prefix, Some(&mut candidates))
            .map_err(|err| damaged(&ObjectId::null(self.hash()), &err))?;
        let mut commits = Vec::new();
        for id in candidates {
            // A shortened id means a commit here, whatever else begins like it.
            if matches!(self.object(&id)?, Some((gix_object::Kind::Commit | gix_object::Kind::Tag, _))) {
                commits.push(id);
            }
        }
        commits.sort_unstable();
        match commits.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => {
                let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(Error::input(format!("`{base}` begins the ids of several commits: {}", several.join(", "))))
            }
        }
    }

    /// The first commit of the last `git fetch`: `ID TAB …` (git-fetch(1)).
    fn fetch_head(&self) -> Option<ObjectId> {
        use std::io::Read;
        let file = self.folders.own.join("FETCH_HEAD");
        let mut bytes = Vec::new();
        if !file.is_file() {
            return None;
        }
        std::fs::File::open(file).ok()?.take(FETCH_HEAD_BYTES).read_to_end(&mut bytes).ok()?;
        let hex = bytes.split(u8::is_ascii_whitespace).next()?;
        ObjectId::from_hex(hex).ok().filter(|id| id.kind() == self.hash())
    }

    /// What a ref points to, by git's rules for short names; `None` when there is none, or none yet.
    pub(super) fn ref_id(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let damaged = |err: &dyn std::fmt::Display| Error::World {
            what: "read",
            path: format!("git ref {name}"),
            why: err.to_string(),
        };
        let mut next = name.to_owned();
        for _ in 0..=MAX_SYMBOLIC {
            // A name that cannot be a ref's is the name of none.
            let Ok(partial) = <&gix_ref::PartialNameRef>::try_from(next.as_str()) else { return Ok(None) };
            match self.refs.try_find(partial).map_err(|err| damaged(&err))? {
                None => return Ok(None),
                Some(found) => match found.target {
                    Target::Object(id) => return Ok(Some(id)),
                    Target::Symbolic(target) => next = target.as_bstr().to_string(),
                },
            }
        }
        Err(damaged(&"it names a ref that names a ref, without end"))
    }

    /// Goes the steps `^`, `^N`, `~N`, `^{commit}` from a commit.
    fn walk(&self, id: ObjectId, steps: &str, name: &str) -> Result<Option<ObjectId>, Error> {
        let mut id = id;
        let mut rest = steps;
        let mut taken = 0;
        while let Some(kind) = rest.chars().next() {
            rest = rest.get(1..).unwrap_or_default();
            if kind == '^'
                && let Some(after) = rest.strip_prefix("{commit}").or_else(|| rest.strip_prefix("{}"))
            {
                rest = after;
                continue;
            }
            let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
            let (number, after) = rest.split_at(digits);
            rest = after;
            let number: usize = if number.is_empty() { 1 } else { number.parse().unwrap_or(usize::MAX) };
            let (times, parent) = match kind {
                '^' if number == 0 => continue,
                '^' => (1, number - 1),
                '~' => (number, 0),
                _ => return Ok(None),
            };
            for _ in 0..times {
                taken += 1;
                if taken > MAX_STEPS {
                    return Ok(None);
                }
                let Some(next) = self.commit(&id)?.parents.get(parent).copied() else { return Ok(None) };
                if self.try_commit(&next)?.is_none() {
                    return Err(Error::Unproven {
                        code: "history-shallow",
                        what: format!(
                            "`{name}` leads to {}, which is not in this clone: fetch more history (`git fetch --deepen={taken}`)",
                            short(&next.to_string())
                        ),
                    });
                }
                id = next;
            }
        }
        Ok(Some(id))
    }

    /// Branches, remote branches and tags, in order of name; for messages, so what cannot be read is left out.
    pub(crate) fn branches(&self) -> Vec<String> {
        let mut names = Vec::new();
        let Ok(platform) = self.refs.iter() else { return names };
        let Ok(all) = platform.all() else { return names };
        for found in all.take(NAMES_READ).flatten() {
            let name = found.name.as_bstr().to_string();
            let short =
                ["refs/heads/", "refs/remotes/", "refs/tags/"].iter().find_map(|prefix| name.strip_prefix(prefix));
            names.extend(short.map(str::to_owned));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The branch that HEAD names; `None` when it is detached.
    pub(super) fn head_branch(&self) -> Result<Option<String>, Error> {
        let found = self.refs.try_find("HEAD").map_err(|err| Error::World {
            what: "read",
            path: "git ref HEAD".to_owned(),
            why: err.to_string(),
        })?;
        Ok(found.and_then(|found| match found.target {
            Target::Symbolic(target) => target.as_bstr().to_string().strip_prefix("refs/heads/").map(str::to_owned),
            Target::Object(_) => None,
        }))
    }

    pub(super) fn hash(&self) -> gix_hash::Kind {
        self.objects.store_ref().object_hash()
    }
}
