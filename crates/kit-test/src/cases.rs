//! Folders of cases: `case.toml`, the files in `in/`, and what must come out.
//!
//! ```toml
//! command = "shard"
//! exit = 0
//! [inputs]
//! tests-from = "tests.txt"
//! timings = ["reports/*.xml"]
//! ```
//!
//! `stdout` and `report.json`, where they stand beside `case.toml`, are compared to the byte; `stderr` holds lines that
//! must occur. The same case goes through every front door: see [`Door`].

use crate::cli::{Cli, Ran};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A case as its `case.toml` says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The folder's name.
    #[serde(skip)]
    pub name: String,
    /// The folder.
    #[serde(skip)]
    pub dir: PathBuf,
    /// The tool's command.
    pub command: String,
    /// The exit code.
    #[serde(default)]
    pub exit: i32,
    /// Inputs by name.
    #[serde(default)]
    pub inputs: BTreeMap<String, Input>,
    /// Further variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The inputs that are given without a flag.
    #[serde(default)]
    pub positional: Vec<String>,
}

/// The value of an input.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Input {
    /// `true` or `false`.
    Flag(bool),
    /// One value.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Flags, on any shell.
    Flags,
    /// `INPUT_MIN-KNOWN` and newline lists, as the GitHub runner hands them to an action.
    Action,
    /// `MIN_KNOWN` and `X_0`, `X_COUNT`, as Bitbucket hands them to a pipe.
    Pipe,
    /// `INPUT_MIN_KNOWN`, as the GitLab component sets it.
    Component,
}

impl Door {
    /// All of them.
    pub const ALL: [Door; 4] = [Door::Flags, Door::Action, Door::Pipe, Door::Component];
}

/// Reads every case below a folder, sorted by name.
pub fn all(dir: &Path) -> Vec<Case> {
    let mut dirs: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    dirs.into_iter().filter(|dir| dir.join("case.toml").is_file()).map(|dir| read(&dir)).collect()
}

fn read(dir: &Path) -> Case {
    let text = std::fs::read_to_string(dir.join("case.toml")).unwrap();
    let mut case: Case = toml::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", dir.display()));
    case.name = dir.file_name().unwrap().to_string_lossy().into_owned();
    case.dir = dir.to_owned();
    case
}

impl Case {
    /// The arguments and variables that bring the case's inputs through a door. The JSON report is asked for as a file
    /// `report.out.json` in the working directory.
    pub fn through(&self, door: Door) -> (Vec<String>, BTreeMap<String, String>) {
        let mut inputs = self.inputs.clone();
        inputs.insert("json".into(), Input::One("report.out.json".into()));
        let mut args = Vec::new();
        let mut env = self.env.clone();
        if door == Door::Flags {
            args.push(self.command.clone());
            let mut last = Vec::new();
            for (name, input) in &inputs {
                let values = input.values();
                match (self.positional.contains(name), input) {
                    (true, _) => last.extend(values),
                    (false, Input::Flag(true)) => args.push(format!("--{name}")),
                    (false, Input::Flag(false)) => {}
                    (false, _) => args.extend(values.into_iter().map(|value| format!("--{name}={value}"))),
                }
            }
            args.extend(last);
            return (args, env);
        }
        inputs.insert("command".into(), Input::One(self.command.clone()));
        for (name, input) in &inputs {
            let upper = name.to_ascii_uppercase();
            let under = upper.replace('-', "_");
            match (door, input) {
                (Door::Pipe, Input::Many(values)) => {
                    env.insert(format!("{under}_COUNT"), values.len().to_string());
                    env.extend(values.iter().enumerate().map(|(i, value)| (format!("{under}_{i}"), value.clone())));
                }
                (Door::Pipe, _) => drop(env.insert(under, input.values().join("\n"))),
                (Door::Component, _) => drop(env.insert(format!("INPUT_{under}"), input.values().join("\n"))),
                (_, _) => drop(env.insert(format!("INPUT_{upper}"), input.values().join("\n"))),
            }
        }
        let host = match door {
            Door::Action => ("GITHUB_ACTIONS", "true"),
            Door::Pipe => ("BITBUCKET_BUILD_NUMBER", "1"),
            _ => ("GITLAB_CI", "true"),
        };
        env.insert(host.0.into(), host.1.into());
        (args, env)
    }

