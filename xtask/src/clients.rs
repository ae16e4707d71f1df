//! The real programs that the tests drive: the hosts' local clients (act, bitbucket-pipeline-runner, gitlab-ci-local), the
//! linters and the test runners. [`provision`] fetches them, pinned, into one folder; the submodules drive them.
//!
//! What a machine can't have is a [`Skip`] with its reason, never an error: the caller lists skips and, in CI, fails.

#![allow(dead_code, reason = "the drivers offer a pipeline's whole surface; the tests use what they need of it")]

pub mod act;
mod catalogue;
pub mod engine;
pub mod gitlab_ci_local;
pub mod images;
mod install;
pub mod lint;
pub mod pipe_harness;
pub mod pipeline_runner;
pub mod process;
pub mod workspace;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

/// Something that this machine can't run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// The program, image or service.
    pub what: String,
    /// Why not, with what would help: one line.
    pub why: String,
}

impl Skip {
    /// A skip of `what`; of a longer reason only the first 300 characters are kept, on one line.
    pub fn new(what: impl Into<String>, why: impl AsRef<str>) -> Skip {
        let line = why.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        Skip { what: what.into(), why: line.chars().take(300).collect() }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for Skip {}

/// An installed program, ready to be started.
#[derive(Debug, Clone)]
pub struct Tool {
    /// Its name in the catalogue, for example `gitlab-ci-local`.
    pub name: &'static str,
    /// The pinned version, as the program itself reported it; for a Debian program what the machine has.
    pub version: String,
    /// The folder it was installed to; for a Debian program the folder of its file.
    pub dir: PathBuf,
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(String, OsString)>,
}

impl Tool {
    /// A command that starts the program; arguments are appended by the caller.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The same as words, for a child that starts the program itself (`junit-shard-split run -- WORDS`); what
    /// [`Tool::env`] holds must be set as well.
    pub fn words(&self) -> Vec<OsString> {
        std::iter::once(self.program.clone().into_os_string()).chain(self.args.iter().cloned()).collect()
    }

    /// Variables that the program needs, such as PYTHONPATH.
    pub fn env(&self) -> &[(String, OsString)] {
        &self.env
    }
}

/// What [`provision`] found or fetched.
#[derive(Debug)]
pub struct Clients {
    /// The checkout that the tests belong to.
    pub root: PathBuf,
    /// Where the programs were installed: see [`tools_dir`].
    pub tools_dir: PathBuf,
    /// What is missing, in the order of the catalogue.
    pub skips: Vec<Skip>,
    tools: BTreeMap<&'static str, Tool>,
}

impl Clients {
    /// The program of this name, or why it is missing. Names: act, zizmor, check-jsonschema, hadolint, actionlint,
    /// cargo-deny, gitlab-ci-local, pipeline-runner, grpc-server, dns-answers, moto, rclone, django, node, pytest, coverage, gcovr, nyc, c8, jest, vitest, playwright, vite, php, phpunit, xmllint, rsync,
    /// valgrind. A project that jest, vitest or playwright is to test needs a link `node_modules` to `node_modules` in the
    /// tool's `dir`, since its tests import the runner; jest-junit is there too.
    /// Beside vite stand the other builders of sites.
    pub fn tool(&self, name: &str) -> std::result::Result<&Tool, Skip> {
        self.tools.get(name).ok_or_else(|| {
            let known = self.skips.iter().find(|skip| skip.what == name);
            known.cloned().unwrap_or_else(|| Skip::new(name, "not asked for when the clients were provisioned"))
        })
    }

    /// All programs that are there, by name.
    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.tools.values()
    }

    /// A folder for files that are made while the tests run, under [`tools_dir`].
    pub fn scratch_dir(&self) -> PathBuf {
        self.tools_dir.join("scratch")
    }
}

/// The tools folder of a checkout: `$ROADCREW_TOOLS_DIR` where set, else `tools` in cargo's target folder.
pub fn tools_dir(root: &Path) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("ROADCREW_TOOLS_DIR")
        .unwrap_or_else(|| set("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target")).join("tools"))
}

/// Fetches everything in the catalogue that is not there yet: about a minute from cold, plus minutes for cargo-deny, which
/// is compiled; a few milliseconds and no network when all is there.
///
/// Errors: the tools folder can't be made. Anything else that goes wrong is a [`Skip`].
pub fn provision(root: &Path) -> Result<Clients> {
    provision_only(root, &[])
}

/// Like [`provision`], for the named programs alone; an empty list means all. Unknown names are skips.
pub fn provision_only(root: &Path, names: &[&str]) -> Result<Clients> {
    let tools_dir = std::path::absolute(tools_dir(root))?;
    std::fs::create_dir_all(tools_dir.join("scratch"))?;
    let root = root.canonicalize()?;
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    let entries: Vec<_> = catalogue::ENTRIES.iter().filter(|entry| wanted(entry.name)).collect();
    // One thread a registry: pip, npm and cargo wait for different things, and each installs one group at a time.
    let mut outcomes: Vec<(usize, std::result::Result<Tool, Skip>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = catalogue::LANES
            .iter()
            .map(|lane| {
                let (root, tools_dir, entries) = (&root, &tools_dir, &entries);
                scope.spawn(move || {
                    let mine = entries.iter().enumerate().filter(|(_, entry)| entry.source.lane() == *lane);
                    mine.map(|(at, entry)| (at, install::install(root, tools_dir, entry))).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    outcomes.sort_by_key(|(at, _)| *at);
    let (mut tools, mut skips) = (BTreeMap::new(), Vec::new());
    for (_, outcome) in outcomes {
        match outcome {
            Ok(tool) => drop(tools.insert(tool.name, tool)),
            Err(skip) => skips.push(skip),
        }
    }
    let unknown = names.iter().filter(|name| catalogue::ENTRIES.iter().all(|entry| entry.name != **name));
    skips.extend(unknown.map(|name| Skip::new(*name, "not in the catalogue of clients")));
    Ok(Clients { root, tools_dir, skips, tools })
}
