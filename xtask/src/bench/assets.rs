//! `asset-hash-and-upload`: releases of a large tree and of a large file, with the tools beside it that bring folders to S3.
//!
//! All of them send to the same `aws-sim`, which counts what is asked for; a tool's own words about that count for nothing.

mod peers;
mod server;
mod tree;

use super::measure::{Cost, run_costed_into};
use super::{Bench, row};
use anyhow::{Context, Result, ensure};
use peers::{PEERS, Peer};
use serde_json::Value;
use server::{Counts, Server};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tree::Tree;

/// The tool's own buckets: its defaults, and one whose release rewrites nothing, so that a changed file is one changed file.
const BUCKETS: [&str; 2] = ["whole", "kept"];
/// File times of some tools are whole seconds, S3's are always.
const A_SECOND: Duration = Duration::from_millis(1100);
/// More requests than this are too many under faults, in percent of those without.
const FAULTS_PERCENT: u64 = 115;

/// What the tools work with.
struct Parties<'b> {
    bench: &'b Bench,
    /// Where the other tools are, or why not.
    home: Result<PathBuf, String>,
    simulator: PathBuf,
}

/// All figures of the tool.
pub(super) fn run(bench: &Bench) -> Result<()> {
    let simulator = Server::build(&bench.root, &super::target(&bench.root))?;
    let home = peers::install(&bench.folder).map_err(|why| one_line(&why));
    let parties = Parties { bench, home, simulator };
    let percent = bench.size_percent.clamp(1, 100);
    let first = parties.releases(20_000 * percent / 100)?;
    parties.faults(20_000 * percent / 100, first)?;
    parties.many(100_000 * percent / 100)?;
    parties.large((1 << 30) * percent / 100)
}

