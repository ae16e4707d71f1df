//! The entries of a yarn.lock: blocks of lines by indentation, in the syntax of Yarn 1 (`key value`) or that of Yarn 2 and
//! later (`key: value`, a small part of YAML).
//! <https://github.com/yarnpkg/yarn/blob/master/src/lockfile/parse.js>,
//! <https://github.com/yarnpkg/berry/tree/master/packages/yarnpkg-parsers>

use crate::observe::lock::Fault;
use std::borrow::Cow;

/// A word of the text; owned when it has escapes.
pub(super) type Word<'t> = Cow<'t, str>;

/// One of `dependencies`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency<'t> {
    pub(super) name: Word<'t>,
    pub(super) range: Word<'t>,
    pub(super) optional: bool,
}

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// 1-based, of its head.
    pub(super) line: u32,
    /// What it answers: `a@^1.0.0`.
    pub(super) specifiers: Vec<Word<'t>>,
    /// Fields that hold one word, in their order.
    pub(super) fields: Vec<(Word<'t>, Word<'t>)>,
    /// `dependencies` and `optionalDependencies`.
    pub(super) dependencies: Vec<Dependency<'t>>,
}

impl<'t> Entry<'t> {
    /// The last field of that name.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }
}

/// Reads all entries; `modern` is the syntax of Yarn 2 and later. Errors: any line that is none of that syntax.
pub(super) fn read(text: &str, modern: bool) -> Result<Vec<Entry<'_>>, Fault> {
    let mut reading =
        Reading { modern, entries: Vec::new(), block: String::new(), meta: String::new(), question: false };
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let content = line.trim_end();
        let start = content.trim_start_matches(' ');
        if start.is_empty() || start.starts_with('#') {
            continue;
        }
        reading
            .line(number, content.len() - start.len(), start)
            .ok_or_else(|| Fault::at(number, format!("is no line of a yarn.lock: {:.60}", Short(start))))?;
    }
    Ok(reading.entries)
}

/// The start of a line, for messages.
struct Short<'t>(&'t str);

impl std::fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.0.chars().take(60).collect::<String>().escape_debug())
    }
}

struct Reading<'t> {
    modern: bool,
    entries: Vec<Entry<'t>>,
    /// The block that lines with four spaces belong to.
    block: String,
    /// The package that lines with six spaces belong to, in `dependenciesMeta`.
    meta: String,
    /// Whether the head began with `? `, as a long one does: its `:` follows on a line of its own.
    question: bool,
}

impl<'t> Reading<'t> {
    fn line(&mut self, number: u32, indent: usize, text: &'t str) -> Option<()> {
        if std::mem::take(&mut self.question) {
            return (indent == 0 && text == ":").then_some(());
        }
        match indent {
            0 => self.head(number, text),
            2 => {
                self.block.clear();
                let (key, value) = self.pair(text)?;
                match value {
                    Some(value) => self.entries.last_mut()?.fields.push((key, value)),
                    None => self.block = key.into_owned(),
                }
                self.entries.last().map(|_| ())
            }
            4 if !self.block.is_empty() => self.inner(text),
            // `dependenciesMeta:` / name / `optional: true`.
            6 if self.modern && !self.meta.is_empty() => {
                let (key, value) = self.pair(text)?;
                if self.block == "dependenciesMeta" && key == "optional" && value.as_deref() == Some("true") {
                    let meta = &self.meta;
                    let all = &mut self.entries.last_mut()?.dependencies;
                    all.iter_mut().filter(|one| one.name == *meta).for_each(|one| one.optional = true);
                }
                Some(())
            }
            _ => None,
        }
    }

