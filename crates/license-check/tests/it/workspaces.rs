//! What lies beside each other and belongs together: members of workspaces, manifests and their lock files, environments.

use crate::project::{Project, line_of};

const MIT: &str = include_str!("../../src/plan/decide/mit.txt");

const WORK: &str =
    "go 1.22\n\nuse (\n\t./app\n\t./lib\n)\n\nreplace example.com/old v1.0.0 => example.org/new v1.1.0\n";
const APP: &str = "module example.com/shop/app\n\ngo 1.22\n\nrequire (\n\texample.com/shop/lib v0.0.0\n\texample.com/old v1.0.0\n\texample.com/third v0.1.0\n)\n";

fn go_workspace() -> Project {
    Project::with(&[
        ("go.work", WORK),
        (
            "go.work.sum",
            "example.org/new v1.1.0 h1:AAAA=\nexample.org/extra v1.0.0 h1:BBBB=\nexample.org/extra v1.0.0/go.mod h1:CCCC=\n",
        ),
        ("app/go.mod", APP),
        ("lib/go.mod", "module example.com/shop/lib\n\ngo 1.22\n"),
    ])
}

#[test]
fn members_of_a_go_workspace_are_each_other_s_own() {
    let project = go_workspace();
    for module in ["example.org/new@v1.1.0", "example.org/extra@v1.0.0", "example.com/third@v0.1.0"] {
        project.write(&format!("cache/{module}/LICENSE"), MIT);
    }
    let cache = project.at("cache").display().to_string();
    let checked = project.check_with(&[("GOMODCACHE", &cache)], &["--exclude", "cache"]).exits(0);
    let expected = [
        "example.com/shop/lib v0.0.0 - none production exempt",
        "example.com/third v0.1.0 MIT detected production pass",
        "example.org/extra v1.0.0 MIT detected production pass",
        "example.org/new v1.1.0 MIT detected production pass",
        "example.org/new v1.1.0 MIT detected production pass",
    ];
    assert_eq!(checked.adds_up().rows(), expected);
    assert_eq!(checked.json["lists"][1]["format"], "go.work and go.work.sum");
    let own = checked.package("example.com/shop/lib");
    assert_eq!((own["path"].as_str(), own["line"].as_u64()), (Some("go.work"), Some(line_of(WORK, "./lib"))));
    // On its own the module needs one that nobody has.
    std::fs::remove_file(project.at("go.work")).unwrap();
    let alone = project.check_with(&[("GOMODCACHE", &cache)], &["--exclude", "cache"]).exits(4);
    assert_eq!(alone.package("example.com/shop/lib")["verdict"], "unproven");
}

#[test]
fn modules_of_a_go_workspace_that_are_not_there_are_named() {
    for (used, words) in [("./gone", "./gone"), ("../outside", "../outside"), ("/lib", "/lib")] {
        let project = go_workspace();
        project.write("go.work", format!("go 1.22\n\nuse ./app\nuse {used}\n"));
        project.check(&[]).exits(2).says("file-invalid", "go.work", Some(4), &[words]);
    }
    let project = go_workspace();
    project.write("go.work", "go 1.22\n\nuse (\n\t./app\n");
    project.check(&[]).exits(2).says("file-invalid", "go.work", Some(3), &["no end"]);
    // A folder that tools skip otherwise is looked into, and one that the user leaves out is not.
    let project = go_workspace();
    project.write("go.work", "go 1.22\n\nuse ./target/x\n");
    project.write("target/x/go.mod", "module example.com/shop/x\n\nrequire example.com/hidden v1.0.0\n");
    assert_eq!(project.check(&[]).exits(4).package("example.com/hidden")["path"], "target/x/go.mod");
    let checked = project.check(&["--exclude", "target/**"]);
    assert!(checked.packages().iter().all(|package| package["name"] != "example.com/hidden"));
}

