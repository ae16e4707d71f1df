//! Manifests of build tools: which published file stands for which name that the app says. PURE.
//!
//! Each format has a module: it says what a manifest of that shape tells, and where in its text. A manifest that was read is
//! rewritten by putting new names in the places of old ones, so that what we don't know in it stays; a tree without one gets a
//! new one in a format that the app can read.
#![warn(clippy::disallowed_methods)]

mod django;
mod entrypoints;
mod flat;
mod import_map;
mod mix;
mod propshaft;
mod sprockets;
mod text;
mod vite;

use super::fingerprint::split_folder;
use super::graph::splice::{Replacement, arrange, splice};
use super::references::{Demand, Found, Integrity, Reference, SriAlgorithm, Unreadable, Writing};
use text::{Reading, Text};

/// Bytes of the largest manifest that is read: a million files of sixty bytes each.
pub const LIMIT_BYTES: usize = 64 << 20;

/// A format of manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One flat object: webpack-manifest-plugin, webpack-assets-manifest, Encore, Symfony's AssetMapper, gulp-rev, Create
    /// React App.
    Flat,
    /// Vite's `.vite/manifest.json` (5 and later) or `manifest.json`: by source, an object with `file`, `css`, `assets`.
    Vite,
    /// Laravel Mix's `mix-manifest.json`: flat, with a `/` before both names and the digest in a query.
    Mix,
    /// Sprockets' `.sprockets-manifest-<32 hex>.json`: `files` by published name, and `assets`.
    Sprockets,
    /// Propshaft's `.manifest.json`: flat, or by name an object with `digested_path`.
    Propshaft,
    /// Django's `staticfiles.json`: `paths`, `version`, `hash`.
    Django,
    /// `importmap.json`: AssetMapper's, by name an object with `path` and `type`; or a browser's with `imports`.
    ImportMap,
    /// Encore's `entrypoints.json`: published files by entry; AssetMapper's `entrypoint.<name>.json`, which names names only.
    Entrypoint,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 8] = [
        Format::Flat,
        Format::Vite,
        Format::Mix,
        Format::Sprockets,
        Format::Propshaft,
        Format::Django,
        Format::ImportMap,
        Format::Entrypoint,
    ];

    /// Its name as an option says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Flat => "flat",
            Format::Vite => "vite",
            Format::Mix => "mix",
            Format::Sprockets => "sprockets",
            Format::Propshaft => "propshaft",
            Format::Django => "django",
            Format::ImportMap => "importmap",
            Format::Entrypoint => "entrypoints",
        }
    }

    /// By its name. Errors: one sentence with all names.
    pub fn parse(name: &str) -> Result<Format, String> {
        let names = || Format::ALL.map(Format::as_str).join(", ");
        let found = Format::ALL.into_iter().find(|format| format.as_str() == name);
        found.ok_or_else(|| format!("`{name}` is no format of manifests; write one of {}", names()))
    }

    /// Where the app looks for it, from the root of its build.
    pub fn usual_path(self) -> &'static str {
        match self {
            Format::Flat => "manifest.json",
            Format::Vite => ".vite/manifest.json",
            Format::Mix => "mix-manifest.json",
            // Any 32 hex digits are found; random ones would differ from run to run.
            Format::Sprockets => ".sprockets-manifest-00000000000000000000000000000000.json",
            Format::Propshaft => ".manifest.json",
            Format::Django => "staticfiles.json",
            Format::ImportMap => "importmap.json",
            Format::Entrypoint => "entrypoints.json",
        }
    }

    /// Whether the tool always writes names with digests, so that every published name that differs holds one.
    pub fn always_hashes(self) -> bool {
        matches!(self, Format::Sprockets | Format::Propshaft | Format::Django)
    }

    /// What a manifest of this format with such a name tells; `None` when it has another name or shape.
    fn reading(self, name: &str, texts: &[Text]) -> Option<Reading> {
        match self {
            Format::Flat => flat::reading(name, texts),
            Format::Vite => vite::reading(name, texts),
            Format::Mix => mix::reading(name, texts),
            Format::Sprockets => sprockets::reading(name, texts),
            Format::Propshaft => propshaft::reading(name, texts),
            Format::Django => django::reading(name, texts),
            Format::ImportMap => import_map::reading(name, texts),
            Format::Entrypoint => entrypoints::reading(name, texts),
        }
    }
}

