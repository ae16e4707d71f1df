//! `healthcheck`: many instances at once, the time to green, what a check costs, and the fault classes beside other tools.

mod faults;
mod peers;
mod server;
mod watched;

use super::measure::run_costed_often;
use super::{Bench, row};
use anyhow::{Context, Result, bail};
use peers::Peer;
use server::Program;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use watched::{Watched, run_watched};

/// Runs of what takes less than the clock can tell.
const OFTEN: u32 = 50;
/// Runs of which the 99th in a hundred is told.
const GREEN_RUNS: u64 = 100;
/// Of them at once: one a core, so that they don't wait for each other.
const GREEN_AT_ONCE: u64 = 2;
/// Between the probes of those runs.
const GREEN_INTERVAL: Duration = Duration::from_millis(100);

/// All figures of the tool.
pub(super) fn run(bench: &Bench) -> Result<()> {
    let program = Program::build(&bench.root, &super::target(&bench.root))?;
    let peers = peers::all(&bench.root, &bench.folder);
    attempt("200 instances", bench.instances(&program, &peers, 200, "end <= 50 ms late, <= 30 MB, <= 2 threads"));
    attempt("2,000 instances", bench.instances(&program, &peers, 2000, "<= 150 MB"));
    attempt("time to green after ready", bench.time_to_green(&program));
    attempt("a ready endpoint", bench.ready(&program, &peers));
    println!();
    faults::run(bench, &program, &peers)
}

/// A figure that can't be had is a row too.
fn attempt(what: &str, result: Result<()>) {
    if let Err(why) = result {
        row(what, &format!("not measured: {}", one_line(&format!("{why:#}"))), "");
    }
}

impl Bench {
    /// Three passes in a row at 1 s, each instance at an address of its own.
    fn instances(&self, program: &Program, peers: &[Peer], count: usize, goal: &str) -> Result<()> {
        let count = count * self.size_percent.clamp(1, 100) as usize / 100;
        let instances = count.to_string();
        let options = ["--instances", &instances, "--first", "127.0.1.1", "--interval-ms", "1000"];
        let server = program.start("ready", &options)?;
        let record = self.folder.join("record.jsonl");
        let mut command = self.healthcheck();
        command.args(&server.told.arguments).arg("--record").arg(&record);
        let watched = run_watched(&mut command)?;
        watched.expect(0)?;
        let (ended_us, passes) = recorded(&record)?;
        if passes != count as u64 * 3 {
            bail!("{passes} passes of {count} instances");
        }
        let late_ms = (ended_us as f64 - 2_000_000.0) / 1000.0;
        let figure = format!("end {late_ms:.0} ms late, {}", processes(&watched));
        row(&format!("{count} instances, 3 passes at 1 s"), &figure, goal);
        for peer in peers.iter().filter(|peer| peer.asks_all) {
            let watched = peer.command(&server).and_then(|mut command| run_watched(&mut command));
            let figure = watched.map_or_else(|why| format!("not measured: {why:#}"), |watched| processes(&watched));
            row(&format!("peer {}, {count} instances", peer.name), &figure, "");
        }
        Ok(())
    }

    /// From the moment when a server turns ready to the end of the process.
    fn time_to_green(&self, program: &Program) -> Result<()> {
        let next = AtomicU64::new(0);
        let times = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..GREEN_AT_ONCE)
                .map(|_| {
                    scope.spawn(|| -> Result<()> {
                        loop {
                            let n = next.fetch_add(1, Ordering::Relaxed);
                            if n >= GREEN_RUNS {
                                return Ok(());
                            }
                            let time = self.one_time_to_green(program, n)?;
                            times.lock().map_err(|_| anyhow::anyhow!("a run panicked"))?.push(time);
                        }
                    })
                })
                .collect();
            workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a run panicked"))?)
        })?;
        let mut times = times.into_inner().map_err(|_| anyhow::anyhow!("a run panicked"))?;
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1].as_millis();
        let interval = GREEN_INTERVAL.as_millis();
        row(
            &format!("time to green after ready, 1 pass at {interval} ms, {GREEN_RUNS} runs"),
            &format!("{} ms median, {} ms at the 99th percentile", at(50), at(99)),
            &format!("<= {} ms at the 99th percentile", interval + 20),
        );
        Ok(())
    }

    /// Servers turn ready at all moments between two probes.
    fn one_time_to_green(&self, program: &Program, n: u64) -> Result<Duration> {
        let (ready_after, interval) = ((250 + n * 37 % 100).to_string(), GREEN_INTERVAL.as_millis().to_string());
        let options = ["--ready-after-ms", &ready_after, "--interval-ms", &interval];
        let server = program.start("unavailable-then-ready", &options)?;
        let mut command = self.healthcheck();
        command.args(&server.told.arguments).args(["--passes", "1"]);
        let output = command.output()?;
        let since = server.ready_since();
        if !output.status.success() {
            bail!("{}: {}", output.status, one_line(&String::from_utf8_lossy(&output.stderr)));
        }
        since
    }

    /// What one answer of a server that is ready costs, from start to finish.
    fn ready(&self, program: &Program, peers: &[Peer]) -> Result<()> {
        let mut server = program.start("ready", &[])?;
        server.told.arguments.extend(["--passes", "1"].map(str::to_owned));
        let mut command = self.healthcheck();
        command.args(&server.told.arguments);
        row("a ready endpoint, processor time", &processor_time(Ok(command)), "<= 6 ms");
        for peer in peers {
            row(&format!("peer {}", peer.name), &processor_time(peer.command(&server)), "");
        }
        Ok(())
    }

    /// The tool without the environment of whoever runs the bench: neither its proxies nor its CI.
    pub(super) fn healthcheck(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().current_dir(&self.folder).stdin(Stdio::null());
        command
    }
}

fn processes(Watched { exit, peak_kb, threads, wall, .. }: &Watched) -> String {
    let failed = if *exit == Some(0) { String::new() } else { format!(", but exit {exit:?}") };
    let (wall_s, peak_mb) = (wall.as_secs_f64(), *peak_kb as f64 / 1024.0);
    format!("{wall_s:.2} s from start to finish, {peak_mb:.1} MB, {threads} threads{failed}")
}

fn processor_time(command: Result<Command>) -> String {
    let cost = match command {
        Ok(mut command) => run_costed_often(&mut command, OFTEN, &[0]),
        Err(why) => return format!("not here: {}", one_line(&format!("{why:#}"))),
    };
    match cost {
        Ok(cost) => format!("{:.1} ms", cost.cpu_s * 1000.0),
        Err(why) => format!("it failed: {}", one_line(&format!("{why:#}"))),
    }
}

/// When a recorded run ended, µs, and its samples without a fault or a miss.
fn recorded(path: &std::path::Path) -> Result<(u64, u64)> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let (mut ended_us, mut passes) = (None, 0);
    for line in text.lines().skip(1) {
        let event: serde_json::Value = serde_json::from_str(line)?;
        match event["event"].as_str() {
            Some("end") => ended_us = event["at_us"].as_u64(),
            Some("sample") => {
                let steps = event["steps"].as_array().context("a sample has no steps")?;
                passes += u64::from(steps.iter().all(|step| step["fault"].is_null() && step["misses"].is_null()));
            }
            _ => {}
        }
    }
    Ok((ended_us.context("the recording has no end")?, passes))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().take(30).collect::<Vec<_>>().join(" ").replace('|', "/")
}
