//! One worker's part of a plan.
#![warn(clippy::disallowed_methods)]

use super::lock::PlanFile;
use super::runner::{Runner, RunnerOutput};
use super::{Decision, Observation};

/// A worker's shard, decided.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The plan that it is from.
    pub plan: PlanFile,
    /// How the plan was made, unless it was read from a file.
    pub made: Option<(Decision, Observation)>,
    /// 0-based.
    pub shard: usize,
    /// Who runs the tests.
    pub kind: Runner,
    /// What the runner gets.
    pub runner: RunnerOutput,
    /// The files that the worker leaves.
    pub files: ShardFiles,
}

impl Taken {
    /// The shard's units, sorted.
    pub fn units(&self) -> &[String] {
        &self.plan.shards[self.shard].units
    }
}

/// Where a shard's files stand, relative to the working directory. Every path holds the shard's number, since artifacts
/// of the same path overwrite each other on some hosts without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardFiles {
    /// The folder of all of them.
    pub folder: String,
    /// The units, one a line.
    pub list: String,
    /// The runner's arguments, one a line.
    pub args: String,
    /// The receipt.
    pub receipt: String,
}

impl ShardFiles {
    /// The files of a shard.
    pub fn new(out_dir: &str, shard: usize) -> Self {
        let folder = format!("{}/shard-{shard}", out_dir.trim_end_matches('/'));
        ShardFiles {
            list: format!("{folder}/files.txt"),
            args: format!("{folder}/args.txt"),
            receipt: format!("{folder}/receipt.json"),
            folder,
        }
    }
}
