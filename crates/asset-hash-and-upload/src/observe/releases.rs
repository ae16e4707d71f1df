//! What the bucket says of releases: records, the pointer, marks of prune. EFFECTS, changes nothing.

use crate::error::Error;
use crate::plan::http_date;
use crate::plan::place::Place;
use crate::plan::prune::{GUARD_MS, Stored, guard_key};
use crate::plan::record::{Pointer, RECORD_LIMIT_BYTES, RECORD_SCHEMA, Record};
use crate::plan::release_id;
use kit_aws::s3::{Head, Listed, S3};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The longest pointer that is read, bytes: it has seven short fields.
const POINTER_LIMIT_BYTES: u64 = 64 << 10;
/// Keys of one LIST. Source: Amazon S3 API Reference, "ListObjectsV2".
const PAGE_KEYS: u32 = 1000;
/// Releases of one site at most: one every minute for two years.
const MAX_RELEASES: usize = 1_000_000;
/// How often is looked whether a prune still deletes.
const GUARD_INTERVAL: Duration = Duration::from_secs(2);

/// What a publish finds.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The newest release.
    pub record: Option<Record>,
    /// The pointer and its ETag, where it was asked for.
    pub pointer: Option<(Pointer, String)>,
    /// The record that the pointer leads to, where that is not the newest one.
    live: Option<Record>,
    /// The record of the release before, where the pointer says that pages are pending.
    before: Option<Record>,
    /// Whether the pointer was asked for.
    asked: bool,
}

impl Standing {
    /// The release whose pages are known to be in place: the live one, unless a run was killed while it put them there. Without a
    /// pointer it is the newest, since its record was written after its pages.
    pub fn in_place(&self) -> Option<&Record> {
        if !self.asked {
            return self.record.as_ref();
        }
        let (pointer, _) = self.pointer.as_ref().filter(|(pointer, _)| !pointer.pending)?;
        self.record_of(&pointer.release)
    }

    /// The release that was live before an activation that was cut short.
    pub fn before(&self) -> Option<&Record> {
        self.before.as_ref()
    }

    /// Whether the newest release is the live one and all its pages are in place, or no pointer was asked for: whoever publishes the
    /// same tree again has nothing to do then.
    pub fn is_settled(&self) -> bool {
        let live = self.pointer.as_ref().filter(|(pointer, _)| !pointer.pending).map(|(pointer, _)| &pointer.release);
        !self.asked || self.record.as_ref().is_some_and(|record| live == Some(&record.release))
    }

    fn record_of(&self, release: &str) -> Option<&Record> {
        [&self.record, &self.live].into_iter().flatten().find(|record| record.release == release)
    }
}

/// Reads the newest release and, with `pointer`, the pointer: one LIST, one GET, and one more. A third GET reads the live release where
/// it is not the newest one.
///
/// Errors: AWS; a record or a pointer that is none of ours, or of a newer version of this tool.
pub async fn standing(s3: &S3, place: &Place, pointer: bool) -> Result<Standing, Error> {
    let read = async { if pointer { self::pointer(s3, place).await } else { Ok(None) } };
    let (record, found) = tokio::try_join!(newest(s3, place), read)?;
    let mut standing = Standing { record, pointer: found, live: None, before: None, asked: pointer };
    if let Some((live, _)) = standing.pointer.as_ref().filter(|(live, _)| !live.pending)
        && standing.record_of(&live.release).is_none()
    {
        standing.live = release(s3, place, &live.release).await?;
    }
    if let Some((pointer, _)) = &standing.pointer {
        standing.before = before(s3, place, pointer).await?;
    }
    Ok(standing)
}

/// The record of the release that was live before an activation that was cut short; `None` when none was.
pub async fn before(s3: &S3, place: &Place, pointer: &Pointer) -> Result<Option<Record>, Error> {
    match pointer.previous.as_deref().filter(|_| pointer.pending) {
        Some(previous) => release(s3, place, previous).await,
        None => Ok(None),
    }
}

/// The release whose pages are in place according to a pointer that was read later than `standing`.
pub async fn in_place<'s>(
    s3: &S3,
    place: &Place,
    pointer: Option<&(Pointer, String)>,
    standing: &'s Standing,
) -> Result<Option<Cow<'s, Record>>, Error> {
    let Some((pointer, _)) = pointer.filter(|(pointer, _)| !pointer.pending) else { return Ok(None) };
    match standing.record_of(&pointer.release) {
        Some(record) => Ok(Some(Cow::Borrowed(record))),
        None => Ok(release(s3, place, &pointer.release).await?.map(Cow::Owned)),
    }
}