    /// Copies the case's files into a fresh folder.
    pub fn workspace(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let input = self.dir.join("in");
        if input.is_dir() {
            copy(&input, dir.path());
        }
        dir
    }

    /// Runs the case on a binary and returns what it left, the JSON report included.
    pub fn run(&self, binary: &Path, door: Door) -> (Ran, Option<Value>) {
        let workspace = self.workspace();
        let (args, env) = self.through(door);
        let mut cli = Cli::new(binary, workspace.path()).args(args);
        // A pipe's variables count only in the tools' own images, so the mark stands in for the image here.
        if door == Door::Pipe {
            cli = cli.env("ROADCREW_IMAGE", "1");
        }
        for (name, value) in env {
            cli = cli.env(&name, value);
        }
        let ran = cli.run();
        let report = std::fs::read_to_string(workspace.path().join("report.out.json")).ok();
        (ran, report.map(|text| serde_json::from_str(&text).unwrap()))
    }

    /// Runs the case on an image, as the host behind the door starts it: the workspace mounted and the working folder,
    /// inputs as variables, root, no network.
    pub fn run_image(&self, image: &str, door: Door) -> (Ran, Option<Value>) {
        let workspace = self.workspace();
        let (_, env) = self.through(door);
        let mount = format!("--volume={}:/work", workspace.path().display());
        let mut args = vec!["run".to_owned(), "--rm".into(), "--network=none".into(), mount, "--workdir=/work".into()];
        args.extend(env.iter().map(|(name, value)| format!("--env={name}={value}")));
        args.push(image.to_owned());
        let ran = Cli::new("docker", workspace.path()).args(args).run();
        let report = std::fs::read_to_string(workspace.path().join("report.out.json")).ok();
        (ran, report.map(|text| serde_json::from_str(&text).unwrap()))
    }

    /// Compares with what the folder says must come out.
    pub fn check(&self, ran: &Ran, report: Option<&Value>) {
        let name = &self.name;
        assert_eq!(ran.exit, self.exit, "{name}: exit code\n{}", ran.stderr);
        let expected = |file: &str| std::fs::read_to_string(self.dir.join(file)).ok();
        if let Some(stdout) = expected("stdout") {
            assert_eq!(ran.stdout, stdout, "{name}: stdout");
        }
        for line in expected("stderr").iter().flat_map(|text| text.lines()) {
            assert!(ran.stderr.contains(line), "{name}: stderr lacks {line:?}:\n{}", ran.stderr);
        }
        if let Some(text) = expected("report.json") {
            let wanted: Value = serde_json::from_str(&text).unwrap();
            let report = report.unwrap_or_else(|| panic!("{name}: no report"));
            assert_contains(name, report, &wanted);
        }
    }
}

/// Every key of `wanted` stands in `report` with the same value; lists must be equal in length.
fn assert_contains(place: &str, report: &Value, wanted: &Value) {
    match (report, wanted) {
        (Value::Object(report), Value::Object(wanted)) => {
            for (key, value) in wanted {
                let place = format!("{place}.{key}");
                assert_contains(&place, report.get(key).unwrap_or(&Value::Null), value);
            }
        }
        (Value::Array(report), Value::Array(wanted)) if report.len() == wanted.len() => {
            for (index, (report, wanted)) in report.iter().zip(wanted).enumerate() {
                assert_contains(&format!("{place}[{index}]"), report, wanted);
            }
        }
        _ => assert_eq!(report, wanted, "{place}"),
    }
}

impl Input {
    fn values(&self) -> Vec<String> {
        match self {
            Input::Flag(value) => vec![value.to_string()],
            Input::One(value) => vec![value.clone()],
            Input::Many(values) => values.clone(),
        }
    }
}

/// Copies a folder with everything in it; links stay links, wherever they lead.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
