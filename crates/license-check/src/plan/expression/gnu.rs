//! The names that people give to GNU's licences: `GPLv2+`, `GNU LGPL 2.1`, `GNU General Public License v3 or later (GPLv3+)`.
//! PURE.
//!
//! A name counts only when every word of it is understood. What it leaves open stays open: `GNU GPL 3` says neither "only"
//! nor "or later", `LGPLv2` may be 2.0 (Library) or 2.1 (Lesser).
#![warn(clippy::disallowed_methods)]

use super::names::Known;

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gpl,
    Lgpl,
    Agpl,
    Gfdl,
}

impl Kind {
    fn family(self) -> &'static str {
        match self {
            Kind::Gpl => "GPL",
            Kind::Lgpl => "LGPL",
            Kind::Agpl => "AGPL",
            Kind::Gfdl => "GFDL",
        }
    }
}

/// What is said of the versions after the named one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Later {
    Unsaid,
    Only,
    Allowed,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    kind: Kind,
    version: Option<String>,
    later: Later,
    /// An exception's identifier; empty for "an exception" that isn't named.
    exception: Option<&'static str>,
}

/// What a GNU licence's name means; `None` when it is none, or not wholly understood.
pub(super) fn read(name: &str) -> Option<Known> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut said = Said { kind: Kind::Gpl, version: None, later: Later::Unsaid, exception: None };
    let mut kinds: Vec<Kind> = Vec::new();
    let mut rest = words.as_slice();
    while !rest.is_empty() {
        if let Some((kind, after)) = kind(rest) {
            kinds.push(kind);
            rest = after;
        } else if let Some((later, after)) = later(rest) {
            if said.later != Later::Unsaid && said.later != later {
                return None;
            }
            said.later = later;
            rest = after;
        } else if let Some((version, after)) = version(rest) {
            said.version = Some(match said.version {
                Some(before) if before.trim_end_matches(".0") != version.trim_end_matches(".0") => return None,
                Some(before) if before.len() > version.len() => before,
                _ => version,
            });
            rest = after;
        } else if let Some((exception, after)) = exception(rest) {
            said.exception = Some(exception);
            rest = after;
        } else if FILLERS.contains(&rest[0]) {
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    said.kind = *kinds.first()?;
    // "GNU Library or Lesser General Public License (LGPL)" names its kind twice; two different ones are two licences.
    kinds.iter().all(|kind| *kind == said.kind).then(|| meaning(&said))
}

fn meaning(said: &Said) -> Known {
    let family = said.kind.family();
    let version = match (said.kind, said.version.as_deref()) {
        (_, None) => return Known::Family(family.to_owned()),
        (Kind::Gpl, Some("2")) => "2.0",
        (_, Some(version)) => version,
    };
    let base = format!("{family}-{version}");
    // "Version 2" of the LGPL is the Library GPL 2.0 to its text and the Lesser GPL 2.1 to many who write it (PEP 639 forbids
    // tools to infer either); the same holds for any version that never was.
    let Some(only) = spdx::license_id(&format!("{base}-only")) else { return Known::Family(family.to_owned()) };
    let expression = match (said.later, said.exception) {
        (Later::Allowed, _) => format!("{base}-or-later"),
        (Later::Only, _) => only.name.to_owned(),
        // SPDX's own name for it: "GNU General Public License v2.0 w/Classpath exception" is GPL-2.0-only.
        (Later::Unsaid, Some("Classpath-exception-2.0")) if base == "GPL-2.0" => only.name.to_owned(),
        (Later::Unsaid, _) => return Known::Family(base),
    };
    match said.exception {
        None => Known::Expression(expression),
        Some("") => Known::Family(base),
        Some(exception) => Known::Expression(format!("{expression} WITH {exception}")),
    }
}

const FILLERS: [&str; 17] = [
    "gnu",
    "the",
    "license",
    "licence",
    "licensed",
    "under",
    "version",
    "v",
    "ver",
    "of",
    "public",
    "general",
    "terms",
    "fsf",
    "software",
    "foundation",
    "a",
];

/// Lower-case words and numbers; `gplv2+` is `gpl`, `v`, `2`, `+`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for letter in name.chars().flat_map(char::to_lowercase) {
        let class = match letter {
            '0'..='9' => '0',
            // A point within a number.
            '.' if last == '0' => '0',
            letter if letter.is_alphanumeric() => 'a',
            '+' | '>' | '=' | '/' => letter,
            _ => ' ',
        };
        match class {
            ' ' => {}
            '0' | 'a' if class == last => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
            _ => words.push(letter.to_string()),
        }
        last = class;
    }
    let mut split: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let word = word.trim_end_matches('.');
        match word.strip_suffix('v').filter(|bare| bare.ends_with("gpl") || bare.ends_with("fdl")) {
            Some(bare) => split.extend([bare.to_owned(), "v".to_owned()]),
            None => split.push(word.to_owned()),
        }
    }
    split
}

