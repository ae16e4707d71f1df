//! Colours for source: a scanner that knows comments, strings and keywords and gets the rest wrong harmlessly.
//!
//! It never fails and never loses a character: the pieces of a line are the line.

use super::languages::{Language, Quote};

/// What a piece of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Anything else.
    Plain,
    /// A comment.
    Comment,
    /// A string.
    Text,
    /// A word of the language.
    Keyword,
}

/// What a line begins in, left open by an earlier one.
#[derive(Debug, Clone, Copy)]
enum Open {
    Comment(&'static str),
    Text(Quote),
}

impl Open {
    fn piece(self) -> Piece {
        match self {
            Open::Comment(_) => Piece::Comment,
            Open::Text(_) => Piece::Text,
        }
    }
}

/// Colours lines one after another.
pub(super) struct Highlighter {
    language: Option<&'static Language>,
    open: Option<Open>,
}

impl Highlighter {
    /// For a file's first line. Without a language every line is plain.
    pub(super) fn new(language: Option<&'static Language>) -> Self {
        Highlighter { language, open: None }
    }

    /// The pieces of the next line, which has no line end.
    pub(super) fn line<'l>(&mut self, line: &'l str) -> Vec<(Piece, &'l str)> {
        let Some(language) = self.language else { return vec![(Piece::Plain, line)] };
        let mut pieces = Pieces { line, start: 0, pieces: Vec::new() };
        let mut at = 0;
        while at < line.len() {
            at = match self.open.take() {
                Some(open) => self.inside(open, &mut pieces, at),
                None => self.outside(language, &mut pieces, at),
            };
        }
        // A mark at the very end has opened something that has no more of this line.
        pieces.end(line.len(), self.open.map_or(Piece::Plain, Open::piece));
        // A string that may not cross the line's end is over, and so is one that an odd line has only seemed to open.
        if matches!(self.open, Some(Open::Text(quote)) if !quote.multiline) {
            self.open = None;
        }
        pieces.pieces
    }

    /// Goes on within a comment or a string from `at`; returns where it went to.
    fn inside(&mut self, open: Open, pieces: &mut Pieces<'_>, at: usize) -> usize {
        let (end, closed) = match open {
            Open::Comment(close) => end_of(pieces.line, at, close, false),
            Open::Text(quote) => end_of(pieces.line, at, quote.close, quote.escapes),
        };
        if !closed {
            self.open = Some(open);
        }
        pieces.end(end, open.piece());
        end
    }

    /// Takes one step outside of comments and strings from `at`; returns where it went to.
    fn outside(&mut self, language: &'static Language, pieces: &mut Pieces<'_>, at: usize) -> usize {
        let rest = &pieces.line[at..];
        if language.line_comments.iter().any(|mark| rest.starts_with(mark)) {
            pieces.end(at, Piece::Plain);
            pieces.end(pieces.line.len(), Piece::Comment);
            return pieces.line.len();
        }
        if let Some((open, close)) = language.block_comment.filter(|(open, _)| begins(rest, at, open)) {
            pieces.end(at, Piece::Plain);
            self.open = Some(Open::Comment(close));
            return at + open.trim_start().len();
        }
        let opened = language.quotes.iter().find(|quote| rest.starts_with(quote.open));
        if let Some(quote) = opened.filter(|_| !language.lifetimes || !is_lifetime(rest)) {
            pieces.end(at, Piece::Plain);
            self.open = Some(Open::Text(*quote));
            return at + quote.open.len();
        }
        let word: usize = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
        if word > 0 {
            if is_keyword(language, &rest[..word]) && !pieces.line[..at].ends_with(['$', '.', '@']) {
                pieces.end(at, Piece::Plain);
                pieces.end(at + word, Piece::Keyword);
            }
            return at + word;
        }
        at + rest.chars().next().map_or(1, char::len_utf8)
    }
}

/// Pieces of a line as they are found.
struct Pieces<'l> {
    line: &'l str,
    start: usize,
    pieces: Vec<(Piece, &'l str)>,
}

impl Pieces<'_> {
    /// Ends the piece that began where the last one ended.
    fn end(&mut self, end: usize, piece: Piece) {
        if end > self.start {
            self.pieces.push((piece, &self.line[self.start..end]));
            self.start = end;
        }
    }
}

