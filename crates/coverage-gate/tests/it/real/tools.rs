//! Where the tools are: fetched by `cargo xtask test` into the tools folder, or installed by the system.

use std::path::{Path, PathBuf};

/// A tool, ready to be started.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The program and its first arguments.
    pub words: Vec<String>,
    /// Variables that it needs.
    pub env: Vec<(String, String)>,
}

impl Program {
    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }
}

/// `$ROADCREW_TOOLS`, `$ROADCREW_TOOLS_DIR`, or `tools` in cargo's target folder.
fn tools_dir() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let target = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    set("ROADCREW_TOOLS")
        .or_else(|| set("ROADCREW_TOOLS_DIR"))
        .unwrap_or_else(|| set("CARGO_TARGET_DIR").unwrap_or_else(target).join("tools"))
}

/// The newest finished folder `coverage-…` of a registry's groups.
fn group(registry: &str, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(tools_dir().join(registry)).ok()?;
    let found = entries.filter_map(Result::ok).filter(|entry| {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        file_name.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')) && !file_name.contains(".staging-")
    });
    found.max_by_key(|entry| entry.metadata().and_then(|metadata| metadata.modified()).ok()).map(|entry| entry.path())
}

fn on_path(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
        .map(|file| file.display().to_string())
}

/// A program of the system's.
pub fn system(name: &str) -> Option<Program> {
    Some(Program { words: vec![on_path(name)?], env: Vec::new() })
}

/// `python3 -m MODULE` of the fetched packages.
pub fn python(module: &str) -> Option<Program> {
    let dir = group("pip", "coverage").filter(|dir| dir.join(module).is_dir())?;
    let words = vec![on_path("python3")?, "-m".to_owned(), module.to_owned()];
    let program = Program { words, env: Vec::new() }.env("PYTHONPATH", dir.display().to_string());
    Some(program.env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// `node SCRIPT` of the fetched packages.
pub fn node(script: &str) -> Option<Program> {
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let pinned = group("npm", "node").map(|dir| dir.join(format!("node_modules/node-linux-{arch}/bin/node")));
    let pinned = pinned.filter(|file| file.is_file()).map(|file| file.display().to_string());
    let script = group("npm", "coverage")?.join("node_modules").join(script);
    let words = vec![pinned.or_else(|| on_path("node"))?, script.display().to_string()];
    script.is_file().then_some(Program { words, env: Vec::new() })
}

/// Says that a tool is not there. In CI that is a failure: what nobody runs proves nothing.
#[allow(clippy::print_stdout, reason = "whoever reads the test's output is told")]
pub fn skip(tool: &str, how: &str) {
    println!("SKIP real::{tool}: not installed; {how}");
    assert!(std::env::var("CI").is_err(), "real::{tool}: not installed, and nothing is skipped in CI; {how}");
}
