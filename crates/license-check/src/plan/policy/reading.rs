//! Reads `license-policy.toml`.

use super::super::version_range::VersionRange;
use super::date::Date;
use super::entries::{self, Entry};
use super::lists::{Entries, Lists, is_label, is_nameless, leaves, license_key};
use super::pattern::Pattern;
use super::{
    BoundFile, Clarification, EXPIRING_WITHIN_DAYS, Exception, Index, MAX_POLICY_BYTES, Mismatch, Policy, Private,
    Severity, Target, Workspace, contradictions, keys, shown,
};
use crate::error::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Edits between two keys that are taken for one misspelt.
const NEAR: usize = 3;
/// Entries of one list, or exceptions, or clarifications: each is compared with the others.
const MAX_ENTRIES: usize = 5000;
/// Alternatives of all ranges, which are compared with each other.
const MAX_ALTERNATIVES: usize = 10_000;
/// Bytes of a reason.
const MAX_REASON_BYTES: usize = 4096;
/// Days that an exception can be announced ahead.
const MAX_EXPIRING_DAYS: u32 = 3650;

/// A complaint at a byte of the text.
type Refused = (usize, String);
type Value<'v> = Spanned<DeValue<'v>>;

/// What is read, and its lines.
struct Reader {
    line_starts: Vec<usize>,
}

pub fn parse(text: &str, path: &str) -> Result<Policy, Error> {
    if text.len() > MAX_POLICY_BYTES {
        return Err(Error::file(path, None, format!("a policy has at most {MAX_POLICY_BYTES} bytes")));
    }
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { line_starts: memchr::memchr_iter(b'\n', bare.as_bytes()).collect() };
    let table = DeTable::parse(bare).map_err(|err| {
        let line = err.span().map(|span| reader.line(span.start));
        let written = line.and_then(|line| bare.lines().nth(line as usize - 1)).unwrap_or_default();
        let marker = ["<<<<<<< ", "=======", ">>>>>>> "].iter().any(|marker| written.starts_with(marker));
        let what = if marker {
            "git's conflict markers are still in it".to_owned()
        } else {
            err.message().replace('\n', ", ")
        };
        Error::file(path, line, what)
    })?;
    let policy =
        reader.policy(table.get_ref(), path).map_err(|(at, what)| Error::file(path, Some(reader.line(at)), what))?;
    check(&policy).map_err(|(line, what)| Error::file(path, Some(line), what))?;
    Ok(policy)
}

fn check(policy: &Policy) -> Result<(), contradictions::Refused> {
    let mut alternatives = 0;
    let exceptions = policy.exceptions.iter().map(|exception| (&exception.target, exception.line));
    for (target, line) in exceptions.chain(policy.clarifications.iter().map(|one| (&one.target, one.line))) {
        alternatives += target.versions.alternatives();
        if alternatives > MAX_ALTERNATIVES {
            return Err((line, format!("the ranges up to here have more than {MAX_ALTERNATIVES} alternatives")));
        }
    }
    contradictions::of_lists(&policy.lists)?;
    let inner = policy.workspaces.iter().flat_map(|workspace| workspace.lists.iter().chain(&workspace.development));
    inner.chain(&policy.development).try_for_each(contradictions::of_lists)?;
    contradictions::of_sections(policy)?;
    contradictions::of_entries(policy)
}

