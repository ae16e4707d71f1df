//! A copy of phpunit.xml with the shard's files for its test suites and every relative path made right for its new place.
//!
//! Places of paths: the configuration loaders of PHPUnit 8.5, 9.6, 10.5, 11.5, 12.5 and 13.4 (`toAbsolutePath`), which all
//! resolve against the folder of the configuration file, never against the working directory.

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesCData, BytesStart, BytesText, Event};

/// What stands for a configuration file when there is none.
pub(super) const MINIMAL: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<phpunit colors=\"false\">\n</phpunit>\n";

/// Elements nested deeper are no configuration of PHPUnit, whose own reach a depth of 6.
const MAX_DEPTH: usize = 64;

/// Attributes that hold a path, on whatever element they stand.
const PATH_ATTRIBUTES: &[&str] = &[
    "bootstrap",
    "cacheDirectory",
    "cacheResultFile",
    "extensionsDirectory",
    "testSuiteLoaderFile",
    "printerFile",
    "noNamespaceSchemaLocation",
    "outputFile",
    "outputDirectory",
    "baseline",
];

/// Elements whose text is a path.
const PATH_ELEMENTS: &[&str] = &["directory", "file", "includePath"];

/// What the shard runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suite {
    /// The suite's name.
    pub name: String,
    /// Paths relative to the new configuration file, or absolute.
    pub files: Vec<String>,
}

/// Where the trouble is (1-based line, when it is at a place) and what it is.
type Trouble = (Option<u32>, String);

/// Rewrites the file's text. `to_config` is the way from the new file's folder to the old one's, such as `../..`. Returns
/// the new text, and sentences about what could not be kept. Errors: it is not well-formed, or not PHPUnit's.
pub(super) fn rewrite(text: &str, to_config: &str, suite: &Suite) -> Result<(String, Vec<String>), Trouble> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut copy = Copy {
        to_config,
        suite,
        out: String::with_capacity(text.len() + 1024),
        open: Vec::new(),
        lost: Vec::new(),
        is_placed: false,
        has_root: false,
        path: None,
    };
    let mut reader = Reader::from_str(text);
    loop {
        let begin = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| (Some(line_at(text, reader.error_position())), format!("not well-formed XML: {error}")))?;
        let is_end = matches!(event, Event::Eof);
        copy.event(event).map_err(|why| (Some(line_at(text, begin)), why))?;
        if is_end {
            break;
        }
    }
    if !copy.open.is_empty() || !copy.has_root {
        return Err((
            None,
            "not a configuration file of PHPUnit: the element `phpunit` is missing or does not end".to_owned(),
        ));
    }
    let mut notices = Vec::new();
    if !copy.lost.is_empty() {
        copy.lost.sort_unstable();
        copy.lost.dedup();
        notices.push(format!(
            "The shard's suite takes the place of your test suites; their {} is not kept, the plan decides what runs.",
            copy.lost.join(", ")
        ));
    }
    Ok((copy.out, notices))
}

fn line_at(text: &str, position: u64) -> u32 {
    let end = usize::try_from(position).map_or(text.len(), |position| position.min(text.len()));
    let lines = text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(lines + 1).unwrap_or(u32::MAX)
}

struct Copy<'a> {
    to_config: &'a str,
    suite: &'a Suite,
    out: String,
    /// Local names of the open elements.
    open: Vec<String>,
    /// What of the old suites is lost: attribute and element names.
    lost: Vec<String>,
    is_placed: bool,
    has_root: bool,
    /// The text of the open path element.
    path: Option<String>,
}

