//! What a published file has to answer with, and what differs.

use super::digest::Digest;
use super::record::{Entry, Headers, Record};
use std::collections::BTreeSet;

/// A file to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected<'r> {
    /// Path in the tree.
    pub path: &'r str,
    /// Where it is published, below the prefix: the key of an asset, the path of a page.
    pub published: &'r str,
    /// Bytes as stored.
    pub size: u64,
    /// Digest of the bytes as stored.
    pub sha256: Digest,
    /// Its headers.
    pub headers: &'r Headers,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Bytes that arrived, or that were announced where none were asked for.
    pub size: u64,
    /// Digest of the bytes; `None` when none were asked for.
    pub sha256: Option<Digest>,
    /// `Content-Type`; empty without one, as are the others.
    pub content_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`.
    pub content_encoding: String,
}

/// Something that is not as it was published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Stable code of the finding.
    pub code: &'static str,
    /// Path in the tree.
    pub path: String,
    /// What was found and what was published.
    pub what: String,
}

/// All files of a release with where they are published, in the order of paths.
pub fn expected<'r>(record: &'r Record) -> Vec<Expected<'r>> {
    let expect = |(path, entry): (&'r String, &'r Entry)| {
        let published = if entry.page { path } else { &entry.key };
        let headers = record.headers.get(super::delta::index(entry))?;
        Some(Expected { path, published, size: entry.size, sha256: entry.sha256, headers })
    };
    record.files.iter().filter_map(expect).collect()
}

/// References that lead to no file of the release: whoever follows one finds nothing. In the order of paths.
pub fn dangling(record: &Record) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (path, entry) in &record.files {
        let missing: BTreeSet<&String> = entry.names.iter().filter(|name| !record.files.contains_key(name)).collect();
        for name in missing {
            let what = format!("names {name}, which is no file of the release");
            differences.push(Difference { code: "reference-missing", path: path.clone(), what });
        }
    }
    differences
}

/// How an answer differs from what was published. Nothing more is said of what is not there at all, or has other bytes.
pub fn compare(expected: &Expected<'_>, answer: &Answer) -> Vec<Difference> {
    let difference = |code, what| Difference { code, path: expected.path.to_owned(), what };
    let published = expected.published;
    if answer.status == 403 {
        // A bucket that may not be listed answers so for what is not there, too.
        let what = format!("{published} is denied: 403; it may not be read, or it is not there");
        return vec![difference("file-denied", what)];
    }
    if answer.status != 200 {
        let what = match answer.status {
            404 => format!("{published} is not there: 404"),
            300..=399 => format!("{published} is redirected ({}), which browsers' caches keep apart", answer.status),
            status => format!("{published} answers {status}"),
        };
        return vec![difference("file-missing", what)];
    }
    let mut differences = Vec::new();
    if encoding(&answer.content_encoding) != encoding(&expected.headers.content_encoding) {
        let what = format!(
            "{published} comes as {}, not as {}",
            or_plain(&answer.content_encoding),
            or_plain(&expected.headers.content_encoding)
        );
        return vec![difference("encoding-differs", what)];
    }
    if answer.size != expected.size {
        let what = format!("{published} has {} bytes, not {}", answer.size, expected.size);
        differences.push(difference("digest-differs", what));
    } else if let Some(sha256) = answer.sha256.filter(|sha256| *sha256 != expected.sha256) {
        let what = format!("{published} holds other bytes: SHA-256 {}, not {}", sha256.hex(), expected.sha256.hex());
        differences.push(difference("digest-differs", what));
    }
    if !same_type(&answer.content_type, &expected.headers.content_type) {
        let what = format!("{published} is `{}`, not `{}`", answer.content_type, expected.headers.content_type);
        differences.push(difference("type-differs", what));
    }
    if !same_directives(&answer.cache_control, &expected.headers.cache_control) {
        let what =
            format!("{published} is cached by `{}`, not by `{}`", answer.cache_control, expected.headers.cache_control);
        differences.push(difference("cache-control-differs", what));
    }
    differences
}

fn or_plain(encoding: &str) -> &str {
    if encoding.is_empty() { "plain bytes" } else { encoding }
}

/// `identity` is what no header says.
fn encoding(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    if text == "identity" { String::new() } else { text }
}

/// Media types (RFC 9110, 8.3.1): case and blanks around `;` don't count. Without a published one anything will do.
fn same_type(answered: &str, published: &str) -> bool {
    published.is_empty() || directives(answered, ';') == directives(published, ';')
}

/// Directives of a cache (RFC 9111, 5.2): their order, case and blanks don't count. Without published ones anything will do.
fn same_directives(answered: &str, published: &str) -> bool {
    let set = |text| directives(text, ',').into_iter().collect::<BTreeSet<String>>();
    published.is_empty() || set(answered) == set(published)
}

fn directives(text: &str, separator: char) -> Vec<String> {
    let part = |part: &str| part.trim().to_ascii_lowercase().replace('"', "");
    text.split(separator).map(part).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{asset, page, record};
    use super::*;

    fn release() -> Record {
        let mut release = record(1, vec![asset("app.js", "1"), page("index.html", "2")]);
        release.headers[0].content_type = "text/javascript; charset=utf-8".into();
        release.files.get_mut("index.html").unwrap().names = vec!["app.js".into(), "gone.css".into()];
        release
    }

    fn answer(expected: &Expected<'_>) -> Answer {
        Answer {
            status: 200,
            size: expected.size,
            sha256: Some(expected.sha256),
            content_type: "Text/JavaScript;charset=UTF-8".into(),
            cache_control: expected.headers.cache_control.clone(),
            content_encoding: String::new(),
        }
    }

    #[test]
    fn pages_are_looked_at_by_path_and_assets_by_key() {
        let release = release();
        let places: Vec<&str> = expected(&release).iter().map(|expected| expected.published).collect();
        assert_eq!(places, ["app.js-1", "index.html"]);
        let dangling = dangling(&release);
        assert_eq!(
            (dangling.len(), dangling[0].path.as_str(), dangling[0].code),
            (1, "index.html", "reference-missing")
        );
    }

    #[test]
    fn what_differs_is_named() {
        let release = release();
        let expected = expected(&release)[0];
        let good = answer(&expected);
        assert_eq!(compare(&expected, &good), []);
        let other = Digest::of(b"other");
        for (answer, codes) in [
            (Answer { status: 404, ..good.clone() }, &["file-missing"][..]),
            (Answer { status: 403, ..good.clone() }, &["file-denied"]),
            (Answer { status: 301, ..good.clone() }, &["file-missing"]),
            (Answer { size: 2, ..good.clone() }, &["digest-differs"]),
            (Answer { sha256: Some(other), ..good.clone() }, &["digest-differs"]),
            (Answer { sha256: None, ..good.clone() }, &[]),
            (Answer { content_type: "text/plain".into(), ..good.clone() }, &["type-differs"]),
            (
                Answer { cache_control: "no-store".into(), sha256: Some(other), ..good.clone() },
                &["digest-differs", "cache-control-differs"],
            ),
            (Answer { content_encoding: "gzip".into(), ..good.clone() }, &["encoding-differs"]),
            (Answer { content_encoding: "identity".into(), ..good.clone() }, &[]),
        ] {
            let found: Vec<&str> = compare(&expected, &answer).iter().map(|difference| difference.code).collect();
            assert_eq!(found, codes, "{answer:?}");
        }
    }

    #[test]
    fn directives_may_stand_in_any_order() {
        assert!(same_directives("immutable,Max-Age=31536000 , public", "public, max-age=31536000, immutable"));
        assert!(!same_directives("public, max-age=3153600", "public, max-age=31536000"));
        assert!(same_directives("anything", ""));
        assert!(!same_directives("", "no-cache"));
    }
}
