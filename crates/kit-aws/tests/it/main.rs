//! The clients against servers that lose, delay, refuse and lie.

mod clock_and_session;
mod files;
mod objects;
mod plain;
mod roles;
mod server;
mod simulator;
mod tls;
mod trouble;
