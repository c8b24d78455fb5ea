//! Drafts and what waits: shown to their author whatever goes on meanwhile, and decided once.

use shared_proto::conversation::command::Command;
use shared_proto::id::ClientMessageId;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Due, Pending, ServerEvent};

use super::*;
use crate::clock;
use crate::store::{aside, parts};

const FIRST: ClientMessageId = ClientMessageId::from_bytes([1; 16]);
const SECOND: ClientMessageId = ClientMessageId::from_bytes([2; 16]);

fn saying(client_message_id: ClientMessageId) -> Command {
    Command::Send { client_message_id, text: "Hello".into(), quoted: None }
}

fn hub_of_three(store: Store) -> Arc<Hub> {
    hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")])
}

/// Ben's socket, and what it has been sent so far.
struct Ben {
    hub: Arc<Hub>,
    session: Arc<Session>,
    frames: Vec<ServerFrame>,
    asked: u32,
}

impl Ben {
    fn on(hub: &Arc<Hub>) -> Self {
        let session = connected(hub, BEN);
        Self { hub: Arc::clone(hub), session, frames: Vec::new(), asked: 0 }
    }

    /// Asks for a change; by which its answer is found.
    fn ask(&mut self, write: Write) -> u32 {
        self.asked += 1;
        self.session.begin().unwrap();
        let asker = Asker::new(Arc::clone(&self.session), self.asked);
        let message = Message::Write { by: By::Asker(asker), write };
        assert!(self.hub.send(TALK, message).is_ok());
        self.asked
    }

    /// The first of what it is sent that is looked for.
    async fn hears<T>(&mut self, wanted: impl Fn(&ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = self.frames.iter().find_map(&wanted) {
                return found;
            }
            self.session.waits().await;
            let frames = self.session.take().frames;
            self.frames.extend(frames.iter().map(|frame| codec::decode(frame).unwrap()));
        }
    }

    async fn answer(&mut self, asked: u32) -> Result<Reply, Refusal> {
        self.hears(|frame| match frame {
            ServerFrame::Reply { id, result } if *id == asked => Some(result.clone()),
            _ => None,
        })
        .await
    }
}

/// Keeps what waits as a room would.
async fn wait(store: &Store, talk: &Talk, id: ClientMessageId) -> aside::PendingAt {
    let mut batch = Batch::default();
    let due = Millis(clock::now().0 + 3_600_000);
    let pending = Pending { id, due, command: saying(id), refused: None };
    let at = aside::put_pending(store, &talk.sealing, TALK, BEN, &pending, &mut batch);
    put(store, batch).await;
    at
}

#[tokio::test]
async fn what_is_just_decided_hides_no_draft_and_nothing_else_that_waits() {
    let store = store();
    let talk = Talk::begin(&store).await;
    let going = wait(&store, &talk, FIRST).await;
    wait(&store, &talk, SECOND).await;
    let mut batch = Batch::default();
    aside::put_draft(&talk.sealing, TALK, BEN, "half a sentence", 0, &mut batch);
    put(&store, batch).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    opened(&hub, ANA).await;
    // The room has loaded; the store shows already what a commit under way takes away.
    let mut batch = Batch::default();
    parts::delete(&keys::command(TALK, BEN, FIRST), usize::from(going.record.parts), &mut batch);
    put(&hub.store, batch).await;
    ben.session.begin().unwrap();
    let asker = Asker::new(Arc::clone(&ben.session), 7);
    assert!(hub.send(TALK, Message::Open { asker }).is_ok());
    let draft = ben.hears(|frame| match frame {
        ServerFrame::Event(ServerEvent::Draft { text, .. }) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(draft.await, "half a sentence");
    let waits = ben.hears(|frame| match frame {
        ServerFrame::Event(ServerEvent::Pending { pending, .. }) => Some(pending.id),
        _ => None,
    });
    assert_eq!(waits.await, SECOND);
}

#[tokio::test]
async fn what_was_only_just_postponed_can_be_called_back() {
    let store = store();
    Talk::begin(&store).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    // Both are there before the room has loaded.
    let later = ben.ask(Write::Later { id: FIRST, due: Due::Undoable, command: saying(FIRST) });
    let back = ben.ask(Write::CallBack { id: FIRST });
    assert_eq!(ben.answer(later).await, Ok(Reply::Done));
    assert_eq!(ben.answer(back).await, Ok(Reply::CalledBack(saying(FIRST))));
}
