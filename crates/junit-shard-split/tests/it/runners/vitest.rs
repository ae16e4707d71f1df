use super::{Trial, tools};

#[test]
fn files() {
    let Some(program) = tools::script("vitest/vitest.mjs") else {
        tools::skip("vitest", "`cargo xtask test` fetches it");
        return;
    };
    let one = "import { test, describe } from 'vitest';
describe('outer', () => { test('adds 1 + 1 = 2?', () => {}); });
test('adds', () => new Promise((done) => setTimeout(done, 10)));
";
    // Each of the second to seventh holds the first one's path, in some case.
    let files = [
        "tests/a.test.js",
        "tests/A.TEST.js.test.js",
        "tests/a.test.js.test.js",
        "tests/sub/tests/a.test.js",
        "[id]/tests/a.test.js",
        "(g) {h,i}!/tests/a.test.js",
        "x-tests/a.test.js",
        "tests/data.test.js",
        "tests/a b/s p.test.js",
        "tests/plus+ü.test.js",
        "-dash.test.js",
        "@at.test.js",
    ];
    let mut trial = Trial::new("vitest", program, &files.map(|path| (path, one)));
    trial.project.write("package.json", "{\"name\": \"t\", \"type\": \"module\"}");
    tools::link_packages(trial.project.path());
    trial.program.words.push("run".to_owned());
    trial.list(&files);
    trial.report = vec!["--reporter=default", "--reporter=junit", "--outputFile.junit={file}"];
    let whole = trial.whole(&[]);
    assert_eq!(whole.len(), 2 * files.len());
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 4);
    trial.empty_shard_is_harmless(&whole);
}
