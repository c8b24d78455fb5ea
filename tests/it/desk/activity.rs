//! What clients change of what is kept of them appears in their inbox, to the providers they are
//! assigned to (N7).

use quietroom_tests::support::links::{confirm_email, token};
use quietroom_tests::support::{Person, TestClient, outbox};
use shared_proto::account::AccountChange;
use shared_proto::chart::{DetailField, Details};
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::{Activity, Event, Part};
use shared_proto::entry::Audience;
use shared_proto::id::ConversationId;
use shared_proto::office::Ask;
use shared_proto::people::{PersonChange, Role};
use shared_proto::practice::{ClientStart, PracticeChange};
use shared_proto::wire::{InboxRow, Request, ServerEvent};

use super::told;
use crate::conversations::{act, hears};
use crate::given::device;
use crate::office::{Three, ask, change, change_practice, practice, three};

async fn assigned(three: &Three, provider: &Person) {
    let on = PersonChange::Assigned { provider: provider.id, on: true };
    change(&three.owner, three.jonas.id, on).await.unwrap();
}

async fn insured(client: &TestClient, number: &str) {
    let mut details = Details::default();
    details.set(DetailField::MemberNumber, number.into());
    changed(client, AccountChange::Details(Box::new(details))).await;
}

async fn changed(client: &TestClient, change: AccountChange) {
    ask(client, Ask::ChangeAccount(change)).await.unwrap();
}

async fn activity(client: &TestClient, talk: ConversationId) -> Vec<Part> {
    hears(client, talk, "activity", |event| match event {
        Event::Activity(activity) => Some(activity.parts),
        _ => None,
    })
    .await
}

async fn new_row(client: &TestClient) -> InboxRow {
    client
        .event("a new row", |arrival| match &arrival.event {
            ServerEvent::Row(row) => Some((**row).clone()),
            _ => None,
        })
        .await
}

const NUMBER: Part = Part::Detail(DetailField::MemberNumber);

#[tokio::test]
async fn it_appears_in_the_newest_conversation_with_a_provider_and_names_no_value() {
    let three = three().await;
    assigned(&three, &three.samuel).await;
    three.provider.create(&[three.jonas.id]).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.provider.open(talk).await;
    three.client.open(talk).await;
    insured(&three.client, "M-4711").await;
    assert_eq!(activity(&three.provider, talk).await, [NUMBER]);
    assert_eq!(activity(&three.client, talk).await, [NUMBER]);
    changed(&three.client, AccountChange::Mobile("+41 79 123 45 67".into())).await;
    assert_eq!(activity(&three.provider, talk).await, [Part::Phone]);
    // What concerns nobody is not told, and neither is what stays as it is.
    changed(&three.client, AccountChange::Language("de".into())).await;
    insured(&three.client, "M-4711").await;
    changed(&three.client, AccountChange::Name("Jonas K. Keller".into())).await;
    assert_eq!(activity(&three.provider, talk).await, [Part::Name]);
    let history = three.provider.history(talk).await;
    assert_eq!(told(&three.provider, talk).await.len(), 3);
    let bytes: Vec<u8> = history.iter().flat_map(|entry| entry.body.clone()).collect();
    assert!(!bytes.windows(4).any(|part| part == b"4711"));
    let row = three.provider.inbox().await.rows.remove(0);
    assert_eq!((row.conversation, row.unread), (talk, 0), "it is no message");
}

#[tokio::test]
async fn another_email_is_told_once_both_addresses_have_confirmed_it() {
    let three = three().await;
    assigned(&three, &three.samuel).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.provider.open(talk).await;
    let (email, password) = ("keller@example.net".to_owned(), three.jonas.password.clone());
    let asked = Request::Office(Ask::ChangeEmail { email: email.clone(), password });
    three.client.request(asked).await.unwrap();
    for to in [&email, &three.jonas.email] {
        assert_eq!(told(&three.provider, talk).await, []);
        let link = token(&outbox::letter(three.server.data(), to).await);
        confirm_email(three.server.address(), &link).await.unwrap();
    }
    assert_eq!(activity(&three.provider, talk).await, [Part::Email]);
}

