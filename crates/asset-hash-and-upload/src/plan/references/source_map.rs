//! References of source maps (ECMA-426, <https://tc39.es/ecma426/>): `file`, and those of `sources` that a debugger fetches
//! because their text is not in `sourcesContent`. In index maps, those of their sections too.
//!
//! All are optional: the sources are seldom published. URLs with another scheme (`webpack://`) name nothing on a server.

use super::json::{self, Step, StringValue};
use super::url_form;
use super::{Demand, Found, Reference, Unreadable, Writing};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What Google's servers put before JSON, and readers of source maps skip with its line.
const GUARD: &[u8] = b")]}'";

/// A string of a map: its place and its meaning.
type Text = (Range<usize>, String);

/// What is kept of a map.
#[derive(Default)]
struct Map {
    file: Option<Text>,
    root: Option<String>,
    sources: BTreeMap<usize, Text>,
    /// Indexes of the sources whose text the map holds.
    held: BTreeSet<usize>,
}

/// References of a source map; none in a file that is no source map at all.
///
/// With a `sourceRoot`, that is the base of what is found, and `file`, which is not relative to it and is read by no debugger,
/// is left; when the sections of an index map have several, the sources are left.
///
/// # Errors
/// A file that has the members of a source map and is not JSON.
pub fn references(bytes: &[u8]) -> Result<Found, Unreadable> {
    let has = |member: &[u8]| memchr::memmem::find(bytes, member).is_some();
    if !has(b"\"sources\"") && !has(b"\"file\"") && !has(b"\"sections\"") {
        return Ok(Found::default());
    }
    // From the line break on, so that lines are counted right.
    let start = if bytes.starts_with(GUARD) { memchr::memchr(b'\n', bytes).unwrap_or(bytes.len()) } else { 0 };
    // By section; the outermost map is none. Sections have no sections (ECMA-426, "Index source map").
    let mut maps: BTreeMap<Option<usize>, Map> = BTreeMap::new();
    let mut linked: Vec<Text> = Vec::new();
    json::strings(bytes.get(start..).unwrap_or_default(), &mut |path, string| {
        let (section, member) = match path {
            [sections, Step::Element { .. }, url] if sections.is("sections") && url.is("url") => {
                return linked.push(text(&string, start));
            }
            [sections, Step::Element { index }, map, member @ ..] if sections.is("sections") && map.is("map") => {
                (Some(*index), member)
            }
            member => (None, member),
        };
        if let [Step::Member { .. }, ..] = member {
            maps.entry(section).or_default().member(member, &string, start);
        }
    })?;
    Ok(found(maps, linked))
}

fn text(string: &StringValue<'_>, start: usize) -> Text {
    (string.span.start + start..string.span.end + start, string.decoded().into_owned())
}

impl Map {
    fn member(&mut self, path: &[Step<'_>], string: &StringValue<'_>, start: usize) {
        match path {
            [file] if file.is("file") => self.file = Some(text(string, start)),
            [root] if root.is("sourceRoot") => {
                self.root = Some(string.decoded().into_owned()).filter(|root| !root.is_empty())
            }
            [sources, Step::Element { index }] if sources.is("sources") => {
                self.sources.insert(*index, text(string, start));
            }
            [contents, Step::Element { index }] if contents.is("sourcesContent") => {
                self.held.insert(*index);
            }
            _ => {}
        }
    }
}

fn found(maps: BTreeMap<Option<usize>, Map>, linked: Vec<Text>) -> Found {
    let roots: BTreeSet<Option<String>> =
        maps.values().filter(|map| !map.sources.is_empty()).map(|map| map.root.clone()).collect();
    let base =
        roots.iter().flatten().next().map(|root| if root.ends_with('/') { root.clone() } else { format!("{root}/") });
    let mut texts = linked;
    for map in maps.into_values() {
        if base.is_none() {
            texts.extend(map.file);
        }
        if roots.len() == 1 {
            let held = map.held;
            texts.extend(map.sources.into_iter().filter(|(index, _)| !held.contains(index)).map(|(_, source)| source));
        }
    }
    let mut references: Vec<Reference> = texts
        .into_iter()
        .filter(|(_, url)| url_form::may_name_a_file(url.trim()))
        .map(|(span, url)| Reference { span, url, writing: Writing::Json, demand: Demand::Optional, integrity: None })
        .collect();
    references.sort_by_key(|reference| reference.span.start);
    Found { references, base: base.filter(|_| roots.len() == 1) }
}

/// Where the URL of a source map lies in what a comment holds (without its own marks): after `# sourceMappingURL=` or the older
/// `@ sourceMappingURL=`, without blanks and quotes in it, and with nothing behind it
/// (ECMA-426, <https://tc39.es/ecma426/#sec-MatchSourceMapURL>).
pub fn in_comment(comment: &[u8]) -> Option<Range<usize>> {
    const NAME: &[u8] = b"sourceMappingURL=";
    let (b'#' | b'@', rest) = comment.split_first()? else { return None };
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let value = rest[blanks..].strip_prefix(NAME)?;
    let start = comment.len() - value.len();
    let length = value.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
    let (url, behind) = value.split_at(length);
    let plain = !url.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    (length > 0 && plain && behind.iter().all(u8::is_ascii_whitespace)).then_some(start..start + length)
}

#[cfg(test)]
mod tests;
