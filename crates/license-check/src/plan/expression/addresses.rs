//! Addresses that stand for one licence. PURE.
//!
//! Only addresses of the bodies that publish the licences (OSI, Apache, GNU, Mozilla, Eclipse, Creative Commons, SPDX, the
//! `NuGet` gallery's own rendering of expressions) and of sites that do nothing else. An address in somebody's repository is
//! none: what it shows tomorrow is not what it showed.
#![warn(clippy::disallowed_methods)]

use super::grammar::{self, Slash};
use super::names::Known;

/// Whether a string is an address and nothing else.
pub(super) fn is_address(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let has_scheme =
        ["http://", "https://", "git+https://", "git://", "ftp://"].iter().any(|scheme| lower.starts_with(scheme));
    (has_scheme || lower.starts_with("www.")) && !lower.contains(char::is_whitespace)
}

/// What an address stands for.
pub(super) fn read(address: &str) -> Option<Known> {
    let lower = address.trim().to_ascii_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    if let Some(expression) = bare.strip_prefix("licenses.nuget.org/") {
        return gallery(expression);
    }
    let bare = bare.split(['#', '?']).next().unwrap_or(bare).trim_end_matches('/');
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let path = path.trim_end_matches('/');
    let page = [".html", ".php", ".txt", ".md", ".en", ".htm", ".json"]
        .iter()
        .fold(path, |path, suffix| path.strip_suffix(suffix).unwrap_or(path));
    match host {
        "opensource.org" => osi(page),
        "apache.org" => apache(page),
        "gnu.org" | "fsf.org" => gnu(page),
        "mozilla.org" => mozilla(page),
        "eclipse.org" => eclipse(page),
        "creativecommons.org" => creative_commons(page),
        "spdx.org" => page.strip_prefix("licenses/").and_then(identifier),
        "choosealicense.com" => page.strip_prefix("licenses/").and_then(identifier),
        _ => None,
    }
    .or_else(|| ADDRESSES.iter().find(|(known, _)| *known == bare).map(|(_, id)| expression(id)))
}

const ADDRESSES: [(&str, &str); 15] = [
    ("aws.amazon.com/apache2.0", "Apache-2.0"),
    ("aws.amazon.com/apache-2-0", "Apache-2.0"),
    ("boost.org/license_1_0.txt", "BSL-1.0"),
    ("boost.org/users/license.html", "BSL-1.0"),
    ("bouncycastle.org/licence.html", "MIT"),
    ("bouncycastle.org/license.html", "MIT"),
    ("choosealicense.com/licenses/isc", "ISC"),
    ("elastic.co/licensing/elastic-license", "Elastic-2.0"),
    ("gzip.org/zlib/zlib_license.html", "Zlib"),
    ("mit-license.org", "MIT"),
    ("scripts.sil.org/ofl", "OFL-1.1"),
    ("unlicense.org", "Unlicense"),
    ("wtfpl.net", "WTFPL"),
    ("wtfpl.net/txt/copying", "WTFPL"),
    ("zlib.net/zlib_license.html", "Zlib"),
];

fn expression(text: &str) -> Known {
    Known::Expression(text.to_owned())
}

/// An identifier in any case; a bare GNU one means "only" there as everywhere.
fn identifier(text: &str) -> Option<Known> {
    Some(Known::Expression(grammar::license(text)?.to_string()))
}

/// The gallery's page of an expression: <https://learn.microsoft.com/nuget/reference/nuspec#licenseurl>.
fn gallery(text: &str) -> Option<Known> {
    let text = decoded(text.trim_end_matches('/'));
    grammar::parse(&text, Slash::IsNothing).ok().map(|found| Known::Expression(found.to_string()))
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2b").replace("%20", " ").replace("%28", "(").replace("%29", ")");
    // A plus is a blank in a query and itself in a path; `GPL-2.0+` and `MIT+OR+ISC` are both seen.
    let text = text.replace("%2bor%2b", " or ").replace("%2band%2b", " and ").replace("%2bwith%2b", " with ");
    text.replace("%2b", "+")
}

