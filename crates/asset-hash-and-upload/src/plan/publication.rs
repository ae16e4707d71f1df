//! The record of the release that the tree makes, before anybody has sent anything.

use super::digest::Digest;
use super::fingerprint::{NameForm, check_key};
use super::graph::{self, Outcome};
use super::header_sets::HeaderSets;
use super::manifests::Manifest;
use super::naming::{Mode, Naming};
use super::place::Place;
use super::record::{Entry, Files, Headers, RECORD_SCHEMA, Record};
use super::references::Kind;
use super::tree::{Content, SourceFile};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use std::mem::take;

/// Digits of the cache-busting value.
const VERSION_DIGITS: usize = 16;

/// The largest file that is read for what it names, bytes: it is held whole, and a parser takes some twenty times as much.
pub const PARSE_LIMIT_BYTES: u64 = 32 << 20;

/// What the record is made of.
#[derive(Clone, Copy)]
pub struct Tree<'t> {
    /// The files, in the order of their paths.
    pub files: &'t [SourceFile],
    /// What they hold.
    pub contents: &'t [Content],
    /// Which names they get.
    pub naming: &'t Naming,
    /// Their headers.
    pub headers: &'t HeaderSets,
    /// Form of fingerprinted names.
    pub form: &'t NameForm,
    /// Where they go.
    pub place: &'t Place,
    /// Manifests that the build has left in the tree.
    pub manifests: &'t [Manifest],
    /// Digest of all options that decide about names and bytes.
    pub options: Digest,
}

impl<'t> Tree<'t> {
    /// Whether what a file names can be known, by its path.
    pub fn reads(&self, path: &str) -> bool {
        Kind::of(path).is_some() || self.manifest(path).is_some()
    }

    /// The build's manifest at a path.
    pub fn manifest(&self, path: &str) -> Option<&'t Manifest> {
        self.manifests.iter().find(|manifest| manifest.path == path)
    }

    /// The files as they are named by what they name.
    pub fn graph_files(&self) -> impl Iterator<Item = graph::File<'t>> {
        let (headers, naming, tree) = (self.headers, self.naming, *self);
        self.files.iter().zip(self.contents).enumerate().map(move |(at, (file, content))| {
            let set = headers.get(at);
            graph::File {
                path: &file.path,
                source: content.sha256,
                size: content.size_bytes,
                content_type: set.map_or("", |set| &set.content_type),
                content_encoding: set.map_or("", |set| &set.content_encoding),
                asset: !naming.pages.contains(&file.path),
                parse: tree.reads(&file.path) && content.size_bytes <= PARSE_LIMIT_BYTES,
            }
        })
    }
}

/// Makes the record, without its id and time. `outcomes` has what references made of each file, in the order of the files; it is
/// `None` where nothing is rewritten. Their names are taken out of them, so that they are not held twice. `last` tells digests and
/// sizes of files that were encoded before. Errors: path, and why it can't be published under its name.
pub fn record(
    tree: &Tree<'_>,
    mut outcomes: Option<&mut [Outcome]>,
    last: Option<&Record>,
) -> Result<Record, (String, String)> {
    let mut files = Vec::with_capacity(tree.files.len());
    let mut version = Version::default();
    let none = Headers::default();
    for (at, (file, content)) in tree.files.iter().zip(tree.contents).enumerate() {
        let outcome = outcomes.as_deref_mut().and_then(|outcomes| outcomes.get_mut(at));
        let headers = tree.headers.get(at).unwrap_or(&none);
        let page = tree.naming.pages.contains(&file.path);
        let before = last.filter(|_| outcome.as_ref().is_some_and(|outcome| outcome.reused));
        let mut entry = match before.and_then(|last| last.files.get(&file.path)) {
            // Its bytes are stored already, maybe encoded: only its record knows their digest then.
            Some(before) => before.clone(),
            None => {
                let became = outcome.as_ref().map(|outcome| (outcome.sha256, outcome.size));
                let (sha256, size) = became.unwrap_or((content.sha256, content.size_bytes));
                let (name, names, misses) = match outcome {
                    Some(outcome) => {
                        (Some(take(&mut outcome.name)), take(&mut outcome.names), take(&mut outcome.misses))
                    }
                    None => (None, Vec::new(), Vec::new()),
                };
                Entry {
                    key: key(tree, file, content, name, page, &sha256, headers),
                    sha256,
                    size,
                    source: (sha256 != content.sha256).then_some(content.sha256),
                    headers: 0,
                    page,
                    names,
                    misses,
                }
            }
        };
        entry.headers = tree.headers.of.get(at).copied().unwrap_or_default();
        match tree.naming.mode {
            Mode::Keep | Mode::Versioned if !page => version.add(&file.path, &content.sha256.hex(), headers),
            _ => version.add(&file.path, &entry.key, headers),
        }
        files.push((file.path.clone(), entry));
    }
    let version = version.finish();
    let mut files = Files::from(files);
    let encoded = EncodedBefore::new(last);
    for (path, entry) in files.iter_mut() {
        if tree.naming.mode == Mode::Versioned {
            entry.key = format!("{version}/{path}");
        }
        encoded.fill(entry, &tree.headers.sets);
        check_key(&tree.place.key(&entry.key)).map_err(|why| (path.clone(), why))?;
    }
    distinct(&files)?;
    Ok(Record {
        schema: RECORD_SCHEMA,
        release: String::new(),
        site: tree.place.site.clone(),
        version,
        created_ms: 0,
        previous: last.map(|last| last.release.clone()),
        options: tree.options,
        headers: tree.headers.sets.clone(),
        files,
    })
}

