//! The server: sockets on one side, statements over a store on the other.
//!
//! Listens on loopback unless told otherwise, asks for a name and a password if it was given them, and
//! speaks TLS if it was given a certificate. Knows no query language: `session` does.

mod about;
mod bolt;
mod errors;
mod strangers;
#[cfg(feature = "tck")]
mod tck;
mod tls;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use weft_bolt::{Backend, Limits, ServeError, serve};

pub use bolt::{BoltBackend, BoltSettings};
use strangers::Strangers;

/// Connections that are served at once, unless told otherwise.
pub const CONNECTIONS_MAX: usize = 500;

/// How a server is run.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where it listens.
    pub address: SocketAddr,
    /// A certificate and its key as PEM files, for TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Connections that are served at once; a further one waits.
    pub connections_max: usize,
    /// How long a silent connection is kept; None for as long as it likes.
    pub idle: Option<Duration>,
    /// Is told of clients that cannot be served: what came, and what to do.
    pub tell: fn(&str, &str),
}

/// Why a server could not be run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// the address
        address: SocketAddr,
        /// why
        source: std::io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("{0}")]
    Tls(String),
    /// The runtime cannot be started.
    #[error("cannot start the server's threads: {0}")]
    Runtime(std::io::Error),
}

/// How long statements that run may take to end when the server does: none is committed that was not
/// about to be.
const STOPPING: Duration = Duration::from_secs(5);

/// Ends a server, from another thread.
pub struct Stop(oneshot::Sender<()>);

/// A server's end of a [`Stop`].
pub struct Stopped(oneshot::Receiver<()>);

/// Makes what ends a server, and what the server is to be given.
pub fn stopping() -> (Stop, Stopped) {
    let (sender, receiver) = oneshot::channel();
    (Stop(sender), Stopped(receiver))
}

impl Stop {
    /// Ends the server.
    pub fn stop(self) {
        // Where the server is gone already nothing is left to be done.
        let _ = self.0.send(());
    }
}

/// Serves until it is stopped; `ready` is told the address once somebody can connect.
///
/// What runs then is cancelled and rolled back, and what is being committed is committed.
///
/// # Errors
/// See [`ServerError`].
pub fn run(
    options: &ServeOptions,
    backend: Arc<BoltBackend>,
    stopped: Stopped,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServerError> {
    let tls = options.tls.as_ref().map(|(cert, key)| tls::acceptor(cert, key)).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .enable_time()
        // Each connection may have a statement that runs or waits for its client.
        .max_blocking_threads(options.connections_max + 16)
        .build()
        .map_err(ServerError::Runtime)?;
    let served = runtime.block_on(async {
        let listen = |source| ServerError::Listen { address: options.address, source };
        let listener = TcpListener::bind(options.address).await.map_err(listen)?;
        ready(listener.local_addr().map_err(listen)?);
        tokio::select! {
            () = accept(listener, options, tls, backend) => {}
            _ = stopped.0 => {}
        }
        Ok(())
    });
    // What still runs is cancelled with its connection; nothing uncommitted is kept.
    runtime.shutdown_timeout(STOPPING);
    served
}

async fn accept(
    listener: TcpListener,
    options: &ServeOptions,
    tls: Option<tokio_rustls::TlsAcceptor>,
    backend: Arc<BoltBackend>,
) {
    let places = Arc::new(Semaphore::new(options.connections_max));
    let limits = Limits { idle: options.idle, ..Limits::default() };
    let strangers = Arc::new(Strangers::new(options.tell));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // Too many open files, most likely: some will be closed soon.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (tls, backend) = (tls.clone(), Arc::clone(&backend) as Arc<dyn Backend>);
        let (limits, strangers) = (limits.clone(), Arc::clone(&strangers));
        tokio::spawn(async move {
            // A connection that breaks or speaks another protocol concerns nobody else.
            if let Err((what, Some(hint))) = connection(stream, tls, backend, limits).await {
                strangers.tell(&what, hint, Instant::now());
            }
            drop(place);
        });
    }
}

/// Why a connection ended, and what to do about it where there is something to be done.
type Ending = (String, Option<&'static str>);

async fn connection(
    stream: TcpStream,
    tls: Option<tokio_rustls::TlsAcceptor>,
    backend: Arc<dyn Backend>,
    limits: Limits,
) -> Result<(), Ending> {
    let broken = |err: std::io::Error| (err.to_string(), None);
    let ended = |err: ServeError| (err.to_string(), err.hint());
    stream.set_nodelay(true).map_err(broken)?;
    let Some(tls) = tls else { return serve(stream, backend, limits).await.map_err(ended) };
    let accepted = tokio::time::timeout(limits.handshake, tls::accept(&tls, stream)).await;
    let stream = accepted.map_err(|_| (ServeError::TooSlow.to_string(), None))??;
    serve(stream, backend, limits).await.map_err(ended)
}
