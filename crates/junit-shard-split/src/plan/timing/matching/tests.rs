use proptest::prelude::*;

use super::super::explain::explain;
use super::super::{Entry, SuiteName};
use super::*;

fn entry() -> Entry {
    Entry {
        suite: None,
        file: None,
        property_file: None,
        failure_file: None,
        classname: None,
        name: None,
        sample: "case".into(),
        report_line: 1,
        cases: 1,
        skipped: 0,
        timed: 1,
        time_ns: 1_000,
        overhead_ns: 0,
    }
}

fn with_file(file: &str) -> Entry {
    Entry { file: Some(file.into()), ..entry() }
}

fn with_class(classname: &str) -> Entry {
    Entry { classname: Some(classname.into()), ..entry() }
}

fn report(entries: Vec<Entry>) -> ReportTimings {
    ReportTimings { report: "r.xml".to_owned(), suites: Vec::new(), entries, shared_overhead_ns: 0 }
}

fn list(listed: &[&str]) -> Vec<String> {
    listed.iter().map(|file| (*file).to_owned()).collect()
}

/// The file and rule of each entry, or the code of the reason.
fn found(listed: &[&str], entries: Vec<Entry>) -> Vec<(String, &'static str)> {
    found_in(listed, &[report(entries)])
}

/// The same for several reports.
fn found_in(listed: &[&str], reports: &[ReportTimings]) -> Vec<(String, &'static str)> {
    let listed = list(listed);
    let describe = |found: EntryMatch| match found.outcome {
        Outcome::Matched { file, rule } => (listed[file as usize].clone(), rule.code()),
        Outcome::Unmatched(reason) => (String::new(), reason.code()),
    };
    match_reports(&listed, reports).matches.into_iter().map(describe).collect()
}

fn one(listed: &[&str], entry: Entry) -> (String, &'static str) {
    found(listed, vec![entry]).remove(0)
}

#[test]
fn spellings_of_the_same_path() {
    for written in [
        "a/b.js",
        "./a/b.js",
        "a//b.js",
        "a\\b.js",
        ".\\a\\b.js",
        "a/./b.js",
        "a/x/../b.js",
        "a/b.js:12",
        "a/b.js:12:3",
        "a/b.js::it works",
        "a/b.js?import",
        " a/b.js ",
    ] {
        assert_eq!(one(&["a/b.js", "b.js"], with_file(written)), ("a/b.js".to_owned(), "file-exact"), "{written}");
    }
    assert_eq!(one(&["./a/b.js"], with_file("a/b.js")), ("./a/b.js".to_owned(), "file-exact"));
    assert_eq!(one(&["a\\b.js"], with_file("a/b.js")), ("a\\b.js".to_owned(), "file-exact"));
}

#[test]
fn suffixes_are_whole_components_and_unique() {
    let listed = ["tests/a_test.py", "lib/tests/a_test.py", "xa_test.py"];
    let absolute = |path: &str| one(&listed, with_file(path));
    assert_eq!(absolute("/builds/app/lib/tests/a_test.py"), ("lib/tests/a_test.py".to_owned(), "file-suffix"));
    assert_eq!(absolute("/builds/app/tests/a_test.py"), ("tests/a_test.py".to_owned(), "file-suffix"));
    assert_eq!(absolute("C:\\agent\\tests\\a_test.py"), ("tests/a_test.py".to_owned(), "file-suffix"));
    assert_eq!(absolute("file:///builds/app/tests/a_test.py"), ("tests/a_test.py".to_owned(), "file-suffix"));
    assert_eq!(absolute("a_test.py"), (String::new(), "ambiguous"));
    assert_eq!(absolute("/builds/xtests/a_test.py"), (String::new(), "no-listed-file-ends-with"));
    assert_eq!(absolute("ests/a_test.py"), (String::new(), "no-listed-file-ends-with"));
    assert_eq!(absolute("other/a_test.py"), (String::new(), "no-listed-file-ends-with"));
    assert_eq!(one(&["e2e/cart.spec.js"], with_file("cart.spec.js")).1, "file-suffix");
}

