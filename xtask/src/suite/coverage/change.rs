//! The three changes, as commits on a branch of the example's repository.

use super::super::origin::{Origin, Recipe};
use super::super::{World, phpunit};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

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

/// The example's repository with that change.
pub(super) fn origin(world: &World, stage: &str, change: Change) -> Result<Origin> {
    prepared(world, stage, change, |_| Ok(()))
}

/// The same of the example after `prepare` has altered that.
pub(super) fn prepared(
    world: &World,
    stage: &str,
    change: Change,
    prepare: impl Fn(&Path) -> Result<()>,
) -> Result<Origin> {
    let recipe = Recipe {
        example: "coverage",
        branch: change.branch(),
        prepare: &|project| {
            phpunit::install(project)?;
            prepare(project)
        },
        change: &|project| change.make(project),
        meanwhile: &|project| {
            let basket = project.join("src/Basket.php");
            let text = fs::read_to_string(&basket)?;
            Ok(fs::write(&basket, text.replace("final class Basket", MEANWHILE))?)
        },
    };
    Origin::new(world, stage, &recipe)
}
