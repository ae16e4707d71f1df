//! The real package managers: each makes a small project, and the report has every package of its lock file, with the
//! licence, scope and evidence that are right. What the manager lists itself, it lists the same. A manager that is not
//! installed is skipped aloud, and is a failure in CI.

mod cargo;
mod composer;
mod dotnet;
mod go;
mod maven;
mod npm;
mod pip;
mod pnpm;
mod programs;
mod yarn;

use crate::project::{Checked, Project};
use kit_test::{Cli, Ran};

/// Variables that the clients need to reach their registries from here: how is the machine's matter.
const FROM_OUTSIDE: [&str; 13] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "NPM_CONFIG_USERCONFIG",
    "PIP_CERT",
    "PIP_INDEX_URL",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];

/// Starts a program in the project, with a home of its own inside of it.
fn command(project: &Project, program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut cli = Cli::new(program, project.path()).args(arguments);
    for name in FROM_OUTSIDE {
        if let Ok(value) = std::env::var(name) {
            cli = cli.env(name, value);
        }
    }
    for (name, value) in variables {
        cli = cli.env(name, *value);
    }
    cli.run()
}

/// Runs a program, which must succeed.
#[track_caller]
fn run(project: &Project, program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let ran = command(project, program, arguments, variables);
    assert_eq!(ran.exit, 0, "{program} {arguments:?}: {}{}", ran.stdout, ran.stderr);
    ran
}

/// The home of whoever runs the tests, where the clients' settings are.
fn home() -> String {
    std::env::var("HOME").unwrap_or_else(|_| "/root".to_owned())
}

/// The rows are those, and each list adds up.
#[track_caller]
fn rows(checked: &Checked, expected: &[&str]) {
    checked.adds_up();
    assert_eq!(checked.rows(), expected, "{}", checked.ran.stderr);
}