#[test]
fn an_ambiguous_path_is_decided_by_the_directory_that_fits_the_whole_report() {
    let listed = ["e2e/a.spec.js", "e2e/sub/a.spec.js", "old/a.spec.js", "e2e/only.spec.js"];
    let entries = || vec![with_file("a.spec.js"), with_file("sub/a.spec.js"), with_file("only.spec.js")];
    let files: Vec<String> = found(&listed, entries()).into_iter().map(|(file, _)| file).collect();
    assert_eq!(files, ["e2e/a.spec.js", "e2e/sub/a.spec.js", "e2e/only.spec.js"]);
    assert_eq!(one(&listed, with_file("a.spec.js")), (String::new(), "ambiguous"));
}

#[test]
fn a_later_rule_may_decide_between_candidates_but_not_add_one() {
    let listed = ["x/a_test.py", "y/a_test.py", "z/b_test.py"];
    let both = |classname: &str| Entry { file: Some("a_test.py".into()), ..with_class(classname) };
    assert_eq!(one(&listed, both("y.a_test")), ("y/a_test.py".to_owned(), "dotted-class"));
    assert_eq!(one(&listed, both("z.b_test")), (String::new(), "ambiguous"));
}

#[test]
fn a_deleted_test_does_not_count_for_one_of_the_same_name() {
    let deleted = Entry { file: Some("tests/old/CartTest.php".into()), ..with_class("Tests.Old.CartTest") };
    assert_eq!(one(&["tests/new/CartTest.php"], deleted).1, "no-listed-file-ends-with");
    let deleted = Entry { file: Some("tests/old/CartTest.php".into()), ..with_class("CartTest") };
    assert_eq!(one(&["tests/new/CartTest.php"], deleted).1, "no-listed-file-ends-with");
    let deleted = Entry { name: Some("Test_gone_test_case_1".into()), ..with_class("example.com/shop/cart") };
    assert_eq!(one(&["cart/store_test.go"], deleted).1, "no-file-attribute-and-no-class-rule-matched");
}

#[test]
fn an_inherited_test_counts_for_the_file_of_its_class() {
    let suites = vec![SuiteName {
        parent: None,
        name: "Tests\\CartTest".into(),
        file: Some("/app/tests/CartTest.php".into()),
        carried: false,
    }];
    let inherited = Entry { suite: Some(0), ..with_file("/app/tests/BaseCase.php") };
    let report = ReportTimings { suites, ..report(vec![inherited]) };
    let timings = match_reports(&list(&["tests/CartTest.php"]), &[report]);
    assert_eq!(timings.matches[0].outcome, Outcome::Matched { file: 0, rule: Rule::SuiteFile });
}

#[test]
fn modules_and_classes() {
    let java = [
        "src/test/java/com/acme/FooTest.java",
        "src/test/java/com/acme/sub/BarTest.kt",
        "src/test/java/org/acme/BarTest.kt",
    ];
    assert_eq!(one(&java, with_class("com.acme.FooTest$Inner")), (java[0].to_owned(), "dotted-class"));
    assert_eq!(one(&java, with_class("com.acme.sub.BarTest")), (java[1].to_owned(), "dotted-class"));
    assert_eq!(one(&java, with_class("com.other.FooTest")).0, "", "another package");
    let python = ["tests/pkg/test_a.py", "lib/tests/pkg/test_a.py", "tests/test_b.py"];
    assert_eq!(one(&python, with_class("tests.pkg.test_a.TestX.TestInner")), (python[0].to_owned(), "dotted-class"));
    assert_eq!(one(&python, with_class("lib.tests.pkg.test_a")), (python[1].to_owned(), "dotted-class"));
    assert_eq!(one(&python, with_class("repo.tests.test_b.TestB")), (python[2].to_owned(), "dotted-class"));
    assert_eq!(one(&python, with_class("pkg.test_a")), (String::new(), "ambiguous"));
    assert_eq!(one(&["com.py"], with_class("com.acme.Foo")).0, "", "a module is no class");
}

