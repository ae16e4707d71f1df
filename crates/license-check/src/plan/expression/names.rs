//! The names by which licences are called, beside their identifiers. PURE.
//!
//! Two sources: SPDX's full names (of its list, through the `spdx` crate) and a table of what packages write. A name is
//! compared without case, punctuation, and words that name nothing (`the`, `license`, `version`). A name that fits several
//! licences gives their family.
#![warn(clippy::disallowed_methods)]

use super::gnu;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::OnceLock;

mod open;
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
    let (names, families) = known();
    names
        .get(&key)
        .or_else(|| names.get(&without_repetition(&key)))
        .cloned()
        .or_else(|| families.get(key.as_str()).map(|family| Known::Family((*family).to_owned())))
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

/// Makes the tables of names, for whoever knows that names will come and has a thread to spare.
pub fn prepare() {
    known();
}

type Names = (FxHashMap<String, Known>, FxHashMap<String, &'static str>);

fn known() -> &'static Names {
    static KNOWN: OnceLock<Names> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut names: FxHashMap<String, Known> = FxHashMap::default();
        let mut claimed: FxHashMap<String, Option<&'static str>> = FxHashMap::default();
        // An identifier and a name each, and as many that people write: what grows step by step is hashed each time.
        claimed.reserve(2 * spdx::identifiers::LICENSES.len());
        names.reserve(4 * spdx::identifiers::LICENSES.len());
        for license in spdx::identifiers::LICENSES {
            let Some(id) = spdx::license_id(license.name).filter(|id| id.name == license.name) else { continue };
            // GNU's names say too little without "only" or "or later": they have a reader of their own.
            if id.is_deprecated() || id.is_gnu() || id.name == "NOASSERTION" {
                continue;
            }
            let mut keys = vec![key(license.name), key(license.full_name)];
            keys.extend(keys.clone().iter().filter_map(|key| without_zero(key, license.name)));
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                // Two licences by one name: none of them.
                claimed
                    .entry(key)
                    .and_modify(|who| *who = who.filter(|who| *who == license.name))
                    .or_insert(Some(license.name));
            }
        }
        for (key, id) in claimed {
            if let Some(id) = id {
                names.insert(key, Known::Expression(id.to_owned()));
            }
        }
        for (expression, list) in table::NAMES {
            names.extend(list.iter().map(|name| (key(name), Known::Expression((*expression).to_owned()))));
        }
        names.extend(open::PROPRIETARY.iter().map(|name| (key(name), Known::Proprietary)));
        names.extend(open::PUBLIC_DOMAIN.iter().map(|name| (key(name), Known::PublicDomain)));
        let mut families = FxHashMap::default();
        for (family, list) in open::FAMILIES {
            for name in *list {
                let key = key(name);
                names.remove(&key);
                families.insert(key, *family);
            }
        }
        (names, families)
    })
}

/// `apache 2.0` is also `apache 2`, unless there is a 2.1.
fn without_zero(key: &str, id: &str) -> Option<String> {
    let (before, _) = key.rsplit_once(".0").filter(|(_, after)| after.is_empty() || after.starts_with(' '))?;
    let major = before.rsplit(' ').next()?;
    let (prefix, rest) = id.split_once(&format!("-{major}."))?;
    let start = format!("{prefix}-{major}.");
    // The list is sorted by identifier.
    let list = spdx::identifiers::LICENSES;
    let from = list.partition_point(|other| other.name < start.as_str());
    let mut alike = list[from..].iter().map_while(|other| other.name.strip_prefix(&start));
    let others = alike.any(|other| other != rest);
    (!others && !major.is_empty()).then(|| key.replacen(&format!("{major}.0"), major, 1))
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
    let (names, _) = known();
    (1..words.len())
        .rev()
        .map(|at| (words[..at].join(" "), words[at..].join(" ")))
        .find(|(name, short)| names.get(name).is_some_and(|known| names.get(short) == Some(known)))
        .map(|(name, _)| name)
        .unwrap_or_default()
}
