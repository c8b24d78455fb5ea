//! Portal access, switched for each client (N2), and access taken away.

use std::time::{Duration, Instant};

use quietroom_tests::support::people::{refusal, try_sign_in};
use shared_proto::people::{AccountState, PersonChange};
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;

use super::{change, three};
use crate::given::device;

#[tokio::test]
async fn switching_portal_access_off_closes_the_clients_window_within_a_second_and_says_why() {
    let three = three().await;
    let conversation = three.provider.create(&[three.jonas.id]).await;
    three.provider.send(conversation, "Hello").await;
    let since = Instant::now();
    let off = change(&three.provider, three.jonas.id, PersonChange::Portal(false)).await.unwrap();
    assert!(!off.portal);
    assert_eq!(three.client.close_code().await, Some(close::PORTAL_OFF));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());

    let server = three.server.address();
    let status = three.client.reconnect().await.err();
    assert_eq!(status, Some(401), "its session is gone");
    let right = try_sign_in(server, &three.jonas.email, &three.jonas.password).await.unwrap();
    assert_eq!(refusal(&right), Refusal::PortalOff);
    let wrong = try_sign_in(server, &three.jonas.email, "another lake in autumn").await.unwrap();
    assert_eq!(refusal(&wrong), Refusal::WrongCredentials, "nobody else learns of it");

    let message = three.provider.message(conversation, "Are you there?");
    assert_eq!(three.provider.request(message).await, Err(Refusal::PortalOff));
    let create = shared_proto::wire::Request::Create {
        client_id: quietroom_tests::support::fresh_id(),
        participants: vec![three.jonas.id],
    };
    assert_eq!(three.owner.request(create).await, Err(Refusal::PortalOff));

    change(&three.provider, three.jonas.id, PersonChange::Portal(true)).await.unwrap();
    device(&three.server, &three.jonas).await.open(conversation).await;
    three.provider.send(conversation, "There you are").await;
}

#[tokio::test]
async fn an_owner_takes_access_away_and_gives_it_back() {
    let three = three().await;
    let suspend = PersonChange::Suspended(true);
    let refused = change(&three.provider, three.jonas.id, suspend.clone()).await;
    assert_eq!(refused, Err(Refusal::OwnerOnly));
    let row = change(&three.owner, three.samuel.id, suspend).await.unwrap();
    assert_eq!(row.account, AccountState::Suspended);
    assert_eq!(three.provider.close_code().await, Some(close::SESSION_ENDED));
    let server = three.server.address();
    let answer = try_sign_in(server, &three.samuel.email, &three.samuel.password).await.unwrap();
    assert_eq!(refusal(&answer), Refusal::WrongCredentials);
    change(&three.owner, three.samuel.id, PersonChange::Suspended(false)).await.unwrap();
    device(&three.server, &three.samuel).await.settle().await;
}

#[tokio::test]
async fn the_last_owner_stays_also_when_two_step_down_at_once() {
    let three = three().await;
    for leaving in [PersonChange::Owner(false), PersonChange::Suspended(true)] {
        let refused = change(&three.owner, three.dana.id, leaving).await;
        assert_eq!(refused, Err(Refusal::LastOwner));
    }
    change(&three.owner, three.samuel.id, PersonChange::Owner(true)).await.unwrap();
    assert_eq!(
        three.provider.close_code().await,
        Some(close::GOING_AWAY),
        "they come back as an owner"
    );
    let second = three.provider.reconnect().await.unwrap();
    let (mut first, mut other) = (three.owner, second);
    // Each round is another chance for the two to meet.
    for round in 0..25 {
        let (one, two) = tokio::join!(
            change(&first, three.dana.id, PersonChange::Owner(false)),
            change(&other, three.samuel.id, PersonChange::Owner(false)),
        );
        let outcomes = [one.map(|_| ()), two.map(|_| ())];
        let stepped_down = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(stepped_down, 1, "round {round}: {outcomes:?}");
        assert!(outcomes.contains(&Err(Refusal::LastOwner)), "round {round}: {outcomes:?}");
        if outcomes[0].is_ok() {
            change(&other, three.dana.id, PersonChange::Owner(true)).await.unwrap();
            first = device(&three.server, &three.dana).await;
        } else {
            change(&first, three.samuel.id, PersonChange::Owner(true)).await.unwrap();
            other = device(&three.server, &three.samuel).await;
        }
    }
    drop((first, other));
    let mut server = three.server;
    server.sigterm().await;
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
}
