//! Names to addresses, by the system's resolver.

use super::Family;
use super::clock::{Clock, us};
use crate::event::{Cause, Fault};
use dns_lookup::{AddrFamily, AddrInfoHints, LookupError, LookupErrorKind, SockType};
use std::net::IpAddr;
use tokio::time::Instant;

/// musl's resolver keeps at most so many addresses of an answer and drops the others without a word (`MAXADDRS` in its
/// `src/network/lookup.h`); other C libraries have no such bound.
const MOST_TOLD: Option<usize> = if cfg!(target_env = "musl") { Some(48) } else { None };

/// Names that this machine knows by itself.
const HOSTS: &str = "/etc/hosts";

/// What the system tells of one family.
type Told = Result<Vec<IpAddr>, (LookupErrorKind, String)>;

/// Every address of `host` of the family, sorted, without duplicates, never none; and how long it took, µs.
pub(super) async fn resolve(host: &str, family: Family, clock: &Clock) -> Result<(Vec<IpAddr>, u64), Fault> {
    if let Some(address) = literal(host) {
        if !belongs(address, family) {
            return Err(none_of_family(host, family));
        }
        return Ok((vec![address], 0));
    }
    let began = Instant::now();
    // Asked for both families at once, glibc gives what it has of one when the answer about the other is a failure, and musl
    // gives nothing when the name is said not to exist for one. Asked apart, both tell which of the two it is.
    let ask = |asked: Family| {
        let name = host.to_owned();
        // getaddrinfo cannot be stopped. It is left behind on its thread when the time is up.
        let lookup = (family == Family::Any || family == asked)
            .then(|| tokio::task::spawn_blocking(move || look_up(&name, asked)));
        async { Some(lookup?.await) }
    };
    let Some((v4, v6)) = clock.within(async { tokio::join!(ask(Family::V4), ask(Family::V6)) }).await else {
        return Err(Fault {
            cause: Cause::ResolverFailed,
            message: format!("the resolver gave no answer for {host} within {}", clock.elapsed()),
        });
    };
    let told = [v4, v6].into_iter().flatten().collect::<Result<Vec<Told>, _>>().map_err(|error| Fault {
        cause: Cause::ResolverFailed,
        message: format!("the resolver could not be asked for {host}: {error}"),
    })?;
    Ok((every(host, family, told, MOST_TOLD)?, us(began.elapsed())))
}

