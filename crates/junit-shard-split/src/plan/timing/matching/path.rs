//! Paths as text: what reports write, made comparable with what users list.

use std::borrow::Cow;

use super::super::ReportTimings;
use super::listing::Listing;
use super::{Found, Rule, Search};

/// A path with `/` only, without `./`, doubled slashes, and slashes at the end. Borrowed when it is so already.
pub(super) fn normalised(path: &str) -> Cow<'_, str> {
    // Dirty is what has a `\`, or a `/` or `.` behind a `/` or at the beginning, or ends with `/`.
    let (mut before, mut is_clean) = (b'/', true);
    for (at, &b) in path.as_bytes().iter().enumerate() {
        is_clean &= b != b'\\' && (before != b'/' || !(b == b'.' || (b == b'/' && at > 0)));
        before = b;
    }
    if is_clean && (before != b'/' || path.is_empty()) {
        return Cow::Borrowed(path);
    }
    let slashes = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in slashes.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if slashes.starts_with('/') { "/" } else { "" };
    Cow::Owned(format!("{root}{}", parts.join("/")))
}

/// What a report writes as a file, without what is no part of the path: `file://`, `?import`, Pest's and pytest's
/// `::…`, `:12:3`.
pub(super) fn without_decoration(reported: &str) -> &str {
    let mut path = reported.trim();
    if let Some((scheme, rest)) = path.split_once("://")
        && scheme.len() > 1
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        path = rest;
    }
    path = path.split("::").next().unwrap_or(path);
    if let Some(at) = path.find('?') {
        path = &path[..at];
    }
    while let Some((before, digits)) = path.rsplit_once(':') {
        if before.len() < 2 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        path = before;
    }
    path
}

/// The last component.
pub(super) fn base_name(path: &str) -> &str {
    match path.bytes().rposition(|b| b == b'/' || b == b'\\') {
        Some(slash) => &path[slash + 1..],
        None => path,
    }
}

/// `t00001.test` and `ts` of `t00001.test.ts`.
pub(super) fn stem_and_extension(base_name: &str) -> Option<(&str, &str)> {
    base_name.rsplit_once('.').filter(|(_, extension)| !extension.is_empty())
}

/// Whether `path` ends with whole components `end`.
pub(super) fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/') || end.starts_with('/'))
}

/// Decides between several listed files that end with a reported path: all paths of one report are relative to the same
/// directory (Playwright's `testDir`, a package of a monorepo), so if only one directory fits all of them, it is that.
pub(super) fn decide_by_common_root(listing: &Listing<'_>, report: &ReportTimings, searches: &mut [Search]) {
    let mut common: Option<Vec<&str>> = None;
    for (search, entry) in searches.iter().zip(&report.entries) {
        let Some(reported) = reported_path(report, entry, search) else { continue };
        let reported = normalised(without_decoration(reported));
        let files = match (&search.found, &search.ambiguous) {
            (Some((file, _)), _) => std::slice::from_ref(file),
            (None, Some((_, candidates))) => &candidates[..],
            (None, None) => continue,
        };
        let roots = files.iter().filter_map(|&file| listing.path(file).strip_suffix(&*reported));
        match &mut common {
            None => common = Some(roots.collect()),
            Some(common) => {
                let roots: Vec<&str> = roots.collect();
                common.retain(|root| roots.contains(root));
            }
        }
    }
    let Some([root]) = common.as_deref() else { return };
    for (search, entry) in searches.iter_mut().zip(&report.entries) {
        let Some((rule, candidates)) = search.ambiguous.as_ref().filter(|_| search.found.is_none()) else { continue };
        let Some(reported) = reported_path(report, entry, search) else { continue };
        let reported = normalised(without_decoration(reported));
        let fits = |file: &&u32| listing.path(**file).strip_suffix(&*reported) == Some(*root);
        search.found = candidates.iter().find(fits).map(|&file| (file, *rule));
    }
}

/// The text that a path rule has followed or would follow.
fn reported_path<'r>(report: &'r ReportTimings, entry: &'r super::Entry, search: &Search) -> Option<&'r str> {
    let rule = match (&search.found, &search.ambiguous) {
        (Some((_, rule)), _) | (None, Some((rule, _))) => *rule,
        (None, None) => return None,
    };
    match rule {
        Rule::FileExact | Rule::FileSuffix => entry.file.as_deref(),
        Rule::PropertyFile => entry.property_file.as_deref(),
        Rule::SuiteFile | Rule::RootSuiteFile => {
            super::enclosing(report, entry).find_map(|suite| suite.file.as_deref())
        }
        Rule::SuiteNamePath => super::enclosing(report, entry).next().map(|suite| &*suite.name),
        Rule::ClassnamePath => entry.classname.as_deref(),
        _ => None,
    }
}

impl Listing<'_> {
    /// The listed file that is exactly this path.
    pub(super) fn exactly(&self, reported: &str) -> Option<u32> {
        let plain = reported.strip_prefix("./").unwrap_or(reported);
        self.exact(plain).or_else(|| self.exact(&normalised(without_decoration(reported))))
    }

    /// The listed file that is this path, that it ends with, or that alone ends with it.
    pub(super) fn by_path(&self, reported: &str) -> Found {
        if let Some(exact) = self.exact(reported) {
            return Found::One(exact);
        }
        let reported = normalised(without_decoration(reported));
        if reported.is_empty() {
            return Found::Nothing;
        }
        if let Some(exact) = self.exact(&reported) {
            return Found::One(exact);
        }
        let mut longest: Option<u32> = None;
        let mut longer = Vec::new();
        for file in self.named(base_name(&reported)) {
            let path = self.path(file);
            if ends_with(&reported, path) {
                if longest.is_none_or(|best| self.path(best).len() < path.len()) {
                    longest = Some(file);
                }
            } else if ends_with(path, &reported) {
                longer.push(file);
            }
        }
        longer.extend(longest);
        Found::from_candidates(longer)
    }
}
