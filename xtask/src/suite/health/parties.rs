//! The tool against servers that others wrote, each case by both programs: the one that cargo builds for this machine, with its C
//! library, and the static one that users get, whose C library resolves names in its own way. Every case names the exit code.

mod certificates;
mod grpc;
mod names;
mod proxy;
mod reach;
mod room;
mod sockets;
mod web;

pub(in crate::suite) use certificates::Authority;
pub(in crate::suite) use room::program;

use super::super::{Outcome, World, outcome};
use crate::clients::process::{self, Finished};
use crate::programs;
use anyhow::{Context, Result, bail, ensure};
use room::Room;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// For one run of the tool; the slowest cases wait a few seconds for a resolver.
const LIMIT: Duration = Duration::from_secs(30);

/// Lines of a log that a failure shows.
const SHOWN_LINES: usize = 20;

/// Runs of the tool at once. Most of them wait for something.
const AT_ONCE: usize = 8;

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let programs = match Programs::find(world) {
        Ok(programs) => programs,
        Err(error) => return vec![("healthcheck, built".to_owned(), outcome(Err(error)))],
    };
    let tried =
        |name: &str, with: fn(&World, &Programs) -> Result<usize>| (name.to_owned(), outcome(with(world, &programs)));
    vec![
        tried("gRPC health of grpcio", grpc::run),
        tried("HTTP/1.1, HTTP/2, virtual hosts and certificates of nginx", web::run),
        tried("names, by dnsmasq", names::run),
        tried("no way from here", reach::run),
        tried("proxies, by tinyproxy", proxy::run),
        tried("TCP, TLS and check plugins", sockets::run),
    ]
}

/// The tool as it is built.
struct Programs {
    /// For this machine, linked to its C library.
    native: PathBuf,
    /// Static, as users get it.
    fixed: PathBuf,
}

impl Programs {
    fn find(world: &World) -> Result<Programs> {
        let native = programs::built(&world.root)?.join(super::TOOL);
        let fixed = world.root.join("dist/x86_64-unknown-linux-musl").join(super::TOOL);
        ensure!(fixed.is_file(), "{} is not there; the stage `images` makes it", fixed.display());
        Ok(Programs { native, fixed })
    }
}

/// A run of the tool, and what must come of it.
#[derive(Clone)]
struct Case {
    name: &'static str,
    arguments: Vec<String>,
    env: Vec<(&'static str, String)>,
    /// Exit code of the native program, and of the static one.
    exits: [i32; 2],
    says: Vec<String>,
    /// What the static program alone must say.
    fixed_says: Vec<String>,
    silent: Vec<String>,
}

impl Case {
    /// A run that must end with 0. `arguments`: separated by blanks.
    fn new(name: &'static str, arguments: &str) -> Case {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Case {
            name,
            arguments,
            env: Vec::new(),
            exits: [0; 2],
            says: Vec::new(),
            fixed_says: Vec::new(),
            silent: Vec::new(),
        }
    }

    /// Another exit code.
    fn exits(self, code: i32) -> Case {
        Case { exits: [code; 2], ..self }
    }

    /// What the static program ends with and says, when that differs, which wants a reason.
    fn fixed_exits(self, code: i32, says: &str) -> Case {
        Case { exits: [self.exits[0], code], fixed_says: vec![says.to_owned()], ..self }
    }

    /// A text that it must print.
    fn says(mut self, text: &str) -> Case {
        self.says.push(text.to_owned());
        self
    }

    /// A text that it must not print.
    fn silent(mut self, text: &str) -> Case {
        self.silent.push(text.to_owned());
        self
    }

    fn env(mut self, name: &'static str, value: &str) -> Case {
        self.env.push((name, value.to_owned()));
        self
    }

    /// Fails unless a run came out as it must.
    fn check(&self, fixed: bool, done: &Finished) -> Result<()> {
        let (log, shown) = (done.log(), done.tail(SHOWN_LINES));
        let (kind, expected) = (if fixed { "static" } else { "native" }, self.exits[usize::from(fixed)]);
        let place = || format!("{} ({kind}): healthcheck {}", self.name, self.arguments.join(" "));
        if done.code != Some(expected) {
            bail!("{}\nended with {:?}, not with {expected}:\n{shown}", place(), done.code);
        }
        let mut says = self.says.iter().chain(self.fixed_says.iter().filter(|_| fixed));
        if let Some(text) = says.find(|text| !log.contains(text.as_str())) {
            bail!("{}\ndoes not say `{text}`:\n{shown}", place());
        }
        if let Some(text) = self.silent.iter().find(|text| log.contains(text.as_str())) {
            bail!("{}\nsays `{text}`:\n{shown}", place());
        }
        Ok(())
    }
}

/// Runs every case by both programs. Errors: all that came out otherwise.
fn try_all(room: &Room, programs: &Programs, cases: &[Case]) -> Result<usize> {
    let runs: Vec<(&Case, bool)> = cases.iter().flat_map(|case| [(case, false), (case, true)]).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some((case, fixed)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let checked = case_run(room, programs, case, *fixed).and_then(|done| case.check(*fixed, &done));
            wrong.extend(checked.err().map(|error| format!("{error:#}")));
        }
        wrong
    };
    let wrong = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let panicked = |_| vec!["a thread panicked".to_owned()];
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(panicked)).collect::<Vec<_>>()
    });
    ensure!(wrong.is_empty(), "{} of {} runs came out wrong:\n{}", wrong.len(), runs.len(), wrong.join("\n\n"));
    Ok(runs.len())
}

/// One run. Nothing of this machine's environment counts for it, nor do the authorities that it trusts.
fn case_run(room: &Room, programs: &Programs, case: &Case, fixed: bool) -> Result<Finished> {
    let mut command = room.command(if fixed { &programs.fixed } else { &programs.native });
    command.args(&case.arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("SSL_CERT_FILE", certificates::STRANGER);
    command.envs(case.env.iter().map(|(name, value)| (name, value)));
    process::run_merged(command, LIMIT).with_context(|| case.name)
}
