//! TLS: whom we trust, what we refuse and why, and the certificates that are seen on the way.

use crate::server::{fault, get, later, listen, read_request, settings};
use kit_probe::event::Cause;
use kit_probe::exchange::{Exchange, HttpVersion, Network, Settings};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

/// Seconds since 1970 of 2021-01-01.
const START_OF_2021_S: i64 = 1_609_459_200;

/// An authority of its own, and networks that trust it.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// What a server presents.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

fn params(name: &str, names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = params(name, &[]);
    params.extended_key_usages.clear();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

impl Authority {
    pub fn new() -> Authority {
        Authority::named("Test Root")
    }

    fn named(name: &str) -> Authority {
        let issuer = CertifiedIssuer::self_signed(authority_params(name), KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Authority { issuer, folder }
    }

    pub fn settings(&self) -> Settings {
        Settings { ca_file: Some(self.folder.path().join("ca.pem")), ..settings() }
    }

    pub fn network(&self) -> Network {
        Network::new(self.settings())
    }

    fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        Identity { chain: vec![leaf.der().clone()], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    pub fn identity(&self, names: &[&str]) -> Identity {
        self.sign(params(names[0], names))
    }
}

impl Identity {
    fn self_signed(params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let leaf = params.self_signed(&key).unwrap();
        Identity { chain: vec![leaf.der().clone()], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    /// A TLS configuration of a server that offers these protocols.
    pub fn config(&self, alpn: &[&str]) -> ServerConfig {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        config
    }

    /// A server that answers `sni=<name>` over HTTP/1.1 and TLS.
    pub async fn serve(&self) -> SocketAddr {
        serve(self.config(&["http/1.1"])).await
    }
}

async fn serve(config: ServerConfig) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            if read_request(&mut stream).await.is_empty() {
                return;
            }
            let body = format!("sni={}", stream.get_ref().1.server_name().unwrap_or("none"));
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

async fn ask(network: &Network, host: &str, to: SocketAddr) -> Exchange {
    network.http(&get(&format!("https://{host}/")), Some(to), later()).await
}

#[track_caller]
fn refuses(exchange: &Exchange, expected: Cause, texts: &[&str]) {
    let (cause, message) = fault(exchange);
    assert_eq!(cause, expected, "{message}");
    for text in texts {
        assert!(message.contains(text), "`{text}` in `{message}`");
    }
    assert!(exchange.response.is_none());
}

#[tokio::test]
async fn a_certificate_of_a_named_authority_is_trusted() {
    let authority = Authority::new();
    let mut params = params("App", &["app.test"]);
    params.not_before = date_time_ymd(2021, 1, 1);
    params.not_after = date_time_ymd(2090, 1, 1);
    let to = authority.sign(params).serve().await;
    let network = authority.network();
    for _ in 0..2 {
        let exchange = ask(&network, "app.test", to).await;
        assert_eq!(exchange.fault, None);
        assert_eq!(exchange.response.unwrap().body, b"sni=app.test");
        // Also on the second connection, which must not resume the session of the first.
        let [leaf] = &exchange.certificates[..] else { panic!("{:?}", exchange.certificates) };
        assert_eq!((leaf.subject.as_str(), leaf.begins_s), ("App", START_OF_2021_S));
        assert!(exchange.phases.tls_us.is_some_and(|us| us > 0 && us <= exchange.phases.total_us));
    }
    let exchange = network.tls(to, "app.test", later()).await;
    assert_eq!((exchange.fault, exchange.connected), (None, Some(to)));
    assert_eq!(exchange.certificates.len(), 1);
    assert!(exchange.phases.tls_us.is_some() && exchange.phases.first_byte_us.is_none());
    assert_eq!(network.tls(to, "app.test.", later()).await.fault, None);
}

#[tokio::test]
async fn nobody_else_is_trusted() {
    let to = Authority::new().identity(&["app.test"]).serve().await;
    let other = Authority::named("Other Root");
    let exchange = ask(&other.network(), "app.test", to).await;
    refuses(&exchange, Cause::CertificateUntrusted, &[&to.to_string(), "issuer Test Root", "--ca-file"]);
    assert_eq!(exchange.certificates.len(), 1);
    assert!(exchange.phases.connect_us.is_some() && exchange.phases.tls_us.is_none());
    let exchange = other.network().tls(to, "app.test", later()).await;
    refuses(&exchange, Cause::CertificateUntrusted, &["issuer Test Root"]);
    let of_the_same_name = Authority::new();
    let exchange = ask(&of_the_same_name.network(), "app.test", to).await;
    refuses(&exchange, Cause::CertificateUntrusted, &["issuer Test Root", "has another key"]);
}

#[tokio::test]
async fn a_self_signed_certificate_is_called_so() {
    let authority = Authority::new();
    let network = authority.network();
    let to = Identity::self_signed(params("App", &["app.test"])).serve().await;
    refuses(&ask(&network, "app.test", to).await, Cause::CertificateUntrusted, &["certificate of App is self-signed"]);
    let mut as_authority = authority_params("App");
    as_authority.subject_alt_names = params("App", &["app.test"]).subject_alt_names;
    let to = Identity::self_signed(as_authority).serve().await;
    refuses(&ask(&network, "app.test", to).await, Cause::CertificateUntrusted, &["self-signed", "CA:TRUE"]);
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_named_is_trusted() {
    let identity = Identity::self_signed(params("App", &["app.test"]));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.pem");
    let der = identity.chain[0].to_vec();
    std::fs::write(&path, pem(&der)).unwrap();
    let network = Network::new(Settings { ca_file: Some(path), ..settings() });
    assert_eq!(ask(&network, "app.test", identity.serve().await).await.fault, None);
}

#[tokio::test]
async fn reading_certificates_is_not_the_targets_time() {
    let identity = Identity::self_signed(params("App", &["app.test"]));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (text, to) = (pem(&identity.chain[0]), path.clone());
    let writer = std::thread::spawn(move || {
        let mut file = std::fs::OpenOptions::new().write(true).open(to).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    });
    let acceptor = TlsAcceptor::from(Arc::new(identity.config(&["http/1.1"])));
    let slow = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(1000)).await;
            drop(acceptor.accept(stream).await);
        }
    });
    let timeout = Duration::from_secs(2);
    let network = Network::new(Settings { ca_file: Some(path), timeout, ..settings() });
    let to = slow.await;
    let exchange = network.tls(to, "app.test", tokio::time::Instant::now() + timeout).await;
    assert_eq!(exchange.fault, None);
    writer.join().unwrap();
}

fn pem(der: &[u8]) -> String {
    use std::fmt::Write;
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
            for at in 0..4 {
                let six = (bits >> (18 - 6 * at)) & 63;
                text.push(if at as usize > group.len() { '=' } else { char::from(ALPHABET[six as usize]) });
            }
        }
        writeln!(text).unwrap();
    }
    text + "-----END CERTIFICATE-----\n"
}

