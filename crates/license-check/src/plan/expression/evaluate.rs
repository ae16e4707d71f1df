//! Is an expression satisfied by what is allowed? PURE.
//!
//! `OR` is satisfied by either side, `AND` by both; an expression is allowed when some way through its `OR`s meets allowed
//! licences only.
#![warn(clippy::disallowed_methods)]

use super::grammar::{self, Expr, Slash};

pub use super::grammar::Leaf;

/// What is thought of one licence. In order: the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It is forbidden.
    Denied,
    /// Nothing is said of it.
    Unlisted,
    /// It may be used.
    Allowed,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Of the best way through the expression: `Allowed` when each of its licences is, `Denied` when one of them is denied.
    pub standing: Standing,
    /// The licences of that way, each once, in the order of the expression: those that the user of the package takes.
    pub chosen: Vec<Leaf>,
    /// Of those, the ones that block it, and why; empty exactly when `standing` is `Allowed`.
    pub blocking: Vec<(Leaf, Standing)>,
    /// Whether there was anything to choose.
    pub had_choice: bool,
}

impl Outcome {
    /// The licences that are taken, as an expression: `MIT AND NCSA`.
    pub fn chosen_expression(&self) -> String {
        self.chosen.iter().map(Leaf::to_string).collect::<Vec<_>>().join(" AND ")
    }
}

/// Evaluates an expression. Of several ways that are equally good, the one with the fewest obstacles, then with the fewest
/// licences, then the first as written. A string that is no expression is taken for one licence by that name, which is for
/// `verdict_of` to know nothing of.
pub fn evaluate(expression: &str, verdict_of: impl Fn(&Leaf) -> Standing) -> Outcome {
    let expression =
        grammar::parse(expression, Slash::IsNothing).unwrap_or_else(|_| Expr::Leaf(Leaf::plain(expression.trim())));
    let had_choice = has_choice(&expression);
    let way = best(&expression, &verdict_of);
    let blocking = way.iter().filter(|(_, standing)| *standing != Standing::Allowed).cloned().collect();
    Outcome { standing: worst(&way), chosen: way.into_iter().map(|(leaf, _)| leaf).collect(), blocking, had_choice }
}

type Way = Vec<(Leaf, Standing)>;

fn worst(way: &Way) -> Standing {
    way.iter().map(|(_, standing)| *standing).min().unwrap_or(Standing::Unlisted)
}

/// The best way. Choosing in each `OR` by itself is choosing in the whole: parts of an `AND` don't depend on each other.
fn best(expression: &Expr, verdict_of: &impl Fn(&Leaf) -> Standing) -> Way {
    match expression {
        Expr::Leaf(leaf) => vec![(leaf.clone(), verdict_of(leaf))],
        Expr::And(parts) => {
            let mut all = Way::new();
            for step in parts.iter().flat_map(|part| best(part, verdict_of)) {
                if !all.contains(&step) {
                    all.push(step);
                }
            }
            all
        }
        Expr::Or(parts) => parts
            .iter()
            .map(|part| best(part, verdict_of))
            // `min_by_key` takes the first of equals.
            .min_by_key(|way| {
                let obstacles = way.iter().filter(|(_, standing)| *standing != Standing::Allowed).count();
                (std::cmp::Reverse(worst(way)), obstacles, way.len())
            })
            .unwrap_or_default(),
    }
}

fn has_choice(expression: &Expr) -> bool {
    match expression {
        Expr::Leaf(_) => false,
        Expr::Or(_) => true,
        Expr::And(parts) => parts.iter().any(has_choice),
    }
}

