//! Ctrl-C: the command ends at once with its exit code, and no file that was half written stays. A
//! server is told to end, and a statement of the shell to stop; a second Ctrl-C does not wait for it.
//!
//! A store needs no care: what was not committed was never there, as after a cut of the power.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::errors::EXIT_INTERRUPTED;

/// The file that is being written.
static PARTIAL: Mutex<Option<PathBuf>> = Mutex::new(None);

/// What is to be done instead of ending the process, once.
static INSTEAD: Mutex<Option<Box<dyn FnOnce() + Send>>> = Mutex::new(None);

/// Whether a statement is to stop.
static IS_STOPPED: AtomicBool = AtomicBool::new(false);

/// Ends the process when the user interrupts it.
pub(super) fn install() {
    // Where no handler can be set the system ends the process; then a file half written may stay.
    let _ = ctrlc::set_handler(|| {
        if let Some(act) = INSTEAD.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return act();
        }
        if let Some(partial) = PARTIAL.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = std::fs::remove_file(partial);
        }
        if io::stderr().is_terminal() {
            // The line of progress goes, and what the terminal wrote of the key.
            eprint!("\r\x1b[K");
        }
        std::process::exit(i32::from(EXIT_INTERRUPTED));
    });
}

/// Does something else, once, when the user interrupts.
pub(super) fn instead(act: impl FnOnce() + Send + 'static) {
    *INSTEAD.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(act));
}

/// Does something that asks [`is_stopped`] now and then; the process goes on where the user interrupts it.
pub(super) fn while_running<T>(run: impl FnOnce() -> T) -> T {
    IS_STOPPED.store(false, Ordering::Relaxed);
    instead(|| IS_STOPPED.store(true, Ordering::Relaxed));
    let res = run();
    *INSTEAD.lock().unwrap_or_else(PoisonError::into_inner) = None;
    res
}

/// Whether what runs is to stop.
pub(super) fn is_stopped() -> bool {
    IS_STOPPED.load(Ordering::Relaxed)
}

/// Does something that writes a file, which goes if it is interrupted.
pub(super) fn while_writing<T>(partial: &Path, write: impl FnOnce() -> T) -> T {
    let set = |path| *PARTIAL.lock().unwrap_or_else(PoisonError::into_inner) = path;
    set(Some(partial.to_owned()));
    let res = write();
    set(None);
    res
}
