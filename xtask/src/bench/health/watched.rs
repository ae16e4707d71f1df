//! A process whose memory and threads are looked at while it runs.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// What was seen.
pub(super) struct Watched {
    /// Exit code; `None`: ended by a signal.
    pub exit: Option<i32>,
    /// Peak of resident memory in KiB, as the kernel counted it until the last look.
    pub peak_kb: u64,
    /// Most threads at any look.
    pub threads: u64,
    /// From start to end.
    pub wall: Duration,
    /// Standard error.
    pub stderr: String,
}

impl Watched {
    /// Errors: another exit code.
    pub(super) fn expect(&self, exit: i32) -> Result<()> {
        if self.exit != Some(exit) {
            bail!("exit {:?}: {}", self.exit, self.stderr);
        }
        Ok(())
    }
}

/// Runs a command to its end. Errors: it can't be started.
pub(super) fn run_watched(command: &mut Command) -> Result<Watched> {
    let began = Instant::now();
    let errors = tempfile()?;
    let mut child = command.stdout(Stdio::null()).stderr(errors.0).spawn().context("cannot start the tool")?;
    let status_file = format!("/proc/{}/status", child.id());
    let (mut peak_kb, mut threads) = (0, 0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let text = std::fs::read_to_string(&status_file).unwrap_or_default();
        peak_kb = peak_kb.max(field(&text, "VmHWM:"));
        threads = threads.max(field(&text, "Threads:"));
        std::thread::sleep(LOOK);
    };
    let wall = began.elapsed();
    let stderr = std::fs::read_to_string(&errors.1).unwrap_or_default();
    Ok(Watched { exit: status.code(), peak_kb, threads, wall, stderr })
}

/// A file for standard error: a pipe that nobody reads would stop the process.
fn tempfile() -> Result<(std::fs::File, std::path::PathBuf)> {
    let path = std::env::temp_dir().join("roadcrew-bench").join(format!("stderr-{}", std::process::id()));
    Ok((std::fs::File::create(&path)?, path))
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}
