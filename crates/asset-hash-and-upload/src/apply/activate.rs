//! Puts pages in place: copies their bytes onto the paths that people have links to. EFFECTS.

use super::record;
use crate::error::Error;
use crate::observe::releases;
use crate::plan::activation::{Activate, activation};
use crate::plan::object_headers::object_headers;
use crate::plan::place::Place;
use crate::plan::record::{Pointer, Record};
use kit_aws::s3::S3;
use kit_host::Permit;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How often another release may take the pointer while pages are put in place.
const ROUNDS: usize = 16;

/// What became of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// They are in place, and the pointer says so.
    Settled,
    /// Another release took the pointer meanwhile; its pages are in place.
    Overtaken,
}

/// Puts the pages of `target` in place, of which `pages` differ from `live`, and tells so in the pointer: `taken` is what was written with its
/// ETag; `before` is the release that was live before an activation that was cut short. Whoever finds that another release has taken
/// the pointer meanwhile may have copied his pages over newer ones, so he puts those of the other in place again.
///
/// Errors: AWS, as exit 5 with the command that completes it: the pointer says that pages are pending, so the next publish or rollback
/// puts them in place too.
pub async fn settle(
    permit: &Permit,
    s3: &S3,
    place: &Place,
    target: &Record,
    (live, before): (Option<&Record>, Option<&Record>),
    taken: (Pointer, String),
    concurrency: usize,
) -> Result<Placed, Error> {
    let release = target.release.as_str();
    put_in_place(permit, s3, place, target, (live, before), taken, concurrency).await.map_err(|error| {
        let what = format!(
            "{error}. Release {release} is live, but not all of its pages are in place: run \
             `asset-hash-and-upload rollback --to {release}` for the same bucket, prefix and site"
        );
        Error::LeftBehind { code: "pages-pending", what }
    })
}

async fn put_in_place(
    permit: &Permit,
    s3: &S3,
    place: &Place,
    target: &Record,
    (live, before): (Option<&Record>, Option<&Record>),
    taken: (Pointer, String),
    concurrency: usize,
) -> Result<Placed, Error> {
    let pages = activation(target, live, before);
    activate(permit, s3, place, target, &pages, concurrency).await?;
    let (mut pointer, mut etag) = taken;
    if !pointer.pending {
        return Ok(Placed::Settled);
    }
    let mut placed = Placed::Settled;
    for _ in 0..ROUNDS {
        pointer.pending = false;
        if record::point(permit, s3, place, &pointer, Some(&etag)).await?.is_some() {
            return Ok(placed);
        }
        let Some(found) = releases::pointer(s3, place).await? else { return Ok(Placed::Overtaken) };
        (pointer, etag) = found;
        if pointer.release != target.release {
            placed = Placed::Overtaken;
        }
        if !pointer.pending && pointer.release == target.release {
            return Ok(placed);
        }
        let Some(other) = releases::release(s3, place, &pointer.release).await? else { return Ok(placed) };
        let pages = activation(&other, None, None);
        activate(permit, s3, place, &other, &pages, concurrency).await?;
    }
    let what = "others took the pointer all the time while pages were put in place; run again".to_owned();
    Err(Error::Service { code: "pointer-contended", what })
}

/// Copies `pages` of `record` onto their paths, several at once; those that lead to others come last, one after the other.
///
/// Errors: the first failure; pages before it are in place.
pub async fn activate(
    _permit: &Permit,
    s3: &S3,
    place: &Place,
    record: &Record,
    pages: &[Activate<'_>],
    concurrency: usize,
) -> Result<(), Error> {
    if pages.is_empty() {
        return Ok(());
    }
    // A page that no kept release had until now may be in the list of a prune that has not seen this record.
    releases::no_prune(s3, place).await?;
    // New pages are all in place before one that people read already names them.
    let (known, new): (Vec<&Activate<'_>>, Vec<&Activate<'_>>) = pages.iter().partition(|page| page.known);
    for pages in [new, known] {
        copies(s3, place, record, &pages, concurrency).await?;
    }
    Ok(())
}

/// Copies pages, several at once, and then the entry pages among them, one after the other.
async fn copies(
    s3: &S3,
    place: &Place,
    record: &Record,
    pages: &[&Activate<'_>],
    concurrency: usize,
) -> Result<(), Error> {
    let slots = Arc::new(Semaphore::new(concurrency.max(1)));
    let mut copies = JoinSet::new();
    for page in pages.iter().filter(|page| !page.is_entry()) {
        let copy = copy(s3.clone(), place, record, page);
        let slot = Arc::clone(&slots).acquire_owned().await.ok();
        copies.spawn(async move {
            let done = copy.await;
            drop(slot);
            done
        });
        while let Some(done) = copies.try_join_next() {
            joined(done)?;
        }
    }
    while let Some(done) = copies.join_next().await {
        joined(done)?;
    }
    for page in pages.iter().filter(|page| page.is_entry()) {
        copy(s3.clone(), place, record, page).await?;
    }
    Ok(())
}

fn joined(done: Result<Result<(), Error>, tokio::task::JoinError>) -> Result<(), Error> {
    done.unwrap_or_else(|error| Err(Error::Service { code: "stopped", what: format!("a copy broke off: {error}") }))
}

/// Copies one page.
fn copy(
    s3: S3,
    place: &Place,
    record: &Record,
    page: &Activate<'_>,
) -> impl Future<Output = Result<(), Error>> + Send + 'static {
    let (from, to, size) = (place.key(page.from), place.key(page.path), page.size);
    let headers = usize::try_from(page.headers).ok().and_then(|index| record.headers.get(index)).cloned();
    let sha256 = record.files.get(page.path).map(|entry| entry.sha256);
    let headers = headers.zip(sha256).map(|(headers, sha256)| object_headers(&headers, &sha256, place));
    let release = record.release.clone();
    async move {
        match s3.copy(&from, &to, size, headers.as_deref(), None).await {
            Ok(_) => Ok(()),
            Err(kit_aws::Error::NoSuchKey { .. }) => {
                let what = format!("{from} is gone, so {to} can't be that of {release}; publish its tree again");
                Err(Error::Service { code: "page-lost", what })
            }
            Err(error) => Err(error.into()),
        }
    }
}
