//! The listed files, indexed so that finding one takes no time that grows with the list.

use std::borrow::Cow;
use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::path::{base_name, normalised, stem_and_extension};
use super::{cargo, go, perl};

/// The end of a chain of files that share a key.
const END: u32 = u32::MAX;

pub(super) struct Listing<'l> {
    /// Normalised.
    paths: Vec<Cow<'l, str>>,
    /// Whole paths. Of a path that is listed twice, the first place.
    exact: FxHashMap<Cow<'l, str>, u32>,
    /// Last components, each with the last file that has it; [`Listing::next_named`] has the others.
    named: FxHashMap<&'l str, u32>,
    next_named: Vec<u32>,
    stems: OnceCell<Stems>,
    go: OnceCell<go::Packages>,
    perl: OnceCell<perl::Names>,
    cargo: OnceCell<cargo::Targets>,
}

/// Files by their name without extensions: `t00001.test.ts` is at `t00001.test` and at `t00001`.
#[derive(Default)]
struct Stems {
    heads: FxHashMap<String, u32>,
    /// The file and the next link.
    links: Vec<(u32, u32)>,
}

impl<'l> Listing<'l> {
    pub(super) fn new(listed: &'l [String]) -> Self {
        let mut listing = Self {
            paths: listed.iter().map(|path| normalised(path)).collect(),
            exact: FxHashMap::with_capacity_and_hasher(listed.len(), rustc_hash::FxBuildHasher),
            named: FxHashMap::with_capacity_and_hasher(listed.len(), rustc_hash::FxBuildHasher),
            next_named: vec![END; listed.len()],
            stems: OnceCell::new(),
            go: OnceCell::new(),
            perl: OnceCell::new(),
            cargo: OnceCell::new(),
        };
        for (file, path) in (0_u32..).zip(listed) {
            let normal = &listing.paths[file as usize];
            if listing.exact.contains_key(normal) {
                continue;
            }
            listing.exact.insert(normal.clone(), file);
            // The last component of the path as listed lives as long as the list.
            let name = base_name(path.trim_end_matches(['/', '\\']));
            listing.next_named[file as usize] = listing.named.insert(name, file).unwrap_or(END);
        }
        listing
    }

    /// The normalised path of a file.
    pub(super) fn path(&self, file: u32) -> &str {
        &self.paths[file as usize]
    }

    /// All files but repetitions.
    pub(super) fn paths(&self) -> impl Iterator<Item = (u32, &str)> {
        let paths = (0_u32..).zip(&self.paths).map(|(at, path)| (at, &**path));
        paths.filter(|(at, path)| self.exact(path) == Some(*at))
    }

    pub(super) fn exact(&self, path: &str) -> Option<u32> {
        self.exact.get(path).copied()
    }

    /// The files with this last component.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = u32> {
        let head = self.named.get(name).copied();
        std::iter::successors(head, |&file| Some(self.next_named[file as usize]).filter(|&next| next != END))
    }

    /// The files with this name before an extension.
    pub(super) fn with_stem(&self, stem: &str) -> impl Iterator<Item = u32> {
        let stems = self.stems.get_or_init(|| self.index_stems());
        let head = stems.heads.get(stem).map(|&link| stems.links[link as usize]);
        std::iter::successors(head, |&(_, next)| stems.links.get(next as usize).copied()).map(|(file, _)| file)
    }

    fn index_stems(&self) -> Stems {
        let mut stems = Stems::default();
        for (file, path) in self.paths() {
            let name = base_name(path);
            let Some((long, _)) = stem_and_extension(name) else { continue };
            let short = name.split('.').next().filter(|short| *short != long && !short.is_empty());
            for stem in [Some(long), short].into_iter().flatten() {
                let link = u32::try_from(stems.links.len()).unwrap_or(END);
                let next = stems.heads.insert(stem.to_owned(), link).unwrap_or(END);
                stems.links.push((file, next));
            }
        }
        stems
    }

    pub(super) fn go_packages(&self) -> &go::Packages {
        self.go.get_or_init(|| go::Packages::new(self))
    }

    pub(super) fn perl_names(&self) -> &perl::Names {
        self.perl.get_or_init(|| perl::Names::new(self))
    }

    pub(super) fn cargo_targets(&self) -> &cargo::Targets {
        self.cargo.get_or_init(|| cargo::Targets::new(self))
    }
}
