//! Credentials from the CI's identity token (OIDC): no key is stored anywhere.
//!
//! Sources: GitHub, "About security hardening with OpenID Connect" (GET the request URL with the request token as bearer and
//! `audience`; the answer's `value` is the token); Bitbucket, "Integrate Pipelines with resource servers using OIDC"
//! (`BITBUCKET_STEP_OIDC_TOKEN` where the step says `oidc: true`); GitLab, "ID token authentication" (`id_tokens:` fills a
//! variable of any name); AWS STS, AssumeRoleWithWebIdentity.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_sts::config::{BehaviorVersion, Region};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use bytes::Bytes;
use http::Method;

use crate::Error;
use crate::error::shown;
use crate::http::Http;

/// What STS checks in the token of GitHub.
const AUDIENCE: &str = "sts.amazonaws.com";
/// GitHub's answer is one token of some 2 KB.
const ANSWER_BYTES: u64 = 64 * 1024;
/// STS takes tokens of 4 to 20,000 characters.
const TOKEN_BYTES: usize = 20_000;

/// Who the CI says we are. `Debug` shows no token.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum CiIdentity {
    /// Nobody: credentials come from the environment, a profile, or the machine's role.
    #[default]
    None,
    /// GitHub gives a token on request, as often as asked.
    GitHub {
        /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
        request_url: String,
        /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
        request_token: String,
    },
    /// The CI gave a token once.
    Token {
        /// The variable that it came in, for messages.
        variable: String,
        /// The token.
        token: String,
    },
}

impl std::fmt::Debug for CiIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CiIdentity::None => formatter.write_str("None"),
            CiIdentity::GitHub { .. } => formatter.write_str("GitHub"),
            CiIdentity::Token { variable, .. } => write!(formatter, "Token({variable})"),
        }
    }
}

impl CiIdentity {
    /// Looks a token up: `ROADCREW_ID_TOKEN` or `AWS_ID_TOKEN` (GitLab's `id_tokens:`, or anything else that fills them),
    /// Bitbucket's, GitHub's.
    pub fn detect(environment: &BTreeMap<String, String>) -> CiIdentity {
        let value = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        for variable in ["ROADCREW_ID_TOKEN", "AWS_ID_TOKEN", "BITBUCKET_STEP_OIDC_TOKEN"] {
            if let Some(token) = value(variable) {
                return CiIdentity::Token { variable: variable.to_owned(), token };
            }
        }
        match (value("ACTIONS_ID_TOKEN_REQUEST_URL"), value("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
            (Some(request_url), Some(request_token)) => CiIdentity::GitHub { request_url, request_token },
            _ => CiIdentity::None,
        }
    }
}

/// A role that the CI's identity may take.
pub(crate) struct WebIdentity {
    pub(crate) role_arn: String,
    pub(crate) session_name: String,
    pub(crate) identity: CiIdentity,
    pub(crate) http: Http,
    sts: aws_sdk_sts::Client,
}

impl WebIdentity {
    /// # Errors
    /// [`Error::Credentials`] when there is no identity to take the role with.
    pub(crate) fn new(
        role_arn: &str,
        session_name: &str,
        identity: CiIdentity,
        http: Http,
        region: &str,
        endpoint_url: Option<&str>,
    ) -> Result<WebIdentity, Error> {
        if identity == CiIdentity::None {
            return Err(Error::Credentials(format!(
                "role {role_arn} needs the CI's identity token: GitHub: permissions `id-token: write`; Bitbucket: `oidc: \
                 true` in the step; GitLab: `id_tokens:` into AWS_ID_TOKEN"
            )));
        }
        let mut config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .http_client(http.for_sdk());
        config.set_endpoint_url(endpoint_url.map(str::to_owned));
        let sts = aws_sdk_sts::Client::from_conf(config.build());
        Ok(WebIdentity { role_arn: role_arn.to_owned(), session_name: session_name.to_owned(), identity, http, sts })
    }

