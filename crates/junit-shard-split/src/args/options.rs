//! What the inputs mean: validated once, plain data from then on.

use super::numbers::{duration_us, share_ppm, whole};
use super::{
    Format, PlanArguments, PlanningArguments, RecordArguments, TestsArguments, TimingsArguments, WorkerArguments,
};
use crate::error::Error;
use crate::plan::lock::UnitKind;
use crate::plan::partition::MAX_SHARDS;
use crate::plan::runner::Runner;
use kit_host::ci::Worker;

/// Where the tests come from.
#[derive(Debug, Clone)]
pub struct TestsOptions {
    /// Globs relative to the working directory.
    pub globs: Vec<String>,
    /// A list, or `-` for standard input.
    pub list: Option<String>,
    /// Globs to leave out.
    pub exclude: Vec<String>,
    /// What is split.
    pub unit: UnitKind,
}

impl TestsOptions {
    /// Errors: neither or both of the two sources.
    pub fn new(arguments: &TestsArguments) -> Result<Self, Error> {
        let options = TestsOptions {
            globs: arguments.tests.clone(),
            list: arguments.tests_from.clone(),
            exclude: arguments.exclude.clone(),
            unit: arguments.unit,
        };
        match (options.globs.is_empty(), options.list.is_none()) {
            (true, true) => Err(Error::input(
                "no tests given: set `tests` to globs such as tests/**/*Test.php, or `tests-from` to a list",
            )),
            (false, false) => Err(Error::input("both `tests` and `tests-from` are given; use one of them")),
            _ => Ok(options),
        }
    }

    /// The same for commands that work without a list of tests.
    pub fn optional(arguments: &TestsArguments) -> Result<Option<Self>, Error> {
        if arguments.tests.is_empty() && arguments.tests_from.is_none() {
            Ok(None)
        } else {
            Self::new(arguments).map(Some)
        }
    }
}

/// Where the timings come from.
#[derive(Debug, Clone, Default)]
pub struct TimingsOptions {
    /// Files, globs and folders of JUnit reports.
    pub reports: Vec<String>,
    /// The store.
    pub store: Option<String>,
    /// The class of machine in the store.
    pub machine: String,
    /// Whether unreadable reports are left out.
    pub skip_unreadable: bool,
}

impl From<&TimingsArguments> for TimingsOptions {
    fn from(arguments: &TimingsArguments) -> Self {
        TimingsOptions {
            reports: arguments.timings.clone(),
            store: arguments.store.clone(),
            machine: arguments.machine.clone(),
            skip_unreadable: arguments.skip_unreadable,
        }
    }
}

/// How the number of shards is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShardCount {
    /// So many.
    Fixed(usize),
    /// As few as reach the target.
    Target {
        /// Longest shard that is wanted, in microseconds, overheads included.
        target_us: u64,
        /// The most shards.
        max: usize,
    },
}

/// How to decide.
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// Number of shards.
    pub shards: ShardCount,
    /// Share of units that must have timings once there are any, in parts of a million.
    pub min_known_ppm: u64,
    /// Cost of every shard, in microseconds.
    pub setup_us: u64,
    /// Cost of every file, in microseconds.
    pub file_overhead_us: u64,
    /// Plan to start from.
    pub previous_plan: Option<String>,
    /// Tolerance for moving less, in parts of a million.
    pub stay_within_ppm: u64,
    /// Whether slow files are split by their tests.
    pub split_slow_files: bool,
    /// What is split.
    pub unit: UnitKind,
    /// Who runs the tests.
    pub runner: Runner,
}

impl PlanOptions {
    fn new(arguments: &PlanningArguments, unit: UnitKind, runner: Runner, shards: ShardCount) -> Result<Self, Error> {
        let options = PlanOptions {
            shards,
            min_known_ppm: named("min-known", share_ppm(&arguments.min_known))?,
            setup_us: named("setup-s", duration_us(&arguments.setup_s))?,
            file_overhead_us: named("file-overhead-s", duration_us(&arguments.file_overhead_s))?,
            previous_plan: arguments.previous_plan.clone(),
            stay_within_ppm: named("stay-within", share_ppm(&arguments.stay_within))?,
            split_slow_files: arguments.split_slow_files,
            unit,
            runner,
        };
        if options.split_slow_files && !crate::plan::runner::can_select_tests(runner) {
            return Err(Error::input("`split-slow-files` needs a `runner` that can be told single tests"));
        }
        Ok(options)
    }

