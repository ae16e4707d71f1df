use super::command::filled;
use super::*;
use proptest::prelude::*;

fn target(command: &[&str]) -> Target {
    Target {
        shown: String::new(),
        scheme: Scheme::Command,
        host: "app.example".to_owned(),
        port: 0,
        path: String::new(),
        command: command.iter().map(|one| (*one).to_owned()).collect(),
    }
}

fn member(address: Option<&str>) -> Member {
    Member { id: "i-{host}".to_owned(), address: address.map(|text| text.parse().unwrap()), zone: None }
}

#[test]
fn commands_are_filled_in_once() {
    let line = target(&["check", "{id}", "--at={address}:{port}", "{host}", "{\"a\": {id}}", "{", "{other}"]);
    let found = filled(&line, &member(Some("[::1]:80"))).unwrap();
    assert_eq!(found, ["check", "i-{host}", "--at=::1:80", "app.example", "{\"a\": i-{host}}", "{", "{other}"]);
    let fault = filled(&target(&["check", "{address}"]), &member(None)).unwrap_err();
    assert_eq!(fault.cause, crate::event::Cause::CommandNotStarted);
    assert!(filled(&target(&["check", "{port}"]), &member(None)).is_err());
}

#[test]
fn secrets_are_taken_out_in_every_form() {
    let redaction = Redaction::new(["p@ss w/ö\"rd", " "]);
    for text in [
        "x p@ss w/ö\"rd y",
        "x p%40ss%20w%2F%C3%B6%22rd y",
        "x p%40ss+w%2f%c3%b6%22rd y",
        "x p@ss%20w/%C3%B6%22rd y",
        "x p@ss w/ö\\\"rd y",
        "x p@ss w\\/ö\\\"rd y",
    ] {
        assert_eq!(redaction.of(text), "x *** y", "{text}");
    }
    assert_eq!(redaction.of("nothing here"), "nothing here");
    // user:correct-horse, by any encoder.
    let redaction = Redaction::new(["correct-horse"]);
    for text in ["dXNlcjpjb3JyZWN0LWhvcnNl", "Y29ycmVjdC1ob3JzZQ==", "YTpjb3JyZWN0LWhvcnNl"] {
        let clean = redaction.of(text);
        assert!(clean.contains(MASK), "{text} {clean}");
    }
    assert_eq!(redaction.of("so it is: corre… and correct-ho…"), "so it is: ***… and ***…");
    assert_eq!(redaction.of("line … correct-horse"), "line … ***");
}

