//! The shop over HTTP: routes and pages on top of [`crate::store`], and the server that serves them.

pub mod admin;
pub mod api;
pub mod asset;
pub mod page;
pub mod pointer;
pub mod request;
pub mod response;
pub mod route;
pub mod server;
