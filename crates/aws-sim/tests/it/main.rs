//! The simulator driven as a client drives AWS: over a socket, with requests signed by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod client;
mod conditions;
mod faults;
mod kill_points;
mod load;
mod multipart;
mod objects;
mod refusals;
mod services;
