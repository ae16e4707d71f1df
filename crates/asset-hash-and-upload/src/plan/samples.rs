//! Small records for tests.

use super::digest::Digest;
use super::record::{Entry, Headers, Pointer, RECORD_SCHEMA, Record};
use super::release_id;

/// Path, key below the prefix, content, whether it is a page.
pub type Sample = (&'static str, &'static str, &'static str, bool);

/// An asset under a name that holds its content.
pub fn asset(path: &'static str, content: &'static str) -> Sample {
    (path, format!("{path}-{content}").leak(), content, false)
}

/// A page.
pub fn page(path: &'static str, content: &'static str) -> Sample {
    (path, page_key(content).leak(), content, true)
}

/// Where a page's bytes are kept.
pub fn page_key(content: &str) -> String {
    format!(".roadcrew/default/pages/{}", Digest::of(content.as_bytes()).hex())
}

/// The release that was made in hour `hour`.
pub fn record(hour: u64, files: Vec<Sample>) -> Record {
    let created_ms = hour * 3_600_000;
    let entry = |(path, key, content, page): Sample| {
        let entry = Entry {
            key: key.to_owned(),
            sha256: Digest::of(content.as_bytes()),
            size: content.len() as u64,
            source: None,
            headers: u32::from(page),
            page,
            names: Vec::new(),
            misses: Vec::new(),
        };
        (path.to_owned(), entry)
    };
    let headers = |cache: &str| Headers { cache_control: cache.into(), ..Headers::default() };
    Record {
        schema: RECORD_SCHEMA,
        release: release_id::format(created_ms, 7),
        site: "default".into(),
        version: "v".into(),
        created_ms,
        previous: None,
        options: Digest::of(b"options"),
        headers: vec![headers("immutable"), headers("max-age=60")],
        files: files.into_iter().map(entry).collect(),
    }
}

/// The pointer to the release of hour `hour`, after that of hour `previous`.
pub fn pointer(hour: u64, previous: Option<u64>) -> Pointer {
    let release = |hour: u64| release_id::format(hour * 3_600_000, 7);
    Pointer {
        schema: RECORD_SCHEMA,
        release: release(hour),
        version: "v".into(),
        manifest: String::new(),
        base_url: String::new(),
        previous: previous.map(release),
        pending: false,
    }
}
