//! References of style sheets and of `style` attributes, from the tokens of CSS Syntax.
//!
//! Read are `url(…)`, `src("…")`, the strings of `image-set(…)`, `@import` and the comment that names a source map, in custom
//! properties too. Not read, because a browser fetches nothing there, is what stands in other comments and strings, in the
//! preludes of rules (`@namespace`, `@supports`, `@document`), and what is no URL (`data:`, fragments alone).

use super::{Demand, Found, Reference, Unreadable, Writing, line_of};
use super::{source_map, text, url_form};
use cssparser::{Parser, ParserInput, Token};
use std::ops::Range;

/// The largest style sheet that is read, in bytes. The largest that frameworks ship have a hundredth of it.
pub const LIMIT_BYTES: usize = 32 << 20;

/// References of a style sheet.
///
/// CSS has no errors that end a sheet: what is broken is left out as a browser leaves it out, and the rest is read.
///
/// # Errors
/// A sheet larger than [`LIMIT_BYTES`].
pub fn references(bytes: &[u8]) -> Result<Found, Unreadable> {
    read(bytes, Place::StyleSheet)
}

/// References of declarations, the content of a `style` attribute: no `@import`, no source map.
///
/// # Errors
/// As [`references`].
pub fn declarations(bytes: &[u8]) -> Result<Found, Unreadable> {
    read(bytes, Place::Declarations)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    StyleSheet,
    Declarations,
}

fn read(bytes: &[u8], place: Place) -> Result<Found, Unreadable> {
    // A function needs its bracket and a rule its sign, whatever is escaped; a comment that counts has one of both in it.
    if memchr::memchr3(b'(', b'@', b'#', bytes).is_none() {
        return Ok(Found::default());
    }
    if bytes.len() > LIMIT_BYTES {
        return Err(Unreadable {
            line: line_of(bytes, LIMIT_BYTES),
            what: format!("a style sheet larger than {} MiB", LIMIT_BYTES >> 20),
        });
    }
    let text = text::same_length_text(bytes);
    let mut reader = Reader::new(bytes, place);
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += tokens(rest, at, &mut reader);
    }
    Ok(reader.finish())
}

/// Hands tokens on until a bracket opens, and tells how many bytes they have.
///
/// A parser of `cssparser` skips a block unless it is entered by a call, which hostile nesting would do until the stack ends.
/// So each opening bracket ends one parser, and the next begins behind it: all tokens come flat.
fn tokens(text: &str, offset: usize, reader: &mut Reader<'_>) -> usize {
    let mut input = ParserInput::new(text);
    let mut parser = Parser::new(&mut input);
    loop {
        // Comments are most of some sheets, and need no tokenizer.
        let start = parser.position().byte_index();
        if text.as_bytes()[start..].starts_with(b"/*") {
            let length =
                memchr::memmem::find(&text.as_bytes()[start + 2..], b"*/").map_or(text.len() - start, |end| end + 4);
            reader.comment(offset + start..offset + start + length);
            return start + length;
        }
        let Ok(token) = parser.next_including_whitespace_and_comments() else { return text.len() };
        let token = token.clone();
        let end = parser.position().byte_index();
        reader.token(&token, offset + start..offset + end);
        if matches!(
            token,
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock
        ) {
            return end;
        }
    }
}

/// An open bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `url(` or `src(`, whose first string is a URL.
    Url,
    /// `image-set(`, whose own strings are URLs.
    ImageSet,
    /// Any other `(`.
    Parenthesis,
    Square,
    Curly,
}

/// Where in a rule the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Not between an at-keyword and the rule's `;` or `{`: selectors and declarations.
    None,
    /// Behind `@import`, whose URL comes next.
    Import(Demand),
    /// In the rest of a prelude, where nothing is fetched. `true`: the rule may stand before imports if it ends with `;`.
    Prelude(bool),
}

