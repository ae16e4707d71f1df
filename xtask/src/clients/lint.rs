//! The linters of the CI files: zizmor, check-jsonschema, actionlint and hadolint, each over the files of its kind.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::process::{self, Finished};
use super::{Clients, Skip, Tool};

/// check-jsonschema needs 1 s to start; the others are quicker.
const LIMIT: Duration = Duration::from_secs(180);

/// What one linter said.
#[derive(Debug)]
pub struct Lint {
    /// The linter and, where it has several, the schema: `check-jsonschema github-workflows`.
    pub name: String,
    /// How many files it read; 0 when the repository has none of its kind.
    pub file_count: usize,
    /// Its verdict.
    pub verdict: Verdict,
}

/// A linter's verdict.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing to complain of, or no files of its kind.
    Clean,
    /// What it complains of, as it printed it.
    Findings(String),
    /// It could not run.
    Skipped(Skip),
}

/// What a file is to the linters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A GitHub workflow.
    Workflow,
    /// A GitHub action's definition.
    Action,
    /// A `bitbucket-pipelines.yml`.
    Bitbucket,
    /// A `pipe.yml`.
    Pipe,
    /// A `.gitlab-ci.yml`. Components (templates) are no such files: gitlab-ci-local checks them expanded.
    Gitlab,
    /// A Dockerfile.
    Dockerfile,
}

/// Runs every linter over the files of the checkout that git tracks or would track.
///
/// Errors: git can't list the files. A linter that is missing gives [`Verdict::Skipped`].
pub fn lint(clients: &Clients) -> Result<Vec<Lint>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&clients.root);
    let listed = process::run(git, LIMIT)?.checked("git ls-files")?.stdout;
    let exists = |path: &&str| !path.is_empty() && clients.root.join(path).is_file();
    let mut files: Vec<&str> = listed.split('\0').filter(exists).collect();
    files.sort_unstable();
    files.dedup();
    let of = |kinds: &[Kind]| -> Vec<&str> {
        files.iter().copied().filter(|path| kind_of(path).is_some_and(|kind| kinds.contains(&kind))).collect()
    };
    let mut lints = vec![zizmor(clients, &of(&[Kind::Workflow, Kind::Action]))];
    for (schema, transform, kind) in [
        ("github-workflows", None, Kind::Workflow),
        ("github-actions", None, Kind::Action),
        ("bitbucket-pipelines", None, Kind::Bitbucket),
        ("gitlab-ci", Some("gitlab-ci"), Kind::Gitlab),
    ] {
        let name = format!("check-jsonschema {schema}");
        lints.push(run(clients, &name, &of(&[kind]), |command| {
            command.args(["--color", "never", "--builtin-schema", &format!("vendor.{schema}")]);
            command.args(transform.iter().flat_map(|name| ["--data-transform", name]));
        }));
    }
    // Bitbucket publishes no schema of pipe.yml, so this one is ours.
    lints.push(run(clients, "check-jsonschema pipe.schema.json", &of(&[Kind::Pipe]), |command| {
        command.args(["--color", "never", "--schemafile", "schemas/pipe.schema.json"]);
    }));
    lints.push(run(clients, "actionlint", &of(&[Kind::Workflow]), |_| ()));
    lints.push(run(clients, "hadolint", &of(&[Kind::Dockerfile]), |command| {
        command.arg("--no-color");
    }));
    Ok(lints)
}

