//! Which policy decides on a change.

use super::{Repo, npm_lock};

const STRICT: &str = "allow = [\"MIT\"]\n";
const LOOSE: &str = "allow = [\"MIT\", \"AGPL-3.0-only\"]\n";

fn base_lock() -> String {
    npm_lock(&[("gpl", "1.0.0", "GPL-3.0-only", false), ("pad", "1.0.0", "MIT", false)])
}

fn with_agpl() -> String {
    npm_lock(&[
        ("agpl", "1.0.0", "AGPL-3.0-only", false),
        ("gpl", "1.0.0", "GPL-3.0-only", false),
        ("pad", "1.0.0", "MIT", false),
    ])
}

#[test]
fn a_change_cannot_loosen_what_it_is_judged_by() {
    let repo = Repo::new(&[("package-lock.json", base_lock().as_str()), ("license-policy.toml", STRICT)]);
    repo.project.write("license-policy.toml", LOOSE);
    repo.change("package-lock.json", with_agpl());
    let checked = repo.check(&[]).exits(1);
    let agpl = checked.package("agpl");
    assert_eq!((&agpl["verdict"], &agpl["judged"]), (&"fail".into(), &true.into()));
    // Nor by taking it away, nor by an exception that it brings itself.
    let exception = "allow = [\"MIT\"]\n[[exception]]\npackage = \"npm:agpl\"\nversions = \"*\"\nlicense = \"AGPL-3.0-only\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2999-12-31\n";
    repo.change("license-policy.toml", exception);
    assert_eq!(repo.check(&[]).exits(1).package("agpl")["verdict"], "fail");
    std::fs::remove_file(repo.project.at("license-policy.toml")).unwrap();
    repo.commit("no policy");
    assert_eq!(repo.check(&[]).exits(1).package("agpl")["verdict"], "fail");
    // What is not committed yet counts no more.
    repo.project.write("license-policy.toml", LOOSE);
    assert_eq!(repo.check(&[]).exits(1).package("agpl")["verdict"], "fail");
}

#[test]
fn a_changed_policy_is_met_by_every_package_before_it_is_merged() {
    let repo = Repo::new(&[
        ("package-lock.json", base_lock().as_str()),
        ("license-policy.toml", "allow = [\"MIT\", \"GPL-3.0-only\"]\n"),
    ]);
    repo.change("license-policy.toml", STRICT);
    let checked = repo.check(&[]).exits(1);
    let gpl = checked.package("gpl");
    assert_eq!((&gpl["verdict"], &gpl["judged"]), (&"fail".into(), &true.into()), "{gpl}");
    assert_eq!(checked.json["outputs"]["judged"], "2");
    let policies = checked.json["policies"].as_array().unwrap();
    assert_eq!(policies.len(), 2, "{policies:?}");
    assert!(policies[1].as_str().unwrap().contains("changed"), "{policies:?}");
}

#[test]
fn a_policy_that_is_new_is_met_by_every_package() {
    let repo = Repo::new(&[("package-lock.json", base_lock())]);
    repo.change("license-policy.toml", STRICT);
    let checked = repo.check(&[]).exits(1);
    assert_eq!(checked.package("gpl")["verdict"], "fail");
}

#[test]
fn a_policy_that_a_change_breaks_is_refused_with_its_line() {
    let repo = Repo::new(&[("package-lock.json", base_lock().as_str()), ("license-policy.toml", STRICT)]);
    repo.change("license-policy.toml", "allow = [\"MIT\"]\nalow = []\n");
    repo.check(&[]).exits(2).says("file-invalid", "license-policy.toml", Some(2), &["alow"]);
}

/// The day in UTC, so many days from now.
fn day_from_now(days: u64) -> String {
    let now_s = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let seconds = format!("@{}", now_s + days * 86_400);
    let date = std::process::Command::new("date").args(["--utc", "--date", &seconds, "+%Y-%m-%d"]).output().unwrap();
    String::from_utf8(date.stdout).unwrap().trim().to_owned()
}

#[test]
fn an_exception_that_is_about_to_lapse_is_named() {
    let exception = |expires: &str| {
        format!(
            "allow = [\"MIT\"]\n\n[[exception]]\npackage = \"npm:gpl\"\nversions = \"*\"\nlicense = \"GPL-3.0-only\"\nreason = \"r\"\nowner = \"o\"\nexpires = {expires}\n"
        )
    };
    let soon = day_from_now(10);
    let repo = Repo::new(&[("package-lock.json", base_lock()), ("license-policy.toml", exception(&soon))]);
    repo.change("index.js", "1\n");
    let checked = repo.check(&[]).exits(0);
    checked.says("exception-expiring", "license-policy.toml", Some(3), &["gpl", &soon]);
    assert_eq!(checked.finding("exception-expiring")["level"], "warning");
    let late = Repo::new(&[("package-lock.json", base_lock()), ("license-policy.toml", exception(&day_from_now(100)))]);
    late.change("index.js", "1\n");
    assert!(late.check(&[]).exits(0).findings("exception-expiring").is_empty());
}

#[test]
fn each_workspace_is_judged_by_its_own_lists() {
    let policy = "allow = [\"MIT\"]\n\n[[workspace]]\npath = \"server\"\nallow = [\"AGPL-3.0-only\"]\n\n[[workspace]]\npath = \"client\"\ndeny = [\"MIT\"]\nallow = [\"ISC\"]\n\
                  inherit = false\n";
    let none = npm_lock(&[]);
    let repo = Repo::new(&[
        ("server/package-lock.json", none.as_str()),
        ("client/package-lock.json", &none),
        ("license-policy.toml", policy),
    ]);
    let both = npm_lock(&[
        ("agpl", "1.0.0", "AGPL-3.0-only", false),
        ("mit", "1.0.0", "MIT", false),
        ("isc", "1.0.0", "ISC", false),
    ]);
    repo.project.write("client/package-lock.json", &both);
    repo.change("server/package-lock.json", &both);
    let checked = repo.check(&[]).exits(1);
    let verdicts: Vec<(&str, &str, &str)> = checked
        .packages()
        .iter()
        .filter(|package| package["name"] != "shop")
        .map(|package| {
            (package["path"].as_str().unwrap(), package["name"].as_str().unwrap(), package["verdict"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("client/package-lock.json", "agpl", "fail"),
        ("client/package-lock.json", "isc", "pass"),
        ("client/package-lock.json", "mit", "fail"),
        ("server/package-lock.json", "agpl", "pass"),
        ("server/package-lock.json", "isc", "fail"),
        ("server/package-lock.json", "mit", "pass"),
    ];
    let mut verdicts = verdicts;
    verdicts.sort_unstable();
    assert_eq!(verdicts, expected);
}
