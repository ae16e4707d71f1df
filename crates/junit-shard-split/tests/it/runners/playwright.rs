use super::{Trial, tools};

const MANY: &str = "const { test } = require('@playwright/test');
const slow = () => new Promise((done) => setTimeout(done, 60));
test.describe('outer', () => {
  test('adds 1 + 1 = 2?', slow);
  test.describe('inner > deep', () => { test('adds', slow); });
});
test('adds', slow);
test('adds more @tag', slow);
test('ü | \"pipe\" [x]', slow);
";
const ONE: &str = "const { test } = require('@playwright/test');
test('adds', () => {});
test('more', () => new Promise((done) => setTimeout(done, 10)));
";

fn trial(files: &[(&str, &str)], config: &str) -> Option<Trial> {
    let Some(program) = tools::script("@playwright/test/cli.js") else {
        tools::skip("playwright", "`cargo xtask test` fetches it; browsers are not needed");
        return None;
    };
    let mut trial = Trial::new("playwright", program, files);
    trial.project.write("package.json", "{\"name\": \"t\"}");
    trial.project.write("playwright.config.js", &format!("module.exports = {{ {config} }};"));
    tools::link_packages(trial.project.path());
    trial.program.words.push("test".to_owned());
    trial.list(&files.iter().map(|(path, _)| *path).collect::<Vec<_>>());
    trial.report = vec!["--reporter=list,junit"];
    trial.report_env = vec![("PLAYWRIGHT_JUNIT_OUTPUT_NAME", "{file}")];
    Some(trial)
}

#[test]
fn files() {
    let files = [
        ("e2e/a.spec.js", MANY),
        ("e2e/data.spec.js", ONE),
        ("e2e/A.spec.js", ONE),
        ("e2e/[id]/p.spec.js", ONE),
        ("e2e/a b/s p.spec.js", ONE),
        ("e2e/plus+ü.spec.js", ONE),
        ("e2e/(g)$.spec.js", ONE),
        ("e2e/a.spec.js.spec.js", ONE),
        ("e2e/x:12.spec.js", ONE),
    ];
    let Some(trial) = trial(&files, "testDir: 'e2e'") else { return };
    let whole = trial.whole(&[]);
    assert_eq!(whole.len(), 5 + 2 * 8);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
    trial.empty_shard_is_harmless(&whole);
}

#[test]
fn run_tells_it_where_its_report_goes() {
    let files = [("e2e/a.spec.js", MANY), ("e2e/b.spec.js", ONE), ("e2e/c.spec.js", ONE)];
    let Some(mut trial) = trial(&files, "testDir: 'e2e'") else { return };
    let whole = trial.whole(&[]);
    trial.report_env.clear();
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 2);
}

#[test]
fn files_whose_paths_end_alike() {
    let files = [("a.spec.js", ONE), ("sub/a.spec.js", ONE), ("sub/b/a.spec.js", ONE), ("c.spec.js", ONE)];
    let Some(trial) = trial(&files, "") else { return };
    let whole = trial.whole(&[]);
    assert_eq!(whole.len(), 8);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
}

#[test]
fn tests() {
    let files = [("e2e/web/a.spec.js", MANY), ("e2e/web/data.spec.js", ONE), ("e2e/web/x/p q.spec.js", ONE)];
    for config in ["testDir: 'e2e'", "projects: [{ name: 'one', testDir: 'e2e/web' }]"] {
        let Some(trial) = trial(&files, config) else { return };
        let whole = trial.whole(&[]);
        assert_eq!(whole.len(), 9);
        trial.shards_are_the_whole(&whole, &["--unit", "test", "--min-known", "100%"], 2);
    }
}
