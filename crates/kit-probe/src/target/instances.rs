//! The list of instances that the fleet tools print. PURE.
#![warn(clippy::disallowed_methods)]

use super::{Instance, TargetError, address};
use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

/// Most instances of a list: ten times the largest fleet that one check is measured with would not fit one machine's ports.
pub const MAX_INSTANCES: usize = 10_000;

/// Most bytes of a list: 1,600 for each instance.
pub const MAX_TARGETS_BYTES: usize = 16 << 20;

/// Most characters of an id, a zone or a state.
const MAX_WORD_CHARS: usize = 256;

/// Reads a JSON array of instances, or an object with such an array as `instances` or `targets`. `address` is required and
/// an IP address, `id` is the address where it is missing. Fields that are not known are passed over, so that the tools
/// that print the list can tell more. Errors: with line and column; two instances of one id or of one address and port;
/// over [`MAX_INSTANCES`]. An empty list is no error here.
pub fn instances(json: &str) -> Result<Vec<Instance>, TargetError> {
    if json.len() > MAX_TARGETS_BYTES {
        return Err(TargetError(format!("{} bytes; a list of instances has at most {MAX_TARGETS_BYTES}", json.len())));
    }
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let refused = |error: serde_json::Error| TargetError(error.to_string().chars().take(500).collect());
    let List(entries) = if json.trim_start().starts_with('{') {
        let object: Object = serde_json::from_str(json).map_err(refused)?;
        match (object.instances, object.targets) {
            (Some(list), None) | (None, Some(list)) => list,
            (Some(_), Some(_)) => {
                return Err(TargetError("it has both `instances` and `targets`; which one?".to_owned()));
            }
            (None, None) => return Err(TargetError("it has no array `instances` or `targets`".to_owned())),
        }
    } else {
        serde_json::from_str(json).map_err(refused)?
    };
    let instances: Vec<Instance> = entries.into_iter().map(Entry::instance).collect();
    unique(&instances)?;
    Ok(instances)
}

#[derive(Deserialize)]
struct Object {
    instances: Option<List>,
    targets: Option<List>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<Word>,
    address: Address,
    port: Option<Port>,
    zone: Option<Word>,
    state: Option<Word>,
}

impl Entry {
    fn instance(self) -> Instance {
        let text = |word: Option<Word>| word.map(|Word(text)| text);
        Instance {
            id: text(self.id).unwrap_or_else(|| self.address.0.to_string()),
            address: self.address.0,
            port: self.port.map(|Port(port)| port),
            zone: text(self.zone),
            state: text(self.state),
        }
    }
}

struct List(Vec<Entry>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List, D::Error> {
        deserializer.deserialize_seq(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of instances such as [{\"id\": \"i-1\", \"address\": \"10.0.0.5\"}]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = elements.next_element()? {
            if entries.len() == MAX_INSTANCES {
                return Err(de::Error::custom(format_args!("more than {MAX_INSTANCES} instances; split the list")));
            }
            entries.push(entry);
        }
        Ok(List(entries))
    }
}

struct Address(IpAddr);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
        let text = String::deserialize(deserializer)?;
        match address(&text) {
            Ok((ip, None)) => Ok(Address(ip)),
            Ok((ip, Some(port))) => Err(de::Error::custom(format_args!(
                "the address {text:?} has a port in it: write \"address\": \"{ip}\", \"port\": {port}"
            ))),
            Err(TargetError(why)) => Err(de::Error::custom(why)),
        }
    }
}

struct Port(u16);

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Port, D::Error> {
        match u16::deserialize(deserializer)? {
            0 => Err(de::Error::custom("port 0; ports are 1 to 65535")),
            port => Ok(Port(port)),
        }
    }
}

struct Word(String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() || text.chars().any(char::is_control) || text.chars().count() > MAX_WORD_CHARS {
            return Err(de::Error::custom(format_args!(
                "ids, zones and states are 1 to {MAX_WORD_CHARS} characters without control characters"
            )));
        }
        Ok(Word(text))
    }
}

fn unique(instances: &[Instance]) -> Result<(), TargetError> {
    let mut ids = BTreeMap::new();
    let mut places = BTreeMap::new();
    for (number, instance) in (1_usize..).zip(instances) {
        if let Some(first) = ids.insert(instance.id.as_str(), number) {
            return Err(TargetError(format!("instances {first} and {number} have the same id {:?}", instance.id)));
        }
        if let Some(first) = places.insert((instance.address.to_canonical(), instance.port), number) {
            let other = instances.get(first - 1).map_or("", |other| other.id.as_str());
            let place = instance.port.map_or_else(String::new, |port| format!(" and the same port {port}"));
            return Err(TargetError(format!(
                "instances {first} ({other:?}) and {number} ({:?}) have the same address {}{place}",
                instance.id, instance.address
            )));
        }
    }
    Ok(())
}
