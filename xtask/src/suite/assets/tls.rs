//! The image over HTTPS: nginx in front of the simulator, with a certificate of an authority that was just made.

use super::super::World;
use super::super::health::Authority;
use super::super::{doors, static_checks::ensure};
use super::TOOL;
use super::nginx::Nginx;
use super::servers::Server;
use crate::clients::process;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// Publishes by the image with the authority's root, with another one, and with the image's own.
pub(super) fn run(world: &World) -> Result<usize> {
    let image = doors::image(world, TOOL)?;
    let folder = world.folder.join("assets/tls");
    let (ca, site) = (folder.join("ca"), folder.join("site"));
    fs::create_dir_all(&site)?;
    fs::write(site.join("app.js"), "run();\n")?;
    let authority = Authority::new(&ca)?;
    authority.server("s3", "root", 30, "DNS:localhost")?;
    let server = Server::simulated(world)?;
    let nginx = nginx(&folder, &authority, &server)?;
    let publish = |roots: Option<&str>| -> Result<process::Finished> {
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--network=host", "--workdir=/w"]);
        command.arg(format!("--volume={}:/w:ro", folder.display()));
        command.args(server.keys.iter().map(|(name, value)| format!("--env={name}={value}")));
        command.args(roots.iter().map(|roots| format!("--env=SSL_CERT_FILE=/w/ca/{roots}.pem")));
        command.arg(&image).args(["publish", "site", "--bucket", "shop-assets", "--prefix", "tls"]);
        command.args(["--endpoint-url", &format!("https://localhost:{}", nginx.port)]);
        process::run_merged(command, LIMIT)
    };
    for stranger in [Some("stranger"), None] {
        let done = publish(stranger)?;
        ensure(done.code == Some(3), &format!("with the roots {stranger:?}: {:?}, not 3", done.code), &done.log())?;
        let says = done.log().to_lowercase().contains("certificate");
        ensure(says, "the line does not say that it is the certificate", &done.log())?;
    }
    let done = publish(Some("root"))?;
    ensure(done.success(), &format!("with its root: {:?}", done.code), &done.log())?;
    Ok(3)
}

fn nginx(folder: &Path, authority: &Authority, server: &Server) -> Result<Nginx> {
    let rest = format!(
        "    ssl_certificate {};\n    ssl_certificate_key {};\n    location / {{\n      proxy_pass {};\n      \
         proxy_set_header Host $http_host;\n    }}",
        authority.file("s3.chain.pem").display(),
        authority.file("s3.key").display(),
        server.url
    );
    Nginx::start(&folder.join("nginx"), " ssl", &rest)
}
