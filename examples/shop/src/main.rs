//! `shop`: serves the demo shop, or runs its end-to-end suite.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use shop::args::{Cli, Command};

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let result = shop::config_from_env().and_then(|config| match command {
        Command::Serve(args) => shop::serve(&args, config),
        Command::E2e(args) => shop::e2e::run(&args, config),
    });
    result.unwrap_or_else(|stop| {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(std::io::stderr(), "shop: {}", stop.message);
        ExitCode::from(stop.exit_code)
    })
}
