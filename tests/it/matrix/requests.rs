//! One arm for each request, with what it names. No arm for everything else: that is how a new one
//! is noticed.

use quietroom_tests::support::fresh_id;
use shared_proto::account::AccountChange;
use shared_proto::audit::AuditFilter;
use shared_proto::chart::Consents;
use shared_proto::conversation::command::{Command, New};
use shared_proto::desk;
use shared_proto::factors::FactorAsk;
use shared_proto::file::ask as file;
use shared_proto::form::ask as form;
use shared_proto::form::ask::Known;
use shared_proto::id::{
    ClientMessageId, ConversationId, DeviceId, DivisionId, EntryId, FileId, FormId, PersonId,
    ReplyId,
};
use shared_proto::office::Ask;
use shared_proto::people::{NewPerson, PeopleFilter, PersonChange, Role};
use shared_proto::practice::{PracticeChange, Settings};
use shared_proto::refusal::Refusal;
use shared_proto::replies::Reply;
use shared_proto::search::{Filter, Search};
use shared_proto::wire::{Direction, Due, Held, Request};

/// What requests are about.
pub struct Named {
    pub conversation: ConversationId,
    pub entry: EntryId,
    /// The entry that gave a client a form.
    pub given: EntryId,
    pub form: FormId,
    pub person: PersonId,
    pub device: DeviceId,
    /// Of whoever asks.
    pub password: String,
}

/// The kind of thing a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Conversation,
    Person,
    Device,
    Nothing,
}

/// Requests on `named`, by the variant they are: `pattern => kind [requests]`.
macro_rules! rows {
    ($name:ident($named:ident) of $of:ty {
        $($pattern:pat => $kind:ident [$($one:expr),+ $(,)?])*
    }) => {
        /// All of them.
        pub fn $name($named: &Named) -> Vec<(Names, $of)> {
            // A variant without an arm does not compile.
            const fn each(one: &$of) {
                match one { $($pattern => {})* }
            }
            let mut rows = Vec::new();
            $($({
                let one: $of = $one;
                assert!(matches!(&one, $pattern), "{one:?} stands in another's arm");
                each(&one);
                rows.push((Names::$kind, one));
            })+)*
            rows
        }
    };
}

