//! Files sent and fetched over HTTP, a connection for each, as plainly as it goes.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use shared_proto::http::{UPLOAD_OFFSET, UPLOAD_TYPE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::Server;

/// Read at a time.
const PIECE: usize = 256 * 1024;
/// The longest head of an answer.
const LONGEST_HEAD: usize = 8 * 1024;

/// Puts all of `contents` at `path`; how long until the server said that it is kept.
///
/// # Errors
/// When it does not say so.
pub async fn put(
    server: &Server,
    cookie: &str,
    path: &str,
    contents: &[u8],
) -> io::Result<Duration> {
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: __Host-quietroom={cookie}\r\n\
         Content-Type: {UPLOAD_TYPE}\r\n{UPLOAD_OFFSET}: 0\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        host(server),
        server.origin,
        contents.len(),
    );
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(contents).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let took = started.elapsed();
    is_fine(&answer)?;
    Ok(took)
}

/// Fetches `path` into a file; how long until all of it, so many bytes, was there.
///
/// # Errors
/// When it does not come whole.
pub async fn get(
    server: &Server,
    cookie: &str,
    path: &str,
    to: &Path,
    bytes: usize,
) -> io::Result<Duration> {
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: __Host-quietroom={cookie}\r\n\
         Connection: close\r\n\r\n",
        host(server),
    );
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut file = std::fs::File::create(to)?;
    let (mut answer, mut written) = (Vec::with_capacity(PIECE), 0);
    let begins = loop {
        if stream.read_buf(&mut answer).await? == 0 || answer.len() > LONGEST_HEAD + PIECE {
            return Err(io::Error::other("an answer without an end of its head"));
        }
        if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    is_fine(&answer)?;
    let mut piece = answer.split_off(begins);
    loop {
        file.write_all(&piece)?;
        written += piece.len();
        piece.clear();
        piece.reserve(PIECE);
        if stream.read_buf(&mut piece).await? == 0 {
            break;
        }
    }
    if written != bytes {
        return Err(io::Error::other(format!("{written} of {bytes} bytes came")));
    }
    Ok(started.elapsed())
}

fn host(server: &Server) -> &str {
    server.origin.rsplit('/').next().unwrap_or_default()
}

fn is_fine(answer: &[u8]) -> io::Result<()> {
    if answer.starts_with(b"HTTP/1.1 200") {
        return Ok(());
    }
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Err(io::Error::other(String::from_utf8_lossy(line).into_owned()))
}
