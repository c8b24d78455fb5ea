//! Nothing is forgotten: every request there is, and what the audit log says of it.

use std::collections::BTreeSet;

use quietroom_tests::support::{TestClient, TestServer, fresh_id};
use shared_proto::account::AccountChange;
use shared_proto::audit::{Action, AuditEntry, AuditFilter, Subject};
use shared_proto::chart::{Consents, DetailField, Details};
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::Start;
use shared_proto::desk;
use shared_proto::factors::FactorAsk;
use shared_proto::file::ask as file;
use shared_proto::form::ask as form;
use shared_proto::form::ask::Known;
use shared_proto::hours::{Common, Leave, Own};
use shared_proto::id::{PersonId, ReplyId};
use shared_proto::notice::ask as notice;
use shared_proto::notice::{Channel, Wishes};
use shared_proto::office::{Ask, Told};
use shared_proto::people::{PeopleFilter, PeopleShown, PersonChange, Role};
use shared_proto::practice::{Booking, PracticeChange};
use shared_proto::refusal::Refusal;
use shared_proto::replies::Reply as SavedReply;
use shared_proto::search::Search;
use shared_proto::wire::{Direction, Due, Held, Reply, Request};

use super::read;
use crate::given::device;
use crate::office::{ask, new_client, practice, three, three_on};

/// What the log says of a request: these actions, or nothing, and why.
type Said = Result<&'static [Action], &'static str>;

const NOTHING_PERSONAL: &str = "it shows or changes nothing of anybody";
const OWN: &str = "it shows somebody what is their own";
const THE_LOG_OF_THE_CONVERSATION: &str = "the conversation keeps it, with who and when";

/// Every variant by a name of its own. There is no arm for all others: a new one does not compile
/// before it is decided what the log says of it.
macro_rules! table {
    ($function:ident($asked:ty), $names:ident: $($name:literal: $pattern:pat => $said:expr,)+) => {
        const $names: &[&str] = &[$($name),+];
        fn $function(asked: &$asked) -> (&'static str, Said) {
            match asked { $($pattern => ($name, $said),)+ }
        }
    };
}

