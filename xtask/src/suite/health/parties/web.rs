//! nginx: versions of HTTP, virtual hosts by SNI, IPv6, and certificates that hold or not.

use super::certificates::{AUTHORITY, Authority};
use super::room::{Etc, Room};
use super::{Case, Programs, World, try_all};
use anyhow::Result;

/// Each server says which HTTP it was asked by.
const SERVERS: &str = r#"
server { listen 127.0.0.1:8080 default_server; listen [::1]:8080 default_server; return 404; }
server { listen 127.0.0.1:8080; listen [::1]:8080; server_name shop.example; return 200 "shop-by-$server_protocol"; }
server { listen 127.0.0.1:8081 http2; return 200 "by-$server_protocol"; }
server { listen 127.0.0.1:8443 ssl http2 default_server; listen [::1]:8443 ssl http2 default_server; ssl_reject_handshake on; }
server { listen 127.0.0.1:8443 ssl http2; listen [::1]:8443 ssl http2; server_name shop.example;
  ssl_certificate ca/shop.chain.pem; ssl_certificate_key ca/shop.key; return 200 "shop-by-$server_protocol"; }
server { listen 127.0.0.1:8443 ssl http2; server_name blog.example;
  ssl_certificate ca/blog.chain.pem; ssl_certificate_key ca/blog.key; return 503; }
server { listen 127.0.0.1:8444 ssl; listen [::1]:8444 ssl;
  ssl_certificate ca/shop.chain.pem; ssl_certificate_key ca/shop.key; return 200 "shop-by-$server_protocol"; }
server { listen 127.0.0.1:8445 ssl; ssl_certificate ca/ended.chain.pem; ssl_certificate_key ca/ended.key; return 200; }
server { listen 127.0.0.1:8446 ssl; listen [::1]:8446 ssl;
  ssl_certificate ca/blog.chain.pem; ssl_certificate_key ca/blog.key; return 200; }
server { listen 127.0.0.1:8447 ssl; ssl_certificate ca/shop.pem; ssl_certificate_key ca/shop.key; return 200; }
server { listen 127.0.0.1:8448 ssl; ssl_certificate ca/long.chain.pem; ssl_certificate_key ca/long.key; return 200; }
server { listen 127.0.0.1:8449 ssl; ssl_certificate ca/shop.chain.pem; ssl_certificate_key ca/shop.key;
  ssl_verify_client on; ssl_client_certificate ca/root.pem; return 200; }
"#;

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/web");
    let room = Room::open(&folder, &Etc { resolver: "", hosts: "" }, "")?;
    let authority = Authority::new(&folder.join("ca"))?;
    authority.issue("between", "root", 20, AUTHORITY)?;
    authority.server("shop", "between", 10, "DNS:shop.example,IP:127.0.0.1,IP:::1")?;
    authority.server("blog", "between", 10, "DNS:blog.example")?;
    authority.ended("ended", "between", "DNS:shop.example")?;
    authority.server("long", "between", 40, "DNS:shop.example")?;
    room.nginx(SERVERS, &["tcp:8080", "tcp:8081", "tcp:8443", "tcp:8449"])?;
    let root = authority.file("root.pem").display().to_string();
    let (versions, certificates) = (versions(&root), certificates(&root));
    Ok(try_all(&room, programs, &versions)? + try_all(&room, programs, &certificates)?)
}