#[test]
fn what_says_that_it_is_a_secret_is_not_shown() {
    let clean = |text: &str| Redaction::default().of(text).into_owned();
    for (text, expected) in [
        ("http://a/?token=abc&page=2", "http://a/?token=***&page=2"),
        (
            "to `/in?a=b&api_key=x=y` and `/?X-Amz-Signature=1#f`",
            "to `/in?a=b&api_key=***` and `/?X-Amz-Signature=***#f`",
        ),
        ("<a href='/?a=1&amp;sessionId=ü€&b'>", "<a href='/?a=1&amp;sessionId=***&b'>"),
        ("/?sig=1&KEY=2&monkey=3&design=4&token=", "/?sig=***&KEY=***&monkey=3&design=4&token="),
        ("password=abc&user=ann", "password=***&user=ann"),
        (r#"{"user":"ann","password": "a\"b=c","n":1}"#, r#"{"user":"ann","password": "***","n":1}"#),
        (r#"{"log":"{\"accessToken\":\"ey.J\",\"a\":1}"}"#, r#"{"log":"{\"accessToken\":\"***\",\"a\":1}"}"#),
        (
            r#"{"token":null,"secret":"","key":["a"],"session":"cut"#,
            r#"{"token":null,"secret":"","key":["a"],"session":"***"#,
        ),
        ("/?page=2", "/?page=2"),
    ] {
        assert_eq!(clean(text), expected);
        assert_eq!(clean(expected), expected);
    }
    assert_eq!(query_secrets("/?a=1&token=%41b&x=2&my-key=k").collect::<Vec<_>>(), ["%41b", "k"]);
    let hostile = format!("?{}", "=".repeat(200_000));
    assert_eq!(clean(&hostile), hostile);
    let hostile = "\":\"".repeat(100_000);
    assert_eq!(clean(&hostile), hostile);
}

fn network() -> Network {
    Network::new(crate::exchange::Settings {
        timeout: std::time::Duration::from_secs(1),
        max_body_bytes: 1000,
        ca_file: None,
        proxies: crate::exchange::Proxies::default(),
        http: crate::exchange::HttpVersion::Negotiated,
        family: crate::exchange::Family::Any,
    })
}

/// What an exchange with a target of this scheme is taken for.
fn judged(scheme: Scheme, expect: Expectations, exchange: &Exchange) -> Step {
    let probe = Probe {
        method: "GET".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        redirects: 0,
        expect: expect.clone(),
        version_path: None,
        suite: None,
        warm: 0,
        secrets: vec!["Some secret".to_owned()],
    };
    let (network, target, member) = (network(), Target { scheme, ..target(&[]) }, member(None));
    let until = Instant::now();
    let run = Run { network: &network, probe: &probe, index: 0, target: &target, member: &member, until };
    match scheme {
        Scheme::Grpc | Scheme::Grpcs => run.health(exchange),
        _ => run.step(exchange, url::Url::parse("http://a.test/").ok().as_ref(), &expect, true, &[]),
    }
}

#[test]
fn nothing_but_serving_is_health() {
    let told = |status, serving: Option<&str>| {
        let serving = serving.map(str::to_owned);
        let response = crate::exchange::Response { status, serving, ..Default::default() };
        let exchange = Exchange { response: Some(response), ..Exchange::default() };
        // The usual set of HTTP statuses is no expectation of gRPC.
        let expect = Expectations { status: [200].into(), ..Expectations::default() };
        judged(Scheme::Grpc, expect, &exchange).misses.pop().map(|miss| miss.got)
    };
    assert_eq!(told(0, Some("SERVING")), None);
    assert_eq!(told(0, Some("NOT_SERVING")).as_deref(), Some("health NOT_SERVING"));
    assert!(told(0, None).is_some() && told(5, Some("SERVING")).is_some() && told(200, None).is_some());
    assert!(told(12, None).unwrap().contains("UNIMPLEMENTED"));
    assert!(!judged(Scheme::Grpc, Expectations::default(), &Exchange::default()).passed(), "no answer is no pass");
}

#[test]
fn no_answer_is_no_pass_and_certificates_are_looked_at() {
    let nothing = Exchange::default();
    for scheme in [Scheme::Http, Scheme::Https, Scheme::Command, Scheme::Grpcs] {
        assert!(!judged(scheme, Expectations::default(), &nothing).passed(), "{scheme:?}");
    }
    let certificate = |subject: &str, ends_s| Certificate { subject: subject.to_owned(), begins_s: 0, ends_s };
    let certificates = vec![certificate("app", now_s() + 9_000_000), certificate("Some secret CA", now_s() + 90_000)];
    let exchange = Exchange { certificates, ..Exchange::default() };
    let days =
        |days| judged(Scheme::Tls, Expectations { certificate_days: Some(days), ..Default::default() }, &exchange);
    assert!(days(1).passed());
    assert_eq!(days(2).misses[0].got, "1 day left on `*** CA` (2 of the chain)");
    assert_eq!(days(2).certificate_ends_s, Some(exchange.certificates[1].ends_s));
}

#[test]
fn what_a_server_makes_long_is_kept_short() {
    let final_url = format!("http://b.test/{}Some%20secret", "é".repeat(60_000));
    let cookie = format!("s={}; Path=/", "x".repeat(60_000)).into_bytes();
    let set_cookies = vec![(url::Url::parse("http://a.test/").unwrap(), cookie.clone()); 1000];
    // Thousands of ellipses against thousands of secrets: without bounds this takes minutes.
    let body = "xxxxxxxx…".repeat(5_000).into_bytes();
    let response = crate::exchange::Response { status: 503, final_url, set_cookies, body, ..Default::default() };
    let exchange = Exchange { response: Some(response), ..Exchange::default() };
    let step = judged(Scheme::Http, Expectations { status: [200].into(), ..Expectations::default() }, &exchange);
    assert_eq!(step.final_url.unwrap().chars().count(), crate::event::URL_CHARS + 1);
    assert!(step.body_start.unwrap().chars().count() <= crate::event::BODY_START_CHARS + 1);
    assert_eq!(strangers::cookie_value(&cookie).unwrap().len(), 1024);
}

#[test]
fn only_our_own_ellipses_are_cuts() {
    let redaction = Redaction::new(["correct-horse"]);
    assert_eq!(redaction.of_bytes("corre… correct-horse".as_bytes()), "corre… ***".as_bytes());
    let cleaned = redaction.of(&"corre…".repeat(20)).into_owned();
    assert_eq!(cleaned, format!("{}{}", "corre…".repeat(4), "***…".repeat(16)));
    assert_eq!(Redaction::new(["ab…cd"]).of("xab…c…"), "x***…");
}

proptest! {
    #[test]
    fn no_secret_is_left(secret in "[a-zA-Z0-9 /+=%\"ü-]{4,20}", before in "[a-z]{0,5}", after in "[a-z]{0,5}") {
        prop_assume!(!secret.trim().is_empty() && !MASK.contains(secret.as_str()));
        let redaction = Redaction::new([secret.as_str()]);
        let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let json = serde_json::to_string(&secret).unwrap();
        for text in [secret.clone(), form, json[1..json.len() - 1].to_owned()] {
            let clean = redaction.of(&format!("{before}{text}{after}")).into_owned();
            prop_assert!(clean.contains(MASK) && !clean.contains(&text), "{text} {clean}");
        }
    }

    #[test]
    fn any_command_line_is_filled_in(argument in "(\\PC|[{}]|\\{id\\}|\\{port\\}){0,20}") {
        let _ = filled(&target(&[&argument]), &member(Some("127.0.0.1:1")));
    }
}
