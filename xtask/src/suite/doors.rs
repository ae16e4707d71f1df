//! The built images: made once, given the same cases as the binary, stopped by a signal, and kept from writing.

use super::loopback::{self, Answer};
use super::static_checks::ensure;
use super::{Outcome, World, outcome};
use crate::checkout::Checkout;
use crate::clients::{engine, process};
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// What the images of a tool are tried with besides its cases.
struct Trial {
    tool: &'static str,
    /// Files of the working folder.
    files: &'static [(&'static str, &'static str)],
    /// A command that waits until it is stopped: it reads standard input, or asks a port that nobody listens on.
    waits: &'static [&'static str],
    /// A command that writes a file, and what it says when it may not.
    writes: &'static [&'static str],
    refused: &'static str,
    /// Variables of both.
    env: &'static [&'static str],
}

/// One for each tool.
const TRIALS: &[Trial] = &[
    Trial {
        tool: "junit-shard-split",
        files: &[("tests.txt", "a\nb\n")],
        waits: &["shard", "--tests-from", "-", "--shards", "2", "--shard", "0"],
        writes: &["shard", "--tests-from", "tests.txt", "--shards", "2", "--shard", "0"],
        refused: "cannot write .roadcrew/shard-0/files.txt",
        env: &[],
    },
    Trial {
        tool: "coverage-gate",
        files: &[
            ("lcov.info", "TN:\nSF:a.js\nDA:1,1\nend_of_record\n"),
            ("a.js", "run();\n"),
            ("change.diff", "--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-stop();\n+run();\n"),
        ],
        waits: &["gate", "--reports", "lcov.info", "--diff-file", "-"],
        writes: &["gate", "--reports", "lcov.info", "--diff-file", "change.diff", "--html", "page.html"],
        refused: "cannot write page.html",
        env: &[],
    },
    Trial {
        tool: "license-check",
        files: &[(
            "composer.lock",
            "{\"packages\": [{\"name\": \"acme/a\", \"version\": \"1.0\", \"license\": [\"MIT\"]}], \"packages-dev\": []}\n",
        )],
        waits: &["identify", "-"],
        writes: &["check", "--sbom", "sbom.json"],
        refused: "cannot write sbom.json",
        env: &[],
    },
    Trial {
        tool: "healthcheck",
        files: &[],
        waits: &["wait", "http://127.0.0.1:1/", "--deadline", "60s"],
        writes: &["once", "http://127.0.0.1:1/", "--record", "record.jsonl"],
        refused: "cannot write record.jsonl",
        env: &[],
    },
    Trial {
        tool: "asset-hash-and-upload",
        files: &[],
        waits: &["verify", "--bucket", "shop-assets", "--endpoint-url", "http://127.0.0.1:1"],
        writes: &["verify", "--bucket", "shop-assets", "--endpoint-url", "http://127.0.0.1:1", "--json", "report.json"],
        refused: "cannot write report.json",
        env: &["--env=AWS_ACCESS_KEY_ID=a", "--env=AWS_SECRET_ACCESS_KEY=b"],
    },
];

/// Makes all images, and the release archives.
pub(super) fn images(world: &World) -> Vec<(String, Outcome)> {
    let made = Checkout::open(&world.root).and_then(|checkout| crate::image::run(&checkout, None)).map(|()| 1);
    let archives = Checkout::open(&world.root).and_then(|checkout| crate::dist::run(&checkout)).map(|()| 1);
    vec![("cargo xtask image --all".to_owned(), outcome(made)), ("cargo xtask dist".to_owned(), outcome(archives))]
}

/// The local tag of a tool's image. Errors: no engine, or the image was not made.
pub(super) fn image(world: &World, name: &str) -> Result<String> {
    engine::available()?;
    let [published, _] = crate::image::tags(&Checkout::open(&world.root)?, name);
    if !engine::has_image(&published) {
        bail!("the image {published} is not there; the stage `images` makes it");
    }
    Ok(published)
}

