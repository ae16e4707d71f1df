//! Plain requests, and CloudFront's call.

use bytes::Bytes;
use http::Method;
use kit_aws::http::{Http, Timeouts};
use kit_aws::{Error, cloudfront};

use crate::server::{Reply, Server};

#[tokio::test]
async fn an_answer_of_any_status_is_an_answer() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Answer(429, vec![("retry-after", "1".into())], Vec::new()),
        _ => Reply::Answer(400, vec![("x-a", "1".into())], b"why".to_vec()),
    });
    let http = Http::new("tool/1", Timeouts::default()).unwrap();
    let headers = [("authorization".to_owned(), "Bearer hidden".to_owned())];
    let begun = std::time::Instant::now();
    let answer = http.request(&Method::POST, &server.url, &headers, Bytes::from_static(b"x"), 3).await.unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.attempts), (400, &b"why"[..], 2));
    assert!(begun.elapsed().as_millis() >= 1000, "{:?}", begun.elapsed());
    assert_eq!(server.asked()[1].header("user-agent"), "tool/1");
    assert_eq!(server.asked()[1].header("authorization"), "Bearer hidden");
    assert_eq!(http.recorder().counts().requests, [("OTHER", 2)]);
}

#[tokio::test]
async fn bad_headers_are_named_without_their_values() {
    let http = Http::new("tool/1", Timeouts::default()).unwrap();
    let headers = [("x-key".to_owned(), "hid\nden".to_owned())];
    let error =
        http.request(&Method::GET, "http://127.0.0.1:1/?t=hidden", &headers, Bytes::new(), 3).await.unwrap_err();
    assert_eq!(error.to_string(), "header x-key holds characters other than visible ASCII");
}

#[tokio::test]
async fn an_invalidation_is_begun_and_signed() {
    let server = Server::start(|_, asked| match asked.path.as_str() {
        "/2020-05-31/distribution/E1/invalidation" => {
            let body = "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>";
            Reply::Answer(201, Vec::new(), body.into())
        }
        _ => Reply::Answer(
            404,
            Vec::new(),
            b"<ErrorResponse><Error><Code>NoSuchDistribution</Code></Error></ErrorResponse>".to_vec(),
        ),
    });
    let aws = server.aws().await;
    let paths = [cloudfront::path("index.html"), "/a/*".to_owned()];
    let begun = cloudfront::invalidate(&aws, Some(&server.url), "E1", &paths, "release-1").await.unwrap();
    assert_eq!((begun.id.as_str(), begun.status.as_str()), ("I1", "InProgress"));
    let asked = &server.asked()[0];
    assert!(asked.header("authorization").contains("/us-east-1/cloudfront/aws4_request"));
    assert!(String::from_utf8_lossy(&asked.body).contains("<Path>/index.html</Path><Path>/a/*</Path>"));
    let missing = cloudfront::invalidate(&aws, Some(&server.url), "E2", &paths, "r").await.unwrap_err();
    assert_eq!(missing, Error::NoSuchKey { what: "INVALIDATE cloudfront E2".into() });
    assert!(matches!(
        cloudfront::invalidate(&aws, Some(&server.url), "E1/../x", &paths, "r").await,
        Err(Error::Input(_))
    ));
}
