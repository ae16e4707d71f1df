//! Which licence a source file's head claims. PURE.

use super::super::{Part, PartKind};
use super::forms::{self, Said};
use super::layout::{self, Block, words};
use super::{is_gnu, named};
use crate::plan::expression::Normalized;
use std::collections::BTreeSet;

/// What the head of a source file says of its licence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Identifiers of the licences it is under; empty where it says nothing.
    pub ids: BTreeSet<String>,
    /// Whether all that it says of licences is understood.
    pub is_clear: bool,
}

/// Whether a head may speak of licences at all: most speak of what the code does, and need not be read.
pub(in super::super) fn may_claim(head: &str) -> bool {
    const BEGINNINGS: [&str; 16] = [
        "licen",
        "gpl",
        "permission",
        "permit",
        "redistribut",
        "distributed",
        "released",
        "terms",
        "under the",
        "copyleft",
        "proprietary",
        "confidential",
        "commercial",
        "prohibited",
        "forbidden",
        "unauthorized",
    ];
    let head = head.to_lowercase();
    BEGINNINGS.iter().any(|beginning| head.contains(beginning))
}

/// What a head says, given the licences and notices in it. Of its prose only the sentences that speak of licences count: what
/// the code does is told there, too.
pub(in super::super) fn claims(head: &str, parts: &[Part]) -> Claims {
    let mut found = Claims { ids: BTreeSet::new(), is_clear: true };
    let sure: Vec<&Part> = parts.iter().filter(|part| part.sure).collect();
    for part in &sure {
        // The whole text of a GNU licence doesn't say whether later versions may be chosen; an exception is nobody's licence.
        let open = part.kind == PartKind::License && is_gnu(&part.id);
        found.is_clear &= !open && part.kind != PartKind::Exception && part.whole_lines;
        found.ids.insert(part.id.clone());
    }
    for block in &layout::blocks(head, &sure) {
        let Block::Paragraph(paragraph) = block else { continue };
        for sentence in paragraph.sentences() {
            match claim(&sentence.words) {
                Some(Some(id)) => {
                    found.ids.insert(id);
                }
                Some(None) => {}
                None => found.is_clear = false,
            }
        }
        for (_, line) in &paragraph.lines {
            if let Some(stated) = line.split_once("SPDX-License-Identifier:").map(|(_, stated)| stated) {
                match named(&words(stated)) {
                    Normalized::Expression(id) if !id.contains(' ') => {
                        found.ids.insert(id);
                    }
                    _ => found.is_clear = false,
                }
            }
        }
    }
    // What is only like a notice counts by what its sentences say.
    found.is_clear &= parts.iter().all(|part| part.sure || found.ids.contains(&part.id));
    found
}

/// The licence that a sentence names; `Some(None)` where it speaks of none, `None` where it isn't understood.
fn claim(words: &[String]) -> Option<Option<String>> {
    const LEGAL: [&str; 12] = [
        "license",
        "licenses",
        "licensed",
        "terms",
        "under",
        "distributed",
        "released",
        "permission",
        "copyleft",
        "gpl",
        "lgpl",
        "agpl",
    ];
    const DENYING: [&str; 7] =
        ["proprietary", "confidential", "commercial", "noncommercial", "prohibited", "forbidden", "unauthorized"];
    if words.iter().any(|word| DENYING.contains(&word.as_str())) {
        return None;
    }
    let is_legal = words.iter().any(|word| LEGAL.contains(&word.as_str()));
    let names =
        !forms::mentions(words).is_empty() || words.iter().any(|word| word == "permission" || word == "licensed");
    if !(is_legal && names) || words.first().is_some_and(|word| word == "spdx") {
        return Some(None);
    }
    match forms::grant(words) {
        Some(Said::Grant { id, .. }) => Some(Some(id)),
        _ => forms::is_boilerplate(words).then_some(None),
    }
}
