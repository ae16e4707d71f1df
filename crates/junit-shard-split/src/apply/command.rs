//! Starts the user's command and waits for it.

use crate::error::Error;
use kit_host::Host;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// How often the command is looked at; the wait ends at once when a signal comes.
const POLL: Duration = Duration::from_millis(10);
/// How long the command may tidy up after a signal before it is killed. GitHub gives 7.5 s from SIGINT to SIGTERM and
/// 2.5 s more (docs.github.com, "Canceling a workflow"); we must still write the receipt.
const GRACE: Duration = Duration::from_secs(5);

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The exit code, unless a signal ended it.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The signal that we got meanwhile and passed on.
    pub interrupted_by: Option<i32>,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
}

/// Runs `line` with `variables` added to the environment. SIGINT and SIGTERM are passed on to it; if it does not end
/// within a grace period it is killed. Errors: an empty line, or a program that can't be started.
pub fn run(host: &Host, line: &[OsString], variables: &[(String, String)]) -> Result<Ended, Error> {
    let (program, arguments) = line.split_first().ok_or_else(|| Error::input("no command given after `--`"))?;
    let signals = host.signals.take();
    let started = Instant::now();
    let name = program.to_string_lossy().into_owned();
    let mut child = Command::new(program)
        .args(arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .spawn()
        .map_err(|err| match err.kind() {
            std::io::ErrorKind::NotFound => Error::input(format!("the command `{name}` does not exist")),
            std::io::ErrorKind::ArgumentListTooLong => Error::input(format!(
                "the arguments are too many for one command line; let `{name}` read them from {{dir}}/files.txt or args.txt"
            )),
            _ => Error::world("start", name.clone(), err),
        })?;
    let mut interrupted: Option<(i32, Instant)> = None;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|err| Error::world("wait for", name.clone(), err))? {
            break status;
        }
        match signals.recv_timeout(POLL) {
            Ok(signal) => {
                pass_on(&child, signal);
                interrupted.get_or_insert((signal, Instant::now()));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(POLL),
        }
        if interrupted.is_some_and(|(_, at)| at.elapsed() >= GRACE) {
            // It may have ended this instant; then there is nothing left to kill.
            let _ = child.kill();
        }
    };
    Ok(ended(status, interrupted.map(|(signal, _)| signal), started.elapsed()))
}

fn pass_on(child: &Child, signal: i32) {
    let signal = if signal == Signal::INT.as_raw() { Signal::INT } else { Signal::TERM };
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // The command may have ended this instant; then nobody needs the signal.
        let _ = kill_process(pid, signal);
    }
}

fn ended(status: ExitStatus, interrupted_by: Option<i32>, duration: Duration) -> Ended {
    use std::os::unix::process::ExitStatusExt;
    Ended {
        exit_code: status.code(),
        signal: status.signal(),
        interrupted_by,
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
    }
}
