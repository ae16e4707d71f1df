//! The examples of "Authenticating Requests: Using the Authorization Header" in the Amazon S3 API Reference.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;

use super::*;

/// The examples' keys, date (2013-05-24 00:00:00 UTC) and region.
fn signature(mut request: http::Request<()>, payload: Payload) -> String {
    let identity =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None, None, "test").into();
    let scope = Scope { region: "us-east-1", service: "s3" };
    sign(&mut request, &identity, scope, &payload, UNIX_EPOCH + Duration::from_secs(1_369_353_600)).unwrap();
    assert_eq!(request.headers()["x-amz-date"], "20130524T000000Z");
    let authorization = request.headers()["authorization"].to_str().unwrap();
    authorization.rsplit_once("Signature=").unwrap().1.to_owned()
}

fn request(method: &str, path: &str) -> http::request::Builder {
    http::Request::builder().method(method).uri(format!("https://examplebucket.s3.amazonaws.com{path}"))
}

#[test]
fn get_object() {
    let request = request("GET", "/test.txt").header("range", "bytes=0-9").body(()).unwrap();
    assert_eq!(signature(request, Payload::Empty), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

#[test]
fn put_object() {
    let request = request("PUT", "/test%24file.text")
        .header("date", "Fri, 24 May 2013 00:00:00 GMT")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .body(())
        .unwrap();
    let payload = Payload::Sha256("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072".into());
    assert_eq!(signature(request, payload), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

#[test]
fn a_flag_in_the_query() {
    let request = request("GET", "/?lifecycle").body(()).unwrap();
    assert_eq!(signature(request, Payload::Empty), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

#[test]
fn list_objects() {
    let request = request("GET", "/?max-keys=2&prefix=J").body(()).unwrap();
    assert_eq!(signature(request, Payload::Empty), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

#[test]
fn the_session_token_is_sent_and_signed_and_not_shown() {
    let mut request = request("GET", "/k").body(()).unwrap();
    let identity = Credentials::new("a", "b", Some("session".into()), None, "test").into();
    let scope = Scope { region: "us-east-1", service: "s3" };
    sign(&mut request, &identity, scope, &Payload::Unsigned, UNIX_EPOCH).unwrap();
    assert_eq!(request.headers()["x-amz-security-token"], "session");
    assert_eq!(request.headers()["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
    assert!(request.headers()["authorization"].to_str().unwrap().contains("x-amz-security-token"));
    assert!(!format!("{:?}", request.headers()).contains("\"session\""));
}

#[test]
fn a_header_that_is_not_ascii_is_named() {
    let value = http::HeaderValue::from_bytes("käse".as_bytes()).unwrap();
    let mut request = request("PUT", "/k").header("x-amz-meta-a", value).body(()).unwrap();
    let identity = Credentials::new("a", "b", None, None, "test").into();
    let scope = Scope { region: "us-east-1", service: "s3" };
    let error = sign(&mut request, &identity, scope, &Payload::Empty, UNIX_EPOCH).unwrap_err();
    assert_eq!(error.to_string(), "header x-amz-meta-a holds characters other than visible ASCII");
}
