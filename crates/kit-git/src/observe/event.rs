//! GitHub's event: what started the build, as JSON.

use super::file;
use crate::error::Error;
use kit_host::Environment;
use std::path::Path;

/// Bytes of GitHub's event; the documented limit of a webhook's payload is 25 MB.
const EVENT_BYTES: u64 = 25 << 20;

/// What the file of `GITHUB_EVENT_PATH` holds, for [`crate::plan::base::HostView::read`]. `None` on other hosts, and when
/// the file is not there or no JSON. Errors: it is larger than GitHub makes it, or the system refuses to read it.
pub fn event(env: &Environment) -> Result<Option<serde_json::Value>, Error> {
    let Some(path) = env.get("GITHUB_EVENT_PATH").filter(|_| env.get("GITHUB_ACTIONS") == Some("true")) else {
        return Ok(None);
    };
    // The event adds to what the variables say; without it the base branch's name is still known.
    if !Path::new(path).is_file() {
        return Ok(None);
    }
    Ok(serde_json::from_slice(&file::bytes(path, EVENT_BYTES)?).ok())
}
