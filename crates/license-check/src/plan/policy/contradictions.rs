//! Entries that take each other back.

use super::super::expression::evaluate::Standing;
use super::super::expression::family::family_of;
use super::entries::{self, Entry};
use super::lists::{Lists, asks_for_leave, stand, stand_expression};
use super::{Exception, Policy};
use crate::plan::package::Scope;
use std::collections::BTreeMap;

/// A complaint at a 1-based line.
pub type Refused = (u32, String);

/// What is allowed and denied by one table.
pub fn of_lists(lists: &Lists) -> Result<(), Refused> {
    let (Some(allow), Some(deny)) = (&lists.allow, &lists.deny) else { return Ok(()) };
    for (text, line) in &allow.written {
        let denied = match entries::entry(text) {
            Ok(Entry::Family(family)) => deny.families.get(&family).copied(),
            // With an exception it is another licence, which may be allowed where the bare one isn't.
            Ok(Entry::License(leaf)) => deny.licenses.get(&leaf).copied().or_else(|| {
                let family = family_of(&leaf.id).filter(|_| leaf.exception.is_none())?;
                deny.families.get(&family).copied()
            }),
            Ok(Entry::Expression(key)) => deny.expressions.get(&key).copied().or_else(|| {
                // Without the expression itself, by its licences.
                let alone = Lists { allow: None, ..lists.clone() };
                let stand = stand_expression(&[&alone], text).stand;
                stand.line.filter(|_| stand.standing == Standing::Denied)
            }),
            Err(_) => None,
        };
        if let Some(other) = denied {
            return Err((
                *line,
                format!("`{text}` is allowed here and denied in line {other}, which wins: take one out"),
            ));
        }
    }
    Ok(())
}

/// Sections that allow what nothing above them forbids: whoever wrote them meant a list of all that is allowed.
pub fn of_sections(policy: &Policy) -> Result<(), Refused> {
    let sections = policy.workspaces.iter().flat_map(|workspace| {
        let path = workspace.path.as_str();
        [
            (workspace.development.as_ref(), path, Scope::Development),
            (workspace.lists.as_ref(), path, Scope::Production),
        ]
    });
    for (section, path, scope) in sections.chain([(policy.development.as_ref(), "", Scope::Development)]) {
        let Some(section) = section.filter(|section| section.inherit) else { continue };
        let layers = policy.layers(scope, path);
        let Some(at) = layers.iter().position(|layer| std::ptr::eq(*layer, section)) else { continue };
        let above = &layers[at + 1..];
        let Some(allow) = section.allow.as_ref().filter(|_| !asks_for_leave(above)) else { continue };
        for (text, line) in &allow.written {
            if !lifts(above, text) {
                return Err((
                    *line,
                    format!(
                        "nothing above denies `{text}`: without an `allow` list there, all passes that isn't denied. Write `inherit = false` in this section if only its own list is to pass"
                    ),
                ));
            }
        }
    }
    Ok(())
}

fn lifts(above: &[&Lists], text: &str) -> bool {
    match entries::entry(text) {
        Ok(Entry::Family(family)) => above.iter().filter_map(|layer| layer.deny.as_ref()).any(|deny| {
            deny.families.contains_key(&family) || deny.licenses.keys().any(|leaf| family_of(&leaf.id) == Some(family))
        }),
        Ok(Entry::License(leaf)) => stand(above, &leaf).standing != Standing::Allowed,
        Ok(Entry::Expression(_)) => stand_expression(above, text).stand.standing != Standing::Allowed,
        Err(_) => true,
    }
}

/// Exceptions of one licence that meet in a package and version; clarifications of one text that differ.
pub fn of_entries(policy: &Policy) -> Result<(), Refused> {
    let mut by_license: BTreeMap<&str, Vec<&Exception>> = BTreeMap::new();
    for exception in &policy.exceptions {
        let others = by_license.entry(&exception.license).or_default();
        let same = |other: &&&Exception| {
            exception.file == other.file && exception.meets(other) && exception.target.overlaps(&other.target)
        };
        if let Some(other) = others.iter().find(same) {
            return Err((
                exception.line,
                format!(
                    "`{}` has another exception for {} in line {}, and the versions meet: keep one",
                    exception.target.package, exception.license_text, other.line
                ),
            ));
        }
        others.push(exception);
    }
    let mut by_file: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, clarification) in policy.clarifications.iter().enumerate() {
        let others = by_file.entry((&clarification.file.name, &clarification.file.sha256)).or_default();
        let meets = |other: &&usize| policy.clarifications[**other].target.overlaps(&clarification.target);
        if let Some(other) = others.iter().find(meets) {
            let line = policy.clarifications[*other].line;
            return Err((
                clarification.line,
                format!(
                    "`{}` is clarified for the same bytes in line {line}, and the versions meet: keep one",
                    clarification.target.package
                ),
            ));
        }
        others.push(at);
    }
    Ok(())
}
