//! STS: AssumeRoleWithWebIdentity and GetCallerIdentity
//! (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).

use crate::clock::iso_date;
use crate::credentials::{KeyPair, signer};
use crate::front::{Answer, small_body, xml, xml_text};
use crate::oidc;
use crate::server::Shared;
use crate::sigv4::{sha256_hex, verified};
use crate::store::DEFAULT_OWNER;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The shortest session that can be asked for, in seconds; from AWS's reference of the call.
const MIN_DURATION_S: i64 = 900;
/// How long a session lasts that asks for nothing; from the same page.
const DEFAULT_DURATION_S: i64 = 3600;

/// How STS is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsOptions {
    /// The roles that can be taken; empty: every one.
    pub roles: Vec<String>,
    /// The audience that the roles' provider trusts.
    pub audience: String,
    /// The longest session that a role allows, in seconds.
    pub max_duration_s: i64,
    /// How many sessions are given before STS throttles; `None`: no bound.
    pub quota: Option<u64>,
}

impl Default for StsOptions {
    fn default() -> StsOptions {
        StsOptions { roles: Vec::new(), audience: "sts.amazonaws.com".to_owned(), max_duration_s: 3600, quota: None }
    }
}

/// A web-identity token of another provider, such as GitLab's or Bitbucket's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownToken {
    /// The token itself.
    pub token: String,
    /// What it is meant for.
    pub audience: String,
    /// Seconds since 1970 from which on it is refused.
    pub expires_s: i64,
    /// Whether the role's trust policy refuses it.
    pub denied: bool,
}

#[derive(Debug, Default)]
struct Inner {
    tokens: BTreeMap<String, KnownToken>,
    sessions: u64,
}

/// Its state.
#[derive(Debug)]
pub(crate) struct Sts {
    options: StsOptions,
    inner: Mutex<Inner>,
}

/// An answer that is a refusal: status, code, message.
type Refused = (StatusCode, &'static str, String);

impl Sts {
    pub(crate) fn new(options: StsOptions) -> Sts {
        Sts { options, inner: Mutex::default() }
    }

    pub(crate) fn add_token(&self, token: KnownToken) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.tokens.insert(token.token.clone(), token);
    }

    /// The number of the session that is given now. Errors: the quota is used up.
    fn session(&self) -> Result<u64, Refused> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if self.options.quota.is_some_and(|quota| inner.sessions >= quota) {
            return Err((StatusCode::BAD_REQUEST, "Throttling", "Rate exceeded".to_owned()));
        }
        inner.sessions += 1;
        Ok(inner.sessions)
    }

    fn check(&self, token: &str, now_s: i64) -> Result<(), Refused> {
        let known = self.inner.lock().unwrap_or_else(PoisonError::into_inner).tokens.get(token).cloned();
        let known = known.or_else(|| {
            let claims = oidc::read(token)?;
            let (audience, expires_s) = (claims.audience, claims.expires_s);
            Some(KnownToken { token: token.to_owned(), audience, expires_s, denied: false })
        });
        let invalid = |message: &str| Err((StatusCode::BAD_REQUEST, "InvalidIdentityToken", message.to_owned()));
        let Some(known) = known else {
            return invalid("No OpenIDConnect provider found in your account for this token's issuer");
        };
        if known.audience != self.options.audience {
            return invalid("Incorrect token audience");
        }
        if now_s >= known.expires_s {
            let message = format!(
                "Token expired: current date/time {now_s} must be before the expiration date/time {}",
                known.expires_s
            );
            return Err((StatusCode::BAD_REQUEST, "ExpiredTokenException", message));
        }
        if known.denied {
            return Err(not_authorized());
        }
        Ok(())
    }
}

fn not_authorized() -> Refused {
    let message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    (StatusCode::FORBIDDEN, "AccessDenied", message.to_owned())
}

