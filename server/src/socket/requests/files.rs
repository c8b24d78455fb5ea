//! What is asked about files: their contents come and go by HTTP.

use std::sync::Arc;

use shared_proto::file::ask::{Ask, Told};
use shared_proto::id::EntryId;
use shared_proto::wire::Reply;

use super::{recorded, tell};
use crate::app::App;
use crate::files;
use crate::room::Message;
use crate::socket::session::Asker;
use crate::store::conversations::Listing;
use crate::store::files::Own;

/// Sees to one of them.
pub async fn handle(app: &Arc<App>, asker: Asker, ask: Ask) {
    let told = match ask {
        Ask::Begin { conversation, client_id, name, bytes } => {
            let actor = Arc::clone(&asker.session.person);
            files::begin(app, &actor, conversation, client_id, &name, bytes).await
        }
        Ask::Cancel { conversation, file } => {
            let own = Own { conversation, person: asker.session.person.id, file };
            files::cancel(app, own).await.map(|()| Told::Cancelled)
        }
        Ask::List { conversation, before } => {
            let Some(asker) = recorded(&app.hub, asker, &[conversation]).await else { return };
            let listing = Listing::before(before.unwrap_or(EntryId::MAX));
            return tell(&app.hub, conversation, Message::Files { asker, listing });
        }
    };
    asker.answer(told.map(Reply::File));
}
