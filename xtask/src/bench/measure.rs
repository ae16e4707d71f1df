//! Processor time, memory and instructions of whole processes.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a process cost.
pub(crate) struct Cost {
    /// User and system time in seconds.
    pub cpu_s: f64,
    /// Peak resident memory in KiB.
    pub memory_kb: u64,
}

/// Runs a command under GNU `time`, which asks the kernel. Errors: the command fails, or there is no `time`.
pub(crate) fn run_costed(command: &mut Command) -> Result<Cost> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "COST %U %S %M"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let output = timed.stdout(Stdio::null()).output().context("cannot start /usr/bin/time (Debian package time)")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("the command failed: {stderr}");
    }
    let line = stderr.lines().rev().find(|line| line.starts_with("COST ")).context("no cost line")?;
    let mut words = line.split(' ').skip(1);
    let mut next = || words.next().context("a cost is missing");
    let (user, system, memory) = (next()?, next()?, next()?);
    Ok(Cost { cpu_s: user.parse::<f64>()? + system.parse::<f64>()?, memory_kb: memory.parse()? })
}

/// Counts a command's instructions with valgrind; `None` where there is none.
pub(crate) fn instructions(command: &mut Command, folder: &Path) -> Result<Option<u64>> {
    let out = folder.join("callgrind.out");
    let mut counted = Command::new("valgrind");
    counted.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display()));
    counted.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        counted.current_dir(folder);
    }
    let Ok(output) = counted.output() else { return Ok(None) };
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().find(|line| line.contains("Collected")).context("valgrind counted nothing")?;
    Ok(Some(line.rsplit(' ').next().context("no count")?.parse()?))
}
