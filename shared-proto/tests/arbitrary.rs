//! Whatever bytes arrive, a decoder answers: no panic, no memory out of proportion to them.

// A counting allocator cannot be written without `unsafe`; it only counts and passes on.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::account::{Account, AccountChange, Device};
use shared_proto::chart::{Consents, Details};
use shared_proto::codec::{self, Malformed};
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::{Event, redact};
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::date::Date;
use shared_proto::desk::{self, KeptHours};
use shared_proto::entry::{Audience, Entry};
use shared_proto::factors::{
    FactorAsk, FactorList, FactorTold, Factors, PasskeyCard, RecoveryCodes,
};
use shared_proto::file;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask as form;
use shared_proto::form::check::{FormProblem, FormRule, Part};
use shared_proto::form::fill::{AnswerProblem, AnswerRule};
use shared_proto::form::version::Template;
use shared_proto::form::{
    Alert, Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score,
    Test,
};
use shared_proto::hours::{Common, Day, Hours, Leave, Own, Span};
use shared_proto::http::{Session, SetUp, SignIn, Unlock};
use shared_proto::id::{
    ClientMessageId, ConversationId, DeviceId, DivisionId, EntryId, FileId, FormId, PasskeyId,
    PersonId, ReplyId,
};
use shared_proto::limits;
use shared_proto::office::{Ask, Changed, EmergencyRow, Told};
use shared_proto::people::{
    AccountState, Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PersonCard, PersonChange,
    PersonRow, Role,
};
use shared_proto::practice::{Division, Practice, PracticeChange, Settings};
use shared_proto::refusal::Refusal;
use shared_proto::replies::Reply as SavedReply;
use shared_proto::search::{Filter, Found, Hit, Mark, Piece, Search, Talk};
use shared_proto::time::Millis;
use shared_proto::wire::{
    CatchUp, ClientFrame, Cursor, Direction, Due, Held, Hello, InboxPage, InboxRow, Invitee,
    Opened, Page, Pending, Preview, PreviewContent, Rehearsal, Reply, Request, ServerEvent,
    ServerFrame,
};

/// Counts what each thread holds, so that tests side by side do not disturb each other.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.get() + change;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

// SAFETY: every call goes to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise about `pointer` and `layout` is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most `work` held at any moment above what was held before, in bytes.
fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    PEAK.set(before);
    let result = work();
    (result, (PEAK.get() - before).max(0) as usize)
}

/// What a decoder may hold besides a multiple of its input.
const SPARE_BYTES: usize = 64 * 1024;
/// A frame from a client, per byte of it.
const PER_CLIENT_BYTE: usize = 4;
/// Anything else: the smallest inbox row is 23 bytes on the wire and about 190 in memory, and a
/// vector that grows holds its old and its new place for a moment.
const PER_BYTE: usize = 32;

#[track_caller]
fn check<T: DeserializeOwned + Serialize>(bytes: &[u8], per_byte: usize) -> bool {
    let (decoded, peak) = peak_of(|| codec::decode::<T>(bytes));
    let bound = per_byte * bytes.len() + SPARE_BYTES;
    let name = std::any::type_name::<T>();
    assert!(peak <= bound, "{name}: {peak} bytes held for {} of input", bytes.len());
    if let Ok(value) = &decoded {
        let again = codec::encode(value);
        assert!(codec::decode::<T>(&again).is_ok(), "{name} does not read what it wrote");
        let longer = [bytes, &[0]].concat();
        assert!(codec::decode::<T>(&longer).is_err(), "{name} took a trailing byte");
    }
    decoded.is_ok()
}

