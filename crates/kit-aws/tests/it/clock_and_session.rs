//! A clock that is wrong, and a session that ends.

use std::time::{Duration, SystemTime};

use aws_smithy_types::date_time::{DateTime, Format};
use kit_aws::Error;

use crate::server::{Asked, Reply, Server};

/// The server's clock is two hours ahead.
fn ahead() -> SystemTime {
    SystemTime::now() + Duration::from_secs(7200)
}

fn dated(status: u16, body: &str) -> Reply {
    let date = DateTime::from(ahead()).fmt(Format::HttpDate).unwrap();
    Reply::Answer(status, vec![("date", date)], body.as_bytes().to_vec())
}

/// Whether a request was signed by the server's clock, give or take the minutes that the test may take.
fn signed_by_the_server(asked: &Asked) -> bool {
    let expected = DateTime::from(ahead()).fmt(Format::DateTime).unwrap();
    let expected: String =
        expected.chars().filter(|character| character.is_ascii_digit() || *character == 'T').collect();
    asked.header("x-amz-date")[..11] == expected[..11]
}

#[tokio::test]
async fn the_service_s_clock_is_taken_once_and_kept() {
    let server = Server::start(|_, asked| {
        if signed_by_the_server(asked) {
            return dated(200, "");
        }
        match asked.method.as_str() {
            "HEAD" => dated(403, ""),
            _ => dated(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>"),
        }
    });
    let s3 = server.s3().await;
    assert!(s3.get("k", 10).await.unwrap().is_some());
    assert!(s3.get("k", 10).await.unwrap().is_some());
    assert_eq!(server.asked().len(), 3);

    let anew = server.s3().await;
    assert!(anew.head("k").await.unwrap().is_some(), "HEAD tells no code, the date does");
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn a_clock_that_stays_wrong_is_named() {
    let server = Server::start(|_, _| dated(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>"));
    let error = server.s3().await.get("k", 10).await.unwrap_err();
    assert!(matches!(error, Error::ClockSkew { .. }), "{error}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn fixed_keys_that_ended_are_told_so() {
    let server = Server::start(|_, _| Reply::error(400, "ExpiredToken"));
    let error = server.s3().await.get("k", 10).await.unwrap_err();
    assert_eq!(error, Error::Expired { what: "GET s3://bucket/k".into() });
}