table! { of_request(Request), REQUESTS:
    "ping": Request::Ping => Err(NOTHING_PERSONAL),
    "inbox": Request::Inbox { .. } => Ok(&[Action::InboxOpened]),
    "rows": Request::Rows { .. } => Ok(&[Action::InboxOpened]),
    "find people": Request::FindPeople { .. } => Ok(&[Action::PeopleListed]),
    "create": Request::Create { .. } => Ok(&[Action::ConversationCreated]),
    "open": Request::Open { .. } => Ok(&[Action::ConversationOpened]),
    "leave": Request::Leave { .. } => Err(NOTHING_PERSONAL),
    "resume": Request::Resume { .. } => Ok(&[Action::ConversationOpened]),
    "history": Request::History { .. } => Ok(&[Action::ConversationOpened]),
    "send": Request::Send { .. } => Err(THE_LOG_OF_THE_CONVERSATION),
    "withdraw": Request::Withdraw { .. } => Err(THE_LOG_OF_THE_CONVERSATION),
    "received": Request::ReceivedUpTo { .. } => Err(NOTHING_PERSONAL),
    "read": Request::ReadUpTo { .. } => Err(NOTHING_PERSONAL),
    "typing": Request::Typing { .. } => Err(NOTHING_PERSONAL),
    "audit": Request::Audit { .. } => Ok(&[Action::AuditRead]),
    "accesses": Request::Accesses { .. } => Err(OWN),
    "begin": Request::Begin { .. } => Ok(&[Action::ConversationCreated]),
    "do": Request::Do { .. } => Err(THE_LOG_OF_THE_CONVERSATION),
    "archive": Request::Archive { .. } => Ok(&[Action::InboxOpened]),
    "rehearse": Request::Rehearse { .. } => Ok(&[Action::ConversationOpened]),
    "later": Request::Later { .. } => Err(THE_LOG_OF_THE_CONVERSATION),
    "call back": Request::CallBack { .. } => Err(OWN),
    "draft": Request::Draft { .. } => Err(OWN),
    "emails": Request::Emails { .. } => Ok(&[Action::ConversationOpened]),
    "begin a file": Request::File(file::Ask::Begin { .. }) => Err(THE_LOG_OF_THE_CONVERSATION),
    "cancel a file": Request::File(file::Ask::Cancel { .. }) => Err(OWN),
    "list files": Request::File(file::Ask::List { .. }) => Ok(&[Action::ConversationOpened]),
    "search": Request::Search(_) => Ok(&[Action::Searched]),
    "people": Request::Office(Ask::People { .. }) => Ok(&[Action::PeopleListed]),
    "chart": Request::Office(Ask::Chart { .. }) => Ok(&[Action::ChartOpened]),
    "add person": Request::Office(Ask::AddPerson { .. }) => Ok(&[Action::PersonAdded]),
    "change person": Request::Office(Ask::ChangePerson { .. }) => Err("it has its own table"),
    "client inbox": Request::Office(Ask::ClientInbox { .. }) => Ok(&[Action::InboxOpened]),
    "practice": Request::Office(Ask::Practice) => Err(NOTHING_PERSONAL),
    "settings": Request::Office(Ask::ChangePractice { change: PracticeChange::Settings(_), .. }) =>
        Ok(&[Action::PracticeChanged, Action::PolicyChanged]),
    "add division":
        Request::Office(Ask::ChangePractice { change: PracticeChange::AddDivision { .. }, .. }) =>
        Ok(&[Action::DivisionChanged]),
    "rename division":
        Request::Office(Ask::ChangePractice { change: PracticeChange::RenameDivision { .. }, .. }) =>
        Ok(&[Action::DivisionChanged]),
    "remove division":
        Request::Office(Ask::ChangePractice { change: PracticeChange::RemoveDivision { .. }, .. }) =>
        Ok(&[Action::DivisionChanged]),
    "account": Request::Office(Ask::Account) => Err(OWN),
    "own name": Request::Office(Ask::ChangeAccount(AccountChange::Name(_))) =>
        Ok(&[Action::SettingsChanged]),
    "own mobile": Request::Office(Ask::ChangeAccount(AccountChange::Mobile(_))) =>
        Ok(&[Action::SettingsChanged]),
    "own language": Request::Office(Ask::ChangeAccount(AccountChange::Language(_))) =>
        Ok(&[Action::SettingsChanged]),
    "own time zone": Request::Office(Ask::ChangeAccount(AccountChange::TimeZone(_))) =>
        Ok(&[Action::SettingsChanged]),
    "own consents": Request::Office(Ask::ChangeAccount(AccountChange::Consents(_))) =>
        Ok(&[Action::ConsentGiven]),
    "own read receipts": Request::Office(Ask::ChangeAccount(AccountChange::ReadReceipts(_))) =>
        Ok(&[Action::SettingsChanged]),
    "own details": Request::Office(Ask::ChangeAccount(AccountChange::Details(_))) =>
        Ok(&[Action::ChartChanged]),
    "devices": Request::Office(Ask::Devices) => Err(OWN),
    "sign out": Request::Office(Ask::SignOut { .. }) => Ok(&[Action::DeviceSignedOut]),
    "active": Request::Office(Ask::Active) => Err(NOTHING_PERSONAL),
    "emergency list": Request::Office(Ask::EmergencyList { .. }) => Ok(&[Action::EmergencyListed]),
    "emergency open": Request::Office(Ask::EmergencyOpen { .. }) => Ok(&[Action::EmergencyOpened]),
    "reachable": Request::Office(Ask::Reachable { .. }) => Err(NOTHING_PERSONAL),
    "invite": Request::Office(Ask::Invite { .. }) => Ok(&[Action::PersonInvited]),
    "send reset": Request::Office(Ask::SendReset { .. }) => Ok(&[Action::ResetAsked]),
    "change email": Request::Office(Ask::ChangeEmail { .. }) => Ok(&[Action::EmailChangeAsked]),
    "list forms": Request::Form(form::Ask::List { .. }) => Err(NOTHING_PERSONAL),
    "read form": Request::Form(form::Ask::Read { .. }) => Err(NOTHING_PERSONAL),
    "library form": Request::Form(form::Ask::Library { .. }) => Err(NOTHING_PERSONAL),
    "save form": Request::Form(form::Ask::Save { .. }) => Ok(&[Action::FormChanged]),
    "retire form": Request::Form(form::Ask::Retire { .. }) => Ok(&[Action::FormChanged]),
    "open form": Request::Form(form::Ask::Open { .. }) => Ok(&[Action::FormOpened]),
    "keep answers": Request::Form(form::Ask::Keep { .. }) => Err(OWN),
    "submit answers": Request::Form(form::Ask::Submit { .. }) =>
        Err(THE_LOG_OF_THE_CONVERSATION),
    "forms given": Request::Form(form::Ask::Assignments { .. }) =>
        Ok(&[Action::ConversationOpened]),
    "replies": Request::Desk(desk::Ask::Replies) => Err(OWN),
    "own reply": Request::Desk(desk::Ask::SaveReply { shared: false, .. }) =>
        Ok(&[Action::SettingsChanged]),
    "shared reply": Request::Desk(desk::Ask::SaveReply { shared: true, .. }) =>
        Ok(&[Action::PracticeChanged]),
    "own reply gone": Request::Desk(desk::Ask::DeleteReply { shared: false, .. }) =>
        Ok(&[Action::SettingsChanged]),
    "shared reply gone": Request::Desk(desk::Ask::DeleteReply { shared: true, .. }) =>
        Ok(&[Action::PracticeChanged]),
    "hours": Request::Desk(desk::Ask::Hours) => Err(OWN),
    "own hours": Request::Desk(desk::Ask::SetOwn { .. }) => Ok(&[Action::SettingsChanged]),
    "practice hours": Request::Desk(desk::Ask::SetCommon { .. }) => Ok(&[Action::PracticeChanged]),
    "promise": Request::Desk(desk::Ask::Promise { .. }) => Err(NOTHING_PERSONAL),
    "greeting": Request::Desk(desk::Ask::Greeting { .. }) => Err(OWN),
    // Their changes are looked for where they are made: `tests/it/factors.rs`.
    "factors": Request::Office(Ask::Factors(_)) => Err(OWN),
    "notices": Request::Office(Ask::Notices(notice::Ask::Standing)) => Err(OWN),
    "wishes": Request::Office(Ask::Notices(notice::Ask::Wish(_))) => Ok(&[Action::SettingsChanged]),
    "try a notice": Request::Office(Ask::Notices(notice::Ask::Test(_))) => Err(OWN),
    "send a code": Request::Office(Ask::Notices(notice::Ask::SendCode)) =>
        Ok(&[Action::SettingsChanged]),
    // Of the right one: `tests/it/notices/consent.rs`.
    "confirm a number": Request::Office(Ask::Notices(notice::Ask::Confirm { .. })) =>
        Ok(&[Action::SettingsChanged]),
    "allow push": Request::Office(Ask::Notices(notice::Ask::Allow(_))) =>
        Ok(&[Action::SettingsChanged]),
    "disallow push": Request::Office(Ask::Notices(notice::Ask::Disallow { .. })) =>
        Ok(&[Action::SettingsChanged]),
}

