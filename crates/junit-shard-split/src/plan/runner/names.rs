//! Names as arguments, as regular expressions, and as relative paths.

/// Whether a file with one argument a line could not hold it.
pub(super) fn has_line_break(name: &str) -> bool {
    name.contains(['\n', '\r', '\0'])
}

/// Keeps a path that begins with `-` from being read as an option, and one that begins with `@` from being read as a
/// file of arguments (pytest).
pub(super) fn not_an_option(path: &str) -> String {
    if path.starts_with(['-', '@']) { format!("./{path}") } else { path.to_owned() }
}

/// A regular expression that matches exactly this text, in the dialects of JavaScript (with and without the `u` flag) and
/// PCRE. Only characters that both know as syntax are escaped: `\-` and `\#` are errors to JavaScript's `u` flag.
pub(super) fn regex_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '^' | '$' | '.' | '|' | '?' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}' | '/') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The way from one folder to another path, both relative to the working directory or both absolute: `../../tests/a.php`.
/// `None` when there is none that text alone can tell: one is absolute and the other not, or the folder begins with `..`.
pub(super) fn relative_to(folder: &str, path: &str) -> Option<String> {
    if folder.starts_with('/') != path.starts_with('/') {
        return None;
    }
    let folder = components(folder);
    let path = components(path);
    let shared = folder.iter().zip(&path).take_while(|(a, b)| a == b && **a != "..").count();
    if folder[shared..].contains(&"..") {
        return None;
    }
    let up = std::iter::repeat_n("..", folder.len() - shared);
    let steps: Vec<&str> = up.chain(path[shared..].iter().copied()).collect();
    Some(if steps.is_empty() { ".".to_owned() } else { steps.join("/") })
}

/// The folders and the last name of a path, `.` removed and `..` applied where it has something to undo.
pub(super) fn components(path: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The path relative to the working directory without `./`, `//` and inner `..`.
pub(super) fn normalised(path: &str) -> String {
    let joined = components(path).join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}
