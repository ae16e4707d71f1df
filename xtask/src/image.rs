//! `cargo xtask image`: static binaries in `dist/<target>/`, and images FROM scratch of them where an engine runs.

mod compiler;
mod layers;
mod rootfs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::checkout::{Checkout, ToolCrate};
use crate::clients::engine;

/// The target that is tested and of which images are made.
pub const TARGET: &str = "x86_64-unknown-linux-musl";

/// Compressed bytes of one tool's image, `gzip -9`, unless its Cargo.toml sets another limit: every job pulls it, so its size
/// is everybody's tax.
const IMAGE_LIMIT_BYTES: u64 = 1_500_000;

/// The image that holds all tools, busybox and the certificate authorities' roots.
const ALL: &str = "roadcrew";

/// Builds the binaries of all tools once, and the images `wanted` (names of tools, or `roadcrew`; all of them when `None`).
/// Errors: a build fails, an unknown name, an image over its limit.
pub fn run(checkout: &Checkout, wanted: Option<&[&str]>) -> Result<()> {
    let names: Vec<&str> = match wanted {
        Some(names) => names.to_vec(),
        None => checkout.tools.iter().map(|tool| tool.name.as_str()).chain([ALL]).collect(),
    };
    let tools: Vec<ToolCrate> = if names.contains(&ALL) {
        checkout.tools.clone()
    } else {
        names.iter().map(|name| checkout.tool(name).cloned()).collect::<Result<_>>()?
    };
    for name in names.iter().filter(|name| **name != ALL) {
        checkout.tool(name)?;
    }
    let dist = binaries(checkout, &tools, TARGET)?;
    for name in names.iter().filter(|name| **name != ALL) {
        let binary = dist.join(name);
        let bytes = fs::read(&binary).with_context(|| binary.display().to_string())?;
        println!("{name}: binary {} bytes, gzip -9 {} bytes", bytes.len(), layers::compressed_bytes(&bytes[..])?);
    }
    let version = match engine::available() {
        Ok(version) => version,
        Err(skip) => {
            println!("no image is made: {skip}; the binaries are in {}", dist.display());
            return Ok(());
        }
    };
    println!("engine {version}");
    let mut too_large = Vec::new();
    for name in names {
        let compressed_bytes = make(checkout, name, &tools, &dist)?;
        if name != ALL {
            let limit = checkout.tool(name)?.listing.image_limit_bytes.unwrap_or(IMAGE_LIMIT_BYTES);
            if compressed_bytes > limit {
                too_large.push(format!("{name} is {compressed_bytes} bytes compressed, and its limit is {limit}"));
            }
        }
    }
    // Said at the end: whoever only needs the images has them.
    ensure!(too_large.is_empty(), "{}", too_large.join("; "));
    Ok(())
}

/// Builds the static binaries of `tools` for `target` and copies them to `dist/<target>/`, which is returned.
pub fn binaries(checkout: &Checkout, tools: &[ToolCrate], target: &str) -> Result<PathBuf> {
    let linker = format!("CARGO_TARGET_{}_LINKER", target.to_ascii_uppercase().replace('-', "_"));
    // The linker that comes with Rust links for every architecture, without a cross compiler.
    let env: &[(&str, &str)] = if target == TARGET { &[] } else { &[(&linker, "rust-lld")] };
    if tools.iter().any(|tool| tool.listing.network) {
        compiler::check(target)?;
    }
    let arguments = ["--profile", "ship", "--target", target];
    let built = checkout.build(tools, &arguments, env, &format!("{target}/ship"))?;
    let dist = checkout.root.join("dist").join(target);
    fs::create_dir_all(&dist)?;
    for tool in tools {
        let to = dist.join(&tool.name);
        // A new file, not new bytes in the old one, which may be running.
        let _ = fs::remove_file(&to);
        fs::copy(built.join(&tool.name), &to).with_context(|| to.display().to_string())?;
    }
    Ok(dist)
}

/// The names that an image gets: the published one, and `dev`.
pub fn tags(checkout: &Checkout, name: &str) -> [String; 2] {
    let registry = &checkout.publish.registry;
    [format!("{registry}/{name}:{}", checkout.version), format!("{registry}/{name}:dev")]
}

/// Makes one image and returns its compressed size in bytes.
fn make(checkout: &Checkout, name: &str, tools: &[ToolCrate], dist: &Path) -> Result<u64> {
    let context = checkout.target_dir.join("image").join(name);
    let _ = fs::remove_dir_all(&context);
    let root = context.join("rootfs");
    let (stage, held): (&str, Vec<&ToolCrate>) = if name == ALL {
        rootfs::with_shell(&root, &checkout.target_dir.join("image"))?;
        ("roadcrew", tools.iter().collect())
    } else {
        let tool = checkout.tool(name)?;
        if tool.listing.network {
            rootfs::certificates(&root)?;
        }
        rootfs::entry(&root, name)?;
        ("tool", vec![tool])
    };
    for tool in held {
        rootfs::program(&root, &dist.join(&tool.name), &tool.name)?;
    }
    rootfs::settle(&root)?;
    fs::copy(checkout.root.join("Dockerfile"), context.join("Dockerfile")).context("Dockerfile")?;
    let tags = tags(checkout, name);
    build(checkout, name, stage, &tags, &context)?;
    let sizes = layers::of_image(&tags[0])?;
    println!("{}: image {} bytes, gzip -9 {} bytes", tags[0], sizes.bytes, sizes.compressed_bytes);
    Ok(sizes.compressed_bytes)
}

fn build(checkout: &Checkout, name: &str, stage: &str, tags: &[String], context: &Path) -> Result<()> {
    let mut command: Command = engine::docker(["build", "--quiet", "--target", stage]);
    for (argument, value) in [
        ("TOOL", name.to_owned()),
        ("VERSION", checkout.version.clone()),
        ("SOURCE", format!("https://github.com/{}", checkout.publish.repository)),
    ] {
        command.arg("--build-arg").arg(format!("{argument}={value}"));
    }
    command.args(tags.iter().flat_map(|tag| ["--tag", tag])).arg(context);
    let output = command.output().context("cannot start docker")?;
    ensure!(output.status.success(), "docker build of {name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    // The image that had these tags before has none now; only such images, and only this tool's, are removed.
    let ours = format!("label=org.opencontainers.image.title={name}");
    let _ = engine::docker(["image", "prune", "--force", "--filter", &ours]).output();
    Ok(())
}
