//! A WebSocket client that costs next to nothing (RFC 6455): frames are cut out of the buffer
//! they arrived in, and sent with a mask of zeros, so that load and server share two cores
//! without the load being what is measured.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use shared_proto::limits;
use tokio::net::TcpStream;

/// A frame with application data.
pub const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
const A_PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];
const A_PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
const LARGEST_HEAD: usize = 8 * 1024;

/// Where a socket goes and as whom.
#[derive(Clone, Debug)]
pub struct Door {
    /// Address of the server.
    pub address: SocketAddr,
    /// The server's own origin.
    pub origin: String,
    /// Path of the upgrade.
    pub path: String,
    /// Session cookie, where there are sessions.
    pub cookie: Option<String>,
}

/// An open socket.
pub struct Wire {
    /// Also written to by whoever keeps the pace.
    pub stream: Arc<TcpStream>,
    buffer: Vec<u8>,
    filled: usize,
}

impl Wire {
    /// Connects and upgrades.
    ///
    /// # Errors
    /// When the server does not take it; what it answered.
    pub async fn open(door: &Door) -> io::Result<Self> {
        let stream = TcpStream::connect(door.address).await?;
        stream.set_nodelay(true)?;
        let cookie = door.cookie.as_ref();
        let cookie = cookie.map(|value| format!("Cookie: __Host-quietroom={value}\r\n"));
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: {}\r\nOrigin: {}\r\n{}\r\n",
            door.path,
            door.origin.trim_start_matches("http://"),
            limits::SUBPROTOCOL,
            door.origin,
            cookie.unwrap_or_default(),
        );
        let mut wire = Self { stream: Arc::new(stream), buffer: Vec::new(), filled: 0 };
        wire.write(request.as_bytes()).await?;
        loop {
            wire.fill().await?;
            let held = &wire.buffer[..wire.filled];
            if let Some(end) = held.windows(4).position(|four| four == b"\r\n\r\n") {
                if !held.starts_with(b"HTTP/1.1 101 ") {
                    let line = held.split(|byte| *byte == b'\r').next().unwrap_or_default();
                    return Err(io::Error::other(String::from_utf8_lossy(line).into_owned()));
                }
                wire.consume(end + 4);
                return Ok(wire);
            }
            if wire.filled > LARGEST_HEAD {
                return Err(io::Error::other("the answer to the upgrade does not end"));
            }
        }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.stream.writable().await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for bytes and hands each whole frame's payload to `each`.
    ///
    /// # Errors
    /// When the socket is closed, by either side.
    pub async fn read(&mut self, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        loop {
            let (mut at, mut found, mut pings) = (0, false, 0);
            while let Some((head, length)) = head(&self.buffer[at..self.filled]) {
                let (from, to) = (at + head, at + head + length);
                if to > self.filled {
                    break;
                }
                match self.buffer[at] & 0x0f {
                    BINARY => {
                        found = true;
                        each(&self.buffer[from..to]);
                    }
                    PING => pings += 1,
                    CLOSE => {
                        let code = self.buffer[from..to].first_chunk::<2>();
                        let code = code.map_or(0, |code| u16::from_be_bytes(*code));
                        return Err(io::Error::other(format!("closed by the server: {code}")));
                    }
                    _ => {}
                }
                at = to;
            }
            self.consume(at);
            for _ in 0..pings {
                self.write(&A_PONG).await?;
            }
            if found {
                return Ok(());
            }
            self.fill().await?;
        }
    }

    /// Pings and waits for the answer.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn ping(&mut self) -> io::Result<()> {
        self.write(&A_PING).await?;
        loop {
            let mut at = 0;
            while let Some((head, length)) = head(&self.buffer[at..self.filled])
                && at + head + length <= self.filled
            {
                let is_pong = self.buffer[at] & 0x0f == PONG;
                at += head + length;
                if is_pong {
                    self.consume(at);
                    return Ok(());
                }
            }
            self.consume(at);
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        const ROOM: usize = 4 * 1024;
        loop {
            self.stream.readable().await?;
            if self.buffer.len() - self.filled < ROOM {
                self.buffer.resize((self.filled + ROOM).next_power_of_two(), 0);
            }
            match self.stream.try_read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    self.filled += read;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn consume(&mut self, count: usize) {
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}

/// Bytes of a frame's head and of its payload, once the head is there. A server does not mask.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes.get(1)? & 0x7f {
        126 => Some((4, usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)))),
        127 => {
            let length = u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
            Some((10, usize::try_from(length).ok()?))
        }
        length => Some((2, usize::from(length))),
    }
}

/// `payload` as a client's frame, its mask zeros.
pub fn framed(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | BINARY];
    match u16::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | payload.len() as u8),
        Ok(length) => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
