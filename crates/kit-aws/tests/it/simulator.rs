//! The same clients against the simulated AWS, which checks signatures, checksums and conditions.

#[path = "../../examples/exercise/steps.rs"]
mod steps;

use aws_sim::{ACCESS_KEY, Fault, Rule, SECRET_KEY, Sim, SimOptions};
use bytes::Bytes;
use kit_aws::s3::{Condition, Put, S3};
use kit_aws::{Aws, CiIdentity, ConnectionOptions, Error, connect};
use sha2::{Digest, Sha256};

/// The simulator starts a runtime of its own, which needs a thread that drives none.
fn start(bucket: &'static str) -> Sim {
    std::thread::spawn(move || Sim::start(SimOptions::with_bucket(bucket)).unwrap()).join().unwrap()
}

fn options(sim: &Sim) -> ConnectionOptions {
    ConnectionOptions {
        endpoint_url: Some(sim.url().to_owned()),
        region: Some("eu-west-1".to_owned()),
        environment: [("AWS_ACCESS_KEY_ID", ACCESS_KEY), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..ConnectionOptions::default()
    }
}

async fn aws(sim: &Sim) -> Aws {
    connect(&options(sim), CiIdentity::None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_does_what_s3_does() {
    let sim = start("exercise");
    let aws = aws(&sim).await;
    let none: [String; 0] = [];
    assert_eq!(steps::differences(&aws, &S3::new(&aws, "exercise", None)).await, none);
    assert_eq!(sim.control().uploads("exercise"), 0, "no upload is left behind");
}

#[tokio::test]
async fn a_wrong_secret_is_denied() {
    let sim = start("bucket");
    let mut options = options(&sim);
    options.environment.insert("AWS_SECRET_ACCESS_KEY".to_owned(), "other".to_owned());
    let aws = connect(&options, CiIdentity::None).await.unwrap();
    let error = S3::new(&aws, "bucket", None).get("k", 1).await.unwrap_err();
    assert!(matches!(&error, Error::Denied { code, .. } if code == "SignatureDoesNotMatch"), "{error}");
}

#[tokio::test]
async fn trouble_at_every_third_request_changes_nothing() {
    for fault in [
        Fault::SlowDown,
        Fault::InternalError,
        Fault::RequestTimeout,
        Fault::CutBefore,
        Fault::TruncatedBody,
        Fault::CorruptBody,
    ] {
        let sim = start("bucket");
        sim.control().set_faults(vec![Rule::new(fault.clone()).every(3)]);
        let aws = aws(&sim).await;
        let s3 = S3::new(&aws, "bucket", None);
        for number in 0..12 {
            let body = Bytes::from(format!("body {number}"));
            let sha256 = Sha256::digest(&body).into();
            let put = Put { body: body.into(), sha256, headers: &[], condition: Condition::Absent };
            s3.put(&format!("k{number}"), put).await.unwrap();
        }
        for number in 0..12 {
            let object = s3.get(&format!("k{number}"), 100).await.unwrap().unwrap();
            assert_eq!(object.body, format!("body {number}").as_bytes(), "{}", fault.name());
        }
    }
}
