//! Who came, went, was locked out, and tried to come in.

use quietroom_tests::support::people::{post, refusal};
use quietroom_tests::support::{Session, TestClient, TestServer, eventually};
use shared_proto::audit::{Action, AuditFilter, Group, Subject};
use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;

use super::{read, show};
use crate::given::device;

async fn unlock(session: &Session, password: &str) -> quietroom_tests::support::http::Response {
    let body = codec::encode(&api::Unlock { password: password.into() });
    post(&session.server, api::UNLOCK, body, Some(&session.cookie)).await.unwrap()
}

#[tokio::test]
async fn locking_and_opening_again_is_recorded_and_a_wrong_password_too() {
    let server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    let session = server.sign_in(&jonas).await;
    for _ in 0..2 {
        let locked = post(&session.server, api::LOCK, Vec::new(), Some(&session.cookie)).await;
        assert_eq!(locked.unwrap().status, 200);
    }
    let wrong = unlock(&session, "another lake in autumn").await;
    assert_eq!(refusal(&wrong), Refusal::WrongCredentials);
    assert_eq!(unlock(&session, &jonas.password).await.status, 200);
    let owner = device(&server, &dana).await;
    let filter = AuditFilter {
        person: Some(jonas.id),
        group: Some(Group::SignIns),
        ..AuditFilter::default()
    };
    let page = read(&owner, filter).await;
    let [unlocked, failed, locked, signed_in] = &page.entries[..] else {
        panic!("{:?}", page.entries)
    };
    assert_eq!((unlocked.action, unlocked.actor), (Action::Unlocked, Some(jonas.id)));
    assert_eq!((failed.action, failed.actor), (Action::SignInFailed, None));
    assert_eq!(failed.subject, Subject::Person(jonas.id));
    assert_eq!(failed.detail.as_deref(), Some("unlock"));
    assert_eq!((locked.action, locked.actor), (Action::Locked, Some(jonas.id)), "once");
    assert_eq!(signed_in.action, Action::SignedIn);
    assert!(page.entries.iter().all(|entry| entry.address.is_some()));
}

#[tokio::test]
async fn a_session_the_server_locks_is_recorded_once_however_many_windows_it_has() {
    let server = TestServer::options().flag("--idle-seconds", 2).start().await;
    let (dana, _) = server.pair();
    let session = server.sign_in(&dana).await;
    let mut windows = Vec::new();
    for _ in 0..8 {
        windows.push(TestClient::connect(&session).await);
    }
    for window in &windows {
        assert_eq!(window.close_code().await, Some(close::LOCKED));
    }
    eventually("the record", async || {
        let rows = show(&server, &["--action", "locked"]);
        (!rows.is_empty()).then_some(rows)
    })
    .await;
    assert_eq!(unlock(&session, &dana.password).await.status, 200);
    let rows = show(&server, &["--action", "locked"]);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0][2], "", "nobody did it");
    assert!(rows[0].iter().any(|cell| cell == "idle"), "{rows:?}");
    assert_eq!(rows[0][5], format!("person {}", dana.id));
}