/// Feeds `bytes` to every decoder there is.
fn check_all(bytes: &[u8]) {
    check::<ClientFrame>(bytes, PER_CLIENT_BYTE);
    check::<SignIn>(bytes, PER_CLIENT_BYTE);
    check::<SetUp>(bytes, PER_CLIENT_BYTE);
    check::<Unlock>(bytes, PER_CLIENT_BYTE);
    check::<ServerFrame>(bytes, PER_BYTE);
    check::<Session>(bytes, PER_BYTE);
    check::<Result<PersonCard, Refusal>>(bytes, PER_BYTE);
    check::<Result<Session, Refusal>>(bytes, PER_BYTE);
    check::<Result<(), Refusal>>(bytes, PER_BYTE);
    check::<State>(bytes, PER_BYTE);
    check::<Vec<Entry>>(bytes, PER_BYTE);
    check::<Entry>(bytes, PER_BYTE);
    check::<Form>(bytes, PER_BYTE);
    check::<Template>(bytes, PER_BYTE);
    check::<Answers>(bytes, PER_BYTE);
    check_bodies(bytes);
}

/// Feeds `bytes` as a body to every kind, known or not.
fn check_bodies(bytes: &[u8]) {
    for kind in [0, 1, 2, 3, 4, 5, 16, 17, 0x8002, u16::MAX] {
        let body = bytes.to_vec();
        let entry = Entry { kind, body, ..entry() };
        let (_, peak) = peak_of(|| Event::decode(&entry));
        let bound = PER_CLIENT_BYTE * bytes.len() + SPARE_BYTES;
        assert!(peak <= bound, "body of kind {kind}: {peak} bytes for {}", bytes.len());
        let _ = redact(entry);
    }
}

fn person() -> PersonId {
    PersonId::from_bytes([0xaa; 16])
}

fn room() -> ConversationId {
    ConversationId::from_bytes([0xc0; 16])
}

fn entry_id() -> EntryId {
    EntryId::from_bytes([0xee; 16])
}

fn file_id() -> FileId {
    FileId::from_bytes([0xf1; 16])
}

fn message_id() -> ClientMessageId {
    ClientMessageId::from_bytes([0x11; 16])
}

fn entry() -> Entry {
    let audience = Audience::Only(vec![person()]);
    let (id, at, author) = (entry_id(), Millis(1), person());
    Entry { id, at, author, audience, kind: 2, body: vec![1; 20] }
}

