//! Starting programs with a time limit: every client, installer and container of the tests goes through here.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Bytes kept of each stream, 64 MiB: a client that loops must not fill the memory. The rest is read and dropped.
const CAPTURE_LIMIT_BYTES: usize = 64 << 20;

/// How long a client may clean up after SIGTERM before it gets SIGKILL. act needs about 2 s to remove its containers.
const GRACE: Duration = Duration::from_secs(15);

/// How long to wait for the end of a stream whose process has ended: a background grandchild may still hold it open.
const STREAM_GRACE: Duration = Duration::from_secs(2);

/// What a program did.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The exit code; `None` when a signal ended the program, as after a time-out.
    pub code: Option<i32>,
    /// True when the limit ran out and the program was stopped from outside.
    pub timed_out: bool,
    /// Standard output, with invalid UTF-8 replaced, cut at 64 MiB.
    pub stdout: String,
    /// Standard error likewise; empty when it was merged into `stdout`.
    pub stderr: String,
    /// Wall time from start to end, in milliseconds.
    pub elapsed_ms: u64,
}

impl Finished {
    /// True for exit code 0.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }

    /// Both streams, standard output first.
    pub fn log(&self) -> String {
        match (self.stdout.is_empty(), self.stderr.is_empty()) {
            (_, true) => self.stdout.clone(),
            (true, false) => self.stderr.clone(),
            (false, false) => format!("{}\n{}", self.stdout.trim_end(), self.stderr),
        }
    }

    /// The last `count` lines of [`Finished::log`], for an error message.
    pub fn tail(&self, count: usize) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// `self` when the program ended with 0, else an error that names `what`, the code and the last lines.
    pub fn checked(self, what: &str) -> Result<Finished> {
        if self.success() {
            return Ok(self);
        }
        let how = match (self.timed_out, self.code) {
            (true, _) => format!("was stopped after {} ms", self.elapsed_ms),
            (false, Some(code)) => format!("ended with exit code {code}"),
            (false, None) => "was ended by a signal".to_owned(),
        };
        anyhow::bail!("{what} {how}:\n{}", self.tail(30))
    }
}

/// Runs `command` with an empty standard input and its two streams captured apart, for at most `limit`.
///
/// The program gets a process group of its own; when the limit runs out, the whole group gets SIGTERM and, 15 s later,
/// SIGKILL. Errors: the program can't be started.
pub fn run(command: Command, limit: Duration) -> Result<Finished> {
    start(command, false)?.wait(limit)
}

/// Like [`run`], with standard error merged into `stdout` in the order of printing, as a CI's log shows it.
pub fn run_merged(command: Command, limit: Duration) -> Result<Finished> {
    start(command, true)?.wait(limit)
}

/// Runs `command` and returns its trimmed standard output. Errors: it can't be started, or ends with another code than 0.
pub fn read(command: Command, limit: Duration) -> Result<String> {
    let what = name_of(&command);
    Ok(run(command, limit)?.checked(&what)?.stdout.trim().to_owned())
}

/// True when a program of this name stands on PATH.
pub fn on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

/// The first executable file of this name on PATH, links resolved.
pub fn find_on_path(program: &str) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find_map(|file| {
        let meta = file.metadata().ok()?;
        (meta.is_file() && meta.permissions().mode() & 0o111 != 0).then(|| file.canonicalize().ok()).flatten()
    })
}

/// A started program whose streams are being read.
struct Started {
    child: Child,
    streams: Vec<mpsc::Receiver<Vec<u8>>>,
    since: Instant,
}

fn name_of(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.get_args().next() {
        Some(first) => format!("{program} {}", first.to_string_lossy()),
        None => program,
    }
}

fn start(mut command: Command, merged: bool) -> Result<Started> {
    let what = name_of(&command);
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    let mut streams = vec![drain(reader)];
    command.stdin(Stdio::null());
    if merged {
        command.stderr(writer.try_clone().context("cannot clone a pipe")?);
    } else {
        let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
        streams.push(drain(reader));
        command.stderr(writer);
    }
    command.stdout(writer).process_group(0);
    let since = Instant::now();
    let child = command.spawn().with_context(|| format!("cannot start `{what}`"))?;
    // `command` is dropped here, and with it this process's write ends: without that the readers would never see the end.
    Ok(Started { child, streams, since })
}

