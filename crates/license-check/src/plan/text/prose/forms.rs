//! The forms of sentences that are understood. PURE.

use super::layout::{Paragraph, words};
use super::named;
use crate::plan::expression::Normalized;
use crate::plan::text::words as vocabulary;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// What a sentence says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing about what may be done.
    Nothing { mentions: Vec<String> },
    /// That the licences of the text all hold.
    Together { mentions: Vec<String> },
    /// That something is under that licence; whether it speaks of a work as a whole by the words of a notice.
    Grant { id: String, of_a_work: bool, mentions: Vec<String> },
    /// That files which go by that name are excepted.
    Except(String),
    /// That a licence which follows may be chosen for some files.
    Alternative,
}

/// Words that deny, limit or set conditions, and those that leave a choice: where one of them stands only a form that has it
/// is understood.
const HARD: &str = "not no nor none neither never only except excluding exclude excludes excluded unless until without must \
    shall should cannot cant forbid forbidden forbids prohibit prohibited prohibits restrict restricted restricts \
    restriction restrictions restrictive limit limited limits limitation limitations require required requires requirement \
    requirements condition conditions conditional commercial commercially noncommercial nonprofit fee fees pay payment \
    royalty proprietary confidential evaluation trial educational academic personal private internal however \
    notwithstanding instead provided subject exception exceptions additional addition either choice choose option \
    optionally dual dually triple alternative alternatively whichever replace replaced supersede supersedes override \
    overrides revoke revoked terminate expire expires if but patent patents trademark trademarks";

/// Whether a word may turn a sentence into something else than it looks like.
pub(super) fn is_hard(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| HARD.split_ascii_whitespace().collect());
    WORDS.contains(word)
}

/// Beginnings of words of licences, rights and conditions, in all their forms.
const STEMS: [&str; 34] = [
    "licen",
    "relicen",
    "sublicen",
    "redistribut",
    "distribut",
    "sell",
    "permi",
    "grant",
    "modif",
    "copying",
    "copyleft",
    "restrict",
    "prohibit",
    "forbid",
    "disallow",
    "demand",
    "oblig",
    "commerc",
    "warrant",
    "liab",
    "patent",
    "trademark",
    "agree",
    "contract",
    "royalt",
    "condition",
    "exempt",
    "exclu",
    "consent",
    "authori",
    "unauthori",
    "legal",
    "illegal",
    "unlawful",
];

/// Whether a word is one of licences, rights or conditions.
pub(super) fn is_of_terms(word: &str) -> bool {
    STEMS.iter().any(|stem| word.starts_with(stem))
        || vocabulary::is_risky(word)
        || vocabulary::is_limiting(word)
        || vocabulary::is_choice(word)
        || is_name(word)
        || matches!(word, "rights" | "relicensed" | "sublicense" | "sublicensed")
}

fn is_name(word: &str) -> bool {
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '+'));
    vocabulary::is_licence_name(word) || vocabulary::is_licence_name(bare) || bare.ends_with("gplv")
}

/// The words among those that name licences.
pub(super) fn mentions(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| is_name(word)).cloned().collect()
}

fn starts(words: &[String], with: &str) -> bool {
    let mut wanted = with.split(' ');
    let mut words = words.iter();
    wanted.all(|wanted| words.next().is_some_and(|word| word == wanted))
}

fn ends(words: &[String], with: &str) -> bool {
    let count = with.split(' ').count();
    words.len() >= count && starts(&words[words.len() - count..], with)
}

fn find(words: &[String], sequence: &str) -> Option<usize> {
    (0..words.len()).find(|&at| starts(&words[at..], sequence))
}

fn is_quiet(words: &[String]) -> bool {
    !words.iter().any(|word| is_hard(word))
}

/// A heading's words: few, no sentence, and nothing in them that could deny or limit.
pub(super) fn heading(paragraph: &Paragraph<'_>) -> Option<Vec<String>> {
    const MAX_WORDS: usize = 14;
    let words = paragraph.words();
    let marked = paragraph.underlined && paragraph.lines.len() == 1 && words.len() <= MAX_WORDS;
    let title = !paragraph.stops() && words.len() <= MAX_WORDS;
    let known = |word: &str| {
        is_name(word)
            || matches!(word, "license" | "licenses" | "licensing" | "terms" | "source" | "public" | "copyright")
            || marked && word == "alternative"
    };
    let harmless = |word: &String| known(word) || !is_of_terms(word) && !is_hard(word);
    ((marked || title) && words.iter().all(harmless)).then_some(words)
}

