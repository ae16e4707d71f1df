//! An OIDC endpoint like that of GitHub's runners: `GET <url>&audience=<audience>` with a bearer gives a token
//! (<https://docs.github.com/en/actions/reference/security/oidc>).

use crate::front::{Answer, json, text};
use crate::server::Shared;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where it is.
pub(crate) const PATH: &str = "/_oidc/";
/// The bearer that is known unless told otherwise.
pub const DEFAULT_BEARER: &str = "sim-request-token";
/// How long a token is good for, as GitHub's are: five minutes.
const LIFE_S: i64 = 300;

/// Gives tokens.
#[derive(Debug)]
pub(crate) struct Oidc {
    bearer: String,
    given: AtomicU64,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) audience: String,
    pub(crate) expires_s: i64,
}

impl Oidc {
    pub(crate) fn new(bearer: String) -> Oidc {
        Oidc { bearer, given: AtomicU64::new(0) }
    }

    /// A token in the form of a JWT. Its signature is a word that only says who made it.
    pub(crate) fn mint(&self, issuer: &str, audience: &str, now_s: i64) -> String {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({ "alg": "RS256", "typ": "JWT", "kid": "sim" }));
        let claims = part(json!({
            "aud": audience,
            "exp": now_s + LIFE_S,
            "iat": now_s,
            "iss": issuer,
            "jti": number.to_string(),
            "sub": "repo:example/shop:ref:refs/heads/main",
        }));
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(SIGNATURE))
    }
}

const SIGNATURE: &str = "signed by aws-sim";

/// Reads a token that [`Oidc::mint`] gave. `None`: it is another's.
pub(crate) fn read(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if signature != URL_SAFE_NO_PAD.encode(SIGNATURE) {
        return None;
    }
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some(Claims { audience: claims["aud"].as_str()?.to_owned(), expires_s: claims["exp"].as_i64()? })
}

/// Serves the endpoint.
pub(crate) fn serve<B>(shared: &Shared, request: &Request<B>) -> Answer {
    let given = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
    let bearer = given.strip_prefix("Bearer ").or_else(|| given.strip_prefix("bearer "));
    if bearer != Some(shared.oidc.bearer.as_str()) {
        return text(StatusCode::UNAUTHORIZED, "the bearer is not known");
    }
    let query = request.uri().query().unwrap_or("");
    let audience = query.split('&').find_map(|pair| pair.strip_prefix("audience="));
    let audience = percent_decode_str(audience.unwrap_or("https://github.com/example")).decode_utf8_lossy();
    let issuer = format!("{}/_oidc", shared.url);
    let token = shared.oidc.mint(&issuer, &audience, shared.clock.now_s());
    json(StatusCode::OK, &json!({ "count": token.len(), "value": token }))
}
