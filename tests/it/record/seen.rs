//! A record holds what whoever takes it may see, in every form, and is nobody else's.

use quietroom_tests::support::http::{Request, Response};
use quietroom_tests::support::people::{post, refusal};
use quietroom_tests::support::{TestServer, http};
use shared_proto::audit::Action;
use shared_proto::conversation::command::{Command, New};
use shared_proto::http as api;
use shared_proto::id::ConversationId;
use shared_proto::office::Ask;
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Request as Wire;

use super::{FORMS, asked, members, request, taken};
use crate::audit::accesses;
use crate::conversations::{act, begin};
use crate::given::{device, stranger, two};

/// A record in every form, as text.
async fn every_form(
    server: &TestServer,
    client: &quietroom_tests::support::TestClient,
    conversation: ConversationId,
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for route in FORMS {
        let record = taken(client.session(), route, conversation).await;
        if route == api::Route::RecordZip {
            all.extend(members(server, &record));
        } else {
            all.push((format!("{route:?}"), String::from_utf8(record).unwrap()));
        }
    }
    all
}

#[tokio::test]
async fn who_joins_or_leaves_takes_what_they_could_read_and_nothing_else_in_any_form() {
    let server = TestServer::options().unhurried().start().await;
    let people = [
        ("Hana Host", Role::Owner),
        ("Ben Client", Role::Client),
        ("Cara Client", Role::Client),
        ("Dan Client", Role::Client),
        ("Eva Client", Role::Client),
    ];
    let people = people.map(|(name, role)| server.person_add(name, role));
    let [host, ben, cara, dan, eva] = &people;
    let hosts = device(&server, host).await;
    let (bens, dans) = (device(&server, ben).await, device(&server, dan).await);
    let talk = begin(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    hosts.send(talk, "word-before-dan").await;
    act(&hosts, talk, Command::Add { person: dan.id }).await.unwrap();
    hosts.send(talk, "word-with-all").await;
    act(&hosts, talk, Command::Remove { person: ben.id }).await.unwrap();
    hosts.send(talk, "word-without-ben").await;
    act(&hosts, talk, Command::Add { person: eva.id }).await.unwrap();
    act(&hosts, talk, Command::Announce { text: "word-announced".into() }).await.unwrap();
    act(&hosts, talk, Command::Remove { person: cara.id }).await.unwrap();
    act(&hosts, talk, Command::Add { person: ben.id }).await.unwrap();
    hosts.send(talk, "word-with-ben-again").await;
    act(&hosts, talk, Command::Remove { person: ben.id }).await.unwrap();

    let words = [
        "word-before-dan",
        "word-with-all",
        "word-without-ben",
        "word-announced",
        "word-with-ben-again",
    ];
    let seen: [(_, [bool; 5]); 3] = [
        (&hosts, [true; 5]),
        (&bens, [true, true, false, false, true]),
        (&dans, [false, true, true, true, true]),
    ];
    for (client, expected) in seen {
        let forms = every_form(&server, client, talk).await;
        let transcripts = forms
            .iter()
            .filter(|(name, _)| name.contains("transcript") || name.starts_with("Record"));
        let mut count = 0;
        for (name, text) in transcripts {
            let found = words.map(|word| text.contains(word));
            assert_eq!(found, expected, "{} in {name}", client.me().name);
            count += 1;
        }
        assert_eq!(count, 6);
        // Of the others the host alone learns an email, and nobody learns of them otherwise.
        for (name, text) in &forms {
            for other in &people {
                let there = text.contains(&other.email);
                let may = client.me().id == host.id && other.id != host.id;
                assert!(!there || (may && name == "people.json"), "{name} tells {}", other.email);
            }
        }
        let has = |wanted: &str| forms.iter().any(|(name, _)| name == wanted);
        assert_eq!(has("audit.jsonl"), client.me().id != ben.id, "only who takes part");
    }
    let people_of = async |client| {
        let forms = every_form(&server, client, talk).await;
        forms.into_iter().find(|(name, _)| name == "people.json").unwrap().1
    };
    assert!(people_of(&hosts).await.contains(&ben.email));
    let bens_people = people_of(&bens).await;
    assert!(bens_people.contains("Eva Client"), "who was there when he came back");
}

#[tokio::test]
async fn who_left_before_somebody_came_never_reads_their_name() {
    let server = TestServer::start().await;
    let host = server.person_add("Hana Host", Role::Owner);
    let [ben, cara, eva] = ["Ben Client", "Cara Client", "Eva Client"]
        .map(|name| server.person_add(name, Role::Client));
    let (hosts, bens) = (device(&server, &host).await, device(&server, &ben).await);
    let talk = begin(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    bens.open(talk).await;
    bens.send(talk, "a word of Ben").await;
    act(&bens, talk, Command::Leave).await.unwrap();
    act(&hosts, talk, Command::Add { person: eva.id }).await.unwrap();
    let evas = device(&server, &eva).await;
    let mut told = every_form(&server, &evas, talk).await;
    let opened = evas.request(Wire::Accesses { conversation: talk, before: None }).await;
    told.push(("who opened it".to_owned(), format!("{opened:?}")));
    for (name, text) in told {
        for hidden in ["Ben Client", &ben.id.to_string(), &format!("{:?}", ben.id)] {
            assert!(!text.contains(hidden), "{name} names {hidden}");
        }
    }
    for (name, text) in every_form(&server, &bens, talk).await {
        for hidden in ["Eva", &eva.id.to_string()] {
            assert!(!text.contains(hidden), "{name} names {hidden}");
        }
        let transcript = name.contains("transcript") || name.starts_with("Record");
        assert_eq!(text.contains("a word of Ben"), transcript, "{name}");
    }
}

/// All of an answer but when it was given.
fn told(response: &Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let timeless = response.headers.iter().filter(|(name, _)| name != "date").cloned();
    (response.status, timeless.collect(), response.body.clone())
}

#[tokio::test]
async fn a_foreign_conversation_is_answered_exactly_as_one_that_is_not_there() {
    let two = two().await;
    let provider = device(&two.server, &stranger(&two.server)).await;
    let client = device(&two.server, &two.server.person_add("Ana Ruiz", Role::Client)).await;
    let absent = ConversationId::from_bytes([9; 16]);
    let everyone = FORMS.into_iter().flat_map(|route| [(route, &provider), (route, &client)]);
    for (route, other) in everyone {
        let foreign = asked(other.session(), route, two.conversation).await;
        assert_eq!((foreign.status, refusal(&foreign)), (404, Refusal::NotFound));
        assert_eq!(told(&foreign), told(&asked(other.session(), route, absent).await), "{route:?}");
        let path = route.path().replace("{conversation}", "no-conversation");
        let nonsense = Request::get(path).header("Cookie", &other.session().cookie);
        let server = &other.session().server;
        let nonsense = nonsense.send(server.socket, &server.host).await.unwrap();
        assert_eq!(told(&foreign), told(&nonsense), "{route:?}");
        // Nobody at all is told to sign in, whatever they ask for.
        let nobody = |conversation| {
            Request::get(route.of_conversation(conversation)).send(server.socket, &server.host)
        };
        let answers = [nobody(two.conversation).await.unwrap(), nobody(absent).await.unwrap()];
        assert_eq!(refusal(&answers[0]), Refusal::SignInRequired);
        assert_eq!(told(&answers[0]), told(&answers[1]));
    }
    let seen = accesses(&two.client, two.conversation).await;
    assert!(seen.accesses.iter().all(|access| access.action == Action::ConversationOpened));
}

#[tokio::test]
async fn who_reads_in_an_emergency_takes_nothing_along() {
    let three = crate::office::three().await;
    let conversation = three.provider.create(&[three.jonas.id]).await;
    let reason = "The client may be in danger".to_owned();
    let grant = Wire::Office(Ask::EmergencyOpen { conversation, reason });
    assert!(three.owner.request(grant).await.is_ok());
    three.owner.open(conversation).await;
    for route in FORMS {
        let answer = asked(three.owner.session(), route, conversation).await;
        assert_eq!((answer.status, refusal(&answer)), (403, Refusal::ReadOnly), "{route:?}");
    }
}

#[tokio::test]
async fn that_somebody_took_a_record_is_seen_by_everyone_in_it() {
    let two = two().await;
    for route in FORMS {
        taken(two.client.session(), route, two.conversation).await;
    }
    let seen = accesses(&two.provider, two.conversation).await;
    let exported = seen.accesses.iter().filter(|seen| seen.action == Action::ConversationExported);
    let by: Vec<_> = exported.map(|access| access.person.unwrap()).collect();
    assert_eq!(by, [two.jonas.id; 4]);
    let bundle = taken(two.provider.session(), api::Route::RecordZip, two.conversation).await;
    let members = members(&two.server, &bundle);
    let (_, log) = members.iter().find(|(name, _)| name == "audit.jsonl").unwrap();
    let first: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(first["action"], "conversation-exported", "this one is in it");
    assert_eq!(first["person"]["name"], two.dana.name.as_str());
    assert_eq!(log.lines().count(), 2 + 5);
}

#[tokio::test]
async fn a_locked_session_another_site_and_somebody_without_their_second_factor_take_nothing() {
    let two = two().await;
    let session = two.provider.session();
    for site in ["cross-site", "same-site"] {
        let foreign = http::Request::get(api::Route::RecordCsv.of_conversation(two.conversation))
            .header("Cookie", &session.cookie)
            .header("Sec-Fetch-Site", site);
        let answer = foreign.send(session.server.socket, &session.server.host).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (403, 0), "{site}");
    }
    let locked = post(&session.server, api::LOCK, Vec::new(), Some(&session.cookie)).await;
    assert_eq!(locked.unwrap().status, 200);
    let answer = asked(session, api::Route::RecordCsv, two.conversation).await;
    assert_eq!(refusal(&answer), Refusal::Locked);
    let seen = accesses(&two.client, two.conversation).await;
    assert!(seen.accesses.iter().all(|access| access.action == Action::ConversationOpened));

    let server = TestServer::options().flag("--second-factor", "required").start().await;
    let owner = server.person_add("Olga Owner", Role::Owner);
    let without = server.sign_in(&owner).await;
    let request = request(&without, api::Route::RecordCsv, two.conversation);
    let answer = request.send(without.server.socket, &without.server.host).await.unwrap();
    assert_eq!(refusal(&answer), Refusal::SecondFactorRequired);
}
