//! One string that was written where a licence belongs. PURE.
#![warn(clippy::disallowed_methods)]

use super::grammar::{self, Expr, MAX_EXPRESSION_BYTES, Slash};
use super::{Normalized, addresses, arm, classifiers, names, settles, several};
use crate::plan::package::Ecosystem;

/// Letters of the longest string that is taken for a name. PyPI's longest classifier has 65; licence texts begin at about
/// 200.
const MAX_NAME_CHARS: usize = 200;

/// What it means.
pub(super) fn read(ecosystem: Ecosystem, text: &str) -> Normalized {
    let text = text.trim_start_matches('\u{feff}').trim();
    if is_nothing(text) {
        return Normalized::None;
    }
    if text.len() > MAX_EXPRESSION_BYTES {
        return Normalized::Text(text.to_owned());
    }
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(meaning) = expression(ecosystem, &one_line) {
        return meaning;
    }
    // Where a parenthesis is missing nobody knows what belongs together.
    if !is_balanced(&one_line) && one_line.split([' ', '(', ')']).any(is_operator) {
        return Normalized::Ambiguous { family: "dual".to_owned() };
    }
    let is_name = one_line.chars().count() <= MAX_NAME_CHARS;
    if is_name && let Some(meaning) = short(ecosystem, &one_line, 0) {
        return meaning;
    }
    if !is_name || text.contains('\n') || begins_like_a_text(&one_line) {
        return Normalized::Text(text.to_owned());
    }
    match names::family_in(&one_line) {
        Some(family) => Normalized::Ambiguous { family },
        None => Normalized::Custom(one_line),
    }
}

