//! Replies find their requests by id.

use std::collections::HashMap;

use shared_proto::conversation::command::Command;
use shared_proto::file::ask as file;
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, Direction, Reply, Request};

use super::inbox::Shelf;
use super::{Effect, Env, State};

/// Requests not answered yet.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    next: u32,
    pending: HashMap<u32, Request>,
}

impl Requests {
    /// The frame for `request`, which waits for its reply from now on.
    pub(super) fn ask(&mut self, request: Request) -> ClientFrame {
        // The upper half of the ids belongs to the heartbeat of `connection.rs`.
        self.next = (self.next + 1) & 0x7fff_ffff;
        // Marks and typing are answered only when refused; typing needs no second try.
        if request.is_answered() {
            let mut kept = request.clone();
            if let Request::Send { text, .. }
            | Request::Do { command: Command::Send { text, .. }, .. } = &mut kept
            {
                text.clear();
            }
            self.pending.insert(self.next, kept);
        } else {
            self.pending.retain(|_, kept| !same_mark(kept, &request));
            self.pending.insert(self.next, request.clone());
        }
        ClientFrame { id: self.next, request }
    }

    pub(super) fn is_asked(&self, request: &Request) -> bool {
        self.pending.values().any(|kept| kept == request)
    }

    pub(super) fn forget(&mut self) {
        self.pending.clear();
    }
}

/// Whether both are unanswered requests of one kind and conversation: one is enough to remember.
fn same_mark(a: &Request, b: &Request) -> bool {
    match (a, b) {
        (
            Request::ReceivedUpTo { conversation: a, .. },
            Request::ReceivedUpTo { conversation: b, .. },
        )
        | (Request::ReadUpTo { conversation: a, .. }, Request::ReadUpTo { conversation: b, .. })
        | (Request::Typing { conversation: a }, Request::Typing { conversation: b })
        | (Request::Draft { conversation: a, .. }, Request::Draft { conversation: b, .. }) => {
            a == b
        }
        (Request::Office(a), Request::Office(b)) => a == b,
        _ => false,
    }
}

impl State {
    pub(super) fn reply(&mut self, env: Env, id: u32, result: Result<Reply, Refusal>) {
        let Some(request) = self.requests.pending.remove(&id) else { return };
        if result == Err(Refusal::SignInRequired) {
            // The socket is about to close with the same message.
            return;
        }
        if result == Err(Refusal::SecondFactorRequired) && !self.factor_required {
            self.effects.push(Effect::AskSession);
        }
        if self.waits_for(&request) {
            self.office_answered(&request, result);
            return;
        }
        match (request, result) {
            (Request::Inbox { .. }, Ok(Reply::Inbox(page))) => self.inbox_page(Shelf::Live, page),
            (Request::Inbox { after }, Err(refusal)) => {
                self.inbox_refused(Shelf::Live, after, refusal);
            }
            (Request::Archive { .. }, Ok(Reply::Inbox(page))) => {
                self.inbox_page(Shelf::Archive, page);
            }
            (Request::Archive { after }, Err(refusal)) => {
                self.inbox_refused(Shelf::Archive, after, refusal);
            }
            (Request::CallBack { conversation, id }, result) => {
                self.called_back(conversation, id, result);
            }
            (Request::Draft { conversation, .. }, Err(refusal)) => {
                self.draft_refused(conversation, &refusal);
            }
            (
                Request::Do { command: Command::Send { client_message_id, .. }, .. },
                Ok(Reply::Sent { entry, .. }),
            ) => self.stored(env, client_message_id, entry),
            (
                Request::Do { command: Command::Send { client_message_id, .. }, .. },
                Err(refusal),
            ) => self.send_refused(env, client_message_id, refusal),
            (
                Request::Do { command: Command::Share { client_message_id, .. }, .. },
                Ok(Reply::Sent { entry, .. }),
            ) => self.file_stored(env, client_message_id, entry),
            (
                Request::Do { command: Command::Share { client_message_id, .. }, .. },
                Err(refusal),
            ) => self.file_refused(env, client_message_id, refusal),
            (Request::File(file::Ask::Begin { conversation, client_id, .. }), result) => {
                self.upload_begun(env, conversation, client_id, result);
            }
            (Request::File(file::Ask::Cancel { conversation, file }), result) => {
                self.cancel_answered(conversation, file, result);
            }
            (Request::Rows { .. }, Ok(Reply::Rows(rows))) => self.rows(rows),
            (Request::Rows { conversations }, Err(refusal)) => {
                self.rows_refused(&conversations, &refusal);
            }
            (Request::FindPeople { text }, Ok(Reply::People(people))) => {
                self.assigned_are(&text, &people);
                self.found(&text, Ok(people));
            }
            (Request::FindPeople { text }, Err(refusal)) => self.found(&text, Err(refusal)),
            (Request::Begin { client_id, .. }, Ok(Reply::Created(conversation))) => {
                self.created(client_id, Ok(conversation));
            }
            (Request::Begin { client_id, .. }, Err(refusal)) => {
                self.created(client_id, Err(refusal));
            }
            (Request::Open { .. }, Ok(Reply::Opened(opened))) => self.opened(env, *opened),
            (Request::Open { conversation }, Err(refusal)) => {
                self.open_refused(conversation, refusal);
            }
            (Request::Resume { held }, Err(refusal)) => {
                for held in held {
                    self.open_refused(held.conversation, refusal);
                }
            }
            (Request::History { conversation, from, direction }, Ok(Reply::Page(page))) => {
                match direction {
                    Direction::Before => self.older_page(conversation, from, page),
                    Direction::After => self.newer_page(conversation, from, &page),
                }
            }
            (Request::History { conversation, direction, .. }, Err(refusal)) => match direction {
                Direction::Before => self.older_refused(conversation, &refusal),
                Direction::After => self.newer_refused(conversation, &refusal),
            },
            (Request::Send { client_message_id, .. }, Ok(Reply::Sent { entry, .. })) => {
                self.stored(env, client_message_id, entry);
            }
            (Request::Send { client_message_id, .. }, Err(refusal)) => {
                self.send_refused(env, client_message_id, refusal);
            }
            (Request::Withdraw { conversation, target }, Err(refusal)) => {
                self.withdraw_refused(conversation, target, refusal);
            }
            (
                Request::ReceivedUpTo { conversation, .. } | Request::ReadUpTo { conversation, .. },
                Err(refusal),
            ) if refusal.is_passing() => self.mark_refused(conversation),
            (
                Request::Office(Ask::Reachable { conversation }),
                Ok(Reply::Office(Told::Reachable(reachable))),
            ) => self.reachable(conversation, reachable),
            _ => {}
        }
    }
}
