//! Every key of the store, spelled in this one file. Big-endian, so that byte order is the order
//! read in; a first byte that names what is kept. Keys are not sealed: they hold ids, keyed
//! hashes and times, nothing else.
//!
//! | first byte | then | value |
//! |---|---|---|
//! | `m` | name | a record of the practice |
//! | `p` | person | a person |
//! | `e` | keyed hash of an email | the person it belongs to |
//! | `s` | hash of a session token | a session |
//! | `f` | person | their second factors |
//! | `f` | person, passkey | one of their passkeys |
//! | `i` | person, shelf, inverted time, conversation | a row of an inbox |
//! | `h` | conversation | its header: the stored fold |
//! | `l` | conversation, first entry, part | entries of one batch |
//! | `w` | conversation, entry | that it has been withdrawn |
//! | `c` | conversation, person | how far they have received and read |
//! | `n` | conversation | its announcement |
//! | `d` | conversation, person, part | what stands in their composer |
//! | `y` | conversation, person, id | something of theirs that waits to be decided |
//! | `z` | conversation, person, id, part | what it is, or what was called back |
//! | `Y` | time, conversation, person, id | when it is due, or forgotten |
//! | `Z` | conversation, person, id | that it waited and does not any more |
//! | `S` | person, hash of a session token | that the session is theirs |
//! | `k` | person | the details of their chart |
//! | `q` | random | a letter that waits to be sent |
//! | `a` | first record | records of the audit log |
//! | `A` | conversation, inverted record | who saw it |
//! | `b` | | where the audit log begins |
//! | `t` | hash of a link's token | what the link is for |
//! | `T` | person | the links that lead to them |
//! | `g` | form | a form of the practice |
//! | `G` | form, version, part | what it asks in one of its versions |
//! | `o` | conversation, entry | the form it gave somebody, until they submit it |
//! | `u` | conversation, entry | the same, submitted |
//! | `r` | conversation, entry, part | what they answered |
//! | `j` | conversation, person, file | a file they send, which nobody has been shown |
//! | `x` | conversation, entry | the file an entry shares |
//! | `X` | file | whose it is, and where |
//! | `v` | person | how much they keep in files |
//! | `I` | conversation, last entry | what a piece of its search index can hold |
//! | `W` | conversation, last entry, revision, part | that piece |
//! | `H` | person | their hours, leave and words |
//! | `R` | person, or zeros for the practice, part | saved replies |
//! | `V` | conversation, client, revision of the client | a change they made that is to be told there |
//! | `N` | conversation | when its host was last said to be away |

use std::ops::Range;

use shared_proto::id::{
    ClientMessageId, ConversationId, EntryId, FileId, FormId, PasskeyId, PersonId,
};
use shared_proto::time::Millis;

fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(length);
    bytes.push(kind);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// A record of the practice.
#[must_use]
pub fn practice() -> Vec<u8> {
    key(b'm', &[b"practice"])
}

/// Who the owners are.
#[must_use]
pub fn owners() -> Vec<u8> {
    key(b'm', &[b"owners"])
}

/// Records of the practice.
pub const PRACTICE: &[u8] = b"m";

/// A person.
#[must_use]
pub fn person(id: PersonId) -> Vec<u8> {
    key(b'p', &[id.as_bytes()])
}

/// All people.
pub const PEOPLE: &[u8] = b"p";

/// All emails.
pub const EMAILS: &[u8] = b"e";

/// Whose email has this keyed hash.
#[must_use]
pub fn email(hash: &[u8; 32]) -> Vec<u8> {
    key(b'e', &[hash])
}

/// A session, by the hash of its token.
#[must_use]
pub fn session(hash: &[u8; 32]) -> Vec<u8> {
    key(b's', &[hash])
}

/// All sessions.
pub const SESSIONS: &[u8] = b"s";

/// The hash of the token a key of a session names.
#[must_use]
pub fn parse_session(key: &[u8]) -> Option<[u8; 32]> {
    key.get(1..33)?.try_into().ok()
}

/// That a session is somebody's.
#[must_use]
pub fn session_of(person: PersonId, hash: &[u8; 32]) -> Vec<u8> {
    key(b'S', &[person.as_bytes(), hash])
}

