//! What the examples publish to: aws-sim, or moto.

use super::super::World;
use super::visitors;
use crate::programs;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
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
        };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > LIMIT {
                bail!("moto does not listen");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
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

/// The simulator's program, built.
fn program(world: &World) -> Result<PathBuf> {
    Ok(programs::built(&world.root)?.join("aws-sim"))
}
