//! W of the trust numbers: only the practice's own page may open a socket or change anything.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::client::Upgrade;
use quietroom_tests::support::http::Request;
use shared_proto::codec;
use shared_proto::http as api;

use crate::given::two_on;

/// Origins that are not the practice's, though some look much like it.
fn foreign(own: &str, port: u16) -> Vec<Option<String>> {
    let mut all = vec![
        None,
        Some("null".to_owned()),
        Some(String::new()),
        Some("https://evil.example".to_owned()),
        Some(format!("{own}.evil.example")),
        Some(format!("{own}0")),
        Some(format!("{own}/")),
        Some(format!("{own}@evil.example")),
        Some(format!("http://evil.localhost:{port}")),
        Some(format!("http://evil-localhost:{port}")),
        Some(format!("http://localhost.evil.example:{port}")),
        Some(format!("https://localhost:{port}")),
        Some(format!("http://localhost:{}", port ^ 1)),
        Some("http://localhost".to_owned()),
        Some(format!("http://[::1]:{port}")),
    ];
    all.push(Some(own.strip_suffix(char::is_numeric).unwrap().to_owned()));
    all
}

#[tokio::test]
async fn a_socket_is_opened_for_the_practices_own_page_only() {
    let two = two_on(TestServer::options()).await;
    let server = two.server.address();
    let own = Upgrade::of(two.client.session());
    assert!(own.connect(server).await.is_ok());
    let loopback = format!("http://127.0.0.1:{}", server.socket.port());
    assert!(Upgrade { origin: Some(loopback), ..own.clone() }.connect(server).await.is_ok());
    for origin in foreign(&server.origin, server.socket.port()) {
        let upgrade = Upgrade { origin: origin.clone(), ..own.clone() };
        assert_eq!(upgrade.connect(server).await.err(), Some(403), "{origin:?}");
    }
    let log = two.server.log();
    assert!(log.contains("foreign-origin"), "it is logged: {log}");
    assert!(!log.contains("evil"), "without what the other side says: {log}");
}

#[tokio::test]
async fn a_socket_is_opened_for_our_own_protocol_only() {
    let two = two_on(TestServer::options()).await;
    let server = two.server.address();
    let own = Upgrade::of(two.client.session());
    for subprotocol in [None, Some("quietroom.v2"), Some("quietroom"), Some("chat, graphql-ws")] {
        let upgrade = Upgrade { subprotocol: subprotocol.map(str::to_owned), ..own.clone() };
        assert_eq!(upgrade.connect(server).await.err(), Some(400), "{subprotocol:?}");
    }
    let several = Upgrade { subprotocol: Some("quietroom.v2, quietroom.v1".to_owned()), ..own };
    assert!(several.connect(server).await.is_ok());
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let two = two_on(TestServer::options()).await;
    let server = two.server.address();
    let session = two.client.session();
    let form = api::SignIn { email: two.jonas.email.clone(), password: two.jonas.password.clone() };
    let bodies = [
        (api::SIGN_IN, codec::encode(&form)),
        (api::SIGN_OUT, Vec::new()),
        (api::SET_UP, vec![0; 5]),
    ];
    for (path, body) in bodies {
        for origin in foreign(&server.origin, server.socket.port()) {
            let mut request = Request::post(path, body.clone())
                .header("Content-Type", api::CONTENT_TYPE)
                .header("Cookie", &session.cookie);
            if let Some(origin) = &origin {
                request = request.header("Origin", origin);
            }
            let response = request.send(server.socket, &server.host).await.unwrap();
            assert_eq!(response.status, 403, "{path} from {origin:?}");
            assert_eq!(response.header("set-cookie"), None);
        }
    }
    assert!(matches!(session.state().await, api::Session::SignedIn { .. }));
    assert!(!two.client.is_closed());
}

#[tokio::test]
async fn a_body_that_a_form_of_another_site_could_send_is_not_read() {
    let two = two_on(TestServer::options()).await;
    let server = two.server.address();
    let form = api::SignIn { email: two.jonas.email.clone(), password: two.jonas.password.clone() };
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        let request = Request::post(api::SIGN_IN, codec::encode(&form))
            .header("Content-Type", kind)
            .header("Origin", &server.origin);
        let response = request.send(server.socket, &server.host).await.unwrap();
        assert!((400..500).contains(&response.status), "{kind}: {}", response.status);
        assert_eq!(response.header("set-cookie"), None, "{kind}");
    }
}

#[tokio::test]
async fn a_public_address_is_the_only_origin_when_it_is_given() {
    let options = TestServer::options().flag("--public-url", "https://care.example.org");
    let server = options.on_a_free_port().start().await;
    let (dana, _) = server.pair();
    let address = server.address().clone();
    assert_eq!(address.origin, "https://care.example.org");
    let session = quietroom_tests::support::Session::sign_in(&address, &dana).await;
    let own = Upgrade::of(&session);
    assert!(own.connect(&address).await.is_ok());
    for origin in
        ["https://care.example.org.evil.example", "http://care.example.org", "https://example.org"]
    {
        let upgrade = Upgrade { origin: Some(origin.to_owned()), ..own.clone() };
        assert_eq!(upgrade.connect(&address).await.err(), Some(403), "{origin}");
    }
}
