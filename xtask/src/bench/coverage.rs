//! `coverage-gate`: large reports, merging and the patch gate, beside grcov and diff-cover.

use super::measure::run_costed;
use super::reports::{Expected, Form, Project};
use super::{Bench, number, row};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What one measurement is about.
struct Case {
    name: &'static str,
    form: Form,
    files: u64,
    lines: u32,
    shards: u64,
    goal: &'static str,
    peers: &'static [fn(&Path) -> Option<Command>],
}

const CASES: &[Case] = &[
    Case {
        name: "LCOV, 50,000 files",
        form: Form::Lcov,
        files: 50_000,
        lines: 390,
        shards: 1,
        goal: "300 MB: <= 1.5 s, <= 100 MB",
        peers: &[grcov, diff_cover],
    },
    Case {
        name: "LCOV, 4 shards",
        form: Form::Lcov,
        files: 7_600,
        lines: 390,
        shards: 4,
        goal: "91 MB: <= 0.5 s, <= 100 MB",
        peers: &[grcov],
    },
    Case {
        name: "Cobertura, 13,200 files",
        form: Form::Cobertura,
        files: 13_200,
        lines: 430,
        shards: 1,
        goal: "200 MB: <= 1.5 s, <= 64 MB",
        peers: &[diff_cover],
    },
    Case {
        name: "Go coverprofile, 7,300 files",
        form: Form::Coverprofile,
        files: 7_300,
        lines: 430,
        shards: 1,
        goal: "200 MB: <= 0.8 s",
        peers: &[],
    },
];

/// All figures of the tool.
pub(super) fn run(bench: &Bench) -> Result<()> {
    for case in CASES {
        let folder = bench.folder.join(case.name.replace([' ', ','], "-"));
        std::fs::create_dir_all(&folder)?;
        let project = Project { files: (case.files * bench.size_percent / 100).max(1), lines: case.lines };
        let expected = project.write(&folder, case.form, case.shards)?;
        bench.case(case, &folder, expected)?;
        std::fs::remove_dir_all(&folder)?;
    }
    bench.small()
}

impl Bench {
    fn case(&self, case: &Case, folder: &Path, expected: Expected) -> Result<()> {
        let reports = report_paths(folder)?;
        let size: u64 = reports.iter().map(|path| std::fs::metadata(path).map_or(0, |meta| meta.len())).sum();
        let name = format!("{} ({} MB)", case.name, size / 1_000_000);
        let mut plain = self.gate(folder);
        let cost = run_costed(&mut plain)?;
        check(&folder.join("out.json"), case.form, expected, false)?;
        row(&name, &format!("{:.2} s, {} MB, totals exact", cost.cpu_s, cost.memory_kb / 1024), case.goal);
        let mut with_patch = self.gate(folder);
        with_patch.args(["--diff-file", "change.diff", "--min-patch", "1"]);
        let patch = run_costed(&mut with_patch)?;
        check(&folder.join("out.json"), case.form, expected, true)?;
        row(
            &format!("{name}: with a patch gate"),
            &format!("{:+.2} s, patch exact", patch.cpu_s - cost.cpu_s),
            "<= 0.1 s more",
        );
        for peer in case.peers {
            let Some(mut command) = peer(folder) else { continue };
            let program = command.get_program().to_string_lossy().rsplit('/').next().unwrap_or_default().to_owned();
            match run_costed(command.current_dir(folder)) {
                Ok(cost) => {
                    row(&format!("peer {program}"), &format!("{:.2} s, {} MB", cost.cpu_s, cost.memory_kb / 1024), "")
                }
                Err(_) => row(&format!("peer {program}"), "not installed, or it failed", ""),
            }
        }
        Ok(())
    }

    fn gate(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(["gate", "--reports", "report.*", "--json", "out.json"]).current_dir(folder);
        command
    }

    /// The whole way from start to verdict on a report of five megabytes.
    fn small(&self) -> Result<()> {
        let folder = self.folder.join("small");
        std::fs::create_dir_all(&folder)?;
        Project { files: 830, lines: 390 }.write(&folder, Form::Lcov, 1)?;
        let mut command = self.gate(&folder);
        command.args(["--diff-file", "change.diff", "--min-patch", "1", "--min-total", "1"]);
        let cost = run_costed(&mut command)?;
        row("5 MB of LCOV, start to verdict", &format!("{:.0} ms", cost.cpu_s * 1000.0), "<= 50 ms");
        Ok(())
    }
}

fn report_paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("report.")))
        .collect())
}

/// A figure that is fast and wrong is worth nothing.
fn check(path: &Path, form: Form, expected: Expected, patch: bool) -> Result<()> {
    let report: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut pairs = vec![("/totals/lines", expected.lines)];
    if form == Form::Lcov {
        pairs.extend([("/totals/branches", expected.branches), ("/totals/functions", expected.functions)]);
    }
    if form == Form::Cobertura {
        pairs.push(("/totals/branches", expected.branches));
    }
    if form == Form::Coverprofile {
        pairs.push(("/totals/statements", expected.lines));
    }
    if patch {
        pairs.push(("/patch/lines", expected.patch));
    }
    for (pointer, (covered, coverable)) in pairs {
        let share = report.pointer(pointer).with_context(|| format!("the report has no {pointer}"))?;
        let found = (number(&share["covered"])?, number(&share["coverable"])?);
        if found != (covered, coverable) {
            bail!("{pointer} is {found:?}, and should be {:?}", (covered, coverable));
        }
    }
    Ok(())
}

/// `cargo install grcov`; it takes LCOV by the ending `.info`.
fn grcov(folder: &Path) -> Option<Command> {
    let mut command = Command::new(std::env::var_os("GRCOV").unwrap_or_else(|| "grcov".into()));
    command.args(report_paths(folder).ok()?).args(["-t", "covdir", "--branch", "--threads", "1", "-o", "grcov.json"]);
    Some(command)
}

/// `pip install diff-cover`. It works in a repository only; ours has run by now, and would look for its files in it.
fn diff_cover(folder: &Path) -> Option<Command> {
    Command::new("git").args(["init", "--quiet"]).current_dir(folder).status().ok()?;
    let mut command = Command::new(std::env::var_os("DIFF_COVER").unwrap_or_else(|| "diff-cover".into()));
    command.args(report_paths(folder).ok()?).args(["--diff-file", "change.diff"]);
    Some(command)
}
