use super::*;
use crate::observe::locks::composer::parse;
use crate::plan::statement::Value;
use std::fs;

/// A project with a lock and what is given of its vendor folder.
fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, Ground) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let ground = Ground { root: folder.path().to_path_buf(), ..Ground::default() };
    (folder, ground)
}

fn lock(packages: &str) -> Lock {
    parse(format!("{{\"packages\": [{packages}]}}").as_bytes(), "composer.lock").unwrap()
}

const FLAGS: &str = r#"{"name": "acme/flags", "version": "v1.2.3", "notification-url": "x"}"#;

#[test]
fn an_installed_package_gives_its_statement_and_files() {
    let (_folder, ground) = project(&[
        ("composer.json", r#"{"config": {"vendor-dir": "lib/php"}}"#),
        (
            "lib/php/composer/installed.json",
            r#"{"packages": [{"name": "Acme/Flags", "version": "1.2.3", "install-path": "../acme/flags"}]}"#,
        ),
        ("lib/php/acme/flags/composer.json", "{\n\"license\": [\"MIT\", \"GPL-2.0-only\"]}"),
        ("lib/php/acme/flags/LICENSE", "text"),
    ]);
    let lock = lock(FLAGS);
    let evidence = open(&ground, &lock).look(&lock.packages[0]);
    assert_eq!(evidence.missing, None);
    assert_eq!(evidence.statements.len(), 1);
    assert_eq!(evidence.statements[0].value, Value::Many(vec!["MIT".into(), "GPL-2.0-only".into()]));
    assert_eq!(evidence.statements[0].place.to_string(), "lib/php/acme/flags/composer.json:2");
    assert_eq!(evidence.files[0].path, "lib/php/acme/flags/LICENSE");
}

#[test]
fn a_vendor_folder_may_be_the_project_itself_and_its_list_may_speak() {
    let (_folder, ground) = project(&[
        ("composer.json", r#"{"config": {"vendor-dir": "."}}"#),
        ("composer/installed.json", r#"[{"name": "acme/flags", "version": "v1.2.3", "license": ["MIT"]}]"#),
        ("acme/flags/COPYING", "text"),
    ]);
    let lock = lock(FLAGS);
    let evidence = open(&ground, &lock).look(&lock.packages[0]);
    assert_eq!(evidence.statements[0].place.to_string(), "composer/installed.json:1");
    assert_eq!(evidence.files[0].path, "acme/flags/COPYING");
}

#[test]
fn another_version_is_no_evidence() {
    let (_folder, ground) = project(&[
        ("vendor/composer/installed.json", r#"{"packages": [{"name": "acme/flags", "version": "2.0.0"}]}"#),
        ("vendor/acme/flags/LICENSE", "text"),
    ]);
    let lock = lock(FLAGS);
    let evidence = open(&ground, &lock).look(&lock.packages[0]);
    assert_eq!(
        evidence.missing.as_deref(),
        Some("2.0.0 of acme/flags lies in vendor, and v1.2.3 is locked; run `composer install`")
    );
    assert_eq!((evidence.files.len(), evidence.statements.len()), (0, 0));
}

#[test]
fn what_is_not_installed_or_not_readable_is_told() {
    let lock = lock(FLAGS);
    let (_folder, ground) = project(&[]);
    let said = open(&ground, &lock).look(&lock.packages[0]).missing.unwrap();
    assert!(said.contains("vendor/composer/installed.json is not there; run `composer install`"), "{said}");
    let (_folder, ground) = project(&[("vendor/composer/installed.json", "{\"packages\": [\n{]}")]);
    let said = open(&ground, &lock).look(&lock.packages[0]).missing.unwrap();
    assert!(said.contains("vendor/composer/installed.json:2 can't be read"), "{said}");
}

#[test]
fn a_path_that_leads_out_of_the_project_is_not_followed() {
    let (folder, _) = project(&[
        (
            "shop/vendor/composer/installed.json",
            r#"{"packages": [{"name": "acme/flags", "version": "1.2.3", "install-path": "../../../secret"}]}"#,
        ),
        ("secret/LICENSE", "secret"),
        ("secret/composer.json", r#"{"license": "MIT"}"#),
    ]);
    let ground = Ground { root: folder.path().join("shop"), ..Ground::default() };
    let list = lock(FLAGS);
    let evidence = open(&ground, &list).look(&list.packages[0]);
    assert_eq!((evidence.files.len(), evidence.statements.len(), evidence.notices.len()), (0, 0, 1));
    let own = lock(r#"{"name": "acme/own", "version": "dev-main", "dist": {"type": "path", "url": "../secret"}}"#);
    assert!(open(&ground, &own).look(&own.packages[0]).missing.unwrap().contains("outside of the root"));
}

#[test]
fn a_folder_of_the_checkout_speaks_for_itself() {
    let (_folder, ground) = project(&[("packages/own/composer.json", r#"{"license": "proprietary"}"#)]);
    let own = lock(r#"{"name": "acme/own", "version": "dev-main", "dist": {"type": "path", "url": "packages/own"}}"#);
    let evidence = open(&ground, &own).look(&own.packages[0]);
    assert_eq!(evidence.statements[0].value, Value::One("proprietary".into()));
}

#[test]
fn a_list_of_what_is_installed_opens_its_own_folder() {
    let text = r#"{"packages": [
        {"name": "acme/flags", "version": "1.2.3", "install-path": "../acme/flags"},
        {"name": "acme/own", "version": "dev-main", "dist": {"type": "path", "url": "own"}, "install-path": "../acme/own"}
    ]}"#;
    let (folder, _) = project(&[
        ("app/vendor/composer/installed.json", text),
        ("app/vendor/acme/flags/LICENSE", "x"),
        ("app/vendor/acme/own/LICENSE", "x"),
    ]);
    let ground =
        Ground { root: folder.path().to_path_buf(), folder: "app/vendor/composer".into(), ..Ground::default() };
    let lock = parse_installed(text.as_bytes(), "app/vendor/composer/installed.json").unwrap();
    let store = open(&ground, &lock);
    let paths: Vec<_> = lock.packages.iter().map(|package| store.look(package).files[0].path.clone()).collect();
    assert_eq!(paths, ["app/vendor/acme/flags/LICENSE", "app/vendor/acme/own/LICENSE"]);
}
