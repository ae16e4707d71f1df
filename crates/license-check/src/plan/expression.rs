//! From what was written to an SPDX expression, or to the reason why there is none. PURE.
//!
//! Expressions: SPDX specification 2.3, annex D <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>.
//!
//! What an array means is its ecosystem's matter:
//! - composer: a choice <https://getcomposer.org/doc/04-schema.md#license>.
//! - npm: a choice; its documentation replaces the old `licenses` array by an expression with `OR`
//!   <https://docs.npmjs.com/cli/configuring-npm/package-json#license>, and npm's own SBOM joins it so.
//! - Maven: a choice ("the user can select any of them") <https://maven.apache.org/pom.html#Licenses>.
//! - `RubyGems`: not defined (ruby/rubygems issue 2713, open since 2019), so several are [`Normalized::Ambiguous`].
//! - Python's classifiers: not defined (PEP 639), so several are ambiguous too, but for those that another one implies.
#![warn(clippy::disallowed_methods)]

use super::package::Ecosystem;
use super::statement::Value;
use grammar::{Expr, Leaf, Slash};
use names::Known;
use std::fmt;

mod addresses;
pub mod agreement;
mod classifiers;
mod deprecated;
pub mod evaluate;
pub mod family;
mod gnu;
pub mod grammar;
mod literal;
mod names;
mod phrase;

pub use agreement::{Agreement, same_or_covered, settles};
pub use evaluate::{Outcome, Standing, evaluate};
pub use family::{Family, family_of};
pub use literal::{read_fields, read_literal};
#[cfg(test)]
pub(crate) use names::generate;

/// What a statement means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Normalized {
    /// An SPDX expression in its canonical spelling: current identifiers, upper-case operators, no needless parentheses.
    Expression(String),
    /// The licence's family is known, and not which of its licences it is: `BSD`, `GPL`, `GPL-3.0` (only or later?). `dual`:
    /// several licences are named, and not whether there is a choice.
    Ambiguous {
        /// As in `AMBIGUOUS:BSD`.
        family: String,
    },
    /// The terms are in that file of the package, and nowhere else.
    File(String),
    /// No rights are granted: `UNLICENSED`, `proprietary`.
    Proprietary,
    /// "Public domain": no licence that SPDX lists.
    PublicDomain,
    /// An address that is no known licence's.
    Url(String),
    /// A licence's text instead of its name: to be identified as a file's would be.
    Text(String),
    /// A name that nobody has defined.
    Custom(String),
    /// Nothing was stated.
    None,
}

impl fmt::Display for Normalized {
    /// As `license-check normalize` prints it: the expression, `AMBIGUOUS:<family>`, `FILE:<name>`, `LicenseRef-proprietary`,
    /// `LicenseRef-public-domain`, `LicenseRef-url`, `LicenseRef-text`, `LicenseRef-<name>`, `NONE`. One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Normalized::Expression(expression) => f.write_str(expression),
            Normalized::Ambiguous { family } => write!(f, "AMBIGUOUS:{family}"),
            Normalized::File(name) => {
                write!(f, "FILE:{}", name.replace(|letter: char| letter.is_control(), "\u{fffd}"))
            }
            Normalized::Proprietary => f.write_str("LicenseRef-proprietary"),
            Normalized::PublicDomain => f.write_str("LicenseRef-public-domain"),
            Normalized::Url(_) => f.write_str("LicenseRef-url"),
            Normalized::Text(_) => f.write_str("LicenseRef-text"),
            Normalized::Custom(name) => f.write_str(&reference(name)),
            Normalized::None => f.write_str("NONE"),
        }
    }
}

/// Letters of the longest reference that a name is made into.
const MAX_REFERENCE_CHARS: usize = 64;

/// `LicenseRef-` and the name, in the letters that SPDX allows there.
pub fn reference(name: &str) -> String {
    let name = name.strip_prefix("LicenseRef-").unwrap_or(name);
    let mut kept = String::new();
    for letter in name.chars() {
        let letter = if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
        if !(letter == '-' && (kept.is_empty() || kept.ends_with('-'))) {
            kept.push(letter);
        }
        if kept.len() == MAX_REFERENCE_CHARS {
            break;
        }
    }
    let kept = kept.trim_end_matches('-');
    if kept.is_empty() { "LicenseRef-unnamed".to_owned() } else { format!("LicenseRef-{kept}") }
}

/// What that statement means in that ecosystem.
pub fn normalize(ecosystem: Ecosystem, value: &Value) -> Normalized {
    match value {
        Value::One(text) => read(ecosystem, text),
        Value::Many(texts) => array(ecosystem, texts),
        Value::Classifiers(list) => several_classifiers(list),
        Value::File(name) if name.trim().is_empty() => Normalized::None,
        Value::File(name) => Normalized::File(name.trim().to_owned()),
        Value::Url(text) => address(text),
        Value::Named { name, url } => named(ecosystem, name, url),
    }
}

/// A name; one that holds what no keyboard writes is nobody's, whatever it looks like.
fn read(ecosystem: Ecosystem, text: &str) -> Normalized {
    readable(text, phrase::read(ecosystem, text))
}

/// An address, with the same care.
fn address(text: &str) -> Normalized {
    readable(text, phrase::address(text))
}

