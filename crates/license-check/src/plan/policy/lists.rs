//! One pair of lists, and what it says of a licence.

use super::super::expression::evaluate::{Outcome, Standing, evaluate, satisfies};
use super::super::expression::family::{Family, family_of};
use super::super::expression::grammar::{self, Expr, Leaf, Slash};
use std::collections::{BTreeMap, BTreeSet};

/// `allow` and `deny` of one table of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// `allow`. `None`: there is none, which is not the same as an empty one.
    pub allow: Option<Entries>,
    /// `deny`.
    pub deny: Option<Entries>,
    /// Whether the lists above it count where these say nothing.
    pub inherit: bool,
}

/// A list, with the 1-based line of each entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// `family:…`.
    pub families: BTreeMap<Family, u32>,
    /// Single licences.
    pub licenses: BTreeMap<Leaf, u32>,
    /// Expressions with operators, by [`license_key`].
    pub expressions: BTreeMap<String, u32>,
    /// As written, in the order of the file.
    pub written: Vec<(String, u32)>,
}

/// What a list says, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// On which of the two.
    pub allowed: bool,
    /// 1-based.
    pub line: u32,
}

impl Lists {
    /// What these lists say of one licence. `None`: nothing.
    pub fn say(&self, leaf: &Leaf) -> Option<Said> {
        let (allow, deny) = (self.allow.as_ref(), self.deny.as_ref());
        let denied = |line: u32| Said { allowed: false, line };
        let allowed = |line: u32| Said { allowed: true, line };
        let exact = |list: Option<&Entries>| list.and_then(|list| list.licenses.get(leaf)).copied();
        // Named itself, it is meant itself; all else is what another entry reaches.
        exact(deny)
            .map(denied)
            .or_else(|| exact(allow).map(allowed))
            .or_else(|| deny.and_then(|list| list.deny_reaching(leaf)).map(denied))
            .or_else(|| allow.and_then(|list| list.allow_reaching(leaf)).map(allowed))
    }

    /// What these lists say of a whole expression with operators, by its [`license_key`].
    pub fn say_expression(&self, key: &str) -> Option<Said> {
        let of = |list: &Option<Entries>| list.as_ref().and_then(|list| list.expressions.get(key)).copied();
        of(&self.deny)
            .map(|line| Said { allowed: false, line })
            .or_else(|| of(&self.allow).map(|line| Said { allowed: true, line }))
    }
}

impl Entries {
    /// The line of the entry whose denial reaches this licence, though it doesn't name it.
    pub fn deny_reaching(&self, leaf: &Leaf) -> Option<u32> {
        let base = base(leaf);
        let without = |leaf: &Leaf| Leaf { exception: None, ..leaf.clone() };
        let named = [Some(without(leaf)), base.as_ref().map(without), base.clone()];
        let named = named.iter().flatten().find_map(|leaf| self.licenses.get(leaf));
        // Who refuses an offer refuses what grants less: GPL-2.0-only where GPL-2.0-or-later is denied, and the bare licence
        // where it is denied even with an exception.
        let less = || {
            let grants_more =
                |entry: &Leaf| satisfies(leaf, entry) || leaf.exception.is_none() && satisfies(leaf, &without(entry));
            self.licenses.iter().find(|(entry, _)| grants_more(entry)).map(|(_, line)| line)
        };
        named.or_else(less).or_else(|| self.families.get(&family_of(&leaf.id)?)).copied()
    }

    /// The line of the entry that allows this licence, though it doesn't name it.
    pub fn allow_reaching(&self, leaf: &Leaf) -> Option<u32> {
        if leaf.offers_later()
            && let Some((_, line)) = self.licenses.iter().find(|(entry, _)| satisfies(entry, leaf))
        {
            return Some(*line);
        }
        // An exception of SPDX's list only ever grants more; what a reference stands for is anybody's guess.
        let only_grants = leaf.exception.as_deref().is_none_or(|exception| spdx::exception_id(exception).is_some());
        let family = family_of(&leaf.id).filter(|_| only_grants)?;
        self.families.get(&family).copied()
    }
}

/// The licence that is offered besides its later versions: `GPL-2.0-only` for `GPL-2.0-or-later`, `MPL-2.0` for `MPL-2.0+`.
fn base(leaf: &Leaf) -> Option<Leaf> {
    if leaf.plus {
        return Some(Leaf { plus: false, ..leaf.clone() });
    }
    let id = leaf.id.strip_suffix("-or-later")?;
    Some(Leaf { id: format!("{id}-only"), ..leaf.clone() })
}

/// What a licence is by all lists that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// What it is.
    pub standing: Standing,
    /// The line of the entry that decided, 1-based; `None` where nothing names it.
    pub line: Option<u32>,
}

impl From<Said> for Stand {
    fn from(said: Said) -> Self {
        Stand { standing: if said.allowed { Standing::Allowed } else { Standing::Denied }, line: Some(said.line) }
    }
}

