//! A session without activity is locked, and goes on with the password (164.312(a)(2)(iii)).

use std::time::{Duration, Instant};

use quietroom_tests::support::people::{post, refusal, session_cookie, session_state, try_sign_in};
use quietroom_tests::support::{Session, TestClient, TestServer};
use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::office::Ask;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Request, close};

async fn unlock(session: &Session, password: &str) -> quietroom_tests::support::http::Response {
    let form = api::Unlock { password: password.into() };
    let body = codec::encode(&form);
    post(&session.server, api::UNLOCK, body, Some(&session.cookie)).await.unwrap()
}

#[tokio::test]
async fn a_session_without_activity_is_locked_and_goes_on_with_the_password() {
    let server = TestServer::options().flag("--idle-seconds", 4).unhurried().start().await;
    let (dana, _) = server.pair();
    let session = server.sign_in(&dana).await;
    let client = TestClient::connect(&session).await;
    let idle = TestClient::connect(&server.sign_in(&dana).await).await;
    // Whatever the page does by itself is no activity; what its person does is.
    let locked = tokio::select! {
        locked = idle.close_code() => locked,
        () = async {
            loop {
                client.tell(Request::Office(Ask::Active));
                client.settle().await;
                idle.tell(Request::Ping);
            }
        } => unreachable!("it goes on for ever"),
    };
    assert_eq!(locked, Some(close::LOCKED));
    assert!(!client.is_closed(), "somebody is there");
    let last = Instant::now();
    assert_eq!(client.close_code().await, Some(close::LOCKED));
    assert!(last.elapsed() > Duration::from_millis(3_500), "{:?}", last.elapsed());
    assert!(last.elapsed() < Duration::from_secs(6), "{:?}", last.elapsed());

    let state = session.state().await;
    assert!(matches!(&state, api::Session::Locked { me, .. } if me.id == dana.id), "{state:?}");
    assert_eq!(TestClient::try_connect(&session).await.err(), Some(403));
    let wrong = unlock(&session, "another lake in autumn").await;
    assert_eq!(refusal(&wrong), Refusal::WrongCredentials);
    let right = unlock(&session, &dana.password).await;
    assert_eq!(right.status, 200);
    let cookie = session_cookie(&right).expect("a new cookie");
    assert_ne!(cookie, session.cookie, "a new token");
    let old = session.state().await;
    assert!(matches!(old, api::Session::SignedOut { .. }), "{old:?}");
    let session = Session { cookie, ..session };
    TestClient::connect(&session).await.settle().await;
}

#[tokio::test]
async fn a_screen_locked_by_its_person_stays_locked_after_a_restart() {
    let mut server = TestServer::start().await;
    let (dana, _) = server.pair();
    let session = server.sign_in(&dana).await;
    let client = TestClient::connect(&session).await;
    let locked = post(&session.server, api::LOCK, Vec::new(), Some(&session.cookie)).await;
    assert_eq!(locked.unwrap().status, 200);
    assert_eq!(client.close_code().await, Some(close::LOCKED));
    server.kill9();
    server.restart().await;
    let state = session_state(server.address(), Some(&session.cookie)).await;
    assert!(matches!(state, api::Session::Locked { .. }), "{state:?}");
    let nobody = post(
        &session.server,
        api::UNLOCK,
        codec::encode(&api::Unlock { password: dana.password.clone() }),
        None,
    );
    assert_eq!(refusal(&nobody.await.unwrap()), Refusal::SignInRequired);
}

#[tokio::test]
async fn a_stranger_who_guesses_keeps_nobody_out_of_their_locked_screen() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let session = server.sign_in(&dana).await;
    let lock = async |session: &Session| {
        let locked = post(&session.server, api::LOCK, Vec::new(), Some(&session.cookie)).await;
        assert_eq!(locked.unwrap().status, 200);
    };
    lock(&session).await;
    for number in 0..10 {
        let guess = format!("a wrong guess, number {number}");
        let answer = try_sign_in(server.address(), &dana.email, &guess).await.unwrap();
        assert_eq!(refusal(&answer), Refusal::WrongCredentials);
    }
    let outside = try_sign_in(server.address(), &dana.email, &dana.password).await.unwrap();
    assert!(matches!(refusal(&outside), Refusal::TooManyTries { .. }));
    let right = unlock(&session, &dana.password).await;
    assert_eq!(right.status, 200, "whoever is in stays in");
    let session = Session { cookie: session_cookie(&right).unwrap(), ..session };

    // Guessing at the locked screen itself has the same bound.
    lock(&session).await;
    for _ in 0..10 {
        let wrong = unlock(&session, "another lake in autumn").await;
        assert_eq!(refusal(&wrong), Refusal::WrongCredentials);
    }
    let limited = unlock(&session, &dana.password).await;
    assert!(matches!(refusal(&limited), Refusal::TooManyTries { .. }));
}
