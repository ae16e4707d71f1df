//! `cargo xtask gen [--check]`: everything that follows from the tools' interfaces and from `publish.toml`.
//!
//! The binaries are started, not linked: each prints its interface with `--describe`. What only a host needs to know stands
//! in `[package.metadata.roadcrew]` of the tool's Cargo.toml, examples in its folder `usage/`.

mod action;
mod examples;
mod gitlab;
pub mod interface;
mod markdown;
mod pipe;
#[cfg(test)]
mod sample;
mod setup;
mod tree;
#[cfg(test)]
mod usage_tests;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::checkout::{Checkout, Listing, Publish, ToolCrate};
use crate::programs;
use interface::Interface;
use tree::Files;
pub use tree::OWNED;

/// Shells that completions are shipped for.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// Where the root README's table of tools begins and ends.
const TABLE: (&str, &str) = ("<!-- gen:tools -->", "<!-- /gen:tools -->");

/// All that the files of one tool are made from.
pub struct Source {
    /// What the binary says.
    pub interface: Interface,
    /// What Cargo.toml says.
    pub listing: Listing,
    /// Where releases go.
    pub publish: Publish,
    /// The files of `usage/`, by name, with their placeholders.
    pub usage: BTreeMap<String, String>,
}

impl Source {
    /// `REGISTRY/TOOL:VERSION`, and the digest after it once there is one.
    pub fn tagged_image(&self) -> String {
        let tagged = format!("{}/{}:{}", self.publish.registry, self.interface.name, self.interface.version);
        match self.publish.digests.get(&self.interface.name) {
            Some(digest) => format!("{tagged}@{digest}"),
            None => tagged,
        }
    }

    /// The image by its digest once there is one, else by its version.
    pub fn pinned_image(&self) -> String {
        match self.publish.digests.get(&self.interface.name) {
            Some(digest) => format!("{}/{}@{digest}", self.publish.registry, self.interface.name),
            None => self.tagged_image(),
        }
    }

    /// The image by a digest, or by what stands for one in a text.
    pub fn example_digest_image(&self) -> String {
        let digest = self.publish.digests.get(&self.interface.name).map_or("sha256:…", String::as_str);
        format!("{}/{}@{digest}", self.publish.registry, self.interface.name)
    }

    /// The image that holds all tools and a shell.
    pub fn roadcrew_image(&self) -> String {
        format!("{}/roadcrew:{}", self.publish.registry, self.interface.version)
    }

    /// What stands after `uses:` for the action.
    pub fn action_reference(&self) -> String {
        let Source { publish, interface, .. } = self;
        format!("{}/actions/{}@v{}", publish.repository, interface.name, interface.version)
    }

    /// What stands after `uses:` for the root action.
    pub fn setup_reference(&self) -> String {
        format!("{}@v{}", self.publish.repository, self.interface.version)
    }

    /// What stands after `pipe:`. An image needs no repository with a pipe.yml at its root, which a monorepo cannot have.
    pub fn pipe_reference(&self) -> String {
        format!("docker://{}/{}:{}", self.publish.registry, self.interface.name, self.interface.version)
    }

    /// The Bitbucket repository that mirrors the pipe.
    pub fn pipe_repository(&self) -> String {
        format!("https://bitbucket.org/{}/{}", self.publish.bitbucket, self.interface.name)
    }

    /// What stands after `component:`.
    pub fn component_reference(&self) -> String {
        format!("$CI_SERVER_FQDN/{}/{}@{}", self.publish.gitlab, self.interface.name, self.interface.version)
    }

    /// A file of `usage/` with its placeholders filled in; `None` when the tool has none of this name.
    pub fn usage(&self, name: &str) -> Option<String> {
        let mut text = self.usage.get(name)?.clone();
        for (placeholder, value) in [
            ("@action@", self.action_reference()),
            ("@setup@", self.setup_reference()),
            ("@pipe@", self.pipe_reference()),
            ("@component@", self.component_reference()),
            ("@image@", self.tagged_image()),
            ("@roadcrew@", self.roadcrew_image()),
            ("@version@", self.interface.version.clone()),
        ] {
            text = text.replace(placeholder, &value);
        }
        Some(text)
    }
}

/// Generates everything, or with `check` compares. Errors: a tool does not build or is described badly; with `check` also
/// drift, each file named with the first lines that differ.
pub fn run(checkout: &Checkout, check: bool) -> Result<()> {
    let files = generate(checkout)?;
    if check {
        let drifts = tree::compare(&checkout.root, &files)?;
        for drift in &drifts {
            eprintln!("{} {}", drift.path, drift.what);
        }
        ensure!(
            drifts.is_empty(),
            "{} of {} generated files have drifted; run `cargo xtask gen`",
            drifts.len(),
            files.len()
        );
        println!("{} generated files are up to date", files.len());
        return Ok(());
    }
    let changed = tree::write(&checkout.root, &files)?;
    for path in &changed {
        println!("{path}");
    }
    println!("{} generated files, {} changed", files.len(), changed.len());
    Ok(())
}

