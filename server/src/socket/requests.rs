//! What a socket may ask, one arm a request. Each noun has its file; who asks is the session's.

pub mod access;
pub mod gather;

mod audit;
mod conversation;
mod desk;
mod files;
mod form;
mod inbox;
mod office;
mod people;
mod search;

use std::sync::Arc;

use shared_proto::conversation::command::{Command, New};
use shared_proto::id::ConversationId;
use shared_proto::office::Ask;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, Reply, Request};

use crate::app::App;
use crate::hub::Hub;
use crate::room::{By, Message, Write};
use crate::socket::session::{Asker, Session};
use crate::store::keys::Shelf;

/// Sees to one request. It is answered here, or by the room it goes to.
pub async fn handle(app: &Arc<App>, session: &Arc<Session>, frame: ClientFrame) {
    let hub = &app.hub;
    if let Err(refusal) = session.begin() {
        crate::metrics::refused(&refusal);
        let refused = Err(refusal);
        return session.say(shared_proto::codec::reply_frame(frame.id, refused).into());
    }
    let asker = Asker::new(Arc::clone(session), frame.id);
    if session.is_restricted() && !is_of_own_account(&frame.request) {
        return asker.answer(Err(Refusal::SecondFactorRequired));
    }
    if is_of_somebody_there(&frame.request) {
        hub.was_active(session.person.id, session.token);
    }
    match frame.request {
        Request::Ping => asker.answer(Ok(Reply::Done)),
        // Boxed: rare, and its future would be part of every idle socket's.
        Request::Inbox { after } => Box::pin(inbox::page(hub, asker, &[Shelf::Live], after)).await,
        Request::Archive { after } => {
            Box::pin(inbox::page(hub, asker, &[Shelf::Archive], after)).await;
        }
        Request::Rows { conversations } => {
            Box::pin(inbox::rows(hub, asker, &conversations)).await;
        }
        Request::FindPeople { text } => Box::pin(people::find(hub, asker, &text)).await,
        Request::Create { client_id, participants } => {
            conversation::create(hub, asker, client_id, New::ongoing(participants));
        }
        Request::Begin { client_id, new, invited } => {
            Box::pin(conversation::begin(app, asker, client_id, new, &invited)).await;
        }
        Request::Open { conversation } => {
            let Some(asker) = recorded(hub, asker, &[conversation]).await else { return };
            tell(hub, conversation, Message::Open { asker });
        }
        Request::Leave { conversation } => {
            let message = Message::Leave { session: Arc::clone(session) };
            if session.watched().contains(&conversation) {
                tell(hub, conversation, message);
            }
            asker.answer(Ok(Reply::Done));
        }
        Request::Resume { held } => Box::pin(conversation::resume(hub, asker, &held)).await,
        Request::History { conversation, from, direction } => {
            let Some(asker) = recorded(hub, asker, &[conversation]).await else { return };
            tell(hub, conversation, Message::History { asker, from, direction });
        }
        Request::Send { conversation, client_message_id, held, text } => {
            let command = Command::Send { client_message_id, text, quoted: None };
            change(hub, conversation, asker, Write::Do { held, command });
        }
        Request::Withdraw { conversation, target } => {
            let write = Write::Do { held: None, command: Command::Withdraw { target } };
            change(hub, conversation, asker, write);
        }
        Request::Do { command, .. } | Request::Later { command, .. } if !command.is_by_member() => {
            asker.answer(Err(Refusal::NotFound));
        }
        Request::Do { conversation, command: Command::Add { person }, .. } => {
            Box::pin(conversation::add(app, asker, conversation, person)).await;
        }
        Request::Do { conversation, held, command } => {
            change(hub, conversation, asker, Write::Do { held, command });
        }
        Request::Later { conversation, id, due, command } => {
            change(hub, conversation, asker, Write::Later { id, due, command });
        }
        Request::CallBack { conversation, id } => {
            change(hub, conversation, asker, Write::CallBack { id });
        }
        Request::Draft { conversation, text } => {
            change(hub, conversation, asker, Write::Draft { text });
        }
        Request::Rehearse { conversation } => {
            let Some(asker) = recorded(hub, asker, &[conversation]).await else { return };
            tell(hub, conversation, Message::Rehearse { asker });
        }
        Request::Emails { conversation } => {
            let Some(asker) = recorded(hub, asker, &[conversation]).await else { return };
            tell(hub, conversation, Message::Emails { asker });
        }
        Request::ReceivedUpTo { conversation, entry } => {
            tell(hub, conversation, Message::Cursor { asker, entry, read: false });
        }
        Request::ReadUpTo { conversation, entry } => {
            tell(hub, conversation, Message::Cursor { asker, entry, read: true });
        }
        Request::Typing { conversation } => tell(hub, conversation, Message::Typing { asker }),
        Request::Office(ask) => Box::pin(office::handle(app, asker, ask)).await,
        Request::Desk(ask) => Box::pin(desk::handle(app, asker, ask)).await,
        Request::Audit { filter, before } => {
            Box::pin(audit::page(app, asker, filter, before)).await;
        }
        Request::Form(ask) => Box::pin(form::handle(app, asker, ask)).await,
        Request::Search(search) => Box::pin(search::page(hub, asker, search)).await,
        Request::Accesses { conversation, before } => {
            tell(hub, conversation, Message::Accesses { asker, before });
        }
        // On its own: where files lie may be slow or away, and messages go on. What a socket has
        // under way is bounded by its session.
        Request::File(ask) => {
            let app = Arc::clone(app);
            tokio::spawn(async move { files::handle(&app, asker, ask).await });
        }
    }
}

/// What somebody may ask before they have set up the second factor they need: what is about their
/// own account, and nothing else.
const fn is_of_own_account(request: &Request) -> bool {
    match request {
        Request::Ping => true,
        Request::Office(ask) => matches!(
            ask,
            Ask::Factors(_)
                | Ask::Account
                | Ask::ChangeAccount(_)
                | Ask::Devices
                | Ask::SignOut { .. }
                | Ask::Active
        ),
        _ => false,
    }
}

/// Goes on with a request once the audit log says what it is about to show; `None` when it does
/// not, and it has been refused.
async fn recorded(hub: &Arc<Hub>, asker: Asker, conversations: &[ConversationId]) -> Option<Asker> {
    let session = Arc::clone(&asker.session);
    // Boxed: once a conversation, and its future would be part of every idle socket's.
    match Box::pin(access::to_conversations(hub, &session, conversations)).await {
        Ok(()) => Some(asker),
        Err(refusal) => {
            asker.answer(Err(refusal));
            None
        }
    }
}

/// Hands a change to a room.
fn change(hub: &Arc<Hub>, conversation: ConversationId, asker: Asker, write: Write) {
    tell(hub, conversation, Message::Write { by: By::Asker(asker), write });
}

/// Hands a message to a room, or answers it with why not.
fn tell(hub: &Arc<Hub>, conversation: ConversationId, message: Message) {
    if let Err((refusal, message)) = hub.send(conversation, message) {
        message.refuse(refusal);
    }
}

/// Whether whoever asks this is there: they write, or have it on their screen.
const fn is_of_somebody_there(request: &Request) -> bool {
    matches!(
        request,
        Request::Send { .. }
            | Request::Do { .. }
            | Request::Draft { .. }
            | Request::Typing { .. }
            | Request::ReadUpTo { .. }
    )
}
