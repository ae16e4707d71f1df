//! No network: the tool says the same where there is none at all.

use crate::project::{BINARY, Checked, Project};
use kit_test::Cli;
use std::path::Path;

/// `unshare` with what this user needs for an empty network, where the system allows it.
fn without_network(folder: &Path) -> Option<Vec<&'static str>> {
    let ways = [vec!["--net"], vec!["--user", "--map-root-user", "--net"]];
    ways.into_iter().find(|way| {
        let tried = Cli::new("unshare", folder).args(way).args(["true"]);
        tried.command().output().is_ok_and(|output| output.status.success())
    })
}

fn project() -> Project {
    let project = Project::with(&[
        ("package.json", r#"{"name": "shop", "version": "1.0.0", "dependencies": {"pad": "1.0.0", "far": "2.0.0"}}"#),
        ("package-lock.json", crate::change::npm_lock(&[("pad", "1.0.0", "MIT", false)]).as_str()),
        (
            "php/composer.lock",
            r#"{"packages": [{"name": "a/b", "version": "1.0", "license": ["GPL-3.0-only"]}], "packages-dev": []}"#,
        ),
        (
            "rust/Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"itoa\"\nversion = \"1.0.14\"\nsource = \"registry+https://registry.example/index\"\n",
        ),
        ("go/go.mod", "module example.com/app\n\ngo 1.22\n\nrequire example.com/lib v1.0.0\n"),
        ("py/requirements.txt", "six==1.17.0\n"),
        (
            "ruby/Gemfile.lock",
            "GEM\n  remote: https://registry.example/\n  specs:\n    rake (13.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rake\n",
        ),
        (
            "net/packages.lock.json",
            r#"{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "requested": "[1.0.0, )", "resolved": "1.0.0", "contentHash": "x"}}}}"#,
        ),
        (
            "java/pom.xml",
            "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency><groupId>h</groupId><artifactId>b</artifactId><version>2</version></dependency></dependencies></project>",
        ),
    ]);
    project.write("license-policy.toml", "allow = [\"MIT\"]\n");
    project
}

/// Everything that needs evidence from elsewhere is said, and nothing is fetched: the same report, byte for byte.
#[test]
#[allow(clippy::print_stdout, reason = "whoever reads the test's output is told")]
fn without_any_network_the_report_is_the_same() {
    let project = project();
    let Some(way) = without_network(project.path()) else {
        println!("SKIP network: `unshare --net` is not allowed here");
        return;
    };
    let interfaces = Cli::new("unshare", project.path()).args(&way).args(["cat", "/proc/net/dev"]).run();
    let up: Vec<&str> = interfaces.stdout.lines().skip(2).filter(|line| !line.trim().starts_with("lo:")).collect();
    assert_eq!((interfaces.exit, up), (0, vec![]), "the namespace has a network: {}", interfaces.stdout);

    let arguments = ["check", "--json", "-", "--sbom", "SBOM", "--attribution", "NOTICES"];
    let with = |folder: &str| {
        arguments.map(|word| {
            word.replace("SBOM", &format!("{folder}.cdx.json")).replace("NOTICES", &format!("{folder}.txt"))
        })
    };
    let outside = Checked::of(Cli::new(BINARY, project.path()).args(with("outside")).run()).exits(1);
    let words = way.iter().map(|word| (*word).to_owned()).chain([BINARY.to_owned()]).chain(with("inside"));
    let inside = Checked::of(Cli::new("unshare", project.path()).args(words).run()).exits(1);

    assert_eq!(outside.packages(), inside.packages());
    assert_eq!(outside.json["findings"], inside.json["findings"]);
    assert_eq!(outside.ran.stdout.replace("outside.", "inside."), inside.ran.stdout);
    assert_eq!(project.read("outside.cdx.json"), project.read("inside.cdx.json"));
    assert_eq!(project.read("outside.txt"), project.read("inside.txt"));
    outside.adds_up();
    let ecosystems: std::collections::BTreeSet<&str> =
        outside.packages().iter().map(|package| package["ecosystem"].as_str().unwrap()).collect();
    assert_eq!(
        ecosystems.into_iter().collect::<Vec<_>>(),
        ["cargo", "composer", "gem", "go", "maven", "npm", "nuget", "pip"]
    );
    // The packages whose evidence would have to be fetched are said to be unproven.
    for name in ["itoa", "example.com/lib", "six", "rake", "h:b"] {
        assert_eq!(outside.package(name)["verdict"], "unproven", "{name}");
    }
}
