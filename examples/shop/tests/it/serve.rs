//! `shop serve` on the wire.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::{Server, e2e, shop};

#[test]
fn a_running_shop_passes_flows_and_tells_its_release() {
    let server = Server::start(&[("RELEASE", "2026.11.22-r7")]);
    let files =
        ["ops/release.toml", "basket/add.toml", "checkout/guest.toml", "pages/basket-form.toml", "orders/cancel.toml"];
    let output = e2e(&[&["--base-url", &server.url()], &files[..]].concat(), &[]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("5 files: 5 passed (0 flaky), 0 failed; "), "{printed}");
    let response = server.raw(b"GET /__release HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n") && response.ends_with("\r\n\r\n2026.11.22-r7\n"), "{response}");
}

#[test]
fn requests_over_the_limits_are_refused() {
    let server = Server::start(&[]);
    let post = |length: usize| {
        let head = format!(
            "POST /api/basket/items HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        server.raw(&[head.as_bytes(), &vec![b'x'; length]].concat())
    };
    assert!(post(64 * 1024).starts_with("HTTP/1.1 415 "), "a body at the limit is read");
    assert!(post(64 * 1024 + 1).starts_with("HTTP/1.1 413 "), "a body over the limit is not");
    let header = |length: usize| {
        server.raw(
            format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {}\r\n\r\n", "x".repeat(length)).as_bytes(),
        )
    };
    assert!(header(8 * 1024).starts_with("HTTP/1.1 200 "));
    assert!(header(64 * 1024).starts_with("HTTP/1.1 431 "));
    let many = "X: y\r\n".repeat(200);
    assert!(server.raw(format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n").as_bytes()).starts_with("HTTP/1.1 431 "));
    assert!(server.raw(b"\x16\x03\x01\x00\xff not http at all\r\n\r\n").starts_with("HTTP/1.1 400 "));
    assert!(server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("\"status\":\"ok\""));
}

#[test]
fn a_request_under_way_is_answered_after_the_signal_to_stop() {
    let mut server = Server::start(&[]);
    let mut stream = server.connect();
    let body = r#"{"email":"a@b.example","password":"12345678"}"#;
    let head = format!(
        "POST /api/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.terminate();
    // New visitors are turned away once the signal has arrived; only then is the rest of the old one's request sent.
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(body.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 201 "), "{response}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn bad_options_are_refused_in_one_line() {
    let server = Server::start(&[]);
    let port = server.address.rsplit_once(':').unwrap().1;
    for (vars, args, code, message) in [
        (vec![("RELEASE", "a b")], ["serve", "--port", "0"], 2, "RELEASE=\"a b\""),
        (vec![("SHOP_BREAK", "everything")], ["serve", "--port", "0"], 2, "SHOP_BREAK=\"everything\""),
        (vec![("SHOP_FLAKY", "yes")], ["serve", "--port", "0"], 2, "SHOP_FLAKY=\"yes\""),
        (vec![], ["serve", "--port", port], 3, "can't serve on 127.0.0.1:"),
    ] {
        let output = shop().args(args).envs(vars).stdout(Stdio::null()).output().unwrap();
        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{printed}");
        assert!(printed.contains(message) && printed.lines().count() == 1, "{printed}");
    }
}
