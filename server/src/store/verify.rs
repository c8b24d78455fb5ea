//! Reads everything the store keeps and checks it against itself: every value opens at its place,
//! every log folds to its header, every chain has its head, and nothing lies about that belongs to
//! nothing.

mod files;
mod forms;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use shared_proto::chart::Details;
use shared_proto::conversation::event::Event;
use shared_proto::id::{ConversationId, EntryId, PersonId};

use super::conversations::{Header, Loaded, load};
use super::engine::Direction;
use super::entries::{Batches, Encoded};
use super::people::PersonRecord;
use super::sessions::SessionRecord;
use super::{
    Store, StoreError, activity, aside, audit, cursors, factors, hours, inbox, keys, links,
    notices, people, practice, replies, settled, unseal,
};
use crate::mail::queue::JobRecord;
pub use files::contents;
use forms::Forms;

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Conversations whose log, header and chain agree.
    pub conversations: u64,
    /// Their entries.
    pub entries: u64,
    /// People.
    pub people: u64,
    /// Records of the audit log.
    pub audit: u64,
    /// Files that were shared.
    pub files: u64,
}

/// Reads and checks everything.
///
/// # Errors
/// The first thing that is damaged.
pub fn verify(store: &Store) -> Result<Summary, StoreError> {
    let people = people::all(store)?;
    let mut summary = Summary { people: people.len() as u64, ..Summary::default() };
    check_emails(store, &people)?;
    factors::check(store, &people)?;
    practice::load(store)?;
    let audit = audit::verify(store, None)?;
    summary.audit = audit.head.sequence - audit.removed.sequence;
    check_owners(store, &people)?;
    check_sessions(store)?;
    store.for_each(keys::CHARTS, "chart", |_, _: Details| Ok(()))?;
    store.for_each(keys::MAILS, "mail", |_, _: JobRecord| Ok(()))?;
    links::check(store)?;
    let forms = Forms::check(store)?;
    hours::check(store, &people)?;
    replies::check(store, &people)?;
    activity::check(store, &people)?;
    notices::check(store, &people)?;
    let mut conversations = HashSet::new();
    let mut range = keys::prefix_range(keys::HEADERS);
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, _) in &page {
            let conversation =
                keys::parse_conversation(key).ok_or(StoreError::Damaged("conversation header"))?;
            let loaded = load(store, conversation)?.ok_or(StoreError::Damaged("header"))?;
            check_log(store, conversation, &loaded)?;
            check_cursors(store, conversation, &loaded)?;
            check_aside(store, conversation, &loaded)?;
            check_notices(store, conversation, &loaded)?;
            forms.check_given(store, conversation, &loaded)?;
            summary.files += files::check_shared(store, conversation, &loaded)?;
            conversations.insert(conversation);
            summary.conversations += 1;
            summary.entries += loaded.header.entries;
        }
    }
    check_inboxes(store, &conversations)?;
    check_due(store)?;
    notices::check_due(store)?;
    files::check(store)?;
    check_strays(store, &conversations)?;
    Ok(summary)
}

/// Those kept as owners are those there are.
fn check_owners(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let mut kept = practice::Owners::load(store)?.ids().to_vec();
    let leading = people.iter().filter(|person| person.leads());
    let mut owners: Vec<PersonId> = leading.map(|person| person.id).collect();
    owners.sort_unstable();
    kept.sort_unstable();
    if kept == owners { Ok(()) } else { Err(StoreError::Damaged("owners (not those there are)")) }
}

/// Sessions open, and each is found from its person.
fn check_sessions(store: &Store) -> Result<(), StoreError> {
    store.for_each(keys::SESSIONS, "session", |key, session: SessionRecord| {
        let hash = keys::parse_session(key).ok_or(StoreError::Damaged("session"))?;
        match store.engine.get(&keys::session_of(session.person, &hash))? {
            Some(_) => Ok(()),
            None => Err(StoreError::Damaged("session (not found from its person)")),
        }
    })?;
    store.for_each(keys::SESSIONS_OF, "session of a person", |key, _: u8| {
        let hash = keys::parse_session_of(key).ok_or(StoreError::Damaged("session"))?;
        match store.engine.get(&keys::session(&hash))? {
            Some(_) => Ok(()),
            None => Err(StoreError::Damaged("session of a person (of nothing)")),
        }
    })
}

/// Each person is found by their email, and each email leads to its person.
fn check_emails(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let key = |person: &PersonRecord| keys::email(&store.vault.lookup("email", &person.email));
    let mut owners: HashMap<Vec<u8>, PersonId> = people
        .iter()
        .filter(|person| !person.email.is_empty())
        .map(|person| (key(person), person.id))
        .collect();
    store.for_each(keys::EMAILS, "email", |key, person: PersonId| {
        let owner = owners.remove(key);
        if owner == Some(person) { Ok(()) } else { Err(StoreError::Damaged("email (of nobody)")) }
    })?;
    if owners.is_empty() { Ok(()) } else { Err(StoreError::Damaged("email (missing)")) }
}

