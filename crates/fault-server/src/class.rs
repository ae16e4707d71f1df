//! What can be wrong with a release, and what a check must answer. PURE.
//!
//! Every class has one truth that holds for every seed and for every pace of the client: it follows from the counts of the
//! requests, or from a time that is far from the client's bounds, never from luck.
#![warn(clippy::disallowed_methods)]

/// What a check of the whole setup must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Exit 0.
    Healthy,
    /// Exit 1.
    Unhealthy,
}

macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident $name:literal $truth:ident $tls:literal [$($cause:literal)*],)*) => {
        /// A kind of fault, or of health that looks like one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class { $($(#[$doc])* $class,)* }

        impl Class {
            /// All of them, in the order of the tables.
            pub const ALL: &[Class] = &[$(Class::$class,)*];

            /// As tables and the command line name it.
            pub fn name(self) -> &'static str {
                match self { $(Class::$class => $name,)* }
            }

            /// What a check must answer.
            pub fn truth(self) -> Truth {
                match self { $(Class::$class => Truth::$truth,)* }
            }

            /// Whether its server speaks TLS.
            pub fn is_tls(self) -> bool {
                match self { $(Class::$class => $tls,)* }
            }

            /// What a failed sample of an unhealthy class shows: `kit_probe`'s causes and kinds of misses by their names in a
            /// recording, any of which is right. Empty where every sample may pass.
            pub fn causes(self) -> &'static [&'static str] {
                match self { $(Class::$class => &[$($cause,)*],)* }
            }
        }
    };
}

