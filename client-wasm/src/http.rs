//! The plain HTTP requests: session, sign-in, sign-out, set-up, links from letters, passwords.

use js_sys::{Reflect, Uint8Array};
use shared_proto::codec;
use shared_proto::factors::SecondStep;
use shared_proto::http::{
    self, Accept, CONTENT_TYPE, ChangePassword, Confirmed, Forgotten, Link, Linked, NewPassword,
    Session, SetUp, SignIn, Unlock, Weigh,
};
use shared_proto::people::PersonCard;
use shared_proto::refusal::{Field, Refusal};
use shared_proto::strength::Verdict;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Headers, Request, RequestCache, RequestCredentials, RequestInit, Response};

use crate::browser;
use crate::exit;
use crate::state::Action;
use crate::text::Text;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server could not be reached, or did not answer in its own form.
    Unreachable,
    /// It refused.
    Refused(Refusal),
}

impl Failure {
    /// What is wrong with this field of a form.
    #[must_use]
    pub fn of_field(self, wanted: Field) -> Option<Refusal> {
        match self {
            Self::Refused(refusal @ Refusal::Invalid { field, .. }) if field == wanted => {
                Some(refusal)
            }
            _ => None,
        }
    }

    /// What is wrong with no field of a form: its rule, and its words.
    #[must_use]
    pub fn of_form(self, text: &Text) -> Option<(&'static str, String)> {
        match self {
            Self::Unreachable => Some(("unreachable", text.say("sign-in-unreachable"))),
            Self::Refused(Refusal::Invalid { .. }) => None,
            Self::Refused(refusal) => Some((refusal.rule(), text.refusal(&refusal))),
        }
    }
}

/// Who is signed in.
///
/// # Errors
/// `Unreachable`, or what the server refuses.
pub async fn session() -> Result<Session, Failure> {
    decode(exchange("GET", http::SESSION, None).await?)
}

/// Signs in.
///
/// # Errors
/// `Unreachable`, `WrongCredentials`, `TooManyTries`.
pub async fn sign_in(form: &SignIn) -> Result<PersonCard, Failure> {
    begun(decode(exchange("POST", http::SIGN_IN, Some(codec::encode(form))).await?))
}

/// Takes the second step of signing in.
///
/// # Errors
/// `Unreachable`, `WrongCode`, `CodeExpired`, `TooManyTries`, `StepExpired`.
pub async fn second_step(step: &SecondStep) -> Result<PersonCard, Failure> {
    begun(decode(exchange("POST", http::SECOND_STEP, Some(codec::encode(step))).await?))
}

/// What to ask the browser for a passkey with.
///
/// # Errors
/// `Unreachable`, `StepExpired`.
pub async fn second_step_passkey() -> Result<String, Failure> {
    decode(exchange("POST", http::SECOND_STEP_PASSKEY, Some(Vec::new())).await?)
}

/// What to tell the state once somebody is signed in: who, and whether they have to set up a
/// second factor first.
pub async fn arrived(me: PersonCard) -> Action {
    match session().await {
        Ok(session) => Action::SessionAnswered(Some(session)),
        Err(_) => Action::SignedIn(me),
    }
}

/// Ends the session.
///
/// # Errors
/// `Unreachable`, or what the server refuses.
pub async fn sign_out() -> Result<(), Failure> {
    decode(exchange("POST", http::SIGN_OUT, Some(Vec::new())).await?)
}

/// Ends the session while the page goes away: the browser sends it whatever becomes of the page,
/// and nobody waits for the answer.
pub fn sign_out_and_go() {
    let sent = || -> Result<(), JsValue> {
        let init = init_of("POST", Some(Vec::new()))?;
        // Not in web-sys yet (Fetch standard, 5.4).
        Reflect::set(&init, &JsValue::from("keepalive"), &JsValue::TRUE)?;
        let request = Request::new_with_str_and_init(http::SIGN_OUT, &init)?;
        let answer = JsFuture::from(browser::window().fetch_with_request(&request));
        // Waited for only so that a failure is nobody's unhandled rejection.
        spawn_local(async move { drop(answer.await) });
        Ok(())
    };
    // What is not sent is sent when the app is next opened here: see `exit.rs`.
    let _ = sent();
}

/// Goes on with a locked session.
///
/// # Errors
/// `Unreachable`, `WrongCredentials`, `TooManyTries`, `SignInRequired`.
pub async fn unlock(form: &Unlock) -> Result<PersonCard, Failure> {
    begun(decode(exchange("POST", http::UNLOCK, Some(codec::encode(form))).await?))
}

