//! The other tools. Each is installed by its own package manager into the bench's folder, at the version that was compared.

use super::super::measure::{Cost, run_costed_into};
use super::inputs::{install, is_on_path};
use crate::clients;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a tool answered.
pub(super) struct Said {
    pub rows: usize,
    /// Rows without an SPDX expression: unknown, terms of its own, and names such as `BSD License`.
    pub undecided: usize,
}

impl Said {
    pub(super) fn words(&self) -> String {
        format!("{} rows, {} without an SPDX expression", self.rows, self.undecided)
    }
}

/// A tool that is here, ready to run.
pub(super) struct Peer {
    pub name: &'static str,
    command: Command,
    /// Where its answer is; what it prints goes there too unless it writes the file itself.
    answer: PathBuf,
    prints: bool,
    licenses: fn(&Value) -> Option<Vec<String>>,
}

impl Peer {
    pub(super) fn run(&self) -> Result<(Cost, Said)> {
        let mut command = Command::new(self.command.get_program());
        command.args(self.command.get_args());
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        let out = if self.prints { std::fs::File::create(&self.answer)?.into() } else { Stdio::null() };
        let cost = run_costed_into(&mut command, out, &[0])?;
        let answer: Value = serde_json::from_slice(&std::fs::read(&self.answer)?)?;
        let licenses = (self.licenses)(&answer).context("its answer has another shape")?;
        let undecided = licenses.iter().filter(|license| !is_expression(license)).count();
        Ok((cost, Said { rows: licenses.len(), undecided }))
    }
}

/// Whether it looks like an SPDX expression. One look for all: names in words (`BSD License`), guesses (`MIT*`), terms of the
/// package's own (`Custom: LICENSE.md`, `LicenseRef-…`) and addresses are none.
pub(super) fn is_expression(license: &str) -> bool {
    let mut after_identifier = false;
    let mut words = license.split([' ', '(', ')']).filter(|word| !word.is_empty());
    let looks = words.all(|word| {
        let is_operator = matches!(word, "AND" | "OR" | "WITH");
        let fits = is_operator == after_identifier;
        after_identifier = !is_operator;
        fits && !word.contains([':', '*', ',', ';', '/']) && !word.starts_with("LicenseRef-")
    });
    looks && after_identifier && !matches!(license, "UNKNOWN" | "UNLICENSED" | "NONE")
}

/// For npm trees.
pub(super) fn license_checker(bench: &Path, project: &Path) -> Result<Peer> {
    let folder = bench.join("license-checker");
    let mut npm = Command::new("npm");
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&folder)
        .arg("license-checker-rseidelsohn@5.0.1");
    install(&folder, "license-checker-rseidelsohn 5.0.1", &mut npm)?;
    let answer = bench.join("license-checker.json");
    let mut command = Command::new(folder.join("node_modules/.bin/license-checker-rseidelsohn"));
    command.args(["--json", "--start"]).arg(project).arg("--out").arg(&answer);
    let licenses = |answer: &Value| {
        let words = |licenses: &Value| match licenses {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            one => one.as_str().unwrap_or_default().to_owned(),
        };
        Some(answer.as_object()?.values().map(|package| words(&package["licenses"])).collect())
    };
    Ok(Peer { name: "license-checker-rseidelsohn 5.0.1", command, answer, prints: false, licenses })
}

/// For Python environments. In an environment of its own: it would list itself.
pub(super) fn pip_licenses(bench: &Path, project: &Path) -> Result<Peer> {
    let folder = bench.join("pip-licenses");
    let mut sh = Command::new("sh");
    sh.args(["-c", "python3 -m venv \"$1\" && \"$1/bin/pip\" install --quiet pip-licenses==5.5.5", "sh"]).arg(&folder);
    install(&folder, "pip-licenses 5.5.5", &mut sh)?;
    let answer = bench.join("pip-licenses.json");
    let mut command = Command::new(folder.join("bin/pip-licenses"));
    command.args(["--with-system", "--from=mixed", "--format=json", "--python"]).arg(project.join(".venv/bin/python"));
    let licenses = |answer: &Value| {
        Some(answer.as_array()?.iter().map(|row| row["License"].as_str().unwrap_or_default().to_owned()).collect())
    };
    Ok(Peer { name: "pip-licenses 5.5.5", command, answer, prints: true, licenses })
}

/// For crates: this workspace's own, which is what the bench's Cargo.lock lists.
pub(super) fn cargo_deny(root: &Path) -> Result<Peer> {
    let clients = clients::provision_only(root, &["cargo-deny"])?;
    let tool = clients.tool("cargo-deny")?;
    let answer = clients.scratch_dir().join("cargo-deny.json");
    let mut command = tool.command();
    command.args(["--offline", "list", "--format", "json", "--layout", "crate"]).current_dir(root);
    let licenses = |answer: &Value| {
        let words = |package: &Value| {
            let licenses = package["licenses"].as_array()?;
            Some(licenses.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" OR "))
        };
        Some(answer.as_object()?.values().map(|package| words(package).unwrap_or_default()).collect())
    };
    Ok(Peer { name: "cargo-deny 0.20.2", command, answer, prints: true, licenses })
}

/// For composer projects; of whatever version the machine has.
pub(super) fn composer(project: &Path) -> Result<Peer> {
    if !is_on_path("composer") {
        bail!("composer: install the Debian package composer");
    }
    let mut command = Command::new("composer");
    command.args(["licenses", "--format=json", "--no-interaction", "--no-plugins"]).current_dir(project);
    let licenses = |answer: &Value| {
        let words = |package: &Value| {
            let licenses = package["license"].as_array()?;
            Some(licenses.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" OR "))
        };
        Some(answer["dependencies"].as_object()?.values().map(|package| words(package).unwrap_or_default()).collect())
    };
    Ok(Peer {
        name: "composer licenses",
        command,
        answer: project.join("composer-licenses.json"),
        prints: true,
        licenses,
    })
}

/// For texts, in one process; of whatever version the machine has.
pub(super) fn licensee(labelled: &[(PathBuf, String)], out: &Path) -> Result<(Cost, String)> {
    const SCRIPT: &str = "ARGV.each { |path| file = Licensee::ProjectFiles::LicenseFile.new(File.read(path), 'LICENSE'); \
        puts \"#{file.license ? file.license.spdx_id : '-'}\\t#{path}\" }";
    if !is_on_path("licensee") {
        bail!("licensee: install the Debian package ruby-licensee");
    }
    let mut command = Command::new("ruby");
    command.args(["-r", "licensee", "-e", SCRIPT]).args(labelled.iter().map(|(path, _)| path));
    let cost = run_costed_into(&mut command, std::fs::File::create(out)?.into(), &[0])?;
    let answers = std::fs::read_to_string(out)?;
    // It says so where it has found a text that it doesn't know.
    Ok((cost, answers.replace("NOASSERTION\t", "-\t")))
}
