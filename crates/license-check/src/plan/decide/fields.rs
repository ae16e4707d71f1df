//! What a package's fields say without its files. PURE.
#![warn(clippy::disallowed_methods)]

use super::decide;
use crate::plan::expression::{Normalized, normalize};
use crate::plan::known::Known;
use crate::plan::license::State;
use crate::plan::package::{Ecosystem, Package, Place};
use crate::plan::statement::{Statement, Value};
use crate::plan::text::Identifier;

/// What a package is decided to be that has those fields, by their names and with the best first, and no files at all.
pub fn decide_fields(ecosystem: Ecosystem, fields: Vec<(&'static str, Value)>) -> Normalized {
    let place = || Place::new("", None);
    let meanings: Vec<Normalized> = fields.iter().map(|(_, value)| normalize(ecosystem, value)).collect();
    let statements = fields.into_iter().map(|(field, value)| Statement { value, field, place: place() }).collect();
    let known = Known {
        package: Package::new(ecosystem, String::new(), String::new(), place()),
        statements,
        files: Vec::new(),
        sources: Vec::new(),
        missing: None,
        notices: Vec::new(),
    };
    let decision = decide(&known, &Identifier::new());
    match (decision.state, decision.license, decision.family) {
        (State::Declared | State::Detected, Some(license), _) => Normalized::Expression(license),
        (State::Ambiguous, _, Some(family)) => Normalized::Ambiguous { family },
        // Terms without a name are called what their field alone would be.
        (State::Custom, _, _) => {
            let named = |meaning: &Normalized| *meaning != Normalized::None;
            meanings.into_iter().find(named).unwrap_or(Normalized::None)
        }
        _ => Normalized::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_package_would_be_decided() {
        let one = |text: &str| ("License", Value::One(text.to_owned()));
        let classifiers = |texts: &[&str]| {
            let texts = texts.iter().map(|text| format!("License :: OSI Approved :: {text}")).collect();
            ("Classifier", Value::Classifiers(texts))
        };
        for (fields, expected) in [
            (vec![one("GPL"), classifiers(&["GNU General Public License v2 or later (GPLv2+)"])], "GPL-2.0-or-later"),
            (vec![one("GPL"), classifiers(&["GNU General Public License (GPL)"])], "AMBIGUOUS:GPL"),
            (vec![one("GPL"), classifiers(&["MIT License"])], "AMBIGUOUS:GPL"),
            (vec![one("BSD-3-Clause"), classifiers(&["BSD License"])], "BSD-3-Clause"),
            (vec![classifiers(&["MIT License", "BSD License"])], "AMBIGUOUS:dual"),
            (vec![one("see LICENSE.txt")], "FILE:LICENSE.txt"),
            (vec![one("proprietary"), classifiers(&[])], "LicenseRef-proprietary"),
            (vec![one(""), classifiers(&[])], "NONE"),
        ] {
            assert_eq!(decide_fields(Ecosystem::Pip, fields).to_string(), expected);
        }
    }
}
