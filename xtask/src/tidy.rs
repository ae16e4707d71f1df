//! The rules of the layout that no compiler checks. Each problem is one line that says where and what to do.

mod sources;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::checkout::Checkout;
use crate::{dist, generate};

/// Compressed bytes of `git archive HEAD`: every `uses: owner/repo/actions/x` downloads it.
const ARCHIVE_LIMIT_BYTES: u64 = 500_000;

/// Lines of one Rust file: above that it holds more than one subject and is split by subject into a folder of its name.
const FILE_LIMIT_LINES: usize = 600;

/// Files that a stranger looks for.
const EXPECTED: [&str; 9] = [
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "Dockerfile",
    "action.yml",
];

/// Checks everything. Errors: a problem was found, after all have been printed.
pub fn run(checkout: &Checkout) -> Result<()> {
    let problems = problems(checkout)?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    ensure!(problems.is_empty(), "{} things are not tidy", problems.len());
    println!("tidy: {} tools, {} crates", checkout.tools.len(), checkout.dependencies.len());
    Ok(())
}

/// All problems, one a line; empty when there is none. Errors: a file cannot be read; git fails.
pub fn problems(checkout: &Checkout) -> Result<Vec<String>> {
    let root = &checkout.root;
    let mut problems: Vec<String> =
        EXPECTED.iter().filter(|file| !root.join(file).is_file()).map(|file| format!("{file} is missing")).collect();
    problems.extend(archive(root)?);
    problems.extend(dependencies(checkout));
    for path in files(root)? {
        let Ok(text) = fs::read_to_string(root.join(&path)) else { continue };
        problems.extend(header(&path, &text));
        if path.ends_with(".rs") {
            problems.extend(length(&path, &text));
            problems.extend(sources::purity(&path, &text));
            problems.extend(published_name(&path, &text, &checkout.publish.registry));
        }
    }
    for tool in &checkout.tools {
        problems.extend(sources::shape(&tool.name, &tool.dir));
    }
    Ok(problems)
}

/// Problems of one tool's folder, for the test of the skeleton.
#[cfg(test)]
pub fn shape_of(dir: &Path) -> Vec<String> {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let mut problems = sources::shape(&name, dir);
    for file in ["plan.rs", "report.rs"] {
        let text = fs::read_to_string(dir.join("src").join(file)).unwrap_or_default();
        problems.extend(sources::purity(&format!("crates/{name}/src/{file}"), &text));
    }
    problems
}

/// What git tracks or would track, relative to the root; everything but build output where there is no git.
fn files(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .context("cannot start git")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
    let names = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
    let mut files: Vec<String> = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

fn archive(root: &Path) -> Result<Option<String>> {
    let Some(bytes) = dist::source_archive_bytes(root)? else { return Ok(None) };
    Ok((bytes >= ARCHIVE_LIMIT_BYTES).then(|| {
        format!("git archive HEAD is {bytes} bytes compressed, the limit is {ARCHIVE_LIMIT_BYTES}: see .gitattributes")
    }))
}

/// Who may depend on whom.
fn dependencies(checkout: &Checkout) -> Vec<String> {
    let is_tool = |name: &str| checkout.tools.iter().any(|tool| tool.name == name);
    let mut problems = Vec::new();
    for (name, dependencies) in &checkout.dependencies {
        for dependency in dependencies {
            let what = if is_tool(dependency) {
                "a tool; what two need is a library crate of its own"
            } else if name == "kit-report" && dependency.starts_with("kit-") {
                "a kit; kit-report is pure and stands alone"
            } else if name == "xtask" && (dependency.starts_with("aws-") || dependency == "tokio") {
                "what no build script of ours needs; xtask starts binaries"
            } else {
                continue;
            };
            problems.push(format!("{name} depends on {dependency}, {what}"));
        }
    }
    problems
}

fn header(path: &str, text: &str) -> Option<String> {
    let owned = generate::OWNED.iter().any(|folder| path.starts_with(&format!("{folder}/")));
    // The completions' first lines belong to the shells.
    let marked = path == "action.yml" || (owned && !path.starts_with("completions/"));
    (marked && !text.lines().next().is_some_and(|line| line.contains(generate::MARK)))
        .then(|| format!("{path}:1: a file in a generated folder without the mark; run `cargo xtask gen`"))
}

fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > FILE_LIMIT_LINES).then(|| format!("{path}: {lines} lines; split it by subject into a folder of its name"))
}

/// The registry's name stands in `publish.toml` alone, or a fork would have to look for it.
fn published_name(path: &str, text: &str, registry: &str) -> Option<String> {
    let line = text.lines().position(|line| line.contains(registry))? + 1;
    Some(format!("{path}:{line}: names the registry; publish.toml is the one place for it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_folders_hold_marked_files() {
        assert!(header("actions/x/action.yml", "name: x\n").is_some());
        assert!(header("actions/x/action.yml", &format!("# {} from y\n", generate::MARK)).is_none());
        assert!(header("completions/x.bash", "_x() {\n").is_none() && header("README.md", "# R\n").is_none());
    }

    #[test]
    fn long_files_are_found() {
        assert!(length("a.rs", &"x\n".repeat(FILE_LIMIT_LINES)).is_none());
        assert!(length("a.rs", &"x\n".repeat(FILE_LIMIT_LINES + 1)).is_some());
    }

    #[test]
    fn the_registry_has_one_place() {
        assert!(published_name("a.rs", "let x = \"registry.example/acme/y\";", "registry.example/acme").is_some());
        assert!(published_name("a.rs", "let x = 1;", "registry.example/acme").is_none());
    }
}
