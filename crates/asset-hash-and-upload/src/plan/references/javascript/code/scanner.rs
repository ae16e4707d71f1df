//! The scanner itself.

use super::super::super::{source_map, text};
use super::super::nesting::{Nesting, TEMPLATE_BYTES};
use super::lexical::{blank_length, is_word, regular_expression};
use super::{Broken, Code, Token};
use std::ops::Range;

/// What the last token was, as far as it tells what the next one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// A statement begins: the file does, or `;`, `export` or `default` was last.
    Statement,
    /// `{`.
    CurlyOpen,
    /// `}` of a block, or of a function that is a statement.
    BlockEnd,
    /// `=>`.
    Arrow,
    /// `else`, `do`, `try`, `finally`.
    BlockWord,
    /// `if`, `while`, `for`, `with`, `switch`, `catch`.
    HeadWord,
    /// `)` of one of these.
    HeadEnd,
    /// `)` of a function's parameters; whether the function is an expression.
    ParametersEnd(bool),
    /// `:`, of no condition.
    Colon,
    Comma,
    /// `case`.
    Case,
    /// `extends`.
    Extends,
    /// `async`.
    Async,
    Dot,
    /// Any other operator, and words that an operand follows.
    Operator,
    /// A name, and words that are none of these.
    Name,
    /// Any other end of an operand.
    Operand,
}

impl Last {
    /// Whether an operand ends here, so that `/` divides.
    pub(super) fn is_operand(self) -> bool {
        matches!(self, Last::Name | Last::Operand | Last::ParametersEnd(_) | Last::Async)
    }

    /// Whether a statement may begin here, by a line break too.
    pub(super) fn may_begin_statement(self) -> bool {
        let begins = matches!(
            self,
            Last::Statement | Last::CurlyOpen | Last::BlockEnd | Last::BlockWord | Last::HeadEnd | Last::Colon
        );
        begins || (self.is_operand() && self != Last::Async)
    }
}

/// What an open bracket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// `(`; what its `)` will be.
    Parenthesis(Last),
    Square,
    /// `{`; what its `}` will be, and whether a statement ends there.
    Curly(Last, bool),
    /// `${`.
    Template,
}

/// An open bracket, and what was pending around it.
pub(super) struct Level {
    pub(super) open: Open,
    pub(super) words: Words,
}

/// What is pending within a bracket.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words {
    /// `?` without their `:`.
    pub(super) conditions: u32,
    /// `function` whose `(` has not come; whether it is an expression.
    pub(super) function: Option<bool>,
    /// `class` whose `{` has not come; whether it is an expression.
    pub(super) class: Option<bool>,
    /// `for`'s own parentheses, where `of` is an operator.
    pub(super) in_for: bool,
}

pub(super) struct Scanner<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) at: usize,
    pub(super) html_comments: bool,
    pub(super) text: Vec<u8>,
    copied: usize,
    pub(super) moves: Vec<(usize, usize)>,
    tokens: Vec<Token>,
    source_map: Option<Range<usize>>,
    pub(super) nesting: Nesting,
    pub(super) levels: Vec<Level>,
    pub(super) words: Words,
    pub(super) last: Last,
    pub(super) before: Last,
    /// Only blanks and comments were on this line.
    line_start: bool,
    /// A statement has ended, unless `else` or `while` comes next.
    pub(super) statement_ended: bool,
    pub(super) for_head: bool,
}

