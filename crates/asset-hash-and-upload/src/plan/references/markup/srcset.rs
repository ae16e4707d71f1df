//! `srcset`: a list of image candidates (WHATWG HTML, section 4.8.4.3.10).

use std::ops::Range;

/// The URLs of a `srcset` or `imagesrcset` value, as parts of it, in order. Commas may be part of a URL; what follows a URL up
/// to the next comma outside parentheses is its descriptors.
pub fn urls(value: &str) -> Vec<Range<usize>> {
    let bytes = value.as_bytes();
    let blank = |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r'));
    let mut urls = Vec::new();
    let mut at = 0;
    loop {
        while blank(at) || bytes.get(at) == Some(&b',') {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !blank(at) {
            at += 1;
        }
        if start == at {
            return urls;
        }
        let mut end = at;
        while end > start && bytes.get(end - 1) == Some(&b',') {
            end -= 1;
        }
        urls.push(start..end);
        // A comma at the URL's end closes the candidate at once.
        if end == at {
            at = end_of_descriptors(bytes, at);
        }
    }
}

fn end_of_descriptors(bytes: &[u8], mut at: usize) -> usize {
    let mut in_parentheses = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'(' => in_parentheses = true,
            b')' => in_parentheses = false,
            b',' if !in_parentheses => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_read_as_browsers_read_them() {
        for (value, expected) in [
            ("a.png", vec!["a.png"]),
            ("a.png 1x, b.png 2x", vec!["a.png", "b.png"]),
            (" a.png , b.png", vec!["a.png", "b.png"]),
            ("a.png,b.png", vec!["a.png,b.png"]),
            ("a.png, b.png", vec!["a.png", "b.png"]),
            ("a.png,, b.png", vec!["a.png", "b.png"]),
            ("a,b.png 1x,c.png 2x", vec!["a,b.png", "c.png"]),
            ("a.png calc(1, 2)x, b.png", vec!["a.png", "b.png"]),
            ("a.png (, b.png", vec!["a.png"]),
            ("a.png 100w\n\t, b.png 200w,", vec!["a.png", "b.png"]),
            (",,a", vec!["a"]),
            ("data:image/png;base64,AA== 1x, b.png 2x", vec!["data:image/png;base64,AA==", "b.png"]),
            ("é.png 2x,ü.png", vec!["é.png", "ü.png"]),
            ("", vec![]),
            (" , ", vec![]),
        ] {
            let found: Vec<&str> = urls(value).into_iter().map(|url| &value[url]).collect();
            assert_eq!(found, expected, "{value:?}");
        }
    }
}
