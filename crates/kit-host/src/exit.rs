//! Exit codes and failures: the part of the contract that pipelines branch on.

use kit_report::{Finding, Location};

/// Exit codes of all tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: pass, done, or superseded by a newer run.
    Done,
    /// 1: the answer is no.
    No,
    /// 2: bad input, or refused before anything changed.
    Refused,
    /// 3: the world failed; nothing that users see has changed, and running again converges.
    World,
    /// 4: the evidence for an answer is missing.
    Unproven,
    /// 5: something was left that needs a hand; the message holds the command that repairs it.
    LeftBehind,
    /// The exit code of a command that the tool ran for the user, passed on.
    Command(u8),
    /// 101: a bug of ours.
    Bug,
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Refused => 2,
            Exit::World => 3,
            Exit::Unproven => 4,
            Exit::LeftBehind => 5,
            Exit::Command(code) => code,
            Exit::Bug => 101,
        }
    }
}

/// No answer: why, where and what to do, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which exit code.
    pub exit: Exit,
    /// Stable, kebab-case code of the finding that the JSON report shows.
    pub code: &'static str,
    /// One line.
    pub message: String,
    /// The place, when there is one.
    pub location: Option<Location>,
    /// Further findings that led here.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// Exit 2.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Failure { exit: Exit::Refused, code, message: message.into(), location: None, findings: Vec::new() }
    }

    /// Exit 3.
    pub fn world(code: &'static str, message: impl Into<String>) -> Self {
        Failure { exit: Exit::World, ..Failure::refused(code, message) }
    }

    /// Exit 4.
    pub fn unproven(code: &'static str, message: impl Into<String>) -> Self {
        Failure { exit: Exit::Unproven, ..Failure::refused(code, message) }
    }

    /// The same failure at a place.
    pub fn at(mut self, path: impl Into<String>, line: Option<u32>) -> Self {
        self.location = Some(Location::new(path, line));
        self
    }
}
