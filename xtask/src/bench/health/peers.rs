//! The other tools, each asked for as much of the truth as its options can say.
//!
//! A tool that knows one address is given the first, as behind a balancer that happens to choose it.

use super::server::{Server, Told};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The public name that pages and certificates are for, as `fault-server` has it.
const HOST: &str = "app.example.test";
/// The version that was compared.
const WAIT_ON: &str = "wait-on@9.5.1";
/// Debian's monitoring-plugins-basic.
const CHECK_HTTP: &str = "/usr/lib/nagios/plugins/check_http";

/// A tool, here or not.
pub(super) struct Peer {
    pub name: &'static str,
    /// Its program, or why it isn't here.
    program: Result<PathBuf, String>,
    folder: PathBuf,
    arguments: fn(&mut Command, &Told, &Path) -> Result<()>,
}

impl Peer {
    /// Its command line for a server. Errors: the tool isn't here.
    pub(super) fn command(&self, server: &Server) -> Result<Command> {
        let program = self.program.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?;
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        (self.arguments)(&mut command, &server.told, &self.folder)?;
        Ok(command)
    }
}

/// All peers. What isn't on the machine is said to be missing; only wait-on is installed, into the bench's folder.
pub(super) fn all(folder: &Path) -> [Peer; 4] {
    let missing = |why: anyhow::Error| format!("{why:#}");
    let peer = |name, program: Result<PathBuf>, arguments| Peer {
        name,
        program: program.map_err(missing),
        folder: folder.to_owned(),
        arguments,
    };
    [
        peer("curl --retry", on_path("curl"), curl),
        peer("check_http", file(CHECK_HTTP, "Debian package monitoring-plugins-basic"), check_http),
        peer("wait-on", wait_on_program(folder), wait_on),
        peer("hurl", on_path("hurl"), hurl),
    ]
}

fn file(path: &str, from: &str) -> Result<PathBuf> {
    if !Path::new(path).is_file() {
        bail!("there is no {path} ({from})");
    }
    Ok(path.into())
}

fn on_path(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("no {name} on the PATH"))
}

fn wait_on_program(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("wait-on");
    let program = home.join("node_modules/.bin/wait-on");
    if !program.is_file() {
        std::fs::create_dir_all(&home)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
        let output = npm.arg(&home).arg(WAIT_ON).output().context("no npm on the PATH")?;
        if !output.status.success() {
            bail!("npm does not install {WAIT_ON}");
        }
    }
    Ok(program)
}

fn curl(command: &mut Command, asked: &Told, folder: &Path) -> Result<()> {
    let first = asked.addresses.first().context("no address")?;
    // A file, since a retry truncates its output, which /dev/null refuses; and a rate, since one body never ends.
    let body = folder.join(format!("{}.body", asked.class));
    command.args(["--silent", "--show-error", "--fail", "--limit-rate", "10M"]);
    command.args(["--max-time", if asked.class == "slow" { "0.3" } else { "2" }]);
    command.arg("--output").arg(body);
    command.args(["--retry", "3", "--retry-delay", "1", "--retry-all-errors"]);
    command.args(["--connect-to", &format!("::{first}")]);
    if let Some(file) = &asked.ca_file {
        command.args(["--cacert", file]);
    }
    command.arg(&asked.url);
    Ok(())
}

fn check_http(command: &mut Command, asked: &Told, _folder: &Path) -> Result<()> {
    let first = asked.addresses.first().context("no address")?;
    command.args(["-I", &first.ip().to_string(), "-p", &first.port().to_string(), "-H", HOST, "-t", "3"]);
    if asked.asks_tls {
        command.args(["--ssl", "--sni"]);
    }
    if asks_days(&asked.class) {
        command.args(["-C", "14"]);
        return Ok(());
    }
    command.args(["-u", if asked_version(asked).is_some() { "/version" } else { "/health" }, "-e", " 200"]);
    if let Some(version) = asked_version(asked) {
        command.args(["-s", version]);
    }
    if let Some(text) = asked_body(&asked.class) {
        command.args(["-s", text]);
    }
    if asked.class == "slow" {
        command.args(["-w", "0.3", "-c", "0.3"]);
    }
    Ok(())
}

fn wait_on(command: &mut Command, asked: &Told, _folder: &Path) -> Result<()> {
    let scheme = if asked.asks_tls { "https-get" } else { "http-get" };
    command.args(["-t", "4000", "-i", "100", "-w", "300"]);
    command.args(["--httpTimeout", if asked.class == "slow" { "300" } else { "2000" }]);
    command.args(asked.addresses.iter().map(|address| format!("{scheme}://{address}/health")));
    if let Some(file) = &asked.ca_file {
        command.env("NODE_EXTRA_CA_CERTS", file);
    }
    Ok(())
}

fn hurl(command: &mut Command, asked: &Told, folder: &Path) -> Result<()> {
    let first = asked.addresses.first().context("no address")?;
    let mut asserts = String::new();
    if let Some(text) = asked_body(&asked.class) {
        asserts += &format!("body contains {}\n", serde_json::to_string(text)?);
    }
    if asks_days(&asked.class) {
        asserts += "certificate \"Expire-Date\" daysAfterNow >= 14\n";
    }
    if asked.class == "slow" {
        asserts += "duration < 300\n";
    }
    let path = folder.join(format!("{}.hurl", asked.class));
    let mut text = format!("GET {}\nHTTP 200\n[Asserts]\n{asserts}", asked.url);
    if let Some(version) = asked_version(asked) {
        text += &format!(
            "\nGET {}\nHTTP 200\n[Asserts]\nbody == \"{version}\"\n",
            asked.url.replace("/health", "/version")
        );
    }
    std::fs::write(&path, text)?;
    command.args(["--retry", "3", "--retry-interval", "1000", "--max-time", "2"]);
    command.args(["--connect-to", &format!("{HOST}:{}:{first}", first.port())]);
    if let Some(file) = &asked.ca_file {
        command.args(["--cacert", file]);
    }
    command.arg(path);
    Ok(())
}

fn asks_days(class: &str) -> bool {
    matches!(class, "certificate-4-days" | "certificate-20-days" | "intermediate-4-days")
}

/// The version that every instance must have, when the class is about that.
fn asked_version(asked: &Told) -> Option<&str> {
    let place = asked.arguments.iter().position(|word| word == "--expect-version")?;
    asked.arguments.get(place + 1).map(String::as_str)
}

fn asked_body(class: &str) -> Option<&'static str> {
    match class {
        "body-down" => Some(r#""status":"UP""#),
        "default-host" | "virtual-host" => Some(r#""app":"shop""#),
        _ => None,
    }
}
