//! One escape function for each place where a stranger's text may land.
//!
//! Test names, branch names, paths and messages come from strangers. The GitHub runner reads both output streams of a
//! container for commands: a line that begins with `::` after white space, and `##[` anywhere in a line
//! (actions/runner, `ActionCommand.TryParseV2` and `TryParse`). Terminals obey control characters, Markdown obeys its
//! punctuation, and XML 1.0 forbids most control characters altogether.

use std::fmt::Write;

/// Text for a log line on any host: one line, no control characters, nothing that a runner takes for a command.
///
/// Line breaks become `\n`, other control characters and invisible direction marks `\u{…}`; `##[` is broken up and a
/// leading `::` as well.
pub fn log_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    defuse(out)
}

/// Like [`log_line`], but keeps line feeds; each line is made harmless on its own.
pub fn log_text(text: &str) -> String {
    let mut lines = text.split('\n').map(log_line);
    let mut out = lines.next().unwrap_or_default();
    for line in lines {
        out.push('\n');
        out.push_str(&line);
    }
    out
}

/// Data of a GitHub workflow command. Source: actions/toolkit, `packages/core/src/command.ts`, `escapeData`.
pub fn github_data(text: &str) -> String {
    let visible: String = text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\n' | '\r' => out.push(c),
            _ => push_visible(&mut out, c),
        }
        out
    });
    visible.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").replace("##[", "## [")
}

/// A property of a GitHub workflow command. Source: the same file, `escapeProperty`.
pub fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text inside Markdown, outside code: no markup, no HTML, no link, no mention, no line break.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next_is_word = rest.clone().next().is_some_and(|next| next.is_alphanumeric() || next == '-' || next == '_');
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => {
                out.push_str("&#64;");
                out.push_str(if next_is_word { NO_REFERENCE } else { "" });
            }
            '#' if next_is_word => {
                out.push_str("\\#");
                out.push_str(NO_REFERENCE);
            }
            '-' if next_is_word && ends_with(&out, "gh") => {
                out.push_str("\\-");
                out.push_str(NO_REFERENCE);
            }
            '\n' | '\r' => out.push_str("<br>"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '.' | '!' | '|' | '~'
            | ':' => {
                out.push('\\');
                out.push(c);
            }
            _ => push_visible(&mut out, c),
        }
    }
    out
}

/// A message inside Markdown: as [`markdown`], but what stands between back-ticks is code, as its author meant it.
pub fn markdown_message(text: &str) -> String {
    in_backticks(text, markdown, markdown_code)
}

/// A message inside HTML, likewise.
pub fn html_message(text: &str) -> String {
    in_backticks(text, html, |code| format!("<code>{}</code>", html(code)))
}

/// Writes what stands between two back-ticks of a line one way and the rest another.
fn in_backticks(text: &str, plain: impl Fn(&str) -> String, code: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once('`').and_then(|(before, opened)| Some((before, opened.split_once('`')?)))
    {
        out.push_str(&plain(before));
        match inside {
            // A pair with nothing in it, or with a line's end, was no code.
            "" => out.push_str(&plain("``")),
            inside if inside.contains('\n') => out.push_str(&plain(&format!("`{inside}`"))),
            inside => out.push_str(&code(inside)),
        }
        rest = after;
    }
    out + &plain(rest)
}

/// Stands between the mark and the name of what would be a mention (`@name`) or a reference (`#12`, `GH-12`): these notify
/// people and leave links elsewhere. GitHub looks for them in the text that is left once entities and backslashes are
/// gone, so only a character in between helps; this one has no width.
const NO_REFERENCE: &str = "&#8203;";

fn ends_with(text: &str, end: &str) -> bool {
    text.len() >= end.len() && text.as_bytes()[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// A short piece of Markdown code, as HTML so that no run of back-ticks ends it and no table cell breaks at `|`.
pub fn markdown_code(text: &str) -> String {
    let mut out = String::from("<code>");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            // Code holds no mention, but `icon@2x.png` would become an address to write to. A comment keeps its halves
            // apart and leaves no character behind for those who copy the text.
            '@' => out.push_str("&#64;<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | ':' | '#' => {
                // Markdown still reads its punctuation inside inline HTML.
                let _ = write!(out, "&#{};", c as u32);
            }
            // Nothing else makes a link of an address without a scheme.
            '.' if ends_with(&out, "www") => out.push_str("&#46;"),
            '\n' | '\r' => out.push(' '),
            _ => push_visible(&mut out, c),
        }
    }
    out.push_str("</code>");
    out
}

/// Lines inside Markdown whose blanks and breaks stay as they are, as an HTML block, in which no Markdown is read.
pub fn markdown_preformatted(text: &str) -> String {
    let mut out = String::from("<pre>");
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for c in line.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                // Somebody may print the Markdown into a log, where these begin commands.
                ':' => out.push_str("&#58;"),
                '[' => out.push_str("&#91;"),
                _ => push_visible(&mut out, c),
            }
        }
    }
    out.push_str("</pre>");
    out
}

/// Text inside HTML, or an attribute value in double quotes: no markup, no control character that turns the text around.
/// One line; tabs stay. Source: html.spec.whatwg.org, "Serializing HTML fragments".
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' => out.push(c),
            // Somebody may print the page into a log.
            '[' if out.ends_with("##") => out.push_str("&#91;"),
            _ => push_visible(&mut out, c),
        }
    }
    out
}