rows! {
    socket(named) of Request {
        Request::Ping => Nothing [Request::Ping]
        Request::Inbox { .. } => Nothing [Request::Inbox { after: None }]
        Request::Rows { .. } => Conversation [
            Request::Rows { conversations: vec![named.conversation] }
        ]
        Request::FindPeople { .. } => Nothing [Request::FindPeople { text: "a".into() }]
        Request::Create { .. } => Person [
            Request::Create { client_id: fresh_id(), participants: vec![named.person] }
        ]
        Request::Open { .. } => Conversation [Request::Open { conversation: named.conversation }]
        Request::Leave { .. } => Conversation [Request::Leave { conversation: named.conversation }]
        Request::Resume { .. } => Conversation [
            Request::Resume {
                held: vec![Held { conversation: named.conversation, last: named.entry }]
            }
        ]
        Request::History { .. } => Conversation [
            Request::History {
                conversation: named.conversation,
                from: EntryId::MAX,
                direction: Direction::Before,
            },
            Request::History {
                conversation: named.conversation,
                from: EntryId::MIN,
                direction: Direction::After,
            },
        ]
        Request::Send { .. } => Conversation [
            Request::Send {
                conversation: named.conversation,
                client_message_id: fresh_id(),
                held: None,
                text: "let me in".into(),
            },
            Request::Send {
                conversation: named.conversation,
                client_message_id: fresh_id(),
                held: Some(named.entry),
                text: String::new(),
            },
        ]
        Request::Withdraw { .. } => Conversation [
            Request::Withdraw { conversation: named.conversation, target: named.entry }
        ]
        Request::ReceivedUpTo { .. } => Conversation [
            Request::ReceivedUpTo { conversation: named.conversation, entry: named.entry }
        ]
        Request::ReadUpTo { .. } => Conversation [
            Request::ReadUpTo { conversation: named.conversation, entry: named.entry }
        ]
        Request::Typing { .. } => Conversation [
            Request::Typing { conversation: named.conversation }
        ]
        Request::Office(_) => Nothing [Request::Office(Ask::Practice)]
        Request::Audit { .. } => Nothing [
            Request::Audit { filter: AuditFilter::default(), before: None }
        ]
        Request::Accesses { .. } => Conversation [
            Request::Accesses { conversation: named.conversation, before: None }
        ]
        Request::Begin { .. } => Person [
            Request::Begin {
                client_id: fresh_id(),
                new: New::ongoing(vec![named.person]),
                invited: Vec::new(),
            }
        ]
        Request::Do { .. } => Conversation [
            done(named, Command::Send {
                client_message_id: fresh_id(),
                text: "let me in".into(),
                quoted: Some(named.entry),
            }),
            done(named, Command::Withdraw { target: named.entry }),
            done(named, Command::Announce { text: "let me in".into() }),
            done(named, Command::Reschedule { starts_at: None }),
            done(named, Command::Cancel),
            done(named, Command::Complete),
            done(named, Command::Add { person: named.person }),
            done(named, Command::Remove { person: named.person }),
            done(named, Command::Leave),
            done(named, Command::Assign {
                client_message_id: fresh_id(),
                form: named.form,
                version: 1,
                to: vec![named.person],
            }),
            done(named, Command::Submit {
                client_message_id: fresh_id(),
                assigned: named.given,
            }),
            done(named, share(vec![])),
            done(named, share(vec![named.person])),
            done(named, Command::Create(New::ongoing(vec![named.person]))),
            done(named, Command::Emergency { reason: REASON.into() }),
        ]
        Request::Archive { .. } => Nothing [Request::Archive { after: None }]
        Request::Rehearse { .. } => Conversation [
            Request::Rehearse { conversation: named.conversation }
        ]
        Request::Later { .. } => Conversation [
            later(named, Command::Complete, fresh_id()),
            later(named, Command::Leave, fresh_id()),
        ]
        Request::CallBack { .. } => Conversation [
            Request::CallBack { conversation: named.conversation, id: fresh_id() }
        ]
        Request::Draft { .. } => Conversation [
            Request::Draft { conversation: named.conversation, text: "let me in".into() }
        ]
        Request::Emails { .. } => Conversation [
            Request::Emails { conversation: named.conversation }
        ]
        Request::Form(_) => Nothing [Request::Form(form::Ask::List { after: None })]
        Request::File(_) => Conversation [
            files(named, 0),
            files(named, 1),
            files(named, 2),
        ]
        Request::Search(_) => Person [
            Request::Search(by(named.person, "word")),
            Request::Search(by(named.person, "")),
        ]
        Request::Desk(_) => Nothing [Request::Desk(desk::Ask::Hours)]
    }
}

fn no_file() -> FileId {
    FileId::from_random(*fresh_id().as_bytes())
}

fn share(hidden_from: Vec<PersonId>) -> Command {
    Command::Share { client_message_id: fresh_id(), file: no_file(), hidden_from }
}

/// One question about files of each kind.
fn files(named: &Named, which: usize) -> Request {
    // One that is not in the list below does not compile.
    const fn each(ask: &file::Ask) -> usize {
        match ask {
            file::Ask::Begin { .. } => 0,
            file::Ask::Cancel { .. } => 1,
            file::Ask::List { .. } => 2,
        }
    }
    let (conversation, client_id) = (named.conversation, fresh_id());
    let all = [
        file::Ask::Begin { conversation, client_id, name: "a.pdf".into(), bytes: 3 },
        file::Ask::Cancel { conversation, file: no_file() },
        file::Ask::List { conversation, before: None },
    ];
    let ask = all[which].clone();
    assert_eq!(each(&ask), which);
    Request::File(ask)
}

