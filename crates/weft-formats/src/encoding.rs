//! Encodings: which one a file is in, and a reader that gives its text as UTF-8.
//!
//! A file is never held whole: it is read once to tell the encoding, then decoded piece by piece.

use std::io::{self, Read};

use encoding_rs::{CoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::Serialize;
use weft_value::DateOrder;

use crate::{Diagnostic, Place};

/// Bytes read at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes at the front by which UTF-16 without a mark and foreign formats are told.
const SAMPLE_BYTES: usize = 4 * 1024;

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    #[default]
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-8 with one, as spreadsheets write it.
    #[serde(rename = "UTF-8 with byte order mark")]
    Utf8Mark,
    /// UTF-16, low byte first.
    #[serde(rename = "UTF-16 LE")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "UTF-16 BE")]
    Utf16Be,
    /// Windows-1252: what is left when a file is none of the others.
    #[serde(rename = "Windows-1252")]
    Windows1252,
}

/// How a file was read: said with every import, for none of it is certain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dialect {
    /// The file.
    pub file: String,
    /// Its encoding.
    pub encoding: Encoding,
    /// What parts its cells: `,`, `;` or a tab.
    pub separator: char,
    /// How dates with slashes were read: `ISO 8601 only` or `day first`.
    pub dates: &'static str,
}

/// What one reading of a file tells before it is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The encoding.
    pub encoding: Encoding,
    /// What makes the file no text, or makes the encoding doubtful.
    pub diagnostics: Vec<Diagnostic>,
}

/// A reader that gives as UTF-8 what another gives in some encoding.
pub struct Decoder<R> {
    input: R,
    /// None where the input is UTF-8 already.
    decoder: Option<encoding_rs::Decoder>,
    skip_bytes: usize,
    raw: Vec<u8>,
    raw_start: usize,
    text: Vec<u8>,
    text_start: usize,
    at_end: bool,
}

impl Encoding {
    /// Its name, as people know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Mark => "UTF-8 with byte order mark",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

impl Dialect {
    /// The words for an order of dates.
    pub fn dates_text(order: DateOrder) -> &'static str {
        match order {
            DateOrder::IsoOnly => "ISO 8601 only",
            DateOrder::DayFirst => "day first",
        }
    }
}

/// Reads a file through and tells its encoding: by its mark, by zero bytes, as UTF-8 if all of it
/// is, else as Windows-1252, which is said as a warning.
///
/// A file that mixes UTF-8 with something else is refused: either reading would spoil names.
///
/// # Errors
/// When the reader fails.
pub fn inspect(file: &str, mut input: impl Read) -> io::Result<Inspection> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut n_bytes = fill(&mut input, &mut chunk)?;
    let sample = &chunk[..n_bytes.min(SAMPLE_BYTES)];
    let fault = |code, message: &str, hint: &str| {
        vec![Diagnostic::error(code, Place::file(file), message).hint(hint)]
    };
    if let Some((what, hint)) = foreign_format(sample) {
        let diagnostics = fault("not_text", &format!("the file is no CSV but {what}"), hint);
        return Ok(Inspection { encoding: Encoding::Utf8, diagnostics });
    }
    if let Some(encoding) = utf16(sample) {
        return Ok(Inspection { encoding, diagnostics: Vec::new() });
    }
    let encoding = match sample.starts_with(b"\xef\xbb\xbf") {
        true => Encoding::Utf8Mark,
        false => Encoding::Utf8,
    };
    let mut scan = Utf8Scan { line: 1, ..Utf8Scan::default() };
    while n_bytes > 0 {
        scan.feed(&chunk[..n_bytes]);
        n_bytes = fill(&mut input, &mut chunk)?;
    }
    scan.finish();
    let Some(line) = scan.first_bad_line else {
        return Ok(Inspection { encoding, diagnostics: Vec::new() });
    };
    if encoding == Encoding::Utf8Mark || scan.n_multibyte > 0 {
        let message = format!("line {line} is not UTF-8, but other parts of the file are");
        let hint = "save the file again as \"CSV UTF-8\" and look at the accented letters";
        return Ok(Inspection { encoding, diagnostics: fault("mixed_encoding", &message, hint) });
    }
    let message = format!("read as Windows-1252, for line {line} is not UTF-8");
    let warning = Diagnostic::warning("encoding", Place::file(file), message)
        .hint("save the file as \"CSV UTF-8\" if names come out wrong");
    Ok(Inspection { encoding: Encoding::Windows1252, diagnostics: vec![warning] })
}

