//! Objects: what is stored is what comes back.

use crate::client::{BUCKET, Client, path, sim, started};
use aws_sim::Kind;
use aws_sim::sigv4::encoded;
use std::collections::BTreeMap;

const MD5_OF_HELLO: &str = "\"5d41402abc4b2a76b9719d911017c592\"";

#[test]
fn every_header_comes_back() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let headers = [
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-disposition", "inline"),
        ("content-encoding", "br"),
        ("content-language", "de"),
        ("content-type", "text/css; charset=utf-8"),
        ("expires", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("x-amz-meta-sha256", "abc"),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-website-redirect-location", "/x"),
    ];
    let stored = client.put("a.css", &headers, b"hello");
    assert_eq!((stored.status, stored.header("etag")), (200, MD5_OF_HELLO), "{}", stored.text());
    for answer in [client.get("a.css", &[]), client.head_object("a.css")] {
        for (name, value) in headers {
            assert_eq!(answer.header(name), value, "{name}");
        }
        assert_eq!(answer.header("etag"), MD5_OF_HELLO);
        assert_eq!(answer.header("content-length"), "5");
        assert_eq!(answer.header("x-amz-server-side-encryption"), "AES256");
    }
    assert_eq!(client.get("a.css", &[]).body, b"hello");
    let plain = client.put("plain", &[("content-encoding", "aws-chunked")], b"");
    assert_eq!(plain.status, 200);
    let plain = client.head_object("plain");
    assert_eq!((plain.header("content-type"), plain.header("content-encoding")), ("binary/octet-stream", ""));
}

#[test]
fn odd_keys_are_stored_and_listed_under_their_own_names() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let long = "k".repeat(1024);
    let keys = [
        "a//b",
        "a/./b",
        "a/../b",
        "a b",
        "a+b",
        "a%2Bb",
        "a%b",
        "line\nfeed",
        "line\rreturn",
        "tab\t",
        "é",
        "e\u{301}",
        "a?b=c&d",
        "#",
        "quo\"te'<>&",
        "*!()",
        "日本",
        "~",
        "\\",
        "end/",
        "\u{1}",
        long.as_str(),
    ];
    let mut wanted: Vec<String> = Vec::new();
    for key in keys {
        let stored = client.put(key, &[], key.as_bytes());
        assert_eq!(stored.status, 200, "{key:?}: {}", stored.text());
        assert_eq!(client.get(key, &[]).body, key.as_bytes(), "{key:?}");
        wanted.push(key.to_owned());
    }
    wanted.sort();
    let wanted: Vec<String> = wanted.iter().map(|key| encoded(key).replace("%2F", "/").replace("%2A", "*")).collect();
    for page in [1, 3, 1000] {
        assert_eq!(client.list("", page), wanted, "{page}");
    }
    let refused = client.put(&"k".repeat(1025), &[], b"");
    assert_eq!(refused.refusal(), (400, "KeyTooLongError".to_owned()));
}

#[test]
fn a_list_has_prefixes_pages_and_etags() {
    let sim = sim();
    let mut client = Client::new(&sim);
    for index in 0..7 {
        client.put(&format!("a/{index}"), &[], b"hello");
    }
    client.put("b", &[], b"hello");
    client.put("c/x/y", &[], b"hello");
    let answer = client.send("GET", &format!("/{BUCKET}?delimiter=%2F&list-type=2"), &[], b"");
    let text = answer.text();
    assert_eq!(text.matches("<CommonPrefixes>").count(), 2, "{text}");
    assert_eq!((answer.element("KeyCount"), answer.element("Key")), ("3".to_owned(), "b".to_owned()));
    assert!(text.contains("<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>") || text.contains(MD5_OF_HELLO));
    let paged = client.send("GET", &format!("/{BUCKET}?delimiter=%2F&list-type=2&max-keys=1"), &[], b"");
    let next = format!(
        "/{BUCKET}?continuation-token={}&delimiter=%2F&list-type=2&max-keys=1",
        paged.element("NextContinuationToken")
    );
    assert_eq!(
        (paged.element("Prefix"), client.send("GET", &next, &[], b"").element("Key")),
        (String::new(), "b".to_owned())
    );
    assert_eq!(client.list("&prefix=a%2F&start-after=a%2F4", 1000), ["a/5", "a/6"]);
    assert_eq!(client.list("&prefix=a%2F", 2).len(), 7);
}

#[test]
fn ranges_and_conditions_of_reads() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.put("r", &[], b"0123456789");
    let etag = client.head_object("r").header("etag").to_owned();
    let part = client.get("r", &[("range", "bytes=2-4")]);
    assert_eq!((part.status, part.header("content-range"), part.body.as_slice()), (206, "bytes 2-4/10", &b"234"[..]));
    assert_eq!(client.get("r", &[("range", "bytes=-3")]).body, b"789");
    assert_eq!(client.get("r", &[("range", "bytes=10-")]).refusal(), (416, "InvalidRange".to_owned()));
    let unchanged = client.get("r", &[("if-none-match", &etag)]);
    assert_eq!((unchanged.status, unchanged.header("etag")), (304, etag.as_str()));
    assert_eq!(client.get("r", &[("if-match", "\"0\"")]).status, 412);
    assert_eq!(client.get("r", &[("if-match", &etag)]).status, 200);
}

