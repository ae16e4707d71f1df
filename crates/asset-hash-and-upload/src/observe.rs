//! Reads the world: the tree, and what the bucket says of earlier releases. EFFECTS, changes nothing.

pub mod digests;
pub mod local;
pub mod manifests;
pub mod references;
pub mod releases;
pub mod tree;
