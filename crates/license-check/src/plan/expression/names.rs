//! The names by which licences are called, beside their identifiers. PURE.
//!
//! Two sources: SPDX's full names (of its list, through the `spdx` crate) and a table of what packages write. A name is
//! compared without case, punctuation, and words that name nothing (`the`, `license`, `version`). A name that fits several
//! licences gives their family. All of them lie in a data file, which `names/generate.rs` makes.
#![warn(clippy::disallowed_methods)]

use super::gnu;
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[cfg(test)]
pub(crate) mod generate;
mod open;
#[cfg(test)]
mod table;

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// One expression.
    Expression(String),
    /// Several licences go by it.
    Family(String),
    /// That no rights are granted.
    Proprietary,
    /// That nobody claims rights, without a licence's words.
    PublicDomain,
}

/// What that name means; `None` for one that nobody has defined.
pub(super) fn read(name: &str) -> Option<Known> {
    let key = key(name);
    // `MIT*` is how a tool marks its own guess.
    if key.is_empty() || name.ends_with(['*', '?']) {
        return None;
    }
    clear_meaning(&key)
        .or_else(|| clear_meaning(&without_repetition(&key)))
        .or_else(|| meaning(&key))
        .and_then(known)
        .or_else(|| gnu::read(name))
}

/// The family that a longer text speaks of: `BSD-like`, `Apache or so`. Several give `dual`; a word that says that these are
/// not the family's usual terms gives none.
pub(super) fn family_in(text: &str) -> Option<String> {
    let key = key(text);
    let words: Vec<&str> = key.split(' ').collect();
    // An exception to a GNU licence adds permissions, whatever it goes on to speak of.
    let is_excepted = key.contains("gpl") && (words.contains(&"exception") || words.contains(&"exceptions"));
    if !is_excepted && open::RESTRICTING.iter().any(|word| words.contains(word)) {
        return None;
    }
    let mut families: BTreeSet<&str> = BTreeSet::new();
    for (family, sequence) in open::SPEAKING {
        let sequence: Vec<&str> = sequence.split(' ').collect();
        if words.windows(sequence.len()).any(|window| window == sequence) {
            families.insert(family);
        }
    }
    if families.contains("LGPL") || families.contains("AGPL") {
        // "Lesser General Public License" has the GPL's words in it.
        let plain = words.contains(&"gpl");
        if !plain {
            families.remove("GPL");
        }
    }
    match families.len() {
        0 => None,
        1 => families.pop_first().map(str::to_owned),
        _ => Some("dual".to_owned()),
    }
}

/// What each name means, in order of the names: a name, a tab, the meaning and a line feed. A meaning is an expression behind
/// `=`, a family behind `~`, or one of the two words below. It is searched where it lies: to make a table of all names takes
/// longer than to look up those of a hundred packages.
static MEANINGS: &str = include_str!("names/names.bin");

/// How [`Known::Proprietary`] stands in the table.
const PROPRIETARY: &str = "proprietary";
/// How [`Known::PublicDomain`] stands in the table.
const PUBLIC_DOMAIN: &str = "public domain";

/// What stands in the table behind that key.
fn meaning(key: &str) -> Option<&'static str> {
    let table = MEANINGS;
    // Where a line begins and where a later one does, with the key's line between them.
    let (mut from, mut to) = (0, table.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let start = memchr::memrchr(b'\n', table.as_bytes().get(from..middle)?).map_or(from, |at| from + at + 1);
        let end = memchr::memchr(b'\n', table.as_bytes().get(middle..to)?).map_or(to, |at| middle + at);
        let (own, meaning) = table.get(start..end)?.split_once('\t')?;
        match own.cmp(key) {
            Ordering::Equal => return Some(meaning),
            Ordering::Less => from = end + 1,
            Ordering::Greater => to = start,
        }
    }
    None
}

