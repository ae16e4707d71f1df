//! The part of YAML that pnpm writes: block mappings by indentation, flow collections and scalars within a line, block
//! scalars and block sequences (both of no interest here). Anything else is refused, never guessed.
//! <https://yaml.org/spec/1.2.2/>, written by js-yaml with unlimited line width.

use super::COMMAND;
use crate::observe::lock::Fault;
use std::borrow::Cow;

/// A word of the text; owned when it has escapes.
pub(super) type Word<'t> = Cow<'t, str>;

/// Levels of mappings that are followed; pnpm has six.
const MAX_DEPTH: usize = 64;

/// A `key:` or `key: value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair<'t> {
    /// 0 for the document's own keys.
    pub(super) depth: usize,
    pub(super) key: Word<'t>,
    pub(super) value: Value<'t>,
    /// 1-based.
    pub(super) line: u32,
}

/// What follows the key on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// A block, or nothing.
    Block,
    /// A scalar.
    Word(Word<'t>),
    /// `{a: b}`; values that are collections themselves are left out.
    Flow(Vec<(Word<'t>, Word<'t>)>),
    /// A sequence, a block scalar.
    Other,
}

/// What a file consists of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'t> {
    /// `---`: another document begins, the first one too when it is marked.
    Document,
    Pair(Pair<'t>),
}

/// Calls `take` for each event. Errors: a line that is none of this part of YAML; a key without anything, which pnpm writes as
/// `{}`, so that the file is cut off behind it.
pub(super) fn read<'t>(text: &'t str, mut take: impl FnMut(Event<'t>) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut indents: Vec<usize> = Vec::new();
    // Lines with more indentation than this belong to what was left out.
    let mut left_out: Option<usize> = None;
    // Whether the last key has a block, which may lie deeper.
    let mut open = true;
    // The line of the last key while nothing stands in its block, and its indentation.
    let mut empty: Option<(u32, usize)> = None;
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let content = line.trim_end();
        let start = content.trim_start_matches(' ');
        let indent = content.len() - start.len();
        if start.is_empty() || left_out.is_some_and(|outer| indent > outer) {
            continue;
        }
        left_out = None;
        if start.starts_with('#') || (indent == 0 && (start == "..." || start.starts_with("%YAML"))) {
            continue;
        }
        let is_item = start == "-" || start.starts_with("- ");
        if let Some((line, outer)) = empty.take()
            && (indent < outer || (indent == outer && !is_item))
        {
            return Err(cut_off(line));
        }
        if indent == 0 && start == "---" {
            (indents, open) = (Vec::new(), true);
            take(Event::Document)?;
            continue;
        }
        let refused = || {
            let start: String = start.chars().take(60).collect();
            Fault::at(number, format!("is no line that pnpm writes: `{}`", start.escape_debug()))
        };
        if is_item && !indents.is_empty() {
            left_out = Some(indent);
            continue;
        }
        while indents.last().is_some_and(|last| *last > indent) {
            indents.pop();
            open = false;
        }
        match indents.last() {
            Some(last) if *last == indent => {}
            Some(_) if !open => return Err(refused()),
            None if indent > 0 || !open => return Err(refused()),
            _ => indents.push(indent),
        }
        if indents.len() > MAX_DEPTH {
            return Err(Fault::at(number, format!("has more than {MAX_DEPTH} levels")));
        }
        let (key, value) = pair(start).ok_or_else(refused)?;
        open = value == Value::Block;
        if open {
            empty = Some((number, indent));
        } else {
            left_out = Some(indent);
        }
        take(Event::Pair(Pair { depth: indents.len() - 1, key, value, line: number }))?;
    }
    empty.map_or(Ok(()), |(line, _)| Err(cut_off(line)))
}

fn cut_off(line: u32) -> Fault {
    Fault::at(
        line,
        format!("has a key and nothing below it, so it is cut off or edited; write it anew with `{COMMAND}`"),
    )
}

/// `key:` or `key: value`.
fn pair(text: &str) -> Option<(Word<'_>, Value<'_>)> {
    let (key, rest) = if text.starts_with(['"', '\'']) {
        let (key, rest) = quoted(text)?;
        (key, rest.strip_prefix(':')?)
    } else {
        // What pnpm never writes: tabs, anchors, tags, explicit keys, flow collections as keys.
        if text.starts_with(['&', '*', '!', '?', '{', '[', '}', ']', ',', '%', '@', '`', '|', '>', '#', '\t']) {
            return None;
        }
        let end = memchr::memmem::find(text.as_bytes(), b": ").or_else(|| text.strip_suffix(':').map(str::len))?;
        (Cow::Borrowed(&text[..end]), &text[end + 1..])
    };
    if key == "<<" || !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    let rest = rest.trim_start();
    let value = match rest.as_bytes().first() {
        None | Some(b'#') => Value::Block,
        Some(b'{') => flow(rest)?,
        Some(b'[') => {
            // One that goes on in the next line is more than is known here.
            rest.ends_with(']').then_some(Value::Other)?
        }
        Some(b'|' | b'>') => Value::Other,
        Some(b'&' | b'*' | b'!' | b'%' | b'@' | b'`') => return None,
        Some(b'"' | b'\'') => {
            let (word, after) = quoted(rest)?;
            let after = after.trim_start();
            (after.is_empty() || after.starts_with('#')).then_some(Value::Word(word))?
        }
        Some(_) => Value::Word(Cow::Borrowed(rest.split_once(" #").map_or(rest, |(before, _)| before).trim_end())),
    };
    Some((key, value))
}

