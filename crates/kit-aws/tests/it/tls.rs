//! Whom we trust: the roots of `SSL_CERT_FILE`. The client reads that variable of its process, so that each case is a process.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use kit_aws::http::{Http, Timeouts};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where the child is to ask.
const URL: &str = "KIT_AWS_TEST_TLS_URL";

/// Answers every request with 204 over TLS.
fn server(certificate: CertificateDer<'static>, key: Vec<u8>) -> String {
    let key = PrivateKeyDer::try_from(key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read(&mut byte) {
                    Ok(1) => request.push(byte[0]),
                    _ => break,
                }
            }
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            let _ = stream.flush();
        }
    });
    url
}

/// Runs [`child`] in a process that trusts the roots in `file`. Gives whether it had an answer, and what it wrote.
fn answered(url: &str, file: &Path) -> (bool, String) {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::child", "--nocapture"])
        .env(URL, url)
        .env("SSL_CERT_FILE", file)
        .output()
        .unwrap();
    (ended.status.success(), String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned())
}

#[test]
fn the_roots_are_those_of_ssl_cert_file() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (right, wrong) = (folder.path().join("right.pem"), folder.path().join("wrong.pem"));
    std::fs::write(&right, made.cert.pem()).unwrap();
    std::fs::write(&wrong, other.cert.pem()).unwrap();
    let url = server(made.cert.der().clone(), made.signing_key.serialize_der());
    let (trusted, output) = answered(&url, &right);
    assert!(trusted, "{output}");
    let (trusted, output) = answered(&url, &wrong);
    assert!(!trusted && output.contains("certificate") && output.contains("1 attempt"), "{output}");
}

/// The other process; without the variable there is nothing to do.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let http = Http::new("test", Timeouts::default()).unwrap();
    let answer = http.request(&Method::GET, &url, &[], Bytes::new(), 10).await.unwrap();
    assert_eq!(answer.status, 204);
}