fn by(person: PersonId, text: &str) -> Search {
    let filter = Filter { author: Some(person), ..Filter::default() };
    Search { text: text.into(), filter, after: None }
}

fn done(named: &Named, command: Command) -> Request {
    Request::Do { conversation: named.conversation, held: None, command }
}

fn later(named: &Named, command: Command, id: ClientMessageId) -> Request {
    Request::Later { conversation: named.conversation, id, due: Due::Undoable, command }
}

rows! {
    office(named) of Ask {
        Ask::People { .. } => Nothing [Ask::People { filter: PeopleFilter::default(), after: None }]
        Ask::Chart { .. } => Person [Ask::Chart { person: named.person }]
        Ask::AddPerson { .. } => Nothing [
            Ask::AddPerson { client_id: fresh_id(), person: Box::new(added(Role::Client)) },
            Ask::AddPerson { client_id: fresh_id(), person: Box::new(added(Role::Provider)) },
        ]
        Ask::ChangePerson { .. } => Person [
            changes(named.person, 0),
            changes(named.person, 1),
            changes(named.person, 2),
            changes(named.person, 3),
            changes(named.person, 4),
            changes(named.person, 5),
            changes(named.person, 6),
            changes(named.person, 7),
        ]
        Ask::ClientInbox { .. } => Person [
            Ask::ClientInbox { client: named.person, after: None }
        ]
        Ask::Practice => Nothing [Ask::Practice]
        Ask::ChangePractice { .. } => Nothing [
            Ask::ChangePractice {
                revision: 0,
                change: PracticeChange::AddDivision { name: "East".into() },
            }
        ]
        Ask::Account => Nothing [Ask::Account]
        Ask::ChangeAccount(_) => Nothing [
            Ask::ChangeAccount(AccountChange::ReadReceipts(true)),
            Ask::ChangeAccount(AccountChange::Consents(Consents::default())),
        ]
        Ask::Devices => Nothing [Ask::Devices]
        Ask::SignOut { .. } => Device [
            Ask::SignOut { device: Some(named.device), password: named.password.clone() }
        ]
        Ask::Active => Nothing [Ask::Active]
        Ask::EmergencyList { .. } => Person [
            Ask::EmergencyList { client: named.person, reason: REASON.into() }
        ]
        Ask::EmergencyOpen { .. } => Conversation [
            Ask::EmergencyOpen { conversation: named.conversation, reason: REASON.into() }
        ]
        Ask::Reachable { .. } => Conversation [
            Ask::Reachable { conversation: named.conversation }
        ]
        Ask::Invite { .. } => Person [Ask::Invite { person: named.person }]
        Ask::SendReset { .. } => Person [Ask::SendReset { person: named.person }]
        Ask::ChangeEmail { .. } => Nothing [
            Ask::ChangeEmail { email: "new@example.org".into(), password: "not the one".into() }
        ]
        Ask::Factors(_) => Nothing [Ask::Factors(FactorAsk::List)]
        Ask::Notices(_) => Nothing [Ask::Notices(shared_proto::notice::ask::Ask::Standing)]
    }
}

rows! {
    forms(named) of form::Ask {
        form::Ask::List { .. } => Nothing [form::Ask::List { after: None }]
        form::Ask::Read { .. } => Nothing [
            form::Ask::Read { form: named.form, version: None },
            form::Ask::Read { form: named.form, version: Some(7) },
        ]
        form::Ask::Library { .. } => Nothing [form::Ask::Library { which: Known::Phq9 }]
        form::Ask::Save { .. } => Nothing [
            form::Ask::Save { client_id: fresh_id(), form: None, version: 0, body: vec![1] },
            form::Ask::Save {
                client_id: fresh_id(),
                form: Some(named.form),
                version: 1,
                body: vec![0; 100],
            },
        ]
        form::Ask::Retire { .. } => Nothing [
            form::Ask::Retire { form: named.form, retired: true }
        ]
        form::Ask::Open { .. } => Conversation [
            form::Ask::Open { conversation: named.conversation, entry: named.given }
        ]
        form::Ask::Keep { .. } => Conversation [
            form::Ask::Keep {
                conversation: named.conversation,
                entry: named.given,
                answers: vec![0],
            }
        ]
        form::Ask::Assignments { .. } => Conversation [
            form::Ask::Assignments { conversation: named.conversation, before: None }
        ]
        form::Ask::Submit { .. } => Conversation [
            form::Ask::Submit {
                conversation: named.conversation,
                entry: named.given,
                client_message_id: fresh_id(),
                answers: vec![0],
            }
        ]
    }
}