/// What the file at `path` (relative, with `/`) is; `None` for all others. Under `examples/` a folder named after the host
/// decides for files whose own name says nothing.
pub fn kind_of(path: &str) -> Option<Kind> {
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or_default();
    if name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile") {
        return Some(Kind::Dockerfile);
    }
    let (stem, extension) = name.rsplit_once('.')?;
    if extension != "yml" && extension != "yaml" {
        return None;
    }
    let folder = |name: &str| parts[..parts.len() - 1].contains(&name);
    match stem {
        "action" => Some(Kind::Action),
        "pipe" => Some(Kind::Pipe),
        _ if path.contains(".github/workflows/") => Some(Kind::Workflow),
        _ if stem.ends_with("bitbucket-pipelines") => Some(Kind::Bitbucket),
        _ if stem.ends_with(".gitlab-ci") => Some(Kind::Gitlab),
        _ if folder("examples") && folder("github") => Some(Kind::Workflow),
        _ if folder("examples") && folder("bitbucket") => Some(Kind::Bitbucket),
        _ if folder("examples") && folder("gitlab") => Some(Kind::Gitlab),
        _ => None,
    }
}

fn zizmor(clients: &Clients, files: &[&str]) -> Lint {
    run(clients, "zizmor", files, |command| {
        command.args(["--offline", "--no-progress", "--color=never"]);
        // It looks for its settings beside each file; examples lie elsewhere.
        let config = clients.root.join(".github/zizmor.yml");
        if config.is_file() {
            command.arg("--config").arg(config);
        }
    })
}

fn run(clients: &Clients, name: &str, files: &[&str], options: impl FnOnce(&mut Command)) -> Lint {
    let program = name.split(' ').next().unwrap_or(name);
    let verdict = match clients.tool(program) {
        Err(skip) => Verdict::Skipped(skip),
        Ok(_) if files.is_empty() => Verdict::Clean,
        Ok(tool) => match start(clients, tool, files, options) {
            Ok(finished) if finished.success() => Verdict::Clean,
            Ok(finished) => Verdict::Findings(finished.log()),
            Err(error) => Verdict::Skipped(Skip::new(name, format!("{error:#}"))),
        },
    };
    Lint { name: name.to_owned(), file_count: files.len(), verdict }
}

fn start(clients: &Clients, tool: &Tool, files: &[&str], options: impl FnOnce(&mut Command)) -> Result<Finished> {
    let mut command = tool.command();
    options(&mut command);
    command.args(files).current_dir(&clients.root);
    // Linters that see a CI print for that CI's log.
    for name in ["GITHUB_ACTIONS", "GITHUB_TOKEN", "GH_TOKEN", "ZIZMOR_GITHUB_TOKEN"] {
        command.env_remove(name);
    }
    process::run(command, LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let cases = [
            (".github/workflows/ci.yml", Some(Kind::Workflow)),
            ("examples/github/split.yml", Some(Kind::Workflow)),
            ("examples/github/.github/workflows/a.yaml", Some(Kind::Workflow)),
            ("actions/junit-shard-split/action.yml", Some(Kind::Action)),
            ("actions/coverage-gate/action.yml", Some(Kind::Action)),
            ("examples/coverage/.github/workflows/coverage-comment.yml", Some(Kind::Workflow)),
            ("examples/coverage/bitbucket-pipelines.yml", Some(Kind::Bitbucket)),
            ("examples/coverage/.gitlab-ci.yml", Some(Kind::Gitlab)),
            ("action.yml", Some(Kind::Action)),
            ("examples/bitbucket/bitbucket-pipelines.yml", Some(Kind::Bitbucket)),
            ("bitbucket-pipelines.yml", Some(Kind::Bitbucket)),
            ("examples/gitlab/.gitlab-ci.yml", Some(Kind::Gitlab)),
            ("templates/junit-shard-split.yml", None),
            ("templates/coverage-gate.yml", None),
            ("pipes/junit-shard-split/pipe.yml", Some(Kind::Pipe)),
            ("pipes/coverage-gate/pipe.yml", Some(Kind::Pipe)),
            ("Dockerfile", Some(Kind::Dockerfile)),
            ("examples/github/README.md", None),
            (".github/dependabot.yml", None),
        ];
        for (path, kind) in cases {
            assert_eq!(kind_of(path), kind, "{path}");
        }
    }
}
