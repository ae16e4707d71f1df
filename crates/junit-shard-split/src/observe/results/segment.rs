//! Nested suites as flat ones, the same way in both passes of a merge.
//!
//! `dorny/test-reporter` reads the test cases of `<testsuites><testsuite>` and of nothing deeper (its
//! `java-junit-parser.ts` and `jest-junit-parser.ts`), while GitLab reads suites in suites but takes the name of the
//! innermost one only (`lib/gitlab/ci/parsers/test/junit.rb`); both need a name on each suite. So the merged report has
//! one level of suites whose names hold the whole chain, `outer > inner`.
//!
//! A suite's cases that stand before, between and behind its inner suites become suites of their own, called segments
//! here, so that a report is copied without being held in memory.

use crate::observe::junit::{Suite, SuiteKind};

/// Between the names of nested suites.
const JOINT: &str = " > ";

/// Follows the suites of one report and numbers the segments in document order.
#[derive(Debug, Default)]
pub struct Segmenter {
    levels: Vec<Level>,
    opened: u32,
}

#[derive(Debug)]
struct Level {
    kind: SuiteKind,
    path: String,
    open: Option<u32>,
    first: Option<u32>,
    has_inner: bool,
    time_ns: Option<u64>,
    cases_ns: u64,
    inner_ns: u64,
}

/// What the end of a suite means.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its segment that was still open.
    pub closed: Option<u32>,
    /// The segment that gets the time that the suite took beside its cases and inner suites, in nanoseconds.
    pub beside_ns: Option<(u32, u64)>,
}

impl Segmenter {
    /// A suite begins. Returns the segment that ends with it.
    pub fn suite_start(&mut self, suite: &Suite<'_>) -> Option<u32> {
        let own = [&suite.name, &suite.file, &suite.classname, &suite.package]
            .into_iter()
            .flatten()
            .find(|name| !name.trim().is_empty())
            .map_or("(unnamed suite)", |name| name.as_ref());
        let outer = self.levels.last_mut();
        let (closed, path) = match outer {
            Some(outer) => {
                outer.has_inner = true;
                // The run's own name would only make every suite's name longer.
                let is_joined = outer.kind == SuiteKind::Suite;
                let path = if is_joined { [outer.path.as_str(), JOINT, own].concat() } else { own.to_owned() };
                (outer.open.take(), path)
            }
            None => (None, own.to_owned()),
        };
        self.levels.push(Level {
            kind: suite.kind,
            path,
            open: None,
            first: None,
            has_inner: false,
            // The run's time is often the wall clock's, which says nothing about its suites.
            time_ns: suite.time_ns.filter(|_| suite.kind == SuiteKind::Suite),
            cases_ns: 0,
            inner_ns: 0,
        });
        closed
    }

    /// The segment of the innermost suite, and whether it begins here.
    pub fn touch(&mut self) -> (u32, bool) {
        let next = self.opened;
        let Some(level) = self.levels.last_mut() else { return (next, false) };
        if let Some(open) = level.open {
            return (open, false);
        }
        level.open = Some(next);
        level.first = level.first.or(Some(next));
        self.opened += 1;
        (next, true)
    }

    /// A case of the innermost suite took so long.
    pub fn add_case(&mut self, time_ns: u64) {
        if let Some(level) = self.levels.last_mut() {
            level.cases_ns = level.cases_ns.saturating_add(time_ns);
        }
    }

    /// Whether nothing at all stood in the innermost suite. Touch it before it ends, so that it is not lost.
    pub fn is_bare(&self) -> bool {
        self.levels
            .last()
            .is_some_and(|level| level.first.is_none() && !level.has_inner && level.kind == SuiteKind::Suite)
    }

    /// The innermost suite ends.
    pub fn suite_end(&mut self) -> Ended {
        let Some(level) = self.levels.pop() else { return Ended { closed: None, beside_ns: None } };
        let content_ns = level.cases_ns.saturating_add(level.inner_ns);
        let whole_ns = level.time_ns.unwrap_or(0).max(content_ns);
        if let Some(outer) = self.levels.last_mut() {
            outer.inner_ns = outer.inner_ns.saturating_add(whole_ns);
        }
        Ended { closed: level.open, beside_ns: level.first.map(|first| (first, whole_ns - content_ns)) }
    }

    /// The names of the open suites.
    pub fn path(&self) -> &str {
        self.levels.last().map_or("", |level| &level.path)
    }
}
