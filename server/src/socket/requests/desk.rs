//! What is asked about what providers keep at hand for writing, one arm an ask.

use std::sync::Arc;

use shared_proto::desk::Ask;
use shared_proto::wire::Reply;

use crate::app::App;
use crate::office::desk;
use crate::room::Message;
use crate::socket::session::Asker;

/// Sees to one ask.
pub async fn handle(app: &Arc<App>, asker: Asker, ask: Ask) {
    let session = &asker.session;
    let told = match ask {
        Ask::Replies => desk::replies(app, session).await,
        Ask::SaveReply { shared, reply } => desk::save_reply(app, session, shared, *reply).await,
        Ask::DeleteReply { shared, id } => desk::delete_reply(app, session, shared, id).await,
        Ask::Hours => desk::show_hours(app, session),
        Ask::SetOwn { revision, own } => desk::set_own(app, session, revision, *own).await,
        Ask::SetCommon { revision, common } => {
            desk::set_common(app, session, revision, *common).await
        }
        Ask::Promise { conversation } => {
            return super::tell(&app.hub, conversation, Message::Promise { asker });
        }
        Ask::Greeting { conversation } => {
            return super::tell(&app.hub, conversation, Message::Greeting { asker });
        }
    };
    asker.answer(told.map(Reply::Desk));
}
