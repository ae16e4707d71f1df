use super::{Trial, tools};

const MANY: &str = "
const slow = () => new Promise((done) => setTimeout(done, 60));
describe('outer (x) [y] $z', () => { test('adds 1 + 1 = 2?', slow); test('adds', slow); it('ü | pipe', slow); });
test('adds', slow);
test.each([[1], [2]])('each %d', slow);
test.skip('never', () => {});
";

fn trial(is_named: bool) -> Option<Trial> {
    let Some(program) = tools::script("jest/bin/jest.js") else {
        tools::skip("jest", "`cargo xtask test` fetches it");
        return None;
    };
    let one = "test('adds', () => {}); test('more', () => new Promise((done) => setTimeout(done, 10)));";
    let files = [
        ("tests/a.test.js", MANY),
        ("tests/data.test.js", one),
        ("tests/[id]/p.test.js", one),
        ("tests/a b/s p.test.js", one),
        ("tests/plus+ü.test.js", one),
        ("tests/(g)$.test.js", one),
        ("tests/sub/tests/a.test.js", one),
        ("-dash.test.js", one),
    ];
    let mut trial = Trial::new("jest", program, &files);
    trial.project.write("package.json", "{\"name\": \"t\", \"jest\": {\"testEnvironment\": \"node\"}}");
    super::tools::link_packages(trial.project.path());
    trial.list(&files.map(|(path, _)| path));
    trial.report = vec!["--reporters=default", "--reporters=jest-junit"];
    trial.report_env = vec![("JEST_JUNIT_OUTPUT_FILE", "{file}")];
    trial.report_env.push(("JEST_JUNIT_ADD_FILE_ATTRIBUTE", if is_named { "true" } else { "false" }));
    Some(trial)
}

#[test]
fn files() {
    let Some(trial) = trial(true) else { return };
    let whole = trial.whole(&["--ci"]);
    assert_eq!(whole.len(), 20);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
    trial.empty_shard_is_harmless(&whole);
}

#[test]
fn run_tells_it_where_its_report_goes() {
    let Some(mut trial) = trial(true) else { return };
    let whole = trial.whole(&["--ci"]);
    trial.report_env.clear();
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
}

#[test]
fn files_without_names_in_the_report() {
    let Some(mut trial) = trial(false) else { return };
    trial.is_verifiable = false;
    // jest-junit's default, which `run` leaves to those who ask for it, names no files: the split is by size, loudly, until reports have them.
    let whole = trial.whole(&["--ci"]);
    trial.shards_are_the_whole(&whole, &["--min-known", "0"], 3);
}

#[test]
fn tests() {
    let Some(trial) = trial(true) else { return };
    let whole = trial.whole(&["--ci"]);
    trial.shards_are_the_whole(&whole, &["--unit", "test", "--min-known", "100%"], 3);
    trial.shards_are_the_whole(&whole, &["--split-slow-files", "--min-known", "100%"], 4);
}
