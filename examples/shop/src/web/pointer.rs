//! Follows the pointer of published assets: an object in a bucket that says which release of them is live. Pages then name that
//! release's files, from one request to the next, and no shop is restarted for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use serde::Deserialize;

use crate::e2e::client::{Client, Outgoing};
use crate::store::Shop;
use crate::store::asset_urls::Published;

/// How often it is asked for.
const INTERVAL: Duration = Duration::from_millis(200);

/// The parts of the pointer that count here.
#[derive(Debug, Deserialize)]
struct Pointer {
    version: String,
    /// Key of the release's record; its last part lies in `releases/` beside the pointer.
    manifest: String,
    /// What the keys of the record are appended to.
    base_url: String,
}

/// The parts of a release's record that count here.
#[derive(Debug, Deserialize)]
struct Record {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Deserialize)]
struct File {
    key: String,
}

/// What the pointer at `address` leads to, unless it still holds the value `known`.
///
/// # Errors
/// One line that says why nobody can tell.
pub async fn look(client: &mut Client, address: &Uri, known: &str) -> Result<Option<Published>, String> {
    let pointer: Pointer = read(client, address.path()).await?;
    if pointer.version == known {
        return Ok(None);
    }
    let folder = address.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = pointer.manifest.rsplit('/').next().unwrap_or_default();
    let record: Record = read(client, &format!("{folder}/releases/{name}")).await?;
    let base = &pointer.base_url;
    let urls = record.files.into_iter().map(|(path, file)| (path, format!("{base}{}", file.key)));
    Ok(Some(Published { version: pointer.version, urls: urls.collect() }))
}

async fn read<T: serde::de::DeserializeOwned>(client: &mut Client, path: &str) -> Result<T, String> {
    let outgoing = Outgoing { method: "GET".to_owned(), target: path.to_owned(), ..Outgoing::default() };
    let response = client.send(&outgoing).await?;
    if response.status != 200 {
        return Err(format!("{path}: status {}", response.status));
    }
    serde_json::from_str(&response.body).map_err(|error| format!("{path}: {error}"))
}

/// Looks once, and then again and again until the shop ends.
///
/// # Errors
/// The first look found nothing: a shop without its assets should not begin. Later ones keep what is known.
pub async fn follow(shop: Arc<Shop>, address: Uri) -> Result<(), String> {
    let mut client = Client::new(address.clone());
    let first = look(&mut client, &address, "").await?.unwrap_or_default();
    let mut known = first.version.clone();
    shop.assets.set(first);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if let Ok(Some(published)) = look(&mut client, &address, &known).await {
                known.clone_from(&published.version);
                shop.assets.set(published);
            }
        }
    });
    Ok(())
}
