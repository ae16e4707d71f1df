//! Inputs and servers that would be taken for health, or would get a secret out: each of these once did.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// A server that answers each connection with what `answer` makes of the request's head.
fn serving(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = answer.clone();
            std::thread::spawn(move || one(stream.unwrap(), &*answer));
        }
    });
    at
}

fn one(mut stream: TcpStream, answer: &(dyn Fn(&str) -> String + Send + Sync)) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        head.push(byte[0]);
    }
    let _ = stream.write_all(answer(&String::from_utf8_lossy(&head)).as_bytes());
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

fn fine() -> SocketAddr {
    serving(|_| http("200 OK", "", "ok"))
}

struct Ran {
    exit: Option<i32>,
    stdout: String,
    stderr: String,
}

fn ran_in(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_healthcheck"));
    let output = command.args(arguments).env_clear().current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn ran(arguments: &[&str]) -> Ran {
    ran_in(tempfile::tempdir().unwrap().path(), arguments)
}

#[track_caller]
fn refused(arguments: &[&str], what: &str) {
    let ran = ran(arguments);
    assert_eq!(ran.exit, Some(2), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains(what), "{arguments:?}: {}", ran.stderr);
}

#[test]
fn an_expectation_from_a_variable_that_is_not_set_is_no_expectation() {
    let url = format!("http://{}/", fine());
    for flag in ["--expect-text", "--expect-body", "--expect-url", "--expect-version", "--states", "--instance"] {
        refused(&["once", &url, flag, ""], "is the variable that holds it set?");
    }
    refused(&["once", &url, "--ca-file", ""], "cannot read");
    refused(&["once", &url, "--ca-file", "not-there.pem"], "cannot read not-there.pem");
}

#[test]
fn a_target_behind_a_list_is_not_lost() {
    let (one, other) = (format!("http://{}/", fine()), format!("http://{}/", fine()));
    refused(&["once", &one, "--header", "Accept: */*", &other], "header 2 is a URL");
    refused(&["once", &one, "--states", "InService", &other], "which is no state");
}

#[test]
fn holding_needs_failures_that_count_and_more_than_one_look() {
    let url = format!("http://{}/", fine());
    refused(&["hold", &url, "--deadline", "2s", "--interval", "100ms", "--grace", "2s"], "no failure would count");
    refused(&["wait", &url, "--deadline", "9s", "--grace", "10s"], "no failure would count");
    refused(&["hold", &url, "--deadline", "2s", "--interval", "2s", "--passes", "1"], "says nothing of the whole time");
}

#[test]
fn a_tunnel_is_no_answer() {
    refused(&["once", &format!("http://{}/", fine()), "--method", "CONNECT"], "method is `CONNECT`");
}

#[test]
fn who_falls_silent_at_the_end_does_not_hold() {
    let began = Instant::now();
    let at = serving(move |_| {
        if began.elapsed() > Duration::from_millis(1000) {
            std::thread::sleep(Duration::from_secs(8));
        }
        http("200 OK", "", "ok")
    });
    let url = format!("http://{at}/");
    let folder = tempfile::tempdir().unwrap();
    let ran = ran_in(
        folder.path(),
        &["hold", &url, "--deadline", "2s", "--interval", "100ms", "--timeout", "2s", "--record", "r"],
    );
    assert_eq!(ran.exit, Some(1), "{}{}", ran.stdout, ran.stderr);
    let again = ran_in(folder.path(), &["replay", "r"]);
    assert_eq!((again.exit, again.stdout), (Some(1), ran.stdout));
    // Slow is not silent, and what is answered after the end is heard.
    let slow = serving(|_| {
        std::thread::sleep(Duration::from_millis(700));
        http("200 OK", "", "ok")
    });
    let ran =
        self::ran(&["hold", &format!("http://{slow}/"), "--deadline", "1s", "--interval", "300ms", "--passes", "2"]);
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn one_instance_under_two_ids_counts_once() {
    let port = fine().port();
    let url = format!("http://shop.example:{port}/");
    let with_port = format!("127.0.0.1:{port}");
    refused(&["once", &url, "--address", "127.0.0.1", &with_port, "--quorum", "2"], "would count twice");
    refused(&["once", &url, "--address", "127.0.0.1", "::ffff:127.0.0.1", "--quorum", "2"], "would count twice");
    let folder = tempfile::tempdir().unwrap();
    let list = format!(r#"[{{"id":"a","address":"127.0.0.1"}},{{"id":"b","address":"127.0.0.1","port":{port}}}]"#);
    std::fs::write(folder.path().join("list"), list).unwrap();
    let ran = ran_in(folder.path(), &["once", &url, "--targets", "list", "--quorum", "2"]);
    assert_eq!(ran.exit, Some(2), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_state_in_another_spelling_counts() {
    let (up, down) = (fine(), serving(|_| http("503 Down", "", "")));
    let folder = tempfile::tempdir().unwrap();
    let list = format!(
        r#"[{{"id":"a","address":"127.0.0.1","port":{},"state":"InService"}},{{"id":"b","address":"127.0.0.1","port":{},"state":"INSERVICE"}}]"#,
        up.port(),
        down.port()
    );
    std::fs::write(folder.path().join("list"), list).unwrap();
    let ran = ran_in(folder.path(), &["once", "http://shop.example/", "--targets", "list"]);
    assert_eq!(ran.exit, Some(1), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_version_of_another_host_is_not_that_of_the_instance() {
    let new = serving(|_| http("200 OK", "", "new"));
    let port = new.port();
    let old = serving(move |_| http("302 Found", &format!("Location: http://localhost:{port}/\r\n"), "old"));
    let ran = ran(&["once", &format!("http://{old}/"), "--redirects", "1", "--expect-version", "new"]);
    assert_eq!(ran.exit, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("a redirect to localhost"), "{}", ran.stdout);
}

#[test]
fn a_redirect_to_another_port_of_the_name_stays_at_the_instance() {
    let new = fine();
    let port = new.port();
    let old = serving(move |_| http("302 Found", &format!("Location: http://shop.example:{port}/\r\n"), "old"));
    let ran = ran(&["once", "http://shop.example/", "--address", &old.to_string(), "--redirects", "1"]);
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_token_in_the_query_is_sent_and_not_shown() {
    let at = serving(|head| http("503 Down", "", &format!("{} refused", head.lines().next().unwrap_or_default())));
    let url = format!("http://{at}/health?token=hunter%2F22&page=main");
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["once", &url, "--record", "record", "--json", "report.json", "--junit", "junit.xml"];
    let ran = ran_in(folder.path(), &arguments);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    for text in [read("record"), read("report.json"), read("junit.xml"), ran.stdout.clone(), ran.stderr] {
        assert!(!text.contains("hunter"), "{text}");
    }
    assert!(
        ran.stdout.contains("page=main refused") || ran.stdout.contains("page=main HTTP/1.1 refused"),
        "{}",
        ran.stdout
    );
    let again = ran_in(folder.path(), &["replay", "record"]);
    assert_eq!(again.stdout, ran.stdout);
}

#[test]
fn a_suite_that_takes_its_time_is_waited_for_once() {
    let slow = serving(|_| {
        std::thread::sleep(Duration::from_millis(600));
        http("200 OK", "", "ok")
    });
    let folder = tempfile::tempdir().unwrap();
    let steps: String = (0..6).map(|step| format!("[[step]]\nname = \"{step}\"\nget = \"/\"\n")).collect();
    std::fs::write(folder.path().join("suite.toml"), steps).unwrap();
    let url = format!("http://{slow}/");
    let ran = ran_in(folder.path(), &["once", &url, "--suite", "suite.toml", "--timeout", "1s"]);
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
    // What a suite does not take over is refused, and what it asks for less strictly is not loosened.
    let ran = ran_in(folder.path(), &["once", &url, "--suite", "suite.toml", "--expect-status", "204"]);
    assert_eq!(ran.exit, Some(2), "{}{}", ran.stdout, ran.stderr);
    let loose = "[[step]]\nname = \"one\"\nget = \"/\"\nexpect = { size = \"1-900\", max-latency = \"9s\" }\n";
    std::fs::write(folder.path().join("suite.toml"), loose).unwrap();
    for flags in [["--expect-size", "100-"], ["--expect-size", "-1"], ["--max-latency", "300ms"]] {
        let ran = ran_in(folder.path(), &["once", &url, "--suite", "suite.toml", &flags.join("=")]);
        assert_eq!(ran.exit, Some(1), "{flags:?}: {}{}", ran.stdout, ran.stderr);
    }
}

/// Samples of a machine as `probe` prints them.
fn samples(folder: &Path, name: &str, id: &str, at: SocketAddr, more: &[&str]) -> String {
    let (url, at) = (format!("http://shop.example:{}/health", at.port()), at.to_string());
    let fixed = ["probe", &url, "--address", &at, "--instance", id, "--interval", "10ms", "--passes", "2"];
    let ran = ran_in(folder, &[fixed.as_slice(), more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    std::fs::write(folder.join(name), &ran.stdout).unwrap();
    ran.stdout
}

#[test]
fn samples_of_another_time_or_release_prove_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = serving(|_| http("200 OK", "", "v2"));
    let text = samples(folder.path(), "new", "i-1", at, &["--expect-version", "v2"]);
    let judged = |arguments: &[&str]| {
        let ran = ran_in(folder.path(), &[&["judge"], arguments].concat());
        (ran.exit, ran.stderr)
    };
    assert_eq!(judged(&["new"]).0, Some(0));
    assert_eq!(judged(&["new", "--expect-version", "v2"]).0, Some(0));
    let (exit, said) = judged(&["new", "--expect-version", "v3"]);
    assert_eq!(exit, Some(4), "{said}");
    assert!(said.contains("was taken for version v2, not for v3"), "{said}");
    assert_eq!(judged(&["new", "--expect-version", ""]).0, Some(2));
    let now_s = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let begun = |at_s: u64| {
        let header = text.lines().next().unwrap();
        let (before, rest) = header.split_once("\"started_s\":").unwrap();
        let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        std::fs::write(folder.path().join("old"), text.replace(header, &format!("{before}\"started_s\":{at_s}{rest}")))
            .unwrap();
    };
    begun(now_s - 7 * 86_400);
    let (exit, said) = judged(&["old"]);
    assert_eq!(exit, Some(4), "{said}");
    assert!(said.contains("says nothing of now"), "{said}");
    assert_eq!(judged(&["old", "--max-age", "8d"]).0, Some(0));
    begun(now_s + 86_400);
    assert_eq!(judged(&["old"]).0, Some(4));
}

#[test]
fn a_machine_whose_samples_were_lost_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let at = serving(|_| http("200 OK", "", "ok"));
    samples(folder.path(), "one", "i-1", at, &[]);
    let listed = |list: &str| {
        std::fs::write(folder.path().join("list.json"), list).unwrap();
        let ran = ran_in(folder.path(), &["judge", "one", "--targets", "list.json"]);
        (ran.exit, ran.stderr)
    };
    let instance = |id: &str, state: &str| format!(r#"{{"id":"{id}","address":"10.0.0.1","state":"{state}"}}"#);
    let (one, two) = (instance("i-1", "InService"), instance("i-2", "InService").replace("10.0.0.1", "10.0.0.2"));
    assert_eq!(listed(&format!("[{one}]")).0, Some(0));
    let (exit, said) = listed(&format!("[{one},{two}]"));
    assert_eq!(exit, Some(4), "{said}");
    assert!(said.contains("there are no samples of i-2"), "{said}");
    assert_eq!(listed(&format!("[{one},{}]", two.replace("InService", "Pending"))).0, Some(0));
    assert_eq!(listed("[]").0, Some(4));
    assert_eq!(listed(&format!("[{}]", one.replace("InService", "Pending"))).0, Some(4));
}

#[test]
fn machines_that_were_asked_different_things_are_not_judged_together() {
    let folder = tempfile::tempdir().unwrap();
    let at = serving(|_| http("200 OK", "", "ok"));
    samples(folder.path(), "one", "i-1", at, &[]);
    samples(folder.path(), "same", "i-2", at, &[]);
    let judged = |names: &[&str]| ran_in(folder.path(), &[&["judge"], names].concat());
    assert_eq!(judged(&["one", "same"]).exit, Some(0));
    assert_eq!(judged(&["one", "one"]).exit, Some(2));
    let text = std::fs::read_to_string(folder.path().join("same")).unwrap();
    std::fs::write(folder.path().join("other"), text.replace("/health", "/")).unwrap();
    let ran = judged(&["one", "other"]);
    assert_eq!(ran.exit, Some(2), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("asked for different things"), "{}", ran.stderr);
}

#[test]
fn an_id_for_one_instance_is_not_lost_on_a_name() {
    let url = format!("http://localhost:{}/", fine().port());
    refused(&["probe", &url, "--instance", "i-1"], "may lead to several");
}

#[test]
fn a_port_of_an_instance_is_not_taken_for_another_target() {
    let at = fine();
    let url = format!("http://shop.example:{}/", at.port());
    refused(&["once", &url, "tcp://shop.example:1", "--address", &at.to_string()], "has a port of its own");
}

#[test]
fn a_token_that_a_redirect_carries_is_not_shown() {
    let at = serving(|head| {
        let to = if head.contains(" /in?") { "/loop?session_id=hunter22" } else { "/in?a=b&access_token=hunter22" };
        http("302 Found", &format!("Location: {to}\r\n"), &format!("<a href='{to}'>there</a>"))
    });
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{at}/");
    for redirects in ["0", "1", "2"] {
        let arguments = ["once", &url, "--redirects", redirects, "--record", "record", "--json", "report.json"];
        let ran = ran_in(folder.path(), &[arguments.as_slice(), &["--expect-header", "Location: nowhere"]].concat());
        assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        for text in [read("record"), read("report.json"), ran.stdout, ran.stderr] {
            assert!(!text.contains("hunter"), "{redirects}: {text}");
        }
    }
}

#[test]
fn a_cookie_that_is_said_back_is_not_shown() {
    let at = serving(|head| http("503 Down", "", &head.replace("theme=dark; session=", "")));
    let url = format!("http://{at}/");
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["once", &url, "--header", "Cookie: theme=dark; session=0123456789ab; last=1", "--record", "record"];
    let ran = ran_in(folder.path(), &arguments);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    let record = std::fs::read_to_string(folder.path().join("record")).unwrap();
    assert!(record.contains("***") && ran.stdout.contains("***"), "{record}");
    for text in [record, ran.stdout, ran.stderr] {
        assert!(!text.contains("0123456789ab"), "{text}");
    }
}

#[test]
fn passwords_of_proxies_and_bodies_that_are_said_back_are_not_shown() {
    let at = serving(|head| http("503 Down", "", &format!("{head} {{\"user\":\"ann\",\"password\":\"hunter22\"}}")));
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_healthcheck"));
    command.args(["once", "http://shop.example/", "--record", "record", "--header", "Accept-Language: en"]);
    command.env_clear().env("http_proxy", format!("http://us%65r:s3cret%21pw@{at}")).current_dir(folder.path());
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let record = std::fs::read_to_string(folder.path().join("record")).unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for text in [&record, &said] {
        assert!(text.contains("proxy-authorization: Basic ***"), "{text}");
        // `user:s3cret!pw`
        assert!(!text.contains("hunter22") && !text.contains("dXNlcjpzM2NyZXQhc"), "{text}");
    }
}
