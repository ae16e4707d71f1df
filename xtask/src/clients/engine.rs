//! The Docker engine: is there one, what is on it, and how images get there.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use super::Skip;
use super::process;

/// A quick question to the engine; it answers in 20 ms, a loaded machine needs seconds.
const ASK_LIMIT: Duration = Duration::from_secs(60);

/// A `docker` command, ready for its arguments. An engine elsewhere (DOCKER_HOST) is honoured by the client itself.
pub fn docker<I, S>(args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let mut command = Command::new("docker");
    command.args(args);
    command
}

/// The engine's version, or why none can be used. Asked once a process.
pub fn available() -> std::result::Result<String, Skip> {
    static ANSWER: std::sync::OnceLock<std::result::Result<String, String>> = std::sync::OnceLock::new();
    let answer = ANSWER.get_or_init(|| {
        if !process::on_path("docker") {
            return Err("no docker client on PATH".to_owned());
        }
        process::read(docker(["version", "--format", "{{.Server.Version}}"]), ASK_LIMIT)
            .map_err(|error| format!("no Docker engine answers: {}", error.to_string().lines().last().unwrap_or("")))
    });
    answer.clone().map_err(|why| Skip::new("docker engine", why))
}

/// True when the image `tag` is on the engine.
pub fn has_image(tag: &str) -> bool {
    image_field(tag, "{{.Id}}").is_some()
}

/// A field of an image by Go template, for example `{{.Size}}` (bytes); `None` when the image is not there.
pub fn image_field(tag: &str, template: &str) -> Option<String> {
    process::read(docker(["image", "inspect", "--format", template, tag]), ASK_LIMIT).ok()
}

/// Makes image `tag` from the directory `rootfs`: one layer, owned by root, with the `changes` of `docker import`
/// (`ENV A=b`, `LABEL c=d`, `CMD [...]`, `WORKDIR /x`). Errors: tar or the engine fail.
pub fn import(rootfs: &Path, tag: &str, changes: &[String]) -> Result<()> {
    let mut tar = Command::new("tar")
        .args(["--owner=0", "--group=0", "--numeric-owner", "--sort=name", "-c", "-C"])
        .arg(rootfs)
        .arg(".")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start tar")?;
    let mut import = docker(["import"]);
    for change in changes {
        import.args(["--change", change]);
    }
    let stream = tar.stdout.take().context("tar has no output")?;
    let output = import.args(["-", tag]).stdin(stream).output().context("cannot start docker import")?;
    let tarred = tar.wait().context("cannot wait for tar")?;
    anyhow::ensure!(tarred.success(), "tar of {} failed", rootfs.display());
    anyhow::ensure!(output.status.success(), "docker import {tag}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Removes an image by its id or name; one that is in use or gone stays so without a word.
pub fn remove_image(id: &str) {
    let _ = process::run(docker(["rmi", id]), ASK_LIMIT);
}

/// Gives the image `from` the second name `to`, as a published name that a pipeline file uses. Errors: no such image.
pub fn tag(from: &str, to: &str) -> Result<()> {
    process::read(docker(["tag", from, to]), ASK_LIMIT).map(drop)
}

/// Ids of all containers, running or not, that match a `docker ps` filter such as `label=a=b`.
pub fn containers(filter: &str) -> Result<Vec<String>> {
    let ids = process::read(docker(["ps", "-aq", "--filter", filter]), ASK_LIMIT)?;
    Ok(ids.lines().map(str::to_owned).collect())
}
