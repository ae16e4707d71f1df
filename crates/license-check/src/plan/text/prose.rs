//! What the words around the licences of a text say of them. PURE.
//!
//! A file may hold several licences and say in prose which part of a work each is for, or put the work under a licence by a
//! sentence alone. Such words count only when all of them are understood: a sentence that speaks of licences, rights or
//! conditions and has none of the known forms leaves the text what it is without its prose, unknown. What is understood:
//!
//! - "X is licensed under the terms of NAME", with GNU's "either version N of the License, or (at your option) any later
//!   version"; "under the terms of the licenses found below"; "the above license applies to all …".
//! - "X is free software; you can redistribute it and/or modify it under the terms of either:" and a list of names.
//! - Words that give a further permission: the Free Software Foundation's exception for OpenSSL, and licences that apply "at
//!   your option" to some files. They are left out of the answer, which is right without them too.
//!
//! All licences that are found so hold together (`AND`), each for its part of the work: who meets all of them meets each.
#![warn(clippy::disallowed_methods)]

mod claims;
mod forms;
mod layout;
#[cfg(test)]
mod tests;

use super::{Part, PartKind};
use crate::plan::expression::{Normalized, normalize};
use crate::plan::package::Ecosystem;
use crate::plan::statement::Value;
use forms::Said;
use layout::{Block, Paragraph};
use std::collections::{BTreeMap, BTreeSet};

pub use claims::Claims;
pub(super) use claims::{claims, may_claim};

/// What a text's own words say of the licences in it and of those that they name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// An SPDX expression: all of them hold, or one may be chosen.
    pub expression: String,
    /// Which licence is where, for people: `Apache-2.0 in lines 4-14, CNRI-Python by line 1`.
    pub places: String,
}

/// Lines of prose that are read; files that gather the licences of bundled code have more, and say nothing of their own.
const MAX_LINES: usize = 400;

/// What the prose of a text says, given the licences in it; `None` unless all of it is understood.
pub(super) fn read(text: &str, parts: &[Part]) -> Option<Prose> {
    let sure: Vec<&Part> = parts.iter().filter(|part| part.sure).collect();
    if sure.iter().any(|part| part.kind == PartKind::Exception || !part.whole_lines) {
        return None;
    }
    let inside: usize = sure.iter().map(|part| (part.lines.1.saturating_sub(part.lines.0) + 1) as usize).sum();
    if super::tokens::lines(text).len().saturating_sub(inside) > MAX_LINES {
        return None;
    }
    let blocks = layout::blocks(text, &sure);
    choice(&blocks).or_else(|| Reader::new(parts, &blocks).read())
}

/// Reads the blocks of a text one after the other.
struct Reader<'a> {
    parts: &'a [Part],
    blocks: &'a [Block<'a>],
    /// Licences, with what says that they hold, for people.
    found: BTreeMap<String, String>,
    /// GNU licences whose text is there, by their name without "only" or "or later".
    open: BTreeMap<String, String>,
    /// Words that name licences, in sentences that were understood: all must be among those that are found.
    mentions: BTreeSet<String>,
    /// What files are excepted from a licence that has been named, until another is named for them.
    excepted: BTreeSet<String>,
    /// The heading above.
    heading: String,
    /// Whether a sentence said how licences belong together.
    said: bool,
    /// Whether a sentence put a whole work under a licence.
    whole: bool,
    /// The last line of an alternative that may be left out.
    skip_to: u32,
}

