//! Test Q of the trust numbers: a word of its own in every field a person can fill in, and none of
//! them where it does not belong: the data directory with its keys, a backup, the log, the metrics,
//! the names of files, what refusals say, and what the command line answers.
//!
//! A new field: a row in `canary/fields.rs`, and the request that fills it in below. A new request
//! does not compile before that file says whether somebody types into it.

mod fields;
mod places;

use std::collections::BTreeSet;
use std::time::Duration;

use fields::{BIRTH_DATE, DETAIL, FIELDS, PHONES, TOO_LONG, Then, has_words, word};
use places::{Place, files, hits};
use quietroom_tests::support::http::{Request as Http, Response};
use quietroom_tests::support::people::{post, try_sign_in};
use quietroom_tests::support::{Person, TestClient, TestServer, fresh_id};
use shared_proto::account::AccountChange;
use shared_proto::audit::{AuditFilter, Group};
use shared_proto::chart::{DetailField, Details};
use shared_proto::codec;
use shared_proto::conversation::command::{Command, New};
use shared_proto::desk::Ask as AtHand;
use shared_proto::factors::FactorAsk;
use shared_proto::file::ask as file;
use shared_proto::form::ask as form;
use shared_proto::hours::Own;
use shared_proto::http as api;
use shared_proto::id::{ConversationId, ReplyId};
use shared_proto::notice::ask as notice;
use shared_proto::notice::ask::PushDevice;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{NewPerson, PeopleFilter, PersonCard, PersonChange, Role};
use shared_proto::practice::{PracticeChange, Settings};
use shared_proto::refusal::Refusal;
use shared_proto::replies::Reply as SavedReply;
use shared_proto::search::Search;
use shared_proto::wire::{Due, Invitee, Reply, Request, ServerEvent};

use crate::given::device;

/// What was typed and answered so far.
#[derive(Default)]
struct Said {
    typed: BTreeSet<&'static str>,
    refusals: Vec<Place>,
    last: Option<Refusal>,
    answers: Vec<u8>,
}

impl Said {
    /// Notes which fields these bytes on their way to the server fill in.
    fn typed(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.typed.extend(FIELDS.iter().filter(|row| text.contains(row.1)).map(|row| row.0));
    }

    /// Asks, and keeps what is answered.
    async fn ask(&mut self, client: &TestClient, request: Request) -> Option<Reply> {
        assert_eq!(self.sends_words(&request), has_words(&request), "{request:?}");
        match client.request(request).await {
            Ok(reply) => {
                self.answers.extend(codec::encode(&reply));
                Some(reply)
            }
            Err(refusal) => {
                self.last = Some(refusal);
                self.refusals.push((format!("{refusal:?}"), codec::encode(&refusal)));
                None
            }
        }
    }

    fn sends_words(&mut self, request: &Request) -> bool {
        let bytes = codec::encode(request);
        self.typed(&bytes);
        !hits(&[(String::new(), bytes)], &[PHONES]).is_empty()
    }

    async fn office(&mut self, client: &TestClient, ask: Ask) -> Told {
        let what = format!("{ask:?}");
        match self.ask(client, Request::Office(ask)).await {
            Some(Reply::Office(told)) => told,
            other => panic!("{what}: {other:?}, {:?}", self.refusals.last()),
        }
    }

    /// Keeps an answer to a plain request, with its headers.
    fn answered(&mut self, what: &str, response: &Response) {
        let headers = format!("{:?}", response.headers).into_bytes();
        self.refusals
            .push((format!("the answer to {what}"), [headers, response.body.clone()].concat()));
    }
}

fn details() -> Details {
    let mut details = Details::default();
    for field in DetailField::ALL {
        details.set(field, format!("{DETAIL}-{}", field.name()));
    }
    details.set(DetailField::BirthDate, BIRTH_DATE.to_owned());
    details.set(DetailField::EmergencyPhone, format!("{PHONES} 01 74"));
    details
}

