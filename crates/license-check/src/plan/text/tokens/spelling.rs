//! How words and addresses are written: where they end, and how they are spelled.

/// Letters of the longest word that is kept whole; no licence has a longer one, addresses included.
pub(super) const MAX_WORD_BYTES: usize = 160;

/// Which bytes are letters or digits.
pub(super) static IS_PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        is_plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    is_plain
};

/// The length of the address that `rest` starts with.
pub(super) fn url_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    // Nearly all words are told apart by their first letter.
    if !bytes.first().is_some_and(|first| matches!(first.to_ascii_lowercase(), b'h' | b'f' | b'w' | b'g')) {
        return None;
    }
    let starts = |prefix: &[u8]| bytes.len() > prefix.len() && bytes[..prefix.len()].eq_ignore_ascii_case(prefix);
    if !(starts(b"http://") || starts(b"https://") || starts(b"ftp://") || starts(b"www.") || starts(b"git://")) {
        return None;
    }
    let end = bytes
        .iter()
        .position(|&byte| byte.is_ascii_whitespace() || b"<>\"'`()[]{}|\\".contains(&byte))
        .unwrap_or(bytes.len());
    (end <= MAX_WORD_BYTES).then_some(end)
}

/// Spells the word that `rest` starts with in lower case, without apostrophes, and gives its length in bytes. What is longer
/// than any licence's words is cut off.
pub(super) fn spell(rest: &str, into: &mut String) -> usize {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, letter)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let goes_on = match letter {
            _ if letter.is_ascii_alphanumeric() => {
                if into.len() < MAX_WORD_BYTES {
                    into.push(letter.to_ascii_lowercase());
                }
                continue;
            }
            '\'' | '’' | '‘' | '`' | '´' => next.is_some_and(char::is_alphabetic),
            '.' => into.ends_with(|last: char| last.is_ascii_digit()) && next.is_some_and(|next| next.is_ascii_digit()),
            '\u{ad}' | '\u{200b}' | '\u{feff}' => true,
            _ => letter.is_alphanumeric(),
        };
        if !goes_on {
            return at;
        }
        if into.len() < MAX_WORD_BYTES {
            match letter {
                '.' => into.push('.'),
                _ if letter.is_alphanumeric() => into.extend(letter.to_lowercase()),
                _ => {}
            }
        }
    }
    rest.len()
}
