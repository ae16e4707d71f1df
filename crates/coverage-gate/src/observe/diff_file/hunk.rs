//! Hunks: `@@ -FIRST,COUNT +FIRST,COUNT @@` and as many lines as that says.

use super::Lines;
use crate::error::Error;
use crate::observe::reading::MAX_LINE;
use crate::plan::diff::Hunk;

/// The hunks of one file, without context.
#[derive(Debug, Default)]
pub(super) struct Hunks {
    pub(super) hunks: Vec<Hunk>,
    /// Whether there was nothing before: `-0,0`.
    pub(super) old_is_empty: bool,
    /// Whether there is nothing now: `+0,0`.
    pub(super) new_is_empty: bool,
}

/// One side of a header: where the next line would stand, and how many lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    next: u32,
    count: u32,
}

/// Reads all hunks that follow.
pub(super) fn read(lines: &mut Lines<'_>) -> Result<Hunks, Error> {
    let mut all = Hunks::default();
    let mut ends = (1_u32, 1_u32);
    let mut is_first = true;
    while lines.peek().is_some_and(|line| line.starts_with(b"@@ ")) {
        let header = lines.next().unwrap_or_default();
        let (old, new) = spans(header)
            .ok_or_else(|| lines.error("is no hunk header of the form `@@ -FIRST,COUNT +FIRST,COUNT @@`"))?;
        if is_first {
            (all.old_is_empty, all.new_is_empty) = (is_nothing(header, b'-'), is_nothing(header, b'+'));
        }
        if old.next < ends.0 || new.next < ends.1 {
            return Err(lines.error("overlaps the hunk before it, or stands before it: the diff is not in order"));
        }
        // What lies between two hunks is the same on both sides.
        if old.next - ends.0 != new.next - ends.1 {
            return Err(lines.error(
                "does not fit the hunk before it: lines were added or removed between them that the diff does not show \
                 (a hunk was taken out, or `--ignore-blank-lines` or `-I` hid it)",
            ));
        }
        read_body(lines, old, new, &mut all.hunks)?;
        ends = (old.next + old.count, new.next + new.count);
        is_first = false;
        check_end(lines)?;
    }
    if is_first {
        return Err(lines.error("has no hunks after its names: the diff breaks off"));
    }
    Ok(all)
}

/// A hunk that goes on after its last line lies about its length.
fn check_end(lines: &mut Lines<'_>) -> Result<(), Error> {
    while lines.peek().is_some_and(|line| line.starts_with(b"\\")) {
        lines.next();
    }
    let Some(line) = lines.peek() else { return Ok(()) };
    // `-- ` ends a patch that goes by mail; `--- ` begins the next file of a diff that is not git's.
    let goes_on = matches!(line.first(), Some(b'+' | b' ' | b'-')) && line != b"-- " && !line.starts_with(b"--- ");
    if goes_on {
        lines.next();
        return Err(lines.error("goes on after as many lines as the hunk's header says: its counts are wrong"));
    }
    Ok(())
}

fn read_body(lines: &mut Lines<'_>, old: Span, new: Span, hunks: &mut Vec<Hunk>) -> Result<(), Error> {
    let start = lines.number;
    let (mut old_left, mut new_left) = (old.count, new.count);
    let (mut old_line, mut new_line) = (old.next, new.next);
    // Whether the line before was context, after which a new run of changes begins.
    let mut is_apart = true;
    while old_left > 0 || new_left > 0 {
        let Some(line) = lines.next() else {
            return Err(Error::file(
                lines.name,
                Some(start),
                format!("the hunk breaks off: {old_left} old and {new_left} new lines are missing"),
            ));
        };
        let (kind, text) = line.split_first().map_or((b' ', &b""[..]), |(kind, text)| (*kind, text));
        let fits = match kind {
            b' ' => old_left > 0 && new_left > 0,
            b'-' => old_left > 0,
            b'+' => new_left > 0,
            b'\\' => {
                continue;
            }
            _ => false,
        };
        if !fits {
            return Err(lines.error(format!(
                "does not fit the hunk that begins at line {start}, where {old_left} old and {new_left} new lines are to come"
            )));
        }
        if kind == b' ' {
            (old_left, new_left, old_line, new_line) = (old_left - 1, new_left - 1, old_line + 1, new_line + 1);
            is_apart = true;
            continue;
        }
        if is_apart {
            hunks.push(Hunk { old_first: old_line, new_first: new_line, ..Hunk::default() });
            is_apart = false;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        let text = String::from_utf8_lossy(text).into_owned();
        if kind == b'-' {
            (old_left, old_line) = (old_left - 1, old_line + 1);
            hunk.old.push(text);
        } else {
            (new_left, new_line) = (new_left - 1, new_line + 1);
            hunk.new.push(text);
        }
    }
    Ok(())
}

/// Both sides of a header.
fn spans(header: &[u8]) -> Option<(Span, Span)> {
    let rest = header.strip_prefix(b"@@ -")?;
    let (old, rest) = span(rest)?;
    let (new, rest) = span(rest.strip_prefix(b" +")?)?;
    rest.starts_with(b" @@").then_some((old, new))
}

/// `FIRST,COUNT`, or `FIRST` for one line. Where there are none, FIRST is the line before.
fn span(text: &[u8]) -> Option<(Span, &[u8])> {
    let (first, rest) = number(text)?;
    let (count, rest) = match rest.strip_prefix(b",") {
        Some(rest) => number(rest)?,
        None => (1, rest),
    };
    let next = if count == 0 { first + 1 } else { first };
    (next > 0 && next.checked_add(count)? <= MAX_LINE).then_some((Span { next, count }, rest))
}

fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    let number: u32 = str::from_utf8(number).ok()?.parse().ok()?;
    (number <= MAX_LINE).then_some((number, rest))
}

/// Whether a side of the header is `0,0`.
fn is_nothing(header: &[u8], sign: u8) -> bool {
    let text = header.iter().position(|byte| *byte == sign).and_then(|at| header.get(at + 1..));
    text.is_some_and(|text| text.starts_with(b"0,0 "))
}