#[test]
fn modules_that_a_go_workspace_vendors_are_found() {
    let project = go_workspace();
    let modules = "## workspace\n# example.com/third v0.1.0\n## explicit\nexample.com/third\n# example.org/new v1.1.0\n## explicit\nexample.org/new\n";
    project.write("vendor/modules.txt", modules);
    project.write("vendor/example.com/third/LICENSE", MIT).write("vendor/example.org/new/LICENSE", MIT);
    let checked = project.check(&[]).exits(0);
    assert_eq!(checked.adds_up().rows().iter().filter(|row| row.contains("MIT detected production pass")).count(), 4);
}

#[test]
fn an_environment_can_be_the_root() {
    for site in ["lib/python3.12/site-packages", "Lib/site-packages"] {
        let project = Project::with(&[("env/pyvenv.cfg", "home = /usr/bin\n")]);
        let metadata = "Metadata-Version: 2.4\nName: thing\nVersion: 1.0\nLicense-Expression: MIT\n";
        project.write(&format!("env/{site}/thing-1.0.dist-info/METADATA"), metadata);
        for root in [&["--root", "env"][..], &[]] {
            let checked = project.check(root).exits(0);
            assert_eq!(checked.adds_up().rows(), ["thing 1.0 MIT declared production pass"], "{site} {root:?}");
        }
    }
}