table! { of_change(PersonChange), CHANGES:
    "contact": PersonChange::Contact { .. } => Ok(&[Action::PersonChanged]),
    "details": PersonChange::Details(_) => Ok(&[Action::ChartChanged]),
    "division": PersonChange::Division(_) => Ok(&[Action::PersonChanged]),
    "portal off": PersonChange::Portal(false) => Ok(&[Action::PortalOff]),
    "portal on": PersonChange::Portal(true) => Ok(&[Action::PortalOn]),
    "suspended": PersonChange::Suspended(true) => Ok(&[Action::PersonSuspended]),
    "restored": PersonChange::Suspended(false) => Ok(&[Action::PersonRestored]),
    "owner": PersonChange::Owner(_) => Ok(&[Action::RoleChanged]),
    "assigned": PersonChange::Assigned { on: true, .. } => Ok(&[Action::Assigned]),
    "unassigned": PersonChange::Assigned { on: false, .. } => Ok(&[Action::Unassigned]),
    "consents": PersonChange::Consents(_) => Ok(&[Action::ConsentGiven]),
}

/// Somebody who looks at the log after each request, and is not looked at.
struct Watcher {
    owner: TestClient,
    performed: BTreeSet<&'static str>,
}

impl Watcher {
    async fn newest(&self) -> u64 {
        read(&self.owner, AuditFilter::default()).await.entries[0].sequence
    }

    /// What is in the log after `before`, oldest first.
    async fn since(&self, before: u64) -> Vec<AuditEntry> {
        let mut entries = read(&self.owner, AuditFilter::default()).await.entries;
        let me = Some(self.owner.me().id);
        entries.retain(|entry| entry.sequence > before && entry.actor != me);
        entries.reverse();
        entries
    }