/// Creates the practice and its owner.
///
/// # Errors
/// `Unreachable`, `SetUpLink`, or the field that broke a rule.
pub async fn set_up(form: &SetUp) -> Result<PersonCard, Failure> {
    begun(decode(exchange("POST", http::SET_UP, Some(codec::encode(form))).await?))
}

/// A session has begun here: the one somebody left before (`exit.rs`) is out of this browser.
fn begun(answer: Result<PersonCard, Failure>) -> Result<PersonCard, Failure> {
    if answer.is_ok() {
        exit::done();
    }
    answer
}

/// What a link from a letter is for.
///
/// # Errors
/// `Unreachable`, `Link`, `TooManyTries`.
pub async fn link(token: &str) -> Result<Linked, Failure> {
    let form = Link { token: token.to_owned() };
    decode(exchange("POST", http::LINK, Some(codec::encode(&form))).await?)
}

/// Accepts an invitation.
///
/// # Errors
/// `Unreachable`, `Link`, or the field that broke a rule.
pub async fn accept(form: &Accept) -> Result<PersonCard, Failure> {
    decode(exchange("POST", http::ACCEPT, Some(codec::encode(form))).await?)
}

/// Asks for a link to a new password.
///
/// # Errors
/// `Unreachable`, `TooManyTries`, or the field that broke a rule.
pub async fn forgotten(form: &Forgotten) -> Result<(), Failure> {
    decode(exchange("POST", http::FORGOTTEN, Some(codec::encode(form))).await?)
}

/// Chooses a new password by a link.
///
/// # Errors
/// `Unreachable`, `Link`, or the field that broke a rule.
pub async fn new_password(form: &NewPassword) -> Result<(), Failure> {
    decode(exchange("POST", http::NEW_PASSWORD, Some(codec::encode(form))).await?)
}

/// Confirms another email by a link.
///
/// # Errors
/// `Unreachable`, `Link`, or that somebody has the email by now.
pub async fn confirm_email(token: &str) -> Result<Confirmed, Failure> {
    let form = Link { token: token.to_owned() };
    decode(exchange("POST", http::CONFIRM_EMAIL, Some(codec::encode(&form))).await?)
}

/// Changes one's password.
///
/// # Errors
/// `Unreachable`, `WrongCredentials`, `TooManyTries`, or the field that broke a rule.
pub async fn change_password(form: &ChangePassword) -> Result<(), Failure> {
    decode(exchange("POST", http::PASSWORD, Some(codec::encode(form))).await?)
}

/// How good a password is.
///
/// # Errors
/// `Unreachable`, or what the server refuses.
pub async fn weigh(form: &Weigh) -> Result<Verdict, Failure> {
    decode(exchange("POST", http::STRENGTH, Some(codec::encode(form))).await?)
}

/// Every answer is a `Result<T, Refusal>`; anything else is not from our server.
fn decode<T>(bytes: Vec<u8>) -> Result<T, Failure>
where
    Result<T, Refusal>: Decodable,
{
    match Decodable::decode(&bytes) {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(refusal)) => Err(Failure::Refused(refusal)),
        None => Err(Failure::Unreachable),
    }
}

/// What [`codec::decode`] reads, named here so that this crate needs no serde of its own.
trait Decodable: Sized {
    fn decode(bytes: &[u8]) -> Option<Self>;
}

macro_rules! decodable {
    ($($answer:ty),*) => {$(
        impl Decodable for Result<$answer, Refusal> {
            fn decode(bytes: &[u8]) -> Option<Self> {
                codec::decode(bytes).ok()
            }
        }
    )*};
}
decodable!(Session, PersonCard, String, (), Linked, Confirmed, Verdict);

async fn exchange(method: &str, path: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, Failure> {
    bytes(method, path, body).await.map_err(|_| Failure::Unreachable)
}

async fn bytes(method: &str, path: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, JsValue> {
    let request = Request::new_with_str_and_init(path, &init_of(method, body)?)?;
    let response = JsFuture::from(browser::window().fetch_with_request(&request)).await?;
    let response: Response = response.dyn_into()?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn init_of(method: &str, body: Option<Vec<u8>>) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::SameOrigin);
    let headers = Headers::new()?;
    headers.set("accept", CONTENT_TYPE)?;
    if let Some(body) = body {
        headers.set("content-type", CONTENT_TYPE)?;
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    Ok(init)
}
