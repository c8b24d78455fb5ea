//! What is asked around conversations, one arm an ask.

use std::sync::Arc;

use shared_proto::office::Ask;
use shared_proto::people::Role;
use shared_proto::people::rules::{self, With};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{InboxMark, Reply};

use super::{access, inbox};
use crate::app::App;
use crate::office::{account, actor, emergency, factors, invite, notices, people, practice};
use crate::room::Message;
use crate::socket::session::{Asker, Seen};
use crate::store::keys::Shelf;

/// Sees to one ask.
pub async fn handle(app: &Arc<App>, asker: Asker, ask: Ask) {
    let session = Arc::clone(&asker.session);
    let me = session.person.id;
    let changed = match &ask {
        Ask::ChangePerson { person, .. } => Some(*person),
        _ => None,
    };
    let told = match ask {
        Ask::People { filter, after } => people::list(app, &session, &filter, after.as_ref()).await,
        Ask::Chart { person } => people::chart(app, &session, person).await,
        Ask::AddPerson { client_id, person } => {
            people::add(app, &session, client_id, *person).await
        }
        Ask::ChangePerson { person, change } => {
            people::change(app, &session, person, *change).await
        }
        Ask::ClientInbox { client, after } => return client_inbox(app, asker, client, after).await,
        Ask::Practice => practice::show(app, me),
        Ask::ChangePractice { revision, change } => {
            practice::change(app, &session, revision, change).await
        }
        Ask::Account => account::show(app, me).await,
        Ask::ChangeAccount(change) => account::change(app, &session, change).await,
        Ask::Devices => account::devices(app, &session).await,
        Ask::SignOut { device, password } => {
            account::sign_out(app, &session, device, &password).await
        }
        Ask::Active => {
            app.was_active(me, asker.session.token).await;
            return asker.finish();
        }
        Ask::EmergencyList { client, reason } => {
            emergency::list(app, &session, client, &reason).await
        }
        Ask::EmergencyOpen { conversation, reason } => {
            return emergency::open(app, asker, conversation, reason);
        }
        Ask::Reachable { conversation } => {
            return super::tell(&app.hub, conversation, Message::Reachable { asker });
        }
        Ask::Invite { person } => invite::invite(app, &asker.session, person).await,
        Ask::SendReset { person } => {
            let sent = invite::send_reset(app, &asker.session, person).await;
            return asker.answer(sent.map(|()| Reply::Done));
        }
        Ask::ChangeEmail { email, password } => {
            let asked = invite::change_email(app, &asker.session, &email, password).await;
            return asker.answer(asked.map(|()| Reply::Done));
        }
        Ask::Factors(ask) => factors::handle(app, &asker.session, ask).await,
        Ask::Notices(ask) => notices::handle(app, &asker.session, ask).await,
    };
    asker.answer(told.map(Reply::Office));
    // Only now: it may be the asker's own socket.
    if let Some(person) = changed {
        app.hub.cut_outdated(person);
    }
}

/// The asker's conversations with a client they see: rows of others are absent, as everywhere.
async fn client_inbox(
    app: &Arc<App>,
    asker: Asker,
    client: shared_proto::id::PersonId,
    after: Option<InboxMark>,
) {
    let acting = match actor(app, asker.session.person.id) {
        Ok(acting) => acting,
        Err(refusal) => return asker.answer(Err(refusal)),
    };
    let row = app.directory.row(client);
    let allowed = row.is_some_and(|row| {
        row.card.role == Role::Client && rules::may_with(&acting, With::See, &row).is_ok()
    });
    if !allowed {
        return asker.answer(Err(Refusal::NotFound));
    }
    if let Err(refusal) = access::to(&app.hub, &asker.session, Seen::InboxWith(client)).await {
        return asker.answer(Err(refusal));
    }
    inbox::page_of(&app.hub, asker, client, Shelf::ALL, after).await;
}
