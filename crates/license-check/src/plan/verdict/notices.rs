//! What a policy's owner should know that is no package's matter.

use super::super::policy::Policy;
use super::super::policy::date::Date;
use super::{PackageVerdict, Subject};
use std::collections::BTreeSet;

/// A remark on an entry of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable: `exception-expiring`, `exception-unused`, `exception-needless`, `clarification-unused`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The entry's line in the policy, 1-based.
    pub line: u32,
}

/// Remarks, in the order of the policy. `judged` is every package of the project: of a pull request's new packages alone
/// nothing can be said but what [`expiring`] says.
pub fn notices(policy: &Policy, judged: &[(Subject<'_>, PackageVerdict)], today: Date) -> Vec<Notice> {
    let mut matched = BTreeSet::new();
    let mut clarified = BTreeSet::new();
    for (subject, _) in judged {
        let reaching = policy.exceptions_for(subject.package).into_iter();
        matched.extend(reaching.filter(|index| policy.exceptions[*index].reaches(subject.package)));
        clarified.extend(policy.clarifications_for(subject.package));
    }
    let used: BTreeSet<usize> = judged.iter().filter_map(|(_, verdict)| verdict.exception).collect();
    let reopened: BTreeSet<u32> = judged
        .iter()
        .flat_map(|(_, verdict)| &verdict.because)
        .filter(|reason| reason.code == "exception-reopened")
        .filter_map(|reason| reason.line)
        .collect();
    let mut found = expiring(policy, judged.iter().map(|(_, verdict)| verdict), today);
    for (index, exception) in policy.exceptions.iter().enumerate() {
        let place = exception.workspace.as_ref().map_or_else(String::new, |folder| format!(" in {folder}"));
        let name = format!("{} {}{place}", exception.target.package, exception.target.versions.as_str());
        let line = exception.line;
        if !matched.contains(&index) {
            let message = format!("no package is {name}: the exception can go");
            found.push(Notice { code: "exception-unused", message, line });
        } else if !used.contains(&index) && !reopened.contains(&line) {
            let message = format!("{name} needs no exception for {} now: it can go", exception.license_text);
            found.push(Notice { code: "exception-needless", message, line });
        }
    }
    for (index, clarification) in policy.clarifications.iter().enumerate() {
        if !clarified.contains(&index) {
            let name = format!("{} {}", clarification.target.package, clarification.target.versions.as_str());
            let message = format!("no package is {name}: the clarification can go");
            found.push(Notice { code: "clarification-unused", message, line: clarification.line });
        }
    }
    found.sort_by_key(|notice| notice.line);
    found
}

/// Exceptions by which a package passes, and soon no longer.
pub fn expiring<'v>(policy: &Policy, judged: impl Iterator<Item = &'v PackageVerdict>, today: Date) -> Vec<Notice> {
    let used: BTreeSet<usize> = judged.filter_map(|verdict| verdict.exception).collect();
    let mut found = Vec::new();
    for index in used {
        let exception = &policy.exceptions[index];
        let left = today.days_until(exception.expires);
        if (0..=i64::from(policy.expiring_within_days)).contains(&left) {
            let when = match left {
                0 => "today is its last day".to_owned(),
                1 => "its last day is tomorrow".to_owned(),
                days => format!("its last day is {}, in {days} days", exception.expires),
            };
            let message = format!(
                "the exception of {} for {} is about to lapse: {when}; {} answers for it",
                exception.target.package, exception.license_text, exception.owner
            );
            found.push(Notice { code: "exception-expiring", message, line: exception.line });
        }
    }
    found.sort_by_key(|notice| notice.line);
    found
}
