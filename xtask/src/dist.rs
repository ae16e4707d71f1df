//! `cargo xtask dist`: the release archives. The same binaries give the same bytes on every machine and at any time.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

use crate::checkout::Checkout;
use crate::image;

/// The targets of the archives; the first is the one that is tested.
const TARGETS: [&str; 2] = [image::TARGET, "aarch64-unknown-linux-musl"];

/// Files that go with every binary.
const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds all tools for all targets and leaves `dist/v<version>/<tool>-<version>-<target>.tar.gz` with SHA256SUMS beside
/// them, so that `dist/` is a base URL for the root action. A target whose std is not installed is skipped and named.
pub fn run(checkout: &Checkout) -> Result<()> {
    let folder = checkout.root.join("dist").join(format!("v{}", checkout.version));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let mut sums = String::new();
    for target in TARGETS {
        if !has_std(target) {
            println!("{target} is skipped: its std is not installed; run `rustup target add {target}`");
            continue;
        }
        let dist = image::binaries(checkout, &checkout.tools, target)?;
        for tool in &checkout.tools {
            let mut files = vec![(tool.name.clone(), 0o755, fs::read(dist.join(&tool.name))?)];
            for license in LICENSES {
                let path = checkout.root.join(license);
                files.push((license.to_owned(), 0o644, fs::read(&path).with_context(|| path.display().to_string())?));
            }
            let name = format!("{}-{}-{target}.tar.gz", tool.name, checkout.version);
            let bytes = archive(&files)?;
            fs::write(folder.join(&name), &bytes)?;
            println!("{name}: {} bytes", bytes.len());
            sums.push_str(&format!("{}  {name}\n", hex(&Sha256::digest(&bytes))));
        }
    }
    fs::write(folder.join("SHA256SUMS"), sums)?;
    println!("{}", folder.display());
    Ok(())
}

/// A `.tar.gz` of files (name, mode, content) in this order, owned by root, without times.
pub fn archive(files: &[(String, u32, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, mode, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_entry_type(tar::EntryType::Regular);
        tar.append_data(&mut header, Path::new(name), content.as_slice())?;
    }
    let plain = tar.into_inner()?;
    // No file name, no time, and always the same "operating system" byte in gzip's header.
    let mut gzip = GzBuilder::new().operating_system(255).write(Vec::new(), Compression::best());
    gzip.write_all(&plain)?;
    Ok(gzip.finish()?)
}

fn has_std(target: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", target]).output();
    output.is_ok_and(|output| {
        output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    })
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of `git archive HEAD | gzip`, which is what `uses: owner/repo/actions/x` downloads in every job; `None` outside a
/// git checkout. Attributes are those of the working tree.
pub fn source_archive_bytes(root: &Path) -> Result<Option<u64>> {
    if !root.join(".git").exists() {
        return Ok(None);
    }
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "archive", "--worktree-attributes", "--format=tar", "HEAD"])
        .current_dir(root)
        .output()
        .context("cannot start git")?;
    ensure!(output.status.success(), "git archive: {}", String::from_utf8_lossy(&output.stderr).trim());
    // gzip's default level is what GitHub uses.
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::default());
    gzip.write_all(&output.stdout)?;
    Ok(Some(gzip.finish()?.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn archives_are_the_same_every_time_and_hold_the_files() -> Result<()> {
        let files =
            [("tool".to_owned(), 0o755, b"binary".to_vec()), ("LICENSE-MIT".to_owned(), 0o644, b"text".to_vec())];
        let bytes = archive(&files)?;
        assert_eq!(bytes, archive(&files)?);
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
        let mut seen = Vec::new();
        for entry in tar.entries()? {
            let mut entry = entry?;
            let (mode, time) = (entry.header().mode()?, entry.header().mtime()?);
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            seen.push((entry.path()?.display().to_string(), mode, time, content));
        }
        assert_eq!(
            seen,
            [("tool".into(), 0o755, 0, b"binary".to_vec()), ("LICENSE-MIT".into(), 0o644, 0, b"text".to_vec())]
        );
        Ok(())
    }
}
