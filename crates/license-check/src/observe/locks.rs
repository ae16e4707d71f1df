//! One reader for each format of list: `pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault>`. They look at nothing but
//! the bytes. `path` is what [`crate::plan::package::Place::path`] shall say.

pub mod bun;
pub mod cargo;
pub mod composer;
pub mod cyclonedx;
pub mod gemfile;
pub mod go;
pub mod gradle;
pub mod maven;
pub mod npm;
pub mod nuget;
pub mod pdm;
pub mod pipfile;
pub mod pnpm;
pub mod poetry;
pub mod pylock;
pub mod python;
pub mod requirements;
pub mod spdx_json;
mod text;
pub mod uv;
pub mod yarn;
