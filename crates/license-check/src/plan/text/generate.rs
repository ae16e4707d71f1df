//! Makes the data file from the texts of the `spdx` crate; see `observe/text_data.rs`, which writes and checks it.

use super::store::{FIRST_WORD, SLOT, hash_of, write};
use super::tokens::{Kind, Tokens, tokenize};
use super::words;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Identifiers that are no licence, and deprecated ones that stand for one with an exception and have the exception's text.
const NO_LICENSE: [&str; 4] = ["NOASSERTION", "NONE", "eCos-2.0", "wxWindows"];

/// A text on its way into the file.
struct Entry {
    id: String,
    role: &'static str,
    title: Vec<String>,
    body: Vec<String>,
    optional: Vec<(usize, usize)>,
}

/// An id, what it stands for, and the words of its title.
type Named = (String, &'static str, Vec<String>);

/// Parts that a copy may leave out: of the ids that start so, from these words up to those (not included), or to the end.
/// They are what SPDX's templates mark as optional, which the plain texts of the `spdx` crate do not show.
const OPTIONAL: &[(&str, &str, &str)] = &[
    ("Apache-2.0", "end of terms and conditions", ""),
    ("Apache-2.0", "appendix how to apply", ""),
    ("GPL-1.0", "appendix how to apply", ""),
    ("GPL-1.0", "end of terms and conditions", ""),
    ("GPL-2.0", "end of terms and conditions", ""),
    ("GPL-2.0", "how to apply these terms to your new", ""),
    ("GPL-3.0", "end of terms and conditions", ""),
    ("GPL-3.0", "how to apply these terms to your new", ""),
    ("AGPL-3.0", "end of terms and conditions", ""),
    ("AGPL-3.0", "how to apply these terms to your new", ""),
    ("LGPL-2.0", "end of terms and conditions", ""),
    ("LGPL-2.0", "how to apply these terms to your new", ""),
    ("LGPL-2.1", "end of terms and conditions", ""),
    ("LGPL-2.1", "how to apply these terms to your new", ""),
    ("LGPL-3.0", "gnu general public license version 3 29 june 2007", ""),
    ("GFDL-1", "addendum how to use this license", ""),
    ("GFDL-1", "how to use this license for your documents", ""),
    ("MPL-1.1", "exhibit a mozilla public license", ""),
    ("MPL-2.0", "exhibit a source code form license notice", ""),
    ("MPL-2.0", "exhibit b incompatible with secondary licenses", ""),
    ("CC-BY", "creative commons corporation is not a law firm", "license the work as defined below"),
    ("CC-BY", "creative commons corporation is not a law firm", "by exercising the licensed rights"),
    ("CC-BY", "creative commons is not a party to", ""),
    ("CC-BY", "creative commons notice", ""),
    ("CC0-1.0", "creative commons corporation is not a law firm", "statement of purpose"),
    ("Unlicense", "for more information please refer to", ""),
];

/// Words at the end of a text that are missing in SPDX's plain text of it, and that another text of the list has: the id, the
/// word before them, and where they are.
const APPENDED: &[(&str, &str, &str, &str, &str)] = &[(
    "GPL-2.0-only",
    "this",
    "GPL-3.0-only",
    "general public license does not permit incorporating",
    "lesser general public license instead of this license",
)];

/// The words by which a file says that a licence applies: the id whose text has them, the id they stand for, and their first
/// and last words.
const NOTICES: &[(&str, &str, &str, &str)] = &[
    (
        "Apache-2.0",
        "Apache-2.0",
        "licensed under the apache license version 2.0 the license",
        "limitations under the license",
    ),
    (
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "this program is free software you can redistribute it",
        "if not write to the free software",
    ),
    (
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "this program is free software you can redistribute it",
        "if not see gnu.org/licenses",
    ),
    (
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "this program is free software you can redistribute it",
        "if not see gnu.org/licenses",
    ),
    (
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "this library is free software you can redistribute it",
        "if not write to the free software",
    ),
    ("MPL-2.0", "MPL-2.0", "this source code form is subject to the terms of the mozilla", "mozilla.org/mpl/2.0"),
];

fn spelled(tokens: &Tokens, index: usize) -> String {
    match tokens.tokens[index].kind {
        Kind::Slot => "\u{1}".to_owned(),
        Kind::Email => "\u{3}".to_owned(),
        Kind::Word | Kind::Url => tokens.word(index).to_owned(),
    }
}

/// Splits off the lines at the top that are only a title: words of the licence's own name, of titles, dates.
fn split_title(tokens: &Tokens, id: &str, name: &str) -> (Vec<String>, Vec<String>) {
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let own: BTreeSet<String> = words_of(&format!("{name} {id}")).into_iter().collect();
    let count = tokens.tokens.len();
    let mut end = 0;
    let mut at = 0;
    while at < count {
        let line = tokens.tokens[at].line;
        let next = (at..count).find(|&index| tokens.tokens[index].line != line).unwrap_or(count);
        let title = next - at <= 16
            && (at..next).all(|index| {
                let word = tokens.word(index);
                own.contains(word)
                    || words::is_title(word)
                    || words::is_year(word)
                    || MONTHS.contains(&word)
                    || tokens.tokens[index].kind == Kind::Url
                    || (word.len() <= 4 && word.starts_with(|first: char| first.is_ascii_digit()))
            });
        if !title {
            break;
        }
        end = next;
        at = next;
    }
    if count - end < 8 {
        end = 0;
    }
    let all: Vec<String> = (0..count).map(|index| spelled(tokens, index)).collect();
    let (title, body) = all.split_at(end);
    (title.to_vec(), body.to_vec())
}

fn words_of(text: &str) -> Vec<String> {
    let tokens = tokenize(text);
    (0..tokens.tokens.len()).map(|index| spelled(&tokens, index)).collect()
}

fn position(body: &[String], words: &str, from: usize) -> Option<usize> {
    let words: Vec<&str> = words.split(' ').collect();
    body.get(from..)?.windows(words.len()).position(|window| window.iter().eq(words.iter())).map(|at| at + from)
}

fn entries() -> Vec<Entry> {
    let mut found: BTreeMap<Vec<String>, Vec<Named>> = BTreeMap::new();
    let licenses = spdx::text::LICENSE_TEXTS.iter().map(|text| (text, "license"));
    let exceptions = spdx::text::EXCEPTION_TEXTS.iter().map(|text| (text, "exception"));
    for (&(id, text), role) in licenses.chain(exceptions) {
        if NO_LICENSE.contains(&id) {
            continue;
        }
        let name = spdx::license_id(id).map_or("", |license| license.full_name);
        let (title, body) = split_title(&tokenize(text), id, name);
        found.entry(body).or_default().push((id.to_owned(), role, title));
    }
    let mut entries: Vec<Entry> = found.into_iter().filter_map(|(body, ids)| entry(body, ids)).collect();
    for &(id, first, source, from, to) in APPENDED {
        let (_, words) = slice(&entries, source, from, to);
        for entry in entries.iter_mut().filter(|entry| entry.id == id) {
            let start = entry.body.len();
            entry.body.push(first.to_owned());
            entry.body.extend(words.iter().cloned());
            entry.optional.push((start, entry.body.len()));
            entry.optional.iter_mut().filter(|part| part.1 == start).for_each(|part| part.1 = entry.body.len());
        }
    }
    for &(source, id, from, to) in NOTICES {
        let (title, body) = slice(&entries, source, from, to);
        entries.push(Entry { id: id.to_owned(), role: "notice", title, body, optional: Vec::new() });
    }
    entries.sort_by(|a, b| (&a.id, a.role, &a.body).cmp(&(&b.id, b.role, &b.body)));
    entries
}

/// The words of a text from some words up to the end of others, and the title of the text.
fn slice(entries: &[Entry], id: &str, from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    let source = entries.iter().find(|entry| entry.id == id).expect("a licence of that id");
    let start = position(&source.body, from, 0).expect(from);
    let end = position(&source.body, to, start).expect(to) + to.split(' ').count();
    (source.title.clone(), source.body[start..end].to_vec())
}

/// Of ids with the same text the one that stands for it: current before deprecated, licence before exception, GNU's `-only`
/// before `-or-later`, else the shortest. Deprecated ids that name a licence with an exception are left out: each is the text
/// of the exception, which has its own id.
fn entry(body: Vec<String>, mut ids: Vec<Named>) -> Option<Entry> {
    let deprecated = |id: &str| spdx::license_id(id).is_some_and(|license| license.is_deprecated());
    ids.sort_by_key(|(id, role, _)| {
        (deprecated(id), *role == "exception", id.ends_with("-or-later"), id.len(), id.clone())
    });
    let (id, role, _) = ids.first()?.clone();
    if deprecated(&id) && id.contains("-with-") || body.is_empty() {
        return None;
    }
    // GNU's deprecated ids have texts that differ from the current ones' in what may be left out: they stand for the same.
    let bare = format!("{}-only", id.trim_end_matches('+'));
    let id = if deprecated(&id) && spdx::license_id(&bare).is_some() { bare } else { id };
    let title: BTreeSet<String> = ids.iter().flat_map(|(_, _, title)| title.iter().cloned()).collect();
    let optional = optional(&id, &body);
    Some(Entry { id, role, title: title.into_iter().collect(), body, optional })
}

fn optional(id: &str, body: &[String]) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    for (prefix, from, to) in OPTIONAL {
        if !id.starts_with(prefix) {
            continue;
        }
        let Some(start) = position(body, from, 0) else { continue };
        let end = if to.is_empty() { Some(body.len()) } else { position(body, to, start) };
        if let Some(end) = end {
            parts.push((start, end));
        }
    }
    parts
}

