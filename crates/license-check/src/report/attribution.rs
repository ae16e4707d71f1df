//! The licence texts and notices of what is shipped, to be shipped with it. PURE.
//!
//! A text that several packages have in the same words stands once. `NOTICE` files are carried over as they are (Apache-2.0,
//! section 4d). A package whose text isn't here is named as such: leaving it out would claim that nothing is owed.
#![warn(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// A package to be attributed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attributed {
    /// As [`crate::plan::package::Package::id`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version; empty for none.
    pub version: String,
    /// Its licence, for people: an expression, or why there is none.
    pub license: String,
    /// Its licence texts: path and text.
    pub texts: Vec<(String, Arc<str>)>,
    /// Its notices: path and text.
    pub notices: Vec<(String, Arc<str>)>,
}

/// What stands under one text: who has it, and under which file names.
type Users<'e> = BTreeSet<(&'e str, &'e str)>;

/// Writes the attribution, as plain text or Markdown. Order: packages by id, texts by the first package that has them. Lines end
/// with `\n`. Control characters are replaced; in Markdown every text is fenced with more backticks than it has itself.
pub fn attribution(entries: &[Attributed], markdown: bool) -> String {
    let mut packages: BTreeMap<&str, &Attributed> = BTreeMap::new();
    for entry in entries {
        let known = packages.entry(&entry.id).or_insert(entry);
        // Of the same package from several lists, the one with the most to say.
        if (weight(entry), entry) > (weight(known), *known) {
            *known = entry;
        }
    }
    let out = Sheet { text: String::new(), markdown };
    write_sheet(out, &packages)
}

fn weight(entry: &Attributed) -> usize {
    entry.texts.len() + entry.notices.len()
}

fn write_sheet(mut out: Sheet, packages: &BTreeMap<&str, &Attributed>) -> String {
    out.title("Third-party software");
    let count = packages.len();
    out.paragraph(&match count {
        0 => "There is none.".to_owned(),
        1 => "One package, its licence text and its notices.".to_owned(),
        _ => format!("{count} packages, their licence texts and their notices."),
    });
    if count == 0 {
        return out.text;
    }
    out.heading("Packages");
    for entry in packages.values() {
        let license = if entry.license.trim().is_empty() { "no licence known" } else { &entry.license };
        out.item(&[&called(entry)], &format!(": {}", out.quoted(license)));
    }
    let silent: Vec<&&Attributed> =
        packages.values().filter(|entry| entry.texts.iter().all(|(_, text)| is_blank(text))).collect();
    if !silent.is_empty() {
        out.heading("Packages without a licence text");
        out.paragraph("Their files hold none, or they were not at hand when this was written.");
        for entry in silent {
            out.item(&[&called(entry)], "");
        }
    }
    let texts = packages.values().flat_map(|entry| entry.texts.iter().map(|file| (entry.id.as_str(), file)));
    out.texts("Licence texts", packages, texts);
    let notices = packages.values().flat_map(|entry| entry.notices.iter().map(|file| (entry.id.as_str(), file)));
    out.texts("Notices", packages, notices);
    out.text
}

fn called(entry: &Attributed) -> String {
    format!("{} {}", entry.name, entry.version).trim_end().to_owned()
}

fn is_blank(text: &str) -> bool {
    cleaned(text).trim().is_empty()
}

/// With `\n` as its only line end, without control characters (but for tabs), without a byte order mark. A form feed, which
/// GNU's texts have between pages, becomes nothing; what could hide text or end a line elsewhere becomes U+FFFD.
fn cleaned(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|letter| *letter != '\u{c}')
        .map(|letter| match letter {
            '\n' | '\t' => letter,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            letter if letter.is_control() => '\u{fffd}',
            letter => letter,
        })
        .collect()
}

/// What is compared: the cleaned text without blanks at the ends of lines and of the whole.
fn compared(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// What is written to.
struct Sheet {
    text: String,
    markdown: bool,
}

impl Sheet {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn title(&mut self, title: &str) {
        if self.markdown {
            self.line(&format!("# {title}"));
        } else {
            self.line(&title.to_uppercase());
        }
    }

    fn heading(&mut self, title: &str) {
        self.line("");
        if self.markdown {
            self.line(&format!("## {title}"));
            self.line("");
        } else {
            self.line(&"=".repeat(78));
            self.line(&title.to_uppercase());
            self.line(&"=".repeat(78));
            self.line("");
        }
    }

    fn paragraph(&mut self, words: &str) {
        if !self.text.ends_with("\n\n") {
            self.line("");
        }
        self.line(words);
        self.line("");
    }

    /// Words from outside, on one line: in Markdown as code, which nothing in them can end.
    fn quoted(&self, words: &str) -> String {
        let words = cleaned(words).replace(['\n', '\t'], " ");
        if !self.markdown {
            return words;
        }
        let fence = "`".repeat(longest_run(&words) + 1);
        // Blanks within the fence keep a backtick at the end apart from it; Markdown takes one off each side.
        let needs_blanks =
            words.starts_with('`') || words.ends_with('`') || words.starts_with(' ') || words.trim().is_empty();
        if needs_blanks { format!("{fence} {words} {fence}") } else { format!("{fence}{words}{fence}") }
    }

    fn item(&mut self, words: &[&str], after: &str) {
        let words: Vec<String> = words.iter().map(|words| self.quoted(words)).collect();
        self.line(&format!("- {}{after}", words.join(", ")));
    }

    /// A section of texts, each under those who have it.
    fn texts<'e>(
        &mut self,
        title: &str,
        packages: &BTreeMap<&'e str, &'e Attributed>,
        files: impl Iterator<Item = (&'e str, &'e (String, Arc<str>))>,
    ) {
        let mut groups: BTreeMap<String, (String, Users<'e>)> = BTreeMap::new();
        for (id, (path, text)) in files {
            let text = cleaned(text);
            if text.trim().is_empty() {
                continue;
            }
            let group = groups.entry(compared(&text)).or_insert_with(|| (text, Users::new()));
            group.1.insert((id, path));
        }
        if groups.is_empty() {
            return;
        }
        self.heading(title);
        let mut sorted: Vec<(String, Users<'e>)> = groups.into_values().collect();
        sorted.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        for (index, (text, users)) in sorted.iter().enumerate() {
            if index > 0 {
                self.line("");
            }
            self.users(packages, users);
            self.block(text);
        }
    }

    fn users(&mut self, packages: &BTreeMap<&str, &Attributed>, users: &Users<'_>) {
        let ids: BTreeSet<&str> = users.iter().map(|(id, _)| *id).collect();
        for id in ids {
            let Some(entry) = packages.get(id) else { continue };
            let files: Vec<&str> = users.iter().filter(|(user, _)| *user == id).map(|(_, path)| *path).collect();
            let files: Vec<String> = files.iter().map(|path| self.quoted(path)).collect();
            let after = if files.iter().all(|file| file.is_empty()) {
                String::new()
            } else {
                format!(": {}", files.join(", "))
            };
            self.item(&[&called(entry)], &after);
        }
        self.line("");
    }

    fn block(&mut self, text: &str) {
        let text = text.trim_matches('\n');
        if self.markdown {
            let fence = "`".repeat((longest_run(text) + 1).max(3));
            self.line(&format!("{fence}text"));
            self.line(text);
            self.line(&fence);
        } else {
            let rule = "-".repeat(78);
            self.line(&rule);
            self.line(text);
            self.line(&rule);
        }
    }
}

/// Backticks of the longest run of them.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}
