//! Decides: names, what has to be sent, and in which order. PURE.
#![warn(clippy::disallowed_methods)]

pub mod activation;
pub mod content_types;
pub mod delta;
pub mod digest;
pub mod fingerprint;
pub mod globs;
pub mod graph;
pub mod hashed_names;
pub mod header_sets;
pub mod headers;
pub mod http_date;
pub mod jobs;
pub mod manifests;
pub mod naming;
pub mod object_headers;
pub mod options;
pub mod outcome;
pub mod place;
pub mod pointer;
pub mod price;
pub mod prune;
pub mod publication;
pub mod pull;
pub mod purge;
pub mod record;
pub mod references;
pub mod release_id;
pub mod resolve;
pub mod rollback;
pub mod summary;
pub mod tree;
pub mod verify;

#[cfg(test)]
pub(crate) mod samples;