#[test]
fn a_name_with_blanks_is_a_path_only_when_it_is_all_of_it() {
    let listed = ["tests/a b/test_sp ace.py", "src/a b/x y.py", "test_sp ace.py", "e2e/a b/my test.js"];
    for (class, file) in [
        ("tests.a b.test_sp ace", listed[0]),
        ("tests.a b.test_sp ace.TestX", listed[0]),
        ("tests.a b.test_sp ace.TestX.TestInner", listed[0]),
        ("test_sp ace", listed[2]),
    ] {
        assert_eq!(one(&listed, with_class(class)), (file.to_owned(), "dotted-class"), "{class}");
    }
    for title in [
        "tests.a b.test_sp ace.test_x",
        "tests.a b.test_sp ace.Adds 1 and 2",
        "a b.x y",
        "repo.src.a b.x y",
        "e2e.a b.my test",
        "x y",
    ] {
        assert_eq!(one(&listed, with_class(title)).0, "", "{title}");
    }
}

/// An entry as nextest writes it: the binary's id as the suite's name and as the class.
fn of_binaries(ids: &[(&str, &str)]) -> ReportTimings {
    let suite = |(name, _): &(&str, &str)| SuiteName { parent: None, name: (*name).into(), file: None, carried: false };
    let entries = (0_u32..).zip(ids).map(|(at, (_, class))| Entry { suite: Some(at), ..with_class(class) });
    ReportTimings { suites: ids.iter().map(suite).collect(), ..report(entries.collect()) }
}

#[test]
fn a_binary_of_nextest_is_the_test_target_of_its_package() {
    let same = |id| found_in(&["tests/alpha.rs", "tests/it/main.rs", "src/lib.rs"], &[of_binaries(&[(id, id)])]);
    let no = |code| vec![(String::new(), code)];
    assert_eq!(same("demo::alpha"), [("tests/alpha.rs".to_owned(), "cargo-target")]);
    assert_eq!(same("demo::it"), [("tests/it/main.rs".to_owned(), "cargo-target")]);
    for id in
        ["demo", "demo::bin/alpha", "demo::other", "demo::lib", "a::b::alpha", "::alpha", "demo::", "de mo::alpha"]
    {
        assert_eq!(same(id), no("no-file-attribute-and-no-class-rule-matched"), "{id}");
    }
    let of = |listed: &[&str], id| found_in(listed, &[of_binaries(&[(id, id)])]);
    let crates = ["crates/demo/tests/it.rs", "crates/more/tests/it/main.rs"];
    assert_eq!(of(&crates, "more::it"), [(crates[1].to_owned(), "cargo-target")]);
    assert_eq!(of(&crates, "third::it"), no("ambiguous"));
    assert_eq!(of(&["a/demo/tests/it.rs", "b/demo/tests/it.rs"], "demo::it"), no("ambiguous"));
}

#[test]
fn one_test_target_is_not_two_packages() {
    let (a, b) = (("demo::it", "demo::it"), ("more::it", "more::it"));
    let nobody = (String::new(), "ambiguous");
    // Together, or in the reports of two shards.
    for reports in [vec![of_binaries(&[a, b])], vec![of_binaries(&[a]), of_binaries(&[b])]] {
        let named = "crates/more/tests/it.rs";
        assert_eq!(found_in(&[named], &reports), [nobody.clone(), (named.to_owned(), "cargo-target")]);
        assert_eq!(found_in(&["crates/x/tests/it.rs"], &reports), [nobody.clone(), nobody.clone()]);
        // The package at the root has no folder with its name, but what is another package's is none of its.
        let root = ["tests/it.rs", named];
        let both = root.map(|file| (file.to_owned(), "cargo-target"));
        assert_eq!(found_in(&root, &reports), both);
        assert_eq!(found_in(&[root[0], "x/tests/it.rs", named], &reports), [nobody.clone(), both[1].clone()]);
    }
}

