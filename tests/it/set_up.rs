//! First run: one link, one owner.

use quietroom_tests::support::people::{post, refusal, session_cookie, session_state};
use quietroom_tests::support::{Person, Session, TestClient, TestServer};
use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::{Field, Refusal, Rule};

fn form(token: &str) -> api::SetUp {
    api::SetUp {
        token: token.to_owned(),
        practice: "Lakeside Practice".to_owned(),
        name: "Dana Whitfield".to_owned(),
        email: "dana@example.org".to_owned(),
        password: "a lake in late autumn".to_owned(),
        time_zone: "Europe/Berlin".into(),
        ..api::SetUp::default()
    }
}

async fn token(server: &mut TestServer) -> String {
    let link = server.announced("set-up:").await;
    let (page, token) = link.split_once('#').unwrap();
    assert_eq!(page, server.url("/set-up"), "the token stays in the fragment");
    token.to_owned()
}

#[tokio::test]
async fn the_one_time_link_makes_the_owner_and_signs_them_in_once() {
    let mut server = TestServer::start().await;
    let address = server.address().clone();
    let token = token(&mut server).await;
    assert!(token.len() >= 22, "128 bits at the least");
    assert_eq!(session_state(&address, None).await, api::Session::SetUpNeeded);

    let set_up = async |form: &api::SetUp| {
        post(&address, api::SET_UP, codec::encode(form), None).await.unwrap()
    };
    for wrong in ["", "wrong", &token.to_lowercase().replace(|c: char| c.is_ascii_digit(), "x")] {
        assert_eq!(refusal(&set_up(&form(wrong)).await), Refusal::SetUpLink, "{wrong:?}");
    }
    let broken = [
        (api::SetUp { practice: " ".into(), ..form(&token) }, Field::Practice, Rule::Empty),
        (api::SetUp { name: "a\nb".into(), ..form(&token) }, Field::Name, Rule::Malformed),
        (api::SetUp { email: "dana".into(), ..form(&token) }, Field::Email, Rule::Malformed),
        (
            api::SetUp { password: "short".into(), ..form(&token) },
            Field::Password,
            Rule::TooShort { limit: 15 },
        ),
    ];
    for (form, field, rule) in broken {
        assert_eq!(refusal(&set_up(&form).await), Refusal::invalid(field, rule));
    }
    assert_eq!(session_state(&address, None).await, api::Session::SetUpNeeded);

    let answer = set_up(&form(&token)).await;
    let owner: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
    let owner = owner.unwrap();
    assert_eq!((owner.name.as_str(), owner.role), ("Dana Whitfield", Role::Owner));
    let cookie = session_cookie(&answer).unwrap();
    let session = Session { me: owner.clone(), cookie, server: address.clone() };
    TestClient::connect(&session).await.settle().await;
    let state = session.state().await;
    let practice = "Lakeside Practice".to_owned();
    assert_eq!(state, api::Session::SignedIn { practice: practice.clone(), me: owner });
    assert_eq!(session_state(&address, None).await, api::Session::SignedOut { practice });

    assert_eq!(refusal(&set_up(&form(&token)).await), Refusal::SetUpLink, "it works once");
}

#[tokio::test]
async fn an_interrupted_set_up_can_be_done_after_a_restart_and_a_finished_one_not_again() {
    let mut server = TestServer::start().await;
    let old = token(&mut server).await;
    server.kill9();
    server.restart().await;
    let address = server.address().clone();
    let fresh = token(&mut server).await;
    if old != fresh {
        let body = codec::encode(&form(&old));
        let answer = post(&address, api::SET_UP, body, None).await.unwrap();
        assert_eq!(refusal(&answer), Refusal::SetUpLink);
    }
    let answer = post(&address, api::SET_UP, codec::encode(&form(&fresh)), None).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    server.kill9();
    server.restart().await;
    let state = session_state(server.address(), None).await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
    let dana = Person {
        id: session_owner(&answer.body),
        name: "Dana Whitfield".to_owned(),
        role: Role::Owner,
        email: "dana@example.org".to_owned(),
        password: "a lake in late autumn".to_owned(),
    };
    server.sign_in(&dana).await;
    assert!(!server.printed().iter().any(|line| line.starts_with("set-up:")));
}

fn session_owner(body: &[u8]) -> shared_proto::id::PersonId {
    codec::decode::<Result<PersonCard, Refusal>>(body).unwrap().unwrap().id
}

#[tokio::test]
async fn the_demo_needs_no_set_up_and_its_sign_ins_work() {
    let mut server = TestServer::options().switch("--demo").start().await;
    server.announced("sign-in:").await;
    let address = server.address().clone();
    let mut roles = Vec::new();
    for line in server.printed() {
        let Some(line) = line.strip_prefix("sign-in: ") else { continue };
        let (email, rest) = line.split_once(" / ").unwrap();
        let (password, who) = rest.rsplit_once(" (").unwrap();
        let answer = quietroom_tests::support::people::try_sign_in(&address, email, password);
        let answer = answer.await.unwrap();
        let card: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
        let card = card.unwrap();
        assert!(who.contains(&card.name), "{who}");
        roles.push(card.role);
    }
    assert!(roles.contains(&Role::Owner) && roles.contains(&Role::Client), "{roles:?}");
}
