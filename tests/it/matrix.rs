//! The authorization matrix (I of the trust numbers): every route and every request, by everyone,
//! on what is theirs, what is another's, and what is not there. What is another's is answered
//! exactly as what is not there.
//!
//! The routes are `shared_proto::http::Route`, of which the router is built; the requests are the
//! variants of the protocol. A new one without an arm in `matrix/routes.rs` or
//! `matrix/requests.rs` does not compile.

mod requests;
mod routes;

use quietroom_tests::support::people::{Session, session_state};
use quietroom_tests::support::{Person, TestClient, TestServer, fresh_id};
use shared_proto::conversation::command::Command;
use shared_proto::form::ask as form;
use shared_proto::id::{ConversationId, DeviceId, EntryId, FormId, PersonId};
use shared_proto::office::{Ask, Told};
use shared_proto::people::{PersonChange, Role};
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request, ServerEvent};

use crate::given::device;
use crate::office::{ask, change, change_practice};
use requests::{Named, Names, account, at_hand, forms, office, practice, socket};

/// Two divisions: Samuel and his client Jonas in one, with Ana, whom nobody is assigned to; Mira in
/// the other. Samuel and Jonas talk. Zoe's access was taken away while she was signed in.
struct Two {
    server: TestServer,
    dana: Person,
    samuel: Person,
    mira: Person,
    jonas: Person,
    ana: Person,
    zoe: Session,
    owner: TestClient,
    room: ConversationId,
    entry: EntryId,
    /// Samuel has given Jonas a form with this entry.
    given: EntryId,
    form: FormId,
}

async fn two_divisions() -> Two {
    let server = TestServer::options().unhurried().start().await;
    let dana = server.person_add("Dana Whitfield", Role::Owner);
    let owner = device(&server, &dana).await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let mira = server.person_add("Mira Lindqvist", Role::Provider);
    let jonas = server.person_add("Jonas Keller", Role::Client);
    let ana = server.person_add("Ana Ruiz", Role::Client);
    let zoe = server.person_add("Zoe Brandt", Role::Client);
    let zoe_was_here = server.sign_in(&zoe).await;
    server.person(&["disable", &zoe.email], "");
    for name in ["North", "South"] {
        let add = PracticeChange::AddDivision { name: name.into() };
        change_practice(&owner, add).await.unwrap();
    }
    let divisions = crate::office::practice(&owner).await.divisions;
    for (person, place) in [(&samuel, 0), (&jonas, 0), (&ana, 0), (&mira, 1)] {
        let division = PersonChange::Division(Some(divisions[place].id));
        change(&owner, person.id, division).await.unwrap();
    }
    let assigned = PersonChange::Assigned { provider: samuel.id, on: true };
    change(&owner, jonas.id, assigned).await.unwrap();
    let provider = device(&server, &samuel).await;
    let room = provider.create(&[jonas.id]).await;
    provider.open(room).await;
    let entry = provider.send(room, "a word between two").await;
    let form = crate::forms::saved(&provider, crate::forms::short("Between two")).await;
    let given = crate::forms::give(&provider, room, form, &[jonas.id]).await.unwrap();
    let zoe = zoe_was_here;
    Two { server, dana, samuel, mira, jonas, ana, zoe, owner, room, entry, given, form }
}

impl Two {
    async fn device_of(&self, person: &Person) -> DeviceId {
        let there = device(&self.server, person).await;
        match ask(&there, Ask::Devices).await {
            Ok(Told::Devices(devices)) => devices[0].id,
            other => panic!("{other:?}"),
        }
    }

    /// What is there, but not everybody's.
    fn there(&self, person: PersonId, device: DeviceId) -> Named {
        let password = String::new();
        let (conversation, entry) = (self.room, self.entry);
        let (given, form) = (self.given, self.form);
        Named { conversation, entry, given, form, person, device, password }
    }

    /// What is nowhere.
    fn absent(&self) -> Named {
        let bytes = |id: shared_proto::id::ClientMessageId| *id.as_bytes();
        Named {
            conversation: ConversationId::from_random(bytes(fresh_id())),
            entry: self.entry,
            given: self.given,
            form: self.form,
            person: PersonId::from_random(bytes(fresh_id())),
            device: DeviceId::from_bytes(bytes(fresh_id())),
            password: String::new(),
        }
    }
}

impl Named {
    fn asked_by(self, who: &Person) -> Self {
        Self { password: who.password.clone(), ..self }
    }
}

/// What a request comes to: its answer, and what a `Resume` is told besides.
#[derive(Debug, PartialEq)]
struct Outcome(Option<Result<Reply, Refusal>>, Vec<shared_proto::wire::CatchUp>);

async fn outcome(client: &TestClient, request: Request) -> Outcome {
    drop(client.take_events());
    let answer = if request == Request::Office(Ask::Active) {
        // Answered only when it is refused, which is before what is asked next.
        let mut answer = client.begin(request).expect("the socket is open");
        client.request(Request::Ping).await.unwrap();
        answer.try_recv().ok().map(|answer| answer.result)
    } else {
        client.request_or_silence(request).await
    };
    let events = client.take_events().into_iter().filter_map(|arrival| match arrival.event {
        ServerEvent::CaughtUp { catch_up, .. } => Some(catch_up),
        _ => None,
    });
    Outcome(answer, events.collect())
}

