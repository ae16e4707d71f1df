//! nginx in front of what the examples publish to.

use super::super::health::program;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running nginx, ended with this.
pub(super) struct Nginx {
    child: Child,
    /// On loopback.
    pub port: u16,
}

impl Nginx {
    /// Starts it in a folder that is made. `listening`: what follows the port in `listen`, such as ` ssl`; `rest`: what else stands
    /// in `server {}`. Errors: there is none (a skip inside), or it does not listen within 20 s.
    pub(super) fn start(place: &Path, listening: &str, rest: &str) -> Result<Nginx> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        fs::create_dir_all(place)?;
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("  {kind}_temp_path {kind};\n"))
            .concat();
        let types = "  types { text/html html; }\n";
        // Started by root, its workers would be somebody who may not read the folders below root's home.
        let text = format!(
            "user root root;\nworker_processes 1;\npid nginx.pid;\nevents {{}}\nhttp {{\n  access_log off;\n{types}{temporary}  server {{\n    \
             listen 127.0.0.1:{port}{listening};\n{rest}\n  }}\n}}\n"
        );
        fs::write(place.join("nginx.conf"), text)?;
        let mut command = Command::new(program("nginx", "nginx-light")?);
        command.arg("-p").arg(place).args(["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let nginx = Nginx { child: command.spawn().context("cannot start nginx")?, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                bail!("nginx does not listen: {}", fs::read_to_string(place.join("error.log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with the master only when that is asked to stop.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
