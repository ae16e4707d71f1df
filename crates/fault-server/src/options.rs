//! What `healthcheck` is asked so that its answer must be the truth. PURE.
#![warn(clippy::disallowed_methods)]

use crate::class::{Class, Truth};
use crate::{FaultServer, HOST, NEW_VERSION};
use std::net::SocketAddr;
use std::time::Duration;

/// How fast a check goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two probes of an instance.
    pub interval: Duration,
    /// After which an unhealthy setup is given up. At least 30 intervals, so that there is time to be fooled.
    pub red_after: Duration,
    /// After which a healthy setup would be given up; as long as the slowest machine may need.
    pub green_within: Duration,
}

impl Pace {
    /// Probes every 50 ms.
    pub const QUICK: Pace = Pace {
        interval: Duration::from_millis(50),
        red_after: Duration::from_millis(2000),
        green_within: Duration::from_secs(60),
    };
}

/// A question to `healthcheck`, in parts that other tools' arguments can be made of too.
#[derive(Debug, Clone)]
pub struct Options {
    /// `wait` or `hold`.
    pub mode: &'static str,
    /// The public URL.
    pub url: String,
    /// Where the instances are.
    pub addresses: Vec<SocketAddr>,
    /// The rest.
    pub flags: Vec<String>,
}

impl Options {
    pub(crate) fn new(server: &FaultServer, pace: Pace) -> Options {
        let class = server.setup().class;
        let addresses = server.addresses();
        let scheme = if class.asks_tls() { "https" } else { "http" };
        let port = addresses.first().map_or(0, SocketAddr::port);
        let mut flags = Vec::new();
        let mut flag = |name: &str, value: String| flags.extend([name.to_owned(), value]);
        if let Some(file) = server.ca_file() {
            flag("--ca-file", file.display().to_string());
        }
        for (name, value) in asked(class) {
            flag(name, (*value).to_owned());
        }
        let mode = if class == Class::FailsLater { "hold" } else { "wait" };
        flag("--interval", millis(pace.interval));
        flag(
            "--deadline",
            millis(if class.truth() == Truth::Healthy { pace.green_within } else { red_after(class, pace) }),
        );
        Options { mode, url: format!("{scheme}://{HOST}:{port}/health"), addresses, flags }
    }

    /// As the command line has it, without the program.
    pub fn arguments(&self) -> Vec<String> {
        let addresses = self.addresses.iter().flat_map(|address| ["--address".to_owned(), address.to_string()]);
        [self.mode.to_owned(), self.url.clone()]
            .into_iter()
            .chain(addresses)
            .chain(self.flags.iter().cloned())
            .collect()
    }
}

/// What is asked beyond a 200 and three passes in a row.
fn asked(class: Class) -> &'static [(&'static str, &'static str)] {
    match class {
        Class::Flapping10 => &[("--passes", "13")],
        Class::Flapping30 => &[("--passes", "5")],
        Class::BodyDown => &[("--expect-body", r#""status":"UP""#)],
        Class::DefaultHost | Class::VirtualHost => &[("--expect-body", r#""app":"shop""#)],
        Class::OldVersion | Class::NewVersion | Class::VersionReplaced => {
            &[("--expect-version", NEW_VERSION), ("--version-path", "/version")]
        }
        Class::DaysLeft | Class::DaysEnough | Class::IntermediateDaysLeft => &[("--expect-certificate-days", "14")],
        Class::SlowTail => &[("--passes", "20"), ("--percentile", "p95=200ms")],
        Class::SlowSeldom => &[("--passes", "30"), ("--percentile", "p95=2s")],
        Class::Slow => &[("--max-latency", "300ms")],
        Class::Silent | Class::SilentTls | Class::Drip | Class::EndlessBody | Class::HugeHead | Class::GoAway => {
            &[("--timeout", "500ms")]
        }
        _ => &[],
    }
}

/// Slow ones need longer for as many probes.
fn red_after(class: Class, pace: Pace) -> Duration {
    match class {
        Class::SlowTail => pace.red_after * 2,
        _ => pace.red_after,
    }
}

fn millis(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}
