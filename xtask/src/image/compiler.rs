//! The C compiler that TLS needs for its C parts; `.cargo/config.toml` says which one.

use std::env::{split_paths, var, var_os};

use anyhow::{Result, ensure};

/// A target, its compiler, and the packages of Debian that bring that.
const COMPILERS: [(&str, &str, &str); 2] = [
    (super::TARGET, "gcc", "gcc libc6-dev"),
    ("aarch64-unknown-linux-musl", "aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"),
];

/// Errors: a target's compiler is not installed; the message says which packages bring it. A target that isn't known is left to
/// cargo.
pub fn check(target: &str) -> Result<()> {
    let Some((_, usual, packages)) = COMPILERS.iter().find(|(known, ..)| *known == target) else { return Ok(()) };
    let variable = format!("CC_{}", target.replace('-', "_"));
    let program = var(&variable).unwrap_or_else(|_| (*usual).to_owned());
    ensure!(
        is_there(&program),
        "{target}: there is no `{program}`, which TLS needs: install Debian's {packages}, or set {variable}"
    );
    Ok(())
}

/// A path, or a name on PATH; arguments may follow it.
fn is_there(program: &str) -> bool {
    let name = program.split_whitespace().next().unwrap_or_default();
    let paths = var_os("PATH").unwrap_or_default();
    !name.is_empty() && split_paths(&paths).any(|folder| folder.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_on_the_path_or_by_path() {
        assert!(is_there("sh") && is_there("/bin/sh") && is_there("sh -m64"));
        assert!(!is_there("no-such-compiler") && !is_there("/bin/no-such-compiler") && !is_there(""));
    }
}
