use super::programs::{cache, skip, system};
use super::{rows, run};
use crate::project::{Project, line_of};
use serde_json::Value;

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\nitoa = \"=1.0.14\"\n\n[dev-dependencies]\nmemchr = \"=2.7.4\"\n\n\
                        [build-dependencies]\ncfg-if = \"=1.0.0\"\n";

/// `shop` is the project's own; the other fields are those of the crates' own manifests.
const ROWS: [&str; 4] = [
    "cfg-if 1.0.0 MIT OR Apache-2.0 declared production pass",
    "itoa 1.0.14 MIT OR Apache-2.0 declared production pass",
    "memchr 2.7.4 Unlicense OR MIT declared production pass",
    "shop 0.1.0 - none production exempt",
];

fn project() -> Project {
    Project::with(&[("Cargo.toml", MANIFEST), ("src/main.rs", "fn main() {}\n")])
}

#[test]
fn crates_of_the_registry_are_read_where_cargo_unpacks_them() {
    let Some(cargo) = system("cargo") else { return skip("cargo", "install Rust") };
    let project = project();
    let home = cache("cargo");
    let variables = [("CARGO_HOME", home.as_str()), ("HOME", &super::home())];
    run(&project, &cargo, &["fetch", "--quiet"], &variables);
    let checked = project.check_with(&[("CARGO_HOME", &home)], &[]).exits(0);
    rows(&checked, &ROWS);
    let line = line_of(&project.read("Cargo.lock"), "name = \"itoa\"") - 1;
    let at = checked.package("itoa")["line"].as_u64().unwrap();
    assert!(at == line || at == line + 1, "{at}");
    let evidence = checked.evidence("itoa");
    assert!(evidence[0].contains("/itoa-1.0.14/Cargo.toml:") && evidence[0].ends_with(" license"), "{evidence:?}");
    assert!(evidence.iter().any(|proof| proof.ends_with("/itoa-1.0.14/LICENSE-APACHE text")), "{evidence:?}");

    // Cargo itself says the same of each.
    let metadata =
        run(&project, &cargo, &["metadata", "--format-version=1", "--offline", "--locked"], &variables).stdout;
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let theirs = metadata["packages"].as_array().unwrap();
    assert_eq!(theirs.len(), checked.packages().len());
    for package in theirs.iter().filter(|package| package["name"] != "shop") {
        let ours = checked.package(package["name"].as_str().unwrap());
        assert_eq!(ours["version"], package["version"]);
        // Cargo gives the field as it is written; the old `/` means OR.
        let field = package["license"].as_str().unwrap().replace('/', " OR ");
        assert_eq!(ours["license"], field.as_str(), "{package}");
    }
    // Somewhere else there is nothing to read.
    let absent = project.check(&[]).exits(4);
    assert_eq!(absent.json["outputs"]["unproven"], "3");
    assert!(absent.ran.stderr.contains("cargo fetch"), "{}", absent.ran.stderr);
}

#[test]
fn vendored_crates_are_read_in_the_project() {
    let Some(cargo) = system("cargo") else { return skip("cargo", "install Rust") };
    let project = project();
    let home = cache("cargo");
    run(&project, &cargo, &["vendor", "--quiet", "vendor"], &[("CARGO_HOME", &home), ("HOME", &super::home())]);
    let checked = project.check(&[]).exits(0);
    rows(&checked, &ROWS);
    assert!(checked.evidence("memchr")[0].starts_with("vendor/memchr/Cargo.toml:"), "{:?}", checked.evidence("memchr"));
    std::fs::remove_dir_all(project.at("vendor/memchr")).unwrap();
    let absent = project.check(&[]).exits(4);
    assert_eq!(
        (&absent.package("memchr")["verdict"], &absent.package("itoa")["verdict"]),
        (&"unproven".into(), &"pass".into())
    );
}
