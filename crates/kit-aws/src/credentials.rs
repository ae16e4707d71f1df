//! The credentials of a run: found once, renewed before they end, by one task at a time.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::identity::Identity;

use crate::Error;
use crate::error::shown;
use crate::web_identity::WebIdentity;

/// A session is renewed when it ends within this time. AWS's SDKs take 10 s; our clock may be off by some, and a large part
/// may be on its way for minutes (its signature counts when it begins).
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// Where credentials come from.
pub(crate) enum Source {
    /// The environment: they never change.
    Fixed(Credentials),
    /// Profiles, container and instance roles, by aws-config.
    Chain(SharedCredentialsProvider),
    /// The CI's identity token.
    WebIdentity(Box<WebIdentity>),
}

/// Credentials in use.
pub(crate) struct Session {
    /// What signs.
    pub(crate) identity: Identity,
    /// Counts up with each renewal.
    pub(crate) generation: u64,
    /// `None`: they do not end.
    ends: Option<SystemTime>,
}

/// The cache. It never shows what it holds.
pub(crate) struct Cache {
    source: Source,
    session: RwLock<Option<Arc<Session>>>,
    renewing: tokio::sync::Mutex<()>,
}

impl Cache {
    pub(crate) fn new(source: Source) -> Cache {
        Cache { source, session: RwLock::new(None), renewing: tokio::sync::Mutex::new(()) }
    }

    /// Credentials that are good for a while yet.
    ///
    /// # Errors
    /// [`Error::Credentials`] or [`Error::Network`] when there are none, and those in use have ended.
    pub(crate) async fn current(&self, now: SystemTime) -> Result<Arc<Session>, Error> {
        let known = self.known();
        if let Some(session) = &known
            && !ends_within(session, now, RENEW_BEFORE)
        {
            return Ok(Arc::clone(session));
        }
        let _alone = self.renewing.lock().await;
        let generation = match self.known() {
            Some(session) if !ends_within(&session, now, RENEW_BEFORE) => return Ok(session),
            Some(session) => session.generation + 1,
            None => 1,
        };
        match self.fetch().await {
            Ok(credentials) => {
                let ends = credentials.expiry();
                let session = Arc::new(Session { identity: credentials.into(), generation, ends });
                *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
                Ok(session)
            }
            // While the old ones last, a failed renewal harms nobody.
            Err(error) => match self.known() {
                Some(session) if !ends_within(&session, now, Duration::ZERO) => Ok(session),
                _ => Err(error),
            },
        }
    }

    /// The service says that the session of this generation has ended.
    pub(crate) fn expire(&self, generation: u64) {
        let mut session = self.session.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = session.as_ref()
            && known.generation == generation
            && self.can_renew()
        {
            let ended = Session {
                identity: known.identity.clone(),
                generation: known.generation,
                ends: Some(SystemTime::UNIX_EPOCH),
            };
            *session = Some(Arc::new(ended));
        }
    }

    /// Whether asking again may bring other credentials.
    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self.source, Source::Fixed(_))
    }

    fn known(&self) -> Option<Arc<Session>> {
        self.session.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        match &self.source {
            Source::Fixed(credentials) => Ok(credentials.clone()),
            // The token is asked for with the client that asks for credentials: a future in itself needs a box.
            Source::WebIdentity(role) => Box::pin(role.assume()).await,
            Source::Chain(chain) => chain.provide_credentials().await.map_err(|error| unfound(&error)),
        }
    }
}

fn ends_within(session: &Session, now: SystemTime, time: Duration) -> bool {
    session.ends.is_some_and(|ends| ends <= now + time)
}

/// What the chain's error means for the user.
fn unfound(error: &CredentialsError) -> Error {
    let mut why = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        why = format!("{why}: {cause}");
        next = cause.source();
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Error::Credentials(
            "none in the environment, in a profile, or from a container or instance role; set AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or give a role for the CI's identity token"
                .to_owned(),
        ),
        CredentialsError::ProviderTimedOut(_) => Error::Network(format!("credentials: {}", shown(&why))),
        _ => Error::Credentials(shown(&why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn fixed_credentials_are_never_renewed() {
        let cache = Cache::new(Source::Fixed(Credentials::new("a", "b", None, None, "test")));
        let now = SystemTime::UNIX_EPOCH;
        let first = cache.current(now).await.unwrap();
        cache.expire(first.generation);
        assert_eq!(cache.current(now).await.unwrap().generation, 1);
        assert!(!cache.can_renew());
    }

    #[tokio::test]
    async fn a_session_is_renewed_before_it_ends_and_when_the_service_says_so() {
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000);
        let provider = Credentials::new("a", "b", None, Some(end), "test");
        let cache = Cache::new(Source::Chain(SharedCredentialsProvider::new(provider)));
        let early = end - RENEW_BEFORE - Duration::from_secs(1);
        assert_eq!(cache.current(early).await.unwrap().generation, 1);
        assert_eq!(cache.current(early).await.unwrap().generation, 1);
        cache.expire(1);
        assert_eq!(cache.current(early).await.unwrap().generation, 2);
        cache.expire(1);
        assert_eq!(cache.current(early).await.unwrap().generation, 2, "an old answer ends nothing new");
        assert_eq!(cache.current(end - RENEW_BEFORE).await.unwrap().generation, 3);
    }
}
