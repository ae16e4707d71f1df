//! SPDX licence expressions as trees: read from what people write, written in one spelling. PURE.
//!
//! Grammar: SPDX specification 2.3, annex D <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>. What is
//! accepted beyond it: identifiers and operators in any case, deprecated identifiers, `+` after GNU identifiers, and where
//! an ecosystem says so a slash for `OR`. The list of identifiers is the `spdx` crate's.
#![warn(clippy::disallowed_methods)]

use super::deprecated;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::OnceLock;

/// Parentheses within parentheses. No real expression has more than three; without a bound the reader's stack would be the
/// input's to fill.
const MAX_DEPTH: usize = 32;

/// Bytes of the longest expression that is read. The longest one known (of a crate that bundles C libraries) has 150.
pub(super) const MAX_EXPRESSION_BYTES: usize = 16 << 10;

/// One licence in an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf {
    /// An SPDX identifier that is not deprecated, `LicenseRef-…`, or `DocumentRef-…:LicenseRef-…`.
    pub id: String,
    /// Whether `+` follows: this version or any later one. GNU's licences say it in their identifier instead
    /// (`GPL-2.0-or-later`); see [`Leaf::offers_later`].
    pub plus: bool,
    /// What stands after `WITH`: an SPDX exception's identifier, or `AdditionRef-…`.
    pub exception: Option<String>,
}

impl Leaf {
    /// That licence, at that version, without an exception.
    pub fn plain(id: impl Into<String>) -> Self {
        Leaf { id: id.into(), plus: false, exception: None }
    }

    /// Whether the licensor offers later versions too.
    pub fn offers_later(&self) -> bool {
        self.plus || self.id.ends_with("-or-later")
    }

    /// Whether it is none of SPDX's licences.
    pub fn is_ref(&self) -> bool {
        self.id.starts_with("LicenseRef-") || self.id.starts_with("DocumentRef-")
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.plus {
            f.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(f, " WITH {exception}"),
            None => Ok(()),
        }
    }
}

/// An expression. Operands of one operator stand in one list: `A OR (B OR C)` is one `Or` of three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// One licence.
    Leaf(Leaf),
    /// All of them apply; at least two.
    And(Vec<Expr>),
    /// Any of them is enough; at least two.
    Or(Vec<Expr>),
}

impl Expr {
    /// Its licences from left to right, repeated ones repeated.
    pub fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Expr::Leaf(leaf) => vec![leaf],
            Expr::And(parts) | Expr::Or(parts) => parts.iter().flat_map(Expr::leaves).collect(),
        }
    }

    /// Any of those; what is repeated is taken once. `None` for none.
    pub fn any_of(parts: Vec<Expr>) -> Option<Expr> {
        join(parts, Expr::Or, |part| match part {
            Expr::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// All of those; what is repeated is taken once. `None` for none.
    pub fn all_of(parts: Vec<Expr>) -> Option<Expr> {
        join(parts, Expr::And, |part| match part {
            Expr::And(inner) => Ok(inner),
            other => Err(other),
        })
    }
}

fn join(
    parts: Vec<Expr>,
    whole: fn(Vec<Expr>) -> Expr,
    open: impl Fn(Expr) -> Result<Vec<Expr>, Expr>,
) -> Option<Expr> {
    let mut flat: Vec<Expr> = Vec::new();
    for part in parts {
        for part in open(part).unwrap_or_else(|single| vec![single]) {
            if !flat.contains(&part) {
                flat.push(part);
            }
        }
    }
    if flat.len() > 1 { Some(whole(flat)) } else { flat.pop() }
}

impl fmt::Display for Expr {
    /// Upper-case operators; parentheses only around an `OR` within an `AND`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, operator) = match self {
            Expr::Leaf(leaf) => return leaf.fmt(f),
            Expr::And(parts) => (parts, " AND "),
            Expr::Or(parts) => (parts, " OR "),
        };
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(operator)?;
            }
            match (self, part) {
                (Expr::And(_), Expr::Or(_)) => write!(f, "({part})")?,
                _ => part.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// Why a string is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misspelt {
    /// 0-based byte offset in the string.
    pub at: usize,
    /// For people: `an unknown licence "MIT-2.0"`.
    pub what: String,
}

/// What a slash means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slash {
    /// `OR`: Cargo's old spelling <https://doc.rust-lang.org/cargo/reference/manifest.html#the-license-and-license-file-fields>.
    IsOr,
    /// Nothing: the string is no expression.
    IsNothing,
}

/// Reads an expression.
///
/// # Errors
///
/// Where and why it is none: an unknown identifier or exception, a missing operand, parentheses that don't match.
pub fn parse(text: &str, slash: Slash) -> Result<Expr, Misspelt> {
    if text.len() > MAX_EXPRESSION_BYTES {
        return Err(Misspelt { at: 0, what: format!("longer than {MAX_EXPRESSION_BYTES} bytes") });
    }
    let mut reader = Reader { tokens: tokens(text, slash), next: 0, end: text.len(), depth: 0 };
    let whole = reader.or()?;
    match reader.peek() {
        None => Ok(whole),
        Some(token) => Err(Misspelt { at: token.at, what: format!("`{}` is one too many", token.word) }),
    }
}

