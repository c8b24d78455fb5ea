//! `GET` and `POST /api/unsubscribe`: ends emails that tell somebody there is something, by the token
//! that every such email carries (RFC 8058). Looking changes nothing, since mail scanners do; pressing
//! does, and so does the mail program's own button. Nobody has to sign in for it, and nothing else can
//! be done with it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use shared_proto::id::PersonId;
use shared_proto::notice::{Channel, How};

use super::address;
use super::link::limit;
use crate::app::App;
use crate::notices::whose;
use crate::notices::words::{Words, escaped};
use crate::office::notices as office;

/// A page with a button and nothing else: no script, no style, no address to leak to.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Characters of a token.
const TOKEN: usize = 43;

/// The page that asks.
pub async fn get(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let meant = meant(&app, address(&app, peer, &headers), &uri);
    let words = words(&app);
    match meant {
        Some(_) => {
            let button = escaped(&words.plain("unsubscribe-button"));
            let form = format!("<form method=\"post\"><button>{button}</button></form>");
            page(&words, StatusCode::OK, "unsubscribe-ask", &form)
        }
        None => page(&words, StatusCode::NOT_FOUND, "unsubscribe-unknown", ""),
    }
}

/// Ends them. What the body says does not matter: whoever sends it has the token.
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let from = address(&app, peer, &headers);
    let Some(person) = meant(&app, from, &uri) else {
        return page(&words(&app), StatusCode::NOT_FOUND, "unsubscribe-unknown", "");
    };
    match ended(&app, person, from).await {
        Ok(()) => page(&words(&app), StatusCode::OK, "unsubscribe-done", ""),
        Err(status) => status.into_response(),
    }
}

async fn ended(app: &Arc<App>, person: PersonId, from: std::net::IpAddr) -> Result<(), StatusCode> {
    let withdrawn = office::withdraw(app, person, Channel::Email, How::Link, Some(from)).await;
    withdrawn.map_err(|refusal| {
        tracing::warn!(%person, rule = refusal.rule(), "emails to somebody could not be ended");
        StatusCode::SERVICE_UNAVAILABLE
    })
}

/// Whose emails a request is about; nobody's for one network that asks too often.
fn meant(app: &App, from: IpAddr, uri: &Uri) -> Option<PersonId> {
    let token = token(uri).filter(|token| token.len() <= TOKEN)?;
    limit(app, from).ok()?;
    whose(&app.store.vault, app.directory.with_email(), token)
}

fn words(app: &App) -> Words {
    let practice = app.practice.record();
    Words::of(practice.as_ref().map_or("en", |practice| practice.settings.language.as_str()))
}

fn token(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("t="))
}

fn page(words: &Words, status: StatusCode, says: &str, form: &str) -> Response {
    let title = escaped(&words.plain("unsubscribe-title"));
    let says = escaped(&words.plain(says));
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n\
         <body>\n<h1>{title}</h1>\n<p>{says}</p>\n{form}\n</body>\n</html>\n",
        words.language(),
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, html).into_response()
}
