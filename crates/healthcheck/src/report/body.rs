//! The tool's own part of the JSON report. PURE.
#![warn(clippy::disallowed_methods)]

use kit_probe::event::Phases;
use kit_probe::recording::Header;
use kit_probe::verdict::{MemberStanding, Standing, Verdict};
use serde_json::{Map, Value, json};

/// The keys that join the report's top level.
pub fn body(header: &Header, verdict: &Verdict) -> Map<String, Value> {
    let targets: Vec<&str> = header.targets.iter().map(|target| target.shown.as_str()).collect();
    let unresolved: Vec<Value> = verdict
        .unresolved
        .iter()
        .map(|(target, fault)| json!({"target": targets.get(*target), "cause": fault.cause, "message": fault.message}))
        .collect();
    let value = json!({
        "health": verdict.health,
        "why": verdict.why,
        "needed": verdict.needed,
        "ended-us": verdict.ended_us,
        "rules": header.rules,
        "targets": targets,
        "expected-version": header.expected_version,
        "notes": header.notes,
        "unresolved": unresolved,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// One line of JSON for each instance.
pub fn instances(header: &Header, verdict: &Verdict) -> Vec<String> {
    verdict.instances.iter().map(|standing| instance(header, standing).to_string()).collect()
}

fn instance(header: &Header, standing: &Standing) -> Value {
    let members: Vec<Value> = standing.members.iter().map(|member| self::member(header, member)).collect();
    json!({"id": standing.id, "zone": standing.zone, "health": standing.health, "targets": members})
}

fn member(header: &Header, standing: &MemberStanding) -> Value {
    json!({
        "target": header.targets.get(standing.target).map(|target| target.shown.as_str()),
        "address": standing.member.address,
        "health": standing.health,
        "why": standing.why,
        "streak": standing.streak,
        "passes": standing.passes,
        "failures": standing.failures,
        "forgiven": standing.forgiven,
        "healthy-at-us": standing.healthy_at_us,
        "version": standing.last.as_ref().and_then(|sample| sample.version()),
        "times-us": times(&standing.pass_phases),
        "first-failure": standing.first_failure,
        "last-failure": standing.last_failure,
    })
}

/// Median and maximum of each phase over the passes.
fn times(passes: &[Phases]) -> Value {
    let of = |phase: fn(&Phases) -> Option<u64>| {
        spread(passes, phase).map(|(median, max)| json!({"median": median, "max": max}))
    };
    json!({
        "dns": of(|phases| phases.dns_us),
        "connect": of(|phases| phases.connect_us),
        "tls": of(|phases| phases.tls_us),
        "first-byte": of(|phases| phases.first_byte_us),
        "total": of(|phases| Some(phases.total_us)),
    })
}

/// The median (the lower one of two) and the maximum of a phase, µs; `None` when no pass has it.
pub fn spread(passes: &[Phases], phase: impl Fn(&Phases) -> Option<u64>) -> Option<(u64, u64)> {
    let mut times: Vec<u64> = passes.iter().filter_map(phase).collect();
    times.sort_unstable();
    Some((*times.get(times.len().saturating_sub(1) / 2)?, *times.last()?))
}
