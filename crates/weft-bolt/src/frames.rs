//! Messages as bytes, read in chunks and never more of them than there is room for.

use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, BufReader, copy, sink};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that are counted together.
const PAGE_BYTES: usize = 1024;
/// Longer messages need room; each connection may hold some that are not.
pub(crate) const SMALL_BYTES: usize = 64 * 1024;

/// Memory that the messages of all connections may take together.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

/// Memory that is taken until this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Taken(Option<OwnedSemaphorePermit>);

/// A message, or why there is none.
#[derive(Debug)]
pub(crate) enum Frame {
    /// Its bytes.
    Message(BytesMut, Taken),
    /// It was longer than a message may be, and is gone.
    TooLong(usize),
    /// Other messages take all the room there is; it is gone.
    NoRoom,
}

/// Reads messages from a stream.
pub(crate) struct Frames<R> {
    stream: BufReader<R>,
    room: Room,
    /// Bytes of a message at most.
    pub(crate) limit: usize,
}

impl Room {
    /// Room for so many bytes.
    pub fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / PAGE_BYTES).min(Semaphore::MAX_PERMITS))))
    }

    /// Takes more of it; false where there is not as much left.
    pub(crate) fn take(&self, taken: &mut Taken, bytes: usize) -> bool {
        let n_pages = u32::try_from(bytes.div_ceil(PAGE_BYTES)).unwrap_or(u32::MAX);
        let Ok(more) = Arc::clone(&self.0).try_acquire_many_owned(n_pages) else { return false };
        match &mut taken.0 {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
        true
    }
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(crate) fn new(stream: R, room: Room, limit: usize) -> Self {
        Self { stream: BufReader::new(stream), room, limit }
    }

    /// The next message. One that cannot be taken is read to its end all the same, so that whoever sent
    /// it can be told, and go on.
    ///
    /// # Errors
    /// Where the stream ends or breaks.
    pub(crate) async fn next(&mut self) -> io::Result<Frame> {
        let mut message = BytesMut::new();
        let mut taken = Taken::default();
        let mut reserved = SMALL_BYTES;
        let mut refused = None;
        loop {
            let length = usize::from(self.stream.read_u16().await?);
            if length == 0 {
                match refused {
                    Some(refused) => return Ok(refused),
                    // An empty message keeps the connection alive and says nothing.
                    None if message.is_empty() => continue,
                    None => return Ok(Frame::Message(message, taken)),
                }
            }
            let start = message.len();
            let end = start + length;
            if refused.is_none() && end > self.limit {
                refused = Some(Frame::TooLong(self.limit));
            } else if refused.is_none() && end > reserved {
                match self.room.take(&mut taken, reserved) {
                    true => reserved *= 2,
                    false => refused = Some(Frame::NoRoom),
                }
            }
            if refused.is_some() {
                (message, taken) = (BytesMut::new(), Taken::default());
                let n = copy(&mut (&mut self.stream).take(length as u64), &mut sink()).await?;
                if n < length as u64 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                continue;
            }
            message.resize(end, 0);
            self.stream.read_exact(&mut message[start..]).await?;
        }
    }
}