/// What a sentence says; `None` when it isn't understood.
pub(super) fn said(words: &[String]) -> Option<Said> {
    if !words.iter().any(|word| is_of_terms(word)) {
        return Some(Said::Nothing { mentions: Vec::new() });
    }
    grant(words)
        .or_else(|| together(words))
        .or_else(|| except(words))
        .or_else(|| alternative(words))
        .or_else(|| (is_boilerplate(words) || is_openssl_exception(words)).then(|| nothing(words)))
        .or_else(|| points(words).then(|| nothing(words)))
}

fn nothing(words: &[String]) -> Said {
    Said::Nothing { mentions: mentions(words) }
}

/// "X is licensed under the terms of NAME".
pub(super) fn grant(words: &[String]) -> Option<Said> {
    const FREE: &str = "free software you can redistribute it and or modify it";
    const VERBS: [&str; 6] = ["licensed", "released", "distributed", "available", "published", "covered"];
    let under = (1..words.len()).find(|&at| {
        let verb = words[at - 1].as_str();
        // Only where it matters: of every word the ones before it would be compared.
        let is_free = || ends(&words[..at], FREE);
        words[at] == "under" && (VERBS.contains(&verb) || is_free()) || words[at] == "with" && verb == "licensed"
    })?;
    let of_a_work = ends(&words[..under], FREE);
    let subject = if of_a_work { &words[..under - FREE.split(' ').count()] } else { &words[..under - 1] };
    // Behind "copyright" stand names, which may be any words but those of terms: Secret Labs AB.
    let holder = subject.iter().position(|word| word == "copyright").unwrap_or(subject.len());
    let harmless = |(at, word): (usize, &String)| {
        let in_name =
            at > holder && !matches!(word.as_str(), "license" | "licenses" | "permission" | "granted" | "rights");
        let known = in_name || matches!(word.as_str(), "was" | "been" | "has" | "have" | "source" | "copyright");
        !is_hard(word) && !is_name(word) && (known || !is_of_terms(word))
    };
    if !subject.iter().enumerate().all(harmless) {
        return None;
    }
    let mut rest = &words[under + 1..];
    for skipped in ["the terms of", "terms of", "the"] {
        rest = if starts(rest, skipped) { &rest[skipped.split(' ').count()..] } else { rest };
    }
    let (id, used) = gnu_or_later(rest).or_else(|| name(rest))?;
    let tail = &rest[used..];
    is_tail(tail, &id).then(|| Said::Grant { id, of_a_work, mentions: mentions(tail) })
}

/// "GNU Lesser General Public License as published by the Free Software Foundation; either version 2.1 of the License, or (at
/// your option) any later version": the identifier, and how many words say it.
fn gnu_or_later(words: &[String]) -> Option<(String, usize)> {
    const KINDS: [(&str, &str); 4] = [
        ("gnu general public license", "GPL"),
        ("gnu lesser general public license", "LGPL"),
        ("gnu library general public license", "LGPL"),
        ("gnu affero general public license", "AGPL"),
    ];
    const BEFORE: &str = "as published by the free software foundation either version";
    const BEHIND: &str = "of the license or at your option any later version";
    let (kind, family) = KINDS.into_iter().find(|(kind, _)| starts(words, kind))?;
    let count = |text: &str| text.split(' ').count();
    let mut at = count(kind);
    if !starts(&words[at..], BEFORE) {
        return None;
    }
    at += count(BEFORE);
    let version = words.get(at)?;
    let version = if version.contains('.') { version.clone() } else { format!("{version}.0") };
    at += 1;
    if !starts(&words[at..], BEHIND) {
        return None;
    }
    let id = spdx::license_id(&format!("{family}-{version}-or-later")).filter(|id| !id.is_deprecated())?;
    Some((id.name.to_owned(), at + count(BEHIND)))
}

/// The longest beginning of these words that is the name of one licence.
fn name(words: &[String]) -> Option<(String, usize)> {
    const MAX_WORDS: usize = 10;
    (1..=words.len().min(MAX_WORDS)).rev().find_map(|count| {
        let name = &words[..count];
        match named(name) {
            Normalized::Expression(id) if is_quiet(name) && !id.contains(' ') => Some((id, count)),
            _ => None,
        }
    })
}