/// Sets the practice up by its link, after a try that is refused.
async fn set_up(server: &mut TestServer, said: &mut Said) -> Person {
    let link = server.announced("set-up:").await;
    let form = api::SetUp {
        token: link.split_once('#').unwrap().1.to_owned(),
        practice: word("set-up: practice"),
        name: word("set-up: name"),
        email: word("set-up: email"),
        password: word("set-up: a password that is too short"),
        time_zone: word("set-up: time zone"),
        language: word("set-up: language"),
        divisions: word("set-up: divisions"),
        announcement: word("set-up: announcement"),
        ..api::SetUp::default()
    };
    let short = codec::encode(&form);
    said.typed(&short);
    let answer = post(server.address(), api::SET_UP, short, None).await.unwrap();
    said.answered("a set-up that is refused", &answer);
    let form = api::SetUp { password: word("set-up: password"), ..form };
    let whole = codec::encode(&form);
    said.typed(&whole);
    let answer = post(server.address(), api::SET_UP, whole, None).await.unwrap();
    let owner: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
    Person {
        id: owner.unwrap().id,
        name: form.name,
        role: Role::Owner,
        email: form.email,
        password: form.password,
    }
}

/// Tries to come in, and to go on, with what is wrong; and visits what is not there.
async fn at_the_door(server: &TestServer, said: &mut Said, owner: &Person) {
    let address = server.address();
    let wrong = word("sign-in: a wrong password");
    for email in ["sign-in: an email nobody has", "sign-in: an email of no form"] {
        said.typed(word(email).as_bytes());
        let answer = try_sign_in(address, &word(email), &wrong).await.unwrap();
        said.answered(email, &answer);
    }
    said.typed(wrong.as_bytes());
    let answer = try_sign_in(address, &owner.email, &wrong).await.unwrap();
    said.answered("a sign-in with a wrong password", &answer);
    let session = server.sign_in(owner).await;
    let locked = post(address, api::LOCK, Vec::new(), Some(&session.cookie)).await.unwrap();
    assert_eq!(locked.status, 200);
    let form = api::Unlock { password: word("unlock: a wrong password") };
    said.typed(form.password.as_bytes());
    let answer = post(address, api::UNLOCK, codec::encode(&form), Some(&session.cookie)).await;
    said.answered("an unlocking with a wrong password", &answer.unwrap());
    for path in ["", "/api/", "/assets/"] {
        let (path, query) =
            (format!("{path}{}", word("address bar: a path")), word("address bar: a query"));
        let request = Http::get(format!("/{}?{query}", path.trim_start_matches('/')))
            .header("User-Agent", word("browser: what it calls itself"))
            .header(
                "Referer",
                format!("{}/{}", address.origin, word("browser: where it comes from")),
            )
            .header("Cookie", format!("__Host-quietroom={}", word("browser: a cookie")))
            .header("Origin", format!("http://{}", word("browser: where it comes from")));
        said.typed(format!("{request:?}").as_bytes());
        let answer = request.send(address.socket, &address.host).await.unwrap();
        said.answered(&path, &answer);
    }
}

/// What only the owner fills in.
async fn owner_fills_in(said: &mut Said, owner: &TestClient) {
    let division = PracticeChange::AddDivision { name: word("practice: a division") };
    let change = Ask::ChangePractice { revision: revision(said, owner).await, change: division };
    let Told::Practice(practice) = said.office(owner, change).await else { panic!("no practice") };
    let name = word("practice: a division's new name");
    let change = PracticeChange::RenameDivision { division: practice.divisions[0].id, name };
    said.office(owner, Ask::ChangePractice { revision: practice.revision, change }).await;
    let Settings {
        name: _,
        time_zone: _,
        language: _,
        currency,
        announcement: _,
        idle_minutes,
        session_hours,
        policies,
        sender: _,
    } = practice.settings;
    let settings = Settings {
        name: word("practice: name"),
        time_zone: word("practice: time zone"),
        language: word("practice: language"),
        // Three letters hold no word.
        currency,
        announcement: word("practice: announcement"),
        idle_minutes,
        session_hours,
        policies,
        sender: word("practice: what notices are sent as"),
    };
    let change = PracticeChange::Settings(Box::new(settings));
    let revision = revision(said, owner).await;
    said.office(owner, Ask::ChangePractice { revision, change }).await;
    let person = NewPerson {
        role: Role::Client,
        name: word("person: name"),
        email: word("person: email"),
        phone: word("person: phone"),
        chart_number: word("person: chart number"),
        division: None,
    };
    let added = Ask::AddPerson { client_id: fresh_id(), person: Box::new(person) };
    let Told::Person(added) = said.office(owner, added).await else { panic!("no person") };
    let contact = PersonChange::Contact {
        name: word("contact: name"),
        email: word("contact: email"),
        phone: word("contact: phone"),
        chart_number: word("contact: chart number"),
    };
    for change in [contact, PersonChange::Details(Box::new(details()))] {
        let person = added.card.id;
        said.office(owner, Ask::ChangePerson { person, change: Box::new(change) }).await;
    }
    said.office(owner, Ask::Chart { person: added.card.id }).await;
    let filter = PeopleFilter { text: word("search: people"), ..PeopleFilter::default() };
    said.office(owner, Ask::People { filter, after: None }).await;
    for text in [word("search: whom to write to"), TOO_LONG.repeat(100)] {
        said.ask(owner, Request::FindPeople { text }).await;
    }
}