fn osi(page: &str) -> Option<Known> {
    let name = page.strip_prefix("licenses/").or_else(|| page.strip_prefix("license/"))?;
    match name {
        "mit-license" | "mit" => Some(expression("MIT")),
        "apache2.0" | "apache-2.0" | "apache-2-0" => Some(expression("Apache-2.0")),
        "bsd-3-clause" => Some(expression("BSD-3-Clause")),
        "bsd-2-clause" => Some(expression("BSD-2-Clause")),
        "bsd-license" => Some(Known::Family("BSD".to_owned())),
        "artistic-license" => Some(Known::Family("Artistic".to_owned())),
        "zlib-license" | "zlib" => Some(expression("Zlib")),
        "isc-license" | "isc-license-txt" | "isc" => Some(expression("ISC")),
        "mpl-2-0" => Some(expression("MPL-2.0")),
        "mpl-1-1" => Some(expression("MPL-1.1")),
        "ms-pl" | "ms-pl-html" => Some(expression("MS-PL")),
        "epl-1-0" => Some(expression("EPL-1.0")),
        "epl-2-0" => Some(expression("EPL-2.0")),
        "cddl1" | "cddl-1-0" => Some(expression("CDDL-1.0")),
        "cpl1.0" => Some(expression("CPL-1.0")),
        "bsl-1-0" => Some(expression("BSL-1.0")),
        "0bsd" | "fpl-1.0.0" => Some(expression("0BSD")),
        "unlicense" => Some(expression("Unlicense")),
        "postgresql" => Some(expression("PostgreSQL")),
        "upl" => Some(expression("UPL-1.0")),
        "gpl-license" => Some(Known::Family("GPL".to_owned())),
        "lgpl-license" => Some(Known::Family("LGPL".to_owned())),
        _ => gnu_page(name).or_else(|| identifier(name)),
    }
}

/// A page of one version of a GNU licence. It says neither "only" nor "or later".
fn gnu_page(name: &str) -> Option<Known> {
    let (family, version) = name.split_once('-')?;
    let family = match family {
        "gpl" => "GPL",
        "lgpl" => "LGPL",
        "agpl" => "AGPL",
        "fdl" | "gfdl" => "GFDL",
        _ => return None,
    };
    let version = match version {
        "1.0" | "1-0" | "1" => "1.0",
        "1.1" => "1.1",
        "1.2" => "1.2",
        "1.3" => "1.3",
        "2.0" | "2-0" | "2" => "2.0",
        "2.1" | "2-1" => "2.1",
        "3.0" | "3-0" | "3" | "v3" => "3.0",
        _ => return None,
    };
    Some(Known::Family(format!("{family}-{version}")))
}

fn apache(page: &str) -> Option<Known> {
    match page {
        "licenses/license-2.0" | "license/license-2.0" => Some(expression("Apache-2.0")),
        "licenses/license-1.1" => Some(expression("Apache-1.1")),
        "licenses/license-1.0" => Some(expression("Apache-1.0")),
        "licenses" | "licenses/license" => Some(Known::Family("Apache".to_owned())),
        _ => None,
    }
}

fn gnu(page: &str) -> Option<Known> {
    if page == "software/classpath/license" {
        // The page of the exception: GNU Classpath is under GPL-2.0-or-later, those who link to it rarely are.
        return Some(Known::Family("GPL-2.0".to_owned()));
    }
    let name = page.rsplit('/').next()?;
    match name {
        "gpl" | "copyleft" => Some(Known::Family("GPL".to_owned())),
        "lgpl" | "lesser" => Some(Known::Family("LGPL".to_owned())),
        "agpl" => Some(Known::Family("AGPL".to_owned())),
        _ => {
            let name = name.strip_suffix("-standalone").unwrap_or(name);
            gnu_page(name)
        }
    }
}

fn mozilla(page: &str) -> Option<Known> {
    let page = page.strip_prefix("en-us/").unwrap_or(page);
    match page.strip_prefix("mpl/")?.trim_end_matches("/index") {
        "2.0" | "mpl-2.0" => Some(expression("MPL-2.0")),
        "1.1" | "mpl-1.1" => Some(expression("MPL-1.1")),
        "1.0" | "mpl-1.0" => Some(expression("MPL-1.0")),
        _ => None,
    }
}