/// A manifest that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Where it lies in the tree.
    pub path: String,
    /// Its format.
    pub format: Format,
    /// What it says, in its order: the name that the app says (it can come again, with a style of a script), and the published
    /// one, both as they stand there.
    pub entries: Vec<(String, String)>,
}

/// Whether a file can be a manifest, by its name alone: only such files need be read.
pub fn may_be(path: &str) -> bool {
    let name = split_folder(path).1;
    flat::has_name(name)
        || sprockets::has_name(name)
        || import_map::has_name(name)
        || entrypoints::has_name(name)
        || ["mix-manifest.json", ".manifest.json", "staticfiles.json"].contains(&name)
}

/// Reads a manifest of any format; `None` for all other files, such as a web app's `manifest.json`.
pub fn read(path: &str, bytes: &[u8]) -> Option<Manifest> {
    let (format, reading) = recognise(path, bytes)?;
    Some(Manifest { path: path.to_owned(), format, entries: reading.entries })
}

fn recognise(path: &str, bytes: &[u8]) -> Option<(Format, Reading)> {
    if !may_be(path) || bytes.len() > LIMIT_BYTES {
        return None;
    }
    let texts = text::texts(bytes)?;
    let name = split_folder(path).1;
    // A flat one is what no other is.
    let mut formats = Format::ALL.into_iter().skip(1).chain([Format::Flat]);
    formats.find_map(|format| Some((format, format.reading(name, &texts)?)))
}

/// Rewrites a manifest: each published name gets the name that its file has now, each integrity value the one of its final
/// bytes. `has`: what is a file of the tree. `published`: by path, the path with its published name. `integrity`: by path and
/// algorithm, the value of the final bytes (`sha256-…`).
///
/// # Errors
/// One sentence: it is no manifest any more, or `integrity` doesn't know a value that stands in it.
pub fn rewrite(
    manifest: &Manifest,
    bytes: &[u8],
    has: &dyn Fn(&str) -> bool,
    published: &dyn Fn(&str) -> Option<String>,
    integrity: &mut dyn FnMut(&str, SriAlgorithm) -> Option<String>,
) -> Result<Vec<u8>, String> {
    let path = &manifest.path;
    let (_, reading) = recognise(path, bytes).ok_or_else(|| format!("`{path}` is no manifest any more"))?;
    let mut replacements = Vec::new();
    for (span, value) in reading.names {
        if let Some(new) = manifest.locate(&value, has).and_then(|file| published(&file)) {
            let text = text::quoted(&with_name(&value, split_folder(&new).1));
            replacements.push(Replacement { start: span.start, end: span.end, text });
        }
    }
    for (span, value, of) in reading.integrities {
        let Some(file) = manifest.locate(&of, has) else {
            continue;
        };
        let algorithms = text::algorithms(&value);
        let values: Option<Vec<String>> = algorithms.iter().map(|algorithm| integrity(&file, *algorithm)).collect();
        let values =
            values.ok_or_else(|| format!("`{path}` holds the integrity of `{file}`, which nobody worked out"))?;
        if !values.is_empty() {
            let text = text::quoted(&values.join(" "));
            replacements.push(Replacement { start: span.start, end: span.end, text });
        }
    }
    if !arrange(&mut replacements, bytes.len()) {
        return Err(format!("`{path}` says a name twice in one place; this is a mistake of the tool"));
    }
    Ok(splice(bytes, &replacements))
}

