//! The pages of a release, put in place: their bytes lie in the bucket under their digests, and are copied onto the paths that
//! people have links to once the pointer leads to the release.

use super::delta::index;
use super::record::{Headers, Record};
use serde::Serialize;

/// One page that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Activate<'r> {
    /// Where its bytes are kept, below the prefix.
    pub from: &'r str,
    /// Its path, below the prefix.
    pub path: &'r str,
    /// Bytes.
    pub size: u64,
    /// The headers that it gets; an index into the record's.
    pub headers: u32,
    /// Whether a page of the live release stands there already.
    pub known: bool,
}

impl Activate<'_> {
    /// Whether it leads to others rather than the other way round.
    pub fn is_entry(&self) -> bool {
        self.path == "index.html" || self.path.ends_with("/index.html")
    }
}

/// The copies that put the pages of `next` in place: pages that `live` has not before those that it has, since only those may be
/// linked to by somebody already; of both in the order of paths, entry pages last. So what others lead to stands before what
/// leads to it.
///
/// `live` is the record of the release whose pages are in place; without one every page is copied. A page that only `live` has
/// stays where it is, so that links to it still work, until `prune` deletes it with its release. `before` is the release that was live
/// before an activation that was cut short: nobody knows which of its pages are still in place, but people have links to them.
pub fn activation<'r>(next: &'r Record, live: Option<&Record>, before: Option<&Record>) -> Vec<Activate<'r>> {
    let mut pages = Vec::new();
    for (path, entry) in next.files.iter().filter(|(_, entry)| entry.page) {
        let headers: Option<&Headers> = next.headers.get(index(entry));
        let in_place = live.and_then(|live| {
            let known = live.files.get(path).filter(|known| known.page && known.sha256 == entry.sha256)?;
            live.headers.get(index(known)).filter(|known| Some(*known) == headers)
        });
        if in_place.is_none() {
            let was = live.or(before);
            let known = was.is_some_and(|was| was.files.get(path).is_some_and(|known| known.page));
            let page = Activate { from: &entry.key, path, size: entry.size, headers: entry.headers, known };
            pages.push(page);
        }
    }
    // Of entry pages the root's comes last of all.
    pages.sort_by_key(|page| {
        let depth = if page.is_entry() { page.path.matches('/').count() } else { 0 };
        (page.known, page.is_entry(), std::cmp::Reverse(depth))
    });
    pages
}

/// Paths of pages that `live` has and `next` has not: they stay until `prune`.
pub fn left<'r>(next: &Record, live: &'r Record) -> Vec<&'r str> {
    let gone = |path: &String| !next.files.get(path).is_some_and(|entry| entry.page);
    live.files.iter().filter(|(path, entry)| entry.page && gone(path)).map(|(path, _)| path.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{asset, page, record};
    use super::*;

    fn paths(pages: &[Activate<'_>]) -> Vec<String> {
        pages.iter().map(|page| page.path.to_owned()).collect()
    }

    #[test]
    fn only_pages_that_differ_are_copied_and_entries_last() {
        let live = record(
            1,
            vec![page("about.html", "1"), page("index.html", "2"), page("old.html", "3"), asset("a.js", "4")],
        );
        let next = record(
            2,
            vec![
                page("about.html", "1"),
                page("index.html", "5"),
                page("b/index.html", "6"),
                page("z.html", "7"),
                asset("a.js", "8"),
            ],
        );
        assert_eq!(paths(&activation(&next, Some(&live), None)), ["z.html", "b/index.html", "index.html"]);
        let mut linking = live.clone();
        linking.files.extend(record(3, vec![page("about.html", "9"), page("z.html", "7")]).files);
        assert_eq!(
            paths(&activation(&linking, Some(&live), None)),
            ["z.html", "about.html"],
            "about.html may link to z.html"
        );
        assert_eq!(paths(&activation(&next, None, None)), ["about.html", "z.html", "b/index.html", "index.html"]);
        assert_eq!(left(&next, &live), ["old.html"]);
        assert_eq!(activation(&live, Some(&live), None), []);
        // An activation that was cut short: all are copied again, and those that people may be linked to come last as before.
        assert_eq!(activation(&next, None, Some(&live)).len(), activation(&next, None, None).len());
        let known = |page: &Activate<'_>| live.files.get(page.path).is_some_and(|known| known.page);
        let again = activation(&linking, None, Some(&live));
        assert!(
            again.is_sorted_by_key(|page| page.known) && again.iter().all(|page| page.known == known(page)),
            "{again:?}"
        );
    }

    #[test]
    fn other_headers_are_another_page() {
        let live = record(1, vec![page("a.html", "1")]);
        let mut next = live.clone();
        next.headers[1].cache_control = "no-store".into();
        assert_eq!(paths(&activation(&next, Some(&live), None)), ["a.html"]);
        // What was an asset there has never been put in place.
        let asset = record(1, vec![("a.html", "a.html", "1", false)]);
        assert_eq!(paths(&activation(&live, Some(&asset), None)), ["a.html"]);
    }
}