/// What one licence is by those lists, the ones that are asked first first.
pub fn stand(layers: &[&Lists], leaf: &Leaf) -> Stand {
    if let Some(said) = layers.iter().find_map(|layer| layer.say(leaf)) {
        return said.into();
    }
    // A deny list alone lets pass what is known. What a reference stands for nobody knows.
    let known = !leaf.is_ref() && leaf.exception.as_deref().is_none_or(|name| spdx::exception_id(name).is_some());
    let standing = if known && !asks_for_leave(layers) { Standing::Allowed } else { Standing::Unlisted };
    Stand { standing, line: None }
}

/// Whether what no list names fails: the outermost lists that count decide.
pub fn asks_for_leave(layers: &[&Lists]) -> bool {
    layers.last().is_none_or(|layer| layer.allow.is_some())
}

/// What an expression is by all lists that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What it is, and the line of the one entry that decided.
    pub stand: Stand,
    /// How its licences were weighed; `None` where an entry names the whole expression.
    pub outcome: Option<Outcome>,
}

/// What an expression is by those lists, the ones that are asked first first. A text that is none is unlisted.
pub fn stand_expression(layers: &[&Lists], expression: &str) -> Judged {
    let unlisted = Stand { standing: Standing::Unlisted, line: None };
    let Ok(tree) = grammar::parse(expression, Slash::IsNothing) else {
        return Judged { stand: unlisted, outcome: None };
    };
    if !matches!(tree, Expr::Leaf(_)) {
        let key = key_of(&tree);
        if let Some(said) = layers.iter().find_map(|layer| layer.say_expression(&key)) {
            return Judged { stand: said.into(), outcome: None };
        }
    }
    let outcome = evaluate(expression, |leaf| stand(layers, leaf).standing);
    // Of several licences the first that decided: what is denied by its denial, what is allowed by its leave.
    let mut decisive =
        outcome.blocking.iter().filter(|(_, standing)| *standing == outcome.standing).map(|(leaf, _)| leaf);
    let line = match (outcome.standing, outcome.chosen.as_slice()) {
        (Standing::Allowed, [only]) => stand(layers, only).line,
        (Standing::Allowed, _) => None,
        _ => decisive.find_map(|leaf| stand(layers, leaf).line),
    };
    Judged { stand: Stand { standing: outcome.standing, line }, outcome: Some(outcome) }
}

/// The spelling by which licences are compared: `MIT OR Apache-2.0` and `Apache-2.0 OR (MIT)` are one. What is no expression
/// (`NONE`, `AMBIGUOUS:BSD`, `FILE:LICENSE.txt`) is its own spelling.
pub fn license_key(license: &str) -> String {
    grammar::parse(license, Slash::IsNothing).map_or_else(|_| license.trim().to_owned(), |tree| key_of(&tree))
}

pub(super) fn key_of(tree: &Expr) -> String {
    let (parts, operator) = match tree {
        Expr::Leaf(leaf) => return leaf.to_string(),
        Expr::And(parts) => (parts, " AND "),
        Expr::Or(parts) => (parts, " OR "),
    };
    let inner = |part: &Expr| match part {
        Expr::Leaf(leaf) => leaf.to_string(),
        part => format!("({})", key_of(part)),
    };
    let sorted: BTreeSet<String> = parts.iter().map(inner).collect();
    Vec::from_iter(sorted).join(operator)
}

/// Whether a reference says only where the terms stand, and not what they are: there are as many `LicenseRef-LICENSE.md` as
/// there are packages with such a file.
pub fn is_nameless(leaf: &Leaf) -> bool {
    let Some((_, name)) = leaf.id.split_once("LicenseRef-") else { return false };
    let name = name.to_ascii_lowercase();
    const FILES: [&str; 5] = ["license", "licence", "copying", "notice", "readme"];
    const ENDS: [&str; 7] = [".md", ".txt", ".rst", ".html", ".htm", ".pdf", ".rtf"];
    ["url", "text", "unnamed", "unreadable"].contains(&name.as_str())
        || FILES.iter().any(|file| name.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a text is an SPDX expression.
pub fn is_expression(text: &str) -> bool {
    grammar::parse(text, Slash::IsNothing).is_ok()
}

/// Whether a text says what is known where there is no expression: `NONE`, `AMBIGUOUS`, `AMBIGUOUS:BSD`, `FILE:LICENSE.txt`.
pub fn is_label(text: &str) -> bool {
    let named = |prefix: &str| text.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
    text == "NONE" || text == "AMBIGUOUS" || named("AMBIGUOUS:") || named("FILE:")
}

/// The licences of an expression, each once, in order; none where it is no expression.
pub fn leaves(expression: &str) -> Vec<Leaf> {
    let Ok(tree) = grammar::parse(expression, Slash::IsNothing) else { return Vec::new() };
    let all: BTreeSet<Leaf> = tree.leaves().into_iter().cloned().collect();
    all.into_iter().collect()
}
