//! Where the runners are: fetched by `cargo xtask test` into the tools folder, or installed by the system.

use std::path::{Path, PathBuf};

/// A runner, ready to be started.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program and its first arguments.
    pub words: Vec<String>,
    /// Variables that it needs.
    pub env: Vec<(String, String)>,
}

/// `$ROADCREW_TOOLS`, `$ROADCREW_TOOLS_DIR`, or `tools` in cargo's target folder.
fn tools_dir() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let target = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    set("ROADCREW_TOOLS")
        .or_else(|| set("ROADCREW_TOOLS_DIR"))
        .unwrap_or_else(|| set("CARGO_TARGET_DIR").unwrap_or_else(target).join("tools"))
}

/// The newest finished folder `GROUP-…` of a registry's groups.
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

/// Node of the version that the pinned packages need, else the machine's.
pub fn node() -> Option<String> {
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let pinned = group("npm", "node").map(|dir| dir.join(format!("node_modules/node-linux-{arch}/bin/node")));
    pinned.filter(|file| file.is_file()).map(|file| file.display().to_string()).or_else(|| on_path("node"))
}

/// The folder with the JavaScript runners' packages, for a project to link to as its own `node_modules`.
pub fn node_modules() -> Option<PathBuf> {
    group("npm", "runners").map(|dir| dir.join("node_modules")).filter(|dir| dir.is_dir())
}

/// `node SCRIPT` of the JavaScript runners' packages.
pub fn script(path: &str) -> Option<Program> {
    let script = node_modules()?.join(path);
    let words = vec![node()?, script.display().to_string()];
    script.is_file().then_some(Program { words, env: vec![("CI".to_owned(), "1".to_owned())] })
}

/// `python3 -m pytest` of the fetched packages.
pub fn pytest() -> Option<Program> {
    let dir = group("pip", "pytest").filter(|dir| dir.join("pytest").is_dir())?;
    let words =
        [on_path("python3")?, "-m".to_owned(), "pytest".to_owned(), "-p".to_owned(), "no:cacheprovider".to_owned()];
    let env = [("PYTHONPATH", dir.display().to_string()), ("PYTHONDONTWRITEBYTECODE", "1".to_owned())];
    Some(Program { words: words.into(), env: env.map(|(name, value)| (name.to_owned(), value)).into() })
}

/// A program of the system's.
pub fn system(name: &str, args: &[&str]) -> Option<Program> {
    let words = std::iter::once(on_path(name)?).chain(args.iter().map(|arg| (*arg).to_owned()));
    Some(Program { words: words.collect(), env: Vec::new() })
}

/// Says that a runner is not there. In CI that is a failure: what nobody runs proves nothing.
pub fn skip(runner: &str, how: &str) {
    println!("SKIP runners::{runner}: not installed; {how}");
    assert!(std::env::var("CI").is_err(), "runners::{runner}: not installed, and nothing is skipped in CI; {how}");
}

/// Makes the JavaScript runners' packages the project's own.
pub fn link_packages(project: &Path) {
    std::os::unix::fs::symlink(node_modules().unwrap(), project.join("node_modules")).unwrap();
}
