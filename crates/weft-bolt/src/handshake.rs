//! What is said first on a connection: that it is Bolt, and in which version.
//!
//! Who says something else is told so where that can be done in its own words.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::ServeError;
use crate::version::{SPOKEN, Version, Versions};

/// How Bolt begins.
const MAGIC: [u8; 4] = [0x60, 0x60, 0xB0, 0x17];
/// Offers that a client makes; those of fewer are filled with zeros.
const N_OFFERS: usize = 4;
/// Stands in place of an offer, and asks the server for its own: the manifest, in its first form.
const MANIFEST: [u8; 4] = [0, 0, 1, 0xFF];
/// What either side says where no version is shared.
const NO_VERSION: [u8; 4] = [0; 4];
/// Bytes of a request of HTTP that are read, so that its sender reads the answer before the end.
const REQUEST_BYTES: usize = 8 * 1024;
/// Bytes of a number that is written seven bits a byte.
const VARINT_BYTES_MAX: usize = 10;
/// What a client of HTTP is told.
const NO_HTTP: &str =
    "This port speaks Bolt, not HTTP: give its address to a driver as bolt://HOST:PORT\n";

/// Agrees with a client on the version that both speak.
pub(crate) async fn shake_hands<S>(stream: &mut S) -> Result<Version, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut magic = [0; 4];
    stream.read_exact(&mut magic).await?;
    if magic != MAGIC {
        let stranger = stranger(magic);
        if matches!(stranger, ServeError::Http) {
            // On the heap: an array would be part of what each connection takes.
            let _ = stream.read(&mut vec![0; REQUEST_BYTES]).await?;
            say(stream, answer_to_http().as_bytes()).await?;
            stream.shutdown().await?;
        }
        return Err(stranger);
    }
    let mut offers = [0; 4 * N_OFFERS];
    stream.read_exact(&mut offers).await?;
    let (offers, _) = offers.as_chunks();
    if let Some(version) = offers.iter().find_map(|&it| newest_shared(Versions::read(it))) {
        say(stream, &version.bytes()).await?;
        return Ok(version);
    }
    if offers.contains(&MANIFEST) {
        return choose_from_manifest(stream).await;
    }
    say(stream, &NO_VERSION).await?;
    Err(no_shared_version(offers))
}

/// Says what is spoken here, and lets the client choose.
async fn choose_from_manifest<S>(stream: &mut S) -> Result<Version, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut manifest = MANIFEST.to_vec();
    manifest.push(SPOKEN.len() as u8);
    manifest.extend(SPOKEN.iter().flat_map(|it| it.bytes()));
    // No capabilities beyond the protocol.
    manifest.push(0);
    say(stream, &manifest).await?;
    let mut chosen = [0; 4];
    stream.read_exact(&mut chosen).await?;
    // Which capabilities the client wants is a number of any length; there are none.
    for _ in 0..VARINT_BYTES_MAX {
        if stream.read_u8().await? < 0x80 {
            break;
        }
    }
    newest_shared(Versions::read(chosen)).ok_or_else(|| no_shared_version(&[chosen]))
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

fn answer_to_http() -> String {
    let length = NO_HTTP.len();
    format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{NO_HTTP}"
    )
}

/// The newest version of an offer that is spoken here.
fn newest_shared(offered: Versions) -> Option<Version> {
    SPOKEN.iter().find_map(|it| it.newest_shared(offered))
}

/// Who begins with something else than Bolt does.
fn stranger(beginning: [u8; 4]) -> ServeError {
    match beginning {
        // A TLS record that holds a handshake, of whichever version 3.
        [0x16, 0x03, ..] => ServeError::Tls,
        // `GET `, `POST`, `HEAD`, `OPTI` of OPTIONS, `PRI ` of HTTP/2 ...
        _ if is_method(beginning) => ServeError::Http,
        _ => {
            let [a, b, c, d] = beginning;
            ServeError::NotBolt(format!("{a:02X} {b:02X} {c:02X} {d:02X}"))
        }
    }
}

fn is_method(beginning: [u8; 4]) -> bool {
    const METHODS: [&[u8; 4]; 9] =
        [b"GET ", b"POST", b"HEAD", b"PUT ", b"DELE", b"OPTI", b"PATC", b"CONN", b"PRI "];
    METHODS.contains(&&beginning)
}

fn no_shared_version(offers: &[[u8; 4]]) -> ServeError {
    let offers = offers.iter().filter(|it| !matches!(**it, MANIFEST | NO_VERSION));
    let mut offered = list(offers.map(|it| Versions::read(*it)));
    if offered.is_empty() {
        "in no version".clone_into(&mut offered);
    }
    ServeError::NoSharedVersion { offered, spoken: list(SPOKEN.into_iter()) }
}

