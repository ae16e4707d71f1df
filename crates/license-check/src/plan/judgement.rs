//! The answer, as plain data. PURE.
#![warn(clippy::disallowed_methods)]

use super::compare::{Change, Removed};
use super::decide::Decision;
use super::known::Known;
use super::package::Place;

/// The answer for one package, the best first.
pub use super::verdict::Verdict as Answer;

/// Why an answer is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Stable code of the finding.
    pub code: &'static str,
    /// One sentence without the package's name.
    pub what: String,
    /// The policy's line that says so.
    pub policy: Option<Place>,
}

/// A package, judged.
#[derive(Debug, Clone)]
pub struct Judged<'k> {
    /// The package and what was found of it.
    pub known: &'k Known,
    /// The list that names it.
    pub list: &'k str,
    /// Its licence.
    pub decision: Decision,
    /// What the change under review did to it.
    pub change: Change,
    /// Its licences before, where they were others.
    pub relicensed: Option<Vec<String>>,
    /// Whether its answer counts in this run.
    pub counts: bool,
    /// The answer.
    pub answer: Answer,
    /// The reasons, the worst first.
    pub why: Vec<Why>,
    /// The licence by the policy's own reading, where it has one that holds.
    pub clarified: Option<String>,
    /// The arm of a choice that was taken.
    pub chosen: Option<String>,
    /// Lines of the policy that would settle it.
    pub paste: Option<String>,
}

impl Judged<'_> {
    /// The licence that the package has for the team: by its own reading, else as it was found.
    pub fn license(&self) -> Option<&str> {
        self.clarified.as_deref().or(self.decision.license.as_deref())
    }
}

/// What is missing for an answer as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// Stable code.
    pub code: &'static str,
    /// What is missing and how to get it.
    pub what: String,
    /// Where.
    pub path: Option<String>,
}

/// An entry of the policy that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyNote {
    /// Stable code: `exception-expiring`, `exception-unused`, `clarification-unused`.
    pub code: &'static str,
    /// One sentence.
    pub what: String,
    /// Its line.
    pub place: Place,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadList {
    /// Its path.
    pub path: String,
    /// Its format.
    pub format: String,
    /// How many packages it names.
    pub packages: usize,
}

/// The whole answer.
#[derive(Debug, Clone)]
pub struct Judgement<'k> {
    /// In the order of lists and of their entries.
    pub packages: Vec<Judged<'k>>,
    /// Names that the change takes away.
    pub removed: Vec<Removed>,
    /// The worst of what counts.
    pub answer: Answer,
    /// Why the whole is unproven.
    pub unproven: Vec<Unproven>,
    /// What is to be looked at in the policy.
    pub policy_notes: Vec<PolicyNote>,
    /// The lists.
    pub lists: Vec<ReadList>,
}

impl<'k> Judgement<'k> {
    /// Packages that are somebody else's.
    pub fn foreign(&self) -> impl Iterator<Item = &Judged<'k>> {
        self.packages.iter().filter(|judged| judged.answer != Answer::Exempt)
    }

    /// Those whose answer counts, and is that.
    pub fn counted(&self, answer: Answer) -> usize {
        self.packages.iter().filter(|judged| judged.counts && judged.answer == answer).count()
    }
}