async fn revision(said: &mut Said, owner: &TestClient) -> u64 {
    match said.office(owner, Ask::Practice).await {
        Told::Practice(practice) => practice.revision,
        other => panic!("no practice: {other:?}"),
    }
}

/// What a client fills in about themselves.
async fn client_fills_in(said: &mut Said, client: &TestClient) {
    for change in [
        AccountChange::Mobile(word("account: mobile")),
        AccountChange::Language(word("account: language")),
        AccountChange::TimeZone(word("account: time zone")),
        AccountChange::Details(Box::new(details())),
    ] {
        said.office(client, Ask::ChangeAccount(change)).await;
    }
    let password = word("factors: a wrong password");
    let (name, code) = (word("factors: the name of a passkey"), word("factors: a wrong code"));
    for asked in [
        FactorAsk::BeginPasskey { name, password },
        FactorAsk::FinishTotp { ticket: String::new(), code },
    ] {
        said.ask(client, Request::Office(Ask::Factors(asked))).await;
    }
    let device = PushDevice {
        endpoint: word("notices: where a browser is"),
        key: vec![4; 65],
        secret: vec![1; 16],
    };
    let code = word("notices: a wrong code");
    for ask in [notice::Ask::Confirm { code }, notice::Ask::Allow(Box::new(device))] {
        said.ask(client, Request::Office(Ask::Notices(ask))).await;
    }
    let password = word("account: a wrong password");
    let change = Ask::ChangeEmail { email: word("account: an email not confirmed"), password };
    said.ask(client, Request::Office(change)).await;
    let out = Ask::SignOut { device: None, password: word("devices: a wrong password") };
    said.ask(client, Request::Office(out)).await;
    // A new name cuts their sockets, so that they come back as who they are now.
    let name = Request::Office(Ask::ChangeAccount(AccountChange::Name(word("account: name"))));
    assert!(said.sends_words(&name) && has_words(&name));
    drop(client.ask(name).await);
    let again = TestClient::connect(client.session()).await;
    said.office(&again, Ask::Account).await;
}

/// What a provider keeps at hand for writing.
async fn desk(said: &mut Said, provider: &TestClient) {
    for field in ["desk: a saved reply that is deleted", "desk: a saved reply"] {
        let id = ReplyId::from_random(*fresh_id().as_bytes());
        let (title, text) = (word("desk: title of a reply"), word(field));
        let reply = Box::new(SavedReply { id, revision: 0, title, text });
        patiently(said, provider, Request::Desk(AtHand::SaveReply { shared: false, reply })).await;
        if field.ends_with("deleted") {
            let delete = Request::Desk(AtHand::DeleteReply { shared: false, id });
            patiently(said, provider, delete).await;
        }
    }
    let own =
        Own { away: word("desk: away reply"), greeting: word("desk: greeting"), ..Own::default() };
    let set = AtHand::SetOwn { revision: 0, own: Box::new(own) };
    patiently(said, provider, Request::Desk(set)).await;
}

/// What two write to each other, and an owner who looks in.
async fn conversation(said: &mut Said, provider: &TestClient, client: &Person, owner: &TestClient) {
    let conversation = provider.create(&[client.id]).await;
    provider.open(conversation).await;
    for field in ["message: one that is withdrawn", "message: one that stays"] {
        let sent = said.ask(provider, provider.message(conversation, &word(field))).await;
        let Some(Reply::Sent { entry: target, .. }) = sent else { panic!("{field}: {sent:?}") };
        if field.ends_with("withdrawn") {
            said.ask(provider, Request::Withdraw { conversation, target }).await.unwrap();
        }
    }
    // Enough to fill more than one stored value.
    for number in 0..40 {
        let text = format!("{} {number} {}", word("message: one that stays"), "canary ".repeat(40));
        let sent = provider.request(provider.message(conversation, &text)).await;
        // Faster than one person may: what was sent before is enough.
        if sent.is_err() {
            break;
        }
    }
    let long = provider.message(conversation, &TOO_LONG.repeat(1_000));
    assert!(said.ask(provider, long).await.is_none());
    said.answers.extend(codec::encode(&provider.history(conversation).await));
    beside(said, provider, client, conversation).await;
    files_sent(said, provider, conversation).await;
    let reason = word("emergency: reason for a list");
    said.ask(owner, Request::Office(Ask::EmergencyList { client: client.id, reason })).await;
    let reason = word("emergency: reason for a conversation");
    said.ask(owner, Request::Office(Ask::EmergencyOpen { conversation, reason })).await;
    owner.settle().await;
}

