//! Paragraphs, sentences and words of a text around the licences in it. PURE.

use crate::plan::text::{Part, tokens};

/// A licence in the text, or a paragraph between licences.
#[derive(Debug)]
pub(super) enum Block<'a> {
    Part(&'a Part),
    Paragraph(Paragraph<'a>),
}

impl<'a> Block<'a> {
    pub(super) fn paragraph(&self) -> Option<&Paragraph<'a>> {
        match self {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Part(_) => None,
        }
    }

    pub(super) fn part(&self) -> Option<&'a Part> {
        match self {
            Block::Part(part) => Some(part),
            Block::Paragraph(_) => None,
        }
    }
}

/// Lines without a blank line or a rule between them.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    /// With their 1-based numbers; never empty.
    pub(super) lines: Vec<(u32, &'a str)>,
    /// Whether a rule stands right below it.
    pub(super) underlined: bool,
}

/// One sentence.
#[derive(Debug)]
pub(super) struct Sentence {
    /// 1-based line that it begins on.
    pub(super) line: u32,
    /// Lower case, without punctuation.
    pub(super) words: Vec<String>,
}

impl Paragraph<'_> {
    pub(super) fn first_line(&self) -> u32 {
        self.lines.first().map_or(0, |(line, _)| *line)
    }

    pub(super) fn last_line(&self) -> u32 {
        self.lines.last().map_or(0, |(line, _)| *line)
    }

    /// All its words.
    pub(super) fn words(&self) -> Vec<String> {
        self.lines.iter().flat_map(|(_, line)| words(line)).collect()
    }

    /// Whether it ends as a sentence does.
    pub(super) fn stops(&self) -> bool {
        self.lines.last().is_some_and(|(_, line)| line.trim_end().ends_with(['.', '!', '?']))
    }

    /// Its sentences. A full stop ends one where a blank and something else than a small letter follow, unless it is an
    /// initial's.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        let mut text = String::new();
        let mut starts: Vec<(usize, u32)> = Vec::new();
        for (number, line) in &self.lines {
            starts.push((text.len(), *number));
            text.push_str(line.trim());
            text.push(' ');
        }
        let mut found = Vec::new();
        let mut start = 0;
        let letters: Vec<(usize, char)> = text.char_indices().collect();
        for (index, &(at, letter)) in letters.iter().enumerate() {
            let last = index + 1 == letters.len();
            if !(last || matches!(letter, '.' | '!' | '?') && ends_here(&letters, index)) {
                continue;
            }
            let end = at + letter.len_utf8();
            let words = words(&text[start..end]);
            let line = starts.iter().rev().find(|(from, _)| *from <= start).map_or(0, |(_, line)| *line);
            if !words.is_empty() {
                found.push(Sentence { line, words });
            }
            start = end;
        }
        found
    }
}

fn ends_here(letters: &[(usize, char)], index: usize) -> bool {
    let before = |back: usize| index.checked_sub(back).and_then(|at| letters.get(at)).map(|(_, letter)| *letter);
    let initial =
        before(1).is_some_and(char::is_alphabetic) && before(2).is_none_or(|letter| !letter.is_alphanumeric());
    let mut behind =
        letters[index + 1..].iter().map(|(_, letter)| *letter).skip_while(|letter| ")\"'”’".contains(*letter));
    let blank = behind.next().is_none_or(char::is_whitespace);
    let next = behind.find(|letter| !letter.is_whitespace());
    !initial && blank && next.is_none_or(|next| !next.is_lowercase())
}

/// What a line that is a rule with a title in it ends with.
const RULES: [&str; 4] = ["####", "----", "====", "****"];

