//! Reads all records, then lists all objects, and finds those that nobody needs.

use super::Prune;
use crate::check::Needs;
use crate::error::Error;
use crate::observe::releases;
use crate::plan::place::Place;
use crate::plan::prune::{Census, Fate, Judgement, OWNER_HEADER, Standing, owner, place_of};
use crate::plan::record::Record;
use kit_aws::s3::S3;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

/// Records that are read at the same time: each of a large tree takes tens of megabytes.
const RECORDS_AT_ONCE: usize = 3;
/// Orphans that are looked at in one run; the next run goes on.
const MAX_ORPHANS: usize = 50_000;

/// An object that may be deleted.
pub(super) struct Candidate {
    /// From the bucket's root.
    pub key: String,
    /// LastModified, ms.
    pub written_ms: u64,
    /// Bytes.
    pub size: u64,
    /// Whether no record names it.
    pub orphan: bool,
}

/// What was found.
pub(super) struct Counted {
    /// With all records heard.
    pub census: Census,
    /// What the kept ones of them need, counted by itself.
    pub needs: Needs,
    /// In the order of keys; orphans only where their metadata says that they are this site's.
    pub candidates: Vec<Candidate>,
    /// Objects that nobody needs, but not for long enough.
    pub waiting: u64,
    /// Objects that nobody names and that are others'.
    pub foreign: u64,
    /// Whether nothing may be written.
    pub planned: bool,
}

/// Counts. `None` when a record vanished meanwhile or it took too long: all has to be planned again.
pub(super) async fn count(prune: &mut Prune<'_>, fates: &[Fate], now_ms: u64) -> Result<Option<Counted>, Error> {
    let mut census = Census::new(prune.place, now_ms);
    let mut needs = Needs::default();
    if !hear(prune, &mut census, &mut needs, fates).await? {
        return Ok(None);
    }
    let mut found = Found::default();
    let mut after: Option<String> = None;
    loop {
        if !prune.renew().await? {
            return Ok(None);
        }
        let page = prune.s3.list(&prune.place.prefix, after.as_deref(), 1000).await?;
        for object in &page.objects {
            found.note(prune.place, &mut census, object);
        }
        match page.objects.into_iter().next_back().filter(|_| page.more) {
            Some(last) => after = Some(last.key),
            None => break,
        }
    }
    hear_others(prune, &mut census, &found.places).await?;
    // What others turned out to need is no candidate any more.
    found.candidates.retain(|candidate| census.judge(&candidate.key, candidate.written_ms) != Judgement::Kept);
    let (waiting, planned) = (found.waiting, prune.permit.is_none());
    let (candidates, foreign) = own(prune, found.candidates).await?;
    Ok(Some(Counted { census, needs, candidates, waiting, foreign, planned }))
}

#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    waiting: u64,
    /// Prefix and site of everybody who publishes here, with the keys of the records of other sites below our prefix.
    places: BTreeSet<(String, String, String)>,
}

impl Found {
    fn note(&mut self, place: &Place, census: &mut Census, object: &kit_aws::s3::Listed) {
        let written_ms = releases::ms(object.last_modified_s);
        if let Some((prefix, site)) =
            place_of(&object.key).filter(|known| *known != (place.prefix.as_str(), place.site.as_str()))
        {
            let record = if prefix == place.prefix { object.key.clone() } else { String::new() };
            self.places.insert((prefix.to_owned(), site.to_owned(), record));
        }
        let judgement = census.judge(&object.key, written_ms);
        match judgement {
            Judgement::Kept => {}
            Judgement::Waits => self.waiting += 1,
            Judgement::Delete | Judgement::Orphan => self.candidates.push(Candidate {
                key: object.key.clone(),
                written_ms,
                size: object.size,
                orphan: judgement == Judgement::Orphan,
            }),
        }
    }
}

/// Hears every record of the site. Gives whether all of them were there.
async fn hear(prune: &mut Prune<'_>, census: &mut Census, needs: &mut Needs, fates: &[Fate]) -> Result<bool, Error> {
    for some in fates.chunks(RECORDS_AT_ONCE) {
        if !prune.renew().await? {
            return Ok(false);
        }
        let mut reads = JoinSet::new();
        for (at, fate) in some.iter().enumerate() {
            let (s3, place, key) = (prune.s3.clone(), prune.place.clone(), fate.stored.key.clone());
            reads.spawn(async move { (at, releases::record(&s3, &place, &key).await) });
        }
        while let Some(read) = reads.join_next().await {
            let (at, record) = read.map_err(|error| broken(&error))?;
            // Another prune has forgotten it meanwhile.
            let (Some(fate), Some(record)) = (some.get(at), record?) else { return Ok(false) };
            census.hear(fate, &record);
            if matches!(fate.standing, Standing::Kept(_)) {
                needs.hear(prune.place, &record);
            }
        }
    }
    Ok(true)
}

/// Hears the records of other sites below the same prefix, and where others have prefixes of their own within ours.
async fn hear_others(
    prune: &Prune<'_>,
    census: &mut Census,
    places: &BTreeSet<(String, String, String)>,
) -> Result<(), Error> {
    for (prefix, site, key) in places {
        if prefix != &prune.place.prefix {
            census.hear_nested(prefix);
            continue;
        }
        let other = Place { prefix: prefix.clone(), site: site.clone() };
        if other.release_of(key).is_none() {
            continue;
        }
        let record: Option<Record> = releases::record(prune.s3, &other, key).await?;
        if let Some(record) = record {
            census.hear_other(&record);
        }
    }
    Ok(())
}

/// Leaves out the orphans that are not this site's; gives how many they are.
async fn own(prune: &mut Prune<'_>, candidates: Vec<Candidate>) -> Result<(Vec<Candidate>, u64), Error> {
    let (orphans, mut sure): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| candidate.orphan);
    let (ours, mut foreign) = (owner(prune.place), 0);
    let mut orphans = orphans.into_iter().take(MAX_ORPHANS);
    let mut asks = JoinSet::new();
    loop {
        while asks.len() < prune.options.concurrency.max(1) {
            let Some(orphan) = orphans.next() else { break };
            asks.spawn(is_ours(prune.s3.clone(), orphan, ours.clone()));
        }
        let Some(asked) = asks.join_next().await else { break };
        let (orphan, is_ours) = asked.map_err(|error| broken(&error))?;
        if is_ours? {
            sure.push(orphan)
        } else {
            foreign += 1
        }
        prune.stopped()?;
    }
    sure.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    Ok((sure, foreign))
}

async fn is_ours(s3: S3, orphan: Candidate, owner: String) -> (Candidate, Result<bool, Error>) {
    let head = s3.head(&orphan.key).await;
    // Written anew since it was listed: somebody needs it.
    let same = |at_s: i64| releases::ms(at_s) == orphan.written_ms;
    let is_ours = head.map(|head| {
        head.is_some_and(|head| head.header(OWNER_HEADER) == Some(owner.as_str()) && same(head.last_modified_s))
    });
    (orphan, is_ours.map_err(Error::from))
}

fn broken(error: &tokio::task::JoinError) -> Error {
    Error::Service { code: "stopped", what: format!("a request broke off: {error}") }
}