fn generate(checkout: &Checkout) -> Result<Files> {
    let mut files = Files::new();
    let mut sources = Vec::new();
    if !checkout.tools.is_empty() {
        let bin = programs::built(&checkout.root)?;
        for tool in &checkout.tools {
            let program = bin.join(&tool.name);
            let interface = Interface::of(&program)?;
            ensure!(interface.name == tool.name, "{} calls itself `{}`", tool.name, interface.name);
            sources.push(source(checkout, tool, interface)?);
            for shell in SHELLS {
                files.insert(format!("completions/{}.{shell}", tool.name), completions(&program, shell)?);
            }
        }
    }
    files.extend(examples::retargeted(&checkout.root, &sources)?);
    for (source, tool) in sources.iter_mut().zip(&checkout.tools) {
        examples::show(source, &files);
        tool_files(source, tool, &mut files);
    }
    if !sources.is_empty() {
        let sections: String = sources.iter().map(|source| format!("\n{}", gitlab::readme(source))).collect();
        let head = "# GitLab components\n\nEach makes one job; declare a job of the same name to add `needs`, `parallel` or `rules`.\n";
        files.insert("templates/README.md".into(), format!("{}{head}{sections}", markdown_header("the tools")));
    }
    let names: Vec<String> = checkout.tools.iter().map(|tool| tool.name.clone()).collect();
    let setup = setup::yaml(&checkout.publish, &checkout.version, &names);
    files.insert("action.yml".into(), format!("{}{setup}", yaml_header("publish.toml and xtask/templates/install.sh")));
    files.insert("README.md".into(), root_readme(&checkout.root, &sources)?);
    Ok(files)
}

fn source(checkout: &Checkout, tool: &ToolCrate, interface: Interface) -> Result<Source> {
    let listing = tool.listing.clone();
    ensure!(
        !listing.icon.is_empty() && !listing.color.is_empty(),
        "{}: Cargo.toml needs [package.metadata.roadcrew] with icon and color",
        tool.name
    );
    if let Some(starts) = &listing.starts {
        let known = interface.commands.iter().any(|command| command.name == *starts);
        ensure!(known, "{}: `starts = \"{starts}\"` names no command", tool.name);
    }
    let source = Source { interface, listing, publish: checkout.publish.clone(), usage: usage(&tool.dir)? };
    gitlab::check(&source)?;
    Ok(source)
}

fn usage(dir: &Path) -> Result<BTreeMap<String, String>> {
    let folder = dir.join("usage");
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!("{}: not UTF-8", path.display())
        };
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        found.insert(name.to_owned(), text);
    }
    Ok(found)
}

fn tool_files(source: &Source, tool: &ToolCrate, files: &mut Files) {
    let name = &tool.name;
    let from = format!("crates/{name}");
    files.insert(format!("actions/{name}/action.yml"), yaml_header(&from) + &action::yaml(source));
    files.insert(format!("actions/{name}/README.md"), markdown_header(&from) + &markdown::action(source));
    files.insert(format!("pipes/{name}/pipe.yml"), yaml_header(&from) + &pipe::yaml(source));
    files.insert(format!("pipes/{name}/README.md"), markdown_header(&from) + &markdown::pipe(source));
    files.insert(format!("templates/{name}.yml"), yaml_header(&from) + &gitlab::yaml(source));
}

/// The mark of a generated file; tidy looks for it.
pub const MARK: &str = "Generated by `cargo xtask gen`";

fn yaml_header(from: &str) -> String {
    format!("# {MARK} from {from}; do not edit.\n")
}

fn markdown_header(from: &str) -> String {
    format!("<!-- {MARK} from {from}; do not edit. -->\n\n")
}

fn completions(program: &Path, shell: &str) -> Result<String> {
    let output = Command::new(program).args(["--completions", shell]).env_clear().output();
    let output = output.with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success() && !output.stdout.is_empty(), "{} --completions {shell} failed", program.display());
    String::from_utf8(output.stdout).context("completions are not UTF-8")
}

/// The root README with its table of tools. The rest of the text is the authors'.
fn root_readme(root: &Path, sources: &[Source]) -> Result<String> {
    let path = root.join("README.md");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => {
            format!("# Roadcrew\n\n{}\n{}\n", TABLE.0, TABLE.1)
        }
        Err(err) => return Err(err).context("README.md"),
    };
    between(&text, &markdown::tool_table(sources))
}

fn between(text: &str, table: &str) -> Result<String> {
    let (begin, end) = TABLE;
    let parts = text.split_once(begin).and_then(|(head, rest)| Some((head, rest.split_once(end)?.1)));
    let (head, tail) = parts.with_context(|| format!("README.md needs the lines {begin} and {end} for its table"))?;
    Ok(format!("{head}{begin}\n{table}{end}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_of_the_readme_is_replaced() -> Result<()> {
        let text = "# T\n\n<!-- gen:tools -->\nold\n<!-- /gen:tools -->\nrest\n";
        let once = between(text, "| new |\n")?;
        assert_eq!(once, "# T\n\n<!-- gen:tools -->\n| new |\n<!-- /gen:tools -->\nrest\n");
        assert_eq!(between(&once, "| new |\n")?, once);
        assert!(between("# T\n", "").is_err());
        Ok(())
    }

    #[test]
    fn usage_names_the_published_places() {
        let mut source = sample::source();
        source.usage.insert("x".into(), "@action@ @setup@ @pipe@ @component@ @roadcrew@ {args} a@b".into());
        assert_eq!(
            source.usage("x").as_deref(),
            Some(
                "acme/crew/actions/sample-tool@v1.2.3 acme/crew@v1.2.3 docker://registry.example/acme/sample-tool:1.2.3 \
                 $CI_SERVER_FQDN/acme/crew/sample-tool@1.2.3 registry.example/acme/roadcrew:1.2.3 {args} a@b"
            )
        );
        assert_eq!(source.usage("y"), None);
    }
}
