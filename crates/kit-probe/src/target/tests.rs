use super::*;
use proptest::prelude::*;

fn parsed(text: &str) -> (Scheme, String, u16, String) {
    let target = Target::parse(text).unwrap();
    (target.scheme, target.host, target.port, target.path)
}

fn refused(text: &str) -> String {
    Target::parse(text).unwrap_err().to_string()
}

#[test]
fn targets() {
    for (text, scheme, host, port, path, shown) in [
        ("https://www.example.com", Scheme::Https, "www.example.com", 443, "/", "https://www.example.com/"),
        (
            "HTTP://WWW.Example.com:8080/a?b=c",
            Scheme::Http,
            "www.example.com",
            8080,
            "/a?b=c",
            "http://www.example.com:8080/a?b=c",
        ),
        ("http://[2001:DB8::1]:81/", Scheme::Http, "2001:db8::1", 81, "/", "http://[2001:db8::1]:81/"),
        (
            "https://bücher.example/ä",
            Scheme::Https,
            "xn--bcher-kva.example",
            443,
            "/%C3%A4",
            "https://xn--bcher-kva.example/%C3%A4",
        ),
        ("tcp://db.example.com:5432", Scheme::Tcp, "db.example.com", 5432, "", "tcp://db.example.com:5432"),
        ("tls://db.example.com:443/", Scheme::Tls, "db.example.com", 443, "", "tls://db.example.com:443"),
        ("tcp://10.0.0.5:80", Scheme::Tcp, "10.0.0.5", 80, "", "tcp://10.0.0.5:80"),
        (
            "grpc://s.example.com:50051/my.v1.Service",
            Scheme::Grpc,
            "s.example.com",
            50051,
            "my.v1.Service",
            "grpc://s.example.com:50051/my.v1.Service",
        ),
        ("grpcs://s.example.com", Scheme::Grpcs, "s.example.com", 443, "", "grpcs://s.example.com:443"),
    ] {
        assert_eq!(parsed(text), (scheme, host.to_owned(), port, path.to_owned()), "{text}");
        assert_eq!(Target::parse(text).unwrap().shown, shown);
        // What is shown can be written, and means the same.
        assert_eq!(Target::parse(shown).unwrap(), Target::parse(text).unwrap());
    }
}

#[test]
fn targets_that_are_refused() {
    for (text, why) in [
        ("", "an empty target"),
        ("www.example.com", "did you mean https://www.example.com/?"),
        ("localhost:8080/health", "did you mean http://localhost:8080/health?"),
        ("10.0.0.5:8443", "did you mean https://10.0.0.5:8443/?"),
        ("db:5432", "did you mean tcp://db:5432?"),
        ("::1", "did you mean http://[::1]/?"),
        ("[::1]:80", "did you mean http://[::1]:80/?"),
        ("https:/www.example.com/a", "did you mean https://www.example.com/a?"),
        ("ftp://x.example/", "the scheme \"ftp\" is not known"),
        ("tcp://x.example", "the port is missing: write tcp://x.example:443"),
        ("tls://x.example:", "the port is missing"),
        ("tcp://x.example:80/path", "a path needs HTTP: write http://x.example:80/path"),
        ("http://x.example:0/", "port 0"),
        ("http://x.example:99999/", "the port is no number"),
        ("http://x.example/#top", "never sent"),
        ("http:///path", "no host"),
        ("http://2001:db8::1/", "brackets"),
        ("http://x.example/a b", "blanks"),
        ("http://x.example\\@y/", "backslashes"),
        ("http://10.0.0.010/", "reads as the address 10.0.0.8"),
        ("http://127.1/", "reads as the address 127.0.0.1"),
        ("http://0.0.0.0/", "the address of nobody"),
        ("http://x.example./", "without the last dot"),
        ("http://x..example/", "no host name"),
        ("http://*.example/", "pattern"),
        ("grpc://x.example:1/a?b", "gRPC service"),
    ] {
        assert!(refused(text).contains(why), "{text}: {}", refused(text));
    }
    assert!(refused(&format!("http://x/{}", "a".repeat(9_000))).contains("bytes"));
}

#[test]
fn passwords_are_refused_and_not_repeated() {
    for text in [
        "https://me:hunter2@x.example/",
        "https://hunter2@x.example",
        "me:hunter2@x.example",
        "ftp://me:hunter2@x/",
        "https://me:hun/hunter2@x.example/",
        "https://me:hunter2@x y",
    ] {
        let why = refused(text);
        assert!(!why.contains("hunter2"), "{why}");
    }
    assert!(refused("https://me:hunter2@x.example/").contains("give it as a header"));
}

