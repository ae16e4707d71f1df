//! The inputs and outputs, declared once: action.yml, pipe.yml, the component and the READMEs follow from here. What was
//! typed is here; what it means is in [`options`].

pub mod options;

use clap::{Args, Parser, Subcommand};
use kit_host::OutputDeclaration;

/// Is this release healthy on every instance?
#[derive(Debug, Parser)]
#[command(about, long_about = None, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Wait until every instance is healthy, or until the deadline
    Wait(Box<WaitArguments>),
    /// See that every instance stays healthy for the whole time
    Hold(Box<HoldArguments>),
    /// Look once at every instance
    Once(Box<OnceArguments>),
    /// Wait on the machine itself and print the samples, for `judge` to read elsewhere
    Probe(Box<WaitArguments>),
    /// Give the verdict over samples that `probe` printed, one file for each machine
    Judge(JudgeArguments),
    /// Give the verdict of a recorded run again
    Replay(ReplayArguments),
}

/// Whom to ask.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Targets")]
pub struct TargetArguments {
    /// URLs: `https://`, `http://`, `tcp://host:port`, `tls://`, `grpc://host:port/service`, `grpcs://`
    #[arg(value_name = "TARGET", num_args = 0.., action = clap::ArgAction::Append)]
    pub target: Vec<String>,
    /// The public name: Host header, SNI and the name that the certificate must hold
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Ask these addresses, each an instance of its own, instead of those that the name resolves to
    #[arg(long, value_name = "IP:PORT", num_args = 1.., action = clap::ArgAction::Append)]
    pub address: Vec<String>,
    /// Instances to ask (JSON: id, address, port, zone, state); `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub targets: Option<String>,
    /// Life-cycle states of the instances that count; one without a state counts
    #[arg(long, value_name = "STATE", num_args = 1.., action = clap::ArgAction::Append, default_value = "InService")]
    pub states: Vec<String>,
    /// What an instance is called that has only an address, such as this machine's instance id
    #[arg(long, value_name = "ID")]
    pub instance: Option<String>,
    /// Run this program instead of asking a URL: one argument a value, and the last option of the line; `{id}`, `{address}`,
    /// `{port}`, `{host}` are filled in
    #[arg(long, value_name = "ARG", num_args = 1.., action = clap::ArgAction::Append, allow_hyphen_values = true)]
    pub exec: Vec<String>,
    /// Ask IPv4 addresses alone
    #[arg(long, conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// Ask IPv6 addresses alone
    #[arg(long)]
    pub ipv6: bool,
}

/// What is asked.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArguments {
    /// Method
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    pub method: String,
    /// Headers, `Name: value`; never shown
    #[arg(long, value_name = "HEADER", num_args = 1.., action = clap::ArgAction::Append)]
    pub header: Vec<String>,
    /// Body of the request
    #[arg(long, value_name = "TEXT")]
    pub body: Option<String>,
    /// Redirects that are followed; by default none, since a login page would pass for the page
    #[arg(long, value_name = "N", default_value = "0")]
    pub redirects: String,
    /// HTTP version: `auto` (what TLS negotiates), `1.1` or `2`
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub http: String,
    /// Certificates to trust besides the system's (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,
    /// Use no proxy, whatever the environment says
    #[arg(long)]
    pub no_proxy: bool,
    /// The longest time of one probe
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub timeout: String,
    /// Smoke suite (TOML) that is run instead of the one request
    #[arg(long, value_name = "FILE")]
    pub suite: Option<String>,
    /// Run only the suite's steps with one of these tags
    #[arg(long, value_name = "TAG", num_args = 1.., action = clap::ArgAction::Append)]
    pub tags: Vec<String>,
    /// Run the suite so often before it counts, to warm caches
    #[arg(long, value_name = "N", default_value = "0")]
    pub warm: String,
}

/// What a healthy answer looks like.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Expectations")]
pub struct ExpectArguments {
    /// Statuses that are right: `200`, `200,204`, `200-299`, `2xx` [default: 200]
    #[arg(long, value_name = "STATUS")]
    pub expect_status: Option<String>,
    /// Headers that are there: `Name`, or `Name: PATTERN`
    #[arg(long, value_name = "HEADER", num_args = 1.., action = clap::ArgAction::Append)]
    pub expect_header: Vec<String>,
    /// Patterns that match in the body (regular expressions)
    #[arg(long, value_name = "RE", num_args = 1.., action = clap::ArgAction::Append)]
    pub expect_body: Vec<String>,
    /// Texts that stand in the body
    #[arg(long, value_name = "TEXT", num_args = 1.., action = clap::ArgAction::Append)]
    pub expect_text: Vec<String>,
    /// JSON paths (RFC 9535) of the body: `$.status == UP`, or `$.checks[0]`
    #[arg(long, value_name = "PATH", num_args = 1.., action = clap::ArgAction::Append)]
    pub expect_json: Vec<String>,
    /// Size of the body: `1-`, `-100KB`, `1KB-1MB`
    #[arg(long, value_name = "SIZES")]
    pub expect_size: Option<String>,
    /// Pattern of the URL after redirects
    #[arg(long, value_name = "RE")]
    pub expect_url: Option<String>,
    /// Days that every certificate of the chain is still valid
    #[arg(long, value_name = "DAYS")]
    pub expect_certificate_days: Option<String>,
    /// The version that must be deployed, such as the commit
    #[arg(long, value_name = "VERSION")]
    pub expect_version: Option<String>,
    /// Path that tells the version; without one, the target's own answer tells it
    #[arg(long, value_name = "PATH")]
    pub version_path: Option<String>,
    /// JSON path of the version in the body
    #[arg(long, value_name = "PATH")]
    pub version_json: Option<String>,
    /// Header that tells the version
    #[arg(long, value_name = "NAME", conflicts_with = "version_json")]
    pub version_header: Option<String>,
    /// The longest time of each answer
    #[arg(long, value_name = "TIME")]
    pub max_latency: Option<String>,
    /// Bound on a percentile of each instance's passes: `p95=300ms`
    #[arg(long, value_name = "BOUND")]
    pub percentile: Option<String>,
}

