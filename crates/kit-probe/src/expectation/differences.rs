//! Compares an answer with what is expected.

use super::{Answer, Expectations, HeaderExpectation, bounded};
use crate::event::{Miss, MissKind};
use serde_json::Value;
use std::collections::BTreeSet;

const DAY_S: i64 = 86_400;

pub(super) fn of(expectations: &Expectations, answer: &Answer<'_>) -> Vec<Miss> {
    let mut misses = Vec::new();
    let mut miss = |kind, expected: String, got: String| {
        misses.push(Miss { kind, expected: bounded(&expected), got: bounded(&got) });
    };
    if !expectations.status.is_empty() && !answer.status.is_some_and(|status| expectations.status.contains(&status)) {
        let got = answer.status.map_or("no status".to_owned(), |status| format!("status {status}"));
        miss(MissKind::Status, format!("status {}", set_text(&expectations.status)), got);
    }
    for header in &expectations.headers {
        if let Some(got) = header_differs(header, answer) {
            let expected = match &header.value {
                Some(pattern) => format!("header {} that matches `{}`", header.name, pattern.as_str()),
                None => format!("header {}", header.name),
            };
            miss(MissKind::Header, expected, got);
        }
    }
    body(expectations, answer, &mut miss);
    size(expectations, answer, &mut miss);
    if let Some(pattern) = &expectations.final_url
        && !pattern.is_match(answer.final_url)
    {
        let got = if answer.final_url.is_empty() { "no URL" } else { answer.final_url };
        miss(MissKind::Url, format!("a URL that matches `{}`", pattern.as_str()), got.to_owned());
    }
    certificates(expectations, answer, &mut miss);
    if let Some(most_us) = expectations.max_latency_us
        && answer.phases.total_us > most_us
    {
        let took = answer.phases.total_us;
        miss(MissKind::Latency, format!("an answer within {}", time_text(most_us)), time_text(took));
    }
    misses
}

/// `None` when it is there as expected.
fn header_differs(header: &HeaderExpectation, answer: &Answer<'_>) -> Option<String> {
    let values =
        || answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&header.name)).map(|(_, value)| value);
    if values().next().is_none() {
        return Some("no such header".to_owned());
    }
    let pattern = header.value.as_ref()?;
    if values().any(|value| pattern.is_match(value)) {
        return None;
    }
    // What is beyond the first few is cut off in any case.
    let all: Vec<String> = values().take(5).map(|value| format!("`{}`", lossy_start(value))).collect();
    Some(all.join(" and "))
}

fn lossy_start(bytes: &[u8]) -> String {
    bounded(&String::from_utf8_lossy(bytes.get(..1000).unwrap_or(bytes)))
}

fn body(expectations: &Expectations, answer: &Answer<'_>, miss: &mut impl FnMut(MissKind, String, String)) {
    // Nobody asked for it, and what is compressed holds no text.
    let coding = answer.headers.iter().find(|(name, value)| name == "content-encoding" && value != b"identity");
    let coding = coding.map(|(_, value)| format!(", compressed ({})", lossy_start(value))).unwrap_or_default();
    let without = || match answer.body.len() {
        0 => "an empty body".to_owned(),
        bytes => format!("{bytes} bytes{coding} without it"),
    };
    for text in &expectations.body_contains {
        if !contains(answer.body, text.as_bytes()) {
            miss(MissKind::Body, format!("a body that contains `{text}`"), without());
        }
    }
    for pattern in &expectations.body_matches {
        if !pattern.is_match(answer.body) {
            miss(MissKind::Body, format!("a body that matches `{}`", pattern.as_str()), without());
        }
    }
    if expectations.json.is_empty() {
        return;
    }
    let document = document(answer.body);
    for json in &expectations.json {
        let got = match &document {
            Ok(document) => json.differs(document),
            Err(why) => Some(format!("{why}{coding}")),
        };
        if let Some(got) = got {
            let expected = match &json.value {
                Some(value) => format!("`{}` == {value}", json.path),
                None => format!("something at `{}`", json.path),
            };
            miss(MissKind::Body, expected, got);
        }
    }
}

