//! JSON with comments and trailing commas, as Bun writes its lock file.

/// The same text with spaces for comments and for commas before a closing bracket, so that it is JSON and every byte keeps
/// its place.
pub(super) fn to_json(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    // The comma after which there was nothing but space so far.
    let mut comma = None;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                comma = None;
                at = end_of_string(&bytes, at);
                continue;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                let end = end_of_comment(&bytes, at);
                // A line's end within a comment stays, for the line numbers.
                bytes[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => comma = None,
        }
        at += 1;
    }
    // Only whole comments and commas were changed, so it still is UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Where what follows a string begins.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// Where what follows a comment begins.
fn end_of_comment(bytes: &[u8], start: usize) -> usize {
    let body = &bytes[start + 2..];
    let length = if bytes[start + 1] == b'/' {
        memchr::memchr(b'\n', body)
    } else {
        memchr::memmem::find(body, b"*/").map(|at| at + 2)
    };
    length.map_or(bytes.len(), |length| start + 2 + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_json_becomes_space() {
        for (text, expected) in [
            ("[1, ]", "[1  ]"),
            ("{\"a,]\": 1,\n} // é,]", "{\"a,]\": 1 \n}        "),
            ("[1, /* , \n */ ]", "[1       \n    ]"),
            ("[1, 2,, ]", "[1, 2,  ]"),
            ("\"\\\",]\"", "\"\\\",]\""),
            ("\"a", "\"a"),
            ("/* a", "    "),
            ("/", "/"),
        ] {
            assert_eq!(to_json(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_keeps_its_place(text in "[\\[\\]{},\"\\\\/* \na\u{e9}]{0,60}") {
            prop_assert_eq!(to_json(&text).len(), text.len());
        }
    }
}
