//! LCOV tracefiles, of versions 1 and 2.
//!
//! The format: geninfo(1), "TRACEFILE FORMAT"; where that is silent, `lcovutil.pm` of LCOV 2 (`TraceFile::_read_info`).
//! Arms marked unreachable (`U`) do not count, as in LCOV's own totals. MC/DC records are left out.

mod fields;
mod functions;
mod record;
#[cfg(test)]
mod tests;

use super::super::reading::{Fault, ReadError, Reading};
use super::super::whole_lines::{WholeLines, quote, take_line};
use fields::{Numbers, line_number};
use record::{Declared, Record};
use std::io::Read;

/// Reads one report. Each record of a file is added as it ends.
/// Errors: nothing in it; a record that has no `end_of_record`; counts that are no numbers or negative; lines that are no
/// records.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut pieces = WholeLines::new(input);
    let mut reader = Reader { record: Record::default(), line: 0, open: false, blank: true, into };
    loop {
        let at = reader.line + 1;
        match pieces.next_piece().map_err(|err| ReadError { line: Some(at), ..err })? {
            Some(piece) => reader.piece(piece)?,
            None => return reader.end(),
        }
    }
}

struct Reader<'i> {
    record: Record,
    /// The line of the report that is being read, 1-based.
    line: u64,
    /// Whether a file's record has begun and not ended.
    open: bool,
    /// Whether all lines were.
    blank: bool,
    into: &'i mut Reading,
}

