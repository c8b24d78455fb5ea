//! K of the trust numbers: `kill -9` at random moments under eight senders.

use std::time::Duration;

use quietroom_tests::support::TestServer;

use crate::given::times;
use crate::load::{Cast, Load};

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_loses_doubles_and_reorders_nothing() {
    let mut server = TestServer::options().unhurried().start().await;
    let cast = Cast::of(&server).await;
    let mut acknowledged = 0;
    for run in 0..times(5, 100) {
        let mut load = Load::start(&cast).await;
        load.progress(1).await;
        // The moment is random on purpose.
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..300_000))).await;
        server.kill9();
        let took = server.restart().await;
        assert!(took < Duration::from_secs(2), "run {run}: serving again took {took:?}");
        load.progress(10).await;
        let mut rested = load.rest().await;
        rested.finish().await;
        let faults = rested.faults(&cast).await;
        assert!(faults.is_empty(), "run {run}: {faults:#?}");
        acknowledged += rested.acknowledged().count();
    }
    println!("{acknowledged} acknowledged messages survived");
}
