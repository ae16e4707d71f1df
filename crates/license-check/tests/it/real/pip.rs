use super::programs::{cache, skip, system};
use super::{command, home, run};
use crate::project::Project;

/// Five wheels whose metadata say their licence in five ways: `License-Expression`; `License` with an identifier; a
/// classifier that names a family alone, settled by the text; `License` with a short name; a classifier of one licence.
const PINNED: &str = "attrs==25.3.0\ncertifi==2025.1.31\nidna==3.10\nsix==1.17.0\ntoml==0.10.2\n";
const ROWS: [&str; 5] = [
    "attrs 25.3.0 MIT declared production pass",
    "certifi 2025.1.31 MPL-2.0 declared production pass",
    "idna 3.10 BSD-3-Clause detected production pass",
    "six 1.17.0 MIT declared production pass",
    "toml 0.10.2 MIT declared production pass",
];

/// A virtual environment with the wheels in it.
fn environment(python: &str) -> Option<Project> {
    let project = Project::with(&[("requirements.txt", PINNED)]);
    let made = command(&project, python, &["-m", "venv", ".venv"], &[("HOME", &home())]);
    if made.exit != 0 {
        return None;
    }
    let pip = project.at(".venv/bin/python").display().to_string();
    let arguments =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt"];
    run(&project, &pip, &arguments, &[("HOME", &home()), ("PIP_CACHE_DIR", &cache("pip"))]);
    Some(project)
}

#[test]
fn wheels_are_read_from_the_environment() {
    let Some(project) = system("python3").and_then(|python| environment(&python)) else {
        return skip("pip", "install python3 and python3-venv");
    };
    let checked = project.check(&["--lists", "requirements.txt"]).exits(0);
    super::rows(&checked, &ROWS);
    let field = |name: &str| checked.package(name)["evidence"][0]["field"].as_str().unwrap().to_owned();
    assert_eq!([field("attrs"), field("certifi"), field("idna")], ["License-Expression", "License", "Classifier"]);
    for (index, name) in ["attrs", "certifi", "idna", "six", "toml"].into_iter().enumerate() {
        let package = checked.package(name);
        assert_eq!(
            (package["path"].as_str(), package["line"].as_u64()),
            (Some("requirements.txt"), Some(index as u64 + 1))
        );
        let evidence = checked.evidence(name);
        assert!(
            evidence[0].contains("/site-packages/") && evidence[0].contains(".dist-info/METADATA:"),
            "{evidence:?}"
        );
    }
    assert!(checked.evidence("idna")[1].ends_with("/idna-3.10.dist-info/LICENSE.md text"));

    // Found by itself, the environment stands beside the list, which need not name all that is installed.
    let both = project.check(&[]).exits(0);
    assert!(
        ROWS.iter().all(|row| both.adds_up().rows().iter().filter(|other| other == row).count() == 2),
        "{:?}",
        both.rows()
    );

    // What pip itself lists is what the environment holds, and all of it is in the report when there is no list.
    let python = project.at(".venv/bin/python").display().to_string();
    let frozen = run(
        &project,
        &python,
        &["-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        &[("HOME", &home())],
    )
    .stdout;
    let frozen: serde_json::Value = serde_json::from_str(&frozen).unwrap();
    let mut theirs: Vec<String> = frozen
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            format!("{} {}", package["name"].as_str().unwrap().to_lowercase(), package["version"].as_str().unwrap())
        })
        .collect();
    theirs.sort();
    std::fs::remove_file(project.at("requirements.txt")).unwrap();
    let whole = project.check(&[]).exits(0);
    let mut ours: Vec<String> = whole
        .adds_up()
        .packages()
        .iter()
        .map(|package| format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap()))
        .collect();
    ours.sort();
    assert_eq!(ours, theirs);
    for row in ROWS {
        assert!(whole.rows().contains(&row.to_owned()), "{row} in {:?}", whole.rows());
    }
}

/// The environment holds another version than the list: what it says is no evidence.
#[test]
fn a_wheel_of_another_version_is_no_evidence() {
    let Some(project) = system("python3").and_then(|python| environment(&python)) else {
        return skip("pip", "install python3 and python3-venv");
    };
    project.write("requirements.txt", PINNED.replace("six==1.17.0", "six==1.16.0"));
    let checked = project.check(&["--lists", "requirements.txt"]).exits(4);
    assert_eq!(
        (&checked.package("six")["verdict"], &checked.package("toml")["verdict"]),
        (&"unproven".into(), &"pass".into())
    );
    assert!(checked.ran.stderr.contains("1.17.0"), "{}", checked.ran.stderr);
}
