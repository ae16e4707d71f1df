//! Exact shares to compare with, and the gates that a user can ask for. PURE.
#![warn(clippy::disallowed_methods)]

/// Digits after the point that a percentage may have.
pub const MAX_DECIMALS: u32 = 9;

/// A percentage, exactly as written: `80`, `80%`, `79.996 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent {
    /// The number without its point.
    pub digits: u64,
    /// Digits after the point.
    pub decimals: u32,
}

/// What a missing baseline means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum MissingBaseline {
    /// The gate is unproven
    #[default]
    Unproven,
    /// The gate is left out with a notice; the others decide
    Skip,
}

/// A part of the repository with a minimum of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// A component's name, or the directory.
    pub name: String,
    /// Globs of its files, from the repository's root; a directory has `DIR/**`.
    pub globs: Vec<String>,
    /// Minimum of its lines.
    pub min: Option<Percent>,
    /// Minimum of its changed lines.
    pub min_patch: Option<Percent>,
}

impl Part {
    /// A directory with a minimum: all below it. `.` is the whole repository.
    pub fn directory(path: &str, min: Percent) -> Part {
        let path = path.trim_start_matches("./").trim_matches('/');
        if path.is_empty() || path == "." {
            return Part { name: ".".to_owned(), globs: vec!["**".to_owned()], min: Some(min), min_patch: None };
        }
        let mut glob = String::new();
        for character in path.chars() {
            // Names of folders may hold what means something in a glob.
            if "*?[]{}!\\".contains(character) {
                glob.push('\\');
            }
            glob.push(character);
        }
        Part { name: path.to_owned(), globs: vec![format!("{glob}/**")], min: Some(min), min_patch: None }
    }
}

/// What is asked for. `None` everywhere: report only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Lines of everything (statements, where Go reports alone count).
    pub min_total: Option<Percent>,
    /// Changed lines.
    pub min_patch: Option<Percent>,
    /// Points that the total may lose against the baseline.
    pub max_drop: Option<Percent>,
    /// Branch arms, by their lower bound.
    pub min_branches: Option<Percent>,
    /// Functions.
    pub min_functions: Option<Percent>,
    /// Statements.
    pub min_statements: Option<Percent>,
    /// Lines of each file.
    pub min_file: Option<Percent>,
    /// Lines of each file that the change adds.
    pub min_new_file: Option<Percent>,
    /// Directories, each judged as a whole.
    pub directories: Vec<Part>,
    /// Components, each judged as a whole.
    pub components: Vec<Part>,
    /// Whether there is a ratchet to hold.
    pub ratchet: bool,
    /// Files that need no coverage: left out of the totals, and of the patch.
    pub exclude: Vec<String>,
    /// Whether these come from a policy that the base branch does not have yet: gates report, and don't decide.
    pub report_only: bool,
}
