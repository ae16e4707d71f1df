use proptest::prelude::*;

use super::*;

#[test]
fn errors_of_s3_and_of_other_services() {
    let s3 = br#"<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AuthorizationHeaderMalformed</Code><Message>it &lt;is&gt; 'eu' &amp; &#x41;</Message><Region>eu-west-1</Region></Error>"#;
    let told = refusal(s3).unwrap();
    assert_eq!(told.code, "AuthorizationHeaderMalformed");
    assert_eq!(told.message, "it <is> 'eu' & A");
    assert_eq!(told.region.as_deref(), Some("eu-west-1"));
    let cloudfront = br#"<ErrorResponse xmlns="http://x/"><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>"#;
    assert_eq!(refusal(cloudfront).unwrap().code, "AccessDenied");
    assert_eq!(refusal(b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>"), None);
    assert_eq!(refusal(b"<html><body>Bad gateway"), None);
    assert_eq!(refusal(b""), None);
    assert_eq!(refusal(b"<Error><Code>SlowDown</Code><Mess").unwrap().code, "SlowDown");
}

#[test]
fn traps_are_refused() {
    let bomb = br#"<!DOCTYPE l [<!ENTITY a "aaaa">]><Error><Code>&a;</Code></Error>"#;
    assert_eq!(walk(bomb, |_| {}), Err("it has a document type".to_owned()));
    assert_eq!(walk(b"<a>&b;</a>", |_| {}), Err("unknown entity \"b\"".to_owned()));
    assert_eq!(walk("<a>".repeat(20).as_bytes(), |_| {}), Err("more than 16 levels".to_owned()));
    assert_eq!(walk(b"<a><b>", |_| {}), Err("it ends in the middle".to_owned()));
    assert!(walk(b"<a>\xff</a>", |_| {}).is_err());
}

#[test]
fn keys_are_decoded_only_when_they_are_encoded() {
    assert_eq!(decoded("a+b%2Bc%C3%A4", true), "a b+cä");
    assert_eq!(decoded("a+b%2Bc", false), "a+b%2Bc");
}

proptest! {
    #[test]
    fn nothing_panics(document in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = refusal(&document);
        let _ = walk(&document, |_| {});
    }

    #[test]
    fn what_is_escaped_is_read_back(text in any::<String>()) {
        if let Some(escaped) = escaped(&text) {
            let mut read = String::new();
            walk(format!("<a><k>{escaped}</k></a>").as_bytes(), |node| {
                if let Node::End(path, text) = node && path == ["a", "k"] {
                    read = text.to_owned();
                }
            }).unwrap();
            prop_assert_eq!(read, text);
        }
    }
}
