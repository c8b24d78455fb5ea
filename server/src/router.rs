//! Every route, in one list.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use shared_proto::http::{self as paths, Route};
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::http::{
    accept, client, confirm_email, file, forgotten, health, link, live, lock, new_password,
    password, record, second_step, session, set_up, sign_in, sign_out, sms, strength, unsubscribe,
    upload,
};
use crate::record::form::Form;
use crate::wary::{self, Attempt};

/// Largest body of a plain request, in bytes.
const BODY: usize = 16 * 1024;
/// Longest a plain request may take to arrive and be answered.
const PATIENCE: Duration = Duration::from_secs(10);

/// What people reach.
pub fn public(app: Arc<App>) -> Router {
    // These bound themselves: what they carry takes its time, and a file is no small body.
    let (long, plain): (Vec<Route>, Vec<Route>) = Route::ALL
        .into_iter()
        .partition(|route| matches!(route, Route::Live | Route::File | Route::FilePreview));
    let of = |routes: Vec<Route>| {
        routes
            .into_iter()
            .fold(Router::new(), |router, route| router.route(route.path(), handler(route)))
    };
    let plain = of(plain)
        .fallback(client::get)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE));
    of(long)
        .merge(plain)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), through_the_proxy))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), security_headers))
        .with_state(app)
}

/// What answers a route.
fn handler(route: Route) -> MethodRouter<Arc<App>> {
    match route {
        Route::Session => get(session::get),
        Route::SignIn => post(sign_in::post),
        Route::SignOut => post(sign_out::post),
        Route::SetUp => post(set_up::post),
        Route::Lock => post(lock::lock),
        Route::Unlock => post(lock::unlock),
        Route::Link => post(link::post),
        Route::Accept => post(accept::post),
        Route::Forgotten => post(forgotten::post),
        Route::NewPassword => post(new_password::post),
        Route::ConfirmEmail => post(confirm_email::post),
        Route::Password => post(password::post),
        Route::Strength => post(strength::post),
        Route::SecondStep => post(second_step::post),
        Route::SecondStepPasskey => post(second_step::passkey),
        Route::Live => get(live::get),
        Route::Healthz => get(health::healthz),
        Route::Readyz => get(health::readyz),
        Route::File => get(file::get).put(upload::put),
        Route::FilePreview => get(file::preview),
        Route::RecordCsv => record::route(Form::Csv),
        Route::RecordHtml => record::route(Form::Html),
        Route::RecordFhir => record::route(Form::Fhir),
        Route::RecordZip => record::route(Form::Zip),
        Route::Unsubscribe => get(unsubscribe::get).post(unsubscribe::post),
        Route::SmsStatus => post(sms::status),
        Route::SmsReply => post(sms::reply),
    }
}

/// What only the operator reaches.
pub fn operator(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route(paths::HEALTHZ, get(health::healthz))
        .route(paths::READYZ, get(health::readyz))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .layer(middleware::map_response(without_guessing))
        .with_state(app)
}

/// Tells browsers not to guess what an answer is, on the listeners that show no page (ASVS 3.4.4).
pub async fn without_guessing(mut response: Response) -> Response {
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// Where a proxy ends TLS for a network, nobody is served who comes past it (ASVS 12.2).
async fn through_the_proxy(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if app.settings.proxies_only && !app.settings.is_proxy(peer.ip()) {
        wary::tell(Attempt::PastTheProxy);
        return (StatusCode::FORBIDDEN, PAST_THE_PROXY).into_response();
    }
    next.run(request).await
}

const PAST_THE_PROXY: &str = "This server is reached through its proxy only.\n";

/// The same on every answer (ASVS 3.4).
async fn security_headers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A file that was shared, and a record, have a stricter one of their own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| client::POLICY.clone());
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Everything but the client's own files, which say otherwise themselves: it may be personal,
    // or an error nobody should be shown again (ASVS 14.3.2).
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.settings.secure {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    response
}

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];
