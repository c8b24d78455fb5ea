//! People, portal access, policy and the practice, over real sockets.

mod emergency;
mod people;
mod policy;
mod portal;

use quietroom_tests::support::{Person, ServerOptions, TestClient, TestServer, fresh_id};
use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{NewPerson, PeopleFilter, PersonChange, PersonRow, Role};
use shared_proto::practice::{Practice, PracticeChange};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};

use crate::given::device;

/// Asks something around conversations.
pub async fn ask(client: &TestClient, ask: Ask) -> Result<Told, Refusal> {
    match client.request(Request::Office(ask)).await? {
        Reply::Office(told) => Ok(told),
        other => panic!("{other:?}"),
    }
}

/// Changes somebody; as they are then.
pub async fn change(
    client: &TestClient,
    person: PersonId,
    change: PersonChange,
) -> Result<PersonRow, Refusal> {
    let change = Ask::ChangePerson { person, change: Box::new(change) };
    match ask(client, change).await? {
        Told::Person(row) => Ok(*row),
        other => panic!("{other:?}"),
    }
}

/// The practice as somebody sees it.
pub async fn practice(client: &TestClient) -> Practice {
    match ask(client, Ask::Practice).await {
        Ok(Told::Practice(practice)) => *practice,
        other => panic!("{other:?}"),
    }
}

/// Changes the practice, on what it is now.
pub async fn change_practice(
    client: &TestClient,
    change: PracticeChange,
) -> Result<Practice, Refusal> {
    let revision = practice(client).await.revision;
    match ask(client, Ask::ChangePractice { revision, change }).await? {
        Told::Practice(practice) => Ok(*practice),
        other => panic!("{other:?}"),
    }
}

/// Clients somebody sees whose name, email, phone or chart number holds `text`.
pub async fn clients(client: &TestClient, text: &str) -> Result<Vec<PersonRow>, Refusal> {
    let filter = PeopleFilter { text: text.into(), ..PeopleFilter::default() };
    match ask(client, Ask::People { filter, after: None }).await? {
        Told::People(page) => Ok(page.rows),
        other => panic!("{other:?}"),
    }
}

/// Somebody to be added.
pub fn new_client(name: &str, email: &str) -> NewPerson {
    NewPerson {
        role: Role::Client,
        name: name.into(),
        email: email.into(),
        phone: String::new(),
        chart_number: String::new(),
        division: None,
    }
}

/// Adds a client without an account.
pub async fn add_client(by: &TestClient, name: &str, email: &str) -> PersonRow {
    let person = Box::new(new_client(name, email));
    match ask(by, Ask::AddPerson { client_id: fresh_id(), person }).await {
        Ok(Told::Person(row)) => *row,
        other => panic!("{other:?}"),
    }
}

/// An owner, a provider and a client, each with one device.
pub struct Three {
    pub server: TestServer,
    pub dana: Person,
    pub samuel: Person,
    pub jonas: Person,
    pub owner: TestClient,
    pub provider: TestClient,
    pub client: TestClient,
}

/// Starts a practice of three.
pub async fn three() -> Three {
    three_on(TestServer::options()).await
}

/// As [`three`], on a server started in this way.
pub async fn three_on(options: ServerOptions) -> Three {
    let server = options.start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let owner = device(&server, &dana).await;
    let provider = device(&server, &samuel).await;
    let client = device(&server, &jonas).await;
    Three { server, dana, samuel, jonas, owner, provider, client }
}
