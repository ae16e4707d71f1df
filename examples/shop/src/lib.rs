//! The demo shop that Roadcrew's pipeline is shown on: a small web shop, and the runner of its end-to-end suite.
//!
//! [`store`] is the shop, [`web`] serves it over HTTP/1.1, [`flow`] is the format of the request flows in `e2e/` with
//! their pure reader and checker, [`e2e`] runs them and writes JUnit. All data lives in memory and starts the same in
//! every process; nothing is read but the flow files, nothing is written but the report.

pub mod args;
pub mod e2e;
pub mod flow;
pub mod store;
pub mod web;

use std::env;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use hyper::Uri;
use store::{Config, Shop};

/// Why the program ended without doing its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// 2 for bad input, 3 when the world failed (network, disk).
    pub exit_code: u8,
    /// What went wrong, on one line.
    pub message: String,
}

impl Stop {
    /// The user must change something: exit code 2.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self { exit_code: 2, message: message.into() }
    }

    /// The world failed; the same command may pass later: exit code 3.
    pub fn world(message: impl Into<String>) -> Self {
        Self { exit_code: 3, message: message.into() }
    }
}

/// Longest release id in bytes.
pub const MAX_RELEASE_BYTES: usize = 100;

/// Reads `RELEASE` (the release id, `dev` when unset or empty), `SHOP_FLAKY=1`, `SHOP_BREAK=checkout` and `ASSETS_POINTER`, an
/// `http` address.
///
/// # Errors
/// Exit code 2 for a value that is none of these.
pub fn config_from_env() -> Result<Config, Stop> {
    let set = |name: &str| {
        env::var_os(name).filter(|value| !value.is_empty()).map(|value| value.to_string_lossy().into_owned())
    };
    let release = set("RELEASE").unwrap_or_else(|| "dev".to_owned());
    let is_release = release.len() <= MAX_RELEASE_BYTES
        && release.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if !is_release {
        return Err(Stop::bad_input(format!(
            "RELEASE={release:?}: use A-Z, a-z, 0-9, `.`, `_` and `-`, at most {MAX_RELEASE_BYTES}"
        )));
    }
    let flaky = match set("SHOP_FLAKY").as_deref() {
        None | Some("0") => false,
        Some("1") => true,
        Some(other) => return Err(Stop::bad_input(format!("SHOP_FLAKY={other:?}: use 1"))),
    };
    let break_checkout = match set("SHOP_BREAK").as_deref() {
        None => false,
        Some("checkout") => true,
        Some(other) => return Err(Stop::bad_input(format!("SHOP_BREAK={other:?}: use checkout"))),
    };
    let assets_pointer = match set("ASSETS_POINTER") {
        None => None,
        Some(address) => match address.parse::<Uri>() {
            Ok(uri) if uri.scheme_str() == Some("http") && uri.host().is_some() => Some(uri),
            _ => return Err(Stop::bad_input(format!("ASSETS_POINTER={address:?}: use an http address"))),
        },
    };
    Ok(Config { release, flaky, break_checkout, assets_pointer })
}

/// `shop serve`: prints `http://ADDRESS:PORT` on one line and serves until SIGTERM or SIGINT.
///
/// # Errors
/// Exit code 3 when the port is taken, the published assets can't be found, or requests were still under way [`web::server::STOP_TIMEOUT`] after the signal.
pub fn serve(args: &args::Serve, config: Config) -> Result<ExitCode, Stop> {
    let failed = |error: std::io::Error| Stop::world(format!("can't serve on {}:{}: {error}", args.host, args.port));
    let runtime = web::server::runtime().map_err(failed)?;
    let shop = Arc::new(Shop::new(config));
    let all_finished = runtime.block_on(async {
        let listener = web::server::listen(args.host, args.port).await.map_err(failed)?;
        let stop = web::server::stop_signal().map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        if let Some(pointer) = shop.config.assets_pointer.clone() {
            let followed = web::pointer::follow(Arc::clone(&shop), pointer).await;
            followed.map_err(|why| Stop::world(format!("no published assets: {why}")))?;
        }
        // Whoever closed the standard output knows the address.
        let _ = writeln!(std::io::stdout(), "http://{address}");
        Ok(web::server::serve(shop, listener, stop).await)
    })?;
    if all_finished { Ok(ExitCode::SUCCESS) } else { Err(Stop::world("stopped before all requests were answered")) }
}
