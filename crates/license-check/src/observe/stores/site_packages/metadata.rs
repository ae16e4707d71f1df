//! `METADATA` and `PKG-INFO`: headers as in a letter.
//!
//! <https://packaging.python.org/en/latest/specifications/core-metadata/>. Python reads them with `email.parser`, and so the
//! ends of headers are found here as there.

use crate::observe::store::lossy;
use crate::plan::package::Place;
use crate::plan::statement::{Statement, Value};
use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of headers that are read. The longest seen have 60 KB: a licence's whole text.
const MAX_HEADERS_BYTES: usize = 4 << 20;
/// How much is read at a time; most headers are shorter, and the description behind them is not needed.
const STEP_BYTES: usize = 8 << 10;

/// A value and its 1-based line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) text: String,
    pub(super) line: u32,
}

/// What the headers say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) metadata_version: Option<Header>,
    pub(super) name: Option<Header>,
    pub(super) version: Option<Header>,
    pub(super) license_expression: Option<Header>,
    /// Several lines are joined, without their common indentation.
    pub(super) license: Option<Header>,
    /// The last part of each that begins with `License ::`.
    pub(super) classifiers: Vec<Header>,
    pub(super) license_files: Vec<String>,
    /// What is odd, for people.
    pub(super) odd: Vec<String>,
}

/// The headers' bytes. Errors: why there are none, for people.
pub(super) fn headers_of(path: &Path) -> Result<Vec<u8>, String> {
    let mut file = File::open(path).map_err(|error| format!("can't be read: {error}"))?;
    let mut bytes = vec![0; STEP_BYTES];
    let mut filled = 0;
    loop {
        let read = file.read(&mut bytes[filled..]).map_err(|error| format!("can't be read: {error}"))?;
        // An end of headers may lie across the steps: `\n\r\n` is the longest.
        let from = filled.saturating_sub(3);
        filled += read;
        let end = end_of_headers(&bytes[..filled], from).or((read == 0).then_some(filled));
        if let Some(end) = end {
            bytes.truncate(end);
            return Ok(bytes);
        }
        if filled > MAX_HEADERS_BYTES {
            return Err("more than 4 MiB of headers".to_owned());
        }
        if filled == bytes.len() {
            bytes.resize(filled * 2, 0);
        }
    }
}

/// Where the first empty line begins, looked for from an offset on.
fn end_of_headers(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..])
        .map(|at| from + at + 1)
        .find(|next| bytes[*next..].starts_with(b"\n") || bytes[*next..].starts_with(b"\r\n"))
}

impl Metadata {
    /// Reads headers; bytes that are no UTF-8 become `U+FFFD`.
    pub(super) fn read(bytes: &[u8]) -> Metadata {
        let text = lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let mut metadata = Metadata::default();
        // The header that may go on: its key and line, and its values.
        let mut open: Option<(&str, u32)> = None;
        let mut values: Vec<&str> = Vec::new();
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
        for (number, end) in ends.enumerate() {
            let line = text.get(start..end).unwrap_or("");
            start = end + 1;
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.starts_with([' ', '\t']) {
                values.push(line);
                continue;
            }
            if let Some((key, at)) = open.take() {
                metadata.take(key, &values, at);
            }
            let Some((key, value)) = line.split_once(':') else { break };
            if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
                break;
            }
            open = Some((key, u32::try_from(number + 1).unwrap_or(u32::MAX)));
            values.clear();
            values.push(value);
        }
        if let Some((key, at)) = open {
            metadata.take(key, &values, at);
        }
        metadata
    }

    fn take(&mut self, key: &str, lines: &[&str], line: u32) {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let slot = if is("Metadata-Version") {
            &mut self.metadata_version
        } else if is("Name") {
            &mut self.name
        } else if is("Version") {
            &mut self.version
        } else if is("License-Expression") {
            &mut self.license_expression
        } else if is("License") {
            &mut self.license
        } else {
            // All others, which are most, say nothing here.
            if is("Classifier") {
                if let Some(license) = one_line(lines).strip_prefix("License ::") {
                    let last = license.rsplit("::").next().unwrap_or(license).trim().to_owned();
                    self.classifiers.push(Header { text: last, line });
                }
            } else if is("License-File") {
                let text = one_line(lines);
                if !text.is_empty() {
                    self.license_files.push(text.replace('\\', "/"));
                }
            }
            return;
        };
        let text = if is("License") { unfolded(lines) } else { one_line(lines).into_owned() };
        // distutils wrote UNKNOWN for what nobody had said.
        if text.is_empty() || text == "UNKNOWN" {
            return;
        }
        match slot {
            None => *slot = Some(Header { text, line }),
            Some(first) if first.text != text => {
                self.odd.push(format!("`{key}` stands there twice; line {} counts, and not line {line}", first.line));
            }
            Some(_) => {}
        }
    }

    /// What is said of the licence, the clearest first.
    pub(super) fn statements(&self, shown: &str) -> Vec<Statement> {
        let place = |line| Place::new(shown, Some(line));
        let one = |header: &Option<Header>, field| {
            let header = header.as_ref()?;
            Some(Statement { value: Value::One(header.text.clone()), field, place: place(header.line) })
        };
        let mut statements = Vec::new();
        statements.extend(one(&self.license_expression, "License-Expression"));
        statements.extend(one(&self.license, "License"));
        if let Some(first) = self.classifiers.first() {
            let names = self.classifiers.iter().map(|classifier| classifier.text.clone()).collect();
            statements.push(Statement {
                value: Value::Classifiers(names),
                field: "Classifier",
                place: place(first.line),
            });
        }
        statements
    }
}