/// Somebody's sessions.
#[must_use]
pub fn sessions_of(person: PersonId) -> Range<Vec<u8>> {
    prefix_range(&key(b'S', &[person.as_bytes()]))
}

/// The hash of the token a key of somebody's sessions names.
#[must_use]
pub fn parse_session_of(key: &[u8]) -> Option<[u8; 32]> {
    key.get(17..49)?.try_into().ok()
}

/// Everyone's sessions.
pub const SESSIONS_OF: &[u8] = b"S";

/// The details of somebody's chart.
#[must_use]
pub fn chart(person: PersonId) -> Vec<u8> {
    key(b'k', &[person.as_bytes()])
}

/// All charts.
pub const CHARTS: &[u8] = b"k";

/// A person's second factors.
#[must_use]
pub fn factors(person: PersonId) -> Vec<u8> {
    key(b'f', &[person.as_bytes()])
}

/// One passkey of a person: a record of its own, since five do not fit one.
#[must_use]
pub fn passkey(person: PersonId, passkey: PasskeyId) -> Vec<u8> {
    key(b'f', &[person.as_bytes(), passkey.as_bytes()])
}

/// All second factors.
pub const FACTORS: &[u8] = b"f";

/// Whose second factors this is the key of, and of which passkey if it is of one.
#[must_use]
pub fn parse_factors(key: &[u8]) -> Option<(PersonId, Option<PasskeyId>)> {
    let person = PersonId::from_bytes(key.get(1..17)?.try_into().ok()?);
    if key.len() == 17 {
        return Some((person, None));
    }
    let passkey = PasskeyId::from_bytes(key.get(17..)?.try_into().ok()?);
    Some((person, Some(passkey)))
}

/// Where in an inbox a row stands: what can still change, and what is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Shelf {
    /// Active and scheduled conversations.
    Live,
    /// Archived ones.
    Archive,
}

impl Shelf {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Live, Self::Archive];
}

/// A row of an inbox; recent ones first.
#[must_use]
pub fn inbox_row(
    person: PersonId,
    shelf: Shelf,
    at: Millis,
    conversation: ConversationId,
) -> Vec<u8> {
    let inverted = (u64::MAX - at.0).to_be_bytes();
    key(b'i', &[person.as_bytes(), &[shelf as u8], &inverted, conversation.as_bytes()])
}

/// All rows of all inboxes.
pub const INBOXES: &[u8] = b"i";

/// One shelf of one person's inbox.
#[must_use]
pub fn inbox(person: PersonId, shelf: Shelf) -> Range<Vec<u8>> {
    prefix_range(&key(b'i', &[person.as_bytes(), &[shelf as u8]]))
}

/// What an inbox row's key says.
#[must_use]
pub fn parse_inbox_row(key: &[u8]) -> Option<(Millis, ConversationId)> {
    let inverted = u64::from_be_bytes(key.get(18..26)?.try_into().ok()?);
    let conversation = key.get(26..42)?.try_into().ok()?;
    Some((Millis(u64::MAX - inverted), ConversationId::from_bytes(conversation)))
}

/// A conversation's header.
#[must_use]
pub fn header(conversation: ConversationId) -> Vec<u8> {
    key(b'h', &[conversation.as_bytes()])
}

/// All headers.
pub const HEADERS: &[u8] = b"h";

/// The conversation whose header, entries or other record this is the key of.
#[must_use]
pub fn parse_conversation(key: &[u8]) -> Option<ConversationId> {
    key.get(1..17)?.try_into().ok().map(ConversationId::from_bytes)
}

/// The conversation with whose key the value under this one is sealed; `None` for those sealed with
/// the records key.
#[must_use]
pub fn of_conversation(key: &[u8]) -> Option<ConversationId> {
    let sealed_with_its_key = key.first().is_some_and(|kind| b"hlwcndyzZourjxIWN".contains(kind));
    sealed_with_its_key.then(|| parse_conversation(key))?
}

/// One part of the entries of a batch.
#[must_use]
pub fn entries(conversation: ConversationId, first: EntryId, part: u8) -> Vec<u8> {
    key(b'l', &[conversation.as_bytes(), first.as_bytes(), &[part]])
}