    /// For `plan`. `worker` is what the CI says about parallel workers.
    pub fn of_plan(arguments: &PlanArguments, worker: Option<Worker>) -> Result<Self, Error> {
        let max = whole("max-shards", &arguments.max_shards, 1..=MAX_SHARDS).map_err(Error::input)?;
        let shards = match (&arguments.planning.shards, &arguments.target_s) {
            (Some(_), Some(_)) => return Err(Error::input("both `shards` and `target-s` are given; use one of them")),
            (None, Some(target)) => ShardCount::Target { target_us: named("target-s", duration_us(target))?, max },
            (given, None) => ShardCount::Fixed(shard_count(given.as_deref(), worker)?),
        };
        Self::new(&arguments.planning, arguments.tests.unit, arguments.runner, shards)
    }

    /// For `shard` and `run`.
    pub fn of_worker(
        arguments: &PlanningArguments,
        unit: UnitKind,
        runner: Runner,
        worker: Option<Worker>,
    ) -> Result<Self, Error> {
        let shards = ShardCount::Fixed(shard_count(arguments.shards.as_deref(), worker)?);
        Self::new(arguments, unit, runner, shards)
    }
}

fn shard_count(given: Option<&str>, worker: Option<Worker>) -> Result<usize, Error> {
    match (given, worker) {
        (Some(text), _) => whole("shards", text, 1..=MAX_SHARDS).map_err(Error::input),
        (None, Some(worker)) => match usize::try_from(worker.total) {
            Ok(total) if (1..=MAX_SHARDS).contains(&total) => Ok(total),
            _ => Err(Error::input(format!(
                "the CI says {} parallel workers; at most {MAX_SHARDS} are supported",
                worker.total
            ))),
        },
        (None, None) => Err(Error::input(
            "the number of shards is not known: set `shards`; this CI says nothing about parallel workers",
        )),
    }
}

/// Which worker this is, and what it gets.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// 0-based; `None` when neither the user nor the CI says.
    pub shard: Option<u64>,
    /// The locked plan.
    pub plan: Option<String>,
    /// Who runs the tests.
    pub runner: Runner,
    /// The runner's configuration.
    pub runner_config: Option<String>,
    /// Where the shard's folder is made.
    pub out_dir: String,
}

impl WorkerOptions {
    /// `worker` is what the CI says about parallel workers.
    pub fn new(arguments: &WorkerArguments, worker: Option<Worker>) -> Result<Self, Error> {
        let shard = match &arguments.shard {
            Some(text) => Some(text.trim().parse::<u64>().map_err(|_| {
                Error::input(format!("`shard` is `{text}`; it must be a whole number from 0 to one less than `shards`"))
            })?),
            None => worker.map(|worker| worker.index),
        };
        Ok(WorkerOptions {
            shard,
            plan: arguments.plan.clone(),
            runner: arguments.runner,
            runner_config: arguments.runner_config.clone(),
            out_dir: arguments.out_dir.clone(),
        })
    }

    /// The index, checked against the number of shards. Errors: not given, or out of range.
    pub fn index(&self, shards: usize) -> Result<usize, Error> {
        let shard = self.shard.ok_or_else(|| {
            Error::input("the shard's index is not known: set `shard`; this CI says nothing about parallel workers")
        })?;
        match usize::try_from(shard) {
            Ok(index) if index < shards => Ok(index),
            _ => Err(Error::input(format!(
                "`shard` is {shard}, but there are {shards} shards, counted from 0 to {}",
                shards.saturating_sub(1)
            ))),
        }
    }
}

/// What `record` does.
#[derive(Debug, Clone)]
pub struct RecordOptions {
    /// The store's file.
    pub store: String,
    /// Runs kept of each file.
    pub keep_runs: usize,
    /// The class of machine.
    pub machine: String,
    /// The run's name, when the user gave one.
    pub run_id: Option<String>,
    /// Further stores.
    pub merge: Vec<String>,
}

impl RecordOptions {
    /// Errors: no store, a history that is none.
    pub fn new(arguments: &RecordArguments) -> Result<Self, Error> {
        let store = arguments
            .store
            .clone()
            .ok_or_else(|| Error::input("no store given: set `store` to the file that keeps the timings"))?;
        Ok(RecordOptions {
            store,
            keep_runs: whole("keep-runs", &arguments.keep_runs, 1..=100).map_err(Error::input)?,
            machine: arguments.machine.clone(),
            run_id: arguments.run_id.clone(),
            merge: arguments.merge_store.clone(),
        })
    }
}

/// What `shard` prints.
#[derive(Debug, Clone)]
pub struct PrintOptions {
    /// How.
    pub format: Format,
    /// Where to, besides standard output.
    pub out: Option<String>,
}

fn named<T>(name: &str, outcome: Result<T, String>) -> Result<T, Error> {
    outcome.map_err(|why| Error::input(format!("`{name}`: {why}")))
}
