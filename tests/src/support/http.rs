//! One HTTP/1.1 exchange over a socket of its own, written by hand so that a test decides every
//! byte of it.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers as sent, in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Request {
    /// A `GET`.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A `POST` with a body.
    #[must_use]
    pub fn post(path: impl Into<String>, body: Vec<u8>) -> Self {
        Self { method: "POST", path: path.into(), headers: Vec::new(), body }
    }

    /// A `PUT` with a body.
    #[must_use]
    pub fn put(path: impl Into<String>, body: Vec<u8>) -> Self {
        Self { method: "PUT", path: path.into(), headers: Vec::new(), body }
    }

    /// Any other, without a body.
    #[must_use]
    pub fn with_method(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Without the headers of that name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self
    }

    /// Sends it to `address` on a new socket, naming `host`, and reads the answer to its end.
    ///
    /// # Errors
    /// When the socket fails, or the answer is not HTTP.
    pub async fn send(self, address: SocketAddr, host: &str) -> io::Result<Response> {
        self.send_over(TcpStream::connect(address).await?, host).await
    }

    /// Sends it over `stream` and reads the answer to its end.
    ///
    /// # Errors
    /// When the stream fails, or the answer is not HTTP.
    pub async fn send_over(
        self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        host: &str,
    ) -> io::Result<Response> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        head.push_str("Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        // Whoever is refused while they send may be answered before all of it was read.
        let sent = async {
            stream.write_all(&self.body).await?;
            stream.flush().await
        };
        let sent = sent.await;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        if let Err(error) = sent.and(read) {
            // A TLS peer that leaves without its goodbye has still answered.
            if answer.is_empty() {
                return Err(error);
            }
        }
        parse(&answer).ok_or_else(|| io::Error::other("the answer is not HTTP"))
    }
}

impl Response {
    /// The first header of that name (given in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn parse(answer: &[u8]) -> Option<Response> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = answer[end + 4..].to_vec();
    let response = Response { status, headers, body };
    if response.header("transfer-encoding") == Some("chunked") {
        let body = unchunk(&response.body)?;
        return Some(Response { body, ..response });
    }
    Some(response)
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}
