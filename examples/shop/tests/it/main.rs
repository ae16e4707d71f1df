//! The shop and its suite from outside: the program as it is started by people and by CI.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod e2e;
mod serve;
mod suite;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The folder of this crate.
fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the suite.
fn suite_dir() -> PathBuf {
    crate_dir().join("e2e")
}

/// The program, without the variables that change the shop.
fn shop() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command.env_remove("RELEASE").env_remove("SHOP_BREAK").env_remove("SHOP_FLAKY").stdin(Stdio::null());
    command
}

/// `shop e2e` on the real suite with these arguments and variables.
fn e2e(args: &[&str], vars: &[(&str, &str)]) -> Output {
    let mut command = shop();
    command.arg("e2e").arg("--suite-dir").arg(suite_dir()).args(args).envs(vars.iter().copied());
    command.output().unwrap()
}

/// A shop that serves on a port of its own, until dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(vars: &[(&str, &str)]) -> Self {
        let mut command = shop();
        command.args(["serve", "--port", "0"]).envs(vars.iter().copied()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("http://").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, address }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends `request` as it is and reads until the server closes.
    fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that has refused may close before everything is sent.
        let _ = stream.write_all(request);
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