/// The first entry and the part a key of entries names.
#[must_use]
pub fn parse_entries(key: &[u8]) -> Option<(EntryId, u8)> {
    let first = key.get(17..33)?.try_into().ok()?;
    Some((EntryId::from_bytes(first), *key.get(33)?))
}

/// Batches of a conversation whose first entry lies in `from..until`.
#[must_use]
pub fn entries_range(
    conversation: ConversationId,
    from: EntryId,
    until: Option<EntryId>,
) -> Range<Vec<u8>> {
    let end = match until {
        Some(until) => entries(conversation, until, 0),
        None => prefix_range(&key(b'l', &[conversation.as_bytes()])).end,
    };
    entries(conversation, from, 0)..end
}

/// All entries.
pub const ENTRIES: &[u8] = b"l";

/// That an entry has been withdrawn.
#[must_use]
pub fn withdrawn(conversation: ConversationId, target: EntryId) -> Vec<u8> {
    key(b'w', &[conversation.as_bytes(), target.as_bytes()])
}

/// The entry a withdrawal mark is about.
#[must_use]
pub fn parse_withdrawn(key: &[u8]) -> Option<EntryId> {
    key.get(17..33)?.try_into().ok().map(EntryId::from_bytes)
}

/// All withdrawal marks.
pub const WITHDRAWN: &[u8] = b"w";

/// All withdrawal marks of a conversation.
#[must_use]
pub fn withdrawals(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'w', &[conversation.as_bytes()]))
}

/// One person's cursor in a conversation.
#[must_use]
pub fn cursor(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'c', &[conversation.as_bytes(), person.as_bytes()])
}

/// All cursors of a conversation.
#[must_use]
pub fn cursors(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'c', &[conversation.as_bytes()]))
}

/// All cursors.
pub const CURSORS: &[u8] = b"c";

/// Whose cursor this is the key of.
#[must_use]
pub fn parse_cursor(key: &[u8]) -> Option<PersonId> {
    key.get(17..33)?.try_into().ok().map(PersonId::from_bytes)
}

/// A conversation's announcement.
#[must_use]
pub fn announcement(conversation: ConversationId) -> Vec<u8> {
    key(b'n', &[conversation.as_bytes()])
}

/// All announcements.
pub const ANNOUNCEMENTS: &[u8] = b"n";

/// What stands in somebody's composer: the beginning of the keys of its parts.
#[must_use]
pub fn draft(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'd', &[conversation.as_bytes(), person.as_bytes()])
}

/// What stands in the composers of a conversation.
#[must_use]
pub fn drafts(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'd', &[conversation.as_bytes()]))
}

/// All composers.
pub const DRAFTS: &[u8] = b"d";

/// Whose composer this is a key of.
#[must_use]
pub fn parse_draft(key: &[u8]) -> Option<PersonId> {
    key.get(17..33)?.try_into().ok().map(PersonId::from_bytes)
}

/// Something of somebody's that waits to be decided.
#[must_use]
pub fn pending(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'y', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that waits in a conversation.
#[must_use]
pub fn pending_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'y', &[conversation.as_bytes()]))
}

/// All that waits.
pub const PENDING: &[u8] = b"y";

/// Whose it is, and which, that a key of what waits names.
#[must_use]
pub fn parse_pending(key: &[u8]) -> Option<(PersonId, ClientMessageId)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    Some((person, ClientMessageId::from_bytes(key.get(33..49)?.try_into().ok()?)))
}

/// What waits: the beginning of the keys of its parts.
#[must_use]
pub fn command(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'z', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All of what waits.
pub const COMMANDS: &[u8] = b"z";

/// That something of somebody's waited and does not any more. Parsed as what waits.
#[must_use]
pub fn settled(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'Z', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that waited in a conversation.
#[must_use]
pub fn settled_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'Z', &[conversation.as_bytes()]))
}

/// All that waited.
pub const SETTLED: &[u8] = b"Z";

