//! The built images: made once, given the same cases as the binary, and stopped by a signal.

use super::static_checks::ensure;
use super::{Outcome, World, outcome};
use crate::checkout::Checkout;
use crate::clients::{engine, process};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Makes all images, and the release archives.
pub(super) fn images(world: &World) -> Vec<(String, Outcome)> {
    let made = Checkout::open(&world.root).and_then(|checkout| crate::image::run(&checkout, None)).map(|()| 1);
    let archives = Checkout::open(&world.root).and_then(|checkout| crate::dist::run(&checkout)).map(|()| 1);
    vec![("cargo xtask image --all".to_owned(), outcome(made)), ("cargo xtask dist".to_owned(), outcome(archives))]
}

/// The local tag of a tool's image. Errors: no engine, or the image was not made.
pub(super) fn image(world: &World, name: &str) -> Result<String> {
    engine::available()?;
    let [published, _] = crate::image::tags(&Checkout::open(&world.root)?, name);
    if !engine::has_image(&published) {
        bail!("the image {published} is not there; the stage `images` makes it");
    }
    Ok(published)
}

/// The tool's own cases, started from the image as an action and as a pipe; then a signal to process 1.
pub(super) fn cases(world: &World) -> Vec<(String, Outcome)> {
    vec![
        ("cases through the image".to_owned(), outcome(cases_on_image(world))),
        ("SIGTERM reaches the tool as process 1".to_owned(), outcome(signal(world))),
        ("read-only workspace, other user".to_owned(), outcome(restricted(world))),
    ]
}

fn cases_on_image(world: &World) -> Result<usize> {
    let image = image(world, "junit-shard-split")?;
    let mut command = Command::new("cargo");
    command
        .args(["nextest", "run", "-p", "junit-shard-split", "--color=never", "-E", "test(on_the_image)"])
        .current_dir(&world.root)
        .env("ROADCREW_TEST_IMAGE", image);
    process::run_merged(command, Duration::from_secs(900))?.checked("cases on the image")?;
    Ok(1)
}

/// A reader of standard input waits for ever; the signal must end it with exit 3, though it is process 1.
fn signal(world: &World) -> Result<usize> {
    let image = image(world, "junit-shard-split")?;
    let name = format!("roadcrew-signal-{}", std::process::id());
    let mut child = Command::new("docker")
        .args(["run", "--rm", "--interactive", "--network=none", "--name", &name, &image])
        .args(["shard", "--tests-from", "-", "--shards", "2", "--shard", "0"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()?;
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(100));
        let running = Command::new("docker").args(["kill", "--signal=TERM", &name]).output()?;
        if running.status.success() {
            break;
        }
    }
    let output = child.wait().map(|status| status.code())?;
    ensure(output == Some(3), &format!("the tool ended with {output:?} after SIGTERM, not with 3"), "")?;
    Ok(1)
}

fn restricted(world: &World) -> Result<usize> {
    let image = image(world, "junit-shard-split")?;
    let folder = world.folder.join("restricted");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("tests.txt"), "a\nb\n")?;
    for options in [vec!["--volume", "W:/w:ro"], vec!["--volume", "W:/w", "--user=65534:65534"]] {
        let options: Vec<String> = options.iter().map(|o| o.replace('W', &folder.display().to_string())).collect();
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--network=none", "--workdir=/w"]).args(&options).arg(&image);
        command.args(["shard", "--tests-from", "tests.txt", "--shards", "2", "--shard", "0"]);
        let done = process::run_merged(command, Duration::from_secs(60))?;
        let log = done.log();
        ensure(done.code == Some(3), "not exit 3", &log)?;
        ensure(log.contains("cannot write .roadcrew/shard-0/files.txt"), "the line does not name the file", &log)?;
        ensure(!log.contains("panicked"), "a panic", &log)?;
    }
    Ok(2)
}

/// A loopback server of the release archives, for the root action.
pub(super) struct Archives {
    address: SocketAddr,
}

impl Archives {
    /// What `base-url` is set to.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Serves `dist/` on a free port until the process ends.
pub(super) fn archives(world: &World) -> Result<Archives> {
    let folder = world.root.join("dist");
    if !folder.is_dir() {
        bail!("dist/ is not there; the stage `images` makes it");
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that breaks off gets nothing more, and the next one is served.
            let _ = serve(&mut stream, &folder);
        }
    });
    Ok(Archives { address })
}

fn serve(stream: &mut std::net::TcpStream, folder: &std::path::Path) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).context("no target")?;
    let parts = target.split('/').filter(|part| !part.is_empty() && *part != "..");
    let path: PathBuf = parts.fold(folder.to_owned(), |path, part| path.join(part));
    let (status, body) = std::fs::read(path).map_or((404, Vec::new()), |body| (200, body));
    write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)?;
    Ok(())
}