/// The log folds to the header, and what it says was withdrawn is marked, and nothing else is.
fn check_log(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
) -> Result<(), StoreError> {
    let (engine, sealing) = (&store.engine, &loaded.sealing);
    let mut folded = Header::default();
    let mut withdrawn: HashMap<EntryId, EntryId> = HashMap::new();
    let mut batches = Batches::forward(engine, sealing, conversation, EntryId::MIN)?;
    while let Some(batch) = batches.next_batch()? {
        for entry in batch {
            if Some(entry.id) <= folded.last {
                return Err(StoreError::Damaged("conversation entries (order)"));
            }
            if let Ok(Event::Withdrawn(event)) = Event::decode(&entry) {
                withdrawn.insert(event.target, entry.id);
            }
            folded.append(&Encoded::new(entry));
        }
    }
    folded.inbox.clone_from(&loaded.header.inbox);
    if folded != loaded.header {
        return Err(StoreError::Damaged("conversation (log and header differ)"));
    }
    let mut range = keys::withdrawals(conversation);
    loop {
        let page = engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            let withdrawal: EntryId = unseal(sealing, key, sealed, "withdrawal mark")?;
            let target = keys::parse_withdrawn(key);
            let known = target.and_then(|target| withdrawn.remove(&target));
            if known != Some(withdrawal) {
                return Err(StoreError::Damaged("withdrawal mark (of nothing)"));
            }
        }
    }
    if withdrawn.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Damaged("withdrawal mark (missing)"))
    }
}

/// Cursors open and are of members; rows stand where the header says.
fn check_cursors(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
) -> Result<(), StoreError> {
    let header = &loaded.header;
    for (person, cursor) in cursors::load(&store.engine, &loaded.sealing, conversation)? {
        let known = header.state.member(person).is_some();
        if !known || cursor.read > header.last || cursor.received > header.last {
            return Err(StoreError::Damaged("cursor (of nothing)"));
        }
    }
    for (member, row_at) in header.state.members.iter().zip(&header.inbox) {
        let Some((shelf, at)) = *row_at else { continue };
        let key = keys::inbox_row(member.person, shelf, at, conversation);
        if store.engine.get(&key)?.is_none() {
            return Err(StoreError::Damaged("inbox row (missing)"));
        }
    }
    Ok(())
}

/// Drafts and what waits open, are of members, and what is to be decided is found when it is due.
fn check_aside(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
) -> Result<(), StoreError> {
    let (sealing, state) = (&loaded.sealing, &loaded.header.state);
    let found = aside::load(store, sealing, conversation)?;
    for draft in &found.drafts {
        aside::draft(store, sealing, conversation, draft.person)?;
        if state.member(draft.person).is_none() {
            return Err(StoreError::Damaged("draft (of nobody)"));
        }
    }
    for waiting in &found.pending {
        let pending = aside::pending(store, sealing, conversation, waiting)?;
        let pending = pending.ok_or(StoreError::Damaged("pending command"))?;
        let due = keys::due(pending.due, conversation, waiting.person, waiting.id);
        let is_due = store.engine.get(&due)?.is_some();
        if state.member(waiting.person).is_none() || is_due != pending.refused.is_none() {
            return Err(StoreError::Damaged("pending (of nobody, or never due)"));
        }
    }
    for waited in found.settled.iter() {
        let due = keys::due(waited.until(), conversation, waited.person, waited.id);
        settled::command(store, sealing, conversation, waited)?;
        if state.member(waited.person).is_none() || store.engine.get(&due)?.is_none() {
            return Err(StoreError::Damaged("settled (of nobody, or never forgotten)"));
        }
    }
    Ok(())
}

/// What has been told is told to members, of entries there are, and what is decided again is due.
fn check_notices(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
) -> Result<(), StoreError> {
    let (sealing, header) = (&loaded.sealing, &loaded.header);
    if notices::mark(store, sealing, conversation)? > header.last {
        return Err(StoreError::Damaged("notice mark (of nothing)"));
    }
    for (person, record) in notices::of_conversation(store, sealing, conversation)? {
        let due = record.due.map(|at| keys::notice_due(at, conversation, person));
        let is_due = match due {
            Some(due) => store.engine.get(&due)?.is_some(),
            None => true,
        };
        if header.state.member(person).is_none() || Some(record.newest) > header.last || !is_due {
            return Err(StoreError::Damaged("notice (of nothing, or never due)"));
        }
    }
    Ok(())
}

