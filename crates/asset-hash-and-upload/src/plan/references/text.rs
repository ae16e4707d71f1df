//! Bytes as text, whatever they are.

use std::borrow::Cow;

/// The bytes as text of the same length: each byte that is not UTF-8 becomes `_`, so that every place stays where it is.
///
/// Such bytes are at home in comments and in strings of old encodings; what they stand in is never lost for them.
pub fn same_length_text(bytes: &[u8]) -> Cow<'_, str> {
    let mut rest = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(_) => bytes,
    };
    let mut text = String::with_capacity(bytes.len());
    loop {
        match std::str::from_utf8(rest) {
            Ok(good) => {
                text.push_str(good);
                return Cow::Owned(text);
            }
            Err(err) => {
                let (good, bad) = rest.split_at(err.valid_up_to());
                text.push_str(std::str::from_utf8(good).unwrap_or_default());
                let length = err.error_len().unwrap_or(bad.len()).clamp(1, bad.len());
                text.extend(std::iter::repeat_n('_', length));
                rest = &bad[length..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_that_are_no_text_keep_their_place() {
        assert_eq!(same_length_text(b"a\xff\xc3b\xe2\x82"), "a__b__");
        assert!(matches!(same_length_text("ä".as_bytes()), Cow::Borrowed("ä")));
    }

    proptest! {
        #[test]
        fn any_bytes_become_text_of_their_length(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(same_length_text(&bytes).len(), bytes.len());
        }
    }
}