    /// Has somebody ask; the answer, and the records, which are those of the table, by them and
    /// from where they are.
    async fn performs(&mut self, who: &TestClient, request: Request) -> (Reply, Vec<AuditEntry>) {
        let (name, said) = match &request {
            Request::Office(Ask::ChangePerson { change, .. }) => {
                self.performed.insert("change person");
                of_change(change)
            }
            request => of_request(request),
        };
        self.performed.insert(name);
        let before = self.newest().await;
        let answer = if request.is_answered() {
            who.request(request).await.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        } else {
            who.tell(request);
            who.settle().await;
            Reply::Done
        };
        let records = self.since(before).await;
        let actions: Vec<Action> = records.iter().map(|record| record.action).collect();
        assert_eq!(actions, said.unwrap_or_default(), "{name}");
        for record in &records {
            assert_eq!(record.actor, Some(who.me().id), "{name}");
            assert_eq!(record.address.map(|ip| ip.to_string()).as_deref(), Some("127.0.0.1"));
        }
        (answer, records)
    }

    /// The same around conversations, where one record is left: to whom, and its detail.
    async fn asks(&mut self, who: &TestClient, ask: Ask) -> (Told, Subject, Option<String>) {
        match self.performs(who, Request::Office(ask)).await {
            (Reply::Office(told), records) => {
                let [record] = &records[..] else { panic!("{records:?}") };
                (told, record.subject, record.detail.clone())
            }
            other => panic!("{other:?}"),
        }
    }

    /// A change to somebody: the detail of its record, which names them.
    async fn changes(
        &mut self,
        who: &TestClient,
        person: PersonId,
        change: PersonChange,
    ) -> Option<String> {
        let change = Ask::ChangePerson { person, change: Box::new(change) };
        let (_, subject, detail) = self.asks(who, change).await;
        assert_eq!(subject, Subject::Person(person));
        detail
    }
}

const REASON: &str = "The client may be in danger";

#[tokio::test]
async fn every_request_leaves_the_record_of_its_row_and_no_other() {
    let three = three_on(TestServer::options().unhurried()).await;
    let olga = three.server.person_add("Olga Bauer", Role::Owner);
    let watcher_on = device(&three.server, &olga).await;
    let mut watcher = Watcher { owner: watcher_on, performed: BTreeSet::new() };
    read(&watcher.owner, AuditFilter::default()).await;
    conversations(&mut watcher, &three.server, &three).await;
    forms(&mut watcher, &three).await;
    people(&mut watcher, &three).await;
    the_practice(&mut watcher, &three).await;
    the_desk(&mut watcher, &three).await;
    accounts(&mut watcher, &three).await;
    let all: BTreeSet<&str> = REQUESTS.iter().chain(CHANGES).copied().collect();
    assert_eq!(watcher.performed, all, "every row was performed");
}

