//! A network of its own, by Linux namespaces: a loopback, names and routes that nothing on the machine knows of, and servers that
//! end with it. No privilege is needed where the system lets users make namespaces.

use crate::clients::{Skip, process};
use anyhow::{Context, Result, bail};
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// Enough for a program to open its ports on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// `LISTEN` in `/proc/net/tcp` (Linux, `include/net/tcp_states.h`).
const LISTENS: &str = "0A";
/// A bound socket of UDP, by the same list.
const BOUND: &str = "07";

/// The program of this name, or a skip that says what to install.
pub(in crate::suite) fn program(name: &'static str, package: &str) -> Result<PathBuf> {
    // Debian has some where only root's PATH leads.
    let known = process::find_on_path(name).or_else(|| Some(Path::new("/usr/sbin").join(name)));
    let missing = || Skip::new(name, format!("not installed; Debian's {package} has it")).into();
    known.filter(|path| path.is_file()).ok_or_else(missing)
}

/// What `/etc` says in a room.
pub(super) struct Etc<'a> {
    /// `resolv.conf`
    pub resolver: &'a str,
    /// `hosts`, after the names of loopback.
    pub hosts: &'a str,
}

/// The namespaces; all that runs in them ends when it is dropped.
pub(super) struct Room {
    /// Configurations and logs.
    pub folder: PathBuf,
    nsenter: PathBuf,
    keeper: Child,
    /// The keeper's shell ends with it, and with that everything else.
    _input: ChildStdin,
}

impl Room {
    /// A room whose loopback is up, after the lines of `setup`, for `sh`, as its root. Errors: a program is missing (a skip), or
    /// this machine makes no namespaces for us.
    pub(super) fn open(folder: &Path, etc: &Etc<'_>, setup: &str) -> Result<Room> {
        let (unshare, nsenter) = (program("unshare", "util-linux")?, program("nsenter", "util-linux")?);
        let ip = program("ip", "iproute2")?;
        fs::create_dir_all(folder)?;
        fs::write(folder.join("resolv.conf"), etc.resolver)?;
        fs::write(folder.join("hosts"), format!("127.0.0.1 localhost\n::1 localhost\n{}", etc.hosts))?;
        fs::write(folder.join("nsswitch.conf"), "hosts: files dns\n")?;
        let mut script = format!("set -e\nip() {{ '{}' \"$@\"; }}\nip link set lo up\n", ip.display());
        for file in ["resolv.conf", "hosts", "nsswitch.conf"] {
            // Where there is no nsswitch.conf, the C library looks at both anyway.
            let _ = writeln!(script, "if [ -e /etc/{file} ]; then mount --bind {file} /etc/{file}; fi");
        }
        let _ = writeln!(script, "{setup}\necho ready\nread -r end");
        let mut command = Command::new(unshare);
        command.args(["--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        command.args(["sh", "-c", &script]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(File::create(folder.join("room.log"))?);
        let mut keeper = command.spawn().context("cannot start unshare")?;
        let (input, output) = (keeper.stdin.take(), keeper.stdout.take());
        let mut line = String::new();
        BufReader::new(output.context("no output")?).read_line(&mut line)?;
        let room = Room { folder: folder.to_owned(), nsenter, keeper, _input: input.context("no input")? };
        if line.trim() != "ready" {
            let why = room.log("room");
            return Err(Skip::new("namespaces", format!("this machine does not make them for this user: {why}")).into());
        }
        Ok(room)
    }

    /// A command that runs a program in the room, in its folder.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let keeper = self.keeper.id();
        let mut command = Command::new(&self.nsenter);
        command.args(["--target", &keeper.to_string(), "--user", "--preserve-credentials", "--net", "--mount"]);
        command.arg(format!("--pid=/proc/{keeper}/ns/pid_for_children"));
        command.arg(format!("--wd={}", self.folder.display())).arg("--").arg(program);
        command
    }

    /// Starts a server and waits until it listens on all of its ports, each `tcp:N` or `udp:N`. What it prints goes to
    /// `NAME.log`.
    pub(super) fn serve(
        &self,
        name: &str,
        words: &[OsString],
        env: &[(String, OsString)],
        ports: &[&str],
    ) -> Result<()> {
        let (program, arguments) = words.split_first().context("no program")?;
        let log = File::create(self.folder.join(format!("{name}.log")))?;
        let mut command = self.command(program);
        command.args(arguments).envs(env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let started = Instant::now();
        for port in ports {
            while !self.listens(port)? {
                let ended = child.try_wait()?;
                // nginx and others leave a server behind when their first process ends.
                if ended.is_some_and(|status| !status.success()) || started.elapsed() > LIMIT {
                    bail!("{name} does not listen on {port}: {}", self.log(name));
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }

    /// Runs lines of `sh` in the room.
    pub(super) fn shell(&self, script: &str) -> Result<()> {
        let mut command = self.command("sh");
        command.args(["-e", "-c", script]);
        process::run_merged(command, LIMIT)?.checked("sh").map(drop)
    }

    /// Starts nginx with these servers (blocks of its configuration) and waits for its ports.
    pub(super) fn nginx(&self, servers: &str, ports: &[&str]) -> Result<()> {
        let mut text =
            "user root root;\ndaemon off;\nworker_processes 1;\npid nginx.pid;\nevents {}\nhttp {\n  access_log off;\n"
                .to_owned();
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            let _ = writeln!(text, "  {kind}_temp_path {kind};");
        }
        fs::write(self.folder.join("nginx.conf"), text + servers + "}\n")?;
        let nginx = program("nginx", "nginx-light")?.into_os_string();
        let mut words = vec![nginx, "-p".into(), self.folder.clone().into_os_string()];
        words.extend(["-c", "nginx.conf", "-e", "stderr"].map(OsString::from));
        self.serve("nginx", &words, &[], ports)
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(format!("{name}.log"))).unwrap_or_default()
    }

    fn listens(&self, port: &str) -> Result<bool> {
        let (protocol, number) = port.split_once(':').context("a port is written tcp:N or udp:N")?;
        let (number, state) = (number.parse::<u16>()?, if protocol == "udp" { BOUND } else { LISTENS });
        let mut found = false;
        for table in [protocol.to_owned(), format!("{protocol}6")] {
            let path = format!("/proc/{}/net/{table}", self.keeper.id());
            // Without IPv6 there is no second table.
            found |= fs::read_to_string(path).is_ok_and(|text| has_socket(&text, number, state));
        }
        Ok(found)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // `--kill-child` ends the first process of the room, and the system all others of it.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// Whether a table of `/proc/net` has a socket with this local port in this state.
fn has_socket(table: &str, port: u16, state: &str) -> bool {
    let suffix = format!(":{port:04X}");
    table.lines().skip(1).any(|line| {
        let mut columns = line.split_whitespace();
        columns.nth(1).is_some_and(|local| local.ends_with(&suffix)) && columns.nth(1) == Some(state)
    })
}

/// A program and its arguments, separated by blanks.
pub(super) fn words(program: PathBuf, arguments: &str) -> Vec<OsString> {
    std::iter::once(program.into_os_string()).chain(arguments.split_whitespace().map(OsString::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_found_by_port_and_state() {
        let table = "  sl  local_address rem_address   st tx_queue\n   0: 0200007F:1F90 00000000:0000 0A 00000000:00000000\n\
                     \u{20}  1: 0200007F:0050 0200007F:1F91 01 00000000:00000000\n";
        assert!(has_socket(table, 8080, LISTENS));
        assert!(!has_socket(table, 8081, LISTENS) && !has_socket(table, 80, LISTENS) && !has_socket("", 80, LISTENS));
    }
}
