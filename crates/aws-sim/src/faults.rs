//! Faults on demand: which requests they strike, and what they do.

use crate::kind::Kind;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// 503 SlowDown; nothing is done.
    SlowDown,
    /// 500 InternalError; nothing is done.
    InternalError,
    /// 503 ServiceUnavailable; nothing is done.
    ServiceUnavailable,
    /// 400 RequestTimeout; nothing is done.
    RequestTimeout,
    /// 409 ConditionalRequestConflict; nothing is done.
    Conflict,
    /// 403 AccessDenied; nothing is done. With a prefix, also for single keys of a batch of deletes.
    AccessDenied,
    /// 400 ExpiredToken; nothing is done, and the credentials stay good for later.
    ExpiredToken,
    /// All session credentials given so far expire before this request is looked at.
    ExpireSessions,
    /// 200 with an error in the body, as S3 answers copies and completions that fail late; nothing is done.
    ErrorIn200,
    /// It is done, and the connection is cut instead of the answer.
    LostResponse,
    /// The body is read, nothing is done, and the connection is cut.
    CutBefore,
    /// The answer's body ends half way, and the connection with it.
    TruncatedBody,
    /// One byte of the answer's body is another.
    CorruptBody,
    /// The request waits before it is looked at.
    Latency {
        /// How long.
        wait_ms: u64,
    },
    /// A write waits between the check of its condition and its commit, so that others can come between.
    SlowWrite {
        /// How long.
        wait_ms: u64,
    },
    /// From here on nobody is answered.
    Kill {
        /// In which way.
        #[serde(default)]
        mode: KillMode,
        /// Whether this request is still done.
        #[serde(default)]
        after: bool,
    },
}

impl Fault {
    /// The name in JSON and counts.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::SlowDown => "slow_down",
            Fault::InternalError => "internal_error",
            Fault::ServiceUnavailable => "service_unavailable",
            Fault::RequestTimeout => "request_timeout",
            Fault::Conflict => "conflict",
            Fault::AccessDenied => "access_denied",
            Fault::ExpiredToken => "expired_token",
            Fault::ExpireSessions => "expire_sessions",
            Fault::ErrorIn200 => "error_in200",
            Fault::LostResponse => "lost_response",
            Fault::CutBefore => "cut_before",
            Fault::TruncatedBody => "truncated_body",
            Fault::CorruptBody => "corrupt_body",
            Fault::Latency { .. } => "latency",
            Fault::SlowWrite { .. } => "slow_write",
            Fault::Kill { .. } => "kill",
        }
    }
}

/// How a kill point silences the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KillMode {
    /// Every connection is cut: a dead network. The client sees errors and ends by itself.
    #[default]
    Dead,
    /// Every request waits for ever: time to kill the client. They are cut when the server is revived.
    Hang,
    /// The process ends with code 3.
    Exit,
}

/// Which requests a fault strikes. All conditions must hold; numbers count only requests of the kinds and the prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Select {
    /// Of these kinds; empty: of all.
    pub kinds: Vec<Kind>,
    /// Only requests that change what S3 stores.
    pub writes: bool,
    /// Only of keys that begin so.
    pub prefix: String,
    /// At these numbers, from 1; empty: at all.
    pub at: Vec<u64>,
    /// At every so manieth.
    pub every: Option<u64>,
    /// From this number on.
    pub from: u64,
    /// At most so many times.
    pub times: Option<u64>,
}

/// A fault and whom it strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// For which requests.
    #[serde(flatten)]
    pub select: Select,
}

impl Rule {
    /// A fault at every request.
    pub fn new(fault: Fault) -> Rule {
        Rule { fault, select: Select::default() }
    }

    /// Only at every `every`th matching request.
    #[must_use]
    pub fn every(mut self, every: u64) -> Rule {
        self.select.every = Some(every);
        self
    }

    /// Only at the matching request of this number, from 1.
    #[must_use]
    pub fn at(mut self, number: u64) -> Rule {
        self.select.at.push(number);
        self
    }

