//! Perl: TAP::Formatter::JUnit and TAP::Harness::JUnit change the path of a test into something like a class name
//! (`JUNIT_NAME_MANGLE` is `none`, `hudson` or `perl`): <https://metacpan.org/pod/TAP::Formatter::JUnit>.

use rustc_hash::FxHashMap;

use super::Found;
use super::listing::Listing;

/// The changed names of all listed `.t` files.
#[derive(Default)]
pub(super) struct Names {
    names: FxHashMap<String, Vec<u32>>,
}

impl Names {
    pub(super) fn new(listing: &Listing<'_>) -> Self {
        let mut names = Self::default();
        for (file, path) in listing.paths().filter(|(_, path)| path.ends_with(".t")) {
            // Some versions leave out the directory `t`.
            for path in [Some(path), path.strip_prefix("t/")].into_iter().flatten() {
                let mut forms = [changed(path, '_'), changed(path, '.')];
                forms.sort();
                for (at, form) in forms.iter().enumerate() {
                    if at == 0 || forms[0] != *form {
                        names.names.entry(form.clone()).or_default().push(file);
                    }
                }
            }
        }
        names
    }
}

/// All but letters, digits, `-` and `:` becomes `_`, a slash becomes `slash`.
fn changed(path: &str, slash: char) -> String {
    path.chars()
        .map(|c| match c {
            '/' => slash,
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | ':') => c,
            _ => '_',
        })
        .collect()
}

/// The file whose changed name this is.
pub(super) fn by_name(listing: &Listing<'_>, name: &str) -> Found {
    let name = name.strip_prefix("./").unwrap_or(name);
    match listing.perl_names().names.get(name) {
        Some(files) => Found::from_candidates(files.clone()),
        None => Found::Nothing,
    }
}