fn list(versions: impl Iterator<Item = Versions>) -> String {
    versions.map(|it| it.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What somebody is answered who says so much and then nothing, and what comes of it.
    async fn greet(said: &[u8]) -> (Vec<u8>, Result<Version, ServeError>) {
        let (mut near, mut far) = tokio::io::duplex(1 << 16);
        near.write_all(said).await.unwrap();
        near.shutdown().await.unwrap();
        let agreed = shake_hands(&mut far).await;
        drop(far);
        let mut answer = Vec::new();
        near.read_to_end(&mut answer).await.unwrap();
        (answer, agreed)
    }

    /// The version, or why there is none.
    fn text(agreed: Result<Version, ServeError>) -> String {
        match agreed {
            Ok(version) => version.to_string(),
            Err(ServeError::Io(_)) => "broken".to_owned(),
            Err(err) => err.to_string(),
        }
    }

    async fn check(offers: [[u8; 4]; 4], answer: [u8; 4], expected: &str) {
        let (found, agreed) = greet(&[&MAGIC, offers.as_flattened()].concat()).await;
        assert_eq!(found, answer, "{offers:?}");
        assert_eq!(text(agreed), expected, "{offers:?}");
    }

    #[tokio::test]
    async fn the_first_offer_that_is_spoken_here_is_taken() {
        let none = [0; 4];
        // As drivers of Neo4j say it: Python 4.4, 5.0 and 6, and Rust's neo4rs 0.8.
        check([[0, 2, 4, 4], [0, 0, 1, 4], [0, 0, 0, 3], none], [0, 0, 4, 4], "4.4").await;
        check([[0, 0, 0, 5], [0, 2, 4, 4], [0, 0, 1, 4], [0, 0, 0, 3]], [0, 0, 0, 5], "5.0").await;
        check([MANIFEST, [0, 8, 8, 5], [0, 2, 4, 4], [0, 0, 0, 3]], [0, 0, 8, 5], "5.8").await;
        check([[0, 0, 1, 4], [0, 0, 0, 4], none, none], [0, 0, 1, 4], "4.1").await;
        check([[0, 0, 0, 9], [0, 0, 2, 5], [0, 0, 4, 5], none], [0, 0, 2, 5], "5.2").await;
        let refusal = "a client offers Bolt 7.1 to 7.2, 3.0; spoken here are 5.6 to 5.8, 5.0 to 5.4, 4.0 to 4.4";
        check([[0, 1, 2, 7], none, [0, 0, 0, 3], none], none, refusal).await;
        let refusal = "a client offers Bolt in no version; spoken here are 5.6 to 5.8, 5.0 to 5.4, 4.0 to 4.4";
        check([none; 4], none, refusal).await;
    }

    #[tokio::test]
    async fn a_client_that_offers_nothing_else_chooses_from_the_manifest() {
        let manifest = [0, 0, 1, 0xFF, 3, 0, 2, 8, 5, 0, 4, 4, 5, 0, 4, 4, 4, 0];
        let greeting = [&MAGIC[..], &MANIFEST, &[0, 0, 0, 6], &[0; 8]].concat();
        for (chosen, expected) in [
            (&[0, 0, 3, 5, 0][..], "5.3"),
            (&[0, 0, 1, 4, 0x80, 0x01], "4.1"),
            (
                &[0, 0, 9, 5, 0],
                "a client offers Bolt 5.9; spoken here are 5.6 to 5.8, 5.0 to 5.4, 4.0 to 4.4",
            ),
            (
                &[0, 0, 0, 0, 0],
                "a client offers Bolt in no version; spoken here are 5.6 to 5.8, 5.0 to 5.4, 4.0 to 4.4",
            ),
            (&[0, 0, 3], "broken"),
            (&[0, 0, 3, 5], "broken"),
            (&[0, 0, 3, 5, 0x80, 0x80], "broken"),
        ] {
            let (answer, agreed) = greet(&[&greeting[..], chosen].concat()).await;
            assert_eq!(answer, manifest);
            assert_eq!(text(agreed), expected, "{chosen:?}");
        }
        // Capabilities without an end are not read to it.
        let (_, agreed) = greet(&[&greeting[..], &[0, 0, 3, 5], &[0xFF; 100]].concat()).await;
        assert_eq!(agreed.unwrap(), Version::new(5, 3));
    }

    #[tokio::test]
    async fn who_speaks_something_else_is_known_by_its_first_bytes() {
        for request in ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
            let (answer, agreed) = greet(request.as_bytes()).await;
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{answer}");
            assert!(matches!(agreed, Err(ServeError::Http)), "{agreed:?}");
        }
        let (answer, agreed) = greet(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
        assert!(answer.is_empty() && matches!(agreed, Err(ServeError::Tls)), "{agreed:?}");
        let (answer, agreed) = greet(&[0x60, 0x60, 0xB0, 0x18, 0]).await;
        assert!(answer.is_empty());
        let expected =
            "a client speaks something that is not Bolt; it begins with the bytes `60 60 B0 18`";
        assert_eq!(agreed.unwrap_err().to_string(), expected);
    }

    #[tokio::test]
    async fn half_a_greeting_is_no_greeting() {
        let greeting = [&MAGIC[..], &[0, 4, 4, 5], &[0; 12]].concat();
        for n in 0..greeting.len() {
            let (answer, agreed) = greet(&greeting[..n]).await;
            assert!(answer.is_empty() && matches!(agreed, Err(ServeError::Io(_))), "{n}");
        }
        assert!(greet(&greeting).await.1.is_ok());
    }
}