/// What makes an instance healthy.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Verdict")]
pub struct VerdictArguments {
    /// Passes in a row that make an instance healthy
    #[arg(long, value_name = "N", default_value = "3")]
    pub passes: String,
    /// Time between the beginnings of two probes of an instance
    #[arg(long, value_name = "TIME", default_value = "1s")]
    pub interval: String,
    /// Share of the interval by which a probe may begin later, at random
    #[arg(long, value_name = "SHARE", default_value = "0%")]
    pub jitter: String,
    /// Failures of an instance that are forgiven [default: any number while waiting, none while holding]
    #[arg(long, value_name = "M")]
    pub max_failures: Option<String>,
    /// How many of the instances must be healthy: a count, or a share such as `80%` [default: all]
    #[arg(long, value_name = "COUNT")]
    pub quorum: Option<String>,
    /// Time at the beginning in which failures do not count
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub grace: String,
}

/// What is kept.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reports to write")]
pub struct RecordArguments {
    /// Keep every sample in FILE, for `replay`
    #[arg(long, value_name = "FILE")]
    pub record: Option<String>,
}

/// `wait` and `probe`
#[derive(Debug, Args)]
pub struct WaitArguments {
    /// Whom to ask.
    #[command(flatten)]
    pub targets: TargetArguments,
    /// What is asked.
    #[command(flatten)]
    pub request: RequestArguments,
    /// What a healthy answer looks like.
    #[command(flatten)]
    pub expect: ExpectArguments,
    /// What makes an instance healthy.
    #[command(flatten)]
    pub verdict: VerdictArguments,
    /// The longest time to wait
    #[arg(long, value_name = "TIME", default_value = "60s", help_heading = "Verdict")]
    pub deadline: String,
    /// Print the samples (`probe` does it anyway)
    #[arg(long, help_heading = "Reports to write")]
    pub emit_samples: bool,
    /// What is kept.
    #[command(flatten)]
    pub record: RecordArguments,
}

/// `hold`
#[derive(Debug, Args)]
pub struct HoldArguments {
    /// Whom to ask.
    #[command(flatten)]
    pub targets: TargetArguments,
    /// What is asked.
    #[command(flatten)]
    pub request: RequestArguments,
    /// What a healthy answer looks like.
    #[command(flatten)]
    pub expect: ExpectArguments,
    /// What makes an instance healthy.
    #[command(flatten)]
    pub verdict: VerdictArguments,
    /// How long it has to stay healthy
    #[arg(long, value_name = "TIME", default_value = "60s", help_heading = "Verdict")]
    pub deadline: String,
    /// What is kept.
    #[command(flatten)]
    pub record: RecordArguments,
}

/// `once`
#[derive(Debug, Args)]
pub struct OnceArguments {
    /// Whom to ask.
    #[command(flatten)]
    pub targets: TargetArguments,
    /// What is asked.
    #[command(flatten)]
    pub request: RequestArguments,
    /// What a healthy answer looks like.
    #[command(flatten)]
    pub expect: ExpectArguments,
    /// How many of the instances must be healthy: a count, or a share such as `80%` [default: all]
    #[arg(long, value_name = "COUNT", help_heading = "Verdict")]
    pub quorum: Option<String>,
    /// What is kept.
    #[command(flatten)]
    pub record: RecordArguments,
}

/// `judge`
#[derive(Debug, Args)]
pub struct JudgeArguments {
    /// Files of samples, one for each machine
    #[arg(value_name = "SAMPLES", num_args = 0.., action = clap::ArgAction::Append)]
    pub samples: Vec<String>,
    /// Instances of which there must be samples (JSON: id, state and the like); `-` is standard input
    #[arg(long, value_name = "FILE", help_heading = "Targets")]
    pub targets: Option<String>,
    /// Life-cycle states of the instances that count; one without a state counts
    #[arg(long, value_name = "STATE", num_args = 1.., action = clap::ArgAction::Append, default_value = "InService", help_heading = "Targets")]
    pub states: Vec<String>,
    /// The version that must be deployed, such as the commit
    #[arg(long, value_name = "VERSION", help_heading = "Expectations")]
    pub expect_version: Option<String>,
    /// How long ago samples may have been taken: those of an earlier release prove nothing
    #[arg(long, value_name = "TIME", default_value = "1h", help_heading = "Verdict")]
    pub max_age: String,
    /// How many of the instances must be healthy: a count, or a share such as `80%` [default: all]
    #[arg(long, value_name = "COUNT", help_heading = "Verdict")]
    pub quorum: Option<String>,
}

/// `replay`
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The recording
    #[arg(value_name = "FILE")]
    pub recording: Option<String>,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail`, `unproven` or `error`." },
    OutputDeclaration { name: "instances", description: "How many instances were asked." },
    OutputDeclaration { name: "healthy", description: "How many of them are healthy." },
    OutputDeclaration { name: "unhealthy", description: "Ids of the instances that are not healthy, one a line." },
    OutputDeclaration { name: "laggards", description: "Ids of the instances with another version, one a line." },
];