/// Everything that names something of this kind.
fn naming(kind: Names, named: &Named) -> Vec<Request> {
    let asks = office(named).into_iter().map(|(names, ask)| (names, Request::Office(ask)));
    let forms = forms(named).into_iter().map(|(names, ask)| (names, Request::Form(ask)));
    let account =
        account(named).into_iter().map(|(names, change)| (names, Ask::ChangeAccount(change)));
    let practice = practice(named)
        .into_iter()
        .map(|(names, change)| (names, Ask::ChangePractice { revision: 0, change }));
    let changes = account.chain(practice).map(|(names, ask)| (names, Request::Office(ask)));
    let at_hand = at_hand(named).into_iter().map(|(names, ask)| (names, Request::Desk(ask)));
    let all = socket(named).into_iter().chain(asks).chain(forms).chain(changes).chain(at_hand);
    all.filter(|(names, _)| *names == kind).map(|(_, request)| request).collect()
}

/// Holds what is another's against what is not there, for one person and one kind of thing.
async fn answered_alike(client: &TestClient, kind: Names, foreign: &Named, absent: &Named) {
    let pairs = naming(kind, foreign).into_iter().zip(naming(kind, absent));
    let mut count = 0;
    for (foreign, absent) in pairs {
        let owner = client.me().role == Role::Owner;
        // What an owner is for: they open it in an emergency, and its members are told.
        if owner && matches!(foreign, Request::Office(Ask::EmergencyOpen { .. })) {
            continue;
        }
        let name = format!("{:?} asks {foreign:?}", client.me().name);
        let given = outcome(client, foreign).await;
        assert_eq!(given, outcome(client, absent).await, "{name}");
        count += 1;
    }
    assert!(count > 0, "nothing names {kind:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_answered_exactly_as_what_is_not_there() {
    let two = two_divisions().await;
    let absent = two.absent();
    let of_dana = two.device_of(&two.dana).await;
    let of_samuel = two.device_of(&two.samuel).await;
    // Who has no part in it: a conversation, somebody, a device.
    let jonas = two.there(two.jonas.id, of_dana);
    for who in [&two.dana, &two.mira, &two.ana] {
        let client = device(&two.server, who).await;
        answered_alike(&client, Names::Conversation, &jonas, &absent).await;
    }
    for (who, whom) in [(&two.mira, &two.jonas), (&two.ana, &two.jonas), (&two.jonas, &two.ana)] {
        let client = device(&two.server, who).await;
        answered_alike(&client, Names::Person, &two.there(whom.id, of_dana), &absent).await;
    }
    for (who, whose) in [
        (&two.dana, of_samuel),
        (&two.samuel, of_dana),
        (&two.mira, of_dana),
        (&two.jonas, of_dana),
        (&two.ana, of_samuel),
    ] {
        let client = device(&two.server, who).await;
        let foreign = two.there(two.jonas.id, whose).asked_by(who);
        answered_alike(&client, Names::Device, &foreign, &two.absent().asked_by(who)).await;
    }
    // Nothing of all that came to anything.
    let held = crate::office::clients(&two.owner, "Jonas").await.unwrap();
    assert_eq!((held.len(), held[0].portal), (1, true));
}

/// Whether nobody may ask it anywhere: what has a request of its own, or never waits; or it names
/// something that does not wait; or it is for whom a form was given to, who is not the host.
fn is_nowhere(request: &Request, role: Role) -> bool {
    match request {
        Request::Form(form::Ask::Keep { .. } | form::Ask::Submit { .. }) => role != Role::Client,
        Request::Do { command: Command::Share { .. }, .. } => true,
        Request::File(ask) => matches!(ask, shared_proto::file::ask::Ask::Cancel { .. }),
        Request::Do { command, .. } => !command.is_by_member(),
        Request::Later { command, .. } => *command != Command::Complete,
        Request::CallBack { .. } => true,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ones_own_is_there() {
    let two = two_divisions().await;
    for who in [&two.samuel, &two.jonas] {
        let client = device(&two.server, who).await;
        let own = two.device_of(who).await;
        for request in naming(Names::Conversation, &two.there(two.jonas.id, own)) {
            let name = format!("{:?} asks {request:?}", who.name);
            let Outcome(answer, _) = outcome(&client, request.clone()).await;
            if is_nowhere(&request, who.role) {
                assert_eq!(answer, Some(Err(Refusal::NotFound)), "{name}");
            } else {
                assert_ne!(answer, Some(Err(Refusal::NotFound)), "{name}");
            }
        }
        for request in naming(Names::Device, &two.there(two.jonas.id, own).asked_by(who)) {
            let Outcome(answer, _) = outcome(&client, request).await;
            assert!(matches!(answer, Some(Ok(_))), "{answer:?}");
        }
    }
    let samuel = device(&two.server, &two.samuel).await;
    let chart = ask(&samuel, Ask::Chart { person: two.jonas.id }).await;
    assert!(matches!(chart, Ok(Told::Chart(_))), "{chart:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_nothing_is_refused_by_role_and_by_nothing_else() {
    let two = two_divisions().await;
    let named = two.absent();
    for who in [&two.mira, &two.ana, &two.dana] {
        let client = device(&two.server, who).await;
        for request in naming(Names::Nothing, &named) {
            let expected = requests::denied_to(who.role, &request);
            let name = format!("{:?} asks {request:?}", who.name);
            let Outcome(answer, _) = outcome(&client, request).await;
            let by_role = match answer {
                Some(Err(refusal @ (Refusal::OwnerOnly | Refusal::ProviderOnly))) => Some(refusal),
                _ => None,
            };
            assert_eq!(by_role, expected, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_and_whoever_lost_their_access_reach_no_request_at_all() {
    let two = two_divisions().await;
    let mut nobody = two.zoe.clone();
    nobody.cookie = "none=none".to_owned();
    let server = two.server.address();
    for session in [&two.zoe, &nobody] {
        assert_eq!(TestClient::try_connect(session).await.err(), Some(401));
        let state = session_state(server, Some(&session.cookie)).await;
        assert!(matches!(state, shared_proto::http::Session::SignedOut { .. }), "{state:?}");
    }
}
