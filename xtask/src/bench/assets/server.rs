//! The simulated S3 that all tools send to, in a process of its own.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running `aws-sim`; it ends with this.
pub(super) struct Server {
    child: Child,
    pub url: String,
    /// What its clients need in their environment.
    pub environment: Vec<(&'static str, String)>,
}

impl Server {
    /// Builds the simulator as the tools are built.
    pub(super) fn build(root: &Path, target_dir: &Path) -> Result<PathBuf> {
        let arguments =
            ["build", "--quiet", "--profile=ship", "--target", super::super::TARGET, "--package", "aws-sim"];
        let status = Command::new("cargo").args(arguments).current_dir(root).status()?;
        ensure!(status.success(), "building aws-sim failed");
        Ok(target_dir.join(super::super::TARGET).join("ship/aws-sim"))
    }

    /// Starts it with these buckets and options.
    pub(super) fn start(program: &Path, buckets: &[&str], options: &[&str]) -> Result<Server> {
        let mut command = Command::new(program);
        command.args(buckets.iter().flat_map(|bucket| ["--bucket", bucket])).args(options);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start aws-sim")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("aws-sim has no output")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("aws-sim said {line:?}"))?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let region = "us-east-1".to_owned();
        let environment = vec![
            ("AWS_ACCESS_KEY_ID", text("access_key")),
            ("AWS_SECRET_ACCESS_KEY", text("secret_key")),
            ("AWS_REGION", region.clone()),
            ("AWS_DEFAULT_REGION", region),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        Ok(Server { child, url: text("url"), environment })
    }

    /// Counts from 0 again.
    pub(super) fn reset(&self) -> Result<()> {
        self.control(&["-X", "POST"], "reset").map(drop)
    }

    /// What was asked for since.
    pub(super) fn counts(&self) -> Result<Counts> {
        let said = self.control(&[], "counts")?;
        serde_json::from_str(&said).with_context(|| format!("the simulator counts {said}"))
    }

    fn control(&self, arguments: &[&str], path: &str) -> Result<String> {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--noproxy", "*"]).args(arguments);
        let output = curl.arg(format!("{}/_sim/{path}", self.url)).output().context("no curl on the PATH")?;
        if !output.status.success() {
            bail!("the simulator refuses {path}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Requests, as the server saw them.
#[derive(Deserialize)]
pub(super) struct Counts {
    /// By kind.
    pub requests: BTreeMap<String, u64>,
    pub total: u64,
    /// Those that change what S3 holds.
    pub writes: u64,
    /// Bytes of bodies that were sent.
    pub bytes_in: u64,
}

impl Counts {
    /// `20,001 requests (20000 PUT, 1 LIST)`, the most first.
    pub(super) fn words(&self) -> String {
        let mut kinds: Vec<(&String, &u64)> = self.requests.iter().filter(|(_, count)| **count > 0).collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), *kind));
        let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        format!("{} requests ({})", self.total, kinds.join(", "))
    }
}
