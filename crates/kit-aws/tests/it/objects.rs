//! Reading, listing and deleting.

use kit_aws::s3::{Condition, Put, S3};
use kit_aws::{Body, Error};

use crate::server::{Reply, Server};

fn ok(headers: &[(&'static str, &str)], body: &[u8]) -> Reply {
    Reply::Answer(200, headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), body.to_vec())
}

#[tokio::test]
async fn an_object_and_what_is_told_of_it() {
    let server = Server::start(|_, asked| match asked.path.as_str() {
        "/bucket/a%20b" => ok(
            &[
                ("etag", "\"e\""),
                ("last-modified", "Mon, 23 Nov 2026 16:45:00 GMT"),
                ("x-amz-meta-sha256", "12"),
                ("cache-control", "no-cache"),
            ],
            b"body",
        ),
        _ => Reply::error(404, "NoSuchKey"),
    });
    let s3 = server.s3().await;
    let object = s3.get("a b", 4).await.unwrap().unwrap();
    assert_eq!(&object.body[..], b"body");
    let head = s3.head("a b").await.unwrap().unwrap();
    for head in [object.head, head] {
        assert_eq!((head.size, head.etag.as_str(), head.last_modified_s), (4, "e", 1_795_452_300));
        assert_eq!((head.metadata("sha256"), head.header("cache-control")), (Some("12"), Some("no-cache")));
    }
    assert_eq!(s3.get("none", 4).await.unwrap(), None);
    assert_eq!(s3.head("none").await.unwrap(), None);
    assert_eq!(s3.get_chunks("none", |_| panic!("nothing to give")).await.unwrap(), None);
    assert_eq!(server.asked()[0].header("x-amz-content-sha256").len(), 64);
    assert!(server.asked()[0].header("authorization").contains("/eu-west-1/s3/aws4_request"));
}

#[tokio::test]
async fn keys_that_s3_cannot_hold_are_not_sent() {
    let server = Server::start(|_, _| Reply::empty(200));
    let s3 = server.s3().await;
    for key in [String::new(), "ä".repeat(513)] {
        assert!(matches!(s3.get(&key, 1).await, Err(Error::Input(_))));
    }
    assert!(server.asked().is_empty());
    assert!(s3.head(&"k".repeat(1024)).await.is_ok());
}

#[tokio::test]
async fn bodies_end_at_the_limit() {
    let server = Server::start(|_, asked| match asked.path.as_str() {
        "/bucket/endless" => Reply::Endless,
        "/bucket/pieces" => ok(&[("transfer-encoding", "chunked")], b"2\r\nab\r\n3\r\ncde\r\n1\r\nf\r\n0\r\n\r\n"),
        _ => ok(&[], &[0; 100]),
    });
    let s3 = server.s3().await;
    let too_large =
        |key: &str, limit_bytes| Error::BodyTooLarge { what: format!("GET s3://bucket/{key}"), limit_bytes };
    assert_eq!(s3.get("endless", 1 << 20).await.unwrap_err(), too_large("endless", 1 << 20));
    assert_eq!(s3.get("hundred", 99).await.unwrap_err(), too_large("hundred", 99));
    assert_eq!(s3.get("pieces", 5).await.unwrap_err(), too_large("pieces", 5));
    assert_eq!(s3.get("hundred", 100).await.unwrap().unwrap().head.size, 100);
    let pieces = s3.get("pieces", 6).await.unwrap().unwrap();
    assert_eq!((&pieces.body[..], pieces.head.size), (&b"abcdef"[..], 6));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc".to_vec()),
        _ => ok(&[], b"abcdefghi"),
    });
    assert_eq!(&server.s3().await.get("k", 9).await.unwrap().unwrap().body[..], b"abcdefghi");
}

/// Gives `abcdefghi` in pieces of at most three bytes, as if each connection broke.
fn broken(range: &str, etag: &str) -> Reply {
    let from: usize = range.strip_prefix("bytes=").map_or(0, |range| range.trim_end_matches('-').parse().unwrap());
    let all = b"abcdefghi";
    let status = if from == 0 { "200 OK" } else { "206 Partial Content" };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\netag: {etag}\r\n\r\n", all.len() - from);
    Reply::Raw([head.as_bytes(), &all[from..(from + 3).min(9)]].concat())
}

