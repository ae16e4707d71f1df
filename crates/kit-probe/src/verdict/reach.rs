//! Which addresses may have no way from here. PURE.
#![warn(clippy::disallowed_methods)]

use std::net::IpAddr;

/// Whether an address is reached from certain networks alone: RFC 1918 (10/8, 172.16/12, 192.168/16), RFC 6598 (100.64/10,
/// shared by carriers and by some clusters), RFC 3927 (169.254/16, link-local), RFC 4193 (fc00::/7, unique local), RFC 4291
/// section 2.5.6 (fe80::/10, link-local). An IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) counts as itself.
/// Loopback is not one: it is always reached.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first == 100 && second & 0xc0 == 64)
        }
        IpAddr::V6(address) => {
            let first = address.segments()[0];
            first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_of_each_range() {
        let private = [
            "10.0.0.0",
            "10.255.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.0",
            "100.127.255.255",
            "169.254.169.254",
            "fc00::",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "::ffff:10.1.2.3",
        ];
        for text in private {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        let public = [
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "169.253.1.1",
            "127.0.0.1",
            "::1",
            "fbff::1",
            "fe00::1",
            "fec0::1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "8.8.8.8",
        ];
        for text in public {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }
}
