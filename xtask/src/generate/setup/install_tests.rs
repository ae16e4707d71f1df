//! The download function against a server on loopback, in the shell that the runner would use.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::INSTALL;
use crate::dist;

const ARCHIVE: &str = "sample-tool-1.2.3-x86_64-unknown-linux-musl.tar.gz";

/// Serves `files` by path until the process ends; returns the base URL.
fn serve(files: BTreeMap<String, Vec<u8>>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let files = Arc::new(files);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), files) = (stream, Arc::clone(&files)) else { continue };
            std::thread::spawn(move || -> Result<()> {
                let mut lines = BufReader::new(stream.try_clone()?).lines();
                let request = lines.next().transpose()?.unwrap_or_default();
                while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
                let path = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
                let (status, body) = match files.get(&path) {
                    Some(body) => ("200 OK", body.as_slice()),
                    None => ("404 Not Found", &b"gone"[..]),
                };
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
                stream.write_all(body)?;
                Ok(())
            });
        }
    });
    Ok(url)
}

fn release(sums: impl Fn(&str) -> String) -> Result<String> {
    let archive = dist::archive(&[("sample-tool".to_owned(), 0o755, b"#!/bin/sh\necho sampled\n".to_vec())])?;
    let sum = dist::hex(&Sha256::digest(&archive));
    serve(BTreeMap::from([
        (format!("v1.2.3/{ARCHIVE}"), archive),
        ("v1.2.3/SHA256SUMS".to_owned(), sums(&sum).into_bytes()),
    ]))
}

fn good_sums(sum: &str) -> String {
    format!("{}  other-1.2.3-x86_64-unknown-linux-musl.tar.gz\n{sum}  {ARCHIVE}\n", "0".repeat(64))
}

fn install(dir: &Path, base_url: &str, changes: &[(&str, &str)]) -> Result<Output> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{INSTALL}\nroadcrew_install")).env("ROADCREW_TOOLS", "sample-tool");
    command.env("ROADCREW_VERSION", "1.2.3").env("ROADCREW_BASE_URL", base_url).env("RUNNER_TEMP", dir);
    command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64").env_remove("GITHUB_ACTIONS");
    Ok(command.envs(changes.iter().copied()).output()?)
}

/// The exit code and the last line of the log.
fn refusal(output: &Output) -> (Option<i32>, String) {
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.stdout.is_empty(), "a folder was named: {}", String::from_utf8_lossy(&output.stdout));
    (output.status.code(), log.lines().last().unwrap_or_default().to_owned())
}

/// A refusal leaves nothing behind: neither what it downloaded nor its folder.
fn assert_empty(dir: &Path) -> Result<()> {
    let left: Vec<_> = std::fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
    assert!(left.is_empty(), "{left:?} is left");
    Ok(())
}

#[test]
fn a_tool_is_downloaded_and_checked() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let url = release(good_sums)?;
    for changes in [&[][..], &[("ROADCREW_VERSION", "v1.2.3"), ("ROADCREW_TOOLS", "sample-tool,\n sample-tool\n")]] {
        let output = install(dir.path(), &url, changes)?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let bin = String::from_utf8(output.stdout)?;
        let ran = Command::new(Path::new(bin.trim()).join("sample-tool")).output()?;
        assert_eq!(ran.stdout, b"sampled\n");
    }
    Ok(())
}

#[test]
fn what_does_not_match_its_checksum_is_not_unpacked() -> Result<()> {
    let dir = tempfile::tempdir()?;
    for wrong in ["f".repeat(64), "x".to_owned(), String::new()] {
        let url = release(|_| format!("{wrong}  {ARCHIVE}\n"))?;
        let (code, line) = refusal(&install(dir.path(), &url, &[])?);
        assert!(matches!(code, Some(2 | 3)), "{line}");
        assert!(line.contains("checksum") || line.contains("has no"), "{line}");
    }
    assert_empty(dir.path())
}

#[test]
fn a_file_that_is_listed_twice_or_not_at_all_is_refused() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let twice = release(|sum| format!("{sum}  {ARCHIVE}\n{}  {ARCHIVE}\n", "0".repeat(64)))?;
    let (code, line) = refusal(&install(dir.path(), &twice, &[])?);
    assert!(code == Some(2) && line.starts_with("error: version 1.2.3 has no sample-tool-1.2.3-x86_64"), "{line}");
    let url = release(good_sums)?;
    let (code, _) = refusal(&install(dir.path(), &url, &[("ROADCREW_TOOLS", "another-tool")])?);
    assert_eq!(code, Some(2));
    let (code, line) = refusal(&install(dir.path(), &url, &[("ROADCREW_VERSION", "9.9.9")])?);
    assert!(code == Some(3) && line.ends_with("/v9.9.9/SHA256SUMS"), "{line}");
    assert_empty(dir.path())
}

#[test]
fn bad_input_gets_one_line_and_runs_nothing() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mark = dir.path().join("mark").display().to_string();
    let (substituted, separated) = (format!("$(touch {mark})"), format!("x;touch {mark}"));
    for (name, value, says) in [
        ("ROADCREW_TOOLS", "", "tools is empty"),
        ("ROADCREW_TOOLS", " ,\n", "tools is empty"),
        ("ROADCREW_TOOLS", "../x", "tools must be names"),
        ("ROADCREW_TOOLS", "*", "tools must be names"),
        ("ROADCREW_TOOLS", substituted.as_str(), "tools must be names"),
        ("ROADCREW_VERSION", "", "version must be like"),
        ("ROADCREW_VERSION", "../1", "version must be like"),
        ("ROADCREW_VERSION", substituted.as_str(), "version must be like"),
        ("ROADCREW_BASE_URL", "file:///etc", "base-url must begin"),
        ("ROADCREW_BASE_URL", "", "base-url must begin"),
        ("ROADCREW_BASE_URL", separated.as_str(), "base-url has a character"),
        ("RUNNER_OS", "macOS", "this is macOS"),
        ("RUNNER_ARCH", "ARM", "this is ARM"),
    ] {
        let output = install(dir.path(), "http://127.0.0.1:1", &[(name, value)])?;
        let (code, line) = refusal(&output);
        assert!(code == Some(2) && line.contains(says), "{name}={value}: {code:?} {line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{name}={value}");
    }
    assert!(!Path::new(&mark).exists(), "an input was run");
    assert_empty(dir.path())?;
    let output = install(dir.path(), "ftp://x", &[("GITHUB_ACTIONS", "true")])?;
    assert!(refusal(&output).1.starts_with("::error title=roadcrew::base-url"));
    Ok(())
}