/// Reads a stream to its end on a thread of its own, so that neither stream can block the program.
fn drain(mut reader: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 || send.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}

impl Started {
    fn wait(mut self, limit: Duration) -> Result<Finished> {
        let mut texts = vec![Vec::new(); self.streams.len()];
        let mut status = self.poll_until(self.since + limit, &mut texts)?;
        let timed_out = status.is_none();
        if timed_out {
            self.signal_group("TERM");
            status = self.poll_until(Instant::now() + GRACE, &mut texts)?;
            self.signal_group("KILL");
        }
        let status = match status {
            Some(status) => status,
            None => self.child.wait().context("cannot wait for a program")?,
        };
        let elapsed_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let until = Instant::now() + STREAM_GRACE;
        for (stream, text) in self.streams.iter().zip(&mut texts) {
            while let Ok(chunk) = stream.recv_timeout(until.saturating_duration_since(Instant::now())) {
                keep(text, &chunk);
            }
        }
        let mut texts = texts.into_iter().map(|text| String::from_utf8_lossy(&text).into_owned());
        let (stdout, stderr) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        Ok(Finished { code: status.code().filter(|_| !timed_out), timed_out, stdout, stderr, elapsed_ms })
    }

    fn poll_until(&mut self, deadline: Instant, texts: &mut [Vec<u8>]) -> Result<Option<std::process::ExitStatus>> {
        let mut pause = Duration::from_millis(1);
        loop {
            for (stream, text) in self.streams.iter().zip(texts.iter_mut()) {
                stream.try_iter().for_each(|chunk| keep(text, &chunk));
            }
            if let Some(status) = self.child.try_wait().context("cannot wait for a program")? {
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Signals the program's whole process group. The shell's own `kill` is used because a bare machine may lack procps.
    fn signal_group(&self, signal: &str) {
        let group = self.child.id();
        let line = format!("kill -{signal} -{group} 2>/dev/null");
        let _ = Command::new("sh").args(["-c", &line]).stdin(Stdio::null()).status();
    }
}

fn keep(text: &mut Vec<u8>, chunk: &[u8]) {
    let room = CAPTURE_LIMIT_BYTES.saturating_sub(text.len());
    text.extend_from_slice(&chunk[..chunk.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn streams_and_code_are_kept_apart() -> Result<()> {
        let finished = run(sh("echo out; echo err >&2; exit 3"), Duration::from_secs(10))?;
        assert_eq!((finished.code, finished.stdout.as_str(), finished.stderr.as_str()), (Some(3), "out\n", "err\n"));
        let merged = run_merged(sh("echo one; echo two >&2; echo three"), Duration::from_secs(10))?;
        assert_eq!(merged.stdout, "one\ntwo\nthree\n");
        Ok(())
    }

    #[test]
    fn a_time_out_ends_the_whole_group() -> Result<()> {
        let finished = run(sh("sleep 60 & echo $!; wait"), Duration::from_millis(300))?;
        assert!(finished.timed_out && finished.code.is_none());
        let grandchild = finished.stdout.trim().to_owned();
        // A dead process may stay as a zombie (state Z) until the machine's init collects it.
        let state =
            std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_else(|_| "gone) Z".to_owned());
        assert!(state.contains(") Z"), "process {grandchild} outlived its time limit: {state}");
        Ok(())
    }

    #[test]
    fn a_grandchild_that_holds_the_stream_does_not_hang_the_run() -> Result<()> {
        let finished = run(sh("sleep 5 & echo started"), Duration::from_secs(60))?;
        assert_eq!(finished.stdout, "started\n");
        assert!(finished.elapsed_ms < 4_000);
        Ok(())
    }

    #[test]
    fn much_output_does_not_block() -> Result<()> {
        let finished = run(sh("head -c 3000000 /dev/zero | tr '\\0' x"), Duration::from_secs(20))?;
        assert_eq!(finished.stdout.len(), 3_000_000);
        Ok(())
    }
}