impl Reader {
    /// The 1-based line of a byte.
    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start < at) + 1).unwrap_or(u32::MAX)
    }

    fn policy(&self, table: &DeTable<'_>, path: &str) -> Result<Policy, Refused> {
        known(table, keys::FILE)?;
        let get = |key: &str| table.get(key);
        let lists = self.lists(table, true)?.ok_or_else(|| {
            (0, "a policy needs `allow` or `deny`; `deny = []` lets every known licence pass".to_owned())
        })?;
        let development = get("development").map(|value| self.development(value)).transpose()?;
        let exceptions = self.each(get("exception"), "exception", |table, at| self.exception(table, at))?;
        let clarifications = self.each(get("clarify"), "clarify", |table, at| self.clarification(table, at))?;
        Ok(Policy {
            path: path.to_owned(),
            lists,
            development,
            workspaces: self.workspaces(get("workspace"))?,
            ambiguous: severity("ambiguous", get("ambiguous"))?,
            unknown: severity("unknown", get("unknown"))?,
            mismatch: choice(
                "mismatch",
                get("mismatch"),
                &[("both", Mismatch::Both), ("fail", Mismatch::Fail), ("warn", Mismatch::Warn)],
            )?,
            expiring_within_days: get("expiring-within").map_or(Ok(EXPIRING_WITHIN_DAYS), days)?,
            private: choice("private", get("private"), &[("exempt", Private::Exempt), ("check", Private::Check)])?,
            exceptions_of: Index::new(exceptions.iter().map(|exception| &exception.target)),
            clarifications_of: Index::new(clarifications.iter().map(|clarification| &clarification.target)),
            exceptions,
            clarifications,
        })
    }

    /// `allow`, `deny` and `inherit` of a table; `None` where it has neither list.
    fn lists(&self, table: &DeTable<'_>, is_outermost: bool) -> Result<Option<Lists>, Refused> {
        let allow = table.get("allow").map(|value| self.entries("allow", value)).transpose()?;
        let deny = table.get("deny").map(|value| self.entries("deny", value)).transpose()?;
        let inherit = match table.get("inherit").map(|value| (value.get_ref(), value)) {
            None => !is_outermost,
            Some((DeValue::Boolean(inherit), _)) => *inherit,
            Some((_, value)) => return Err(wrong(value, "inherit", "true or false")),
        };
        Ok((allow.is_some() || deny.is_some()).then_some(Lists { allow, deny, inherit }))
    }

    fn entries(&self, key: &str, value: &Value<'_>) -> Result<Entries, Refused> {
        let Some(list) = value.get_ref().as_array() else {
            return Err(wrong(value, key, "a list: [\"MIT\", \"family:permissive\"]"));
        };
        few(list.len(), key, value)?;
        let mut entries = Entries::default();
        for value in list.iter() {
            let (text, at) = (string(key, value)?, value.span().start);
            let line = self.line(at);
            let entry = entries::entry(text).map_err(|why| (at, format!("`{key}`: {why}")))?;
            if key == "allow" && leaves(text).iter().any(is_nameless) {
                let what = "says where terms stand and not what they are: give each package an [[exception]]";
                return Err((at, format!("`{key}`: `{}` {what}", shown(text, 80))));
            }
            let before = match entry {
                Entry::Family(family) => entries.families.insert(family, line),
                Entry::License(leaf) => entries.licenses.insert(leaf, line),
                Entry::Expression(whole) => entries.expressions.insert(whole, line),
            };
            if let Some(before) = before {
                return Err((at, format!("`{key}`: `{}` is already there in line {before}", text.trim())));
            }
            entries.written.push((text.trim().to_owned(), line));
        }
        Ok(entries)
    }

    fn development(&self, value: &Value<'_>) -> Result<Lists, Refused> {
        let table = value.get_ref().as_table().ok_or_else(|| wrong(value, "development", "a table"))?;
        known(table, keys::DEVELOPMENT)?;
        self.lists(table, false)?
            .ok_or_else(|| (value.span().start, "`development` needs `allow` or `deny`".to_owned()))
    }

    fn workspaces(&self, value: Option<&Value<'_>>) -> Result<Vec<Workspace>, Refused> {
        let mut workspaces: Vec<Workspace> = Vec::new();
        for workspace in self.each(value, "workspace", |table, at| self.workspace(table, at))? {
            if let Some(other) = workspaces.iter().find(|other| other.path == workspace.path) {
                // Its own line is known only as a line here, so it is looked up again.
                let at = self.line_starts.get(workspace.line as usize - 1).copied().unwrap_or(0);
                return Err((at, format!("`{}` is already a workspace in line {}", workspace.path, other.line)));
            }
            workspaces.push(workspace);
        }
        Ok(workspaces)
    }

    fn workspace(&self, table: &DeTable<'_>, at: usize) -> Result<Workspace, Refused> {
        known(table, keys::WORKSPACE)?;
        let value = needed(table, at, "workspace", "path", "the folder that it is for")?;
        let path = inner_path("path", value)?;
        let lists = self.lists(table, false)?;
        let development = table.get("development").map(|value| self.development(value)).transpose()?;
        if lists.is_none() && development.is_none() {
            return Err((at, "a workspace needs `allow`, `deny` or `development`".to_owned()));
        }
        if lists.is_none() && table.contains_key("inherit") {
            return Err((at, "`inherit` needs `allow` or `deny` beside it".to_owned()));
        }
        Ok(Workspace { path, line: self.line(at), lists, development })
    }

    fn exception(&self, table: &DeTable<'_>, at: usize) -> Result<Exception, Refused> {
        known(table, keys::EXCEPTION)?;
        let value = needed(table, at, "exception", "license", "the licence that was approved")?;
        let license_text = string("license", value)?.trim().to_owned();
        let is_label = is_label(&license_text);
        if !is_label {
            entries::expression(&license_text).map_err(|why| (value.span().start, format!("`license`: {why}")))?;
        }
        let license = if is_label { license_text.clone() } else { license_key(&license_text) };
        let value =
            needed(table, at, "exception", "expires", "the last day on which it holds: `expires = 2027-01-31`")?;
        let file = match (table.get("file"), table.get("sha256")) {
            (None, None) => None,
            _ => Some(bound_file(table, at, "exception")?),
        };
        Ok(Exception {
            target: target(table, at, "exception")?,
            workspace: table.get("workspace").map(|value| inner_path("workspace", value)).transpose()?,
            license,
            license_text,
            file,
            reason: said(table, at, "exception", "reason", "why it may be used")?,
            owner: said(table, at, "exception", "owner", "who answers for it")?,
            expires: date("expires", value)?,
            line: self.line(at),
        })
    }

    fn clarification(&self, table: &DeTable<'_>, at: usize) -> Result<Clarification, Refused> {
        known(table, keys::CLARIFY)?;
        let value = needed(table, at, "clarification", "license", "what the licence is")?;
        let tree = entries::expression(string("license", value)?)
            .map_err(|why| (value.span().start, format!("`license`: {why}")))?;
        Ok(Clarification {
            target: target(table, at, "clarification")?,
            license: tree.to_string(),
            file: bound_file(table, at, "clarification")?,
            reason: said(table, at, "clarification", "reason", "how it was found out")?,
            owner: said(table, at, "clarification", "owner", "who answers for it")?,
            line: self.line(at),
        })
    }

    /// Reads `[[key]]`.
    fn each<T>(
        &self,
        value: Option<&Value<'_>>,
        key: &str,
        read: impl Fn(&DeTable<'_>, usize) -> Result<T, Refused>,
    ) -> Result<Vec<T>, Refused> {
        let Some(value) = value else { return Ok(Vec::new()) };
        let wanted = format!("a list of tables: [[{key}]]");
        let list = value.get_ref().as_array().ok_or_else(|| wrong(value, key, &wanted))?;
        few(list.len(), key, value)?;
        let table = |value: &Value<'_>| match value.get_ref().as_table() {
            Some(table) => read(table, value.span().start),
            None => Err(wrong(value, key, &wanted)),
        };
        list.iter().map(table).collect()
    }
}

