//! A stand-in for the Downloads of a Bitbucket repository, on loopback: the two requests of its API that the example's
//! `curl` lines make, and the host of files to which the second one leads.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-downloads/>. `POST …/downloads` takes a
//! multipart form with one or more fields `files`, replaces a file of the same name, and answers 201. `GET
//! …/downloads/NAME` answers 302 with the address of the file. Both want `Authorization: Bearer TOKEN`. The files lie on
//! another host under signed addresses, which refuse a request that brings a token as well; so does this one, because a
//! client that carries the token over would be a leak.

use crate::suite::loopback::{self, Answer, Request};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What an address of the file host carries in place of a token.
const SIGNATURE: &str = "signature=roadcrew";

/// The running stand-in; it ends with the process.
pub(super) struct Downloads {
    api: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    answered: Vec<String>,
}

/// What both servers know.
struct Service {
    token: String,
    files_host: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Downloads {
    /// Starts it with an empty repository that `token` may read and write. Errors: no port is free.
    pub(super) fn start(token: &str) -> Result<Downloads> {
        let (api, files) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let state: Arc<Mutex<State>> = Arc::default();
        let downloads = Downloads { api: api.local_addr()?, state: Arc::clone(&state) };
        let service = Arc::new(Service { token: token.to_owned(), files_host: files.local_addr()?, state });
        serve(api, Arc::clone(&service), Service::api);
        serve(files, service, Service::file);
        Ok(downloads)
    }

    /// What takes the place of `https://api.bitbucket.org`.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.api)
    }

    /// The text of a file of the repository.
    pub(super) fn file(&self, name: &str) -> Option<String> {
        let state = locked(&self.state);
        state.files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// What was asked since the last call, each as `METHOD /target STATUS`.
    pub(super) fn answered(&self) -> Vec<String> {
        std::mem::take(&mut locked(&self.state).answered)
    }
}

/// A thread that panicked leaves the state as it is, which is good enough for a test.
fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(listener: TcpListener, service: Arc<Service>, answer: fn(&Service, &Request) -> Answer) {
    loopback::serve(listener, move |request| {
        let given = answer(&service, request);
        // Noted before it is sent: whoever has the answer finds it noted.
        locked(&service.state).answered.push(format!("{} {} {}", request.method, request.target, given.status));
        given
    });
}

impl Service {
    /// `POST` and `GET` below `/2.0/repositories/WORKSPACE/SLUG/downloads`.
    fn api(&self, request: &Request) -> Answer {
        if request.header("authorization") != format!("Bearer {}", self.token) {
            return Answer::error(401, "Token is invalid, expired, or not supported for this endpoint.");
        }
        let parts: Vec<&str> = request.target.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["2.0", "repositories", _, _, "downloads"]) => match self.upload(request) {
                Ok(()) => Answer::new(201, Vec::new()),
                Err(err) => Answer::error(400, &err.to_string()),
            },
            ("GET", ["2.0", "repositories", _, _, "downloads", name]) => self.link(name),
            _ => Answer::error(404, "Resource not found"),
        }
    }

    fn upload(&self, request: &Request) -> Result<()> {
        let kind = request.header("content-type");
        let (_, boundary) = kind.split_once("boundary=").context("no multipart form")?;
        let files = form_files(&request.body, boundary.trim_matches('"'))?;
        ensure!(!files.is_empty(), "no field `files`");
        locked(&self.state).files.extend(files);
        Ok(())
    }

    fn link(&self, name: &str) -> Answer {
        if !locked(&self.state).files.contains_key(name) {
            return Answer::error(404, &format!("{name} does not exist"));
        }
        let location = format!("http://{}/{name}?{SIGNATURE}", self.files_host);
        Answer { status: 302, location: Some(location), body: Vec::new() }
    }

    /// The host of the files.
    fn file(&self, request: &Request) -> Answer {
        if !request.header("authorization").is_empty() {
            return Answer::error(400, "Only one auth mechanism allowed");
        }
        let Some((path, SIGNATURE)) = request.target.split_once('?') else { return Answer::error(403, "AccessDenied") };
        match locked(&self.state).files.get(path.trim_start_matches('/')) {
            Some(body) => Answer::new(200, body.clone()),
            None => Answer::error(404, "NoSuchKey"),
        }
    }
}

