//! Which attributes name files, and what with.

use super::decoded::{Decoded, UnknownEntity};
use super::element::{Attribute, Element, Namespace};
use super::srcset;
use crate::plan::references::url_form::{is_placeholder, may_name_a_file};
use crate::plan::references::{Demand, Found, Integrity, Reference, SriAlgorithm, Unreadable, Writing, css, line_of};
use std::ops::Range;

/// What an attribute's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Url(Demand),
    /// `srcset` and `imagesrcset`.
    Candidates(Demand),
    /// `style`.
    Declarations,
    /// A value of CSS, such as `mask` in SVG.
    Presentation,
    /// `content` of `<meta http-equiv=refresh>`: seconds and a URL.
    Refresh,
}

use Demand::{Optional, Required};
use Value::{Candidates, Declarations, Presentation, Refresh, Url};

/// Attributes of one tag; people write dozens. They are looked up by name, each time from the first.
pub const ATTRIBUTES_LIMIT: usize = 4096;

/// Collects the references of a file's tags.
#[derive(Debug)]
pub struct Collector<'t> {
    /// The whole file.
    pub file: &'t str,
    /// What has been found so far; in the order of the file when all has been read and [`Collector::finish`] is called.
    pub found: Found,
}

impl<'t> Collector<'t> {
    /// Nothing yet.
    pub fn new(file: &'t str) -> Self {
        Collector { file, found: Found::default() }
    }

    /// All references in order.
    pub fn finish(mut self) -> Found {
        self.found.references.sort_by_key(|reference| (reference.span.start, reference.span.end));
        self.found
    }

    /// The references of one start tag's attributes.
    ///
    /// # Errors
    /// `Unreadable` for an entity of a document type in a reference, for more than [`ATTRIBUTES_LIMIT`] attributes, and for what
    /// the reader of CSS refuses.
    pub fn tag(&mut self, element: &Element<'t, '_>) -> Result<(), Unreadable> {
        if let Some(attribute) = element.attributes.get(ATTRIBUTES_LIMIT) {
            let line = line_of(self.file.as_bytes(), attribute.at);
            return Err(Unreadable { line, what: format!("a tag has more than {ATTRIBUTES_LIMIT} attributes") });
        }
        for (index, attribute) in element.attributes.iter().enumerate() {
            let mut lower = [0; LONGEST_NAME];
            let Some(name) = lower_case(attribute.name, &mut lower) else {
                continue;
            };
            let Some(value) = value_of(element, name) else {
                continue;
            };
            let same = |other: &Attribute<'_>| other.name.eq_ignore_ascii_case(name);
            if element.attributes.iter().take(index).any(same) {
                continue;
            }
            let decoded = attribute.decoded(element.language).map_err(|unknown| self.unknown(&unknown))?;
            match value {
                Url(demand) => {
                    let part = decoded.trimmed();
                    self.url(&decoded, part, Writing::Attribute(attribute.quote), demand, integrity(element, name));
                }
                Candidates(demand) => {
                    for part in srcset::urls(decoded.text()) {
                        self.url(&decoded, part, Writing::Srcset(attribute.quote), demand, None);
                    }
                }
                Declarations => self.declarations(&decoded, 0, attribute.quote)?,
                Presentation => self.css_value(&decoded, attribute.quote)?,
                Refresh => {
                    if let Some(part) = refresh(decoded.text()) {
                        self.url(&decoded, part, Writing::Attribute(attribute.quote), Optional, None);
                    }
                }
            }
        }
        Ok(())
    }

    /// An ampersand that can't be read, where a reference may hide.
    pub fn unknown(&self, unknown: &UnknownEntity) -> Unreadable {
        let what =
            "a reference has an entity of a document type, which is not expanded: write the URL itself".to_owned();
        Unreadable { line: line_of(self.file.as_bytes(), unknown.at), what }
    }

    /// Adds a part of a text when it may name a file.
    pub fn url(
        &mut self,
        decoded: &Decoded<'_>,
        part: Range<usize>,
        writing: Writing,
        demand: Demand,
        integrity: Option<Integrity>,
    ) {
        let text = decoded.text().get(part.clone()).unwrap_or_default();
        // WHATWG URL, section 4.4: tabs and ends of lines are removed wherever they stand.
        let url: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        if may_name_a_file(&url) {
            let demand = if is_placeholder(&url) { Optional } else { demand };
            let span = decoded.source(part);
            self.found.references.push(Reference { span, url, writing, demand, integrity });
        }
    }