fn few(count: usize, key: &str, value: &Value<'_>) -> Result<(), Refused> {
    if count > MAX_ENTRIES {
        return Err((value.span().start, format!("`{key}` has {count} entries; a policy has at most {MAX_ENTRIES}")));
    }
    Ok(())
}

fn known(table: &DeTable<'_>, keys: &[&str]) -> Result<(), Refused> {
    let strange = table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref()));
    match strange.min_by_key(|key| key.span().start) {
        Some(key) => Err((key.span().start, unknown(key.get_ref(), keys))),
        None => Ok(()),
    }
}

fn unknown(name: &str, keys: &[&str]) -> String {
    let short = shown(name, 60);
    // Underlines for hyphens are one slip of the hand, however many there are; so is the British spelling.
    let alike = name.replace('_', "-").to_ascii_lowercase().replace("licence", "license");
    let nearest = keys.iter().map(|key| (strsim::damerau_levenshtein(key, &alike), *key)).min();
    match nearest {
        Some((distance, key)) if distance <= NEAR && distance < key.len() && name.len() <= 60 => {
            format!("`{short}` is no key here; did you mean `{key}`?")
        }
        _ => format!("`{short}` is no key here; there are {}", keys.join(", ")),
    }
}

fn wrong(value: &Value<'_>, name: &str, wanted: &str) -> Refused {
    (value.span().start, format!("`{name}` must be {wanted}, not {}", value.get_ref().type_str()))
}

fn string<'v>(name: &str, value: &'v Value<'_>) -> Result<&'v str, Refused> {
    value.get_ref().as_str().ok_or_else(|| wrong(value, name, "a string"))
}

