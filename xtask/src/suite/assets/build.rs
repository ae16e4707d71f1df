//! The README's lines for a tree whose names a build has hashed: a Vite build, written here as Vite leaves it.

use super::super::static_checks::ensure;
use super::super::{World, docs};
use super::servers::Server;
use super::visitors;
use crate::clients::process;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Publishes a build and the next one, whose entry has another name.
pub(super) fn run(world: &World) -> Result<usize> {
    let folder = world.folder.join("assets/build");
    let server = Server::simulated(world)?;
    let script = docs::shell_example(world, "asset-hash-and-upload of a build")?;
    let below = format!("{}/app/", server.bucket_url);
    for entry in ["main-B4gXk2Zq", "main-DiwrgTda"] {
        build(&folder.join("dist"), entry)?;
        let mut command = docs::in_shell(world, &folder, &script);
        command.envs(server.keys.iter().map(|(name, value)| (name, value)));
        command.env("AWS_ENDPOINT_URL", &server.url).env("AWS_REGION", "eu-central-1");
        let done = process::run_merged(command, LIMIT)?;
        ensure(done.success(), &format!("the lines ended with {:?}", done.code), &done.log())?;
        let got = visitors::get(&format!("{below}assets/{entry}.js"))?;
        ensure(got.status == 200, "the entry is not there under the build's own name", &done.log())?;
        let cached = got.headers.get("cache-control").context("no Cache-Control")?;
        ensure(cached.contains("immutable"), &format!("Cache-Control is {cached}"), &done.log())?;
        let pointer = visitors::get(&format!("{below}.roadcrew/default/current.json"))?;
        ensure(
            pointer.status == 404,
            "there is a pointer, though the build's manifest travels with the app",
            &done.log(),
        )?;
    }
    let old = visitors::get(&format!("{below}assets/main-B4gXk2Zq.js"))?;
    ensure(old.status == 200, "instances with the build before have lost their entry", "")?;
    Ok(7)
}

/// A build as Vite 7 leaves it with `build.manifest`.
fn build(dist: &Path, entry: &str) -> Result<()> {
    let _ = fs::remove_dir_all(dist);
    fs::create_dir_all(dist.join(".vite"))?;
    fs::create_dir_all(dist.join("assets"))?;
    let manifest = format!(
        "{{\n  \"src/main.js\": {{\n    \"file\": \"assets/{entry}.js\",\n    \"name\": \"main\",\n    \"src\": \"src/main.js\",\n    \
         \"isEntry\": true,\n    \"css\": [\n      \"assets/main-CkP3nQxS.css\"\n    ]\n  }}\n}}"
    );
    fs::write(dist.join(".vite/manifest.json"), manifest)?;
    fs::write(dist.join("assets/main-CkP3nQxS.css"), "body{margin:0}\n")?;
    Ok(fs::write(dist.join(format!("assets/{entry}.js")), format!("console.log(\"{entry}\");\n"))?)
}
