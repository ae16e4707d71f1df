//! A small project with reports, for the other tests.

use kit_test::Cli;
use std::fmt::Write;
use std::path::Path;
use tempfile::TempDir;

/// A temporary folder with test files and a report in it.
pub struct Project {
    pub dir: TempDir,
}

impl Project {
    /// Files `tests/t00_test.py`, … with the given times in milliseconds; `None` leaves a file out of the report.
    pub fn new(times_ms: &[Option<u64>]) -> Self {
        let project = Project { dir: tempfile::tempdir().unwrap() };
        let mut list = String::new();
        let mut report = String::from("<testsuites><testsuite name=\"pytest\">");
        for (index, time) in times_ms.iter().enumerate() {
            let path = format!("tests/t{index:02}_test.py");
            project.write(&path, &"x".repeat(index + 1));
            let _ = writeln!(list, "{path}");
            if let Some(ms) = time {
                let _ = write!(
                    report,
                    "<testcase classname=\"t\" name=\"one\" file=\"{path}\" time=\"{}.{:03}\"/>",
                    ms / 1000,
                    ms % 1000
                );
            }
        }
        report.push_str("</testsuite></testsuites>");
        project.write("tests.txt", &list);
        if times_ms.iter().any(Option::is_some) {
            project.write("reports/r.xml", &report);
        }
        project
    }

    /// Twelve files of uneven length, all timed.
    pub fn usual() -> Self {
        let times: Vec<Option<u64>> =
            [90, 10, 20, 30, 70, 60, 50, 40, 80, 25, 15, 5].iter().map(|ms| Some(*ms * 100)).collect();
        Self::new(&times)
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, path: &str, content: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
    }

    /// The tool in this folder.
    pub fn tool(&self, args: &[&str]) -> Cli {
        Cli::new(env!("CARGO_BIN_EXE_junit-shard-split"), self.path()).args(args.iter().copied())
    }

    /// `shard` with the usual list and timings.
    pub fn shard(&self, shards: usize, shard: usize) -> Cli {
        let (shards, shard) = (shards.to_string(), shard.to_string());
        self.tool(&[
            "shard",
            "--tests-from",
            "tests.txt",
            "--timings",
            "reports/*.xml",
            "--shards",
            &shards,
            "--shard",
            &shard,
        ])
    }
}