fn row() -> InboxRow {
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

fn card() -> PersonCard {
    PersonCard { id: person(), name: "Ana".into(), role: Role::Client }
}

fn practice() -> Practice {
    let division = Division { id: DivisionId::from_bytes([7; 16]), name: "A".into() };
    Practice { settings: Settings::named("Oak"), divisions: vec![division; 3], revision: 1 }
}

fn person_row() -> PersonRow {
    PersonRow {
        card: card(),
        account: AccountState::Invited { until: Millis(1) },
        email: "a@b".into(),
        phone: "123".into(),
        chart_number: "C1".into(),
        division: Some(DivisionId::from_bytes([7; 16])),
        assigned: vec![person(); 3],
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
        consents: Consents::default(),
        read_receipts: true,
        details: Some(details()),
    }
}

fn details() -> Details {
    Details(std::array::from_fn(|place| "x".repeat(place)))
}

fn asks() -> Vec<Ask> {
    let text = String::from("Ben");
    let change = |change| Ask::ChangePerson { person: person(), change: Box::new(change) };
    let of_practice = |change| Ask::ChangePractice { revision: 1, change };
    let mark = PeopleMark { assigned: true, name: text.clone(), person: person() };
    let new_person = NewPerson {
        role: Role::Client,
        name: text.clone(),
        email: text.clone(),
        phone: text.clone(),
        chart_number: text.clone(),
        division: None,
    };
    let contact = PersonChange::Contact {
        name: text.clone(),
        email: text.clone(),
        phone: text.clone(),
        chart_number: text.clone(),
    };
    vec![
        Ask::People {
            filter: PeopleFilter { text: text.clone(), ..PeopleFilter::default() },
            after: Some(mark),
        },
        Ask::AddPerson { client_id: message_id(), person: Box::new(new_person) },
        change(contact),
        change(PersonChange::Details(Box::new(details()))),
        change(PersonChange::Assigned { provider: person(), on: true }),
        of_practice(PracticeChange::Settings(Box::new(Settings::named("Oak")))),
        of_practice(PracticeChange::AddDivision { name: text.clone() }),
        Ask::ChangeAccount(AccountChange::Name(text.clone())),
        Ask::ChangeAccount(AccountChange::Details(Box::new(details()))),
        Ask::SignOut { device: Some(DeviceId::from_bytes([1; 16])), password: text.clone() },
        Ask::EmergencyList { client: person(), reason: text.clone() },
        Ask::EmergencyOpen { conversation: room(), reason: text.clone() },
        Ask::Reachable { conversation: room() },
        Ask::Invite { person: person() },
        Ask::SendReset { person: person() },
        Ask::ChangeEmail { email: text.clone(), password: text.clone() },
        Ask::Factors(FactorAsk::BeginPasskey { name: text.clone(), password: text }),
    ]
}

fn told() -> Vec<Told> {
    let chart = Chart {
        row: person_row(),
        details: details(),
        consents: Consents::default(),
        assigned: vec![card(); 3],
        since: Millis(1),
    };
    let device = Device {
        id: DeviceId::from_bytes([1; 16]),
        browser: "Chrome".into(),
        system: "Linux".into(),
        since: Millis(1),
        last_active: Millis(1),
        this_one: true,
    };
    let passkey = PasskeyCard {
        id: PasskeyId::from_bytes([1; 16]),
        name: "Phone".into(),
        created_at: Millis(1),
        last_used: None,
    };
    let factors = Factors { totp: true, passkeys: vec![passkey; 3], recovery_left: 3 };
    let factors = FactorList { factors, ..FactorList::default() };
    let recovery = RecoveryCodes(vec!["AB".into(); 3]);
    vec![
        Told::Factors(Box::new(FactorTold::Changed { factors, recovery })),
        Told::People(PeoplePage { rows: vec![person_row(); 3], next: None, total: 3 }),
        Told::Chart(Box::new(chart)),
        Told::Person(Box::new(person_row())),
        Told::Practice(Box::new(practice())),
        Told::Account(Box::new(account())),
        Told::Devices(vec![device; 3]),
        Told::Emergency(vec![emergency_row(vec!["Ana".into(); 3]); 3]),
        Told::Reachable(true),
    ]
}

fn emergency_row(members: Vec<String>) -> EmergencyRow {
    EmergencyRow { conversation: room(), members, created_at: Millis(1), last_at: Millis(1) }
}

fn changed() -> Vec<Changed> {
    vec![
        Changed::Person(Box::new(person_row())),
        Changed::Practice(Box::new(practice())),
        Changed::Account(Box::new(account())),
        Changed::Details { person: person(), details: Box::new(details()) },
    ]
}

fn saved() -> SavedReply {
    let id = ReplyId::from_bytes([5; 16]);
    SavedReply { id, revision: 1, title: "Hours".into(), text: "We are open.".into() }
}

fn hours() -> Hours {
    let day = || Day(vec![Span { from: 300, until: 600 }; 2]);
    Hours { week: std::array::from_fn(|_| day()), answer_within: Some(300) }
}

fn own() -> Own {
    let day = Date::new(2026, 3, 1).expect("a day");
    Own {
        hours: Some(hours()),
        leave: vec![Leave { from: day, until: day }; 3],
        away: "gone".into(),
        greeting: "hello".into(),
    }
}

fn common() -> Common {
    Common { hours: Some(hours()), holidays: own().leave.iter().map(|leave| leave.from).collect() }
}

fn command() -> Command {
    let (client_message_id, quoted) = (message_id(), Some(entry_id()));
    Command::Send { client_message_id, text: "hello".into(), quoted }
}

fn share() -> Command {
    let (client_message_id, file) = (message_id(), file_id());
    Command::Share { client_message_id, file, hidden_from: vec![person(); 3] }
}

/// A form with each kind that holds a sequence or a text, and answers to it.
fn forms() -> Vec<Vec<u8>> {
    let mut form = Form::named("Intake");
    let choices = |form: &mut Form| -> Vec<Choice> {
        let choice = |form: &mut Form| Choice {
            id: form.new_choice(),
            label: "Often".into(),
            points: Some(1),
            alone: false,
        };
        (0..3).map(|_| choice(form)).collect()
    };
    let scale = Scale { from: 0, to: 9, from_label: "low".into(), to_label: "high".into() };
    let kinds = [
        Kind::Number(Number { unit: "kg".into(), ..Number::default() }),
        Kind::Date(Days { earliest: Date::new(2026, 1, 2), latest: None }),
        Kind::One(choices(&mut form)),
        Kind::Several(choices(&mut form)),
        Kind::Scale(scale),
        Kind::Signature("True".into()),
    ];
    let mut answers = Answers::default();
    for kind in kinds {
        let chosen: Vec<ChoiceId> = kind.choices().iter().map(|choice| choice.id).collect();
        let link = form.new_link();
        let test = Test::OneOf(chosen.clone());
        let show_if = Some(Condition { item: link, test: test.clone() });
        let alert = Some(Alert { test, label: "Ask".into() });
        let (label, help) = (String::from("Why"), String::from("Because"));
        form.items.push(Item { link, label, help, required: true, show_if, alert, kind });
        answers.set(link, Value::Several(chosen));
        answers.set(form.new_link(), Value::Text("hello".into()));
    }
    let band = Band { from: 1, label: "Low".into() };
    let items = form.items.iter().map(|item| item.link).collect();
    form.scores = vec![Score { label: "Sum".into(), items, bands: vec![band; 3] }; 2];
    let template = Template { id: FormId::from_bytes([7; 16]), version: 1, form: form.clone() };
    vec![codec::encode(&form), codec::encode(&template), codec::encode(&answers)]
}

fn about_forms() -> Vec<form::Ask> {
    let (conversation, entry) = (room(), entry_id());
    let (client_id, form) = (message_id(), Some(FormId::from_bytes([7; 16])));
    vec![
        form::Ask::Save { client_id, form, version: 1, body: vec![7; 30] },
        form::Ask::Keep { conversation, entry, answers: vec![7; 30] },
        form::Ask::Submit {
            conversation,
            entry,
            client_message_id: client_id,
            answers: vec![7; 30],
        },
    ]
}

fn told_of_forms() -> Vec<form::Told> {
    let (id, title, at) = (FormId::from_bytes([7; 16]), String::from("Before we meet"), Millis(1));
    let changed = Some(form::ChangedBy { person: person(), at });
    let listing = form::Listing {
        id,
        version: 1,
        title: title.clone(),
        questions: 3,
        source: form::Source::Library(form::Known::Phq9),
        changed,
        retired: false,
    };
    let submitted = Some(form::Handed { entry: entry_id(), at });
    let assignment = form::Assignment {
        entry: entry_id(),
        form: id,
        version: 1,
        title,
        to: person(),
        at,
        submitted,
        alerts: true,
    };
    let assigned = form::Assigned {
        template: vec![7; 30],
        answers: vec![7; 30],
        to: person(),
        submitted,
        saved_at: Some(at),
    };
    let (item, part, rule) = (Some(LinkId(1)), Part::Whole, FormRule::Empty);
    let problem = FormProblem { item, part, rule };
    let answer_problem = AnswerProblem { item, rule: AnswerRule::Missing };
    vec![
        form::Told::Forms { forms: vec![listing.clone(); 3], people: vec![card(); 3], more: true },
        form::Told::Listing(Box::new(listing)),
        form::Told::Template(vec![7; 30]),
        form::Told::Problems(vec![problem; 3]),
        form::Told::Assigned(Box::new(assigned)),
        form::Told::AnswerProblems(vec![answer_problem; 3]),
        form::Told::Assignments { assignments: vec![assignment; 3], more: true },
    ]
}

fn mark() -> Mark {
    Mark { at: Millis(1), conversation: room(), entry: entry_id() }
}

fn found() -> Found {
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

/// Valid frames to damage: each shape that holds a sequence or a text.
fn valid() -> Vec<Vec<u8>> {
    let (conversation, client_message_id) = (room(), message_id());
    let requests = [
        Request::Inbox { after: None },
        Request::Rows { conversations: vec![room(); 3] },
        Request::FindPeople { text: "ana".into() },
        Request::Create { client_id: message_id(), participants: vec![person(); 3] },
        Request::Resume { held: vec![Held { conversation, last: entry_id() }; 3] },
        Request::History { conversation, from: entry_id(), direction: Direction::After },
        Request::Send { conversation, client_message_id, held: None, text: "hello".into() },
        Request::Begin {
            client_id: message_id(),
            new: New { announcement: Some("hello".into()), ..New::ongoing(vec![person(); 3]) },
            invited: vec![Invitee { name: "Ana".into(), email: "a@b".into() }; 3],
        },
        Request::Do { conversation, held: None, command: command() },
        Request::Later { conversation, id: message_id(), due: Due::Undoable, command: command() },
        Request::Draft { conversation, text: "hello".into() },
        Request::Do { conversation, held: None, command: share() },
        Request::File(file::ask::Ask::Begin {
            conversation,
            client_id: message_id(),
            name: "a.pdf".into(),
            bytes: 1,
        }),
        Request::Search(Search {
            text: "hello".into(),
            filter: Filter { author: Some(person()), ..Filter::default() },
            after: Some(mark()),
        }),
        Request::Desk(desk::Ask::SaveReply { shared: true, reply: Box::new(saved()) }),
        Request::Desk(desk::Ask::SetOwn { revision: 1, own: Box::new(own()) }),
        Request::Desk(desk::Ask::SetCommon { revision: 1, common: Box::new(common()) }),
    ];
    let page = Page { entries: vec![entry(); 3], more: false };
    let cursors = vec![Cursor { person: person(), received: None, read: None }; 3];
    let here = vec![person()];
    let opened =
        Opened { row: row(), page: page.clone(), cursors: cursors.clone(), here: here.clone() };
    let catch_up = CatchUp::Page { page: page.clone(), cursors, here, unread: 1, read_up_to: None };
    let replies = [
        Reply::Inbox(InboxPage { rows: vec![row(); 3], next: None }),
        Reply::People(vec![card(); 3]),
        Reply::Opened(Box::new(opened)),
        Reply::Page(page),
        Reply::Rehearsal(Rehearsal {
            unread: vec![(person(), 1); 3],
            drafts: vec![person(); 3],
            waiting: vec![person(); 3],
            forms: vec![person(); 3],
        }),
        Reply::CalledBack(command()),
        Reply::Emails(vec![(person(), "a@b".into()); 3]),
        Reply::File(file::ask::Told::Files { files: vec![entry(); 3], more: false }),
        Reply::File(file::ask::Told::Upload { file: file_id(), offset: 1, name: "a.pdf".into() }),
        Reply::Found(found()),
        Reply::Desk(desk::Told::Replies { shared: vec![saved(); 3], own: vec![saved()] }),
        Reply::Desk(desk::Told::Hours(Box::new(KeptHours {
            own: own(),
            common: common(),
            ..KeptHours::default()
        }))),
        Reply::Desk(desk::Told::Promise(Some(Box::default()))),
        Reply::Desk(desk::Told::Greeting("hello".into())),
    ];
    let events = [
        ServerEvent::Hello(Hello {
            build: "0.1".into(),
            me: card(),
            now: Millis(1),
            practice: practice(),
            assigned: vec![card()],
        }),
        ServerEvent::Entries { conversation, entries: vec![entry(); 3] },
        ServerEvent::CaughtUp { conversation, catch_up },
        ServerEvent::Draft { conversation, text: "hello".into() },
        ServerEvent::Pending {
            conversation,
            pending: Pending {
                id: message_id(),
                due: Millis(1),
                command: command(),
                refused: Some(Refusal::Ended),
            },
        },
    ];
    let requests = requests.into_iter().chain(asks().into_iter().map(Request::Office));
    let requests = requests.chain(about_forms().into_iter().map(Request::Form));
    let replies = replies.into_iter().chain(told().into_iter().map(Reply::Office));
    let replies = replies.chain(told_of_forms().into_iter().map(Reply::Form));
    let events = events.into_iter().chain(changed().into_iter().map(ServerEvent::Changed));
    let (entry, answers, at) = (entry_id(), vec![7; 30], Millis(1));
    let kept = form::Happened::Kept { conversation, entry, answers, at };
    let events = events.chain([ServerEvent::Form(kept)]);
    let requests = requests.map(|request| codec::encode(&ClientFrame { id: 7, request }));
    let replies = replies.map(|reply| codec::reply_frame(7, Ok(reply)));
    let events = events.map(|event| codec::encode(&ServerFrame::Event(event)));
    requests.chain(replies).chain(events).collect()
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    // Small bytes choose real variants and lengths more often than even chance would.
    let likely = prop_oneof![3 => 0u8..20, 1 => any::<u8>()];
    prop_oneof![vec(any::<u8>(), 0..400), vec(likely, 0..400)]
}

/// A valid frame with some bytes replaced, inserted, removed, or its tail cut or grown.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let edit = (0u8..5, any::<Index>(), prop_oneof![any::<u8>(), Just(0x80), Just(0xff)]);
    (any::<Index>(), vec(edit, 1..6)).prop_map(|(which, edits)| {
        let valid = [valid(), forms()].concat();
        let mut bytes = valid[which.index(valid.len())].clone();
        for (what, at, byte) in edits {
            let at = at.index(bytes.len().max(1));
            match what {
                0 if at < bytes.len() => bytes[at] = byte,
                1 => bytes.insert(at.min(bytes.len()), byte),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                3 => bytes.truncate(at),
                _ => bytes.extend(std::iter::repeat_n(byte, at)),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn arbitrary_bytes_neither_panic_nor_fill_memory(bytes in bytes()) {
        check_all(&bytes);
        check_bodies(&[&[1], &bytes[..]].concat());
    }

    #[test]
    fn damaged_frames_neither_panic_nor_fill_memory(bytes in damaged()) {
        check_all(&bytes);
    }
}

#[test]
fn valid_frames_are_read() {
    for bytes in valid() {
        let client = check::<ClientFrame>(&bytes, PER_CLIENT_BYTE);
        let server = check::<ServerFrame>(&bytes, PER_BYTE);
        assert!(client || server);
    }
    let [form, template, answers] = &forms()[..] else { panic!("a form of each kind") };
    assert!(check::<Form>(form, PER_BYTE));
    assert!(check::<Template>(template, PER_BYTE));
    assert!(check::<Answers>(answers, PER_BYTE));
}

/// The varint of a length, as postcard writes it.
fn varint(length: u64) -> Vec<u8> {
    codec::encode(&length)
}

#[test]
fn a_length_that_lies_reserves_nothing_much() {
    let lies = [60, 200, 1_000, 4_000, 30_000, 60_000, 1 << 20, 1 << 32, u64::MAX];
    for bytes in [valid(), forms()].concat() {
        for at in 0..bytes.len() {
            for lie in lies {
                // The byte is replaced by a length the rest of the frame does not hold, and what
                // follows is as long as a frame can be, so that the lie is not seen at once.
                for tail in [0, 1_000, 60_000] {
                    let mut lying = bytes[..at].to_vec();
                    lying.extend(varint(lie));
                    lying.extend(&bytes[at + 1..]);
                    lying.resize(lying.len() + tail, 0xff);
                    let per_byte = PER_CLIENT_BYTE;
                    check::<ClientFrame>(&lying, per_byte);
                    check::<ServerFrame>(&lying, PER_BYTE);
                    check::<Form>(&lying, PER_BYTE);
                    check::<Template>(&lying, PER_BYTE);
                    check::<Answers>(&lying, PER_BYTE);
                }
            }
        }
    }
}

#[test]
fn a_sequence_of_the_smallest_elements_is_bounded_by_its_bytes() {
    // Rows that say nothing: the wire's best lever on memory. Not sent by any server.
    let mut bytes = codec::reply_frame(1, Ok(Reply::Rows(Vec::new())));
    bytes.pop();
    let mut smallest = row();
    (smallest.people, smallest.preview, smallest.unread) = (Vec::new(), None, 0);
    let one = codec::encode(&smallest);
    let many = (limits::FRAME_BYTES - 16) / one.len();
    bytes.extend(varint(many as u64));
    (0..many).for_each(|_| bytes.extend(&one));
    assert!(check::<ServerFrame>(&bytes, PER_BYTE));
    let participants = vec![person(); 4_000];
    let request = Request::Create { client_id: message_id(), participants };
    assert!(check::<ClientFrame>(&codec::encode(&ClientFrame { id: 1, request }), PER_CLIENT_BYTE));
}

#[test]
fn a_form_of_the_smallest_parts_is_bounded_by_its_bytes() {
    let item = |kind| Item {
        link: LinkId(1),
        label: String::new(),
        help: String::new(),
        required: false,
        show_if: None,
        alert: None,
        kind,
    };
    let score = |bands| Score { label: String::new(), items: Vec::new(), bands };
    let form = |items, scores| codec::encode(&Form { items, scores, ..Form::named("") });
    let choice = Choice { id: ChoiceId(1), label: String::new(), points: None, alone: false };
    let band = Band { from: 0, label: String::new() };
    let items = |count| form(vec![item(Kind::Section); count], vec![]);
    let scores = |count| form(vec![], vec![score(vec![]); count]);
    let choices = |count| form(vec![item(Kind::One(vec![choice.clone(); count]))], vec![]);
    let bands = |count| form(vec![], vec![score(vec![band.clone(); count])]);
    type List<'a> = &'a dyn Fn(usize) -> Vec<u8>;
    let lists: [(usize, List); 4] = [
        (limits::FORM_ITEMS, &items),
        (limits::FORM_SCORES, &scores),
        (limits::FORM_CHOICES, &choices),
        (limits::FORM_BANDS, &bands),
    ];
    for (limit, list) in lists {
        assert!(check::<Form>(&list(limit), PER_BYTE));
        assert!(!check::<Form>(&list(limit + 1), PER_BYTE));
        // As many as a frame holds of the smallest.
        let each = (list(limit).len() - list(0).len()) / limit;
        assert!(!check::<Form>(&list((limits::FRAME_BYTES - 64) / each), PER_BYTE));
    }
    let all = vec![item(Kind::One(vec![choice.clone(); limits::FORM_CHOICES])); limits::FORM_ITEMS];
    assert!(check::<Form>(&form(all, vec![]), PER_BYTE));
    for count in [15_000, (1 << 14) + 1] {
        let mut answers = Answers::default();
        (1..count).for_each(|link| answers.set(LinkId(link), Value::YesNo(true)));
        assert!(check::<Answers>(&codec::encode(&answers), PER_BYTE));
    }
}

/// The worst lever of all: the shortest text is one byte on the wire and 24 in memory, held
/// thrice while its vector grows. Only a server sends lists of texts, and never empty ones.
const PER_EMPTY_TEXT: usize = 72;

#[test]
fn a_list_of_empty_texts_is_bounded_by_its_bytes() {
    // As many as a frame holds, and as many as have just made their vector grow.
    for count in [limits::FRAME_BYTES - 64, (1 << 15) + 1] {
        let told = Told::Emergency(vec![emergency_row(vec![String::new(); count])]);
        let bytes = codec::reply_frame(1, Ok(Reply::Office(told)));
        assert!(check::<ServerFrame>(&bytes, PER_EMPTY_TEXT));
    }
}

#[test]
fn more_than_a_frame_is_refused_unread() {
    let text = "x".repeat(limits::FRAME_BYTES - 4);
    let frame =
        |text: String| codec::encode(&ClientFrame { id: 1, request: Request::FindPeople { text } });
    let mut full = frame(text);
    while full.len() > limits::FRAME_BYTES {
        full = frame("x".repeat(full.len() - 8));
    }
    assert!(codec::decode::<ClientFrame>(&full).is_ok());
    let over = frame("x".repeat(limits::FRAME_BYTES));
    let (decoded, peak) = peak_of(|| codec::decode::<ClientFrame>(&over));
    assert_eq!((decoded, peak), (Err(Malformed), 0));
}

#[test]
fn trailing_bytes_are_refused() {
    for bytes in valid() {
        for tail in [&[0][..], &[0xff; 3], &bytes] {
            let longer = [&bytes, tail].concat();
            assert_eq!(codec::decode::<ClientFrame>(&longer), Err(Malformed));
            assert_eq!(codec::decode::<ServerFrame>(&longer), Err(Malformed));
        }
    }
}
