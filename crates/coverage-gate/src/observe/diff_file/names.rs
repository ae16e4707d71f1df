//! Paths as diffs write them: quoted like C strings where they hold odd bytes (`core.quotePath` in git-config(1)), with a
//! prefix for either side or without (`diff.noPrefix`, `diff.mnemonicPrefix`), with a time behind.

/// The prefixes of the two sides, old and new: git's own; by `diff.mnemonicPrefix` the commit, the index, the working tree
/// and an object; `--no-index`; Bitbucket Server's. Each also the other way round, for `git diff -R`.
const PREFIXES: [(&[u8], &[u8]); 8] = [
    (b"a/", b"b/"),
    (b"c/", b"i/"),
    (b"c/", b"w/"),
    (b"i/", b"w/"),
    (b"o/", b"w/"),
    (b"o/", b"i/"),
    (b"1/", b"2/"),
    (b"src://", b"dst://"),
];

/// The longest path, in bytes: Linux's PATH_MAX.
const MAX_PATH_BYTES: usize = 4096;
/// What stands for the side that a file is not on.
const NOTHING: &[u8] = b"/dev/null";

/// A path as git writes it in a header: in quotes with escapes, or as it is.
pub(super) fn unquote(text: &[u8]) -> Result<Vec<u8>, String> {
    if !text.starts_with(b"\"") {
        return Ok(text.to_vec());
    }
    let (path, rest) = quoted(text).ok_or("has a path whose quotes or escapes are broken")?;
    if rest.trim_ascii().is_empty() { Ok(path) } else { Err("has something behind a path in quotes".to_owned()) }
}

/// The path of `--- ` or `+++ `: up to a tab, behind which diff puts a time, and git nothing.
pub(super) fn of_side(text: &[u8]) -> Result<Vec<u8>, String> {
    if text.starts_with(b"\"") {
        let (path, rest) = quoted(text).ok_or("has a path whose quotes or escapes are broken")?;
        return if rest.is_empty() || rest.starts_with(b"\t") {
            Ok(path)
        } else {
            Err("has something behind a path in quotes".to_owned())
        };
    }
    let path = text.split(|byte| *byte == b'\t').next().unwrap_or_default();
    if path.is_empty() { Err("names no path".to_owned()) } else { Ok(path.to_vec()) }
}

/// A string in quotes at the start of `text`, and what follows it.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut path = Vec::new();
    loop {
        let (byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((path, rest)),
            b'\\' => {
                let (escape, after) = rest.split_first()?;
                rest = after;
                path.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    b'"' | b'\\' => *escape,
                    b'0'..=b'3' => {
                        let (digits, after) = rest.split_at_checked(2)?;
                        rest = after;
                        let value = |digit: u8| digit.checked_sub(b'0').filter(|value| *value < 8);
                        let [second, third] = *digits else { return None };
                        value(*escape)? << 6 | value(second)? << 3 | value(third)?
                    }
                    _ => return None,
                });
            }
            byte => path.push(*byte),
        }
    }
}

/// The one path of a section of git's that is neither a rename nor a copy: of the lines `---` and `+++` when there are
/// any, else of what follows `diff --git `.
pub(super) fn of_git(header: &[u8], sides: Option<&(Vec<u8>, Vec<u8>)>) -> Result<Vec<u8>, String> {
    let pair = header_pair(header);
    let (old, new) = match sides {
        Some((old, new)) if old == NOTHING || new == NOTHING => {
            let there = if old == NOTHING { new } else { old };
            // One name alone does not tell whether it has a prefix; the header has it twice.
            return match pair.as_ref().and_then(|(old, new)| without_prefixes(old, new)) {
                Some(path) if there.ends_with(&path) => Ok(path),
                _ => Err(unknown_prefix(there)),
            };
        }
        Some((old, new)) => (old.clone(), new.clone()),
        None => pair.ok_or("names two paths that cannot be told apart")?,
    };
    without_prefixes(&old, &new).ok_or_else(|| unknown_prefix(&new))
}

