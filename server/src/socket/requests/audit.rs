//! The audit log: all of it for owners, and for the members of a conversation who saw that.

use std::sync::Arc;

use shared_proto::audit::{Action, AuditEntry, AuditFilter};
use shared_proto::people::rules::{self, Does};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;

use crate::app::App;
use crate::audit;
use crate::office::actor;
use crate::socket::session::{Asker, Session};
use crate::store::audit::page as read_page;

/// A page of the log. That it is read is in it, too.
pub async fn page(app: &Arc<App>, asker: Asker, filter: AuditFilter, before: Option<u64>) {
    let result = try_page(app, &asker.session, filter, before).await;
    asker.answer(result);
}

async fn try_page(
    app: &App,
    session: &Session,
    filter: AuditFilter,
    before: Option<u64>,
) -> Result<Reply, Refusal> {
    rules::may(actor(app, session.person.id)?.role, Does::ReadAudit)?;
    audit::record(&app.store, audit::of(Action::AuditRead).over(session)).await?;
    let page = app.store.read(move |store| read_page(store, &filter, before)).await;
    let mut page = page.map_err(|error| {
        tracing::error!(%error, "the audit log could not be read");
        error.refusal()
    })?;
    let named = page.entries.iter().flat_map(AuditEntry::people);
    page.people = app.directory.cards(named);
    Ok(Reply::Audit(page))
}
