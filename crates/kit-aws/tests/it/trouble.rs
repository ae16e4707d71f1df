//! What goes wrong on the way, and what is made of it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use kit_aws::s3::{Condition, Put, S3, Stored};
use kit_aws::{Body, Error};
use sha2::{Digest, Sha256};

use crate::server::{Reply, Server};

async fn put(s3: &S3, condition: Condition) -> Result<Stored, Error> {
    let body = Bytes::from_static(b"body");
    let sha256 = Sha256::digest(&body).into();
    s3.put("k", Put { body: body.into(), sha256, headers: &[], condition }).await
}

fn stored() -> Reply {
    Reply::Answer(200, vec![("etag", "\"e\"".into())], Vec::new())
}

#[tokio::test]
async fn a_lost_answer_to_a_conditional_write_may_be_our_own() {
    let server = Server::start(|number, _| match number {
        0 => Reply::lost(),
        _ => Reply::error(412, "PreconditionFailed"),
    });
    let error = put(&server.s3().await, Condition::Absent).await.unwrap_err();
    assert_eq!(error, Error::PreconditionFailed { what: "PUT s3://bucket/k".into(), attempts: 2 });
    for asked in server.asked() {
        assert_eq!((asked.header("if-none-match"), &asked.body[..]), ("*", &b"body"[..]));
    }
}

#[tokio::test]
async fn a_service_that_asks_for_less_gets_less_and_then_all() {
    let server = Server::start(|number, _| match number {
        0 => Reply::error(503, "SlowDown"),
        1 => Reply::error(500, "InternalError"),
        _ => stored(),
    });
    let s3 = server.s3().await;
    assert_eq!(put(&s3, Condition::None).await.unwrap(), Stored { etag: "e".into(), attempts: 3 });
    let counts = s3.recorder().counts();
    assert_eq!((counts.requests, counts.retries, counts.sent_bytes), (vec![("PUT", 3)], 2, 12));
}

#[tokio::test]
async fn an_empty_body_has_a_length() {
    let server = Server::start(|_, _| stored());
    let put =
        Put { body: Body::default(), sha256: Sha256::digest([]).into(), headers: &[], condition: Condition::None };
    server.s3().await.put("k", put).await.unwrap();
    assert_eq!(server.asked()[0].header("content-length"), "0");
}

#[tokio::test]
async fn silence_is_not_waited_for() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Silence(Duration::from_secs(30)),
        _ => stored(),
    });
    let begun = Instant::now();
    assert_eq!(put(&server.s3().await, Condition::None).await.unwrap().attempts, 2);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn nobody_there() {
    let server = Server::start(|_, _| stored());
    let mut options = server.options();
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    options.endpoint_url = Some(format!("http://{free}"));
    let aws = kit_aws::connect(&options, kit_aws::CiIdentity::None).await.unwrap();
    let begun = Instant::now();
    let error = put(&S3::new(&aws, "bucket", None), Condition::None).await.unwrap_err();
    let Error::Network(why) = error else { panic!("{error}") };
    assert!(why.starts_with("PUT s3://bucket/k: ") && why.contains("refused") && why.contains("8 attempts"), "{why}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_bucket_is_elsewhere() {
    let server = Server::start(|_, asked| {
        let moved = vec![("x-amz-bucket-region", "us-east-2".to_owned())];
        match asked.method.as_str() {
            "HEAD" => Reply::Answer(301, moved, Vec::new()),
            "PUT" => {
                let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-east-2</Region></Error>";
                Reply::Answer(400, Vec::new(), body.into())
            }
            _ => Reply::Answer(301, moved, b"<Error><Code>PermanentRedirect</Code></Error>".to_vec()),
        }
    });
    let s3 = server.s3().await;
    let told = |error: Error| match error {
        Error::WrongRegion { asked, region, .. } => (asked, region),
        other => panic!("{other}"),
    };
    let expected = ("eu-west-1".to_owned(), Some("us-east-2".to_owned()));
    assert_eq!(told(s3.head("k").await.unwrap_err()), expected);
    assert_eq!(told(s3.get("k", 10).await.unwrap_err()), expected);
    assert_eq!(told(put(&s3, Condition::None).await.unwrap_err()), expected);
    assert_eq!(server.asked().len(), 3, "none is sent again");
}

#[tokio::test]
async fn refusals_have_names() {
    let refusal = |status, code: &'static str| async move {
        let server = Server::start(move |_, _| Reply::error(status, code));
        put(&server.s3().await, Condition::None).await.unwrap_err()
    };
    let what = || "PUT s3://bucket/k".to_owned();
    let message = || "as the test wants".to_owned();
    let denied = Error::Denied { what: what(), code: "AccessDenied".into(), message: message() };
    assert_eq!(refusal(403, "AccessDenied").await, denied);
    assert!(denied.is_input());
    assert_eq!(refusal(404, "NoSuchBucket").await, Error::NoSuchBucket { what: what() });
    let refused = Error::Refused { what: what(), status: 400, code: "BadDigest".into(), message: message() };
    assert_eq!(refusal(400, "BadDigest").await, refused);
    assert!(!refused.is_input());
}

#[tokio::test]
async fn a_race_that_is_not_won_is_a_conflict() {
    let server = Server::start(|_, _| {
        let body = "<Error><Code>ConditionalRequestConflict</Code></Error>";
        Reply::Answer(409, vec![("retry-after", "100".into())], body.into())
    });
    let error = put(&server.s3().await, Condition::Matches("e".into())).await.unwrap_err();
    assert_eq!(error, Error::Conflict { what: "PUT s3://bucket/k".into() });
    assert_eq!(server.asked()[0].header("if-match"), "\"e\"");
}

#[tokio::test]
async fn a_success_that_hides_an_error_is_none() {
    let server = Server::start(|number, _| match number {
        0 => Reply::error(200, "InternalError"),
        _ => Reply::Answer(200, Vec::new(), b"<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>".to_vec()),
    });
    let copied = server.s3().await.copy("a b", "k", 4, None, Some("e")).await.unwrap();
    assert_eq!(copied, Stored { etag: "c".into(), attempts: 2 });
    let asked = &server.asked()[1];
    assert_eq!(asked.header("x-amz-copy-source"), "/bucket/a%20b");
    assert_eq!(asked.header("x-amz-copy-source-if-match"), "\"e\"");
    assert_eq!(asked.header("x-amz-metadata-directive"), "COPY");
}