impl Parties<'_> {
    /// A first release, the same again, one with changes, back, and down. Returns the requests of the first.
    fn releases(&self, count: u64) -> Result<u64> {
        let tree = Tree::write(&self.bench.folder.join("tree"), count)?;
        let server = self.server(&[])?;
        let size = format!("{count} files, {} MB", tree.size_bytes / 1_000_000);
        let goal = format!("<= {} requests, <= 6 CPU s, <= 40 MB", count + 6);
        let (first, _) = self.publish(&server, &tree, &[], &format!("first upload of {size}"), &goal)?;
        sent(&first, count)?;
        self.peers(&server, &tree.folder, |_| true, "first upload")?;
        self.publish(&server, &tree, KEPT, "first upload, `--references keep`", "")?;

        std::thread::sleep(A_SECOND);
        tree.touch()?;
        let goal = "0 writes, <= 3 requests, <= 0.8 CPU s";
        let (again, _) = self.publish(&server, &tree, &[], "the same bytes, new mtimes", goal)?;
        ensure!(again.writes == 0, "a release of the same bytes writes: {}", again.words());
        self.publish(&server, &tree, KEPT, "the same bytes, new mtimes, `--references keep`", "")?;
        self.peers(&server, &tree.folder, |_| true, "the same bytes, new mtimes")?;

        std::thread::sleep(A_SECOND);
        let (changed, with_referrers) = (tree.change()?, tree.changed_with_referrers()?);
        let what = format!("1 % changed ({changed} files), new mtimes, `--references keep`");
        let goal = format!("{changed} PUT + 5, <= 1.2 CPU s");
        let (second, _) = self.publish(&server, &tree, KEPT, &what, &goal)?;
        sent(&second, changed)?;
        let what = format!("1 % changed, rewritten: {with_referrers} files with those that name them");
        let (second, report) = self.publish(&server, &tree, &[], &what, "")?;
        sent(&second, with_referrers)?;
        self.peers(&server, &tree.folder, |_| true, "1 % changed, new mtimes")?;

        let place = ["--bucket", BUCKETS[0], "--prefix", "p"];
        self.measured(&server, &["rollback"], &place, "rollback", "<= 3 requests, 0 bytes of assets")?;
        let down = self.bench.folder.join("down").display().to_string();
        let _ = std::fs::remove_dir_all(&down);
        let release = report["release"].as_str().context("a report without a release")?;
        let place = [place.as_slice(), &["--release", release]].concat();
        self.measured(&server, &["pull", &down], &place, "pull of a release into an empty folder", "")?;
        let goal = "<= 3 requests, 0 bytes of assets";
        self.measured(&server, &["pull", &down], &place, "pull of a release that is there", goal)?;
        let _ = std::fs::remove_dir_all(&down);
        Ok(first.total)
    }

    /// 503 on every tenth write.
    fn faults(&self, count: u64, without: u64) -> Result<()> {
        let tree = Tree::write(&self.bench.folder.join("tree"), count)?;
        let server = self.server(&["--slowdown", "10"])?;
        let goal = format!("done, <= {} requests", without * FAULTS_PERCENT / 100);
        self.publish(&server, &tree, &[], "first upload, 503 on every 10th write", &goal)?;
        self.peers(&server, &tree.folder, |peer| !peer.name.starts_with("aws"), "first upload, 503 on every 10th write")
    }

    /// A tree of which the memory is asked.
    fn many(&self, count: u64) -> Result<()> {
        let tree = Tree::write(&self.bench.folder.join("tree"), count)?;
        let server = self.server(&[])?;
        self.publish(&server, &tree, &[], &format!("first upload of {count} files"), "<= 120 MB")?;
        self.peers(&server, &tree.folder, |peer| peer.is_lightest, "first upload")?;
        self.publish(&server, &tree, &[], "the same bytes", "<= 120 MB")?;
        self.peers(&server, &tree.folder, |peer| peer.is_lightest, "the same bytes")?;
        let _ = std::fs::remove_dir_all(&tree.folder);
        Ok(())
    }

    /// One large file.
    fn large(&self, size_bytes: u64) -> Result<()> {
        let folder = self.bench.folder.join("large");
        tree::large(&folder, size_bytes)?;
        let server = self.server(&["--keep-bodies-below", "1000000"])?;
        let what = format!("one file of {} MiB", size_bytes >> 20);
        let tree = Tree { folder, paths: Vec::new(), size_bytes };
        self.publish(&server, &tree, &[], &what, "<= 1.6 CPU s")?;
        self.peers(&server, &tree.folder, |_| true, &what)?;
        let _ = std::fs::remove_dir_all(&tree.folder);
        Ok(())
    }

    fn server(&self, options: &[&str]) -> Result<Server> {
        let buckets: Vec<&str> = BUCKETS.into_iter().chain(PEERS.iter().map(|peer| peer.bucket)).collect();
        Server::start(&self.simulator, &buckets, options)
    }

    fn publish(
        &self,
        server: &Server,
        tree: &Tree,
        options: &[&str],
        what: &str,
        goal: &str,
    ) -> Result<(Counts, Value)> {
        let bucket = BUCKETS[usize::from(!options.is_empty())];
        let folder = tree.folder.display().to_string();
        let place = [&["--bucket", bucket, "--prefix", "p"], options].concat();
        self.measured(server, &["publish", &folder], &place, what, goal)
    }

    /// One command of the tool: a row of what it cost and asked for.
    fn measured(
        &self,
        server: &Server,
        words: &[&str],
        options: &[&str],
        what: &str,
        goal: &str,
    ) -> Result<(Counts, Value)> {
        let json = self.bench.folder.join("report.json");
        let mut command = Command::new(&self.bench.binary);
        // Neither the proxies nor the CI of whoever runs the bench.
        command.env_clear().current_dir(&self.bench.folder).stdin(Stdio::null());
        command.envs(server.environment.iter().map(|(name, value)| (name, value)));
        command.args(words).args(options).args(["--endpoint-url", &server.url]).arg("--json").arg(&json);
        server.reset()?;
        let cost = run_costed_into(&mut command, Stdio::null(), &[0]).with_context(|| what.to_owned())?;
        let counts = server.counts()?;
        row(what, &figures(&cost, &counts), goal);
        Ok((counts, serde_json::from_slice(&std::fs::read(&json)?)?))
    }

    /// The same of the other tools.
    fn peers(&self, server: &Server, folder: &Path, is_asked: fn(&Peer) -> bool, what: &str) -> Result<()> {
        let home = match &self.home {
            Ok(home) => home,
            Err(why) => {
                row(&format!("peers, {what}"), &format!("not here: {why}"), "");
                return Ok(());
            }
        };
        for peer in PEERS.iter().filter(|peer| is_asked(peer)) {
            server.reset()?;
            let cost = run_costed_into(&mut peer.upload(home, folder, server), Stdio::null(), &[0]);
            let figure = match cost {
                Ok(cost) => figures(&cost, &server.counts()?),
                Err(why) => format!("it failed: {}", one_line(&why)),
            };
            row(&format!("peer {}, {what}", peer.name), &figure, "");
        }
        Ok(())
    }
}

/// Nothing is rewritten: each file is sent as it is.
const KEPT: &[&str] = &["--references", "keep"];

/// A figure that is low because something was left out is worth nothing.
fn sent(counts: &Counts, files: u64) -> Result<()> {
    let sent = counts.requests.get("PUT").copied().unwrap_or(0);
    ensure!((files..=files + 5).contains(&sent), "{files} files were to be sent: {}", counts.words());
    Ok(())
}

fn figures(cost: &Cost, counts: &Counts) -> String {
    let (cpu_s, wall_s, memory_mb) = (cost.cpu_s, cost.wall_s, cost.memory_kb / 1024);
    let sent_mb = counts.bytes_in as f64 / 1e6;
    format!("{cpu_s:.2} s ({wall_s:.1} s wall), {memory_mb} MB, {}, {sent_mb:.1} MB sent", counts.words())
}

fn one_line(why: &anyhow::Error) -> String {
    format!("{why:#}").split_whitespace().take(30).collect::<Vec<_>>().join(" ").replace('|', "/")
}
