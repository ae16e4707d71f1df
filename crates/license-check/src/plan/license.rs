//! What is known of a package's licence. PURE.
#![warn(clippy::disallowed_methods)]

/// How well a licence is known. The names are those of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The package says it.
    Declared,
    /// Its text was recognised.
    Detected,
    /// A family is known, and not which of its licences.
    Ambiguous,
    /// Nothing was found.
    None,
    /// Terms of their own.
    Custom,
}

impl State {
    /// The name, as in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Declared => "declared",
            State::Detected => "detected",
            State::Ambiguous => "ambiguous",
            State::None => "none",
            State::Custom => "custom",
        }
    }
}