    /// From the matching request of this number on.
    #[must_use]
    pub fn from(mut self, number: u64) -> Rule {
        self.select.from = number;
        self
    }

    /// At most so many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Rule {
        self.select.times = Some(times);
        self
    }

    /// Only requests of this kind (and of others named so).
    #[must_use]
    pub fn of(mut self, kind: Kind) -> Rule {
        self.select.kinds.push(kind);
        self
    }

    /// Only requests that change what S3 stores.
    #[must_use]
    pub fn writes(mut self) -> Rule {
        self.select.writes = true;
        self
    }

    /// Only keys that begin so.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Rule {
        prefix.clone_into(&mut self.select.prefix);
        self
    }
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    seen: u64,
    struck: u64,
}

impl Armed {
    fn strikes(&mut self, kind: Kind, key: &str) -> bool {
        let select = &self.rule.select;
        if !(select.kinds.is_empty() || select.kinds.contains(&kind))
            || (select.writes && !kind.is_write())
            || !key.starts_with(&select.prefix)
        {
            return false;
        }
        self.seen += 1;
        let strikes = (select.at.is_empty() || select.at.contains(&self.seen))
            && select.every.is_none_or(|every| every > 0 && self.seen.is_multiple_of(every))
            && self.seen >= select.from
            && select.times.is_none_or(|times| self.struck < times);
        self.struck += u64::from(strikes);
        strikes
    }
}

/// The rules that hold now.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, rules: Vec<Rule>) {
        *self.lock() = rules.into_iter().map(|rule| Armed { rule, seen: 0, struck: 0 }).collect();
    }

    pub(crate) fn add(&self, rule: Rule) {
        self.lock().push(Armed { rule, seen: 0, struck: 0 });
    }

    /// The faults that strike this request, in the order of the rules.
    pub(crate) fn strike(&self, kind: Kind, key: &str) -> Vec<Fault> {
        let mut armed = self.lock();
        armed.iter_mut().filter_map(|armed| armed.strikes(kind, key).then(|| armed.rule.fault.clone())).collect()
    }

    /// The prefixes whose keys a batch of deletes refuses.
    pub(crate) fn denied_in_batches(&self) -> Vec<String> {
        let armed = self.lock();
        let denied = armed.iter().filter(|armed| {
            let select = &armed.rule.select;
            armed.rule.fault == Fault::AccessDenied
                && !select.prefix.is_empty()
                && (select.kinds.is_empty() || select.kinds.contains(&Kind::Delete))
        });
        denied.map(|armed| armed.rule.select.prefix.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_only_what_it_is_about() {
        let faults = Faults::default();
        faults.set(vec![
            Rule::new(Fault::SlowDown).writes().every(3).times(2),
            Rule::new(Fault::Conflict).prefix("p/").at(2),
        ]);
        let struck = |kind, key| faults.strike(kind, key).iter().map(Fault::name).collect::<Vec<_>>();
        assert!(struck(Kind::Put, "a").is_empty());
        assert!(struck(Kind::Get, "p/a").is_empty());
        assert!(struck(Kind::Copy, "b").is_empty());
        assert_eq!(struck(Kind::Delete, "p/b"), ["slow_down", "conflict"]);
        let later: Vec<_> = (0..9).map(|_| struck(Kind::Put, "c").len()).collect();
        assert_eq!(later, [0, 0, 1, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn rules_are_read_from_json() {
        let text = r#"[{"fault":"kill","mode":"hang","after":true,"at":[7]},{"fault":"slow_down","writes":true,"every":10},
                       {"fault":"latency","wait_ms":5,"kinds":["MP_PART"]}]"#;
        let rules: Vec<Rule> = serde_json::from_str(text).unwrap();
        assert_eq!(rules[0], Rule::new(Fault::Kill { mode: KillMode::Hang, after: true }).at(7));
        assert_eq!(rules[1], Rule::new(Fault::SlowDown).writes().every(10));
        assert_eq!(rules[2], Rule::new(Fault::Latency { wait_ms: 5 }).of(Kind::MpPart));
    }
}
