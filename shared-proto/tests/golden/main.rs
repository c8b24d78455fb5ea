//! The bytes of every frame, answer and entry body, pinned: what a released build wrote, every
//! later one reads. A row is `pattern => { value => "bytes" }`; the patterns of a table are one
//! exhaustive match, so a new variant without a row does not compile.
//!
//! Bytes are written in hex; `11*16` is a byte sixteen times, `'abc'` is ASCII. Each fixture id
//! is one byte sixteen times. Never change a row of a released build: add one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::account::Account;
use shared_proto::chart::{Consents, Details};
use shared_proto::codec;
use shared_proto::conversation::event::{BODY_VERSION, Event, kind};
use shared_proto::conversation::state::{self, Member, State, Tally, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{
    ClientMessageId, ConversationId, DeviceId, DivisionId, EntryId, FileId, FormId, PersonId,
};
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
use shared_proto::practice::{
    Booking, ClientStart, CreateForInvited, Division, Notices, Policies, Practice, Settings,
};
use shared_proto::time::Millis;
use shared_proto::wire::{Cursor, InboxMark, InboxRow, Page, Preview, PreviewContent};

const ROOM: ConversationId = ConversationId::from_bytes([0xc0; 16]);
const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
const ADULTS: DivisionId = DivisionId::from_bytes([0xd1; 16]);
const INTAKE: FormId = FormId::from_bytes([0xf0; 16]);
const PHONE: DeviceId = DeviceId::from_bytes([0xde; 16]);
const MINE: ClientMessageId = ClientMessageId::from_bytes([0x11; 16]);
const FILE: FileId = FileId::from_bytes([0xf1; 16]);
const FIRST: EntryId = EntryId::from_bytes([0xe1; 16]);
const LAST: EntryId = EntryId::from_bytes([0xe2; 16]);
/// Takes two bytes and more: 300 = 0b10_0101100.
const AT: Millis = Millis(300);
/// Told apart from the one before.
const LATER: Millis = Millis(301);

fn card() -> PersonCard {
    PersonCard { id: ANA, name: "Ana".into(), role: Role::Provider }
}

fn entry() -> Entry {
    let body = vec![BODY_VERSION, 0xff];
    Entry { id: LAST, at: AT, author: BEN, audience: Audience::Members, kind: kind::MESSAGE, body }
}

fn page() -> Page {
    Page { entries: vec![entry()], more: true }
}

fn member(person: PersonId) -> Member {
    Member::since(person, FIRST)
}

fn row() -> InboxRow {
    let created = Some(state::Created { at: AT, host: ANA, division: Some(ADULTS) });
    let tally = Some(Tally { messages: 300, last: Some(LAST), last_at: AT });
    let members =
        vec![Member { tally, ..member(ANA) }, Member { until: Some(LAST), ..member(BEN) }];
    let content = PreviewContent::Message("hi".into());
    InboxRow {
        conversation: ROOM,
        state: State {
            viewer: Viewer::Only(ANA),
            created,
            members,
            ..State::absent(Viewer::Everyone)
        },
        people: vec![card()],
        preview: Some(Preview { entry: LAST, at: AT, author: BEN, content }),
        unread: 2,
        read_up_to: Some(FIRST),
        draft: true,
        pending: false,
    }
}

fn division() -> Division {
    Division { id: ADULTS, name: "A".into() }
}

/// Nothing in it is what a new practice begins with.
fn settings() -> Settings {
    Settings {
        name: "Oak".into(),
        time_zone: "CET".into(),
        language: "de".into(),
        currency: "EUR".into(),
        announcement: "hi".into(),
        idle_minutes: 300,
        session_hours: 13,
        policies: Policies {
            client_start: ClientStart::Never,
            create_for_invited: CreateForInvited::No,
            notify: Notices { email: true, sms: false, push: true },
            booking: Booking::Public,
        },
        sender: "Hut".into(),
    }
}

fn practice() -> Practice {
    Practice { settings: settings(), divisions: vec![division()], revision: 300 }
}

/// Each detail another letter, so that two that change places are seen.
fn details() -> Details {
    Details(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].map(String::from))
}