/// What a file is that is surely no CSV.
fn foreign_format(sample: &[u8]) -> Option<(&'static str, &'static str)> {
    let as_csv = "open it in a spreadsheet and save each sheet as \"CSV UTF-8\"";
    let another = "give a CSV file";
    match sample {
        [b'P', b'K', 3, 4, ..] => Some(("a spreadsheet or an archive (ZIP)", as_csv)),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(("an old spreadsheet (XLS)", as_csv)),
        [b'%', b'P', b'D', b'F', ..] => Some(("a PDF", another)),
        [0x1f, 0x8b, ..] => Some(("a compressed file (gzip)", "unpack it first")),
        _ if sample.starts_with(b"SQLite format 3\0") => Some(("an SQLite database", another)),
        _ if is_json(sample) => Some((
            "JSON, which is not read",
            "import CSV files: `weft export --format csv -o FOLDER` writes such as come back",
        )),
        _ => None,
    }
}

/// Whether a text begins as a JSON object or a list of objects does, which no header does.
fn is_json(sample: &[u8]) -> bool {
    let text = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample).trim_ascii_start();
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start();
    match text.first() {
        Some(b'{') => matches!(inner, [] | [b'"' | b'}', ..]),
        Some(b'[') => matches!(inner, [] | [b'{' | b']', ..]),
        _ => false,
    }
}