classes! {
    /// 200 from the first request on.
    Ready "ready" Healthy false [],
    /// The same over TLS with a good certificate.
    ReadyTls "ready-tls" Healthy true [],
    /// The port is closed for [`crate::Setup::ready_after`], then 200.
    RefusedThenReady "refused-then-ready" Healthy false [],
    /// 503 for [`crate::Setup::ready_after`], then 200.
    UnavailableThenReady "unavailable-then-ready" Healthy false [],
    /// 503 at six of the first ten requests, at seeded places with no two passes in a row; from then on 200.
    FlapsThenReady "flaps-then-ready" Healthy false [],
    /// 200 once or twice, by the seed; then 503 for ever.
    Lucky "lucky" Unhealthy false ["status"],
    /// 2 of each 20 requests are 503; the seed places them so that never more than 12 pass in a row.
    Flapping10 "flapping-10" Unhealthy false ["status"],
    /// 3 of each 10 requests are 503; never more than 4 pass in a row.
    Flapping30 "flapping-30" Unhealthy false ["status"],
    /// 4 of each 8 requests are 503; never more than 2 pass in a row.
    Flapping50 "flapping-50" Unhealthy false ["status"],
    /// Held for a while: 10 passes, then 503 for ever.
    FailsLater "fails-later" Unhealthy false ["status"],
    /// 200, and the body says `{"status":"DOWN"}`.
    BodyDown "body-down" Unhealthy false ["body"],
    /// One of 50 instances, chosen by the seed, has the version before.
    OldVersion "old-version" Unhealthy false ["version"],
    /// All of 50 instances have the new version.
    NewVersion "new-version" Healthy false [],
    /// One of 50 instances has the old version for its first 3 answers.
    VersionReplaced "version-replaced" Healthy false [],
    /// Page and certificate for the right `Host` and SNI alone; everybody else gets 404 and another certificate.
    VirtualHost "virtual-host" Healthy true [],
    /// The name is not set up: whoever asks gets 200 and the default page.
    DefaultHost "default-host" Unhealthy false ["body"],
    /// The certificate ended more than a day ago.
    Expired "certificate-expired" Unhealthy true ["certificate-expired"],
    /// The certificate begins tomorrow.
    NotYetValid "certificate-not-yet-valid" Unhealthy true ["certificate-not-yet-valid"],
    /// Signed by itself.
    SelfSigned "certificate-self-signed" Unhealthy true ["certificate-untrusted" "certificate-invalid"],
    /// Signed by an authority that nobody trusts.
    UnknownAuthority "certificate-unknown-authority" Unhealthy true ["certificate-untrusted"],
    /// For another name.
    WrongName "certificate-wrong-name" Unhealthy true ["certificate-wrong-name"],
    /// The leaf has 4 days left, 14 are asked for.
    DaysLeft "certificate-4-days" Unhealthy true ["certificate-days"],
    /// The leaf has 20 days left, 14 are asked for.
    DaysEnough "certificate-20-days" Healthy true [],
    /// The intermediate has 4 days left, the leaf 90.
    IntermediateDaysLeft "intermediate-4-days" Unhealthy true ["certificate-days"],
    /// The intermediate ended more than a day ago, the leaf is good.
    IntermediateExpired "intermediate-expired" Unhealthy true ["certificate-expired" "certificate-untrusted" "certificate-invalid"],
    /// The intermediate is not sent.
    IntermediateMissing "intermediate-missing" Unhealthy true ["certificate-untrusted"],
    /// One of each 10 answers takes 400 ms: the mean is 40 ms, the 95th percentile is not below 200 ms.
    SlowTail "slow-tail" Unhealthy false [],
    /// One of each 40 answers takes 3 s: of 30 and more the 95th percentile is that of the quick ones.
    SlowSeldom "slow-seldom" Healthy false [],
    /// Every answer takes 500 ms, 300 ms are allowed.
    Slow "slow" Unhealthy false ["latency" "timed-out"],
    /// Half of the body, then the server closes its direction and goes on reading.
    HalfClosed "half-closed" Unhealthy false ["reset" "protocol-error"],
    /// Closed as soon as the request is there.
    Closed "closed" Unhealthy false ["reset" "protocol-error"],
    /// Head of a 200, then a reset.
    ResetAfterHead "reset-after-head" Unhealthy false ["reset" "protocol-error"],
    /// 302 to a login page that is 200.
    LoginRedirect "login-redirect" Unhealthy false ["status"],
    /// Of two addresses one is closed.
    DeadAddress "dead-address" Unhealthy false ["connect-refused"],
    /// Accepts and says nothing.
    Silent "silent" Unhealthy false ["timed-out"],
    /// Accepts over TLS' port and never says hello.
    SilentTls "silent-tls" Unhealthy false ["timed-out"],
    /// A good answer, one byte a second.
    Drip "drip" Unhealthy false ["timed-out"],
    /// A body that never ends.
    EndlessBody "endless-body" Unhealthy false ["body-too-large" "timed-out"],
    /// 10 MB of headers.
    HugeHead "huge-head" Unhealthy false ["protocol-error" "reset" "timed-out"],
    /// A chunk whose size is no number.
    BadChunking "bad-chunking" Unhealthy false ["protocol-error"],
    /// A banner of another protocol.
    NoHttp "no-http" Unhealthy false ["protocol-error"],
    /// HTTP without TLS where TLS is expected.
    NoTls "no-tls" Unhealthy false ["tls-failed" "protocol-error" "reset"],
    /// HTTP/2 by ALPN, then GOAWAY before any answer.
    GoAway "goaway" Unhealthy true ["protocol-error" "reset" "timed-out"],
}

impl Class {
    /// The class of this name.
    pub fn named(name: &str) -> Option<Class> {
        Class::ALL.iter().copied().find(|class| class.name() == name)
    }

    /// Instances that it takes.
    pub fn instances(self) -> usize {
        match self {
            Class::OldVersion | Class::NewVersion | Class::VersionReplaced => 50,
            Class::DeadAddress => 2,
            _ => 1,
        }
    }

    /// Whether a check speaks TLS to it.
    pub fn asks_tls(self) -> bool {
        self.is_tls() || matches!(self, Class::SilentTls | Class::NoTls)
    }
}
