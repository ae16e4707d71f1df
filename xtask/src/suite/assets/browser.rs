//! Sites in headless Chromium, over nginx: before, while and after a release is published and taken back no request fails, no
//! console says a word, every digest in a page holds, and no page is of two releases.

use super::super::static_checks::ensure;
use super::super::{Outcome, World, outcome};
use super::chromium::Chromium;
use super::nginx::Nginx;
use super::servers::Server;
use super::sites::{self, Kind};
use super::{TOOL, visitors};
use crate::clients::process;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);
/// How long the simulator waits with each write of a release that visitors watch.
const SLOWLY: &str = r#"[{"fault":"latency","wait_ms":100,"writes":true}]"#;
/// A page with its style sheet, its script, what these name, and what comes later, is at least so many answers.
const LEAST_ANSWERS: usize = 7;

/// All kinds of sites, each with a release, the next, and the way back.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let told = |kind: Kind| format!("a site by {}, in Chromium: a release, the next, and back", kind.name());
    let folder = world.folder.join("assets/browser");
    let mut stage = match Stage::open(world, &folder) {
        Ok(stage) => stage,
        Err(why) => return vec![("sites in Chromium".to_owned(), outcome(Err(why)))],
    };
    Kind::ALL.map(|kind| (told(kind), outcome(stage.tell(world, kind)))).into()
}

/// Who takes part.
struct Stage {
    browser: Chromium,
    site: Site,
}

/// Where sites are published and served from.
struct Site {
    folder: PathBuf,
    nginx: Nginx,
    server: Server,
    program: PathBuf,
}

impl Stage {
    fn open(world: &World, folder: &Path) -> Result<Stage> {
        let pages = folder.join("pages");
        fs::create_dir_all(&pages)?;
        let program = world.root.join("dist/x86_64-unknown-linux-musl").join(TOOL);
        ensure(program.is_file(), &format!("{} is not there; the stage `images` makes it", program.display()), "")?;
        let browser = Chromium::start(world, folder)?;
        let server = Server::simulated(world)?;
        // An app's own pages come from its instance, everything else from the bucket.
        let rest = format!(
            "    location /app/ {{ alias {}/; }}\n    location / {{\n      proxy_pass {}/;\n      proxy_http_version 1.1;\n      \
             proxy_set_header Connection \"\";\n    }}",
            pages.display(),
            server.bucket_url
        );
        let nginx = Nginx::start(&folder.join("nginx"), "", &rest)?;
        Ok(Stage { browser, site: Site { folder: folder.to_owned(), nginx, server, program } })
    }

    fn tell(&mut self, world: &World, kind: Kind) -> Result<usize> {
        let [first, second] = self.site.build(world, kind)?;
        let path = if kind == Kind::Django { "app" } else { kind.name() };
        let url = format!("http://127.0.0.1:{}/{path}/index.html", self.site.nginx.port);
        self.site.release(kind, &first)?;
        self.sees(&url, "one")?;
        let open = self.browser.open(&url)?;
        ensure(open == "one", &format!("{open} is open"), "")?;

        self.watched(&url, ["one", "two"], |site| site.release(kind, &second))?;
        let late = self.browser.later().context("a page of the release before asks for the rest of it")?;
        ensure(late == "one", &format!("a page of the first release got {late}"), "")?;
        self.sees(&url, "two")?;

        self.watched(&url, ["two", "one"], |site| match kind {
            // The app's own deployment goes back; the files of before are still there.
            Kind::Django => site.release_page(&first),
            _ => site.run(kind, &["rollback"], &[]),
        })?;
        self.sees(&url, "one")?;
        Ok(6)
    }

    fn sees(&mut self, url: &str, release: &str) -> Result<()> {
        let (seen, answers) = self.browser.load(url)?;
        ensure(seen == release, &format!("{release} is published, {seen} is seen"), "")?;
        ensure(answers >= LEAST_ANSWERS, &format!("the page is {answers} answers, which is not all of it"), "")
    }

    /// Does `work`, slowly, while new visitors come one after the other: each sees one release, and nobody sees the old one again.
    fn watched(&mut self, url: &str, releases: [&str; 2], work: impl FnOnce(&Site) -> Result<()> + Send) -> Result<()> {
        let (browser, site) = (&mut self.browser, &self.site);
        site.writes_wait(SLOWLY)?;
        let seen = std::thread::scope(|scope| -> Result<Vec<String>> {
            let worker = scope.spawn(|| work(site));
            let mut seen = Vec::new();
            loop {
                let is_last = worker.is_finished();
                seen.push(browser.load(url).with_context(|| format!("after {seen:?}"))?.0);
                if is_last {
                    break;
                }
            }
            let Ok(done) = worker.join() else { bail!("the release panicked") };
            done.map(|()| seen)
        })?;
        site.writes_wait("[]")?;
        let turn = seen.iter().position(|release| release == releases[1]).unwrap_or(seen.len());
        let in_order = seen[..turn].iter().all(|release| release == releases[0])
            && seen[turn..].iter().all(|release| release == releases[1]);
        ensure(in_order && turn < seen.len(), &format!("from {releases:?} visitors saw {seen:?}"), "")
    }
}

impl Site {
    /// Both releases of a site, at the same time.
    fn build(&self, world: &World, kind: Kind) -> Result<[PathBuf; 2]> {
        let folder = &self.folder;
        std::thread::scope(|scope| {
            let builders =
                ["one", "two"].map(|release| scope.spawn(move || sites::build(world, folder, kind, release)));
            let [first, second] = builders.map(|builder| match builder.join() {
                Ok(built) => built,
                Err(_) => bail!("a build panicked"),
            });
            Ok([first?, second?])
        })
    }

    /// Publishes what was built. An app's new instance starts after its files are there.
    fn release(&self, kind: Kind, built: &Path) -> Result<()> {
        let dist = built.join("dist").display().to_string();
        let public_path = format!("/{}/", kind.name());
        // One after the other, so that a wrong order lasts long enough to be seen.
        let mut options = vec!["--public-path", &public_path, "--concurrency", "1"];
        if kind != Kind::Django {
            options.extend(["--pointer", "s3"]);
        }
        self.run(kind, &["publish", &dist], &options)?;
        if kind == Kind::Django { self.release_page(built) } else { Ok(()) }
    }

    fn release_page(&self, built: &Path) -> Result<()> {
        let pages = self.folder.join("pages");
        fs::copy(built.join("page.html"), pages.join("next.html"))?;
        Ok(fs::rename(pages.join("next.html"), pages.join("index.html"))?)
    }

    fn run(&self, kind: Kind, words: &[&str], options: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.env_clear().current_dir(&self.folder).envs(self.server.keys.iter().map(|(name, value)| (name, value)));
        command.args(words).args(["--bucket", "shop-assets", "--prefix", kind.name(), "--region", "eu-central-1"]);
        command.args(["--endpoint-url", &self.server.url]).args(options);
        let done = process::run_merged(command, LIMIT)?;
        ensure(done.success(), &format!("{words:?} ended with {:?}", done.code), &done.log())
    }

    fn writes_wait(&self, rules: &str) -> Result<()> {
        let got = visitors::ask("PUT", &format!("{}/_sim/faults", self.server.url), rules)?;
        ensure(got.status < 300, &format!("the simulator takes no rules: {}", got.status), rules)
    }
}
