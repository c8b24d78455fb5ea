//! Another email, once the address there is and the new one have both said so.

use quietroom_tests::support::letter::Letter;
use quietroom_tests::support::links::{change_password, confirm_email, forgotten, look, token};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestClient, eventually, outbox};
use shared_proto::http::{Confirmed, Linked};
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Reply, Request, ServerEvent};

use crate::clock::{Clock, HOUR};
use crate::mail::through;
use crate::office::{Three, ask, clients, three, three_on};

const NEW: &str = "keller@example.net";

async fn change_email(client: &TestClient, email: &str, password: &str) -> Result<(), Refusal> {
    let (email, password) = (email.to_owned(), password.to_owned());
    match client.request(Request::Office(Ask::ChangeEmail { email, password })).await? {
        Reply::Done => Ok(()),
        other => panic!("{other:?}"),
    }
}

async fn email_of(client: &TestClient) -> String {
    match ask(client, Ask::Account).await {
        Ok(Told::Account(account)) => account.email,
        other => panic!("{other:?}"),
    }
}

/// The links of a change of Jonas's email: to the new address and to the old.
async fn asked(three: &Three) -> (String, String) {
    change_email(&three.client, NEW, &three.jonas.password).await.unwrap();
    let data = three.server.data();
    let new = token(&outbox::letter(data, NEW).await);
    (new, token(&outbox::letter(data, &three.jonas.email).await))
}

#[tokio::test]
async fn an_email_changes_once_both_addresses_have_confirmed_it_and_both_are_told() {
    let relay = Relay::start().await;
    let three = three_on(through(&relay)).await;
    let server = three.server.address();
    let jonas = &three.jonas;
    change_email(&three.client, " Keller@Example.NET", &jonas.password).await.unwrap();
    let new = relay.letter(NEW).await;
    let old = relay.letter(&jonas.email).await;
    let subject = |letter: &Letter| letter.header("subject").unwrap().to_owned();
    assert_eq!(subject(&new), "Confirm your email address");
    assert_eq!(subject(&old), "Confirm the change of your email address");
    assert!(new.link().starts_with(&three.server.url("/confirm-email#")));
    let (new, old) = (token(&new), token(&old));
    for link in [&new, &old] {
        let expected = Linked::Email { practice: "Quietroom".into(), email: NEW.into() };
        assert_eq!(look(server, link).await, Ok(expected));
    }
    assert_eq!(email_of(&three.client).await, jonas.email, "looking changes nothing");

    assert_eq!(confirm_email(server, &new).await, Ok(Confirmed::Half));
    assert_eq!(confirm_email(server, &new).await, Err(Refusal::Link), "once");
    assert_eq!(email_of(&three.client).await, jonas.email, "half is not enough");
    assert_eq!(try_sign_in(server, NEW, &jonas.password).await.unwrap().status, 401);
    assert_eq!(confirm_email(server, &old).await, Ok(Confirmed::Changed));
    assert_eq!(confirm_email(server, &old).await, Err(Refusal::Link));
    three
        .client
        .event("their account to change", |arrival| match &arrival.event {
            ServerEvent::Changed(Changed::Account(account)) => (account.email == NEW).then_some(()),
            _ => None,
        })
        .await;
    assert_eq!(email_of(&three.client).await, NEW, "the session stays");
    assert_eq!(clients(&three.provider, NEW).await.unwrap().len(), 1);
    assert_eq!(try_sign_in(server, NEW, &jonas.password).await.unwrap().status, 200);
    assert_eq!(try_sign_in(server, &jonas.email, &jonas.password).await.unwrap().status, 401);
    for to in [NEW, &jonas.email] {
        let told = async || {
            let letters = relay.letters(to);
            letters.into_iter().find(|letter| subject(letter) == "Your email address was changed")
        };
        eventually(&format!("a notice to {to}"), told).await;
    }
    assert!(!three.server.log().contains("@example"), "{}", three.server.log());
    let mut server = three.server;
    server.sigterm().await;
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn who_asks_twice_because_the_line_was_lost_has_one_change_and_its_links_work() {
    let three = three().await;
    let server = three.server.address();
    let (new, old) = asked(&three).await;
    change_email(&three.client, NEW, &three.jonas.password).await.unwrap();
    assert_eq!(confirm_email(server, &new).await, Ok(Confirmed::Half));
    assert_eq!(confirm_email(server, &old).await, Ok(Confirmed::Changed));
}

#[tokio::test]
async fn both_addresses_may_confirm_at_once() {
    let three = three().await;
    let server = three.server.address();
    let (new, old) = asked(&three).await;
    let (one, two) = tokio::join!(confirm_email(server, &new), confirm_email(server, &old));
    let outcomes = [one, two];
    assert!(outcomes.contains(&Ok(Confirmed::Half)), "{outcomes:?}");
    assert!(outcomes.contains(&Ok(Confirmed::Changed)), "{outcomes:?}");
    assert_eq!(email_of(&three.client).await, NEW);
}

#[tokio::test]
async fn an_email_is_asked_for_with_the_password_and_nobody_learns_whose_there_are() {
    let three = three().await;
    let jonas = &three.jonas;
    let wrong = change_email(&three.client, NEW, "another lake in autumn").await;
    assert_eq!(wrong, Err(Refusal::WrongCredentials));
    let malformed = change_email(&three.client, "keller", &jonas.password).await;
    assert_eq!(malformed, Err(Refusal::invalid(Field::Email, Rule::Malformed)));
    let same = change_email(&three.client, &jonas.email, &jonas.password).await;
    assert_eq!(same, Err(Refusal::invalid(Field::Email, Rule::Duplicate)));
    assert!(outbox::files(three.server.data()).is_empty());
    let taken = change_email(&three.client, &three.dana.email, &jonas.password).await;
    assert_eq!(taken, Ok(()), "as for any other");
    let old = token(&outbox::letter(three.server.data(), &jonas.email).await);
    assert_eq!(confirm_email(three.server.address(), &old).await, Ok(Confirmed::Half));
    assert_eq!(email_of(&three.client).await, jonas.email);
    // What is sent after it has gone out: so would a letter to the owner have.
    forgotten(three.server.address(), &three.samuel.email).await.unwrap();
    outbox::letter(three.server.data(), &three.samuel.email).await;
    assert!(outbox::letters(three.server.data(), &three.dana.email).is_empty());
}

#[tokio::test]
async fn a_change_of_email_ends_with_its_hour_with_a_newer_one_and_with_a_new_password() {
    let clock = Clock::new();
    let three = three_on(clock.options()).await;
    let server = three.server.address();
    let (new, old) = asked(&three).await;
    assert_eq!(confirm_email(server, &new).await, Ok(Confirmed::Half));
    clock.jump(HOUR);
    assert_eq!(confirm_email(server, &old).await, Err(Refusal::Link));
    clock.jump(0);
    let other = "other@example.net";
    change_email(&three.client, other, &three.jonas.password).await.unwrap();
    assert_eq!(confirm_email(server, &old).await, Err(Refusal::Link), "a newer one");
    let other = token(&outbox::letter(three.server.data(), other).await);
    assert!(look(server, &other).await.is_ok());
    let fresh = "a tin of yellow harbour paint";
    change_password(three.client.session(), &three.jonas.password, fresh).await.unwrap();
    assert_eq!(confirm_email(server, &other).await, Err(Refusal::Link), "a new password");
}