impl<'b> Scanner<'b> {
    pub(super) fn new(bytes: &'b [u8], html_comments: bool) -> Scanner<'b> {
        Scanner {
            bytes,
            at: 0,
            html_comments,
            text: Vec::new(),
            copied: 0,
            moves: Vec::new(),
            tokens: Vec::new(),
            source_map: None,
            nesting: Nesting::default(),
            levels: Vec::new(),
            words: Words::default(),
            last: Last::Statement,
            before: Last::Statement,
            line_start: true,
            statement_ended: false,
            for_head: false,
        }
    }

    pub(super) fn finish(mut self) -> Code {
        self.copy(self.bytes.len());
        let text =
            String::from_utf8(self.text).unwrap_or_else(|err| text::same_length_text(err.as_bytes()).into_owned());
        let (tokens, source_map, stack_bytes, moves) =
            (self.tokens, self.source_map, self.nesting.largest_bytes(), self.moves);
        Code { text, tokens, source_map, stack_bytes, moves }
    }

    pub(super) fn run(&mut self) -> Result<(), Broken> {
        if self.bytes.starts_with(b"#!") {
            self.line_comment(2);
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'\n' | b'\r' => self.line_break(1),
                b'/' => self.slash()?,
                b'<' if self.html_comments && self.rest().starts_with(b"<!--") => self.line_comment(4),
                b'-' if self.html_comments && self.line_start && self.rest().starts_with(b"-->") => {
                    self.line_comment(3)
                }
                _ if self.blank() => {}
                _ => {
                    self.line_start = false;
                    let (start, depth) = (self.in_text(), self.levels.len());
                    self.token(byte)?;
                    let literal = matches!(byte, b'"' | b'\'') || (byte == b'`' && self.levels.len() == depth);
                    self.tokens.push(Token { start, end: self.in_text(), literal });
                }
            }
        }
        if self.levels.is_empty() { Ok(()) } else { Err(self.broken("it ends before a bracket is closed")) }
    }