/// What is due is there.
fn check_due(store: &Store) -> Result<(), StoreError> {
    store.for_each(keys::DUE, "due", |key, marker: u8| {
        let leads = match keys::parse_due(key) {
            Some((_, conversation, person, id)) if marker == aside::DUE => {
                let waits = keys::pending(conversation, person, id);
                let waited = keys::settled(conversation, person, id);
                store.engine.get(&waits)?.is_some() || store.engine.get(&waited)?.is_some()
            }
            _ => false,
        };
        if leads { Ok(()) } else { Err(StoreError::Damaged("due (of nothing)")) }
    })
}

/// Rows open and lead somewhere.
fn check_inboxes(store: &Store, conversations: &HashSet<ConversationId>) -> Result<(), StoreError> {
    store.for_each(keys::INBOXES, "inbox row", |key, row: u8| {
        let leads = keys::parse_inbox_row(key);
        let leads = leads.is_some_and(|(_, conversation)| conversations.contains(&conversation));
        if leads && row == inbox::ROW {
            Ok(())
        } else {
            Err(StoreError::Damaged("inbox row (of nothing)"))
        }
    })
}

/// Nothing is of a conversation that has no header, or of no kind there is.
fn check_strays(store: &Store, conversations: &HashSet<ConversationId>) -> Result<(), StoreError> {
    let next = |range: &std::ops::Range<Vec<u8>>| {
        let found = store.engine.scan(range.clone(), 1, Direction::Forward)?;
        Ok::<_, StoreError>(found.into_iter().next().map(|(key, _)| key))
    };
    for (kind, what) in [
        (keys::ENTRIES, "conversation entries (without a header)"),
        (keys::WITHDRAWN, "withdrawal mark (without a header)"),
        (keys::CURSORS, "cursor (without a header)"),
        (keys::ANNOUNCEMENTS, "announcement (without a header)"),
        (keys::DRAFTS, "draft (without a header)"),
        (keys::PENDING, "pending (without a header)"),
        (keys::COMMANDS, "pending command (without a header)"),
        (keys::SETTLED, "settled (without a header)"),
        (keys::GIVEN, "form given (without a header)"),
        (keys::HANDED, "form submitted (without a header)"),
        (keys::ANSWERS, "answers (without a header)"),
        (keys::UPLOADS, "file (without a header)"),
        (keys::SHARED, "shared file (without a header)"),
        (keys::SUMMARIES, "search index (without a header)"),
        (keys::SEGMENTS, "search index (without a header)"),
        (keys::AWAY, "away (without a header)"),
        (keys::NOTICE_MARKS, "notice mark (without a header)"),
        (keys::NOTICES, "notice (without a header)"),
    ] {
        let mut range = keys::prefix_range(kind);
        while let Some(key) = next(&range)? {
            if !keys::parse_conversation(&key).is_some_and(|id| conversations.contains(&id)) {
                return Err(StoreError::Damaged(what));
            }
            range.start = keys::same_conversation(&key).end;
        }
    }
    let mut practice = keys::prefix_range(keys::PRACTICE);
    while let Some(key) = next(&practice)? {
        let known = [
            keys::practice(),
            keys::owners(),
            keys::common_hours(),
            keys::notices_since(),
            keys::push_key(),
        ];
        if known.iter().all(|known| key != *known) {
            return Err(StoreError::Damaged("unknown"));
        }
        practice.start = keys::after(&key);
    }
    let known = [
        keys::PRACTICE,
        keys::PEOPLE,
        keys::EMAILS,
        keys::SESSIONS,
        keys::SESSIONS_OF,
        keys::CHARTS,
        keys::FACTORS,
        keys::INBOXES,
        keys::HEADERS,
        keys::ENTRIES,
        keys::WITHDRAWN,
        keys::CURSORS,
        keys::ANNOUNCEMENTS,
        keys::DRAFTS,
        keys::PENDING,
        keys::COMMANDS,
        keys::SETTLED,
        keys::DUE,
        keys::MAILS,
        keys::AUDIT,
        keys::AUDIT_FLOOR,
        keys::ACCESSES,
        keys::LINKS,
        keys::LINKS_OF,
        keys::FORMS,
        keys::FORM_VERSIONS,
        keys::GIVEN,
        keys::HANDED,
        keys::ANSWERS,
        keys::UPLOADS,
        keys::SHARED,
        keys::FILES,
        keys::KEPT,
        keys::COUNTED,
        keys::SUMMARIES,
        keys::SEGMENTS,
        keys::OWN_HOURS,
        keys::REPLIES,
        keys::ACTIVITIES,
        keys::AWAY,
        keys::NOTICE_MARKS,
        keys::NOTICES,
        keys::NOTICES_DUE,
        keys::NOTICE_JOBS,
        keys::NOTICES_DEAD,
        keys::PUSH_DEVICES,
    ];
    let mut all = vec![0]..vec![u8::MAX; 2];
    while let Some(key) = next(&all)? {
        if !known.contains(&&key[..1]) {
            return Err(StoreError::Damaged("unknown"));
        }
        all.start = keys::prefix_range(&key[..1]).end;
    }
    Ok(())
}
