//! The keys that a policy has, table by table: the parser and the schema have the same.

/// Of the file.
pub const FILE: &[&str] = &[
    "allow",
    "deny",
    "ambiguous",
    "unknown",
    "mismatch",
    "expiring-within",
    "private",
    "development",
    "workspace",
    "exception",
    "clarify",
];
/// Of `[development]`, also within a workspace.
pub const DEVELOPMENT: &[&str] = &["allow", "deny", "inherit"];
/// Of `[[workspace]]`.
pub const WORKSPACE: &[&str] = &["path", "allow", "deny", "inherit", "development"];
/// Of `[[exception]]`.
pub const EXCEPTION: &[&str] =
    &["package", "versions", "workspace", "license", "file", "sha256", "reason", "owner", "expires"];
/// Of `[[clarify]]`.
pub const CLARIFY: &[&str] = &["package", "versions", "license", "file", "sha256", "reason", "owner"];