async fn conversations(watcher: &mut Watcher, server: &TestServer, three: &crate::office::Three) {
    let provider = &three.provider;
    watcher.performs(provider, Request::Ping).await;
    watcher.performs(provider, Request::Inbox { after: None }).await;
    let (_, records) =
        watcher.performs(provider, Request::FindPeople { text: String::new() }).await;
    assert_eq!(records[0].detail.as_deref(), Some("to-write-to"));
    let create = Request::Create { client_id: fresh_id(), participants: vec![three.jonas.id] };
    let (Reply::Created(conversation), records) = watcher.performs(provider, create).await else {
        panic!()
    };
    let subject = Subject::Conversation(conversation);
    assert_eq!(records[0].subject, subject);
    let (_, records) = watcher.performs(provider, Request::Open { conversation }).await;
    assert_eq!(records[0].subject, subject);
    let (sent, _) = watcher.performs(provider, provider.message(conversation, "hello")).await;
    let Reply::Sent { entry, .. } = sent else { panic!("{sent:?}") };
    let reachable = Request::Office(Ask::Reachable { conversation });
    watcher.performs(provider, reachable).await;
    watcher.performs(provider, Request::ReceivedUpTo { conversation, entry }).await;
    watcher.performs(provider, Request::ReadUpTo { conversation, entry }).await;
    watcher.performs(provider, Request::Typing { conversation }).await;
    watcher.performs(provider, Request::Withdraw { conversation, target: entry }).await;
    watcher.performs(provider, Request::Leave { conversation }).await;
    watcher.performs(provider, Request::Accesses { conversation, before: None }).await;

    // Each a device of its own: what one has seen is recorded once for it.
    let tablet = device(server, &three.samuel).await;
    watcher.performs(&tablet, Request::Rows { conversations: vec![conversation] }).await;
    let held = vec![Held { conversation, last: entry }];
    watcher.performs(&tablet, Request::Resume { held }).await;
    let phone = device(server, &three.samuel).await;
    let (from, direction) = (entry, Direction::Before);
    watcher.performs(&phone, Request::History { conversation, from, direction }).await;

    let client_id = fresh_id();
    let new = New { session: Some(Start::default()), ..New::ongoing(vec![three.jonas.id]) };
    let begin = Request::Begin { client_id, new, invited: Vec::new() };
    let (Reply::Created(conversation), records) = watcher.performs(provider, begin).await else {
        panic!()
    };
    assert_eq!(records[0].subject, Subject::Conversation(conversation));
    let command = Command::Announce { text: "Hello".into() };
    watcher.performs(provider, Request::Do { conversation, held: None, command }).await;
    watcher.performs(provider, Request::Draft { conversation, text: "half".into() }).await;
    let (id, due, command) = (fresh_id(), Due::Undoable, Command::Complete);
    watcher.performs(provider, Request::Later { conversation, id, due, command }).await;
    watcher.performs(provider, Request::CallBack { conversation, id }).await;
    watcher.performs(provider, Request::Rehearse { conversation }).await;
    let desk = device(server, &three.samuel).await;
    watcher.performs(&desk, Request::Emails { conversation }).await;
    watcher.performs(&desk, Request::Archive { after: None }).await;
    let client_id = fresh_id();
    let begin = file::Ask::Begin { conversation, client_id, name: "a.pdf".into(), bytes: 3 };
    let (begun, _) = watcher.performs(&desk, Request::File(begin)).await;
    let Reply::File(file::Told::Upload { file, .. }) = begun else { panic!("{begun:?}") };
    watcher.performs(&desk, Request::File(file::Ask::Cancel { conversation, file })).await;
    let shelf = device(server, &three.samuel).await;
    let list = file::Ask::List { conversation, before: None };
    watcher.performs(&shelf, Request::File(list)).await;
    let search = Search { text: "hello".into(), ..Search::default() };
    let (_, records) = watcher.performs(&desk, Request::Search(search)).await;
    assert_eq!((records[0].subject, records[0].detail.as_deref()), (Subject::Nothing, None));

    let filter = AuditFilter::default();
    watcher.performs(&three.owner, Request::Audit { filter, before: None }).await;
    let list = Ask::EmergencyList { client: three.jonas.id, reason: format!(" {REASON}\u{20}") };
    let (_, subject, detail) = watcher.asks(&three.owner, list).await;
    assert_eq!(subject, Subject::Person(three.jonas.id));
    assert_eq!(detail.as_deref(), Some(REASON));
    let open = Request::Office(Ask::EmergencyOpen { conversation, reason: REASON.into() });
    let (_, records) = watcher.performs(&three.owner, open).await;
    assert_eq!(records[0].detail.as_deref(), Some(REASON));
}

async fn forms(watcher: &mut Watcher, three: &crate::office::Three) {
    let (provider, client) = (&three.provider, &three.client);
    let asks = |ask| Request::Form(ask);
    watcher.performs(provider, asks(form::Ask::List { after: None })).await;
    watcher.performs(provider, asks(form::Ask::Library { which: Known::Gad7 })).await;
    let body = shared_proto::codec::encode(&crate::forms::short("Before we meet"));
    let save = form::Ask::Save { client_id: fresh_id(), form: None, version: 0, body };
    let (Reply::Form(form::Told::Saved { form, .. }), records) =
        watcher.performs(provider, asks(save)).await
    else {
        panic!()
    };
    let about = |record: &AuditEntry| (record.subject, record.detail.clone());
    assert_eq!(about(&records[0]), (Subject::Practice, Some(form.to_string())));
    watcher.performs(provider, asks(form::Ask::Read { form, version: None })).await;
    let retire = form::Ask::Retire { form, retired: true };
    let (_, records) = watcher.performs(provider, asks(retire)).await;
    assert_eq!(about(&records[0]), (Subject::Practice, Some(form.to_string())));
    let again = form::Ask::Retire { form, retired: false };
    watcher.performs(provider, asks(again)).await;

    let conversation = provider.create(&[three.jonas.id]).await;
    let entry = crate::forms::give(provider, conversation, form, &[three.jonas.id]).await.unwrap();
    let (_, records) =
        watcher.performs(client, asks(form::Ask::Open { conversation, entry })).await;
    let opened = (Subject::Conversation(conversation), Some(entry.to_string()));
    assert_eq!(about(&records[0]), opened);
    let answers = shared_proto::codec::encode(&crate::forms::answers("why", false));
    let keep = form::Ask::Keep { conversation, entry, answers: answers.clone() };
    watcher.performs(client, asks(keep)).await;
    let client_message_id = fresh_id();
    let submit = form::Ask::Submit { conversation, entry, client_message_id, answers };
    watcher.performs(client, asks(submit)).await;
    let (_, records) =
        watcher.performs(provider, asks(form::Ask::Open { conversation, entry })).await;
    assert_eq!(about(&records[0]), opened);
    let list = form::Ask::Assignments { conversation, before: None };
    watcher.performs(client, asks(list)).await;
}

