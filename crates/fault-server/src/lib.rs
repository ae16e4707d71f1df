//! A real server on loopback that is wrong in a known way, for tests and benches of whatever checks servers.
//!
//! Each of its [`Class`]es has one truth. What it answers depends on the seed and on how many requests an instance has had,
//! not on time, except where the class is about time. It serves any number of instances, each on a loopback address and a
//! port of its own, from one thread.

mod answer;
mod certificates;
mod class;
mod instance;
mod options;
mod sequence;

pub use class::{Class, Truth};
pub use options::{Options, Pace};

use instance::Instance;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;

/// The public name that pages and certificates are for.
pub const HOST: &str = "app.example.test";
/// The name of whoever else is on the same address.
pub const OTHER_HOST: &str = "other.example.test";
/// The version that was deployed.
pub const NEW_VERSION: &str = "9c1185a5c5e9fc54612808977ee8f548b2258d31";
/// The version before.
pub const OLD_VERSION: &str = "3b4c2f8d5a6e7f8091a2b3c4d5e6f708192a3b4c";

/// Connections that wait to be accepted; two thousand clients may come at once.
const BACKLOG: u32 = 4096;

/// What to serve.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The fault.
    pub class: Class,
    /// Where in the order of requests it shows.
    pub seed: u64,
    /// How many addresses; at least 1.
    pub instances: usize,
    /// The first address; the others follow it. In 127.0.0.0/8.
    pub first: Ipv4Addr,
    /// For the classes that become ready: how long after the start.
    pub ready_after: Duration,
}

impl Setup {
    /// A class with as many instances as it takes, from 127.0.0.1 on, ready after 400 ms where that matters.
    pub fn new(class: Class, seed: u64) -> Setup {
        let ready_after = Duration::from_millis(400);
        Setup { class, seed, instances: class.instances(), first: Ipv4Addr::LOCALHOST, ready_after }
    }
}

/// A running server. It ends when it is dropped.
pub struct FaultServer {
    setup: Setup,
    instances: Vec<Arc<Instance>>,
    ready_at: Instant,
    authority: Option<tempfile::NamedTempFile>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// Starts it; when this returns, every port that is to be open is open. Errors: no address, no port, no certificate.
    pub fn start(setup: Setup) -> io::Result<FaultServer> {
        let tls =
            if setup.class.is_tls() { Some(certificates::tls(setup.class).map_err(io::Error::other)?) } else { None };
        let authority = tls.as_ref().map(|tls| written(&tls.authority_pem)).transpose()?;
        let config = tls.map(|tls| tls.config);
        let began = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let entered = runtime.enter();
        let mut instances = Vec::new();
        let mut sockets = Vec::new();
        for index in 0..setup.instances.max(1) {
            let offset = u32::try_from(index).map_err(io::Error::other)?;
            let address = Ipv4Addr::from(u32::from(setup.first).saturating_add(offset));
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::from((address, 0)))?;
            instances.push(Arc::new(Instance::new(&setup, index, socket.local_addr()?, began, config.clone())));
            sockets.push(socket);
        }
        // Those that open at once do so before anybody is told their addresses; a bound socket that doesn't listen refuses
        // and keeps its port.
        let mut waiting = Vec::new();
        for (socket, instance) in sockets.into_iter().zip(&instances) {
            match instance.opens_after() {
                Some(Duration::ZERO) => {
                    let listener = socket.listen(BACKLOG)?;
                    runtime.spawn(instance::accept(listener, Arc::clone(instance)));
                }
                after => waiting.push((socket, after, Arc::clone(instance))),
            }
        }
        drop(entered);
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("fault-server".into()).spawn(move || {
            runtime.block_on(async move {
                for (socket, after, instance) in waiting {
                    tokio::spawn(instance::open_later(socket, after, instance));
                }
                // An error says that the sender is gone, which means the same.
                let _ = stopped.await;
            });
        })?;
        let ready_at = began + setup.ready_after;
        Ok(FaultServer { setup, instances, ready_at, authority, stop: Some(stop), thread: Some(thread) })
    }

    /// What it serves.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Each instance's address, in order.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.instances.iter().map(|instance| instance.address).collect()
    }

    /// A file with the authority that its certificates come from, PEM; `None` without TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        self.authority.as_ref().map(tempfile::NamedTempFile::path)
    }

    /// Requests that each instance has read whole, those for the version included.
    pub fn requests(&self) -> Vec<u64> {
        self.instances.iter().map(|instance| instance.requests.load(Ordering::Relaxed)).collect()
    }

    /// Connections that each instance has accepted.
    pub fn connections(&self) -> Vec<u64> {
        self.instances.iter().map(|instance| instance.connections.load(Ordering::Relaxed)).collect()
    }

    /// When the classes that become ready do so.
    pub fn ready_at(&self) -> Instant {
        self.ready_at
    }

    /// What `healthcheck` is asked so that its answer must be the truth.
    pub fn options(&self, pace: Pace) -> Options {
        Options::new(self, pace)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A server that panicked has already said so; a destructor has nobody to tell.
            let _ = thread.join();
        }
    }
}

fn written(pem: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("fault-server-").suffix(".pem").tempfile()?;
    io::Write::write_all(&mut file, pem.as_bytes())?;
    Ok(file)
}