/// When something is due.
#[must_use]
pub fn due(
    at: Millis,
    conversation: ConversationId,
    person: PersonId,
    id: ClientMessageId,
) -> Vec<u8> {
    let at = at.0.to_be_bytes();
    key(b'Y', &[&at, conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that is due, the first first.
pub const DUE: &[u8] = b"Y";

/// What is due, and when.
#[must_use]
pub fn parse_due(key: &[u8]) -> Option<(Millis, ConversationId, PersonId, ClientMessageId)> {
    let at = Millis(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?));
    let conversation = ConversationId::from_bytes(key.get(9..25)?.try_into().ok()?);
    let person = PersonId::from_bytes(key.get(25..41)?.try_into().ok()?);
    Some((at, conversation, person, ClientMessageId::from_bytes(key.get(41..57)?.try_into().ok()?)))
}

/// A form of the practice.
#[must_use]
pub fn form(form: FormId) -> Vec<u8> {
    key(b'g', &[form.as_bytes()])
}

/// All forms.
pub const FORMS: &[u8] = b"g";

/// Which form this is the key of.
#[must_use]
pub fn parse_form(key: &[u8]) -> Option<FormId> {
    key.get(1..)?.try_into().ok().map(FormId::from_bytes)
}

/// What a form asks in one of its versions: the beginning of the keys of its parts.
#[must_use]
pub fn form_version(form: FormId, version: u32) -> Vec<u8> {
    key(b'G', &[form.as_bytes(), &version.to_be_bytes()])
}

/// All versions of all forms.
pub const FORM_VERSIONS: &[u8] = b"G";

/// Which form, and which of its versions, this is a key of.
#[must_use]
pub fn parse_form_version(key: &[u8]) -> Option<(FormId, u32)> {
    let form = FormId::from_bytes(key.get(1..17)?.try_into().ok()?);
    Some((form, u32::from_be_bytes(key.get(17..21)?.try_into().ok()?)))
}

/// The form an entry gave somebody, until they submit it.
#[must_use]
pub fn given(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'o', &[conversation.as_bytes(), given.as_bytes()])
}

/// All forms given in a conversation and not submitted.
#[must_use]
pub fn given_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'o', &[conversation.as_bytes()]))
}

/// All forms given and not submitted.
pub const GIVEN: &[u8] = b"o";

/// The form an entry gave somebody, once they have submitted it.
#[must_use]
pub fn handed(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'u', &[conversation.as_bytes(), given.as_bytes()])
}

/// All forms submitted in a conversation.
#[must_use]
pub fn handed_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'u', &[conversation.as_bytes()]))
}

/// All forms submitted.
pub const HANDED: &[u8] = b"u";

/// What was answered to the form an entry gave: the beginning of the keys of its parts.
#[must_use]
pub fn answers(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'r', &[conversation.as_bytes(), given.as_bytes()])
}

/// All that was answered in a conversation.
#[must_use]
pub fn answers_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'r', &[conversation.as_bytes()]))
}

/// All that was answered.
pub const ANSWERS: &[u8] = b"r";

/// The entry that gave the form whose record, or whose answers, this is a key of.
#[must_use]
pub fn parse_given(key: &[u8]) -> Option<EntryId> {
    key.get(17..33)?.try_into().ok().map(EntryId::from_bytes)
}

/// A letter that waits to be sent.
#[must_use]
pub fn mail(id: &[u8; 16]) -> Vec<u8> {
    key(b'q', &[id])
}

/// All letters that wait.
pub const MAILS: &[u8] = b"q";

/// What a waiting letter is called.
#[must_use]
pub fn parse_mail(key: &[u8]) -> Option<[u8; 16]> {
    key.get(1..)?.try_into().ok()
}

/// Records of the audit log, by the sequence number of the first.
#[must_use]
pub fn audit(first: u64) -> Vec<u8> {
    key(b'a', &[&first.to_be_bytes()])
}

/// All of the audit log.
pub const AUDIT: &[u8] = b"a";

/// The sequence number of the first record a key of the audit log names.
#[must_use]
pub fn parse_audit(key: &[u8]) -> Option<u64> {
    key.get(1..)?.try_into().ok().map(u64::from_be_bytes)
}