/// A refusal of STS's.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    let kind = if status.is_server_error() { "Receiver" } else { "Sender" };
    xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{}</Message></Error><RequestId>SIM</RequestId></ErrorResponse>",
            xml_text(message)
        ),
    )
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Serves a call.
pub(crate) async fn serve(shared: &Shared, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let Some(body) = small_body(body).await else {
        return error(StatusCode::BAD_REQUEST, "MalformedInput", "The body broke off or is too large.");
    };
    let text = String::from_utf8_lossy(&body);
    let form: BTreeMap<String, String> = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let outcome = match field("Action") {
        "AssumeRoleWithWebIdentity" => {
            let duration_s = form.get("DurationSeconds").map_or(Ok(DEFAULT_DURATION_S), |text| text.parse::<i64>());
            assume(
                shared,
                field("RoleArn"),
                field("RoleSessionName"),
                field("WebIdentityToken"),
                duration_s.unwrap_or(0),
            )
        }
        "GetCallerIdentity" => identity(shared, &parts, &body),
        other => Err((
            StatusCode::BAD_REQUEST,
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    };
    outcome.unwrap_or_else(|(status, code, message)| error(status, code, &message))
}

fn assume(shared: &Shared, role: &str, session_name: &str, token: &str, duration_s: i64) -> Result<Answer, Refused> {
    let sts = &shared.sts;
    let invalid = |what: String| Err((StatusCode::BAD_REQUEST, "ValidationError", what));
    if !role.starts_with("arn:") || role.len() < 20 {
        return invalid(format!("{role} is invalid"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@-_".contains(&byte);
    if !(2..=64).contains(&session_name.len()) || !session_name.bytes().all(plain) {
        return invalid(format!(
            "1 validation error detected: Value '{session_name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        ));
    }
    if duration_s < MIN_DURATION_S {
        return invalid(format!(
            "1 validation error detected: Value '{duration_s}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"
        ));
    }
    if duration_s > sts.options.max_duration_s {
        return invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.".to_owned());
    }
    let now_s = shared.clock.now_s();
    sts.check(token, now_s)?;
    if !sts.options.roles.is_empty() && !sts.options.roles.iter().any(|known| known == role) {
        return Err(not_authorized());
    }
    let number = sts.session()?;
    let expires_s = now_s + duration_s;
    let pair = KeyPair {
        access_key: format!("ASIASIM{number:013}"),
        secret_key: sha256_hex(format!("secret {number} {expires_s}").as_bytes()).chars().take(40).collect(),
        session_token: Some(format!("session/{}", sha256_hex(format!("token {number} {expires_s}").as_bytes()))),
        expires_s: Some(expires_s),
    };
    let assumed = role.replacen(":iam:", ":sts:", 1).replacen(":role/", ":assumed-role/", 1);
    let answer = xml(
        StatusCode::OK,
        format!(
            "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult><SubjectFromWebIdentityToken>repo:example/shop</SubjectFromWebIdentityToken><Audience>{}</Audience><AssumedRoleUser><Arn>{}/{session_name}</Arn><AssumedRoleId>AROASIM:{session_name}</AssumedRoleId></AssumedRoleUser><Credentials><SessionToken>{}</SessionToken><SecretAccessKey>{}</SecretAccessKey><Expiration>{}</Expiration><AccessKeyId>{}</AccessKeyId></Credentials><Provider>{}</Provider></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>SIM</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>",
            xml_text(&sts.options.audience),
            xml_text(&assumed),
            pair.session_token.as_deref().unwrap_or(""),
            pair.secret_key,
            iso_date(expires_s),
            pair.access_key,
            xml_text(&shared.url),
        ),
    );
    shared.credentials.add(pair);
    Ok(answer)
}

fn identity(shared: &Shared, parts: &http::request::Parts, body: &[u8]) -> Result<Answer, Refused> {
    let refused = |code, message: &str| Err((StatusCode::FORBIDDEN, code, message.to_owned()));
    let Some(signer) = signer(&parts.headers, parts.uri.query()) else {
        return refused("MissingAuthenticationToken", "Request is missing Authentication Token");
    };
    let secret = match shared.credentials.check(&signer, shared.clock.now_s()) {
        Ok(()) => shared.credentials.secret(&signer.access_key).unwrap_or_default(),
        Err(crate::credentials::Bad::Expired) => {
            return refused("ExpiredToken", "The security token included in the request is expired");
        }
        Err(_) => return refused("InvalidClientTokenId", "The security token included in the request is invalid."),
    };
    let query = parts.uri.query().unwrap_or("");
    if !verified(parts.method.as_str(), parts.uri.path(), query, &parts.headers, body, &secret) {
        return refused(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        );
    }
    Ok(xml(
        StatusCode::OK,
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:sts::{DEFAULT_OWNER}:assumed-role/sim/{0}</Arn><UserId>{0}</UserId><Account>{DEFAULT_OWNER}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>SIM</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
            xml_text(&signer.access_key)
        ),
    ))
}
