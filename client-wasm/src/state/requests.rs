//! Replies find their requests by id.

use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::refusal::Refusal;
use shared_proto::wire::Direction;

use super::inbox::Shelf;
use super::link::ABNORMAL;
use super::{Effect, Env, State};
use crate::protocol::{self, Reply, Request};

/// Requests not answered yet.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    next: u32,
    pending: HashMap<u32, Rc<Asked>>,
}

/// A request and its bytes, by which it is recognised. Of what is long neither is kept.
#[derive(Debug)]
struct Asked {
    request: Request,
    body: Vec<u8>,
}

impl Requests {
    /// The frame for `request`, which waits for its reply from now on.
    pub(super) fn ask(&mut self, mut request: Request) -> Vec<u8> {
        // The upper half of the ids belongs to the heartbeat of `connection.rs`.
        self.next = (self.next + 1) & 0x7fff_ffff;
        let mut body = request.body();
        let frame = protocol::frame(self.next, &body);
        if let Some(text) = request.text_mut() {
            *text = String::new();
            body = Vec::new();
        }
        // Marks and typing are answered only when refused: one of a kind and conversation is enough
        // to remember, typing needs no second try.
        if !request.is_answered() {
            self.pending.retain(|_, kept| !same_mark(&kept.request, &request));
        }
        self.pending.insert(self.next, Rc::new(Asked { request, body }));
        frame
    }

    pub(super) fn is_asked(&self, request: &Request) -> bool {
        let body = request.body();
        self.pending.values().any(|kept| kept.body == body)
    }

    pub(super) fn forget(&mut self) {
        self.pending.clear();
    }
}

/// Whether both are unanswered requests of one kind and conversation.
fn same_mark(a: &Request, b: &Request) -> bool {
    match (a, b) {
        (
            Request::ReceivedUpTo { conversation: a, .. },
            Request::ReceivedUpTo { conversation: b, .. },
        )
        | (Request::ReadUpTo { conversation: a, .. }, Request::ReadUpTo { conversation: b, .. })
        | (Request::Typing { conversation: a }, Request::Typing { conversation: b }) => a == b,
        (Request::Active, Request::Active) => true,
        _ => false,
    }
}

impl State {
    /// `answer` is a `Result<wire::Reply, Refusal>`, encoded.
    pub(super) fn reply(&mut self, env: Env, id: u32, answer: Vec<u8>) {
        let Some(asked) = self.requests.pending.remove(&id) else { return };
        let refusal = protocol::refusal(&answer);
        if refusal == Some(Refusal::SignInRequired) {
            // The socket is about to close with the same message.
            return;
        }
        if refusal == Some(Refusal::SecondFactorRequired) && !self.factor_required {
            self.effects.push(Effect::AskSession);
        }
        if self.waits_for(&asked.body) {
            self.office_answered(&asked.body, &answer);
        }
        if matches!(asked.request, Request::Page(_)) {
            return;
        }
        match protocol::answer(&answer) {
            Ok(Ok(reply)) => self.granted(env, &asked.request, reply),
            Ok(Err(refusal)) => self.denied(env, &asked.request, refusal),
            // Not our server, or a build that speaks another language.
            Err(_) => {
                self.effects.push(Effect::Disconnect);
                self.closed(env, ABNORMAL);
            }
        }
    }

    fn granted(&mut self, env: Env, request: &Request, reply: Reply) {
        match (request, reply) {
            (Request::Inbox { .. }, Reply::Inbox(page)) => self.inbox_page(Shelf::Live, page),
            (Request::Archive { .. }, Reply::Inbox(page)) => self.inbox_page(Shelf::Archive, page),
            (Request::CallBack { conversation, id }, Reply::CalledBack(command)) => {
                self.called_back(*conversation, *id, command);
            }
            (Request::Send { client_message_id, .. }, Reply::Sent(entry)) => {
                self.stored(env, *client_message_id, entry);
            }
            (Request::Share { client_message_id, .. }, Reply::Sent(entry)) => {
                self.file_stored(env, *client_message_id, entry);
            }
            (
                Request::Upload { conversation, client_id, .. },
                Reply::Upload { file, offset, name },
            ) => self.upload_begun(env, *conversation, *client_id, file, offset, &name),
            (Request::CancelUpload { conversation, file }, _) => {
                self.cancelled(*conversation, *file);
            }
            (Request::Rows { .. }, Reply::Rows(rows)) => self.rows(rows),
            (Request::FindPeople { text }, Reply::People(people)) => {
                self.assigned_are(text, &people);
                self.found(text, Ok(people));
            }
            (Request::Begin { client_id, .. }, Reply::Created(conversation)) => {
                self.created(*client_id, Ok(conversation));
            }
            (Request::Draft { conversation, .. }, _) => self.draft_kept(*conversation),
            (Request::Open { .. }, Reply::Opened(opened)) => self.opened(env, *opened),
            (Request::History { conversation, from, direction }, Reply::Page(page)) => {
                match direction {
                    Direction::Before => self.older_page(*conversation, *from, page),
                    Direction::After => self.newer_page(*conversation, *from, &page),
                }
            }
            (Request::Notices, Reply::Notices(sound)) => {
                self.sound = Some(sound);
                self.make_sound(env);
            }
            (Request::Reachable { conversation }, Reply::Reachable(reachable)) => {
                self.reachable(*conversation, reachable);
            }
            _ => {}
        }
    }

    fn denied(&mut self, env: Env, request: &Request, refusal: Refusal) {
        match request {
            Request::Inbox { after } => self.inbox_refused(Shelf::Live, *after, refusal),
            Request::Archive { after } => self.inbox_refused(Shelf::Archive, *after, refusal),
            Request::CallBack { conversation, id } => {
                self.call_back_refused(*conversation, *id, refusal);
            }
            Request::Draft { conversation, .. } => self.draft_refused(*conversation, &refusal),
            Request::Send { client_message_id, .. } => {
                self.send_refused(env, *client_message_id, refusal);
            }
            Request::Share { client_message_id, .. } => {
                self.file_refused(env, *client_message_id, refusal);
            }
            Request::Upload { client_id, .. } => self.file_refused(env, *client_id, refusal),
            Request::CancelUpload { conversation, file } => {
                self.cancel_refused(*conversation, *file, &refusal);
            }
            Request::Rows { conversations } => self.rows_refused(conversations, &refusal),
            Request::FindPeople { text } => self.found(text, Err(refusal)),
            Request::Begin { client_id, .. } => self.created(*client_id, Err(refusal)),
            Request::Open { conversation } => self.open_refused(*conversation, refusal),
            Request::Resume { held } => {
                for held in held {
                    self.open_refused(held.conversation, refusal);
                }
            }
            Request::History { conversation, direction, .. } => match direction {
                Direction::Before => self.older_refused(*conversation, &refusal),
                Direction::After => self.newer_refused(*conversation, &refusal),
            },
            Request::Withdraw { conversation, target } => {
                self.withdraw_refused(*conversation, *target, refusal);
            }
            Request::ReceivedUpTo { conversation, .. } | Request::ReadUpTo { conversation, .. }
                if refusal.is_passing() =>
            {
                self.mark_refused(*conversation);
            }
            _ => {}
        }
    }
}
