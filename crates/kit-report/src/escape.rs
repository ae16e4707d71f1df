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

/// Text inside Markdown, outside code: no markup, no HTML, no mention, no line break.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A mention or a reference notifies people or links somewhere; an entity reads the same and does neither.
            '@' => out.push_str("&#64;"),
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

/// A short piece of Markdown code, as HTML so that no run of back-ticks ends it and no table cell breaks at `|`.
pub fn markdown_code(text: &str) -> String {
    let mut out = String::from("<code>");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | ':' | '#' => {
                // Markdown still reads its punctuation inside inline HTML.
                let _ = write!(out, "&#{};", c as u32);
            }
            '\n' | '\r' => out.push(' '),
            _ => push_visible(&mut out, c),
        }
    }
    out.push_str("</code>");
    out
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
        assert_eq!(markdown("<b>*x*</b> @you"), "&lt;b&gt;\\*x\\*&lt;/b&gt; &#64;you");
        assert_eq!(markdown_code("a|`b`"), "<code>a&#124;&#96;b&#96;</code>");
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
        }
    }
}
