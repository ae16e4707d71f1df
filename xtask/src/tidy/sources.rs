//! Rules for the tools' sources: pure files stay pure, and siblings look alike.

use std::path::Path;

/// The files that every tool has; `tests/it/` is its one test binary.
const FILES: [&str; 8] = [
    "src/main.rs",
    "src/lib.rs",
    "src/args.rs",
    "src/observe.rs",
    "src/plan.rs",
    "src/report.rs",
    "src/error.rs",
    "tests/it/main.rs",
];

/// What else may stand in `src/`: read-only tools have no `apply.rs`, harmless ones no `check.rs`, and tools with several
/// commands wire them in `commands.rs`.
const OPTIONAL: [&str; 3] = ["apply", "check", "commands"];

/// Lines of a tool's `main.rs`: it hands the tool to kit-host and does nothing else.
const MAIN_LIMIT_LINES: usize = 15;

/// Names of files and folders that take plain data and give plain data.
const PURE: [&str; 3] = ["plan", "check", "report"];

/// What makes clippy warn of effects in a file and in all modules below it.
const GUARD: &str = "#![warn(clippy::disallowed_methods)]";

/// What would take the warning away again.
const UNGUARDED: &str = "(clippy::disallowed_methods";

/// The modules that pure files know nothing of.
const EFFECTS: [&str; 4] = ["crate::observe", "crate::apply", "kit_git::observe", "kit_host"];

/// Whether a file of a crate is pure by its name. kit-report is pure as a whole and guarded in its lib.rs.
fn is_pure(path: &str) -> bool {
    let mut parts = path.split('/');
    let (Some("crates"), Some(name), Some("src"), Some(first)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    name != "kit-report" && !name.ends_with("-sim") && PURE.contains(&first.trim_end_matches(".rs"))
}

/// Problems of a pure file: no guard, or a use of the modules with effects.
pub fn purity(path: &str, text: &str) -> Vec<String> {
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    if !is_pure(path) || is_test {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut head =
        text.lines().take_while(|line| line.starts_with("//!") || line.starts_with("#![") || line.is_empty());
    // `crates/x/src/plan.rs` has four parts; what lies deeper inherits its lints.
    if path.split('/').count() == 4 && !head.any(|line| line == GUARD) {
        problems.push(format!("{path}: a pure file begins with {GUARD}"));
    }
    if let Some(at) = text.lines().position(|line| line.contains(UNGUARDED) && line != GUARD) {
        problems.push(format!("{path}:{}: a pure file has no exception from {GUARD}", at + 1));
    }
    // Tests at the end of the file may read what they like.
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    for (index, line) in code.lines().enumerate() {
        let statement = line.split("//").next().unwrap_or_default();
        if let Some(used) = EFFECTS.iter().find(|used| names(statement, used)) {
            problems.push(format!("{path}:{}: a pure file knows nothing of {used}", index + 1));
        }
    }
    problems
}

/// Whether `path` stands in a line as a path of its own, not as the beginning of a longer name.
fn names(line: &str, path: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + path.len()..].starts_with(is_word))
}

/// Problems of a tool's folder: a file that its siblings have and it lacks, one that they know nothing of, a `main.rs`
/// that does more than hand over.
pub fn shape(name: &str, dir: &Path) -> Vec<String> {
    let mut problems: Vec<String> = FILES
        .iter()
        .filter(|file| !dir.join(file).is_file())
        .map(|file| format!("{name}: {file} is missing"))
        .collect();
    let main = std::fs::read_to_string(dir.join("src/main.rs")).unwrap_or_default();
    if main.lines().count() > MAIN_LIMIT_LINES {
        problems.push(format!("{name}: src/main.rs is longer than {MAIN_LIMIT_LINES} lines"));
    }
    let known = |stem: &str| FILES.contains(&format!("src/{stem}.rs").as_str()) || OPTIONAL.contains(&stem);
    let mut entries: Vec<String> = std::fs::read_dir(dir.join("src"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|entry| !known(entry.trim_end_matches(".rs")))
        .collect();
    entries.sort();
    problems.extend(entries.iter().map(|entry| format!("{name}: src/{entry} is a file that no other tool has")));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Result;

    #[test]
    fn pure_files_are_guarded() {
        let guarded = format!("//! Decides.\n{GUARD}\n\nuse crate::args::X;\n");
        assert!(purity("crates/x/src/plan.rs", &guarded).is_empty());
        assert_eq!(purity("crates/x/src/plan.rs", "//! Decides.\nuse crate::args::X;\n").len(), 1);
        assert!(purity("crates/x/src/plan/a.rs", "//! Decides.\nuse crate::args::X;\n").is_empty());
        let excepted = "fn x() {\n    #[expect(clippy::disallowed_methods)]\n    y();\n}\n";
        assert!(purity("crates/x/src/plan/a.rs", excepted)[0].starts_with("crates/x/src/plan/a.rs:2:"));
        assert!(purity("crates/x/src/observe.rs", "").is_empty());
        assert!(purity("crates/x/src/plan/tests.rs", "").is_empty());
        assert!(purity("crates/kit-report/src/report.rs", "").is_empty());
        assert!(purity("xtask/src/report.rs", "").is_empty());
    }

    #[test]
    fn pure_files_use_no_effects() {
        for used in [
            "use crate::observe::x;",
            "use kit_git::observe::x;",
            "use kit_host::Failure;",
            "let x = crate::apply::y();",
        ] {
            let text = format!("{GUARD}\n{used}\n");
            assert_eq!(purity("crates/x/src/report.rs", &text).len(), 1, "{used}");
            assert!(purity("crates/x/src/args.rs", &text).is_empty());
        }
        for harmless in [
            "use crate::observed::x;",
            "use kit_git::plan::diff::Diff;",
            "// kit_host",
            "/// See kit_hosts.",
            "#[cfg(test)]\nuse crate::observe;",
        ] {
            assert!(purity("crates/x/src/plan.rs", &format!("{GUARD}\n{harmless}\n")).is_empty(), "{harmless}");
        }
    }

    #[test]
    fn siblings_look_alike() -> Result<()> {
        let dir = tempfile::tempdir()?;
        for file in FILES {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap())?;
            std::fs::write(path, "")?;
        }
        assert_eq!(shape("x", dir.path()), Vec::<String>::new());
        std::fs::write(dir.path().join("src/apply.rs"), "")?;
        std::fs::create_dir(dir.path().join("src/plan"))?;
        assert_eq!(shape("x", dir.path()), Vec::<String>::new());
        std::fs::write(dir.path().join("src/misc.rs"), "")?;
        std::fs::write(dir.path().join("src/main.rs"), "\n".repeat(16))?;
        std::fs::remove_file(dir.path().join("src/error.rs"))?;
        assert_eq!(shape("x", dir.path()).len(), 3);
        Ok(())
    }
}
