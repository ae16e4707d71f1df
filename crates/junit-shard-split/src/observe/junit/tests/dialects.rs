//! Reports as each runner writes them, on their way to the listed files.

use super::*;
use crate::plan::timing::{Granularity, Outcome, ReportTimings, match_reports};

/// What is expected of a file: milliseconds of cases and of overhead, and the rule; `None`: it must stay unknown.
type Expected<'e> = (&'e str, Option<(u64, u64, &'e str)>);

fn collected(xml: &str) -> ReportTimings {
    collect("report.xml", xml.as_bytes(), &Limits::default(), Granularity::File).expect("the fixture is read").0
}

fn check(xml: &str, expected: &[Expected<'_>]) {
    let listed: Vec<String> = expected.iter().map(|(file, _)| (*file).to_owned()).collect();
    let report = collected(xml);
    let cases: u64 = report.entries.iter().map(|entry| entry.cases).sum();
    assert_eq!(cases as usize, xml.matches("testcase ").count(), "every case counts once");
    let timings = match_reports(&listed, &[report]);
    for ((file, expected), timing) in expected.iter().zip(&timings.by_file) {
        let found =
            timing.map(|timing| (timing.time_ns / 1_000_000, timing.overhead_ns / 1_000_000, timing.rule.code()));
        assert_eq!(found, *expected, "{file}: {:?}", timings.matches);
    }
}

macro_rules! dialect {
    ($test:ident, $fixture:literal, $($file:literal => $expected:expr),+ $(,)?) => {
        #[test]
        fn $test() {
            let xml = include_str!(concat!("../../../../tests/fixtures/junit/", $fixture));
            check(xml, &[$(($file, $expected)),+]);
        }
    };
}

dialect!(junit5_console, "junit5-console.xml",
    "cart/src/test/java/com/acme/cart/CartTest.java" => Some((300, 0, "dotted-class")),
    "cart/src/test/java/com/acme/cart/PriceTest.java" => Some((0, 0, "dotted-class")),
    "cart/src/test/java/com/acme/PriceTest.java" => None);

dialect!(nette_tester, "nette-tester.xml",
    "tests/Cart/Cart.add.phpt" => Some((700, 0, "classname-path")),
    "tests/Cart/Cart.remove.phpt" => Some((500, 0, "classname-path")));

dialect!(web_test_runner, "web-test-runner.xml",
    "test/basket.test.js" => Some((30, 0, "property-file")),
    "test/checkout.test.js" => Some((30, 0, "property-file")));

dialect!(minitest, "minitest.xml",
    "test/models/cart_test.rb" => Some((300, 0, "suite-file")),
    "test/cart_test.rb" => None);

dialect!(mocha_junit_reporter, "mocha-junit-reporter.xml",
    "test/cart.spec.js" => Some((500, 100, "root-suite-file")),
    "test/price.spec.js" => Some((400, 0, "root-suite-file")));

dialect!(node_test, "node-test.xml",
    "test/cart.test.mjs" => Some((22, 8, "file-suffix")),
    "test/price.test.mjs" => Some((2, 0, "file-suffix")));

dialect!(node_test_without_files, "node-test-no-file.xml",
    "test/test.mjs" => None,
    "test/price.test.mjs" => None);

dialect!(go_junit_report, "go-junit-report.xml",
    "internal/cart/store_test.go" => Some((150, 0, "go-test-name")),
    "internal/cart/price_test.go" => Some((200, 0, "go-test-name")),
    "internal/pay/pay_test.go" => Some((300, 0, "go-package")));

dialect!(go_packages_listed_as_directories, "go-junit-report.xml",
    "./internal/cart" => Some((350, 150, "suite-name-path")),
    "./internal/pay/" => Some((300, 0, "suite-name-path")));

dialect!(jest_junit_filepath, "jest-junit-filepath.xml",
    "src/cart/cart.test.ts" => Some((500, 1000, "classname-path")),
    "packages/shop/__tests__/price.test.ts" => Some((500, 250, "suite-name-path")));

dialect!(behat, "behat.xml", "features/basket.feature" => Some((1250, 0, "file-exact")));

dialect!(codeception, "codeception.xml",
    "tests/Unit/CartTest.php" => Some((40, 0, "file-suffix")),
    "tests/Acceptance/CheckoutCest.php" => Some((20, 0, "file-suffix")));

dialect!(pest, "pest.xml",
    "tests/Unit/CartTest.php" => Some((300, 0, "file-exact")),
    "tests/Unit/PriceTest.php" => Some((100, 0, "file-exact")));

dialect!(phpunit_without_files, "phpunit-no-file.xml",
    "tests/Cart/CartTest.php" => Some((250, 0, "namespaced-class")),
    "tests/Price/CartTest.php" => Some((125, 0, "namespaced-class")));

dialect!(bazel, "bazel.xml",
    "shop/cart/cart_test.py" => Some((3000, 0, "path-without-extension")),
    "shop/pay/cart_test.py" => None);

dialect!(tap_perl, "tap-perl.xml",
    "t/cart.t" => Some((200, 100, "perl-name")),
    "t/Price/round.t" => Some((200, 0, "perl-name")));

dialect!(googletest, "googletest.xml", "shop/cart_test.cc" => Some((15, 0, "file-suffix")));

dialect!(ctest, "ctest.xml",
    "tests/cart_test.cpp" => Some((1500, 0, "class-stem")),
    "tests/slow.cpp" => None);

dialect!(robot_xunit, "robot-xunit.xml",
    "atest/Tests/Basket.robot" => Some((1000, 0, "dotted-class")));

dialect!(testng, "testng.xml",
    "src/test/java/com/acme/pay/PayTest.java" => Some((1_200_500, 0, "dotted-class")));

dialect!(karma, "karma.xml", "src/basket.spec.js" => None);

dialect!(cucumber, "cucumber.xml", "features/shop/basket.feature" => Some((204, 0, "file-exact")));

dialect!(surefire_rerun, "surefire-rerun.xml",
    "src/test/java/com/acme/FlakyTest.java" => Some((700, 200, "dotted-class")));

dialect!(a_case_repeated_for_each_attempt, "repeated-cases.xml",
    "tests/test_pay.py" => Some((3000, 0, "file-exact")));

dialect!(rspec_never_counts_the_wall_clock, "rspec-parallel.xml",
    "spec/models/cart_spec.rb" => Some((375, 0, "file-exact")));

dialect!(playwright_paths_are_relative_to_one_directory, "playwright-testdir.xml",
    "e2e/a.spec.ts" => Some((250, 0, "suite-name-path")),
    "e2e/sub/a.spec.ts" => Some((100, 0, "suite-name-path")));

dialect!(namespaces_are_ignored, "junit-namespaced.xml",
    "tests/test_a.py" => Some((500, 0, "suite-name-path")));

#[test]
fn totals_of_nested_suites_count_once() {
    let xml = "<testsuites time='100'><testsuite name='all' time='50'>\
               <testsuite name='a' file='a.php' time='20'><testcase name='1' file='a.php' time='5'/>\
               <testsuite name='a::data' time='10'><testcase name='2' file='a.php' time='8'/></testsuite></testsuite>\
               <testsuite name='b' file='b.php' time='20'><testcase name='3' file='b.php' time='20'/></testsuite>\
               </testsuite></testsuites>";
    // a: 13 s of cases, 2 s beyond those of its data sets, 5 s of its own. The 10 s of `all` belong to no file.
    check(xml, &[("a.php", Some((13_000, 7_000, "file-exact"))), ("b.php", Some((20_000, 0, "file-exact")))]);
    assert_eq!(collected(xml).shared_overhead_ns, 10_000_000_000);
}

#[test]
fn a_suite_without_cases_has_its_time_for_its_file() {
    let xml = "<testsuites><testsuite name='src/broken.test.js' tests='0' time='0.486'></testsuite></testsuites>";
    check(xml, &[("src/broken.test.js", Some((0, 486, "suite-name-path")))]);
}

#[test]
fn suites_without_times_and_cases_without_times() {
    let xml = "<testsuites><testsuite name='x'><testcase file='a.js' name='1'/><testcase file='b.js' name='2' time='tbd'/>\
               </testsuite></testsuites>";
    check(xml, &[("a.js", None), ("b.js", None)]);
    let listed = ["a.js".to_owned(), "b.js".to_owned(), "c.js".to_owned()];
    assert_eq!(match_reports(&listed, &[collected(xml)]).untimed, [0, 1]);
}

#[test]
fn one_file_in_several_reports_is_summed() {
    let report =
        |ms: u32| collected(&format!("<testsuite><testcase name='a' file='./a.js' time='0.{ms:03}'/></testsuite>"));
    let timings = match_reports(&["a.js".to_owned()], &[report(100), report(20), report(3)]);
    let timing = timings.by_file[0].unwrap();
    assert_eq!((timing.time_ns, timing.cases, timing.reports), (123_000_000, 3, 3));
}

#[test]
fn memory_grows_with_the_locations_and_not_with_the_cases() {
    let mut xml = String::from("<testsuites><testsuite name='x' file='a.js'>");
    for number in 0..5_000 {
        xml.push_str(&format!("<testcase classname='title {number}' name='test {number}' time='0.001'/>"));
    }
    xml.push_str("</testsuite><testsuite name='no file'>");
    for number in 0..5_000 {
        xml.push_str(&format!("<testcase classname='it does {number}' name='test {number}' time='0.001'/>"));
    }
    xml.push_str("</testsuite></testsuites>");
    let report = collected(&xml);
    assert_eq!(report.entries.len(), 2);
    assert_eq!(report.entries[1].time_ns, 5_000_000_000);
    let by_test = collect("r", xml.as_bytes(), &Limits::default(), Granularity::Test).unwrap().0;
    assert_eq!(by_test.entries.len(), 10_000);
}

#[test]
fn catch2_has_the_file_in_the_failure_only() {
    let xml = "<testsuites><testsuite name='ut_x' time='0'><testcase classname='ut_x' name='is x' time='0.5'>\
               <failure file='test/unit/x.cpp' line='19' message='m' type='REQUIRE'>t</failure></testcase></testsuite></testsuites>";
    check(xml, &[("test/unit/x.cpp", Some((500, 0, "failure-file")))]);
}

#[test]
fn nextest_names_binaries_and_what_is_no_test_target_says_so() {
    let xml = "<testsuites name='nextest-run'><testsuite name='shop::cart'><testcase name='adds' classname='shop::cart' \
               time='0.7'/></testsuite><testsuite name='shop'><testcase name='a::b' classname='shop' time='0.1'/></testsuite>\
               <testsuite name='shop::bin/cart'><testcase name='c' classname='shop::bin/cart' time='0.1'/></testsuite>\
               </testsuites>";
    check(xml, &[("tests/cart.rs", Some((700, 0, "cargo-target"))), ("src/lib.rs", None)]);
    let timings = match_reports(&["tests/cart.rs".to_owned()], &[collected(xml)]);
    for found in &timings.matches[1..] {
        let Outcome::Unmatched(reason) = &found.outcome else { panic!("{:?}", timings.matches) };
        assert_eq!(reason.code(), "no-file-attribute-and-no-class-rule-matched");
    }
}
