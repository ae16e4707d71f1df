//! Package URLs: `pkg:npm/%40babel/core@7.26.0`. PURE.
//!
//! Specification: <https://github.com/package-url/purl-spec>, with the rules of each type. Where it and the registries differ
//! the registry's name is kept as it is: npm has old packages with capitals, and Go's module paths tell cases apart.
#![warn(clippy::disallowed_methods)]

use super::package::{Ecosystem, Package};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of the longest package URL that is read. Go's paths and a dozen qualifiers stay below 1,000.
const MAX_BYTES: usize = 8 << 10;

/// A package URL in its parts, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    /// Lower case: `npm`, `pypi`, `golang`.
    pub kind: String,
    /// `/`-separated; empty for none: `@babel`, `org.slf4j`, `github.com/spf13`.
    pub namespace: String,
    /// Never empty.
    pub name: String,
    /// Empty for none.
    pub version: String,
    /// By key.
    pub qualifiers: BTreeMap<String, String>,
    /// `/`-separated; empty for none.
    pub subpath: String,
}

impl Purl {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// For people, what is wrong: no `pkg:`, no type, no name, a percent sign that encodes nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > MAX_BYTES {
            return Err(format!("a package URL of more than {MAX_BYTES} bytes"));
        }
        let rest = match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkg") => rest.trim_start_matches('/'),
            _ => return Err("it does not begin with `pkg:`".to_owned()),
        };
        let (rest, subpath) = rest.rsplit_once('#').unwrap_or((rest, ""));
        let (rest, qualifiers) = rest.rsplit_once('?').unwrap_or((rest, ""));
        let (kind, rest) = rest.split_once('/').ok_or("it has no name")?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
        if kind.is_empty() || !kind.bytes().all(allowed) {
            return Err("it has no type".to_owned());
        }
        let (path, version) = without_version(rest);
        let mut segments =
            path.split('/').filter(|segment| !segment.is_empty()).map(decoded).collect::<Result<Vec<_>, _>>()?;
        let name = segments.pop().filter(|name| !name.is_empty()).ok_or("it has no name")?;
        let purl = Purl {
            kind: kind.to_ascii_lowercase(),
            namespace: segments.join("/"),
            name,
            version: decoded(version)?,
            qualifiers: read_qualifiers(qualifiers)?,
            subpath: read_subpath(subpath)?,
        };
        Ok(purl.normal())
    }

    /// Of a package of an ecosystem by its name, as [`Package::name`], and version.
    pub fn of(ecosystem: Ecosystem, name: &str, version: &str) -> Self {
        let (namespace, name) = match ecosystem {
            Ecosystem::Maven => name.split_once(':').unwrap_or(("", name)),
            Ecosystem::Npm | Ecosystem::Composer | Ecosystem::Go | Ecosystem::Generic => {
                name.rsplit_once('/').unwrap_or(("", name))
            }
            Ecosystem::Pip | Ecosystem::Cargo | Ecosystem::Gem | Ecosystem::NuGet => ("", name),
        };
        let purl = Purl {
            kind: ecosystem.purl_type().to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
            ..Purl::default()
        };
        purl.normal()
    }

    /// Of a package.
    pub fn of_package(package: &Package) -> Self {
        Purl::of(package.ecosystem, &package.name, &package.version)
    }

    /// Whose package it is, and its name as [`Package::name`]. What belongs to none of the ecosystems that are known is
    /// [`Ecosystem::Generic`], its name with the type before it: `deb/debian/bash`.
    pub fn package(&self) -> (Ecosystem, String) {
        let joined = |separator: &str| match self.namespace.as_str() {
            "" => self.name.clone(),
            namespace => format!("{namespace}{separator}{}", self.name),
        };
        match self.kind.as_str() {
            "composer" => (Ecosystem::Composer, joined("/")),
            "npm" => (Ecosystem::Npm, joined("/")),
            "pypi" => (Ecosystem::Pip, self.name.clone()),
            "cargo" => (Ecosystem::Cargo, self.name.clone()),
            "golang" => (Ecosystem::Go, joined("/")),
            "gem" => (Ecosystem::Gem, self.name.clone()),
            "maven" => (Ecosystem::Maven, joined(":")),
            "nuget" => (Ecosystem::NuGet, self.name.clone()),
            "generic" => (Ecosystem::Generic, joined("/")),
            other => (Ecosystem::Generic, format!("{other}/{}", joined("/"))),
        }
    }

    /// With the rules of its type: PEP 503 for Python, lower case for Packagist.
    fn normal(mut self) -> Self {
        match self.kind.as_str() {
            "composer" => {
                self.namespace.make_ascii_lowercase();
                self.name.make_ascii_lowercase();
            }
            "pypi" => {
                let mut name = String::with_capacity(self.name.len());
                for letter in self.name.chars() {
                    match letter {
                        '-' | '_' | '.' if name.ends_with('-') => {}
                        '-' | '_' | '.' => name.push('-'),
                        other => name.push(other.to_ascii_lowercase()),
                    }
                }
                self.name = name;
            }
            _ => {}
        }
        self
    }
}

impl fmt::Display for Purl {
    /// As the specification writes it, without what is empty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        for segment in self.namespace.split('/').filter(|segment| !segment.is_empty()) {
            write!(f, "{}/", encoded(segment))?;
        }
        f.write_str(&encoded(&self.name))?;
        if !self.version.is_empty() {
            write!(f, "@{}", encoded(&self.version))?;
        }
        for (index, (key, value)) in self.qualifiers.iter().enumerate() {
            write!(f, "{}{key}={}", if index == 0 { '?' } else { '&' }, encoded(value))?;
        }
        for (index, segment) in self.subpath.split('/').filter(|segment| !segment.is_empty()).enumerate() {
            write!(f, "{}{}", if index == 0 { '#' } else { '/' }, encoded(segment))?;
        }
        Ok(())
    }
}

