//! Changes the world: the bucket, a CDN, a folder. EFFECTS; takes no decisions.

pub mod activate;
pub mod delete;
pub mod encode;
pub mod local;
pub mod purge;
pub mod record;
pub mod upload;
