//! Policy: one server, every way of working (I7, O9, I3, I8).

use quietroom_tests::support::fresh_id;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::PersonChange;
use shared_proto::practice::{ClientStart, CreateForInvited, Policies, PracticeChange};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Reply, Request, ServerEvent};

use super::{Three, ask, change, change_practice, new_client, practice, three};

async fn set(three: &Three, policies: Policies) {
    let mut settings = practice(&three.owner).await.settings;
    settings.policies = policies;
    change_practice(&three.owner, PracticeChange::Settings(Box::new(settings))).await.unwrap();
}

#[tokio::test]
async fn who_starts_and_who_writes_follows_the_policy_at_once() {
    let three = three().await;
    let assigned = PersonChange::Assigned { provider: three.samuel.id, on: true };
    change(&three.owner, three.jonas.id, assigned).await.unwrap();
    let start = |with| {
        let create = Request::Create { client_id: fresh_id(), participants: vec![with] };
        three.client.request(create)
    };
    let found = three.client.request(Request::FindPeople { text: String::new() }).await;
    let Ok(Reply::People(found)) = found else { panic!("{found:?}") };
    assert_eq!(found.iter().map(|card| card.id).collect::<Vec<_>>(), [three.samuel.id]);
    assert!(matches!(start(three.samuel.id).await, Ok(Reply::Created(_))));
    assert_eq!(start(three.dana.id).await, Err(Refusal::NotAssigned));

    set(&three, Policies { client_start: ClientStart::AfterProviderFirst, ..Policies::OPEN }).await;
    let told = three.client.event("the new policy", |arrival| match &arrival.event {
        ServerEvent::Changed(Changed::Practice(practice)) => Some(practice.clone()),
        _ => None,
    });
    let told = told.await;
    assert_eq!(told.settings.policies.client_start, ClientStart::AfterProviderFirst);
    assert_eq!(start(three.samuel.id).await, Err(Refusal::ProviderFirst));
    let begun = three.provider.create(&[three.jonas.id]).await;
    let write = || three.client.request(three.client.message(begun, "Hello"));
    assert_eq!(write().await, Err(Refusal::ProviderFirst));
    three.provider.send(begun, "Welcome").await;
    assert!(write().await.is_ok(), "once a provider has written");

    set(&three, Policies { client_start: ClientStart::Never, ..Policies::OPEN }).await;
    assert_eq!(start(three.samuel.id).await, Err(Refusal::SessionsOnly));
    assert_eq!(write().await, Err(Refusal::SessionsOnly));
    three.provider.send(begun, "You can read this").await;
}

#[tokio::test]
async fn somebody_without_an_account_is_taken_in_only_where_the_policy_says_so() {
    let three = three().await;
    let person = Box::new(new_client("Ana Ruiz", ""));
    let added = ask(&three.provider, Ask::AddPerson { client_id: fresh_id(), person }).await;
    let Ok(Told::Person(ana)) = added else { panic!("{added:?}") };
    let create = || {
        let participants = vec![ana.card.id];
        three.provider.request(Request::Create { client_id: fresh_id(), participants })
    };
    let found = async || {
        let found = three.provider.request(Request::FindPeople { text: "ana ruiz".into() }).await;
        let Ok(Reply::People(found)) = found else { panic!("{found:?}") };
        found.into_iter().map(|card| card.name).collect::<Vec<_>>()
    };
    assert!(matches!(create().await, Ok(Reply::Created(_))));
    assert_eq!(found().await, ["Ana Ruiz"]);
    let policies = Policies { create_for_invited: CreateForInvited::No, ..Policies::OPEN };
    set(&three, policies).await;
    assert_eq!(create().await, Err(Refusal::NoAccount));
    assert!(found().await.is_empty(), "nor are they offered");
}

#[tokio::test]
async fn only_an_owner_changes_the_practice_and_never_over_somebody_elses_change() {
    let three = three().await;
    let add = |name: &str| PracticeChange::AddDivision { name: name.into() };
    let refused = change_practice(&three.provider, add("Adults")).await;
    assert_eq!(refused, Err(Refusal::OwnerOnly));
    let revision = practice(&three.owner).await.revision;
    change_practice(&three.owner, add("Adults")).await.unwrap();
    let late = Ask::ChangePractice { revision, change: add("Children") };
    assert_eq!(ask(&three.owner, late).await, Err(Refusal::Outdated));
    let again = change_practice(&three.owner, add(" adults ")).await;
    assert_eq!(again, Err(Refusal::invalid(Field::Division, Rule::Duplicate)));
    let mut settings = practice(&three.owner).await.settings;
    settings.idle_minutes = 0;
    let refused = change_practice(&three.owner, PracticeChange::Settings(Box::new(settings))).await;
    let short = Refusal::invalid(Field::IdleMinutes, Rule::TooShort { limit: 1 });
    assert_eq!(refused, Err(short));
    assert_eq!(practice(&three.client).await.divisions, [], "no business of a client's");
    assert_eq!(practice(&three.provider).await.divisions.len(), 1);
}
