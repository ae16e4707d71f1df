//! `prune`: removes the files that no kept release names.

mod census;

use crate::apply::delete::{self, BATCH_KEYS, Guard};
use crate::check;
use crate::error::Error;
use crate::observe::releases;
use crate::plan::options::PruneOptions;
use crate::plan::place::Place;
use crate::plan::prune::{Fate, GRACE_MS, Judgement, Refusal, Rules, Standing, Stored, fates};
use crate::plan::record::Pointer;
use crate::plan::release_id;
use census::{Candidate, Counted, count};
use kit_aws::s3::S3;
use kit_host::Permit;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub use crate::plan::outcome::Pruned;

/// How often others may publish between a plan and its deletes before we give up: each time all is planned again.
const ROUNDS: usize = 8;

/// What was seen of releases.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    records: Vec<Stored>,
    marks: BTreeMap<String, u64>,
    pointer: Option<Pointer>,
}

/// One prune.
struct Prune<'p> {
    s3: &'p S3,
    place: &'p Place,
    options: &'p PruneOptions,
    permit: Option<&'p Permit>,
    guard: Option<Guard>,
    stop: &'p AtomicBool,
}

/// Whether a round came to its end.
enum Round {
    Done(Pruned),
    /// Somebody has published or gone back meanwhile, or it took too long: the plan says nothing any more.
    Again,
}

/// Prunes. Without a permit nothing is written, and the answer is what would be done.
///
/// Errors: exit 2 for releases that are not there, exit 3 from AWS, when another prune is at work, or when others publish all the time.
/// Whatever was deleted until then was needed by nobody.
pub async fn prune(
    s3: &S3,
    place: &Place,
    options: &PruneOptions,
    permit: Option<&Permit>,
    stop: &AtomicBool,
) -> Result<Pruned, Error> {
    let guard = match permit {
        Some(permit) => Some(Guard::take(permit, s3, place).await?),
        None => None,
    };
    let mut prune = Prune { s3, place, options, permit, guard, stop };
    let outcome = prune.run().await;
    if let (Some(guard), Some(permit)) = (prune.guard.take(), permit) {
        let released = guard.release(permit, s3).await;
        if outcome.is_ok() {
            released?;
        }
    }
    outcome
}

