//! The three changes, as commits on a branch of the example's repository, and the clones that hosts make of it.

use super::super::{World, phpunit};
use crate::clients::{process, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// The pull request's number on every host.
pub(super) const NUMBER: u64 = 7;

/// What a branch changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A method with a test.
    Tested,
    /// The same, and one without.
    Untested,
    /// A file in a folder that is not measured.
    Unmeasured,
}

const COUNTED: &str = "
    public function pieces(): int
    {
        return array_sum($this->quantities);
    }
";

const UNTESTED: &str = "
    public function isEmpty(): bool
    {
        return $this->quantities === [];
    }
";

const TEST: &str = "
    public function testItCounts(): void
    {
        $basket = new Basket();
        $basket->add('tea', 2);

        self::assertSame(2, $basket->pieces());
    }
";

const INVOICE: &str = "<?php

declare(strict_types=1);

namespace Acme\\Shop;

final class Invoice
{
    public function number(int $year, int $count): string
    {
        return sprintf('%d-%05d', $year, $count);
    }
}
";

/// What the base branch gets meanwhile: lines above the change, so that its lines have other numbers in the merge.
const MEANWHILE: &str = "/**\n * What a customer is about to buy.\n */\nfinal class Basket";

/// Lines by which the merge is ahead of the branch, in `src/Basket.php`.
const SHIFT: u32 = 3;

impl Change {
    pub(super) const ALL: [Change; 3] = [Change::Tested, Change::Untested, Change::Unmeasured];

    pub(super) fn title(self) -> &'static str {
        match self {
            Change::Tested => "a tested change passes",
            Change::Untested => "an untested line fails",
            Change::Unmeasured => "a file in no report is unproven",
        }
    }

    fn branch(self) -> &'static str {
        match self {
            Change::Tested => "tested",
            Change::Untested => "untested",
            Change::Unmeasured => "unmeasured",
        }
    }

    /// The tool's exit code.
    pub(super) fn exit(self) -> i32 {
        match self {
            Change::Tested => 0,
            Change::Untested => 1,
            Change::Unmeasured => 4,
        }
    }

    /// What every host's log holds.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Change::Tested => &["1 of 1"],
            Change::Untested => &["1 of 2", "minimum 80%", "this changed line did not run in any test"],
            Change::Unmeasured => &["lib/Invoice.php"],
        }
    }

    /// The uncovered line, in the branch and in its merge with the base branch.
    pub(super) fn uncovered(self, clone: &Path) -> Result<(u32, u32)> {
        let text = fs::read_to_string(clone.join("src/Basket.php"))?;
        let at = text.lines().position(|line| line.contains("=== []")).context("no untested line")?;
        let line = u32::try_from(at)? + 1;
        let is_merged = text.contains("about to buy");
        Ok(if is_merged { (line - SHIFT, line) } else { (line, line + SHIFT) })
    }

    fn make(self, project: &Path) -> Result<()> {
        match self {
            Change::Tested | Change::Untested => {
                let untested = if self == Change::Untested { UNTESTED } else { "" };
                add_to_class(&project.join("src/Basket.php"), &format!("{COUNTED}{untested}"))?;
                add_to_class(&project.join("tests/BasketTest.php"), TEST)
            }
            Change::Unmeasured => {
                fs::create_dir_all(project.join("lib"))?;
                Ok(fs::write(project.join("lib/Invoice.php"), INVOICE)?)
            }
        }
    }
}

/// Puts methods at the end of a file's only class.
fn add_to_class(file: &Path, methods: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let end = text.strip_suffix("}\n").with_context(|| format!("{} does not end with a class", file.display()))?;
    Ok(fs::write(file, format!("{end}{methods}}}\n"))?)
}

/// The repository at its host: a base branch, a branch with the change, and the host's merge of both.
pub(super) struct Origin {
    folder: PathBuf,
    clone: PathBuf,
    /// The base branch's last commit.
    pub base: String,
    /// Where the branch left the base branch.
    pub parted: String,
    /// The branch's last commit.
    pub source: String,
    pub change: Change,
}

impl Origin {
    /// Makes it of the example.
    pub(super) fn new(world: &World, stage: &str, change: Change) -> Result<Origin> {
        Origin::prepared(world, stage, change, |_| Ok(()))
    }