/// The whole file.
pub(crate) fn file() -> Vec<u8> {
    let entries = entries();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in entries.iter().flat_map(|entry| &entry.body).filter(|word| !is_special(word)) {
        *counts.entry(word).or_default() += 1;
    }
    let mut vocabulary: Vec<(&str, usize)> = counts.into_iter().collect();
    vocabulary.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let numbers: FxHashMap<&str, u16> = vocabulary
        .iter()
        .enumerate()
        .map(|(index, (word, _))| (*word, FIRST_WORD + u16::try_from(index).expect("few enough words")))
        .collect();
    let words: Vec<String> = vocabulary.iter().map(|(word, _)| format!("{word}\n")).collect();
    let mut table = String::new();
    let mut tokens: Vec<u16> = Vec::new();
    let mut known: Vec<(usize, Vec<usize>)> = Vec::new();
    for entry in &entries {
        let start = tokens.len();
        tokens.extend(entry.body.iter().map(|word| match word.as_str() {
            "\u{1}" => SLOT,
            "\u{3}" => super::store::EMAIL,
            word => numbers[word],
        }));
        let pieces = winnow(&tokens[start..]);
        let needed =
            pieces.iter().filter(|piece| !entry.optional.iter().any(|(from, to)| (*from..*to).contains(*piece)));
        let optional: Vec<String> = entry.optional.iter().map(|(from, to)| format!("{from}-{to}")).collect();
        let fields = [
            entry.id.clone(),
            entry.role.to_owned(),
            entry.body.len().to_string(),
            needed.count().to_string(),
            entry.title.iter().filter(|word| !is_special(word)).cloned().collect::<Vec<_>>().join(" "),
            optional.join(" "),
        ];
        table.push_str(&fields.join("\t"));
        table.push('\n');
        known.push((start, pieces));
    }
    let pieces = write(known.into_iter().map(|(start, pieces)| (&tokens[start..], pieces)));
    let mut file = Vec::new();
    for section in [words.concat().as_bytes(), table.as_bytes(), &pieces] {
        file.extend_from_slice(&u32::try_from(section.len()).expect("small").to_le_bytes());
        file.extend_from_slice(section);
    }
    pack(&tokens, &mut file);
    file
}

