use super::{Trial, tools};

#[test]
fn files() {
    let Some(node) = tools::node() else {
        tools::skip("node_test", "`cargo xtask test` fetches it");
        return;
    };
    // node:test's reports have no file; a suite that is named after the file gives them one.
    let of = |path: &str| {
        format!(
            "import {{ test, describe }} from 'node:test';
describe('{path}', () => {{
  test('adds', () => {{}});
  test('more', () => new Promise((done) => setTimeout(done, 10)));
}});
"
        )
    };
    let paths = [
        "tests/a.test.mjs",
        "tests/data.test.mjs",
        "tests/sub/a.test.mjs",
        "tests/sp ace.test.mjs",
        "tests/plus+ü.test.mjs",
    ];
    let contents = paths.map(of);
    let files: Vec<(&str, &str)> = paths.iter().copied().zip(contents.iter().map(String::as_str)).collect();
    let program = tools::Program { words: vec![node, "--test".to_owned()], env: Vec::new() };
    let mut trial = Trial::new("lines", program, &files);
    trial.list(&paths);
    trial.report = vec!["--test-reporter=junit", "--test-reporter-destination={file}"];
    let whole = trial.whole(&paths);
    assert_eq!(whole.len(), 2 * paths.len());
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
}