fn known(meaning: &str) -> Option<Known> {
    match (meaning.strip_prefix('='), meaning.strip_prefix('~')) {
        (Some(expression), _) => Some(Known::Expression(expression.to_owned())),
        (_, Some(family)) => Some(Known::Family(family.to_owned())),
        _ if meaning == PROPRIETARY => Some(Known::Proprietary),
        _ if meaning == PUBLIC_DOMAIN => Some(Known::PublicDomain),
        _ => None,
    }
}

/// What stands in the table behind that key, unless several licences go by it.
fn clear_meaning(key: &str) -> Option<&'static str> {
    meaning(key).filter(|meaning| !meaning.starts_with('~'))
}

/// Words that name nothing.
const EMPTY: [&str; 14] = [
    "the",
    "license",
    "licence",
    "licensed",
    "version",
    "ver",
    "v",
    "under",
    "terms",
    "of",
    "licenses",
    "open-source",
    "a",
    "an",
];

/// A name without case, punctuation, and words that name nothing: `The Apache Software License, Version 2.0` is
/// `apache software 2.0`. Letters and a number that follows them are apart (`mplv2.0` is `mpl 2.0`).
pub(super) fn key(name: &str) -> String {
    // A line a word.
    let mut words = String::with_capacity(name.len() + name.len() / 2);
    let mut last = ' ';
    let mut read = |letter: char| {
        let class = match letter {
            '0'..='9' => '0',
            '.' if last == '0' => '0',
            '+' => '+',
            letter if letter.is_alphanumeric() => 'a',
            // Harms no word: `Ruby's`.
            '\'' | '’' => last,
            _ => ' ',
        };
        // A letter after a number stays with it: `3c`, `1.3a`.
        let goes_on = class != ' ' && class != '+' && (class == last || (last == '0' && class == 'a'));
        if !goes_on {
            words.push('\n');
        }
        if class != ' ' && letter != '\'' && letter != '’' {
            words.push(letter);
        }
        last = if last == '0' && class == 'a' && goes_on { '0' } else { class };
    };
    // Nearly all names are ASCII, for which no table of all languages is needed.
    if name.is_ascii() {
        name.bytes().for_each(|letter| read(letter.to_ascii_lowercase().into()));
    } else {
        name.chars().flat_map(char::to_lowercase).for_each(read);
    }
    let mut kept = String::with_capacity(words.len());
    let mut words = words.split('\n').peekable();
    while let Some(word) = words.next() {
        let word = word.trim_end_matches('.');
        let numbered = words.peek().is_some_and(|next| next.starts_with(|letter: char| letter.is_ascii_digit()));
        let word = match word.strip_suffix('v') {
            Some(bare) if numbered => bare,
            _ => word,
        };
        if !word.is_empty() && !EMPTY.contains(&word) {
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(word);
        }
    }
    kept
}

/// `mozilla public 2.0 mpl 2.0`: a name with its abbreviation, such as in `Mozilla Public License 2.0 (MPL 2.0)`, is the name
/// when both mean the same.
fn without_repetition(key: &str) -> String {
    let words: Vec<&str> = key.split(' ').collect();
    (1..words.len())
        .rev()
        .map(|at| (words[..at].join(" "), words[at..].join(" ")))
        .find(|(name, short)| clear_meaning(name).is_some_and(|meaning| clear_meaning(short) == Some(meaning)))
        .map(|(name, _)| name)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_found_and_no_other() {
        let lines: Vec<(&str, &str)> = MEANINGS.lines().filter_map(|line| line.split_once('\t')).collect();
        assert_eq!(lines.len(), MEANINGS.lines().count());
        assert!(lines.is_sorted_by(|(one, _), (next, _)| one < next));
        for (key, expected) in lines {
            assert_eq!(meaning(key), Some(expected), "{key}");
            assert!(known(expected).is_some(), "{key}");
            assert_eq!(meaning(&format!("{key} of nobody")), None, "{key}");
        }
        for key in ["", " ", "~", "\u{e9}"] {
            assert_eq!(meaning(key), None, "{key}");
        }
    }
}