#[tokio::test]
async fn in_a_group_only_assigned_providers_see_it() {
    let three = three().await;
    assigned(&three, &three.samuel).await;
    let talk = three.provider.create(&[three.dana.id, three.jonas.id]).await;
    for client in [&three.provider, &three.client, &three.owner] {
        client.open(talk).await;
    }
    insured(&three.client, "1").await;
    assert_eq!(activity(&three.provider, talk).await, [NUMBER]);
    let history = three.provider.history(talk).await;
    let entry = history.last().unwrap();
    assert_eq!(entry.audience, Audience::Only(vec![three.samuel.id]));
    assert_eq!(entry.author, three.jonas.id);
    assert_eq!(told(&three.client, talk).await.len(), 1);
    assert_eq!(told(&three.owner, talk).await, []);
}

#[tokio::test]
async fn where_there_is_no_conversation_one_begins_with_each_provider() {
    let three = three().await;
    let mira = three.server.person_add("Mira Lindqvist", Role::Provider);
    let other = device(&three.server, &mira).await;
    assigned(&three, &three.samuel).await;
    assigned(&three, &mira).await;
    insured(&three.client, "1").await;
    let mut talks = Vec::new();
    for client in [&three.provider, &other] {
        let row = new_row(client).await;
        assert_eq!(row.state.host(), Some(client.me().id));
        assert!(row.state.is_member(three.jonas.id) && row.state.session.is_none());
        let said = Event::Activity(Activity { parts: vec![NUMBER] });
        client.open(row.conversation).await;
        assert_eq!(told(client, row.conversation).await, [said]);
        talks.push(row.conversation);
    }
    insured(&three.client, "2").await;
    for (client, talk) in [&three.provider, &other].into_iter().zip(talks) {
        assert_eq!(activity(client, talk).await, [NUMBER], "in the same");
    }
    assert_eq!(three.client.inbox().await.rows.len(), 2);
}

#[tokio::test]
async fn who_left_the_conversation_made_for_it_is_heard_in_another() {
    let three = three().await;
    assigned(&three, &three.samuel).await;
    let said = Event::Activity(Activity { parts: vec![NUMBER] });
    let mut talks: Vec<ConversationId> = Vec::new();
    for number in 1..=3 {
        insured(&three.client, &number.to_string()).await;
        let talk = new_row(&three.provider).await.conversation;
        assert!(!talks.contains(&talk), "another every time");
        three.provider.open(talk).await;
        assert_eq!(told(&three.provider, talk).await, std::slice::from_ref(&said));
        act(&three.provider, talk, Command::Add { person: three.dana.id }).await.unwrap();
        act(&three.client, talk, Command::Leave).await.unwrap();
        talks.push(talk);
    }
    // Who is taken back in is heard where they began.
    let back = Command::Add { person: three.jonas.id };
    act(&three.provider, talks[0], back).await.unwrap();
    insured(&three.client, "4").await;
    assert_eq!(activity(&three.provider, talks[0]).await, [NUMBER]);
    assert_eq!(three.provider.inbox().await.rows.len(), 3);
}

#[tokio::test]
async fn none_begins_where_clients_may_not() {
    let three = three().await;
    assigned(&three, &three.samuel).await;
    let mut settings = practice(&three.owner).await.settings;
    settings.policies.client_start = ClientStart::AfterProviderFirst;
    change_practice(&three.owner, PracticeChange::Settings(Box::new(settings))).await.unwrap();
    insured(&three.client, "1").await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.provider.open(talk).await;
    insured(&three.client, "2").await;
    assert_eq!(activity(&three.provider, talk).await, [NUMBER]);
    assert_eq!(told(&three.provider, talk).await.len(), 1, "the first is not told any more");
    assert_eq!(three.provider.inbox().await.rows.len(), 1);
}

#[tokio::test]
async fn a_server_that_is_killed_tells_it_all_the_same_and_once() {
    let mut three = three().await;
    assigned(&three, &three.samuel).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    for number in 1..=5usize {
        let client = device(&three.server, &three.jonas).await;
        insured(&client, &number.to_string()).await;
        three.server.kill9();
        three.server.restart().await;
        let reader = device(&three.server, &three.samuel).await;
        reader.open(talk).await;
        // Told before the kill, or from the record of it after.
        let before = told(&reader, talk).await.len();
        if before < number {
            assert_eq!((before, activity(&reader, talk).await), (number - 1, vec![NUMBER]));
        }
    }
    three.server.sigterm().await;
    three.server.succeed(&["verify", "--data", three.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn who_is_assigned_to_nobody_tells_nobody() {
    let three = three().await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.provider.open(talk).await;
    insured(&three.client, "1").await;
    assigned(&three, &three.samuel).await;
    insured(&three.client, "2").await;
    assert_eq!(activity(&three.provider, talk).await, [NUMBER]);
    assert_eq!(told(&three.provider, talk).await.len(), 1);
}
