//! Where a file names other files: found by real parsers as spans, so that a new name is spliced in and nothing is printed
//! anew. Each module reads one format.

use std::ops::Range;

/// A place in a file that names another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The URL's bytes as they stand in the file, without quotes and blanks around them.
    pub span: Range<usize>,
    /// The URL that they mean, freed from the file's own escapes (`&amp;`, `\2f`, `\u002f`), with its query and fragment.
    pub url: String,
    /// How a URL is written there.
    pub writing: Writing,
    /// Whether it may name something that is not in the tree.
    pub demand: Demand,
    /// The `integrity` attribute that goes with it, which is computed anew.
    pub integrity: Option<Integrity>,
}

/// The escapes that a place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// An attribute of HTML or XML with this quote; 0 without quotes (HTML).
    Attribute(u8),
    /// Text of an HTML or XML element.
    Text,
    /// A CSS string with this quote.
    CssString(u8),
    /// `url(…)` without quotes.
    CssUrl,
    /// A JavaScript string with this quote; a backtick for a template without expressions.
    JavaScript(u8),
    /// A JSON string.
    Json,
    /// A line comment, such as `//# sourceMappingURL=`.
    Comment,
    /// CSS in an HTML or SVG attribute with this outer quote: a CSS string or `url(…)` (0) within it.
    CssInAttribute(u8, u8),
}

/// What to do when nothing in the tree has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// The page would break: the build fails with file and line (scripts, styles, images, fonts, imports).
    Required,
    /// It may be a route of the app, or something that was left out on purpose (links to pages, source maps): rewritten when
    /// the tree has it, else left.
    Optional,
}

/// An `integrity` attribute's value (W3C Subresource Integrity).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrity {
    /// The value's bytes.
    pub span: Range<usize>,
    /// The algorithms that it names, in its order: `sha256`, `sha384`, `sha512`.
    pub algorithms: Vec<SriAlgorithm>,
}

/// An algorithm of Subresource Integrity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SriAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// What a file names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of their spans, which do not overlap.
    pub references: Vec<Reference>,
    /// `<base href>`: what relative URLs start from, instead of the file's own place.
    pub base: Option<String>,
}

/// A file that its parser can't read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Unreadable {
    /// 1-based.
    pub line: u32,
    /// What is wrong.
    pub what: String,
}

/// The line of a byte, 1-based.
pub fn line_of(bytes: &[u8], at: usize) -> u32 {
    let before = bytes.get(..at).unwrap_or(bytes);
    u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX - 1) + 1
}
