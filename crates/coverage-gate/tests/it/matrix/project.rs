//! The repository under test: one commit, then a change of two lines.

use super::Says;
use super::writers::{Entry, Prefix, Writer};
use crate::git::{START_S, git_bytes};
use kit_test::cli::{Cli, Ran};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// How much of the history the clone has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Whole,
    Two,
    One,
}

impl Depth {
    pub(super) const ALL: [Depth; 3] = [Depth::Whole, Depth::Two, Depth::One];
}

/// Lines of the file before the change, which adds two.
const LINES: u32 = 10;

/// The repository, and folders for its clones.
pub(super) struct Project {
    folder: TempDir,
    changed: String,
    other: String,
}

impl Project {
    /// `renamed`: the change moves the file too.
    pub(super) fn new(writer: &Writer, renamed: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let origin = folder.path().join("origin");
        let (extension, sources) = (writer.extension, writer.folder);
        let before = format!("{sources}/order.{extension}");
        let changed = if renamed { format!("{sources}/cart/order.{extension}") } else { before.clone() };
        let other = format!("{sources}/price.{extension}");
        let text = |lines: u32| (1..=lines).map(|line| format!("call_{line}(of_the_order);\n")).collect::<String>();
        write(&origin.join(&before), &text(LINES));
        write(&origin.join(&other), &text(LINES).replace("order", "price"));
        write(&origin.join("go.mod"), "module example.org/shop\n");
        git(&origin, &["init", "--quiet", "--initial-branch=main"]);
        commit(&origin);
        if renamed {
            std::fs::remove_file(origin.join(&before)).unwrap();
        }
        write(&origin.join(&changed), &text(LINES + 2));
        commit(&origin);
        Project { folder, changed, other }
    }

    pub(super) fn clone_of(&self, depth: Depth) -> PathBuf {
        let clone = self.folder.path().join(format!("{depth:?}"));
        let url = format!("file://{}", self.folder.path().join("origin").display());
        let depth = match depth {
            Depth::Whole => None,
            Depth::Two => Some("--depth=2"),
            Depth::One => Some("--depth=1"),
        };
        let mut arguments = vec!["clone", "--quiet"];
        arguments.extend(depth);
        let target = clone.display().to_string();
        arguments.extend([url.as_str(), target.as_str()]);
        git(self.folder.path(), &arguments);
        clone
    }

    pub(super) fn report(&self, writer: &Writer, prefix: Prefix, says: Says) -> String {
        let entry = |path: &str, lines: u32, covered: u32| -> Entry {
            (path.to_owned(), (1..=lines).map(|line| (line, line <= covered)).collect())
        };
        let other = entry(&self.other, LINES, LINES);
        let entries = match says {
            Says::Covered => vec![entry(&self.changed, LINES + 2, LINES + 2), other],
            Says::Uncovered => vec![entry(&self.changed, LINES + 2, LINES), other],
            Says::NothingOfTheFile => vec![other],
            Says::Nothing => Vec::new(),
            Says::AnotherRepository => {
                vec![entry(&format!("{}/elsewhere/stock.{}", writer.folder, writer.extension), 9, 9)]
            }
        };
        writer.report(prefix, &entries)
    }
}

/// Our verdict.
pub(super) fn gate(clone: &Path, report: &str) -> Ran {
    let arguments = ["--reports", report, "--base", "HEAD^1", "--min-patch", "80", "--json", "out.json"];
    Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), clone).args(arguments).run()
}

/// The peer's verdict, when it is there and reads the format.
pub(super) fn diff_cover(clone: &Path, writer: &Writer) -> Option<i32> {
    let program = std::env::var_os("DIFF_COVER").filter(|_| writer.peer_reads)?;
    let arguments = [writer.file, "--compare-branch=HEAD^1", "--diff-range-notation=..", "--fail-under=80"];
    let output = Command::new(program).args(arguments).current_dir(clone).output().unwrap();
    Some(output.status.code().unwrap_or(-1))
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message=change"]);
}

fn git(folder: &Path, arguments: &[&str]) {
    git_bytes(folder, arguments, START_S);
}
