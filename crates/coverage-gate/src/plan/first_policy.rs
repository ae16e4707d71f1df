//! The policy that a project starts with: today's state, and no worse. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::Share;
use super::judgement::Judgement;
use super::measured::Unit;
use super::scope;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Minimum of the changed lines that is proposed: what most teams ask for.
const PATCH_PERCENT: u64 = 80;

/// What is written into the policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstPolicy {
    /// Today's total, in hundredths of a percent, rounded down.
    pub total: u64,
    /// What the total counts.
    pub unit: &'static str,
    /// Globs of source files that no report knows today.
    pub exclude: Vec<String>,
    /// The ratchet's path.
    pub ratchet: String,
}

impl FirstPolicy {
    /// From today's coverage and the files that git tracks.
    pub fn new(judgement: &Judgement, tracked: &[String], ratchet: &str) -> FirstPolicy {
        let unit = Unit::of_reports(&judgement.reports);
        let share = unit.share(&judgement.totals);
        let measured: BTreeSet<&str> = judgement.files.iter().map(|file| file.path.as_str()).collect();
        FirstPolicy {
            total: hundredths(share),
            unit: unit.name(),
            exclude: unmeasured(tracked, &measured),
            ratchet: ratchet.to_owned(),
        }
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "# Written by `coverage-gate init`; now yours. It counts as the base branch has it, so that a change can't loosen\n\
             # what it is judged by.\n\n\
             # Of all {}: today's share, rounded down.\n\
             min-total = \"{}.{:02}%\"\n\
             # Of the lines that a change adds or alters.\n\
             min-patch = {PATCH_PERCENT}\n\
             # No file may lose what it has: see the ratchet's own first line.\n\
             ratchet = {}\n",
            self.unit,
            self.total / 100,
            self.total % 100,
            quoted(&self.ratchet),
        );
        if !self.exclude.is_empty() {
            text.push_str("\n# Source files that no report knows today. A change of one of them would be unproven; better measure them,\n# and take the line out.\nexclude = [\n");
            for glob in &self.exclude {
                let _ = writeln!(text, "  {},", quoted(glob));
            }
            text.push_str("]\n");
        }
        text
    }
}

fn hundredths(share: Share) -> u64 {
    let parts = u128::from(share.covered) * 10_000 / u128::from(share.coverable.max(1));
    u64::try_from(parts).unwrap_or(0)
}

/// A TOML basic string (toml.io, "String").
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Folders without any measured file as `FOLDER/**`, and single files of the others.
fn unmeasured(tracked: &[String], measured: &BTreeSet<&str>) -> Vec<String> {
    let is_source = |path: &&String| scope::language(path).is_some() && !scope::is_exempt(path);
    let missing: Vec<&String> =
        tracked.iter().filter(is_source).filter(|path| !measured.contains(path.as_str())).collect();
    let mut with_measured: BTreeMap<&str, ()> = BTreeMap::new();
    for path in measured {
        folders(path).for_each(|folder| {
            with_measured.insert(folder, ());
        });
    }
    let mut globs = BTreeSet::new();
    for path in missing {
        let highest = folders(path).find(|folder| !with_measured.contains_key(folder));
        globs.insert(match highest {
            Some(folder) => format!("{}/**", escaped(folder)),
            None => escaped(path),
        });
    }
    globs.into_iter().collect()
}

/// The folders of a path, the highest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// A path as a glob that matches it alone.
fn escaped(path: &str) -> String {
    path.chars().fold(String::new(), |mut out, c| {
        if "*?[]{}!\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_without_a_measured_file_go_as_a_whole() {
        let tracked = ["README.md", "src/A.php", "src/B.php", "tools/x/C.php", "tools/D.php", "tests/ATest.php"]
            .map(str::to_owned);
        assert_eq!(unmeasured(&tracked, &BTreeSet::from(["src/A.php"])), ["src/B.php", "tools/**"]);
    }

    #[test]
    fn today_s_share_is_rounded_down_and_read_back() {
        let policy = FirstPolicy {
            total: hundredths(Share { covered: 4003, coverable: 5004 }),
            unit: "lines",
            exclude: vec!["a \"b\\*/**".to_owned()],
            ratchet: "coverage-ratchet.txt".to_owned(),
        };
        let text = policy.to_text();
        assert!(text.contains("min-total = \"79.99%\""), "{text}");
        let read = crate::plan::policy::Policy::parse(&text, "coverage-gate.toml").unwrap();
        assert_eq!((read.thresholds.exclude, read.ratchet.as_deref()), (policy.exclude, Some("coverage-ratchet.txt")));
    }
}
