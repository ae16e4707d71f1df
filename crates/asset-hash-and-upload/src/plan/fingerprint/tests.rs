use super::percent::{decode, encode, encode_path};
use super::*;
use proptest::prelude::*;

#[test]
fn names_are_put_together() {
    let form = NameForm::default();
    assert_eq!(NameForm::parse(DEFAULT_FORM).unwrap(), form);
    for (path, published) in [
        ("app.js", "app-H.js"),
        ("a/b/app.min.js", "a/b/app.min-H.js"),
        ("a.b/app", "a.b/app-H"),
        ("archive.tar.gz", "archive-H.tar.gz"),
        ("app.js.map", "app-H.js.map"),
        ("app.css.br", "app-H.css.br"),
        ("x.JS.MAP", "x-H.JS.MAP"),
        ("data.csv.gz", "data.csv-H.gz"),
        (".htaccess", ".htaccess-H"),
        (".env.production", ".env-H.production"),
        ("..x", "..x-H"),
        ("...", "...-H"),
        ("tar.gz", "tar-H.gz"),
        ("x.", "x.-H"),
        (".js.map", ".js-H.map"),
        ("a b/ü +%#?.png", "a b/ü +%#?-H.png"),
        ("日本.png", "日本-H.png"),
    ] {
        assert_eq!(form.apply(path, "H"), published, "{path}");
    }
    let dotted = NameForm::parse("[name].[hash].[ext]").unwrap();
    assert_eq!(dotted.apply("a/app.js", "H"), "a/app.H.js");
    assert_eq!(dotted.apply("a/app", "H"), "a/app.H");
    let bare = NameForm::parse("[hash].[ext]").unwrap();
    assert_eq!(bare.apply("a.b/app", "H"), "a.b/H");
    assert_eq!(NameForm::parse("h~[hash]_[name].[ext]").unwrap().apply("a/b.c", "H"), "a/h~H_b.c");
}

#[test]
fn forms_that_would_lose_something_are_refused() {
    for form in
        ["", "[name].[ext]", "[hash]", "[hash]-[hash].[ext]", "[name][name]-[hash]", "[path]/[name]-[hash].[ext]"]
    {
        assert!(NameForm::parse(form).is_err(), "{form}");
    }
    for form in [
        "a/[name]-[hash].[ext]",
        "[name]-[hash",
        "[name]?[hash].[ext]",
        "[ext]-[hash]",
        "[name] [hash]",
        "../[name][hash]",
    ] {
        assert!(NameForm::parse(form).is_err(), "{form}");
    }
    assert!(NameForm::parse(&format!("[name]-[hash]{}", "x".repeat(100))).is_err());
}

#[test]
fn the_hash_is_over_bytes_type_and_coding() {
    let (digest, name) = hash(b"abc", "text/plain", "");
    assert_eq!(digest, Digest::of(b"abc"));
    assert_eq!(name, Digest::of(b"abc\0text/plain\0").hex()[..16]);
    assert_ne!(name, hash(b"abc", "text/css", "").1);
    assert_ne!(name, hash(b"abc", "text/plain", "br").1);
    let mut pieces = FileHash::default();
    pieces.update(b"a");
    pieces.update(b"bc");
    assert_eq!(pieces.finish("text/plain", ""), (digest, name));
}

#[test]
fn keys_are_checked() {
    assert!(check_key(&"ü".repeat(512)).is_ok());
    assert!(check_key(&"ü".repeat(513)).is_err());
    for key in ["", "a\nb", "a\u{7f}", "a//b", "/a", "a/", "a/../b", "./a", "a/..", "a\u{ffff}"] {
        assert!(check_key(key).is_err(), "{key:?}");
    }
    for key in ["a b", "a+b", "a%2Fb", "a#?", "...", "a/.b", "日本", "e\u{301}"] {
        assert!(check_key(key).is_ok(), "{key:?}");
    }
}

#[test]
fn names_in_urls_are_encoded_once() {
    assert_eq!(encode("a+b %#?&'(),:;@2x~é.png"), "a%2Bb%20%25%23%3F%26%27%28%29%2C%3A%3B@2x~%C3%A9.png");
    assert_eq!(encode_path("a b/c"), "a%20b/c");
    assert_eq!(decode("%2541").unwrap(), "%41");
    assert_eq!(decode("100%zz").unwrap(), "100%zz");
    assert_eq!(decode("a+b").unwrap(), "a+b");
    assert_eq!(decode("%ff"), None);
}

proptest! {
    #[test]
    fn encoding_can_be_undone(name in "\\PC{0,40}") {
        let encoded = encode(&name).into_owned();
        prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~@%".contains(&b)));
        prop_assert_eq!(decode(&encoded).unwrap(), name.as_str());
    }

    /// The folder stays, the type stays, and two files of one folder never get one name for the same bytes.
    #[test]
    fn published_names_keep_what_matters(names in proptest::collection::vec("[a-b.]{1,6}(\\.(js|map|gz|tar))?", 2)) {
        let form = NameForm::default();
        for name in &names {
            let published = form.apply(&format!("d/{name}"), "0123456789abcdef");
            prop_assert!(published.starts_with("d/") && !published[2..].contains('/'));
            prop_assert!(published.contains("-0123456789abcdef"));
            let (stem, extension) = split_extension(name);
            prop_assert_eq!(split_extension(name).0.len() + extension.len() + usize::from(!extension.is_empty()), name.len());
            prop_assert!(!stem.is_empty());
        }
        if names[0] != names[1] {
            prop_assert_ne!(form.apply(&names[0], "h"), form.apply(&names[1], "h"));
        }
    }
}
