//! What a file is, by its first bytes: never by its name.

mod json;
mod others;
mod xml;

use super::super::reading::{Fault, ReadError};
use super::super::whole_lines::take_line;
use crate::plan::report_format::ReportFormat;

/// Bytes at a report's front that are looked at. The longest fronts are the first file of an Istanbul report, of some
/// kilobytes before the first telling key.
pub const FRONT_BYTES: usize = 64 << 10;

/// Recognises a report by its first [`FRONT_BYTES`], decompressed and in UTF-8; a byte order mark may be there.
/// Errors: [`Fault::Empty`]; [`Fault::NotAReport`], which names what it is and what to give instead, when that is known.
pub fn recognise(first_bytes: &[u8]) -> Result<ReportFormat, ReadError> {
    let front = &first_bytes[..first_bytes.len().min(FRONT_BYTES)];
    let front = front.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(front);
    let refused = |what: &str| Err(ReadError::new(None, Fault::NotAReport(what.to_owned())));
    let text = front.trim_ascii_start();
    if text.is_empty() {
        return Err(ReadError::new(None, Fault::Empty));
    }
    if let Some(what) = others::binary(front) {
        return refused(what);
    }
    match text[0] {
        b'<' => return xml::recognise(text).or_else(|what| refused(&what)),
        b'{' | b'[' => return json::recognise(text).or_else(refused),
        _ => {}
    }
    match lines(text) {
        Some(format) => Ok(format),
        None => refused(
            others::text(text)
                .unwrap_or("it is no coverage report of a known kind; if it is one, name its kind with `input-format`"),
        ),
    }
}

/// Formats that are lines.
fn lines(text: &[u8]) -> Option<ReportFormat> {
    const LCOV: [&[u8]; 10] =
        [b"TN:", b"SF:", b"VER:", b"DA:", b"FN:", b"FNDA:", b"FNL:", b"BRDA:", b"LF:", b"end_of_record"];
    let mut rest = text;
    while !rest.is_empty() {
        let line = take_line(&mut rest).trim_ascii();
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        if line.starts_with(b"mode:") {
            return Some(ReportFormat::Go);
        }
        if LCOV.iter().any(|kind| line.starts_with(kind)) {
            return Some(ReportFormat::Lcov);
        }
        break;
    }
    // Something that was printed into the report stands before its first record: its reader will name the line.
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    if has(b"\nSF:") {
        Some(ReportFormat::Lcov)
    } else if has(b"\nmode: set\n") || has(b"\nmode: count\n") || has(b"\nmode: atomic\n") {
        Some(ReportFormat::Go)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
