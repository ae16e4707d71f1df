//! What must hold for any text that is given as an expectation, and for any body that it is held against; used by the fuzz target
//! and by the replay of its corpus.

use kit_probe::event::Phases;
use kit_probe::expectation::{
    Answer, ExpectationError, Expectations, HeaderExpectation, JsonExpectation, StatusSet, VersionExpectation,
    VersionPlace, body_start, is_header_name, misses, parse_duration_us, parse_percentile, parse_size_bounds,
    parse_size_bytes, pattern, text_pattern, version_of,
};

fn read<T>(read: Result<T, ExpectationError>) -> Option<T> {
    if let Err(error) = &read {
        assert!(!error.why.is_empty() && !error.why.contains('\n'), "{error:?}");
        assert!(error.why.chars().count() <= 700, "{error:?}");
    }
    read.ok()
}

/// Reading never panics, an error is one line, and what is read is within its range. The first line is the expectation, the rest
/// the body. Gives how many of the kinds the first line can be read as.
pub fn check(data: &[u8]) -> usize {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (text, body) = (String::from_utf8_lossy(&data[..end]), data.get(end + 1..).unwrap_or_default());
    let mut expect = Expectations::default();
    let mut kinds = 0;
    if let Some(set) = read(StatusSet::parse(&text)) {
        let list: Vec<String> = set.iter().map(u16::to_string).collect();
        assert!(
            set.iter().all(|status| *status <= 999) && StatusSet::parse(&list.join(",")) == Ok(set.clone()),
            "{text}"
        );
        (expect.status, kinds) = (set, kinds + 1);
    }
    if let Some(us) = read(parse_duration_us(&text)) {
        assert_eq!(parse_duration_us(&format!("{us}us")), Ok(us));
        (expect.max_latency_us, kinds) = (Some(us), kinds + 1);
    }
    if let Some(bytes) = read(parse_size_bytes(&text)) {
        assert_eq!(parse_size_bounds(&text), Ok((Some(bytes), Some(bytes))));
    }
    if let Some((least, most)) = read(parse_size_bounds(&text)) {
        assert!(least.unwrap_or(0) <= most.unwrap_or(u64::MAX) && least.or(most).is_some(), "{text}");
        (expect.min_body_bytes, expect.max_body_bytes, kinds) = (least, most, kinds + 1);
    }
    if let Some(percentile) = read(parse_percentile(&text)) {
        assert!((1..=1000).contains(&percentile.per_mille), "{text}");
        kinds += 1;
    }
    if let Some(header) = read(HeaderExpectation::parse(&text)) {
        assert!(is_header_name(&header.name), "{text}");
        expect.headers.push(header);
        kinds += 1;
    }
    if let Some(json) = read(JsonExpectation::parse(&text)) {
        assert_eq!(
            JsonExpectation::new(json.path.as_str(), None).map(|again| again.path),
            Ok(json.path.clone()),
            "{text}"
        );
        let place = VersionPlace::Json(json.path.clone());
        expect.version = VersionExpectation::new("1.2.3", place).ok();
        expect.json.push(json);
        kinds += 1;
    }
    expect.body_matches.extend(read(pattern(&text)));
    expect.final_url = read(text_pattern(&text));
    held(&mut expect, &text, body);
    kinds
}

/// The body against it: what is said of a difference is one line of bounded length.
fn held(expect: &mut Expectations, text: &str, body: &[u8]) {
    let (headers, phases) = ([("x".to_owned(), body.to_vec())], Phases { total_us: 1, ..Phases::default() });
    let answer = Answer {
        status: Some(200),
        headers: &headers,
        body,
        final_url: "http://a.test/",
        certificates: &[],
        phases: &phases,
        now_s: 0,
    };
    let version = VersionExpectation::new(text, VersionPlace::Body).ok();
    if let Some(version) = &version
        && let (Some(found), None) = version_of(version, &answer)
    {
        assert!(String::from_utf8_lossy(body).contains(&found), "{found:?} is not in the body");
    }
    let version = expect.version.take();
    let of_json = version.as_ref().and_then(|version| version_of(version, &answer).1);
    for miss in misses(expect, &answer).into_iter().chain(of_json) {
        for said in [&miss.expected, &miss.got] {
            assert!(!said.contains(['\n', '\r']) && said.chars().count() <= 1000, "{miss:?}");
        }
    }
    assert!(body_start(body).is_none_or(|start| !start.contains('\n') && start.chars().count() <= 301));
}
