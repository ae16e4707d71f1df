//! The commands on releases that are there, from what was typed to the report.

use super::connection::{block_on, connect};
use super::{prune, pull, rollback, verify};
use crate::apply::purge;
use crate::apply::upload::Counter;
use crate::args::options::{BucketOptions, CdnOptions, base_url, folder, number, time_ms};
use crate::args::{PruneArguments, PullArguments, RollbackArguments, VerifyArguments};
use crate::error::Error;
use crate::plan::options::{PruneOptions, PullOptions, RollbackOptions, VerifyOptions};
use crate::plan::prune::Rules;
use crate::report;
use kit_host::{Done, Failure, Host};
use kit_report::{Report, Verdict};

/// Most releases that a person keeps by number.
const MAX_KEPT: u32 = 1_000_000;

/// `pull`
pub fn pull(arguments: &PullArguments, host: &Host) -> Result<Done, Failure> {
    let bucket = BucketOptions::new(&arguments.bucket)?;
    let dir = folder(arguments.dir.as_deref())?.to_owned();
    let options = PullOptions { dir, release: arguments.release.clone(), concurrency: bucket.concurrency };
    let report = block_on(host, async |stop| {
        let connection = connect(&bucket, host).await?;
        let counter = Counter::default();
        let pulled =
            pull::pull(&connection.s3, &bucket.place, &options, host.permit(), &stop, &|bytes| counter.add(bytes))
                .await?;
        Ok(report::pulled::report(&pulled, &connection.requests()))
    })?;
    Ok(done(report))
}

/// `rollback`
pub fn rollback(arguments: &RollbackArguments, host: &Host) -> Result<Done, Failure> {
    let bucket = BucketOptions::new(&arguments.bucket)?;
    let asked = base_url(arguments.base_url.as_deref())?;
    let cdn = CdnOptions::new(&arguments.cdn, &asked)?;
    let options = RollbackOptions {
        to: arguments.to.clone(),
        base_url: Some(asked).filter(|url| !url.is_empty()),
        concurrency: bucket.concurrency,
    };
    let report = block_on(host, async |_| {
        let connection = connect(&bucket, host).await?;
        let back = rollback::rollback(&connection.s3, &bucket.place, &options, host.permit()).await?;
        let told = match host.permit() {
            Some(permit) => {
                let pages = back.pages.iter().cloned().collect();
                let changed =
                    purge::Changed { place: &bucket.place, base_url: &back.base_url, pages, release: &back.release };
                purge::purge(permit, &connection, &cdn, &changed).await
            }
            None => purge::Told::default(),
        };
        Ok(report::rolled_back::report(&back, &told.purged, told.notes, &connection.requests()))
    })?;
    Ok(done(report))
}

/// `prune`
pub fn prune(arguments: &PruneArguments, host: &Host) -> Result<Done, Failure> {
    let bucket = BucketOptions::new(&arguments.bucket)?;
    let keep = arguments.keep_releases.as_deref();
    let keep_for = arguments.keep_for.as_deref();
    if keep.is_none() && keep_for.is_none() {
        return Err(Error::input("nothing says what is kept; set --keep-releases, --keep-for or both").into());
    }
    let rules = Rules {
        keep_releases: keep.map(|text| number("keep-releases", text, 1, MAX_KEPT)).transpose()?.map_or(1, u64::from),
        keep_ms: keep_for.map(|text| time_ms("keep-for", text)).transpose()?.unwrap_or_default(),
        live: arguments.live.clone(),
    };
    let options = PruneOptions { rules, concurrency: bucket.concurrency };
    let report = block_on(host, async |stop| {
        let connection = connect(&bucket, host).await?;
        let pruned = prune::prune(&connection.s3, &bucket.place, &options, host.permit(), &stop).await?;
        Ok(report::pruned::report(&pruned, &connection.requests()))
    })?;
    Ok(done(report))
}

/// `verify`
pub fn verify(arguments: &VerifyArguments, host: &Host) -> Result<Done, Failure> {
    let bucket = BucketOptions::new(&arguments.bucket)?;
    let asked = base_url(arguments.base_url.as_deref())?;
    let options = VerifyOptions {
        base_url: Some(asked).filter(|url| !url.is_empty()),
        release: arguments.release.clone(),
        concurrency: bucket.concurrency,
    };
    let report = block_on(host, async |stop| {
        let connection = connect(&bucket, host).await?;
        let counter = Counter::default();
        let verified =
            verify::verify(&connection.s3, connection.aws.http(), &bucket.place, &options, &stop, &|bytes| {
                counter.add(bytes)
            })
            .await?;
        Ok(report::verified::report(&verified, &connection.requests()))
    })?;
    Ok(done(report))
}

fn done(report: Report) -> Done {
    let exit = match report.verdict {
        Verdict::Pass | Verdict::Superseded => kit_host::Exit::Done,
        Verdict::Fail => kit_host::Exit::No,
        Verdict::Unproven => kit_host::Exit::Unproven,
        Verdict::Error => kit_host::Exit::World,
    };
    Done { report, exit, stdout: None }
}
