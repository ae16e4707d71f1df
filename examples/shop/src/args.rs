//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The demo shop and its end-to-end suite.
#[derive(Debug, Parser)]
#[command(name = "shop", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the shop until SIGTERM or SIGINT; prints its address.
    Serve(Serve),
    /// Run flow files against a shop, by default against one of its own.
    E2e(E2e),
}

/// Options of `shop serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    pub host: IpAddr,
    /// Port to listen on; 0 lets the system choose a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
}

/// Options of `shop e2e`.
#[derive(Debug, Args)]
pub struct E2e {
    /// Flow files to run, as paths or relative to the suite folder; all of the suite folder when none is named.
    pub files: Vec<PathBuf>,
    /// Run the files that FILE lists, one a line; an empty list runs none and passes. `-` reads the standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub files_from: Option<PathBuf>,
    /// Folder of the suite; test case class names are relative to it.
    #[arg(long, value_name = "DIR", default_value = "examples/shop/e2e")]
    pub suite_dir: PathBuf,
    /// The shop to test, as in `http://127.0.0.1:8080`; without it, one is started in this process on a free port.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Write a JUnit report.
    #[arg(long, value_name = "OUT.xml")]
    pub junit: Option<PathBuf>,
    /// Run a failing file again, up to N times; it passes if one of its runs does.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=5))]
    pub retries: u32,
    /// Beginning of `${run}`: choose another one for each run against a shop that keeps running.
    #[arg(long, value_name = "ID", default_value = "run")]
    pub run_id: String,
    /// What the times in the report are: `wall`, or `cpu` for seconds of this process's processor time, which other
    /// processes on the same machine do not lengthen.
    #[arg(long, value_enum, default_value = "wall")]
    pub clock: crate::e2e::clock::Clock,
    /// Print the files that would be run, one a line, and stop.
    #[arg(long)]
    pub list: bool,
}
