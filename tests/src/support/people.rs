//! People of a test's practice and their sessions.

use std::io;

use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::id::PersonId;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;

use super::http::{Request, Response};
use super::server::Address;

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What others see.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// What they sign in with.
    pub email: String,
    /// What they sign in with.
    pub password: String,
}

/// A signed-in browser: the cookie and where it belongs.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub me: PersonCard,
    /// `name=value` of the session cookie.
    pub cookie: String,
    /// The server it belongs to.
    pub server: Address,
}

impl Session {
    /// Signs `person` in.
    ///
    /// # Panics
    /// When the server refuses or sets no cookie.
    pub async fn sign_in(server: &Address, person: &Person) -> Self {
        let response = try_sign_in(server, &person.email, &person.password)
            .await
            .expect("the server answers a sign-in");
        let me: Result<PersonCard, Refusal> =
            codec::decode(&response.body).expect("a sign-in answers a person");
        let me = me.unwrap_or_else(|refusal| panic!("{} is refused: {refusal:?}", person.email));
        let cookie = session_cookie(&response).expect("a sign-in sets the session cookie");
        Self { me, cookie, server: server.clone() }
    }

    /// Signs out, as the button does, and returns the status of the answer.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn sign_out(&self) -> u16 {
        post(&self.server, api::SIGN_OUT, Vec::new(), Some(&self.cookie))
            .await
            .expect("the server answers a sign-out")
            .status
    }

    /// What the server finds behind the cookie.
    ///
    /// # Panics
    /// When the server does not answer with a session.
    pub async fn state(&self) -> api::Session {
        session_state(&self.server, Some(&self.cookie)).await
    }
}

/// Tries to sign in, as the form does.
///
/// # Errors
/// When the server cannot be reached.
pub async fn try_sign_in(server: &Address, email: &str, password: &str) -> io::Result<Response> {
    let form = api::SignIn { email: email.to_owned(), password: password.to_owned() };
    post(server, api::SIGN_IN, codec::encode(&form), None).await
}

/// A `POST` as the page makes it: its Origin, its content type, its cookie.
///
/// # Errors
/// When the server cannot be reached.
pub async fn post(
    server: &Address,
    path: &str,
    body: Vec<u8>,
    cookie: Option<&str>,
) -> io::Result<Response> {
    let mut request = Request::post(path, body)
        .header("Origin", &server.origin)
        .header("Content-Type", api::CONTENT_TYPE);
    if let Some(cookie) = cookie {
        request = request.header("Cookie", cookie);
    }
    request.send(server.socket, &server.host).await
}

/// What `GET /api/session` answers for a cookie, or for none.
///
/// # Panics
/// When the server does not answer with a session.
pub async fn session_state(server: &Address, cookie: Option<&str>) -> api::Session {
    let mut request = Request::get(api::SESSION);
    if let Some(cookie) = cookie {
        request = request.header("Cookie", cookie);
    }
    let response = request.send(server.socket, &server.host).await.expect("the server answers");
    let state: Result<api::Session, Refusal> = codec::decode(&response.body)
        .unwrap_or_else(|_| panic!("no session in {}: {}", response.status, response.text()));
    state.expect("a session is never refused")
}

/// The refusal an answer holds.
///
/// # Panics
/// When the answer is not a refusal.
#[must_use]
pub fn refusal(response: &Response) -> Refusal {
    // The type of a success does not matter: a refusal decodes alike for each.
    match response.body.split_first() {
        Some((1, rest)) => codec::decode(rest).expect("a refusal after its tag"),
        _ => panic!("{} is no refusal: {:?}", response.status, response.text()),
    }
}

/// `name=value` of the session cookie an answer sets.
#[must_use]
pub fn session_cookie(response: &Response) -> Option<String> {
    let cookies = response.headers.iter().filter(|(name, _)| name == "set-cookie");
    let mut pairs = cookies.filter_map(|(_, line)| line.split(';').next());
    pairs.find(|pair| pair.starts_with("__Host-quietroom=")).map(|pair| pair.trim().to_owned())
}
