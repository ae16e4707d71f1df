//! A program on this machine: without a shell, in a process group of its own, bounded in time and output.

use super::clock::Clock;
use super::{Exchange, Response};
use crate::event::{Cause, Fault};
use rustix::process::{Pid, Signal, kill_process_group};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command};

/// Bytes that are read at once; what a pipe holds on Linux.
const CHUNK_BYTES: usize = 64 << 10;

/// How long a killed program has to be gone; only one that hangs in the kernel takes longer.
const KILLED_GRACE: Duration = Duration::from_millis(500);

/// The exit code that shells give for a program that was killed: 128 and the number of the signal.
const KILLED_STATUS: u16 = 128 + 9;

/// Runs the program. Its standard output and error go into one pipe, so that they come in the order written. What it
/// leaves running in the background is not waited for.
pub(super) async fn run(line: &[String], max_output_bytes: u64, clock: &Clock) -> Exchange {
    let mut exchange = Exchange::default();
    match start(line) {
        Ok((child, output)) => watch(child, output, &line[0], max_output_bytes, clock, &mut exchange).await,
        Err(error) => {
            let program = line.first().map_or("", String::as_str);
            exchange.fault = Some(Fault {
                cause: Cause::CommandNotStarted,
                message: format!("`{}` could not be started: {error}", program.escape_debug()),
            });
        }
    }
    exchange.phases.total_us = clock.elapsed_us();
    exchange
}

fn start(line: &[String]) -> io::Result<(Group, Receiver)> {
    let Some((program, arguments)) = line.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no program was named"));
    };
    let (reader, writer) = io::pipe()?;
    let output = Receiver::from_owned_fd(OwnedFd::from(reader))?;
    // The command holds the pipe's other ends; it goes at the end of this function, so that the pipe can end.
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    Ok((Group { child, ended: false }, output))
}

/// A program and all that it started.
struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    fn kill(&self) {
        // The number is the child's as long as nobody has waited for it.
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id.filter(|_| !self.ended) {
            // It fails when the group is gone already, which is what is wanted.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }

    async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.ended = true;
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn watch(
    mut group: Group,
    mut output: Receiver,
    program: &str,
    max_output_bytes: u64,
    clock: &Clock,
    exchange: &mut Exchange,
) {
    let program = format!("`{}`", program.escape_debug());
    let mut body = Vec::new();
    let ended = clock.within(until_end(&mut group, &mut output, &mut body, max_output_bytes)).await;
    let fault = |cause, message| Some(Fault { cause, message });
    let mut status = None;
    exchange.fault = match ended {
        None => {
            group.kill();
            let _ = tokio::time::timeout(KILLED_GRACE, group.wait()).await;
            fault(Cause::CommandKilled, format!("{program} had not ended within {} and was killed", clock.elapsed()))
        }
        Some(Ok(End::TooLong)) => {
            group.kill();
            let _ = tokio::time::timeout(KILLED_GRACE, group.wait()).await;
            let message =
                format!("{program} wrote more than {max_output_bytes} bytes and was killed after {}", clock.elapsed());
            fault(Cause::BodyTooLarge, message)
        }
        Some(Err(error)) => {
            group.kill();
            fault(Cause::CommandKilled, format!("{program} could not be watched and was killed: {error}"))
        }
        Some(Ok(End::Exited(exit))) => match (exit.code(), exit.signal()) {
            (Some(code), _) => {
                status = u16::try_from(code).ok();
                None
            }
            (None, signal) => {
                status = signal.and_then(|signal| u16::try_from(signal).ok()).map(|signal| 128 + signal);
                let signal = signal.map_or_else(|| "a signal".to_owned(), |signal| format!("signal {signal}"));
                fault(Cause::CommandKilled, format!("{program} was ended by {signal} after {}", clock.elapsed()))
            }
        },
    };
    if status.is_some() || !body.is_empty() {
        exchange.response = Some(Response { status: status.unwrap_or(KILLED_STATUS), body, ..Response::default() });
    }
}

enum End {
    Exited(ExitStatus),
    TooLong,
}

async fn until_end(group: &mut Group, output: &mut Receiver, body: &mut Vec<u8>, max_bytes: u64) -> io::Result<End> {
    let max = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut open = true;
    loop {
        tokio::select! {
            biased;
            read = output.read(&mut chunk), if open => match read? {
                0 => open = false,
                count => {
                    if !keep(body, &chunk[..count], max) {
                        return Ok(End::TooLong);
                    }
                }
            },
            exit = group.wait() => {
                let exit = exit?;
                // What it wrote before it ended is in the pipe, which others may hold open.
                while let Ok(count @ 1..) = output.try_read(&mut chunk) {
                    if !keep(body, &chunk[..count], max) {
                        return Ok(End::TooLong);
                    }
                }
                return Ok(End::Exited(exit));
            }
        }
    }
}

fn keep(body: &mut Vec<u8>, bytes: &[u8], max: usize) -> bool {
    let room = max.saturating_sub(body.len());
    body.extend_from_slice(&bytes[..bytes.len().min(room)]);
    bytes.len() <= room
}
