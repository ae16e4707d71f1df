//! Whom we trust: the system's certificates, and those of a file.

use crate::event::{Cause, Fault};
use rustls_native_certs::CertificateResult;
use std::io::Read;
use std::path::Path;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Most bytes of a file of certificates; the bundle of all public authorities has a quarter of a megabyte.
const MAX_CA_FILE_BYTES: u64 = 16 << 20;

/// The roots. `system` gives the system's (`SSL_CERT_FILE` and `SSL_CERT_DIR` counted). A file that was named but holds
/// no certificate is a fault, even when the system's would do.
pub(super) fn load(ca_file: Option<&Path>, system: impl FnOnce() -> CertificateResult) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        for certificate in read(path)? {
            roots.add(certificate).map_err(|error| {
                missing(format!("{} holds a certificate that cannot be used: {error}", path.display()))
            })?;
        }
    }
    let system = system();
    // Systems ship a few roots that the library cannot read; whoever is signed by them is not trusted, that is all.
    roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        let why = system.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        return Err(missing(format!("no root certificates were found{why}; set SSL_CERT_FILE or --ca-file")));
    }
    Ok(roots)
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let shown = path.display();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_CA_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| missing(format!("the file of root certificates {shown} could not be read: {error}")))?;
    if bytes.len() as u64 > MAX_CA_FILE_BYTES {
        return Err(missing(format!("the file of root certificates {shown} is larger than {MAX_CA_FILE_BYTES} bytes")));
    }
    let certificates = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| missing(format!("the file of root certificates {shown} is no valid PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(missing(format!("the file of root certificates {shown} holds no certificate (PEM)")));
    }
    Ok(certificates)
}

fn missing(message: String) -> Fault {
    Fault { cause: Cause::RootsMissing, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Blame;

    fn nothing() -> CertificateResult {
        CertificateResult::default()
    }

    #[test]
    fn without_roots_there_is_no_trust() {
        let fault = load(None, nothing).unwrap_err();
        assert_eq!(fault.cause.blame(), Blame::Checker);
        assert_eq!(fault.message, "no root certificates were found; set SSL_CERT_FILE or --ca-file");
    }

    #[test]
    fn a_file_that_was_named_must_hold_certificates() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let told = |text: &[u8]| {
            std::fs::write(&path, text).unwrap();
            load(Some(&path), rustls_native_certs::load_native_certs).map(|roots| roots.len()).unwrap_err().message
        };
        assert!(told(b"").contains("holds no certificate"));
        assert!(told(b"-----BEGIN CERTIFICATE-----\nAAAA\n").contains("no valid PEM"));
        let garbage = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(told(garbage).contains("cannot be used"));
        let fault = load(Some(&folder.path().join("none.pem")), nothing).unwrap_err();
        assert!(fault.message.contains("none.pem could not be read"), "{}", fault.message);

        let made = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
        std::fs::write(&path, made.cert.pem()).unwrap();
        assert_eq!(load(Some(&path), nothing).unwrap().len(), 1);
    }
}
