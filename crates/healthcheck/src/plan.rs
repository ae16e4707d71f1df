//! Who is asked, from what was given and what was found. PURE.
#![warn(clippy::disallowed_methods)]

pub mod merge;

use crate::args::options::{TargetOptions, literal};
use crate::error::Error;
use kit_probe::exchange::Family;
use kit_probe::target::{Instance, Member, Membership, Scheme, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Ids that a note names; the rest is counted.
const NAMED: usize = 10;

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The targets.
    pub targets: Vec<Target>,
    /// How the members of each come about.
    pub memberships: Vec<Membership>,
    /// The members of each; empty where they are resolved.
    pub members: Vec<Vec<Member>>,
    /// The name that is resolved for each.
    pub names: Vec<String>,
    /// What a person should know before the first answer.
    pub notes: Vec<String>,
}

/// Decides who is asked. `listed`: the instances of the file, when there is one; `proxy`: the proxy that applies to each
/// target, in their order. Errors: instances were asked for, and none is left; two of one name.
pub fn asked(
    options: &TargetOptions,
    listed: Option<Vec<Instance>>,
    instance: Option<&str>,
    proxy: &[Option<String>],
) -> Result<Asked, Error> {
    let mut notes = Vec::new();
    let instances = instances(options, listed, &mut notes)?;
    one_port_for_each(options, instances.as_deref().unwrap_or_default())?;
    let mut asked =
        Asked { targets: Vec::new(), memberships: Vec::new(), members: Vec::new(), names: Vec::new(), notes };
    for (index, (target, own)) in options.targets.iter().enumerate() {
        let proxy = proxy.get(index).and_then(Option::as_deref);
        let (membership, members) = match (&instances, literal(own)) {
            (Some(instances), _) => {
                if let Some(proxy) = proxy {
                    asked
                        .notes
                        .push(format!("the proxy {proxy} is not used: each instance is asked at its own address"));
                }
                (Membership::Given, instances.iter().map(|one| member(one, target)).collect())
            }
            (None, _) if target.scheme == Scheme::Command => {
                let id = instance.unwrap_or("this machine").to_owned();
                (Membership::Single, vec![Member { id, address: None, zone: None }])
            }
            (None, _) if proxy.is_some() => {
                let proxy = proxy.unwrap_or_default();
                asked.notes.push(format!(
                    "{} is asked through the proxy {proxy}, which chooses the instance; name the instances, or set no-proxy",
                    target.shown
                ));
                let id = instance.map_or_else(|| format!("{}:{}", target.host, target.port), str::to_owned);
                (Membership::Single, vec![Member { id, address: None, zone: None }])
            }
            (None, Some(ip)) => {
                let address = SocketAddr::new(ip, target.port);
                let id = instance.map_or_else(|| address.to_string(), str::to_owned);
                (Membership::Given, vec![Member { id, address: Some(address), zone: None }])
            }
            (None, None) if instance.is_some() => {
                return Err(Error::Input(format!(
                    "instance names one instance, and the name {own} may lead to several; give its address, such as --address 127.0.0.1:{}",
                    target.port
                )));
            }
            (None, None) => (Membership::Resolved, Vec::new()),
        };
        if target.scheme != Scheme::Command {
            each_at_its_own_place(&members)?;
        }
        asked.targets.push(target.clone());
        asked.memberships.push(membership);
        asked.members.push(members);
        asked.names.push(own.clone());
    }
    asked.notes.dedup();
    Ok(asked)
}

/// The instances that count; `None` when none were asked for.
fn instances(
    options: &TargetOptions,
    listed: Option<Vec<Instance>>,
    notes: &mut Vec<String>,
) -> Result<Option<Vec<Instance>>, Error> {
    if listed.is_none() && options.addresses.is_empty() {
        return Ok(None);
    }
    let mut all = options.addresses.clone();
    let found = listed.as_ref().map_or(0, Vec::len);
    for instance in listed.unwrap_or_default() {
        // Those of the list are different already.
        if let Some(other) = options.addresses.iter().find(|other| other.id == instance.id) {
            return Err(Error::Input(format!("the instance {} is given twice, by address and in the list", other.id)));
        }
        all.push(instance);
    }
    let (all, left_out): (Vec<Instance>, Vec<Instance>) =
        all.into_iter().partition(|instance| counts(instance, &options.states));
    if !left_out.is_empty() {
        let named: Vec<String> = left_out
            .iter()
            .take(NAMED)
            .map(|one| format!("{} ({})", one.id, one.state.as_deref().unwrap_or_default()))
            .collect();
        let more = left_out.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        notes.push(format!(
            "{} not in {} and left out: {}{more}",
            if left_out.len() == 1 { "1 instance is".to_owned() } else { format!("{} instances are", left_out.len()) },
            options.states.join(" or "),
            named.join(", ")
        ));
    }
    let of_family = |one: &Instance| {
        !matches!((options.family, one.address), (Family::V4, IpAddr::V6(_)) | (Family::V6, IpAddr::V4(_)))
    };
    let (all, of_other): (Vec<Instance>, Vec<Instance>) = all.into_iter().partition(of_family);
    if !of_other.is_empty() {
        notes.push(format!("{} left out for the family of its address, such as {}", of_other.len(), of_other[0].id));
    }
    if all.is_empty() {
        return Err(Error::NothingFound(match (found, left_out.len()) {
            (0, 0) => "the list of instances is empty; whoever made it found none".to_owned(),
            _ => format!("no instance is left to ask: {}", notes.join("; ")),
        }));
    }
    Ok(Some(all))
}

