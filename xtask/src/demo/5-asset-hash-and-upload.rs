//! The shop's style sheet, script and logo go to a bucket and from there to its visitors. A second release changes the style sheet
//! alone: one file is uploaded, and the shop's pages name it as soon as the pointer does. A rollback writes the pointer, and no file.
//!
//! S3 and the CDN are `aws-sim`, a process of this repository; the shop follows the pointer and is never restarted.

use super::Stage;
use super::page::{Bar, Group, Part};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Variables by which a CI is known: the act plays in a shell wherever it plays.
const HOSTS: [&str; 6] =
    ["GITHUB_ACTIONS", "BITBUCKET_BUILD_NUMBER", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "JENKINS_URL"];

/// The shop looks at the pointer several times a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that ends with the act.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts a program and waits for its first line, which says where it listens.
    fn start(mut command: Command) -> Result<(Running, String)> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let output = child.stdout.take();
        let running = Running(child);
        let mut line = String::new();
        BufReader::new(output.with_context(|| format!("{name} has no output"))?).read_line(&mut line)?;
        ensure!(!line.is_empty(), "{name} ended at once");
        Ok((running, line.trim_end().to_owned()))
    }
}

/// The bucket, and the tool that publishes to it.
struct Bucket<'s> {
    stage: &'s Stage,
    _sim: Running,
    said: Value,
    tree: PathBuf,
    log: String,
}

impl Bucket<'_> {
    fn open(stage: &Stage) -> Result<Bucket<'_>> {
        let mut command = Command::new(stage.programs.join("aws-sim"));
        command.args(["--bucket", "shop-assets"]);
        let (sim, line) = Running::start(command)?;
        let tree = stage.folder.join("assets");
        fs::create_dir_all(&tree)?;
        for entry in fs::read_dir(stage.root.join("examples/shop/assets"))? {
            let entry = entry?;
            fs::copy(entry.path(), tree.join(entry.file_name()))?;
        }
        Ok(Bucket { stage, _sim: sim, said: serde_json::from_str(&line)?, tree, log: String::new() })
    }

    fn said(&self, name: &str) -> &str {
        self.said[name].as_str().unwrap_or_default()
    }

    /// Where browsers find the published keys.
    fn base_url(&self) -> String {
        format!("{}/shop-assets/", self.said("cdn_url"))
    }

    /// Runs a command of the tool and returns its report.
    fn run(&mut self, arguments: &[&str]) -> Result<Value> {
        let report = self.stage.folder.join("assets.json");
        let mut command = Command::new(self.stage.programs.join("asset-hash-and-upload"));
        command.args(arguments).args(["--bucket", "shop-assets", "--endpoint-url", self.said("url")]);
        command.arg("--json").arg(&report).current_dir(&self.stage.folder);
        command.env("AWS_ACCESS_KEY_ID", self.said("access_key"));
        command.env("AWS_SECRET_ACCESS_KEY", self.said("secret_key"));
        for name in HOSTS {
            command.env_remove(name);
        }
        let output = command.output().context("cannot start asset-hash-and-upload")?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        println!("$ asset-hash-and-upload {} …\n{said}", arguments.join(" "));
        ensure!(output.status.code() == Some(0), "exit code {:?}, not 0:\n{said}", output.status.code());
        self.log += &format!("$ asset-hash-and-upload {} …\n{said}\n", arguments.join(" "));
        Ok(serde_json::from_slice(&fs::read(report)?)?)
    }
}

/// Plays the act.
pub(crate) fn play(stage: &Stage) -> Result<Part> {
    let mut bucket = Bucket::open(stage)?;
    let base_url = bucket.base_url();
    println!("The shop's files go to a bucket; its pages name them by the pointer that is written last.\n");
    let publish = ["publish", "assets", "--base-url", &base_url];
    let first = bucket.run(&publish)?;
    let mut command = Command::new(stage.programs.join("shop"));
    command.args(["serve", "--port", "0"]).env("ASSETS_POINTER", format!("{base_url}.roadcrew/default/current.json"));
    let (_shop, shop) = Running::start(command)?;
    let old = style(&shop)?;
    println!("  a page of the shop names {old}\n");
    ensure!(old.starts_with(&base_url), "the shop names {old}, which is not of {base_url}");

    let file = bucket.tree.join("app.css");
    let text = fs::read_to_string(&file)?.replace("#f2b705", "#ffd43b");
    fs::write(&file, text)?;
    let second = bucket.run(&publish)?;
    let new = named_instead(&shop, &old)?;
    println!("  and now {new}; whoever has the old page open still gets {old}\n");
    ensure!(second["files"]["uploaded"] == 1, "not one file was uploaded: {second}");
    ensure!(get(&old)?.0 == 200 && get(&new)?.0 == 200, "a style sheet is missing");

    let back = bucket.run(&["rollback"])?;
    let again = named_instead(&shop, &new)?;
    ensure!(again == old, "after the rollback the shop names {again}, not {old}");
    println!("  and {again} again, without a restart\n");
    Ok(Part {
        title: "asset-hash-and-upload".to_owned(),
        summary: format!(
            "The shop's {} files go to S3 under names that hold their digest. The next release changes the style sheet: {} file is \
             uploaded, and the running shop names it when the pointer does. Going back sends no file.",
            first["files"]["total"], second["files"]["uploaded"]
        ),
        groups: vec![writes(
            "Writes to the bucket",
            &[("first release", &first), ("second", &second), ("rollback", &back)],
        )],
        links: Vec::new(),
        log: bucket.log.clone(),
    })
}

/// How often each run wrote: requests that put, copy or delete something.
fn writes(title: &str, runs: &[(&str, &Value)]) -> Group {
    let count = |report: &Value| -> f64 {
        let kinds = ["PUT", "COPY", "DELETE"];
        kinds.iter().filter_map(|kind| report["requests"][*kind].as_f64()).sum()
    };
    let most = runs.iter().map(|(_, report)| count(report)).fold(1.0, f64::max);
    let bar = |(label, report): &(&str, &Value)| Bar {
        label: (*label).to_owned(),
        value: format!("{}", count(report)),
        share: count(report) / most,
    };
    Group { title: title.to_owned(), bars: runs.iter().map(bar).collect() }
}

/// The style sheet that the shop's first page names.
fn style(shop: &str) -> Result<String> {
    let (status, page) = get(&format!("{shop}/"))?;
    ensure!(status == 200, "the shop answers {status}");
    let found = page.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    Ok(found.context("the page names no style sheet")?.to_owned())
}

/// Waits until a page names another style sheet than this one.
fn named_instead(shop: &str, known: &str) -> Result<String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let now = style(shop)?;
        if now != known {
            return Ok(now);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the shop still names {known}")
}

/// Status and body of an address `http://127.0.0.1:PORT/…`.
fn get(url: &str) -> Result<(u16, String)> {
    let rest = url.strip_prefix("http://").with_context(|| format!("{url} is no address of http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| host.to_owned())?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without a head")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    Ok((status, body.to_owned()))
}
