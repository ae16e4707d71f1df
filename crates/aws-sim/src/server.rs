//! Starting and stopping the simulator.

use crate::backend::{Backend, COPY_LIMIT_BYTES, Limits};
use crate::cdn::{Cdn, CdnOptions};
use crate::clock::Clock;
use crate::cloudflare::{Cloudflare, CloudflareOptions};
use crate::cloudfront::{CloudFront, CloudFrontOptions};
use crate::control::Control;
use crate::credentials::{ACCESS_KEY, Credentials, KeyPair, SECRET_KEY};
use crate::faults::{Faults, Rule};
use crate::front;
use crate::ledger::Ledger;
use crate::life::{Life, State};
use crate::oidc::{DEFAULT_BEARER, Oidc};
use crate::store::uploads::MIN_PART_BYTES;
use crate::store::{Bucket, BucketOptions, Store};
use crate::sts::{Sts, StsOptions};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::net::{TcpListener, TcpStream};

/// What to serve.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// Where to listen; must be a loopback address. Port 0 takes a free one.
    pub address: SocketAddr,
    /// The buckets that are there from the start.
    pub buckets: Vec<(String, BucketOptions)>,
    /// The region whose endpoint this is. `None`: of every region.
    pub region: Option<String>,
    /// Bodies of this size and more are measured and forgotten; they read as zeros.
    pub keep_below_bytes: u64,
    /// The largest source of one copy.
    pub copy_limit_bytes: u64,
    /// The smallest part but the last.
    pub min_part_bytes: u64,
    /// Whether S3 refuses requests without a signature.
    pub require_signature: bool,
    /// The key pairs that may sign; STS adds more.
    pub key_pairs: Vec<KeyPair>,
    /// What goes wrong from the start.
    pub faults: Vec<Rule>,
    /// How many requests the log keeps; 0 for a log of none.
    pub log_length: usize,
    /// Threads that serve; at least 1.
    pub threads: usize,
    /// The bearer that the OIDC endpoint knows.
    pub oidc_bearer: String,
    /// STS.
    pub sts: StsOptions,
    /// CloudFront.
    pub cloudfront: CloudFrontOptions,
    /// Cloudflare.
    pub cloudflare: CloudflareOptions,
    /// The website in front of the buckets.
    pub cdn: CdnOptions,
}

impl Default for SimOptions {
    fn default() -> SimOptions {
        SimOptions {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            buckets: Vec::new(),
            region: None,
            keep_below_bytes: u64::MAX,
            copy_limit_bytes: COPY_LIMIT_BYTES,
            min_part_bytes: MIN_PART_BYTES,
            require_signature: true,
            key_pairs: vec![KeyPair {
                access_key: ACCESS_KEY.to_owned(),
                secret_key: SECRET_KEY.to_owned(),
                session_token: None,
                expires_s: None,
            }],
            faults: Vec::new(),
            log_length: 100_000,
            threads: 1,
            oidc_bearer: DEFAULT_BEARER.to_owned(),
            sts: StsOptions::default(),
            cloudfront: CloudFrontOptions::default(),
            cloudflare: CloudflareOptions::default(),
            cdn: CdnOptions::default(),
        }
    }
}

impl SimOptions {
    /// With one bucket, which takes any region.
    pub fn with_bucket(name: &str) -> SimOptions {
        SimOptions { buckets: vec![(name.to_owned(), BucketOptions::default())], ..SimOptions::default() }
    }
}

/// How a simulator ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to.
    Stopped,
    /// A kill point of mode `exit` struck.
    Killed,
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) options: SimOptions,
    pub(crate) s3: S3Service,
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    pub(crate) life: Life,
    pub(crate) credentials: Credentials,
    pub(crate) oidc: Oidc,
    pub(crate) sts: Sts,
    pub(crate) cloudfront: CloudFront,
    pub(crate) cloudflare: Cloudflare,
    pub(crate) cdn: Cdn,
    pub(crate) url: String,
}

/// A running simulator. It ends when it is dropped.
pub struct Sim {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts it; when this returns, it listens. Errors: the address is not loopback or taken, a
    /// bucket has a name that S3 does not take, or no thread can be had.
    pub fn start(options: SimOptions) -> io::Result<Sim> {
        if !options.address.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "aws-sim listens on loopback only"));
        }
        if let Some((name, _)) = options.buckets.iter().find(|(name, _)| !s3s::path::check_bucket_name(name)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{name}` cannot be a bucket's name")));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_name("aws-sim")
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind(options.address))?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(shared(options, url));
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("aws-sim".to_owned()).spawn(move || {
            runtime.block_on(accept(listener, served));
            runtime.shutdown_background();
        })?;
        Ok(Sim { shared, thread: Some(thread) })
    }

    /// Where it is: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Its counts, faults, clock and contents.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.shared))
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Ended {
        if let Some(thread) = self.thread.take() {
            // The thread has no result; that it panicked shows on its own.
            let _ = thread.join();
        }
        if self.shared.life.state() == State::Exit { Ended::Killed } else { Ended::Stopped }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.shared.life.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn shared(options: SimOptions, url: String) -> Shared {
    let (store, clock) = (Arc::new(Store::default()), Arc::new(Clock::new()));
    for (name, bucket) in &options.buckets {
        let bucket = Bucket { options: bucket.clone(), created_s: clock.now_s(), entries: BTreeMap::new() };
        store.lock().buckets.insert(name.clone(), bucket);
    }
    let credentials = Credentials::default();
    for pair in &options.key_pairs {
        credentials.add(pair.clone());
    }
    let backend = Backend {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        limits: Limits {
            keep_below_bytes: options.keep_below_bytes,
            copy_limit_bytes: options.copy_limit_bytes,
            min_part_bytes: options.min_part_bytes,
        },
    };
    let mut s3 = S3ServiceBuilder::new(backend);
    s3.set_auth(credentials.clone());
    s3.set_access(front::access::Access { require_signature: options.require_signature });
    // The clock that decides is the simulated one, which is asked before.
    let mut config = S3Config::default();
    config.presigned_url_max_skew_time_secs = u32::MAX;
    s3.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    let faults = Faults::default();
    faults.set(options.faults.clone());
    Shared {
        s3: s3.build(),
        store,
        clock,
        ledger: Ledger::new(options.log_length),
        faults,
        life: Life::new(),
        credentials,
        oidc: Oidc::new(options.oidc_bearer.clone()),
        sts: Sts::new(options.sts.clone()),
        cloudfront: CloudFront::new(options.cloudfront.clone()),
        cloudflare: Cloudflare::new(options.cloudflare.clone()),
        cdn: Cdn::new(options.cdn.clone()),
        url,
        options,
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let ended = shared.life.until(|state| matches!(state, State::Stopped | State::Exit));
    tokio::pin!(ended);
    loop {
        tokio::select! {
            _ = &mut ended => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection(stream, Arc::clone(&shared)));
                }
                // Out of descriptors, most likely; others will be given back.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            },
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| front::serve(Arc::clone(&shared), request));
    // An error is a client that went away or an answer that was cut on purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
