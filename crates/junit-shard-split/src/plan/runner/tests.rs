use super::*;
use proptest::prelude::*;

const ALL: [Runner; 9] = [
    Runner::Phpunit,
    Runner::Pest,
    Runner::Jest,
    Runner::Vitest,
    Runner::Pytest,
    Runner::Playwright,
    Runner::Cypress,
    Runner::Rspec,
    Runner::Lines,
];

fn told(runner: Runner, units: &[&str], others: &[&str]) -> Result<RunnerOutput, RunnerError> {
    let units: Vec<String> = units.iter().map(|unit| (*unit).to_owned()).collect();
    prepare(
        runner,
        &RunnerInput {
            units: &units,
            unit: UnitKind::File,
            others,
            shard: 3,
            runner_config: None,
            out_dir: ".roadcrew/shard-3",
        },
    )
}

fn args(runner: Runner, units: &[&str], others: &[&str]) -> Vec<String> {
    told(runner, units, others).unwrap().args
}

fn file(output: &RunnerOutput, name: &str) -> String {
    let (_, content) = output.files.iter().find(|(file, _)| file == name).unwrap();
    String::from_utf8(content.clone()).unwrap()
}

#[test]
fn files_become_what_each_runner_takes() {
    let units = ["-dash.x", "tests/[id]/a+b.x"];
    assert_eq!(args(Runner::Lines, &units, &[]), ["./-dash.x", "tests/[id]/a+b.x"]);
    assert_eq!(args(Runner::Pest, &units, &[]), ["./-dash.x", "tests/[id]/a+b.x"]);
    assert_eq!(args(Runner::Rspec, &units, &[]), ["./-dash.x", "tests/[id]/a+b.x"]);
    assert_eq!(args(Runner::Jest, &units, &[]), ["--runTestsByPath", "./-dash.x", "tests/[id]/a+b.x"]);
    assert_eq!(args(Runner::Vitest, &units, &[]), ["./-dash.x", "tests/[id]/a+b.x"]);
    assert_eq!(args(Runner::Playwright, &units, &[]), [r"/\/-dash\.x$/", r"/\/tests\/\[id\]\/a\+b\.x$/"]);
    assert_eq!(args(Runner::Cypress, &units, &[]), ["--spec", "./-dash.x,tests/?id?/a?b.x"]);
    assert_eq!(args(Runner::Pytest, &["a_test.py", "@b_test.py"], &[]), ["./@b_test.py", "a_test.py"]);
    let phpunit = told(Runner::Phpunit, &["-dash.x", "tests/R&D/a+b.x"], &[]).unwrap();
    assert_eq!(phpunit.args, ["--configuration", ".roadcrew/shard-3/phpunit.xml"]);
    assert!(file(&phpunit, "phpunit.xml").contains("<file>../../tests/R&amp;D/a+b.x</file>"));
}

#[test]
fn an_empty_shard_never_means_everything() {
    for runner in ALL {
        let output = told(runner, &[], &["tests/a"]).unwrap();
        assert_eq!(output.args.is_empty(), output.empty == EmptyShard::MustNotStart, "{runner:?}");
        assert_eq!(output.empty == EmptyShard::MustNotStart, runner == Runner::Lines);
        assert!(output.args.iter().all(|arg| !arg.contains("tests/a")), "{runner:?}");
    }
}

