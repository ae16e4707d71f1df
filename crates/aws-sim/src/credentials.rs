//! The key pairs that may sign.

use crate::clock::parse_amz_date;
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3ErrorCode, S3Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The access key that is known from the start; the example of AWS's documentation.
pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret.
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A key pair, with a session token if it is temporary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The access key id.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
    /// The session token that must come with it.
    pub session_token: Option<String>,
    /// Seconds since 1970 from which on it is refused.
    pub expires_s: Option<i64>,
}

/// What a request says of its signer, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signer {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: String,
    /// Seconds since 1970.
    pub(crate) signed_s: Option<i64>,
    pub(crate) amz_date: String,
    pub(crate) token: Option<String>,
    pub(crate) presigned: bool,
}

/// Reads `Authorization` or the query of a presigned URL. `None`: it is not signed with version 4.
pub(crate) fn signer(headers: &HeaderMap, query: Option<&str>) -> Option<Signer> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let parameter = |name: &str| {
        let pairs = query.unwrap_or("").split('&');
        let found = pairs.filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name);
        found.map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
    };
    let (scope, amz_date, token, presigned) = match header("authorization") {
        Some(text) => {
            let text = text.strip_prefix("AWS4-HMAC-SHA256")?.to_owned();
            let scope = text.split(',').find_map(|part| part.trim().strip_prefix("Credential=").map(str::to_owned))?;
            (scope, header("x-amz-date").unwrap_or_default(), header("x-amz-security-token"), false)
        }
        None => {
            let scope = parameter("X-Amz-Credential")?;
            (scope, parameter("X-Amz-Date").unwrap_or_default(), parameter("X-Amz-Security-Token"), true)
        }
    };
    // The access key comes first and may hold no slash; the rest is counted from the end.
    let mut parts = scope.split('/');
    let (access_key, _date) = (parts.next()?, parts.next()?);
    let (region, service) = (parts.next()?, parts.next()?);
    Some(Signer {
        access_key: access_key.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
        signed_s: parse_amz_date(&amz_date),
        amz_date,
        token,
        presigned,
    })
}

/// Why a signer is refused before its signature is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bad {
    UnknownKey,
    Token,
    Expired,
}

/// The known key pairs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    known: Arc<Mutex<BTreeMap<String, KeyPair>>>,
}

impl Credentials {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, KeyPair>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, pair: KeyPair) {
        self.lock().insert(pair.access_key.clone(), pair);
    }

    pub(crate) fn secret(&self, access_key: &str) -> Option<String> {
        self.lock().get(access_key).map(|pair| pair.secret_key.clone())
    }

    /// Lets every temporary pair end now.
    pub(crate) fn expire_sessions(&self, now_s: i64) {
        for pair in self.lock().values_mut().filter(|pair| pair.session_token.is_some()) {
            pair.expires_s = Some(pair.expires_s.map_or(now_s, |known| known.min(now_s)));
        }
    }

    /// Checks all but the signature.
    pub(crate) fn check(&self, signer: &Signer, now_s: i64) -> Result<(), Bad> {
        let known = self.lock();
        let Some(pair) = known.get(&signer.access_key) else { return Err(Bad::UnknownKey) };
        match (&pair.session_token, &signer.token) {
            (None, None) => {}
            (Some(known), Some(given)) if known == given => {}
            (Some(_), None) => return Err(Bad::UnknownKey),
            _ => return Err(Bad::Token),
        }
        if pair.expires_s.is_some_and(|expires| now_s >= expires) {
            return Err(Bad::Expired);
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl S3Auth for Credentials {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        self.secret(access_key).map(SecretKey::from).ok_or_else(|| {
            crate::error::refusal(
                S3ErrorCode::InvalidAccessKeyId,
                "The AWS Access Key Id you provided does not exist in our records.",
            )
        })
    }
}