struct Reader<'b> {
    bytes: &'b [u8],
    place: Place,
    open: Vec<Open>,
    rule: Rule,
    /// How many brackets were open where the rule began.
    rule_depth: usize,
    /// A function that takes a URL has just been opened, and this is what is due for it.
    expects: Option<Demand>,
    /// No rule has come yet that ends the part of a sheet where `@import` works.
    imports_work: bool,
    found: Found,
    source_map: Option<Range<usize>>,
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8], place: Place) -> Reader<'b> {
        Reader {
            bytes,
            place,
            open: Vec::new(),
            rule: Rule::None,
            rule_depth: 0,
            expects: None,
            imports_work: true,
            found: Found::default(),
            source_map: None,
        }
    }

    fn finish(mut self) -> Found {
        if let Some(span) = self.source_map.take() {
            let url = String::from_utf8_lossy(&self.bytes[span.clone()]).into_owned();
            self.push(span, url, Writing::Comment, Demand::Optional);
            self.found.references.sort_by_key(|reference| reference.span.start);
        }
        self.found
    }

    fn push(&mut self, span: Range<usize>, url: String, writing: Writing, demand: Demand) {
        if url_form::may_name_a_file(url.trim()) && !url_form::is_placeholder(&url) {
            self.found.references.push(Reference { span, url, writing, demand, integrity: None });
        }
    }

    /// The last comment that names a source map counts (ECMA-426).
    fn comment(&mut self, span: Range<usize>) {
        if self.place == Place::Declarations {
            return;
        }
        let comment = &self.bytes[span.clone()];
        let content = comment.get(2..).unwrap_or_default();
        let content = content.strip_suffix(b"*/").unwrap_or(content);
        if let Some(at) = source_map::in_comment(content) {
            self.source_map = Some(span.start + 2 + at.start..span.start + 2 + at.end);
        }
    }

    fn token(&mut self, token: &Token<'_>, span: Range<usize>) {
        match token {
            Token::WhiteSpace(_) => return,
            Token::Comment(_) => return self.comment(span),
            Token::CDC | Token::CDO if self.open.is_empty() => return,
            _ => {}
        }
        let expects = self.expects.take();
        match token {
            Token::AtKeyword(name) => self.at_rule(name),
            Token::QuotedString(value) => self.string(value, span, expects),
            Token::UnquotedUrl(value) => self.unquoted(value, span),
            Token::Function(name) => self.function(name),
            Token::ParenthesisBlock => self.opened(Open::Parenthesis),
            Token::SquareBracketBlock => self.opened(Open::Square),
            Token::CurlyBracketBlock => self.curly(),
            Token::CloseParenthesis => self.closed(|open| !matches!(open, Open::Square | Open::Curly)),
            Token::CloseSquareBracket => self.closed(|open| open == Open::Square),
            Token::CloseCurlyBracket => self.closed(|open| open == Open::Curly),
            Token::Semicolon => self.semicolon(),
            _ => self.other(),
        }
    }

    /// Any token without a meaning of its own.
    fn other(&mut self) {
        match self.rule {
            Rule::None if self.open.is_empty() => self.imports_work = false,
            Rule::Import(_) => self.rule = Rule::Prelude(true),
            _ => {}
        }
    }

    fn at_rule(&mut self, name: &str) {
        if self.rule != Rule::None {
            return self.other();
        }
        self.rule_depth = self.open.len();
        let top = self.open.is_empty();
        let is = |keyword: &str| name.eq_ignore_ascii_case(keyword);
        self.rule = if is("import") && self.place == Place::StyleSheet {
            // Elsewhere a browser drops it, so nothing breaks without it; but sheets that were joined have such, and tools that
            // read them again may honour it.
            Rule::Import(if top && self.imports_work { Demand::Required } else { Demand::Optional })
        } else {
            Rule::Prelude(is("charset") || is("layer"))
        };
        if top && !matches!(self.rule, Rule::Import(_) | Rule::Prelude(true)) {
            self.imports_work = false;
        }
    }

    /// What a string or URL here is for: `None` when it names nothing that is fetched.
    fn demand_here(&mut self) -> Option<Demand> {
        match self.rule {
            Rule::None => Some(Demand::Required),
            Rule::Import(demand) => {
                self.rule = Rule::Prelude(true);
                Some(demand)
            }
            Rule::Prelude(_) => None,
        }
    }

    fn string(&mut self, value: &str, span: Range<usize>, expects: Option<Demand>) {
        let demand = match (expects, self.rule, self.open.last()) {
            (Some(demand), ..) => Some(demand),
            (None, Rule::Import(_), _) => self.demand_here(),
            (None, Rule::None, Some(Open::ImageSet)) => Some(Demand::Required),
            _ => {
                self.other();
                None
            }
        };
        let Some(demand) = demand else { return };
        let quote = self.bytes[span.start];
        let inner = quoted(self.bytes, span);
        let url = self.value(value, &inner);
        self.push(inner, url, Writing::CssString(quote), demand);
    }

    fn unquoted(&mut self, value: &str, span: Range<usize>) {
        let Some(demand) = self.demand_here() else { return };
        let inner = unquoted(self.bytes, span);
        let url = self.value(value, &inner);
        self.push(inner, url, Writing::CssUrl, demand);
    }

    /// The token's value, or what its bytes would show when they are no text: such a URL names nothing, and a message shows it.
    fn value(&self, value: &str, span: &Range<usize>) -> String {
        let bytes = &self.bytes[span.clone()];
        if std::str::from_utf8(bytes).is_ok() { value.to_owned() } else { String::from_utf8_lossy(bytes).into_owned() }
    }

    fn function(&mut self, name: &str) {
        let is = |function: &str| name.eq_ignore_ascii_case(function);
        if is("url") || is("src") {
            self.expects = self.demand_here();
            self.opened(Open::Url);
        } else {
            self.other();
            let set = is("image-set") || is("-webkit-image-set");
            self.opened(if set { Open::ImageSet } else { Open::Parenthesis });
        }
    }

    fn opened(&mut self, open: Open) {
        if self.expects.is_none() {
            self.other();
        }
        self.open.push(open);
    }

    fn curly(&mut self) {
        if self.rule != Rule::None && self.open.len() == self.rule_depth {
            self.rule = Rule::None;
        }
        if self.open.is_empty() {
            self.imports_work = false;
        }
        self.open.push(Open::Curly);
    }

    /// A bracket that closes another than the innermost one is a token like any (CSS Syntax, "consume a simple block").
    fn closed(&mut self, fits: impl Fn(Open) -> bool) {
        if self.open.last().is_some_and(|open| fits(*open)) {
            self.open.pop();
            if self.open.len() < self.rule_depth {
                (self.rule, self.rule_depth) = (Rule::None, 0);
            }
        } else {
            self.other();
        }
    }

    fn semicolon(&mut self) {
        if self.open.len() == self.rule_depth {
            self.rule = Rule::None;
        }
    }
}

