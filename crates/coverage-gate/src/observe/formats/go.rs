//! Go's coverprofile: `mode:` and then one block of statements a line, `path:line.column,line.column statements count`.
//!
//! The format: `golang.org/x/tools/cover`, `ParseProfiles`. Lines are derived from blocks, as in gocover-cobertura: each
//! line that a block with statements touches can run, and ran if any such block did. A block's end is the place after its
//! last sign, so one that ends in column 1 does not touch its last line. A line is one line however many blocks touch it.

mod block;
mod lines;
#[cfg(test)]
mod tests;

use super::super::reading::{Fault, MAX_PATH_BYTES, ReadError, Reading};
use super::super::whole_lines::{WholeLines, quote, take_line};
use crate::plan::coverage::blocks::{Block, Blocks};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use rustc_hash::FxHashMap;
use std::io::Read;

/// Files of one report; the largest monorepos have some hundred thousand.
const MAX_FILES: usize = 4_000_000;

/// Reads one report. All files are added at its end, since the profiles of several packages, one after the other, name a
/// file again and again.
/// Errors: no `mode:` line at the top; lines that are no blocks; one block with two numbers of statements.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut pieces = WholeLines::new(input);
    let mut profile = Profile::default();
    let mut whole = true;
    loop {
        let at = profile.line + 1;
        match pieces.next_piece().map_err(|err| ReadError { line: Some(at), ..err })? {
            Some(piece) => {
                whole = piece.ends_with(b"\n");
                profile.piece(piece, into)?;
            }
            None => break,
        }
    }
    if !whole {
        into.notice("no-final-newline", Some(profile.line), || {
            "the last line has no line end, as if the report were cut off there; it was read as it is".to_owned()
        });
    }
    profile.end(into)
}

/// Blocks of one file.
#[derive(Default)]
struct File {
    blocks: Blocks,
    /// How many blocks are finished.
    finished: usize,
}

impl File {
    /// Brings the blocks into their small form. When as many were pushed as are finished already, or nearly so, that takes
    /// no longer than pushing them did, however often the profile comes back to the file.
    fn settle(&mut self) {
        if self.blocks.unfinished_count() * 2 >= self.finished {
            self.blocks.finish();
            self.finished = self.blocks.iter().count();
        }
    }
}

#[derive(Default)]
struct Profile {
    /// The line of the report that is being read, 1-based.
    line: u64,
    /// Whether the first line with something on it was `mode:`.
    begun: bool,
    /// Path of the file that the last line named, and its place in `files`.
    path: Vec<u8>,
    at: usize,
    files: Vec<File>,
    places: FxHashMap<Box<[u8]>, usize>,
}

impl Profile {
    fn piece(&mut self, piece: &[u8], into: &mut Reading) -> Result<(), ReadError> {
        let mut rest = piece;
        while !rest.is_empty() {
            self.line += 1;
            let line = take_line(&mut rest);
            // Lines of one file mostly stand together.
            let fields = line.strip_prefix(self.path.as_slice()).and_then(|rest| rest.strip_prefix(b":"));
            match fields.filter(|_| !self.path.is_empty()).and_then(|fields| block::parse(fields).ok()) {
                Some(block) => self.add(block, line, into)?,
                None => self.line(line, into)?,
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8], into: &mut Reading) -> Result<(), ReadError> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        if let Some(mode) = line.strip_prefix(b"mode:") {
            self.begun = true;
            return match mode.trim_ascii() {
                b"set" | b"count" | b"atomic" => Ok(()),
                _ => Err(self.malformed(line, "is no mode; it is `set`, `count` or `atomic`")),
            };
        }
        if !self.begun {
            let what = "it does not begin with a `mode:` line, so it is no Go coverprofile; give the file that \
                        `go test -coverprofile` wrote";
            return Err(ReadError::new(Some(self.line), Fault::NotAReport(what.to_owned())));
        }
        let Some(colon) = memchr::memrchr(b':', line) else { return Err(self.malformed(line, "names no file")) };
        let (path, fields) = (&line[..colon], &line[colon + 1..]);
        let block = block::parse(fields).map_err(|what| self.malformed(line, what))?;
        self.go_to(path, line)?;
        self.add(block, line, into)
    }

    fn go_to(&mut self, path: &[u8], line: &[u8]) -> Result<(), ReadError> {
        if path.trim_ascii().is_empty() {
            return Err(self.malformed(line, "names no file"));
        }
        if path.len() > MAX_PATH_BYTES {
            return Err(self.malformed(line, &format!("has a path of more than {MAX_PATH_BYTES} bytes")));
        }
        if path.contains(&0) {
            return Err(self.malformed(line, "has a NUL byte in its path, so the report is damaged"));
        }
        if let Some(file) = self.files.get_mut(self.at) {
            file.settle();
        }
        self.path.clear();
        self.path.extend_from_slice(path);
        self.at = match self.places.get(path) {
            Some(at) => *at,
            None => {
                if self.files.len() >= MAX_FILES {
                    let what = format!("it names more than {MAX_FILES} files");
                    return Err(ReadError::new(Some(self.line), Fault::TooLarge(what)));
                }
                self.places.insert(path.into(), self.files.len());
                self.files.push(File::default());
                self.files.len() - 1
            }
        };
        Ok(())
    }

    #[inline]
    fn add(&mut self, block: Block, line: &[u8], into: &mut Reading) -> Result<(), ReadError> {
        if let Err(what) = block::check(&block) {
            return Err(self.malformed(line, what));
        }
        if block.from.0 == 0 {
            into.notice("line-zero", Some(self.line), || {
                format!("`{}` begins at line 0, which no file has; left out", quote(line))
            });
        } else if let Some(file) = self.files.get_mut(self.at) {
            file.blocks.push(block);
        }
        Ok(())
    }

    fn end(mut self, into: &mut Reading) -> Result<(), ReadError> {
        if !self.begun {
            return Err(ReadError::new(None, Fault::Empty));
        }
        let mut paths: Vec<(Box<[u8]>, usize)> = self.places.drain().collect();
        paths.sort_unstable();
        for (path, at) in paths {
            let mut blocks = std::mem::take(&mut self.files[at].blocks);
            blocks.finish();
            let path = String::from_utf8_lossy(&path).into_owned();
            lines::check(&blocks).map_err(|what| ReadError::new(None, Fault::Malformed(format!("{path}: {what}"))))?;
            let file = FileCoverage { lines: lines::of(&blocks), blocks, ..FileCoverage::default() };
            into.add(ReportedPath::new(path), file)?;
        }
        Ok(())
    }

    fn malformed(&self, line: &[u8], what: &str) -> ReadError {
        ReadError::malformed(self.line, format!("`{}` {what}", quote(line)))
    }
}
