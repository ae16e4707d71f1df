//! TLS: whom we trust, the handshake, and what its errors mean. There is no way to switch verification off.

mod errors;
mod roots;

use super::certificates::{self, MAX_CERTIFICATES};
use super::clock::{Clock, us};
use super::connect::Stream;
use crate::event::{Cause, Fault};
use crate::expectation::Certificate;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

pub(super) use errors::after_handshake;

/// What TLS connections need; read at the first one.
#[derive(Default)]
pub(super) struct Tls {
    ready: OnceCell<Result<Ready, Fault>>,
}

/// Trust, and a configuration to begin from.
struct Ready {
    config: ClientConfig,
    verifier: Arc<WebPkiServerVerifier>,
}

/// What a handshake brought.
pub(super) struct Handshake {
    /// Where to go on, and whether HTTP/2 was settled; or why not.
    pub(super) result: Result<(Stream, bool), Fault>,
    /// Certificates as presented, leaf first; also after a failure.
    pub(super) certificates: Vec<Certificate>,
    /// How long the handshake took, µs.
    pub(super) took_us: u64,
}

impl Tls {
    /// Reads what TLS connections need, when nobody has before. What goes wrong is told by the handshake.
    pub(super) async fn prepare(&self, ca_file: Option<&Path>, clock: &Clock) {
        // One that takes too long is begun anew by the handshake, within its own time.
        let _ = clock.within(self.ready.get_or_init(|| make(ca_file))).await;
    }

    /// Shakes hands over `stream`. `host` is the name that the certificate must hold, and the SNI unless it is an address.
    /// `alpn`: the protocols that are offered. `place`: the peer, for messages.
    pub(super) async fn handshake(
        &self,
        stream: Stream,
        host: &str,
        alpn: &[&[u8]],
        ca_file: Option<&Path>,
        clock: &Clock,
        place: &str,
    ) -> Handshake {
        let failed = |fault| Handshake { result: Err(fault), certificates: Vec::new(), took_us: 0 };
        let ready = match clock.within(self.ready.get_or_init(|| make(ca_file))).await {
            Some(Ok(ready)) => ready,
            Some(Err(fault)) => return failed(fault.clone()),
            None => {
                let message = format!("the root certificates could not be read within {}", clock.elapsed());
                return failed(Fault { cause: Cause::RootsMissing, message });
            }
        };
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let Ok(name) = ServerName::try_from(bare.strip_suffix('.').unwrap_or(bare).to_owned()) else {
            return failed(Fault {
                cause: Cause::RequestInvalid,
                message: format!("no certificate can be for the name {host}; give the public name of the server"),
            });
        };
        let witness = Arc::new(Witness { verifier: ready.verifier.clone(), seen: Mutex::default() });
        let mut config = ready.config.clone();
        config.dangerous().set_certificate_verifier(witness.clone());
        config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
        let began = Instant::now();
        let outcome = clock.within(TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
        let took_us = us(began.elapsed());
        let chain: Vec<_> = witness.chain().iter().map(|der| certificates::read(der)).collect();
        let result = match outcome {
            None => Err(Fault {
                cause: Cause::TimedOut,
                message: format!(
                    "{place} accepted the connection but did not finish the TLS handshake within {}",
                    clock.elapsed()
                ),
            }),
            Some(Err(error)) => Err(errors::in_handshake(&error, place, host, &chain, &clock.elapsed())),
            Some(Ok(stream)) => {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                Ok((Box::new(stream) as Stream, http2))
            }
        };
        Handshake { result, certificates: chain.into_iter().map(|one| one.certificate).collect(), took_us }
    }
}

/// Reads the roots on a thread where it may block.
async fn make(ca_file: Option<&Path>) -> Result<Ready, Fault> {
    let ca_file = ca_file.map(Path::to_owned);
    let read = tokio::task::spawn_blocking(move || {
        let roots = roots::load(ca_file.as_deref(), rustls_native_certs::load_native_certs)?;
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let broken = |error: String| Fault {
            cause: Cause::RootsMissing,
            message: format!("TLS could not be prepared on this machine: {error}"),
        };
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
            .build()
            .map_err(|error| broken(error.to_string()))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(error.to_string()))?
            .with_webpki_verifier(verifier.clone())
            .with_no_client_auth();
        // A resumed session shows no certificate, and each probe must see the one of its own connection.
        config.resumption = Resumption::disabled();
        Ok(Ready { config, verifier })
    });
    read.await.unwrap_or_else(|error| {
        Err(Fault {
            cause: Cause::RootsMissing,
            message: format!("the certificates of this machine could not be read: {error}"),
        })
    })
}

/// Leaves every decision to the verifier and remembers the chain of its one connection.
#[derive(Debug)]
struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    seen: Mutex<Vec<CertificateDer<'static>>>,
}

impl Witness {
    fn chain(&self) -> Vec<CertificateDer<'static>> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).take(MAX_CERTIFICATES);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = chain.map(|one| one.clone().into_owned()).collect();
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.verifier.root_hint_subjects()
    }
}
