//! People with sessions, conversations and entries, put into a data directory by the server's
//! own `seed` before it starts: signing thousands in by password would take longer than the
//! whole bench.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use shared_proto::id::ConversationId;

use crate::process::key_file;

/// What a data directory is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// People, each with a session.
    pub people: usize,
    /// Conversations.
    pub conversations: usize,
    /// Members of each: other people for every conversation.
    pub members: usize,
    /// Messages, spread over all conversations.
    pub entries: usize,
    /// Messages of the first conversation besides.
    pub entries_in_one: usize,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Value of the session cookie.
    pub cookie: String,
    /// Conversations of theirs.
    pub conversations: Vec<ConversationId>,
}

/// A conversation and its members.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Session cookies of its members.
    pub cookies: Vec<String>,
}

/// Everybody and everything in a data directory.
#[derive(Clone, Debug, Default)]
pub struct Seeded {
    /// Everybody.
    pub people: Vec<Person>,
}

impl Seeded {
    /// Conversations with their members, in the order they were made.
    pub fn conversations(&self) -> Vec<Conversation> {
        let mut places = BTreeMap::new();
        let mut conversations: Vec<Conversation> = Vec::new();
        for person in &self.people {
            for id in &person.conversations {
                let place = *places.entry(*id).or_insert(conversations.len());
                if place == conversations.len() {
                    conversations.push(Conversation { id: *id, cookies: Vec::new() });
                }
                conversations[place].cookies.push(person.cookie.clone());
            }
        }
        conversations
    }
}

/// Fills `data`, which must not exist.
///
/// # Errors
/// What the server says when it does not.
pub fn seed(binary: &Path, data: &Path, wanted: Wanted) -> Result<Seeded, String> {
    run(Command::new(binary).arg("seed"), data, wanted)
}

/// As [`seed`], with messages of words; their texts go to a file, a line each.
///
/// # Errors
/// As there.
pub fn seed_texts(
    binary: &Path,
    data: &Path,
    wanted: Wanted,
    texts: &Path,
) -> Result<Seeded, String> {
    run(Command::new(binary).arg("seed").arg("--texts-to").arg(texts), data, wanted)
}

fn run(command: &mut Command, data: &Path, wanted: Wanted) -> Result<Seeded, String> {
    let sessions = data.with_extension("sessions");
    command.arg("--data").arg(data).arg("--key-file").arg(key_file(data));
    let figures = [
        ("--people", wanted.people),
        ("--conversations", wanted.conversations),
        ("--members", wanted.members),
        ("--entries", wanted.entries),
        ("--entries-in-one", wanted.entries_in_one),
    ];
    for (flag, value) in figures {
        command.arg(flag).arg(value.to_string());
    }
    let ended = command.arg("--sessions-to").arg(&sessions).output();
    let ended = ended.map_err(|error| format!("quietroom seed: {error}"))?;
    if !ended.status.success() {
        let why = String::from_utf8_lossy(&ended.stderr).into_owned();
        return Err(format!("quietroom seed failed ({}): {why}", ended.status));
    }
    let seeded = read(&sessions)?;
    if seeded.people.len() < wanted.people {
        let made = seeded.people.len();
        return Err(format!("quietroom seed made {made} of {} people", wanted.people));
    }
    Ok(seeded)
}

/// Reads what an earlier [`seed`] wrote.
///
/// # Errors
/// When it is not there or of another form.
pub fn read(sessions: &Path) -> Result<Seeded, String> {
    let lines = std::fs::read_to_string(sessions)
        .map_err(|error| format!("{}: {error}", sessions.display()))?;
    let people: Option<Vec<Person>> = lines.lines().map(person).collect();
    people
        .map(|people| Seeded { people })
        .ok_or_else(|| "quietroom seed wrote sessions of another form".to_owned())
}

/// `person_id<TAB>cookie<TAB>conversation,conversation`.
fn person(line: &str) -> Option<Person> {
    let mut fields = line.split('\t');
    let cookie = fields.nth(1)?.to_owned();
    let conversations = fields.next().unwrap_or_default().split(',').filter(|id| !id.is_empty());
    Some(Person {
        cookie,
        conversations: conversations.map(str::parse).collect::<Result<_, _>>().ok()?,
    })
}
