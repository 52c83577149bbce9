//! Traces that a kill leaves in the files beside a store: proof that it fell inside a write.
//!
//! Only while no connection to the store is open in this process: to close a file frees all locks that
//! the process has on it, those of SQLite too. Read as https://www.sqlite.org/walformat.html describes them.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The size of a page that SQLite takes where it is told none.
const PAGE: usize = 4096;

/// A log while a writer writes to it.
pub(super) struct Log {
    path: PathBuf,
    file: Option<File>,
    /// Of this generation of the log: it starts again from its beginning, once it was taken in.
    salt: [u8; 8],
    n_pages_at_first: usize,
    n_pages: usize,
}

impl Log {
    pub(super) fn look(store: &Path) -> Self {
        let path = store.with_extension("db-wal");
        let mut res = Self { path, file: None, salt: [0; 8], n_pages_at_first: 0, n_pages: 0 };
        res.has_grown_by(0);
        res.n_pages_at_first = res.n_pages;
        res
    }

    /// Whether so many pages were written since it was looked at first.
    pub(super) fn has_grown_by(&mut self, n_pages: usize) -> bool {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let Some(file) = &self.file else { return false };
        let read = |at: usize| {
            let mut bytes = [0; 8];
            file.read_exact_at(&mut bytes, at as u64).ok().map(|()| bytes)
        };
        let Some(salt) = read(16) else { return false };
        if salt != self.salt {
            (self.salt, self.n_pages_at_first, self.n_pages) = (salt, 0, 0);
        }
        let frame = |n_pages| LOG_HEADER + n_pages * (FRAME_HEADER + PAGE);
        while read(frame(self.n_pages) + 8) == Some(salt) {
            self.n_pages += 1;
        }
        self.n_pages >= self.n_pages_at_first + n_pages
    }
}

/// Pages that a commit has written to the log and that no reader may see yet.
pub(super) fn n_unpublished_pages(store: &Path) -> usize {
    let log = std::fs::read(store.with_extension("db-wal")).unwrap_or_default();
    let index = std::fs::read(store.with_extension("db-shm")).unwrap_or_default();
    if log.len() < LOG_HEADER || index.len() < 48 {
        return 0;
    }
    let word = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let is_big_endian = word(0) & 1 == 1;
    assert_eq!(word(8) as usize, PAGE);
    let mut sum = [0, 0];
    add_to_checksum(&mut sum, &log[..24], is_big_endian);
    let mut n_pages = 0_usize;
    for start in (LOG_HEADER..).step_by(FRAME_HEADER + PAGE) {
        let end = start + FRAME_HEADER + PAGE;
        // Frames of an older generation have another salt, a frame that is not whole another sum.
        if end > log.len() || log[start + 8..start + 16] != log[16..24] {
            break;
        }
        add_to_checksum(&mut sum, &log[start..start + 8], is_big_endian);
        add_to_checksum(&mut sum, &log[start + FRAME_HEADER..end], is_big_endian);
        if sum != [word(start + 16), word(start + 20)] {
            break;
        }
        n_pages += 1;
    }
    let is_of_this_log = index[32..40] == log[16..24];
    let n_published = u32::from_ne_bytes(index[16..20].try_into().unwrap()) as usize;
    if is_of_this_log { n_pages.saturating_sub(n_published) } else { n_pages }
}

/// Whether a checkpoint had begun to copy pages from the log into the store and was not done.
pub(super) fn is_half_checkpointed(store: &Path) -> bool {
    let index = std::fs::read(store.with_extension("db-shm")).unwrap_or_default();
    let word =
        |at: usize| index.get(at..at + 4).map(|it| u32::from_ne_bytes(it.try_into().unwrap()));
    let (n_done, n_attempted) = (word(96), word(128));
    n_attempted > n_done
}

fn add_to_checksum(sum: &mut [u32; 2], bytes: &[u8], is_big_endian: bool) {
    let word = |it: &[u8]| {
        let it = it.try_into().unwrap();
        if is_big_endian { u32::from_be_bytes(it) } else { u32::from_le_bytes(it) }
    };
    for pair in bytes.chunks_exact(8) {
        sum[0] = sum[0].wrapping_add(word(&pair[..4])).wrapping_add(sum[1]);
        sum[1] = sum[1].wrapping_add(word(&pair[4..])).wrapping_add(sum[0]);
    }
}
