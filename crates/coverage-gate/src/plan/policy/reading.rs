//! Reads `coverage-gate.toml`.

use super::super::globs;
use super::super::thresholds::{MissingBaseline, Part, Percent};
use super::{MAX_POLICY_BYTES, Policy};
use crate::error::Error;
use clap::ValueEnum;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const KEYS: &[&str] = &[
    "min-total",
    "min-patch",
    "max-drop",
    "min-branches",
    "min-functions",
    "min-statements",
    "min-file",
    "min-new-file",
    "exclude",
    "partial-lines",
    "expect-reports",
    "missing-baseline",
    "ratchet",
    "ratchet-by",
    "component",
    "directories",
];
const COMPONENT_KEYS: &[&str] = &["name", "paths", "min", "min-patch"];
/// Edits between two keys that are taken for one misspelt.
const NEAR: usize = 3;
/// Reports that can be expected.
const MAX_REPORTS: usize = 1_000_000;

/// A complaint at a place of the text.
type Refused = (Range<usize>, String);

pub fn parse(text: &str, name: &str) -> Result<Policy, Error> {
    if text.len() > MAX_POLICY_BYTES {
        return Err(Error::file(name, None, format!("a policy has at most {MAX_POLICY_BYTES} bytes")));
    }
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = |at: usize| {
        let before = bare.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        u32::try_from(before + 1).ok()
    };
    let table = DeTable::parse(bare).map_err(|err| {
        Error::file(name, err.span().and_then(|span| line(span.start)), err.message().replace('\n', ", "))
    })?;
    read(table.get_ref()).map_err(|(span, what)| Error::file(name, line(span.start), what))
}

fn read(table: &DeTable<'_>) -> Result<Policy, Refused> {
    let mut policy = Policy::default();
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "min-total" => policy.thresholds.min_total = Some(minimum(name, value)?),
            "min-patch" => policy.thresholds.min_patch = Some(minimum(name, value)?),
            "max-drop" => policy.thresholds.max_drop = Some(percent(name, value, Percent::parse)?),
            "min-branches" => policy.thresholds.min_branches = Some(minimum(name, value)?),
            "min-functions" => policy.thresholds.min_functions = Some(minimum(name, value)?),
            "min-statements" => policy.thresholds.min_statements = Some(minimum(name, value)?),
            "min-file" => policy.thresholds.min_file = Some(minimum(name, value)?),
            "min-new-file" => policy.thresholds.min_new_file = Some(minimum(name, value)?),
            "exclude" => policy.thresholds.exclude = list_of_globs(name, value)?,
            "partial-lines" => policy.partial_lines = Some(choice(name, value)?),
            "missing-baseline" => policy.missing_baseline = Some(choice::<MissingBaseline>(name, value)?),
            "expect-reports" => policy.expect_reports = Some(count(name, value)?),
            "ratchet" => policy.ratchet = Some(path(name, value)?),
            "ratchet-by" => policy.ratchet_by = Some(choice(name, value)?),
            "component" => policy.thresholds.components = components(value)?,
            "directories" => policy.thresholds.directories = directories(value)?,
            _ => return Err((key.span(), unknown(name, KEYS))),
        }
    }
    if policy.ratchet_by.is_some() && policy.ratchet.is_none() {
        let at = table.iter().find(|(key, _)| key.get_ref() == "ratchet-by").map_or(0..0, |(key, _)| key.span());
        return Err((at, "`ratchet-by` needs `ratchet`, the file's path".to_owned()));
    }
    policy.thresholds.ratchet = policy.ratchet.is_some();
    Ok(policy)
}

fn unknown(name: &str, keys: &[&str]) -> String {
    let short: String = name.chars().take(60).flat_map(char::escape_debug).collect();
    // Underlines for hyphens are one slip of the hand, however many there are.
    let alike = name.replace('_', "-").to_ascii_lowercase();
    let nearest = keys.iter().map(|key| (strsim::damerau_levenshtein(key, &alike), *key)).min();
    match nearest {
        Some((distance, key)) if distance <= NEAR && name.len() <= 60 => {
            format!("`{short}` is no key here; did you mean `{key}`?")
        }
        _ => format!("`{short}` is no key here; there are {}", keys.join(", ")),
    }
}

fn wrong(value: &Spanned<DeValue<'_>>, name: &str, wanted: &str) -> Refused {
    (value.span(), format!("`{name}` must be {wanted}, not {}", value.get_ref().type_str()))
}

