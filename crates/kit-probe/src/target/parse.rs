//! Targets as they are written. PURE.
#![warn(clippy::disallowed_methods)]

use super::{Scheme, Target, TargetError, address};
use std::net::{IpAddr, Ipv6Addr};
use url::{Host, Url};

/// Most bytes of a target. Servers take URLs of about 8 KiB.
const MAX_TARGET_BYTES: usize = 8 << 10;

/// The schemes that an URL may have.
const SCHEMES: [(&str, Scheme); 6] = [
    ("http", Scheme::Http),
    ("https", Scheme::Https),
    ("tcp", Scheme::Tcp),
    ("tls", Scheme::Tls),
    ("grpc", Scheme::Grpc),
    ("grpcs", Scheme::Grpcs),
];

impl Target {
    /// Reads an URL: `http`, `https`, `tcp`, `tls`, `grpc` or `grpcs`. `tcp` and `tls` need a port and take no path; `grpc`
    /// has port 80 and `grpcs` 443 when none is given, and the service as path. International names become Punycode.
    /// Errors: another scheme or none, a user or a password, a fragment, blanks, what the URL standard refuses.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        let shown = without_user(text);
        let refused = |why: &str| TargetError(format!("target {shown:?}: {why}"));
        if text.len() > MAX_TARGET_BYTES {
            return Err(TargetError(format!("a target of {} bytes; at most {MAX_TARGET_BYTES} are read", text.len())));
        }
        if text.is_empty() {
            return Err(TargetError("an empty target; write an URL such as https://www.example.com/health".to_owned()));
        }
        if text.chars().any(|char| char.is_control() || char.is_whitespace()) || text.contains('\\') {
            return Err(refused("blanks, control characters and backslashes have no place in an URL"));
        }
        let Some((word, rest)) = text.split_once("://") else {
            return Err(refused(&without_scheme(&shown)));
        };
        let Some((_, scheme)) = SCHEMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)) else {
            let why = format!("the scheme {word:?} is not known; there are http, https, tcp, tls, grpc and grpcs");
            return Err(refused(&why));
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, after) = rest.split_at(end);
        if authority.contains('@') {
            return Err(refused(
                "a user or a password in an URL ends up in logs; give it as a header, from a secret variable",
            ));
        }
        if after.contains('#') {
            return Err(refused("what follows # is never sent to a server; leave it out"));
        }
        build(*scheme, authority, after).map_err(|why| refused(&why))
    }

    /// The same target under another public name: `Host` header, SNI and the name that the certificate must hold. Whom it is
    /// connected to has to be taken from [`Target::host`] before. Errors: no host name, or one with a port.
    pub fn with_host(self, name: &str) -> Result<Target, TargetError> {
        let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
        let host = match bare.parse::<Ipv6Addr>() {
            Ok(ip) => Ok(ip.to_string()),
            Err(_) if name.contains(['/', ':', '@', '?', '#', '\\']) || name.chars().any(char::is_whitespace) => {
                Err("a name alone is expected, without scheme, port and path".to_owned())
            }
            Err(_) => Host::parse(name).map_err(|error| error.to_string()).and_then(|host| checked(&host, name)),
        };
        match host {
            Ok(host) => Ok(Target { host, ..self }),
            Err(why) => Err(TargetError(format!("host {name:?}: {why}"))),
        }
    }

    /// A command: the program and its arguments. Errors: no program, a NUL in it.
    pub fn of_command(command: &[String]) -> Result<Target, TargetError> {
        if command.first().is_none_or(|program| program.trim().is_empty()) {
            return Err(TargetError("a command without a program; write -- PROGRAM ARGUMENT...".to_owned()));
        }
        if command.iter().any(|word| word.contains('\0')) {
            return Err(TargetError("a command with a NUL character, which no program can be given".to_owned()));
        }
        let shown = command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        let command = command.to_vec();
        Ok(Target { shown, scheme: Scheme::Command, host: String::new(), port: 0, path: String::new(), command })
    }
}