impl Reader<'_> {
    fn piece(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        let mut rest = piece;
        while !rest.is_empty() {
            self.line += 1;
            // Nine in ten records are these two and nearly all of them plain; the rest takes the general way.
            if self.open {
                match *rest {
                    [b'D', b'A', b':', ref fields @ ..] => {
                        if let Some((line, covered, after)) = fields::plain_line(fields) {
                            self.record.file.lines.push(line, covered);
                            rest = after;
                            continue;
                        }
                    }
                    [b'B', b'R', b'D', b'A', b':', ref fields @ ..] => {
                        if let Some((arm, after)) = fields::plain_arm(fields) {
                            self.record.arm(arm.line, arm.id, arm.taken)?;
                            rest = after;
                            continue;
                        }
                    }
                    _ => {}
                }
            }
            let line = take_line(&mut rest);
            self.blank &= line.trim_ascii().is_empty();
            self.line(line)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> Result<(), ReadError> {
        let Some(colon) = memchr::memchr(b':', line) else { return self.without_colon(line) };
        let (kind, fields) = (&line[..colon], &line[colon + 1..]);
        match kind {
            b"SF" => return self.begin(fields),
            _ if line[0] == b'#' => return Ok(()),
            b"TN" | b"VER" => return Ok(()),
            b"DA" | b"BRDA" | b"FN" | b"FNDA" | b"FNL" | b"FNA" | b"MCDC" if !self.open => {
                return Err(self.malformed(line, "comes before the `SF` record that names its file"));
            }
            _ => {}
        }
        let result = match kind {
            b"DA" => self.covered_line(fields),
            b"BRDA" => self.arm(fields),
            b"FN" | b"FNDA" | b"FNL" | b"FNA" => self.function(kind, fields),
            b"MCDC" | b"MCF" | b"MCH" => Ok(()),
            _ => match Declared::of(kind) {
                Some(total) => {
                    self.declared(total, fields);
                    Ok(())
                }
                None if kind.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                    && !kind.is_empty() =>
                {
                    self.into.notice("record-unknown", Some(self.line), || {
                        format!("`{}` is no record that LCOV describes; it is left out", quote(line))
                    });
                    Ok(())
                }
                None => Err("is no LCOV record".into()),
            },
        };
        result.map_err(|what| self.malformed(line, what))
    }

    fn without_colon(&mut self, line: &[u8]) -> Result<(), ReadError> {
        match line.trim_ascii() {
            [] | [b'#', ..] => Ok(()),
            b"end_of_record" if self.open => {
                self.open = false;
                self.record.end(self.line, self.into)
            }
            b"end_of_record" => {
                self.into.notice("record-empty", Some(self.line), || {
                    "`end_of_record` without an `SF` record before it".to_owned()
                });
                Ok(())
            }
            // Some scripts leave the end sign of a shell's here-document.
            b"EOF" if !self.open => {
                self.into.notice("record-unknown", Some(self.line), || "`EOF` is no LCOV record".to_owned());
                Ok(())
            }
            _ => Err(self.malformed(line, "is no LCOV record")),
        }
    }

    fn begin(&mut self, path: &[u8]) -> Result<(), ReadError> {
        if self.open {
            return Err(self.not_ended());
        }
        self.record.begin(path, self.line)?;
        self.open = true;
        Ok(())
    }

    fn covered_line(&mut self, fields: &[u8]) -> Result<(), String> {
        let mut fields = fields.splitn(3, |byte| *byte == b',');
        let (line, count) = (fields.next().unwrap_or(&[]), fields.next());
        let Some(line) = self.checked_line(line)? else { return Ok(()) };
        let covered = fields::covered(count.ok_or("has no count")?)?;
        self.record.file.lines.push(line, covered);
        Ok(())
    }

    fn arm(&mut self, fields: &[u8]) -> Result<(), String> {
        let arm = fields::arm(fields)?;
        let Some(line) = self.checked_line(arm.line)? else { return Ok(()) };
        if !arm.unreachable {
            self.record.arm(line, arm.id, arm.taken).map_err(|err| err.what())?;
        }
        Ok(())
    }

    /// A line number above 0. Line 0 is what coverage.py writes for arms that leave a file, and nothing that could be
    /// covered.
    fn checked_line(&mut self, field: &[u8]) -> Result<Option<u32>, String> {
        let line = line_number(field)?;
        if line == 0 {
            self.into
                .notice("line-zero", Some(self.line), || "a record of line 0, which no file has; left out".to_owned());
        }
        Ok((line > 0).then_some(line))
    }

    fn function(&mut self, kind: &[u8], fields: &[u8]) -> Result<(), String> {
        let (number, rest) = fields::split(fields).ok_or("has too few fields")?;
        let functions = &mut self.record.functions;
        match kind {
            b"FN" => {
                // A second number is the function's last line, unless it is the end: then it is the name.
                let name =
                    fields::split(rest).filter(|(end, _)| Numbers::are_digits(end)).map_or(rest, |(_, name)| name);
                functions.declare(line_number(number)?, name)
            }
            b"FNDA" => functions.count(rest, fields::covered(number)?),
            b"FNL" => {
                let line = fields::split(rest).map_or(rest, |(line, _)| line);
                functions.place(number, line_number(line)?)
            }
            _ => {
                let (count, name) = fields::split(rest).ok_or("has too few fields")?;
                functions.alias(number, name, fields::covered(count)?)
            }
        }
    }

    fn declared(&mut self, total: Declared, field: &[u8]) {
        match Numbers::whole(field.trim_ascii()) {
            Some(number) => self.record.declare(total, number),
            None => self.into.notice("total-unreadable", Some(self.line), || {
                format!("`{}` is no total; totals are counted from the records anyway", quote(field))
            }),
        }
    }

    fn end(self) -> Result<(), ReadError> {
        if self.open {
            return Err(self.not_ended());
        }
        // A head without any record is a report of nothing, and the judge says so.
        if self.blank { Err(ReadError::new(None, Fault::Empty)) } else { Ok(()) }
    }

    fn not_ended(&self) -> ReadError {
        let what = format!(
            "the record of `{}` begins at line {} and has no `end_of_record`",
            quote(&self.record.path),
            self.record.begun
        );
        ReadError::new(Some(self.line), Fault::Truncated(what))
    }

    fn malformed(&self, line: &[u8], what: impl AsRef<str>) -> ReadError {
        ReadError::malformed(self.line, format!("`{}` {}", quote(line), what.as_ref()))
    }
}
