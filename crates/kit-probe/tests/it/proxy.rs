//! Proxies: the whole URL for HTTP, a tunnel for HTTPS, and what they refuse.

use crate::server::{
    Log, answering, answering_each, closed_port, fault, get, later, listen, network, read_request, settings,
};
use crate::tls::Authority;
use kit_probe::event::Cause;
use kit_probe::exchange::{Network, Proxies, Settings};
use std::net::SocketAddr;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use url::Url;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn through(proxy: SocketAddr, settings: Settings) -> Network {
    let url = Url::parse(&format!("http://user:s3cret@{proxy}")).unwrap();
    let proxies = Proxies { http: Some(url.clone()), https: Some(url), exceptions: vec!["direct.test".to_owned()] };
    Network::new(Settings { proxies, ..settings })
}

#[tokio::test]
async fn http_is_asked_for_with_the_whole_url() {
    let log = Log::default();
    let proxy = answering_each(log.clone(), |_| OK.into()).await;
    let network = through(proxy, settings());
    let exchange = network.http(&get("http://app.test:81/p?q#f"), None, later()).await;
    assert_eq!(exchange.fault, None);
    assert_eq!((exchange.proxy, exchange.connected), (Some(proxy.to_string()), Some(proxy)));
    let asked = log.lock().unwrap()[0].to_ascii_lowercase();
    assert!(asked.starts_with("get http://app.test:81/p?q http/1.1\r\n"), "{asked}");
    assert!(asked.contains("host: app.test:81\r\n"), "{asked}");
    assert!(asked.contains("proxy-authorization: basic dxnlcjpzm2nyzxq=\r\n"), "{asked}");
    assert_eq!(network.proxy_of(&Url::parse("http://app.test").unwrap()), Some(proxy.to_string()));
    assert_eq!(network.proxy_of(&Url::parse("http://direct.test").unwrap()), None);
}

#[tokio::test]
async fn who_is_pinned_is_asked_directly() {
    let direct = answering(OK).await;
    let network = through(closed_port().await, settings());
    let exchange = network.http(&get("http://app.test/"), Some(direct), later()).await;
    assert_eq!((exchange.fault, exchange.proxy, exchange.connected), (None, None, Some(direct)));
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let authority = Authority::new();
    let target = authority.identity(&["app.test"]).serve().await;
    let log = Log::default();
    let logged = log.clone();
    let proxy = listen(move |mut stream| {
        let log = logged.clone();
        async move {
            let asked = read_request(&mut stream).await;
            log.lock().unwrap().push(asked);
            let mut onward = TcpStream::connect(target).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut onward).await;
        }
    })
    .await;
    let network = through(proxy, authority.settings());
    let exchange = network.http(&get("https://app.test/"), None, later()).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"sni=app.test");
    assert_eq!((exchange.proxy, exchange.certificates.len()), (Some(proxy.to_string()), 1));
    let asked = log.lock().unwrap()[0].clone();
    assert!(asked.starts_with("CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\n"), "{asked}");
    assert!(asked.contains("Proxy-Authorization: Basic dXNlcjpzM2NyZXQ=\r\n"), "{asked}");
    let exchange = network.http(&get("https://other.test/"), None, later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::CertificateWrongName);
    assert!(message.contains("other.test through the proxy") && !message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn a_proxy_that_fails_is_no_failure_of_the_target() {
    let refused = closed_port().await;
    let wants_password = answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").await;
    let closing = answering("").await;
    for url in ["http://app.test/", "https://app.test/"] {
        for (proxy, text) in
            [(refused, "refused the connection"), (wants_password, "407"), (closing, "closed the connection")]
        {
            let exchange = through(proxy, settings()).http(&get(url), None, later()).await;
            let (cause, message) = fault(&exchange);
            assert_eq!(cause, Cause::ProxyFailed, "{message}");
            assert!(message.contains(text) && message.contains(&proxy.to_string()), "{message}");
            assert!(!message.contains("s3cret") && exchange.response.is_none(), "{message}");
        }
    }
    for (answer, text) in [
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "refused a tunnel to app.test:443 with status 403"),
        ("SSH-2.0\r\n\r\n", "did not answer in HTTP"),
        ("HTTP/1.1 200 OK\r\n\r\nearly", "did not answer in HTTP"),
    ] {
        let exchange =
            through(answering(answer).await, settings()).http(&get("https://app.test/"), None, later()).await;
        let (cause, message) = fault(&exchange);
        assert_eq!(cause, Cause::ProxyFailed, "{message}");
        if !answer.ends_with("early") {
            assert!(message.contains(text), "{message}");
        }
    }
    let long = format!("HTTP/1.1 200 OK\r\nX: {}", "a".repeat(200_000));
    let exchange = through(answering(long).await, settings()).http(&get("https://app.test/"), None, later()).await;
    assert!(fault(&exchange).1.contains("larger than 65536 bytes"));
}

#[tokio::test]
async fn proxies_of_other_kinds_are_refused() {
    let proxies = Proxies { http: Some(Url::parse("socks5://127.0.0.1:1080").unwrap()), ..Proxies::default() };
    let network = Network::new(Settings { proxies, ..settings() });
    let (cause, message) = fault(&network.http(&get("http://app.test/"), None, later()).await);
    assert_eq!(cause, Cause::ProxyFailed);
    assert!(message.contains("socks5"), "{message}");
}

#[tokio::test]
async fn nothing_is_said_of_proxies_where_there_are_none() {
    let to = answering(OK).await;
    let exchange = network().http(&get(&format!("http://{to}/")), None, later()).await;
    assert_eq!((exchange.fault, exchange.proxy, exchange.phases.dns_us), (None, None, None));
}
