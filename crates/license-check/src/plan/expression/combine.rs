//! Several statements of one package. PURE.
#![warn(clippy::disallowed_methods)]

use super::grammar::{self, Expr, Slash};
use super::{Agreement, Normalized, normalize, same_or_covered, settles};
use crate::plan::package::Ecosystem;
use crate::plan::statement::Value;

/// What a package's statements mean together, the best first (Python: `License-Expression`, `License`, the classifiers), and the
/// indices of those that say so, in order.
///
/// The first that states anything decides. What it leaves open, a later one settles: `GPL` beside the classifier `GNU
/// General Public License v2 or later (GPLv2+)` is `GPL-2.0-or-later`. A text, a file or an unknown name gives way to a later
/// statement that is an expression or a family, since those words name nothing by themselves; `None` to anything. Python's
/// classifiers that name one other licence than the one declared (`MIT` beside `GNU General Public License v3 or later`) make it
/// `dual`: which of the two holds, or whether both do, is not said.
pub fn normalize_all(ecosystem: Ecosystem, values: &[&Value]) -> (Normalized, Vec<usize>) {
    let mut best = Normalized::None;
    let mut because: Vec<usize> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let meaning = normalize(ecosystem, value);
        if settled_by(&best, &meaning) {
            because.push(index);
            best = meaning;
        } else if best == meaning && meaning != Normalized::None {
            because.push(index);
        } else if gives_way(&best, &meaning) {
            because = vec![index];
            best = meaning;
        } else if matches!(value, Value::Classifiers(_)) && contradicts(&best, &meaning) {
            because.push(index);
            best = Normalized::Ambiguous { family: "dual".to_owned() };
        }
    }
    (best, because)
}

fn settled_by(open: &Normalized, meaning: &Normalized) -> bool {
    match (open, meaning) {
        (Normalized::Ambiguous { family }, Normalized::Expression(id)) => settles(family, id),
        (Normalized::Ambiguous { family }, Normalized::Ambiguous { family: narrower }) => {
            narrower.starts_with(&format!("{family}-"))
        }
        _ => false,
    }
}

fn contradicts(declared: &Normalized, classified: &Normalized) -> bool {
    let Normalized::Expression(declared) = declared else { return false };
    match classified {
        Normalized::Expression(other) => same_or_covered(declared, other) == Agreement::Disagrees,
        Normalized::Ambiguous { family } if family != "dual" => {
            let Ok(declared) = grammar::parse(declared, Slash::IsNothing) else { return false };
            !declared.leaves().iter().any(|leaf| leaf.is_ref() || settles(family, &leaf.to_string()))
        }
        Normalized::Proprietary => true,
        _ => false,
    }
}

fn gives_way(before: &Normalized, meaning: &Normalized) -> bool {
    match before {
        Normalized::None => *meaning != Normalized::None,
        Normalized::Text(_) => {
            matches!(meaning, Normalized::Expression(_) | Normalized::Ambiguous { .. } | Normalized::Proprietary)
        }
        _ => false,
    }
}

/// An expression whose permission is enough whatever an open statement means: the narrower of GNU's two (`GPL-3.0` that says
/// neither "only" nor "or later" is at least `GPL-3.0-only`), and all of several licences where it isn't said whether there is
/// a choice. `None` where even that is open (`BSD`). It is no answer to which licence holds, only to whether it matters.
pub fn sufficient(ecosystem: Ecosystem, value: &Value) -> Option<String> {
    let parts: Vec<Normalized> = match value {
        Value::Many(list) => list.iter().map(|text| normalize(ecosystem, &Value::One(text.clone()))).collect(),
        Value::Classifiers(list) => {
            list.iter().map(|text| normalize(ecosystem, &Value::Classifiers(vec![text.clone()]))).collect()
        }
        other => vec![normalize(ecosystem, other)],
    };
    let parts = parts.iter().filter(|part| **part != Normalized::None).map(narrowest).collect::<Option<Vec<Expr>>>()?;
    Expr::all_of(parts).map(|all| all.to_string())
}

fn narrowest(meaning: &Normalized) -> Option<Expr> {
    match meaning {
        Normalized::Expression(text) => grammar::parse(text, Slash::IsNothing).ok(),
        Normalized::Ambiguous { family } => {
            let only = grammar::license(&format!("{family}-only"))?;
            Some(Expr::Leaf(only))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Value {
        Value::One(text.to_owned())
    }

    fn classifiers(list: &[&str]) -> Value {
        Value::Classifiers(list.iter().map(|text| (*text).to_owned()).collect())
    }

    fn together(values: &[Value]) -> (String, Vec<usize>) {
        let (meaning, because) = normalize_all(Ecosystem::Pip, &values.iter().collect::<Vec<_>>());
        (meaning.to_string(), because)
    }

    #[test]
    fn a_later_statement_settles_what_is_open() {
        for (values, expected, because) in [
            (
                vec![one("GPL"), classifiers(&["GNU General Public License v2 or later (GPLv2+)"])],
                "GPL-2.0-or-later",
                vec![0, 1],
            ),
            (vec![one("BSD-3-Clause"), classifiers(&["BSD License"])], "BSD-3-Clause", vec![0]),
            (vec![one("BSD"), classifiers(&["BSD License"])], "AMBIGUOUS:BSD", vec![0, 1]),
            (vec![one(""), classifiers(&["MIT License"])], "MIT", vec![1]),
            (vec![one("UNKNOWN"), classifiers(&["MIT License"])], "MIT", vec![1]),
            (vec![one("Copyright (c) 2015, somebody"), classifiers(&["ISC License (ISCL)"])], "ISC", vec![1]),
            (vec![one("MIT"), classifiers(&["MIT License", "Academic Free License (AFL)"])], "MIT", vec![0]),
            (vec![one("GPL"), classifiers(&["MIT License"])], "AMBIGUOUS:GPL", vec![0]),
            (
                vec![one("MIT"), classifiers(&["GNU General Public License v3 or later (GPLv3+)"])],
                "AMBIGUOUS:dual",
                vec![0, 1],
            ),
            (vec![one("MIT"), classifiers(&["BSD License"])], "AMBIGUOUS:dual", vec![0, 1]),
            (
                vec![one("Apache-2.0 OR BSD-3-Clause"), classifiers(&["BSD License"])],
                "Apache-2.0 OR BSD-3-Clause",
                vec![0],
            ),
            (vec![one("GNU GPL 3"), classifiers(&["GNU General Public License (GPL)"])], "AMBIGUOUS:GPL-3.0", vec![0]),
            (vec![], "NONE", vec![]),
        ] {
            assert_eq!(together(&values), (expected.to_owned(), because), "{values:?}");
        }
    }

    #[test]
    fn enough_whatever_it_means() {
        let enough = |value: &Value| sufficient(Ecosystem::Gem, value);
        let both = Value::Many(vec!["MIT".to_owned(), "GPL-2.0".to_owned()]);
        assert_eq!(enough(&both), Some("MIT AND GPL-2.0-only".to_owned()));
        assert_eq!(enough(&one("GPLv3")), Some("GPL-3.0-only".to_owned()));
        assert_eq!(enough(&one("BSD")), None);
        assert_eq!(enough(&classifiers(&["MIT License", "BSD License"])), None);
        assert_eq!(enough(&one("")), None);
    }
}
