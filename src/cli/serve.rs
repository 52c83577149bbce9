//! `serve`: from what was typed to a server that runs until Ctrl-C.

use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use weft_cypher::{Clock, Pool};

use super::args::ServeArgs;
use super::{errors, interrupt, limits, output};
use crate::server::{self, BoltBackend, BoltSettings, ServeOptions, ServerError};
use crate::session::{self, Error, Request, Settings, Workspace, request};

/// Where the password of `--user` is read from.
const PASSWORD: &str = "WEFT_PASSWORD";
/// The name under which clients ask for the database.
const DATABASE: &str = "weft";

pub(super) fn run(settings: &Settings, args: &ServeArgs) -> Result<ExitCode, Error> {
    let options = ServeOptions {
        address: address(&args.bolt)?,
        tls: args.tls_cert.clone().zip(args.tls_key.clone()),
        connections_max: args.connections.max(1),
        idle: args.idle.map(Duration::from_secs),
        tell: |what, hint| {
            errors::note(what);
            errors::hint(hint);
        },
    };
    let user = args.user.clone().map(|name| password().map(|it| (name, it))).transpose()?;
    if user.is_none() && !options.address.ip().is_loopback() {
        errors::warn(
            "anybody who reaches this address can read and write the store; `--user NAME` with \
             WEFT_PASSWORD asks for a password",
        );
    }
    if args.free {
        make_if_missing(settings)?;
    }
    let workspace = Workspace::open(settings)?;
    if workspace.is_bundled() {
        errors::note(
            "no store is named, so this is the Leeds health innovation graph that comes with weft, \
             to be read and not written",
        );
    }
    let title = workspace.title().to_owned();
    let settings = BoltSettings {
        user,
        database: DATABASE.to_owned(),
        timeout: args.timeout.map(Duration::from_secs),
        limits: limits(args.memory / 2),
        pool: Pool::of(limits(args.memory).n_bytes),
        seed: settings.seed,
        now,
        now_text: || output::clock().now,
    };
    let scheme = if options.tls.is_some() { "bolt+s" } else { "bolt" };
    let backend = Arc::new(BoltBackend::new(workspace, settings));
    let ready = |address| {
        errors::note(&format!("serving `{title}` at {scheme}://{address}; Ctrl-C stops it"));
    };
    let (stop, stopped) = server::stopping();
    interrupt::instead(|| stop.stop());
    server::run(&options, backend, stopped, ready).map_err(|err| match err {
        ServerError::Tls(_) => Error::usage(err.to_string()),
        err => Error::failed(err.to_string())
            .with_hint("is another server at this address? `--bolt 127.0.0.1:0` takes a free port"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn address(text: &str) -> Result<SocketAddr, Error> {
    let found = text.to_socket_addrs().ok().and_then(|mut it| it.next());
    found.ok_or_else(|| {
        Error::usage(format!("`{text}` is no address")).with_hint("write it as `127.0.0.1:7687`")
    })
}

fn password() -> Result<String, Error> {
    std::env::var(PASSWORD).ok().filter(|it| !it.is_empty()).ok_or_else(|| {
        Error::usage(format!("`--user` needs a password, and {PASSWORD} holds none")).with_hint(
            format!(
                "set the environment variable {PASSWORD}; on the command line others could see it"
            ),
        )
    })
}

fn make_if_missing(settings: &Settings) -> Result<(), Error> {
    let Some(path) = &settings.db else {
        return Err(
            Error::usage("`--free` needs to know which file").with_hint("name it with `--db FILE`")
        );
    };
    if path.exists() {
        return Ok(());
    }
    let init = request::Init { free: true, ..request::Init::default() };
    session::run(settings, &Request::Init(init), &mut output::Messages::new())?;
    Ok(())
}

fn now() -> Clock {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Clock {
        seconds: i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX),
        nanoseconds: elapsed.subsec_nanos(),
        ..Clock::default()
    }
}