fn is_balanced(text: &str) -> bool {
    let mut open = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

fn is_operator(word: &str) -> bool {
    ["and", "or"].iter().any(|operator| word.eq_ignore_ascii_case(operator))
}

/// What an address means.
pub(super) fn address(text: &str) -> Normalized {
    let text = text.trim();
    if is_nothing(text) {
        return Normalized::None;
    }
    addresses::read(text).map_or_else(|| Normalized::Url(text.to_owned()), Normalized::from)
}

/// What people and tools write for nothing: SPDX's `NONE` and `NOASSERTION`, setuptools' `UNKNOWN`.
fn is_nothing(text: &str) -> bool {
    const NOTHING: [&str; 16] = [
        "",
        "(none)",
        "none",
        "noassertion",
        "unknown",
        "undefined",
        "null",
        "nil",
        "n/a",
        "na",
        "-",
        "--",
        "?",
        "no license",
        "nolicense",
        "todo",
    ];
    !text.contains(char::is_alphanumeric) || NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

fn begins_like_a_text(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["copyright", "(c)", "©", "permission is hereby", "====", "----", "license agreement"]
        .iter()
        .any(|beginning| lower.starts_with(beginning))
}

fn expression(ecosystem: Ecosystem, text: &str) -> Option<Normalized> {
    let slash = if ecosystem == Ecosystem::Cargo { Slash::IsOr } else { Slash::IsNothing };
    grammar::parse(text, slash).ok().map(|found| Normalized::Expression(found.to_string()))
}

/// Lists within lists are not looked into deeper than that.
const MAX_LISTS: usize = 2;

/// What a name, a pointer to a file, an address or a list of those means.
fn short(ecosystem: Ecosystem, text: &str, depth: usize) -> Option<Normalized> {
    if text.contains("::") && text.to_ascii_lowercase().starts_with("license") {
        return classifier(text);
    }
    if let Some(file) = pointer(text) {
        return Some(file);
    }
    if addresses::is_address(text) {
        return Some(address(text));
    }
    if ecosystem == Ecosystem::Pip
        && let Some(meaning) = classifier(text)
    {
        return Some(meaning);
    }
    if let Some(known) = names::read(text) {
        return Some(Normalized::from(known));
    }
    let bare = text.trim_matches(|letter: char| "\"'`()[]<>{}.,;".contains(letter) || letter.is_whitespace());
    let bare = without_preamble(bare);
    if bare.len() < text.len() && !bare.is_empty() {
        let meaning = expression(ecosystem, bare).or_else(|| short(ecosystem, bare, depth));
        if meaning.is_some() {
            return meaning;
        }
    }
    if let Some(name) = without_pointer(text)
        && let Some(meaning) = expression(ecosystem, name).or_else(|| short(ecosystem, name, depth))
    {
        return Some(meaning);
    }
    with_address(ecosystem, text).or_else(|| list(ecosystem, text, depth))
}

/// `MIT (see LICENSE)`, `BSD, see the LICENSE file for details`: the name before the pointer, which only repeats it.
fn without_pointer(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let at = [" see ", "(see "].iter().filter_map(|see| lower.find(see)).min()?;
    let after = &lower[at + " see ".len()..];
    let names_file = ["license", "licence", "copying"].iter().any(|word| {
        let after = after.strip_prefix("the ").unwrap_or(after);
        after.trim_start_matches(['`', '[', '\'', '"']).starts_with(word)
    });
    let name = text[..at].trim_matches(|letter: char| letter.is_whitespace() || ",;:(-.".contains(letter));
    (names_file && !name.is_empty()).then_some(name)
}

fn classifier(text: &str) -> Option<Normalized> {
    Some(match classifiers::read(text)? {
        classifiers::Said::Known(known) => Normalized::from(known),
        classifiers::Said::Nothing => Normalized::None,
        classifiers::Said::Custom(name) => Normalized::Custom(name.to_owned()),
    })
}

/// `SEE LICENSE IN X`, `see LICENSE.txt`, `LICENSE`.
fn pointer(text: &str) -> Option<Normalized> {
    let lower = text.to_ascii_lowercase();
    const SEE: [&str; 10] = [
        "file: ",
        "file ",
        "see license in ",
        "see licence in ",
        "see the license in ",
        "see license file in ",
        "see license file: ",
        "see license file ",
        "license in ",
        "see file ",
    ];
    let named = SEE.iter().find_map(|see| lower.starts_with(see).then(|| &text[see.len()..]));
    if let Some(name) = named {
        let name = name.trim().trim_matches(|letter: char| "\"'`<>()".contains(letter));
        let name = name.strip_suffix(" file").unwrap_or(name);
        let name = name.strip_prefix("the file ").or_else(|| name.strip_prefix("the ")).unwrap_or(name);
        if addresses::is_address(name) {
            return Some(address(name));
        }
        let name = name.strip_prefix("./").unwrap_or(name);
        return (!name.is_empty()).then(|| Normalized::File(name.to_owned()));
    }
    let rest = lower.strip_prefix("see ").map_or(text, |_| &text["see ".len()..]);
    let rest = if rest.to_ascii_lowercase().starts_with("the ") { &rest["the ".len()..] } else { rest };
    let is_file = rest.to_ascii_lowercase().ends_with(" file");
    let rest = if is_file { &rest[..rest.len() - " file".len()] } else { rest }.trim_end_matches('.');
    let looks_like_a_file = rest.len() < 64 && !rest.contains([' ', '(', ',', ';', ':']) && {
        let lower = rest.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or(&lower);
        let named = ["license", "licence", "copying"].iter().any(|word| name.starts_with(word));
        named && (name.contains('.') || ["license", "licence", "copying"].contains(&name))
    };
    looks_like_a_file.then(|| Normalized::File(rest.strip_prefix("./").unwrap_or(rest).to_owned()))
}

/// `Licensed under the`, `Released under`: what stands before a name and says nothing of it.
fn without_preamble(text: &str) -> &str {
    const BEFORE: [&str; 19] = [
        "your choice of ",
        "choice of ",
        "either ",
        "any of ",
        "one of ",
        "dual licensed under ",
        "dual-licensed under ",
        "dual licensed: ",
        "dual license: ",
        "dual: ",
        "licensed under ",
        "released under ",
        "distributed under ",
        "available under ",
        "under ",
        "license: ",
        "licence: ",
        "spdx-license-identifier: ",
        "osi approved ",
    ];
    let lower = text.to_ascii_lowercase();
    let found = BEFORE.iter().find(|before| lower.starts_with(*before));
    let rest = found.map_or(text, |before| &text[before.len()..]);
    if rest.to_ascii_lowercase().starts_with("the ") && found.is_some() { &rest["the ".len()..] } else { rest }
}

/// `MIT (https://opensource.org/licenses/MIT)`, `[MIT](https://…)`, `MIT, http://…`.
fn with_address(ecosystem: Ecosystem, text: &str) -> Option<Normalized> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let length = text[start..].find([' ', ')', '>', ']', '"', ',']).unwrap_or(text.len() - start);
    let by_address = address(&text[start..start + length]);
    let name = format!("{} {}", &text[..start], &text[start + length..]);
    let name = name.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '+');
    let by_name = expression(ecosystem, name).or_else(|| short(ecosystem, name, MAX_LISTS))?;
    let open = match (&by_name, &by_address) {
        (Normalized::Ambiguous { family }, Normalized::Expression(id)) => settles(family, id),
        _ => false,
    };
    if open || by_name == by_address {
        return Some(by_address);
    }
    // A name and the address of another licence: which of them holds is not said.
    let contrary = matches!((&by_name, &by_address), (Normalized::Expression(_), Normalized::Expression(_)));
    Some(if contrary { Normalized::Ambiguous { family: "dual".to_owned() } } else { by_name })
}