#[tokio::test]
async fn a_long_answer_goes_on_where_it_broke_off() {
    let server = Server::start(|_, asked| broken(asked.header("range"), "\"e\""));
    let mut whole = Vec::new();
    let s3 = server.s3().await;
    let head = s3.get_chunks("k", |piece| {
        whole.extend_from_slice(piece);
        Ok(())
    });
    assert_eq!(head.await.unwrap().unwrap().size, 9);
    assert_eq!(whole, b"abcdefghi");
    let asked = server.asked();
    assert_eq!(asked[1].header("range"), "bytes=3-");
    assert_eq!(asked[1].header("if-match"), "\"e\"");
}

#[tokio::test]
async fn another_object_is_not_glued_on() {
    let server = Server::start(|number, asked| match number {
        0 => broken(asked.header("range"), "\"e\""),
        _ => Reply::error(412, "PreconditionFailed"),
    });
    let error = server.s3().await.get_chunks("k", |_| Ok(())).await.unwrap_err();
    assert_eq!(error, Error::Changed { path: "GET s3://bucket/k".into() });
}

#[tokio::test]
async fn a_full_disk_ends_it() {
    let server = Server::start(|_, _| ok(&[("etag", "\"e\"")], b"abc"));
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    let error = server.s3().await.get_chunks("k", |_| Err(full())).await.unwrap_err();
    assert!(matches!(error, Error::File { path, .. } if path == "k"));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_list_is_asked_for_as_s3_wants_it() {
    let server = Server::start(|_, _| ok(&[], b"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"));
    let aws = server.aws().await;
    let listing = S3::new(&aws, "bucket", Some("123456789012")).list("a b/", Some("a b/c+"), 5000).await.unwrap();
    assert!(listing.more && listing.objects.is_empty());
    let asked = &server.asked()[0];
    assert_eq!(
        asked.path,
        "/bucket/?encoding-type=url&list-type=2&max-keys=1000&prefix=a%20b%2F&start-after=a%20b%2Fc%2B"
    );
    assert_eq!(asked.header("x-amz-expected-bucket-owner"), "123456789012");
}

#[tokio::test]
async fn deletions_go_in_batches_and_tell_what_stays() {
    let server = Server::start(|_, asked| match asked.method.as_str() {
        "DELETE" => Reply::empty(204),
        _ if asked.body.windows(5).any(|piece| piece == b">k-7<") => ok(
            &[],
            b"<DeleteResult><Error><Key>k-7</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>",
        ),
        _ => ok(&[], b"<DeleteResult></DeleteResult>"),
    });
    let s3 = server.s3().await;
    let mut keys: Vec<String> = (0..1500).map(|number| format!("k-{number}")).collect();
    keys.push("bell\u{7}".into());
    assert_eq!(s3.delete(&keys).await.unwrap(), [("k-7".to_owned(), "AccessDenied: no".to_owned())]);
    assert_eq!(s3.recorder().counts().requests, [("DELETE", 3)]);
    let asked = server.asked();
    assert_eq!(asked[0].header("x-amz-checksum-sha256").len(), 44);
    assert!(asked.iter().any(|asked| asked.path == "/bucket/bell%07"));
    assert_eq!(s3.delete(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn a_write_without_an_etag_was_none_of_s3() {
    let server = Server::start(|number, _| if number == 0 { ok(&[], b"") } else { ok(&[("etag", "\"e\"")], b"") });
    let s3 = server.s3().await;
    let put = || Put { body: Body::default(), sha256: [0; 32], headers: &[], condition: Condition::None };
    let error = s3.put("a", put()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Malformed { what, why } if what.contains("PUT") && why.contains("ETag")),
        "{error}"
    );
    assert_eq!(s3.put("a", put()).await.unwrap().etag, "e");
}
