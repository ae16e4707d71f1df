//! A crate's archive, `registry/cache/*/NAME-VERSION.crate`, read in place.

use super::manifest::{MAX_MANIFEST_BYTES, Manifest};
use crate::observe::store::{Evidence, Ground, kind_of};
use crate::plan::package::Package;
use crate::plan::statement::{FileKind, LicenseFile, MAX_LICENSE_BYTES, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

/// Bytes that an archive may unpack to: crates.io refuses archives above 10 MiB, and unpacking more than 50 times that is a
/// bomb. cargo's own bound is the same: <https://blog.rust-lang.org/2022/09/14/cargo-cves.html>.
const MAX_UNPACKED_BYTES: u64 = 512 << 20;

/// Bytes of the largest archive that is read.
const MAX_ARCHIVE_BYTES: u64 = 256 << 20;

/// Entries of an archive that are looked at.
const MAX_ENTRIES: usize = 100_000;

/// Whether the archive has the locked SHA-256.
pub fn has_digest(archive: &Path, package: &Package) -> bool {
    let Some(wanted) = package.checksum.as_deref() else { return false };
    let Ok(file) = std::fs::File::open(archive) else { return false };
    let mut reader = file.take(MAX_ARCHIVE_BYTES);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length) = reader.read(&mut buffer) {
        if length == 0 {
            break;
        }
        hash.update(&buffer[..length]);
    }
    let mut digest = String::new();
    for byte in hash.finalize() {
        let _ = write!(digest, "{byte:02x}");
    }
    digest.eq_ignore_ascii_case(wanted)
}

/// What the crate in the archive says, if it is the one that is locked.
pub fn read(archive: &Path, package: &Package, ground: &Ground, others: &mut Vec<String>) -> Option<Evidence> {
    let shown = ground.shown(archive);
    let top = format!("{}-{}/", package.name, package.version);
    let mut entries =
        match entries(archive, &top, |name| name == "Cargo.toml" || (!name.contains('/') && kind_of(name).is_some())) {
            Ok(entries) => entries,
            Err(why) => {
                others.push(format!("{shown} can't be read: {why}"));
                return None;
            }
        };
    let Some(bytes) = entries.remove("Cargo.toml") else {
        others.push(format!("{shown} has no Cargo.toml"));
        return None;
    };
    let manifest = match Manifest::read(&bytes, &format!("{shown}!/Cargo.toml")) {
        Ok(manifest) => manifest,
        Err(why) => {
            others.push(format!("{shown}!/Cargo.toml: {why}"));
            return None;
        }
    };
    if let Some(other) = manifest.other_than(package) {
        others.push(format!("{shown} is {other}"));
        return None;
    }
    let mut notices = Vec::new();
    for statement in &manifest.statements {
        let Value::File(name) = &statement.value else { continue };
        if !entries.contains_key(name) {
            match self::entries(archive, &top, |inside| inside == name).map(|mut found| found.remove(name)) {
                Ok(Some(bytes)) => drop(entries.insert(name.to_owned(), bytes)),
                _ => notices.push(format!("{}: {name} can't be read", statement.place)),
            }
        }
    }
    let files = entries.into_iter().map(|(name, bytes)| {
        let kind = kind_of(name.rsplit('/').next().unwrap_or(&name)).unwrap_or(FileKind::License);
        LicenseFile { path: format!("{shown}!/{name}"), name, kind, bytes }
    });
    Some(Evidence { files: files.collect(), statements: manifest.statements, missing: None, notices })
}

/// Plain files of the archive below `top` that are wanted, by their names there.
fn entries(archive: &Path, top: &str, wanted: impl Fn(&str) -> bool) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let file = std::fs::File::open(archive)?.take(MAX_ARCHIVE_BYTES);
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file).take(MAX_UNPACKED_BYTES));
    let mut found = BTreeMap::new();
    for entry in tar.entries()?.take(MAX_ENTRIES) {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path_bytes();
        let Some(name) = std::str::from_utf8(&path).ok().and_then(|path| path.strip_prefix(top)) else { continue };
        let limit_bytes = if name == "Cargo.toml" { MAX_MANIFEST_BYTES } else { MAX_LICENSE_BYTES };
        if !wanted(name) || entry.header().entry_size()? > limit_bytes {
            continue;
        }
        let name = name.to_owned();
        drop(path);
        let mut bytes = Vec::new();
        entry.take(limit_bytes).read_to_end(&mut bytes)?;
        found.insert(name, bytes);
    }
    Ok(found)
}