/// Of so many neighbouring pieces, the index knows at least one.
const WINDOW: usize = 5;

/// Where the pieces are that the index knows: of each window of [`WINDOW`] neighbouring ones the one with the least hash.
fn winnow(body: &[u16]) -> Vec<usize> {
    let hashes: Vec<u32> = body.array_windows().map(hash_of).collect();
    let windows = hashes.len().min(WINDOW);
    let least = |start: usize| (start..start + windows).min_by_key(|&at| hashes[at]).expect("a window");
    let mut found: Vec<usize> = (0..=hashes.len() - windows).filter(|_| windows > 0).map(least).collect();
    found.dedup();
    found
}

fn is_special(word: &str) -> bool {
    word.starts_with(['\u{1}', '\u{3}'])
}

/// Replaces what stood before by where it stood: licences repeat each other.
fn pack(tokens: &[u16], file: &mut Vec<u8>) {
    const LEAST: usize = 3;
    const CANDIDATES: usize = 400;
    let mut before: FxHashMap<&[u16], Vec<usize>> = FxHashMap::default();
    let mut at = 0;
    while at < tokens.len() {
        let mut best = (0, 0);
        if let Some(places) = tokens.get(at..at + LEAST).and_then(|piece| before.get(piece)) {
            for &place in places.iter().rev().take(CANDIDATES) {
                let length = tokens[at..].iter().zip(&tokens[place..at]).take_while(|(a, b)| a == b).count();
                if length > best.0 {
                    best = (length, place);
                }
            }
        }
        let length = best.0.max(1);
        if best.0 >= LEAST {
            number(best.0 << 1 | 1, file);
            number(at - best.1, file);
        } else {
            number(usize::from(tokens[at]) << 1, file);
        }
        for place in at..at + length {
            if let Some(piece) = tokens.get(place..place + LEAST) {
                before.entry(piece).or_default().push(place);
            }
        }
        at += length;
    }
}

fn number(mut value: usize, file: &mut Vec<u8>) {
    while value >= 0x80 {
        file.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    file.push(value as u8);
}
