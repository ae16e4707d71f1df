//! A hundred thousand packages in one list: all of them counted, within bounded memory.

use crate::project::{BINARY, Project};
use kit_test::Cli;
use std::fmt::Write;

const PACKAGES: usize = 100_000;
/// Address space that a run gets, in KiB: the lists below have up to 15 MB.
const MEMORY_KIB: usize = 1 << 20;

/// Runs within the memory and gives exit code and outputs.
#[track_caller]
fn run(file: &str, text: &str) -> (i32, serde_json::Value) {
    let project = Project::with(&[(file, text)]);
    let line = format!("ulimit -v {MEMORY_KIB} && exec \"$0\" check --json report.json");
    let ran = Cli::new("bash", project.path()).args(["-c", &line, BINARY]).run();
    assert!(
        [0, 1, 4].contains(&ran.exit),
        "{file}: {}: {}",
        ran.exit,
        ran.stderr.chars().take(2000).collect::<String>()
    );
    let report = project.json("report.json");
    assert_eq!(report["packages"].as_array().unwrap().len(), PACKAGES, "{file}");
    assert_eq!(report["lists"][0]["packages"], PACKAGES, "{file}");
    (ran.exit, report["outputs"].clone())
}

/// The text with one entry for each package; `entry` gets the number.
fn list(start: &str, between: &str, end: &str, entry: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    for number in 0..PACKAGES {
        text.push_str(if number == 0 { "" } else { between });
        let _ = write!(text, "{}", entry(number));
    }
    text + end
}

#[test]
fn a_hundred_thousand_packages_with_licences_are_all_judged() {
    let entry = |number: usize| {
        format!(
            "{{\"name\": \"a/p{number}\", \"version\": \"1.0.{number}\", \"license\": [\"{}\"]}}",
            if number == 77_777 { "AGPL-3.0-only" } else { "MIT" }
        )
    };
    let text = list("{\"packages\": [\n", ",\n", "\n], \"packages-dev\": []}\n", entry);
    let (exit, outputs) = run("composer.lock", &text);
    assert_eq!((exit, outputs["judged"].as_str()), (0, Some("100000")), "no policy: every known licence passes");
}

#[test]
fn a_hundred_thousand_packages_that_are_not_here_are_all_unproven() {
    let npm = list("{\"lockfileVersion\": 3, \"packages\": {\n", ",\n", "\n}}\n", |number| {
        format!("\"node_modules/p{number}\": {{\"version\": \"1.0.{number}\", \"integrity\": \"sha512-AAAA\"}}")
    });
    let cargo = list("version = 4\n\n", "\n", "", |number| {
        format!(
            "[[package]]\nname = \"p{number}\"\nversion = \"1.0.{number}\"\nsource = \"registry+https://registry.example/index\"\n"
        )
    });
    let yarn = list("# yarn lockfile v1\n\n\n", "\n", "", |number| {
        format!(
            "p{number}@^1.0.0:\n  version \"1.0.{number}\"\n  resolved \"https://registry.example/p{number}.tgz#0\"\n"
        )
    });
    for (file, text) in [("package-lock.json", npm), ("Cargo.lock", cargo), ("yarn.lock", yarn)] {
        let (exit, outputs) = run(file, &text);
        assert_eq!((exit, outputs["unproven"].as_str()), (4, Some("100000")), "{file}");
    }
}

/// Deeper than any stack: refused, and no crash.
#[test]
fn deep_nesting_ends_with_a_message() {
    for (file, open, close) in [
        ("composer.lock", "[", "]"),
        ("package-lock.json", "{\"dependencies\":", "}"),
        ("bun.lock", "[", "]"),
        ("pnpm-lock.yaml", "[", "]"),
    ] {
        let text = open.repeat(200_000) + &close.repeat(200_000);
        let checked = Project::with(&[(file, text)]).check(&[]);
        assert_eq!(checked.ran.exit, 2, "{file}: {}", checked.ran.stderr);
        assert!(checked.ran.stderr.contains(file), "{}", checked.ran.stderr);
    }
    let text = format!("<project>{}{}</project>", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let checked = Project::with(&[("pom.xml", text)]).check(&[]).exits(2);
    assert!(checked.ran.stderr.contains("pom.xml"), "{}", checked.ran.stderr);
}
