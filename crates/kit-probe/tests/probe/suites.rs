use super::server::{Log, answering_each, network};
use super::{answer, asking, once, target};
use kit_probe::event::{MissKind, Sample};
use kit_probe::exchange::Network;
use kit_probe::expectation::HeaderExpectation;
use kit_probe::probe::Probe;
use kit_probe::suite::{Suite, parse};
use kit_probe::target::Scheme;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const SHOP: &str = r#"
[variables]
user = "ann & co"
password = { env = "PW", secret = true }
[[step]]
name = "log in"
post = "/login"
form = { user = "{{user}}", password = "{{password}}" }
expect = { status = 303 }
capture = { where = { header = "location" }, ticket = { body = "ticket=(\\w+)" } }
[[step]]
name = "add"
post = "{{where}}"
headers = { X-Ticket = "{{ticket}}" }
json = { item = "{{user}}" }
capture = { line = { json = "$.line" } }
[[step]]
name = "price"
get = "/basket/{{line}}?of={{user}}"
[step.expect]
json = [{ path = "$.owner", equals = "{{user}}" }, { path = "$.price", equals = 7 }]
"#;

fn suite(text: &str) -> Suite {
    let mut suite = parse(text).unwrap();
    suite.resolve(|name| (name == "PW").then(|| "pass-w/rd".to_owned())).unwrap();
    suite
}