    /// A new session of the role.
    ///
    /// # Errors
    /// [`Error::Credentials`] when somebody refuses, [`Error::Network`] when nobody answers. Neither shows a token.
    pub(crate) async fn assume(&self) -> Result<Credentials, Error> {
        let token = self.token().await?;
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&self.role_arn)
            .role_session_name(&self.session_name)
            .web_identity_token(&token)
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(SdkError::ServiceError(error)) => {
                let code = error.err().code().unwrap_or("refused");
                let message = without(error.err().message().unwrap_or_default(), &token);
                return Err(Error::Credentials(format!("role {}: {code}: {message}", self.role_arn)));
            }
            Err(error) => {
                let mut why = error.to_string();
                let mut next = std::error::Error::source(&error);
                while let Some(cause) = next {
                    why = format!("{why}: {cause}");
                    next = cause.source();
                }
                return Err(Error::Network(format!("STS: {}", without(&why, &token))));
            }
        };
        let given = answer
            .credentials
            .ok_or_else(|| Error::Credentials(format!("role {}: STS gave no credentials", self.role_arn)))?;
        let ends_s = u64::try_from(given.expiration.secs()).unwrap_or(0);
        Ok(Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(ends_s)),
            "ci-web-identity",
        ))
    }

    async fn token(&self) -> Result<String, Error> {
        let (token, variable) = match &self.identity {
            CiIdentity::None => (String::new(), "the CI"),
            CiIdentity::Token { variable, token } => (token.clone(), variable.as_str()),
            CiIdentity::GitHub { request_url, request_token } => {
                (self.ask_github(request_url, request_token).await?, "GitHub's token URL")
            }
        };
        if token.len() < 4 || token.len() > TOKEN_BYTES || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Credentials(format!("what {variable} gave is no identity token")));
        }
        Ok(token)
    }

    async fn ask_github(&self, request_url: &str, request_token: &str) -> Result<String, Error> {
        let joint = if request_url.contains('?') { '&' } else { '?' };
        let url = format!("{request_url}{joint}audience={AUDIENCE}");
        let headers = [
            ("authorization".to_owned(), format!("Bearer {request_token}")),
            ("accept".to_owned(), "application/json".to_owned()),
        ];
        let answer = self.http.request(&Method::GET, &url, &headers, Bytes::new(), ANSWER_BYTES).await?;
        if answer.status != 200 {
            return Err(Error::Credentials(format!(
                "GitHub gave no identity token (status {}); the job needs `permissions: id-token: write`",
                answer.status
            )));
        }
        let answer: serde_json::Value = serde_json::from_slice(&answer.body)
            .map_err(|_| Error::Credentials("GitHub's answer with the identity token is no JSON".to_owned()))?;
        match answer.get("value").and_then(serde_json::Value::as_str) {
            Some(token) => Ok(token.to_owned()),
            None => Err(Error::Credentials("GitHub's answer holds no identity token".to_owned())),
        }
    }
}

/// `text` on one line, and the token cut out should a server have repeated it.
fn without(text: &str, token: &str) -> String {
    shown(&text.replace(token, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_ci_is_found_and_none_is_shown() {
        assert_eq!(CiIdentity::detect(&environment(&[("BITBUCKET_STEP_OIDC_TOKEN", "")])), CiIdentity::None);
        let github = environment(&[
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://gh/?a=1"),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "secret"),
        ]);
        let github = CiIdentity::detect(&github);
        assert!(matches!(github, CiIdentity::GitHub { .. }));
        let both =
            CiIdentity::detect(&environment(&[("AWS_ID_TOKEN", "secret"), ("BITBUCKET_STEP_OIDC_TOKEN", "other")]));
        assert_eq!(both, CiIdentity::Token { variable: "AWS_ID_TOKEN".into(), token: "secret".into() });
        assert!(!format!("{both:?} {github:?}").contains("secret"));
    }

    #[test]
    fn a_repeated_token_is_cut_out() {
        assert_eq!(without("bad token abc.def\n", "abc.def"), "bad token ***");
    }
}