fn unknown_prefix(path: &[u8]) -> String {
    format!(
        "names {}, and its two sides differ by more than the prefixes a/ and b/; make the diff with `git diff \
         --default-prefix BASE HEAD`",
        shown(path)
    )
}

/// A path for a message: one line, whatever a name holds.
pub(super) fn shown(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path.get(..MAX_PATH_BYTES).unwrap_or(path)).into_owned();
    path.replace(char::is_control, "\u{FFFD}")
}

/// The two names of `diff --git X Y`, whose border is not marked: they are equally long, but for quotes.
fn header_pair(header: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    if header.starts_with(b"\"") {
        let (old, rest) = quoted(header)?;
        let new = unquote(rest.strip_prefix(b" ")?).ok()?;
        return Some((old, new));
    }
    if header.ends_with(b"\"") {
        let border = memchr::memmem::find(header, b" \"")?;
        let (old, new) = header.split_at(border);
        return Some((old.to_vec(), unquote(new.get(1..)?).ok()?));
    }
    let middle = header.len() / 2;
    let (old, new) = (header.get(..middle)?, header.get(middle..)?);
    Some((old.to_vec(), new.strip_prefix(b" ")?.to_vec()))
}

/// What two names of one file have in common once their prefixes are off; names that are the same have none.
fn without_prefixes(old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    if old == new {
        return Some(new.to_vec());
    }
    PREFIXES.iter().flat_map(|(one, other)| [(one, other), (other, one)]).find_map(|(one, other)| {
        let (old, new) = (old.strip_prefix(*one)?, new.strip_prefix(*other)?);
        (old == new && !new.is_empty()).then(|| new.to_vec())
    })
}

/// The names of a diff that is not git's, `None` for the side that a file is not on. Two names that differ in their first
/// folder alone, as `diff -ruN old new` writes them, start at those folders.
pub(super) fn of_plain(old: &[u8], new: &[u8]) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let without = |name: &[u8], prefix: &[u8]| Some(name.strip_prefix(prefix).unwrap_or(name).to_vec());
    if old == NOTHING {
        return (None, without(new, b"b/"));
    }
    if new == NOTHING {
        return (without(old, b"a/"), None);
    }
    if let Some(path) = without_prefixes(old, new).or_else(|| without_folders(old, new)) {
        return (Some(path.clone()), Some(path));
    }
    (Some(new.to_vec()), Some(new.to_vec()))
}

fn without_folders(old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let behind = |name: &[u8]| {
        let slash = memchr::memchr(b'/', name)?;
        name.get(slash + 1..).map(<[u8]>::to_vec).filter(|rest| !rest.is_empty())
    };
    let (old, new) = (behind(old)?, behind(new)?);
    (old == new).then_some(new)
}

/// The path of `Binary files X and Y differ`, outside of git's sections.
pub(super) fn of_binary(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut found = None;
    for border in memchr::memmem::find_iter(text, b" and ") {
        let (old, new) = text.split_at(border);
        let new = new.get(b" and ".len()..).unwrap_or_default();
        if let Some(path) = without_prefixes(old, new).or_else(|| without_folders(old, new)) {
            found = Some(path);
        }
    }
    found.ok_or_else(|| "names two binary files whose paths cannot be told apart; give `git diff BASE HEAD`".to_owned())
}

/// The path as the rest of the tool has it. Error: it leads out of the repository, or is no path.
pub(super) fn checked(path: &[u8]) -> Result<String, String> {
    let shown = shown(path);
    let path = path.strip_prefix(b"./").unwrap_or(path);
    if path.is_empty() || path.len() > MAX_PATH_BYTES || path.contains(&0) {
        return Err("names no path that a file can have".to_owned());
    }
    let has_part = |odd: &[u8]| path.split(|byte| *byte == b'/').any(|part| part == odd);
    if path.starts_with(b"/") || has_part(b"..") {
        return Err(format!("names {shown}, which is not in the repository; paths start at its top"));
    }
    if has_part(b"") || has_part(b".") {
        return Err(format!("names {shown}, which git writes without `//`, `/./` and a slash at the end"));
    }
    Ok(String::from_utf8_lossy(path).into_owned())
}