    /// Makes it of the example after `prepare` has altered that.
    pub(super) fn prepared(
        world: &World,
        stage: &str,
        change: Change,
        prepare: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<Origin> {
        let place = world.folder.join("coverage").join(stage).join(change.branch());
        let folder = place.join("origin");
        workspace::copy_dir(&world.root.join("examples/coverage"), &folder)?;
        phpunit::install(&folder)?;
        prepare(&folder)?;
        let mut origin = Origin {
            clone: place.join("shop"),
            folder,
            base: String::new(),
            parted: String::new(),
            source: String::new(),
            change,
        };
        let work = origin.folder.clone();
        git(&work, &["init", "--quiet", "--initial-branch=main", "."])?;
        // More commits than a host clones by default lie before the change.
        for count in 0..3 {
            fs::write(work.join("NEWS"), format!("{count}\n"))?;
            commit(&work, "news")?;
        }
        origin.parted = git(&work, &["rev-parse", "HEAD"])?;
        git(&work, &["checkout", "--quiet", "-b", change.branch()])?;
        change.make(&work)?;
        origin.source = commit(&work, "change")?;
        git(&work, &["checkout", "--quiet", "main"])?;
        let basket = work.join("src/Basket.php");
        let text = fs::read_to_string(&basket)?;
        fs::write(&basket, text.replace("final class Basket", MEANWHILE))?;
        origin.base = commit(&work, "meanwhile")?;
        git(&work, &["checkout", "--quiet", "--detach", "main"])?;
        git(&work, &["merge", "--quiet", "--no-ff", "--message", "merge", change.branch()])?;
        git(&work, &["update-ref", &format!("refs/pull/{NUMBER}/merge"), "HEAD"])?;
        git(&work, &["update-ref", &format!("refs/merge-requests/{NUMBER}/head"), &origin.source])?;
        git(&work, &["checkout", "--quiet", "main"])?;
        Ok(origin)
    }

    /// The name of the branch.
    pub(super) fn branch(&self) -> &'static str {
        self.change.branch()
    }

    fn init(&self, remote: &str) -> Result<PathBuf> {
        fs::create_dir_all(&self.clone)?;
        git(&self.clone, &["init", "--quiet", "--initial-branch=main", "."])?;
        git(&self.clone, &["remote", "add", "origin", remote])?;
        Ok(self.clone.clone())
    }

    fn url(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// What actions/checkout leaves of a pull request with `fetch-depth: 2`: the merge, detached, and its parents.
    pub(super) fn as_github(&self) -> Result<PathBuf> {
        let clone = self.init("https://github.example/acme/shop.git")?;
        let remote = format!("refs/remotes/pull/{NUMBER}/merge");
        let from = format!("+refs/pull/{NUMBER}/merge:{remote}");
        git(&clone, &["fetch", "--quiet", "--no-tags", "--depth=2", &self.url(), &from])?;
        git(&clone, &["checkout", "--quiet", "--force", &remote])?;
        Ok(clone)
    }

    /// What Bitbucket leaves of a pull request with `clone: {depth: full}`: the source branch, and the destination merged
    /// into it.
    pub(super) fn as_bitbucket(&self) -> Result<PathBuf> {
        let clone = self.init("https://bitbucket.example/acme/shop.git")?;
        git(&clone, &["fetch", "--quiet", &self.url(), &format!("{0}:{0}", self.branch()), "main"])?;
        git(&clone, &["checkout", "--quiet", self.branch()])?;
        git(&clone, &["merge", "--quiet", "--no-edit", &self.base])?;
        Ok(clone)
    }

    /// What GitLab leaves of a merge request with `GIT_DEPTH: 0`: the source's last commit, detached.
    pub(super) fn as_gitlab(&self) -> Result<PathBuf> {
        let clone = self.init("https://gitlab.example/acme/shop.git")?;
        let heads = "+refs/heads/*:refs/remotes/origin/*";
        git(&clone, &["fetch", "--quiet", &self.url(), heads])?;
        git(&clone, &["checkout", "--quiet", "--detach", &self.source])?;
        Ok(clone)
    }

    /// A developer's clone with the branch checked out.
    pub(super) fn as_developer(&self) -> Result<PathBuf> {
        let clone = self.as_gitlab()?;
        git(&clone, &["branch", "--quiet", "main", "origin/main"])?;
        git(&clone, &["checkout", "--quiet", "-b", self.branch()])?;
        Ok(clone)
    }
}

fn commit(folder: &Path, message: &str) -> Result<String> {
    git(folder, &["add", "--all", "."])?;
    git(folder, &["commit", "--quiet", "--message", message])?;
    git(folder, &["rev-parse", "HEAD"])
}

/// git with a fixed author and time, and without the settings of whoever runs the tests.
fn git(folder: &Path, args: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    process::read(command, LIMIT)
}
