use super::*;
use crate::observe::zip::tests::archive;
use crate::plan::package::Ecosystem;
use std::fs;
use tempfile::TempDir;

struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        Machine { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, path: &str, content: &str) {
        self.bytes(path, content.as_bytes());
    }

    fn bytes(&self, path: &str, content: &[u8]) {
        let path = self.folder.path().join("home").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn look(&self, name: &str, version: &str) -> Evidence {
        let home = self.folder.path().join("home").to_str().unwrap().to_owned();
        let ground = Ground {
            root: self.folder.path().join("root"),
            folder: String::new(),
            variables: [("HOME".to_owned(), home)].into(),
        };
        open(&ground, &Lock::default()).look(&Package::new(Ecosystem::Maven, name, version, Place::default()))
    }
}

fn pom(rest: &str) -> String {
    format!(
        "<project>\n<groupId>org.a</groupId>\n<artifactId>lib</artifactId>\n<version>1.0</version>\n{rest}\n</project>"
    )
}

fn licenses(list: &[(&str, &str)]) -> String {
    let one = |(name, url): &(&str, &str)| format!("<license><name>{name}</name><url>{url}</url></license>");
    format!("<licenses>\n{}</licenses>", list.iter().map(one).collect::<String>())
}

const LIB: &str = ".m2/repository/org/a/lib/1.0/lib-1.0.pom";

#[test]
fn one_licence_has_its_address_and_several_are_many() {
    let machine = Machine::new();
    let text = |text: &str| text.to_owned();
    for (list, value) in [
        (
            vec![("MIT License", "https://mit.example")],
            Value::Named { name: text("MIT License"), url: text("https://mit.example") },
        ),
        (vec![("MIT License", "")], Value::One(text("MIT License"))),
        (vec![("", "https://mit.example")], Value::Url(text("https://mit.example"))),
        (vec![("EPL 1.0", "x"), ("LGPL 2.1", "y")], Value::Many(vec![text("EPL 1.0"), text("LGPL 2.1")])),
    ] {
        machine.file(LIB, &pom(&licenses(&list)));
        let evidence = machine.look("org.a:lib", "1.0");
        assert_eq!(evidence.statements.len(), 1);
        let statement = &evidence.statements[0];
        assert_eq!((&statement.value, statement.field, statement.place.line), (&value, "licenses", Some(6)));
        assert!(statement.place.path.ends_with("/lib-1.0.pom"));
    }
}

#[test]
fn a_licence_is_inherited() {
    let machine = Machine::new();
    let parent = "<parent><groupId>org.a</groupId><artifactId>up</artifactId><version>3</version></parent>";
    machine.file(LIB, &pom(parent));
    let evidence = machine.look("org.a:lib", "1.0");
    assert_eq!(evidence.statements.len(), 0);
    assert!(evidence.missing.is_some_and(|missing| missing.contains("its parent org.a:up 3 is not here")));
    let up = pom(&licenses(&[("MIT", "")])).replace("lib", "up").replace("1.0", "3");
    machine.file(".gradle/caches/modules-2/files-2.1/org.a/up/3/0123abcd/up-3.pom", &up);
    let evidence = machine.look("org.a:lib", "1.0");
    assert_eq!(evidence.statements[0].value, Value::One("MIT".to_owned()));
    assert!(evidence.statements[0].place.path.ends_with("/up-3.pom"));
    machine.file(".gradle/caches/modules-2/files-2.1/org.a/up/3/0123abcd/up-3.pom", "<!DOCTYPE x><project/>");
    assert_eq!(machine.look("org.a:lib", "1.0").statements, []);
}

#[test]
fn parents_in_a_circle_end() {
    let machine = Machine::new();
    machine
        .file(LIB, &pom("<parent><groupId>org.a</groupId><artifactId>lib</artifactId><version>1.0</version></parent>"));
    assert_eq!(machine.look("org.a:lib", "1.0"), Evidence::default());
}

