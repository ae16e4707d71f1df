//! Reads what stands on a list, and licences elsewhere in a policy.

use super::super::expression::family::Family;
use super::super::expression::grammar::{self, Expr, Leaf, Slash};
use super::lists::key_of;
use super::shown;

/// Edits between two identifiers, in a hundred letters, that are taken for one misspelt.
const NEAR_PERCENT: usize = 34;
/// Bytes of an entry that a message repeats or that is compared with identifiers.
const MAX_WORD_BYTES: usize = 80;

/// What most packages have.
const COMMON: [&str; 14] = [
    "0BSD",
    "AGPL-3.0-only",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MPL-2.0",
    "Unlicense",
    "Zlib",
];

/// An entry of a list.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    Family(Family),
    License(Leaf),
    /// By its key.
    Expression(String),
}

/// Reads an entry. Errors: what is wrong with it and what may be meant.
pub fn entry(text: &str) -> Result<Entry, String> {
    if let Some(name) = text.trim().strip_prefix("family:") {
        return Family::parse(name.trim()).map(Entry::Family).ok_or_else(|| no_family(name));
    }
    Ok(match expression(text)? {
        Expr::Leaf(leaf) => Entry::License(leaf),
        tree => Entry::Expression(key_of(&tree)),
    })
}

/// Reads an SPDX expression. Errors: what is wrong with it and which identifier is the nearest.
pub fn expression(text: &str) -> Result<Expr, String> {
    if text.trim().is_empty() {
        return Err("a licence is missing".to_owned());
    }
    grammar::parse(text, Slash::IsNothing).map_err(|why| {
        let rest = text.get(why.at..).unwrap_or_default();
        let word = rest.split([' ', '\t', '\n', '\r', '(', ')']).next().unwrap_or_default();
        let after_with = text.get(..why.at).unwrap_or_default().trim_end().to_ascii_uppercase().ends_with(" WITH");
        let meant = if after_with {
            nearest(word, spdx::identifiers::EXCEPTIONS.iter().map(|exception| (false, exception.name)))
        } else if word.is_empty() || is_license(word) {
            None
        } else {
            meant(text, word)
        };
        let said = shown(&why.what, MAX_WORD_BYTES * 2);
        match meant {
            Some(id) => format!("{said}; did you mean `{id}`?"),
            None => said,
        }
    })
}

fn is_license(word: &str) -> bool {
    grammar::parse(word, Slash::IsNothing).is_ok()
}

fn meant(text: &str, word: &str) -> Option<String> {
    let trimmed = text.trim();
    if let Some((id, length)) = spdx::imprecise_license_id(trimmed)
        && length == trimmed.len()
    {
        return Some(id.name.to_owned());
    }
    // Retired identifiers are still read, and not what anybody should be led to. Of equally near ones a common one is meant.
    let current = || {
        let licenses = spdx::identifiers::LICENSES.iter();
        let licenses = licenses.filter(|license| license.flags & spdx::flags::IS_DEPRECATED == 0);
        licenses.map(|license| (!COMMON.contains(&license.name), license.name))
    };
    nearest(word, current()).or_else(|| {
        let spaced = !trimmed.contains(['(', ')']) && trimmed.len() <= MAX_WORD_BYTES;
        let joined = trimmed.replace(' ', "-");
        spaced.then(|| nearest(&joined, current())).flatten()
    })
}

/// The nearest of some names, each with whether it is the less likely of equally near ones.
fn nearest<'n>(word: &str, names: impl Iterator<Item = (bool, &'n str)>) -> Option<String> {
    if word.is_empty() || word.len() > MAX_WORD_BYTES {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', ' '], "-");
    let alike = plain(word);
    let distances = names.map(|(rare, name)| (strsim::damerau_levenshtein(&plain(name), &alike), rare, name));
    let (distance, _, name) = distances.min()?;
    (distance * 100 <= word.len() * NEAR_PERCENT).then(|| name.to_owned())
}

fn no_family(name: &str) -> String {
    let names: Vec<&str> = Family::ALL.iter().map(|family| family.as_str()).collect();
    let short = shown(name, MAX_WORD_BYTES);
    match nearest(name.trim(), names.iter().map(|name| (false, *name))) {
        Some(near) => format!("`family:{short}` is no family; did you mean `family:{near}`?"),
        None => format!("`family:{short}` is no family; there are {}", names.join(", ")),
    }
}
