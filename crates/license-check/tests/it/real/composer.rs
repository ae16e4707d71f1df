use super::programs::{skip, system};
use super::{rows, run};
use crate::project::{Project, line_of};
use serde_json::Value;

const MANIFEST: &str = r#"{
  "name": "acme/shop", "license": "proprietary",
  "repositories": [{"packagist": false}, {"type": "path", "url": "lib/*", "options": {"symlink": false}}],
  "require": {"acme/alpha": "*"}, "require-dev": {"acme/gamma": "*"}
}
"#;

fn project() -> Project {
    Project::with(&[
        ("composer.json", MANIFEST),
        (
            "lib/alpha/composer.json",
            r#"{"name": "acme/alpha", "version": "1.0.0", "license": ["BSD-3-Clause", "GPL-2.0-only"], "require": {"acme/beta": "*"}}"#,
        ),
        ("lib/beta/composer.json", r#"{"name": "acme/beta", "version": "2.1.0", "license": "MIT"}"#),
        (
            "lib/gamma/composer.json",
            r#"{"name": "acme/gamma", "version": "0.3.0", "license": "(LGPL-2.1-only or GPL-3.0-or-later)"}"#,
        ),
    ])
}

#[test]
fn a_project_of_composer_is_read_from_its_lock_alone() {
    let Some(composer) = system("composer") else { return skip("composer", "install composer") };
    let project = project();
    let home = project.at("home").display().to_string();
    let variables = [
        ("HOME", home.as_str()),
        ("COMPOSER_HOME", &home),
        ("COMPOSER_ALLOW_SUPERUSER", "1"),
        ("COMPOSER_DISABLE_NETWORK", "1"),
    ];
    run(&project, &composer, &["install", "--no-interaction", "--quiet"], &variables);
    let checked = project.check(&[]).exits(0);
    rows(
        &checked,
        &[
            "acme/alpha 1.0.0 BSD-3-Clause OR GPL-2.0-only declared production pass",
            "acme/beta 2.1.0 MIT declared production pass",
            "acme/gamma 0.3.0 LGPL-2.1-only OR GPL-3.0-or-later declared development pass",
        ],
    );
    let text = project.read("composer.lock");
    for package in checked.packages() {
        let name = package["name"].as_str().unwrap();
        assert_eq!(package["line"], line_of(&text, &format!("\"name\": \"{name}\"")), "{package}");
    }
    // Composer lists the same, with the fields as they are written.
    let listed = run(&project, &composer, &["licenses", "--format=json"], &variables).stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let listed = listed["dependencies"].as_object().unwrap();
    assert_eq!(listed.len(), checked.packages().len());
    for (name, package) in listed {
        let ours = checked.package(name);
        assert_eq!(ours["version"], package["version"], "{name}");
        let fields: Vec<&str> =
            package["license"].as_array().unwrap().iter().map(|field| field.as_str().unwrap()).collect();
        let asked = serde_json::to_string(&fields).unwrap();
        let normalized = project.run(&["normalize", "--ecosystem", "composer", &asked]).stdout;
        assert_eq!(ours["license"], normalized.trim(), "{name}");
    }
    // Without vendor/ it is the same.
    std::fs::remove_dir_all(project.at("vendor")).unwrap();
    assert_eq!(project.check(&[]).exits(0).rows(), checked.rows());
    // And without the lock, what was installed.
    let project = self::project();
    let home = project.at("home").display().to_string();
    let variables = [
        ("HOME", home.as_str()),
        ("COMPOSER_HOME", &home),
        ("COMPOSER_ALLOW_SUPERUSER", "1"),
        ("COMPOSER_DISABLE_NETWORK", "1"),
    ];
    run(&project, &composer, &["install", "--no-interaction", "--quiet"], &variables);
    std::fs::remove_file(project.at("composer.lock")).unwrap();
    assert_eq!(project.check(&[]).exits(0).adds_up().rows(), checked.rows());
}
