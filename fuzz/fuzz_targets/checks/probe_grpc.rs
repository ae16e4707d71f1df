//! What must hold for any answer to a gRPC health check; used by the fuzz target and by the replay of its corpus.

use kit_probe::exchange::strangers::health;

/// Two lines, the headers' and the trailers' `grpc-status`, and the message. Reading never panics, and nothing is SERVING but
/// one whole message that says so, with status 0. Gives the health that was told.
pub fn check(data: &[u8]) -> Option<String> {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let (first, second) = (parts.next()?, parts.next()?);
    let body = parts.next().unwrap_or_default();
    let status = |value: &[u8]| ("grpc-status".to_owned(), value.to_vec());
    let mut headers = vec![("content-type".to_owned(), b"application/grpc+proto".to_vec())];
    if !first.is_empty() {
        headers.push(status(first));
    }
    let trailers = [status(second)];
    let trailers = (!second.is_empty()).then_some(&trailers[..]);
    let (code, told) = match health(&headers, trailers, 200, body) {
        Ok(told) => told,
        Err(why) => {
            assert!(!why.is_empty() && !why.contains('\n') && why.chars().count() <= 500, "{why}");
            return None;
        }
    };
    assert!(health(&headers, trailers, 503, body).is_err() && health(&headers[1..], trailers, 200, body).is_err());
    if told.as_deref() == Some("SERVING") {
        assert_eq!(code, 0);
        let [0, a, b, c, d, message @ ..] = body else { panic!("a message without its length") };
        assert_eq!(u32::from_be_bytes([*a, *b, *c, *d]) as usize, message.len());
        assert!(message.contains(&1), "no field says 1: {message:?}");
        let said: &[u8] = if second.is_empty() { first } else { second };
        assert!(!said.is_empty() && said.iter().all(|digit| *digit == b'0'), "{said:?}");
    }
    told
}
