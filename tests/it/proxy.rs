//! Behind a proxy that ends TLS: nobody comes past it.

use std::net::Ipv4Addr;

use quietroom_tests::support::http::{Request, Response};
use quietroom_tests::support::{Address, TestServer};
use tokio::net::TcpSocket;

/// A request from another address of this machine.
async fn from(ip: [u8; 4], request: Request, server: &Address) -> Response {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::from(ip), 0).into()).unwrap();
    let stream = socket.connect(server.socket).await.unwrap();
    request.send_over(stream, &server.host).await.unwrap()
}

const PROXY: [u8; 4] = [127, 0, 0, 2];
const SOMEBODY: [u8; 4] = [127, 0, 0, 1];

#[tokio::test]
async fn beyond_this_machine_only_the_proxy_is_served_in_plain_http() {
    let options = TestServer::options()
        .flag("--trusted-proxy", "127.0.0.2")
        .switch("--proxy-network-encrypted")
        .flag("--public-url", "https://care.example.org")
        .on_a_free_port()
        .listening_on(Ipv4Addr::UNSPECIFIED);
    let server = options.start().await;
    let address = server.address();
    for path in ["/", "/api/session", "/api/live", "/healthz"] {
        let past = from(SOMEBODY, Request::get(path), address).await;
        assert_eq!(past.status, 403, "{path}");
        let forged = Request::get(path).header("X-Forwarded-For", "127.0.0.2");
        assert_eq!(from(SOMEBODY, forged, address).await.status, 403, "{path}");
    }
    let log = server.log();
    assert!(log.contains("past-the-proxy"), "it is logged: {log}");
    let page = from(PROXY, Request::get("/"), address).await;
    assert_eq!(page.status, 200);
    assert!(page.header("strict-transport-security").is_some());
}