/// A form, and what somebody answers to it.
async fn form(said: &mut Said, provider: &TestClient, client: &TestClient) {
    let mut body = crate::forms::short(&word("form: title"));
    body.items[0].label = word("form: a question");
    let mut wrong = crate::forms::short(&word("form: one that is wrong"));
    wrong.items.clear();
    let mut saved = None;
    for body in [wrong, body] {
        let (client_id, body) = (fresh_id(), codec::encode(&body));
        let save = form::Ask::Save { client_id, form: None, version: 0, body };
        if let Reply::Form(form::Told::Saved { form, .. }) =
            patiently(said, provider, Request::Form(save)).await
        {
            saved = Some(form);
        }
    }
    let saved = saved.expect("one is not wrong");
    let to = [client.me().id];
    let create = Request::Create { client_id: fresh_id(), participants: to.to_vec() };
    let Reply::Created(conversation) = patiently(said, provider, create).await else { panic!() };
    let entry = loop {
        match crate::forms::give(provider, conversation, saved, &to).await {
            Ok(entry) => break entry,
            Err(refusal) => assert!(matches!(refusal, Refusal::TooFast { .. }), "{refusal:?}"),
        }
    };
    let answers = |text: &str| codec::encode(&crate::forms::answers(text, true));
    for field in ["answer: one that is kept", "answer: one that is too long"] {
        let text = if field.ends_with("long") { TOO_LONG.repeat(20) } else { word(field) };
        let keep = form::Ask::Keep { conversation, entry, answers: answers(&text) };
        patiently(said, client, Request::Form(keep)).await;
    }
    let submit = form::Ask::Submit {
        conversation,
        entry,
        client_message_id: fresh_id(),
        answers: answers(&word("answer: one that is submitted")),
    };
    patiently(said, client, Request::Form(submit)).await;
    for ask in [
        form::Ask::Open { conversation, entry },
        form::Ask::Assignments { conversation, before: None },
        form::Ask::List { after: None },
        form::Ask::Read { form: saved, version: None },
    ] {
        patiently(said, provider, Request::Form(ask)).await;
    }
}

/// What is written besides messages that go out at once.
async fn beside(
    said: &mut Said,
    provider: &TestClient,
    client: &Person,
    conversation: ConversationId,
) {
    let held = provider.last_held(conversation);
    let send = |field: &str, id, quoted| Command::Send {
        client_message_id: id,
        text: word(field),
        quoted,
    };
    let command = send("message: one that answers another", fresh_id(), held);
    patiently(said, provider, Request::Do { conversation, held, command }).await;
    let at = shared_proto::time::Millis(u64::try_from(crate::clock::now()).unwrap() + 3_600_000);
    for field in ["message: one that waits", "message: one that is called back"] {
        let id = fresh_id();
        let (due, command) = (Due::At(at), send(field, id, None));
        patiently(said, provider, Request::Later { conversation, id, due, command }).await;
        if field.ends_with("back") {
            patiently(said, provider, Request::CallBack { conversation, id }).await;
        }
    }
    for field in ["draft: one that is replaced", "draft: one that stays"] {
        let request = Request::Draft { conversation, text: word(field) };
        assert!(said.sends_words(&request) && has_words(&request));
        provider.tell(request);
    }
    provider.settle().await;
    let new =
        New { announcement: Some(word("begin: announcement")), ..New::ongoing(vec![client.id]) };
    let (name, email) =
        (word("begin: name of somebody invited"), word("begin: email of somebody invited"));
    let invited = vec![Invitee { name, email }];
    let begin = Request::Begin { client_id: fresh_id(), new, invited };
    let Reply::Created(other) = patiently(said, provider, begin).await else { panic!() };
    for open in [conversation, other] {
        patiently(said, provider, Request::Open { conversation: open }).await;
    }
    let search = Search { text: word("search: what was written"), ..Search::default() };
    patiently(said, provider, Request::Search(search)).await;
    let emails = Request::Emails { conversation: other };
    patiently(said, provider, emails).await;
    provider.settle().await;
    for arrival in provider.take_events() {
        if matches!(arrival.event, ServerEvent::Draft { .. } | ServerEvent::Pending { .. }) {
            said.answers.extend(codec::encode(&arrival.event));
        }
    }
    let waits = provider.history(conversation).await;
    said.answers.extend(codec::encode(&waits));
    records(said, provider, conversation).await;
}

