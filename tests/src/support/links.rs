//! What the pages behind a letter's link ask, as they ask it.

use shared_proto::codec;
use shared_proto::http::{self as api, Chooser, Confirmed, Linked};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::strength::Verdict;

use super::http::Response;
use super::letter::Letter;
use super::people::{Session, post, session_cookie};
use super::server::Address;

/// The token in a letter's link.
///
/// # Panics
/// When it has none.
#[must_use]
pub fn token(letter: &Letter) -> String {
    let (_, token) = letter.link().split_once('#').expect("a link has a fragment");
    token.to_owned()
}

async fn ask(server: &Address, path: &str, body: Vec<u8>, cookie: Option<&str>) -> Response {
    post(server, path, body, cookie).await.expect("the server answers")
}

/// What a link is for.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form.
pub async fn look(server: &Address, token: &str) -> Result<Linked, Refusal> {
    let body = codec::encode(&api::Link { token: token.to_owned() });
    codec::decode(&ask(server, api::LINK, body, None).await.body).expect("what a link is for")
}

/// Accepts an invitation, and is signed in.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form, or sets no cookie.
pub async fn accept(
    server: &Address,
    token: &str,
    name: &str,
    password: &str,
) -> Result<Session, Refusal> {
    let form = api::Accept { token: token.into(), name: name.into(), password: password.into() };
    let answer = ask(server, api::ACCEPT, codec::encode(&form), None).await;
    let me: Result<PersonCard, Refusal> = codec::decode(&answer.body).expect("a person");
    let cookie = session_cookie(&answer);
    me.map(|me| Session { me, cookie: cookie.expect("a cookie"), server: server.clone() })
}

/// Asks for a link to a new password.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form.
pub async fn forgotten(server: &Address, email: &str) -> Result<(), Refusal> {
    let body = codec::encode(&api::Forgotten { email: email.to_owned() });
    codec::decode(&ask(server, api::FORGOTTEN, body, None).await.body).expect("an answer")
}

/// A new password by a link.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form.
pub async fn new_password(server: &Address, token: &str, password: &str) -> Result<(), Refusal> {
    let form = api::NewPassword { token: token.into(), password: password.into() };
    let answer = ask(server, api::NEW_PASSWORD, codec::encode(&form), None).await;
    assert!(session_cookie(&answer).is_none(), "a link alone signs nobody in");
    codec::decode(&answer.body).expect("an answer")
}

/// Confirms another email.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form.
pub async fn confirm_email(server: &Address, token: &str) -> Result<Confirmed, Refusal> {
    let body = codec::encode(&api::Link { token: token.to_owned() });
    codec::decode(&ask(server, api::CONFIRM_EMAIL, body, None).await.body).expect("an answer")
}

/// Changes the password of somebody signed in; their session as it goes on.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form, or sets no cookie.
pub async fn change_password(
    session: &Session,
    current: &str,
    password: &str,
) -> Result<Session, Refusal> {
    let form = api::ChangePassword { current: current.into(), password: password.into() };
    let body = codec::encode(&form);
    let answer = ask(&session.server, api::PASSWORD, body, Some(&session.cookie)).await;
    let done: Result<(), Refusal> = codec::decode(&answer.body).expect("an answer");
    let cookie = session_cookie(&answer);
    done.map(|()| Session { cookie: cookie.expect("a cookie"), ..session.clone() })
}

/// How good a password is.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// When the answer is of another form.
pub async fn weigh(
    server: &Address,
    password: &str,
    by: Chooser,
    cookie: Option<&str>,
) -> Result<Verdict, Refusal> {
    let body = codec::encode(&api::Weigh { password: password.to_owned(), by });
    codec::decode(&ask(server, api::STRENGTH, body, cookie).await.body).expect("a verdict")
}