/// A lock file that is cut off can be one without packages; the manifest beside it tells.
#[test]
fn a_lock_file_that_has_nothing_of_its_manifest_proves_nothing() {
    for (manifest, asks, lock, nothing) in [
        (
            "composer.json",
            r#"{"require": {"acme/good": "^1"}}"#,
            "composer.lock",
            r#"{"packages": [], "packages-dev": []}"#,
        ),
        (
            "package.json",
            r#"{"dependencies": {"good": "^1"}}"#,
            "package-lock.json",
            r#"{"lockfileVersion": 3, "packages": {"": {"name": "shop"}}}"#,
        ),
        ("package.json", r#"{"dependencies": {"good": "^1"}}"#, "yarn.lock", "# yarn lockfile v1\n\n\n"),
        (
            "package.json",
            r#"{"dependencies": {"good": "^1"}}"#,
            "pnpm-lock.yaml",
            "lockfileVersion: '6.0'\n\nsettings:\n  autoInstallPeers: true\n",
        ),
        (
            "package.json",
            r#"{"dependencies": {"good": "^1"}}"#,
            "bun.lock",
            r#"{"lockfileVersion": 1, "workspaces": {"": {"name": "shop"}}, "packages": {}}"#,
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"shop\"\n[dependencies]\ngood = \"1\"\n",
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"good>=1\"]\n",
            "poetry.lock",
            "package = []\n\n[metadata]\nlock-version = \"2.1\"\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"good>=1\"]\n",
            "uv.lock",
            "version = 1\nrequires-python = \">=3.10\"\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"good>=1\"]\n",
            "pdm.lock",
            "[metadata]\nlock_version = \"4.5.0\"\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"good>=1\"]\n",
            "pylock.toml",
            "lock-version = \"1.0\"\ncreated-by = \"hand\"\n",
        ),
        (
            "Pipfile",
            "[packages]\ngood = \"*\"\n",
            "Pipfile.lock",
            r#"{"_meta": {"pipfile-spec": 6}, "default": {}, "develop": {}}"#,
        ),
    ] {
        let project = Project::with(&[(lock, nothing)]);
        let alone = project.check(&[]);
        assert_eq!(alone.ran.exit, 0, "{lock} without a manifest: {}", alone.ran.stderr);
        project.write(manifest, asks);
        let checked = project.check(&[]);
        assert_eq!(checked.ran.exit, 4, "{lock}: {}", checked.ran.stderr);
        checked.says("lock-incomplete", lock, None, &[manifest, "good", "run `"]);
    }
}

#[test]
fn an_exception_can_be_for_one_workspace() {
    let manifest = r#"{"name": "charts", "version": "1.0.0", "license": "BUSL-1.1"}"#;
    let lock = |at: &str| {
        format!(r#"{{"lockfileVersion": 3, "packages": {{"": {{"name": "shop"}}, "{at}": {{"version": "1.0.0"}}}}}}"#)
    };
    let policy = "allow = [\"MIT\"]\n\n[[exception]]\npackage = \"npm:charts\"\nversions = \"*\"\nworkspace = \"apps/admin\"\n\
        license = \"BUSL-1.1\"\nreason = \"Bought.\"\nowner = \"me\"\nexpires = 2999-01-31\n";
    for (at, exit) in
        [("apps/admin/node_modules/charts", 0), ("node_modules/charts", 1), ("apps/shop/node_modules/charts", 1)]
    {
        let project = Project::with(&[("license-policy.toml", policy), ("package-lock.json", &lock(at))]);
        project.write(&format!("{at}/package.json"), manifest);
        let checked = project.check(&[]).exits(exit);
        if exit == 1 {
            checked.says("exception-elsewhere", "package-lock.json", Some(1), &["apps/admin alone", at]);
        }
    }
}

/// The host shows the place; a message that says it again is read twice.
#[test]
fn each_line_names_its_file_once() {
    for (file, text, manifest) in [
        ("package-lock.json", "{", None),
        ("Cargo.lock", "version = 99", None),
        ("yarn.lock", "# yarn lockfile v1\n", Some(("package.json", r#"{"dependencies": {"good": "^1"}}"#))),
        ("requirements.txt", "good==1.0.0\n", None),
        ("gradle.lockfile", "h:good:1.0.0=a\nh:good:1.0.0=b\nempty=\n", None),
        ("package.json", r#"{"dependencies": {"good": "^1"}}"#, None),
    ] {
        let project = Project::with(&[(format!("web/{file}").as_str(), text)]);
        if let Some((name, asks)) = manifest {
            project.write(&format!("web/{name}"), asks);
        }
        let path = format!("web/{file}");
        for github in [false, true] {
            let mut tool = project.tool(&["check"]);
            if github {
                tool = tool.env("GITHUB_ACTIONS", "true");
            }
            let ran = tool.run();
            let both = format!("{}\n{}", ran.stdout, ran.stderr);
            let starts: &[&str] = if github { &["::"] } else { &["error: ", "notice: "] };
            let told = both.lines().filter(|line| starts.iter().any(|start| line.starts_with(start)));
            let annotations: Vec<&str> = told.filter(|line| line.contains(&path)).collect();
            assert!(!annotations.is_empty(), "{path} {github}: {} {}", ran.stdout, ran.stderr);
            for line in annotations {
                assert_eq!(line.matches(&path).count(), 1, "{line}");
            }
        }
    }
}

/// Names are whatever a file says: a line break in one is no line break of ours.
#[test]
fn names_with_line_breaks_stay_on_one_line() {
    let bom = serde_json::json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "good\n::error::evil", "version": "1\n2", "licenses": [{"license": {"name": "Own\n| terms |"}}]},
    ]});
    let pom = "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency>\
        <groupId>h&#10;x</groupId><artifactId>good&#10;line</artifactId><version>1&#10;2</version></dependency></dependencies></project>";
    let project = Project::with(&[("sbom.cdx.json", bom.to_string().as_str()), ("pom.xml", pom)]);
    let files = ["--lists", "sbom.cdx.json", "pom.xml", "--comment", "c.md", "--attribution", "a.txt"];
    let ran = project
        .tool(&[&["check"][..], &files].concat())
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "s.md")
        .run();
    let broken = [&ran.stdout, &ran.stderr, &project.read("c.md"), &project.read("a.txt"), &project.read("s.md")];
    for text in broken {
        assert!(text.lines().all(|line| !line.starts_with("::error::evil") && !line.starts_with("line")), "{text}");
        assert!(!text.contains("good%0A") && !text.contains("good<br>"), "{text}");
    }
    assert!(ran.stdout.contains("good\\n::error::evil@1\\n2"), "{}", ran.stdout);
    let checked = project.check(&files);
    for finding in checked.json["findings"].as_array().unwrap() {
        assert!(!finding["message"].as_str().unwrap().contains(char::is_control), "{finding}");
    }
}
