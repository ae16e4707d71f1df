//! What S3 refuses, and that nothing is left of it.

use crate::client::{BUCKET, Client, now_s, path, sim, started};
use aws_sim::{BucketOptions, KeyPair, MAX_SKEW_S, Sim, SimOptions};

#[test]
fn wrong_digests_are_refused() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let wrong = [
        ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
        ("content-md5", "AAAA", "InvalidDigest"),
        ("x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc32c", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-sha512", "AAAA", "InvalidRequest"),
    ];
    for (name, value, code) in wrong {
        assert_eq!(client.put("k", &[(name, value)], b"hello").refusal(), (400, code.to_owned()), "{name}");
    }
    client.payload = Some("0".repeat(64));
    assert_eq!(client.put("k", &[], b"hello").refusal(), (400, "XAmzContentSHA256Mismatch".to_owned()));
    client.payload = None;
    assert_eq!((client.get("k", &[]).status, client.list("", 10).len()), (404, 0));
    // The check value of CRC-32 for 123456789 is cbf43926, of CRC-32C e3069283.
    let right = [("x-amz-checksum-crc32", 0xcbf4_3926_u32), ("x-amz-checksum-crc32c", 0xe306_9283)];
    for (name, value) in right {
        let value = crate::objects::base64(&value.to_be_bytes());
        let stored = client.put("k", &[(name, &value)], b"123456789");
        assert_eq!((stored.status, stored.header(name)), (200, value.as_str()));
    }
}

#[test]
fn signatures_and_clocks_are_checked() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.secret_key = "wrong".to_owned();
    assert_eq!(client.put("k", &[], b"").refusal(), (403, "SignatureDoesNotMatch".to_owned()));
    let mut client = Client::new(&sim);
    client.access_key = "AKIANOBODY".to_owned();
    assert_eq!(client.put("k", &[], b"").refusal(), (403, "InvalidAccessKeyId".to_owned()));
    let mut client = Client::new(&sim);
    client.skew_s = -i64::try_from(MAX_SKEW_S).unwrap() - 60;
    let refused = client.put("k", &[], b"");
    assert_eq!(refused.refusal(), (403, "RequestTimeTooSkewed".to_owned()));
    assert!(!refused.element("ServerTime").is_empty());
    sim.control().set_clock(client.skew_s, MAX_SKEW_S);
    assert_eq!(client.put("k", &[], b"").status, 200);
    sim.control().set_clock(0, MAX_SKEW_S);
    let unsigned = format!("GET {} HTTP/1.1\r\nhost: localhost\r\n\r\n", path("k"));
    assert_eq!(client.exchange("GET", &unsigned, b"").unwrap().refusal(), (403, "AccessDenied".to_owned()));
    let open = started(|options| options.require_signature = false);
    assert_eq!(Client::new(&open).exchange("GET", &unsigned, b"").unwrap().status, 404);
}

#[test]
fn sessions_need_their_token_and_end() {
    let sim = sim();
    let pair = KeyPair {
        access_key: "ASIATEST".to_owned(),
        secret_key: "secret".to_owned(),
        session_token: Some("token".to_owned()),
        expires_s: Some(now_s() + 60),
    };
    sim.control().add_key_pair(pair);
    let mut client = Client::new(&sim);
    (client.access_key, client.secret_key) = ("ASIATEST".to_owned(), "secret".to_owned());
    assert_eq!(client.put("k", &[], b"").refusal(), (403, "InvalidAccessKeyId".to_owned()));
    client.token = Some("other".to_owned());
    assert_eq!(client.put("k", &[], b"").refusal(), (400, "InvalidToken".to_owned()));
    client.token = Some("token".to_owned());
    assert_eq!(client.put("k", &[], b"").status, 200);
    sim.control().expire_sessions();
    assert_eq!(client.put("k", &[], b"").refusal(), (400, "ExpiredToken".to_owned()));
}

#[test]
fn wrong_buckets_regions_and_owners_are_named() {
    let mut options = SimOptions { region: Some("us-east-1".to_owned()), ..SimOptions::with_bucket(BUCKET) };
    let far = BucketOptions { region: Some("eu-west-1".to_owned()), ..BucketOptions::default() };
    options.buckets.push(("far-away".to_owned(), far));
    let sim = Sim::start(options).unwrap();
    let mut client = Client::new(&sim);
    assert_eq!(client.send("PUT", "/none-such/k", &[], b"").refusal(), (404, "NoSuchBucket".to_owned()));
    let moved = client.send("PUT", "/far-away/k", &[], b"");
    assert_eq!(
        (moved.refusal(), moved.header("x-amz-bucket-region")),
        ((301, "PermanentRedirect".to_owned()), "eu-west-1")
    );
    client.region = "eu-central-1".to_owned();
    let wrong = client.send("PUT", "/far-away/k", &[], b"");
    assert_eq!(
        (wrong.refusal(), wrong.element("Region")),
        ((400, "AuthorizationHeaderMalformed".to_owned()), "eu-west-1".to_owned())
    );
    client.region = "eu-west-1".to_owned();
    assert_eq!(client.send("PUT", "/far-away/k", &[], b"").status, 200);
    client.region = "us-east-1".to_owned();
    let other = [("x-amz-expected-bucket-owner", "999999999999")];
    assert_eq!(client.put("k", &other, b"").refusal(), (403, "AccessDenied".to_owned()));
    let own = [("x-amz-expected-bucket-owner", aws_sim::DEFAULT_OWNER)];
    assert_eq!(client.put("k", &own, b"").status, 200);
}

#[test]
fn acls_metadata_and_classes_are_checked() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let public = [("x-amz-acl", "public-read")];
    assert_eq!(client.put("k", &public, b"").refusal(), (400, "AccessControlListNotSupported".to_owned()));
    assert_eq!(client.put("k", &[("x-amz-acl", "bucket-owner-full-control")], b"").status, 200);
    let large = "m".repeat(2048);
    assert_eq!(client.put("k", &[("x-amz-meta-a", &large)], b"").refusal(), (400, "MetadataTooLarge".to_owned()));
    let class = [("x-amz-storage-class", "CHEAP")];
    assert_eq!(client.put("k", &class, b"").refusal(), (400, "InvalidStorageClass".to_owned()));
    let with_acls = started(|options| options.buckets[0].1.acls = true);
    assert_eq!(Client::new(&with_acls).put("k", &public, b"").status, 200);
    assert_eq!(with_acls.control().object(BUCKET, "k").unwrap().acl.as_deref(), Some("public-read"));
}

#[test]
fn without_the_right_to_list_a_missing_key_is_denied() {
    let sim = started(|options| options.buckets[0].1.listable = false);
    let mut client = Client::new(&sim);
    assert_eq!(client.get("none", &[]).refusal(), (403, "AccessDenied".to_owned()));
    assert_eq!(client.send("GET", &format!("/{BUCKET}?list-type=2"), &[], b"").status, 403);
}

#[test]
fn only_loopback_and_right_names_are_served() {
    let open = SimOptions { address: "0.0.0.0:0".parse().unwrap(), ..SimOptions::default() };
    assert!(Sim::start(open).is_err());
    assert!(Sim::start(SimOptions::with_bucket("Upper")).is_err());
}
