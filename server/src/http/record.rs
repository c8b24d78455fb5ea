//! `GET /api/conversations/{conversation}/record.…`: the record of a conversation, for whoever may
//! see it. It is in the audit log before its first byte goes out.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use shared_proto::audit::Action;
use shared_proto::id::ConversationId;
use shared_proto::refusal::Refusal;
use tokio::sync::oneshot;

use super::{address, answer, signed_in};
use crate::app::App;
use crate::audit;
use crate::clock;
use crate::record::export::Export;
use crate::record::form::Form;
use crate::record::zone::Zone;
use crate::record::{Head, page_policy};
use crate::room::{Message, Snapshot};
use crate::store::practice::UNNAMED;
use crate::wary::{self, Attempt};

/// Answers with the record in this form. The time zone is the practice's, or that of the query's
/// `zone`.
pub fn route(form: Form) -> MethodRouter<Arc<App>> {
    get(
        move |State(app): State<Arc<App>>,
              ConnectInfo(peer): ConnectInfo<SocketAddr>,
              Path(conversation): Path<String>,
              uri: Uri,
              headers: HeaderMap| async move {
            if !is_asked_here(&headers) {
                wary::tell(Attempt::ForeignOrigin);
                return StatusCode::FORBIDDEN.into_response();
            }
            let from = address(&app, peer, &headers);
            match begin(&app, &headers, &conversation, zone_of(&uri), form, from).await {
                Ok((name, body)) => served(form, &name, body),
                Err(refusal) => answer::<()>(Err(refusal)),
            }
        },
    )
}

/// Whether a page of this server asks for it, or somebody who typed its address, as far as the
/// browser says (W3C Fetch Metadata): it is work, and in the audit log. The cookie alone would not
/// come along from another site.
fn is_asked_here(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_none_or(|site| site == "same-origin" || site == "none")
}

/// The zone a query asks for. Its name has no character but a slash and a plus that is escaped.
fn zone_of(uri: &Uri) -> Option<String> {
    let zone = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("zone="))?;
    Some(zone.replace("%2F", "/").replace("%2f", "/").replace("%2B", "+").replace("%2b", "+"))
}

async fn begin(
    app: &Arc<App>,
    headers: &HeaderMap,
    conversation: &str,
    zone: Option<String>,
    form: Form,
    from: IpAddr,
) -> Result<(String, Body), Refusal> {
    let revocations = app.hub.revocations();
    let found = signed_in(app, headers).await?;
    if app.lacks_factor(&found) {
        return Err(Refusal::SecondFactorRequired);
    }
    let practice = app.practice.record();
    let zone = match zone {
        Some(zone) => Zone::named(&zone)?,
        // What the owner set may be a name that only browsers know.
        None => practice
            .as_ref()
            .and_then(|practice| Zone::named(&practice.settings.time_zone).ok())
            .unwrap_or_else(Zone::utc),
    };
    let conversation: ConversationId = conversation.parse().map_err(|_| Refusal::NotFound)?;
    let person = found.person.id;
    let slot = app.exports.begin(&found.person)?;
    let snapshot = snapshot(app, conversation, person).await?;
    let exported = audit::of(Action::ConversationExported).by(person).from(from);
    audit::record(&app.store, exported.in_conversation(conversation)).await?;
    app.was_active(found.person.id, found.token).await;
    let head = Head {
        conversation,
        practice: app.practice_name().unwrap_or_else(|| UNNAMED.to_owned()),
        exporter: (*found.person).clone(),
        at: clock::now(),
        zone,
    };
    let short = conversation.to_string();
    let short = short.split('-').next().unwrap_or_default();
    let (day, extension) = (head.zone.day(head.at), form.extension());
    let name = format!("conversation-{short}-{day}.{extension}");
    let (app, token) = (Arc::clone(app), found.token);
    let export = Export { app, form, head, snapshot, token, revocations, slot };
    Ok((name, export.begin()))
}

async fn snapshot(
    app: &Arc<App>,
    conversation: ConversationId,
    person: shared_proto::id::PersonId,
) -> Result<Arc<Snapshot>, Refusal> {
    let (answer, answered) = oneshot::channel();
    if let Err((refusal, _)) = app.hub.send(conversation, Message::Record { person, answer }) {
        return Err(refusal);
    }
    let snapshot = answered.await.unwrap_or(Err(Refusal::Unavailable))?;
    Ok(Arc::from(snapshot))
}

fn served(form: Form, name: &str, body: Body) -> Response {
    let disposition = format!("{}; filename=\"{name}\"", form.disposition());
    let text = |value: &str| HeaderValue::from_str(value).expect("only what is printable in ASCII");
    let headers = [
        (header::CONTENT_TYPE, text(form.content_type())),
        (header::CONTENT_DISPOSITION, text(&disposition)),
        (header::CACHE_CONTROL, text("no-store")),
        (header::CONTENT_SECURITY_POLICY, text(&page_policy())),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_in_a_query_escaped_or_not() {
        let zone = |path: &str| zone_of(&path.parse().unwrap());
        assert_eq!(zone("/r.csv"), None);
        assert_eq!(zone("/r.csv?other=1"), None);
        assert_eq!(zone("/r.csv?zone=UTC&other=1").as_deref(), Some("UTC"));
        assert_eq!(zone("/r.csv?zone=America%2FNew_York").as_deref(), Some("America/New_York"));
        assert_eq!(zone("/r.csv?zone=Etc/GMT%2B1").as_deref(), Some("Etc/GMT+1"));
    }

    #[test]
    fn another_site_starts_no_export() {
        let asked = |site: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            is_asked_here(&headers)
        };
        assert!(asked(None) && asked(Some("same-origin")) && asked(Some("none")));
        assert!(!asked(Some("same-site")) && !asked(Some("cross-site")) && !asked(Some("")));
    }
}