/// Where the audit log begins.
#[must_use]
pub fn audit_floor() -> Vec<u8> {
    AUDIT_FLOOR.to_vec()
}

/// That place, and nothing else.
pub const AUDIT_FLOOR: &[u8] = b"b";

/// That somebody saw a conversation, by the record of the audit log; recent ones first.
#[must_use]
pub fn access(conversation: ConversationId, sequence: u64) -> Vec<u8> {
    key(b'A', &[conversation.as_bytes(), &(u64::MAX - sequence).to_be_bytes()])
}

/// All who saw a conversation.
#[must_use]
pub fn accesses(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'A', &[conversation.as_bytes()]))
}

/// All who saw any conversation.
pub const ACCESSES: &[u8] = b"A";

/// The conversation and the record that a key of an access names.
#[must_use]
pub fn parse_access(key: &[u8]) -> Option<(ConversationId, u64)> {
    let inverted = u64::from_be_bytes(key.get(17..)?.try_into().ok()?);
    Some((parse_conversation(key)?, u64::MAX - inverted))
}

/// A link from a letter, by the hash of its token.
#[must_use]
pub fn link(hash: &[u8; 32]) -> Vec<u8> {
    key(b't', &[hash])
}

/// All links from letters.
pub const LINKS: &[u8] = b"t";

/// The hash of the token a key of a link names.
#[must_use]
pub fn parse_link(key: &[u8]) -> Option<[u8; 32]> {
    key.get(1..)?.try_into().ok()
}

/// The links that lead to somebody.
#[must_use]
pub fn links_of(person: PersonId) -> Vec<u8> {
    key(b'T', &[person.as_bytes()])
}

/// Everyone's links.
pub const LINKS_OF: &[u8] = b"T";

/// A file somebody sends, which nobody has been shown.
#[must_use]
pub fn upload(conversation: ConversationId, person: PersonId, file: FileId) -> Vec<u8> {
    key(b'j', &[conversation.as_bytes(), person.as_bytes(), file.as_bytes()])
}

/// The files somebody sends in a conversation.
#[must_use]
pub fn uploads_of(conversation: ConversationId, person: PersonId) -> Range<Vec<u8>> {
    prefix_range(&key(b'j', &[conversation.as_bytes(), person.as_bytes()]))
}

/// All files that are sent.
pub const UPLOADS: &[u8] = b"j";

/// Where, by whom and which file a key of one that is sent names.
#[must_use]
pub fn parse_upload(key: &[u8]) -> Option<(ConversationId, PersonId, FileId)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    let file = FileId::from_bytes(key.get(33..)?.try_into().ok()?);
    Some((parse_conversation(key)?, person, file))
}

/// The file an entry shares.
#[must_use]
pub fn shared(conversation: ConversationId, entry: EntryId) -> Vec<u8> {
    key(b'x', &[conversation.as_bytes(), entry.as_bytes()])
}

/// What was shared in a conversation before an entry.
#[must_use]
pub fn shared_before(conversation: ConversationId, entry: EntryId) -> Range<Vec<u8>> {
    shared(conversation, EntryId::MIN)..shared(conversation, entry)
}

/// All that was shared.
pub const SHARED: &[u8] = b"x";

/// The entry a key of a shared file names.
#[must_use]
pub fn parse_shared(key: &[u8]) -> Option<EntryId> {
    key.get(17..)?.try_into().ok().map(EntryId::from_bytes)
}

/// Whose a file is, and where.
#[must_use]
pub fn file(file: FileId) -> Vec<u8> {
    key(b'X', &[file.as_bytes()])
}

/// All files.
pub const FILES: &[u8] = b"X";

/// The file a key of its whereabouts names.
#[must_use]
pub fn parse_file(key: &[u8]) -> Option<FileId> {
    key.get(1..)?.try_into().ok().map(FileId::from_bytes)
}

/// How much somebody keeps in files.
#[must_use]
pub fn kept(person: PersonId) -> Vec<u8> {
    key(b'v', &[person.as_bytes()])
}

/// What everyone keeps in files.
pub const KEPT: &[u8] = b"v";

