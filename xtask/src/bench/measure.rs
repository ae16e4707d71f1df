//! Processor time, memory and instructions of whole processes.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a process cost.
pub(crate) struct Cost {
    /// User and system time in seconds.
    pub cpu_s: f64,
    /// From start to end in seconds.
    pub wall_s: f64,
    /// Peak resident memory in KiB.
    pub memory_kb: u64,
}

/// Runs a command under GNU `time`, which asks the kernel. Errors: the command fails, or there is no `time`.
pub(crate) fn run_costed(command: &mut Command) -> Result<Cost> {
    run_costed_into(command, Stdio::null(), &[0])
}

/// The same, with its output kept, and with the exit codes that are no failure of a command that judges.
pub(crate) fn run_costed_into(command: &mut Command, out: Stdio, codes: &[i32]) -> Result<Cost> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "COST %U %S %e %M"]).arg(command.get_program()).args(command.get_args());
    timed.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let output = timed.stdout(out).output().context("cannot start /usr/bin/time (Debian package time)")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.code().is_some_and(|code| codes.contains(&code)) {
        bail!("the command failed: {stderr}");
    }
    let line = stderr.lines().rev().find(|line| line.starts_with("COST ")).context("no cost line")?;
    let mut words = line.split(' ').skip(1);
    let mut next = || words.next().context("a cost is missing");
    let (user, system, wall, memory) = (next()?, next()?, next()?, next()?);
    let cpu_s = user.parse::<f64>()? + system.parse::<f64>()?;
    Ok(Cost { cpu_s, wall_s: wall.parse()?, memory_kb: memory.parse()? })
}

/// What one of `times` runs costs: a clock that counts hundredths of a second says nothing of one.
pub(crate) fn run_costed_often(command: &mut Command, times: u32, codes: &[i32]) -> Result<Cost> {
    const LOOP: &str = "n=$1; shift; while [ $n -gt 0 ]; do \"$@\"; code=$?; n=$((n - 1)); done; exit $code";
    let mut often = Command::new("sh");
    often.args(["-c", LOOP, "sh", &times.to_string()]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        often.current_dir(folder);
    }
    let cost = run_costed_into(&mut often, Stdio::null(), codes)?;
    let times = f64::from(times);
    Ok(Cost { cpu_s: cost.cpu_s / times, wall_s: cost.wall_s / times, ..cost })
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
