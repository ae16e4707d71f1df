//! For tests: sources in which the references are marked, `«url»`.

use super::{Found, Reference, Unreadable};
use std::ops::Range;

/// The source without its marks, and where they stood.
pub fn unmarked(marked: &str) -> (String, Vec<Range<usize>>) {
    let (mut source, mut spans) = (String::new(), Vec::new());
    let mut start = 0;
    for character in marked.chars() {
        match character {
            '«' => start = source.len(),
            '»' => spans.push(start..source.len()),
            other => source.push(other),
        }
    }
    (source, spans)
}

/// Asserts that just what is marked is found, and gives it.
pub fn found(marked: &str, read: impl Fn(&[u8]) -> Result<Found, Unreadable>) -> Vec<Reference> {
    let (source, spans) = unmarked(marked);
    let references = read(source.as_bytes()).unwrap_or_else(|err| panic!("{err} in {source}")).references;
    let shown: Vec<&str> = references.iter().map(|reference| &source[reference.span.clone()]).collect();
    let places: Vec<Range<usize>> = references.iter().map(|reference| reference.span.clone()).collect();
    assert_eq!(places, spans, "{shown:?} in {source}");
    references
}

/// What must hold of the references of any bytes.
pub fn assert_sound(bytes: &[u8], found: &Found) {
    let mut end = 0;
    for reference in &found.references {
        assert!(reference.span.start >= end && reference.span.start <= reference.span.end, "{found:?}");
        end = reference.span.end;
        assert!(end <= bytes.len(), "{found:?}");
    }
}

/// Asserts that each reference can be replaced, and that reading again finds that one changed and no other.
pub fn assert_replaceable(bytes: &[u8], found: &Found, read: impl Fn(&[u8]) -> Result<Found, Unreadable>) {
    const NEW: &str = "./new-0123.bin";
    for (index, reference) in found.references.iter().enumerate() {
        let mut changed = bytes[..reference.span.start].to_vec();
        changed.extend_from_slice(NEW.as_bytes());
        changed.extend_from_slice(&bytes[reference.span.end..]);
        let again = read(&changed).unwrap_or_else(|err| panic!("{err} in {}", String::from_utf8_lossy(&changed)));
        let urls = |found: &Found| found.references.iter().map(|reference| reference.url.clone()).collect::<Vec<_>>();
        let mut expected = urls(found);
        expected[index] = NEW.to_owned();
        assert_eq!(urls(&again), expected, "{}", String::from_utf8_lossy(&changed));
    }
}
