//! An authority of its own for each server, and the chains that the classes present.

use crate::class::Class;
use crate::{HOST, OTHER_HOST};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

const HALF_DAY: Duration = Duration::from_secs(12 * 3600);

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What a server presents, and what its clients trust.
pub(crate) struct Tls {
    pub config: Arc<ServerConfig>,
    pub authority_pem: String,
}

/// Days from now between which a certificate holds; a half day more, so that whole days are the same all day long.
fn valid(params: &mut CertificateParams, from_days: i64, until_days: i64) {
    let at = |days: i64| {
        let distance = Duration::from_secs(days.unsigned_abs() * 86_400);
        let now = SystemTime::now();
        if days < 0 { now - distance } else { now + distance }
    };
    params.not_before = at(from_days).into();
    params.not_after = (at(until_days) + HALF_DAY).into();
}

fn authority(name: &str, until_days: i64) -> Result<(CertificateParams, KeyPair), Failed> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    valid(&mut params, -30, until_days);
    Ok((params, KeyPair::generate()?))
}

/// Makes chain and configuration of a class.
pub(crate) fn tls(class: Class) -> Result<Tls, Failed> {
    let (root_params, root_key) = authority("Fault server's root", 900)?;
    let root_certificate = root_params.self_signed(&root_key)?;
    let root = Issuer::new(root_params, root_key);
    let intermediate_days = match class {
        Class::IntermediateDaysLeft => 4,
        Class::IntermediateExpired => -2,
        _ => 400,
    };
    let (middle_params, middle_key) = authority("Fault server's intermediate", intermediate_days)?;
    let middle_certificate = middle_params.signed_by(&middle_key, &root)?;
    let middle = Issuer::new(middle_params, middle_key);

    let right = leaf(class, HOST, &middle, middle_certificate.der())?;
    let resolver = match class {
        Class::VirtualHost => ByName { other: leaf(class, OTHER_HOST, &middle, middle_certificate.der())?, right },
        Class::WrongName => {
            let other = leaf(class, OTHER_HOST, &middle, middle_certificate.der())?;
            ByName { right: other.clone(), other }
        }
        _ => ByName { other: right.clone(), right },
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    config.alpn_protocols = vec![if class == Class::GoAway { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    Ok(Tls { config: Arc::new(config), authority_pem: root_certificate.pem() })
}

fn leaf(
    class: Class,
    name: &str,
    issuer: &Issuer<'_, KeyPair>,
    intermediate: &CertificateDer<'static>,
) -> Result<Arc<CertifiedKey>, Failed> {
    let mut params = CertificateParams::new(vec![name.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, name);
    match class {
        Class::Expired => valid(&mut params, -30, -2),
        Class::NotYetValid => valid(&mut params, 1, 90),
        Class::DaysLeft => valid(&mut params, -30, 4),
        Class::DaysEnough => valid(&mut params, -30, 20),
        _ => valid(&mut params, -30, 90),
    }
    let key = KeyPair::generate()?;
    let certificate = match class {
        Class::SelfSigned => params.self_signed(&key)?,
        Class::UnknownAuthority => {
            let (stranger, stranger_key) = authority("Nobody's root", 900)?;
            params.signed_by(&key, &Issuer::new(stranger, stranger_key))?
        }
        _ => params.signed_by(&key, issuer)?,
    };
    let mut chain = vec![certificate.der().clone()];
    if !matches!(class, Class::SelfSigned | Class::UnknownAuthority | Class::IntermediateMissing) {
        chain.push(intermediate.clone());
    }
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok(Arc::new(CertifiedKey::new(chain, ring::sign::any_supported_type(&key)?)))
}

/// Another certificate for another name, or for none.
#[derive(Debug)]
struct ByName {
    right: Arc<CertifiedKey>,
    other: Arc<CertifiedKey>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(if hello.server_name() == Some(HOST) { &self.right } else { &self.other }))
    }
}
