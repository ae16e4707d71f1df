//! `license-check`: lock files and installed trees of four ecosystems, beside the tools that answer for one of them each.

mod inputs;
mod peers;

use super::measure::{Cost, run_costed_into, run_costed_often};
use super::{Bench, row};
use anyhow::{Context, Result, bail};
use peers::{Peer, Said};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs of what takes less than the clock can tell.
const OFTEN: u32 = 20;
/// Packages may pass or fail: a bench asks what they cost.
const JUDGED: &[i32] = &[0, 1];

/// All figures of the tool.
pub(super) fn run(bench: &Bench) -> Result<()> {
    let percent = bench.size_percent.clamp(1, 100);
    match inputs::npm(&bench.folder.join("npm"), percent) {
        Ok(project) => bench.npm(&project)?,
        Err(why) => row("npm", &format!("not measured: {why:#}"), ""),
    }
    match inputs::python(&bench.folder.join("python"), percent) {
        Ok(project) => bench.python(&project)?,
        Err(why) => row("Python", &format!("not measured: {why:#}"), ""),
    }
    bench.cargo(&inputs::cargo(&bench.folder.join("cargo"), &bench.root)?)?;
    bench.composer(&inputs::composer(&bench.folder.join("composer"), percent)?)
}

impl Bench {
    fn npm(&self, project: &Path) -> Result<()> {
        let lock: Value = serde_json::from_slice(&std::fs::read(project.join("package-lock.json"))?)?;
        let listed = lock["packages"].as_object().context("the lock has no packages")?.len();
        self.lock_alone(
            project,
            &format!("package-lock.json of {listed} entries"),
            listed,
            "1,734 entries: <= 30 ms, <= 30 MB",
        )?;
        self.tree(project, &format!("npm tree of {listed} entries"), listed, "1,696 packages: <= 0.5 s cold")?;
        self.peer(&peers::license_checker(&self.folder, project))?;
        self.texts(project)
    }

    fn python(&self, project: &Path) -> Result<()> {
        let installed = inputs::distributions(project)?;
        self.tree(project, &format!("{installed} Python distributions"), installed, "144: <= 50 ms, <= 8 undecided")?;
        self.peer(&peers::pip_licenses(&self.folder, project))
    }

    fn cargo(&self, project: &Path) -> Result<()> {
        let lock = std::fs::read_to_string(project.join("Cargo.lock"))?;
        let listed = lock.lines().filter(|line| *line == "[[package]]").count();
        self.tree(project, &format!("{listed} crates"), listed, "596 of 647: <= 0.3 s")?;
        self.peer(&peers::cargo_deny(&self.root))?;
        let mut command = self.check(project);
        command.args(["--attribution", "NOTICE.txt"]);
        let cost = run_costed_into(&mut command, Stdio::null(), JUDGED)?;
        let size = std::fs::metadata(project.join("NOTICE.txt"))?.len();
        row("attribution of the crates", &format!("{}, {} KB", figures(&cost), size / 1000), "647 crates: <= 2 s");
        Ok(())
    }

    fn composer(&self, project: &Path) -> Result<()> {
        let lock: Value = serde_json::from_slice(&std::fs::read(project.join("composer.lock"))?)?;
        let listed = ["packages", "packages-dev"].iter().filter_map(|key| lock[key].as_array()).map(Vec::len).sum();
        self.lock_alone(project, &format!("composer.lock of {listed} packages"), listed, "a real lock: <= 10 ms")?;
        self.peer(&peers::composer(project))
    }

    /// A lock file alone, many times.
    fn lock_alone(&self, project: &Path, what: &str, listed: usize, goal: &str) -> Result<()> {
        let mut command = self.check(project);
        let cost = run_costed_often(command.arg("--lock-only"), OFTEN, JUDGED)?;
        let said = ours(&project.join("out.json"), listed)?;
        let figure = format!("{:.1} ms, {} MB, {}", cost.cpu_s * 1000.0, cost.memory_kb / 1024, said.words());
        row(&format!("{what}, alone"), &figure, goal);
        Ok(())
    }

    /// What is installed, with the system's caches as they are.
    fn tree(&self, project: &Path, what: &str, listed: usize, goal: &str) -> Result<()> {
        let cost = run_costed_into(&mut self.check(project), Stdio::null(), JUDGED)?;
        let said = ours(&project.join("out.json"), listed)?;
        row(what, &format!("{}, {}", figures(&cost), said.words()), goal);
        Ok(())
    }

