//! The checkout that the commands work on: its tools, its version, its folders, and where its releases go.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// Crates whose `src/main.rs` is not a tool's.
const NOT_TOOLS: [&str; 2] = ["aws-sim", "fault-server"];

/// A checkout, as `cargo metadata` sees it.
#[derive(Debug)]
pub struct Checkout {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target_dir: PathBuf,
    /// SemVer; all crates have one version.
    pub version: String,
    /// The tools, by name.
    pub tools: Vec<ToolCrate>,
    /// Where releases go.
    pub publish: Publish,
    /// The crates of the workspace, each with what it depends on outside its tests.
    pub dependencies: BTreeMap<String, Vec<String>>,
}

/// A tool's crate.
#[derive(Debug, Clone)]
pub struct ToolCrate {
    /// Crate, binary, image, action folder and pipe folder.
    pub name: String,
    /// The crate's folder.
    pub dir: PathBuf,
    /// What only the hosts need to know about it.
    pub listing: Listing,
}

/// `[package.metadata.roadcrew]` in a tool's Cargo.toml.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Listing {
    /// Feather icon of the action. Source: docs.github.com, "Metadata syntax for GitHub Actions", `branding.icon`.
    pub icon: String,
    /// Colour of the action, from the list on the same page.
    pub color: String,
    /// Tags of the pipe.
    pub tags: Vec<String>,
    /// Whether the tool speaks HTTPS, so that its image needs the roots of the certificate authorities.
    pub network: bool,
    /// What the GitHub job's token must be allowed, such as `contents = "read"`.
    pub permissions: BTreeMap<String, String>,
    /// Variables of the Bitbucket step that the pipe must be handed, since a pipe sees only some.
    pub forward: Vec<String>,
    /// The command that starts a program of the user's, given after `--`; it needs an image or a runner that has one.
    pub starts: Option<String>,
    /// A folder of whole pipelines, one for each CI, that the READMEs show and the tests run.
    pub example: Option<String>,
    /// Compressed bytes that the tool's image may have, when the usual limit is not for it.
    pub image_limit_bytes: Option<u64>,
}

/// `publish.toml`: the one place that names the repository and the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// `owner/name` on GitHub.
    pub repository: String,
    /// Registry and namespace of the images, without a tool's name.
    pub registry: String,
    /// Bitbucket workspace.
    pub bitbucket: String,
    /// GitLab project path.
    pub gitlab: String,
    /// Author, vendor and maintainer.
    pub maintainer: String,
    /// `sha256:...` of each published image, by tool.
    #[serde(default)]
    pub digests: BTreeMap<String, String>,
}

impl Checkout {
    /// Opens the checkout that `dir` is in. Errors: cargo fails, `publish.toml` is missing or invalid.
    pub fn open(dir: &Path) -> Result<Checkout> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
            .current_dir(dir)
            .output()
            .context("cannot start cargo")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
        let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let publish = metadata.workspace_root.join("publish.toml");
        let text = std::fs::read_to_string(&publish).with_context(|| publish.display().to_string())?;
        let publish = toml::from_str(&text).context("publish.toml")?;
        let tools = tools(&metadata.workspace_root, &metadata.packages)?;
        let own = metadata.packages.iter().find(|package| package.name == "xtask");
        let version = own.context("the workspace has no xtask")?.version.clone();
        let outside_tests = |package: &Package| {
            let normal = package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"));
            normal.map(|dependency| dependency.name.clone()).collect()
        };
        Ok(Checkout {
            dependencies: metadata.packages.iter().map(|p| (p.name.clone(), outside_tests(p))).collect(),
            root: metadata.workspace_root,
            target_dir: metadata.target_directory,
            version,
            tools,
            publish,
        })
    }

    /// The tool of this name. Errors: there is none; the message lists those there are.
    pub fn tool(&self, name: &str) -> Result<&ToolCrate> {
        let names: Vec<&str> = self.tools.iter().map(|tool| tool.name.as_str()).collect();
        let found = self.tools.iter().find(|tool| tool.name == name);
        found.with_context(|| format!("no tool is called `{name}`; there are: {}", names.join(", ")))
    }

    /// Builds the binaries of `tools` at once and returns the folder they are in. `arguments` choose profile and target;
    /// `folder` is where cargo puts what they choose, below the target folder. Errors: cargo fails.
    pub fn build(
        &self,
        tools: &[ToolCrate],
        arguments: &[&str],
        env: &[(&str, &str)],
        folder: &str,
    ) -> Result<PathBuf> {
        let mut command = Command::new(cargo());
        command.args(["build", "--quiet", "--bins"]).args(arguments).current_dir(&self.root);
        command.args(tools.iter().flat_map(|tool| ["--package", tool.name.as_str()])).envs(env.iter().copied());
        let status = command.status().context("cannot start cargo")?;
        ensure!(status.success(), "the tools do not build");
        Ok(self.target_dir.join(folder))
    }
}

/// The cargo that runs xtask, so that one toolchain builds everything.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
    #[serde(default)]
    metadata: Option<PackageMetadata>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct PackageMetadata {
    roadcrew: Option<serde_json::Value>,
}

fn tools(root: &Path, packages: &[Package]) -> Result<Vec<ToolCrate>> {
    let mut tools = Vec::new();
    for package in packages {
        let Some(dir) = package.manifest_path.parent() else { bail!("{} has no folder", package.name) };
        let is_tool = dir.parent() == Some(root.join("crates").as_path())
            && dir.join("src/main.rs").is_file()
            && !package.name.starts_with("kit-")
            && !NOT_TOOLS.contains(&package.name.as_str());
        if !is_tool {
            continue;
        }
        let listing = package.metadata.as_ref().and_then(|metadata| metadata.roadcrew.clone());
        let listing = listing.map(serde_json::from_value).transpose();
        let listing = listing.with_context(|| format!("{}: package.metadata.roadcrew", package.name))?;
        tools.push(ToolCrate { name: package.name.clone(), dir: dir.to_owned(), listing: listing.unwrap_or_default() });
    }
    tools.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tools)
}
