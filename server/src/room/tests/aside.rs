//! Drafts and what waits: shown to their author whatever goes on meanwhile, and decided once.

use shared_proto::conversation::command::Command;
use shared_proto::id::ClientMessageId;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Due, Pending, ServerEvent};

use super::*;
use crate::clock;
use crate::store::engine::Direction;
use crate::store::settled::{SettledAt, SettledRecord};
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
async fn wait(store: &Store, talk: &Talk, id: ClientMessageId, due: u64) -> aside::PendingAt {
    let (mut batch, due) = (Batch::default(), Millis(due));
    let pending = Pending { id, due, command: saying(id), refused: None };
    let at = aside::put_pending(store, &talk.sealing, TALK, BEN, &pending, &mut batch);
    put(store, batch).await;
    at
}

#[tokio::test]
async fn what_is_just_decided_hides_no_draft_and_nothing_else_that_waits() {
    let store = store();
    let talk = Talk::begin(&store).await;
    let later = clock::now().0 + 3_600_000;
    let going = wait(&store, &talk, FIRST, later).await;
    wait(&store, &talk, SECOND, later).await;
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

/// Hands to the room what is due, as the clock does.
fn is_due(hub: &Arc<Hub>, id: ClientMessageId) {
    let by = By::Clock(Box::new(hub.directory.card(BEN).unwrap()));
    assert!(hub.send(TALK, Message::Write { by, write: Write::Due { id } }).is_ok());
}

/// What lies beside the conversation, in the store.
fn kept(hub: &Arc<Hub>) -> aside::Aside {
    let sealing = hub.store.vault.conversation(TALK).unwrap().unwrap();
    aside::load(&hub.store, &sealing, TALK).unwrap()
}

/// Until it waits no longer.
async fn settled(ben: &mut Ben, which: ClientMessageId) {
    ben.hears(|frame| match frame {
        ServerFrame::Event(ServerEvent::Settled { id, .. }) if *id == which => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_is_not_decided_again_by_a_retry() {
    let store = store();
    let talk = Talk::begin(&store).await;
    wait(&store, &talk, FIRST, 1).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    is_due(&hub, FIRST);
    settled(&mut ben, FIRST).await;
    let again = ben.ask(Write::Later { id: FIRST, due: Due::Undoable, command: saying(FIRST) });
    assert_eq!(ben.answer(again).await, Ok(Reply::Done));
    let back = ben.ask(Write::CallBack { id: FIRST });
    assert_eq!(ben.answer(back).await, Err(Refusal::NotFound), "it has gone out");
    assert_eq!(kept(&hub).pending, []);
    assert_eq!(opened(&hub, ANA).await.page.entries.len(), 2, "once");
}

#[tokio::test]
async fn a_retry_does_not_undo_a_call_back() {
    let store = store();
    Talk::begin(&store).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    let later = || Write::Later { id: FIRST, due: Due::Undoable, command: saying(FIRST) };
    for write in [later(), Write::CallBack { id: FIRST }, later()] {
        let asked = ben.ask(write);
        assert!(ben.answer(asked).await.is_ok());
    }
    assert_eq!(kept(&hub).pending, []);
    let (due, _) = aside::due(&hub.store, Millis(clock::now().0 + 60_000), None).unwrap();
    assert!(due.is_empty(), "it is not done after all");
}

#[tokio::test]
async fn what_waited_is_known_for_a_day_and_of_each_the_newest_only() {
    let store = store();
    let talk = Talk::begin(&store).await;
    let old =
        SettledAt { person: BEN, id: SECOND, record: SettledRecord { at: Millis(1), parts: 0 } };
    let mut batch = Batch::default();
    crate::store::settled::put(&store, &talk.sealing, TALK, &old, &mut batch);
    put(&store, batch).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    is_due(&hub, SECOND);
    let count = u8::try_from(limits::SETTLED).unwrap() + 1;
    for number in 100..100 + count {
        let id = ClientMessageId::from_bytes([number; 16]);
        let later = Write::Later { id, due: Due::Undoable, command: saying(id) };
        for write in [later, Write::CallBack { id }] {
            let asked = ben.ask(write);
            assert!(ben.answer(asked).await.is_ok());
        }
    }
    let known: Vec<u8> = kept(&hub).settled.iter().map(|known| known.id.as_bytes()[0]).collect();
    assert_eq!(known, (101..100 + count).collect::<Vec<_>>());
    let (due, next) = aside::due(&hub.store, clock::now(), None).unwrap();
    assert!(due.is_empty() && next.is_some(), "each is forgotten when its day is over");
}

#[tokio::test]
async fn what_was_called_back_is_had_again_by_who_did_not_hear_the_answer() {
    let store = store();
    Talk::begin(&store).await;
    let hub = hub_of_three(store);
    let mut ben = Ben::on(&hub);
    let long =
        Command::Send { client_message_id: FIRST, text: "\u{fc}".repeat(8_000), quoted: None };
    let later = ben.ask(Write::Later { id: FIRST, due: Due::Undoable, command: long.clone() });
    assert_eq!(ben.answer(later).await, Ok(Reply::Done));
    for _ in 0..2 {
        let back = ben.ask(Write::CallBack { id: FIRST });
        assert_eq!(ben.answer(back).await, Ok(Reply::CalledBack(long.clone())));
    }
    assert_eq!(kept(&hub).pending, []);
    // When it is forgotten nothing of it is left.
    let waited = kept(&hub).settled[0];
    assert!(waited.record.parts > 1);
    let mut batch = Batch::default();
    crate::store::settled::delete(TALK, &waited, &mut batch);
    put(&hub.store, batch).await;
    for rest in [keys::COMMANDS, keys::SETTLED, keys::DUE] {
        let range = keys::prefix_range(rest);
        assert_eq!(hub.store.engine.scan(range, 1, Direction::Forward).unwrap().len(), 0);
    }
}
