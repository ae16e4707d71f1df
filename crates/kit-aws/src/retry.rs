//! PURE. Whether a request is sent again, and after how long: AWS's standard retry mode.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Retry behavior": a token bucket shared by all requests of a client, so that
//! an outage ends in errors rather than in a storm, and exponential back-off with full jitter of at most 20 s.
#![warn(clippy::disallowed_methods)]

use std::time::Duration;

/// A request is sent at most this often. AWS's default is 3; 20,000 uploads of one run meet more throttling than one call.
pub const ATTEMPTS: u32 = 8;
/// Tokens in a full bucket.
pub const BUDGET_TOKENS: u32 = 500;
/// What a repetition costs.
pub const RETRY_TOKENS: u32 = 5;
/// What a repetition after a time-out costs.
pub const TIMEOUT_TOKENS: u32 = 10;
/// What a request that succeeds at once puts in.
const SUCCESS_TOKENS: u32 = 1;
/// No wait is longer.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The first wait is at most this long, and doubles.
const FIRST_WAIT_MS: u64 = 100;
/// The same after an answer that asks for less: S3 needs some time to split a partition.
const FIRST_THROTTLED_WAIT_MS: u64 = 250;
/// A service that names a longer wait than this is not waited for.
const LONGEST_ASKED_WAIT_S: u64 = 60;
/// AWS refuses signatures that are 15 minutes off; from here on the clock is the likelier culprit than the key.
pub const SKEW_SUSPECT_S: i64 = 240;

/// What became of an attempt that was no success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No answer in time.
    Timeout,
    /// No connection, or it broke.
    Connection,
    /// The service asks for less: 429, 503, SlowDown.
    Throttled,
    /// The service failed: 500, 502, 504.
    Server,
    /// 409 on a conditional write: another writer was at the key.
    Conflict,
    /// The signature is too old or too new.
    ClockSkew,
    /// The session has ended.
    Expired,
    /// No repetition will help.
    Final,
}

/// Judges an answer that is no success. `code` is the service's, empty where there is none (HEAD has no body).
pub fn fault(status: u16, code: &str) -> Fault {
    match code {
        "SlowDown"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "BandwidthLimitExceeded"
        | "ServiceUnavailable" => Fault::Throttled,
        "InternalError" | "InternalFailure" | "RequestTimeout" | "RequestTimeoutException" => Fault::Server,
        "ConditionalRequestConflict" | "OperationAborted" => Fault::Conflict,
        "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => Fault::ClockSkew,
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => Fault::Expired,
        _ => match status {
            429 | 503 => Fault::Throttled,
            500 | 502 | 504 | 408 => Fault::Server,
            _ => Fault::Final,
        },
    }
}

/// The bucket. One is shared by all requests of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    tokens: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { tokens: BUDGET_TOKENS }
    }
}

impl Budget {
    /// Takes what a repetition after `fault` costs, and tells how much that was; `None` when the bucket holds too little.
    pub fn take(&mut self, fault: Fault) -> Option<u32> {
        let cost = if fault == Fault::Timeout { TIMEOUT_TOKENS } else { RETRY_TOKENS };
        self.tokens = self.tokens.checked_sub(cost)?;
        Some(cost)
    }

    /// Puts back after a success: what its last repetition had cost, or one token if it succeeded at once.
    pub fn succeeded(&mut self, cost: Option<u32>) {
        self.tokens = self.tokens.saturating_add(cost.unwrap_or(SUCCESS_TOKENS)).min(BUDGET_TOKENS);
    }

    /// What the bucket holds, 0..=[`BUDGET_TOKENS`].
    pub fn tokens(&self) -> u32 {
        self.tokens
    }
}

/// What one request has gone through so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// How often it was sent.
    pub attempts: u32,
    /// What the last repetition cost.
    pub cost: Option<u32>,
    /// The clock was corrected for it.
    pub clock_corrected: bool,
    /// Its session was renewed.
    pub session_renewed: bool,
}

/// What to do after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it again after this time.
    Again(Duration),
    /// Go by the service's clock, then send it again at once.
    CorrectClock,
    /// Get new credentials, then send it again at once.
    RenewSession,
    /// Give up.
    GiveUp,
}

/// Decides. `asked_s` is the answer's `Retry-After`, `random` any 64 bits for the jitter.
pub fn next(fault: Fault, course: &mut Course, budget: &mut Budget, asked_s: Option<u64>, random: u64) -> Next {
    match fault {
        Fault::Final => return Next::GiveUp,
        Fault::ClockSkew if course.clock_corrected => return Next::GiveUp,
        Fault::ClockSkew => {
            course.clock_corrected = true;
            return Next::CorrectClock;
        }
        Fault::Expired if course.session_renewed => return Next::GiveUp,
        Fault::Expired => {
            course.session_renewed = true;
            return Next::RenewSession;
        }
        _ => {}
    }
    if course.attempts >= ATTEMPTS || asked_s.is_some_and(|seconds| seconds > LONGEST_ASKED_WAIT_S) {
        return Next::GiveUp;
    }
    let Some(cost) = budget.take(fault) else { return Next::GiveUp };
    course.cost = Some(cost);
    let asked = Duration::from_secs(asked_s.unwrap_or(0));
    Next::Again(wait(fault, course.attempts, random).max(asked))
}

/// Full jitter: anything between nothing and the ceiling, which doubles with each attempt.
pub fn wait(fault: Fault, attempts: u32, random: u64) -> Duration {
    let first_ms = if fault == Fault::Throttled { FIRST_THROTTLED_WAIT_MS } else { FIRST_WAIT_MS };
    let doubled = attempts.saturating_sub(1).min(16);
    let ceiling_ms = (first_ms << doubled).min(LONGEST_WAIT.as_millis() as u64);
    Duration::from_millis(random % (ceiling_ms + 1))
}

#[cfg(test)]
mod tests;
