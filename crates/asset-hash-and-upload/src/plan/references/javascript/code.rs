//! A script without its comments and regular expressions.
//!
//! Only a parser knows for sure whether `/` divides or begins a regular expression, and only tokens tell how deeply a script
//! nests, which has to be known before a parser that recurses may be started on it. So the scanner decides as es-module-lexer
//! does, by the token before and the bracket that it closes, and writes its decision down: a regular expression becomes a
//! name of its length, a division becomes `*`, which binds as strongly, and a comment becomes a blank. In what is
//! left the parser finds no other tokens than were counted. Should a decision have been wrong, it finds an error.
//!
//! `oxc_parser` would give its own tokens, but asserts something untrue of them where it gives up on what is no token.

mod brackets;
mod lexical;
mod punctuators;
mod scanner;
mod words;

use std::ops::Range;

/// What [`read`] leaves of a script.
#[derive(Debug)]
pub struct Code {
    /// The code; what was not UTF-8 is `_`.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The URL of the last comment that names a source map, in the file.
    pub source_map: Option<Range<usize>>,
    /// Stack that parsing may need (see [`super::nesting`]), in bytes.
    pub stack_bytes: usize,
    /// Where in the text and in the file copying began anew.
    moves: Vec<(usize, usize)>,
}

impl Code {
    /// The place in the file of a place in the text.
    pub fn in_file(&self, at: usize) -> usize {
        let behind = self.moves.partition_point(|(text, _)| *text <= at);
        match behind.checked_sub(1).and_then(|index| self.moves.get(index)) {
            Some((text, file)) => file + (at - text),
            None => at,
        }
    }
}

/// A token of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it begins in the text.
    pub start: u32,
    /// Where it ends there.
    pub end: u32,
    /// It is a string, or a template without expressions.
    pub literal: bool,
}

/// What no script has.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// The byte of the file.
    pub at: usize,
    /// What is wrong.
    pub what: &'static str,
}

/// Reads a script.
///
/// `html_comments`: `<!--` and `-->` begin comments, as they do in scripts that are no modules (ECMA-262, B.1.1).
///
/// # Errors
/// An unterminated string, template or comment, and a bracket that closes none or another.
pub fn read(bytes: &[u8], html_comments: bool) -> Result<Code, Broken> {
    let mut scanner = scanner::Scanner::new(bytes, html_comments);
    scanner.run()?;
    Ok(scanner.finish())
}

#[cfg(test)]
mod tests;
