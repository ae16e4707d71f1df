use super::rules::read_file;
use super::*;
use proptest::prelude::*;

fn of(policy: &Policy, path: &str, naming: Naming) -> Headers {
    policy.headers(path, naming, "").unwrap()
}

#[test]
fn without_rules_names_decide() {
    let policy = Policy::default();
    assert_eq!(of(&policy, "a/app.js", Naming::Immutable).cache_control, IMMUTABLE);
    assert_eq!(of(&policy, "index.html", Naming::Page).cache_control, HTML);
    assert_eq!(of(&policy, "robots.txt", Naming::Page).cache_control, PAGE);
    assert_eq!(of(&policy, "robots.txt", Naming::Page).content_type, "text/plain; charset=utf-8");
    assert!(of(&policy, "robots.txt", Naming::Page).other.is_empty());
}

#[test]
fn later_rules_win_and_empty_ones_take_away() {
    let rules = vec![
        Rule::cache_control("*.js=max-age=1").unwrap(),
        Rule::cache_control("a/**=max-age=2").unwrap(),
        Rule::header("*=X-Amz-Meta-Team: shop").unwrap(),
        Rule::header("*.css=x-amz-meta-team:").unwrap(),
        Rule::content_type("*.data=text/plain").unwrap(),
        Rule::cache_control("*.css=").unwrap(),
        Rule::header("*.pdf=Content-Disposition: attachment; filename=\"a=b: c.pdf\"").unwrap(),
    ];
    let policy = Policy { rules, ..Policy::default() };
    assert_eq!(of(&policy, "x.js", Naming::Page).cache_control, "max-age=1");
    assert_eq!(of(&policy, "a/x.js", Naming::Page).cache_control, "max-age=2");
    assert_eq!(of(&policy, "a/x.js", Naming::Page).other["x-amz-meta-team"], "shop");
    assert!(of(&policy, "x.css", Naming::Immutable).other.is_empty());
    assert_eq!(of(&policy, "x.css", Naming::Immutable).cache_control, "");
    assert_eq!(of(&policy, "x.data", Naming::Page).content_type, "text/plain");
    assert_eq!(of(&policy, "x.pdf", Naming::Page).other["content-disposition"], "attachment; filename=\"a=b: c.pdf\"");
}

#[test]
fn options_for_all_files_are_headers() {
    let policy = Policy {
        storage_class: Some("STANDARD_IA".into()),
        acl: Some("public-read".into()),
        encryption: Some("aws:kms".into()),
        kms_key: Some("alias/web".into()),
        bucket_key: true,
        rules: vec![Rule::header("*.html=x-amz-storage-class: STANDARD").unwrap()],
        ..Policy::default()
    };
    policy.check().unwrap();
    let other = of(&policy, "x.html", Naming::Page).other;
    assert_eq!(other["x-amz-storage-class"], "STANDARD");
    assert_eq!(other["x-amz-server-side-encryption-bucket-key-enabled"], "true");
    assert_eq!(other.len(), 5);
    for wrong in [
        Policy { storage_class: Some("DEEP_ARCHIVE".into()), ..Policy::default() },
        Policy { acl: Some("public-read-write".into()), ..Policy::default() },
        Policy { kms_key: Some("k".into()), ..Policy::default() },
        Policy { kms_key: Some("k\r\nx: y".into()), encryption: Some("aws:kms".into()), ..Policy::default() },
    ] {
        assert!(wrong.check().is_err(), "{wrong:?}");
    }
}

#[test]
fn what_s3_would_not_store_is_refused() {
    for text in [
        "*=X-Frame-Options: DENY",
        "*=x-amz-meta-sha256: 0",
        "*=x-amz-meta-: 0",
        "*=x-amz-meta-a b: 0",
        "*=x-amz-meta-a: b\r\nx-amz-acl: public-read",
        "*=x-amz-meta-a: b\n",
        "*=x-amz-meta-a\n: b",
        "*=x-amz-meta-a: \u{fc}",
        "*=x-amz-server-side-encryption-customer-key: k",
        "*=Content-Encoding: rot13",
        "*=Content-Type: text",
        "*=Host: a",
        "*",
        "=a: b",
        "*=b",
        "[=a: b",
    ] {
        let read = Rule::header(text);
        // Blanks at the end are no part of a value.
        assert!(read.is_err() || text.ends_with('\n'), "{text:?}");
        assert!(!read.is_ok_and(|rule| rule.value.unwrap_or_default().contains(['\r', '\n'])));
    }
}

#[test]
fn a_file_has_rules() {
    let text = "# all\n/assets/*\n  Cache-Control: public, max-age=1\n  X-Amz-Meta-A: b\n\n*.html\n\t! Cache-Control\n";
    let rules = read_file(text).unwrap();
    assert_eq!(rules.len(), 3);
    let policy = Policy { rules, ..Policy::default() };
    assert_eq!(of(&policy, "assets/a/b.js", Naming::Immutable).cache_control, "public, max-age=1");
    assert_eq!(of(&policy, "a.html", Naming::Page).cache_control, "");
    assert_eq!(read_file("  A: b\n").unwrap_err().0, 1);
    assert_eq!(read_file("*\n  Set-Cookie: b\n").unwrap_err().0, 2);
    assert_eq!(read_file("*\n\n  nothing\n").unwrap_err().0, 3);
}

#[test]
fn encodings_are_said_only_when_asked() {
    let mut policy = Policy::default();
    assert_eq!(of(&policy, "app.js.br", Naming::Immutable).content_encoding, "");
    policy.precompressed = true;
    assert_eq!(of(&policy, "app.js.br", Naming::Immutable).content_encoding, "br");
    policy.rules.push(Rule::header("*.js=Content-Encoding: gzip").unwrap());
    assert_eq!(policy.headers("app.js", Naming::Immutable, "br").unwrap().content_encoding, "br");
    assert_eq!(policy.headers("app.js", Naming::Immutable, "").unwrap().content_encoding, "gzip");
}

#[test]
fn too_much_metadata_is_refused_with_the_file() {
    let rule = |name: &str| Rule::header(&format!("*=x-amz-meta-{name}: {}", "x".repeat(1000))).unwrap();
    let policy = Policy { rules: vec![rule("a"), rule("b")], ..Policy::default() };
    assert!(policy.headers("some.txt", Naming::Page, "").unwrap_err().contains("some.txt"));
}

proptest! {
    /// Whatever is written, no rule that is read can end a header's line, and none names an unknown header.
    #[test]
    fn no_text_breaks_a_request(text in "\\PC{0,40}|[a-z*=:\\r\\n -]{0,40}|\\*=[xX]-amz-meta-[a-z]: [\\x00-\\x7f]{0,9}") {
        for rule in [Rule::header(&text), Rule::cache_control(&text), Rule::content_type(&text)].into_iter().flatten() {
            let value = rule.value.clone().unwrap_or_default();
            prop_assert!(value.bytes().all(|b| (b' '..0x7f).contains(&b)));
            prop_assert!(rule.name.bytes().all(|b| b.is_ascii_graphic()));
        }
        let _ = read_file(&text);
    }
}
