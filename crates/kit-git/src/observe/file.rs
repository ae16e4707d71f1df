//! Reads one file whole, within bounds.

use crate::error::Error;
use std::io::Read;

/// Bytes of a file, at most `limit_bytes`. Errors: exit 2 when it is larger or not there, exit 3 when the system refuses.
pub fn bytes(path: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
    let failed = |err: std::io::Error| match err.kind() {
        std::io::ErrorKind::NotFound => Error::file(path, None, "there is no such file"),
        _ => Error::World { what: "read", path: path.to_owned(), why: err.to_string() },
    };
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().take(limit_bytes + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit_bytes + 1).read_to_end(&mut bytes))
    };
    read.map_err(failed)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(Error::file(path, None, format!("it is larger than {limit_bytes} bytes")));
    }
    Ok(bytes)
}