/// A text in blocks; these are the licences in it, in order.
pub(super) fn blocks<'a>(text: &'a str, parts: &[&'a Part]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut parts = parts.iter().peekable();
    let mut open: Vec<(u32, &'a str)> = Vec::new();
    let close = |open: &mut Vec<(u32, &'a str)>, blocks: &mut Vec<Block<'a>>, underlined: bool| {
        if !open.is_empty() {
            blocks.push(Block::Paragraph(Paragraph { lines: std::mem::take(open), underlined }));
        }
    };
    let mut inside = 0;
    for (index, line) in tokens::lines(text).into_iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if let Some(part) = parts.next_if(|part| part.lines.0 <= number) {
            close(&mut open, &mut blocks, false);
            blocks.push(Block::Part(part));
            inside = part.lines.1;
        }
        if number <= inside {
            continue;
        }
        let bare = line.trim().trim_start_matches(['#', '/', ';', '|']).trim();
        if bare.is_empty() || is_statement(bare) {
            close(&mut open, &mut blocks, false);
        } else if !bare.contains(char::is_alphanumeric) {
            close(&mut open, &mut blocks, true);
        } else if RULES.iter().any(|rule| bare.ends_with(rule)) {
            // A title in a rule: `##### BEGIN LICENSE BLOCK #####`.
            close(&mut open, &mut blocks, false);
            open.push((number, bare));
            close(&mut open, &mut blocks, true);
        } else {
            open.push((number, bare));
        }
    }
    close(&mut open, &mut blocks, false);
    blocks
}

/// Whether a line is a copyright statement and nothing else.
fn is_statement(line: &str) -> bool {
    if !is_marked(line.as_bytes()) {
        return false;
    }
    let lower = line.to_lowercase();
    let words = words(line);
    let mut own = words.iter().map(String::as_str).skip_while(|word| *word == "portions");
    let signed = lower.starts_with('©') || lower.starts_with("(c)");
    let reserved = lower.trim_end_matches(['.', ' ']) == "all rights reserved";
    let starts = signed || own.next() == Some("copyright");
    let names = |word: &String| {
        word == "copyright" || word == "may" || !super::forms::is_of_terms(word) && !super::forms::is_hard(word)
    };
    reserved || starts && words.iter().all(names)
}

/// Whether a line has any of what nearly every copyright statement has, and few other lines: `copyright`, `(c)`, `©`,
/// `reserved`, in any case. The rarest of their letters are looked for: to make each line lower case, and to search it for each
/// mark, takes longer than all else that is done with most of them.
fn is_marked(line: &[u8]) -> bool {
    let stands = |mark: &str, from: Option<usize>| {
        let there = from.and_then(|from| line.get(from..from + mark.len()));
        there.is_some_and(|there| there.eq_ignore_ascii_case(mark.as_bytes()))
    };
    memchr::memchr2_iter(b'y', b'Y', line).any(|at| stands("copyright", at.checked_sub(3)))
        || memchr::memchr2_iter(b'v', b'V', line).any(|at| stands("reserved", at.checked_sub(5)))
        || memchr::memchr_iter(b'(', line).any(|at| stands("(c)", Some(at)))
        || memchr::memchr_iter(0xc2, line).any(|at| stands("©", Some(at)))
}

/// Lower-case words: letters, digits, and points within numbers; a `+` stays at its word. Mail addresses are left out, other
/// addresses are taken apart.
pub(super) fn words(text: &str) -> Vec<String> {
    let is_mail = |word: &&str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let mut words = Vec::new();
    text.split_whitespace().filter(|word| !is_mail(word)).for_each(|word| words_of(word, &mut words));
    words
}

fn words_of(text: &str, words: &mut Vec<String>) {
    let spelled = |word: String| super::super::words::other_spelling(&word).map_or(word, str::to_owned);
    // Nearly all are plain letters, and a sign of the sentence behind them.
    let plain = text.trim_end_matches([',', '.', ';', ':']);
    if !plain.is_empty() && plain.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        return words.push(spelled(plain.to_ascii_lowercase()));
    }
    let mut word = String::new();
    let mut letters = text.chars().chain([' ']).peekable();
    while let Some(letter) = letters.next() {
        let between_digits = letter == '.'
            && word.ends_with(|last: char| last.is_ascii_digit())
            && letters.peek().is_some_and(char::is_ascii_digit);
        if letter.is_ascii_alphanumeric() || between_digits || letter == '+' && !word.is_empty() {
            word.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        } else if !matches!(letter, '\'' | '’') && !word.is_empty() {
            words.push(spelled(std::mem::take(&mut word)));
        }
    }
}

/// The items of a list: lines that begin with a mark, with the lines that go on.
pub(super) fn items(lines: &[(u32, &str)]) -> Option<Vec<String>> {
    let mut items: Vec<String> = Vec::new();
    for (_, line) in lines {
        match line.strip_prefix(['*', '-', '•']) {
            Some(item) => items.push(item.trim().to_owned()),
            None => {
                let last = items.last_mut()?;
                last.push(' ');
                last.push_str(line);
            }
        }
    }
    (!items.is_empty()).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_marked_where_one_of_the_marks_stands_in_it(
            line in prop::collection::vec(
                prop::sample::select(vec![
                    "copyright", "COPYRIGHT", "CopyRight", "opyright", "copyrigh", "(c)", "(C)", "(", "c)", "©", "®", "é",
                    "reserved", "Reserved", "eserved", "reserve", "y", "v", " ", "\u{212a}", "İ",
                ]),
                0..4,
            ),
        ) {
            let line = line.concat();
            let lower = line.to_lowercase();
            let expected = ["copyright", "(c)", "©", "reserved"].iter().any(|mark| lower.contains(mark));
            prop_assert_eq!(is_marked(line.as_bytes()), expected, "{}", line);
        }
    }
}
