//! The rows of a statement that runs: encoded on its own thread, handed over through a channel of
//! bounded length.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use tokio::sync::{mpsc, oneshot};
use weft_value::Value;

use crate::backend::{Cancel, Failure, Output, Summary};
use crate::encode::write_record;
use crate::version::Version;

/// Rows that a batch holds at most.
const BATCH_ROWS: usize = 1024;
/// Bytes after which a batch is handed over.
const BATCH_BYTES: usize = 64 * 1024;
/// Batches that wait for the client at most; then the statement stands still.
pub(crate) const BATCHES_WAITING: usize = 4;

/// Messages one behind the other, one a row.
#[derive(Default)]
pub(crate) struct Batch {
    bytes: BytesMut,
    /// Where each message ends, counted from the first byte of the batch.
    ends: VecDeque<usize>,
    /// Bytes that were taken from the front.
    n_taken: usize,
}

/// The statement's end of the channel.
pub(crate) struct Sender {
    columns: Option<oneshot::Sender<Vec<String>>>,
    rows: mpsc::Sender<Batch>,
    cancel: Cancel,
    version: Version,
    batch: Batch,
    /// Grows, so that the first rows come soon and later ones cheaply.
    batch_rows: usize,
}

/// The connection's end of the channel.
pub(crate) struct Receiver {
    rows: mpsc::Receiver<Batch>,
    waiting: VecDeque<Batch>,
    /// What the statement said at its end; None while it runs.
    pub(crate) outcome: Option<Result<Summary, Failure>>,
    /// Whether the statement gives rows at all.
    pub(crate) has_columns: bool,
    /// Rows that were taken.
    pub(crate) n_rows: u64,
}

/// Makes both ends.
pub(crate) fn channel(
    columns: oneshot::Sender<Vec<String>>,
    cancel: Cancel,
    version: Version,
) -> (Sender, Receiver) {
    let (sender, receiver) = mpsc::channel(BATCHES_WAITING);
    let sender = Sender {
        columns: Some(columns),
        rows: sender,
        cancel,
        version,
        batch: Batch::default(),
        batch_rows: 1,
    };
    let receiver = Receiver {
        rows: receiver,
        waiting: VecDeque::new(),
        outcome: None,
        has_columns: false,
        n_rows: 0,
    };
    (sender, receiver)
}

impl Batch {
    fn push(&mut self, row: &[Value], version: Version) {
        write_record(&mut self.bytes, row, version);
        self.ends.push_back(self.bytes.len());
    }

    /// Takes the first messages, `n` at most; how many they are.
    fn take(&mut self, n: u64) -> (Bytes, u64) {
        let n = usize::try_from(n).unwrap_or(usize::MAX).min(self.ends.len());
        let end = self.ends.drain(..n).next_back().unwrap_or(self.n_taken);
        let bytes = self.bytes.split_to(end - self.n_taken).freeze();
        self.n_taken = end;
        (bytes, n as u64)
    }
}

impl Sender {
    /// Hands over what is left; false where nobody listens any more.
    pub(crate) fn flush(&mut self) -> bool {
        if self.batch.ends.is_empty() {
            return true;
        }
        self.batch_rows = (self.batch_rows * 2).min(BATCH_ROWS);
        let next =
            Batch { bytes: BytesMut::with_capacity(self.batch.bytes.len()), ..Batch::default() };
        self.rows.blocking_send(std::mem::replace(&mut self.batch, next)).is_ok()
    }
}

impl Output for Sender {
    fn columns(&mut self, columns: &[String]) {
        if let Some(sender) = self.columns.take() {
            // Where nobody listens, the first row finds out.
            let _ = sender.send(columns.to_vec());
        }
    }

    fn row(&mut self, row: &[Value]) -> bool {
        self.batch.push(row, self.version);
        let batch = &self.batch;
        let is_full = batch.ends.len() >= self.batch_rows || batch.bytes.len() >= BATCH_BYTES;
        (!is_full || self.flush()) && !self.cancel.is_cancelled()
    }
}

impl Receiver {
    /// The next rows, `n` at most, and how many they are; None at the end.
    pub(crate) async fn next(&mut self, n: u64) -> Option<(Bytes, u64)> {
        self.has_more().await.then_some(())?;
        let first = self.waiting.front_mut()?;
        let rows = first.take(n);
        self.n_rows += rows.1;
        if first.ends.is_empty() {
            self.waiting.pop_front();
        }
        Some(rows)
    }

    /// Whether there is a row to come; waits for it.
    pub(crate) async fn has_more(&mut self) -> bool {
        if self.waiting.is_empty()
            && let Some(batch) = self.rows.recv().await
        {
            self.waiting.push_back(batch);
        }
        !self.waiting.is_empty()
    }

    /// Takes no more rows; whoever sends one is told so.
    pub(crate) fn stop(&mut self) {
        self.rows.close();
    }

    /// Takes in all rows to come, so that the statement can end; false where they are more bytes than
    /// may be kept.
    pub(crate) async fn take_in(&mut self, bytes_max: usize) -> bool {
        let mut n_bytes: usize = self.waiting.iter().map(|it| it.bytes.len()).sum();
        while n_bytes <= bytes_max {
            let Some(batch) = self.rows.recv().await else { return true };
            n_bytes += batch.bytes.len();
            self.waiting.push_back(batch);
        }
        false
    }
}
