//! The rows of a statement that runs: encoded on its own thread, handed over through a channel of
//! bounded length.

use std::collections::VecDeque;

use bytes::BytesMut;
use tokio::sync::{mpsc, oneshot};
use weft_value::Value;

use crate::backend::{Cancel, Failure, Output, Summary};
use crate::encode::encode_record;

/// Rows that a batch holds at most.
const BATCH_ROWS: usize = 256;
/// Bytes after which a batch is handed over.
const BATCH_BYTES: usize = 64 * 1024;
/// Batches that wait for the client at most; then the statement stands still.
pub(crate) const BATCHES_WAITING: usize = 4;

/// Encoded messages, one a row.
pub(crate) type Batch = Vec<BytesMut>;

/// The statement's end of the channel.
pub(crate) struct Sender {
    columns: Option<oneshot::Sender<Vec<String>>>,
    rows: mpsc::Sender<Batch>,
    cancel: Cancel,
    batch: Batch,
    n_bytes: usize,
    /// Grows, so that the first rows come soon and later ones cheaply.
    batch_rows: usize,
}

/// The connection's end of the channel.
pub(crate) struct Receiver {
    rows: mpsc::Receiver<Batch>,
    waiting: VecDeque<BytesMut>,
    /// What the statement said at its end; None while it runs.
    pub(crate) outcome: Option<Result<Summary, Failure>>,
}

/// Makes both ends.
pub(crate) fn channel(columns: oneshot::Sender<Vec<String>>, cancel: Cancel) -> (Sender, Receiver) {
    let (sender, receiver) = mpsc::channel(BATCHES_WAITING);
    let sender = Sender {
        columns: Some(columns),
        rows: sender,
        cancel,
        batch: Batch::new(),
        n_bytes: 0,
        batch_rows: 1,
    };
    (sender, Receiver { rows: receiver, waiting: VecDeque::new(), outcome: None })
}

impl Sender {
    /// Hands over what is left; false where nobody listens any more.
    pub(crate) fn flush(&mut self) -> bool {
        if self.batch.is_empty() {
            return true;
        }
        self.n_bytes = 0;
        self.batch_rows = (self.batch_rows * 2).min(BATCH_ROWS);
        self.rows.blocking_send(std::mem::take(&mut self.batch)).is_ok()
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
        let message = encode_record(row);
        self.n_bytes += message.len();
        self.batch.push(message);
        let is_full = self.batch.len() >= self.batch_rows || self.n_bytes >= BATCH_BYTES;
        (!is_full || self.flush()) && !self.cancel.is_cancelled()
    }
}

impl Receiver {
    /// The next row, or None at the end.
    pub(crate) async fn next(&mut self) -> Option<BytesMut> {
        loop {
            if let Some(row) = self.waiting.pop_front() {
                return Some(row);
            }
            self.waiting.extend(self.rows.recv().await?);
        }
    }

    /// Whether there is a row to come; waits for it.
    pub(crate) async fn has_more(&mut self) -> bool {
        if let Some(row) = self.next().await {
            self.waiting.push_front(row);
            return true;
        }
        false
    }

    /// Takes no more rows; whoever sends one is told so.
    pub(crate) fn stop(&mut self) {
        self.rows.close();
    }

    /// Takes in all rows to come, so that the statement can end.
    pub(crate) async fn take_in(&mut self) {
        while let Some(batch) = self.rows.recv().await {
            self.waiting.extend(batch);
        }
    }
}
