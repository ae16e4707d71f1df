//! What a gemspec says in literals. The code is never run.

use crate::plan::package::Package;
use crate::plan::statement::Value;

/// Bytes of the largest gemspec that is read: the lists of files of the largest gems stay below a megabyte.
pub const MAX_GEMSPEC_BYTES: u64 = 4 << 20;

/// What was found of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// No line sets it.
    Nothing,
    /// A line sets it to something that isn't a literal, or lines set it to different ones.
    Computed(u32),
    /// It is set to that.
    Literal {
        /// `license` or `licenses`.
        field: &'static str,
        /// One for a string, many for an array.
        value: Value,
        /// 1-based.
        line: u32,
    },
}

/// A gemspec's name, version and licence.
#[derive(Debug)]
pub struct Gemspec {
    name: Option<String>,
    version: Option<String>,
    /// `license` or `licenses`.
    pub license: Said,
}

impl Gemspec {
    /// Reads assignments such as `s.license = "MIT"`, each at the start of a line, outside of comments and of here-documents.
    pub fn read(text: &str) -> Gemspec {
        let mut gemspec = Gemspec { name: None, version: None, license: Said::Nothing };
        let mut lines = (1..).zip(text.lines());
        let mut comment = false;
        while let Some((number, line)) = lines.next() {
            match line.trim_end() {
                "__END__" => break,
                "=end" => comment = false,
                start if start.starts_with("=begin") => comment = true,
                _ => {}
            }
            let line = line.trim_start();
            if comment || line.starts_with('#') {
                continue;
            }
            if let Some((field, value)) = assignment(line) {
                match field {
                    "name" => gemspec.name = gemspec.name.take().or_else(|| literal(value)),
                    "version" => gemspec.version = gemspec.version.take().or_else(|| literal(value)),
                    _ => {
                        let mut value = value.to_owned();
                        // An array may go on for some lines.
                        while value.starts_with('[') && !value.contains(']') {
                            let Some((_, more)) = lines.next() else { break };
                            value.push('\n');
                            value.push_str(more);
                        }
                        gemspec.licensed(field, &value, number);
                    }
                }
            }
            if let Some(end) = here_document(line) {
                for (_, line) in lines.by_ref() {
                    if line.trim() == end {
                        break;
                    }
                }
            }
        }
        gemspec
    }

    fn licensed(&mut self, field: &str, text: &str, line: u32) {
        let field = if field == "license" { "license" } else { "licenses" };
        let value = match array(text) {
            Some(names) if names.is_empty() => return,
            Some(names) => Some(Value::Many(names)),
            None => literal(text).map(Value::One),
        };
        self.license = match (std::mem::replace(&mut self.license, Said::Nothing), value) {
            (Said::Nothing, Some(value)) => Said::Literal { field, value, line },
            (Said::Literal { field, value: old, line }, Some(value)) if old == value => {
                Said::Literal { field, value, line }
            }
            _ => Said::Computed(line),
        };
    }

    /// What this is, when its literals say that it is not that package.
    pub fn other_than(&self, package: &Package) -> Option<String> {
        let name = self.name.as_deref().unwrap_or(&package.name);
        let version = self.version.as_deref().unwrap_or(&package.version);
        (name != package.name || version != package.version).then(|| format!("{name} {version}"))
    }
}

/// Field and value of `s.license = …`, for the fields that are read.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (target, value) = line.split_once('=')?;
    let (object, field) = target.trim_end().rsplit_once('.')?;
    let named = object.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !object.is_empty();
    // `==` and `=~` compare.
    let assigned = named && !value.starts_with(['=', '~']);
    let field = field.strip_suffix(" ||").or_else(|| field.strip_suffix("||")).unwrap_or(field).trim_end();
    (assigned && ["name", "version", "license", "licenses"].contains(&field)).then(|| (field, value.trim()))
}

/// The only thing in that text: `"MIT"`, `'MIT'`, `"MIT".freeze`, `%q{MIT}`.
fn literal(text: &str) -> Option<String> {
    let (value, rest) = string(text)?;
    is_end(rest).then_some(value)
}

/// Whether nothing but a comment follows.
fn is_end(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// A string literal at the text's start, and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let (open, body) = match text.chars().next()? {
        quote @ ('"' | '\'') => (quote, &text[1..]),
        '%' => {
            let body =
                text.strip_prefix("%q").or_else(|| text.strip_prefix("%Q")).or_else(|| text.strip_prefix('%'))?;
            let open = body.chars().next().filter(|open| "{[(<|!".contains(*open))?;
            (open, &body[1..])
        }
        _ => return None,
    };
    let end = body.find(closing(open))?;
    let value = &body[..end];
    // Escapes and `#{…}` would have to be worked out.
    if value.contains(['\\', '\n']) || value.contains("#{") {
        return None;
    }
    let rest = &body[end + 1..];
    Some((value.to_owned(), rest.strip_prefix(".freeze").unwrap_or(rest)))
}

fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '[' => ']',
        '(' => ')',
        '<' => '>',
        same => same,
    }
}

/// `["MIT", 'Ruby'.freeze]` or `%w[MIT Ruby]`, when there is nothing else.
fn array(text: &str) -> Option<Vec<String>> {
    if let Some(body) = text.strip_prefix("%w") {
        let open = body.chars().next().filter(|open| "{[(<|!".contains(*open))?;
        let (words, rest) = body[1..].split_once(closing(open))?;
        let plain = !words.contains('\\') && is_end(rest.strip_prefix(".freeze").unwrap_or(rest));
        return plain.then(|| words.split_whitespace().map(str::to_owned).collect());
    }
    let mut rest = text.strip_prefix('[')?.trim_start();
    let mut names = Vec::new();
    loop {
        if let Some(end) = rest.strip_prefix(']') {
            return is_end(end.strip_prefix(".freeze").unwrap_or(end)).then_some(names);
        }
        let (name, after) = string(rest)?;
        names.push(name);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None if rest.starts_with(']') => {}
            None => return None,
        }
    }
}

/// The word that ends the here-document which begins on that line.
fn here_document(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.trim_start_matches(['~', '-']);
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = &rest[..end];
    // `list << "x"` appends, and what it appends is seldom in capitals.
    word.starts_with(|first: char| first.is_ascii_uppercase() || first == '_').then_some(word)
}
