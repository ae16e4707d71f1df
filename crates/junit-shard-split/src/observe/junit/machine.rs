//! The reader: tags and character data in turn, and what is wrong with them.

use std::io::{self, Read};

use super::chars::{self, Next, Obstacle};
use super::dialect::TEXT_BYTES;
use super::error::{Class, Limit, ReadError, Resembles};
use super::source::{Source, Stop};
use super::tag::{self, NoTag, RawAttribute, TagKind};
use super::visit::{MAX_PROPERTY_TEXT_BYTES, Visitor};
use super::walk::{Element, TextTo, Walk};
use super::{Limits, Summary};

/// Reads one report from beginning to end and tells `visitor` what stands in it, in memory that does not grow with the
/// report. The source needs no buffer of its own.
///
/// # Errors
/// See [`ReadError`]. What the visitor was told before stands, so a caller that goes on with other reports drops it.
pub fn read<R: Read, V: Visitor + ?Sized>(source: R, limits: &Limits, visitor: &mut V) -> Result<Summary, ReadError> {
    let mut machine = Machine { source: Source::new(source, *limits), walk: Walk::new(*limits, visitor) };
    machine.run()?;
    let Machine { source, walk } = machine;
    let mut notices = walk.notices;
    let mut summary = walk.summary;
    summary.bytes = source.bytes_read();
    notices.merge(source.notices);
    summary.notices = notices.into_sorted();
    Ok(summary)
}

struct Machine<'v, R, V: ?Sized> {
    source: Source<R>,
    walk: Walk<'v, V>,
}

