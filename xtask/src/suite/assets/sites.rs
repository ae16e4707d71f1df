//! Sites, built by the tools that people build them with; the sources are `xtask/clients/site/`.

use super::super::World;
use crate::clients::{process, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// webpack on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);
/// What a source says instead of its release.
const RELEASE: &str = "@release@";

/// How a site is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sass and nothing else: the names and the pages' digests are left to us.
    Sass,
    /// A Vite app with a manifest.
    Vite,
    /// A webpack bundle with integrity.
    Webpack,
    /// Django's static files with a manifest; the page is a view's answer.
    Django,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Kind; 4] = [Kind::Sass, Kind::Vite, Kind::Webpack, Kind::Django];

    /// The name of its sources, its prefix in the bucket and its path on the site.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Sass => "sass",
            Kind::Vite => "vite",
            Kind::Webpack => "webpack",
            Kind::Django => "django",
        }
    }
}

/// Builds a release of a site below `folder` and returns where it was built: `dist` there is what is published, and Django's page is
/// beside it. Errors: a tool is not there (a skip inside), or it fails.
pub(super) fn build(world: &World, folder: &Path, kind: Kind, release: &str) -> Result<PathBuf> {
    let place = folder.join(format!("{}-{release}", kind.name()));
    let sources = world.root.join("xtask/clients/site");
    let own = if kind == Kind::Django { place.join("static") } else { place.clone() };
    for (from, to) in [("source", &own), (kind.name(), &place)] {
        workspace::copy_dir(&sources.join(from), to)?;
    }
    for entry in fs::read_dir(&own)? {
        let path = entry?.path();
        if path.is_file() {
            fs::write(&path, fs::read_to_string(&path)?.replace(RELEASE, release))?;
        }
    }
    if kind != Kind::Sass {
        bundled(&own, kind)?;
    }
    let mut command = if kind == Kind::Django {
        let django = world.clients.tool("django")?;
        let mut command = Command::new("python3");
        command.envs(django.env().iter().map(|(name, value)| (name, value))).arg("build.py");
        command
    } else {
        symlink(world.clients.tool("vite")?.dir.join("node_modules"), place.join("node_modules"))?;
        let mut command = world.clients.tool("node")?.command();
        command.arg("build.mjs");
        command
    };
    command.current_dir(&place);
    process::run_merged(command, LIMIT)?.checked(&format!("the build of {}", kind.name()))?;
    Ok(place)
}

/// Scripts of a bundler name the style sheets that they need; those without Sass get plain ones.
fn bundled(own: &Path, kind: Kind) -> Result<()> {
    if kind != Kind::Vite {
        let style = fs::read_to_string(own.join("style.scss"))?;
        let plain = style.lines().filter(|line| !line.starts_with("@use")).collect::<Vec<_>>().join("\n");
        fs::write(own.join("style.css"), plain.replace("$ink", "#333").replace("$paper", "#fdfdfd"))?;
        fs::remove_file(own.join("style.scss"))?;
        fs::remove_file(own.join("colours.scss"))?;
    }
    let style = match kind {
        Kind::Vite => "style.scss",
        Kind::Webpack => "style.css",
        Kind::Sass | Kind::Django => return Ok(()),
    };
    for (script, style) in [("main.js", style), ("later.js", "later.css")] {
        let text = fs::read_to_string(own.join(script)).with_context(|| script.to_owned())?;
        fs::write(own.join(script), format!("import './{style}';\n{text}"))?;
    }
    Ok(())
}
