//! `junit-shard-split`: dialects, makespan, churn, cost.

use super::junit::{self, Dialect, Suite};
use super::measure::{instructions, run_costed};
use super::{Bench, number, row};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// All figures of the tool.
pub(super) fn run(bench: &Bench) -> Result<()> {
    bench.dialects()?;
    bench.five_thousand()?;
    bench.sizes()?;
    bench.churn()?;
    bench.large_report()
}

impl Bench {
    /// Every dialect timed in full, and split as well as can be.
    fn dialects(&self) -> Result<()> {
        for dialect in Dialect::ALL {
            let suite = self.suite(300, 8, dialect, 1)?;
            let (makespan_us, bound_us, known) = self.plan(&suite, 8, &[])?;
            let gap = 100.0 * (makespan_us as f64 - bound_us as f64) / bound_us as f64;
            row(
                &format!("{dialect:?}: files timed, makespan over the bound"),
                &format!("{known} of 300, {gap:+.4} %"),
                "300 of 300, <= +0.1 %",
            );
        }
        Ok(())
    }

    fn five_thousand(&self) -> Result<()> {
        let suite = self.suite(5000, 16, Dialect::Rspec, 1)?;
        let mut command = self.command(&suite, &["shard", "--shards=16", "--shard=0"]);
        let (makespan_us, bound_us, _) = self.plan(&suite, 16, &[])?;
        let gap_ppm = 1e6 * (makespan_us as f64 - bound_us as f64) / bound_us as f64;
        row("5,000 files, 16 reports, 16 shards: makespan over the bound", &format!("{gap_ppm:.1} ppm"), "<= 100 ppm");
        match instructions(&mut command, &self.folder)? {
            Some(count) => {
                row("the same, instructions", &format!("{:.1} M", count as f64 / 1e6), "<= 100 M (split-test: 533 M)")
            }
            None => row("the same, instructions", "not counted: no valgrind here", "<= 100 M"),
        }
        let cost = run_costed(&mut self.command(&suite, &["shard", "--shards=16", "--shard=0"]))?;
        row("the same, processor time", &format!("{:.0} ms", cost.cpu_s * 1000.0), "(split-test: 105 ms)");
        self.pytest_split(&suite)
    }

    /// The peer that installs from PyPI, in the same run: how it splits the same times.
    fn pytest_split(&self, suite: &Suite) -> Result<()> {
        let script = "import sys, json\n\
            from collections import namedtuple\n\
            from pytest_split.algorithms import Algorithms\n\
            times = json.load(open(sys.argv[1])); k = int(sys.argv[2])\n\
            Item = namedtuple('Item', 'nodeid')\n\
            for name in ('duration_based_chunks', 'least_duration'):\n\
            \x20   groups = Algorithms[name].value(k, [Item(n) for n in times], times)\n\
            \x20   print(name, max(g.duration for g in groups))\n";
        let times = self.folder.join("times.json");
        std::fs::write(&times, serde_json::to_string(&suite.times_s())?)?;
        let output = Command::new("python3").args(["-c", script]).arg(&times).arg("16").output();
        let bound = suite.bound_us(16) as f64 / 1e6;
        match output {
            Ok(output) if output.status.success() => {
                for line in String::from_utf8_lossy(&output.stdout).lines() {
                    let (name, seconds) = line.split_once(' ').context("the peer's output")?;
                    let gap_ppm = 1e6 * (seconds.parse::<f64>()? - bound) / bound;
                    row(
                        &format!("peer pytest-split, {name}: makespan over the bound"),
                        &format!("{gap_ppm:.1} ppm"),
                        "",
                    );
                }
            }
            _ => row("peer pytest-split", "not installed (pip install pytest pytest-split)", ""),
        }
        Ok(())
    }

    /// Log-normal suites of several sizes: the worst gap over ten seeds.
    fn sizes(&self) -> Result<()> {
        for (files, shards) in [(24, 8), (94, 8), (200, 16), (500, 16), (230, 32), (1122, 32)] {
            let mut worst_ppm: f64 = 0.0;
            let mut proven = 0;
            for seed in 1..=10 {
                let suite = self.suite(files, 1, Dialect::Rspec, seed)?;
                let report = self.plan_report(&suite, shards, &[])?;
                let plan = &report["plan"];
                let (makespan, bound) = (number(&plan["makespan_us"])?, number(&plan["lower_bound_us"])?);
                worst_ppm = worst_ppm.max(1e6 * (makespan as f64 - bound as f64) / bound as f64);
                proven += usize::from(!plan["proof"].as_str().unwrap_or_default().starts_with("within"));
            }
            row(
                &format!("{files} files, {shards} shards: worst of 10, proven optimal"),
                &format!("{worst_ppm:.1} ppm, {proven} of 10"),
                "<= 100 ppm from 3 files a shard on",
            );
        }
        Ok(())
    }

