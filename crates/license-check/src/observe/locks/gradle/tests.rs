use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const SAMPLE: &str = "# This is a Gradle generated file for dependency locking.
com.google.guava:guava:31.1-jre=compileClasspath,runtimeClasspath,testRuntimeClasspath
com.puppycrawl.tools:checkstyle:10.1=checkstyle
junit:junit:4.13.2=debugUnitTestRuntimeClasspath,testCompileClasspath
org.testng:testng:7.0=testngRuntimeClasspath
empty=annotationProcessor
";

fn read(text: &str) -> Result<Lock, Fault> {
    parse(text.as_bytes(), "app/gradle.lockfile")
}

#[test]
fn modules_have_their_line_and_scope() {
    let lock = read(SAMPLE).unwrap();
    let rows: Vec<_> = lock.packages.iter().map(|p| (p.id(), p.scope, p.place.line.unwrap())).collect();
    assert_eq!(lock.listed, 4);
    assert_eq!(
        rows,
        [
            ("maven:com.google.guava:guava@31.1-jre".to_owned(), Scope::Production, 2),
            ("maven:com.puppycrawl.tools:checkstyle@10.1".to_owned(), Scope::Development, 3),
            ("maven:junit:junit@4.13.2".to_owned(), Scope::Development, 4),
            ("maven:org.testng:testng@7.0".to_owned(), Scope::Production, 5),
        ]
    );
    assert_eq!(read(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"))).unwrap(), lock);
}

#[test]
fn a_build_script_has_its_own_class_path() {
    let text = "a:b:1=classpath\nempty=\n";
    assert_eq!(parse(text.as_bytes(), "buildscript-gradle.lockfile").unwrap().packages[0].scope, Scope::Development);
    assert_eq!(parse(text.as_bytes(), "gradle.lockfile").unwrap().packages[0].scope, Scope::Production);
    let old = "a:b:1\n";
    let path = "gradle/dependency-locks/testCompileClasspath.lockfile";
    assert_eq!(parse(old.as_bytes(), path).unwrap().packages[0].scope, Scope::Development);
    let path = "gradle/dependency-locks/compileClasspath.lockfile";
    assert_eq!(parse(old.as_bytes(), path).unwrap().packages[0].scope, Scope::Production);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        (SAMPLE.replace("junit:junit:", "junit:"), Some(4), "no `group:name:version"),
        (SAMPLE.replace("junit:junit:", "junit::"), Some(4), "no `group:name:version"),
        (SAMPLE.replace("junit:junit:", "junit:j\0:"), Some(4), "no `group:name:version"),
        (SAMPLE.replace("empty=annotationProcessor\n", ""), None, "cut off"),
        (SAMPLE.replace("junit:junit", "<<<<<<< a\n=======\n>>>>>>> b\njunit:junit"), Some(4), "conflict markers"),
    ] {
        let fault = read(&text).unwrap_err();
        assert!(fault.what.contains(what), "{what}: {fault:?}");
        assert_eq!(fault.line, line, "{what}");
    }
    assert_eq!(parse(b"#\n\xff", "gradle.lockfile").unwrap_err().line, Some(2));
}

#[test]
fn what_stands_twice_is_shipped_when_one_of_them_is() {
    let lock = read("a:b:1=testX\na:b:1=x\nempty=\n").unwrap();
    assert_eq!((lock.listed, lock.packages.len(), lock.notices.len()), (1, 1, 1));
    assert_eq!(lock.packages[0].scope, Scope::Production);
}

#[test]
fn a_hundred_thousand_modules_are_read() {
    let lines = (0..100_000).map(|number| format!("g:m{number}:1.0.{number}=runtimeClasspath\n"));
    let lock = read(&format!("{}empty=\n", lines.collect::<String>())).unwrap();
    assert_eq!((lock.listed, lock.packages.len()), (100_000, 100_000));
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_dropped(bytes in mutated(SAMPLE)) {
        if let Ok(lock) = parse(&bytes, "gradle.lockfile") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "gradle.lockfile");
    }
}