#[test]
fn tests_become_what_each_runner_takes() {
    assert_eq!(args(Runner::Pytest, &["a.py::TestA::test_x[b c]", "b.py"], &[]), ["a.py::TestA::test_x[b c]", "b.py"]);
    let jest = told(Runner::Jest, &["a.js", "b.js::outer adds 1 + 1?", "b.js::w/x"], &["b.js::y"]).unwrap();
    assert_eq!(jest.args, ["--testRunner=./.roadcrew/shard-3/jest_runner.cjs", "--runTestsByPath", "a.js", "b.js"]);
    assert_eq!(
        file(&jest, "jest_tests.json"),
        "{\n  \"b.js\": \"^\\\\s*(?:outer\\\\sadds\\\\s1\\\\s\\\\+\\\\s1\\\\?|w\\\\/x)\\\\s*$\"\n}\n"
    );
    let playwright = told(Runner::Playwright, &["e2e/a.ts", "e2e/b.ts::outer › adds"], &["e2e/b.ts::y"]).unwrap();
    assert_eq!(playwright.args, ["--test-list=.roadcrew/shard-3/playwright_tests.txt"]);
    let list = file(&playwright, "playwright_tests.txt");
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines, ["e2e/a.ts", "a.ts", "e2e/b.ts › outer › adds", "b.ts › outer › adds"]);
    let rspec = told(Runner::Rspec, &["spec/a_spec.rb", "spec/b_spec.rb::Thing works"], &[]).unwrap();
    assert_eq!(rspec.args, ["--require", "./.roadcrew/shard-3/rspec_tests.rb", "spec/a_spec.rb", "spec/b_spec.rb"]);
    assert!(file(&rspec, "rspec_tests.json").contains("\"spec/b_spec.rb\": [\n    \"Thing works\"\n  ]"));
    let phpunit = told(Runner::Phpunit, &["t/ATest.php::ATest::testX"], &[]).unwrap();
    assert_eq!(phpunit.args[2..], ["--filter", r"/^(?:(?:.*\\)?ATest::(?:testX(?: with data set .*)?))$/"]);
}

#[test]
fn parts_of_files_are_refused_where_they_cannot_be_told() {
    for runner in ALL {
        let refused = matches!(told(runner, &["a.x::b"], &[]), Err(RunnerError::PartOfFile { .. }));
        assert_eq!(refused, !can_select_tests(runner) && runner != Runner::Lines, "{runner:?}");
        let units = vec!["a.x::b".to_owned()];
        let classes = RunnerInput {
            units: &units,
            unit: UnitKind::Class,
            others: &[],
            shard: 0,
            runner_config: None,
            out_dir: "o",
        };
        assert_eq!(
            prepare(runner, &classes).is_ok(),
            can_select_classes(runner) || runner == Runner::Lines,
            "{runner:?}"
        );
    }
}

#[test]
fn names_that_cannot_be_told_are_refused() {
    for runner in ALL {
        assert!(matches!(told(runner, &["a\nb"], &[]), Err(RunnerError::ControlCharacter { .. })));
    }
    assert!(matches!(told(Runner::Pytest, &["t[1]/a.py"], &[]), Err(RunnerError::Name { .. })));
    for path in ["t/[1]/ATest.php", "t/a%zz.php", "t/a%2", "t/#a#b.php"] {
        assert!(matches!(told(Runner::Phpunit, &[path], &[]), Err(RunnerError::Name { .. })), "{path}");
    }
    for path in ["t/a b/ü#(1)?.php", "t/a%20b.php"] {
        assert!(told(Runner::Phpunit, &[path], &[]).is_ok(), "{path}");
    }
    assert!(matches!(told(Runner::Vitest, &["t/a:12"], &[]), Err(RunnerError::Name { .. })));
    assert!(matches!(told(Runner::Playwright, &["e2e/[id].ts::a"], &[]), Err(RunnerError::Name { .. })));
    assert!(matches!(told(Runner::Cypress, &["a(1).cy.ts"], &["a[1].cy.ts"]), Err(RunnerError::Collision { .. })));
    assert!(matches!(told(Runner::Jest, &["a.js::Adds"], &["a.js::adds"]), Err(RunnerError::Collision { .. })));
    assert!(told(Runner::Jest, &["a.js::Adds"], &["b.js::adds", "c.js"]).is_ok());
}

