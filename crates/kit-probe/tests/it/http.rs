//! HTTP/1.1 over plain connections: whole answers, and every way in which one can be broken.

use crate::server::{
    Log, answering, answering_each, closed_port, fault, get, hasty, later, listen, network, read_request,
};
use kit_probe::event::Cause;
use kit_probe::exchange::{Exchange, Family, HttpVersion, Network, Request, Settings};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const HEAD_300: &str = "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n";

async fn ask(to: SocketAddr) -> Exchange {
    network().http(&get("http://app.test/"), Some(to), later()).await
}

async fn fault_of(answer: impl AsRef<[u8]>) -> (Cause, String) {
    let to = answering(answer).await;
    let exchange = ask(to).await;
    let (cause, message) = fault(&exchange);
    assert!(message.contains(&to.to_string()), "{message}");
    (cause, message)
}

#[track_caller]
fn tells((cause, message): (Cause, String), expected: Cause, text: &str) {
    assert_eq!(cause, expected, "{message}");
    assert!(message.contains(text), "{message}");
}

#[tokio::test]
async fn a_whole_answer() {
    let log = Log::default();
    let to = answering_each(log.clone(), |_| {
        b"HTTP/1.1 201 Made\r\nX-One: 1\r\nx-one: \xff\r\nSet-Cookie: a=b\r\nTransfer-Encoding: chunked\r\n\r\n\
          3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
            .to_vec()
    })
    .await;
    let request =
        Request { headers: vec![("X-Asked".to_owned(), "yes".to_owned())], ..get("http://app.test:81/p?q=1#f") };
    let exchange = network().http(&request, Some(to), later()).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.connected, Some(to));
    assert_eq!(exchange.proxy, None);
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.protocol, response.body.as_slice()), (201, "HTTP/1.1", &b"abcde"[..]));
    assert_eq!(response.final_url, "http://app.test:81/p?q=1#f");
    let ones: Vec<_> =
        response.headers.iter().filter(|(name, _)| name == "x-one").map(|(_, value)| &value[..]).collect();
    assert_eq!(ones, [&b"1"[..], b"\xff"]);
    assert_eq!(response.set_cookies, [(request.url.clone(), b"a=b".to_vec())]);
    let phases = exchange.phases;
    assert!(phases.connect_us.is_some() && phases.first_byte_us.is_some());
    assert_eq!((phases.dns_us, phases.tls_us), (None, None));
    assert!(phases.total_us >= phases.connect_us.unwrap() + phases.first_byte_us.unwrap());
    let asked = log.lock().unwrap()[0].to_ascii_lowercase();
    assert!(asked.starts_with("get /p?q=1 http/1.1\r\n"), "{asked}");
    for header in
        ["host: app.test:81\r\n", "connection: close\r\n", "user-agent: ", "accept: */*\r\n", "x-asked: yes\r\n"]
    {
        assert_eq!(asked.matches(header).count(), 1, "{header} in {asked}");
    }
}

#[tokio::test]
async fn a_body_is_sent_and_own_headers_are_taken() {
    let log = Log::default();
    let to = answering_each(log.clone(), |_| b"HTTP/1.0 204 No Content\r\n\r\n".to_vec()).await;
    let headers =
        [("Host", "other.test"), ("user-agent", "me"), ("Content-Length", "99"), ("Connection", "keep-alive")];
    let request = Request {
        method: "POST".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: b"hello".to_vec(),
        ..get("http://user:pass@app.test/")
    };
    let exchange = network().http(&request, Some(to), later()).await;
    assert_eq!(exchange.fault, None);
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.protocol), (204, "HTTP/1.0"));
    assert_eq!(response.final_url, "http://app.test/");
    let asked = log.lock().unwrap()[0].clone();
    assert!(asked.ends_with("\r\n\r\nhello"), "{asked}");
    let asked = asked.to_ascii_lowercase();
    for header in ["host: other.test\r\n", "user-agent: me\r\n", "content-length: 5\r\n", "connection: close\r\n"] {
        assert!(asked.contains(header), "{header} in {asked}");
    }
    assert!(asked.contains("authorization: basic dxnlcjpwyxnz"), "{asked}");
    assert!(!asked.contains("keep-alive") && !asked.contains("app.test\r\n"), "{asked}");
}