#[test]
fn what_is_not_the_locked_package_is_not_used() {
    let machine = Machine::new();
    machine.file(".m2/settings.xml", "<settings><localRepository>${user.home}/maven</localRepository></settings>");
    machine.file("maven/org/a/lib/2.0/lib-2.0.pom", &pom(&licenses(&[("MIT", "")])));
    machine.file("maven/org/a/lib/3-SNAPSHOT/lib-3-20260101.120000-1.pom", &pom(&licenses(&[("MIT", "")])));
    machine.file("maven/org/a/odd/1/odd-1.pom", "<project><artifactId>odd</artifactId>&x;</project>");
    assert_eq!(machine.look("org.a:lib", "3-SNAPSHOT").missing, None);
    for (name, version, what) in [
        ("org.a:lib", "2.0", "lib-2.0.pom is org.a:lib 1.0"),
        ("org.a:lib", "4.0", "the pom of org.a:lib 4.0 is not in a local repository; run `mvn dependency:resolve`"),
        ("org.a:odd", "1", "odd-1.pom:1: the entity &x;"),
        ("org.a:lib", "", "which version of org.a:lib"),
        ("lib", "1", "no group:artifact"),
        ("..:lib", "1", "not in a local repository"),
        ("a:../../etc", "1", "not in a local repository"),
    ] {
        let evidence = machine.look(name, version);
        assert!(evidence.missing.as_deref().unwrap().contains(what), "{evidence:?}");
        assert_eq!(evidence.statements, []);
    }
}

#[test]
fn a_jar_speaks_where_no_pom_does() {
    let jar = archive(&[
        ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0"),
        ("META-INF/LICENSE.txt", b"the licence"),
        ("META-INF/NOTICE", b"the notice"),
        ("META-INF/versions/9/LICENSE", b"another's"),
        ("org/LICENSE", b"another's"),
        ("license.class", b""),
        ("COPYING", b"the copying"),
    ]);
    for path in
        [".m2/repository/org/a/lib/1.0/lib-1.0.jar", ".gradle/caches/modules-2/files-2.1/org.a/lib/1.0/ab/lib-1.0.jar"]
    {
        let machine = Machine::new();
        machine.file(LIB, &pom(""));
        assert_eq!(machine.look("org.a:lib", "1.0"), Evidence::default());
        machine.bytes(path, &jar);
        let evidence = machine.look("org.a:lib", "1.0");
        let names: Vec<&str> = evidence.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["COPYING", "META-INF/LICENSE.txt", "META-INF/NOTICE"]);
        assert!(evidence.files[1].path.ends_with("lib-1.0.jar/META-INF/LICENSE.txt"));
        assert_eq!(
            (evidence.files[1].bytes.as_slice(), evidence.missing, evidence.notices),
            (&b"the licence"[..], None, vec![])
        );
        // What the pom states counts, and what its parent may state is waited for.
        machine.file(LIB, &pom(&licenses(&[("MIT", "")])));
        assert_eq!(
            (machine.look("org.a:lib", "1.0").files, machine.look("org.a:lib", "1.0").statements.len()),
            (vec![], 1)
        );
        machine.file(
            LIB,
            &pom("<parent><groupId>org.a</groupId><artifactId>up</artifactId><version>3</version></parent>"),
        );
        assert!(machine.look("org.a:lib", "1.0").missing.is_some());
    }
}

#[test]
fn a_jar_that_is_none_is_told_and_no_evidence() {
    let whole = archive(&[("META-INF/LICENSE", b"the licence")]);
    let twice = archive(&[("LICENSE", b"one"), ("LICENSE", b"another")]);
    for (jar, what) in [
        (&b"no zip"[..], "no whole zip"),
        (&whole[..whole.len() - 3], "no whole zip"),
        (&twice, "two entries"),
        (&archive(&[("../LICENSE", b"x")]), "leads out of it"),
    ] {
        let machine = Machine::new();
        machine.file(LIB, &pom(""));
        machine.bytes(".m2/repository/org/a/lib/1.0/lib-1.0.jar", jar);
        let evidence = machine.look("org.a:lib", "1.0");
        assert!(evidence.notices[0].contains(what), "{evidence:?}");
        assert_eq!((evidence.files, evidence.statements), (vec![], vec![]), "{what}");
    }
    let evidence = jar::read(Path::new("/nowhere/x.jar"), "x.jar");
    assert!(evidence.notices[0].starts_with("x.jar can't be read"), "{evidence:?}");
}