/// Words that begin with one of those sequences, and what is left of them.
fn after<'w, 's>(words: &'w [&'s str], sequences: &[&[&str]]) -> Option<&'w [&'s str]> {
    sequences.iter().find(|sequence| words.starts_with(sequence)).map(|sequence| &words[sequence.len()..])
}

fn kind<'w, 's>(words: &'w [&'s str]) -> Option<(Kind, &'w [&'s str])> {
    const LGPL: &[&[&str]] = &[
        &["library", "or", "lesser", "general", "public"],
        &["lesser", "or", "library", "general", "public"],
        &["library", "/", "lesser", "general", "public"],
        &["lesser", "/", "library", "general", "public"],
        &["lesser", "general", "public"],
        &["library", "general", "public"],
        &["lesser", "gnu", "public"],
        &["lesser", "public"],
        &["lesser", "gpl"],
        &["library", "gpl"],
        &["l", "gpl"],
        &["lgpl"],
    ];
    const AGPL: &[&[&str]] =
        &[&["affero", "general", "public"], &["affero", "public"], &["affero", "gpl"], &["affero"], &["agpl"]];
    const GFDL: &[&[&str]] = &[&["free", "documentation"], &["gfdl"], &["fdl"]];
    const GPL: &[&[&str]] = &[&["general", "public"], &["gnu", "public"], &["gpl"]];
    [(Kind::Lgpl, LGPL), (Kind::Agpl, AGPL), (Kind::Gfdl, GFDL), (Kind::Gpl, GPL)]
        .into_iter()
        .find_map(|(kind, sequences)| Some((kind, after(words, sequences)?)))
}

fn later<'w, 's>(words: &'w [&'s str]) -> Option<(Later, &'w [&'s str])> {
    const ALLOWED: &[&[&str]] = &[
        &["+"],
        &["or", "later", "versions"],
        &["or", "later", "version"],
        &["or", "later"],
        &["or", "newer"],
        &["or", "above"],
        &["or", "higher"],
        &["or", "greater"],
        &["or", "any", "later", "version"],
        &["or", "any", "newer", "version"],
        &["or", "at", "your", "option", "any", "later", "version"],
        &["and", "later"],
        &["and", "above"],
        &["and", "newer"],
        &["and", "higher"],
        &[">", "="],
    ];
    if let Some(rest) = after(words, ALLOWED) {
        return Some((Later::Allowed, rest));
    }
    after(words, &[&["only"]]).map(|rest| (Later::Only, rest))
}

/// `2`, `2.0`, `3.0.0`: the version as SPDX writes it.
fn version<'w, 's>(words: &'w [&'s str]) -> Option<(String, &'w [&'s str])> {
    let (first, rest) = words.split_first()?;
    if !first.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let version = match *first {
        "1" | "1.0" => "1.0",
        "1.1" => "1.1",
        "1.2" => "1.2",
        "1.3" => "1.3",
        // Whether the Library GPL's only version is meant can't be told from a bare 2: see `meaning`.
        "2" => "2",
        "2.0" => "2.0",
        "2.1" => "2.1",
        "3" | "3.0" => "3.0",
        _ => return None,
    };
    Some((version.to_owned(), rest))
}

