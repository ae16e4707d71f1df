//! The image over HTTPS: nginx in front of the simulator, with a certificate of an authority that was just made.

use super::super::World;
use super::super::health::{Authority, program};
use super::super::{doors, static_checks::ensure};
use super::TOOL;
use super::servers::Server;
use crate::clients::process;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);

/// A running nginx, ended with this.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with the master only when that is asked to stop.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

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
    let (port, _nginx) = nginx(&folder, &authority, &server)?;
    let publish = |roots: Option<&str>| -> Result<process::Finished> {
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--network=host", "--workdir=/w"]);
        command.arg(format!("--volume={}:/w:ro", folder.display()));
        command.args(server.keys.iter().map(|(name, value)| format!("--env={name}={value}")));
        command.args(roots.iter().map(|roots| format!("--env=SSL_CERT_FILE=/w/ca/{roots}.pem")));
        command.arg(&image).args(["publish", "site", "--bucket", "shop-assets", "--prefix", "tls"]);
        command.args(["--endpoint-url", &format!("https://localhost:{port}")]);
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

fn nginx(folder: &Path, authority: &Authority, server: &Server) -> Result<(u16, Nginx)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let place = folder.join("nginx");
    fs::create_dir_all(&place)?;
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("  {kind}_temp_path {kind};\n"))
        .concat();
    let text = format!(
        "worker_processes 1;\npid nginx.pid;\nevents {{}}\nhttp {{\n  access_log off;\n{temporary}  server {{\n    \
         listen 127.0.0.1:{port} ssl;\n    ssl_certificate {};\n    ssl_certificate_key {};\n    location / {{\n      \
         proxy_pass {};\n      proxy_set_header Host $http_host;\n    }}\n  }}\n}}\n",
        authority.file("s3.chain.pem").display(),
        authority.file("s3.key").display(),
        server.url
    );
    fs::write(place.join("nginx.conf"), text)?;
    let mut command = Command::new(program("nginx", "nginx-light")?);
    command.arg("-p").arg(&place).args(["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let nginx = Nginx(command.spawn().context("cannot start nginx")?);
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if started.elapsed() > Duration::from_secs(20) {
            bail!("nginx does not listen: {}", fs::read_to_string(place.join("error.log")).unwrap_or_default());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((port, nginx))
}
