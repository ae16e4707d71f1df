//! Percent-encoding of names in URLs (RFC 3986), and back.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// All but what RFC 3986 calls unreserved, and `@` (`icon@2x.png`). More is encoded than a URL asks for, on purpose: `+` is a
/// blank to S3 in some places, `,` ends a candidate of a `srcset`, `:` in a first segment looks like a scheme, and `(`, `)`,
/// `'` and `&` need no further escape in CSS, JavaScript and HTML then.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');
const ENCODED_BUT_SLASH: &AsciiSet = &ENCODED.remove(b'/');

/// A name as a segment of a URL: ASCII only.
pub fn encode(name: &str) -> Cow<'_, str> {
    utf8_percent_encode(name, ENCODED).into()
}

/// A path as the path of a URL: its `/` stay.
pub fn encode_path(path: &str) -> Cow<'_, str> {
    utf8_percent_encode(path, ENCODED_BUT_SLASH).into()
}

/// What a segment of a URL names: decoded once, and an escape that is none stays as it is (WHATWG URL, "percent-decode").
/// `None` when the bytes are no UTF-8: no file of the tree has such a name.
pub fn decode(segment: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(segment).decode_utf8().ok()
}
