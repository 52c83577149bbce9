//! TLS: a certificate and its key, read from PEM files.

use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use super::{Ending, ServerError};

/// How a record of TLS begins that says hello.
const HELLO: u8 = 0x16;

/// Makes what turns a stream into one with TLS 1.2 or 1.3.
///
/// # Errors
/// Says which file cannot be read or used.
pub(super) fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, ServerError> {
    let fault = |path: &Path, what: &dyn std::fmt::Display| {
        ServerError::Tls(format!("cannot use `{}` for TLS: {what}", path.display()))
    };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|err| fault(certificate, &err))?;
    if certificates.is_empty() {
        return Err(fault(certificate, &"there is no certificate in it"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|err| fault(key, &err))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(certificates, secret))
        .map_err(|err| fault(key, &err))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Makes a stream one with TLS.
///
/// # Errors
/// Says what the client does instead.
pub(super) async fn accept(
    tls: &TlsAcceptor,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Ending> {
    let mut first = [0];
    let n = stream.peek(&mut first).await.map_err(|err| (err.to_string(), None))?;
    if n > 0 && first != [HELLO] {
        let what = "a client does not speak TLS, and this port speaks nothing else";
        return Err((what.to_owned(), Some("connect to `bolt+s://` instead of `bolt://`")));
    }
    let hint = "who does not know who signed the certificate connects to `bolt+ssc://`";
    tls.accept(stream)
        .await
        .map_err(|err| (format!("a client and this server found no TLS: {err}"), Some(hint)))
}
