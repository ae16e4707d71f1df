//! Names for files that name each other: what is named comes first, and files that name each other in a ring are named as
//! one. PURE: bytes come through [`Tree`], one file at a time.
//!
//! A file's name is the hash of its final bytes, and these hold the names of the files that it names. In a ring that has no
//! end, so a ring is a *unit*: its digest is over what its members are made of, with the places that name members standing for
//! the members' paths; a member's name follows from the unit's digest, its own path and its type. A change of any member, or of
//! anything that a member names, so renames all of them, and nothing else does.
//!
//! An integrity value needs the final bytes of what it stands for. Within a unit these are known once the names are, unless
//! integrity values themselves form a ring: that has no solution, and is refused.
//!
//! With the last release's record, a file is read again only if its own bytes changed, if a file that it names got another
//! key, or if a path that it named in vain exists now. The outcome is the same as without the record.
#![warn(clippy::disallowed_methods)]

mod components;
mod finals;
mod scan;
mod settle;
pub mod splice;

pub use finals::integrity_value;

use super::digest::Digest;
use super::fingerprint::{self, NameForm};
use super::record::{Entry, Record};
use super::references::{Found, Integrity, Unreadable, Writing};
use super::resolve::Site;
use rustc_hash::FxHashMap;
use splice::Replacement;
use std::collections::BTreeMap;

/// Problems that are told; a tree with more has one cause, such as a wrong public path.
pub const PROBLEMS_LIMIT: usize = 200;

/// A file of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'t> {
    /// `/`-separated, from the tree's root.
    pub path: &'t str,
    /// Digest of its bytes.
    pub source: Digest,
    /// How many bytes it has.
    pub size: u64,
    /// What it is published as.
    pub content_type: &'t str,
    /// The coding that it is published in, or empty.
    pub content_encoding: &'t str,
    /// Whether its name follows its bytes; a page keeps its name.
    pub asset: bool,
    /// Whether [`Tree::parse`] can say what it names.
    pub parse: bool,
}

/// The tree's bytes, and what they mean.
pub trait Tree {
    /// Why a file can't be read.
    type Error;

    /// All bytes of a file that is parsed.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, Self::Error>;

    /// What it names.
    fn parse(&mut self, path: &str, bytes: &[u8]) -> Result<Found, Unreadable>;

    /// The text for a URL at a place with this writing; `None` when it can't be written there.
    fn write(&self, url: &str, writing: Writing) -> Option<String>;

    /// The hash for the name of a file whose bytes stay as they are ([`fingerprint::FileHash::finish`]). Who digested the file
    /// in pieces before has it at hand; this reads the file once more.
    fn name_hash(&mut self, file: &File<'_>) -> Result<String, Self::Error> {
        let bytes = self.read(file.path)?;
        Ok(fingerprint::hash(&bytes, file.content_type, file.content_encoding).1)
    }
}

/// What is to be named.
#[derive(Debug, Clone, Copy)]
pub struct Task<'t> {
    /// In ascending order of their paths, each once.
    pub files: &'t [File<'t>],
    /// Where the tree is served from.
    pub site: &'t Site,
    /// How names are put together.
    pub form: &'t NameForm,
    /// The last release, if it was made with the same options (`Record::options`, which must cover this tool's version).
    pub last: Option<&'t Record>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its path with its published name; of a page its path.
    pub name: String,
    /// Whether it is as the last release's entry says. Then `sha256` and `size` are the entry's (of the stored, encoded bytes),
    /// `names` and `misses` are empty since the entry has them, and `replacements` are not worked out.
    pub reused: bool,
    /// Digest of its final bytes, before they are encoded.
    pub sha256: Digest,
    /// How many these are.
    pub size: u64,
    /// What makes them of the file's bytes, in order of place.
    pub replacements: Vec<Replacement>,
    /// Paths whose names or bytes stand in it, sorted.
    pub names: Vec<String>,
    /// Paths that it names in vain, sorted.
    pub misses: Vec<String>,
}