/// The key of a file that is not as it was.
fn key(
    tree: &Tree<'_>,
    file: &SourceFile,
    content: &Content,
    name: Option<String>,
    page: bool,
    sha256: &Digest,
    headers: &Headers,
) -> String {
    if page {
        // The same bytes in another coding are other bytes.
        let kept = match headers.content_encoding.as_str() {
            "" => *sha256,
            coding => Digest::of(format!("{}\0{coding}", sha256.hex()).as_bytes()),
        };
        return tree.place.page(&kept);
    }
    match (tree.naming.mode, name) {
        (Mode::Fingerprint { .. }, Some(name)) => name,
        (Mode::Fingerprint { .. }, None) => tree.form.apply(&file.path, &content.name_digits()),
        (Mode::Keep | Mode::Versioned, _) => file.path.clone(),
    }
}

/// The cache-busting value: equal for equal trees under equal headers.
#[derive(Default)]
struct Version(Sha256);

impl Version {
    /// Takes the next file, in the order of their paths. `identity` follows from its bytes.
    fn add(&mut self, path: &str, identity: &str, headers: &Headers) {
        let fields = [path, identity, &headers.content_type, &headers.cache_control, &headers.content_encoding];
        let other = headers.other.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        for field in fields.into_iter().chain(other) {
            self.0.update((field.len() as u64).to_be_bytes());
            self.0.update(field.as_bytes());
        }
        self.0.update(u64::MAX.to_be_bytes());
    }

    fn finish(self) -> String {
        let mut version = Digest(self.0.finalize().into()).hex();
        version.truncate(VERSION_DIGITS);
        version
    }
}

/// Whether the tree is what `last` was made of, so that the record of the release that it makes would be the same but for its id and
/// time: same paths, bytes, kinds of names, headers and options. Who knows that needs no other record.
pub fn is_same(tree: &Tree<'_>, last: &Record) -> bool {
    let is_as_before = |at: usize, file: &SourceFile, content: &Content| {
        let Some((path, entry)) = last.files.at(at) else { return false };
        let headers = usize::try_from(entry.headers).ok().and_then(|set| last.headers.get(set));
        file.path == path
            && entry.source() == content.sha256
            && entry.page == tree.naming.pages.contains(path)
            && headers.is_some()
            && headers == tree.headers.get(at)
            // What it named in vain is there now.
            && entry.misses.iter().all(|miss| !last.files.contains_key(miss))
    };
    let mut files = tree.files.iter().zip(tree.contents).enumerate();
    (last.options, &last.site) == (tree.options, &tree.place.site)
        && tree.files.len() == last.files.len()
        && tree.contents.len() == last.files.len()
        && files.all(|(at, (file, content))| is_as_before(at, file, content))
}

/// What the last release stored for files that are encoded: it is made once for each content, and needs not be made again to
/// know its digest.
struct EncodedBefore<'r> {
    by_key: FxHashMap<&'r str, &'r Entry>,
}

impl<'r> EncodedBefore<'r> {
    fn new(last: Option<&'r Record>) -> Self {
        let entries = last.into_iter().flat_map(|last| last.files.values().map(move |entry| (last, entry)));
        let encoded = entries.filter(|(last, entry)| is_encoded(entry, &last.headers));
        EncodedBefore { by_key: encoded.map(|(_, entry)| (entry.key.as_str(), entry)).collect() }
    }

    fn fill(&self, entry: &mut Entry, sets: &[Headers]) {
        if is_encoded(entry, sets)
            && let Some(before) = self.by_key.get(entry.key.as_str())
        {
            entry.source = Some(entry.source());
            entry.sha256 = before.sha256;
            entry.size = before.size;
        }
    }
}

fn is_encoded(entry: &Entry, sets: &[Headers]) -> bool {
    let headers = usize::try_from(entry.headers).ok().and_then(|at| sets.get(at));
    headers.is_some_and(|headers| !headers.content_encoding.is_empty())
}

/// Two files must not get one key, unless nobody can tell them apart. Errors: the second path, and the first.
fn distinct(files: &Files) -> Result<(), (String, String)> {
    let mut keys: FxHashMap<&str, (&str, &Entry)> = FxHashMap::default();
    for (path, entry) in files.iter().filter(|(_, entry)| !entry.page) {
        let first = keys.insert(&entry.key, (path, entry)).filter(|(_, first)| !first.is_published_as(entry));
        if let Some((first, _)) = first {
            return Err((path.clone(), format!("would get the key {}, which {first} has", entry.key)));
        }
    }
    let clash = files.iter().find(|(path, entry)| entry.page && keys.contains_key(path.as_str()));
    clash.map_or(Ok(()), |(path, _)| Err((path.clone(), "is a page, and another file would get its name".to_owned())))
}

#[cfg(test)]
mod tests;