/// The record of a conversation in every form: what is in it belongs there, and nothing of it into
/// what it is called.
async fn records(said: &mut Said, provider: &TestClient, conversation: ConversationId) {
    let session = provider.session();
    let forms = [
        api::Route::RecordCsv,
        api::Route::RecordHtml,
        api::Route::RecordFhir,
        api::Route::RecordZip,
    ];
    for form in forms {
        let path = form.of_conversation(conversation);
        let zone = format!("{path}?zone={}", word("record: a time zone"));
        said.typed(zone.as_bytes());
        for path in [zone, path] {
            let request = Http::get(path).header("Cookie", &session.cookie);
            let answer = request.send(session.server.socket, &session.server.host).await.unwrap();
            if answer.status == 200 {
                said.answers.extend(&answer.body);
                said.answered("a record", &Response { body: Vec::new(), ..answer });
            } else {
                said.answered("a record in a zone that is not there", &answer);
            }
        }
    }
}

/// A file that is shared and handed out, and one that is not sent after all.
async fn files_sent(said: &mut Said, provider: &TestClient, conversation: ConversationId) {
    let contents = crate::files::pdf(&word("file: contents").repeat(20_000));
    for field in ["file: name of one that is cancelled", "file: name"] {
        let (name, client_id) = (format!("{}.pdf", word(field)), fresh_id());
        let bytes = contents.len() as u64;
        let begin = file::Ask::Begin { conversation, client_id, name, bytes };
        let begun = patiently(said, provider, Request::File(begin)).await;
        let Reply::File(file::Told::Upload { file, .. }) = begun else { panic!("{begun:?}") };
        said.typed(&contents);
        crate::files::put(provider, conversation, file, 0, &contents).await.unwrap();
        if field.ends_with("cancelled") {
            let cancel = file::Ask::Cancel { conversation, file };
            patiently(said, provider, Request::File(cancel)).await;
            continue;
        }
        let (client_message_id, hidden_from) = (fresh_id(), Vec::new());
        let held = provider.last_held(conversation);
        let command = Command::Share { client_message_id, file, hidden_from };
        while let Err(refusal) =
            provider.request(Request::Do { conversation, held, command: command.clone() }).await
        {
            there_is_room(Some(refusal)).await;
        }
        let saved = crate::files::fetch(provider, conversation, file).await;
        said.answers.extend(saved.body);
        let list = file::Ask::List { conversation, before: None };
        patiently(said, provider, Request::File(list)).await;
    }
}

/// Asks until there is room.
async fn patiently(said: &mut Said, client: &TestClient, request: Request) -> Reply {
    loop {
        if let Some(reply) = said.ask(client, request.clone()).await {
            return reply;
        }
        there_is_room(said.last).await;
    }
}

/// Waits as long as the server says.
async fn there_is_room(refusal: Option<Refusal>) {
    let Some(Refusal::TooFast { retry_after_ms }) = refusal else { panic!("{refusal:?}") };
    tokio::time::sleep(Duration::from_millis(retry_after_ms.into())).await;
}

/// What the operator types, and is answered where nothing of it belongs.
fn by_command(server: &TestServer, said: &mut Said) -> (Person, Person) {
    let mut run = |arguments: &[&str], input: &str, succeeds: bool| {
        let all = [&["person"], arguments, &["--data", server.data().to_str().unwrap()]].concat();
        said.typed(format!("{all:?} {input}").as_bytes());
        let output = server.command(&all, input);
        assert_eq!(output.status.success(), succeeds, "{arguments:?}: {output:?}");
        said.refusals.push((
            format!("the answer to {}", arguments[0]),
            [output.stdout.clone(), output.stderr].concat(),
        ));
        String::from_utf8(output.stdout).unwrap()
    };
    let (name, email) = (word("command line: name"), word("command line: email"));
    let password = format!("{}\n", word("command line: password"));
    let add = ["add", "--name", &name, "--email", &email, "--role", "provider", "--password-stdin"];
    let printed = run(&add, &password, true);
    run(&add, &password, false);
    let nobody = word("command line: an email nobody has");
    run(&["disable", &nobody], "", false);
    let password = word("command line: a new password");
    run(&["reset", &email, "--password-stdin"], &format!("{password}\n"), true);
    let id = printed.lines().find_map(|line| line.strip_prefix("added ")).unwrap().parse().unwrap();
    let provider = Person { id, name, role: Role::Provider, email, password };
    (provider, server.person_add("Canary Client", Role::Client))
}