/// All outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// In the order of the files. Empty when there are problems.
    pub files: Vec<Outcome>,
    /// What must be mended first, by path and line.
    pub problems: Vec<Problem>,
    /// Problems beyond [`PROBLEMS_LIMIT`].
    pub problems_left_out: usize,
    /// Files that were parsed.
    pub parsed: usize,
}

/// Why a tree can't be published as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Problem {
    /// A reference to nothing.
    #[error("{path}:{line}: `{url}` means `{names}`, which is not in the tree")]
    Missing {
        /// Where it stands.
        path: String,
        /// 1-based.
        line: u32,
        /// As written.
        url: String,
        /// The path that the tree lacks.
        names: String,
    },
    /// A file whose parser gave up.
    #[error("{path}:{line}: {what}")]
    Unreadable {
        /// Which.
        path: String,
        /// 1-based.
        line: u32,
        /// The parser's word.
        what: String,
    },
    /// A new name that can't stand where the old one stood.
    #[error("{path}:{line}: `{url}` can't be written there; put it in quotes")]
    Unwritable {
        /// Where it stands.
        path: String,
        /// 1-based.
        line: u32,
        /// The new URL.
        url: String,
    },
    /// A parser's fault: its places overlap.
    #[error("{path}: references overlap, so none was replaced; this is a mistake of the tool")]
    Overlapping {
        /// Which.
        path: String,
    },
    /// Integrity values that stand for each other.
    #[error("{path}: holds the integrity of `{other}`, which itself depends on that of `{path}`; drop one of them")]
    IntegrityCycle {
        /// One file.
        path: String,
        /// The other one.
        other: String,
    },
}

/// Why there is no answer at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken<E> {
    /// A file can't be read.
    Read(E),
    /// The bytes of the file at this path are not those that were digested before.
    Changed(String),
}

/// Names all files. Errors: a file can't be read, or changed meanwhile.
pub fn name<T: Tree>(task: &Task<'_>, tree: &mut T) -> Result<Named, Broken<T::Error>> {
    let entries = entries(task.files, task.last);
    match Driver::run(task, entries, tree) {
        Ok(named) => Ok(named),
        // The record names other files than the parser finds: it was made by another version. Nothing of it counts then.
        Err(Stop::Record) => match Driver::run(task, vec![None; task.files.len()], tree) {
            Err(Stop::Broken(why)) => Err(why),
            Ok(named) => Ok(named),
            Err(Stop::Record) => Ok(Named::default()),
        },
        Err(Stop::Broken(why)) => Err(why),
    }
}

/// The last release's entries by file; both are in the order of their paths. None at all when a page is gone: it may be named
/// anywhere, since entries don't list pages, whose names never change.
fn entries<'t>(files: &[File<'_>], last: Option<&'t Record>) -> Vec<Option<&'t Entry>> {
    let mut found = vec![None; files.len()];
    let mut next = files.iter().zip(&mut found).peekable();
    for (path, entry) in last.into_iter().flat_map(|last| &last.files) {
        while next.next_if(|(file, _)| file.path < path.as_str()).is_some() {}
        match next.next_if(|(file, _)| file.path == path) {
            Some((_, place)) => *place = Some(entry),
            None if entry.page => return vec![None; files.len()],
            None => {}
        }
    }
    found
}

/// Why the work ends before its end.
enum Stop<E> {
    Broken(Broken<E>),
    /// The last record contradicts the parser.
    Record,
}

/// What is known of what a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Knowledge {
    /// It names nothing.
    Nothing,
    /// What the last record says, since its bytes are the same.
    Trusted,
    /// What its parser found.
    Parsed(Box<[Place]>),
}

/// A place that is written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
    url: Box<str>,
    writing: Writing,
    target: u32,
    integrity: Option<Box<Integrity>>,
}

/// A file's final bytes, as what makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Final {
    sha256: Digest,
    size: u64,
    replacements: Vec<Replacement>,
}

