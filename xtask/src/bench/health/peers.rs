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
/// The version that was compared; 8.1 asks for a later compiler than ours.
const HURL: &str = "8.0.1";
/// Debian's monitoring-plugins-basic.
const CHECK_HTTP: &str = "/usr/lib/nagios/plugins/check_http";
/// Debian's monitoring-plugins-standard, with what it recommends.
const CHECK_CURL: &str = "/usr/lib/nagios/plugins/check_curl";
/// How often hurl asks until an answer is good: for two seconds, as long as `healthcheck` waits for an unhealthy server.
const HURL_RETRIES: &str = "40";

/// A tool, here or not.
pub(super) struct Peer {
    pub name: &'static str,
    /// Whether it can be asked for passes in a row at every address, as `healthcheck` is.
    pub asks_all: bool,
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

/// All peers. What isn't on the machine is said to be missing; only wait-on and hurl are installed, wait-on into the bench's
/// folder, hurl, which is compiled for minutes, into the folder of the tests' tools.
pub(super) fn all(root: &Path, folder: &Path) -> [Peer; 5] {
    let missing = |why: anyhow::Error| format!("{why:#}");
    let peer = |name, program: Result<PathBuf>, arguments| Peer {
        name,
        asks_all: name == "hurl",
        program: program.map_err(missing),
        folder: folder.to_owned(),
        arguments,
    };
    [
        peer("curl --retry", on_path("curl"), curl),
        peer("check_http", file(CHECK_HTTP, "Debian package monitoring-plugins-basic"), check_http),
        peer("check_curl", file(CHECK_CURL, "Debian package monitoring-plugins-standard"), check_curl),
        peer("wait-on", wait_on_program(folder), wait_on),
        peer("hurl", hurl_program(root), hurl),
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

fn hurl_program(root: &Path) -> Result<PathBuf> {
    let home = std::path::absolute(crate::clients::tools_dir(root))?.join("cargo").join(format!("hurl-{HURL}"));
    let program = home.join("bin/hurl");
    if !program.is_file() {
        std::fs::create_dir_all(&home)?;
        let mut cargo = Command::new("cargo");
        cargo.args(["install", "--quiet", "--locked", "--version", HURL, "--root"]).arg(&home).arg("hurl");
        // Outside of the checkout: neither its folder of objects nor its flags are hurl's.
        let output = cargo.current_dir(&home).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS").output()?;
        if !output.status.success() {
            bail!(
                "hurl {HURL} does not build; it needs Debian's libclang-dev, libxml2-dev, libcurl4-openssl-dev and pkg-config"
            );
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
    if asked.asks_tls {
        command.args(["--ssl", "--sni"]);
    }
    plugin(command, asked)
}

/// Unlike check_http it verifies the certificate, and takes half an answer for none.
fn check_curl(command: &mut Command, asked: &Told, _folder: &Path) -> Result<()> {
    if asked.asks_tls {
        command.args(["--ssl", "--verify-cert"]);
    }
    if let Some(file) = &asked.ca_file {
        command.args(["--ca-cert", file]);
    }
    plugin(command, asked)
}

/// What the two have in common.
fn plugin(command: &mut Command, asked: &Told) -> Result<()> {
    let first = asked.addresses.first().context("no address")?;
    command.args(["-I", &first.ip().to_string(), "-p", &first.port().to_string(), "-H", HOST, "-t", "3"]);
    if asks_days(&asked.class) {
        // Alone: what check_curl would go on to say of the page takes its warning back.
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

/// Each address is a file of its own, all at once: a request that is repeated until it is answered well, then as many more as
/// make up the passes in a row, each of which must be answered well at once.
fn hurl(command: &mut Command, asked: &Told, folder: &Path) -> Result<()> {
    let mut asserts = String::new();
    if let Some(text) = asked_body(&asked.class) {
        asserts += &format!("body contains {}\n", serde_json::to_string(text)?);
    }
    if asks_days(&asked.class) {
        asserts += "certificate \"Expire-Date\" daysAfterNow >= 14\n";
    }
    if let Some(limit) = asked.value("--max-latency") {
        asserts += &format!("duration < {}\n", limit.trim_end_matches("ms"));
    }
    let pages = match asked_version(asked) {
        None => vec![(asked.url.clone(), asserts)],
        Some(version) => vec![
            (asked.url.clone(), asserts),
            (asked.url.replace("/health", "/version"), format!("body == \"{version}\"\n")),
        ],
    };
    let interval = asked.value("--interval").unwrap_or("1000ms");
    let until_good = format!("retry: {HURL_RETRIES}\nretry-interval: {interval}\n");
    let in_a_row = format!("delay: {interval}\nrepeat: {}\n", asked_passes(asked)?.saturating_sub(1));
    let stages = if asked_passes(asked)? > 1 { vec![until_good, in_a_row] } else { vec![until_good] };
    command.args(["--test", "--no-color", "--jobs", &asked.addresses.len().to_string()]);
    command.args(["--max-time", asked.value("--timeout").unwrap_or("5s")]);
    if let Some(file) = &asked.ca_file {
        command.args(["--cacert", file]);
    }
    // The port of the URL, which is the first one's.
    let port = asked.addresses.first().context("no address")?.port();
    for (place, address) in asked.addresses.iter().enumerate() {
        let connect_to = format!("connect-to: {HOST}:{port}:{address}\n");
        let entry = |options: &String, (url, asserts): &(String, String)| {
            format!("GET {url}\n[Options]\n{connect_to}{options}HTTP 200\n[Asserts]\n{asserts}\n")
        };
        let stage = |options| pages.iter().map(move |page| entry(options, page));
        let text: String = stages.iter().flat_map(stage).collect();
        let path = folder.join(format!("{}-{place}.hurl", asked.class));
        std::fs::write(&path, text)?;
        command.arg(path);
    }
    Ok(())
}

/// Passes in a row; of a server that must stay healthy, as many as its time has room for.
fn asked_passes(asked: &Told) -> Result<u64> {
    let millis = |name: &str| asked.value(name).and_then(|text| text.strip_suffix("ms")?.parse::<u64>().ok());
    if asked.arguments.first().is_some_and(|mode| mode == "hold") {
        let (time, interval) = (millis("--deadline").context("no time")?, millis("--interval").context("no interval")?);
        return Ok(time / interval.max(1));
    }
    Ok(asked.value("--passes").unwrap_or("3").parse()?)
}

fn asks_days(class: &str) -> bool {
    matches!(class, "certificate-4-days" | "certificate-20-days" | "intermediate-4-days")
}

/// The version that every instance must have, when the class is about that.
fn asked_version(asked: &Told) -> Option<&str> {
    asked.value("--expect-version")
}

fn asked_body(class: &str) -> Option<&'static str> {
    match class {
        "body-down" => Some(r#""status":"UP""#),
        "default-host" | "virtual-host" => Some(r#""app":"shop""#),
        _ => None,
    }
}
