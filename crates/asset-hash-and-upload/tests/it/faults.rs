//! AWS that throttles, refuses or is not there: done, or named, and never exit 0 with a loss.

use crate::site::fifty;
use crate::stage::{BUCKET, POINTER, Run, Stage, prove_settled, prove_sound};
use aws_sim::{BucketOptions, Fault, Kind, Rule, SimOptions};

fn stage() -> Stage {
    let stage = Stage::new();
    stage.tree("site", &fifty(1));
    stage
}

/// It was refused with these words, and nothing points anywhere.
fn refused(stage: &Stage, run: &Run, exit: i32, words: &[&str]) {
    assert_eq!(run.exit, exit, "{}", run.said);
    for word in words {
        assert!(run.said.contains(word), "{word} is not in: {}", run.said);
    }
    assert!(!run.said.contains("wJalrXUtnFEMI"), "a secret: {}", run.said);
    assert!(!stage.objects().contains_key(POINTER));
    prove_sound(&stage.control());
}

#[test]
fn a_slow_down_on_every_tenth_write_costs_no_more_than_those_writes() {
    let calm = stage();
    calm.done(&["publish", "site"]);
    let stage = stage();
    stage.control().set_faults(vec![Rule::new(Fault::SlowDown).writes().every(10)]);
    stage.done(&["publish", "site"]);
    prove_settled(&stage.control());
    let (total, without) = (stage.control().counts().total, calm.control().counts().total);
    assert!(total > without && total * 100 <= without * 115, "{total} requests, {without} without");
}

#[test]
fn a_bucket_of_another_region_is_named_with_its_region() {
    let bucket = BucketOptions { region: Some("eu-west-1".to_owned()), ..BucketOptions::default() };
    let stage = Stage::with(SimOptions { buckets: vec![(BUCKET.to_owned(), bucket)], ..SimOptions::default() });
    stage.tree("site", &fifty(1));
    let run = stage.run(&["publish", "site", "--region", "us-east-2"]);
    refused(&stage, &run, 2, &["us-east-2", "eu-west-1"]);
    stage.done(&["publish", "site", "--region", "eu-west-1"]);
}

#[test]
fn a_bucket_that_is_not_there_is_named() {
    let stage = stage();
    let run = stage.run(&["publish", "site", "--bucket", "no-such-bucket"]);
    refused(&stage, &run, 2, &["no-such-bucket", "no bucket of this name"]);
}

#[test]
fn a_bucket_of_another_account_is_refused() {
    let stage = stage();
    let run = stage.run(&["publish", "site", "--expected-bucket-owner", "999988887777"]);
    refused(&stage, &run, 2, &["denied"]);
    stage.done(&["publish", "site", "--expected-bucket-owner", aws_sim::DEFAULT_OWNER]);
}

#[test]
fn a_key_that_may_not_be_written_is_named() {
    let stage = stage();
    stage.control().set_faults(vec![Rule::new(Fault::AccessDenied).prefix("css/")]);
    let run = stage.run(&["publish", "site"]);
    refused(&stage, &run, 2, &["css/part", "denied"]);
    stage.control().set_faults(Vec::new());
    stage.done(&["publish", "site"]);
    prove_settled(&stage.control());
}

#[test]
fn a_session_that_ends_in_the_middle_is_told_and_a_rerun_completes() {
    let stage = stage();
    stage.control().set_faults(vec![Rule::new(Fault::ExpiredToken).from(20)]);
    let run = stage.run(&["publish", "site"]);
    refused(&stage, &run, 3, &["expired"]);
    stage.control().set_faults(Vec::new());
    stage.done(&["publish", "site"]);
    prove_settled(&stage.control());
}

#[test]
fn a_clock_that_is_wrong_is_corrected_or_named() {
    let stage = stage();
    stage.control().set_clock(3_600, aws_sim::MAX_SKEW_S);
    let run = stage.run(&["publish", "site"]);
    if run.exit == 0 {
        prove_settled(&stage.control());
    } else {
        refused(&stage, &run, 2, &["clock"]);
    }
}

#[test]
fn a_key_pair_that_is_not_known_is_refused() {
    let stage = stage();
    let (cli, report) = stage.bare(&["publish", "site"]);
    let cli = cli.env("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN").env("AWS_SECRET_ACCESS_KEY", "not-the-secret");
    let run = crate::stage::ended(cli.run(), &report);
    refused(&stage, &run, 2, &["denied"]);
    assert!(!run.said.contains("not-the-secret"));
}

#[test]
fn an_endpoint_that_is_down_is_exit_3() {
    let stage = stage();
    // Nobody listens on the first port; one that was given back may be another test's by now.
    let run = stage.run(&["publish", "site", "--endpoint-url", "http://127.0.0.1:1"]);
    refused(&stage, &run, 3, &["Connection refused"]);
}

#[test]
fn a_wrong_answer_never_becomes_a_release() {
    // Only copies and completions are ever answered with an error after a 200.
    let late = Rule::new(Fault::ErrorIn200).of(Kind::Copy).of(Kind::MpComplete).every(2);
    let others = [Fault::CorruptBody, Fault::TruncatedBody, Fault::InternalError, Fault::Conflict];
    for rule in others.map(|fault| Rule::new(fault).every(4)).into_iter().chain([late]) {
        let stage = stage();
        stage.done(&["publish", "site"]);
        stage.tree("site", &fifty(2));
        stage.control().set_faults(vec![rule.clone()]);
        let run = stage.run(&["publish", "site"]);
        prove_sound(&stage.control());
        assert!(matches!(run.exit, 0 | 3 | 5), "{}: {} {}", rule.fault.name(), run.exit, run.said);
        stage.control().set_faults(Vec::new());
        stage.done(&["publish", "site"]);
        prove_settled(&stage.control());
    }
}
