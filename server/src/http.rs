//! Plain requests: everything before there is a socket. A file each; `router` lists them.

pub mod accept;
pub mod client;
pub mod confirm_email;
pub mod even;
pub mod file;
pub mod forgotten;
pub mod health;
pub mod link;
pub mod live;
pub mod lock;
pub mod new_password;
pub mod password;
pub mod record;
pub mod second_step;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod sign_out;
pub mod sms;
pub mod strength;
pub mod unsubscribe;
pub mod upload;

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::{codec, http};

use crate::app::App;
use crate::auth::sessions::{self, SignedIn};
use crate::settings::Settings;
use crate::store::sessions::Stage;
use crate::wary::{self, Attempt};

/// An answer in the form every answer has.
pub fn answer<T: Serialize>(result: Result<T, Refusal>) -> Response {
    let status = match &result {
        Ok(_) => StatusCode::OK,
        Err(refusal) => {
            crate::metrics::refused(refusal);
            status(refusal)
        }
    };
    let body = codec::encode(&result);
    let content_type = HeaderValue::from_static(http::CONTENT_TYPE);
    let no_store = HeaderValue::from_static("no-store");
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, no_store)];
    (status, headers, body).into_response()
}

const fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::SignInRequired | Refusal::WrongCredentials | Refusal::SecondStep(_) => {
            StatusCode::UNAUTHORIZED
        }
        Refusal::TooManyTries { .. } | Refusal::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Busy | Refusal::Stopping | Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::FORBIDDEN,
    }
}

/// A request's body, of our own content type only: no form of another site can send it.
///
/// # Errors
/// `Invalid`, when it is something else.
pub fn body<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let ours = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == http::CONTENT_TYPE);
    let malformed = Refusal::invalid(Field::Text, Rule::Malformed);
    if !ours {
        return Err(malformed);
    }
    codec::decode(body).map_err(|_| {
        wary::tell(Attempt::Malformed);
        malformed
    })
}

/// Whether a request comes from the client this server serves (RFC 6454; ASVS 4.4.2).
#[must_use]
pub fn has_own_origin(app: &App, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => app.settings.origins.iter().any(|own| origin == own.as_str()),
        _ => false,
    }
}

/// Where a request comes from; behind a proxy that is believed, what it says.
#[must_use]
pub fn address(app: &App, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    address_behind(&app.settings, peer, headers)
}

fn address_behind(settings: &Settings, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let believed = |ip: &IpAddr| settings.is_proxy(*ip);
    if !believed(&peer.ip()) {
        return peer.ip();
    }
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> =
        said.flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !believed(hop)).unwrap_or(peer.ip())
}

/// Who is signed in, at whatever stage.
///
/// # Errors
/// When the store cannot be read.
pub async fn session_of(app: &App, headers: &HeaderMap) -> Result<Option<SignedIn>, Refusal> {
    let Some(token) = cookie(headers, sessions::COOKIE) else { return Ok(None) };
    let checked = sessions::check(&app.store, &app.activity, app.lasting(), token).await;
    checked.map_err(|error| {
        tracing::error!(%error, "a session could not be checked");
        error.refusal()
    })
}

/// Who is signed in and may do what they like.
///
/// # Errors
/// `SignInRequired`, `Locked`; when the store cannot be read.
pub async fn signed_in(app: &App, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
    let found = session_of(app, headers).await?.ok_or(Refusal::SignInRequired)?;
    match found.stage {
        Stage::Full => Ok(found),
        Stage::Locked => Err(Refusal::Locked),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then_some(value)
    })
}

/// The header that gives the browser a session, or with `None` takes it away.
#[must_use]
pub fn set_cookie(token: Option<&str>, lives_ms: u64) -> (header::HeaderName, HeaderValue) {
    set_named_cookie(sessions::COOKIE, token, lives_ms)
}

fn set_named_cookie(
    name: &str,
    token: Option<&str>,
    lives_ms: u64,
) -> (header::HeaderName, HeaderValue) {
    let (value, seconds) = token.map_or(("", 0), |token| (token, lives_ms / 1_000));
    let line =
        format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    let line = HeaderValue::from_str(&line).expect("a token is hexadecimal");
    (header::SET_COOKIE, line)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Where a request seems to come from, behind the proxies 10.0.0.1 and 10.0.0.2.
    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let settings = Settings {
            session_ms: 0,
            idle_ms: 0,
            ping: Duration::ZERO,
            silence: Duration::ZERO,
            origins: Vec::new(),
            url: String::new(),
            secure: true,
            trusted_proxies: vec![ip("10.0.0.1"), ip("10.0.0.2")],
            proxies_only: false,
            second_factor: crate::settings::SecondFactor::Required,
        };
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).expect("a header"));
        }
        address_behind(&settings, SocketAddr::new(ip(peer), 9), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_where_somebody_comes_from() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("203.0.113.9", &["203.0.113.7"]), "203.0.113.9", "anybody can say so");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_somebody_says_of_themselves_before_the_proxy_is_not_believed() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, 203.0.113.7, 10.0.0.2"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["nonsense, , 203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["nonsense"]), "10.0.0.1");
    }
}
