//! Names to addresses, by the system's resolver.

use super::Family;
use super::clock::{Clock, us};
use crate::event::{Cause, Fault};
use dns_lookup::{AddrFamily, AddrInfoHints, LookupError, LookupErrorKind, SockType};
use std::net::IpAddr;
use tokio::time::Instant;

/// Every address of `host` of the family, sorted, without duplicates, never none; and how long it took, µs.
pub(super) async fn resolve(host: &str, family: Family, clock: &Clock) -> Result<(Vec<IpAddr>, u64), Fault> {
    if let Some(address) = literal(host) {
        if !belongs(address, family) {
            return Err(none_of_family(host, family));
        }
        return Ok((vec![address], 0));
    }
    let began = Instant::now();
    let name = host.to_owned();
    // getaddrinfo cannot be stopped. It is left behind on its thread when the time is up.
    let lookup = tokio::task::spawn_blocking(move || look_up(&name, family));
    let Some(joined) = clock.within(lookup).await else {
        return Err(Fault {
            cause: Cause::ResolverFailed,
            message: format!("the resolver gave no answer for {host} within {}", clock.elapsed()),
        });
    };
    let found = joined.map_err(|error| Fault {
        cause: Cause::ResolverFailed,
        message: format!("the resolver could not be asked for {host}: {error}"),
    })?;
    let mut addresses = found.map_err(|error| fault(host, family, error.kind(), &error.to_string()))?;
    addresses.retain(|address| belongs(*address, family));
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.is_empty() {
        return Err(none_of_family(host, family));
    }
    Ok((addresses, us(began.elapsed())))
}

/// The address that `host` is, when it is one; an IPv6 address with or without brackets.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

fn look_up(name: &str, family: Family) -> Result<Vec<IpAddr>, LookupError> {
    let address = match family {
        Family::Any => 0,
        Family::V4 => AddrFamily::Inet.into(),
        Family::V6 => AddrFamily::Inet6.into(),
    };
    let hints = AddrInfoHints { address, socktype: SockType::Stream.into(), ..AddrInfoHints::default() };
    let found = dns_lookup::getaddrinfo(Some(name), None, Some(hints))?;
    // One answer that cannot be read makes the list incomplete, and an instance that is not asked counts as none.
    found.map(|one| one.map(|one| one.sockaddr.ip())).collect::<std::io::Result<Vec<_>>>().map_err(LookupError::from)
}

fn belongs(address: IpAddr, family: Family) -> bool {
    match family {
        Family::Any => true,
        Family::V4 => address.is_ipv4(),
        Family::V6 => address.is_ipv6(),
    }
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Any => "address",
        Family::V4 => "IPv4 address",
        Family::V6 => "IPv6 address",
    }
}

fn none_of_family(host: &str, family: Family) -> Fault {
    Fault { cause: Cause::NameNotFound, message: format!("{host} has no {}", family_name(family)) }
}

fn fault(host: &str, family: Family, kind: LookupErrorKind, text: &str) -> Fault {
    match kind {
        LookupErrorKind::NoName | LookupErrorKind::NoData => Fault {
            cause: Cause::NameNotFound,
            message: format!("the name {host} does not exist or has no {}", family_name(family)),
        },
        _ => Fault {
            cause: Cause::ResolverFailed,
            message: format!("the resolver of this machine could not tell the addresses of {host}: {text}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn clock() -> Clock {
        Clock::new(Duration::from_secs(10), Instant::now() + Duration::from_secs(10))
    }

    #[tokio::test]
    async fn an_address_is_its_own_answer() {
        let (addresses, us) = resolve("[::1]", Family::Any, &clock()).await.unwrap();
        assert_eq!((addresses, us), (vec!["::1".parse().unwrap()], 0));
        let fault = resolve("127.0.0.1", Family::V6, &clock()).await.unwrap_err();
        assert_eq!(fault.cause, Cause::NameNotFound);
        assert_eq!(fault.message, "127.0.0.1 has no IPv6 address");
    }

    #[tokio::test]
    async fn localhost_is_resolved_by_the_system() {
        let (addresses, _) = resolve("localhost", Family::V4, &clock()).await.unwrap();
        assert_eq!(addresses, ["127.0.0.1".parse::<IpAddr>().unwrap()]);
    }

    #[test]
    fn a_name_that_is_not_there_differs_from_a_resolver_that_cannot_tell() {
        let cause = |kind| fault("a.test", Family::Any, kind, "x").cause;
        assert_eq!(cause(LookupErrorKind::NoName), Cause::NameNotFound);
        assert_eq!(cause(LookupErrorKind::NoData), Cause::NameNotFound);
        for kind in [LookupErrorKind::Again, LookupErrorKind::Fail, LookupErrorKind::System, LookupErrorKind::IO] {
            assert_eq!(cause(kind), Cause::ResolverFailed);
        }
    }
}