    fn declarations(&mut self, decoded: &Decoded<'_>, skip: usize, quote: u8) -> Result<(), Unreadable> {
        // Only functions name files, and an escape may write one; character references are decoded by now.
        if memchr::memchr2(b'(', b'\\', decoded.text().as_bytes()).is_none() {
            return Ok(());
        }
        let padded;
        let css = if skip == 0 {
            decoded.text().as_bytes()
        } else {
            padded = format!("{PROPERTY}{}", decoded.text());
            padded.as_bytes()
        };
        let place = decoded.source(0..0).start;
        let found = css::declarations(css).map_err(|err| within(self.file, place, err))?;
        for reference in found.references {
            let writing = match reference.writing {
                Writing::CssString(inner) => Writing::CssInAttribute(quote, inner),
                _ => Writing::CssInAttribute(quote, 0),
            };
            let span = reference.span.start.saturating_sub(skip)..reference.span.end.saturating_sub(skip);
            let span = decoded.source(span);
            self.found.references.push(Reference { span, writing, ..reference });
        }
        Ok(())
    }

    fn css_value(&mut self, decoded: &Decoded<'_>, quote: u8) -> Result<(), Unreadable> {
        let text = decoded.text().trim_start();
        // Nearly all of them name a part of the same file: `url(#gradient)`.
        if text.starts_with("url(#") { Ok(()) } else { self.declarations(decoded, PROPERTY.len(), quote) }
    }
}

/// Makes a declaration of a value. Any property will do.
const PROPERTY: &str = "mask:";

/// An error of a text within the file, told by the file's lines.
pub fn within(file: &str, at: usize, error: Unreadable) -> Unreadable {
    let line = line_of(file.as_bytes(), at).saturating_add(error.line.saturating_sub(1));
    Unreadable { line, what: error.what }
}

/// Longer names name no files, `xlink:href` with another prefix included.
const LONGEST_NAME: usize = 32;

fn lower_case<'b>(name: &str, buffer: &'b mut [u8; LONGEST_NAME]) -> Option<&'b str> {
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok()
}

/// What the attribute with that name (in lower case) is on that element; `None` when it names nothing.
fn value_of(element: &Element<'_, '_>, name: &str) -> Option<Value> {
    if name == "style" {
        return Some(Declarations);
    }
    match element.namespace {
        Namespace::Html => in_html(element, name),
        Namespace::Svg => in_svg(element.name, name),
        Namespace::Other => None,
    }
}

