//! Health probing: what is asked of whom, the samples that come back, and the verdict over them.
//!
//! The verdict is PURE: [`verdict`] sees rules and events alone, so that a recording gives the same answer anywhere and at
//! any time. EFFECTS are in [`exchange`] (one request on a socket of its own), [`mod@probe`] (the requests that one sample
//! takes) and [`rounds`] (all members at their times). A new connection is made for every exchange, so that no answer stands
//! for another.

#[cfg(test)]
extern crate self as kit_probe;

#[cfg(test)]
mod corpora;
pub mod event;
pub mod exchange;
pub mod expectation;
pub mod probe;
pub mod recording;
pub mod rounds;
pub mod suite;
pub mod target;
pub mod verdict;