/// Whose files a key of how much is kept counts.
#[must_use]
pub fn parse_kept(key: &[u8]) -> Option<PersonId> {
    key.get(1..)?.try_into().ok().map(PersonId::from_bytes)
}
/// What a piece of a conversation's search index can hold: the one that ends with this entry.
#[must_use]
pub fn summary(conversation: ConversationId, upto: EntryId) -> Vec<u8> {
    key(b'I', &[conversation.as_bytes(), upto.as_bytes()])
}

/// What the pieces of a conversation's search index can hold, the oldest first.
#[must_use]
pub fn summaries(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'I', &[conversation.as_bytes()]))
}

/// What the pieces of all search indexes can hold.
pub const SUMMARIES: &[u8] = b"I";

/// The last entry of the piece whose key this is.
#[must_use]
pub fn parse_summary(key: &[u8]) -> Option<EntryId> {
    key.get(17..)?.try_into().ok().map(EntryId::from_bytes)
}

/// A piece of a conversation's search index: the beginning of the keys of its parts.
#[must_use]
pub fn segment(conversation: ConversationId, upto: EntryId, revision: u32) -> Vec<u8> {
    key(b'W', &[conversation.as_bytes(), upto.as_bytes(), &revision.to_be_bytes()])
}

/// All pieces of a conversation's search index.
#[must_use]
pub fn segments(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'W', &[conversation.as_bytes()]))
}

/// All pieces of all search indexes.
pub const SEGMENTS: &[u8] = b"W";

/// The practice's hours and holidays.
#[must_use]
pub fn common_hours() -> Vec<u8> {
    key(b'm', &[b"hours"])
}

/// Somebody's hours, leave and words.
#[must_use]
pub fn own_hours(person: PersonId) -> Vec<u8> {
    key(b'H', &[person.as_bytes()])
}

/// Everyone's hours.
pub const OWN_HOURS: &[u8] = b"H";

/// Whose hours this is the key of.
#[must_use]
pub fn parse_own_hours(key: &[u8]) -> Option<PersonId> {
    key.get(1..)?.try_into().ok().map(PersonId::from_bytes)
}

/// The saved replies of somebody, or with `None` of the practice: the beginning of the keys of their
/// parts.
#[must_use]
pub fn replies(of: Option<PersonId>) -> Vec<u8> {
    key(b'R', &[of.map_or([0; 16], |person| *person.as_bytes()).as_slice()])
}

/// Everyone's saved replies.
pub const REPLIES: &[u8] = b"R";

/// Whose saved replies this is a key of; `Some(None)` for those of the practice.
#[must_use]
pub fn parse_replies(key: &[u8]) -> Option<Option<PersonId>> {
    let of: [u8; 16] = key.get(1..17)?.try_into().ok()?;
    Some((of != [0; 16]).then_some(PersonId::from_bytes(of)))
}

/// A change that a client made of what is kept of them, and that is to be told in a conversation.
#[must_use]
pub fn activity(conversation: ConversationId, client: PersonId, revision: u64) -> Vec<u8> {
    key(b'V', &[conversation.as_bytes(), client.as_bytes(), &revision.to_be_bytes()])
}

/// All changes that are to be told.
pub const ACTIVITIES: &[u8] = b"V";

/// Where a change is to be told, whose it is, and of which revision of theirs.
#[must_use]
pub fn parse_activity(key: &[u8]) -> Option<(ConversationId, PersonId, u64)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    let revision = u64::from_be_bytes(key.get(33..)?.try_into().ok()?);
    Some((parse_conversation(key)?, person, revision))
}

/// When the host of a conversation was last said to be away there.
#[must_use]
pub fn away(conversation: ConversationId) -> Vec<u8> {
    key(b'N', &[conversation.as_bytes()])
}

/// When any host was.
pub const AWAY: &[u8] = b"N";

/// Every record of the same kind and conversation as `key`.
#[must_use]
pub fn same_conversation(key: &[u8]) -> Range<Vec<u8>> {
    prefix_range(&key[..key.len().min(17)])
}

/// Everything that begins with `prefix`.
#[must_use]
pub fn prefix_range(prefix: &[u8]) -> Range<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    prefix.to_vec()..end
}

