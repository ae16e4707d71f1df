//! From a list's bytes to its text, and from the JSON parser's complaints to a fault.

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::Fault;

/// The text of a list, without a byte order mark. Merge conflicts, NUL bytes and bytes that are no UTF-8 are faults at their
/// line; `command` is what writes the list anew.
pub(crate) fn checked<'t>(bytes: &'t [u8], command: &str) -> Result<&'t str, Fault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(line, format!("has merge-conflict markers; resolve the conflict, then run `{command}`")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("is no UTF-8; write it anew with `{command}`"))
    })?;
    match memchr::memchr(0, bytes) {
        Some(at) => Err(Fault::at(
            Lines::new(bytes).at(at),
            format!("has a NUL byte, which no text has; write it anew with `{command}`"),
        )),
        None if text.trim().is_empty() => Err(Fault::new(format!("is empty; write it anew with `{command}`"))),
        None => Ok(text),
    }
}

/// What the JSON parser says, with the line apart.
pub(crate) fn json_fault(error: &serde_json::Error, command: &str) -> Fault {
    let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    if error.is_eof() {
        return Fault { line, what: format!("ends in the middle: it was cut off; write it anew with `{command}`") };
    }
    let whole = error.to_string();
    let what = match whole.rfind(" at line ") {
        Some(at) => whole[..at].to_owned(),
        None => whole,
    };
    Fault { line, ..Fault::new(format!("can't be read: {what}")) }
}
