//! `grpc.health.v1` of the gRPC project's own server for Python.

use super::certificates::Authority;
use super::room::{Etc, Room};
use super::{Case, Programs, World, try_all};
use anyhow::Result;
use std::ffi::OsString;

const HOSTS: &str = "127.0.0.1 grpc.example\n";

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/grpc");
    let room = Room::open(&folder, &Etc { resolver: "", hosts: HOSTS }, "")?;
    let authority = Authority::new(&folder.join("ca"))?;
    authority.server("grpc", "root", 10, "DNS:grpc.example")?;
    let tool = world.clients.tool("grpc-server")?;
    let mut words = tool.words();
    words.extend(["50051", "50052", "50053"].map(OsString::from));
    words.extend([authority.file("grpc.pem"), authority.file("grpc.key")].map(OsString::from));
    room.nginx("server { listen 127.0.0.1:8080; return 200 here; }", &["tcp:8080"])?;
    room.serve("grpc", &words, tool.env(), &["tcp:50051", "tcp:50052", "tcp:50053"])?;
    try_all(&room, programs, &cases(&authority.file("root.pem").display().to_string()))
}

fn cases(root: &str) -> Vec<Case> {
    let tls = |target: &str| format!("once {target} --ca-file {root}");
    vec![
        // The first, since the server begins to wait when it is there.
        Case::new(
            "a service that is late is waited for",
            "wait grpc://127.0.0.1:50051/shop.Late --interval 200ms --deadline 20s --passes 2",
        )
        .says("NOT_SERVING"),
        Case::new("the server as a whole", "once grpc://127.0.0.1:50051"),
        Case::new("a service that serves", "once grpc://127.0.0.1:50051/shop.Catalogue"),
        Case::new("by IPv6", "once grpc://[::1]:50051/shop.Catalogue").says("1 of 1 instance healthy"),
        Case::new("a service that does not serve", "once grpc://127.0.0.1:50051/shop.Basket")
            .exits(1)
            .says("NOT_SERVING"),
        Case::new("a service that is unknown", "once grpc://127.0.0.1:50051/shop.Cellar")
            .exits(1)
            .says("grpc-status 5 (NOT_FOUND)"),
        Case::new("no health service", "once grpc://127.0.0.1:50053").exits(1).says("12"),
        Case::new("a server of HTTP/1.1", "once grpc://127.0.0.1:8080").exits(1).silent("panicked"),
        Case::new("a closed port", "once grpc://127.0.0.1:50059").exits(1).says("refused the connection"),
        Case::new("over TLS", &tls("grpcs://grpc.example:50052/shop.Catalogue")),
        Case::new("over TLS at an address", &tls("grpcs://grpc.example --address 127.0.0.1:50052")),
        Case::new("over TLS and not serving", &tls("grpcs://grpc.example:50052/shop.Basket"))
            .exits(1)
            .says("NOT_SERVING"),
        Case::new("over TLS and unknown", &tls("grpcs://grpc.example:50052/shop.Cellar"))
            .exits(1)
            .says("grpc-status 5 (NOT_FOUND)"),
        Case::new("the certificate's days", &tls("grpcs://grpc.example:50052 --expect-certificate-days 14"))
            .exits(1)
            .says("14"),
        Case::new("another name than the certificate's", &tls("grpcs://localhost:50052 --ipv4"))
            .exits(1)
            .says("is for grpc.example, not for localhost"),
        Case::new("nobody vouches for it", "once grpcs://grpc.example:50052").exits(1).says("--ca-file"),
        Case::new("TLS where there is none", &tls("grpcs://grpc.example:50051")).exits(1),
        Case::new("none where there is TLS", "once grpc://127.0.0.1:50052").exits(1),
    ]
}
