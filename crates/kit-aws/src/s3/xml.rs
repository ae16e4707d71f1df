//! Answers in XML: bounded, without document types, read as a stream of leaves.

use aws_smithy_types::date_time::{DateTime, Format};
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;

/// A list of 1,000 keys of 1,024 bytes, all encoded, stays below 5 MB.
pub(crate) const ANSWER_BYTES: u64 = 8 * 1024 * 1024;
/// S3's documents are four levels deep.
const DEEPEST: usize = 16;

/// The error that a service tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// As `AccessDenied`; empty where the answer had no body.
    pub(crate) code: String,
    pub(crate) message: String,
    /// The bucket's region, where it is told.
    pub(crate) region: Option<String>,
}

/// What the walk meets.
pub(crate) enum Node<'a> {
    /// An element begins, at this path.
    Begin(&'a [String]),
    /// An element ends: its path, and its own text without the entities.
    End(&'a [String], &'a str),
}

/// Walks a document. The error says what is wrong with it.
pub(crate) fn walk(document: &[u8], mut each: impl FnMut(Node<'_>)) -> Result<(), String> {
    let document = std::str::from_utf8(document).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                if path.len() == DEEPEST {
                    return Err(format!("more than {DEEPEST} levels"));
                }
                path.push(element.local_name().as_ref().to_owned());
                text.clear();
                each(Node::Begin(&path));
            }
            Event::End(_) => {
                each(Node::End(&path, &text));
                path.pop();
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|error| error.to_string())? {
                Some(character) => text.push(character),
                None => text.push(match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "apos" => '\'',
                    "quot" => '"',
                    other => return Err(format!("unknown entity {other:?}")),
                }),
            },
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof => {
                return if path.is_empty() { Ok(()) } else { Err("it ends in the middle".to_owned()) };
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
        }
    }
}

/// The error in a document: `<Error>` (S3) or `<ErrorResponse><Error>` (CloudFront, STS). `None`: it is something else.
pub(crate) fn refusal(document: &[u8]) -> Option<Refusal> {
    let mut refusal = Refusal::default();
    let mut found = false;
    // What stood before a broken end still tells.
    let _ = walk(document, |node| {
        let Node::End(path, text) = node else { return };
        let path = path.strip_prefix(&["ErrorResponse".to_owned()]).unwrap_or(path);
        match path {
            [root, leaf] if root == "Error" => {
                found = true;
                match leaf.as_str() {
                    "Code" => refusal.code = text.to_owned(),
                    "Message" => refusal.message = text.to_owned(),
                    "Region" => refusal.region = Some(text.to_owned()),
                    _ => {}
                }
            }
            _ => {}
        }
    });
    found.then_some(refusal)
}

/// The name of the outermost element of a whole document.
pub(crate) fn root(document: &[u8]) -> Option<String> {
    let mut root = None;
    let whole = walk(document, |node| {
        if let Node::Begin([name]) = node {
            root = Some(name.clone());
        }
    });
    whole.ok().and(root)
}

/// The text of the first element of this name below the root.
pub(crate) fn leaf(document: &[u8], name: &str) -> Option<String> {
    let mut found = None;
    let _ = walk(document, |node| {
        if let Node::End([_, leaf], text) = node
            && leaf == name
            && found.is_none()
        {
            found = Some(text.to_owned());
        }
    });
    found
}

/// A key of a list, decoded when the answer says that it is encoded: percent, and `+` for a space.
pub(crate) fn decoded(key: &str, encoded: bool) -> String {
    if !encoded {
        return key.to_owned();
    }
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `text` as XML writes it, characters that a reader would change as references. `None` when XML cannot say it at all.
pub(crate) fn escaped(text: &str) -> Option<String> {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\u{85}' => escaped.push_str("&#133;"),
            '\u{2028}' => escaped.push_str("&#8232;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return None,
            other => escaped.push(other),
        }
    }
    Some(escaped)
}

/// Seconds since 1970 of an ISO 8601 time in UTC; 0 when it is none.
pub(crate) fn iso_seconds(text: &str) -> i64 {
    DateTime::from_str(text, Format::DateTime).map_or(0, |time| time.secs())
}

/// Seconds since 1970 of an HTTP date; 0 when it is none.
pub(crate) fn http_seconds(text: &str) -> i64 {
    DateTime::from_str(text, Format::HttpDate).map_or(0, |time| time.secs())
}

#[cfg(test)]
mod tests;
