//! One request to a gateway and what is looked at of its answer. Errors are in our own words: those of
//! the library repeat addresses.

use std::error::Error;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use shared_proto::limits;

use super::failure::Failure;
use crate::app::StartError;

/// Longest until it is connected.
const CONNECT: Duration = Duration::from_secs(10);
/// The most that is read of an answer.
const ANSWER_BYTES: usize = 64 * 1024;

/// What a gateway answered.
pub(super) struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body, cut where it is longer than what is read of one.
    pub body: Vec<u8>,
}

/// What requests are made with. It follows no redirect: what is sent is for the one it is sent to.
///
/// # Errors
/// When TLS cannot be set up.
pub(super) fn client() -> Result<Client, StartError> {
    // The one all TLS here is made of; a second time changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .timeout(Duration::from_millis(limits::NOTICE_SEND_MS))
        .connect_timeout(CONNECT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent("quietroom")
        .build();
    // Its words may hold a proxy's password.
    client.map_err(|_| "cannot set up TLS for notices: are there certificates to trust?".into())
}

/// Sends a request to `who`, such as "the push service".
///
/// # Errors
/// `Passing` when it was not sent, `Unknown` when it was and there is no answer.
pub(super) async fn exchange(request: RequestBuilder, who: &str) -> Result<Answer, Failure> {
    let mut answer = request.send().await.map_err(|error| judged(&error, who))?;
    let mut body = Vec::new();
    // What was said already counts, also when the rest of it does not come.
    while let Ok(Some(chunk)) = answer.chunk().await {
        let room = ANSWER_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(Answer { status: answer.status(), body })
}

fn judged(error: &reqwest::Error, who: &str) -> Failure {
    if error.is_builder() {
        return Failure::Final("the request cannot be put together".to_owned());
    }
    if is_about_tls(error) {
        Failure::Passing(format!("the TLS of {who} cannot be trusted"))
    } else if error.is_connect() {
        Failure::Passing(format!("{who} cannot be reached"))
    } else if error.is_timeout() {
        Failure::Unknown(format!("{who} did not answer in time"))
    } else {
        Failure::Unknown(format!("{who} broke off before it answered"))
    }
}

/// Whether TLS is what a connection failed at: it is told of as of any other that failed.
fn is_about_tls(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return true;
        }
        // What an error of I/O carries is not among its sources, and may be another one.
        let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match carried {
            Some(carried) => Some(carried),
            None => error.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    const SECRET: &str = "s3cr3t";

    /// What comes of asking a server that says a little that is no TLS, or nothing, and leaves it at
    /// that; or one that is not there.
    async fn failure(scheme: &str, said: Option<&'static [u8]>) -> Failure {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let Some(said) = said else { return };
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(said).await.unwrap();
                open.push(stream);
            }
        });
        let request = client().unwrap().get(format!("{scheme}://{address}/{SECRET}"));
        let request = request.timeout(Duration::from_secs(1));
        exchange(request, "the gateway").await.err().unwrap()
    }

    #[tokio::test]
    async fn what_went_wrong_is_told_without_where() {
        let passing = |said: &str| Failure::Passing(said.to_owned());
        let silent = failure("http", Some(b"")).await;
        assert_eq!(silent, Failure::Unknown("the gateway did not answer in time".to_owned()));
        assert_eq!(failure("http", None).await, passing("the gateway cannot be reached"));
        let plain = failure("https", Some(b"HTTP/1.1 400 Bad Request\r\n\r\n")).await;
        assert_eq!(plain, passing("the TLS of the gateway cannot be trusted"));
        let failure = exchange(client().unwrap().get(format!("no address {SECRET}")), "it").await;
        let said = "the request cannot be put together".to_owned();
        assert_eq!(failure.err(), Some(Failure::Final(said)));
    }
}