/// The files of a multipart form's fields `files`, by file name. Source: RFC 7578, section 4. Errors: another field, a
/// field without a file name, a form that does not end.
fn form_files(body: &[u8], boundary: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter has no line before it.
    let body = [b"\r\n", body].concat();
    let starts: Vec<usize> = body
        .windows(delimiter.len())
        .enumerate()
        .filter(|(_, w)| *w == delimiter.as_bytes())
        .map(|(at, _)| at)
        .collect();
    let last = *starts.last().context("no part")?;
    ensure!(body[last + delimiter.len()..].starts_with(b"--"), "the form does not end");
    let mut files = Vec::new();
    for (from, to) in starts.iter().zip(starts.iter().skip(1)) {
        let part = &body[from + delimiter.len()..*to];
        let end = part.windows(4).position(|window| window == b"\r\n\r\n").context("a part without a body")?;
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let parameter = |name: &str| Some(head.split_once(&format!("; {name}=\""))?.1.split_once('"')?.0.to_owned());
        ensure!(parameter("name").as_deref() == Some("files"), "a field that is not `files`");
        files.push((parameter("filename").context("a field without a file")?, part[end + 4..].to_vec()));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn ask(address: &str, text: &str) -> Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(text.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn post(field: &str, token: &str) -> String {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"t.json\"\r\n\r\n{{\"a\":\r\n--1}}\r\n--b--\r\n"
        );
        format!(
            "POST /2.0/repositories/w/s/downloads HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: \
             multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    #[test]
    fn what_is_uploaded_is_found_behind_the_link() -> Result<()> {
        let downloads = Downloads::start("secret")?;
        let api = downloads.api.to_string();
        let get = "GET /2.0/repositories/w/s/downloads/t.json HTTP/1.1\r\nAuthorization: Bearer secret\r\n\r\n";
        assert!(ask(&api, get)?.starts_with("HTTP/1.1 404"));
        assert!(ask(&api, &post("files", "secret"))?.starts_with("HTTP/1.1 201"));
        assert_eq!(downloads.file("t.json").as_deref(), Some("{\"a\":\r\n--1}"));
        let link = ask(&api, get)?;
        let location = link.split_once("Location: http://").context("no link")?.1.lines().next().unwrap_or_default();
        let (host, path) = location.split_once('/').context("no path")?;
        assert!(link.starts_with("HTTP/1.1 302") && host != api, "{link}");
        assert!(ask(host, &format!("GET /{path} HTTP/1.1\r\n\r\n"))?.ends_with("{\"a\":\r\n--1}"));
        let carried = format!("GET /{path} HTTP/1.1\r\nAuthorization: Bearer secret\r\n\r\n");
        assert!(ask(host, &carried)?.starts_with("HTTP/1.1 400"), "a token that is carried over is refused");
        assert!(ask(host, "GET /t.json HTTP/1.1\r\n\r\n")?.starts_with("HTTP/1.1 403"));
        assert_eq!(
            downloads.answered().first().map(String::as_str),
            Some("GET /2.0/repositories/w/s/downloads/t.json 404")
        );
        Ok(())
    }

    #[test]
    fn a_wrong_token_and_a_wrong_field_change_nothing() -> Result<()> {
        let downloads = Downloads::start("secret")?;
        let api = downloads.api.to_string();
        assert!(ask(&api, &post("files", "other"))?.starts_with("HTTP/1.1 401"));
        assert!(ask(&api, &post("file", "secret"))?.starts_with("HTTP/1.1 400"));
        assert_eq!(downloads.file("t.json"), None);
        assert!(form_files(b"--b\r\n\r\n\r\nx", "b").is_err(), "a form that does not end");
        Ok(())
    }
}