/// The newest release.
async fn newest(s3: &S3, place: &Place) -> Result<Option<Record>, Error> {
    let first = s3.list(&place.releases(), None, 1).await?;
    let key = match first.objects.first() {
        None => return Ok(None),
        Some(object) if place.release_of(&object.key).is_some() => object.key.clone(),
        // Somebody has put something of his own there.
        Some(_) => match stored(s3, place).await?.into_iter().next() {
            Some(stored) => stored.key,
            None => return Ok(None),
        },
    };
    record(s3, place, &key).await
}

/// The newest release of all; `None` when nothing has been published.
pub async fn last(s3: &S3, place: &Place) -> Result<Option<Record>, Error> {
    newest(s3, place).await
}

/// A release by its id; `None` when it has no record here, or when it is no id.
pub async fn release(s3: &S3, place: &Place, release: &str) -> Result<Option<Record>, Error> {
    match release_id::created_ms(release) {
        Some(created_ms) => record(s3, place, &place.record(release, created_ms)).await,
        None => Ok(None),
    }
}

/// Reads a record by its key from the bucket's root. Errors: it is no record of ours, of another site, or of a newer version.
pub async fn record(s3: &S3, place: &Place, key: &str) -> Result<Option<Record>, Error> {
    let Some(object) = s3.get(key, RECORD_LIMIT_BYTES).await? else { return Ok(None) };
    let record: Record = parse(key, &object.body)?;
    check_schema(key, record.schema)?;
    if record.site != place.site || place.record(&record.release, record.created_ms) != key {
        return Err(foreign(key, "it is the record of another release or site"));
    }
    let sets = record.headers.len();
    if record.files.values().any(|entry| usize::try_from(entry.headers).map_or(true, |index| index >= sets)) {
        return Err(foreign(key, "a file has headers that are not there"));
    }
    Ok(Some(record))
}

/// The pointer and its ETag; `None` when there is none. Errors: it is none of ours, or of a newer version.
pub async fn pointer(s3: &S3, place: &Place) -> Result<Option<(Pointer, String)>, Error> {
    let key = place.pointer();
    let Some(object) = s3.get(&key, POINTER_LIMIT_BYTES).await? else { return Ok(None) };
    let pointer: Pointer = parse(&key, &object.body)?;
    check_schema(&key, pointer.schema)?;
    let manifest =
        release_id::created_ms(&pointer.release).map(|created_ms| place.record(&pointer.release, created_ms));
    if manifest.as_deref() != Some(pointer.manifest.as_str()) {
        return Err(foreign(&key, "it does not lead to a record of this site"));
    }
    Ok(Some((pointer, object.head.etag)))
}

/// Only what tells versions of the format apart.
#[derive(Deserialize)]
struct Shape {
    schema: u32,
}

fn parse<T: DeserializeOwned>(key: &str, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| match serde_json::from_slice::<Shape>(body) {
        Ok(shape) if shape.schema > RECORD_SCHEMA => newer(key, shape.schema),
        _ => foreign(key, &error.to_string()),
    })
}

fn check_schema(key: &str, schema: u32) -> Result<(), Error> {
    match schema {
        RECORD_SCHEMA => Ok(()),
        schema if schema > RECORD_SCHEMA => Err(newer(key, schema)),
        _ => Err(foreign(key, "it has a schema that never was")),
    }
}

fn newer(key: &str, schema: u32) -> Error {
    let what = format!(
        "{key} was written by a newer version of this tool (schema {schema}, this one knows {RECORD_SCHEMA}); update it"
    );
    Error::Input(what)
}

fn foreign(key: &str, why: &str) -> Error {
    let what = format!(
        "{key} is not what this tool writes there: {why}. Somebody else has; remove it, or take another site or prefix"
    );
    Error::Service { code: "record-invalid", what }
}