/// Each tool's own cases, started from its image as an action and as a pipe; then a signal to process 1, and a workspace
/// that it may not write.
pub(super) fn cases(world: &World) -> Vec<(String, Outcome)> {
    let checkout = match Checkout::open(&world.root) {
        Ok(checkout) => checkout,
        Err(err) => return vec![("tools".to_owned(), Outcome::Failed(format!("{err:#}")))],
    };
    let mut outcomes = Vec::new();
    for tool in &checkout.tools {
        let name = tool.name.as_str();
        let trial = TRIALS.iter().find(|trial| trial.tool == name);
        let tried = |with: fn(&World, &Trial) -> Result<usize>| {
            outcome(trial.context("it has no trial in xtask/src/suite/doors.rs").and_then(|trial| with(world, trial)))
        };
        outcomes.push((format!("{name}: cases through the image"), outcome(cases_on_image(world, name))));
        outcomes.push((format!("{name}: SIGTERM reaches it as process 1"), tried(signal)));
        outcomes.push((format!("{name}: read-only workspace, other user"), tried(restricted)));
    }
    outcomes
}

fn cases_on_image(world: &World, name: &str) -> Result<usize> {
    let image = image(world, name)?;
    let mut command = Command::new("cargo");
    command
        // The filter chooses the package: `--package` would choose other features, and compile the dependencies anew.
        .args(["nextest", "run", "--workspace", "--color=never", "-E"])
        .arg(format!("package({name}) & test(on_the_image)"))
        .current_dir(&world.root)
        .env("ROADCREW_TEST_IMAGE", image);
    process::run_merged(command, Duration::from_secs(900))?.checked("cases on the image")?;
    Ok(1)
}

/// A working folder with the trial's files.
fn workspace(world: &World, trial: &Trial) -> Result<PathBuf> {
    let folder = world.folder.join("doors").join(trial.tool);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in trial.files {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(folder)
}

/// The signal must end the tool with exit 3, though it is process 1, which no signal ends by default.
fn signal(world: &World, trial: &Trial) -> Result<usize> {
    let image = image(world, trial.tool)?;
    let folder = workspace(world, trial)?;
    let name = format!("roadcrew-signal-{}", std::process::id());
    let mut child = Command::new("docker")
        .args(["run", "--rm", "--interactive", "--network=none", "--workdir=/w", "--name", &name])
        .arg(format!("--volume={}:/w", folder.display()))
        .args(trial.env)
        .arg(&image)
        .args(trial.waits)
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()?;
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(100));
        let running = Command::new("docker").args(["kill", "--signal=TERM", &name]).output()?;
        if running.status.success() {
            break;
        }
    }
    let output = child.wait().map(|status| status.code())?;
    ensure(output == Some(3), &format!("the tool ended with {output:?} after SIGTERM, not with 3"), "")?;
    Ok(1)
}

fn restricted(world: &World, trial: &Trial) -> Result<usize> {
    let image = image(world, trial.tool)?;
    let folder = workspace(world, trial)?.display().to_string();
    let (read_only, writable) = (format!("--volume={folder}:/w:ro"), format!("--volume={folder}:/w"));
    for options in [vec![read_only.as_str()], vec![&writable, "--user=65534:65534"]] {
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--network=none", "--workdir=/w"]).args(&options).args(trial.env).arg(&image);
        command.args(trial.writes);
        let done = process::run_merged(command, Duration::from_secs(60))?;
        let log = done.log();
        ensure(done.code == Some(3), "not exit 3", &log)?;
        ensure(log.contains(trial.refused), "the line does not name the file", &log)?;
        ensure(!log.contains("panicked"), "a panic", &log)?;
    }
    Ok(2)
}

/// A loopback server of the release archives, for the root action.
pub(super) struct Archives {
    address: SocketAddr,
}

impl Archives {
    /// What `base-url` is set to.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Serves `dist/` on a free port until the process ends.
pub(super) fn archives(world: &World) -> Result<Archives> {
    let folder = world.root.join("dist");
    if !folder.is_dir() {
        bail!("dist/ is not there; the stage `images` makes it");
    }
    let address = loopback::start(move |request| {
        let parts = request.target.split('/').filter(|part| !part.is_empty() && *part != "..");
        let path: PathBuf = parts.fold(folder.clone(), |path, part| path.join(part));
        std::fs::read(path).map_or_else(|_| Answer::new(404, Vec::new()), |body| Answer::new(200, body))
    })?;
    Ok(Archives { address })
}
