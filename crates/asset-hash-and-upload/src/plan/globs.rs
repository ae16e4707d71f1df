//! Globs over paths of the tree. PURE.
#![warn(clippy::disallowed_methods)]

use fast_glob::{glob_match, validate};

/// Bytes of a glob; a longer one is nothing that a person wrote.
const MAX_GLOB_BYTES: usize = 4096;

/// Whether a text can be a glob. Errors: one sentence.
pub fn check(glob: &str) -> Result<(), String> {
    if glob.trim().is_empty() {
        return Err("a glob is empty; write one such as `*.html`".to_owned());
    }
    if glob.len() > MAX_GLOB_BYTES {
        return Err(format!("a glob of {} bytes is too long; {MAX_GLOB_BYTES} are read", glob.len()));
    }
    if glob.starts_with('!') {
        return Err(format!("`{glob}` is no glob: a `!` turns nothing around here; write what is meant"));
    }
    validate(glob).map_err(|why| format!("`{glob}` is no glob: {why}"))
}

/// Whether a glob fits a path of the tree (`/`-separated, from its root). `*` stays within a folder and `**` crosses
/// folders. A glob without a `/` fits the name in any folder, as in `.gitignore`; one with a `/` at its end fits all that
/// is below such a folder. Letters are compared as they stand.
pub fn fits(glob: &str, path: &str) -> bool {
    let below = glob.ends_with('/');
    let inner = glob.trim_end_matches('/');
    let rooted = inner.starts_with('/') || inner.starts_with("./") || inner.contains('/');
    let inner = inner.strip_prefix("./").unwrap_or(inner).trim_start_matches('/');
    match (rooted, below) {
        (true, false) => glob_match(inner, path),
        (false, false) => glob_match(inner, path.rsplit('/').next().unwrap_or(path)),
        (true, true) => glob_match(format!("{inner}/**"), path),
        (false, true) => glob_match(format!("**/{inner}/**"), path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_in_any_folder_and_a_path_from_the_root() {
        for (glob, path) in [
            ("*.html", "index.html"),
            ("*.html", "a/b/c.html"),
            ("/*.html", "index.html"),
            ("assets/**", "assets/a/b.js"),
            ("docs/", "docs/a/b.html"),
            ("docs/", "x/docs/b.html"),
            ("/docs/", "docs/b.html"),
            ("**/*.{js,css}", "a.css"),
            (".well-known/**", ".well-known/acme/x"),
            ("robots.txt", "robots.txt"),
            ("*", ".htaccess"),
        ] {
            assert!(fits(glob, path), "{glob} {path}");
        }
        for (glob, path) in [
            ("/*.html", "a/index.html"),
            ("assets/*", "assets/a/b.js"),
            ("docs/", "docs"),
            ("/docs/", "x/docs/b.html"),
            ("*.html", "index.HTML"),
        ] {
            assert!(!fits(glob, path), "{glob} {path}");
        }
        assert!(check("").is_err() && check("!a").is_err() && check("[a").is_err() && check("*.{js,css}").is_ok());
    }
}