fn readable(text: &str, meaning: Normalized) -> Normalized {
    let says_nothing = matches!(meaning, Normalized::None | Normalized::Text(_) | Normalized::File(_));
    if says_nothing || !text.contains(|letter: char| letter.is_control() && !letter.is_whitespace()) {
        return meaning;
    }
    Normalized::Custom("unreadable".to_owned())
}

/// What each of a statement's names means by itself: of an array or of Python's classifiers one meaning a name.
pub fn meanings(ecosystem: Ecosystem, value: &Value) -> Vec<Normalized> {
    let each = |texts: &[String], one: fn(String) -> Value| {
        texts.iter().map(|text| normalize(ecosystem, &one(text.clone()))).collect()
    };
    match value {
        Value::Many(texts) => each(texts, Value::One),
        Value::Classifiers(texts) => each(texts, |text| Value::Classifiers(vec![text])),
        other => vec![normalize(ecosystem, other)],
    }
}

/// A name with its address beside it. The name decides; the address settles what the name leaves open. A name and the address
/// of another licence leave open which of them holds.
fn named(ecosystem: Ecosystem, name: &str, url: &str) -> Normalized {
    let by_name = read(ecosystem, name);
    if url.trim().is_empty() {
        return by_name;
    }
    let by_address = address(url);
    match (&by_name, &by_address) {
        (Normalized::None | Normalized::Url(_), _) => by_address,
        (Normalized::Ambiguous { family }, Normalized::Expression(id)) if settles(family, id) => by_address,
        // `GPL` at the address of its version 3: less is open, but not nothing.
        (Normalized::Ambiguous { family }, Normalized::Ambiguous { family: narrower })
            if narrower.starts_with(&format!("{family}-")) =>
        {
            by_address
        }
        (Normalized::Expression(name), Normalized::Expression(id))
            if same_or_covered(name, id) == Agreement::Disagrees =>
        {
            Normalized::Ambiguous { family: "dual".to_owned() }
        }
        (Normalized::PublicDomain, Normalized::Expression(id)) if id == "CC0-1.0" || id == "Unlicense" => by_address,
        _ => by_name,
    }
}

fn array(ecosystem: Ecosystem, texts: &[String]) -> Normalized {
    let mut meanings: Vec<Normalized> = Vec::new();
    for text in texts {
        let meaning = read(ecosystem, text);
        if meaning != Normalized::None && !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }
    let is_choice = matches!(ecosystem, Ecosystem::Composer | Ecosystem::Npm | Ecosystem::Maven);
    several(meanings, is_choice)
}

/// Several meanings, each there once.
fn several(mut meanings: Vec<Normalized>, is_choice: bool) -> Normalized {
    let dual = || Normalized::Ambiguous { family: "dual".to_owned() };
    if meanings.len() < 2 {
        return meanings.pop().unwrap_or(Normalized::None);
    }
    if !is_choice {
        return dual();
    }
    if let Some(arms) = meanings.iter().map(arm).collect::<Option<Vec<Expr>>>() {
        return Expr::any_of(arms).map_or(Normalized::None, |choice| Normalized::Expression(choice.to_string()));
    }
    // A text that settles the one that is open settles a true arm of the choice.
    let mut open = meanings.iter().filter(|meaning| arm(meaning).is_none());
    match (open.next(), open.next()) {
        (Some(Normalized::Ambiguous { family }), None) => Normalized::Ambiguous { family: family.clone() },
        _ => dual(),
    }
}

/// A meaning as part of an expression: terms of one's own by their reference.
fn arm(meaning: &Normalized) -> Option<Expr> {
    match meaning {
        Normalized::Expression(text) => grammar::parse(text, Slash::IsNothing).ok(),
        Normalized::Proprietary | Normalized::PublicDomain | Normalized::Custom(_) | Normalized::Url(_) => {
            Some(Expr::Leaf(Leaf::plain(meaning.to_string())))
        }
        Normalized::Ambiguous { .. } | Normalized::File(_) | Normalized::Text(_) | Normalized::None => None,
    }
}

fn several_classifiers(list: &[String]) -> Normalized {
    let mut meanings: Vec<Normalized> = Vec::new();
    for classifier in list {
        let meaning = match classifiers::read(classifier) {
            Some(classifiers::Said::Nothing) => continue,
            Some(classifiers::Said::Known(known)) => Normalized::from(known),
            Some(classifiers::Said::Custom(name)) => Normalized::Custom(name.to_owned()),
            None => read(Ecosystem::Pip, classifier.rsplit("::").next().unwrap_or(classifier)),
        };
        if meaning != Normalized::None && !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }
    // "GNU General Public License (GPL)" beside "GNU General Public License v2 or later (GPLv2+)" adds nothing.
    let implied = |meaning: &Normalized| match meaning {
        Normalized::Ambiguous { family } => meanings.iter().any(|other| match other {
            Normalized::Expression(id) => settles(family, id),
            Normalized::Ambiguous { family: narrower } => narrower.starts_with(&format!("{family}-")),
            _ => false,
        }),
        _ => false,
    };
    let kept: Vec<Normalized> = meanings.iter().filter(|meaning| !implied(meaning)).cloned().collect();
    several(kept, false)
}

impl From<Known> for Normalized {
    fn from(known: Known) -> Self {
        match known {
            Known::Expression(expression) => Normalized::Expression(expression),
            Known::Family(family) => Normalized::Ambiguous { family },
            Known::Proprietary => Normalized::Proprietary,
            Known::PublicDomain => Normalized::PublicDomain,
        }
    }
}

#[cfg(test)]
mod tests;