async fn people(watcher: &mut Watcher, three: &crate::office::Three) {
    let (provider, owner) = (&three.provider, &three.owner);
    for (shown, word) in [(PeopleShown::Clients, "clients"), (PeopleShown::Providers, "providers")]
    {
        let filter = PeopleFilter { shown, ..PeopleFilter::default() };
        let (_, subject, detail) =
            watcher.asks(provider, Ask::People { filter, after: None }).await;
        assert_eq!((subject, detail.as_deref()), (Subject::Nothing, Some(word)));
    }
    let person = Box::new(new_client("Ana Ruiz", "ana@example.org"));
    let add = Ask::AddPerson { client_id: fresh_id(), person };
    let (Told::Person(ana), subject, _) = watcher.asks(provider, add).await else { panic!() };
    let ana = ana.card.id;
    assert_eq!(subject, Subject::Person(ana));
    let (_, subject, _) = watcher.asks(provider, Ask::Invite { person: ana }).await;
    assert_eq!(subject, Subject::Person(ana));
    let reset = Request::Office(Ask::SendReset { person: three.jonas.id });
    let (_, records) = watcher.performs(owner, reset).await;
    assert_eq!(records[0].subject, Subject::Person(three.jonas.id));
    let (_, subject, _) = watcher.asks(provider, Ask::Chart { person: ana }).await;
    assert_eq!(subject, Subject::Person(ana));
    let inbox = Request::Office(Ask::ClientInbox { client: ana, after: None });
    let (_, records) = watcher.performs(provider, inbox).await;
    assert_eq!(records[0].subject, Subject::Person(ana));

    let contact = PersonChange::Contact {
        name: "Ana Ruiz".into(),
        email: "ana.ruiz@example.org".into(),
        phone: "+41 44 123 45 67".into(),
        chart_number: String::new(),
    };
    let detail = watcher.changes(provider, ana, contact).await;
    assert_eq!(detail.as_deref(), Some("email, phone"), "what, and never which");
    let mut details = Details::default();
    details.set(DetailField::Town, "8000 Zürich".into());
    details.set(DetailField::Insurer, "Helsana".into());
    let detail = watcher.changes(provider, ana, PersonChange::Details(Box::new(details))).await;
    assert_eq!(detail.as_deref(), Some("town, insurer"));
    let agreed = PersonChange::Consents(Consents { email: true, sms: false });
    assert_eq!(watcher.changes(provider, ana, agreed).await.as_deref(), Some("email, on-paper"));
    let samuel = three.samuel.id;
    for on in [false, true] {
        watcher.changes(owner, ana, PersonChange::Portal(on)).await;
        watcher.changes(owner, ana, PersonChange::Suspended(!on)).await;
        let assigned = PersonChange::Assigned { provider: samuel, on };
        let detail = watcher.changes(owner, ana, assigned).await;
        assert_eq!(detail, Some(samuel.to_string()));
    }
    let of_samuel = AuditFilter {
        person: Some(samuel),
        action: Some(Action::Assigned),
        ..AuditFilter::default()
    };
    let page = read(&watcher.owner, of_samuel).await;
    assert_eq!(page.entries.len(), 1, "it is found by the provider too");
    assert!(page.people.iter().any(|card| card.id == samuel && card.name == three.samuel.name));
    let mira = crate::given::stranger(&three.server).id;
    let detail = watcher.changes(owner, mira, PersonChange::Owner(true)).await;
    assert_eq!(detail.as_deref(), Some("owner"));
    let detail = watcher.changes(owner, mira, PersonChange::Owner(false)).await;
    assert_eq!(detail.as_deref(), Some("provider"));
}