    /// Timings move at random; how many files change shard when the last plan is given.
    fn churn(&self) -> Result<()> {
        let before = self.suite(1122, 8, Dialect::Rspec, 3)?;
        let old = self.folder.join("old-plan.json");
        self.plan(&before, 8, &[&format!("--plan={}", old.display())])?;
        for percent in [0, 2, 10, 20] {
            let after = before.with_noise(percent, &self.folder.join(format!("noise-{percent}")))?;
            let report = self.plan_report(&after, 8, &[&format!("--previous-plan={}", old.display())])?;
            let moved = number(&report["moved"])? as f64 / 1122.0 * 100.0;
            let plan = &report["plan"];
            let (makespan, bound) = (number(&plan["makespan_us"])? as f64, number(&plan["lower_bound_us"])? as f64);
            row(
                &format!("timings move by {percent} %: files that change shard, makespan over the bound"),
                &format!("{moved:.2} %, {:+.2} %", 100.0 * (makespan - bound) / bound),
                if percent == 0 { "0 files" } else { "<= 2 % at 10 %, <= +1 %" },
            );
        }
        Ok(())
    }

    fn large_report(&self) -> Result<()> {
        let path = self.folder.join("large/large.xml");
        junit::write_large(&path, self.size_percent * 10_000_000)?;
        let list = self.folder.join("large/files.txt");
        junit::write_large_list(&list)?;
        let mut ours = Command::new(&self.binary);
        ours.args(["shard", "--shards=4", "--shard=0", "--tests-from"]).arg(&list).arg("--timings").arg(&path);
        ours.arg("--out-dir").arg(self.folder.join("out"));
        let cost = run_costed(&mut ours)?;
        row(
            &format!("{} MB of JUnit: memory", self.size_percent * 10),
            &format!("{:.1} MB", cost.memory_kb as f64 / 1024.0),
            "<= 64 MB",
        );
        match run_costed(Command::new("xmllint").args(["--stream", "--noout", "--huge"]).arg(&path)) {
            Ok(peer) => row(
                "the same: processor time, beside xmllint --stream",
                &format!("{:.1} s, {:.1} s: {:.2} x", cost.cpu_s, peer.cpu_s, cost.cpu_s / peer.cpu_s),
                "<= 2 x",
            ),
            Err(_) => {
                row("the same: processor time", &format!("{:.1} s (no xmllint here)", cost.cpu_s), "<= 2 x xmllint")
            }
        }
        std::fs::remove_file(path)?;
        Ok(())
    }

    fn suite(&self, files: usize, reports: usize, dialect: Dialect, seed: u64) -> Result<Suite> {
        let folder = self.folder.join(format!("{dialect:?}-{files}-{reports}-{seed}"));
        Suite::write(&folder, files, reports, dialect, seed)
    }

    fn command(&self, suite: &Suite, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(args[0]).args(["--tests-from", "files.txt", "--timings", "reports/*.xml"]).args(&args[1..]);
        command.arg("--debug").current_dir(&suite.folder);
        command.args(if args[0] == "shard" { vec!["--out-dir=out"] } else { vec![] });
        command
    }

    fn plan_report(&self, suite: &Suite, shards: usize, extra: &[&str]) -> Result<serde_json::Value> {
        let shards = format!("--shards={shards}");
        let mut args = vec!["plan", "--json=-", &shards];
        args.extend(extra);
        let output = self.command(suite, &args).output()?;
        if !output.status.success() {
            bail!("plan failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// The true makespan of a plan, computed from the times that the reports were made from.
    fn plan(&self, suite: &Suite, shards: usize, extra: &[&str]) -> Result<(u64, u64, u64)> {
        let report = self.plan_report(suite, shards, extra)?;
        let planned = report["plan"]["shards"].as_array().context("no shards")?;
        let loads = planned.iter().map(|shard| {
            let units = shard["units"].as_array().into_iter().flatten();
            units.filter_map(|unit| suite.time_us(unit.as_str()?)).sum::<u64>()
        });
        Ok((loads.max().unwrap_or_default(), suite.bound_us(shards), number(&report["known"])?))
    }
}
