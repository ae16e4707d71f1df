//! The shape of a flow file, as serde reads it. Ranges and references are checked by the parent. PURE.

#![warn(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlow {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) vars: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) scenario: Option<Spanned<String>>,
    pub(super) rounds: Option<Spanned<u64>>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) method: Option<Spanned<String>>,
    pub(super) path: Spanned<String>,
    #[serde(default)]
    pub(super) query: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Spanned<String>>,
    pub(super) form: Option<BTreeMap<String, Spanned<String>>>,
    pub(super) json: Option<Spanned<Value>>,
    pub(super) body: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) fresh_session: bool,
    pub(super) follow_redirects: Option<Spanned<u64>>,
    pub(super) repeat: Option<Spanned<u64>>,
    pub(super) timeout_ms: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) capture: BTreeMap<Spanned<String>, RawCapture>,
    pub(super) expect: Option<RawExpect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCapture {
    pub(super) json: Option<String>,
    pub(super) header: Option<String>,
    pub(super) between: Option<[String; 2]>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawExpect {
    pub(super) status: Option<Spanned<RawStatus>>,
    pub(super) location: Option<Spanned<String>>,
    pub(super) body_contains: Vec<Spanned<String>>,
    pub(super) body_lacks: Vec<Spanned<String>>,
    pub(super) headers: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) header_contains: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) header_absent: Vec<Spanned<String>>,
    pub(super) json: BTreeMap<Spanned<String>, Value>,
    pub(super) json_length: BTreeMap<Spanned<String>, usize>,
    pub(super) json_absent: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a status is a number or a list of numbers")]
pub(super) enum RawStatus {
    One(u16),
    Any(Vec<u16>),
}

impl RawStatus {
    pub(super) fn all(&self) -> &[u16] {
        match self {
            Self::One(status) => std::slice::from_ref(status),
            Self::Any(statuses) => statuses,
        }
    }
}
