//! The shop itself, without HTTP: catalogue, baskets, accounts, orders, stock.
//!
//! All data lives in memory and starts the same in every process: the same requests in the same order give the same
//! answers. That also means that session ids can be guessed; this is a demo and must not serve real customers.

pub mod account;
pub mod asset_urls;
pub mod basket;
pub mod catalogue;
pub mod order;
pub mod payment;
pub mod report;
pub mod search;
pub mod session;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use account::Accounts;
use asset_urls::AssetUrls;
use catalogue::Catalogue;
use hyper::Uri;
use order::Order;
use session::Sessions;

/// What the environment asks of the shop. Read once, by `main`, so that the shop itself has no hidden inputs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Release id that `/__release`, `/healthz` and the asset links show: 1 to 100 of `A-Z a-z 0-9 . _ -`.
    pub release: String,
    /// The first request for recommendations in the life of the process answers 503 (for the demo of retries).
    pub flaky: bool,
    /// Every checkout answers 500 (for the demo of a red pipeline).
    pub break_checkout: bool,
    /// `http` address of the pointer that says where the static files were published; without it the shop serves them itself.
    pub assets_pointer: Option<Uri>,
}

impl Default for Config {
    fn default() -> Self {
        Self { release: "dev".to_owned(), flaky: false, break_checkout: false, assets_pointer: None }
    }
}

/// A request that the shop declines, as the client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// Stable machine-readable code in snake case.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
}

impl Problem {
    /// A problem with this HTTP `status`, `code` and `message`.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 404: there is no such `thing`.
    pub fn not_found(thing: &str) -> Self {
        Self::new(404, "not_found", format!("there is no such {thing}"))
    }

    /// 401: the visitor is not logged in.
    pub fn login_required() -> Self {
        Self::new(401, "login_required", "please log in")
    }
}

/// The running shop, shared by all connections.
#[derive(Debug)]
pub struct Shop {
    /// What the environment asked for.
    pub config: Config,
    /// The products; they never change, only their stock does.
    pub catalogue: Catalogue,
    /// Where browsers find the static files.
    pub assets: AssetUrls,
    state: Mutex<State>,
}

/// Everything that requests change.
#[derive(Debug)]
pub struct State {
    /// Pieces in stock, by index in the catalogue.
    pub stock: Vec<u32>,
    /// Visitors and their baskets.
    pub sessions: Sessions,
    /// Registered customers, and the administrator.
    pub accounts: Accounts,
    /// Orders by number, from 1.
    pub orders: BTreeMap<u64, Order>,
    /// Whether recommendations have already failed once; only used when `Config::flaky`.
    pub has_failed_once: bool,
}

impl Shop {
    /// A shop with its initial catalogue and stock, no visitors and one account, the administrator's.
    pub fn new(config: Config) -> Self {
        let catalogue = Catalogue::generate();
        let state = State {
            stock: catalogue.products().iter().map(|product| product.initial_stock).collect(),
            sessions: Sessions::default(),
            accounts: Accounts::with_admin(),
            orders: BTreeMap::new(),
            has_failed_once: false,
        };
        Self { config, catalogue, assets: AssetUrls::default(), state: Mutex::new(state) }
    }

    /// The changeable part. Hold it briefly: slow work (hashing, searching, rendering) is done without it.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has answered 500; the data it left is still the demo's best, so serving goes on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
