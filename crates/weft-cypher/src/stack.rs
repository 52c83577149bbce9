//! Stack for what goes deep: more is allocated where little is left.

/// Stack that must be left before something is entered that may go deeper.
const LEFT_MIN: usize = 256 * 1024;
/// Stack that is allocated then.
const MORE: usize = 4 * 1024 * 1024;

/// Runs what may go deeper, on more stack if little is left.
pub(crate) fn deeper<T>(f: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(LEFT_MIN, MORE, f)
}
