//! Where the tree is served from, and where a URL leads.

use super::folder_segments;
use std::borrow::Cow;

/// Where the tree is served from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Segments of the path below which the tree lies on the host of its pages.
    public: Vec<String>,
    /// Other hosts with their paths that serve the same tree.
    bases: Vec<Base>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Base {
    /// Lower case, without the scheme's own port.
    host: String,
    path: Vec<String>,
}

/// Where a URL leads: a host and the segments of a path. A path that ends with `/` has an empty segment at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `None`: the host that the page itself is on. An empty one is nowhere.
    host: Option<String>,
    segments: Vec<String>,
    /// Whether a `..` stood at the root already.
    pub climbed: bool,
}

impl Place {
    /// What no URL of the tree is relative to.
    pub fn elsewhere() -> Place {
        Place { host: Some(String::new()), segments: Vec::new(), climbed: false }
    }
}

impl Site {
    /// `public_path`: the path that the tree's root has on its host, `/` or such as `/build/`. `base_urls`: absolute URLs
    /// that mean the tree's root as well, such as `https://cdn.example/x/`. Errors: one sentence.
    pub fn new(public_path: &str, base_urls: &[String]) -> Result<Site, String> {
        let public = path_segments(public_path)
            .filter(|_| public_path.starts_with('/') && !public_path.starts_with("//"))
            .ok_or_else(|| format!("the public path `{public_path}` is none; write one such as `/build/`"))?;
        let mut bases = Vec::new();
        for url in base_urls {
            let wrong = || format!("the base URL `{url}` is none; write one such as `https://cdn.example/x/`");
            let (scheme, rest) = url.trim().split_once("://").ok_or_else(wrong)?;
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
            let odd = |c: char| c.is_whitespace() || c.is_control() || "?#\\@".contains(c);
            if !web || host.is_empty() || host.contains(odd) {
                return Err(wrong());
            }
            let path = path_segments(path).ok_or_else(wrong)?;
            bases.push(Base { host: host_of(host), path });
        }
        // The longest first, so that a base within another one wins.
        bases.sort_by(|a, b| {
            b.path.len().cmp(&a.path.len()).then_with(|| a.host.cmp(&b.host)).then_with(|| a.path.cmp(&b.path))
        });
        Ok(Site { public, bases })
    }

    /// Where the file at `from` is served from.
    pub fn document(&self, from: &str) -> Place {
        let mut segments = self.public.clone();
        segments.extend(folder_segments(from));
        // The document's own name, which a relative URL replaces.
        segments.push(String::new());
        Place { host: None, segments, climbed: false }
    }

    /// Where a URL without its suffix leads from `start`; `None`: to another scheme. An empty one leads nowhere.
    pub fn place(&self, start: &Place, url: &str) -> Option<Place> {
        let url: Cow<'_, str> = if url.contains('\\') { url.replace('\\', "/").into() } else { url.into() };
        if let Some(colon) = scheme_end(&url) {
            let (scheme, rest) = url.split_at(colon);
            let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
            let rest = rest.get(1..)?.strip_prefix("//").filter(|_| web)?;
            return Some(absolute(rest));
        }
        if let Some(rest) = url.strip_prefix("//") {
            return Some(absolute(rest));
        }
        if url.is_empty() {
            return None;
        }
        let mut place = start.clone();
        let path = match url.strip_prefix('/') {
            Some(path) => {
                place.segments.clear();
                place.climbed = false;
                path
            }
            None => {
                place.segments.pop();
                &*url
            }
        };
        walk(&mut place, path);
        Some(place)
    }

    /// The segments below the tree's root; `None` when a place is not below it.
    pub fn below<'p>(&self, place: &'p Place) -> Option<&'p [String]> {
        let strip = |root: &[String]| {
            let fits = place.segments.len() > root.len() && root.iter().zip(&place.segments).all(|(a, b)| same(a, b));
            fits.then(|| &place.segments[root.len()..])
        };
        match &place.host {
            None => strip(&self.public),
            Some(host) => self.bases.iter().filter(|base| base.host == *host).find_map(|base| strip(&base.path)),
        }
    }
}

fn absolute(rest: &str) -> Place {
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut place = Place { host: Some(host_of(host)), segments: Vec::new(), climbed: false };
    walk(&mut place, path.strip_prefix('/').unwrap_or(""));
    place
}

/// Appends a path, with `.` and `..` taken out as browsers do. At the end there is always a last segment, which is empty
/// after a `/`.
fn walk(place: &mut Place, path: &str) {
    let count = path.split('/').count();
    for (at, segment) in path.split('/').enumerate() {
        let last = at + 1 == count;
        match dots(segment) {
            2 if place.segments.pop().is_none() => place.climbed = true,
            0 => {
                place.segments.push(segment.to_owned());
                continue;
            }
            _ => {}
        }
        if last {
            place.segments.push(String::new());
        }
    }
}

/// 1 for `.`, 2 for `..`, also where the dots are escaped (WHATWG URL, "single-dot path segment"); else 0.
fn dots(segment: &str) -> usize {
    if segment.len() > 6 {
        return 0;
    }
    match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
        "." => 1,
        ".." => 2,
        _ => 0,
    }
}

/// Whether two segments mean the same, however they are escaped.
fn same(a: &str, b: &str) -> bool {
    use super::percent::decode;
    a == b || decode(a).zip(decode(b)).is_some_and(|(a, b)| a == b)
}

/// The segments of a path that people write for a root; `None` when it has dots, a suffix or an empty segment in it.
fn path_segments(path: &str) -> Option<Vec<String>> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return Some(Vec::new());
    }
    let wrong = |segment: &str| {
        segment.is_empty() || dots(segment) > 0 || segment.contains(|c: char| c.is_control() || "?#\\".contains(c))
    };
    (!inner.split('/').any(wrong)).then(|| inner.split('/').map(str::to_owned).collect())
}

fn host_of(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let plain = host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(&host);
    plain.to_owned()
}

/// Where a scheme's colon stands (RFC 3986, 3.1).
fn scheme_end(url: &str) -> Option<usize> {
    let colon = url.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))?;
    (url[colon..].starts_with(':') && url.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(colon)
}