rows! {
    at_hand(named) of desk::Ask {
        desk::Ask::Replies => Nothing [desk::Ask::Replies]
        desk::Ask::SaveReply { .. } => Nothing [
            desk::Ask::SaveReply { shared: false, reply: Box::new(saved()) },
            desk::Ask::SaveReply { shared: true, reply: Box::new(saved()) },
        ]
        desk::Ask::DeleteReply { .. } => Nothing [
            desk::Ask::DeleteReply { shared: false, id: saved().id },
            desk::Ask::DeleteReply { shared: true, id: saved().id },
        ]
        desk::Ask::Hours => Nothing [desk::Ask::Hours]
        desk::Ask::SetOwn { .. } => Nothing [
            desk::Ask::SetOwn { revision: 0, own: Box::default() }
        ]
        desk::Ask::SetCommon { .. } => Nothing [
            desk::Ask::SetCommon { revision: 0, common: Box::default() }
        ]
        desk::Ask::Promise { .. } => Conversation [
            desk::Ask::Promise { conversation: named.conversation }
        ]
        desk::Ask::Greeting { .. } => Conversation [
            desk::Ask::Greeting { conversation: named.conversation }
        ]
    }
}

fn saved() -> Reply {
    let id = ReplyId::from_random(*fresh_id().as_bytes());
    Reply { id, revision: 0, title: "Hours".into(), text: "We are open.".into() }
}

rows! {
    account(_named) of AccountChange {
        AccountChange::Name(_) => Nothing [AccountChange::Name("Me Myself".into())]
        AccountChange::Mobile(_) => Nothing [AccountChange::Mobile("+49 30 123456".into())]
        AccountChange::Language(_) => Nothing [AccountChange::Language("en".into())]
        AccountChange::TimeZone(_) => Nothing [AccountChange::TimeZone("UTC".into())]
        AccountChange::Consents(_) => Nothing [AccountChange::Consents(Consents::default())]
        AccountChange::ReadReceipts(_) => Nothing [AccountChange::ReadReceipts(true)]
        AccountChange::Details(_) => Nothing [AccountChange::Details(Box::default())]
    }
}

rows! {
    practice(_named) of PracticeChange {
        PracticeChange::Settings(_) => Nothing [
            PracticeChange::Settings(Box::new(Settings::named("Mine")))
        ]
        PracticeChange::AddDivision { .. } => Nothing [
            PracticeChange::AddDivision { name: "West".into() }
        ]
        PracticeChange::RenameDivision { .. } => Nothing [
            PracticeChange::RenameDivision { division: no_division(), name: "West".into() }
        ]
        PracticeChange::RemoveDivision { .. } => Nothing [
            PracticeChange::RemoveDivision { division: no_division() }
        ]
    }
}

fn no_division() -> DivisionId {
    DivisionId::from_random(*fresh_id().as_bytes())
}

const REASON: &str = "somebody is in danger";

fn added(role: Role) -> NewPerson {
    NewPerson {
        role,
        name: "Somebody New".into(),
        email: String::new(),
        phone: String::new(),
        chart_number: String::new(),
        division: None,
    }
}