/// The content of a string token, whose end may be the file's.
fn quoted(bytes: &[u8], token: Range<usize>) -> Range<usize> {
    let start = token.start + 1;
    let quote = bytes[token.start];
    let mut at = start;
    while at < token.end && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    start..at.min(token.end)
}

/// The URL of an unquoted-url token, without the blanks around it.
fn unquoted(bytes: &[u8], token: Range<usize>) -> Range<usize> {
    // The name may be escaped (`\75rl(`), but has no bracket.
    let bracket = memchr::memchr(b'(', &bytes[token.clone()]).map_or(token.end, |at| token.start + at + 1);
    let blanks = bytes[bracket..token.end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let start = bracket + blanks;
    let mut at = start;
    while at < token.end && bytes[at] != b')' && !bytes[at].is_ascii_whitespace() {
        at += match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(next)) if next.is_ascii_hexdigit() => escape_length(&bytes[at..token.end]),
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    start..at.min(token.end)
}

/// The bytes of a hexadecimal escape, with the one blank that may end it
/// (CSS Syntax, <https://drafts.csswg.org/css-syntax/#consume-escaped-code-point>).
fn escape_length(bytes: &[u8]) -> usize {
    let digits = bytes[1..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let end = 1 + digits;
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(byte), _) if byte.is_ascii_whitespace() => end + 1,
        _ => end,
    }
}

#[cfg(test)]
mod tests;
