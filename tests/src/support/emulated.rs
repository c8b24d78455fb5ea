//! A server somewhere else, as far as a test needs it: it hands over what it is asked and answers what
//! it is told. Shared with the server's own tests, so it needs nothing of its neighbours.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The most that is read of a request.
const BODY_BYTES: usize = 1024 * 1024;

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Asked {
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

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// Whether it never comes.
    pub silent: bool,
}

impl Answer {
    /// A status and nothing else.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new(), silent: false }
    }

    /// JSON.
    #[must_use]
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { headers, body: value.to_string(), ..Self::status(status) }
    }

    /// None at all: whoever asks waits.
    #[must_use]
    pub fn never() -> Self {
        Self { silent: true, ..Self::status(0) }
    }
}

type Answers = dyn Fn(&Asked) -> Answer + Send + Sync;

/// A server; stopped when it is dropped.
pub struct Emulated {
    answers: Arc<Answers>,
    asked: Arc<Mutex<Vec<Asked>>>,
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl fmt::Debug for Emulated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Emulated").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Emulated {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(answers: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let (answers, asked) = (Arc::new(answers), Arc::default());
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { answers, asked, address, running: None };
        server.up().await;
        server
    }

    /// Starts it again, on the port it had.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the port is free");
        self.address = listener.local_addr().expect("it is bound");
        let (answers, all) = (Arc::clone(&self.answers), Arc::clone(&self.asked));
        let router = Router::new().fallback(move |request: Request| {
            let (answers, all) = (Arc::clone(&answers), Arc::clone(&all));
            async move {
                let asked = read(request).await;
                let answer = answers(&asked);
                all.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
                if answer.silent {
                    std::future::pending::<()>().await;
                }
                written(answer)
            }
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            // What is being answered is left alone: it may be an answer that never comes.
            tokio::select! {
                served = axum::serve(listener, router) => served.expect("it serves"),
                _ = stopped => {}
            }
        });
        self.running = Some((stop, task));
    }

    /// Stops it: whoever connects is refused. A connection there is already stays.
    pub async fn down(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            let _ = stop.send(());
            let _ = task.await;
        }
    }

    /// Its host and port.
    #[must_use]
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Where it is reached, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything it was asked so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        if let Some((_, task)) = self.running.take() {
            task.abort();
        }
    }
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value.as_bytes())));
    let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let body = to_bytes(body, BODY_BYTES).await.unwrap_or_default().to_vec();
    Asked { method: parts.method.to_string(), target, headers: headers.collect(), body }
}

fn written(answer: Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).expect("a status");
    // Each request comes over a connection of its own, so that one that is stopped is stopped.
    let mut response = Response::builder().status(status).header("connection", "close");
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).expect("headers can be sent")
}
