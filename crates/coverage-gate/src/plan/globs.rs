//! Globs over paths of the repository. PURE.
#![warn(clippy::disallowed_methods)]

use fast_glob::{glob_match, validate};

/// Bytes of a glob; longer ones are no globs that a person wrote.
const MAX_GLOB_BYTES: usize = 4096;

/// Whether a text can be a glob. Errors: one sentence.
pub fn check(glob: &str) -> Result<(), String> {
    if glob.trim().is_empty() {
        return Err("a glob is empty".to_owned());
    }
    if glob.len() > MAX_GLOB_BYTES {
        return Err(format!("a glob of {} bytes is too long", glob.len()));
    }
    if glob.starts_with('!') {
        return Err(format!("`{glob}` is no glob: a `!` turns nothing around here; write what is meant"));
    }
    validate(glob).map_err(|why| format!("`{glob}` is no glob: {why}"))
}

/// Globs, one of which must fit. `*` stays within a folder and `**` crosses folders; a glob without any sign also stands
/// for all that is below it, so that `vendor` and `vendor/` name the folder.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    globs: Vec<String>,
}

impl Globs {
    /// Takes globs as written. One that [`check`] refuses fits nothing.
    pub fn new(globs: &[String]) -> Globs {
        let sound = globs.iter().filter(|glob| check(glob).is_ok());
        Globs { globs: sound.map(|glob| relative(glob).to_owned()).collect() }
    }

    /// Whether one of them fits a path relative to the repository's root.
    pub fn is_match(&self, path: &str) -> bool {
        self.globs.iter().any(|glob| is_one(glob, path))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }
}

fn relative(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path).trim_start_matches('/')
}

fn is_one(glob: &str, path: &str) -> bool {
    if glob.contains(['*', '?', '[', '{', '\\']) {
        return glob_match(glob, path);
    }
    let folder = glob.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() && folder == glob || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_fits_what_it_says() {
        for (glob, path, fits) in [
            ("src/**", "src/a/b.php", true),
            ("src/*.php", "src/a/b.php", false),
            ("*.php", "src/b.php", false),
            ("**/*.php", "b.php", true),
            ("vendor", "vendor/a.php", true),
            ("vendor/", "vendor/a.php", true),
            ("vendor", "vendors/a.php", false),
            ("src/A.php", "src/A.php", true),
            ("src/A.php/", "src/A.php", false),
            ("./src/**", "src/a.php", true),
            ("/src/**", "src/a.php", true),
            ("!src/**", "lib/a.php", false),
            ("src/{a,b", "src/a", false),
        ] {
            assert_eq!(Globs::new(&[glob.to_owned()]).is_match(path), fits, "{glob} {path}");
        }
        assert!(!Globs::default().is_match("a"));
        for bad in ["", "!a", "{a", "[a", &"*".repeat(5000)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