#[tokio::test]
async fn an_expired_certificate_is_named_with_its_end() {
    let authority = Authority::new();
    let mut params = params("App", &["app.test"]);
    params.not_after = date_time_ymd(2021, 1, 1);
    let to = authority.sign(params).serve().await;
    let exchange = ask(&authority.network(), "app.test", to).await;
    let texts = [&to.to_string()[..], "the certificate of App ended on 2021-01-01T00:00:00Z"];
    refuses(&exchange, Cause::CertificateExpired, &texts);
    assert_eq!(exchange.certificates[0].ends_s, START_OF_2021_S);
}

#[tokio::test]
async fn a_certificate_of_the_future_is_refused() {
    let authority = Authority::new();
    let mut params = params("App", &["app.test"]);
    params.not_before = date_time_ymd(2090, 1, 1);
    params.not_after = date_time_ymd(2091, 1, 1);
    let to = authority.sign(params).serve().await;
    let exchange = ask(&authority.network(), "app.test", to).await;
    let text = "the certificate of App is not valid before 2090-01-01T00:00:00Z";
    refuses(&exchange, Cause::CertificateNotYetValid, &[text]);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    let to = authority.identity(&["other.test", "*.other.test"]).serve().await;
    let exchange = ask(&authority.network(), "app.test", to).await;
    let text = "the certificate is for other.test, *.other.test, not for app.test";
    refuses(&exchange, Cause::CertificateWrongName, &[text]);
    assert_eq!(exchange.certificates[0].subject, "other.test");
    // The common name counts for nothing.
    let to = authority.sign(params("app.test", &[])).serve().await;
    let exchange = ask(&authority.network(), "app.test", to).await;
    refuses(&exchange, Cause::CertificateWrongName, &["no name (its subject is app.test)"]);
}

#[tokio::test]
async fn addresses_are_names_of_their_own() {
    let authority = Authority::new();
    let to = authority.identity(&["127.0.0.1", "::1"]).serve().await;
    let exchange = ask(&authority.network(), "127.0.0.1", to).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"sni=none");
    assert_eq!(ask(&authority.network(), "[::1]", to).await.fault, None);
    let exchange = ask(&authority.network(), "127.0.0.2", to).await;
    refuses(&exchange, Cause::CertificateWrongName, &["for 127.0.0.1, ::1, not for 127.0.0.2"]);
}

