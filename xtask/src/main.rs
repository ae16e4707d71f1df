//! `cargo xtask`: everything that a developer or the CI does with this repository, in Rust, so that it is the same on
//! every machine. It links no tool: it builds them and starts their binaries.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

mod bench;
mod checkout;
mod clients;
mod demo;
mod dist;
mod generate;
mod image;
mod new_tool;
mod programs;
mod suite;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use checkout::Checkout;

const USAGE: &str = "cargo xtask COMMAND

  demo [--act N]          the pipeline on this machine; nothing else is needed
  test                    everything that this machine can check; `test TOOL --quick` is one tool's inner loop
  bench [TOOL] [--size N] what the tools cost, beside their peers; large inputs at N percent
  gen [--check]           write what follows from the tools' interfaces: actions, pipes, components, READMEs,
                          completions; with --check say what has drifted, and fail
  image [TOOL...] [--all] build the static binaries, leave them in dist/<target>/ and load the images
  dist                    the release archives of all targets with SHA256SUMS, in dist/v<version>/
  new TOOL                a new tool's crate, which builds and passes its tests
  tidy                    the rules of the layout that no compiler checks
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<()> {
    let open = || Checkout::open(Path::new("."));
    match arguments {
        ["demo", ..] => demo::run(&open()?.root, &words(arguments)),
        ["test", ..] => suite::run(&open()?, &words(arguments)),
        ["bench", ..] => bench::run(&open()?.root, &words(arguments)),
        ["gen"] => generate::run(&open()?, false),
        ["gen", "--check"] => generate::run(&open()?, true),
        ["image", "--all"] | ["image"] => image::run(&open()?, None),
        ["image", tools @ ..] => image::run(&open()?, Some(tools)),
        ["dist"] => dist::run(&open()?),
        ["new", tool] => new_tool::run(&open()?, tool),
        ["tidy"] => tidy::run(&open()?),
        [] | ["help" | "--help" | "-h", ..] => {
            print!("{USAGE}");
            Ok(())
        }
        [other, ..] => bail!("`cargo xtask {other}` is not a command or lacks its argument\n\n{USAGE}"),
    }
}

fn words(arguments: &[&str]) -> Vec<String> {
    arguments[1..].iter().map(|word| (*word).to_owned()).collect()
}
