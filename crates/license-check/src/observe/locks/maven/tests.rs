use super::*;
use crate::observe::hostile::mutated;
use crate::plan::package::{Origin, Scope};
use proptest::prelude::*;
use std::fs;
use tempfile::TempDir;

const POM: &str = "<?xml version=\"1.0\"?>
<project xmlns=\"http://schemas.example/pom\">
  <parent>
    <groupId>com.shop</groupId><artifactId>parent</artifactId><version>${revision}</version>
  </parent>
  <artifactId>api</artifactId>
  <properties>
    <revision>1.0</revision>
    <lib.version>2.${minor}</lib.version>
    <minor>5</minor>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.lib</groupId><artifactId>lib</artifactId><version>${lib.version}</version>
    </dependency>
    <dependency><groupId>org.lib</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>com.shop</groupId><artifactId>core</artifactId><version>${project.version}</version></dependency>
    <dependency>
      <groupId>org.test</groupId><artifactId>unit</artifactId><version>[4.0]</version><scope>test</scope>
      <exclusions><exclusion><groupId>org.test</groupId><artifactId>hidden</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.api</groupId><artifactId>servlet</artifactId><version>3</version><scope>provided</scope></dependency>
  </dependencies>
  <profiles>
    <profile>
      <dependencies>
        <dependency><groupId>org.extra</groupId><artifactId>extra</artifactId><version>1</version></dependency>
      </dependencies>
    </profile>
  </profiles>
</project>
";

struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Machine { folder: tempfile::tempdir().unwrap() };
        let parent = "<groupId>com.shop</groupId><artifactId>parent</artifactId><version>${revision}</version>
            <modules><module>api</module><module>core</module></modules>
            <dependencyManagement><dependencies>
              <dependency><groupId>org.bom</groupId><artifactId>bom</artifactId><version>7</version>
                <type>pom</type><scope>import</scope></dependency>
              <dependency><groupId>org.deep</groupId><artifactId>deep</artifactId><version>9.9</version></dependency>
            </dependencies></dependencyManagement>";
        machine.file("root/pom.xml", &project(parent));
        let core =
            "<parent><groupId>com.shop</groupId><artifactId>parent</artifactId><version>${revision}</version></parent>
            <artifactId>core</artifactId>";
        machine
            .file("root/core/pom.xml", &project(&format!("{core}{}", dependencies(&[("org.core", "only", "1", "")]))));
        machine.pom(
            "org.bom",
            "bom",
            "7",
            "<dependencyManagement><dependencies>
            <dependency><groupId>org.lib</groupId><artifactId>managed</artifactId><version>7.1</version></dependency>
            </dependencies></dependencyManagement>",
        );
        let lib = [
            ("org.deep", "deep", "1.0", ""),
            ("org.test", "shared", "1.0", ""),
            ("org.lib", "tests", "1.0", "<scope>test</scope>"),
            ("org.lib", "maybe", "1.0", "<optional>true</optional>"),
        ];
        machine.pom("org.lib", "lib", "2.5", &dependencies(&lib));
        machine.pom("org.lib", "managed", "7.1", "");
        machine.pom("org.deep", "deep", "9.9", &dependencies(&[("org.deep", "deeper", "${project.version}", "")]));
        let unit = [("org.test", "shared", "2.0", ""), ("org.test", "hidden", "1", ""), ("org.test", "only", "1", "")];
        machine.pom("org.test", "unit", "4.0", &dependencies(&unit));
        for (group, artifact, version) in [
            ("org.deep", "deeper", "9.9"),
            ("org.test", "shared", "1.0"),
            ("org.test", "only", "1"),
            ("org.core", "only", "1"),
            ("org.api", "servlet", "3"),
        ] {
            machine.pom(group, artifact, version, "");
        }
        machine
    }

    fn file(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn pom(&self, group: &str, artifact: &str, version: &str, rest: &str) {
        let folder = format!("repository/{}/{artifact}/{version}", group.replace('.', "/"));
        let text =
            format!("<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{rest}");
        self.file(&format!("{folder}/{artifact}-{version}.pom"), &project(&text));
    }

    fn resolve(&self, pom: &str) -> Result<Lock, Fault> {
        let repository = self.folder.path().join("repository").to_str().unwrap().to_owned();
        let ground = Ground {
            root: self.folder.path().join("root"),
            folder: "api".to_owned(),
            variables: [("MAVEN_REPOSITORY".to_owned(), repository)].into(),
        };
        resolve(&ground, pom.as_bytes(), "api/pom.xml")
    }
}

