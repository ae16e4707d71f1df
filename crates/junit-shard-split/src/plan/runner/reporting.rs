//! How each runner is told to write a JUnit report with paths in it, and what usually goes wrong with that.

use super::Runner;

/// What makes a runner write a JUnit report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// Arguments, to be put before those of [`super::RunnerOutput`]: some of Jest's and Vitest's swallow paths behind them.
    pub args: Vec<String>,
    /// Variables, as name and value. They only say where and how; a runner whose reporter isn't asked for ignores them.
    pub env: Vec<(String, String)>,
}

/// The request for a report `junit.xml` in `folder`, the shard's own folder. Runners without one (`lines`) get nothing.
///
/// Sources: the runners' documentation of `--junitxml` (pytest), `--log-junit` (PHPUnit), `--reporter`/`--outputFile`
/// (Vitest), `PLAYWRIGHT_JUNIT_OUTPUT_NAME`, `JEST_JUNIT_OUTPUT_FILE` (jest-junit), `mochaFile` (mocha-junit-reporter, as
/// Cypress has it); each but Cypress's was tried.
pub fn report_args(runner: Runner, folder: &str) -> ReportRequest {
    let folder = folder.trim_end_matches('/');
    let file = format!("{folder}/junit.xml");
    let env = variables(runner, &file);
    let args = match runner {
        Runner::Phpunit | Runner::Pest => vec!["--log-junit".to_owned(), file],
        Runner::Jest => vec!["--reporters=default".to_owned(), "--reporters=jest-junit".to_owned()],
        Runner::Vitest => {
            vec!["--reporter=default".to_owned(), "--reporter=junit".to_owned(), format!("--outputFile.junit={file}")]
        }
        Runner::Pytest => vec![format!("--junitxml={file}")],
        Runner::Playwright => vec!["--reporter=list,junit".to_owned()],
        Runner::Cypress => vec![
            "--reporter".to_owned(),
            "junit".to_owned(),
            "--reporter-options".to_owned(),
            format!("mochaFile={folder}/junit-[hash].xml"),
        ],
        Runner::Rspec => {
            ["--require", "rspec_junit_formatter", "--format", "progress", "--format", "RspecJunitFormatter", "--out"]
                .into_iter()
                .map(str::to_owned)
                .chain([file])
                .collect()
        }
        Runner::Lines => vec![],
    };
    ReportRequest { args, env }
}

/// Where the report `file` is told by variables.
fn variables(runner: Runner, file: &str) -> Vec<(String, String)> {
    let env: &[(&str, &str)] = match runner {
        Runner::Jest => &[("JEST_JUNIT_OUTPUT_FILE", file), ("JEST_JUNIT_ADD_FILE_ATTRIBUTE", "true")],
        Runner::Playwright => &[("PLAYWRIGHT_JUNIT_OUTPUT_NAME", file)],
        _ => &[],
    };
    env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The variables of [`report_args`] that `run` adds to the command's environment, name and value. `is_set` says which the
/// user has set: none of those is changed, and a place for the report is not chosen where the user chose one by another
/// variable of the same reporter. `folder` is absolute, since Playwright reads its variable relative to the folder of its
/// configuration. Sources: `getOptions.js` of jest-junit 17, where variables outweigh package.json and the reporter's
/// options; `resolveOutputFile` of Playwright 1.65, where `outputFile` of the configuration outweighs this one.
pub fn report_env(runner: Runner, folder: &str, is_set: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let places: &[&str] = match runner {
        Runner::Jest => &[
            "JEST_JUNIT_OUTPUT_FILE",
            "JEST_JUNIT_OUTPUT_DIR",
            "JEST_JUNIT_OUTPUT_NAME",
            "JEST_JUNIT_UNIQUE_OUTPUT_NAME",
        ],
        Runner::Playwright => {
            &["PLAYWRIGHT_JUNIT_OUTPUT_NAME", "PLAYWRIGHT_JUNIT_OUTPUT_FILE", "PLAYWRIGHT_JUNIT_OUTPUT_DIR"]
        }
        _ => &[],
    };
    let is_said = |name: &str| match places.contains(&name) {
        true => places.iter().any(|place| is_set(place)),
        false => is_set(name),
    };
    let mut env = variables(runner, &format!("{folder}/junit.xml"));
    env.retain(|(name, _)| !is_said(name));
    env
}

/// What most often keeps this runner's reports from giving timings, or makes a report vanish: sentences for `explain`.
pub fn traps(runner: Runner) -> &'static [&'static str] {
    match runner {
        Runner::Cypress => &[
            "Cypress starts a reporter for each spec: without `[hash]` in `mochaFile` every spec overwrites the report of the one before it, and only the last has timings.",
            "Cypress's JUnit reporter names the spec only in `file` of the empty suite «Root Suite»; a `suite-title` or `rootSuiteTitle` option does not matter, but a merged report (junit-merge) can lose it.",
        ],
        Runner::Jest => &[
            "jest-junit names no files by default: set JEST_JUNIT_ADD_FILE_ATTRIBUTE=true, or `\"addFileAttribute\": \"true\"` under `jest-junit` in package.json.",
            "jest-junit writes one `junit.xml` in the working directory; shards that share a disk need JEST_JUNIT_OUTPUT_FILE.",
        ],
        Runner::Pytest => &[
            "pytest's default `xunit2` reports have no `file`; the path is read from `classname`, which works unless folders hold dots. `-o junit_family=xunit1` writes `file`.",
        ],
        Runner::Phpunit | Runner::Pest => &[
            "PHPUnit writes absolute paths; when the tests run in a container they begin with the container's folder, which is taken off where exactly one listed file fits.",
        ],
        Runner::Vitest => &[
            "Vitest runs files in parallel in one job: their times are those of the tests, without the time to import; give the rest with `file-overhead-s`.",
        ],
        Runner::Playwright => &[
            "Playwright's paths are relative to `testDir`; they fit the listed files where exactly one ends in them.",
            "A project with several browsers runs each file once for each; the times are added up.",
        ],
        Runner::Rspec => {
            &["rspec_junit_formatter writes `file` as `./spec/…`; shared examples have the file of the shared group."]
        }
        Runner::Lines => &[
            "node:test's reports have no file at all (`classname` is `test`): run each file to a report of its own, or name a top-level suite after it.",
        ],
    }
}
