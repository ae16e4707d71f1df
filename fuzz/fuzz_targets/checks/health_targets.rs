//! What must hold for any text that names whom to ask; used by the fuzz target and by the replay of its corpus.

use kit_probe::target::{MAX_INSTANCES, Scheme, Target, address, instances};

/// Reading never panics, an error is one line, and what was read is asked at the place that it names. Gives how many instances
/// the text has as a list.
pub fn check(data: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(data).ok()?;
    target(text);
    text.lines().take(20).for_each(target);
    if let Ok((ip, port)) = address(text) {
        assert!(!ip.is_unspecified() && !ip.is_multicast() && port != Some(0), "{text}");
    }
    let list = match instances(text) {
        Ok(list) => list,
        Err(error) => {
            assert!(!error.0.is_empty() && !error.0.contains('\n') && error.0.chars().count() <= 1000, "{error}");
            return None;
        }
    };
    assert!(list.len() <= MAX_INSTANCES);
    for (index, one) in list.iter().enumerate() {
        assert!(!one.address.is_unspecified() && one.port != Some(0), "{one:?}");
        let words = [Some(&one.id), one.zone.as_ref(), one.state.as_ref()];
        assert!(words.into_iter().flatten().all(|word| !word.trim().is_empty() && !word.contains(char::is_control)));
        let other = list[..index]
            .iter()
            .find(|other| other.id == one.id || (other.address, other.port) == (one.address, one.port));
        assert!(other.is_none(), "{one:?} and {other:?}");
    }
    let again = serde_json::to_string(&list).expect("a list is JSON");
    assert_eq!(instances(&again).as_ref(), Ok(&list), "what was read is read again");
    Some(list.len())
}

fn target(text: &str) {
    let target = match Target::parse(text) {
        Ok(target) => target,
        Err(error) => {
            assert!(!error.0.contains(['\n', '\r']) && error.0.chars().count() <= 1500, "{error}");
            return;
        }
    };
    assert!(!target.host.is_empty() && !text.contains('@') || target.path.contains('@'), "{text}");
    assert!(!target.shown.contains(char::is_control), "{text}");
    let host = if target.host.contains(':') { format!("[{}]", target.host) } else { target.host.clone() };
    if matches!(target.scheme, Scheme::Http | Scheme::Https) {
        let scheme = if target.scheme == Scheme::Https { "https" } else { "http" };
        let url = format!("{scheme}://{host}:{}{}", target.port, target.path);
        let read = url::Url::parse(&url).expect("what was read is a URL");
        assert_eq!((read.host_str(), read.port_or_known_default()), (Some(host.as_str()), Some(target.port)), "{text}");
        assert!(read.as_str().ends_with(&target.path), "{text}");
        let again = Target::parse(&url).expect("what was read is read again");
        assert_eq!((&again.host, again.port, &again.path), (&target.host, target.port, &target.path), "{text}");
    }
    let named = target.clone().with_host(&target.host).expect("a host is a host's name");
    assert_eq!(named.host, target.host);
}
