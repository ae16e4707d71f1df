//! Which URLs are worth a look: what they are by their form alone.

/// Whether a URL can name a file of a site: a relative one, `//host/…`, or `http(s)://…`. Not the empty one, a fragment alone,
/// or one of another scheme (`data:`, `javascript:`, `mailto:`, `tel:`, `blob:`, `about:` …). WHATWG URL, section 4.4: a
/// scheme is a letter and then letters, digits, `+`, `-` and `.` up to a colon.
pub fn may_name_a_file(url: &str) -> bool {
    if url.is_empty() || url.starts_with('#') {
        return false;
    }
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    match url.find(|c: char| !in_scheme(c)) {
        Some(end) if url.as_bytes().get(end) == Some(&b':') && url.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let scheme = url.get(..end).unwrap_or_default();
            scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
        }
        _ => true,
    }
}

/// Whether a template still fills it in, on the server or in the browser: `{{ logo }}`, `<%= logo %>`, `${logo}`. The
/// characters are no part of a written URL.
pub fn is_placeholder(url: &str) -> bool {
    url.contains(['{', '<']) && ["{{", "{%", "${", "<%", "<?"].iter().any(|mark| url.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_schemes_name_no_files() {
        for url in
            ["a.js", "/a", "//h/a", "?q", "http://h/", "HTTPS://h", "./a:b", "1a:b", "é:a", ":a", "a/b:c", "+a:b"]
        {
            assert!(may_name_a_file(url), "{url}");
        }
        for url in ["", "#a", "data:,a", "JavaScript:x", "mailto:a@b", "blob:x", "about:blank", "web+app:x", "c:\\a"] {
            assert!(!may_name_a_file(url), "{url}");
        }
        assert!(is_placeholder("/{{ a }}.js") && is_placeholder("<%= a %>") && !is_placeholder("/a%20{b}.js"));
    }
}