/// The smallest key above `key`.
#[must_use]
pub fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_what_they_were_made_of() {
        let conversation = ConversationId::from_random([1; 16]);
        let person = PersonId::from_random([2; 16]);
        let entry = EntryId::next(None, 77, 5);
        let row = inbox_row(person, Shelf::Archive, Millis(99), conversation);
        let mine = ClientMessageId::from_random([4; 16]);
        let waits = pending(conversation, person, mine);
        assert_eq!(parse_pending(&waits), Some((person, mine)));
        let waited = settled(conversation, person, mine);
        assert_eq!(parse_pending(&waited), Some((person, mine)));
        assert_eq!(of_conversation(&waited), Some(conversation));
        let due = due(Millis(99), conversation, person, mine);
        assert_eq!(parse_due(&due), Some((Millis(99), conversation, person, mine)));
        let told = activity(conversation, person, 300);
        assert_eq!(parse_activity(&told), Some((conversation, person, 300)));
        assert_eq!(parse_own_hours(&own_hours(person)), Some(person));
        assert_eq!(parse_draft(&draft(conversation, person)), Some(person));
        assert_eq!(parse_inbox_row(&row), Some((Millis(99), conversation)));
        assert_eq!(parse_entries(&entries(conversation, entry, 3)), Some((entry, 3)));
        assert_eq!(parse_cursor(&cursor(conversation, person)), Some(person));
        assert_eq!(parse_withdrawn(&withdrawn(conversation, entry)), Some(entry));
        assert_eq!(parse_summary(&summary(conversation, entry)), Some(entry));
        assert!(segments(conversation).contains(&segment(conversation, entry, 7)));
        let (plain, one) = (factors(person), PasskeyId::from_random([3; 16]));
        assert_eq!(parse_factors(&plain), Some((person, None)));
        assert_eq!(parse_factors(&passkey(person, one)), Some((person, Some(one))));
        assert_eq!(parse_conversation(&header(conversation)), Some(conversation));
        assert_eq!(parse_audit(&audit(77)), Some(77));
        assert_eq!(parse_access(&access(conversation, 77)), Some((conversation, 77)));
        assert!(access(conversation, 78) < access(conversation, 77));
        assert_eq!(parse_conversation(&cursor(conversation, person)), Some(conversation));
        let asked = FormId::from_random([5; 16]);
        assert_eq!(parse_form(&form(asked)), Some(asked));
        assert_eq!(parse_form_version(&form_version(asked, 7)), Some((asked, 7)));
        for of in [given, handed, answers] {
            let key = of(conversation, entry);
            assert_eq!(parse_given(&key), Some(entry));
            assert_eq!(of_conversation(&key), Some(conversation));
        }
        assert_eq!(of_conversation(&form(asked)), None);
        let a_file = FileId::from_random([5; 16]);
        let sent = upload(conversation, person, a_file);
        assert_eq!(parse_upload(&sent), Some((conversation, person, a_file)));
        assert!(uploads_of(conversation, person).contains(&sent));
        let there = shared(conversation, entry);
        assert_eq!(parse_shared(&there), Some(entry));
        assert!(!shared_before(conversation, entry).contains(&there));
        assert!(shared_before(conversation, EntryId::MAX).contains(&there));
        assert_eq!(parse_file(&file(a_file)), Some(a_file));
        assert_eq!(parse_kept(&kept(person)), Some(person));
    }

    #[test]
    fn recent_inbox_rows_come_first() {
        let person = PersonId::from_random([2; 16]);
        let conversation = ConversationId::from_random([1; 16]);
        let row = |at| inbox_row(person, Shelf::Live, Millis(at), conversation);
        assert!(row(2) < row(1));
        assert!(inbox(person, Shelf::Live).contains(&row(2)));
        assert!(!inbox(person, Shelf::Archive).contains(&row(2)));
    }

    #[test]
    fn a_prefix_ends_where_the_next_begins() {
        assert_eq!(prefix_range(b"a"), b"a".to_vec()..b"b".to_vec());
        assert_eq!(prefix_range(&[1, 255]), vec![1, 255]..vec![2]);
    }
}
