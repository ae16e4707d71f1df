//! Decides. PURE.
#![warn(clippy::disallowed_methods)]

pub mod compare;
pub mod decide;
pub mod expression;
pub mod first_policy;
pub mod judge;
pub mod judgement;
pub mod known;
pub mod license;
pub mod package;
pub mod policy;
pub mod purl;
pub mod statement;
pub mod text;
pub mod verdict;
pub mod version_range;