fn shop(request: &str) -> Vec<u8> {
    let line = request.lines().next().unwrap_or_default();
    let has = |wanted: &str| request.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase());
    match line {
        "POST /login HTTP/1.1" if request.ends_with("password=pass-w%2Frd&user=ann+%26+co") => answer(
            "303 See Other",
            "Location: /basket\r\nSet-Cookie: sid=abcdefghij; Path=/\r\nSet-Cookie: deep=1; Path=/basket\r\n\
             Set-Cookie: safe=1; Secure\r\nSet-Cookie: other=1; Domain=other.example\r\n",
            "ticket=t0pticket",
        ),
        "POST /basket HTTP/1.1"
            if has("\r\ncookie: deep=1; sid=abcdefghij\r\n")
                && has("\r\nx-ticket: t0pticket\r\n")
                && has("\r\ncontent-type: application/json\r\n")
                && request.ends_with(r#"{"item":"ann & co"}"#) =>
        {
            answer("200 OK", "", r#"{"line":"a/b"}"#)
        }
        "GET /basket/a%2Fb?of=ann%20%26%20co HTTP/1.1" => answer("200 OK", "", r#"{"owner":"ann & co","price":7}"#),
        _ => answer("400 Bad", "", &format!("cannot: {request}")),
    }
}

async fn run(network: &Network, asked: &Probe, address: SocketAddr) -> Sample {
    once(network, asked, &target(Scheme::Http, "/"), Some(address)).await
}

#[tokio::test]
async fn a_suite_logs_in_adds_and_sees_the_price() {
    let log = Log::default();
    let address = answering_each(log.clone(), shop).await;
    let asked = Probe { suite: Some(suite(SHOP)), ..asking() };
    for _ in 0..2 {
        let sample = run(&network(), &asked, address).await;
        assert!(sample.passed(), "{sample:#?}");
        let names: Vec<&str> = sample.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["log in", "add", "price"]);
    }
    assert!(!log.lock().unwrap()[3].to_ascii_lowercase().contains("cookie:"), "each run begins without cookies");
}

#[tokio::test]
async fn the_first_step_that_fails_is_the_last_and_tells_no_secret() {
    let address = answering_each(Log::default(), |request| match request.lines().next() {
        Some("POST /login HTTP/1.1") => shop(request),
        _ => answer("500 No", "", &format!("you sent {request} and pass-w%2frd")),
    })
    .await;
    let asked = Probe { suite: Some(suite(SHOP)), ..asking() };
    let sample = run(&network(), &asked, address).await;
    assert_eq!(sample.steps.len(), 2);
    let step = sample.failed_step().unwrap();
    assert_eq!((step.name.as_str(), step.misses[0].got.as_str()), ("add", "status 500"));
    assert!(!format!("{sample:?}").contains("pass-w"), "{sample:?}");
}

#[tokio::test]
async fn what_cannot_be_captured_or_carried_is_a_failure() {
    let address = answering_each(Log::default(), |_| {
        answer(
            "200 OK",
            "",
            r#"{"a":"x\r\nY: z","b":"","c":"http://other.example/","d":"http://u:p@app.example:8080/"}"#,
        )
    })
    .await;
    let failed = async |capture: &str, next: &str| {
        let text = format!(
            "[[step]]\nname = \"one\"\nget = \"/\"\ncapture = {{ v = {capture} }}\n[[step]]\nname = \"two\"\n{next}\n"
        );
        let sample = run(&network(), &Probe { suite: Some(suite(&text)), ..asking() }, address).await;
        let step = sample.failed_step().unwrap().clone();
        assert_eq!(step.misses[0].kind, MissKind::Capture, "{step:?}");
        (step.name, step.misses[0].got.clone())
    };
    let get = "get = \"/\"";
    assert_eq!(failed("{ json = \"$.none\" }", get).await, ("one".into(), "nothing at this path".into()));
    assert_eq!(failed("{ json = \"$.b\" }", get).await, ("one".into(), "an empty value".into()));
    assert_eq!(failed("{ header = \"x-none\" }", get).await.0, "one");
    assert_eq!(failed("{ cookie = \"sid\" }", get).await.0, "one");
    assert_eq!(failed("{ body = \"nothing\" }", get).await.0, "one");
    let injected = failed("{ json = \"$.a\" }", "get = \"/\"\nheaders = { X = \"{{v}}\" }").await;
    assert!(injected.0 == "two" && injected.1.contains("line ends"), "{injected:?}");
    let elsewhere = failed("{ json = \"$.c\" }", "get = \"{{v}}\"").await;
    assert!(elsewhere.1.contains("not the target"), "{elsewhere:?}");
    let as_user = failed("{ json = \"$.d\" }", "get = \"{{v}}\"").await;
    assert_eq!(as_user.0, "two", "a user part would become a header");
}

#[tokio::test]
async fn flags_hold_for_every_step_too() {
    let address = answering_each(Log::default(), shop).await;
    let mut asked = Probe { suite: Some(suite(SHOP)), ..asking() };
    asked.expect.headers = vec![HeaderExpectation::parse("X-None").unwrap()];
    let sample = run(&network(), &asked, address).await;
    assert_eq!(sample.failed_step().unwrap().misses[0].kind, MissKind::Header);
}

#[tokio::test]
async fn warming_runs_count_for_errors_and_not_for_time() {
    let count = Arc::new(AtomicU32::new(0));
    let seen = count.clone();
    let serve = move |_: &str| match seen.fetch_add(1, Ordering::SeqCst) {
        0 => answer("503 No", "", ""),
        1 | 2 => {
            std::thread::sleep(std::time::Duration::from_millis(400));
            answer("200 OK", "", "slow")
        }
        _ => answer("200 OK", "", "fast"),
    };
    let address = answering_each(Log::default(), serve).await;
    let text = "[[step]]\nname = \"one\"\nget = \"/\"\nexpect = { max-latency = \"300ms\" }\n";
    let asked = Probe { suite: Some(suite(text)), warm: 2, ..asking() };
    let network = network();
    assert!(!run(&network, &asked, address).await.passed(), "an error in a warming run counts");
    assert!(run(&network, &asked, address).await.passed(), "its time does not");
    assert_eq!(count.load(Ordering::SeqCst), 4);
    assert!(run(&network, &asked, address).await.passed());
    assert_eq!(count.load(Ordering::SeqCst), 5, "a member is warmed up once");
}
