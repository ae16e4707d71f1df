//! Three instances: nginx on three ports of loopback, each in front of a demo shop of its own release. nginx knows the shop by its
//! public name alone, so whoever asks by address without that name gets a 404.

use super::super::World;
use crate::programs;
use anyhow::{Context, Result, bail};
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The name that the examples ask for.
const NAME: &str = "shop.example";

/// Enough for a program to open a port on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// The running programs; they are ended when it is dropped.
pub(super) struct Fleet {
    programs: Vec<Child>,
}

impl Fleet {
    /// Ports that are free now.
    pub(super) fn ports() -> Result<[u16; 3]> {
        let listeners =
            [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        let mut ports = [0; 3];
        for (port, listener) in ports.iter_mut().zip(&listeners) {
            *port = listener.local_addr()?.port();
        }
        Ok(ports)
    }

    /// Starts an instance on each port with its release, and waits until nginx answers. Errors: no nginx (a skip inside), or
    /// something does not start.
    pub(super) fn start(world: &World, folder: &Path, ports: &[u16; 3], releases: [&str; 3]) -> Result<Fleet> {
        let nginx = super::parties::program("nginx", "nginx-light")?;
        let mut fleet = Fleet { programs: Vec::new() };
        let program = shop(&world.root)?;
        let mut servers = String::new();
        for (port, release) in ports.iter().zip(releases) {
            let shop = fleet.shop(&program, release)?;
            let _ = writeln!(
                servers,
                "  server {{ listen 127.0.0.1:{port} default_server; return 404; }}\n  server {{\n    listen 127.0.0.1:{port};\n    \
                 server_name {NAME};\n    location / {{\n      proxy_pass {shop};\n      proxy_set_header Host $host;\n    }}\n  }}"
            );
        }
        let place = folder.join("nginx");
        fs::create_dir_all(&place)?;
        fs::write(place.join("nginx.conf"), configuration(&servers))?;
        let mut command = Command::new(nginx);
        command.arg("-p").arg(&place).args(["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        fleet.programs.push(command.spawn().context("cannot start nginx")?);
        let started = Instant::now();
        while !ports.iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()) {
            if started.elapsed() > LIMIT {
                bail!("nginx does not listen: {}", fs::read_to_string(place.join("error.log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(fleet)
    }

    /// Starts a shop and returns its address, `http://127.0.0.1:PORT`.
    fn shop(&mut self, program: &Path, release: &str) -> Result<String> {
        let mut command = Command::new(program);
        command.args(["serve", "--port", "0"]).env("RELEASE", release).env_remove("SHOP_BREAK");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start the shop")?;
        let output = child.stdout.take();
        self.programs.push(child);
        let mut line = String::new();
        BufReader::new(output.context("the shop has no output")?).read_line(&mut line)?;
        let address = line.split_whitespace().find(|word| word.starts_with("http://"));
        Ok(address.with_context(|| format!("the shop said {line:?}"))?.trim_end_matches('/').to_owned())
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // nginx first. Its workers end with the master only when that is asked to stop, which SIGKILL does not do.
        for child in self.programs.iter_mut().rev() {
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}

/// Everything that nginx would keep elsewhere is kept in its folder.
fn configuration(servers: &str) -> String {
    let mut text = "worker_processes 1;\npid nginx.pid;\nevents {}\nhttp {\n  access_log off;\n".to_owned();
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let _ = writeln!(text, "  {kind}_temp_path {kind};");
    }
    text + servers + "}\n"
}

/// The demo shop's program, built.
fn shop(root: &Path) -> Result<PathBuf> {
    Ok(programs::built(root)?.join("shop"))
}
