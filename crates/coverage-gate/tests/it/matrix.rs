//! No vacuous pass: every format, with every prefix that containers and CIs put before paths, in whole and shallow clones,
//! with and without a rename, and with reports that prove something, nothing, or something else. Exit 0 is right in one
//! case only: the changed lines are in the report, and covered.
//!
//! With `DIFF_COVER` set to the program of that name, the same matrix runs through it too, and the test prints both columns.

mod project;
mod writers;

use project::{Depth, Project};
use std::collections::BTreeMap;
use writers::{FORMATS, Prefix, Writer};

/// What the report says of the changed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Covered,
    Uncovered,
    /// It knows another file of the repository only.
    NothingOfTheFile,
    /// It knows no file at all.
    Nothing,
    /// Its files are another repository's.
    AnotherRepository,
}

impl Says {
    const ALL: [Says; 5] =
        [Says::Covered, Says::Uncovered, Says::NothingOfTheFile, Says::Nothing, Says::AnotherRepository];

    /// The only exit code that is right.
    fn exit(self, depth: Depth) -> i32 {
        match self {
            _ if depth == Depth::One => 4,
            Says::Covered => 0,
            Says::Uncovered => 1,
            Says::NothingOfTheFile | Says::Nothing | Says::AnotherRepository => 4,
        }
    }
}

/// What came out, for the table.
#[derive(Default)]
struct Column {
    right: usize,
    vacuous: Vec<String>,
    wrong: Vec<String>,
    not_read: usize,
}

impl Column {
    fn note(&mut self, name: &str, expected: i32, exit: Option<i32>) {
        match exit {
            None => self.not_read += 1,
            Some(0) if expected != 0 => self.vacuous.push(name.to_owned()),
            Some(exit) if (exit == 0) == (expected == 0) => self.right += 1,
            Some(exit) => self.wrong.push(format!("{name}: exit {exit} instead of {expected}")),
        }
    }
}

#[test]
fn nothing_passes_but_covered_lines() {
    let mut ours = Column::default();
    let mut theirs = Column::default();
    let mut by_code: BTreeMap<i32, usize> = BTreeMap::new();
    let mut inexact = Vec::new();
    for writer in FORMATS {
        for renamed in [false, true] {
            let project = Project::new(writer, renamed);
            for depth in Depth::ALL {
                let clone = project.clone_of(depth);
                for prefix in writer.prefixes() {
                    for says in Says::ALL {
                        let name = format!("{} {prefix:?} {depth:?} renamed={renamed} {says:?}", writer.name);
                        let report = project.report(writer, *prefix, says);
                        std::fs::write(clone.join(writer.file), report).unwrap();
                        let expected = says.exit(depth);
                        let ran = project::gate(&clone, writer.file);
                        *by_code.entry(ran.exit).or_default() += 1;
                        ours.note(&name, expected, Some(ran.exit));
                        if ran.exit != expected {
                            inexact.push(format!("{name}: exit {} instead of {expected}\n{}", ran.exit, ran.stderr));
                        }
                        theirs.note(&name, expected, project::diff_cover(&clone, writer));
                    }
                }
            }
        }
    }
    let cases = by_code.values().sum::<usize>();
    for (name, column) in [("coverage-gate", &ours), ("diff-cover", &theirs)] {
        println!(
            "{name}: {cases} cases, {} right, {} vacuous passes, {} wrong reds, {} not read",
            column.right,
            column.vacuous.len(),
            column.wrong.len(),
            column.not_read
        );
    }
    assert!(cases >= 200, "only {cases} cases");
    assert_eq!(ours.vacuous, Vec::<String>::new());
    assert!(inexact.is_empty(), "{} cases:\n{}", inexact.len(), inexact[..inexact.len().min(8)].join("\n"));
}

impl Writer {
    fn prefixes(&self) -> &'static [Prefix] {
        if self.own_paths { &[Prefix::Own] } else { &Prefix::ALL }
    }
}
