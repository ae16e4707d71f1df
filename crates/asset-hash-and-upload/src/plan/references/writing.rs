//! How a new URL is written where an old one stood: each place has its own escapes. What is written reads back as the same
//! URL, whatever the URL holds.

use super::Writing;

/// The bytes for `url` at a place with this writing. `None` when it can't be written there: the empty URL, control characters
/// where no escape gives them, blanks in `srcset`, in comments and without quotes, blanks at the ends of an attribute.
///
/// Ampersands of a query become `&amp;` in HTML and XML, and `\x26` or `\u0026` in JavaScript and JSON, which may lie within XML.
/// `<` and `>` are escaped wherever they can be, so that no URL ends a `<script>`, a `<style>` or a CDATA section.
pub fn write(url: &str, writing: Writing) -> Option<String> {
    if url.is_empty() {
        return None;
    }
    match writing {
        Writing::Attribute(quote) => attribute(url, quote),
        Writing::Srcset(_) if url.contains(' ') || url.starts_with(',') || url.ends_with(',') => None,
        Writing::Srcset(quote) => attribute(url, quote),
        Writing::Text => markup(url, None),
        Writing::CssString(quote) => css(url, &[char::from(quote)]),
        Writing::CssUrl => css(url, &[' ', '"', '\'', '(', ')']),
        Writing::JavaScript(quote) => Some(javascript(url, char::from(quote))),
        Writing::Json => Some(json(url)),
        Writing::Comment => comment(url),
        Writing::CssInAttribute(outer, inner) => {
            let css = write(url, if inner == 0 { Writing::CssUrl } else { Writing::CssString(inner) })?;
            if outer == 0 && css.contains(' ') { None } else { markup(&css, Some(outer)) }
        }
    }
}

fn attribute(url: &str, quote: u8) -> Option<String> {
    // A URL's parser takes blanks off its ends, so they would be lost.
    if url.starts_with(' ') || url.ends_with(' ') || (quote == 0 && url.contains(' ')) {
        return None;
    }
    markup(url, Some(quote))
}

