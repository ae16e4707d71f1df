//! `cargo xtask new TOOL`: a crate with the files that every tool has. It builds, passes clippy and its tests as it is, and
//! counts files until its author gives it something better to do.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::checkout::Checkout;

/// The skeleton: path in the crate, and text in which `__tool__` and `__crate__` stand for the names.
const SKELETON: [(&str, &str); 22] = [
    ("Cargo.toml", include_str!("../templates/tool/Cargo.toml")),
    ("src/main.rs", include_str!("../templates/tool/src/main.rs")),
    ("src/lib.rs", include_str!("../templates/tool/src/lib.rs")),
    ("src/args.rs", include_str!("../templates/tool/src/args.rs")),
    ("src/observe.rs", include_str!("../templates/tool/src/observe.rs")),
    ("src/plan.rs", include_str!("../templates/tool/src/plan.rs")),
    ("src/report.rs", include_str!("../templates/tool/src/report.rs")),
    ("src/error.rs", include_str!("../templates/tool/src/error.rs")),
    ("tests/it/main.rs", include_str!("../templates/tool/tests/it/main.rs")),
    ("tests/it/cases.rs", include_str!("../templates/tool/tests/it/cases.rs")),
    ("tests/cases/enough/case.toml", include_str!("../templates/tool/tests/cases/enough/case.toml")),
    ("tests/cases/enough/report.json", include_str!("../templates/tool/tests/cases/enough/report.json")),
    ("tests/cases/enough/in/files/one.txt", "one\n"),
    ("tests/cases/enough/in/files/deeper/two.txt", "two\n"),
    ("tests/cases/too-few/case.toml", include_str!("../templates/tool/tests/cases/too-few/case.toml")),
    ("tests/cases/too-few/report.json", include_str!("../templates/tool/tests/cases/too-few/report.json")),
    ("tests/cases/too-few/in/files/one.txt", "one\n"),
    ("tests/cases/no-folder/case.toml", include_str!("../templates/tool/tests/cases/no-folder/case.toml")),
    ("tests/cases/no-folder/stderr", include_str!("../templates/tool/tests/cases/no-folder/stderr")),
    ("usage/github-minimal.yml", include_str!("../templates/tool/usage/github-minimal.yml")),
    ("usage/bitbucket-minimal.yml", include_str!("../templates/tool/usage/bitbucket-minimal.yml")),
    ("usage/gitlab-minimal.yml", include_str!("../templates/tool/usage/gitlab-minimal.yml")),
];

/// Longest name: it is part of image names, job names and paths.
const NAME_LIMIT_CHARS: usize = 40;

/// Writes the crate and says what comes next. Errors: the name is no kebab-case name, or is taken.
pub fn run(checkout: &Checkout, name: &str) -> Result<()> {
    let dir = checkout.root.join("crates").join(name);
    write(&dir, name)?;
    println!(
        "crates/{name} is written. It counts files; now make it your own:\n\
         \n  cargo nextest run -p {name}        its tests pass as they are\
         \n  src/args.rs                        declare inputs and outputs; nowhere else\
         \n  src/observe.rs, plan.rs, report.rs read the world, decide, report; a tool that changes it adds apply.rs\
         \n  tests/cases/                       a folder a case; each goes through every front door\
         \n  usage/                             examples that the generated READMEs show\
         \n  xtask/src/suite/doors.rs           a trial: how its image is stopped, and kept from writing\
         \n  cargo xtask gen                    action, pipe, component, READMEs and completions\
         \n  cargo xtask tidy                   the rules of the layout\n"
    );
    Ok(())
}

/// Writes the skeleton to `dir`, which must not exist.
fn write(dir: &Path, name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let kebab = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed);
    ensure!(kebab && !name.ends_with('-') && !name.contains("--"), "`{name}` is not a name such as `coverage-gate`");
    ensure!(name.len() <= NAME_LIMIT_CHARS, "a tool's name has at most {NAME_LIMIT_CHARS} characters");
    ensure!(!name.starts_with("kit-"), "kit-* are the libraries; a tool has another name");
    ensure!(name != "roadcrew", "`roadcrew` is the image that holds all tools");
    ensure!(!dir.exists(), "{} exists already", dir.display());
    for (path, text) in SKELETON {
        let file = dir.join(path);
        fs::create_dir_all(file.parent().unwrap_or(dir))?;
        let text = text.replace("__tool__", name).replace("__crate__", &name.replace('-', "_"));
        fs::write(&file, text).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::cargo;
    use std::path::PathBuf;
    use std::process::Command;

    #[test]
    fn bad_names_are_refused() -> Result<()> {
        let dir = tempfile::tempdir()?;
        for name in ["", "Bad", "a_b", "a b", "../x", "-a", "a-", "a--b", "kit-x", "roadcrew", "1a", &"a".repeat(41)] {
            assert!(write(&dir.path().join("x"), name).is_err(), "{name}");
        }
        assert!(write(dir.path(), "fine").is_err(), "an existing folder is left alone");
        Ok(())
    }

    #[test]
    fn the_skeleton_is_complete() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates/tool");
        for (path, _) in SKELETON {
            assert!(folder.join(path).is_file(), "{path}");
        }
    }

    /// A workspace of its own with one new tool, which takes the kits from this checkout and their dependencies from its
    /// lock file, so that no network is needed.
    #[test]
    fn a_new_tool_builds_and_passes_clippy_and_its_tests() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        // Always the same folder: cargo tells crates apart by their paths, and would build the kits again in a new one.
        let dir = target.join("new-tool");
        let _ = fs::remove_dir_all(&dir);
        write(&dir.join("crates/spare-tool"), "spare-tool")?;
        let manifest = fs::read_to_string(root.join("Cargo.toml"))?
            .replace("\"xtask\", \"examples/shop\"", "")
            .replace("path = \"crates/", &format!("path = \"{}/", root.join("crates").display()));
        fs::write(dir.join("Cargo.toml"), manifest)?;
        for file in ["Cargo.lock", "clippy.toml", "rust-toolchain.toml"] {
            fs::copy(root.join(file), dir.join(file))?;
        }
        for arguments in [&["clippy", "--all-targets", "--", "-D", "warnings"][..], &["test"]] {
            let mut command = Command::new(cargo());
            command.arg(arguments[0]).args(["--offline", "--quiet"]).args(&arguments[1..]);
            let output = command.current_dir(&dir).env("CARGO_TARGET_DIR", &target).output()?;
            assert!(output.status.success(), "{arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(crate::tidy::shape_of(&dir.join("crates/spare-tool")), Vec::<String>::new());
        Ok(())
    }
}