#[tokio::test]
async fn a_header_with_a_line_end_is_not_sent() {
    let request =
        Request { headers: vec![("X-A".to_owned(), "s3cret\r\nX-B: 1".to_owned())], ..get("http://app.test/") };
    let to = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let (cause, message) = fault(&network().http(&request, Some(to), later()).await);
    assert_eq!(cause, Cause::RequestInvalid);
    assert!(!message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let to = closed_port().await;
    let (cause, message) = fault(&ask(to).await);
    assert_eq!(cause, Cause::ConnectRefused);
    assert!(message.starts_with(&format!("{to} refused the connection")), "{message}");
    let (cause, _) = fault(&network().tcp(to, later()).await);
    assert_eq!(cause, Cause::ConnectRefused);
}

#[tokio::test]
async fn a_connection_that_is_accepted_is_enough_for_tcp() {
    let to = listen(|mut stream| async move { drop(stream.read(&mut [0]).await) }).await;
    let exchange = network().tcp(to, later()).await;
    assert_eq!((exchange.fault, exchange.connected), (None, Some(to)));
    assert!(exchange.phases.connect_us.unwrap() <= exchange.phases.total_us);
}

#[tokio::test]
async fn no_answer_at_all() {
    tells(fault_of("").await, Cause::Reset, "closed the connection before it sent any answer");
    // Half-closed: the server closes its direction and goes on reading.
    let to = listen(|mut stream| async move {
        let _ = stream.shutdown().await;
        drop(stream.read_to_end(&mut Vec::new()).await);
    })
    .await;
    tells(fault(&ask(to).await), Cause::Reset, "closed the connection before it sent any answer");
}

#[tokio::test]
async fn a_silent_server() {
    let to = listen(|mut stream| async move { drop(stream.read_to_end(&mut Vec::new()).await) }).await;
    let began = Instant::now();
    let exchange = hasty(150).http(&get("http://app.test/"), Some(to), later()).await;
    assert!(began.elapsed() < Duration::from_secs(5));
    tells(fault(&exchange), Cause::TimedOut, "accepted the connection but sent no answer within 1");
    assert!(exchange.phases.total_us >= 150_000);
    // The end of the run counts too.
    let exchange =
        network().http(&get("http://app.test/"), Some(to), Instant::now() + Duration::from_millis(100)).await;
    tells(fault(&exchange), Cause::TimedOut, "sent no answer within");
}

#[tokio::test]
async fn a_head_that_is_cut_off() {
    let told = fault_of("HTTP/1.1 200 OK\r\nContent-Le").await;
    tells(told, Cause::Reset, "closed the connection after 27 bytes, before the head of its answer was whole");
    let to = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        drop(stream.read_to_end(&mut Vec::new()).await);
    })
    .await;
    let exchange = hasty(150).http(&get("http://app.test/"), Some(to), later()).await;
    tells(fault(&exchange), Cause::TimedOut, "sent 17 bytes but not the whole head of an answer within");
}

#[tokio::test]
async fn a_body_that_is_cut_off() {
    let to = answering(format!("{HEAD_300}twelve bytes")).await;
    let exchange = ask(to).await;
    tells(fault(&exchange), Cause::Reset, &format!("{to} closed the connection after 12 of 300 bytes of the body"));
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (200, &b"twelve bytes"[..]));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n";
    tells(fault_of(chunked).await, Cause::Reset, "closed the connection after 5 bytes of the body");
    tells(fault_of(format!("{chunked}5\r\nab")).await, Cause::Reset, "closed the connection after 7 bytes of the body");
}

#[tokio::test]
async fn a_reset() {
    let reset_after = |bytes: &'static str| {
        listen(move |mut stream| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
            // What was sent is read before the reset comes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            // Closing makes a reset.
            stream.set_zero_linger().unwrap();
        })
    };
    tells(fault(&ask(reset_after("").await).await), Cause::Reset, "reset the connection before it sent any answer");
    let exchange = ask(reset_after("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\nabc").await).await;
    tells(fault(&exchange), Cause::Reset, "reset the connection after 3 of 300 bytes of the body");
}

#[tokio::test]
async fn a_reset_after_a_whole_answer_changes_nothing() {
    let to = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc").await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    for _ in 0..50 {
        let exchange = ask(to).await;
        assert_eq!(exchange.fault, None);
        assert_eq!(exchange.response.unwrap().body, b"abc");
    }
}

#[tokio::test]
async fn garbage_instead_of_an_answer() {
    tells(fault_of("SSH-2.0-OpenSSH_9.2\r\n").await, Cause::ProtocolError, "it began with `SSH-2.0-OpenSSH_9.2");
    tells(fault_of("HTTP/1.1 2x0 OK\r\n\r\n").await, Cause::ProtocolError, "no valid HTTP/1.1 answer");
    tells(fault_of("garbage HTTP/1.1 200 OK\r\n\r\n").await, Cause::ProtocolError, "no valid HTTP/1.1 answer");
    tells(fault_of(b"\x15\x03\x01\x00\x02\x02\x46").await, Cause::ProtocolError, r"\x15\x03\x01");
    let twice = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd";
    tells(fault_of(twice).await, Cause::ProtocolError, "content-length");
}

