//! What happens on each host: a first release, one that changes a file, a rollback, a tidying.

use super::super::World;
use super::super::static_checks::ensure;
use super::servers::Server;
use super::visitors::{self, Loaded};
use crate::clients::workspace;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The pages of the example.
const PAGES: [&str; 2] = ["index.html", "products.html"];
/// The file that the second release changes: the style sheet and, by that, all pages name it.
const CHANGED: &str = "site/css/colours.css";

/// One of the example's pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pipeline {
    /// What runs on a push.
    Publish,
    /// What is started by hand.
    Rollback,
    /// What runs once a week.
    Prune,
}

/// Runs a pipeline and returns what its outputs say, as one text. Errors: it is red.
pub(super) type Play = fn(&World, &Story, Pipeline) -> Result<String>;

/// The example as a user's repository, and what it publishes to.
pub(super) struct Story {
    /// The repository.
    pub project: PathBuf,
    /// AWS.
    pub server: Server,
    host: &'static str,
}

impl Story {
    /// The example, committed, with the addresses of a server that was just started.
    pub(super) fn new(world: &World, host: &'static str, server: fn(&World) -> Result<Server>) -> Result<Story> {
        Story::prepared(world, host, server, &|_| Ok(()))
    }

    /// The same, with something done to the repository first.
    pub(super) fn prepared(
        world: &World,
        host: &'static str,
        server: fn(&World) -> Result<Server>,
        prepare: &dyn Fn(&Path) -> Result<()>,
    ) -> Result<Story> {
        let project = world.folder.join("assets").join(host).join("shop");
        workspace::copy_dir(&world.root.join("examples/assets"), &project)?;
        let server = server(world)?;
        let settings = project.join(".roadcrew.toml");
        fs::write(&settings, server.settings(&fs::read_to_string(&settings)?))?;
        prepare(&project)?;
        workspace::commit_all(&project, &format!("https://{host}.example/acme/shop.git"))?;
        Ok(Story { project, server, host })
    }

    /// Tells it. Errors: a pipeline is red, or says otherwise than the bucket; a page did not load with all that it names.
    pub(super) fn tell(self, world: &World, play: Play) -> Result<usize> {
        let base_url = self.server.base_url();
        let live = |pipeline| -> Result<String> {
            let told = play(world, &self, pipeline).with_context(|| format!("{pipeline:?}"))?;
            let pointer = self.server.pointer()?;
            let version = pointer["version"].as_str().context("a pointer without a version")?.to_owned();
            let release = pointer["release"].as_str().context("a pointer without a release")?;
            if pipeline != Pipeline::Prune {
                let is_told = told.contains(&version) || told.contains(release);
                ensure(is_told, &format!("neither {version} nor {release} is told"), &told)?;
            }
            Ok(version)
        };
        let pages =
            |_: &str| -> Result<Vec<Loaded>> { PAGES.iter().map(|page| visitors::load(&base_url, page)).collect() };
        let first = live(Pipeline::Publish)?;
        let before = pages(&first)?;

        self.change()?;
        let second = visitors::during(&base_url, &PAGES, || live(Pipeline::Publish))?;
        let after = pages(&second)?;
        ensure(first != second, "a changed file has the same value", &first)?;
        ensure(before.iter().zip(&after).all(|(old, new)| old != new), "a page is the old one", &base_url)?;
        // Whoever has an old page open still gets all of its files.
        self.still_load(&before)?;

        let third = visitors::during(&base_url, &PAGES, || live(Pipeline::Rollback))?;
        ensure(third == first, &format!("after the rollback {third} is live, not {first}"), "")?;
        ensure(pages(&third)? == before, "after the rollback the pages are not those of before", &base_url)?;
        self.still_load(&after)?;

        visitors::during(&base_url, &PAGES, || live(Pipeline::Prune))?;
        self.still_load(&before)?;
        self.still_load(&after)?;
        if self.server.has_cdn {
            // Two releases and the rollback have changed pages.
            let told = self.server.invalidations()?;
            ensure(told == 3, &format!("CloudFront was told {told} times, not three times"), "")?;
        }
        Ok(12)
    }

    /// The second release.
    fn change(&self) -> Result<()> {
        let file = self.project.join(CHANGED);
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text.replace("#f2b705", "#ffd43b"))?;
        // The clients look at the last commit.
        fs::remove_dir_all(self.project.join(".git"))?;
        workspace::commit_all(&self.project, &format!("https://{}.example/acme/shop.git", self.host))
    }

    /// Pages of another release that somebody has open.
    fn still_load(&self, pages: &[Loaded]) -> Result<()> {
        for (page, loaded) in PAGES.iter().zip(pages) {
            let url = format!("{}{page}", self.server.base_url());
            let bytes = loaded.get(&url).context("a page without its own bytes")?;
            let again = visitors::below(&url, bytes.clone()).with_context(|| format!("an old {page}"))?;
            for (asset, bytes) in loaded.iter().filter(|(asset, _)| !asset.ends_with(".html")) {
                ensure(again.get(asset) == Some(bytes), &format!("{asset} is another one now"), "")?;
            }
        }
        Ok(())
    }
}