    fn peer(&self, peer: &Result<Peer>) -> Result<()> {
        let (name, figure) = match peer {
            Ok(peer) => match peer.run() {
                Ok((cost, said)) => (peer.name, format!("{}, {}", figures(&cost), said.words())),
                Err(why) => (peer.name, format!("it failed: {}", one_line(&why))),
            },
            Err(why) => ("none", format!("not here: {}", one_line(why))),
        };
        row(&format!("peer {name}"), &figure, "");
        Ok(())
    }

    /// Every distinct licence text of the npm tree.
    fn texts(&self, project: &Path) -> Result<()> {
        let texts = inputs::texts(project)?;
        let labelled = inputs::save_texts(&texts, &self.folder.join("texts"))?;
        let mut command = Command::new(&self.binary);
        command.arg("identify").args(labelled.iter().map(|(path, _)| path));
        let out = self.folder.join("identified.txt");
        let cost = run_costed_into(&mut command, std::fs::File::create(&out)?.into(), &[0])?;
        let answers = std::fs::read_to_string(&out)?;
        if answers.lines().count() != labelled.len() {
            bail!("{} texts, and {} answers", labelled.len(), answers.lines().count());
        }
        let counts = Counts::of(&answers, &labelled);
        row(
            &format!("{} distinct licence texts", labelled.len()),
            &format!("{}, {}", figures(&cost), counts.words()),
            "578: <= 0.3 s, >= 565 as declared, 0 wrong",
        );
        match peers::licensee(&labelled, &self.folder.join("licensee.txt")) {
            Ok((cost, answers)) => {
                row("peer licensee", &format!("{}, {}", figures(&cost), Counts::of(&answers, &labelled).words()), "")
            }
            Err(why) => row("peer licensee", &format!("not here: {}", one_line(&why)), ""),
        }
        Ok(())
    }

    fn check(&self, project: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(["check", "--full", "--json", "out.json"]).current_dir(project);
        command
    }
}

/// How answers on texts stand to what their packages declare.
struct Counts {
    as_declared: usize,
    none: usize,
    other: usize,
}

impl Counts {
    /// Each line of `answers` is the licence or `-`, then anything, and last the path. Alternatives have no order.
    fn of(answers: &str, labelled: &[(PathBuf, String)]) -> Counts {
        let mut counts = Counts { as_declared: 0, none: 0, other: 0 };
        for line in answers.lines() {
            let words: Vec<&str> = line.split('\t').collect();
            let (answer, path) = (words.first().unwrap_or(&"-").trim(), words.last().unwrap_or(&"").trim());
            let declared =
                labelled.iter().find(|(text, _)| text.as_os_str() == path).map(|(_, license)| license.as_str());
            match declared {
                _ if answer == "-" => counts.none += 1,
                Some(declared) if sorted_words(declared) == sorted_words(answer) => counts.as_declared += 1,
                _ => counts.other += 1,
            }
        }
        counts
    }

    fn words(&self) -> String {
        format!("{} as declared, {} no known text, {} another", self.as_declared, self.none, self.other)
    }
}

fn sorted_words(expression: &str) -> Vec<&str> {
    let mut words: Vec<&str> = expression.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

/// What our report says. A figure that is fast and wrong is worth nothing: every package of the list is in the report.
fn ours(report: &Path, listed: usize) -> Result<Said> {
    let report: Value = serde_json::from_slice(&std::fs::read(report)?)?;
    let packages = report["packages"].as_array().context("the report has no packages")?;
    if packages.len() != listed {
        bail!("{listed} packages are listed, and {} are in the report", packages.len());
    }
    let foreign: Vec<&Value> = packages.iter().filter(|package| package["verdict"] != "exempt").collect();
    let licenses = foreign.iter().map(|package| package["license"].as_str().unwrap_or_default());
    Ok(Said { rows: packages.len(), undecided: licenses.filter(|license| !peers::is_expression(license)).count() })
}

fn figures(cost: &Cost) -> String {
    format!("{:.2} s ({:.2} s wall), {} MB", cost.cpu_s, cost.wall_s, cost.memory_kb / 1024)
}

fn one_line(why: &anyhow::Error) -> String {
    format!("{why:#}").split_whitespace().take(30).collect::<Vec<_>>().join(" ")
}