/// The work; all lists are by file.
struct Driver<'t, T: Tree> {
    task: &'t Task<'t>,
    tree: &'t mut T,
    /// By path; never gone through.
    index: FxHashMap<&'t str, u32>,
    /// What the last release says of it.
    entries: Vec<Option<&'t Entry>>,
    knowledge: Vec<Knowledge>,
    /// Files whose names or bytes stand in it.
    edges: Vec<Box<[u32]>>,
    misses: Vec<Box<[String]>>,
    names: Vec<Option<String>>,
    finals: Vec<Option<Final>>,
    reused: Vec<bool>,
    /// Whether it has the name and the bytes that it had in the last release.
    same: Vec<bool>,
    /// By file and algorithm.
    integrities: BTreeMap<(u32, u8), String>,
    problems: Vec<Problem>,
    problem_count: usize,
    parsed: usize,
}

impl<'t, T: Tree> Driver<'t, T> {
    fn run(task: &'t Task<'t>, entries: Vec<Option<&'t Entry>>, tree: &'t mut T) -> Result<Named, Stop<T::Error>> {
        let count = task.files.len();
        let mut driver = Driver {
            task,
            tree,
            index: (0_u32..).zip(task.files).map(|(at, file)| (file.path, at)).collect(),
            entries,
            knowledge: vec![Knowledge::Nothing; count],
            edges: vec![Box::default(); count],
            misses: vec![Box::default(); count],
            names: vec![None; count],
            finals: vec![None; count],
            reused: vec![false; count],
            same: vec![false; count],
            integrities: BTreeMap::new(),
            problems: Vec::new(),
            problem_count: 0,
            parsed: 0,
        };
        driver.scan()?;
        if driver.problem_count == 0 {
            for members in components::components(&driver.edges) {
                driver.settle(&members)?;
                if driver.problem_count > 0 {
                    break;
                }
            }
        }
        Ok(driver.named())
    }

    fn named(mut self) -> Named {
        self.problems.sort_unstable();
        let problems_left_out = self.problem_count - self.problems.len();
        let mut named = Named { files: Vec::new(), problems: self.problems, problems_left_out, parsed: self.parsed };
        if self.problem_count > 0 {
            return named;
        }
        named.files.reserve_exact(self.task.files.len());
        let rows = self
            .task
            .files
            .iter()
            .zip(self.entries)
            .zip(self.names)
            .zip(self.finals)
            .zip(self.reused)
            .zip(&self.edges)
            .zip(self.misses);
        for ((((((file, entry), name), found), reused), edges), misses) in rows {
            let entry = entry.filter(|_| reused);
            let name = name.unwrap_or_else(|| file.path.to_owned());
            named.files.push(match (entry, found) {
                (Some(entry), _) => reuse(name, entry),
                (None, found) => {
                    let found =
                        found.unwrap_or(Final { sha256: file.source, size: file.size, replacements: Vec::new() });
                    let path = |at: &u32| self.task.files.get(*at as usize).map(|file| file.path.to_owned());
                    Outcome {
                        name,
                        reused: false,
                        sha256: found.sha256,
                        size: found.size,
                        replacements: found.replacements,
                        names: edges.iter().filter_map(path).collect(),
                        misses: misses.into_vec(),
                    }
                }
            });
        }
        named
    }

    fn find(&self, path: &str) -> Option<u32> {
        self.index.get(path).copied()
    }

    fn note(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_LIMIT {
            self.problems.push(problem);
        }
    }

    /// The bytes of a file, which must be those that were digested.
    fn bytes(&mut self, at: u32) -> Result<Vec<u8>, Stop<T::Error>> {
        let file = &self.task.files[at as usize];
        let bytes = self.tree.read(file.path).map_err(|why| Stop::Broken(Broken::Read(why)))?;
        if Digest::of(&bytes) != file.source {
            return Err(Stop::Broken(Broken::Changed(file.path.to_owned())));
        }
        Ok(bytes)
    }
}

fn reuse(name: String, entry: &Entry) -> Outcome {
    Outcome {
        name,
        reused: true,
        sha256: entry.sha256,
        size: entry.size,
        replacements: Vec::new(),
        names: Vec::new(),
        misses: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
