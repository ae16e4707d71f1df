use super::programs::{skip, system};
use super::{rows, run};
use crate::project::{Project, line_of};

const MIT: &str = include_str!("../../../src/plan/decide/mit.txt");
const TOOLCHAIN: [(&str, &str); 4] =
    [("GOPROXY", "off"), ("GOFLAGS", "-mod=mod"), ("GOTOOLCHAIN", "local"), ("GOSUMDB", "off")];

/// A module that takes three others from folders of the checkout, one of which has no licence, and one is only asked for by another.
fn project() -> Project {
    Project::with(&[
        (
            "app/go.mod",
            "module example.com/app\n\ngo 1.19\n\nrequire (\n\texample.com/bare v0.1.0\n\texample.com/lib v1.2.3\n)\n\nrequire example.com/deep v0.9.0 // indirect\n\n\
             replace (\n\texample.com/bare v0.1.0 => ../bare\n\texample.com/deep v0.9.0 => ../deep\n\texample.com/lib v1.2.3 => ../lib\n)\n",
        ),
        (
            "app/main.go",
            "package main\n\nimport (\n\t\"example.com/bare\"\n\t\"example.com/lib\"\n)\n\nfunc main() { _ = lib.One() + bare.Two() }\n",
        ),
        ("lib/go.mod", "module example.com/lib\n\ngo 1.19\n\nrequire example.com/deep v0.9.0\n"),
        ("lib/lib.go", "package lib\n\nimport \"example.com/deep/inner\"\n\nfunc One() int { return inner.Three() }\n"),
        ("lib/LICENSE", MIT),
        ("deep/go.mod", "module example.com/deep\n\ngo 1.19\n"),
        ("deep/inner/inner.go", "package inner\n\nfunc Three() int { return 3 }\n"),
        ("deep/LICENSE", MIT),
        ("bare/go.mod", "module example.com/bare\n\ngo 1.19\n"),
        ("bare/bare.go", "package bare\n\nfunc Two() int { return 2 }\n"),
    ])
}

#[test]
fn vendored_modules_are_read_in_the_project() {
    let Some(go) = system("go") else { return skip("go", "install golang-go") };
    let project = project();
    let home = project.at("home").display().to_string();
    let path = project.at("path").display().to_string();
    let variables = [&TOOLCHAIN[..], &[("HOME", home.as_str()), ("GOPATH", &path)]].concat();
    let vendored = run(&project, &go, &["-C", "app", "version"][2..], &variables);
    assert!(vendored.stdout.starts_with("go version"), "{}", vendored.stdout);
    let script = "cd app && exec \"$0\" mod vendor";
    run(&project, "bash", &["-c", script, &go], &variables);
    let modules = project.read("app/vendor/modules.txt");
    assert_eq!(modules.matches("## explicit").count(), 3, "{modules}");

    let expected = [
        "example.com/bare v0.1.0 - none production fail",
        "example.com/deep v0.9.0 MIT detected production pass",
        "example.com/lib v1.2.3 MIT detected production pass",
    ];
    // The whole checkout is the root, or the module alone, where the folders lie outside of it and the copies count.
    let whole = project.check(&["--exclude", "lib", "deep", "bare", "path", "home"]).exits(1);
    rows(&whole, &expected);
    let alone = project.check(&["--root", "app"]).exits(1);
    rows(&alone, &expected);
    assert_eq!(alone.evidence("example.com/lib"), ["vendor/example.com/lib/LICENSE text"]);
    assert_eq!(alone.package("example.com/lib")["path"], "go.mod");
    assert_eq!(alone.finding("license-unknown")["line"], alone.package("example.com/bare")["line"]);
    let text = project.read("app/go.mod");
    let line = alone.package("example.com/lib")["line"].as_u64().unwrap();
    assert!(
        text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap().contains("example.com/lib v1.2.3"),
        "line {line}"
    );
    assert!(line >= line_of(&text, "example.com/lib"), "{line}");

    // Neither copies nor folders: nothing is known.
    std::fs::remove_dir_all(project.at("app/vendor")).unwrap();
    let absent = project.check(&["--root", "app"]).exits(4);
    assert_eq!(absent.json["outputs"]["unproven"], "3");
}
