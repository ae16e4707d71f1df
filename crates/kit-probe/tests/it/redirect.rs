//! Redirects: followed when asked, each on a connection of its own, and never with secrets to somebody else.

use crate::server::{Log, answering, answering_each, fault, get, later, network};
use kit_probe::event::Cause;
use kit_probe::exchange::Request;
use std::net::SocketAddr;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn to(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nSet-Cookie: at=v\r\nContent-Length: 0\r\n\r\n")
}

async fn serving(log: &Log) -> SocketAddr {
    answering_each(log.clone(), |request| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let answer = match path {
            "/a" => to(302, "b"),
            "/b" => to(303, "/c?d"),
            "/loop" => to(302, "/loop"),
            "/ftp" => to(302, "ftp://app.test/"),
            // Three times as long once it is encoded, and more than an URI may have.
            "/long" => to(302, &format!("/{}", "é".repeat(12_000))),
            _ => OK.to_owned(),
        };
        answer.into_bytes()
    })
    .await
}

fn asking(url: &str, redirects: u8) -> Request {
    Request { redirects, ..get(url) }
}

#[tokio::test]
async fn a_redirect_is_the_answer_unless_it_is_followed() {
    let log = Log::default();
    let server = serving(&log).await;
    let exchange = network().http(&asking("http://app.test/a", 0), Some(server), later()).await;
    assert_eq!(exchange.fault, None);
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.final_url.as_str()), (302, "http://app.test/a"));
    assert_eq!(log.lock().unwrap().len(), 1);

    let exchange = network().http(&asking("http://app.test/a", 2), Some(server), later()).await;
    assert_eq!(exchange.fault, None);
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.final_url.as_str()), (200, "http://app.test/c?d"));
    let set_by: Vec<_> = response.set_cookies.iter().map(|(url, _)| url.path()).collect();
    assert_eq!(set_by, ["/a", "/b"]);
    assert!(response.headers.iter().all(|(name, _)| name != "location"));
    let last = log.lock().unwrap()[3].to_ascii_lowercase();
    assert!(last.contains("\r\ncookie: at=v\r\n"), "{last}");
    // The server closes after each answer, so there were three connections, all to the pinned address.
    assert_eq!(log.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn redirects_have_an_end() {
    let log = Log::default();
    let server = serving(&log).await;
    let exchange = network().http(&asking("http://app.test/loop", 3), Some(server), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::RedirectFailed);
    assert!(message.contains("more than 3 redirects"), "{message}");
    assert_eq!(exchange.response.unwrap().status, 302);
    assert_eq!(log.lock().unwrap().len(), 4);
    let exchange = network().http(&asking("http://app.test/ftp", 3), Some(server), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::RedirectFailed);
    assert!(message.contains("`ftp://app.test/`, which is not HTTP"), "{message}");
    let exchange = network().http(&asking("http://app.test/long", 3), Some(server), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::RedirectFailed, "{message}");
    assert!(message.len() < 1500, "{} bytes", message.len());
}

#[tokio::test]
async fn another_origin_is_resolved_by_itself_and_sees_no_secrets() {
    let log = Log::default();
    let other = answering_each(log.clone(), |_| OK.into()).await;
    let first = answering(to(307, &format!("http://localhost:{}/there", other.port()))).await;
    let headers = [
        ("Authorization", "Bearer s3cret"),
        ("Cookie", "s=s3cret"),
        ("Host", "app.test"),
        ("X-Own-Key", "s3cret"),
        ("Accept", "text/kept"),
    ];
    let request = Request {
        method: "PUT".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: b"body".to_vec(),
        ..asking("http://app.test/", 1)
    };
    let exchange = network().http(&request, Some(first), later()).await;
    assert_eq!(exchange.fault, None);
    // Times and addresses are those of the first hop.
    assert_eq!((exchange.connected, exchange.phases.dns_us), (Some(first), None));
    assert_eq!(exchange.response.unwrap().final_url, format!("http://localhost:{}/there", other.port()));
    let asked = log.lock().unwrap()[0].to_ascii_lowercase();
    assert!(asked.starts_with("put /there ") && asked.ends_with("\r\n\r\nbody"), "{asked}");
    assert!(!asked.contains("s3cret") && !asked.contains("app.test"), "{asked}");
    assert!(
        asked.contains("accept: text/kept") && asked.contains(&format!("host: localhost:{}\r\n", other.port())),
        "{asked}"
    );
}

#[tokio::test]
async fn a_redirect_into_nothing_says_where_it_led() {
    let nowhere = crate::server::closed_port().await;
    let first = answering(to(302, &format!("http://user:s3cret@{nowhere}/"))).await;
    let exchange = network().http(&asking("http://app.test/", 1), Some(first), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::ConnectRefused);
    assert!(message.starts_with(&format!("after a redirect to http://{nowhere}/: {nowhere} refused")), "{message}");
    assert!(exchange.response.is_none());
}
