//! P of the trust numbers: a power cut under eight senders, on a real file system whose journal is
//! cut off (`support/disk.rs`). The same with the durability mend off must lose something, or the
//! test would prove nothing.

use std::time::Duration;

use quietroom_tests::support::disk::Disk;
use quietroom_tests::support::{Session, TestServer};

use crate::given::times;
use crate::load::{Cast, Load};

/// A disk, or nothing after saying why not.
fn disk() -> Option<Disk> {
    match Disk::new() {
        Ok(disk) => Some(disk),
        Err(reason) => {
            println!("skipped: {reason}");
            eprintln!("skipped: {reason}");
            None
        }
    }
}

/// One power cut at a random moment, and everything that is wrong afterwards.
async fn cut(disk: &mut Disk, server: &mut TestServer, cast: &Cast) -> Vec<String> {
    let mut load = Load::start(cast).await;
    load.progress(1).await;
    // The moment is random on purpose.
    tokio::time::sleep(Duration::from_micros(fastrand::u64(0..400_000))).await;
    disk.cut_power().unwrap();
    let mut rested = load.rest().await;
    server.kill9();
    disk.power_on().unwrap();
    let Ok(took) = start_again(server).await else {
        return vec!["the server does not start again".to_owned()];
    };
    let mut faults = Vec::new();
    if took > Duration::from_secs(2) {
        faults.push(format!("serving again took {took:?}"));
    }
    faults.extend(rested.faults(cast).await);
    if faults.is_empty() {
        rested.finish().await;
        faults.extend(rested.faults(cast).await);
    }
    faults
}

async fn start_again(server: &mut TestServer) -> Result<Duration, ()> {
    use std::panic::AssertUnwindSafe;
    let starting = AssertUnwindSafe(server.restart());
    futures_util::FutureExt::catch_unwind(starting).await.map_err(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_at_any_moment_loses_doubles_and_reorders_nothing() {
    let Some(mut disk) = disk() else { return };
    let options = TestServer::options().unhurried().data(disk.path().join("data"));
    let mut server = options.start().await;
    let cast = Cast::of(&server).await;
    for run in 0..times(3, 50) {
        let faults = cut(&mut disk, &mut server, &cast).await;
        assert!(faults.is_empty(), "run {run}: {faults:#?}");
    }
    server.kill9();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_durability_mend_a_power_cut_does_lose_messages() {
    const TRIES: usize = 8;
    let Some(mut disk) = disk() else { return };
    for attempt in 0..TRIES {
        let options = TestServer::options()
            .unhurried()
            .variable("QUIETROOM_FAULT_NO_SYNC", "1")
            .data(disk.path().join(format!("data-{attempt}")));
        let mut server = options.start().await;
        let cast = Cast::of(&server).await;
        // What was there before is on the disk; only what follows is in question.
        sync_all();
        let faults = cut(&mut disk, &mut server, &cast).await;
        server.kill9();
        if !faults.is_empty() {
            println!("lost as expected at try {attempt}: {}", faults[0]);
            return;
        }
    }
    panic!("nothing was lost in {TRIES} power cuts without a sync: this test proves nothing");
}

fn sync_all() {
    let done = std::process::Command::new("sync").status().unwrap();
    assert!(done.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_added_and_a_session_begun_survive_a_power_cut() {
    let Some(mut disk) = disk() else { return };
    let mut server = TestServer::options().data(disk.path().join("data")).start().await;
    let (dana, _) = server.pair();
    let session = server.sign_in(&dana).await;
    disk.cut_power().unwrap();
    server.kill9();
    disk.power_on().unwrap();
    server.restart().await;
    let state = session.state().await;
    assert!(matches!(state, shared_proto::http::Session::SignedIn { .. }), "{state:?}");
    Session::sign_in(server.address(), &dana).await;
    server.kill9();
}