/// Whether permission for `entry` (of an allow list) is permission for `leaf` (of a package).
///
/// - The same licence, and the same exception or none on both sides. Exceptions only add permissions, and yet
///   `Apache-2.0 WITH LLVM-exception` is another licence than `Apache-2.0`: a list that means both names both.
/// - A package under "version 2 or later" offers a choice of versions: `GPL-2.0-or-later` and `MPL-1.1+` are satisfied by an
///   entry for any one version from there on (`GPL-3.0-only`, `MPL-2.0`), as in cargo-deny.
/// - The reverse doesn't hold: an entry `GPL-2.0-or-later` speaks of packages that offer later versions too, and does not
///   satisfy `GPL-2.0-only` or `GPL-3.0-only`. It satisfies `GPL-1.0-or-later`, which offers all that it asks for.
pub fn satisfies(entry: &Leaf, leaf: &Leaf) -> bool {
    if entry.exception != leaf.exception {
        return false;
    }
    if entry.id == leaf.id && entry.plus == leaf.plus {
        return true;
    }
    if !leaf.offers_later() {
        return false;
    }
    match (Versioned::of(entry), Versioned::of(leaf)) {
        (Some(wanted), Some(from)) => {
            wanted.name == from.name && wanted.rest == from.rest && wanted.version >= from.version
        }
        _ => false,
    }
}

/// An identifier in parts: `GPL`, `[2, 0]` and nothing for `GPL-2.0-or-later`.
struct Versioned<'i> {
    name: &'i str,
    version: Vec<u32>,
    rest: &'i str,
}