#[test]
fn patterns_are_kept_from_matching_other_shards() {
    let vitest =
        args(Runner::Vitest, &["tests/a.test.ts"], &["sub/tests/a.test.ts", "tests/b.test.ts", "x/tests/a.test.ts[1]"]);
    assert_eq!(vitest, ["--exclude=sub/tests/a.test.ts", r"--exclude=x/tests/a.test.ts\[1\]", "tests/a.test.ts"]);
    let playwright = told(Runner::Playwright, &["tests/a.ts"], &["sub/tests/a.ts"]).unwrap();
    assert!(file(&playwright, "playwright_tests.txt").ends_with("\ntests/a.ts\n"));
    // Where testDir may be tests/, `tests/a.ts` can mean both.
    assert!(matches!(
        told(Runner::Playwright, &["tests/a.ts"], &["tests/tests/a.ts"]),
        Err(RunnerError::Collision { .. })
    ));
}

#[test]
fn phpunit_finds_the_way_from_its_folder_to_the_configuration() {
    let prepared = |config: &str, out_dir: &str| {
        let units = vec!["app/tests/ATest.php".to_owned()];
        prepare(
            Runner::Phpunit,
            &RunnerInput {
                units: &units,
                unit: UnitKind::File,
                others: &[],
                shard: 0,
                runner_config: Some((config, "<phpunit bootstrap=\"b.php\"/>")),
                out_dir,
            },
        )
        .map(|output| file(&output, "phpunit.xml"))
    };
    let nested = prepared("app/phpunit.xml", "app/out/shard-0").unwrap();
    assert!(
        nested.contains("bootstrap=\"../../b.php\"") && nested.contains("<file>../../tests/ATest.php</file>"),
        "{nested}"
    );
    let beside = prepared("./phpunit.xml", "out").unwrap();
    assert!(
        beside.contains("bootstrap=\"../b.php\"") && beside.contains("<file>../app/tests/ATest.php</file>"),
        "{beside}"
    );
    let here = prepared("phpunit.xml", ".").unwrap();
    assert!(here.contains("bootstrap=\"b.php\"") && here.contains("<file>app/tests/ATest.php</file>"), "{here}");
    assert!(matches!(prepared("phpunit.xml", "../out"), Err(RunnerError::OutDir { .. })));
    assert!(matches!(prepared("phpunit.xml", "/tmp/out"), Err(RunnerError::OutDir { .. })));
}

#[test]
fn report_entries_become_ids_that_the_runner_takes() {
    let id = |runner, path, class, name| test_unit(runner, path, class, name).unwrap();
    assert_eq!(
        id(Runner::Pytest, "tests/test_a.py", Some("tests.test_a.TestA.TestB"), "test_x[1]"),
        "tests/test_a.py::TestA::TestB::test_x[1]"
    );
    assert_eq!(
        id(Runner::Pytest, "backend/tests/test_a.py", Some("tests.test_a"), "test_x"),
        "backend/tests/test_a.py::test_x"
    );
    assert_eq!(id(Runner::Pytest, "test_a.b.py", Some("test_a.b.T"), "test_x"), "test_a.b.py::T::test_x");
    assert_eq!(
        id(Runner::Phpunit, "t/ATest.php", Some("App.ATest"), "testA with data set #0"),
        "t/ATest.php::App\\ATest::testA with data set #0"
    );
    assert_eq!(id(Runner::Jest, "a.test.js", Some("outer adds"), " adds"), "a.test.js::adds");
    assert_eq!(id(Runner::Playwright, "a.ts", Some("a.ts"), "outer › adds"), "a.ts::outer › adds");
    assert_eq!(test_unit(Runner::Vitest, "a.ts", None, "adds"), None);
    assert_eq!(test_unit(Runner::Jest, "a.ts", None, " "), None);
}

#[test]
fn long_lists_are_noticed_and_too_long_arguments_refused() {
    let units: Vec<String> = (0..3000).map(|n| format!("tests/some/longer/folder/name/test_{n:06}.x")).collect();
    let units: Vec<&str> = units.iter().map(String::as_str).collect();
    let notices = told(Runner::Pytest, &units, &[]).unwrap().notices;
    assert!(notices.iter().any(|notice| notice.contains("@args.txt")), "{notices:?}");
    assert!(matches!(told(Runner::Cypress, &units, &[]), Err(RunnerError::TooLong { argument: "--spec", .. })));
    assert!(told(Runner::Phpunit, &units, &[]).unwrap().notices.is_empty());
}

