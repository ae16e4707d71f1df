//! The real coverage tools: a small project is covered by the tool itself, and our totals of each report that it writes are
//! the totals that it prints. A tool that is not installed is skipped aloud, and is a failure in CI.

mod coverage_py;
mod gcovr;
mod go;
mod istanbul;
mod phpunit;
mod simplecov;
mod tools;

use kit_test::{Cli, Ran};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;
use tools::Program;

/// So many of so many.
type Pair = (u64, u64);

/// Totals, each where there are such.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Totals {
    lines: Option<Pair>,
    branches: Option<Pair>,
    functions: Option<Pair>,
    statements: Option<Pair>,
}

impl Totals {
    /// Only lines.
    fn lines(covered: u64, coverable: u64) -> Self {
        Totals { lines: Some((covered, coverable)), ..Totals::default() }
    }
}

/// A repository with sources and their tests in it.
struct Project {
    dir: TempDir,
}

impl Project {
    /// Files, committed.
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Project { dir: tempfile::tempdir().unwrap() };
        for (path, content) in files {
            let path = project.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "all"]] {
            let git = Cli::new("git", project.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
            let ran = git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").args(arguments).run();
            assert_eq!(ran.exit, 0, "git {arguments:?}: {}", ran.stderr);
        }
        project
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs a program here, which must succeed.
    fn run(&self, program: &Program, arguments: &[&str]) -> Ran {
        let mut cli = Cli::new(program.words[0].clone(), self.path()).args(&program.words[1..]).args(arguments);
        for (name, value) in &program.env {
            cli = cli.env(name, value.clone());
        }
        let ran = cli.run();
        assert_eq!(ran.exit, 0, "{:?} {arguments:?}: {}{}", program.words, ran.stdout, ran.stderr);
        ran
    }

    /// What coverage-gate says of some reports.
    fn measured(&self, reports: &[&str]) -> Totals {
        let gate = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), self.path());
        let ran = gate.args(["gate", "--json", "-", "--reports"]).args(reports).run();
        assert_eq!(ran.exit, 0, "{reports:?}: {}{}", ran.stdout, ran.stderr);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout));
        let share = |kind: &str| pair(&report["totals"][kind], "covered", "coverable");
        Totals {
            lines: share("lines"),
            branches: share("branches"),
            functions: share("functions"),
            statements: share("statements"),
        }
    }
}

/// Two numbers of an object, when it is one.
fn pair(object: &Value, covered: &str, coverable: &str) -> Option<Pair> {
    object.is_object().then(|| {
        let number = |name: &str| object[name].as_u64().unwrap_or_else(|| panic!("{name} of {object}"));
        (number(covered), number(coverable))
    })
}

/// The first two whole numbers after a text.
fn numbers_after(text: &str, mark: &str) -> Pair {
    let (_, rest) = text.split_once(mark).unwrap_or_else(|| panic!("`{mark}` is not in {text}"));
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
    (numbers.next().unwrap(), numbers.next().unwrap())
}