fn eclipse(page: &str) -> Option<Known> {
    match page {
        "legal/epl-v10" | "org/documents/epl-v10" | "legal/epl/epl-v10" => Some(expression("EPL-1.0")),
        "legal/epl-2.0" | "legal/epl-v20" | "org/documents/epl-2.0/epl-2.0" | "org/documents/epl-v20" => {
            Some(expression("EPL-2.0"))
        }
        "org/documents/edl-v10" | "legal/edl-v10" => Some(expression("BSD-3-Clause")),
        _ => None,
    }
}

/// `licenses/by-sa/4.0`, `publicdomain/zero/1.0`; national versions (`by/3.0/de`) have identifiers of their own.
fn creative_commons(page: &str) -> Option<Known> {
    let parts: Vec<&str> = page.trim_end_matches("/legalcode").trim_end_matches("/deed").split('/').collect();
    match parts.as_slice() {
        ["publicdomain", "zero", "1.0"] => Some(expression("CC0-1.0")),
        ["publicdomain", "mark", "1.0"] => Some(Known::PublicDomain),
        ["licenses", kind, version] => identifier(&format!("CC-{kind}-{version}")),
        ["licenses", kind, version, country] => identifier(&format!("CC-{kind}-{version}-{country}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_ones() {
        let said = |address: &str| match read(address) {
            Some(Known::Expression(expression)) => expression,
            Some(Known::Family(family)) => format!("AMBIGUOUS:{family}"),
            Some(other) => format!("{other:?}"),
            None => "-".to_owned(),
        };
        for (address, expected) in [
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("http://www.opensource.org/licenses/mit-license.php", "MIT"),
            ("https://opensource.org/license/mit/", "MIT"),
            ("https://opensource.org/licenses/BSD-3-Clause", "BSD-3-Clause"),
            ("http://www.opensource.org/licenses/bsd-license.php", "AMBIGUOUS:BSD"),
            ("http://opensource.org/licenses/GPL-3.0", "AMBIGUOUS:GPL-3.0"),
            ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
            ("http://apache.org/licenses/LICENSE-2.0.html", "Apache-2.0"),
            ("https://licenses.nuget.org/MIT", "MIT"),
            ("https://licenses.nuget.org/Apache-2.0%20OR%20MIT", "Apache-2.0 OR MIT"),
            ("https://licenses.nuget.org/(MIT%20OR%20Apache-2.0)", "MIT OR Apache-2.0"),
            ("https://licenses.nuget.org/GPL-2.0+", "GPL-2.0-or-later"),
            ("http://go.microsoft.com/fwlink/?LinkId=329770", "-"),
            ("https://raw.githubusercontent.com/a/b/main/LICENSE", "-"),
            ("https://github.com/a/b/blob/main/LICENSE", "-"),
            ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.html", "AMBIGUOUS:GPL-2.0"),
            ("http://www.gnu.org/licenses/lgpl-2.1.txt", "AMBIGUOUS:LGPL-2.1"),
            ("http://www.gnu.org/licenses/lgpl.html", "AMBIGUOUS:LGPL"),
            ("https://www.gnu.org/licenses/agpl-3.0.en.html", "AMBIGUOUS:AGPL-3.0"),
            ("https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0"),
            ("http://mozilla.org/MPL/2.0/index.txt", "MPL-2.0"),
            ("https://www.eclipse.org/legal/epl-v20.html", "EPL-2.0"),
            ("http://www.eclipse.org/legal/epl-v10.html", "EPL-1.0"),
            ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
            ("https://creativecommons.org/licenses/by-sa/4.0/legalcode", "CC-BY-SA-4.0"),
            ("https://creativecommons.org/licenses/by/3.0/de/", "CC-BY-3.0-DE"),
            ("https://spdx.org/licenses/ISC.html", "ISC"),
            ("https://choosealicense.com/licenses/mit/", "MIT"),
            ("https://www.highcharts.com/license", "-"),
            ("http://unlicense.org", "Unlicense"),
            ("http://unlicense.org/UNLICENSE", "-"),
            ("https://", "-"),
        ] {
            assert_eq!(said(address), expected, "{address}");
        }
    }
}
