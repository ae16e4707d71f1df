//! What must hold for any bytes that are presented as a certificate; used by the fuzz target and by the replay of its corpus.

use kit_probe::exchange::strangers::{certificate, proxy_status};

/// Reading never panics, what is shown is one line of bounded length, and what cannot be read has no time left. Gives whether it
/// could be read. The same bytes as a proxy's answer are no success unless they say so.
pub fn check(data: &[u8]) -> bool {
    let (read, shown) = certificate(data);
    for text in shown.iter().chain([&read.subject]) {
        assert!(!text.contains(char::is_control) && text.chars().count() <= 600, "{text:?}");
    }
    assert!(read.ends_s >= 0 && read.begins_s >= 0, "{read:?}");
    if let Some(200..=299) = proxy_status(data) {
        assert!(data.starts_with(b"HTTP/1.") && data.windows(2).any(|pair| pair == b" 2"));
    }
    let is_read = shown[2] != "unknown";
    assert!(is_read || read.ends_s == 0, "{read:?}");
    is_read
}
