//! tinyproxy between the tool and nginx: HTTP, tunnels, exceptions, and proxies that refuse or are down.

use super::certificates::Authority;
use super::room::{Etc, Room, program, words};
use super::{Case, Programs, World, try_all};
use anyhow::Result;

const OPEN: &str = "http://127.0.0.1:3128";
const GUARDED: &str = "http://127.0.0.1:3129";
const DOWN: &str = "http://127.0.0.1:3130";

/// nginx tells a request of a proxy by the header that tinyproxy adds.
const SERVERS: &str = r#"
server { listen 127.0.0.2:8080; server_name shop.example; return 200 "via-[$http_via]"; }
server { listen 127.0.0.2:8080; server_name ill.example; return 503; }
server { listen 127.0.0.2:8443 ssl http2; server_name shop.example; ssl_certificate ca/shop.pem; ssl_certificate_key ca/shop.key;
  return 200 "by-$server_protocol-from-$remote_addr"; }
server { listen 127.0.0.2:8443 ssl http2; server_name ill.example; ssl_certificate ca/shop.pem; ssl_certificate_key ca/shop.key;
  return 503; }
"#;

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/proxy");
    let hosts = "127.0.0.2 shop.example ill.example\n";
    let room = Room::open(&folder, &Etc { resolver: "", hosts }, "")?;
    let authority = Authority::new(&folder.join("ca"))?;
    authority.server("shop", "root", 10, "DNS:shop.example,DNS:ill.example")?;
    room.nginx(SERVERS, &["tcp:8080", "tcp:8443"])?;
    for (name, port, more) in [("open", 3128, ""), ("guarded", 3129, "BasicAuth robot s3cret-word\n")] {
        let text = format!(
            "Port {port}\nListen 127.0.0.1\nBind 127.0.0.7\nTimeout 20\nMaxClients 50\nConnectPort 8443\n{more}"
        );
        std::fs::write(folder.join(format!("{name}.conf")), text)?;
        let tinyproxy = words(program("tinyproxy", "tinyproxy-bin")?, &format!("-d -c {name}.conf"));
        room.serve(name, &tinyproxy, &[], &[&format!("tcp:{port}")])?;
    }
    let root = authority.file("root.pem").display().to_string();
    Ok(try_all(&room, programs, &plain())? + try_all(&room, programs, &tunnels(&root))?)
}

fn plain() -> Vec<Case> {
    const SHOP: &str = "once http://shop.example:8080/";
    let direct = "--expect-text via-[]";
    let through =
        |name, arguments: &str| Case::new(name, arguments).env("http_proxy", OPEN).says("the proxy 127.0.0.1:3128");
    vec![
        Case::new("no proxy", &format!("{SHOP} {direct}")).silent("proxy"),
        through("HTTP", &format!("{SHOP} --expect-text tinyproxy")).says("is asked through the proxy"),
        Case::new("without a scheme, in capitals", &format!("{SHOP} --expect-text tinyproxy"))
            .env("HTTP_PROXY", "127.0.0.1:3128"),
        Case::new("capitals may be a header of CGI", &format!("{SHOP} {direct}"))
            .env("HTTP_PROXY", OPEN)
            .env("REQUEST_METHOD", "GET"),
        Case::new("for all", &format!("{SHOP} --expect-text tinyproxy")).env("all_proxy", OPEN),
        through("an ill server behind it", "once http://ill.example:8080/").exits(1).says("503"),
        through("a closed port behind it", "once http://shop.example:8099/").exits(1),
        Case::new("an exception", &format!("{SHOP} {direct}"))
            .env("http_proxy", OPEN)
            .env("no_proxy", "other.example,.example"),
        Case::new("an exception that is another's", &format!("{SHOP} --expect-text tinyproxy"))
            .env("http_proxy", OPEN)
            .env("no_proxy", "shop.example:8081,op.example"),
        Case::new("switched off", &format!("{SHOP} --no-proxy {direct}")).env("http_proxy", DOWN).silent("3130"),
        Case::new("loopback never", "once http://127.0.0.2:8080/ --expect-text via-[]").env("http_proxy", DOWN),
        Case::new("instances never", &format!("{SHOP} --address 127.0.0.2:8080 {direct}"))
            .env("http_proxy", DOWN)
            .says("the proxy 127.0.0.1:3130 is not used"),
        Case::new("a proxy that is down", SHOP).env("http_proxy", DOWN).exits(3).says("127.0.0.1:3130"),
        Case::new("a proxy whose name does not exist", SHOP).env("http_proxy", "http://[fd00::1]:3128").exits(3),
        Case::new("a proxy that wants a password", SHOP).env("http_proxy", GUARDED).exits(3).says("407"),
        // tinyproxy refuses a wrong password as a server would, so that nobody can tell whose answer it is.
        Case::new("another password", SHOP)
            .env("http_proxy", "http://robot:wr0ng-word@127.0.0.1:3129")
            .exits(1)
            .says("401")
            .silent("wr0ng-word"),
        Case::new("the password", SHOP)
            .env("http_proxy", "http://robot:s3cret-word@127.0.0.1:3129")
            .silent("s3cret-word"),
        Case::new("no URL", SHOP).env("http_proxy", "http://").exits(2).says("http_proxy"),
        Case::new("TCP never", "once tcp://shop.example:8080").env("all_proxy", DOWN).silent("3130"),
    ]
}

fn tunnels(root: &str) -> Vec<Case> {
    let shop = |rest: &str| format!("once https://shop.example:8443/ --ca-file {root} {rest}");
    let through = |name, arguments: &str, proxy: &str| Case::new(name, arguments).env("https_proxy", proxy);
    vec![
        Case::new("no proxy", &shop("--expect-text by-HTTP/2.0-from-127.0.0.1")),
        through("a tunnel", &shop("--expect-text by-HTTP/2.0-from-127.0.0.7"), OPEN).says("the proxy 127.0.0.1:3128"),
        through("HTTP/1.1 in it", &shop("--http 1.1 --expect-text by-HTTP/1.1-from-127.0.0.7"), OPEN),
        through("the certificate is the server's", "once https://shop.example:8443/", OPEN).exits(1).says("--ca-file"),
        through("its days", &shop("--expect-certificate-days 14"), OPEN).exits(1).says("14 days"),
        through("an ill server", &format!("once https://ill.example:8443/ --ca-file {root}"), OPEN)
            .exits(1)
            .says("503"),
        through(
            "a port that it tunnels to for nobody",
            &format!("once https://shop.example:8444/ --ca-file {root}"),
            OPEN,
        )
        .exits(3)
        .says("refused a tunnel to shop.example:8444 with status 403"),
        through("a proxy that is down", &shop(""), DOWN).exits(3).says("127.0.0.1:3130"),
        through("a proxy that wants a password", &shop(""), GUARDED).exits(3).says("(407)"),
        through("another password", &shop(""), "http://robot:wr0ng-word@127.0.0.1:3129")
            .exits(3)
            .says("401")
            .silent("wr0ng-word"),
        through("the password", &shop(""), "http://robot:s3cret-word@127.0.0.1:3129").silent("s3cret-word"),
        through("an exception", &shop("--expect-text from-127.0.0.1"), DOWN)
            .env("no_proxy", "shop.example")
            .silent("3130"),
        through("instances never", &shop("--address 127.0.0.2:8443 --expect-text from-127.0.0.1"), DOWN)
            .says("is not used"),
    ]
}
