//! `pull`: brings a release's files to a folder, each verified, and only those that are not there.

use super::live::{self, Named};
use super::together::together;
use crate::apply::local::Incoming;
use crate::error::Error;
use crate::observe::local;
use crate::plan::options::PullOptions;
use crate::plan::place::Place;
use crate::plan::pull::{Fetch, Pull, Refusal, pull as decide};
use crate::plan::record::Record;
use kit_aws::s3::S3;
use kit_host::Permit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub use crate::plan::outcome::Pulled;

/// How many paths are named of those that are not written.
const NAMED: usize = 20;

/// Pulls. Two requests when nothing is missing: the pointer, and the record; one with a named release.
///
/// `done` is told of each file that was brought: its bytes. Errors: exit 1 when the bucket's bytes are not what was published, exit 2 for
/// paths that must not be written (by name, before anything is), exit 3 from AWS or the disk: what was brought until then stays, and
/// running again goes on.
pub async fn pull(
    s3: &S3,
    place: &Place,
    options: &PullOptions,
    permit: Option<&Permit>,
    stop: &AtomicBool,
    done: &(dyn Fn(u64) + Send + Sync),
) -> Result<Pulled, Error> {
    let Named { record, base_url } = live::named(s3, place, options.release.as_deref()).await?;
    let record = Arc::new(record);
    let found = {
        let (dir, record) = (options.dir.clone(), Arc::clone(&record));
        let look = tokio::task::spawn_blocking(move || local::look(&dir, &record));
        look.await
            .map_err(|error| Error::Service { code: "stopped", what: format!("reading broke off: {error}") })??
    };
    let plan = decide(&record, &found).map_err(|refusals| refused(&refusals))?;
    let pulled = outcome(place, &record, base_url, &plan, permit.is_none());
    if let Some(permit) = permit {
        bring(s3, place, options, permit, stop, done, &plan.fetch).await?;
    }
    Ok(pulled)
}

fn outcome(place: &Place, record: &Record, base_url: String, plan: &Pull<'_>, planned: bool) -> Pulled {
    Pulled {
        planned,
        release: record.release.clone(),
        version: record.version.clone(),
        manifest: place.record(&record.release, record.created_ms),
        base_url,
        files: record.files.len() as u64,
        fetched: plan.fetch.iter().map(|fetch| fetch.path.to_owned()).collect(),
        bytes: plan.bytes,
        case_collisions: plan.case_collisions.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

/// Brings the files, several at once.
async fn bring(
    s3: &S3,
    place: &Place,
    options: &PullOptions,
    permit: &Permit,
    stop: &AtomicBool,
    done: &(dyn Fn(u64) + Send + Sync),
    files: &[Fetch<'_>],
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let work = || async {
        while let Some(fetch) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                let what =
                    "stopped before all files were there; those that are stay, and running again goes on".to_owned();
                return Err(Error::Service { code: "stopped", what });
            }
            one(s3, place, options, permit, fetch).await?;
            done(fetch.size);
        }
        Ok(())
    };
    let workers = options.concurrency.clamp(1, files.len().max(1));
    together((0..workers).map(|_| work())).await
}

async fn one(s3: &S3, place: &Place, options: &PullOptions, permit: &Permit, fetch: &Fetch<'_>) -> Result<(), Error> {
    let key = place.key(fetch.key);
    let mut incoming = Incoming::begin(permit, &options.dir, fetch)?;
    let mut broken: Option<std::io::Error> = None;
    let got = s3
        .get_chunks(&key, |bytes| {
            incoming.write(bytes).map_err(|error| {
                let told = std::io::Error::new(error.kind(), error.to_string());
                broken = Some(error);
                told
            })
        })
        .await;
    if let Some(error) = broken {
        return Err(incoming.failed(&error));
    }
    match got? {
        Some(_) => incoming.finish(),
        None => {
            let what = format!(
                "{}: {key} is gone from the bucket; was the release pruned? Publish its tree again",
                fetch.path
            );
            Err(Error::No { code: "file-missing", what })
        }
    }
}

fn refused(refusals: &[Refusal]) -> Error {
    let named: Vec<String> = refusals.iter().take(NAMED).map(ToString::to_string).collect();
    let more = refusals.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Error::input(format!("not pulled, nothing was written: {}{more}", named.join("; ")))
}
