//! What an HTML page names. lol_html reads it and gives the places of tags, values and texts; nothing is printed anew, so a
//! page keeps its bytes but for the spans that are replaced.

pub(super) mod embedded;
mod json_ld;
mod tags;

use super::markup::attributes::Collector;
use super::{Found, Unreadable, line_of};
use std::ops::Range;

/// A page is text that people read; one of this size is a mistake, and its parser would need as much memory again.
pub const SIZE_LIMIT_BYTES: usize = 64 << 20;

/// `<noscript>` within `<noscript>`: what is there is read as a page of its own.
const NOSCRIPT_DEPTH_LIMIT: u32 = 4;

/// What a page names: in the attributes of its tags, its styles and scripts, its import maps and JSON-LD. Not in comments,
/// conditional ones included, nor in the text of `<textarea>`, `<title>`, scripts that are templates and the like.
///
/// # Errors
/// `Unreadable` for more than [`SIZE_LIMIT_BYTES`], another encoding than UTF-8, and for inline scripts, styles and import
/// maps that their own readers refuse.
pub fn references(text: &[u8]) -> Result<Found, Unreadable> {
    if text.len() > SIZE_LIMIT_BYTES {
        return Err(Unreadable { line: 1, what: format!("a page of more than {SIZE_LIMIT_BYTES} bytes") });
    }
    let file = utf8(text)?;
    if memchr::memchr(b'<', text).is_none() {
        return Ok(Found::default());
    }
    let mut collector = Collector::new(file);
    read(&mut collector, 0..file.len(), 0)?;
    Ok(collector.finish())
}

/// The text of a file of markup.
///
/// # Errors
/// `Unreadable` when it is not UTF-8.
pub(super) fn utf8(text: &[u8]) -> Result<&str, Unreadable> {
    if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
        return Err(Unreadable { line: 1, what: "it is UTF-16: save it as UTF-8".to_owned() });
    }
    std::str::from_utf8(text).map_err(|err| {
        let line = line_of(text, err.valid_up_to());
        Unreadable { line, what: "it has a byte that is not UTF-8: save it as UTF-8".to_owned() }
    })
}

/// Reads a part of the file as a page, at that depth of `<noscript>`.
fn read(collector: &mut Collector<'_>, part: Range<usize>, depth: u32) -> Result<(), Unreadable> {
    let page = tags::read(collector, part)?;
    if depth == 0 {
        collector.found.base = page.base;
    }
    for embedded in page.embedded {
        if embedded.kind != embedded::Kind::Noscript {
            embedded.collect(collector)?;
        } else if depth < NOSCRIPT_DEPTH_LIMIT {
            // Browsers that run scripts take it for plain text, as lol_html does; the others read the tags in it.
            read(collector, embedded.span, depth + 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