/// A plain text message of SARIF: no control characters, no placeholder, no embedded link.
/// Source: docs.oasis-open.org/sarif/sarif/v2.1.0, sections 3.11.5 and 3.11.6.
pub fn sarif_message(text: &str) -> String {
    // A blank within `](` leaves none: whatever stood before it, the signs no longer touch.
    log_text(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// A path relative to a root as a relative URI reference: everything but unreserved characters and `/` is
/// percent-encoded, so that no first segment reads as a scheme. Source: RFC 3986, sections 2.3 and 4.2.
pub fn relative_uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Text or attribute value of XML 1.0. Forbidden characters become U+FFFD, since no escape may name them.
/// Source: w3.org/TR/xml, production `Char`.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// The name of an output as a variable: `args-file` becomes `ARGS_FILE`.
pub fn variable_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push(' '),
        // C0, DEL and C1 control terminals; the direction and zero-width marks make a text read as another.
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => {
            let _ = write!(out, "\\u{{{:x}}}", c as u32);
        }
        _ => out.push(c),
    }
}

fn defuse(line: String) -> String {
    // Breaking up each `##[` leaves none: the inserted blank stands between the signs.
    let line = if line.contains("##[") { line.replace("##[", "## [") } else { line };
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") { format!("{}: :{}", &line[..start], &line[start + 2..]) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the GitHub runner would take for a command. It trims with .NET's `Trim`, whose white space is Unicode's.
    fn is_command(line: &str) -> bool {
        line.trim_start().starts_with("::") || line.contains("##[")
    }

    #[test]
    fn a_log_line_is_one_harmless_line() {
        assert_eq!(log_line("::error::x"), ": :error::x");
        assert_eq!(log_line(" \u{a0}::x"), " \u{a0}: :x");
        assert_eq!(log_line("a\n::b ##[c]\u{1b}[1m"), "a\\n::b ## [c]\\u{1b}[1m");
        assert_eq!(log_text("a\n::b"), "a\n: :b");
    }

    #[test]
    fn command_data_and_properties_are_escaped_as_the_toolkit_does() {
        assert_eq!(github_data("a%b\r\nc:,"), "a%25b%0D%0Ac:,");
        assert_eq!(github_property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn markdown_shows_what_was_written() {
        assert_eq!(
            markdown("<b>*x*</b> @you @ #1 gh-2"),
            "&lt;b&gt;\\*x\\*&lt;/b&gt; &#64;&#8203;you &#64; \\#&#8203;1 gh\\-&#8203;2"
        );
        assert_eq!(markdown_code("a|`b`@2x\\"), "<code>a&#124;&#96;b&#96;&#64;<!-- -->2x&#92;</code>");
        assert_eq!(markdown_preformatted("a\n </pre>*\r\n::["), "<pre>a\n &lt;/pre&gt;*\\r\n&#58;&#58;&#91;</pre>");
    }

    #[test]
    fn what_a_message_has_in_backticks_is_code() {
        let shown = "set <code>path-map</code> to <code>/a&#42;/=</code>\\!";
        assert_eq!(markdown_message("set `path-map` to `/a*/=`!"), shown);
        assert_eq!(markdown_message("a ` b"), "a \\` b");
        assert_eq!(markdown_message("``x`a\nb`"), "\\`\\`x\\`a<br>b\\`");
        assert_eq!(html_message("<`<b>`"), "&lt;<code>&lt;b&gt;</code>");
    }

    #[test]
    fn html_and_sarif_show_what_was_written() {
        assert_eq!(
            html("<a href='x' y=\"z\">&\t\u{202e}"),
            "&lt;a href=&#39;x&#39; y=&quot;z&quot;&gt;&amp;\t\\u{202e}"
        );
        assert_eq!(sarif_message("{0} [a](1)\n::b"), "{{0}} [a] (1)\n: :b");
        assert_eq!(relative_uri("a b/c:d?é.rs"), "a%20b/c%3Ad%3F%C3%A9.rs");
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_command(text in "(::|##\\[|[ \\n\\r\u{85}\u{2028}\u{feff}a#:\\[]|.){0,12}") {
            for line in log_text(&text).split(['\n', '\r']) {
                prop_assert!(!is_command(line), "{line:?}");
            }
            prop_assert!(!log_line(&text).contains(['\n', '\r']));
            let data = github_data(&text);
            prop_assert!(!data.contains(['\n', '\r']) && !data.contains("##["));
            let property = github_property(&text);
            prop_assert!(!property.contains([':', ',', '\n', '\r']));
            let cell = markdown(&text);
            prop_assert!(!cell.contains(['\n', '\r', '@']));
            prop_assert!(!sarif_message(&text).contains("]("));
        }

        #[test]
        fn no_text_becomes_markup(text in "([<>&\"'@#:./\\[\\]()`|-]|www|http|gh|a|1|.){0,12}") {
            let page = html(&text);
            prop_assert!(!page.contains(['<', '>', '"', '\'']));
            let code = markdown_code(&text);
            let inside = code.trim_start_matches("<code>").trim_end_matches("</code>").replace("<!-- -->", "");
            prop_assert!(!inside.contains("www."), "{inside}");
            prop_assert!(!inside.contains(['<', '>', '@', '`', '[', ']', '*', '_', '|', ':']), "{inside}");
            let message = markdown_message(&text).replace("<!-- -->", "");
            for tag in message.split('<').skip(1) {
                prop_assert!(["code>", "/code>", "br>"].iter().any(|own| tag.starts_with(own)), "{message}");
            }
            prop_assert!(!message.contains(['@', '\n', '\r']), "{message}");
            let line = markdown(&text);
            prop_assert!(!line.replace("<br>", "").contains(['<', '>', '@']), "{line}");
            for sign in ["://", "www.", "](", "&#64;a", "&#64;1", "#1 ", "#a"] {
                prop_assert!(!line.contains(sign), "{line}");
            }
            prop_assert!(!relative_uri(&text).contains([':', '?', '#', ' ', '<', '"']));
        }
    }
}