fn project(rest: &str) -> String {
    format!("<project>{rest}</project>")
}

fn dependencies(list: &[(&str, &str, &str, &str)]) -> String {
    let one = |(group, artifact, version, rest): &(&str, &str, &str, &str)| {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{rest}</dependency>"
        )
    };
    format!("<dependencies>{}</dependencies>", list.iter().map(one).collect::<String>())
}

fn rows(lock: &Lock) -> Vec<(String, u32, char, bool)> {
    let scope = |scope| if scope == Scope::Production { 'p' } else { 'd' };
    let row = |p: &crate::plan::package::Package| {
        (format!("{} {}", p.name, p.version), p.place.line.unwrap(), scope(p.scope), p.optional)
    };
    lock.packages.iter().map(row).collect()
}

#[test]
fn what_is_near_wins_and_what_is_managed_holds() {
    let lock = Machine::new().resolve(POM).unwrap();
    let row = |name: &str, line: u32, scope: char, optional: bool| (name.to_owned(), line, scope, optional);
    assert_eq!(
        rows(&lock),
        [
            row("org.lib:lib 2.5", 13, 'p', false),
            row("org.lib:managed 7.1", 16, 'p', false),
            row("com.shop:core 1.0", 17, 'p', false),
            row("org.test:unit 4.0", 18, 'd', false),
            row("org.api:servlet 3", 22, 'd', false),
            row("org.extra:extra 1", 27, 'p', true),
            row("org.deep:deep 9.9", 13, 'p', false),
            // Two ask for it at the same distance: the first wins, and since it is shipped the other's scope doesn't count.
            row("org.test:shared 1.0", 13, 'p', false),
            row("org.core:only 1", 17, 'p', false),
            row("org.test:only 1", 18, 'd', false),
            row("org.deep:deeper 9.9", 13, 'p', false),
        ]
    );
    assert_eq!((lock.listed, &lock.notices, &lock.incomplete), (11, &Vec::new(), &None));
    assert_eq!(lock.packages[2].origin, Origin::Own);
    assert_eq!(lock.packages[8].origin, Origin::Registry);
}

#[test]
fn the_projects_own_scopes_and_exclusions_hold() {
    let machine = Machine::new();
    for (name, needs) in
        [("a", vec!["b", "c", "d"]), ("b", vec!["e"]), ("c", vec!["f"]), ("d", vec![]), ("e", vec![]), ("f", vec![])]
    {
        let needs: String = needs
            .into_iter()
            .map(|name| {
                format!(
                    "<dependency><groupId>s</groupId><artifactId>{name}</artifactId><version>1</version></dependency>"
                )
            })
            .collect();
        machine.pom("s", name, "1", &format!("<dependencies>{needs}</dependencies>"));
    }
    let managed = [
        ("s", "c", "1", "<scope>test</scope>"),
        (
            "s",
            "a",
            "1",
            "<exclusions><exclusion><groupId>s</groupId><artifactId>d</artifactId></exclusion></exclusions>",
        ),
    ];
    let excluding = "<exclusions><exclusion><groupId>s</groupId><artifactId>x</artifactId></exclusion></exclusions>";
    let text = format!(
        "<artifactId>x</artifactId><dependencyManagement>{}</dependencyManagement>{}",
        dependencies(&managed),
        dependencies(&[("s", "a", "1", excluding), ("s", "b", "1", "<scope>test</scope>")])
    );
    let lock = machine.resolve(&project(&text)).unwrap();
    let rows: Vec<_> = lock.packages.iter().map(|p| (p.name.as_str(), p.scope)).collect();
    let (shipped, not) = (Scope::Production, Scope::Development);
    // `b` is shipped code's dependency too, and Maven goes by what the project says of it.
    assert_eq!(rows, [("s:a", shipped), ("s:b", not), ("s:c", not), ("s:e", not), ("s:f", not)]);
}