/// A value of one line, whatever lines it was folded into.
fn one_line<'l>(lines: &[&'l str]) -> Cow<'l, str> {
    if let [line] = lines {
        return Cow::Borrowed(line.trim());
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    Cow::Owned(lines.join(" ").trim().to_owned())
}

/// A value of several lines: the indentation that all further lines share is the folding's and not the text's; some tools
/// put a `|` behind it.
fn unfolded(lines: &[&str]) -> String {
    let Some((first, folded)) = lines.split_first() else { return String::new() };
    let blank = |line: &&str| line.trim().is_empty();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = folded.iter().filter(|line| !blank(line)).map(|line| indent(line)).min().unwrap_or(0);
    let cut = |line: &&str| line.get(common..).unwrap_or_default().trim_end().to_owned();
    let mut rest: Vec<String> = folded.iter().map(cut).collect();
    if rest.iter().filter(|line| !line.is_empty()).all(|line| line.starts_with('|')) {
        for line in &mut rest {
            *line = line.strip_prefix('|').unwrap_or_default().to_owned();
        }
    }
    let mut text = first.trim().to_owned();
    for line in rest {
        text.push('\n');
        text.push_str(&line);
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAMPLE: &str = "Metadata-Version: 2.1\r\nname: Some.Thing\r\nVersion: 1.0\r\nLicense: BSD License\r\n        \r\n        Copyright (c)\r\n          indented\r\nClassifier: License :: OSI Approved :: BSD License\r\nClassifier: Topic :: Software\r\nClassifier: License :: OSI Approved\r\nLicense-File: licenses\\A\r\nLicense-File: AUTHORS\r\n\r\nName: not a header\r\n";

    #[test]
    fn headers_are_read() {
        let end = end_of_headers(SAMPLE.as_bytes(), 0).unwrap();
        let metadata = Metadata::read(&SAMPLE.as_bytes()[..end]);
        assert_eq!(metadata.name, Some(Header { text: "Some.Thing".into(), line: 2 }));
        assert_eq!(metadata.license, Some(Header { text: "BSD License\n\nCopyright (c)\n  indented".into(), line: 4 }));
        assert_eq!(metadata.license_files, ["licenses/A", "AUTHORS"]);
        let statements = metadata.statements("x");
        assert_eq!(statements.len(), 2);
        assert_eq!(statements[1].value, Value::Classifiers(vec!["BSD License".into(), "OSI Approved".into()]));
        assert_eq!((statements[1].field, statements[1].place.line), ("Classifier", Some(8)));
    }

    #[test]
    fn expressions_come_first_and_unknown_is_nothing() {
        let text = b"License: UNKNOWN\nLicense-Expression: MIT OR\n  Apache-2.0\nLicense-Expression: GPL-3.0-only\n";
        let metadata = Metadata::read(text);
        let statements = metadata.statements("x");
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].value, Value::One("MIT OR Apache-2.0".into()));
        assert_eq!(metadata.odd, ["`License-Expression` stands there twice; line 2 counts, and not line 4"]);
    }

    #[test]
    fn bars_of_the_folding_are_no_text() {
        let metadata = Metadata::read(b"License: MIT License\n       |\n       |Copyright\n       |  x\nName: a");
        assert_eq!(metadata.license.unwrap().text, "MIT License\n\nCopyright\n  x");
        assert_eq!(metadata.name.unwrap().line, 5);
    }

    #[test]
    fn headers_end_where_python_ends_them() {
        assert_eq!(Metadata::read(b"Name: a\nno header\nVersion: 1").version, None);
        assert_eq!(Metadata::read(b" odd\nName: a\n").name.unwrap().text, "a");
        assert_eq!(Metadata::read(b"Name: caf\xe9\n").name.unwrap().text, "caf\u{fffd}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("METADATA");
        for end in ["\n\n", "\r\n\r\n"] {
            for length in STEP_BYTES - 4..STEP_BYTES + 4 {
                let head = format!("Name: {}", "a".repeat(length - 6));
                std::fs::write(&path, format!("{head}{end}Version: 1\n")).unwrap();
                let read = headers_of(&path).unwrap();
                assert_eq!(read.trim_ascii_end(), head.as_bytes());
            }
        }
        std::fs::write(&path, "a".repeat(MAX_HEADERS_BYTES + 1)).unwrap();
        assert!(headers_of(&path).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Metadata::read(&bytes).statements("x");
        }

        #[test]
        fn a_damaged_file_is_no_crash(at in 0..SAMPLE.len(), byte in any::<u8>(), cut in any::<bool>()) {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let _ = Metadata::read(&bytes).statements("x");
        }

        #[test]
        fn unfolding_is_no_crash(lines in proptest::collection::vec("[ \\t|aä\u{2003}]{0,6}", 0..6)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let _ = unfolded(&lines);
        }
    }
}
