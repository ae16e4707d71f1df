//! What each CI gets.

use crate::project::Project;
use kit_test::Ran;
use kit_test::files::Server;

#[test]
fn github_gets_outputs_a_summary_and_annotations() {
    let project = Project::new(&[Some(100), None, Some(300)]);
    project.write("output", "");
    let ran = project
        .shard(2, 0)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", project.path().join("output").to_string_lossy())
        .env("GITHUB_STEP_SUMMARY", project.path().join("summary").to_string_lossy())
        .run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let output = project.path().join("output");
    assert_eq!(Ran::github_output(&output, "files").unwrap() + "\n", ran.stdout);
    assert_eq!(Ran::github_output(&output, "files-path").unwrap(), ".roadcrew/shard-0/files.txt");
    assert_eq!(Ran::github_output(&output, "empty").unwrap(), "false");
    assert!(project.read("summary").contains("junit-shard-split"));
    assert!(ran.stderr.contains("::notice title=tests-estimated::1 of 3 tests have no timings"), "{}", ran.stderr);
}

#[test]
fn bitbucket_gets_its_variables_file_or_is_told_what_to_add() {
    let project = Project::usual();
    project.write("variables", "");
    let bitbucket = project.shard(3, 0).env("BITBUCKET_BUILD_NUMBER", "7");
    let ran = bitbucket
        .clone()
        .env("BITBUCKET_PIPELINES_VARIABLES_PATH", project.path().join("variables").to_string_lossy())
        .run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(project.read("variables").contains("ARGS_FILE=.roadcrew/shard-0/args.txt\n"));
    let ran = bitbucket.run();
    assert!(ran.stderr.contains("output-variables: [VERDICT, FILES,"), "{}", ran.stderr);
}

#[test]
fn bitbucket_parallel_steps_gitlab_nodes_and_the_others_are_the_shard() {
    let project = Project::usual();
    let expected = project.shard(3, 2).run().stdout;
    for (mark, index, value, total) in [
        (("BITBUCKET_BUILD_NUMBER", "1"), "BITBUCKET_PARALLEL_STEP", "2", "BITBUCKET_PARALLEL_STEP_COUNT"),
        (("GITLAB_CI", "true"), "CI_NODE_INDEX", "3", "CI_NODE_TOTAL"),
        (("CIRCLECI", "true"), "CIRCLE_NODE_INDEX", "2", "CIRCLE_NODE_TOTAL"),
        (("BUILDKITE", "true"), "BUILDKITE_PARALLEL_JOB", "2", "BUILDKITE_PARALLEL_JOB_COUNT"),
    ] {
        let tool = project.tool(&["--tests-from", "tests.txt", "--timings", "reports/*.xml"]);
        let ran = tool.clone().env(mark.0, mark.1).env(index, value).env(total, "3").run();
        assert_eq!(ran.stdout, expected, "{index}: {}", ran.stderr);
        let ran = tool.env(mark.0, mark.1).env(index, "9").env(total, "3").run();
        assert_eq!(ran.exit, 2, "{index}: {}", ran.stderr);
    }
}

#[test]
fn gitlab_and_code_scanning_get_their_files() {
    let project = Project::usual();
    let ran = project
        .shard(3, 0)
        .args(["--dotenv", "shard.env", "--code-quality", "quality.json", "--junit", "verdict.xml"])
        .args(["--sarif", "findings.sarif"])
        .run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(project.read("shard.env").contains("SHARDS=3\n"));
    assert!(ran.stderr.contains("output `files` does not fit into GitLab's dotenv report"), "{}", ran.stderr);
    assert_eq!(project.read("quality.json").trim(), "[]");
    let sarif: serde_json::Value = serde_json::from_str(&project.read("findings.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["name"], "junit-shard-split");
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
    assert!(project.read("verdict.xml").contains("<testcase classname=\"junit-shard-split\" name=\"verdict\""));
}

#[test]
fn code_insights_get_the_verdict_through_the_proxy_without_a_token() {
    let project = Project::usual();
    let proxy = Server::start(|_| (200, b"{}".to_vec()));
    let plan = project
        .tool(&[
            "plan",
            "--tests-from",
            "tests.txt",
            "--timings",
            "reports/*.xml",
            "--shards",
            "2",
            "--plan",
            "plan.json",
        ])
        .run();
    assert_eq!(plan.exit, 0, "{}", plan.stderr);
    let verify = project
        .tool(&["verify", "--plan", "plan.json", "--no-receipts", "reports/r.xml"])
        .env("BITBUCKET_BUILD_NUMBER", "7")
        .env("BITBUCKET_WORKSPACE", "acme")
        .env("BITBUCKET_REPO_SLUG", "web shop/../x")
        .env("BITBUCKET_COMMIT", "c0ffee")
        .env("ROADCREW_BITBUCKET_PROXY", proxy.address.to_string());
    let ran = verify.clone().run();
    let requests = proxy.requests();
    assert_eq!(requests[0].method, "PUT", "{}", ran.stderr);
    assert_eq!(
        requests[0].target,
        "http://api.bitbucket.org/2.0/repositories/acme/web%20shop%2F..%2Fx/commit/c0ffee/reports/roadcrew-junit-shard-split"
    );
    assert!(requests[0].body.contains("\"report_type\":\"TEST\""));
    let refused = Server::start(|_| (400, b"nope".to_vec()));
    let again = verify.env("ROADCREW_BITBUCKET_PROXY", refused.address.to_string()).run();
    assert_eq!(again.exit, ran.exit, "a report is a courtesy");
    assert!(again.stderr.contains("Code Insights has no report: PUT of the report answered 400"), "{}", again.stderr);
}

#[test]
fn inputs_come_from_flag_host_and_file_in_this_order() {
    let project = Project::usual();
    project.write(
        ".roadcrew.toml",
        "[junit-shard-split]\ntests-from = \"tests.txt\"\ntimings = [\"reports/*.xml\"]\nshards = 6\n",
    );
    let shards = |ran: &Ran| {
        let rest = ran.stderr.split("shard 0 of ").nth(1).unwrap_or_else(|| panic!("{}", ran.stderr)).to_owned();
        rest.split(':').next().unwrap().to_owned()
    };
    let tool = project.tool(&["shard", "--shard", "0"]);
    assert_eq!(shards(&tool.clone().run()), "6");
    assert_eq!(shards(&tool.clone().env("INPUT_SHARDS", "").run()), "6", "an unset input leaves the file's value");
    assert_eq!(shards(&tool.clone().env("INPUT_SHARDS", "5").run()), "5");
    let ran = tool.env("INPUT_SHARDS", "5").args(["--shards", "4", "--debug"]).run();
    assert_eq!(shards(&ran), "4");
    assert!(ran.stderr.contains("debug: tests-from = tests.txt (from .roadcrew.toml:2)"), "{}", ran.stderr);
}
