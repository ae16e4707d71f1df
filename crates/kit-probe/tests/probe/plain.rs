use super::server::{Log, answering, answering_each, closed_port, network};
use super::{answer, asking, once, target};
use kit_probe::event::{Cause, MissKind};
use kit_probe::expectation::{Expectations, JsonPath, VersionExpectation, VersionPlace, pattern};
use kit_probe::probe::Probe;
use kit_probe::target::{Scheme, Target};

fn versioned(version: &str, place: VersionPlace, path: Option<&str>) -> Probe {
    let mut asked = asking();
    asked.expect.version = Some(VersionExpectation::new(version, place).unwrap());
    asked.version_path = path.map(str::to_owned);
    asked
}

#[tokio::test]
async fn a_member_is_asked_at_its_address_under_the_public_name() {
    let log = Log::default();
    let address = answering_each(log.clone(), |_| answer("200 OK", "", "UP")).await;
    let sample = once(&network(), &asking(), &target(Scheme::Http, "/healthz?a=b"), Some(address)).await;
    assert!(sample.passed(), "{sample:?}");
    let step = &sample.steps[0];
    assert_eq!((step.name.as_str(), step.status, step.connected), ("request", Some(200), Some(address)));
    assert_eq!((step.body_start.as_deref(), step.final_url.as_deref()), (None, None));
    let request = log.lock().unwrap()[0].to_ascii_lowercase();
    assert!(request.starts_with("get /healthz?a=b http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: app.example:8080\r\n"), "{request}");
}

#[tokio::test]
async fn a_failure_shows_the_body_without_secrets() {
    let body = "token=s3cret-value\nDOWN s3cret%2Dvalue";
    let address = answering(answer("503 No", "Set-Cookie: sid=abcdefghij; Path=/\r\nX-Id: abcdefghij\r\n", body)).await;
    let mut asked = asking();
    asked.headers = vec![("Authorization".to_owned(), "Bearer s3cret-value".to_owned())];
    asked.expect.headers = vec![kit_probe::expectation::HeaderExpectation::parse("X-Id: ^$").unwrap()];
    let sample = once(&network(), &asked, &target(Scheme::Http, "/"), Some(address)).await;
    let step = sample.failed_step().unwrap();
    assert_eq!(step.misses[0].got, "status 503");
    assert_eq!(step.misses[1].got, "`***`", "a cookie's value is masked wherever it stands");
    assert_eq!(step.body_start.as_deref(), Some("token=*** DOWN ***"));
    assert!(!format!("{sample:?}").contains("s3cret"));
}

#[tokio::test]
async fn the_version_is_asked_for_apart() {
    let log = Log::default();
    let serve = |request: &str| match request.split(' ').nth(1) {
        Some("/version") => answer("200 OK", "", r#"{"sha":"abcdef1234"}"#),
        _ => answer("200 OK", "X-Version: v7\r\n", "UP"),
    };
    let address = answering_each(log.clone(), serve).await;
    let place = VersionPlace::Json(JsonPath::parse("$.sha").unwrap());
    let run = async |asked: &Probe| once(&network(), asked, &target(Scheme::Http, "/"), Some(address)).await;
    let sample = run(&versioned("abcdef1", place.clone(), Some("/version"))).await;
    assert!(sample.passed(), "{sample:?}");
    assert_eq!((sample.steps.len(), sample.version()), (2, Some("abcdef1234")));
    assert_eq!(log.lock().unwrap().len(), 2);

    let old = run(&versioned("abcdef2", place, Some("/version"))).await;
    let step = old.failed_step().unwrap();
    assert_eq!((step.name.as_str(), step.misses[0].kind), ("version", MissKind::Version));
    assert_eq!(old.version(), Some("abcdef1234"), "laggards are named with what they have");

    let same = run(&versioned("v7", VersionPlace::Header("x-version".to_owned()), None)).await;
    assert!(same.passed() && same.steps.len() == 1, "{same:?}");
    assert_eq!(same.version(), Some("v7"));
    let missing = run(&versioned("v7", VersionPlace::Body, Some("@other.example/"))).await;
    assert_eq!(missing.steps[1].fault.as_ref().unwrap().cause, Cause::RequestInvalid);
}

#[tokio::test]
async fn a_version_page_that_is_an_error_page_is_no_version() {
    let serve = |request: &str| match request.split(' ').nth(1) {
        Some("/version") => answer("500 No", "", "v7"),
        _ => answer("200 OK", "", "UP"),
    };
    let address = answering_each(Log::default(), serve).await;
    let asked = versioned("v7", VersionPlace::Body, Some("/version"));
    let sample = once(&network(), &asked, &target(Scheme::Http, "/"), Some(address)).await;
    assert_eq!(sample.failed_step().unwrap().misses[0].kind, MissKind::Status);
}

#[tokio::test]
async fn after_head_the_version_is_read_from_a_body_of_its_own() {
    let log = Log::default();
    let serve = |request: &str| {
        let body = if request.starts_with("HEAD") { "" } else { "v7\n" };
        answer("200 OK", "", body)
    };
    let address = answering_each(log.clone(), serve).await;
    let asked = Probe { method: "HEAD".to_owned(), ..versioned("v7", VersionPlace::Body, None) };
    let sample = once(&network(), &asked, &target(Scheme::Http, "/"), Some(address)).await;
    assert!(sample.passed(), "{sample:?}");
    assert_eq!(log.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_port_and_a_command_are_probed() {
    let address = answering("").await;
    let sample = once(&network(), &asking(), &target(Scheme::Tcp, ""), Some(address)).await;
    assert!(sample.passed(), "the status is not asked of a port: {sample:?}");
    let mut body = asking();
    body.expect.body_matches = vec![pattern("x").unwrap()];
    assert!(!once(&network(), &body, &target(Scheme::Tcp, ""), Some(address)).await.passed());
    let closed = closed_port().await;
    let refused = once(&network(), &asking(), &target(Scheme::Tcp, ""), Some(closed)).await;
    assert_eq!(refused.steps[0].fault.as_ref().unwrap().cause, Cause::ConnectRefused);

    let command = |line: &[&str]| Target {
        command: line.iter().map(|one| (*one).to_owned()).collect(),
        ..target(Scheme::Command, "")
    };
    let run = async |asked: &Probe, line: &[&str]| once(&network(), asked, &command(line), Some(address)).await;
    assert!(run(&asking(), &["true"]).await.passed());
    let failed = run(&asking(), &["sh", "-c", "echo no {port}; exit 3"]).await;
    let step = &failed.steps[0];
    assert_eq!((step.misses[0].kind, step.misses[0].got.as_str()), (MissKind::ExitCode, "exit code 3"));
    assert_eq!(step.misses[0].expected, "exit code 0");
    assert_eq!(step.body_start, Some(format!("no {}", address.port())));
    let mut output = asking();
    output.expect = Expectations { body_contains: vec!["ready".to_owned()], ..Expectations::default() };
    assert!(run(&output, &["echo", "ready"]).await.passed());
    assert!(!run(&output, &["echo", "not yet"]).await.passed());
}
