//! Manifests of build tools: which published file stands for which name that the app says. PURE.
#![warn(clippy::disallowed_methods)]

/// A format of manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Vite's `.vite/manifest.json` (5 and later) or `manifest.json`: by source, an object with `file`, `css`, `assets`.
    Vite,
    /// One flat object of strings: webpack-manifest-plugin, webpack-assets-manifest, Encore, Symfony's AssetMapper, Rev.
    Flat,
    /// Laravel Mix's `mix-manifest.json`: flat, with a `/` before both names and the digest in a query.
    Mix,
    /// Sprockets' `.sprockets-manifest-<hex>.json`: `files` by published name and `assets`.
    Sprockets,
    /// Propshaft's `.manifest.json`: flat, or by name an object with `digested_path` (1.0 and later).
    Propshaft,
    /// Django's `staticfiles.json`: `paths`, `version`, `hash`.
    Django,
    /// AssetMapper's `importmap.json`: by name an object with `path` and `type`.
    ImportMap,
    /// AssetMapper's `entrypoint.<name>.json`: a list of names, or of published paths.
    Entrypoint,
}

impl Format {
    /// Whether the tool always writes names with digests, so that every published name that differs holds one.
    pub fn always_hashes(self) -> bool {
        matches!(self, Format::Sprockets | Format::Propshaft | Format::Django)
    }
}

/// A manifest that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Where it lies in the tree.
    pub path: String,
    /// Its format.
    pub format: Format,
    /// What it says, in its order: the name that the app says, and the published one, both as they stand there.
    pub entries: Vec<(String, String)>,
}

impl Manifest {
    /// The file of the tree that a published name means. Manifests write names from their own folder, from the root of the
    /// site, or with the public path before them, so the longest end of the name that is a file wins; `has` says what is one.
    /// A query (`?id=`) is no part of it.
    pub fn locate(&self, published: &str, has: &dyn Fn(&str) -> bool) -> Option<String> {
        let path = published.split(['?', '#']).next().unwrap_or("");
        let path = match path.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                rest.split_once('/').map_or("", |(_, p)| p)
            }
            _ => path,
        };
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
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
