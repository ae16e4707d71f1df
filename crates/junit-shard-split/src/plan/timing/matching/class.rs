//! From the name of a class or module to its file.

use super::Found;
use super::listing::Listing;
use super::path::{base_name, normalised, stem_and_extension};

/// How much a name may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Classes may lead to a file in any source root.
    Names,
    /// Only a name that spells the whole listed path.
    WholePath,
}

/// At most this many classes inside a module are left out: deeper nesting was not seen.
const MAX_NESTED_CLASSES: usize = 4;

/// `a/b/foo_test` for the listed `a/b/foo_test.py`, or for `x/a/b/foo_test.py` when that is the only one.
pub(super) fn by_path_without_extension(listing: &Listing<'_>, name: &str) -> Found {
    if !name.contains('/') {
        return Found::Nothing;
    }
    let path = normalised(name.trim_start_matches("//"));
    let Some((directories, stem)) = path.rsplit_once('/') else { return Found::Nothing };
    let wanted: Vec<&str> = directories.split('/').filter(|part| !part.is_empty()).collect();
    let candidates = listing.with_stem(stem).filter(|&file| {
        let common = common_end(&wanted, &directories_of(listing.path(file)), |a, b| a == b);
        common == wanted.len()
    });
    Found::from_candidates(candidates.collect())
}

/// Modules and classes as directories and a file: `com.acme.FooTest$Inner`, `tests.pkg.test_a.TestX`.
pub(super) fn by_dotted_class(listing: &Listing<'_>, name: &str, trust: Trust) -> Found {
    let outer = name.split('$').next().unwrap_or(name);
    if outer.contains(['\\', '/']) || outer.contains("::") {
        return Found::Nothing;
    }
    // A name with blanks is a title nearly always. pytest alone writes such paths with dots, and then from the root on.
    let has_blank = outer.contains(' ');
    let trust = if has_blank { Trust::WholePath } else { trust };
    let parts: Vec<&str> = outer.split('.').collect();
    let first = parts.len().saturating_sub(1 + MAX_NESTED_CLASSES);
    for at in (first..parts.len()).rev() {
        let classes_look_like_classes = parts[at + 1..].iter().all(|class| is_class(class) && !class.contains(' '));
        let (mut exact, mut rooted, mut prefixed) = (Vec::new(), Vec::new(), Vec::new());
        for file in listing.with_stem(parts[at]) {
            if has_blank && (!classes_look_like_classes || !listing.path(file).ends_with(".py")) {
                continue;
            }
            let directories = directories_of(listing.path(file));
            let common = common_end(&parts[..at], &directories, |a, b| a == b);
            // Without a directory the word alone must be one that is no title.
            if at == 0 && !is_telling(parts[0]) {
                continue;
            }
            if common == at && common == directories.len() {
                exact.push(file);
            } else if common == at && (at > 0 || parts.len() > 1) && classes_look_like_classes {
                // The rest of the directories are a source root such as `src/test/java`.
                rooted.push(file);
            } else if common == directories.len() && common > 0 && classes_look_like_classes {
                // The report was written from a directory above.
                prefixed.push(file);
            }
        }
        if trust == Trust::WholePath {
            (rooted, prefixed) = (Vec::new(), Vec::new());
        }
        for candidates in [exact, rooted, prefixed] {
            if !candidates.is_empty() {
                return Found::from_candidates(candidates);
            }
        }
    }
    Found::Nothing
}

/// The file named like the class whose directories agree with the longest part of the namespace. Case is no difference
/// between `Tests\` and `tests/`.
pub(super) fn by_namespace(listing: &Listing<'_>, name: &str) -> Found {
    let parts: Vec<&str> = name.split(['\\', '.', ':']).filter(|part| !part.is_empty()).collect();
    let Some((class, namespace)) = parts.split_last() else { return Found::Nothing };
    if namespace.is_empty() || !is_class(class) {
        return Found::Nothing;
    }
    let mut best = (0, Vec::new());
    for file in listing.with_stem(class) {
        let path = listing.path(file);
        let Some((_, extension)) = stem_and_extension(base_name(path)) else { continue };
        let directories = directories_of(path);
        let agreeing = common_end(namespace, &directories, |a, b| a.eq_ignore_ascii_case(b));
        let enough = match extension {
            // PSR-4 maps any prefix of the namespace to any directory: https://www.php-fig.org/psr/psr-4/
            "php" | "inc" | "phpt" => agreeing > 0 || directories.last().is_none_or(|last| is_test_root(last)),
            // Directories may leave out the common prefix of the packages, and namespaces need not follow them at all.
            "kt" | "kts" | "scala" | "cs" | "fs" | "vb" => agreeing > 0,
            _ => false,
        };
        if enough {
            // All of the directory, too, is better than a part of it.
            let rank = 2 * agreeing + usize::from(agreeing == directories.len()) + 1;
            match rank.cmp(&best.0) {
                std::cmp::Ordering::Greater => best = (rank, vec![file]),
                std::cmp::Ordering::Equal => best.1.push(file),
                std::cmp::Ordering::Less => {}
            }
        }
    }
    Found::from_candidates(best.1)
}

/// A class without a namespace, or in a module that is no directory (Swift), named like exactly one file.
pub(super) fn by_stem(listing: &Listing<'_>, name: &str) -> Found {
    let class = name.rsplit('.').next().unwrap_or(name);
    let is_namespaced = class.len() != name.len();
    if class.contains(['/', '\\', ' ']) || !is_telling(class) {
        return Found::Nothing;
    }
    let candidates = listing.with_stem(class).filter(|&file| {
        let extension = stem_and_extension(base_name(listing.path(file))).map_or("", |(_, extension)| extension);
        !is_namespaced || matches!(extension, "swift" | "m" | "mm")
    });
    Found::from_candidates(candidates.collect())
}

fn directories_of(path: &str) -> Vec<&str> {
    match path.rsplit_once('/') {
        Some((directories, _)) => directories.split('/').filter(|part| !part.is_empty()).collect(),
        None => Vec::new(),
    }
}

/// How many parts at the end are the same.
fn common_end(a: &[&str], b: &[&str], same: impl Fn(&str, &str) -> bool) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| same(a, b)).count()
}

/// Classes begin with a capital letter in every language whose reports need this; pytest's may have underscores first.
fn is_class(name: &str) -> bool {
    name.trim_start_matches('_').starts_with(|c: char| c.is_uppercase())
}

/// Whether a word can be told from the title of a test: `CartTest`, `cart_test`, but not `test`, `cart` or `Api`.
fn is_telling(word: &str) -> bool {
    word.len() >= 4 && word.bytes().any(|b| b.is_ascii_uppercase() || b == b'_')
}

fn is_test_root(directory: &str) -> bool {
    ["test", "tests", "spec", "specs", "src"].iter().any(|root| directory.eq_ignore_ascii_case(root))
}