fn in_html(element: &Element<'_, '_>, name: &str) -> Option<Value> {
    let value = match (element.name, name) {
        ("img" | "image" | "script" | "source" | "video" | "audio" | "track" | "embed", "src")
        | ("video", "poster")
        | ("object", "data")
        | ("body" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th", "background") => Url(Required),
        ("input", "src") if element.is("type", &["image"]) => Url(Required),
        ("img" | "image" | "source", "srcset") | ("link", "imagesrcset") => Candidates(Required),
        // What scripts that load images late read. The browser does not, so the file may be the app's own matter.
        ("img" | "source" | "video" | "audio" | "iframe" | "script", "data-src") | ("video", "data-poster") => {
            Url(Optional)
        }
        ("img" | "source", "data-srcset") => Candidates(Optional),
        ("iframe" | "frame", "src")
        | ("a" | "area", "href")
        | ("form", "action")
        | ("button" | "input", "formaction") => Url(Optional),
        ("link", "href") => return relation(element).map(Url),
        ("meta", "content") => return meta(element),
        _ => return None,
    };
    Some(value)
}

fn in_svg(element: &str, name: &str) -> Option<Value> {
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    match (element, local) {
        ("image" | "use" | "feimage" | "script", "href") => Some(Url(Required)),
        (_, "href") => Some(Url(Optional)),
        (
            _,
            "fill" | "stroke" | "filter" | "mask" | "clip-path" | "marker" | "marker-start" | "marker-mid"
            | "marker-end" | "cursor",
        ) => Some(Presentation),
        _ => None,
    }
}

/// What a `<link>` is for decides whether the page needs it.
fn relation(element: &Element<'_, '_>) -> Option<Demand> {
    let rel = element.value("rel")?;
    let mut demand = None;
    for word in rel.text().split_ascii_whitespace() {
        match word.to_ascii_lowercase().as_str() {
            "stylesheet"
            | "preload"
            | "modulepreload"
            | "prefetch"
            | "icon"
            | "apple-touch-icon"
            | "apple-touch-icon-precomposed"
            | "apple-touch-startup-image"
            | "mask-icon"
            | "fluid-icon"
            | "image_src"
            | "manifest" => return Some(Required),
            "prerender" | "alternate" | "search" | "help" | "license" | "author" => demand = Some(Optional),
            _ => {}
        }
    }
    demand
}

/// `content` of `<meta>`, which its `property`, `name`, `itemprop` or `http-equiv` explains.
fn meta(element: &Element<'_, '_>) -> Option<Value> {
    if element.is("http-equiv", &["refresh"]) {
        return Some(Refresh);
    }
    let names = ["property", "name", "itemprop"];
    names.iter().any(|name| element.is(name, META_FILES)).then_some(Url(Required))
}

/// Open Graph, Twitter's cards, Microsoft's tiles and schema.org's microdata.
const META_FILES: &[&str] = &[
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:video",
    "og:video:url",
    "og:video:secure_url",
    "og:audio",
    "og:audio:url",
    "og:audio:secure_url",
    "twitter:image",
    "twitter:image:src",
    "twitter:player:stream",
    "msapplication-config",
    "msapplication-TileImage",
    "msapplication-square70x70logo",
    "msapplication-square150x150logo",
    "msapplication-square310x310logo",
    "msapplication-wide310x150logo",
    "image",
    "thumbnailUrl",
    "contentUrl",
    "logo",
];

/// The URL of a declarative refresh (WHATWG HTML, section 4.2.5.3): `5; url='/new/'`.
fn refresh(content: &str) -> Option<Range<usize>> {
    let blank = |c: char| c.is_ascii_whitespace();
    let rest = content.trim_start_matches(blank);
    let rest = rest.strip_prefix(|c: char| c.is_ascii_digit() || c == '.')?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if !after.starts_with(|c: char| blank(c) || matches!(c, ';' | ',')) {
        return None;
    }
    let rest = after.trim_start_matches(blank);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start_matches(blank);
    let named = rest.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).and_then(|_| rest.get(3..));
    let value = named.and_then(|named| named.trim_start_matches(blank).strip_prefix('='));
    let rest = value.map_or(rest, |value| value.trim_start_matches(blank));
    let url = match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(rest.chars().next().unwrap_or('"')).next().unwrap_or_default(),
        None => rest,
    };
    let url_start = url.trim_start_matches(|c| c <= ' ');
    // `url` is a part of `content` that ends where what is behind it begins.
    let start = content.len() - rest.len() + usize::from(rest.starts_with(['"', '\''])) + (url.len() - url_start.len());
    Some(start..start + url_start.trim_end_matches(|c| c <= ' ').len())
}

/// The `integrity` that goes with an attribute.
fn integrity(element: &Element<'_, '_>, name: &str) -> Option<Integrity> {
    if !matches!((element.name, name), ("script", "src") | ("link", "href")) || element.namespace != Namespace::Html {
        return None;
    }
    let value = element.value("integrity")?;
    let algorithms = algorithms(value.text());
    let span = value.source(value.trimmed());
    (!algorithms.is_empty()).then_some(Integrity { span, algorithms })
}

/// The algorithms of integrity metadata (W3C Subresource Integrity, section 3.5), each once.
pub fn algorithms(metadata: &str) -> Vec<SriAlgorithm> {
    let mut algorithms = Vec::new();
    for word in metadata.split_ascii_whitespace() {
        let algorithm = match word.split_once('-').map(|(name, _)| name.to_ascii_lowercase()).as_deref() {
            Some("sha256") => SriAlgorithm::Sha256,
            Some("sha384") => SriAlgorithm::Sha384,
            Some("sha512") => SriAlgorithm::Sha512,
            _ => continue,
        };
        if !algorithms.contains(&algorithm) {
            algorithms.push(algorithm);
        }
    }
    algorithms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_names_what_browsers_go_to() {
        for (content, expected) in [
            ("5; url=/new/", Some("/new/")),
            ("0;URL = 'a b.html' ", Some("a b.html")),
            ("0,url=\"a.html\"; x", Some("a.html")),
            (" .5 ;a.html ", Some("a.html")),
            ("0 a.html", Some("a.html")),
            ("0; url", Some("url")),
            ("0; urls.html", Some("urls.html")),
            ("0;url='a.html", Some("a.html")),
            ("5", None),
            ("5;", Some("")),
            ("x; url=a", None),
            ("5x; url=a", None),
        ] {
            assert_eq!(refresh(content).map(|part| &content[part]), expected, "{content}");
        }
    }

    #[test]
    fn algorithms_are_each_named_once() {
        use SriAlgorithm::{Sha256, Sha384, Sha512};
        assert_eq!(algorithms(" sha384-a sha512-b?x\nSHA256-c sha384-d md5-e sha1-f sha999"), [Sha384, Sha512, Sha256]);
    }
}
