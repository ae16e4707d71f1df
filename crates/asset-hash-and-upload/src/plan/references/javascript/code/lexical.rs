//! What bytes make words, blanks and regular expressions.

/// Whether a byte belongs to a name; `#` and `@` begin one.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'#' | b'@' | 0x80..)
}

/// The length of a blank beyond ASCII, and whether it breaks the line.
pub(super) fn blank_length(rest: &[u8]) -> Option<(usize, bool)> {
    match rest {
        [0xc2, 0xa0, ..] => Some((2, false)),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => Some((3, true)),
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => Some((3, false)),
        _ => None,
    }
}

/// The length of a regular expression with its flags; `None` when the line has no end of it.
pub(super) fn regular_expression(rest: &[u8]) -> Option<usize> {
    let mut class = false;
    let mut at = 1;
    loop {
        match rest.get(at)? {
            b'\n' | b'\r' => return None,
            0xe2 if matches!(blank_length(&rest[at..]), Some((_, true))) => return None,
            b'\\' if !matches!(rest.get(at + 1), Some(b'\n' | b'\r') | None) => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => break,
            _ => {}
        }
        at += 1;
    }
    at += 1;
    let flags = rest.get(at..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
    Some(at + flags.count())
}