#[test]
fn the_report_s_variables_never_overrule_the_user_s() {
    let names = |runner, set: &[&str]| {
        let env = report_env(runner, "/w/.roadcrew/shard-3", &|name| set.contains(&name));
        env.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
    };
    let (file, attribute) =
        ("JEST_JUNIT_OUTPUT_FILE=/w/.roadcrew/shard-3/junit.xml", "JEST_JUNIT_ADD_FILE_ATTRIBUTE=true");
    assert_eq!(names(Runner::Jest, &[]), [file, attribute]);
    assert_eq!(names(Runner::Jest, &["JEST_JUNIT_OUTPUT_FILE"]), [attribute]);
    assert_eq!(names(Runner::Jest, &["JEST_JUNIT_OUTPUT_DIR"]), [attribute]);
    assert_eq!(names(Runner::Jest, &["JEST_JUNIT_ADD_FILE_ATTRIBUTE"]), [file]);
    let name = "PLAYWRIGHT_JUNIT_OUTPUT_NAME=/w/.roadcrew/shard-3/junit.xml";
    assert_eq!(names(Runner::Playwright, &[]), [name]);
    assert!(names(Runner::Playwright, &["PLAYWRIGHT_JUNIT_OUTPUT_FILE"]).is_empty());
    for runner in ALL.into_iter().filter(|runner| !matches!(runner, Runner::Jest | Runner::Playwright)) {
        assert!(names(runner, &[]).is_empty(), "{runner:?}");
    }
}

#[test]
fn every_runner_has_a_name_of_its_own_as_clap_knows_it() {
    use clap::ValueEnum;
    for runner in ALL {
        assert_eq!(runner.to_possible_value().unwrap().get_name(), runner.name());
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic_and_input_order_does_not_matter(
        mut units in proptest::collection::vec(r"[a-c/.\[\]>›#@ :-]{1,8}(::[A-c:. ]{1,6})?", 0..6),
        others in proptest::collection::vec(r"[a-c/.\[\]>›#@ :-]{1,8}(::[A-c:. ]{1,6})?", 0..6),
    ) {
        units.sort_unstable();
        units.dedup();
        let others: Vec<&str> = others.iter().map(String::as_str).filter(|other| !units.iter().any(|unit| unit == other)).collect();
        let reversed: Vec<&str> = others.iter().rev().copied().collect();
        for runner in ALL {
            for unit in [UnitKind::File, UnitKind::Class, UnitKind::Test] {
                let of = |others| prepare(runner, &RunnerInput { units: &units, unit, others, shard: 0, runner_config: None, out_dir: "o/shard-0" });
                let told = of(&others);
                prop_assert_eq!(told.clone().ok(), of(&reversed).ok());
                if let Ok(told) = told {
                    prop_assert!(told.args.iter().all(|arg| !names::has_line_break(arg)));
                    prop_assert!(!units.is_empty() || runner == Runner::Lines || !told.args.is_empty());
                }
            }
        }
    }

    #[test]
    fn an_escaped_name_matches_itself_only(a in r"[a.*+?()\[\]{}|^$/\\ -]{1,6}", b in r"[a.*+?()\[\]{}|^$/\\ -]{1,6}") {
        let regex = proptest::string::string_regex(&names::regex_escape(&a)).is_ok();
        prop_assert!(regex);
        prop_assert_eq!(names::regex_escape(&a) == names::regex_escape(&b), a == b);
    }

    #[test]
    fn the_way_back_leads_back(folder in "([a-c]{1,2}/){0,3}[a-c]", path in "([a-c]{1,2}/){0,3}[a-c]") {
        let way = names::relative_to(&folder, &path).unwrap();
        prop_assert_eq!(names::normalised(&format!("{folder}/{way}")), path);
    }
}
