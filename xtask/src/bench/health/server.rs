//! `fault-server`, started as a program: see its crate for what the classes are.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The program, once it is built.
pub(super) struct Program(PathBuf);

/// A class and its truth.
#[derive(Clone)]
pub(super) struct Class {
    pub name: String,
    pub is_healthy: bool,
}

/// A running server; its end is the end of its input.
pub(super) struct Server {
    child: Child,
    pub told: Told,
}

/// What it tells about itself.
#[derive(Deserialize)]
pub(super) struct Told {
    pub class: String,
    pub asks_tls: bool,
    pub url: String,
    pub addresses: Vec<std::net::SocketAddr>,
    pub ca_file: Option<String>,
    /// What `healthcheck` is asked.
    pub arguments: Vec<String>,
    ready_at_unix_us: u64,
}

impl Told {
    /// What an option is given: the last one counts.
    pub(super) fn value(&self, option: &str) -> Option<&str> {
        let place = self.arguments.iter().rposition(|word| word == option)?;
        self.arguments.get(place + 1).map(String::as_str)
    }
}

impl Program {
    /// Builds it. Errors: cargo fails.
    pub(super) fn build(root: &Path, target: &Path) -> Result<Program> {
        let mut cargo = Command::new(crate::checkout::cargo());
        let status = cargo.args(["build", "--quiet", "--package=fault-server"]).current_dir(root).status()?;
        if !status.success() {
            bail!("fault-server does not build");
        }
        Ok(Program(target.join("debug/fault-server")))
    }

    /// All classes, in the order of the tables.
    pub(super) fn classes(&self) -> Result<Vec<Class>> {
        let output = Command::new(&self.0).output()?;
        let text = String::from_utf8(output.stdout)?;
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(pairs.map(|(name, truth)| Class { name: name.into(), is_healthy: truth == "healthy" }).collect())
    }

    /// Starts it for a class. Errors: it says nothing, or something else.
    pub(super) fn start(&self, class: &str, options: &[&str]) -> Result<Server> {
        let mut command = Command::new(&self.0);
        let mut child = command.arg(class).args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let told = serde_json::from_str(&line).with_context(|| format!("fault-server said {line:?}"))?;
        Ok(Server { child, told })
    }
}

impl Server {
    /// How long ago it turned ready. Errors: it has not yet.
    pub(super) fn ready_since(&self) -> Result<Duration> {
        let ready_at = UNIX_EPOCH + Duration::from_micros(self.told.ready_at_unix_us);
        SystemTime::now().duration_since(ready_at).context("green before it was ready")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.stdin.take();
        // It ends by itself, and whoever drops it has nobody to tell when it doesn't.
        let _ = self.child.wait();
    }
}