/// One change of each kind.
fn changes(person: PersonId, which: usize) -> Ask {
    // A change that is not in the list below does not compile.
    const fn each(change: &PersonChange) -> usize {
        match change {
            PersonChange::Contact { .. } => 0,
            PersonChange::Details(_) => 1,
            PersonChange::Division(_) => 2,
            PersonChange::Portal(_) => 3,
            PersonChange::Suspended(_) => 4,
            PersonChange::Owner(_) => 5,
            PersonChange::Assigned { .. } => 6,
            PersonChange::Consents(_) => 7,
        }
    }
    let all = [
        PersonChange::Contact {
            name: "Another".into(),
            email: String::new(),
            phone: String::new(),
            chart_number: String::new(),
        },
        PersonChange::Details(Box::default()),
        PersonChange::Division(None),
        PersonChange::Portal(false),
        PersonChange::Suspended(true),
        PersonChange::Owner(true),
        PersonChange::Assigned { provider: person, on: true },
        PersonChange::Consents(Consents { email: true, sms: false }),
    ];
    let change = all[which].clone();
    assert_eq!(each(&change), which);
    Ask::ChangePerson { person, change: Box::new(change) }
}

/// The refusal by role alone of what names nothing.
pub fn denied_to(role: Role, request: &Request) -> Option<Refusal> {
    let owners = (role != Role::Owner).then_some(Refusal::OwnerOnly);
    let providers = (role == Role::Client).then_some(Refusal::ProviderOnly);
    match request {
        Request::Audit { .. } => owners,
        Request::Desk(ask) => match ask {
            desk::Ask::Replies
            | desk::Ask::SaveReply { shared: false, .. }
            | desk::Ask::DeleteReply { shared: false, .. }
            | desk::Ask::Hours
            | desk::Ask::SetOwn { .. } => providers,
            desk::Ask::SaveReply { .. }
            | desk::Ask::DeleteReply { .. }
            | desk::Ask::SetCommon { .. } => providers.or(owners),
            desk::Ask::Promise { .. } | desk::Ask::Greeting { .. } => {
                unreachable!("it names something")
            }
        },
        Request::Office(ask) => match ask {
            Ask::People { .. } => providers,
            Ask::AddPerson { person, .. } if person.role == Role::Client => providers,
            Ask::AddPerson { .. } | Ask::ChangePractice { .. } => owners,
            Ask::Practice
            | Ask::Account
            | Ask::ChangeAccount(_)
            | Ask::Devices
            | Ask::Active
            | Ask::ChangeEmail { .. }
            | Ask::Factors(_)
            | Ask::Notices(_) => None,
            Ask::Chart { .. }
            | Ask::ChangePerson { .. }
            | Ask::ClientInbox { .. }
            | Ask::SignOut { .. }
            | Ask::EmergencyList { .. }
            | Ask::EmergencyOpen { .. }
            | Ask::Invite { .. }
            | Ask::SendReset { .. }
            | Ask::Reachable { .. } => unreachable!("it names something"),
        },
        Request::Form(ask) => match ask {
            form::Ask::List { .. }
            | form::Ask::Read { .. }
            | form::Ask::Library { .. }
            | form::Ask::Save { .. }
            | form::Ask::Retire { .. } => providers,
            form::Ask::Open { .. }
            | form::Ask::Keep { .. }
            | form::Ask::Submit { .. }
            | form::Ask::Assignments { .. } => unreachable!("it names something"),
        },
        Request::Ping
        | Request::Inbox { .. }
        | Request::Archive { .. }
        | Request::FindPeople { .. } => None,
        Request::Rows { .. }
        | Request::Create { .. }
        | Request::Open { .. }
        | Request::Leave { .. }
        | Request::Resume { .. }
        | Request::History { .. }
        | Request::Send { .. }
        | Request::Withdraw { .. }
        | Request::ReceivedUpTo { .. }
        | Request::ReadUpTo { .. }
        | Request::Typing { .. }
        | Request::Accesses { .. }
        | Request::Begin { .. }
        | Request::Do { .. }
        | Request::Rehearse { .. }
        | Request::Later { .. }
        | Request::CallBack { .. }
        | Request::Draft { .. }
        | Request::Emails { .. }
        | Request::File(_)
        | Request::Search(_) => unreachable!("it names something"),
    }
}
