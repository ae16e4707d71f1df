//! `rollback`: one write to go back, and the pages that differ.

use crate::apply::activate::{self, Placed};
use crate::apply::record as records;
use crate::check;
use crate::error::Error;
use crate::observe::releases;
use crate::plan::activation::activation;
use crate::plan::options::RollbackOptions;
use crate::plan::place::Place;
use crate::plan::pointer::lead;
use crate::plan::record::{Pointer, Record};
use crate::plan::rollback::{Refusal, Rollback, rollback as decide};
use kit_aws::s3::S3;
use kit_host::Permit;

pub use crate::plan::outcome::{RollbackEnd, RolledBack};

/// Goes back. Three requests when no page differs: the pointer, the record, the pointer. With a named release one more asks whether it was
/// retired.
///
/// Errors: exit 2 when there is nothing to go back to, exit 3 from AWS.
pub async fn rollback(
    s3: &S3,
    place: &Place,
    options: &RollbackOptions,
    permit: Option<&Permit>,
) -> Result<RolledBack, Error> {
    let read = releases::pointer(s3, place).await?;
    let current = read.as_ref().map(|(pointer, _)| pointer);
    let (release, pending) = match decide(current, options.to.as_deref()).map_err(refused)? {
        Rollback::AlreadyLive { release, pending } => (release, Some(pending)),
        Rollback::To { release, ask_if_retired, .. } => {
            if ask_if_retired && releases::is_retired(s3, place, &release).await? {
                return Err(refused(Refusal::Retired { release }));
            }
            (release, None)
        }
    };
    // `decide` has refused where there is no pointer.
    let Some((pointer, etag)) = read else { return Err(refused(Refusal::NoPointer)) };
    if pending == Some(false) {
        return Ok(outcome(RollbackEnd::AlreadyLive, &pointer, None, Vec::new()));
    }
    let target = releases::release(s3, place, &release).await?;
    let target = target.ok_or_else(|| refused(Refusal::Unknown { release: release.clone() }))?;
    is_sound(place, &target)?;
    let live = live(s3, place, &pointer, &target).await?;
    let before = releases::before(s3, place, &pointer).await?;
    let pages = activation(&target, live.as_ref(), before.as_ref());
    let manifest = place.record(&target.release, target.created_ms);
    let base_url = options.base_url.as_deref().unwrap_or(&pointer.base_url);
    // What a killed run has left pending stays so until somebody has put it in place.
    let next = lead(Some(&pointer), &target, &manifest, base_url, !pages.is_empty() || pending.is_some());
    let paths = pages.iter().map(|page| page.path.to_owned()).collect();
    let from = (pointer.release != target.release).then(|| pointer.release.clone());
    let Some(permit) = permit else { return Ok(outcome(RollbackEnd::Planned, &next, from, paths)) };
    // What is pending already needs no new pointer: its pages are put in place, and it is told so.
    let written = match pending {
        Some(_) => Some(etag),
        None => records::point(permit, s3, place, &next, Some(&etag)).await?,
    };
    let Some(etag) = written else {
        let now = releases::pointer(s3, place).await?.map_or(pointer, |(now, _)| now);
        return Ok(outcome(RollbackEnd::Superseded, &now, None, Vec::new()));
    };
    let taken = (next.clone(), etag);
    let end = match activate::settle(
        permit,
        s3,
        place,
        &target,
        (live.as_ref(), before.as_ref()),
        taken,
        options.concurrency,
    )
    .await?
    {
        Placed::Overtaken => RollbackEnd::Superseded,
        Placed::Settled if pending.is_some() => RollbackEnd::Completed,
        Placed::Settled => RollbackEnd::RolledBack,
    };
    Ok(outcome(end, &next, from, paths))
}

fn outcome(end: RollbackEnd, pointer: &Pointer, from: Option<String>, pages: Vec<String>) -> RolledBack {
    RolledBack {
        end,
        release: pointer.release.clone(),
        version: pointer.version.clone(),
        manifest: pointer.manifest.clone(),
        base_url: pointer.base_url.clone(),
        from,
        pages,
    }
}

/// The record of the live release, where it tells which pages are in place. It is read only for a target that has pages: to put back
/// what an app's tree has takes none.
async fn live(s3: &S3, place: &Place, pointer: &Pointer, target: &Record) -> Result<Option<Record>, Error> {
    if pointer.pending || !target.files.values().any(|entry| entry.page) {
        return Ok(None);
    }
    releases::release(s3, place, &pointer.release).await
}

/// A record that somebody else may have written must not make us overwrite what is none of its pages.
fn is_sound(place: &Place, record: &Record) -> Result<(), Error> {
    match check::record(place, record).first() {
        None => Ok(()),
        Some(violation) => {
            let what = format!("the record of {} is not sound: {violation}", record.release);
            Err(Error::Service { code: "record-invalid", what })
        }
    }
}

fn refused(refusal: Refusal) -> Error {
    Error::Input(refusal.to_string())
}