/// What may follow a name and adds nothing to it.
fn is_tail(words: &[String], id: &str) -> bool {
    if let Some(("spdx", again)) = words.split_first().map(|(first, again)| (first.as_str(), again)) {
        return named(again) == Normalized::Expression(id.to_owned());
    }
    let located = ["whose terms are found in", "whose text is found in"];
    let pointer = |words: &[String]| {
        is_quiet(words)
            && words.iter().all(|word| {
                !is_of_terms(word) || is_name(word) || matches!(word.as_str(), "license" | "terms" | "public")
            })
    };
    ["", "as follows", "see below", "found below", "reproduced below", "below"].contains(&words.join(" ").as_str())
        || located.iter().any(|located| starts(words, located)) && pointer(words)
}

/// "This is made available under the terms of the licenses found below"; "the above license applies to all contributions".
fn together(words: &[String]) -> Option<Said> {
    let together = || Some(Said::Together { mentions: mentions(words) });
    if let Some(at) = find(words, "under the terms of the licenses") {
        let behind = words[at + 6..].join(" ");
        let subject = words[..at].iter().all(|word| !is_hard(word) && !is_name(word));
        return if subject && ["found below", "below", "given below", "listed below"].contains(&behind.as_str()) {
            together()
        } else {
            None
        };
    }
    let applies = find(words, "license applies to all")?;
    let named = words.get(2..applies)?;
    let subject = starts(words, "the above") && named.iter().all(|word| is_name(word));
    (subject && is_quiet(words)).then(together).flatten()
}

/// "These are all files except runtime hooks (see below)".
fn except(words: &[String]) -> Option<Said> {
    const MAX_WORDS: usize = 4;
    let at = find(words, "except").filter(|_| starts(words, "these are all"))?;
    let files = words[at + 1..].strip_suffix(["see".to_owned(), "below".to_owned()].as_slice())?;
    let plain = |words: &[String]| !words.iter().any(|word| is_of_terms(word));
    let named = !files.is_empty() && files.len() <= MAX_WORDS && plain(files) && plain(&words[..at]);
    named.then(|| Said::Except(files.join(" ")))
}

/// "The following BSD-like license applies (at your option) to the files …": who doesn't want it has the other one.
fn alternative(words: &[String]) -> Option<Said> {
    let at = find(words, "license applies at your option to the files")?;
    let behind = &words[at + 8..];
    let subject = starts(words, "the following") && is_quiet(&words[..at]);
    (subject && !behind.iter().any(|word| is_of_terms(word))).then_some(Said::Alternative)
}

/// The further sentences of GNU's notices.
pub(super) fn is_boilerplate(words: &[String]) -> bool {
    const HOPE: &str = "distributed in the hope that it will be useful but without any warranty without even the implied \
        warranty of merchantability or fitness for a particular purpose";
    const MAX_NAME_WORDS: usize = 6;
    let hope = HOPE.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let named = |count: usize| words.len() <= count + MAX_NAME_WORDS;
    let plain = |words: &[String]| !words.iter().any(|word| is_of_terms(word) && word != "not" && word != "if");
    if let Some(at) = find(words, &hope) {
        let begins = words[..at].last().is_some_and(|is| is == "is") && plain(&words[..at]);
        return begins && named(hope.split(' ').count()) && ends(words, "particular purpose");
    }
    let gnu = |start: &str| {
        let rest = words.get(start.split(' ').count()..).filter(|_| starts(words, start))?;
        ["general public license", "lesser general public license", "affero general public license"]
            .iter()
            .find_map(|kind| rest.get(kind.split(' ').count()..).filter(|_| starts(rest, kind)))
    };
    if let Some(rest) = gnu("see the gnu") {
        return rest.join(" ") == "for more details";
    }
    if let Some(rest) = gnu("you should have received a copy of the gnu") {
        let end = find(rest, "if not").unwrap_or(rest.len());
        return starts(rest, "along with") && plain(&rest[..end]) && (end == rest.len() || is_address(&rest[end..]));
    }
    is_address(words)
}