/// A text without the mark that some servers begin UTF-8 with, which RFC 8259, section 8.1, allows to pass over.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// The body as JSON. Errors: why it is none, in words.
pub(super) fn document(body: &[u8]) -> Result<Value, String> {
    let body = without_mark(body);
    if body.trim_ascii().is_empty() {
        return Err("an empty body".to_owned());
    }
    serde_json::from_slice(body).map_err(|err| format!("a body that is no JSON: {err}"))
}

fn contains(body: &[u8], wanted: &[u8]) -> bool {
    // A literal pattern is searched in linear time, which a window over both is not.
    wanted.is_empty()
        || regex::bytes::Regex::new(&format!("(?-u){}", escaped(wanted))).map_or_else(
            |_| body.windows(wanted.len()).any(|window| window == wanted),
            |pattern| pattern.is_match(body),
        )
}

fn escaped(wanted: &[u8]) -> String {
    wanted.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

fn size(expectations: &Expectations, answer: &Answer<'_>, miss: &mut impl FnMut(MissKind, String, String)) {
    let bytes = answer.body.len() as u64;
    let bounds = (expectations.min_body_bytes, expectations.max_body_bytes);
    if bounds.0.is_some_and(|least| bytes < least) || bounds.1.is_some_and(|most| bytes > most) {
        let expected = match bounds {
            (Some(least), Some(most)) if least == most => format!("a body of {least} bytes"),
            (Some(least), Some(most)) => format!("a body of {least} to {most} bytes"),
            (Some(least), None) => format!("a body of at least {least} bytes"),
            (None, Some(most)) => format!("a body of at most {most} bytes"),
            (None, None) => return,
        };
        miss(MissKind::BodySize, expected, format!("{bytes} bytes"));
    }
}

fn certificates(expectations: &Expectations, answer: &Answer<'_>, miss: &mut impl FnMut(MissKind, String, String)) {
    let Some(least) = expectations.certificate_days else { return };
    let expected = format!("certificates valid for at least {}", days_text(i64::from(least)));
    let Some((index, first)) = answer.certificates.iter().enumerate().min_by_key(|(_, one)| one.ends_s) else {
        miss(MissKind::CertificateDays, expected, "no certificate".to_owned());
        return;
    };
    let seconds = first.ends_s.saturating_sub(answer.now_s);
    let days = seconds.div_euclid(DAY_S);
    if days < i64::from(least) {
        let place = if index == 0 { "the server's own".to_owned() } else { format!("{} of the chain", index + 1) };
        let when = if seconds < 0 {
            format!("over for {}", days_text(-days - 1))
        } else {
            format!("{} left", days_text(days))
        };
        let subject = bounded(&first.subject).chars().take(100).collect::<String>();
        miss(MissKind::CertificateDays, expected, format!("{when} on `{subject}` ({place})"));
    }
}

fn days_text(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// `200`, `200-299`, `200, 204 or 300-399`.
pub(super) fn set_text(set: &BTreeSet<u16>) -> String {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for status in set {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *status => *last = *status,
            _ => ranges.push((*status, *status)),
        }
    }
    let mut texts: Vec<String> = ranges
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    match texts.pop() {
        Some(last) if texts.is_empty() => last,
        Some(last) => format!("{} or {last}", texts.join(", ")),
        None => String::new(),
    }
}

/// `800 µs`, `12.3 ms`, `2.50 s`. Rounded up, so that a time over a bound is never shown as the bound.
pub(super) fn time_text(us: u64) -> String {
    if us < 1000 {
        format!("{us} µs")
    } else if us < 1_000_000 {
        let tenths = us.div_ceil(100);
        if tenths.is_multiple_of(10) {
            format!("{} ms", tenths / 10)
        } else {
            format!("{}.{} ms", tenths / 10, tenths % 10)
        }
    } else {
        let hundredths = us.div_ceil(10_000);
        if hundredths.is_multiple_of(100) {
            format!("{} s", hundredths / 100)
        } else {
            format!("{}.{:02} s", hundredths / 100, hundredths % 100)
        }
    }
}
