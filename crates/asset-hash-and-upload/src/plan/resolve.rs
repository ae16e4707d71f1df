//! Which file of the tree a URL in a file means. PURE.
//!
//! URLs are read as browsers read them (WHATWG URL, for http and https): blanks around them fall away, tabs and line ends
//! within them too, `\` is a `/`, `.` and `..` are taken out before the escapes of a segment are undone, once. A name must
//! then be the file's, byte for byte: a browser asks for what is written, and S3 knows neither cases nor normal forms.
#![warn(clippy::disallowed_methods)]

mod rename;
mod site;

pub use rename::renamed;
pub use site::Site;

use super::fingerprint::percent;
use super::fingerprint::split_folder;
use super::references::Demand;
use std::borrow::Cow;

/// Bytes of a URL; browsers take some more, but no file has such a name.
pub const URL_LIMIT_BYTES: usize = 16 << 10;

/// What a URL means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the tree.
    File {
        /// Its path in the tree.
        path: String,
        /// Query and fragment as they stand, `?#iefix`; empty for none.
        suffix: String,
    },
    /// A place within the tree where no file is.
    Missing {
        /// The path that it would have; it can end with a `/`.
        path: String,
        /// Whether the URL climbs out of the root. A browser stays there, but a tree that is served from a folder has nothing
        /// to say about what lies beside it: nobody is to be blamed for such a reference.
        climbed: bool,
    },
    /// Something else: another host, another scheme, outside the tree, or the file itself.
    External,
}

/// What `url`, which stands in the file at `from`, means. `base` is the file's `<base href>`; `has` says whether a path is a
/// file of the tree. A folder's URL (`docs/`) means its `index.html` where such a reference may name what isn't there.
pub fn resolve(
    site: &Site,
    from: &str,
    base: Option<&str>,
    url: &str,
    demand: Demand,
    has: &dyn Fn(&str) -> bool,
) -> Target {
    let url = cleaned(url);
    if url.len() > URL_LIMIT_BYTES {
        return Target::External;
    }
    let (path, suffix) = split_suffix(&url);
    // A query or a fragment alone is about the document itself.
    if path.is_empty() {
        return Target::External;
    }
    let start = match base {
        Some(base) => {
            let base = cleaned(base);
            let (path, _) = split_suffix(&base);
            match site.place(&site.document(from), path) {
                Some(place) => place,
                None if path.is_empty() => site.document(from),
                // Relative URLs then mean another host; others don't look at the base.
                None => site::Place::elsewhere(),
            }
        }
        None => site.document(from),
    };
    let Some(place) = site.place(&start, path) else {
        return Target::External;
    };
    let Some(below) = site.below(&place) else {
        return Target::External;
    };
    let Some(name) = decoded(below) else {
        return missing(&place, below.join("/"));
    };
    let file = |path: String| Target::File { path, suffix: suffix.to_owned() };
    if name.is_empty() || name.ends_with('/') {
        let index = format!("{name}index.html");
        return match demand {
            Demand::Optional if has(&index) => file(index),
            Demand::Optional => missing(&place, index),
            Demand::Required => missing(&place, name),
        };
    }
    if has(&name) { file(name) } else { missing(&place, name) }
}

fn missing(place: &site::Place, path: String) -> Target {
    Target::Missing { path, climbed: place.climbed }
}

/// A path's segments decoded; `None` when one can't be a file's name.
fn decoded(segments: &[String]) -> Option<String> {
    let mut path = String::new();
    for (at, segment) in segments.iter().enumerate() {
        let segment = percent::decode(segment)?;
        let last = at + 1 == segments.len();
        if segment.contains(['/', '\0']) || (segment.is_empty() && !last) || matches!(&*segment, "." | "..") {
            return None;
        }
        path.push_str(&segment);
        if !last {
            path.push('/');
        }
    }
    Some(path)
}

/// Without the blanks and controls around it and the tabs and line ends within it.
fn cleaned(url: &str) -> Cow<'_, str> {
    let url = url.trim_matches(|c: char| c <= ' ');
    if url.contains(['\t', '\n', '\r']) { Cow::Owned(url.replace(['\t', '\n', '\r'], "")) } else { Cow::Borrowed(url) }
}

/// Path and suffix: the suffix begins with the first `?` or `#`.
fn split_suffix(url: &str) -> (&str, &str) {
    url.split_at(url.find(['?', '#']).unwrap_or(url.len()))
}

/// The path of the document's folder, in segments that are encoded as they would stand in a URL.
fn folder_segments(from: &str) -> impl Iterator<Item = String> + '_ {
    split_folder(from)
        .0
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent::encode(segment).into_owned())
}

#[cfg(test)]
mod tests;
