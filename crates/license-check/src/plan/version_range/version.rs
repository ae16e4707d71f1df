//! A version that can be compared with others of its ecosystem.

use super::super::package::Ecosystem;
use super::MAX_VERSION_BYTES;
use std::cmp::Ordering;

/// Ordered as its ecosystem orders it, but for what only its own package manager knows.
#[derive(Debug, Clone)]
pub struct Version {
    /// PEP 440's epoch, else 0.
    pub epoch: u64,
    /// The numbers, without zeros at the end, so that 1.0 is 1.
    pub release: Vec<u64>,
    /// What follows the numbers.
    pub tail: Tail,
    /// How many numbers were written: `^` and `~` depend on it, order does not.
    pub written: usize,
}

impl Version {
    fn key(&self) -> (u64, &[u64], &Tail) {
        (self.epoch, &self.release, &self.tail)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Version {}

/// What follows a version's numbers, in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tail {
    /// Below every pre-release: only ends of ranges.
    Lowest,
    /// A pre-release.
    Before(Vec<Word>),
    /// Nothing.
    Final,
    /// A later build of the same release.
    After(Vec<Word>),
}

/// A part of a tail: numbers before letters (semver.org, 11.4.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Digits.
    Number(u64),
    /// Anything else.
    Letters(String),
}

impl Version {
    /// Reads a version. `None`: it can't be compared.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Option<Version> {
        if text.is_empty() || text.len() > MAX_VERSION_BYTES || !text.is_ascii() {
            return None;
        }
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (epoch, text) = match text.split_once('!') {
            Some((epoch, rest)) if ecosystem == Ecosystem::Pip => (digits(epoch)?, rest),
            Some(_) => return None,
            None => (0, text),
        };
        // What follows a plus sign tells builds of one version apart (semver.org, 10; PEP 440, local versions).
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (mut release, mut rest) = (Vec::new(), text);
        loop {
            let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            release.push(digits(&rest[..end])?);
            rest = &rest[end..];
            match rest.strip_prefix('.') {
                Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => rest = after,
                _ => break,
            }
        }
        let written = release.len();
        while release.last() == Some(&0) {
            release.pop();
        }
        Some(Version { epoch, release, tail: tail(ecosystem, rest)?, written })
    }

    /// The lowest version whose first `kept` numbers are one higher: 1.3 for 1.2.7 and 2. `None`: no such number.
    pub fn next(&self, kept: usize) -> Option<Version> {
        let mut release = self.release.clone();
        release.resize(kept.max(1), 0);
        let last = release.last_mut()?;
        *last = last.checked_add(1)?;
        Some(Version { epoch: self.epoch, release, tail: Tail::Lowest, written: kept })
    }
}

fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

fn tail(ecosystem: Ecosystem, text: &str) -> Option<Tail> {
    if text.is_empty() {
        return Some(Tail::Final);
    }
    match ecosystem {
        Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Go | Ecosystem::NuGet => semver_tail(text),
        // Behind a gem's hyphen stands its platform.
        Ecosystem::Gem if text.starts_with('-') => Some(Tail::Final),
        _ => loose_tail(ecosystem, text),
    }
}

/// semver.org, 9 and 11.
fn semver_tail(text: &str) -> Option<Tail> {
    let mut words = Vec::new();
    for part in text.strip_prefix('-')?.split('.') {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return None;
        }
        words.push(digits(part).map_or_else(|| Word::Letters(part.to_owned()), Word::Number));
    }
    Some(Tail::Before(words))
}

/// PEP 440, `composer/semver`, `Gem::Version` and Maven's `ComparableVersion`, as far as they agree.
fn loose_tail(ecosystem: Ecosystem, text: &str) -> Option<Tail> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let first = rest.as_bytes()[0];
        if b".-_".contains(&first) {
            rest = &rest[1..];
            continue;
        }
        let same = |byte: u8| {
            if first.is_ascii_digit() { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() }
        };
        let end = rest.bytes().position(|byte| !same(byte)).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let word = rest[..end].to_ascii_lowercase();
        words.push(if first.is_ascii_digit() { Word::Number(digits(&word)?) } else { Word::Letters(ranked(&word)) });
        rest = &rest[end..];
    }
    match words.first()? {
        Word::Number(_) => Some(Tail::After(words)),
        Word::Letters(word) => match word.as_str() {
            "final" | "ga" | "release" | "stable" if words.len() == 1 => Some(Tail::Final),
            " dev" | " snapshot" | "alpha" | "beta" | "milestone" | "rc" => Some(Tail::Before(words)),
            "post" => Some(Tail::After(words)),
            _ if ecosystem == Ecosystem::Gem => Some(Tail::Before(words)),
            _ if ecosystem == Ecosystem::Maven => Some(Tail::After(words)),
            _ => None,
        },
    }
}

/// One spelling of a word; a space sorts what comes before alphas.
fn ranked(word: &str) -> String {
    match word {
        "dev" => " dev",
        "snapshot" => " snapshot",
        "a" => "alpha",
        "b" => "beta",
        "m" => "milestone",
        "c" | "cr" | "pre" | "preview" => "rc",
        "rev" | "r" | "p" | "pl" | "patch" | "sp" => "post",
        other => other,
    }
    .to_owned()
}
