//! What can go wrong between us and AWS, in words that say what, where and what to do.

/// Why a call failed. Texts from servers are cut to one line; none holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An input that makes no sense, found before anything was sent.
    #[error("{0}")]
    Input(String),
    /// No credentials were found, or the role was not given.
    #[error("no AWS credentials: {0}")]
    Credentials(String),
    /// 412: the object is there already, or is not the one that was expected. With more than one attempt an earlier
    /// attempt of this very call may have written it and its answer been lost: compare before blaming anybody.
    #[error("{what}: the object is not as the condition wants it ({attempts} attempts)")]
    PreconditionFailed {
        /// The call, as `PUT s3://bucket/key`.
        what: String,
        /// How often the request was sent, from 1.
        attempts: u32,
    },
    /// 409, still after all attempts: somebody else writes the same key at this time.
    #[error("{what}: another writer is at the same key; try again")]
    Conflict {
        /// The call.
        what: String,
    },
    /// 403: these credentials may not do this.
    #[error("{what} is denied ({code}): {message}")]
    Denied {
        /// The call.
        what: String,
        /// The service's code, such as `AccessDenied`; empty when the answer had no body (HEAD).
        code: String,
        /// The service's own words.
        message: String,
    },
    /// 404: no such bucket.
    #[error("{what}: no bucket of this name; check the bucket and the account")]
    NoSuchBucket {
        /// The call.
        what: String,
    },
    /// 404: no such key, or upload. The calls that may miss an object answer `None` instead.
    #[error("{what}: not found")]
    NoSuchKey {
        /// The call.
        what: String,
    },
    /// The bucket lies in another region.
    #[error("{what}: the bucket is not in {asked}{}", told(region))]
    WrongRegion {
        /// The call.
        what: String,
        /// The region that was asked.
        asked: String,
        /// The bucket's region where the answer told it.
        region: Option<String>,
    },
    /// The session ended, and renewing it did not help.
    #[error("{what}: the session has expired and could not be renewed; get new credentials and run again")]
    Expired {
        /// The call.
        what: String,
    },
    /// This machine's clock is wrong, and going by the service's clock did not help.
    #[error("{what}: this machine's clock is {skew_s} s away from the service's; set it right")]
    ClockSkew {
        /// The call.
        what: String,
        /// Service minus us, in seconds.
        skew_s: i64,
    },
    /// Any other answer that is not a success, after all attempts.
    #[error("{what}: {status} {code}: {message}")]
    Refused {
        /// The call.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The service's code; empty when there was none.
        code: String,
        /// The service's words.
        message: String,
    },
    /// An answer is longer than the caller allows.
    #[error("{what}: the answer is longer than {limit_bytes} bytes")]
    BodyTooLarge {
        /// The call.
        what: String,
        /// The caller's limit.
        limit_bytes: u64,
    },
    /// An answer that the API does not allow.
    #[error("{what}: the answer makes no sense: {why}")]
    Malformed {
        /// The call.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file is no longer what it was when it was hashed. Nothing of it was published.
    #[error("{path} changed while it was being sent; nothing of it was published")]
    Changed {
        /// The file, or the call when an object changed.
        path: String,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {why}")]
    File {
        /// The file.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// No connection, no answer, or half an answer, after all attempts.
    #[error("{0}")]
    Network(String),
}

/// The second half of the sentence about a wrong region.
fn told(region: &Option<String>) -> String {
    match region {
        Some(region) => format!(" but in {region}: give that region"),
        None => "; give the region it is in".to_owned(),
    }
}

impl Error {
    /// Whether the caller's input is at fault (credentials, names, rights, clock) rather than the network or the service.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            Error::Network(_)
                | Error::Refused { .. }
                | Error::Malformed { .. }
                | Error::Conflict { .. }
                | Error::PreconditionFailed { .. }
                | Error::Expired { .. }
                | Error::Changed { .. }
                | Error::File { .. }
        )
    }
}

/// Texts of servers are shown up to this many characters: enough for the longest sentence of S3, not for a page.
const SHOWN_CHARACTERS: usize = 300;

/// One line of bounded length from a text of outside.
pub(crate) fn shown(text: &str) -> String {
    let mut line = String::new();
    for character in text.trim().chars().take(SHOWN_CHARACTERS) {
        line.push(if character.is_control() { ' ' } else { character });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_outside_is_one_bounded_line() {
        assert_eq!(shown(" a\r\n::error::b\u{1b}[0m "), "a  ::error::b [0m");
        assert_eq!(shown(&"x".repeat(4000)).len(), SHOWN_CHARACTERS);
    }

    #[test]
    fn a_wrong_region_names_the_right_one() {
        let mut error = Error::WrongRegion { what: "GET s3://b/k".into(), asked: "eu-west-1".into(), region: None };
        assert_eq!(error.to_string(), "GET s3://b/k: the bucket is not in eu-west-1; give the region it is in");
        if let Error::WrongRegion { region, .. } = &mut error {
            *region = Some("us-east-2".into());
        }
        assert_eq!(
            error.to_string(),
            "GET s3://b/k: the bucket is not in eu-west-1 but in us-east-2: give that region"
        );
    }
}
