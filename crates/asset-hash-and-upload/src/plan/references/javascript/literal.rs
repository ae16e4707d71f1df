//! What a string or a template without expressions means.

/// Frees it from its escapes (ECMA-262, 12.9.4 and 12.9.6). Half a surrogate pair, and an escape that is none, becomes U+FFFD.
pub fn meaning(raw: &str) -> String {
    let mut meaning = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at(at);
        meaning.push_str(plain);
        let (character, after) = escaped(&escape[1..]);
        meaning.extend(character);
        rest = after;
    }
    meaning.push_str(rest);
    meaning
}

/// The character of an escape after its backslash (none for a line that goes on), and what follows it.
fn escaped(escape: &str) -> (Option<char>, &str) {
    let mut characters = escape.chars();
    let Some(first) = characters.next() else { return (None, "") };
    let rest = characters.as_str();
    let character = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\r' => return (None, rest.strip_prefix('\n').unwrap_or(rest)),
        '\n' | '\u{2028}' | '\u{2029}' => return (None, rest),
        'x' => return hexadecimal(rest, 2),
        'u' => return unicode(rest),
        '0'..='7' => return octal(escape),
        other => other,
    };
    (Some(character), rest)
}

fn hexadecimal(rest: &str, digits: usize) -> (Option<char>, &str) {
    match rest.get(..digits).and_then(|text| u32::from_str_radix(text, 16).ok()) {
        Some(code) => (Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)), &rest[digits..]),
        None => (Some(char::REPLACEMENT_CHARACTER), rest),
    }
}

fn unicode(rest: &str) -> (Option<char>, &str) {
    if let Some((digits, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        return (Some(code.unwrap_or(char::REPLACEMENT_CHARACTER)), after);
    }
    let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    if let (Some(high @ 0xd800..0xdc00), Some(second)) =
        (unit(rest), rest.get(4..).and_then(|after| after.strip_prefix("\\u")))
        && let Some(low @ 0xdc00..0xe000) = unit(second)
    {
        let pair = char::decode_utf16([high, low]).next().and_then(Result::ok);
        return (pair, &second[4..]);
    }
    hexadecimal(rest, 4)
}

/// `\0`, and the octal escapes of old scripts (ECMA-262, B.1.2).
fn octal(escape: &str) -> (Option<char>, &str) {
    let most = if escape.starts_with(['0', '1', '2', '3']) { 3 } else { 2 };
    let length = escape.bytes().take(most).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (digits, rest) = escape.split_at(length);
    (u32::from_str_radix(digits, 8).ok().and_then(char::from_u32), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_what_they_mean_in_javascript() {
        for (raw, means) in [
            ("./x.js", "./x.js"),
            (r"\u002e/x.js", "./x.js"),
            (r"\x2e\u{2f}x.js", "./x.js"),
            (r"\.\/x", "./x"),
            ("a\\\r\nb\\\nc\\\u{2028}d", "abcd"),
            (r"\ud83d\ude00", "😀"),
            (r"\ud83dx", "\u{fffd}x"),
            (r"\56\0571\0", "./1\0"),
            (r"\n\t\b\f\v\r", "\n\t\u{8}\u{c}\u{b}\r"),
            (r"\u{110000}\xzz", "\u{fffd}\u{fffd}zz"),
            (r"\é", "é"),
        ] {
            assert_eq!(meaning(raw), means, "{raw:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(raw: String, hostile in r"(\\|u|x|\{|\}|d8|dc|0|7|é|\r|\n){0,24}") {
            meaning(&raw);
            meaning(&hostile);
        }
    }
}
