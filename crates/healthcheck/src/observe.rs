//! Reads what a run needs: instances, a suite, recordings, proxies. EFFECTS.

use crate::error::Error;
use kit_host::Environment;
use kit_probe::exchange::Proxies;
use kit_probe::suite::{MAX_SUITE_BYTES, Suite};
use kit_probe::target::{Instance, MAX_TARGETS_BYTES};
use std::fs::File;
use std::io::Read;

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

/// The bytes of a recording.
pub fn recording(path: &str) -> Result<Vec<u8>, Error> {
    bytes(path, MAX_RECORDING_BYTES)
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

fn bytes(path: &str, most_bytes: u64) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory => {
            Error::Input(format!("cannot read {}: {error}", shown(path)))
        }
        _ => Error::World { what: "read", path: shown(path), why: error.to_string() },
    };
    let mut content = Vec::new();
    let limit = most_bytes.saturating_add(1);
    if path == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut content).map_err(failed)?;
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut content)).map_err(failed)?;
    }
    if content.len() as u64 > most_bytes {
        let what = format!("it is larger than {most_bytes} bytes");
        return Err(Error::File { path: shown(path), line: None, what });
    }
    Ok(content)
}
