//! A simulated AWS on loopback: S3, and as much of STS, CloudFront and Cloudflare as a publisher of assets meets. It is
//! for tests, benches and demonstrations. It holds everything in memory, counts every request, and goes wrong on demand.
//!
//! One port serves all: S3 in path style at `/<bucket>/<key>`, STS at `POST /`, an OIDC endpoint like GitHub's at
//! `/_oidc/token`, CloudFront at `/2020-05-31/distribution/<id>/invalidation`, Cloudflare at `/client/v4/zones/`, stored
//! objects as a website at `/_cdn/<bucket>/<key>`, and the simulator's own controls at `/_sim/` (see [`Control`]).

mod backend;
mod cdn;
mod clock;
mod cloudflare;
mod cloudfront;
mod control;
mod credentials;
mod error;
mod faults;
mod front;
mod kind;
mod ledger;
mod life;
mod oidc;
mod server;
pub mod sigv4;
mod store;
mod sts;

pub use cdn::CdnOptions;
pub use clock::MAX_SKEW_S;
pub use cloudflare::{CloudflareOptions, Purge};
pub use cloudfront::{CloudFrontOptions, Invalidation};
pub use control::{Control, ObjectView, Snapshot};
pub use credentials::{ACCESS_KEY, KeyPair, SECRET_KEY};
pub use faults::{Fault, KillMode, Rule, Select};
pub use kind::Kind;
pub use ledger::{Counts, Record};
pub use oidc::DEFAULT_BEARER;
pub use server::{Ended, Sim, SimOptions};
pub use store::{BucketOptions, DEFAULT_OWNER};
pub use sts::{KnownToken, StsOptions};
