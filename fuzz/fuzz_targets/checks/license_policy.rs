//! What must hold for the reader of policies, whatever the bytes, and for what policies decide; used by its fuzz target and by
//! the replay of the corpus.

use std::collections::BTreeMap;

use license_check::error::Error;
use license_check::plan::license::State;
use license_check::plan::package::{Ecosystem, Package, Place, Scope};
use license_check::plan::policy::Policy;
use license_check::plan::policy::date::Date;
use license_check::plan::verdict::{Subject, Verdict, judge};

const PATH: &str = "license-policy.toml";
const LICENSES: [&str; 10] = [
    "MIT",
    "Zlib",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "Apache-2.0 WITH LLVM-exception",
    "MIT OR GPL-3.0-only",
    "Zlib AND (MPL-2.0 OR AGPL-3.0-only)",
    "BUSL-1.1",
    "LicenseRef-url",
    "LicenseRef-proprietary",
];
/// What is allowed besides, one after the other.
const MORE: [&str; 5] = ["Zlib", "GPL-3.0-only", "family:permissive", "MPL-2.0", "LicenseRef-url"];

/// Reading never panics, an error is one line at a line of the policy, and what was let pass is still let pass when the
/// policy's first list allows more. Gives the policy when it can be read.
pub fn check(data: &[u8]) -> Option<Policy> {
    let text = std::str::from_utf8(data).ok()?;
    let lines = text.split('\n').count();
    let policy = match Policy::parse(text, PATH) {
        Ok(policy) => policy,
        Err(Error::File { path, line, what }) => {
            assert_eq!(path, PATH);
            assert!(!what.is_empty() && !what.contains('\n'), "one line says what is wrong: {what:?}");
            assert!(line.is_none_or(|line| line >= 1 && line as usize <= lines), "{line:?} of {lines}: {what}");
            return None;
        }
        Err(other) => panic!("the file alone is to blame: {other:?}"),
    };
    let before = verdicts(&policy);
    for entry in MORE {
        let Some(wider) = wider(text, &policy, entry) else { continue };
        for ((before, after), what) in before.iter().zip(verdicts(&wider)).zip(subjects()) {
            assert!(
                bar(after) <= bar(*before),
                "with {entry} allowed besides, {what:?} is {after:?} and was {before:?}"
            );
        }
    }
    Some(policy)
}

/// The policy with one entry more in the list of its top; `None` where it has none there, or refuses the entry.
fn wider(text: &str, policy: &Policy, entry: &str) -> Option<Policy> {
    let at = text.find("allow = [")? + "allow = [".len();
    let text = format!("{}\"{entry}\", {}", &text[..at], &text[at..]);
    let wider = Policy::parse(&text, PATH).ok()?;
    // What looked like the list may have been a word in a sentence, or a section's list.
    let (old, new) = (policy.lists.allow.as_ref()?, wider.lists.allow.as_ref()?);
    (new.written.len() == old.written.len() + 1 && policy.exceptions == wider.exceptions).then_some(wider)
}

/// Warnings let it pass.
fn bar(verdict: Verdict) -> Verdict {
    if verdict <= Verdict::Warn { Verdict::Pass } else { verdict }
}

/// Licences and states in both scopes.
fn subjects() -> Vec<(Scope, &'static str, State)> {
    let known = LICENSES.iter().map(|license| (*license, State::Declared));
    let kinds: Vec<_> = known.chain([("", State::None), ("AMBIGUOUS:BSD", State::Ambiguous)]).collect();
    let of = |scope| kinds.iter().map(move |(license, state)| (scope, *license, *state));
    of(Scope::Production).chain(of(Scope::Development)).collect()
}

fn verdicts(policy: &Policy) -> Vec<Verdict> {
    let (files, today) = (BTreeMap::new(), Date::parse("2026-11-23"));
    let Some(today) = today else { panic!("a date") };
    let judged = subjects().into_iter().map(|(scope, license, state)| {
        let place = Place::new("apps/admin/package-lock.json", Some(1));
        let package = Package { scope, ..Package::new(Ecosystem::Npm, "highcharts", "12.1.2", place) };
        let license = (state == State::Declared).then_some(license);
        let label = if state == State::Ambiguous { "AMBIGUOUS:BSD" } else { "" };
        let subject = Subject {
            package: &package,
            license,
            state,
            label,
            text_license: None,
            missing: None,
            file_digests: &files,
            today,
        };
        judge(policy, &subject).verdict
    });
    judged.collect()
}
