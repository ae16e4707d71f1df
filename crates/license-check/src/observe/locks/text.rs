//! A list's text, and faults of the JSON and TOML parsers with their lines in it.

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::Fault;

/// The text of a file without its byte order mark. Errors: no UTF-8, nothing but white space.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::at(Lines::new(bytes).at(error.valid_up_to()), "not UTF-8: the file is damaged or of another kind")
    })?;
    if text.trim().is_empty() {
        return Err(Fault::new("the file is empty"));
    }
    Ok(text)
}

/// A fault of `part`, a slice that was borrowed from `text` (or `text` itself) and is no JSON, or not the expected.
pub(super) fn json_fault(text: &str, part: &str, error: &serde_json::Error) -> Fault {
    if let Some(conflict) = conflict(text) {
        return conflict;
    }
    let what = error.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
    let first = Lines::new(text.as_bytes()).of(part);
    Fault::at(first.saturating_add(line - 1), format!("not valid: {what}"))
}

/// A fault of the piece of `text` that begins at `offset` and is no TOML, or not the expected.
pub(super) fn toml_fault(text: &str, offset: usize, error: &toml::de::Error) -> Fault {
    if let Some(conflict) = conflict(text) {
        return conflict;
    }
    let at = offset + error.span().map_or(0, |span| span.start);
    let what = error.message().split('\n').next().unwrap_or_default();
    Fault::at(Lines::new(text.as_bytes()).at(at), format!("not valid: {what}"))
}

/// Conflict markers, as a fault.
pub(super) fn conflict(text: &str) -> Option<Fault> {
    conflict_marker(text.as_bytes()).map(|line| Fault::at(line, "merge-conflict markers: resolve the conflict first"))
}
