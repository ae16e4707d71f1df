//! The real test runners: a small uneven project is run whole, split with the timings of that run, run shard by shard, and
//! every test must have run exactly once. A runner that is not installed is skipped aloud, and is a failure in CI.

mod cases;
mod jest;
mod nextest;
mod node_test;
mod phpunit;
mod playwright;
mod pytest;
mod rspec;
mod tools;
mod vitest;

use crate::project::Project;
use cases::{Case, executed};
use std::collections::BTreeMap;
use tools::Program;

/// A project for one runner.
struct Trial {
    project: Project,
    /// As `--runner` names it.
    runner: &'static str,
    program: Program,
    /// What the runner needs to write a report to FILE; `{file}` stands for it.
    report: Vec<&'static str>,
    /// Variables for the report; `{file}` as above.
    report_env: Vec<(&'static str, &'static str)>,
    /// Options of `run` beside the runner's name.
    worker: Vec<&'static str>,
    /// Whether the reports lead to every unit, so that `verify` can judge.
    is_verifiable: bool,
}

impl Trial {
    fn new(runner: &'static str, program: Program, files: &[(&str, &str)]) -> Self {
        let project = Project { dir: tempfile::tempdir().unwrap() };
        for (path, content) in files {
            project.write(path, content);
        }
        Trial {
            project,
            runner,
            program,
            report: Vec::new(),
            report_env: Vec::new(),
            worker: Vec::new(),
            is_verifiable: true,
        }
    }

    /// The list of tests, as a user would make it.
    fn list(&self, units: &[&str]) {
        self.project.write("tests.txt", &units.join("\n"));
    }

    fn command(&self, report: &str) -> Vec<String> {
        let report = self.report.iter().map(|arg| arg.replace("{file}", report));
        self.program.words.iter().cloned().chain(report).collect()
    }

    fn env(&self, report: &str) -> Vec<(String, String)> {
        let report = self.report_env.iter().map(|(name, value)| ((*name).to_owned(), value.replace("{file}", report)));
        self.program.env.iter().cloned().chain(report).collect()
    }

    /// Starts the runner itself.
    fn start(&self, report: &str, args: &[String]) -> kit_test::Ran {
        let words = self.command(report);
        let mut cli = kit_test::Cli::new(words[0].clone(), self.project.path()).args(&words[1..]).args(args);
        for (name, value) in self.env(report) {
            cli = cli.env(&name, value);
        }
        cli.run()
    }

    /// Runs the whole suite, the way `whole` says, into `reports/whole.xml`.
    fn whole(&self, whole: &[&str]) -> BTreeMap<Case, usize> {
        std::fs::create_dir_all(self.project.path().join("reports")).unwrap();
        let whole: Vec<String> = whole.iter().map(|arg| (*arg).to_owned()).collect();
        let ran = self.start("reports/whole.xml", &whole);
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        executed(&self.project.read("reports/whole.xml"))
    }

    /// Locks a plan in `plan.json`, with the timings of the whole run.
    fn plan(&self, options: &[&str], shards: usize) {
        let shards = shards.to_string();
        let mut args = vec!["plan", "--tests-from", "tests.txt", "--timings", "reports/whole.xml", "--shards", &shards];
        args.extend(["--runner", self.runner, "--plan", "plan.json"]);
        args.extend(options);
        let ran = self.project.tool(&args).run();
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
    }

    /// One shard of the plan by `run`; what it executed, and the shard's units.
    fn shard(&self, shard: usize) -> (BTreeMap<Case, usize>, Vec<String>) {
        let report = format!(".roadcrew/shard-{shard}/junit.xml");
        let number = shard.to_string();
        let mut args = vec!["run", "--plan", "plan.json", "--shard", &number, "--runner", self.runner];
        args.extend(&self.worker);
        args.push("--");
        let command = self.command(&report);
        args.extend(command.iter().map(String::as_str));
        let mut tool = self.project.tool(&args);
        for (name, value) in self.env(&report) {
            tool = tool.env(&name, value);
        }
        let ran = tool.run();
        assert_eq!(ran.exit, 0, "shard {shard}: {}{}", ran.stdout, ran.stderr);
        let receipt: serde_json::Value =
            serde_json::from_str(&self.project.read(&format!(".roadcrew/shard-{shard}/receipt.json"))).unwrap();
        let units = receipt["units"].as_array().unwrap().iter().map(|unit| unit.as_str().unwrap().to_owned()).collect();
        let written = self.project.path().join(&report).exists();
        (if written { executed(&self.project.read(&report)) } else { BTreeMap::new() }, units)
    }

    /// The heart of it: all shards together execute what the whole run did, each test once, and `verify` says so too.
    /// `options` choose the unit, and how many of the files must have got timings.
    fn shards_are_the_whole(&self, whole: &BTreeMap<Case, usize>, options: &[&str], shards: usize) {
        let _ = std::fs::remove_dir_all(self.project.path().join(".roadcrew"));
        self.plan(options, shards);
        let mut together: BTreeMap<Case, usize> = BTreeMap::new();
        let mut busy = 0;
        for shard in 0..shards {
            let (ran, units) = self.shard(shard);
            busy += usize::from(!ran.is_empty());
            assert_eq!(ran.is_empty(), units.is_empty(), "shard {shard} with {units:?} executed {ran:?}");
            for (case, times) in ran {
                *together.entry(case).or_default() += times;
            }
        }
        assert_eq!(&together, whole, "{} {options:?}", self.runner);
        assert!(busy > 1, "{}: everything ran on one shard, which proves nothing", self.runner);
        if self.is_verifiable {
            let ran = self.project.tool(&["verify", "--plan", "plan.json", ".roadcrew"]).run();
            assert_eq!(ran.exit, 0, "{} {options:?}: {}{}", self.runner, ran.stdout, ran.stderr);
        }
    }

    /// The arguments of an empty shard, given to the runner by hand: nothing runs and it exits with 0.
    fn empty_shard_is_harmless(&self, whole: &BTreeMap<Case, usize>) {
        let args =
            ["shard", "--tests-from", "tests.txt", "--shards", "90", "--shard", "89", "--format", "args", "--runner"];
        let shown = self.project.tool(&args).args([self.runner]).run();
        assert_eq!(shown.exit, 0, "{}", shown.stderr);
        let args: Vec<String> = shown.stdout.lines().map(str::to_owned).collect();
        assert!(!args.is_empty(), "no arguments mean everything");
        let report = self.project.path().join("empty.xml");
        let ran = self.start("empty.xml", &args);
        assert_eq!(ran.exit, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
        if report.exists() {
            assert_eq!(executed(&self.project.read("empty.xml")), BTreeMap::new());
        }
        assert!(!whole.is_empty());
    }

    /// What the tool says when it refuses to prepare a shard.
    fn refusal(&self, options: &[&str]) -> String {
        let args = ["shard", "--tests-from", "tests.txt", "--shards", "1", "--shard", "0", "--runner", self.runner];
        let ran = self.project.tool(&args).args(options.iter().copied()).run();
        assert_eq!(ran.exit, 2, "{}{}", ran.stdout, ran.stderr);
        ran.stderr
    }
}
