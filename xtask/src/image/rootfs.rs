//! The files of an image, laid out in a folder.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};

/// Where the certificate authorities' roots are on Debian, and where TLS libraries look for them in the image.
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

/// The time of every file, so that the same content is the same layer: 2020-01-01.
const FILE_TIME_S: u64 = 1_577_836_800;

/// Puts a binary at /usr/local/bin.
pub fn program(root: &Path, binary: &Path, name: &str) -> Result<()> {
    let dir = root.join("usr/local/bin");
    fs::create_dir_all(&dir)?;
    fs::copy(binary, dir.join(name)).with_context(|| binary.display().to_string())?;
    fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// The link that the ENTRYPOINT of a tool's image names.
pub fn entry(root: &Path, name: &str) -> Result<()> {
    fs::create_dir_all(root)?;
    symlink(format!("usr/local/bin/{name}"), root.join("tool"))?;
    Ok(())
}

/// The roots of the certificate authorities, from this machine's package ca-certificates. Errors: it is not installed.
pub fn certificates(root: &Path) -> Result<()> {
    let from = Path::new("/").join(CERTIFICATES);
    let to = root.join(CERTIFICATES);
    fs::create_dir_all(to.parent().unwrap_or(root))?;
    let bytes = fs::copy(&from, &to).with_context(|| format!("{}: install ca-certificates", from.display()))?;
    ensure!(bytes > 0, "{} is empty", from.display());
    Ok(())
}

/// What a job needs that runs inside the image: a shell with all applets of a static busybox, the certificates, a /tmp,
/// and names for root. Nothing is in /github, /builds or /opt: the hosts mount what they need.
pub fn with_shell(root: &Path, scratch: &Path) -> Result<()> {
    for dir in ["bin", "usr/bin", "etc", "root", "tmp"] {
        fs::create_dir_all(root.join(dir))?;
    }
    fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777))?;
    fs::write(root.join("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n")?;
    fs::write(root.join("etc/group"), "root:x:0:\nnogroup:x:65534:\n")?;
    certificates(root)?;
    let busybox = busybox(scratch)?;
    fs::copy(&busybox, root.join("bin/busybox")).with_context(|| busybox.display().to_string())?;
    fs::set_permissions(root.join("bin/busybox"), fs::Permissions::from_mode(0o755))?;
    let list = Command::new(&busybox).arg("--list").output().context("busybox --list")?;
    ensure!(list.status.success(), "busybox --list failed");
    for applet in String::from_utf8(list.stdout)?.lines().filter(|applet| *applet != "busybox") {
        symlink("busybox", root.join("bin").join(applet)).with_context(|| applet.to_owned())?;
    }
    // Scripts begin with `#!/usr/bin/env`.
    symlink("/bin/busybox", root.join("usr/bin/env"))?;
    Ok(())
}

/// Gives all files one time, so that layers differ only where their content does.
pub fn settle(root: &Path) -> Result<()> {
    let time = UNIX_EPOCH + Duration::from_secs(FILE_TIME_S);
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            settle(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            fs::File::open(entry.path())?.set_modified(time)?;
        }
    }
    fs::File::open(root)?.set_modified(time)?;
    Ok(())
}

/// A static busybox: Debian's package busybox-static, installed, or downloaded and unpacked below `scratch`.
fn busybox(scratch: &Path) -> Result<PathBuf> {
    let installed = PathBuf::from("/bin/busybox");
    if is_static(&installed) {
        return Ok(installed);
    }
    let dir = scratch.join("busybox");
    let unpacked =
        || ["bin/busybox", "usr/bin/busybox"].map(|path| dir.join(path)).into_iter().find(|path| is_static(path));
    if let Some(found) = unpacked() {
        return Ok(found);
    }
    fs::create_dir_all(&dir)?;
    let download = Command::new("apt-get").args(["download", "busybox-static"]).current_dir(&dir).output();
    let download = download.context("no static busybox: install Debian's busybox-static")?;
    ensure!(download.status.success(), "no static busybox: {}", String::from_utf8_lossy(&download.stderr).trim());
    for entry in fs::read_dir(&dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            let unpack = Command::new("dpkg-deb").arg("-x").arg(&path).arg(&dir).status().context("dpkg-deb")?;
            ensure!(unpack.success(), "cannot unpack {}", path.display());
        }
    }
    unpacked().context("the package busybox-static holds no busybox")
}

/// Whether a file is an ELF program that needs no loader: it has no program header of type PT_INTERP.
/// Source: the ELF-64 object file format, version 1.5, sections "ELF header" and "Program header".
fn is_static(path: &Path) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    let half = |at: usize| bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes);
    let long = |at: usize| bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
    let (Some(b"\x7fELF\x02\x01"), Some(offset), Some(size), Some(count)) =
        (bytes.get(..6), long(32), half(54), half(56))
    else {
        return false;
    };
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    const PT_INTERP: [u8; 4] = [3, 0, 0, 0];
    (0..usize::from(count)).all(|index| {
        let header = offset.saturating_add(index * usize::from(size));
        header.checked_add(4).and_then(|end| bytes.get(header..end)).is_some_and(|kind| kind != PT_INTERP)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_programs_are_told_from_dynamic_ones() -> Result<()> {
        // Whatever runs the tests of xtask is linked dynamically on Linux with glibc.
        let own = std::env::current_exe()?;
        assert_eq!(is_static(&own), cfg!(target_env = "musl"));
        assert!(!is_static(Path::new("/etc/passwd")) && !is_static(Path::new("/nowhere")));
        Ok(())
    }

    #[test]
    fn the_entry_finds_the_program_from_any_working_directory() -> Result<()> {
        let dir = tempfile::tempdir()?;
        entry(dir.path(), "x")?;
        program(dir.path(), &std::env::current_exe()?, "x")?;
        assert_eq!(dir.path().join("tool").canonicalize()?, dir.path().join("usr/local/bin/x").canonicalize()?);
        settle(dir.path())?;
        let time = fs::metadata(dir.path().join("usr/local/bin/x"))?.modified()?;
        assert_eq!(time, UNIX_EPOCH + Duration::from_secs(FILE_TIME_S));
        Ok(())
    }
}
