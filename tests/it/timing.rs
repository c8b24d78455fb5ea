//! Nothing is learned from how long an answer takes (ASVS 6.3.8).

use std::time::{Duration, Instant};

use quietroom_tests::support::links::{forgotten, look, token};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{TestServer, outbox};

use crate::given::{device, times};
use crate::office::{add_client, ask};

/// Farther apart than this the medians may not be.
const APART: Duration = Duration::from_millis(2);

/// The median time of each of two questions, asked in turn.
async fn medians(
    count: usize,
    one: impl AsyncFn(usize),
    other: impl AsyncFn(usize),
) -> [Duration; 2] {
    let mut taken = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for number in 0..count {
        let since = Instant::now();
        one(number).await;
        taken[0].push(since.elapsed());
        let since = Instant::now();
        other(number).await;
        taken[1].push(since.elapsed());
    }
    taken.map(|mut taken| {
        taken.sort_unstable();
        taken[count / 2]
    })
}

#[tokio::test]
async fn whom_there_is_and_whom_there_is_not_are_answered_in_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let spared = folder.path().join("tries");
    std::fs::write(&spared, "1000000").unwrap();
    let options = TestServer::options().variable("QUIETROOM_FAULT_TRIES", spared.to_str().unwrap());
    let server = options.start().await;
    let (dana, jonas) = server.pair();
    let owner = device(&server, &dana).await;
    let ana = add_client(&owner, "Ana Ruiz", "ana@example.org").await.card.id;
    ask(&owner, shared_proto::office::Ask::Invite { person: ana }).await.unwrap();
    let link = token(&outbox::letter(server.data(), "ana@example.org").await);
    let address = server.address();
    let count = times(40, 2_000);
    let absent = |number: usize| format!("nobody{number}@example.org");

    let wrong = "not the password at all";
    let sign_in = medians(
        count,
        async |_| assert_eq!(try_sign_in(address, &jonas.email, wrong).await.unwrap().status, 401),
        async |n| assert_eq!(try_sign_in(address, &absent(n), wrong).await.unwrap().status, 401),
    );
    let sign_in = sign_in.await;
    let reset = medians(
        count,
        async |_| forgotten(address, &jonas.email).await.unwrap(),
        async |n| forgotten(address, &absent(n)).await.unwrap(),
    );
    let reset = reset.await;
    let looked = medians(
        count,
        async |_| assert!(look(address, &link).await.is_ok()),
        async |n| assert!(look(address, &format!("{n:064x}")).await.is_err()),
    );
    let looked = looked.await;
    println!("{count} tries: sign-in {sign_in:?}, reset {reset:?}, link {looked:?}");
    for (what, [there, absent]) in [("sign-in", sign_in), ("reset", reset), ("link", looked)] {
        assert!(there.abs_diff(absent) < APART, "{what}: {there:?} and {absent:?}");
    }
}