fn person_row() -> PersonRow {
    PersonRow {
        card: card(),
        account: AccountState::Invited { until: AT },
        email: "a@b".into(),
        phone: "123".into(),
        chart_number: "C1".into(),
        division: Some(ADULTS),
        assigned: vec![BEN],
        portal: true,
    }
}

fn account() -> Account {
    Account {
        card: card(),
        email: "a@b".into(),
        mobile: "123".into(),
        language: "en".into(),
        time_zone: "UTC".into(),
        consents: Consents { email: true, sms: false },
        read_receipts: true,
        details: Some(details()),
    }
}

fn cursor() -> Cursor {
    Cursor { person: BEN, received: Some(LAST), read: None }
}

fn mark() -> InboxMark {
    InboxMark { at: AT, conversation: ROOM }
}

/// What has pinned bytes.
trait Golden: PartialEq + Sized {
    fn bytes(&self) -> Vec<u8>;
    fn back(bytes: &[u8]) -> Option<Self>;
}

impl<T: Serialize + DeserializeOwned + PartialEq> Golden for T {
    fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
    fn back(bytes: &[u8]) -> Option<Self> {
        codec::decode(bytes).ok()
    }
}

/// A kind's number, big-endian, then its body.
#[derive(PartialEq)]
struct Body(Event);

impl Golden for Body {
    fn bytes(&self) -> Vec<u8> {
        let (kind, body) = self.0.encode();
        [&kind.to_be_bytes()[..], &body].concat()
    }
    fn back(bytes: &[u8]) -> Option<Self> {
        let kind = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
        let body = bytes.get(2..)?.to_vec();
        Event::decode(&Entry { kind, body, ..entry() }).ok().map(Body)
    }
}

/// The bytes a row spells.
fn spelled(row: &str) -> Vec<u8> {
    let hex = |text| u8::from_str_radix(text, 16).expect("two hex digits");
    let mut bytes = Vec::new();
    for word in row.split(' ') {
        if let Some(text) = word.strip_prefix('\'') {
            bytes.extend(text.strip_suffix('\'').expect("a closing quote").bytes());
        } else if let Some((byte, times)) = word.split_once('*') {
            let times = times.parse().expect("a count");
            bytes.extend(std::iter::repeat_n(hex(byte), times));
        } else {
            bytes.push(hex(word));
        }
    }
    bytes
}

/// The row that spells `bytes`.
fn spell(bytes: &[u8]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let times = rest.iter().take_while(|byte| **byte == first).count();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let taken = if times > 3 {
            words.push(format!("{first:02x}*{times}"));
            times
        } else if letters > 1 {
            words.push(format!("'{}'", String::from_utf8_lossy(&rest[..letters])));
            letters
        } else {
            words.push(format!("{first:02x}"));
            1
        };
        rest = &rest[taken..];
    }
    words.join(" ")
}

#[track_caller]
fn check<T: Golden>(value: &T, matched: &str, row: &str, expect: &str) {
    assert_eq!(matched, row, "the value stands in the row of another variant");
    assert_eq!(spell(&value.bytes()), expect, "bytes of {row} changed");
    let bytes = spelled(expect);
    assert!(value.bytes() == bytes, "{row} is not spelled as it reads");
    assert!(T::back(&bytes).as_ref() == Some(value), "bytes of {row} read as something else");
}

macro_rules! golden {
    ($($table:ident: $type:ty {
        $($pattern:pat => { $($value:expr => $bytes:literal),+ $(,)? })+
    })+) => { $(
        #[test]
        fn $table() {
            fn matched(value: &$type) -> &'static str {
                match value { $($pattern => stringify!($pattern)),+ }
            }
            $($({
                let value = $value;
                check::<$type>(&value, matched(&value), stringify!($pattern), $bytes);
            })+)+
        }
    )+ };
}

mod ask;
mod conversation;
mod desk;
mod factors;
mod file;
mod form;
mod http;
mod notice;
mod office;
mod people;
mod practice;
mod refusal;
mod wire;
