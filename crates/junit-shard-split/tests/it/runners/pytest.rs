use super::{Trial, tools};

const PARAMETRISED: &str = "import time
import pytest

@pytest.mark.parametrize('v', ['a b', 'x::y', '[z]', 'ü', '', 'n\\nl', 'a/b'])
def test_p(v): time.sleep(0.05)

class TestOuter:
    def test_m(self): pass
    class TestInner:
        def test_m(self): pass

def test_p_more(): pass
";

/// `junit_family=xunit1` reports name the file, the default `xunit2` only puts its path before the class, with dots.
fn trial(family: &'static str) -> Option<Trial> {
    let Some(program) = tools::pytest() else {
        tools::skip("pytest", "`cargo xtask test` fetches it");
        return None;
    };
    let one = "import time\ndef test_a(): time.sleep(0.01)\n";
    let files = [
        ("tests/test_many.py", PARAMETRISED),
        ("tests/test_one.py", one),
        ("tests/a b/test_sp ace.py", one),
        ("tests/test_plus+ü.py", one),
        ("tests/test_at@x.py", one),
        ("-dash_test.py", one),
        ("@at_test.py", one),
    ];
    let mut trial = Trial::new("pytest", program, &files);
    trial.list(&files.map(|(path, _)| path));
    trial.report = vec!["--junitxml={file}", "-o", family];
    Some(trial)
}

#[test]
fn files() {
    for family in ["junit_family=xunit1", "junit_family=xunit2"] {
        let Some(trial) = trial(family) else { return };
        let whole = trial.whole(&["."]);
        assert_eq!(whole.len(), 16);
        trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
        trial.empty_shard_is_harmless(&whole);
    }
}

#[test]
fn tests_and_classes() {
    let Some(mut trial) = trial("junit_family=xunit2") else { return };
    let whole = trial.whole(&["."]);
    trial.shards_are_the_whole(&whole, &["--unit", "test", "--min-known", "100%"], 4);
    trial.shards_are_the_whole(&whole, &["--split-slow-files", "--min-known", "100%"], 2);
    // A list of node ids: a class, and a test with all its parameters. Reports only have each of them.
    trial.list(&["tests/test_many.py::TestOuter", "tests/test_many.py::test_p", "tests/test_many.py::test_p_more"]);
    trial.is_verifiable = false;
    let whole = trial.whole(&["tests/test_many.py"]);
    trial.shards_are_the_whole(&whole, &["--unit", "test", "--min-known", "0"], 2);
}

#[test]
fn a_list_is_read_from_the_arguments_file() {
    let Some(trial) = trial("junit_family=xunit2") else { return };
    trial.whole(&["."]);
    trial.plan(&[], 2);
    for shard in 0..2 {
        let (ran, _) = trial.shard(shard);
        let by_file = trial.start("by-file.xml", &[format!("@.roadcrew/shard-{shard}/args.txt")]);
        assert_eq!(by_file.exit, 0, "{}{}", by_file.stdout, by_file.stderr);
        assert_eq!(super::executed(&trial.project.read("by-file.xml")), ran);
    }
}

#[test]
fn brackets_in_a_path_are_refused_as_pytest_does() {
    let Some(trial) = trial("junit_family=xunit2") else { return };
    trial.project.write("tests/x[1]/test_a.py", "def test_a(): pass\n");
    trial.list(&["tests/x[1]/test_a.py"]);
    let refused = trial.refusal(&[]);
    assert!(refused.contains("tests/x[1]/test_a.py") && refused.contains("rename"), "{refused}");
    let ran = trial.start("none.xml", &["tests/x[1]/test_a.py".to_owned()]);
    assert_eq!(ran.exit, 4, "pytest takes it by now, so may we: {}", ran.stdout);
}