async fn the_practice(watcher: &mut Watcher, three: &crate::office::Three) {
    let owner = &three.owner;
    let (Reply::Office(Told::Practice(before)), _) =
        watcher.performs(owner, Request::Office(Ask::Practice)).await
    else {
        panic!()
    };
    let mut settings = before.settings.clone();
    settings.announcement = "Closed on Monday".into();
    settings.policies.booking = Booking::Clients;
    let change = PracticeChange::Settings(Box::new(settings));
    let change = Ask::ChangePractice { revision: before.revision, change };
    let (_, records) = watcher.performs(owner, Request::Office(change)).await;
    assert_eq!(records[0].detail.as_deref(), Some("announcement"));
    assert_eq!(records[1].detail.as_deref(), Some("booking"));
    let revised = async |change| {
        let revision = practice(owner).await.revision;
        Ask::ChangePractice { revision, change }
    };
    let add = revised(PracticeChange::AddDivision { name: "Adults".into() }).await;
    let (Told::Practice(now), subject, detail) = watcher.asks(owner, add).await else { panic!() };
    assert_eq!((subject, detail.as_deref()), (Subject::Practice, Some("added")));
    let division = now.divisions[0].id;
    let to = PersonChange::Division(Some(division));
    let detail = watcher.changes(owner, three.jonas.id, to).await;
    assert_eq!(detail.as_deref(), Some("division"));
    watcher.changes(owner, three.jonas.id, PersonChange::Division(None)).await;
    let name = "Grown-ups".into();
    let rename = revised(PracticeChange::RenameDivision { division, name }).await;
    assert_eq!(watcher.asks(owner, rename).await.2.as_deref(), Some("renamed"));
    let remove = revised(PracticeChange::RemoveDivision { division }).await;
    assert_eq!(watcher.asks(owner, remove).await.2.as_deref(), Some("removed"));
}

async fn the_desk(watcher: &mut Watcher, three: &crate::office::Three) {
    let id = ReplyId::from_random(*fresh_id().as_bytes());
    let reply = SavedReply { id, revision: 0, title: "Hours".into(), text: "We are open.".into() };
    let one = Leave { from: "2026-03-01".parse().unwrap(), until: "2026-03-02".parse().unwrap() };
    let own = Own { leave: vec![one], away: "Gone".into(), ..Own::default() };
    let common = Common { holidays: vec![one.from], ..Common::default() };
    for (who, shared) in [(&three.provider, false), (&three.owner, true)] {
        watcher.performs(who, Request::Desk(desk::Ask::Replies)).await;
        watcher.performs(who, Request::Desk(desk::Ask::Hours)).await;
        let subject = if shared { Subject::Practice } else { Subject::Nothing };
        let (revision, reply) = (0, Box::new(reply.clone()));
        let set = if shared {
            desk::Ask::SetCommon { revision, common: Box::new(common.clone()) }
        } else {
            desk::Ask::SetOwn { revision, own: Box::new(own.clone()) }
        };
        for (ask, word) in [
            (desk::Ask::SaveReply { shared, reply }, "replies"),
            (desk::Ask::DeleteReply { shared, id }, "replies"),
            (set, if shared { "holidays" } else { "leave, away-reply" }),
        ] {
            let (_, records) = watcher.performs(who, Request::Desk(ask)).await;
            assert_eq!(records[0].subject, subject);
            assert_eq!(records[0].detail.as_deref(), Some(word));
        }
    }
    let conversation = three.provider.create(&[three.jonas.id]).await;
    let promise = desk::Ask::Promise { conversation };
    watcher.performs(&three.client, Request::Desk(promise)).await;
    let greeting = desk::Ask::Greeting { conversation };
    watcher.performs(&three.provider, Request::Desk(greeting)).await;
}

