//! The opening of a socket.

use shared_proto::limits;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::support::people::Session;
use crate::support::server::Address;

/// Bytes both ways: TCP, or TLS over it.
pub trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// A WebSocket before anybody listens on it.
pub type Connection = WebSocketStream<Box<dyn Line>>;

/// The headers of an upgrade, each of which a test may leave out or forge.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// `Origin`.
    pub origin: Option<String>,
    /// `Cookie`.
    pub cookie: Option<String>,
    /// `Sec-WebSocket-Protocol`.
    pub subprotocol: Option<String>,
}

impl Upgrade {
    /// As the page of `session` makes it.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            origin: Some(session.server.origin.clone()),
            cookie: Some(session.cookie.clone()),
            subprotocol: Some(limits::SUBPROTOCOL.to_owned()),
        }
    }

    /// Opens a WebSocket on a new TCP connection.
    ///
    /// # Errors
    /// With the HTTP status the server answered instead, or 0 when it could not be reached.
    pub async fn connect(&self, server: &Address) -> Result<Connection, u16> {
        let stream = TcpStream::connect(server.socket).await.map_err(|_| 0u16)?;
        stream.set_nodelay(true).map_err(|_| 0u16)?;
        self.connect_over(Box::new(stream), &server.host).await
    }

    /// Opens a WebSocket over `line`.
    ///
    /// # Errors
    /// With the HTTP status the server answered instead, or 0 when the line failed.
    pub async fn connect_over(&self, line: Box<dyn Line>, host: &str) -> Result<Connection, u16> {
        let url = format!("ws://{host}{}", shared_proto::http::LIVE);
        let mut request = url.into_client_request().expect("an address makes a request");
        let given = [
            ("origin", &self.origin),
            ("cookie", &self.cookie),
            ("sec-websocket-protocol", &self.subprotocol),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                let value = HeaderValue::from_str(value).expect("a header value");
                request.headers_mut().insert(name, value);
            }
        }
        match tokio_tungstenite::client_async(request, line).await {
            Ok((connection, _)) => Ok(connection),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(_) => Err(0),
        }
    }
}