/// Which HTTP, which host, which address.
fn versions(root: &str) -> Vec<Case> {
    let tls = |rest: &str| format!("once {rest} --ca-file {root}");
    let shop = |rest: &str| tls(&format!("https://shop.example/ {rest}"));
    vec![
        Case::new("HTTP/1.1", "once http://shop.example/ --address 127.0.0.1:8080 --expect-text shop-by-HTTP/1.1"),
        Case::new("HTTP/1.1 by IPv6", "once http://shop.example/ --address [::1]:8080 --expect-text shop-by-HTTP/1.1"),
        Case::new("not the public name", "once http://127.0.0.1:8080/").exits(1).says("404"),
        Case::new("the public name at an address", "once http://127.0.0.1:8080/ --host shop.example"),
        Case::new("HTTP/2 without TLS", "once http://127.0.0.1:8081/ --http 2 --expect-text by-HTTP/2.0"),
        Case::new("HTTP/1.1 where there is HTTP/2 alone", "once http://127.0.0.1:8081/").exits(1),
        Case::new("HTTP/2 where there is HTTP/1.1 alone", "once http://127.0.0.1:8080/ --host shop.example --http 2")
            .exits(1),
        Case::new("HTTP/2 is settled over TLS", &shop("--address 127.0.0.1:8443 --expect-text shop-by-HTTP/2.0")),
        Case::new("HTTP/2 over IPv6", &shop("--address [::1]:8443 --expect-text shop-by-HTTP/2.0")),
        Case::new(
            "HTTP/1.1 over TLS when asked for",
            &shop("--address 127.0.0.1:8443 --http 1.1 --expect-text shop-by-HTTP/1.1"),
        ),
        Case::new(
            "HTTP/1.1 over TLS where there is no other",
            &shop("--address 127.0.0.1:8444 --expect-text shop-by-HTTP/1.1"),
        ),
        Case::new("HTTP/2 over TLS where there is none", &shop("--address 127.0.0.1:8444 --http 2"))
            .exits(1)
            .says("it speaks none of the HTTP versions that were offered"),
        Case::new("another host of the same port", &tls("https://blog.example/ --address 127.0.0.1:8443"))
            .exits(1)
            .says("503"),
        Case::new("a host that nobody has", &tls("https://other.example/ --address 127.0.0.1:8443"))
            .exits(1)
            .says("it does not know the name other.example"),
        Case::new("an address is no name to nginx", &tls("https://127.0.0.1:8443/")).exits(1),
        Case::new("plain HTTP on a port of TLS", "once http://127.0.0.1:8444/").exits(1).says("400"),
        Case::new("TLS on a port of plain HTTP", &tls("https://127.0.0.1:8080/")).exits(1).says("does not speak TLS"),
        Case::new("both addresses, one with another host", &shop("--address 127.0.0.1:8443 --address 127.0.0.1:8446"))
            .exits(1)
            .says("1 of 2 instances healthy")
            .says("127.0.0.1:8446: the certificate is for blog.example, not for shop.example"),
    ]
}

/// Chains.
fn certificates(root: &str) -> Vec<Case> {
    let at = |port: u16, rest: &str| format!("once https://shop.example/ --address 127.0.0.1:{port} {rest}");
    let trusted = |port: u16, rest: &str| at(port, &format!("--ca-file {root} {rest}"));
    vec![
        Case::new("a whole chain", &trusted(8444, "--expect-certificate-days 5")),
        Case::new("the roots of the environment", &at(8444, "")).env("SSL_CERT_FILE", root),
        Case::new("an address in the certificate", &format!("once https://[::1]:8444/ --ca-file {root}")),
        Case::new("an address that is not in it", &format!("once https://[::1]:8446/ --ca-file {root}"))
            .exits(1)
            .says("is for blog.example, not for [::1]"),
        Case::new("nobody vouches for it", &at(8444, "")).exits(1).says("signed by nobody who is trusted here"),
        Case::new("it has ended", &trusted(8445, ""))
            .exits(1)
            .says("the certificate of ended ended on 2021-01-01T00:00:00Z"),
        Case::new("another name", &trusted(8446, "")).exits(1).says("is for blog.example, not for shop.example"),
        Case::new("one in between is left out", &trusted(8447, "")).exits(1).says("ends at the issuer between"),
        Case::new("too few days", &trusted(8444, "--expect-certificate-days 14")).exits(1).says("14 days"),
        Case::new("enough days of the whole chain", &trusted(8448, "--expect-certificate-days 15")),
        Case::new("too few days of the one in between", &trusted(8448, "--expect-certificate-days 30"))
            .exits(1)
            .says("between"),
        Case::new("it wants a certificate of ours", &trusted(8449, "")).exits(1),
        Case::new("no roots at all", &trusted(8444, "")).env("SSL_CERT_FILE", "/dev/null"),
        Case::new("a file of roots that is none", &at(8444, "--ca-file nginx.conf"))
            .exits(3)
            .says("holds no certificate"),
    ]
}