#[test]
fn only_what_a_profile_alone_brings_is_optional() {
    let machine = Machine::new();
    machine.pom("s", "a", "1", &dependencies(&[("s", "both", "1", ""), ("s", "alone", "1", "")]));
    machine.pom("s", "b", "1", &dependencies(&[("s", "c", "1", "")]));
    machine.pom("s", "c", "1", &dependencies(&[("s", "both", "1", "")]));
    machine.pom("s", "both", "1", "");
    machine.pom("s", "alone", "1", "");
    let profile = format!("<profiles><profile>{}</profile></profiles>", dependencies(&[("s", "a", "1", "")]));
    let text = format!("<artifactId>x</artifactId>{}{profile}", dependencies(&[("s", "b", "1", "")]));
    let lock = machine.resolve(&project(&text)).unwrap();
    let rows: Vec<_> = lock.packages.iter().map(|p| (p.name.as_str(), p.optional)).collect();
    assert_eq!(rows, [("s:b", false), ("s:a", true), ("s:c", false), ("s:both", false), ("s:alone", true)]);
}

#[test]
fn a_pom_by_itself_lists_what_it_says() {
    let lock = parse(POM.as_bytes(), "pom.xml").unwrap();
    let row = |name: &str, line: u32, scope: char, optional: bool| (name.to_owned(), line, scope, optional);
    assert_eq!(
        rows(&lock),
        [
            row("org.lib:lib 2.5", 13, 'p', false),
            row("org.lib:managed ", 16, 'p', false),
            row("com.shop:core 1.0", 17, 'p', false),
            row("org.test:unit 4.0", 18, 'd', false),
            row("org.api:servlet 3", 22, 'd', false),
            row("org.extra:extra 1", 27, 'p', true),
        ]
    );
    assert_eq!(lock.notices, ["pom.xml:16: nothing here says which version of org.lib:managed is meant"]);
    let why = "the poms of com.shop:core 1.0, com.shop:parent 1.0, org.api:servlet 3 and 3 more are not here, so what they \
               bring is not known; run `mvn dependency:resolve`";
    assert_eq!(lock.incomplete.as_deref(), Some(why));
    assert_eq!(parse(b"<project><artifactId>a</artifactId></project>", "pom.xml").unwrap().incomplete, None);
}

#[test]
fn a_pom_that_is_needed_and_not_here_is_named() {
    let machine = Machine::new();
    machine.pom(
        "org.lib",
        "lib",
        "2.5",
        "<parent><groupId>org.x</groupId><artifactId>up</artifactId><version>1</version></parent>",
    );
    fs::remove_dir_all(machine.folder.path().join("repository/org/bom")).unwrap();
    let why = machine.resolve(POM).unwrap().incomplete.unwrap();
    for name in ["org.bom:bom 7", "org.lib:managed of an unknown version", "and 1 more are not here"] {
        assert!(why.contains(name), "{name}: {why}");
    }
}

#[test]
fn parents_are_not_read_above_the_root() {
    let machine = Machine::new();
    machine
        .file("pom.xml", &project("<groupId>com.shop</groupId><artifactId>parent</artifactId><version>1.0</version>"));
    let path = "<version>${revision}</version>\n    <relativePath>../../pom.xml</relativePath>";
    let lock = machine.resolve(&POM.replacen("<version>${revision}</version>", path, 1)).unwrap();
    assert!(lock.incomplete.as_deref().is_some_and(|why| why.contains("com.shop:parent 1.0")), "{lock:?}");
}

