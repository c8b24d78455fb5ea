//! `POST /api/sign-in`: email and password for a session, or for the second step to one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::SignIn;
use shared_proto::limits;
use shared_proto::people::{self as rules, PersonCard};
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;
use tokio::time::Instant;

use super::{
    address, answer, body, cookie, even, has_own_origin, second_step, set_cookie, set_named_cookie,
};
use crate::app::App;
use crate::audit;
use crate::auth::known;
use crate::auth::sessions::{self, Begun, Browser};
use crate::auth::throttle::network;
use crate::clock;
use crate::store::audit::Record;
use crate::store::people::{self, PersonRecord};
use crate::store::sessions::Stage;

/// Answers [`PersonCard`] and sets the cookie. Takes as long, and says the same, whether the
/// email is known or not (ASVS 6.3.8): what is refused leaves with the next beat of `even`.
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let since = Instant::now();
    let result = match body::<SignIn>(&headers, &bytes) {
        Ok(sign_in) => try_sign_in(&app, sign_in, address(&app, peer, &headers), &headers).await,
        Err(refusal) => Err(refusal),
    };
    if result.is_err() {
        even::wait(since).await;
    }
    let result = match result {
        Ok(person) => match second_step::needed(&app, &person).await {
            Some(response) => {
                app.metrics.sign_in("second-step");
                return response;
            }
            None => signed_in(&app, person, address(&app, peer, &headers)).await,
        },
        refused => refused,
    };
    app.metrics.sign_in(match &result {
        Ok(_) => "accepted",
        Err(Refusal::TooManyTries { .. } | Refusal::Busy) => "limited",
        Err(_) => "refused",
    });
    match result {
        Ok(person) => begin_session(&app, &person, browser(&headers)).await,
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

async fn signed_in(app: &App, person: PersonRecord, from: IpAddr) -> Result<PersonRecord, Refusal> {
    let record = audit::of(Action::SignedIn).by(person.id).from(from);
    audit::record(&app.store, record).await?;
    Ok(person)
}

/// What tells the browser of a request from others, if this person came in with it before.
pub(super) fn seen_before<'a>(
    app: &App,
    person: &PersonRecord,
    headers: &'a HeaderMap,
) -> Option<&'a str> {
    let token = cookie(headers, known::COOKIE)?;
    known::browser(&app.store.vault, person, token, clock::now())
}

async fn try_sign_in(
    app: &App,
    given: SignIn,
    from: IpAddr,
    headers: &HeaderMap,
) -> Result<PersonRecord, Refusal> {
    let email = rules::email(&given.email)?;
    let wanted = email.clone();
    let known = app.store.read(move |store| people::by_email(store, &wanted)).await;
    let known = known.map_err(|error| {
        tracing::error!(%error, "a sign-in could not be looked up");
        error.refusal()
    })?;
    let vault = &app.store.vault;
    let browser = known.as_ref().and_then(|person| seen_before(app, person, headers));
    let attempt = match browser {
        Some(said) => app.throttle.begin(vault.lookup("sign-in by a known browser", said), None)?,
        None => {
            let address = vault.lookup("sign-in address", &network(from));
            app.throttle.begin(vault.lookup("sign-in account", &email), Some(address))?
        }
    };
    let too_long = given.password.chars().count() > *limits::PASSWORD_SCALARS.end();
    let kept = known.as_ref().filter(|_| !too_long);
    let kept = kept.and_then(|person| person.password_hash.clone());
    let same = attempt.came_to(app.passwords.verify(given.password, kept).await)?;
    let id = known.as_ref().map(|person| person.id);
    // With the right password, and with no other, they are told why they may not come in.
    let portal_off = known.as_ref().is_some_and(|person| same && person.is_portal_off());
    let person = known.filter(|person| same && person.may_enter());
    let Some(person) = person else {
        match id {
            Some(person) => tracing::info!(%person, "a sign-in failed"),
            None => tracing::info!("a sign-in failed: nobody has this email"),
        }
        let failed = audit::of(Action::SignInFailed).from(from);
        let failed = id.into_iter().fold(failed, Record::to);
        audit::record(&app.store, failed).await?;
        return Err(if portal_off { Refusal::PortalOff } else { Refusal::WrongCredentials });
    };
    Ok(person)
}

/// Lets somebody in who has shown one thing: their password, or a link they were sent. Whoever has
/// a second factor is asked for it first.
pub(super) async fn welcome(app: &App, person: &PersonRecord, browser: Browser) -> Response {
    match second_step::needed(app, person).await {
        Some(response) => response,
        None => begin_session(app, person, browser).await,
    }
}

/// Begins a session for somebody who has shown who they are.
pub(super) async fn begin_session(app: &App, person: &PersonRecord, browser: Browser) -> Response {
    let lives = app.lasting().absolute;
    match sessions::begin(&app.store, person, Stage::Full, lives, browser).await {
        Ok(Begun { token, gone }) => {
            for old in gone {
                app.hub.close(person.id, Some(&old), close::SESSION_ENDED);
            }
            tracing::info!(person = %person.id, "signed in");
            let begun = AppendHeaders([set_cookie(Some(&token), lives), known_cookie(app, person)]);
            (begun, answer(Ok(person.card()))).into_response()
        }
        Err(error) => {
            tracing::error!(person = %person.id, %error, "a session could not be kept");
            answer::<PersonCard>(Err(error.refusal()))
        }
    }
}

/// The header by which this browser is known as one its person came in with.
pub(super) fn known_cookie(app: &App, person: &PersonRecord) -> (HeaderName, HeaderValue) {
    let token = known::token(&app.store.vault, person, clock::now());
    set_named_cookie(known::COOKIE, Some(&token), known::LASTS_MS)
}

/// What a browser says it is, by the few words that tell people their devices apart. Never more:
/// the whole line would be a fingerprint.
pub(super) fn browser(headers: &HeaderMap) -> Browser {
    let line = headers.get(header::USER_AGENT).and_then(|line| line.to_str().ok());
    let line = line.unwrap_or_default();
    // In this order: Edge says that it is Chrome, Chrome that it is Safari.
    let of = |known: &[(&str, &str)]| {
        let found = known.iter().find(|(word, _)| line.contains(word));
        found.map_or_else(String::new, |(_, name)| (*name).to_owned())
    };
    let name = of(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = of(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    Browser { name, system }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_told_by_its_browser_and_system() {
        let seen = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(line));
            let Browser { name, system } = browser(&headers);
            format!("{name} {system}")
        };
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/130.0.0.0 Mobile Safari/537.36";
        assert_eq!(seen(chrome), "Chrome Android");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(seen(safari), "Safari iPhone");
        assert_eq!(seen("curl/8"), " ");
    }
}