#[tokio::test]
async fn bad_chunking() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    tells(fault_of(format!("{chunked}zz\r\nabc\r\n")).await, Cause::ProtocolError, "invalid body after 0 bytes");
    tells(fault_of(format!("{chunked}3\r\nabcdef\r\n")).await, Cause::ProtocolError, "invalid body after 3 bytes");
    let overflow = format!("{chunked}3\r\nabc\r\nfffffffffffffffff\r\n");
    tells(fault_of(overflow).await, Cause::ProtocolError, "invalid body after 3 bytes");
}

#[tokio::test]
async fn a_head_without_end() {
    let ten_megabytes = format!("HTTP/1.1 200 OK\r\n{}\r\n", format!("X-A: {}\r\n", "a".repeat(1000)).repeat(10_000));
    tells(fault_of(ten_megabytes).await, Cause::ProtocolError, "a head of more than 65536 bytes");
    let one_line = format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n\r\n", "a".repeat(10_000_000));
    tells(fault_of(one_line).await, Cause::ProtocolError, "a head of more than 65536 bytes");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a:b\r\n".repeat(2000));
    tells(fault_of(many).await, Cause::ProtocolError, "or 1000 headers");
    let fits = format!("HTTP/1.1 200 OK\r\nX-A: {}\r\nContent-Length: 0\r\n\r\n", "a".repeat(60_000));
    assert_eq!(ask(answering(fits).await).await.fault, None);
}

#[tokio::test]
async fn interim_answers_without_end() {
    let some = format!("{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 100 Continue\r\n\r\n".repeat(3));
    let exchange = ask(answering(some).await).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"ok");
    let to = listen(|mut stream| async move {
        read_request(&mut stream).await;
        while stream.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n").await.is_ok() {}
    })
    .await;
    tells(fault(&ask(to).await), Cause::ProtocolError, "a head of more than 65536 bytes");
}

#[tokio::test]
async fn a_body_over_its_bound() {
    let exact = format!("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n{}", "a".repeat(10_000));
    assert_eq!(ask(answering(exact).await).await.fault, None);
    let to = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n").await;
        while stream.write_all(&[b'a'; 1000]).await.is_ok() {}
    })
    .await;
    let exchange = ask(to).await;
    tells(fault(&exchange), Cause::BodyTooLarge, "a body of more than 10000 bytes (it said 4000000000)");
    assert_eq!(exchange.response.unwrap().body.len(), 10_000);
}

#[tokio::test]
async fn a_body_that_drips() {
    let to = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(HEAD_300.as_bytes()).await;
        while stream.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    })
    .await;
    let exchange = hasty(200).http(&get("http://app.test/"), Some(to), later()).await;
    tells(fault(&exchange), Cause::TimedOut, "of 300 bytes of the body within 2");
    assert!(!exchange.response.unwrap().body.is_empty());
}

#[tokio::test]
async fn an_answer_that_ends_with_its_connection() {
    let exchange = ask(answering("HTTP/1.1 200 OK\r\n\r\nuntil the end").await).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"until the end");
    let request = Request { method: "HEAD".to_owned(), ..get("http://app.test/") };
    let exchange = network().http(&request, Some(answering(HEAD_300).await), later()).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"");
}

#[tokio::test]
async fn a_name_is_resolved_when_nothing_is_pinned() {
    let to = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let exchange = network().http(&get(&format!("http://localhost:{}/", to.port())), None, later()).await;
    assert_eq!((exchange.fault, exchange.connected), (None, Some(to)));
    assert!(exchange.phases.dns_us.is_some());
    let v6 = Network::new(Settings { family: Family::V6, ..crate::server::settings() });
    let (cause, _) = fault(&v6.http(&get(&format!("http://{to}/")), None, later()).await);
    assert_eq!(cause, Cause::NameNotFound);
}

#[tokio::test]
async fn http2_asked_of_who_does_not_speak_it() {
    let network = Network::new(Settings { http: HttpVersion::Http2, ..crate::server::settings() });
    let to = answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    let (cause, message) = fault(&network.http(&get("http://app.test/"), Some(to), later()).await);
    assert_eq!(cause, Cause::ProtocolError, "{message}");
    assert!(message.contains("it began with `HTTP/1.1 400"), "{message}");
}

#[test]
fn exchanges_can_be_made_on_any_thread() {
    fn send(_: impl Send) {}
    let network = network();
    let request = get("http://app.test/");
    let to: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let until = || Instant::now();
    send(network.http(&request, None, until()));
    send(network.tls(to, "a.test", until()));
    send(network.tcp(to, until()));
    send(network.grpc(to, "a", "a", "", true, until()));
    send(network.command(&[], until()));
}
