use super::*;
use proptest::prelude::*;

fn found(text: &str, file: Option<&str>, class: Option<&str>) -> Option<(String, u32)> {
    find(text, file, class).map(|place| (place.file, place.line.unwrap_or_default()))
}

#[test]
fn places_as_runners_write_them() {
    for (text, file, line) in [
        ("tests/test_a.py:12: AssertionError", "tests/test_a.py", 12),
        ("  File \"tests/test_a.py\", line 12, in test_x", "tests/test_a.py", 12),
        ("    at Object.<anonymous> (src/a.test.ts:12:5)", "src/a.test.ts", 12),
        ("at file:///home/u/p/src/a.mjs:7:1", "/home/u/p/src/a.mjs", 7),
        ("at com.acme.FooTest.bar(FooTest.java:42)", "FooTest.java", 42),
        ("/app/tests/FooTest.php:42", "/app/tests/FooTest.php", 42),
        ("in /app/tests/FooTest.php on line 9", "/app/tests/FooTest.php", 9),
        ("# ./spec/a_spec.rb:12:in `block'", "spec/a_spec.rb", 12),
        ("panicked at crates/x/tests/it.rs:5:9:", "crates/x/tests/it.rs", 5),
        ("    foo_test.go:31: got 1", "foo_test.go", 31),
        ("in C:\\src\\App\\FooTest.cs:line 3\nat C:\\src\\App\\FooTest.cs:30", "C:/src/App/FooTest.cs", 30),
        ("app/[id]/page.test.tsx:3", "app/[id]/page.test.tsx", 3),
        ("❯ src/größe.spec.ts:8:3", "src/größe.spec.ts", 8),
        ("error: ../lib/x.dart:4", "../lib/x.dart", 4),
    ] {
        assert_eq!(found(text, None, None), Some((file.to_owned(), line)), "{text}");
    }
}

#[test]
fn what_is_no_place() {
    for text in [
        "",
        "connect ECONNREFUSED db.example:5432",
        "10.0.0.1:80",
        "https://example.com/a.js:12",
        "a.py",
        "a.py:x",
        "a.py:0",
        ".py:3",
        "version 1.2.3:4",
        "a.python:3",
    ] {
        assert_eq!(found(text, None, None), None, "{text}");
    }
}

#[test]
fn the_tests_own_file_wins_then_its_class_then_the_projects_code() {
    let trace = "node_modules/x/index.js:1:1\nsrc/lib.js:2:2\ntests/cart.test.js:3:3\ntests/cart.test.js:4:4";
    assert_eq!(found(trace, Some("/ci/tests/cart.test.js"), None), Some(("tests/cart.test.js".to_owned(), 3)));
    assert_eq!(found(trace, None, Some("tests.cart.test")), Some(("src/lib.js".to_owned(), 2)));
    assert_eq!(found(trace, None, None), Some(("src/lib.js".to_owned(), 2)));
    let python = "src/shop.py:9: in total\ntests/unit/test_cart.py:5: in test_total";
    assert_eq!(
        found(python, None, Some("tests.unit.test_cart.TestCart")),
        Some(("tests/unit/test_cart.py".to_owned(), 5))
    );
    assert_eq!(found("/usr/lib/python3/unittest/case.py:1", None, None), None);
}

#[test]
fn a_repository_knows_its_roots_and_files() {
    let files = ["tests/a/x.py", "tests/b/x.py", "src/test/java/com/acme/FooTest.java"].map(str::to_owned);
    let roots = ["/ci/build".to_owned(), "/".to_owned(), "/ci".to_owned()];
    let repository = Repository::new(&roots, &files);
    let at = |file: &str| repository.locate(&Place::new(file, Some(3))).file;
    assert_eq!(at("/ci/build/tests/a/x.py"), "tests/a/x.py");
    assert_eq!(at("/ci/build/tests/new.py"), "tests/new.py");
    assert_eq!(at("FooTest.java"), "src/test/java/com/acme/FooTest.java");
    assert_eq!(at("/elsewhere/tests/b/x.py"), "tests/b/x.py");
    assert_eq!(at("x.py"), "x.py", "two files fit, so nothing is guessed");
    assert_eq!(at("/elsewhere/y.py"), "/elsewhere/y.py");
}

#[test]
fn same_files() {
    assert!(is_same_file("a/b.py", "b.py"));
    assert!(is_same_file(".\\a\\b.py", "a/b.py"));
    assert!(!is_same_file("aab.py", "b.py"));
    assert!(!is_same_file("a/b.py", "c/b.py"));
}

proptest! {
    #[test]
    fn any_text_is_searched(text in "([a-c./\\\\:é\" ,()\\[]|\\.py|\\.ts:[0-9]|line ){0,60}") {
        if let Some(place) = find(&text, Some("a.py"), Some("a.b")) {
            prop_assert!(place.line.is_some());
        }
    }
}
