//! What a certificate says of itself: names, issuer, validity. For people and for the days that are left; whether it is
//! to be trusted is decided by the TLS library alone.

use crate::expectation::Certificate;
use std::time::Duration;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::{DateTime, Decode};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

/// Most certificates of a chain that are looked at; chains have two to five.
pub(super) const MAX_CERTIFICATES: usize = 16;

/// Most characters of a name that are shown; a DNS name has at most 253.
const MAX_NAME_CHARS: usize = 100;

/// Most names of a certificate that are shown; some have hundreds.
const MAX_NAMES: usize = 5;

/// A certificate as presented.
#[derive(Debug, Clone)]
pub(super) struct Presented {
    /// What later parts need of it.
    pub(super) certificate: Certificate,
    /// Who has signed it, as it says.
    pub(super) issuer: String,
    /// Its first names.
    pub(super) names: Vec<String>,
    /// How many names it has.
    pub(super) name_count: usize,
    /// Whether it says to have signed itself.
    pub(super) self_signed: bool,
}

/// Reads a certificate. One that cannot be read has no time left, so that nobody takes it for valid.
pub(super) fn read(der: &[u8]) -> Presented {
    // The profile `Raw` takes serial numbers that RFC 5280 forbids, as TLS libraries do.
    let Ok(parsed) = CertificateInner::<Raw>::from_der(der) else {
        return Presented {
            certificate: Certificate {
                subject: "a certificate that cannot be read".to_owned(),
                begins_s: 0,
                ends_s: 0,
            },
            issuer: "unknown".to_owned(),
            names: Vec::new(),
            name_count: 0,
            self_signed: false,
        };
    };
    let body = parsed.tbs_certificate();
    let (names, name_count) = match body.get_extension::<SubjectAltName>() {
        Ok(Some((_, alternative))) => {
            let count = alternative.0.len();
            (alternative.0.iter().filter_map(shown_name).take(MAX_NAMES).collect(), count)
        }
        _ => (Vec::new(), 0),
    };
    let subject = common_name(body.subject())
        .or_else(|| names.first().cloned())
        .unwrap_or_else(|| line(&body.subject().to_string()));
    let issuer = common_name(body.issuer()).unwrap_or_else(|| line(&body.issuer().to_string()));
    let seconds =
        |time: &x509_cert::time::Time| i64::try_from(time.to_date_time().unix_duration().as_secs()).unwrap_or(i64::MAX);
    Presented {
        certificate: Certificate {
            subject,
            begins_s: seconds(&body.validity().not_before),
            ends_s: seconds(&body.validity().not_after),
        },
        issuer,
        names,
        name_count,
        self_signed: body.subject() == body.issuer(),
    }
}

/// The names that a certificate is for, for people.
pub(super) fn names_shown(presented: &Presented) -> String {
    if presented.names.is_empty() {
        return format!("no name (its subject is {})", presented.certificate.subject);
    }
    let more = presented.name_count.saturating_sub(presented.names.len());
    let listed = presented.names.join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

/// A moment for people, `2026-11-23T10:00:00Z`.
pub(super) fn date(seconds: i64) -> String {
    let duration = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    DateTime::from_unix_duration(duration).map_or_else(|_| format!("{seconds} s"), |time| time.to_string())
}

fn common_name(name: &Name) -> Option<String> {
    name.common_name().ok().flatten().map(|name| line(&name.value())).filter(|name| !name.is_empty())
}

fn shown_name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(line(name.as_str())),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            [a, b, c, d] => Some(format!("{a}.{b}.{c}.{d}")),
            long => <[u8; 16]>::try_from(long).ok().map(|long| std::net::Ipv6Addr::from(long).to_string()),
        },
        _ => None,
    }
}

/// One line of bounded length: whoever answers chooses these texts.
fn line(text: &str) -> String {
    text.chars().take(MAX_NAME_CHARS).map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_times_are_read() {
        let mut names: Vec<String> = (0..7).map(|n| format!("n{n}.example.test")).collect();
        names.insert(0, "10.1.2.3".to_owned());
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "one\ntwo");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let presented = read(made.der());
        assert_eq!(presented.certificate.subject, "one\u{fffd}two");
        assert_eq!((presented.certificate.begins_s, presented.certificate.ends_s), (1_577_836_800, 1_609_459_200));
        assert_eq!(date(presented.certificate.ends_s), "2021-01-01T00:00:00Z");
        assert!(presented.self_signed);
        assert_eq!(
            names_shown(&presented),
            "10.1.2.3, n0.example.test, n1.example.test, n2.example.test, n3.example.test and 3 more"
        );
    }

    #[test]
    fn what_cannot_be_read_has_no_time_left() {
        for bytes in [&b""[..], b"\x30\x03\x02\x01\x01", &[0xff; 300]] {
            assert_eq!(read(bytes).certificate.ends_s, 0);
        }
    }
}
