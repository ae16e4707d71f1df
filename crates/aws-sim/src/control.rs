//! The simulator's own controls, in process and, for other processes, over HTTP at `/_sim/`.

mod http_api;
mod load;
mod view;

pub(crate) use http_api::{PATH, serve};
pub use view::{ObjectView, Snapshot};

use crate::cloudflare::Purge;
use crate::cloudfront::Invalidation;
use crate::credentials::KeyPair;
use crate::faults::Rule;
use crate::ledger::{Counts, Record};
use crate::life::State;
use crate::server::Shared;
use crate::store::object::Version;
use crate::store::{Bucket, BucketOptions};
use crate::sts::KnownToken;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A handle on a running simulator. Over HTTP, where bodies and answers are JSON:
///
/// | call | does |
/// | --- | --- |
/// | `GET /_sim/counts` | [`Control::counts`] |
/// | `GET /_sim/log` | [`Control::log`] |
/// | `POST /_sim/reset` | [`Control::reset`] |
/// | `PUT /_sim/faults` with an array of [`Rule`]s | [`Control::set_faults`] |
/// | `POST /_sim/faults` with one [`Rule`] | [`Control::add_fault`] |
/// | `DELETE /_sim/faults` | none any more |
/// | `GET /_sim/killed` | waits for a kill point and gives `{"number":N}` |
/// | `POST /_sim/revive` | [`Control::revive`] |
/// | `POST /_sim/clock` `{"offset_s":N,"max_skew_s":N}` | [`Control::set_clock`] |
/// | `POST /_sim/age` `{"bucket":B,"prefix":P,"by_s":N}` | [`Control::age`] |
/// | `POST /_sim/buckets` `{"name":B,"region":R,"owner":O,"versioning":F,"acls":F,"listable":F}` | [`Control::add_bucket`] |
/// | `GET /_sim/objects?bucket=B&prefix=P` | [`Control::objects`] |
/// | `GET /_sim/uploads` | [`Control::uploads`] |
/// | `POST /_sim/expire-sessions` | [`Control::expire_sessions`] |
/// | `POST /_sim/tokens` `{"token":T,"audience":A,"expires_in_s":N,"denied":F}` | [`Control::add_token`] |
/// | `GET /_sim/invalidations`, `GET /_sim/purges` | what was invalidated and purged |
/// | `POST /_sim/stop` | it ends |
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>) -> Control {
        Control { shared }
    }

    /// The requests so far.
    pub fn counts(&self) -> Counts {
        self.shared.ledger.counts()
    }

    /// The last requests, in order of arrival.
    pub fn log(&self) -> Vec<Record> {
        self.shared.ledger.log()
    }

    /// Counts from 0 again, with an empty log. Faults and contents stay; so do the numbers of requests that rules have
    /// seen.
    pub fn reset(&self) {
        self.shared.ledger.reset();
    }

    /// Sets all faults anew; their own counts begin at 0.
    pub fn set_faults(&self, rules: Vec<Rule>) {
        self.shared.faults.set(rules);
    }

    /// Adds a fault; its own count begins at 0.
    pub fn add_fault(&self, rule: Rule) {
        self.shared.faults.add(rule);
    }

    /// Calls when a kill point strikes, with the number of the request, on a thread of the simulator. Once.
    pub fn on_kill(&self, call: impl FnOnce(u64) + Send + 'static) {
        self.shared.life.on_kill(Box::new(call));
    }

    /// The number of the request at which a kill point struck; `None` while it has not.
    pub fn killed_at(&self) -> Option<u64> {
        self.shared.life.killed_at()
    }

    /// Waits until a kill point has struck or the simulator ends; gives the number of the request.
    pub async fn until_killed(&self) -> Option<u64> {
        self.shared.life.until(|state| state != State::Alive).await;
        self.killed_at()
    }

    /// Answers again after a kill point. Requests that hung are cut. The kill point's rule stays, with its count.
    pub fn revive(&self) {
        self.shared.life.revive();
    }

    /// Moves the clock to `offset_s` seconds from the machine's, and says how far a client's may be from it.
    pub fn set_clock(&self, offset_s: i64, max_skew_s: u64) {
        self.shared.clock.set(offset_s, max_skew_s);
    }

    /// Makes what lies below a prefix older: LastModified of every version, and the start of uploads. Gives how many
    /// keys that were.
    pub fn age(&self, bucket: &str, prefix: &str, by_s: i64) -> usize {
        let mut state = self.shared.store.lock();
        for upload in state.uploads.values_mut() {
            if upload.bucket == bucket && upload.key.starts_with(prefix) {
                upload.started_s -= by_s;
            }
        }
        let Some(bucket) = state.buckets.get_mut(bucket) else { return 0 };
        let mut aged = 0;
        for (_, entry) in bucket.entries.iter_mut().filter(|(key, _)| key.starts_with(prefix)) {
            aged += 1;
            for version in &mut entry.versions {
                match version {
                    Version::Object(object) => Arc::make_mut(object).last_modified_s -= by_s,
                    Version::Marker { last_modified_s, .. } => *last_modified_s -= by_s,
                }
            }
        }
        aged
    }

    /// Makes a bucket, or changes the options of one.
    pub fn add_bucket(&self, name: &str, options: BucketOptions) {
        let created_s = self.shared.clock.now_s();
        let mut state = self.shared.store.lock();
        let entries = state.buckets.remove(name).map(|known| known.entries).unwrap_or_default();
        state.buckets.insert(name.to_owned(), Bucket { options, created_s, entries });
    }

    /// The current objects below a prefix, in the order of their keys.
    pub fn objects(&self, bucket: &str, prefix: &str) -> Vec<ObjectView> {
        let state = self.shared.store.lock();
        let Some(bucket) = state.buckets.get(bucket) else { return Vec::new() };
        let entries = bucket.entries.iter().filter(|(key, _)| key.starts_with(prefix));
        entries.filter_map(|(key, entry)| entry.current().map(|object| ObjectView::new(key, object))).collect()
    }

    /// One current object.
    pub fn object(&self, bucket: &str, key: &str) -> Option<ObjectView> {
        let object = self.shared.store.get(bucket, key, None).ok()?;
        Some(ObjectView::new(key, &object))
    }

    /// How many uploads of a bucket are neither completed nor aborted.
    pub fn uploads(&self, bucket: &str) -> usize {
        self.shared.store.lock().uploads.values().filter(|upload| upload.bucket == bucket).count()
    }

    /// Puts every file `dir/BUCKET/KEY` into its bucket, which is made if it is not there. Gives how many that were.
    /// Errors: as the file system says, or a name that is not UTF-8.
    pub fn load(&self, dir: &Path) -> io::Result<usize> {
        load::load(&self.shared, dir)
    }

    /// Everything that S3 stores now; the bytes are shared, not copied.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.shared.store.lock().clone())
    }

    /// Goes back to what S3 stored then.
    pub fn restore(&self, snapshot: &Snapshot) {
        *self.shared.store.lock() = snapshot.0.clone();
    }

    /// Adds a key pair that may sign.
    pub fn add_key_pair(&self, pair: KeyPair) {
        self.shared.credentials.add(pair);
    }

    /// Lets every session that STS gave end now.
    pub fn expire_sessions(&self) {
        self.shared.credentials.expire_sessions(self.shared.clock.now_s());
    }

    /// Adds a web-identity token that STS knows.
    pub fn add_token(&self, token: KnownToken) {
        self.shared.sts.add_token(token);
    }

    /// CloudFront's invalidations, in order.
    pub fn invalidations(&self) -> Vec<Invalidation> {
        self.shared.cloudfront.invalidations()
    }

    /// Cloudflare's purges, in order.
    pub fn purges(&self) -> Vec<Purge> {
        self.shared.cloudflare.purges()
    }

    /// Ends the simulator.
    pub fn stop(&self) {
        self.shared.life.stop();
    }
}