    fn head(&mut self, line: u32, text: &'t str) -> Option<()> {
        self.block.clear();
        self.meta.clear();
        let text = match text.strip_prefix("? ").filter(|_| self.modern) {
            Some(rest) => {
                self.question = true;
                rest
            }
            None => text.strip_suffix(':')?,
        };
        let mut specifiers = Vec::new();
        let mut rest = text;
        loop {
            let (one, after) = word(rest, if self.modern { &[','] } else { &[',', ' '] })?;
            match one {
                Cow::Borrowed(one) if self.modern => {
                    specifiers.extend(one.split(',').map(|part| Cow::Borrowed(part.trim())));
                }
                Cow::Owned(one) if self.modern => {
                    specifiers.extend(one.split(',').map(|part| Cow::Owned(part.trim().to_owned())));
                }
                one => specifiers.push(one),
            }
            match after.trim_start().strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None if after.is_empty() => break,
                None => return None,
            }
        }
        self.entries.push(Entry { line, specifiers, ..Entry::default() });
        Some(())
    }

    /// A line of a block.
    fn inner(&mut self, text: &'t str) -> Option<()> {
        let (name, range) = self.pair(text)?;
        let optional = self.block == "optionalDependencies";
        self.meta.clear();
        let Some(range) = range else {
            self.meta = name.into_owned();
            return self.modern.then_some(());
        };
        if optional || self.block == "dependencies" {
            self.entries.last_mut()?.dependencies.push(Dependency { name, range, optional });
        }
        Some(())
    }

    /// `key value`, `key: value`, or `key:` with a block to follow.
    fn pair(&self, text: &'t str) -> Option<(Word<'t>, Option<Word<'t>>)> {
        let (key, rest) = word(text, if self.modern { &[':'] } else { &[' ', ':'] })?;
        if rest == ":" {
            return Some((key, None));
        }
        let rest = if self.modern { rest.strip_prefix(": ")? } else { rest.strip_prefix(' ')? };
        let rest = rest.trim_start();
        let (value, after) =
            if self.modern && !rest.starts_with('"') { (Cow::Borrowed(rest), "") } else { word(rest, &[])? };
        after.is_empty().then_some((key, Some(value)))
    }
}

/// One word, quoted as JSON quotes or up to one of `ends`, and what follows it.
fn word<'t>(text: &'t str, ends: &[char]) -> Option<(Word<'t>, &'t str)> {
    if !text.starts_with('"') {
        let end = if ends.is_empty() { text.len() } else { text.find(ends).unwrap_or(text.len()) };
        return (end > 0).then(|| (Cow::Borrowed(&text[..end]), &text[end..]));
    }
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            break;
        }
        at += 2;
    }
    let (quoted, after) = text.split_at_checked(at + 1)?;
    let inner = &quoted[1..at];
    let value =
        if inner.contains('\\') { Cow::Owned(serde_json::from_str(quoted).ok()?) } else { Cow::Borrowed(inner) };
    Some((value, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_they_should() {
        assert_eq!(word("a b", &[' ']), Some((Cow::Borrowed("a"), " b")));
        assert_eq!(word("\"a b\": c", &[':']), Some((Cow::Borrowed("a b"), ": c")));
        assert_eq!(word("\"a\\\"b\"", &[]), Some((Cow::Owned("a\"b".to_owned()), "")));
        for text in ["", "\"a", "\"a\\", "\"\\x\"", "\"\\ß", " "] {
            assert_eq!(word(text, &[' ']), None, "{text}");
        }
    }

    #[test]
    fn lines_of_neither_syntax_are_faults() {
        for (text, modern) in [
            ("a@1", false),
            ("  version \"1\"", false),
            ("a@1:\n   version \"1\"", false),
            ("a@1:\n    b \"1\"", false),
            ("a@1:\n  version \"1", false),
            ("a@1:\n  version \"1\" x", false),
            ("a@1:\n\tversion \"1\"", false),
            ("a@1 b@1:", false),
            ("\"a@npm:1\":\n  version 1", true),
            ("? \"a@npm:1\"\n  version: 1", true),
            ("\"a@npm:1\":\n  version: \"1\" x", true),
        ] {
            assert!(read(text, modern).is_err(), "{text}");
        }
    }
}