/// Calls `each` with every object whose key begins with `prefix`, in the order of keys.
pub async fn list(s3: &S3, prefix: &str, mut each: impl FnMut(Listed)) -> Result<(), Error> {
    let mut after: Option<String> = None;
    loop {
        let page = s3.list(prefix, after.as_deref(), PAGE_KEYS).await?;
        let last = page.objects.last().map(|object| object.key.clone());
        page.objects.into_iter().for_each(&mut each);
        // A server that says there is more and shows nothing would keep us for ever.
        match last.filter(|last| page.more && after.as_ref().is_none_or(|after| last > after)) {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

/// All records, newest first, by their names alone. Errors: AWS, or more than a million.
pub async fn stored(s3: &S3, place: &Place) -> Result<Vec<Stored>, Error> {
    let mut all = Vec::new();
    list(s3, &place.releases(), |object| {
        if let Some(release) = place.release_of(&object.key).filter(|_| all.len() <= MAX_RELEASES) {
            let (release, written_ms) = (release.to_owned(), ms(object.last_modified_s));
            all.push(Stored { release, key: object.key, written_ms });
        }
    })
    .await?;
    if all.len() > MAX_RELEASES {
        let what = format!("{} holds more than {MAX_RELEASES} records; remove the oldest by hand", place.releases());
        return Err(Error::Input(what));
    }
    Ok(all)
}

/// When releases were retired, ms, by id.
pub async fn marks(s3: &S3, place: &Place) -> Result<BTreeMap<String, u64>, Error> {
    let prefix = place.retired();
    let mut marks = BTreeMap::new();
    list(s3, &prefix, |object| {
        if let Some(release) = object.key.strip_prefix(prefix.as_str()) {
            marks.insert(release.to_owned(), ms(object.last_modified_s));
        }
    })
    .await?;
    Ok(marks)
}

/// Whether a release has been retired.
pub async fn is_retired(s3: &S3, place: &Place, release: &str) -> Result<bool, Error> {
    Ok(s3.head(&format!("{}{release}", place.retired())).await?.is_some())
}

/// Waits until no prune is between its LIST and its deletes. Call it after an object was made young (copied onto itself) or after a record
/// was written, and look afterwards whether what is relied on is there. One request when no prune is at work.
///
/// Errors: AWS, or a prune that takes longer than any does.
pub async fn no_prune(s3: &S3, place: &Place) -> Result<(), Error> {
    let key = guard_key(place);
    // A prune writes its guard anew as it goes; one that stays as it is belongs to a run that died.
    let mut seen: Option<(String, Instant)> = None;
    loop {
        let Some(head) = s3.head(&key).await? else { return Ok(()) };
        let age_ms = now_ms(&head).saturating_sub(ms(head.last_modified_s));
        let since = match &seen {
            Some((etag, since)) if *etag == stamp(&head) => *since,
            _ => {
                let now = Instant::now();
                seen = Some((stamp(&head), now));
                now
            }
        };
        if age_ms >= GUARD_MS || since.elapsed() >= Duration::from_millis(GUARD_MS) {
            return Ok(());
        }
        tokio::time::sleep(GUARD_INTERVAL).await;
    }
}

/// What tells one guard from the next.
fn stamp(head: &Head) -> String {
    format!("{} {}", head.etag, head.last_modified_s)
}

/// The bucket's clock, ms since 1970-01-01 UTC; the object's own time where the answer has no date.
pub fn now_ms(head: &Head) -> u64 {
    head.header("date").and_then(http_date::ms).unwrap_or_else(|| ms(head.last_modified_s))
}

/// Milliseconds of seconds; 0 for what is before 1970.
pub fn ms(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or(0).saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_is_told_from_what_is_newer() {
        let newer = parse::<Pointer>("k", br#"{"schema":2,"leads_to":"x"}"#).unwrap_err();
        assert!(matches!(&newer, Error::Input(what) if what.contains("newer version")), "{newer}");
        for body in [&b"<html>"[..], b"{}", br#"{"schema":1}"#, br#"{"schema":"1"}"#, b"\xff"] {
            let foreign = parse::<Pointer>("k", body).unwrap_err();
            assert!(matches!(&foreign, Error::Service { code: "record-invalid", .. }), "{foreign}");
        }
        assert!(check_schema("k", RECORD_SCHEMA + 1).is_err());
        assert!(check_schema("k", 0).is_err());
    }

    #[test]
    fn what_is_in_place_is_what_the_pointer_says() {
        let record = |hour: u64| crate::plan::samples::record(hour, vec![]);
        let pointer = |hour: u64, pending: bool| {
            let mut pointer = crate::plan::samples::pointer(hour, None);
            pointer.pending = pending;
            Some((pointer, "etag".to_owned()))
        };
        let standing =
            |pointer, asked| Standing { record: Some(record(3)), pointer, live: Some(record(2)), before: None, asked };
        let hour = |standing: &Standing| standing.in_place().map(|record| record.created_ms / 3_600_000);
        for (standing, in_place, settled) in [
            (standing(None, false), Some(3), true),
            (standing(None, true), None, false),
            (standing(pointer(3, false), true), Some(3), true),
            (standing(pointer(3, true), true), None, false),
            (standing(pointer(2, false), true), Some(2), false),
            (standing(pointer(1, false), true), None, false),
        ] {
            assert_eq!((hour(&standing), standing.is_settled()), (in_place, settled));
        }
    }
}
