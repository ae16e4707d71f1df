//! The one way to AWS. EFFECTS, but for the files that say PURE.
//!
//! [`config`] finds credentials, region and endpoint and gives an [`Aws`]; [`s3`] and [`cloudfront`] make the calls that the
//! tools need; [`http`] makes plain requests with the same client, time-outs and retries; [`recorder`] counts what was
//! sent. Whether a call is made again, and after how long, is decided in [`retry`] (PURE).
//!
//! Credentials come from `aws-config` and `aws-sdk-sts`, signatures from `aws-sigv4`, connections from
//! `aws-smithy-http-client`. S3 itself is spoken here rather than by `aws-sdk-s3`, whose PUT of 11 KB costs four times the
//! processor time.
//!
//! No key, token or signature is ever part of an error, of a `Debug` output or of a log.

pub mod cloudfront;
pub mod config;
pub mod error;
pub mod http;
pub mod recorder;
pub mod retry;
pub mod s3;
pub mod sign;

mod body;
mod call;
mod credentials;
mod web_identity;

pub use body::Body;
pub use config::{Aws, CiIdentity, ConnectionOptions, connect};
pub use error::Error;