/// Where a manifest names files of the tree, and their integrity values, as references of it. `has`: what is a file of the tree.
/// `resolves`: whether the second URL, in a file whose `<base href>` is the first one, means the file at the path.
///
/// # Errors
/// It is no manifest any more, or its names can't be read as URLs in one way.
pub fn references(
    manifest: &Manifest,
    bytes: &[u8],
    has: &dyn Fn(&str) -> bool,
    resolves: &dyn Fn(Option<&str>, &str, &str) -> bool,
) -> Result<Found, Unreadable> {
    let unreadable = |what: &str| Unreadable { line: 1, what: what.to_owned() };
    let (_, reading) = recognise(&manifest.path, bytes).ok_or_else(|| unreadable("it is no manifest any more"))?;
    let mut located: Vec<(Reference, String)> = Vec::new();
    for (span, url) in reading.names {
        let Some(file) = manifest.locate(&url, has) else { continue };
        let (writing, demand) = (Writing::Json, Demand::Optional);
        located.push((Reference { span, url, writing, demand, integrity: None }, file));
    }
    for (span, value, of) in reading.integrities {
        let Some(file) = manifest.locate(&of, has) else { continue };
        let reference = located.iter_mut().find(|(one, at)| *at == file && one.integrity.is_none());
        let (reference, _) =
            reference.ok_or_else(|| unreadable("it holds the integrity of a file that it does not name"))?;
        reference.integrity = Some(Integrity { span, algorithms: text::algorithms(&value) });
    }
    // Manifests write names from their own folder, from that of the build, or from the root of the site.
    let depth = manifest.path.matches('/').count();
    let mut bases = std::iter::once(None).chain((1..=depth).map(|up| Some("../".repeat(up))));
    let base = bases.find(|base| located.iter().all(|(one, file)| resolves(base.as_deref(), &one.url, file)));
    let base = base.ok_or_else(|| unreadable("its names are no URLs of files of the tree; set the public path"))?;
    let mut references: Vec<Reference> = located.into_iter().map(|(reference, _)| reference).collect();
    references.sort_by_key(|reference| reference.span.start);
    Ok(Found { references, base })
}

/// Writes a new manifest of names that the app says and published ones, both paths of the tree. The answer is the same for
/// every order of `entries`. Of [`Format::Entrypoint`], scripts and styles only; of [`Format::Sprockets`], `files` without sizes
/// and times, which only its own clean-up asks for.
pub fn write(format: Format, entries: &[(String, String)]) -> Vec<u8> {
    let mut entries: Vec<(&str, &str)> = entries.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    entries.sort_unstable();
    entries.dedup_by_key(|entry| entry.0);
    let mut text = match format {
        Format::Flat => flat::write(&entries),
        Format::Vite => vite::write(&entries),
        Format::Mix => mix::write(&entries),
        Format::Sprockets => sprockets::write(&entries),
        Format::Propshaft => propshaft::write(&entries),
        Format::Django => django::write(&entries),
        Format::ImportMap => import_map::write(&entries),
        Format::Entrypoint => entrypoints::write(&entries),
    };
    text.push('\n');
    text.into_bytes()
}

/// `value` with its last segment replaced; what stands before it and a query stay.
fn with_name(value: &str, name: &str) -> String {
    let end = value.find(['?', '#']).unwrap_or(value.len());
    let (path, suffix) = value.split_at(end);
    format!("{}{name}{suffix}", split_folder(path).0)
}

impl Manifest {
    /// The file of the tree that a published name means. Manifests write names from their own folder, from the root of the
    /// site, or with a public path or a host before them, so the longest end of the name that is a file wins; `has` says what
    /// is one. A query (`?id=`) is no part of it.
    pub fn locate(&self, published: &str, has: &dyn Fn(&str) -> bool) -> Option<String> {
        let path = published.split(['?', '#']).next().unwrap_or("");
        let path = match path.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                rest.split_once('/').map_or("", |(_, path)| path)
            }
            _ => path,
        };
        let folder = split_folder(&self.path).0.trim_end_matches('/');
        let folder = folder.strip_suffix(".vite").unwrap_or(folder).trim_end_matches('/');
        let mut rest = path.trim_start_matches("./").trim_start_matches('/');
        while !rest.is_empty() {
            let beside = if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") };
            if has(&beside) {
                return Some(beside);
            }
            if has(rest) {
                return Some(rest.to_owned());
            }
            rest = rest.split_once('/').map_or("", |(_, rest)| rest);
        }
        None
    }
}

#[cfg(test)]
mod tests;
