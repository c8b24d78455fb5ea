//! Forms over real sockets: building, giving, filling in, submitting.

mod assign;
mod build;
mod fill;
mod submit;

use quietroom_tests::support::{Person, TestClient, TestServer, fresh_id};
use shared_proto::codec;
use shared_proto::conversation::command::{Command, New};
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask::{Ask, Assigned, Assignment, Told};
use shared_proto::form::version::Template;
use shared_proto::form::{Alert, Band, Choice, Form, Item, Kind, LinkId, Score, Test};
use shared_proto::id::{ConversationId, EntryId, FormId, PersonId};
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};

use crate::conversations::{act, begin};
use crate::given::device;

/// What a short form asks for.
pub const WHY: LinkId = LinkId(1);
/// What counts, and is alerted to.
pub const SAD: LinkId = LinkId(2);

/// A form with a question that has to be answered, and one that counts.
pub fn short(title: &str) -> Form {
    let mut form = Form::named(title);
    let item = |link, label: &str, kind| Item {
        link,
        label: label.into(),
        help: String::new(),
        required: true,
        show_if: None,
        alert: None,
        kind,
    };
    let why = form.new_link();
    form.items.push(item(why, "What brings you here?", Kind::Text));
    let sad = form.new_link();
    let choices = [("Never", 0), ("Often", 3)].map(|(label, points)| Choice {
        id: form.new_choice(),
        label: label.into(),
        points: Some(points),
        alone: false,
    });
    let test = Test::OneOf(vec![choices[1].id]);
    let alert = Some(Alert { test, label: "Ask about this today".into() });
    let often = Item { alert, ..item(sad, "How often are you sad?", Kind::One(choices.into())) };
    form.items.push(often);
    let band = |from, label: &str| Band { from, label: label.into() };
    let bands = vec![band(0, "Low"), band(3, "High")];
    form.scores.push(Score { label: "Burden".into(), items: vec![sad], bands });
    assert_eq!((why, sad), (WHY, SAD));
    form
}

/// Answers to it.
pub fn answers(why: &str, often: bool) -> Answers {
    let mut answers = Answers::default();
    answers.set(WHY, Value::Text(why.into()));
    let choices = short("").items[1].kind.choices().to_vec();
    answers.set(SAD, Value::One(choices[usize::from(often)].id));
    answers
}

/// Asks something about forms.
pub async fn ask(client: &TestClient, ask: Ask) -> Result<Told, Refusal> {
    match client.request(Request::Form(ask)).await? {
        Reply::Form(told) => Ok(told),
        other => panic!("{other:?}"),
    }
}

/// Saves a form on the version that was looked at.
pub async fn save(
    client: &TestClient,
    form: Option<FormId>,
    version: u32,
    body: &Form,
) -> Result<Told, Refusal> {
    let (client_id, body) = (fresh_id(), codec::encode(body));
    ask(client, Ask::Save { client_id, form, version, body }).await
}

/// Saves a new form.
pub async fn saved(client: &TestClient, body: Form) -> FormId {
    match save(client, None, 0, &body).await {
        Ok(Told::Saved { form, version: 1 }) => form,
        other => panic!("{other:?}"),
    }
}

/// The form in one of its versions.
pub async fn template(client: &TestClient, form: FormId, version: Option<u32>) -> Template {
    match ask(client, Ask::Read { form, version }).await {
        Ok(Told::Template(bytes)) => codec::decode(&bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Gives people the first version of a form; the last entry.
pub async fn give(
    client: &TestClient,
    conversation: ConversationId,
    form: FormId,
    to: &[PersonId],
) -> Result<EntryId, Refusal> {
    let command =
        Command::Assign { client_message_id: fresh_id(), form, version: 1, to: to.to_vec() };
    act(client, conversation, command).await.map(|entry| entry.expect("an entry"))
}

/// A form that was given, as somebody sees it.
pub async fn opened(
    client: &TestClient,
    conversation: ConversationId,
    entry: EntryId,
) -> Result<(Assigned, Template, Answers), Refusal> {
    match ask(client, Ask::Open { conversation, entry }).await? {
        Told::Assigned(assigned) => {
            let template = codec::decode(&assigned.template).unwrap();
            let answers = codec::decode(&assigned.answers).unwrap();
            Ok((*assigned, template, answers))
        }
        other => panic!("{other:?}"),
    }
}

/// Keeps answers.
pub async fn keep(
    client: &TestClient,
    conversation: ConversationId,
    entry: EntryId,
    answers: &Answers,
) -> Result<Told, Refusal> {
    ask(client, Ask::Keep { conversation, entry, answers: codec::encode(answers) }).await
}

/// Submits answers.
pub async fn submit(
    client: &TestClient,
    conversation: ConversationId,
    entry: EntryId,
    answers: &Answers,
) -> Result<Told, Refusal> {
    let (client_message_id, answers) = (fresh_id(), codec::encode(answers));
    ask(client, Ask::Submit { conversation, entry, client_message_id, answers }).await
}

/// The forms given in a conversation, as somebody sees them, page after page.
pub async fn assignments(client: &TestClient, conversation: ConversationId) -> Vec<Assignment> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        match ask(client, Ask::Assignments { conversation, before }).await {
            Ok(Told::Assignments { assignments, more }) => {
                before = assignments.last().map(|assignment| assignment.entry);
                all.extend(assignments);
                if !more {
                    return all;
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A host with two clients in a group that all have open.
pub struct Group {
    pub server: TestServer,
    pub hana: Person,
    pub ben: Person,
    pub cara: Person,
    pub host: TestClient,
    pub bens: TestClient,
    pub caras: TestClient,
    pub talk: ConversationId,
}

/// Starts one.
pub async fn group() -> Group {
    let server = TestServer::options().unhurried().start().await;
    let hana = server.person_add("Hana Host", Role::Owner);
    let ben = server.person_add("Ben Client", Role::Client);
    let cara = server.person_add("Cara Client", Role::Client);
    let host = device(&server, &hana).await;
    let bens = device(&server, &ben).await;
    let caras = device(&server, &cara).await;
    let talk = begin(&host, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    for client in [&host, &bens, &caras] {
        client.open(talk).await;
    }
    Group { server, hana, ben, cara, host, bens, caras, talk }
}

impl Group {
    /// Whether the store holds together, once the server has stopped.
    pub async fn verify(mut self) {
        self.server.sigterm().await;
        self.server.succeed(&["verify", "--data", self.server.data().to_str().unwrap()], "");
    }
}