/// A quoted scalar and what follows it.
fn quoted(text: &str) -> Option<(Word<'_>, &str)> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    let mut plain = true;
    loop {
        match *bytes.get(at)? {
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => {
                (at, plain) = (at + 2, false)
            }
            byte if byte == quote => break,
            b'\\' if quote == b'"' => (at, plain) = (at + 2, false),
            _ => at += 1,
        }
    }
    let inner = text.get(1..at)?;
    let word = match (plain, quote) {
        (true, _) => Cow::Borrowed(inner),
        (false, b'\'') => Cow::Owned(inner.replace("''", "'")),
        // YAML's escapes are JSON's and more; the others are refused.
        (false, _) => Cow::Owned(serde_json::from_str(text.get(..=at)?).ok()?),
    };
    Some((word, text.get(at + 1..)?))
}

/// `{a: b, c: [d], e: {f: g}}` on one line.
fn flow(text: &str) -> Option<Value<'_>> {
    let mut all = Vec::new();
    let mut rest = text.strip_prefix('{')?.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            let after = after.trim_start();
            return (after.is_empty() || after.starts_with('#')).then_some(Value::Flow(all));
        }
        let (key, after) = if rest.starts_with(['"', '\'']) {
            quoted(rest)?
        } else {
            let end = rest.find(':')?;
            (Cow::Borrowed(&rest[..end]), &rest[end..])
        };
        let after = after.strip_prefix(':')?.trim_start();
        rest = if after.starts_with(['{', '[']) {
            skip_collection(after)?
        } else {
            let (value, after) = if after.starts_with(['"', '\'']) {
                quoted(after)?
            } else {
                let end = after.find([',', '}'])?;
                (Cow::Borrowed(after[..end].trim_end()), &after[end..])
            };
            all.push((key, value));
            after
        };
        rest = rest.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if rest.starts_with('}') => rest,
            None => return None,
        };
    }
}

/// What follows a flow collection.
fn skip_collection(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        let at = rest.find(['{', '[', '}', ']', '"', '\''])?;
        match rest.as_bytes()[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            // A quote within a plain scalar is none, but such scalars are no part of a list of names.
            _ => {
                rest = quoted(&rest[at..])?.1;
                continue;
            }
        }
        rest = &rest[at + 1..];
        if depth == 0 {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Result<Vec<String>, Fault> {
        let mut all = Vec::new();
        read(text, |event| {
            all.push(match event {
                Event::Document => "---".to_owned(),
                Event::Pair(pair) => match pair.value {
                    Value::Word(word) => format!("{} {}={word}", pair.depth, pair.key),
                    Value::Flow(all) => format!("{} {}{all:?}", pair.depth, pair.key),
                    _ => format!("{} {}", pair.depth, pair.key),
                },
            });
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn what_pnpm_writes() {
        let text = "---\na: 'x''y'\nb:\n  '@s/c@1':\n    d: {e: f, 'g': \"h\\n\", i: [j, {k: l}], m: n@1.0.0}\n    o: |-\n      p: q\n\n      r\n    s: t # u\n\n  # v\n  w: {}\nx:\n- y: z\n  a: b\nc: [\"d\"]\n\"e\": long plain\n  goes: on\nfile:f: g\n";
        let expected = [
            "---",
            "0 a=x'y",
            "0 b",
            "1 @s/c@1",
            "2 d[(\"e\", \"f\"), (\"g\", \"h\\n\"), (\"m\", \"n@1.0.0\")]",
            "2 o",
            "2 s=t",
            "1 w[]",
            "0 x",
            "0 c",
            "0 e=long plain",
            "0 file:f=g",
        ];
        assert_eq!(keys(text).expect("good"), expected);
    }

    #[test]
    fn anything_else_is_refused_at_its_line() {
        for text in [
            "a: 1\nb: &x 1",
            "a: 1\nb: *x",
            "a: 1\n<<: 1",
            "a: 1\nb",
            "a:\n  b: 1\n c: 1",
            "a: 1\n\tb: 1",
            "a: 1\nb: {c: d",
            "a: 1\nb: {c: d,, }",
            "a: 1\nb: [c,",
            "a: 1\nb: 'c",
            "a: 1\n'b' : 1",
            "a: 1\n? b",
            "a: 1\nb: \"\\x\"",
        ] {
            let fault = keys(text).expect_err(text);
            assert_eq!(fault.line, Some(if text.contains(" c: 1") { 3 } else { 2 }), "{text}");
        }
        assert!(keys("  a: 1").is_err());
        let deep: String = (0..100).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
        assert!(keys(&deep).is_err());
    }
}
