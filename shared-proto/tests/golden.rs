//! The bytes of every frame, answer and entry body, pinned: what a released build wrote, every
//! later one reads. A row is `pattern => { value => "bytes" }`; the patterns of a table are one
//! exhaustive match, so a new variant without a row does not compile.
//!
//! Bytes are written in hex; `11*16` is a byte sixteen times, `'abc'` is ASCII. Each fixture id
//! is one byte sixteen times. Never change a row of a released build: add one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::account::{Account, AccountChange, Device};
use shared_proto::chart::{Consents, Details};
use shared_proto::codec;
use shared_proto::conversation::event::{
    BODY_VERSION, Created, Emergency, Event, Message, Redacted, Withdrawn, kind,
};
use shared_proto::conversation::state::{self, Grant, Member, State, Tally, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::http::{self, Session, SetUp, SignIn};
use shared_proto::id::{ClientMessageId, ConversationId, DeviceId, DivisionId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::office::{Ask, Changed, EmergencyRow, Told};
use shared_proto::people::{
    AccountState, Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PeopleShown, PersonCard,
    PersonChange, PersonRow, Role,
};
use shared_proto::practice::{Booking, ClientStart, Division, Practice, PracticeChange, Settings};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::{
    CatchUp, ClientFrame, Cursor, Direction, Held, Hello, InboxMark, InboxPage, InboxRow, Opened,
    Page, Preview, PreviewContent, Reply, Request, ServerEvent, ServerFrame, close,
};

const ROOM: ConversationId = ConversationId::from_bytes([0xc0; 16]);
const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
const MINE: ClientMessageId = ClientMessageId::from_bytes([0x11; 16]);
const FIRST: EntryId = EntryId::from_bytes([0xe1; 16]);
const LAST: EntryId = EntryId::from_bytes([0xe2; 16]);
/// Takes two bytes and more: 300 = 0b10_0101100.
const AT: Millis = Millis(300);

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
    Member { person, from: FIRST, until: None, tally: None }
}

fn row() -> InboxRow {
    let created = Some(state::Created { at: AT, host: ANA, division: DIVISION });
    let grants = vec![Grant { person: BEN, from: LAST, until: AT }];
    let tally = Some(Tally { messages: 300, last: Some(LAST), last_at: AT });
    let members =
        vec![Member { tally, ..member(ANA) }, Member { until: Some(LAST), ..member(BEN) }];
    let content = PreviewContent::Message("hi".into());
    InboxRow {
        conversation: ROOM,
        state: State { viewer: Viewer::Only(ANA), created, members, grants },
        people: vec![card()],
        preview: Some(Preview { entry: LAST, at: AT, author: BEN, content }),
        unread: 2,
        read_up_to: Some(FIRST),
    }
}

const DIVISION: Option<DivisionId> = Some(DivisionId::from_bytes([0xd1; 16]));

fn practice() -> Practice {
    let division = Division { id: DivisionId::from_bytes([0xd1; 16]), name: "A".into() };
    Practice { settings: Settings::named("Oak"), divisions: vec![division], revision: 300 }
}

fn person_row() -> PersonRow {
    PersonRow {
        card: card(),
        account: AccountState::Invited { until: AT },
        email: "a@b".into(),
        phone: "123".into(),
        chart_number: "C1".into(),
        division: DIVISION,
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
        details: Some(Details::default()),
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

golden! {
    client_frame_keeps_its_bytes: ClientFrame {
        ClientFrame { .. } => {
            ClientFrame { id: 300, request: Request::Ping } => "ac 02 00",
        }
    }

    requests_keep_their_bytes: Request {
        Request::Ping => { Request::Ping => "00" }
        Request::Inbox { .. } => {
            Request::Inbox { after: None } => "01 00",
            Request::Inbox { after: Some(mark()) } => "01 01 ac 02 c0*16",
        }
        Request::Rows { .. } => { Request::Rows { conversations: vec![ROOM] } => "02 01 c0*16" }
        Request::FindPeople { .. } => {
            Request::FindPeople { text: "ana".into() } => "03 03 'ana'",
        }
        Request::Create { .. } => {
            Request::Create { client_id: MINE, participants: vec![BEN] } => "04 11*16 01 bb*16",
        }
        Request::Open { .. } => { Request::Open { conversation: ROOM } => "05 c0*16" }
        Request::Leave { .. } => { Request::Leave { conversation: ROOM } => "06 c0*16" }
        Request::Resume { .. } => {
            Request::Resume { held: vec![Held { conversation: ROOM, last: LAST }] } =>
                "07 01 c0*16 e2*16",
        }
        Request::History { .. } => {
            Request::History { conversation: ROOM, from: LAST, direction: Direction::After } =>
                "08 c0*16 e2*16 01",
        }
        Request::Send { .. } => {
            Request::Send {
                conversation: ROOM,
                client_message_id: MINE,
                held: None,
                text: "hé".into(),
            } => "09 c0*16 11*16 00 03 68 c3 a9",
            Request::Send {
                conversation: ROOM,
                client_message_id: MINE,
                held: Some(LAST),
                text: "hi".into(),
            } => "09 c0*16 11*16 01 e2*16 02 'hi'",
        }
        Request::Withdraw { .. } => {
            Request::Withdraw { conversation: ROOM, target: LAST } => "0a c0*16 e2*16",
        }
        Request::ReceivedUpTo { .. } => {
            Request::ReceivedUpTo { conversation: ROOM, entry: LAST } => "0b c0*16 e2*16",
        }
        Request::ReadUpTo { .. } => {
            Request::ReadUpTo { conversation: ROOM, entry: LAST } => "0c c0*16 e2*16",
        }
        Request::Typing { .. } => { Request::Typing { conversation: ROOM } => "0d c0*16" }
        Request::Office(_) => { Request::Office(Ask::Active) => "0e 0b" }
    }

    directions_keep_their_bytes: Direction {
        Direction::Before => { Direction::Before => "00" }
        Direction::After => { Direction::After => "01" }
    }

    server_frames_keep_their_bytes: ServerFrame {
        ServerFrame::Reply { .. } => {
            ServerFrame::Reply { id: 300, result: Ok(Reply::Done) } => "00 ac 02 00 00",
            ServerFrame::Reply { id: 1, result: Err(Refusal::NotFound) } => "00 01 01 03",
        }
        ServerFrame::Event(_) => {
            ServerFrame::Event(ServerEvent::Typing { conversation: ROOM, person: BEN }) =>
                "01 05 c0*16 bb*16",
        }
    }

    replies_keep_their_bytes: Reply {
        Reply::Done => { Reply::Done => "00" }
        Reply::Inbox(_) => {
            Reply::Inbox(InboxPage { rows: vec![], next: None }) => "01 00 00",
            Reply::Inbox(InboxPage { rows: vec![row()], next: Some(mark()) }) =>
                "01 01 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 \
                 e2*16 ac 02 bb*16 e1*16 01 e2*16 00 01 bb*16 e2*16 ac 02 01 aa*16 03 'Ana' 01 \
                 01 e2*16 ac 02 bb*16 01 02 'hi' 02 01 e1*16 01 ac 02 c0*16",
        }
        Reply::Rows(_) => {
            Reply::Rows(vec![row()]) =>
                "02 01 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 \
                 e2*16 ac 02 bb*16 e1*16 01 e2*16 00 01 bb*16 e2*16 ac 02 01 aa*16 03 'Ana' 01 \
                 01 e2*16 ac 02 bb*16 01 02 'hi' 02 01 e1*16",
        }
        Reply::People(_) => { Reply::People(vec![card()]) => "03 01 aa*16 03 'Ana' 01" }
        Reply::Created(_) => { Reply::Created(ROOM) => "04 c0*16" }
        Reply::Opened(_) => {
            Reply::Opened(Box::new(Opened {
                row: row(),
                page: page(),
                cursors: vec![cursor()],
                here: vec![BEN],
            })) =>
                "05 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 \
                 ac 02 bb*16 e1*16 01 e2*16 00 01 bb*16 e2*16 ac 02 01 aa*16 03 'Ana' 01 01 \
                 e2*16 ac 02 bb*16 01 02 'hi' 02 01 e1*16 01 e2*16 ac 02 bb*16 00 02 02 01 ff \
                 01 01 bb*16 01 e2*16 00 01 bb*16",
        }
        Reply::Page(_) => { Reply::Page(page()) => "06 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01" }
        Reply::Sent { .. } => { Reply::Sent { entry: LAST, at: AT } => "07 e2*16 ac 02" }
        Reply::Office(_) => { Reply::Office(Told::Devices(vec![])) => "08 05 00" }
    }

    previews_keep_their_bytes: PreviewContent {
        PreviewContent::Created => { PreviewContent::Created => "00" }
        PreviewContent::Message(_) => { PreviewContent::Message("hi".into()) => "01 02 'hi'" }
        PreviewContent::Withdrawn => { PreviewContent::Withdrawn => "02" }
        PreviewContent::Unsupported => { PreviewContent::Unsupported => "03" }
        PreviewContent::Emergency => { PreviewContent::Emergency => "04" }
    }

    events_keep_their_bytes: ServerEvent {
        ServerEvent::Hello(_) => {
            ServerEvent::Hello(Hello {
                build: "0.1".into(),
                me: card(),
                now: AT,
                practice: practice(),
                assigned: vec![card()],
            }) => "00 03 30 2e 31 aa*16 03 'Ana' 01 ac 02 03 'Oak' 03 'UTC' 02 'en' 03 'USD' 00 \
                 0a 0c 00 00 01 01 01 00 01 d1*16 01 41 ac 02 01 aa*16 03 'Ana' 01",
        }
        ServerEvent::Entries { .. } => {
            ServerEvent::Entries { conversation: ROOM, entries: vec![entry()] } =>
                "01 c0*16 01 e2*16 ac 02 bb*16 00 02 02 01 ff",
        }
        ServerEvent::Row(_) => {
            ServerEvent::Row(Box::new(row())) =>
                "02 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 \
                 ac 02 bb*16 e1*16 01 e2*16 00 01 bb*16 e2*16 ac 02 01 aa*16 03 'Ana' 01 01 \
                 e2*16 ac 02 bb*16 01 02 'hi' 02 01 e1*16",
        }
        ServerEvent::CaughtUp { .. } => {
            ServerEvent::CaughtUp { conversation: ROOM, catch_up: CatchUp::Gone } => "03 c0*16 02",
        }
        ServerEvent::Cursors { .. } => {
            ServerEvent::Cursors { conversation: ROOM, cursors: vec![cursor()] } =>
                "04 c0*16 01 bb*16 01 e2*16 00",
        }
        ServerEvent::Typing { .. } => {
            ServerEvent::Typing { conversation: ROOM, person: BEN } => "05 c0*16 bb*16",
        }
        ServerEvent::Presence { .. } => {
            ServerEvent::Presence { conversation: ROOM, person: BEN, here: true } =>
                "06 c0*16 bb*16 01",
        }
        ServerEvent::Read { .. } => {
            ServerEvent::Read { conversation: ROOM, read_up_to: LAST, unread: 3 } =>
                "07 c0*16 e2*16 03",
        }
        ServerEvent::Changed(_) => {
            ServerEvent::Changed(Changed::PersonGone(BEN)) => "08 01 bb*16",
        }
    }

    catch_ups_keep_their_bytes: CatchUp {
        CatchUp::Page { .. } => {
            CatchUp::Page {
                page: page(),
                cursors: vec![cursor()],
                here: vec![ANA, BEN],
                unread: 3,
                read_up_to: Some(FIRST),
            } =>
                "00 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01 01 bb*16 01 e2*16 00 02 aa*16 bb*16 03 \
                 01 e1*16",
        }
        CatchUp::StartOver => { CatchUp::StartOver => "01" }
        CatchUp::Gone => { CatchUp::Gone => "02" }
    }

    refusals_keep_their_bytes: Refusal {
        Refusal::SignInRequired => { Refusal::SignInRequired => "00" }
        Refusal::WrongCredentials => { Refusal::WrongCredentials => "01" }
        Refusal::TooManyTries { .. } => {
            Refusal::TooManyTries { retry_after_s: 300 } => "02 ac 02",
        }
        Refusal::NotFound => { Refusal::NotFound => "03" }
        Refusal::Invalid { .. } => { Refusal::invalid(Field::Email, Rule::Taken) => "04 03 08" }
        Refusal::ClientCannotStart => { Refusal::ClientCannotStart => "05" }
        Refusal::NotAuthor => { Refusal::NotAuthor => "06" }
        Refusal::AlreadyWithdrawn => { Refusal::AlreadyWithdrawn => "07" }
        Refusal::NotAMessage => { Refusal::NotAMessage => "08" }
        Refusal::TooFast { .. } => { Refusal::TooFast { retry_after_ms: 300 } => "09 ac 02" }
        Refusal::Busy => { Refusal::Busy => "0a" }
        Refusal::StorageFull => { Refusal::StorageFull => "0b" }
        Refusal::Unavailable => { Refusal::Unavailable => "0c" }
        Refusal::Stopping => { Refusal::Stopping => "0d" }
        Refusal::SetUpLink => { Refusal::SetUpLink => "0e" }
        Refusal::TooFarBehind => { Refusal::TooFarBehind => "0f" }
        Refusal::OwnerOnly => { Refusal::OwnerOnly => "10" }
        Refusal::ProviderOnly => { Refusal::ProviderOnly => "11" }
        Refusal::LastOwner => { Refusal::LastOwner => "12" }
        Refusal::PortalOff => { Refusal::PortalOff => "13" }
        Refusal::NotAssigned => { Refusal::NotAssigned => "14" }
        Refusal::ProviderFirst => { Refusal::ProviderFirst => "15" }
        Refusal::SessionsOnly => { Refusal::SessionsOnly => "16" }
        Refusal::OtherDivision => { Refusal::OtherDivision => "17" }
        Refusal::NoAccount => { Refusal::NoAccount => "18" }
        Refusal::HasAccount => { Refusal::HasAccount => "19" }
        Refusal::NoEmail => { Refusal::NoEmail => "1a" }
        Refusal::Suspended => { Refusal::Suspended => "1b" }
        Refusal::Locked => { Refusal::Locked => "1c" }
        Refusal::ReadOnly => { Refusal::ReadOnly => "1d" }
        Refusal::Outdated => { Refusal::Outdated => "1e" }
    }

    rules_keep_their_bytes: Rule {
        Rule::Empty => { Rule::Empty => "00" }
        Rule::TooLong { .. } => { Rule::TooLong { limit: 8_000 } => "01 c0 3e" }
        Rule::TooShort { .. } => { Rule::TooShort { limit: 15 } => "02 0f" }
        Rule::TooMany { .. } => { Rule::TooMany { limit: 25 } => "03 19" }
        Rule::Malformed => { Rule::Malformed => "04" }
        Rule::Duplicate => { Rule::Duplicate => "05" }
        Rule::Unknown => { Rule::Unknown => "06" }
        Rule::Common => { Rule::Common => "07" }
        Rule::Taken => { Rule::Taken => "08" }
    }

    fields_keep_their_bytes: Field {
        Field::Text => { Field::Text => "00" }
        Field::Participants => { Field::Participants => "01" }
        Field::Name => { Field::Name => "02" }
        Field::Email => { Field::Email => "03" }
        Field::Password => { Field::Password => "04" }
        Field::Practice => { Field::Practice => "05" }
        Field::Query => { Field::Query => "06" }
        Field::Conversations => { Field::Conversations => "07" }
        Field::Phone => { Field::Phone => "08" }
        Field::ChartNumber => { Field::ChartNumber => "09" }
        Field::Division => { Field::Division => "0a" }
        Field::Detail => { Field::Detail => "0b" }
        Field::TimeZone => { Field::TimeZone => "0c" }
        Field::Language => { Field::Language => "0d" }
        Field::Currency => { Field::Currency => "0e" }
        Field::Announcement => { Field::Announcement => "0f" }
        Field::IdleMinutes => { Field::IdleMinutes => "10" }
        Field::SessionHours => { Field::SessionHours => "11" }
        Field::Reason => { Field::Reason => "12" }
    }

    roles_keep_their_bytes: Role {
        Role::Owner => { Role::Owner => "00" }
        Role::Provider => { Role::Provider => "01" }
        Role::Client => { Role::Client => "02" }
    }

    person_cards_keep_their_bytes: PersonCard {
        PersonCard { .. } => { card() => "aa*16 03 'Ana' 01" }
    }

    entries_keep_their_bytes: Entry {
        Entry { .. } => { entry() => "e2*16 ac 02 bb*16 00 02 02 01 ff" }
    }

    audiences_keep_their_bytes: Audience {
        Audience::Members => { Audience::Members => "00" }
        Audience::Only(_) => { Audience::Only(vec![ANA, BEN]) => "01 02 aa*16 bb*16" }
    }

    entry_bodies_keep_their_kind_and_bytes: Body {
        Body(Event::Created(_)) => {
            Body(Event::Created(Created { host: ANA, participants: vec![BEN], division: DIVISION })) =>
                "00 01 01 aa*16 01 bb*16 01 d1*16",
        }
        Body(Event::Message(_)) => {
            Body(Event::Message(Message { client_message_id: MINE, text: "hé".into() })) =>
                "00 02 01 11*16 03 68 c3 a9",
        }
        Body(Event::Withdrawn(_)) => {
            Body(Event::Withdrawn(Withdrawn { target: LAST })) => "00 03 01 e2*16",
        }
        Body(Event::Emergency(_)) => {
            Body(Event::Emergency(Emergency {
                person: ANA,
                name: "Ana".into(),
                until: AT,
                reason: "why".into(),
            })) => "00 04 01 aa*16 03 'Ana' ac 02 03 'why'",
        }
        Body(Event::Redacted(_)) => {
            Body(Event::Redacted(Redacted { client_message_id: MINE })) => "80 02 01 11*16",
        }
    }

    // Stored too: the header of a conversation holds its fold.
    folds_keep_their_bytes: State {
        State { .. } => {
            State::absent(Viewer::Everyone) => "00*4",
            row().state =>
                "01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac 02 bb*16 \
                 e1*16 01 e2*16 00 01 bb*16 e2*16 ac 02",
        }
    }

    viewers_keep_their_bytes: Viewer {
        Viewer::Everyone => { Viewer::Everyone => "00" }
        Viewer::Only(_) => { Viewer::Only(ANA) => "01 aa*16" }
    }

    sessions_keep_their_bytes: Session {
        Session::SetUpNeeded => { Session::SetUpNeeded => "00" }
        Session::SignedOut { .. } => {
            Session::SignedOut { practice: "Oak".into() } => "01 03 'Oak'",
        }
        Session::SignedIn { .. } => {
            Session::SignedIn { practice: "Oak".into(), me: card() } =>
                "02 03 'Oak' aa*16 03 'Ana' 01",
        }
        Session::Locked { .. } => {
            Session::Locked { practice: "Oak".into(), me: card() } =>
                "03 03 'Oak' aa*16 03 'Ana' 01",
        }
    }

    sign_in_keeps_its_bytes: SignIn {
        SignIn { .. } => {
            SignIn { email: "a@b".into(), password: "secret".into() } => "03 61 40 62 06 'secret'",
        }
    }

    set_up_keeps_its_bytes: SetUp {
        SetUp { .. } => {
            SetUp {
                token: "t0".into(),
                practice: "Oak".into(),
                name: "Ana".into(),
                email: "a@b".into(),
                password: "secret".into(),
                time_zone: "UTC".into(),
            } => "02 't0' 03 'Oak' 03 'Ana' 03 61 40 62 06 'secret' 03 'UTC'",
        }
    }

    asks_keep_their_bytes: Ask {
        Ask::People { .. } => { Ask::People { filter: PeopleFilter { text: "an".into(), shown: PeopleShown::Providers }, after: Some(PeopleMark { assigned: true, name: "ana".into(), person: ANA }) } => "00 02 'an' 01 01 01 03 'ana' aa*16" }
        Ask::Chart { .. } => { Ask::Chart { person: ANA } => "01 aa*16" }
        Ask::AddPerson { .. } => { Ask::AddPerson { client_id: MINE, person: Box::new(NewPerson { role: Role::Client, name: "Ben".into(), email: String::new(), phone: String::new(), chart_number: "C1".into(), division: DIVISION }) } => "02 11*16 02 03 'Ben' 00 00 02 'C1' 01 d1*16" }
        Ask::ChangePerson { .. } => { Ask::ChangePerson { person: BEN, change: Box::new(PersonChange::Portal(false)) } => "03 bb*16 03 00" }
        Ask::ClientInbox { .. } => { Ask::ClientInbox { client: BEN, after: Some(mark()) } => "04 bb*16 01 ac 02 c0*16" }
        Ask::Practice => { Ask::Practice => "05" }
        Ask::ChangePractice { .. } => { Ask::ChangePractice { revision: 300, change: PracticeChange::AddDivision { name: "A".into() } } => "06 ac 02 01 01 41" }
        Ask::Account => { Ask::Account => "07" }
        Ask::ChangeAccount(_) => { Ask::ChangeAccount(AccountChange::ReadReceipts(false)) => "08 05 00" }
        Ask::Devices => { Ask::Devices => "09" }
        Ask::SignOut { .. } => { Ask::SignOut { device: Some(DeviceId::from_bytes([0xde; 16])) } => "0a 01 de*16" }
        Ask::Active => { Ask::Active => "0b" }
        Ask::EmergencyList { .. } => { Ask::EmergencyList { client: BEN, reason: "why".into() } => "0c bb*16 03 'why'" }
        Ask::EmergencyOpen { .. } => { Ask::EmergencyOpen { conversation: ROOM, reason: "why".into() } => "0d c0*16 03 'why'" }
    }

    what_is_told_keeps_its_bytes: Told {
        Told::People(_) => { Told::People(PeoplePage { rows: vec![person_row()], next: None, total: 300 }) => "00 01 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 \
                 bb*16 01 00 ac 02" }
        Told::Chart(_) => { Told::Chart(Box::new(Chart { row: person_row(), details: Details::default(), consents: Consents::default(), assigned: vec![card()], since: AT })) => "01 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 \
                 01 00*14 01 aa*16 03 'Ana' 01 ac 02" }
        Told::Person(_) => { Told::Person(Box::new(person_row())) => "02 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 \
                 01" }
        Told::Practice(_) => { Told::Practice(Box::new(practice())) => "03 03 'Oak' 03 'UTC' 02 'en' 03 'USD' 00 0a 0c 00 00 01 01 01 00 01 d1*16 01 \
                 41 ac 02" }
        Told::Account(_) => { Told::Account(Box::new(account())) => "04 aa*16 03 'Ana' 01 03 61 40 62 03 '123' 02 'en' 03 'UTC' 01 00 01 01 00*12" }
        Told::Devices(_) => { Told::Devices(vec![Device { id: DeviceId::from_bytes([0xde; 16]), browser: "Chrome".into(), system: "Linux".into(), since: AT, last_active: AT, this_one: true }]) => "05 01 de*16 06 'Chrome' 05 'Linux' ac 02 ac 02 01" }
        Told::Emergency(_) => { Told::Emergency(vec![EmergencyRow { conversation: ROOM, members: vec!["Ana".into()], created_at: AT, last_at: AT }]) => "06 01 c0*16 01 03 'Ana' ac 02 ac 02" }
    }

    changes_keep_their_bytes: Changed {
        Changed::Person(_) => { Changed::Person(Box::new(person_row())) => "00 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 \
                 01" }
        Changed::PersonGone(_) => { Changed::PersonGone(BEN) => "01 bb*16" }
        Changed::Practice(_) => { Changed::Practice(Box::new(practice())) => "02 03 'Oak' 03 'UTC' 02 'en' 03 'USD' 00 0a 0c 00 00 01 01 01 00 01 d1*16 01 \
                 41 ac 02" }
        Changed::Account(_) => { Changed::Account(Box::new(account())) => "03 aa*16 03 'Ana' 01 03 61 40 62 03 '123' 02 'en' 03 'UTC' 01 00 01 01 00*12" }
        Changed::Details { .. } => { Changed::Details { person: BEN, details: Box::new(Details::default()) } => "04 bb*16 00*12" }
    }

    changes_of_a_person_keep_their_bytes: PersonChange {
        PersonChange::Contact { .. } => { PersonChange::Contact { name: "B".into(), email: "b@c".into(), phone: String::new(), chart_number: String::new() } => "00 01 42 03 62 40 63 00 00" }
        PersonChange::Details(_) => { PersonChange::Details(Box::default()) => "01 00*12" }
        PersonChange::Division(_) => { PersonChange::Division(DIVISION) => "02 01 d1*16" }
        PersonChange::Portal(_) => { PersonChange::Portal(true) => "03 01" }
        PersonChange::Suspended(_) => { PersonChange::Suspended(true) => "04 01" }
        PersonChange::Owner(_) => { PersonChange::Owner(true) => "05 01" }
        PersonChange::Assigned { .. } => { PersonChange::Assigned { provider: ANA, on: true } => "06 aa*16 01" }
    }

    changes_of_the_practice_keep_their_bytes: PracticeChange {
        PracticeChange::Settings(_) => { PracticeChange::Settings(Box::new(Settings::named("Oak"))) => "00 03 'Oak' 03 'UTC' 02 'en' 03 'USD' 00 0a 0c 00 00 01 01 01 00" }
        PracticeChange::AddDivision { .. } => { PracticeChange::AddDivision { name: "A".into() } => "01 01 41" }
        PracticeChange::RenameDivision { .. } => { PracticeChange::RenameDivision { division: DivisionId::from_bytes([0xd1; 16]), name: "B".into() } => "02 d1*16 01 42" }
        PracticeChange::RemoveDivision { .. } => { PracticeChange::RemoveDivision { division: DivisionId::from_bytes([0xd1; 16]) } => "03 d1*16" }
    }

    changes_of_an_account_keep_their_bytes: AccountChange {
        AccountChange::Name(_) => { AccountChange::Name("A".into()) => "00 01 41" }
        AccountChange::Mobile(_) => { AccountChange::Mobile("123".into()) => "01 03 '123'" }
        AccountChange::Language(_) => { AccountChange::Language("de".into()) => "02 02 'de'" }
        AccountChange::TimeZone(_) => { AccountChange::TimeZone("UTC".into()) => "03 03 'UTC'" }
        AccountChange::Consents(_) => { AccountChange::Consents(Consents { email: true, sms: false }) => "04 01 00" }
        AccountChange::ReadReceipts(_) => { AccountChange::ReadReceipts(true) => "05 01" }
        AccountChange::Details(_) => { AccountChange::Details(Box::default()) => "06 00*12" }
    }

    states_of_an_account_keep_their_bytes: AccountState {
        AccountState::None => { AccountState::None => "00" }
        AccountState::Invited { .. } => { AccountState::Invited { until: AT } => "01 ac 02" }
        AccountState::Active => { AccountState::Active => "02" }
        AccountState::Suspended => { AccountState::Suspended => "03" }
    }

    who_starts_keeps_its_bytes: ClientStart {
        ClientStart::Assigned => { ClientStart::Assigned => "00" }
        ClientStart::AfterProviderFirst => { ClientStart::AfterProviderFirst => "01" }
        ClientStart::Never => { ClientStart::Never => "02" }
    }

    who_books_keeps_its_bytes: Booking {
        Booking::Off => { Booking::Off => "00" }
        Booking::Clients => { Booking::Clients => "01" }
        Booking::Public => { Booking::Public => "02" }
    }

    http_answers_keep_their_bytes: Result<PersonCard, Refusal> {
        Ok(_) => { Ok(card()) => "00 aa*16 03 'Ana' 01" }
        Err(_) => { Err(Refusal::WrongCredentials) => "01 01" }
    }

    http_answers_without_content_keep_their_bytes: Result<(), Refusal> {
        Ok(()) => { Ok(()) => "00" }
        Err(_) => { Err(Refusal::SignInRequired) => "01 00" }
    }
}

#[test]
fn paths_names_and_codes_stay_what_they_are() {
    let paths = [http::SESSION, http::SIGN_IN, http::SIGN_OUT, http::SET_UP, http::LIVE];
    let expect = ["/api/session", "/api/sign-in", "/api/sign-out", "/api/set-up", "/api/live"];
    assert_eq!(paths, expect);
    assert_eq!([http::LOCK, http::UNLOCK], ["/api/lock", "/api/unlock"]);
    assert_eq!(http::CONTENT_TYPE, "application/vnd.quietroom.v1");
    assert_eq!(limits::SUBPROTOCOL, "quietroom.v1");
    let codes = [
        close::GOING_AWAY,
        close::MALFORMED,
        close::TOO_BIG,
        close::SESSION_ENDED,
        close::TOO_SLOW,
        close::TOO_MANY_SOCKETS,
        close::PORTAL_OFF,
        close::LOCKED,
    ];
    assert_eq!(codes, [1001, 1008, 1009, 4401, 4408, 4429, 4403, 4423]);
}