struct Token<'t> {
    at: usize,
    word: &'t str,
}

fn tokens(text: &str, slash: Slash) -> Vec<Token<'_>> {
    let alone = |letter: char| letter == '(' || letter == ')' || (letter == '/' && slash == Slash::IsOr);
    let mut found = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() || alone(letter) {
            if let Some(from) = start.take() {
                found.push(Token { at: from, word: &text[from..at] });
            }
            if alone(letter) {
                found.push(Token { at, word: &text[at..=at] });
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        found.push(Token { at: from, word: &text[from..] });
    }
    found
}

struct Reader<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    end: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, words: &[&str]) -> bool {
        let is = self.peek().is_some_and(|token| words.iter().any(|word| token.word.eq_ignore_ascii_case(word)));
        self.next += usize::from(is);
        is
    }

    fn or(&mut self) -> Result<Expr, Misspelt> {
        let mut parts = vec![self.and()?];
        while self.take(&["OR", "/"]) {
            parts.push(self.and()?);
        }
        Ok(flat(parts, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, Misspelt> {
        let mut parts = vec![self.simple()?];
        while self.take(&["AND"]) {
            parts.push(self.simple()?);
        }
        Ok(flat(parts, Expr::And))
    }

    fn simple(&mut self) -> Result<Expr, Misspelt> {
        let Some(token) = self.peek() else {
            return Err(Misspelt { at: self.end, what: "a licence is missing at the end".to_owned() });
        };
        let (at, word) = (token.at, token.word);
        self.next += 1;
        if word == "(" {
            if self.depth == MAX_DEPTH {
                return Err(Misspelt { at, what: format!("more than {MAX_DEPTH} parentheses within each other") });
            }
            self.depth += 1;
            let inner = self.or()?;
            self.depth -= 1;
            if !self.take(&[")"]) {
                return Err(Misspelt { at, what: "this parenthesis is not closed".to_owned() });
            }
            return Ok(inner);
        }
        let mut leaf =
            license(word).ok_or_else(|| Misspelt { at, what: format!("`{word}` is no licence of SPDX's list") })?;
        if self.take(&["WITH"]) {
            let Some(token) = self.peek() else {
                return Err(Misspelt { at: self.end, what: "an exception is missing after WITH".to_owned() });
            };
            let (at, word) = (token.at, token.word);
            self.next += 1;
            let known = exception(word);
            match (known, &leaf.exception) {
                (Some(named), None) => leaf.exception = Some(named),
                (Some(named), Some(own)) if named == *own => {}
                (Some(_), Some(_)) => return Err(Misspelt { at, what: "a second exception".to_owned() }),
                (None, _) => {
                    return Err(Misspelt { at, what: format!("`{word}` is no exception of SPDX's list") });
                }
            }
        }
        Ok(Expr::Leaf(leaf))
    }
}

/// One operator's operands without needless nesting. Unlike [`Expr::any_of`] it keeps what an author repeats.
fn flat(parts: Vec<Expr>, whole: fn(Vec<Expr>) -> Expr) -> Expr {
    let mut list = Vec::with_capacity(parts.len());
    let is_or = matches!(whole(Vec::new()), Expr::Or(_));
    for part in parts {
        match part {
            Expr::Or(inner) if is_or => list.extend(inner),
            Expr::And(inner) if !is_or => list.extend(inner),
            other => list.push(other),
        }
    }
    match list.pop() {
        Some(only) if list.is_empty() => only,
        Some(last) => {
            list.push(last);
            whole(list)
        }
        None => whole(list),
    }
}

/// The licence that a word names: an identifier in any case, with or without `+`, or a reference.
pub fn license(word: &str) -> Option<Leaf> {
    if is_reference(word, "LicenseRef-") {
        return Some(Leaf::plain(word));
    }
    let (bare, plus) = match word.strip_suffix('+') {
        Some(bare) => (bare, true),
        None => (word, false),
    };
    let id = identifier(bare)?;
    deprecated::current(id, plus)
}

/// SPDX's spelling of an identifier that is written in any case.
pub fn identifier(word: &str) -> Option<&'static str> {
    static IDS: OnceLock<FxHashMap<String, &'static str>> = OnceLock::new();
    let ids = IDS.get_or_init(|| {
        spdx::identifiers::LICENSES
            .iter()
            // NOASSERTION is in the crate's list and no licence.
            .filter(|license| license.name != "NOASSERTION" && !license.name.ends_with('+'))
            .map(|license| (license.name.to_ascii_lowercase(), license.name))
            .collect()
    });
    ids.get(word).copied().or_else(|| ids.get(&word.to_ascii_lowercase()).copied())
}

fn exception(word: &str) -> Option<String> {
    if is_reference(word, "AdditionRef-") {
        return Some(word.to_owned());
    }
    spdx::identifiers::EXCEPTIONS
        .iter()
        .find(|exception| exception.name.eq_ignore_ascii_case(word))
        .map(|exception| exception.name.to_owned())
}

/// `LicenseRef-[idstring]`, or the same of another document: `DocumentRef-[idstring]:LicenseRef-[idstring]`.
fn is_reference(word: &str, prefix: &str) -> bool {
    let named = |text: &str, prefix: &str| {
        text.strip_prefix(prefix).is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
        })
    };
    match word.split_once(':') {
        Some((document, name)) => named(document, "DocumentRef-") && named(name, prefix),
        None => named(word, prefix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(text: &str) -> String {
        match parse(text, Slash::IsNothing) {
            Ok(expression) => expression.to_string(),
            Err(why) => format!("{}: {}", why.at, why.what),
        }
    }

    #[test]
    fn one_spelling() {
        for (written, expected) in [
            ("mit", "MIT"),
            ("(MIT)", "MIT"),
            ("((MIT OR (Apache-2.0)))", "MIT OR Apache-2.0"),
            ("mit or apache-2.0", "MIT OR Apache-2.0"),
            ("MIT OR (Apache-2.0 AND ISC)", "MIT OR Apache-2.0 AND ISC"),
            ("(MIT OR Apache-2.0) AND NCSA", "(MIT OR Apache-2.0) AND NCSA"),
            ("NCSA AND (MIT OR (ISC OR Zlib))", "NCSA AND (MIT OR ISC OR Zlib)"),
            ("GPL-2.0", "GPL-2.0-only"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("gpl-2.0-or-later", "GPL-2.0-or-later"),
            ("AGPL-3.0+", "AGPL-3.0-or-later"),
            ("GFDL-1.3+", "GFDL-1.3-or-later"),
            ("Apache-2.0+", "Apache-2.0+"),
            ("GPL-2.0 with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("GPL-2.0+ WITH Bison-exception-2.2", "GPL-2.0-or-later WITH Bison-exception-2.2"),
            ("LicenseRef-x.y-Z", "LicenseRef-x.y-Z"),
            ("DocumentRef-a:LicenseRef-b OR MIT", "DocumentRef-a:LicenseRef-b OR MIT"),
            ("MIT WITH AdditionRef-mine", "MIT WITH AdditionRef-mine"),
            ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ] {
            assert_eq!(spelt(written), expected, "{written}");
            assert_eq!(spelt(expected), expected, "written again");
        }
    }

    #[test]
    fn what_is_no_expression_is_told_with_its_place() {
        for (written, at) in [
            ("", 0),
            ("MIT OR", 6),
            ("MIT OR Foo", 7),
            ("(MIT", 0),
            ("MIT)", 3),
            ("MIT Apache-2.0", 4),
            ("MIT WITH", 8),
            ("MIT WITH Nope", 9),
            ("MIT/Apache-2.0", 0),
            ("LicenseRef-", 0),
            ("LicenseRef-a b", 13),
            ("NOASSERTION", 0),
            ("MIT ++", 4),
        ] {
            let why = parse(written, Slash::IsNothing).expect_err(written);
            assert_eq!(why.at, at, "{written}: {}", why.what);
        }
    }

    #[test]
    fn a_slash_is_a_choice_where_the_ecosystem_says_so() {
        let spelt = |text| parse(text, Slash::IsOr).map(|expression| expression.to_string());
        assert_eq!(spelt("MIT/Apache-2.0"), Ok("MIT OR Apache-2.0".to_owned()));
        assert_eq!(spelt("Apache-2.0 / MIT"), Ok("Apache-2.0 OR MIT".to_owned()));
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{}MIT{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(parse(&deep, Slash::IsNothing).is_err());
        let deep = format!("{}MIT{}", "(".repeat(2_000), ")".repeat(2_000));
        assert!(parse(&deep, Slash::IsNothing).is_err());
        assert_eq!(spelt(&format!("{}MIT{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH))), "MIT");
    }

    proptest::proptest! {
        #[test]
        fn any_string_is_read_or_refused(text in ".{0,200}") {
            if let Ok(expression) = parse(&text, Slash::IsOr) {
                let written = expression.to_string();
                proptest::prop_assert_eq!(parse(&written, Slash::IsNothing), Ok(expression));
            }
        }

        #[test]
        fn what_looks_like_one_is_read_or_refused(
            words in proptest::collection::vec(
                proptest::sample::select(vec!["MIT", "GPL-2.0+", "(", ")", "OR", "and", "WITH", "LLVM-exception", "/", "ISC+"]),
                0..14,
            )
        ) {
            if let Ok(expression) = parse(&words.join(" "), Slash::IsOr) {
                let written = expression.to_string();
                proptest::prop_assert_eq!(parse(&written, Slash::IsNothing), Ok(expression));
            }
        }
    }
}
