//! A project in a folder of its own, and what the tool says of it.

use kit_test::{Cli, Ran};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A project, gone with the test.
pub struct Project {
    dir: TempDir,
}

/// What a run left.
#[derive(Debug)]
pub struct Checked {
    /// Exit code and streams; standard output is the JSON report.
    pub ran: Ran,
    /// The report; null where there is none.
    pub json: Value,
}

/// The tool's binary.
pub const BINARY: &str = env!("CARGO_BIN_EXE_license-check");

impl Project {
    /// An empty one.
    pub fn new() -> Self {
        Project { dir: tempfile::tempdir().unwrap() }
    }

    /// One with files.
    pub fn with<C: AsRef<[u8]>>(files: &[(&str, C)]) -> Self {
        let project = Project::new();
        for (path, content) in files {
            project.write(path, content);
        }
        project
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A path in it.
    pub fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a file, with its folders.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// A file's text.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A file's JSON.
    #[track_caller]
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The tool here, before it is started: nothing in its environment, so that no cache of this machine counts.
    pub fn tool(&self, arguments: &[&str]) -> Cli {
        Cli::new(BINARY, self.path()).args(arguments)
    }

    /// Runs a command of the tool, whatever comes of it. No run may end by a panic or a signal.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        finished(self.tool(arguments).run())
    }

    /// Runs `check`.
    #[track_caller]
    pub fn check(&self, arguments: &[&str]) -> Checked {
        self.check_with(&[], arguments)
    }

    /// Runs `check` with variables.
    #[track_caller]
    pub fn check_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Checked {
        let mut cli = self.tool(&["check", "--json", "-"]).args(arguments);
        for (name, value) in variables {
            cli = cli.env(name, *value);
        }
        Checked::of(cli.run())
    }
}

/// No run may end by a panic (101) or by a signal (-1).
#[track_caller]
fn finished(ran: Ran) -> Ran {
    assert!((0..=4).contains(&ran.exit) && !ran.stderr.contains("panicked"), "{}: {}", ran.exit, ran.stderr);
    ran
}

impl Checked {
    /// Of a run with `--json -`.
    #[track_caller]
    pub fn of(ran: Ran) -> Self {
        let ran = finished(ran);
        let json = serde_json::from_str(&ran.stdout).unwrap_or(Value::Null);
        Checked { ran, json }
    }

    /// Says that the run ended so, and shows it when it did not.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.ran.exit, code, "{}", self.ran.stderr);
        self
    }

    /// The packages.
    #[track_caller]
    pub fn packages(&self) -> &[Value] {
        self.json["packages"].as_array().unwrap_or_else(|| panic!("no packages: {}", self.ran.stderr))
    }

    /// The only package of that name.
    #[track_caller]
    pub fn package(&self, name: &str) -> &Value {
        let found: Vec<&Value> = self.packages().iter().filter(|package| package["name"] == name).collect();
        assert_eq!(found.len(), 1, "{name} in {:?}", self.packages());
        found[0]
    }

    /// `name version licence state scope verdict` of each package, sorted; a dash for what there is not.
    #[track_caller]
    pub fn rows(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
        let row = |package: &Value| {
            ["name", "version", "license", "state", "scope", "verdict"].map(|key| text(&package[key])).join(" ")
        };
        let mut rows: Vec<String> = self.packages().iter().map(row).collect();
        rows.sort();
        rows
    }

    /// `path:line field` of each piece of evidence of a package, the best first.
    #[track_caller]
    pub fn evidence(&self, name: &str) -> Vec<String> {
        let evidence = self.package(name)["evidence"].as_array().unwrap();
        let shown = |proof: &Value| {
            let line = proof["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
            format!("{}{line} {}", proof["path"].as_str().unwrap(), proof["field"].as_str().unwrap())
        };
        evidence.iter().map(shown).collect()
    }

    /// Each list adds up: what it says it holds stands in the report.
    #[track_caller]
    pub fn adds_up(&self) -> &Self {
        let listed: u64 = self.json["lists"].as_array().unwrap().iter().map(|l| l["packages"].as_u64().unwrap()).sum();
        assert_eq!(listed, self.packages().len() as u64, "{}", self.json["lists"]);
        self
    }

    /// The findings of a code.
    pub fn findings(&self, code: &str) -> Vec<&Value> {
        let findings = self.json["findings"].as_array();
        findings.into_iter().flatten().filter(|finding| finding["code"] == code).collect()
    }

    /// The only finding of a code.
    #[track_caller]
    pub fn finding(&self, code: &str) -> &Value {
        let found = self.findings(code);
        assert_eq!(found.len(), 1, "{code} in {}\n{}", self.json["findings"], self.ran.stderr);
        found[0]
    }

    /// The only finding of a code stands at that place, and its message has the words.
    #[track_caller]
    pub fn says(&self, code: &str, path: &str, line: Option<u64>, words: &[&str]) -> &Self {
        let finding = self.finding(code);
        let message = finding["message"].as_str().unwrap();
        let at = finding["path"].as_str().unwrap_or_default();
        assert!(at == path, "{path}: {finding}");
        assert_eq!(finding["line"].as_u64(), line, "{finding}");
        for word in words {
            assert!(message.contains(word), "{word:?} in {message}");
        }
        self
    }
}

/// The lines of a text that hold a word, 1-based.
#[track_caller]
pub fn line_of(text: &str, word: &str) -> u64 {
    let at = text.lines().position(|line| line.contains(word)).unwrap_or_else(|| panic!("{word:?} in {text}"));
    at as u64 + 1
}
