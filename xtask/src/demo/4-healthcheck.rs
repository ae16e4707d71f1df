//! A deployment of the demo shop over three instances that start one after the other. The third one comes up with the old release:
//! it is healthy, and still not the release. `healthcheck` names it, and turns green once it is replaced.
//!
//! Nothing but loopback is needed.

use super::Stage;
use super::page::{Bar, Group, Part};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Variables by which a CI is known: the act plays in a shell wherever it plays.
const HOSTS: [&str; 6] =
    ["GITHUB_ACTIONS", "BITBUCKET_BUILD_NUMBER", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "JENKINS_URL"];

const RELEASE: &str = "2026-11-b";
const OLD: &str = "2026-11-a";

/// When each instance starts after the check, and with which release.
const STARTS: [(Duration, &str); 3] =
    [(Duration::ZERO, RELEASE), (Duration::from_millis(600), RELEASE), (Duration::from_millis(1200), OLD)];

/// When the third one is replaced.
const REPLACED: Duration = Duration::from_secs(4);

/// The instances, ended with the act.
struct Fleet<'s> {
    stage: &'s Stage,
    ports: [u16; 3],
    running: [Option<Child>; 3],
}

impl Fleet<'_> {
    /// Starts an instance on its port, in place of the one that is there.
    fn start(&mut self, at: usize, release: &str) -> Result<()> {
        self.stop(at);
        let mut command = Command::new(self.stage.programs.join("shop"));
        command.args(["serve", "--port", &self.ports[at].to_string()]).env("RELEASE", release);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start the shop")?;
        // The first line says that it listens.
        let output = child.stdout.take().context("the shop has no output")?;
        self.running[at] = Some(child);
        BufReader::new(output).read_line(&mut String::new())?;
        Ok(())
    }

    fn stop(&mut self, at: usize) {
        if let Some(mut child) = self.running[at].take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Fleet<'_> {
    fn drop(&mut self) {
        (0..self.running.len()).for_each(|at| self.stop(at));
    }
}

/// Plays the act.
pub(crate) fn play(stage: &Stage) -> Result<Part> {
    println!("Release {RELEASE} of the shop goes to three instances; the third one comes up with {OLD}.\n");
    let mut fleet = Fleet { stage, ports: free_ports()?, running: [None, None, None] };
    let (report, record) = (stage.folder.join("health.json"), stage.folder.join("health.jsonl"));
    let mut command = Command::new(stage.programs.join("healthcheck"));
    command.current_dir(&stage.folder).args(["wait", "http://shop.example/healthz", "--expect-json", "$.status == ok"]);
    command.args(["--expect-version", RELEASE, "--version-path", "/__release", "--interval", "200ms"]);
    command.args(["--deadline", "30s"]);
    command.args(fleet.ports.iter().map(|port| format!("--address=127.0.0.1:{port}")));
    command.arg("--json").arg(&report).arg("--record").arg(&record);
    for name in HOSTS {
        command.env_remove(name);
    }
    let started = Instant::now();
    let check = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let check = check.context("cannot start healthcheck")?;
    for (at, (after, release)) in STARTS.into_iter().enumerate() {
        wait_until(started + after);
        fleet.start(at, release)?;
        println!("  {:>4.1} s  instance {} is up with {release}", started.elapsed().as_secs_f64(), at + 1);
    }
    wait_until(started + REPLACED);
    fleet.start(2, RELEASE)?;
    let replaced = started.elapsed();
    println!("  {:>4.1} s  instance 3 is replaced", replaced.as_secs_f64());
    let output = check.wait_with_output()?;
    let green = started.elapsed();
    println!("  {:>4.1} s  healthcheck has its answer\n", green.as_secs_f64());
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    ensure!(output.status.code() == Some(0), "exit code {:?}, not 0:\n{said}", output.status.code());
    ensure!(said.contains(OLD), "the old release is not named:\n{said}");
    let report: Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    ensure!(report["verdict"] == "pass", "{report}");
    let samples = std::fs::read_to_string(&record)?;
    let misses = samples.lines().filter(|line| line.contains("\"kind\":\"version\"")).count();
    ensure!(misses > 0, "no answer of the old release was heard");
    let seconds = |label: &str, time: Duration| Bar {
        label: label.to_owned(),
        value: format!("{:.1} s", time.as_secs_f64()),
        share: time.as_secs_f64() / green.as_secs_f64(),
    };
    Ok(Part {
        title: "healthcheck".to_owned(),
        summary: format!(
            "Release {RELEASE} goes to three instances. The third one answers 200 with {OLD}, {misses} times: healthy, and not the \
             release. It is named, and the answer is green {:.1} s after it was replaced.",
            (green - replaced).as_secs_f64()
        ),
        groups: vec![Group {
            title: "The deployment".to_owned(),
            bars: vec![
                seconds("third instance up, old release", STARTS[2].0),
                seconds("third instance replaced", replaced),
                seconds("green", green),
            ],
        }],
        links: vec![("every sample".to_owned(), "health.jsonl".to_owned())],
        log: format!(
            "$ healthcheck wait http://shop.example/healthz --expect-version {RELEASE} --version-path /__release …\n{said}"
        ),
    })
}

fn wait_until(moment: Instant) {
    std::thread::sleep(moment.saturating_duration_since(Instant::now()));
}

/// Ports that are free now.
fn free_ports() -> Result<[u16; 3]> {
    let bind = || std::net::TcpListener::bind("127.0.0.1:0");
    let listeners = [bind()?, bind()?, bind()?];
    let mut ports = [0; 3];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}
