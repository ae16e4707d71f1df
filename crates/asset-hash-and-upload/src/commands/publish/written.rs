//! The files that a publish writes on this machine: the cache-busting value, and the map from paths to published names.

use super::Asked;
use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::graph::integrity_value;
use crate::plan::manifests::{self, Format, Manifest};
use crate::plan::record::Record;
use crate::report::published::Publication;
use kit_host::{Failure, Permit, files};
use std::path::Path;

/// Writes what was asked for. `published` is the release as it is in the bucket. The answer: where the map is. Errors: exit 3 with
/// the path; exit 2 when the manifest in the tree can't be rewritten.
pub fn write(
    asked: &Asked,
    permit: &Permit,
    manifests: &[Manifest],
    published: &Record,
    publication: &Publication,
) -> Result<Option<String>, Error> {
    if let Some(path) = &asked.version_file {
        file(permit, path, format!("{}\n", publication.version).as_bytes())?;
    }
    let Some(path) = &asked.manifest_file else { return Ok(None) };
    let own = manifests.first().filter(|own| asked.manifest_format.is_none_or(|format| format == own.format));
    let content = match own {
        Some(own) => rewritten(asked, own, published)?,
        None => {
            let name = |(path, entry): (&String, &crate::plan::record::Entry)| (path.clone(), public_name(path, entry));
            let entries: Vec<(String, String)> = published.files.iter().map(name).collect();
            manifests::write(asked.manifest_format.unwrap_or(Format::Flat), &entries)
        }
    };
    file(permit, path, &content)?;
    Ok(Some(path.clone()))
}

/// The build's own manifest with the published names in it.
fn rewritten(asked: &Asked, own: &Manifest, published: &Record) -> Result<Vec<u8>, Error> {
    let path = asked.dir.join(&own.path);
    let bytes = std::fs::read(&path).map_err(|error| Error::world("read", &path, &error))?;
    let has = |path: &str| published.files.contains_key(path);
    let name = |path: &str| published.files.get(path).map(|entry| public_name(path, entry));
    // Bytes that did not change keep the integrity that the build worked out; of others it is not known here.
    let kept = |path: &str| published.files.get(path).is_some_and(|entry| entry.source.is_none());
    let mut integrity = |path: &str, algorithm| {
        let whole = asked.dir.join(path);
        let bytes = kept(path).then(|| std::fs::read(whole).ok()).flatten()?;
        let known = published.files.get(path).is_some_and(|entry| entry.sha256 == Digest::of(&bytes));
        known.then(|| integrity_value(std::iter::once(bytes.as_slice()), algorithm))
    };
    let rewritten = manifests::rewrite(own, &bytes, &has, &name, &mut integrity);
    rewritten.map_err(|what| Error::File { path: own.path.clone(), line: None, what })
}

/// What a page's or an asset's URL ends with.
fn public_name(path: &str, entry: &crate::plan::record::Entry) -> String {
    if entry.page { path.to_owned() } else { entry.key.clone() }
}

fn file(permit: &Permit, path: &str, content: &[u8]) -> Result<(), Error> {
    let written = files::write(permit, Path::new(path), content);
    written.map_err(|Failure { message, .. }| Error::Service { code: "file-not-written", what: message })
}