fn needed<'t, 'v>(
    table: &'t DeTable<'v>,
    at: usize,
    what: &str,
    key: &str,
    says: &str,
) -> Result<&'t Value<'v>, Refused> {
    table.get(key).ok_or_else(|| (at, format!("this {what} needs `{key}`, {says}")))
}

fn choice<T: Copy + Default>(name: &str, value: Option<&Value<'_>>, choices: &[(&str, T)]) -> Result<T, Refused> {
    let Some(value) = value else { return Ok(T::default()) };
    let text = value.get_ref().as_str().unwrap_or_default();
    choices.iter().find(|(choice, _)| *choice == text).map(|(_, meant)| *meant).ok_or_else(|| {
        let names: Vec<String> = choices.iter().map(|(choice, _)| format!("\"{choice}\"")).collect();
        (value.span().start, format!("`{name}` must be {}", names.join(" or ")))
    })
}

fn severity(name: &str, value: Option<&Value<'_>>) -> Result<Severity, Refused> {
    choice(name, value, &[("fail", Severity::Fail), ("warn", Severity::Warn)])
}

/// `30d`.
fn days(value: &Value<'_>) -> Result<u32, Refused> {
    let number = value.get_ref().as_str().and_then(|text| text.strip_suffix('d'));
    number
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .filter(|days| *days <= MAX_EXPIRING_DAYS)
        .ok_or_else(|| {
            (
                value.span().start,
                format!("`expiring-within` must be a number of days such as \"30d\", at most {MAX_EXPIRING_DAYS}"),
            )
        })
}

/// A date of TOML's, or the same as a string.
fn date(name: &str, value: &Value<'_>) -> Result<Date, Refused> {
    let day = match value.get_ref() {
        DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
            moment.date.and_then(|date| Date::new(date.year, date.month, date.day))
        }
        DeValue::String(text) => Date::parse(text),
        _ => None,
    };
    day.ok_or_else(|| (value.span().start, format!("`{name}` must be a day such as 2027-01-31")))
}

fn target(table: &DeTable<'_>, at: usize, what: &str) -> Result<Target, Refused> {
    let value = needed(table, at, what, "package", "such as \"npm:@babel/core\"")?;
    let package = Pattern::parse(string("package", value)?.trim())
        .map_err(|why| (value.span().start, format!("`package`: {why}")))?;
    let value = needed(table, at, what, "versions", "such as \"^12\", or \"*\" for all")?;
    let versions = VersionRange::parse(package.ecosystem(), string("versions", value)?)
        .map_err(|why| (value.span().start, format!("`versions`: {why}")))?;
    Ok(Target { package, versions })
}

fn bound_file(table: &DeTable<'_>, at: usize, what: &str) -> Result<BoundFile, Refused> {
    let value = needed(table, at, what, "file", "the file of the package that was read")?;
    let name = inner_path("file", value)?;
    let value = needed(table, at, what, "sha256", "the digest of that file's bytes")?;
    let sha256 = string("sha256", value)?.trim().to_ascii_lowercase();
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err((value.span().start, "`sha256` must be 64 hexadecimal digits".to_owned()));
    }
    Ok(BoundFile { name, sha256 })
}

/// A path that leaves nothing: of a folder of the repository, or of a file in a package.
fn inner_path(name: &str, value: &Value<'_>) -> Result<String, Refused> {
    let path = string(name, value)?.trim();
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.split('/').any(odd) || path.contains(['\\', '*']) || path.contains(char::is_control) {
        let what =
            if name == "file" { "a file's path in the package" } else { "a folder of the repository, without signs" };
        return Err((value.span().start, format!("`{name}` must be {what}")));
    }
    Ok(path.to_owned())
}

/// What a person must have written.
fn said(table: &DeTable<'_>, at: usize, what: &str, key: &str, says: &str) -> Result<String, Refused> {
    let value = needed(table, at, what, key, says)?;
    let words: Vec<&str> = string(key, value)?.split_whitespace().collect();
    let text = words.join(" ");
    if !text.chars().any(char::is_alphanumeric) {
        return Err((value.span().start, format!("`{key}` is empty: say {says}")));
    }
    if text.len() > MAX_REASON_BYTES || text.contains(char::is_control) {
        return Err((value.span().start, format!("`{key}` must be one text of at most {MAX_REASON_BYTES} bytes")));
    }
    Ok(text)
}
