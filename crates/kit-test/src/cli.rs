//! Starts a program with nothing in its environment that the test did not put there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may run: far above what any test needs, far below a CI job's limit.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A program that is about to be started.
#[derive(Debug, Clone)]
pub struct Cli {
    program: PathBuf,
    args: Vec<OsString>,
    env: BTreeMap<String, String>,
    dir: PathBuf,
    stdin: Vec<u8>,
}

/// What a program left.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Exit code; -1 when a signal ended it.
    pub exit: i32,
    /// As text; bytes that are not UTF-8 are replaced.
    pub stdout: String,
    /// As text.
    pub stderr: String,
}

impl Cli {
    /// A program in a working directory.
    pub fn new(program: impl Into<PathBuf>, dir: impl Into<PathBuf>) -> Self {
        // PATH alone is kept, so that commands started by `run` are found.
        let path = std::env::var("PATH").unwrap_or_default();
        let env = BTreeMap::from([("PATH".to_owned(), path), ("LANG".to_owned(), "C.UTF-8".to_owned())]);
        Cli { program: program.into(), args: Vec::new(), env, dir: dir.into(), stdin: Vec::new() }
    }

    /// Adds arguments.
    pub fn args<I: IntoIterator<Item = S>, S: Into<OsString>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Sets what stands on standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The command, for tests that need another stdout or a signal.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().envs(&self.env).current_dir(&self.dir);
        command
    }

    /// Runs it to the end.
    pub fn run(&self) -> Ran {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|err| panic!("cannot start {}: {err}", self.program.display()));
        let mut stdin = child.stdin.take().unwrap();
        let input = self.stdin.clone();
        // A program that does not read its input closes the pipe; that is its right.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let ran = finish(child);
        writer.join().unwrap();
        ran
    }
}

/// Waits for a child whose streams are pipes (a stream that is none stays empty).
pub fn finish(mut child: Child) -> Ran {
    let stdout = child.stdout.take().map(|stream| std::thread::spawn(move || read(stream)));
    let stderr = child.stderr.take().map(|stream| std::thread::spawn(move || read(stream)));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > TIMEOUT {
            child.kill().unwrap();
            panic!("the program ran longer than {TIMEOUT:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: Option<std::thread::JoinHandle<String>>| reader.map_or_else(String::new, |r| r.join().unwrap());
    Ran { exit: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}

fn read(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Ran {
    /// The value of an output in a `GITHUB_OUTPUT` file, heredocs included.
    pub fn github_output(file: &Path, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(file).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(value) = line.strip_prefix(&format!("{name}=")) {
                return Some(value.to_owned());
            }
            if let Some(delimiter) = line.strip_prefix(&format!("{name}<<")) {
                let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
                return Some(value.join("\n"));
            }
        }
        None
    }
}