#[test]
fn what_is_left_of_many_test_targets_is_the_root_s() {
    let named: Vec<String> = (0..30).map(|at| format!("crates/p{at}/tests/it.rs")).collect();
    let ids: Vec<String> = (0..30).map(|at| format!("p{at}::it")).chain(["demo::it".to_owned()]).collect();
    let ids: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), id.as_str())).collect();
    let of = |unnamed: &[&'static str]| {
        let listed: Vec<&str> = named.iter().map(String::as_str).chain(unnamed.iter().copied()).collect();
        found_in(&listed, &[of_binaries(&ids)]).pop().unwrap()
    };
    assert_eq!(of(&["tests/it.rs"]), ("tests/it.rs".to_owned(), "cargo-target"));
    // Two are left, although only twenty candidates are told.
    assert_eq!(of(&["tests/it.rs", "x/tests/it.rs"]), (String::new(), "ambiguous"));
}

#[test]
fn what_other_dialects_write_with_two_colons_is_no_binary() {
    let listed = ["tests/X.rs", "tests/alpha.rs", "tests/X.php", "t/alpha.t"];
    // The class alone (Perl, Ruby), or as a test of a suite of another name (CTest, GoogleTest).
    assert_eq!(one(&listed, with_class("demo::alpha")).0, "");
    assert_eq!(found_in(&listed, &[of_binaries(&[("Linux-c++", "demo::alpha")])])[0].0, "");
    assert_eq!(found_in(&listed, &[of_binaries(&[("demo::alpha", "alpha")])])[0].0, "");
    // A file wins over a name, listed or not.
    let pest = |file: &str| Entry { file: Some(file.into()), suite: Some(0), ..with_class("demo::alpha") };
    let with_suite = |entry| ReportTimings { entries: vec![entry], ..of_binaries(&[("demo::alpha", "demo::alpha")]) };
    let found = found_in(&listed, &[with_suite(pest("tests/X.php::it adds"))]);
    assert_eq!(found, [("tests/X.php".to_owned(), "file-exact")]);
    let found = found_in(&listed, &[with_suite(pest("tests/Gone.php::it adds"))]);
    assert_eq!(found, [(String::new(), "no-listed-file-ends-with")]);
    // The files of other languages are never meant.
    let found = found_in(
        &["tests/alpha.php", "tests/alpha.py", "main_test.go"],
        &[of_binaries(&[("demo::alpha", "demo::alpha")])],
    );
    assert_eq!(found[0].0, "");
}

#[test]
fn namespaces_follow_their_longest_part() {
    let listed = ["tests/Unit/CartTest.php", "tests/Feature/CartTest.php", "tests/PriceTest.php"];
    assert_eq!(one(&listed, with_class("App\\Tests\\Unit\\CartTest")), (listed[0].to_owned(), "namespaced-class"));
    assert_eq!(one(&listed, with_class("Acme.Shop.PriceTest")), (listed[2].to_owned(), "namespaced-class"));
    assert_eq!(one(&listed, with_class("App\\Tests\\CartTest")).0, "");
    assert_eq!(one(&["a/X/FooTest.php", "b/X/FooTest.php"], with_class("T\\X\\FooTest")), (String::new(), "ambiguous"));
}

#[test]
fn titles_are_no_classes() {
    for title in ["cart", "Api", "test", "CartTest adds", "", ".", "\\", "::", "$", "/"] {
        assert_eq!(one(&["src/cart.test.js", "test.js", "Api.js"], with_class(title)).0, "", "{title:?}");
    }
}

#[test]
fn a_path_that_is_listed_twice_has_its_time_once() {
    let timings = match_reports(&list(&["a.js", "./a.js"]), &[report(vec![with_file("a.js")])]);
    assert!(timings.by_file[0].is_some() && timings.by_file[1].is_none());
}