impl<R: Read, V: Visitor + ?Sized> Machine<'_, R, V> {
    fn run(&mut self) -> Result<(), ReadError> {
        let mut attributes = Vec::with_capacity(16);
        while self.pass_text()? == Next::Markup {
            self.pass_tag(&mut attributes)?;
        }
        match self.walk.innermost() {
            Some((element, line)) => Err(self.truncated(element, line)),
            None if self.walk.summary.documents == 0 => Err(not_junit(Resembles::Empty, 1)),
            None => Ok(()),
        }
    }

    fn pass_tag(&mut self, attributes: &mut Vec<RawAttribute>) -> Result<(), ReadError> {
        let line = self.source.line();
        let tag = match tag::read(&mut self.source, attributes) {
            Ok(tag) => tag,
            Err(reason) => return Err(self.refuse_tag(reason, line)),
        };
        let (length, one_line) = (tag.text.len(), tag.one_line);
        let walked = match tag.kind {
            TagKind::Start => self.walk.start(tag, line),
            TagKind::Empty => self.walk.empty(tag, line),
            TagKind::End => self.walk.end(tag.name, line),
            TagKind::Instruction => Ok(()),
        };
        if let Err(error) = walked {
            return Err(ReadError { column: Some(self.source.column()), ..error });
        }
        match one_line {
            true => self.source.consume_counted(length, 0),
            false => self.source.consume(length),
        }
        Ok(())
    }

    /// Goes to the next tag; text goes where it is wanted.
    fn pass_text(&mut self) -> Result<Next, ReadError> {
        let passed = match self.walk.text_to() {
            TextTo::Nowhere => chars::pass(&mut self.source, None),
            TextTo::Visitor => {
                let visitor = &mut *self.walk.visitor;
                chars::pass(&mut self.source, Some(&mut |piece: &str| visitor.text(piece)))
            }
            TextTo::Property => {
                let kept = &mut self.walk.property_text;
                let mut keep = |piece: &str| {
                    append_within(kept, piece, MAX_PROPERTY_TEXT_BYTES);
                    Ok(())
                };
                chars::pass(&mut self.source, Some(&mut keep))
            }
            TextTo::NoElement => return self.pass_text_between_documents(),
        };
        match passed {
            Ok((next, _)) => Ok(next),
            Err(obstacle) => Err(self.refuse_text(obstacle)),
        }
    }

    fn pass_text_between_documents(&mut self) -> Result<Next, ReadError> {
        let first = self.walk.summary.documents == 0;
        let is_text = chars::pass_space(&mut self.source).map_err(|error| self.refuse_source(error))?;
        if first && is_text {
            // However little has arrived so far.
            self.source.peek(TEXT_BYTES).map(drop).map_err(|error| self.refuse_source(error))?;
            let resembles = Resembles::text(self.source.buffered());
            return Err(not_junit(resembles, self.source.line()));
        }
        let behind = "there is text behind the end of the report; two runs may have written to the same file";
        if is_text {
            return Err(self.fail(Class::Malformed, behind.to_owned()));
        }
        match chars::pass(&mut self.source, None) {
            Ok((next, true)) => Ok(next),
            Ok((_, false)) if first => Err(self.fail(Class::Malformed, "there is text before the report".to_owned())),
            Ok((_, false)) => Err(self.fail(Class::Malformed, behind.to_owned())),
            Err(obstacle) => Err(self.refuse_text(obstacle)),
        }
    }

    #[cold]
    fn fail(&mut self, class: Class, what: String) -> ReadError {
        ReadError { class, line: self.source.line(), column: Some(self.source.column()), what }
    }

    fn truncated(&mut self, element: Element, line: u64) -> ReadError {
        let name = element.phrase();
        let what =
            format!("the report ends inside {name} that begins on line {line}; was the job killed while it wrote?");
        self.fail(Class::Truncated, what)
    }

    #[cold]
    fn refuse_text(&mut self, obstacle: Obstacle) -> ReadError {
        match obstacle {
            Obstacle::Io(error) => self.refuse_source(error),
            Obstacle::Entity(name) => {
                let what =
                    format!("`{name}` is an entity that XML does not know; entities of a DTD are never expanded");
                self.fail(Class::Dtd, what)
            }
            Obstacle::Doctype(true) if self.walk.summary.documents == 0 => {
                not_junit(Resembles::Html, self.source.line())
            }
            Obstacle::Doctype(_) => {
                let what =
                    "a DOCTYPE is refused: no JUnit report needs one, and it can name files and addresses to read";
                self.fail(Class::Dtd, what.to_owned())
            }
            Obstacle::Declaration => {
                self.fail(Class::Malformed, "`<!` begins neither a comment nor a CDATA section".to_owned())
            }
            Obstacle::Unclosed(what) => {
                let what = format!("the report ends inside a {what}; was the job killed while it wrote?");
                self.fail(Class::Truncated, what)
            }
            Obstacle::Refused(refusal) => self.fail(Class::Limit(refusal.limit), refusal.what),
        }
    }

    #[cold]
    fn refuse_tag(&mut self, reason: NoTag, line: u64) -> ReadError {
        match reason {
            NoTag::Io(error) => self.refuse_source(error),
            NoTag::Truncated => {
                let rest = self.source.buffered().len();
                self.source.consume(rest);
                let what = format!(
                    "the report ends inside a tag that begins on line {line}; was the job killed while it wrote?"
                );
                self.fail(Class::Truncated, what)
            }
            NoTag::TooLong => {
                let what = format!("a tag is longer than {} bytes", self.source.max_tag_bytes());
                self.fail(Class::Limit(Limit::TagBytes), what)
            }
            NoTag::Malformed(what) => self.fail(Class::Malformed, what.to_owned()),
        }
    }

    #[cold]
    fn refuse_source(&mut self, error: io::Error) -> ReadError {
        match self.source.stop.take() {
            Some(Stop::TooLarge) => {
                let what = format!("the report is larger than {} bytes", self.source.max_report_bytes());
                self.fail(Class::Limit(Limit::ReportBytes), what)
            }
            Some(Stop::Compressed) => not_junit(Resembles::Compressed, 1),
            Some(Stop::Encoding(name)) => {
                let what = format!("the report is in {name}; only UTF-8, ISO-8859-1 and windows-1252 are read");
                self.fail(Class::Encoding, what)
            }
            None => {
                let what = format!("reading failed: {error}");
                self.fail(Class::Io(error), what)
            }
        }
    }
}

fn not_junit(resembles: Resembles, line: u64) -> ReadError {
    ReadError { class: Class::NotJunit(resembles), line, column: None, what: resembles.sentence("") }
}

/// Appends what fits, cut between characters.
fn append_within(kept: &mut String, piece: &str, limit: usize) {
    let room = limit.saturating_sub(kept.len());
    let end = (0..=room.min(piece.len())).rev().find(|&at| piece.is_char_boundary(at)).unwrap_or(0);
    kept.push_str(&piece[..end]);
}