fn build(scheme: Scheme, authority: &str, after: &str) -> Result<Target, String> {
    // The standard reads hosts of the web's schemes strictly and those of all others hardly at all: every target is read as
    // one of the web.
    let web = if matches!(scheme, Scheme::Https | Scheme::Tls | Scheme::Grpcs) { "https" } else { "http" };
    if authority.is_empty() {
        return Err("it names no host".to_owned());
    }
    let url = Url::parse(&format!("{web}://{authority}{after}")).map_err(|error| match error {
        error if authority.matches(':').count() > 1 && !authority.starts_with('[') => {
            format!("{error}; IPv6 addresses are written in brackets: [2001:db8::1]:443")
        }
        url::ParseError::InvalidPort => "the port is no number of 1 to 65535".to_owned(),
        url::ParseError::EmptyHost => "it names no host".to_owned(),
        error => error.to_string(),
    })?;
    let (name, port_text) = split_port(authority);
    let found = url.host().ok_or("it names no host")?;
    let host = checked(&found.to_owned(), name)?;
    let needs_port = matches!(scheme, Scheme::Tcp | Scheme::Tls);
    if port_text == Some("") || (needs_port && port_text.is_none()) {
        return Err(format!("the port is missing: write {}://{found}:443 with the right number", word(scheme)));
    }
    let port = url.port_or_known_default().filter(|port| *port != 0).ok_or("port 0; ports are 1 to 65535")?;
    let place = format!("{}://{found}:{port}", word(scheme));
    let (path, shown) = match scheme {
        Scheme::Http | Scheme::Https => {
            let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
            (format!("{}{query}", url.path()), url.to_string())
        }
        Scheme::Grpc | Scheme::Grpcs => {
            let service = after.strip_prefix('/').unwrap_or(after);
            if !service.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte)) {
                return Err("after the host stands the name of a gRPC service: letters, digits, '.', '_', '-' and '/'"
                    .to_owned());
            }
            let shown = if service.is_empty() { place } else { format!("{place}/{service}") };
            (service.to_owned(), shown)
        }
        Scheme::Tcp | Scheme::Tls | Scheme::Command if matches!(after, "" | "/") => (String::new(), place),
        Scheme::Tcp | Scheme::Tls | Scheme::Command => {
            return Err(format!("a path needs HTTP: write {web}://{authority}{after}, or leave {after:?} out"));
        }
    };
    Ok(Target { shown, scheme, host, port, path, command: Vec::new() })
}

fn word(scheme: Scheme) -> &'static str {
    SCHEMES.iter().find(|(_, known)| *known == scheme).map_or("", |(name, _)| name)
}

/// Host and port of an authority, as written; IPv6 keeps its brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// A host as it is used. `written`: as it stands in the text.
fn checked(host: &Host<String>, written: &str) -> Result<String, String> {
    let (text, ip) = match host {
        Host::Ipv4(ip) if ip.to_string() != written => {
            return Err(format!("the host reads as the address {ip}; write it so, if it is meant"));
        }
        Host::Ipv4(ip) => (ip.to_string(), Some(IpAddr::V4(*ip))),
        Host::Ipv6(ip) => (ip.to_string(), Some(IpAddr::V6(*ip))),
        Host::Domain(name) => (name.clone(), None),
    };
    if let Some(ip) = ip {
        address::usable(ip).map_err(|why| format!("{ip} {why}"))?;
    } else if text.ends_with('.') {
        return Err(format!(
            "write {} without the last dot: certificates and virtual hosts know names without",
            text.trim_end_matches('.')
        ));
    } else if text.len() > 253 || text.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Err("no host name: its parts are 1 to 63 characters, at most 253 in all (RFC 1035)".to_owned());
    } else if text.contains('*') {
        return Err("a host with * is a pattern; write the name of one".to_owned());
    }
    Ok(text)
}

/// The text without what stands before the last `@` of its authority.
fn without_user(text: &str) -> String {
    let begin = text.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at(begin);
    // A password may hold any character: everything up to the last @ is taken away, even in a path.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}{rest}").chars().take(300).collect()
}

/// What is meant by a text without `://`.
fn without_scheme(text: &str) -> String {
    let rest = SCHEMES.iter().find_map(|(name, _)| text.strip_prefix(name)?.strip_prefix(':'));
    if let Some(rest) =
        rest.filter(|rest| rest.starts_with('/') || !rest.starts_with(|char: char| char.is_ascii_digit()))
    {
        let scheme = &text[..text.len() - rest.len()];
        return format!("did you mean {scheme}//{}?", rest.trim_start_matches('/'));
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return format!("it has no scheme; did you mean http://[{text}]/?");
    }
    let place = text.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = match split_port(place).1.and_then(|port| port.parse::<u16>().ok()) {
        Some(443 | 8443) => "https",
        Some(22 | 25 | 1433 | 3306 | 5432 | 5672 | 6379 | 9092 | 11211 | 27017) => {
            return format!("it has no scheme; did you mean tcp://{place}?");
        }
        Some(50051) => return format!("it has no scheme; did you mean grpc://{place}?"),
        Some(_) => "http",
        None if place == "localhost" || place.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() => "http",
        None => "https",
    };
    let slash = if place.len() == text.len() { "/" } else { "" };
    format!("it has no scheme; did you mean {scheme}://{text}{slash}?")
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=@%+,{}".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
