//! The connection to the bucket, and the run around it.

use crate::args::options::BucketOptions;
use crate::error::Error;
use crate::report::Requests;
use kit_aws::s3::S3;
use kit_aws::{Aws, CiIdentity, ConnectionOptions};
use kit_host::{Failure, Host};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Threads that send: one drives some thousand requests a second, and the files have to be read and digested meanwhile.
const MAX_WORKERS: usize = 4;
/// How often is looked whether somebody wants the run to stop.
const STOP_INTERVAL: Duration = Duration::from_millis(50);
/// How long a step may go on after a signal: hosts kill ten seconds after they have asked.
const GRACE: Duration = Duration::from_secs(3);

/// The bucket, and who asks it.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The account's client.
    pub aws: Aws,
    /// The bucket.
    pub s3: S3,
}

/// Connects. Errors: credentials, region or endpoint can't be found.
pub async fn connect(options: &BucketOptions, host: &Host) -> Result<Connection, Error> {
    let asked = ConnectionOptions {
        region: options.region.clone(),
        endpoint_url: options.endpoint_url.clone(),
        sts_endpoint_url: options.sts_endpoint_url.clone(),
        role_arn: options.role_arn.clone(),
        user_agent: format!("{}/{}", crate::TOOL.name, crate::TOOL.version),
        environment: host.env.variables().clone(),
        ..ConnectionOptions::default()
    };
    let aws = kit_aws::connect(&asked, identity(options, host)).await?;
    let s3 = S3::new(&aws, &options.bucket, options.owner.as_deref());
    Ok(Connection { aws, s3 })
}

/// Where this CI has its identity token.
fn identity(options: &BucketOptions, host: &Host) -> CiIdentity {
    match &options.id_token {
        Some(token) => CiIdentity::Token { variable: "id-token".to_owned(), token: token.clone() },
        None => CiIdentity::detect(host.env.variables()),
    }
}

impl Connection {
    /// The requests so far.
    pub fn requests(&self) -> Requests {
        let counts = self.s3.recorder().counts();
        Requests { by_kind: counts.requests, retries: counts.retries }
    }
}

/// Runs what `work` makes of a flag that a signal sets, with the threads that it needs. Whoever works looks at the flag between
/// two steps; who is in the middle of a request that is tried again and again is left after a while.
pub fn block_on<T>(host: &Host, work: impl AsyncFnOnce(Arc<AtomicBool>) -> Result<T, Failure>) -> Result<T, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::world("runtime-failed", format!("cannot begin: {error}")))?;
    let stop = Arc::new(AtomicBool::new(false));
    let result = runtime.block_on(async {
        tokio::select! {
            result = work(Arc::clone(&stop)) => result,
            () = stopped(host, &stop) => {
                let what = "stopped by a signal in the middle of a request; running again goes on from there";
                Err(Failure::world("stopped", what))
            }
        }
    });
    // A lookup that hangs must not hold the answer up.
    runtime.shutdown_background();
    result
}

/// Sets the flag at a signal, and ends when those who look at it have had their time.
async fn stopped(host: &Host, stop: &AtomicBool) {
    let signals = host.signals.take();
    while signals.try_recv().is_err() {
        tokio::time::sleep(STOP_INTERVAL).await;
    }
    stop.store(true, Ordering::Relaxed);
    tokio::time::sleep(GRACE).await;
}
