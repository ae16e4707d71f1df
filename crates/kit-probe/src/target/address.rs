//! Addresses as `--address` and the list of instances give them. PURE.
#![warn(clippy::disallowed_methods)]

use super::TargetError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Reads `IP`, `IP:PORT`, `[IPv6]` or `[IPv6]:PORT`. Errors: a name, a URL, port 0, an address that no instance has.
pub fn address(text: &str) -> Result<(IpAddr, Option<u16>), TargetError> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let parsed = if let Ok(ip) = text.parse::<IpAddr>() {
        Some((ip, None))
    } else if let Some(ip) = bare.and_then(|bare| bare.parse::<Ipv6Addr>().ok()) {
        Some((IpAddr::V6(ip), None))
    } else {
        text.parse::<SocketAddr>().ok().map(|socket| (socket.ip(), Some(socket.port())))
    };
    let shown: String = text.chars().take(100).collect();
    let Some((ip, port)) = parsed.filter(|_| !text.contains('%')) else {
        return Err(TargetError(format!("{shown:?} is no IP address: {}", advice(text))));
    };
    if port == Some(0) {
        return Err(TargetError(format!("{shown:?} has port 0; ports are 1 to 65535")));
    }
    usable(ip).map_err(|why| TargetError(format!("{shown:?} {why}")))?;
    Ok((ip, port))
}

fn advice(text: &str) -> &'static str {
    if text.contains("://") {
        "give the URL as the target, and here the instance's address as IP or IP:PORT"
    } else if text.contains('%') {
        "an address with a zone (%eth0) can't be used; take one without"
    } else if text.matches(':').count() > 1 {
        "write IPv6 with a port as [2001:db8::1]:443"
    } else if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        "an instance is asked at its own address, and a name may lead elsewhere; write IP or IP:PORT, or give the name as the target"
    } else {
        "write IP or IP:PORT, such as 10.0.0.5 or 10.0.0.5:8080"
    }
}

/// Why an address can't be an instance's.
pub(super) fn usable(ip: IpAddr) -> Result<(), &'static str> {
    let canonical = ip.to_canonical();
    if canonical.is_unspecified() {
        Err("is the address of nobody; for this machine write 127.0.0.1 or ::1")
    } else if canonical.is_multicast() || canonical == IpAddr::V4(Ipv4Addr::BROADCAST) {
        Err("is the address of many; write that of one instance")
    } else {
        Ok(())
    }
}