/// Text, or an attribute's value with its quote (0 without), in references that HTML and XML both know.
fn markup(text: &str, quote: Option<u8>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if matches!(quote, Some(0 | b'"')) => out.push_str("&quot;"),
            '\'' if matches!(quote, Some(0 | b'\'')) => out.push_str("&#39;"),
            '=' if quote == Some(0) => out.push_str("&#61;"),
            '`' if quote == Some(0) => out.push_str("&#96;"),
            // XML has no way to write most of them, and a URL's parser drops the others.
            c if is_control(c) => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// CSS Syntax Level 3, section 4.3.7: a backslash before a character, or its number and one blank.
fn css(url: &str, special: &[char]) -> Option<String> {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '\0' => return None,
            '<' | '>' => out.push_str(&format!("\\{:x} ", u32::from(character))),
            c if is_control(c) => out.push_str(&format!("\\{:x} ", u32::from(c))),
            c if c == '\\' || special.contains(&c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    Some(out)
}

/// ECMAScript 2024, section 12.9.4, for strings and for templates.
fn javascript(url: &str, quote: char) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            c if c == quote || c == '\\' => out.extend(['\\', c]),
            '$' if quote == '`' => out.push_str("\\$"),
            '&' | '<' | '>' => out.push_str(&format!("\\x{:02x}", u32::from(character))),
            c if is_control(c) || is_line_separator(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// RFC 8259, section 7.
fn json(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '&' | '<' | '>' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            c if is_control(c) || is_line_separator(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// ECMA-426, section 11.1.2: `sourceMappingURL=` goes up to a blank or a quote. Nothing can be escaped.
fn comment(url: &str) -> Option<String> {
    let ends = |c: char| c.is_whitespace() || is_control(c) || matches!(c, '"' | '\'' | '`' | '<' | '>' | '\u{feff}');
    (!url.contains(ends) && !url.contains("*/")).then(|| url.to_owned())
}

/// C0 and C1 controls and DEL.
fn is_control(character: char) -> bool {
    character.is_control()
}

/// What ended a line of JavaScript, and still does in a comment of it.
fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_its_escapes() {
        let url = r#"a b&c"d'e<f>(g)\h=`${x}é?#"#;
        for (writing, written) in [
            (Writing::Attribute(b'"'), r"a b&amp;c&quot;d'e&lt;f&gt;(g)\h=`${x}é?#"),
            (Writing::Attribute(b'\''), r#"a b&amp;c"d&#39;e&lt;f&gt;(g)\h=`${x}é?#"#),
            (Writing::Text, r#"a b&amp;c"d'e&lt;f&gt;(g)\h=`${x}é?#"#),
            (Writing::CssString(b'"'), r#"a b&c\"d'e\3c f\3e (g)\\h=`${x}é?#"#),
            (Writing::CssString(b'\''), r#"a b&c"d\'e\3c f\3e (g)\\h=`${x}é?#"#),
            (Writing::CssUrl, r#"a\ b&c\"d\'e\3c f\3e \(g\)\\h=`${x}é?#"#),
            (Writing::JavaScript(b'"'), r#"a b\x26c\"d'e\x3cf\x3e(g)\\h=`${x}é?#"#),
            (Writing::JavaScript(b'`'), r#"a b\x26c"d'e\x3cf\x3e(g)\\h=\`\${x}é?#"#),
            (Writing::Json, r#"a b\u0026c\"d'e\u003cf\u003e(g)\\h=`${x}é?#"#),
            (Writing::CssInAttribute(b'"', b'\''), r"a b&amp;c&quot;d\'e\3c f\3e (g)\\h=`${x}é?#"),
            (Writing::CssInAttribute(b'\'', 0), r#"a\ b&amp;c\"d\&#39;e\3c f\3e \(g\)\\h=`${x}é?#"#),
        ] {
            assert_eq!(write(url, writing).as_deref(), Some(written), "{writing:?}");
        }
    }

    #[test]
    fn what_a_place_cannot_hold_is_refused() {
        for (url, writing) in [
            ("", Writing::Json),
            ("a b", Writing::Attribute(0)),
            (" a", Writing::Attribute(b'"')),
            ("a ", Writing::Attribute(b'"')),
            ("a\tb", Writing::Attribute(b'"')),
            ("a\0", Writing::Text),
            ("a b", Writing::Srcset(b'"')),
            (",a", Writing::Srcset(b'"')),
            ("a,", Writing::Srcset(b'"')),
            ("a\0", Writing::CssUrl),
            ("a b", Writing::CssInAttribute(0, 0)),
            ("a b", Writing::Comment),
            ("a\u{2028}b", Writing::Comment),
            ("a*/b", Writing::Comment),
            ("a'b", Writing::Comment),
        ] {
            assert_eq!(write(url, writing), None, "{url:?} {writing:?}");
        }
        for (url, writing, written) in [
            ("a\nb\u{2028}", Writing::JavaScript(b'"'), "a\\u000ab\\u2028"),
            ("a\nb", Writing::Json, "a\\u000ab"),
            ("a\nb", Writing::CssString(b'"'), "a\\a b"),
            ("a,b", Writing::Srcset(b'"'), "a,b"),
            ("a=b&c", Writing::Attribute(0), "a&#61;b&amp;c"),
            ("/a-1.js.map?x=1", Writing::Comment, "/a-1.js.map?x=1"),
        ] {
            assert_eq!(write(url, writing).as_deref(), Some(written), "{url:?} {writing:?}");
        }
    }

    #[test]
    fn json_reads_back() {
        for url in ["a\"b\\c", "\u{1}\u{7f}\u{2028}😀", "</script>"] {
            let written = write(url, Writing::Json).unwrap();
            assert_eq!(serde_json::from_str::<String>(&format!("\"{written}\"")).unwrap(), url);
            assert!(!written.contains('<'));
        }
    }
}