async fn accounts(watcher: &mut Watcher, three: &crate::office::Three) {
    let client = &three.client;
    watcher.performs(client, Request::Office(Ask::Account)).await;
    watcher.performs(client, Request::Office(Ask::Active)).await;
    watcher.performs(client, Request::Office(Ask::Factors(FactorAsk::List))).await;
    let email = "jonas.weber@example.org".into();
    let change = Ask::ChangeEmail { email, password: three.jonas.password.clone() };
    watcher.performs(client, Request::Office(change)).await;
    for (change, word) in [
        (AccountChange::Name("Jonas W. Weber".into()), "name"),
        (AccountChange::Mobile("+41 79 123 45 67".into()), "phone"),
        (AccountChange::Language("de".into()), "language"),
        (AccountChange::TimeZone("Europe/Zurich".into()), "time-zone"),
        (AccountChange::ReadReceipts(false), "read-receipts"),
    ] {
        let (_, subject, detail) = watcher.asks(client, Ask::ChangeAccount(change)).await;
        assert_eq!((subject, detail.as_deref()), (Subject::Nothing, Some(word)));
    }
    let agreed = AccountChange::Consents(Consents { email: true, sms: false });
    let (_, subject, detail) = watcher.asks(client, Ask::ChangeAccount(agreed)).await;
    assert_eq!((subject, detail.as_deref()), (Subject::Person(three.jonas.id), Some("email")));
    notices(watcher, three).await;
    let mut details = Details::default();
    details.set(DetailField::Pronouns, "he".into());
    let own = Ask::ChangeAccount(AccountChange::Details(Box::new(details)));
    let (_, subject, detail) = watcher.asks(client, own).await;
    assert_eq!((subject, detail.as_deref()), (Subject::Person(three.jonas.id), Some("pronouns")));
    let _second = device(&three.server, &three.jonas).await;
    watcher.performs(client, Request::Office(Ask::Devices)).await;
    let password = three.jonas.password.clone();
    let out = Request::Office(Ask::SignOut { device: None, password });
    watcher.performs(client, out).await;
}

async fn notices(watcher: &mut Watcher, three: &crate::office::Three) {
    let client = &three.client;
    let asks = |ask| Request::Office(Ask::Notices(ask));
    watcher.performs(client, asks(notice::Ask::Standing)).await;
    watcher.performs(client, asks(notice::Ask::Test(Channel::Email))).await;
    let (_, records) = watcher.performs(client, asks(notice::Ask::SendCode)).await;
    assert_eq!(records[0].detail.as_deref(), Some("mobile-code"));
    let code = crate::notices::code(&three.server).await;
    for (ask, word) in [
        (notice::Ask::Wish(Wishes { sound: true, ..Wishes::default() }), "sound"),
        (notice::Ask::Confirm { code }, "mobile-confirmed"),
        (notice::Ask::Allow(Box::new(crate::notices::browser())), "push"),
        (notice::Ask::Disallow { all: false }, "push, removed"),
    ] {
        let (_, records) = watcher.performs(client, asks(ask)).await;
        assert_eq!(records[0].detail.as_deref(), Some(word));
    }
}

#[tokio::test]
async fn a_chart_and_a_list_are_recorded_once_a_socket_and_what_is_not_there_never() {
    let three = three().await;
    let person = three.jonas.id;
    for text in ["", "j", "jo", "jon"] {
        let filter = PeopleFilter { text: text.into(), ..PeopleFilter::default() };
        ask(&three.provider, Ask::People { filter, after: None }).await.unwrap();
        ask(&three.provider, Ask::Chart { person }).await.unwrap();
    }
    let absent = PersonId::from_bytes([7; 16]);
    assert_eq!(ask(&three.provider, Ask::Chart { person: absent }).await, Err(Refusal::NotFound));
    for one in [
        Ask::Chart { person },
        Ask::People { filter: PeopleFilter::default(), after: None },
        Ask::EmergencyList { client: person, reason: REASON.into() },
    ] {
        assert!(ask(&three.client, one).await.is_err());
    }
    let count = |action| super::count(&three.server, action);
    assert_eq!(count(Action::ChartOpened), 1);
    assert_eq!(count(Action::PeopleListed), 1);
    assert_eq!(count(Action::EmergencyListed), 0);
    let back = three.provider.reconnect().await.unwrap();
    ask(&back, Ask::Chart { person }).await.unwrap();
    assert_eq!(count(Action::ChartOpened), 2, "another socket");
}

#[tokio::test]
async fn a_form_is_recorded_once_a_socket_for_those_who_may_open_it_and_for_nobody_else() {
    let three = three().await;
    let conversation = three.provider.create(&[three.jonas.id]).await;
    let form = crate::forms::saved(&three.provider, crate::forms::short("Before we meet")).await;
    let to = [three.jonas.id];
    let entry = crate::forms::give(&three.provider, conversation, form, &to).await.unwrap();
    for _ in 0..3 {
        for client in [&three.provider, &three.client] {
            crate::forms::opened(client, conversation, entry).await.unwrap();
        }
        let refused = crate::forms::opened(&three.owner, conversation, entry).await;
        assert_eq!(refused, Err(Refusal::NotFound));
    }
    assert_eq!(super::count(&three.server, Action::FormOpened), 2);
}
