//! `shop e2e`: runs flow files against a shop, prints a line for each, and writes a JUnit report.

pub mod client;
pub mod clock;
pub mod junit;
pub mod runner;
pub mod suite;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::{fs, process};

use hyper::Uri;

use crate::store::{Config, Shop};
use crate::web::server::{OwnServer, runtime};
use crate::{Stop, args};

use client::Client;
use runner::{FileResult, Outcome, run_file};
use suite::FlowFile;

/// Runs the suite. All files are read before the first request is made, so that a slip in one stops nothing half way.
/// Exit code 0 when all passed, 1 when one failed.
///
/// # Errors
/// Exit code 2 for bad input, 3 when the shop can't be reached or the report not be written.
pub fn run(args: &args::E2e, config: Config) -> Result<ExitCode, Stop> {
    let files = suite::load(args)?;
    if args.list {
        for file in &files {
            say(&file.path);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (_own_server, base) = match &args.base_url {
        Some(url) => (None, base_url(url)?),
        None => {
            let server = OwnServer::start(Shop::new(config))
                .map_err(|error| Stop::world(format!("can't start a shop: {error}")))?;
            let base = base_url(&format!("http://{}", server.address()))?;
            (Some(server), base)
        }
    };
    let runtime = runtime().map_err(|error| Stop::world(format!("can't start: {error}")))?;
    let results = runtime.block_on(run_all(args, &files, Client::new(base)))?;
    if let Some(path) = &args.junit {
        write_atomically(path, &junit::write(&results))?;
    }
    Ok(summarise(&results))
}

async fn run_all(args: &args::E2e, files: &[FlowFile], mut client: Client) -> Result<Vec<FileResult>, Stop> {
    if !files.is_empty() {
        client.connect().await.map_err(|reason| Stop::world(format!("{}: {reason}", client.base())))?;
    }
    let mut results = Vec::new();
    for file in files {
        let result = run_file(&mut client, file, args.retries, &args.run_id, args.clock).await;
        report_file(&result);
        results.push(result);
    }
    Ok(results)
}

/// Prints `ok` or `FAIL`, the seconds and the file, then each failure as `file:line: scenario: message`.
fn report_file(result: &FileResult) {
    let word = if !result.has_passed() {
        "FAIL "
    } else if result.attempts.len() > 1 {
        "flaky"
    } else {
        "ok   "
    };
    say(&format!("{word} {:>11} s  {}", junit::seconds(result.time_ns()), result.path));
    for case in result.attempts.iter().flat_map(|attempt| &attempt.cases) {
        if let Outcome::Failed { line, messages } | Outcome::Error { line, messages } = &case.outcome {
            for message in messages {
                say(&format!("      {}:{line}: {}: {message}", result.path, case.name));
            }
        }
    }
}

fn summarise(results: &[FileResult]) -> ExitCode {
    let failed = results.iter().filter(|result| !result.has_passed()).count();
    let flaky = results.iter().filter(|result| result.has_passed() && result.attempts.len() > 1).count();
    let requests: u64 = results.iter().flat_map(|result| &result.attempts).map(|attempt| attempt.requests).sum();
    let time_ns = results.iter().map(FileResult::time_ns).sum();
    say(&format!(
        "{} files: {} passed ({flaky} flaky), {failed} failed; {requests} requests in {} s",
        results.len(),
        results.len() - failed,
        junit::seconds(time_ns)
    ));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn base_url(url: &str) -> Result<Uri, Stop> {
    let refused = |reason: &str| Stop::bad_input(format!("--base-url {url:?}: {reason}"));
    let uri: Uri = url.parse().map_err(|_| refused("this is not a URL"))?;
    if uri.scheme_str() != Some("http") || uri.host().is_none() {
        return Err(refused("use http://HOST:PORT; this runner speaks no TLS"));
    }
    if uri.path() != "/" || uri.query().is_some() {
        return Err(refused("leave out the path; the flows name it"));
    }
    Ok(uri)
}

/// Writes beside the target and renames, so that nobody ever reads half a report.
fn write_atomically(path: &Path, content: &str) -> Result<(), Stop> {
    let failed = |error: io::Error| Stop::world(format!("can't write {}: {error}", path.display()));
    let name =
        path.file_name().ok_or_else(|| Stop::bad_input(format!("--junit {}: this is not a file", path.display())))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let beside = folder.join(format!(".{}.{}.part", name.to_string_lossy(), process::id()));
    fs::write(&beside, content).and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        // What is left of the attempt is of no use; that it can't be removed either says nothing new.
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}

/// Prints a line. A reader that went away (`| head`) stops nothing: the exit code and the report are still wanted.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_servers_are_taken() {
        assert!(base_url("http://127.0.0.1:8080").is_ok());
        assert!(base_url("http://[::1]:8080/").is_ok());
        for bad in [
            "https://shop.example",
            "127.0.0.1:8080",
            "http://",
            "http://a b",
            "http://shop.example/path",
            "ftp://shop.example",
            "",
        ] {
            assert_eq!(base_url(bad).unwrap_err().exit_code, 2, "{bad}");
        }
    }

    #[test]
    fn a_report_replaces_the_old_one_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/report.xml");
        write_atomically(&path, "one").unwrap();
        write_atomically(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(write_atomically(folder.path(), "x").unwrap_err().exit_code, 3);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