/// UTF-16 by its mark, or by zero bytes in every second place of text that is mostly ASCII.
fn utf16(sample: &[u8]) -> Option<Encoding> {
    match sample {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let zeros = |first: usize| sample.iter().skip(first).step_by(2).filter(|it| **it == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = sample.len() / 2;
    match half {
        0..2 => None,
        _ if odd * 2 > half && even * 8 < half => Some(Encoding::Utf16Le),
        _ if even * 2 > half && odd * 8 < half => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Checks UTF-8 across the borders of chunks.
#[derive(Default)]
struct Utf8Scan {
    line: u64,
    rest: Vec<u8>,
    n_multibyte: u64,
    first_bad_line: Option<u64>,
}

impl Utf8Scan {
    fn feed(&mut self, chunk: &[u8]) {
        let joined;
        let mut bytes = chunk;
        if !self.rest.is_empty() {
            joined = [std::mem::take(&mut self.rest).as_slice(), chunk].concat();
            bytes = &joined;
        }
        loop {
            match std::str::from_utf8(bytes) {
                Ok(text) => return self.good(text),
                Err(err) => {
                    let (good, bad) = bytes.split_at(err.valid_up_to());
                    self.good(std::str::from_utf8(good).unwrap_or_default());
                    let Some(n_bad) = err.error_len() else {
                        self.rest = bad.to_vec();
                        return;
                    };
                    self.first_bad_line.get_or_insert(self.line);
                    bytes = &bad[n_bad..];
                }
            }
        }
    }

    fn good(&mut self, text: &str) {
        if self.first_bad_line.is_none() {
            self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        }
        // A mark at the front of the file says nothing about the rest of it.
        if !text.is_ascii() {
            self.n_multibyte +=
                text.chars().filter(|it| !it.is_ascii() && *it != '\u{feff}').count() as u64;
        }
    }

    fn finish(&mut self) {
        if !self.rest.is_empty() {
            self.first_bad_line.get_or_insert(self.line);
        }
    }
}

impl<R: Read> Decoder<R> {
    /// Starts to decode a file from its first byte.
    pub fn new(input: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 | Encoding::Utf8Mark => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        let skip_bytes = if encoding == Encoding::Utf8Mark { 3 } else { 0 };
        let (raw, text) = (Vec::new(), Vec::new());
        Self { input, decoder, skip_bytes, raw, raw_start: 0, text, text_start: 0, at_end: false }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        if self.raw_start == self.raw.len() && !self.at_end {
            self.raw.resize(CHUNK_BYTES, 0);
            let n_bytes = self.input.read(&mut self.raw)?;
            self.raw.truncate(n_bytes);
            self.raw_start = 0;
            self.at_end = n_bytes == 0;
        }
        self.text.resize(CHUNK_BYTES * 3, 0);
        let raw = &self.raw[self.raw_start..];
        let (result, n_read, n_written, _) =
            decoder.decode_to_utf8(raw, &mut self.text, self.at_end);
        self.raw_start += n_read;
        self.text.truncate(n_written);
        self.text_start = 0;
        if self.at_end && result == CoderResult::InputEmpty {
            self.decoder = None;
            self.skip_bytes = 0;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.text_start < self.text.len() {
                let text = &self.text[self.text_start..];
                let n_bytes = text.len().min(buffer.len());
                buffer[..n_bytes].copy_from_slice(&text[..n_bytes]);
                self.text_start += n_bytes;
                return Ok(n_bytes);
            }
            if self.decoder.is_some() {
                self.decode_more()?;
                continue;
            }
            if self.at_end {
                return Ok(0);
            }
            if self.skip_bytes > 0 {
                let mut mark = [0; 3];
                self.input.read_exact(&mut mark[..self.skip_bytes])?;
                self.skip_bytes = 0;
            }
            return self.input.read(buffer);
        }
    }
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut n_bytes = 0;
    while n_bytes < buffer.len() {
        match input.read(&mut buffer[n_bytes..]) {
            Ok(0) => break,
            Ok(n) => n_bytes += n,
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
    Ok(n_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: &str, text: &str) {
        let found = inspect("f.csv", bytes).unwrap();
        assert_eq!(found.encoding.as_str(), encoding);
        let mut decoded = String::new();
        Decoder::new(bytes, found.encoding).read_to_string(&mut decoded).unwrap();
        assert_eq!(decoded, text);
    }

    #[track_caller]
    fn check_fault(bytes: &[u8], message: &str) {
        let found = inspect("f.csv", bytes).unwrap().diagnostics;
        assert_eq!(found[0].to_string(), message);
    }

    fn utf16(text: &str, mark: bool, low_first: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|it| if low_first { it.to_le_bytes() } else { it.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_is_told_and_decoded() {
        check("name\nŁódź".as_bytes(), "UTF-8", "name\nŁódź");
        check("\u{feff}name\nŁódź".as_bytes(), "UTF-8 with byte order mark", "name\nŁódź");
        check(&utf16("id,name\n1,Łódź", true, true), "UTF-16 LE", "id,name\n1,Łódź");
        check(&utf16("id,name\n1,Łódź", true, false), "UTF-16 BE", "id,name\n1,Łódź");
        check(&utf16("id,name\n1,Leeds", false, true), "UTF-16 LE", "id,name\n1,Leeds");
        check(&utf16("id,name\n1,Leeds", false, false), "UTF-16 BE", "id,name\n1,Leeds");
        check(b"name\nCaf\xe9 \x80", "Windows-1252", "name\nCafé €");
        check(b"", "UTF-8", "");
    }

    #[test]
    fn a_long_file_is_decoded_across_chunks() {
        let text = "é".repeat(CHUNK_BYTES);
        check(text.as_bytes(), "UTF-8", &text);
        check(&utf16(&text, true, true), "UTF-16 LE", &text);
        check(&vec![0xe9; CHUNK_BYTES + 7], "Windows-1252", &"é".repeat(CHUNK_BYTES + 7));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        check_fault(
            b"\n{\n  \"weft\": 1,",
            "f.csv: the file is no CSV but JSON, which is not read\n\
             hint: import CSV files: `weft export --format csv -o FOLDER` writes such as come back",
        );
        check_fault(
            b"PK\x03\x04rest",
            "f.csv: the file is no CSV but a spreadsheet or an archive (ZIP)\n\
             hint: open it in a spreadsheet and save each sheet as \"CSV UTF-8\"",
        );
        check_fault(
            "name\nŁódź\nCaf\u{e9}\n".bytes().chain(*b"Caf\xe9").collect::<Vec<u8>>().as_slice(),
            "f.csv: line 4 is not UTF-8, but other parts of the file are\n\
             hint: save the file again as \"CSV UTF-8\" and look at the accented letters",
        );
        check_fault(
            b"name\nCaf\xe9",
            "f.csv: read as Windows-1252, for line 2 is not UTF-8\n\
             hint: save the file as \"CSV UTF-8\" if names come out wrong",
        );
    }
}
