//! A package that a project depends on, as plain data. PURE.
#![warn(clippy::disallowed_methods)]

use super::statement::Statement;
use std::fmt;

/// Where a package comes from. The names are those of the inputs and of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Ecosystem {
    /// PHP: Packagist.
    Composer,
    /// JavaScript: npm, Yarn, pnpm, Bun.
    Npm,
    /// Python: PyPI.
    Pip,
    /// Rust: crates.io.
    Cargo,
    /// Go modules.
    Go,
    /// Ruby: `RubyGems`.
    Gem,
    /// Java: Maven and Gradle.
    Maven,
    /// .NET.
    #[value(name = "nuget")]
    NuGet,
    /// What a bill of materials lists beside those: packages of operating systems, containers, things without a package URL.
    #[value(skip)]
    Generic,
}

impl Ecosystem {
    /// The name, as in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Ecosystem::Composer => "composer",
            Ecosystem::Npm => "npm",
            Ecosystem::Pip => "pip",
            Ecosystem::Cargo => "cargo",
            Ecosystem::Go => "go",
            Ecosystem::Gem => "gem",
            Ecosystem::Maven => "maven",
            Ecosystem::NuGet => "nuget",
            Ecosystem::Generic => "generic",
        }
    }

    /// The type of a package URL: <https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst>.
    pub fn purl_type(self) -> &'static str {
        match self {
            Ecosystem::Pip => "pypi",
            Ecosystem::Go => "golang",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Relative to the root, `/`-separated; a file outside of it (a package cache) by its absolute path.
    pub path: String,
    /// 1-based.
    pub line: Option<u32>,
}

impl Place {
    /// A file, or one line of it.
    pub fn new(path: impl Into<String>, line: Option<u32>) -> Self {
        Place { path: path.into(), line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// Whether a package is part of what is shipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// It is, or nothing says that it isn't.
    #[default]
    Production,
    /// Only those who develop the project get it, and the lock file says so.
    Development,
}

impl Scope {
    /// The name, as in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Production => "production",
            Scope::Development => "development",
        }
    }
}

/// What a package is taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The ecosystem's registry, or another that speaks its protocol.
    #[default]
    Registry,
    /// A repository.
    Git,
    /// A single file, by address or path.
    Archive,
    /// A folder of this checkout that is no member of the project: somebody's code that was copied in.
    Folder,
    /// The project itself, or a member of its workspace: the team's own code, which needs no licence from anybody.
    Own,
}

/// One package at one version, as a lock file or an installed tree lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Whose package.
    pub ecosystem: Ecosystem,
    /// As its registry writes it: `@babel/core`, `symfony/console`, `org.slf4j:slf4j-api`, `golang.org/x/sys`. For npm
    /// aliases the real name; for Python the normalised name (PEP 503).
    pub name: String,
    /// As locked; empty where the list has none.
    pub version: String,
    /// What it is taken from.
    pub origin: Origin,
    /// Whether it is shipped.
    pub scope: Scope,
    /// Whether an installation may lack it (another platform's binary, an optional peer).
    pub optional: bool,
    /// Where it is listed.
    pub place: Place,
    /// What the list itself says of its licence; empty for most formats.
    pub statements: Vec<Statement>,
    /// Where it lies, relative to the lock file's folder, where the list says so (`node_modules/a/node_modules/b`), else
    /// empty.
    pub installed_at: Vec<String>,
    /// Digest as the list writes it (`sha512-…`, `sha256:…`, hex), for the SBOM.
    pub checksum: Option<String>,
}

impl Package {
    /// A package of the registry that is shipped, and of which nothing else is known.
    pub fn new(ecosystem: Ecosystem, name: impl Into<String>, version: impl Into<String>, place: Place) -> Self {
        Package {
            ecosystem,
            name: name.into(),
            version: version.into(),
            origin: Origin::default(),
            scope: Scope::default(),
            optional: false,
            place,
            statements: Vec::new(),
            installed_at: Vec::new(),
            checksum: None,
        }
    }

    /// Where it lies, relative to the root: each of [`Package::installed_at`], which says more than where it is listed, else
    /// the file that lists it. Never empty.
    pub fn places(&self) -> Vec<String> {
        if self.installed_at.is_empty() {
            return vec![self.place.path.clone()];
        }
        let folder = self.place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = |inner: &String| if folder.is_empty() { inner.clone() } else { format!("{folder}/{inner}") };
        self.installed_at.iter().map(below).collect()
    }

    /// For people and policies: `npm:@babel/core@7.26.0`.
    pub fn id(&self) -> String {
        format!("{}:{}@{}", self.ecosystem, self.name, self.version)
    }
}
