//! The three changes, as commits on a branch of the example's repository.

use super::super::World;
use super::super::origin::{Origin, Recipe};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What a branch adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A package of npm under the MIT licence.
    Allowed,
    /// A package of Composer under the AGPL.
    Denied,
    /// A package of npm whose licence the lock file doesn't say, and which is not installed.
    Unknown,
}

const SEARCH: &str = r#"        {
            "name": "acme/search",
            "version": "2.0.0",
            "dist": {
                "type": "zip",
                "url": "https://registry.example/acme/search/2.0.0.zip",
                "reference": "c4ca4238a0b923820dcc509a6f75849ba1b2c3d4"
            },
            "type": "library",
            "license": [
                "AGPL-3.0-only"
            ]
        },
"#;

const CURRENCY: &str = r#"    "node_modules/acme-currency": {
      "version": "2.0.1",
      "resolved": "https://registry.example/acme-currency/-/acme-currency-2.0.1.tgz",
      "license": "MIT"
    },
"#;

const CAROUSEL: &str = r#"    "node_modules/acme-carousel": {
      "version": "0.9.0",
      "resolved": "https://registry.example/acme-carousel/-/acme-carousel-0.9.0.tgz"
    },
"#;

impl Change {
    pub(super) const ALL: [Change; 3] = [Change::Allowed, Change::Denied, Change::Unknown];

    pub(super) fn title(self) -> &'static str {
        match self {
            Change::Allowed => "a package under MIT passes",
            Change::Denied => "a package under the AGPL fails",
            Change::Unknown => "a package of which nothing is known is unproven",
        }
    }

    fn branch(self) -> &'static str {
        match self {
            Change::Allowed => "allowed",
            Change::Denied => "denied",
            Change::Unknown => "unknown",
        }
    }

    /// The tool's exit code.
    pub(super) fn exit(self) -> i32 {
        match self {
            Change::Allowed => 0,
            Change::Denied => 1,
            Change::Unknown => 4,
        }
    }

    /// The output `verdict`.
    pub(super) fn verdict(self) -> &'static str {
        match self {
            Change::Allowed => "pass",
            Change::Denied => "fail",
            Change::Unknown => "unproven",
        }
    }

    /// What every host's log holds.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Change::Allowed => &["what the change brings may be shipped (1 of 8 packages)", "1 added, 0 removed"],
            Change::Denied => &[
                "1 of 1 package that the change brings may not be shipped: composer:acme/search@2.0.0 (AGPL-3.0-only)",
                "AGPL-3.0-only is denied",
                "package = \"composer:acme/search\"",
            ],
            Change::Unknown => &["npm:acme-carousel@0.9.0", "run `npm ci`"],
        }
    }

    /// The added package in a bill of materials.
    pub(super) fn purl(self) -> &'static str {
        match self {
            Change::Allowed => "pkg:npm/acme-currency@2.0.1",
            Change::Denied => "pkg:composer/acme/search@2.0.0",
            Change::Unknown => "pkg:npm/acme-carousel@0.9.0",
        }
    }

    /// The file, and the 1-based line at which its text (`text_of` its path) has the added package.
    pub(super) fn place(self, text_of: impl Fn(&str) -> Result<String>) -> Result<(&'static str, u64)> {
        let (file, begins) = match self {
            Change::Allowed => ("package-lock.json", "\"node_modules/acme-currency\""),
            Change::Denied => ("composer.lock", "\"name\": \"acme/search\""),
            Change::Unknown => ("package-lock.json", "\"node_modules/acme-carousel\""),
        };
        let text = text_of(file)?;
        let at = text.lines().position(|line| line.contains(begins));
        Ok((file, at.with_context(|| format!("{file} has no {begins}"))? as u64 + 1))
    }

    fn make(self, project: &Path) -> Result<()> {
        match self {
            Change::Allowed => {
                require_npm(project, "\"acme-currency\": \"^2.0.0\"")?;
                before(project, "package-lock.json", "    \"node_modules/acme-dates\": {", CURRENCY)
            }
            Change::Denied => {
                before(project, "composer.json", "        \"acme/uuid\":", "        \"acme/search\": \"^2.0\",\n")?;
                before(project, "composer.lock", "        {\n            \"name\": \"acme/uuid\"", SEARCH)
            }
            Change::Unknown => {
                require_npm(project, "\"acme-carousel\": \"^0.9.0\"")?;
                before(project, "package-lock.json", "    \"node_modules/acme-dates\": {", CAROUSEL)
            }
        }
    }
}

/// Asks for a package where npm does: in the manifest, and in the lock file's copy of that.
fn require_npm(project: &Path, dependency: &str) -> Result<()> {
    before(project, "package.json", "    \"acme-dates\":", &format!("    {dependency},\n"))?;
    before(project, "package-lock.json", "        \"acme-dates\":", &format!("        {dependency},\n"))
}

/// Puts a text before the first place of a file that has `mark`.
fn before(project: &Path, file: &str, mark: &str, text: &str) -> Result<()> {
    let path = project.join(file);
    let old = fs::read_to_string(&path)?;
    let at = old.find(mark).with_context(|| format!("{file} has no `{mark}`"))?;
    Ok(fs::write(&path, format!("{}{text}{}", &old[..at], &old[at..]))?)
}

/// What the base branch gets meanwhile: lines above the change, so that its lines have other numbers in the merge.
fn meanwhile(project: &Path) -> Result<()> {
    let first = "            \"version\": \"2.1.0\",";
    before(project, "composer.lock", first, "            \"description\": \"Money without rounding errors.\",\n")?;
    let first = "      \"resolved\": \"https://registry.example/acme-basket";
    before(project, "package-lock.json", first, "      \"hasInstallScript\": true,\n")
}

/// The example's repository with that change.
pub(super) fn origin(world: &World, stage: &str, change: Change) -> Result<Origin> {
    prepared(world, stage, change, &|_| Ok(()))
}

/// The same of the example after `prepare` has altered that.
pub(super) fn prepared(
    world: &World,
    stage: &str,
    change: Change,
    prepare: &dyn Fn(&Path) -> Result<()>,
) -> Result<Origin> {
    let recipe = Recipe {
        example: "licenses",
        branch: change.branch(),
        prepare,
        change: &|project| change.make(project),
        meanwhile: &meanwhile,
    };
    Origin::new(world, stage, &recipe)
}