fn minimum(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Percent, Refused> {
    percent(name, value, Percent::parse_minimum)
}

/// Numbers are taken as their text, for a float in binary is no longer what was written.
fn percent(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    parse: fn(&str) -> Result<Percent, String>,
) -> Result<Percent, Refused> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
        _ => return Err(wrong(value, name, "a percentage such as 80 or \"79.5%\"")),
    };
    parse(text.strip_prefix('+').unwrap_or(&text)).map_err(|why| (value.span(), format!("`{name}`: {why}")))
}

fn count(name: &str, value: &Spanned<DeValue<'_>>) -> Result<usize, Refused> {
    let wanted = "a number of reports, at least 1";
    let text = match value.get_ref() {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        DeValue::String(text) => text,
        _ => return Err(wrong(value, name, wanted)),
    };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<usize> = if digits { text.parse().ok() } else { None };
    number
        .filter(|number| (1..=MAX_REPORTS).contains(number))
        .ok_or_else(|| (value.span(), format!("`{name}` must be {wanted}")))
}

fn choice<T: ValueEnum>(name: &str, value: &Spanned<DeValue<'_>>) -> Result<T, Refused> {
    let text = string(name, value)?;
    T::from_str(text, false).map_err(|_| {
        let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        (value.span(), format!("`{name}` must be {}", names.join(" or ")))
    })
}

fn string<'v>(name: &str, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Refused> {
    value.get_ref().as_str().ok_or_else(|| wrong(value, name, "a string"))
}

/// A path of the repository.
fn path(name: &str, value: &Spanned<DeValue<'_>>) -> Result<String, Refused> {
    let path = string(name, value)?;
    let relative = path.strip_prefix("./").unwrap_or(path);
    let leaves = relative.starts_with('/') || relative.split(['/', '\\']).any(|part| part == "..");
    if relative.is_empty() || leaves || relative.contains(char::is_control) {
        return Err((value.span(), format!("`{name}` must be a path within the repository")));
    }
    Ok(relative.to_owned())
}

fn list_of_globs(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Refused> {
    let Some(list) = value.get_ref().as_array() else {
        return Err(wrong(value, name, "a list of globs"));
    };
    let mut found = Vec::new();
    for value in list.iter() {
        let glob = string(name, value)?;
        globs::check(glob).map_err(|why| (value.span(), format!("`{name}`: {why}")))?;
        found.push(glob.to_owned());
    }
    Ok(found)
}

fn directories(value: &Spanned<DeValue<'_>>) -> Result<Vec<Part>, Refused> {
    let Some(table) = value.get_ref().as_table() else {
        return Err(wrong(value, "directories", "a table: \"src/Billing\" = 90"));
    };
    let mut parts: Vec<(usize, Part)> = Vec::new();
    for (key, value) in table {
        let part = Part::directory(key.get_ref(), minimum(key.get_ref(), value)?);
        if part.globs.iter().any(|glob| globs::check(glob).is_err()) {
            return Err((key.span(), "this is no directory".to_owned()));
        }
        if parts.iter().any(|(_, other)| other.name == part.name) {
            return Err((key.span(), format!("`{}` is there twice", part.name)));
        }
        parts.push((key.span().start, part));
    }
    parts.sort_by_key(|(at, _)| *at);
    Ok(parts.into_iter().map(|(_, part)| part).collect())
}

fn components(value: &Spanned<DeValue<'_>>) -> Result<Vec<Part>, Refused> {
    let Some(list) = value.get_ref().as_array() else {
        return Err(wrong(value, "component", "a list of tables: [[component]]"));
    };
    let mut parts: Vec<Part> = Vec::new();
    for value in list.iter() {
        let part = component(value)?;
        if parts.iter().any(|other| other.name == part.name) {
            return Err((value.span(), format!("there are two components `{}`", part.name)));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn component(value: &Spanned<DeValue<'_>>) -> Result<Part, Refused> {
    let Some(table) = value.get_ref().as_table() else {
        return Err(wrong(value, "component", "a table"));
    };
    let mut part = Part { name: String::new(), globs: Vec::new(), min: None, min_patch: None };
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "name" => part.name = string(name, value)?.trim().to_owned(),
            "paths" => part.globs = list_of_globs(name, value)?,
            "min" => part.min = Some(minimum(name, value)?),
            "min-patch" => part.min_patch = Some(minimum(name, value)?),
            _ => return Err((key.span(), unknown(name, COMPONENT_KEYS))),
        }
    }
    let lacks = if part.name.is_empty() || part.name.contains(char::is_control) {
        "a `name`"
    } else if part.globs.is_empty() {
        "`paths`"
    } else if part.min.is_none() && part.min_patch.is_none() {
        "`min` or `min-patch`"
    } else {
        return Ok(part);
    };
    Err((value.span(), format!("a component needs {lacks}")))
}
