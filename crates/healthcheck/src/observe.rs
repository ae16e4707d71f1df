//! Reads what a run needs: instances, a suite, recordings, proxies. EFFECTS.

use crate::error::Error;
use kit_host::Environment;
use kit_probe::event::Event;
use kit_probe::exchange::Proxies;
use kit_probe::recording::{self, Header, RecordingError};
use kit_probe::suite::{MAX_SUITE_BYTES, Suite};
use kit_probe::target::{Instance, MAX_TARGETS_BYTES};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

/// Bytes of a recording; a day of two hundred instances has less.
const MAX_RECORDING_BYTES: u64 = 4 << 30;

/// The instances of a file, or of standard input for `-`. Errors: unreadable, not text, not a list of instances.
pub fn instances(path: &str) -> Result<Vec<Instance>, Error> {
    let bytes = bytes(path, MAX_TARGETS_BYTES as u64)?;
    let refused = |what: String| Error::File { path: shown(path), line: None, what };
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8".to_owned()))?;
    if text.trim().is_empty() {
        return Err(Error::NothingFound(format!(
            "{} is empty; whoever lists the instances found none, or failed",
            shown(path)
        )));
    }
    kit_probe::target::instances(&text).map_err(|error| refused(error.0))
}

/// The suite of a file, with the chosen steps and the environment's values. Errors: unreadable, not a suite, a variable that
/// the environment does not have.
pub fn suite(path: &str, tags: &[String], env: &Environment) -> Result<Suite, Error> {
    let bytes = bytes(path, MAX_SUITE_BYTES as u64)?;
    let refused = |line: Option<u32>, what: String| Error::File { path: shown(path), line, what };
    let text = String::from_utf8(bytes).map_err(|_| refused(None, "it is not UTF-8".to_owned()))?;
    let failed = |error: kit_probe::suite::SuiteError| refused(error.line, error.why);
    let mut suite = kit_probe::suite::parse(&text).map_err(failed)?;
    if !tags.is_empty() {
        suite.select(tags).map_err(failed)?;
    }
    suite.resolve(|name| env.get(name).map(str::to_owned)).map_err(failed)?;
    Ok(suite)
}

/// Errors: nothing is there, or a folder. It is not opened: a pipe can be read once.
pub fn is_there(path: &str) -> Result<(), Error> {
    let failed = |what: String| Error::Input(format!("cannot read {path}: {what}"));
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(failed("it is a folder".to_owned())),
        Ok(_) => Ok(()),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Reads a recording line by line and hands each event on. Errors: unreadable, not a recording, larger than
/// [`MAX_RECORDING_BYTES`].
pub fn recording(path: &str, each: impl FnMut(&Header, Event)) -> Result<Header, Error> {
    if path == "-" {
        return events(path, std::io::stdin().lock(), each);
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    events(path, BufReader::new(file), each)
}

fn events(path: &str, source: impl BufRead, mut each: impl FnMut(&Header, Event)) -> Result<Header, Error> {
    let mut source = source.take(MAX_RECORDING_BYTES.saturating_add(1));
    let refused = |error: RecordingError| Error::File {
        path: shown(path),
        line: u32::try_from(error.line).ok(),
        what: error.why,
    };
    let (mut reader, mut line) = (recording::Reader::default(), Vec::new());
    loop {
        line.clear();
        // A line that has no end within its bound is read no further, and is refused.
        let most = recording::MAX_LINE_BYTES as u64 + 1;
        let count =
            source.by_ref().take(most).read_until(b'\n', &mut line).map_err(|error| unreadable(path, &error))?;
        if source.limit() == 0 {
            return Err(too_large(path, MAX_RECORDING_BYTES));
        }
        if count == 0 {
            return reader.end().map_err(refused);
        }
        if let Some((header, event)) = reader.line(&line).map_err(refused)? {
            each(header, event);
        }
    }
}

/// The proxies of the environment, as curl and Go read them: lower case before upper case, and `HTTP_PROXY` not where a web
/// server might have set it from a request's header. Errors: a proxy that is no URL; its text is not shown, since it may
/// hold a password.
pub fn proxies(env: &Environment) -> Result<Proxies, Error> {
    let read = |names: &[&str]| -> Result<Option<url::Url>, Error> {
        let Some((name, text)) = names.iter().find_map(|name| Some((*name, env.get(name)?))) else { return Ok(None) };
        let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = url::Url::parse(&text).ok().filter(url::Url::has_host);
        url.map(Some).ok_or_else(|| Error::Input(format!("the variable {name} holds no URL of a proxy")))
    };
    let http = if env.get("REQUEST_METHOD").is_some() {
        read(&["http_proxy", "all_proxy", "ALL_PROXY"])?
    } else {
        read(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?
    };
    let https = read(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?;
    let exceptions = env.get("no_proxy").or_else(|| env.get("NO_PROXY")).unwrap_or_default();
    let exceptions = exceptions.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    Ok(Proxies { http, https, exceptions })
}

fn shown(path: &str) -> String {
    if path == "-" { "standard input".to_owned() } else { path.to_owned() }
}

fn unreadable(path: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory => {
            Error::Input(format!("cannot read {}: {error}", shown(path)))
        }
        _ => Error::World { what: "read", path: shown(path), why: error.to_string() },
    }
}

fn too_large(path: &str, most_bytes: u64) -> Error {
    Error::File { path: shown(path), line: None, what: format!("it is larger than {most_bytes} bytes") }
}

fn bytes(path: &str, most_bytes: u64) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| unreadable(path, &error);
    let mut content = Vec::new();
    let limit = most_bytes.saturating_add(1);
    if path == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut content).map_err(failed)?;
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut content)).map_err(failed)?;
    }
    if content.len() as u64 > most_bytes {
        return Err(too_large(path, most_bytes));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Gives one byte for ever, and counts.
    struct Endless<'c>(u8, &'c Cell<usize>);

    impl Read for Endless<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            out.fill(self.0);
            self.1.set(self.1.get() + out.len());
            Ok(out.len())
        }
    }

    #[test]
    fn a_line_without_an_end_is_read_as_far_as_a_line_goes() {
        for byte in [b'x', 0xff, b'\n'] {
            let read = Cell::new(0);
            let refused = events("a.jsonl", BufReader::new(Endless(byte, &read)), |_, _| {}).unwrap_err();
            assert!(matches!(refused, Error::File { line: Some(1), .. }), "{refused}");
            assert!(read.get() <= recording::MAX_LINE_BYTES + (64 << 10), "{} bytes were read", read.get());
        }
    }

    #[test]
    fn lines_are_handed_on_as_they_come() {
        let header = r#"{"recording":1,"tool":"t","started_s":0,"rules":{"mode":"wait","passes":1,"deadline_us":1,"grace_us":0,"targets":["given"]},"targets":[{"shown":"a","scheme":"http","host":"a","port":80,"path":"/","command":[]}]}"#;
        let line = r#"{"event":"members","at_us":0,"target":0,"members":[{"id":"a"}]}"#;
        let text = format!("{header}\n{line}\n{line}\n{}", &line[..20]);
        let mut heard = 0;
        let read = events("-", text.as_bytes(), |header, _| heard += header.targets.len()).unwrap();
        assert_eq!((heard, read.tool.as_str()), (2, "t"));
        assert!(events("-", &b""[..], |_, _| {}).is_err());
    }
}