impl<'a> Reader<'a> {
    fn new(parts: &'a [Part], blocks: &'a [Block<'a>]) -> Self {
        Reader {
            parts,
            blocks,
            found: BTreeMap::new(),
            open: BTreeMap::new(),
            mentions: BTreeSet::new(),
            excepted: BTreeSet::new(),
            heading: String::new(),
            said: false,
            whole: false,
            skip_to: 0,
        }
    }

    fn read(mut self) -> Option<Prose> {
        for (number, block) in self.blocks.iter().enumerate() {
            match block {
                Block::Part(part) => self.part(part),
                Block::Paragraph(paragraph) if paragraph.last_line() <= self.skip_to => {}
                Block::Paragraph(paragraph) => self.paragraph(paragraph, number)?,
            }
        }
        self.conclude()
    }

    fn part(&mut self, part: &Part) {
        if part.lines.1 <= self.skip_to {
            return;
        }
        let place = format!("in lines {}-{}", part.lines.0, part.lines.1);
        match part.id.strip_suffix("-only").filter(|_| part.kind == PartKind::License && is_gnu(&part.id)) {
            Some(base) => self.open.insert(base.to_owned(), place),
            None => self.found.insert(part.id.clone(), place),
        };
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'_>, number: usize) -> Option<()> {
        if let Some(heading) = forms::heading(paragraph) {
            self.mentions.extend(forms::mentions(&heading));
            self.heading = heading.join(" ");
            return Some(());
        }
        for sentence in paragraph.sentences() {
            self.sentence(&sentence.words, sentence.line, number)?;
        }
        Some(())
    }

    fn sentence(&mut self, words: &[String], line: u32, number: usize) -> Option<()> {
        match forms::said(words)? {
            Said::Nothing { mentions } => self.mentions.extend(mentions),
            Said::Together { mentions } => {
                self.said = true;
                self.mentions.extend(mentions);
            }
            Said::Grant { id, of_a_work, mentions } => {
                self.said = true;
                self.whole |= of_a_work;
                let heading = self.heading.clone();
                self.excepted.retain(|files| *files != heading);
                self.found.entry(id).or_insert_with(|| format!("by line {line}"));
                self.mentions.extend(mentions);
            }
            Said::Except(files) => {
                self.excepted.insert(files);
            }
            Said::Alternative => self.skip_to = self.alternative(number)?,
        }
        Some(())
    }

    /// The last line of the licence that begins with the next block: it must be there, and be nothing else.
    fn alternative(&self, number: usize) -> Option<u32> {
        let first = match self.blocks.get(number + 1)? {
            Block::Part(part) => part.lines.0,
            Block::Paragraph(paragraph) => paragraph.first_line(),
        };
        let part = self.parts.iter().find(|part| part.lines.0 == first && part.kind == PartKind::License)?;
        part.whole_lines.then_some(part.lines.1)
    }

    fn conclude(mut self) -> Option<Prose> {
        if !self.said || !self.excepted.is_empty() {
            return None;
        }
        // Whether later versions may be chosen is not for the text to say.
        for (base, place) in &self.open {
            let granted = [format!("{base}-or-later"), format!("{base}-only")];
            let id = granted.iter().find(|id| self.found.contains_key(*id))?;
            let by = self.found.get(id).cloned().unwrap_or_default();
            self.found.insert(id.clone(), format!("{by} and {place}"));
        }
        let has_text = self.parts.iter().any(|part| part.sure && part.lines.1 > self.skip_to);
        let ids: BTreeSet<&str> = self.found.keys().map(String::as_str).collect();
        if ids.is_empty() || !(self.whole || has_text) || !self.mentions.iter().all(|word| is_named(word, &ids)) {
            return None;
        }
        let expression = ids.iter().copied().collect::<Vec<_>>().join(" AND ");
        let places: Vec<String> = self.found.iter().map(|(id, place)| format!("{id} {place}")).collect();
        Some(Prose { expression, places: places.join(", ") })
    }
}

fn is_gnu(id: &str) -> bool {
    spdx::license_id(id).is_some_and(|id| id.is_gnu())
}

/// Whether a word that names a licence is about one of those.
fn is_named(word: &str, ids: &BTreeSet<&str>) -> bool {
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '+'));
    let bare = if bare.len() > 2 { bare.trim_end_matches('v') } else { bare };
    let names = |id: &&str| {
        id.split('-').any(|part| part.eq_ignore_ascii_case(bare))
            || match bare {
                "gnu" => is_gnu(id),
                "mozilla" => id.starts_with("MPL"),
                "expat" | "x11" => *id == "MIT",
                _ => false,
            }
    };
    ids.iter().any(names)
}

/// What one name means, where that is one licence.
fn named(words: &[String]) -> Normalized {
    normalize(Ecosystem::Npm, &Value::One(words.join(" ")))
}

/// "… under the terms of either:" and a list, of which one licence's text may follow.
fn choice(blocks: &[Block<'_>]) -> Option<Prose> {
    let (first, rest) = blocks.split_first()?;
    let first = first.paragraph()?;
    let (items, rest) = match forms::offers_choice(first)? {
        0 => (layout::items(&rest.first()?.paragraph()?.lines)?, rest.get(1..)?),
        at => (layout::items(first.lines.get(at..)?)?, rest),
    };
    let texts: Vec<&Part> = blocks.iter().filter_map(Block::part).collect();
    let mut arms: BTreeSet<String> = BTreeSet::new();
    for item in &items {
        arms.extend(arm(item, &texts)?);
    }
    let ids: BTreeSet<&str> = arms.iter().map(String::as_str).collect();
    let harmless = |block: &Block<'_>| match block {
        Block::Part(part) => ids.contains(part.id.as_str()),
        Block::Paragraph(paragraph) => forms::heading(paragraph)
            .is_some_and(|heading| forms::mentions(&heading).iter().all(|word| is_named(word, &ids))),
    };
    if items.len() < 2 || ids.len() < 2 || !rest.iter().all(harmless) {
        return None;
    }
    let places = texts.iter().map(|part| format!(", {} in lines {}-{}", part.id, part.lines.0, part.lines.1));
    let places = format!("a choice by line {}{}", first.first_line(), places.collect::<String>());
    Some(Prose { expression: ids.into_iter().collect::<Vec<_>>().join(" OR "), places })
}

/// The licences of one item of a list: `GPL or GPLv2+`, `Artistic License - see below`. A name that is open is settled by
/// another one of the item, or by the text that is there.
fn arm(item: &str, texts: &[&Part]) -> Option<Vec<String>> {
    let words = forms::name_of_item(item)?;
    let mut ids = Vec::new();
    let mut families = Vec::new();
    for name in forms::split_or(&words) {
        match named(&name) {
            Normalized::Expression(id) if !id.contains(' ') => ids.push(id),
            Normalized::Ambiguous { family } => families.push(family),
            _ => return None,
        }
    }
    for family in families {
        let settles = |id: &str| crate::plan::expression::settles(&family, id);
        if ids.iter().any(|id| settles(id)) {
            continue;
        }
        let text =
            texts.iter().find(|part| part.kind == PartKind::License && !is_gnu(&part.id) && settles(&part.id))?;
        ids.push(text.id.clone());
    }
    Some(ids)
}
