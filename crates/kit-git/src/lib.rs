//! Reads the repository of the checkout without a git binary, and tells what the change under review is compared with.
//!
//! [`plan`] is PURE: which commit is the base, from what the host says of the build, and the change as plain data.
//! [`observe`] reads the world, and changes nothing: git's own files, the host's event, and files of the repository as the
//! base branch has them. [`observe::review::review`] does all of it in one step.

pub mod error;
pub mod observe;
pub mod plan;

pub use error::Error;