#[test]
fn explanations_say_why() {
    let listed = list(&["x/a.js", "y/a.js", "b.js", "c.js", "d.js"]);
    let untimed = Entry { timed: 0, ..with_file("c.js") };
    let reports = [report(vec![with_file("a.js"), with_file("b.js"), untimed, with_class("some title")])];
    let explanation = explain(&listed, &reports, &match_reports(&listed, &reports));
    let reasons: Vec<_> = explanation.files.iter().map(|file| file.reason.as_deref()).collect();
    let ambiguous = Some("only-ambiguous-entries");
    assert_eq!(reasons, [ambiguous, ambiguous, None, Some("no-time-in-its-entries"), Some("no-report-has-it")]);
    assert_eq!(explanation.entries[0].candidates, ["x/a.js", "y/a.js"]);
    assert_eq!(explanation.entries[1].matched.as_deref(), Some("b.js"));
    assert_eq!(explanation.entries[3].reason.as_deref(), Some("no-file-attribute-and-no-class-rule-matched"));
    let json = serde_json::to_string(&explanation.entries[1]).unwrap();
    assert!(json.contains(r#""matched":"b.js","rule":"file-exact""#), "{json}");
}

#[test]
fn data_that_no_reader_makes_does_no_harm() {
    let circle = SuiteName { parent: Some(0), name: "a.js".into(), file: None, carried: false };
    let odd = ReportTimings {
        suites: vec![circle],
        ..report(vec![Entry { suite: Some(0), ..entry() }, Entry { suite: Some(9), ..entry() }])
    };
    let listed = list(&["", "/", "::", "a.js"]);
    let timings = match_reports(&listed, std::slice::from_ref(&odd));
    assert_eq!(timings.matches[0].outcome, Outcome::Matched { file: 3, rule: Rule::SuiteNamePath });
    explain(&listed, &[odd], &timings);
}

proptest! {
    #[test]
    fn a_listed_path_under_any_root_finds_itself(
        paths in prop::collection::btree_set("[a-c]{1,2}(/[a-c]{1,2}){0,3}\\.js", 1..12),
        root in "(/[d-f]{1,3}){1,3}/",
    ) {
        let listed: Vec<String> = paths.into_iter().collect();
        let entries = listed.iter().map(|path| with_file(&format!("{root}{path}"))).collect();
        let timings = match_reports(&listed, &[report(entries)]);
        for (at, found) in (0_u32..).zip(&timings.matches) {
            prop_assert_eq!(&found.outcome, &Outcome::Matched { file: at, rule: Rule::FileSuffix });
        }
    }

    #[test]
    fn the_order_of_reports_and_of_the_list_changes_no_time(
        files in prop::collection::vec("[a-b]{1,2}(/[a-b]){0,2}", 1..10),
        reported in prop::collection::vec(("[a-b]{0,2}(/[a-b]){0,2}", 0_u64..1000), 0..20),
    ) {
        let listed: std::collections::BTreeSet<String> = files.into_iter().collect();
        let forward: Vec<String> = listed.iter().cloned().collect();
        let backward: Vec<String> = listed.into_iter().rev().collect();
        let reports: Vec<_> = reported
            .iter()
            .map(|(file, time_ns)| report(vec![Entry { time_ns: *time_ns, ..with_file(file) }]))
            .collect();
        let turned: Vec<_> = reports.iter().rev().cloned().collect();
        let times = |listed: &[String], reports: &[ReportTimings]| {
            let timings = match_reports(listed, reports);
            let times = listed.iter().cloned().zip(timings.by_file.iter().map(|timing| timing.map(|timing| timing.time_ns)));
            times.collect::<std::collections::BTreeMap<_, _>>()
        };
        prop_assert_eq!(times(&forward, &reports), times(&backward, &turned));
    }

    #[test]
    fn any_text_is_matched_or_explained(
        file in prop::option::of(".{0,30}"),
        class in ".{0,30}",
        name in ".{0,20}",
        listed in prop::collection::vec(".{0,20}", 0..5),
    ) {
        let odd = Entry { name: Some(name.into()), file: file.map(Into::into), ..with_class(&class) };
        let reports = [report(vec![odd])];
        explain(&listed, &reports, &match_reports(&listed, &reports));
    }
}