fn exception<'w, 's>(words: &'w [&'s str]) -> Option<(&'static str, &'w [&'s str])> {
    let rest = after(words, &[&["with"], &["w", "/"], &["plus"]])?;
    let rest = after(rest, &[&["the", "gnu"], &["the"], &["gnu"], &["a", "special"], &["a"]]).unwrap_or(rest);
    const CLASSPATH: &[&[&str]] =
        &[&["classpath", "exception", "2.0"], &["classpath", "exception"], &["classpath"], &["cpe"], &["ce"]];
    if let Some(rest) = after(rest, CLASSPATH) {
        return Some(("Classpath-exception-2.0", rest));
    }
    const UNNAMED: &[&[&str]] = &[
        &["exceptions"],
        &["exception"],
        &["linking", "exception"],
        &["runtime", "exception"],
        &["special", "exception"],
        &["special", "exceptions"],
    ];
    after(rest, UNNAMED).map(|rest| ("", rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> String {
        match read(name) {
            None => "-".to_owned(),
            Some(Known::Expression(expression)) => expression,
            Some(Known::Family(family)) => format!("AMBIGUOUS:{family}"),
            Some(other) => format!("{other:?}"),
        }
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("GPL", "AMBIGUOUS:GPL"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("GPLv2", "AMBIGUOUS:GPL-2.0"),
            ("GPL 2", "AMBIGUOUS:GPL-2.0"),
            ("GPL-2", "AMBIGUOUS:GPL-2.0"),
            ("GNU GPL 3", "AMBIGUOUS:GPL-3.0"),
            ("GNU GPLv3 only", "GPL-3.0-only"),
            ("GPL (>= 2)", "GPL-2.0-or-later"),
            ("GPL v2 or later", "GPL-2.0-or-later"),
            ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
            ("GNU General Public License v3 (GPLv3)", "AMBIGUOUS:GPL-3.0"),
            ("GNU General Public License, version 2 (or any later version)", "GPL-2.0-or-later"),
            ("GNU General Public License, version 2, with the Classpath Exception", CPE),
            ("GNU General Public License, version 2 with the GNU Classpath Exception", CPE),
            ("GNU General Public License v2.0 w/Classpath exception", CPE),
            ("GPL2 w/ CPE", CPE),
            ("GPLv2+CE", "-"),
            ("GNU Library or Lesser General Public License (LGPL)", "AMBIGUOUS:LGPL"),
            ("GNU Lesser General Public License v2 or later (LGPLv2+)", "AMBIGUOUS:LGPL"),
            ("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"),
            ("GNU Lesser General Public License, Version 2.1", "AMBIGUOUS:LGPL-2.1"),
            ("LGPL 2.1", "AMBIGUOUS:LGPL-2.1"),
            ("LGPLv2.1+", "LGPL-2.1-or-later"),
            ("LGPL-2.1 or later", "LGPL-2.1-or-later"),
            ("LGPL with exceptions", "AMBIGUOUS:LGPL"),
            ("GNU Affero General Public License v3", "AMBIGUOUS:AGPL-3.0"),
            ("AGPLv3+", "AGPL-3.0-or-later"),
            ("GNU AGPL v3.0 or later", "AGPL-3.0-or-later"),
            ("GNU Free Documentation License (FDL)", "AMBIGUOUS:GFDL"),
            ("GNU Public License v3", "AMBIGUOUS:GPL-3.0"),
            ("GPL 7", "-"),
            ("GPL 2 GPL 3", "-"),
            ("GPL/LGPL", "-"),
            ("GPL but not on Sundays", "-"),
            ("Nethack General Public License", "-"),
            ("MIT", "-"),
            ("", "-"),
        ] {
            assert_eq!(said(name), expected, "{name}");
        }
    }

    const CPE: &str = "GPL-2.0-only WITH Classpath-exception-2.0";

    proptest::proptest! {
        #[test]
        fn no_name_is_too_odd(name in ".{0,80}") {
            let _ = read(&name);
        }
    }
}
