//! What is asked about forms, one arm an ask. Those of the practice are seen to here; what was
//! given in a conversation is its room's.

use std::sync::Arc;

use shared_proto::form::ask::Ask;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use tokio::sync::oneshot;

use super::{access, change, recorded, tell};
use crate::app::App;
use crate::forms::build;
use crate::hub::Hub;
use crate::room::{Message, Write};
use crate::socket::session::{Asker, Seen, Session};

/// Sees to one ask.
pub async fn handle(app: &Arc<App>, asker: Asker, ask: Ask) {
    let (hub, me) = (&app.hub, asker.session.person.id);
    let told = match ask {
        Ask::List { after } => build::list(app, me, after),
        Ask::Read { form, version } => build::read(app, me, form, version).await,
        Ask::Library { which } => build::library(app, me, which),
        Ask::Save { client_id, form, version, body } => {
            build::save(app, &asker.session, client_id, (form, version), &body).await
        }
        Ask::Retire { form, retired } => build::retire(app, &asker.session, form, retired).await,
        Ask::Open { conversation, entry } => return open(hub, asker, conversation, entry).await,
        Ask::Keep { conversation, entry, answers } => {
            return change(hub, conversation, asker, Write::Keep { entry, answers });
        }
        Ask::Submit { conversation, entry, client_message_id, answers } => {
            let write = Write::Submit { entry, client_message_id, answers };
            return change(hub, conversation, asker, write);
        }
        Ask::Assignments { conversation, before } => {
            let Some(asker) = recorded(hub, asker, &[conversation]).await else { return };
            return tell(hub, conversation, Message::Forms { asker, before });
        }
    };
    asker.answer(told.map(Reply::Form));
}

/// A form given in a conversation, once the audit log says who is about to be shown it.
async fn open(hub: &Arc<Hub>, asker: Asker, conversation: ConversationId, entry: EntryId) {
    let session = Arc::clone(&asker.session);
    match seen(hub, &session, conversation, entry).await {
        Ok(()) => change(hub, conversation, asker, Write::Form { entry }),
        Err(refusal) => asker.answer(Err(refusal)),
    }
}

async fn seen(
    hub: &Arc<Hub>,
    session: &Session,
    conversation: ConversationId,
    entry: EntryId,
) -> Result<(), Refusal> {
    let seen = Seen::Form(conversation, entry);
    if session.has_seen(seen) {
        return Ok(());
    }
    let (answer, answered) = oneshot::channel();
    tell(hub, conversation, Message::ReadsForm { person: session.person.id, entry, answer });
    if !answered.await.unwrap_or(Err(Refusal::Unavailable))? {
        return Err(Refusal::NotFound);
    }
    access::to(hub, session, seen).await
}
