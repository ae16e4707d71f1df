//! Which files get which kind of name: assets, whose names follow their content, and pages, which keep theirs.

use super::globs;
use super::hashed_names::{hashed, tree_is_hashed};
use super::manifests::Manifest;
use crate::args::options::{NameOptions, Names};
use std::collections::BTreeSet;

/// What browsers, crawlers and standards ask for by this very name at the root of a site: RFC 8615, RFC 9309, RFC 9116, the
/// usual icons, and service workers, whose address decides what they may serve.
const WELL_KNOWN: [&str; 11] = [
    "/.well-known/**",
    "/robots.txt",
    "/favicon.ico",
    "/apple-touch-icon*.png",
    "/sitemap*.xml",
    "/ads.txt",
    "/humans.txt",
    "/security.txt",
    "/sw.js",
    "/service-worker.js",
    "/browserconfig.xml",
];
/// HTML of a site that is served from the bucket.
const HTML: [&str; 3] = ["*.html", "*.htm", "*.xhtml"];

/// How published names come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A digest in each asset's name.
    Fingerprint {
        /// Whether files that name others are rewritten.
        rewrite: bool,
    },
    /// Names that hold digests stay; all other files are pages.
    Keep,
    /// The tree lies below a version.
    Versioned,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// How.
    pub mode: Mode,
    /// Whether the build has hashed the names: its manifest then travels with the code.
    pub hashed: bool,
    /// Paths of pages.
    pub pages: BTreeSet<String>,
}

/// Decides over a tree's paths and the manifests in it.
pub fn naming(options: &NameOptions, paths: &[&str], manifests: &[Manifest]) -> Naming {
    let is_hashed = match options.names {
        Names::Auto => tree_is_hashed(paths, manifests),
        Names::Keep => true,
        Names::Fingerprint | Names::Versioned => false,
    };
    let mode = match options.names {
        Names::Auto | Names::Keep if is_hashed => Mode::Keep,
        Names::Versioned => Mode::Versioned,
        Names::Auto | Names::Keep | Names::Fingerprint => {
            Mode::Fingerprint { rewrite: options.rewrite.unwrap_or(true) }
        }
    };
    let chosen = |path: &str| options.pages.iter().any(|glob| globs::fits(glob, path));
    let pages: BTreeSet<String> = match mode {
        Mode::Versioned => BTreeSet::new(),
        Mode::Keep => {
            let named = hashed(paths, manifests);
            paths.iter().filter(|path| !named.contains(**path) || chosen(path)).map(|path| (*path).to_owned()).collect()
        }
        Mode::Fingerprint { .. } => {
            let is_site = paths.binary_search(&"index.html").is_ok();
            let usual = |path: &str| {
                WELL_KNOWN.iter().any(|glob| globs::fits(glob, path))
                    || (is_site && HTML.iter().any(|glob| globs::fits(glob, path)))
                    // The app reads a build's manifest under its own name.
                    || manifests.iter().any(|manifest| manifest.path == path)
            };
            let is_page = |path: &str| if options.pages.is_empty() { usual(path) } else { chosen(path) };
            paths.iter().filter(|path| is_page(path)).map(|path| (*path).to_owned()).collect()
        }
    };
    Naming { mode, hashed: mode == Mode::Keep && is_hashed, pages }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(names: Names) -> NameOptions {
        NameOptions {
            names,
            form: "[name]-[hash].[ext]".to_owned(),
            pages: Vec::new(),
            rewrite: None,
            public_path: "/".to_owned(),
            base_url: String::new(),
        }
    }

    fn pages(naming: &Naming) -> Vec<&str> {
        naming.pages.iter().map(String::as_str).collect()
    }

    #[test]
    fn an_apps_tree_has_no_pages_and_a_site_has() {
        let app = naming(&options(Names::Auto), &["a/b.html", "app.js", "robots.txt"], &[]);
        assert_eq!(
            (app.mode, app.hashed, pages(&app)),
            (Mode::Fingerprint { rewrite: true }, false, vec!["robots.txt"])
        );
        let site = naming(&options(Names::Auto), &["a/b.html", "app.js", "index.html", "js/sw.js", "sw.js"], &[]);
        assert_eq!(pages(&site), ["a/b.html", "index.html", "sw.js"]);
        let mut chosen = options(Names::Fingerprint);
        chosen.pages = vec!["a/**".to_owned()];
        assert_eq!(pages(&naming(&chosen, &["a/b.html", "index.html"], &[])), ["a/b.html"]);
    }

    #[test]
    fn names_with_digests_stay_and_others_are_pages() {
        let paths = ["assets/app.55e7cbb9ba48.css", "assets/app.7ac1a8e2f00d.js", "index.html"];
        let kept = naming(&options(Names::Auto), &paths, &[]);
        assert_eq!((kept.mode, kept.hashed, pages(&kept)), (Mode::Keep, true, vec!["index.html"]));
        let versioned = naming(&options(Names::Versioned), &paths, &[]);
        assert_eq!((versioned.mode, pages(&versioned)), (Mode::Versioned, vec![]));
    }
}