/// The letters that wait, without what belongs into an invitation: to whom it goes, from whom, and
/// to which practice.
fn letters_without_address(mut places: Vec<Place>) -> Vec<Place> {
    let belongs = ["begin: email of somebody invited", "command line: name", "practice: name"];
    for (path, bytes) in &mut places {
        if path.contains("data.outbox/") {
            let whole = String::from_utf8_lossy(bytes).into_owned();
            let rest = belongs.iter().fold(whole, |left, field| left.replace(&word(field), ""));
            *bytes = rest.into_bytes();
        }
    }
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_anybody_typed_is_found_where_it_does_not_belong() {
    let mut server = TestServer::options().flag("--log-format", "json").start().await;
    let mut said = Said::default();
    let owner = set_up(&mut server, &mut said).await;
    let (provider, client) = tokio::task::block_in_place(|| by_command(&server, &mut said));
    at_the_door(&server, &mut said, &owner).await;
    let owners = device(&server, &owner).await;
    owner_fills_in(&mut said, &owners).await;
    let clients = device(&server, &client).await;
    client_fills_in(&mut said, &clients).await;
    let providers = device(&server, &provider).await;
    desk(&mut said, &providers).await;
    conversation(&mut said, &providers, &client, &owners).await;
    // A new name has cut the socket they had.
    let again = device(&server, &client).await;
    form(&mut said, &providers, &again).await;

    // Everything was filled in, and what is kept can be read by those it belongs to: a field that
    // never reached the server would be found nowhere.
    let missed: Vec<_> =
        FIELDS.iter().filter(|row| !said.typed.contains(row.0)).map(|row| row.0).collect();
    assert!(missed.is_empty(), "nothing fills in {missed:?}");
    said.office(&owners, Ask::Practice).await;
    said.office(&owners, Ask::Account).await;
    let filter = AuditFilter { group: Some(Group::Emergency), ..AuditFilter::default() };
    said.ask(&owners, Request::Audit { filter, before: None }).await;
    let listed = server.person(&["list"], "");
    let seen = String::from_utf8_lossy(&said.answers).into_owned() + listed.as_str();
    let details = details();
    let kept = FIELDS.iter().filter(|row| row.2 == Then::Kept).map(|row| row.1);
    for word in kept.chain(DetailField::ALL.iter().map(|field| details.get(*field))) {
        assert!(seen.contains(word), "{word:?} was not kept");
    }
    for password in FIELDS.iter().filter(|row| row.0.ends_with("password")) {
        assert!(!seen.contains(password.1), "{:?} is told to somebody", password.0);
    }

    let path = |name: &str| server.folder().join(name).to_str().unwrap().to_owned();
    let data = server.data().to_str().unwrap().to_owned();
    let (backup, keys) = (path("practice.backup"), path("practice.keys"));
    server.succeed(&["backup", "--data", &data, "--to", &backup, "--keys-to", &keys], "");
    let mut searched = std::mem::take(&mut said.refusals);
    searched.push(("the metrics".to_owned(), server.metrics().await.into_bytes()));
    searched.extend(letters_without_address(files(server.folder())));
    server.sigterm().await;
    searched.extend(letters_without_address(files(server.folder())));
    searched.push(("what the server printed".to_owned(), server.printed().join("\n").into_bytes()));
    for wanted in ["practice.backup", "practice.keys", "server.log", "data/keys", "the metrics"] {
        let there = |place: &Place| place.0.ends_with(wanted) && place.1.len() > 100;
        assert!(searched.iter().any(there), "{wanted} is searched");
    }
    let tokens: Vec<String> = [&owners, &clients, &providers]
        .map(|device| device.session().cookie.split_once('=').unwrap().1.to_owned())
        .into();
    let others: Vec<&str> =
        tokens.iter().map(String::as_str).chain([PHONES, BIRTH_DATE, "example.org"]).collect();
    let found = hits(&searched, &others);
    assert!(found.is_empty(), "{found:#?}");
}