    pub(super) fn broken(&self, what: &'static str) -> Broken {
        Broken { at: self.at, what }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn set(&mut self, last: Last) {
        (self.before, self.last) = (self.last, last);
    }

    /// Where in the text the next byte will be.
    fn in_text(&self) -> u32 {
        u32::try_from(self.text.len() + (self.at - self.copied)).unwrap_or(u32::MAX)
    }

    /// Copies what lies before that place.
    pub(super) fn copy(&mut self, to: usize) {
        self.text.extend_from_slice(self.bytes.get(self.copied..to).unwrap_or_default());
        self.copied = to;
    }

    /// Writes a byte instead of what lies between here and `to`, when that has not the byte's length.
    fn replace(&mut self, byte: u8, to: usize) {
        self.copy(self.at);
        self.text.push(byte);
        self.moves.push((self.text.len(), to));
        (self.copied, self.at) = (to, to);
    }

    fn line_break(&mut self, length: usize) {
        self.at += length;
        self.line_start = true;
    }

    /// Blanks beyond ASCII (ECMA-262, 12.2 and 12.3).
    fn blank(&mut self) -> bool {
        match blank_length(self.rest()) {
            Some((length, breaks)) => {
                self.at += length;
                self.line_start |= breaks;
                true
            }
            None => false,
        }
    }

    /// A comment that ends with the line; `mark` is the length of what begins it.
    fn line_comment(&mut self, mark: usize) {
        let mut end = self.at + mark;
        loop {
            let rest = self.bytes.get(end..).unwrap_or_default();
            let Some(at) = memchr::memchr3(b'\n', b'\r', 0xe2, rest) else {
                end = self.bytes.len();
                break;
            };
            end += at;
            if rest[at] != 0xe2 || matches!(rest.get(at..at + 3), Some(b"\xe2\x80\xa8" | b"\xe2\x80\xa9")) {
                break;
            }
            end += 1;
        }
        self.magic(self.at + mark, end);
        self.replace(b' ', end);
    }

    fn block_comment(&mut self) -> Result<(), Broken> {
        let content = self.at + 2;
        let Some(length) = memchr::memmem::find(self.bytes.get(content..).unwrap_or_default(), b"*/") else {
            return Err(self.broken("a comment is not closed"));
        };
        self.magic(content, content + length);
        // A comment with a line break in it is one for what a line break means.
        let comment = self.bytes.get(content..content + length).unwrap_or_default();
        let breaks = memchr::memchr2(b'\n', b'\r', comment).is_some()
            || memchr::memmem::find(comment, b"\xe2\x80\xa8").is_some()
            || memchr::memmem::find(comment, b"\xe2\x80\xa9").is_some();
        self.line_start |= breaks;
        self.replace(if breaks { b'\n' } else { b' ' }, content + length + 2);
        Ok(())
    }

    fn magic(&mut self, start: usize, end: usize) {
        if let Some(at) = source_map::in_comment(self.bytes.get(start..end).unwrap_or_default()) {
            self.source_map = Some(start + at.start..start + at.end);
        }
    }

    fn slash(&mut self) -> Result<(), Broken> {
        match self.peek(1) {
            Some(b'/') => self.line_comment(2),
            Some(b'*') => self.block_comment()?,
            _ => {
                self.line_start = false;
                let start = self.in_text();
                let expression = if self.last.is_operand() { None } else { regular_expression(self.rest()) };
                match expression {
                    Some(length) => self.expression(length),
                    None => self.division(),
                }
                self.tokens.push(Token { start, end: self.in_text(), literal: false });
            }
        }
        Ok(())
    }

    fn division(&mut self) {
        self.ended(false);
        self.copy(self.at);
        self.text.push(b'*');
        self.copied = self.at + 1;
        self.at += 1;
        if self.peek(0) == Some(b'=') {
            self.at += 1;
            self.nesting.assignment();
        } else {
            self.nesting.binary();
        }
        self.set(Last::Operator);
    }

    /// A regular expression becomes a name of its length, with a blank before it.
    fn expression(&mut self, length: usize) {
        self.operand(Last::Operand);
        self.copy(self.at);
        self.text.push(b' ');
        self.text.extend(std::iter::repeat_n(b'_', length - 1));
        self.at += length;
        self.copied = self.at;
    }

    /// What ended a statement is known when the next token is: `else` and `while` go on with it.
    pub(super) fn ended(&mut self, goes_on: bool) {
        if std::mem::take(&mut self.statement_ended) && !goes_on {
            self.nesting.end_statement();
        }
    }

    /// An operand begins. Behind another one it belongs to another expression, or to none.
    pub(super) fn operand(&mut self, last: Last) {
        self.ended(false);
        self.adjoin();
        self.set(last);
    }

    pub(super) fn adjoin(&mut self) {
        if self.last.is_operand() && self.last != Last::Async {
            self.nesting.end_expression();
        }
    }

    fn token(&mut self, byte: u8) -> Result<(), Broken> {
        match byte {
            b'"' | b'\'' => self.string(byte)?,
            b'`' => {
                if !self.last.is_operand() {
                    self.operand(Last::Operand);
                }
                self.at += 1;
                self.template()?;
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            _ if is_word(byte) => self.word(),
            b'(' | b'[' | b'{' => self.opens(byte),
            b')' | b']' | b'}' => self.closes(byte)?,
            _ => self.punctuator(byte),
        }
        Ok(())
    }

    fn number(&mut self) {
        self.operand(Last::Operand);
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
        self.at += digits.count();
    }

    fn string(&mut self, quote: u8) -> Result<(), Broken> {
        self.operand(Last::Operand);
        let mut end = self.at + 1;
        loop {
            let rest = self.bytes.get(end..).unwrap_or_default();
            // A line break may only stand behind a backslash, and is rare.
            let at = memchr::memchr3(quote, b'\\', b'\n', rest).ok_or_else(|| self.broken("a string is not closed"))?;
            if memchr::memchr(b'\r', &rest[..at]).is_some() || rest[at] == b'\n' {
                return Err(self.broken("a string is not closed on its line"));
            }
            end += at;
            match (rest[at], rest.get(at + 1), rest.get(at + 2)) {
                (b'\\', Some(b'\r'), Some(b'\n')) => end += 3,
                (b'\\', ..) => end += 2,
                _ => break,
            }
        }
        self.at = end + 1;
        Ok(())
    }

    /// The text of a template from here to its end or to the next expression in it.
    pub(super) fn template(&mut self) -> Result<(), Broken> {
        let mut end = self.at;
        loop {
            let rest = self.bytes.get(end..).unwrap_or_default();
            let at = memchr::memchr3(b'`', b'\\', b'$', rest).ok_or_else(|| self.broken("a template is not closed"))?;
            end += at;
            match (rest[at], rest.get(at + 1)) {
                (b'`', _) => {
                    self.at = end + 1;
                    self.set(Last::Operand);
                    return Ok(());
                }
                (b'\\', _) => end += 2,
                (_, Some(b'{')) => break,
                _ => end += 1,
            }
        }
        self.at = end + 2;
        self.push(Open::Template, TEMPLATE_BYTES);
        self.set(Last::Operator);
        Ok(())
    }

    pub(super) fn push(&mut self, open: Open, weight_bytes: usize) {
        self.levels.push(Level { open, words: std::mem::take(&mut self.words) });
        self.nesting.open(weight_bytes);
    }
}
