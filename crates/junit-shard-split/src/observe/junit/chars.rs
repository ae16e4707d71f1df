//! Skips or hands over the character data between two tags, in pieces: a CDATA section of a gigabyte takes no memory.

use std::io::{self, Read};

use memchr::memmem;

use super::escape::{self, MAX_REFERENCE_BYTES, Reference};
use super::source::{Source, is_forbidden};
use super::visit::{Flow, Refusal};

/// What was found behind the character data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A tag or processing instruction; the position is at its `<`.
    Markup,
    /// The end of the report.
    End,
}

/// Why the character data could not be passed.
#[derive(Debug)]
pub(super) enum Obstacle {
    Io(io::Error),
    /// An entity that only a DTD could declare.
    Entity(String),
    /// A DOCTYPE; `true` for that of a web page.
    Doctype(bool),
    /// `<!` and something else.
    Declaration,
    /// The report ends inside a CDATA section or a comment.
    Unclosed(&'static str),
    Refused(Refusal),
}

impl From<io::Error> for Obstacle {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Refusal> for Obstacle {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Takes the pieces of text.
pub(super) type Sink<'s> = &'s mut dyn FnMut(&str) -> Flow;

/// Goes to the next tag. Returns what it found, and whether there was nothing but white space (and comments) before it.
#[inline]
pub(super) fn pass<R: Read>(source: &mut Source<R>, sink: Option<Sink<'_>>) -> Result<(Next, bool), Obstacle> {
    // Between most tags there is a line break and the indentation.
    if sink.is_none() {
        let bytes = source.buffered().as_bytes();
        let (mut spaces, mut newlines) = (0, 0);
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(spaces) {
            newlines += u64::from(bytes[spaces] == b'\n');
            spaces += 1;
        }
        if let Some(&[b'<', behind]) = bytes.get(spaces..spaces + 2)
            && behind != b'!'
        {
            source.consume_counted(spaces, newlines);
            return Ok((Next::Markup, true));
        }
    }
    pass_any(source, sink)
}

fn pass_any<R: Read>(source: &mut Source<R>, mut sink: Option<Sink<'_>>) -> Result<(Next, bool), Obstacle> {
    let mut blank = true;
    loop {
        let available = source.fill()?;
        if available.is_empty() {
            return Ok((Next::End, blank));
        }
        let end = memchr::memchr2(b'<', b'&', available.as_bytes()).unwrap_or(available.len());
        if end > 0 {
            blank = blank && is_blank(&available[..end]);
            let forbidden = give(&available[..end], &mut sink)?;
            source.count_forbidden(forbidden);
            source.consume(end);
            continue;
        }
        if available.starts_with('&') {
            blank = false;
            pass_reference(source, &mut sink)?;
            continue;
        }
        let look = source.peek(b"<![CDATA[".len())?;
        if !look[1..].starts_with('!') {
            return Ok((Next::Markup, blank));
        }
        if look.starts_with("<!--") {
            source.consume("<!--".len());
            until(source, "-->", "comment", &mut None)?;
        } else if look.starts_with("<![CDATA[") {
            source.consume("<![CDATA[".len());
            blank = false;
            until(source, "]]>", "CDATA section", &mut sink)?;
        } else {
            return Err(declaration(source)?);
        }
    }
}

/// Goes over white space. Returns whether a text begins here.
pub(super) fn pass_space<R: Read>(source: &mut Source<R>) -> io::Result<bool> {
    loop {
        let available = source.fill()?;
        let text = available.trim_ascii_start();
        let spaces = available.len() - text.len();
        let begins = text.chars().next();
        source.consume(spaces);
        // A document that was appended may begin with a byte order mark.
        if begins.is_some() || spaces == 0 {
            return Ok(begins.is_some_and(|c| !matches!(c, '<' | '\u{FEFF}')));
        }
    }
}

/// White space, or the byte order mark of a document that was appended.
fn is_blank(text: &str) -> bool {
    matches!(text.trim_ascii(), "" | "\u{FEFF}")
}

/// Hands over a piece, without the characters that XML forbids; returns how many they were and the first of them.
fn give(piece: &str, sink: &mut Option<Sink<'_>>) -> Result<Option<(u64, char, usize)>, Obstacle> {
    let Some(sink) = sink else { return Ok(None) };
    let Some(first) = piece.find(is_forbidden) else {
        sink(piece)?;
        return Ok(None);
    };
    sink(&piece.replace(is_forbidden, "\u{FFFD}"))?;
    let count = piece.chars().filter(|&c| is_forbidden(c)).count() as u64;
    Ok(piece[first..].chars().next().map(|c| (count, c, first)))
}

fn pass_reference<R: Read>(source: &mut Source<R>, sink: &mut Option<Sink<'_>>) -> Result<(), Obstacle> {
    let window = source.peek(MAX_REFERENCE_BYTES)?;
    let reference = escape::reference(window.as_bytes());
    if let Reference::Undeclared(length) = reference {
        return Err(Obstacle::Entity(window[..length].to_owned()));
    }
    let line = match reference {
        Reference::Char(..) => 0,
        _ => source.line(),
    };
    let mut decoded = String::new();
    let used = escape::push(&reference, &mut decoded, &mut source.notices, line);
    source.consume(used);
    give(&decoded, sink).map(|_| ())
}

/// Passes everything up to `end` and `end` itself.
fn until<R: Read>(
    source: &mut Source<R>,
    end: &'static str,
    what: &'static str,
    sink: &mut Option<Sink<'_>>,
) -> Result<(), Obstacle> {
    let finder = memmem::Finder::new(end);
    let mut wanted = end.len();
    loop {
        let available = source.peek(wanted)?;
        if let Some(at) = finder.find(available.as_bytes()) {
            let forbidden = give(&available[..at], sink)?;
            source.count_forbidden(forbidden);
            source.consume(at + end.len());
            return Ok(());
        }
        let ended = available.len() < wanted;
        // The last bytes may be the first ones of the end, which are ASCII, so that no character is cut.
        let last = available.bytes().rev().take(end.len() - 1);
        let held = if ended { 0 } else { last.take_while(|b| end.as_bytes().contains(b)).count() };
        let safe = available.len() - held;
        let forbidden = give(&available[..safe], sink)?;
        source.count_forbidden(forbidden);
        source.consume(safe);
        if ended {
            return Err(Obstacle::Unclosed(what));
        }
        wanted = end.len().max(held + 1);
    }
}

/// What stands behind `<!` when it is neither comment nor CDATA.
fn declaration<R: Read>(source: &mut Source<R>) -> Result<Obstacle, Obstacle> {
    let look = source.peek(b"<!DOCTYPE html".len())?.as_bytes();
    let is = |prefix: &[u8]| look.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if is(b"<!DOCTYPE") {
        return Ok(Obstacle::Doctype(is(b"<!DOCTYPE html")));
    }
    if b"<!--".starts_with(look) || b"<!DOCTYPE".starts_with(look) || b"<![CDATA[".starts_with(look) {
        return Ok(Obstacle::Unclosed("declaration"));
    }
    Ok(Obstacle::Declaration)
}