/// The path and the version. An `@` that begins a segment is an npm scope that nobody encoded.
fn without_version(rest: &str) -> (&str, &str) {
    match rest.rfind('@') {
        Some(at) if at > 0 && !rest[..at].ends_with('/') => (&rest[..at], &rest[at + 1..]),
        _ => (rest, ""),
    }
}

fn read_qualifiers(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or("a qualifier without a value")?;
        let value = decoded(value)?;
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if !is_key {
            return Err("a qualifier without a name".to_owned());
        }
        if !value.is_empty() {
            found.insert(key.to_ascii_lowercase(), value);
        }
    }
    Ok(found)
}

fn read_subpath(text: &str) -> Result<String, String> {
    let segments = text.split('/').filter(|segment| !["", ".", ".."].contains(segment));
    Ok(segments.map(decoded).collect::<Result<Vec<_>, _>>()?.join("/"))
}

fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let value = rest.get(..2).and_then(|digits| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
        });
        bytes.push(value.ok_or("a percent sign that encodes nothing")?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| "what it encodes is no UTF-8".to_owned())
}

/// Percent-encoded, but for the letters that the specification leaves: unreserved ones and the colon.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_ecosystem() {
        for (ecosystem, name, version, expected) in [
            (Ecosystem::Npm, "@babel/core", "7.26.0", "pkg:npm/%40babel/core@7.26.0"),
            (Ecosystem::Npm, "JSONStream", "1.3.5", "pkg:npm/JSONStream@1.3.5"),
            (Ecosystem::Composer, "symfony/console", "v7.2.1", "pkg:composer/symfony/console@v7.2.1"),
            (Ecosystem::Pip, "typing-extensions", "4.12.2", "pkg:pypi/typing-extensions@4.12.2"),
            (Ecosystem::Cargo, "serde", "1.0.0+x", "pkg:cargo/serde@1.0.0%2Bx"),
            (Ecosystem::Go, "github.com/spf13/cobra", "v1.8.1", "pkg:golang/github.com/spf13/cobra@v1.8.1"),
            (Ecosystem::Gem, "rails", "8.0.1", "pkg:gem/rails@8.0.1"),
            (Ecosystem::Maven, "org.slf4j:slf4j-api", "2.0.16", "pkg:maven/org.slf4j/slf4j-api@2.0.16"),
            (Ecosystem::NuGet, "Newtonsoft.Json", "13.0.3", "pkg:nuget/Newtonsoft.Json@13.0.3"),
            (Ecosystem::Generic, "acme/widget", "", "pkg:generic/acme/widget"),
        ] {
            let purl = Purl::of(ecosystem, name, version);
            assert_eq!(purl.to_string(), expected);
            assert_eq!(Purl::parse(expected), Ok(purl.clone()));
            assert_eq!(purl.package(), (ecosystem, name.to_owned()));
        }
    }

    #[test]
    fn as_others_write_them() {
        for (written, kind, name, version) in [
            ("pkg:npm/@angular/core@12.3.1", Ecosystem::Npm, "@angular/core", "12.3.1"),
            ("pkg:npm/@angular/core", Ecosystem::Npm, "@angular/core", ""),
            ("PKG:NPM/%40angular/core", Ecosystem::Npm, "@angular/core", ""),
            ("pkg://npm/left-pad@1", Ecosystem::Npm, "left-pad", "1"),
            ("pkg:pypi/Typing_Extensions@4", Ecosystem::Pip, "typing-extensions", "4"),
            ("pkg:composer/Laravel/Framework@v12", Ecosystem::Composer, "laravel/framework", "v12"),
            ("pkg:maven/org.a/b@1?type=jar&classifier=sources", Ecosystem::Maven, "org.a:b", "1"),
            (
                "pkg:golang/google.golang.org/genproto@v0#googleapis/api",
                Ecosystem::Go,
                "google.golang.org/genproto",
                "v0",
            ),
            ("pkg:deb/debian/bash@5.2-2?arch=amd64", Ecosystem::Generic, "deb/debian/bash", "5.2-2"),
            ("pkg:docker/cassandra@sha256%3Aabc", Ecosystem::Generic, "docker/cassandra", "sha256:abc"),
        ] {
            let purl = Purl::parse(written).expect(written);
            assert_eq!((purl.package(), purl.version.as_str()), ((kind, name.to_owned()), version), "{written}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in
            ["", "npm/a@1", "pkg:", "pkg:npm", "pkg:npm/", "pkg:n!/a", "pkg:npm/a%4", "pkg:npm/%FF", "pkg:npm/a?b"]
        {
            assert!(Purl::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_string_is_read_or_refused(text in "(pkg:)?[a-z%@/?#&=.:0-9é-]{0,60}") {
            if let Ok(purl) = Purl::parse(&text) {
                let written = purl.to_string();
                prop_assert_eq!(Purl::parse(&written), Ok(purl), "{}", written);
            }
        }

        #[test]
        fn written_and_read(
            kind in "[a-z][a-z0-9.+-]{0,8}",
            namespace in proptest::collection::vec("[^/]{1,8}", 0..3),
            name in "[^/]{1,12}",
            version in "\\PC{0,12}",
            qualifiers in proptest::collection::btree_map("[a-z][a-z0-9._-]{0,5}", "\\PC{1,8}", 0..3),
            subpath in proptest::collection::vec("[^/.]{1,8}", 0..3),
        ) {
            let purl = Purl { kind, namespace: namespace.join("/"), name, version, qualifiers, subpath: subpath.join("/") };
            let purl = purl.normal();
            prop_assert_eq!(Purl::parse(&purl.to_string()), Ok(purl));
        }
    }
}