impl Prune<'_> {
    async fn run(&mut self) -> Result<Pruned, Error> {
        for _ in 0..ROUNDS {
            if let Round::Done(pruned) = self.round().await? {
                return Ok(pruned);
            }
        }
        let what =
            "others publish all the time, so that nothing could be planned; run again when it is quieter".to_owned();
        Err(Error::Service { code: "prune-contended", what })
    }

    async fn round(&mut self) -> Result<Round, Error> {
        self.renew().await?;
        let seen = self.look().await?;
        let rules = self.rules(&seen).await?;
        let now_ms = self.guard.as_ref().map_or_else(local_ms, Guard::now_ms);
        let fates = fates(&seen.records, &seen.marks, seen.pointer.as_ref(), &rules, now_ms).map_err(refused)?;
        let Some(mut counted) = count(self, &fates, now_ms).await? else { return Ok(Round::Again) };
        let mut pruned = report(&fates, &counted);
        for release in &pruned.retired {
            self.stopped()?;
            if let Some(permit) = self.permit {
                delete::retire(permit, self.s3, self.place, release).await?;
            }
        }
        let candidates = std::mem::take(&mut counted.candidates);
        for batch in candidates.chunks(BATCH_KEYS) {
            if !self.delete(&seen, &mut counted, batch, &mut pruned).await? {
                return Ok(Round::Again);
            }
        }
        self.forget(&seen, &counted, now_ms, &mut pruned).await?;
        Ok(Round::Done(pruned))
    }

    async fn look(&self) -> Result<Seen, Error> {
        // The pointer first: what it leads to has its record already.
        let pointer = releases::pointer(self.s3, self.place).await?.map(|(pointer, _)| pointer);
        let records = releases::stored(self.s3, self.place).await?;
        let marks = releases::marks(self.s3, self.place).await?;
        Ok(Seen { records, marks, pointer })
    }

    /// The rules, with versions replaced by the releases that have them.
    async fn rules(&self, seen: &Seen) -> Result<Rules, Error> {
        let mut rules = self.options.rules.clone();
        let named = std::mem::take(&mut rules.live);
        let (ids, mut versions): (Vec<String>, Vec<String>) =
            named.into_iter().partition(|live| release_id::created_ms(live).is_some());
        rules.live = ids;
        versions.sort_unstable();
        versions.dedup();
        let mut found = vec![false; versions.len()];
        if !versions.is_empty() {
            for stored in &seen.records {
                let Some(record) = releases::record(self.s3, self.place, &stored.key).await? else { continue };
                if let Ok(at) = versions.binary_search(&record.version) {
                    found[at] = true;
                    rules.live.push(stored.release.clone());
                }
            }
        }
        match found.iter().position(|found| !found) {
            Some(at) => Err(refused(Refusal::Unknown { release: versions.swap_remove(at) })),
            None => Ok(rules),
        }
    }

    /// Writes the guard anew when it is time. Gives whether what was listed under it still counts.
    async fn renew(&mut self) -> Result<bool, Error> {
        self.stopped()?;
        let (Some(guard), Some(permit)) = (&mut self.guard, self.permit) else { return Ok(true) };
        let held = guard.holds();
        if guard.is_ageing() || !held {
            guard.renew(permit, self.s3, self.place).await?;
        }
        Ok(held)
    }

    fn stopped(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Relaxed) {
            let what =
                "stopped; what was deleted until then was needed by nobody, and running again goes on".to_owned();
            return Err(Error::Service { code: "stopped", what });
        }
        Ok(())
    }

    /// Deletes one batch, if nobody has published since. Gives whether it did.
    async fn delete(
        &mut self,
        seen: &Seen,
        counted: &mut Counted,
        batch: &[Candidate],
        pruned: &mut Pruned,
    ) -> Result<bool, Error> {
        let mut failed = BTreeMap::new();
        if let Some(permit) = self.permit {
            if !self.renew().await? {
                return Ok(false);
            }
            let now = self.look().await?;
            if (&now.records, &now.pointer) != (&seen.records, &seen.pointer) {
                return Ok(false);
            }
            // What was judged once is judged the same again: a plan that was mixed up is not carried out.
            let doomed = |judgement| matches!(judgement, Judgement::Delete | Judgement::Orphan);
            let keys: Vec<String> = batch
                .iter()
                .filter(|candidate| doomed(counted.census.judge(&candidate.key, candidate.written_ms)))
                .map(|candidate| candidate.key.clone())
                .collect();
            if keys.len() != batch.len() || self.guard.as_ref().is_some_and(|guard| !guard.holds()) {
                return Ok(false);
            }
            if let Some(violation) = check::deletes(self.place, &counted.needs, &keys).first() {
                let what = format!("nothing more was deleted, since the plan is not sound: {violation}");
                return Err(Error::Service { code: "plan-unsound", what });
            }
            failed = delete::delete(permit, self.s3, &keys).await?.into_iter().collect();
        }
        for candidate in batch {
            match failed.remove(&candidate.key) {
                Some(why) => {
                    counted.census.stays(&candidate.key);
                    pruned.failed.push((candidate.key.clone(), why));
                }
                None => {
                    pruned.deleted += 1;
                    pruned.deleted_bytes += candidate.size;
                    pruned.orphans += u64::from(candidate.orphan);
                }
            }
        }
        Ok(true)
    }

    /// Forgets the releases of which nothing is left: record first, then mark.
    async fn forget(&self, seen: &Seen, counted: &Counted, now_ms: u64, pruned: &mut Pruned) -> Result<(), Error> {
        let mut keys = Vec::new();
        for fate in counted.census.forget() {
            keys.push(fate.stored.key.clone());
            pruned.forgotten.push(fate.stored.release.clone());
        }
        let mark = |release: &String| format!("{}{release}", self.place.retired());
        let mut marks: Vec<String> = pruned.forgotten.iter().map(mark).collect();
        // Marks whose records are gone: a run was killed between the two.
        let known = |release: &String| seen.records.iter().any(|stored| stored.release == *release);
        let old = |since_ms: u64| now_ms.saturating_sub(since_ms) >= GRACE_MS;
        marks.extend(
            seen.marks
                .iter()
                .filter(|(release, since)| old(**since) && !known(release))
                .map(|(release, _)| mark(release)),
        );
        pruned.retired_before.retain(|release| !pruned.forgotten.contains(release));
        let Some(permit) = self.permit else { return Ok(()) };
        for keys in [keys, marks] {
            if keys.is_empty() {
                continue;
            }
            self.stopped()?;
            let failed = delete::delete(permit, self.s3, &keys).await?;
            if !failed.is_empty() {
                pruned.failed.extend(failed);
                break;
            }
        }
        Ok(())
    }
}

fn report(fates: &[Fate], counted: &Counted) -> Pruned {
    let mut pruned = Pruned { waiting: counted.waiting, foreign: counted.foreign, ..Pruned::default() };
    for fate in fates {
        let release = fate.stored.release.clone();
        match fate.standing {
            Standing::Kept(reason) => pruned.kept.push((release, reason)),
            Standing::Retire => pruned.retired.push(release),
            Standing::Retired { .. } => pruned.retired_before.push(release),
        }
    }
    pruned.planned = counted.planned;
    pruned
}

fn refused(refusal: Refusal) -> Error {
    Error::Input(refusal.to_string())
}

/// This machine's clock, ms since 1970-01-01 UTC: for a dry run, which deletes nothing.
fn local_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
