//! `POST /api/sms/status` and `POST /api/sms/reply`: what the gateway for text messages says of those it
//! was given, and what people answered. Only what it has signed is heard: anything else is answered as
//! a path there is not.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared_proto::http::{SMS_NOTICE, SMS_REPLY, SMS_STATUS};
use shared_proto::notice::{Channel, How, mobile};

use crate::app::App;
use crate::notices::queue;
use crate::office::notices as office;
use crate::store::notices::Named;

/// Words that end text messages, and that begin them again (CTIA, Messaging Principles and Best
/// Practices, 5.1.2); a gateway that answers them itself says which it was.
const STOP: [&str; 3] = ["STOP", "STOPALL", "UNSUBSCRIBE"];
/// Words that end them too, unless there are others beside.
const STOP_ALONE: [&str; 4] = ["CANCEL", "END", "QUIT", "REVOKE"];
const START: [&str; 3] = ["START", "UNSTOP", "YES"];

/// What became of a message.
pub async fn status(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path =
        query.as_ref().map_or_else(|| SMS_STATUS.into(), |query| format!("{SMS_STATUS}?{query}"));
    let Some(fields) = signed(&app, &path, &headers, &body) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let outcome = match fields.get("MessageStatus").map(String::as_str) {
        Some("delivered") => "delivered",
        Some("undelivered" | "failed") => {
            let code = fields.get("ErrorCode").and_then(|code| code.parse::<u32>().ok());
            tracing::warn!(code, "a text message did not arrive");
            let query = form(query.unwrap_or_default().as_bytes());
            let token = query.iter().find(|(name, _)| name == SMS_NOTICE);
            let notice =
                token.and_then(|(_, token)| Named::of_token(&app.store, Channel::Sms, token));
            if let Some(notice) = notice {
                let why = code.map_or_else(String::new, |code| format!(", error {code}"));
                let problem = format!("the gateway says that it did not arrive{why}");
                if let Err(error) = queue::not_arrived(&app, notice, problem).await {
                    tracing::warn!(%error, "that a text message did not arrive could not be kept");
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                }
            }
            "undelivered"
        }
        _ => return StatusCode::NO_CONTENT.into_response(),
    };
    app.metrics.text_message(outcome);
    StatusCode::NO_CONTENT.into_response()
}

/// What somebody answered.
pub async fn reply(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(fields) = signed(&app, SMS_REPLY, &headers, &body) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let said = |name: &str| fields.get(name).map(|text| text.trim().to_uppercase());
    let said = said("OptOutType").or_else(|| said("Body")).unwrap_or_default();
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let word = words.next().unwrap_or_default();
    let is_alone = words.next().is_none();
    // Who says more than "stop" means it all the same; who answers "Cancel Friday, please" ends
    // nothing, and "Yes, at nine" starts nothing.
    let stops = STOP.contains(&word) || (is_alone && STOP_ALONE.contains(&word));
    let starts = is_alone && START.contains(&word);
    if stops || starts {
        let number = fields.get("From").and_then(|number| mobile(number));
        // One number may be of several people: a couple's, or a parent's.
        for person in number.iter().flat_map(|number| app.directory.with_mobile(number)) {
            let switched = if stops {
                office::withdraw(&app, person, Channel::Sms, How::Reply, None).await
            } else {
                office::resume(&app, person).await
            };
            if let Err(refusal) = switched {
                tracing::warn!(%person, rule = refusal.rule(), "an answer could not be kept");
                // The gateway says it again.
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        }
    }
    let kind = HeaderValue::from_static("text/xml; charset=utf-8");
    // Nothing is answered: what there is to say, the gateway says itself.
    ([(header::CONTENT_TYPE, kind)], "<Response/>").into_response()
}

/// The fields of what the gateway has signed for this path; `None` for anything else.
fn signed(
    app: &App,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<HashMap<String, String>> {
    let signature = headers.get("x-twilio-signature")?.to_str().ok()?;
    let fields = form(body);
    let url = format!("{}{path}", app.settings.url);
    let is_signed = app.notices.is_signed(&url, &fields, signature);
    is_signed.then(|| fields.into_iter().collect())
}

/// The fields of a form (WHATWG URL, application/x-www-form-urlencoded).
fn form(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}
