//! A file that is cancelled while it is about to be shared: nobody but its sender hears of that.

use shared_proto::conversation::command::{Command, Whole};
use shared_proto::id::{ClientMessageId, FileId};

use super::*;
use crate::store::cursors;
use crate::store::files::testing::begun;
use crate::store::files::{self, Own};

const OWN: Own = Own { conversation: TALK, person: BEN, file: FileId::from_bytes([5; 16]) };

/// A room with somebody's message in it, and a file of Ben's that has arrived whole.
async fn room() -> (Room, EntryId) {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let entry = talk.append(&store, &[(ANA, Audience::Members, message(1, "hello"))]).await;
    begun(&store, OWN, 10).await;
    let whole = Whole { pixels: None, hash: [5; 32] };
    put(&store, files::complete(&store, OWN, whole).unwrap().unwrap()).await;
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    let room = Room::load(hub, TALK).await;
    (room.unwrap_or_else(|(_, error)| panic!("{error}")), entry)
}

/// Puts a change of somebody's in line; their socket.
fn waits(room: &mut Room, person: PersonId, command: Command) -> Arc<Session> {
    let session = connected(&room.hub, person);
    session.begin().unwrap();
    let by = By::Asker(Asker::new(Arc::clone(&session), 7));
    room.waiting.push_back((by, Write::Do { held: None, command }));
    session
}

fn saying(n: u8) -> Command {
    let client_message_id = ClientMessageId::from_bytes([n; 16]);
    Command::Send { client_message_id, text: "Hello".into(), quoted: None }
}

fn sharing(n: u8) -> Command {
    let client_message_id = ClientMessageId::from_bytes([n; 16]);
    Command::Share { client_message_id, file: OWN.file, hidden_from: Vec::new() }
}

/// Commits what is in line, and cancels the file between the moment its sharing is decided and the
/// commit of that.
async fn commit_all(room: &mut Room) {
    let mut cancelled = false;
    while room.has_due_work() {
        let mut commit = room.prepare().await;
        let shares = room.waiting.iter().any(|(_, write)| write.is_alone());
        if !shares && !std::mem::replace(&mut cancelled, true) {
            let cancel = files::forget(&room.hub.store, OWN).unwrap().unwrap();
            put(&room.hub.store, cancel).await;
        }
        if commit.is_some() {
            let result = write::committed(&mut commit).await;
            room.finish(commit.unwrap(), result).await;
        }
    }
}

async fn answer(session: &Session) -> Result<Reply, Refusal> {
    loop {
        session.waits().await;
        for frame in session.take().frames {
            if let ServerFrame::Reply { id: 7, result } = codec::decode(&frame).unwrap() {
                return result;
            }
        }
    }
}

#[tokio::test]
async fn a_file_cancelled_while_it_is_shared_refuses_its_sender_and_nobody_else() {
    let (mut room, _) = room().await;
    let ana = waits(&mut room, ANA, saying(2));
    let ben = waits(&mut room, BEN, sharing(3));
    let cara = waits(&mut room, CARA, saying(4));
    commit_all(&mut room).await;
    assert!(matches!(answer(&ana).await, Ok(Reply::Sent { .. })), "before it");
    assert!(matches!(answer(&cara).await, Ok(Reply::Sent { .. })), "after it");
    assert_eq!(answer(&ben).await, Err(Refusal::Busy));
    // Tried again, it is looked at anew.
    let ben = waits(&mut room, BEN, sharing(3));
    assert!(room.prepare().await.is_none());
    assert_eq!(answer(&ben).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn a_file_cancelled_while_it_is_shared_holds_no_read_mark_up() {
    let (mut room, entry) = room().await;
    let cara = connected(&room.hub, CARA);
    cara.begin().unwrap();
    room.move_cursor(Asker::new(cara, 7), entry, true).await;
    waits(&mut room, BEN, sharing(3));
    commit_all(&mut room).await;
    let sealing = room.sealing.clone().unwrap();
    let kept = cursors::load(&room.hub.store.engine, &sealing, TALK).unwrap();
    assert_eq!(
        kept.iter().map(|(person, mark)| (*person, mark.read)).collect::<Vec<_>>(),
        [(CARA, Some(entry))]
    );
}
