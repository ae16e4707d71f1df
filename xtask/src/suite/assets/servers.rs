//! What the examples publish to: aws-sim, or moto.

use super::super::World;
use super::visitors;
use crate::programs;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The examples' bucket.
const BUCKET: &str = "shop-assets";
/// The examples' prefix.
const PREFIX: &str = "shop";
/// The identity of a CI that gives its token by a variable.
pub(super) const IDENTITY: &str = "identity-token-of-the-job";
/// moto imports half of botocore.
const LIMIT: Duration = Duration::from_secs(60);

/// A running server; it is ended when this is dropped.
pub(super) struct Server {
    child: Child,
    /// Of all its services: `http://127.0.0.1:PORT`.
    pub url: String,
    /// Where browsers find the bucket's keys, without `/` at its end.
    pub bucket_url: String,
    /// A key pair that it knows.
    pub keys: [(&'static str, String); 2],
    /// What a GitHub job asks for its token; empty where there is no such thing.
    pub github: Vec<(String, String)>,
    /// Whether it has a CDN to be told.
    pub has_cdn: bool,
    /// Where it stores what it is sent.
    pub stored: Stored,
}

/// Where a server stores objects.
pub(super) enum Stored {
    /// In files of this folder, each under its key.
    In(PathBuf),
    /// Who knows; anybody may ask it.
    Within,
}

impl Server {
    /// aws-sim, with the examples' bucket.
    pub(super) fn simulated(world: &World) -> Result<Server> {
        let mut command = Command::new(program(world)?);
        command.args(["--bucket", BUCKET, "--token", IDENTITY]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start aws-sim")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("aws-sim has no output")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("aws-sim said {line:?}"))?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        Ok(Server {
            child,
            url: text("url"),
            bucket_url: format!("{}/{BUCKET}", text("cdn_url")),
            keys: [("AWS_ACCESS_KEY_ID", text("access_key")), ("AWS_SECRET_ACCESS_KEY", text("secret_key"))],
            github: vec![
                ("ACTIONS_ID_TOKEN_REQUEST_URL".to_owned(), text("oidc_url")),
                ("ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned(), text("oidc_bearer")),
            ],
            has_cdn: true,
            stored: Stored::Within,
        })
    }

    /// moto, with the examples' bucket. Errors: it is not there (a skip inside), or it does not start.
    pub(super) fn moto(world: &World) -> Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = world.clients.tool("moto")?.command();
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let url = format!("http://127.0.0.1:{port}");
        let key = |name| (name, "testing".to_owned());
        let server = Server {
            child: child.context("cannot start moto")?,
            bucket_url: format!("{url}/{BUCKET}"),
            url,
            keys: [key("AWS_ACCESS_KEY_ID"), key("AWS_SECRET_ACCESS_KEY")],
            github: Vec::new(),
            has_cdn: false,
            stored: Stored::Within,
        };
        listens(port).context("moto")?;
        let open = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": format!("arn:aws:s3:::{BUCKET}/*"),
            }],
        });
        for (path, body) in [("", String::new()), ("?policy", open.to_string())] {
            let made = visitors::ask("PUT", &format!("{}{path}", server.bucket_url), &body)?;
            ensure!(made.status < 300, "moto makes no bucket that all may read: status {}", made.status);
        }
        Ok(server)
    }

    /// rclone, with the examples' bucket in a folder. Errors: it is not there (a skip inside), or it does not start.
    pub(super) fn rclone(world: &World) -> Result<Server> {
        let root = world.folder.join("assets/rclone");
        std::fs::create_dir_all(root.join(BUCKET))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = world.clients.tool("rclone")?.command();
        command.args(["serve", "s3", "--config", "/dev/null", "--auth-key", "testing,testing-secret"]);
        command.args(["--addr", &format!("127.0.0.1:{port}")]).arg(&root);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let server =
            Server::of_a_folder(child.context("cannot start rclone")?, format!("http://127.0.0.1:{port}"), &root);
        listens(port).context("rclone")?;
        Ok(server)
    }

    /// The crate s3s-fs, with the examples' bucket in a folder.
    pub(super) fn s3s_fs(world: &World) -> Result<Server> {
        let root = world.folder.join("assets/s3s-fs");
        std::fs::create_dir_all(root.join(BUCKET))?;
        let mut command = Command::new(programs::built(&world.root)?.join("examples/s3s_fs"));
        command.arg(&root).args(["testing", "testing-secret"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start s3s_fs")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("s3s_fs has no output")?).read_line(&mut line)?;
        Ok(Server::of_a_folder(child, line.trim().to_owned(), &root))
    }

    fn of_a_folder(child: Child, url: String, root: &Path) -> Server {
        Server {
            child,
            bucket_url: format!("{url}/{BUCKET}"),
            url,
            keys: [("AWS_ACCESS_KEY_ID", "testing".to_owned()), ("AWS_SECRET_ACCESS_KEY", "testing-secret".to_owned())],
            github: Vec::new(),
            has_cdn: false,
            stored: Stored::In(root.join(BUCKET)),
        }
    }

    /// The bytes of a key, as they are stored.
    pub(super) fn stored(&self, key: &str) -> Result<Option<Vec<u8>>> {
        match &self.stored {
            Stored::In(folder) => match std::fs::read(folder.join(key)) {
                Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
                read => Ok(Some(read?)),
            },
            Stored::Within => {
                let got = visitors::get(&self.address(key))?;
                Ok(Some(got.body).filter(|_| got.status == 200))
            }
        }
    }

    /// Stores bytes under a key, as somebody else than the tool.
    pub(super) fn store(&self, key: &str, bytes: &[u8]) -> Result<()> {
        if let Stored::In(folder) = &self.stored {
            return Ok(std::fs::write(folder.join(key), bytes)?);
        }
        let put = visitors::ask("PUT", &self.address(key), std::str::from_utf8(bytes)?)?;
        ensure!(put.status < 300, "{key} can't be stored: {}", put.status);
        Ok(())
    }

    fn address(&self, key: &str) -> String {
        let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        let piece = |byte: u8| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        format!("{}/{}", self.bucket_url, key.bytes().map(piece).collect::<String>())
    }

    /// Where browsers find the files of the examples, with `/` at its end.
    pub(super) fn base_url(&self) -> String {
        format!("{}/{PREFIX}/", self.bucket_url)
    }

    /// The pointer, parsed.
    pub(super) fn pointer(&self) -> Result<Value> {
        let got = visitors::get(&format!("{}.roadcrew/default/current.json", self.base_url()))?;
        ensure!(got.status == 200, "the pointer answers {}", got.status);
        Ok(serde_json::from_slice(&got.body)?)
    }

    /// How often CloudFront was told to forget something.
    pub(super) fn invalidations(&self) -> Result<usize> {
        let got = visitors::get(&format!("{}/_sim/invalidations", self.url))?;
        let list: Value = serde_json::from_slice(&got.body)?;
        Ok(list.as_array().context("no list of invalidations")?.len())
    }

    /// `.roadcrew.toml` of an example, with the addresses of this server.
    pub(super) fn settings(&self, text: &str) -> String {
        let base_url = format!("base-url = \"{}\"", self.base_url());
        let line = |line: &str| match line.split_once(" = ") {
            Some(("base-url", _)) => Some(base_url.clone()),
            Some(("cloudfront-distribution", _)) if !self.has_cdn => None,
            _ => Some(line.to_owned()),
        };
        let mut lines: Vec<String> = text.lines().filter_map(line).collect();
        for service in ["endpoint-url", "sts-endpoint-url", "cloudfront-endpoint-url"] {
            lines.push(format!("{service} = \"{}\"", self.url));
        }
        lines.join("\n") + "\n"
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something listens at a port of loopback.
fn listens(port: u16) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if started.elapsed() > LIMIT {
            bail!("it does not listen");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The simulator's program, built.
fn program(world: &World) -> Result<PathBuf> {
    Ok(programs::built(&world.root)?.join("aws-sim"))
}
