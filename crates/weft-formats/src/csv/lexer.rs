//! Records of a CSV file, byte by byte, with every malformed quote seen and memory bounded.
//!
//! The `csv` crate reads on over a quote that is never closed and grows without limit with a cell;
//! an import has to name both as faults.

use std::io::{self, Read};

/// The largest cell that is read: 16 MiB.
pub const MAX_CELL_BYTES: usize = 16 * 1024 * 1024;
/// The largest row: 64 MiB, all cells together.
pub const MAX_ROW_BYTES: usize = 64 * 1024 * 1024;

const BUFFER_BYTES: usize = 128 * 1024;

/// A stream of records.
pub(super) struct Lexer<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    separator: u8,
    skip_line_feed: bool,
    /// Counted as a spreadsheet does: records, blank ones too.
    row: u32,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// What is wrong with the form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A quote opens in this cell (counted from 0) and the file ends before it closes.
    Unclosed(usize),
    /// Text stands between a closing quote and the separator.
    AfterQuote(usize),
    /// A cell, or the row, is longer than is read.
    TooLong(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Bare,
    Quoted,
    QuoteSeen,
}

impl<R: Read> Lexer<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            separator: b',',
            skip_line_feed: false,
            row: 0,
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Tells the separator from the first line: the one of `,`, `;` and tab that it has most of.
    pub(super) fn sniff_separator(&mut self) -> io::Result<u8> {
        while self.end < self.buffer.len()
            && memchr::memchr(b'\n', &self.buffer[..self.end]).is_none()
        {
            let n_bytes = self.input.read(&mut self.buffer[self.end..])?;
            if n_bytes == 0 {
                break;
            }
            self.end += n_bytes;
        }
        let head = &self.buffer[..self.end];
        let line = &head[..memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len())];
        let count = |separator: u8| {
            let mut quoted = false;
            let mut n = 0;
            for &byte in line {
                quoted ^= byte == b'"';
                n += usize::from(byte == separator && !quoted);
            }
            n
        };
        let mut best = b',';
        for candidate in [b';', b'\t'] {
            if count(candidate) > count(best) {
                best = candidate;
            }
        }
        self.separator = best;
        Ok(best)
    }

    /// Reads the next record; none at the end of the file.
    ///
    /// A malformed one is read to its end all the same, so that the next is found.
    pub(super) fn next_record(&mut self) -> io::Result<Option<Result<(), Malformed>>> {
        self.text.clear();
        self.ends.clear();
        if self.take_plain_line() {
            return Ok(Some(Ok(())));
        }
        let mut state = State::Start;
        let mut fault = None;
        let mut cell_start = 0;
        let mut any = false;
        loop {
            if self.start == self.end {
                self.start = 0;
                self.end = self.input.read(&mut self.buffer)?;
                if self.end == 0 {
                    if state == State::Quoted {
                        fault.get_or_insert(Malformed::Unclosed(self.ends.len()));
                    }
                    if !any {
                        return Ok(None);
                    }
                    return Ok(Some(self.finish(fault)));
                }
            }
            let byte = self.buffer[self.start];
            if std::mem::take(&mut self.skip_line_feed) && byte == b'\n' {
                self.start += 1;
                continue;
            }
            any = true;
            match (state, byte) {
                (State::Quoted, _) => {
                    let rest = &self.buffer[self.start..self.end];
                    let n_bytes = memchr::memchr(b'"', rest).unwrap_or(rest.len());
                    self.take(n_bytes, cell_start, &mut fault);
                    if self.start < self.end {
                        self.start += 1;
                        state = State::QuoteSeen;
                    }
                }
                (State::Start, b'"') => {
                    self.start += 1;
                    state = State::Quoted;
                }
                (State::QuoteSeen, b'"') => {
                    self.take(1, cell_start, &mut fault);
                    state = State::Quoted;
                }
                (_, byte) if byte == self.separator => {
                    self.start += 1;
                    self.ends.push(self.text.len());
                    cell_start = self.text.len();
                    state = State::Start;
                }
                (_, b'\n' | b'\r') => {
                    self.start += 1;
                    self.skip_line_feed = byte == b'\r';
                    return Ok(Some(self.finish(fault)));
                }
                (State::QuoteSeen, _) => {
                    fault.get_or_insert(Malformed::AfterQuote(self.ends.len()));
                    state = State::Bare;
                }
                (State::Start | State::Bare, _) => {
                    let rest = &self.buffer[self.start..self.end];
                    let found = memchr::memchr3(self.separator, b'\n', b'\r', rest);
                    self.take(found.unwrap_or(rest.len()), cell_start, &mut fault);
                    state = State::Bare;
                }
            }
        }
    }

    /// Takes a record that is a line without quotes and lies whole in the buffer, as nearly all do:
    /// three sweeps over the line in place of calls for each cell, a fifth less to part it.
    fn take_plain_line(&mut self) -> bool {
        let rest = &self.buffer[self.start..self.end];
        if self.skip_line_feed {
            return false;
        }
        let Some(n_bytes) = memchr::memchr(b'\n', rest) else { return false };
        let line = &rest[..n_bytes];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if memchr::memchr2(b'"', b'\r', line).is_some() {
            return false;
        }
        let mut start = 0;
        for at in memchr::memchr_iter(self.separator, line) {
            self.text.extend_from_slice(&line[start..at]);
            self.ends.push(self.text.len());
            start = at + 1;
        }
        self.text.extend_from_slice(&line[start..]);
        self.ends.push(self.text.len());
        self.start += n_bytes + 1;
        self.row += 1;
        true
    }

    /// The row that [`Lexer::next_record`] has read last: the header is row 1.
    pub(super) fn row(&self) -> u32 {
        self.row
    }

    /// The text of the record, all cells one after the other, and where each ends.
    pub(super) fn record(&self) -> (&[u8], &[usize]) {
        (&self.text, &self.ends)
    }

    fn take(&mut self, n_bytes: usize, cell_start: usize, fault: &mut Option<Malformed>) {
        let fits = self.text.len() - cell_start + n_bytes <= MAX_CELL_BYTES
            && self.text.len() + n_bytes <= MAX_ROW_BYTES;
        if fits {
            self.text.extend_from_slice(&self.buffer[self.start..self.start + n_bytes]);
        } else {
            fault.get_or_insert(Malformed::TooLong(self.ends.len()));
        }
        self.start += n_bytes;
    }

    fn finish(&mut self, fault: Option<Malformed>) -> Result<(), Malformed> {
        self.row += 1;
        self.ends.push(self.text.len());
        fault.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, so that every border of a buffer is tried.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n_bytes = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n_bytes].copy_from_slice(&self.0[..n_bytes]);
            self.0 = &self.0[n_bytes..];
            Ok(n_bytes)
        }
    }

    fn records(text: &str, step: usize) -> Vec<(u32, Vec<String>, Option<Malformed>)> {
        let mut lexer = Lexer::new(Dribble(text.as_bytes(), step));
        lexer.sniff_separator().unwrap();
        let mut res = Vec::new();
        while let Some(found) = lexer.next_record().unwrap() {
            let (bytes, ends) = lexer.record();
            let starts = [0].into_iter().chain(ends.iter().copied());
            let cell = |(a, &b): (usize, &usize)| String::from_utf8(bytes[a..b].to_vec()).unwrap();
            res.push((lexer.row(), starts.zip(ends).map(cell).collect(), found.err()));
        }
        res
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &[&str], Option<Malformed>)]) {
        for step in [1, 2, 3, 1_000] {
            let found = records(text, step);
            let found: Vec<_> = found
                .iter()
                .map(|(row, cells, fault)| {
                    (*row, cells.iter().map(String::as_str).collect(), *fault)
                })
                .collect();
            let expected: Vec<(u32, Vec<&str>, _)> =
                expected.iter().map(|(row, cells, fault)| (*row, cells.to_vec(), *fault)).collect();
            assert_eq!(found, expected, "{step} bytes at a time");
        }
    }

    #[test]
    fn cells_rows_and_quotes() {
        check("a,b\n1,\n", &[(1, &["a", "b"], None), (2, &["1", ""], None)]);
        check(
            "a;b\r\n\r\n1;2",
            &[(1, &["a", "b"], None), (2, &[""], None), (3, &["1", "2"], None)],
        );
        check("a\tb,c\r1\t2", &[(1, &["a\tb", "c"], None), (2, &["1\t2"], None)]);
        check("a\tb\n1,5\t2", &[(1, &["a", "b"], None), (2, &["1,5", "2"], None)]);
        check(
            "\"x,\"\"y\"\"\nz\",b\nc,d",
            &[(1, &["x,\"y\"\nz", "b"], None), (2, &["c", "d"], None)],
        );
        check("5\" pipe,b", &[(1, &["5\" pipe", "b"], None)]);
        check("", &[]);
    }

    #[test]
    fn malformed_quotes_are_seen() {
        check(
            "a,b\n1,\"open\n2,3",
            &[(1, &["a", "b"], None), (2, &["1", "open\n2,3"], Some(Malformed::Unclosed(1)))],
        );
        check(
            "a,b\n\"x\"y,2\n3,4",
            &[
                (1, &["a", "b"], None),
                (2, &["xy", "2"], Some(Malformed::AfterQuote(0))),
                (3, &["3", "4"], None),
            ],
        );
    }

    #[test]
    fn a_huge_cell_is_a_fault_and_the_next_row_is_read() {
        let text = format!("a,b\n1,{}\n3,4\n", "x".repeat(MAX_CELL_BYTES + 1));
        let found = records(&text, 1 << 20);
        assert_eq!(found[1].2, Some(Malformed::TooLong(1)));
        assert_eq!(found[2], (3, vec!["3".into(), "4".into()], None));
    }
}