/// Where what is open at `at` ends on this line, and whether it does.
fn end_of(line: &str, at: usize, close: &str, escapes: bool) -> (usize, bool) {
    if let Some(mark) = close.strip_prefix('\n') {
        // Such a mark counts at a line's beginning only.
        let closed = at == 0 && line.starts_with(mark);
        return (line.len(), closed);
    }
    let bytes = line.as_bytes();
    let mut end = at;
    while end < bytes.len() {
        if escapes && bytes[end] == b'\\' {
            end += 2;
        } else if bytes[end..].starts_with(close.as_bytes()) {
            return (end + close.len(), true);
        } else {
            end += 1;
        }
    }
    (bytes.len(), false)
}

/// Whether a comment begins here; a mark with a line feed in front counts at a line's beginning only.
fn begins(rest: &str, at: usize, open: &str) -> bool {
    match open.strip_prefix('\n') {
        Some(mark) => at == 0 && rest.starts_with(mark),
        None => rest.starts_with(open),
    }
}

/// `'a` without a closing quote after it.
fn is_lifetime(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('\'') && chars.next().is_some_and(|c| c != '\\') && chars.next() != Some('\'')
}

fn is_keyword(language: &Language, word: &str) -> bool {
    let mut keywords = language.keywords.split(' ');
    if language.any_case {
        return keywords.any(|keyword| keyword.eq_ignore_ascii_case(word));
    }
    keywords.any(|keyword| keyword == word)
}

#[cfg(test)]
mod tests {
    use super::super::languages::of_path;
    use super::*;
    use proptest::prelude::*;

    /// Lines with their pieces as `c«…»`, `t«…»`, `k«…»`.
    fn shown(path: &str, source: &str) -> String {
        let mut highlighter = Highlighter::new(of_path(path));
        let line = |line: &str| {
            let piece = |(piece, text): (Piece, &str)| match piece {
                Piece::Plain => text.to_owned(),
                Piece::Comment => format!("c«{text}»"),
                Piece::Text => format!("t«{text}»"),
                Piece::Keyword => format!("k«{text}»"),
            };
            highlighter.line(line).into_iter().map(piece).collect::<String>()
        };
        source.split('\n').map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn comments_strings_and_keywords() {
        assert_eq!(
            shown("a.php", "Return $return . 'a\\'b' # c\n#[Attr] \"x\ny\" /* z\n*/ if"),
            "k«Return» $return . t«'a\\'b'» c«# c»\n#[Attr] t«\"x»\nt«y\"» c«/* z»\nc«*/» k«if»"
        );
        assert_eq!(shown("a.ts", "const a = `x\n${y}` // z"), "k«const» a = t«`x»\nt«${y}`» c«// z»");
        assert_eq!(shown("a.js", "it's /a/ if"), "itt«'s /a/ if»");
        assert_eq!(shown("a.js", "x'\nif"), "xt«'»\nk«if»");
        assert_eq!(shown("a.py", "x = \"\"\"a\n# b\"\"\" # c"), "x = t«\"\"\"a»\nt«# b\"\"\"» c«# c»");
        assert_eq!(shown("a.go", "`a\\` func"), "t«`a\\`» k«func»");
        assert_eq!(shown("a.rs", "fn a<'a>(b: &'a str) { 'c' '\\n' }"), "k«fn» a<'a>(b: &'a str) { t«'c'» t«'\\n'» }");
        assert_eq!(shown("a.rb", "=begin\nif\n=end\nif x.if"), "c«=begin»\nc«if»\nc«=end»\nk«if» x.if");
        assert_eq!(shown("a.txt", "if 'x'"), "if 'x'");
    }

    proptest! {
        #[test]
        fn the_pieces_of_a_line_are_the_line(
            lines in proptest::collection::vec("(['\"`/*#\\\\]|\"\"\"|=begin|=end|if|é|[a ]){0,12}", 0..6),
            path in "a\\.(php|js|py|go|java|c|rs|rb|txt)",
        ) {
            let mut highlighter = Highlighter::new(of_path(&path));
            for line in &lines {
                let pieces = highlighter.line(line);
                let joined: String = pieces.iter().map(|(_, text)| *text).collect();
                prop_assert_eq!(&joined, line);
            }
        }
    }
}