/// The addresses of all families together. A family without an address is no fault while the other has one; one that could
/// not be told is, since whoever is not asked may be down. `most`: from so many on, some may have been dropped.
fn every(host: &str, family: Family, told: Vec<Told>, most: Option<usize>) -> Result<Vec<IpAddr>, Fault> {
    let mut addresses = Vec::new();
    for told in told {
        match told {
            Ok(found) if most.is_some_and(|most| found.len() >= most) => {
                return Err(Fault {
                    cause: Cause::ResolverFailed,
                    message: format!(
                        "{host} has {} addresses or more, and this program's resolver tells no further ones: name all \
                         instances with --targets",
                        found.len()
                    ),
                });
            }
            Ok(found) => addresses.extend(found),
            Err((kind, _)) if is_known(kind) => {}
            Err((_, text)) => {
                return Err(Fault {
                    cause: Cause::ResolverFailed,
                    message: format!("the resolver of this machine could not tell the addresses of {host}: {text}"),
                });
            }
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.is_empty() {
        return Err(Fault {
            cause: Cause::NameNotFound,
            message: format!("the name {host} does not exist or has no {}", family_name(family)),
        });
    }
    Ok(addresses)
}

/// The address that `host` is, when it is one; an IPv6 address with or without brackets.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

fn look_up(name: &str, family: Family) -> Told {
    let address = match family {
        Family::Any => 0,
        Family::V4 => AddrFamily::Inet.into(),
        Family::V6 => AddrFamily::Inet6.into(),
    };
    let hints = AddrInfoHints { address, socktype: SockType::Stream.into(), ..AddrInfoHints::default() };
    let found = dns_lookup::getaddrinfo(Some(name), None, Some(hints))
        // One answer that cannot be read makes the list incomplete, and an instance that is not asked counts as none.
        .and_then(|found| found.map(|one| Ok(one?.sockaddr.ip())).collect::<Result<Vec<_>, LookupError>>());
    found.map_err(|error| match error.kind() {
        // glibc asks the network for the family that the file has no address of; musl, like all who ask for both, does not.
        kind if is_known(kind) || !is_listed(&std::fs::read(HOSTS).unwrap_or_default(), name) => {
            (kind, error.to_string())
        }
        _ => (LookupErrorKind::NoData, error.to_string()),
    })
}

/// Whether it is an answer that there is no address.
fn is_known(kind: LookupErrorKind) -> bool {
    matches!(kind, LookupErrorKind::NoName | LookupErrorKind::NoData)
}

/// Whether the file of names (hosts(5)) has a line for this one.
fn is_listed(hosts: &[u8], name: &str) -> bool {
    let mut lines =
        hosts.split(|byte| *byte == b'\n').map(|line| line.split(|byte| *byte == b'#').next().unwrap_or_default());
    lines.any(|line| {
        let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        words.skip(1).any(|word| word.eq_ignore_ascii_case(name.as_bytes()))
    })
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

    fn told(kind: LookupErrorKind) -> Told {
        Err((kind, "x".to_owned()))
    }

    fn found(family: u8, count: u8) -> Told {
        Ok((0..count)
            .map(|last| if family == 4 { [10, 0, 0, last].into() } else { [7, 0, 0, 0, 0, 0, 0, last.into()].into() })
            .collect())
    }

    fn cause(told: Vec<Told>) -> Cause {
        every("a.test", Family::Any, told, None).unwrap_err().cause
    }

    #[test]
    fn a_name_that_is_not_there_differs_from_a_resolver_that_cannot_tell() {
        use LookupErrorKind::{Again, Fail, IO, NoData, NoName, System};
        for kind in [NoName, NoData] {
            assert_eq!(cause(vec![told(kind), told(NoName)]), Cause::NameNotFound);
        }
        for kind in [Again, Fail, System, IO] {
            assert_eq!(cause(vec![told(kind)]), Cause::ResolverFailed);
            assert_eq!(cause(vec![told(NoName), told(kind)]), Cause::ResolverFailed);
        }
    }

    #[test]
    fn a_family_that_could_not_be_told_is_not_taken_for_one_without_an_address() {
        let all = |told| every("a.test", Family::Any, told, None).map(|all| all.len());
        assert_eq!(all(vec![found(4, 2), told(LookupErrorKind::NoName)]).unwrap(), 2);
        assert_eq!(all(vec![told(LookupErrorKind::NoData), found(6, 1)]).unwrap(), 1);
        assert_eq!(all(vec![found(4, 2), found(6, 3), found(4, 1)]).unwrap(), 5);
        assert_eq!(cause(vec![found(4, 2), told(LookupErrorKind::Again)]), Cause::ResolverFailed);
        assert_eq!(cause(vec![told(LookupErrorKind::Again), found(6, 1)]), Cause::ResolverFailed);
    }

    #[test]
    fn names_of_the_machines_own_file_are_found() {
        let listed = |hosts: &[u8]| is_listed(hosts, "a.test");
        assert!(listed(b"127.0.0.1 localhost\n10.0.0.1\tb.test A.test # x\n") && listed(b"::1 a.test"));
        for hosts in
            [&b""[..], b"10.0.0.1 aa.test\n", b"10.0.0.1 b.test # a.test\n", b"a.test b.test\n", b"#10.0.0.1 a.test\n"]
        {
            assert!(!listed(hosts), "{}", hosts.escape_ascii());
        }
    }

    #[test]
    fn a_list_that_may_have_been_cut_is_none() {
        let fault = every("a.test", Family::Any, vec![found(4, 1), found(6, 48)], Some(48)).unwrap_err();
        assert_eq!(fault.cause, Cause::ResolverFailed);
        assert!(fault.message.contains("has 48 addresses or more") && fault.message.contains("--targets"), "{fault:?}");
        assert_eq!(every("a.test", Family::Any, vec![found(4, 47), found(6, 47)], Some(48)).unwrap().len(), 94);
    }
}
