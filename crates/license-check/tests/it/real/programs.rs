//! The package managers, and where what they fetch is kept between runs.

use std::path::{Path, PathBuf};

/// `$ROADCREW_TOOLS`, `$ROADCREW_TOOLS_DIR`, or `tools` in cargo's target folder.
fn tools_dir() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let target = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    set("ROADCREW_TOOLS")
        .or_else(|| set("ROADCREW_TOOLS_DIR"))
        .unwrap_or_else(|| set("CARGO_TARGET_DIR").unwrap_or_else(target).join("tools"))
}

/// A folder for what a package manager downloads, kept between runs.
pub fn cache(name: &str) -> String {
    let folder = tools_dir().join("license-check").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap().display().to_string()
}

/// A program of the system's.
pub fn system(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let file = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())?;
    Some(file.display().to_string())
}

/// Says that something is not there. In CI that is a failure: what nobody runs proves nothing.
#[allow(clippy::print_stdout, reason = "whoever reads the test's output is told")]
pub fn skip(what: &str, how: &str) {
    println!("SKIP real::{what}: not here; {how}");
    assert!(std::env::var("CI").is_err(), "real::{what}: not here, and nothing is skipped in CI; {how}");
}
