//! From bytes to logical lines, as `pip._internal.req.req_file` makes them.

use crate::observe::lock::Fault;
use std::borrow::Cow;

/// A line after continuations were joined and comments taken off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogicalLine<'t> {
    pub(super) text: Cow<'t, str>,
    /// 1-based; of its first physical line that says something.
    pub(super) number: u32,
}

/// The text. UTF-16 with its mark is what a redirected `pip freeze` gives on Windows. Other bytes than UTF-8 occur in
/// comments and count as unreadable letters, which no name may have.
/// Errors: UTF-16 with half characters, NUL bytes.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes[2..].as_chunks::<2>();
        let text: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
        match String::from_utf16(&text) {
            Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
            _ => Err(Fault::new("not UTF-16, though its first bytes say so")),
        }
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes)?,
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes)?,
        _ => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    match memchr::memchr(0, text.as_bytes()) {
        Some(at) => {
            let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
            Err(Fault::at(u32::try_from(line).unwrap_or(u32::MAX), "a NUL byte: no text"))
        }
        None => Ok(text),
    }
}

/// Joins lines that end with a backslash, and takes comments and empty lines away. A comment ends a continuation, and a
/// comment within one is left out of it.
pub(super) fn logical_lines(text: &str) -> Vec<LogicalLine<'_>> {
    let mut lines = Vec::new();
    let mut open: Option<LogicalLine<'_>> = None;
    for (number, physical) in text.lines().enumerate() {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let comment_only = physical.trim_start().starts_with('#');
        let continued = !comment_only && physical.ends_with('\\');
        let part = if continued { physical.trim_end_matches('\\') } else { without_comment(physical) };
        // A line begins with the first part that says something; blank ones before it are forgotten, not gathered.
        match open.as_mut() {
            Some(line) => line.text.to_mut().push_str(part),
            None if part.trim().is_empty() => {}
            None => open = Some(LogicalLine { text: part.into(), number }),
        }
        if !continued {
            lines.extend(open.take().and_then(finished));
        }
    }
    lines.extend(open.and_then(finished));
    lines
}

fn finished(line: LogicalLine<'_>) -> Option<LogicalLine<'_>> {
    let text = match line.text {
        Cow::Borrowed(text) => Cow::Borrowed(without_comment(text).trim()),
        Cow::Owned(text) => Cow::Owned(without_comment(&text).trim().to_owned()),
    };
    (!text.is_empty()).then_some(LogicalLine { text, number: line.number })
}

/// A `#` begins a comment at the start and after white space; elsewhere it is part of an address (`#egg=name`).
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let at = memchr::memchr_iter(b'#', bytes).find(|at| *at == 0 || bytes[at - 1].is_ascii_whitespace());
    at.map_or(line, |at| &line[..at])
}
