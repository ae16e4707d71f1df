//! One renderer for each host, all fed from the same [`crate::Report`].

pub mod bitbucket;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod terminal;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
