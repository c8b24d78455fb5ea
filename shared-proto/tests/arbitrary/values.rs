//! Values of which each sequence and each text has something in it.

use shared_proto::conversation::command::Command;
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::people::{PersonCard, Role};
use shared_proto::search::{Found, Hit, Mark, Piece, Talk};
use shared_proto::time::Millis;
use shared_proto::wire::{InboxRow, Preview, PreviewContent};

pub fn person() -> PersonId {
    PersonId::from_bytes([0xaa; 16])
}

pub fn room() -> ConversationId {
    ConversationId::from_bytes([0xc0; 16])
}

pub fn entry_id() -> EntryId {
    EntryId::from_bytes([0xee; 16])
}

pub fn file_id() -> FileId {
    FileId::from_bytes([0xf1; 16])
}

pub fn message_id() -> ClientMessageId {
    ClientMessageId::from_bytes([0x11; 16])
}

pub fn entry() -> Entry {
    let audience = Audience::Only(vec![person()]);
    let (id, at, author) = (entry_id(), Millis(1), person());
    Entry { id, at, author, audience, kind: 2, body: vec![1; 20] }
}

pub fn row() -> InboxRow {
    let content = PreviewContent::Message("hi".into());
    InboxRow {
        conversation: room(),
        state: State::absent(Viewer::Only(person())),
        people: vec![card()],
        preview: Some(Preview { entry: entry_id(), at: Millis(1), author: person(), content }),
        unread: 1,
        read_up_to: None,
        draft: true,
        pending: true,
    }
}

pub fn card() -> PersonCard {
    PersonCard { id: person(), name: "Ana".into(), role: Role::Client }
}

pub fn command() -> Command {
    let (client_message_id, quoted) = (message_id(), Some(entry_id()));
    Command::Send { client_message_id, text: "hello".into(), quoted }
}

pub fn share() -> Command {
    let (client_message_id, file) = (message_id(), file_id());
    Command::Share { client_message_id, file, hidden_from: vec![person(); 3] }
}

pub fn mark() -> Mark {
    Mark { at: Millis(1), conversation: room(), entry: entry_id() }
}

pub fn found() -> Found {
    let Mark { at, conversation, entry } = mark();
    let snippet = vec![Piece { text: "hello".into(), found: true }; 3];
    let hit = Hit { conversation, entry, at, author: person(), file: false, snippet };
    Found {
        hits: vec![hit; 3],
        talks: vec![Talk { conversation, others: vec![person(); 3] }; 3],
        people: vec![card(); 3],
        next: Some(mark()),
    }
}