#[test]
fn hosts_and_commands() {
    let target = Target::parse("https://10.0.0.5:8443/x").unwrap();
    let named = target.clone().with_host("Bücher.example").unwrap();
    assert_eq!((named.host.as_str(), named.port, named.path.as_str()), ("xn--bcher-kva.example", 8443, "/x"));
    assert_eq!(target.clone().with_host("[::1]").unwrap().host, "::1");
    for name in ["", "x.example:443", "https://x.example", "x y", "a@b", "x.example.", "127.1"] {
        assert!(target.clone().with_host(name).is_err(), "{name:?}");
    }
    let command = Target::of_command(&["sh".to_owned(), "-c".to_owned(), "it's {id}".to_owned()]).unwrap();
    assert_eq!((command.shown.as_str(), command.port), (r"sh -c 'it'\''s {id}'", 0));
    assert!(Target::of_command(&[]).is_err());
    assert!(Target::of_command(&["a\0".to_owned()]).is_err());
}

#[test]
fn addresses() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    assert_eq!(address("10.0.0.5").unwrap(), (ip("10.0.0.5"), None));
    assert_eq!(address("10.0.0.5:80").unwrap(), (ip("10.0.0.5"), Some(80)));
    assert_eq!(address("::1").unwrap(), (ip("::1"), None));
    assert_eq!(address("[::1]").unwrap(), (ip("::1"), None));
    assert_eq!(address("[::1]:443").unwrap(), (ip("::1"), Some(443)));
    for (text, why) in [
        ("web-1.example.com:80", "a name may lead elsewhere"),
        ("https://10.0.0.5/", "give the URL as the target"),
        ("fe80::1%eth0", "with a zone"),
        ("[fe80::1%2]:80", "with a zone"),
        ("10.0.0.5:0", "port 0"),
        ("10.0.0.5:99999", "write IP or IP:PORT"),
        ("0.0.0.0", "nobody"),
        ("224.0.0.1:80", "of many"),
        ("10.0.0.010", "write IP or IP:PORT"),
        ("", "write IP or IP:PORT"),
    ] {
        let found = address(text).unwrap_err().to_string();
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn lists_of_instances() {
    let json = r#"[{"id":"i-1","address":"10.0.0.5","port":80,"zone":"eu-1a","state":"InService","more":{"x":1}},{"address":"::1"}]"#;
    let list = instances(json).unwrap();
    assert_eq!((list[0].id.as_str(), list[0].port, list[1].id.as_str()), ("i-1", Some(80), "::1"));
    for key in ["instances", "targets"] {
        assert_eq!(instances(&format!("{{\"{key}\":{json},\"group\":\"web\"}}")).unwrap(), list);
    }
    assert_eq!(instances("\u{feff} []").unwrap(), []);
    for (json, why) in [
        ("", "line 1 column 0"),
        ("[{}]", "missing field `address` at line 1"),
        ("[\n{\"address\":\"web-1.example.com\"}]", "a name may lead elsewhere"),
        ("[\n{\"address\":\"web-1.example.com\"}]", "at line 2 column"),
        (r#"[{"address":"10.0.0.5:80"}]"#, r#"write "address": "10.0.0.5", "port": 80"#),
        (r#"[{"address":"10.0.0.5","port":0}]"#, "port 0"),
        (r#"[{"address":"10.0.0.5","port":"80"}]"#, "invalid type: string"),
        (r#"[{"address":"10.0.0.5","id":5}]"#, "invalid type: integer"),
        (r#"[{"address":"10.0.0.5","id":" "}]"#, "1 to 256 characters"),
        (r#"[{"address":"10.0.0.5","address":"10.0.0.6"}]"#, "duplicate field"),
        (
            r#"[{"address":"10.0.0.5","id":"a"},{"address":"10.0.0.6","id":"a"}]"#,
            "instances 1 and 2 have the same id \"a\"",
        ),
        (
            r#"[{"address":"10.0.0.5","id":"a"},{"address":"10.0.0.5","id":"b"}]"#,
            "instances 1 (\"a\") and 2 (\"b\") have the same address 10.0.0.5",
        ),
        ("{}", "no array"),
        (r#"{"instances":[],"targets":[]}"#, "both"),
        (r#""x""#, "an array of instances"),
        ("[] []", "trailing characters"),
    ] {
        let found = instances(json).unwrap_err().to_string();
        assert!(found.contains(why), "{json}: {found}");
    }
    let of = |count: usize| {
        let entries: Vec<String> =
            (0..count).map(|number| format!(r#"{{"address":"10.0.{}.{}"}}"#, number / 256, number % 256)).collect();
        instances(&format!("[{}]", entries.join(",")))
    };
    assert_eq!(of(MAX_INSTANCES).unwrap().len(), MAX_INSTANCES);
    assert!(of(MAX_INSTANCES + 1).unwrap_err().to_string().contains("more than 10000"));
    let ported = r#"[{"address":"10.0.0.5","port":80,"id":"a"},{"address":"10.0.0.5","port":81,"id":"b"}]"#;
    assert_eq!(instances(ported).unwrap().len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "(https?|tcp|tls|grpcs?|x)?(:/?/?)?[a-z0-9.:@%/?#ä\\[\\] ]{0,20}", any in any::<String>()) {
        for text in [&text, &any] {
            if let Ok(target) = Target::parse(text) {
                prop_assert_eq!(&Target::parse(&target.shown).unwrap(), &target);
            }
            let _ = address(text);
            let _ = instances(text);
            let _ = Target::parse("http://x.example/").unwrap().with_host(text);
        }
    }
}
