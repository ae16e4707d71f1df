//! What the errors of a TLS connection mean, for people and for the verdict.

use super::super::certificates::{Presented, date, names_shown};
use super::super::connect;
use crate::event::{Cause, Fault};
use std::io;
use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

/// A handshake that failed. `chain`: the certificates that were presented, leaf first.
pub(in super::super) fn in_handshake(
    error: &io::Error,
    place: &str,
    host: &str,
    chain: &[Presented],
    after: &str,
) -> Fault {
    let Some(error) = inner(error) else {
        let cause = connect::cause(error, Cause::TlsFailed);
        let what = match cause {
            Cause::Reset if error.kind() == io::ErrorKind::UnexpectedEof => "closed the connection".to_owned(),
            Cause::Reset => "reset the connection".to_owned(),
            _ => format!("failed ({error})"),
        };
        return Fault { cause, message: format!("{place} {what} during the TLS handshake, after {after}") };
    };
    match error {
        Error::InvalidCertificate(error) => certificate(error, place, host, chain),
        Error::AlertReceived(alert) => alerted(*alert, place, host),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            failed(format!("{place} does not speak TLS on this port: what came after {after} is no TLS record"))
        }
        Error::PeerIncompatible(what) => failed(format!(
            "{place} speaks no TLS that is accepted here (TLS 1.2 or 1.3 with current ciphers): {what:?}"
        )),
        other => failed(format!("the TLS handshake with {place} failed after {after}: {other}")),
    }
}

/// An error of a connection whose handshake was over, when it is one of TLS: what happened, as a verb phrase.
pub(in super::super) fn after_handshake(error: &io::Error) -> Option<(Cause, String)> {
    Some(match inner(error)? {
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            (Cause::TlsFailed, "wants a certificate from its clients, and there is none to show".to_owned())
        }
        Error::AlertReceived(alert) => (Cause::TlsFailed, format!("ended the connection with the TLS alert {alert:?}")),
        other => (Cause::TlsFailed, format!("sent what is no valid TLS ({other})")),
    })
}

fn inner(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Error>())
}

fn failed(message: String) -> Fault {
    Fault { cause: Cause::TlsFailed, message }
}

fn alerted(alert: AlertDescription, place: &str, host: &str) -> Fault {
    let meaning = match alert {
        AlertDescription::UnrecognisedName => format!("it does not know the name {host}"),
        AlertDescription::HandshakeFailure => {
            format!("no common cipher or key, or it does not know the name {host}")
        }
        AlertDescription::ProtocolVersion => "it speaks neither TLS 1.2 nor 1.3".to_owned(),
        AlertDescription::NoApplicationProtocol => "it speaks none of the HTTP versions that were offered".to_owned(),
        AlertDescription::CertificateRequired => "it wants a certificate from its clients".to_owned(),
        AlertDescription::InternalError => format!("its own error; often it has no certificate for {host}"),
        _ => "it told no more".to_owned(),
    };
    failed(format!("{place} refused the TLS handshake with the alert {alert:?}: {meaning}"))
}

fn certificate(error: &CertificateError, place: &str, host: &str, chain: &[Presented]) -> Fault {
    let leaf = chain.first();
    let of = leaf.map_or_else(
        || "its certificate".to_owned(),
        |leaf| format!("the certificate of {}", leaf.certificate.subject),
    );
    let fault = |cause, text: String| Fault { cause, message: format!("{place}: {text}") };
    match error {
        CertificateError::Expired => fault(Cause::CertificateExpired, format!("{of} has ended")),
        CertificateError::ExpiredContext { not_after, .. } => {
            let ended = seconds(*not_after);
            fault(
                Cause::CertificateExpired,
                format!("{} ended on {}", which(chain, |one| one.certificate.ends_s == ended), date(ended)),
            )
        }
        CertificateError::NotValidYet => fault(Cause::CertificateNotYetValid, format!("{of} is not valid yet")),
        CertificateError::NotValidYetContext { not_before, .. } => {
            let begins = seconds(*not_before);
            let which = which(chain, |one| one.certificate.begins_s == begins);
            fault(Cause::CertificateNotYetValid, format!("{which} is not valid before {}", date(begins)))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = leaf.map_or_else(|| "other names".to_owned(), names_shown);
            fault(Cause::CertificateWrongName, format!("the certificate is for {names}, not for {host}"))
        }
        CertificateError::UnknownIssuer => fault(Cause::CertificateUntrusted, untrusted(&of, chain)),
        // A server's certificate that is marked as an authority's is refused before its signature is looked at.
        other if leaf.is_some_and(|leaf| leaf.self_signed) && as_authority(other) => fault(
            Cause::CertificateUntrusted,
            format!(
                "{of} is self-signed and marked as an authority's (CA:TRUE), which no server's may be, trusted or not"
            ),
        ),
        other if as_authority(other) => fault(
            Cause::CertificateInvalid,
            format!("{of} is marked as an authority's (CA:TRUE), which no server's may be"),
        ),
        // An authority that was made anew under its old name, or somebody who pretends to be it.
        CertificateError::BadSignature => fault(
            Cause::CertificateUntrusted,
            format!(
                "a signature of its chain does not hold: {of} names as its issuer {}, and who is trusted here under that \
                 name has another key",
                leaf.map_or("nobody", |leaf| leaf.issuer.as_str())
            ),
        ),
        CertificateError::Revoked => fault(Cause::CertificateInvalid, format!("{of} has been revoked")),
        other => fault(Cause::CertificateInvalid, format!("{of} does not hold: {other}")),
    }
}

fn as_authority(error: &CertificateError) -> bool {
    matches!(error, CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity")
}

fn untrusted(of: &str, chain: &[Presented]) -> String {
    match chain {
        [only] if only.self_signed => {
            format!(
                "{of} is self-signed, and nobody who is trusted here vouches for it; --ca-file can name who is trusted"
            )
        }
        [.., last] => format!(
            "{of} is signed by nobody who is trusted here: the chain of {} ends at the issuer {}; either the server leaves \
             out a certificate in between, or --ca-file must name who is trusted",
            chain.len(),
            last.issuer
        ),
        [] => format!("{of} is signed by nobody who is trusted here"),
    }
}

/// Which certificate of the chain it is that something is wrong with.
fn which(chain: &[Presented], wrong: impl Fn(&Presented) -> bool) -> String {
    match chain.iter().position(wrong) {
        Some(0) => format!("the certificate of {}", chain[0].certificate.subject),
        Some(index) => format!("the certificate of {} in its chain", chain[index].certificate.subject),
        None => "a certificate of its chain".to_owned(),
    }
}

fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
