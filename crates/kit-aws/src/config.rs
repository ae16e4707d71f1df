//! Credentials, region and endpoint, found once: [`connect`] gives an [`Aws`], from which the clients are made.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use url::Url;

pub use crate::web_identity::CiIdentity;

use crate::Error;
use crate::credentials::{Cache, Source};
use crate::http::{Http, Timeouts};
use crate::recorder::Recorder;
use crate::web_identity::WebIdentity;

/// The region of an endpoint that is not AWS and was given none.
const REGION_OF_OTHERS: &str = "us-east-1";

/// How to reach AWS. `Debug` shows no value of the environment.
#[derive(Clone, Default)]
pub struct ConnectionOptions {
    /// As `eu-west-1`. Otherwise `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's, the instance's.
    pub region: Option<String>,
    /// S3's address, for other implementations and tests: `http` or `https`. Otherwise `AWS_ENDPOINT_URL_S3`,
    /// `AWS_ENDPOINT_URL`, AWS. The bucket then stands in the path, not in the host's name.
    pub endpoint_url: Option<String>,
    /// STS's address for `role_arn`. Otherwise `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, AWS.
    pub sts_endpoint_url: Option<String>,
    /// The role that the CI's identity token is exchanged for. It beats all other credentials.
    pub role_arn: Option<String>,
    /// The name of the session in CloudTrail, 2 to 64 of `A-Za-z0-9+=,.@-_`; `roadcrew` when absent.
    pub role_session_name: Option<String>,
    /// What we call ourselves, as `asset-hash-and-upload/1.2.3`.
    pub user_agent: String,
    /// The environment. Credentials and region in it beat those that aws-config finds; aws-config reads profiles and
    /// roles by the environment of the process.
    pub environment: BTreeMap<String, String>,
    /// Time-outs of each attempt.
    pub timeouts: Timeouts,
}

impl std::fmt::Debug for ConnectionOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ConnectionOptions")
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .field("sts_endpoint_url", &self.sts_endpoint_url)
            .field("role_arn", &self.role_arn)
            .field("user_agent", &self.user_agent)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

impl ConnectionOptions {
    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn given(&self, option: &Option<String>, variables: &[&str]) -> Option<String> {
        let given = option.as_deref().filter(|value| !value.is_empty());
        given.or_else(|| variables.iter().find_map(|name| self.variable(name))).map(str::to_owned)
    }
}

/// A connection to AWS: credentials, region, endpoint, HTTP client, retry budget and counters. Clones share all of them.
#[derive(Clone)]
pub struct Aws(Arc<Inner>);

struct Inner {
    region: String,
    endpoint: Option<String>,
    http: Http,
    credentials: Cache,
    clock_skew_s: AtomicI64,
    told_skew_s: OnceLock<i64>,
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inner = &self.0;
        formatter
            .debug_struct("Aws")
            .field("region", &inner.region)
            .field("endpoint", &inner.endpoint)
            .finish_non_exhaustive()
    }
}

impl Aws {
    /// As `eu-west-1`.
    pub fn region(&self) -> &str {
        &self.0.region
    }

    /// S3's address where it is not AWS's own, without a slash at its end.
    pub fn endpoint(&self) -> Option<&str> {
        self.0.endpoint.as_deref()
    }

    /// The HTTP client, for plain requests.
    pub fn http(&self) -> &Http {
        &self.0.http
    }

    /// What was sent so far.
    pub fn recorder(&self) -> &Recorder {
        self.0.http.recorder()
    }

    pub(crate) fn credentials(&self) -> &Cache {
        &self.0.credentials
    }

    /// The service's time, as far as we know.
    pub(crate) fn now(&self) -> SystemTime {
        let skew_s = self.clock_skew_s();
        let now = SystemTime::now();
        let corrected = if skew_s < 0 {
            now.checked_sub(Duration::from_secs(skew_s.unsigned_abs()))
        } else {
            now.checked_add(Duration::from_secs(skew_s.unsigned_abs()))
        };
        corrected.unwrap_or(now)
    }

    pub(crate) fn clock_skew_s(&self) -> i64 {
        self.0.clock_skew_s.load(Ordering::Relaxed)
    }

    /// The service's clock minus this machine's in seconds, by the `Date` of the first answer to a signed call; `None` before it.
    pub fn told_skew_s(&self) -> Option<i64> {
        self.0.told_skew_s.get().copied()
    }

    /// Notes what the first answer tells of the service's clock.
    pub(crate) fn hear_clock(&self, skew_s: impl FnOnce() -> Option<i64>) {
        if self.0.told_skew_s.get().is_none()
            && let Some(skew_s) = skew_s()
        {
            self.0.told_skew_s.get_or_init(|| skew_s);
        }
    }

    pub(crate) fn correct_clock(&self, skew_s: i64) {
        self.0.clock_skew_s.store(skew_s, Ordering::Relaxed);
    }
}

