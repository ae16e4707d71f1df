use super::programs::skip;
use super::rows;
use crate::project::{Project, line_of};

const POM: &str = "<project>\n  <parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1</version></parent>\n  <artifactId>shop</artifactId>\n  <dependencies>\n    \
                   <dependency><groupId>com.lib</groupId><artifactId>one</artifactId></dependency>\n    \
                   <dependency><groupId>com.lib</groupId><artifactId>two</artifactId><version>2.0</version><scope>test</scope></dependency>\n  </dependencies>\n</project>\n";
const PARENT: &str = "<project>\n  <groupId>com.example</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging>\n  <modules><module>shop</module></modules>\n  \
                      <properties><one>1.0</one></properties>\n  <dependencyManagement><dependencies>\n    \
                      <dependency><groupId>com.lib</groupId><artifactId>one</artifactId><version>${one}</version></dependency>\n  </dependencies></dependencyManagement>\n</project>\n";

fn library(name: &str, version: &str, more: &str) -> String {
    format!(
        "<project>\n  <groupId>com.lib</groupId>\n  <artifactId>{name}</artifactId>\n  <version>{version}</version>\n  {more}\n</project>\n"
    )
}

fn licenses(name: &str) -> String {
    format!("<licenses><license><name>{name}</name></license></licenses>")
}

/// A reactor of two poms, against a local repository as Maven leaves it: a managed version, an inherited licence, a package
/// that comes with another, tests.
#[test]
fn a_project_of_maven_is_read_with_its_parents() {
    let project = Project::with(&[("pom.xml", PARENT), ("shop/pom.xml", POM)]);
    let one = "<parent><groupId>com.lib</groupId><artifactId>up</artifactId><version>9</version></parent>\
               <dependencies><dependency><groupId>com.lib</groupId><artifactId>three</artifactId><version>3.0</version></dependency></dependencies>";
    let repository = [
        ("one", "1.0", library("one", "1.0", one)),
        ("two", "2.0", library("two", "2.0", &licenses("Eclipse Public License 2.0"))),
        ("three", "3.0", library("three", "3.0", &licenses("MIT"))),
        ("up", "9", library("up", "9", &licenses("Apache License, Version 2.0"))),
    ];
    for (name, version, text) in repository {
        project.write(&format!("home/.m2/repository/com/lib/{name}/{version}/{name}-{version}.pom"), text);
    }
    let home = project.at("home").display().to_string();
    let checked = project.check_with(&[("HOME", &home)], &["--exclude", "home"]).exits(0);
    let passing: Vec<String> = checked.adds_up().rows().into_iter().filter(|row| row.ends_with(" pass")).collect();
    assert_eq!(
        passing,
        [
            "com.lib:one 1.0 Apache-2.0 declared production pass",
            "com.lib:three 3.0 MIT declared production pass",
            "com.lib:two 2.0 EPL-2.0 declared development pass",
        ]
    );
    let evidence = checked.evidence("com.lib:one");
    assert!(evidence[0].starts_with("home/.m2/repository/com/lib/up/9/up-9.pom:5"), "{evidence:?}");
    assert_eq!(checked.package("com.lib:two")["path"], "shop/pom.xml");
    assert_eq!(checked.package("com.lib:two")["line"], line_of(POM, "<artifactId>two<"));
    let absent = project.check(&["--exclude", "home"]).exits(4);
    assert!(
        absent.packages().iter().any(|package| package["name"] == "com.lib:one" && package["verdict"] == "unproven")
    );
}

/// Debian takes the licences out of its poms: that these have none says nothing of the package.
#[test]
fn poms_of_debian_s_prove_nothing() {
    let folder = std::path::Path::new("/usr/share/maven-repo/commons-io/commons-io");
    let versions =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let Some(version) = versions.filter(|name| name != "debian").max() else {
        return skip("maven", "install libcommons-io-java");
    };
    let pom = format!(
        "<project>\n  <groupId>com.example</groupId>\n  <artifactId>shop</artifactId>\n  <version>1</version>\n  <dependencies>\n    \
         <dependency><groupId>commons-io</groupId><artifactId>commons-io</artifactId><version>{version}</version></dependency>\n  </dependencies>\n</project>\n"
    );
    let project = Project::with(&[("pom.xml", pom)]);
    let checked = project.check(&[]).exits(4);
    rows(&checked, &[&format!("commons-io:commons-io {version} - none production unproven")]);
    assert!(checked.ran.stderr.contains("Debian"), "{}", checked.ran.stderr);
}