/// Several names in one string. Only `or` says how they belong together; `,` `;` `/` `&` `+` and `and` leave it open.
fn list(ecosystem: Ecosystem, text: &str, depth: usize) -> Option<Normalized> {
    if depth >= MAX_LISTS {
        return None;
    }
    let read = |part: &str| {
        let part = part.trim();
        expression(ecosystem, part).or_else(|| short(ecosystem, part, depth + 1))
    };
    let choices = split(
        text,
        &[" or ", " OR ", " Or ", "||", "|"],
        &["later", "newer", "above", "any", "at", "higher", "greater"],
    );
    if choices.len() > 1
        && let Some(meanings) = choices.iter().map(|part| read(part)).collect::<Option<Vec<_>>>()
    {
        let arms: Option<Vec<Expr>> = meanings.iter().map(arm).collect();
        return Some(match arms.and_then(Expr::any_of) {
            Some(choice) => Normalized::Expression(choice.to_string()),
            None => several(distinct(meanings), true),
        });
    }
    const OPEN: [&str; 12] =
        [" and/or ", " and ", " AND ", " And ", " or ", " OR ", " plus ", "/", ",", ";", "&", " + "];
    let parts = split(text, &OPEN, &["later", "newer", "above", "any", "at", "higher", "greater"]);
    if parts.len() < 2 {
        return None;
    }
    let meanings: Option<Vec<Normalized>> = parts.iter().map(|part| read(part)).collect();
    meanings.map(|meanings| several(distinct(meanings), false))
}

fn distinct(meanings: Vec<Normalized>) -> Vec<Normalized> {
    let mut kept: Vec<Normalized> = Vec::with_capacity(meanings.len());
    for meaning in meanings {
        if !kept.contains(&meaning) {
            kept.push(meaning);
        }
    }
    kept
}

/// The parts between separators; one that is followed by one of those words is none (`or later`).
fn split<'t>(text: &'t str, separators: &[&str], never_before: &[&str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let found = separators.iter().find(|separator| text[at..].starts_with(**separator)).filter(|separator| {
            let after = text[at + separator.len()..].trim_start();
            !never_before.iter().any(|word| after.get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word)))
        });
        match found {
            Some(separator) => {
                parts.push(&text[start..at]);
                at += separator.len();
                start = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}