#[test]
fn copies_keep_or_replace_headers() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.put("from", &[("cache-control", "one"), ("x-amz-meta-a", "1")], b"hello");
    let source = path("from");
    let copied = client.put("to", &[("x-amz-copy-source", &source)], b"");
    assert_eq!((copied.status, copied.element("ETag").contains(MD5_OF_HELLO.trim_matches('"'))), (200, true));
    let kept = client.get("to", &[]);
    assert_eq!(
        (kept.header("cache-control"), kept.header("x-amz-meta-a"), kept.body.as_slice()),
        ("one", "1", &b"hello"[..])
    );
    let replace =
        [("cache-control", "two"), ("x-amz-copy-source", source.as_str()), ("x-amz-metadata-directive", "REPLACE")];
    assert_eq!(client.put("from", &replace, b"").status, 200);
    let replaced = client.head_object("from");
    assert_eq!((replaced.header("cache-control"), replaced.header("x-amz-meta-a")), ("two", ""));
    let same = client.put("from", &[("x-amz-copy-source", &source)], b"");
    assert_eq!(same.refusal(), (400, "InvalidRequest".to_owned()));
    let other = [("x-amz-copy-source", source.as_str()), ("x-amz-copy-source-if-match", "\"0\"")];
    assert_eq!(client.put("to", &other, b"").refusal(), (412, "PreconditionFailed".to_owned()));
    assert_eq!(client.put("to", &[("x-amz-copy-source", "/assets/none")], b"").status, 404);
}

#[test]
fn batches_delete_and_say_what_they_did() {
    let sim = sim();
    let mut client = Client::new(&sim);
    for key in ["a", "b&c", "keep"] {
        client.put(key, &[], b"");
    }
    let body = b"<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key></Object><Object><Key>none</Key></Object></Delete>";
    let without = client.send("POST", &format!("/{BUCKET}?delete="), &[], body);
    assert_eq!(without.refusal(), (400, "InvalidRequest".to_owned()));
    let wrong =
        client.send("POST", &format!("/{BUCKET}?delete="), &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")], body);
    assert_eq!(wrong.refusal(), (400, "BadDigest".to_owned()));
    let crc = base64_of_crc32(body);
    let right = client.send("POST", &format!("/{BUCKET}?delete="), &[("x-amz-checksum-crc32", &crc)], body);
    assert_eq!((right.status, right.text().matches("<Deleted>").count()), (200, 3), "{}", right.text());
    assert_eq!(client.list("", 1000), ["keep"]);
    assert_eq!(client.send("DELETE", &path("keep"), &[], b"").status, 204);
    assert_eq!(client.list("", 1000), Vec::<String>::new());
    let many: String = (0..1001).map(|index| format!("<Object><Key>{index}</Key></Object>")).collect();
    let many = format!("<Delete>{many}</Delete>");
    let crc = base64_of_crc32(many.as_bytes());
    let refused =
        client.send("POST", &format!("/{BUCKET}?delete="), &[("x-amz-checksum-crc32", &crc)], many.as_bytes());
    assert_eq!(refused.refusal(), (400, "MalformedXML".to_owned()));
}

/// CRC-32 bit by bit, in base64.
fn base64_of_crc32(bytes: &[u8]) -> String {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    base64(&(!crc).to_be_bytes())
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn versions_are_kept_where_the_bucket_keeps_them() {
    let sim = started(|options| options.buckets[0].1.versioning = true);
    let mut client = Client::new(&sim);
    let first = client.put("k", &[], b"one").header("x-amz-version-id").to_owned();
    client.put("k", &[], b"two");
    let deleted = client.send("DELETE", &path("k"), &[], b"");
    assert_eq!(deleted.header("x-amz-delete-marker"), "true");
    assert_eq!(client.get("k", &[]).refusal(), (404, "NoSuchKey".to_owned()));
    let old = client.send("GET", &format!("{}?versionId={first}", path("k")), &[], b"");
    assert_eq!(old.body, b"one");
    assert_eq!(client.put("k", &[("if-none-match", "*")], b"three").status, 200);
    let versions = client.send("GET", &format!("/{BUCKET}?versions="), &[], b"").text();
    assert_eq!((versions.matches("<Version>").count(), versions.matches("<DeleteMarker>").count()), (3, 1));
}

#[test]
fn large_bodies_may_be_measured_only() {
    let sim = started(|options| options.keep_below_bytes = 10);
    let mut client = Client::new(&sim);
    client.put("small", &[], b"123456789");
    let stored = client.put("large", &[], &[7; 100_000]);
    assert_eq!(client.get("small", &[]).body, b"123456789");
    let large = client.get("large", &[]);
    assert_eq!((large.body.len(), large.body.iter().any(|byte| *byte != 0)), (100_000, false));
    assert_eq!(large.header("etag"), stored.header("etag"));
    assert!(sim.control().object(BUCKET, "large").unwrap().sha256.is_none());
}

#[test]
fn requests_are_counted_by_kind_and_logged_in_order() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.put("a", &[], b"hello");
    client.get("a", &[]);
    client.get("none", &[]);
    client.put("b", &[("x-amz-copy-source", &path("a"))], b"");
    client.list("", 10);
    client.head_object("a");
    let counts = sim.control().counts();
    let wanted = [(Kind::Put, 1), (Kind::Copy, 1), (Kind::Get, 2), (Kind::Head, 1), (Kind::List, 1)];
    assert_eq!(counts.requests, BTreeMap::from(wanted));
    assert_eq!((counts.total, counts.writes, counts.bytes_in), (6, 2, 5));
    let log: Vec<_> =
        sim.control().log().into_iter().map(|record| (record.kind.name(), record.key, record.status)).collect();
    let wanted = [
        ("PUT", "a", 200),
        ("GET", "a", 200),
        ("GET", "none", 404),
        ("COPY", "b", 200),
        ("LIST", "", 200),
        ("HEAD", "a", 200),
    ];
    assert_eq!(log, wanted.map(|(kind, key, status)| (kind, key.to_owned(), status)));
    sim.control().reset();
    assert_eq!(sim.control().counts().total, 0);
}