impl Copy<'_> {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            // The copy is UTF-8 whatever the original declared.
            Event::Decl(_) => self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            Event::Start(tag) => self.start(&tag, false)?,
            Event::Empty(tag) => self.start(&tag, true)?,
            Event::End(tag) => self.end(tag.name().as_ref())?,
            Event::Text(text) => self.text(&text),
            Event::CData(data) => self.cdata(&data),
            Event::GeneralRef(reference) => self.reference(&reference)?,
            Event::Comment(comment) => self.put(&format!("<!--{}-->", &*comment)),
            Event::PI(instruction) => self.put(&format!("<?{}?>", &*instruction)),
            Event::DocType(doctype) => self.put(&format!("<!DOCTYPE {}>", &*doctype)),
            Event::Eof => {}
        }
        Ok(())
    }

    /// In the old suites nothing is copied.
    fn in_old_suites(&self) -> bool {
        self.open.get(1).is_some_and(|name| is_suite(name))
    }

    fn put(&mut self, text: &str) {
        if !self.in_old_suites() && self.path.is_none() {
            self.out.push_str(text);
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) -> Result<(), String> {
        let name = tag.local_name();
        let name: &str = name.as_ref();
        if self.open.is_empty() {
            if name != "phpunit" || self.has_root {
                return Err(format!("not a configuration file of PHPUnit: the root element is `{name}`"));
            }
            self.has_root = true;
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
        }
        if self.path.is_some() {
            return Err(format!("`{name}` stands where a path is expected"));
        }
        let is_suites = self.open.len() == 1 && is_suite(name);
        if is_suites && !self.is_placed {
            self.place_suite();
        }
        if is_suites || self.in_old_suites() {
            self.note_lost(tag, name);
        } else {
            let tag = self.with_paths(tag, name)?;
            // A root without children must hold the suite all the same.
            let is_root = self.open.is_empty();
            self.out.push_str(&format!("<{tag}{}>", if is_empty && !is_root { "/" } else { "" }));
            if is_empty && is_root {
                self.open.push(name.to_owned());
                self.end("phpunit")?;
                return Ok(());
            }
            if !is_empty && PATH_ELEMENTS.contains(&name) {
                self.path = Some(String::new());
            }
        }
        if !is_empty {
            self.open.push(name.to_owned());
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), String> {
        let is_copied = !self.in_old_suites();
        if let Some(path) = self.path.take() {
            let path = self.moved(path.trim());
            self.out.push_str(&escape(path.as_str()));
        }
        if self.open.len() == 1 && !self.is_placed {
            self.place_suite();
        }
        self.open.pop();
        if is_copied {
            self.out.push_str(&format!("</{name}>"));
        }
        Ok(())
    }

    fn text(&mut self, text: &BytesText<'_>) {
        match &mut self.path {
            Some(path) => path.push_str(text),
            None => self.put(text),
        }
    }

    fn cdata(&mut self, data: &BytesCData<'_>) {
        match &mut self.path {
            Some(path) => path.push_str(data),
            None => self.put(&format!("<![CDATA[{}]]>", &**data)),
        }
    }

    fn reference(&mut self, name: &str) -> Result<(), String> {
        let reference = format!("&{name};");
        match &mut self.path {
            Some(path) => path.push_str(
                &unescape(&reference)
                    .map_err(|_| format!("the entity `{reference}` stands in a path; write the path itself"))?,
            ),
            None => self.put(&reference),
        }
        Ok(())
    }

    /// The start tag's content with its paths moved, without the suite that no longer is there.
    fn with_paths(&self, tag: &BytesStart<'_>, name: &str) -> Result<String, String> {
        let is_root = self.open.is_empty();
        let mut out = tag.name().as_ref().to_owned();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| format!("an attribute of `{name}` is malformed: {error}"))?;
            let key: &str = attribute.key.as_ref();
            let local = key.rsplit(':').next().unwrap_or(key);
            if is_root
                && (local == "defaultTestSuite" || (local == "failOnEmptyTestSuite" && self.suite.files.is_empty()))
            {
                continue;
            }
            let is_path = PATH_ATTRIBUTES.contains(&local)
                || matches!((name, local), ("log", "target") | ("extension" | "listener", "file"))
                || (name == "include" && local == "href");
            let value = if is_path {
                let value = unescape(&attribute.value)
                    .map_err(|error| format!("the attribute `{key}` of `{name}` is malformed: {error}"))?;
                escape(self.moved(value.trim())).into_owned()
            } else if attribute.value.contains('"') {
                // It stood between single quotes.
                attribute.value.replace('"', "&quot;")
            } else {
                attribute.value.clone().into_owned()
            };
            out.push_str(&format!(" {key}=\"{value}\""));
        }
        Ok(out)
    }

    /// The same place seen from the new file; what PHPUnit takes for absolute stays.
    fn moved(&self, path: &str) -> String {
        let bytes = path.as_bytes();
        let has_drive =
            bytes.len() >= 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'/' | b'\\');
        if path.is_empty()
            || path.starts_with(['/', '\\'])
            || path.contains("://")
            || has_drive
            || self.to_config == "."
        {
            return path.to_owned();
        }
        let path = path.strip_prefix("./").unwrap_or(path);
        match path {
            "." | "" => self.to_config.to_owned(),
            path => format!("{}/{path}", self.to_config.trim_end_matches('/')),
        }
    }

    fn place_suite(&mut self) {
        self.is_placed = true;
        self.out.push_str(&format!("<testsuites>\n    <testsuite name=\"{}\">\n", escape(self.suite.name.as_str())));
        for file in &self.suite.files {
            self.out.push_str(&format!("      <file>{}</file>\n", escape(file.as_str())));
        }
        self.out.push_str("    </testsuite>\n  </testsuites>\n");
    }

    /// Settings of the old suites that change what or how their files run.
    fn note_lost(&mut self, tag: &BytesStart<'_>, name: &str) {
        for attribute in tag.attributes().flatten() {
            let key: &str = attribute.key.as_ref();
            if !matches!((name, key), (_, "name" | "suffix" | "prefix")) {
                self.lost.push(format!("`{key}` of `{name}`"));
            }
        }
    }
}

fn is_suite(name: &str) -> bool {
    matches!(name, "testsuites" | "testsuite")
}

#[cfg(test)]
mod tests;
