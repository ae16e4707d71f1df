//! Connections alone, to openssl's server and nginx, and programs that check: Debian's monitoring plugins and curl.

use super::certificates::Authority;
use super::room::{Etc, Room, program, words};
use super::{Case, Programs, World, try_all};
use crate::clients::Skip;
use anyhow::{Result, ensure};
use std::path::Path;

/// Where Debian's monitoring-plugins-basic has it.
const CHECK_TCP: &str = "/usr/lib/nagios/plugins/check_tcp";

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/sockets");
    let missing = Skip::new("check_tcp", "not installed; Debian's monitoring-plugins-basic has it");
    ensure!(Path::new(CHECK_TCP).is_file(), missing);
    program("curl", "curl")?;
    let room = Room::open(&folder, &Etc { resolver: "", hosts: "127.0.0.1 shop.example\n" }, "")?;
    let authority = Authority::new(&folder.join("ca"))?;
    authority.server("shop", "root", 10, "DNS:shop.example")?;
    room.nginx("server { listen 127.0.0.1:8080; listen [::1]:8080; return 200 well; }", &["tcp:8080"])?;
    let servers = [
        (8443, "-tls1_3"),
        (8444, "-tls1_2"),
        (8445, "-tls1_1 -cipher DEFAULT@SECLEVEL=0"),
        (8446, "-Verify 1 -verify_return_error -CAfile ca/root.pem"),
        (8447, "-alpn postgresql"),
    ];
    for (port, options) in servers {
        let line = format!("s_server -quiet -accept 127.0.0.1:{port} -cert ca/shop.pem -key ca/shop.key {options}");
        let server = words(program("openssl", "openssl")?, &line);
        room.serve(&format!("openssl-{port}"), &server, &[], &[&format!("tcp:{port}")])?;
    }
    let root = authority.file("root.pem").display().to_string();
    Ok(try_all(&room, programs, &connections(&root))? + try_all(&room, programs, &commands())?)
}

fn connections(root: &str) -> Vec<Case> {
    let tls = |port: u16, rest: &str| format!("once tls://shop.example:{port} --ca-file {root} {rest}");
    vec![
        Case::new("TCP", "once tcp://127.0.0.1:8080"),
        Case::new("TCP by IPv6", "once tcp://[::1]:8080"),
        Case::new("TCP to both", "once tcp://localhost:8080").says("2 of 2 instances healthy"),
        Case::new("TCP to a closed port", "once tcp://127.0.0.1:8099").exits(1).says("refused the connection"),
        Case::new("TCP to a port of TLS", "once tcp://127.0.0.1:8443"),
        Case::new("TLS 1.3", &tls(8443, "--expect-certificate-days 5")),
        Case::new("TLS 1.2", &tls(8444, "")),
        Case::new("TLS 1.1 alone", &tls(8445, "")).exits(1).says("TLS 1.2"),
        Case::new("protocols of others", &tls(8447, "")),
        Case::new("too few days", &tls(8443, "--expect-certificate-days 14")).exits(1).says("14 days"),
        Case::new("nobody vouches for it", "once tls://shop.example:8443").exits(1).says("--ca-file"),
        Case::new("another name", &format!("once tls://localhost:8443 --ipv4 --ca-file {root}"))
            .exits(1)
            .says("is for shop.example, not for localhost"),
        Case::new(
            "another name, asked for the right one",
            &format!("once tls://127.0.0.1:8443 --host shop.example --ca-file {root}"),
        ),
        Case::new("no TLS there", &format!("once tls://127.0.0.1:8080 --host shop.example --ca-file {root}"))
            .exits(1)
            .says("does not speak TLS"),
        Case::new(
            "HTTPS to one that wants a certificate",
            &format!("once https://shop.example:8446/ --ca-file {root} --timeout 2s"),
        )
        .exits(1)
        .says("certificate"),
    ]
}

fn commands() -> Vec<Case> {
    let plugin = |rest: &str| format!("once {rest} --exec {CHECK_TCP} -H {{address}} -p {{port}}");
    vec![
        Case::new("a plugin", &format!("once --exec {CHECK_TCP} -H 127.0.0.1 -p 8080")),
        Case::new("a plugin that finds nothing", &format!("once --exec {CHECK_TCP} -H 127.0.0.1 -p 8099"))
            .exits(1)
            .says("2"),
        Case::new("a plugin for each instance", &plugin("--address 127.0.0.1:8080 127.0.0.1:8443"))
            .says("2 of 2 instances healthy"),
        Case::new("one dead instance", &plugin("--address 127.0.0.1:8080 127.0.0.1:8099"))
            .exits(1)
            .says("1 of 2 instances healthy")
            .says("127.0.0.1:8099"),
        Case::new("curl", "once --address 127.0.0.1:8080 --exec curl -sf http://{address}:{port}/"),
        Case::new("curl at a closed port", "once --exec curl -sf http://127.0.0.1:8099/").exits(1).says("7"),
        Case::new("a program that hangs", "once --timeout 500ms --exec sleep 60").exits(1).says("was killed"),
        Case::new("a program that is not there", "once --exec no-such-program").exits(3).says("could not be started"),
    ]
}