#[tokio::test]
async fn the_whole_chain_counts() {
    let authority = Authority::new();
    let chained = |between: CertificateParams| {
        let between = CertifiedIssuer::signed_by(between, KeyPair::generate().unwrap(), &authority.issuer).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = params("App", &["app.test"]).signed_by(&key, &between).unwrap();
        Identity {
            chain: vec![leaf.der().clone(), between.der().clone()],
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        }
    };
    let mut good = chained(authority_params("Between"));
    let exchange = ask(&authority.network(), "app.test", good.serve().await).await;
    assert_eq!(exchange.fault, None);
    let subjects: Vec<_> = exchange.certificates.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["App", "Between"]);

    let mut expired = authority_params("Between");
    expired.not_after = date_time_ymd(2021, 1, 1);
    let exchange = ask(&authority.network(), "app.test", chained(expired).serve().await).await;
    let text = "the certificate of Between in its chain ended on 2021-01-01T00:00:00Z";
    refuses(&exchange, Cause::CertificateExpired, &[text]);
    assert_eq!(exchange.certificates.len(), 2);

    good.chain.pop();
    let exchange = ask(&authority.network(), "app.test", good.serve().await).await;
    refuses(&exchange, Cause::CertificateUntrusted, &["the chain of 1 ends at the issuer Between", "leaves out"]);
}

#[tokio::test]
async fn what_is_no_tls() {
    let authority = Authority::new();
    let network = authority.network();
    let to = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 10]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        drop(stream.read_to_end(&mut Vec::new()).await);
    })
    .await;
    refuses(&ask(&network, "app.test", to).await, Cause::TlsFailed, &[&to.to_string(), "does not speak TLS"]);
    let to = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 10_000]).await;
        // A fatal alert: unrecognized_name.
        let _ = stream.write_all(b"\x15\x03\x03\x00\x02\x02\x70").await;
        drop(stream.read_to_end(&mut Vec::new()).await);
    })
    .await;
    refuses(
        &ask(&network, "app.test", to).await,
        Cause::TlsFailed,
        &["UnrecognisedName", "does not know the name app.test"],
    );
    let to = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 10_000]).await;
    })
    .await;
    refuses(&ask(&network, "app.test", to).await, Cause::Reset, &["closed the connection during the TLS handshake"]);
}

#[tokio::test]
async fn a_handshake_that_never_ends() {
    let to = listen(|mut stream| async move { drop(stream.read_to_end(&mut Vec::new()).await) }).await;
    let network = Network::new(Settings { timeout: Duration::from_millis(300), ..Authority::new().settings() });
    // The authority is gone with its folder, and a file that was named must be there.
    refuses(&network.tls(to, "app.test", later()).await, Cause::RootsMissing, &["ca.pem could not be read"]);
    let authority = Authority::new();
    let network = Network::new(Settings { timeout: Duration::from_millis(300), ..authority.settings() });
    let texts = [&to.to_string()[..], "did not finish the TLS handshake within 3"];
    refuses(&network.tls(to, "app.test", later()).await, Cause::TimedOut, &texts);
}

#[tokio::test]
async fn names_that_no_certificate_can_hold() {
    let to = Authority::new().identity(&["app.test"]).serve().await;
    let authority = Authority::new();
    refuses(&authority.network().tls(to, "a b", later()).await, Cause::RequestInvalid, &["a b"]);
}

#[tokio::test]
async fn a_body_that_tls_does_not_end_is_cut_off() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(authority.identity(&["app.test"]).config(&["http/1.1"])));
    let to = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhalf of it").await.unwrap();
            stream.flush().await.unwrap();
            // The socket ends without the end mark of TLS, as when somebody cuts in.
            stream.get_mut().0.shutdown().await.unwrap();
        }
    })
    .await;
    let exchange = ask(&authority.network(), "app.test", to).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::Reset, "{message}");
    assert!(
        message.contains("cut the TLS connection off without its end mark after 10 bytes of the body"),
        "{message}"
    );
}

#[tokio::test]
async fn a_client_certificate_that_is_asked_for() {
    let authority = Authority::new();
    let identity = authority.identity(&["app.test"]);
    let mut roots = tokio_rustls::rustls::RootCertStore::empty();
    roots.add(authority.issuer.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let verifier =
        tokio_rustls::rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
            .build()
            .unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(identity.chain.clone(), identity.key.clone_key())
        .unwrap();
    let exchange = ask(&authority.network(), "app.test", serve(config).await).await;
    refuses(&exchange, Cause::TlsFailed, &["wants a certificate from its clients"]);
}

#[tokio::test]
async fn http2_that_is_not_agreed_to() {
    let authority = Authority::new();
    let network = Network::new(Settings { http: HttpVersion::Http2, ..authority.settings() });
    let identity = authority.identity(&["app.test"]);
    let exchange = ask(&network, "app.test", serve(identity.config(&[])).await).await;
    refuses(&exchange, Cause::ProtocolError, &["did not agree to speak HTTP/2"]);
    let exchange = ask(&network, "app.test", identity.serve().await).await;
    refuses(&exchange, Cause::TlsFailed, &["none of the HTTP versions"]);
}