/// "If not, see <https://www.gnu.org/licenses/>", "if not, write to the Free Software Foundation, Inc., 51 Franklin Street …".
fn is_address(words: &[String]) -> bool {
    const MAX_WORDS: usize = 32;
    let known = |word: &String| {
        !is_of_terms(word) || matches!(word.as_str(), "gnu" | "licenses" | "license" | "51" | "59" | "if" | "not")
    };
    let starts = starts(words, "if not see") || starts(words, "if not write to the free software foundation");
    starts && words.len() <= MAX_WORDS && words.iter().all(known)
}

/// The Free Software Foundation's wording of the permission to link with OpenSSL
/// <https://www.gnu.org/licenses/gpl-faq.html#GPLIncompatibleLibs>, as it is used most. It takes nothing away, and who passes
/// the program on may drop it.
fn is_openssl_exception(words: &[String]) -> bool {
    const SENTENCES: [&str; 5] = [
        "in addition as a special exception the copyright holders give permission to link this program with the openssl \
         library or with modified versions of openssl that use the same license as openssl and distribute linked \
         combinations including the two",
        "you must obey the gnu general public license in all respects for all of the code used other than openssl",
        "if you modify file s with this exception you may extend this exception to your version of the file s but you are \
         not obligated to do so",
        "if you do not wish to do so delete this exception statement from your version",
        "if you delete this exception statement from all source files in the program then also delete it here",
    ];
    let own = words.join(" ").replace("gnu lesser general", "gnu general");
    SENTENCES.iter().any(|sentence| sentence.split_ascii_whitespace().eq(own.split(' ')))
}

/// Sentences that say where a text is, and what other people's contributions come under.
fn points(words: &[String]) -> bool {
    let pointer = |from: usize| {
        words[from..]
            .iter()
            .all(|word| !is_of_terms(word) || is_name(word) || matches!(word.as_str(), "license" | "terms" | "public"))
    };
    if ["see below", "see above"].contains(&words.join(" ").as_str()) {
        return true;
    }
    if starts(words, "the terms of") {
        return ["are found in", "can be found in"].iter().any(|located| {
            find(words, located).is_some_and(|at| pointer(at + located.split(' ').count()) && is_quiet(words))
        });
    }
    starts(words, "contributions to")
        && find(words, "are made under the terms of the license that covers").is_some()
        && is_quiet(words)
}

/// Whether a paragraph offers a choice: 0 where it ends with "under the terms of either", else the line that the list begins on.
pub(super) fn offers_choice(paragraph: &Paragraph<'_>) -> Option<usize> {
    const OFFER: &str = "free software you can redistribute it and or modify it under the terms of either";
    let items = paragraph.lines.iter().position(|(_, line)| line.starts_with(['*', '-', '•']));
    let lines = &paragraph.lines[..items.unwrap_or(paragraph.lines.len())];
    let own: Vec<String> = lines.iter().flat_map(|(_, line)| words(line)).collect();
    let subject = own.get(..own.len().checked_sub(OFFER.split(' ').count())?)?;
    let offers = ends(&own, OFFER) && !subject.iter().any(|word| is_of_terms(word));
    offers.then_some(items.unwrap_or(0))
}

/// The name in an item of a list, without what only points somewhere: `(see https://…), or`, `- see below:`.
pub(super) fn name_of_item(item: &str) -> Option<Vec<String>> {
    let (mut name, mut rest) = (String::new(), item);
    while let Some((before, behind)) = rest.split_once('(') {
        let (inner, behind) = behind.split_once(')')?;
        if !starts(&words(inner), "see") {
            return None;
        }
        name.push_str(before);
        rest = behind;
    }
    name.push_str(rest);
    let mut words = words(&name);
    for pointer in ["or", "see below"] {
        if ends(&words, pointer) {
            words.truncate(words.len() - pointer.split(' ').count());
        }
    }
    (!words.is_empty() && is_quiet(&words)).then_some(words)
}

/// Names that "or" stands between; that of "or later" belongs to its name.
pub(super) fn split_or(words: &[String]) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = vec![Vec::new()];
    for (at, word) in words.iter().enumerate() {
        let later = words.get(at + 1).is_some_and(|next| matches!(next.as_str(), "later" | "any" | "newer"));
        match names.last_mut() {
            Some(name) if word != "or" || later => name.push(word.clone()),
            _ => names.push(Vec::new()),
        }
    }
    names
}
