//! What must hold for any file and what it names; used by the fuzz targets and by the replay of their corpora.

use asset_hash_and_upload::plan::references::writing::write;
use asset_hash_and_upload::plan::references::{Found, Unreadable, json};
use std::ops::Range;

/// A published URL with characters that most places escape. In ASCII, as published URLs are: a file may be said to be in another
/// encoding than UTF-8 as long as it has nothing else in it.
const URL: &str = "/x/%C3%A9&lt;-0123456789abcdef.css?a=1&amp=2#c";

/// What reads a format.
pub type Reader = fn(&[u8]) -> Result<Found, Unreadable>;

/// Reading never panics. Spans lie within the file, in order, apart from each other. Rewritten to another URL, the same places
/// name that one and nothing else has changed. Gives how many references there are.
pub fn check(data: &[u8], read: Reader) -> usize {
    let Ok(found) = read(data) else {
        return 0;
    };
    check_spans(data, &found);
    let new_data = rewritten(data, &found);
    let shown = String::from_utf8_lossy(&new_data);
    let new = read(&new_data).unwrap_or_else(|error| panic!("{shown}: {error}"));
    check_spans(&new_data, &new);
    assert_eq!(around(&new_data, &new), around(data, &found), "{shown}");
    for (new, old) in new.references.iter().zip(&found.references) {
        let expected = if write(URL, old.writing).is_some() { URL } else { &old.url };
        assert_eq!((new.url.as_str(), new.writing), (expected, old.writing), "{shown}");
    }
    found.references.len()
}

fn check_spans(data: &[u8], found: &Found) {
    assert!(found.references.is_sorted_by_key(|reference| reference.span.start), "{found:?}");
    let integrity = found.references.iter().filter_map(|reference| reference.integrity.as_ref());
    let mut spans: Vec<&Range<usize>> = integrity.map(|integrity| &integrity.span).collect();
    // One `integrity` goes with both URLs of a tag.
    spans.dedup();
    spans.extend(found.references.iter().map(|reference| &reference.span));
    spans.sort_by_key(|span| (span.start, span.end));
    let mut end = 0;
    for span in spans {
        assert!(end <= span.start && span.start < span.end && span.end <= data.len(), "{found:?}");
        end = span.end;
    }
}

fn rewritten(data: &[u8], found: &Found) -> Vec<u8> {
    let mut out = Vec::new();
    let mut end = 0;
    for reference in &found.references {
        out.extend(&data[end..reference.span.start]);
        match write(URL, reference.writing) {
            Some(written) => out.extend(written.bytes()),
            None => out.extend(&data[reference.span.clone()]),
        }
        end = reference.span.end;
    }
    out.extend(&data[end..]);
    out
}

/// Everything but the references, in pieces.
fn around<'d>(data: &'d [u8], found: &Found) -> Vec<&'d [u8]> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for reference in &found.references {
        pieces.push(&data[end..reference.span.start]);
        end = reference.span.end;
    }
    pieces.push(&data[end..]);
    pieces
}

/// The strings of a JSON text are what serde_json reads in the same places, and what serde_json reads is read. Gives how many
/// strings there are.
pub fn check_json(data: &[u8]) -> usize {
    let mut count = 0;
    let read = json::strings(data, &mut |path, string| {
        count += 1;
        assert!(path.len() <= json::DEPTH_LIMIT);
        let quoted = &data[string.span.start - 1..string.span.end + 1];
        // serde_json refuses halves of surrogate pairs.
        if let Ok(theirs) = serde_json::from_slice::<String>(quoted) {
            assert_eq!(string.decoded(), theirs);
        }
    });
    let theirs = serde_json::from_slice::<serde_json::Value>(data);
    assert!(theirs.is_err() || read.is_ok(), "{read:?}");
    if read.is_ok() { count } else { 0 }
}
