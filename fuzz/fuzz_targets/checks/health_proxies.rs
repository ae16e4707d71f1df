//! What must hold for any values of the variables of proxies; used by the fuzz target and by the replay of its corpus.

use healthcheck::observe::proxies;
use kit_host::Environment;
use kit_probe::exchange::{Family, HttpVersion, Network, Settings};
use std::time::Duration;

const NAMES: [&str; 7] =
    ["http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "NO_PROXY", "REQUEST_METHOD"];
const URLS: [&str; 4] = ["http://a.test/", "https://b.a.test:8443/", "http://10.1.2.3/", "https://[fd12::1]/"];
const OWN: [&str; 4] = ["http://localhost/", "http://127.1.2.3/", "https://[::1]:8443/", "https://localhost./"];

/// One line a variable. Reading never panics; an error holds no value; what is said of a proxy has no password; this machine is
/// asked without one. Gives whether there is a proxy.
pub fn check(data: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(data).ok()?;
    let env: Environment =
        NAMES.iter().zip(text.lines()).map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect();
    let proxies = match proxies(&env) {
        Ok(proxies) => proxies,
        Err(error) => {
            let said = error.to_string();
            assert!(!text.lines().any(|line| line.len() > 20 && said.contains(line)), "{said}");
            return None;
        }
    };
    let network = Network::new(Settings {
        timeout: Duration::from_secs(1),
        max_body_bytes: 1,
        ca_file: None,
        proxies,
        http: HttpVersion::Negotiated,
        family: Family::Any,
    });
    let of = |url: &str| url::Url::parse(url).ok().and_then(|url| network.proxy_of(&url));
    assert!(OWN.iter().all(|url| of(url).is_none()), "{text}");
    let shown: Vec<String> = URLS.iter().filter_map(|url| of(url)).collect();
    // Host and port alone: no user, no password.
    assert!(!shown.iter().any(|shown| shown.contains(['@', '/'])), "{shown:?}");
    Some(!shown.is_empty())
}
