//! Where a file names other files: found by real parsers as spans, so that a new name is spliced in and nothing is printed
//! anew. Each module reads one format.

pub mod css;
pub mod html;
pub mod import_map;
pub mod javascript;
pub mod json;
#[cfg(test)]
mod marked;
pub mod markup;
pub mod source_map;
pub mod svg;
pub mod text;
pub mod url_form;
pub mod web_manifest;
pub mod writing;

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
    /// A candidate of `srcset` or `imagesrcset` in HTML with this outer quote; 0 without quotes. Blanks and commas end it.
    Srcset(u8),
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
    /// CSS in an HTML or SVG attribute with this outer quote, or in the text of an SVG element (then it is `"`): a CSS string
    /// or `url(…)` (0) within it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// A format whose references are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTML.
    Html,
    /// CSS.
    Css,
    /// JavaScript: a module when it reads as one.
    JavaScript,
    /// A JavaScript module, by its name.
    Module,
    /// SVG.
    Svg,
    /// A web app manifest.
    WebManifest,
    /// A source map.
    SourceMap,
}

impl Kind {
    /// By the path's extension, whatever its case; `None` for what names nothing.
    pub fn of(path: &str) -> Option<Kind> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "html" | "htm" | "xhtml" => Some(Kind::Html),
            "css" => Some(Kind::Css),
            "js" | "cjs" => Some(Kind::JavaScript),
            "mjs" => Some(Kind::Module),
            "svg" => Some(Kind::Svg),
            "webmanifest" => Some(Kind::WebManifest),
            "json" if name == "manifest.json" || name == "site.json" => Some(Kind::WebManifest),
            "map" => Some(Kind::SourceMap),
            _ => None,
        }
    }
}

/// What a file of this kind names. Errors: its parser can't read it.
pub fn references(kind: Kind, bytes: &[u8]) -> Result<Found, Unreadable> {
    match kind {
        Kind::Html => html::references(bytes),
        Kind::Css => css::references(bytes),
        Kind::JavaScript => javascript::references(bytes, javascript::Kind::Unknown),
        Kind::Module => javascript::references(bytes, javascript::Kind::Module),
        Kind::Svg => svg::references(bytes),
        Kind::WebManifest => web_manifest::references(bytes),
        Kind::SourceMap => source_map::references(bytes),
    }
}

/// The line of a byte, 1-based.
pub fn line_of(bytes: &[u8], at: usize) -> u32 {
    let before = bytes.get(..at).unwrap_or(bytes);
    u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX - 1) + 1
}
