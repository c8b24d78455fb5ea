//! A graceful stop: everyone is told, nothing acknowledged is lost, and it is quick.

use std::time::Duration;

use quietroom_tests::support::TestServer;
use shared_proto::wire::close;

use crate::given::{device, two};
use crate::load::{Cast, Load};

#[tokio::test]
async fn stopping_tells_every_socket_to_come_back_and_exits_cleanly() {
    let mut two = two().await;
    let phone = device(&two.server, &two.jonas).await;
    two.provider.send(two.conversation, "just before").await;
    let (status, took) = two.server.sigterm().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    for socket in [&two.provider, &two.client, &phone] {
        assert_eq!(socket.close_code().await, Some(close::GOING_AWAY));
    }
    two.server.restart().await;
    let back = two.client.reconnect().await.unwrap();
    back.resume().await.unwrap();
    back.reads(two.conversation, &["just before"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_under_load_keeps_every_acknowledged_message() {
    let mut server = TestServer::options().unhurried().start().await;
    let cast = Cast::of(&server).await;
    for signal in [libc_signals::TERMINATE, libc_signals::INTERRUPT] {
        let mut load = Load::start(&cast).await;
        load.progress(20).await;
        server.signal(signal);
        let (status, took) = server.sigterm().await;
        assert_eq!(status.code(), Some(0));
        assert!(took < Duration::from_secs(5), "{took:?}");
        server.restart().await;
        load.progress(5).await;
        let mut rested = load.rest().await;
        rested.finish().await;
        assert_eq!(rested.faults(&cast).await, Vec::<String>::new());
    }
}

/// The numbers every Unix gives these.
mod libc_signals {
    pub const INTERRUPT: i32 = 2;
    pub const TERMINATE: i32 = 15;
}

#[tokio::test]
async fn a_stop_is_not_held_up_by_somebody_who_does_not_listen() {
    use quietroom_tests::support::client::Upgrade;
    let mut two = two().await;
    let deaf = Upgrade::of(two.client.session()).connect(two.server.address()).await.unwrap();
    let half = tokio::net::TcpStream::connect(two.server.address().socket).await.unwrap();
    let (status, took) = two.server.sigterm().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop((deaf, half));
}
