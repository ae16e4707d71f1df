//! Which packages an entry of a policy names: `npm:@babel/core`, `npm:@ckeditor/*`.

use super::super::package::Ecosystem;
use super::shown;
use clap::ValueEnum;
use std::fmt;

/// Bytes of a name: npm's longest has 214, Go's paths are longer.
const MAX_NAME_BYTES: usize = 512;

/// An ecosystem and a name, in whose last part (after the last `/` or `:`) a `*` stands for any letters of that part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    ecosystem: Ecosystem,
    /// Everything up to and with the last `/` or `:`.
    scope: String,
    last: String,
    text: String,
}

impl Pattern {
    /// Reads `ecosystem:name`. Errors: one sentence that says what to write.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let wanted = "write the ecosystem and the name: `npm:@babel/core`";
        let (ecosystem, name) =
            text.split_once(':').ok_or_else(|| format!("`{}` names no ecosystem: {wanted}", short(text)))?;
        let ecosystem = Ecosystem::from_str(ecosystem, false).map_err(|_| {
            let names: Vec<&str> = Ecosystem::value_variants().iter().map(|ecosystem| ecosystem.as_str()).collect();
            format!("`{}` is no ecosystem; there are {}", short(ecosystem), names.join(", "))
        })?;
        if name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            return Err(format!("`{}` has no name of a package: {wanted}", short(text)));
        }
        let normal = normal(ecosystem, name);
        let start = normal.rfind(['/', ':']).map_or(0, |at| at + 1);
        let (scope, last) = normal.split_at(start);
        if scope.contains('*') {
            return Err(format!("`{}`: a `*` stands in the last part of a name", short(text)));
        }
        if scope.is_empty() && last.bytes().all(|byte| byte == b'*') {
            return Err(format!("`{}` is every package: that belongs in `allow`", short(text)));
        }
        Ok(Pattern { ecosystem, scope: scope.to_owned(), last: last.to_owned(), text: text.to_owned() })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ecosystem.
    pub fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// The only name that it has, in its normal spelling; `None` with a `*`.
    pub fn name(&self) -> Option<String> {
        (!self.last.contains('*')).then(|| format!("{}{}", self.scope, self.last))
    }

    /// Whether a package of that name is meant.
    pub fn has(&self, ecosystem: Ecosystem, name: &str) -> bool {
        ecosystem == self.ecosystem
            && normal(ecosystem, name)
                .strip_prefix(&self.scope)
                .is_some_and(|rest| !rest.contains(['/', ':']) && fits(self.last.as_bytes(), rest.as_bytes()))
    }

    /// Whether both can mean one package.
    pub fn overlaps(&self, other: &Pattern) -> bool {
        self.ecosystem == other.ecosystem
            && self.scope == other.scope
            && meet(self.last.as_bytes(), other.last.as_bytes())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A name in the spelling that its registry compares: PEP 503 for Python; Packagist and `NuGet` don't tell cases apart.
pub fn normal(ecosystem: Ecosystem, name: &str) -> String {
    match ecosystem {
        Ecosystem::Composer | Ecosystem::NuGet => name.to_ascii_lowercase(),
        Ecosystem::Pip => {
            let mut out = String::with_capacity(name.len());
            for letter in name.chars() {
                match letter {
                    '-' | '_' | '.' if out.ends_with('-') => {}
                    '-' | '_' | '.' => out.push('-'),
                    other => out.push(other.to_ascii_lowercase()),
                }
            }
            out
        }
        _ => name.to_owned(),
    }
}

/// What a message repeats.
fn short(text: &str) -> String {
    shown(text, 80)
}

/// Whether `*` standing for any bytes makes the glob the text.
fn fits(glob: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if glob.get(at) == Some(&b'*') {
            star = Some((at + 1, seen));
            at += 1;
        } else if glob.get(at) == Some(&text[seen]) {
            (at, seen) = (at + 1, seen + 1);
        } else if let Some((after, from)) = star {
            star = Some((after, from + 1));
            (at, seen) = (after, from + 1);
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|byte| *byte == b'*')
}

/// Whether some text fits both globs: exact for one star in each, and true rather than false for more.
fn meet(a: &[u8], b: &[u8]) -> bool {
    let star = |glob: &[u8]| glob.iter().position(|byte| *byte == b'*');
    match (star(a), star(b)) {
        (None, _) => fits(b, a),
        (_, None) => fits(a, b),
        (Some(first_a), Some(first_b)) => {
            let last = |glob: &[u8]| glob.iter().rposition(|byte| *byte == b'*').map_or(0, |at| glob.len() - at - 1);
            let (end_a, end_b) = (last(a), last(b));
            let head = first_a.min(first_b);
            let tail = end_a.min(end_b);
            a[..head] == b[..head] && a[a.len() - tail..] == b[b.len() - tail..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_meant_as_their_registry_compares_them() {
        for (pattern, name, is) in [
            ("npm:@babel/core", "@babel/core", true),
            ("npm:@babel/core", "@babel/Core", false),
            ("npm:@ckeditor/*", "@ckeditor/ckeditor5-ui", true),
            ("npm:@ckeditor/*-ui", "@ckeditor/ckeditor5-ui", true),
            ("npm:@ckeditor/ck*5-*", "@ckeditor/ckeditor5-ui", true),
            ("npm:@ckeditor/*", "@ckeditor2/ui", false),
            ("npm:ckeditor*", "@ckeditor/ui", false),
            ("npm:ckeditor*", "ckeditor5", true),
            ("pip:Python_DateUtil", "python-dateutil", true),
            ("pip:ruamel.*", "ruamel-yaml", true),
            ("composer:Symfony/*", "symfony/console", true),
            ("maven:org.slf4j:*", "org.slf4j:slf4j-api", true),
            ("maven:org.slf4j:slf4j-api", "org.slf4j:slf4j-api", true),
            ("go:golang.org/x/*", "golang.org/x/sys", true),
            ("go:golang.org/x/*", "golang.org/x/sys/unix", false),
            ("nuget:Newtonsoft.Json", "newtonsoft.json", true),
        ] {
            let read = Pattern::parse(pattern).unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(read.has(read.ecosystem(), name), is, "{pattern} {name}");
            assert!(!read.has(if read.ecosystem() == Ecosystem::Gem { Ecosystem::Npm } else { Ecosystem::Gem }, name));
        }
        for (bad, said) in [
            ("lodash", "names no ecosystem"),
            ("nmp:lodash", "is no ecosystem; there are composer, npm"),
            ("npm:", "no name"),
            ("npm:a b", "no name"),
            ("npm:*", "every package"),
            ("npm:@*/core", "last part"),
        ] {
            let why = Pattern::parse(bad).expect_err(bad);
            assert!(why.contains(said), "{why}");
        }
    }

    #[test]
    fn overlaps_are_seen() {
        for (a, b, meet) in [
            ("npm:a", "npm:a", true),
            ("npm:a", "npm:b", false),
            ("npm:a", "gem:a", false),
            ("npm:@x/a*", "npm:@x/ab", true),
            ("npm:@x/a*", "npm:@x/b", false),
            ("npm:@x/a*", "npm:@x/*b", true),
            ("npm:@x/a*", "npm:@x/b*", false),
            ("npm:@x/*a", "npm:@x/*b", false),
            ("npm:@x/*", "npm:@y/*", false),
        ] {
            let read = |text: &str| Pattern::parse(text).unwrap_or_else(|why| panic!("{why}"));
            assert_eq!((read(a).overlaps(&read(b)), read(b).overlaps(&read(a))), (meet, meet), "{a} {b}");
        }
    }
}