/// Finds credentials and region. With `options.role_arn` the credentials are the role's, by way of `ci`; otherwise those of
/// the environment, of a profile, of a container's or of an instance's role. They are asked for now, so that a run without
/// any ends here.
///
/// # Errors
/// [`Error::Input`] for an address or region that makes no sense, [`Error::Credentials`], [`Error::Network`].
pub async fn connect(options: &ConnectionOptions, ci: CiIdentity) -> Result<Aws, Error> {
    let endpoint = address(options.given(&options.endpoint_url, &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]))?;
    let agent = if options.user_agent.is_empty() { "roadcrew" } else { &options.user_agent };
    let http = Http::new(agent, options.timeouts)?;
    let profile = options.variable("AWS_PROFILE");
    let provider = ProviderConfig::without_region().with_http_client(http.for_sdk());

    let region = match options.given(&options.region, &["AWS_REGION", "AWS_DEFAULT_REGION"]) {
        Some(region) => region,
        None if endpoint.is_some() => REGION_OF_OTHERS.to_owned(),
        None => {
            let mut file = ProfileFileRegionProvider::builder().configure(&provider);
            if let Some(profile) = profile {
                file = file.profile_name(profile);
            }
            let instance = ImdsRegionProvider::builder().configure(&provider).build();
            let found = RegionProviderChain::first_try(file.build()).or_else(instance).region().await;
            found.map(|region| region.to_string()).ok_or_else(|| {
                Error::Input("no AWS region: give one, or set AWS_REGION or a profile's region".to_owned())
            })?
        }
    };
    if region.is_empty()
        || !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        return Err(Error::Input(format!("{region:?} is no AWS region, as eu-west-1 is one")));
    }

    let source = if let Some(role_arn) = options.role_arn.as_deref().filter(|role| !role.is_empty()) {
        let sts = address(options.given(&options.sts_endpoint_url, &["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"]))?;
        let session = options.role_session_name.as_deref().unwrap_or("roadcrew");
        Source::WebIdentity(Box::new(WebIdentity::new(role_arn, session, ci, http.clone(), &region, sts.as_deref())?))
    } else if let (Some(id), Some(secret)) =
        (options.variable("AWS_ACCESS_KEY_ID"), options.variable("AWS_SECRET_ACCESS_KEY"))
    {
        let session = options.variable("AWS_SESSION_TOKEN").map(str::to_owned);
        Source::Fixed(Credentials::new(id, secret, session, None, "environment"))
    } else {
        let region = aws_config::Region::new(region.clone());
        let mut chain = DefaultCredentialsChain::builder().configure(provider.with_region(Some(region.clone())));
        chain.set_region(Some(region));
        if let Some(profile) = profile {
            chain = chain.profile_name(profile);
        }
        Source::Chain(SharedCredentialsProvider::new(chain.build().await))
    };
    let credentials = Cache::new(source);
    let aws = Aws(Arc::new(Inner {
        region,
        endpoint,
        http,
        credentials,
        clock_skew_s: AtomicI64::new(0),
        told_skew_s: OnceLock::new(),
    }));
    aws.credentials().current(aws.now()).await?;
    Ok(aws)
}

/// An endpoint as it is put before paths: no slash, no query.
fn address(given: Option<String>) -> Result<Option<String>, Error> {
    let Some(given) = given else { return Ok(None) };
    let wrong = |why: &str| Error::Input(format!("the endpoint {given:?} {why}"));
    let url = Url::parse(&given).map_err(|_| wrong("is no URL, as https://host:port is one"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("is not http:// or https:// with a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::Input(
            "the endpoint holds a user or a password; give credentials by the environment".into(),
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or a fragment"));
    }
    Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(variables: &[(&str, &str)]) -> ConnectionOptions {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ConnectionOptions { environment, ..ConnectionOptions::default() }
    }

    const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "hidden")];

    #[tokio::test]
    async fn an_option_beats_the_environment() {
        let mut options =
            options(&[KEYS[0], KEYS[1], ("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2")]);
        let aws = connect(&options, CiIdentity::None).await.unwrap();
        assert_eq!((aws.region(), aws.endpoint()), ("eu-west-1", None));
        options.region = Some("ap-south-1".into());
        options.endpoint_url = Some("http://localhost:9000/".into());
        let aws = connect(&options, CiIdentity::None).await.unwrap();
        assert_eq!((aws.region(), aws.endpoint()), ("ap-south-1", Some("http://localhost:9000")));
        assert!(!format!("{aws:?}{options:?}").contains("hidden"));
    }

    #[tokio::test]
    async fn an_endpoint_without_a_region_has_one() {
        let options = options(&[KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL_S3", "https://s3.example:444/base/")]);
        let aws = connect(&options, CiIdentity::None).await.unwrap();
        assert_eq!((aws.region(), aws.endpoint()), ("us-east-1", Some("https://s3.example:444/base")));
    }

    #[tokio::test]
    async fn bad_input_is_refused_by_name() {
        for bad in ["ftp://h", "host:90", "http://u:p@h", "http://h/?a=1", ""] {
            let mut options = options(&[KEYS[0], KEYS[1], ("AWS_REGION", "eu-west-1")]);
            options.endpoint_url = Some(bad.into());
            let answer = connect(&options, CiIdentity::None).await;
            assert_eq!(matches!(answer, Err(Error::Input(_))), !bad.is_empty(), "{bad}");
        }
        let bad_region = options(&[KEYS[0], KEYS[1], ("AWS_REGION", "eu west/1")]);
        assert!(matches!(connect(&bad_region, CiIdentity::None).await, Err(Error::Input(_))));
    }

    #[tokio::test]
    async fn a_role_without_an_identity_says_what_to_do() {
        let mut options = options(&[KEYS[0], KEYS[1], ("AWS_REGION", "eu-west-1")]);
        options.role_arn = Some("arn:aws:iam::123456789012:role/r".into());
        let error = connect(&options, CiIdentity::None).await.unwrap_err();
        assert!(error.to_string().contains("id-token: write"), "{error}");
    }
}