/// Whether an instance is in one of the states, in any spelling, or in none.
fn counts(instance: &Instance, states: &[String]) -> bool {
    let wanted = |state: &String| states.iter().any(|wanted| wanted.trim().eq_ignore_ascii_case(state.trim()));
    instance.state.as_ref().is_none_or(wanted)
}

/// Errors: a listed instance that counts and of which nobody took samples, or a list without one that counts. A machine whose
/// file was lost would otherwise be no machine at all.
pub fn all_sampled(listed: &[Instance], states: &[String], sampled: &BTreeSet<&str>) -> Result<(), Error> {
    let mut wanted = listed.iter().filter(|instance| counts(instance, states)).peekable();
    if wanted.peek().is_none() {
        return Err(Error::NothingFound(format!("no listed instance is {}", states.join(" or "))));
    }
    let missing: Vec<&str> = wanted.map(|one| one.id.as_str()).filter(|id| !sampled.contains(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let more = missing.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named: Vec<&str> = missing.into_iter().take(NAMED).collect();
    Err(Error::Missing(format!("there are no samples of {}{more}; probe there with --instance", named.join(", "))))
}

/// Errors: an instance with a port of its own, and targets with several: whose would it be?
fn one_port_for_each(options: &TargetOptions, instances: &[Instance]) -> Result<(), Error> {
    let mut spoken_to = options.targets.iter().map(|(target, _)| target).filter(|one| one.scheme != Scheme::Command);
    let Some(own) = instances.iter().find(|one| one.port.is_some()) else { return Ok(()) };
    let Some(first) = spoken_to.next() else { return Ok(()) };
    match spoken_to.find(|target| target.port != first.port) {
        Some(other) => Err(Error::Input(format!(
            "the instance {} has a port of its own, and {} and {} have different ones; give it without a port, or check them in runs of their own",
            own.id, first.shown, other.shown
        ))),
        None => Ok(()),
    }
}

/// Errors: two instances at one address, which would count twice.
fn each_at_its_own_place(members: &[Member]) -> Result<(), Error> {
    let mut places = BTreeMap::new();
    for member in members {
        let Some(address) = member.address else { continue };
        if let Some(other) = places.insert((address.ip().to_canonical(), address.port()), &member.id) {
            return Err(Error::Input(format!(
                "the instances {other} and {} are both at {address}; one would count twice",
                member.id
            )));
        }
    }
    Ok(())
}

fn member(instance: &Instance, target: &Target) -> Member {
    let port = instance.port.unwrap_or(target.port);
    Member {
        id: instance.id.clone(),
        address: Some(SocketAddr::new(instance.address, port)),
        zone: instance.zone.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(target: &str) -> TargetOptions {
        let target = Target::parse(target).unwrap();
        let own = target.host.clone();
        TargetOptions {
            targets: vec![(target, own)],
            addresses: Vec::new(),
            file: None,
            states: vec!["InService".to_owned()],
            family: Family::Any,
        }
    }

    fn instance(id: &str, last: u8, state: Option<&str>) -> Instance {
        let address = IpAddr::from([10, 0, 0, last]);
        Instance { id: id.to_owned(), address, port: None, zone: None, state: state.map(str::to_owned) }
    }

    #[test]
    fn instances_out_of_service_are_left_out_and_named() {
        let listed = vec![
            instance("i-1", 1, Some("InService")),
            instance("i-2", 2, Some("Pending:Wait")),
            instance("i-3", 3, None),
        ];
        let asked = asked(&options("http://shop.example/health"), Some(listed), None, &[None]).unwrap();
        let ids: Vec<&str> = asked.members[0].iter().map(|member| member.id.as_str()).collect();
        assert_eq!(ids, ["i-1", "i-3"]);
        assert_eq!(asked.notes, ["1 instance is not in InService and left out: i-2 (Pending:Wait)"]);
        assert_eq!(asked.members[0][0].address, Some("10.0.0.1:80".parse().unwrap()));
    }

    #[test]
    fn nobody_left_is_unproven_and_never_everybody() {
        let none = asked(&options("http://shop.example/"), Some(Vec::new()), None, &[None]);
        assert!(matches!(none, Err(Error::NothingFound(_))));
        let pending = vec![instance("i-2", 2, Some("Pending"))];
        let none = asked(&options("http://shop.example/"), Some(pending), None, &[None]);
        assert!(matches!(none, Err(Error::NothingFound(_))));
    }

    #[test]
    fn a_name_is_resolved_an_address_is_given_and_a_proxy_stands_alone() {
        let resolved = asked(&options("http://shop.example/"), None, None, &[None]).unwrap();
        assert_eq!((resolved.memberships[0], resolved.members[0].len()), (Membership::Resolved, 0));
        let given = asked(&options("http://127.0.0.1:81/"), None, None, &[None]).unwrap();
        assert_eq!(given.members[0][0].id, "127.0.0.1:81");
        let proxied = asked(&options("http://shop.example/"), None, None, &[Some("proxy:3128".to_owned())]).unwrap();
        assert_eq!(proxied.memberships[0], Membership::Single);
        assert!(proxied.notes[0].contains("proxy:3128"), "{:?}", proxied.notes);
        let list = vec![instance("i-1", 1, None)];
        let pinned =
            asked(&options("http://shop.example/"), Some(list), None, &[Some("proxy:3128".to_owned())]).unwrap();
        assert_eq!(pinned.memberships[0], Membership::Given);
        assert!(pinned.notes[0].contains("not used"), "{:?}", pinned.notes);
    }
}