#[test]
fn circles_end() {
    let machine = Machine::new();
    let up = |name: &str| {
        format!("<parent><groupId>o</groupId><artifactId>{name}</artifactId><version>1</version></parent>")
    };
    let import = |name: &str| {
        format!(
            "<dependencyManagement><dependencies><dependency><groupId>o</groupId><artifactId>{name}</artifactId>\
             <version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>"
        )
    };
    machine.pom("o", "a", "1", &(up("b") + &import("b") + &dependencies(&[("o", "b", "1", "")])));
    machine.pom("o", "b", "1", &(up("a") + &import("a") + &dependencies(&[("o", "a", "1", "")])));
    let properties = "<properties><x>${y}${y}</x><y>${x}${x}</y></properties>";
    let text = format!(
        "<groupId>g</groupId><artifactId>x</artifactId><version>1</version>{properties}{}{}",
        import("a"),
        dependencies(&[("o", "a", "1", ""), ("o", "c", "${x}", "")])
    );
    let lock = machine.resolve(&project(&text)).unwrap();
    let names: Vec<_> = lock.packages.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
    assert_eq!(names, ["o:a 1", "o:c ", "o:b 1"]);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        (POM.replace("<artifactId>api</artifactId>", ""), Some(2), "without an artifactId"),
        (POM.replace("<groupId>org.api</groupId>", ""), Some(22), "a dependency without its groupId"),
        (POM.replace("<project", "<!DOCTYPE x [<!ENTITY a \"b\">]><project"), Some(2), "a DTD"),
        (POM.replace("org.api", "&a;"), Some(22), "the entity &a;"),
        (POM[..POM.len() / 2].to_owned(), None, ""),
        (
            POM.replace("  <dependencies>\n    <dep", "<<<<<<< a\n=======\n>>>>>>> b\n    <dep"),
            Some(12),
            "conflict markers",
        ),
        ("<html/>".to_owned(), Some(1), "begins with <html>"),
        (String::new(), None, "no <project>"),
    ] {
        let fault = parse(text.as_bytes(), "pom.xml").unwrap_err();
        assert!(fault.what.contains(what), "{what}: {fault:?}");
        assert!(line.is_none() || fault.line == line, "{what}: {fault:?}");
    }
}

#[test]
fn many_dependencies_are_read() {
    let list: String = (0..20_000)
        .map(|number| {
            format!(
                "<dependency><groupId>g</groupId><artifactId>a{number}</artifactId><version>1</version></dependency>\n"
            )
        })
        .collect();
    let text = project(&format!("<artifactId>x</artifactId><dependencies>{list}</dependencies>"));
    let lock = parse(text.as_bytes(), "pom.xml").unwrap();
    assert_eq!((lock.listed, lock.packages.len()), (20_000, 20_000));
}

#[test]
fn large_lists_of_managed_versions_are_put_together_once() {
    let machine = Machine::new();
    let managed: String = (0..3000)
        .map(|number| format!("<dependency><groupId>m</groupId><artifactId>m{number}</artifactId><version>{number}</version></dependency>"))
        .collect();
    let managed = format!("<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>");
    machine.pom("m", "bom", "1", &managed);
    machine.pom("m", "parent", "1", &managed);
    let bom = "<parent><groupId>m</groupId><artifactId>parent</artifactId><version>1</version></parent>
        <dependencyManagement><dependencies><dependency><groupId>m</groupId><artifactId>bom</artifactId><version>1</version>
        <type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>";
    for number in 0..300 {
        let next = format!(
            "<dependencies><dependency><groupId>m</groupId><artifactId>m{}</artifactId></dependency></dependencies>",
            number + 1
        );
        machine.pom("m", &format!("m{number}"), &number.to_string(), &format!("{bom}{next}"));
    }
    let text = format!("<artifactId>x</artifactId>{}", dependencies(&[("m", "m0", "0", "")]));
    let lock = machine.resolve(&project(&text)).unwrap();
    assert_eq!((lock.packages.len(), lock.notices.len()), (301, 0));
    assert_eq!((lock.packages[300].name.as_str(), lock.packages[300].version.as_str()), ("m:m300", "300"));
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_dropped(bytes in mutated(POM)) {
        if let Ok(lock) = parse(&bytes, "pom.xml") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "pom.xml");
    }

    #[test]
    fn properties_never_loop(text in "[${}a-c]{0,40}", values in proptest::collection::vec("[${}a-c]{0,20}", 3)) {
        let properties = ["a", "b", "c"].iter().map(|name| (*name).to_owned()).zip(values).collect();
        prop_assert!(effective::interpolated(&text, &properties).len() <= 8192);
    }
}
