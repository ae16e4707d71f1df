//! What is read of strangers' answers once they are whole, in the open for the fuzz targets.

use crate::exchange::{Exchange, Response};
use crate::suite::Capture;

/// The value that a step captures of an answer, or what was expected and what came.
pub fn captured(capture: &Capture, response: Response) -> Result<String, (String, String)> {
    super::suite_run::captured(capture, &Exchange { response: Some(response), ..Exchange::default() })
}

/// The value of a `Set-Cookie` line when it is long enough to be a secret.
pub fn cookie_value(line: &[u8]) -> Option<String> {
    super::steps::cookie_value(line)
}