impl<'i> Versioned<'i> {
    fn of(leaf: &'i Leaf) -> Option<Self> {
        let id = leaf.id.strip_suffix("-or-later").or_else(|| leaf.id.strip_suffix("-only")).unwrap_or(&leaf.id);
        // A version has a point in it; the 2 of BSD-2-Clause counts clauses.
        let mut from = 0;
        for part in id.split('-') {
            let version: Option<Vec<u32>> = part.split('.').map(|number| number.parse().ok()).collect();
            if let Some(version) = version.filter(|version| version.len() > 1) {
                let name = &id[..from];
                return Some(Versioned { name, version, rest: &id[from + part.len()..] });
            }
            from += part.len() + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowing(allowed: &'static [&'static str]) -> impl Fn(&Leaf) -> Standing {
        move |leaf| {
            let text = leaf.to_string();
            match text.as_str() {
                "AGPL-3.0-only" => Standing::Denied,
                _ if allowed.contains(&text.as_str()) => Standing::Allowed,
                _ => Standing::Unlisted,
            }
        }
    }

    #[test]
    fn either_side_of_or_and_both_of_and() {
        let allow = || allowing(&["MIT", "NCSA"]);
        let outcome = evaluate("(Apache-2.0 OR MIT) AND NCSA", allow());
        assert_eq!(outcome.standing, Standing::Allowed);
        assert_eq!(outcome.chosen_expression(), "MIT AND NCSA");
        assert!(outcome.had_choice && outcome.blocking.is_empty());

        let outcome = evaluate("(MIT OR Apache-2.0) AND Zlib AND AGPL-3.0-only", allow());
        assert_eq!(outcome.standing, Standing::Denied);
        let blocking: Vec<String> = outcome.blocking.iter().map(|(leaf, why)| format!("{leaf} {why:?}")).collect();
        assert_eq!(blocking, ["Zlib Unlisted", "AGPL-3.0-only Denied"]);

        let outcome = evaluate("AGPL-3.0-only OR Zlib AND ISC OR Apache-2.0", allow());
        assert_eq!((outcome.standing, outcome.chosen_expression().as_str()), (Standing::Unlisted, "Apache-2.0"));
    }

    #[test]
    fn mit_alone_does_not_pass_mit_and_gpl() {
        assert_eq!(evaluate("MIT AND GPL-3.0-only", allowing(&["MIT"])).standing, Standing::Unlisted);
        assert_eq!(evaluate("no expression", allowing(&["MIT"])).standing, Standing::Unlisted);
        assert_eq!(evaluate("", allowing(&["MIT"])).standing, Standing::Unlisted);
    }

    #[test]
    fn entries_and_versions() {
        for (entry, offered, expected) in [
            ("MIT", "MIT", true),
            ("GPL-2.0-only", "GPL-2.0-or-later", true),
            ("GPL-3.0-only", "GPL-2.0-or-later", true),
            ("GPL-1.0-only", "GPL-2.0-or-later", false),
            ("GPL-3.0-or-later", "GPL-2.0-or-later", true),
            ("GPL-2.0-or-later", "GPL-3.0-or-later", false),
            ("GPL-2.0-or-later", "GPL-2.0-only", false),
            ("GPL-2.0-or-later", "GPL-3.0-only", false),
            ("LGPL-2.1-only", "GPL-2.0-or-later", false),
            ("MPL-2.0", "MPL-1.1+", true),
            ("MPL-1.1", "MPL-2.0+", false),
            ("MPL-2.0", "MPL-2.0+", true),
            ("MPL-2.0+", "MPL-2.0", false),
            ("BSD-3-Clause", "BSD-2-Clause+", false),
            ("Apache-2.0", "Apache-2.0 WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception", "Apache-2.0", false),
            ("GPL-3.0-only WITH GCC-exception-3.1", "GPL-3.0-or-later WITH GCC-exception-3.1", true),
            ("LicenseRef-a", "LicenseRef-a", true),
            ("LicenseRef-a", "LicenseRef-b", false),
            ("CC-BY-4.0", "CC-BY-3.0+", true),
            ("CC-BY-SA-4.0", "CC-BY-3.0+", false),
        ] {
            assert_eq!(satisfies(&leaf(entry), &leaf(offered)), expected, "{entry} for {offered}");
        }
    }

    fn leaf(text: &str) -> Leaf {
        match grammar::parse(text, Slash::IsNothing) {
            Ok(Expr::Leaf(leaf)) => leaf,
            other => panic!("{text}: {other:?}"),
        }
    }

    const IDS: [&str; 5] = ["MIT", "ISC", "Zlib", "NCSA", "AGPL-3.0-only"];

    fn expression() -> impl Strategy<Value = Expr> {
        let leaf = (0..IDS.len()).prop_map(|index| Expr::Leaf(Leaf::plain(IDS[index])));
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
                proptest::collection::vec(inner, 2..4).prop_map(Expr::Or),
            ]
        })
    }

    /// By the definition of AND and OR, without choosing a way.
    fn holds(expression: &Expr, is: &impl Fn(&Leaf) -> bool) -> bool {
        match expression {
            Expr::Leaf(leaf) => is(leaf),
            Expr::And(parts) => parts.iter().all(|part| holds(part, is)),
            Expr::Or(parts) => parts.iter().any(|part| holds(part, is)),
        }
    }

    fn standing(digits: &[u8], leaf: &Leaf) -> Standing {
        let index = IDS.iter().position(|id| *id == leaf.id).expect("one of them");
        [Standing::Denied, Standing::Unlisted, Standing::Allowed][usize::from(digits[index])]
    }

    proptest! {
        /// All 243 opinions on five licences, for each random expression.
        #[test]
        fn as_the_truth_table_says(expression in expression()) {
            let written = expression.to_string();
            for row in 0..3_usize.pow(5) {
                let digits: Vec<u8> = (0..5).map(|place| u8::try_from(row / 3_usize.pow(place) % 3).expect("a digit")).collect();
                let outcome = evaluate(&written, |leaf| standing(&digits, leaf));
                let allowed = holds(&expression, &|leaf| standing(&digits, leaf) == Standing::Allowed);
                let undenied = holds(&expression, &|leaf| standing(&digits, leaf) != Standing::Denied);
                let expected = match (allowed, undenied) {
                    (true, _) => Standing::Allowed,
                    (false, true) => Standing::Unlisted,
                    (false, false) => Standing::Denied,
                };
                prop_assert_eq!(outcome.standing, expected, "{} {:?}", written, digits);
                prop_assert_eq!(outcome.blocking.is_empty(), allowed);
                // What is said to be chosen is a way through the expression.
                prop_assert!(holds(&expression, &|leaf| outcome.chosen.contains(leaf)));
            }
        }

        #[test]
        fn allowing_more_never_fails_more(
            expression in expression(),
            digits in proptest::collection::vec(0_u8..3, 5),
            better in 0_usize..5,
        ) {
            let written = expression.to_string();
            let before = evaluate(&written, |leaf| standing(&digits, leaf)).standing;
            let mut more = digits;
            more[better] = 2;
            let after = evaluate(&written, |leaf| standing(&more, leaf)).standing;
            prop_assert!(after >= before, "{} {:?} {:?}", written, before, after);
        }
    }
}
