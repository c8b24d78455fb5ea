//! What a host may begin a conversation with: their words, with the places of saved replies filled in.

use quietroom_tests::support::{TestClient, fresh_id};
use shared_proto::account::AccountChange;
use shared_proto::desk::{Ask, Told};
use shared_proto::hours::Own;
use shared_proto::id::ConversationId;
use shared_proto::office;
use shared_proto::people::Role;
use shared_proto::practice::{PracticeChange, Settings};
use shared_proto::refusal::Refusal;

use super::hours::MONDAY_AT_THREE;
use super::{ask, set_own};
use crate::clock::{Clock, HOUR, now};
use crate::given::device;
use crate::office::{change_practice, practice, three, three_on};

async fn greeting(client: &TestClient, conversation: ConversationId) -> Result<String, Refusal> {
    match ask(client, Ask::Greeting { conversation }).await? {
        Told::Greeting(words) => Ok(words),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_greeting_names_client_provider_practice_and_the_day_it_is_for_its_host() {
    let clock = Clock::new();
    clock.jump(MONDAY_AT_THREE - now());
    let three = three_on(clock.options()).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    assert_eq!(greeting(&three.provider, talk).await.as_deref(), Ok(""), "who has set none");
    let words = "Hello {client}, this is {provider} of {practice} on {date}. {minutes} {client}";
    set_own(&three.provider, Own { greeting: words.into(), ..Own::default() }).await.unwrap();
    let settings = Settings { name: "Lake House".into(), ..practice(&three.owner).await.settings };
    let named = PracticeChange::Settings(Box::new(settings));
    change_practice(&three.owner, named).await.unwrap();
    let filled = "Hello Jonas Keller, this is Samuel Okafor of Lake House on 4 January 2027. \
                  {minutes} Jonas Keller";
    assert_eq!(greeting(&three.provider, talk).await.as_deref(), Ok(filled));

    // As it is when it is asked for: the day where its host is, and what people are called by then.
    let zone = AccountChange::TimeZone("America/New_York".into());
    let zone = office::Ask::ChangeAccount(zone);
    crate::office::ask(&three.provider, zone).await.unwrap();
    let name = office::Ask::ChangeAccount(AccountChange::Name("Jonas {date}".into()));
    crate::office::ask(&three.client, name).await.unwrap();
    let there = greeting(&three.provider, talk).await.unwrap();
    assert!(there.starts_with("Hello Jonas {date}, this"), "once, and no place in a name: {there}");
    assert!(there.contains("on 3 January 2027."), "{there}");
    clock.jump(MONDAY_AT_THREE + 3 * HOUR - now());
    let provider = device(&three.server, &three.samuel).await;
    let later = greeting(&provider, talk).await.unwrap();
    assert!(later.contains("on 4 January 2027."), "{later}");
}

#[tokio::test]
async fn of_a_group_the_first_client_is_named_and_among_colleagues_nobody() {
    let three = three().await;
    let own = Own { greeting: "Hello {client}".into(), ..Own::default() };
    set_own(&three.provider, own).await.unwrap();
    let cara = three.server.person_add("Cara Lindqvist", Role::Client);
    let group = three.provider.create(&[three.dana.id, three.jonas.id, cara.id]).await;
    let clients = ["Hello Jonas Keller", "Hello Cara Lindqvist"];
    let named = greeting(&three.provider, group).await.unwrap();
    assert!(clients.contains(&named.as_str()), "{named}");
    assert_eq!(greeting(&three.provider, group).await, Ok(named), "always the same");
    let internal = three.provider.create(&[three.dana.id]).await;
    assert_eq!(greeting(&three.provider, internal).await.as_deref(), Ok("Hello {client}"));
}

#[tokio::test]
async fn only_a_host_has_one_and_to_others_there_is_no_conversation() {
    let three = three().await;
    let own = Own { greeting: "Hello {client}".into(), ..Own::default() };
    set_own(&three.provider, own).await.unwrap();
    let talk = three.provider.create(&[three.jonas.id]).await;
    assert_eq!(greeting(&three.client, talk).await, Err(Refusal::HostOnly));
    assert_eq!(greeting(&three.owner, talk).await, Err(Refusal::NotFound));
    let colleague = three.server.person_add("Mira Berg", Role::Provider);
    let colleague = device(&three.server, &colleague).await;
    assert_eq!(greeting(&colleague, talk).await, Err(Refusal::NotFound));
    let absent = ConversationId::from_random(*fresh_id().as_bytes());
    assert_eq!(greeting(&three.provider, absent).await, Err(Refusal::NotFound));
}
